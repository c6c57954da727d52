//! What happened, by action and by day.
//!
//! In: the occurrences of a situation, in any order. Out: acts in the order of their days, found by action and by actor.

use crate::logic::Model;
use crate::model::Program;
use crate::model::conduct::{ActionId, Actor, Happening, Situation};
use std::collections::BTreeMap;

use super::act::Act;

#[derive(Debug, Default)]
pub(super) struct Log {
    acts: Vec<Act>,
    by_action: BTreeMap<ActionId, Vec<usize>>,
    by_actor: BTreeMap<(ActionId, Actor), Vec<usize>>,
    starts: BTreeMap<i64, Vec<usize>>,
    findings: BTreeMap<i64, Vec<usize>>,
}

impl Log {
    pub(super) fn new(program: &Program, situation: &Situation, values: &Model) -> Self {
        let mut places: Vec<usize> = (0..situation.occurrences.len()).collect();
        places.sort_by(|a, b| situation.occurrences.get(*a).cmp(&situation.occurrences.get(*b)).then(a.cmp(b)));
        let mut out = Self::default();
        for place in places {
            let Some(o) = situation.occurrences.get(place) else { continue };
            if let Happening::Finding { .. } = &o.what {
                out.findings.entry(o.from).or_default().push(place);
            }
            let Some(act) = Act::of(program, values, o, place) else { continue };
            let at = out.acts.len();
            out.by_action.entry(act.action).or_default().push(at);
            if let Some(actor) = act.actor() {
                out.by_actor.entry((act.action, actor)).or_default().push(at);
            }
            out.starts.entry(act.from).or_default().push(at);
            out.acts.push(act);
        }
        out
    }

    /// All acts and events, by day.
    pub(super) fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// Those of one action, by day.
    pub(super) fn of(&self, action: ActionId) -> impl Iterator<Item = &Act> {
        self.by_action.get(&action).into_iter().flatten().filter_map(|i| self.acts.get(*i))
    }

    /// Those of one action and actor, by day.
    pub(super) fn own(&self, action: ActionId, actor: Actor) -> impl Iterator<Item = &Act> {
        self.by_actor.get(&(action, actor)).into_iter().flatten().filter_map(|i| self.acts.get(*i))
    }

    /// The acts that begin on a day, by their places here.
    pub(super) fn starting(&self, day: i64) -> &[usize] {
        self.starts.get(&day).map_or(&[], Vec::as_slice)
    }

    /// The findings of a day, by their places in the situation.
    pub(super) fn found(&self, day: i64) -> &[usize] {
        self.findings.get(&day).map_or(&[], Vec::as_slice)
    }

    /// One of the acts.
    pub(super) fn act(&self, at: usize) -> Option<&Act> {
        self.acts.get(at)
    }
}
