//! What people see when a data file cannot be read, and what is read when it can.

use super::field::{FieldPath, Segment, select, unread_paths, unused_keys};
use super::*;
use crate::diagnostic::Severity;

/// A diagnostic as plain text: headline, places with what stands there, notes, helps.
fn shown(sources: &Sources, error: &Diagnostic) -> String {
    let place = |label: &crate::diagnostic::Label| {
        let at = sources.position(label.span);
        let text: String = sources.slice(label.span).chars().take(40).collect();
        format!(
            "  {}:{}:{} `{}`: {}\n",
            sources.path(label.span.file),
            at.line,
            at.column,
            text.escape_debug(),
            label.text
        )
    };
    let level = if error.severity == Severity::Note { "note" } else { "error" };
    let mut out = format!("{level}[{}]: {}\n{}", error.code, error.headline, place(&error.primary));
    error.secondary.iter().for_each(|label| out.push_str(&place(label)));
    error.notes.iter().for_each(|note| out.push_str(&format!("  note: {note}\n")));
    error.helps.iter().for_each(|help| out.push_str(&format!("  help: {help}\n")));
    out
}

pub(super) fn load(path: &str, text: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file = take_in(&mut sources, path, text.as_bytes().to_vec()).unwrap();
    (sources, file)
}

pub(super) fn read(path: &str, text: &str, layout: Layout) -> (Sources, Result<Vec<Row>, Vec<Diagnostic>>) {
    let (sources, file) = load(path, text);
    let rows = read_table(&sources, file, Format::of(path, text).unwrap(), layout);
    (sources, rows)
}

/// What is said of each text.
fn refusals(path: &str, texts: &[&str]) -> String {
    let mut out = String::new();
    for text in texts {
        let (sources, rows) = read(path, text, Layout::Rows);
        let lead: String = text.chars().take(70).collect();
        out.push_str(&format!("── {}\n", lead.escape_debug()));
        match rows {
            Ok(rows) => out.push_str(&format!("read as {} rows\n", rows.len())),
            Err(errors) => errors.iter().for_each(|e| out.push_str(&shown(&sources, e))),
        }
    }
    out
}

#[test]
fn json_that_cannot_be_read() {
    let deep = "[".repeat(100_000);
    let long = format!("[{}]", "9".repeat(500));
    insta::assert_snapshot!(refusals(
        "rows.json",
        &[
            "",
            "[1, 2",
            "{\"a\": ",
            "{\"a\": \"x",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\": 1 \"b\": 2}",
            "[1, ]",
            "{\"a\": 1, }",
            "{a: 1}",
            "[NaN]",
            "[-Infinity]",
            "[nul]",
            "[01]",
            "[1.]",
            "[.5]",
            "[1e999999999]",
            &long,
            "[\"\\q\"]",
            "[\"\\ud800\"]",
            "[\"line\nend\"]",
            "[{}] trailing",
            "{\"Ã¤\": 1, \"b\": {\"k\": 1,\n \"😀\": 2, \"k\": 3}}",
            "\"only text\"",
            &deep,
            "// no comments\n[]",
        ],
    ));
}

#[test]
fn what_is_too_deep_is_shown_as_whole_characters() {
    let (sources, rows) = read("a.json", &format!("{}é", "[".repeat(DEEPEST + 1)), Layout::Rows);
    assert_eq!(sources.slice(rows.unwrap_err()[0].primary.span), "é");
}

#[test]
fn yaml_that_cannot_be_read() {
    let deep = "- ".repeat(5_000);
    let flow = "[".repeat(100_000);
    insta::assert_snapshot!(refusals(
        "rows.yaml",
        &[
            "",
            "# a comment alone\n",
            "a: 1\na: 2\n",
            "networks:\n\tipv4: []\n",
            "a: [1, 2\n",
            "a: {b: 1\nc: 2\n",
            "a: \"open\n",
            "a: b: c\n",
            "a:\n  - 1\n b: 2\n",
            "a: &x [1]\nb: *x\n",
            "b: *x\n",
            "<<: {a: 1}\n",
            "? [1, 2]\n: 3\n",
            "a: !secret x\n",
            "a: !!set {x, y}\n",
            "a: .nan\n",
            "a: 1e999999\n",
            "a: \"\\q\"\n",
            "a: 'x' y\n",
            "just text\n",
            "a: @home\n",
            &deep,
            &flow,
        ],
    ));
}

#[test]
fn tables_that_cannot_be_read() {
    insta::assert_snapshot!(refusals(
        "rows.csv",
        &[
            "",
            "\n  \n",
            "name,size,name\nx,1,2\n",
            "name,size\nNørre,1\nwest,2,3\neast\n",
            "name,size\n\"open,1\nmore,2\n",
            "name,size\n\"shut\"x,1\n",
            "name;size\n1;1e999\n",
        ],
    ));
}

#[test]
fn maps_that_cannot_be_read() {
    let point = |geometry: &str| {
        format!(
            "{{\"type\": \"FeatureCollection\", \"features\": [\n{{\"type\": \"Feature\", \"properties\": {{}}, \"geometry\": {geometry}}}]}}"
        )
    };
    let polygon = |ring: &str| point(&format!("{{\"type\": \"Polygon\", \"coordinates\": [[{ring}]]}}"));
    let crs = |name: &str| {
        format!(
            "{{\"type\": \"FeatureCollection\", \"crs\": {{\"type\": \"name\", \"properties\": {{\"name\": \"{name}\"}}}}, \"features\": []}}"
        )
    };
    insta::assert_snapshot!(refusals(
        "claims.geojson",
        &[
            "[]",
            "{}",
            "{\"type\": \"Shapefile\"}",
            "{\"type\": \"FeatureCollection\"}",
            "{\"type\": \"FeatureCollection\", \"features\": {}}",
            "{\"type\": \"FeatureCollection\", \"features\": [{}]}",
            "{\"type\": \"FeatureCollection\", \"features\": [], \"features\": []}",
            "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"geometry\": null, \"properties\": 3}]}",
            &polygon("[190.5, 10], [191, 10], [191, 11]"),
            &polygon("[50, 100], [51, 100], [51, 101]"),
            &polygon("[432000, 5800000], [432001, 5800000]"),
            &polygon("[1e400, 0]"),
            &polygon("[1, \"2\"]"),
            &polygon("[1]"),
            &polygon("1, 2"),
            &polygon("[NaN, 0]"),
            &polygon("[0, 0], [0, "),
            &point("{\"type\": \"Circle\", \"coordinates\": [0, 0]}"),
            &point("{\"coordinates\": [0, 0]}"),
            &point("[0, 0]"),
            &crs("urn:ogc:def:crs:EPSG::3857"),
            "{\"type\": \"FeatureCollection\", \"crs\": null, \"features\": []}",
        ],
    ));
}

#[test]
fn a_long_list_of_errors_is_cut_and_says_so() {
    let many = format!(
        "{{\"type\": \"FeatureCollection\", \"features\": [{}]}}",
        vec!["{\"type\": \"Feature\", \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[200, 0]]]}}"; 30]
            .join(",\n")
    );
    let (_, rows) = read("claims.geojson", &many, Layout::Rows);
    let errors = rows.unwrap_err();
    assert_eq!(errors.len(), MOST_ERRORS);
    assert_eq!(
        errors.last().map(|e| e.notes.clone()),
        Some(vec!["10 more errors of this file are not listed".to_owned()])
    );
}

#[test]
fn topologies_that_cannot_be_read() {
    let with = |arcs: &str, rings: &str| {
        format!(
            "{{\"type\": \"Topology\", \"objects\": {{\"land\": {{\"type\": \"Polygon\", \"arcs\": {rings}}}}}, \"arcs\": {arcs}}}"
        )
    };
    insta::assert_snapshot!(refusals(
        "claims.topojson",
        &[
            "{\"type\": \"Topology\", \"arcs\": []}",
            "{\"type\": \"Topology\", \"arcs\": [], \"objects\": []}",
            "{\"type\": \"Topology\", \"arcs\": [], \"objects\": {\"land\": {\"type\": \"Blob\"}}}",
            "{\"type\": \"Topology\", \"transform\": {\"scale\": [1]}, \"arcs\": [], \"objects\": {}}",
            &with("[[[0, 0], [1, 0], [1, 1], [0, 0]]]", "[[1]]"),
            &with("[[[0, 0], [1, 0], [1, 1], [0, 0]]]", "[[0.5]]"),
            &with("[[[0, 0], [1]]]", "[[0]]"),
            &with("[[[0, 0], [1, 99], [1, 1], [0, 0]]]", "[[0]]"),
        ],
    ));
}

#[test]
fn shapes_that_cover_no_ground_are_named_and_the_rest_is_read() {
    let text = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": 7, "properties": {"name": "North"}, "geometry": null},
        {"type": "Feature", "properties": null, "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [2, 3]]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[]]}},
        {"type": "Feature", "properties": {}},
        {"type": "Feature", "properties": {}, "geometry": {"coordinates": [[[0, 0, 5], [1, 0, 5], [1, 1, 5], [0, 0, 5]]], "type": "Polygon"}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": [
            {"type": "MultiPolygon", "coordinates": [[[[0, 0], [180.0000000001, 0], [1, 1], [0, 0]]]]},
            {"type": "Polygon", "coordinates": [[[5, 5], [6, 5], [6, 6], [5, 5]], [[5.1, 5.1], [5.2, 5.1], [5.2, 5.2], [5.1, 5.1]]]}]}}
    ]}"#;
    let (sources, file) = load("claims.geojson", text);
    let read = read_features(&sources, file).unwrap();
    let mut out = String::new();
    for feature in &read.features {
        match &feature.geometry {
            Ok(geometry) => out.push_str(&format!("{geometry:?}\n")),
            Err(why) => out.push_str(&shown(&sources, why)),
        }
    }
    read.notes.iter().for_each(|n| out.push_str(&shown(&sources, n)));
    insta::assert_snapshot!(out);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_at_their_place() {
    let mut out = String::new();
    for bytes in [b"name: N\xf8rre\n".to_vec(), b"\xef\xbb\xbfa: \xff".to_vec(), b"\xff\xfea\0".to_vec()] {
        let mut sources = Sources::default();
        let error = take_in(&mut sources, "peers/n.yaml", bytes).unwrap_err();
        out.push_str(&shown(&sources, &error));
    }
    insta::assert_snapshot!(out);
    let (sources, rows) = read("a.csv", "\u{feff}name,size\nx,1\n", Layout::Rows);
    assert_eq!(rows.unwrap()[0].value.get("name").map(|n| sources.slice(n.span)), Some("x"));
}

#[test]
fn a_topology_is_stitched_from_its_arcs() {
    // two squares side by side share arc 1; quantised by a tenth
    let text = r#"{"type": "Topology", "transform": {"scale": [0.1, 0.5], "translate": [10, -20]},
        "objects": {"land": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "id": "w", "properties": {"name": "West"}, "arcs": [[0, 1]]},
            {"type": "MultiPolygon", "properties": {"name": "East"}, "arcs": [[[2, -2]]]},
            {"type": null}]}},
        "arcs": [[[10, 2], [-10, 0], [0, -2], [10, 0]], [[10, 0], [0, 2]], [[10, 0], [10, 0], [0, 2], [-10, 0]]]}"#;
    let (sources, file) = load("claims.json", text);
    assert_eq!(Format::of("claims.json", text), Some(Format::TopoJson));
    let features = read_features(&sources, file).unwrap().features;
    assert_eq!(features.len(), 3);
    assert_eq!(
        features[0].geometry.clone().unwrap().polygons,
        [[[[11.0, -19.0], [10.0, -19.0], [10.0, -20.0], [11.0, -20.0], [11.0, -19.0]]]]
    );
    assert_eq!(
        features[1].geometry.clone().unwrap().polygons,
        [[[[11.0, -20.0], [12.0, -20.0], [12.0, -19.0], [11.0, -19.0], [11.0, -20.0]]]]
    );
    assert_eq!(features[2].geometry.clone().unwrap_err().code, "null-geometry");
    assert_eq!(features[0].layer.as_ref().map(|l| sources.slice(l.span)), Some("\"land\""));
}

#[test]
fn an_arc_named_again_and_again_does_not_fill_the_memory() {
    let arc = vec!["[0,0]"; 40_000].join(",");
    let rings = vec!["0"; 1_000].join(",");
    let text = format!(
        "{{\"type\":\"Topology\",\"arcs\":[[{arc}]],\"objects\":{{\"a\":{{\"type\":\"Polygon\",\"arcs\":[[{rings}]]}}}}}}"
    );
    let (sources, file) = load("a.topojson", &text);
    assert_eq!(read_features(&sources, file).unwrap_err()[0].code, "data-size");
}

/// A row in the form of a registry.
const PEER: &str = "# one peer\nasn: 65001\nnetworks:\n  ipv4:\n  - 10.1.0.0/16\n  - \"10.2.0.0/16\"\n  ipv6: []\ndomains:\n- nørd\n- '020'\n- 020\ndelegate:\n  65002:\n  - 10.1.4.0/22\n  65003: [10.1.8.0/22, 10.1.9.0/24]\nbgp:\n  router: {ipv4: 10.0.0.1}\nnameserver:\nok: yes\n";

fn path(segments: &[&str]) -> FieldPath {
    let segment = |s: &&str| match s.strip_prefix('{') {
        Some(name) => Segment::Bind(name.trim_end_matches('}').to_owned()),
        None if *s == "[]" => Segment::Each,
        None => Segment::Key((*s).to_owned()),
    };
    FieldPath { segments: segments.iter().map(segment).collect() }
}

#[test]
fn paths_lead_to_values_with_their_places() {
    let (sources, rows) = read("peers/north.yaml", PEER, Layout::OneAFile);
    let rows = rows.unwrap();
    assert_eq!(rows[0].key, "north");
    let mut out = String::new();
    for path in [
        path(&["asn"]),
        path(&["networks", "ipv4", "[]"]),
        path(&["networks", "ipv6", "[]"]),
        path(&["domains", "[]"]),
        path(&["delegate", "{a}", "[]"]),
        path(&["nameserver", "[]"]),
        path(&["not there", "{a}", "[]"]),
    ] {
        out.push_str(&format!("{path}\n"));
        for selected in select(&rows[0].value, &path).unwrap() {
            let at = sources.position(selected.node.span);
            let bound: Vec<String> = selected
                .bindings
                .iter()
                .map(|(name, key)| format!("{name} = {} at line {}", key.text, sources.position(key.span).line))
                .collect();
            out.push_str(&format!(
                "  {}:{} {} {} {}\n",
                at.line,
                at.column,
                sources.slice(selected.node.span),
                selected.node.kind(),
                bound.join(", ")
            ));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn another_shape_than_the_path_says_is_an_error_at_its_place() {
    let (sources, rows) = read("peers/north.yaml", PEER, Layout::OneAFile);
    let row = &rows.unwrap()[0].value;
    let mut out = String::new();
    for path in [
        path(&["asn", "[]"]),
        path(&["domains", "{a}"]),
        path(&["delegate", "[]"]),
        path(&["networks", "ipv4", "[]", "first"]),
    ] {
        out.push_str(&shown(&sources, &select(row, &path).unwrap_err()));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn keys_that_nobody_reads_are_errors_and_deeper_ones_are_listed() {
    let (sources, rows) = read("peers/north.yaml", PEER, Layout::OneAFile);
    let row = &rows.unwrap()[0].value;
    let mapped =
        [path(&["asn"]), path(&["networks", "ipv4", "[]"]), path(&["domains", "[]"]), path(&["delegate", "{a}", "[]"])];
    let ignored = [path(&["bgp"]), path(&["nameservers"])];
    let mut out: String = unused_keys(row, &mapped, &ignored).iter().map(|e| shown(&sources, e)).collect();
    for (path, span) in unread_paths(row, &mapped, &ignored) {
        out.push_str(&format!("unread: {path} at line {}\n", sources.position(span).line));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn rows_of_each_format_are_named_and_placed() {
    let mut out = String::new();
    for (path, text) in [
        ("a.csv", "name;size;\n\"a;\"\"b\"\"\";1.50;\n\nNørd;\"007\";x\n"),
        ("a.tsv", "name\tlow\n1,5 MHz\t007\n"),
        ("a.json", "[{\"name\": \"x\"}, {\"name\": 2.50}]"),
        ("b.json", "{\"west\": {\"size\": 1}, \"east\": {}}"),
        ("c.json", "{\"size\": 1, \"east\": {}}"),
        ("a.yaml", "- name: ~\n  at: 0x1F\n- {name: .5, on: True}\n"),
        ("b.yml", "---\nname: a\n---\nname: |\n  two\n  lines\n"),
    ] {
        let (sources, rows) = read(path, text, Layout::Rows);
        for row in rows.unwrap() {
            let cells: Vec<String> = row
                .value
                .entries()
                .iter()
                .map(|(key, node)| {
                    let at = sources.position(node.span);
                    format!(
                        "{} = {} {:?} at {}:{}",
                        key.text,
                        node.kind(),
                        node.scalar_text().unwrap_or(""),
                        at.line,
                        at.column
                    )
                })
                .collect();
            out.push_str(&format!(
                "{path} row {} on line {}: {}\n",
                row.key,
                sources.position(row.span).line,
                cells.join("; ")
            ));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn the_format_is_seen_from_name_and_text() {
    for (path, text, format) in [
        ("x/a.geojson", "", Some(Format::GeoJson)),
        ("a.json", "{\"features\": [], \"type\": \"FeatureCollection\"}", Some(Format::GeoJson)),
        ("a.geojson", " {\"type\":\"Topology\"}", Some(Format::TopoJson)),
        ("a.json", "[]", Some(Format::Json)),
        ("a.YML", "", Some(Format::Yaml)),
        ("a.tsv", "", Some(Format::Csv)),
        ("a.shp", "", None),
        ("x.yaml/a", "", None),
    ] {
        assert_eq!(Format::of(path, text), format, "{path}");
    }
}
