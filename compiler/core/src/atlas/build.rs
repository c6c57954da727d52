//! Collects the leaves of one atlas and builds its cells once.
//!
//! In: leaves in any order. Out: an [`Atlas`], whose cells are the distinct covering sets. Cells are numbered by the labels
//! of the leaves that cover them, so that the order in which leaves came in shows nowhere.

use super::ground::Ground;
use super::{Atlas, Cell, CellSet, Leaf, RegionExpr, Settings, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use indexmap::IndexMap;
use num_rational::BigRational;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Takes in leaves, then builds.
#[derive(Debug, Clone)]
pub struct Builder {
    name: String,
    space: SpaceKind,
    settings: Settings,
    span: Span,
    leaves: Vec<Leaf>,
    named: IndexMap<String, u32>,
    /// inline leaves by their words: mostly one, more where the same words mean different ground
    inline: HashMap<String, Vec<u32>>,
    names: Vec<(String, RegionExpr)>,
    /// buffers that were made, by what they are of and how wide
    pub(super) buffers: IndexMap<(RegionExpr, BigRational), u32>,
}

impl Builder {
    /// An atlas without leaves.
    #[must_use]
    pub fn new(name: impl Into<String>, space: SpaceKind, settings: Settings, span: Span) -> Self {
        Self {
            name: name.into(),
            space,
            settings,
            span,
            leaves: Vec::new(),
            named: IndexMap::new(),
            inline: HashMap::new(),
            names: Vec::new(),
            buffers: IndexMap::new(),
        }
    }

    /// Takes in a leaf and gives its number. An inline leaf that is there already, in words and in what it covers, is not
    /// taken twice; a named leaf whose name is there already becomes a further part of it.
    pub fn leaf(&mut self, leaf: Leaf) -> u32 {
        let next = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        if let Some(name) = &leaf.name {
            let at = *self.named.entry(name.clone()).or_insert(next);
            if let Some(known) = self.leaves.get_mut(at as usize) {
                known.shape.extend(leaf.shape);
                return at;
            }
        } else {
            let same = self.inline.entry(leaf.words.clone()).or_default();
            let known = same.iter().find(|&&at| self.leaves.get(at as usize).is_some_and(|l| l.shape == leaf.shape));
            if let Some(&at) = known {
                return at;
            }
            same.push(next);
        }
        self.leaves.push(leaf);
        next
    }

    /// Takes in an inline leaf that the caller knows not to be there yet.
    pub fn new_leaf(&mut self, leaf: Leaf) -> u32 {
        let next = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        self.leaves.push(leaf);
        next
    }

    /// The leaf of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<u32> {
        self.named.get(name).copied()
    }

    /// The leaves so far.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The space of the atlas.
    #[must_use]
    pub const fn space(&self) -> &SpaceKind {
        &self.space
    }

    /// What the atlas says of itself.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Gives an expression a name that messages may use: `region Isles = North + Middle`.
    pub fn name(&mut self, name: impl Into<String>, expr: RegionExpr) {
        self.names.push((name.into(), expr));
    }

    /// Builds the cells.
    ///
    /// # Errors
    /// Where the leaves cannot be laid over one another, or where a check of the result by itself fails.
    pub fn build(mut self) -> Result<Atlas, Vec<Diagnostic>> {
        let (covers, ground) = Ground::new(&self.space, &mut self.leaves, self.span)?;
        let by_label = by_label(&self.leaves);
        let (cells, ground) = canonical(&by_label, covers, ground);
        let mut index = vec![CellSet::default(); self.leaves.len()];
        for (number, cell) in (0u32..).zip(&cells) {
            for leaf in &cell.cover {
                if let Some(at) = index.get_mut(*leaf as usize) {
                    at.0.push(number); // in order
                }
            }
        }
        Ok(Atlas {
            name: self.name,
            space: self.space,
            settings: self.settings,
            span: self.span,
            leaves: self.leaves,
            cells,
            index,
            by_label,
            names: self.names,
            spoken: OnceLock::new(),
            ground,
        })
    }
}

impl Atlas {
    /// An atlas of some leaves on the Earth, to find the ground of an expression over them.
    pub(super) fn preliminary(leaves: Vec<Leaf>, span: Span) -> Result<Self, Box<Diagnostic>> {
        let mut builder = Builder::new("", SpaceKind::Earth, Settings::default(), span);
        builder.leaves = leaves;
        builder.build().map_err(|errors| Box::new(first_of(errors, span)))
    }
}

fn first_of(errors: Vec<Diagnostic>, span: Span) -> Diagnostic {
    let nothing = || super::earth::mistaken(span, "the cells could not be built");
    errors.into_iter().next().unwrap_or_else(nothing)
}

/// The leaves in the order of their labels.
fn by_label(leaves: &[Leaf]) -> Vec<u32> {
    let mut labels: Vec<(bool, u128, Option<&str>, &str, u32)> = (0u32..)
        .zip(leaves)
        .map(|(i, l)| {
            let name = l.name.as_deref();
            (name.is_some(), beginning(name.unwrap_or(&l.words)), name, l.words.as_str(), i)
        })
        .collect();
    labels.sort_unstable();
    labels.into_iter().map(|(.., leaf)| leaf).collect()
}

/// How a text begins, the first byte highest: a number that is less where the text is, and mostly enough to tell two apart.
fn beginning(text: &str) -> u128 {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(text.bytes()).for_each(|(at, b)| *at = b);
    u128::from_be_bytes(bytes)
}

/// Numbers the cells by the labels of their leaves.
fn canonical(by_label: &[u32], covers: Vec<Vec<u32>>, ground: Ground) -> (Vec<Cell>, Ground) {
    let mut rank = vec![0u32; by_label.len()];
    for (r, leaf) in (0u32..).zip(by_label) {
        if let Some(at) = rank.get_mut(*leaf as usize) {
            *at = r;
        }
    }
    // each number of a leaf by its other: leaves to ranks and back
    let renamed = |mut numbers: Vec<u32>, new: &[u32]| {
        for number in &mut numbers {
            *number = new.get(*number as usize).copied().unwrap_or(*number);
        }
        numbers.sort_unstable();
        numbers
    };
    let mut order: Vec<(Option<u32>, Vec<u32>, u32)> = (0u32..)
        .zip(covers)
        .map(|(old, cover)| {
            let ranks = renamed(cover, &rank);
            (ranks.first().copied(), ranks, old)
        })
        .collect();
    order.sort_unstable();
    let old: Vec<u32> = order.iter().map(|(_, _, old)| *old).collect();
    let cells = order.into_iter().map(|(_, ranks, _)| Cell { cover: renamed(ranks, by_label) }).collect();
    (cells, ground.renumbered(&old))
}
