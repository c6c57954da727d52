//! What a party's own acts do to a dilemma (semantics §19): one done lawfully before may leave no way out, one in the course may
//! open one.
//!
//! In: a duty to act, and what forbids the acts that meet it. Out: which of them an earlier act of one's own can bring about
//! ([`brought_about`]), so that it is asked for too; which bans whoever they bind can lift at will ([`at_will`]); and, in a situation that was found, whether
//! an act of one's own leaves a way out in it ([`Lifting`]). The question of a dilemma has the party do nothing of its own:
//! where that is not exact, this says so.

use super::ask::{Asking, Witness};
use super::{applies, refuted};
use crate::encode::conduct::Forbids;
use crate::evaluate::situation::Truth;
use crate::model::conduct::{
    ActionId, Actor, Condition, Happening, Match, Norm, Occurrence, Pattern, Quantity, Trigger, Value, Who,
};
use std::collections::BTreeSet;

/// Shows every pattern whose acts can change whether a condition holds, with whether such an act makes for what is asked:
/// that it holds, or that it does not. Of an act that is counted in a comparison both are shown.
fn reads<'m>(c: &'m Condition, holds: bool, see: &mut dyn FnMut(&'m Pattern, bool)) {
    match c {
        Condition::Occurred { pattern, .. } => see(pattern, holds),
        Condition::Not(inner) => reads(inner, !holds, see),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|c| reads(c, holds, see)),
        Condition::ForAll(_, inner) | Condition::Exists(_, inner) => reads(inner, holds, see),
        Condition::Compare(a, _, b) => [a, b].into_iter().for_each(|q| counts(q, see)),
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Breached { .. }
        | Condition::May(_) => {}
    }
}

fn counts<'m>(q: &'m Quantity, see: &mut dyn FnMut(&'m Pattern, bool)) {
    match q {
        Quantity::Scaled(_, inner) => counts(inner, see),
        Quantity::Sum(parts) => parts.iter().for_each(|q| counts(q, see)),
        Quantity::Total { value, filter, .. } => {
            counts(value, see);
            [true, false].into_iter().for_each(|holds| reads(filter, holds, see));
        }
        Quantity::Fixed(_) | Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Argument(_) => {}
    }
}

/// Shows every pattern whose acts can change whether a norm binds, outside of what sets it off, with whether they make it bind.
fn binding<'m>(asking: &Asking<'m>, norm: &'m Norm, see: &mut dyn FnMut(&'m Pattern, bool)) {
    let rule = asking.frame.rule_of(norm);
    let variables = norm.variables.iter().chain(rule.into_iter().flat_map(|r| &r.variables));
    variables.filter_map(|v| v.filter.as_ref()).chain([&norm.when]).for_each(|c| reads(c, true, see));
    rule.and_then(|r| r.lift.as_ref()).into_iter().chain([&norm.unless]).for_each(|c| reads(c, false, see));
}

/// Whether whoever a norm binds can do such an act. `owes`: whether a party is one of those asked about.
fn is_own(asking: &Asking<'_>, norm: &Norm, pattern: &Pattern, owes: impl Fn(Who) -> bool) -> bool {
    let distinct = |one: Who, other: Who| match one {
        Who::Var(v) => norm.variables.get(v.0 as usize).is_some_and(|v| v.distinct.contains(&other)),
        Who::Party(_) => false,
    };
    if asking.frame.program.conduct.action(pattern.action).is_none_or(|a| a.event) {
        return false;
    }
    let who = match pattern.arguments.first() {
        Some(Match::Is(who)) => *who,
        Some(Match::Binds(v)) => Who::Var(*v),
        Some(Match::Any | Match::Anyone) => return owes(norm.subject),
        _ => return false,
    };
    match (who, norm.subject) {
        (Who::Party(p), Who::Party(s)) if p != s => false,
        (who, subject) => !distinct(who, subject) && !distinct(subject, who) && owes(who) && owes(subject),
    }
}

/// Whether a duty may be somebody's.
fn owed_by(duty: &Norm) -> impl Fn(Who) -> bool {
    |who| match (duty.subject, who) {
        (Who::Party(p), Who::Party(q)) => p == q,
        _ => true,
    }
}

/// The actions by which a party can earlier have brought about a ban, or the duty itself.
pub(super) fn brought_about(asking: &Asking<'_>, duty: &Norm, against: &[Forbids]) -> BTreeSet<ActionId> {
    let frame = &asking.frame;
    let mut own = BTreeSet::new();
    let mut look = |norm: &Norm, trigger: Option<&Pattern>| {
        let mut see = |p: &Pattern, binds: bool| {
            if binds && is_own(asking, norm, p, owed_by(duty)) {
                own.insert(p.action);
            }
        };
        if let Some(p) = trigger {
            see(p, true);
        }
        binding(asking, norm, &mut see);
    };
    // what sets the duty off is no act before it
    look(duty, None);
    for ban in against.iter().filter_map(|by| frame.norm(by.norm())).filter(|n| n.is_prohibition()) {
        let trigger = frame.rule_of(ban).map(|r| &r.trigger);
        look(ban, if let Some(Trigger::Occurs(p)) = trigger { Some(p) } else { None });
    }
    own
}

/// Whether whoever a prohibition binds can lift it on any day by an act that nothing forbids and nothing else looks at.
pub(super) fn at_will(asking: &Asking<'_>, ban: &Norm) -> bool {
    let frame = &asking.frame;
    let parts =
        if let Condition::Any(parts) = &ban.unless { parts.as_slice() } else { std::slice::from_ref(&ban.unless) };
    parts.iter().any(|part| {
        let Condition::Occurred { pattern, .. } = part else { return false };
        let mut rest = pattern.arguments.iter();
        let own = matches!(rest.next(), Some(Match::Is(who)) if *who == ban.subject);
        let plain = |m: &Match| matches!(m, Match::Any | Match::Anyone | Match::Is(_) | Match::Thing(_));
        own && pattern.place.is_none()
            && rest.all(plain)
            && is_own(asking, ban, pattern, |_| true)
            && frame.forbidders(pattern.action).is_empty()
            && only_excuses(asking, pattern)
    })
}

/// Whether acts of this kind do nothing but lift prohibitions.
fn only_excuses(asking: &Asking<'_>, pattern: &Pattern) -> bool {
    let frame = &asking.frame;
    let only = |norm: &&Norm| {
        let mut lifts = 0;
        if norm.is_prohibition() {
            reads(&norm.unless, true, &mut |p, holds| lifts += usize::from(holds && p.action == pattern.action));
        }
        frame.looks(norm, pattern.action) == lifts
    };
    !frame.changing.contains(&pattern.action) && frame.norms.iter().all(only)
}

/// How many acts are tried in one situation.
const TRIES: usize = 256;

/// Acts by which whoever has a duty may lift what stands in its way, or the duty itself.
#[derive(Debug)]
pub(super) struct Lifting<'m>(Vec<&'m Pattern>);

impl<'m> Lifting<'m> {
    /// Of what stands in the way of a duty, and of the duty itself.
    pub(super) fn new(asking: &Asking<'m>, duty: &Norm, against: &[Forbids]) -> Self {
        let frame = &asking.frame;
        let norms = against.iter().filter_map(|by| frame.norm(by.norm())).chain(frame.norm(duty.id));
        let mut acts = Vec::new();
        for norm in norms {
            binding(asking, norm, &mut |p, binds| {
                if !binds && is_own(asking, norm, p, owed_by(duty)) {
                    acts.push(p);
                }
            });
        }
        Self(acts)
    }

    /// Whether one of these acts, done by one on one of these days, leaves a way out, or may leave one: `free` says whether a
    /// situation does.
    pub(super) fn helps(
        &self,
        asking: &Asking<'_>,
        witness: &Witness,
        who: Actor,
        (first, last): (i64, i64),
        free: impl Fn(&Witness) -> Result<bool, String>,
    ) -> Result<bool, String> {
        let mut tries = 0;
        for (pattern, on) in self.0.iter().flat_map(|p| (first..=last).map(move |on| (*p, on))) {
            for act in acts(asking, pattern, who, on) {
                tries += 1;
                if tries > TRIES {
                    return Ok(true);
                }
                let run = applies::run(asking, witness, last);
                if run.lawful(&act, on).0 == Truth::No {
                    // one more act may lift what forbids this one
                    let against = asking.frame.forbidders(pattern.action);
                    let more = against.iter().filter_map(|by| asking.frame.norm(by.norm())).any(|ban| {
                        let mut lifts = false;
                        binding(asking, ban, &mut |p, binds| lifts |= !binds && is_own(asking, ban, p, |_| true));
                        lifts
                    });
                    if more {
                        return Ok(true);
                    }
                    continue;
                }
                let mut with = witness.clone();
                with.situation.occurrences.push(act);
                with.situation.occurrences.sort();
                if free(&with)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// Acts of one that a pattern looks for: on each member, where it names somebody else.
fn acts(asking: &Asking<'_>, pattern: &Pattern, who: Actor, on: i64) -> Vec<Occurrence> {
    let mut all: Vec<Pattern> = vec![pattern.clone()];
    for place in 1..pattern.arguments.len() {
        let open = matches!(pattern.arguments.get(place), Some(Match::Is(Who::Var(_)) | Match::Binds(_)));
        let each = |p: Pattern| {
            let members = asking.frame.members.iter().filter(move |_| open);
            let named = members.map(|m| Match::Is(Who::Party(*m))).collect::<Vec<_>>();
            let kept = if open { Vec::new() } else { vec![p.clone()] };
            let with = named.into_iter().map(move |m| {
                let mut p = p.clone();
                p.arguments.splice(place..=place, [m]);
                p
            });
            kept.into_iter().chain(with)
        };
        all = all.into_iter().flat_map(each).collect();
    }
    let mut out: Vec<Occurrence> = all.iter().flat_map(|p| refuted::points(asking, p, &[], on)).collect();
    for act in &mut out {
        if let Happening::Act { arguments, .. } = &mut act.what
            && let Some(first) = arguments.first_mut()
        {
            *first = Value::Actor(who);
        }
    }
    out
}
