//! S05: out of proportion: a response that can exceed its ceiling, or a lighter breach that meets a heavier response than a
//! heavier one does.
//!
//! In: rules that answer a breach, the levels that their acts declare, their ceilings. Out: for each duty above a ceiling of
//! its rule the dilemma that the ceiling makes of it; for each permission above it the situation in which it is of no use; for
//! two norms on one ladder whether the responses are the other way round.
//! `prove never severity of any measure in C above L` asks whether a measure can exceed that level.

use super::acts::act_of;
use super::levels::always;
use super::scene::{self, SetOff, first, horizon, instances, set_off, timeline};
use super::{Answer, Found, Pact, falls_due, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::norms::n01;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, Env, Forbids, Scene, Term, Universe};
use crate::evaluate::situation::{Instance, Truth};
use crate::logic::Linear;
use crate::model::StatementId;
use crate::model::conduct::{ConductPropertyKind, Force, Level as Rung, Norm, NormId};
use crate::report::Level;
use std::collections::BTreeSet;

/// S05.
#[derive(Debug)]
pub(in crate::checks) struct OutOfProportion;

impl Check for OutOfProportion {
    fn code(&self) -> &'static str {
        "S05"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["prove", "N01", "S03"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S05", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<Answer<'_>> = pact.answers().collect();
            if answers.iter().any(|a| !a.rule.ceilings.is_empty()) {
                let asking = cx.asking(pact.view);
                for answer in &answers {
                    under_ceilings(cx, pact, &asking, *answer, &mut found);
                }
            }
            compared(cx, pact, &answers, &mut found);
            properties(cx, pact, &answers);
            found
        });
    }
}

/// The acts of a rule above one of its ceilings.
fn under_ceilings<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    found: &mut Found,
) {
    let place = pact.article(answer.rule);
    let mut silent: BTreeSet<&str> = BTreeSet::new();
    for norm in pact.steps(answer.rule).filter(|n| falls_due(n) && !n.is_prohibition() && pattern(n).is_some()) {
        let Some(level) = pact.level(norm) else {
            if !answer.rule.ceilings.is_empty() {
                silent.extend(pact.action(norm).map(|a| a.name.as_str()));
            }
            continue;
        };
        for (i, ceiling) in answer.rule.ceilings.iter().enumerate() {
            if ceiling.level.ladder != level.ladder || level.step <= ceiling.level.step {
                continue;
            }
            let question = format!(
                "`{}` stays within the ceiling of {place} of {}, {}",
                said(norm),
                pact.name(),
                pact.level_name(ceiling.level)
            );
            let core = vec![answer.rule.statement, norm.statement, ceiling.statement];
            if norm.force == Force::Must {
                demanded(cx, pact, asking, norm, i, question, core, found);
                continue;
            }
            match exceeds(cx, pact, asking, answer, norm, i) {
                Reply::No => found.proved.push((question, core)),
                Reply::Open(why) => found.undecided.push((question, why)),
                Reply::Yes(witness) => {
                    let run = scene::run(asking, &witness, horizon(pact, &witness, 0));
                    let about = scene::about(pact, std::iter::once(norm.id).chain(answer.broken.iter().copied()));
                    let shown =
                        timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, i| i.norm == norm.id);
                    let message = format!(
                        "{place} of {} allows `{}`, which is {}, on no day on which it allows more than {}",
                        pact.name(),
                        pact.action(norm).map_or("?", |a| a.name.as_str()),
                        pact.level_name(level),
                        pact.level_name(ceiling.level)
                    );
                    let draft = Draft::new("S05", message).charter(pact.view.charter).situation(pact.program, &shown);
                    found.drafts.push(core.into_iter().fold(draft, |d, s| d.statement(s, "")));
                }
            }
        }
    }
    for action in silent {
        found.not_asked.push(format!(
            "{place} of {} has a ceiling, and `{action}` has no level: declare its `severity`",
            pact.name()
        ));
    }
}

/// A duty above a ceiling of its rule: whether the ceiling leaves it no lawful day, as N01 asks of whatever forbids.
#[expect(clippy::too_many_arguments, reason = "the parts of one question")]
fn demanded<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    norm: &Norm,
    ceiling: usize,
    question: String,
    core: Vec<StatementId>,
    found: &mut Found,
) {
    if norm.group.is_some() {
        found.undecided.push((question, "a duty of a group is not held against a ceiling".to_owned()));
        return;
    }
    let outcome = cx.dilemma(pact.view, norm.id);
    let by = Forbids::Ceiling(norm.id, ceiling);
    let mut stuck = outcome.found.iter().filter(|s| s.by_ceilings() && s.against.contains(&by)).peekable();
    match (stuck.peek(), &outcome.open) {
        (None, None) => found.proved.push((question, core)),
        (None, Some(why)) => found.undecided.push((question, why.clone())),
        (Some(_), _) => {
            for s in stuck {
                let draft = n01::draft(pact.program, asking, pact.view, norm, s, "S05").also("N01").also("S03");
                // who keeps it is forced to break it
                found.drafts.push(draft.level(Level::Error));
            }
        }
    }
}

/// Whether a permission is in force, and on no day of its span free of a ceiling.
fn exceeds<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &Norm,
    ceiling: usize,
) -> Reply {
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(answer.broken.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene::cases(scene, &answer);
        named.some(scene, &envs, |scene, env| {
            set_off(scene, &answer, how, env, &mut |scene, arising| {
                let mut any = Vec::new();
                for own in instances(scene, norm, env) {
                    any.push(above(scene, &answer, norm, ceiling, &own, arising));
                }
                Term::or(any)
            })
        })
    };
    first(pact, answer.broken, |how| {
        asking.exists(
            cx,
            &universe,
            Wanted::Simplest,
            |scene| build(scene, how),
            |witness| replay(pact, asking, witness, norm, ceiling),
        )
    })
}

fn above<'p>(
    scene: &mut Scene<'p>,
    answer: &Answer<'p>,
    norm: &'p Norm,
    ceiling: usize,
    env: &Env,
    arising: &Arising,
) -> Term {
    let Some(ceiling) = answer.rule.ceilings.get(ceiling) else { return Term::falsity() };
    let free = |scene: &mut Scene<'p>, day: &Linear| {
        let under = scene.in_span(&ceiling.window, arising, day);
        scene.in_span(&norm.window, arising, day).also(under.not())
    };
    // a permission that is of use on no day
    let some = scene.some_day("allowed", |scene, day| scene.due(norm, env, arising, day));
    let never = scene.none(|scene| scene.some_day("free", free));
    some.also(never)
}

/// That the evaluator finds the act above the ceiling on each day on which it is permitted.
fn replay(pact: &Pact<'_>, asking: &Asking<'_>, witness: &Witness, norm: &Norm, ceiling: usize) -> Result<(), String> {
    let run = scene::run(asking, witness, horizon(pact, witness, 0));
    let capped = |i: &Instance, day: i64| {
        let act = act_of(pact, norm, i, day)?;
        Some(run.lawful(&act, day).1.iter().any(|o| o.ceiling == Some(ceiling) && o.truth != Truth::No))
    };
    let found = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id).any(|(at, i)| {
        let last = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
        let mut days = (i.first..=last).filter(|day| run.due(at, *day) != Truth::No).peekable();
        if days.peek().is_none() {
            return false;
        }
        // nothing is said where an act of the norm cannot be made up
        days.all(|day| capped(i, day).unwrap_or(true))
    });
    if found { Ok(()) } else { Err(format!("the evaluator does not find `{}` above its ceiling", said(norm))) }
}

/// A lighter breach that meets a heavier response than a heavier one.
fn compared<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, answers: &[Answer<'p>], found: &mut Found) {
    // each norm with its level and the heaviest response to its breach
    let mut all: Vec<(&Norm, Rung, Rung, &Norm, StatementId)> = Vec::new();
    for norm in pact.norms().filter(|n| n.rule.is_none()) {
        let Some(level) = pact.level(norm) else { continue };
        let responses = answers
            .iter()
            .filter(|a| a.broken.contains(&norm.id))
            .filter_map(|a| pact.highest(a, level).map(|(l, n)| (l, n, a.rule.statement)));
        if let Some((response, by, rule)) = responses.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
            all.push((norm, level, response, by, rule));
        }
    }
    for (i, light) in all.iter().enumerate() {
        for (j, heavy) in all.iter().enumerate() {
            if i == j || light.1.ladder != heavy.1.ladder || light.1.step >= heavy.1.step {
                continue;
            }
            cx.count(1);
            if light.2.step <= heavy.2.step {
                continue;
            }
            let message = format!(
                "a breach of `{}`, which is {}, meets a response up to {}; one of `{}`, which is {}, up to {} only",
                said(light.0),
                pact.level_name(light.1),
                pact.level_name(light.2),
                said(heavy.0),
                pact.level_name(heavy.1),
                pact.level_name(heavy.2)
            );
            let mut draft = Draft::new("S05", message).charter(pact.view.charter);
            draft = draft.statements([
                light.0.statement,
                heavy.0.statement,
                light.3.statement,
                heavy.3.statement,
                light.4,
                heavy.4,
            ]);
            found.drafts.push(draft);
        }
    }
}

/// `never severity of any measure in C above L`.
fn properties<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, answers: &[Answer<'p>]) {
    if pact.view.with.is_some() {
        return;
    }
    for p in pact.conduct().properties.iter().filter(|p| p.charter == pact.view.charter) {
        let ConductPropertyKind::Ceiling(most) = &p.kind else { continue };
        cx.count(1);
        let mut core: BTreeSet<StatementId> = BTreeSet::new();
        let mut above: Vec<(&Norm, Rung)> = Vec::new();
        let mut silent: BTreeSet<&str> = BTreeSet::new();
        for answer in answers {
            for norm in pact.measures(answer) {
                let name = pact.action(norm).map_or("?", |a| a.name.as_str());
                let caps = answer.rule.ceilings.iter().filter(|c| c.level.ladder == most.ladder && always(c));
                let cap = caps.filter(|c| c.level.step <= most.step).map(|c| c.statement).next();
                match (pact.level(norm).filter(|l| l.ladder == most.ladder), cap) {
                    (Some(level), None) if level.step > most.step => above.push((norm, level)),
                    (Some(_), _) => {
                        core.insert(norm.statement);
                        core.extend(cap);
                    }
                    (None, _) => {
                        silent.insert(name);
                    }
                }
            }
        }
        if let Some((first, level)) = above.first() {
            let message = format!(
                "`{}` does not hold: `{}` is {}",
                p.text,
                pact.action(first).map_or("?", |a| a.name.as_str()),
                pact.level_name(*level)
            );
            let mut draft = Draft::new("prove", message).charter(p.charter).asked(p.span, &p.text).also("S05");
            for (norm, _) in &above {
                draft = draft.statement(norm.statement, "");
            }
            cx.report(draft);
        } else if silent.is_empty() {
            let core: Vec<StatementId> = core.into_iter().collect();
            cx.prove("prove", Some(p.charter), p.text.clone(), &core, indexmap::IndexMap::new());
        } else {
            let names: Vec<String> = silent.iter().map(|n| format!("`{n}`")).collect();
            let reached = format!("{} declares no `severity` on this ladder", crate::atlas::join(&names));
            cx.undecided("prove", Some(p.charter), p.text.clone(), reached);
        }
    }
}
