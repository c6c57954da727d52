//! Sorts, units and the values of expressions.
//!
//! In: expressions of the tree and what their names stand for ([`Scope`]). Out: [`Typed`] values: linear quantities in the
//! base unit of their type, conditions as formulas, regions as expressions over an atlas's leaves. Every mistake says what
//! was expected, what was found and where each comes from. Does not decide what a statement means: that is
//! [`crate::model::lower`].

mod addresses;
mod aggregate;
mod arithmetic;
mod attribute;
pub mod calendar;
mod elaborate;
mod literal;
mod open_terms;
pub mod region;
pub mod scope;
pub mod units;

use crate::atlas::{AtlasId, RegionExpr};
use crate::logic::{Formula, Linear};
use crate::model::conduct::FundId;
use crate::model::{KindId, PartyId};
use crate::source::Span;
use indexmap::IndexMap;
use num_rational::BigRational;
use std::rc::Rc;

pub use scope::Scope;

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// true or false
    Bool,
    /// a plain number
    Number,
    /// a whole number that is not negative
    Count,
    /// a share, as a fraction of one
    Percent,
    /// an amount in one currency
    Money(String),
    /// a length of time in days
    Duration,
    /// calendar months: their length depends on where they begin
    Months,
    /// a calendar date, in days from 1970-01-01
    Date,
    /// metres
    Distance,
    /// km²
    Area,
    /// a declared unit, by the base unit of its family
    Measure(String),
    /// ground of one atlas
    Region(AtlasId),
    /// ground of whichever atlas: an attribute declared `Region` without saying of what
    AnyRegion,
    /// a party
    Party(KindId),
    /// one of the listed values of an open term, by the term's place
    Listed(usize),
    /// a text
    Text,
    /// an article
    Article,
    /// a fund
    Fund,
    /// a prefix length
    PrefixLength,
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// a quantity in the base unit of its type
    Quantity(Linear),
    /// a condition
    Truth(Formula),
    /// ground
    Region(Rc<RegionExpr>),
    /// a party
    Party(PartyId),
    /// a listed value of an open term: its place among the values
    Listed(usize),
    /// an open term with listed values
    Term(usize),
    /// a text
    Text(String),
    /// months
    Months(i64),
    /// an article's number
    Article(String),
    /// a fund
    Fund(FundId),
    /// a prefix length
    PrefixLength(u8),
    /// a least and a greatest value
    Range(Box<(Linear, Linear)>),
}

/// A value with its type and the place it comes from.
#[derive(Debug, Clone)]
pub struct Typed {
    /// its type
    pub sort: Type,
    /// its value
    pub value: Value,
    /// the expression
    pub span: Span,
}

/// What is bound while an expression is read.
#[derive(Debug, Clone, Default)]
pub struct Env {
    /// whom `it` stands for
    pub it: Option<PartyId>,
    /// whom `its party` stands for
    pub its_party: Option<PartyId>,
    /// parameters of a clause or a definition, variables of `every K v`
    pub bound: IndexMap<String, Typed>,
    /// the members of the charter at hand, for sums and counts
    pub members: Rc<[PartyId]>,
    /// kinds of that charter that are open in number
    pub open: Vec<KindId>,
    /// sums over open kinds that were met (filled while reading a requirement that allows them)
    pub allow_open_sums: bool,
    /// inside an atlas: its regions are known by their bare names
    pub home: Option<AtlasId>,
    /// where a bracketed text stands, for its name
    pub place: String,
    /// how deep definitions and clauses are nested
    pub depth: usize,
}

impl Type {
    /// With an article: `a date`, `an amount of money in EUR`.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Bool => "a condition".into(),
            Self::Number => "a number".into(),
            Self::Count => "a whole number".into(),
            Self::Percent => "a percentage".into(),
            Self::Money(currency) if currency.is_empty() => "an amount of money".to_owned(),
            Self::Money(currency) => format!("an amount of money in {currency}"),
            Self::Duration => "a length of time".into(),
            Self::Months => "a number of calendar months".into(),
            Self::Date => "a date".into(),
            Self::Distance => "a distance".into(),
            Self::Area => "an area".into(),
            Self::Measure(unit) => format!("a quantity in {unit}"),
            Self::Region(_) | Self::AnyRegion => "a region".into(),
            Self::Party(_) => "a party".into(),
            Self::Listed(_) => "a value of an open term".into(),
            Self::Text => "a text".into(),
            Self::Article => "an article".into(),
            Self::Fund => "a fund".into(),
            Self::PrefixLength => "a prefix length".into(),
        }
    }

    /// Whether values of this type are quantities.
    #[must_use]
    pub fn is_quantity(&self) -> bool {
        matches!(
            self,
            Self::Number
                | Self::Count
                | Self::Percent
                | Self::Money(_)
                | Self::Duration
                | Self::Date
                | Self::Distance
                | Self::Area
                | Self::Measure(_)
        )
    }

    /// How a number of this type is printed: the unit, and the factor by which the base value is multiplied.
    #[must_use]
    pub fn print(&self) -> crate::model::Print {
        use crate::model::Print;
        match self {
            Self::Date => Print::Date,
            Self::Listed(_) => Print::Value,
            Self::Percent => Print::Unit("%".into()),
            Self::Money(currency) => Print::Unit(currency.clone()),
            Self::Duration => Print::Unit("days".into()),
            Self::Distance => Print::Unit("m".into()),
            Self::Area => Print::Unit("km2".into()),
            Self::Measure(unit) => Print::Unit(unit.clone()),
            _ => Print::Unit(String::new()),
        }
    }
}

impl Typed {
    /// The quantity, if it is one.
    #[must_use]
    pub fn quantity(&self) -> Option<&Linear> {
        match &self.value {
            Value::Quantity(q) => Some(q),
            _ => None,
        }
    }

    /// The quantity as a number, if it is a constant.
    #[must_use]
    pub fn constant(&self) -> Option<&BigRational> {
        self.quantity().and_then(Linear::as_constant)
    }
}
