//! The leaves of region expressions: what an atlas is cut by.
//!
//! In: rows of files and literals of charters. Out: [`Leaf`]s, of which [`super::Builder`] makes cells.

use crate::source::Span;

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
