//! What forbids an act, and what excuses it (semantics §13–§16).
//!
//! In: an act that happened, or acts that are asked for, and a day. Out: an [`Objection`] for each prohibition that is due
//! against it: of a norm, of `A at least n days before B`, of hindering what somebody is entitled to, of a ceiling.

use crate::model::conduct::{Actor, Binder, Days, Deed, Force, Norm, NormId, Occurrence, Pattern, VarId, Who};
use std::collections::BTreeSet;

use super::act::Act;
use super::matching::Mode;
use super::truth::{Fit, Truth};
use super::{Instance, Run, Scope};

/// Something that may forbid acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ban {
    /// the template of a prohibition
    Norm(usize),
    /// the template of an entitlement that the act hinders
    Hinder(usize),
    /// a ceiling of a rule that was set off, on the acts of one of its norms
    Ceiling {
        /// the setting off
        firing: usize,
        /// the ceiling's place in its rule
        place: usize,
        /// the norm
        norm: NormId,
    },
}

/// What one prohibition says of an act on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// the prohibition; for a ceiling the norm of the rule whose act it is; for hindering the entitlement
    pub norm: NormId,
    /// its instance or template
    pub instance: usize,
    /// the values of its variables
    pub values: Vec<Option<Actor>>,
    /// whether it makes the act a breach
    pub truth: Truth,
    /// what excuses the act from it, or may
    pub excused: Option<NormId>,
    /// the one other party that it names
    pub injured: Option<Actor>,
    /// the ceiling, by its place in the rule
    pub ceiling: Option<usize>,
}

/// What is asked of acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// whether one act is a breach; what it does not say is not known
    One,
    /// whether each of a set is none
    Each,
}

impl Asked {
    fn forbids(self, fit: Fit) -> Truth {
        match (self, fit) {
            (Self::Each, Fit::Partly) => Truth::Yes,
            _ => fit.all(),
        }
    }

    pub(super) fn excuses(self, fit: Fit) -> Truth {
        match (self, fit) {
            (Self::Each, Fit::Partly) => Truth::No,
            _ => fit.all(),
        }
    }
}

impl Run<'_> {
    /// Whether an act that happened or might happen is lawful on a day, and what speaks against it. Those who are not bound
    /// act freely.
    #[must_use]
    pub fn lawful(&self, occurrence: &Occurrence, day: i64) -> (Truth, Vec<Objection>) {
        if day > self.horizon {
            return (Truth::Unknown, Vec::new());
        }
        let Some(mut act) = Act::of(self.program, &self.situation.values, occurrence, usize::MAX) else {
            return (Truth::Yes, Vec::new());
        };
        act.index = None;
        verdict(self.objections(&act, day, Asked::One))
    }

    /// Whether every act of a pattern, whose first argument says by whom, is lawful on a day.
    #[must_use]
    pub fn lawful_acts(&self, pattern: &Pattern, scope: &mut Scope<'_>, day: i64) -> (Truth, Vec<Objection>) {
        if day > self.horizon { (Truth::Unknown, Vec::new()) } else { self.lawful_pattern(pattern, scope, day) }
    }

    pub(super) fn lawful_pattern(&self, pattern: &Pattern, scope: &mut Scope<'_>, day: i64) -> (Truth, Vec<Objection>) {
        let Some((act, sure)) = self.acts_of(pattern, Mode::Anything, scope, day) else {
            return (Truth::Yes, Vec::new());
        };
        let (out, why) = verdict(self.objections(&act, day, Asked::Each));
        (if sure.is_yes() || out.is_yes() { out } else { Truth::Unknown }, why)
    }

    /// What speaks against an act, or a set of acts, on a day.
    pub(super) fn objections(&self, act: &Act, day: i64, asked: Asked) -> Vec<Objection> {
        let Some(actor) = act.actor() else { return Vec::new() };
        let mut out = Vec::new();
        for ban in self.bans_on.get(&act.action).into_iter().flatten().filter_map(|b| self.bans.get(*b)) {
            match *ban {
                Ban::Norm(at) => self.by_norm_of(at, act, actor, day, asked, &mut out),
                Ban::Hinder(at) => self.by_hindering(at, act, actor, asked, day, &mut out),
                Ban::Ceiling { firing, place, norm } => {
                    self.by_ceiling(firing, place, norm, act, actor, day, asked, &mut out);
                }
            }
        }
        out
    }

    /// The scope of an instance whose subject is somebody, and whether that may be; nothing where it is somebody else.
    pub(super) fn with_subject(
        &self,
        norm: &Norm,
        instance: &Instance,
        actor: Actor,
        day: i64,
    ) -> Option<(Scope<'_>, Truth)> {
        let mut scope = self.scope_of(instance, &instance.values)?;
        match (scope.who(norm.subject), norm.subject) {
            (Some(s), _) => (s == actor).then_some((scope, Truth::Yes)),
            (None, Who::Var(v)) if scope.is_open(v) => {
                scope.set(v, Some(actor));
                let reads_others = norm.variables.get(v.0 as usize).is_some_and(|x| x.filter.is_some());
                // a filter may read variables that the act is to bind: it is asked with them
                let admitted = if reads_others { Truth::Yes } else { self.admitted(v, &mut scope, day) };
                (!admitted.is_no()).then_some((scope, admitted))
            }
            _ => None,
        }
    }

    fn by_norm_of(&self, at: usize, act: &Act, actor: Actor, day: i64, asked: Asked, out: &mut Vec<Objection>) {
        let Some(instance) = self.instances.get(at) else { return };
        let Some(norm) = self.program.conduct.norm(instance.norm) else { return };
        let (pattern, on) = match &norm.deed {
            Deed::Act(p) => (p, day),
            Deed::Before { then, .. } => (then, act.from),
            Deed::Ensure(_) | Deed::Alike { .. } => return,
        };
        let Some((scope, admitted)) = self.with_subject(norm, instance, actor, day) else { return };
        for (values, fit) in self.assignments(pattern, act, Mode::Anything, &scope, on) {
            let mut full = scope.with_values(values.clone());
            let mut truth = admitted.and(asked.forbids(fit)).and(self.subject_admitted(norm, instance, &mut full, day));
            if truth.is_no() {
                continue;
            }
            truth = truth.and(self.due_with(at, &values, Some(act), day));
            if let Deed::Before { first, days, .. } = &norm.deed
                && !truth.is_no()
            {
                truth = truth.and(self.announced(first, days, pattern, act, actor, &full).not());
            }
            if truth.is_no() {
                continue;
            }
            let excusing = self.text.order.excusing(&self.program.conduct, norm);
            let narrow = match asked {
                Asked::One => act.clone(),
                Asked::Each => self.narrowed(act, pattern, &mut full, day),
            };
            let (excuse, by) = self.excuse(&excusing, &narrow, actor, asked, day);
            let injured = self.injured(norm, &full, Some(act));
            let truth = truth.and(excuse.not());
            out.push(Objection { norm: norm.id, instance: at, values, truth, excused: by, injured, ceiling: None });
        }
    }

    /// The filter of a subject whose variable was open, now that all variables have values.
    fn subject_admitted(&self, norm: &Norm, instance: &Instance, full: &mut Scope<'_>, day: i64) -> Truth {
        match norm.subject {
            Who::Var(v) if instance.values.get(v.0 as usize).copied().flatten().is_none() => {
                self.admitted(v, full, day)
            }
            _ => Truth::Yes,
        }
    }

    /// `A at least n days before B`: A began after the last own B, and that long before this one.
    fn announced(
        &self,
        first: &Pattern,
        days: &Days,
        then: &Pattern,
        act: &Act,
        actor: Actor,
        scope: &Scope<'_>,
    ) -> Truth {
        let latest = self.clock.before(act.from, days);
        let mut out = Truth::No;
        for a in self.log.own(first.action, actor) {
            let mut own = scope.clone();
            let mut good = self.fit(first, a, Mode::Anything, &mut own, a.from).all();
            good = good.and(match latest.most {
                Some(m) if a.from > m => Truth::No,
                _ if a.from <= latest.least => Truth::Yes,
                _ => Truth::Unknown,
            });
            for b in self.log.own(then.action, actor) {
                // an earlier B that this A announced
                if good.is_no() || b.from >= act.from {
                    break;
                }
                if b.from >= a.from {
                    let mut own = scope.clone();
                    good = good.and(self.fit(then, b, Mode::Anything, &mut own, b.from).all().not());
                }
            }
            out = out.or(good);
        }
        out
    }

    fn by_hindering(&self, at: usize, act: &Act, actor: Actor, asked: Asked, day: i64, out: &mut Vec<Objection>) {
        let Some(instance) = self.instances.get(at) else { return };
        let Some(norm) = self.program.conduct.norm(instance.norm) else { return };
        if self.hinderer_is_free(norm, actor, day) {
            return;
        }
        let named: BTreeSet<Actor> = act.others().into_iter().collect();
        let bans = self.text.order.above(norm.id);
        for holder in self.holders(norm, instance, &named) {
            if holder == actor {
                continue;
            }
            let Some((scope, admitted)) = self.with_subject(norm, instance, holder, day) else { continue };
            let open = scope.open_variables();
            let mut best: Option<(Truth, Vec<Option<Actor>>)> = None;
            for values in self.completions(&open, None, &scope, day) {
                let mut full = scope.with_values(values.clone());
                let all = open.iter().fold(admitted, |t, v| t.and(self.admitted(*v, &mut full, day)));
                let truth = all
                    .and(self.subject_admitted(norm, instance, &mut full, day))
                    .and(self.due_with(at, &values, None, day));
                if best.as_ref().is_none_or(|(b, _)| truth > *b) {
                    best = Some((truth, values));
                }
                if truth.is_yes() {
                    break;
                }
            }
            let Some((truth, values)) = best.filter(|(t, _)| !t.is_no()) else { continue };
            let (excuse, by) = self.excuse(bans, act, actor, asked, day);
            out.push(Objection {
                norm: norm.id,
                instance: at,
                values,
                truth: truth.and(excuse.not()),
                excused: by,
                injured: Some(holder),
                ceiling: None,
            });
        }
    }

    /// Those who are bound may not hinder; others act freely.
    fn hinderer_is_free(&self, norm: &Norm, actor: Actor, day: i64) -> bool {
        norm.charter.is_some() && self.members.under(Some(norm.id), actor, day).is_no()
    }

    /// Whose entitlement an act may hinder: of those it names; an act that names nobody hinders everybody.
    fn holders(&self, norm: &Norm, instance: &Instance, named: &BTreeSet<Actor>) -> Vec<Actor> {
        let Some(scope) = self.scope_of(instance, &instance.values) else { return Vec::new() };
        let all = match (scope.who(norm.subject), norm.subject) {
            (Some(s), _) => vec![s],
            (None, Who::Var(v)) => {
                if named.is_empty() {
                    self.range_of(v, &scope)
                } else {
                    return named.iter().copied().collect();
                }
            }
            (None, Who::Party(_)) => Vec::new(),
        };
        all.into_iter().filter(|h| named.is_empty() || named.contains(h)).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "a ceiling is named by three of them")]
    fn by_ceiling(
        &self,
        firing: usize,
        place: usize,
        norm: NormId,
        act: &Act,
        actor: Actor,
        day: i64,
        asked: Asked,
        out: &mut Vec<Objection>,
    ) {
        let Some(f) = self.firings.get(firing) else { return };
        let held = self.ceiling_holds(f, place, day);
        let Some(norm) = self.program.conduct.norm(norm).filter(|_| !held.is_no()) else { return };
        let Deed::Act(pattern) = &norm.deed else { return };
        let mode = if norm.force == Force::Must { Mode::Duty } else { Mode::Anything };
        let of_norm = |at: &&usize| self.instances.get(**at).is_some_and(|i| i.norm == norm.id);
        for at in self.by_firing.get(firing).into_iter().flatten().filter(of_norm) {
            let Some(instance) = self.instances.get(*at) else { continue };
            let Some((scope, admitted)) = self.with_subject(norm, instance, actor, day) else { continue };
            let member =
                if norm.charter.is_none() { Truth::Yes } else { self.members.under(Some(norm.id), actor, day) };
            for (values, fit) in self.assignments(pattern, act, mode, &scope, day) {
                let mut full = scope.with_values(values.clone());
                let mine = self.subject_admitted(norm, instance, &mut full, day);
                let truth = held.and(admitted).and(member).and(mine).and(asked.forbids(fit)).and(instance.truth);
                if truth.is_no() {
                    continue;
                }
                let injured = self.injured(norm, &full, Some(act));
                out.push(Objection {
                    norm: norm.id,
                    instance: *at,
                    values,
                    truth,
                    excused: None,
                    injured,
                    ceiling: Some(place),
                });
                return;
            }
        }
    }

    /// Puts the acts that a new template or setting off may forbid under it.
    pub(super) fn register(&mut self, ban: Ban) {
        let program = self.program;
        let conduct = &program.conduct;
        let actions = match ban {
            Ban::Norm(at) => self
                .instances
                .get(at)
                .and_then(|i| conduct.norm(i.norm))
                .and_then(|n| match &n.deed {
                    Deed::Act(p) => Some(p.action),
                    Deed::Before { then, .. } => Some(then.action),
                    Deed::Ensure(_) | Deed::Alike { .. } => None,
                })
                .into_iter()
                .collect::<Vec<_>>(),
            Ban::Hinder(at) => {
                let deed = self.instances.get(at).and_then(|i| conduct.norm(i.norm)).map(|n| &n.deed);
                let Some(Deed::Act(p)) = deed else { return };
                (0u32..)
                    .map(crate::model::conduct::ActionId)
                    .zip(&conduct.actions)
                    .filter(|(_, a)| a.hinders.contains(&p.action))
                    .map(|(id, _)| id)
                    .collect()
            }
            Ban::Ceiling { norm, .. } => match conduct.norm(norm).map(|n| &n.deed) {
                Some(Deed::Act(p)) => vec![p.action],
                _ => Vec::new(),
            },
        };
        if actions.is_empty() {
            return;
        }
        let at = self.bans.len();
        self.bans.push(ban);
        for action in actions {
            self.bans_on.entry(action).or_default().push(at);
        }
    }

    /// Whether somebody's variable is left to acts: everything that is not the rule's.
    pub(super) fn template_values(norm: &Norm, rule: &[Option<Actor>]) -> Vec<Option<Actor>> {
        (0u32..)
            .map(VarId)
            .zip(&norm.variables)
            .map(|(v, x)| if x.binder == Binder::Rule { rule.get(v.0 as usize).copied().flatten() } else { None })
            .collect()
    }

    /// The ceiling's days, up to the lift.
    fn ceiling_holds(&self, f: &super::Firing, place: usize, day: i64) -> Truth {
        let Some(c) = self.program.conduct.rule(f.rule).and_then(|r| r.ceilings.get(place)) else { return Truth::No };
        let next = f.first.least > f.at.least;
        let span = super::window::edges(&self.clock, &c.window, f.at, None, next).covers(day);
        let lifted = match (f.lifted, f.maybe_lifted) {
            (Some(l), _) if day >= l => Truth::Yes,
            (_, Some(l)) if day >= l => Truth::Unknown,
            _ => Truth::No,
        };
        f.truth.and(span).and(lifted.not())
    }
}

/// Lawful where nothing makes it a breach.
fn verdict(why: Vec<Objection>) -> (Truth, Vec<Objection>) {
    let against = why.iter().fold(Truth::No, |t, o| t.or(o.truth));
    (against.not(), why)
}
