//! Types and open terms.
//!
//! In: `open term t: Duration 10 days to 90 days`, type names, ranges. Out: terms of the program, with variable and range.

use super::Lower;
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear, Var};
use crate::model::{KindId, OpenTerm, Print};
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self, Definition};
use crate::syntax::tree::{self, ItemKind, TermDomain, TypeName};
use crate::types::{Env, Type, Typed, Value};

/// `Money` without a currency in an attribute: the value's own currency.
pub(crate) const ANY_CURRENCY: &str = "";

impl<'p> Lower<'p> {
    pub(super) fn open_term(&mut self, module: ModuleId, definition: Definition, term: &tree::OpenTerm) {
        let name = term.name.text.to_string();
        let place = self.scope.program.terms.len();
        let entry = match &term.domain {
            TermDomain::OneOf(values) => {
                let mut texts: Vec<String> = Vec::new();
                for v in values {
                    if texts.iter().any(|t| *t == v.text) {
                        self.scope.report(Diagnostic::error(
                            "name-twice",
                            v.span,
                            format!("the value `{}` stands twice", v.text),
                            "second time",
                        ));
                        continue;
                    }
                    texts.push(v.text.to_string());
                }
                let var = Var::int(name.clone());
                let last = Linear::int(i64::try_from(texts.len()).unwrap_or(i64::MAX) - 1);
                let range = Formula::between(&Linear::zero(), &Linear::var(&var), &last);
                OpenTerm { name, var, range, values: texts, print: Print::Value, span: term.name.span }
            }
            TermDomain::Typed { sort, range } => {
                let Some(mut sort_found) = self.type_of(module, sort) else { return };
                let bounds = match range {
                    Some(expr) => {
                        let Some((found, low, high)) = self.range(module, expr, &sort_found) else { return };
                        sort_found = found;
                        Some((low, high))
                    }
                    None => None,
                };
                if matches!(&sort_found, Type::Money(c) if c == ANY_CURRENCY) {
                    sort_found = Type::Money("EUR".into());
                }
                if sort_found == Type::Bool {
                    let var = Var::int(name.clone());
                    let range = Formula::between(&Linear::zero(), &Linear::var(&var), &Linear::int(1));
                    OpenTerm {
                        name,
                        var,
                        range,
                        values: vec!["no".into(), "yes".into()],
                        print: Print::Value,
                        span: term.name.span,
                    }
                } else if sort_found.is_quantity() {
                    let whole = matches!(sort_found, Type::Count | Type::Date);
                    let var = if whole { Var::int(name.clone()) } else { Var::real(name.clone()) };
                    let natural = self.scope.natural_range(&var, &sort_found);
                    let range = match bounds {
                        Some((low, high)) => {
                            let x = Linear::var(&var);
                            Formula::and([natural, Formula::between(&low, &x, &high)])
                        }
                        None => natural,
                    };
                    OpenTerm { name, var, range, values: Vec::new(), print: sort_found.print(), span: term.name.span }
                } else {
                    self.scope.report(
                        Diagnostic::error(
                            "wrong-type",
                            sort.path.span,
                            format!(
                                "an open term is a quantity, a date or one of listed values, not {}",
                                sort_found.phrase()
                            ),
                            "this type",
                        )
                        .help("write `open term t: one of { a, b }` and use it with `when t = a`"),
                    );
                    return;
                }
            }
        };
        self.scope.program.terms.push(entry);
        self.scope.terms.insert(definition, place);
    }

    /// A stated range of a type; the currency of money is that of the range.
    pub(crate) fn range(&mut self, module: ModuleId, expr: &tree::Expr, sort: &Type) -> Option<(Type, Linear, Linear)> {
        let v = self.scope.value(module, expr, &Env::default(), Some(sort))?;
        let Value::Range(ends) = v.value.clone() else {
            self.scope.report(
                Diagnostic::error(
                    "wrong-type",
                    expr.span,
                    format!("expected a range of {}", sort.phrase()),
                    "not a range",
                )
                .help("write `10 days to 90 days`"),
            );
            return None;
        };
        let (low, high) = *ends;
        let fitted = self.scope.fit(
            Typed { value: Value::Quantity(low.clone()), sort: self.currency(sort, &v.sort), span: v.span },
            &self.currency(sort, &v.sort),
            "the range has the type of what it bounds",
        )?;
        if v.sort != fitted.sort && !(v.sort == Type::Count && fitted.sort == Type::Number) {
            let found = Typed { value: v.value, sort: v.sort, span: v.span };
            self.scope.fit(found, &fitted.sort, "the range has the type of what it bounds");
            return None;
        }
        if let Some(length) = (high.clone() - low.clone()).as_constant()
            && num_traits::Signed::is_negative(length)
        {
            self.scope.report(
                Diagnostic::error(
                    "empty-range",
                    expr.span,
                    "this range is empty: it ends below its beginning",
                    "no value lies in it",
                )
                .help("write the smaller end first"),
            );
            return None;
        }
        Some((fitted.sort, low, high))
    }

    /// Money without a stated currency takes that of the value.
    pub(crate) fn currency(&self, declared: &Type, found: &Type) -> Type {
        match (declared, found) {
            (Type::Money(any), Type::Money(_)) if any == ANY_CURRENCY => found.clone(),
            _ => declared.clone(),
        }
    }

    /// The type a name stands for.
    pub(crate) fn type_of(&mut self, module: ModuleId, name: &TypeName) -> Option<Type> {
        const KNOWN: &[&str] = &[
            "Bool", "Count", "Number", "Percent", "Money", "Duration", "Date", "Distance", "Area", "Party", "Region",
            "Text",
        ];
        if let [only] = name.path.segments.as_slice() {
            let simple = match only.text.as_str() {
                "Bool" => Some(Type::Bool),
                "Count" => Some(Type::Count),
                "Number" => Some(match &name.of {
                    Some(unit) => Type::Measure(self.unit_family(unit)?),
                    None => Type::Number,
                }),
                "Percent" => Some(Type::Percent),
                "Money" => Some(Type::Money(match &name.of {
                    Some(currency) => currency.segments.last().map_or_else(|| "EUR".into(), |s| s.text.to_string()),
                    None => ANY_CURRENCY.to_owned(),
                })),
                "Duration" => Some(Type::Duration),
                "Date" => Some(Type::Date),
                "Distance" => Some(Type::Distance),
                "Area" => Some(Type::Area),
                "Party" => Some(Type::Party(KindId(0))),
                "Text" => Some(Type::Text),
                "Region" => match &name.of {
                    Some(path) => {
                        let d = self.scope.find(module, path, "an atlas", |i| matches!(i, ItemKind::Atlas(_)))?;
                        // Atlases get their numbers in the order of their names; see `declare_atlases`.
                        Some(Type::Region(self.atlas_number(d)?))
                    }
                    None => Some(Type::AnyRegion),
                },
                "Article" | "Charter" => Some(Type::Article),
                "Fund" if self.scope.names.find(module, &name.path).is_none() => Some(Type::Fund),
                _ => None,
            };
            if simple.is_some() {
                return simple;
            }
            if let Some(family) =
                self.scope.family(&only.text).filter(|_| self.scope.units.contains_key(only.text.as_str()))
            {
                return Some(Type::Measure(family));
            }
            if self.scope.names.find(module, &name.path).is_none() {
                let mut error = Diagnostic::error(
                    "unknown-type",
                    name.path.span,
                    format!("there is no type `{}`", only.text),
                    "not a type of the language, a kind or a unit",
                );
                let kinds = self.scope.program.kinds.iter().map(|k| k.name.as_str());
                error = match names::nearest(&only.text, KNOWN.iter().copied().chain(kinds)) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error
                        .note(format!("the types are {}", KNOWN.join(", ")))
                        .help(format!("write one of these, or declare `kind {}`", only.text)),
                };
                self.scope.report(error);
                return None;
            }
        }
        self.scope.kind(module, &name.path).map(Type::Party)
    }

    pub(super) fn unit_family(&mut self, path: &tree::Path) -> Option<String> {
        let name = path.segments.last()?;
        let family = self.scope.family(&name.text);
        if family.is_none() {
            self.scope.report(
                Diagnostic::error(
                    "unknown-unit",
                    path.span,
                    format!("there is no unit `{}`", name.text),
                    "not declared",
                )
                .help(format!("declare it: `unit {}`", name.text)),
            );
        }
        family
    }
}
