//! The command as a person or a script runs it: exit status, what goes where, what is refused.

mod common;
mod conduct;

use common::{Folder, Ran};
use std::fs;
use std::path::Path;
use std::process::Stdio;

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

const CLAIMS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"peer":"Arland"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
{"type":"Feature","properties":{"peer":"Belmark"},"geometry":{"type":"Polygon","coordinates":[[[0.5,0],[2,0],[2,1],[0.5,1],[0.5,0]]]}}
]}
"#;

const APART: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"peer":"Arland"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}
]}
"#;

const PACT: &str = "\
atlas Bay { region North  region South  region Isles }
party Ada
party Bel
charter Pact {
    parties Ada, Bel
    article 1 \"Borders\" {
        Ada claims Bay.North + Bay.Isles
        Bel claims Bay.South + Bay.Isles
    }
}
";

#[test]
fn help_and_version_are_no_mistake_and_wrong_usage_is() {
    let folder = Folder::new();
    for words in [&["--help"][..], &["--version"], &["help"], &["claims", "--help"], &["explain"]] {
        let ran = folder.run(words);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{words:?}");
        assert!(!ran.out.is_empty());
    }
    let wrong: &[&[&str]] = &[
        &["check", "--nonsense"],
        &["claims"],
        &["claims", "x.geojson"],
        &["check", "--format", "sarif"],
        &["check", "--level", "B99=deny"],
        &["check", "--budget", "0"],
        &["check", "--quiet", "--verbose"],
        &["claims", "x.geojson", "--claimant", "peer", "--at", "200,0"],
        &["claims", "x.geojson", "--claimant", "peer", "--tolerance", "10"],
        &["explain", "B99"],
        &["emit", "schema", "x.charter"],
        &["check", "--audience", "Ada"],
    ];
    for words in wrong {
        let ran = folder.run(words);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(ran.err.starts_with("error: "), "{words:?}: {}", ran.err);
    }
    assert!(folder.run(&["check", "--format", "html"]).err.contains("there are human, short, json, geojson, csv"));
}

#[test]
fn verbs_of_later_rings_say_when_they_come() {
    let folder = Folder::new();
    let mut said = String::new();
    for verb in ["brief", "merge", "diff", "settle", "power", "fmt", "lsp"] {
        let ran = folder.run(&[verb, "x.charter", "--on", "2030-01-01", "--check"]);
        assert_eq!(ran.status, 2, "{verb}");
        said.push_str(&ran.err);
    }
    snapshot("later", &said);
}

#[test]
fn every_code_of_this_release_is_explained_and_later_ones_say_when() {
    let folder = Folder::new();
    let list = folder.run(&["explain"]).out;
    let codes: Vec<&str> =
        list.lines().filter_map(|l| l.strip_prefix("  ")).filter_map(|l| l.split(' ').next()).collect();
    assert!(codes.len() > 50);
    for code in codes {
        let ran = folder.run(&["explain", &code.to_lowercase()]);
        assert_eq!(ran.status, 0, "{code}");
        assert!(
            ran.out.contains("```charter") || ran.out.contains("This check comes with ring"),
            "{code}: {}",
            ran.out
        );
    }
}

#[test]
fn files_that_cannot_be_read_are_named_and_give_no_verdict() {
    let folder = Folder::with(&[("notes.txt", "x"), ("sub/a.geojson", CLAIMS)]);
    folder.write("latin.geojson", b"{\"type\": \"Feature\xe9\"}");
    let claims = |file: &str| folder.run(&["claims", file, "--claimant", "peer", "--format", "short"]);
    for file in ["missing.geojson", "latin.geojson", "sub", "notes.txt"] {
        let ran = claims(file);
        assert_eq!(ran.status, 2, "{file}");
        assert!(ran.out.contains(file) && ran.out.contains("error["), "{file}: {}", ran.out);
    }
    let ran = folder.run(&["claims", "missing.geojson", "--claimant", "peer", "--format", "json"]);
    assert_eq!(ran.json()["verdict"], "invalid");
    assert_eq!(ran.json()["diagnostics"][0]["code"], "missing-file");
    // a map has no place for messages: they go beside it
    let ran = folder.run(&["claims", "missing.geojson", "--claimant", "peer", "--format", "geojson"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("missing.geojson"));
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_project_is_refused() {
    let outside = Folder::with(&[("secret.charter", PACT)]);
    let folder = Folder::with(&[("comity.toml", "edition = 1\n"), ("pact.charter", "import \"link.charter\"\n")]);
    std::os::unix::fs::symlink(outside.0.join("secret.charter"), folder.0.join("link.charter")).unwrap();
    let ran = folder.run(&["check", "pact.charter", "--format", "short"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(!ran.out.contains("Ada"));
}

#[test]
fn claims_exit_with_their_verdict_and_say_the_same_in_every_format() {
    let folder = Folder::with(&[("claims.geojson", CLAIMS), ("apart.geojson", APART)]);
    let ran = folder.run(&["claims", "claims.geojson", "--claimant", "peer", "--format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    let report = ran.json();
    assert_eq!(report["verdict"], "conflict");
    assert_eq!(report["findings"][0]["code"], "B01");
    assert_eq!(report["findings"][0]["parties"], serde_json::json!(["Arland", "Belmark"]));
    let ran = folder.run(&["claims", "claims.geojson", "--claimant", "peer", "--format", "csv"]);
    assert_eq!((ran.status, ran.out.lines().count()), (1, 4));
    let ran = folder.run(&["claims", "claims.geojson", "--claimant", "peer", "--format", "geojson"]);
    assert_eq!(ran.json()["features"].as_array().unwrap().len(), 3);
    assert_eq!(folder.run(&["claims", "apart.geojson", "--claimant", "peer"]).status, 0);
    let ran = folder.run(&[
        "claims",
        "claims.geojson",
        "--claimant",
        "peer",
        "--at",
        "0.75,0.5",
        "--at",
        "-3,0",
        "--format",
        "json",
    ]);
    assert_eq!(ran.status, 0);
    let expected = serde_json::json!([
        {"point": [0.75, 0.5], "claimants": ["Arland", "Belmark"]},
        {"point": [-3.0, 0.0], "claimants": []}
    ]);
    assert_eq!(ran.json()["at"], expected);
    // the order in which files are given is no part of the question
    let both =
        |a: &str, b: &str| folder.run(&["claims", a, b, "--claimant", "peer", "--format", "json", "--jobs", "2"]).out;
    assert_eq!(both("claims.geojson", "apart.geojson"), both("apart.geojson", "claims.geojson"));
}

#[test]
fn levels_codes_and_a_baseline_set_what_counts() {
    let folder = Folder::with(&[("claims.geojson", CLAIMS)]);
    let claims = |more: &[&str]| {
        let words = [&["claims", "claims.geojson", "--claimant", "peer", "--format", "json"], more].concat();
        folder.run(&words)
    };
    assert_eq!(claims(&["--level", "B01=warn"]).status, 0);
    assert_eq!(claims(&["--level", "b01=warn,B01=deny"]).status, 1);
    let allowed = claims(&["--level", "B01=allow"]);
    assert_eq!(allowed.status, 0);
    assert_eq!(allowed.json()["not_asked"][0]["code"], "B01");
    assert_eq!(claims(&["--only", "B06"]).status, 0);
    assert_eq!(claims(&["--only", "B06,B01"]).status, 1);
    assert_eq!(claims(&["-o", "last.json"]).out, "");
    let since = claims(&["--baseline", "last.json"]);
    assert_eq!(since.status, 0);
    assert_eq!(since.json()["baseline"], serde_json::json!({"known": 1, "gone": []}));
    folder.write("broken.json", b"{\"schema\": 2}");
    assert_eq!(claims(&["--baseline", "broken.json"]).status, 2);
    assert_eq!(claims(&["--baseline", "nowhere.json"]).status, 2);
}

#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let folder = Folder::with(&[("claims.geojson", CLAIMS)]);
    let ran = folder.run(&["claims", "claims.geojson", "--claimant", "peer", "-o", "report.txt"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    let text = fs::read_to_string(folder.0.join("report.txt")).unwrap();
    assert!(text.contains("B01") && !text.contains('\u{1b}'));
    let ran = folder.run(&["claims", "claims.geojson", "--claimant", "peer", "-o", "nowhere/report.txt"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("cannot write"));
    assert_eq!(folder.names(), ["claims.geojson", "report.txt"]);
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let folder = Folder::with(&[("claims.geojson", CLAIMS)]);
    let claims = |color: &str| folder.run(&["claims", "claims.geojson", "--claimant", "peer", "--color", color]).out;
    assert!(!claims("auto").contains('\u{1b}') && !claims("never").contains('\u{1b}'));
    assert!(claims("always").contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let folder = Folder::with(&[("claims.geojson", CLAIMS)]);
    let mut child = folder
        .command(&["claims", "claims.geojson", "--claimant", "peer", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
}

#[test]
fn two_sources_are_compared() {
    let folder = Folder::with(&[("a.geojson", CLAIMS), ("b.geojson", APART)]);
    let ran = folder.run(&["compare", "b.geojson", "a.geojson", "--by", "peer", "--format", "short"]);
    assert_eq!(ran.status, 0);
    snapshot("compare", &ran.out);
    assert_eq!(folder.run(&["compare", "a.geojson", "a.geojson", "--by", "peer"]).status, 2);
    assert_eq!(folder.run(&["compare", "a.geojson", "b.geojson", "--by", "name"]).status, 2);
}

#[test]
fn settings_are_read_and_their_mistakes_are_located() {
    let folder = Folder::with(&[("comity.toml", "edition = 1\ncolour = 3\n"), ("pact.charter", PACT)]);
    let ran = folder.run(&["check", "--format", "short"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, "comity.toml:2:1: error[config-key] unknown key `colour`\n"));
    folder.write("comity.toml", b"edition = 1\n[levels]\nB01 = \"warn\"\n");
    assert_eq!(folder.run(&["check"]).status, 0);
    assert_eq!(folder.run(&["check", "--level", "B01=deny"]).status, 1);
    let nested = Folder::with(&[("a.charter", PACT), ("sub/comity.toml", "edition = 1\n"), ("sub/b.charter", PACT)]);
    let ran = nested.run(&["check", "--format", "short"]);
    assert_eq!(ran.status, 2);
    assert!(ran.out.contains("sub/comity.toml"));
}

#[test]
fn a_first_project_checks_clean_and_is_not_overwritten() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "first"]).status, 0);
    let before = fs::read_to_string(folder.0.join("first/pact.charter")).unwrap();
    let ran = folder.run(&["check", "first", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    let levels: Vec<_> = ran.json()["findings"].as_array().unwrap().iter().map(|f| f["level"].clone()).collect();
    assert!(levels.iter().all(|l| l == "note"), "{levels:?}");
    let again = folder.run(&["init", "first"]);
    assert_eq!(again.status, 2);
    assert!(again.err.contains("nothing was written"));
    assert_eq!(fs::read_to_string(folder.0.join("first/pact.charter")).unwrap(), before);
}

#[test]
fn check_is_the_default_verb_and_paths_are_those_of_the_project() {
    let folder = Folder::with(&[("peers/pact.charter", PACT)]);
    let ran = folder.run(&["peers/pact.charter", "--format", "json"]);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert_eq!(ran.out, folder.run(&["check", "peers", "--format", "json"]).out);
    assert_eq!(ran.json()["findings"][0]["statements"][0]["path"], "pact.charter");
    // a person can open the path from where they stand
    assert!(folder.run(&["peers", "--format", "short"]).out.starts_with("peers/pact.charter:7:9: error[B01]"));
    folder.write("map.geojson", CLAIMS.as_bytes());
    assert!(folder.run(&["check", "map.geojson"]).out.contains("comity claims map.geojson --claimant PROPERTY"));
    let ran = folder.run(&["chek", "peers"]);
    assert_eq!(ran.status, 2);
    assert!(ran.out.contains("comity check"));
}

#[test]
fn no_report_holds_a_path_of_the_machine() {
    let folder = Folder::with(&[("pact.charter", PACT), ("claims.geojson", CLAIMS)]);
    let here = folder.0.to_str().unwrap();
    let full = |name: &str| Path::new(here).join(name).to_str().unwrap().to_owned();
    for format in ["human", "short", "json"] {
        let ran = folder.run(&["check", &full("pact.charter"), "--format", format]);
        assert!(!ran.out.contains(here), "{}", ran.out);
        let ran = folder.run(&["claims", &full("claims.geojson"), "--claimant", "peer", "--format", format]);
        assert!(!ran.out.contains(here), "{}", ran.out);
    }
}

#[test]
fn the_program_and_the_questions_are_for_other_programs() {
    let folder = Folder::with(&[("pact.charter", PACT), ("broken.charter", "party"), ("comity.toml", "edition = 1\n")]);
    let ran = folder.run(&["emit", "json", "pact.charter"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let module = &ran.json()["modules"][0];
    assert_eq!(module["path"], "pact.charter");
    assert_eq!(module["tree"]["items"].as_array().unwrap().len(), 4);
    // what the cells alone decide is no question for a solver
    assert!(folder.run(&["emit", "smt2", "pact.charter"]).out.starts_with("; every question"));
    let terms = PACT.replace("Bay.North + Bay.Isles", "Bay.North + Bay.Isles when split = ada")
        + "open term split: one of { ada, bel }\nAda accepts split = ada\nBel accepts split = ada\n";
    folder.write("terms.charter", terms.as_bytes());
    let ran = folder.run(&["emit", "smt2", "terms.charter"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.starts_with("(set-logic ALL)\n")
            && ran.out.contains("(check-sat-assuming (")
            && ran.out.contains("; unsat")
    );
    assert!(ran.out.contains(": Pact/1/1: Ada claims Bay.North + Bay.Isles when split = ada"), "{}", ran.out);
    let opened = ran.out.matches('(').count();
    assert_eq!(opened, ran.out.matches(')').count());
    for what in ["json", "smt2"] {
        let ran = folder.run(&["emit", what, "broken.charter"]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{what}");
        assert!(ran.err.contains("broken.charter"));
    }
}

#[test]
fn what_is_free_is_listed() {
    let registry = "\
atlas V4 of ipv4 { region Pool = 10.0.0.0/8 }
party Ada
party Bel
charter Registry {
    parties Ada, Bel
    article 1 \"Blocks\" {
        require every claim over V4 lies within 10.0.0.0/8
        Ada claims 10.0.0.0/9 as sovereignty
        Bel claims 10.128.0.0/10 as sovereignty
    }
}
";
    let folder = Folder::with(&[("registry.charter", registry)]);
    let ran = folder.run(&["free", "V4", "/12", "registry.charter", "--most", "2"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    snapshot("free", &ran.out);
    let ran = folder.run(&["free", "V4", "/12", "registry.charter", "--format", "json"]);
    assert_eq!(ran.json()["places"][0]["region"], "10.192.0.0/12");
    assert_eq!(folder.run(&["free", "V5", "/12", "registry.charter"]).status, 2);
    assert_eq!(folder.run(&["free", "V4", "12 km", "registry.charter"]).status, 2);
}

#[test]
fn completions_and_schema_are_for_other_programs() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = folder.run(&["completions", shell]);
        assert!(ran.status == 0 && ran.out.contains("comity"), "{shell}");
    }
    let schema = folder.run(&["emit", "schema"]).json();
    for field in ["schema", "comity", "verdict", "inputs", "findings", "proved", "undecided", "not_asked", "counts"] {
        assert!(schema["properties"][field].is_object(), "{field}");
        assert!(schema["required"].as_array().unwrap().iter().any(|r| r == field), "{field}");
    }
}

/// Every bad input of a kind ends in exit status 2 and a located message, and no verdict beside `invalid`.
#[test]
fn bad_input_is_located_and_gives_no_verdict() {
    let head = "atlas Bay { region North region South }\natlas V4 of ipv4 { region Pool = 10.0.0.0/8 }\n\
                party Ada\nparty Bel\n";
    let charter = |statement: &str| {
        format!("{head}charter Pact {{ parties Ada, Bel\n article 1 \"Borders\" {{ {statement} }} }}\n")
    };
    let cases: Vec<(&str, String)> = vec![
        ("unknown_region", charter("Ada claims Bay.Nort")),
        ("unknown_party", charter("Cor claims Bay.North")),
        ("mixed_atlases", charter("Ada claims Bay.North + V4.Pool")),
        ("empty_dates", charter("Ada claims Bay.North from 2026-02-01 until 2026-01-01")),
        ("no_such_day", charter("Ada claims Bay.North from 2026-02-30")),
        ("large_integer", charter("Ada claims 10.0.0.0/999999999999999999999999")),
        ("deep", charter(&format!("Ada claims {}Bay.North{}", "(".repeat(10_000), ")".repeat(10_000)))),
        (
            "polygon",
            charter("") + "atlas World from \"map.geojson\" key name { source \"s\" as of 2026-01-01 extent land }\n",
        ),
        ("cycle", "import \"cycle2.charter\"\nparty Ada\n".to_owned()),
        ("outside", "import \"../outside.charter\"\nparty Ada\n".to_owned()),
        ("missing_import", "import \"nowhere.charter\"\nparty Ada\n".to_owned()),
        (
            "unknown_key",
            format!(
                "data Peers from \"peers.csv\"\nkind Net {{ asn: Count }}\nparties from Peers as Net {{ asn = asn }}\n{head}"
            ),
        ),
        ("later_ring", charter("amend by consensus")),
        ("empty", String::new()),
    ];
    let folder = Folder::with(&[
        ("cycle2.charter", "import \"cycle.charter\"\nparty Bel\n"),
        ("peers.csv", "name,asn,colour\nada,1,red\n"),
        (
            "map.geojson",
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Broken"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,"x"],[1,1],[0,0]]]}}]}"#,
        ),
        ("comity.toml", "edition = 1\n"),
    ]);
    folder.write("latin.charter", b"party \"\xc5land\"\n");
    fs::File::create(folder.0.join("huge.charter")).unwrap().set_len(1 << 30).unwrap();
    let mut said = String::new();
    let mut names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    for (name, text) in &cases {
        folder.write(&format!("{name}.charter"), text.as_bytes());
    }
    names.extend(["latin", "huge", "not_there"]);
    for name in names {
        let file = format!("{name}.charter");
        let ran = folder.run(&["check", &file, "--format", "short"]);
        let invalid = ran.status == 2;
        assert!(invalid != (name == "empty"), "{name}: {} {}{}", ran.status, ran.out, ran.err);
        if invalid {
            let json = folder.run(&["check", &file, "--format", "json"]).json();
            assert_eq!(json["verdict"], "invalid", "{name}");
            assert_eq!(json["findings"], serde_json::json!([]), "{name}");
            assert_eq!(json["proved"], serde_json::json!([]), "{name}");
            let human = folder.run(&["check", &file]);
            assert_eq!(human.status, 2);
            assert!(human.out.len() < 20_000, "{name}: {} bytes of message", human.out.len());
            let short: String = ran.out.lines().map(|l| l.chars().take(160).collect::<String>() + "\n").collect();
            said.push_str(&short);
        }
    }
    snapshot("bad_input", &said);
}
