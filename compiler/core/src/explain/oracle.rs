//! The one question that explanations are built on: can these statements all hold?
//!
//! In: labels. Out: yes, no, or unknown. [`SessionOracle`](super::SessionOracle) asks a solver; tests ask a table. What an
//! explanation does depends on yes and no alone: neither a model nor a core decides or saves a question.

use crate::logic::{Label, Unknown};

/// The answer to "can these all hold?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tri {
    /// They can.
    Yes,
    /// They cannot.
    No,
    /// Not known.
    Unknown(Unknown),
}

/// No explanation can be given, because a question on the way stayed open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided(pub Unknown);

/// What the caller of an explanation knows about the statements without asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Sets of which it is certain that they cannot all hold. Together with `parts` they account for every conflict.
    pub stated: Vec<Vec<Label>>,
    /// Groups such that a minimal conflict is one of `stated` or lies within one group.
    pub parts: Vec<Vec<Label>>,
}

/// Something that knows which statements can all hold. Monotone: whatever contains a set that cannot, cannot.
pub trait Oracle {
    /// Whether these can all hold, together with the background.
    fn consistent(&mut self, labels: &[Label]) -> Tri;

    /// Like [`Oracle::consistent`], but leaving the conflicts aside that [`Oracle::structure`] lists as stated.
    fn consistent_beyond(&mut self, labels: &[Label]) -> Tri {
        self.consistent(labels)
    }

    /// What can be seen without asking. One group of everything is always right.
    fn structure(&mut self, labels: &[Label]) -> Structure {
        Structure { stated: Vec::new(), parts: vec![labels.to_vec()] }
    }
}
