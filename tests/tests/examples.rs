//! Every folder of `examples/` gives the report that stands in it as `report.txt`, one with scenarios passes them as `test.txt`
//! says, and where it has a table `events.csv` of what has happened, what is then due stands in `due.txt`.
//!
//! With `COMITY_BLESS=1` the reports are written anew; read the difference before you commit it.
#![expect(clippy::unwrap_used, reason = "a test fails aloud")]

use comity_core::agenda::read::{Asked, due};
use comity_core::report::agenda::{AgendaFormat, render};
use comity_core::report::trial::TrialFormat;
use comity_core::report::{Format, Options, Verdict};
use comity_core::source::Sources;
use comity_tests::{Files, check, check_scarcely, project, same_as, trial};
use std::path::PathBuf;

fn folders() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(project().join("examples"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    found.sort();
    found
}

#[test]
fn every_example_gives_its_report() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let files = Files::below(&folder).unwrap();
        let checked = check(&files, &files.charters());
        if checked.report().verdict == Verdict::Invalid {
            wrong.push(format!("{}: cannot be read\n{}", folder.display(), checked.show(Format::Human)));
            continue;
        }
        if let Err(difference) = same_as(&folder.join("report.txt"), &checked.show(Format::Human)) {
            wrong.push(difference);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_tenth_of_the_budget_on_three_threads_gives_the_same_reports() {
    for folder in folders() {
        let files = Files::below(&folder).unwrap();
        let found = check_scarcely(&files, &files.charters()).show(Format::Human);
        let expected = std::fs::read_to_string(folder.join("report.txt")).unwrap().replace("\r\n", "\n");
        assert_eq!(found, expected, "{}", folder.display());
    }
}

#[test]
fn every_example_with_scenarios_passes_them() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let files = Files::below(&folder).unwrap();
        let said = trial(&files, &files.charters(), TrialFormat::Human);
        if said.starts_with("no scenario") {
            assert!(!folder.join("test.txt").exists(), "{} has no scenario", folder.display());
            continue;
        }
        if !said.contains("passed") || said.contains("failed") || said.contains("undecided") {
            wrong.push(format!("{}: not all scenarios pass\n{said}", folder.display()));
        }
        if let Err(difference) = same_as(&folder.join("test.txt"), &said) {
            wrong.push(difference);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_example_with_events_says_what_is_due() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for folder in folders().iter().filter(|f| f.join("events.csv").exists()) {
        let files = Files::below(folder).unwrap();
        let asked = Asked { roots: files.charters(), events: "events.csv".to_owned(), ..Asked::default() };
        let mut sources = Sources::default();
        let said = match due(&files, &asked, &mut sources) {
            Ok(agenda) => render(AgendaFormat::Human, &agenda, &Options::default()),
            Err(why) => format!("{why:?}"),
        };
        if let Err(difference) = same_as(&folder.join("due.txt"), &said) {
            wrong.push(difference);
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count >= 4, "{count} examples have events");
}

#[test]
fn every_example_says_what_it_is() {
    for folder in folders() {
        let readme = std::fs::read_to_string(folder.join("README.md"));
        assert!(readme.is_ok_and(|t| t.len() > 80), "{} has no README.md that says what it shows", folder.display());
    }
}

#[test]
fn the_order_of_files_changes_no_byte() {
    for folder in folders() {
        let files = Files::below(&folder).unwrap();
        let mut roots = files.charters();
        let forward = check(&files, &roots).show(Format::Json);
        roots.reverse();
        roots.push(roots.first().cloned().unwrap_or_else(|| panic!("{} has no charter", folder.display())));
        assert_eq!(forward, check(&files, &roots).show(Format::Json), "{}", folder.display());
    }
}
