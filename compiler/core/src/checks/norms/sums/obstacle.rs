//! What a rule of conduct is not made for (semantics §20d): it stays undecided, by name.
//!
//! In: a [`Meeting`]. Out: the first part of its norms that cannot be decided, in words.

use super::Meeting;
use crate::checks::norms::applies;
use crate::checks::norms::ask::Asking;
use crate::checks::norms::own::is_own;
use crate::checks::norms::quoted;
use crate::encode::conduct::{Frame, is_point};
use crate::evaluate::situation::effects;
use crate::model::conduct::{
    Arises, Condition, Deed, Force, Match, Norm, Pattern, Quantity, Rule, Sort, Trigger, Who, Window,
};
use crate::model::mentions::Mentions;

/// Why what meets so is not decided.
pub(super) fn of(frame: &Frame<'_>, meeting: &Meeting<'_>) -> Option<String> {
    if let Some(why) = meeting.universe.reduced.first() {
        return Some(why.clone());
    }
    meeting
        .keeps
        .iter()
        .find_map(|n| kept(frame, meeting, n).map(|why| told(n, why)))
        .or_else(|| meeting.duties.iter().find_map(|n| owed(frame, n).map(|why| told(n, why))))
        .or_else(|| conditions(frame, meeting))
}

fn told(norm: &Norm, why: &str) -> String {
    format!("{}: {why}", quoted(norm))
}

/// Of what must be kept.
fn kept(frame: &Frame<'_>, meeting: &Meeting<'_>, norm: &Norm) -> Option<&'static str> {
    if norm.group.is_some() {
        return Some("a course of a group that keeps a quantity is not looked for");
    }
    if is_point(norm) || matches!(norm.arises, Arises::Every(_)) {
        return Some("a course that reaches a quantity by a day is not looked for");
    }
    if let Some(why) = window(&norm.window) {
        return Some(why);
    }
    let Deed::Alike { each, .. } = norm.deed else { return None };
    let plain = norm.when.is_true() && norm.unless.is_false() && norm.window.is_open() && norm.rule.is_none();
    if !plain {
        return Some("a course that treats alike only at times is not looked for");
    }
    let treated = norm.variables.get(each.0 as usize)?;
    let related =
        |k: &crate::model::KindId| frame.program.is_kind(*k, treated.domain.kind) || treated.domain.kind.0 == 0;
    if !meeting.duties.is_empty() && (frame.open.iter().any(related) || treated.filter.is_some()) {
        return Some("those who are to be treated alike are open in number");
    }
    let idle = |i: &usize| meeting.universe.figure(*i).is_some_and(|f| !f.active);
    let many = meeting.alike.iter().flat_map(|t| &t.all).any(idle);
    many.then_some("more than six parties that nothing tells apart are to be treated alike")
}

/// Why no rule of conduct is made for a duty.
pub(in crate::checks::norms) fn owed(frame: &Frame<'_>, norm: &Norm) -> Option<&'static str> {
    let Deed::Act(pattern) = &norm.deed else { return None };
    if norm.group.is_some() {
        return Some("a course of a group that also keeps a quantity is not looked for");
    }
    if !is_point(norm) {
        return Some("a course that does something on every day and keeps a quantity is not looked for");
    }
    if matches!(norm.arises, Arises::While | Arises::Every(_)) {
        return Some("a course for what is owed again and again, with a quantity, is not looked for");
    }
    if matches!(frame.rule_of(norm).map(|r| &r.trigger), Some(Trigger::Breach { .. })) {
        return Some("a course that answers a breach and keeps a quantity is not looked for");
    }
    if frame.rule_of(norm).is_some_and(|r| !r.ceilings.is_empty()) {
        return Some("a course under a ceiling that also keeps a quantity is not looked for");
    }
    if let Some(why) = window(&norm.window) {
        return Some(why);
    }
    let parameters = frame.program.conduct.action(pattern.action).map_or(&[][..], |a| a.parameters.as_slice());
    let open = pattern.arguments.iter().zip(parameters).any(|(wanted, p)| match wanted {
        Match::Any => !matches!(p.sort, Sort::Number { .. }),
        Match::Number(..) => p.default.is_some(),
        Match::Anyone | Match::Region(_) => true,
        Match::Is(_) | Match::Thing(_) | Match::Binds(_) => false,
    });
    (open || pattern.place.is_some()).then_some("to whom, where or of what it is done is left open")
}

fn window(w: &Window) -> Option<&'static str> {
    let months = [&w.offset, &w.after, &w.within, &w.until].into_iter().flatten().any(|d| d.months > 0);
    if months || w.from_date.is_some() || w.until_date.is_some() {
        return Some("a course over calendar months or dates that also keeps a quantity is not looked for");
    }
    None
}

/// Of what all of it depends on: conditions on own acts, and on what acts change.
fn conditions(frame: &Frame<'_>, meeting: &Meeting<'_>) -> Option<String> {
    let conduct = &frame.program.conduct;
    let (closure, _) = frame.closure(meeting.norms());
    let mut changed = Mentions::new();
    for keep in &meeting.keeps {
        if let Deed::Ensure(c) = &keep.deed {
            changed.condition(conduct, c);
        }
    }
    for norm in closure.iter().filter_map(|id| frame.norm(*id)) {
        let mut asked: Vec<&Condition> = vec![&norm.when, &norm.unless];
        asked.extend(norm.variables.iter().filter_map(|v| v.filter.as_ref()));
        if let Some(rule) = frame.rule_of(norm) {
            asked.extend(rule.variables.iter().filter_map(|v| v.filter.as_ref()).chain(&rule.lift));
            if own_trigger(frame, meeting, rule) {
                return Some(told(norm, "a course whose acts set off norms is not looked for"));
            }
        }
        let mut own = Mentions::new();
        asked.iter().for_each(|c| own.condition(conduct, c));
        let acted: Vec<&Pattern> = asked.iter().flat_map(|c| patterns(c)).collect();
        if own.may || acted.iter().any(|p| own_act(frame, meeting, p)) {
            return Some(told(norm, "a course whose acts decide what is due is not looked for"));
        }
        if let Deed::Act(p) = &norm.deed {
            for m in &p.arguments {
                if let Match::Number(_, q) = m {
                    own.quantity(conduct, q);
                }
            }
        }
        let funds = !own.funds.is_disjoint(&changed.funds);
        let attributes = own.attributes.keys().any(|name| changed.attributes.contains_key(name) && moves(frame, name));
        if funds || attributes {
            return Some(told(norm, "a course that changes what decides what is due is not looked for"));
        }
        if matches!(norm.deed, Deed::Before { .. }) {
            return Some(told(norm, "a course with announcements that also keeps a quantity is not looked for"));
        }
    }
    let odd = meeting.keeps.iter().find(|n| matches!(&n.deed, Deed::Ensure(c) if !patterns(c).is_empty()));
    odd.map(|n| told(n, super::ACTS))
}

/// Whether what a norm has kept speaks of acts of its subject, and of nothing that acts change: then nothing meets in it.
pub(super) fn speaks_of_own_acts(asking: &Asking<'_>, norm: &Norm) -> bool {
    let Deed::Ensure(c) = &norm.deed else { return false };
    let own = |p: &&Pattern| is_own(asking, norm, p);
    let kept = norm.force == Force::Must && applies::binds(norm);
    kept && effects(&asking.frame.program.conduct, c).is_empty() && patterns(c).iter().any(own)
}

/// Whether some act changes an attribute.
fn moves(frame: &Frame<'_>, attribute: &str) -> bool {
    let changes = frame.program.conduct.actions.iter().flat_map(|a| &a.changes);
    changes.into_iter().any(|c| matches!(&c.quantity, Quantity::Attribute(_, name) if name == attribute))
}

fn own_trigger(frame: &Frame<'_>, meeting: &Meeting<'_>, rule: &Rule) -> bool {
    match &rule.trigger {
        Trigger::Occurs(pattern) => own_act(frame, meeting, pattern),
        Trigger::Breach { .. } => false,
    }
}

/// Whether the party can do what a pattern speaks of.
fn own_act(frame: &Frame<'_>, meeting: &Meeting<'_>, pattern: &Pattern) -> bool {
    let act = frame.program.conduct.action(pattern.action).is_some_and(|a| !a.event);
    let by_another = match pattern.arguments.first() {
        Some(Match::Is(Who::Party(p))) => crate::model::conduct::Actor::Party(*p) != meeting.party,
        _ => false,
    };
    act && !by_another
}

/// The acts and events that a condition looks for.
fn patterns(c: &Condition) -> Vec<&Pattern> {
    match c {
        Condition::Occurred { pattern, .. } | Condition::May(pattern) => vec![pattern],
        Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => patterns(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(patterns).collect(),
        Condition::Compare(a, _, b) => within(a).into_iter().chain(within(b)).collect(),
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Breached { .. } => Vec::new(),
    }
}

fn within(q: &Quantity) -> Vec<&Pattern> {
    match q {
        Quantity::Scaled(_, inner) => within(inner),
        Quantity::Sum(parts) => parts.iter().flat_map(within).collect(),
        Quantity::Total { value, filter, .. } => within(value).into_iter().chain(patterns(filter)).collect(),
        Quantity::Fixed(_) | Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Argument(_) => Vec::new(),
    }
}
