//! The checks of norms: N01–N06 and that no article is empty.
//!
//! In: a charter's norms, as [`Norms`] keeps them for all of these checks. Out: findings and proofs. Each check is a file;
//! [`ask`] puts their questions, [`simplest`] finds the situation that is printed.

pub(super) mod applies;
pub(crate) mod ask;
mod at_will;
pub(super) mod bare;
mod company;
pub(super) mod conclude;
mod copies;
pub(crate) mod dilemma;
mod joint;
mod lifting;
pub(super) mod n01;
pub(super) mod n02;
pub(super) mod n03;
pub(super) mod n04;
pub(super) mod n05;
pub(super) mod n06;
mod own;
pub(in crate::checks) mod refuted;
pub(super) mod rests;
mod simplest;
pub(super) mod sums;

use super::{Context, View};
use crate::logic::{Answer, Formula};
use crate::model::conduct::{Norm, NormId, Who};
use crate::model::{CharterId, PartyId, Program, Statement, StatementKind};
use applies::{Applies, Seen};
use ask::Asking;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What all checks of a charter's norms share.
#[derive(Debug)]
pub(crate) struct Norms<'p> {
    /// what questions share
    pub(crate) asking: Arc<Asking<'p>>,
    /// the norms that are asked about here: those of the charter, and those of the contracts that are at home in it
    pub(crate) asked: Vec<&'p Norm>,
    /// whether each of them is due in some situation
    pub(crate) applies: BTreeMap<NormId, Applies>,
    /// what was seen of each of them on the way
    pub(crate) seen: BTreeMap<NormId, Seen>,
}

impl<'p> Norms<'p> {
    /// Reads the norms of a charter.
    pub(crate) fn new(cx: &mut Context<'p>, charter: CharterId) -> Self {
        let asking = cx.asking(View { charter, with: None });
        let (program, frame) = (cx.program(), &asking.frame);
        let asked: Vec<&Norm> =
            frame.norms.iter().copied().filter(|n| n.charter == Some(charter) || home(program, n) == charter).collect();
        let binding: Vec<&Norm> = asked.iter().copied().filter(|n| applies::binds(n)).collect();
        let found = cx.each(&binding, |cx, norm| applies::ask(cx, &asking, norm));
        let (mut applies, mut seen) = (BTreeMap::new(), BTreeMap::new());
        for (norm, (applied, what)) in binding.iter().zip(found) {
            applies.insert(norm.id, applied);
            seen.insert(norm.id, what);
        }
        Self { asking, asked, applies, seen }
    }
}

/// What all questions about situations assume (semantics §3): ranges, and the acceptances if some settlement has them all.
pub(in crate::checks) fn assumed(cx: &mut Context<'_>, statements: &[&Statement]) -> Formula {
    let accepted = statements.iter().filter_map(|s| match &s.kind {
        StatementKind::Acceptance { condition, .. } => Some(condition.clone()),
        _ => None,
    });
    let all = Formula::and(accepted.chain([cx.ranges().clone()]));
    // where no settlement is accepted by all, T01 says so and all settlements count
    if all.is_true() {
        return all;
    }
    match cx.can_hold(std::slice::from_ref(&all)) {
        Answer::Sat(_) => all,
        Answer::Unsat { .. } | Answer::Unknown(_) => cx.ranges().clone(),
    }
}

/// The charter with which a norm of a contract is asked: the first of which all are members whom the contract names.
fn home(program: &Program, norm: &Norm) -> CharterId {
    let named: BTreeSet<PartyId> = program
        .conduct
        .norms
        .iter()
        .filter(|n| n.contract == norm.contract && n.charter.is_none())
        .filter_map(|n| if let Who::Party(p) = n.subject { Some(p) } else { None })
        .collect();
    let holds = |c: &crate::model::Charter| named.iter().all(|p| c.members.contains(p));
    let found = program.charters.iter().position(holds).unwrap_or(0);
    CharterId(u32::try_from(found).unwrap_or(0))
}

/// How a norm is called in a sentence: as it stands in the text.
pub(crate) fn quoted(norm: &Norm) -> String {
    format!("`{}`", norm.text)
}
