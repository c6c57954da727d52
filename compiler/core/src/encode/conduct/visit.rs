//! Walks through what norms and rules look for.
//!
//! In: norms, rules, conditions. Out: every pattern, every condition, to a caller's eye.

use crate::model::conduct::{Condition, Deed, Norm, Pattern, Quantity, Rule, Trigger, Variable};

/// Shows every pattern of a norm; its own deed first.
pub(super) fn norm<'m>(norm: &'m Norm, see: &mut dyn FnMut(&'m Pattern)) {
    deed(&norm.deed, see);
    circumstances(norm, see);
}

/// Shows every pattern of what a norm asks, forbids or allows.
pub(crate) fn deed<'m>(deed: &'m Deed, see: &mut dyn FnMut(&'m Pattern)) {
    match deed {
        Deed::Act(pattern) => pattern_of(pattern, see),
        Deed::Ensure(c) => condition(c, see),
        Deed::Before { first, then, .. } => {
            pattern_of(first, see);
            pattern_of(then, see);
        }
        Deed::Alike { .. } => {}
    }
}

/// Shows every pattern on which it depends whether and whom a norm binds.
pub(crate) fn circumstances<'m>(norm: &'m Norm, see: &mut dyn FnMut(&'m Pattern)) {
    variables(&norm.variables, see);
    condition(&norm.when, see);
    condition(&norm.unless, see);
}

/// Shows every pattern of a rule, without its norms.
pub(crate) fn rule<'m>(rule: &'m Rule, see: &mut dyn FnMut(&'m Pattern)) {
    if let Trigger::Occurs(pattern) = &rule.trigger {
        pattern_of(pattern, see);
    }
    variables(&rule.variables, see);
    rule.lift.iter().for_each(|c| condition(c, see));
}

fn variables<'m>(list: &'m [Variable], see: &mut dyn FnMut(&'m Pattern)) {
    list.iter().filter_map(|v| v.filter.as_ref()).for_each(|c| condition(c, see));
}

fn pattern_of<'m>(pattern: &'m Pattern, see: &mut dyn FnMut(&'m Pattern)) {
    see(pattern);
    for m in &pattern.arguments {
        if let crate::model::conduct::Match::Number(_, q) = m {
            quantity(q, see);
        }
    }
}

/// Shows every pattern of a condition.
pub(crate) fn condition<'m>(c: &'m Condition, see: &mut dyn FnMut(&'m Pattern)) {
    match c {
        Condition::Compare(a, _, b) => {
            quantity(a, see);
            quantity(b, see);
        }
        Condition::Occurred { pattern, .. } | Condition::May(pattern) => pattern_of(pattern, see),
        Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => condition(inner, see),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|c| condition(c, see)),
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Breached { .. } => {}
    }
}

fn quantity<'m>(q: &'m Quantity, see: &mut dyn FnMut(&'m Pattern)) {
    match q {
        Quantity::Scaled(_, inner) => quantity(inner, see),
        Quantity::Sum(parts) => parts.iter().for_each(|q| quantity(q, see)),
        Quantity::Total { value, filter, .. } => {
            quantity(value, see);
            condition(filter, see);
        }
        Quantity::Fixed(_) | Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Argument(_) => {}
    }
}

/// Shows every condition within a condition, itself included.
pub(crate) fn parts<'m>(c: &'m Condition, see: &mut dyn FnMut(&'m Condition)) {
    see(c);
    match c {
        Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => parts(inner, see),
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|c| parts(c, see)),
        Condition::Fixed(_)
        | Condition::Compare(..)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Occurred { .. }
        | Condition::Breached { .. }
        | Condition::May(_) => {}
    }
}

/// All conditions of a norm outside of its deed: filters, `when`, `unless`.
pub(super) fn conditions(norm: &Norm) -> impl Iterator<Item = &Condition> {
    norm.variables.iter().filter_map(|v| v.filter.as_ref()).chain([&norm.when, &norm.unless])
}

/// Shows every pattern that a norm looks at, beyond the acts that it forbids, permits or demands.
pub(super) fn looked_at<'m>(norm: &'m Norm, see: &mut dyn FnMut(&'m Pattern)) {
    conditions(norm).for_each(|c| condition(c, see));
    match &norm.deed {
        Deed::Before { first, .. } => see(first),
        Deed::Ensure(c) => condition(c, see),
        Deed::Act(_) | Deed::Alike { .. } => {}
    }
}
