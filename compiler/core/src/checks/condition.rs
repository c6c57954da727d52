//! Conditions on open terms in words: "split = two_and_two", "x is at least 10 or y is at most 5".
//!
//! In: a formula over terms. Out: a phrase for "when …" or "unless …". One term becomes its set of values; several keep the
//! shape of the formula.

use super::words::{number, quantity, value};
use crate::logic::intervals::{self, Interval};
use crate::logic::{Formula, Linear, Model, Node, Value, Var};
use crate::model::{OpenTerm, Print, Program};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// The condition in words, within the ranges of the terms.
#[must_use]
pub fn phrase(program: &Program, formula: &Formula) -> String {
    words(program, &within_ranges(program, formula))
}

/// The formula without what the range of a single term decides.
fn within_ranges(program: &Program, formula: &Formula) -> Formula {
    let vars = formula.vars();
    if let (1, Some(x)) = (vars.len(), vars.first())
        && let Some(term) = program.terms.iter().find(|t| t.var == *x)
    {
        let never = |f: &Formula| {
            let inside = Formula::and([f.clone(), term.range.clone()]);
            inside.is_false() || intervals::of(&inside, x).is_ok_and(|set| set.is_empty())
        };
        if never(formula) {
            return Formula::falsity();
        }
        if never(&Formula::not(formula)) {
            return Formula::truth();
        }
        return formula.clone();
    }
    match formula.node() {
        Node::And(parts) => Formula::and(parts.iter().map(|p| within_ranges(program, p))),
        Node::Or(parts) => Formula::or(parts.iter().map(|p| within_ranges(program, p))),
        _ => formula.clone(),
    }
}

fn words(program: &Program, formula: &Formula) -> String {
    match formula.node() {
        Node::True => return "whatever is settled".to_owned(),
        Node::False => return "never".to_owned(),
        _ => {}
    }
    let vars = formula.vars();
    if let (1, Some(x)) = (vars.len(), vars.first())
        && let Some(said) = one_term(program, formula, x)
    {
        return said;
    }
    match formula.node() {
        Node::And(parts) => parts.iter().map(|p| bracketed(program, p)).collect::<Vec<_>>().join(" and "),
        Node::Or(parts) => parts.iter().map(|p| words(program, p)).collect::<Vec<_>>().join(" or "),
        Node::Not(inner) => match inner.node() {
            Node::Eq(t) => compare(program, t, "is not"),
            _ => format!("not ({})", words(program, inner)),
        },
        Node::Le(t) => compare(program, t, "is at most"),
        Node::Lt(t) => compare(program, t, "is less than"),
        Node::Eq(t) => compare(program, t, "="),
        Node::Divides(m, t) => format!("{} is a multiple of {m}", sum(program, t)),
        Node::Atom(x) => name(program, x),
        Node::True | Node::False => String::new(),
    }
}

fn bracketed(program: &Program, part: &Formula) -> String {
    let words = words(program, part);
    match part.node() {
        Node::Or(_) if part.vars().len() > 1 => format!("({words})"),
        _ => words,
    }
}

/// All values of one term that satisfy the formula.
fn one_term(program: &Program, formula: &Formula, x: &Var) -> Option<String> {
    let term = program.terms.iter().find(|t| t.var == *x)?;
    if !term.values.is_empty() {
        let holds = |i: usize| {
            let mut model = Model::new();
            model.set(x.clone(), Value::int(i));
            formula.eval(&model) == Some(true)
        };
        let values: Vec<String> =
            term.values.iter().enumerate().filter(|(i, _)| holds(*i)).map(|(_, v)| crate::atlas::quoted(v)).collect();
        return match values.split_last() {
            None => Some("never".to_owned()),
            Some((last, [])) => Some(format!("{} = {last}", term.name)),
            Some((last, first)) => Some(format!("{} is {} or {last}", term.name, first.join(", "))),
        };
    }
    let inside = Formula::and([formula.clone(), term.range.clone()]);
    let wanted = intervals::of(&inside, x).ok()?;
    let whole = intervals::of(&term.range, x).ok()?;
    let words: Vec<String> = wanted.iter().map(|i| interval(term, i, &whole)).collect();
    Some(match words.as_slice() {
        [] => "never".to_owned(),
        [one] if wanted.iter().all(single) => format!("{} = {one}", term.name),
        _ => format!("{} is {}", term.name, words.join(" or ")),
    })
}

/// One number and no other.
fn single(i: &Interval) -> bool {
    i.low.is_some() && i.low == i.high
}

fn interval(term: &OpenTerm, i: &Interval, whole: &[Interval]) -> String {
    let say = |n: &BigRational| value(&term.print, &term.values, &Value::Number(n.clone()));
    // an end that the range itself has need not be said
    let low = i.low.as_ref().filter(|e| !whole.iter().any(|w| w.low.as_ref() == Some(*e)));
    let high = i.high.as_ref().filter(|e| !whole.iter().any(|w| w.high.as_ref() == Some(*e)));
    match (low, high) {
        (None, None) => "anything".to_owned(),
        (Some(l), None) if l.closed => format!("at least {}", say(&l.value)),
        (Some(l), None) => format!("more than {}", say(&l.value)),
        (None, Some(h)) if h.closed => format!("at most {}", say(&h.value)),
        (None, Some(h)) => format!("less than {}", say(&h.value)),
        (Some(l), Some(h)) if l.value == h.value => say(&l.value),
        (Some(l), Some(h)) => {
            let from = if l.closed { "from" } else { "more than" };
            let to = match (l.closed, h.closed) {
                (true, true) => "to",
                (false, true) => "and at most",
                (_, false) => "and less than",
            };
            format!("{from} {} {to} {}", say(&l.value), say(&h.value))
        }
    }
}

fn name(program: &Program, x: &Var) -> String {
    program.terms.iter().find(|t| t.var == *x).map_or_else(|| x.name().to_owned(), |t| t.name.clone())
}

fn sum(program: &Program, t: &Linear) -> String {
    let mut out = String::new();
    for (x, c) in t.terms() {
        let size = c.abs();
        let sign = match (out.is_empty(), c.is_negative()) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        let factor = if size.is_one() { String::new() } else { format!("{} ", number(&size)) };
        out = format!("{out}{sign}{factor}{}", name(program, x));
    }
    out
}

/// `Σ + k` compared with 0, as `Σ` with `-k`.
fn compare(program: &Program, t: &Linear, words: &str) -> String {
    let leads_negative = t.terms().next().is_some_and(|(_, c)| c.is_negative());
    let (t, words) = if leads_negative {
        let turned = match words {
            "is at most" => "is at least",
            "is less than" => "is more than",
            same => same,
        };
        (-t, turned)
    } else {
        (t.clone(), words)
    };
    let bound = -t.offset().clone();
    let units: Vec<&Print> =
        t.vars().filter_map(|x| program.terms.iter().find(|o| o.var == *x)).map(|o| &o.print).collect();
    let bound = match units.first() {
        Some(Print::Unit(unit)) if units.iter().all(|u| *u == &Print::Unit(unit.clone())) => quantity(&bound, unit),
        _ => number(&bound),
    };
    let left = sum(program, &t.with_offset(BigRational::zero()));
    format!("{left} {words} {bound}")
}
