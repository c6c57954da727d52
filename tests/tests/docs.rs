//! The book under `docs/` agrees with the code: the catalogue is what `comity explain` prints, the paths it names are there,
//! and its charters can be read.
//!
//! With `COMITY_BLESS=1` the catalogue is written anew.
#![expect(clippy::unwrap_used, reason = "a test fails aloud")]

use comity_core::checks::pages;
use comity_core::report::{Format, Verdict};
use comity_tests::{Files, check, project, same_as};
use std::fmt::Write as _;
use std::path::PathBuf;

const HEAD: &str = "# Checks

What Comity looks for, one page a code. `comity explain CODE` prints the same pages; `--level CODE=deny|warn|allow` says how
a code counts. Each page's charter is a test: checked, it yields the page's code. This file is put together from
`compiler/core/src/checks/pages/` by a test.
";

#[test]
fn the_catalogue_is_what_explain_prints() {
    let mut text = HEAD.to_owned();
    text.push('\n');
    for code in pages::codes() {
        let title = pages::title(code).unwrap();
        writeln!(text, "* [{code}](#{}): {title}", anchor(&format!("{code}: {title}"))).unwrap();
    }
    for code in pages::codes() {
        let page = pages::page(code).unwrap();
        text.push('\n');
        for line in page.trim_end().lines() {
            // one level deeper, as all pages stand under one title
            text.push_str(if line.starts_with('#') { "#" } else { "" });
            text.push_str(line);
            text.push('\n');
        }
    }
    same_as(&project().join("docs/checks.md"), &text).unwrap();
}

/// The name that Markdown readers give a heading: lower case, blanks to hyphens, signs left out.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' => Some(c),
            _ => None,
        })
        .collect()
}

#[test]
fn every_path_that_a_page_names_exists() {
    let mut missing = Vec::new();
    let mut seen = 0;
    for name in ["docs/architecture.md", "docs/semantics.md", "docs/README.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(project().join(name)).unwrap();
        for word in text.split('`').skip(1).step_by(2) {
            // a path has a slash and neither blanks nor placeholders
            let is_path = word.contains('/') && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            if !is_path {
                continue;
            }
            seen += 1;
            let there = ["", "compiler/core/src", "docs"].iter().any(|base| project().join(base).join(word).exists());
            if !there {
                missing.push(format!("{name}: `{word}`"));
            }
        }
    }
    assert!(seen > 10, "only {seen} paths were looked at");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_charter_in_the_book_can_be_read() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in texts() {
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, charter) in pages::charters(&text).iter().enumerate() {
            seen += 1;
            let files = Files::of([("book.charter", charter.as_str())]);
            let checked = check(&files, &files.charters());
            if checked.report().verdict == Verdict::Invalid {
                wrong.push(format!("{}, charter {}\n{}", file.display(), number + 1, checked.show(Format::Human)));
            }
        }
    }
    assert!(seen > 15, "only {seen} charters were looked at");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The README and every page of the book.
fn texts() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(project().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    found.push(project().join("README.md"));
    found.sort();
    found
}
