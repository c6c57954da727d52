//! And, or: flattened, sorted, each thing said once.
//!
//! In: formulas in normal form. Out: one in normal form. Bounds on one sum are merged: of `x ≤ 3` and `x ≤ 5` a conjunction
//! keeps the first and a disjunction the second; bounds that exclude each other make a conjunction false, bounds that leave
//! no gap make a disjunction true. Nothing here asks more than two members at a time.

use std::collections::{BTreeMap, BTreeSet};

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::formula::{Formula, Node};
use super::linear::Linear;

/// Conjunction.
pub(super) fn and(fs: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = BTreeSet::new();
    for f in fs {
        match f.node() {
            Node::True => {}
            Node::False => return f,
            Node::And(inner) => flat.extend(inner.iter().cloned()),
            _ => {
                flat.insert(f);
            }
        }
    }
    if has_complement(&flat) {
        return Formula::falsity();
    }
    let Some(members) = merge(flat, Side::And) else { return Formula::falsity() };
    finish(members, Formula::truth, Node::And)
}

/// Disjunction.
pub(super) fn or(fs: impl IntoIterator<Item = Formula>) -> Formula {
    let mut flat = BTreeSet::new();
    for f in fs {
        match f.node() {
            Node::False => {}
            Node::True => return f,
            Node::Or(inner) => flat.extend(inner.iter().cloned()),
            _ => {
                flat.insert(f);
            }
        }
    }
    if has_complement(&flat) {
        return Formula::truth();
    }
    let Some(members) = merge(flat, Side::Or) else { return Formula::truth() };
    finish(members, Formula::falsity, Node::Or)
}

fn finish(members: BTreeSet<Formula>, none: fn() -> Formula, many: fn(Vec<Formula>) -> Node) -> Formula {
    let mut members: Vec<Formula> = members.into_iter().collect();
    match (members.len(), members.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            members.push(last);
            Formula::wrap(many(members))
        }
        (_, None) => none(),
    }
}

/// Comparisons have no `Not`, but `t ≤ 0` beside `-t < 0` is found by [`merge`].
fn has_complement(members: &BTreeSet<Formula>) -> bool {
    members.iter().any(|f| match f.node() {
        Node::Not(g) => members.contains(g),
        _ => false,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    And,
    Or,
}

/// An end of a range of one sum.
#[derive(Clone, PartialEq, Eq)]
struct End {
    value: BigRational,
    strict: bool,
}

/// What is said about one sum s: `s ≤ upper`, `s ≥ lower`, `s = …`.
#[derive(Default)]
struct Bounds {
    upper: Option<End>,
    lower: Option<End>,
    equal: BTreeSet<BigRational>,
    unequal: BTreeSet<BigRational>,
}

/// Merges bounds on the same sum. Nothing means the decisive value: false for a conjunction, true for a disjunction.
fn merge(members: BTreeSet<Formula>, side: Side) -> Option<BTreeSet<Formula>> {
    let comparisons = members.iter().filter(|f| comparison(f).is_some()).count();
    if comparisons < 2 {
        return Some(members);
    }
    let mut sums: BTreeMap<Linear, Bounds> = BTreeMap::new();
    let mut out = BTreeSet::new();
    for f in members {
        let Some((t, kind)) = comparison(&f) else {
            out.insert(f);
            continue;
        };
        // t = s - v, so t ⋈ 0 is s ⋈ v; a sum with a negative first coefficient is counted as its opposite
        let flip = t.leads_negative();
        let sum = t.with_offset(BigRational::zero());
        let (sum, value) = if flip { (-sum, t.offset().clone()) } else { (sum, -t.offset()) };
        let bounds = sums.entry(sum).or_default();
        match kind {
            Kind::Order { strict } if flip => tighten(&mut bounds.lower, End { value, strict }, side, true),
            Kind::Order { strict } => tighten(&mut bounds.upper, End { value, strict }, side, false),
            Kind::Equal => {
                bounds.equal.insert(value);
            }
            Kind::Unequal => {
                bounds.unequal.insert(value);
            }
        }
    }
    for (sum, bounds) in sums {
        out.extend(match side {
            Side::And => bounds.conjunction(&sum)?,
            Side::Or => bounds.disjunction(&sum)?,
        });
    }
    Some(out)
}

enum Kind {
    Order { strict: bool },
    Equal,
    Unequal,
}

fn comparison(f: &Formula) -> Option<(&Linear, Kind)> {
    match f.node() {
        Node::Le(t) => Some((t, Kind::Order { strict: false })),
        Node::Lt(t) => Some((t, Kind::Order { strict: true })),
        Node::Eq(t) => Some((t, Kind::Equal)),
        Node::Not(g) => match g.node() {
            Node::Eq(t) => Some((t, Kind::Unequal)),
            _ => None,
        },
        _ => None,
    }
}

/// Keeps the narrower end in a conjunction, the wider in a disjunction.
fn tighten(slot: &mut Option<End>, new: End, side: Side, lower: bool) {
    let Some(old) = slot else {
        *slot = Some(new);
        return;
    };
    let narrower = if new.value == old.value {
        new.strict && !old.strict
    } else if lower {
        new.value > old.value
    } else {
        new.value < old.value
    };
    if new != *old && narrower == (side == Side::And) {
        *slot = Some(new);
    }
}

impl Bounds {
    fn holds(&self, v: &BigRational) -> bool {
        let under = self.upper.as_ref().is_none_or(|e| if e.strict { *v < e.value } else { *v <= e.value });
        let over = self.lower.as_ref().is_none_or(|e| if e.strict { *v > e.value } else { *v >= e.value });
        under && over && !self.unequal.contains(v)
    }

    fn conjunction(self, sum: &Linear) -> Option<Vec<Formula>> {
        if let Some(v) = self.equal.first() {
            return (self.equal.len() == 1 && self.holds(v)).then(|| vec![equal(sum, v)]);
        }
        let mut lower = self.lower;
        let mut upper = self.upper;
        let mut unequal = self.unequal;
        // s ≤ v and s ≠ v is s < v; over ℤ that moves the end, which may meet the next exception
        loop {
            let mut moved = false;
            for (slot, direction) in [(&mut upper, -BigRational::one()), (&mut lower, BigRational::one())] {
                if let Some(end) = slot
                    && !end.strict
                    && unequal.remove(&end.value)
                {
                    if sum.is_integral() {
                        end.value += direction;
                    } else {
                        end.strict = true;
                    }
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        if let (Some(u), Some(l)) = (&upper, &lower) {
            if l.value > u.value || (l.value == u.value && (l.strict || u.strict)) {
                return None;
            }
            if l.value == u.value {
                return Some(vec![equal(sum, &u.value)]);
            }
        }
        let inside = Bounds { upper: upper.clone(), lower: lower.clone(), ..Bounds::default() };
        let mut out: Vec<Formula> =
            unequal.iter().filter(|v| inside.holds(v)).map(|v| Formula::not(&equal(sum, v))).collect();
        out.extend(upper.map(|e| order(sum, &e, false)));
        out.extend(lower.map(|e| order(sum, &e, true)));
        Some(out)
    }

    /// By De Morgan: what a disjunction says is what the conjunction of the opposites denies.
    fn disjunction(self, sum: &Linear) -> Option<Vec<Formula>> {
        let integral = sum.is_integral();
        let opposite = |e: End, up: bool| {
            if !integral {
                End { value: e.value, strict: !e.strict }
            } else if up {
                End { value: e.value + BigRational::one(), strict: false }
            } else {
                End { value: e.value - BigRational::one(), strict: false }
            }
        };
        let denied = Bounds {
            upper: self.lower.map(|e| opposite(e, false)),
            lower: self.upper.map(|e| opposite(e, true)),
            equal: self.unequal,
            unequal: self.equal,
        };
        Some(denied.conjunction(sum)?.iter().map(Formula::not).collect())
    }
}

fn equal(sum: &Linear, v: &BigRational) -> Formula {
    Formula::zero(sum.with_offset(-v))
}

fn order(sum: &Linear, end: &End, lower: bool) -> Formula {
    let t = sum.with_offset(-&end.value);
    let t = if lower { -t } else { t };
    if end.strict { Formula::negative(t) } else { Formula::non_positive(t) }
}

/// Beyond this many members absorption is not tried: it looks at each pair.
const ABSORB_MOST: usize = 200;

/// Drops a member that another makes superfluous: of `a or (a and b)` the second, of `a and (a or b)` likewise. For formulas
/// that a person may come to see.
pub(super) fn absorb(f: &Formula) -> Formula {
    let (members, conjunction) = match f.node() {
        Node::Or(fs) => (fs, false),
        Node::And(fs) => (fs, true),
        _ => return f.clone(),
    };
    if members.len() > ABSORB_MOST {
        return f.clone();
    }
    let inner: Vec<BTreeSet<&Formula>> = members
        .iter()
        .map(|g| match g.node() {
            Node::And(fs) if !conjunction => fs.iter().collect(),
            Node::Or(fs) if conjunction => fs.iter().collect(),
            _ => BTreeSet::from([g]),
        })
        .collect();
    let superfluous = |i: usize, mine: &BTreeSet<&Formula>| {
        inner.iter().enumerate().any(|(j, other)| i != j && other.len() < mine.len() && other.is_subset(mine))
    };
    let kept: Vec<Formula> = members
        .iter()
        .zip(&inner)
        .enumerate()
        .filter(|(i, (_, mine))| !superfluous(*i, mine))
        .map(|(_, (g, _))| g.clone())
        .collect();
    if kept.len() == members.len() {
        return f.clone();
    }
    if conjunction { and(kept) } else { or(kept) }
}
