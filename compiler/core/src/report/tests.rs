//! Every renderer on documents made by hand.

use super::document::*;
use super::*;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};
use indexmap::IndexMap;

const PACT: &str = "\
charter Pact \"Nördlicher Pakt\" {
    parties Arland, Belmark
    article 1 \"Borders\" {
        Arland claims World.\"Nørre Øer\" from 2020-01-01
        Belmark claims World.\"Nørre Øer\" when split = two_and_two
    }
}
";

fn span(sources: &Sources, file: FileId, needle: &str) -> Span {
    let at = sources.get(file).unwrap().text.find(needle).unwrap();
    Span::new(file, at as u32, (at + needle.len()) as u32)
}

fn statement(sources: &Sources, file: FileId, id: &str, party: &str, text: &str) -> StatementEntry {
    let span = span(sources, file, text);
    let at = sources.position(span);
    StatementEntry {
        id: id.to_owned(),
        parties: vec![party.to_owned()],
        path: sources.path(file).to_owned(),
        line: at.line,
        column: at.column,
        text: text.to_owned(),
        span: Some(span),
        role: format!("{party} claims the isles"),
    }
}

fn sample() -> (Report, Sources) {
    let mut sources = Sources::default();
    let pact = sources.add("pact.charter", PACT);
    let data =
        format!("{{\"features\":[{}{{\"peer\":\"Corvia\",\"at\":[{}]}}]}}", "{},".repeat(400), "1.5,".repeat(4000));
    let claims = sources.add("claims.geojson", data);
    let reading = |party: &str, source: Option<&str>, standing| Reading {
        party: party.to_owned(),
        source: source.map(str::to_owned),
        as_of: source.map(|_| "2026-03-01".to_owned()),
        extent: Some("land".to_owned()),
        licence: None,
        standing,
    };
    let conflict = Finding {
        code: "B01".into(),
        title: "claims that cannot all hold".into(),
        level: Level::Error,
        fingerprint: fingerprint("B01", &["Pact/1/1", "Pact/1/2"]),
        message: "Arland, Belmark and Corvia each claim `Nørre Øer` alone, if split = two_and_two".into(),
        charter: Some("Pact".into()),
        parties: vec!["Arland".into(), "Belmark".into(), "Corvia".into()],
        asked: None,
        statements: vec![
            statement(&sources, pact, "Pact/1/1", "Arland", "Arland claims World.\"Nørre Øer\" from 2020-01-01"),
            statement(&sources, pact, "Pact/1/2", "Belmark", "Belmark claims World.\"Nørre Øer\" when split = two_and_two"),
            statement(&sources, claims, "claims.geojson#Corvia", "Corvia", "\"Corvia\""),
        ],
        regions: vec!["Nørre Øer".into()],
        area_km2: Some(5013.2),
        cells: Some(4),
        components: Some(2),
        width_m: Some(12_345.678_9),
        during: vec![(Some("2020-01-01".into()), None)],
        point: Some([145.9, 44.1]),
        reading: vec![
            reading("Arland", Some("boundary commission, 2nd survey"), Standing::Stated),
            reading("Belmark", None, Standing::Supposed),
        ],
        minimal: Some(true),
        also: vec!["B09".into()],
        depends_on: vec!["split = two_and_two".into()],
        ways_out: vec![
            WayOut {
                by: vec!["Belmark".into()],
                cost: 1.into(),
                changes: vec!["withdraw Pact/1/2 on the ground that Arland and Corvia claim as well, and keep all the rest of it as it stands".into()],
                area_km2: Some(5013.2),
            },
            WayOut { by: vec!["Arland".into(), "Corvia".into()], cost: 2.into(), changes: vec!["withdraw Pact/1/1".into(), "withdraw claims.geojson#Corvia".into()], area_km2: None },
        ],
        notes: vec!["edges run straight in longitude and latitude".into()],
        ..Finding::new("B01", Level::Error, "")
    };
    let table = Finding {
        table: vec![
            IndexMap::from([
                ("party".to_owned(), "Arland".into()),
                ("recognises".to_owned(), serde_json::json!(["Belmark", "Corvia"])),
            ]),
            IndexMap::from([("party".to_owned(), "Belmark".into()), ("silent on".to_owned(), "Corvia".into())]),
        ],
        ..Finding::new("B09", Level::Note, "who recognises whom")
    };
    let entry = |day, what, words: &str| SituationEntry {
        day,
        until: None,
        date: None,
        goes_on: false,
        what,
        words: words.to_owned(),
        statements: vec![],
    };
    let situation = Finding {
        hypothetical: true,
        situation: vec![
            SituationEntry {
                until: Some(9),
                date: Some("2026-03-01".into()),
                ..entry(0, SituationEvent::Act("blockade(P, Q)".into()), "a member P blockades a member Q")
            },
            SituationEntry {
                statements: vec!["Pact/1/1".into()],
                ..entry(0, SituationEvent::Breach("article 1 by P".into()), "breach of article 1 by P")
            },
            entry(3, SituationEvent::Event("ceased(P)".into()), "ceased(P)"),
            entry(12, SituationEvent::Vote("yes".into()), "Q votes yes"),
        ],
        roles: vec![
            Role { role: "P".into(), is: "a member".into(), any_of: Some(31), parties: vec![] },
            Role { role: "X".into(), is: "an outsider".into(), any_of: None, parties: vec![] },
        ],
        casting: vec!["P and Q may be any two of 31 members".into()],
        ..Finding::new("S01", Level::Warning, "a breach leaves nothing due on another")
    };
    let report = Report {
        inputs: vec![Input { path: "pact.charter".into(), sha256: "00".repeat(32) }],
        findings: vec![conflict, table, situation],
        proved: vec![Proved {
            code: "B03".into(),
            question: "no shares above the whole".into(),
            charter: Some("Pact".into()),
            core: vec!["Pact/1/1".into()],
            witness: IndexMap::from([("split".to_owned(), "two_and_two".to_owned())]),
            hypothetical: false,
        }],
        undecided: vec![Undecided {
            code: "B01".into(),
            question: "do all claims hold?".into(),
            charter: None,
            reached: "pairs".into(),
        }],
        not_asked: vec![NotAsked {
            code: "B08".into(),
            because: "no source states its `accuracy`; write `accuracy 10 m`".into(),
        }],
        counts: Counts { charters: 1, parties: 3, statements: 9, questions: 41, cells: 4 },
        at: vec![PointAnswer {
            point: [145.9, 44.1],
            claimants: vec!["Arland".into(), "Belmark".into()],
            on_boundary_of: vec![],
        }],
        cells: vec![
            CellEntry {
                atlas: "World".into(),
                claimants: vec!["Arland".into(), "Bel; mark".into()],
                statements: vec!["Pact/1/1".into(), "Pact/1/2".into()],
                regions: vec!["Nørre Øer".into()],
                area_km2: Some(5013.2),
                extent: None,
                width_m: Some(12.5),
                codes: vec!["B01".into()],
                sources: vec!["boundary commission".into()],
                // clockwise and open on purpose
                polygons: vec![vec![vec![[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]]],
            },
            CellEntry {
                atlas: "Band".into(),
                claimants: vec!["Arland".into()],
                statements: vec![],
                regions: vec![],
                area_km2: None,
                extent: Some("2 MHz".into()),
                width_m: None,
                codes: vec![],
                sources: vec![],
                polygons: vec![],
            },
        ],
        ..Report::new(Verdict::Conflict)
    };
    (report, sources)
}

/// A snapshot by its name alone: the text of the test does not stand in it.
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

fn drawn(format: Format, verbose: bool) -> String {
    let (report, sources) = sample();
    let options = Options { verbose, path_prefix: "peers/".into(), ..Options::default() };
    let text = render(format, &report, &sources, &[], &options);
    assert!(text.lines().all(|l| !l.ends_with(' ')), "a line ends in a blank:\n{text}");
    text
}

#[test]
fn human() {
    snapshot("human", &drawn(Format::Human, true));
}

#[test]
fn short() {
    snapshot("short", &drawn(Format::Short, false));
}

#[test]
fn json() {
    snapshot("json", &drawn(Format::Json, false));
}

#[test]
fn geojson() {
    let text = drawn(Format::Geojson, false);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ring = &value["features"][0]["geometry"]["coordinates"][0][0];
    assert_eq!(ring, &serde_json::json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]));
    snapshot("geojson", &text);
}

#[test]
fn csv() {
    snapshot("csv", &drawn(Format::Csv, false));
}

#[test]
fn colour_changes_nothing_but_escapes() {
    let (report, sources) = sample();
    let bare = |color| {
        let text = render(Format::Human, &report, &sources, &[], &Options { color, ..Options::default() });
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match (inside, c) {
                (false, '\u{1b}') => inside = true,
                (true, 'm') => inside = false,
                (true, _) => {}
                (false, c) => out.push(c),
            }
        }
        out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(bare(true), bare(false));
}

#[test]
fn diagnostics_are_drawn_and_listed() {
    let mut sources = Sources::default();
    let file = sources.add("pact.charter", PACT);
    let diagnostic = Diagnostic::error(
        "unknown-party",
        span(&sources, file, "Belmark claims"),
        "unknown party `Belmark`",
        "no party has this name",
    )
    .label(span(&sources, file, "Arland, Belmark"), "the parties of `Pact`")
    .note("names are told apart by case")
    .help("declare it: `party Belmark`");
    let mut report = Report::new(Verdict::Invalid);
    report.diagnostics = vec![DiagnosticEntry::of(&diagnostic, &sources)];
    let list = [diagnostic];
    let options = Options::default();
    snapshot("diagnostic_human", &render(Format::Human, &report, &sources, &list, &options));
    snapshot("diagnostic_short", &render(Format::Short, &report, &sources, &list, &options));
    assert_eq!(
        render_diagnostics(&list, &sources, &options).lines().next(),
        Some("error[unknown-party]: unknown party `Belmark`")
    );
}

/// One of the alternatives of a schema with what the schema itself says: a flattened choice within an object.
fn merged(schema: &serde_json::Value, alternative: &serde_json::Value) -> serde_json::Value {
    let mut out = alternative.clone();
    if let Some(own) = schema.get("properties").and_then(|p| p.as_object()) {
        let properties = out["properties"].as_object_mut().unwrap();
        properties.extend(own.clone());
        let required = schema.get("required").and_then(|r| r.as_array()).cloned().unwrap_or_default();
        out["required"].as_array_mut().unwrap().extend(required);
    }
    out
}

/// Whether `value` is what `schema` describes: the part of JSON Schema that the emitted schema uses.
fn conforms(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    value: &serde_json::Value,
    at: &str,
) -> Result<(), String> {
    if let Some(reference) = schema.get("$ref").and_then(|r| r.as_str()) {
        let target = root.pointer(reference.trim_start_matches('#')).ok_or(format!("{at}: no {reference}"))?;
        return conforms(root, target, value, at);
    }
    if let Some(any) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(|a| a.as_array()) {
        return if any.iter().any(|s| conforms(root, &merged(schema, s), value, at).is_ok()) {
            Ok(())
        } else {
            Err(format!("{at}: none of {any:?}"))
        };
    }
    if let Some(expected) = schema.get("const") {
        return if expected == value { Ok(()) } else { Err(format!("{at}: {value} is not {expected}")) };
    }
    if let Some(list) = schema.get("enum").and_then(|e| e.as_array()) {
        return if list.contains(value) { Ok(()) } else { Err(format!("{at}: {value} is none of {list:?}")) };
    }
    let kind = match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "boolean",
        serde_json::Value::Number(n) if n.is_u64() || n.is_i64() => "integer",
        serde_json::Value::Number(_) => "number",
        serde_json::Value::String(_) => "string",
        serde_json::Value::Array(_) => "array",
        serde_json::Value::Object(_) => "object",
    };
    let allowed: Vec<&str> = match schema.get("type") {
        Some(serde_json::Value::String(s)) => vec![s],
        Some(serde_json::Value::Array(a)) => a.iter().filter_map(|v| v.as_str()).collect(),
        _ => vec![kind],
    };
    if !(allowed.contains(&kind) || kind == "integer" && allowed.contains(&"number")) {
        return Err(format!("{at}: {kind}, expected {allowed:?}"));
    }
    if let Some(object) = value.as_object() {
        for required in schema.get("required").and_then(|r| r.as_array()).into_iter().flatten() {
            if !object.contains_key(required.as_str().unwrap()) {
                return Err(format!("{at}: {required} is missing"));
            }
        }
        for (key, inner) in object {
            let at = format!("{at}/{key}");
            match (schema.pointer(&format!("/properties/{key}")), schema.get("additionalProperties")) {
                (Some(s), _) => conforms(root, s, inner, &at)?,
                (None, Some(s)) if s.is_object() => conforms(root, s, inner, &at)?,
                (None, Some(serde_json::Value::Bool(true))) => {}
                (None, _) => return Err(format!("{at} is not in the schema")),
            }
        }
    }
    if let Some(list) = value.as_array() {
        let fixed = schema.get("prefixItems").and_then(|p| p.as_array());
        for (i, inner) in list.iter().enumerate() {
            let s = fixed.and_then(|f| f.get(i)).or_else(|| schema.get("items"));
            if let Some(s) = s.filter(|s| s.is_object()) {
                conforms(root, s, inner, &format!("{at}/{i}"))?;
            }
        }
    }
    Ok(())
}

#[test]
fn the_document_conforms_to_its_schema() {
    let root: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&drawn(Format::Json, false)).unwrap();
    conforms(&root, &root, &value, "").unwrap();
    let mut wrong = value.clone();
    wrong["verdict"] = "maybe".into();
    assert!(conforms(&root, &root, &wrong, "").is_err());
    wrong = value.clone();
    wrong["findings"][0]["level"] = 3.into();
    assert!(conforms(&root, &root, &wrong, "").is_err());
    wrong = value.clone();
    wrong["findings"][0].as_object_mut().unwrap().remove("message");
    assert!(conforms(&root, &root, &wrong, "").is_err());
    wrong = value;
    wrong["findings"][2]["situation"][0].as_object_mut().unwrap().remove("act");
    assert!(conforms(&root, &root, &wrong, "").is_err(), "an entry says one thing");
}
