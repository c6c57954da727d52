//! What parties state about themselves.
//!
//! In: `party P: K { a = … }`. Out: attribute values of the program's parties: constants, or ranges as unknowns.

use super::Lower;
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear};
use crate::model::{AttributeValue, KindId, PartyId, Print};
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self};
use crate::source::Span;
use crate::syntax::tree::{self, ItemKind};
use crate::types::{Env, Type, Value};

impl<'p> Lower<'p> {
    /// What parties state about themselves.
    pub(crate) fn read_attributes(&mut self) {
        for (module, definition, item) in self.items() {
            let ItemKind::Party(party) = &item.kind else { continue };
            let Some(id) = self.scope.parties.get(&definition).copied() else { continue };
            // a kind that is not known is told of where it is named; nor are its attributes
            let named = |k: &tree::Path| !k.segments.iter().any(|s| matches!(s.text.as_str(), "party" | "Party"));
            if party.kind.as_ref().is_some_and(named) && self.scope.kind_of(id) == KindId(0) {
                continue;
            }
            let mut seen: Vec<(&str, Span)> = Vec::new();
            for stated in &party.attributes {
                if let Some((_, first)) = seen.iter().find(|(n, _)| *n == stated.name.text) {
                    self.scope.report(
                        Diagnostic::error(
                            "name-twice",
                            stated.name.span,
                            format!("`{}` states its `{}` twice", party.name.text, stated.name.text),
                            "second time",
                        )
                        .label(*first, "first time"),
                    );
                    continue;
                }
                seen.push((&stated.name.text, stated.name.span));
                self.attribute(module, id, stated);
            }
        }
    }

    pub(super) fn attribute(&mut self, module: ModuleId, party: PartyId, stated: &tree::AttributeValue) {
        let kind = self.scope.kind_of(party);
        let Some((sort, _)) = self.scope.attribute_of_kind(kind, &stated.name.text) else {
            let known = self.scope.attribute_names(kind);
            let kind_name = self.scope.program.kinds.get(kind.0 as usize).map_or_else(String::new, |k| k.name.clone());
            let mut error = Diagnostic::error(
                "unknown-attribute",
                stated.name.span,
                format!("the kind `{kind_name}` has no attribute `{}`", stated.name.text),
                "not declared",
            );
            error = match names::nearest(&stated.name.text, known.iter().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("declare it: `kind {kind_name} {{ {}: Number }}`", stated.name.text)),
            };
            self.scope.report(error);
            return;
        };
        let name = stated.name.text.to_string();
        if let Type::Region(_) | Type::AnyRegion = sort {
            let atlas = if let Type::Region(atlas) = sort { Some(atlas) } else { None };
            // Ground is read once the atlases have their leaves.
            if let Some((found, region)) = self.scope.region(module, &stated.value, &Env::default(), atlas) {
                self.scope.attribute_regions.insert((party, name), (found, region));
            }
            return;
        }
        if let tree::ExprKind::Range(..) = &stated.value.kind {
            let Some((found, low, high)) = self.range(module, &stated.value, &sort) else { return };
            let var = self.scope.unknown(party, &name, &found);
            let x = Linear::var(&var);
            let bounded = Formula::between(&low, &x, &high);
            if let Some(u) = self.scope.program.unknowns.iter_mut().find(|u| u.var == var) {
                u.range = Formula::and([u.range.clone(), bounded]);
                u.print = found.print();
            }
            let unit = unit_of(&found);
            self.set_attribute(party, name, AttributeValue::Quantity(x, unit));
            return;
        }
        let because = format!("the attribute `{name}` is declared as {}", sort.phrase());
        let Some(v) = self.scope.value(module, &stated.value, &Env::default(), Some(&sort)) else { return };
        let wanted = self.currency(&sort, &v.sort);
        let Some(v) = self.scope.fit(v, &wanted, &because) else { return };
        let value = match v.value {
            Value::Quantity(q) => AttributeValue::Quantity(q, unit_of(&wanted)),
            Value::Truth(f) => AttributeValue::Bool(f),
            Value::Text(t) => AttributeValue::Text(t),
            _ => return,
        };
        self.set_attribute(party, name, value);
    }

    /// Records what a party states.
    pub(crate) fn set_attribute(&mut self, party: PartyId, name: String, value: AttributeValue) {
        if let Some(p) = self.scope.program.parties.get_mut(party.0 as usize) {
            p.attributes.insert(name, value);
        }
    }

    /// Once the atlases stand: the cells of attributes that are ground.
    pub(crate) fn fill_attributes(&mut self) {
        let found: Vec<_> =
            self.scope.attribute_regions.iter().map(|((p, n), (a, r))| (*p, n.clone(), *a, r.clone())).collect();
        for (party, name, atlas, region) in found {
            let ground = self.scope.ground(atlas, &region, name.clone());
            self.set_attribute(party, name, AttributeValue::Region(ground));
        }
    }
}

fn unit_of(sort: &Type) -> String {
    match sort.print() {
        Print::Unit(unit) => unit,
        Print::Date => "date".into(),
        Print::Value => String::new(),
    }
}
