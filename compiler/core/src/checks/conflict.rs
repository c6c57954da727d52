//! Clashes and minimal sets as findings: the words that B01, B02, B03 and A02 share.
//!
//! In: a [`Study`] and a set of its statements. Out: a [`Draft`] with message, ground, days, settlements and ways out.

use super::study::{Clash, Sort, Study};
use super::{Context, Draft, condition, ways, words};
use crate::logic::Formula;
use crate::model::{PartyId, Program, RightId, Statement, StatementId, StatementKind};
use crate::report::Level;
use crate::syntax::tree::RightMode;
use num_rational::BigRational;
use num_traits::Zero;

/// The code of a set: what its assertions are decides.
#[must_use]
pub(super) fn code(study: &Study<'_>, set: &[StatementId]) -> &'static str {
    let sorts: Vec<Sort> = study.among(set).map(|c| c.sort).collect();
    if sorts.contains(&Sort::Recognition) {
        Sort::Recognition.code()
    } else if !sorts.is_empty() && sorts.iter().all(|s| *s == Sort::Shares) {
        Sort::Shares.code()
    } else {
        Sort::Claims.code()
    }
}

/// [`code`], or T01 where the set is of acceptances alone.
#[must_use]
pub(super) fn code_or_terms(study: &Study<'_>, set: &[StatementId]) -> &'static str {
    if set.iter().all(|id| study.acceptances.iter().any(|(a, _)| a == id)) { "T01" } else { code(study, set) }
}

/// Of what sort a clash of these statements would be.
#[must_use]
pub(super) fn sort_of(program: &Program, members: &[StatementId]) -> Sort {
    let statements: Vec<&Statement> = members.iter().filter_map(|m| program.statement(*m)).collect();
    let share = |s: &Statement| match &s.kind {
        StatementKind::Claim { right, .. } | StatementKind::OpenClaim { right, .. } => {
            program.rights.get(right.0 as usize).is_some_and(|r| r.mode == RightMode::Quota)
        }
        _ => false,
    };
    if statements.iter().any(|s| matches!(s.kind, StatementKind::Recognition { .. })) {
        Sort::Recognition
    } else if !statements.is_empty() && statements.iter().all(|s| share(s)) {
        Sort::Shares
    } else {
        Sort::Claims
    }
}

/// What was asked of statements, for a question that stayed open.
#[must_use]
pub(super) fn question(program: &Program, members: &[StatementId]) -> String {
    let names: Vec<String> = members.iter().filter_map(|m| program.statement(*m)).map(|s| s.address.clone()).collect();
    format!("whether {} can all hold", crate::atlas::join(&names))
}

/// A clash as a finding: an error when it bites whatever is settled, otherwise a warning with the settlements that avoid it.
pub(super) fn clash(cx: &mut Context<'_>, study: &Study<'_>, clash: &Clash, code: &'static str) -> Draft {
    let program = cx.program();
    let mut message = sentence(program, clash);
    let days = words::days(&clash.during);
    if !days.is_empty() {
        message = format!("{message} {days}");
    }
    let mut draft = Draft::new(code, "");
    if clash.standing {
        draft = draft.minimal(true);
    } else {
        let avoided = condition::phrase(program, &Formula::not(&clash.kappa));
        message = format!("{message}, unless {avoided}");
        draft = draft.minimal(true).level(Level::Warning).depends_on(condition::phrase(program, &clash.kappa));
    }
    for (name, value) in words::values(program, &clash.values) {
        draft = draft.value(name, value);
    }
    draft = ground_and_statements(draft, study, &clash.members).charter(study.view.charter);
    draft.message = message;
    let open =
        |id: &StatementId| program.statement(*id).is_some_and(|s| matches!(s.kind, StatementKind::OpenClaim { .. }));
    if clash.members.iter().any(open) {
        draft = draft.hypothetical();
        for (x, v) in clash.values.iter().filter(|(x, _)| x.name().starts_with("number of ")) {
            draft = draft.value(x.name(), v.to_string());
        }
    }
    for way in ways::out(cx, study, &clash.members) {
        draft = draft.way_out(way);
    }
    draft
}

/// A minimal set that leaves no settlement as a finding.
pub(super) fn set(cx: &mut Context<'_>, study: &Study<'_>, set: &[StatementId], code: &'static str) -> Draft {
    if let Some(c) = study.clash(set).filter(|c| c.standing) {
        return clash(cx, study, c, code);
    }
    let program = cx.program();
    let statements: Vec<&Statement> = set.iter().filter_map(|id| program.statement(*id)).collect();
    let parties: Vec<PartyId> = statements.iter().flat_map(|s| s.parties.iter().copied()).collect();
    let said: Vec<String> = statements.iter().map(|s| words::role(program, s)).collect();
    let message = format!(
        "no settlement lets these {} statements of {} all hold: {}",
        set.len(),
        words::parties(program, &parties),
        said.join("; ")
    );
    let mut draft = Draft::new(code, message).minimal(true).charter(study.view.charter);
    draft = ground_and_statements(draft, study, set);
    for c in study.among(set).filter(|c| !c.standing) {
        let bites = condition::phrase(program, &c.kappa);
        draft = draft.note(format!("{} when {bites}", sentence(program, c)));
    }
    let peace = Formula::not(&Formula::or(study.among(set).map(|c| c.kappa.clone())));
    let ranges = program.terms.iter().map(|t| t.range.clone());
    let peace = Formula::and(ranges.chain([peace]));
    if statements.iter().any(|s| matches!(s.kind, StatementKind::Acceptance { .. })) && cx.can(&peace) {
        let when = condition::phrase(program, &peace);
        draft = draft.note(format!("apart from what the parties accept, they hold together when {when}"));
    }
    for way in ways::out(cx, study, set) {
        draft = draft.way_out(way);
    }
    draft
}

fn ground_and_statements(mut draft: Draft, study: &Study<'_>, set: &[StatementId]) -> Draft {
    for id in set {
        draft = draft.statement(*id, "");
        let line = |s: &Statement| matches!(s.kind, StatementKind::Boundary { .. });
        if study.statements.iter().any(|s| s.id == *id && line(s)) {
            // a line and a claim beyond it are two descriptions of one boundary
            draft = draft.also("B04");
        }
    }
    let mut during = Vec::new();
    for c in study.among(set) {
        draft = draft.ground(c.atlas, c.cells.clone());
        during.extend(c.during.iter().copied());
    }
    draft.during(words::united(during))
}

/// What clashes with what, in one clause.
#[must_use]
pub(super) fn sentence(program: &Program, clash: &Clash) -> String {
    let ground = program.atlas(clash.atlas).map_or_else(|| "ground".to_owned(), |a| a.describe(&clash.cells));
    let statements: Vec<&Statement> = clash.members.iter().filter_map(|id| program.statement(*id)).collect();
    if clash.sort == Sort::Shares {
        return shares(program, &statements, &ground);
    }
    match statements.as_slice() {
        [one] => match &one.kind {
            StatementKind::OpenClaim { kind, right, .. } => format!(
                "two members of {} would both hold {ground}{}",
                program.kind_name(*kind),
                words::as_right(program, *right)
            ),
            _ => format!("{} contradicts itself over {ground}", one.address),
        },
        [a, b] => pair(program, a, b, &ground).or_else(|| pair(program, b, a, &ground)).unwrap_or_else(|| {
            format!("{} and {} cannot both hold over {ground}", words::role(program, a), words::role(program, b))
        }),
        _ => format!("{} statements cannot all hold over {ground}", statements.len()),
    }
}

fn pair(program: &Program, a: &Statement, b: &Statement, ground: &str) -> Option<String> {
    let name = |p: &PartyId| program.party_name(*p).to_owned();
    let right = |r: RightId| words::as_right(program, r);
    let recognition = |s: &Statement| matches!(s.kind, StatementKind::Recognition { .. });
    if recognition(a) && !recognition(b) {
        return None;
    }
    let (who, held) = holder(program, a)?;
    Some(match &b.kind {
        StatementKind::Common { .. } => format!("{who} claims {ground}{}, which is common", right(held)),
        StatementKind::Frozen { .. } => {
            format!("{who} claims {ground}{}, and had not begun to when it was frozen", right(held))
        }
        StatementKind::Boundary { left, right: other, .. } => {
            format!("{who} claims {ground} beyond the boundary between {} and {}", name(left), name(other))
        }
        StatementKind::Recognition { party, holder, right: as_right, .. } => match &a.kind {
            StatementKind::Recognition { holder: first, .. } => {
                format!(
                    "{} recognises both {} and {} over {ground}{}",
                    name(party),
                    name(first),
                    name(holder),
                    right(held)
                )
            }
            _ => format!(
                "{} recognises {} over {ground}{}, which {who} claims",
                name(party),
                name(holder),
                right(*as_right)
            ),
        },
        _ => {
            let (other, other_right) = holder(program, b)?;
            let group = |s: &Statement| matches!(s.kind, StatementKind::Jointly { .. });
            if group(b) {
                return Some(format!(
                    "{who} claims {ground}{}, which {other} hold jointly{}",
                    right(held),
                    right(other_right)
                ));
            }
            if group(a) {
                return None;
            }
            if held == other_right {
                let mut both = [who, other];
                both.sort();
                format!("{} both claim {ground}{}", both.join(" and "), right(held))
            } else {
                let full = |r: RightId| format!(" as {}", crate::atlas::quoted(program.right_name(r)));
                let mut both = [(who, full(held)), (other, full(other_right))];
                both.sort();
                let [(first, first_right), (second, second_right)] = both;
                format!("{first} claims {ground}{first_right} and {second} claims it{second_right}")
            }
        }
    })
}

/// Who holds what by a claim, or whom a recognition names.
fn holder(program: &Program, s: &Statement) -> Option<(String, RightId)> {
    match &s.kind {
        StatementKind::Claim { party, right, .. } => Some((program.party_name(*party).to_owned(), *right)),
        StatementKind::Jointly { parties, right, .. } => Some((words::parties(program, parties), *right)),
        StatementKind::OpenClaim { kind, right, .. } => {
            Some((format!("every member of {}", program.kind_name(*kind)), *right))
        }
        StatementKind::Recognition { holder, right, .. } => Some((program.party_name(*holder).to_owned(), *right)),
        _ => None,
    }
}

fn shares(program: &Program, statements: &[&Statement], ground: &str) -> String {
    let mut total = Some(BigRational::zero());
    let mut said = Vec::new();
    let mut right = None;
    for s in statements {
        match &s.kind {
            StatementKind::Claim { party, right: r, quota, .. } => {
                right = right.or(Some(*r));
                let share = quota.as_ref().and_then(|q| q.as_constant());
                total = total.zip(share).map(|(t, s)| t + s);
                let share = share.map_or_else(|| "a share not yet fixed".to_owned(), |s| words::quantity(s, "%"));
                said.push(format!("{} {share}", program.party_name(*party)));
            }
            StatementKind::OpenClaim { kind, right: r, .. } => {
                right = right.or(Some(*r));
                total = None;
                said.push(format!("members of {} that are open in number", program.kind_name(*kind)));
            }
            _ => {}
        }
    }
    let right = right.map(|r| words::as_right(program, r)).unwrap_or_default();
    let total = total
        .map_or_else(|| "can come to more than 100%".to_owned(), |t| format!("come to {}", words::quantity(&t, "%")));
    format!("shares of {ground}{right} {total}: {}", said.join(", "))
}
