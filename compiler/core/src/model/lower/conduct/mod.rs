//! What is owed: ring 2 of the tree to [`crate::model::conduct`].
//!
//! In: statements, declarations, scenarios and properties of conduct. Out: templates of norms and rules. The trees are walked
//! before the statements have their numbers, so what is read waits in [`Tables`]: one [`Pending`] for each statement, and
//! [`selector`]s for what a rank, a trigger or a condition names. [`finish`] numbers the norms in the order of their
//! statements and puts norms in the place of selectors.

mod attribute;
mod binding;
mod condition;
mod currency;
mod declare;
mod finish;
mod flow;
mod meant;
mod norm;
mod pattern;
mod property;
mod quantity;
mod rule;
mod scenario;
mod selector;

use super::order::{self, Container, Draft};
use super::{Lower, folded};
use crate::logic::Formula;
use crate::model::conduct::{
    ActionId, Compensation, ConductProperty, Days, FundId, LadderId, Level, Norm, NormId, Rule, Scenario, Window,
};
use crate::model::flow::FlowId;
use crate::model::{CharterId, PartyId, Reading, StatementKind};
use crate::resolve::load::ModuleId;
use crate::resolve::names::Definition;
use crate::source::Span;
use crate::syntax::tree::{self, ItemKind, Statement, StatementKind as Written};
use crate::types::region::Phase;
use crate::types::{Env, Type};
use binding::Binding;
use indexmap::IndexMap;
use selector::Selector;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Everything of conduct that is known while the trees are walked.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// ladders by declaration
    ladders: IndexMap<Definition, LadderId>,
    /// actions and events by declaration
    actions: IndexMap<Definition, ActionId>,
    /// the types of their parameters
    types: Vec<Vec<Type>>,
    /// the currencies in which arguments are given that are declared as money of any
    amounts: Vec<currency::Amount>,
    /// a scenario is being read, no statement
    telling: bool,
    /// those of which a parameter could not be read: what they are given is not looked at
    unread: BTreeSet<ActionId>,
    /// attributes that some act changes
    changing: BTreeSet<String>,
    /// funds: name, the charter in whose head they stand, declaration
    funds: Vec<(String, Option<CharterId>, Definition, FundId)>,
    /// flows by declaration
    flows: IndexMap<Definition, FlowId>,
    /// what each statement of this walk says
    pending: Vec<Pending>,
    /// what ranks, triggers and conditions name
    selectors: Vec<Selector>,
    /// scenarios of this walk
    scenarios: Vec<Scenario>,
    /// properties of this walk
    properties: Vec<ConductProperty>,
    /// findings of scenarios: scenario, place among its occurrences, what is found
    findings: Vec<(usize, usize, scenario::FindingDraft)>,
    /// charter and title of each scenario, and where the title stands
    titles: Vec<(CharterId, String, Span)>,
    /// charter, title and place of each scenario
    scenario_keys: Vec<(CharterId, String, Span)>,
    /// what each selector means, once that is known
    chosen: Vec<Vec<NormId>>,
    /// charters that override contracts
    overrides: Vec<CharterId>,
}

/// What a statement says of conduct, until it has its number.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "short-lived, and one for each statement")]
enum Pending {
    /// a norm, the rule it stands in (by its place among the pending), its ranks
    Norm(Box<Norm>, Option<usize>, Vec<RankDraft>),
    /// the head of a rule
    Rule(Box<Rule>),
    /// `severity at most L`: in this rule, or in every rule of its article
    Ceiling(CeilingLevel, Window, Option<usize>, CharterId, String),
    /// `compensate from F who E by it`, in this rule
    Compensation(Compensation, usize),
    /// `exempt F`, in this rule
    Exempt(Vec<FlowId>, usize),
    /// a reservation of a party to what a selector names, on one action or all
    Reservation(PartyId, NormId, Option<ActionId>),
    /// a rule on leaving
    Exit(CharterId, Option<Days>),
    /// what survives leaving
    Survives(CharterId, NormId, Span),
    /// what prevails over what
    Prevails(NormId, NormId, Span),
    /// read already; the statement keeps its place
    Said,
}

/// The level of a ceiling.
#[derive(Debug, Clone, Copy)]
enum CeilingLevel {
    /// as stated
    Fixed(Level),
    /// that of the breach: `proportionate to breach`
    OfBreach(Span),
}

/// A rank as written.
#[derive(Debug, Clone)]
pub(super) struct RankDraft {
    /// the selector of the other norms
    other: NormId,
    /// whether the norm at hand is above them
    above: bool,
    /// where it is said
    span: Span,
}

/// Where a statement of conduct stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    module: ModuleId,
    env: &'a Env,
    container: &'a Rc<Container>,
    /// inside a rule
    rule: bool,
    /// the contract
    contract: Option<&'a str>,
    span: Span,
}

impl Tables {
    /// The norms that an id stands for.
    fn resolved(&self, id: NormId) -> Vec<NormId> {
        match selector::place_of(id, self.chosen.len()) {
            Some(place) => self.chosen.get(place).cloned().unwrap_or_default(),
            None => vec![id],
        }
    }
}

impl<'p> Lower<'p> {
    /// One statement of conduct in an article, an accession or a contract.
    pub(super) fn conduct_statement(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        if self.scope.phase == Phase::Claims {
            return;
        }
        let spot = Spot { module, env, container, rule: false, contract: None, span: s.span };
        let b = Binding {
            charter: container.charter,
            article: container.article.as_deref().map(str::to_owned),
            it: env.it.map(crate::model::conduct::Who::Party),
            ..Binding::default()
        };
        self.one_of_conduct(s, &spot, place, b);
    }

    fn one_of_conduct(&mut self, s: &'p Statement, spot: &Spot<'_>, place: &str, mut b: Binding) {
        match &s.kind {
            Written::Norm(n) => {
                if let Some((norm, ranks)) = self.norm(s, n, spot, b, None) {
                    self.pend(s, spot, place, "", StatementKind::Norm, Pending::Norm(Box::new(norm), None, ranks));
                }
            }
            Written::Trigger(t) => self.rule(s, t, spot, place, b),
            Written::For(f) => {
                if self.for_all(f, spot, &mut b).is_some() {
                    for (at, inner) in f.statements.iter().enumerate() {
                        let place = format!("{place}.{}", at + 1);
                        let spot = Spot { span: inner.span, ..*spot };
                        match &inner.kind {
                            Written::Norm(_) | Written::Trigger(_) | Written::For(_) => {
                                self.one_of_conduct(inner, &spot, &place, b.clone());
                            }
                            _ => self.misplaced(inner, "`for …` holds norms and rules"),
                        }
                    }
                }
            }
            _ => self.provision(s, spot, place, &b),
        }
    }

    /// Keeps what a statement says until it has its number; gives its place among the pending.
    fn pend(
        &mut self,
        s: &Statement,
        spot: &Spot<'_>,
        place: &str,
        within: &str,
        kind: StatementKind,
        pending: Pending,
    ) -> usize {
        let at = self.conduct.pending.len();
        self.conduct.pending.push(pending);
        let mut text = folded(self.scope.sources.slice(s.span));
        if matches!(kind, StatementKind::Rule) {
            text = text.split('{').next().unwrap_or("").trim().to_owned();
        }
        if !within.is_empty() {
            text = format!("{text} ({within})");
        }
        if self.scope.phase == Phase::Built {
            self.drafts.push(Draft {
                container: Rc::clone(spot.container),
                label: s.label.as_ref().map(|l| l.text.to_string()),
                address: [&spot.container.prefix, "/", place].concat(),
                data_key: None,
                parties: Vec::new(),
                kind,
                on: Formula::truth(),
                reading: Reading::plain(),
                span: s.span,
                text,
                waives: Vec::new(),
                conduct: Some(at),
            });
        }
        at
    }

    /// Forgets what the walk before found, and reads what stands in no charter: contracts.
    pub(super) fn begin_conduct(&mut self) {
        self.conduct.pending.clear();
        self.conduct.selectors.clear();
        self.conduct.scenarios.clear();
        self.conduct.properties.clear();
        self.conduct.overrides.clear();
        self.conduct.findings.clear();
        self.conduct.scenario_keys.clear();
        self.conduct.titles.clear();
        if self.scope.phase == Phase::Claims {
            return;
        }
        for (module, definition, item) in self.items() {
            match &item.kind {
                ItemKind::Contract(c) => self.contract(module, c),
                ItemKind::Charter(c) if c.overrides.is_some() => {
                    self.conduct.overrides.extend(self.charters.get(&definition).copied());
                }
                _ => {}
            }
        }
    }

    /// Scenarios and properties.
    pub(super) fn end_conduct(&mut self) {
        if self.scope.phase == Phase::Claims {
            return;
        }
        for (module, _, item) in self.items() {
            match &item.kind {
                ItemKind::Scenario(s) => {
                    self.conduct.telling = true;
                    self.scenario(module, s, item.span);
                    self.conduct.telling = false;
                }
                ItemKind::Prove(p) => {
                    if let tree::Property::Conduct(property) = &p.property {
                        self.conduct_property(module, property, item.span);
                    }
                }
                _ => {}
            }
        }
    }

    fn contract(&mut self, module: ModuleId, c: &'p tree::conduct::Contract) {
        let env = Env::default();
        let mut parties: Vec<PartyId> = Vec::new();
        for path in &c.parties {
            parties.extend(self.scope.party(module, path, &env));
        }
        let name = c.name.text.clone();
        let container = Rc::new(Container {
            charter: None,
            accession: None,
            charter_name: Rc::from(name.as_str()),
            article: None,
            heading: Some(Arc::from(format!("contract {name}"))),
            authors: order::by_number(&parties),
            prefix: Rc::from(name.as_str()),
        });
        for (at, s) in c.statements.iter().enumerate() {
            let spot =
                Spot { module, env: &env, container: &container, rule: false, contract: Some(&name), span: s.span };
            match &s.kind {
                Written::Norm(_) | Written::Trigger(_) | Written::For(_) => {
                    self.one_of_conduct(s, &spot, &(at + 1).to_string(), Binding::default());
                }
                _ => self.misplaced(s, "a contract holds norms and rules"),
            }
        }
    }

    fn misplaced(&mut self, s: &Statement, why: &str) {
        let help = match &s.kind {
            Written::Lift { .. }
            | Written::Exempt { .. }
            | Written::Compensate { .. }
            | Written::Proportionate
            | Written::SnapBack => "put it into the braces of the rule that it speaks of",
            _ => "put it into an article of a charter",
        };
        self.scope.report(
            crate::diagnostic::Diagnostic::error("misplaced-statement", s.span, why, "does not stand here").help(help),
        );
    }
}
