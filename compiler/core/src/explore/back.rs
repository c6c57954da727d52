//! S07, decided on one situation: what a rule asks of or against whoever is in breach is due on the last day that is looked at, and
//! the text says of nothing that it could end it; or it was due, was not, and was due again while the one in breach did nothing.
//!
//! In: a situation that is worked out. Out: the norms of which it is so. That a lift or an exception can hold in no situation is said of
//! all situations: a walk cannot meet it.

use super::answers::{Answer, aims};
use super::walk::Ground;
use crate::evaluate::situation::Run;
use crate::model::StatementId;
use crate::model::conduct::{Actor, Deed, Force, Happening, Norm, Occurrence, Value, Who};
use crate::model::mentions::Mentions;
use std::collections::BTreeMap;

/// So many days are looked at for what goes on and off.
const DAYS: i64 = 400;

impl Ground<'_> {
    /// S07: what of it a situation holds.
    pub(super) fn no_way_back(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut out = Vec::new();
        for answer in self.answered(run) {
            for norm in self.steps(answer.rule).filter(|n| stands(&answer, n)) {
                if out.contains(&norm.statement) {
                    continue;
                }
                let own = run.instances().iter().enumerate();
                let mut own =
                    own.filter(|(_, i)| i.firing == Some(answer.firing) && i.norm == norm.id && i.truth.is_yes());
                let bare = norm.unless.is_false() && norm.when.is_true();
                let so = if bare {
                    answer.rule.lift.is_none()
                        && own.any(|(at, i)| i.last.is_none() && run.due(at, run.horizon()).is_yes())
                } else {
                    !self.has_acted(run, &answer, norm) && own.any(|(at, _)| turns(run, at))
                };
                if so {
                    out.push(norm.statement);
                }
            }
        }
        out
    }

    /// Whether whoever is in breach has since done anything that the conditions of a norm speak of.
    fn has_acted(&self, run: &Run<'_>, answer: &Answer<'_>, norm: &Norm) -> bool {
        let conduct = &self.program.conduct;
        let mut read = Mentions::new();
        read.condition(conduct, &norm.when);
        read.condition(conduct, &norm.unless);
        let own = |o: &Occurrence| match &o.what {
            Happening::Act { action, arguments, .. } => {
                conduct.action(*action).is_some_and(|a| !a.event)
                    && read.actions.contains(action)
                    && arguments.first() == Some(&Value::Actor(answer.offender))
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        };
        run.situation().occurrences.iter().any(|o| o.from >= answer.day && own(o))
    }
}

/// Whether a norm of a rule is about the one in breach and has no last day of its own.
fn stands(answer: &Answer<'_>, norm: &Norm) -> bool {
    let Deed::Act(p) = &norm.deed else { return false };
    let w = &norm.window;
    let ends = w.within.is_some() || w.until.is_some() || w.until_date.is_some();
    let concerns = norm.subject == Who::Var(answer.by) || aims(p, answer.by).is_some();
    norm.force != Force::Should && !norm.discretion && concerns && !ends
}

/// Whether an instance is due, is not, and is due again, of the same parties.
fn turns(run: &Run<'_>, at: usize) -> bool {
    let Some(i) = run.instances().get(at) else { return false };
    let last = i.last.unwrap_or(run.horizon()).min(run.horizon()).min(i.first.saturating_add(DAYS));
    // how far each has come: 1 due, 2 and then not
    let mut seen: BTreeMap<Vec<Option<Actor>>, u8> = BTreeMap::new();
    for day in i.first..=last {
        let due = run.due_values(at, day);
        for (values, step) in &mut seen {
            if *step == 1 && !due.iter().any(|(v, _)| v == values) {
                *step = 2;
            }
        }
        for (values, _) in due.into_iter().filter(|(_, t)| t.is_yes()) {
            match seen.get(&values) {
                Some(2) => return true,
                Some(_) => {}
                None => {
                    seen.insert(values, 1);
                }
            }
        }
    }
    false
}
