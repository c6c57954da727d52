//! Lengths of time: where a window begins and ends, as closely as it can be known.
//!
//! In: [`Days`] over open terms and calendar months, and the day they count from. Out: an [`Edge`]: one day, or the first and
//! the last day it can be. A situation with a date counts months by the calendar; without one, k months are as long as the
//! shortest and the longest k months there are (semantics §2). A term without a value has the bounds of what all accept of its
//! range (§3), an attribute those of its range.

use crate::logic::{BigRational, Formula, Linear, Model, Node, Value, Var};
use crate::model::conduct::{Compare, Days};
use crate::model::{CharterId, PartyId, Program, Statement, StatementKind};
use crate::types::calendar::add_months;
use num_traits::{Signed, ToPrimitive};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::truth::Truth;
use crate::evaluate::condition::Condition;
use crate::evaluate::decide::{self, Possible};

/// Days beyond this do not occur: it keeps sums of days far from overflow.
const FAR: i64 = 1 << 40;

/// A day that is known, or the range it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// the first day it can be
    pub least: i64,
    /// the last day it can be; none: there is no bound
    pub most: Option<i64>,
}

impl Edge {
    /// This day.
    #[must_use]
    pub fn on(day: i64) -> Self {
        let day = day.clamp(-FAR, FAR);
        Self { least: day, most: Some(day) }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn exact(self) -> Option<i64> {
        (self.most == Some(self.least)).then_some(self.least)
    }

    /// So many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        let add = |d: i64| d.saturating_add(days).clamp(-FAR, FAR);
        Self { least: add(self.least), most: self.most.map(add) }
    }

    /// The later of two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { least: self.least.max(other.least), most: self.most.zip(other.most).map(|(a, b)| a.max(b)) }
    }

    /// The earlier of two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        let most = match (self.most, other.most) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, None) | (None, one) => one,
        };
        Self { least: self.least.min(other.least), most }
    }

    /// Whether a day is this one or later.
    #[must_use]
    pub fn reached(self, day: i64) -> Truth {
        if self.most.is_some_and(|m| day >= m) {
            Truth::Yes
        } else if day < self.least {
            Truth::No
        } else {
            Truth::Unknown
        }
    }

    /// Whether a day is behind this one.
    #[must_use]
    pub fn passed(self, day: i64) -> Truth {
        self.plus(1).reached(day)
    }
}

/// What is known of what has no value.
pub(super) type Ranges<'a> = BTreeMap<&'a Var, Formula>;

/// The ranges of terms and attributes, those of terms as far as all accept them. Where no settlement is accepted by all, T01 says
/// so and all settlements count. What is accepted of several terms at once bounds none of them here: it leaves more open.
pub(super) fn ranges(program: &Program, charter: CharterId) -> Ranges<'_> {
    let terms = program.terms.iter().map(|t| (&t.var, t.range.clone()));
    let unknowns = program.unknowns.iter().map(|u| (&u.var, u.range.clone()));
    let mut out: Ranges<'_> = terms.chain(unknowns).collect();
    let accepted = acceptances(program, charter);
    let all = accepted.iter().copied().chain(program.terms.iter().map(|t| &t.range)).map(Condition::of);
    if accepted.is_empty() || decide::possible(&Condition::all(all)) != Possible::Yes {
        return out;
    }
    for condition in accepted {
        let mut vars = condition.vars().into_iter();
        if let (Some(one), None) = (vars.next(), vars.next())
            && let Some(range) = out.get_mut(&one)
        {
            *range = Formula::and([range.clone(), condition.clone()]);
        }
    }
    out
}

/// What the parties of a charter accept.
fn acceptances(program: &Program, charter: CharterId) -> Vec<&Formula> {
    let here = |s: &&Statement| s.charter == Some(charter) && s.accession.is_none();
    let members = program.charters.get(charter.0 as usize).into_iter().flat_map(|c| &c.members);
    let parties: BTreeSet<PartyId> =
        members.chain(program.statements.iter().filter(here).flat_map(|s| s.parties.iter())).copied().collect();
    let accepted = |s: &&Statement| match (&s.kind, s.charter) {
        (StatementKind::Acceptance { party, .. }, None) => parties.contains(party),
        _ => here(s),
    };
    program
        .statements
        .iter()
        .filter(accepted)
        .filter_map(|s| match &s.kind {
            StatementKind::Acceptance { condition, .. } => Some(condition),
            _ => None,
        })
        .collect()
}

/// Counts days under the values of a situation.
#[derive(Debug)]
pub(super) struct Clock<'a> {
    /// the date of day 0
    pub(super) start: Option<i64>,
    values: &'a Model,
    ranges: Arc<Ranges<'a>>,
    months: RefCell<BTreeMap<u32, (i64, i64)>>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(ranges: &Arc<Ranges<'a>>, values: &'a Model, start: Option<i64>) -> Self {
        Self { start, values, ranges: Arc::clone(ranges), months: RefCell::default() }
    }

    /// What is known of a variable.
    pub(super) fn range(&self, x: &Var) -> Option<&Formula> {
        self.ranges.get(x)
    }

    /// So long after an edge.
    pub(super) fn after(&self, from: Edge, length: &Days) -> Edge {
        let (low, high) = self.days(&length.days);
        let moved = self.shift(from, length.months, 1);
        Edge { least: moved.plus(low).least, most: high.and_then(|h| moved.plus(h).most) }
    }

    /// So long before a day.
    pub(super) fn before(&self, day: i64, length: &Days) -> Edge {
        let (low, high) = self.days(&length.days);
        let moved = self.shift(Edge::on(day), length.months, -1);
        Edge { least: high.map_or(-FAR, |h| moved.plus(-h).least), most: moved.plus(-low).most }
    }

    /// The day of a calendar date: none is known without the date of day 0.
    pub(super) fn date(&self, date: &Linear) -> Option<Edge> {
        let start = self.start?;
        let (low, high) = self.bounds(date);
        Some(Edge {
            least: low.map_or(-FAR, |d| d.saturating_sub(start).max(-FAR)),
            most: high.map(|d| d.saturating_sub(start).min(FAR)),
        })
    }

    /// The days behind `day` on which what began then leaves the last so many days.
    pub(super) fn leaves(&self, day: i64, length: &Days, out: &mut Vec<i64>) {
        let end = self.after(Edge::on(day), length);
        let dated = length.months > 0 && self.start.is_some();
        // a month counted back from its end may end a few days later than counted forward (28 February, 31 March)
        for more in 1..=if dated { 4 } else { 1 } {
            out.push(end.least.saturating_add(more));
            out.extend(end.most.map(|m| m.saturating_add(more)));
        }
    }

    fn shift(&self, from: Edge, months: u32, sign: i64) -> Edge {
        if months == 0 {
            return from;
        }
        if let Some(start) = self.start {
            let moved = |d: i64| {
                let date = d.saturating_add(start);
                add_months(date, sign * i64::from(months)).map_or(sign * FAR, |m| m.saturating_sub(start))
            };
            return Edge { least: moved(from.least), most: from.most.map(moved) };
        }
        let (short, long) = self.lengths(months);
        let (low, high) = if sign > 0 { (short, long) } else { (-long, -short) };
        Edge { least: from.plus(low).least, most: from.plus(high).most }
    }

    /// The shortest and the longest so many months in the 400 years after which the calendar repeats.
    fn lengths(&self, months: u32) -> (i64, i64) {
        if let Some(known) = self.months.borrow().get(&months) {
            return *known;
        }
        let whole = i64::from(months / 4800) * 146_097;
        let rest = usize::try_from(months % 4800).unwrap_or(0);
        let month = |i: usize| {
            let year = 2000 + i / 12;
            match i % 12 {
                1 if leap(year) => 29,
                1 => 28,
                3 | 5 | 8 | 10 => 30,
                _ => 31,
            }
        };
        let mut sum: i64 = (0..rest).map(month).sum();
        let (mut short, mut long) = (sum, sum);
        for i in 0..4800 {
            sum += month(i + rest) - month(i);
            short = short.min(sum);
            long = long.max(sum);
        }
        let found = (whole + short, whole + long);
        self.months.borrow_mut().insert(months, found);
        found
    }

    /// A whole number of days: rounded down, not below 0.
    fn days(&self, t: &Linear) -> (i64, Option<i64>) {
        let (low, high) = self.bounds(t);
        (low.unwrap_or(0).max(0), high.map(|h| h.max(0)))
    }

    fn bounds(&self, t: &Linear) -> (Option<i64>, Option<i64>) {
        let (mut low, mut high) = (Some(t.offset().clone()), Some(t.offset().clone()));
        for (x, c) in t.terms() {
            let (least, most) = match self.values.get(x) {
                Some(Value::Number(n)) => (Some(n.clone()), Some(n.clone())),
                _ => self.range(x).map_or((None, None), |f| single(f, x)),
            };
            let (least, most) = if c.is_negative() { (most, least) } else { (least, most) };
            low = low.zip(least).map(|(sum, v)| sum + v * c);
            high = high.zip(most).map(|(sum, v)| sum + v * c);
        }
        (low.and_then(|n| n.floor().to_i64()), high.and_then(|n| n.floor().to_i64()))
    }
}

fn leap(year: usize) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The bounds that a range gives its own variable, read off its comparisons.
fn single(range: &Formula, x: &Var) -> (Option<BigRational>, Option<BigRational>) {
    match range.node() {
        Node::Le(t) | Node::Lt(t) => bound(t, x, Compare::AtMost),
        Node::Eq(t) => bound(t, x, Compare::Equal),
        Node::And(parts) => parts.iter().map(|p| single(p, x)).fold((None, None), |(low, high), (l, h)| {
            let low = match (low, l) {
                (Some(a), Some(b)) => Some(std::cmp::max::<BigRational>(a, b)),
                (one, None) | (None, one) => one,
            };
            let high = match (high, h) {
                (Some(a), Some(b)) => Some(std::cmp::min::<BigRational>(a, b)),
                (one, None) | (None, one) => one,
            };
            (low, high)
        }),
        _ => (None, None),
    }
}

fn bound(t: &Linear, x: &Var, how: Compare) -> (Option<BigRational>, Option<BigRational>) {
    if t.vars().any(|y| y != x) || !t.mentions(x) {
        return (None, None);
    }
    let c = t.coefficient(x);
    let at = -t.offset() / &c;
    match how {
        Compare::Equal => (Some(at.clone()), Some(at)),
        _ if c.is_positive() => (None, Some(at)),
        _ => (Some(at), None),
    }
}
