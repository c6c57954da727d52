//! Sums, counts and quantifiers over the members of a charter.
//!
//! In: `sum of q(e) over every Emitter e where …`. Out: a quantity or a formula over listed members, and a variable for
//! the sum over members that are open in number.

use super::scope::Scope;
use super::{Env, Type, Typed, Value};
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear, Var};
use crate::model::{KindId, OpenSum, PartyId};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{AggregateOp, Expr, ExprKind, Name, Path};

impl<'p> Scope<'p> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    pub(super) fn aggregate(
        &mut self,
        module: ModuleId,
        op: AggregateOp,
        value: Option<&Expr>,
        kind: &Path,
        variable: Option<&Name>,
        filter: Option<&Expr>,
        span: Span,
        env: &Env,
    ) -> Option<Typed> {
        let kind_id = self.kind(module, kind)?;
        let members: Vec<PartyId> =
            env.members.iter().copied().filter(|m| self.program.is_kind(self.kind_of(*m), kind_id)).collect();
        let open: Vec<KindId> = env
            .open
            .iter()
            .copied()
            .filter(|k| self.program.is_kind(*k, kind_id) || self.program.is_kind(kind_id, *k))
            .collect();
        // a requirement is assumed of members to come, so it may speak of all of them
        let allowed = env.allow_open_sums && matches!(op, AggregateOp::Sum | AggregateOp::ForAll);
        if !open.is_empty() && !allowed {
            self.report(
                Diagnostic::error(
                    "open-in-number",
                    span,
                    format!(
                        "how many there are of `{}` is left open by the charter, so this is not known",
                        self.words(kind)
                    ),
                    "counts members that are not listed",
                )
                .help("only `require sum of … over every …` may speak of members that are not listed"),
            );
            return None;
        }
        let mut total = Linear::zero();
        let mut sort = Type::Count;
        let mut all = Vec::new();
        for member in members {
            let mut inner = env.clone();
            inner.it = Some(member);
            if let Some(v) = variable {
                let bound =
                    Typed { sort: Type::Party(self.kind_of(member)), value: Value::Party(member), span: v.span };
                inner.bound.insert(v.text.to_string(), bound);
            }
            let kept = match filter {
                Some(f) => self.truth(module, f, &inner)?,
                None => Formula::truth(),
            };
            match op {
                AggregateOp::ForAll | AggregateOp::Exists => {
                    let holds = self.truth(module, value?, &inner)?;
                    all.push(if op == AggregateOp::ForAll {
                        Formula::implies(&kept, &holds)
                    } else {
                        Formula::and([kept, holds])
                    });
                }
                AggregateOp::Sum | AggregateOp::Count => {
                    if !kept.is_true() && !kept.is_false() {
                        self.report(
                            Diagnostic::error(
                                "open-choice",
                                filter.map_or(span, |f| f.span),
                                "who is counted is still open",
                                format!("not decided by what is stated of `{}`", self.program.party_name(member)),
                            )
                            .help("state the attributes that the condition reads"),
                        );
                        return None;
                    }
                    if kept.is_false() {
                        continue;
                    }
                    if op == AggregateOp::Count {
                        total = total + Linear::int(1);
                    } else {
                        let v = self.value(module, value?, &inner, None)?;
                        total = total + self.need_quantity(&v, "to add up")?;
                        sort = v.sort;
                    }
                }
            }
        }
        if op == AggregateOp::Sum {
            for kind in open {
                let (attribute, found) = self.open_attribute(kind, value?, variable)?;
                let kind_name = self.program.kinds.get(kind.0 as usize).map_or_else(String::new, |k| k.name.clone());
                let var = Var::real(format!("sum of {attribute} over {kind_name}"));
                let sum = OpenSum { var: var.clone(), attribute, kind };
                if !self.open_sums.contains(&sum) {
                    self.open_sums.push(sum);
                }
                total = total + Linear::var(&var);
                sort = found;
            }
        }
        let typed = |sort: Type, value: Value| Some(Typed { sort, value, span });
        match op {
            AggregateOp::ForAll => typed(Type::Bool, Value::Truth(Formula::and(all))),
            AggregateOp::Exists => typed(Type::Bool, Value::Truth(Formula::or(all))),
            AggregateOp::Sum | AggregateOp::Count => typed(sort, Value::Quantity(total)),
        }
    }

    /// The attribute that a sum over members open in number adds up: `q(e)`, `q(it)` and nothing else.
    pub(super) fn open_attribute(
        &mut self,
        kind: KindId,
        value: &Expr,
        variable: Option<&Name>,
    ) -> Option<(String, Type)> {
        if let ExprKind::Call { callee, arguments } = &value.kind
            && let ([name], [argument]) = (callee.segments.as_slice(), arguments.as_slice())
        {
            let of_it = match &argument.value.kind {
                ExprKind::It => true,
                ExprKind::Path(p) => match (p.segments.as_slice(), variable) {
                    ([only], Some(v)) => only.text == v.text,
                    ([_], None) => true,
                    _ => false,
                },
                _ => false,
            };
            if of_it && let Some((sort, _)) = self.attribute_of_kind(kind, &name.text) {
                return Some((name.text.to_string(), sort));
            }
        }
        self.report(
            Diagnostic::error(
                "open-in-number",
                value.span,
                "a sum over members that are not listed adds up one attribute of each",
                "not an attribute of the member",
            )
            .help("write `sum of q(e) over every K e` with an attribute q of K"),
        );
        None
    }
}
