//! Instances of norms: figures for variables, and the day and cause for which a norm arises (semantics §11, §12).
//!
//! In: a norm or a rule. Out: every choice of figures for its variables, and the ways in which it arises, each handed to the
//! caller with its day, its base and the first day on which it can be due.

use super::frame::{is_duty, is_point, runs, unlimited};
use super::slot::{Arg, What};
use super::{Kind, Scene, Term};
use crate::logic::{BigInt, Formula, Linear};
use crate::model::conduct::{Arises, Binder, Condition, Domain, Norm, Rule, Trigger, VarId, Variable, Who};

/// How many turns of what comes again are written out.
const TURNS: i64 = 3;

/// A figure, or nobody yet, for each variable.
pub type Env = Vec<Option<usize>>;

/// Under what a condition is read.
#[derive(Debug, Clone, Copy)]
pub struct At<'e> {
    /// the variables
    pub variables: &'e [Variable],
    /// who they are
    pub env: &'e Env,
    /// on which day
    pub day: &'e Linear,
    /// since when
    pub base: Option<&'e Linear>,
}

/// How an instance arises.
#[derive(Debug, Clone)]
pub struct Arising {
    /// from which day its windows count
    pub day: Linear,
    /// since when its conditions look
    pub base: Option<Linear>,
    /// the first day on which it can be due
    pub first: Linear,
    /// the first day on which its rule can be lifted
    pub origin: Linear,
    /// the last day of its period, where it is owed once in each
    pub period: Option<Linear>,
}

impl Arising {
    /// On a day, from a day on.
    pub(super) fn on(day: Linear, base: Option<Linear>, first: Linear) -> Self {
        Self { origin: first.clone(), day, base, first, period: None }
    }
}

/// A norm with figures for its variables.
#[derive(Debug, Clone)]
pub struct Instance<'p> {
    /// the norm
    pub norm: &'p Norm,
    /// who its variables are
    pub env: Env,
    /// how it arose
    pub arising: Arising,
}

impl<'p> Scene<'p> {
    /// The figure that is meant.
    pub(super) fn who(&mut self, who: Who, env: &Env) -> Option<usize> {
        match who {
            Who::Var(VarId(v)) => env.get(v as usize).copied().flatten(),
            Who::Party(p) => {
                let found = self.universe.figures().find(|(_, f)| f.parties.contains(&p)).map(|(i, _)| i);
                if found.is_none() {
                    let name = self.program.party_name(p).to_owned();
                    self.refuse(format!("`{name}` does not take part"));
                }
                found
            }
        }
    }

    /// Whom a variable can be, leaving its filter aside.
    pub(super) fn candidates(&self, domain: Domain) -> Vec<usize> {
        let fits = |f: &super::Figure| {
            if f.member { f.surely_kind(self.program, domain.kind) } else { domain.outsiders }
        };
        self.universe.figures().filter(|(_, f)| fits(f)).map(|(i, _)| i).collect()
    }

    /// Every choice of figures for the variables of these binders that are not chosen yet, such that those which must differ
    /// do.
    pub fn choices(&mut self, variables: &[Variable], binders: &[Binder], start: &Env) -> Vec<Env> {
        let mut first = start.clone();
        first.resize(variables.len().max(start.len()), None);
        let mut out = vec![first];
        for (i, variable) in variables.iter().enumerate() {
            if !binders.contains(&variable.binder) {
                continue;
            }
            let candidates = self.candidates(variable.domain);
            let mut next = Vec::new();
            for env in out {
                if env.get(i).copied().flatten().is_some() {
                    next.push(env);
                    continue;
                }
                for figure in &candidates {
                    let mut env = env.clone();
                    if let Some(place) = env.get_mut(i) {
                        *place = Some(*figure);
                    }
                    next.push(env);
                }
            }
            out = next;
        }
        out.retain(|env| self.distinct(variables, binders, env));
        out
    }

    fn distinct(&mut self, variables: &[Variable], binders: &[Binder], env: &Env) -> bool {
        (0u32..).zip(variables).filter(|(_, v)| binders.contains(&v.binder)).all(|(i, v)| {
            let own = env.get(i as usize).copied().flatten();
            own.is_none() || v.distinct.iter().all(|other| self.who(*other, env) != own)
        })
    }

    /// What the variables of these binders ask of their figures: `where CONDITION`.
    pub fn filters(&mut self, variables: &[Variable], binders: &[Binder], at: At<'_>) -> Term {
        let mut all = Vec::new();
        for variable in variables.iter().filter(|v| binders.contains(&v.binder)) {
            if let Some(filter) = &variable.filter {
                all.push(self.condition(filter, at));
            }
        }
        Term::and(all)
    }

    /// Some way in which an instance arises, for which this holds. What a duty asks as it arises, of its parties and in the
    /// case of a point duty by `when`, is asked here; prohibitions and permissions ask it on each day.
    pub fn arises(&mut self, norm: &'p Norm, env: &Env, holds: &mut dyn FnMut(&mut Self, &Arising) -> Term) -> Term {
        let mut asked = |scene: &mut Self, arising: &Arising| {
            if !is_duty(norm) {
                return holds(scene, arising);
            }
            let at = At { variables: &norm.variables, env, day: &arising.day, base: arising.base.as_ref() };
            let mut first = scene.filters(&norm.variables, &[Binder::Each], at);
            if is_point(norm) && !runs(norm) && !first.is_false() {
                first = first.also(scene.condition(&norm.when, at));
            }
            if first.is_false() { first } else { first.also(holds(scene, arising)) }
        };
        let case = match self.frame.rule_of(norm) {
            Some(rule) => {
                self.triggered(rule, env, &mut |scene, set_off| scene.repeated(norm, env, set_off, &mut asked))
            }
            None => {
                let bound = Arising::on(Linear::zero(), None, Linear::zero());
                self.repeated(norm, env, &bound, &mut asked)
            }
        };
        self.of_everybody(env, case)
    }

    /// A norm that arises at once, on each run of days, or again and again, from a day on.
    fn repeated(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        from: &Arising,
        holds: &mut dyn FnMut(&mut Self, &Arising) -> Term,
    ) -> Term {
        match &norm.arises {
            Arises::Every(days) => {
                if days.months > 0 {
                    return self.every_month(days.months, from, holds);
                }
                let Some(step) = days.days.as_constant().map(|c| c.to_integer()).filter(|n| *n > BigInt::from(0))
                else {
                    return self.refuse("a duty comes again after a time that is still open");
                };
                if self.closed > 0 && !self.only_given {
                    return self.turns(&step, from, holds);
                }
                self.some_day("turn", |scene, day| {
                    let on = Formula::divides(&step, &(day - &from.day)).unwrap_or_else(Formula::falsity);
                    let on = Formula::and([on, Formula::ge(day, &from.day)]);
                    let last = day + &Linear::int(step.clone() - 1);
                    let turn = Arising { day: day.clone(), first: day.clone(), period: Some(last), ..from.clone() };
                    holds(scene, &turn).given(on)
                })
            }
            // without a window it is due on the days on which its condition holds: no matter since when
            Arises::While if runs(norm) && !(unlimited(norm) && norm.variables.iter().all(|v| v.filter.is_none())) => {
                self.some_day("run", |scene, day| {
                    let since = from.base.as_ref();
                    let on = |day| At { variables: &norm.variables, env, day, base: since };
                    let begun = scene.condition(&norm.when, on(day));
                    let before = day - &Linear::int(1);
                    let not_before = scene.none(|scene| scene.condition(&norm.when, on(&before)));
                    let first = Term::fixed(Formula::eq(day, &from.first));
                    let run = begun.also(Term::or([first, not_before])).given(Formula::ge(day, &from.first));
                    if run.is_false() {
                        return run;
                    }
                    let arising = Arising::on(day.clone(), from.base.clone(), day.clone());
                    run.also(holds(scene, &arising))
                })
            }
            Arises::Bound | Arises::Rule | Arises::While => holds(self, from),
        }
    }

    /// The turns of what comes again, where every one is meant: the first few, and any day behind them, which is more than there
    /// is. Said so, as it makes "none of them" harder to meet than it is.
    fn turns(&mut self, step: &BigInt, from: &Arising, holds: &mut dyn FnMut(&mut Self, &Arising) -> Term) -> Term {
        let turn = |day: Linear| {
            let last = &day + &Linear::int(step.clone() - 1);
            Arising { first: day.clone(), day, period: Some(last), ..from.clone() }
        };
        let after = |n: i64| &from.day + &Linear::int(step.clone() * n);
        let mut cases = Vec::new();
        for n in 0..TURNS {
            cases.push(holds(self, &turn(after(n))));
        }
        let far = after(TURNS);
        cases.push(self.some_day("turn", |scene, day| {
            let behind = Formula::ge(day, &far);
            holds(scene, &turn(day.clone())).given(behind)
        }));
        let mut out = Term::or(cases);
        let why = "a duty comes again and again";
        out.yes.more.insert(why.to_owned());
        out.no.more.insert(why.to_owned());
        out
    }

    /// The first two turns of what comes again after calendar months; that there are no others is not said.
    fn every_month(&mut self, months: u32, from: &Arising, holds: &mut dyn FnMut(&mut Self, &Arising) -> Term) -> Term {
        let length = |months| crate::model::conduct::Days { days: Linear::zero(), months };
        let next = self.after(&from.day, &length(months));
        let third = self.after(&from.day, &length(months.saturating_mul(2)));
        let one = Linear::int(1);
        let first = Arising { period: Some(&next - &one), ..from.clone() };
        let again = Arising { day: next.clone(), first: next, period: Some(&third - &one), ..from.clone() };
        let mut out = Term::or([holds(self, &first), holds(self, &again)]);
        let why = "a duty comes again and again after calendar months";
        out.yes.more.insert(why.to_owned());
        out.no.more.insert(why.to_owned());
        out
    }

    /// Some way in which a rule is set off with these figures for its variables.
    pub fn triggered(&mut self, rule: &'p Rule, env: &Env, holds: &mut dyn FnMut(&mut Self, &Arising) -> Term) -> Term {
        let mut admitted = |scene: &mut Self, set_off: &Arising| {
            let at = At { variables: &rule.variables, env, day: &set_off.day, base: None };
            let filters = scene.filters(&rule.variables, &[Binder::Rule], at);
            if filters.is_false() { filters } else { filters.also(holds(scene, set_off)) }
        };
        if self.loose.contains(&super::Read::Rule(rule.id)) {
            return self.free_arising(holds);
        }
        match &rule.trigger {
            Trigger::Occurs(pattern) => self.some_slot(Kind::Act(pattern.action), |scene, slot| {
                let What::Act(act) = &slot.what else { return Term::falsity() };
                let at = At { variables: &rule.variables, env, day: &act.from, base: None };
                let matches = scene.matches(pattern, act, at, false);
                if matches.is_false() {
                    return matches;
                }
                let day = act.from.clone();
                let set_off = Arising::on(day.clone(), Some(day.clone()), day);
                matches.also(admitted(scene, &set_off))
            }),
            Trigger::Breach { by, against, .. } if rule.determined.is_some() => {
                let by = self.who(Who::Var(*by), env);
                let against = against.map(|a| self.who(Who::Var(a), env));
                self.some_slot(Kind::Finding(rule.id), |scene, slot| {
                    let What::Finding { by: found, against: said, from, .. } = &slot.what else {
                        return Term::falsity();
                    };
                    let Some(by) = by else { return Term::falsity() };
                    let idle = |f| scene.universe.is_idle(f);
                    if idle(by) || against.flatten().is_some_and(idle) {
                        return Term::of_the_idle();
                    }
                    let mut names = vec![found.is(by)];
                    if let Some(against) = against {
                        names.push(against.map_or_else(Formula::falsity, |a| said.is(a + 1)));
                    }
                    let set_off = Arising::on(from.clone(), Some(from.clone()), from.clone());
                    admitted(scene, &set_off).given(Formula::and(names))
                })
            }
            Trigger::Breach { norms, by, against } => {
                let by = self.who(Who::Var(*by), env);
                let injured = against.and_then(|a| self.who(Who::Var(a), env));
                if by.is_none() || (against.is_some() && injured.is_none()) {
                    return Term::falsity();
                }
                self.some_breach(norms, by, injured, &mut |scene, day| {
                    let first = day + &Linear::int(1);
                    admitted(scene, &Arising::on(day.clone(), Some(day.clone()), first))
                })
            }
        }
    }

    /// Whether a condition once true stays true: then it holds as soon as it held on some day.
    pub(super) fn stays(&self, c: &Condition) -> bool {
        match c {
            Condition::Occurred { pattern, last } => {
                last.is_none() && self.program.conduct.action(pattern.action).is_some_and(|a| !a.lasting)
            }
            Condition::Breached { last, .. } => last.is_none(),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().all(|c| self.stays(c)),
            Condition::Same(..) | Condition::Kind(..) => true,
            Condition::Fixed(f) => !f.mentions(&crate::model::day()),
            Condition::ForAll(_, inner) | Condition::Exists(_, inner) => self.stays(inner),
            Condition::Compare(..) | Condition::Attribute(..) | Condition::May(_) | Condition::Not(_) => false,
        }
    }
}

/// The figure that an argument is, if it is one.
pub(super) fn figure(arg: &Arg) -> Option<&super::Pick> {
    match arg {
        Arg::Figure(pick) => Some(pick),
        Arg::Number(_) | Arg::Thing(_) | Arg::Ground(_) => None,
    }
}
