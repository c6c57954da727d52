//! The days on which something can change.
//!
//! In: the program's conditions, the situation, and what arises on the way. Out: a set of days such that every condition, span
//! and window has one value from each of them to the day before the next.

use crate::logic::{BigRational, Formula, Linear, Model, Node};
use crate::model::conduct::{
    ActionId, Arises, Condition, Days, Deed, Match, Norm, Pattern, Place, Quantity, Situation, Variable,
};
use crate::model::{Statement, day as date};
use num_traits::{Signed, ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{Clock, Edge};
use super::log::Log;
use super::text::Text;
use super::window::Edges;

/// Days to come.
#[derive(Debug, Default)]
pub(super) struct Events {
    days: BTreeSet<i64>,
    now: Option<i64>,
    horizon: i64,
    back: BTreeMap<ActionId, Vec<Days>>,
    back_breach: Vec<Days>,
    /// windows that count from whichever day a condition comes to hold
    floating: Vec<Days>,
    start: Option<i64>,
    every: bool,
    ground: bool,
}

impl Events {
    pub(super) fn new(
        text: &Text<'_>,
        situation: &Situation,
        horizon: i64,
        clock: &Clock<'_>,
        log: &Log,
        statements: &[&Statement],
    ) -> Self {
        let mut out = Self { horizon, start: situation.start, ..Self::default() };
        out.add(0);
        let values = &situation.values;
        for norm in &text.norms {
            out.norm(norm, values);
        }
        for rule in &text.rules {
            out.variables(&rule.variables, values);
            if let Some(lift) = &rule.lift {
                out.condition(lift, values);
            }
            if let crate::model::conduct::Trigger::Occurs(p) = &rule.trigger {
                out.pattern(p, values);
            }
        }
        if out.ground {
            statements.iter().for_each(|s| out.formula(&s.on, values));
        }
        for act in log.acts() {
            out.add(act.from);
            out.extend(act.to.map(|t| t.saturating_add(1)));
            let back = out.back.get(&act.action).cloned().unwrap_or_default();
            for length in back {
                out.leave(clock, act.from, &length);
                if let Some(to) = act.to {
                    out.leave(clock, to, &length);
                }
            }
        }
        out.extend(situation.occurrences.iter().map(|o| o.from));
        out
    }

    /// Every day.
    pub(super) fn make_every(&mut self) {
        self.every = true;
    }

    /// The next day, which is taken out. What is added from now on lies behind it.
    pub(super) fn next(&mut self) -> Option<i64> {
        let next = if self.every {
            let day = self.now.map_or(0, |d| d.saturating_add(1));
            (day <= self.horizon).then_some(day)
        } else {
            self.days.pop_first()
        };
        self.now = next.or(self.now);
        next
    }

    pub(super) fn add(&mut self, day: i64) {
        if (0..=self.horizon).contains(&day) && !self.every && self.now.is_none_or(|now| day > now) {
            self.days.insert(day);
        }
    }

    pub(super) fn extend(&mut self, days: impl IntoIterator<Item = i64>) {
        days.into_iter().for_each(|d| self.add(d));
    }

    fn leave(&mut self, clock: &Clock<'_>, day: i64, length: &Days) {
        let mut found = Vec::new();
        clock.leaves(day, length, &mut found);
        self.extend(found);
    }

    /// A day that is known within bounds, and the day behind it.
    pub(super) fn edge(&mut self, edge: Edge) {
        for d in [Some(edge.least), edge.most].into_iter().flatten() {
            self.extend([d, d.saturating_add(1)]);
        }
    }

    /// What a new instance or setting off can change.
    pub(super) fn edges(&mut self, edges: &Edges) {
        self.edge(edges.arises);
        self.edge(edges.first);
        edges.last.iter().chain(&edges.deadline).for_each(|e| self.edge(*e));
    }

    /// What a breach on a day can change.
    pub(super) fn breach(&mut self, clock: &Clock<'_>, earliest: i64, day: i64) {
        let back = std::mem::take(&mut self.back_breach);
        for d in [earliest, day] {
            self.add(d.saturating_add(1));
            for length in &back {
                self.leave(clock, d, length);
            }
        }
        self.back_breach = back;
    }

    /// What a condition that may come to hold on a day can change.
    pub(super) fn float(&mut self, clock: &Clock<'_>, day: i64) {
        let lengths = std::mem::take(&mut self.floating);
        for length in &lengths {
            let end = clock.after(Edge::on(day), length);
            self.edge(end);
        }
        self.floating = lengths;
    }

    fn norm(&mut self, norm: &Norm, values: &Model) {
        self.variables(&norm.variables, values);
        self.condition(&norm.when, values);
        self.condition(&norm.unless, values);
        match &norm.deed {
            Deed::Act(p) => self.pattern(p, values),
            Deed::Ensure(c) => self.condition(c, values),
            Deed::Before { first, then, .. } => {
                self.pattern(first, values);
                self.pattern(then, values);
            }
            Deed::Alike { .. } => {}
        }
        if matches!(norm.arises, Arises::While) && norm.rule.is_none() {
            let w = &norm.window;
            // counted one after the other: an offset, and what begins behind it
            let mut sums = Vec::new();
            for part in [&w.after, &w.within, &w.until].into_iter().flatten() {
                let mut sum = part.clone();
                if let Some(offset) = &w.offset {
                    sum.days = &sum.days + &offset.days;
                    sum.months = sum.months.saturating_add(offset.months);
                }
                sums.push(sum);
            }
            sums.extend(w.offset.clone());
            self.floating.extend(sums);
            for d in w.until_date.iter().chain(&w.from_date) {
                self.date(d, values);
            }
        }
    }

    fn date(&mut self, t: &Linear, values: &Model) {
        if let (Some(start), Some(n)) = (self.start, t.eval(values).and_then(|n| n.floor().to_i64())) {
            let day = n.saturating_sub(start);
            self.extend([day, day.saturating_add(1)]);
        } else if self.start.is_some() {
            self.every = true;
        }
    }

    fn variables(&mut self, variables: &[Variable], values: &Model) {
        variables.iter().filter_map(|v| v.filter.as_ref()).for_each(|f| self.condition(f, values));
    }

    fn pattern(&mut self, p: &Pattern, values: &Model) {
        self.ground |= matches!(p.place, Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)));
        for m in &p.arguments {
            if let Match::Number(_, q) = m {
                self.quantity(q, values);
            }
        }
    }

    fn quantity(&mut self, q: &Quantity, values: &Model) {
        match q {
            Quantity::Fixed(t) => self.every |= self.start.is_some() && t.mentions(&date()),
            Quantity::Scaled(_, inner) => self.quantity(inner, values),
            Quantity::Sum(parts) => parts.iter().for_each(|p| self.quantity(p, values)),
            Quantity::Total { value, filter, .. } => {
                self.quantity(value, values);
                self.condition(filter, values);
            }
            Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Argument(_) => {}
        }
    }

    fn condition(&mut self, c: &Condition, values: &Model) {
        match c {
            Condition::Fixed(f) => self.formula(f, values),
            Condition::Compare(a, _, b) => {
                self.quantity(a, values);
                self.quantity(b, values);
            }
            Condition::Occurred { pattern, last } => {
                self.pattern(pattern, values);
                if let Some(length) = last {
                    let list = self.back.entry(pattern.action).or_default();
                    if !list.contains(length) {
                        list.push(length.clone());
                    }
                }
            }
            Condition::Breached { last: Some(length), .. } if !self.back_breach.contains(length) => {
                self.back_breach.push(length.clone());
            }
            Condition::May(pattern) => self.pattern(pattern, values),
            Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => {
                self.condition(inner, values);
            }
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| self.condition(p, values)),
            Condition::Attribute(..) | Condition::Same(..) | Condition::Kind(..) | Condition::Breached { .. } => {}
        }
    }

    /// The days on which a condition of the calendar can change.
    fn formula(&mut self, f: &Formula, values: &Model) {
        match f.node() {
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) => self.root(t, values),
            Node::Divides(_, t) => self.every |= self.start.is_some() && t.mentions(&date()),
            Node::Not(inner) => self.formula(inner, values),
            Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|p| self.formula(p, values)),
            Node::True | Node::False | Node::Atom(_) => {}
        }
    }

    fn root(&mut self, t: &Linear, values: &Model) {
        let Some(start) = self.start else { return };
        let c = t.coefficient(&date());
        if c.is_zero() {
            return;
        }
        let Some(rest) = t.without(&date()).eval(values) else {
            // where the day and something unknown meet, each day is looked at
            self.every = true;
            return;
        };
        let at: BigRational = -rest / c;
        if let Some(n) = at.floor().to_i64().filter(|n| n.abs() < i64::MAX / 4) {
            let day = n.saturating_sub(start);
            self.extend([day, day.saturating_add(1), day.saturating_add(2)]);
        }
    }
}
