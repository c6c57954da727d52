//! What meets in a sum or in equal treatment: what a party must keep, and what it owes that changes it (semantics §4, §20a).
//!
//! In: the norms of a charter. Out: a [`Meeting`] for each party that nothing tells apart from the first of its kind: what it must
//! keep, its duties, what forbids their acts, and how often what harms it can occur.

use super::obstacle;
use crate::checks::norms::applies;
use crate::checks::norms::ask::Asking;
use crate::encode::conduct::{Figure, Forbids, Frame, Kind, Often, Owed, Treated, Universe};
use crate::evaluate::situation::{Effect, effects};
use crate::model::conduct::{ActionId, Actor, Condition, Deed, Force, Norm, NormId, Quantity, Sort, Trigger, Who};
use num_traits::ToPrimitive;
use std::collections::{BTreeMap, BTreeSet};

/// What one party must keep, with all that meets in it.
#[derive(Debug)]
pub(super) struct Meeting<'p> {
    pub(super) universe: Universe,
    pub(super) party: Actor,
    /// states of affairs and equal treatment
    pub(super) keeps: Vec<&'p Norm>,
    pub(super) duties: Vec<&'p Norm>,
    pub(super) alike: Vec<Treated>,
    /// what others may do that changes it
    pub(super) others: BTreeSet<ActionId>,
    /// what the party may do besides that helps
    pub(super) helpful: Vec<ActionId>,
    /// whether all that it owes only harms
    pub(super) harms: bool,
    /// how many days behind its last occurrence a situation is looked at
    pub(super) reach: i64,
    /// why it cannot be decided
    pub(super) obstacle: Option<String>,
    subject: usize,
    ids: (Vec<NormId>, Vec<NormId>),
    bans: BTreeSet<NormId>,
    frame: &'p Frame<'p>,
    harmful: BTreeSet<ActionId>,
}

impl<'p> Meeting<'p> {
    /// All of a charter.
    pub(super) fn all(asking: &'p Asking<'p>, asked: &[&'p Norm]) -> Vec<Self> {
        let frame = &asking.frame;
        let mut out = Vec::new();
        for keeps in groups(frame, asked) {
            let actions = actions_of(frame, &keeps);
            let duties: Vec<&Norm> = frame.norms.iter().copied().filter(|n| is_owed(n, &actions)).collect();
            let seeds: Vec<NormId> = keeps.iter().chain(&duties).map(|n| n.id).collect();
            let alike = keeps.iter().any(|n| matches!(n.deed, Deed::Alike { .. }));
            let make = || universe(frame, &actions, &seeds, if alike { frame.members.len() } else { 0 });
            let universe = make();
            let first = |i: &usize| universe.is_first(&[*i]);
            for subject in universe.active().filter(first) {
                let Some(figure) = universe.figure(subject) else { continue };
                let mine = |n: &&&Norm| can_be(frame, n, figure);
                let own: Vec<&Norm> = keeps.iter().filter(mine).copied().collect();
                if own.is_empty() {
                    continue;
                }
                let actions = actions_of(frame, &own);
                let owed: Vec<&Norm> = duties.iter().filter(mine).filter(|n| is_owed(n, &actions)).copied().collect();
                out.push(Self::new(frame, make(), subject, own, owed));
            }
        }
        out
    }

    fn new(
        frame: &'p Frame<'p>,
        universe: Universe,
        subject: usize,
        keeps: Vec<&'p Norm>,
        duties: Vec<&'p Norm>,
    ) -> Self {
        let conduct = &frame.program.conduct;
        let figure = universe.figure(subject);
        let party = figure.map_or(Actor::Outsider(0), |f| f.actor);
        let mut changes: BTreeMap<ActionId, Effect> = BTreeMap::new();
        for keep in &keeps {
            let Deed::Ensure(condition) = &keep.deed else { continue };
            for (action, effect) in effects(conduct, condition) {
                let known = changes.entry(action).or_insert(effect);
                *known = known.and(effect);
            }
        }
        let acts = |a: ActionId| conduct.action(a).filter(|a| !a.event);
        let does = |a: ActionId| {
            let sort = acts(a).and_then(|a| a.parameters.first()).map(|p| &p.sort);
            matches!((sort, figure), (Some(Sort::Party(kind)), Some(f)) if f.is_kind(frame.program, *kind))
        };
        let others: BTreeSet<ActionId> = changes
            .keys()
            .copied()
            .filter(|a| acts(*a).is_some() && asked_of_others(frame, &universe, subject, *a))
            .filter(|a| keeps.iter().any(|n| reaches(frame, n, *a)))
            .collect();
        let harmful: BTreeSet<ActionId> =
            changes.iter().filter(|(_, e)| **e != Effect::Helps).map(|(a, _)| *a).collect();
        let helpful: Vec<ActionId> =
            changes.iter().filter(|(a, e)| **e != Effect::Harms && does(**a)).map(|(a, _)| *a).collect();
        let owed: BTreeSet<ActionId> = duties.iter().filter_map(|n| action(n)).collect();
        let harms = owed.iter().all(|a| changes.get(a).is_none_or(|e| *e == Effect::Harms));
        let bans =
            owed.iter().chain(&helpful).flat_map(|a| frame.forbidders(*a).into_iter().map(Forbids::norm)).collect();
        let mut alike = Vec::new();
        for keep in &keeps {
            let Deed::Alike { each, action, receiver } = keep.deed else { continue };
            let domain = keep.variables.get(each.0 as usize).map(|v| (v.domain, &v.distinct));
            let Some((domain, distinct)) = domain else { continue };
            let own = distinct.contains(&keep.subject);
            let all = universe
                .figures()
                .filter(|(i, f)| f.member && f.surely_kind(frame.program, domain.kind) && !(own && *i == subject))
                .map(|(i, _)| i)
                .collect();
            alike.push(Treated { action, receiver, all });
        }
        let ensures = keeps.iter().filter(|n| matches!(n.deed, Deed::Ensure(_))).map(|n| n.id).collect();
        let reach = keeps.iter().chain(&duties).map(|n| reach(n)).max().unwrap_or(0) + 1;
        let ids = (duties.iter().map(|n| n.id).collect(), ensures);
        let mut out = Self {
            universe,
            party,
            keeps,
            duties,
            alike,
            others,
            helpful,
            harms,
            reach,
            obstacle: None,
            subject,
            ids,
            bans,
            frame,
            harmful,
        };
        let both = out.helpful.iter().find(|a| changes.get(a) == Some(&Effect::Both)).and_then(|a| conduct.action(*a));
        out.obstacle = match both {
            Some(a) => Some(format!("`{}` can both help and harm what is to be kept", a.name)),
            None => obstacle::of(frame, &out),
        };
        out
    }

    /// All norms that meet.
    pub(super) fn norms(&self) -> BTreeSet<NormId> {
        self.keeps.iter().chain(&self.duties).map(|n| n.id).chain(self.bans.iter().copied()).collect()
    }

    /// What the party owes and must keep, for the encoding.
    pub(super) fn owed(&self) -> Owed<'_> {
        Owed {
            subject: self.subject,
            duties: &self.ids.0,
            keeps: &self.ids.1,
            alike: &self.alike,
            others: &self.others,
            past: None,
            often: if self.is_bounded() { Often::Once } else { Often::Tried },
        }
    }

    /// Whether nothing changes what is to be kept, but for what nobody asks of anybody.
    pub(super) fn is_idle(&self) -> bool {
        self.duties.is_empty() && self.outside().next().is_none()
    }

    /// What harms and is none of the party's acts: events, and acts of others.
    fn outside(&self) -> impl Iterator<Item = ActionId> {
        let event = |a: &ActionId| self.frame.program.conduct.action(*a).is_some_and(|a| a.event);
        self.harmful.iter().copied().filter(move |a| event(a) || self.others.contains(a))
    }

    /// Whether all that harms can occur so often and no more: events and acts of others once, and the party's own acts by duties
    /// that arise once.
    pub(super) fn is_bounded(&self) -> bool {
        let owed = self.duties.iter().filter(|n| action(n).is_some_and(|a| self.harmful.contains(&a)));
        self.outside().all(|a| self.is_once(a)) && owed.clone().all(|n| self.arises_once(n))
    }

    fn is_once(&self, action: ActionId) -> bool {
        self.frame.program.conduct.action(action).is_some_and(|a| a.once)
    }

    fn arises_once(&self, norm: &Norm) -> bool {
        match self.frame.rule_of(norm).map(|r| &r.trigger) {
            None => true,
            Some(Trigger::Occurs(p)) => self.is_once(p.action),
            Some(Trigger::Breach { .. }) => false,
        }
    }

    /// How many slots there are where so many occurrences of each event are tried.
    pub(super) fn sizes(&self, occurrences: usize) -> BTreeMap<Kind, usize> {
        let triggers = self.duties.iter().filter_map(|n| match &self.frame.rule_of(n)?.trigger {
            Trigger::Occurs(p) => Some(p.action),
            Trigger::Breach { .. } => None,
        });
        let all = triggers.chain(self.outside()).filter(|a| !self.is_once(*a));
        all.map(|a| (Kind::Act(a), occurrences)).collect()
    }

    /// The name of an action.
    pub(super) fn name_of(&self, action: ActionId) -> &'p str {
        self.frame.program.conduct.action(action).map_or("?", |a| a.name.as_str())
    }

    /// In words, that one of several rules keeps all in each situation.
    pub(super) fn looking_ahead(&self, rules: usize) -> String {
        let all: Vec<String> = self.keeps.iter().map(|n| crate::checks::norms::quoted(n)).collect();
        format!(
            "{}: whoever looks ahead keeps it, by one of {rules} rules of conduct in each situation",
            crate::atlas::join(&all)
        )
    }
}

/// The figures for what these norms ask, with so many parties more. What forbids the acts tells parties apart too: a prohibition
/// is in the way of nobody but whom it binds.
fn universe(frame: &Frame<'_>, actions: &BTreeSet<ActionId>, seeds: &[NormId], more: usize) -> Universe {
    let forbidders = actions.iter().flat_map(|a| frame.forbidders(*a));
    let (hindered, bans): (Vec<Forbids>, Vec<Forbids>) = forbidders.partition(|f| matches!(f, Forbids::Hinder(_)));
    let all: BTreeSet<NormId> = seeds.iter().copied().chain(hindered.into_iter().map(Forbids::norm)).collect();
    let bans: BTreeSet<NormId> = bans.into_iter().map(Forbids::norm).filter(|id| !all.contains(id)).collect();
    let (bans, all): (Vec<NormId>, Vec<NormId>) = (bans.into_iter().collect(), all.into_iter().collect());
    Universe::of_one(frame, &bans, &all, more)
}

/// What must be kept, by what changes it: all that one action changes belong together.
fn groups<'p>(frame: &Frame<'p>, asked: &[&'p Norm]) -> Vec<Vec<&'p Norm>> {
    let mut out: Vec<(BTreeSet<ActionId>, Vec<&'p Norm>)> = Vec::new();
    let keeps = asked.iter().copied().filter(|n| n.force == Force::Must && applies::binds(n));
    for norm in keeps {
        let mut actions = actions_of(frame, &[norm]);
        if actions.is_empty() {
            continue;
        }
        let mut norms = Vec::new();
        let mut rest = Vec::new();
        for (other, list) in out {
            if other.is_disjoint(&actions) {
                rest.push((other, list));
            } else {
                actions.extend(other);
                norms.extend(list);
            }
        }
        norms.push(norm);
        rest.push((actions, norms));
        out = rest;
    }
    out.into_iter().map(|(_, norms)| norms).collect()
}

/// The acts that bear on what must be kept.
fn actions_of(frame: &Frame<'_>, keeps: &[&Norm]) -> BTreeSet<ActionId> {
    let mut out = BTreeSet::new();
    for norm in keeps {
        match &norm.deed {
            Deed::Ensure(condition) => out.extend(effects(&frame.program.conduct, condition).into_keys()),
            Deed::Alike { action, .. } => {
                out.insert(*action);
            }
            Deed::Act(_) | Deed::Before { .. } => {}
        }
    }
    out
}

fn action(norm: &Norm) -> Option<ActionId> {
    if let Deed::Act(p) = &norm.deed { Some(p.action) } else { None }
}

fn is_owed(norm: &Norm, actions: &BTreeSet<ActionId>) -> bool {
    norm.force == Force::Must && applies::binds(norm) && action(norm).is_some_and(|a| actions.contains(&a))
}

/// Whether a norm can bind somebody.
pub(in crate::checks::norms) fn can_be(frame: &Frame<'_>, norm: &Norm, figure: &Figure) -> bool {
    match norm.subject {
        Who::Party(p) => figure.parties.contains(&p),
        Who::Var(v) => norm.variables.get(v.0 as usize).is_none_or(|v| {
            let d = v.domain;
            if figure.member { figure.is_kind(frame.program, d.kind) } else { d.outsiders }
        }),
    }
}

/// Whether some norm demands or permits an act of others.
fn asked_of_others(frame: &Frame<'_>, universe: &Universe, subject: usize, act: ActionId) -> bool {
    let grants = |n: &&&Norm| matches!(n.force, Force::Must | Force::May | Force::Entitled) && action(n) == Some(act);
    let mut others = universe.figures().filter(|(i, f)| *i != subject || f.parties.len() > 1).map(|(_, f)| f);
    others.any(|f| frame.norms.iter().filter(grants).any(|n| can_be(frame, n, f)))
}

/// Whether an act of one can change what another must keep: not where it changes but what its author has, and of nobody but the
/// subject that is read.
fn reaches(frame: &Frame<'_>, keep: &Norm, act: ActionId) -> bool {
    let (Deed::Ensure(condition), Some(declared)) = (&keep.deed, frame.program.conduct.action(act)) else {
        return false;
    };
    declared.changes.iter().any(|change| match &change.quantity {
        Quantity::Attribute(Who::Var(v), name) if v.0 == 0 => of_others(condition, keep.subject, name),
        _ => true,
    })
}

/// Whether a condition reads an attribute of others than the subject.
fn of_others(c: &Condition, subject: Who, name: &str) -> bool {
    fn quantity(q: &Quantity, subject: Who, name: &str) -> bool {
        match q {
            Quantity::Attribute(who, of) => of == name && *who != subject,
            Quantity::Scaled(_, inner) => quantity(inner, subject, name),
            Quantity::Sum(parts) => parts.iter().any(|p| quantity(p, subject, name)),
            Quantity::Total { .. } => true,
            Quantity::Fixed(_) | Quantity::Balance(_) | Quantity::Argument(_) => false,
        }
    }
    match c {
        Condition::Compare(a, _, b) => quantity(a, subject, name) || quantity(b, subject, name),
        Condition::Not(inner) => of_others(inner, subject, name),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|p| of_others(p, subject, name)),
        Condition::ForAll(..) | Condition::Exists(..) => true,
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Occurred { .. }
        | Condition::Breached { .. }
        | Condition::May(_) => false,
    }
}

/// The days that the windows of a norm take; what is open takes its time.
pub(in crate::checks::norms) fn reach(norm: &Norm) -> i64 {
    let w = &norm.window;
    let days = [&w.offset, &w.after, &w.within, &w.until].into_iter().flatten().map(|d| {
        let fixed = d.days.as_constant().and_then(|n| n.ceil().to_integer().to_i64()).unwrap_or(400);
        fixed.saturating_add(i64::from(d.months) * 31)
    });
    days.fold(2, i64::saturating_add)
}
