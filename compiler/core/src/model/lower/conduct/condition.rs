//! Conditions on what happened.
//!
//! In: expressions and a [`Binding`]. Out: a [`Condition`]. What reads nothing of a situation is a formula over open terms
//! and unknown attributes, as everywhere else.

use super::super::Lower;
use super::binding::Binding;
use super::pattern::Use;
use crate::diagnostic::Diagnostic;
use crate::logic::Formula;
use crate::model::conduct::{Compare, Condition, Days, Who};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::conduct::Act;
use crate::syntax::tree::{AggregateOp, Argument, BinaryOp, Expr, ExprKind, ItemKind, Name, Path, UnaryOp};
use crate::types::{Env, Type};

impl<'p> Lower<'p> {
    /// A condition.
    pub(super) fn condition(&mut self, module: ModuleId, e: &Expr, env: &Env, b: &mut Binding) -> Option<Condition> {
        if !self.reads(module, e, b) {
            return self.scope.truth(module, e, env).map(Condition::Fixed);
        }
        match &e.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let binds = std::mem::replace(&mut b.binds, false);
                let found = self.condition(module, inner, env, b);
                b.binds = binds;
                found.map(not)
            }
            ExprKind::Binary(BinaryOp::And, left, right) => {
                let (l, r) = (self.condition(module, left, env, b), self.condition(module, right, env, b));
                Some(all(vec![l?, r?]))
            }
            ExprKind::Binary(BinaryOp::Or, left, right) => {
                let (l, r) = (self.condition(module, left, env, b), self.condition(module, right, env, b));
                Some(any(vec![l?, r?]))
            }
            ExprKind::Binary(op, left, right) if compare(*op).is_some() => {
                self.comparison(module, *op, left, right, env, b)
            }
            ExprKind::If(c, yes, no) => {
                let (c, y) = (self.condition(module, c, env, b)?, self.condition(module, yes, env, b)?);
                let n = self.condition(module, no, env, b)?;
                Some(any(vec![all(vec![c.clone(), y]), all(vec![not(c), n])]))
            }
            ExprKind::Path(path) => self.named_condition(module, path, &[], e.span, env, b),
            ExprKind::Call { callee, arguments } => self.named_condition(module, callee, arguments, e.span, env, b),
            ExprKind::Has { party, act } => {
                let actor = self.who(module, party, env, b)?;
                let pattern = self.pattern(module, act, Some(actor), None, env, b, Use::Condition)?;
                Some(Condition::Occurred { pattern, last: None })
            }
            ExprKind::May { party, act } => {
                let actor = self.who(module, party, env, b)?;
                Some(Condition::May(self.pattern(module, act, Some(actor), None, env, b, Use::Condition)?))
            }
            ExprKind::InTheLast(inner, length) => {
                let days = self.days(module, length, env, "in the last")?;
                let inner = self.condition(module, inner, env, b)?;
                self.look_back(inner, &days, e.span)
            }
            ExprKind::BreachOf { of, by, against } => {
                let norms = vec![self.selector_of(module, of, env, b, e.span)?];
                let by = Some(self.who(module, by, env, b)?);
                let against = match against {
                    Some(q) => Some(self.who(module, q, env, b)?),
                    None => None,
                };
                Some(Condition::Breached { norms, by, against, last: None })
            }
            ExprKind::Aggregate {
                op: op @ (AggregateOp::ForAll | AggregateOp::Exists),
                value,
                kind,
                variable,
                filter,
            } => self.quantified(module, *op, value.as_deref(), kind, variable.as_ref(), filter.as_deref(), env, b),
            ExprKind::AttributeOf(name, of) => {
                self.scope.parties_counted(name, of)?;
                let who = self.who(module, of, env, b)?;
                self.truth_of(name, who, b)
            }
            other => {
                let error = |found: &str| {
                    let headline = format!("expected a condition, found {found}");
                    Diagnostic::error("wrong-type", e.span, headline, "no condition")
                };
                self.scope.report(match other {
                    ExprKind::Aggregate { op: AggregateOp::Count, .. } => error("a number")
                        .help("compare it behind brackets: `(count of every party p where …) at most 2`"),
                    ExprKind::Aggregate { op: AggregateOp::Sum, .. } => {
                        error("a sum").help("compare it behind brackets: `(sum of …) at most 2`")
                    }
                    _ => error("something else")
                        .help("compare it with something, as in `gdp(it) at least 1 billion EUR`"),
                });
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    fn quantified(
        &mut self,
        module: ModuleId,
        op: AggregateOp,
        value: Option<&Expr>,
        kind: &Path,
        name: Option<&Name>,
        filter: Option<&Expr>,
        env: &Env,
        b: &mut Binding,
    ) -> Option<Condition> {
        let of = self.scope.kind(module, kind)?;
        let id = self.inner(name, of, b);
        let outer = b.it;
        if name.is_none() {
            b.it = Some(Who::Var(id));
        }
        let filter = match filter {
            Some(f) => self.condition(module, f, env, b),
            None => Some(Condition::truth()),
        };
        let body = match value {
            Some(v) => self.condition(module, v, env, b),
            None => Some(Condition::truth()),
        };
        b.it = outer;
        self.forget(name, b);
        let (filter, body) = (filter?, body?);
        Some(match op {
            AggregateOp::ForAll => Condition::ForAll(id, Box::new(any(vec![not(filter), body]))),
            _ => Condition::Exists(id, Box::new(all(vec![filter, body]))),
        })
    }

    fn comparison(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        env: &Env,
        b: &mut Binding,
    ) -> Option<Condition> {
        let op = compare(op)?;
        if self.is_party(module, left, env, b) || self.is_party(module, right, env, b) {
            let (l, r) = (self.who(module, left, env, b), self.who(module, right, env, b));
            let same = Condition::Same(l?, r?);
            return match op {
                Compare::Equal => Some(same),
                Compare::NotEqual => Some(not(same)),
                _ => {
                    self.scope.report(
                        Diagnostic::error(
                            "wrong-type",
                            left.span.to(right.span),
                            "parties have no order",
                            "compared here",
                        )
                        .help("compare with `=` or `!=`, or compare an attribute of each"),
                    );
                    None
                }
            };
        }
        let (l, r) = (self.quantity(module, left, env, b), self.quantity(module, right, env, b));
        let (l, r) = (l?, r?);
        self.scope.same_sort(&super::quantity::stub(&l.1, left.span), &super::quantity::stub(&r.1, right.span))?;
        Some(Condition::Compare(l.0, op, r.0))
    }

    /// `ceased(v)`, `in_dispute(it, q)`, `solvent(it)`: an event, an act with its actor first, a definition, an attribute.
    fn named_condition(
        &mut self,
        module: ModuleId,
        callee: &Path,
        arguments: &[Argument],
        span: Span,
        env: &Env,
        b: &mut Binding,
    ) -> Option<Condition> {
        if self.known_action(module, callee).is_some() {
            let act = Act { action: callee.clone(), arguments: arguments.to_vec(), span };
            let pattern = self.pattern(module, &act, None, None, env, b, Use::Condition)?;
            return Some(Condition::Occurred { pattern, last: None });
        }
        let is_define = self.scope.names.find(module, callee).is_some_and(|(d, taken)| {
            taken == callee.segments.len() && matches!(self.scope.item(d), Some(ItemKind::Define(_)))
        });
        if is_define {
            let values: Vec<&Expr> = arguments.iter().map(|a| &a.value).collect();
            return self.definition(module, callee, &values, span, env, b, Self::condition);
        }
        if let ([name], [one]) = (callee.segments.as_slice(), arguments) {
            let who = self.who(module, &one.value, env, b)?;
            let kind = self.kind_of_who(who, b);
            if self.scope.attribute_of_kind(kind, &name.text).is_some() {
                return self.truth_of(name, who, b);
            }
        }
        self.scope.find(module, callee, "an action, event or definition", |i| {
            matches!(i, ItemKind::Action(_) | ItemKind::Event(_) | ItemKind::Define(_))
        });
        None
    }

    /// A true-or-false attribute of somebody.
    fn truth_of(&mut self, name: &Name, who: Who, b: &Binding) -> Option<Condition> {
        let kind = self.kind_of_who(who, b);
        match self.scope.attribute_of_kind(kind, &name.text) {
            Some((Type::Bool, _)) => {
                for place in 0..self.scope.program.parties.len() {
                    let Some(party) = self.scope.program.parties.get(place) else { continue };
                    let id = crate::model::PartyId(u32::try_from(place).unwrap_or(u32::MAX));
                    let meant = match who {
                        Who::Party(p) => p == id,
                        Who::Var(_) => self.scope.program.is_kind(party.kind, kind),
                    };
                    if meant && !party.attributes.contains_key(name.text.as_str()) {
                        self.scope.unknown(id, &name.text, &Type::Bool);
                    }
                }
                Some(Condition::Attribute(who, name.text.to_string()))
            }
            Some((sort, _)) => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        name.span,
                        format!("expected a condition, found {}", sort.phrase()),
                        format!("this is {}", sort.phrase()),
                    )
                    .help("compare it with something, as in `gdp(it) at least 1 billion EUR`"),
                );
                None
            }
            None => {
                self.unknown_attribute(name, kind);
                None
            }
        }
    }

    /// `in the last n` of every occurrence and breach in a condition.
    fn look_back(&mut self, c: Condition, days: &Days, span: Span) -> Option<Condition> {
        Some(match c {
            Condition::Occurred { pattern, last: None } => Condition::Occurred { pattern, last: Some(days.clone()) },
            Condition::Breached { norms, by, against, last: None } => {
                Condition::Breached { norms, by, against, last: Some(days.clone()) }
            }
            Condition::All(parts) => Condition::All(self.look_back_each(parts, days, span)?),
            Condition::Any(parts) => Condition::Any(self.look_back_each(parts, days, span)?),
            Condition::Exists(v, inner) => Condition::Exists(v, Box::new(self.look_back(*inner, days, span)?)),
            c @ Condition::Same(..) => c,
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "not-here",
                        span,
                        "expected an act, an event or a breach before `in the last`, found something else",
                        "looks back on nothing",
                    )
                    .help("write `it has contributed() in the last 1 year`"),
                );
                return None;
            }
        })
    }

    fn look_back_each(&mut self, parts: Vec<Condition>, days: &Days, span: Span) -> Option<Vec<Condition>> {
        parts.into_iter().map(|c| self.look_back(c, days, span)).collect()
    }

    /// Reports `any` under `not` and `unless`, where it reads both ways (§11).
    pub(super) fn refuse_any(&mut self, span: Span) {
        self.scope.report(
            Diagnostic::error(
                "any-under-not",
                span,
                "`any` is refused under `not` and `unless`: readers take it for each one and for some one",
                "which is meant?",
            )
            .help("write `exists q: party: …` or `for all q: party: …`, or `anyone`"),
        );
    }
}

/// The comparison that an operator is.
pub(super) fn compare(op: BinaryOp) -> Option<Compare> {
    Some(match op {
        BinaryOp::Equal => Compare::Equal,
        BinaryOp::NotEqual => Compare::NotEqual,
        BinaryOp::Less => Compare::Less,
        BinaryOp::AtMost => Compare::AtMost,
        BinaryOp::Greater => Compare::Greater,
        BinaryOp::AtLeast => Compare::AtLeast,
        _ => return None,
    })
}

/// Negation, pushed through what it can be.
pub(super) fn not(c: Condition) -> Condition {
    match c {
        Condition::Fixed(f) => Condition::Fixed(Formula::not(&f)),
        Condition::Not(inner) => *inner,
        c => Condition::Not(Box::new(c)),
    }
}

/// All of them, flat.
pub(super) fn all(parts: Vec<Condition>) -> Condition {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Condition::All(inner) => out.extend(inner),
            c if c.is_true() => {}
            c if c.is_false() => return Condition::falsity(),
            c => out.push(c),
        }
    }
    match out.len() {
        0 => Condition::truth(),
        1 => out.remove(0),
        _ => Condition::All(out),
    }
}

/// One of them, flat.
pub(super) fn any(parts: Vec<Condition>) -> Condition {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Condition::Any(inner) => out.extend(inner),
            c if c.is_false() => {}
            c if c.is_true() => return Condition::truth(),
            c => out.push(c),
        }
    }
    match out.len() {
        0 => Condition::falsity(),
        1 => out.remove(0),
        _ => Condition::Any(out),
    }
}
