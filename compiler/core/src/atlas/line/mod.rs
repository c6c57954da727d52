//! Spaces on a line and in a tree: intervals, integers, address prefixes, domains.
//!
//! In: the regions of one atlas, each a list of intervals, prefixes or domains. Out: [`LineCell`]s, one for each distinct
//! set of covering regions, with the pieces it is made of and its exact measure; and what is free of them ([`free`]).
//! Exact throughout: no floats. Does not know charters, and leaves plain names to the atlas, which needs no geometry.

mod covers;
mod domain;
mod free;
mod interval;
mod prefix;
mod value;

pub use self::domain::{DomainError, DomainName, ReverseError, Subtree, domain_cells, reverse_zone};
pub use self::free::{free_intervals, free_prefixes};
pub use self::interval::{Interval, interval_cells};
pub use self::prefix::{Family, Prefix, PrefixError, aggregate, parse_prefix, prefix_cells};
pub use self::value::{LineValue, read_value};

use num_rational::BigRational;

/// The ground that one set of regions covers and no other region does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCell<P> {
    /// the covering regions by number, in order
    pub cover: Vec<u32>,
    /// what it is made of: apart from each other, in the order of the space, as few as can be
    pub pieces: Vec<P>,
}

impl<P: Piece> LineCell<P> {
    /// Its length in the unit, or its number of addresses; domains have none.
    #[must_use]
    pub fn measure(&self) -> Option<BigRational> {
        self.pieces.iter().map(P::measure).sum()
    }
}

/// The regions lie over each other so much that their cells cannot be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDense {
    /// how many members the covering sets may have in sum
    pub limit: usize,
}

/// A piece of a cell that can be written down.
pub trait Piece {
    /// In words; `unit` follows each number where the space has one.
    fn describe(&self, unit: Option<&str>) -> String;

    /// Its length in the unit, or its number of addresses; none where there is no such thing.
    fn measure(&self) -> Option<BigRational>;
}

/// The first pieces in words, and how many more there are.
#[must_use]
pub fn describe_pieces<P: Piece>(pieces: &[P], unit: Option<&str>, most: usize) -> String {
    let shown = pieces.len().min(most);
    let mut text = pieces.iter().take(shown).map(|p| p.describe(unit)).collect::<Vec<_>>().join(", ");
    let more = pieces.len() - shown;
    if more > 0 {
        text.push_str(&format!("{}{more} more", if shown == 0 { "" } else { " and " }));
    }
    text
}
