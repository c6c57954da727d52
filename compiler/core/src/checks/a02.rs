//! A02: not yet consistent: every minimal conflict between a candidate and the members, apart from what the members already
//! had, with the changes that would settle it by the candidate alone, by the members alone, by all.

use super::study::{Agreement, Outcome, Study};
use super::{Check, Context, View, concessions, conflict};
use crate::model::{PartyId, StatementId, StatementKind};
use crate::report::Level;

/// A02.
#[derive(Debug)]
pub(super) struct NotYetConsistent;

impl Check for NotYetConsistent {
    fn code(&self) -> &'static str {
        "A02"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.accessions() {
            let study = cx.study(view);
            let sets = between(cx, &study);
            if !sets.is_empty() {
                conflicts(cx, &study, &sets);
            }
            open(cx, view, &study);
        }
    }
}

/// The candidate of a view.
pub(super) fn candidate(cx: &Context<'_>, view: View) -> Option<PartyId> {
    let id = view.with?;
    cx.program().accessions.get(id.0 as usize).map(|a| a.party)
}

/// Whether a statement is the candidate's: it stands in the instrument, or it is its acceptance.
pub(super) fn is_candidates(cx: &Context<'_>, view: View, id: StatementId) -> bool {
    let Some(s) = cx.program().statement(id) else { return false };
    let accepts = match &s.kind {
        StatementKind::Acceptance { party, .. } => {
            let member = cx.program().charters.get(view.charter.0 as usize).is_some_and(|c| c.members.contains(party));
            candidate(cx, view) == Some(*party) && !member
        }
        _ => false,
    };
    accepts || (view.with.is_some() && s.accession == view.with)
}

/// The minimal sets that the candidate has a part in.
pub(super) fn between(cx: &Context<'_>, study: &Study<'_>) -> Vec<Vec<StatementId>> {
    let mut sets: Vec<Vec<StatementId>> = study.conflicts().to_vec();
    if let Agreement::None(acceptances, _) = &study.agreement {
        sets.extend(acceptances.iter().cloned());
    }
    sets.retain(|set| set.iter().any(|id| is_candidates(cx, study.view, *id)));
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets
}

fn conflicts(cx: &mut Context<'_>, study: &Study<'_>, sets: &[Vec<StatementId>]) {
    let view = study.view;
    let Some(party) = candidate(cx, view) else { return };
    let head =
        format!("{} is not yet consistent with {}", cx.program().party_name(party), cx.charter_name(view.charter));
    let overall = concessions::of(cx, study);
    for (i, set) in sets.iter().enumerate() {
        let mut draft = conflict::set(cx, study, set, "A02").accession(view.with).level(Level::Error);
        draft = draft.also(conflict::code_or_terms(study, set)).party(party).prefixed(&head);
        // said once, with the smallest conflict
        for note in overall.iter().filter(|_| i == 0) {
            draft = draft.note(note.clone());
        }
        cx.report(draft);
    }
}

/// Clashes with the candidate that some settlement avoids, and what stayed open.
fn open(cx: &mut Context<'_>, view: View, study: &Study<'_>) {
    let Some(party) = candidate(cx, view) else { return };
    let name = cx.program().party_name(party).to_owned();
    for clash in study.clashes.iter().filter(|c| !c.standing) {
        if clash.members.iter().any(|id| is_candidates(cx, view, *id)) {
            let head = format!("if {name} joins {}", cx.charter_name(view.charter));
            let draft = conflict::clash(cx, study, clash, clash.sort.code()).accession(view.with).prefixed(&head);
            cx.report(draft);
        }
    }
    let base = cx.study(View { charter: view.charter, with: None });
    let question = format!("{name} is consistent with {}", cx.charter_name(view.charter));
    for (members, reached) in &study.open {
        if !base.open.iter().any(|(m, _)| m == members) {
            let about = conflict::question(cx.program(), members);
            cx.undecided("A02", Some(view.charter), format!("{question}: {about}"), reached.clone());
        }
    }
    match &study.outcome {
        Outcome::Open(reached) => cx.undecided("A02", Some(view.charter), question, reached.clone()),
        Outcome::Conflicts { complete_to, lower_bound: true, sets } => {
            let reached =
                format!("{} minimal conflicts, all of at most {complete_to} statements; there may be more", sets.len());
            cx.undecided("A02", Some(view.charter), format!("{question}: every minimal conflict is listed"), reached);
        }
        Outcome::Settled(_) | Outcome::Conflicts { .. } => {}
    }
}
