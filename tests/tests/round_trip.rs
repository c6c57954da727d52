//! Tree → text → tree, over every charter that the project has: examples, the standard library, the suite, the catalogue.
//!
//! Each text that is read without a mistake is printed from its tree, read again, and must give the same tree, spans aside.
#![expect(clippy::expect_used, reason = "a test fails aloud")]

use comity_core::diagnostic::Severity;
use comity_core::source::Sources;
use comity_core::syntax;
use comity_tests::project;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Without the places in the text.
fn blotted(value: Value) -> Value {
    match value {
        Value::Object(fields) if ["file", "start", "end"].iter().all(|k| fields.contains_key(*k)) => Value::Null,
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(k, v)| (k, blotted(v))).collect()),
        Value::Array(parts) => Value::Array(parts.into_iter().map(blotted).collect()),
        other => other,
    }
}

/// What the tree of a text says and how it is printed, if the text has no mistake.
fn read(name: &str, text: &str) -> Result<(Value, String), String> {
    let mut sources = Sources::default();
    let file = syntax::add(&mut sources, name, text.as_bytes()).map_err(|d| d.headline)?;
    let (module, found) = syntax::parse(&sources, file);
    if let Some(d) = found.iter().find(|d| d.severity == Severity::Error) {
        return Err(format!("{} at {}", d.headline, sources.position(d.primary.span).line));
    }
    let items = serde_json::to_value((&module.doc, &module.items)).map_err(|e| e.to_string())?;
    Ok((blotted(items), syntax::print(&module)))
}

/// The first place at which two values differ.
fn difference(a: &Value, b: &Value) -> String {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().zip(y.values()).find(|((_, v), w)| v != w).map(|((k, v), w)| format!(".{k}{}", difference(v, w)))
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            let mut pairs = x.iter().zip(y).enumerate();
            pairs.find(|(_, (v, w))| v != w).map(|(i, (v, w))| format!("[{i}]{}", difference(v, w)))
        }
        _ => Some(format!(": {a} became {b}")),
    }
    .unwrap_or_default()
}

/// A text without a mistake; what is wrong with its round trip.
fn check(name: &str, text: &str) -> Option<String> {
    let (tree, printed) = read(name, text).ok()?;
    match read("printed.charter", &printed) {
        Err(why) => Some(format!("{name} prints as what cannot be read: {why}\n{printed}")),
        Ok((back, _)) if back != tree => Some(format!("{name}: {}\n{printed}", difference(&tree, &back))),
        Ok((_, again)) if again != printed => Some(format!("{name} is printed in two ways\n{printed}\n{again}")),
        Ok(_) => None,
    }
}

fn below(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if ends.iter().any(|e| name.ends_with(e)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text of the project").replace("\r\n", "\n")
}

/// The charters among the fenced blocks of a Markdown file, each with its line.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut open: Option<(usize, bool, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => out.extend(open.take().filter(|b| b.1).map(|b| (b.0, b.2))),
            (Some((_, _, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, Some(info)) => open = Some((number + 1, info.starts_with("charter"), String::new())),
            (None, None) => {}
        }
    }
    out
}

#[test]
fn whole_charters_come_back() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in ["examples", "stdlib/std", "tests/suite/syntax/good"] {
        for path in below(&project().join(folder), &[".charter", ".charter.md"]) {
            let (name, text) = (path.to_string_lossy(), text_of(&path));
            match read(&name, &text) {
                Ok(_) => wrong.extend(check(&name, &text)),
                Err(why) => wrong.push(format!("{name}: {why}")),
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} charters");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Cases of the suite and pages of the catalogue; those that show a mistake of spelling have no tree to compare.
#[test]
fn charters_in_cases_come_back() {
    let mut wrong = Vec::new();
    let (mut seen, mut whole) = (0, 0);
    for folder in ["tests/suite", "compiler/core/src/checks/pages", "docs"] {
        for path in below(&project().join(folder), &[".md"]) {
            if path.to_string_lossy().ends_with(".charter.md") {
                continue;
            }
            for (line, text) in blocks(&text_of(&path)) {
                let name = format!("{}:{line}.charter", path.display());
                whole += usize::from(read(&name, &text).is_ok());
                wrong.extend(check(&name, &text));
                seen += 1;
            }
        }
    }
    assert!(whole * 2 > seen && seen > 50, "{whole} of {seen} blocks are read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The comparison sees what the printer would lose.
#[test]
fn a_lost_word_is_a_difference() {
    let with = read("a.charter", "kind State\nparty A: State\nparty B: State\n").expect("a charter");
    let without = read("a.charter", "kind State\nparty A: State\n").expect("a charter");
    assert_ne!(with.0, without.0);
    let moved = read("a.charter", "\n\nkind State\n  party A : State\n").expect("a charter");
    assert_eq!(moved.0, without.0);
}
