//! Quantities of a situation on a day: attributes, balances, counts and sums (semantics §4, §10).
//!
//! In: a [`Quantity`] under an [`At`]. Out: [`Cases`]: linear terms, each with the condition under which it is the value. There
//! is mostly one. What acts change, and who is counted, adds a variable that is defined in the background; where such a
//! definition would speak of a variable that is to be projected, it is taken apart into cases instead.

use super::instance::{At, Env};
use super::slot::{Act, Arg, What};
use super::{Kind, Needs, Scene, Term};
use crate::logic::{BigRational, Formula, Linear, Sort, Var};
use crate::model::conduct::{Actor, Compare, Condition, Quantity, VarId, Who};
use crate::model::{AttributeValue, PartyId, Program};

/// Values with their conditions: exactly one of these holds.
#[derive(Debug, Clone)]
pub(super) struct Cases {
    list: Vec<(Formula, Linear)>,
    needs: Needs,
}

/// Why that there is none is not shown where acts change a quantity.
pub const CHANGED: &str = "a quantity is changed by any number of acts";

/// How many cases one quantity may have.
const MOST: usize = 256;

impl Cases {
    fn one(value: Linear) -> Self {
        Self { list: vec![(Formula::truth(), value)], needs: Needs::default() }
    }

    fn scale(mut self, by: &BigRational) -> Self {
        self.list.iter_mut().for_each(|(_, v)| *v = v.scale(by));
        self
    }

    fn add(self, other: &Self) -> Self {
        let mut list = Vec::new();
        for (f, v) in &self.list {
            for (g, w) in &other.list {
                let both = Formula::and([f.clone(), g.clone()]);
                if !both.is_false() {
                    list.push((both, v + w));
                }
            }
        }
        Self { list, needs: self.needs.plus(&other.needs) }
    }

    /// How it compares with another quantity.
    fn compare(&self, how: Compare, other: &Self) -> Term {
        let mut cases = Vec::new();
        for (f, v) in &self.list {
            for (g, w) in &other.list {
                cases.push(Formula::and([f.clone(), g.clone(), compare(how, v, w)]));
            }
        }
        let needs = self.needs.clone().plus(&other.needs);
        Term { formula: Formula::or(cases), yes: needs.clone(), no: needs }
    }
}

/// A comparison.
pub(crate) fn compare(how: Compare, a: &Linear, b: &Linear) -> Formula {
    match how {
        Compare::Equal => Formula::eq(a, b),
        Compare::NotEqual => Formula::ne(a, b),
        Compare::Less => Formula::lt(a, b),
        Compare::AtMost => Formula::le(a, b),
        Compare::Greater => Formula::gt(a, b),
        Compare::AtLeast => Formula::ge(a, b),
    }
}

/// The name of an attribute of somebody without a name: `stake(Member 1)`.
pub(crate) fn unnamed_attribute(program: &Program, actor: Actor, name: &str) -> String {
    match actor {
        Actor::Party(p) => format!("{name}({})", program.party_name(p)),
        Actor::Unnamed(kind, n) => format!("{name}({} {})", program.kind_name(kind), u64::from(n) + 1),
        Actor::Outsider(n) => format!("{name}(outsider {})", u64::from(n) + 1),
    }
}

impl Scene<'_> {
    /// A comparison of quantities.
    pub(super) fn compared(&mut self, a: &Quantity, how: Compare, b: &Quantity, at: At<'_>) -> Term {
        let a = self.quantity(a, at, None);
        let b = self.quantity(b, at, None);
        a.compare(how, &b)
    }

    /// A comparison of a number with a quantity.
    pub(super) fn number_compared(&mut self, a: &Linear, how: Compare, b: &Quantity, at: At<'_>) -> Term {
        let b = self.quantity(b, at, None);
        Cases::one(a.clone()).compare(how, &b)
    }

    /// The one value of a quantity, where it has one.
    pub(crate) fn value(&mut self, q: &Quantity, at: At<'_>) -> Option<Linear> {
        let cases = self.quantity(q, at, None);
        match cases.list.as_slice() {
            [(_, value)] => Some(value.clone()),
            _ => None,
        }
    }

    fn quantity(&mut self, q: &Quantity, at: At<'_>, act: Option<&Act>) -> Cases {
        match q {
            Quantity::Fixed(value) => Cases::one(value.clone()),
            Quantity::Argument(i) => match act.and_then(|a| a.arguments.get(*i)) {
                Some(Arg::Number(value)) => Cases::one(value.clone()),
                _ => {
                    self.refuse("an argument that is no number is added up");
                    Cases::one(Linear::zero())
                }
            },
            Quantity::Scaled(by, inner) => self.quantity(inner, at, act).scale(by),
            Quantity::Sum(parts) => {
                let mut sum = Cases::one(Linear::zero());
                for part in parts {
                    let next = self.quantity(part, at, act);
                    sum = sum.add(&next);
                    if sum.list.len() > MOST {
                        self.refuse("a sum has too many cases");
                        return Cases::one(Linear::zero());
                    }
                }
                sum
            }
            Quantity::Attribute(who, name) => {
                let Some(figure) = self.who(*who, at.env) else { return Cases::one(Linear::zero()) };
                let initial = self.attribute(figure, name);
                self.changed(&format!("{name} of {figure}"), initial, at.day, &|q, act| match q {
                    Quantity::Attribute(Who::Var(VarId(i)), other) if other == name => {
                        act.arguments.get(*i as usize).and_then(super::instance::figure).map(|pick| pick.is(figure))
                    }
                    _ => None,
                })
            }
            Quantity::Balance(fund) => {
                let initial = self.program.conduct.funds.get(fund.0 as usize).map(|f| f.amount.clone());
                self.changed(&format!("balance {}", fund.0), initial.unwrap_or_default(), at.day, &|q, _| match q {
                    Quantity::Balance(other) if other == fund => Some(Formula::truth()),
                    _ => None,
                })
            }
            Quantity::Total { variable, value, filter } => self.total(*variable, value, filter, at),
        }
    }

    /// A stated or unknown quantity of somebody.
    fn attribute(&mut self, figure: usize, name: &str) -> Linear {
        let Some(f) = self.universe.figure(figure) else { return Linear::zero() };
        match f.actor {
            Actor::Party(p) => self.party_attribute(p, name),
            Actor::Unnamed(..) | Actor::Outsider(_) => {
                let var = self.unnamed_attribute(f.actor, name, Sort::Real);
                Linear::var(&var)
            }
        }
    }

    fn party_attribute(&self, party: PartyId, name: &str) -> Linear {
        match self.program.parties.get(party.0 as usize).and_then(|p| p.attributes.get(name)) {
            Some(AttributeValue::Quantity(value, _)) => value.clone(),
            _ => {
                // whole numbers are unknown as whole numbers
                let text = format!("{name}({})", self.program.party_name(party));
                let unknown = self.program.unknowns.iter().find(|u| u.party == party && u.var.name() == text);
                Linear::var(&unknown.map_or_else(|| Var::real(text), |u| u.var.clone()))
            }
        }
    }

    /// The unknown attribute of somebody without a name: of the sort and in the range of those who have one.
    fn unnamed_attribute(&mut self, actor: Actor, name: &str, default: Sort) -> Var {
        let words = unnamed_attribute(self.program, actor, name);
        let like = self.program.unknowns.iter().find(|u| {
            let of = self.program.party_name(u.party);
            u.var.name() == format!("{name}({of})")
        });
        let var = Var::new(words, like.map_or(default, |u| u.var.sort()));
        if let Some(range) = like.and_then(|u| u.range.substitute(&u.var, &Linear::var(&var))) {
            self.background.push(range);
        }
        var
    }

    /// A true-or-false attribute of somebody.
    pub(super) fn truth_of(&mut self, who: Who, name: &str, env: &Env) -> Term {
        let Some(figure) = self.who(who, env) else { return Term::falsity() };
        let Some(f) = self.universe.figure(figure) else { return Term::falsity() };
        let actor = f.actor;
        let formula = match actor {
            Actor::Party(p) => match self.program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(name)) {
                Some(AttributeValue::Bool(value)) => value.clone(),
                _ => Formula::atom(&Var::bool(format!("{name}({})", self.program.party_name(p)))),
            },
            Actor::Unnamed(..) | Actor::Outsider(_) => Formula::atom(&self.unnamed_attribute(actor, name, Sort::Bool)),
        };
        Term::fixed(formula)
    }

    /// A quantity on a day: what it was at the start, and what acts have changed since.
    fn changed(
        &mut self,
        what: &str,
        initial: Linear,
        day: &Linear,
        affects: &dyn Fn(&Quantity, &Act) -> Option<Formula>,
    ) -> Cases {
        let mut sum = Cases::one(initial);
        for action in self.frame.changing.clone() {
            let Some(declared) = self.program.conduct.action(action) else { continue };
            let kind = Kind::Act(action);
            let acts =
                self.slots(kind).into_iter().filter_map(|s| if let What::Act(a) = s.what { Some(a) } else { None });
            let touches = |act: &Act| declared.changes.iter().any(|c| affects(&c.quantity, act).is_some());
            if !acts.into_iter().any(|act| touches(&act)) {
                continue;
            }
            if self.of_the_day {
                if self.bound.iter().any(|x| day.mentions(x)) {
                    self.refuse("a quantity is asked of every day");
                }
                return Cases::one(Linear::var(&Var::real(format!("\u{0}{what} on {day}"))));
            }
            sum.needs = sum.needs.plus(&Needs::one(kind));
            sum.needs.more.insert(CHANGED.to_owned());
            for slot in self.slots(kind) {
                let What::Act(act) = &slot.what else { continue };
                for change in &declared.changes {
                    let Some(whose) = affects(&change.quantity, act) else { continue };
                    let nobody = Env::new();
                    let at = At { variables: &[], env: &nobody, day, base: None };
                    let by = self.quantity(&change.by, at, Some(act));
                    let done = Formula::and([slot.present.clone(), whose, Formula::le(&act.from, day)]);
                    for (case, by) in by.list {
                        let applies = Formula::and([done.clone(), case]);
                        let part = self.conditional(&applies, &by);
                        sum = sum.add(&part);
                    }
                    if sum.list.len() > MOST {
                        self.refuse("a sum has too many cases");
                        return Cases::one(Linear::zero());
                    }
                }
            }
        }
        sum
    }

    /// A quantity where something applies, else 0.
    fn conditional(&mut self, applies: &Formula, by: &Linear) -> Cases {
        if applies.is_true() {
            return Cases::one(by.clone());
        }
        if applies.is_false() {
            return Cases::one(Linear::zero());
        }
        let bound = self.bound.iter().any(|x| by.mentions(x)) || self.is_bound(applies);
        if bound {
            let not = Formula::not(applies);
            return Cases { list: vec![(applies.clone(), by.clone()), (not, Linear::zero())], needs: Needs::default() };
        }
        let whole = by.is_integral() && by.offset().is_integer() && by.terms().all(|(_, c)| c.is_integer());
        let part = self.variable("part", if whole { Sort::Int } else { Sort::Real });
        let value = Linear::var(&part);
        self.background.push(Formula::ite(applies, &Formula::eq(&value, by), &Formula::eq(&value, &Linear::zero())));
        Cases::one(value)
    }

    /// A count or a sum over members.
    fn total(&mut self, variable: VarId, value: &Quantity, filter: &Condition, at: At<'_>) -> Cases {
        let Some(declared) = at.variables.get(variable.0 as usize) else { return Cases::one(Linear::zero()) };
        let open =
            self.frame.open.iter().any(|k| {
                self.program.is_kind(*k, declared.domain.kind) || self.program.is_kind(declared.domain.kind, *k)
            });
        if open {
            self.refuse("members are counted of a kind that is open in number");
            return Cases::one(Linear::zero());
        }
        let mut sum = Cases::one(Linear::zero());
        for figure in self.candidates(declared.domain) {
            let Some(parties) = self.universe.figure(figure).map(|f| (f.active, f.parties.clone())) else { continue };
            let mut env = at.env.clone();
            env.resize(env.len().max(variable.0 as usize + 1), None);
            if let Some(place) = env.get_mut(variable.0 as usize) {
                *place = Some(figure);
            }
            if declared.distinct.iter().any(|other| self.who(*other, &env) == Some(figure)) {
                // of an idle figure all but one are others
                if parties.1.len() <= 1 {
                    continue;
                }
                self.refuse("a party that takes part in nothing is left out of a count");
                continue;
            }
            let inner = At { env: &env, ..at };
            let own = declared.filter.as_ref().map_or_else(Term::truth, |f| self.condition(f, inner));
            let own = if declared.domain.outsiders { own } else { own.also(self.stays_member(figure, inner)) };
            let counts = own.also(self.closed(|scene| scene.condition(filter, inner)));
            if counts.is_false() {
                continue;
            }
            let by = self.quantity(value, inner, None);
            let mut needs = counts.yes.clone().plus(&counts.no);
            if !parties.0 && !needs.is_empty() {
                needs.more.insert("acts of many parties are counted".to_owned());
            }
            sum.needs = sum.needs.plus(&needs);
            let all = self.of_all(figure, &parties.1, &by);
            for (case, by) in all.list {
                let part = self.conditional(&Formula::and([counts.formula.clone(), case]), &by);
                sum = sum.add(&part);
            }
            if sum.list.len() > MOST {
                self.refuse("a count has too many cases");
                return Cases::one(Linear::zero());
            }
        }
        sum
    }

    /// The value of an idle figure, added up over all that it stands for.
    fn of_all(&self, figure: usize, parties: &[PartyId], one: &Cases) -> Cases {
        let first = match self.universe.figure(figure).map(|f| f.actor) {
            Some(Actor::Party(p)) if parties.len() > 1 => p,
            _ => return one.clone(),
        };
        let unknown = |of: PartyId, like: &Var| {
            let name = like.name().strip_suffix(&format!("({})", self.program.party_name(first)))?;
            Some(Var::new(format!("{name}({})", self.program.party_name(of)), like.sort()))
        };
        let list = one.list.iter().map(|(case, value)| {
            let mut all = Linear::zero();
            for party in parties {
                let mut own = value.clone();
                for x in value.vars() {
                    if let Some(y) = unknown(*party, x) {
                        own = own.replace(x, &Linear::var(&y));
                    }
                }
                all = &all + &own;
            }
            (case.clone(), all)
        });
        Cases { list: list.collect(), needs: one.needs.clone() }
    }
}
