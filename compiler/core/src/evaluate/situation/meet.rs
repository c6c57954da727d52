//! Whether a duty is met (semantics §13, §14).
//!
//! In: an instance of a duty and a day. Out: whether it is met by then (a point duty) or on that day (a standing one), by
//! which act, and for a duty of a group by whom.

use crate::logic::BigRational;
use crate::model::conduct::{Actor, Deed, Group, Norm, Who};
use num_traits::{ToPrimitive, Zero};

use super::matching::Mode;
use super::truth::Truth;
use super::{Instance, Run, Scope};

/// Whether, and by which act (its place in the situation).
pub(super) type Met = (Truth, Option<usize>);

impl Run<'_> {
    /// Whether the instance is met by a day, or on it.
    pub(super) fn met(&self, at: usize, day: i64) -> Met {
        let Some(i) = self.instances.get(at) else { return (Truth::No, None) };
        let Some(norm) = self.program.conduct.norm(i.norm) else { return (Truth::No, None) };
        let Some(mut scope) = self.scope_of(i, &i.values) else { return (Truth::No, None) };
        match &norm.group {
            None => match scope.who(norm.subject) {
                Some(subject) => self.met_by(i, norm, &mut scope, subject, day),
                None => (Truth::No, None),
            },
            Some(group) => {
                let each = self.met_by_each(at, day);
                let (surely, maybe) = counts(&each);
                (self.enough(group, surely, maybe, &mut scope, day), None)
            }
        }
    }

    /// For each who may be of the group on a day: whether it is, and whether it meets the duty.
    pub(super) fn met_by_each(&self, at: usize, day: i64) -> Vec<(Actor, Truth, Truth)> {
        let Some(i) = self.instances.get(at) else { return Vec::new() };
        let Some(norm) = self.program.conduct.norm(i.norm) else { return Vec::new() };
        let Some(mut scope) = self.scope_of(i, &i.values) else { return Vec::new() };
        let Who::Var(v) = norm.subject else { return Vec::new() };
        let mut out = Vec::new();
        for who in self.range_of(v, &scope) {
            scope.set(v, Some(who));
            let mut belongs = self.admitted(v, &mut scope, day);
            if !belongs.is_no() && !self.text.order.reserved(norm.id).is_empty() {
                belongs = belongs.and(self.in_pair(norm, &scope, day));
            }
            if !belongs.is_no() {
                let (met, _) = self.met_by(i, norm, &mut scope, who, day);
                out.push((who, belongs, met));
            }
        }
        out
    }

    /// Whether at least as many as are asked for.
    fn enough(&self, group: &Group, surely: usize, maybe: usize, scope: &mut Scope<'_>, day: i64) -> Truth {
        let Some(least) = self.number(&group.least, scope, day) else { return Truth::Unknown };
        let least =
            least.ceil().to_integer().to_usize().unwrap_or(if least <= BigRational::zero() { 0 } else { usize::MAX });
        match (surely >= least, maybe >= least) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        }
    }

    fn met_by(&self, i: &Instance, norm: &Norm, scope: &mut Scope<'_>, subject: Actor, day: i64) -> Met {
        let point = self.is_point(norm);
        match &norm.deed {
            Deed::Act(pattern) => {
                let mut out = (Truth::No, None);
                for act in self.log.own(pattern.action, subject) {
                    if act.from > day {
                        break;
                    }
                    let (in_time, asked) =
                        if point { (i.edges.in_window(act.from), act.from) } else { (Truth::of(act.covers(day)), day) };
                    if in_time.is_no() {
                        continue;
                    }
                    let fit = self.fit(pattern, act, Mode::Duty, &mut scope.clone(), asked).all();
                    let met = in_time.and(fit);
                    if met > out.0 {
                        out = (met, act.index);
                    }
                    if met.is_yes() {
                        break;
                    }
                }
                out
            }
            Deed::Ensure(condition) if point => {
                let first = i.edges.first.least;
                let mut out = Truth::No;
                if first > day {
                    return (out, None);
                }
                let days: Vec<i64> = self.visited.range(first..=day).copied().chain([day]).collect();
                for d in days {
                    out = out.or(i.edges.in_window(d).and(self.holds(condition, scope, d)));
                    if out.is_yes() {
                        break;
                    }
                }
                (out, None)
            }
            Deed::Ensure(condition) => (self.holds(condition, scope, day), None),
            Deed::Alike { each, action, receiver } => {
                (self.alike(*each, *action, *receiver, scope, subject, day), None)
            }
            Deed::Before { .. } => (Truth::Yes, None),
        }
    }

    /// How many of a group meet a duty, surely and perhaps.
    #[must_use]
    pub fn counted(&self, instance: usize, day: i64) -> (usize, usize) {
        counts(&self.met_by_each(instance, day))
    }

    /// Whether a quantity of a group's duty compares so; for reports.
    #[must_use]
    pub fn asked_of_group(&self, instance: usize, day: i64) -> Option<BigRational> {
        let i = self.instances.get(instance)?;
        let group = self.program.conduct.norm(i.norm)?.group.as_ref()?;
        let mut scope = self.scope_of(i, &i.values)?;
        self.number(&group.least, &mut scope, day)
    }
}

fn counts(each: &[(Actor, Truth, Truth)]) -> (usize, usize) {
    let surely = each.iter().filter(|(_, belongs, met)| belongs.and(*met).is_yes()).count();
    let maybe = each.iter().filter(|(_, belongs, met)| !belongs.and(*met).is_no()).count();
    (surely, maybe)
}
