//! Flows that are essential, and what acts cut of them.
//!
//! In: declarations (`flow food at least 60%`), what actions say of themselves (`cuts food by 40%`), what rules spare (`exempt
//! food`). Out: what [`crate::encode`], [`crate::evaluate`] and the check of the protected flow (S17) read. A flow is a share of
//! its usual size: nobody's amounts are known. An act cuts of what its actor supplies to its target, on the days on which it
//! is in effect.

use super::StatementId;
use super::conduct::{Action, Quantity, Sort};
use crate::logic::Linear;
use crate::source::Span;

/// A flow, by its place in [`super::conduct::Conduct::flows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u32);

/// A flow that is essential.
#[derive(Debug, Clone)]
pub struct Flow {
    /// its name
    pub name: String,
    /// its floor, as a share of its usual size
    pub floor: Linear,
    /// the attribute that says what share of any other's flow a party supplies
    pub supplied: Option<String>,
    /// where it is declared
    pub span: Span,
}

/// What an act cuts.
#[derive(Debug, Clone)]
pub struct Cut {
    /// of which flow
    pub flow: FlowId,
    /// which share of what its actor supplies to its target: over [`Quantity::Argument`]s and [`Quantity::Fixed`] alone
    pub share: Quantity,
}

/// A flow that the measures of a rule leave alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spared {
    /// which
    pub flow: FlowId,
    /// the statement that says it
    pub statement: StatementId,
}

impl Action {
    /// Which parameter is the one whose flow it cuts: the first party behind the actor.
    #[must_use]
    pub fn target(&self) -> Option<usize> {
        let party = |s: &Sort| matches!(s, Sort::Party(_));
        self.parameters.iter().enumerate().skip(1).find(|(_, p)| party(&p.sort)).map(|(i, _)| i)
    }

    /// What it cuts of a flow.
    #[must_use]
    pub fn cut(&self, flow: FlowId) -> Option<&Cut> {
        self.cuts.iter().find(|c| c.flow == flow)
    }
}
