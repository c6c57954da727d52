//! The two questions of semantics §7, asked once for each view and read by several checks.
//!
//! In: a view (a charter's members, perhaps one candidate). Out: [`Study`]: the minimal sets of assertions that clash under
//! some settlement, each with its ground, days and exact condition on terms; and whether some settlement that all accept
//! leaves no clash, with the settlement, or else every minimal set of assertions and acceptances that leaves none.
//! Whatever a solver answered is replayed by [`crate::evaluate`] before it stands here; what the two disagree on is an open
//! question with a fault.

mod clashes;
mod settle;

pub(super) use settle::stands;

use super::{Context, Interval, View};
use crate::atlas::{AtlasId, CellSet};
use crate::logic::{Formula, Model};
use crate::model::{Statement, StatementId, StatementKind};
use num_rational::BigRational;

/// What sort of contradiction a clash is; it decides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// claims (and lines, freezes, common ground) alone: B01
    Claims,
    /// a recognition is in it: B02
    Recognition,
    /// shares above the whole: B03
    Shares,
}

impl Sort {
    /// The code of its findings.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Claims => "B01",
            Self::Recognition => "B02",
            Self::Shares => "B03",
        }
    }
}

/// A set of assertions that clash under some settlement, and of which no part does.
#[derive(Debug, Clone)]
pub struct Clash {
    /// the statements, sorted
    pub members: Vec<StatementId>,
    /// of what sort
    pub sort: Sort,
    /// in which space
    pub atlas: AtlasId,
    /// where some settlement, day and value of the unknowns brings a clash
    pub cells: CellSet,
    /// when: over days, terms and unknowns
    pub condition: Formula,
    /// κ: the settlements under which it bites
    pub kappa: Formula,
    /// whether it bites under every settlement
    pub standing: bool,
    /// the days on which it can bite
    pub during: Vec<Interval>,
    /// values under which it bites on some of the cells; the evaluator agreed
    pub values: Model,
}

/// Why a clash does not count.
#[derive(Debug, Clone, PartialEq)]
pub enum Narrow {
    /// all of it is narrower than the atlas's tolerance, metres (B06)
    BelowTolerance(BigRational),
    /// all of it is narrower than the accuracies of its sources together, metres (B08)
    BelowAccuracy(BigRational),
}

/// Whether the acceptances can all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// they can
    Possible,
    /// they cannot: every minimal set, smallest first; whether these are all
    None(Vec<Vec<StatementId>>, bool),
    /// not known
    Open(String),
}

/// The answer to "is there a settlement that all accept and that leaves no clash?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// this one; the evaluator agreed
    Settled(Model),
    /// none, because of these
    Conflicts {
        /// every minimal set of assertions and acceptances, smallest first
        sets: Vec<Vec<StatementId>>,
        /// no set of at most this many statements is missing
        complete_to: usize,
        /// whether larger ones may be
        lower_bound: bool,
    },
    /// not known
    Open(String),
}

/// What is known of one view.
#[derive(Debug)]
pub struct Study<'a> {
    /// whose statements
    pub view: View,
    /// the statements of the view
    pub statements: Vec<&'a Statement>,
    /// the minimal sets that clash, smallest first, then by statements
    pub clashes: Vec<Clash>,
    /// sets that contain a smaller one that clashes, but also clash under settlements under which that one does not
    pub wider: Vec<Clash>,
    /// clashes on ground too narrow to count
    pub narrow: Vec<(Clash, Narrow)>,
    /// the acceptances of the view
    pub acceptances: Vec<(StatementId, Formula)>,
    /// whether they can all hold
    pub agreement: Agreement,
    /// the second question
    pub outcome: Outcome,
    /// what stayed open on the way: the statements, and how far it came
    pub open: Vec<(Vec<StatementId>, String)>,
}

impl<'a> Study<'a> {
    /// Asks both questions.
    pub(super) fn new(cx: &mut Context<'a>, view: View) -> Self {
        let statements = cx.statements(view);
        let mut study = Self {
            view,
            acceptances: statements
                .iter()
                .filter_map(|s| match &s.kind {
                    StatementKind::Acceptance { condition, .. } => Some((s.id, Formula::implies(&s.on, condition))),
                    _ => None,
                })
                .collect(),
            statements,
            clashes: Vec::new(),
            wider: Vec::new(),
            narrow: Vec::new(),
            agreement: Agreement::Possible,
            outcome: Outcome::Open(String::new()),
            open: Vec::new(),
        };
        clashes::find(cx, &mut study);
        settle::agreement(cx, &mut study);
        settle::outcome(cx, &mut study);
        study
    }

    /// The clash of exactly these statements.
    #[must_use]
    pub fn clash(&self, members: &[StatementId]) -> Option<&Clash> {
        self.clashes.iter().find(|c| c.members == members)
    }

    /// The clashes among these statements.
    pub fn among<'s>(&'s self, members: &'s [StatementId]) -> impl Iterator<Item = &'s Clash> {
        self.clashes.iter().chain(&self.wider).filter(|c| c.members.iter().all(|m| members.binary_search(m).is_ok()))
    }

    /// The minimal sets without a settlement; none where there is one or where it is not known.
    #[must_use]
    pub fn conflicts(&self) -> &[Vec<StatementId>] {
        match &self.outcome {
            Outcome::Conflicts { sets, .. } => sets,
            Outcome::Settled(_) | Outcome::Open(_) => &[],
        }
    }
}
