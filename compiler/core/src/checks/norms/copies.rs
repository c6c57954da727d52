//! How many occurrences it takes to forbid every day of a window, where so many forbid one of them.
//!
//! In: what forbids a duty's act, and how many days its window has. Out: how many times over it takes what forbids one day; nothing
//! where no number is known to suffice. What forbids a day is needed again on the first day that it leaves open, so it is the days of
//! the ban that last the shortest which count; where on each day something has to happen anew, it is all days (semantics §20b).

use super::dilemma::binds_offenders;
use crate::encode::conduct::{Forbids, Frame, Scene, visit};
use crate::model::conduct::{Arises, Match, Norm, Quantity, Trigger, Window};
use num_traits::ToPrimitive;

/// How many times over a window may take what forbids one of its days: more are not written out.
const MOST: usize = 32;

/// How many times over it takes what forbids one day of a window, to forbid all its days.
pub(super) fn copies(scene: &Scene<'_>, against: &[Forbids], length: Option<usize>) -> Option<usize> {
    let norm = |by: &Forbids| scene.frame.norm(by.prohibition()?);
    let spans = |by: &&Forbids| norm(by).is_some_and(|ban| spans_course(scene.frame, ban));
    let always = |ban: &Norm| ban.rule.is_none() && bound_to_its_days(scene.frame, ban);
    let occurs = against.iter().filter(|by| !norm(by).is_some_and(always));
    let (own, rest): (Vec<&Forbids>, Vec<&Forbids>) = occurs.partition(spans);
    // of days that all begin with the course, those that last longest: of each ban, and of each whom it may name
    let own = own.len() * scene.universe.active().count();
    let days = length.map(|days| days + 1);
    if rest.is_empty() {
        return Some(days.map_or(own, |days| own.min(days))).filter(|n| *n <= MOST);
    }
    // what is needed to forbid one day is needed again on the first day that it leaves open: so many occurrences suffice
    let reach = rest.into_iter().map(|by| reach(scene.frame, norm(by)?)).min().flatten().unwrap_or(0);
    days.map(|days| days.min(days.div_ceil(reach + 1) + own)).filter(|n| *n <= MOST)
}

/// How many days more a prohibition lasts at least, however late it begins, where what sets it off can occur again (semantics §20b).
/// `None` where that is not sure.
fn reach(frame: &Frame<'_>, norm: &Norm) -> Option<usize> {
    let rule = frame.rule_of(norm)?;
    let Trigger::Occurs(pattern) = &rule.trigger else { return None };
    let repeats = !frame.program.conduct.action(pattern.action)?.once;
    let Window { offset: None, after: None, within: None, until: Some(days), until_date: None, from_date: None } =
        &norm.window
    else {
        return None;
    };
    let days = days.days.as_constant().filter(|_| days.months == 0)?.to_integer().to_usize()?;
    (repeats && rule.lift.is_none() && bound_to_its_days(frame, norm)).then_some(days)
}

/// Whether a prohibition binds on each of its days, whatever occurs: nothing that it says, and nothing that ranks above it, looks for
/// what may be needed on each day anew.
fn bound_to_its_days(frame: &Frame<'_>, norm: &Norm) -> bool {
    let mut counts = false;
    visit::deed(&norm.deed, &mut |p| {
        counts |= p.arguments.iter().any(|m| matches!(m, Match::Number(_, q) if !matches!(q, Quantity::Fixed(_))));
    });
    let once = matches!(norm.arises, Arises::Rule | Arises::Bound);
    let plain = norm.when.is_true() && norm.unless.is_false() && norm.variables.iter().all(|v| v.filter.is_none());
    once && plain && !counts && frame.exceptions(norm).is_empty()
}

/// Whether the days of a prohibition on whoever is in breach, as far as they belong to a course that begins with the last of its
/// breaches, follow one upon the other from the first day of the course on.
fn spans_course(frame: &Frame<'_>, norm: &Norm) -> bool {
    let at_once = norm.window.offset.is_none() && norm.window.after.is_none();
    at_once && bound_to_its_days(frame, norm) && binds_offenders(frame.program, norm.id)
}
