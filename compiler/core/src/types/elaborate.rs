//! Expressions to values.
//!
//! In: an expression, the module it stands in, what is bound ([`Env`]) and the tables of declarations in [`Scope`]. Out: a
//! [`Typed`] value, or a diagnostic and `None`. Everything stays linear: a product of two quantities that are not constant
//! is an error at its place (`semantics.md` §1).

use super::scope::Scope;
use super::{Env, Type, Typed, Value, calendar};
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear};
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self};
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, ItemKind, Name, Path, UnaryOp};
use num_rational::BigRational;
use num_traits::Signed;

/// Definitions and clauses may use each other this deep; deeper is most likely a circle.
const MOST_NESTED: usize = 32;

impl<'p> Scope<'p> {
    /// The value of an expression.
    pub fn value(&mut self, module: ModuleId, expr: &Expr, env: &Env, expected: Option<&Type>) -> Option<Typed> {
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span: expr.span });
        let number = |sort: Type, value: BigRational| typed(sort, Value::Quantity(Linear::constant(value)));
        match &expr.kind {
            ExprKind::Number(n) => {
                let sort = if n.is_integer() && !n.is_negative() { Type::Count } else { Type::Number };
                number(sort, n.clone())
            }
            ExprKind::Quantity { value, factor, unit } => self.quantity(expr.span, value, factor, unit),
            ExprKind::Date { year, month, day } => match calendar::days(*year, *month, *day) {
                Some(days) => number(Type::Date, BigRational::from_integer(days.into())),
                None => {
                    self.report(
                        Diagnostic::error(
                            "no-such-day",
                            expr.span,
                            format!("the calendar has no day `{}`", self.sources.slice(expr.span)),
                            "no such day",
                        )
                        .help("write year, month and day as in 2026-03-31"),
                    );
                    None
                }
            },
            ExprKind::Text(text) => typed(Type::Text, Value::Text(text.clone())),
            ExprKind::Bool(b) => typed(Type::Bool, Value::Truth(Formula::constant(*b))),
            ExprKind::Path(path) => self.path(module, path, expr.span, env, expected),
            ExprKind::Call { callee, arguments } => {
                let values: Vec<(Option<&Name>, &Expr)> =
                    arguments.iter().map(|a| (a.name.as_ref(), &a.value)).collect();
                self.call(module, callee, &values, expr.span, env, expected)
            }
            ExprKind::AttributeOf(name, of) => {
                self.parties_counted(name, of)?;
                let party = self.value(module, of, env, None)?;
                self.attribute(name, &party, expr.span)
            }
            ExprKind::It => match env.it {
                Some(party) => typed(Type::Party(self.kind_of(party)), Value::Party(party)),
                None => {
                    self.report(
                        Diagnostic::error("no-it", expr.span, "`it` stands for nobody here", "no subject to refer to")
                            .help("name the party"),
                    );
                    None
                }
            },
            ExprKind::ItsParty => match env.its_party.or(env.it) {
                Some(party) => typed(Type::Party(self.kind_of(party)), Value::Party(party)),
                None => {
                    self.report(
                        Diagnostic::error(
                            "no-it",
                            expr.span,
                            "`its party` stands for nobody here",
                            "only a requirement on claims has a claimant to refer to",
                        )
                        .help("name the party"),
                    );
                    None
                }
            },
            ExprKind::Article(number) => typed(Type::Article, Value::Article(number.clone())),
            ExprKind::PrefixLength(length) => typed(Type::PrefixLength, Value::PrefixLength(*length)),
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let f = self.truth(module, inner, env)?;
                typed(Type::Bool, Value::Truth(Formula::not(&f)))
            }
            ExprKind::Unary(UnaryOp::Minus, inner) => {
                let v = self.value(module, inner, env, None)?;
                let q = self.need_quantity(&v, "after `-`")?;
                let sort = if v.sort == Type::Count { Type::Number } else { v.sort.clone() };
                typed(sort, Value::Quantity(q.scale(&BigRational::from_integer((-1).into()))))
            }
            ExprKind::Binary(op, left, right) => self.binary(module, *op, left, right, expr.span, env, expected),
            ExprKind::If(condition, yes, no) => self.choice(module, condition, yes, no, expr.span, env, expected),
            ExprKind::Range(low, high) => {
                self.refuse_address_range(low, high, false)?;
                if self.is_region_range(low, expected) {
                    return self.region_value(module, expr, env, expected);
                }
                let low = self.value(module, low, env, None)?;
                let high = self.value(module, high, env, None)?;
                let sort = self.same_sort(&low, &high)?;
                let (l, h) = (low.quantity()?.clone(), high.quantity()?.clone());
                typed(sort, Value::Range(Box::new((l, h))))
            }
            ExprKind::Bracketed(alternatives) => self.bracketed(module, alternatives, expr.span, env),
            ExprKind::Aggregate { op, value, kind, variable, filter } => self.aggregate(
                module,
                *op,
                value.as_deref(),
                kind,
                variable.as_ref(),
                filter.as_deref(),
                expr.span,
                env,
            ),
            ExprKind::Prefix(_)
            | ExprKind::Polygon { .. }
            | ExprKind::Point { .. }
            | ExprKind::Angle { .. }
            | ExprKind::SideOf(..)
            | ExprKind::BetweenAngles(..)
            | ExprKind::WithinDistance(..)
            | ExprKind::TerritoryOf(_)
            | ExprKind::GroundClaimedBy(_) => self.region_value(module, expr, env, expected),
            ExprKind::Anyone(_)
            | ExprKind::AnyParty { .. }
            | ExprKind::Bound(..)
            | ExprKind::Has { .. }
            | ExprKind::May { .. }
            | ExprKind::InTheLast(..)
            | ExprKind::BreachOf { .. } => {
                self.report(
                    Diagnostic::error(
                        "acts-here",
                        expr.span,
                        "expected something that does not depend on what anybody does, found a condition on acts",
                        "depends on acts",
                    )
                    .note("title does not come and go with what happens: claims, requirements and terms read no acts")
                    .help("put it into a norm, a definition that norms use, or `prove in C always …`"),
                );
                None
            }
        }
    }

    /// A condition.
    pub fn truth(&mut self, module: ModuleId, expr: &Expr, env: &Env) -> Option<Formula> {
        let v = self.value(module, expr, env, Some(&Type::Bool))?;
        match v.value {
            Value::Truth(f) => Some(f),
            _ => {
                self.report(
                    Diagnostic::error(
                        "wrong-type",
                        expr.span,
                        format!("expected a condition, found {}", v.sort.phrase()),
                        format!("this is {}", v.sort.phrase()),
                    )
                    .help("compare it with something, as in `gdp(it) at least 1 billion EUR`"),
                );
                None
            }
        }
    }

    /// A quantity of one type; `because` says what asks for it, as in `` `from` takes a date ``.
    pub fn quantity_of(
        &mut self,
        module: ModuleId,
        expr: &Expr,
        env: &Env,
        expected: &Type,
        because: &str,
    ) -> Option<Linear> {
        let v = self.value(module, expr, env, Some(expected))?;
        match self.fit(v, expected, because)?.value {
            Value::Quantity(q) => Some(q),
            _ => None,
        }
    }

    pub(super) fn path(
        &mut self,
        module: ModuleId,
        path: &Path,
        span: Span,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span });
        if let [only] = path.segments.as_slice() {
            if let Some(bound) = env.bound.get(only.text.as_str()) {
                return Some(Typed { span, ..bound.clone() });
            }
            if let Some(Type::Listed(term)) = expected
                && let Some(place) = self.listed_place(*term, &only.text)
            {
                return typed(Type::Listed(*term), Value::Listed(place));
            }
        }
        if let Some(atlas) = env.home {
            let name = path.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
            let known = self.slots.get(atlas.0 as usize).is_some_and(|s| s.regions.contains_key(&name));
            if known {
                let region = self.named(module, atlas, &name, span, env)?;
                return typed(Type::Region(atlas), Value::Region(region.into()));
            }
        }
        if let Some((definition, taken)) = self.names.find(module, path)
            && let Some(item) = self.item(definition)
        {
            match item {
                ItemKind::Atlas(_) | ItemKind::Region(_) => {
                    let (atlas, region) = self.region_path(module, path, definition, taken, env)?;
                    return typed(Type::Region(atlas), Value::Region(region.into()));
                }
                ItemKind::OpenTerm(_) if taken == path.segments.len() => {
                    let place = *self.terms.get(&definition)?;
                    return self.term_value(place, span);
                }
                ItemKind::Party(_) if taken == path.segments.len() => {
                    let id = *self.parties.get(&definition)?;
                    return typed(Type::Party(self.kind_of(id)), Value::Party(id));
                }
                ItemKind::Define(_) if taken == path.segments.len() => {
                    return self.call(module, path, &[], span, env, expected);
                }
                _ => {}
            }
        } else if let [only] = path.segments.as_slice()
            && let Some(id) = self.data_parties.get(only.text.as_str())
        {
            let id = *id;
            return typed(Type::Party(self.kind_of(id)), Value::Party(id));
        }
        if let (Some(Type::Listed(term)), [only]) = (expected, path.segments.as_slice()) {
            let (name, values) =
                self.program.terms.get(*term).map(|t| (t.name.clone(), t.values.clone())).unwrap_or_default();
            let mut error = Diagnostic::error(
                "unknown-value",
                span,
                format!("`{}` is no value of the open term `{name}`", only.text),
                format!("expected one of {}", values.join(", ")),
            );
            if let Some(near) = names::nearest(&only.text, values.iter().map(String::as_str)) {
                error = error.help(format!("did you mean `{near}`?"));
            }
            self.report(error);
            return None;
        }
        let what = if matches!(expected, Some(Type::Region(_))) { "a region" } else { "a value" };
        self.find(module, path, what, |i| {
            matches!(
                i,
                ItemKind::Region(_)
                    | ItemKind::Atlas(_)
                    | ItemKind::OpenTerm(_)
                    | ItemKind::Party(_)
                    | ItemKind::Define(_)
            )
        });
        None
    }

    pub(super) fn call(
        &mut self,
        module: ModuleId,
        callee: &Path,
        arguments: &[(Option<&Name>, &Expr)],
        span: Span,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        if let Some((definition, taken)) = self.names.find(module, callee)
            && taken == callee.segments.len()
            && let Some(ItemKind::Define(define)) = self.item(definition)
        {
            if env.depth >= MOST_NESTED {
                self.report(
                    Diagnostic::error(
                        "definition-cycle",
                        span,
                        format!("the definition `{}` uses itself, or others too deeply", define.name.text),
                        "used here",
                    )
                    .label(define.name.span, "defined here")
                    .help("define it without itself"),
                );
                return None;
            }
            let mut inner =
                Env { members: env.members.clone(), open: env.open.clone(), depth: env.depth + 1, ..Env::default() };
            if arguments.len() != define.parameters.len() {
                self.report(
                    Diagnostic::error(
                        "wrong-count",
                        span,
                        format!(
                            "`{}` takes {} arguments, found {}",
                            define.name.text,
                            define.parameters.len(),
                            arguments.len()
                        ),
                        "called here",
                    )
                    .label(define.name.span, "defined here"),
                );
                return None;
            }
            for (parameter, (_, argument)) in define.parameters.iter().zip(arguments) {
                let value = self.value(module, argument, env, None)?;
                inner.bound.insert(parameter.name.text.to_string(), value);
            }
            let found = self.value(definition.module, &define.value, &inner, expected)?;
            return Some(Typed { span, ..found });
        }
        let (Some(name), [(_, argument)]) = (callee.segments.last(), arguments) else {
            self.report(
                Diagnostic::error(
                    "unknown-name",
                    callee.span,
                    format!("there is no attribute or definition `{}`", self.words(callee)),
                    "not declared",
                )
                .help("an attribute is read as `gdp(Ada)`, a definition with all its arguments"),
            );
            return None;
        };
        let party = self.value(module, argument, env, None)?;
        self.attribute(name, &party, span)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    pub(super) fn choice(
        &mut self,
        module: ModuleId,
        condition: &Expr,
        yes: &Expr,
        no: &Expr,
        span: Span,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        let c = self.truth(module, condition, env)?;
        let (y, n) = (self.value(module, yes, env, expected)?, self.value(module, no, env, expected)?);
        if let (Value::Truth(a), Value::Truth(b)) = (&y.value, &n.value) {
            return Some(Typed { sort: Type::Bool, value: Value::Truth(Formula::ite(&c, a, b)), span });
        }
        if c.is_true() {
            return Some(y);
        }
        if c.is_false() {
            return Some(n);
        }
        self.report(
            Diagnostic::error(
                "open-choice",
                span,
                "which of the two values holds is still open",
                "the condition is not decided by what is stated",
            )
            .help("write two statements, one `when` the condition holds and one `when not`"),
        );
        None
    }
}
