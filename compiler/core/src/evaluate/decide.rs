//! Whether a condition can hold for some values: the evaluator's own decision procedure.
//!
//! In: a [`Condition`]. Out: yes, no, or unsure. Disjunctions are tried one after the other; what is left is a set of linear
//! comparisons, decided by Fourier–Motzkin elimination of the rational variables and, for integers, by the same elimination
//! as a bound and a search between the bounds. Unsure only where that search finds neither a point nor an empty interval
//! within [`SPLITS`] steps; nothing is ever guessed.

use super::condition::{Condition, Sign, Sum};
use crate::logic::{BigInt, BigRational, Sort, Var};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// How often a search may split the range of an integer.
const SPLITS: u32 = 400;
/// How many comparisons elimination may hold at a time.
const ROWS: usize = 4_000;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Possible {
    /// some values make it hold
    Yes,
    /// none do
    No,
    /// the procedure does not reach
    Unsure,
}

/// A comparison in the making: `sum ≤ 0`, or `sum < 0` when strict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    sum: Sum,
    strict: bool,
}

/// Whether some values of its variables make a condition hold.
#[must_use]
pub fn possible(condition: &Condition) -> Possible {
    let mut search = Search { fresh: 0 };
    search.go(vec![condition.clone()], Vec::new(), BTreeMap::new())
}

struct Search {
    fresh: u32,
}

impl Search {
    /// `todo` holds together with the rows and truth values that are already taken.
    fn go(&mut self, mut todo: Vec<Condition>, mut rows: Vec<Row>, mut truths: BTreeMap<Var, bool>) -> Possible {
        let mut choices: Vec<Vec<Condition>> = Vec::new();
        while let Some(next) = todo.pop() {
            match next {
                Condition::Known(true) => {}
                Condition::Known(false) => return Possible::No,
                Condition::Truth(x, wanted) => {
                    if *truths.entry(x).or_insert(wanted) != wanted {
                        return Possible::No;
                    }
                }
                Condition::All(parts) => todo.extend(parts),
                Condition::Any(parts) => choices.push(parts),
                Condition::Compare(Sign::NotZero, t) => {
                    let minus = negated(&t);
                    choices.push(vec![Condition::compare(Sign::Below, t), Condition::compare(Sign::Below, minus)]);
                }
                Condition::Compare(Sign::Zero, t) => {
                    if let Some(n) = t.number() {
                        if !n.is_zero() {
                            return Possible::No;
                        }
                        continue;
                    }
                    rows.push(Row { sum: negated(&t), strict: false });
                    rows.push(Row { sum: t, strict: false });
                }
                Condition::Compare(sign, t) => rows.push(Row { sum: t, strict: sign == Sign::Below }),
                Condition::Multiple(m, t, wanted) => match self.multiple(&m, &t, wanted) {
                    Some(parts) => todo.extend(parts),
                    None => return Possible::Unsure,
                },
            }
        }
        // an early look saves whole branches
        match linear(&rows) {
            Possible::No => return Possible::No,
            answer if choices.is_empty() => return answer,
            Possible::Yes | Possible::Unsure => {}
        }
        choices.sort_by_key(Vec::len);
        let first = choices.remove(0);
        let rest: Vec<Condition> = choices.into_iter().map(Condition::Any).collect();
        let mut answer = Possible::No;
        for choice in first {
            let mut todo = rest.clone();
            todo.push(choice);
            match self.go(todo, rows.clone(), truths.clone()) {
                Possible::Yes => return Possible::Yes,
                Possible::Unsure => answer = Possible::Unsure,
                Possible::No => {}
            }
        }
        answer
    }

    /// `m | t` is `t = m·k`; its opposite `m·k < t < m·(k + 1)`, k an integer nobody else knows.
    fn multiple(&mut self, m: &BigInt, t: &Sum, wanted: bool) -> Option<Vec<Condition>> {
        if !t.is_whole() {
            return None;
        }
        self.fresh += 1;
        let k = Sum::var(&Var::int(format!(" multiple {}", self.fresh)));
        let m = BigRational::from_integer(m.clone());
        let over = t.plus(&k, &-m.clone());
        if wanted {
            return Some(vec![Condition::compare(Sign::Zero, over)]);
        }
        let under = negated(&over).plus(&Sum::constant(BigRational::one()), &BigRational::one());
        let top = over.plus(&Sum::constant(m - BigRational::one()), &-BigRational::one());
        Some(vec![Condition::compare(Sign::AtMost, under), Condition::compare(Sign::AtMost, top)])
    }
}

fn negated(t: &Sum) -> Sum {
    Sum::constant(BigRational::zero()).plus(t, &-BigRational::one())
}

/// Whether rows can hold together.
fn linear(rows: &[Row]) -> Possible {
    let Some(rows) = rows.iter().map(tighten).collect::<Option<Vec<Row>>>() else { return Possible::No };
    let mut splits = SPLITS;
    search(rows, &mut splits)
}

/// A row over integers alone with whole, coprime coefficients; nothing for a row that never holds.
fn tighten(row: &Row) -> Option<Row> {
    if let Some(n) = row.sum.number() {
        return (if row.strict { n.is_negative() } else { !n.is_positive() }).then(|| row.clone());
    }
    if row.sum.parts.keys().any(|x| x.sort() != Sort::Int) {
        return Some(row.clone());
    }
    let mut denominators = BigInt::one();
    let mut common = BigInt::zero();
    for c in row.sum.parts.values() {
        denominators = denominators.lcm(c.denom());
    }
    for c in row.sum.parts.values() {
        common = common.gcd(&(c.numer() * (&denominators / c.denom())));
    }
    let factor = BigRational::new(denominators, common);
    let mut sum = Sum::constant(BigRational::zero()).plus(&row.sum, &factor);
    // Σ ≤ −k over whole numbers is Σ ≤ ⌊−k⌋, and Σ < −k is Σ ≤ ⌈−k⌉ − 1
    sum.constant = if row.strict { sum.constant.floor() + BigRational::one() } else { sum.constant.ceil() };
    Some(Row { sum, strict: false })
}

/// Rational elimination of every variable; then a whole value for each integer, one after the other.
fn search(rows: Vec<Row>, splits: &mut u32) -> Possible {
    let Some(rows) = rows.iter().map(tighten).collect::<Option<Vec<Row>>>() else { return Possible::No };
    let whole: Option<Var> = rows.iter().flat_map(|r| r.sum.parts.keys()).find(|x| x.sort() == Sort::Int).cloned();
    let Some(x) = whole else { return rational(rows) };
    let bounds = match bounds(&rows, &x) {
        Ok(Some(bounds)) => bounds,
        Ok(None) => return Possible::No,
        Err(()) => return Possible::Unsure,
    };
    let (least, greatest) = bounds;
    let mut answer = Possible::No;
    // the nearest whole values to the bounds first: where a point exists it is mostly there
    let mut candidate = match (&least, &greatest) {
        (Some(a), _) => a.clone(),
        (None, Some(b)) => b.clone(),
        (None, None) => BigInt::zero(),
    };
    let step = if least.is_none() && greatest.is_some() { -BigInt::one() } else { BigInt::one() };
    loop {
        let outside =
            least.as_ref().is_some_and(|a| candidate < *a) || greatest.as_ref().is_some_and(|b| candidate > *b);
        if outside {
            return answer;
        }
        if *splits == 0 {
            return Possible::Unsure;
        }
        *splits -= 1;
        let value = Sum::constant(BigRational::from_integer(candidate.clone()));
        let put: Vec<Row> = rows.iter().map(|r| Row { sum: r.sum.replace(&x, &value), strict: r.strict }).collect();
        match search(put, splits) {
            Possible::Yes => return Possible::Yes,
            Possible::Unsure => answer = Possible::Unsure,
            Possible::No => {}
        }
        candidate += &step;
    }
}

/// The least and the greatest whole value of `x` that rational values of the others allow: `None` if there are none.
#[expect(clippy::type_complexity, reason = "a pair of optional bounds, or none, or too many rows")]
fn bounds(rows: &[Row], x: &Var) -> Result<Option<(Option<BigInt>, Option<BigInt>)>, ()> {
    let mut rows = rows.to_vec();
    loop {
        let next = rows.iter().flat_map(|r| r.sum.parts.keys()).find(|y| *y != x).cloned();
        let Some(y) = next else { break };
        rows = eliminate(rows, &y).ok_or(())?;
    }
    let (mut least, mut greatest): (Option<BigInt>, Option<BigInt>) = (None, None);
    for row in &rows {
        let Some(c) = row.sum.parts.get(x) else {
            if tighten(row).is_none() {
                return Ok(None);
            }
            continue;
        };
        let at = -&row.sum.constant / c;
        if c.is_positive() {
            let top = if row.strict { at.ceil() - BigRational::one() } else { at.floor() }.to_integer();
            greatest = Some(greatest.map_or_else(|| top.clone(), |g| g.min(top.clone())));
        } else {
            let bottom = if row.strict { at.floor() + BigRational::one() } else { at.ceil() }.to_integer();
            least = Some(least.map_or_else(|| bottom.clone(), |l| l.max(bottom.clone())));
        }
    }
    match (&least, &greatest) {
        (Some(a), Some(b)) if a > b => Ok(None),
        _ => Ok(Some((least, greatest))),
    }
}

/// Rational rows: eliminated to constants, which decide.
fn rational(mut rows: Vec<Row>) -> Possible {
    while let Some(x) = rows.iter().flat_map(|r| r.sum.parts.keys()).next().cloned() {
        match eliminate(rows, &x) {
            Some(fewer) => rows = fewer,
            None => return Possible::Unsure,
        }
    }
    if rows.iter().all(|r| tighten(r).is_some()) { Possible::Yes } else { Possible::No }
}

/// Fourier–Motzkin: every lower bound of `x` with every upper bound. Nothing when there would be too many.
fn eliminate(rows: Vec<Row>, x: &Var) -> Option<Vec<Row>> {
    let (with, mut out): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.sum.parts.contains_key(x));
    let scaled: Vec<(bool, Row)> = with
        .into_iter()
        .filter_map(|r| {
            let c = r.sum.parts.get(x)?.clone();
            let sum = Sum::constant(BigRational::zero()).plus(&r.sum, &c.abs().recip());
            Some((c.is_positive(), Row { sum, strict: r.strict }))
        })
        .collect();
    for (_, upper) in scaled.iter().filter(|(p, _)| *p) {
        for (_, lower) in scaled.iter().filter(|(p, _)| !*p) {
            let sum = upper.sum.plus(&lower.sum, &BigRational::one());
            let strict = upper.strict || lower.strict;
            match sum.number() {
                Some(n) if n.is_negative() || (n.is_zero() && !strict) => {}
                _ => out.push(Row { sum, strict }),
            }
        }
        if out.len() > ROWS {
            return None;
        }
    }
    out.sort();
    out.dedup();
    Some(out)
}
