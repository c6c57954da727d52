//! Spaces and their cells: coordinates stop here.
//!
//! In: the leaves of region expressions (rows of a file, polygons, half planes, buffers, intervals, prefixes, domains,
//! plain names). Out: [`Atlas`], whose cells are the distinct covering sets, and [`CellSet`]s for region expressions.
//! Whoever asks questions sees cells, never coordinates; what is printed asks the atlas for areas, pieces and words.

mod boundary;
mod buffer;
mod build;
mod earth;
mod expr;
mod file;
mod ground;
mod leaf;
pub mod line;
mod linear;
mod literal;
pub mod number;
mod settings;
mod words;

pub use boundary::{DEVIATION_M, LegGeometry};
pub use build::Builder;
pub use expr::RegionExpr;
pub use file::{FileLeaf, feature_name, feature_shape, read_file_leaves};
pub use ground::At;
pub use leaf::{Leaf, LeafShape};
pub use settings::{Extent, Settings, SpaceKind};
pub use words::{Named, NamedGround, join, quoted};

use crate::source::Span;
use num_rational::BigRational;
use smallvec::SmallVec;
use std::sync::OnceLock;

/// An atlas, by its place in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtlasId(pub u32);

/// A set of cells of one atlas: sorted, without repetition. Most are small.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellSet(SmallVec<[u32; 4]>);

impl CellSet {
    /// The set of these cells.
    #[must_use]
    pub fn new(cells: Vec<u32>) -> Self {
        cells.into_iter().collect()
    }

    /// The cells in order.
    #[must_use]
    pub fn cells(&self) -> &[u32] {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether this one is in it.
    #[must_use]
    pub fn contains(&self, cell: u32) -> bool {
        self.0.binary_search(&cell).is_ok()
    }

    /// Those of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.0.iter().chain(&other.0).copied().collect()
    }

    /// Those of both. Cost is that of the smaller set times a search in the larger.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (small, large) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        Self(small.0.iter().copied().filter(|c| large.contains(*c)).collect())
    }

    /// Those of `self` that are not of `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.iter().copied().filter(|c| !other.contains(*c)).collect())
    }

    /// Whether all of `self` are in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|c| other.contains(*c))
    }
}

impl Surrounded {
    /// What tells it from other pieces of the same cells.
    #[must_use]
    pub fn first_face(&self) -> Option<u32> {
        self.faces.first().copied()
    }
}

impl FromIterator<u32> for CellSet {
    fn from_iter<I: IntoIterator<Item = u32>>(cells: I) -> Self {
        let mut cells: SmallVec<[u32; 4]> = cells.into_iter().collect();
        cells.sort_unstable();
        cells.dedup();
        Self(cells)
    }
}

/// What a set of cells measures.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// km² on the ellipsoid
    Area(f64),
    /// an exact number with its unit: `addresses`, `MHz`
    Count(BigRational, String),
    /// plain names and domains have none
    None,
}

/// A connected piece of ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// km²
    pub area_km2: f64,
    /// twice the radius of the greatest circle inside it, metres
    pub width_m: f64,
    /// longitude and latitude of a point inside
    pub point: [f64; 2],
}

/// A connected piece of ground and what lies around it. [`Atlas::piece`] measures it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surrounded {
    /// the cells that it lies in; unless it is [`Self::whole`] they have ground elsewhere too
    pub cells: CellSet,
    /// the cells along its outline
    pub around: CellSet,
    /// whether ground that no leaf covers lies along its outline
    pub outside: bool,
    /// whether it is all the ground of its cells
    pub whole: bool,
    /// its faces in the overlay
    faces: Vec<u32>,
}

/// A space cut into cells. [`Builder`] makes it.
#[derive(Debug, Clone)]
pub struct Atlas {
    /// its name; empty where nobody gave one
    pub name: String,
    /// what its points are
    pub space: SpaceKind,
    /// what it says of itself
    pub settings: Settings,
    /// where it is declared
    pub span: Span,
    /// what it is cut by, in the order in which it came
    pub leaves: Vec<Leaf>,
    /// the cells
    pub cells: Vec<Cell>,
    /// the cells of each leaf
    index: Vec<CellSet>,
    /// the leaves in the order of their labels
    by_label: Vec<u32>,
    /// expressions that messages may name
    names: Vec<(String, RegionExpr)>,
    /// regions that messages may name, and inline leaves by their words
    spoken: OnceLock<[Vec<words::NamedRegion>; 2]>,
    ground: ground::Ground,
}

/// All ground with one covering set. Never empty; what no leaf covers is no cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// the leaves that cover it, sorted
    pub cover: Vec<u32>,
}

impl Atlas {
    /// The cells of one leaf; none for a number that is not a leaf's.
    #[must_use]
    pub fn leaf_cells(&self, leaf: u32) -> CellSet {
        self.index.get(leaf as usize).cloned().unwrap_or_default()
    }

    /// All cells.
    #[must_use]
    pub fn all(&self) -> CellSet {
        CellSet((0u32..).zip(&self.cells).map(|(number, _)| number).collect())
    }

    /// The leaf of this name.
    #[must_use]
    pub fn leaf_named(&self, name: &str) -> Option<u32> {
        (0u32..).zip(&self.leaves).find(|(_, leaf)| leaf.name.as_deref() == Some(name)).map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests;
