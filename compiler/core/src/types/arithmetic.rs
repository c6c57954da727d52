//! Quantities: units, sums, products, comparisons.
//!
//! In: two expressions and an operator. Out: a linear quantity or a formula. Dimensions must agree; dates and lengths of
//! time add up as the calendar has it; a product of two unknowns is an error at its place.

use super::scope::Scope;
use super::units::{self, Unit};
use super::{Env, Type, Typed, Value, calendar};
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear};
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self};
use crate::source::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, Name};
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

impl<'p> Scope<'p> {
    pub(super) fn need_quantity(&mut self, v: &Typed, place: &str) -> Option<Linear> {
        if let Some(q) = v.quantity() {
            return Some(q.clone());
        }
        self.report(Diagnostic::error(
            "wrong-type",
            v.span,
            format!("expected a quantity {place}, found {}", v.sort.phrase()),
            format!("this is {}", v.sort.phrase()),
        ));
        None
    }

    pub(super) fn quantity(
        &mut self,
        span: Span,
        value: &BigRational,
        factor: &BigRational,
        unit: &Name,
    ) -> Option<Typed> {
        let amount = value * factor;
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span });
        if let Some((family, size)) = self.units.get(unit.text.as_str()) {
            let value = Value::Quantity(Linear::constant(&amount * size));
            return typed(Type::Measure(family.clone()), value);
        }
        match units::built_in(&unit.text) {
            Some(Unit::Of(sort, size)) => typed(sort, Value::Quantity(Linear::constant(amount * size))),
            Some(Unit::Months(months)) => {
                let count = amount * BigRational::from_integer(months.into());
                let count = count.is_integer().then(|| count.to_integer().to_i64()).flatten();
                if let Some(count) = count {
                    return typed(Type::Months, Value::Months(count));
                }
                self.report(
                    Diagnostic::error(
                        "no-such-length",
                        span,
                        "calendar months are whole",
                        "not a whole number of months",
                    )
                    .help("write whole months, or days"),
                );
                None
            }
            Some(Unit::Refused(why, repair)) => {
                let headline = format!("the unit `{}` is not read: {why}", unit.text);
                self.report(Diagnostic::error("refused-unit", unit.span, headline, "this unit").help(repair));
                None
            }
            None => {
                let declared = self.units.keys().map(String::as_str).chain(units::BUILT_IN.iter().copied());
                let near = names::nearest(&unit.text, declared).map(ToOwned::to_owned);
                let mut error = Diagnostic::error(
                    "unknown-unit",
                    unit.span,
                    format!("there is no unit `{}`", unit.text),
                    "not a unit of the language, and not declared",
                );
                error = match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!(
                        "write a unit that there is (time is in days, weeks, months or years), or declare it: `unit {}`",
                        unit.text
                    )),
                };
                self.report(error);
                None
            }
        }
    }

    pub(crate) fn same_sort(&mut self, left: &Typed, right: &Typed) -> Option<Type> {
        match (&left.sort, &right.sort) {
            (a, b) if a == b && a.is_quantity() => Some(a.clone()),
            (Type::Count, Type::Number) | (Type::Number, Type::Count) => Some(Type::Number),
            // an amount that nobody states is of whatever currency it is compared in
            (Type::Money(any), other @ Type::Money(_)) | (other @ Type::Money(_), Type::Money(any))
                if any.is_empty() =>
            {
                Some(other.clone())
            }
            (a, b) => {
                let mut error = Diagnostic::error(
                    "wrong-type",
                    right.span,
                    format!("expected {}, found {}", a.phrase(), b.phrase()),
                    format!("this is {}", b.phrase()),
                )
                .label(left.span, format!("this is {}", a.phrase()));
                error = match (a, b) {
                    (Type::Money(x), Type::Money(y)) if x != y => {
                        error.help(format!("state both in one currency; the checker does not convert {x} and {y}"))
                    }
                    (_, Type::Months) | (Type::Months, _) => {
                        error.help("a month has no fixed number of days: write days")
                    }
                    _ => error.help("give both the same unit"),
                };
                self.report(error);
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    pub(super) fn binary(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span });
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let (l, r) = (self.truth(module, left, env), self.truth(module, right, env));
                let (l, r) = (l?, r?);
                let f = if op == BinaryOp::And { Formula::and([l, r]) } else { Formula::or([l, r]) };
                typed(Type::Bool, Value::Truth(f))
            }
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::AtMost
            | BinaryOp::Greater
            | BinaryOp::AtLeast => {
                let f = self.comparison(module, op, left, right, env)?;
                typed(Type::Bool, Value::Truth(f))
            }
            BinaryOp::Intersect => self.region_binary(module, op, left, right, span, env, expected),
            BinaryOp::LiesWithin => {
                self.report(
                    Diagnostic::error(
                        "not-here",
                        span,
                        "`lies within` compares ground, which no condition of ring 1 reads",
                        "stands in a condition",
                    )
                    .help("write `require every claim … lies within …` or `prove … lies within …`"),
                );
                None
            }
            BinaryOp::Plus | BinaryOp::Minus => {
                let hint = expected.filter(|t| matches!(t, Type::Region(_)));
                let l = self.value(module, left, env, hint)?;
                if matches!(l.sort, Type::Region(_)) {
                    return self.region_binary(module, op, left, right, span, env, expected);
                }
                let r = self.value(module, right, env, None)?;
                let sign = BigRational::from_integer(if op == BinaryOp::Plus { 1 } else { -1 }.into());
                match (&l.sort, &l.value, &r.sort, &r.value) {
                    (Type::Date, Value::Quantity(a), Type::Duration, Value::Quantity(b)) => {
                        typed(Type::Date, Value::Quantity(a.clone() + b.scale(&sign)))
                    }
                    (Type::Date, Value::Quantity(a), Type::Date, Value::Quantity(b)) if op == BinaryOp::Minus => {
                        typed(Type::Duration, Value::Quantity(a.clone() + b.scale(&sign)))
                    }
                    (Type::Date, Value::Quantity(a), Type::Months, Value::Months(months)) => {
                        let months = if op == BinaryOp::Plus { *months } else { -*months };
                        let day = a.as_constant().and_then(|d| d.to_integer().to_i64());
                        match day.and_then(|d| calendar::add_months(d, months)) {
                            Some(day) => typed(Type::Date, Value::Quantity(Linear::int(day))),
                            None => {
                                self.report(
                                    Diagnostic::error(
                                        "no-such-length",
                                        span,
                                        "months are counted from a date that is stated",
                                        "the date before is still open, or beyond the calendar",
                                    )
                                    .help("write days, or a date"),
                                );
                                None
                            }
                        }
                    }
                    _ => {
                        let sort = self.same_sort(&l, &r)?;
                        let (a, b) = (self.need_quantity(&l, "here")?, self.need_quantity(&r, "here")?);
                        if sort == Type::Date {
                            self.report(
                                Diagnostic::error("wrong-type", span, "two dates have no sum", "added here")
                                    .help("add a length of time, as in `2026-01-01 + 30 days`"),
                            );
                            return None;
                        }
                        let sort = if sort == Type::Count && op == BinaryOp::Minus { Type::Number } else { sort };
                        typed(sort, Value::Quantity(a + b.scale(&sign)))
                    }
                }
            }
            BinaryOp::Times | BinaryOp::Divide => self.product(module, op, left, right, span, env),
        }
    }

    pub(super) fn product(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        env: &Env,
    ) -> Option<Typed> {
        let (l, r) = (self.value(module, left, env, None)?, self.value(module, right, env, None)?);
        let (a, b) = (self.need_quantity(&l, "here")?, self.need_quantity(&r, "here")?);
        let typed = |sort: Type, q: Linear| Some(Typed { sort, value: Value::Quantity(q), span });
        let pure = |t: &Type| matches!(t, Type::Number | Type::Count | Type::Percent);
        let joined = |x: &Type, y: &Type| {
            if pure(x) && pure(y) {
                Type::Number
            } else if pure(x) {
                y.clone()
            } else {
                x.clone()
            }
        };
        if matches!(l.sort, Type::Date)
            || matches!(r.sort, Type::Date)
            || (op == BinaryOp::Times && !pure(&l.sort) && !pure(&r.sort))
        {
            self.report(Diagnostic::error(
                "wrong-type",
                span,
                format!(
                    "{} and {} have no {}",
                    l.sort.phrase(),
                    r.sort.phrase(),
                    if op == BinaryOp::Times { "product" } else { "quotient" }
                ),
                "here",
            ));
            return None;
        }
        match (op, a.as_constant().cloned(), b.as_constant().cloned()) {
            (BinaryOp::Divide, _, Some(d)) if d.is_zero() => {
                self.report(Diagnostic::error(
                    "division-by-zero",
                    r.span,
                    "nothing can be divided by zero",
                    "this is zero",
                ));
                None
            }
            (BinaryOp::Divide, _, Some(d)) if pure(&r.sort) => typed(joined(&l.sort, &r.sort), a.scale(&d.recip())),
            (BinaryOp::Divide, _, Some(d)) if l.sort == r.sort => typed(Type::Number, a.scale(&d.recip())),
            (BinaryOp::Times, Some(c), _) => typed(joined(&l.sort, &r.sort), b.scale(&c)),
            (BinaryOp::Times, _, Some(c)) => typed(joined(&l.sort, &r.sort), a.scale(&c)),
            _ => {
                self.report(
                    Diagnostic::error(
                        "not-linear",
                        span,
                        "a product of two quantities that are both unknown cannot be decided",
                        "neither side is a stated number",
                    )
                    .label(l.span, "not stated")
                    .label(r.span, "not stated")
                    .help("state one of them"),
                );
                None
            }
        }
    }

    pub(super) fn comparison(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        env: &Env,
    ) -> Option<Formula> {
        let flipped = match (&left.kind, &right.kind) {
            (ExprKind::Path(l), ExprKind::Path(_)) if env.bound.get(l.segments.first()?.text.as_str()).is_none() => {
                self.names.find(module, l).is_none()
            }
            _ => false,
        };
        let (first, second) = if flipped { (right, left) } else { (left, right) };
        let l = self.value(module, first, env, None)?;
        let r = self.value(module, second, env, Some(&l.sort))?;
        let equal = match (&l.value, &r.value) {
            (Value::Term(t), Value::Listed(v)) | (Value::Listed(v), Value::Term(t)) => {
                let var = self.program.terms.get(*t)?.var.clone();
                Some(Formula::eq(&Linear::var(&var), &Linear::int(i64::try_from(*v).unwrap_or(i64::MAX))))
            }
            (Value::Listed(a), Value::Listed(b)) => Some(Formula::constant(a == b)),
            (Value::Party(a), Value::Party(b)) => Some(Formula::constant(a == b)),
            (Value::Truth(a), Value::Truth(b)) => Some(Formula::iff(a, b)),
            (Value::Text(a), Value::Text(b)) => Some(Formula::constant(a == b)),
            _ => None,
        };
        match (op, equal) {
            (BinaryOp::Equal, Some(f)) => return Some(f),
            (BinaryOp::NotEqual, Some(f)) => return Some(Formula::not(&f)),
            (_, Some(_)) => {
                self.report(
                    Diagnostic::error(
                        "wrong-type",
                        first.span.to(second.span),
                        format!("{} has no order", l.sort.phrase()),
                        "compared here",
                    )
                    .help("compare with `=` or `!=`"),
                );
                return None;
            }
            (_, None) => {}
        }
        let sort = self.same_sort(&l, &r)?;
        let (a, b) = (self.need_quantity(&l, "here")?, self.need_quantity(&r, "here")?);
        let (a, b) = if flipped { (b, a) } else { (a, b) };
        let _ = sort;
        Some(match op {
            BinaryOp::Equal => Formula::eq(&a, &b),
            BinaryOp::NotEqual => Formula::ne(&a, &b),
            BinaryOp::Less => Formula::lt(&a, &b),
            BinaryOp::AtMost => Formula::le(&a, &b),
            BinaryOp::Greater => Formula::gt(&a, &b),
            _ => Formula::ge(&a, &b),
        })
    }
}
