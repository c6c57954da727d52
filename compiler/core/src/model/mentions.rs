//! What norms, rules and conditions mention: parties by name, attributes, kinds, terms, acts, breaches, funds, title to ground.
//!
//! In: parts of [`Conduct`]. Out: [`Mentions`], gathered into sets. From it follow who is told apart from whom
//! (`semantics.md` §21), which norms meet (§20), and on what a question depends.

use super::conduct::{
    ActionId, Arises, Compare, Condition, Conduct, Days, Deed, FundId, Match, Norm, NormId, Pattern, Place, Quantity,
    Rule, Sort, Trigger, Variable, Who, Window,
};
use super::{KindId, PartyId};
use crate::logic::{BigRational, Formula, Linear, Var};
use num_traits::{Signed, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// How an attribute is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// only how it compares with numbers: of whoever it is, it alone
    Compared(BTreeSet<(Compare, BigRational)>),
    /// in any other way: added up, compared with what is no number, as the bound of an amount
    Value,
}

/// What was mentioned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// by name
    pub parties: BTreeSet<PartyId>,
    /// attributes that are read of whoever it is, and how
    pub attributes: BTreeMap<String, Reading>,
    /// of whom: of whoever a variable of the part stands for, of one by name, of whoever it is where that is not said
    pub whose: BTreeSet<(String, Option<Who>)>,
    /// kinds that parts are limited to; never `Party`
    pub kinds: BTreeSet<KindId>,
    /// actions and events that are to be done, or that a condition looks for
    pub actions: BTreeSet<ActionId>,
    /// norms whose breach a condition or a trigger looks for
    pub breaches: BTreeSet<NormId>,
    /// funds whose balance is read
    pub funds: BTreeSet<FundId>,
    /// open terms and unknown attributes
    pub vars: BTreeSet<Var>,
    /// whether it is asked whose ground something is
    pub title: bool,
    /// whether it is asked what somebody may do
    pub may: bool,
}

impl Mentions {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A norm, with the actions that it names.
    pub fn norm(&mut self, conduct: &Conduct, norm: &Norm) {
        self.variables(conduct, &norm.variables);
        self.who(norm.subject);
        if let Some(group) = &norm.group {
            self.quantity(conduct, &group.least);
        }
        match &norm.deed {
            Deed::Act(pattern) => self.pattern(conduct, pattern),
            Deed::Ensure(condition) => self.condition(conduct, condition),
            Deed::Before { first, days, then } => {
                self.pattern(conduct, first);
                self.days(days);
                self.pattern(conduct, then);
            }
            Deed::Alike { action, .. } => self.action(conduct, *action),
        }
        if let Arises::Every(days) = &norm.arises {
            self.days(days);
        }
        self.window(&norm.window);
        self.condition(conduct, &norm.when);
        self.condition(conduct, &norm.unless);
    }

    /// A rule, without its norms.
    pub fn rule(&mut self, conduct: &Conduct, rule: &Rule) {
        self.variables(conduct, &rule.variables);
        match &rule.trigger {
            Trigger::Breach { norms, .. } => self.breaches.extend(norms.iter().copied()),
            Trigger::Occurs(pattern) => self.pattern(conduct, pattern),
        }
        if let Some(lift) = &rule.lift {
            self.condition(conduct, lift);
        }
        for ceiling in &rule.ceilings {
            self.window(&ceiling.window);
        }
        for compensation in &rule.compensation {
            self.action(conduct, compensation.event);
        }
    }

    /// The variables of a norm or a rule.
    pub fn variables(&mut self, conduct: &Conduct, variables: &[Variable]) {
        for variable in variables {
            self.kind(variable.domain.kind);
            for who in &variable.distinct {
                self.who(*who);
            }
            if let Some(filter) = &variable.filter {
                self.condition(conduct, filter);
            }
        }
    }

    /// A pattern.
    pub fn pattern(&mut self, conduct: &Conduct, pattern: &Pattern) {
        self.action(conduct, pattern.action);
        for argument in &pattern.arguments {
            match argument {
                Match::Is(who) => self.who(*who),
                Match::Number(_, quantity) => self.quantity(conduct, quantity),
                Match::Any | Match::Anyone | Match::Thing(_) | Match::Region(_) | Match::Binds(_) => {}
            }
        }
        match pattern.place {
            Some(Place::TerritoryOf(who) | Place::ClaimedBy(who)) => {
                self.who(who);
                self.title = true;
            }
            Some(Place::Region(_)) | None => {}
        }
    }

    /// A condition.
    pub fn condition(&mut self, conduct: &Conduct, condition: &Condition) {
        match condition {
            Condition::Fixed(formula) => self.formula(formula),
            Condition::Compare(a, how, b) => match with_number(a, *how, b) {
                Some((who, name, how, number)) => {
                    self.who(who);
                    self.whose.insert((name.to_owned(), Some(who)));
                    self.compared(name, how, number);
                }
                None => {
                    self.quantity(conduct, a);
                    self.quantity(conduct, b);
                }
            },
            Condition::Attribute(who, name) => {
                self.who(*who);
                self.of(*who, name);
            }
            Condition::Same(a, b) => {
                self.who(*a);
                self.who(*b);
            }
            Condition::Kind(who, kind) => {
                self.who(*who);
                self.kind(*kind);
            }
            Condition::Occurred { pattern, last } => {
                self.pattern(conduct, pattern);
                last.iter().for_each(|d| self.days(d));
            }
            Condition::Breached { norms, by, against, last } => {
                self.breaches.extend(norms.iter().copied());
                by.iter().chain(against).for_each(|w| self.who(*w));
                last.iter().for_each(|d| self.days(d));
            }
            Condition::May(pattern) => {
                self.may = true;
                self.pattern(conduct, pattern);
            }
            Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => {
                self.condition(conduct, inner);
            }
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|c| self.condition(conduct, c)),
        }
    }

    /// A quantity.
    pub fn quantity(&mut self, conduct: &Conduct, quantity: &Quantity) {
        match quantity {
            Quantity::Fixed(linear) => self.linear(linear),
            Quantity::Attribute(who, name) => {
                self.who(*who);
                self.of(*who, name);
            }
            Quantity::Balance(fund) => {
                self.funds.insert(*fund);
                if let Some(f) = conduct.funds.get(fund.0 as usize) {
                    self.linear(&f.amount);
                }
            }
            Quantity::Argument(_) => {}
            Quantity::Scaled(_, inner) => self.quantity(conduct, inner),
            Quantity::Sum(parts) => parts.iter().for_each(|q| self.quantity(conduct, q)),
            Quantity::Total { value, filter, .. } => {
                self.quantity(conduct, value);
                self.condition(conduct, filter);
            }
        }
    }

    /// A window.
    pub fn window(&mut self, window: &Window) {
        let lengths = [&window.offset, &window.after, &window.within, &window.until];
        lengths.into_iter().flatten().for_each(|d| self.days(d));
        window.until_date.iter().chain(&window.from_date).for_each(|l| self.linear(l));
    }

    /// The value of an attribute, of whoever it is.
    pub fn attribute(&mut self, name: &str) {
        self.attributes.insert(name.to_owned(), Reading::Value);
        self.whose.insert((name.to_owned(), None));
    }

    fn of(&mut self, who: Who, name: &str) {
        self.attributes.insert(name.to_owned(), Reading::Value);
        self.whose.insert((name.to_owned(), Some(who)));
    }

    /// How an attribute compares with a number.
    fn compared(&mut self, name: &str, how: Compare, number: BigRational) {
        let known = self.attributes.entry(name.to_owned()).or_insert_with(|| Reading::Compared(BTreeSet::new()));
        if let Reading::Compared(all) = known {
            all.insert((how, number));
        }
    }

    fn who(&mut self, who: Who) {
        if let Who::Party(p) = who {
            self.parties.insert(p);
        }
    }

    fn kind(&mut self, kind: KindId) {
        if kind.0 != 0 {
            self.kinds.insert(kind);
        }
    }

    /// The kinds that its parameters are limited to come with an action.
    fn action(&mut self, conduct: &Conduct, id: ActionId) {
        if !self.actions.insert(id) {
            return;
        }
        let Some(action) = conduct.action(id) else { return };
        for parameter in &action.parameters {
            if let Sort::Party(kind) = parameter.sort {
                self.kind(kind);
            }
            parameter.default.iter().for_each(|l| self.linear(l));
        }
        let before = std::mem::take(&mut self.whose);
        for change in &action.changes {
            self.quantity(conduct, &change.quantity);
            self.quantity(conduct, &change.by);
        }
        for cut in &action.cuts {
            self.quantity(conduct, &cut.share);
        }
        // the variables of an action are its own
        let own = std::mem::replace(&mut self.whose, before);
        self.whose.extend(own.into_iter().map(|(name, _)| (name, None)));
    }

    fn days(&mut self, days: &Days) {
        self.linear(&days.days);
    }

    fn linear(&mut self, linear: &Linear) {
        self.vars.extend(linear.vars().cloned());
    }

    fn formula(&mut self, formula: &Formula) {
        self.vars.extend(formula.vars());
    }
}

/// A comparison of one attribute, or a multiple of it, with a number, and of nothing else: whose, which, how and with what.
fn with_number<'q>(a: &'q Quantity, how: Compare, b: &'q Quantity) -> Option<(Who, &'q str, Compare, BigRational)> {
    let (one, how, number) = match (number(a), number(b)) {
        (None, Some(number)) => (a, how, number),
        (Some(number), None) => (b, how.turned(), number),
        _ => return None,
    };
    let (who, name, by) = multiple(one)?;
    let how = if by.is_negative() { how.turned() } else { how };
    (!by.is_zero()).then(|| (who, name, how, number / by))
}

/// The number that a quantity is.
fn number(q: &Quantity) -> Option<BigRational> {
    match q {
        Quantity::Fixed(linear) => linear.as_constant().cloned(),
        Quantity::Scaled(by, inner) => Some(by * number(inner)?),
        _ => None,
    }
}

/// The attribute of which a quantity is a multiple, and which.
fn multiple(q: &Quantity) -> Option<(Who, &str, BigRational)> {
    match q {
        Quantity::Attribute(who, name) => Some((*who, name, BigRational::from_integer(1.into()))),
        Quantity::Scaled(by, inner) => multiple(inner).map(|(who, name, of)| (who, name, by * of)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Mentions, Reading};
    use crate::logic::{BigRational, Linear};
    use crate::model::conduct::{Compare, Condition, Conduct, Quantity, VarId, Who};
    use std::collections::BTreeSet;

    fn size() -> Quantity {
        Quantity::Attribute(Who::Var(VarId(0)), "size".to_owned())
    }

    fn fixed(n: i64) -> Quantity {
        Quantity::Fixed(Linear::int(n))
    }

    fn times(n: i64, q: Quantity) -> Quantity {
        Quantity::Scaled(BigRational::from_integer(n.into()), Box::new(q))
    }

    fn read(conditions: impl IntoIterator<Item = (Quantity, Compare, Quantity)>) -> Reading {
        let mut mentions = Mentions::new();
        for (a, how, b) in conditions {
            mentions.condition(&Conduct::default(), &Condition::Compare(a, how, b));
        }
        mentions.attributes["size"].clone()
    }

    #[test]
    fn what_is_compared_with_numbers_alone_is_read_so() {
        let at = |how, n: i64, of: i64| (how, BigRational::new(n.into(), of.into()));
        let compared = |all: [_; 3]| Reading::Compared(BTreeSet::from(all));
        let found = read([
            (size(), Compare::AtLeast, fixed(3)),
            // 4 less than -2 times it: it is below -2
            (fixed(4), Compare::Less, times(-2, size())),
            (times(2, size()), Compare::NotEqual, times(3, fixed(1))),
        ]);
        assert_eq!(
            found,
            compared([at(Compare::AtLeast, 3, 1), at(Compare::Less, -2, 1), at(Compare::NotEqual, 3, 2)])
        );
    }

    #[test]
    fn what_is_read_otherwise_too_keeps_its_value() {
        let plain = || (size(), Compare::AtLeast, fixed(3));
        let otherwise = [
            (Quantity::Sum(vec![size(), fixed(1)]), Compare::AtLeast, fixed(3)),
            (size(), Compare::AtMost, times(2, size())),
            (times(0, size()), Compare::AtMost, fixed(3)),
            (size(), Compare::AtMost, Quantity::Balance(crate::model::conduct::FundId(0))),
            (size(), Compare::AtMost, Quantity::Fixed(Linear::var(&crate::logic::Var::real("open")))),
        ];
        for other in otherwise {
            assert_eq!(read([plain(), other.clone()]), Reading::Value);
            assert_eq!(read([other, plain()]), Reading::Value);
        }
    }
}
