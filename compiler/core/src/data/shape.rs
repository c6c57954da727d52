//! What a shape of a map file has to be, and what is said where it is not.
//!
//! In: what the readers of GeoJSON and TopoJSON found. Out: the errors they have in common.

use super::geojson::{Geometry, Rings};
use super::{Key, Node};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Why a feature covers no ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoShape {
    Missing,
    Null,
    Empty,
    Point,
    Line,
}

impl NoShape {
    /// The error for the feature with this number.
    pub(super) fn of(self, number: usize, place: Span) -> Box<Diagnostic> {
        let (code, headline, label) = match self {
            Self::Missing => ("null-geometry", format!("feature {number} has no geometry"), "this feature"),
            Self::Null => ("null-geometry", format!("the geometry of feature {number} is null"), "null"),
            Self::Empty => ("null-geometry", format!("the geometry of feature {number} is empty"), "no ring in it"),
            Self::Point => {
                ("geometry-kind", format!("feature {number} is a point, which covers no ground"), "expected a polygon")
            }
            Self::Line => {
                ("geometry-kind", format!("feature {number} is a line, which covers no ground"), "expected a polygon")
            }
        };
        Box::new(
            Diagnostic::error(code, place, headline, label)
                .help("give the feature a `Polygon` or `MultiPolygon`, or take it out of the file"),
        )
    }
}

/// The shape, unless no ring of it has a position.
pub(super) fn covered(mut polygons: Vec<Rings>) -> Result<Geometry, NoShape> {
    for rings in &mut polygons {
        rings.retain(|ring| !ring.is_empty());
    }
    polygons.retain(|rings| !rings.is_empty());
    if polygons.is_empty() { Err(NoShape::Empty) } else { Ok(Geometry { polygons }) }
}

/// The beginning of something long, as a place.
pub(super) fn head(span: Span) -> Span {
    Span::new(span.file, span.start, (span.start + 1).min(span.end))
}

/// That the type of a geometry is none that there is.
pub(super) fn unknown_kind(place: Span, kind: Option<&str>) -> Box<Diagnostic> {
    let found = kind.map_or_else(|| "no text".to_owned(), |k| format!("`{k}`"));
    Box::new(
        Diagnostic::error(
            "geometry-kind",
            place,
            format!("expected a kind of geometry, found {found}"),
            "not a kind of geometry",
        )
        .help("write `Polygon` or `MultiPolygon`"),
    )
}

/// That the file is no map file.
pub(super) fn no_geojson(place: Span, found: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            "data-shape",
            place,
            format!("expected GeoJSON or TopoJSON, found {found}"),
            "the file begins so",
        )
        .help("a GeoJSON file is `{\"type\": \"FeatureCollection\", \"features\": […]}`"),
    )
}

/// That a position is not on the globe, with what may be the matter.
pub(super) fn off_globe([longitude, latitude]: [f64; 2], place: Span) -> Box<Diagnostic> {
    let headline = if longitude.is_finite() && latitude.is_finite() {
        format!("the position {longitude}, {latitude} is not on the globe")
    } else {
        "a position is not on the globe".to_owned()
    };
    let error = Diagnostic::error(
        "coordinate-range",
        place,
        headline,
        "expected longitude -180 to 180, then latitude -90 to 90",
    );
    Box::new(if longitude.abs() > 360.0 || latitude.abs() > 360.0 {
        error.help("convert the file to degrees on WGS 84 (EPSG:4326): these look like metres or feet")
    } else if latitude.abs() > 90.0 && longitude.abs() <= 90.0 && latitude.abs() <= 180.0 {
        error.help("if the latitude stands first here, write the longitude first")
    } else if latitude.abs() <= 90.0 {
        error.help("cut the polygon at the meridian of 180° and write each part with longitudes from -180 to 180")
    } else {
        error.help("correct the coordinates")
    })
}

/// An error unless a `crs` member names longitude and latitude on WGS 84.
pub(super) fn foreign_crs(key: &Key, node: &Node) -> Option<Diagnostic> {
    let name = node.get("properties").and_then(|p| p.get("name")).and_then(Node::scalar_text);
    let known = name.is_some_and(|name| {
        let name = name.to_ascii_uppercase();
        let name = name.strip_prefix("URN:OGC:DEF:CRS:").unwrap_or(&name);
        let mut parts = name.split(':');
        let authority = parts.next();
        matches!(
            (authority, parts.next_back()),
            (Some("OGC"), Some("CRS84")) | (Some("EPSG"), Some("4326")) | (Some("CRS84" | "WGS84"), None)
        )
    });
    if known {
        return None;
    }
    let found = match name {
        Some(name) => format!("the coordinate system `{name}`"),
        None => "a coordinate system without a name".to_owned(),
    };
    Some(
        Diagnostic::error(
            "foreign-crs",
            key.span.to(node.span),
            format!("expected longitude and latitude on WGS 84, found {found}"),
            "the file says so here",
        )
        .help("convert the file to WGS 84, as with `ogr2ogr -t_srs EPSG:4326 new.geojson old.geojson`")
        .help("if the coordinates are longitude and latitude already, take `crs` out"),
    )
}
