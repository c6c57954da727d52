//! The minimal conflict that the order of statements prefers.
//!
//! In: an oracle and labels that cannot all hold. Out: a minimal set of them that cannot, the one that a reader who goes from
//! the last statement to the first and strikes each that is not needed is left with. It is found by divide and conquer
//! (U. Junker, QuickXplain: Preferred Explanations and Relaxations for Over-Constrained Problems, AAAI 2004), asks about
//! k·log(n/k) questions for k of n, and rests on yes and no alone, so every solver, seed and budget that answers at all gives
//! the same one (semantics §26).

use super::oracle::{Oracle, Tri, Undecided};
use crate::logic::{Label, Unknown};

/// The preferred minimal conflict among `labels`, in order; nothing if they can all hold. It is checked again before it is
/// returned: it cannot hold, and what is left after taking any one label away can.
pub fn preferred_core(oracle: &mut dyn Oracle, labels: &[Label]) -> Result<Option<Vec<Label>>, Undecided> {
    let mut labels = labels.to_vec();
    labels.sort();
    labels.dedup();
    if can_hold(oracle, &labels)? {
        return Ok(None);
    }
    if !can_hold(oracle, &[])? {
        return Ok(Some(Vec::new()));
    }
    let mut kept = Vec::new();
    quick(oracle, &mut kept, false, &labels)?;
    kept.sort();
    verify(oracle, &kept)?;
    Ok(Some(kept))
}

/// Extends `base` by what of `candidates` a minimal conflict needs. `base` with all candidates cannot hold; unless it has
/// just grown, `base` alone can.
fn quick(oracle: &mut dyn Oracle, base: &mut Vec<Label>, grown: bool, candidates: &[Label]) -> Result<(), Undecided> {
    if grown && !can_hold(oracle, base)? {
        return Ok(());
    }
    if candidates.len() <= 1 {
        base.extend(candidates);
        return Ok(());
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    let fixed = base.len();
    base.extend(first);
    quick(oracle, base, true, second)?;
    // what was needed of the second half, with the first half taken out again
    let needed = base.split_off(fixed + first.len());
    base.truncate(fixed);
    base.extend(&needed);
    quick(oracle, base, !needed.is_empty(), first)
}

/// Whether `set` is a minimal conflict, asked anew.
pub(super) fn verify(oracle: &mut dyn Oracle, set: &[Label]) -> Result<(), Undecided> {
    let mut minimal = !can_hold(oracle, set)?;
    for i in 0..set.len() {
        let rest: Vec<Label> = set.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, l)| *l).collect();
        minimal = minimal && can_hold(oracle, &rest)?;
    }
    if minimal {
        Ok(())
    } else {
        Err(Undecided(Unknown::Fault(format!("the solver contradicted itself on the conflict {set:?}"))))
    }
}

/// Yes or no; an open question ends the explanation.
pub(super) fn can_hold(oracle: &mut dyn Oracle, labels: &[Label]) -> Result<bool, Undecided> {
    match oracle.consistent(labels) {
        Tri::Yes => Ok(true),
        Tri::No => Ok(false),
        Tri::Unknown(why) => Err(Undecided(why)),
    }
}
