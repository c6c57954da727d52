//! What norms, rules and conditions mention: parties by name, attributes, kinds, terms, acts, breaches, funds, title to ground.
//!
//! In: parts of [`Conduct`]. Out: [`Mentions`], gathered into sets. From it follow who is told apart from whom
//! (`semantics.md` §21), which norms meet (§20), and on what a question depends.

use super::conduct::{
    ActionId, Arises, Condition, Conduct, Days, Deed, FundId, Match, Norm, NormId, Pattern, Place, Quantity, Rule,
    Sort, Trigger, Variable, Who, Window,
};
use super::{KindId, PartyId};
use crate::logic::{Formula, Linear, Var};
use std::collections::BTreeSet;

/// What was mentioned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// by name
    pub parties: BTreeSet<PartyId>,
    /// attributes that are read of whoever it is
    pub attributes: BTreeSet<String>,
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
            Condition::Compare(a, _, b) => {
                self.quantity(conduct, a);
                self.quantity(conduct, b);
            }
            Condition::Attribute(who, name) => {
                self.who(*who);
                self.attributes.insert(name.clone());
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
                self.attributes.insert(name.clone());
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
        for change in &action.changes {
            self.quantity(conduct, &change.quantity);
            self.quantity(conduct, &change.by);
        }
        for cut in &action.cuts {
            self.quantity(conduct, &cut.share);
        }
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
