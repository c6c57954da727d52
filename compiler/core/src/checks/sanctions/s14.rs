//! S14: exit before the bill: a breach, then withdrawal, and nothing is owed any more.
//!
//! In: the rules of a charter that answer a breach, and its rule on withdrawal. Out: the simplest situation in which something
//! would still be owed under a rule, the one in breach has left, and nothing is; or a proof that what the rule asks outlives
//! leaving (VCLT 70). Not asked of a charter without a rule on withdrawal.

use super::scene::{self, SetOff, arisen, first, horizon, instances, owed, set_off, timeline};
use super::{Answer, Found, Pact, is_duty};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, Env, Kind, Scene, Term, Universe, What};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::logic::{Formula, Linear};
use crate::model::StatementId;
use crate::model::conduct::{Days, Exit, Force, Happening, Norm, NormId, Situation, Who};
use crate::trial::phrase::Phrase;

/// S14.
#[derive(Debug)]
pub(in crate::checks) struct ExitBeforeTheBill;

impl Check for ExitBeforeTheBill {
    fn code(&self) -> &'static str {
        "S14"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S14", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<Answer<'_>> = pact.answers().filter(|a| bill(pact, a).next().is_some()).collect();
            if answers.is_empty() {
                return found;
            }
            let exits = &pact.conduct().exits;
            let Some(exit) = exits.iter().find(|e| e.charter == pact.view.charter) else {
                found.not_asked.push(format!(
                    "{} has no rule on withdrawal: say `withdraw on 180 days notice`, and what survives it",
                    pact.name()
                ));
                return found;
            };
            let asking = cx.asking(pact.view);
            for answer in answers {
                one(cx, pact, &asking, answer, exit, &mut found);
            }
            found
        });
    }
}

/// What a rule asks or forbids on account of a breach.
fn bill<'p>(pact: &Pact<'p>, answer: &Answer<'p>) -> impl Iterator<Item = &'p Norm> + use<'p> {
    let norms: Vec<&Norm> = pact.steps(answer.rule).collect();
    norms.into_iter().filter(|n| matches!(n.force, Force::Must | Force::MustNot) && !n.discretion)
}

/// That something of the bill is owed on some day behind another.
fn something<'p>(scene: &mut Scene<'p>, norms: &[&'p Norm], env: &Env, arising: &Arising, last: &Linear) -> Term {
    let mut any = Vec::new();
    for norm in norms {
        for own in instances(scene, norm, env) {
            let mut term = if is_duty(norm) { arisen(scene, norm, &own, arising) } else { Term::truth() };
            if term.is_false() {
                continue;
            }
            term = term
                .also(scene.some_day("bill", |scene, day| {
                    owed(scene, norm, &own, arising, day).given(Formula::gt(day, last))
                }));
            any.push(term);
        }
    }
    Term::or(any)
}

fn one<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    exit: &Exit,
    found: &mut Found,
) {
    let norms: Vec<NormId> = bill(pact, &answer).map(|n| n.id).collect();
    let question = format!("{} of {} holds whoever leaves", pact.article(answer.rule), pact.name());
    if norms.iter().all(|n| exit.survive.contains(n)) {
        cx.count(1);
        found.proved.push((question, vec![answer.rule.statement, exit.statement]));
        return;
    }
    let seeds: Vec<NormId> = norms.iter().chain(answer.broken).copied().collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let norms: Vec<&Norm> = norms.iter().filter_map(|n| scene.frame.norm(*n)).collect();
        scene.with_withdrawals();
        let envs = scene::cases(scene, &answer);
        named.some(scene, &envs, |scene, env| {
            let Some(by) = scene.figure_of(Who::Var(answer.by), env) else { return Term::falsity() };
            set_off(scene, &answer, how, env, &mut |scene, arising| {
                scene.some_slot(Kind::Withdrawal, |scene, slot| {
                    let What::Withdrawal { party, from } = &slot.what else { return Term::falsity() };
                    let last = match &exit.notice {
                        Some(notice) => scene.after(from, notice),
                        None => from.clone(),
                    };
                    let still = Formula::and([party.is(by), Formula::le(&arising.day, &last)]);
                    let bill = scene.with_everybody(|scene| something(scene, &norms, env, arising, &last));
                    if bill.is_false() {
                        return bill;
                    }
                    let nothing = scene.none(|scene| something(scene, &norms, env, arising, &last));
                    bill.also(nothing).given(still)
                })
            })
        })
    };
    let reply = first(pact, answer.broken, |how| {
        asking.exists(
            cx,
            &universe,
            Wanted::Simplest,
            |scene| build(scene, how),
            |witness| replay(pact, asking, witness, &norms, exit),
        )
    });
    let statements: Vec<StatementId> = [answer.rule.statement, exit.statement].to_vec();
    match reply {
        Reply::No => found.proved.push((question, statements)),
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let (day, last) = leaving(&witness.situation, exit).unwrap_or_default();
            let run = scene::run(asking, &witness, horizon(pact, &witness, last));
            let about = scene::about(pact, seeds);
            // what whoever has left is never owed is not shown as owed, nor the rest beyond its last day as a party
            let billed = |at: usize, i: &Instance| norms.contains(&i.norm) && owed_from(&run, at, i, 0).is_some();
            let mut shown = timeline(pact, &run, &about, |b| answer.broken.contains(&b.norm), billed);
            for owed in &mut shown.owed {
                if pact.conduct().norm(owed.norm).is_some_and(|n| !n.is_point_duty()) {
                    owed.until = Some(owed.until.map_or(last, |until| until.min(last)));
                }
            }
            let stays = staying(&witness);
            let with = scene::run(asking, &stays, run.horizon());
            let phrase = Phrase::with(&with, shown.cast().letters());
            let left: Option<String> = (0..with.instances().len()).find_map(|at| {
                let (i, norm) = phrase.norm(at).filter(|(_, n)| norms.contains(&n.id))?;
                let named = i.values.iter().flatten().all(|a| phrase.name(*a) != "?");
                (named && owed_from(&with, at, i, last + 1).is_some())
                    .then(|| format!("{}{}", phrase.deed(norm, &i.values), phrase.days(at)))
            });
            let message = format!(
                "whoever breaks {} of {} can leave before the bill: then nothing is owed under {}",
                pact.articles(answer.broken),
                pact.name(),
                pact.article(answer.rule)
            );
            let draft = Draft::new("S14", message)
                .charter(pact.view.charter)
                .statement(answer.rule.statement, "")
                .statement(exit.statement, "")
                .situation(pact.program, &shown)
                .note(format!(
                    "notice on day {day}: a party until day {last}; from day {} on nothing is owed{}",
                    last + 1,
                    left.map_or_else(String::new, |left| format!("; without the notice: {left}"))
                ));
            found.drafts.push(draft);
        }
    }
}

/// The day of the notice and the last day of membership.
fn leaving(situation: &Situation, exit: &Exit) -> Option<(i64, i64)> {
    let day = situation.occurrences.iter().find(|o| matches!(o.what, Happening::Withdrawal { .. })).map(|o| o.from)?;
    let length = |d: &Days| {
        use num_traits::ToPrimitive;
        let days = d.days.eval(&situation.values)?.floor().to_integer().to_i64()?;
        let months = i64::from(d.months);
        let to = match situation.start {
            Some(start) if months > 0 => crate::types::calendar::add_months(start + day, months)? - start - day,
            _ => 0,
        };
        Some(days + to)
    };
    let notice = exit.notice.as_ref().map_or(Some(0), length)?;
    Some((day, day + notice))
}

/// The same situation in which nobody leaves.
fn staying(witness: &Witness) -> Witness {
    let mut stays = witness.clone();
    stays.situation.occurrences.retain(|o| !matches!(o.what, Happening::Withdrawal { .. }));
    stays
}

/// The first day from one on, up to the horizon, on which something is owed.
fn owed_from(run: &Run<'_>, at: usize, i: &Instance, day: i64) -> Option<i64> {
    let end = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
    (i.first.max(day)..=end).find(|day| run.due(at, *day) == Truth::Yes)
}

/// That without leaving the evaluator finds something owed behind the last day of membership, and with it nothing.
fn replay(
    pact: &Pact<'_>,
    asking: &Asking<'_>,
    witness: &Witness,
    norms: &[NormId],
    exit: &Exit,
) -> Result<(), String> {
    let Some((_, last)) = leaving(&witness.situation, exit) else { return Err("nobody leaves".to_owned()) };
    let until = horizon(pact, witness, last);
    let owed = |run: &Run<'_>| {
        let mut billed = run.instances().iter().enumerate().filter(|(_, i)| norms.contains(&i.norm));
        billed.any(|(at, i)| owed_from(run, at, i, last + 1).is_some())
    };
    if !owed(&scene::run(asking, &staying(witness), until)) {
        return Err("the evaluator finds nothing owed without leaving either".to_owned());
    }
    if owed(&scene::run(asking, witness, until)) {
        return Err("the evaluator finds something owed after leaving".to_owned());
    }
    Ok(())
}
