//! Random formulas from a seed, for tests that compare provers with each other and with the definition, and for benches.
//!
//! In: a seed and a few bounds. Out: the same formulas each time, on every machine. Nothing that is printed to a user depends
//! on it.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::formula::Formula;
use super::linear::Linear;
use super::term::{Sort, Var};

/// A stream of pseudo-random choices (Sebastiano Vigna's splitmix64).
#[derive(Clone, Debug)]
pub struct Sample {
    state: u64,
}

/// What random formulas are made of.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The variables.
    pub vars: Vec<Var>,
    /// How deep "and", "or" and "not" nest.
    pub depth: u32,
    /// The largest coefficient and constant, in size.
    pub largest: i64,
    /// Whether sums may mix integers and rationals.
    pub mixed: bool,
}

impl Sample {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Sample {
        Sample { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 of nothing.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A number in `-size..=size`.
    pub fn around(&mut self, size: i64) -> i64 {
        let span = size.unsigned_abs().saturating_mul(2).saturating_add(1);
        i64::try_from(self.below(span)).unwrap_or(0) - size
    }

    /// The items in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64 + 1);
            items.swap(i, usize::try_from(j).unwrap_or(0));
        }
    }

    /// A formula.
    pub fn formula(&mut self, shape: &Shape) -> Formula {
        self.nested(shape, shape.depth)
    }

    fn nested(&mut self, shape: &Shape, depth: u32) -> Formula {
        if depth == 0 {
            return self.leaf(shape);
        }
        match self.below(7) {
            0 => Formula::not(&self.nested(shape, depth - 1)),
            1 => self.leaf(shape),
            2 => Formula::iff(&self.nested(shape, depth - 1), &self.leaf(shape)),
            3 | 4 => {
                let n = 2 + self.below(2);
                Formula::and((0..n).map(|_| self.nested(shape, depth - 1)).collect::<Vec<_>>())
            }
            _ => {
                let n = 2 + self.below(2);
                Formula::or((0..n).map(|_| self.nested(shape, depth - 1)).collect::<Vec<_>>())
            }
        }
    }

    fn leaf(&mut self, shape: &Shape) -> Formula {
        let pick = usize::try_from(self.below(shape.vars.len() as u64)).unwrap_or(0);
        let Some(x) = shape.vars.get(pick) else { return Formula::truth() };
        if x.sort() == Sort::Bool {
            return Formula::atom(x);
        }
        let mut sum = Linear::constant(self.constant(shape.largest));
        for y in &shape.vars {
            let fits = y.sort() == x.sort() || shape.mixed && y.sort() != Sort::Bool;
            if y == x || fits && self.below(2) == 0 {
                let c = BigRational::from_integer(self.around(shape.largest).into());
                sum = &sum + &Linear::scaled(y, c);
            }
        }
        match self.below(if x.sort() == Sort::Int { 6 } else { 5 }) {
            0 | 1 => Formula::non_positive(sum),
            2 | 3 => Formula::negative(sum),
            4 => Formula::zero(sum),
            _ => {
                let m = BigInt::from(2 + self.below(3));
                Formula::divides(&m, &sum).unwrap_or_else(Formula::truth)
            }
        }
    }

    fn constant(&mut self, largest: i64) -> BigRational {
        let q = 1 + i64::try_from(self.below(3)).unwrap_or(0);
        BigRational::new(self.around(largest * 2).into(), q.into())
    }
}
