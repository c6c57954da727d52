//! Breaches: of which norm, by whom, on which day, against whom (semantics §14).
//!
//! In: norms and who may be in breach. Out: the condition that there is such a breach, with its day handed to the caller. A
//! breach that sets off what is broken next is unfolded as deep as norms can follow upon each other; where they go in circles
//! it is cut, and said so.

use super::frame::is_point;
use super::instance::{Arising, At, Env};
use super::slot::{Act, End, What};
use super::{Kind, Needs, Scene, Term};
use crate::logic::{Formula, Linear, Sort};
use crate::model::conduct::{Binder, Deed, Force, Match, Norm, NormId};

/// How often one norm may follow upon itself.
const DEEP: usize = 2;

const CIRCLE: &str = "breaches that follow upon breaches of the same norm";

impl<'p> Scene<'p> {
    /// Some breach of one of these norms, by and against these where they are given, for whose day this holds.
    pub fn some_breach(
        &mut self,
        norms: &[NormId],
        by: Option<usize>,
        against: Option<usize>,
        holds: &mut dyn FnMut(&mut Self, &Linear) -> Term,
    ) -> Term {
        let mut cases = Vec::new();
        for norm in norms.iter().filter_map(|id| self.frame.norm(*id)) {
            if norm.force == Force::Should {
                continue;
            }
            if self.is_loose(norm.id) {
                cases.push(self.free_day(holds));
                continue;
            }
            if self.unfolding.iter().filter(|id| **id == norm.id).count() >= DEEP {
                self.cut.insert(CIRCLE.to_owned());
                continue;
            }
            self.unfolding.push(norm.id);
            if norm.force == Force::Entitled {
                cases.push(self.hindered(norm, by, against, holds));
            } else {
                for env in self.breakers(norm, by) {
                    cases.push(self.breach(norm, &env, against, holds));
                }
            }
            self.unfolding.pop();
        }
        Term::or(cases)
    }

    /// Every choice of figures for a norm that can be broken, by this one where given. Where a group fails nobody is in breach,
    /// unless each is answerable.
    pub fn breakers(&mut self, norm: &Norm, by: Option<usize>) -> Vec<Env> {
        match &norm.group {
            Some(group) if !group.each_answerable => Vec::new(),
            Some(_) if by.is_none() => {
                let start = vec![None; norm.variables.len()];
                self.choices(&norm.variables, &[Binder::Rule, Binder::Each, Binder::Group], &start)
            }
            _ => self.with_subject(norm, by),
        }
    }

    /// Whom a breach can injure: figures, and nothing where it can injure nobody in particular (§14).
    pub fn injured_by(&mut self, norm: &Norm, env: &Env) -> Vec<Option<usize>> {
        match self.named(norm, env) {
            (others, false) => match others.as_slice() {
                [one] => vec![Some(*one)],
                _ => vec![None],
            },
            (others, true) => {
                let active: Vec<usize> = self.universe.active().collect();
                let fits = |f: &usize| others.iter().all(|o| o == f);
                active.into_iter().filter(fits).map(Some).collect()
            }
        }
    }

    /// That the one other party which a norm names is this one.
    fn is_injured(&mut self, norm: &Norm, env: &Env, act: Option<&Act>, figure: usize) -> Formula {
        let (others, anyone) = self.named(norm, env);
        if others.iter().any(|o| *o != figure) {
            return Formula::falsity();
        }
        if !anyone {
            return Formula::constant(others.contains(&figure));
        }
        // whom the act names where the norm says anyone
        let (Some(act), Deed::Act(pattern) | Deed::Before { then: pattern, .. }) = (act, &norm.deed) else {
            return Formula::constant(others.contains(&figure));
        };
        let subject = self.who(norm.subject, env);
        let mut all = Vec::new();
        let mut named = vec![Formula::constant(others.contains(&figure))];
        for (arg, wanted) in act.arguments.iter().zip(&pattern.arguments).skip(1) {
            if let (Match::Anyone, Some(pick)) = (wanted, super::instance::figure(arg)) {
                let own = subject.map_or_else(Formula::falsity, |s| pick.is(s));
                all.push(Formula::or([pick.is(figure), own]));
                named.push(pick.is(figure));
            }
        }
        all.push(Formula::or(named));
        Formula::and(all)
    }

    /// Some act that hinders what somebody is entitled to.
    fn hindered(
        &mut self,
        norm: &'p Norm,
        by: Option<usize>,
        against: Option<usize>,
        holds: &mut dyn FnMut(&mut Self, &Linear) -> Term,
    ) -> Term {
        let mut cases = Vec::new();
        let members: Vec<usize> = self.universe.figures().filter(|(_, f)| f.member).map(|(i, _)| i).collect();
        for (action, _) in self.frame.hinderers(norm) {
            cases.push(self.some_slot(Kind::Act(action), |scene, slot| {
                let What::Act(act) = &slot.what else { return Term::falsity() };
                let mut parts = Vec::new();
                for actor in members.iter().filter(|m| by.is_none_or(|b| b == **m)) {
                    for holder in members.iter().filter(|m| against.is_none_or(|a| a == **m)) {
                        let is = act.actor().map_or_else(Formula::falsity, |p| p.is(*actor));
                        let hinders = scene.hinders(norm.id, *holder, *actor, act, &act.from).given(is);
                        if !hinders.is_false() {
                            parts.push(hinders);
                        }
                    }
                }
                let hinders = Term::or(parts);
                if hinders.is_false() { hinders } else { hinders.also(holds(scene, &act.from)) }
            }));
        }
        Term::or(cases)
    }

    /// Some breach of an instance, however it arose.
    pub fn breach(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        against: Option<usize>,
        holds: &mut dyn FnMut(&mut Self, &Linear) -> Term,
    ) -> Term {
        if norm.is_prohibition() {
            return self.act_breach(norm, env, against, holds);
        }
        let injured = against.map_or_else(Formula::truth, |a| self.is_injured(norm, env, None, a));
        if norm.force != Force::Must || injured.is_false() {
            return Term::falsity();
        }
        if is_point(norm) {
            return self.arises(norm, env, &mut |scene, arising| {
                let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
                let due = scene.due(norm, env, arising, &deadline);
                if due.is_false() {
                    return due;
                }
                let unmet = scene.unmet(norm, env, arising, &deadline);
                if unmet.is_false() {
                    return unmet;
                }
                let after = &deadline + &Linear::int(1);
                Term::and([due, unmet, holds(scene, &after)])
            });
        }
        self.arises(norm, env, &mut |scene, arising| {
            scene.some_day("gap", |scene, day| {
                let gap = scene.gap(norm, env, arising, day);
                if gap.is_false() {
                    return gap;
                }
                let before = day - &Linear::int(1);
                let goes_on = scene.none(|scene| {
                    let since = Formula::ge(&before, &arising.first);
                    scene.gap(norm, env, arising, &before).given(since)
                });
                Term::and([gap, goes_on, holds(scene, day)])
            })
        })
    }

    /// A day on which a standing duty is due and not kept.
    pub fn gap(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, day: &Linear) -> Term {
        let due = self.due(norm, env, arising, day);
        if due.is_false() {
            return due;
        }
        let at = At { variables: &norm.variables, env, day, base: arising.base.as_ref() };
        let kept = match &norm.deed {
            Deed::Ensure(condition) => self.none(|scene| scene.condition(condition, at)),
            Deed::Alike { each, action, receiver } => self.unlike(norm, env, *each, *action, *receiver, day),
            Deed::Act(pattern) => {
                let covers = |scene: &mut Self, env: &Env| {
                    scene.none(|scene| {
                        scene.some_slot(Kind::Act(pattern.action), |scene, slot| {
                            let What::Act(act) = &slot.what else { return Term::falsity() };
                            let at = At { env, ..at };
                            scene.matches(pattern, act, at, true).given(act.covers(day))
                        })
                    })
                };
                self.unless_enough(norm, env, at, &covers)
            }
            Deed::Before { .. } => Term::falsity(),
        };
        due.also(kept)
    }

    /// That a point duty was not met in its window.
    pub fn unmet(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, deadline: &Linear) -> Term {
        let start = self.window_start(&norm.window, arising);
        let pattern = match &norm.deed {
            Deed::Act(pattern) => pattern,
            Deed::Ensure(condition) => {
                return self.none(|scene| {
                    scene.some_day("kept", |scene, day| {
                        let at = At { variables: &norm.variables, env, day, base: arising.base.as_ref() };
                        let within =
                            [Formula::ge(day, &start), Formula::ge(day, &arising.first), Formula::le(day, deadline)];
                        scene.condition(condition, at).given(Formula::and(within))
                    })
                });
            }
            Deed::Before { .. } | Deed::Alike { .. } => return Term::falsity(),
        };
        let nobody = |scene: &mut Self, env: &Env| {
            scene.none(|scene| {
                scene.some_slot(Kind::Act(pattern.action), |scene, slot| {
                    let What::Act(act) = &slot.what else { return Term::falsity() };
                    let at = At { variables: &norm.variables, env, day: &act.from, base: arising.base.as_ref() };
                    let within = [
                        Formula::ge(&act.from, &start),
                        Formula::ge(&act.from, &arising.first),
                        Formula::le(&act.from, deadline),
                    ];
                    scene.matches(pattern, act, at, true).given(Formula::and(within))
                })
            })
        };
        let at = At { variables: &norm.variables, env, day: deadline, base: arising.base.as_ref() };
        self.unless_enough(norm, env, at, &nobody)
    }

    /// Some forbidden act of an instance.
    fn act_breach(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        against: Option<usize>,
        holds: &mut dyn FnMut(&mut Self, &Linear) -> Term,
    ) -> Term {
        let Some(action) = super::frame::acted(&norm.deed) else { return Term::falsity() };
        if self.who(norm.subject, env).is_some_and(|f| self.universe.is_idle(f)) {
            return Term::of_the_idle();
        }
        self.some_slot(Kind::Act(action), |scene, slot| {
            let What::Act(act) = &slot.what else { return Term::falsity() };
            let injured = against.map_or_else(Formula::truth, |a| scene.is_injured(norm, env, Some(act), a));
            if injured.is_false() || !scene.may_match(norm, env, act) {
                return Term::falsity();
            }
            let struck = scene.arises(norm, env, &mut |scene, arising| match &act.end {
                end if scene.at_once || matches!(end, End::Same) => {
                    let hit = scene.struck(norm, env, arising, act, &act.from);
                    if hit.is_false() {
                        return hit;
                    }
                    hit.also(holds(scene, &act.from))
                }
                _ => scene.some_day("struck", |scene, day| {
                    let hit = scene.struck(norm, env, arising, act, day);
                    if hit.is_false() {
                        return hit;
                    }
                    let first = scene.none(|scene| {
                        scene.some_day("struck", |scene, earlier| {
                            let before = Formula::and([Formula::ge(earlier, &act.from), Formula::lt(earlier, day)]);
                            scene.struck(norm, env, arising, act, earlier).given(before)
                        })
                    });
                    Term::and([hit, first, holds(scene, day)]).given(act.covers(day))
                }),
            });
            struck.given(injured)
        })
    }

    /// Whether an act can match what a prohibition forbids, by what is fixed.
    pub(super) fn may_match(&mut self, norm: &Norm, env: &Env, act: &Act) -> bool {
        let at = At { variables: &norm.variables, env, day: &act.from, base: None };
        match &norm.deed {
            Deed::Act(deed) | Deed::Before { then: deed, .. } => !self.matches(deed, act, at, false).is_false(),
            Deed::Ensure(_) | Deed::Alike { .. } => false,
        }
    }

    /// That an act is a breach on a day by a prohibition that so arose.
    pub(super) fn struck(&mut self, norm: &'p Norm, env: &Env, arising: &Arising, act: &Act, day: &Linear) -> Term {
        let hit = self.hit(norm, env, arising, act, day);
        if hit.is_false() {
            return hit;
        }
        let Some(actor) = self.who(norm.subject, env) else { return Term::falsity() };
        let not = self.none(|scene| scene.excepted(norm, (actor, act), day, None));
        hit.also(not)
    }

    /// That two of those who are to be treated alike have not received the same by a day.
    fn unlike(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        each: crate::model::conduct::VarId,
        action: crate::model::conduct::ActionId,
        receiver: usize,
        day: &Linear,
    ) -> Term {
        let Some(variable) = norm.variables.get(each.0 as usize) else { return Term::falsity() };
        let Some(subject) = self.who(norm.subject, env) else { return Term::falsity() };
        let treated: Vec<usize> = self.candidates(variable.domain);
        let slots = self.slots(Kind::Act(action));
        let acts: Vec<(Formula, Act)> = slots
            .iter()
            .filter_map(|s| if let What::Act(a) = &s.what { Some((s.present.clone(), a.clone())) } else { None })
            .collect();
        // that the i-th act is given to one by the day
        let given = |act: &(Formula, Act), to: usize| {
            let by = act.1.actor().map_or_else(Formula::falsity, |p| p.is(subject));
            let on = match act.1.arguments.get(receiver).and_then(super::instance::figure) {
                Some(pick) => pick.is(to),
                None => Formula::falsity(),
            };
            Formula::and([act.0.clone(), by, on, Formula::le(&act.1.from, day)])
        };
        let mut cases = Vec::new();
        for (i, a) in treated.iter().enumerate() {
            for b in treated.iter().skip(i + 1) {
                for pattern in &acts {
                    let mut difference = Linear::zero();
                    for act in &acts {
                        let same = same_arguments(&pattern.1, &act.1, receiver);
                        for (to, sign) in [(*a, 1), (*b, -1)] {
                            let counts = Formula::and([same.clone(), given(act, to)]);
                            if self.bound.iter().any(|x| counts.mentions(x)) {
                                return self.refuse("equal treatment is asked of every day");
                            }
                            let one = Linear::var(&self.variable("received", Sort::Int));
                            let is = |n: i64| Formula::eq(&one, &Linear::int(n));
                            self.background.push(Formula::ite(&counts, &is(1), &is(0)));
                            difference =
                                &difference + &one.scale(&crate::logic::BigRational::from_integer(sign.into()));
                        }
                    }
                    let to_either = Formula::or([given(pattern, *a), given(pattern, *b)]);
                    cases.push(Formula::and([to_either, Formula::ne(&difference, &Linear::zero())]));
                }
            }
        }
        let yes = Needs::one(Kind::Act(action));
        let no = Needs::unknown("what one receives all receive");
        let formula = Formula::or(cases);
        if formula.is_false() { Term::falsity() } else { Term { formula, yes, no } }
    }
}

/// That two acts have the same arguments but for the receiver.
fn same_arguments(a: &Act, b: &Act, receiver: usize) -> Formula {
    use super::slot::Arg;
    let pairs = a.arguments.iter().zip(&b.arguments).enumerate().filter(|(i, _)| *i != receiver);
    Formula::and(pairs.map(|(_, pair)| match pair {
        (Arg::Figure(x), Arg::Figure(y)) | (Arg::Thing(x), Arg::Thing(y)) | (Arg::Ground(x), Arg::Ground(y)) => {
            Formula::eq(&x.0, &y.0)
        }
        (Arg::Number(x), Arg::Number(y)) => Formula::eq(x, y),
        _ => Formula::falsity(),
    }))
}
