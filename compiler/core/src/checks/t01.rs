//! T01: no zone of agreement: the minimal sets of acceptances that leave a term no value.

use super::study::{Agreement, Study};
use super::{Check, Context, Draft, View, words};
use crate::logic::{Formula, Var};
use crate::model::{Statement, StatementId, StatementKind};
use crate::report::document::WayOut;
use std::collections::BTreeSet;

/// T01.
#[derive(Debug)]
pub(super) struct NoZoneOfAgreement;

impl Check for NoZoneOfAgreement {
    fn code(&self) -> &'static str {
        "T01"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let study = cx.study(view);
            match &study.agreement {
                Agreement::None(sets, all) => {
                    for set in sets {
                        let draft = draft(cx, &study, view, set);
                        cx.report(draft);
                    }
                    if !all {
                        let reached = format!("{} minimal sets; there may be more", sets.len());
                        cx.undecided("T01", Some(view.charter), "every minimal set of acceptances is listed", reached);
                    }
                }
                Agreement::Open(reached) => {
                    cx.undecided("T01", Some(view.charter), "all acceptances can hold", reached.clone());
                }
                Agreement::Possible => {
                    if !study.acceptances.is_empty() {
                        let core: Vec<StatementId> = Vec::new();
                        let witness = witness(cx, &study, None);
                        cx.prove("T01", Some(view.charter), "all acceptances can hold", &core, witness);
                    }
                }
            }
        }
    }
}

/// The simplest values of the terms that the acceptances read, with one of them left out.
fn witness(
    cx: &mut Context<'_>,
    study: &Study<'_>,
    set: Option<(&[StatementId], StatementId)>,
) -> indexmap::IndexMap<String, String> {
    let program = cx.program();
    let mut conditions: Vec<Formula> = program.terms.iter().map(|t| t.range.clone()).collect();
    let mut read: BTreeSet<Var> = BTreeSet::new();
    for (id, condition) in &study.acceptances {
        if set.is_none_or(|(set, _)| set.contains(id)) {
            read.extend(condition.vars());
            if set.is_none_or(|(_, without)| *id != without) {
                conditions.push(condition.clone());
            }
        }
    }
    let vars: Vec<Var> = program.terms.iter().map(|t| t.var.clone()).filter(|x| read.contains(x)).collect();
    match cx.simplest(&conditions, &vars) {
        Ok(Some(model)) => words::settlement(&program.terms, &model),
        Ok(None) | Err(_) => indexmap::IndexMap::new(),
    }
}

/// One minimal set of acceptances as a finding.
fn draft(cx: &mut Context<'_>, study: &Study<'_>, view: View, set: &[StatementId]) -> Draft {
    let program = cx.program();
    let statements: Vec<&Statement> = set.iter().filter_map(|id| program.statement(*id)).collect();
    let read: BTreeSet<Var> = study
        .acceptances
        .iter()
        .filter(|(id, _)| set.contains(id))
        .flat_map(|(_, condition)| condition.vars())
        .collect();
    let terms: Vec<String> =
        program.terms.iter().filter(|t| read.contains(&t.var)).map(|t| format!("`{}`", t.name)).collect();
    let said: Vec<String> = statements.iter().map(|s| format!("`{}`", s.text)).collect();
    let message = match terms.len() {
        0 => format!("no settlement is accepted by all: {}", said.join(", ")),
        _ => format!("no value of {} is accepted by all: {}", crate::atlas::join(&terms), said.join(", ")),
    };
    let mut draft = Draft::new("T01", message).charter(view.charter).minimal(true);
    for s in statements {
        draft = draft.statement(s.id, "");
        if let StatementKind::Acceptance { party, .. } = &s.kind {
            let values = witness(cx, study, Some((set, s.id)));
            if !values.is_empty() {
                let name = program.party_name(*party).to_owned();
                let change = format!("{name} accepts {}", words::assignment(&values));
                draft = draft.way_out(WayOut { by: vec![name], cost: 1.into(), changes: vec![change], area_km2: None });
            }
        }
    }
    draft
}
