//! Cases of text: each heading of a file in `suite/` is a program and its report.
//!
//! In: Markdown ([`comity_tests::cases`]); a `report` is what `--format short` prints, in
//! `words` what `--format human` does. With `COMITY_BLESS=1` the reports are
//! written anew; read the difference before you commit it. The pages of the catalogue are cases of their own: each must yield
//! its code.

use comity_core::checks::pages;
use comity_core::report::{Format, Verdict, timeline};
use comity_tests::cases::{Case, bless, blessed, cases, markdown, run};
use comity_tests::{Files, check, check_only, check_scarcely, project};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a case prints: one line a finding, and the verdict.
fn outcome(case: &Case) -> String {
    let files = case.files();
    let checked = check(&files, &files.charters());
    let mut out = checked.show(Format::Short);
    let verdict = match checked.report().verdict {
        Verdict::Consistent => "consistent",
        Verdict::Conflict => "conflict",
        Verdict::Undecided => "undecided",
        Verdict::Invalid => "invalid",
    };
    let _ = writeln!(out, "verdict: {verdict}");
    out
}

fn suite() -> PathBuf {
    project().join("tests/suite/check")
}

/// Whether a file's name has one of the parts in `COMITY_CASES`, which `|` divides; without it all are asked.
fn is_asked(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    std::env::var("COMITY_CASES").map_or(true, |parts| parts.split('|').any(|p| name.contains(p)))
}

/// Every case and every page of the catalogue, with a tenth of the default budget.
#[test]
fn a_tenth_of_the_budget_gives_the_same_reports() {
    let mut files = markdown(&suite());
    files.extend(markdown(&project().join("compiler/core/src/checks/pages")));
    for file in files {
        for case in cases(&std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n")) {
            let files = case.files();
            let roots = files.charters();
            if roots.is_empty() {
                continue;
            }
            let (whole, tenth) = (check(&files, &roots), check_scarcely(&files, &roots));
            assert_eq!(tenth.show(Format::Json), whole.show(Format::Json), "{}: {}", file.display(), case.title);
        }
    }
}

#[test]
fn every_case_gives_its_report() {
    let mut wrong = Vec::new();
    for file in markdown(&suite()).into_iter().filter(|f| is_asked(f)) {
        run(&file, &outcome, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

/// What a finding shows beside its line: the days of its situation, who may play the roles, its values, and its notes. Each file opens with
/// the code that it is about.
#[test]
fn every_timeline_is_as_written() {
    let mut wrong = Vec::new();
    for file in markdown(&project().join("tests/suite/timeline")).into_iter().filter(|f| is_asked(f)) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code: String = text.trim_start_matches("# ").chars().take_while(char::is_ascii_alphanumeric).collect();
        let shown = |case: &Case| {
            let files = case.files();
            let checked = check_only(&files, &files.charters(), &[&code]);
            let mut out = String::new();
            for f in checked.report().findings.iter().filter(|f| f.code == code) {
                let _ = writeln!(out, "[{}] {}", f.code, f.message);
                out.push_str(&timeline(&f.situation));
                f.casting.iter().for_each(|line| _ = writeln!(out, "    {line}"));
                f.values.iter().for_each(|(name, value)| _ = writeln!(out, "    {name} = {value}"));
                f.notes.iter().for_each(|note| _ = writeln!(out, "  note: {note}"));
            }
            out
        };
        run(&file, &shown, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

/// What cannot be read: exit status 2, each at its place.
#[test]
fn every_bad_input_is_refused() {
    let mut wrong = Vec::new();
    for file in markdown(&project().join("tests/suite/input")) {
        run(&file, &outcome, &mut wrong);
        let text = std::fs::read_to_string(&file).unwrap();
        for case in cases(&text) {
            let refused = case.expected().is_some_and(|b| b.text.contains("verdict: invalid"));
            assert!(refused, "{}: `{}` is read", file.display(), case.title);
        }
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

/// What cannot be read, with all that is said of it: one error for each mistake, its place, its repair.
#[test]
fn what_is_said_of_bad_input() {
    let said = |case: &Case| check(&case.files(), &case.files().charters()).show(Format::Human);
    let mut wrong = Vec::new();
    for file in markdown(&project().join("tests/suite/words")) {
        run(&file, &said, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

#[test]
fn every_file_has_a_case_that_finds_and_one_that_finds_nothing() {
    for file in markdown(&suite()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code: String = text.trim_start_matches("# ").chars().take_while(char::is_ascii_alphanumeric).collect();
        // what a file asks for itself has no page
        let known = code == "prove" || pages::page(&code).is_some();
        assert!(known, "{}: its heading opens with a code", file.display());
        let cases = cases(&text);
        let finds = |c: &Case| c.expected().is_some_and(|b| b.text.contains(&format!("[{code}]")));
        assert!(cases.iter().any(finds), "{}: no case finds {code}", file.display());
        assert!(cases.iter().any(|c| !finds(c)), "{}: every case finds {code}", file.display());
    }
}

#[test]
fn every_page_of_the_catalogue_shows_what_its_charter_gives() {
    let mut wrong = Vec::new();
    for code in pages::codes() {
        let file = project().join(format!("compiler/core/src/checks/pages/{code}.md"));
        let text = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
        let sections = cases(&text);
        let blocks = || sections.iter().flat_map(|s| &s.blocks);
        let files = Files::of(blocks().filter(|b| b.info == "charter").map(|b| ("pact.charter", b.text.as_str())));
        let found = check(&files, &files.charters()).show(Format::Short);
        if !found.contains(&format!("[{code}]")) {
            wrong.push(format!("{code}: its page's charter gives\n{found}"));
        }
        let shown = blocks().find(|b| b.info == "report");
        if shown.is_none_or(|b| b.text != found) {
            let shown = shown.map_or("nothing\n", |b| b.text.as_str());
            wrong.push(format!("{code}: its page shows\n{shown}and its charter gives\n{found}"));
        }
        if bless() {
            let answers = sections.iter().find(|s| s.title == "What the checker answers").unwrap();
            let end = text.lines().skip(answers.end).position(|l| l.starts_with("## ")).unwrap() + answers.end - 1;
            let place = shown_lines(&sections);
            std::fs::write(&file, blessed(&text, &[(place, end, found)])).unwrap();
            wrong.clear();
        }
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

fn shown_lines(sections: &[Case]) -> Option<(usize, usize)> {
    sections.iter().flat_map(|s| &s.blocks).find(|b| b.info == "report").map(|b| b.lines)
}
