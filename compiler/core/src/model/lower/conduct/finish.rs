//! Norms in the place of selectors, once statements have their numbers.
//!
//! In: what the walk left pending, and the number of each statement. Out: [`Conduct`](crate::model::conduct::Conduct) in the
//! order of statements, with ranks closed and ceilings, compensation, reservations and exits where they belong.

use super::super::Lower;
use super::selector::{Part, Selector, place_of};
use super::{CeilingLevel, Pending, RankDraft};
use crate::diagnostic::Diagnostic;
use crate::model::conduct::{
    Ceiling, Compensation, Condition, Deed, Exit, Expected, Level, Norm, NormId, Quantity, Reservation, Rule, RuleId,
    Trigger,
};
use crate::model::flow::Spared;
use crate::model::{CharterId, StatementId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of each norm while selectors are resolved.
pub(super) struct Known {
    pub(super) id: NormId,
    pub(super) charter: Option<CharterId>,
    pub(super) contract: bool,
    pub(super) article: String,
    pub(super) label: Option<String>,
    /// outside of a rule
    pub(super) primary: bool,
    pub(super) span: Span,
}

impl<'p> Lower<'p> {
    /// Builds what the program says of conduct. `numbers` gives the statement of each pending entry, in any order.
    pub(crate) fn finish_conduct(&mut self, mut numbers: Vec<(usize, StatementId, Option<String>)>) {
        numbers.sort_by_key(|(_, id, _)| *id);
        let mut pending: Vec<Option<Pending>> =
            std::mem::take(&mut self.conduct.pending).into_iter().map(Some).collect();
        let mut rules: Vec<Rule> = Vec::new();
        let mut rule_of: BTreeMap<usize, RuleId> = BTreeMap::new();
        let mut norms: Vec<(Norm, Vec<RankDraft>)> = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        let mut rest: Vec<(usize, StatementId, Pending)> = Vec::new();
        // rules first, so that norms find theirs
        for (at, statement, _) in &numbers {
            if let Some(slot) = pending.get_mut(*at)
                && matches!(slot, Some(Pending::Rule(_)))
                && let Some(Pending::Rule(rule)) = slot.take()
            {
                let id = RuleId(u32::try_from(rules.len()).unwrap_or(u32::MAX));
                rule_of.insert(*at, id);
                rules.push(Rule { id, statement: *statement, ..*rule });
            }
        }
        // the norms of a rule in the order they are written, so that steps follow each other
        let mut norm_places: Vec<(StatementId, usize, Option<String>)> = Vec::new();
        for (at, statement, label) in numbers {
            match pending.get_mut(at).and_then(Option::take) {
                Some(found @ Pending::Norm(..)) => {
                    if let Some(slot) = pending.get_mut(at) {
                        *slot = Some(found);
                    }
                    norm_places.push((statement, at, label));
                }
                Some(other) => rest.push((at, statement, other)),
                None => {}
            }
        }
        for (statement, at, label) in norm_places {
            let Some(Pending::Norm(norm, rule, ranks)) = pending.get_mut(at).and_then(Option::take) else { continue };
            let id = NormId(u32::try_from(norms.len()).unwrap_or(u32::MAX));
            let rule = rule.and_then(|r| rule_of.get(&r)).copied();
            known.push(Known {
                id,
                charter: norm.charter,
                contract: norm.contract.is_some(),
                article: norm.article.clone(),
                label,
                primary: rule.is_none(),
                span: norm.span,
            });
            norms.push((Norm { id, statement, rule, ..*norm }, ranks));
        }
        for (norm, _) in &norms {
            if let Some(rule) = norm.rule
                && let Some(rule) = rules.get_mut(rule.0 as usize)
            {
                rule.norms.push(norm.id);
            }
        }
        for rule in &mut rules {
            rule.norms.sort_by_key(|id| norms.get(id.0 as usize).map(|(n, _)| n.span.start));
        }
        let selectors = std::mem::take(&mut self.conduct.selectors);
        let resolved: Vec<Vec<NormId>> = selectors.iter().map(|s| self.select(s, &known)).collect();
        let put = |ids: &mut Vec<NormId>| {
            let found: BTreeSet<NormId> = ids
                .iter()
                .flat_map(|id| match place_of(*id, resolved.len()) {
                    Some(place) => resolved.get(place).cloned().unwrap_or_default(),
                    None => vec![*id],
                })
                .collect();
            *ids = found.into_iter().collect();
        };
        for rule in &mut rules {
            if let Trigger::Breach { norms, .. } = &mut rule.trigger {
                put(norms);
            }
            if let Some(lift) = &mut rule.lift {
                visit(lift, &put);
            }
            for v in &mut rule.variables {
                v.filter.iter_mut().for_each(|f| visit(f, &put));
            }
        }
        for (norm, _) in &mut norms {
            visit(&mut norm.when, &put);
            visit(&mut norm.unless, &put);
            for v in &mut norm.variables {
                v.filter.iter_mut().for_each(|f| visit(f, &put));
            }
            if let Deed::Ensure(c) = &mut norm.deed {
                visit(c, &put);
            }
        }
        for scenario in &mut self.conduct.scenarios {
            for e in &mut scenario.expectations {
                if let Expected::Breach { norms, .. } = &mut e.kind {
                    put(norms);
                }
            }
        }
        for property in &mut self.conduct.properties {
            use crate::model::conduct::ConductPropertyKind as K;
            if let K::Always { condition, .. } | K::Possible { condition, .. } = &mut property.kind {
                visit(condition, &put);
            }
        }
        let named: Vec<(Vec<NormId>, bool)> =
            resolved.iter().zip(&selectors).map(|(ids, s)| (ids.clone(), s.is_by_name())).collect();
        self.ranks(&norms, &rest, &named, &known);
        self.provisions(rest, &mut rules, &rule_of, &norms, &resolved);
        let conduct = &mut self.scope.program.conduct;
        conduct.norms = norms.into_iter().map(|(n, _)| n).collect();
        conduct.rules = rules;
        conduct.scenarios = std::mem::take(&mut self.conduct.scenarios);
        conduct.scenarios.sort_by(|a, b| (a.charter, &a.title, a.span).cmp(&(b.charter, &b.title, b.span)));
        conduct.properties = std::mem::take(&mut self.conduct.properties);
        conduct.properties.sort_by(|a, b| (a.charter, &a.text).cmp(&(b.charter, &b.text)));
        self.conduct.chosen = resolved;
        self.findings_of_scenarios();
        self.currencies();
    }

    /// The norms that a selector means.
    fn select(&mut self, s: &Selector, known: &[Known]) -> Vec<NormId> {
        let mut out = Vec::new();
        for part in &s.parts {
            let (found, words, span): (Vec<NormId>, String, Span) = match part {
                Part::Article(number, span) => (
                    known
                        .iter()
                        .filter(|k| k.charter == s.charter && k.article == *number && (k.primary || s.whole))
                        .map(|k| k.id)
                        .collect(),
                    format!("article {number}"),
                    *span,
                ),
                Part::Label(label, span) => (
                    known
                        .iter()
                        .filter(|k| k.charter == s.charter && k.label.as_ref() == Some(label))
                        .map(|k| k.id)
                        .collect(),
                    format!("@{label}"),
                    *span,
                ),
                Part::Any => {
                    let all = known.iter().filter(|k| k.charter == s.charter && !k.contract).map(|k| k.id);
                    (all.collect(), "any article".to_owned(), s.span)
                }
                Part::Contracts => {
                    let all: Vec<NormId> = known.iter().filter(|k| k.contract).map(|k| k.id).collect();
                    out.extend(all);
                    continue;
                }
            };
            if found.is_empty() {
                let error = self.nothing_meant(s, part, &words, span, known);
                self.scope.report(error);
            }
            out.extend(found);
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Which norm ranks above which, closed; a cycle is an error (§15).
    fn ranks(
        &mut self,
        norms: &[(Norm, Vec<RankDraft>)],
        rest: &[(usize, StatementId, Pending)],
        named: &[(Vec<NormId>, bool)],
        known: &[Known],
    ) {
        let found = |id: NormId| match place_of(id, named.len()) {
            Some(place) => named.get(place).cloned().unwrap_or_default(),
            None => (vec![id], true),
        };
        let of = |id: NormId| found(id).0;
        let mut edges: BTreeMap<(NormId, NormId), Span> = BTreeMap::new();
        for (norm, ranks) in norms {
            for rank in ranks {
                let (others, by_name) = found(rank.other);
                let alone = others.len() == 1 && by_name;
                for other in others {
                    // among others its own article may mean itself, and `any article` does not; alone it closes a circle
                    if other == norm.id && !alone {
                        continue;
                    }
                    let edge = if rank.above { (norm.id, other) } else { (other, norm.id) };
                    edges.entry(edge).or_insert(rank.span);
                }
            }
        }
        for (_, _, p) in rest {
            if let Pending::Prevails(upper, lower, span) = p {
                for u in of(*upper) {
                    for l in of(*lower) {
                        edges.entry((u, l)).or_insert(*span);
                    }
                }
            }
        }
        let overriding = self.conduct.overrides.clone();
        for k in known.iter().filter(|k| k.charter.is_some_and(|c| overriding.contains(&c))) {
            for c in known.iter().filter(|c| c.contract) {
                edges.entry((k.id, c.id)).or_insert_with(super::super::declare::nowhere);
            }
        }
        let mut next: BTreeMap<NormId, Vec<NormId>> = BTreeMap::new();
        for (upper, lower) in edges.keys() {
            next.entry(*upper).or_default().push(*lower);
        }
        let mut above: Vec<(NormId, NormId)> = Vec::new();
        for start in next.keys() {
            let mut seen: BTreeSet<NormId> = BTreeSet::new();
            let mut todo: Vec<NormId> = next.get(start).cloned().unwrap_or_default();
            while let Some(at) = todo.pop() {
                if seen.insert(at) {
                    todo.extend(next.get(&at).into_iter().flatten().copied());
                }
            }
            if seen.contains(start) {
                let span = edges.iter().find(|((u, _), _)| u == start).map(|(_, s)| *s);
                let text = norms.get(start.0 as usize).map(|(n, _)| (n.text.clone(), n.span));
                if let (Some(span), Some((text, at))) = (span, text) {
                    self.scope.report(
                        Diagnostic::error(
                            "rank-cycle",
                            span,
                            format!("`{text}` ranks above itself"),
                            "closes a circle of `notwithstanding`, `subject to` and `prevails over`",
                        )
                        .label(at, "this norm")
                        .help("take one of the ranks away"),
                    );
                }
                self.scope.program.conduct.above.clear();
                return;
            }
            above.extend(seen.into_iter().map(|lower| (*start, lower)));
        }
        above.sort_unstable();
        self.scope.program.conduct.above = above;
    }

    fn provisions(
        &mut self,
        rest: Vec<(usize, StatementId, Pending)>,
        rules: &mut [Rule],
        rule_of: &BTreeMap<usize, RuleId>,
        norms: &[(Norm, Vec<RankDraft>)],
        resolved: &[Vec<NormId>],
    ) {
        let of = |id: NormId| match place_of(id, resolved.len()) {
            Some(place) => resolved.get(place).cloned().unwrap_or_default(),
            None => vec![id],
        };
        let mut exits: Vec<Exit> = Vec::new();
        let mut survivors: Vec<(CharterId, Vec<NormId>, Span)> = Vec::new();
        for (_, statement, one) in rest {
            match one {
                Pending::Ceiling(level, window, rule, charter, article) => {
                    let meant: Vec<usize> = match rule {
                        Some(rule) => rule_of.get(&rule).map(|r| r.0 as usize).into_iter().collect(),
                        None => rules
                            .iter()
                            .enumerate()
                            .filter(|(_, r)| r.charter == Some(charter) && r.article == article)
                            .map(|(i, _)| i)
                            .collect(),
                    };
                    if meant.is_empty() {
                        self.ceiling_without_rule(statement, &article);
                    }
                    for at in meant {
                        let level = match level {
                            CeilingLevel::Fixed(level) => Some(level),
                            CeilingLevel::OfBreach(span) => self.level_of_breach(rules.get(at), norms, span),
                        };
                        if let (Some(level), Some(rule)) = (level, rules.get_mut(at)) {
                            rule.ceilings.push(Ceiling { level, window: window.clone(), statement });
                        }
                    }
                }
                Pending::Compensation(c, rule) => {
                    if let Some(rule) = rule_of.get(&rule).and_then(|r| rules.get_mut(r.0 as usize)) {
                        rule.compensation.push(Compensation { statement, ..c });
                    }
                }
                Pending::Exempt(flows, rule) => {
                    if let Some(rule) = rule_of.get(&rule).and_then(|r| rules.get_mut(r.0 as usize)) {
                        rule.spares.extend(flows.into_iter().map(|flow| Spared { flow, statement }));
                    }
                }
                Pending::Reservation(party, target, action) => {
                    let acts_so = |id: &NormId| {
                        action.is_none_or(|a| norms.get(id.0 as usize).is_some_and(|(n, _)| acts(n) == Some(a)))
                    };
                    let all: Vec<NormId> = of(target).into_iter().filter(acts_so).collect();
                    if all.is_empty() {
                        self.reserves_nothing(statement);
                    }
                    self.scope.program.conduct.reservations.push(Reservation { party, norms: all, statement });
                }
                Pending::Exit(charter, notice) => {
                    exits.push(Exit { charter, notice, survive: Vec::new(), statement });
                }
                Pending::Survives(charter, target, span) => {
                    survivors.push((charter, of(target), span));
                }
                Pending::Norm(..) | Pending::Rule(_) | Pending::Prevails(..) | Pending::Said => {}
            }
        }
        for (charter, survive, span) in survivors {
            match exits.iter_mut().find(|e| e.charter == charter) {
                Some(exit) => {
                    exit.survive.extend(survive);
                    exit.survive.sort_unstable();
                    exit.survive.dedup();
                }
                None => self.scope.report(
                    Diagnostic::error(
                        "no-exit",
                        span,
                        "nothing says how a party leaves, so nothing need survive that",
                        "survives what?",
                    )
                    .help("add `withdraw on 180 days notice` or `withdraw at any time`"),
                ),
            }
        }
        self.scope.program.conduct.exits = exits;
    }

    fn reserves_nothing(&mut self, statement: StatementId) {
        let Some(span) = self.scope.program.statements.get(statement.0 as usize).map(|s| s.span) else { return };
        self.scope.report(
            Diagnostic::error(
                "reserves-nothing",
                span,
                "no norm that is named here is about that action",
                "reserves nothing",
            )
            .help("name an action that a norm of the article asks for, forbids or allows; or leave `on …` out"),
        );
    }

    fn ceiling_without_rule(&mut self, statement: StatementId, article: &str) {
        let Some(span) = self.scope.program.statements.get(statement.0 as usize).map(|s| s.span) else { return };
        self.scope.report(
            Diagnostic::error(
                "ceiling-without-rule",
                span,
                format!("article {article} has no rule whose acts this could bound"),
                "bounds nothing",
            )
            .help("put it into the article of the rule, or into the rule"),
        );
    }

    /// The level of what was broken, where all norms of a rule agree on it.
    fn level_of_breach(&mut self, rule: Option<&Rule>, norms: &[(Norm, Vec<RankDraft>)], span: Span) -> Option<Level> {
        let broken = match &rule?.trigger {
            Trigger::Breach { norms, .. } => norms.clone(),
            Trigger::Occurs(_) => Vec::new(),
        };
        let levels: BTreeSet<Option<Level>> = broken
            .iter()
            .filter_map(|id| norms.get(id.0 as usize))
            .map(|(n, _)| acts(n).and_then(|a| self.scope.program.conduct.action(a)).and_then(|a| a.severity))
            .collect();
        let levels: Vec<Option<Level>> = levels.into_iter().collect();
        if let [Some(level)] = levels.as_slice() {
            return Some(*level);
        }
        self.scope.report(
            Diagnostic::error(
                "unclear-level",
                span,
                "`proportionate to breach` needs one level of severity for what the rule answers",
                if levels.len() > 1 { "the norms it answers differ" } else { "nothing it answers has a severity" },
            )
            .help("give the forbidden actions a `severity`, or state the ceiling: `severity at most economic`"),
        );
        None
    }
}

/// The action that a norm is about.
fn acts(n: &Norm) -> Option<crate::model::conduct::ActionId> {
    match &n.deed {
        Deed::Act(p) | Deed::Before { first: p, .. } => Some(p.action),
        Deed::Alike { action, .. } => Some(*action),
        Deed::Ensure(_) => None,
    }
}

/// Puts norms in the place of selectors in a condition.
fn visit(c: &mut Condition, put: &dyn Fn(&mut Vec<NormId>)) {
    match c {
        Condition::Breached { norms, .. } => put(norms),
        Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => visit(inner, put),
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|p| visit(p, put)),
        Condition::Compare(a, _, b) => {
            visit_quantity(a, put);
            visit_quantity(b, put);
        }
        Condition::Fixed(_)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::Occurred { .. }
        | Condition::May(_) => {}
    }
}

fn visit_quantity(q: &mut Quantity, put: &dyn Fn(&mut Vec<NormId>)) {
    match q {
        Quantity::Scaled(_, inner) => visit_quantity(inner, put),
        Quantity::Sum(parts) => parts.iter_mut().for_each(|p| visit_quantity(p, put)),
        Quantity::Total { value, filter, .. } => {
            visit_quantity(value, put);
            visit(filter, put);
        }
        Quantity::Fixed(_) | Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Argument(_) => {}
    }
}
