//! The cells, one feature or one row per set of covering claims, for maps and spreadsheets.
//!
//! In: [`Report::cells`]. Out: RFC 7946 GeoJSON (outer rings counter-clockwise, rings closed, longitude before latitude) or
//! CSV. Claimants stand in the order of their own names; nothing marks a default holder.

use super::document::{CellEntry, Report};
use super::{NEUTRALITY, to_six};
use serde::Serialize;

#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    /// a foreign member, as RFC 7946 §6.1 allows
    neutrality: &'static str,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    properties: Properties<'a>,
    geometry: Option<Geometry>,
}

#[derive(Serialize)]
struct Properties<'a> {
    atlas: &'a str,
    claimants: &'a [String],
    statements: &'a [String],
    regions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    area_km2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width_m: Option<f64>,
    codes: &'a [String],
    source: &'a [String],
}

#[derive(Serialize)]
struct Geometry {
    r#type: &'static str,
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A GeoJSON text of all cells, one feature a line.
pub(super) fn geojson(report: &Report) -> String {
    let features = report.cells.iter().map(|cell| Feature {
        r#type: "Feature",
        properties: Properties {
            atlas: &cell.atlas,
            claimants: &cell.claimants,
            statements: &cell.statements,
            regions: &cell.regions,
            area_km2: cell.area_km2.map(to_six),
            extent: cell.extent.as_deref(),
            width_m: cell.width_m.map(to_six),
            codes: &cell.codes,
            source: &cell.sources,
        },
        geometry: geometry(cell),
    });
    let collection = Collection { r#type: "FeatureCollection", neutrality: NEUTRALITY, features: features.collect() };
    let mut text = serde_json::to_string(&collection).unwrap_or_default();
    text.push('\n');
    text
}

fn geometry(cell: &CellEntry) -> Option<Geometry> {
    if cell.polygons.is_empty() {
        return None;
    }
    let polygon =
        |rings: &Vec<Vec<[f64; 2]>>| rings.iter().enumerate().map(|(i, ring)| wound(ring, i == 0)).collect::<Vec<_>>();
    Some(Geometry { r#type: "MultiPolygon", coordinates: cell.polygons.iter().map(polygon).collect() })
}

/// The ring closed, and turning counter-clockwise if it is an outer one, clockwise if it is a hole.
fn wound(ring: &[[f64; 2]], outer: bool) -> Vec<[f64; 2]> {
    let mut ring = ring.to_vec();
    if let (Some(&first), Some(&last)) = (ring.first(), ring.last())
        && first != last
    {
        ring.push(first);
    }
    let twice: f64 = ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| (b[0] - a[0]) * (b[1] + a[1])).sum();
    // this sum is positive for a clockwise ring
    if (twice > 0.0) == outer {
        ring.reverse();
    }
    ring
}

/// A CSV text of all cells, with a header line. Lists are joined with `; ` (a semicolon in a name is written `\;`). The last
/// column says in every row how to read the others, since CSV has no place for a preface.
pub(super) fn csv(report: &Report) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "atlas",
        "claimants",
        "statements",
        "regions",
        "area_km2",
        "extent",
        "width_m",
        "codes",
        "source",
        "neutrality",
    ];
    let number = |n: Option<f64>| n.map_or(String::new(), |n| to_six(n).to_string());
    let mut rows = vec![header.map(str::to_owned)];
    rows.extend(report.cells.iter().map(|cell| {
        [
            cell.atlas.clone(),
            joined(&cell.claimants),
            joined(&cell.statements),
            joined(&cell.regions),
            number(cell.area_km2),
            cell.extent.clone().unwrap_or_default(),
            number(cell.width_m),
            joined(&cell.codes),
            joined(&cell.sources),
            NEUTRALITY.to_owned(),
        ]
    }));
    for row in &rows {
        // writing into memory does not fail, and every row has as many fields as the header
        if writer.write_record(row).is_err() {
            return String::new();
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn joined(list: &[String]) -> String {
    list.iter().map(|s| s.replace('\\', "\\\\").replace(';', "\\;")).collect::<Vec<_>>().join("; ")
}
