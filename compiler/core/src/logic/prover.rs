//! The seam to a solver: what one must be able to do, and what it may answer.
//!
//! A solver is never believed: a [`Answer::Sat`] carries a model that [`Formula::eval`] has already found to satisfy every
//! formula that was enabled, and a core is a hint that [`crate::explain`] shrinks with questions of its own.

use super::formula::Formula;
use super::model::Model;

/// The name of a statement towards a solver. Labels are ordered as the statements are (semantics §26, ≺).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u32);

/// What a session answers to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No values satisfy the background, the enabled statements and what was assumed.
    Unsat {
        /// Enabled labels that suffice for it, sorted. Not minimal, and different from solver to solver: a hint.
        core: Vec<Label>,
    },
    /// These values do; re-evaluated against every formula in force.
    Sat(Model),
    /// Neither was shown.
    Unknown(Unknown),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The budget (a count of the solver's steps, never a time) ran out.
    Budget,
    /// The procedure gave up: the question is outside of what it decides.
    Incomplete,
    /// The solver contradicted the evaluator or itself, with what was seen. Never printed as a result.
    Fault(String),
}

/// One conversation with a solver: formulas are only ever added, and each question enables some of the labelled ones.
pub trait Session {
    /// Adds a formula that always holds (the background).
    fn assert(&mut self, formula: &Formula);

    /// Adds a formula that holds when its label is enabled. Several under one label hold together.
    fn assert_labelled(&mut self, label: Label, formula: &Formula);

    /// Asks about the background, the `enabled` statements and `assume`, which holds for this question only.
    /// Labels that nothing was asserted under are true.
    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Answer;
}

/// Something that opens sessions, on any thread.
pub trait Prover: Sync {
    /// A session with nothing asserted.
    fn session(&self) -> Box<dyn Session + '_>;

    /// Name and version, for the report ("Z3 4.8.12").
    fn describe(&self) -> String;
}
