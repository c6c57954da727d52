//! What the lowering makes of small programs, and what it says of wrong ones.

use crate::compile::read_program;
use crate::diagnostic::Diagnostic;
use crate::model::{Program, StatementKind};
use crate::source::{Sources, World, WorldError};
use std::collections::BTreeMap;

/// Files in memory.
struct Files(BTreeMap<String, String>);

impl World for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        self.0.get(path).map(|t| t.clone().into_bytes()).ok_or(WorldError::Missing)
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        Ok(self.0.keys().filter(|k| k.starts_with(before) && k.ends_with(after)).cloned().collect())
    }
}

/// Reads files; the first is the root.
fn read(files: &[(&str, &str)]) -> (Option<Program>, String) {
    let world = Files(files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect());
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let program = read_program(&world, &[files[0].0.to_owned()], None, &mut sources, &mut found);
    (program, found.iter().map(|d| plain(&sources, d)).collect::<Vec<_>>().join("\n"))
}

/// A diagnostic as plain text.
fn plain(sources: &Sources, d: &Diagnostic) -> String {
    let place = |span| {
        let at = sources.position(span);
        format!("{}:{}:{}", sources.path(span.file), at.line, at.column)
    };
    let mut out =
        format!("{:?}[{}] {}\n  {} {}", d.severity, d.code, d.headline, place(d.primary.span), d.primary.text);
    for l in &d.secondary {
        out += &format!("\n  {} {}", place(l.span), l.text);
    }
    for n in &d.notes {
        out += &format!("\n  note: {n}");
    }
    for h in &d.helps {
        out += &format!("\n  help: {h}");
    }
    out
}

/// The program of one text without a word said.
fn good(text: &str) -> Program {
    let (program, said) = read(&[("a.charter", text)]);
    assert_eq!(said, "");
    program.expect("a program")
}

/// What is said of a wrong text.
fn said(text: &str) -> String {
    let (program, said) = read(&[("a.charter", text)]);
    assert!(program.is_none(), "read without an error");
    said
}

/// Each statement on a line.
fn lines(p: &Program) -> String {
    p.statements
        .iter()
        .map(|s| {
            let ground = s.region().map_or_else(String::new, |r| format!(" {:?}", r.cells.cells()));
            format!("{} | {} |{ground} | {}\n", s.address, s.text, s.on.to_smtlib())
        })
        .collect()
}

const STRAITS: &str = r#"
    atlas Straits {
        region North    region Middle    region Lesser    region Rocks
        region MainlandA                 region MainlandC
        region Isles = North + Middle + Lesser + Rocks
    }
    party Arland    party Belmark    party Corvia
    charter StraitPeers {
        parties Arland, Belmark
        article 1 "Borders" {
            Arland claims Straits.MainlandA
            Arland claims Straits.Isles                    when split != two_and_two
            Arland claims Straits.Lesser + Straits.Rocks   when split = two_and_two
            Belmark recognises Arland over Straits.Isles
        }
    }
    open term split: one of { all_to_corvia, all_to_arland, two_and_two }
    accession Corvia to StraitPeers {
        Corvia claims Straits.MainlandC
        Corvia claims Straits.Isles                      when split = all_to_corvia
        Corvia claims Straits.North + Straits.Middle     when split = two_and_two
    }
    Arland accepts split != all_to_corvia
    Corvia accepts split != all_to_arland
    Arland values Straits.Lesser + Straits.Rocks at 5
"#;

#[test]
fn the_islands_become_a_program() {
    let p = good(STRAITS);
    insta::assert_snapshot!("islands", lines(&p));
    assert_eq!(p.worths.len(), 1);
    assert_eq!(p.accessions.first().map(|a| a.statements.len()), Some(3));
}

#[test]
fn the_order_of_declarations_does_not_matter() {
    let mut parts: Vec<&str> = STRAITS.split("\n    ").filter(|p| !p.trim().is_empty()).collect();
    // Declarations begin at one indentation; deeper lines belong to the one above.
    let mut items: Vec<String> = Vec::new();
    for part in parts.drain(..) {
        if part.starts_with(' ') || part.trim() == "}" {
            let last = items.last_mut().unwrap();
            last.push('\n');
            last.push_str(part);
        } else {
            items.push(part.to_owned());
        }
    }
    let forward = lines(&good(&items.join("\n")));
    items.reverse();
    let backward = lines(&good(&items.join("\n")));
    assert_eq!(forward, backward);
}

#[test]
fn dates_and_leases() {
    let p = good(
        "atlas A { region R } party P party Q
         charter C { parties P, Q
           article 1 { P claims A.R from 1990-01-01
                       P leases A.R to Q until 1997-06-30
                       Q claims A.R as administration } }",
    );
    insta::assert_snapshot!("lease", lines(&p));
    assert!(matches!(p.statements[2].kind, StatementKind::Claim { .. }) || p.statements.len() == 3);
}

#[test]
fn wrong_texts_are_said_to_be_wrong() {
    let wrong = [
        (
            "unknown party",
            "atlas A { region R } party Arland charter C { parties Arland article 1 { Arlnd claims A.R } }",
        ),
        ("unknown region", "atlas A { region North } party P charter C { parties P article 1 { P claims A.Norht } }"),
        (
            "mixed atlases",
            "atlas A { region R } atlas B { region S } party P charter C { parties P article 1 { P claims A.R + B.S } }",
        ),
        (
            "empty dates",
            "atlas A { region R } party P charter C { parties P article 1 { P claims A.R from 2020-01-01 until 2019-01-01 } }",
        ),
        (
            "quota of a whole",
            "atlas A { region R } party P charter C { parties P article 1 { P claims A.R quota 30% } }",
        ),
        (
            "no share",
            "right fishing quota atlas A { region R } party P charter C { parties P article 1 { P claims A.R as fishing } }",
        ),
        (
            "a duration for a date",
            "atlas A { region R } party P charter C { parties P article 1 { P claims A.R from 30 days } }",
        ),
        ("not a member", "atlas A { region R } party P party Q charter C { parties P article 1 { Q claims A.R } }"),
        (
            "the same twice",
            "atlas A { region R } party P charter C { parties P article 1 { P claims A.R  P claims  A.R } }",
        ),
        (
            "currencies",
            "kind K { gdp: Money } party P: K { gdp = 1 billion EUR } atlas A { region R } charter C { parties P article 1 { P claims A.R when gdp(P) at least 1 billion USD } }",
        ),
        (
            "a region of itself",
            "atlas A { region R region S = T + R region T = S } party P charter C { parties P article 1 { P claims A.S } }",
        ),
        ("two parties of one name", "party P party P charter C { parties P }"),
        ("unknown value", "open term t: one of { a_side, b_side } party P P accepts t = b_sid charter C { parties P }"),
        ("no parties", "charter C { article 1 { } }"),
        (
            "twice a clause",
            "atlas A { region R } party P charter C { parties P article 1 { P claims A.R when true when false } }",
        ),
        ("prefix with host bits", "atlas V of ipv4 party P charter C { parties P article 1 { P claims 10.1.0.0/8 } }"),
        (
            "product of unknowns",
            "kind K { gdp: Number, rate: Number } party P: K atlas A { region R } charter C { parties P article 1 { P claims A.R when gdp(P) * rate(P) at least 3 } }",
        ),
        ("oneself", "atlas A { region R } party P charter C { parties P article 1 { P leases A.R to P } }"),
        ("unknown unit", "kind K { w: Distance } party P: K { w = 3 furlongs } charter C { parties P }"),
        ("import out of the project", "import \"../secret.charter\" party P charter C { parties P }"),
        ("import of nothing", "import \"missing.charter\" party P charter C { parties P }"),
        ("no module", "import std.state party P charter C { parties P }"),
    ];
    let mut out = String::new();
    for (name, text) in wrong {
        out += &format!("## {name}\n{}\n\n", said(text));
    }
    insta::assert_snapshot!("wrong", out);
}

#[test]
fn import_cycles_are_said_once() {
    let (program, said) = read(&[
        ("a.charter", "import \"b.charter\" party P charter C { parties P }"),
        ("b.charter", "import \"c.charter\" party Q"),
        ("c.charter", "import \"a.charter\" party R"),
    ]);
    assert!(program.is_none());
    insta::assert_snapshot!("cycle", said);
}

#[test]
fn rows_of_data_become_parties_claims_and_delegations() {
    let (program, said) = read(&[
        (
            "net.charter",
            r#"kind Peer { asn: Count }
               atlas V4 of ipv4
               atlas Zones of domain
               data Peers from "peers/*.yaml", one Peer a file, ignoring nameservers
               charter Network {
                 parties from Peers as Peer { asn = asn }
                 article 1 { claims from Peers each networks.ipv4[] over V4
                             claims from Peers each domains[] over Zones
                             delegations from Peers each delegate.{a}[] to the Peer whose asn = a }
                 article 2 { require asn differs between parties
                             require every claim over V4 lies within 10.0.0.0/8
                             require every claim over V4 is between /22 and /18 }
               }"#,
        ),
        (
            "peers/ada.yaml",
            "asn: 65001\nnetworks:\n  ipv4:\n  - 10.1.0.0/18\ndomains:\n- ada.net\nnameservers: [10.1.0.1]\ndelegate:\n  65002:\n  - 10.1.0.0/20\n  65009:\n  - 10.1.16.0/20\n",
        ),
        ("peers/bel.yaml", "asn: 65002\nnetworks:\n  ipv4: [10.1.0.0/20]\n"),
    ]);
    assert_eq!(said, "");
    insta::assert_snapshot!("registry", lines(&program.unwrap()));
}

#[test]
fn unknown_keys_of_data_are_refused() {
    let (program, said) = read(&[
        (
            "net.charter",
            "kind Peer { asn: Count } data Peers from \"p/*.yaml\", one Peer a file
             charter N { parties from Peers as Peer { asn = asn } }",
        ),
        ("p/ada.yaml", "asn: 1\nans: 2\n"),
    ]);
    assert!(program.is_none());
    insta::assert_snapshot!("unknown_key", said);
}

/// Two coasts and the sea between them, parted by a line.
fn sea(along: &str) -> String {
    format!(
        r#"
    kind Coastal {{ baseline: Region }}
    atlas Sea of earth {{
        region West = polygon [0°N 0°E, 0°N 1°E, 2°N 1°E, 2°N 0°E]
        region East = polygon [0°N 2°E, 0°N 3°E, 2°N 3°E, 2°N 2°E]
        region Strait = polygon [0°N 1°E, 0°N 2°E, 2°N 2°E, 2°N 1°E]
    }}
    party Arland: Coastal {{ baseline = Sea.West }}
    party Belmark: Coastal {{ baseline = Sea.East }}
    charter Pact {{
        parties Arland, Belmark
        article 1 {{
            Arland claims Sea.Strait
            Belmark claims Sea.Strait
            boundary between Arland and Belmark along {along}, Arland on the left
        }}
    }}
"#
    )
}

#[test]
fn a_median_halves_the_strait() {
    let p = good(&sea("median from 0°30'N 1°30'E to 1°30'N 1°30'E"));
    let sides = p.statements.iter().find_map(|s| match &s.kind {
        StatementKind::Boundary { left_side, right_side, .. } => Some((left_side, right_side)),
        _ => None,
    });
    let (left, right) = sides.unwrap();
    let atlas = p.atlas(left.atlas).unwrap();
    let km2 = |r: &crate::model::Region| match atlas.measure(&r.cells) {
        crate::atlas::Measure::Area(km2) => km2,
        other => panic!("expected an area, found {other:?}"),
    };
    assert!((km2(left) / km2(right) - 1.0).abs() < 1e-6, "{} {}", km2(left), km2(right));
    assert!(atlas.adjacent(&left.cells, &atlas.region_named("West").unwrap()));
}
