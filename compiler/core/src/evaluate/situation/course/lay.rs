//! Acts of a course, put into a situation (semantics §19).
//!
//! In: duties, and acts that are to meet them, with their days. Out: [`Bundle`]s, an act to all who receive it; [`Laid`], the
//! situation with them, their amounts said or left open; and amounts that suit conditions.

use super::{Due, Search, one};
use crate::evaluate::condition::{Condition as Known, Sum};
use crate::evaluate::decide::{self, Possible};
use crate::evaluate::situation::quantity::{argument_of, compared};
use crate::logic::{BigRational, Var};
use crate::model::conduct::{
    Action, ActionId, Actor, Compare, Deed, Happening, Match, Occurrence, Quantity, Situation, Sort, Value, Who,
};
use num_traits::{Signed, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// An act, to all who receive it.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    pub(super) day: i64,
    pub(super) action: ActionId,
    /// its arguments; a number is left open
    pub(super) args: Vec<Value>,
    /// the places of its numbers
    pub(super) numbers: BTreeSet<usize>,
    /// who receives the same, at which place
    pub(super) receivers: Option<(usize, Vec<Actor>)>,
    pub(super) meets: Vec<Due>,
    /// no prohibition is asked
    pub(super) freely: bool,
}

/// Acts in a situation.
#[derive(Debug, Clone)]
pub(super) struct Laid {
    pub(super) situation: Situation,
    /// the places of the acts of each bundle in the situation
    pub(super) places: Vec<Vec<usize>>,
    /// the acts of each bundle
    pub(super) acts: Vec<Vec<Occurrence>>,
}

impl Bundle {
    /// This act, meeting also what another was made for.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        if self.action != other.action || self.numbers != other.numbers {
            return None;
        }
        let treated = match (&self.receivers, &other.receivers) {
            (Some(a), Some(b)) if a == b => Some(a.0),
            (None, None) => None,
            _ => return None,
        };
        let same = self.args.iter().zip(&other.args).enumerate().all(|(i, (a, b))| Some(i) == treated || a == b);
        let within = other.meets.iter().all(|d| (d.first..=d.last).contains(&self.day));
        (same && within).then(|| {
            let mut out = self.clone();
            out.meets.extend(other.meets.iter().cloned());
            out
        })
    }

    /// Whether some of its amounts can be above 0.
    pub(super) fn is_of_use(&self, mut limits: Vec<Known>, laid: &Laid) -> bool {
        let above = self.numbers.iter().filter_map(|place| {
            let zero = Sum::constant(BigRational::zero());
            Some(compared(&Sum::var(&self.amount(0, *place, laid)?), Compare::Greater, &zero))
        });
        limits.push(Known::any(above));
        decide::possible(&Known::all(limits)) != Possible::No
    }

    /// What stands for a number of it.
    pub(super) fn amount(&self, bundle: usize, place: usize, laid: &Laid) -> Option<Var> {
        let first = laid.places.get(bundle)?.first()?;
        Some(argument_of(place, Some(*first)))
    }
}

impl Search<'_> {
    /// The act that meets a duty, on its first day.
    pub(super) fn bundle(&self, due: &Due) -> Option<Bundle> {
        let norm = self.program.conduct.norm(due.norm)?;
        let Deed::Act(pattern) = &norm.deed else { return None };
        let declared = self.program.conduct.action(pattern.action)?;
        if pattern.place.is_some() {
            return None;
        }
        let who = |w: &Who| w.among(&due.values);
        let mut numbers = BTreeSet::new();
        let mut args = Vec::new();
        for (place, (wanted, parameter)) in pattern.arguments.iter().zip(&declared.parameters).enumerate() {
            args.push(match (wanted, &parameter.sort) {
                (Match::Is(w), _) => Value::Actor(who(w)?),
                (Match::Binds(v), _) => Value::Actor(who(&Who::Var(*v))?),
                (Match::Thing(t), _) => Value::Thing(t.clone()),
                // what is not said would be the default
                (Match::Number(..), _) if parameter.default.is_some() => return None,
                (Match::Any, Sort::Number { .. }) if parameter.default.is_some() => Value::Unsaid,
                (Match::Number(..) | Match::Any, Sort::Number { .. }) => {
                    numbers.insert(place);
                    Value::Unsaid
                }
                _ => return None,
            });
        }
        let receivers = self.alike.iter().find(|(a, ..)| *a == pattern.action).and_then(|(_, place, all)| {
            let Some(Value::Actor(to)) = args.get(*place) else { return None };
            all.contains(to).then(|| (*place, all.clone()))
        });
        let (day, action, meets) = (due.first, pattern.action, vec![due.clone()]);
        Some(Bundle { day, action, args, numbers, receivers, meets, freely: false })
    }

    /// An act that nobody owes, to somebody.
    pub(super) fn extra(&self, action: ActionId, declared: &Action) -> Option<Bundle> {
        let mut numbers = BTreeSet::new();
        let mut args = Vec::new();
        let other = self.situation.members.iter().find(|m| **m != self.keeper.party);
        for (place, parameter) in declared.parameters.iter().enumerate() {
            args.push(match &parameter.sort {
                Sort::Party(_) if place == 0 => Value::Actor(self.keeper.party),
                Sort::Party(_) => Value::Actor(*other?),
                Sort::Number { .. } if parameter.default.is_none() => {
                    numbers.insert(place);
                    Value::Unsaid
                }
                _ => return None,
            });
        }
        if numbers.is_empty() || self.alike.iter().any(|(a, ..)| *a == action) {
            return None;
        }
        let (meets, receivers) = (Vec::new(), None);
        Some(Bundle { day: 0, action, args, numbers, receivers, meets, freely: false })
    }

    /// The situation with these acts; with these amounts where they are said.
    pub(super) fn lay(&self, bundles: &[Bundle], amounts: Option<&[BTreeMap<usize, BigRational>]>) -> Laid {
        let mut all: Vec<(Occurrence, Option<usize>)> =
            self.situation.occurrences.iter().map(|o| (o.clone(), None)).collect();
        for (i, b) in bundles.iter().enumerate() {
            let mut args = b.args.clone();
            for (place, n) in amounts.and_then(|a| a.get(i)).into_iter().flatten() {
                if let Some(arg) = args.get_mut(*place) {
                    *arg = Value::Number(n.clone());
                }
            }
            let to: Vec<Vec<Value>> = match &b.receivers {
                None => vec![args],
                Some((place, who)) => who
                    .iter()
                    .map(|w| {
                        let mut own = args.clone();
                        if let Some(arg) = own.get_mut(*place) {
                            *arg = Value::Actor(*w);
                        }
                        own
                    })
                    .collect(),
            };
            all.extend(to.into_iter().map(|arguments| {
                let what = Happening::Act { action: b.action, arguments, place: None };
                (Occurrence { from: b.day, to: Some(b.day), what }, Some(i))
            }));
        }
        all.sort();
        let mut places = vec![Vec::new(); bundles.len()];
        let mut acts = vec![Vec::new(); bundles.len()];
        for (at, (o, of)) in all.iter().enumerate() {
            if let Some(i) = of {
                places.get_mut(*i).into_iter().for_each(|p| p.push(at));
                acts.get_mut(*i).into_iter().for_each(|p| p.push(o.clone()));
            }
        }
        let occurrences = all.into_iter().map(|(o, _)| o).collect();
        Laid { situation: Situation { occurrences, ..self.situation.clone() }, places, acts }
    }
}

impl Laid {
    /// Amounts that suit: each the least bound of the text that can be, else a number beside one.
    pub(super) fn amounts(
        &self,
        bundles: &[Bundle],
        mut condition: Known,
    ) -> Option<Vec<BTreeMap<usize, BigRational>>> {
        let mut out = Vec::new();
        for (i, bundle) in bundles.iter().enumerate() {
            let mut own = BTreeMap::new();
            for place in &bundle.numbers {
                let var = bundle.amount(i, *place, self)?;
                // what is whole stands there as such
                let whole = Var::int(var.name());
                let mut bounds: BTreeSet<BigRational> =
                    bundle.meets.iter().filter_map(|d| d.least.get(place)).cloned().collect();
                bounds.extend(edges(&condition, &var));
                bounds.extend(edges(&condition, &whole).into_iter().map(|n| n.ceil()));
                bounds.insert(BigRational::zero());
                let beside: Vec<BigRational> = [one(), BigRational::new(1.into(), 2.into()), small()]
                    .iter()
                    .flat_map(|by| bounds.iter().map(move |b| b + by))
                    .collect();
                let tens = (0..16).map(|k| BigRational::from_integer(num_traits::pow(10.into(), k)));
                let tried = bounds.iter().cloned().chain(beside).chain(tens).filter(|n| !n.is_negative());
                let (n, left) = tried.into_iter().find_map(|n| {
                    let left = condition.replace(&var, &Sum::constant(n.clone()));
                    let reads_whole = {
                        let mut found = Vec::new();
                        left.reading(&whole, &mut found);
                        !found.is_empty()
                    };
                    if reads_whole && !n.is_integer() {
                        return None;
                    }
                    let left = left.replace(&whole, &Sum::constant(n.clone()));
                    (decide::possible(&left) == Possible::Yes).then_some((n, left))
                })?;
                condition = left;
                own.insert(*place, n);
            }
            out.push(own);
        }
        Some(out)
    }
}

fn small() -> BigRational {
    BigRational::new(1.into(), 1_000.into())
}

/// The numbers with which a variable alone is compared.
fn edges(condition: &Known, var: &Var) -> Vec<BigRational> {
    let mut found = Vec::new();
    condition.reading(var, &mut found);
    let alone = found.into_iter().filter(|(_, t)| t.parts.len() == 1);
    alone.filter_map(|(_, t)| t.parts.get(var).map(|c| -&t.constant / c)).collect()
}

/// The least of what compares so with a number.
pub(super) fn lower(how: Compare, n: &BigRational) -> Option<BigRational> {
    match how {
        Compare::Equal | Compare::AtLeast => Some(n.clone()),
        Compare::Greater => Some(n + one()),
        Compare::NotEqual | Compare::Less | Compare::AtMost => None,
    }
}

/// The number that a pattern compares an argument with.
pub(super) fn asked(wanted: &Match) -> Option<(Compare, &Quantity)> {
    match wanted {
        Match::Number(how, q) => Some((*how, q)),
        _ => None,
    }
}
