//! Regions of map files: merged by name, mended with a note, refused with every reason.

use super::*;
use crate::source::Sources;

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,50],[4,50],[4,52],[0,52],[0,50]]]}"#;
const NEXT: &str = r#"{"type":"Polygon","coordinates":[[[4,50],[5,50],[5,52],[4,52],[4,50]]]}"#;
const BOW: &str = r#"{"type":"Polygon","coordinates":[[[10,50],[12,52],[12,50],[10,52],[10,50]]]}"#;

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
}

fn read(features: &[String], key: &str) -> Result<Vec<FileLeaf>, Vec<crate::diagnostic::Diagnostic>> {
    let mut sources = Sources::default();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"));
    let file = sources.add("claims.geojson", text);
    let key: Vec<String> = key.split('.').map(str::to_owned).collect();
    read_file_leaves(&sources, file, &key)
}

#[test]
fn features_of_one_name_are_one_region() {
    let leaves = read(
        &[
            feature(r#"{"name":"Arland"}"#, SQUARE),
            feature(r#"{"name":"Belmark"}"#, BOW),
            feature(r#"{"name":"Arland"}"#, NEXT),
        ],
        "name",
    )
    .unwrap();
    let names: Vec<&str> = leaves.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["Arland", "Belmark"]);
    let notes: Vec<String> = leaves.iter().flat_map(|l| &l.notes).map(|n| n.headline.clone()).collect();
    insta::assert_snapshot!(notes.join("\n"));
    let mut builder = Builder::new("World", SpaceKind::Earth, Settings::default(), span());
    for leaf in leaves {
        builder.leaf(leaf.leaf());
    }
    let atlas = builder.build().unwrap();
    assert_eq!(atlas.cells.len(), 2);
    assert_eq!(atlas.describe(&atlas.all()), "World.Arland and World.Belmark");
}

#[test]
fn names_are_texts_or_numbers_and_may_be_nested() {
    let leaves = read(&[feature(r#"{"a":{"b":7}}"#, SQUARE), feature(r#"{"a.b":"x","a":1}"#, NEXT)], "a.b").unwrap();
    let names: Vec<&str> = leaves.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["7", "x"]);
}

#[test]
fn every_feature_that_cannot_be_read_is_listed() {
    let errors = read(
        &[
            feature(r#"{"title":"Arland","area":3}"#, SQUARE),
            feature(r#"{"name":"Belmark"}"#, "null"),
            feature(r#"{"name":true}"#, SQUARE),
            feature(r#"{"name":""}"#, SQUARE),
            feature(r#"{"name":"Corvia"}"#, r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#),
            feature(r#"{"name":"Dunmere"}"#, r#"{"type":"Polygon","coordinates":[[[0,0],[180,1],[1,2],[0,0]]]}"#),
        ],
        "name",
    )
    .unwrap_err();
    let list: Vec<String> = errors
        .iter()
        .map(|e| format!("{}: {} | {} | {}", e.code, e.headline, e.primary.text, e.helps.join("; ")))
        .collect();
    insta::assert_snapshot!(list.join("\n"));
}

#[test]
fn a_file_without_features_has_no_regions() {
    assert_eq!(read(&[], "name").unwrap_err()[0].headline, "`claims.geojson` has no regions");
}
