//! What can clash: claims, recognitions, lines, freezes and common ground, each as holder, right, cells and condition.
//!
//! In: a statement. Out: its assertions. A statement that a group holds ground jointly is one claim of each of its members
//! (under one label, so that towards others the group is one holder); a boundary is two, one for each side.

use crate::atlas::{AtlasId, CellSet};
use crate::logic::{Formula, Linear};
use crate::model::{KindId, PartyId, Program, Region, RightId, Statement, StatementId, StatementKind};
use crate::syntax::tree::RightMode;

/// What sort of assertion it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// a claim of its holder
    Claim,
    /// a claim of each member of a kind that is open in number
    Open {
        /// the kind
        kind: KindId,
    },
    /// somebody's word that the holder holds
    Recognition,
    /// nobody may claim
    Common,
    /// no claim may begin after a day
    Freeze {
        /// the day; `None` when the freeze has no beginning and so no later claim
        from: Option<Linear>,
    },
    /// the holder's side of a boundary, against the other party to it
    Line {
        /// the other party
        against: PartyId,
    },
}

/// One assertion.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// its label
    pub statement: StatementId,
    /// its sort
    pub what: What,
    /// who is said to hold; nobody for common or frozen ground and for unnamed members of a class
    pub holder: Option<PartyId>,
    /// whose word it is, for waivers and recognitions; nobody for lines, freezes, common ground and classes
    pub by: Option<PartyId>,
    /// what is held
    pub right: RightId,
    /// in which space
    pub atlas: AtlasId,
    /// where
    pub cells: CellSet,
    /// its share of a quota right, where it is a claim that states one
    pub share: Option<Linear>,
    /// when: over days, terms and unknowns; waivers not yet counted
    pub on: Formula,
}

/// The right that is meant where none is named.
const SOVEREIGNTY: RightId = RightId(0);

/// The assertions of a statement.
pub(super) fn of(s: &Statement) -> Vec<Assertion> {
    let make = |what: What, holder: Option<PartyId>, by: Option<PartyId>, right: RightId, region: &Region| Assertion {
        statement: s.id,
        what,
        holder,
        by,
        right,
        atlas: region.atlas,
        cells: region.cells.clone(),
        share: match &s.kind {
            StatementKind::Claim { quota, .. } => quota.as_deref().cloned(),
            _ => None,
        },
        on: s.on.clone(),
    };
    match &s.kind {
        StatementKind::Claim { party, right, region, .. } => {
            vec![make(What::Claim, Some(*party), Some(*party), *right, region)]
        }
        StatementKind::Jointly { parties, right, region } => {
            parties.iter().map(|p| make(What::Claim, Some(*p), Some(*p), *right, region)).collect()
        }
        StatementKind::OpenClaim { kind, right, region, .. } => {
            vec![make(What::Open { kind: *kind }, None, None, *right, region)]
        }
        StatementKind::Recognition { party, holder, right, region } => {
            vec![make(What::Recognition, Some(*holder), Some(*party), *right, region)]
        }
        StatementKind::Common { region } => vec![make(What::Common, None, None, SOVEREIGNTY, region)],
        StatementKind::Frozen { region, from } => {
            vec![make(What::Freeze { from: from.clone() }, None, None, SOVEREIGNTY, region)]
        }
        StatementKind::Boundary { left, right, left_side, right_side } => vec![
            make(What::Line { against: *right }, Some(*left), None, SOVEREIGNTY, left_side),
            make(What::Line { against: *left }, Some(*right), None, SOVEREIGNTY, right_side),
        ],
        StatementKind::Control { .. }
        | StatementKind::Protest { .. }
        | StatementKind::Lease { .. }
        | StatementKind::Delegation { .. }
        | StatementKind::Under { .. }
        | StatementKind::Waiver { .. }
        | StatementKind::SetAside { .. }
        | StatementKind::Requirement(_)
        | StatementKind::RequirementWaived { .. }
        | StatementKind::Acceptance { .. }
        | StatementKind::Norm
        | StatementKind::Rule
        | StatementKind::Provision => Vec::new(),
    }
}

/// Whether two assertions of different statements contradict each other where both are on and nothing is agreed.
pub(super) fn opposed(program: &Program, a: &Assertion, b: &Assertion) -> bool {
    let excluded = || program.excludes(a.right, b.right);
    let mode = |r: RightId| program.rights.get(r.0 as usize).map(|r| r.mode);
    match (&a.what, &b.what) {
        (What::Claim, What::Claim) => a.holder != b.holder && excluded(),
        (What::Open { .. }, What::Claim | What::Open { .. }) | (What::Claim, What::Open { .. }) => excluded(),
        (What::Recognition, What::Claim | What::Open { .. }) | (What::Claim | What::Open { .. }, What::Recognition) => {
            a.holder != b.holder && excluded()
        }
        (What::Recognition, What::Recognition) => a.by == b.by && a.holder != b.holder && excluded(),
        (What::Common, What::Claim | What::Open { .. }) => mode(b.right) == Some(RightMode::Exclusive),
        (What::Claim | What::Open { .. }, What::Common) => mode(a.right) == Some(RightMode::Exclusive),
        (What::Freeze { from: Some(_) }, What::Claim | What::Open { .. }) => mode(b.right) != Some(RightMode::Shared),
        (What::Claim | What::Open { .. }, What::Freeze { from: Some(_) }) => mode(a.right) != Some(RightMode::Shared),
        (What::Line { against }, What::Claim) => b.holder == Some(*against) && excluded(),
        (What::Claim, What::Line { against }) => a.holder == Some(*against) && excluded(),
        _ => false,
    }
}
