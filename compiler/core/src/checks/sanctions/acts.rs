//! Acts that norms speak of, made up for a day.
//!
//! In: a norm, the instance of it that arose, a day. Out: an [`Occurrence`] that meets what the norm asks or permits, where
//! the norm leaves nothing open that cannot be chosen simply.

use super::{Pact, is_duty, pattern};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::model::conduct::{
    Actor, Compare, Happening, Match, Norm, NormId, Occurrence, Pattern, Place, Quantity, Situation, Value,
};
use num_rational::BigRational;

/// An act that a norm speaks of, on a day; nothing where it leaves open what cannot be chosen simply.
pub(in crate::checks) fn act_of(pact: &Pact<'_>, norm: &Norm, instance: &Instance, day: i64) -> Option<Occurrence> {
    let p: &Pattern = pattern(norm)?;
    let action = pact.conduct().action(p.action)?;
    let mut arguments = Vec::new();
    for (m, parameter) in p.arguments.iter().zip(&action.parameters) {
        arguments.push(match m {
            Match::Is(w) => Value::Actor(w.among(&instance.values)?),
            Match::Number(..) => Value::Number(amount(m)?),
            Match::Any => match &parameter.default {
                Some(d) => Value::Number(d.as_constant()?.clone()),
                None => return None,
            },
            Match::Thing(t) => Value::Thing(t.clone()),
            Match::Anyone | Match::Region(_) | Match::Binds(_) => return None,
        });
    }
    let place = match &p.place {
        None => None,
        Some(Place::Region(r)) => Some((r.atlas, r.cells.cells().to_vec())),
        Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)) => return None,
    };
    Some(Occurrence { from: day, to: Some(day), what: Happening::Act { action: p.action, arguments, place } })
}

/// The amount by which an argument is met at its own bound; nothing where the bound itself does not meet it.
pub(in crate::checks) fn amount(wanted: &Match) -> Option<BigRational> {
    match wanted {
        Match::Number(Compare::Equal | Compare::AtMost | Compare::AtLeast, Quantity::Fixed(n)) => {
            n.as_constant().cloned()
        }
        _ => None,
    }
}

/// How many acts are added at most.
const MOST: usize = 256;

/// The situation with what everybody else owes in it done, each on the first day on which it is lawful: nobody but perhaps one
/// is then in breach up to a day. Nothing where that cannot be made up so.
pub(in crate::checks) fn complied(
    pact: &Pact<'_>,
    situation: &Situation,
    day: i64,
    but: Option<(Actor, &[NormId])>,
) -> Option<Situation> {
    let mut out = situation.clone();
    let mut added = 0;
    loop {
        let mut more: Vec<Occurrence> = Vec::new();
        {
            let run = Run::new(pact.program, pact.view.charter, &out, day);
            for b in run.breaches().iter().filter(|b| b.truth != Truth::No && b.earliest <= day) {
                let Some(by) = b.subject else { continue };
                if but.is_some_and(|(who, allowed)| by == who && allowed.contains(&b.norm)) {
                    continue;
                }
                let norm = pact.conduct().norm(b.norm).filter(|n| is_duty(n))?;
                let instance = run.instances().get(b.instance)?;
                let last = instance.deadline.unwrap_or(b.day).min(day);
                let lawful = |on: &i64| {
                    let mut act = act_of(pact, norm, instance, *on)?;
                    if !norm.is_point_duty() {
                        act.to = None;
                    }
                    run.lawful(&act, *on).0.is_yes().then_some(act)
                };
                more.push((instance.first..=last).find_map(|on| lawful(&on))?);
            }
        }
        if more.is_empty() {
            return Some(out);
        }
        more.sort();
        more.dedup();
        added += more.len();
        if added > MOST {
            return None;
        }
        out.occurrences.extend(more);
        out.occurrences.sort();
    }
}
