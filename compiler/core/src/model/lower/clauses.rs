//! Model clauses that an article adopts, and what parties say of open terms.
//!
//! In: `adopts`, `accepts`, `prefers`, `values`, bracketed texts. Out: [`Draft`]s of the adopted statements and of
//! acceptances; preferences and worths of the program.

use super::order::Container;
use super::{Draft, Lower, folded};
use crate::diagnostic::Diagnostic;
use crate::logic::Formula;
use crate::model::{CharterId, PartyId, Preference, Reading, StatementKind, Worth};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{self, Argument, ItemKind, Path, Statement};
use crate::types::{Env, Type, Typed, Value};
use indexmap::IndexMap;
use num_traits::{One, Signed};
use std::rc::Rc;
use std::sync::Arc;

/// Model clauses may adopt each other this deep.
const MOST_NESTED: usize = 16;

impl<'p> Lower<'p> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement and its place")]
    pub(crate) fn adopts(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        clause: &Path,
        arguments: &[Argument],
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        let Some(definition) =
            self.scope.find(module, clause, "a model clause", |i| matches!(i, ItemKind::ModelClause(_)))
        else {
            return;
        };
        let Some(ItemKind::ModelClause(found)) = self.scope.item(definition) else { return };
        if let Some(first) = s.modifiers.first() {
            self.scope.report(
                Diagnostic::error(
                    "clause-does-not-fit",
                    first.span,
                    "nothing can follow an adopted clause",
                    "does not belong here",
                )
                .help("pass it as an argument of the clause"),
            );
        }
        if env.depth >= MOST_NESTED {
            self.scope.report(
                Diagnostic::error(
                    "clause-cycle",
                    s.span,
                    format!("the clause `{}` adopts itself, or others too deeply", found.name.text),
                    "adopted here",
                )
                .label(found.name.span, "declared here"),
            );
            return;
        }
        let Some(bound) = self.bind(module, found, arguments, s.span, env, container.charter) else { return };
        let inner = Env { bound, depth: env.depth + 1, ..env.clone() };
        let prefix = Rc::from(format!("{}/{place}", container.prefix));
        let container = Rc::new(Container { prefix, ..Container::clone(container) });
        let before = self.drafts.len();
        self.statements(definition.module, &found.statements, &container, &inner);
        // The reader finds an adopted statement where it is adopted; its own text is that of the clause.
        let adopted = folded(self.scope.sources.slice(s.span));
        for draft in self.drafts.iter_mut().skip(before) {
            draft.text = format!("{} ({adopted})", draft.text);
        }
    }

    pub(super) fn bind(
        &mut self,
        module: ModuleId,
        clause: &'p tree::ModelClause,
        arguments: &[Argument],
        span: Span,
        env: &Env,
        charter: Option<CharterId>,
    ) -> Option<IndexMap<String, Typed>> {
        let mut bound: IndexMap<String, Typed> = IndexMap::new();
        let mut positional = clause.parameters.iter();
        let mut ok = true;
        for argument in arguments {
            let parameter = match &argument.name {
                Some(name) => clause.parameters.iter().find(|p| p.name.text == name.text),
                None => positional.find(|p| !bound.contains_key(p.name.text.as_str())),
            };
            let Some(parameter) = parameter else {
                let known = clause.parameters.iter().map(|p| p.name.text.as_str()).collect::<Vec<_>>().join(", ");
                self.scope.report(
                    Diagnostic::error(
                        "unknown-argument",
                        argument.value.span,
                        format!("the clause `{}` takes no such argument", clause.name.text),
                        "not asked for",
                    )
                    .label(clause.name.span, format!("it takes: {known}")),
                );
                ok = false;
                continue;
            };
            let expected = match &parameter.sort {
                Some(sort) => self.type_of(module, sort),
                None => None,
            };
            // funds are no values of expressions: a fund is named
            let found = match (&expected, &argument.value.kind) {
                (Some(Type::Fund), tree::ExprKind::Path(path)) => self
                    .fund(module, path, charter, env)
                    .map(|id| Typed { sort: Type::Fund, value: Value::Fund(id), span: argument.value.span }),
                _ => self.scope.value(module, &argument.value, env, expected.as_ref()),
            };
            let Some(value) = found else {
                ok = false;
                continue;
            };
            let value = match &expected {
                Some(sort) => {
                    let because = format!("the parameter `{}` is declared as {}", parameter.name.text, sort.phrase());
                    let sort = self.currency(sort, &value.sort);
                    self.scope.fit(value, &sort, &because)
                }
                None => Some(value),
            };
            match value {
                Some(value) => {
                    bound.insert(parameter.name.text.to_string(), value);
                }
                None => ok = false,
            }
        }
        for parameter in &clause.parameters {
            if bound.contains_key(parameter.name.text.as_str()) {
                continue;
            }
            match &parameter.default {
                Some(default) => {
                    let value = self.scope.value(module, default, env, None)?;
                    bound.insert(parameter.name.text.to_string(), value);
                }
                None if ok => {
                    self.scope.report(
                        Diagnostic::error(
                            "missing-argument",
                            span,
                            format!("the clause `{}` needs its `{}`", clause.name.text, parameter.name.text),
                            "adopted here",
                        )
                        .label(parameter.name.span, "asked for here")
                        .help(format!("write `{} = …` among the arguments", parameter.name.text)),
                    );
                    ok = false;
                }
                None => {}
            }
        }
        ok.then_some(bound)
    }

    /// `accepts`, `prefers`, `values`.
    pub(crate) fn stance(&mut self, module: ModuleId, stance: &'p tree::Stance, span: Span) {
        let env = Env::default();
        let Some(party) = self.scope.party(module, &stance.party, &env) else { return };
        match &stance.kind {
            tree::StanceKind::Accepts(e) => {
                let Some(condition) = self.scope.truth(module, e, &env) else { return };
                if !self.only_terms(&condition, e.span) {
                    return;
                }
                let label = stance.label.as_ref().map(|l| l.text.to_string());
                let text = folded(self.scope.sources.slice(span));
                self.acceptance(party, condition, span, text, label);
            }
            tree::StanceKind::Prefers { condition, weight } => {
                let Some(found) = self.scope.truth(module, condition, &env) else { return };
                if !self.only_terms(&found, condition.span) {
                    return;
                }
                let weight = match weight {
                    Some(e) => self.positive(module, e, "a weight"),
                    None => Some(num_rational::BigRational::one()),
                };
                if let Some(weight) = weight {
                    self.scope.program.preferences.push(Preference { party, condition: found, weight, span });
                }
            }
            tree::StanceKind::Values { region, worth } => {
                let ground = self.ground(module, region, &env);
                self.pending_claim = None;
                let worth = self.positive(module, worth, "what ground is worth");
                if let (Some(region), Some(worth)) = (ground, worth) {
                    self.scope.program.worths.push(Worth { party, region, worth, span });
                }
            }
        }
    }

    pub(super) fn positive(
        &mut self,
        module: ModuleId,
        e: &tree::Expr,
        what: &str,
    ) -> Option<num_rational::BigRational> {
        let q = self.scope.quantity_of(
            module,
            e,
            &Env::default(),
            &Type::Number,
            "weights and worths are plain numbers",
        )?;
        let n = self.scope.stated(&q, e.span, what)?;
        if n.is_positive() {
            return Some(n);
        }
        self.scope.report(Diagnostic::error("not-positive", e.span, format!("{what} is above zero"), "is not"));
        None
    }

    pub(super) fn only_terms(&mut self, condition: &Formula, span: Span) -> bool {
        let foreign = condition.vars().into_iter().find(|v| !self.scope.program.terms.iter().any(|t| t.var == *v));
        match foreign {
            None => true,
            Some(v) => {
                self.scope.report(
                    Diagnostic::error(
                        "not-a-term",
                        span,
                        format!("`{}` is found, not chosen: nobody can accept it", v.name()),
                        "reads something that is no open term",
                    )
                    .help("accept values of open terms only"),
                );
                false
            }
        }
    }

    pub(super) fn acceptance(
        &mut self,
        party: PartyId,
        condition: Formula,
        span: Span,
        text: String,
        label: Option<String>,
    ) {
        let name = self.scope.program.party_name(party).to_owned();
        let container = Rc::new(Container {
            charter_name: Rc::from("\u{10FFFF}"),
            heading: Some(Arc::from(format!("what {name} accepts"))),
            authors: Rc::from([party]),
            prefix: Rc::from(format!("{name}/accepts")),
            ..Container::default()
        });
        self.drafts.push(Draft {
            container,
            label,
            address: String::new(),
            data_key: None,
            parties: vec![party],
            kind: StatementKind::Acceptance { party, condition },
            on: Formula::truth(),
            reading: Reading::plain(),
            span,
            text,
            waives: Vec::new(),
            conduct: None,
        });
    }

    /// Whoever is named at alternatives of a bracketed text accepts these and no other.
    pub(crate) fn bracket_acceptances(&mut self) {
        let stances: Vec<((usize, PartyId), (Formula, Span))> =
            self.scope.bracket_stances.iter().map(|(k, v)| (*k, v.clone())).collect();
        for ((term, party), (condition, span)) in stances {
            let name = self.scope.program.terms.get(term).map_or_else(String::new, |t| t.name.clone());
            let text = format!("{} stands at its own text of {name}", self.scope.program.party_name(party));
            self.acceptance(party, condition, span, text, None);
        }
    }
}
