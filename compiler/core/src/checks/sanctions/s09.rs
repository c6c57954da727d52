//! S09: uncompensated: an economic measure whose losses no rule makes good, or a fund that can be short.
//!
//! In: rules that answer a breach with a measure of the level `economic`. Out: a finding for a rule that says nothing of who
//! loses by it; and for one that compensates, the simplest situation with a loss that its fund does not hold, as the text
//! bounds no loss. A charter whose ladders have no level `economic` is not asked.

use super::scene::{self, SetOff, arisen, first, set_off, timeline};
use super::{Answer, Found, Pact};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::words::quantity;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arg, At, Kind, Scene, Term, Universe, What};
use crate::logic::Formula;
use crate::model::conduct::{Binder, Compensation, Force, Happening, Norm, NormId, Quantity, Value, Who};
use std::collections::BTreeSet;

/// S09.
#[derive(Debug)]
pub(in crate::checks) struct Uncompensated;

/// The level whose losses are meant.
const ECONOMIC: &str = "economic";

impl Check for Uncompensated {
    fn code(&self) -> &'static str {
        "S09"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S09", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<Answer<'_>> = pact.answers().filter(|a| pact.measures(a).next().is_some()).collect();
            if answers.is_empty() {
                return found;
            }
            let ladders = &pact.conduct().ladders;
            if !ladders.iter().any(|l| l.levels.iter().any(|n| n == ECONOMIC)) {
                found.not_asked.push(format!(
                    "no ladder has a level `{ECONOMIC}`, so which measures of {} cost whoever trades is not said",
                    pact.name()
                ));
                return found;
            }
            let mut asking = None;
            let mut funds = BTreeSet::new();
            for answer in answers {
                let economic: Vec<&Norm> = pact
                    .measures(&answer)
                    .filter(|n| pact.level(n).is_some_and(|l| pact.level_name(l) == ECONOMIC))
                    .collect();
                if economic.is_empty() {
                    continue;
                }
                cx.count(1);
                if answer.rule.compensation.is_empty() {
                    found.drafts.push(uncovered(pact, &answer, &economic));
                    continue;
                }
                for (place, c) in answer.rule.compensation.iter().enumerate() {
                    // one fund that can be short is one cause
                    if !funds.insert((c.fund, c.event)) {
                        continue;
                    }
                    let asking = asking.get_or_insert_with(|| scene::asking(cx, pact.view));
                    short(cx, pact, asking, answer, economic.as_slice(), (place, c), &mut found);
                }
            }
            found
        });
    }
}

fn uncovered(pact: &Pact<'_>, answer: &Answer<'_>, economic: &[&Norm]) -> Draft {
    let names: BTreeSet<String> =
        economic.iter().filter_map(|n| pact.action(n)).map(|a| format!("`{}`", a.name)).collect();
    let names = crate::atlas::join(&names.into_iter().collect::<Vec<_>>());
    let message = format!(
        "nothing makes good what others lose by {names} under {} of {}",
        pact.article(answer.rule),
        pact.name()
    );
    let mut draft = Draft::new("S09", message).charter(pact.view.charter).statement(answer.rule.statement, "");
    for norm in economic {
        draft = draft.statement(norm.statement, "");
    }
    draft.note("a rule says so by `compensate from FUND who EVENT by it`, with a fund and an event that names who loses how much")
}

/// A loss that the fund does not hold.
fn short<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    economic: &[&'p Norm],
    (place, c): (usize, &'p Compensation),
    found: &mut Found,
) {
    let Some(fund) = pact.conduct().funds.get(c.fund.0 as usize) else { return };
    let Some(event) = pact.conduct().action(c.event) else { return };
    let question =
        format!("the fund `{}` covers what is lost by measures under {}", fund.name, pact.article(answer.rule));
    let mut reply = Reply::No;
    for norm in economic {
        reply = reply.or(|| loss(cx, pact, asking, answer, norm, place));
    }
    match reply {
        Reply::No => found.proved.push((question, vec![answer.rule.statement, c.statement])),
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let run = scene::run(asking, &witness, witness.last_day(0));
            let seeds: Vec<NormId> = economic.iter().map(|n| n.id).chain(answer.broken.iter().copied()).collect();
            let about = scene::about(pact, seeds);
            let shown = timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, _| false);
            let held = fund.amount.eval(&witness.situation.values).map(|n| quantity(&n, &fund.currency));
            let message = format!(
                "what others lose by measures under {} of {} can exceed the fund `{}`",
                pact.article(answer.rule),
                pact.name(),
                fund.name
            );
            let mut draft = Draft::new("S09", message)
                .charter(pact.view.charter)
                .statement(answer.rule.statement, "")
                .statement(c.statement, "")
                .situation(pact.program, &shown)
                .note(format!("no text bounds the amount of `{}`", event.name));
            if let Some(held) = held {
                draft = draft.note(format!("`{}` holds {held}: losses up to that are made good", fund.name));
            }
            found.drafts.push(draft);
        }
    }
}

/// A measure of this norm, lawfully taken, and behind it a loss above what the fund then holds.
fn loss<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &Norm,
    place: usize,
) -> Reply {
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(answer.broken.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let Some(action) = super::pattern(norm).map(|p| p.action) else { return Reply::No };
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let Some(c) = answer.rule.compensation.get(place) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each, Binder::Group], &Vec::new());
        named.some(scene, &envs, |scene, env| {
            let Some(by) = scene.figure_of(Who::Var(answer.by), env) else { return Term::falsity() };
            set_off(scene, &answer, how, env, &mut |scene, arising| {
                let arises = if norm.force == Force::Must { arisen(scene, norm, env, arising) } else { Term::truth() };
                if arises.is_false() {
                    return arises;
                }
                let taken = scene.some_slot(Kind::Act(action), |scene, slot| {
                    let What::Act(act) = &slot.what else { return Term::falsity() };
                    let covers = scene.covers(norm, env, arising, act, &act.from);
                    if covers.is_false() {
                        return covers;
                    }
                    covers.also(scene.some_slot(Kind::Act(c.event), |scene, slot| {
                        let What::Act(lost) = &slot.what else { return Term::falsity() };
                        let Some(Arg::Number(amount)) = lost.arguments.get(c.amount) else { return Term::falsity() };
                        let at = At { variables: &norm.variables, env, day: &lost.from, base: None };
                        // who is in breach loses at its own cost
                        let own = match lost.arguments.get(c.loser) {
                            Some(Arg::Figure(pick)) => pick.is(by),
                            _ => Formula::falsity(),
                        };
                        let Some(held) = scene.value(&Quantity::Balance(c.fund), at) else { return Term::falsity() };
                        Term::fixed(Formula::and([
                            Formula::not(&own),
                            Formula::ge(&lost.from, &act.from),
                            Formula::gt(amount, &held),
                        ]))
                    }))
                });
                arises.also(taken)
            })
        })
    };
    first(pact, answer.broken, |how| {
        asking.exists(
            cx,
            &universe,
            Wanted::Simplest,
            |scene| build(scene, how),
            |witness| replay(asking, witness, answer.rule.compensation.get(place)),
        )
    })
}

/// That the evaluator finds less in the fund than is lost.
fn replay(asking: &Asking<'_>, witness: &Witness, c: Option<&Compensation>) -> Result<(), String> {
    let run = scene::run(asking, witness, witness.last_day(0));
    let short = c.is_some_and(|c| {
        witness.situation.occurrences.iter().any(|o| match &o.what {
            Happening::Act { action, arguments, .. } if *action == c.event => match arguments.get(c.amount) {
                Some(Value::Number(n)) => run.balance(c.fund, o.from).is_some_and(|held| *n > held),
                _ => false,
            },
            _ => false,
        })
    });
    if short { Ok(()) } else { Err("the evaluator finds the fund to hold what is lost".to_owned()) }
}
