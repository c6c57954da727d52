//! Conditions on a day of a situation (semantics §10).
//!
//! In: a [`Condition`] under an [`At`]. Out: a [`Term`]. A condition below `not` is built closed: see [`Scene::closed`].

use super::instance::{At, Env};
use super::slot::What;
use super::{EACH, Kind, Scene, Term};
use crate::logic::Formula;
use crate::model::conduct::{Condition, Days, Pattern, VarId};

/// How deep what one may do can depend on what one may do.
const ASKED: usize = 2;

impl Scene<'_> {
    /// That a condition holds.
    pub fn condition(&mut self, c: &Condition, at: At<'_>) -> Term {
        match c {
            Condition::Fixed(formula) => self.on_date(formula, at.day),
            Condition::Compare(a, how, b) => self.compared(a, *how, b, at),
            Condition::Attribute(who, name) => self.truth_of(*who, name, at.env),
            Condition::Same(a, b) => {
                let (a, b) = (self.who(*a, at.env), self.who(*b, at.env));
                Term::fixed(Formula::constant(a.is_some() && a == b))
            }
            Condition::Kind(who, kind) => {
                let figure = self.who(*who, at.env).and_then(|f| self.universe.figure(f));
                let program = self.program;
                Term::fixed(Formula::constant(figure.is_some_and(|f| f.surely_kind(program, *kind))))
            }
            Condition::Occurred { pattern, last } => self.occurred(pattern, last.as_ref(), at),
            Condition::Breached { norms, by, against, last } => {
                let who = [*by, *against].map(|w| w.map(|w| self.who(w, at.env)));
                if who.contains(&Some(None)) {
                    return Term::falsity();
                }
                let [by, against] = who.map(Option::flatten);
                self.some_breach(norms, by, against, &mut |scene, day| {
                    let mut when = vec![Formula::lt(day, at.day)];
                    match last {
                        Some(last) => {
                            let since = scene.before(at.day, last);
                            when.push(Formula::ge(day, &since));
                        }
                        None => when.extend(at.base.map(|b| Formula::ge(day, b))),
                    }
                    Term::fixed(Formula::and(when))
                })
            }
            Condition::May(pattern) => self.may(pattern, at),
            Condition::Not(inner) => self.none(|scene| scene.condition(inner, at)),
            Condition::All(parts) => {
                let parts: Vec<Term> = parts.iter().map(|c| self.condition(c, at)).collect();
                Term::and(parts)
            }
            Condition::Any(parts) => {
                let parts: Vec<Term> = parts.iter().map(|c| self.condition(c, at)).collect();
                Term::or(parts)
            }
            Condition::ForAll(v, inner) => self.every(*v, inner, at, true),
            Condition::Exists(v, inner) => self.every(*v, inner, at, false),
        }
    }

    /// It began between the base and the day, or in the last days; a lasting event holds on the day, or did in the last days.
    /// What it was is asked on the day it began, of a lasting event on the day.
    fn occurred(&mut self, pattern: &Pattern, last: Option<&Days>, at: At<'_>) -> Term {
        if self.unexcused && last.is_none() && self.is_sign(pattern.action) {
            return Term::falsity();
        }
        let lasting = self.program.conduct.action(pattern.action).is_some_and(|a| a.event && a.lasting);
        let since = last.map(|last| self.before(at.day, last));
        self.some_slot(Kind::Act(pattern.action), |scene, slot| {
            let What::Act(act) = &slot.what else { return Term::falsity() };
            let asked = At { day: if lasting { at.day } else { &act.from }, ..at };
            let matches = scene.matches(pattern, act, asked, false);
            if matches.is_false() {
                return matches;
            }
            let mut when = vec![Formula::le(&act.from, at.day)];
            match (lasting, &since) {
                (true, None) => when.push(act.lasts_until(at.day)),
                (true, Some(since)) => when.push(act.lasts_until(since)),
                (false, Some(since)) => when.push(Formula::ge(&act.from, since)),
                (false, None) => when.extend(at.base.map(|b| Formula::ge(&act.from, b))),
            }
            matches.given(Formula::and(when))
        })
    }

    /// For every value of a variable, or for some.
    fn every(&mut self, v: VarId, inner: &Condition, at: At<'_>, all: bool) -> Term {
        let Some(variable) = at.variables.get(v.0 as usize) else {
            return self.refuse("a variable has no declaration");
        };
        let mut parts = Vec::new();
        for figure in self.candidates(variable.domain) {
            let mut env: Env = at.env.clone();
            env.resize(env.len().max(v.0 as usize + 1), None);
            if let Some(place) = env.get_mut(v.0 as usize) {
                *place = Some(figure);
            }
            if variable.distinct.iter().any(|other| self.who(*other, &env) == Some(figure)) {
                continue;
            }
            let inner_at = At { env: &env, ..at };
            let there = if variable.domain.outsiders {
                Term::truth()
            } else {
                self.closed(|scene| scene.stays_member(figure, inner_at))
            };
            let of = variable.filter.as_ref().map_or_else(Term::truth, |f| self.condition(f, inner_at));
            let of = there.also(of);
            if of.is_false() {
                continue;
            }
            let mut part = self.condition(inner, inner_at);
            part = if all {
                self.of_everybody(&[Some(figure)], part.not()).not()
            } else {
                self.of_everybody(&[Some(figure)], part)
            };
            parts.push(if all { Term::or([self.closed(|_| of.not()), part]) } else { of.also(part) });
        }
        if all { Term::and(parts) } else { Term::or(parts) }
    }

    /// One case of what is asked of everybody, with these figures: that of none of those who take part in nothing it holds may
    /// take something that each of them does, or that is done to each. It cannot occur here, and that it does not is no proof.
    pub fn of_everybody(&self, figures: &[Option<usize>], mut case: Term) -> Term {
        if case.no.idle && figures.iter().flatten().any(|f| self.universe.is_idle(*f)) {
            case.no.idle = false;
            case.no.more.insert(EACH.to_owned());
        }
        case
    }

    /// No due prohibition makes such an act a breach on the day.
    fn may(&mut self, pattern: &Pattern, at: At<'_>) -> Term {
        if self.asking >= ASKED {
            return self.refuse("what one may do depends on what one may do");
        }
        self.asking += 1;
        let free = self.none(|scene| {
            let point = scene.point(pattern, at, false);
            let forbidden = scene.binding(&point.vars.clone(), |scene| {
                let such = scene.matches(pattern, &point.act, at, false).given(point.limits.clone());
                if such.is_false() { such } else { such.also(scene.forbidden(&point.act, at.day)) }
            });
            scene.project(&point.vars, forbidden)
        });
        self.asking -= 1;
        free
    }
}
