//! S03: the response is itself a breach.
//!
//! In: what a rule that answers a breach demands or allows, and the prohibitions on the same actions. Out: for a duty the
//! dilemmas that N01 finds of it, under this code; for a duty of whoever is in breach what [`offender`] finds; for a permission the simplest situation in which somebody who has broken
//! nothing is permitted an act that a prohibition makes a breach, while nothing sets the prohibition aside; or a proof that
//! there is none.

use super::offender;
use super::scene::{self, SetOff, alone, broken_by, first, set_off, timeline};
use super::{Answer, Found, Pact, is_owed, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Witness, actor};
use crate::checks::norms::n01;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, At, Env, Forbids, Scene, Term, Universe};
use crate::evaluate::situation::Truth;
use crate::logic::{Formula, Linear};
use crate::model::StatementId;
use crate::model::conduct::{Actor, Binder, Deed, Force, Norm, NormId, Who};
use std::cell::RefCell;

/// S03.
#[derive(Debug)]
pub(in crate::checks) struct ResponseIsABreach;

impl Check for ResponseIsABreach {
    fn code(&self) -> &'static str {
        "S03"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["N01"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S03", |cx, pact| {
            let mut found = Found::default();
            let asking = cx.asking(pact.view);
            for answer in pact.answers() {
                for norm in acts_demanded(pact, &answer) {
                    duty(cx, pact, &asking, &answer, norm, &mut found);
                }
                let permissions = pact.steps(answer.rule).filter(|n| {
                    answer.binds_another(n) && n.group.is_none() && matches!(n.force, Force::May | Force::Entitled)
                });
                for norm in permissions {
                    for against in bans(pact, norm) {
                        permission(cx, pact, &asking, answer, norm, against, &mut found);
                    }
                }
            }
            found
        });
    }
}

/// What a rule demands of one, by acts.
pub(super) fn demanded<'p>(pact: &Pact<'p>, answer: &Answer<'p>) -> Vec<&'p Norm> {
    acts_demanded(pact, answer).into_iter().filter(|n| n.group.is_none()).collect()
}

/// What a rule demands of one or of a group, by acts.
fn acts_demanded<'p>(pact: &Pact<'p>, answer: &Answer<'p>) -> Vec<&'p Norm> {
    let acts = |n: &&Norm| is_owed(n) && matches!(n.deed, Deed::Act(_));
    pact.steps(answer.rule).filter(acts).collect()
}

/// The prohibitions of the same action that a permission does not rank above.
fn bans<'p>(pact: &Pact<'p>, norm: &Norm) -> Vec<&'p Norm> {
    let action = pattern(norm).map(|p| p.action);
    let same = |n: &&Norm| n.is_prohibition() && pattern(n).is_some_and(|p| Some(p.action) == action);
    pact.norms()
        .filter(same)
        .filter(|n| !(norm.unless.is_false() && pact.conduct().ranks_above(norm.id, n.id)))
        .collect()
}

fn duty<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: &Answer<'p>,
    norm: &Norm,
    found: &mut Found,
) {
    let question = format!("nothing forbids what `{}` asks", said(norm));
    // whoever is in breach has no clean moment, of which N01 asks
    if !answer.binds_another(norm) && answer.rule.determined.is_none() {
        return offender::duty(cx, pact, asking, *answer, norm, question, found);
    }
    let outcome = cx.dilemma(pact.view, norm.id);
    // what only a ceiling forbids is out of proportion: S05
    for stuck in outcome.found.iter().filter(|s| !s.by_ceilings()) {
        found.drafts.push(n01::draft(pact.program, asking, pact.view, norm, stuck, "S03").also("N01"));
    }
    if let Some(why) = &outcome.open {
        found.undecided.push((question, why.clone()));
    } else if outcome.found.is_empty() {
        let mut core = vec![answer.rule.statement, norm.statement];
        core.extend(&outcome.core);
        found.proved.push((question, core));
    }
}

/// A permission and a prohibition.
fn permission<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &'p Norm,
    against: &'p Norm,
    found: &mut Found,
) {
    let question = format!("`{}` forbids nothing that `{}` permits", said(against), said(norm));
    let core: Vec<StatementId> = vec![against.statement, answer.rule.statement, norm.statement];
    let reply = first(pact, answer.broken, |how| barred_alone(cx, asking, answer, norm, against.id, how));
    match reply {
        Reply::No => found.proved.push((question, core)),
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let run = scene::run(asking, &witness, witness.last_day(0) + 1);
            let about = scene::about(pact, [norm.id, against.id].into_iter().chain(answer.broken.iter().copied()));
            let shown = timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, i| i.norm == norm.id);
            let articles = pact.articles(&[against.id]);
            let message = format!(
                "`{}` permits what `{}` forbids: whoever uses the permission is in breach",
                said(norm),
                said(against)
            );
            let draft = Draft::new("S03", message)
                .charter(pact.view.charter)
                .minimal(true)
                .situation(pact.program, &shown)
                .note(format!("`notwithstanding {articles}` behind the permission would make the response lawful"));
            found.drafts.push(core.into_iter().fold(draft, |d, s| d.statement(s, "")));
        }
    }
}

/// A breach on which somebody who has broken nothing is permitted what a prohibition forbids.
fn barred_alone(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    answer: Answer<'_>,
    norm: &Norm,
    against: NormId,
    how: SetOff<'_>,
) -> Reply {
    let named = Named::new();
    let seeds: Vec<NormId> = [norm.id, against].into_iter().chain(answer.broken.iter().copied()).collect();
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
                if subject == scene.figure_of(Who::Var(answer.by), env) {
                    return Term::falsity();
                }
                let clash = set_off(scene, &answer, how, env, &mut |scene, arising| {
                    let due = scene.due(norm, env, arising, &day);
                    if due.is_false() { due } else { due.also(barred(scene, norm, against, env, arising, &day)) }
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
        let subject: Option<Actor> =
            named.chosen(witness, &who).and_then(|e| e.first().copied().flatten()).and_then(|f| actor(universe, f));
        let subject = subject.ok_or("a permission of nobody")?;
        // the parts of an act that a permission leaves open stay open: what is looked at is that it is in force
        let in_force = |(at, i): (usize, &crate::evaluate::situation::Instance)| {
            i.norm == norm.id && run.due(at, day) != Truth::No
        };
        if run.instances().iter().enumerate().any(in_force) {
            Ok(broken_by(&run, day, subject))
        } else {
            Err(format!("the evaluator does not find `{}` in force on day {day}", said(norm)))
        }
    };
    alone(cx, asking, &seeds, build, look).0
}

/// That on a day some act which a norm permits is forbidden by a prohibition.
fn barred<'p>(
    scene: &mut Scene<'p>,
    norm: &'p Norm,
    against: NormId,
    env: &Env,
    arising: &Arising,
    day: &Linear,
) -> Term {
    let Some(deed) = pattern(norm) else { return Term::falsity() };
    let at = At { variables: &norm.variables, env, day, base: arising.base.as_ref() };
    let point = scene.point(deed, at, false);
    let some = scene.binding(&point.vars.clone(), |scene| {
        let meets = scene.matches(deed, &point.act, at, false).given(point.limits.clone());
        if meets.is_false() {
            return meets;
        }
        meets.also(scene.forbidden_by(Forbids::Norm(against), &point.act, day))
    });
    scene.project(&point.vars, some)
}
