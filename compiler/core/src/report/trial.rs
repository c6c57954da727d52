//! What came of `comity test`, drawn: for a person, and a line each.
//!
//! In: a [`TrialReport`]. Out: text. What passed takes a line; what did not is shown at the line of the expectation, with what was
//! found and the scenario's days. At the end: which norms no scenario tried, and one line with the verdict.

use super::excerpt::{self, Mark};
use super::human::Paint;
use super::numbers::count;
use super::situation;
use super::wrap::{printable_line, wrapped};
use super::{Options, junit};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine;
use crate::source::Sources;
use crate::trial::document::{Coverage, ExpectationEntry, Outcome, ScenarioEntry, TrialReport};
use std::fmt::Write as _;

/// So many norms that no scenario tried are listed for a charter unless all are asked for.
const MOST_NEVER: usize = 12;

/// Of a scenario without an expectation. It is no failure: it may be there for `comity due`, or to be looked at with `-v`.
pub(super) const NOTHING: &str = "it expects nothing, and so tests nothing; write `expect …`";

/// The formats of `comity test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrialFormat {
    /// for a person at a terminal
    Human,
    /// one line a scenario that passed, one line an expectation that did not
    Short,
    /// the document
    Json,
    /// for continuous integration
    Junit,
}

impl TrialFormat {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Human, Self::Short, Self::Json, Self::Junit];

    /// As it is written after `--format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::Junit => "junit",
        }
    }
}

/// Draws what came of a test. Ends with a line end.
#[must_use]
pub fn render(
    format: TrialFormat,
    report: &TrialReport,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    options: &Options,
) -> String {
    match format {
        TrialFormat::Human => human(report, sources, diagnostics, options),
        TrialFormat::Short => short(report, sources, diagnostics, options),
        TrialFormat::Json => {
            let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
            text.push('\n');
            text
        }
        TrialFormat::Junit => junit::render(report),
    }
}

/// The JSON Schema of the document (draft 2020-12), pretty, with a line end.
#[must_use]
pub fn schema() -> String {
    super::json::schema_of::<TrialReport>()
}

fn human(report: &TrialReport, sources: &Sources, diagnostics: &[Diagnostic], options: &Options) -> String {
    let mut out = String::new();
    let paint = Paint { on: options.color };
    // remarks on the reading are what `comity check` shows
    for d in diagnostics.iter().filter(|d| d.severity == Severity::Error || options.verbose) {
        super::human::diagnostic(&mut out, d, sources, options);
        out.push('\n');
    }
    let passed = |s: &&ScenarioEntry| s.outcome == Outcome::Passed;
    if !options.quiet && report.scenarios.iter().any(|s| passed(&s)) {
        for s in report.scenarios.iter().filter(passed) {
            let head = format!("{} ", word(&paint, s.outcome));
            let expected = count(s.expectations.len(), "expectation", "expectations");
            let text = format!("\"{}\" for {}: {expected} ({})", s.title, s.charter, place(options, s, s.line));
            wrapped(&mut out, &head, 2, &printable_line(&text));
            if options.verbose {
                timeline(&mut out, s);
            }
        }
        out.push('\n');
    }
    let empty = |s: &&ScenarioEntry| s.outcome == Outcome::Empty;
    for s in report.scenarios.iter().filter(empty) {
        let text = format!("\"{}\" for {}: {NOTHING} ({})", s.title, s.charter, place(options, s, s.line));
        wrapped(&mut out, &format!("{} ", word(&paint, s.outcome)), 2, &printable_line(&text));
        if options.verbose {
            timeline(&mut out, s);
        }
    }
    if report.scenarios.iter().any(|s| empty(&s)) {
        out.push('\n');
    }
    for s in report.scenarios.iter().filter(|s| !passed(s) && !empty(s)) {
        scenario(&mut out, s, sources, options, &paint);
        out.push('\n');
    }
    if !options.quiet && !report.scenarios.is_empty() && !report.coverage.is_empty() {
        coverage(&mut out, &report.coverage, options, &paint);
        out.push('\n');
    }
    summary(&mut out, report, &paint);
    out
}

fn word(paint: &Paint, outcome: Outcome) -> String {
    let code = match outcome {
        Outcome::Passed => "32",
        Outcome::Empty => "1;33",
        Outcome::Undecided => "1;35",
        Outcome::Failed | Outcome::Invalid => "1;31",
    };
    paint.with(code, outcome.word())
}

/// The file and a line of it, from where the reader stands.
fn place(options: &Options, s: &ScenarioEntry, line: usize) -> String {
    let prefix = if engine::is_embedded(&s.path) { "" } else { &options.path_prefix };
    format!("{prefix}{}:{line}", s.path)
}

fn scenario(out: &mut String, s: &ScenarioEntry, sources: &Sources, options: &Options, paint: &Paint) {
    let not = s.expectations.iter().filter(|e| e.outcome != Outcome::Passed).count();
    let head = format!("{} ", word(paint, s.outcome));
    let of = count(s.expectations.len(), "expectation", "expectations");
    let text = format!("\"{}\" for {}: {not} of {of}", s.title, s.charter);
    wrapped(out, &head, 2, &printable_line(&text));
    for e in s.expectations.iter().filter(|e| e.outcome != Outcome::Passed) {
        let mark = Mark {
            span: match e.span {
                Some(span) => span,
                None => continue,
            },
            text: label(e).to_owned(),
            primary: e.outcome == Outcome::Failed,
        };
        excerpt::draw(out, &[mark], sources, options.color, &options.path_prefix);
        fact(out, "expected", &e.text);
        for (i, line) in e.found.iter().enumerate() {
            fact(out, if i == 0 { "found" } else { "" }, line);
        }
    }
    timeline(out, s);
}

const fn label(e: &ExpectationEntry) -> &'static str {
    match e.outcome {
        Outcome::Undecided => "cannot be told",
        _ => "is not so",
    }
}

fn fact(out: &mut String, name: &str, text: &str) {
    wrapped(out, &format!("  {name:<10} "), 13, &printable_line(text));
}

fn timeline(out: &mut String, s: &ScenarioEntry) {
    if s.situation.is_empty() {
        wrapped(out, "  ", 4, "nothing happens in it and nothing falls due");
        return;
    }
    wrapped(out, "  ", 4, &format!("up to day {}:", s.last_day));
    situation::lines(out, &s.situation);
    if s.more_duties > 0 {
        let more = count(s.more_duties, "more duty falls", "more duties fall");
        wrapped(out, "    ", 6, &format!("and {more} due on others"));
    }
}

fn coverage(out: &mut String, coverage: &[Coverage], options: &Options, paint: &Paint) {
    out.push_str(&paint.bold("coverage"));
    out.push('\n');
    for c in coverage {
        if c.scenarios == 0 {
            let norms = count(c.norms, "norm", "norms");
            wrapped(out, "  ", 4, &printable_line(&format!("{}: no scenario is for it ({norms})", c.charter)));
            continue;
        }
        let text = format!(
            "{}: {} of {} at work in {}, {} of {}",
            c.charter,
            c.norms_at_work,
            count(c.norms, "norm", "norms"),
            count(c.scenarios, "scenario", "scenarios"),
            c.articles_at_work,
            count(c.articles, "article", "articles")
        );
        wrapped(out, "  ", 4, &printable_line(&text));
        let most = if options.verbose { c.never.len() } else { MOST_NEVER };
        for n in c.never.iter().take(most) {
            wrapped(out, "    ", 6, &printable_line(&format!("{}: {} `{}`", n.why, n.statement, n.text)));
        }
        if c.never.len() > most {
            wrapped(out, "    ", 6, &format!("and {} more; `-v` lists them all", c.never.len() - most));
        }
    }
}

fn summary(out: &mut String, report: &TrialReport, paint: &Paint) {
    let c = &report.counts;
    let status = match report.verdict {
        Outcome::Empty | Outcome::Passed => 0,
        Outcome::Failed => 1,
        Outcome::Invalid => 2,
        Outcome::Undecided => 3,
    };
    let text = match report.verdict {
        Outcome::Invalid => "the input cannot be read".to_owned(),
        _ if c.scenarios == 0 => "no scenario; write one: `scenario \"…\" for C { day 0 … expect … }`".to_owned(),
        _ => {
            let mut parts = Vec::new();
            for (n, word) in
                [(c.passed, "passed"), (c.failed, "failed"), (c.undecided, "undecided"), (c.empty, "empty")]
            {
                if n > 0 {
                    parts.push(format!("{n} {word}"));
                }
            }
            format!(
                "{}: {}; {}",
                count(c.scenarios, "scenario", "scenarios"),
                parts.join(", "),
                count(c.expectations, "expectation", "expectations")
            )
        }
    };
    wrapped(out, "", 2, &format!("{} (exit status {status})", paint.bold(&text)));
}

fn short(report: &TrialReport, sources: &Sources, diagnostics: &[Diagnostic], options: &Options) -> String {
    let mut out = String::new();
    for d in diagnostics.iter().filter(|d| d.severity == Severity::Error) {
        let at = sources.position(d.primary.span);
        let path = sources.path(d.primary.span.file);
        let _ = writeln!(
            out,
            "{}{}:{}:{}: {}[{}] {}",
            options.path_prefix,
            printable_line(path),
            at.line,
            at.column,
            super::short::severity(d.severity),
            d.code,
            printable_line(&d.headline)
        );
    }
    for s in &report.scenarios {
        if s.outcome == Outcome::Passed {
            if !options.quiet {
                let expected = count(s.expectations.len(), "expectation", "expectations");
                let line = format!("passed: {} ({expected})", s.title);
                let _ = writeln!(out, "{}:{}: {}", place(options, s, s.line), s.column, printable_line(&line));
            }
            continue;
        }
        if s.outcome == Outcome::Empty {
            let line = format!("empty: {} ({NOTHING})", s.title);
            let _ = writeln!(out, "{}:{}: {}", place(options, s, s.line), s.column, printable_line(&line));
        }
        for e in s.expectations.iter().filter(|e| e.outcome != Outcome::Passed) {
            let line = format!("{}: expected {}; found {}", e.outcome.word(), e.text, e.found.join("; "));
            let _ = writeln!(out, "{}:{}: {}", place(options, s, e.line), e.column, printable_line(&line));
        }
    }
    if !options.quiet {
        for c in report.coverage.iter().filter(|c| c.scenarios > 0) {
            for n in &c.never {
                let prefix = if engine::is_embedded(&n.path) { "" } else { &options.path_prefix };
                let line = format!("{}: {} `{}`", n.why, n.statement, n.text);
                let _ = writeln!(out, "{prefix}{}:{}: {}", printable_line(&n.path), n.line, printable_line(&line));
            }
        }
    }
    if out.is_empty() && report.scenarios.is_empty() {
        out.push_str("no scenario\n");
    }
    out
}
