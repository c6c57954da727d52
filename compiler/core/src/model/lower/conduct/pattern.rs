//! Patterns of acts: `embargo(v, share = 50%) in territory of q`.
//!
//! In: an [`Act`] as written, who acts, where, and what the pattern is for. Out: a [`Pattern`] with one entry for each
//! parameter. An argument left out matches anything, except that in a duty it has its default (`semantics.md` §10).

use super::super::{Lower, folded};
use super::binding::{Binding, variable};
use super::condition::compare;
use crate::diagnostic::Diagnostic;
use crate::model::conduct::{Action, ActionId, Binder, Compare, Match, Pattern, Place, Quantity, Sort, Who};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::conduct::Act;
use crate::syntax::tree::{Argument, Expr, ExprKind};
use crate::types::{Env, Type};

/// What a pattern is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// an act that is owed: defaults apply
    Duty,
    /// an act that is forbidden or allowed
    Norm,
    /// an act or event that is asked about
    Condition,
    /// what a scenario says of an act or event
    Told,
    /// what sets a rule off: bare names that stand for nothing are bound
    Trigger,
}

impl<'p> Lower<'p> {
    /// A pattern. `actor` is given where the text names who acts before the act; else it is the first argument.
    #[expect(clippy::too_many_arguments, reason = "an act with its actor, its place and what it is for")]
    pub(super) fn pattern(
        &mut self,
        module: ModuleId,
        act: &Act,
        actor: Option<Who>,
        place: Option<&Expr>,
        env: &Env,
        b: &mut Binding,
        purpose: Use,
    ) -> Option<Pattern> {
        let id = self.action(module, &act.action, "an action or event")?;
        if self.conduct.unread.contains(&id) {
            return None;
        }
        let action = self.scope.program.conduct.action(id)?.clone();
        if actor.is_some() && action.event && !matches!(purpose, Use::Condition | Use::Told) {
            self.scope.report(
                Diagnostic::error(
                    "event-as-act",
                    act.span,
                    format!("`{}` is an event: it happens, and is nobody's to do", action.name),
                    "expected an action",
                )
                .label(action.span, "declared here")
                .help(format!("declare it as an action: `action {}(by: Party)`", action.name)),
            );
            return None;
        }
        if actor.is_none() && matches!(purpose, Use::Condition | Use::Trigger) {
            self.says_which(act, &action, purpose)?;
        }
        let mut arguments: Vec<Option<Match>> = vec![None; action.parameters.len()];
        let mut next = 0;
        if let Some(who) = actor {
            let Some(slot) = arguments.first_mut() else {
                self.takes(&action.name, &action.parameters, act.span, action.span);
                return None;
            };
            *slot = Some(Match::Is(who));
            self.of_kind(who, &action.parameters.first()?.sort, act.span, b)?;
            next = 1;
        }
        for argument in &act.arguments {
            let at = match &argument.name {
                Some(name) => action.parameters.iter().position(|p| p.name == name.text),
                None => {
                    let at = next;
                    next += 1;
                    (at < action.parameters.len()).then_some(at)
                }
            };
            let Some(at) = at else {
                self.takes(&action.name, &action.parameters, argument.value.span, action.span);
                return None;
            };
            let found = self.matched(module, id, at, argument, env, b, purpose)?;
            let slot = arguments.get_mut(at)?;
            *slot = match slot.take() {
                None => Some(found),
                Some(_) => {
                    let name = action.parameters.get(at).map_or("", |p| p.name.as_str());
                    self.scope.report(
                        Diagnostic::error(
                            "argument-twice",
                            argument.value.span,
                            format!("`{}` is given its `{name}` twice", action.name),
                            "second time",
                        )
                        .help("leave one out"),
                    );
                    return None;
                }
            };
        }
        let arguments = arguments
            .into_iter()
            .zip(&action.parameters)
            .map(|(found, parameter)| match (found, &parameter.default) {
                (Some(found), _) => found,
                (None, Some(default)) if purpose == Use::Duty => {
                    Match::Number(Compare::Equal, Quantity::Fixed(default.clone()))
                }
                (None, _) => Match::Any,
            })
            .collect();
        let place = match place {
            Some(e) => Some(self.place(module, e, env, b)?),
            None => None,
        };
        Some(Pattern { action: id, arguments, place })
    }

    /// That it is plain which of the parties of an act a bare argument is: `attack(q)` does not say whether `q` attacks or is attacked.
    fn says_which(&mut self, act: &Act, action: &Action, purpose: Use) -> Option<()> {
        let parties: Vec<&str> =
            action.parameters.iter().filter(|p| matches!(p.sort, Sort::Party(_))).map(|p| p.name.as_str()).collect();
        let named = act.arguments.iter().any(|a| a.name.is_some());
        let (Some(by), Some(whom), Some(first)) = (parties.first(), parties.get(1), act.arguments.first()) else {
            return Some(());
        };
        let numbers = action.parameters.len() - parties.len();
        if action.event || named || act.arguments.len() + numbers >= action.parameters.len() {
            return Some(());
        }
        let (name, said) = (action.name.clone(), folded(self.scope.sources.slice(first.value.span)));
        let help = match purpose {
            Use::Trigger => {
                format!("write `on {name}({said}) by p` if it is `{whom}`, `on {name}({by} = {said})` if it is `{by}`")
            }
            _ => format!("write `{name}({whom} = {said})` if it is `{whom}`, `{name}({by} = {said})` if it is `{by}`"),
        };
        let message = format!("expected who does `{name}`, and to whom; found one party, `{said}`");
        let found = Diagnostic::error("actor-not-said", first.value.span, message, "does it, or has it done to it?");
        self.scope.report(found.label(action.span, "declared here").help(help));
        None
    }

    fn takes(&mut self, name: &str, parameters: &[crate::model::conduct::Parameter], span: Span, declared: Span) {
        let known: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
        let list = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
        self.scope.report(
            Diagnostic::error("unknown-argument", span, format!("`{name}` takes no such argument"), "not asked for")
                .label(declared, format!("it takes: {list}"))
                .help("the actor comes first; after `must`, `may` and `does` it is left out"),
        );
    }

    /// Whether somebody can be an argument of this sort.
    fn of_kind(&mut self, who: Who, sort: &Sort, span: Span, b: &Binding) -> Option<()> {
        let Sort::Party(wanted) = sort else {
            self.scope.report(Diagnostic::error(
                "wrong-type",
                span,
                "expected a quantity or a text, found a party",
                "this is a party",
            ));
            return None;
        };
        let found = self.kind_of_who(who, b);
        let program = &self.scope.program;
        // a party of a wider kind may be one of the narrower: such acts are simply never its own
        if program.is_kind(found, *wanted) || program.is_kind(*wanted, found) {
            return Some(());
        }
        let (found, wanted) = (program.kind_name(found).to_owned(), program.kind_name(*wanted).to_owned());
        self.scope.report(
            Diagnostic::error(
                "wrong-kind",
                span,
                format!("expected a party of the kind `{wanted}`, found one of the kind `{found}`"),
                "of another kind",
            )
            .help("name a party of that kind, or declare the action for both"),
        );
        None
    }

    #[expect(clippy::too_many_arguments, reason = "an argument, its place, and what it is for")]
    fn matched(
        &mut self,
        module: ModuleId,
        action: ActionId,
        at: usize,
        argument: &Argument,
        env: &Env,
        b: &mut Binding,
        purpose: Use,
    ) -> Option<Match> {
        let sort = self.scope.program.conduct.action(action)?.parameters.get(at)?.sort.clone();
        let value = &argument.value;
        match (&value.kind, &sort) {
            (ExprKind::Anyone(name), Sort::Party(kind)) => Some(match (name, purpose) {
                (None, Use::Norm | Use::Condition | Use::Told | Use::Trigger) => Match::Anyone,
                (Some(name), Use::Trigger) => Match::Binds(b.add(variable(&name.text, *kind, true, Binder::Rule))),
                (name, _) => {
                    if name.is_some() && !b.binds {
                        self.refuse_any(value.span);
                        return None;
                    }
                    let text = name.as_ref().map_or("", |n| n.text.as_str());
                    Match::Is(Who::Var(b.add(variable(text, *kind, true, Binder::Each))))
                }
            }),
            (ExprKind::AnyParty { other, kind, variable: name }, Sort::Party(wanted)) => {
                if !b.binds {
                    self.refuse_any(value.span);
                    return None;
                }
                let written = self.scope.kind(module, kind)?;
                // `party` of a narrower parameter is of that kind
                let of = if self.scope.program.is_kind(*wanted, written) { *wanted } else { written };
                let binder = if purpose == Use::Trigger { Binder::Rule } else { Binder::Each };
                let mut found = variable(name.as_ref().map_or("", |n| n.text.as_str()), of, false, binder);
                if *other {
                    found.distinct.extend(b.it);
                    found.distinct.extend(b.offender);
                }
                let id = b.add(found);
                self.of_kind(Who::Var(id), &sort, value.span, b)?;
                Some(if purpose == Use::Trigger { Match::Binds(id) } else { Match::Is(Who::Var(id)) })
            }
            (ExprKind::Path(path), Sort::Party(kind)) => {
                if let [only] = path.segments.as_slice()
                    && purpose == Use::Trigger
                    && !b.names.contains_key(only.text.as_str())
                    && !env.bound.contains_key(only.text.as_str())
                    && !self.is_party(module, value, env, b)
                    && self.scope.names.find(module, path).is_none()
                {
                    return Some(Match::Binds(b.add(variable(&only.text, *kind, true, Binder::Rule))));
                }
                let who = self.who_named(module, path, env, b)?;
                self.of_kind(who, &sort, value.span, b)?;
                Some(Match::Is(who))
            }
            (ExprKind::It, Sort::Party(_)) => {
                let who = self.who(module, value, env, b)?;
                self.of_kind(who, &sort, value.span, b)?;
                Some(Match::Is(who))
            }
            (ExprKind::Bound(op, bound), Sort::Number { .. }) => {
                let q = self.argument_quantity(module, action, at, bound, env, b)?;
                Some(Match::Number(compare(*op)?, q))
            }
            (_, Sort::Number { .. }) => {
                let q = self.argument_quantity(module, action, at, value, env, b)?;
                Some(Match::Number(Compare::Equal, q))
            }
            (ExprKind::Text(text), Sort::Thing) => Some(Match::Thing(text.clone())),
            (ExprKind::Path(path), Sort::Thing) => {
                let words = self.scope.words(path);
                if purpose == Use::Trigger {
                    // a thing that the trigger names is whichever it is
                    b.things.insert(words);
                    return Some(Match::Any);
                }
                if b.things.contains(&words) {
                    self.scope.report(
                        Diagnostic::error(
                            "not-here",
                            value.span,
                            format!("`{words}` is a thing that the trigger names, which norms cannot follow yet"),
                            "which thing it was is not kept",
                        )
                        .help("leave the argument out: the norm then asks for such an act on any thing"),
                    );
                    return None;
                }
                Some(Match::Thing(words))
            }
            (_, Sort::Region(atlas)) => {
                let (atlas, region) = self.scope.region(module, value, env, Some(*atlas))?;
                let words = folded(self.scope.sources.slice(value.span));
                Some(Match::Region(self.scope.ground(atlas, &region, words)))
            }
            (_, Sort::Party(_)) => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        value.span,
                        "expected a party, found something else",
                        "this argument is a party",
                    )
                    .help("name a party, `any other party q`, or `anyone`"),
                );
                None
            }
            (_, Sort::Thing) => {
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        value.span,
                        "expected a text or a name",
                        "this argument is a thing",
                    )
                    .help("write it in quotes"),
                );
                None
            }
        }
    }

    fn argument_quantity(
        &mut self,
        module: ModuleId,
        action: ActionId,
        at: usize,
        e: &Expr,
        env: &Env,
        b: &mut Binding,
    ) -> Option<Quantity> {
        let wanted = self.conduct.types.get(action.0 as usize).and_then(|t| t.get(at)).cloned()?;
        let (q, found) = self.quantity(module, e, env, b)?;
        let fits = match (&wanted, &found) {
            (a, b) if a == b => true,
            (Type::Money(a), Type::Money(b)) => a.is_empty() || b.is_empty(),
            (Type::Number, Type::Count) => true,
            _ => false,
        };
        if fits {
            self.amount(action, at, &found, e.span);
            return Some(q);
        }
        let name = self.scope.program.conduct.action(action).and_then(|a| a.parameters.get(at)).map(|p| p.name.clone());
        let because = format!("the parameter `{}` is declared as {}", name.unwrap_or_default(), wanted.phrase());
        let stub = super::quantity::stub(&found, e.span);
        self.scope.fit(stub, &wanted, &because)?;
        Some(q)
    }

    /// Whose ground is meant: somebody named, or `any other party`.
    fn holder(&mut self, module: ModuleId, e: &Expr, env: &Env, b: &mut Binding) -> Option<Who> {
        let ExprKind::AnyParty { other, kind, variable: name } = &e.kind else {
            return self.who(module, e, env, b);
        };
        if !b.binds {
            self.refuse_any(e.span);
            return None;
        }
        let of = self.scope.kind(module, kind)?;
        let mut found = variable(name.as_ref().map_or("", |n| n.text.as_str()), of, false, Binder::Each);
        if *other {
            found.distinct.extend(b.it);
            found.distinct.extend(b.offender);
        }
        Some(Who::Var(b.add(found)))
    }

    /// Where an act takes place.
    pub(super) fn place(&mut self, module: ModuleId, e: &Expr, env: &Env, b: &mut Binding) -> Option<Place> {
        match &e.kind {
            ExprKind::TerritoryOf(of) => Some(Place::TerritoryOf(self.holder(module, of, env, b)?)),
            ExprKind::GroundClaimedBy(of) => Some(Place::ClaimedBy(self.holder(module, of, env, b)?)),
            _ => {
                let (atlas, region) = self.scope.region(module, e, env, None)?;
                let words = folded(self.scope.sources.slice(e.span));
                Some(Place::Region(self.scope.ground(atlas, &region, words)))
            }
        }
    }
}
