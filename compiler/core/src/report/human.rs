//! The report for a person at a terminal.
//!
//! In: the document and the sources. Out: for every finding its headline, the statements of every party each in its own
//! file, on whose reading it rests, how much ground and when, and the changes that would settle it; at the end one line
//! with the verdict. Lines of prose are at most a hundred columns wide and none ends in a blank.

use super::document::{Finding, Level, Report, Standing, StatementEntry, Verdict};
use super::excerpt::{self, Mark};
use super::numbers::{area, count, grouped};
use super::wrap::{WIDTH, printable_line, visible, wrapped};
use super::{NEUTRALITY, Options, SITUATION_HEADING, situation};
use crate::atlas::join;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use std::fmt::Write as _;

/// So many statements of a finding are drawn; a conflict of words has few, one of data can have thousands.
const MOST_EXCERPTS: usize = 8;

/// So many notes of one kind, made while reading, are listed unless all are asked for.
const MOST_REMARKS: usize = 5;

/// Escape sequences, empty without colour.
pub(super) struct Paint {
    pub(super) on: bool,
}

impl Paint {
    pub(super) fn with(&self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
    fn level(&self, level: Level, text: &str) -> String {
        self.with(
            match level {
                Level::Error => "1;31",
                Level::Warning => "1;33",
                Level::Note => "1;36",
            },
            text,
        )
    }
    pub(super) fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }
}

pub(super) fn render(report: &Report, sources: &Sources, diagnostics: &[Diagnostic], options: &Options) -> String {
    let mut out = String::new();
    let paint = Paint { on: options.color };
    if regional(report) && !(options.quiet && report.verdict == Verdict::Consistent) {
        wrapped(&mut out, "", 0, NEUTRALITY);
        out.push('\n');
    }
    if !options.quiet && !report.notes.is_empty() {
        for note in &report.notes {
            wrapped(&mut out, "note: ", 6, &printable_lines(note));
        }
        out.push('\n');
    }
    for d in diagnostics.iter().filter(|d| d.severity != Severity::Note) {
        if !options.quiet || d.severity == Severity::Error {
            diagnostic(&mut out, d, sources, options);
            out.push('\n');
        }
    }
    if !options.quiet {
        remarks(&mut out, diagnostics, sources, options);
    }
    for f in &report.findings {
        if !options.quiet || f.level == Level::Error {
            finding(&mut out, f, sources, options, &paint);
            out.push('\n');
        }
    }
    if !options.quiet {
        points(&mut out, report);
        undecided(&mut out, report, &paint);
        not_asked(&mut out, report, options, &paint);
        if options.verbose {
            proved(&mut out, report, &paint);
        }
    }
    if let Some(b) = &report.baseline {
        let text = format!(
            "left out: {}; gone since: {}",
            count(b.known, "finding", "findings"),
            count(b.gone.len(), "finding", "findings")
        );
        wrapped(&mut out, "baseline: ", 2, &text);
    }
    summary(&mut out, report, &paint);
    out
}

/// Whether the report is about regions, so that it must open with the sentence on names and lines.
fn regional(report: &Report) -> bool {
    !report.at.is_empty()
        || report.findings.iter().any(|f| {
            !f.regions.is_empty()
                || f.area_km2.is_some()
                || f.point.is_some()
                || f.cells.is_some()
                || f.extent.is_some()
        })
}

/// One diagnostic: headline, excerpts, notes, helps.
pub(super) fn diagnostic(out: &mut String, d: &Diagnostic, sources: &Sources, options: &Options) {
    let paint = Paint { on: options.color };
    let (word, level) = match d.severity {
        Severity::Error => ("error", Level::Error),
        Severity::Warning => ("warning", Level::Warning),
        Severity::Note => ("note", Level::Note),
    };
    let head = format!("{}{}", paint.level(level, &format!("{word}[{}]", d.code)), paint.bold(": "));
    wrapped(out, &head, 2, &printable_line(&d.headline));
    let marks: Vec<Mark> = std::iter::once((&d.primary, true))
        .chain(d.secondary.iter().map(|l| (l, false)))
        .map(|(l, primary)| Mark { span: l.span, text: l.text.clone(), primary })
        .collect();
    excerpt::draw(out, &marks, sources, options.color, &options.path_prefix);
    for note in &d.notes {
        wrapped(out, "  note: ", 8, &printable_lines(note));
    }
    for help in &d.helps {
        wrapped(out, "  help: ", 8, &printable_lines(help));
    }
}

/// Notes made while reading, a line each without an excerpt: a file of claims may need hundreds of repairs, and each names its
/// feature and place. Without `-v` only the first of each kind are listed.
fn remarks(out: &mut String, diagnostics: &[Diagnostic], sources: &Sources, options: &Options) {
    let paint = Paint { on: options.color };
    let mut kinds: Vec<(&str, Vec<&Diagnostic>)> = Vec::new();
    for d in diagnostics.iter().filter(|d| d.severity == Severity::Note) {
        match kinds.iter_mut().find(|(code, _)| *code == d.code) {
            Some((_, list)) => list.push(d),
            None => kinds.push((d.code, vec![d])),
        }
    }
    for (code, list) in &kinds {
        let most = if options.verbose { list.len() } else { MOST_REMARKS };
        for d in list.iter().take(most) {
            let at = sources.position(d.primary.span);
            let place =
                format!("{}{}:{}:{}", options.path_prefix, sources.path(d.primary.span.file), at.line, at.column);
            let head = format!("{}: ", paint.level(Level::Note, &format!("note[{code}]")));
            wrapped(out, &head, 2, &printable_line(&format!("{} ({place})", d.headline)));
            for note in d.notes.iter().chain(&d.helps) {
                wrapped(out, "  ", 2, &printable_lines(note));
            }
        }
        if list.len() > most {
            wrapped(out, "  ", 2, &format!("and {} more of this kind; `-v` lists them all", list.len() - most));
        }
    }
    if !kinds.is_empty() {
        out.push('\n');
    }
}

fn printable_lines(text: &str) -> String {
    text.lines().map(printable_line).collect::<Vec<_>>().join("\n")
}

fn finding(out: &mut String, f: &Finding, sources: &Sources, options: &Options, paint: &Paint) {
    let word = match f.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let head = format!("{} ", paint.level(f.level, &format!("{word}[{}]", f.code)));
    let said = f.message.starts_with(&f.title);
    let text = if said { f.message.clone() } else { format!("{}: {}", f.title, f.message) };
    wrapped(out, &head, 2, &printable_line(&text));
    let timeline = !f.situation.is_empty();
    if f.hypothetical && !timeline {
        wrapped(out, "  ", 2, &format!("({SITUATION_HEADING})"));
    }
    let (drawn, listed): (Vec<&StatementEntry>, Vec<&StatementEntry>) =
        f.statements.iter().partition(|s| s.span.is_some_and(|span| sources.get(span.file).is_some()));
    let asked = f.asked.iter().filter_map(|a| Some((a.span?, "asked for here".to_owned())));
    let stated = drawn.iter().filter_map(|s| Some((s.span?, caption(s))));
    let primary = f.level == Level::Error;
    let marks: Vec<Mark> = asked.chain(stated).map(|(span, text)| Mark { span, text, primary }).collect();
    let shown = marks.get(..MOST_EXCERPTS).unwrap_or(&marks);
    excerpt::draw(out, shown, sources, options.color, &options.path_prefix);
    if shown.len() < marks.len() {
        let more = count(marks.len() - shown.len(), "more statement", "more statements");
        wrapped(out, "  ", 4, &format!("and {more}; `--format json` lists them all"));
    }
    for s in listed {
        wrapped(
            out,
            "  ",
            4,
            &printable_line(&format!("{}{}:{}:{} {}", options.path_prefix, s.path, s.line, s.column, caption(s))),
        );
    }
    if timeline {
        situation::draw(out, f);
    }
    facts(out, f);
    table(out, f);
    ways_out(out, f);
    for note in &f.notes {
        wrapped(out, "  note: ", 8, &printable_lines(note));
    }
    if !f.also.is_empty() {
        wrapped(out, "  also: ", 8, &f.also.join(", "));
    }
}

/// What stands at a statement: its citation and what it does here.
fn caption(s: &StatementEntry) -> String {
    let role = if s.role.is_empty() { &s.text } else { &s.role };
    // the text itself stands right above
    if role.is_empty() || (*role == s.text && s.span.is_some()) { s.id.clone() } else { format!("{}: {role}", s.id) }
}

/// One fact a line, the names of the facts in a column of their own.
fn fact(out: &mut String, name: &str, text: &str) {
    wrapped(out, &format!("  {name:<10} "), 13, &printable_line(text));
}

fn facts(out: &mut String, f: &Finding) {
    if let Some(charter) = &f.charter {
        fact(out, "charter", charter);
    }
    if !f.regions.is_empty() {
        fact(out, "regions", &f.regions.join(", "));
    }
    let mut ground = Vec::new();
    if let Some(km2) = f.area_km2 {
        ground.push(area(km2));
    }
    ground.extend(f.extent.clone());
    if let Some(n) = f.cells {
        ground.push(count(n, "cell", "cells"));
    }
    if let Some(n) = f.components {
        ground.push(count(n, "piece", "pieces"));
    }
    if let Some(m) = f.width_m {
        ground.push(format!("at most {} m wide", grouped(m)));
    }
    if !ground.is_empty() {
        let name = if f.area_km2.is_some() {
            "area"
        } else if f.extent.is_some() {
            "extent"
        } else {
            "ground"
        };
        fact(out, name, &ground.join(", "));
    }
    if !f.during.is_empty() {
        let spans: Vec<String> = f.during.iter().map(|(a, b)| during(a.as_deref(), b.as_deref())).collect();
        fact(out, "dates", &spans.join("; "));
    }
    if let Some([lon, lat]) = f.point {
        fact(out, "point", &format!("{lon}, {lat} (longitude, latitude)"));
    }
    for (i, r) in f.reading.iter().enumerate() {
        let mut parts =
            vec![r.source.as_ref().map_or("no source named".to_owned(), |s| format!("\u{201c}{s}\u{201d}"))];
        parts.extend(r.as_of.as_ref().map(|d| format!("as of {d}")));
        parts.extend(r.extent.as_ref().map(|e| format!("extent {e}")));
        parts.extend(r.licence.as_ref().map(|l| format!("licence {l}")));
        parts.push(match r.standing {
            Standing::Stated => "stated".to_owned(),
            Standing::Supposed => "*supposed* (written by another hand)".to_owned(),
        });
        fact(out, if i == 0 { "reading" } else { "" }, &format!("{}: {}", r.party, parts.join(", ")));
    }
    if !f.depends_on.is_empty() {
        fact(out, "depends on", &f.depends_on.join(", "));
    }
    if !f.values.is_empty() {
        let values: Vec<String> = f.values.iter().map(|(k, v)| format!("{k} = {v}")).collect();
        fact(out, "values", &values.join(", "));
    }
}

/// From, until: both days included.
fn during(from: Option<&str>, until: Option<&str>) -> String {
    match (from, until) {
        (None, None) => "always".to_owned(),
        (Some(a), None) => format!("from {a} on"),
        (None, Some(b)) => format!("until {b}"),
        (Some(a), Some(b)) if a == b => format!("on {a}"),
        (Some(a), Some(b)) => format!("{a} to {b}"),
    }
}

/// A table in columns as wide as their widest entry.
fn table(out: &mut String, f: &Finding) {
    let mut columns: Vec<&str> = Vec::new();
    for key in f.table.iter().flat_map(|row| row.keys()) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    if columns.is_empty() {
        return;
    }
    let cell = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(s)) => printable_line(s),
        Some(serde_json::Value::Array(a)) => {
            a.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), printable_line)).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    };
    let mut rows = vec![columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()];
    rows.extend(f.table.iter().map(|row| columns.iter().map(|c| cell(row.get(*c))).collect()));
    let mut widths = vec![0; columns.len()];
    for row in &rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(visible(text));
        }
    }
    if widths.iter().map(|w| w + 2).sum::<usize>() + 2 > WIDTH {
        // too wide for columns: a row is a paragraph, with its empty fields left out
        for row in rows.iter().skip(1) {
            let fields = columns.iter().zip(row).filter(|(_, text)| !text.is_empty());
            let fields: Vec<String> = fields.map(|(name, text)| format!("{name}: {text}")).collect();
            wrapped(out, "    ", 6, &fields.join("; "));
        }
        return;
    }
    for row in &rows {
        let mut line = String::from("  ");
        for (width, text) in widths.iter().zip(row) {
            let _ = write!(line, "  {text}{}", " ".repeat(width.saturating_sub(visible(text))));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn ways_out(out: &mut String, f: &Finding) {
    if f.ways_out.is_empty() {
        return;
    }
    out.push_str("  changes that would settle it\n");
    for (i, way) in f.ways_out.iter().enumerate() {
        let mut tail = format!("cost {}", way.cost);
        // a change may name its ground with the area
        if let Some(km2) = way.area_km2.filter(|_| !way.changes.iter().any(|c| c.contains("km²"))) {
            let _ = write!(tail, ", {}", area(km2));
        }
        let first = format!("  {:>3}. ", i + 1);
        let who = if way.by.is_empty() { "the charter".to_owned() } else { join(&way.by) };
        let changes = way.changes.join("; ");
        // a change may say itself who makes it
        let text = if changes.starts_with(&who) {
            format!("{changes} ({tail})")
        } else {
            format!("{who}: {changes} ({tail})")
        };
        wrapped(out, &first, 7, &printable_line(&text));
    }
}

fn points(out: &mut String, report: &Report) {
    for p in &report.at {
        let [lon, lat] = p.point;
        let who = if p.claimants.is_empty() { "no one in these files".to_owned() } else { p.claimants.join(", ") };
        let edge = if p.on_boundary_of.is_empty() {
            String::new()
        } else {
            format!(" (on the boundary of {})", p.on_boundary_of.join(", "))
        };
        wrapped(out, "", 2, &printable_line(&format!("{lon}, {lat}: claimed by {who}{edge}")));
    }
    if !report.at.is_empty() {
        out.push('\n');
    }
}

fn undecided(out: &mut String, report: &Report, paint: &Paint) {
    for u in &report.undecided {
        let head = format!("{} ", paint.with("1;35", &format!("undecided[{}]", u.code)));
        wrapped(out, &head, 2, &printable_line(&format!("{} (reached: {})", u.question, u.reached)));
        out.push('\n');
    }
}

fn not_asked(out: &mut String, report: &Report, options: &Options, paint: &Paint) {
    if report.not_asked.is_empty() {
        return;
    }
    if options.verbose {
        for n in &report.not_asked {
            wrapped(
                out,
                &format!("{} ", paint.bold(&format!("not asked[{}]", n.code))),
                2,
                &printable_line(&n.because),
            );
        }
    } else {
        let codes: Vec<&str> = report.not_asked.iter().map(|n| n.code.as_str()).collect();
        wrapped(out, "not asked: ", 2, &format!("{} (`-v` says why)", codes.join(", ")));
    }
    out.push('\n');
}

fn proved(out: &mut String, report: &Report, paint: &Paint) {
    for p in &report.proved {
        let head = format!("{} ", paint.with("1;32", &format!("proved[{}]", p.code)));
        wrapped(out, &head, 2, &printable_line(&p.question));
        if !p.core.is_empty() {
            fact(out, "rests on", &p.core.join(", "));
        }
        if !p.witness.is_empty() {
            if p.hypothetical {
                wrapped(out, "  ", 2, &format!("({SITUATION_HEADING})"));
            }
            let values: Vec<String> = p.witness.iter().map(|(k, v)| format!("{k} = {v}")).collect();
            fact(out, "witness", &values.join(", "));
        }
    }
    if !report.proved.is_empty() {
        out.push('\n');
    }
}

fn summary(out: &mut String, report: &Report, paint: &Paint) {
    let level = |level| report.findings.iter().filter(|f| f.level == level).count();
    let (errors, warnings, notes) = (level(Level::Error), level(Level::Warning), level(Level::Note));
    let verdict = match report.verdict {
        Verdict::Consistent => paint.with("1;32", "consistent as written here"),
        Verdict::Conflict => paint.with("1;31", "not consistent as written here"),
        // most of what is undecided has another reason, which it states
        Verdict::Undecided if report.undecided.iter().any(|u| u.reached.contains("raise the budget")) => {
            paint.with("1;35", "undecided within the budget")
        }
        Verdict::Undecided => paint.with("1;35", "undecided"),
        Verdict::Invalid => paint.with("1;31", "the input cannot be read as it is, so there is no verdict"),
    };
    let mut parts = Vec::new();
    if report.verdict == Verdict::Invalid {
        let n = report.diagnostics.iter().filter(|d| d.severity == "error").count();
        if n > 0 {
            parts.push(count(n, "error", "errors"));
        }
    } else {
        let found = [(errors, "error", "errors"), (warnings, "warning", "warnings"), (notes, "note", "notes")];
        let found: Vec<String> = found.iter().filter(|f| f.0 > 0).map(|&(n, one, many)| count(n, one, many)).collect();
        parts.push(if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") });
        if !report.proved.is_empty() {
            parts.push(format!("{} proved", report.proved.len()));
        }
        if !report.undecided.is_empty() {
            parts.push(format!("{} undecided", report.undecided.len()));
        }
        if !report.not_asked.is_empty() {
            parts.push(format!("{} not asked", report.not_asked.len()));
        }
        let c = &report.counts;
        let mut of = vec![
            count(c.statements, "statement", "statements"),
            format!("of {}", count(c.parties, "party", "parties")),
        ];
        if c.charters > 0 {
            of.push(format!("in {}", count(c.charters, "charter", "charters")));
        }
        parts.push(of.join(" "));
    }
    let status = match report.verdict {
        Verdict::Consistent => 0,
        Verdict::Conflict => 1,
        Verdict::Invalid => 2,
        Verdict::Undecided => 3,
    };
    wrapped(out, &format!("{verdict}: "), 2, &format!("{} (exit status {status})", parts.join("; ")));
}
