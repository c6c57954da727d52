//! Sets of regions by number, each distinct set once.
//!
//! In: one region put in or taken out at a time. Out: the number of the set, the same for the same members however they
//! came in. A set is a binary trie over the bits of the region number; equal tries are one node, so that a step costs the
//! logarithm of the number of regions and comparing costs nothing. And the sweep along a line that rests on it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::TooDense;

/// The covering sets of one atlas have at most so many members in sum.
const MOST_MEMBERS: usize = 50_000_000;

/// A set, by number: equal sets have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetId(u32);

impl SetId {
    /// The set without members.
    pub(super) const EMPTY: Self = Self(0);
}

/// The one set that has the last bit's region and nothing else: a full leaf.
const LEAF: u32 = 1;

/// All sets that were made.
pub(super) struct Sets {
    /// the halves of each node; the first two stand for nothing and for a leaf
    nodes: Vec<(u32, u32)>,
    index: FxHashMap<(u32, u32), u32>,
    /// by member, the set of it alone: where nothing overlaps no other is met
    alone: FxHashMap<u32, SetId>,
    bits: u32,
}

impl Sets {
    /// Sets of numbers below `count`.
    pub(super) fn new(count: usize) -> Self {
        let bits = usize::BITS - count.max(1).saturating_sub(1).leading_zeros();
        Self { nodes: vec![(0, 0), (0, 0)], index: FxHashMap::default(), alone: FxHashMap::default(), bits }
    }

    /// The set with one member put in, or taken out if it is there.
    pub(super) fn toggled(&mut self, set: SetId, member: u32) -> SetId {
        match self.alone.get(&member) {
            Some(alone) if set == SetId::EMPTY => return *alone,
            Some(alone) if set == *alone => return SetId::EMPTY,
            _ => {}
        }
        let made = SetId(self.toggle(set.0, member, self.bits));
        if set == SetId::EMPTY {
            self.alone.insert(member, made);
        }
        made
    }

    /// The depth is the number of bits, at most 32.
    fn toggle(&mut self, node: u32, member: u32, level: u32) -> u32 {
        let Some(level) = level.checked_sub(1) else { return if node == 0 { LEAF } else { 0 } };
        let (mut zero, mut one) = if node == 0 { (0, 0) } else { self.halves(node) };
        if member >> level & 1 == 0 {
            zero = self.toggle(zero, member, level);
        } else {
            one = self.toggle(one, member, level);
        }
        if (zero, one) == (0, 0) {
            return 0;
        }
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        *self.index.entry((zero, one)).or_insert_with(|| {
            self.nodes.push((zero, one));
            next
        })
    }

    fn halves(&self, node: u32) -> (u32, u32) {
        self.nodes.get(node as usize).copied().unwrap_or((0, 0))
    }

    /// The members in order.
    pub(super) fn members(&self, set: SetId) -> Vec<u32> {
        let mut members = Vec::new();
        let mut open = vec![(set.0, self.bits, 0_u32)];
        while let Some((node, level, prefix)) = open.pop() {
            if node == 0 {
                continue;
            }
            let Some(level) = level.checked_sub(1) else {
                members.push(prefix);
                continue;
            };
            let (zero, one) = self.halves(node);
            open.push((one, level, prefix | 1 << level));
            open.push((zero, level, prefix));
        }
        members
    }

    /// The members of each set, in order of the members.
    pub(super) fn in_order<T>(
        &self,
        cells: impl IntoIterator<Item = (SetId, T)>,
    ) -> Result<Vec<(Vec<u32>, T)>, TooDense> {
        let mut members = 0;
        let mut ordered = Vec::new();
        for (set, content) in cells {
            let cover = self.members(set);
            members += cover.len();
            if members > MOST_MEMBERS {
                return Err(TooDense { limit: MOST_MEMBERS });
            }
            ordered.push((cover, content));
        }
        ordered.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(ordered)
    }
}

/// One covering set, and the stretches `start..end` that it has to itself.
pub(super) type Stretches<T> = (Vec<u32>, Vec<(T, T)>);

/// Goes along a line: for each distinct covering set that is not empty the stretches where exactly its regions cover, in
/// order, as long as can be. Pieces of one region may overlap; pieces that end where they begin cover nothing.
/// O(n log n) in the number of pieces, plus the size of what comes out.
pub(super) fn sweep<T: Ord + Clone>(regions: &[Vec<(T, T)>]) -> Result<Vec<Stretches<T>>, TooDense> {
    let mut events: Vec<(&T, u32, bool)> = Vec::new();
    for (number, pieces) in (0_u32..).zip(regions) {
        for (start, end) in pieces.iter().filter(|(start, end)| start < end) {
            events.push((start, number, true));
            events.push((end, number, false));
        }
    }
    // at one point what begins comes first, so that touching pieces of one region do not leave it
    events.sort_by(|a, b| a.0.cmp(b.0).then(b.2.cmp(&a.2)).then(a.1.cmp(&b.1)));
    let mut sets = Sets::new(regions.len());
    let mut depth: FxHashMap<u32, u32> = FxHashMap::default();
    let mut cells: BTreeMap<SetId, Vec<(T, T)>> = BTreeMap::new();
    let mut set = SetId::EMPTY;
    let mut begun: Option<&T> = None;
    let mut events = events.into_iter().peekable();
    while let Some((at, number, begins)) = events.next() {
        let mut after = set;
        let mut step = |after: &mut SetId, number: u32, begins: bool| {
            let depth = depth.entry(number).or_default();
            let was = *depth;
            *depth = if begins { was + 1 } else { was.saturating_sub(1) };
            if (was == 0) != (*depth == 0) {
                *after = sets.toggled(*after, number);
            }
        };
        step(&mut after, number, begins);
        while let Some((_, number, begins)) = events.next_if(|(next, ..)| *next == at) {
            step(&mut after, number, begins);
        }
        if after != set {
            if let Some(from) = begun.filter(|_| set != SetId::EMPTY) {
                cells.entry(set).or_default().push((from.clone(), at.clone()));
            }
            begun = Some(at);
            set = after;
        }
    }
    sets.in_order(cells)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equal_sets_have_equal_numbers(count in 1_usize..70, toggles in prop::collection::vec(0_u32..70, 0..60)) {
            let mut sets = Sets::new(count);
            let (mut set, mut plain) = (SetId::EMPTY, BTreeSet::new());
            let mut met = std::collections::BTreeMap::from([(BTreeSet::new(), SetId::EMPTY)]);
            for member in toggles.into_iter().filter(|m| (*m as usize) < count) {
                set = sets.toggled(set, member);
                if !plain.remove(&member) {
                    plain.insert(member);
                }
                prop_assert_eq!(sets.members(set), plain.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!(*met.entry(plain.clone()).or_insert(set), set);
            }
        }

        #[test]
        fn each_point_is_in_the_cell_of_what_covers_it(
            regions in prop::collection::vec(prop::collection::vec((0_u8..20, 0_u8..20), 0..4), 0..6)
        ) {
            let cells = sweep(&regions).unwrap();
            for pair in cells.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0);
            }
            for (_, stretches) in &cells {
                for pair in stretches.windows(2) {
                    prop_assert!(pair[0].1 < pair[1].0, "stretches that touch are one");
                }
            }
            for point in 0_u8..20 {
                let covering: Vec<u32> = (0_u32..)
                    .zip(&regions)
                    .filter(|(_, pieces)| pieces.iter().any(|(a, b)| (*a..*b).contains(&point)))
                    .map(|(i, _)| i)
                    .collect();
                let found: Vec<&Vec<u32>> = cells
                    .iter()
                    .filter(|(_, stretches)| stretches.iter().any(|(a, b)| (*a..*b).contains(&point)))
                    .map(|(cover, _)| cover)
                    .collect();
                if covering.is_empty() {
                    prop_assert!(found.is_empty());
                } else {
                    prop_assert_eq!(found, vec![&covering]);
                }
            }
        }
    }

    #[test]
    fn a_hundred_thousand_regions_under_one() {
        let mut regions: Vec<Vec<(u64, u64)>> = (0..100_000).map(|i| vec![(2 * i, 2 * i + 1)]).collect();
        regions.push(vec![(0, 200_000)]);
        let cells = sweep(&regions).unwrap();
        assert_eq!(cells.len(), 100_001);
        assert_eq!(cells.last().map(|(cover, s)| (cover.clone(), s.len())), Some((vec![100_000], 100_000)));
    }

    #[test]
    fn what_cannot_be_listed_is_refused() {
        let stairs: Vec<Vec<(u64, u64)>> = (0..20_000).map(|i| vec![(i, i + 20_000)]).collect();
        assert_eq!(sweep(&stairs).err(), Some(TooDense { limit: MOST_MEMBERS }));
    }
}
