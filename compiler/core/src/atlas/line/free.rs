//! What nobody has taken.
//!
//! In: what may be taken, what is taken, and how much is wanted. Out: the free room that is large enough, in order.

use num_rational::BigRational;

use super::interval::Interval;
use super::prefix::{Mark, Prefix, aggregate, cover_stretch, stretch};

/// The parts of `allowed` that lie outside all of `taken`; both sorted, each apart from one another.
fn outside<T: Ord + Copy>(allowed: &[(T, T)], taken: &[(T, T)]) -> Vec<(T, T)> {
    let mut free = Vec::new();
    let mut taken = taken.iter().copied().peekable();
    for (from, to) in allowed.iter().copied() {
        let mut at = from;
        while taken.next_if(|(_, end)| *end <= at).is_some() {}
        while let Some((begin, end)) = taken.peek().copied().filter(|(begin, _)| *begin < to) {
            if at < begin {
                free.push((at, begin));
            }
            at = at.max(end);
            if end > to {
                // it may reach into the next allowed part as well
                break;
            }
            taken.next();
        }
        if at < to {
            free.push((at, to));
        }
    }
    free
}

/// The widest free prefixes inside `allowed` that have room for a prefix of `length`, in order: none touches what is taken,
/// and none can be doubled. [`Prefix::parts`] cuts them into prefixes of that length.
#[must_use]
pub fn free_prefixes(allowed: &[Prefix], taken: &[Prefix], length: u8) -> Vec<Prefix> {
    let stretches = |prefixes: &[Prefix]| -> Vec<(Mark, Mark)> {
        let mut joined: Vec<(Mark, Mark)> = Vec::new();
        for (from, to) in aggregate(prefixes).into_iter().map(stretch) {
            match joined.last_mut() {
                Some((_, end)) if *end == from => *end = to,
                _ => joined.push((from, to)),
            }
        }
        joined
    };
    let mut free = Vec::new();
    for (from, to) in outside(&stretches(allowed), &stretches(taken)) {
        cover_stretch(from, to, &mut free);
    }
    free.retain(|prefix| prefix.length() <= length);
    free
}

/// The free intervals inside `allowed` that are at least `size` long, in order, each as long as can be.
#[must_use]
pub fn free_intervals(allowed: &[Interval], taken: &[Interval], size: &BigRational) -> Vec<Interval> {
    fn joined(intervals: &[Interval]) -> Vec<(&BigRational, &BigRational)> {
        let mut sorted: Vec<_> = intervals.iter().filter(|i| !i.is_empty()).map(|i| (&i.lo, &i.hi)).collect();
        sorted.sort_unstable();
        let mut joined: Vec<(&BigRational, &BigRational)> = Vec::new();
        for (lo, hi) in sorted {
            match joined.last_mut() {
                Some((_, end)) if lo <= *end => *end = (*end).max(hi),
                _ => joined.push((lo, hi)),
            }
        }
        joined
    }
    let free = outside(&joined(allowed), &joined(taken));
    free.into_iter().map(|(lo, hi)| Interval::new(lo.clone(), hi.clone())).filter(|i| i.length() >= *size).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::atlas::line::{Family, parse_prefix};

    fn p(text: &str) -> Prefix {
        parse_prefix(text).unwrap()
    }

    #[test]
    fn what_is_left_of_a_range() {
        let free = free_prefixes(&[p("10.0.0.0/20")], &[p("10.0.4.0/22"), p("10.0.8.0/24"), p("10.9.0.0/16")], 22);
        let shown: Vec<String> = free.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["10.0.0.0/22", "10.0.12.0/22"]);
        assert_eq!(free_prefixes(&[p("::/0")], &[], 48), [p("::/0")]);
        assert_eq!(free_prefixes(&[p("10.0.0.0/8")], &[p("0.0.0.0/0")], 32), []);
    }

    fn small() -> impl Strategy<Value = Prefix> {
        (0_u128..64, 0_u8..=6).prop_map(|(host, short)| Prefix::holding(Family::V4, host, 32 - short).unwrap())
    }

    proptest! {
        #[test]
        fn free_is_allowed_and_not_taken(
            allowed in prop::collection::vec(small(), 0..4),
            taken in prop::collection::vec(small(), 0..6),
            length in 26_u8..=32,
        ) {
            let free = free_prefixes(&allowed, &taken, length);
            prop_assert_eq!(aggregate(&free), free.clone());
            // every aligned block of that length is free exactly if it lies in what came out
            for host in 0_u128..64 {
                let block = Prefix::holding(Family::V4, host, length).unwrap();
                let each = |of: &[Prefix], a: Prefix| of.iter().any(|p| p.contains(a));
                let really = block.parts(32).all(|a| each(&allowed, a) && !each(&taken, a));
                prop_assert_eq!(each(&free, block), really, "{}", block);
            }
        }

        #[test]
        fn free_intervals_are_allowed_and_not_taken(
            allowed in prop::collection::vec((0_i64..20, 0_i64..20), 0..4),
            taken in prop::collection::vec((0_i64..20, 0_i64..20), 0..6),
            size in 1_i64..6,
        ) {
            let whole = |n: i64| BigRational::from_integer(n.into());
            let intervals = |of: &[(i64, i64)]| -> Vec<Interval> { of.iter().map(|(a, b)| Interval::new(whole(*a), whole(*b))).collect() };
            let free = free_intervals(&intervals(&allowed), &intervals(&taken), &whole(size));
            for start in 0_i64..20 {
                let each = |of: &[(i64, i64)], x: i64| of.iter().any(|(a, b)| (*a..*b).contains(&x));
                let really = (start..start + size).all(|x| each(&allowed, x) && !each(&taken, x));
                let found = free.iter().any(|i| i.lo <= whole(start) && whole(start + size) <= i.hi);
                prop_assert_eq!(found, really, "{}", start);
            }
        }
    }
}
