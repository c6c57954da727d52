//! When a norm is due, and what is set aside (semantics §12, §13, §15–§18).
//!
//! In: a norm, who its variables are, how it arose, a day. Out: the condition under which it is due then.

use super::frame::{is_duty, is_point, runs, unlimited};
use super::instance::{Arising, At, Env};
use super::slot::What;
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Actor, Binder, Condition, Days, Deed, Force, Norm, Pattern, Rule, Who, Window};

impl<'p> Scene<'p> {
    /// The first day of a window that opens with this arising.
    pub fn window_start(&mut self, window: &Window, arising: &Arising) -> Linear {
        let counted = self.counted(window, arising);
        match &window.after {
            Some(after) => &self.after(&counted, after) + &Linear::int(1),
            None => counted,
        }
    }

    /// From which day the lengths of a window count.
    fn counted(&mut self, window: &Window, arising: &Arising) -> Linear {
        match &window.offset {
            Some(offset) => self.after(&arising.day, offset),
            None => arising.day.clone(),
        }
    }

    /// The last day of a point duty.
    pub fn deadline(&mut self, window: &Window, arising: &Arising) -> Option<Linear> {
        match &window.within {
            Some(within) => {
                let counted = self.counted(window, arising);
                Some(self.after(&counted, within))
            }
            None => arising.period.clone(),
        }
    }

    /// That a day is in the span that the window alone gives.
    pub(crate) fn in_span(&mut self, window: &Window, arising: &Arising, day: &Linear) -> Term {
        let start = self.window_start(window, arising);
        let mut all = vec![Formula::ge(day, &start), Formula::ge(day, &arising.first)];
        if let Some(until) = &window.until {
            let counted = self.counted(window, arising);
            let end = self.after(&counted, until);
            all.push(Formula::le(day, &end));
        }
        if let Some(from) = &window.from_date {
            let date = self.date(day);
            all.push(Formula::ge(&date, from));
        }
        if let Some(until) = &window.until_date {
            let date = self.date(day);
            all.push(Formula::le(&date, until));
        }
        Term::fixed(Formula::and(all))
    }

    /// That a norm which so arose is due on a day.
    pub fn due(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, day: &Linear) -> Term {
        self.apart(|scene, standing| {
            let would = scene.would(norm, env, arising, day, standing);
            if would.is_false() || norm.is_prohibition() || scene.frame.overrides(norm).is_empty() {
                return would;
            }
            let kept = scene.none(|scene| scene.set_aside(norm, env, arising, day));
            would.also(kept)
        })
    }

    /// The same, leaving aside what sets it aside.
    pub fn would_be_due(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, day: &Linear) -> Term {
        self.apart(|scene, standing| scene.would(norm, env, arising, day, standing))
    }

    /// The same; `standing`: the breach that it answers goes on.
    fn would(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, day: &Linear, standing: bool) -> Term {
        if norm.force == Force::Should || (norm.discretion && norm.force == Force::Must) {
            return Term::falsity();
        }
        if !self.paired(norm, env) {
            return Term::falsity();
        }
        let subject = match norm.group {
            Some(_) => self.stay(None, norm, env, day),
            None => match self.who(norm.subject, env) {
                Some(figure) => self.bound_on(figure, norm, env, day),
                None => Term::falsity(),
            },
        };
        if subject.is_false() {
            return subject;
        }
        let at = At { variables: &norm.variables, env, day, base: arising.base.as_ref() };
        let mut all = vec![subject, self.in_span(&norm.window, arising, day)];
        if !is_duty(norm) {
            all.push(self.filters(&norm.variables, &[Binder::Each], at));
        }
        if let Some(rule) = self.frame.rule_of(norm).filter(|_| !standing) {
            all.push(self.not_lifted(rule, env, arising, day));
        }
        if !norm.unless.is_false() {
            all.push(self.none(|scene| scene.exception(&norm.unless, at, standing)));
        }
        if !norm.when.is_true() && !is_point(norm) {
            all.push(self.condition(&norm.when, at));
            if runs(norm) && !unlimited(norm) {
                // the run in which it arose goes on
                all.push(self.none(|scene| {
                    scene.some_day("pause", |scene, on| {
                        let between = Formula::and([Formula::gt(on, &arising.day), Formula::lt(on, day)]);
                        scene.none(|scene| scene.condition(&norm.when, At { day: on, ..at })).given(between)
                    })
                }));
            }
        }
        Term::and(all)
    }

    /// That a rule that so was set off is not lifted by a day.
    pub(super) fn not_lifted(&mut self, rule: &'p Rule, env: &Env, arising: &Arising, day: &Linear) -> Term {
        let Some(lift) = &rule.lift else { return Term::truth() };
        let at = At { variables: &rule.variables, env, day, base: arising.base.as_ref() };
        if self.stays(lift) {
            return self.none(|scene| scene.condition(lift, at));
        }
        self.none(|scene| {
            scene.some_day("lift", |scene, on| {
                let when = Formula::and([Formula::ge(on, &arising.origin), Formula::le(on, day)]);
                scene.condition(lift, At { day: on, ..at }).given(when)
            })
        })
    }

    /// That a norm binds somebody on a day: a member who has not left, or whom the norm binds even then. Whom a contract
    /// names it binds.
    pub(super) fn bound_on(&mut self, figure: usize, norm: &Norm, env: &Env, day: &Linear) -> Term {
        if norm.charter.is_none() {
            return Term::truth();
        }
        if !self.universe.figure(figure).is_some_and(|f| f.member) {
            return Term::falsity();
        }
        self.stay(Some(figure), norm, env, day)
    }

    /// That nobody of whom a norm speaks has left by a day, unless it outlives that; of a group those whom it names besides.
    fn stay(&mut self, figure: Option<usize>, norm: &Norm, env: &Env, day: &Linear) -> Term {
        if !self.leaving || norm.charter.is_none() {
            return Term::truth();
        }
        let Some(exit) = self.program.conduct.exits.iter().find(|e| e.charter == self.frame.charter) else {
            return Term::truth();
        };
        if exit.survive.contains(&norm.id) {
            return Term::truth();
        }
        let named: Vec<usize> = figure
            .into_iter()
            .chain(env.iter().zip(&norm.variables).filter(|(_, v)| !v.domain.outsiders).filter_map(|(f, _)| *f))
            .chain(self.by_name(norm))
            .collect();
        self.not_left(&named, exit.notice.as_ref(), day)
    }

    /// That none of these has left by a day, on this notice.
    pub(super) fn not_left(&mut self, who: &[usize], notice: Option<&'p Days>, day: &Linear) -> Term {
        self.none(|scene| {
            scene.some_slot(Kind::Withdrawal, |scene, slot| {
                let What::Withdrawal { party, from } = &slot.what else { return Term::falsity() };
                let last = match notice {
                    Some(notice) => scene.after(from, notice),
                    None => from.clone(),
                };
                let one = party.among(who.iter().copied());
                let mut left = Term::fixed(Formula::and([one, Formula::gt(day, &last)]));
                left.yes.idle = who.iter().any(|f| scene.universe.is_idle(*f));
                left
            })
        })
    }

    /// That a pair of the norm is left when the reserved ones are gone (§17).
    fn paired(&mut self, norm: &Norm, env: &Env) -> bool {
        let reserved: Vec<Actor> = self
            .program
            .conduct
            .reservations
            .iter()
            .filter(|r| r.norms.contains(&norm.id))
            .map(|r| Actor::Party(r.party))
            .collect();
        if reserved.is_empty() {
            return true;
        }
        let reserves = |scene: &Self, f: usize| scene.universe.figure(f).is_some_and(|f| reserved.contains(&f.actor));
        if self.who(norm.subject, env).is_some_and(|s| reserves(self, s)) {
            return false;
        }
        let (others, anyone) = self.named(norm, env);
        if !others.is_empty() || anyone {
            return anyone || others.iter().any(|o| !reserves(self, *o));
        }
        true
    }

    /// That one prohibition alone forbids every act that would meet the norm (R2): of a point duty on each day of its window
    /// so far, else on the day.
    pub fn set_aside(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, day: &Linear) -> Term {
        let Deed::Act(deed) = &norm.deed else { return Term::falsity() };
        let by = self.frame.overrides(norm);
        let owed = norm.force == Force::Must;
        let window = if is_point(norm) {
            let start = self.window_start(&norm.window, arising);
            self.deadline(&norm.window, arising).map(|deadline| (start, deadline))
        } else {
            None
        };
        let subjects: Vec<Env> = match (&norm.group, norm.subject) {
            // each of the group, whoever is answerable
            (Some(_), Who::Var(v)) => {
                let mut nobody = env.clone();
                if let Some(place) = nobody.get_mut(v.0 as usize) {
                    *place = None;
                }
                self.choices(&norm.variables, &[Binder::Rule, Binder::Each, Binder::Group], &nobody)
            }
            _ => vec![env.clone()],
        };
        let mut cases = Vec::new();
        for m in by {
            if self.is_loose(m.id) {
                cases.push(self.free());
                continue;
            }
            let mut all = Vec::new();
            for own in &subjects {
                let subject = self.who(norm.subject, own);
                let mut alone = Vec::new();
                for other in self.with_subject(m, subject) {
                    alone.push(self.arises(m, &other, &mut |scene, since| {
                        scene.none(|scene| {
                            scene.some_day("act", |scene, on| {
                                let when = match &window {
                                    Some((start, deadline)) => Formula::and([
                                        Formula::ge(on, start),
                                        Formula::ge(on, &arising.first),
                                        Formula::le(on, deadline),
                                        Formula::le(on, day),
                                    ]),
                                    None => Formula::eq(on, day),
                                };
                                scene.spared(deed, own, norm, owed, arising, m, &other, since, on).given(when)
                            })
                        })
                    }));
                }
                all.push(Term::or(alone));
            }
            cases.push(Term::and(all));
        }
        let aside = Term::or(cases);
        match window {
            // a window without a day has none on which its acts are forbidden
            Some((start, deadline)) => aside.given(Formula::and([
                Formula::le(&start, &deadline),
                Formula::le(&start, day),
                Formula::le(&arising.first, &deadline),
                Formula::le(&arising.first, day),
            ])),
            None => aside,
        }
    }

    /// That on a day some act which meets a norm is not forbidden by an instance of a prohibition.
    #[expect(clippy::too_many_arguments, reason = "two norms, each with who and since when")]
    fn spared(
        &mut self,
        deed: &Pattern,
        env: &Env,
        norm: &'p Norm,
        owed: bool,
        arising: &Arising,
        m: &'p Norm,
        other: &Env,
        since: &Arising,
        on: &Linear,
    ) -> Term {
        let at = At { variables: &norm.variables, env, day: on, base: arising.base.as_ref() };
        let point = self.point(deed, at, owed);
        let free = self.binding(&point.vars.clone(), |scene| {
            let meets = scene.matches(deed, &point.act, at, owed).given(point.limits.clone());
            let forbids = scene.none(|scene| scene.hit(m, other, since, &point.act, on));
            meets.also(forbids)
        });
        self.project(&point.vars, free)
    }

    /// Every choice of figures for a norm outside of a group, with this subject.
    pub fn with_subject(&mut self, norm: &Norm, subject: Option<usize>) -> Vec<Env> {
        let mut start: Env = vec![None; norm.variables.len()];
        match norm.subject {
            Who::Var(v) => {
                let domain = norm.variables.get(v.0 as usize).map(|v| v.domain);
                if let Some(figure) = subject
                    && domain.is_none_or(|d| !self.candidates(d).contains(&figure))
                {
                    return Vec::new();
                }
                if let Some(place) = start.get_mut(v.0 as usize) {
                    *place = subject;
                }
            }
            Who::Party(_) => {
                if subject.is_some() && self.who(norm.subject, &start) != subject {
                    return Vec::new();
                }
            }
        }
        let group: &[Binder] = if norm.group.is_some() && subject.is_some() {
            &[Binder::Rule, Binder::Each, Binder::Group]
        } else {
            &[Binder::Rule, Binder::Each]
        };
        self.choices(&norm.variables, group, &start)
    }

    /// Who is meant, with these values of the variables.
    pub fn figure_of(&mut self, who: Who, env: &Env) -> Option<usize> {
        self.who(who, env)
    }

    /// The parties that the act of a norm names by name.
    fn by_name(&mut self, norm: &Norm) -> Vec<usize> {
        let nobody = vec![None; norm.variables.len()];
        match norm.deed {
            Deed::Act(_) | Deed::Before { .. } => self.named(norm, &nobody).0,
            Deed::Ensure(_) | Deed::Alike { .. } => Vec::new(),
        }
    }

    /// The other parties that a norm names (§14, §17), and whether it names anyone whom the act names.
    pub(super) fn named(&mut self, norm: &Norm, env: &Env) -> (Vec<usize>, bool) {
        let mut who: Vec<Who> = Vec::new();
        let mut anyone = false;
        let mut pattern = |p: &Pattern| {
            for m in p.arguments.iter().skip(1) {
                match m {
                    crate::model::conduct::Match::Is(w) => who.push(*w),
                    crate::model::conduct::Match::Anyone => anyone = true,
                    _ => {}
                }
            }
            if let Some(crate::model::conduct::Place::TerritoryOf(w) | crate::model::conduct::Place::ClaimedBy(w)) =
                p.place
            {
                who.push(w);
            }
        };
        match &norm.deed {
            Deed::Act(p) => pattern(p),
            Deed::Before { then, .. } => pattern(then),
            Deed::Ensure(c) => named_in(c, &mut Vec::new(), &mut who),
            Deed::Alike { .. } => {}
        }
        let subject = self.who(norm.subject, env);
        let mut out: Vec<usize> =
            who.into_iter().filter_map(|w| self.who(w, env)).filter(|f| Some(*f) != subject).collect();
        out.sort_unstable();
        out.dedup();
        (out, anyone)
    }
}

/// Everybody a condition speaks of, without the variables it binds itself.
fn named_in(c: &Condition, bound: &mut Vec<Who>, out: &mut Vec<Who>) {
    use crate::model::conduct::{Match, Quantity};
    fn quantity(q: &Quantity, out: &mut Vec<Who>) {
        match q {
            Quantity::Attribute(who, _) => out.push(*who),
            Quantity::Scaled(_, inner) => quantity(inner, out),
            Quantity::Sum(parts) => parts.iter().for_each(|p| quantity(p, out)),
            Quantity::Fixed(_) | Quantity::Balance(_) | Quantity::Argument(_) | Quantity::Total { .. } => {}
        }
    }
    let mut found = Vec::new();
    match c {
        Condition::Compare(a, _, b) => {
            quantity(a, &mut found);
            quantity(b, &mut found);
        }
        Condition::Attribute(who, _) | Condition::Kind(who, _) => found.push(*who),
        Condition::Same(a, b) => found.extend([*a, *b]),
        Condition::Occurred { pattern, .. } | Condition::May(pattern) => {
            found.extend(pattern.arguments.iter().filter_map(|m| if let Match::Is(w) = m { Some(*w) } else { None }));
        }
        Condition::Breached { by, against, .. } => found.extend(by.iter().chain(against).copied()),
        Condition::Not(inner) => named_in(inner, bound, out),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| named_in(p, bound, out)),
        Condition::ForAll(v, inner) | Condition::Exists(v, inner) => {
            bound.push(Who::Var(*v));
            named_in(inner, bound, out);
            bound.pop();
        }
        Condition::Fixed(_) => {}
    }
    out.extend(found.into_iter().filter(|w| !bound.contains(w)));
}
