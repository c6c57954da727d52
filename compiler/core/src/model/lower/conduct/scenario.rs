//! Scenarios: dated acts and events, then what must follow.
//!
//! In: a [`written::Scenario`]. Out: a [`Scenario`] whose days count from its day 0. An act is checked against the signature
//! of its action as everywhere; nobody and nothing is made up: what the scenario does not say does not happen.

use super::super::Lower;
use super::binding::Binding;
use super::pattern::Use;
use crate::atlas::quoted;
use crate::diagnostic::Diagnostic;
use crate::model::conduct::{
    Action, Actor, Compare, Expectation, Expected, Happening, Match, NormId, Occurrence, Pattern, Place, Quantity,
    RuleId, Scenario, Situation, Sort, Trigger, Value, Who,
};
use crate::model::{CharterId, PartyId};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::syntax::tree::{Expr, ExprKind, ItemKind, Path, Text};
use crate::types::{Env, Type};
use num_traits::ToPrimitive;
use std::rc::Rc;

/// A finding of a scenario until the rules have their numbers: its place among the occurrences, the selector of what was
/// broken, the article whose rule it is.
#[derive(Debug, Clone)]
pub(super) struct FindingDraft {
    pub(super) broken: NormId,
    pub(super) article: String,
    pub(super) span: Span,
}

impl<'p> Lower<'p> {
    /// One scenario.
    pub(super) fn scenario(&mut self, module: ModuleId, s: &'p written::Scenario, span: Span) {
        let Some(definition) = self.scope.find(module, &s.charter, "a charter", |i| matches!(i, ItemKind::Charter(_)))
        else {
            return;
        };
        let Some(charter) = self.charters.get(&definition).copied() else { return };
        let Some(found) = self.scope.program.charters.get(charter.0 as usize).cloned() else { return };
        let mut members: Vec<PartyId> = found.members.clone();
        for path in &s.with {
            let Some(party) = self.scope.party(module, path, &Env::default()) else { continue };
            let joins = self.scope.program.accessions.iter().any(|a| a.party == party && a.charter == charter);
            if !joins && !members.contains(&party) {
                let name = self.scope.program.party_name(party).to_owned();
                self.scope.report(
                    Diagnostic::error(
                        "no-accession",
                        path.span,
                        format!("`{name}` is no party of `{}` and no accession of it is declared", found.name),
                        "joins by what instrument?",
                    )
                    .help(format!("write `accession {name} to {} {{ }}`", found.name)),
                );
                continue;
            }
            if !members.contains(&party) {
                members.push(party);
            }
        }
        self.title(charter, s);
        let env = Env { members: Rc::from(members.as_slice()), open: found.open.clone(), ..Env::default() };
        let b = Binding { charter: Some(charter), ..Binding::default() };
        let start = self.calendar(module, s, &env);
        let mut happened: Vec<(Occurrence, Span, Option<FindingDraft>)> = Vec::new();
        let mut expectations = Vec::new();
        for step in &s.steps {
            match &step.kind {
                written::StepKind::Calendar { .. } => {}
                written::StepKind::Expect(e) => {
                    if let Some(kind) = self.expected(module, e, start, &env, &b) {
                        let text = super::super::folded(self.scope.sources.slice(step.span));
                        expectations.push(Expectation { kind, span: step.span, text });
                    }
                }
                kind => {
                    if let Some((occurrence, finding)) = self.happens(module, kind, start, charter, &env, &b, step.span)
                    {
                        happened.push((occurrence, step.span, finding));
                    }
                }
            }
        }
        happened.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let others: Vec<Actor> = (0u32..)
            .map(PartyId)
            .take(self.scope.program.parties.len())
            .filter(|p| !members.contains(p))
            .map(Actor::Party)
            .collect();
        members.sort_by_key(|m| self.scope.program.party_name(*m).to_owned());
        let situation = Situation {
            members: members.into_iter().map(Actor::Party).collect(),
            others,
            start,
            occurrences: happened.iter().map(|(o, ..)| o.clone()).collect(),
            ..Situation::default()
        };
        let place = self.conduct.scenarios.len();
        for (at, (_, _, finding)) in happened.iter().enumerate() {
            if let Some(f) = finding {
                self.conduct.findings.push((place, at, f.clone()));
            }
        }
        self.conduct.scenario_keys.push((charter, s.title.text.clone(), span));
        self.conduct.scenarios.push(Scenario {
            title: s.title.text.clone(),
            charter,
            situation,
            spans: happened.into_iter().map(|(_, s, _)| s).collect(),
            expectations,
            span,
        });
    }

    /// A title is a scenario's own among those of its charter in one file: reports tell them apart by it. Another file may use it
    /// again, as those of what happened do from month to month.
    fn title(&mut self, charter: CharterId, s: &'p written::Scenario) {
        let Text { text, span } = &s.title;
        let same =
            |(c, title, first): &&(CharterId, String, Span)| *c == charter && title == text && first.file == span.file;
        let Some((.., first)) = self.conduct.titles.iter().find(same) else {
            return self.conduct.titles.push((charter, text.clone(), *span));
        };
        self.scope.report(
            Diagnostic::error("name-twice", *span, format!("two scenarios are called \"{text}\""), "second one")
                .label(*first, "first one")
                .help("title them differently: reports tell them apart by their titles"),
        );
    }

    /// The date of day 0, where the scenario gives a day one.
    fn calendar(&mut self, module: ModuleId, s: &'p written::Scenario, env: &Env) -> Option<i64> {
        let mut start = None;
        for step in &s.steps {
            let written::StepKind::Calendar { day, date } = &step.kind else { continue };
            let day = self.plain_day(day);
            let date = self
                .scope
                .quantity_of(module, date, env, &Type::Date, "a day is given its date")
                .and_then(|q| self.scope.stated(&q, date.span, "the date of a day"))
                .and_then(|d| d.to_integer().to_i64());
            if let (Some(day), Some(date)) = (day, date) {
                if start.is_some_and(|s| s != date - day) {
                    self.scope.report(
                        Diagnostic::error("two-calendars", step.span, "this contradicts the date given before", "here")
                            .help("give one day its date; the others follow"),
                    );
                }
                start = Some(date - day);
            }
        }
        start
    }

    fn plain_day(&mut self, e: &Expr) -> Option<i64> {
        match &e.kind {
            ExprKind::Number(n) if n.is_integer() => n.to_integer().to_i64().filter(|d| (0..=4_000_000).contains(d)),
            _ => None,
        }
        .or_else(|| {
            self.scope.report(
                Diagnostic::error("no-such-day", e.span, "expected a day: a whole number from 0 on", "no such day")
                    .help("write `day 5`"),
            );
            None
        })
    }

    /// A day of a scenario: a number, or a date where day 0 has one.
    fn day(&mut self, module: ModuleId, e: &Expr, start: Option<i64>, env: &Env) -> Option<i64> {
        if !matches!(e.kind, ExprKind::Date { .. }) {
            return self.plain_day(e);
        }
        let Some(start) = start else {
            self.scope.report(
                Diagnostic::error("no-calendar", e.span, "a date stands where no day has one", "which day is this?")
                    .help("write `day 0 is 2026-03-01` first"),
            );
            return None;
        };
        let q = self.scope.quantity_of(module, e, env, &Type::Date, "a day of a scenario")?;
        let date = self.scope.stated(&q, e.span, "a day of a scenario")?.to_integer().to_i64()?;
        if date < start {
            self.scope.report(
                Diagnostic::error("no-such-day", e.span, "this day is before day 0 of the scenario", "too early")
                    .help("give an earlier day 0"),
            );
            return None;
        }
        Some(date - start)
    }

    #[expect(clippy::too_many_arguments, reason = "one line of a scenario and where it stands")]
    fn happens(
        &mut self,
        module: ModuleId,
        kind: &written::StepKind,
        start: Option<i64>,
        charter: CharterId,
        env: &Env,
        b: &Binding,
        span: Span,
    ) -> Option<(Occurrence, Option<FindingDraft>)> {
        match kind {
            written::StepKind::Happens { day, party, act, place, until } => {
                let from = self.day(module, day, start, env)?;
                let actor = match party {
                    Some(path) => Some(Who::Party(self.scope.party(module, path, env)?)),
                    None => None,
                };
                let pattern = self.pattern(module, act, actor, place.as_ref(), env, &mut b.clone(), Use::Told)?;
                let action = self.scope.program.conduct.action(pattern.action)?.clone();
                if let Some(Who::Party(by)) = actor
                    && action.event
                {
                    self.event_done(&action, by, act.span);
                    return None;
                }
                if actor.is_none() && !action.event {
                    self.scope.report(
                        Diagnostic::error(
                            "act-without-actor",
                            act.span,
                            format!("`{}` is an action: somebody does it", action.name),
                            "done by whom?",
                        )
                        .help(format!("write `day 0 P does {}(…)`", action.name)),
                    );
                    return None;
                }
                let to = match until {
                    None => Some(from),
                    Some(written::Until::Open) => None,
                    Some(written::Until::Day(e)) => {
                        let to = self.day(module, e, start, env)?;
                        if to < from {
                            self.scope.report(
                                Diagnostic::error("empty-range", e.span, "this ends before it begins", "the last day")
                                    .label(day.span, "the first day"),
                            );
                            return None;
                        }
                        Some(to)
                    }
                };
                let what = self.act_of(&pattern, act.span)?;
                Some((Occurrence { from, to, what }, None))
            }
            written::StepKind::Determines { day, article, of, by, against } => {
                let from = self.day(module, day, start, env)?;
                let at = by.span;
                let by = self.scope.party(module, by, env)?;
                // a contract binds whomever it names
                if !env.members.contains(&by) && !matches!(of.kind, written::NormTargetKind::Contracts) {
                    self.not_a_party(charter, by, "it can break nothing of it", at);
                    return None;
                }
                let against = match against {
                    Some(q) => Some(Actor::Party(self.scope.party(module, q, env)?)),
                    None => None,
                };
                let written::NormTargetKind::Article(number) = &article.kind else {
                    self.scope.report(
                        Diagnostic::error(
                            "unknown-rule",
                            article.span,
                            "expected the article whose rule determines the breach",
                            "not an article",
                        )
                        .help("write `day 5 article 3 determines breach of article 2 by P`"),
                    );
                    return None;
                };
                let broken = self.selector(module, of, env, b)?;
                let what = Happening::Finding { rule: RuleId(0), by: Actor::Party(by), against };
                let draft = FindingDraft { broken, article: number.clone(), span };
                Some((Occurrence { from, to: Some(from), what }, Some(draft)))
            }
            written::StepKind::Withdraws { day, party } => {
                let from = self.day(module, day, start, env)?;
                let who = self.scope.party(module, party, env)?;
                if !env.members.contains(&who) {
                    self.not_a_party(charter, who, "it has nothing to withdraw from", party.span);
                    return None;
                }
                let party = Actor::Party(who);
                Some((Occurrence { from, to: Some(from), what: Happening::Withdrawal { party } }, None))
            }
            written::StepKind::Calendar { .. } | written::StepKind::Expect(_) => None,
        }
    }

    /// An event happens to somebody: it is not done.
    fn event_done(&mut self, event: &Action, by: PartyId, span: Span) {
        let takes = event.parameters.first().is_some_and(|p| matches!(p.sort, Sort::Party(_)));
        let whom = if takes { quoted(self.scope.program.party_name(by)) } else { String::new() };
        let name = quoted(&event.name);
        let headline = format!("`{name}` is an event: it happens, and is nobody's to do");
        self.scope.report(
            Diagnostic::error("event-as-act", span, headline, "expected an action")
                .label(event.span, "declared here")
                .help(format!("write `day 0 {name}({whom})`")),
        );
    }

    /// Only who is a party can leave, and be in breach. (Whoever is none may act all the same, and be acted on: outsiders act
    /// freely and are bound by nothing, `semantics.md` §18.)
    fn not_a_party(&mut self, charter: CharterId, who: PartyId, why: &str, span: Span) {
        let program = &self.scope.program;
        let name = quoted(program.party_name(who));
        let of = program.charters.get(charter.0 as usize).map_or_else(String::new, |c| quoted(&c.name));
        let headline = format!("`{name}` is no party of `{of}`: {why}");
        self.scope.report(Diagnostic::error("not-a-party", span, headline, "not a party of it").help(format!(
            "name a party of it; whoever accedes is taken in by `for {of} with {name}` in a scenario, and by \
                 `--with {name}` on the command line"
        )));
    }

    /// A pattern without anything open as an act that happens.
    fn act_of(&mut self, pattern: &Pattern, span: Span) -> Option<Happening> {
        let mut arguments = Vec::new();
        for m in &pattern.arguments {
            arguments.push(match m {
                Match::Any => Value::Unsaid,
                Match::Is(Who::Party(p)) => Value::Actor(Actor::Party(*p)),
                Match::Number(Compare::Equal, Quantity::Fixed(q)) => {
                    Value::Number(self.scope.stated(q, span, "an amount in a scenario")?)
                }
                Match::Thing(text) => Value::Thing(text.clone()),
                Match::Region(r) => Value::Region(r.atlas, r.cells.cells().to_vec()),
                Match::Anyone | Match::Is(Who::Var(_)) | Match::Number(..) | Match::Binds(_) => {
                    self.scope.report(
                        Diagnostic::error(
                            "not-one-act",
                            span,
                            "a scenario says what happened: who, to whom and how much, each exactly",
                            "left open",
                        )
                        .help("name the party or the amount"),
                    );
                    return None;
                }
            });
        }
        let place = match &pattern.place {
            None => None,
            Some(Place::Region(r)) => Some((r.atlas, r.cells.cells().to_vec())),
            Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)) => {
                self.scope.report(
                    Diagnostic::error(
                        "not-one-place",
                        span,
                        "a scenario says where an act took place by a region, not by whose it is",
                        "which ground?",
                    )
                    .help("name the region: `in World.North`"),
                );
                return None;
            }
        };
        Some(Happening::Act { action: pattern.action, arguments, place })
    }

    fn expected(
        &mut self,
        module: ModuleId,
        e: &written::Expectation,
        start: Option<i64>,
        env: &Env,
        b: &Binding,
    ) -> Option<Expected> {
        let optional = |l: &mut Self, e: &Option<Expr>| match e {
            Some(e) => l.day(module, e, start, env).map(Some),
            None => Some(None),
        };
        let actor = |l: &mut Self, p: &Option<Path>| match p {
            Some(p) => l.scope.party(module, p, env).map(|p| Some(Actor::Party(p))),
            None => Some(None),
        };
        match e {
            written::Expectation::Duty { none, party, act, by, on } => {
                let who = Who::Party(self.scope.party(module, party, env)?);
                let act = self.pattern(module, act, Some(who), None, env, &mut b.clone(), Use::Norm)?;
                Some(Expected::Duty { none: *none, act, by: optional(self, by)?, on: optional(self, on)? })
            }
            written::Expectation::Permission { lawful, party, act, on } => {
                let who = Who::Party(self.scope.party(module, party, env)?);
                let act = self.pattern(module, act, Some(who), None, env, &mut b.clone(), Use::Norm)?;
                Some(Expected::Permission { lawful: *lawful, act, on: optional(self, on)? })
            }
            written::Expectation::Breach { none, of, by, against, on } => {
                let norms = match of {
                    Some(target) => vec![self.selector(module, target, env, b)?],
                    None => Vec::new(),
                };
                Some(Expected::Breach {
                    none: *none,
                    norms,
                    by: actor(self, by)?,
                    against: actor(self, against)?,
                    on: optional(self, on)?,
                })
            }
        }
    }

    /// Puts the rule in the place of each finding's article, once rules have their numbers.
    pub(super) fn findings_of_scenarios(&mut self) {
        let drafts = std::mem::take(&mut self.conduct.findings);
        let keys = std::mem::take(&mut self.conduct.scenario_keys);
        for (scenario, at, draft) in drafts {
            let Some((charter, title, span)) = keys.get(scenario) else { continue };
            let broken = self.conduct.resolved(draft.broken);
            let rule = self
                .scope
                .program
                .conduct
                .rules
                .iter()
                .filter(|r| r.charter == Some(*charter) && r.article == draft.article && r.determined.is_some())
                .find(|r| match &r.trigger {
                    Trigger::Breach { norms, .. } => broken.iter().any(|n| norms.contains(n)),
                    Trigger::Occurs(_) => false,
                })
                .map(|r| r.id);
            let Some(rule) = rule else {
                self.scope.report(
                    Diagnostic::error(
                        "unknown-rule",
                        draft.span,
                        format!("article {} has no rule that determines such a breach", draft.article),
                        "nothing is determined by it",
                    )
                    .help("name the article of a rule that says `on breach of … , determined by …`"),
                );
                continue;
            };
            let found = self
                .scope
                .program
                .conduct
                .scenarios
                .iter_mut()
                .find(|s| s.charter == *charter && s.title == *title && s.span == *span);
            if let Some(o) = found.and_then(|s| s.situation.occurrences.get_mut(at))
                && let Happening::Finding { rule: slot, .. } = &mut o.what
            {
                *slot = rule;
            }
        }
        for scenario in &mut self.scope.program.conduct.scenarios {
            let mut order: Vec<usize> = (0..scenario.situation.occurrences.len()).collect();
            let occurrences = std::mem::take(&mut scenario.situation.occurrences);
            order.sort_by(|a, b| occurrences.get(*a).cmp(&occurrences.get(*b)));
            scenario.spans = order.iter().filter_map(|i| scenario.spans.get(*i).copied()).collect();
            scenario.situation.occurrences = order.iter().filter_map(|i| occurrences.get(*i).cloned()).collect();
        }
    }
}
