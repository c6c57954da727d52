//! What share of a flow comes from whom.
//!
//! In: what parties state of the attribute that a flow is `supplied by`. Out: bounds for each supplier, [`corners`]: the
//! divisions of the whole at which what is cut is greatest, and [`greatest`], which finds the worst for given cuts by itself: the
//! two roads of the question and of its replay. What nobody states can be anything from nothing to the whole.

use crate::logic::{BigRational, Formula, Linear, Var, intervals};
use crate::model::conduct::Actor;
use crate::model::flow::Flow;
use crate::model::{AttributeValue, Program};
use num_traits::{One, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// The least and the most that one supplies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: BigRational,
    pub(super) high: BigRational,
}

/// So many divisions are asked about; more are left open.
const CORNERS: usize = 64;

/// What somebody supplies.
pub(super) fn bounds(program: &Program, flow: &Flow, who: Actor) -> Bounds {
    let anything = Bounds { low: BigRational::zero(), high: BigRational::one() };
    let (Some(attribute), Actor::Party(p)) = (&flow.supplied, who) else { return anything };
    let stated = program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(attribute));
    let Some(AttributeValue::Quantity(value, _)) = stated else { return anything };
    let within = |n: BigRational| n.max(BigRational::zero()).min(BigRational::one());
    if let Some(n) = value.as_constant() {
        let n = within(n.clone());
        return Bounds { low: n.clone(), high: n };
    }
    match alone(value).and_then(|x| range(program, x)) {
        Some((low, high)) => {
            Bounds { low: low.map_or_else(BigRational::zero, within), high: high.map_or_else(BigRational::one, within) }
        }
        None => anything,
    }
}

/// The variable of a term that is one.
fn alone(value: &Linear) -> Option<&Var> {
    let x = value.vars().next()?;
    (*value == Linear::var(x)).then_some(x)
}

/// The ends of the range of an unknown.
fn range(program: &Program, x: &Var) -> Option<(Option<BigRational>, Option<BigRational>)> {
    let f: &Formula = &program.unknowns.iter().find(|u| u.var == *x)?.range;
    let set = intervals::of(f, x).ok()?;
    let low = set.first()?.low.as_ref().map(|e| e.value.clone());
    let high = set.last()?.high.as_ref().map(|e| e.value.clone());
    Some((low, high))
}

/// The divisions at which what is cut can be greatest, each as what comes from whom: all as much as they can where that is
/// within the whole; otherwise each division of the whole in which all but one supply their least or their most.
///
/// # Errors
/// Why they cannot be gone through.
pub(super) fn corners(of: &BTreeMap<usize, Bounds>) -> Result<Vec<BTreeMap<usize, BigRational>>, String> {
    let one = BigRational::one();
    let sum = |all: &mut dyn Iterator<Item = &BigRational>| all.fold(BigRational::zero(), |s, n| s + n);
    if sum(&mut of.values().map(|b| &b.high)) <= one {
        return Ok(vec![of.iter().map(|(who, b)| (*who, b.high.clone())).collect()]);
    }
    let least = sum(&mut of.values().map(|b| &b.low));
    if least > one {
        return Err("what parties are said to supply comes to more than the whole".to_owned());
    }
    // from all at their least, raise some to their most and one by what is left
    let mut out: BTreeSet<BTreeMap<usize, BigRational>> = BTreeSet::new();
    let open: Vec<usize> = of.iter().filter(|(_, b)| b.low < b.high).map(|(who, _)| *who).collect();
    let start: BTreeMap<usize, BigRational> = of.iter().map(|(who, b)| (*who, b.low.clone())).collect();
    let mut stack = vec![(start, 0usize, &one - &least)];
    while let Some((shares, from, left)) = stack.pop() {
        for (at, who) in open.iter().enumerate().skip(from) {
            let Some(b) = of.get(who) else { continue };
            let room = &b.high - &b.low;
            if room < left {
                let mut raised = shares.clone();
                raised.insert(*who, b.high.clone());
                stack.push((raised, at + 1, &left - &room));
            }
        }
        // somebody who is at its least takes the rest
        for who in &open {
            let Some(b) = of.get(who) else { continue };
            if shares.get(who) == Some(&b.low) && &b.high - &b.low >= left {
                let mut last = shares.clone();
                last.insert(*who, &b.low + &left);
                out.insert(last);
            }
        }
        if out.len() > CORNERS || stack.len() > CORNERS * CORNERS {
            return Err("what each party supplies can be divided in too many ways: state it as a number".to_owned());
        }
    }
    Ok(out.into_iter().collect())
}

/// The greatest share of a flow that these cuts can take, and what then comes from whom: who cuts deepest supplies as much as
/// it can.
pub(super) fn greatest(
    of: &BTreeMap<Actor, Bounds>,
    cuts: &BTreeMap<Actor, BigRational>,
) -> (BigRational, BTreeMap<Actor, BigRational>) {
    let mut from: BTreeMap<Actor, BigRational> = of.iter().map(|(who, b)| (*who, b.low.clone())).collect();
    let mut left = from.values().fold(BigRational::one(), |left, n| left - n);
    let mut deepest: Vec<(&Actor, &BigRational)> = cuts.iter().collect();
    deepest.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (who, _) in deepest {
        let Some(b) = of.get(who) else { continue };
        let more = (&b.high - &b.low).min(left.clone()).max(BigRational::zero());
        left -= &more;
        if let Some(share) = from.get_mut(who) {
            *share += more;
        }
    }
    let taken = cuts.iter().filter_map(|(who, cut)| Some(from.get(who)? * cut));
    (taken.fold(BigRational::zero(), |sum, n| sum + n), from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartyId;

    fn percent(n: i64) -> BigRational {
        BigRational::new(n.into(), 100.into())
    }

    fn some(all: &[(i64, i64)]) -> BTreeMap<usize, Bounds> {
        all.iter().map(|(low, high)| Bounds { low: percent(*low), high: percent(*high) }).enumerate().collect()
    }

    fn shown(of: &[(i64, i64)]) -> Vec<Vec<String>> {
        let all = corners(&some(of)).unwrap();
        all.iter().map(|c| c.values().map(|n| (n * percent(10_000)).to_string()).collect()).collect()
    }

    #[test]
    fn stated_shares_are_one_division() {
        assert_eq!(shown(&[(30, 30), (20, 20)]), [["30", "20"]]);
        assert_eq!(shown(&[(0, 30), (20, 50)]), [["30", "50"]]);
        assert!(corners(&some(&[(60, 60), (50, 50)])).is_err());
    }

    #[test]
    fn one_of_several_may_supply_everything() {
        assert_eq!(shown(&[(0, 100), (0, 100), (0, 100)]), [["0", "0", "100"], ["0", "100", "0"], ["100", "0", "0"]]);
    }

    #[test]
    fn the_corners_reach_what_the_deepest_first_reaches() {
        let mut state: u64 = 7;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 33) % (most + 1)).unwrap()
        };
        for _ in 0..500 {
            let mut all = Vec::new();
            for _ in 0..=next(3) {
                let low = next(20);
                all.push((low, low + next(60)));
            }
            let of = some(&all);
            let cuts: BTreeMap<usize, BigRational> = of.keys().map(|who| (*who, percent(next(100)))).collect();
            let Ok(corners) = corners(&of) else { continue };
            let taken = |c: &BTreeMap<usize, BigRational>| {
                c.iter().fold(BigRational::zero(), |sum, (who, share)| sum + share * &cuts[who])
            };
            let best = corners.iter().map(taken).max().unwrap();
            let actor = |who: &usize| Actor::Party(PartyId(u32::try_from(*who).unwrap()));
            let bounds = of.iter().map(|(who, b)| (actor(who), b.clone())).collect();
            let cuts = cuts.iter().map(|(who, n)| (actor(who), n.clone())).collect();
            assert_eq!(best, greatest(&bounds, &cuts).0, "{all:?} {cuts:?}");
        }
    }
}
