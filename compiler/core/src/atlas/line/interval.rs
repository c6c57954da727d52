//! Intervals of a declared unit, and integers.
//!
//! In: regions as lists of half-open intervals. Out: their cells. The integers n to m are the interval from n to m + 1.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::super::number::exact;
use super::covers::sweep;
use super::{LineCell, Piece, TooDense};

/// All numbers from `lo` up to but without `hi`. It covers nothing unless `lo < hi`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// the least number in it
    pub lo: BigRational,
    /// the least number above it
    pub hi: BigRational,
}

impl Interval {
    /// From `lo` up to but without `hi`.
    #[must_use]
    pub const fn new(lo: BigRational, hi: BigRational) -> Self {
        Self { lo, hi }
    }

    /// The integers from `first` to `last`, both included.
    #[must_use]
    pub fn integers(first: BigInt, last: BigInt) -> Self {
        Self { lo: BigRational::from_integer(first), hi: BigRational::from_integer(last + BigInt::one()) }
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lo >= self.hi
    }

    /// How long it is; zero if it is empty.
    #[must_use]
    pub fn length(&self) -> BigRational {
        if self.is_empty() { BigRational::zero() } else { &self.hi - &self.lo }
    }

    /// Whether the number lies in it.
    #[must_use]
    pub fn contains(&self, number: &BigRational) -> bool {
        self.lo <= *number && *number < self.hi
    }
}

impl Piece for Interval {
    fn measure(&self) -> Option<BigRational> {
        Some(self.length())
    }

    /// `4 MHz to 8 MHz`. Without a unit they are integers, as they are counted: `4 to 7`, or `4` alone.
    fn describe(&self, unit: Option<&str>) -> String {
        match unit {
            Some(unit) => format!("{} {unit} to {} {unit}", exact(&self.lo), exact(&self.hi)),
            None => {
                let last = &self.hi - BigRational::one();
                if last == self.lo { exact(&self.lo) } else { format!("{} to {}", exact(&self.lo), exact(&last)) }
            }
        }
    }
}

/// One cell for each distinct set of covering regions, in order of the sets. O(n log n) in the number of intervals.
///
/// # Errors
/// If the sets have too many members to list.
pub fn interval_cells(regions: &[Vec<Interval>]) -> Result<Vec<LineCell<Interval>>, TooDense> {
    let numbered = (0_u32..).zip(regions);
    let ends = numbered.flat_map(|(number, pieces)| pieces.iter().map(move |p| (number, (&p.lo, &p.hi))));
    let cells = sweep(regions.len(), ends)?.into_iter().map(|(cover, stretches)| {
        let pieces = stretches.into_iter().map(|(lo, hi)| Interval::new(lo.clone(), hi.clone())).collect();
        LineCell { cover, pieces }
    });
    Ok(cells.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::line::describe_pieces;

    fn ratio(n: i64, d: i64) -> BigRational {
        BigRational::new(n.into(), d.into())
    }

    #[test]
    fn two_bands_that_overlap_make_three_cells() {
        let cells = interval_cells(&[
            vec![Interval::new(ratio(4, 1), ratio(8, 1))],
            vec![Interval::new(ratio(15, 2), ratio(9, 1)), Interval::new(ratio(9, 1), ratio(10, 1))],
        ])
        .unwrap();
        let shown: Vec<String> =
            cells.iter().map(|c| format!("{:?}: {}", c.cover, describe_pieces(&c.pieces, Some("MHz"), 3))).collect();
        assert_eq!(shown, ["[0]: 4 MHz to 7.5 MHz", "[0, 1]: 7.5 MHz to 8 MHz", "[1]: 8 MHz to 10 MHz"]);
        let measures: Vec<_> = cells.into_iter().filter_map(|c| c.measure()).collect();
        assert_eq!(measures, [ratio(7, 2), ratio(1, 2), ratio(2, 1)]);
    }

    #[test]
    fn integers_are_counted_with_both_ends() {
        let cells = interval_cells(&[
            vec![Interval::integers(1.into(), 5.into())],
            vec![Interval::integers(5.into(), 5.into())],
        ])
        .unwrap();
        let shown: Vec<String> = cells.iter().map(|c| describe_pieces(&c.pieces, None, 3)).collect();
        assert_eq!(shown, ["1 to 4", "5"]);
        assert_eq!(cells.last().and_then(|c| c.measure()), Some(ratio(1, 1)));
    }

    #[test]
    fn an_interval_that_ends_where_it_begins_covers_nothing() {
        assert_eq!(
            interval_cells(&[vec![Interval::new(ratio(3, 1), ratio(3, 1)), Interval::new(ratio(5, 1), ratio(4, 1))]]),
            Ok(vec![])
        );
    }
}
