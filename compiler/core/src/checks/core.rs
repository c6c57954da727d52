//! What a proof that nothing clashes rests on: the one minimal set of statements preferred by their order.
//!
//! In: a study without a clash under a settlement (or under any). Out: statements. What is outside of the set is *loosened*,
//! its truth left free (semantics §26): a claim that is loosened may stand always, a consent may be missing. So claims that
//! never meet are no part of the proof, and a lease without which two claims would clash is.

use super::Context;
use super::study::Study;
use crate::atlas::{AtlasId, CellSet};
use crate::encode::{Encoding, is_background, project, shares};
use crate::logic::{Formula, Model, Var};
use crate::model::{Program, Region, Statement, StatementId, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// One cell for all that are under the same statements.
struct Spot<'a> {
    atlas: AtlasId,
    cell: u32,
    here: Vec<&'a Statement>,
}

/// The core under a settlement; with an empty one, for all of them.
#[must_use]
pub(super) fn rests_on(cx: &Context<'_>, study: &Study<'_>, settlement: &Model) -> Vec<StatementId> {
    let program = cx.program();
    let narrow: BTreeSet<&[StatementId]> = study.narrow.iter().map(|(c, _)| c.members.as_slice()).collect();
    let required: Vec<&Statement> = study
        .statements
        .iter()
        .copied()
        .filter(|s| matches!(&s.kind, StatementKind::Requirement(r) if r.together().is_some()))
        .collect();
    let free = |spot: &Spot<'_>, tight: &BTreeSet<StatementId>| {
        free(program, cx.ranges(), spot, &required, tight, settlement, &narrow)
    };
    let nothing = BTreeSet::new();
    let critical: Vec<Spot<'_>> = spots(study).into_iter().filter(|s| !free(s, &nothing)).collect();
    let mut by_statement: BTreeMap<StatementId, Vec<usize>> = BTreeMap::new();
    for (i, spot) in critical.iter().enumerate() {
        for s in spot.here.iter().chain(&required) {
            by_statement.entry(s.id).or_default().push(i);
        }
    }
    let mut core: BTreeSet<StatementId> = by_statement.keys().copied().collect();
    // from the last on: what comes first is kept
    for (id, at) in by_statement.iter().rev() {
        core.remove(id);
        if !at.iter().filter_map(|i| critical.get(*i)).all(|spot| free(spot, &core)) {
            core.insert(*id);
        }
    }
    core.into_iter().collect()
}

/// Cells of a view, one for each set of statements over it.
fn spots<'a>(study: &Study<'a>) -> Vec<Spot<'a>> {
    let mut by_cell: BTreeMap<(AtlasId, u32), Vec<&Statement>> = BTreeMap::new();
    for s in &study.statements {
        let regions: Vec<&Region> = match &s.kind {
            StatementKind::Boundary { left_side, right_side, .. } => vec![left_side, right_side],
            _ => s.region().into_iter().collect(),
        };
        for region in regions {
            for cell in region.cells.cells() {
                by_cell.entry((region.atlas, *cell)).or_default().push(s);
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for ((atlas, cell), here) in by_cell {
        let key: Vec<(StatementId, bool)> = here
            .iter()
            .map(|s| {
                let left =
                    matches!(&s.kind, StatementKind::Boundary { left_side, .. } if left_side.cells.contains(cell));
                (s.id, left)
            })
            .collect();
        if seen.insert((atlas, key)) {
            out.push(Spot { atlas, cell, here });
        }
    }
    out
}

/// Whether nothing clashes on the spot with all but `tight` loosened.
fn free(
    program: &Program,
    ranges: &Formula,
    spot: &Spot<'_>,
    required: &[&Statement],
    tight: &BTreeSet<StatementId>,
    settlement: &Model,
    narrow: &BTreeSet<&[StatementId]>,
) -> bool {
    let own: Vec<Statement> =
        spot.here.iter().chain(required).flat_map(|s| restricted(s, spot, tight.contains(&s.id))).collect();
    let statements: Vec<&Statement> = own.iter().collect();
    let encoding = Encoding::new(program, &statements);
    let mut clashes = Vec::new();
    for meeting in encoding.meetings() {
        let (l, m) = meeting.pair;
        let mut members: Vec<StatementId> =
            [l, m].iter().filter_map(|i| encoding.assertions.get(*i)).map(|a| a.statement).collect();
        members.sort_unstable();
        members.dedup();
        if narrow.contains(members.as_slice()) {
            continue;
        }
        for patch in &meeting.patches {
            match encoding.clash(l, m, patch.class) {
                Ok(condition) => clashes.push(condition),
                Err(_) => return false,
            }
        }
    }
    for group in shares::groups(&encoding, &statements) {
        clashes.extend(group.candidates().0.into_iter().map(|c| c.condition));
    }
    let bites = Formula::or(clashes);
    if bites.is_true() || bites.is_false() {
        return bites.is_false();
    }
    let within = Formula::and([bites, ranges.clone()]).assign(settlement);
    let vars: Vec<Var> = within.vars().into_iter().collect();
    project::exists(&vars, &within).is_ok_and(|f| f.is_false())
}

/// A statement on one cell, tight or loosened.
fn restricted(s: &Statement, spot: &Spot<'_>, tight: bool) -> Vec<Statement> {
    let cell = |r: &Region| Region {
        atlas: spot.atlas,
        cells: if r.cells.contains(spot.cell) { CellSet::new(vec![spot.cell]) } else { CellSet::default() },
        words: String::new(),
    };
    let mut out = s.clone();
    match &mut out.kind {
        StatementKind::Boundary { left_side, right_side, .. } => {
            *left_side = cell(left_side);
            *right_side = cell(right_side);
        }
        StatementKind::Claim { region, .. }
        | StatementKind::OpenClaim { region, .. }
        | StatementKind::Control { region, .. }
        | StatementKind::Recognition { region, .. }
        | StatementKind::Protest { region, .. }
        | StatementKind::Jointly { region, .. }
        | StatementKind::Lease { region, .. }
        | StatementKind::Delegation { region, .. }
        | StatementKind::Under { region, .. }
        | StatementKind::Waiver { region, .. }
        | StatementKind::SetAside { region, .. }
        | StatementKind::Frozen { region, .. }
        | StatementKind::Common { region } => *region = cell(region),
        StatementKind::Requirement(_)
        | StatementKind::RequirementWaived { .. }
        | StatementKind::Acceptance { .. }
        | StatementKind::Norm
        | StatementKind::Rule
        | StatementKind::Provision => {}
    }
    if tight {
        return vec![out];
    }
    out.on = Formula::truth();
    match out.kind.clone() {
        // a group's word that may not be its consent: the claims of its members are left
        StatementKind::Jointly { parties, right, region } => parties
            .iter()
            .map(|p| Statement {
                kind: StatementKind::Claim { party: *p, right, region: region.clone(), quota: None },
                ..out.clone()
            })
            .collect(),
        StatementKind::Requirement(_) => Vec::new(),
        _ if is_background(&out) => Vec::new(),
        _ => vec![out],
    }
}
