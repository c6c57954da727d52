//! A situation in which less stands in the way than in one that a solver gave.
//!
//! In: a situation, and what is weighed in it: the breaches that stand in the way. Out: one with fewer of them, without what
//! happens by the way, and with the acts that are owed besides. The evaluator alone says so, each time of the whole situation:
//! where nothing is left in the way, this saves asking for another one.

use super::applies;
use super::ask::{Asking, Witness};
use super::refuted::points;
use crate::encode::conduct::is_point;
use crate::evaluate::situation::{Breach, Run};
use crate::model::conduct::{Deed, Force, Happening, Occurrence, Parameter, Sort, Value};

/// How often the evaluator is asked at most, to leave out and to add.
const TRIES: usize = 64;

/// For how many days at most one act is added for each.
const DAYS: i64 = 32;

/// A situation, and what stands in the way there.
#[derive(Debug)]
pub(in crate::checks) struct Bare {
    /// what is left
    pub(in crate::checks) witness: Witness,
    /// the breaches that are
    pub(in crate::checks) broken: Vec<Breach>,
}

/// Leaves out occurrences, from the last on, while no more stands in the way; nothing where the situation is none. `weigh` says
/// what stands in the way, or nothing where the situation is not one that is looked for.
pub(in crate::checks) fn bare(
    asking: &Asking<'_>,
    witness: &Witness,
    day: i64,
    weigh: &dyn Fn(&Run<'_>) -> Option<Vec<Breach>>,
) -> Option<Bare> {
    let mut left = Bare { witness: witness.clone(), broken: weigh(&applies::run(asking, witness, day))? };
    let (mut tries, mut shorter) = (0, true);
    while shorter {
        shorter = false;
        for at in (0..left.witness.situation.occurrences.len()).rev() {
            tries += 1;
            if left.broken.is_empty() || tries > TRIES {
                return Some(left);
            }
            let mut witness = left.witness.clone();
            witness.situation.occurrences.remove(at);
            let broken = weigh(&applies::run(asking, &witness, day)).filter(|b| b.len() <= left.broken.len());
            if let Some(broken) = broken {
                left = Bare { witness, broken };
                shorter = true;
            }
        }
    }
    Some(left)
}

/// Adds acts that meet what is broken, while less stands in the way each time; nothing where some of it stays.
pub(in crate::checks) fn met(
    asking: &Asking<'_>,
    mut left: Bare,
    day: i64,
    weigh: &dyn Fn(&Run<'_>) -> Option<Vec<Breach>>,
) -> Option<Bare> {
    let with = |left: &Bare, acts: Vec<Occurrence>| {
        let mut witness = left.witness.clone();
        acts.into_iter().for_each(|act| witness.situation.add(act));
        let broken = weigh(&applies::run(asking, &witness, day)).filter(|b| b.len() < left.broken.len())?;
        Some(Bare { witness, broken })
    };
    // where many owe the same, all at once
    while left.broken.len() > 1 {
        let first = left.broken.iter().filter_map(|b| acts(asking, &left.witness, b, day).into_iter().next());
        let Some(better) = with(&left, first.flatten().collect()) else { break };
        left = better;
    }
    let mut tries = 0;
    while let Some(breach) = left.broken.first() {
        let better = acts(asking, &left.witness, breach, day).into_iter().find_map(|acts| {
            tries += 1;
            (tries <= TRIES).then(|| with(&left, acts)).flatten()
        });
        left = better?;
    }
    Some(left)
}

/// Acts that meet the duty that is broken: one on the first day of its window or on the last, or one on each day up to `day` where
/// it is owed on every day; none where it owes no act.
fn acts(asking: &Asking<'_>, witness: &Witness, breach: &Breach, day: i64) -> Vec<Vec<Occurrence>> {
    let Some(norm) = asking.frame.norm(breach.norm) else { return Vec::new() };
    let Deed::Act(pattern) = &norm.deed else { return Vec::new() };
    if norm.force != Force::Must || norm.group.is_some() || breach.ceiling.is_some() {
        return Vec::new();
    }
    let on = |on: i64| {
        let all = points(asking, pattern, &breach.values, on).into_iter();
        all.filter(|act| can_be(asking, witness, act))
    };
    if !is_point(norm) {
        if day - breach.day >= DAYS {
            return Vec::new();
        }
        let days: Vec<Vec<Occurrence>> = (breach.day..=day).map(|d| on(d).collect()).collect();
        let ways = days.iter().map(Vec::len).min().unwrap_or(0);
        return (0..ways).map(|way| days.iter().filter_map(|d| d.get(way).cloned()).collect()).collect();
    }
    let run = applies::run(asking, witness, day);
    let Some(instance) = run.instances().get(breach.instance) else { return Vec::new() };
    let last = instance.deadline.unwrap_or(instance.first);
    let days = [Some(instance.first), Some(last).filter(|d| *d > instance.first)];
    days.into_iter().flatten().flat_map(on).map(|act| vec![act]).collect()
}

/// Whether an act can be in a situation: all of it is said and within what is declared, and it is not there already where it can
/// only be once.
fn can_be(asking: &Asking<'_>, witness: &Witness, act: &Occurrence) -> bool {
    let Happening::Act { action, arguments, .. } = &act.what else { return false };
    let Some(declared) = asking.frame.program.conduct.action(*action) else { return false };
    let same = |o: &Occurrence| matches!(&o.what, Happening::Act { action: other, .. } if other == action);
    let fits = |(value, parameter): (&Value, &Parameter)| match (value, &parameter.sort) {
        (Value::Number(n), Sort::Number { whole, least, .. }) => {
            (!whole || n.is_integer()) && least.as_ref().is_none_or(|l| l <= n)
        }
        (Value::Actor(_), Sort::Party(_)) | (Value::Thing(_), Sort::Thing) => true,
        _ => false,
    };
    !(declared.once && witness.situation.occurrences.iter().any(same))
        && arguments.len() == declared.parameters.len()
        && arguments.iter().zip(&declared.parameters).all(fits)
}
