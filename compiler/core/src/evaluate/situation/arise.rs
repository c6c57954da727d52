//! When norms arise (semantics §11, §12, §16, §18).
//!
//! In: a day of the run. Out: the instances, templates and settings off of rules that arise on it.

use crate::model::conduct::{
    Actor, Arises, Binder, Deed, Force, Happening, Norm, NormId, RuleId, Trigger, VarId, Variable,
};
use std::collections::BTreeMap;

use super::ban::Ban;
use super::calendar::Edge;
use super::matching::Mode;
use super::seeds::Values;
use super::truth::Truth;
use super::window::{Edges, edges};
use super::{Cause, Firing, Instance, Run, Scope};

/// What is kept from day to day to see what arises.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// running conditions: the instance that arose with each, and how surely the condition held on the day before
    runs: BTreeMap<(NormId, Values), Running>,
    /// the next rounds of what is owed each so often
    pub(super) rounds: BTreeMap<i64, Vec<Round>>,
}

/// A condition that holds: the instance that arose with it, and how surely it held on the day before.
type Running = (Option<usize>, Truth);

/// A round to come.
#[derive(Debug, Clone)]
pub(super) struct Round {
    norm: NormId,
    firing: Option<usize>,
    start: Edge,
    next: bool,
    number: u32,
}

/// What arises, and from when it counts.
#[derive(Debug, Clone, Copy)]
struct Start {
    at: Edge,
    base: Option<Edge>,
    next: bool,
    truth: Truth,
    cause: Cause,
    firing: Option<usize>,
}

impl Run<'_> {
    /// What arises as the charter binds, on day 0.
    pub(super) fn arise_bound(&mut self, pending: &mut Pending) {
        let program = self.program;
        let conduct = &program.conduct;
        for norm in &conduct.norms {
            if norm.rule.is_some() || !self.concerns(norm.charter) {
                continue;
            }
            let at = Edge::on(0);
            let start = Start { at, base: None, next: false, truth: Truth::Yes, cause: Cause::Bound, firing: None };
            match &norm.arises {
                _ if !Self::is_duty(norm) => self.template(norm, &[], start),
                Arises::Every(_) => {
                    let round = Round { norm: norm.id, firing: None, start: at, next: false, number: 0 };
                    pending.rounds.entry(0).or_default().push(round);
                }
                Arises::While => {}
                Arises::Bound | Arises::Rule => self.duties(norm, &[], start, 0),
            }
        }
    }

    /// What arises by a condition that came to hold, and what ends with one that ceased to.
    pub(super) fn arise_while(&mut self, pending: &mut Pending, day: i64) {
        let program = self.program;
        let conduct = &program.conduct;
        for norm in &conduct.norms {
            let runs = norm.rule.is_none() && matches!(norm.arises, Arises::While);
            if !runs || !Self::is_duty(norm) || Self::never(norm) || !self.concerns(norm.charter) {
                continue;
            }
            let mut scope = self.scope_for(norm, &[], None);
            let open = self.open_of(norm, &scope);
            let mut now = BTreeMap::new();
            for values in self.completions(&open, Some(&norm.when), &scope, day) {
                scope.values.clone_from(&values);
                let mut truth = self.all_admitted(&open, &mut scope, day);
                truth = truth.and(self.holds(&norm.when, &mut scope, day)).and(self.subject_bound(norm, &scope, day));
                if !truth.is_no() {
                    now.insert(values, truth);
                }
            }
            // runs that are over
            let key = (norm.id, Vec::new());
            let over: Vec<_> = pending
                .runs
                .range(key..)
                .take_while(|((n, _), _)| *n == norm.id)
                .filter(|((_, values), _)| !now.contains_key(values))
                .map(|(k, v)| (k.clone(), *v))
                .collect();
            for (key, (instance, _)) in over {
                pending.runs.remove(&key);
                if let Some(i) = instance.and_then(|i| self.instances.get_mut(i)) {
                    let last = day.saturating_sub(1);
                    // a point duty, once it has arisen, does not end with what gave rise to it
                    if norm.window.within.is_none() {
                        i.edges.over = Some(last);
                        i.last = Some(i.last.map_or(last, |l| l.min(last)));
                    }
                }
            }
            for (values, truth) in now {
                let key = (norm.id, values);
                let before = pending.runs.get(&key).copied();
                let arises = match before {
                    None => Some(truth),
                    // it may have begun before, and surely holds now
                    Some((_, Truth::Unknown)) if truth.is_yes() => Some(Truth::Unknown),
                    Some(_) => None,
                };
                let mut made = before.and_then(|(i, _)| i);
                if let Some(arises) = arises {
                    let at = Edge::on(day);
                    let start =
                        Start { at, base: None, next: false, truth: arises, cause: Cause::Condition, firing: None };
                    made = Some(self.push(norm, key.1.clone(), start));
                }
                pending.runs.insert(key, (made, truth));
            }
        }
    }

    /// What is owed again on a day.
    pub(super) fn arise_rounds(&mut self, pending: &mut Pending, day: i64) {
        let due: Vec<Round> = pending.rounds.remove(&day).unwrap_or_default();
        for round in due {
            let program = self.program;
            let conduct = &program.conduct;
            let Some(norm) = conduct.norm(round.norm) else { continue };
            let Arises::Every(period) = &norm.arises else { continue };
            let number = round.number.saturating_add(1);
            let mut length = period.clone();
            length.days = length.days.scale(&crate::logic::BigRational::from_integer(number.into()));
            length.months = length.months.saturating_mul(number);
            let after = self.clock.after(round.start, &length);
            let at = self.round_start(&round, period);
            let (base, values, truth) = match round.firing.and_then(|f| self.firings.get(f)) {
                Some(f) => (Some(f.at), f.values.clone(), f.truth),
                None => (None, Vec::new(), Truth::Yes),
            };
            let next = round.next && round.number == 0;
            let cause = Cause::Round(round.number);
            let start = Start { at, base, next, truth, cause, firing: round.firing };
            let from = self.instances.len();
            self.duties(norm, &values, start, day);
            if norm.window.within.is_none() {
                // it is met once before the next round begins
                for i in self.instances.iter_mut().skip(from) {
                    let end = after.plus(-1);
                    i.edges.deadline = Some(end);
                    i.deadline = end.most;
                }
            }
            if after.least > day && after.least <= self.horizon {
                pending.rounds.entry(after.least).or_default().push(Round { number, ..round });
            }
        }
    }

    fn round_start(&self, round: &Round, period: &crate::model::conduct::Days) -> Edge {
        if round.number == 0 {
            return round.start;
        }
        let mut length = period.clone();
        length.days = length.days.scale(&crate::logic::BigRational::from_integer(round.number.into()));
        length.months = length.months.saturating_mul(round.number);
        self.clock.after(round.start, &length)
    }

    /// The rules that acts, events and findings of a day set off.
    pub(super) fn fire_by_occurrences(&mut self, pending: &mut Pending, day: i64) {
        let program = self.program;
        let conduct = &program.conduct;
        if self.log.starting(day).is_empty() && self.log.found(day).is_empty() {
            return;
        }
        for rule in &conduct.rules {
            if !self.concerns(rule.charter) {
                continue;
            }
            let at = Edge::on(day);
            match &rule.trigger {
                Trigger::Occurs(pattern) => {
                    let mut found = Vec::new();
                    let acts = self.log.starting(day).iter().filter_map(|i| self.log.act(*i));
                    for act in acts.filter(|a| a.action == pattern.action) {
                        let mut scope = self.rule_scope(rule.id, &rule.variables, Vec::new());
                        let fit = self.fit(pattern, act, Mode::Anything, &mut scope, day);
                        let truth = fit.all().and(self.rule_admits(&rule.variables, &mut scope, day));
                        if let Some(place) = act.index.filter(|_| !truth.is_no()) {
                            found.push((scope.values, truth, Cause::Occurrence(place)));
                        }
                    }
                    for (values, truth, cause) in found {
                        self.fire(pending, rule.id, values, truth, at, at, cause, day);
                    }
                }
                Trigger::Breach { by, against, norms } if rule.determined.is_some() => {
                    let mut found = Vec::new();
                    for place in self.log.found(day) {
                        let Some(Happening::Finding { rule: of, by: who, against: whom }) =
                            self.situation.occurrences.get(*place).map(|o| &o.what)
                        else {
                            continue;
                        };
                        if *of != rule.id {
                            continue;
                        }
                        let mut scope = self.rule_scope(rule.id, &rule.variables, Vec::new());
                        scope.set(*by, Some(*who));
                        if let Some(v) = against {
                            scope.set(*v, whom.or_else(|| self.injured_by(norms, *who, day)));
                        }
                        let truth = self.rule_admits(&rule.variables, &mut scope, day);
                        if !truth.is_no() {
                            found.push((scope.values, truth, Cause::Finding(*place)));
                        }
                    }
                    for (values, truth, cause) in found {
                        self.fire(pending, rule.id, values, truth, at, at, cause, day);
                    }
                }
                Trigger::Breach { .. } => {}
            }
        }
    }

    /// Whom a finding that names nobody means: the one who was injured by a breach of these norms up to that day.
    fn injured_by(&self, norms: &[NormId], who: Actor, day: i64) -> Option<Actor> {
        let mut injured: Vec<Actor> = norms
            .iter()
            .filter_map(|n| self.broken.get(n))
            .flatten()
            .filter_map(|b| self.breaches.get(*b))
            .filter(|b| b.subject == Some(who) && b.day <= day && b.ceiling.is_none())
            .filter_map(|b| b.injured)
            .collect();
        injured.sort_unstable();
        injured.dedup();
        if injured.len() == 1 { injured.first().copied() } else { None }
    }

    /// The rules that the breaches of a day set off.
    pub(super) fn fire_by_breaches(&mut self, pending: &mut Pending, day: i64, from: usize) {
        let program = self.program;
        let conduct = &program.conduct;
        for place in from..self.breaches.len() {
            let Some(breach) = self.breaches.get(place).cloned() else { continue };
            let Some(subject) = breach.subject.filter(|_| breach.ceiling.is_none()) else { continue };
            for rule in &conduct.rules {
                let Trigger::Breach { norms, by, against } = &rule.trigger else { continue };
                if rule.determined.is_some() || !norms.contains(&breach.norm) || !self.concerns(rule.charter) {
                    continue;
                }
                let mut scope = self.rule_scope(rule.id, &rule.variables, Vec::new());
                scope.set(*by, Some(subject));
                if let Some(v) = against {
                    // `against q` needs exactly one
                    let Some(injured) = breach.injured else { continue };
                    scope.set(*v, Some(injured));
                }
                let truth = breach.truth.and(self.rule_admits(&rule.variables, &mut scope, day));
                if truth.is_no() {
                    continue;
                }
                let at = Edge { least: breach.earliest, most: Some(breach.day) };
                self.fire(pending, rule.id, scope.values, truth, at, at.plus(1), Cause::Breach(place), day);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a setting off is made of")]
    fn fire(
        &mut self,
        pending: &mut Pending,
        rule: RuleId,
        values: Vec<Option<Actor>>,
        truth: Truth,
        at: Edge,
        first: Edge,
        cause: Cause,
        day: i64,
    ) {
        let program = self.program;
        let conduct = &program.conduct;
        let Some(rule) = conduct.rule(rule) else { return };
        let firing = self.firings.len();
        self.by_firing.push(Vec::new());
        self.firings.push(Firing {
            rule: rule.id,
            values: values.clone(),
            truth,
            day: at.least,
            cause,
            lifted: None,
            maybe_lifted: None,
            at,
            first,
        });
        let next = first.least > at.least;
        let start = Start { at, base: Some(at), next, truth, cause, firing: Some(firing) };
        for id in &rule.norms {
            let Some(norm) = conduct.norm(*id) else { continue };
            match &norm.arises {
                _ if !Self::is_duty(norm) => self.template(norm, &values, start),
                Arises::Every(_) => {
                    let round = Round { norm: *id, firing: Some(firing), start: at, next, number: 0 };
                    pending.rounds.entry(day).or_default().push(round);
                    self.arise_rounds(pending, day);
                }
                _ => self.duties(norm, &values, start, day),
            }
        }
        for (place, ceiling) in rule.ceilings.iter().enumerate() {
            for id in &rule.norms {
                let Some(Deed::Act(p)) = conduct.norm(*id).map(|n| &n.deed) else { continue };
                let allows = conduct.norm(*id).is_some_and(|n| n.force != Force::MustNot);
                let severity = conduct.action(p.action).and_then(|a| a.severity);
                let above = severity.is_some_and(|s| s.ladder == ceiling.level.ladder && s.step > ceiling.level.step);
                if allows && above {
                    self.register(Ban::Ceiling { firing, place, norm: *id });
                }
            }
        }
    }

    /// One template for a prohibition or permission.
    fn template(&mut self, norm: &Norm, rule: &[Option<Actor>], start: Start) {
        if norm.force == Force::Should {
            return;
        }
        let values = Self::template_values(norm, rule);
        let at = self.push(norm, values, start);
        if norm.is_prohibition() {
            self.register(Ban::Norm(at));
        } else if norm.force == Force::Entitled {
            self.register(Ban::Hinder(at));
        }
    }

    /// One instance of a duty for each value of its variables.
    fn duties(&mut self, norm: &Norm, rule: &[Option<Actor>], start: Start, day: i64) {
        if Self::never(norm) {
            return;
        }
        let mut scope = self.scope_for(norm, rule, start.base);
        let open = self.open_of(norm, &scope);
        let point = self.is_point(norm);
        // a standing duty reads its condition on each day, so only a point duty is looked for from its condition
        let condition = if point && !norm.when.is_true() { Some(&norm.when) } else { None };
        for values in self.completions(&open, condition, &scope, day) {
            scope.values.clone_from(&values);
            let mut truth = start.truth.and(self.all_admitted(&open, &mut scope, day));
            truth = truth.and(self.subject_bound(norm, &scope, day));
            if point && !truth.is_no() {
                truth = truth.and(self.holds(&norm.when, &mut scope, day));
            }
            if !truth.is_no() {
                self.push(norm, values, Start { truth, ..start });
            }
        }
    }

    fn push(&mut self, norm: &Norm, values: Vec<Option<Actor>>, start: Start) -> usize {
        let edges: Edges = edges(&self.clock, &norm.window, start.at, start.base, start.next);
        let at = self.instances.len();
        let subject = norm.subject.among(&values);
        let exit = subject.filter(|_| norm.charter.is_some()).and_then(|s| self.members.exit(s));
        let stays = subject.is_some_and(|s| self.members.under(Some(norm.id), s, i64::MAX).is_yes());
        let ends = [edges.last.and_then(|e| e.most), exit.filter(|_| !stays).and_then(|e| e.most)];
        self.by_norm.entry(norm.id).or_default().push(at);
        if let Some(list) = start.firing.and_then(|f| self.by_firing.get_mut(f)) {
            list.push(at);
        }
        self.by_subject.entry((norm.id, subject)).or_default().push(at);
        self.instances.push(Instance {
            norm: norm.id,
            values,
            truth: start.truth,
            arises: edges.arises.least,
            base: edges.base.and_then(|b| b.most),
            first: edges.first.least,
            last: ends.into_iter().flatten().min(),
            deadline: edges.deadline.and_then(|d| d.most),
            cause: start.cause,
            firing: start.firing,
            edges,
        });
        at
    }

    /// The values of the variables of a norm outside of rules under which its condition surely holds on a day, whatever the norm's
    /// force: what is never due arises nowhere, and somebody may be meant by it all the same.
    #[must_use]
    pub fn meant(&self, norm: &Norm, day: i64) -> Vec<Vec<Option<Actor>>> {
        let scope = self.scope_for(norm, &[], None);
        let open = self.open_of(norm, &scope);
        let mut out = self.completions(&open, Some(&norm.when), &scope, day);
        out.retain(|values| {
            let mut scope = scope.with_values(values.clone());
            let truth = self.all_admitted(&open, &mut scope, day);
            truth.and(self.holds(&norm.when, &mut scope, day)).and(self.subject_bound(norm, &scope, day)).is_yes()
        });
        out
    }

    /// A duty that is never due (§13).
    fn never(norm: &Norm) -> bool {
        norm.discretion || norm.force == Force::Should
    }

    fn scope_for<'n>(&self, norm: &'n Norm, rule: &[Option<Actor>], base: Option<Edge>) -> Scope<'n> {
        let values = Self::template_values(norm, rule);
        Scope { variables: &norm.variables, values, base, norm: Some(norm.id) }
    }

    fn rule_scope<'n>(&self, rule: RuleId, variables: &'n [Variable], mut values: Vec<Option<Actor>>) -> Scope<'n> {
        values.resize(variables.len(), None);
        // who has left is still meant by a rule of which something survives
        let norms = self.program.conduct.rule(rule).map_or(&[][..], |r| r.norms.as_slice());
        let norm = norms.iter().copied().find(|n| self.members.survives(*n)).or_else(|| norms.first().copied());
        Scope { variables, values, base: None, norm }
    }

    fn rule_admits(&self, variables: &[Variable], scope: &mut Scope<'_>, day: i64) -> Truth {
        (0u32..)
            .map(VarId)
            .zip(variables)
            .filter(|(_, x)| x.binder == Binder::Rule)
            .fold(Truth::Yes, |t, (v, _)| if t.is_no() { t } else { t.and(self.admitted(v, scope, day)) })
    }

    /// The variables of which a duty has an instance for each value.
    fn open_of(&self, norm: &Norm, scope: &Scope<'_>) -> Vec<VarId> {
        let each = (0u32..).map(VarId).zip(&norm.variables).filter(|(_, x)| x.binder == Binder::Each);
        each.map(|(v, _)| v).filter(|v| scope.get(*v).is_none()).collect()
    }

    fn all_admitted(&self, open: &[VarId], scope: &mut Scope<'_>, day: i64) -> Truth {
        open.iter().fold(Truth::Yes, |t, v| if t.is_no() { t } else { t.and(self.admitted(*v, scope, day)) })
    }

    fn subject_bound(&self, norm: &Norm, scope: &Scope<'_>, day: i64) -> Truth {
        match scope.who(norm.subject) {
            None => Truth::of(norm.group.is_some()),
            Some(_) if norm.charter.is_none() => Truth::Yes,
            Some(s) => self.members.under(Some(norm.id), s, day),
        }
    }

    /// Which rules are lifted on a day.
    pub(super) fn lift(&mut self, day: i64) {
        let program = self.program;
        let conduct = &program.conduct;
        for at in 0..self.firings.len() {
            let Some(f) = self.firings.get(at) else { continue };
            if f.lifted.is_some() || day < f.first.least {
                continue;
            }
            let Some(rule) = conduct.rule(f.rule) else { continue };
            let Some(lift) = &rule.lift else { continue };
            let mut values = f.values.clone();
            values.resize(rule.variables.len(), None);
            let mut scope =
                Scope { variables: &rule.variables, values, base: Some(f.at), norm: rule.norms.first().copied() };
            let holds = f.first.reached(day).and(self.holds(lift, &mut scope, day));
            let cause = f.maybe_lifted;
            let Some(f) = self.firings.get_mut(at) else { continue };
            match holds {
                Truth::Yes => f.lifted = Some(day),
                Truth::Unknown if cause.is_none() => f.maybe_lifted = Some(day),
                _ => {}
            }
            if holds.is_yes() {
                let last = day.saturating_sub(1);
                for i in self.by_firing.get(at).into_iter().flatten() {
                    if let Some(i) = self.instances.get_mut(*i) {
                        i.last = Some(i.last.map_or(last, |l| l.min(last)));
                    }
                }
            }
        }
    }
}
