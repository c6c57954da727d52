//! What checks say in common: dates, quantities, roles of statements, values of terms.
//!
//! In: the model's numbers and statements. Out: plain words, the same in every check.

use super::draft::Interval;
use crate::logic::{Model, Value};
use crate::model::{OpenTerm, PartyId, Print, Program, Region, RightId, Statement, StatementKind};
use indexmap::IndexMap;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// A day as people write it: ISO 8601, proleptic Gregorian. A day outside of the years -9999 to 9999 stays a number.
#[must_use]
pub fn date(day: i64) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    jiff::Span::new()
        .try_days(day)
        .and_then(|span| epoch.checked_add(span))
        .map_or_else(|_| format!("day {day}"), |d| d.to_string())
}

/// Days, for a sentence: `from 1998-01-01`, `until 1997-12-31`, `from 1990-01-01 to 1997-12-31`; empty for every day.
#[must_use]
pub fn days(days: &[Interval]) -> String {
    let one = |(from, until): &Interval| match (from, until) {
        (None, None) => String::new(),
        (Some(a), None) => format!("from {}", date(*a)),
        (None, Some(b)) => format!("until {}", date(*b)),
        (Some(a), Some(b)) if a == b => format!("on {}", date(*a)),
        (Some(a), Some(b)) => format!("from {} to {}", date(*a), date(*b)),
    };
    days.iter().map(one).filter(|d| !d.is_empty()).collect::<Vec<_>>().join(" and ")
}

/// Intervals in order, those that touch made one.
#[must_use]
pub fn united(mut days: Vec<Interval>) -> Vec<Interval> {
    days.sort_by_key(|(from, until)| (from.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX)));
    let mut out: Vec<Interval> = Vec::new();
    for (from, until) in days {
        match out.last_mut() {
            Some(last) if last.1.is_none_or(|end| from.is_none_or(|f| f <= end.saturating_add(1))) => {
                last.1 = match (last.1, until) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => out.push((from, until)),
        }
    }
    out
}

/// An exact number: a whole one or one that ends in decimals as such, else a fraction.
#[must_use]
pub fn number(n: &BigRational) -> String {
    if n.is_integer() {
        return grouped(&n.to_integer().abs().to_string(), n.is_negative());
    }
    let mut scaled = n.abs();
    let ten = BigRational::from_integer(10.into());
    for places in 1..=12usize {
        scaled *= &ten;
        if scaled.is_integer() {
            let digits = format!("{:0>width$}", scaled.to_integer().to_string(), width = places + 1);
            let (whole, part) = digits.split_at(digits.len() - places);
            return format!("{}.{part}", grouped(whole, n.is_negative()));
        }
    }
    n.to_string()
}

/// Thousands set apart by `_`, as the language reads them, from five digits on.
fn grouped(digits: &str, negative: bool) -> String {
    let count = digits.chars().count();
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if count > 4 && i > 0 && (count - i).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// A number with its unit: `4096 addresses`, `2 MHz`, `30%`.
#[must_use]
pub fn quantity(n: &BigRational, unit: &str) -> String {
    match unit {
        "" => number(n),
        "%" => format!("{}%", number(&(n * BigRational::from_integer(100.into())))),
        _ => format!("{} {unit}", number(n)),
    }
}

/// The value of a term or an unknown as its reader knows it.
#[must_use]
pub fn value(print: &Print, values: &[String], value: &Value) -> String {
    match (print, value) {
        (_, Value::Bool(b)) => if *b { "yes" } else { "no" }.to_owned(),
        (Print::Value, Value::Number(n)) => n
            .to_integer()
            .to_usize()
            .and_then(|i| values.get(i))
            .map_or_else(|| number(n), |name| crate::atlas::quoted(name)),
        (Print::Date, Value::Number(n)) => n.to_integer().to_i64().map_or_else(|| number(n), date),
        (Print::Unit(unit), Value::Number(n)) => quantity(n, unit),
    }
}

/// The values that a model gives to terms, by name, in the order of the program.
#[must_use]
pub fn settlement<'t>(terms: impl IntoIterator<Item = &'t OpenTerm>, model: &Model) -> IndexMap<String, String> {
    terms.into_iter().filter_map(|t| Some((t.name.clone(), value(&t.print, &t.values, model.get(&t.var)?)))).collect()
}

/// The values of open terms and unknown attributes in a model, by name.
#[must_use]
pub fn values(program: &Program, model: &Model) -> IndexMap<String, String> {
    let mut out = settlement(&program.terms, model);
    for u in &program.unknowns {
        if let Some(v) = model.get(&u.var) {
            out.insert(u.var.name().to_owned(), value(&u.print, &[], v));
        }
    }
    out
}

/// `split = two_and_two, grace = 12 days`.
#[must_use]
pub fn assignment(values: &IndexMap<String, String>) -> String {
    values.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
}

/// Ground in the program's own words: exact names where there are such.
#[must_use]
pub fn ground(program: &Program, region: &Region) -> String {
    program.atlas(region.atlas).map_or_else(|| region.words.clone(), |a| a.describe(&region.cells))
}

/// ` as administration`; nothing for sovereignty.
#[must_use]
pub fn as_right(program: &Program, right: RightId) -> String {
    if right.0 == 0 { String::new() } else { format!(" as {}", crate::atlas::quoted(program.right_name(right))) }
}

/// Names in a phrase: `Ada`, `Ada and Bel`, `Ada, Bel and Cor`.
#[must_use]
pub fn parties(program: &Program, parties: &[PartyId]) -> String {
    let mut names: Vec<String> = parties.iter().map(|p| program.party_name(*p).to_owned()).collect();
    names.sort();
    names.dedup();
    crate::atlas::join(&names)
}

/// What a statement does, in one clause: `Arland claims Straits.Isles`, as written where its region is concerned.
#[must_use]
pub fn role(program: &Program, s: &Statement) -> String {
    let name = |p: &PartyId| program.party_name(*p).to_owned();
    let as_ = |r: &RightId| as_right(program, *r);
    let at = |r: &Region| r.words.clone();
    let over = |r: &Region| if r.words.is_empty() { ground(program, r) } else { at(r) };
    match &s.kind {
        StatementKind::Claim { party, right, region, quota } => {
            let share = match quota.as_ref().and_then(|q| q.as_constant()) {
                Some(q) if !q.is_zero() => format!(" quota {}", quantity(q, "%")),
                _ => String::new(),
            };
            format!("{} claims {}{}{share}", name(party), over(region), as_(right))
        }
        StatementKind::OpenClaim { kind, right, region, .. } => {
            let kind = program.kinds.get(kind.0 as usize).map_or("party", |k| k.name.as_str());
            format!("every {kind} claims {}{}", over(region), as_(right))
        }
        StatementKind::Control { party, region } => format!("{} controls {}", name(party), over(region)),
        StatementKind::Recognition { party, holder, right, region } => {
            format!("{} recognises {} over {}{}", name(party), name(holder), over(region), as_(right))
        }
        StatementKind::Protest { party, holder, right, region } => {
            format!("{} protests {} over {}{}", name(party), name(holder), over(region), as_(right))
        }
        StatementKind::Jointly { parties: group, right, region } => {
            format!("{} hold {} jointly{}", parties(program, group), over(region), as_(right))
        }
        StatementKind::Lease { party, to, right, region } => {
            format!("{} leases {} to {}{}", name(party), over(region), name(to), as_(right))
        }
        StatementKind::Delegation { party, to, region } => {
            format!("{} delegates {} to {}", name(party), over(region), name(to))
        }
        StatementKind::Under { party, under, region } => {
            format!("{} holds {} under {}", name(party), over(region), name(under))
        }
        StatementKind::Waiver { party, right, region } => {
            let right = right.as_ref().map(as_).unwrap_or_default();
            format!("{} waives {}{right}", name(party), over(region))
        }
        StatementKind::SetAside { parties: group, region } => {
            format!("{} set aside {}", parties(program, group), over(region))
        }
        StatementKind::Frozen { region, .. } => format!("{} is frozen", over(region)),
        StatementKind::Common { region } => format!("{} is common", over(region)),
        StatementKind::Boundary { left, right, .. } => {
            format!("boundary between {} and {}", name(left), name(right))
        }
        StatementKind::Requirement(_)
        | StatementKind::RequirementWaived { .. }
        | StatementKind::Acceptance { .. }
        | StatementKind::Norm
        | StatementKind::Rule
        | StatementKind::Provision => s.text.clone(),
    }
}
