//! The currency of an argument that is declared as `Money` without one.
//!
//! In: each place that gives such an argument an amount, as the trees are walked. Out: the currency in which the argument is printed;
//! an error where two places give it in two, for nothing here converts. Where no place says, it is the one currency that the
//! whole program speaks of, if it speaks of one.

use super::super::Lower;
use crate::diagnostic::Diagnostic;
use crate::model::conduct::{ActionId, Quantity, Sort};
use crate::model::{AttributeValue, Print};
use crate::source::Span;
use crate::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// A place that gives an argument an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amount {
    action: ActionId,
    /// which of its parameters
    at: usize,
    /// in a scenario: what is stated comes before what is told
    told: bool,
    currency: String,
    span: Span,
}

impl<'p> Lower<'p> {
    /// Remembers that an argument is given in a currency, where its declaration leaves that open.
    pub(super) fn amount(&mut self, action: ActionId, at: usize, found: &Type, span: Span) {
        let Type::Money(currency) = found else { return };
        let open = self.conduct.types.get(action.0 as usize).and_then(|t| t.get(at)).is_some_and(is_any_money);
        let amount = Amount { action, at, told: self.conduct.telling, currency: currency.clone(), span };
        if open && !currency.is_empty() && !self.conduct.amounts.contains(&amount) {
            self.conduct.amounts.push(amount);
        }
    }

    /// The same of every argument that a quantity over arguments reads.
    pub(super) fn amounts_of(&mut self, action: ActionId, by: &Quantity, found: &Type, span: Span) {
        match by {
            Quantity::Argument(at) => self.amount(action, *at, found, span),
            Quantity::Scaled(_, inner) => self.amounts_of(action, inner, found, span),
            Quantity::Sum(parts) => parts.iter().for_each(|p| self.amounts_of(action, p, found, span)),
            Quantity::Fixed(_) | Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => {}
        }
    }

    /// Gives every argument its currency, once all has been read.
    pub(super) fn currencies(&mut self) {
        let mut amounts = std::mem::take(&mut self.conduct.amounts);
        let sources = self.scope.sources;
        amounts.sort_by_key(|a| (a.action, a.at, a.told, sources.path(a.span.file), a.span.start));
        let mut first: BTreeMap<(ActionId, usize), Amount> = BTreeMap::new();
        for amount in amounts {
            let known = first.entry((amount.action, amount.at)).or_insert_with(|| amount.clone());
            if known.currency != amount.currency {
                let (known, amount) = (known.clone(), amount);
                self.two_currencies(&known, &amount);
            }
        }
        let only = self.only_currency(&first);
        let types = std::mem::take(&mut self.conduct.types);
        for ((id, action), types) in (0u32..).zip(&mut self.scope.program.conduct.actions).zip(&types) {
            for (at, parameter) in action.parameters.iter_mut().enumerate() {
                let Sort::Number { print, .. } = &mut parameter.sort else { continue };
                let said = first.get(&(ActionId(id), at)).map(|a| &a.currency).or(only.as_ref());
                if types.get(at).is_some_and(is_any_money)
                    && let Some(currency) = said
                {
                    *print = Print::Unit(currency.clone());
                }
            }
        }
        self.conduct.types = types;
        self.unstated(only.as_deref());
    }

    /// Attributes that nobody states, declared as money of any currency, in the one that the program speaks of.
    fn unstated(&mut self, only: Option<&str>) {
        let Some(currency) = only else { return };
        let mut unknowns = std::mem::take(&mut self.scope.program.unknowns);
        for unknown in &mut unknowns {
            let owner = format!("({})", self.scope.program.party_name(unknown.party));
            let name = unknown.var.name().strip_suffix(&owner).unwrap_or_default();
            let sort = self.scope.attribute_of_kind(self.scope.kind_of(unknown.party), name);
            let bare = matches!(&unknown.print, Print::Unit(unit) if unit.is_empty());
            if bare && sort.is_some_and(|(sort, _)| is_any_money(&sort)) {
                unknown.print = Print::Unit(currency.to_owned());
            }
        }
        self.scope.program.unknowns = unknowns;
    }

    fn two_currencies(&mut self, first: &Amount, second: &Amount) {
        let Some(action) = self.scope.program.conduct.action(first.action) else { return };
        let name = action.parameters.get(first.at).map_or("", |p| p.name.as_str());
        let wanted = &first.currency;
        let error = Diagnostic::error(
            "two-currencies",
            second.span,
            format!("expected the `{name}` of `{}` in {wanted}, found {}", action.name, second.currency),
            format!("this is in {}", second.currency),
        )
        .label(first.span, format!("this is in {wanted}"))
        .help(format!(
            "state both in one currency, the checker does not convert; or declare another action for {}",
            second.currency
        ));
        self.scope.report(error);
    }

    /// The one currency of a program; none where it speaks of several.
    fn only_currency(&self, said: &BTreeMap<(ActionId, usize), Amount>) -> Option<String> {
        let program = &self.scope.program;
        let mut all: BTreeSet<&str> = said.values().map(|a| a.currency.as_str()).collect();
        all.extend(program.conduct.funds.iter().map(|f| f.currency.as_str()));
        let declared = self.conduct.types.iter().flatten();
        all.extend(declared.filter_map(|t| if let Type::Money(c) = t { Some(c.as_str()) } else { None }));
        for party in &program.parties {
            for (name, value) in &party.attributes {
                let sort = self.scope.attribute_of_kind(party.kind, name);
                if let (AttributeValue::Quantity(_, unit), Some((Type::Money(_), _))) = (value, sort) {
                    all.insert(unit);
                }
            }
        }
        let mut all = all.into_iter().filter(|c| !c.is_empty());
        let only = all.next()?;
        all.next().is_none().then(|| only.to_owned())
    }
}

/// Whether a type is money of any currency.
fn is_any_money(sort: &Type) -> bool {
    matches!(sort, Type::Money(currency) if currency.is_empty())
}
