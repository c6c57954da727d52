//! `comity claims` on real files of claims that are no part of this project.
//!
//! In: the folder `COMITY_WORLD_DATA`, else `../shared/data` beside the workspace. Where it is missing the tests say so and
//! pass. What must be found was computed by others with other tools (GEOS), and stands beside the data.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests: they fail aloud, and say when they skip"
)]

use comity_core::data::{Format, Layout, Node, Row, read_table, take_in};
use comity_core::report::document::{Finding, Report};
use comity_core::report::{Outcome, Verdict};
use comity_core::source::{Sources, World, WorldError};
use comity_core::survey::{Request, claims};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder, or nothing, said aloud.
fn world() -> Option<Folder> {
    let folder = std::env::var_os("COMITY_WORLD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(Folder(folder));
    }
    eprintln!("SKIPPED: no real data in {} (set COMITY_WORLD_DATA to the folder that has it)", folder.display());
    None
}

struct Folder(PathBuf);

/// A file of the folder without the features that have no ground, which are refused.
const WITH_GROUND: &str = "with-ground/";

impl World for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        let file = path.strip_prefix(WITH_GROUND).unwrap_or(path);
        let bytes = std::fs::read(self.0.join(file)).map_err(|e| WorldError::Unreadable(e.to_string()))?;
        if file == path {
            return Ok(bytes);
        }
        let mut json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let features = json["features"].as_array_mut().unwrap();
        features.retain(|f| f.pointer("/geometry/coordinates/0/0").is_some());
        Ok(json.to_string().into_bytes())
    }
    fn glob(&self, _: &str) -> Result<Vec<String>, WorldError> {
        Ok(Vec::new())
    }
}

impl Folder {
    fn claims(&self, path: &str, request: Request) -> Outcome {
        let request = Request { files: vec![path.to_owned()], ..request };
        let outcome = claims(self, &request, &mut Sources::default());
        let said: Vec<&str> = outcome.diagnostics.iter().map(|d| d.headline.as_str()).collect();
        assert_ne!(outcome.report.verdict, Verdict::Invalid, "{path}: {said:?}");
        outcome
    }

    fn table(&self, path: &str) -> Vec<Row> {
        let mut sources = Sources::default();
        let file = take_in(&mut sources, path, self.read(path).unwrap()).unwrap();
        read_table(&sources, file, Format::Csv, Layout::Rows).unwrap()
    }

    fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(path).unwrap()).unwrap()
    }
}

fn by_peer() -> Request {
    Request { claimant: "peer".to_owned(), ..Request::default() }
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.value.get(column).and_then(Node::scalar_text).unwrap_or_else(|| panic!("no column {column}"))
}

fn number(row: &Row, column: &str) -> f64 {
    text(row, column).parse().unwrap()
}

/// The findings of a code by their pair of claimants.
fn pairs<'a>(report: &'a Report, code: &str) -> BTreeMap<(&'a str, &'a str), &'a Finding> {
    let of_code = report.findings.iter().filter(|f| f.code == code);
    of_code.map(|f| ((f.parties[0].as_str(), f.parties[1].as_str()), f)).collect()
}

fn pair<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if a < b { (a, b) } else { (b, a) }
}

#[test]
fn the_eighteen_true_overlaps_of_31_claims_are_found_and_the_noise_is_below_tolerance() {
    let Some(world) = world() else { return };
    let request = Request { tolerance_m: Some(10.0), ..by_peer() };
    let outcome = world.claims("natural-earth/own_claims_pov_10m.geojson", request);
    let found = pairs(&outcome.report, "B01");
    let below = pairs(&outcome.report, "B06");
    let mut expected = BTreeSet::new();
    for row in world.table("expected/ne_pov_10m_conflicts.csv") {
        // the data calls PSX what the expected file calls PSE
        let name = |column| match text(&row, column) {
            "PSE" => "PSX",
            other => other,
        };
        let (a, b) = (name("a").to_owned(), name("b").to_owned());
        let area = number(&row, "area_km2");
        if text(&row, "true_conflict") == "True" {
            let finding = found.get(&pair(&a, &b)).unwrap_or_else(|| panic!("{a}-{b} is not found"));
            let own = finding.area_km2.unwrap();
            // the expected areas take edges as geodesics, ours as straight, and are rounded to four decimals
            let slack = area * 0.001 + 0.000_05;
            assert!((own - area).abs() <= slack, "{a}-{b}: {own} km², expected {area}");
            expected.insert((pair(&a, &b).0.to_owned(), pair(&a, &b).1.to_owned()));
        } else {
            assert!(below.contains_key(&pair(&a, &b)), "{a}-{b} is not below tolerance");
        }
    }
    assert_eq!(expected.len(), 18);
    let found: BTreeSet<(String, String)> = found.keys().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected);
    assert_eq!(outcome.report.verdict, Verdict::Conflict);
    assert!(outcome.report.notes.iter().any(|n| n.contains("straight in longitude and latitude")));

    // there is no default: without a tolerance nothing is below it
    let outcome = world.claims("natural-earth/own_claims_pov_10m.geojson", by_peer());
    assert!(pairs(&outcome.report, "B06").is_empty());
    assert!(pairs(&outcome.report, "B01").contains_key(&("ISR", "PSX")));
}

#[test]
fn every_expected_overlap_of_175_claims_is_found() {
    let Some(world) = world() else { return };
    let outcome = world.claims("osm-perspectives/own_claims_dev.geojson", by_peer());
    let found = pairs(&outcome.report, "B01");
    let mut without_ground = Vec::new();
    for row in world.table("expected/osm_conflicts_dev.csv") {
        let (a, b) = (text(&row, "a"), text(&row, "b"));
        let area = number(&row, "area_km2");
        match found.get(&pair(a, b)) {
            Some(finding) => {
                // the expected figures come from the outlines before they were thinned
                let own = finding.area_km2.unwrap();
                assert!(
                    own > 0.0 && (area < 1.0 || (own / area - 1.0).abs() < 0.05),
                    "{a}-{b}: {own}, expected {area}"
                );
                let (lon, lat) = (text(&row, "point_lon"), text(&row, "point_lat"));
                assert!(finding.point.is_some(), "{a}-{b}: no point near {lon}, {lat}");
            }
            None => without_ground.push((a.to_owned(), b.to_owned(), area)),
        }
    }
    // three pairs of borders only touch in this file (GEOS finds lines there and no ground): noise of less than 5 m² in theirs
    let names: Vec<(&str, &str)> = without_ground.iter().map(|(a, b, _)| (a.as_str(), b.as_str())).collect();
    assert_eq!(names, [("BTN", "IND"), ("FRA", "CHE"), ("POL", "BLR")]);
    assert!(without_ground.iter().all(|(_, _, area)| *area == 0.0));
}

#[test]
fn all_217_points_lie_where_their_author_says() {
    let Some(world) = world() else { return };
    let points = world.json("osm-perspectives/test_points_dev.json");
    let points = points.as_array().unwrap();
    assert_eq!(points.len(), 217);
    let at: Vec<[f64; 2]> = points.iter().map(|p| [p["lon"].as_f64().unwrap(), p["lat"].as_f64().unwrap()]).collect();
    let ask = |path: &str, property: &str| {
        let request = Request { claimant: property.to_owned(), at: at.clone(), ..Request::default() };
        let report = world.claims(path, request).report;
        assert!(report.at.iter().all(|a| a.on_boundary_of.is_empty()));
        report.at.into_iter().map(|a| a.claimants.into_iter().collect()).collect::<Vec<BTreeSet<String>>>()
    };
    let units = ask("with-ground/osm-perspectives/units_dev.geojson", "osm_id");
    let own = ask("osm-perspectives/own_claims_dev.geojson", "peer");
    let perspectives = world.json("osm-perspectives/perspectives_dev.json");
    let none = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let (territory, viewer) = (point["territory"].as_str().unwrap(), point["perspective"].as_str().unwrap());
        let expected = point["expect_inside"].as_bool().unwrap();
        let entry = &perspectives["perspectives"][territory];
        let base = entry["base"].as_array().unwrap();
        let of_viewer = entry["perspectives"][viewer].as_array().unwrap_or(&none);
        // a claim is a base of units, to which a viewer adds some and from which it takes others, in turn
        let mut inside = false;
        for step in base.iter().chain(of_viewer) {
            if units[i].contains(&step[2].to_string()) {
                inside = step[0] == "plus";
            }
        }
        assert_eq!(inside, expected, "{point}");
        let is_own = viewer == territory || (viewer == "base" && entry["perspectives"][territory].is_null());
        if is_own {
            assert_eq!(own[i].contains(territory), expected, "{point}");
        }
    }
}

#[test]
fn outlines_rounded_until_they_cross_are_mended_by_name_or_refused() {
    let Some(world) = world() else { return };
    let request =
        Request { files: vec!["natural-earth/own_claims_pov_50m_rounded5_INVALID.geojson".to_owned()], ..by_peer() };
    let outcome = claims(&world, &request, &mut Sources::default());
    let said: Vec<&str> = outcome.diagnostics.iter().map(|d| d.headline.as_str()).collect();
    assert!(!said.is_empty());
    assert!(said.iter().all(|s| s.starts_with('`')), "a message names no feature: {said:?}");
    if outcome.report.verdict != Verdict::Invalid {
        assert!(outcome.diagnostics.iter().all(|d| d.code == "polygon-repaired"));
        let found = pairs(&outcome.report, "B01");
        assert!(found.contains_key(&("IND", "PAK")) && found.contains_key(&("RUS", "UKR")));
    }
}

#[test]
fn points_have_no_ground_and_the_columns_are_named() {
    let Some(world) = world() else { return };
    let request = Request {
        files: vec!["osm-perspectives/spratly_claims.csv".to_owned()],
        claimant: "Feature".to_owned(),
        ..Request::default()
    };
    let mut sources = Sources::default();
    let outcome = claims(&world, &request, &mut sources);
    assert_eq!(outcome.report.verdict, Verdict::Invalid);
    assert!(outcome.diagnostics.iter().any(|d| d.headline.contains("expected a column")), "{:?}", outcome.diagnostics);
}
