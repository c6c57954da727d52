//! Boundary lines: legs of stated kinds, and the ground on their two sides.
//!
//! In: legs with exact end points, and the ground that the two parties claim together. Out: two leaves, the ground left and
//! right of the line. Legs are drawn as straight longitude/latitude edges within [`DEVIATION_M`] of the line that they
//! stand for; beyond its ends the line is drawn on straight, as far as the claimed ground reaches.

use super::literal::point;
use super::{Builder, Leaf, LeafShape, RegionExpr};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::tree::Line;
use comity_geometry::{Bounds, LineKind, Shape, densify, median, side_regions};
use num_rational::BigRational;

/// How far, in metres, a drawn leg may stray from the line that it stands for.
pub const DEVIATION_M: f64 = 0.5;

/// One leg of a boundary.
#[derive(Debug, Clone)]
pub struct LegGeometry {
    /// the kind of line
    pub line: Line,
    /// where it begins: longitude and latitude in degrees
    pub from: [BigRational; 2],
    /// where it ends, or towards where it runs
    pub to: [BigRational; 2],
    /// whether it runs on as far as a third party's line
    pub open_end: bool,
    /// where it stands
    pub span: Span,
}

impl Builder {
    /// Adds the ground left and right of a line, seen along it, and gives the two leaves. They reach beyond `ground`, which
    /// is what both parties claim: whoever wants the sides of a boundary cuts them with it.
    ///
    /// # Errors
    /// In a space other than the Earth; for legs that do not join, or that are not of their kind; for a line that meets
    /// itself; for a median, which needs [`Self::boundary_between`].
    pub fn boundary(
        &mut self,
        legs: &[LegGeometry],
        ground: &RegionExpr,
        words: impl Into<String>,
        span: Span,
    ) -> Result<(u32, u32), Box<Diagnostic>> {
        self.boundary_between(legs, None, ground, words, span)
    }

    /// As [`Self::boundary`], with the coasts (baselines) of the two parties, between which medians run.
    ///
    /// # Errors
    /// As there; for a median whose ends are not on it, or that runs ashore.
    pub fn boundary_between(
        &mut self,
        legs: &[LegGeometry],
        coasts: Option<(&RegionExpr, &RegionExpr)>,
        ground: &RegionExpr,
        words: impl Into<String>,
        span: Span,
    ) -> Result<(u32, u32), Box<Diagnostic>> {
        let words = words.into();
        self.expect_earth("a boundary", span)?;
        let coasts = match coasts.filter(|_| legs.iter().any(|leg| leg.line == Line::Median)) {
            Some((one, other)) => Some((self.shape(one, span)?, self.shape(other, span)?)),
            None => None,
        };
        let line = drawn(legs, coasts.as_ref())?;
        let ground = self.shape(ground, span)?;
        let around_line = line.first().map(|&[lon, lat]| Bounds { west: lon, south: lat, east: lon, north: lat });
        let Some(extent) = Bounds::around([&ground]).or(around_line) else {
            return Err(Box::new(Diagnostic::error(
                "boundary-line",
                span,
                "a boundary needs at least one leg",
                "no leg",
            )));
        };
        let (left, right) = side_regions(&line, extent).map_err(|error| {
            let headline = format!("the boundary does not part the ground: {error}");
            Box::new(Diagnostic::error("boundary-line", span, headline, "this line"))
        })?;
        let mut side = |which: &str, shape| {
            self.leaf(Leaf::inline(format!("{which} of {words}"), span, LeafShape::Polygons(shape)))
        };
        Ok((side("left", left), side("right", right)))
    }
}

/// The points of all legs, joined.
fn drawn(legs: &[LegGeometry], coasts: Option<&(Shape, Shape)>) -> Result<Vec<[f64; 2]>, Box<Diagnostic>> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    let mut before: Option<&LegGeometry> = None;
    for leg in legs {
        if let Some(before) = before.filter(|before| before.to != leg.from) {
            return Err(Box::new(
                Diagnostic::error(
                    "boundary-line",
                    leg.span,
                    "this leg does not begin where the one before it ends",
                    "begins elsewhere",
                )
                .label(before.span, "the leg before it")
                .help("begin each leg at the end of the one before it, or write a second boundary"),
            ));
        }
        if let Some(before) = before.filter(|before| before.open_end) {
            return Err(Box::new(
                Diagnostic::error(
                    "boundary-line",
                    before.span,
                    "only the last leg can have an open end",
                    "more legs follow",
                )
                .help("give the point where this leg ends, or write a second boundary"),
            ));
        }
        let (from, to) = (point(&leg.from, leg.span)?, point(&leg.to, leg.span)?);
        let drawn = match leg.line {
            Line::Meridian => densify(LineKind::Meridian, from, to, DEVIATION_M).map_err(|e| e.to_string()),
            Line::Parallel => densify(LineKind::Parallel, from, to, DEVIATION_M).map_err(|e| e.to_string()),
            Line::Geodesic => densify(LineKind::Geodesic, from, to, DEVIATION_M).map_err(|e| e.to_string()),
            Line::Loxodrome => densify(LineKind::Loxodrome, from, to, DEVIATION_M).map_err(|e| e.to_string()),
            Line::Median => {
                let Some((one, other)) = coasts else { return Err(Box::new(no_coasts(leg.span))) };
                median(one, other, from, to, DEVIATION_M).map_err(|e| e.to_string())
            }
        };
        let leg_points =
            drawn.map_err(|why| Box::new(Diagnostic::error("boundary-line", leg.span, why, "this leg")))?;
        points.extend(leg_points.into_iter().skip(usize::from(!points.is_empty())));
        before = Some(leg);
    }
    Ok(points)
}

fn no_coasts(span: Span) -> Diagnostic {
    let headline = "a median needs the baselines of both parties";
    Diagnostic::error("median-leg", span, headline, "equally far from what?")
        .help("state a `baseline` for each of the two, or give turning points joined by `geodesic` legs")
}
