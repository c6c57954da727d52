//! What the parser makes of texts: trees, and what is said of broken ones.

mod arbitrary;
mod reference;
mod round_trip;

use super::tree::{ExprKind, ItemKind, Module, StatementKind};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

fn parse(text: &str) -> (Sources, Module, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("a.charter", text);
    let (module, diagnostics) = super::parse(&sources, file);
    (sources, module, diagnostics)
}

/// The tree of a text that is right.
fn good(text: &str) -> Module {
    let (_, module, diagnostics) = parse(text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    module
}

/// `line:column headline` of each diagnostic.
fn said(text: &str) -> Vec<String> {
    let (sources, _, diagnostics) = parse(text);
    diagnostics
        .iter()
        .map(|d| {
            let at = sources.position(d.primary.span);
            format!("{}:{} {}", at.line, at.column, d.headline)
        })
        .collect()
}

#[test]
fn a_first_charter() {
    let module = good(
        r#"
        import std.states
        atlas World { region North region South  region All = North + South }
        party Ada: State { gdp = 1_120 billion EUR }   party Bel: State
        charter Pact "The Pact" {
            parties Ada, Bel
            article 1 "Borders" {
                Ada claims World.North   Bel claims World."South" as sovereignty from 2020-01-01
                @all Ada and Bel hold World.All jointly until 2030-12-31
            }
        }
        accession Cyr to Pact { Cyr claims World.North when split = first }
        party Cyr
        open term split: one of { first, second }
        Ada accepts split != first
        "#,
    );
    assert_eq!(module.items.len(), 9);
    let ItemKind::Charter(charter) = &module.items[4].kind else { panic!() };
    assert_eq!(charter.articles[0].statements.len(), 3);
    assert!(matches!(charter.articles[0].statements[2].kind, StatementKind::Jointly { .. }));
}

#[test]
fn the_column_counts_characters() {
    let text = "party Éire: State\nparty \"🏝️ Île\": State { gdp = = }\n";
    assert_eq!(said(text), ["2:31 expected a value, found `=`"]);
}

#[test]
fn one_broken_statement_does_not_lose_the_others() {
    let text = "charter C {\n  parties A, B\n  article 1 {\n    A claims\n    B claims W.X +\n    A claims W.V\n    A clams W.Y\n  }\n  article 2 { B controls W.Z }\n}\nparty A party B";
    let (_, module, diagnostics) = parse(text);
    assert_eq!(diagnostics.len(), 3, "{diagnostics:#?}");
    let ItemKind::Charter(charter) = &module.items[0].kind else { panic!() };
    assert_eq!(charter.articles.len(), 2);
    assert_eq!(module.items.len(), 3);
}

#[test]
fn bounds_hold_without_running_out_of_stack() {
    for open in ["(", "not ", "-", "if ", "within 1 m of ", "territory of ", "[1: A | ", "x(", "polygon [", "a of "] {
        let text = format!("define x = {}", open.repeat(100_000));
        let said = said(&text);
        assert!(!said.is_empty() && said.len() < 5, "{open}: {said:?}");
    }
    let sum = format!("define x = 1{}", " + 1".repeat(100_000));
    assert_eq!(said(&sum).len(), 1);
    let braces = "{".repeat(100_000);
    assert_eq!(said(&braces).len(), 2, "{:?}", said(&braces));
}

#[test]
fn ranges_and_leases_share_a_word() {
    let module = good(
        "charter C { parties A, B article 1 { A leases 4 MHz to 8 MHz to B until 2030-01-01 A leases W.X to B } }",
    );
    let ItemKind::Charter(charter) = &module.items[0].kind else { panic!() };
    let StatementKind::Leases { region, .. } = &charter.articles[0].statements[0].kind else { panic!() };
    assert!(matches!(region.kind, ExprKind::Range(..)));
}

#[test]
fn the_standard_library_is_read_without_a_word() {
    for (path, text) in comity_stdlib::MODULES {
        let module = good(text);
        assert!(!module.doc.is_empty() && !module.items.is_empty(), "{path}");
    }
}

#[test]
fn a_literate_charter_is_read_like_a_plain_one() {
    let text = "# Pact\n\nÉire and Bel agree.\n\n```charter\nparty Éire party Bel\ncharter Pact {\n    parties Éire, Bel\n```\n\n## Article 1\n\nThe north is Éire's.\n\n```charter\n    article 1 { Éire claims W.North   Bel clams W.South }\n}\n```\n\nDone in two copies.\n";
    let mut sources = Sources::default();
    let file = sources.add("pact.charter.md", text);
    let (module, diagnostics) = super::parse(&sources, file);
    assert_eq!(module.items.len(), 3);
    assert_eq!(diagnostics.len(), 1);
    let at = sources.position(diagnostics[0].primary.span);
    assert_eq!((at.line, at.column), (16, 43), "{}", sources.slice(diagnostics[0].primary.span));
    let prose: Vec<&str> = module.prose.iter().map(|p| sources.slice(p.span)).collect();
    assert_eq!(prose, ["Done in two copies."]);
}
