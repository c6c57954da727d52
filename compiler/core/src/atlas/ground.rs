//! What lies under the cells, space by space: measures, pieces, polygons.
//!
//! In: the leaves of one space. Out: the covering set of each cell and [`Ground`], which answers how large a set of cells
//! is, in how many pieces it lies and where. Knows no names and no words.

use super::{Atlas, CellSet, Leaf, Measure, Piece, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use num_rational::BigRational;
use num_traits::ToPrimitive;

/// The covering set of each cell, in any order.
pub(super) type Covers = Vec<Vec<u32>>;

/// What lies under the cells.
#[derive(Debug, Clone)]
pub(super) enum Ground {
    /// names: there is nothing under them
    Plain,
}

impl Ground {
    /// Cuts the leaves into cells.
    pub(super) fn new(_space: &SpaceKind, leaves: &[Leaf], _span: Span) -> Result<(Covers, Self), Vec<Diagnostic>> {
        Ok(((0u32..).zip(leaves).map(|(number, _)| vec![number]).collect(), Self::Plain))
    }

    /// The same with its cells in a new order: the `n`th is the old `order[n]`th.
    pub(super) fn renumbered(self, _order: &[u32]) -> Self {
        match self {
            Self::Plain => Self::Plain,
        }
    }
}

impl Atlas {
    /// How large a set is: km² on the Earth, an exact count with its unit on lines; names have no size.
    #[must_use]
    pub fn measure(&self, _set: &CellSet) -> Measure {
        match &self.ground {
            Ground::Plain => Measure::None,
        }
    }

    /// The connected pieces of a set, the largest first; none where there is no geometry.
    #[must_use]
    pub fn pieces(&self, _set: &CellSet) -> Vec<Piece> {
        match &self.ground {
            Ground::Plain => Vec::new(),
        }
    }

    /// Whether every piece of the set is narrower than this. False for the empty set and where there is no geometry.
    #[must_use]
    pub fn narrower_than(&self, _set: &CellSet, _metres: f64) -> bool {
        match &self.ground {
            Ground::Plain => false,
        }
    }

    /// As [`Self::narrower_than`], of a tolerance as it is stated: metres.
    #[must_use]
    pub fn below_tolerance(&self, set: &CellSet, tolerance_m: &BigRational) -> bool {
        self.narrower_than(set, tolerance_m.to_f64().unwrap_or(0.0))
    }

    /// The polygons of a set: of each, rings of longitude and latitude in degrees, closed, the outer ring first.
    #[must_use]
    pub fn polygons(&self, _set: &CellSet) -> Vec<Vec<Vec<[f64; 2]>>> {
        match &self.ground {
            Ground::Plain => Vec::new(),
        }
    }

    /// Whether two sets share an edge, or ground.
    #[must_use]
    pub fn adjacent(&self, a: &CellSet, b: &CellSet) -> bool {
        match &self.ground {
            Ground::Plain => !a.intersection(b).is_empty(),
        }
    }
}
