//! Whoever a name means, and the attributes of whoever is meant.
//!
//! In: expressions and a [`Binding`]. Out: a [`Who`], or a [`Quantity`] that is the attribute of one. What an act changes
//! (`semantics.md` §4) stays an attribute, to be read on a day; everything else of a named party is what the party states.

use super::super::Lower;
use super::binding::Binding;
use crate::diagnostic::Diagnostic;
use crate::model::KindId;
use crate::model::conduct::{Quantity, Who};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, ItemKind, Name, Path};
use crate::types::{Env, Type, Typed, Value};

impl<'p> Lower<'p> {
    /// Whoever an expression means, if it is a name bound here, `it` or a party.
    pub(super) fn who(&mut self, module: ModuleId, e: &Expr, env: &Env, b: &Binding) -> Option<Who> {
        match &e.kind {
            ExprKind::It => match b.it {
                Some(it) => Some(it),
                None if b.together.is_some() => {
                    self.refuse_one_of_many(e.span, "it");
                    None
                }
                None => {
                    self.scope.report(
                        Diagnostic::error("no-it", e.span, "`it` stands for nobody here", "no subject to refer to")
                            .help("name the party"),
                    );
                    None
                }
            },
            ExprKind::Path(path) => self.who_named(module, path, env, b),
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        e.span,
                        "expected a party, found something that is computed",
                        "not a party",
                    )
                    .help("name the party, a name that the rule binds, or `it`"),
                );
                None
            }
        }
    }

    /// Whoever a path names.
    pub(super) fn who_named(&mut self, module: ModuleId, path: &Path, env: &Env, b: &Binding) -> Option<Who> {
        if let [only] = path.segments.as_slice()
            && let Some(who) = b.names.get(only.text.as_str())
        {
            if b.together == Some(*who) {
                self.refuse_one_of_many(path.span, &only.text);
                return None;
            }
            return Some(*who);
        }
        if let Some(help) = self.unbound(module, path, env, b) {
            let name = self.scope.words(path);
            self.scope.report(
                Diagnostic::error(
                    "unknown-party",
                    path.span,
                    format!("there is no party `{name}`"),
                    "neither bound here nor declared",
                )
                .help(help),
            );
            return None;
        }
        self.scope.party(module, path, env).map(Who::Party)
    }

    /// A group owes its duty together (§11, §14): whether it is due cannot depend on which of them is meant.
    fn refuse_one_of_many(&mut self, span: Span, name: &str) {
        self.scope.report(
            Diagnostic::error(
                "one-of-a-group",
                span,
                format!("the group owes this together, and `{name}` would be one of them"),
                "which of the group is not said",
            )
            .help(format!(
                "say it of whom the group consists of, as in `some party where poor({name}) must …`, or let each owe it: `every party must …`"
            )),
        );
    }

    /// What to do about a name in a norm that looks as if a trigger should bind it: it begins small, and nothing is
    /// called so.
    fn unbound(&self, module: ModuleId, path: &Path, env: &Env, b: &Binding) -> Option<String> {
        let [only] = path.segments.as_slice() else { return None };
        let name = only.text.as_str();
        let small = name.starts_with(char::is_lowercase);
        if b.article.is_none() || !small || env.bound.contains_key(name) || self.scope.is_like_a_party(module, path) {
            return None;
        }
        let bound: Vec<String> = b.names.keys().map(|n| format!("`{n}`")).collect();
        let bind =
            format!("bind it in the trigger, as in `on breach of article 1 by {name}`, or declare `party {name}`");
        Some(if bound.is_empty() { bind } else { format!("write {}, {bind}", bound.join(" or ")) })
    }

    /// Whether an expression is a party by the look of its names; says nothing.
    pub(super) fn is_party(&self, module: ModuleId, e: &Expr, env: &Env, b: &Binding) -> bool {
        match &e.kind {
            ExprKind::It => true,
            ExprKind::Path(path) => {
                if let [only] = path.segments.as_slice() {
                    if b.names.contains_key(only.text.as_str())
                        || self.scope.data_parties.contains_key(only.text.as_str())
                    {
                        return true;
                    }
                    if let Some(bound) = env.bound.get(only.text.as_str()) {
                        return matches!(bound.value, Value::Party(_));
                    }
                }
                self.scope.names.find(module, path).is_some_and(|(d, taken)| {
                    taken == path.segments.len() && matches!(self.scope.item(d), Some(ItemKind::Party(_)))
                })
            }
            _ => false,
        }
    }

    /// The kind of whoever is meant.
    pub(super) fn kind_of_who(&self, who: Who, b: &Binding) -> KindId {
        match who {
            Who::Party(p) => self.scope.kind_of(p),
            Who::Var(v) => b.variable(v).map_or(KindId(0), |v| v.domain.kind),
        }
    }

    pub(super) fn attribute_of(&mut self, name: &Name, who: Who, span: Span, b: &Binding) -> Option<(Quantity, Type)> {
        let kind = self.kind_of_who(who, b);
        let Some((sort, _)) = self.scope.attribute_of_kind(kind, &name.text) else {
            self.unknown_attribute(name, kind);
            return None;
        };
        if !sort.is_quantity() {
            self.not_a_quantity(span, &sort);
            return None;
        }
        if let Who::Party(party) = who
            && !self.conduct.changing.contains(name.text.as_str())
        {
            let typed = Typed { sort: Type::Party(kind), value: Value::Party(party), span };
            let v = self.scope.attribute(name, &typed, span)?;
            return v.quantity().cloned().map(|q| (Quantity::Fixed(q), v.sort.clone()));
        }
        // whoever does not state it has an unknown one: all who may be meant get theirs now
        let meant: Vec<crate::model::PartyId> = match who {
            Who::Party(p) => vec![p],
            Who::Var(_) => (0u32..)
                .map(crate::model::PartyId)
                .zip(&self.scope.program.parties)
                .filter(|(_, p)| self.scope.program.is_kind(p.kind, kind))
                .map(|(id, _)| id)
                .collect(),
        };
        let mut money = String::new();
        for party in meant {
            let stated =
                self.scope.program.parties.get(party.0 as usize).and_then(|p| p.attributes.get(name.text.as_str()));
            match stated {
                None => {
                    self.scope.unknown(party, &name.text, &sort);
                }
                Some(crate::model::AttributeValue::Quantity(_, unit)) => money.clone_from(unit),
                Some(_) => {}
            }
        }
        let sort = if matches!(sort, Type::Money(_)) { Type::Money(money) } else { sort };
        Some((Quantity::Attribute(who, name.text.to_string()), sort))
    }

    pub(super) fn unknown_attribute(&mut self, name: &Name, kind: KindId) {
        let owner = self.scope.program.kind_name(kind).to_owned();
        let known = self.scope.attribute_names(kind);
        let near = crate::resolve::names::nearest(&name.text, known.iter().map(String::as_str)).map(ToOwned::to_owned);
        let error = Diagnostic::error(
            "unknown-attribute",
            name.span,
            format!("no attribute `{}` is declared for the kind `{owner}`", name.text),
            "not declared",
        );
        self.scope.report(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if kind.0 == 0 => error.help(format!(
                "declare a kind with it, as in `kind Member {{ {}: Number }}`, and bind by that kind",
                name.text
            )),
            None => error.help(format!("declare it: `kind {owner} {{ {}: Number }}`", name.text)),
        });
    }
}
