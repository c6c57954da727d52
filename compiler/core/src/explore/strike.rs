//! S16, decided on one situation: a measure is lawfully taken, and on the next day its target lawfully does the same to whoever
//! took it.
//!
//! In: a situation that is worked out. Out: the measures that were answered in kind. The measure is in force on both days, and
//! whoever took it is neither in breach nor said to be: an answer to a breach is none in kind.

use super::answers::{Answer, act, aims, is_accused};
use super::walk::Ground;
use crate::evaluate::situation::Run;
use crate::model::StatementId;
use crate::model::conduct::{Action, Deed, Norm, Occurrence, Pattern, Value};

impl Ground<'_> {
    /// S16: what of it a situation holds.
    pub(super) fn struck_back(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut out = Vec::new();
        let happened = &run.situation().occurrences;
        for back in happened {
            let Some((action, target, with)) = act(back).filter(|_| back.from > 0) else { continue };
            for first in happened.iter().filter(|o| o.from + 1 == back.from) {
                let Some((other, taker, before)) = act(first).filter(|(a, ..)| *a == action) else { continue };
                let Some(at) = swapped(before, with).filter(|_| other == action && taker != target) else { continue };
                if !run.lawful(first, first.from).0.is_yes()
                    || !run.lawful(back, back.from).0.is_yes()
                    || is_accused(run, taker, back.from)
                {
                    continue;
                }
                for answer in self.answered(run).into_iter().filter(|a| a.offender == target) {
                    let measures = self.measures(answer.rule, answer.by);
                    let kind = |p: &Pattern| p.action == action && aims(p, answer.by) == Some(at);
                    for (norm, _) in measures.filter(|(n, p)| kind(p) && self.is_felt(n)) {
                        if in_force(run, &answer, norm, first) {
                            out.push(norm.statement);
                        }
                    }
                }
            }
        }
        out
    }

    /// Whether a measure is more than words.
    fn is_felt(&self, norm: &Norm) -> bool {
        let Deed::Act(p) = &norm.deed else { return false };
        let Some(action): Option<&Action> = self.action_of(p).filter(|a| !a.helps && !a.event) else { return false };
        let Some(level) = action.severity else { return true };
        let ladder = self.program.conduct.ladders.get(level.ladder.0 as usize);
        let economic = ladder.and_then(|l| l.levels.iter().position(|name| name == "economic")).unwrap_or(1);
        action.hostile || level.step as usize >= economic
    }
}

/// Which argument two acts have changed for the actor, if that is all in which they differ.
fn swapped(first: &[Value], back: &[Value]) -> Option<usize> {
    let at = first.iter().skip(1).position(|v| Some(v) == back.first()).map(|i| i + 1)?;
    let mut turned = first.to_vec();
    turned.swap(0, at);
    (turned == back).then_some(at)
}

/// Whether a norm of a rule that was set off demands or permits an act on its day, and is in force on the next.
fn in_force(run: &Run<'_>, answer: &Answer<'_>, norm: &Norm, first: &Occurrence) -> bool {
    let next = first.from + 1;
    run.covering(norm.id, first, first.from).into_iter().any(|at| {
        let Some(i) = run.instances().get(at).filter(|i| i.firing == Some(answer.firing)) else { return false };
        let open = |day: i64| !norm.is_point_duty() || i.deadline.is_none_or(|last| day <= last);
        let still = Occurrence { from: next, to: Some(next), what: first.what.clone() };
        open(next) && run.covering(norm.id, &still, next).contains(&at)
    })
}
