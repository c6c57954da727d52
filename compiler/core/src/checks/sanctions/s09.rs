//! S09: uncompensated: an economic measure whose losses no rule makes good, or a fund that can be short.
//!
//! In: rules that answer a breach with a measure of the level `economic`. Out: a finding for a rule whose losses nothing makes
//! good: neither a compensation of its own nor one of another rule that answers the same breaches. Where there is one, the
//! simplest situation with a loss that its fund does not hold, as the text bounds no loss; none where each loss obliges others
//! to help whoever loses, as what the fund does not hold is made good by them. A charter whose ladders have no level `economic`
//! is not asked.

use super::scene::{self, SetOff, arisen, first, set_off, timeline};
use super::shown::{Then, with_situation};
use super::{Answer, Found, Pact, is_owed, names, pattern};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::words::quantity;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arg, At, Kind, Scene, Term, Universe, What};
use crate::logic::Formula;
use crate::model::conduct::{
    Binder, Compensation, Force, Happening, Match, Norm, NormId, Quantity, Rule, Sort, Trigger, Value, Who,
};
use std::collections::BTreeSet;

/// S09.
#[derive(Debug)]
pub(in crate::checks) struct Uncompensated;

/// The level whose losses are meant.
pub(super) const ECONOMIC: &str = "economic";

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
            let asking = cx.asking(pact.view);
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
                let made_good = made_good(pact, &answer);
                if made_good.is_empty() {
                    found.drafts.push(uncovered(cx, pact, &asking, &answer, &economic));
                    continue;
                }
                for c in made_good {
                    // one fund that can be short is one cause
                    if !funds.insert((c.fund, c.event)) {
                        continue;
                    }
                    if let Some((rule, norm)) = borne(pact, c) {
                        let question =
                            format!("what others lose by measures under {} is made good", pact.article(answer.rule));
                        let core = vec![answer.rule.statement, c.statement, rule.statement, norm.statement];
                        found.proved.push((question, core));
                        continue;
                    }
                    short(cx, pact, &asking, answer, economic.as_slice(), c, &mut found);
                }
            }
            found
        });
    }
}

/// What makes good what is lost by the measures of a rule: itself or, where it does not say, another rule that every such breach
/// sets off as well and nothing ends.
fn made_good<'p>(pact: &Pact<'p>, answer: &Answer<'p>) -> Vec<&'p Compensation> {
    if !answer.rule.compensation.is_empty() {
        return answer.rule.compensation.iter().collect();
    }
    let as_well = |other: &Answer<'p>| {
        answer.broken.iter().all(|n| other.broken.contains(n))
            && other.rule.determined.is_none()
            && answer.rule.determined.is_none()
            && other.rule.lift.is_none()
            && (other.against.is_none() || answer.against.is_some())
            && other.rule.variables.iter().all(|v| v.binder != Binder::Rule || v.filter.is_none())
    };
    pact.answers().filter(as_well).flat_map(|other| &other.rule.compensation).collect()
}

/// A rule that each loss sets off, whoever loses however much, and its duty of others to help whoever loses.
fn borne<'p>(pact: &Pact<'p>, c: &Compensation) -> Option<(&'p Rule, &'p Norm)> {
    pact.rules().filter(|r| r.lift.is_none()).find_map(|rule| {
        let Trigger::Occurs(on) = &rule.trigger else { return None };
        let Some(Match::Binds(loser)) = on.arguments.get(c.loser).filter(|_| on.action == c.event) else { return None };
        let others = on.arguments.iter().enumerate().filter(|(at, _)| *at != c.loser);
        let any = on.place.is_none() && others.into_iter().all(|(_, m)| matches!(m, Match::Any | Match::Anyone));
        let declared = pact.conduct().action(c.event)?.parameters.get(c.loser)?;
        let whoever = rule.variables.get(loser.0 as usize).is_some_and(|v| {
            v.filter.is_none()
                && matches!(&declared.sort, Sort::Party(kind) if v.domain.kind.0 == 0 || v.domain.kind == *kind)
        });
        let norm = pact.steps(rule).find(|n| helps(pact, n, Who::Var(*loser)))?;
        (any && whoever).then_some((rule, norm))
    })
}

/// Whether a norm obliges some other member to help somebody, whatever else is so.
fn helps(pact: &Pact<'_>, norm: &Norm, whom: Who) -> bool {
    let w = &norm.window;
    let always = norm.when.is_true() && norm.unless.is_false() && w.from_date.is_none() && w.until_date.is_none();
    let free = norm.variables.iter().all(|v| v.binder == Binder::Rule || v.filter.is_none());
    is_owed(norm)
        && always
        && free
        && pact.norms().all(|m| !pact.conduct().ranks_above(m.id, norm.id))
        && pact.reserved(norm.id).is_empty()
        && pact.subjects(norm).0.len() > 1
        && pact.action(norm).is_some_and(|a| a.helps)
        && pattern(norm).is_some_and(|p| p.place.is_none() && names(p, whom))
}

fn uncovered<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: &Answer<'p>,
    economic: &[&Norm],
) -> Draft {
    let names: BTreeSet<String> =
        economic.iter().filter_map(|n| pact.action(n)).map(|a| format!("`{}`", a.name)).collect();
    let names = crate::atlas::join(&names.into_iter().collect::<Vec<_>>());
    let message = format!(
        "nothing makes good what others lose by {names} under {} of {}",
        pact.article(answer.rule),
        pact.name()
    );
    let mut draft = Draft::new("S09", message).charter(pact.view.charter).statement(answer.rule.statement, "");
    draft = draft.statements(economic.iter().map(|norm| norm.statement));
    let norms: Vec<NormId> = economic.iter().map(|n| n.id).collect();
    draft = with_situation(draft, cx, (pact, asking), answer.rule, &norms, Then::Due);
    draft.note("a rule says so by `compensate from FUND who EVENT by it`, with a fund and an event that names who loses how much")
}

/// A loss that the fund does not hold.
fn short<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    economic: &[&'p Norm],
    c: &'p Compensation,
    found: &mut Found,
) {
    let Some(fund) = pact.conduct().funds.get(c.fund.0 as usize) else { return };
    let Some(event) = pact.conduct().action(c.event) else { return };
    let question =
        format!("the fund `{}` covers what is lost by measures under {}", fund.name, pact.article(answer.rule));
    let mut reply = Reply::No;
    for norm in economic {
        reply = reply.or(|| loss(cx, pact, asking, answer, norm, c));
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
    c: &Compensation,
) -> Reply {
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(answer.broken.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let Some(action) = pattern(norm).map(|p| p.action) else { return Reply::No };
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(answer) = Answer::of(scene.program, answer.rule.id) else { return Term::falsity() };
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
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
        asking.exists(cx, &universe, Wanted::Simplest, |scene| build(scene, how), |witness| replay(asking, witness, c))
    })
}

/// That the evaluator finds less in the fund than is lost.
fn replay(asking: &Asking<'_>, witness: &Witness, c: &Compensation) -> Result<(), String> {
    let run = scene::run(asking, witness, witness.last_day(0));
    let short = witness.situation.occurrences.iter().any(|o| match &o.what {
        Happening::Act { action, arguments, .. } if *action == c.event => match arguments.get(c.amount) {
            Some(Value::Number(n)) => run.balance(c.fund, o.from).is_some_and(|held| *n > held),
            _ => false,
        },
        _ => false,
    });
    if short { Ok(()) } else { Err("the evaluator finds the fund to hold what is lost".to_owned()) }
}
