//! N02: cannot be met: a duty that no situation lets its subject meet, whatever other norms say.
//!
//! A point duty is met by an act, or a state of affairs, in its window, and due on some day of it: what meets it may lift it, or
//! be its exception (`lift when Ada has restore()`). A standing one is asked for one day on which it is due and kept.
//! Prohibitions, `at least … before` and equal treatment are met by doing nothing.

use super::applies::{self, Applies, binds};
use super::ask::{Asking, Named, Reply, Wanted};
use super::conclude::Open;
use super::{quoted, rests};
use crate::checks::sanctions::{Pact, s02};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Read, Scene, Term, Universe, is_point};
use crate::evaluate::situation::Status;
use crate::model::StatementId;
use crate::model::conduct::{Binder, Deed, Force, Norm};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// N02.
#[derive(Debug)]
pub(in crate::checks) struct CannotBeMet;

const QUESTION: &str = "each duty can be met";

impl Check for CannotBeMet {
    fn code(&self) -> &'static str {
        "N02"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let pact = Pact::new(cx.program(), view);
            let mut met: Vec<&Norm> = Vec::new();
            let (mut asked, mut found, mut open) = (0, 0, Open::default());
            for norm in norms.asked.iter().filter(|n| binds(n) && asks_something(n)) {
                if norms.applies.get(&norm.id) != Some(&Applies::Yes) {
                    continue;
                }
                asked += 1;
                cx.count(1);
                match norms.seen.get(&norm.id).and_then(|s| s.met.as_ref()) {
                    Some(Ok(true)) => met.push(*norm),
                    Some(Err(why)) => open.norm(norm, why.as_str()),
                    None => {}
                    // one in breach leaves too few for it: S02 says so
                    Some(Ok(false)) if s02::tells(&pact, norm) => found += 1,
                    Some(Ok(false)) => {
                        found += 1;
                        let message = format!("{} can be met in no situation, whatever else is owed", quoted(norm));
                        let draft = Draft::new("N02", message)
                            .charter(view.charter)
                            .statement(norm.statement, "")
                            .identity(norm.text.clone());
                        cx.report(draft);
                    }
                }
            }
            let asking = &norms.asking;
            let core: BTreeSet<StatementId> =
                cx.each(&met, |cx, norm| rests_on(cx, asking, norm)).into_iter().flatten().collect();
            open.conclude(cx, ("N02", view, QUESTION), found == 0 && asked > 0, core, IndexMap::new());
        }
    }
}

/// Whether doing nothing does not meet it.
pub(super) fn asks_something(norm: &Norm) -> bool {
    norm.force == Force::Must && matches!(norm.deed, Deed::Act(_) | Deed::Ensure(_))
}

/// What it rests on that a duty can be met: its own words, and whatever could otherwise keep it from being due.
fn rests_on(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> BTreeSet<StatementId> {
    // what its own rule says sets it off: were that loose, it might never be due
    let own = |read: &Read| matches!(read, Read::Rule(rule) if norm.rule == Some(*rule));
    let (rule, reads): (Vec<_>, Vec<_>) =
        asking.frame.reads(&BTreeSet::from([norm.id])).into_iter().partition(|(_, read)| own(read));
    let mut core =
        cx.as_one(|cx| rests::on(reads, |loose| matches!(met_whatever(cx, asking, norm, loose), Reply::Yes(_))));
    core.extend(rule.into_iter().map(|(statement, _)| statement));
    core.insert(norm.statement);
    core
}

/// A situation in which a duty is due and met.
pub(in crate::checks) fn met(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> Reply {
    met_whatever(cx, asking, norm, &BTreeSet::new())
}

/// The same, whatever the loosened statements say.
fn met_whatever(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm, loose: &BTreeSet<Read>) -> Reply {
    let universe = Universe::new(&asking.frame, &[norm.id]);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                scene.arises(norm, env, &mut |scene, arising| {
                    let due = scene.due(norm, env, arising, &day);
                    if due.is_false() {
                        return due;
                    }
                    if !is_point(norm) {
                        let kept = scene.none(|scene| scene.gap(norm, env, arising, &day));
                        return due.also(kept);
                    }
                    // what meets it may end it: it is due on some day, not only on its last
                    let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
                    let met = scene.none(|scene| scene.unmet(norm, env, arising, &deadline));
                    due.also(met).given(crate::logic::Formula::le(&day, &deadline))
                })
            })
            .given(from)
    };
    asking.whatever(cx, &universe, loose, Wanted::Any, build, |witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let last = if is_point(norm) { witness.last_day(day) } else { day };
        let run = applies::run(asking, witness, last);
        let holds = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id).any(|(at, i)| {
            let end = i.deadline.map_or(last, |deadline| deadline.min(last));
            run.due(at, day).is_yes() && matches!(run.status(at, end), Some(Status::Met { .. }))
        });
        if holds { Ok(()) } else { Err(format!("the evaluator does not find `{}` met on day {day}", norm.text)) }
    })
}
