//! Attributes of parties.
//!
//! In: a name and a party. Out: what the party states, or the variable of what nobody states.

use super::scope::Scope;
use super::{Type, Typed, Value};
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear, Var};
use crate::model::{AttributeValue, KindId, PartyId, Unknown};
use crate::resolve::names::{self};
use crate::source::Span;
use crate::syntax::tree::{Expr, Name};

impl<'p> Scope<'p> {
    /// Refuses `count of breaches`, where no attribute is called `count`: parties alone are counted.
    pub fn parties_counted(&mut self, name: &Name, of: &Expr) -> Option<()> {
        if name.text != "count" || name.quoted || self.attributes.iter().any(|a| a.contains_key("count")) {
            return Some(());
        }
        let found = self.sources.slice(of.span);
        self.report(
            Diagnostic::error(
                "wrong-type",
                of.span,
                format!("expected `every` and whom to count, found `{found}`"),
                "cannot be counted",
            )
            .note("parties are counted, by what holds of them: `where p has pay()`, `where breach of article 1 by p`")
            .help("write `(count of every party p where …) at most 2`"),
        );
        None
    }

    /// An attribute of a party.
    pub fn attribute(&mut self, name: &Name, of: &Typed, span: Span) -> Option<Typed> {
        let Value::Party(party) = of.value else {
            self.report(
                Diagnostic::error(
                    "wrong-type",
                    of.span,
                    format!("expected a party, found {}", of.sort.phrase()),
                    format!("`{}` is an attribute of parties", name.text),
                )
                .help(format!("write `{}(P)` with a party P", name.text)),
            );
            return None;
        };
        let kind = self.kind_of(party);
        let Some((sort, _)) = self.attribute_of_kind(kind, &name.text) else {
            let owner = self.program.party_name(party).to_owned();
            let kind_name = self.program.kinds.get(kind.0 as usize).map_or("Party", |k| k.name.as_str()).to_owned();
            let known = self.attribute_names(kind);
            let mut error = Diagnostic::error(
                "unknown-attribute",
                name.span,
                format!("`{owner}` has no attribute `{}`", name.text),
                format!("not declared by the kind `{kind_name}`"),
            );
            error = match names::nearest(&name.text, known.iter().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("declare it: `kind {kind_name} {{ {}: Number }}`", name.text)),
            };
            self.report(error);
            return None;
        };
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span });
        if let Some((atlas, region)) = self.attribute_regions.get(&(party, name.text.to_string())) {
            return typed(Type::Region(*atlas), Value::Region(region.clone().into()));
        }
        let stated =
            self.program.parties.get(party.0 as usize).and_then(|p| p.attributes.get(name.text.as_str())).cloned();
        match stated {
            Some(AttributeValue::Quantity(q, unit)) => {
                // an attribute declared as money of any currency has that of its value
                let sort = if matches!(sort, Type::Money(_)) { Type::Money(unit) } else { sort };
                typed(sort, Value::Quantity(q))
            }
            Some(AttributeValue::Bool(f)) => typed(Type::Bool, Value::Truth(f)),
            Some(AttributeValue::Text(t)) => typed(Type::Text, Value::Text(t)),
            Some(AttributeValue::Region(_)) => None,
            None if sort == Type::Bool => {
                let var = self.unknown(party, &name.text, &sort);
                typed(Type::Bool, Value::Truth(Formula::atom(&var)))
            }
            None if sort.is_quantity() => {
                let var = self.unknown(party, &name.text, &sort);
                typed(sort, Value::Quantity(Linear::var(&var)))
            }
            None => {
                let owner = self.program.party_name(party).to_owned();
                self.report(
                    Diagnostic::error(
                        "missing-attribute",
                        span,
                        format!("`{owner}` does not state its `{}`", name.text),
                        format!("{} cannot stand for any value", sort.phrase()),
                    )
                    .help(format!("state it: `party {owner} {{ {} = … }}`", name.text)),
                );
                None
            }
        }
    }

    /// The type of an attribute of a kind, inherited ones included, and where it is declared.
    #[must_use]
    pub fn attribute_of_kind(&self, kind: KindId, name: &str) -> Option<(Type, Span)> {
        let mut at = Some(kind);
        while let Some(k) = at {
            if let Some(found) = self.attributes.get(k.0 as usize).and_then(|a| a.get(name)) {
                return Some(found.clone());
            }
            at = self.program.kinds.get(k.0 as usize).and_then(|k| k.parent);
        }
        None
    }

    /// The attributes of a kind, inherited ones included.
    #[must_use]
    pub fn attribute_names(&self, kind: KindId) -> Vec<String> {
        let mut found = Vec::new();
        let mut at = Some(kind);
        while let Some(k) = at {
            found.extend(self.attributes.get(k.0 as usize).into_iter().flat_map(|a| a.keys().cloned()));
            at = self.program.kinds.get(k.0 as usize).and_then(|k| k.parent);
        }
        found
    }

    /// The variable of an attribute that nobody states, with the range its type gives.
    pub fn unknown(&mut self, party: PartyId, name: &str, sort: &Type) -> Var {
        let text = format!("{name}({})", self.program.party_name(party));
        let var = match sort {
            Type::Bool => Var::bool(text),
            Type::Count | Type::Date => Var::int(text),
            _ => Var::real(text),
        };
        if !self.program.unknowns.iter().any(|u| u.var == var) {
            let range = self.natural_range(&var, sort);
            self.program.unknowns.push(Unknown { var: var.clone(), range, party, print: sort.print() });
        }
        var
    }

    /// What the type alone says of a variable: counts, money, shares, lengths of time, distances and areas are not negative.
    #[must_use]
    pub fn natural_range(&self, var: &Var, sort: &Type) -> Formula {
        match sort {
            Type::Count
            | Type::Percent
            | Type::Money(_)
            | Type::Duration
            | Type::Distance
            | Type::Area
            | Type::Measure(_) => Formula::ge(&Linear::var(var), &Linear::zero()),
            _ => Formula::truth(),
        }
    }
}
