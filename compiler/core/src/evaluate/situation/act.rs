//! Acts as the evaluator compares them with patterns: one that happened, or all that a pattern allows.
//!
//! In: occurrences and patterns. Out: an [`Act`]: for each parameter somebody, a range of numbers, a thing or ground. An act
//! that happened has single values; one that is asked for (`P may embargo(q)`, what a duty asks) has ranges where the text
//! leaves something open.

use crate::atlas::AtlasId;
use crate::logic::{BigRational, Model};
use crate::model::Program;
use crate::model::conduct::{Action, ActionId, Actor, Compare, Happening, Occurrence, Parameter, Sort, Value};

use super::truth::Fit;

/// Numbers between two ends, with holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    low: Option<(BigRational, bool)>,
    high: Option<(BigRational, bool)>,
    holes: Vec<BigRational>,
    whole: bool,
}

impl Range {
    /// Every number that a parameter can be.
    pub(super) fn of(sort: &Sort) -> Self {
        let (whole, least) = match sort {
            Sort::Number { whole, least, .. } => (*whole, least.clone()),
            _ => (false, None),
        };
        Self { low: least.map(|n| (n, false)), high: None, holes: Vec::new(), whole }
    }

    /// One number.
    pub(super) fn one(n: BigRational) -> Self {
        Self { low: Some((n.clone(), false)), high: Some((n, false)), holes: Vec::new(), whole: false }
    }

    /// The number, if it is one.
    pub(super) fn single(&self) -> Option<&BigRational> {
        match (&self.low, &self.high) {
            (Some((a, false)), Some((b, false))) if a == b && !self.holes.contains(a) => Some(a),
            _ => None,
        }
    }

    /// Those that also compare so with a number.
    pub(super) fn narrowed(&self, how: Compare, n: &BigRational) -> Self {
        let mut out = self.clone();
        let tighter = |old: &mut Option<(BigRational, bool)>, strict: bool, up: bool| {
            let beats = match old {
                None => true,
                Some((m, s)) => {
                    if *m == *n {
                        strict && !*s
                    } else {
                        (*m < *n) == up
                    }
                }
            };
            if beats {
                *old = Some((n.clone(), strict));
            }
        };
        match how {
            Compare::Equal => {
                tighter(&mut out.low, false, true);
                tighter(&mut out.high, false, false);
            }
            Compare::NotEqual => out.holes.push(n.clone()),
            Compare::Less => tighter(&mut out.high, true, false),
            Compare::AtMost => tighter(&mut out.high, false, false),
            Compare::Greater => tighter(&mut out.low, true, true),
            Compare::AtLeast => tighter(&mut out.low, false, true),
        }
        out
    }

    /// Whether no number is left.
    pub(super) fn is_empty(&self) -> bool {
        let one = BigRational::from_integer(1.into());
        let low = self.low.as_ref().map(|(n, strict)| match (self.whole, strict) {
            (true, true) => (n.floor() + &one, false),
            (true, false) => (n.ceil(), false),
            (false, s) => (n.clone(), *s),
        });
        let high = self.high.as_ref().map(|(n, strict)| match (self.whole, strict) {
            (true, true) => (n.ceil() - &one, false),
            (true, false) => (n.floor(), false),
            (false, s) => (n.clone(), *s),
        });
        let (Some((a, open)), Some((b, also))) = (low, high) else { return false };
        if a > b {
            return true;
        }
        if a == b {
            return open || also || self.holes.contains(&a);
        }
        if !self.whole {
            return false;
        }
        let mut at = a;
        while at <= b {
            if !self.holes.contains(&at) {
                return false;
            }
            at += &one;
        }
        true
    }

    /// How it lies to a comparison.
    pub(super) fn fit(&self, how: Compare, n: &BigRational) -> Fit {
        if self.narrowed(how, n).is_empty() {
            return Fit::Apart;
        }
        if self.narrowed(opposite(how), n).is_empty() { Fit::Within } else { Fit::Partly }
    }
}

/// What holds where a comparison does not.
pub(super) fn opposite(how: Compare) -> Compare {
    match how {
        Compare::Equal => Compare::NotEqual,
        Compare::NotEqual => Compare::Equal,
        Compare::Less => Compare::AtLeast,
        Compare::AtMost => Compare::Greater,
        Compare::Greater => Compare::AtMost,
        Compare::AtLeast => Compare::Less,
    }
}

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arg {
    /// this one
    Actor(Actor),
    /// anybody
    Somebody,
    /// a number
    Number(Range),
    /// a thing; none: any
    Thing(Option<String>),
    /// ground; none: any
    Ground(Option<(AtlasId, Vec<u32>)>),
    /// any ground in there
    Within(AtlasId, Vec<u32>),
}

/// Where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// it took place nowhere in particular
    Nowhere,
    /// it took place there
    At(AtlasId, Vec<u32>),
    /// it may be anywhere
    Anywhere,
    /// it may be anywhere in there
    Within(AtlasId, Vec<u32>),
    /// it may be anywhere in somebody's territory
    Territory(Actor),
    /// it may be anywhere on ground that somebody claims
    Claimed(Actor),
}

/// An act, or the acts that a pattern allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Act {
    pub(super) action: ActionId,
    pub(super) args: Vec<Arg>,
    pub(super) spot: Spot,
    pub(super) from: i64,
    pub(super) to: Option<i64>,
    /// its place in the situation; none for an act that is asked for
    pub(super) index: Option<usize>,
}

impl Act {
    /// An act or event that happened; nothing for other occurrences.
    pub(super) fn of(program: &Program, values: &Model, o: &Occurrence, index: usize) -> Option<Self> {
        let Happening::Act { action, arguments, place } = &o.what else { return None };
        let declared = program.conduct.action(*action)?;
        let args = declared.parameters.iter().enumerate().map(|(i, p)| arg(p, arguments.get(i), values)).collect();
        let spot = place.as_ref().map_or(Spot::Nowhere, |(atlas, cells)| Spot::At(*atlas, cells.clone()));
        Some(Self { action: *action, args, spot, from: o.from, to: o.to, index: Some(index) })
    }

    /// Who acts; for an event, to whom it happens.
    pub(super) fn actor(&self) -> Option<Actor> {
        match self.args.first() {
            Some(Arg::Actor(a)) => Some(*a),
            _ => None,
        }
    }

    /// The same by somebody.
    pub(super) fn by(mut self, actor: Actor) -> Self {
        if let Some(first) = self.args.first_mut() {
            *first = Arg::Actor(actor);
        }
        self
    }

    /// Whether it goes on or happens on a day.
    pub(super) fn covers(&self, day: i64) -> bool {
        self.from <= day && self.to.is_none_or(|t| day <= t)
    }

    /// The parties it names besides the actor.
    pub(super) fn others(&self) -> Vec<Actor> {
        let named = self.args.iter().skip(1).filter_map(|a| match a {
            Arg::Actor(a) => Some(*a),
            _ => None,
        });
        let mut out: Vec<Actor> = named.filter(|a| Some(*a) != self.actor()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// A number that is not said is the default, where there is one.
fn arg(parameter: &Parameter, value: Option<&Value>, values: &Model) -> Arg {
    match (value.unwrap_or(&Value::Unsaid), &parameter.sort) {
        (Value::Actor(a), _) => Arg::Actor(*a),
        (Value::Number(n), _) => Arg::Number(Range::one(n.clone())),
        (Value::Thing(t), _) => Arg::Thing(Some(t.clone())),
        (Value::Region(atlas, cells), _) => Arg::Ground(Some((*atlas, cells.clone()))),
        (Value::Unsaid, sort) => match parameter.default.as_ref().and_then(|d| d.eval(values)) {
            Some(n) => Arg::Number(Range::one(n)),
            None => open(sort),
        },
    }
}

/// Whatever a parameter can be.
pub(super) fn open(sort: &Sort) -> Arg {
    match sort {
        Sort::Party(_) => Arg::Somebody,
        Sort::Number { .. } => Arg::Number(Range::of(sort)),
        Sort::Region(_) => Arg::Ground(None),
        Sort::Thing => Arg::Thing(None),
    }
}

/// Every act of an action by somebody on a day.
pub(super) fn any(id: ActionId, action: &Action, day: i64) -> Act {
    let args = action.parameters.iter().map(|p| open(&p.sort)).collect();
    Act { action: id, args, spot: Spot::Anywhere, from: day, to: Some(day), index: None }
}
