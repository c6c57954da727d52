//! What came of running scenarios, as a document: what `comity test --format json` prints and every other rendering shows.
//!
//! In: [`super::run`] fills it. Out: a serialisable [`TrialReport`]. Fields that do not apply are left out, the order is
//! that of the files, there is no time and no path of the machine in it.

use crate::diagnostic::Diagnostic;
use crate::report::document::{DiagnosticEntry, Input, SituationEntry};
use crate::source::{Sources, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// Everything that `comity test` found out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TrialReport {
    /// the version of this format
    pub schema: u32,
    /// the version of the program
    pub comity: String,
    /// in this order of precedence: invalid, failed, undecided, passed
    pub verdict: Outcome,
    /// what was read, by path
    pub inputs: Vec<Input>,
    /// the scenarios, by file and place
    pub scenarios: Vec<ScenarioEntry>,
    /// which norms the scenarios tried, by charter
    pub coverage: Vec<Coverage>,
    /// how much there was
    pub counts: Counts,
    /// why the input could not be read
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticEntry>,
}

/// How something came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// nothing is expected, so nothing could come out
    Empty,
    /// all as expected
    Passed,
    /// what nobody states decides
    Undecided,
    /// something is not as expected
    Failed,
    /// the input could not be read
    Invalid,
}

impl Outcome {
    /// As it is printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Passed => "passed",
            Self::Undecided => "undecided",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
        }
    }
}

/// A scenario that was run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ScenarioEntry {
    /// its title
    pub title: String,
    /// for which charter
    pub charter: String,
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// the worst of its expectations; `empty` without any
    pub outcome: Outcome,
    /// the last day that it speaks of: it is run up to there
    pub last_day: i64,
    /// what it expects, in order
    pub expectations: Vec<ExpectationEntry>,
    /// what happened, what fell due and what was broken, by day
    pub situation: Vec<SituationEntry>,
    /// so many duties more fell due that concern nobody of whom something is expected
    #[serde(skip_serializing_if = "is_none")]
    pub more_duties: usize,
}

/// An expectation and what was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ExpectationEntry {
    /// as it stands in the file, without `expect`
    pub text: String,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// how it came out
    pub outcome: Outcome,
    /// what was found in place of it; what it rests on where it is undecided
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// the statements that were found
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// where it stands, for renderings
    #[serde(skip)]
    pub span: Option<Span>,
}

/// Which norms of a charter were tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coverage {
    /// the charter, or the contract
    pub charter: String,
    /// how many scenarios are for it
    pub scenarios: usize,
    /// how many norms it has that bind
    pub norms: usize,
    /// how many of them were at work in some scenario
    pub norms_at_work: usize,
    /// how many articles have norms that bind
    pub articles: usize,
    /// how many of them have one that was at work
    pub articles_at_work: usize,
    /// the norms that were at work in no scenario
    pub never: Vec<Never>,
}

/// A norm that no scenario tried.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Never {
    /// its address
    pub statement: String,
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// as it stands in the file
    pub text: String,
    /// `never due`, or for a prohibition or a permission `no act falls under it`
    pub why: String,
}

/// How much there was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// scenarios
    pub scenarios: usize,
    /// of which all expectations were met
    pub passed: usize,
    /// of which one was not
    pub failed: usize,
    /// of which none failed and one was undecided
    pub undecided: usize,
    /// of which nothing is expected
    #[serde(skip_serializing_if = "is_none")]
    pub empty: usize,
    /// all expectations
    pub expectations: usize,
}

impl TrialReport {
    /// Nothing was run yet.
    #[must_use]
    pub fn new(verdict: Outcome) -> Self {
        Self {
            schema: 1,
            comity: env!("CARGO_PKG_VERSION").to_owned(),
            verdict,
            inputs: Vec::new(),
            scenarios: Vec::new(),
            coverage: Vec::new(),
            counts: Counts::default(),
            diagnostics: Vec::new(),
        }
    }

    /// An input that could not be read.
    #[must_use]
    pub fn invalid(diagnostics: &[Diagnostic], sources: &Sources) -> Self {
        let mut out = Self::new(Outcome::Invalid);
        out.inputs = crate::engine::inputs(sources);
        out.diagnostics = diagnostics.iter().map(|d| DiagnosticEntry::of(d, sources)).collect();
        out
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_none(n: &usize) -> bool {
    *n == 0
}
