//! A diagnostic as data: made once where something is found, drawn in [`crate::report`].
//!
//! In: nothing. Out: [`Diagnostic`], for what makes an input unreadable (exit status 2) or is worth a word while reading.
//! Findings of checks are not diagnostics: they are [`crate::report::Finding`].
//!
//! How to write one: the headline is one line in lower case without a full stop and can stand alone; the user's own words
//! stand in backticks; "expected … found …"; a help is an imperative with the corrected text. Never the name of a grammar
//! rule, a Rust type or a solver symbol.

use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// the input cannot be read as it is: no verdict
    Error,
    /// something the writer most likely did not mean
    Warning,
    /// a fact about the input, such as a repair that was made
    Note,
}

/// A place and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// the place
    pub span: Span,
    /// a few words
    pub text: String,
}

/// One message about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// a stable kebab-case name, such as `unknown-party`
    pub code: &'static str,
    /// how bad it is
    pub severity: Severity,
    /// one line that can stand alone
    pub headline: String,
    /// the place it is about
    pub primary: Label,
    /// other places that explain it
    pub secondary: Vec<Label>,
    /// facts that help to understand
    pub notes: Vec<String>,
    /// what to do: imperatives, with the corrected text
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: &'static str, span: Span, headline: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            headline: headline.into(),
            primary: Label { span, text: label.into() },
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }
}
