//! What people and programs see.
//!
//! In: a [`document::Report`], the [`Sources`] its spans point into, and diagnostics. Out: text in one of several formats
//! ([`Format`]), made by [`render`]. Drawing libraries stay inside here. Nothing is decided here: a renderer adds no
//! finding, drops none and reorders none.

pub mod agenda;
mod cells;
pub mod codes;
pub mod cover;
pub mod document;
mod excerpt;
pub mod explore;
mod fingerprint;
mod human;
mod ics;
mod json;
mod junit;
mod neutral;
mod numbers;
pub mod policy;
mod short;
mod situation;
#[cfg(test)]
mod tests;
pub mod trial;
mod wrap;

pub use document::{Finding, Level, Report, Verdict};
pub use fingerprint::fingerprint;
pub use json::schema;
pub use neutral::{NEUTRALITY, SITUATION_HEADING};
pub use numbers::{area as area_in_words, round_to, to_four_digits, to_six};
pub(crate) use wrap::printable_line;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// The entries of a situation as the human format draws them, a line or more each.
#[must_use]
pub fn timeline(entries: &[document::SituationEntry]) -> String {
    let mut out = String::new();
    situation::lines(&mut out, entries);
    out
}

/// What a verb gives back: the document, and the diagnostics that were made on the way (drawn beside it).
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// the document
    pub report: Report,
    /// in the order in which they are to be shown
    pub diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// An input that could not be read: no verdict but `invalid`.
    #[must_use]
    pub fn invalid(diagnostics: Vec<Diagnostic>) -> Self {
        Self { report: Report::new(Verdict::Invalid), diagnostics }
    }
}

/// The formats that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// for a person at a terminal: excerpts, readings, changes that would settle it
    Human,
    /// one line a finding: `path:line:column: error[B01] message`
    Short,
    /// the document
    Json,
    /// the cells as RFC 7946 features
    Geojson,
    /// the cells as rows
    Csv,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 5] = [Self::Human, Self::Short, Self::Json, Self::Geojson, Self::Csv];

    /// As it is written after `--format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::Geojson => "geojson",
            Self::Csv => "csv",
        }
    }
}

/// How to draw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// escape sequences for colour
    pub color: bool,
    /// also list what was proved, and on what it rests
    pub verbose: bool,
    /// findings at error level only, and the summary
    pub quiet: bool,
    /// put before every path in `human` and `short`, so that a path can be opened from where the reader stands
    pub path_prefix: String,
}

/// Draws a report. Ends with a line end unless it is empty.
#[must_use]
pub fn render(
    format: Format,
    report: &Report,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    options: &Options,
) -> String {
    match format {
        Format::Human => human::render(report, sources, diagnostics, options),
        Format::Short => short::render(report, sources, diagnostics, options),
        Format::Json => json::render(report, sources, diagnostics),
        Format::Geojson => cells::geojson(report),
        Format::Csv => cells::csv(report),
    }
}

/// Draws diagnostics alone, as `--format human` does.
#[must_use]
pub fn render_diagnostics(diagnostics: &[Diagnostic], sources: &Sources, options: &Options) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        human::diagnostic(&mut out, diagnostic, sources, options);
        out.push('\n');
    }
    out
}
