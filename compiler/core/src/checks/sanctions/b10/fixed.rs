//! Conditions that hold, or fail, in every situation.
//!
//! In: a condition of a norm and the parties that its variables mean. Out: true or false where what the text states of these
//! parties decides it (who they are, their kinds and attributes, constants); nothing where acts, events, breaches, values that
//! are still open or the calendar have a say.

use crate::checks::sanctions::Pact;
use crate::logic::{BigRational, Formula};
use crate::model::conduct::{Compare, Condition, Quantity, Who};
use crate::model::{AttributeValue, PartyId};

/// What a condition is, whatever happens.
pub(super) fn fixed(pact: &Pact<'_>, c: &Condition, env: &[Option<PartyId>]) -> Option<bool> {
    match c {
        Condition::Fixed(f) => constant(f),
        Condition::Compare(a, how, b) => {
            let (a, b) = (number(pact, a, env)?, number(pact, b, env)?);
            Some(match how {
                Compare::Equal => a == b,
                Compare::NotEqual => a != b,
                Compare::Less => a < b,
                Compare::AtMost => a <= b,
                Compare::Greater => a > b,
                Compare::AtLeast => a >= b,
            })
        }
        Condition::Attribute(w, name) => match attribute(pact, *w, name, env)? {
            AttributeValue::Bool(f) => constant(f),
            _ => None,
        },
        Condition::Same(a, b) => Some(who(*a, env)? == who(*b, env)?),
        Condition::Kind(w, kind) => {
            let party = pact.program.parties.get(who(*w, env)?.0 as usize)?;
            Some(pact.program.is_kind(party.kind, *kind))
        }
        Condition::Not(inner) => fixed(pact, inner, env).map(|b| !b),
        Condition::All(parts) => joined(pact, parts, env, false),
        Condition::Any(parts) => joined(pact, parts, env, true),
        Condition::Occurred { .. }
        | Condition::Breached { .. }
        | Condition::May(_)
        | Condition::ForAll(..)
        | Condition::Exists(..) => None,
    }
}

fn joined(pact: &Pact<'_>, parts: &[Condition], env: &[Option<PartyId>], decisive: bool) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match fixed(pact, part, env) {
            Some(b) if b == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

fn constant(f: &Formula) -> Option<bool> {
    if f.is_true() {
        return Some(true);
    }
    f.is_false().then_some(false)
}

fn who(w: Who, env: &[Option<PartyId>]) -> Option<PartyId> {
    match w {
        Who::Party(p) => Some(p),
        Who::Var(v) => env.get(v.0 as usize).copied().flatten(),
    }
}

/// An attribute that no act changes.
fn attribute<'p>(pact: &Pact<'p>, w: Who, name: &str, env: &[Option<PartyId>]) -> Option<&'p AttributeValue> {
    let changed = pact.conduct().actions.iter().flat_map(|a| &a.changes);
    if changed.into_iter().any(|c| matches!(&c.quantity, Quantity::Attribute(_, n) if n == name)) {
        return None;
    }
    pact.program.parties.get(who(w, env)?.0 as usize)?.attributes.get(name)
}

fn number(pact: &Pact<'_>, q: &Quantity, env: &[Option<PartyId>]) -> Option<BigRational> {
    match q {
        Quantity::Fixed(n) => n.as_constant().cloned(),
        Quantity::Attribute(w, name) => match attribute(pact, *w, name, env)? {
            AttributeValue::Quantity(n, _) => n.as_constant().cloned(),
            _ => None,
        },
        Quantity::Scaled(c, inner) => Some(c * number(pact, inner, env)?),
        Quantity::Sum(parts) => {
            let mut sum = BigRational::from_integer(0.into());
            for part in parts {
                sum += number(pact, part, env)?;
            }
            Some(sum)
        }
        Quantity::Balance(_) | Quantity::Argument(_) | Quantity::Total { .. } => None,
    }
}
