//! What an atlas says of itself: its space and where its rows come from.
//!
//! In: the head of an `atlas` declaration, read by [`crate::types`]. Out: plain data that travels with every claim into
//! every finding. Nothing is computed here.

use num_rational::BigRational;

/// What the points of an atlas are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SpaceKind {
    /// longitude and latitude on WGS 84
    Earth,
    /// the rational line in a declared unit, such as `MHz`
    Interval(String),
    /// the integers
    Integer,
    /// IPv4 addresses
    Ipv4,
    /// IPv6 addresses
    Ipv6,
    /// the tree of domain names
    Domain,
    /// named things without extent
    Plain,
}

impl SpaceKind {
    /// What a region of it is made of, for a message: "expected … found …".
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Earth => "ground on the Earth".to_owned(),
            Self::Interval(unit) => format!("intervals in {unit}"),
            Self::Integer => "ranges of integers".to_owned(),
            Self::Ipv4 => "IPv4 prefixes".to_owned(),
            Self::Ipv6 => "IPv6 prefixes".to_owned(),
            Self::Domain => "domain names".to_owned(),
            Self::Plain => "plain names".to_owned(),
        }
    }
}

/// What a polygon of a claim covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// land only
    Land,
    /// land and the waters claimed with it
    WithWaters,
}

impl Extent {
    /// As it is written: `land`, `with waters`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Land => "land",
            Self::WithWaters => "with waters",
        }
    }
}

/// Where the rows of an atlas come from and how fine they are. What is left out is not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// the named source
    pub source: Option<String>,
    /// its date, ISO
    pub as_of: Option<String>,
    /// its licence
    pub licence: Option<String>,
    /// metres: two sources that differ by less say the same (B08)
    pub accuracy_m: Option<BigRational>,
    /// metres: pieces narrower than this are below tolerance (B06)
    pub tolerance_m: Option<BigRational>,
    /// whether polygons hold waters
    pub extent: Option<Extent>,
    /// the datum that points are given in; WGS 84 when left out
    pub datum: Option<String>,
}
