//! Conditions on a day of a situation (semantics §10).
//!
//! In: a [`Condition`], the values of its variables, a day and a base. Out: a [`Truth`]. Occurrences are read up to the day,
//! breaches strictly before it. What an occurrence was is asked on the day it began; a lasting one is asked for on the day.

use crate::model::conduct::{Condition, Days, NormId, Pattern, Who};
use crate::model::day as date;

use super::act::Act;
use super::calendar::Edge;
use super::matching::Mode;
use super::members::kind_of;
use super::truth::Truth;
use super::{Run, Scope};
use crate::evaluate::condition::Condition as Known;
use crate::logic::{Formula, Model, Value};

/// How deep `P may A` in the conditions of norms may ask for the conditions of norms.
const DEPTH: u32 = 6;

impl Run<'_> {
    /// Whether a condition holds on a day, for these values of its variables.
    #[must_use]
    pub fn condition(&self, condition: &Condition, scope: &mut Scope<'_>, day: i64) -> Truth {
        if day > self.horizon { Truth::Unknown } else { self.holds(condition, scope, day) }
    }

    pub(super) fn holds(&self, condition: &Condition, scope: &mut Scope<'_>, day: i64) -> Truth {
        match condition {
            Condition::Fixed(f) => self.formula(f, day),
            Condition::Compare(a, how, b) => self.compare(a, *how, b, scope, day),
            Condition::Attribute(who, name) => scope.who(*who).map_or(Truth::Unknown, |who| self.truth_of(who, name)),
            Condition::Same(a, b) => match (scope.who(*a), scope.who(*b)) {
                (Some(a), Some(b)) => Truth::of(a == b),
                _ => Truth::No,
            },
            Condition::Kind(who, kind) => match scope.who(*who) {
                Some(who) => Truth::of(kind_of(self.program, who).is_some_and(|k| self.program.is_kind(k, *kind))),
                None => Truth::No,
            },
            Condition::Occurred { pattern, last } => self.occurred(pattern, last.as_ref(), scope, day),
            Condition::Breached { norms, by, against, last } => {
                self.breached(norms, *by, *against, last.as_ref(), scope, day)
            }
            Condition::May(pattern) => self.may(pattern, scope, day),
            Condition::Not(inner) => self.holds(inner, scope, day).not(),
            Condition::All(parts) => {
                let mut out = Truth::Yes;
                for p in parts {
                    out = out.and(self.holds(p, scope, day));
                    if out.is_no() {
                        break;
                    }
                }
                out
            }
            Condition::Any(parts) => {
                let mut out = Truth::No;
                for p in parts {
                    out = out.or(self.holds(p, scope, day));
                    if out.is_yes() {
                        break;
                    }
                }
                out
            }
            Condition::ForAll(v, inner) => {
                let before = scope.get(*v);
                let mut out = Truth::Yes;
                for who in self.range_of(*v, scope) {
                    scope.set(*v, Some(who));
                    let counts = self.admitted(*v, scope, day);
                    if !counts.is_no() {
                        out = out.and(counts.not().or(self.holds(inner, scope, day)));
                    }
                    if out.is_no() {
                        break;
                    }
                }
                scope.set(*v, before);
                out
            }
            Condition::Exists(v, inner) => {
                let before = scope.get(*v);
                let mut out = Truth::No;
                for who in self.values_of(*v, scope, Some(inner), day) {
                    scope.set(*v, Some(who));
                    let counts = self.admitted(*v, scope, day);
                    if !counts.is_no() {
                        out = out.or(counts.and(self.holds(inner, scope, day)));
                    }
                    if out.is_yes() {
                        break;
                    }
                }
                scope.set(*v, before);
                out
            }
        }
    }

    /// A formula over terms, attributes and the calendar.
    fn formula(&self, f: &Formula, day: i64) -> Truth {
        if f.is_true() || f.is_false() {
            return Truth::of(f.is_true());
        }
        if let Some(b) = f.eval(&self.situation.values) {
            return Truth::of(b);
        }
        if let Some(start) = self.situation.start
            && f.vars().contains(&date())
        {
            let mut today = Model::new();
            today.set(date(), Value::int(start.saturating_add(day)));
            return self.decide(Known::of(f).assign(&self.situation.values).assign(&today), Vec::new());
        }
        self.decide(Known::of(f).assign(&self.situation.values), Vec::new())
    }

    fn occurred(&self, pattern: &Pattern, last: Option<&Days>, scope: &mut Scope<'_>, day: i64) -> Truth {
        let lasting = self.program.conduct.action(pattern.action).is_some_and(|a| a.event && a.lasting);
        let since = last.map(|n| self.clock.before(day, n));
        let mut out = Truth::No;
        for act in self.log.of(pattern.action) {
            if act.from > day {
                break;
            }
            let in_time = in_time(act, lasting, since, scope.base, day);
            if in_time.is_no() {
                continue;
            }
            let mut own = scope.clone();
            let asked = if lasting { day } else { act.from };
            out = out.or(in_time.and(self.fit(pattern, act, Mode::Anything, &mut own, asked).all()));
            if out.is_yes() {
                break;
            }
        }
        out
    }

    fn breached(
        &self,
        norms: &[NormId],
        by: Option<Who>,
        against: Option<Who>,
        last: Option<&Days>,
        scope: &Scope<'_>,
        day: i64,
    ) -> Truth {
        let since = last.map(|n| self.clock.before(day, n)).or(scope.base);
        let (by, against) = (by.map(|w| scope.who(w)), against.map(|w| scope.who(w)));
        let mut out = Truth::No;
        for norm in norms {
            for breach in self.broken.get(norm).into_iter().flatten().filter_map(|i| self.breaches.get(*i)) {
                // a group that failed is nobody in breach; what breaks a ceiling breaks no norm that has a name
                let Some(subject) = breach.subject.filter(|_| breach.ceiling.is_none()) else { continue };
                let whom =
                    by.is_none_or(|b| b == Some(subject)) && against.is_none_or(|a| a.is_some() && a == breach.injured);
                if !whom {
                    continue;
                }
                let when = Edge { least: breach.earliest, most: Some(breach.day) };
                let recent = since.map_or(Truth::Yes, |s| not_before(when, s));
                out = out.or(breach.truth.and(when.passed(day)).and(recent));
            }
            if out.is_yes() {
                break;
            }
        }
        out
    }

    /// Whether no due prohibition makes such an act a breach on the day. A chain of norms that ask this of each other longer
    /// than [`DEPTH`] has no answer.
    fn may(&self, pattern: &Pattern, scope: &mut Scope<'_>, day: i64) -> Truth {
        let depth = self.depth.get();
        if depth >= DEPTH {
            return Truth::Unknown;
        }
        self.depth.set(depth + 1);
        let out = self.lawful_pattern(pattern, scope, day).0;
        self.depth.set(depth);
        out
    }
}

/// Whether an occurrence is one of those that are asked for.
fn in_time(act: &Act, lasting: bool, since: Option<Edge>, base: Option<Edge>, day: i64) -> Truth {
    let began = Edge::on(act.from);
    match (lasting, since) {
        (true, None) => Truth::of(act.covers(day)),
        (true, Some(since)) => match act.to {
            Some(to) if to < day => not_before(Edge::on(to), since),
            _ => Truth::Yes,
        },
        (false, Some(since)) => not_before(began, since),
        (false, None) => base.map_or(Truth::Yes, |b| not_before(began, b)),
    }
}

/// Whether one day is another or later.
fn not_before(when: Edge, since: Edge) -> Truth {
    match (when.exact(), since.most) {
        (Some(day), _) => since.reached(day),
        (None, Some(most)) if when.least >= most => Truth::Yes,
        (None, _) if when.most.is_some_and(|m| m < since.least) => Truth::No,
        _ => Truth::Unknown,
    }
}
