//! The document as JSON, and its schema.

use super::document::{DiagnosticEntry, Report};
use super::short::severity;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// The document, pretty, with a line end. Diagnostics that the document does not hold yet are put into it.
pub(super) fn render(report: &Report, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let text = if report.diagnostics.is_empty() && !diagnostics.is_empty() {
        let mut report = report.clone();
        report.diagnostics = diagnostics.iter().map(|d| entry(d, sources)).collect();
        serde_json::to_string_pretty(&report)
    } else {
        serde_json::to_string_pretty(report)
    };
    // a document of numbers, strings and lists with string keys always serialises
    text.map(|mut t| {
        t.push('\n');
        t
    })
    .unwrap_or_default()
}

/// A diagnostic as the document holds it.
fn entry(d: &Diagnostic, sources: &Sources) -> DiagnosticEntry {
    let at = sources.position(d.primary.span);
    DiagnosticEntry {
        code: d.code.to_owned(),
        severity: severity(d.severity).to_owned(),
        message: d.headline.clone(),
        path: sources.path(d.primary.span.file).to_owned(),
        line: at.line,
        column: at.column,
        helps: d.helps.clone(),
    }
}

impl DiagnosticEntry {
    /// A diagnostic as the document holds it.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        entry(diagnostic, sources)
    }
}

/// The JSON Schema of the document (draft 2020-12), pretty, with a line end.
#[must_use]
pub fn schema() -> String {
    schema_of::<Report>()
}

/// The JSON Schema of a document.
pub(super) fn schema_of<T: schemars::JsonSchema>() -> String {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema)
        .map(|mut t| {
            t.push('\n');
            t
        })
        .unwrap_or_default()
}
