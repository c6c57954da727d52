//! A rational variable, by virtual substitution.
//!
//! In: a conjunction. Out: its projection. A set of rationals that linear comparisons describe is a union of intervals; if it
//! is not empty, it contains a point at its lower end, just above it, or arbitrarily far down. Putting "this bound", "just
//! above this bound" and "far down" for x, one after the other, therefore asks for every x (R. Loos and V. Weispfenning,
//! Applying Linear Quantifier Elimination, The Computer Journal 36, 1993). The same from above, where that has fewer points.

use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::{Disjunction, Refusal};
use crate::logic::formula::{Formula, Node};
use crate::logic::linear::Linear;
use crate::logic::term::Var;

/// Which end of the intervals is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Below,
    Above,
}

/// A bound, and whether it is itself tried or what lies just inside of it.
type Point = (Linear, bool);

pub(super) fn project(members: &[Formula], x: &Var, limit: u64) -> Result<Formula, Refusal> {
    let f = Formula::and(members.iter().cloned());
    for g in members {
        if let Node::Eq(t) = g.node()
            && let Some(bound) = bound(t, x)
        {
            return Ok(at(&f, x, &bound));
        }
    }
    let (mut below, mut above) = (BTreeSet::new(), BTreeSet::new());
    points(&f, x, true, &mut below, &mut above);
    let (from, points) = if above.len() < below.len() { (From::Above, above) } else { (From::Below, below) };
    let mut cases = Disjunction::new(limit);
    if !cases.add(far(&f, x, from))? {
        return Ok(cases.finish());
    }
    for (bound, inside) in &points {
        let case = if *inside { beside(&f, x, bound, from) } else { at(&f, x, bound) };
        if !cases.add(case)? {
            break;
        }
    }
    Ok(cases.finish())
}

/// The value of `x` where `t = 0`.
fn bound(t: &Linear, x: &Var) -> Option<Linear> {
    t.mentions(x).then(|| t.without(x).scale(&(-BigRational::one() / t.coefficient(x))))
}

fn points(f: &Formula, x: &Var, positive: bool, below: &mut BTreeSet<Point>, above: &mut BTreeSet<Point>) {
    match f.node() {
        Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| points(g, x, positive, below, above)),
        Node::Not(g) => points(g, x, !positive, below, above),
        Node::Le(t) | Node::Lt(t) => {
            if let Some(b) = bound(t, x) {
                let side = if t.coefficient(x).is_positive() { above } else { below };
                side.insert((b, matches!(f.node(), Node::Lt(_))));
            }
        }
        Node::Eq(t) => {
            if let Some(b) = bound(t, x) {
                below.insert((b.clone(), !positive));
                above.insert((b, !positive));
            }
        }
        Node::True | Node::False | Node::Atom(_) | Node::Divides(..) => {}
    }
}

/// `f` where `x` is the bound. A divisibility mentions no rational, so nothing can be refused.
fn at(f: &Formula, x: &Var, bound: &Linear) -> Formula {
    f.substitute(x, bound).unwrap_or_else(|| f.clone())
}

/// `f` where `x` is closer to the bound, on the inside, than anything else is.
fn beside(f: &Formula, x: &Var, bound: &Linear, from: From) -> Formula {
    leaves(f, x, |t, kind| {
        let value = t.replace(x, bound);
        let grows = t.coefficient(x).is_positive() == (from == From::Below);
        match kind {
            Kind::Equal => Formula::falsity(),
            Kind::Order if grows => Formula::negative(value),
            Kind::Order => Formula::non_positive(value),
        }
    })
}

/// `f` where `x` is further out than anything else.
fn far(f: &Formula, x: &Var, from: From) -> Formula {
    leaves(f, x, |t, kind| match kind {
        Kind::Equal => Formula::falsity(),
        Kind::Order => Formula::constant(t.coefficient(x).is_positive() == (from == From::Below)),
    })
}

enum Kind {
    Order,
    Equal,
}

fn leaves(f: &Formula, x: &Var, change: impl Fn(&Linear, Kind) -> Formula) -> Formula {
    f.map(&mut |leaf| {
        Some(match leaf.node() {
            Node::Le(t) | Node::Lt(t) if t.mentions(x) => change(t, Kind::Order),
            Node::Eq(t) if t.mentions(x) => change(t, Kind::Equal),
            _ => leaf.clone(),
        })
    })
    .unwrap_or_else(|| f.clone())
}
