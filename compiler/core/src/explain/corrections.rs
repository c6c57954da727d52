//! Ways out: the smallest sets of statements without which the rest can hold.
//!
//! In: an oracle, labels, and what it costs to give each up. Out: all minimal correction sets, cheapest first, for each group
//! of connected statements apart (what is given up in one does not help another). A correction meets every conflict, so the
//! search extends cheapest first what meets the conflicts known so far, and learns a new conflict where the rest still cannot
//! hold. The conflict learned is the preferred one, so each step depends on yes and no alone.

use std::collections::{BTreeMap, BTreeSet};

use super::core::{can_hold, preferred_core};
use super::enumerate::Limit;
use super::oracle::{Oracle, Undecided};
use crate::logic::{Label, Unknown};

/// One way out: without these the rest can hold, and each of them is needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    /// The sum of the weights.
    pub weight: u64,
    /// What is given up, in order.
    pub labels: Vec<Label>,
}

/// The ways out of one group of connected statements that cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartCorrections {
    /// The group.
    pub labels: Vec<Label>,
    /// Minimal ways out: cheapest first, then fewest labels, then by order. None, and complete: the background itself
    /// cannot hold.
    pub corrections: Vec<Correction>,
    /// Whether these are all.
    pub complete: bool,
}

/// The ways out of all groups. One of each group together is a way out of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// The groups in which something must be given up, in order.
    pub parts: Vec<PartCorrections>,
    /// The first question that stayed open, if one did.
    pub undecided: Option<Unknown>,
}

impl Corrections {
    /// The cheapest ways out of everything together, at most `count`. None where a group has none that is known.
    pub fn joint(&self, count: usize) -> Vec<Correction> {
        let mut joint = vec![Correction { weight: 0, labels: Vec::new() }];
        for part in &self.parts {
            let mut next = Vec::new();
            for a in &joint {
                for b in part.corrections.iter().take(count) {
                    let mut labels = a.labels.clone();
                    labels.extend(&b.labels);
                    labels.sort();
                    next.push(Correction { weight: a.weight.saturating_add(b.weight), labels });
                }
            }
            next.sort_by(|a, b| (a.weight, a.labels.len(), &a.labels).cmp(&(b.weight, b.labels.len(), &b.labels)));
            next.truncate(count);
            joint = next;
        }
        joint
    }
}

/// All minimal correction sets of `labels`. A label without a weight weighs 1. `limit` is per group.
pub fn corrections(
    oracle: &mut dyn Oracle,
    labels: &[Label],
    weights: &BTreeMap<Label, u64>,
    limit: Limit,
) -> Corrections {
    let mut labels = labels.to_vec();
    labels.sort();
    labels.dedup();
    let in_order = |mut done: Vec<Correction>| {
        done.sort_by(|a, b| (a.weight, a.labels.len(), &a.labels).cmp(&(b.weight, b.labels.len(), &b.labels)));
        done
    };
    let mut out = Corrections::default();
    let structure = oracle.structure(&labels);
    for group in connected(structure.parts, &structure.stated) {
        let stated: Vec<BTreeSet<Label>> = structure
            .stated
            .iter()
            .filter(|set| set.iter().all(|l| group.binary_search(l).is_ok()))
            .map(|set| set.iter().copied().collect())
            .collect();
        let mut search = Search { group: &group, weights, conflicts: stated, done: Vec::new() };
        match search.run(oracle, limit) {
            Ok(complete) => {
                let corrections = in_order(search.done);
                let nothing_wrong = corrections.iter().any(|c| c.labels.is_empty());
                if !nothing_wrong {
                    out.parts.push(PartCorrections { labels: group, corrections, complete });
                }
            }
            Err(Undecided(why)) => {
                out.undecided.get_or_insert(why);
                let corrections = in_order(search.done);
                out.parts.push(PartCorrections { labels: group, corrections, complete: false });
            }
        }
    }
    out
}

/// Groups joined where a stated conflict spans several.
fn connected(parts: Vec<Vec<Label>>, stated: &[Vec<Label>]) -> Vec<Vec<Label>> {
    let mut of: BTreeMap<Label, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<Label>> = parts;
    for (i, group) in groups.iter().enumerate() {
        for l in group {
            of.insert(*l, i);
        }
    }
    for set in stated {
        let mut places: Vec<usize> = set.iter().filter_map(|l| of.get(l)).copied().collect();
        places.sort_unstable();
        places.dedup();
        let Some((&home, rest)) = places.split_first() else { continue };
        for &i in rest {
            let moved = groups.get_mut(i).map(std::mem::take).unwrap_or_default();
            for l in &moved {
                of.insert(*l, home);
            }
            if let Some(group) = groups.get_mut(home) {
                group.extend(moved);
            }
        }
    }
    groups.retain(|g| !g.is_empty());
    groups.iter_mut().for_each(|g| g.sort());
    groups.sort();
    groups
}

struct Search<'a> {
    group: &'a [Label],
    weights: &'a BTreeMap<Label, u64>,
    conflicts: Vec<BTreeSet<Label>>,
    done: Vec<Correction>,
}

/// What is to be looked at next: by a bound on its cost, then its size, then its members.
type Open = (u64, usize, BTreeSet<Label>);

impl Search<'_> {
    fn weight(&self, l: Label) -> u64 {
        self.weights.get(&l).copied().unwrap_or(1)
    }

    fn cost(&self, set: &BTreeSet<Label>) -> u64 {
        set.iter().fold(0, |sum, l| sum.saturating_add(self.weight(*l)))
    }

    /// A conflict that `given` does not meet, and the least that meeting such conflicts must add.
    fn unmet(&self, given: &BTreeSet<Label>) -> (Option<&BTreeSet<Label>>, u64, usize) {
        let mut first: Option<&BTreeSet<Label>> = None;
        let mut apart: BTreeSet<Label> = BTreeSet::new();
        let (mut more, mut count) = (0u64, 0);
        for c in &self.conflicts {
            if !c.is_disjoint(given) {
                continue;
            }
            if first.is_none_or(|f| c.len() < f.len()) {
                first = Some(c);
            }
            if c.is_disjoint(&apart) {
                apart.extend(c);
                more = more.saturating_add(c.iter().map(|l| self.weight(*l)).min().unwrap_or(0));
                count += 1;
            }
        }
        (first, more, count)
    }

    /// Finds corrections until there are no more (true) or the limit is reached (false).
    fn run(&mut self, oracle: &mut dyn Oracle, limit: Limit) -> Result<bool, Undecided> {
        let mut open: BTreeSet<Open> = BTreeSet::from([(0, 0, BTreeSet::new())]);
        let mut steps = 0;
        while let Some((bound, size, given)) = open.pop_first() {
            if self.done.iter().any(|c| c.labels.iter().all(|l| given.contains(l))) {
                continue;
            }
            steps += 1;
            if self.done.len() >= limit.sets || steps > limit.steps {
                return Ok(false);
            }
            let cost = self.cost(&given);
            let (first, more, count) = self.unmet(&given);
            let (better, larger) = (cost.saturating_add(more), given.len() + count);
            if (better, larger) > (bound, size) {
                open.insert((better, larger, given));
                continue;
            }
            let branch = match first {
                Some(conflict) => conflict.clone(),
                None => {
                    let rest: Vec<Label> = self.group.iter().filter(|l| !given.contains(l)).copied().collect();
                    if can_hold(oracle, &rest)? {
                        self.done.push(Correction { weight: cost, labels: given.into_iter().collect() });
                        continue;
                    }
                    let Some(conflict) = preferred_core(oracle, &rest)? else {
                        return Err(Undecided(Unknown::Fault("the solver answered yes and no to one question".into())));
                    };
                    let conflict: BTreeSet<Label> = conflict.into_iter().collect();
                    self.conflicts.push(conflict.clone());
                    conflict
                }
            };
            for l in branch {
                let mut next = given.clone();
                next.insert(l);
                let cost = self.cost(&next);
                open.insert((cost.max(bound), next.len().max(size), next));
            }
        }
        Ok(true)
    }
}
