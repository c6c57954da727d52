//! Small files of claims, made by hand.

use super::*;
use crate::report::{Format, Options, render};
use crate::source::{World, WorldError};

/// Files in memory.
struct Files(Vec<(&'static str, String)>);

impl World for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        self.0.iter().find(|(p, _)| *p == path).map(|(_, t)| t.clone().into_bytes()).ok_or(WorldError::Missing)
    }
    fn glob(&self, _: &str) -> Result<Vec<String>, WorldError> {
        Ok(Vec::new())
    }
}

/// A square of one degree with its south-west corner here.
fn square(peer: &str, name: &str, x: f64, y: f64, size: f64) -> String {
    let (e, n) = (x + size, y + size);
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"peer\":{peer},\"name\":\"{name}\"}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[[{x},{y}],[{e},{y}],[{e},{n}],[{x},{n}],[{x},{y}]]]}}}}"
    )
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn request(files: &[&str]) -> Request {
    Request { files: files.iter().map(|f| (*f).to_owned()).collect(), claimant: "peer".into(), ..Request::default() }
}

fn drawn(files: Vec<(&'static str, String)>, request: &Request, format: Format) -> String {
    let mut sources = Sources::default();
    let outcome = claims(&Files(files), request, &mut sources);
    render(format, &outcome.report, &sources, &outcome.diagnostics, &Options { verbose: true, ..Options::default() })
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

fn bay() -> String {
    collection(&[
        square("\"Belmark\"", "the Isles", 0.5, 0.5, 1.0),
        square("\"Arland\"", "the Coast", 0.0, 0.0, 1.0),
        // beside the coast but for a strip of about a metre
        square("\"Corvia\"", "the Cape", 0.99999, -0.75, 1.0),
    ])
}

#[test]
fn overlaps_are_found_with_size_place_and_ways_out() {
    snapshot("overlaps", &drawn(vec![("bay.geojson", bay())], &request(&["bay.geojson"]), Format::Human));
    snapshot("overlaps_json", &drawn(vec![("bay.geojson", bay())], &request(&["bay.geojson"]), Format::Json));
}

#[test]
fn narrow_overlaps_are_below_a_tolerance_that_was_asked_for() {
    let mut request = request(&["bay.geojson"]);
    request.tolerance_m = Some(10.0);
    request.provenance.source = Some("boundary commission".into());
    snapshot("tolerance", &drawn(vec![("bay.geojson", bay())], &request, Format::Short));
}

#[test]
fn points_are_answered_inside_outside_and_on_an_edge() {
    let mut request = request(&["bay.geojson"]);
    request.at = vec![[0.75, 0.75], [0.25, 0.25], [5.0, 5.0], [0.0, 0.5], [0.5, 0.75]];
    snapshot("points", &drawn(vec![("bay.geojson", bay())], &request, Format::Human));
}

#[test]
fn cells_are_sets_of_claimants() {
    let mut request = request(&["bay.geojson"]);
    request.cells = true;
    snapshot("cells", &drawn(vec![("bay.geojson", bay())], &request, Format::Csv));
}

#[test]
fn neither_files_nor_features_have_an_order() {
    let features = [
        square("\"Arland\"", "", 0.0, 0.0, 1.0),
        square("\"Arland\"", "", 0.5, 0.0, 1.0),
        square("\"Belmark\"", "", 0.75, 0.25, 1.0),
        square("[\"Corvia\", \"Arland\"]", "both", 0.8, 0.3, 1.0),
    ];
    let result = |order: [usize; 4], split: usize| {
        let list: Vec<String> = order.iter().map(|i| features[*i].clone()).collect();
        let (a, b) = list.split_at(split);
        let mut sources = Sources::default();
        let files = Files(vec![("a.geojson", collection(a)), ("b.geojson", collection(b))]);
        let mut request = request(&["b.geojson", "a.geojson"]);
        request.cells = true;
        let outcome = claims(&files, &request, &mut sources);
        let findings = outcome.report.findings.into_iter().map(|mut f| {
            // where a row stands does depend on the order
            f.statements.clear();
            f.reading.clear();
            f
        });
        let cells = outcome.report.cells.into_iter().map(|mut c| {
            c.statements.clear();
            c.sources.clear();
            c
        });
        (findings.collect::<Vec<_>>(), cells.collect::<Vec<_>>())
    };
    let first = result([0, 1, 2, 3], 2);
    assert_eq!(first.0.len(), 3);
    for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
        for split in 1..=3 {
            assert_eq!(result(order, split), first);
        }
    }
}

#[test]
fn tables_hold_prefixes_names_and_outlines() {
    let csv = "peer,prefix\nAda,10.0.0.0/8\nBel,10.1.0.0/16\nBel,10.0.0.0/15\nCor,2001:db8::/32\nDor,2001:db8:1::/48\n";
    snapshot("prefixes", &drawn(vec![("p.csv", csv.into())], &request(&["p.csv"]), Format::Short));
    let csv = "peer,region\nAda,Isles\nBel,Isles\nBel,Coast\n";
    snapshot("names", &drawn(vec![("n.csv", csv.into())], &request(&["n.csv"]), Format::Short));
    let csv = "peer;wkt\nAda;POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))\nBel;POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))\n";
    snapshot("outlines", &drawn(vec![("w.csv", csv.into())], &request(&["w.csv"]), Format::Short));
}

#[test]
fn everything_that_cannot_be_read_is_listed() {
    let bad = collection(&[
        square("\"Arland\"", "a", 0.0, 0.0, 1.0),
        square("null", "b", 0.0, 0.0, 1.0),
        "{\"type\":\"Feature\",\"properties\":{\"peer\":\"Belmark\"},\"geometry\":null}".to_owned(),
        "{\"type\":\"Feature\",\"properties\":{\"who\":\"Belmark\"},\"geometry\":null}".to_owned(),
    ]);
    let files = || {
        vec![
            ("bad.geojson", bad.clone()),
            ("points.csv", "peer,lon,lat\nAda,1,2\n".to_owned()),
            ("bad.csv", "peer,wkt\nAda,POINT (1 2)\nBel,\nCor,\"POLYGON ((0 0, 200 0, 1 1, 0 0))\"\n".to_owned()),
            ("notes.txt", "x".to_owned()),
        ]
    };
    let request = request(&["bad.geojson", "points.csv", "bad.csv", "notes.txt", "missing.geojson"]);
    let text = drawn(files(), &request, Format::Short);
    snapshot("refused", &text);
    let mut sources = Sources::default();
    assert_eq!(claims(&Files(files()), &request, &mut sources).report.verdict, Verdict::Invalid);
}

#[test]
fn two_sources_are_compared_claimant_by_claimant() {
    let a = collection(&[
        square("\"Arland\"", "", 0.0, 0.0, 1.0),
        square("\"Belmark\"", "", 3.0, 0.0, 1.0),
        square("\"Corvia\"", "", 6.0, 0.0, 1.0),
        square("\"Dorland\"", "", 9.0, 0.0, 1.0),
    ]);
    let b = collection(&[
        square("\"Arland\"", "", 0.5, 0.0, 1.0),
        square("\"Belmark\"", "", 3.0, 0.0, 1.0),
        square("\"Corvia\"", "", 6.00001, 0.0, 1.0),
        square("\"Ebonia\"", "", 12.0, 0.0, 1.0),
    ]);
    let mut sources = Sources::default();
    let comparison =
        Comparison { a: "a.geojson".into(), b: "b.geojson".into(), by: "peer".into(), tolerance_m: Some(10.0) };
    let outcome = compare(&Files(vec![("a.geojson", a), ("b.geojson", b)]), &comparison, &mut sources);
    assert_eq!(outcome.report.verdict, Verdict::Consistent);
    let text = render(
        Format::Human,
        &outcome.report,
        &sources,
        &outcome.diagnostics,
        &Options { verbose: true, ..Options::default() },
    );
    snapshot("compared", &text);
}
