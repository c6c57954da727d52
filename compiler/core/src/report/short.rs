//! One line a finding, for editors and grep: `path:line:column: error[B01] message`.

use super::Options;
use super::document::{Finding, Level, Report, Verdict};
use super::wrap::printable_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine;
use crate::source::Sources;
use std::fmt::Write as _;

pub(super) fn render(report: &Report, sources: &Sources, diagnostics: &[Diagnostic], options: &Options) -> String {
    let mut out = String::new();
    for d in diagnostics {
        if options.quiet && d.severity != Severity::Error {
            continue;
        }
        let at = sources.position(d.primary.span);
        let severity = severity(d.severity);
        let path = sources.path(d.primary.span.file);
        line(&mut out, options, path, Some((at.line, at.column)), &format!("{severity}[{}] {}", d.code, d.headline));
    }
    for f in &report.findings {
        if options.quiet && f.level != Level::Error {
            continue;
        }
        let message = format!("{}[{}] {}", level(f.level), f.code, f.message);
        let (path, at) = place(f);
        line(&mut out, options, path, at, &message);
    }
    for p in &report.at {
        let _ = writeln!(out, "{},{}: {}", p.point[0], p.point[1], printable_line(&p.claimants.join(", ")));
    }
    for u in &report.undecided {
        let path = report.inputs.first().map_or("", |i| i.path.as_str());
        line(&mut out, options, path, None, &format!("undecided[{}] {} (reached: {})", u.code, u.question, u.reached));
    }
    if out.is_empty() && report.verdict == Verdict::Consistent && !options.quiet {
        out.push_str("consistent as written here\n");
    }
    out
}

/// What was asked for, or the first statement; a finding about no single statement stands at no place.
fn place(f: &Finding) -> (&str, Option<(usize, usize)>) {
    if let Some(asked) = &f.asked {
        return (asked.path.as_str(), Some((asked.line, asked.column)));
    }
    f.statements.first().map_or(("", None), |s| (s.path.as_str(), Some((s.line, s.column))))
}

fn line(out: &mut String, options: &Options, path: &str, at: Option<(usize, usize)>, message: &str) {
    if !path.is_empty() {
        let prefix = if engine::is_embedded(path) { "" } else { &options.path_prefix };
        let _ = write!(out, "{prefix}{}:", printable_line(path));
        if let Some((line, column)) = at {
            let _ = write!(out, "{line}:{column}:");
        }
        out.push(' ');
    }
    out.push_str(printable_line(message).trim_end());
    out.push('\n');
}

/// The word for a severity.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}
