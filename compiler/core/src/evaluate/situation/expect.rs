//! What a scenario expects, held against a run.
//!
//! In: an [`Expectation`] and the last day of the scenario. Out: whether it is as expected, and the instances, breaches and
//! objections that bear it out or speak against it.

use crate::model::conduct::{Actor, Deed, Expectation, Expected, Match, NormId, Pattern, Who};

use super::ban::Objection;
use super::matching::Mode;
use super::truth::{Fit, Truth};
use super::{Run, Scope};

/// The answer to an expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// whether it is as expected
    pub truth: Truth,
    /// the duties that are such as the text speaks of
    pub instances: Vec<usize>,
    /// the breaches that are such
    pub breaches: Vec<usize>,
    /// what speaks against the act on that day
    pub objections: Vec<Objection>,
}

impl Run<'_> {
    /// Whether what a scenario expects is so.
    #[must_use]
    pub fn expected(&self, expectation: &Expectation, last: i64) -> Answer {
        let mut out = Answer { truth: Truth::No, instances: Vec::new(), breaches: Vec::new(), objections: Vec::new() };
        match &expectation.kind {
            Expected::Duty { none, act, by, on } => {
                let found = self.duties_like(act, *by, *on);
                for (at, fit, due) in found {
                    // a duty is expected where each act that meets it is such an act, none where no such act meets one
                    let counts = match (fit, *none) {
                        (Fit::Within, _) | (Fit::Partly, true) => Truth::Yes,
                        (Fit::Unsure, _) => Truth::Unknown,
                        (Fit::Partly, false) | (Fit::Apart, _) => Truth::No,
                    };
                    let counts = counts.and(due);
                    if !counts.is_no() {
                        out.instances.push(at);
                    }
                    out.truth = out.truth.or(counts);
                }
                if *none {
                    out.truth = out.truth.not();
                }
            }
            Expected::Permission { lawful, act, on } => {
                let mut scope = Scope::new(&[], &[], None);
                let (truth, why) = self.lawful_acts(act, &mut scope, on.unwrap_or(last));
                out.truth = if *lawful { truth } else { truth.not() };
                out.objections = why;
            }
            Expected::Breach { none, norms, by, against, on } => {
                for (at, b) in self.breaches().iter().enumerate() {
                    let named = (norms.is_empty() || norms.contains(&b.norm)) && b.subject.is_some();
                    let whom = (by.is_none() || b.subject == *by) && (against.is_none() || b.injured == *against);
                    if !(named && whom) {
                        continue;
                    }
                    let day = match *on {
                        None => Truth::Yes,
                        Some(day) if b.earliest == b.day => Truth::of(day == b.day),
                        Some(day) if (b.earliest..=b.day).contains(&day) => Truth::Unknown,
                        Some(_) => Truth::No,
                    };
                    if !day.is_no() {
                        out.breaches.push(at);
                    }
                    out.truth = out.truth.or(b.truth.and(day));
                }
                if *none {
                    out.truth = out.truth.not();
                }
            }
        }
        out
    }

    /// The duties whose acts may be such as a pattern says, by whom it says, with this deadline, due on this day; with how
    /// the acts lie to the pattern.
    #[must_use]
    pub fn duties_like(&self, act: &Pattern, by: Option<i64>, on: Option<i64>) -> Vec<(usize, Fit, Truth)> {
        let actor = match act.arguments.first() {
            Some(Match::Is(Who::Party(p))) => Some(Actor::Party(*p)),
            _ => None,
        };
        let mut out = Vec::new();
        for (at, i) in self.instances.iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| Self::is_duty(n)) else { continue };
            let Deed::Act(pattern) = &norm.deed else { continue };
            let Some(mut scope) = self.scope_of(i, &i.values) else { continue };
            let subject = scope.who(norm.subject);
            if pattern.action != act.action || subject.is_none() || (actor.is_some() && subject != actor) {
                continue;
            }
            let day = on.unwrap_or(i.first);
            let Some((acts, sure)) = self.acts_of(pattern, Mode::Duty, &mut scope, day) else { continue };
            let acts = match subject {
                Some(s) => acts.by(s),
                None => acts,
            };
            let fit = self.fit(act, &acts, Mode::Anything, &mut Scope::new(&[], &[], None), day);
            let fit = if sure.is_yes() { fit } else { fit.and(Fit::Unsure) };
            let mut due = match on {
                Some(day) => self.owed_on(at, day),
                None => self.ever_due(at),
            };
            if let Some(by) = by {
                let deadline = i.edges.deadline.or(i.edges.last);
                due = due.and(match deadline.map(|d| (d.exact(), d)) {
                    None => Truth::No,
                    Some((Some(day), _)) => Truth::of(day == by),
                    Some((None, d)) if d.least <= by && d.most.is_none_or(|m| by <= m) => Truth::Unknown,
                    Some(_) => Truth::No,
                });
            }
            if fit != Fit::Apart && !due.is_no() {
                out.push((at, fit, due));
            }
        }
        out
    }

    /// Whether a duty is due on some day up to the horizon: one whose days begin behind it is not.
    #[must_use]
    pub fn ever_due(&self, at: usize) -> Truth {
        let Some(i) = self.instances.get(at) else { return Truth::No };
        let last = i.deadline.unwrap_or(self.horizon).min(self.horizon);
        let mut out = Truth::No;
        if i.first > last {
            return Truth::No;
        }
        for day in std::iter::once(i.first).chain(self.visited.range(i.first..=last).copied()) {
            out = out.or(self.due_with(at, &i.values, None, day));
            if out.is_yes() {
                break;
            }
        }
        out
    }

    /// The norms that a breach up to a day was of, surely, in order.
    #[must_use]
    pub fn norms_broken(&self, day: i64) -> Vec<NormId> {
        let mut out: Vec<NormId> =
            self.breaches.iter().filter(|b| b.truth.is_yes() && b.day <= day).map(|b| b.norm).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}
