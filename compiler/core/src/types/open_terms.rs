//! Open terms, declared and bracketed.
//!
//! In: a term's name, or `[30 days: Ada | 60 days: Bel]`. Out: the variable that stands for it.

use super::scope::Scope;
use super::{Env, Type, Typed, Value};
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear, Sort, Var};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{Expr, Path};

impl<'p> Scope<'p> {
    pub(super) fn listed_place(&self, term: usize, name: &str) -> Option<usize> {
        self.program.terms.get(term)?.values.iter().position(|v| v == name)
    }

    /// An open term as a value.
    pub(super) fn term_value(&self, place: usize, span: Span) -> Option<Typed> {
        let term = self.program.terms.get(place)?;
        if !term.values.is_empty() {
            return Some(Typed { sort: Type::Listed(place), value: Value::Term(place), span });
        }
        let sort = self.term_sorts().get(place).cloned()?;
        Some(Typed { sort, value: Value::Quantity(Linear::var(&term.var)), span })
    }

    pub(super) fn term_sorts(&self) -> Vec<Type> {
        self.program
            .terms
            .iter()
            .map(|t| match &t.print {
                crate::model::Print::Value => Type::Number,
                crate::model::Print::Date => Type::Date,
                crate::model::Print::Unit(unit) => match unit.as_str() {
                    "" if t.var.sort() == Sort::Int => Type::Count,
                    "" => Type::Number,
                    "%" => Type::Percent,
                    "days" => Type::Duration,
                    "m" => Type::Distance,
                    "km2" => Type::Area,
                    other if other.len() == 3 && other.bytes().all(|b| b.is_ascii_uppercase()) => {
                        Type::Money(other.to_owned())
                    }
                    other => Type::Measure(other.to_owned()),
                },
            })
            .collect()
    }

    pub(super) fn bracketed(
        &mut self,
        module: ModuleId,
        alternatives: &[(Expr, Vec<Path>)],
        span: Span,
        env: &Env,
    ) -> Option<Typed> {
        let mut values: Vec<Typed> = Vec::new();
        for (value, _) in alternatives {
            let v = self.value(module, value, env, None)?;
            if let Some(first) = values.first() {
                let first = first.clone();
                self.same_sort(&first, &v)?;
            }
            if v.constant().is_none() {
                self.report(
                    Diagnostic::error(
                        "not-here",
                        v.span,
                        "a bracketed text lists quantities or dates that are stated",
                        format!("this is {}", v.sort.phrase()),
                    )
                    .help("for anything else declare an `open term … one of { … }` and use it with `when`"),
                );
                return None;
            }
            values.push(v);
        }
        let sort = values.first()?.sort.clone();
        let place = match self.brackets.get(&span) {
            Some(place) => *place,
            None => {
                let name = format!(
                    "[{}] in {}",
                    values.iter().map(|v| self.sources.slice(v.span)).collect::<Vec<_>>().join(" | "),
                    env.place
                );
                let var = if matches!(sort, Type::Count | Type::Date) {
                    Var::int(name.clone())
                } else {
                    Var::real(name.clone())
                };
                let x = Linear::var(&var);
                let range = Formula::or(values.iter().filter_map(|v| v.quantity().map(|q| Formula::eq(&x, q))));
                self.program.terms.push(crate::model::OpenTerm {
                    name,
                    var,
                    range,
                    values: Vec::new(),
                    print: sort.print(),
                    span,
                });
                let place = self.program.terms.len() - 1;
                self.brackets.insert(span, place);
                place
            }
        };
        let var = self.program.terms.get(place)?.var.clone();
        for (v, (_, parties)) in values.iter().zip(alternatives) {
            for path in parties {
                let party = self.party(module, path, env)?;
                let is = Formula::eq(&Linear::var(&var), v.quantity()?);
                let entry =
                    self.bracket_stances.entry((place, party)).or_insert_with(|| (Formula::falsity(), path.span));
                entry.0 = Formula::or([entry.0.clone(), is]);
            }
        }
        Some(Typed { sort, value: Value::Quantity(Linear::var(&var)), span })
    }
}
