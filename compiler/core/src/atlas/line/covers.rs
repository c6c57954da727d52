//! Sets of regions by number, each distinct set once.
//!
//! In: one region put in or taken out at a time. Out: the number of the set, the same for the same members however they
//! came in. A set is a binary trie over the bits of the region number in which every branch parts two members (Morrison
//! 1968); equal tries are one node, so that a step costs the logarithm of the number of members and comparing costs nothing.
//! And the sweep along a line that rests on it.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::TooDense;

/// The covering sets of one atlas have at most so many members in sum.
const MOST_MEMBERS: usize = 50_000_000;

/// A set, by number: equal sets have equal numbers. 0 has no members, the next ones have one, the rest are branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SetId(u32);

impl SetId {
    /// The set without members.
    pub(super) const EMPTY: Self = Self(0);
}

/// Sets as cells have them, each with what belongs to it, in the order in which they were met.
pub(super) type BySet<T> = IndexMap<SetId, T, FxBuildHasher>;

/// Members that agree in the bits above one, and differ in it.
#[derive(Debug, Clone, Copy)]
struct Branch {
    /// one of them, for the bits that they share
    member: u32,
    /// the bit, by its place
    bit: u32,
    /// those without it and those with it
    halves: [SetId; 2],
}

impl Branch {
    /// Whether a member agrees with these in all higher bits.
    const fn holds(&self, member: u32) -> bool {
        (self.member ^ member) >> self.bit <= 1
    }
}

/// All sets that were made.
pub(super) struct Sets {
    /// every member is below it
    count: u32,
    branches: Vec<Branch>,
    index: FxHashMap<[SetId; 2], SetId>,
}

/// What a set is.
enum Shape {
    Empty,
    One(u32),
    Several(Branch),
}

impl Sets {
    /// Sets of numbers below `count`.
    pub(super) fn new(count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self { count, branches: Vec::new(), index: FxHashMap::default() }
    }

    fn shape(&self, set: SetId) -> Shape {
        match set.0.checked_sub(1) {
            None => Shape::Empty,
            Some(member) if member < self.count => Shape::One(member),
            Some(at) => self.branches.get((at - self.count) as usize).map_or(Shape::Empty, |b| Shape::Several(*b)),
        }
    }

    /// The set with one member put in, or taken out if it is there. The depth is the number of bits, at most 32.
    pub(super) fn toggled(&mut self, set: SetId, member: u32) -> SetId {
        let alone = SetId(member + 1);
        match self.shape(set) {
            Shape::Empty => alone,
            Shape::One(other) if other == member => SetId::EMPTY,
            Shape::One(other) => self.joined(set, other, alone, member),
            Shape::Several(branch) if !branch.holds(member) => self.joined(set, branch.member, alone, member),
            Shape::Several(Branch { bit, halves: [zero, one], .. }) => {
                let halves = if member >> bit & 1 == 0 {
                    [self.toggled(zero, member), one]
                } else {
                    [zero, self.toggled(one, member)]
                };
                match halves {
                    [SetId::EMPTY, rest] | [rest, SetId::EMPTY] => rest,
                    // the bits that they share are those of whoever is left
                    halves => self.branch(bit, halves, member),
                }
            }
        }
    }

    /// Two sets that part above the bits in which the members of either differ; with a member of each.
    fn joined(&mut self, a: SetId, in_a: u32, b: SetId, in_b: u32) -> SetId {
        let bit = (in_a ^ in_b).checked_ilog2().unwrap_or(0);
        self.branch(bit, if in_a >> bit & 1 == 0 { [a, b] } else { [b, a] }, in_a)
    }

    /// The one branch of these halves; the bit follows from them, and `member` shares the bits above it.
    fn branch(&mut self, bit: u32, halves: [SetId; 2], member: u32) -> SetId {
        let next = u32::try_from(self.branches.len()).unwrap_or(u32::MAX).saturating_add(self.count).saturating_add(1);
        *self.index.entry(halves).or_insert_with(|| {
            self.branches.push(Branch { member, bit, halves });
            SetId(next)
        })
    }

    /// The members in order.
    pub(super) fn members(&self, set: SetId) -> Vec<u32> {
        if let Shape::One(member) = self.shape(set) {
            return vec![member];
        }
        let mut members = Vec::new();
        let mut open = vec![set];
        while let Some(set) = open.pop() {
            match self.shape(set) {
                Shape::Empty => {}
                Shape::One(member) => members.push(member),
                Shape::Several(Branch { halves: [zero, one], .. }) => open.extend([one, zero]),
            }
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
pub(super) type Stretches<T> = (Vec<u32>, SmallVec<[(T, T); 1]>);

/// Goes along a line: for each distinct covering set that is not empty the stretches where exactly its regions cover, in
/// order, as long as can be. In: the pieces, each with the number of its region, which is below `count`. Pieces of one region may overlap; pieces that end where they begin cover nothing.
/// O(n log n) in the number of pieces, plus the size of what comes out.
pub(super) fn sweep<T: Ord + Copy>(
    count: usize,
    pieces: impl Iterator<Item = (u32, (T, T))>,
) -> Result<Vec<Stretches<T>>, TooDense> {
    let mut events: Vec<(T, u32, bool)> = Vec::with_capacity(2 * count);
    for (number, (start, end)) in pieces.filter(|(_, (start, end))| start < end) {
        events.push((start, number, true));
        events.push((end, number, false));
    }
    // at one point what begins comes first, so that touching pieces of one region do not leave it
    events.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.2.cmp(&a.2)).then(a.1.cmp(&b.1)));
    let mut sets = Sets::new(count);
    let mut depth: Vec<u32> = vec![0; count];
    let mut cells: BySet<SmallVec<[(T, T); 1]>> = BySet::default();
    let mut set = SetId::EMPTY;
    let mut begun: Option<T> = None;
    let mut events = events.into_iter().peekable();
    while let Some((at, number, begins)) = events.next() {
        let mut after = set;
        let mut step = |after: &mut SetId, number: u32, begins: bool| {
            let Some(depth) = depth.get_mut(number as usize) else { return };
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
                cells.entry(set).or_default().push((from, at));
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

    fn swept<T: Ord + Copy>(regions: &[Vec<(T, T)>]) -> Result<Vec<Stretches<T>>, TooDense> {
        let pieces = (0_u32..).zip(regions).flat_map(|(number, pieces)| pieces.iter().map(move |p| (number, *p)));
        sweep(regions.len(), pieces)
    }

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
            let cells = swept(&regions).unwrap();
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
        let cells = swept(&regions).unwrap();
        assert_eq!(cells.len(), 100_001);
        assert_eq!(cells.last().map(|(cover, s)| (cover.clone(), s.len())), Some((vec![100_000], 100_000)));
    }

    #[test]
    fn what_cannot_be_listed_is_refused() {
        let stairs: Vec<Vec<(u64, u64)>> = (0..20_000).map(|i| vec![(i, i + 20_000)]).collect();
        assert_eq!(swept(&stairs).err(), Some(TooDense { limit: MOST_MEMBERS }));
    }
}
