//! S03: the response is itself a breach.
//!
//! In: what a rule that answers a breach demands or allows, and the prohibitions on the same actions. Out: for a duty the
//! dilemmas that N01 finds of it, under this code; for a duty of whoever is in breach what [`offender`] finds; for a permission the
//! simplest situation in which somebody who has broken nothing, or nothing but what is answered, is permitted an act that a
//! prohibition makes a breach, while nothing sets the prohibition aside; or a proof that there is none.

use super::offender;
use super::scene::{self, SetOff, alone, broken_by, first, set_off, timeline};
use super::{Answer, Found, Pact, is_owed, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Witness, actor};
use crate::checks::norms::{n01, refuted};
use crate::checks::situation::Timeline;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, At, Env, Forbids, Scene, Term, Universe};
use crate::evaluate::situation::{Instance, Run, Truth};
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
                let permits = |n: &&Norm| n.group.is_none() && matches!(n.force, Force::May | Force::Entitled);
                let permissions = pact.steps(answer.rule).filter(permits);
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
            let shown = told(pact, asking, &witness, &answer, norm, &[against.id]);
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

/// The situation in which a norm of a rule clashes with these, as a timeline.
pub(super) fn told(
    pact: &Pact<'_>,
    asking: &Asking<'_>,
    witness: &Witness,
    answer: &Answer<'_>,
    norm: &Norm,
    against: &[NormId],
) -> Timeline {
    let run = scene::run(asking, witness, witness.last_day(0) + 1);
    let seeds = std::iter::once(norm.id).chain(against.iter().copied()).chain(answer.broken.iter().copied());
    let about = scene::about(pact, seeds);
    timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, i| i.norm == norm.id)
}

/// A breach on which somebody is permitted what a prohibition forbids: who has broken nothing, or who is in breach if it is permitted
/// that.
fn barred_alone(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    answer: Answer<'_>,
    norm: &Norm,
    against: NormId,
    how: SetOff<'_>,
) -> Reply {
    let another = answer.binds_another(norm);
    let clash = Clash {
        norm: norm.id,
        against: &[against],
        course: if another { &[] } else { answer.broken },
        is: &|scene, norm, env, arising, day| {
            if another && scene.figure_of(norm.subject, env) == scene.figure_of(Who::Var(answer.by), env) {
                return Term::falsity();
            }
            let due = scene.due(norm, env, arising, day);
            if due.is_false() { due } else { due.also(barred(scene, norm, against, env, arising, day)) }
        },
        // the parts of an act that a permission leaves open stay open: what is looked at is that it is in force, and that not
        // every act of its bounds is found lawful
        seen: &|run, (at, _), values, day| {
            let acts = pattern(norm).map(|deed| refuted::points(asking, deed, values, day)).unwrap_or_default();
            run.due(at, day) != Truth::No && acts.iter().any(|act| run.lawful(act, day).0 != Truth::Yes)
        },
    };
    clash.ask(cx, asking, answer, how)
}

/// A norm of a rule that clashes with others.
pub(super) struct Clash<'a> {
    pub(super) norm: NormId,
    pub(super) against: &'a [NormId],
    /// what its subject may have broken until the day of the breach, and keeps from then on
    pub(super) course: &'a [NormId],
    /// that it clashes on a day, having arisen so
    pub(super) is: &'a dyn for<'s> Fn(&mut Scene<'s>, &'s Norm, &Env, &Arising, &Linear) -> Term,
    /// that the evaluator finds it to: an instance of it, whom its variables are in the answer, on a day
    #[expect(clippy::type_complexity, reason = "one question, asked in one place")]
    pub(super) seen: &'a dyn Fn(&Run<'_>, (usize, &Instance), &[Option<Actor>], i64) -> bool,
}

impl Clash<'_> {
    /// A breach on which it clashes, while its subject breaks nothing that it need not.
    pub(super) fn ask(&self, cx: &mut Context<'_>, asking: &Asking<'_>, answer: Answer<'_>, how: SetOff<'_>) -> Reply {
        let named = Named::new();
        let seeds: Vec<NormId> = std::iter::once(self.norm)
            .chain(self.against.iter().copied())
            .chain(answer.broken.iter().copied())
            .collect();
        let chosen: RefCell<Vec<Env>> = RefCell::default();
        let build = |scene: &mut Scene<'_>, kept: &[NormId]| {
            let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
            let Some(norm) = scene.frame.norm(self.norm) else { return Term::falsity() };
            let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
            (*chosen.borrow_mut()).clone_from(&envs);
            let (day, from) = named.on();
            named
                .some(scene, &envs, |scene, env| {
                    let subject = scene.figure_of(norm.subject, env);
                    let keeps = |scene: &mut Scene<'_>, norms: &[NormId], since: Option<&Linear>| {
                        let then = |on: &Linear| {
                            let since = since.map_or_else(Formula::truth, |day| Formula::lt(day, on));
                            Term::fixed(Formula::and([since, Formula::le(on, &day)]))
                        };
                        scene.none(|scene| scene.some_breach(norms, subject, None, &mut |_, on| then(on)))
                    };
                    let clash = set_off(scene, &answer, how, env, &mut |scene, arising| {
                        let clash = (self.is)(scene, norm, env, arising, &day);
                        if clash.is_false() { clash } else { clash.also(keeps(scene, self.course, Some(&arising.day))) }
                    });
                    if clash.is_false() { clash } else { clash.also(keeps(scene, kept, None)) }
                })
                .given(from)
        };
        let look = |universe: &Universe, witness: &Witness| {
            let day = witness.whole(&named.day).unwrap_or(0);
            let envs = chosen.borrow();
            let env = named.chosen(witness, &envs).ok_or("a norm of nobody")?;
            let values: Vec<Option<Actor>> = env.iter().map(|f| f.and_then(|f| actor(universe, f))).collect();
            let norm = asking.frame.norm(self.norm).ok_or("a norm that is not there")?;
            let subject = norm.subject.among(&values).ok_or("a norm of nobody")?;
            let run = scene::run(asking, witness, day);
            let mut all = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id);
            let clash =
                all.any(|(at, i)| (self.seen)(&run, (at, i), &values, day) && !self.again(&run, i, subject, day));
            if !clash {
                return Err(format!("the evaluator does not find `{}` to clash on day {day}", said(norm)));
            }
            let mut besides = broken_by(&run, day, subject);
            besides.retain(|n| !self.suffers(*n));
            Ok(besides)
        };
        alone(cx, asking, &seeds, build, look).0
    }

    /// Whether its subject need not keep a norm all along: the one that clashes, where it cannot be met, and what set it off.
    fn suffers(&self, norm: NormId) -> bool {
        norm == self.norm || self.course.contains(&norm)
    }

    /// Whether one breaks again, behind the breach that an instance answers and by a day, what is kept from then on.
    fn again(&self, run: &Run<'_>, i: &Instance, who: Actor, day: i64) -> bool {
        let since = i.firing.and_then(|f| run.firings().get(f)).map_or(i.first, |f| f.day);
        let mut own = run.breaches().iter().filter(|b| b.subject == Some(who) && b.truth != Truth::No);
        own.any(|b| self.course.contains(&b.norm) && b.day > since && b.earliest <= day)
    }
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
