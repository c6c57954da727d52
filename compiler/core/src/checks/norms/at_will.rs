//! What whoever a prohibition binds can lift at will: it is in nobody's way (semantics §19).
//!
//! In: a prohibition, and the duty that it might bar. Out: whether its subject can lift it on any day, by acts that nothing
//! else looks at and nothing forbids that cannot be lifted so in turn: named in its exception ([`lifted`]), in a permission above
//! it ([`permitted`]), or as the announcement that it asks for ([`announced`]).

use super::ask::Asking;
use super::own::{differ, is_own};
use crate::encode::conduct::Forbids;
use crate::model::conduct::{Condition, Deed, Force, Match, Norm, Pattern, VarId, Who};

/// How many acts in a row may lift each what forbids the next: a circle ends here too.
const STEPS: usize = 4;

/// Whether whoever a prohibition binds can lift it on any day by acts that nothing forbids and nothing else looks at.
pub(super) fn lifted(asking: &Asking<'_>, ban: &Norm) -> bool {
    holds(asking, ban, &ban.unless, STEPS)
}

fn holds(asking: &Asking<'_>, ban: &Norm, c: &Condition, steps: usize) -> bool {
    match c {
        Condition::Occurred { pattern, .. } => is_free(asking, ban, pattern, steps),
        Condition::Any(parts) => parts.iter().any(|c| holds(asking, ban, c, steps)),
        Condition::All(parts) => !parts.is_empty() && parts.iter().all(|c| holds(asking, ban, c, steps)),
        _ => false,
    }
}

/// Whether whoever has a duty can bring a permission about on any day that covers every act by which the duty is met.
pub(super) fn permitted(asking: &Asking<'_>, permission: &Norm, duty: &Norm) -> bool {
    let (Deed::Act(allowed), Deed::Act(owed)) = (&permission.deed, &duty.deed) else { return false };
    let variable = |v: VarId| permission.variables.get(v.0 as usize).filter(|v| v.filter.is_none());
    let any = |v: VarId| variable(v).filter(|v| v.domain.kind.0 == 0);
    let subject = match permission.subject {
        Who::Party(_) => permission.subject == duty.subject,
        Who::Var(v) => any(v).is_some_and(|v| v.distinct.is_empty()),
    };
    let covers = |(may, must): (&Match, &Match)| match (may, must) {
        (Match::Any | Match::Anyone, _) => true,
        (Match::Is(Who::Party(p)), Match::Is(Who::Party(q))) => p == q,
        (Match::Thing(a), Match::Thing(b)) => a == b,
        // any other party
        (Match::Is(Who::Var(v)), Match::Is(who)) => any(*v)
            .is_some_and(|v| v.distinct.iter().all(|d| *d == permission.subject) && differ(duty, *who, duty.subject)),
        _ => false,
    };
    permission.force == Force::May
        && permission.rule.is_none()
        && permission.group.is_none()
        && permission.window.is_open()
        && permission.unless.is_false()
        && subject
        && allowed.place.is_none()
        && allowed.arguments.iter().zip(&owed.arguments).skip(1).all(covers)
        && asking.frame.overrides(permission).is_empty()
        && holds(asking, permission, &permission.when, STEPS)
}

/// Whether whoever must announce an act can do so on any day, by an act that nothing forbids and nothing else looks at.
pub(super) fn announced(asking: &Asking<'_>, ban: &Norm) -> bool {
    matches!(&ban.deed, Deed::Before { first, .. } if is_free(asking, ban, first, STEPS))
}

/// Whether whoever a prohibition binds can do such an act on any day, and it only ever lifts prohibitions. What forbids it may
/// be lifted the same day.
fn is_free(asking: &Asking<'_>, ban: &Norm, pattern: &Pattern, steps: usize) -> bool {
    let frame = &asking.frame;
    let lifted = |by: &Forbids| {
        let other = if let Forbids::Norm(id) = by { frame.norm(*id) } else { None };
        steps > 0 && other.is_some_and(|other| holds(asking, other, &other.unless, steps - 1))
    };
    let mut rest = pattern.arguments.iter();
    let own = matches!(rest.next(), Some(Match::Is(who)) if *who == ban.subject);
    let plain = |m: &Match| matches!(m, Match::Any | Match::Anyone | Match::Is(_) | Match::Thing(_));
    own && pattern.place.is_none()
        && rest.all(plain)
        && is_own(asking, ban, pattern)
        && frame.forbidders(pattern.action).iter().all(lifted)
        && only_excuses(asking, pattern)
}

/// Whether acts of this kind do nothing but lift prohibitions, or bring permissions about.
fn only_excuses(asking: &Asking<'_>, pattern: &Pattern) -> bool {
    let frame = &asking.frame;
    let only = |norm: &&Norm| {
        let mut lifts = 0;
        if norm.is_prohibition() {
            held(&norm.unless, &mut |p| lifts += usize::from(p.action == pattern.action));
        }
        if norm.force == Force::May {
            held(&norm.when, &mut |p| lifts += usize::from(p.action == pattern.action));
        }
        if let Deed::Before { first, .. } = &norm.deed {
            lifts += usize::from(first.action == pattern.action);
        }
        frame.looks(norm, pattern.action) == lifts
    };
    !frame.changing.contains(&pattern.action) && frame.norms.iter().all(only)
}

/// Shows every pattern that can only make a condition hold.
fn held<'m>(c: &'m Condition, see: &mut dyn FnMut(&'m Pattern)) {
    match c {
        Condition::Occurred { pattern, .. } => see(pattern),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|c| held(c, see)),
        Condition::ForAll(_, inner) | Condition::Exists(_, inner) => held(inner, see),
        Condition::Not(_)
        | Condition::Compare(..)
        | Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Breached { .. }
        | Condition::May(_) => {}
    }
}
