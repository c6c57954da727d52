//! `comity test` on text: each heading of a file in `suite/test/` is a program with scenarios and what came of them.
//!
//! In: Markdown ([`comity_tests::cases`]); a `report` is what the format prints that the file is named after (`human.md`). With
//! `COMITY_BLESS=1` the reports are written anew; read the difference before you commit it.

use comity_core::report::trial::TrialFormat;
use comity_tests::cases::{Case, cases, markdown, run};
use comity_tests::{project, trial};
use std::path::Path;

fn format(file: &Path) -> TrialFormat {
    let name = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let named = TrialFormat::ALL.into_iter().find(|f| name.ends_with(f.name()));
    named.unwrap_or(TrialFormat::Human)
}

#[test]
fn every_case_gives_its_report() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in markdown(&project().join("tests/suite/test")) {
        let format = format(&file);
        let outcome = |case: &Case| {
            let files = case.files();
            trial(&files, &files.charters(), format)
        };
        run(&file, &outcome, &mut wrong);
        count += 1;
    }
    assert!(count >= 4, "{count} files of cases");
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

/// Each clause of the library is adopted by three in `check/std-clauses.md`, and at work in `test/std-*.md`: in a scenario in
/// which it answers, and in one in which it ends or is not set off; all of them pass.
#[test]
fn every_clause_of_the_library_is_at_work() {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let adopted = read(&project().join("tests/suite/check/std-clauses.md"));
    let mut clauses = 0;
    for entry in std::fs::read_dir(project().join("stdlib/std")).unwrap() {
        let file = entry.unwrap().path();
        let module = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = read(&file);
        let names: Vec<&str> = text
            .lines()
            .filter_map(|l| l.strip_prefix("model clause "))
            .map(|l| l.split(|c: char| !c.is_alphanumeric()).next().unwrap())
            .collect();
        if names.is_empty() {
            continue;
        }
        clauses += names.len();
        for clause in text.split("\n\n").filter(|t| t.contains("model clause ")) {
            let said: Vec<&str> = clause.lines().take_while(|l| l.starts_with("///")).collect();
            let source = said.join(" ").split_once('(').is_some_and(|(_, s)| s.contains(|c: char| c.is_ascii_digit()));
            assert!(source, "std.{module}: no source stands above\n{clause}");
        }
        let scenarios = read(&project().join(format!("tests/suite/test/std-{module}.short.md")));
        let all = cases(&scenarios);
        for name in names {
            let adopts = [format!("adopts std.{module}.{name}\n"), format!("adopts std.{module}.{name}(")];
            let here = |text: &str| adopts.iter().any(|a| text.contains(a.as_str()));
            assert!(here(&adopted), "nobody adopts std.{module}.{name} in check/std-clauses.md");
            let with: Vec<&Case> = all.iter().filter(|c| c.blocks.iter().any(|b| here(&b.text))).collect();
            let count: usize = with.iter().map(|c| c.blocks[0].text.matches("\nscenario ").count()).sum();
            assert!(count >= 2, "std.{module}.{name} has {count} scenarios");
        }
        for case in &all {
            let report = case.expected().map_or("", |b| b.text.as_str());
            let told = report.matches(": passed: ").count();
            assert_eq!(told, case.blocks[0].text.matches("\nscenario ").count(), "std.{module}: {}", case.title);
        }
    }
    assert!(clauses >= 20, "{clauses} clauses");
}
