//! Explanations against their definitions, on random systems of conflicts that an oracle reads from a table.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::logic::{Label, Unknown};

/// Cannot hold: whatever contains one of these. Answers with cores and models that say as little as is allowed.
struct Table {
    conflicts: Vec<BTreeSet<Label>>,
    asked: usize,
    fails_after: usize,
}

impl Table {
    fn new(conflicts: &[&[u32]]) -> Table {
        let conflicts = conflicts.iter().map(|c| c.iter().map(|l| Label(*l)).collect()).collect();
        Table { conflicts, asked: 0, fails_after: usize::MAX }
    }
}

impl Oracle for Table {
    fn consistent(&mut self, labels: &[Label]) -> Tri {
        self.asked += 1;
        if self.asked > self.fails_after {
            return Tri::Unknown(Unknown::Budget);
        }
        let set: BTreeSet<Label> = labels.iter().copied().collect();
        if self.conflicts.iter().any(|c| c.is_subset(&set)) { Tri::No } else { Tri::Yes }
    }
}

fn labels(n: u32) -> Vec<Label> {
    (0..n).map(Label).collect()
}

/// All subsets of `0..n`, smallest first and then by order.
fn subsets(n: u32) -> Vec<Vec<Label>> {
    let mut all: Vec<Vec<Label>> =
        (0u32..1 << n).map(|mask| (0..n).filter(|i| mask >> i & 1 == 1).map(Label).collect()).collect();
    all.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    all
}

fn minimal(sets: impl IntoIterator<Item = Vec<Label>>) -> Vec<Vec<Label>> {
    let mut out: Vec<Vec<Label>> = Vec::new();
    for s in sets {
        if !out.iter().any(|known| known.iter().all(|l| s.contains(l))) {
            out.push(s);
        }
    }
    out
}

/// The definition: strike from the last label on what is not needed.
fn strike(table: &mut Table, n: u32) -> Option<Vec<Label>> {
    let mut kept = labels(n);
    if matches!(table.consistent(&kept), Tri::Yes) {
        return None;
    }
    for l in labels(n).into_iter().rev() {
        let rest: Vec<Label> = kept.iter().filter(|k| **k != l).copied().collect();
        if matches!(table.consistent(&rest), Tri::No) {
            kept = rest;
        }
    }
    Some(kept)
}

fn systems() -> impl Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec(prop::collection::vec(0u32..8, 1..5), 0..8)
}

fn table(system: &[Vec<u32>]) -> Table {
    let slices: Vec<&[u32]> = system.iter().map(Vec::as_slice).collect();
    Table::new(&slices)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn all_minimal_conflicts_by_definition(system in systems()) {
        let mut t = table(&system);
        let expected = minimal(subsets(8).into_iter().filter(|s| matches!(t.consistent(s), Tri::No)));
        let found = minimal_conflicts(&mut t, &labels(8), Limit::default());
        prop_assert_eq!(&found.sets, &expected);
        prop_assert!(!found.lower_bound && found.complete_to_size == 8 && found.undecided.is_none());
    }

    #[test]
    fn the_preferred_core_by_definition(system in systems()) {
        let mut t = table(&system);
        let expected = strike(&mut t, 8);
        prop_assert_eq!(preferred_core(&mut t, &labels(8)).unwrap(), expected);
    }

    #[test]
    fn all_corrections_by_definition(system in systems(), weights in prop::collection::vec(0u64..4, 8)) {
        let weights: BTreeMap<Label, u64> = labels(8).into_iter().zip(weights).collect();
        let mut t = table(&system);
        let rest = |s: &[Label]| labels(8).into_iter().filter(|l| !s.contains(l)).collect::<Vec<_>>();
        let sets = minimal(subsets(8).into_iter().filter(|s| matches!(t.consistent(&rest(s)), Tri::Yes)));
        let mut expected: Vec<(u64, usize, Vec<Label>)> =
            sets.into_iter().map(|s| (s.iter().map(|l| weights[l]).sum(), s.len(), s)).collect();
        expected.sort();
        let found = corrections(&mut t, &labels(8), &weights, Limit::default());
        prop_assert!(found.undecided.is_none());
        let got: Vec<(u64, usize, Vec<Label>)> = match found.parts.as_slice() {
            [] => vec![(0, 0, vec![])],
            [part] => {
                prop_assert!(part.complete);
                part.corrections.iter().map(|c| (c.weight, c.labels.len(), c.labels.clone())).collect()
            }
            _ => panic!("one group"),
        };
        prop_assert_eq!(got, expected);
    }

    /// Whatever question stays open: what is listed is right, and the claim of completeness holds.
    #[test]
    fn an_open_question_never_adds_or_hides(system in systems(), after in 0usize..200) {
        let mut t = table(&system);
        let expected = minimal(subsets(8).into_iter().filter(|s| matches!(t.consistent(s), Tri::No)));
        t.asked = 0;
        t.fails_after = after;
        let found = minimal_conflicts(&mut t, &labels(8), Limit::default());
        prop_assert!(found.sets.iter().all(|s| expected.contains(s)));
        prop_assert!(found.lower_bound == found.undecided.is_some());
        for s in expected.iter().filter(|s| s.len() <= found.complete_to_size) {
            prop_assert!(found.sets.contains(s), "{s:?} of {found:?}");
        }
    }

    /// The same for the limits, which also cut at the same place whatever the order of labels.
    #[test]
    fn a_limit_makes_a_lower_bound(system in systems(), sets in 1usize..5, steps in 1u64..300) {
        let mut t = table(&system);
        let expected = minimal(subsets(8).into_iter().filter(|s| matches!(t.consistent(s), Tri::No)));
        let found = minimal_conflicts(&mut t, &labels(8), Limit { sets, steps });
        prop_assert!(found.sets.len() <= sets && found.sets.iter().all(|s| expected.contains(s)));
        prop_assert!(found.lower_bound || found.sets == expected);
        for s in expected.iter().filter(|s| s.len() <= found.complete_to_size) {
            prop_assert!(found.sets.contains(s), "{s:?} of {found:?}");
        }
        let mut turned = labels(8);
        turned.reverse();
        prop_assert_eq!(found, minimal_conflicts(&mut t, &turned, Limit { sets, steps }));
    }
}

#[test]
fn a_background_that_cannot_hold_is_the_empty_conflict() {
    let mut t = Table::new(&[&[]]);
    assert_eq!(preferred_core(&mut t, &labels(3)).unwrap(), Some(vec![]));
    assert_eq!(minimal_conflicts(&mut t, &labels(3), Limit::default()).sets, vec![Vec::<Label>::new()]);
    let found = corrections(&mut t, &labels(3), &BTreeMap::new(), Limit::default());
    assert!(matches!(found.parts.as_slice(), [part] if part.corrections.is_empty() && part.complete));
}

#[test]
fn one_large_conflict_takes_few_questions() {
    let all: Vec<u32> = (0..400).filter(|i| i % 57 == 3).collect();
    let mut t = Table::new(&[&all]);
    let expected: Vec<Label> = all.iter().map(|l| Label(*l)).collect();
    assert_eq!(preferred_core(&mut t, &labels(400)).unwrap(), Some(expected));
    assert!(t.asked < 200, "{} questions", t.asked);
}

/// A table that can tell its groups.
struct Pairs(Table, Vec<Vec<Label>>);

impl Oracle for Pairs {
    fn consistent(&mut self, labels: &[Label]) -> Tri {
        self.0.consistent(labels)
    }

    fn structure(&mut self, _labels: &[Label]) -> Structure {
        Structure { stated: Vec::new(), parts: self.1.clone() }
    }
}

#[test]
fn five_hundred_pairs_are_five_hundred_small_searches() {
    let pairs: Vec<Vec<Label>> = (0..500).map(|i| vec![Label(i), Label(i + 500)]).collect();
    let conflicts = pairs.iter().map(|p| p.iter().copied().collect()).collect();
    let mut oracle = Pairs(Table { conflicts, asked: 0, fails_after: usize::MAX }, pairs.clone());
    let found = minimal_conflicts(&mut oracle, &labels(1000), Limit::default());
    assert_eq!(found.sets, pairs);
    assert!(!found.lower_bound && oracle.0.asked < 8_000, "{} questions", oracle.0.asked);
    let out = corrections(&mut oracle, &labels(1000), &BTreeMap::new(), Limit::default());
    assert!(out.parts.len() == 500 && out.parts.iter().all(|p| p.complete && p.corrections.len() == 2));
    let joint = out.joint(3);
    assert!(joint.len() == 3 && joint.iter().all(|c| c.weight == 500));
    assert_eq!(joint.first().map(|c| c.labels.clone()), Some(labels(500)));
}
