//! The set that a formula in one variable describes.
//!
//! In: a formula that mentions one number and nothing else. Out: the exact set of its values as intervals, ascending and
//! apart: between the points where a comparison turns, the formula has one value, which the evaluator gives. For integers the
//! ends belong to the intervals. Also: the simplest number of such a set.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::formula::{Formula, Node};
use super::model::Model;
use super::term::{Sort, Value, Var};

/// How many single integers are looked at where divisibility makes a set irregular.
const MOST_POINTS: u64 = 10_000;

/// An end of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Where it is.
    pub value: BigRational,
    /// Whether it belongs to the interval.
    pub closed: bool,
}

/// An interval that is not empty. A side without an end goes on for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
}

/// Why a set cannot be given as intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The formula mentions this other variable, or the variable asked for is a truth value.
    NotOneNumber(Var),
    /// Divisibility makes it infinitely many, or more than can be listed.
    Irregular,
}

/// The set of values of `x` that satisfy `f`.
pub fn of(f: &Formula, x: &Var) -> Result<Vec<Interval>, Refusal> {
    let other = f.vars().into_iter().find(|y| y != x);
    if let Some(y) = other.or_else(|| (x.sort() == Sort::Bool).then(|| x.clone())) {
        return Err(Refusal::NotOneNumber(y));
    }
    let mut turns = Turns { points: BTreeSet::new(), period: BigInt::one() };
    turns.collect(f, x);
    match x.sort() {
        Sort::Int => whole(f, x, &turns),
        Sort::Real | Sort::Bool => Ok(rational(f, x, &turns.points)),
    }
}

impl Interval {
    /// Whether `v` lies in it.
    pub fn contains(&self, v: &BigRational) -> bool {
        let over = self.low.as_ref().is_none_or(|e| *v > e.value || e.closed && *v == e.value);
        let under = self.high.as_ref().is_none_or(|e| *v < e.value || e.closed && *v == e.value);
        over && under
    }
}

/// The simplest number in the set: least denominator, then least size, then positive (semantics §26).
pub fn simplest(set: &[Interval]) -> Option<BigRational> {
    set.iter().map(simplest_in).min_by(simpler)
}

/// The order of simplicity.
pub fn simpler(a: &BigRational, b: &BigRational) -> Ordering {
    let key = |v: &BigRational| (v.denom().clone(), v.abs(), v.is_negative());
    key(a).cmp(&key(b))
}

struct Turns {
    points: BTreeSet<BigRational>,
    period: BigInt,
}

impl Turns {
    fn collect(&mut self, f: &Formula, x: &Var) {
        match f.node() {
            Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| self.collect(g, x)),
            Node::Not(g) => self.collect(g, x),
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) => {
                let c = t.coefficient(x);
                if !c.is_zero() {
                    self.points.insert(-t.offset() / c);
                }
            }
            Node::Divides(m, _) => self.period = self.period.lcm(m),
            Node::True | Node::False | Node::Atom(_) => {}
        }
    }
}

fn holds(f: &Formula, x: &Var, v: &BigRational) -> bool {
    let mut model = Model::new();
    model.set(x.clone(), Value::Number(v.clone()));
    f.eval(&model) == Some(true)
}

fn open(v: &BigRational) -> Option<End> {
    Some(End { value: v.clone(), closed: false })
}

fn closed(v: &BigRational) -> Option<End> {
    Some(End { value: v.clone(), closed: true })
}

fn rational(f: &Formula, x: &Var, points: &BTreeSet<BigRational>) -> Vec<Interval> {
    let one = BigRational::one();
    let mut set = Union::default();
    let mut last: Option<&BigRational> = None;
    for p in points {
        let between = last.map_or_else(|| p - &one, |l| (l + p) / BigRational::from_integer(2.into()));
        set.add(holds(f, x, &between), last.and_then(open), open(p));
        set.add(holds(f, x, p), closed(p), closed(p));
        last = Some(p);
    }
    let beyond = last.map_or_else(BigRational::zero, |l| l + &one);
    set.add(holds(f, x, &beyond), last.and_then(open), None);
    set.intervals
}

fn whole(f: &Formula, x: &Var, turns: &Turns) -> Result<Vec<Interval>, Refusal> {
    let one = BigRational::one();
    let mut points: BTreeSet<BigRational> = BTreeSet::new();
    for p in &turns.points {
        points.extend([p.floor(), p.ceil()]);
    }
    let period = turns.period.to_u64().filter(|p| *p <= MOST_POINTS).ok_or(Refusal::Irregular)?;
    let mut set = Union::default();
    let mut last: Option<BigRational> = None;
    for p in points {
        run(f, x, &mut set, last.map(|l| l + &one), Some(&p - &one), period)?;
        set.add(holds(f, x, &p), closed(&p), closed(&p));
        last = Some(p);
    }
    run(f, x, &mut set, last.map(|l| l + &one), None, period)?;
    Ok(set.intervals)
}

/// A run of integers in which no comparison turns.
fn run(
    f: &Formula,
    x: &Var,
    set: &mut Union,
    low: Option<BigRational>,
    high: Option<BigRational>,
    period: u64,
) -> Result<(), Refusal> {
    let length = match (&low, &high) {
        (Some(l), Some(h)) if l > h => return Ok(()),
        (Some(l), Some(h)) => (h - l + BigRational::one()).to_integer().to_u64(),
        _ => None,
    };
    // one value for each class of the period is all there is to see
    let start = low.clone().or_else(|| high.clone()).unwrap_or_else(BigRational::zero);
    let step = if low.is_none() && high.is_some() { -BigRational::one() } else { BigRational::one() };
    let seen = period.min(length.unwrap_or(u64::MAX));
    let at = |i: u64| &start + &step * BigRational::from_integer(i.into());
    let first = holds(f, x, &start);
    if (1..seen).all(|i| holds(f, x, &at(i)) == first) {
        set.add(first, low.as_ref().and_then(closed), high.as_ref().and_then(closed));
        return Ok(());
    }
    let length = length.filter(|n| *n <= MOST_POINTS).ok_or(Refusal::Irregular)?;
    for i in 0..length {
        let v = at(i);
        set.add(holds(f, x, &v), closed(&v), closed(&v));
    }
    Ok(())
}

/// Intervals that are added from below, joined where they touch.
#[derive(Default)]
struct Union {
    intervals: Vec<Interval>,
    /// Whether what was added last was in the set.
    running: bool,
}

impl Union {
    fn add(&mut self, inside: bool, low: Option<End>, high: Option<End>) {
        if inside {
            match self.intervals.last_mut() {
                Some(last) if self.running => last.high = high,
                _ => self.intervals.push(Interval { low, high }),
            }
        }
        self.running = inside;
    }
}

fn simplest_in(i: &Interval) -> BigRational {
    if i.contains(&BigRational::zero()) {
        return BigRational::zero();
    }
    match (&i.low, &i.high) {
        (Some(low), high) if !low.value.is_negative() => simplest_above(low, high.as_ref()),
        (low, Some(high)) => -simplest_above(
            &End { value: -&high.value, closed: high.closed },
            low.as_ref().map(|l| End { value: -&l.value, closed: l.closed }).as_ref(),
        ),
        // an interval that goes on for ever downward and is not below a number contains 0
        (_, None) => BigRational::zero(),
    }
}

/// Of an interval of positive numbers: the least whole one, else by continued fraction.
fn simplest_above(low: &End, high: Option<&End>) -> BigRational {
    let floor = low.value.floor();
    let least = if low.closed && floor == low.value { floor.clone() } else { &floor + BigRational::one() };
    let fits = high.is_none_or(|h| least < h.value || h.closed && least == h.value);
    let (Some(high), false) = (high, fits) else { return least };
    // all of it lies between floor and floor + 1: take the reciprocal of what is beyond floor
    let flip = |e: &End| End { value: (&e.value - &floor).recip(), closed: e.closed };
    let top = (low.value != floor).then(|| flip(low));
    floor.clone() + simplest_above(&flip(high), top.as_ref()).recip()
}
