//! What a party's own acts do to a dilemma (semantics §19): one done lawfully before may leave no way out, one in the course
//! may open one, and one that something else asks for may close it.
//!
//! In: a duty to act, and what forbids the acts that meet it. Out: [`Own`]: every kind of act of one's own on which depends
//! whether the duty binds and its acts are forbidden, and which way; from it, which are to be asked for as done before
//! ([`Own::brought_about`]), and whether acts of the course itself can stand in its way ([`Own::bars_itself`],
//! [`Own::besides`], [`Own::brought_by`]).
//!
//! The question of a dilemma has the party do nothing of its own: where that is not exact, this says so.

use super::ask::Asking;
use super::{applies, dilemma};
use crate::encode::conduct::{Forbids, visit};
use crate::model::conduct::{ActionId, Condition, Deed, Force, Match, Norm, NormId, Pattern, Quantity, Trigger, Who};
use std::collections::BTreeSet;
use std::ops::Not;

/// What an act makes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Toward {
    /// that the duty binds, or that something stands in its way
    Binding,
    /// that it does not
    Lifting,
    /// now one, now the other
    Either,
}

impl Not for Toward {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Binding => Self::Lifting,
            Self::Lifting => Self::Binding,
            Self::Either => Self::Either,
        }
    }
}

/// Whom a norm binds of which something depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// whoever has the duty
    Same,
    /// somebody else: one who has broken it, or is entitled
    Another,
}

/// An act of one's own on which something depends.
#[derive(Debug, Clone)]
pub(super) struct Act<'m> {
    /// what it must be; nothing, if it counts by what it changes
    pub(super) pattern: Option<&'m Pattern>,
    /// its kind
    pub(super) action: ActionId,
    /// what it makes for
    pub(super) toward: Toward,
    /// whether it matters how often it is done, or how much
    pub(super) counted: bool,
}

/// The acts of one's own on which depends whether a duty binds and the acts that meet it are forbidden.
#[derive(Debug)]
pub(super) struct Own<'a, 'm> {
    pub(super) asking: &'a Asking<'m>,
    duty: Who,
    /// in the order in which they are read
    pub(super) acts: Vec<Act<'m>>,
    seen: BTreeSet<(NormId, Toward, Whose)>,
}

impl<'a, 'm> Own<'a, 'm> {
    /// Of a duty and what forbids the acts that meet it.
    pub(super) fn new(asking: &'a Asking<'m>, duty: &Norm, against: &[Forbids]) -> Self {
        let mut own = Self::nothing(asking, duty.subject);
        if let Some(duty) = asking.frame.norm(duty.id) {
            // what sets the duty off is no act before it
            own.conditions(duty, Toward::Binding, Whose::Same);
            own.ranked(asking.frame.overrides(duty));
        }
        if let Deed::Act(pattern) = &duty.deed {
            own.forbidden(pattern.action, against);
        }
        own
    }

    /// Of whoever has a duty, nothing yet.
    const fn nothing(asking: &'a Asking<'m>, subject: Who) -> Self {
        Self { asking, duty: subject, acts: Vec::new(), seen: BTreeSet::new() }
    }

    /// Of all that can forbid acts of a kind to whoever has a duty.
    pub(super) fn everything(asking: &'a Asking<'m>, subject: Who, action: ActionId) -> Self {
        let mut own = Self::nothing(asking, subject);
        own.forbidden(action, &asking.frame.forbidders(action));
        own
    }

    /// Of what forbids acts of a kind.
    fn forbidden(&mut self, action: ActionId, against: &[Forbids]) {
        let frame = &self.asking.frame;
        for by in against {
            let Some(norm) = frame.norm(by.norm()) else { continue };
            match by {
                Forbids::Norm(_) | Forbids::Ceiling(..) => self.norm(norm, Toward::Binding, Whose::Same),
                Forbids::Hinder(_) => {
                    self.norm(norm, Toward::Binding, Whose::Another);
                    self.ranked(frame.exceptions_to_hindering(norm, action));
                }
            }
        }
    }

    /// What ranks above: where it binds, it lifts.
    fn ranked(&mut self, above: Vec<&'m Norm>) {
        above.into_iter().for_each(|norm| self.norm(norm, Toward::Lifting, Whose::Same));
    }

    /// All on which depends whether a norm binds and what it covers.
    fn norm(&mut self, norm: &'m Norm, toward: Toward, whose: Whose) {
        if !self.seen.insert((norm.id, toward, whose)) {
            return;
        }
        let frame = &self.asking.frame;
        match frame.rule_of(norm).map(|r| &r.trigger) {
            Some(Trigger::Occurs(pattern)) => self.see(norm, pattern, toward, whose),
            Some(Trigger::Breach { norms, .. }) => self.broken(norms),
            None => {}
        }
        self.conditions(norm, toward, whose);
        // what is announced uses the announcement up, so that no earlier act is worse than none
        if let Deed::Before { first, .. } = &norm.deed {
            self.see(norm, first, !toward, whose);
        }
        let above = frame.exceptions(norm).into_iter().chain(frame.overrides(norm));
        above.for_each(|other| self.norm(other, !toward, whose));
    }

    fn conditions(&mut self, norm: &'m Norm, toward: Toward, whose: Whose) {
        let rule = self.asking.frame.rule_of(norm);
        for c in norm.variables.iter().filter_map(|v| v.filter.as_ref()).chain([&norm.when]) {
            self.condition(norm, c, toward, whose);
        }
        for c in rule.and_then(|r| r.lift.as_ref()).into_iter().chain([&norm.unless]) {
            self.condition(norm, c, !toward, whose);
        }
        if let Deed::Act(pattern) | Deed::Before { then: pattern, .. } = &norm.deed {
            self.numbers(pattern);
        }
    }

    fn condition(&mut self, norm: &'m Norm, c: &'m Condition, toward: Toward, whose: Whose) {
        match c {
            Condition::Occurred { pattern, .. } => self.see(norm, pattern, toward, whose),
            Condition::Not(inner) => self.condition(norm, inner, !toward, whose),
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|c| self.condition(norm, c, toward, whose));
            }
            Condition::ForAll(_, inner) | Condition::Exists(_, inner) => self.condition(norm, inner, toward, whose),
            // an act that is counted can make for both
            Condition::Compare(a, _, b) => {
                let known = self.acts.len();
                visit::condition(c, &mut |p| self.see(norm, p, Toward::Either, whose));
                self.acts.iter_mut().skip(known).for_each(|a| a.counted = true);
                [a, b].into_iter().for_each(|q| self.quantity(q));
            }
            Condition::May(pattern) => {
                let whose = if first(norm, pattern) == Some(norm.subject) { whose } else { Whose::Another };
                // where a prohibition binds, one may not
                for by in self.asking.frame.forbidders(pattern.action) {
                    if let Some(ban) = self.asking.frame.norm(by.norm()) {
                        self.norm(ban, !toward, whose);
                    }
                }
            }
            Condition::Breached { norms, .. } => self.broken(norms),
            Condition::Fixed(_) | Condition::Attribute(..) | Condition::Same(..) | Condition::Kind(..) => {}
        }
    }

    /// Whoever has broken one of these is another: who has a lawful course has broken nothing.
    fn broken(&mut self, norms: &[NormId]) {
        for norm in norms.iter().filter_map(|id| self.asking.frame.norm(*id)) {
            self.norm(norm, Toward::Either, Whose::Another);
        }
    }

    /// Acts that change a quantity.
    fn quantity(&mut self, q: &Quantity) {
        match q {
            Quantity::Scaled(_, inner) | Quantity::Total { value: inner, .. } => self.quantity(inner),
            Quantity::Sum(parts) => parts.iter().for_each(|q| self.quantity(q)),
            Quantity::Balance(_) | Quantity::Attribute(..) => {
                let frame = &self.asking.frame;
                for action in frame.changing.iter().copied() {
                    let Some(act) = frame.program.conduct.action(action).filter(|a| !a.event) else { continue };
                    if act.changes.iter().any(|c| is_same(&c.quantity, q)) {
                        self.acts.push(Act { pattern: None, action, toward: Toward::Either, counted: true });
                    }
                }
            }
            Quantity::Fixed(_) | Quantity::Argument(_) => {}
        }
    }

    fn numbers(&mut self, pattern: &Pattern) {
        for m in &pattern.arguments {
            if let Match::Number(_, q) = m {
                self.quantity(q);
            }
        }
    }

    fn see(&mut self, norm: &'m Norm, pattern: &'m Pattern, toward: Toward, whose: Whose) {
        self.numbers(pattern);
        let own = match whose {
            Whose::Same => is_own(self.asking, norm, pattern),
            Whose::Another => is_act(self.asking, pattern) && first(norm, pattern) != Some(norm.subject),
        };
        if own && self.may_be(first(norm, pattern)) {
            self.acts.push(Act { pattern: Some(pattern), action: pattern.action, toward, counted: false });
        }
    }

    /// Whether a party can be the one who has the duty.
    fn may_be(&self, who: Option<Who>) -> bool {
        match (self.duty, who) {
            (Who::Party(p), Some(Who::Party(q))) => p == q,
            _ => true,
        }
    }

    /// The kinds of acts by which a party can earlier have brought about what stands in the way, or the duty itself.
    pub(super) fn brought_about(&self) -> BTreeSet<ActionId> {
        self.acts.iter().filter(|a| a.toward != Toward::Lifting).map(|a| a.action).collect()
    }

    /// Whether an act that meets a duty can bring about what stands in its own way.
    pub(super) fn bars_itself(&self, owed: &Pattern) -> bool {
        self.is_read(owed, |toward| toward != Toward::Lifting)
    }

    /// Whether an act that meets a duty can lift itself what stands in its way.
    pub(super) fn lifts_itself(&self, owed: &Pattern) -> bool {
        self.is_read(owed, |toward| toward != Toward::Binding)
    }

    fn is_read(&self, owed: &Pattern, so: impl Fn(Toward) -> bool) -> bool {
        let can_be = |a: &Act<'_>| a.action == owed.action && a.pattern.is_none_or(|p| can_be_both(owed, p));
        self.acts.iter().any(|a| so(a.toward) && can_be(a))
    }

    /// Another norm that can ask whoever has the duty for an act of these kinds, or for what uses up an announcement. An act that
    /// meets the duty meets it each time it arises meanwhile, unless whom or how much it asks for differs from time to time, or
    /// its window opens only later.
    pub(super) fn besides(&self, duty: &Norm, before: &BTreeSet<ActionId>) -> Option<&'m Norm> {
        let frame = &self.asking.frame;
        let announced = |p: &Pattern| {
            let bans = frame.prohibitions(p.action);
            bans.iter().any(|ban| matches!(ban.deed, Deed::Before { .. }))
        };
        let spends = |p: &Pattern| matches!(&duty.deed, Deed::Act(d) if d.action == p.action) && announced(p);
        let bars = |p: &Pattern| before.contains(&p.action) || spends(p);
        let asks = |norm: &&Norm| match &norm.deed {
            Deed::Act(p) => bars(p) && (norm.id != duty.id || differs(p) || opens_later(norm)),
            Deed::Ensure(c) => {
                let mut found = false;
                visit::condition(c, &mut |p| found |= bars(p));
                found
            }
            Deed::Before { .. } | Deed::Alike { .. } => false,
        };
        self.asked().find(asks)
    }

    /// What else may be asked of whoever has the duty.
    pub(super) fn asked(&self) -> impl Iterator<Item = &'m Norm> {
        let binds = |n: &&Norm| n.force == Force::Must && applies::binds(n) && self.may_be(Some(n.subject));
        self.asking.frame.norms.iter().copied().filter(binds)
    }

    /// The duties of whoever does such an act that the act brings about, where something forbids what meets them.
    pub(super) fn brought_by(&self, action: ActionId) -> impl Iterator<Item = &'m Norm> {
        let frame = &self.asking.frame;
        self.asked().filter(move |norm| {
            if frame.looks(norm, action) == 0 || dilemma::forbidders(self.asking, norm).is_empty() {
                return false;
            }
            let mut own = Self::nothing(self.asking, norm.subject);
            own.norm(norm, Toward::Binding, Whose::Same);
            own.brought_about().contains(&action)
        })
    }

    /// Whether an act of one's own can set a norm off.
    pub(super) fn sets_off(&self, norm: &Norm) -> bool {
        match self.asking.frame.rule_of(norm).map(|r| &r.trigger) {
            Some(Trigger::Occurs(pattern)) => is_own(self.asking, norm, pattern) && self.may_be(first(norm, pattern)),
            Some(Trigger::Breach { .. }) | None => false,
        }
    }
}

/// Whether an act can be what two patterns of its kind look for: not where they name others, or other things.
fn can_be_both(one: &Pattern, other: &Pattern) -> bool {
    one.arguments.iter().zip(&other.arguments).skip(1).all(|both| match both {
        (Match::Is(Who::Party(p)), Match::Is(Who::Party(q))) => p == q,
        (Match::Thing(a), Match::Thing(b)) => a == b,
        _ => true,
    })
}

/// Whether two quantities can be the same.
fn is_same(one: &Quantity, other: &Quantity) -> bool {
    match (one, other) {
        (Quantity::Balance(a), Quantity::Balance(b)) => a == b,
        (Quantity::Attribute(_, a), Quantity::Attribute(_, b)) => a == b,
        _ => false,
    }
}

/// Whether what a pattern asks for can differ from one time to another.
fn differs(pattern: &Pattern) -> bool {
    pattern.arguments.iter().skip(1).any(|m| match m {
        Match::Is(Who::Var(_)) | Match::Binds(_) => true,
        Match::Number(_, q) => !matches!(q, Quantity::Fixed(_)),
        Match::Any | Match::Anyone | Match::Is(Who::Party(_)) | Match::Thing(_) | Match::Region(_) => false,
    })
}

/// Whether the window of a duty opens only after it arises.
fn opens_later(norm: &Norm) -> bool {
    norm.window.offset.is_some() || norm.window.after.is_some() || norm.window.from_date.is_some()
}

fn is_act(asking: &Asking<'_>, pattern: &Pattern) -> bool {
    asking.frame.program.conduct.action(pattern.action).is_some_and(|a| !a.event)
}

/// Whose act a pattern is about; of anybody's, whoever the norm binds.
fn first(norm: &Norm, pattern: &Pattern) -> Option<Who> {
    match pattern.arguments.first()? {
        Match::Is(who) => Some(*who),
        Match::Binds(v) => Some(Who::Var(*v)),
        Match::Any | Match::Anyone => Some(norm.subject),
        Match::Number(..) | Match::Thing(_) | Match::Region(_) => None,
    }
}

/// Whether whoever a norm binds can do such an act.
pub(super) fn is_own(asking: &Asking<'_>, norm: &Norm, pattern: &Pattern) -> bool {
    is_act(asking, pattern) && first(norm, pattern).is_some_and(|who| !differ(norm, who, norm.subject))
}

/// Whether two whom a norm speaks of are never the same.
pub(super) fn differ(norm: &Norm, one: Who, other: Who) -> bool {
    let distinct = |one: Who, other: Who| match one {
        Who::Var(v) => norm.variables.get(v.0 as usize).is_some_and(|v| v.distinct.contains(&other)),
        Who::Party(p) => matches!(other, Who::Party(q) if p != q),
    };
    distinct(one, other) || distinct(other, one)
}
