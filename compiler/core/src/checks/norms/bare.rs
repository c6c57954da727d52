//! A situation without what it does not need.
//!
//! In: a situation that a solver gave, in which more may happen than was asked for, and what is weighed in it: how much stands
//! in the way. Out: the same situation with fewer occurrences, in which less does. The evaluator alone says so, each time of
//! the whole situation: where nothing is left in the way, this saves asking for another situation.

use super::applies;
use super::ask::{Asking, Witness};
use crate::evaluate::situation::Run;

/// How often the evaluator is asked at most.
const TRIES: usize = 64;

/// Leaves out occurrences, from the last on, while what is weighed does not grow; nothing where it cannot be weighed at all.
/// `weigh` says how much stands in the way, or nothing where the situation is not one that is looked for.
pub(in crate::checks) fn bare(
    asking: &Asking<'_>,
    witness: &Witness,
    day: i64,
    weigh: impl Fn(&Run<'_>) -> Option<usize>,
) -> Option<(Witness, usize)> {
    let of = |w: &Witness| weigh(&applies::run(asking, w, day));
    let mut least = of(witness)?;
    let mut left = witness.clone();
    let (mut tries, mut shorter) = (0, true);
    while shorter && least > 0 {
        shorter = false;
        for at in (0..left.situation.occurrences.len()).rev() {
            tries += 1;
            if least == 0 || tries > TRIES {
                break;
            }
            let mut fewer = left.clone();
            fewer.situation.occurrences.remove(at);
            if let Some(weight) = of(&fewer).filter(|w| *w <= least) {
                (left, least, shorter) = (fewer, weight, true);
            }
        }
        shorter &= tries <= TRIES;
    }
    Some((left, least))
}
