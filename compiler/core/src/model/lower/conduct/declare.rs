//! Ladders, actions, events and funds.
//!
//! In: their declarations in all modules. Out: entries of [`Conduct`](crate::model::conduct::Conduct) in the order of their
//! names, so that no order of files shows, and the tables that names are found in.

use super::super::Lower;
use super::binding::Binding;
use crate::diagnostic::Diagnostic;
use crate::model::CharterId;
use crate::model::conduct::{
    Action, ActionId, Change, Fund, FundId, Ladder, LadderId, Level, Parameter, Quantity, Sort, Who,
};
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self, Definition};
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::syntax::tree::{self, Expr, ExprKind, ItemKind, Path};
use crate::types::{Env, Type, Value};
use num_rational::BigRational;
use num_traits::Zero;

impl<'p> Lower<'p> {
    /// Declares everything that norms speak of, but norms.
    pub(crate) fn declare_conduct(&mut self) {
        let mut ladders: Vec<(&'p str, Definition, &'p written::Ladder)> = Vec::new();
        let mut actions: Vec<(&'p str, Definition, &'p written::Action, bool)> = Vec::new();
        for (_, definition, item) in self.items() {
            match &item.kind {
                ItemKind::Ladder(l) => ladders.push((&l.name.text, definition, l)),
                ItemKind::Action(a) => actions.push((&a.name.text, definition, a, false)),
                ItemKind::Event(a) => actions.push((&a.name.text, definition, a, true)),
                _ => {}
            }
        }
        ladders.sort_by_key(|(name, d, _)| (*name, *d));
        for (_, definition, ladder) in ladders {
            let id = LadderId(u32::try_from(self.scope.program.conduct.ladders.len()).unwrap_or(u32::MAX));
            self.conduct.ladders.insert(definition, id);
            self.ladder(ladder);
        }
        actions.sort_by_key(|(name, d, ..)| (*name, *d));
        for (_, definition, action, event) in &actions {
            let id = ActionId(u32::try_from(self.scope.program.conduct.actions.len()).unwrap_or(u32::MAX));
            self.conduct.actions.insert(*definition, id);
            self.conduct.types.push(Vec::new());
            self.scope.program.conduct.actions.push(Action {
                name: action.name.text.to_string(),
                event: *event,
                parameters: Vec::new(),
                severity: None,
                reads: None,
                hostile: false,
                helps: false,
                lasting: false,
                once: false,
                hinders: Vec::new(),
                changes: Vec::new(),
                cuts: Vec::new(),
                span: action.name.span,
            });
        }
        self.declare_funds();
        for (_, _, action, _) in &actions {
            for one in &action.traits {
                if let written::ActionTraitKind::Changes { quantity, .. } = &one.kind
                    && let ExprKind::Call { callee, .. } = &quantity.kind
                    && let [name] = callee.segments.as_slice()
                    && name.text != "balance"
                {
                    self.conduct.changing.insert(name.text.to_string());
                }
            }
        }
        self.declare_flows();
        for (_, definition, action, event) in &actions {
            self.parameters(*definition, action, *event);
        }
        for (_, definition, action, _) in &actions {
            self.traits(*definition, action);
        }
    }

    fn ladder(&mut self, ladder: &written::Ladder) {
        let mut levels: Vec<String> = Vec::new();
        for level in &ladder.levels {
            if levels.iter().any(|l| *l == level.text) {
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        level.span,
                        format!("the ladder `{}` has the level `{}` twice", ladder.name.text, level.text),
                        "second time",
                    )
                    .help("name each level once, the lowest first"),
                );
            }
            levels.push(level.text.to_string());
        }
        let name = ladder.name.text.to_string();
        self.scope.program.conduct.ladders.push(Ladder { name, levels, span: ladder.name.span });
    }

    fn declare_funds(&mut self) {
        let mut funds: Vec<(&'p str, ModuleId, Definition, Option<CharterId>, &'p written::Fund)> = Vec::new();
        for (module, definition, item) in self.items() {
            match &item.kind {
                ItemKind::Fund(f) => funds.push((&f.name.text, module, definition, None, f)),
                ItemKind::Charter(c) => {
                    let charter = self.charters.get(&definition).copied();
                    funds.extend(c.funds.iter().map(|f| (f.name.text.as_str(), module, definition, charter, f)));
                }
                _ => {}
            }
        }
        funds.sort_by_key(|(name, _, d, charter, _)| (*name, *charter, *d));
        for (name, module, definition, charter, fund) in funds {
            let Some(v) = self.scope.value(module, &fund.amount, &Env::default(), None) else { continue };
            let (Type::Money(currency), Some(amount)) = (&v.sort, v.quantity()) else {
                let found = v.sort.phrase();
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        fund.amount.span,
                        format!("expected an amount of money, found {found}"),
                        format!("this is {found}"),
                    )
                    .help(format!("write for instance `fund {name} = 3 million EUR`")),
                );
                continue;
            };
            let id = FundId(u32::try_from(self.scope.program.conduct.funds.len()).unwrap_or(u32::MAX));
            self.conduct.funds.push((name.to_owned(), charter, definition, id));
            self.scope.program.conduct.funds.push(Fund {
                name: name.to_owned(),
                amount: amount.clone(),
                currency: currency.clone(),
                charter,
                span: fund.name.span,
            });
        }
    }

    fn parameters(&mut self, definition: Definition, action: &written::Action, event: bool) {
        let Some(id) = self.conduct.actions.get(&definition).copied() else { return };
        let module = definition.module;
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut types: Vec<Type> = Vec::new();
        let mut given: Vec<(usize, Type, Span)> = Vec::new();
        for (place, parameter) in action.parameters.iter().enumerate() {
            if parameters.iter().any(|p| p.name == parameter.name.text) {
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        parameter.name.span,
                        format!("`{}` has the parameter `{}` twice", action.name.text, parameter.name.text),
                        "second time",
                    )
                    .help("name each parameter once"),
                );
            }
            let sort = match &parameter.sort {
                Some(written) => match self.type_of(module, written) {
                    Some(sort) => sort,
                    None => {
                        self.conduct.unread.insert(id);
                        continue;
                    }
                },
                None => Type::Party(crate::model::KindId(0)),
            };
            if place == 0 && !event && !matches!(sort, Type::Party(_)) {
                self.scope.report(
                    Diagnostic::error(
                        "no-actor",
                        parameter.name.span,
                        format!("expected the actor of `{}` first, a party; found {}", action.name.text, sort.phrase()),
                        "the first parameter is who acts",
                    )
                    .help(format!("write `action {}(by: Party, …)`", action.name.text)),
                );
            }
            let default = parameter.default.as_ref().and_then(|d| {
                let v = self.scope.value(module, d, &Env::default(), Some(&sort))?;
                let wanted = self.currency(&sort, &v.sort);
                given.push((place, wanted.clone(), d.span));
                let v = self.scope.fit(v, &wanted, "a default has the type of its parameter")?;
                v.quantity().cloned()
            });
            types.push(sort.clone());
            let Some(sort) = self.sort(&sort, parameter.name.span) else { continue };
            parameters.push(Parameter { name: parameter.name.text.to_string(), sort, default });
        }
        if let Some(found) = self.scope.program.conduct.actions.get_mut(id.0 as usize) {
            found.parameters = parameters;
        }
        if let Some(slot) = self.conduct.types.get_mut(id.0 as usize) {
            *slot = types;
        }
        for (at, sort, span) in given {
            self.amount(id, at, &sort, span);
        }
    }

    /// What an argument of this type is.
    fn sort(&mut self, sort: &Type, span: Span) -> Option<Sort> {
        Some(match sort {
            Type::Party(kind) => Sort::Party(*kind),
            Type::Region(atlas) => Sort::Region(*atlas),
            Type::Text | Type::Article => Sort::Thing,
            sort if sort.is_quantity() => Sort::Number {
                print: sort.print(),
                whole: matches!(sort, Type::Count | Type::Date),
                least: (!matches!(sort, Type::Number | Type::Date)).then(BigRational::zero),
            },
            sort => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        span,
                        format!(
                            "expected a party, a quantity, a text or a region of one atlas, found {}",
                            sort.phrase()
                        ),
                        "cannot be an argument of an act",
                    )
                    .help("for ground write `Region of A` with an atlas A"),
                );
                return None;
            }
        })
    }

    fn traits(&mut self, definition: Definition, action: &'p written::Action) {
        let Some(id) = self.conduct.actions.get(&definition).copied() else { return };
        let module = definition.module;
        let Some(mut out) = self.scope.program.conduct.actions.get(id.0 as usize).cloned() else { return };
        for one in &action.traits {
            match &one.kind {
                written::ActionTraitKind::Severity(path) => out.severity = self.level(module, path),
                written::ActionTraitKind::Reads(text) => {
                    self.placeholders(&out, &text.text, text.span);
                    out.reads = Some(text.text.clone());
                }
                written::ActionTraitKind::Hostile => out.hostile = true,
                written::ActionTraitKind::Helps => out.helps = true,
                written::ActionTraitKind::Lasting => out.lasting = true,
                written::ActionTraitKind::Once => out.once = true,
                written::ActionTraitKind::Hinders(path) => {
                    if let Some(other) = self.action(module, path, "an action") {
                        out.hinders.push(other);
                    }
                }
                written::ActionTraitKind::Changes { quantity, by } => {
                    if let Some(change) = self.change(module, id, &out, quantity, by) {
                        out.changes.push(change);
                    }
                }
                written::ActionTraitKind::Cuts { flow, by } => {
                    if let Some(cut) = self.cut(module, id, &out, flow, by.as_ref()) {
                        out.cuts.push(cut);
                    }
                }
            }
        }
        if let Some(slot) = self.scope.program.conduct.actions.get_mut(id.0 as usize) {
            *slot = out;
        }
    }

    /// Every `{name}` of a reading is a parameter.
    fn placeholders(&mut self, action: &Action, text: &str, span: Span) {
        for part in text.split('{').skip(1) {
            let name = part.split('}').next().unwrap_or("");
            if !action.parameters.iter().any(|p| p.name == name) {
                let known: Vec<String> = action.parameters.iter().map(|p| format!("{{{}}}", p.name)).collect();
                self.scope.report(
                    Diagnostic::error(
                        "unknown-parameter",
                        span,
                        format!("`{}` has no parameter `{name}`", action.name),
                        "read out here",
                    )
                    .help(format!("write one of {}", known.join(", "))),
                );
            }
        }
    }

    fn change(
        &mut self,
        module: ModuleId,
        id: ActionId,
        action: &Action,
        quantity: &Expr,
        by: &Expr,
    ) -> Option<Change> {
        let types = self.conduct.types.get(id.0 as usize).cloned().unwrap_or_default();
        let mut b = Binding::of_action(action, &types);
        let env = Env::default();
        let written = quantity.span;
        let (quantity, sort) = match self.quantity(module, quantity, &env, &mut b)? {
            (q @ (Quantity::Balance(_) | Quantity::Attribute(Who::Var(_), _)), sort) => (q, sort),
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-change",
                        written,
                        "expected a balance or an attribute of a party that takes part",
                        "cannot be changed by an act",
                    )
                    .help("write `changes balance(Capital) by -amount` or `changes moderators(by) by -1`"),
                );
                return None;
            }
        };
        let read = by.span;
        let (by, found) = self.quantity(module, by, &env, &mut b)?;
        let fits = sort == found
            || matches!((&sort, &found), (Type::Money(a), Type::Money(b)) if a.is_empty() || b.is_empty())
            || (matches!(sort, Type::Count | Type::Number) && matches!(found, Type::Count | Type::Number));
        if !fits {
            self.scope.report(
                Diagnostic::error(
                    "wrong-type",
                    action.span,
                    format!("expected a change by {}, found {}", sort.phrase(), found.phrase()),
                    "changes a quantity of another type",
                )
                .help("give both the same unit"),
            );
            return None;
        }
        self.amounts_of(id, &by, &sort, read);
        self.amounts_of(id, &by, &found, read);
        Some(Change { quantity, by })
    }

    /// The level a path names: `economic`, or `Severity.economic` where two ladders have it.
    pub(super) fn level(&mut self, module: ModuleId, path: &Path) -> Option<Level> {
        if let [ladder, level] = path.segments.as_slice() {
            let of = Path { segments: vec![ladder.clone()], span: ladder.span };
            let definition = self.scope.find(module, &of, "a ladder", |i| matches!(i, ItemKind::Ladder(_)))?;
            let ladder = *self.conduct.ladders.get(&definition)?;
            return self.level_of(ladder, level);
        }
        let name = path.segments.first()?;
        let having: Vec<Level> = (0u32..)
            .zip(&self.scope.program.conduct.ladders)
            .filter_map(|(i, l)| {
                let step = l.levels.iter().position(|one| *one == name.text)?;
                Some(Level { ladder: LadderId(i), step: u32::try_from(step).ok()? })
            })
            .collect();
        match having.as_slice() {
            [only] => Some(*only),
            [] => {
                let ladders = &self.scope.program.conduct.ladders;
                let levels = ladders.iter().flat_map(|l| l.levels.iter()).map(String::as_str);
                let mut error = Diagnostic::error(
                    "unknown-level",
                    path.span,
                    format!("no ladder has a level `{}`", name.text),
                    "on no ladder",
                );
                for ladder in ladders {
                    error = error.note(format!("the levels of `{}` are {}", ladder.name, ladder.levels.join(" < ")));
                }
                let error = match names::nearest(&name.text, levels) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None if ladders.is_empty() => {
                        error.help(format!("declare a ladder: `ladder Severity {{ mild < {} }}`", name.text))
                    }
                    None => error.help(format!("name one of these levels, or add `{}` to a ladder", name.text)),
                };
                self.scope.report(error);
                None
            }
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "unclear-level",
                        path.span,
                        format!("several ladders have a level `{}`", name.text),
                        "of which ladder?",
                    )
                    .help(format!("name the ladder: `Severity.{}`", name.text)),
                );
                None
            }
        }
    }

    fn level_of(&mut self, ladder: LadderId, level: &tree::Name) -> Option<Level> {
        let found = self.scope.program.conduct.ladders.get(ladder.0 as usize)?.clone();
        if let Some(step) = found.levels.iter().position(|l| *l == level.text) {
            return Some(Level { ladder, step: u32::try_from(step).ok()? });
        }
        self.scope.report(
            Diagnostic::error(
                "unknown-level",
                level.span,
                format!("the ladder `{}` has no level `{}`", found.name, level.text),
                "not a level of it",
            )
            .help(format!("its levels are {}", found.levels.join(", "))),
        );
        None
    }

    /// The action or event a path names.
    pub(super) fn action(&mut self, module: ModuleId, path: &Path, what: &str) -> Option<ActionId> {
        let definition =
            self.scope.find(module, path, what, |i| matches!(i, ItemKind::Action(_) | ItemKind::Event(_)))?;
        self.conduct.actions.get(&definition).copied()
    }

    /// The action or event a path names, if it names one; says nothing where it does not.
    pub(super) fn known_action(&self, module: ModuleId, path: &Path) -> Option<ActionId> {
        let (definition, taken) = self.scope.names.find(module, path)?;
        (taken == path.segments.len()).then(|| self.conduct.actions.get(&definition).copied()).flatten()
    }

    /// The fund that an expression names, as seen from a charter.
    pub(crate) fn fund(
        &mut self,
        module: ModuleId,
        path: &Path,
        charter: Option<CharterId>,
        env: &Env,
    ) -> Option<FundId> {
        if let [only] = path.segments.as_slice() {
            // what a clause was given
            if let Some(Value::Fund(id)) = env.bound.get(only.text.as_str()).map(|v| &v.value) {
                return Some(*id);
            }
            let own = self.conduct.funds.iter().find(|(n, c, ..)| *n == only.text && c.is_some() && *c == charter);
            if let Some((.., id)) = own {
                return Some(*id);
            }
            let known = self.scope.names.find(module, path).is_some();
            let inside: Vec<FundId> = self
                .conduct
                .funds
                .iter()
                .filter(|(n, c, ..)| *n == only.text && c.is_some())
                .map(|(.., id)| *id)
                .collect();
            if let ([id], false) = (inside.as_slice(), known) {
                return Some(*id);
            }
        }
        let definition = self.scope.find(module, path, "a fund", |i| matches!(i, ItemKind::Fund(_)))?;
        self.conduct.funds.iter().find(|(_, c, d, _)| *d == definition && c.is_none()).map(|(.., id)| *id)
    }
}
