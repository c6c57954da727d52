//! Whether acts of one's own leave a way out in a situation that was found for a dilemma (semantics §19).
//!
//! In: the acts on which it depends ([`Own`]), and the situation. Out: whether one of them, or all of them together, done
//! lawfully in it, leave a way out, or may leave one: then it shows no dilemma. The evaluator judges each.

use super::ask::{Asking, Witness};
use super::own::{Act, Own, Toward};
use super::refuted;
use crate::evaluate::situation::{Run, Truth};
use crate::model::conduct::{
    ActionId, Actor, Deed, Happening, Match, Norm, Occurrence, Pattern, Place, Quantity, Value, Who,
};
use std::collections::BTreeSet;

/// How many acts are tried in one situation.
const TRIES: usize = 256;

/// Acts by which whoever has a duty may lift what stands in its way, or the duty itself.
#[derive(Debug)]
pub(super) struct Lifting<'m> {
    acts: Vec<Act<'m>>,
    /// whose duty it is
    subject: Who,
    /// whether more might help than what is tried
    more: bool,
}

impl<'m> Lifting<'m> {
    /// Of what was read of a duty.
    pub(super) fn new(own: &Own<'_, 'm>, duty: &Norm) -> Self {
        let binding = own.brought_about();
        let acts: Vec<Act<'m>> = own.acts.iter().filter(|a| a.toward != Toward::Binding).cloned().collect();
        let untried = |a: &Act<'_>| binding.contains(&a.action) || !a.pattern.is_some_and(can_be_tried);
        // a point is judged as if the act were still to come: that it excuses itself is not seen
        let itself =
            matches!(&duty.deed, Deed::Act(p) if Own::everything(own.asking, duty.subject, p.action).lifts_itself(p));
        Self { more: itself || acts.iter().any(untried), acts, subject: duty.subject }
    }

    /// Whether such acts, done by one on some of these days, leave a way out, or may leave one: `free` says whether a situation
    /// does. `run` is the evaluator's reading of the one that was found.
    pub(super) fn helps(
        &self,
        asking: &Asking<'_>,
        (witness, run): (&Witness, &Run<'_>),
        who: Actor,
        (first, last): (i64, i64),
        free: impl Fn(&Witness) -> Result<bool, String>,
    ) -> Result<bool, String> {
        if self.acts.is_empty() || self.more {
            return Ok(self.more);
        }
        let mut tried = 0;
        let mut all = witness.clone();
        let patterns = self.acts.iter().filter_map(|a| a.pattern);
        for (pattern, on) in patterns.flat_map(|p| (first..=last).map(move |on| (p, on))) {
            for act in acts(asking, witness, pattern, who, on) {
                tried += 1;
                if tried > TRIES {
                    return Ok(true);
                }
                if run.lawful(&act, on).0 == Truth::No {
                    if self.is_lifted(asking, pattern.action) {
                        return Ok(true);
                    }
                    continue;
                }
                all.situation.add(act.clone());
                let mut with = witness.clone();
                with.situation.add(act);
                if free(&with)? {
                    return Ok(true);
                }
            }
        }
        free(&all)
    }

    /// Whether one more act may lift what forbids acts of a kind.
    fn is_lifted(&self, asking: &Asking<'_>, action: ActionId) -> bool {
        let own = Own::everything(asking, self.subject, action);
        own.acts.iter().any(|a| a.toward != Toward::Binding)
    }
}

/// Whether all acts that a pattern looks for are among those that are tried.
pub(super) fn can_be_tried(pattern: &Pattern) -> bool {
    let known = |m: &Match| match m {
        Match::Number(_, q) => matches!(q, Quantity::Fixed(n) if n.as_constant().is_some()),
        Match::Region(_) => false,
        Match::Any | Match::Anyone | Match::Is(_) | Match::Thing(_) | Match::Binds(_) => true,
    };
    pattern.arguments.iter().all(known) && matches!(pattern.place, None | Some(Place::Region(_)))
}

/// Acts of one that a pattern looks for: on everybody, where it does not name whom.
pub(super) fn acts(asking: &Asking<'_>, witness: &Witness, pattern: &Pattern, who: Actor, on: i64) -> Vec<Occurrence> {
    let open = pattern.arguments.iter().skip(1).filter_map(|m| match m {
        Match::Is(Who::Var(v)) | Match::Binds(v) => Some(v.0 as usize),
        _ => None,
    });
    let everybody = || witness.situation.members.iter().chain(&witness.situation.others);
    let mut all: Vec<Vec<Option<Actor>>> = vec![Vec::new()];
    for at in open.collect::<BTreeSet<_>>() {
        let with = |values: Vec<Option<Actor>>| {
            everybody().map(move |one| {
                let mut values = values.clone();
                values.resize(at, None);
                values.push(Some(*one));
                values
            })
        };
        all = all.into_iter().flat_map(with).collect();
    }
    let mut out: Vec<Occurrence> = all.iter().flat_map(|values| refuted::points(asking, pattern, values, on)).collect();
    for act in &mut out {
        if let Happening::Act { arguments, .. } = &mut act.what
            && let Some(first) = arguments.first_mut()
        {
            *first = Value::Actor(who);
        }
    }
    out
}
