//! Rules of conduct: for each duty a day of its window and an amount (semantics §20c).
//!
//! In: nothing, for the plain ones; or a course that the evaluator found in a situation. Out: a [`Rule`], which says the same of
//! every situation, and its words.

use super::Meeting;
use crate::checks::norms::ask::Witness;
use crate::checks::norms::quoted;
use crate::encode::conduct::{Amount, Choice, Day, Env, Extra, ExtraArgument, Planned, Universe, number};
use crate::evaluate::situation::{Due, Step};
use crate::logic::{BigRational, Linear};
use crate::model::conduct::{Actor, Happening, NormId, Value};
use num_traits::{ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// A rule of conduct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::checks::norms) struct Rule {
    day: Day,
    amount: Amount,
    /// of a duty, by its place, as it arises this time
    own: BTreeMap<(usize, usize), Choice>,
    /// done besides, because it helps
    extras: Vec<Extra>,
}

impl Rule {
    /// The same for every duty; the plainest first.
    pub(in crate::checks::norms) fn plain() -> Vec<Self> {
        let rule = |day, amount| Self { day, amount, own: BTreeMap::new(), extras: Vec::new() };
        vec![
            rule(Day::First, Amount::Least),
            rule(Day::Last, Amount::Least),
            rule(Day::First, Amount::Greatest),
            rule(Day::Last, Amount::Greatest),
        ]
    }

    /// How a duty is met as it arises this time.
    pub(in crate::checks::norms) fn choice(&self, duty: usize, time: usize) -> Choice {
        let plain = || Choice { rank: 1, day: self.day, amount: self.amount.clone(), amounts: BTreeMap::new() };
        self.own.get(&(duty, time)).cloned().unwrap_or_else(plain)
    }

    /// What is done besides.
    pub(in crate::checks::norms) fn extras(&self) -> &[Extra] {
        &self.extras
    }

    /// The plainest rule that does the same besides, where this one does something.
    pub(in crate::checks::norms) fn plainer(&self) -> Option<Self> {
        let extras = self.extras.clone();
        let plain = Self { day: Day::First, amount: Amount::Least, own: BTreeMap::new(), extras };
        (!self.extras.is_empty()).then_some(plain)
    }

    /// In words.
    pub(super) fn words(&self, meeting: &Meeting<'_>) -> String {
        let named = |norms: &[&crate::model::conduct::Norm]| {
            crate::atlas::join(&norms.iter().map(|n| quoted(n)).collect::<Vec<_>>())
        };
        let mut besides = Vec::new();
        for extra in &self.extras {
            let name = meeting.name_of(extra.action);
            let much = extra.arguments.iter().filter_map(|a| match a {
                ExtraArgument::Number(n) => Some(n.to_string()),
                ExtraArgument::Figure(_) => None,
            });
            besides.push(format!("`{name}` ({}) on day {}", much.collect::<Vec<_>>().join(", "), extra.day));
        }
        let besides = if besides.is_empty() { String::new() } else { format!("{} besides, and ", besides.join(", ")) };
        if meeting.duties.is_empty() {
            return format!("{}: {besides}nothing else", named(&meeting.keeps));
        }
        let much = if self.amount == Amount::Least { "the least" } else { "the most" };
        let day = if self.day == Day::First { "first" } else { "last" };
        let alike = if meeting.alike.is_empty() { "" } else { ", the same to all who are treated alike" };
        let what = named(&meeting.duties);
        format!("{what}: {besides}{much} that is owed, on the {day} day{alike}, unless an earlier act has met it")
    }
}

/// The times at which duties can arise in a question.
#[derive(Debug, Default)]
pub(in crate::checks::norms) struct Times {
    all: Vec<Time>,
}

#[derive(Debug)]
struct Time {
    duty: usize,
    time: usize,
    norm: NormId,
    env: Env,
    arises: Linear,
    first: Linear,
    last: Linear,
}

impl Times {
    /// Takes what a question has of them.
    pub(in crate::checks::norms) fn read(&mut self, plan: &[Planned<'_>]) {
        self.all = plan
            .iter()
            .map(|p| Time {
                duty: p.duty,
                time: p.time,
                norm: p.norm.id,
                env: p.env.clone(),
                arises: p.arising.day.clone(),
                first: p.first.clone(),
                last: p.last.clone(),
            })
            .collect();
        self.all.sort_by_key(|t| (t.duty, t.time));
    }

    /// The rule by which a course comes about in a situation: nothing if it does what nobody owes.
    pub(in crate::checks::norms) fn rule(
        &self,
        universe: &Universe,
        steps: &[Step],
        witness: &Witness,
    ) -> Option<Rule> {
        let mut own = BTreeMap::new();
        let mut used: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut extras = Vec::new();
        for step in steps {
            if step.meets.is_empty() {
                extras.push(extra(universe, step)?);
                continue;
            }
            // the act is made for the duty whose bounds it just meets
            let tight = |d: &Due| step.amounts.iter().filter(|(p, n)| d.least.get(p) == Some(n)).count();
            let maker = step.meets.iter().max_by_key(|d| (tight(d), std::cmp::Reverse(d.last)))?;
            let time = self.all.iter().find(|t| {
                !used.contains(&(t.duty, t.time)) && t.norm == maker.norm && self.is(t, maker, universe, witness)
            })?;
            used.insert((time.duty, time.time));
            let amounts = step
                .amounts
                .iter()
                .map(|(place, n)| {
                    let least = maker.least.get(place).cloned().unwrap_or_else(BigRational::zero);
                    let more = n - &least;
                    (*place, if more.is_zero() { Amount::Least } else { Amount::More(more) })
                })
                .collect();
            let day = self.anchor(step.day, maker, time, witness);
            own.insert((time.duty, time.time), Choice { rank: 0, day, amount: Amount::Least, amounts });
        }
        Some(Rule { day: Day::First, amount: Amount::Least, own, extras })
    }

    fn is(&self, time: &Time, due: &Due, universe: &Universe, witness: &Witness) -> bool {
        let same = |(i, f): (usize, &Option<usize>)| {
            let actor: Option<Actor> = f.and_then(|f| universe.figure(f)).map(|f| f.actor);
            actor.is_none() || due.values.get(i).copied().flatten().is_none_or(|v| Some(v) == actor)
        };
        day(&time.arises, witness) == Some(due.arises) && time.env.iter().enumerate().all(same)
    }

    /// A day of a situation, as a day of some window.
    fn anchor(&self, on: i64, maker: &Due, own: &Time, witness: &Witness) -> Day {
        if on == maker.first {
            return Day::First;
        }
        if on == maker.last {
            return Day::Last;
        }
        for other in self.all.iter().filter(|t| (t.duty, t.time) != (own.duty, own.time)) {
            for (at, last) in [(&other.first, false), (&other.last, true)] {
                if day(at, witness) == Some(on) {
                    return Day::Of { duty: other.duty, time: other.time, last };
                }
            }
        }
        Day::Later(on - maker.first)
    }
}

/// What a course does besides, as part of a rule.
fn extra(universe: &Universe, step: &Step) -> Option<Extra> {
    let Happening::Act { action, arguments, .. } = &step.acts.first()?.what else { return None };
    let arguments = arguments
        .iter()
        .map(|a| match a {
            Value::Actor(a) => universe.place(*a).map(ExtraArgument::Figure),
            Value::Number(n) => Some(ExtraArgument::Number(n.clone())),
            Value::Thing(_) | Value::Region(..) | Value::Unsaid => None,
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Extra { action: *action, arguments, day: step.day })
}

fn day(at: &Linear, witness: &Witness) -> Option<i64> {
    number(at, &witness.model).to_integer().to_i64()
}
