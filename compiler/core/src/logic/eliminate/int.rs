//! An integer variable, by Cooper's method.
//!
//! In: a conjunction. Out: its projection. All coefficients of x are brought to one number L, so that y = L·x has coefficient
//! 1 and L divides y; D is a common multiple of all divisors. Far down, the comparisons are settled and the divisibilities
//! repeat with period D. Otherwise the least y that satisfies the formula within its class modulo D lies at most D above a
//! lower bound. Trying 1..D above each lower bound, and one period far down, therefore asks for every y (D. C. Cooper, Theorem
//! Proving in Arithmetic without Multiplication, Machine Intelligence 7, 1972). The same from above, where that has fewer bounds.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

use super::{Disjunction, Refusal};
use crate::logic::formula::{Formula, Node};
use crate::logic::linear::Linear;
use crate::logic::term::Var;

pub(super) fn project(members: &[Formula], x: &Var, limit: u64) -> Result<Formula, Refusal> {
    let mixed = || Refusal::Mixed(x.clone());
    let f = Formula::and(members.iter().cloned());
    let mut seen = Seen { x, lcm: BigInt::one(), divisors: BigInt::one() };
    if !seen.coefficients(&f) {
        return Err(mixed());
    }
    for g in members {
        if let Node::Eq(t) = g.node() {
            return solve(&f, x, t).ok_or_else(mixed);
        }
    }
    seen.periods(&f);
    let period = seen.divisors.lcm(&seen.lcm).to_u64().ok_or(Refusal::TooLarge)?;
    let (mut below, mut above) = (BTreeSet::new(), BTreeSet::new());
    seen.bounds(&f, true, &mut below, &mut above);
    let upward = below.len() <= above.len();
    let bounds = if upward { below } else { above };
    if (bounds.len() as u64 + 1).saturating_mul(period) > limit {
        return Err(Refusal::TooLarge);
    }
    let mut cases = Disjunction::new(limit);
    let far = far(&f, x, upward);
    let rounds = seen.lcm.to_u64().map_or(period, |l| period / l);
    for i in 1..=rounds {
        // where the far formula no longer mentions x one round is all
        let case = far.substitute(x, &Linear::int(i)).ok_or_else(mixed)?;
        if !cases.add(case)? {
            return Ok(cases.finish());
        }
        if !far.mentions(x) {
            break;
        }
    }
    let shrink = BigRational::new(BigInt::one(), seen.lcm.clone());
    for b in &bounds {
        for j in 1..=period {
            let step = if upward { BigInt::from(j) } else { -BigInt::from(j) };
            let y = b + &Linear::int(step);
            let whole = Formula::divides(&seen.lcm, &y).ok_or_else(mixed)?;
            if whole.is_false() {
                continue;
            }
            let case = Formula::and([whole, f.substitute(x, &y.scale(&shrink)).ok_or_else(mixed)?]);
            if !cases.add(case)? {
                return Ok(cases.finish());
            }
        }
    }
    Ok(cases.finish())
}

/// With `c·x + s = 0` among the members: c divides s, and x is -s/c.
fn solve(f: &Formula, x: &Var, t: &Linear) -> Option<Formula> {
    let c = t.coefficient(x);
    let s = t.without(x);
    let value = s.scale(&(-BigRational::one() / &c));
    Some(Formula::and([Formula::divides(c.numer(), &s)?, f.substitute(x, &value)?]))
}

/// What occurs of the variable.
struct Seen<'a> {
    x: &'a Var,
    /// L: of the sizes of all coefficients.
    lcm: BigInt,
    /// Of all divisors, as they are for y.
    divisors: BigInt,
}

impl Seen<'_> {
    /// Collects L. False if the variable is in a sum with a rational one.
    fn coefficients(&mut self, f: &Formula) -> bool {
        match f.node() {
            Node::And(fs) | Node::Or(fs) => fs.iter().all(|g| self.coefficients(g)),
            Node::Not(g) => self.coefficients(g),
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) | Node::Divides(_, t) if t.mentions(self.x) => {
                self.lcm = self.lcm.lcm(t.coefficient(self.x).numer());
                t.is_integral()
            }
            _ => true,
        }
    }

    fn periods(&mut self, f: &Formula) {
        match f.node() {
            Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| self.periods(g)),
            Node::Not(g) => self.periods(g),
            Node::Divides(m, t) if t.mentions(self.x) => {
                self.divisors = self.divisors.lcm(&(m * &self.lcm / t.coefficient(self.x).numer().abs()));
            }
            _ => {}
        }
    }

    /// The numbers that y must be above (`y > b`) or below (`y < b`) in some leaf.
    fn bounds(&self, f: &Formula, positive: bool, below: &mut BTreeSet<Linear>, above: &mut BTreeSet<Linear>) {
        let one = Linear::int(1);
        match f.node() {
            Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| self.bounds(g, positive, below, above)),
            Node::Not(g) => self.bounds(g, !positive, below, above),
            Node::Le(t) if t.mentions(self.x) => {
                let end = self.end(t);
                if t.coefficient(self.x).is_positive() {
                    above.insert(&end + &one);
                } else {
                    below.insert(&end - &one);
                }
            }
            Node::Eq(t) if t.mentions(self.x) => {
                let end = self.end(t);
                if positive {
                    below.insert(&end - &one);
                    above.insert(&end + &one);
                } else {
                    below.insert(end.clone());
                    above.insert(end);
                }
            }
            // over integers alone there is no strict comparison
            _ => {}
        }
    }

    /// The y at which the sum is 0.
    fn end(&self, t: &Linear) -> Linear {
        let c = t.coefficient(self.x);
        t.without(self.x).scale(&(-BigRational::from_integer(self.lcm.clone()) / c))
    }
}

/// `f` where x is further out than any bound: comparisons are settled, divisibilities stay.
fn far(f: &Formula, x: &Var, down: bool) -> Formula {
    f.map(&mut |leaf| {
        Some(match leaf.node() {
            Node::Le(t) if t.mentions(x) => Formula::constant(t.coefficient(x).is_positive() == down),
            Node::Eq(t) if t.mentions(x) => Formula::falsity(),
            _ => leaf.clone(),
        })
    })
    .unwrap_or_else(|| f.clone())
}
