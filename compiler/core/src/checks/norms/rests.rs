//! What an answer rests on besides the norms it is about: by loosening (semantics §26).
//!
//! In: what a question reads, and whether its answer stays the same when some of that may say anything. Out: the statements
//! without which it would not. They are left out one by one, from the last on; each time it is asked again.

use super::ask::{Asking, Reply, Wanted, Witness, in_step};
use crate::checks::Context;
use crate::encode::conduct::{EACH, Read, Scene, Term, Universe, pose, whatever};
use crate::model::StatementId;
use std::collections::BTreeSet;

/// The statements among `reads` that cannot be loosened: `stays` says whether the answer does with these loosened.
pub(in crate::checks) fn on(
    mut reads: Vec<(StatementId, Read)>,
    mut stays: impl FnMut(&BTreeSet<Read>) -> bool,
) -> BTreeSet<StatementId> {
    reads.sort_unstable();
    reads.dedup();
    let mut loose: BTreeSet<Read> = BTreeSet::new();
    let mut out = BTreeSet::new();
    for (statement, read) in reads.into_iter().rev() {
        loose.insert(read);
        if !stays(&loose) {
            loose.remove(&read);
            out.insert(statement);
        }
    }
    out
}

impl<'p> Asking<'p> {
    /// Whether there is a situation whatever the loosened statements say.
    pub(in crate::checks) fn whatever<'q>(
        &'q self,
        cx: &mut Context<'_>,
        universe: &'q Universe,
        loose: &BTreeSet<Read>,
        wanted: Wanted,
        mut build: impl FnMut(&mut Scene<'q>) -> Term,
        replay: impl Fn(&Witness) -> Result<(), String>,
    ) -> Reply {
        let mut ask = |cx: &mut Context<'_>, universe: &'q Universe| {
            let mut posed = pose(&self.frame, universe, |scene| {
                scene.loosen(loose);
                build(scene)
            });
            match whatever(&posed.formula) {
                Some(formula) => posed.formula = formula,
                None => return (Reply::Open("what is loosened is read in two ways".to_owned()), false),
            }
            (self.answer(cx, &posed, wanted, &replay), posed.open.contains(EACH))
        };
        in_step(universe, |universe| ask(cx, universe), &replay)
    }
}
