//! Flows that are essential, what acts cut of them, and what rules spare.
//!
//! In: `flow food at least 60%`, `cuts food by 100% - bandwidth` at an action, `exempt food` in a rule. Out: entries of
//! [`Conduct::flows`](crate::model::conduct::Conduct) in the order of their names, [`Cut`]s and [`FlowId`]s. A floor and a share
//! are percentages; a share is said over the arguments of its act, so that what is left is linear.

use super::super::Lower;
use super::binding::Binding;
use crate::diagnostic::Diagnostic;
use crate::model::KindId;
use crate::model::conduct::{Action, ActionId, Quantity};
use crate::model::flow::{Cut, Flow, FlowId};
use crate::resolve::load::ModuleId;
use crate::resolve::names::Definition;
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::syntax::tree::{Expr, ItemKind, Name, Path};
use crate::types::{Env, Type};
use num_rational::BigRational;
use num_traits::{One, Zero};

impl<'p> Lower<'p> {
    /// Declares the flows, by name.
    pub(super) fn declare_flows(&mut self) {
        let mut flows: Vec<(&'p str, ModuleId, Definition, &'p written::Flow)> = Vec::new();
        for (module, definition, item) in self.items() {
            if let ItemKind::Flow(f) = &item.kind {
                flows.push((&f.name.text, module, definition, f));
            }
        }
        flows.sort_by_key(|(name, _, d, _)| (*name, *d));
        for (name, module, definition, flow) in flows {
            let Some(v) = self.scope.value(module, &flow.floor, &Env::default(), None) else { continue };
            let (Type::Percent, Some(floor)) = (&v.sort, v.quantity()) else {
                let found = v.sort.phrase();
                self.not_a_share(flow.floor.span, &found, &format!("write for instance `flow {name} at least 60%`"));
                continue;
            };
            let floor = floor.clone();
            if floor.as_constant().is_some_and(|c| !is_share(c)) {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-share",
                        flow.floor.span,
                        format!(
                            "expected a floor of more than 0% and at most 100%, found `{}`",
                            self.words(flow.floor.span)
                        ),
                        "no floor of a flow",
                    )
                    .help(format!("write for instance `flow {name} at least 60%`")),
                );
                continue;
            }
            let supplied = match &flow.supplied {
                Some(attribute) if self.supplies(attribute) => Some(attribute.text.to_string()),
                Some(_) => continue,
                None => None,
            };
            let id = FlowId(u32::try_from(self.scope.program.conduct.flows.len()).unwrap_or(u32::MAX));
            self.conduct.flows.insert(definition, id);
            let span = flow.name.span;
            self.scope.program.conduct.flows.push(Flow { name: name.to_owned(), floor, supplied, span });
        }
    }

    /// Whether an attribute can say what share a party supplies: a percentage that no act changes.
    fn supplies(&mut self, attribute: &Name) -> bool {
        let kinds = (0u32..).map(KindId).take(self.scope.program.kinds.len());
        let found: Vec<Type> =
            kinds.filter_map(|k| self.scope.attribute_of_kind(k, &attribute.text)).map(|(sort, _)| sort).collect();
        let error = if found.is_empty() {
            Diagnostic::error(
                "unknown-attribute",
                attribute.span,
                format!("no kind declares an attribute `{}`", attribute.text),
                "not declared",
            )
        } else if !found.contains(&Type::Percent) {
            Diagnostic::error(
                "wrong-type",
                attribute.span,
                format!("expected a percentage, found `{}`, which is none", attribute.text),
                "not a share",
            )
        } else if self.conduct.changing.contains(attribute.text.as_str()) {
            Diagnostic::error(
                "wrong-share",
                attribute.span,
                format!("expected an attribute that no act changes, found `{}`", attribute.text),
                "an act changes it",
            )
        } else {
            return true;
        };
        self.scope.report(error.help(format!("declare it: `kind State {{ {}: Percent }}`", attribute.text)));
        false
    }

    /// The flow that a path names.
    pub(super) fn flow(&mut self, module: ModuleId, path: &Path) -> Option<FlowId> {
        let definition = self.scope.find(module, path, "a flow", |i| matches!(i, ItemKind::Flow(_)))?;
        self.conduct.flows.get(&definition).copied()
    }

    /// The flows that a rule spares.
    pub(super) fn spared(&mut self, module: ModuleId, goods: &[Name]) -> Vec<FlowId> {
        let path = |name: &Name| Path { segments: vec![name.clone()], span: name.span };
        goods.iter().filter_map(|name| self.flow(module, &path(name))).collect()
    }

    /// What an action cuts.
    pub(super) fn cut(
        &mut self,
        module: ModuleId,
        id: ActionId,
        action: &Action,
        flow: &Path,
        by: Option<&Expr>,
    ) -> Option<Cut> {
        let found = self.flow(module, flow)?;
        let name = self.words(flow.span);
        if action.event || action.target().is_none() {
            self.scope.report(
                Diagnostic::error(
                    "no-target",
                    flow.span,
                    format!("`{}` does not say who cuts whose `{name}`", action.name),
                    "expected an actor and another party among its parameters",
                )
                .label(action.span, "declared here")
                .help(format!("declare it as `action {}(by: Party, on: Party) cuts {name}`", action.name)),
            );
            return None;
        }
        if action.cut(found).is_some() {
            self.scope.report(
                Diagnostic::error(
                    "name-twice",
                    flow.span,
                    format!("`{}` says twice what it cuts of `{name}`", action.name),
                    "second time",
                )
                .help("say it once"),
            );
            return None;
        }
        let Some(by) = by else {
            let whole = Quantity::Fixed(crate::logic::Linear::constant(BigRational::one()));
            return Some(Cut { flow: found, share: whole });
        };
        let types = self.conduct.types.get(id.0 as usize).cloned().unwrap_or_default();
        let mut b = Binding::of_action(action, &types);
        let (share, sort) = self.quantity(module, by, &Env::default(), &mut b)?;
        let help = format!("write for instance `cuts {name} by 40%`, or `cuts {name}` for all of it");
        if sort != Type::Percent {
            self.not_a_share(by.span, &sort.phrase(), &help);
            return None;
        }
        let constant = matches!(&share, Quantity::Fixed(n) if n.as_constant().is_some_and(|c| !is_share(c)));
        if constant || !of_the_act(&share) {
            let message = if constant {
                format!("expected a share of more than 0% and at most 100%, found `{}`", self.words(by.span))
            } else {
                format!("expected a share over the arguments of the act, found `{}`", self.words(by.span))
            };
            self.scope.report(Diagnostic::error("wrong-share", by.span, message, "cannot be cut by an act").help(help));
            return None;
        }
        Some(Cut { flow: found, share })
    }

    fn not_a_share(&mut self, span: Span, found: &str, help: &str) {
        let message = format!("expected a percentage, found {found}");
        let label = format!("this is {found}");
        self.scope.report(Diagnostic::error("wrong-type", span, message, label).help(help));
    }

    fn words(&self, span: Span) -> String {
        super::folded(self.scope.sources.slice(span))
    }
}

/// Whether a number is more than nothing and at most the whole.
fn is_share(n: &BigRational) -> bool {
    *n > BigRational::zero() && *n <= BigRational::one()
}

/// Whether a quantity reads nothing but arguments, terms and constants.
fn of_the_act(q: &Quantity) -> bool {
    match q {
        Quantity::Fixed(_) | Quantity::Argument(_) => true,
        Quantity::Scaled(_, inner) => of_the_act(inner),
        Quantity::Sum(parts) => parts.iter().all(of_the_act),
        Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => false,
    }
}
