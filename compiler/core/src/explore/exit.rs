//! S14, decided on one situation: whoever is in breach has left, and nothing of what a rule asks is owed any more that would be
//! if it had stayed.
//!
//! In: a situation that is worked out. Out: the rules whose bill was left behind.

use super::answers::is_left_open;
use super::situations::last_day;
use super::walk::Ground;
use crate::evaluate::situation::Run;
use crate::model::StatementId;
use crate::model::conduct::{Force, Happening, Norm, Situation};

impl Ground<'_> {
    /// S14: what of it a situation holds.
    pub(super) fn left_behind(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut out = Vec::new();
        for answer in self.answered(run) {
            let Some(last) = run.exit(answer.offender).and_then(|e| e.exact()) else { continue };
            let bill: Vec<&Norm> = self.steps(answer.rule).filter(|n| is_billed(n)).collect();
            if bill.is_empty() || answer.day > last || out.contains(&answer.rule.statement) {
                continue;
            }
            let gone = run.situation();
            let until = last.max(last_day(gone)) + self.reach;
            let leaves =
                |what: &Happening| matches!(what, Happening::Withdrawal { party } if *party == answer.offender);
            let occurrences = gone.occurrences.iter().filter(|o| !leaves(&o.what)).cloned().collect();
            let stays = Situation { occurrences, ..gone.clone() };
            let same = |other: &Run<'_>| {
                let own = run.firings().get(answer.firing)?;
                other
                    .firings()
                    .iter()
                    .position(|f| f.rule == own.rule && f.values == own.values && f.day == own.day && f.truth.is_yes())
            };
            let owed = |run: &Run<'_>, firing: usize, maybe: bool| {
                run.instances().iter().enumerate().any(|(at, i)| {
                    let end = i.deadline.or(i.last).unwrap_or(until).min(until);
                    i.firing == Some(firing)
                        && bill.iter().any(|n| n.id == i.norm)
                        && (i.first.max(last + 1)..=end).any(|day| {
                            let due = run.due(at, day);
                            due.is_yes() || (maybe && !due.is_no())
                        })
                })
            };
            let with = Run::new(self.program, self.charter, &stays, until);
            let without = Run::new(self.program, self.charter, gone, until);
            if let (Some(with_it), Some(without_it)) = (same(&with), same(&without))
                && owed(&with, with_it, false)
                && !owed(&without, without_it, true)
            {
                out.push(answer.rule.statement);
            }
        }
        out
    }
}

/// What a rule asks or forbids.
fn is_billed(norm: &Norm) -> bool {
    matches!(norm.force, Force::Must | Force::MustNot) && !is_left_open(norm)
}
