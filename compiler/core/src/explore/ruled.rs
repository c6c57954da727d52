//! N02 to N05 say that no situation is so. A walk cannot meet that; it can show the contrary of a norm, by one situation.
//!
//! In: situations that are worked out, one after the other. Out: of each of these checks how many norms it is asked of, and of how
//! many some walk showed that it does not hold: of which norm it was due, met, or broken with nothing else broken by the same
//! party. What the prover then finds all the same would be a mistake.

use super::Denied;
use super::walk::Ground;
use crate::evaluate::situation::{Breach, Run, Status};
use crate::model::StatementId;
use crate::model::conduct::{Deed, Force, Norm};
use crate::report::codes;
use std::collections::{BTreeMap, BTreeSet};

/// The checks that a walk can only deny, and what it then shows of so many norms.
pub(super) const DENIED: [(&str, &str); 4] = [
    ("N02", "duties were met"),
    ("N03", "norms were due"),
    ("N04", "norms were broken by somebody who broke nothing else"),
    ("N05", "norms below another were due all the same"),
];

/// What walks have shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    by_code: BTreeMap<&'static str, BTreeSet<StatementId>>,
}

impl Shown {
    /// Takes note of one more walk.
    pub(super) fn add(&mut self, ground: &Ground<'_>, run: &Run<'_>) {
        for (code, _) in DENIED {
            let known = self.by_code.entry(code).or_default();
            let open: Vec<&Norm> = asked(ground, code).filter(|n| !known.contains(&n.statement)).collect();
            if open.is_empty() {
                continue;
            }
            let shown = open.into_iter().filter(|n| is_shown(run, code, n)).map(|n| n.statement);
            known.extend(shown);
        }
    }

    /// Of each check the norms that it was shown not to hold of, and of how many it is asked.
    pub(super) fn of(&self, ground: &Ground<'_>) -> Vec<Denied> {
        let one = |(code, what): &(&'static str, &'static str)| {
            let all: BTreeSet<StatementId> = asked(ground, code).map(|n| n.statement).collect();
            let shown = self.by_code.get(code).cloned().unwrap_or_default();
            let address = |s: &StatementId| ground.program.statement(*s).map(|s| s.address.clone());
            Denied {
                code: (*code).to_owned(),
                title: codes::title(code).to_owned(),
                what: (*what).to_owned(),
                shown: shown.iter().filter_map(address).collect(),
                open: all.difference(&shown).filter_map(address).collect(),
            }
        };
        DENIED.iter().map(one).filter(|d| !(d.shown.is_empty() && d.open.is_empty())).collect()
    }
}

/// The norms of a charter of which a check is asked, and that a walk can say something of. A statement that makes several norms
/// counts as one: it is shown by any of them.
fn asked<'p>(ground: &Ground<'p>, code: &'static str) -> impl Iterator<Item = &'p Norm> + use<'p> {
    let program: &'p crate::model::Program = ground.program;
    let charter = ground.charter;
    let single: BTreeSet<StatementId> = {
        let mut seen = BTreeMap::new();
        for n in program.conduct.norms.iter().filter(|n| n.charter == Some(charter)) {
            *seen.entry(n.statement).or_insert(0) += 1;
        }
        seen.into_iter().filter(|(_, times)| *times == 1).map(|(s, _)| s).collect()
    };
    program.conduct.norms.iter().filter(move |n| {
        let owed = n.force != Force::Should && !(n.discretion && n.force == Force::Must);
        let duty = n.force == Force::Must && matches!(n.deed, Deed::Act(_) | Deed::Ensure(_));
        let below = program.conduct.above.iter().any(|(_, lower)| *lower == n.id);
        n.charter == Some(charter)
            && owed
            && single.contains(&n.statement)
            && match code {
                "N02" => duty,
                "N04" => duty || n.is_prohibition(),
                "N05" => below && !n.is_prohibition(),
                _ => true,
            }
    })
}

fn is_shown(run: &Run<'_>, code: &str, norm: &Norm) -> bool {
    let mut own = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id && i.truth.is_yes());
    match code {
        "N02" => own.any(|(at, i)| {
            let last = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
            run.ever_due(at).is_yes() && is_met(run, at, i.first, last)
        }),
        "N04" => run.breaches().iter().any(|b| {
            let alone = |other: &Breach| other.norm == b.norm || other.subject != b.subject || other.truth.is_no();
            b.norm == norm.id && b.truth.is_yes() && b.ceiling.is_none() && run.breaches().iter().all(alone)
        }),
        _ => own.any(|(at, i)| {
            let last = i.last.unwrap_or(run.horizon()).min(run.horizon());
            run.ever_due(at).is_yes() || [i.first, last].into_iter().any(|day| run.due(at, day).is_yes())
        }),
    }
}

/// Whether a duty is met on its last day, or is kept on some day on which it is due.
fn is_met(run: &Run<'_>, at: usize, first: i64, last: i64) -> bool {
    [first, last].into_iter().any(|day| matches!(run.status(at, day), Some(Status::Met { .. })))
}
