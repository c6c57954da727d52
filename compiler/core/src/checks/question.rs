//! A question to the prover, and its answer as a check reads it.

use crate::logic::{Formula, Model};
use crate::model::{CharterId, StatementId};

/// Are these values possible? The ranges of all terms and unknowns are assumed without saying so.
#[derive(Debug, Clone)]
pub struct Question {
    /// in words, as the report prints it: `no two parties' claims clash under any settlement`
    pub words: String,
    /// which charter it is about
    pub charter: Option<CharterId>,
    /// what is assumed, by the statement that says it: a proof names those that it rests on
    pub assumptions: Vec<(StatementId, Formula)>,
    /// what is to be possible besides
    pub goal: Formula,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// these values make it so; every formula was evaluated on them
    Possible(Model),
    /// nothing does, because of these statements alone (minimal, preferred by ≺)
    Impossible(Vec<StatementId>),
    /// neither was shown; how far it came and how to go on
    Undecided(String),
}
