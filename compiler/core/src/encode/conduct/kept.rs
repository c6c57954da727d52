//! That nobody is in breach up to a day (semantics §14, §25): what makes a situation lawful.
//!
//! In: a norm or a ceiling, and a day. Out: the condition that nobody breaks it up to that day. A breach may be spared: the
//! one that sets a rule off.
//!
//! Of parties that take part in nothing a duty to act is not asked: they could not meet it. So there are situations that
//! pass here and are not lawful. That there is none here proves that there is no lawful one; one that is here is replayed.

use super::frame::is_duty;
use super::instance::{At, Env};
use super::slot::{Act, End, What};
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Deed, Force, Norm, NormId};

/// What can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keeps {
    /// a norm
    Norm(NormId),
    /// a ceiling over the act of a norm, by its place in the norm's rule
    Ceiling(NormId, usize),
}

impl Keeps {
    /// The norm it is, or whose act it is about.
    #[must_use]
    pub const fn norm(self) -> NormId {
        match self {
            Self::Norm(id) | Self::Ceiling(id, _) => id,
        }
    }
}

/// Breaches that do not count: of one of these norms, by one figure, on one day.
#[derive(Debug, Clone)]
pub struct Spared<'s> {
    /// of these
    pub norms: &'s [NormId],
    /// by whom
    pub by: usize,
    /// on which day
    pub day: Linear,
}

impl<'p> Scene<'p> {
    /// That nobody breaks this up to a day, but for what is spared.
    pub fn kept(&mut self, what: Keeps, until: &Linear, spared: Option<&Spared<'_>>) -> Term {
        let Some(norm) = self.frame.norm(what.norm()) else { return Term::truth() };
        if let Keeps::Ceiling(id, place) = what {
            return self.under(id, place, until);
        }
        if norm.force == Force::Entitled {
            let until = until.clone();
            let mut counts = |_: &mut Self, on: &Linear| Term::fixed(Formula::le(on, &until));
            return self.none(|scene| scene.some_breach(&[norm.id], None, None, &mut counts));
        }
        let standing = is_duty(norm) && !super::is_point(norm);
        let mut all = Vec::new();
        for env in self.breakers(norm, None) {
            let by = self.figure_of(norm.subject, &env);
            let idle = by.is_some_and(|f| self.universe.is_idle(f));
            if idle && is_duty(norm) && matches!(norm.deed, Deed::Act(_)) {
                continue;
            }
            let spared = spared.filter(|s| Some(s.by) == by && s.norms.contains(&norm.id)).map(|s| s.day.clone());
            let counts = |on: &Linear| {
                let other = spared.as_ref().map_or_else(Formula::truth, |day| Formula::ne(on, day));
                Formula::and([Formula::le(on, until), other])
            };
            if self.of_the_day && standing {
                if spared.is_none() {
                    all.push(self.none(|scene| {
                        scene.arises(norm, &env, &mut |scene, arising| scene.gap(norm, &env, arising, until))
                    }));
                }
                continue;
            }
            all.push(self.none(|scene| scene.broken(norm, &env, spared.is_some(), &counts)));
        }
        Term::and(all)
    }

    /// Some breach of an instance, on a day that counts. The day of a gap is its first only where that is asked for: some day
    /// of a gap up to a day says as well that there was a first one.
    fn broken(&mut self, norm: &'p Norm, env: &Env, exact: bool, counts: &dyn Fn(&Linear) -> Formula) -> Term {
        if norm.is_prohibition() {
            return self.some_forbidden(norm, env, counts);
        }
        if exact || super::is_point(norm) {
            return self.breach(norm, env, None, &mut |_, on| Term::fixed(counts(on)));
        }
        if norm.force != Force::Must {
            return Term::falsity();
        }
        self.arises(norm, env, &mut |scene, arising| {
            scene.some_day("gap", |scene, day| {
                let gap = scene.gap(norm, env, arising, day);
                if gap.is_false() { gap } else { gap.given(counts(day)) }
            })
        })
    }

    /// Some act that an instance of a prohibition forbids on a day that counts.
    fn some_forbidden(&mut self, norm: &'p Norm, env: &Env, counts: &dyn Fn(&Linear) -> Formula) -> Term {
        let Some(action) = super::frame::acted(&norm.deed) else { return Term::falsity() };
        if self.figure_of(norm.subject, env).is_some_and(|f| self.universe.is_idle(f)) {
            return Term::falsity();
        }
        self.some_slot(Kind::Act(action), |scene, slot| {
            let What::Act(act) = &slot.what else { return Term::falsity() };
            if !scene.may_match(norm, env, act) {
                return Term::falsity();
            }
            scene.arises(norm, env, &mut |scene, arising| {
                scene.on_some_day(act, |scene, day| {
                    let hit = scene.struck(norm, env, arising, act, day);
                    if hit.is_false() { hit } else { hit.given(counts(day)) }
                })
            })
        })
    }

    /// That no act of a rule is above its ceiling up to a day.
    fn under(&mut self, id: NormId, place: usize, until: &Linear) -> Term {
        let Some(norm) = self.frame.norm(id) else { return Term::truth() };
        let Deed::Act(pattern) = &norm.deed else { return Term::truth() };
        let action = pattern.action;
        self.none(|scene| {
            scene.some_slot(Kind::Act(action), |scene, slot| {
                let What::Act(act) = &slot.what else { return Term::falsity() };
                scene.on_some_day(act, |scene, day| {
                    let hit = scene.forbidden_by(super::Forbids::Ceiling(id, place), act, day);
                    if hit.is_false() { hit } else { hit.given(Formula::le(day, until)) }
                })
            })
        })
    }

    /// Some day on which an act goes on and for which this holds.
    fn on_some_day(&mut self, act: &Act, mut holds: impl FnMut(&mut Self, &Linear) -> Term) -> Term {
        match &act.end {
            End::Same => holds(self, &act.from),
            End::At { .. } => self.some_day("struck", |scene, day| {
                let inner = holds(scene, day);
                if inner.is_false() { inner } else { inner.given(act.covers(day)) }
            }),
        }
    }

    /// That somebody is a member on a day, as a condition with these variables sees it: a norm that survives leaving goes on
    /// to see who has left.
    pub(super) fn stays_member(&mut self, figure: usize, at: At<'_>) -> Term {
        if !self.leaving {
            return Term::truth();
        }
        let Some(exit) = self.program.conduct.exits.iter().find(|e| e.charter == self.frame.charter) else {
            return Term::truth();
        };
        let survives = exit
            .survive
            .iter()
            .filter_map(|id| self.frame.norm(*id))
            .any(|n| std::ptr::eq(n.variables.as_slice(), at.variables));
        if survives { Term::truth() } else { self.not_left(&[figure], exit.notice.as_ref(), at.day) }
    }
}
