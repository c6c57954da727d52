//! S04: cascade: a breach whose responses, each of them required, put a party into breach that had broken nothing.
//!
//! In: the dilemmas of what rules demand (S03). Out: from each of their situations the evaluator follows what comes next:
//! whoever does what it must is in breach, and if that breach is answered in turn, a party that had broken nothing is met by
//! a response. It goes round where a rule is set off by its own response. Each step is a required act, so where no response
//! is itself a breach there is no cascade, however long; otherwise so many steps are followed as are said.

use super::acts::act_of;
use super::s03::demanded;
use super::scene::{self, due_on_another, timeline};
use super::{Answer, Found, Pact};
use crate::checks::norms::conclude::Open;
use crate::checks::norms::dilemma::Stuck;
use crate::checks::{Check, Context, Draft};
use crate::evaluate::situation::{Cause, Run, Truth};
use crate::model::StatementId;
use crate::model::conduct::{Actor, Happening, Norm, NormId, Occurrence, RuleId, Situation, Who};
use std::collections::BTreeSet;

/// S04.
#[derive(Debug)]
pub(in crate::checks) struct Cascade;

/// How many steps of a cascade are followed.
const STEPS: usize = 8;

impl Check for Cascade {
    fn code(&self) -> &'static str {
        "S04"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S04", |cx, pact| {
            let mut found = Found::default();
            let mut core: BTreeSet<StatementId> = BTreeSet::new();
            let mut open = Open::default();
            let mut cascades: Vec<(BTreeSet<RuleId>, Draft)> = Vec::new();
            for answer in pact.answers() {
                for norm in demanded(pact, &answer).into_iter().filter(|n| answer.binds_another(n)) {
                    let outcome = cx.dilemma(pact.view, norm.id);
                    core.extend([answer.rule.statement, norm.statement]);
                    core.extend(&outcome.core);
                    outcome.open.iter().for_each(|why| open.norm(norm, why.as_str()));
                    for stuck in &outcome.found {
                        match cascade(pact, &answer, norm, stuck) {
                            Ok(cascade) => cascades.extend(cascade),
                            Err(why) => open.norm(norm, why),
                        }
                    }
                }
            }
            if core.is_empty() {
                return found;
            }
            // one that only leads into another is no cause of its own
            let sets: Vec<BTreeSet<RuleId>> = cascades.iter().map(|(s, _)| s.clone()).collect();
            cascades.retain(|(s, _)| !sets.iter().any(|other| other.is_subset(s) && other != s));
            found.drafts.extend(cascades.into_iter().map(|(_, d)| d));
            let question = format!("no response of {} puts a party into breach that is answered in turn", pact.name());
            if let Some(why) = open.told() {
                found.undecided.push((question, why));
            } else if found.drafts.is_empty() {
                found.proved.push((question, core.into_iter().collect()));
            }
            found
        });
    }
}

/// One step of a cascade: by which rule it was required, and the act.
struct Step {
    rule: RuleId,
    by: Actor,
}

/// A cascade: the rules that it goes through, and what is said of it.
type Told = (BTreeSet<RuleId>, Draft);

/// Follows what comes next: each required act, the breach that it is, and what answers that breach.
fn cascade(pact: &Pact<'_>, answer: &Answer<'_>, norm: &Norm, stuck: &Stuck) -> Result<Option<Told>, String> {
    let mut situation = stuck.witness.situation.clone();
    let mut steps: Vec<Step> = Vec::new();
    let mut next: Option<(NormId, Option<Actor>)> = Some((norm.id, None));
    let mut round = None;
    let mut answered: Option<usize> = None;
    while let Some((norm, after)) = next.take() {
        let Some((norm, rule)) = pact.conduct().norm(norm).and_then(|n| Some((n, n.rule?))) else { break };
        let Some((by, act)) = required(pact, &situation, norm, after, &steps) else {
            if steps.is_empty() {
                return Err("an act that it requires could not be made up".to_owned());
            }
            break;
        };
        situation.add(act);
        round = steps.iter().position(|s| s.rule == rule);
        steps.push(Step { rule, by });
        let Some((breach, day)) = broken(pact, &situation, by) else { break };
        // found, where a finding is asked for
        for answer in pact.answers().filter(|a| a.broken.contains(&breach.0) && a.rule.determined.is_some()) {
            let against = answer.against.and(breach.1);
            let what = Happening::Finding { rule: answer.rule.id, by, against };
            situation.occurrences.push(Occurrence { from: day + 1, to: Some(day + 1), what });
        }
        situation.occurrences.sort();
        let response = response_due(pact, &situation, by, breach.0);
        if response.is_some() {
            answered = Some(steps.len());
        }
        if round.is_some() || steps.len() >= STEPS {
            break;
        }
        next = response.map(|n| (n, Some(by)));
    }
    let Some(hit) = answered.and_then(|at| steps.get(at.checked_sub(1)?)).map(|s| s.by) else { return Ok(None) };
    let run = Run::new(pact.program, pact.view.charter, &situation, last_of(&situation) + 1);
    let until = situation.occurrences.iter().map(|o| o.from).max().unwrap_or(0);
    let about = scene::about(
        pact,
        pact.answers()
            .flat_map(|a| a.rule.norms.iter().chain(a.broken).copied().collect::<Vec<_>>())
            .chain(stuck.norms()),
    );
    let shown = timeline(
        pact,
        &run,
        &about,
        |b| b.subject.is_some() && b.day <= until,
        |at, i| {
            due_on_another(&run, at, i, hit).is_some() && pact.conduct().norm(i.norm).is_some_and(|n| n.rule.is_some())
        },
    );
    let who = shown.cast().noun(hit);
    let round = round.map_or_else(String::new, |at| {
        let rule = steps.get(at).and_then(|s| pact.conduct().rule(s.rule));
        rule.map_or_else(String::new, |r| {
            format!(", and {} is set off by its own response without end", pact.article(r))
        })
    });
    let message = format!(
        "{who} that had broken nothing is put into breach by what {} of {} requires of it, and is met by a response{round}",
        pact.article(answer.rule),
        pact.name()
    );
    let mut draft = Draft::new("S04", message)
        .charter(pact.view.charter)
        .situation(pact.program, &shown)
        .note(format!("each act after the first was required; followed for {} of at most {STEPS} steps", steps.len()));
    for norm in std::iter::once(norm.id).chain(stuck.norms()) {
        draft = pact.conduct().norm(norm).into_iter().fold(draft, |d, n| d.statement(n.statement, ""));
    }
    for step in &steps {
        if let Some(rule) = pact.conduct().rule(step.rule) {
            draft = draft.statement(rule.statement, "");
        }
    }
    Ok(Some((steps.iter().map(|s| s.rule).collect(), draft)))
}

fn last_of(situation: &Situation) -> i64 {
    situation.occurrences.iter().map(|o| o.to.unwrap_or(o.from).max(o.from)).max().unwrap_or(0)
}

/// The first act that a norm requires of somebody who has done nothing yet: who, and the act on the first day it is due.
fn required(
    pact: &Pact<'_>,
    situation: &Situation,
    norm: &Norm,
    against: Option<Actor>,
    steps: &[Step],
) -> Option<(Actor, Occurrence)> {
    let run = Run::new(
        pact.program,
        pact.view.charter,
        situation,
        scene::behind(pact, &situation.values, last_of(situation)),
    );
    let answer = pact.answers().find(|a| Some(a.rule.id) == norm.rule)?;
    let mut all = Vec::new();
    for (at, i) in run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id && i.truth.is_yes()) {
        let value = |w: Who| w.among(&i.values);
        let Some(by) = value(norm.subject) else { continue };
        if against.is_some() && value(Who::Var(answer.by)) != against {
            continue;
        }
        let last = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
        let Some(day) = (i.first..=last).find(|day| run.due(at, *day) == Truth::Yes) else { continue };
        let clean = run.in_breach(Some(by), run.horizon().min(day)).is_no() && !steps.iter().any(|s| s.by == by);
        let own = steps.is_empty() || clean;
        if let Some(act) = act_of(pact, norm, i, day).filter(|_| own) {
            all.push((!clean, day, by, act));
        }
    }
    all.sort();
    all.into_iter().next().map(|(_, _, by, act)| (by, act))
}

/// What somebody broke by its last act: the norm and the injured, and the day.
fn broken(pact: &Pact<'_>, situation: &Situation, by: Actor) -> Option<((NormId, Option<Actor>), i64)> {
    let last = last_of(situation);
    let run = Run::new(pact.program, pact.view.charter, situation, last);
    let own = run.breaches().iter().filter(|b| b.truth.is_yes() && b.subject == Some(by) && b.act.is_some());
    let latest = own.max_by_key(|b| b.day)?;
    Some(((latest.norm, latest.injured), latest.day))
}

/// A duty on another that follows from a breach of a norm by one.
fn response_due(pact: &Pact<'_>, situation: &Situation, by: Actor, norm: NormId) -> Option<NormId> {
    let run = Run::new(
        pact.program,
        pact.view.charter,
        situation,
        scene::behind(pact, &situation.values, last_of(situation)),
    );
    let answers: Vec<Answer<'_>> = pact.answers().filter(|a| a.broken.contains(&norm)).collect();
    let mut all: Vec<NormId> = run
        .instances()
        .iter()
        .enumerate()
        .filter(|(_, i)| match i.cause {
            Cause::Breach(b) => run.breaches().get(b).is_some_and(|b| b.subject == Some(by) && b.norm == norm),
            Cause::Finding(o) => situation.occurrences.get(o).is_some_and(
                |o| matches!(&o.what, Happening::Finding { rule, by: who, .. } if *who == by && answers.iter().any(|a| a.rule.id == *rule)),
            ),
            _ => false,
        })
        .filter(|(at, i)| due_on_another(&run, *at, i, by).is_some())
        .map(|(_, i)| i.norm)
        .collect();
    all.sort_unstable();
    all.into_iter().next()
}
