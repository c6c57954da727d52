//! S03 of what a rule asks of whoever is in breach: N01 asks of those who have broken nothing.
//!
//! In: a duty of a rule that answers a breach, on the one in breach. Out: the simplest situation in which it is due and one
//! prohibition forbids every act that would meet it, while whoever owes it breaks nothing else; or a proof that there is none.

use super::scene::{self, SetOff, alone, broken_by, first, set_off, timeline};
use super::{Answer, Found, Pact, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Witness, actor};
use crate::checks::norms::{dilemma, refuted};
use crate::checks::{Context, Draft};
use crate::encode::conduct::{Env, Scene, Term, Universe, is_point};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Binder, Norm, NormId};
use std::cell::RefCell;

/// Asks of each prohibition by itself.
pub(super) fn duty<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &Norm,
    question: String,
    found: &mut Found,
) {
    let bans = match dilemma::of_the_offender(asking, norm) {
        Ok(bans) => bans,
        Err(why) => return found.undecided.push((question, why)),
    };
    let mut core = vec![answer.rule.statement, norm.statement];
    let (mut open, mut stuck) = (None, false);
    for ban in bans.iter().filter_map(|id| pact.conduct().norm(*id)) {
        core.push(ban.statement);
        match first(pact, answer.broken, |how| barred(cx, asking, answer, norm, ban.id, how)) {
            Reply::No => {}
            Reply::Open(why) => open = open.or(Some(why)),
            Reply::Yes(witness) => {
                stuck = true;
                let run = scene::run(asking, &witness, witness.last_day(0) + 1);
                let seeds = [norm.id, ban.id].into_iter().chain(answer.broken.iter().copied());
                let about = scene::about(pact, seeds);
                let shown = timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, i| i.norm == norm.id);
                let message = format!(
                    "`{}` cannot be met lawfully by whoever is in breach: `{}` forbids every act that would meet it",
                    said(norm),
                    said(ban)
                );
                let draft = Draft::new("S03", message)
                    .charter(pact.view.charter)
                    .minimal(true)
                    .situation(pact.program, &shown)
                    .statement(answer.rule.statement, "")
                    .statement(norm.statement, "")
                    .statement(ban.statement, "");
                found.drafts.push(draft);
            }
        }
    }
    match open {
        Some(why) => found.undecided.push((question, why)),
        None if !stuck => found.proved.push((question, core)),
        None => {}
    }
}

/// A breach on which one prohibition forbids every act by which the duty could be met.
fn barred(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    answer: Answer<'_>,
    norm: &Norm,
    ban: NormId,
    how: SetOff<'_>,
) -> Reply {
    let named = Named::new();
    let seeds: Vec<NormId> = [norm.id, ban].into_iter().chain(answer.broken.iter().copied()).collect();
    let who: RefCell<Vec<Env>> = RefCell::default();
    let build = |scene: &mut Scene<'_>, kept: &[NormId]| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        *who.borrow_mut() = envs.iter().map(|env| vec![scene.figure_of(norm.subject, env)]).collect();
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let subject = scene.figure_of(norm.subject, env);
                let clash = set_off(scene, &answer, how, env, &mut |scene, arising| {
                    dilemma::stuck_by(scene, norm, env, arising, &day, ban)
                });
                let until = |on: &Linear| Term::fixed(Formula::le(on, &day));
                let clean = scene.none(|scene| scene.some_breach(kept, subject, None, &mut |_, on| until(on)));
                clash.also(clean)
            })
            .given(from)
    };
    let look = |universe: &Universe, witness: &Witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let run = scene::run(asking, witness, day);
        let who = who.borrow();
        let subject = named.chosen(witness, &who).and_then(|e| e.first().copied().flatten());
        let subject = subject.and_then(|f| actor(universe, f)).ok_or("a duty of nobody")?;
        let due = |(at, i): &(usize, &Instance)| {
            i.norm == norm.id && norm.subject.among(&i.values) == Some(subject) && run.due(*at, day) == Truth::Yes
        };
        let mine = run
            .instances()
            .iter()
            .enumerate()
            .filter(due)
            .map(|(_, i)| i)
            .find(|i| no_way_out(asking, &run, norm, i, day));
        if mine.is_none() {
            return Err(format!("the evaluator does not find `{}` barred on day {day}", said(norm)));
        }
        // what set the rule off is broken, and the duty itself then is
        let mut besides = broken_by(&run, day, subject);
        besides.retain(|n| *n != norm.id && !answer.broken.contains(n));
        Ok(besides)
    };
    alone(cx, asking, &seeds, build, look).0
}

/// Whether the evaluator finds every act unlawful that would meet an instance by a day.
fn no_way_out(asking: &Asking<'_>, run: &Run<'_>, norm: &Norm, i: &Instance, day: i64) -> bool {
    let Some(deed) = pattern(norm) else { return false };
    let start = if is_point(norm) { i.first } else { day };
    let barred = |on: i64| {
        let all = refuted::points(asking, deed, &i.values, on);
        !all.is_empty() && all.iter().all(|act| run.lawful(act, on).0 == Truth::No)
    };
    (start..=day).all(barred)
}
