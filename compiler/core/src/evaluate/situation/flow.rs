//! What acts cut of a flow.
//!
//! In: a flow, somebody, a day, and the norms whose acts count. Out: for each who acts the share that it cuts of what it
//! supplies. An act counts while it is in effect, where one of these norms, due on its first day, demands or permits it, and
//! nothing makes it a breach on that day. Of one action the deepest cut counts, several actions add up, to the whole at most.

use crate::logic::BigRational;
use crate::model::conduct::{ActionId, Actor, NormId};
use crate::model::flow::FlowId;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

use super::Run;
use super::act::Arg;
use super::ban::Asked;

impl Run<'_> {
    /// Who cuts how much of what it supplies of a flow to somebody on a day, by acts that one of these norms covers. Acts
    /// whose cut is not known are left out.
    #[must_use]
    pub fn cuts(&self, flow: FlowId, to: Actor, by: &[NormId], day: i64) -> BTreeMap<Actor, BigRational> {
        let mut deepest: BTreeMap<(Actor, ActionId), BigRational> = BTreeMap::new();
        for (id, action) in (0u32..).map(ActionId).zip(&self.program.conduct.actions) {
            let (Some(cut), Some(target)) = (action.cut(flow), action.target()) else { continue };
            for act in self.log.of(id).filter(|a| a.covers(day)) {
                let Some(actor) = act.actor().filter(|a| *a != to) else { continue };
                if act.args.get(target) != Some(&Arg::Actor(to)) {
                    continue;
                }
                let occurrence = act.index.and_then(|i| self.situation.occurrences.get(i));
                let lawful = occurrence.is_some_and(|o| self.lawful(o, act.from).0.is_yes());
                if !lawful || !self.excuse(by, act, actor, Asked::One, act.from).0.is_yes() {
                    continue;
                }
                let share = self.change(&cut.share, act);
                let Some(share) = share.number().filter(|n| **n > BigRational::zero()) else { continue };
                let known = deepest.entry((actor, id)).or_insert_with(BigRational::zero);
                if *share > *known {
                    known.clone_from(share);
                }
            }
        }
        let mut out: BTreeMap<Actor, BigRational> = BTreeMap::new();
        for ((actor, _), share) in deepest {
            *out.entry(actor).or_insert_with(BigRational::zero) += share;
        }
        out.values_mut().for_each(|share| *share = share.clone().min(BigRational::one()));
        out
    }
}
