//! Our cells against GEOS, which shares no code with them: on random shapes, and on two files of real claims.
//!
//! Needs Python with shapely (`pip install shapely`), looked for in `COMITY_PYTHON`, the `.venv` of the workspace, and the path;
//! and for the real files the folder `COMITY_WORLD_DATA`, else `../shared/data` beside the workspace. Where either is missing the
//! tests say so and pass.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "helpers of tests: they fail aloud, and say when they skip"
)]

use comity_geometry::{Overlay, Point, Polygon, Shape, UNITS_PER_DEGREE, overlay, read_shape};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A Python that has shapely, or nothing, said aloud.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_PYTHON").map(PathBuf::from);
    let choices = named.into_iter().chain([root().join(".venv/bin/python"), PathBuf::from("python3")]);
    let has_shapely = |python: &PathBuf| {
        let tried = Command::new(python).args(["-c", "import shapely"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    let found = choices.into_iter().find(has_shapely);
    if found.is_none() {
        eprintln!("SKIPPED: no Python with shapely (pip install shapely, or set COMITY_PYTHON to one that has it)");
    }
    found
}

/// Hands the cases to GEOS and fails with what it found.
fn compare(python: &Path, name: &str, cases: &[Value]) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("geos-{name}.json"));
    std::fs::write(&file, serde_json::to_string(cases).unwrap()).unwrap();
    let output = Command::new(python).arg(root().join("tests/geos/compare.py")).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    eprintln!("{said}");
}

/// Square degrees of the plane, exact but for the last division.
fn square_degrees(polygons: &[Polygon]) -> f64 {
    let doubled = |ring: &Vec<Point>| -> i128 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)).sum()
    };
    // shells run counter-clockwise, holes clockwise
    let sum: i128 = polygons.iter().flat_map(Polygon::rings).map(doubled).sum();
    let unit = UNITS_PER_DEGREE as f64;
    sum as f64 / 2.0 / unit / unit
}

fn cell_areas(made: &Overlay) -> Vec<(Vec<u32>, f64)> {
    let area = |cover: &[u32]| square_degrees(&made.boundary(&|other| other.cover == cover));
    made.cells.iter().map(|cell| (cell.cover.clone(), area(&cell.cover))).collect()
}

fn pair_areas(cells: &[(Vec<u32>, f64)]) -> Vec<(u32, u32, f64)> {
    let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (cover, area) in cells {
        for (at, &one) in cover.iter().enumerate() {
            for &other in &cover[at + 1..] {
                *pairs.entry((one, other)).or_default() += area;
            }
        }
    }
    pairs.into_iter().map(|((one, other), area)| (one, other, area)).collect()
}

fn degrees(shape: &Shape) -> Value {
    let ring = |ring: &Vec<Point>| -> Vec<[f64; 2]> { ring.iter().chain(ring.first()).map(|p| p.degrees()).collect() };
    json!(shape.polygons.iter().map(|polygon| polygon.rings().map(ring).collect::<Vec<_>>()).collect::<Vec<_>>())
}

/// A small generator of our own, so that the cases are the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as f64
    }

    /// A star about a random place, its corners at random distances: simple, and anything but convex.
    fn star(&mut self) -> Vec<[f64; 2]> {
        let (x, y) = (self.roll(4000) / 100.0 - 20.0, self.roll(4000) / 100.0 - 20.0);
        let corners = 3 + self.roll(40) as usize;
        let mut ring: Vec<[f64; 2]> = (0..corners)
            .map(|k| {
                let (sin, cos) = (std::f64::consts::TAU * k as f64 / corners as f64).sin_cos();
                let far = 1.0 + self.roll(1000) / 80.0;
                [x + far * cos, y + far * sin]
            })
            .collect();
        ring.push(ring[0]);
        ring
    }
}

#[test]
fn random_shapes_have_the_cells_that_geos_finds() {
    let Some(python) = python() else { return };
    let mut dice = Dice(2024);
    let cases: Vec<Value> = (0..40)
        .map(|number| {
            let features = 2 + dice.roll(6) as usize;
            let shapes: Vec<Shape> = (0..features)
                .map(|_| {
                    let polygons: Vec<_> = (0..1 + dice.roll(3) as usize).map(|_| vec![dice.star()]).collect();
                    read_shape(&polygons).unwrap().0
                })
                .collect();
            let cells = cell_areas(&overlay(&shapes).unwrap());
            let shapes: Vec<Value> = shapes.iter().map(degrees).collect();
            json!({"name": format!("random {number}"), "shapes": shapes, "pairs": pair_areas(&cells), "cells": cells})
        })
        .collect();
    compare(&python, "random", &cases);
}

/// The claims of a file and who makes them.
fn claims(file: &Path, property: &str) -> (Vec<String>, Vec<Shape>) {
    let text = std::fs::read_to_string(file).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let feature = |feature: &Value| {
        let peer = feature["properties"][property].as_str().unwrap().to_owned();
        let coordinates = feature["geometry"]["coordinates"].clone();
        let polygons: Vec<Vec<Vec<[f64; 2]>>> = match feature["geometry"]["type"].as_str() {
            Some("Polygon") => vec![serde_json::from_value(coordinates).unwrap()],
            Some("MultiPolygon") => serde_json::from_value(coordinates).unwrap(),
            other => panic!("{peer}: {other:?}"),
        };
        let (shape, _) = read_shape(&polygons).unwrap_or_else(|refusals| panic!("{peer}: {refusals:?}"));
        (peer, shape)
    };
    json["features"].as_array().unwrap().iter().map(feature).unzip()
}

#[test]
fn real_claims_overlap_as_geos_finds() {
    let Some(python) = python() else { return };
    let world = std::env::var_os("COMITY_WORLD_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let files = ["natural-earth/own_claims_pov_10m.geojson", "osm-perspectives/own_claims_dev.geojson"];
    for name in files {
        let file = world.join(name);
        if !file.is_file() {
            eprintln!("SKIPPED: no {} (set COMITY_WORLD_DATA to the folder that has it)", file.display());
            continue;
        }
        let (peers, shapes) = claims(&file, "peer");
        let cells = cell_areas(&overlay(&shapes).unwrap());
        let case = json!({"name": name, "file": file, "property": "peer", "peers": peers, "pairs": pair_areas(&cells)});
        compare(&python, name.split('/').next().unwrap(), &[case]);
    }
}
