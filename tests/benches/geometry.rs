//! How long the overlay takes: `cargo bench -p comity-tests --bench geometry`.
//!
//! In: generated stars, and two files of real claims where they are (`COMITY_WORLD_DATA`, else `../shared/data`). Out: times for
//! reading polygons onto the grid and for cutting them into cells, with vertices a second. Compares with nothing: see
//! `tests/bench/compare.sh`.
#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "a bench fails aloud, and says when it skips")]

use comity_geometry::{Shape, overlay};
use comity_tests::{generate, world};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const FILES: [&str; 2] = ["natural-earth/own_claims_pov_10m.geojson", "osm-perspectives/own_claims_dev.geojson"];

fn vertices(shapes: &[Shape]) -> usize {
    shapes.iter().flat_map(|s| &s.polygons).flat_map(|p| p.rings()).map(Vec::len).sum()
}

fn polygons(name: &str) -> Option<Vec<generate::Coordinates>> {
    let file = world()?.join(name);
    if !file.is_file() {
        eprintln!("SKIPPED: no {}", file.display());
        return None;
    }
    Some(generate::polygons(&file, "peer").unwrap().1)
}

#[divan::bench(args = [100, 1_000], sample_count = 10)]
fn overlay_of_stars(bencher: Bencher<'_, '_>, count: usize) {
    let shapes = generate::stars(count, 50).unwrap();
    bencher.counter(ItemsCount::new(vertices(&shapes))).bench_local(|| overlay(&shapes).unwrap());
}

#[divan::bench(args = FILES, sample_count = 5)]
fn read_of_real_claims(bencher: Bencher<'_, '_>, name: &str) {
    let Some(polygons) = polygons(name) else { return };
    let count = vertices(&generate::shapes(&polygons).unwrap());
    bencher.counter(ItemsCount::new(count)).bench_local(|| generate::shapes(&polygons).unwrap());
}

#[divan::bench(args = FILES, sample_count = 5)]
fn overlay_of_real_claims(bencher: Bencher<'_, '_>, name: &str) {
    let Some(polygons) = polygons(name) else { return };
    let shapes = generate::shapes(&polygons).unwrap();
    bencher.counter(ItemsCount::new(vertices(&shapes))).bench_local(|| overlay(&shapes).unwrap());
}
