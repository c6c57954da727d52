//! Situations of sanctions: a breach that sets a rule off, what follows from it, and the timeline that shows it.
//!
//! In: a charter's view and the parts of a rule. Out: terms of a question in a [`Scene`], and of an answer a
//! [`Timeline`] with the breaches and duties that the evaluator finds in it.

use super::{Answer, Pact, falls_due, is_duty};
use crate::checks::Context;
use crate::checks::norms::ask::{Asking, Reply as Ask, Wanted, Witness};
use crate::checks::situation::{About, Breached, Owed, Timeline};
use crate::encode::conduct::{Arising, At, Env, Kind, Scene, Term, Universe, What, is_point};
use crate::evaluate::situation::{Breach, Instance, Run, Truth};
use crate::logic::{Formula, Linear, Model};
use crate::model::conduct::{Actor, Binder, Days, Norm, NormId, Rule, Situation, Who};
use num_traits::ToPrimitive;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Which breaches set a rule off in a question.
#[derive(Debug, Clone, Copy)]
pub(in crate::checks) struct SetOff<'a> {
    /// of these norms
    pub(in crate::checks) broken: &'a [NormId],
    /// a finding comes on a later day than the breach: what people expect to read
    pub(in crate::checks) later: bool,
}

/// The ways to ask: of each norm alone with its finding later, prohibitions first, then of all of them. Only the last shows
/// that there is no such situation.
fn ways(pact: &Pact<'_>, broken: &[NormId]) -> Vec<(Vec<NormId>, bool)> {
    let mut out: Vec<(Vec<NormId>, bool)> = broken.iter().map(|one| (vec![*one], true)).collect();
    out.sort_by_key(|(one, _)| !one.iter().filter_map(|n| pact.conduct().norm(*n)).all(Norm::is_prohibition));
    out.push((broken.to_vec(), false));
    out
}

/// Asks in each of the ways until there is an answer; otherwise what the last of them gave.
pub(in crate::checks) fn first(pact: &Pact<'_>, broken: &[NormId], mut ask: impl FnMut(SetOff<'_>) -> Ask) -> Ask {
    let mut reply = Ask::No;
    for (broken, later) in ways(pact, broken) {
        reply = ask(SetOff { broken: &broken, later });
        if matches!(reply, Ask::Yes(_)) {
            break;
        }
    }
    reply
}

/// Some breach that sets a rule off, and where one is asked for its finding.
pub(in crate::checks) fn set_off<'p>(
    scene: &mut Scene<'p>,
    answer: &Answer<'p>,
    how: SetOff<'_>,
    env: &Env,
    holds: &mut dyn FnMut(&mut Scene<'p>, &Arising) -> Term,
) -> Term {
    let rule = answer.rule;
    let Some(by) = scene.figure_of(Who::Var(answer.by), env) else { return Term::falsity() };
    let injured = answer.against.and_then(|a| scene.figure_of(Who::Var(a), env));
    if answer.against.is_some() && injured.is_none() {
        return Term::falsity();
    }
    let mut admitted = |scene: &mut Scene<'p>, arising: &Arising| {
        let at = At { variables: &rule.variables, env, day: &arising.day, base: None };
        let filters = scene.filters(&rule.variables, &[Binder::Rule], at);
        if filters.is_false() { filters } else { filters.also(holds(scene, arising)) }
    };
    scene.some_breach(how.broken, Some(by), injured, &mut |scene, day| {
        if rule.determined.is_none() {
            return admitted(scene, &arising(day, &(day + &Linear::int(1))));
        }
        scene.some_slot(Kind::Finding(rule.id), |scene, slot| {
            let What::Finding { by: found, against, from, .. } = &slot.what else { return Term::falsity() };
            let hit = injured.map_or(0, |w| w + 1);
            let first = if how.later { day + &Linear::int(1) } else { day.clone() };
            let names = [found.is(by), against.is(hit), Formula::ge(from, &first)];
            admitted(scene, &arising(from, from)).given(Formula::and(names))
        })
    })
}

/// A rule that is set off on a day; what it asks can be due from another on.
pub(in crate::checks) fn arising(day: &Linear, first: &Linear) -> Arising {
    Arising { day: day.clone(), base: Some(day.clone()), first: first.clone(), origin: first.clone(), period: None }
}

/// Every choice of figures for the offender and the injured of a rule.
pub(in crate::checks) fn cases(scene: &mut Scene<'_>, answer: &Answer<'_>) -> Vec<Env> {
    scene.choices(&answer.rule.variables, &[Binder::Rule], &Vec::new())
}

/// Every choice of figures for a norm of a rule whose own variables are chosen; of a group the subject stays open.
pub(in crate::checks) fn instances(scene: &mut Scene<'_>, norm: &Norm, rule: &Env) -> Vec<Env> {
    scene.choices(&norm.variables, &[Binder::Each], rule)
}

/// What a duty of a rule asks as it arises: of its parties, and of a point duty by `when`.
pub(in crate::checks) fn arisen<'p>(scene: &mut Scene<'p>, norm: &'p Norm, env: &Env, arising: &Arising) -> Term {
    let at = At { variables: &norm.variables, env, day: &arising.day, base: arising.base.as_ref() };
    let filters = scene.filters(&norm.variables, &[Binder::Each], at);
    if filters.is_false() || !is_point(norm) {
        return filters;
    }
    filters.also(scene.condition(&norm.when, at))
}

/// That a duty which arose so is owed on a day: due, and not past its last day.
pub(in crate::checks) fn owed<'p>(
    scene: &mut Scene<'p>,
    norm: &'p Norm,
    env: &Env,
    arising: &Arising,
    day: &Linear,
) -> Term {
    let due = scene.due(norm, env, arising, day);
    if due.is_false() {
        return due;
    }
    match scene.deadline(&norm.window, arising).filter(|_| is_point(norm)) {
        Some(deadline) => due.given(Formula::le(day, &deadline)),
        None => due,
    }
}

/// That some norm of a rule that so was set off falls due on somebody other than one, on some day while the breach lasts.
pub(in crate::checks) fn something_due<'p>(
    scene: &mut Scene<'p>,
    rule: &'p Rule,
    but: usize,
    env: &Env,
    arising: &Arising,
) -> Term {
    let conduct = &scene.program.conduct;
    let norms: Vec<&Norm> = rule.norms.iter().filter_map(|n| conduct.norm(*n)).filter(|n| falls_due(n)).collect();
    some_owed(scene, &norms, env, arising, Of::But(but), |scene, norm, own| {
        scene.some_day("due", |scene, day| scene.while_it_lasts(|scene| owed(scene, norm, own, arising, day)))
    })
}

/// Which of those are meant that owe something.
#[derive(Debug, Clone, Copy)]
pub(in crate::checks) enum Of {
    /// all
    All,
    /// all but this one, for whom a group still answers
    But(usize),
    /// this one alone
    One(usize),
}

/// That some norm of a rule, set off so, arose for one who is meant, and is owed as this says.
pub(in crate::checks) fn some_owed<'p>(
    scene: &mut Scene<'p>,
    norms: &[&'p Norm],
    env: &Env,
    arising: &Arising,
    of: Of,
    mut owed: impl FnMut(&mut Scene<'p>, &'p Norm, &Env) -> Term,
) -> Term {
    let mut any = Vec::new();
    for norm in norms {
        for own in instances(scene, norm, env) {
            let by = scene.figure_of(norm.subject, &own);
            let meant = match of {
                Of::All => true,
                Of::But(one) => norm.group.is_some() || by != Some(one),
                Of::One(one) => by == Some(one),
            };
            if !meant {
                continue;
            }
            let arisen = if is_duty(norm) { arisen(scene, norm, &own, arising) } else { Term::truth() };
            if arisen.is_false() {
                continue;
            }
            let owed = owed(scene, norm, &own);
            any.push(scene.of_everybody(&own, arisen.also(owed)));
        }
    }
    Term::or(any)
}

/// How many days behind the last day of a situation are looked at: longer than any window of the charter.
pub(in crate::checks) fn horizon(pact: &Pact<'_>, witness: &Witness, day: i64) -> i64 {
    behind(pact, &witness.situation.values, witness.last_day(day))
}

/// The same behind a day.
pub(in crate::checks) fn behind(pact: &Pact<'_>, values: &Model, day: i64) -> i64 {
    let longest = |d: &Option<Days>| {
        d.as_ref().map_or(0, |d| {
            let days = d.days.eval(values).and_then(|n| n.ceil().to_integer().to_i64()).unwrap_or(0);
            days.saturating_add(i64::from(d.months) * 31)
        })
    };
    let mut most = 0i64;
    for norm in pact.norms() {
        let w = &norm.window;
        let own = longest(&w.offset) + longest(&w.after) + longest(&w.within).max(longest(&w.until));
        most = most.max(own);
    }
    for exit in pact.conduct().exits.iter().filter(|e| e.charter == pact.view.charter) {
        most = most.max(longest(&exit.notice));
    }
    day.saturating_add(most).saturating_add(2)
}

/// Whether a norm falls due, on some day of a run, on somebody other than one: then its first such day.
pub(in crate::checks) fn due_on_another(run: &Run<'_>, at: usize, instance: &Instance, but: Actor) -> Option<i64> {
    let norm = run.program().conduct.norm(instance.norm)?;
    if !falls_due(norm) || norm.subject.among(&instance.values) == Some(but) {
        return None;
    }
    let last = instance.deadline.or(instance.last).unwrap_or(run.horizon()).min(run.horizon());
    (instance.first..=last).find(|day| run.due(at, *day) == Truth::Yes)
}

/// The situation of an answer with those of its breaches and duties that are wanted, of each norm one.
pub(in crate::checks) fn timeline(
    pact: &Pact<'_>,
    run: &Run<'_>,
    about: &About,
    breaches: impl Fn(&Breach) -> bool,
    duties: impl Fn(usize, &Instance) -> bool,
) -> Timeline {
    let situation: Situation = run.situation().clone();
    let broken = run
        .breaches()
        .iter()
        .filter(|b| b.truth.is_yes() && breaches(b))
        .filter_map(|b| Some(Breached { day: b.day, norm: b.norm, by: b.subject?, against: b.injured }));
    // what a norm asks of several alike is told of the first of them
    let mut told = BTreeSet::new();
    let owed = run.instances().iter().enumerate().filter(|(at, i)| duties(*at, i) && told.insert((i.norm, i.firing)));
    let owed =
        owed.map(|(_, i)| Owed { norm: i.norm, bound: i.values.clone(), from: i.first, until: i.deadline.or(i.last) });
    Timeline::new(pact.program, pact.view.charter, situation, broken.collect(), owed.collect(), about)
}

/// The statements on which what is shown of these norms depends, for the names in a situation: they themselves, and what
/// ranks above them.
pub(in crate::checks) fn about(pact: &Pact<'_>, norms: impl IntoIterator<Item = NormId>) -> About {
    let mut all: BTreeSet<NormId> = norms.into_iter().collect();
    let above = &pact.conduct().above;
    all.extend(above.iter().filter(|(_, lower)| all.contains(lower)).map(|(upper, _)| *upper).collect::<Vec<_>>());
    About { norms: all, ..About::default() }
}

/// The evaluator's reading of an answer up to a day.
pub(in crate::checks) fn run<'r>(asking: &Asking<'r>, witness: &'r Witness, day: i64) -> Run<'r> {
    Run::of(&asking.text, &witness.situation, day)
}

/// How many other norms are brought in before a question is left open.
const OTHERS: usize = 24;

/// Asks for the simplest situation in which nobody is in breach who need not be. `build` gets the norms that are to be kept;
/// `broken` says of an answer which norms the evaluator finds broken besides, or that the answer is none. Norms are brought
/// in one by one, as answers break them.
pub(in crate::checks) fn alone(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    seeds: &[NormId],
    build: impl FnMut(&mut Scene<'_>, &[NormId]) -> Term,
    broken: impl Fn(&Universe, &Witness) -> Result<BTreeSet<NormId>, String>,
) -> (Ask, Vec<NormId>) {
    alone_among(cx, asking, &|kept| Universe::with_none_of(&asking.frame, seeds, kept), build, broken)
}

/// The same among figures of one's own: `figures` gives those of the question where these norms are kept.
pub(in crate::checks) fn alone_among(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    figures: &dyn Fn(&[NormId]) -> Universe,
    mut build: impl FnMut(&mut Scene<'_>, &[NormId]) -> Term,
    broken: impl Fn(&Universe, &Witness) -> Result<BTreeSet<NormId>, String>,
) -> (Ask, Vec<NormId>) {
    let mut kept: Vec<NormId> = Vec::new();
    let mut wanted = Wanted::Any;
    loop {
        let universe = figures(&kept);
        let too = RefCell::new(BTreeSet::new());
        let reply = asking.exists(
            cx,
            &universe,
            wanted,
            |scene| build(scene, &kept),
            |witness| {
                too.replace(broken(&universe, witness)?);
                Ok(())
            },
        );
        match reply {
            Ask::No => return (Ask::No, kept),
            Ask::Open(why) => return (Ask::Open(why), kept),
            Ask::Yes(witness) => {
                let too = too.into_inner();
                if let Some(known) = too.iter().find(|n| kept.contains(n)) {
                    let why = format!(
                        "fault: norm {} is kept and broken; this is an error in the checker, please report it",
                        known.0
                    );
                    return (Ask::Open(why), kept);
                }
                kept.extend(too.iter().copied());
                match (too.is_empty(), wanted) {
                    (true, Wanted::Simplest) => return (Ask::Yes(witness), kept),
                    (true, Wanted::Any) => wanted = Wanted::Simplest,
                    (false, _) if kept.len() > OTHERS => {
                        return (Ask::Open(format!("more than {OTHERS} other norms are broken with it")), kept);
                    }
                    (false, _) => {}
                }
            }
        }
    }
}

/// That nobody but perhaps one breaks these norms on or before a day; that one may break some of them.
pub(in crate::checks) fn all_keep<'p>(
    scene: &mut Scene<'p>,
    kept: &[NormId],
    but: Option<(usize, &[NormId])>,
    day: &Linear,
) -> Term {
    let mut all = Vec::new();
    let figures: Vec<usize> = scene.universe.figures().filter(|(_, f)| f.member).map(|(i, _)| i).collect();
    for figure in figures {
        let own: Vec<NormId> = match but {
            Some((who, allowed)) if who == figure => kept.iter().copied().filter(|n| !allowed.contains(n)).collect(),
            _ => kept.to_vec(),
        };
        if own.is_empty() {
            continue;
        }
        all.push(
            scene.none(|scene| {
                scene.some_breach(&own, Some(figure), None, &mut |_, on| Term::fixed(Formula::le(on, day)))
            }),
        );
    }
    Term::and(all)
}

/// The norms that somebody breaks in a run up to a day, but for what one may break.
pub(in crate::checks) fn broken_by_others(
    run: &Run<'_>,
    day: i64,
    but: Option<(Actor, &[NormId])>,
) -> BTreeSet<NormId> {
    run.breaches()
        .iter()
        .filter(|b| b.subject.is_some() && b.truth != Truth::No && b.earliest <= day)
        .filter(|b| !but.is_some_and(|(who, allowed)| b.subject == Some(who) && allowed.contains(&b.norm)))
        .map(|b| b.norm)
        .collect()
}

/// The norms that one has broken in a run up to a day.
pub(in crate::checks) fn broken_by(run: &Run<'_>, day: i64, who: Actor) -> BTreeSet<NormId> {
    let own = run.breaches().iter().filter(|b| b.subject == Some(who) && b.truth != Truth::No && b.earliest <= day);
    own.map(|b| b.norm).collect()
}
