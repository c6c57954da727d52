//! B01: claims that cannot all hold. Reads the study of each charter; asks nothing of its own.

use super::study::{Agreement, Outcome, Sort};
use super::{Check, Context, conflict, words};
use crate::model::StatementId;

/// B01.
#[derive(Debug)]
pub(super) struct ClaimsThatCannotAllHold;

impl Check for ClaimsThatCannotAllHold {
    fn code(&self) -> &'static str {
        "B01"
    }

    fn run(&self, cx: &mut Context<'_>) {
        report(cx, Sort::Claims);
        answer(cx);
    }
}

/// The findings of one sort, charter by charter: clashes, and minimal sets without a settlement.
pub(super) fn report(cx: &mut Context<'_>, sort: Sort) {
    let code = sort.code();
    for view in cx.charters() {
        let study = cx.study(view);
        for clash in study.clashes.iter().filter(|c| c.sort == sort) {
            let draft = conflict::clash(cx, &study, clash, code);
            cx.report(draft);
        }
        let wider: Vec<Vec<StatementId>> = study
            .conflicts()
            .iter()
            .filter(|set| study.clash(set).is_none_or(|c| !c.standing) && conflict::code(&study, set) == code)
            .cloned()
            .collect();
        for set in wider {
            let draft = conflict::set(cx, &study, &set, code);
            cx.report(draft);
        }
        for (members, reached) in &study.open {
            if conflict::sort_of(cx.program(), members) == sort {
                let question = conflict::question(cx.program(), members);
                cx.undecided(code, Some(view.charter), question, reached.clone());
            }
        }
    }
}

/// The one answer for each charter: it can be settled, and so; or how far the list of conflicts is complete.
fn answer(cx: &mut Context<'_>) {
    for view in cx.charters() {
        let study = cx.study(view);
        let question = match study.agreement {
            Agreement::None(..) => "some settlement leaves no clash (no settlement is accepted by all: T01)",
            Agreement::Possible | Agreement::Open(_) => "some settlement that all accept leaves no clash",
        };
        match &study.outcome {
            Outcome::Settled(settlement) => {
                let witness = words::settlement(&cx.program().terms, settlement);
                let core = super::core::rests_on(cx, &study, settlement);
                cx.prove("B01", Some(view.charter), question, &core, witness);
            }
            Outcome::Open(reached) => cx.undecided("B01", Some(view.charter), question, reached.clone()),
            Outcome::Conflicts { complete_to, lower_bound: true, sets } => {
                let reached = format!(
                    "{} minimal conflicts, all of at most {complete_to} statements; there may be more",
                    sets.len()
                );
                cx.undecided("B01", Some(view.charter), "every minimal conflict is listed", reached);
            }
            Outcome::Conflicts { .. } => {}
        }
    }
}
