//! Quantities that a situation gives: attributes of whoever is meant, balances, counts, sums.
//!
//! In: expressions and a [`Binding`]. Out: a [`Quantity`] with its type. What reads nothing of a situation is read as
//! everywhere else, as a linear term over open terms and unknown attributes. Products stay linear (`semantics.md` §1).

use super::super::Lower;
use super::binding::{Binding, variable};
use crate::diagnostic::Diagnostic;
use crate::logic::Linear;
use crate::model::KindId;
use crate::model::conduct::{Binder, Condition, Days, Quantity, VarId, Who};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{AggregateOp, BinaryOp, Expr, ExprKind, ItemKind, Name, Path, UnaryOp};
use crate::types::{Env, Type, Typed, Value};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

/// Definitions may use each other this deep.
const MOST_NESTED: usize = 32;

impl<'p> Lower<'p> {
    /// Whether an expression reads anything of a situation or of what is bound here.
    pub(super) fn reads(&self, module: ModuleId, e: &Expr, b: &Binding) -> bool {
        self.reads_at(module, e, b, 0)
    }

    fn reads_at(&self, module: ModuleId, e: &Expr, b: &Binding, depth: usize) -> bool {
        let of = |e: &Expr| self.reads_at(module, e, b, depth);
        match &e.kind {
            ExprKind::It
            | ExprKind::Anyone(_)
            | ExprKind::AnyParty { .. }
            | ExprKind::Has { .. }
            | ExprKind::May { .. }
            | ExprKind::InTheLast(..)
            | ExprKind::BreachOf { .. } => true,
            ExprKind::Path(path) => self.path_reads(module, path, b, depth),
            ExprKind::Call { callee, arguments } => {
                callee.segments.last().is_some_and(|n| n.text == "balance")
                    || self.path_reads(module, callee, b, depth)
                    || arguments.iter().any(|a| of(&a.value))
                    || callee.segments.last().is_some_and(|n| self.conduct.changing.contains(n.text.as_str()))
            }
            ExprKind::AttributeOf(name, of_whom) => self.conduct.changing.contains(name.text.as_str()) || of(of_whom),
            ExprKind::Unary(_, inner) | ExprKind::Bound(_, inner) => of(inner),
            ExprKind::Binary(_, left, right) | ExprKind::Range(left, right) => of(left) || of(right),
            ExprKind::If(c, yes, no) => of(c) || of(yes) || of(no),
            ExprKind::Aggregate { op, value, filter, .. } => {
                // sums and counts over members that are open in number are known in a situation only
                matches!(op, AggregateOp::ForAll | AggregateOp::Exists)
                    || !b.variables.is_empty()
                    || value.as_deref().is_some_and(of)
                    || filter.as_deref().is_some_and(of)
            }
            _ => false,
        }
    }

    fn path_reads(&self, module: ModuleId, path: &Path, b: &Binding, depth: usize) -> bool {
        if let [only] = path.segments.as_slice()
            && (b.names.contains_key(only.text.as_str()) || b.parameters.iter().any(|(n, _)| *n == only.text))
        {
            return true;
        }
        let Some((definition, taken)) = self.scope.names.find(module, path) else { return false };
        if taken != path.segments.len() {
            return false;
        }
        match self.scope.item(definition) {
            Some(ItemKind::Action(_) | ItemKind::Event(_)) => true,
            Some(ItemKind::Define(d)) if depth < MOST_NESTED => {
                self.reads_at(definition.module, &d.value, &Binding::default(), depth + 1)
            }
            _ => false,
        }
    }

    /// A quantity with its type.
    pub(super) fn quantity(
        &mut self,
        module: ModuleId,
        e: &Expr,
        env: &Env,
        b: &mut Binding,
    ) -> Option<(Quantity, Type)> {
        if !self.reads(module, e, b) {
            let v = self.scope.value(module, e, env, None)?;
            return match v.quantity() {
                Some(q) => Some((Quantity::Fixed(q.clone()), v.sort.clone())),
                None => {
                    self.not_a_quantity(e.span, &v.sort);
                    None
                }
            };
        }
        match &e.kind {
            ExprKind::Path(path) => {
                if let [only] = path.segments.as_slice()
                    && let Some(place) = b.parameters.iter().position(|(n, _)| *n == only.text)
                    && let Some((_, sort)) = b.parameters.get(place)
                {
                    if !sort.is_quantity() {
                        let sort = sort.clone();
                        self.not_a_quantity(e.span, &sort);
                        return None;
                    }
                    return Some((Quantity::Argument(place), sort.clone()));
                }
                self.definition(module, path, &[], e.span, env, b, Self::quantity)
            }
            ExprKind::Unary(UnaryOp::Minus, inner) => {
                let (q, sort) = self.quantity(module, inner, env, b)?;
                let sort = if sort == Type::Count { Type::Number } else { sort };
                Some((scaled(-BigRational::one(), q), sort))
            }
            ExprKind::Binary(BinaryOp::Plus | BinaryOp::Minus, left, right) => {
                let minus = matches!(&e.kind, ExprKind::Binary(BinaryOp::Minus, ..));
                let (l, r) = (self.quantity(module, left, env, b)?, self.quantity(module, right, env, b)?);
                let sort = self.scope.same_sort(&stub(&l.1, left.span), &stub(&r.1, right.span))?;
                let right = if minus { scaled(-BigRational::one(), r.0) } else { r.0 };
                let sort = if minus && sort == Type::Count { Type::Number } else { sort };
                Some((Quantity::Sum(vec![l.0, right]), sort))
            }
            ExprKind::Binary(op @ (BinaryOp::Times | BinaryOp::Divide), left, right) => {
                self.linear_product(module, *op, left, right, e.span, env, b)
            }
            ExprKind::Call { callee, arguments } => {
                if let [name] = callee.segments.as_slice()
                    && name.text == "balance"
                    && let [one] = arguments.as_slice()
                    && let ExprKind::Path(fund) = &one.value.kind
                {
                    let id = self.fund(module, fund, b.charter, env)?;
                    let currency = self.scope.program.conduct.funds.get(id.0 as usize).map(|f| f.currency.clone())?;
                    return Some((Quantity::Balance(id), Type::Money(currency)));
                }
                let is_define = self.scope.names.find(module, callee).is_some_and(|(d, taken)| {
                    taken == callee.segments.len() && matches!(self.scope.item(d), Some(ItemKind::Define(_)))
                });
                if is_define {
                    let values: Vec<&Expr> = arguments.iter().map(|a| &a.value).collect();
                    return self.definition(module, callee, &values, e.span, env, b, Self::quantity);
                }
                let (Some(name), [argument]) = (callee.segments.last(), arguments.as_slice()) else {
                    self.unknown_quantity(callee);
                    return None;
                };
                if let Some(id) = self.known_action(module, callee) {
                    let name = self.scope.program.conduct.action(id).map(|a| a.name.clone()).unwrap_or_default();
                    self.scope.report(
                        Diagnostic::error(
                            "wrong-type",
                            e.span,
                            format!("expected a quantity, found `{name}`, which happens or does not"),
                            "this is a condition",
                        )
                        .help("compare an attribute, or use it as a condition"),
                    );
                    return None;
                }
                let who = self.who(module, &argument.value, env, b)?;
                self.attribute_of(name, who, e.span, b)
            }
            ExprKind::AttributeOf(name, of) => {
                self.scope.parties_counted(name, of)?;
                let who = self.who(module, of, env, b)?;
                self.attribute_of(name, who, e.span, b)
            }
            ExprKind::Aggregate {
                op: op @ (AggregateOp::Sum | AggregateOp::Count),
                value,
                kind,
                variable: name,
                filter,
            } => {
                let of = self.scope.kind(module, kind)?;
                let id = self.inner(name.as_ref(), of, b);
                let outer = b.it;
                if name.is_none() {
                    b.it = Some(Who::Var(id));
                }
                let filter = match filter {
                    Some(f) => self.condition(module, f, env, b),
                    None => Some(Condition::truth()),
                };
                let value = match (op, value) {
                    (AggregateOp::Sum, Some(v)) => self.quantity(module, v, env, b),
                    _ => Some((Quantity::Fixed(Linear::int(1)), Type::Count)),
                };
                b.it = outer;
                self.forget(name.as_ref(), b);
                let (value, sort) = value?;
                let filter = Box::new(filter?);
                Some((Quantity::Total { variable: id, value: Box::new(value), filter }, sort))
            }
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        e.span,
                        "expected a quantity, found a condition or a choice",
                        "cannot be compared",
                    )
                    .help("write the two cases as two norms, each with its `when`"),
                );
                None
            }
        }
    }

    /// A variable that a condition binds for itself.
    pub(super) fn inner(&mut self, name: Option<&Name>, kind: KindId, b: &mut Binding) -> VarId {
        b.add(variable(name.map_or("", |n| n.text.as_str()), kind, false, Binder::Inner))
    }

    /// Takes a name that a condition bound out of sight again.
    pub(super) fn forget(&mut self, name: Option<&Name>, b: &mut Binding) {
        if let Some(name) = name {
            b.names.shift_remove(name.text.as_str());
        }
    }

    /// A definition with what it is called on in place of its parameters.
    #[expect(clippy::too_many_arguments, reason = "a call, its place, and how its value is read")]
    pub(super) fn definition<T>(
        &mut self,
        module: ModuleId,
        callee: &Path,
        arguments: &[&Expr],
        span: Span,
        env: &Env,
        b: &mut Binding,
        read: fn(&mut Self, ModuleId, &Expr, &Env, &mut Binding) -> Option<T>,
    ) -> Option<T> {
        let definition =
            self.scope.find(module, callee, "a definition, action or event", |i| matches!(i, ItemKind::Define(_)))?;
        let Some(ItemKind::Define(define)) = self.scope.item(definition) else { return None };
        if b.depth >= MOST_NESTED {
            self.scope.report(
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
        if arguments.len() != define.parameters.len() {
            self.scope.report(
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
        let mut names = indexmap::IndexMap::new();
        let mut bound = indexmap::IndexMap::new();
        for (parameter, argument) in define.parameters.iter().zip(arguments) {
            let name = parameter.name.text.to_string();
            if self.is_party(module, argument, env, b) {
                names.insert(name, self.who(module, argument, env, b)?);
            } else if self.reads(module, argument, b) {
                self.scope.report(
                    Diagnostic::error(
                        "not-here",
                        argument.span,
                        format!("`{}` is called on a party or on something that is the same always", define.name.text),
                        "depends on the situation",
                    )
                    .help("call it on the party, and read the quantity inside of the definition"),
                );
                return None;
            } else {
                bound.insert(name, self.scope.value(module, argument, env, None)?);
            }
        }
        let inner = Env { bound, it: None, ..env.clone() };
        let outer = std::mem::replace(&mut b.names, names);
        let it = b.it.take();
        b.depth += 1;
        let found = read(self, definition.module, &define.value, &inner, b);
        b.depth -= 1;
        b.names = outer;
        b.it = it;
        found
    }

    fn unknown_quantity(&mut self, callee: &Path) {
        let words = self.scope.words(callee);
        self.scope.report(
            Diagnostic::error(
                "unknown-name",
                callee.span,
                format!("there is no attribute or definition `{words}`"),
                "not declared",
            )
            .help("an attribute is read as `gdp(it)`, a definition with all its arguments"),
        );
    }

    pub(super) fn not_a_quantity(&mut self, span: Span, found: &Type) {
        self.scope.report(Diagnostic::error(
            "wrong-type",
            span,
            format!("expected a quantity, found {}", found.phrase()),
            format!("this is {}", found.phrase()),
        ));
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    fn linear_product(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        env: &Env,
        b: &mut Binding,
    ) -> Option<(Quantity, Type)> {
        let (l, r) = (self.quantity(module, left, env, b)?, self.quantity(module, right, env, b)?);
        let constant = |q: &Quantity| match q {
            Quantity::Fixed(q) => q.as_constant().cloned(),
            _ => None,
        };
        let pure = |t: &Type| matches!(t, Type::Number | Type::Count | Type::Percent);
        match (op, constant(&l.0), constant(&r.0)) {
            (BinaryOp::Times, Some(c), _) if pure(&l.1) => Some((scaled(c, r.0), number(r.1))),
            (BinaryOp::Times, _, Some(c)) if pure(&r.1) => Some((scaled(c, l.0), number(l.1))),
            (BinaryOp::Divide, _, Some(c)) if pure(&r.1) && !num_traits::Zero::is_zero(&c) => {
                Some((scaled(c.recip(), l.0), number(l.1)))
            }
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "not-linear",
                        span,
                        "a product of two quantities that are both unknown cannot be decided",
                        "neither side is a stated number",
                    )
                    .label(left.span, "not stated")
                    .label(right.span, "not stated")
                    .help("state one of them"),
                );
                None
            }
        }
    }

    /// A length of time: whole days, not negative, or calendar months.
    pub(super) fn days(&mut self, module: ModuleId, e: &Expr, env: &Env, word: &str) -> Option<Days> {
        let v = self.scope.value(module, e, env, Some(&Type::Duration))?;
        if let Value::Months(months) = v.value {
            return match u32::try_from(months) {
                Ok(months) => Some(Days { days: Linear::zero(), months }),
                Err(_) => {
                    self.bad_length(e.span);
                    None
                }
            };
        }
        let v = self.scope.fit(v, &Type::Duration, &format!("`{word}` takes a length of time"))?;
        let days = v.quantity()?.clone();
        if let Some(n) = days.as_constant()
            && (n.is_negative() || !n.is_integer() || n.to_integer().to_i64().is_none_or(|n| n > 4_000_000))
        {
            self.bad_length(e.span);
            return None;
        }
        Some(Days { days, months: 0 })
    }

    fn bad_length(&mut self, span: Span) {
        self.scope.report(
            Diagnostic::error(
                "bad-length",
                span,
                "expected a whole number of days, at least 0 and at most 4,000,000",
                "not such a length of time",
            )
            .help("write it in whole days: `30 days`"),
        );
    }
}

/// A value of a type, for messages about types.
pub(super) fn stub(sort: &Type, span: Span) -> Typed {
    Typed { sort: sort.clone(), value: Value::Quantity(Linear::zero()), span }
}

fn scaled(by: BigRational, q: Quantity) -> Quantity {
    match q {
        Quantity::Fixed(q) => Quantity::Fixed(q.scale(&by)),
        q => Quantity::Scaled(by, Box::new(q)),
    }
}

/// A multiple of a count need not be whole.
fn number(sort: Type) -> Type {
    if sort == Type::Count { Type::Number } else { sort }
}
