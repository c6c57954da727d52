//! Border statements as formulas: when two assertions clash on a cell.
//!
//! In: the labelled statements of one view (a charter's members, perhaps a candidate). Out: [`Encoding`], which lists the
//! assertions, finds which of them meet on which cells, and gives for each such meeting the exact condition of a clash over
//! days, open terms and unknown attributes (semantics §5, §6). Cells enter only through the set of consents and waivers
//! that cover them (their *class*), so the number of formulas does not grow with the number of cells.
//!
//! Does not ask a solver anything and does not know what a finding is. [`crate::evaluate`] decides the same things by
//! another road and shares nothing with this one.

mod assertion;
pub mod conduct;
mod consent;
pub mod project;
pub mod shares;
pub mod territory;

pub use assertion::{Assertion, What};

use crate::atlas::{AtlasId, CellSet};
use crate::logic::Formula;
use crate::logic::eliminate::Refusal;
use crate::model::{Program, Statement, StatementId, StatementKind};
use std::collections::BTreeMap;

/// The cells of a meeting that no consent or waiver tells apart.
#[derive(Debug, Clone)]
pub struct Patch {
    /// the class of its cells
    pub class: u32,
    /// the cells
    pub cells: CellSet,
}

/// Two assertions with common cells.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// places in [`Encoding::assertions`], the smaller first; equal for a claim of a class that meets itself
    pub pair: (usize, usize),
    /// where
    pub atlas: AtlasId,
    /// the common cells by class
    pub patches: Vec<Patch>,
}

/// How many pairs are looked at: more than anybody could read, less than would fill the memory.
pub const MEETINGS: usize = 100_000;

/// Cells by class.
type ByClass = BTreeMap<u32, Vec<u32>>;

/// The assertions of a view and what stands behind them.
#[derive(Debug)]
pub struct Encoding<'p> {
    program: &'p Program,
    /// what can clash, in the order of statements
    pub assertions: Vec<Assertion>,
    /// consents and waivers
    background: Vec<&'p Statement>,
    /// the class of each cell that some consent or waiver covers; all others are of class 0
    classes: BTreeMap<(AtlasId, u32), u32>,
    /// by class: the consents and waivers that cover it
    covers: Vec<Vec<usize>>,
}

impl<'p> Encoding<'p> {
    /// Reads the statements of a view.
    #[must_use]
    pub fn new(program: &'p Program, statements: &[&'p Statement]) -> Self {
        let assertions = statements.iter().flat_map(|s| assertion::of(s)).collect();
        let background: Vec<&Statement> = statements.iter().copied().filter(|s| is_background(s)).collect();
        let mut by_cell: BTreeMap<(AtlasId, u32), Vec<usize>> = BTreeMap::new();
        for (i, s) in background.iter().enumerate() {
            let Some(region) = s.region() else { continue };
            for cell in region.cells.cells() {
                by_cell.entry((region.atlas, *cell)).or_default().push(i);
            }
        }
        let mut numbers: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        let mut covers = vec![Vec::new()];
        let mut classes = BTreeMap::new();
        for (cell, cover) in by_cell {
            let class = *numbers.entry(cover.clone()).or_insert_with(|| {
                covers.push(cover);
                u32::try_from(covers.len() - 1).unwrap_or(u32::MAX)
            });
            classes.insert(cell, class);
        }
        Self { program, assertions, background, classes, covers }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The class of a cell.
    #[must_use]
    pub fn class(&self, atlas: AtlasId, cell: u32) -> u32 {
        self.classes.get(&(atlas, cell)).copied().unwrap_or(0)
    }

    /// Every pair of assertions that could clash somewhere, by place; found from the cells, so that assertions which never
    /// meet cost nothing. At most [`MEETINGS`] (and then the first cells' pairs): what is beyond is not looked at, and the caller says so.
    #[must_use]
    pub fn meetings(&self) -> Vec<Meeting> {
        let mut by_cell: BTreeMap<(AtlasId, u32), Vec<usize>> = BTreeMap::new();
        for (i, a) in self.assertions.iter().enumerate() {
            for cell in a.cells.cells() {
                by_cell.entry((a.atlas, *cell)).or_default().push(i);
            }
        }
        let mut common: BTreeMap<(usize, usize), (AtlasId, ByClass)> = BTreeMap::new();
        for ((atlas, cell), here) in &by_cell {
            if common.len() >= MEETINGS {
                break;
            }
            for (at, l) in here.iter().enumerate() {
                for m in here.iter().skip(at) {
                    if self.may_clash(*l, *m) {
                        let entry = common.entry((*l, *m)).or_insert_with(|| (*atlas, ByClass::new()));
                        entry.1.entry(self.class(*atlas, *cell)).or_default().push(*cell);
                    }
                }
            }
        }
        common
            .into_iter()
            .map(|(pair, (atlas, patches))| Meeting {
                pair,
                atlas,
                patches: patches
                    .into_iter()
                    .map(|(class, cells)| Patch { class, cells: CellSet::new(cells) })
                    .collect(),
            })
            .collect()
    }

    /// Whether two assertions clash where they meet, leaving days, conditions and consents aside.
    fn may_clash(&self, l: usize, m: usize) -> bool {
        let (Some(a), Some(b)) = (self.assertions.get(l), self.assertions.get(m)) else { return false };
        if l == m {
            // two members of a class that is open in number
            return matches!(a.what, What::Open { .. }) && self.program.excludes(a.right, a.right);
        }
        a.statement != b.statement && assertion::opposed(self.program, a, b)
    }

    /// When two assertions clash on cells of a class: over [`day`](crate::model::day), terms and unknowns.
    ///
    /// # Errors
    /// Where a freeze meets a condition whose beginning cannot be projected.
    pub fn clash(&self, l: usize, m: usize, class: u32) -> Result<Formula, Refusal> {
        let (Some(a), Some(b)) = (self.assertions.get(l), self.assertions.get(m)) else {
            return Ok(Formula::falsity());
        };
        let both = Formula::and([self.on(a, class), self.on(b, class)]);
        if both.is_false() || l == m {
            return Ok(both);
        }
        let free = match (&a.what, &b.what) {
            (What::Freeze { from }, _) => self.later(b, from.as_ref(), class)?,
            (_, What::Freeze { from }) => self.later(a, from.as_ref(), class)?,
            (What::Common, _) | (_, What::Common) => Formula::truth(),
            _ => Formula::not(&self.agreed(a, b, class)?),
        };
        Ok(Formula::and([both, free]))
    }

    /// When an assertion is on: its own condition, and no waiver by whoever makes it.
    #[must_use]
    pub fn on(&self, a: &Assertion, class: u32) -> Formula {
        let waived = self.cover(class).filter_map(|s| match &s.kind {
            StatementKind::Waiver { party, right, .. }
                if Some(*party) == a.by && right.is_none_or(|r| r == a.right) =>
            {
                Some(Formula::not(&s.on))
            }
            _ => None,
        });
        Formula::and(std::iter::once(a.on.clone()).chain(waived))
    }

    /// The consents and waivers of a class.
    fn cover(&self, class: u32) -> impl Iterator<Item = &'p Statement> {
        self.covers.get(class as usize).into_iter().flatten().filter_map(|i| self.background.get(*i).copied())
    }

    /// The assertions that a statement makes.
    pub fn assertions_of(&self, statement: StatementId) -> impl Iterator<Item = &Assertion> {
        self.assertions.iter().filter(move |a| a.statement == statement)
    }
}

/// Whether a statement lets others stand together, or takes its own party's assertions back.
#[must_use]
pub fn is_background(s: &Statement) -> bool {
    match s.kind {
        StatementKind::Jointly { .. }
        | StatementKind::Lease { .. }
        | StatementKind::Delegation { .. }
        | StatementKind::Under { .. }
        | StatementKind::Waiver { .. }
        | StatementKind::SetAside { .. }
        | StatementKind::Frozen { .. } => true,
        StatementKind::Claim { .. }
        | StatementKind::OpenClaim { .. }
        | StatementKind::Control { .. }
        | StatementKind::Recognition { .. }
        | StatementKind::Protest { .. }
        | StatementKind::Common { .. }
        | StatementKind::Boundary { .. }
        | StatementKind::Requirement(_)
        | StatementKind::RequirementWaived { .. }
        | StatementKind::Acceptance { .. }
        | StatementKind::Norm
        | StatementKind::Rule
        | StatementKind::Provision => false,
    }
}
