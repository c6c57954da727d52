//! Whom a template concerns on a day, and what was done too late: for whoever reads what is owed.
//!
//! In: a [`Run`], an instance and a day. Out: the values under which a permission or a prohibition is due then; what demands or
//! permits an act; the act that would have met a duty had it come in time.

use crate::model::conduct::{Actor, Deed, Force, NormId, Occurrence};

use super::act::Act;
use super::calendar::Edge;
use super::matching::Mode;
use super::truth::Truth;
use super::{Run, Scope};

impl Run<'_> {
    /// The values of all variables under which an instance is due on a day, with how surely.
    #[must_use]
    pub fn due_values(&self, instance: usize, day: i64) -> Vec<(Vec<Option<Actor>>, Truth)> {
        let mut out = self.admitted_values(instance, day);
        for (values, truth) in &mut out {
            *truth = truth.and(self.due_with(instance, values, None, day));
        }
        out.retain(|(_, truth)| !truth.is_no());
        out
    }

    /// The values that the variables of an instance may have on a day, due then or not.
    #[must_use]
    pub fn admitted_values(&self, instance: usize, day: i64) -> Vec<(Vec<Option<Actor>>, Truth)> {
        let Some(i) = self.instances.get(instance).filter(|_| day <= self.horizon) else { return Vec::new() };
        let Some(scope) = self.scope_of(i, &i.values) else { return Vec::new() };
        let open = scope.open_variables();
        let mut out = Vec::new();
        for values in self.completions(&open, None, &scope, day) {
            let mut full = scope.with_values(values.clone());
            let admitted = open.iter().fold(Truth::Yes, |t, v| t.and(self.admitted(*v, &mut full, day)));
            if !admitted.is_no() {
                out.push((values, admitted));
            }
        }
        out
    }

    /// The instances and templates of a norm under which it, due on a day, demands or permits an act. A point duty does so behind
    /// its deadline too: see [`Instance::deadline`](super::Instance::deadline).
    #[must_use]
    pub fn covering(&self, norm: NormId, occurrence: &Occurrence, day: i64) -> Vec<usize> {
        let act = Act::of(self.program, &self.situation.values, occurrence, usize::MAX);
        let (Some(mut act), Some(norm)) = (act, self.program.conduct.norm(norm)) else { return Vec::new() };
        act.index = None;
        let Deed::Act(pattern) = &norm.deed else { return Vec::new() };
        let mode = match norm.force {
            Force::Must => Mode::Duty,
            Force::May | Force::Entitled => Mode::Anything,
            Force::MustNot | Force::Should => return Vec::new(),
        };
        let Some(actor) = act.actor().filter(|_| pattern.action == act.action) else { return Vec::new() };
        let mut out = Vec::new();
        for at in self.by_norm.get(&norm.id).into_iter().flatten() {
            let Some(instance) = self.instances.get(*at) else { continue };
            let Some((scope, admitted)) = self.with_subject(norm, instance, actor, day) else { continue };
            let fits = |(values, fit): (Vec<Option<Actor>>, super::truth::Fit)| {
                admitted.and(fit.all()).and(self.due_with(*at, &values, Some(&act), day)).is_yes()
            };
            if self.assignments(pattern, &act, mode, &scope, day).into_iter().any(fits) {
                out.push(*at);
            }
        }
        out
    }

    /// The last day of somebody's membership, and that of who has given notice.
    #[must_use]
    pub fn exit(&self, who: Actor) -> Option<Edge> {
        self.members.exit(who)
    }

    /// The first own act behind the window of a point duty, or perhaps behind it, that would have met it in time, by its place
    /// in the situation. One that meets the same duty as it arose another time is none.
    #[must_use]
    pub fn late(&self, instance: usize, day: i64) -> Option<usize> {
        let i = self.instances.get(instance)?;
        let norm = self.program.conduct.norm(i.norm)?;
        let Deed::Act(pattern) = &norm.deed else { return None };
        let end = i.deadline?.min(i.edges.deadline?.least);
        let scope = self.scope_of(i, &i.values)?;
        let subject = scope.who(norm.subject)?;
        let others = self.instances.iter().enumerate();
        let others: Vec<usize> = others
            .filter(|(at, o)| *at != instance && o.norm == i.norm && o.values == i.values)
            .map(|(at, _)| at)
            .collect();
        let found = self.log.own(pattern.action, subject).find(|act| {
            let fits = |scope: &mut Scope<'_>| self.fit(pattern, act, Mode::Duty, scope, act.from).all().is_yes();
            act.from > end
                && act.from <= day
                && fits(&mut scope.clone())
                && !others.iter().any(|o| self.met(*o, day).1.is_some_and(|by| Some(by) == act.index))
        });
        found?.index
    }
}
