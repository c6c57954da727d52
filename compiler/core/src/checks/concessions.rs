//! The cheapest changes that would settle everything between a candidate and the members: by the candidate alone, by the
//! members alone, by all.
//!
//! In: the study with the candidate. Out: sentences. What the members cannot settle among themselves is left out, as it is
//! not the candidate's.

use super::study::{Clash, Study, stands};
use super::{Context, a02, words};
use crate::atlas::CellSet;
use crate::explain::{Limit, SessionOracle, corrections};
use crate::logic::{Formula, Label, Var};
use crate::model::{PartyId, StatementId, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// How many ways are looked for before the cheapest is taken.
const LIMIT: Limit = Limit { sets: 50, steps: 4_000 };

/// How many ways of the same cost are named.
const ALTERNATIVES: usize = 3;

/// One sentence for each side that could settle everything.
pub(super) fn of(cx: &mut Context<'_>, study: &Study<'_>) -> Vec<String> {
    let sets = a02::between(cx, study);
    let involved: BTreeSet<StatementId> = sets.iter().flatten().copied().collect();
    let (own, theirs): (Vec<StatementId>, Vec<StatementId>) =
        involved.iter().copied().partition(|id| a02::is_candidates(cx, study.view, *id));
    let name = a02::candidate(cx, study.view).map_or("?", |p| cx.program().party_name(p)).to_owned();
    let all: Vec<StatementId> = involved.iter().copied().collect();
    let mut out = Vec::new();
    let mut least = u64::MAX;
    for (who, movable) in [(format!("by {name} alone"), &own), ("by the members alone".to_owned(), &theirs)] {
        match cheapest(cx, study, &involved, movable) {
            Some((cost, ways)) => {
                out.push(format!("changes that would settle all of it, {who}: {}", ways.join("; or ")));
                least = least.min(cost);
            }
            None => out.push(format!("no change {who} would settle all of it")),
        }
    }
    // what all could do together is worth a word only where it is less than what one side would have to do
    if let Some((cost, ways)) = cheapest(cx, study, &involved, &all)
        && cost < least
    {
        out.push(format!("changes that would settle all of it, by all: {}", ways.join("; or ")));
    }
    out
}

/// The cheapest sets of changes among `movable` after which the involved statements can all hold.
fn cheapest(
    cx: &mut Context<'_>,
    study: &Study<'_>,
    involved: &BTreeSet<StatementId>,
    movable: &[StatementId],
) -> Option<(u64, Vec<String>)> {
    if movable.is_empty() {
        return None;
    }
    let program = cx.program();
    let clashes: Vec<&Clash> =
        study.clashes.iter().chain(&study.wider).filter(|c| c.members.iter().all(|m| involved.contains(m))).collect();
    let mut oracle = SessionOracle::new(cx.prover());
    oracle.assert(&Formula::and(program.terms.iter().map(|t| t.range.clone())));
    for clash in &clashes {
        // what stays put is no longer a choice
        let gives =
            clash.members.iter().filter(|m| movable.contains(m)).map(|m| Formula::not(&Formula::atom(&stands(*m))));
        let avoided = if clash.standing { Formula::falsity() } else { Formula::not(&clash.kappa) };
        oracle.assert(&Formula::or(gives.chain([avoided])));
    }
    let acceptance = |id: StatementId| study.acceptances.iter().find(|(a, _)| *a == id).map(|(_, f)| f.clone());
    let mut labels = Vec::new();
    for id in involved {
        match (acceptance(*id), movable.contains(id)) {
            (Some(f), false) => oracle.assert(&f),
            (Some(f), true) => {
                oracle.assert_labelled(Label(id.0), &f);
                labels.push(Label(id.0));
            }
            (None, true) => {
                oracle.assert_labelled(Label(id.0), &Formula::atom(&stands(*id)));
                labels.push(Label(id.0));
            }
            (None, false) => {}
        }
    }
    let weights: BTreeMap<Label, u64> = labels.iter().map(|l| (*l, weight(cx, &clashes, StatementId(l.0)))).collect();
    let found = corrections(&mut oracle, &labels, &weights, LIMIT);
    cx.count(usize::try_from(oracle.asked()).unwrap_or(usize::MAX));
    if found.undecided.is_some() || found.parts.iter().any(|p| p.corrections.is_empty()) {
        return None;
    }
    let joint = found.joint(ALTERNATIVES);
    let least = joint.first()?.weight;
    let mut out = Vec::new();
    for correction in joint.iter().take_while(|c| c.weight == least) {
        let gone: BTreeSet<StatementId> = correction.labels.iter().map(|l| StatementId(l.0)).collect();
        let mut changes: Vec<String> =
            gone.iter().filter(|id| acceptance(**id).is_none()).map(|id| given_up(cx, &clashes, *id)).collect();
        changes.extend(accepted(cx, study, involved, &clashes, &gone));
        out.push(changes.join(", "));
    }
    Some((least, out))
}

/// Thousandths of what the ground in question is worth to its party; one change where nobody says.
fn weight(cx: &Context<'_>, clashes: &[&Clash], id: StatementId) -> u64 {
    let ground = disputed(clashes, id);
    super::ways::worth(cx.program(), id, ground.as_ref())
}

/// The ground of the clashes that a statement is part of.
fn disputed(clashes: &[&Clash], id: StatementId) -> Option<(crate::atlas::AtlasId, CellSet)> {
    clashes.iter().filter(|c| c.members.contains(&id)).fold(None, |known, c| match known {
        None => Some((c.atlas, c.cells.clone())),
        Some((atlas, cells)) => Some((atlas, cells.union(&c.cells))),
    })
}

/// A statement taken back, as far as it is in question.
fn given_up(cx: &Context<'_>, clashes: &[&Clash], id: StatementId) -> String {
    let program = cx.program();
    let Some(s) = program.statement(id) else { return String::new() };
    let who = words::parties(program, &s.parties);
    if let Some((atlas, cells)) = disputed(clashes, id)
        && s.region().is_some_and(|r| !r.cells.is_subset(&cells))
    {
        let here = program.atlas(atlas).map_or_else(String::new, |a| a.describe(&cells));
        match &s.kind {
            StatementKind::Claim { right, .. } => {
                return format!("{who} waives {here}{}", words::as_right(program, *right));
            }
            StatementKind::Recognition { holder, .. } => {
                return format!("{who} leaves {here} out of its recognition of {}", program.party_name(*holder));
            }
            _ => {}
        }
    }
    let verb = if s.parties.len() > 1 { "withdraw" } else { "withdraws" };
    format!("{who} {verb} {}: `{}`", s.address, s.text)
}

/// What those whose acceptance is given up would have to accept.
fn accepted(
    cx: &mut Context<'_>,
    study: &Study<'_>,
    involved: &BTreeSet<StatementId>,
    clashes: &[&Clash],
    gone: &BTreeSet<StatementId>,
) -> Option<String> {
    let program = cx.program();
    let who: Vec<PartyId> = gone
        .iter()
        .filter_map(|id| match &program.statement(*id)?.kind {
            StatementKind::Acceptance { party, .. } => Some(*party),
            _ => None,
        })
        .collect();
    if who.is_empty() {
        return None;
    }
    let mut conditions: Vec<Formula> = program.terms.iter().map(|t| t.range.clone()).collect();
    let mut read: BTreeSet<Var> = BTreeSet::new();
    for (id, condition) in study.acceptances.iter().filter(|(id, _)| involved.contains(id)) {
        read.extend(condition.vars());
        if !gone.contains(id) {
            conditions.push(condition.clone());
        }
    }
    for clash in clashes.iter().filter(|c| !c.members.iter().any(|m| gone.contains(m))) {
        read.extend(clash.kappa.vars());
        conditions.push(Formula::not(&clash.kappa));
    }
    let vars: Vec<Var> = program.terms.iter().map(|t| t.var.clone()).filter(|x| read.contains(x)).collect();
    let model = cx.simplest(&conditions, &vars).ok()??;
    let values = words::settlement(&program.terms, &model);
    let verb = if who.len() == 1 { "accepts" } else { "accept" };
    Some(format!("{} {verb} {}", words::parties(program, &who), words::assignment(&values)))
}
