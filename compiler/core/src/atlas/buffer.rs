//! `within 12 nmi of R`: ground within a distance of other ground, along geodesics.
//!
//! In: an expression over the leaves that a builder has so far. Out: a further leaf. The ground of the expression is found
//! with a preliminary atlas of the leaves that it needs; buffers of buffers are no exception.

use super::{Atlas, Builder, CellSet, Leaf, LeafShape, RegionExpr, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use comity_geometry::{BufferError, Shape, geodesic_buffer};
use num_rational::BigRational;
use num_traits::ToPrimitive;

impl Builder {
    /// The ground of an expression over the leaves so far.
    ///
    /// # Errors
    /// If the leaves cannot be laid over one another.
    pub(super) fn shape(&self, expr: &RegionExpr, span: Span) -> Result<Shape, Box<Diagnostic>> {
        let needed = expr.leaves();
        let leaves: Vec<Leaf> = needed.iter().filter_map(|l| self.leaves().get(*l as usize)).cloned().collect();
        let place = |leaf: u32| needed.binary_search(&leaf).ok().and_then(|at| u32::try_from(at).ok());
        let atlas = Atlas::preliminary(leaves, span)?;
        let set: CellSet = atlas.region(&expr.renamed(&place));
        Ok(atlas.shape_of(&set))
    }

    /// Adds `within 12 nmi of R` and gives its leaf: all ground within so many metres of an expression, the expression
    /// itself included. The outline is within a metre of the true one.
    ///
    /// # Errors
    /// In a space other than the Earth; for a region that holds no ground; for a distance that makes no sense; where a pole
    /// lies within the distance.
    pub fn buffer(
        &mut self,
        expr: &RegionExpr,
        metres: &BigRational,
        words: impl Into<String>,
        span: Span,
    ) -> Result<u32, Box<Diagnostic>> {
        let words = words.into();
        let key = (expr.clone(), metres.clone());
        if let Some(&known) = self.buffers.get(&key) {
            return Ok(known);
        }
        self.expect_earth("a distance", span)?;
        let shape = self.shape(expr, span)?;
        if shape.is_empty() {
            let headline = format!("there is no ground to measure from in `{words}`");
            return Err(Box::new(Diagnostic::error("empty-region", span, headline, "the region holds no ground")));
        }
        let shape = geodesic_buffer(&shape, metres.to_f64().unwrap_or(f64::INFINITY))
            .map_err(|error| refused(&error, &words, span))?;
        let leaf = self.leaf(Leaf::inline(words, span, LeafShape::Polygons(shape)));
        self.buffers.insert(key, leaf);
        Ok(leaf)
    }

    pub(super) fn expect_earth(&self, what: &str, span: Span) -> Result<(), Box<Diagnostic>> {
        if *self.space() == SpaceKind::Earth {
            return Ok(());
        }
        let headline = format!("{what} needs ground on the Earth, found {}", self.space().phrase());
        Err(Box::new(Diagnostic::error("wrong-space", span, headline, "in an atlas without longitude and latitude")))
    }
}

fn refused(error: &BufferError, words: &str, span: Span) -> Box<Diagnostic> {
    Box::new(match error {
        BufferError::Overlay(error) => super::earth::mistaken(span, &error.to_string()),
        error => Diagnostic::error("buffer-refused", span, format!("`{words}`: {error}"), "cannot be measured"),
    })
}
