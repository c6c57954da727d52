//! Who is a member, whom a norm binds, and whom a variable ranges over (semantics §18).
//!
//! In: the members of a situation on day 0 and the notices of withdrawal in it. Out: membership by day. Who leaves is a
//! member up to the last day of the notice (without a notice: up to the day of leaving); a charter without a rule on leaving
//! is not left. Under a norm that survives, who has left is treated as a member. A norm of a contract binds whom it names.

use crate::model::conduct::{Actor, Domain, Happening, NormId, Situation};
use crate::model::{CharterId, KindId, Program};
use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{Clock, Edge};
use super::truth::Truth;

#[derive(Debug, Default)]
pub(super) struct Members {
    /// members on day 0, in order
    first: Vec<Actor>,
    /// the last day of those that leave
    leave: BTreeMap<Actor, Edge>,
    /// members and everybody else who acts, in order
    everybody: Vec<Actor>,
    survive: BTreeSet<NormId>,
}

impl Members {
    pub(super) fn new(program: &Program, charter: CharterId, situation: &Situation, clock: &Clock<'_>) -> Self {
        let first = in_order(situation.members.clone());
        let mut leave: BTreeMap<Actor, Edge> = BTreeMap::new();
        let exits: Vec<_> = program.conduct.exits.iter().filter(|e| e.charter == charter).collect();
        for o in &situation.occurrences {
            let Happening::Withdrawal { party } = &o.what else { continue };
            if first.binary_search(party).is_err() {
                continue;
            }
            let ends = exits.iter().map(|e| match &e.notice {
                None => Edge::on(o.from),
                Some(notice) => clock.after(Edge::on(o.from), notice),
            });
            for end in ends {
                leave.entry(*party).and_modify(|last| *last = (*last).min(end)).or_insert(end);
            }
        }
        let survive = exits.iter().flat_map(|e| e.survive.iter().copied()).collect();
        let everybody = if situation.others.is_empty() {
            first.clone()
        } else {
            in_order(situation.members.iter().chain(&situation.others).copied().collect())
        };
        Self { first, leave, everybody, survive }
    }

    /// The days behind which somebody has left.
    pub(super) fn exits(&self) -> impl Iterator<Item = Edge> {
        self.leave.values().copied()
    }

    /// The last day of somebody's membership, where it ends.
    pub(super) fn exit(&self, who: Actor) -> Option<Edge> {
        self.leave.get(&who).copied()
    }

    /// Whether somebody is a member on a day.
    pub(super) fn is(&self, who: Actor, day: i64) -> Truth {
        match self.leave.get(&who) {
            Some(last) => last.passed(day).not(),
            None => Truth::of(self.was(who)),
        }
    }

    /// Whether somebody is a member on day 0.
    fn was(&self, who: Actor) -> bool {
        self.first.binary_search(&who).is_ok()
    }

    /// The same as a norm sees it: one that survives goes on to see who has left.
    pub(super) fn under(&self, norm: Option<NormId>, who: Actor, day: i64) -> Truth {
        match norm {
            Some(n) if self.survive.contains(&n) => Truth::of(self.was(who)),
            _ => self.is(who, day),
        }
    }

    /// Whether a norm survives leaving.
    pub(super) fn survives(&self, norm: NormId) -> bool {
        self.survive.contains(&norm)
    }

    /// Whether somebody was a member once and has left, as a norm sees it.
    pub(super) fn left(&self, norm: NormId, who: Actor, day: i64) -> Truth {
        if self.was(who) { self.under(Some(norm), who, day).not() } else { Truth::No }
    }

    /// Whether a variable may have this value on a day.
    pub(super) fn in_domain(
        &self,
        program: &Program,
        domain: Domain,
        norm: Option<NormId>,
        who: Actor,
        day: i64,
    ) -> Truth {
        let kind = match kind_of(program, who) {
            Some(k) => program.is_kind(k, domain.kind),
            None => domain.outsiders,
        };
        let member = if domain.outsiders { Truth::Yes } else { self.under(norm, who, day) };
        Truth::of(kind).and(member)
    }

    /// Everybody who was a member on day 0, but one.
    pub(super) fn everybody_but(&self, who: Option<Actor>) -> impl Iterator<Item = Actor> {
        self.first.iter().copied().filter(move |a| Some(*a) != who)
    }

    /// Whether there is nobody else among the members.
    pub(super) fn alone(&self, who: Option<Actor>) -> bool {
        self.everybody_but(who).next().is_none()
    }

    /// Whom a variable may range over, in order; for some of them it may not be known.
    pub(super) fn range(&self, domain: Domain) -> Vec<Actor> {
        if domain.outsiders { self.everybody.clone() } else { self.first.clone() }
    }
}

/// Each once, in order.
fn in_order(mut actors: Vec<Actor>) -> Vec<Actor> {
    if !actors.is_sorted_by(|a, b| a < b) {
        actors.sort_unstable();
        actors.dedup();
    }
    actors
}

/// The kind of somebody; nothing for an outsider, who may be of any.
pub(super) fn kind_of(program: &Program, who: Actor) -> Option<KindId> {
    match who {
        Actor::Party(p) => program.parties.get(p.0 as usize).map(|p| p.kind),
        Actor::Unnamed(k, _) => Some(k),
        Actor::Outsider(_) => None,
    }
}
