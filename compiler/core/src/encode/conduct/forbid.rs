//! What makes an act a breach: due prohibitions and what is excepted from them, entitlements of others, ceilings (semantics
//! §13, §15, §16).
//!
//! In: an act, a day. Out: the condition under which something that is due forbids it.

use super::instance::{Arising, At, Env, figure};
use super::slot::{Act, What};
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Binder, Days, Deed, Force, Norm, NormId, Pattern, Rule, Trigger, Who};

/// What makes an act a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Forbids {
    /// a prohibition
    Norm(NormId),
    /// an entitlement of another that the act stands in the way of
    Hinder(NormId),
    /// a ceiling, by its place in the rule of the norm whose act it is
    Ceiling(NormId, usize),
}

impl Forbids {
    /// The norm it is, or whose act it is about.
    #[must_use]
    pub const fn norm(self) -> NormId {
        match self {
            Self::Norm(id) | Self::Hinder(id) | Self::Ceiling(id, _) => id,
        }
    }

    /// Which prohibition it is, if it is one.
    #[must_use]
    pub const fn prohibition(self) -> Option<NormId> {
        match self {
            Self::Norm(id) => Some(id),
            Self::Hinder(_) | Self::Ceiling(..) => None,
        }
    }
}

impl<'p> Scene<'p> {
    /// That a prohibition which so arose is due on a day and covers an act, leaving exceptions aside.
    pub(super) fn hit(&mut self, m: &'p Norm, env: &Env, arising: &Arising, act: &Act, day: &Linear) -> Term {
        let at = At { variables: &m.variables, env, day, base: arising.base.as_ref() };
        let covered = match &m.deed {
            Deed::Act(deed) => self.matches(deed, act, at, false),
            Deed::Before { first, days, then } => {
                let then = self.matches(then, act, At { day: &act.from, ..at }, false);
                if then.is_false() {
                    return then;
                }
                then.also(self.unannounced(m, env, first, days, act))
            }
            Deed::Ensure(_) | Deed::Alike { .. } => Term::falsity(),
        };
        if covered.is_false() {
            return covered;
        }
        covered.also(self.due(m, env, arising, day))
    }

    /// That no announcement began early enough, and after the last own act that was announced.
    fn unannounced(&mut self, m: &'p Norm, env: &Env, first: &'p Pattern, days: &'p Days, act: &Act) -> Term {
        let on = act.from.clone();
        let latest = self.before(&on, days);
        self.none(|scene| {
            scene.some_slot(Kind::Act(first.action), |scene, slot| {
                let What::Act(announced) = &slot.what else { return Term::falsity() };
                let at = At { variables: &m.variables, env, day: &announced.from, base: None };
                let matches = scene.matches(first, announced, at, false);
                if matches.is_false() {
                    return matches;
                }
                let early = Formula::le(&announced.from, &latest);
                let Deed::Before { then, .. } = &m.deed else { return Term::falsity() };
                let spent = scene.none(|scene| {
                    scene.some_slot(Kind::Act(then.action), |scene, slot| {
                        let What::Act(earlier) = &slot.what else { return Term::falsity() };
                        let at = At { day: &earlier.from, ..at };
                        let between = [Formula::ge(&earlier.from, &announced.from), Formula::lt(&earlier.from, &on)];
                        scene.matches(then, earlier, at, false).given(Formula::and(between))
                    })
                });
                matches.also(spent).given(early)
            })
        })
    }

    /// That a permission or duty ranked above makes an act of one on a day no breach of a prohibition (R1); `unprovoked`: other
    /// than one that answers this one's breach.
    pub(super) fn excepted(
        &mut self,
        prohibition: &Norm,
        (actor, act): (usize, &Act),
        day: &Linear,
        unprovoked: Option<usize>,
    ) -> Term {
        let by = self.frame.exceptions(prohibition);
        self.excused(&by, (actor, act), day, unprovoked)
    }

    fn excused(
        &mut self,
        by: &[&'p Norm],
        (actor, act): (usize, &Act),
        day: &Linear,
        unprovoked: Option<usize>,
    ) -> Term {
        let mut cases = Vec::new();
        for m in by {
            if self.is_loose(m.id) {
                cases.push(self.free());
                continue;
            }
            let Deed::Act(deed) = &m.deed else { continue };
            let owed = m.force == Force::Must;
            for env in self.with_subject(m, Some(actor)) {
                let at = At { variables: &m.variables, env: &env, day, base: None };
                let answers = self.offender(m, &env);
                if answers.is_some() && answers == unprovoked || self.matches(deed, act, at, owed).is_false() {
                    continue;
                }
                cases.push(self.arises(m, &env, &mut |scene, arising| scene.covers(m, &env, arising, act, day)));
            }
        }
        Term::or(cases)
    }

    /// Whose breach a norm answers.
    fn offender(&mut self, norm: &Norm, env: &Env) -> Option<usize> {
        match self.frame.rule_of(norm)?.trigger {
            Trigger::Breach { by, .. } => self.who(Who::Var(by), env),
            Trigger::Occurs(_) => None,
        }
    }

    /// Who can be the actor of an act.
    pub(super) fn possible_actors(&self, act: &Act) -> Vec<usize> {
        match act.arguments.first().and_then(figure) {
            None => Vec::new(),
            Some(pick) => match pick.known() {
                Some(known) => vec![known],
                None => self.universe.active().collect(),
            },
        }
    }

    /// That some due prohibition makes an act of a day a breach: of a norm, of hindering what somebody is entitled to, of a
    /// ceiling.
    pub fn forbidden(&mut self, act: &Act, day: &Linear) -> Term {
        let mut cases = Vec::new();
        for by in self.frame.forbidders(act.action) {
            cases.push(self.forbidden_by(by, act, day));
        }
        Term::or(cases)
    }

    /// The same of some norms, where it is no excuse that the act answers a breach by one, or a finding against it.
    pub fn forbidden_unprovoked(
        &mut self,
        (actor, act): (usize, &Act),
        day: &Linear,
        by: usize,
        of: impl Fn(&Norm) -> bool,
    ) -> Term {
        let mut cases = Vec::new();
        for forbids in self.frame.forbidders(act.action) {
            if !self.frame.norm(forbids.norm()).is_some_and(&of) {
                continue;
            }
            cases.push(match forbids {
                Forbids::Norm(id) => self.by_norm(id, (actor, act), day, Some(by)),
                Forbids::Hinder(_) | Forbids::Ceiling(..) => self.forbidden_by(forbids, act, day),
            });
        }
        Term::or(cases)
    }

    /// That this makes an act of a day a breach.
    pub fn forbidden_by(&mut self, by: Forbids, act: &Act, day: &Linear) -> Term {
        let mut cases = Vec::new();
        for actor in self.possible_actors(act) {
            let is = act.actor().map_or_else(Formula::falsity, |p| p.is(actor));
            let case = match by {
                Forbids::Norm(id) => self.by_norm(id, (actor, act), day, None),
                Forbids::Hinder(id) => self.by_hindering(id, actor, act, day),
                Forbids::Ceiling(id, place) => self.by_ceiling(id, place, actor, act, day),
            };
            cases.push(case.given(is));
        }
        Term::or(cases)
    }

    /// That a prohibition which is due covers an act of one, leaving exceptions aside.
    pub fn would_forbid(&mut self, id: NormId, actor: usize, act: &Act, day: &Linear) -> Term {
        if self.is_loose(id) {
            return self.free();
        }
        let Some(m) = self.frame.norm(id) else { return Term::falsity() };
        let mut cases = Vec::new();
        for env in self.with_subject(m, Some(actor)) {
            cases.push(self.arises(m, &env, &mut |scene, arising| scene.hit(m, &env, arising, act, day)));
        }
        Term::or(cases)
    }

    /// The same of the prohibitions of one rule, as they arose when it was set off so.
    pub fn forbidden_with(
        &mut self,
        rule: &'p Rule,
        chosen: &Env,
        arising: &Arising,
        (actor, act): (usize, &Act),
        day: &Linear,
        by: usize,
    ) -> Term {
        let mut cases = Vec::new();
        for m in rule.norms.iter().filter_map(|id| self.frame.norm(*id)).filter(|m| m.is_prohibition()) {
            let mut start = chosen.clone();
            start.truncate(rule.variables.len());
            for env in self.choices(&m.variables, &[Binder::Each], &start) {
                if self.who(m.subject, &env) != Some(actor) {
                    continue;
                }
                let hit = self.hit(m, &env, arising, act, day);
                if !hit.is_false() {
                    cases.push(hit.also(self.none(|scene| scene.excepted(m, (actor, act), day, Some(by)))));
                }
            }
        }
        Term::or(cases)
    }

    /// That a permission or duty which so arose is due on a day and an act is what it permits or demands.
    pub fn covers(&mut self, m: &'p Norm, env: &Env, arising: &Arising, act: &Act, day: &Linear) -> Term {
        let Deed::Act(deed) = &m.deed else { return Term::falsity() };
        let at = At { variables: &m.variables, env, day, base: arising.base.as_ref() };
        let matches = self.matches(deed, act, at, m.force == Force::Must);
        if matches.is_false() {
            return matches;
        }
        matches.also(self.due(m, env, arising, day))
    }

    fn by_norm(&mut self, id: NormId, (actor, act): (usize, &Act), day: &Linear, unprovoked: Option<usize>) -> Term {
        if self.is_loose(id) {
            return self.free();
        }
        let Some(m) = self.frame.norm(id) else { return Term::falsity() };
        let mut cases = Vec::new();
        for env in self.with_subject(m, Some(actor)) {
            let hit = self.arises(m, &env, &mut |scene, arising| scene.hit(m, &env, arising, act, day));
            if !hit.is_false() {
                cases.push(hit);
            }
        }
        if cases.is_empty() {
            return Term::falsity();
        }
        let not = self.none(|scene| scene.excepted(m, (actor, act), day, unprovoked));
        Term::or(cases).also(not)
    }

    /// Nobody may hinder what another is entitled to: whom the act names, or everybody where it names nobody.
    pub(super) fn by_hindering(&mut self, id: NormId, actor: usize, act: &Act, day: &Linear) -> Term {
        let holders: Vec<usize> = self.universe.figures().filter(|(_, f)| f.member).map(|(i, _)| i).collect();
        let cases: Vec<Term> = holders.into_iter().map(|holder| self.hinders(id, holder, actor, act, day)).collect();
        Term::or(cases)
    }

    /// That an act hinders what one holder is entitled to.
    pub(super) fn hinders(&mut self, id: NormId, holder: usize, actor: usize, act: &Act, day: &Linear) -> Term {
        if self.is_loose(id) {
            return self.free();
        }
        let Some(m) = self.frame.norm(id) else { return Term::falsity() };
        if holder == actor {
            return Term::falsity();
        }
        let named: Vec<&super::Pick> = act.arguments.iter().skip(1).filter_map(figure).collect();
        let means =
            if named.is_empty() { Formula::truth() } else { Formula::or(named.iter().map(|pick| pick.is(holder))) };
        let free = self.bound_on(actor, m, &Env::new(), day);
        let free = free.given(means);
        if free.is_false() {
            return free;
        }
        let mut cases = Vec::new();
        for env in self.with_subject(m, Some(holder)) {
            cases.push(self.arises(m, &env, &mut |scene, arising| scene.due(m, &env, arising, day)));
        }
        let by = self.frame.exceptions_to_hindering(m, act.action);
        let not = self.none(|scene| scene.excused(&by, (actor, act), day, None));
        Term::and([free, Term::or(cases), not])
    }

    /// Above a ceiling nothing that the rule demands or permits is lawful on its days.
    fn by_ceiling(&mut self, id: NormId, place: usize, actor: usize, act: &Act, day: &Linear) -> Term {
        if self.is_loose(id) {
            return self.free();
        }
        let Some(norm) = self.frame.norm(id) else { return Term::falsity() };
        let (Some(rule), Deed::Act(deed)) = (self.frame.rule_of(norm), &norm.deed) else { return Term::falsity() };
        let Some(ceiling) = rule.ceilings.get(place) else { return Term::falsity() };
        let mut cases = Vec::new();
        for env in self.with_subject(norm, Some(actor)) {
            let subject = self.bound_on(actor, norm, &env, day);
            let at = At { variables: &norm.variables, env: &env, day, base: None };
            if subject.is_false() || self.matches(deed, act, at, norm.force == Force::Must).is_false() {
                continue;
            }
            let case = self.arises(norm, &env, &mut |scene, arising| {
                let at = At { variables: &norm.variables, env: &env, day, base: arising.base.as_ref() };
                let matches = scene.matches(deed, act, at, norm.force == Force::Must);
                let span = scene.in_span(&ceiling.window, arising, day);
                Term::and([matches, span, scene.not_lifted(rule, &env, arising, day)])
            });
            cases.push(case.also(subject));
        }
        Term::or(cases)
    }
}
