//! The independent evaluator: replays what a solver said by walking the model.
//!
//! In: the statements of a view, and values of terms (and, for one situation, of the day and the unknowns). Out: whether
//! these statements clash on this cell then, or whether nothing clashes on any cell, day and value of unknowns.
//!
//! It shares no code with [`crate::encode`] or with elimination: it goes from cell to cell, reads each statement as semantics
//! §5–§7 words it, and decides what is left over days and unknowns with a procedure of its own ([`decide`]). Where the two
//! roads disagree the question is reported as undecided with a fault, never as a verdict.

pub mod condition;
pub mod decide;
pub mod situation;
mod walk;

pub use walk::Walk;

use crate::atlas::AtlasId;
use crate::logic::Model;
use crate::model::{Program, Statement, StatementId};
use condition::Condition;
use std::collections::{BTreeMap, BTreeSet};

/// What the evaluator says of a whole view under one settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// nothing clashes, whatever the day and the unknowns
    Peace,
    /// these statements clash on this cell on some day under some value of the unknowns
    Clash {
        /// who
        members: Vec<StatementId>,
        /// in which space
        atlas: AtlasId,
        /// where
        cell: u32,
    },
    /// the procedure does not reach; what stands in the way
    Unsure(String),
}

/// The evaluator over the statements of one view.
#[derive(Debug)]
pub struct Evaluator<'a> {
    program: &'a Program,
    statements: Vec<&'a Statement>,
    here: BTreeMap<(AtlasId, u32), Vec<&'a Statement>>,
}

impl<'a> Evaluator<'a> {
    /// Sorts the statements by cell.
    #[must_use]
    pub fn new(program: &'a Program, statements: &[&'a Statement]) -> Self {
        let mut here: BTreeMap<(AtlasId, u32), Vec<&Statement>> = BTreeMap::new();
        for s in statements {
            for (atlas, cell) in walk::cells(s) {
                here.entry((atlas, cell)).or_default().push(s);
            }
        }
        Self { program, statements: statements.to_vec(), here }
    }

    /// One cell.
    #[must_use]
    pub fn walk(&self, atlas: AtlasId, cell: u32) -> Walk<'_> {
        let list = self.here.get(&(atlas, cell)).map_or(&[][..], Vec::as_slice);
        Walk::new(self.program, list, &self.statements, cell)
    }

    /// Whether exactly these statements clash on a cell, under values that decide it: all that is read, or so much of it
    /// that the rest makes no difference. `None`: the values leave it open.
    #[must_use]
    pub fn clashes(&self, members: &[StatementId], atlas: AtlasId, cell: u32, values: &Model) -> Option<bool> {
        let clash = self.walk(atlas, cell).clash(members);
        if let Some(known) = clash.value(values) {
            return Some(known);
        }
        let rest = clash.assign(values);
        if decide::possible(&rest) == decide::Possible::No {
            return Some(false);
        }
        (decide::possible(&rest.not()) == decide::Possible::No).then_some(true)
    }

    /// Whether nothing clashes under a settlement, whatever the day and the unknowns. `excused` sets, and what contains
    /// one, are left out: what is known already.
    #[must_use]
    pub fn replay(&self, settlement: &Model, excused: &BTreeSet<Vec<StatementId>>) -> Replay {
        let unknowns = self.program.unknowns.iter().map(|u| Condition::of(&u.range));
        let terms = self.program.terms.iter().map(|t| Condition::of(&t.range));
        let ranges = Condition::all(unknowns.chain(terms).map(|c| c.assign(settlement)));
        if decide::possible(&ranges) != decide::Possible::Yes {
            return Replay::Unsure("the settlement is outside of the ranges of the terms".to_owned());
        }
        // cells under the same statements, on the same sides of lines, are alike
        let mut seen: BTreeSet<Vec<(StatementId, u8)>> = BTreeSet::new();
        for ((atlas, cell), list) in &self.here {
            if !seen.insert(list.iter().map(|s| (s.id, walk::side(s, *cell))).collect()) {
                continue;
            }
            let walk = self.walk(*atlas, *cell);
            let pairs = walk.suspects().into_iter().filter(|m| !excused.contains(m)).map(|m| {
                let clash = walk.clash(&m).assign(settlement);
                (m, Some(clash))
            });
            let shares = walk.over_full(settlement, excused);
            for (members, clash) in pairs.chain(shares) {
                let answer = match clash {
                    Some(Condition::Known(false)) => continue,
                    Some(clash) => decide::possible(&Condition::all([ranges.clone(), clash])),
                    None => decide::Possible::Unsure,
                };
                match answer {
                    decide::Possible::No => {}
                    decide::Possible::Yes => return Replay::Clash { members, atlas: *atlas, cell: *cell },
                    decide::Possible::Unsure => {
                        let name = |m: &StatementId| self.program.statement(*m).map(|s| s.address.clone());
                        return Replay::Unsure(members.iter().filter_map(name).collect::<Vec<_>>().join(", "));
                    }
                }
            }
        }
        Replay::Peace
    }
}

#[cfg(test)]
mod tests;
