//! Labels: how often each layer winds round a place, kept once each and named by a small number.
//!
//! In: layers (a shape, a ring) with ±1. Out: numbers for whole label sets, their sums and negatives. The empty set is 0.

use rustc_hash::FxHashMap;

/// One layer and its count, never zero.
pub(crate) type Count = (u32, i32);

/// The name of a label set in its [`Labels`].
pub(crate) type LabelId = u32;

/// Nothing covers this place, or this edge changes nothing.
pub(crate) const NONE: LabelId = 0;

/// Every label set seen, each once. The numbers depend on the order of asking; nothing that leaves the crate may.
#[derive(Debug)]
pub(crate) struct Labels {
    sets: Vec<Box<[Count]>>,
    names: FxHashMap<Box<[Count]>, LabelId>,
    sums: FxHashMap<(LabelId, LabelId), LabelId>,
}

impl Default for Labels {
    fn default() -> Self {
        let mut labels = Self { sets: Vec::new(), names: FxHashMap::default(), sums: FxHashMap::default() };
        labels.name(Box::default());
        labels
    }
}

impl Labels {
    /// The label set that a name stands for, sorted by layer.
    pub(crate) fn set(&self, id: LabelId) -> &[Count] {
        self.sets.get(id as usize).map_or(&[], |set| set)
    }

    /// How many names have been given out.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    /// The name of the set that holds one layer once, with the given sign.
    pub(crate) fn single(&mut self, layer: u32, count: i32) -> LabelId {
        if count == 0 { NONE } else { self.name(Box::new([(layer, count)])) }
    }

    fn name(&mut self, set: Box<[Count]>) -> LabelId {
        if let Some(&id) = self.names.get(&set) {
            return id;
        }
        let id = self.sets.len() as LabelId;
        self.sets.push(set.clone());
        self.names.insert(set, id);
        id
    }

    /// The sum of two label sets, layer by layer.
    pub(crate) fn add(&mut self, left: LabelId, right: LabelId) -> LabelId {
        if left == NONE {
            return right;
        }
        if right == NONE {
            return left;
        }
        if let Some(&id) = self.sums.get(&(left, right)) {
            return id;
        }
        let sum = merge(self.set(left), self.set(right));
        let id = self.name(sum.into_boxed_slice());
        self.sums.insert((left, right), id);
        id
    }

    /// The label set with every sign turned.
    pub(crate) fn negative(&mut self, id: LabelId) -> LabelId {
        let set: Vec<Count> = self.set(id).iter().map(|&(layer, count)| (layer, -count)).collect();
        self.name(set.into_boxed_slice())
    }
}

fn merge(left: &[Count], right: &[Count]) -> Vec<Count> {
    let mut sum = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (Some(l), Some(r)) if l.0 == r.0 => {
                left.next();
                right.next();
                if l.1 + r.1 != 0 {
                    sum.push((l.0, l.1 + r.1));
                }
            }
            (Some(l), r) if r.is_none_or(|r| l.0 < r.0) => {
                left.next();
                sum.push(l);
            }
            (_, Some(r)) => {
                right.next();
                sum.push(r);
            }
            (_, None) => return sum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_cancel_and_are_named_once() {
        let mut labels = Labels::default();
        let (a, b) = (labels.single(7, 1), labels.single(3, 1));
        let both = labels.add(a, b);
        assert_eq!(labels.set(both), [(3, 1), (7, 1)]);
        assert_eq!(labels.add(b, a), both);
        let minus_a = labels.negative(a);
        assert_eq!(labels.add(both, minus_a), b);
        assert_eq!(labels.add(a, minus_a), NONE);
        assert_eq!(labels.single(9, 0), NONE);
    }
}
