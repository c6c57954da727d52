//! A01: can join: nothing of the candidate's clashes with anything of the members' under some settlement that all accept,
//! and nothing that held without the candidate fails with it. Runs last, as it reads what the others found.

use super::study::Outcome;
use super::{Check, Context, Draft, View, a02, core, words};
use crate::model::StatementId;
use indexmap::IndexMap;

/// A01.
#[derive(Debug)]
pub(super) struct CanJoin;

impl Check for CanJoin {
    fn code(&self) -> &'static str {
        "A01"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.accessions() {
            let Some(accession) = view.with else { continue };
            let study = cx.study(view);
            let between = !a02::between(cx, &study).is_empty();
            let open = matches!(&study.outcome, Outcome::Open(_) | Outcome::Conflicts { lower_bound: true, .. })
                || !study.open.is_empty();
            if !between && !open && !cx.stands_in_the_way(accession) {
                join(cx, view);
            }
        }
    }
}

fn join(cx: &mut Context<'_>, view: View) {
    let study = cx.study(view);
    let Some(party) = a02::candidate(cx, view) else { return };
    let (name, charter) = (cx.program().party_name(party).to_owned(), cx.charter_name(view.charter).to_owned());
    let mut witness = IndexMap::new();
    let mut core: Vec<StatementId> = Vec::new();
    let mut draft = Draft::new("A01", String::new()).charter(view.charter).accession(view.with).party(party);
    let mut message = format!("{name} can join {charter}, as written here");
    match &study.outcome {
        Outcome::Settled(settlement) => {
            witness = words::settlement(&cx.program().terms, settlement);
            core = core::rests_on(cx, &study, settlement);
            let read: Vec<String> = study
                .clashes
                .iter()
                .chain(&study.wider)
                .flat_map(|c| c.kappa.vars())
                .chain(study.acceptances.iter().flat_map(|(_, f)| f.vars()))
                .map(|x| x.name().to_owned())
                .collect();
            for term in cx.program().terms.iter().filter(|t| read.iter().any(|x| x == t.var.name())) {
                if let Some(value) = witness.get(&term.name) {
                    draft = draft.depends_on(format!("{} = {value}", term.name));
                }
            }
            if !study.clashes.is_empty() {
                message = format!("{message}, for instance when {}", words::assignment(&witness));
            }
        }
        Outcome::Conflicts { .. } | Outcome::Open(_) => {
            draft = draft.note("what the members have among themselves that cannot all hold is not counted here");
        }
    }
    draft = draft.statements(core.iter().copied());
    draft.message = message;
    cx.report(draft.identity(format!("{name} to {charter}")));
    let question = format!("{name} is consistent with {charter}");
    cx.prove("A01", Some(view.charter), question, &core, witness);
}
