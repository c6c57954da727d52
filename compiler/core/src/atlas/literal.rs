//! Literals of regions as leaves: polygons, half planes, bands, intervals, prefixes, domains.
//!
//! In: exact numbers as a charter has them. Out: [`Leaf`]s without a name, or why there is no such ground. An edge of a
//! polygon is straight in longitude and latitude.

use super::file::polygons_shape;
use super::line::{DomainName, Interval, Prefix};
use super::{Leaf, LeafShape};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use comity_geometry::{Shape, lon_lat_box};
use num_rational::BigRational;
use num_traits::ToPrimitive;

/// Degrees for the grid. What is too large to be a number at all is far off the globe.
pub(super) fn degrees(value: &BigRational) -> f64 {
    value.to_f64().unwrap_or(f64::INFINITY)
}

/// A longitude and a latitude for the grid.
///
/// # Errors
/// If the point is not on the globe.
pub(super) fn point(at: &[BigRational; 2], span: Span) -> Result<[f64; 2], Box<Diagnostic>> {
    let [lon, lat] = at;
    Ok([within(lon, 180, "longitude", span)?, within(lat, 90, "latitude", span)?])
}

fn within(value: &BigRational, most: i32, what: &str, span: Span) -> Result<f64, Box<Diagnostic>> {
    let limit = BigRational::from_integer(most.into());
    if *value >= -limit.clone() && *value <= limit {
        return Ok(degrees(value));
    }
    let headline = format!("expected a {what} between -{most}° and {most}°, found {}°", super::number::exact(value));
    Err(Box::new(Diagnostic::error("coordinate-range", span, headline, "off the globe")))
}

impl Leaf {
    /// A leaf written in place.
    #[must_use]
    pub fn inline(words: impl Into<String>, span: Span, shape: LeafShape) -> Self {
        Self { name: None, words: words.into(), span, shape }
    }

    /// `polygon [...]`: an outer ring and perhaps holes, each a list of longitude and latitude in degrees; a ring need not
    /// repeat its first point. With a note for everything that was mended.
    ///
    /// # Errors
    /// Every reason for which the rings cannot be read.
    pub fn polygon(
        rings: &[Vec<[BigRational; 2]>],
        words: impl Into<String>,
        span: Span,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let words = words.into();
        let mut polygon = Vec::with_capacity(rings.len());
        let mut errors = Vec::new();
        for ring in rings {
            let mut points = Vec::with_capacity(ring.len() + 1);
            for at in ring {
                match point(at, span) {
                    Ok(at) => points.push(at),
                    Err(error) => errors.push(*error),
                }
            }
            if let (Some(first), true) = (points.first().copied(), points.first() != points.last()) {
                points.push(first);
            }
            polygon.push(points);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let (shape, notes) = polygons_shape(&[polygon], &words, span)?;
        Ok((Self::inline(words, span, LeafShape::Polygons(shape)), notes))
    }

    /// `south of 60°S`.
    ///
    /// # Errors
    /// As [`Leaf::bounded`].
    pub fn south_of(latitude: &BigRational, words: impl Into<String>, span: Span) -> Result<Self, Box<Diagnostic>> {
        Self::bounded([None, None, None, Some(latitude)], words, span)
    }

    /// `north of 60°N`.
    ///
    /// # Errors
    /// As [`Leaf::bounded`].
    pub fn north_of(latitude: &BigRational, words: impl Into<String>, span: Span) -> Result<Self, Box<Diagnostic>> {
        Self::bounded([None, None, Some(latitude), None], words, span)
    }

    /// `between 10°E and 35°E`: from the first meridian eastward to the second, across 180° where the second is less.
    ///
    /// # Errors
    /// As [`Leaf::bounded`].
    pub fn between_longitudes(
        west: &BigRational,
        east: &BigRational,
        words: impl Into<String>,
        span: Span,
    ) -> Result<Self, Box<Diagnostic>> {
        Self::bounded([Some(west), Some(east), None, None], words, span)
    }

    /// `between 10°N and 35°N`.
    ///
    /// # Errors
    /// As [`Leaf::bounded`].
    pub fn between_latitudes(
        south: &BigRational,
        north: &BigRational,
        words: impl Into<String>,
        span: Span,
    ) -> Result<Self, Box<Diagnostic>> {
        Self::bounded([None, None, Some(south), Some(north)], words, span)
    }

    /// The ground between two meridians and two parallels: west, east, south, north; what is left out bounds nothing.
    ///
    /// # Errors
    /// If a bound is not on the globe, or nothing lies between the two.
    pub fn bounded(
        bounds: [Option<&BigRational>; 4],
        words: impl Into<String>,
        span: Span,
    ) -> Result<Self, Box<Diagnostic>> {
        let words = words.into();
        let bound = |value: Option<&BigRational>, most, what, otherwise| {
            value.map_or(Ok(otherwise), |value| within(value, most, what, span))
        };
        let [west, east, south, north] = bounds;
        let (west, east) = (bound(west, 180, "longitude", -180.0)?, bound(east, 180, "longitude", 180.0)?);
        let (south, north) = (bound(south, 90, "latitude", -90.0)?, bound(north, 90, "latitude", 90.0)?);
        let shape: Shape = lon_lat_box(west, east, south, north);
        if shape.is_empty() {
            let (headline, label) = (format!("nothing lies in `{words}`"), "holds no ground");
            let help = "give the western meridian or the southern parallel first";
            return Err(Box::new(Diagnostic::error("empty-region", span, headline, label).help(help)));
        }
        Ok(Self::inline(words, span, LeafShape::Polygons(shape)))
    }

    /// `4 MHz to 8 MHz`, in the unit of the atlas.
    #[must_use]
    pub fn interval(interval: Interval, words: impl Into<String>, span: Span) -> Self {
        Self::inline(words, span, LeafShape::Intervals(vec![interval]))
    }

    /// `10.0.0.0/8`.
    #[must_use]
    pub fn prefix(prefix: Prefix, span: Span) -> Self {
        Self::inline(prefix.to_string(), span, LeafShape::Prefixes(vec![prefix]))
    }

    /// `example.org` and all below it.
    #[must_use]
    pub fn domain(name: DomainName, span: Span) -> Self {
        Self::inline(name.to_string(), span, LeafShape::Domains(vec![name]))
    }
}
