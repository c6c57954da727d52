//! Territory: where a party holds sovereignty and nobody contests it (semantics §8); and ground that anybody claims.
//!
//! In: the encoding of a view. Out: for each group of cells under the same statements, the exact condition over days, terms
//! and unknowns.

use super::{Assertion, Encoding, What};
use crate::atlas::{AtlasId, CellSet};
use crate::logic::Formula;
use crate::logic::eliminate::Refusal;
use crate::model::{PartyId, RightId, StatementKind};
use std::collections::BTreeMap;

const SOVEREIGNTY: RightId = RightId(0);

/// Cells of one atlas under the same assertions and consents.
#[derive(Debug, Clone)]
pub struct Ground {
    /// the cells
    pub cells: CellSet,
    class: u32,
    /// places in [`Encoding::assertions`]
    here: Vec<usize>,
}

impl Encoding<'_> {
    /// These cells, grouped by what is said of them.
    #[must_use]
    pub fn grounds(&self, atlas: AtlasId, cells: &CellSet) -> Vec<Ground> {
        let mut here: BTreeMap<u32, Vec<usize>> = cells.cells().iter().map(|c| (*c, Vec::new())).collect();
        for (i, a) in self.assertions.iter().enumerate().filter(|(_, a)| a.atlas == atlas) {
            for cell in a.cells.cells() {
                if let Some(list) = here.get_mut(cell) {
                    list.push(i);
                }
            }
        }
        let mut alike: BTreeMap<(u32, Vec<usize>), Vec<u32>> = BTreeMap::new();
        for (cell, list) in here {
            alike.entry((self.class(atlas, cell), list)).or_default().push(cell);
        }
        alike.into_iter().map(|((class, here), cells)| Ground { cells: CellSet::new(cells), class, here }).collect()
    }

    /// When somebody claims the ground, to whatever right.
    #[must_use]
    pub fn claimed(&self, ground: &Ground) -> Formula {
        let claims = self.at(ground).filter(|(_, a)| a.what == What::Claim);
        Formula::or(claims.map(|(_, a)| self.on(a, ground.class)))
    }

    /// When one party claims the ground, alone or with others, to whatever right.
    #[must_use]
    pub fn claimed_by(&self, party: PartyId, ground: &Ground) -> Formula {
        let claims = self.at(ground).filter(|(_, a)| a.what == What::Claim && a.holder == Some(party));
        Formula::or(claims.map(|(_, a)| self.on(a, ground.class)))
    }

    /// When the ground is a party's territory.
    ///
    /// # Errors
    /// As [`Encoding::clash`].
    pub fn territory(&self, party: PartyId, ground: &Ground) -> Result<Formula, Refusal> {
        let aside = self.cover(ground.class).filter_map(|s| match &s.kind {
            StatementKind::SetAside { .. } | StatementKind::Frozen { .. } => Some(Formula::not(&s.on)),
            _ => None,
        });
        let mut all = vec![Formula::and(aside)];
        let sovereign = |a: &Assertion| a.what == What::Claim && a.right == SOVEREIGNTY;
        for (_, other) in self.at(ground).filter(|(_, a)| sovereign(a) && a.holder != Some(party)) {
            let Some(q) = other.holder else { continue };
            let allowed = self.under_or_with(party, q, ground.class);
            all.push(Formula::or([Formula::not(&self.on(other, ground.class)), allowed]));
        }
        let mut own = Vec::new();
        for (l, claim) in self.at(ground).filter(|(_, a)| sovereign(a) && a.holder == Some(party)) {
            let mut peace = vec![self.on(claim, ground.class)];
            for (m, other) in self.at(ground) {
                let claims = matches!(other.what, What::Claim | What::Open { .. });
                if claims && self.may_clash(l.min(m), l.max(m)) {
                    peace.push(Formula::not(&self.clash(l.min(m), l.max(m), ground.class)?));
                }
            }
            own.push(Formula::and(peace));
        }
        all.push(Formula::or(own));
        Ok(Formula::and(all))
    }

    fn at(&self, ground: &Ground) -> impl Iterator<Item = (usize, &Assertion)> {
        ground.here.iter().filter_map(|i| Some((*i, self.assertions.get(*i)?)))
    }

    /// When `q` holds sovereignty here together with `party`, or under its lease or delegation.
    fn under_or_with(&self, party: PartyId, q: PartyId, class: u32) -> Formula {
        let stated = self.cover(class).filter_map(|s| match &s.kind {
            StatementKind::Jointly { parties, right, .. } => {
                (*right == SOVEREIGNTY && parties.contains(&party) && parties.contains(&q)).then(|| s.on.clone())
            }
            StatementKind::Lease { party: lessor, to, right, .. } => {
                (*lessor == party && *to == q && *right == SOVEREIGNTY).then(|| s.on.clone())
            }
            _ => None,
        });
        Formula::or(stated.chain([self.reaches(party, q, class)]))
    }
}
