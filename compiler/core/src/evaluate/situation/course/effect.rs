//! Whether acts help or harm what must be kept (semantics §4).
//!
//! In: a condition on quantities. Out: for each action that changes one of them, whether more of it can only make the condition
//! easier to keep, only harder, or both.

use crate::logic::BigRational;
use crate::model::conduct::{Action, ActionId, Compare, Condition, Conduct, FundId, Quantity, Sort};
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// What more of an act does to what must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// it can only help
    Helps,
    /// it can only harm
    Harms,
    /// either
    Both,
}

impl Effect {
    fn of(sign: &BigRational) -> Option<Self> {
        match (sign.is_positive(), sign.is_negative()) {
            (true, _) => Some(Self::Helps),
            (_, true) => Some(Self::Harms),
            _ => None,
        }
    }

    /// Both effects together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }

    fn opposite(self) -> Self {
        match self {
            Self::Helps => Self::Harms,
            Self::Harms => Self::Helps,
            Self::Both => Self::Both,
        }
    }
}

/// What a condition reads that acts can change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    Fund(FundId),
    Attribute(String),
}

/// What each action does to a condition; nothing of an action that changes nothing which it reads.
#[must_use]
pub fn effects(conduct: &Conduct, condition: &Condition) -> BTreeMap<ActionId, Effect> {
    let mut reads = BTreeMap::new();
    read(condition, false, &mut reads);
    let mut out: BTreeMap<ActionId, Effect> = BTreeMap::new();
    for (id, action) in (0u32..).map(ActionId).zip(&conduct.actions) {
        for change in &action.changes {
            let of = match &change.quantity {
                Quantity::Balance(f) => Read::Fund(*f),
                Quantity::Attribute(_, name) => Read::Attribute(name.clone()),
                _ => continue,
            };
            let Some(effect) = reads.get(&of) else { continue };
            let by = match direction(action, &change.by) {
                None => continue,
                Some(Effect::Helps) => *effect,
                Some(Effect::Harms) => effect.opposite(),
                Some(Effect::Both) => Effect::Both,
            };
            let known = out.entry(id).or_insert(by);
            *known = known.and(by);
        }
    }
    out
}

/// Whether a change is upwards (it helps), downwards, or either; nothing for none at all.
fn direction(action: &Action, by: &Quantity) -> Option<Effect> {
    let mut parts = BTreeMap::new();
    let mut rest = BigRational::zero();
    if !linear(by, &BigRational::one(), &mut parts, &mut rest) {
        return Some(Effect::Both);
    }
    let mut out = Effect::of(&rest);
    for (place, c) in parts {
        let at_least_0 = action
            .parameters
            .get(place)
            .is_some_and(|p| matches!(&p.sort, Sort::Number { least: Some(least), .. } if !least.is_negative()));
        let one = if at_least_0 { Effect::of(&c) } else { Some(Effect::Both) };
        out = match (out, one) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.or(b),
        };
    }
    out
}

/// A change as a sum of arguments and a number; whether it is one.
fn linear(q: &Quantity, times: &BigRational, parts: &mut BTreeMap<usize, BigRational>, rest: &mut BigRational) -> bool {
    match q {
        Quantity::Fixed(n) => n.as_constant().is_some_and(|n| {
            *rest += n * times;
            true
        }),
        Quantity::Argument(i) => {
            *parts.entry(*i).or_insert_with(BigRational::zero) += times;
            true
        }
        Quantity::Scaled(c, inner) => linear(inner, &(c * times), parts, rest),
        Quantity::Sum(all) => all.iter().all(|p| linear(p, times, parts, rest)),
        Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => false,
    }
}

/// What a condition reads, and whether more of it helps.
fn read(c: &Condition, negated: bool, out: &mut BTreeMap<Read, Effect>) {
    match c {
        Condition::Compare(a, how, b) => {
            let mut left = BTreeMap::new();
            terms(a, &BigRational::one(), &mut left);
            terms(b, &-BigRational::one(), &mut left);
            for (of, sign) in left {
                let Some(more) = sign else {
                    note(out, of, Effect::Both);
                    continue;
                };
                let Some(more) = Effect::of(&more) else { continue };
                let helps = match how {
                    Compare::AtLeast | Compare::Greater => more,
                    Compare::AtMost | Compare::Less => more.opposite(),
                    Compare::Equal | Compare::NotEqual => Effect::Both,
                };
                note(out, of, if negated { helps.opposite() } else { helps });
            }
        }
        Condition::Not(inner) => read(inner, !negated, out),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| read(p, negated, out)),
        Condition::ForAll(_, inner) | Condition::Exists(_, inner) => read(inner, negated, out),
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Occurred { .. }
        | Condition::Breached { .. }
        | Condition::May(_) => {}
    }
}

fn note(out: &mut BTreeMap<Read, Effect>, of: Read, effect: Effect) {
    let known = out.entry(of).or_insert(effect);
    *known = known.and(effect);
}

/// The factors of what acts can change; nothing where two parties' differ in sign or a filter decides.
fn terms(q: &Quantity, times: &BigRational, out: &mut BTreeMap<Read, Option<BigRational>>) {
    let mut add = |of: Read, c: Option<BigRational>| {
        let known = out.entry(of).or_insert_with(|| c.clone());
        *known = match (known.take(), c) {
            (Some(a), Some(b)) if (a.is_negative() == b.is_negative()) || a.is_zero() || b.is_zero() => Some(a + b),
            _ => None,
        };
    };
    match q {
        Quantity::Fixed(_) | Quantity::Argument(_) => {}
        Quantity::Balance(f) => add(Read::Fund(*f), Some(times.clone())),
        Quantity::Attribute(_, name) => add(Read::Attribute(name.clone()), Some(times.clone())),
        Quantity::Scaled(c, inner) => terms(inner, &(c * times), out),
        Quantity::Sum(parts) => parts.iter().for_each(|p| terms(p, times, out)),
        Quantity::Total { value, filter, .. } => {
            terms(value, times, out);
            let mut asked = BTreeMap::new();
            read(filter, false, &mut asked);
            for of in asked.into_keys() {
                out.insert(of, None);
            }
        }
    }
}
