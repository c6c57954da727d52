//! Cases of text: each heading of a file in `suite/` is a program and its report.
//!
//! In: Markdown. Under a heading `## …` stand blocks: `charter` (the file `pact.charter`), `charter NAME`, or a data file such
//! as `yaml peers/ada.yaml`; and `report`, what `--format short` prints of them. With `COMITY_BLESS=1` the reports are written
//! anew; read the difference before you commit it. The pages of the catalogue are cases of their own: each must yield its code.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails aloud")]

use comity_core::checks::pages;
use comity_core::report::{Format, Verdict};
use comity_tests::{Checked, Files, check, check_with, project, scarce};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// One fenced block: what follows the fence, and its text.
struct Block {
    info: String,
    text: String,
    /// the lines of the file: the opening fence and the closing one
    lines: (usize, usize),
}

/// One heading with its blocks.
struct Case {
    title: String,
    blocks: Vec<Block>,
    /// the line after the last that belongs to it
    end: usize,
}

fn cases(text: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(block), Some(_)) => {
                block.lines.1 = number;
                let block = open.take().unwrap();
                if let Some(case) = out.last_mut() {
                    case.blocks.push(block);
                    case.end = number + 1;
                }
            }
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => {
                open = Some(Block { info: info.trim().to_owned(), text: String::new(), lines: (number, number) });
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    out.push(Case { title: title.to_owned(), blocks: Vec::new(), end: number + 1 });
                }
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    out
}

impl Case {
    fn files(&self) -> Files {
        let named = |info: &str| match info.split_once(' ') {
            None if info == "charter" => Some("pact.charter".to_owned()),
            None => None,
            Some((_, path)) => Some(path.trim().to_owned()),
        };
        let files = self.blocks.iter().filter(|b| b.info != "report");
        let mut out = Files::default();
        for block in files {
            let path =
                named(&block.info).unwrap_or_else(|| panic!("{}: a block `{}` has no path", self.title, block.info));
            assert!(out.0.insert(path, block.text.clone().into_bytes()).is_none(), "{}: a path twice", self.title);
        }
        out
    }

    fn expected(&self) -> Option<&Block> {
        self.blocks.iter().find(|b| b.info == "report")
    }

    fn check(&self) -> Checked {
        let files = self.files();
        check(&files, &files.charters())
    }
}

/// What a case prints: one line a finding, and the verdict.
fn outcome(checked: &Checked) -> String {
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

fn bless() -> bool {
    std::env::var_os("COMITY_BLESS").is_some()
}

/// Where a report stands or, where there is none yet, the line before which it is to stand; and the report.
type Report = (Option<(usize, usize)>, usize, String);

/// The text with the reports of its cases in their place.
fn blessed(text: &str, reports: &[Report]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    for (place, end, report) in reports {
        let (from, to) = place.map_or((*end, *end), |(from, to)| (from, to + 1));
        out.extend(lines.iter().take(from).skip(at).map(|l| (*l).to_owned()));
        if place.is_none() {
            out.push(String::new());
        }
        out.push("```report".to_owned());
        out.extend(report.lines().map(str::to_owned));
        out.push("```".to_owned());
        at = to;
    }
    out.extend(lines.iter().skip(at).map(|l| (*l).to_owned()));
    out.join("\n") + "\n"
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    found.sort();
    found
}

/// Runs the cases of a file, or writes their reports.
fn run(file: &Path, wrong: &mut Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
    let mut reports = Vec::new();
    for case in cases(&text).iter().filter(|c| c.blocks.iter().any(|b| b.info != "report")) {
        let found = outcome(&case.check());
        match case.expected() {
            Some(block) if block.text == found => {}
            Some(block) => {
                wrong.push(format!("{}: {}\nexpected\n{}found\n{found}", file.display(), case.title, block.text));
            }
            None => wrong.push(format!("{}: {} has no report\nfound\n{found}", file.display(), case.title)),
        }
        reports.push((case.expected().map(|b| b.lines), case.end, found));
    }
    if bless() {
        std::fs::write(file, blessed(&text, &reports)).unwrap();
        wrong.clear();
    }
}

fn suite() -> PathBuf {
    project().join("tests/suite/check")
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
            let (whole, tenth) = (check(&files, &roots), check_with(&files, &roots, &scarce()));
            assert_eq!(tenth.show(Format::Json), whole.show(Format::Json), "{}: {}", file.display(), case.title);
        }
    }
}

#[test]
fn every_case_gives_its_report() {
    let mut wrong = Vec::new();
    for file in markdown(&suite()) {
        run(&file, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

/// What cannot be read: exit status 2, each at its place.
#[test]
fn every_bad_input_is_refused() {
    let mut wrong = Vec::new();
    for file in markdown(&project().join("tests/suite/input")) {
        run(&file, &mut wrong);
        let text = std::fs::read_to_string(&file).unwrap();
        for case in cases(&text) {
            let refused = case.expected().is_some_and(|b| b.text.contains("verdict: invalid"));
            assert!(refused, "{}: `{}` is read", file.display(), case.title);
        }
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

#[test]
fn every_file_has_a_case_that_finds_and_one_that_finds_nothing() {
    for file in markdown(&suite()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.trim_start_matches("# ").chars().take(3).collect::<String>();
        assert!(pages::page(&code).is_some(), "{}: its heading opens with a code", file.display());
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
