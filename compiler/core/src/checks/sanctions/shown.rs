//! The simplest situation that sets a rule off, for findings of which the text is the cause and no situation: what no event
//! ends, whom nobody is left to answer, whose losses nothing makes good, who owes what it does not have.
//!
//! In: a rule that answers a breach, norms of it, and what is to become of them. Out: a [`Timeline`] that the evaluator has
//! replayed, or nothing: then the finding stands without one, as it rests on none.

use super::scene::{self, Of, SetOff, first, horizon, owed, set_off, some_owed, timeline};
use super::{Answer, Pact, subject};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::situation::Timeline;
use crate::checks::{Context, Draft};
use crate::encode::conduct::{Scene, Term, Universe};
use crate::evaluate::situation::{Instance, Run};
use crate::logic::Formula;
use crate::model::PartyId;
use crate::model::conduct::{Actor, Norm, NormId, Rule, Who};

/// What becomes of the norms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Then {
    /// one of them is due
    Due,
    /// none of them is due on anybody but whoever is in breach
    Nobody,
    /// one of them is due on a group of fewer than so many
    TooFew(usize),
    /// one of them is due on this one, while this holds of what it has
    On(PartyId, Formula),
}

/// A finding with the simplest such situation, where there is one. `norms` are norms of the rule.
pub(super) fn with_situation<'p>(
    draft: Draft,
    cx: &mut Context<'p>,
    (pact, asking): (&Pact<'p>, &Asking<'p>),
    rule: &Rule,
    norms: &[NormId],
    then: Then,
) -> Draft {
    match set_off_with(cx, pact, asking, rule, norms, &then) {
        Some(shown) => draft.situation(pact.program, &shown),
        None => draft,
    }
}

fn set_off_with<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    rule: &Rule,
    norms: &[NormId],
    then: &Then,
) -> Option<Timeline> {
    let answer = Answer::of(pact.program, rule.id)?;
    let seeds: Vec<NormId> = norms.iter().chain(answer.broken).copied().collect();
    let universe = match then {
        Then::On(one, _) => Universe::naming(&asking.frame, &seeds, *one),
        _ => Universe::new(&asking.frame, &seeds),
    };
    let named = Named::new();
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, rule.id) else { return Term::falsity() };
        let norms: Vec<&Norm> = norms.iter().filter_map(|n| scene.frame.norm(*n)).collect();
        let envs = scene::cases(scene, &answer);
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let by = scene.figure_of(Who::Var(answer.by), env);
                let of = match then {
                    Then::Due | Then::TooFew(_) => Of::All,
                    Then::Nobody => by.map_or(Of::All, Of::But),
                    Then::On(one, _) => match scene.universe.place(Actor::Party(*one)) {
                        Some(place) => Of::One(place),
                        None => return Term::falsity(),
                    },
                };
                set_off(scene, &answer, how, env, &mut |scene, arising| {
                    if *then == Then::Nobody {
                        return scene.none(|scene| {
                            some_owed(scene, &norms, env, arising, of, |scene, norm, own| {
                                scene.some_day("shown", |scene, day| owed(scene, norm, own, arising, day))
                            })
                        });
                    }
                    let due = some_owed(scene, &norms, env, arising, of, |scene, norm, own| {
                        owed(scene, norm, own, arising, &day)
                    });
                    due.given(Formula::ge(&day, &arising.first))
                })
            })
            .given(match then {
                Then::On(_, has) => Formula::and([from, has.clone()]),
                _ => from,
            })
    };
    let is_due = |run: &Run<'_>, at: usize, i: &Instance| {
        let end = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
        norms.contains(&i.norm) && (i.first..=end).any(|day| !run.due(at, day).is_no())
    };
    let on = |i: &Instance| pact.conduct().norm(i.norm).and_then(|n| n.subject.among(&i.values));
    let until = |witness: &Witness| horizon(pact, witness, witness.whole(&named.day).unwrap_or(0));
    let replay = |witness: &Witness| {
        let run = scene::run(asking, witness, until(witness));
        let Some(firing) = run.firings().iter().find(|f| f.rule == rule.id && f.truth.is_yes()) else {
            return Err("the evaluator does not find the rule set off".to_owned());
        };
        let offender: Option<Actor> = firing.values.get(answer.by.0 as usize).copied().flatten();
        let of_another = |i: &Instance| on(i).is_none_or(|one| Some(one) != offender);
        let mut all = run.instances().iter().enumerate();
        match then {
            Then::Due if !all.any(|(at, i)| is_due(&run, at, i)) => Err("the evaluator finds nothing due".to_owned()),
            Then::On(one, _) if !all.any(|(at, i)| is_due(&run, at, i) && on(i) == Some(Actor::Party(*one))) => {
                Err("the evaluator finds nothing due on it".to_owned())
            }
            Then::TooFew(asked) if !all.any(|(at, i)| is_due(&run, at, i) && able(pact, i) < *asked) => {
                Err("the evaluator finds enough of whom it is asked".to_owned())
            }
            Then::Nobody if all.any(|(at, i)| of_another(i) && is_due(&run, at, i)) => {
                Err("the evaluator finds somebody on whom it is due".to_owned())
            }
            _ => Ok(()),
        }
    };
    let reply = first(pact, answer.broken, |how| {
        asking.exists(cx, &universe, Wanted::Simplest, |scene| build(scene, how), replay)
    });
    let Reply::Yes(witness) = reply else { return None };
    let run = scene::run(asking, &witness, until(&witness));
    let about = scene::about(pact, seeds.iter().copied());
    let broken = |b: &crate::evaluate::situation::Breach| answer.broken.contains(&b.norm);
    let meant = |i: &Instance| match then {
        Then::On(one, _) => on(i) == Some(Actor::Party(*one)),
        Then::Nobody => false,
        Then::Due | Then::TooFew(_) => true,
    };
    Some(timeline(pact, &run, &about, broken, |at, i| meant(i) && is_due(&run, at, i)))
}

/// How many members there are of whom the duty of a group asks something.
fn able(pact: &Pact<'_>, i: &Instance) -> usize {
    let Some(norm) = pact.conduct().norm(i.norm) else { return 0 };
    let Some(variable) = subject(norm) else { return 0 };
    let reserved = pact.reserved(norm.id);
    let apart: Vec<Actor> = variable.distinct.iter().filter_map(|w| w.among(&i.values)).collect();
    let all = pact.range(variable.domain);
    all.iter().filter(|p| !reserved.contains(p) && !apart.contains(&Actor::Party(**p))).count()
}
