//! Triggers and sanction rules, and the provisions that belong to no norm: ceilings, compensation, ranks between articles,
//! reservations, leaving.
//!
//! In: a [`written::Trigger`] with its body, or one such provision. Out: a [`Rule`] and its norms, pending.

use super::super::Lower;
use super::binding::{Binding, variable};
use super::pattern::Use;
use super::{CeilingLevel, Pending, Spot};
use crate::diagnostic::Diagnostic;
use crate::model::conduct::{Binder, Compensation, Days, Match, Rule, RuleId, Sort, Trigger, Who, Window};
use crate::model::{KindId, StatementId, StatementKind};
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::syntax::tree::{ItemKind, ModifierKind, Name, Path, Statement, StatementKind as Written};

impl<'p> Lower<'p> {
    /// `on … { … }`.
    pub(super) fn rule(
        &mut self,
        s: &'p Statement,
        t: &'p written::Trigger,
        spot: &Spot<'_>,
        place: &str,
        mut b: Binding,
    ) {
        self.no_clauses(s, "a rule");
        let Some(trigger) = self.trigger(s, t, spot, &mut b) else { return };
        let head = {
            let text = self.scope.sources.slice(s.span);
            let length = text.find('{').unwrap_or(text.len());
            Span::new(s.span.file, s.span.start, s.span.start + u32::try_from(length).unwrap_or(0))
        };
        let determined = t.determined.as_ref().map(|d| super::super::folded(self.scope.sources.slice(d.span)));
        let words = super::super::folded(self.scope.sources.slice(head));
        let rule = Rule {
            id: RuleId(0),
            statement: StatementId(0),
            charter: spot.container.charter,
            article: spot.container.article.as_deref().unwrap_or_default().to_owned(),
            variables: b.variables.clone(),
            trigger,
            determined,
            norms: Vec::new(),
            lift: None,
            ceilings: Vec::new(),
            compensation: Vec::new(),
            spares: Vec::new(),
            text: words.clone(),
            span: head,
        };
        let at = self.pend(s, spot, place, "", StatementKind::Rule, Pending::Rule(Box::new(rule)));
        let mut previous: Option<Days> = None;
        let mut lifts: Vec<crate::model::conduct::Condition> = Vec::new();
        let mut snap: Option<Span> = None;
        for (i, inner) in t.statements.iter().enumerate() {
            let place = format!("{place}.{}", i + 1);
            let inside = Spot { rule: true, span: inner.span, ..*spot };
            match &inner.kind {
                Written::Norm(n) => {
                    if let Some((norm, ranks)) = self.norm(inner, n, &inside, b.clone(), Some(&mut previous)) {
                        let pending = Pending::Norm(Box::new(norm), Some(at), ranks);
                        self.pend(inner, &inside, &place, &words, StatementKind::Norm, pending);
                    }
                }
                Written::Lift { condition } => {
                    self.no_clauses(inner, "`lift`");
                    let mut own = b.clone();
                    if let Some(c) = self.condition(spot.module, condition, spot.env, &mut own) {
                        lifts.push(c);
                        if let Some(Pending::Rule(rule)) = self.conduct.pending.get_mut(at) {
                            rule.variables = own.variables.clone();
                        }
                        // later norms keep the places of what the lift binds for itself
                        b.variables = own.variables;
                    }
                    self.pend(inner, &inside, &place, &words, StatementKind::Provision, Pending::Said);
                }
                Written::Ceiling { level } => {
                    if let Some(level) = self.level(spot.module, level)
                        && let Some(window) = self.ceiling_window(inner, &inside)
                        && let Some(charter) = spot.container.charter
                    {
                        let article = spot.container.article.as_deref().unwrap_or_default().to_owned();
                        let pending = Pending::Ceiling(CeilingLevel::Fixed(level), window, Some(at), charter, article);
                        self.pend(inner, &inside, &place, &words, StatementKind::Provision, pending);
                    }
                }
                Written::Proportionate => {
                    self.no_clauses(inner, "`proportionate to breach`");
                    if let Some(charter) = spot.container.charter {
                        let level = CeilingLevel::OfBreach(inner.span);
                        let article = spot.container.article.as_deref().unwrap_or_default().to_owned();
                        let pending = Pending::Ceiling(level, Window::default(), Some(at), charter, article);
                        self.pend(inner, &inside, &place, &words, StatementKind::Provision, pending);
                    }
                }
                Written::Compensate { fund, event } => {
                    self.no_clauses(inner, "`compensate`");
                    if let Some(c) = self.compensation(fund, event, spot) {
                        let pending = Pending::Compensation(c, at);
                        self.pend(inner, &inside, &place, &words, StatementKind::Provision, pending);
                    }
                }
                Written::SnapBack => {
                    snap = Some(inner.span);
                    self.pend(inner, &inside, &place, &words, StatementKind::Provision, Pending::Said);
                }
                Written::Exempt { goods } => {
                    self.no_clauses(inner, "`exempt`");
                    let flows = self.spared(spot.module, goods);
                    if flows.len() == goods.len() {
                        self.pend(inner, &inside, &place, &words, StatementKind::Provision, Pending::Exempt(flows, at));
                    }
                }
                _ => self.misplaced(
                    inner,
                    "a rule holds norms, `lift`, `severity`, `compensate`, `exempt` and what belongs to them",
                ),
            }
        }
        if let Some(span) = snap
            && lifts.is_empty()
        {
            self.scope.report(
                Diagnostic::error(
                    "nothing-to-snap-back",
                    span,
                    "`snap back on relapse` brings back what was lifted, and this rule lifts nothing",
                    "nothing to bring back",
                )
                .help("add `lift when …`; each later breach sets the rule off anew"),
            );
        }
        if let Some(Pending::Rule(rule)) = self.conduct.pending.get_mut(at)
            && !lifts.is_empty()
        {
            // either one lifts
            rule.lift = Some(super::condition::any(lifts));
        }
    }

    fn trigger(&mut self, s: &Statement, t: &'p written::Trigger, spot: &Spot<'_>, b: &mut Binding) -> Option<Trigger> {
        match &t.event {
            written::TriggerEvent::Breach { of, by, against } => {
                let norms = vec![self.selector_of(spot.module, of, spot.env, b, s.span)?];
                for name in std::iter::once(by).chain(against) {
                    self.binds_nobody_known(spot, name)?;
                }
                let by = b.add(variable(&by.text, KindId(0), false, Binder::Rule));
                b.offender = Some(Who::Var(by));
                let against = against.as_ref().map(|q| {
                    let mut found = variable(&q.text, KindId(0), true, Binder::Rule);
                    found.distinct.push(Who::Var(by));
                    b.add(found)
                });
                Some(Trigger::Breach { norms, by, against })
            }
            written::TriggerEvent::Occurs { act, by, place } => {
                if let Some(d) = &t.determined {
                    self.scope.report(
                        Diagnostic::error(
                            "clause-does-not-fit",
                            d.span,
                            "`determined by` says how a breach is found, and this rule is set off by an act",
                            "nothing is found here",
                        )
                        .help("write `on breach of … by v, determined by …`, or leave it out"),
                    );
                    return None;
                }
                let id = self.action(spot.module, &act.action, "an action or event")?;
                let action = self.scope.program.conduct.action(id)?.clone();
                b.binds = true;
                // `by p` binds the actor; without it the first argument may
                let actor = match by {
                    Some(name) => {
                        let Some(Sort::Party(kind)) = action.parameters.first().map(|p| p.sort.clone()) else {
                            self.scope.report(
                                Diagnostic::error(
                                    "no-actor",
                                    name.span,
                                    format!("`{}` happens to nobody: `by {}` binds nothing", action.name, name.text),
                                    "who is meant?",
                                )
                                .label(action.span, "declared here")
                                .help("leave `by` out"),
                            );
                            return None;
                        };
                        self.binds_nobody_known(spot, name)?;
                        let var = b.add(variable(&name.text, kind, true, Binder::Rule));
                        b.it = Some(Who::Var(var));
                        Some(var)
                    }
                    None => None,
                };
                let mut pattern =
                    self.pattern(spot.module, act, actor.map(Who::Var), place.as_ref(), spot.env, b, Use::Trigger)?;
                if let (Some(var), Some(first)) = (actor, pattern.arguments.first_mut()) {
                    *first = Match::Binds(var);
                }
                b.it = None;
                Some(Trigger::Occurs(pattern))
            }
        }
    }

    /// That a name which a trigger binds is not that of a party: whoever reads it would take it for that one alone.
    fn binds_nobody_known(&mut self, spot: &Spot<'_>, name: &Name) -> Option<()> {
        let path = Path { segments: vec![name.clone()], span: name.span };
        let known = self.scope.names.find(spot.module, &path).and_then(|(d, _)| self.scope.item(d));
        if !matches!(known, Some(ItemKind::Party(_))) {
            return Some(());
        }
        self.scope.report(
            Diagnostic::error(
                "name-taken",
                name.span,
                format!("expected a new name for whoever it is, found the party `{}`", name.text),
                "would stand for anybody, not for this party",
            )
            .help("bind another name, for instance `v`"),
        );
        None
    }

    fn ceiling_window(&mut self, s: &'p Statement, spot: &Spot<'_>) -> Option<Window> {
        let mut window = Window::default();
        for m in &s.modifiers {
            match &m.kind {
                ModifierKind::ForTheFirst(e) | ModifierKind::Until(e) => {
                    window.until = Some(self.days(spot.module, e, spot.env, "for the first")?);
                }
                ModifierKind::After(e) => window.after = Some(self.days(spot.module, e, spot.env, "after")?),
                _ => {
                    self.scope.report(
                        Diagnostic::error(
                            "clause-does-not-fit",
                            m.span,
                            "a ceiling takes `for the first …` and `after …`",
                            "says nothing about a ceiling",
                        )
                        .help("leave it out"),
                    );
                    return None;
                }
            }
        }
        Some(window)
    }

    fn compensation(&mut self, fund: &Path, event: &Path, spot: &Spot<'_>) -> Option<Compensation> {
        let fund = self.fund(spot.module, fund, spot.container.charter, spot.env);
        let id = self.action(spot.module, event, "an event")?;
        let fund = fund?;
        let action = self.scope.program.conduct.action(id)?.clone();
        let loser = action.parameters.iter().position(|p| matches!(p.sort, Sort::Party(_)));
        let amount = action.parameters.iter().position(|p| matches!(p.sort, Sort::Number { .. }));
        if let (Some(loser), Some(amount)) = (loser, amount) {
            if let Some(currency) = self.scope.program.conduct.funds.get(fund.0 as usize).map(|f| f.currency.clone()) {
                self.amount(id, amount, &crate::types::Type::Money(currency), event.span);
            }
            return Some(Compensation { fund, event: id, loser, amount, statement: StatementId(0) });
        }
        self.scope.report(
            Diagnostic::error(
                "no-loss",
                event.span,
                format!("`{}` does not say who loses how much", action.name),
                "expected a party and an amount among its parameters",
            )
            .label(action.span, "declared here")
            .help(format!("declare it as `event {}(who: Party, amount: Money)`", action.name)),
        );
        None
    }

    /// A provision outside of rules.
    pub(super) fn provision(&mut self, s: &'p Statement, spot: &Spot<'_>, place: &str, b: &Binding) {
        let kind = StatementKind::Provision;
        match &s.kind {
            Written::Ceiling { level } => {
                let (Some(charter), Some(article)) =
                    (spot.container.charter, spot.container.article.as_deref().map(str::to_owned))
                else {
                    return self.misplaced(s, "a ceiling stands in an article, over its rules");
                };
                if let (Some(level), Some(window)) = (self.level(spot.module, level), self.ceiling_window(s, spot)) {
                    let pending = Pending::Ceiling(CeilingLevel::Fixed(level), window, None, charter, article);
                    self.pend(s, spot, place, "", kind, pending);
                }
            }
            Written::Reservation { target, action } => {
                self.no_clauses(s, "a reservation");
                let (Some(party), Some(_)) = (spot.env.it, spot.container.accession) else {
                    return self.misplaced(s, "a reservation stands in the accession of the party that makes it");
                };
                let target = self.whole(spot.module, target, spot.env, b);
                let action = match action {
                    Some(path) => match self.action(spot.module, path, "an action") {
                        Some(id) => Some(id),
                        None => return,
                    },
                    None => None,
                };
                if let Some(target) = target {
                    self.pend(s, spot, place, "", kind, Pending::Reservation(party, target, action));
                }
            }
            Written::Prevails { upper, lower } => {
                self.no_clauses(s, "a rule of precedence");
                let upper = self.selector(spot.module, upper, spot.env, b);
                let lower = self.selector(spot.module, lower, spot.env, b);
                if let (Some(upper), Some(lower)) = (upper, lower) {
                    self.pend(s, spot, place, "", kind, Pending::Prevails(upper, lower, s.span));
                }
            }
            Written::Withdraw { notice } => {
                self.no_clauses(s, "a rule on leaving");
                let Some(charter) = spot.container.charter else {
                    return self.misplaced(s, "a rule on leaving stands in an article");
                };
                let notice = match notice {
                    Some(e) => match self.days(spot.module, e, spot.env, "withdraw on") {
                        Some(days) => Some(days),
                        None => return,
                    },
                    None => None,
                };
                self.pend(s, spot, place, "", kind, Pending::Exit(charter, notice));
            }
            Written::Survives { target } => {
                self.no_clauses(s, "what survives");
                let Some(charter) = spot.container.charter else {
                    return self.misplaced(s, "what survives withdrawal stands in an article");
                };
                if let Some(target) = self.whole(spot.module, target, spot.env, b) {
                    self.pend(s, spot, place, "", kind, Pending::Survives(charter, target, s.span));
                }
            }
            _ => self.misplaced(s, "this belongs to a rule: it stands inside `on … { … }`"),
        }
    }

    fn no_clauses(&mut self, s: &Statement, what: &str) {
        if let Some(first) = s.modifiers.first() {
            self.scope.report(
                Diagnostic::error(
                    "clause-does-not-fit",
                    first.span,
                    format!("this clause says nothing about {what}"),
                    "does not belong here",
                )
                .help("put it after the norm it belongs to"),
            );
        }
    }
}
