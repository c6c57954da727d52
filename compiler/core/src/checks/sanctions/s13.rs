//! S13: passing the buck: a common duty that can fail with no one in breach.
//!
//! In: each duty of a group (`some party must`, `at least k parties must`) without `each answerable`. Out: the simplest situation
//! in which it fails and nobody is in breach, but for whoever set its rule off; or a proof that somebody then is, by other
//! norms.

use super::scene::{self, all_keep, alone, broken_by_others, timeline};
use super::{Found, Pact, is_owed, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Witness, actor};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Env, Scene, Term, Universe, is_point};
use crate::evaluate::situation::Run;
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Actor, Binder, Norm, NormId, Who};
use std::cell::RefCell;

/// S13.
#[derive(Debug)]
pub(in crate::checks) struct PassingTheBuck;

impl Check for PassingTheBuck {
    fn code(&self) -> &'static str {
        "S13"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S13", |cx, pact| {
            let mut found = Found::default();
            let groups = pact.norms().filter(|n| is_owed(n) && n.group.as_ref().is_some_and(|g| !g.each_answerable));
            let groups: Vec<&Norm> = groups.collect();
            if groups.is_empty() {
                return found;
            }
            let asking = cx.asking(pact.view);
            for norm in groups {
                one(cx, pact, &asking, norm, &mut found);
            }
            found
        });
    }
}

/// What may be broken so that the duty arises: what its rule answers, by whoever the rule is about.
fn allowed<'p>(pact: &Pact<'p>, norm: &Norm) -> Option<(Who, &'p [NormId])> {
    pact.answers().find(|a| Some(a.rule.id) == norm.rule).map(|a| (Who::Var(a.by), a.broken))
}

fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, norm: &Norm, found: &mut Found) {
    let allowed = allowed(pact, norm);
    let named = Named::new();
    let offender: RefCell<Vec<Env>> = RefCell::default();
    let build = |scene: &mut Scene<'_>, kept: &[NormId]| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        let by = |scene: &mut Scene<'_>, env: &Env| allowed.and_then(|(who, _)| scene.figure_of(who, env));
        *offender.borrow_mut() = envs.iter().map(|env| vec![by(scene, env)]).collect();
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let but = by(scene, env).zip(allowed.map(|(_, norms)| norms));
                let failed = scene.arises(norm, env, &mut |scene, arising| {
                    if !is_point(norm) {
                        return scene.gap(norm, env, arising, &day);
                    }
                    let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
                    let due = scene.due(norm, env, arising, &deadline);
                    let unmet = scene.unmet(norm, env, arising, &deadline);
                    let after = &deadline + &Linear::int(1);
                    due.also(unmet).given(Formula::eq(&day, &after))
                });
                if failed.is_false() {
                    return failed;
                }
                failed.also(all_keep(scene, kept, but, &day))
            })
            .given(from)
    };
    let look = |universe: &Universe, witness: &Witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let run = scene::run(asking, witness, day);
        if failure(&run, norm.id, day).is_none() {
            return Err(format!("the evaluator does not find `{}` failed on day {day}", said(norm)));
        }
        let but = by(&named, &offender.borrow(), universe, witness).zip(allowed.map(|(_, norms)| norms));
        Ok(broken_by_others(&run, day, but))
    };
    let mut seeds = vec![norm.id];
    seeds.extend(allowed.iter().flat_map(|(_, norms)| norms.iter().copied()));
    let (reply, kept) = alone(cx, asking, &seeds, build, look);
    let question = format!("somebody is in breach whenever `{}` fails", said(norm));
    match reply {
        Reply::No => {
            let mut core = vec![norm.statement];
            core.extend(pact.statements(&kept));
            found.proved.push((question, core));
        }
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let day = witness.whole(&named.day).unwrap_or(0);
            let run = scene::run(asking, &witness, day);
            let about = scene::about(pact, seeds);
            let failed = failure(&run, norm.id, day);
            let shown = timeline(pact, &run, &about, |b| b.subject.is_some(), |at, _| Some(at) == failed);
            let message = format!("`{}` can fail with nobody in breach", said(norm));
            let draft = Draft::new("S13", message)
                .charter(pact.view.charter)
                .statement(norm.statement, "")
                .situation(pact.program, &shown)
                .note(format!("on day {day} it has failed, and nobody answers for that"));
            found.drafts.push(draft);
        }
    }
}

/// Whoever set the rule off in an answer.
fn by(named: &Named, offender: &[Env], universe: &Universe, witness: &Witness) -> Option<Actor> {
    let figure = named.chosen(witness, offender)?.first().copied().flatten()?;
    actor(universe, figure)
}

/// The instance of a group's duty that fails on a day.
fn failure(run: &Run<'_>, norm: NormId, day: i64) -> Option<usize> {
    let mut failed = run.breaches().iter().filter(|b| b.truth.is_yes() && b.norm == norm && b.subject.is_none());
    failed.find(|b| b.day == day).map(|b| b.instance)
}
