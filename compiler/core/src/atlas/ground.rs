//! What lies under the cells, space by space: measures, pieces, polygons.
//!
//! In: the leaves of one space. Out: the covering set of each cell and [`Ground`], which answers how large a set of cells
//! is, in how many pieces it lies and where. Knows no names and no words.

use super::earth::{Earth, degrees};
use super::line::{
    DomainName, Interval, Piece as Literal, Prefix, Subtree, domain_cells, interval_cells, prefix_cells,
};
use super::linear::Linear;
use super::{Atlas, CellSet, Leaf, LeafShape, Measure, Piece, SpaceKind, Surrounded};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use comity_geometry::Shape;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use std::sync::Arc;

/// The covering set of each cell, in any order.
pub(super) type Covers = Vec<Vec<u32>>;

/// What lies under the cells.
#[derive(Debug, Clone)]
pub(super) enum Ground {
    /// names: there is nothing under them
    Plain,
    /// polygons; shared, because it is large and never changes, as are the others
    Earth(Arc<Earth>),
    /// stretches of a line in a unit; integers have none
    Intervals(Arc<Linear<Interval>>, Option<String>),
    /// blocks of addresses
    Prefixes(Arc<Linear<Prefix>>),
    /// trees of names
    Domains(Arc<Linear<Subtree>>),
}

/// What is at a point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At {
    /// leaves that it lies strictly inside of, sorted
    pub inside: Vec<u32>,
    /// leaves on whose outline it lies, sorted
    pub on_boundary: Vec<u32>,
    /// the cells that hold it or touch it
    pub cells: CellSet,
    /// whether ground that no leaf covers holds it or touches it
    pub outside: bool,
}

impl Ground {
    /// Cuts the leaves into cells. The leaves are as before when it returns.
    pub(super) fn new(space: &SpaceKind, leaves: &mut [Leaf], span: Span) -> Result<(Covers, Self), Vec<Diagnostic>> {
        let built = match space {
            SpaceKind::Earth => Earth::new(leaves, span).map(|(c, earth)| (c, Self::Earth(Arc::new(earth)))),
            SpaceKind::Interval(unit) => Self::intervals(leaves, Some(unit.clone()), span),
            SpaceKind::Integer => Self::intervals(leaves, None, span),
            SpaceKind::Ipv4 | SpaceKind::Ipv6 => {
                let regions: Vec<&[Prefix]> = leaves
                    .iter()
                    .map(|leaf| if let LeafShape::Prefixes(p) = &leaf.shape { p.as_slice() } else { &[] })
                    .collect();
                Linear::new(&regions, prefix_cells(&regions), leaves, span)
                    .map(|(c, line)| (c, Self::Prefixes(Arc::new(line))))
            }
            SpaceKind::Domain => {
                let names: Vec<Vec<DomainName>> = leaves
                    .iter()
                    .map(|leaf| if let LeafShape::Domains(d) = &leaf.shape { d.clone() } else { Vec::new() })
                    .collect();
                let tree = |name: &DomainName| Subtree { root: name.clone(), without: Vec::new() };
                let regions: Vec<Vec<Subtree>> = names.iter().map(|list| list.iter().map(tree).collect()).collect();
                Linear::new(&regions, domain_cells(&names), leaves, span)
                    .map(|(c, line)| (c, Self::Domains(Arc::new(line))))
            }
            SpaceKind::Plain => Ok(((0u32..).zip(leaves).map(|(number, _)| vec![number]).collect(), Self::Plain)),
        };
        built.map_err(|diagnostic| vec![*diagnostic])
    }

    fn intervals(leaves: &[Leaf], unit: Option<String>, span: Span) -> Result<(Covers, Self), Box<Diagnostic>> {
        let regions: Vec<Vec<Interval>> = leaves
            .iter()
            .map(|leaf| if let LeafShape::Intervals(i) = &leaf.shape { i.clone() } else { Vec::new() })
            .collect();
        let (covers, line) = Linear::new(&regions, interval_cells(&regions), leaves, span)?;
        Ok((covers, Self::Intervals(Arc::new(line), unit)))
    }

    /// The same with its cells in a new order: the `n`th is the old `order[n]`th.
    pub(super) fn renumbered(mut self, order: &[u32]) -> Self {
        fn own<T>(ground: &mut Arc<T>, renumber: impl FnOnce(&mut T)) {
            // Nobody else has it before it is built.
            if let Some(ground) = Arc::get_mut(ground) {
                renumber(ground);
            }
        }
        match &mut self {
            Self::Plain => {}
            Self::Earth(earth) => own(earth, |e| e.renumber(order)),
            Self::Intervals(line, _) => own(line, |l| l.renumber(order)),
            Self::Prefixes(line) => own(line, |l| l.renumber(order)),
            Self::Domains(line) => own(line, |l| l.renumber(order)),
        }
        self
    }
}

impl Atlas {
    /// How large a set is: km² on the Earth, an exact count with its unit on lines; names have no size.
    #[must_use]
    pub fn measure(&self, set: &CellSet) -> Measure {
        match &self.ground {
            Ground::Plain | Ground::Domains(_) => Measure::None,
            Ground::Earth(earth) => Measure::Area(earth.area(set)),
            Ground::Intervals(line, unit) => {
                Measure::Count(line.measure(set), unit.clone().unwrap_or_else(|| "integers".to_owned()))
            }
            Ground::Prefixes(line) => Measure::Count(line.measure(set), "addresses".to_owned()),
        }
    }

    /// The connected pieces of a set, the largest first; none where there is no geometry.
    #[must_use]
    pub fn pieces(&self, set: &CellSet) -> Vec<Piece> {
        match &self.ground {
            Ground::Earth(earth) => earth.pieces(set),
            _ => Vec::new(),
        }
    }

    /// The connected pieces of a set on the Earth, each with what lies around it; none in other spaces.
    #[must_use]
    pub fn surrounded(&self, set: &CellSet) -> Vec<Surrounded> {
        if let Ground::Earth(earth) = &self.ground { earth.surrounded(set) } else { Vec::new() }
    }

    /// A connected piece, measured; nothing in other spaces.
    #[must_use]
    pub fn piece(&self, of: &Surrounded) -> Option<Piece> {
        if let Ground::Earth(earth) = &self.ground { Some(earth.piece(of)) } else { None }
    }

    /// Whether every piece of the set is narrower than this. False for the empty set and where there is no geometry.
    #[must_use]
    pub fn narrower_than(&self, set: &CellSet, metres: f64) -> bool {
        match &self.ground {
            Ground::Earth(earth) => earth.narrower_than(set, metres),
            _ => false,
        }
    }

    /// As [`Self::narrower_than`], of a tolerance as it is stated: metres.
    #[must_use]
    pub fn below_tolerance(&self, set: &CellSet, tolerance_m: &BigRational) -> bool {
        self.narrower_than(set, tolerance_m.to_f64().unwrap_or(0.0))
    }

    /// The ground of a set on the Earth; nothing in other spaces.
    #[must_use]
    pub fn shape_of(&self, set: &CellSet) -> Shape {
        match &self.ground {
            Ground::Earth(earth) => earth.shape(set),
            _ => Shape::default(),
        }
    }

    /// The polygons of a set: of each, rings of longitude and latitude in degrees, closed, the outer ring first.
    #[must_use]
    pub fn polygons(&self, set: &CellSet) -> Vec<Vec<Vec<[f64; 2]>>> {
        degrees(&self.shape_of(set))
    }

    /// The stretches of a set on a line, as few as can be, in order; none in other spaces.
    #[must_use]
    pub fn intervals_of(&self, set: &CellSet) -> Vec<Interval> {
        if let Ground::Intervals(line, _) = &self.ground { line.pieces(set) } else { Vec::new() }
    }

    /// The address blocks of a set, as few as can be, in order; none in other spaces.
    #[must_use]
    pub fn prefixes_of(&self, set: &CellSet) -> Vec<Prefix> {
        if let Ground::Prefixes(line) = &self.ground { line.pieces(set) } else { Vec::new() }
    }

    /// The trees of names of a set, as few as can be, in order; none in other spaces.
    #[must_use]
    pub fn subtrees_of(&self, set: &CellSet) -> Vec<Subtree> {
        if let Ground::Domains(line) = &self.ground { line.pieces(set) } else { Vec::new() }
    }

    /// A set as literals of its space: `4 MHz to 8 MHz`; none where there are no literals to speak of. At most so many, and
    /// how many more there are.
    pub(super) fn literals(&self, set: &CellSet, most: usize) -> Vec<String> {
        fn listed<P: Literal>(pieces: &[P], unit: Option<&str>, most: usize) -> Vec<String> {
            let mut shown: Vec<String> = pieces.iter().take(most).map(|p| p.describe(unit)).collect();
            let more = pieces.len() - shown.len();
            if more > 0 {
                shown.push(format!("{more} more"));
            }
            shown
        }
        match &self.ground {
            Ground::Plain | Ground::Earth(_) => Vec::new(),
            Ground::Intervals(_, unit) => listed(&self.intervals_of(set), unit.as_deref(), most),
            Ground::Prefixes(_) => listed(&self.prefixes_of(set), None, most),
            Ground::Domains(_) => listed(&self.subtrees_of(set), None, most),
        }
    }

    /// The leaves at a point of the Earth, longitude and latitude in degrees: exact, at a billionth of a degree. None off the
    /// globe and in other spaces.
    #[must_use]
    pub fn at(&self, lon: f64, lat: f64) -> Option<At> {
        let Ground::Earth(earth) = &self.ground else { return None };
        let (cells, outside) = earth.at(lon, lat)?;
        let covers: Vec<&[u32]> =
            cells.cells().iter().filter_map(|c| self.cells.get(*c as usize)).map(|c| c.cover.as_slice()).collect();
        let mut touching: Vec<u32> = covers.iter().flat_map(|cover| cover.iter().copied()).collect();
        touching.sort_unstable();
        touching.dedup();
        let everywhere = |leaf: &u32| !outside && covers.iter().all(|cover| cover.binary_search(leaf).is_ok());
        let (inside, on_boundary) = touching.into_iter().partition(everywhere);
        Some(At { inside, on_boundary, cells, outside })
    }

    /// Whether two sets share an edge, or ground.
    #[must_use]
    pub fn adjacent(&self, a: &CellSet, b: &CellSet) -> bool {
        match &self.ground {
            Ground::Plain => !a.intersection(b).is_empty(),
            Ground::Earth(earth) => earth.adjacent(a, b),
            Ground::Intervals(line, _) => line.adjacent(a, b),
            Ground::Prefixes(line) => line.adjacent(a, b),
            Ground::Domains(line) => line.adjacent(a, b),
        }
    }
}
