//! S16: striking back is lawful: the target of a lawful measure may lawfully answer it in kind.
//!
//! In: each measure of a rule that answers a breach. Out: the simplest situation in which the measure is in force and taken, and
//! the one in breach does the same to whoever took it the next day without a breach, other than as an answer to a breach of
//! the latter; or a proof that there is none.
//!
//! Neither the measure nor the answer need be looked for: both are made up on a day of the question, and the evaluator puts them
//! into the situation. Where something in the charter looks at acts of this kind, the measure is one of the occurrences.

use super::acts::{act_of, amount};
use super::scene::{self, SetOff, arisen, first, owed, set_off, timeline};
use super::{Answer, Found, Pact, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness, actor};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Act, Arg, Arising, At, Env, Forbids, Kind, Pick, Scene, Term, Universe, What};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::logic::{Formula, Linear};
use crate::model::StatementId;
use crate::model::conduct::{
    Actor, Binder, Force, Happening, Match, Norm, NormId, Occurrence, Pattern, Situation, Value, Who,
};
use crate::model::mentions::Mentions;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// S16.
#[derive(Debug)]
pub(in crate::checks) struct StrikingBack;

impl Check for StrikingBack {
    fn code(&self) -> &'static str {
        "S16"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S16", |cx, pact| {
            let mut found = Found::default();
            let asking = cx.asking(pact.view);
            for answer in pact.answers() {
                for norm in pact.measures(&answer).filter(|n| pact.is_felt(n)) {
                    Strike { pact, asking: &asking, answer, norm }.ask(cx, &mut found);
                }
            }
            found
        });
    }
}

/// A measure, and the question whether it may be answered in kind.
struct Strike<'a, 'p> {
    pact: &'a Pact<'p>,
    asking: &'a Asking<'p>,
    answer: Answer<'p>,
    norm: &'p Norm,
}

impl<'p> Strike<'_, 'p> {
    fn ask(&self, cx: &mut Context<'p>, found: &mut Found) {
        let Self { pact, answer, norm, .. } = *self;
        let Some(measure) = pattern(norm) else { return };
        let Some(target) = target(&answer, measure) else { return };
        let question = format!("`{}` may not be answered in kind by its target", said(norm));
        if !is_plain(pact, measure) {
            found.undecided.push((question, "the measure leaves more open than who takes it against whom".to_owned()));
            return;
        }
        let against = self.asking.frame.forbidders(measure.action);
        let strike = (measure, target);
        if self.is_barred_anyway(cx, strike, &against) {
            found.proved.push((question, self.core(&against)));
            return;
        }
        let shown = RefCell::default();
        match first(pact, answer.broken, |how| self.struck(cx, strike, &against, how, &shown)) {
            Reply::No => found.proved.push((question, self.core(&against))),
            Reply::Open(why) => found.undecided.push((question, why)),
            Reply::Yes(_) => found.drafts.extend(shown.take().map(|(situation, day)| self.draft(&situation, day))),
        }
    }

    /// What a proof rests on: the measure, and whatever forbids the answer.
    fn core(&self, against: &[Forbids]) -> Vec<StatementId> {
        let by = against.iter().filter_map(|by| self.pact.conduct().norm(by.norm())).map(|n| n.statement);
        let all: BTreeSet<StatementId> =
            [self.answer.rule.statement, self.norm.statement].into_iter().chain(by).collect();
        all.into_iter().collect()
    }

    fn draft(&self, situation: &Situation, day: i64) -> Draft {
        let Self { pact, answer, norm, .. } = *self;
        let run = Run::new(pact.program, pact.view.charter, situation, day);
        let about = scene::about(pact, answer.broken.iter().copied().chain([norm.id]));
        let shown = timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), |_, _| false);
        let action = pact.action(norm).map_or("?", |a| a.name.as_str());
        let article = pact.article(answer.rule);
        let message =
            format!("the target of `{action}` under {article} of {} may lawfully answer it in kind", pact.name());
        Draft::new("S16", message)
            .charter(pact.view.charter)
            .statements([answer.rule.statement, norm.statement])
            .situation(pact.program, &shown)
            .note(format!("the last act is no breach: nothing in {} forbids it on that day", pact.name()))
    }

    /// Whether the answer is forbidden however the rule was set off: by prohibitions of the rule, or by those outside of rules.
    /// Most texts say it so, and no breach need be looked at then.
    fn is_barred_anyway(&self, cx: &mut Context<'p>, strike: (&Pattern, usize), against: &[Forbids]) -> bool {
        let Self { pact, asking, norm, .. } = *self;
        let own = Some(self.answer.rule.id);
        let bars = |n: &&Norm| n.is_prohibition() && (n.rule.is_none() || n.rule == own);
        let bans: BTreeSet<NormId> =
            against.iter().filter_map(|by| pact.conduct().norm(by.prohibition()?)).filter(bars).map(|n| n.id).collect();
        if bans.is_empty() {
            return false;
        }
        let seeds: Vec<NormId> = bans.iter().copied().chain([norm.id]).collect();
        let universe = Universe::new(&asking.frame, &seeds);
        let named = Named::new();
        let build = |scene: &mut Scene<'_>| {
            self.choose(scene, &named, |scene, norm, answer, (by, on), env| {
                scene.some_day("set off", |scene, since| {
                    let first = if answer.rule.determined.is_none() { since + &Linear::int(1) } else { since.clone() };
                    let arising = scene::arising(since, &first);
                    let made = made(scene, norm, env, &arising, &named, strike, (by, on));
                    let mut all = made.in_force;
                    all.push(
                        scene.none(|s| s.forbidden_with(answer.rule, env, &arising, (on, &made.back), &made.next, by)),
                    );
                    all.push(
                        scene.none(|s| s.forbidden_unprovoked((on, &made.back), &made.next, by, |n| n.rule.is_none())),
                    );
                    Term::and(all)
                })
            })
        };
        matches!(asking.exists(cx, &universe, Wanted::Any, build, |_| Ok(())), Reply::No)
    }

    /// A measure in force, taken on a day, and on the next the same by its target, both lawful. What is then shown goes out
    /// with the answer.
    fn struck(
        &self,
        cx: &mut Context<'p>,
        strike: (&Pattern, usize),
        against: &[Forbids],
        how: SetOff<'_>,
        shown: &RefCell<Option<(Situation, i64)>>,
    ) -> Reply {
        let Self { asking, answer, norm, .. } = *self;
        let named = Named::new();
        let who: RefCell<Vec<Env>> = RefCell::default();
        let own = [norm.id].into_iter().chain(answer.broken.iter().copied());
        let seeds: BTreeSet<NormId> = own.chain(against.iter().map(|by| by.norm())).collect();
        let universe = Universe::new(&asking.frame, &seeds.into_iter().collect::<Vec<_>>());
        let build = |scene: &mut Scene<'_>| {
            *who.borrow_mut() =
                choices(scene, norm).iter().map(|env| vec![scene.figure_of(norm.subject, env)]).collect();
            self.answered(scene, &named, strike, how)
        };
        asking.exists(cx, &universe, Wanted::Simplest, build, |witness| {
            let who = who.borrow();
            let by = named.chosen(witness, &who).and_then(|e| e.first().copied().flatten());
            let by = by.and_then(|f| actor(&universe, f)).ok_or("a measure of nobody")?;
            shown.replace(Some(self.acted(witness, by, witness.whole(&named.day).unwrap_or(0), strike.1)?));
            Ok(())
        })
    }

    /// That it is so.
    fn answered(&self, scene: &mut Scene<'_>, named: &Named, strike: (&Pattern, usize), how: SetOff<'_>) -> Term {
        let read = scene.frame.looks_at(strike.0.action);
        let provoking = self.provoking(strike.0);
        self.choose(scene, named, |scene, norm, answer, (by, on), env| {
            set_off(scene, &answer, how, env, &mut |scene, arising| {
                let made = made(scene, norm, env, arising, named, strike, (by, on));
                let mut all = made.in_force;
                all.push(scene.none(|s| s.forbidden_unprovoked((on, &made.back), &made.next, by, |_| true)));
                all.push(scene.none(|s| s.forbidden(&made.act, &made.day)));
                // an exception that reads a breach of whoever took the measure answers that, and not the measure
                let mut so_far = |_: &mut Scene<'_>, day: &Linear| Term::fixed(Formula::le(day, &made.next));
                all.push(scene.none(|s| s.some_breach(&provoking, Some(by), None, &mut so_far)));
                all.extend(read.then(|| happens(scene, &made.act)));
                Term::and(all)
            })
        })
    }

    /// The norms whose breaches exceptions of what forbids acts of this kind read.
    fn provoking(&self, measure: &Pattern) -> Vec<NormId> {
        let mut read = Mentions::new();
        for by in self.asking.frame.forbidders(measure.action) {
            if let Some(ban) = self.asking.frame.norm(by.norm()) {
                read.condition(self.pact.conduct(), &ban.unless);
            }
        }
        read.breaches.into_iter().collect()
    }

    /// Somebody who takes the measure, and somebody else at whom.
    fn choose<'q>(
        &self,
        scene: &mut Scene<'q>,
        named: &Named,
        mut holds: impl FnMut(&mut Scene<'q>, &'q Norm, Answer<'q>, (usize, usize), &Env) -> Term,
    ) -> Term {
        let Some(norm) = scene.frame.norm(self.norm.id) else { return Term::falsity() };
        let Some(answer) = Answer::of(scene.program, self.answer.rule.id) else { return Term::falsity() };
        let (_, from) = named.on();
        let envs = choices(scene, norm);
        let some = named.some(scene, &envs, |scene, env| {
            let by = scene.figure_of(norm.subject, env);
            let on = scene.figure_of(Who::Var(answer.by), env);
            match (by, on) {
                (Some(by), Some(on)) if by != on => holds(scene, norm, answer, (by, on), env),
                _ => Term::falsity(),
            }
        });
        some.given(from)
    }

    /// The situation with the measure and the answer to it, as the evaluator finds both lawful, and the day of the answer.
    fn acted(&self, witness: &Witness, by: Actor, day: i64, target: usize) -> Result<(Situation, i64), String> {
        let Self { pact, norm, .. } = *self;
        let run = scene::run(self.asking, witness, day + 1);
        let arisen = |i: &Instance| i.norm == norm.id && is_by(norm, i, by);
        for (at, instance) in run.instances().iter().enumerate().filter(|(_, i)| arisen(i)) {
            // a permission arises once for all whom it permits something
            let mut own = instance.clone();
            if let Who::Var(v) = norm.subject
                && let Some(subject) = own.values.get_mut(v.0 as usize)
            {
                *subject = Some(by);
            }
            let in_force = |on: i64| run.due(at, on) == Truth::Yes && instance.deadline.is_none_or(|last| on <= last);
            let Some(act) = act_of(pact, norm, &own, day).filter(|_| in_force(day) && in_force(day + 1)) else {
                continue;
            };
            let Some(back) = turned(&act, target) else { continue };
            let mut situation = witness.situation.clone();
            // where acts of this kind are looked at, it is there already
            if !situation.occurrences.contains(&act) {
                situation.add(act.clone());
            }
            let after = Run::new(pact.program, pact.view.charter, &situation, day + 1);
            if after.lawful(&act, day).0.is_yes() && after.lawful(&back, day + 1).0.is_yes() {
                situation.add(back);
                return Ok((situation, day + 1));
            }
        }
        Err(format!("the evaluator does not find `{}` answered lawfully", said(norm)))
    }
}

/// Every choice of figures for a measure.
fn choices(scene: &mut Scene<'_>, measure: &Norm) -> Vec<Env> {
    scene.choices(&measure.variables, &[Binder::Rule, Binder::Each, Binder::Group], &Vec::new())
}

/// Whether one can be the subject of an instance.
fn is_by(norm: &Norm, instance: &Instance, by: Actor) -> bool {
    norm.subject.among(&instance.values).is_none_or(|who| who == by)
}

/// A measure and the answer to it, made up.
struct Made {
    /// the measure, on a day
    act: Act,
    day: Linear,
    /// the same at whoever took it, on the next
    back: Act,
    next: Linear,
    /// that the measure is in force on both days: whatever ends with it says nothing of an answer to it
    in_force: Vec<Term>,
}

fn made<'q>(
    scene: &mut Scene<'q>,
    norm: &'q Norm,
    env: &Env,
    arising: &Arising,
    named: &Named,
    (measure, target): (&Pattern, usize),
    (by, on): (usize, usize),
) -> Made {
    let (day, _) = named.on();
    let next = &day + &Linear::int(1);
    let at = At { variables: &norm.variables, env, day: &day, base: arising.base.as_ref() };
    let mut act = scene.point(measure, at, true).act;
    put(&mut act, 0, by);
    act.place = Pick::fixed(0);
    amounts(measure, &mut act);
    let mut back = act.clone();
    put(&mut back, 0, on);
    put(&mut back, target, by);
    back.from = next.clone();
    let mut in_force: Vec<Term> = [&day, &next].map(|on| owed(scene, norm, env, arising, on)).into();
    if norm.force == Force::Must {
        in_force.push(arisen(scene, norm, env, arising));
    }
    Made { act, day, back, next, in_force }
}

/// Which argument of a measure is its target.
fn target(answer: &Answer<'_>, measure: &Pattern) -> Option<usize> {
    measure.arguments.iter().position(|m| matches!(m, Match::Is(w) if *w == Who::Var(answer.by)))
}

/// Whether nothing of a measure is open but who takes it against whom, so that it can be made up.
fn is_plain(pact: &Pact<'_>, measure: &Pattern) -> bool {
    let parameters = pact.conduct().action(measure.action).map(|a| a.parameters.as_slice()).unwrap_or_default();
    measure.place.is_none()
        && measure.arguments.iter().zip(parameters).skip(1).all(|(m, parameter)| match m {
            Match::Is(_) | Match::Thing(_) => true,
            Match::Any => parameter.default.is_some(),
            Match::Number(..) => amount(m).is_some(),
            Match::Anyone | Match::Region(_) | Match::Binds(_) => false,
        })
}

/// Somebody in a place of an act.
fn put(act: &mut Act, place: usize, who: usize) {
    if let Some(argument) = act.arguments.get_mut(place) {
        *argument = Arg::Figure(Pick::fixed(who));
    }
}

/// The amounts of an act are those that a measure asks at least or at most.
fn amounts(measure: &Pattern, act: &mut Act) {
    for (m, argument) in measure.arguments.iter().zip(&mut act.arguments) {
        if let Some(n) = amount(m) {
            *argument = Arg::Number(Linear::constant(n));
        }
    }
}

/// That an act is one of the occurrences.
fn happens(scene: &mut Scene<'_>, act: &Act) -> Term {
    scene.some_slot(Kind::Act(act.action), |_, slot| {
        let What::Act(other) = &slot.what else { return Term::falsity() };
        let same = act.arguments.iter().zip(&other.arguments).map(|pair| match pair {
            (Arg::Number(a), Arg::Number(b)) => Formula::eq(a, b),
            (Arg::Figure(Pick(a)) | Arg::Thing(Pick(a)), Arg::Figure(Pick(b)) | Arg::Thing(Pick(b))) => {
                Formula::eq(a, b)
            }
            _ => Formula::falsity(),
        });
        let begins = [Formula::eq(&act.from, &other.from), other.place.is(0)];
        Term::fixed(Formula::and(same.chain(begins)))
    })
}

/// The same act by its target at whoever did it, on the next day.
fn turned(act: &Occurrence, target: usize) -> Option<Occurrence> {
    let Happening::Act { action, arguments, place } = &act.what else { return None };
    let mut arguments = arguments.clone();
    if target >= arguments.len() {
        return None;
    }
    arguments.swap(0, target);
    if !matches!(arguments.first(), Some(Value::Actor(Actor::Party(_) | Actor::Unnamed(..)))) {
        return None;
    }
    let what = Happening::Act { action: *action, arguments, place: place.clone() };
    Some(Occurrence { from: act.from + 1, to: Some(act.from + 1), what })
}
