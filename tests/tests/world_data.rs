//! Reads every file of a folder of real data that is no part of this project, and finds in it what is known to be there.
//!
//! In: the folder `COMITY_WORLD_DATA`, else `../shared/data` beside the workspace. Where it is missing the tests say so and
//! pass. Nothing of that data stands here but figures that anybody can count.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests: they fail aloud, and say when they skip"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use comity_core::atlas::line::{DomainName, Prefix, aggregate, domain_cells, parse_prefix, prefix_cells, reverse_zone};
use comity_core::data::field::{FieldPath, Segment, select, unread_paths, unused_keys};
use comity_core::data::{Features, Format, Layout, Row, read_features, read_table, take_in};
use comity_core::diagnostic::Diagnostic;
use comity_core::source::{FileId, Sources};
use num_bigint::BigInt;
use num_rational::BigRational;

/// The folder, or nothing, said aloud.
fn world() -> Option<PathBuf> {
    let folder = std::env::var_os("COMITY_WORLD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no real data in {} (set COMITY_WORLD_DATA to the folder that has it)", folder.display());
    None
}

fn load(sources: &mut Sources, folder: &Path, path: &str) -> FileId {
    let bytes = std::fs::read(folder.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    take_in(sources, path, bytes).unwrap_or_else(|e| panic!("{path}: {}", e.headline))
}

fn said(sources: &Sources, errors: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        format!("{}:{}: {}", sources.path(d.primary.span.file), sources.position(d.primary.span).line, d.headline)
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn features(folder: &Path, path: &str) -> (Sources, Features) {
    let mut sources = Sources::default();
    let file = load(&mut sources, folder, path);
    let features = read_features(&sources, file).unwrap_or_else(|e| panic!("{}", said(&sources, &e)));
    (sources, features)
}

fn rows(folder: &Path, path: &str, layout: Layout) -> (Sources, Vec<Row>) {
    let mut sources = Sources::default();
    let file = load(&mut sources, folder, path);
    let text = sources.get(file).map(|f| f.text.clone()).unwrap_or_default();
    let format = Format::of(path, &text).unwrap_or_else(|| panic!("{path}: unknown format"));
    let rows = read_table(&sources, file, format, layout).unwrap_or_else(|e| panic!("{}", said(&sources, &e)));
    (sources, rows)
}

fn path(text: &str) -> FieldPath {
    let segments = text.split('.').flat_map(|part| {
        let each = part.ends_with("[]");
        let key = part.trim_end_matches("[]");
        let key = match key.strip_prefix('{').and_then(|k| k.strip_suffix('}')) {
            Some(name) => Segment::Bind(name.to_owned()),
            None => Segment::Key(key.to_owned()),
        };
        std::iter::once(key).chain(each.then_some(Segment::Each))
    });
    FieldPath { segments: segments.collect() }
}

#[test]
fn every_map_of_the_world_is_read_whole() {
    let Some(folder) = world() else { return };
    for (file, count) in [
        ("natural-earth/countries_110m.geojson", 177),
        ("natural-earth/countries_50m.geojson", 242),
        ("natural-earth/own_claims_pov_10m.geojson", 31),
        ("natural-earth/own_claims_pov_50m.geojson", 31),
        ("natural-earth/own_claims_pov_50m_rounded5_INVALID.geojson", 31),
        ("natural-earth/disputed_areas_10m_dev.geojson", 84),
        ("osm-perspectives/own_claims_dev.geojson", 175),
        ("osm-perspectives/units_dev.geojson", 215),
    ] {
        let (sources, features) = features(&folder, file);
        assert_eq!(features.features.len(), count, "{file}");
        assert!(features.notes.is_empty(), "{file}");
        for (i, feature) in features.features.iter().enumerate() {
            match &feature.geometry {
                Ok(geometry) => assert!(!geometry.polygons.is_empty(), "{file}"),
                // one building block is a polygon with an empty ring
                Err(why) => {
                    assert_eq!((file, i + 1, why.code), ("osm-perspectives/units_dev.geojson", 82, "null-geometry"))
                }
            }
            // one feature a line, after a line that opens the list
            assert_eq!(sources.position(feature.span).line, i + 2, "{file}");
            assert!(!feature.properties.entries().is_empty(), "{file}");
        }
    }
}

#[test]
fn every_table_is_read_whole() {
    let Some(folder) = world() else { return };
    for (file, layout, count) in [
        ("osm-perspectives/spratly_claims.csv", Layout::Rows, 56),
        ("expected/ne_pov_10m_conflicts.csv", Layout::Rows, 19),
        ("expected/osm_conflicts_dev.csv", Layout::Rows, 34),
        ("dn42/roas_2022-01-29.json", Layout::Rows, 3311),
        ("dn42/conflicts.json", Layout::Rows, 1),
        ("osm-perspectives/test_points_dev.json", Layout::Rows, 217),
        ("osm-perspectives/perspectives_dev.json", Layout::OneAFile, 1),
        ("factbook/factbook_2024_disputes_orgs.json", Layout::Rows, 1),
        ("icvpn/events_dev.json", Layout::Rows, 101),
        ("spectrum/de.tsv", Layout::Rows, 2612),
        ("spectrum/fr.tsv", Layout::Rows, 3269),
        ("spectrum/itu1.tsv", Layout::Rows, 1661),
    ] {
        let (_, rows) = rows(&folder, file, layout);
        assert_eq!(rows.len(), count, "{file}");
    }
}

#[test]
fn a_registry_of_prefixes_is_cut_into_cells() {
    let Some(folder) = world() else { return };
    let (_, rows) = rows(&folder, "dn42/roas_2022-01-29.json", Layout::Rows);
    let mut networks: BTreeMap<String, Vec<Prefix>> = BTreeMap::new();
    for row in &rows {
        let field = |key: &str| row.value.get(key).and_then(|n| n.scalar_text()).unwrap().to_owned();
        networks.entry(field("asn")).or_default().push(parse_prefix(&field("prefix")).unwrap());
    }
    assert_eq!(networks.len(), 1629);
    let regions: Vec<Vec<Prefix>> = networks.into_values().collect();
    let cells = prefix_cells(&regions).unwrap();
    // every address is in one cell, so that the cells sum up to what all claim together
    let union: Vec<Prefix> = regions.iter().flatten().copied().collect();
    let sum: BigRational = cells.iter().filter_map(|c| c.measure()).sum();
    let whole: BigInt = aggregate(&union).iter().map(|p| p.count()).sum();
    assert_eq!(sum, BigRational::from_integer(whole));
    assert!(cells.iter().any(|c| c.cover.len() > 1));
}

/// The rows of `icvpn/peers`, one a file, in the order of their names.
fn peers(folder: &Path) -> (Sources, Vec<Row>) {
    let entries = std::fs::read_dir(folder.join("icvpn/peers")).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let (mut sources, mut all) = (Sources::default(), Vec::new());
    for name in names {
        let file = load(&mut sources, folder, &format!("icvpn/peers/{name}"));
        let rows = read_table(&sources, file, Format::Yaml, Layout::OneAFile);
        all.extend(rows.unwrap_or_else(|e| panic!("{}", said(&sources, &e))));
    }
    (sources, all)
}

/// What a path leads to in each row, as text.
fn texts(row: &Row, path: &FieldPath) -> Vec<String> {
    let selected = select(&row.value, path).unwrap_or_else(|e| panic!("{}: {}", row.key, e.headline));
    selected.iter().map(|s| s.node.scalar_text().unwrap().to_owned()).collect()
}

#[test]
fn keys_that_a_charter_does_not_read_are_found() {
    let Some(folder) = world() else { return };
    let (sources, peers) = peers(&folder);
    assert_eq!(peers.len(), 166);
    let mapped = [path("asn"), path("networks.ipv4[]"), path("domains[]"), path("delegate.{a}[]")];
    let ignored = [path("bgp"), path("nameservers")];
    let (mut unknown, mut unread) = (BTreeMap::new(), BTreeMap::new());
    for row in &peers {
        for error in unused_keys(&row.value, &mapped, &[]) {
            *unknown.entry(sources.slice(error.primary.span)).or_insert(0) += 1;
        }
        assert_eq!(unused_keys(&row.value, &mapped, &ignored), []);
        for (path, _) in unread_paths(&row.value, &mapped, &ignored) {
            *unread.entry(path.to_string()).or_insert(0) += 1;
        }
    }
    assert_eq!(unknown, BTreeMap::from([("bgp", 24), ("nameservers", 74)]));
    assert_eq!(unread, BTreeMap::from([("networks.ipv6".to_owned(), 123)]));
}

#[test]
fn overlaps_in_a_registry_of_peers_are_found() {
    let Some(folder) = world() else { return };
    let (_, peers) = peers(&folder);
    let prefixes = |field: &str| -> Vec<Vec<Prefix>> {
        let read = |row: &Row, text: &String| parse_prefix(text).unwrap_or_else(|e| panic!("{}: {text}: {e}", row.key));
        peers.iter().map(|row| texts(row, &path(field)).iter().map(|t| read(row, t)).collect()).collect()
    };
    let zones: Vec<Vec<DomainName>> = peers
        .iter()
        .map(|row| texts(row, &path("domains[]")).iter().map(|t| DomainName::parse(t).unwrap()).collect())
        .collect();
    let shared = |covers: Vec<Vec<u32>>| -> BTreeSet<String> {
        let name =
            |cover: &Vec<u32>| cover.iter().map(|i| peers[*i as usize].key.as_str()).collect::<Vec<_>>().join(" + ");
        covers.iter().filter(|c| c.len() > 1).map(name).collect()
    };

    let (v4, v6) = (prefixes("networks.ipv4[]"), prefixes("networks.ipv6[]"));
    for regions in [&v4, &v6] {
        let cells = prefix_cells(regions).unwrap();
        assert_eq!(shared(cells.into_iter().map(|c| c.cover).collect()), BTreeSet::new());
    }
    let tree = domain_cells(&zones).unwrap();
    let pairs = shared(tree.into_iter().map(|c| c.cover).collect());
    assert_eq!(pairs.len(), 4, "{pairs:?}");

    // who keeps a reverse zone wider than the own prefixes, and has another's prefix, or another's zone, inside
    let (mut over_prefix, mut over_zone) = (BTreeSet::new(), BTreeSet::new());
    for (i, row) in peers.iter().enumerate() {
        for zone in &zones[i] {
            let Ok(Some(ground)) = reverse_zone(zone) else { continue };
            if v4[i].iter().chain(&v6[i]).any(|p| p.contains(ground)) {
                continue;
            }
            let others = || (0..peers.len()).filter(|j| *j != i);
            if others().any(|j| v4[j].iter().chain(&v6[j]).any(|p| ground.contains(*p))) {
                over_prefix.insert(row.key.clone());
            }
            if others().any(|j| zones[j].iter().any(|z| zone.contains(z))) {
                over_zone.insert(row.key.clone());
            }
        }
    }
    assert_eq!(over_prefix.len(), 4, "{over_prefix:?}");
    assert_eq!(over_zone.len(), 2, "{over_zone:?}");
    assert!(over_zone.is_subset(&over_prefix));
}
