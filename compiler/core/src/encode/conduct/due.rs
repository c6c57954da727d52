//! When a norm is due, what is set aside, and what is forbidden (semantics §12, §13, §15–§18).
//!
//! In: a norm, who its variables are, how it arose, a day. Out: the condition under which it is due then; of an act, the
//! condition under which some due prohibition makes it a breach.

use super::frame::{is_duty, is_point, runs, unlimited};
use super::instance::{Arising, At, Env, figure};
use super::slot::{Act, What};
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{
    Actor, Binder, Condition, Days, Deed, Force, Norm, NormId, Pattern, Rule, Trigger, Who, Window,
};

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
            Some(_) => Term::truth(),
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
    fn not_lifted(&mut self, rule: &'p Rule, env: &Env, arising: &Arising, day: &Linear) -> Term {
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
        if !self.leaving {
            return Term::truth();
        }
        let Some(exit) = self.program.conduct.exits.iter().find(|e| e.charter == self.frame.charter) else {
            return Term::truth();
        };
        if exit.survive.contains(&norm.id) {
            return Term::truth();
        }
        let named: Vec<usize> = std::iter::once(figure)
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
                Term::fixed(Formula::and([one, Formula::gt(day, &last)]))
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
        Term::or(cases)
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
        for by in self.forbidders(act) {
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
        for forbids in self.forbidders(act) {
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

    /// What can forbid an act of this action.
    pub fn forbidders(&self, act: &Act) -> Vec<Forbids> {
        let norms = self.frame.prohibitions(act.action).into_iter().map(|m| Forbids::Norm(m.id));
        norms.chain(self.frame.barriers(act.action)).collect()
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

    /// Who is meant, with these values of the variables.
    pub fn figure_of(&mut self, who: Who, env: &Env) -> Option<usize> {
        self.who(who, env)
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
