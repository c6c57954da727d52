//! What came of `comity test` as JUnit reads it: a suite for each file, a case for each scenario.
//!
//! In: a [`TrialReport`]. Out: XML. A case that failed has one `failure`, one that is undecided one `error`, with what was expected
//! and found and the scenario's days; one that expects nothing is `skipped`. No times: the same text gives the same bytes.

use super::situation;
use super::wrap::printable_line;
use crate::trial::document::{Outcome, ScenarioEntry, TrialReport};
use indexmap::IndexMap;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::fmt::Write as _;

/// The document as XML, with a line end.
pub(super) fn render(report: &TrialReport) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // a list of bytes takes everything
    let written = document(&mut writer, report);
    let mut out = String::from_utf8(writer.into_inner()).unwrap_or_default();
    debug_assert!(written.is_ok(), "{written:?}");
    out.push('\n');
    out
}

fn document(writer: &mut Writer<Vec<u8>>, report: &TrialReport) -> std::io::Result<()> {
    let mut files: IndexMap<&str, Vec<&ScenarioEntry>> = IndexMap::new();
    for s in &report.scenarios {
        files.entry(&s.path).or_default().push(s);
    }
    let invalid = report.verdict == Outcome::Invalid;
    let errors = report.counts.undecided + usize::from(invalid);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = writer
        .create_element("testsuites")
        .with_attribute(("name", "comity test"))
        .with_attribute(("tests", (report.counts.scenarios + usize::from(invalid)).to_string().as_str()))
        .with_attribute(("failures", report.counts.failed.to_string().as_str()))
        .with_attribute(("errors", errors.to_string().as_str()));
    if files.is_empty() && !invalid {
        all.write_empty()?;
        return Ok(());
    }
    all.write_inner_content(|writer| {
        if invalid {
            unreadable(writer, report)?;
        }
        for (path, scenarios) in &files {
            suite(writer, path, scenarios)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Input that cannot be read: one case with an error, so that whoever reads the file sees it.
fn unreadable(writer: &mut Writer<Vec<u8>>, report: &TrialReport) -> std::io::Result<()> {
    let said: Vec<String> = report
        .diagnostics
        .iter()
        .filter(|d| d.severity == "error")
        .map(|d| format!("{}:{}:{}: {}", d.path, d.line, d.column, d.message))
        .collect();
    writer
        .create_element("testsuite")
        .with_attribute(("name", "reading"))
        .with_attribute(("tests", "1"))
        .with_attribute(("failures", "0"))
        .with_attribute(("errors", "1"))
        .write_inner_content(|writer| {
            writer
                .create_element("testcase")
                .with_attribute(("name", "the charters can be read"))
                .write_inner_content(|writer| {
                    problem(writer, "error", "invalid", said.first().map_or("", String::as_str), &said.join("\n"))
                })?;
            Ok(())
        })?;
    Ok(())
}

fn suite(writer: &mut Writer<Vec<u8>>, path: &str, scenarios: &[&ScenarioEntry]) -> std::io::Result<()> {
    let with = |outcome: Outcome| scenarios.iter().filter(|s| s.outcome == outcome).count().to_string();
    let mut element = writer
        .create_element("testsuite")
        .with_attribute(("name", clean(path).as_str()))
        .with_attribute(("tests", scenarios.len().to_string().as_str()))
        .with_attribute(("failures", with(Outcome::Failed).as_str()))
        .with_attribute(("errors", with(Outcome::Undecided).as_str()));
    if scenarios.iter().any(|s| s.outcome == Outcome::Empty) {
        element = element.with_attribute(("skipped", with(Outcome::Empty).as_str()));
    }
    element.write_inner_content(|writer| scenarios.iter().try_for_each(|s| case(writer, s)))?;
    Ok(())
}

fn case(writer: &mut Writer<Vec<u8>>, s: &ScenarioEntry) -> std::io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", clean(&s.charter).as_str()))
        .with_attribute(("name", clean(&s.title).as_str()))
        .with_attribute(("file", clean(&s.path).as_str()))
        .with_attribute(("line", s.line.to_string().as_str()));
    if s.outcome == Outcome::Empty {
        element.write_inner_content(|writer| {
            writer.create_element("skipped").with_attribute(("message", super::trial::NOTHING)).write_empty()?;
            Ok(())
        })?;
        return Ok(());
    }
    let Some(first) = s.expectations.iter().find(|e| e.outcome == s.outcome && e.outcome != Outcome::Passed) else {
        element.write_empty()?;
        return Ok(());
    };
    let message = format!("expected {}; found {}", first.text, first.found.join("; "));
    let mut body = String::new();
    for e in s.expectations.iter().filter(|e| e.outcome != Outcome::Passed) {
        let _ = writeln!(body, "{}:{}:{}: {}: expected {}", s.path, e.line, e.column, e.outcome.word(), e.text);
        for line in &e.found {
            let _ = writeln!(body, "  found {line}");
        }
    }
    situation::lines(&mut body, &s.situation);
    let kind = if s.outcome == Outcome::Failed { "failure" } else { "error" };
    element.write_inner_content(|writer| problem(writer, kind, s.outcome.word(), &message, &body))?;
    Ok(())
}

fn problem(writer: &mut Writer<Vec<u8>>, element: &str, kind: &str, message: &str, body: &str) -> std::io::Result<()> {
    let body = body.lines().map(clean).collect::<Vec<_>>().join("\n");
    writer
        .create_element(element)
        .with_attribute(("type", kind))
        .with_attribute(("message", clean(message).as_str()))
        .write_text_content(BytesText::new(&body))?;
    Ok(())
}

/// One line without what XML 1.0 has no place for.
fn clean(text: &str) -> String {
    printable_line(text).chars().map(|c| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c }).collect()
}
