//! The leaves of region expressions: what an atlas is cut by.
//!
//! In: rows of files and literals of charters. Out: [`Leaf`]s, of which [`super::Builder`] makes cells.

use super::line::{DomainName, Interval, Prefix};
use crate::source::Span;
use comity_geometry::Shape;

/// One region that is not an expression of others: a row of a file, a literal, a buffer, a side of a boundary, a plain name.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// the region's name in the atlas or the file; none for an inline expression
    pub name: Option<String>,
    /// as written: `south of 60°S`, `10.41.0.0/16`
    pub words: String,
    /// where it stands
    pub span: Span,
    /// what it covers
    pub shape: LeafShape,
}

/// What a leaf covers.
#[derive(Debug, Clone, PartialEq)]
pub enum LeafShape {
    /// ground on the Earth
    Polygons(Shape),
    /// stretches of a line, in the unit of the atlas; integers too
    Intervals(Vec<Interval>),
    /// blocks of addresses
    Prefixes(Vec<Prefix>),
    /// names, each with all below it
    Domains(Vec<DomainName>),
    /// a thing by itself: no other leaf has any of it
    Plain,
}

impl Leaf {
    /// A plain name: a thing of its own, apart from all others.
    #[must_use]
    pub fn plain(name: impl Into<String>, span: Span) -> Self {
        let name = name.into();
        Self { words: name.clone(), name: Some(name), span, shape: LeafShape::Plain }
    }
}

impl LeafShape {
    /// Adds a further part. A part of another space adds nothing: whoever builds leaves has refused it.
    pub(super) fn extend(&mut self, part: Self) {
        match (self, part) {
            (Self::Polygons(shape), Self::Polygons(part)) => shape.polygons.extend(part.polygons),
            (Self::Intervals(own), Self::Intervals(part)) => own.extend(part),
            (Self::Prefixes(own), Self::Prefixes(part)) => own.extend(part),
            (Self::Domains(own), Self::Domains(part)) => own.extend(part),
            _ => {}
        }
    }

    /// Takes the ground out for a while; none for what is no ground on the Earth.
    pub(super) fn lend(&mut self) -> Shape {
        match self {
            Self::Polygons(shape) => std::mem::take(shape),
            _ => Shape::default(),
        }
    }

    /// Puts back what [`Self::lend`] took.
    pub(super) fn give_back(&mut self, lent: Shape) {
        if let Self::Polygons(shape) = self {
            *shape = lent;
        }
    }
}
