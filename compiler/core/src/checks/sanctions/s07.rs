//! S07: no way back: what a rule asks of or against whoever is in breach, and that nothing ever ends; a lift that can never
//! hold; what goes on and off without an act of the one in breach.
//!
//! In: the rules of a charter that answer a breach, with their standing norms: those without `within`, `until` and `for the first`.
//! Out: a finding for a rule of which some norm has no end in the text; for one whose lift, or whose exception where it
//! has no lift, holds in no situation; and for a norm that holds, does not and holds again; each with the simplest situation
//! that sets the rule off. Or a proof: a situation in which the lift holds.

use super::scene::{self, SetOff, arisen, first, horizon, instances, set_off, timeline};
use super::shown::{Then, with_situation};
use super::{Answer, Found, Pact, is_duty, names, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{At, Kind, Scene, Term, Universe, What};
use crate::evaluate::situation::{Run, Truth};
use crate::logic::{Formula, Linear, Var};
use crate::model::conduct::{Actor, Condition, Force, Norm, NormId, Who};
use crate::model::mentions::Mentions;

/// S07.
#[derive(Debug)]
pub(in crate::checks) struct NoWayBack;

impl Check for NoWayBack {
    fn code(&self) -> &'static str {
        "S07"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S07", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<(Answer<'_>, Vec<&Norm>)> = pact
                .answers()
                .map(|a| (a, pact.steps(a.rule).filter(|n| stands(&a, n)).collect::<Vec<_>>()))
                .filter(|(_, standing)| !standing.is_empty())
                .collect();
            if answers.is_empty() {
                return found;
            }
            let asking = cx.asking(pact.view);
            for (answer, standing) in answers {
                cx.count(1);
                match &answer.rule.lift {
                    None => endless(cx, pact, &asking, answer, &standing, &mut found),
                    Some(_) => lifted(cx, pact, &asking, answer, &standing, &mut found),
                }
                for norm in standing.iter().filter(|n| turns(pact, n)) {
                    on_and_off(cx, pact, &asking, answer, norm, &mut found);
                }
            }
            found
        });
    }
}

/// Whether a norm of a rule is about the one in breach and has no last day of its own.
fn stands(answer: &Answer<'_>, norm: &Norm) -> bool {
    let w = &norm.window;
    let concerns = norm.subject == Who::Var(answer.by) || pattern(norm).is_some_and(|p| names(p, Who::Var(answer.by)));
    norm.force != Force::Should
        && !norm.discretion
        && concerns
        && pattern(norm).is_some()
        && w.within.is_none()
        && w.until.is_none()
        && w.until_date.is_none()
}

/// Whether the conditions of a norm can hold, not hold and hold again.
fn turns(pact: &Pact<'_>, norm: &Norm) -> bool {
    fn one(pact: &Pact<'_>, c: &Condition) -> bool {
        match c {
            Condition::Occurred { pattern, last } => {
                last.is_some() || pact.conduct().action(pattern.action).is_some_and(|a| a.lasting)
            }
            Condition::Breached { last, .. } => last.is_some(),
            Condition::Compare(..) | Condition::Attribute(..) | Condition::May(_) => true,
            Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => one(pact, inner),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|c| one(pact, c)),
            Condition::Fixed(f) => f.mentions(&crate::model::day()),
            Condition::Same(..) | Condition::Kind(..) => false,
        }
    }
    one(pact, &norm.when) || one(pact, &norm.unless)
}

/// What is said of norms without an end.
fn draft(pact: &Pact<'_>, answer: &Answer<'_>, norms: &[&Norm], message: String) -> Draft {
    let mut draft = Draft::new("S07", message).charter(pact.view.charter).statement(answer.rule.statement, "");
    draft = draft.statements(norms.iter().map(|norm| norm.statement));
    draft
}

/// A rule without a lift: nothing ends a norm but its own exception.
fn endless<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    standing: &[&'p Norm],
    found: &mut Found,
) {
    let place = pact.article(answer.rule);
    let (bare, excepted): (Vec<&Norm>, Vec<&Norm>) =
        standing.iter().partition(|n| n.unless.is_false() && n.when.is_true());
    let mut without = bare;
    for norm in excepted {
        let question = format!("`{}` can end", said(norm));
        let ends = |scene: &mut Scene<'_>, at: At<'_>| {
            let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
            let not_when = scene.none(|scene| scene.condition(&norm.when, at));
            let unless = scene.condition(&norm.unless, at);
            Term::or([not_when, unless])
        };
        match holds(cx, pact, asking, answer, Some(norm.id), &ends, &|_, _| Ok(())) {
            Reply::No => without.push(norm),
            Reply::Yes(_) => found.proved.push((question, vec![answer.rule.statement, norm.statement])),
            Reply::Open(why) => found.undecided.push((question, why)),
        }
    }
    if without.is_empty() {
        return;
    }
    without.sort_by_key(|n| n.statement);
    let what = match without.as_slice() {
        [one] => format!("`{}`", said(one)),
        list => format!("what {} of its norms ask or allow", list.len()),
    };
    let message = format!("no event and no date ends {what} under {place} of {}", pact.name());
    let norms: Vec<NormId> = without.iter().map(|n| n.id).collect();
    let draft = draft(pact, &answer, &without, message);
    found.drafts.push(with_situation(draft, cx, (pact, asking), answer.rule, &norms, Then::Due));
}

/// A rule with a lift: whether it ever holds.
fn lifted<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    standing: &[&'p Norm],
    found: &mut Found,
) {
    let question = format!("what {} of {} asks can be lifted", pact.article(answer.rule), pact.name());
    let ends = |scene: &mut Scene<'_>, at: At<'_>| {
        let rule = scene.program.conduct.rule(answer.rule.id);
        match rule.and_then(|r| r.lift.as_ref()) {
            Some(lift) => scene.condition(lift, at),
            None => Term::falsity(),
        }
    };
    let replay = |run: &Run<'_>, _: i64| {
        let lifted = run.firings().iter().any(|f| f.rule == answer.rule.id && f.lifted.is_some());
        if lifted { Ok(()) } else { Err("the evaluator does not find the rule lifted".to_owned()) }
    };
    match holds(cx, pact, asking, answer, None, &ends, &replay) {
        Reply::Yes(_) => found.proved.push((question, vec![answer.rule.statement])),
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::No => {
            let message =
                format!("the lift of {} of {} can hold in no situation", pact.article(answer.rule), pact.name());
            let norms: Vec<NormId> = standing.iter().map(|n| n.id).collect();
            let draft = draft(pact, &answer, &[], message).identity("lift");
            found.drafts.push(with_situation(draft, cx, (pact, asking), answer.rule, &norms, Then::Due));
        }
    }
}

/// A situation in which a rule is set off and something holds on a day from then on: of some instance of a norm, or of the
/// rule itself.
fn holds<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: Option<NormId>,
    ends: &dyn Fn(&mut Scene<'_>, At<'_>) -> Term,
    replay: &dyn Fn(&Run<'_>, i64) -> Result<(), String>,
) -> Reply {
    let own = norm.or_else(|| answer.rule.norms.first().copied());
    let seeds: Vec<NormId> = own.into_iter().chain(answer.broken.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let norm = norm.and_then(|id| scene.frame.norm(id));
        let envs = scene::cases(scene, &answer);
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                set_off(scene, &answer, how, env, &mut |scene, arising| {
                    let base = arising.base.as_ref();
                    let ended = match norm {
                        None => ends(scene, At { variables: &answer.rule.variables, env, day: &day, base }),
                        Some(norm) => {
                            let own = instances(scene, norm, env);
                            let at = |env| At { variables: &norm.variables, env, day: &day, base };
                            Term::or(own.iter().map(|env| ends(scene, at(env))).collect::<Vec<_>>())
                        }
                    };
                    ended.given(Formula::ge(&day, &arising.first))
                })
            })
            .given(from)
    };
    first(pact, answer.broken, |how| {
        asking.exists(
            cx,
            &universe,
            Wanted::Any,
            |scene| build(scene, how),
            |witness| {
                let day = witness.whole(&named.day).unwrap_or(0);
                replay(&scene::run(asking, witness, witness.last_day(day)), day)
            },
        )
    })
}

/// A norm that is due, is not, and is due again, while the one in breach does nothing that its conditions speak of.
fn on_and_off<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &'p Norm,
    found: &mut Found,
) {
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(answer.broken.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let days: Vec<Var> = ["off", "again"].iter().map(|n| Var::int(format!("\u{0}{n}"))).collect();
    let mut read = Mentions::new();
    read.condition(pact.conduct(), &norm.when);
    read.condition(pact.conduct(), &norm.unless);
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(
            &norm.variables,
            &[crate::model::conduct::Binder::Rule, crate::model::conduct::Binder::Each],
            &Vec::new(),
        );
        let (on, from) = named.on();
        let [off, again] = days.as_slice() else { return Term::falsity() };
        let (off, again) = (Linear::var(off), Linear::var(again));
        let order = Formula::and([from, Formula::lt(&on, &off), Formula::lt(&off, &again)]);
        named
            .some(scene, &envs, |scene, env| {
                let Some(by) = scene.figure_of(Who::Var(answer.by), env) else { return Term::falsity() };
                set_off(scene, &answer, how, env, &mut |scene, arising| {
                    let arises = if is_duty(norm) { arisen(scene, norm, env, arising) } else { Term::truth() };
                    if arises.is_false() {
                        return arises;
                    }
                    let mut all = vec![arises];
                    all.push(scene.due(norm, env, arising, &on));
                    all.push(scene.none(|scene| scene.due(norm, env, arising, &off)));
                    all.push(scene.due(norm, env, arising, &again));
                    let acts = read.actions.iter().filter(|a| pact.conduct().action(**a).is_some_and(|a| !a.event));
                    for action in acts {
                        all.push(scene.none(|scene| {
                            scene.some_slot(Kind::Act(*action), |_, slot| {
                                let What::Act(act) = &slot.what else { return Term::falsity() };
                                let own = act.actor().map_or_else(Formula::falsity, |p| p.is(by));
                                Term::fixed(Formula::and([own, Formula::ge(&act.from, &arising.day)]))
                            })
                        }));
                    }
                    Term::and(all)
                })
            })
            .given(order)
    };
    let replay =
        |witness: &Witness| {
            let on = witness.whole(&named.day).unwrap_or(0);
            let all: Vec<i64> = std::iter::once(on).chain(days.iter().filter_map(|d| witness.whole(d))).collect();
            let run = scene::run(asking, witness, witness.last_day(all.iter().copied().max().unwrap_or(0)));
            let wanted = [Truth::Yes, Truth::No, Truth::Yes];
            let turned =
                run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id).any(|(at, _)| {
                    all.len() == 3 && all.iter().zip(wanted).all(|(day, truth)| run.due(at, *day) == truth)
                });
            if turned { Ok(()) } else { Err(format!("the evaluator does not find `{}` on and off", said(norm))) }
        };
    let reply = first(pact, answer.broken, |how| {
        asking.exists(cx, &universe, Wanted::Simplest, |scene| build(scene, how), replay)
    });
    let question = format!("`{}` does not go on and off without an act of the one in breach", said(norm));
    match reply {
        Reply::No => found.proved.push((question, vec![answer.rule.statement, norm.statement])),
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let on = witness.whole(&named.day).unwrap_or(0);
            let all: Vec<i64> = std::iter::once(on).chain(days.iter().filter_map(|d| witness.whole(d))).collect();
            let run = scene::run(asking, &witness, horizon(pact, &witness, 0));
            let about = scene::about(pact, seeds);
            let offender: Option<Actor> =
                run.breaches().iter().find(|b| answer.broken.contains(&b.norm)).and_then(|b| b.subject);
            let shown = timeline(
                pact,
                &run,
                &about,
                |b| answer.broken.contains(&b.norm) && b.subject == offender,
                |_, i| i.norm == norm.id,
            );
            let message = format!(
                "`{}` can go on and off under {} of {} without an act of the one in breach",
                said(norm),
                pact.article(answer.rule),
                pact.name()
            );
            let days: Vec<String> = all.iter().map(ToString::to_string).collect();
            let note = match days.as_slice() {
                [on, off, again] => format!("it holds on day {on}, not on day {off}, and again on day {again}"),
                _ => String::new(),
            };
            found.drafts.push(
                draft(pact, &answer, &[norm], message)
                    .identity("on and off")
                    .situation(pact.program, &shown)
                    .note(note),
            );
        }
    }
}
