//! Numbers of a situation: attributes, balances, sums over members, on a day (semantics §4).
//!
//! In: a [`Quantity`] and the values of variables. Out: a sum over what is not known. A quantity that acts change has on a day
//! the value at the start and all changes by occurrences that began up to that day.

use crate::logic::{BigRational, Sort, Value, Var};
use crate::model::conduct::{ActionId, Actor, Binder, Compare, FundId, Quantity, Who};
use crate::model::{AttributeValue, day};
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

use super::act::{Act, Arg};
use super::truth::Truth;
use super::{Run, Scope};
use crate::evaluate::condition::{Condition as Known, Sign, Sum};
use crate::evaluate::decide::{self, Possible};

/// What a sum depends on beyond its variables' own ranges.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    next: usize,
    pub(super) side: Vec<Known>,
}

/// What can change a quantity: an action, and which of its changes.
#[derive(Debug, Default)]
pub(super) struct Movers {
    funds: BTreeMap<FundId, Vec<(ActionId, usize)>>,
    attributes: BTreeMap<String, Vec<(ActionId, usize)>>,
}

impl Movers {
    pub(super) fn new(conduct: &crate::model::conduct::Conduct) -> Self {
        let mut out = Self::default();
        for (id, action) in (0u32..).map(ActionId).zip(&conduct.actions) {
            for (i, change) in action.changes.iter().enumerate() {
                match &change.quantity {
                    Quantity::Balance(f) => out.funds.entry(*f).or_default().push((id, i)),
                    Quantity::Attribute(_, name) => out.attributes.entry(name.clone()).or_default().push((id, i)),
                    _ => {}
                }
            }
        }
        out
    }
}

/// The name of an attribute's variable, as [`crate::model::Unknown`] has it; members without a name are numbered from 1.
#[must_use]
pub fn attribute_name(program: &crate::model::Program, who: Actor, name: &str) -> String {
    match who {
        Actor::Party(p) => format!("{name}({})", program.party_name(p)),
        Actor::Unnamed(k, i) => format!("{name}({} {})", program.kind_name(k), u64::from(i) + 1),
        Actor::Outsider(i) => format!("{name}(outsider {})", u64::from(i) + 1),
    }
}

/// What stands for a number that an occurrence leaves open, by its place in the situation.
pub(super) fn argument_of(place: usize, occurrence: Option<usize>) -> Var {
    Var::real(format!("argument {place} of occurrence {occurrence:?}"))
}

fn zero() -> Sum {
    Sum::constant(BigRational::zero())
}

impl Run<'_> {
    /// A number, if nothing unknown decides it.
    #[must_use]
    pub fn quantity(&self, quantity: &Quantity, scope: &mut Scope<'_>, day: i64) -> Option<BigRational> {
        self.number(quantity, scope, day)
    }

    /// What a fund holds on a day, if it is known.
    #[must_use]
    pub fn balance(&self, fund: FundId, day: i64) -> Option<BigRational> {
        self.fund(fund, day).number().cloned()
    }

    pub(super) fn number(&self, quantity: &Quantity, scope: &mut Scope<'_>, day: i64) -> Option<BigRational> {
        let mut fresh = Fresh::default();
        self.amount(quantity, scope, day, &mut fresh).number().cloned()
    }

    /// Two quantities compared.
    pub(super) fn compare(&self, a: &Quantity, how: Compare, b: &Quantity, scope: &mut Scope<'_>, day: i64) -> Truth {
        let mut fresh = Fresh::default();
        let left = self.amount(a, scope, day, &mut fresh);
        let right = self.amount(b, scope, day, &mut fresh);
        self.decide(compared(&left, how, &right), fresh.side)
    }

    /// A condition over what is not known, under the ranges of what it reads.
    pub(super) fn decide(&self, condition: Known, side: Vec<Known>) -> Truth {
        if let Known::Known(b) = condition {
            return Truth::of(b);
        }
        let mut vars = Vec::new();
        read(&condition, &mut vars);
        side.iter().for_each(|s| read(s, &mut vars));
        vars.sort();
        vars.dedup();
        let ranges =
            vars.iter().filter_map(|x| self.clock.range(x)).map(|f| Known::of(f).assign(&self.situation.values));
        let known = Known::all(ranges.chain(side));
        if decide::possible(&Known::all([known.clone(), condition.clone()])) == Possible::No {
            return Truth::No;
        }
        if decide::possible(&Known::all([known, condition.not()])) == Possible::No {
            Truth::Yes
        } else {
            Truth::Unknown
        }
    }

    pub(super) fn amount(&self, quantity: &Quantity, scope: &mut Scope<'_>, day: i64, fresh: &mut Fresh) -> Sum {
        match quantity {
            Quantity::Fixed(t) => self.dated(Sum::of(t), day).assign(&self.situation.values),
            Quantity::Attribute(who, name) => match scope.who(*who) {
                Some(who) => self.attribute(who, name, day),
                None => fresh.unknown(),
            },
            Quantity::Balance(f) => self.fund(*f, day),
            // only changes read the act at hand: see `moved`
            Quantity::Argument(_) => fresh.unknown(),
            Quantity::Scaled(c, inner) => zero().plus(&self.amount(inner, scope, day, fresh), c),
            Quantity::Sum(parts) => {
                parts.iter().fold(zero(), |sum, p| sum.plus(&self.amount(p, scope, day, fresh), &BigRational::one()))
            }
            Quantity::Total { variable, value, filter } => {
                let mut sum = zero();
                let (mut low, mut high, mut open) = (BigRational::zero(), BigRational::zero(), false);
                let before = scope.get(*variable);
                let mut unbounded = false;
                for who in self.values_of(*variable, scope, Some(filter), day) {
                    scope.set(*variable, Some(who));
                    let counts = self.admitted(*variable, scope, day).and(self.holds(filter, scope, day));
                    if counts.is_no() {
                        continue;
                    }
                    let part = self.amount(value, scope, day, fresh);
                    match (counts, part.number()) {
                        (Truth::Yes, _) => sum = sum.plus(&part, &BigRational::one()),
                        (_, Some(n)) if n.is_negative() => (low, open) = (low + n, true),
                        (_, Some(n)) => (high, open) = (high + n, true),
                        _ => unbounded = true,
                    }
                }
                scope.set(*variable, before);
                if unbounded {
                    return fresh.unknown();
                }
                if open {
                    sum = sum.plus(&fresh.between(&low, &high), &BigRational::one());
                }
                sum
            }
        }
    }

    /// A sum with the calendar day of a day put in.
    fn dated(&self, sum: Sum, at: i64) -> Sum {
        match self.situation.start {
            Some(start) if sum.parts.contains_key(&day()) => {
                let date = BigRational::from_integer(start.saturating_add(at).into());
                sum.replace(&day(), &Sum::constant(date))
            }
            _ => sum,
        }
    }

    /// An attribute of somebody on a day.
    pub(super) fn attribute(&self, who: Actor, name: &str, day: i64) -> Sum {
        let stated = match who {
            Actor::Party(p) => self.program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(name)),
            _ => None,
        };
        let start = match stated {
            Some(AttributeValue::Quantity(t, _)) => Sum::of(t),
            _ => {
                let text = attribute_name(self.program, who, name);
                let whole = Var::new(text.clone(), Sort::Int);
                let var = if self.situation.values.get(&whole).is_some() { whole } else { Var::real(text) };
                Sum::var(&var)
            }
        };
        let movers = self.text.movers.attributes.get(name).map_or(&[][..], Vec::as_slice);
        self.moved(start.assign(&self.situation.values), movers, day, |change, act| match change {
            Quantity::Attribute(Who::Var(v), _) => act.args.get(v.0 as usize) == Some(&Arg::Actor(who)),
            Quantity::Attribute(Who::Party(p), _) => who == Actor::Party(*p),
            _ => false,
        })
    }

    fn fund(&self, fund: FundId, day: i64) -> Sum {
        let start = self.program.conduct.funds.get(fund.0 as usize).map_or_else(zero, |f| Sum::of(&f.amount));
        let movers = self.text.movers.funds.get(&fund).map_or(&[][..], Vec::as_slice);
        self.moved(start.assign(&self.situation.values), movers, day, |_, _| true)
    }

    fn moved(
        &self,
        mut sum: Sum,
        movers: &[(ActionId, usize)],
        day: i64,
        means: impl Fn(&Quantity, &Act) -> bool,
    ) -> Sum {
        for (action, i) in movers {
            let Some(change) = self.program.conduct.action(*action).and_then(|a| a.changes.get(*i)) else { continue };
            for act in self.log.of(*action).filter(|a| a.from <= day) {
                if means(&change.quantity, act) {
                    sum = sum.plus(&self.change(&change.by, act), &BigRational::one());
                }
            }
        }
        sum
    }

    /// By how much an act changes a quantity.
    pub(super) fn change(&self, by: &Quantity, act: &Act) -> Sum {
        match by {
            Quantity::Fixed(t) => Sum::of(t).assign(&self.situation.values),
            Quantity::Argument(i) => match act.args.get(*i) {
                Some(Arg::Number(range)) if range.single().is_some() => {
                    Sum::constant(range.single().cloned().unwrap_or_else(BigRational::zero))
                }
                // the same act has the same unsaid number each time it is asked for
                _ => Sum::var(&argument_of(*i, act.index)),
            },
            Quantity::Scaled(c, inner) => zero().plus(&self.change(inner, act), c),
            Quantity::Sum(parts) => {
                parts.iter().fold(zero(), |sum, p| sum.plus(&self.change(p, act), &BigRational::one()))
            }
            // read on the day before: acts of one day have no order
            Quantity::Attribute(Who::Var(v), name) => match act.args.get(v.0 as usize) {
                Some(Arg::Actor(who)) => self.attribute(*who, name, act.from.saturating_sub(1)),
                _ => Sum::var(&Var::real(format!("{name} of occurrence {:?}", act.index))),
            },
            Quantity::Attribute(Who::Party(p), name) => {
                self.attribute(Actor::Party(*p), name, act.from.saturating_sub(1))
            }
            Quantity::Balance(f) => self.fund(*f, act.from.saturating_sub(1)),
            Quantity::Total { .. } => Sum::var(&Var::real(format!("change by occurrence {:?}", act.index))),
        }
    }

    /// Whether somebody has a true-or-false attribute.
    pub(super) fn truth_of(&self, who: Actor, name: &str) -> Truth {
        let stated = match who {
            Actor::Party(p) => self.program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(name)),
            _ => None,
        };
        match stated {
            Some(AttributeValue::Bool(f)) => self.decide(Known::of(f).assign(&self.situation.values), Vec::new()),
            Some(_) => Truth::Unknown,
            None => {
                let var = Var::bool(attribute_name(self.program, who, name));
                match self.situation.values.get(&var) {
                    Some(Value::Bool(b)) => Truth::of(*b),
                    _ => Truth::Unknown,
                }
            }
        }
    }

    /// Whom a variable of a condition may range over; with a filter, only those who may pass it.
    pub(super) fn values_of(
        &self,
        variable: crate::model::conduct::VarId,
        scope: &mut Scope<'_>,
        filter: Option<&crate::model::conduct::Condition>,
        day: i64,
    ) -> Vec<Actor> {
        if let Some(filter) = filter
            && let Some(seeds) = self.seeds(&[variable], filter, scope, day)
        {
            let mut out: Vec<Actor> = Vec::new();
            for seed in seeds {
                match seed.get(variable.0 as usize).copied().flatten() {
                    Some(who) => out.push(who),
                    None => return self.range_of(variable, scope),
                }
            }
            out.sort_unstable();
            out.dedup();
            return out;
        }
        self.range_of(variable, scope)
    }

    pub(super) fn range_of(&self, variable: crate::model::conduct::VarId, scope: &Scope<'_>) -> Vec<Actor> {
        scope.variables.get(variable.0 as usize).map_or_else(Vec::new, |v| self.members.range(v.domain))
    }

    /// Whether a variable may have the value that it has: it is in its domain, differs from whom it must, passes its filter.
    pub(super) fn admitted(&self, variable: crate::model::conduct::VarId, scope: &mut Scope<'_>, day: i64) -> Truth {
        let variables = scope.variables;
        let Some(v) = variables.get(variable.0 as usize) else { return Truth::No };
        let Some(who) = scope.get(variable) else {
            // nobody was named to the rule
            return Truth::of(v.binder == Binder::Rule);
        };
        let mut out = self.members.in_domain(self.program, v.domain, scope.norm, who, day);
        if v.distinct.iter().any(|d| scope.who(*d) == Some(who)) {
            return Truth::No;
        }
        if !out.is_no()
            && let Some(filter) = &v.filter
        {
            out = out.and(self.holds(filter, scope, day));
        }
        out
    }
}

/// `a` compared with `b`.
pub(super) fn compared(a: &Sum, how: Compare, b: &Sum) -> Known {
    let minus = -BigRational::one();
    let (less, more) = (|| a.plus(b, &minus), || b.plus(a, &minus));
    match how {
        Compare::Equal => Known::compare(Sign::Zero, less()),
        Compare::NotEqual => Known::compare(Sign::NotZero, less()),
        Compare::Less => Known::compare(Sign::Below, less()),
        Compare::AtMost => Known::compare(Sign::AtMost, less()),
        Compare::Greater => Known::compare(Sign::Below, more()),
        Compare::AtLeast => Known::compare(Sign::AtMost, more()),
    }
}

impl Fresh {
    fn var(&mut self) -> Var {
        self.next += 1;
        Var::real(format!("not known {}", self.next))
    }

    fn unknown(&mut self) -> Sum {
        Sum::var(&self.var())
    }

    fn between(&mut self, low: &BigRational, high: &BigRational) -> Sum {
        let var = Sum::var(&self.var());
        self.side.push(compared(&Sum::constant(low.clone()), Compare::AtMost, &var));
        self.side.push(compared(&var, Compare::AtMost, &Sum::constant(high.clone())));
        var
    }
}

fn read(condition: &Known, out: &mut Vec<Var>) {
    match condition {
        Known::Known(_) => {}
        Known::Truth(x, _) => out.push(x.clone()),
        Known::Compare(_, t) | Known::Multiple(_, t, _) => out.extend(t.parts.keys().cloned()),
        Known::All(parts) | Known::Any(parts) => parts.iter().for_each(|p| read(p, out)),
    }
}
