//! Texts of `suite/syntax`: what is right is printed back, what is not is said in plain words.
//!
//! `good` files are read without a word, printed, and read back the same. `bad` files show every diagnostic with its place,
//! labels, notes and helps. `later` files use constructs of rings 2 and 3: one message each, and all around them is read.
#![expect(clippy::expect_used, reason = "a test fails aloud")]

use comity_core::diagnostic::{Diagnostic, Label, Severity};
use comity_core::source::Sources;
use comity_core::syntax;
use std::fmt::Write as _;
use std::path::Path;

fn load(path: &Path) -> (Sources, comity_core::syntax::tree::Module, Vec<Diagnostic>) {
    let bytes = std::fs::read(path).expect("a file of the suite");
    let name = path.file_name().and_then(|n| n.to_str()).expect("a file name");
    let mut sources = Sources::default();
    let file = syntax::add(&mut sources, name, &bytes).expect("a text");
    let (module, diagnostics) = syntax::parse(&sources, file);
    (sources, module, diagnostics)
}

fn place(sources: &Sources, label: &Label) -> String {
    let at = sources.position(label.span);
    let shown: String = sources.slice(label.span).chars().take(60).collect();
    format!("{}:{} `{}` {}", at.line, at.column, shown.replace('\n', "⏎"), label.text)
}

/// Diagnostics as plain text.
fn plain(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let severity = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let _ = writeln!(out, "{severity}[{}]: {}", d.code, d.headline);
        for label in std::iter::once(&d.primary).chain(&d.secondary) {
            let _ = writeln!(out, "    {}", place(sources, label));
        }
        for note in &d.notes {
            let _ = writeln!(out, "    note: {note}");
        }
        for help in &d.helps {
            let _ = writeln!(out, "    help: {help}");
        }
    }
    out
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../suite/syntax/snapshots");
    settings
}

#[test]
fn good_texts_print_back() {
    settings().bind(|| {
        insta::glob!("../suite/syntax/good", "*.*", |path| {
            let (sources, module, diagnostics) = load(path);
            assert!(diagnostics.is_empty(), "{}", plain(&sources, &diagnostics));
            let mut printed = syntax::print(&module);
            let mut again = Sources::default();
            let file = again.add("again.charter", printed.as_str());
            let (back, diagnostics) = syntax::parse(&again, file);
            assert!(diagnostics.is_empty(), "{}", plain(&again, &diagnostics));
            assert_eq!(syntax::print(&back), printed);
            assert_eq!(comity_grammar::check(&printed), Ok(()), "the grammar of {}", path.display());
            for prose in &module.prose {
                let heading = prose.heading.as_deref().unwrap_or("");
                let _ = writeln!(printed, "not formalised, under {heading}: {}", sources.slice(prose.span));
            }
            insta::assert_snapshot!("good", printed);
        });
    });
}

#[test]
fn bad_texts_are_said_in_plain_words() {
    settings().bind(|| {
        insta::glob!("../suite/syntax/bad", "*.*", |path| {
            let (sources, _, diagnostics) = load(path);
            assert!(!diagnostics.is_empty());
            insta::assert_snapshot!("bad", plain(&sources, &diagnostics));
        });
    });
}

#[test]
fn later_rings_are_named_and_stepped_over() {
    settings().bind(|| {
        insta::glob!("../suite/syntax/later", "*.*", |path| {
            let (sources, module, diagnostics) = load(path);
            assert!(diagnostics.iter().all(|d| d.code == "later-ring"), "{}", plain(&sources, &diagnostics));
            let headlines: Vec<String> = diagnostics
                .iter()
                .map(|d| format!("{} {}", sources.position(d.primary.span).line, d.headline))
                .collect();
            let read = syntax::print(&module);
            insta::assert_snapshot!("later", format!("{}\n\nread all the same:\n\n{read}", headlines.join("\n")));
        });
    });
}

/// Every charter of the examples: it is read without a word, and prints as a text that reads back the same.
#[test]
fn examples_print_back() {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")];
    let mut seen = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of examples") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".charter") || name.ends_with(".charter.md") {
                let (sources, module, diagnostics) = load(&path);
                assert!(diagnostics.is_empty(), "{}: {}", path.display(), plain(&sources, &diagnostics));
                let printed = syntax::print(&module);
                let mut again = Sources::default();
                let file = again.add("again.charter", printed.as_str());
                let (back, diagnostics) = syntax::parse(&again, file);
                assert!(diagnostics.is_empty(), "{}: {}", path.display(), plain(&again, &diagnostics));
                assert_eq!(syntax::print(&back), printed, "{}", path.display());
                assert_eq!(comity_grammar::check(&printed), Ok(()), "the grammar of {}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no example was found");
}
