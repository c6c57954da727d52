//! Which norms were at work in a situation: what a test has tried.
//!
//! In: a [`Run`], and acts that were asked about. Out: norms. A duty was at work when it was due on some day; a prohibition or
//! a permission when an act of one whom it binds fell under it on a day of its span, or such an act was asked about, whatever
//! came of it.

use crate::model::conduct::{Deed, Force, Norm, NormId, Pattern};
use std::collections::BTreeSet;

use super::act::Act;
use super::ban::Asked;
use super::calendar::Edge;
use super::matching::Mode;
use super::truth::Fit;
use super::{Instance, Run, Scope};

impl Run<'_> {
    /// The last day of the window of a point duty: one day, or the first and the last that it can be.
    #[must_use]
    pub fn deadline(&self, instance: usize) -> Option<Edge> {
        self.instances.get(instance)?.edges.deadline
    }

    /// The norms that were at work up to the horizon. `asked`: acts whose first argument says by whom, and the day.
    #[must_use]
    pub fn at_work(&self, asked: &[(&Pattern, i64)]) -> BTreeSet<NormId> {
        let mut out: BTreeSet<NormId> = self.breaches.iter().filter(|b| b.truth.is_yes()).map(|b| b.norm).collect();
        let mut acts: Vec<Act> = self.log.acts().iter().filter(|a| a.from <= self.horizon).cloned().collect();
        for (pattern, day) in asked {
            let found = self.acts_of(pattern, Mode::Anything, &mut Scope::new(&[], &[], None), *day);
            acts.extend(found.map(|(act, _)| act));
        }
        for act in &acts {
            let against = self.objections(act, act.from, Asked::One);
            out.extend(against.iter().filter(|o| o.truth.is_yes()).map(|o| o.norm));
            out.extend(against.iter().filter_map(|o| o.excused));
        }
        for (at, instance) in self.instances.iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(instance.norm).filter(|n| !out.contains(&n.id)) else {
                continue;
            };
            let used = if Self::is_duty(norm) {
                self.ever_due(at).is_yes()
            } else {
                acts.iter().any(|act| self.falls_under(act, norm, instance))
            };
            if used {
                out.insert(norm.id);
            }
        }
        out
    }

    /// Whether an act is one that a prohibition or a permission speaks of, on a day of its span, by one whom it means.
    fn falls_under(&self, act: &Act, norm: &Norm, instance: &Instance) -> bool {
        let pattern = match &norm.deed {
            Deed::Act(pattern) => pattern,
            Deed::Before { then, .. } => then,
            Deed::Ensure(_) | Deed::Alike { .. } => return false,
        };
        let Some(actor) = act.actor().filter(|_| pattern.action == act.action && norm.force != Force::Should) else {
            return false;
        };
        if instance.edges.covers(act.from).is_no() {
            return false;
        }
        let Some((scope, _)) = self.with_subject(norm, instance, actor, act.from) else { return false };
        let found = self.assignments(pattern, act, Mode::Anything, &scope, act.from);
        found.iter().any(|(_, fit)| matches!(fit, Fit::Within | Fit::Partly))
    }
}
