//! Which statements speak of which cell, and what follows for title: the ground that several checks stand on.
//!
//! In: the statements of a view. Out: [`Cover`], which cuts ground into parts that the same statements speak of, and
//! formulas over days, terms and unknowns: when an assertion is on at a place, when a party holds title there.

use super::context::{Context, View};
use crate::atlas::{Atlas, AtlasId, CellSet};
use crate::logic::Formula;
use crate::model::{PartyId, RightId, Statement, StatementKind};
use std::collections::BTreeMap;

/// Statements by the cells they speak of.
pub(super) struct Cover<'a> {
    statements: Vec<&'a Statement>,
    at: BTreeMap<(AtlasId, u32), Vec<usize>>,
}

/// A part of some ground that the same statements speak of.
pub(super) struct Part<'a> {
    /// the statements, in canonical order
    pub(super) here: Vec<&'a Statement>,
    /// the part
    pub(super) cells: CellSet,
}

impl<'a> Cover<'a> {
    /// Of these statements. A boundary speaks of no cell here.
    pub(super) fn new(statements: &[&'a Statement]) -> Self {
        let mut at: BTreeMap<(AtlasId, u32), Vec<usize>> = BTreeMap::new();
        for (i, s) in statements.iter().enumerate() {
            if let Some(region) = s.region() {
                for cell in region.cells.cells() {
                    at.entry((region.atlas, *cell)).or_default().push(i);
                }
            }
        }
        Self { statements: statements.to_vec(), at }
    }

    /// The ground in parts that the same statements of those `wanted` speak of, in the order of their statements.
    pub(super) fn parts(&self, atlas: AtlasId, cells: &CellSet, wanted: impl Fn(&Statement) -> bool) -> Vec<Part<'a>> {
        let mut groups: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
        for cell in cells.cells() {
            let here = self.at.get(&(atlas, *cell)).map(Vec::as_slice).unwrap_or_default();
            let key: Vec<usize> =
                here.iter().copied().filter(|i| self.statements.get(*i).is_some_and(|s| wanted(s))).collect();
            groups.entry(key).or_default().push(*cell);
        }
        let part = |(key, cells): (Vec<usize>, Vec<u32>)| Part {
            here: key.iter().filter_map(|i| self.statements.get(*i).copied()).collect(),
            cells: CellSet::new(cells),
        };
        groups.into_iter().map(part).collect()
    }
}

/// Every view: each charter's members alone, then with each candidate.
pub(super) fn views(cx: &Context<'_>) -> Vec<View> {
    cx.charters().into_iter().chain(cx.accessions()).collect()
}

/// Whether what these statements show belongs to the view: with a candidate, only what one of its own has a part in.
pub(super) fn concerns(view: View, statements: &[&Statement]) -> bool {
    view.with.is_none() || statements.iter().any(|s| s.accession == view.with)
}

/// Whether ground is narrower everywhere than its atlas's tolerance. Without a stated tolerance nothing is.
pub(super) fn noise(atlas: &Atlas, cells: &CellSet) -> bool {
    let tolerance = atlas.settings.tolerance_m.as_ref();
    !cells.is_empty() && tolerance.is_some_and(|t| atlas.below_tolerance(cells, t))
}

/// Who asserts a right of its own by this statement, and to what: claims, and holding jointly for each of the group.
pub(super) fn claim(s: &Statement) -> Option<(Vec<PartyId>, RightId)> {
    match &s.kind {
        StatementKind::Claim { party, right, .. } => Some((vec![*party], *right)),
        StatementKind::Jointly { parties, right, .. } => Some((parties.clone(), *right)),
        _ => None,
    }
}

/// Whether the statement is an assertion of a right of its own by one party, several or each of a kind.
pub(super) fn is_claim(s: &Statement) -> bool {
    matches!(s.kind, StatementKind::Claim { .. } | StatementKind::Jointly { .. } | StatementKind::OpenClaim { .. })
}

/// Whether a statement says what others must satisfy.
pub(super) fn is_requirement(s: &Statement) -> bool {
    matches!(s.kind, StatementKind::Requirement(_) | StatementKind::RequirementWaived { .. })
}

/// When the claim counts at a place: it is on, and no waiver of the party covers it there.
pub(super) fn counts(here: &[&Statement], s: &Statement, party: PartyId, right: RightId) -> Formula {
    let waived = here.iter().filter_map(|w| match &w.kind {
        StatementKind::Waiver { party: p, right: r, .. } if *p == party && r.is_none_or(|r| r == right) => {
            Some(Formula::not(&w.on))
        }
        _ => None,
    });
    Formula::and(std::iter::once(s.on.clone()).chain(waived))
}

/// When somebody claims a place at all.
pub(super) fn claimed(here: &[&Statement]) -> Formula {
    Formula::or(here.iter().filter_map(|s| match (&s.kind, claim(s)) {
        (_, Some((parties, right))) => Some(Formula::or(parties.iter().map(|p| counts(here, s, *p, right)))),
        (StatementKind::OpenClaim { .. }, None) => Some(s.on.clone()),
        _ => None,
    }))
}

/// When a party holds title at a place: by a claim of its own, or under somebody who holds it and gave it by delegation or
/// lease. `need` is the right that the title must carry: that right itself, or sovereignty; any right when `None`.
pub(super) fn title(here: &[&Statement], party: PartyId, need: Option<RightId>) -> Formula {
    title_beyond(here, party, need, &mut Vec::new())
}

fn title_beyond(here: &[&Statement], party: PartyId, need: Option<RightId>, seen: &mut Vec<PartyId>) -> Formula {
    if seen.contains(&party) {
        return Formula::falsity();
    }
    seen.push(party);
    let carries = |right: RightId| right.0 == 0 || need.is_none_or(|n| n == right);
    let mut ways = Vec::new();
    for s in here {
        if let Some((parties, right)) = claim(s)
            && parties.contains(&party)
            && carries(right)
        {
            ways.push(counts(here, s, party, right));
        }
        let giver = match &s.kind {
            StatementKind::Delegation { party: giver, to, .. } if *to == party => Some(*giver),
            StatementKind::Under { party: holder, under, .. } if *holder == party => Some(*under),
            StatementKind::Lease { party: giver, to, right, .. } if *to == party && carries(*right) => Some(*giver),
            _ => None,
        };
        if let Some(giver) = giver {
            ways.push(Formula::and([s.on.clone(), title_beyond(here, giver, need, seen)]));
        }
    }
    seen.pop();
    Formula::or(ways)
}
