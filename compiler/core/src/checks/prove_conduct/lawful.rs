//! Looks for a situation in which nobody is in breach, or shows that there is none, and because of which norms.
//!
//! In: what is looked for ([`Sought`]). Out: [`Found`]. The norms that are to be kept are brought in one by one, those that a
//! situation without them breaks: the evaluator says which. That no situation keeps the few proves that none keeps all. What
//! such a proof rests on is then shrunk: see [`super::core`].

use crate::checks::Context;
use crate::checks::norms::applies;
use crate::checks::norms::ask::{Asking, DAY, Reply, Wanted, Witness};
use crate::encode::conduct::{CHANGED, EACH, Keeps, Read, Room, SLOTS, Scene, Spared, Term, Universe, pose_within};
use crate::evaluate::situation::{Breach, Run, Truth};
use crate::logic::{Answer, Formula, Linear, Var};
use crate::model::conduct::{Deed, NormId};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How many norms are brought in before a question is left open.
const KEPT: usize = 64;

/// How many occurrences of one kind are tried first.
const FEW: usize = 2;

/// How many are tried before as many as can be.
const MANY: usize = 8;

/// How many acts that change a quantity are tried.
const ACTS: usize = 4;

/// Adds that nobody is in breach, but for what is spared.
pub(in crate::checks) type Lawful<'l, 'q> = &'l mut dyn FnMut(&mut Scene<'q>, Option<&Spared<'_>>) -> Term;

/// What is looked for.
pub(in crate::checks) trait Sought {
    /// Who takes part where these norms are to be kept; `wide`: as many as are written out at most.
    fn universe(&self, asking: &Asking<'_>, kept: &[NormId], wide: bool) -> Universe;

    /// That it is so on a day, and lawful.
    fn build<'q>(&self, scene: &mut Scene<'q>, day: &Linear, lawful: Lawful<'_, 'q>) -> Term;

    /// That the evaluator finds it so.
    ///
    /// # Errors
    /// What it finds instead.
    fn replay(&self, run: &Run<'_>, day: i64) -> Result<(), String>;

    /// The breaches up to a day that there must not be.
    fn breaches<'r>(&self, run: &'r Run<'_>, day: i64) -> Vec<&'r Breach> {
        breaches(run, day)
    }
}

/// How it is looked for.
#[derive(Debug, Clone, Default)]
pub(in crate::checks) struct How {
    /// in situations in which somebody is in breach too
    pub(in crate::checks) unlawful: bool,
    /// the situation is not printed: any will do
    pub(in crate::checks) any: bool,
    /// only these are to be kept
    pub(in crate::checks) only: Option<BTreeSet<Keeps>>,
    /// these are known to be needed, and kept from the beginning
    pub(in crate::checks) from: BTreeSet<Keeps>,
}

/// The breaches by somebody up to a day, sure or not.
pub(in crate::checks) fn breaches<'r>(run: &'r Run<'_>, day: i64) -> Vec<&'r Breach> {
    run.breaches().iter().filter(|b| b.subject.is_some() && b.truth != Truth::No && b.earliest <= day).collect()
}

/// What was found.
#[derive(Debug)]
pub(in crate::checks) enum Found {
    /// this situation, on this day
    Some(Box<Witness>, i64),
    /// there is none in which these are kept
    None(BTreeSet<Keeps>),
    /// neither was shown, because of this
    Open(String),
}

/// The day on which it is looked for.
pub(in crate::checks) fn the_day() -> Var {
    Var::int(DAY)
}

/// Looks for it.
pub(in crate::checks) fn search(cx: &mut Context<'_>, asking: &Asking<'_>, sought: &dyn Sought, how: &How) -> Found {
    cx.as_one(|cx| look(cx, asking, sought, how))
}

fn look(cx: &mut Context<'_>, asking: &Asking<'_>, sought: &dyn Sought, how: &How) -> Found {
    let mut kept = how.from.clone();
    let (mut among, mut acts) = (Among::Few, 1);
    let wanted = if how.any { Wanted::Any } else { Wanted::Simplest };
    let day = the_day();
    loop {
        let some = sought.universe(asking, &seeds(&kept), among > Among::Few);
        let in_step = some.in_step().filter(|_| among == Among::InStep);
        let universe = in_step.unwrap_or(&some);
        let broken: RefCell<BTreeSet<Keeps>> = RefCell::default();
        let replay = |witness: &Witness| {
            let on = witness.whole(&day).unwrap_or(0);
            let run = applies::run(asking, witness, on);
            sought.replay(&run, on)?;
            if how.unlawful {
                return Ok(());
            }
            let found = sought.breaches(&run, on).into_iter().map(what);
            let found: BTreeSet<Keeps> = found.filter(|k| how.only.as_ref().is_none_or(|o| o.contains(k))).collect();
            if found.is_empty() {
                return Ok(());
            }
            *broken.borrow_mut() = found;
            Err("somebody is in breach".to_owned())
        };
        let (reply, changing) = by_and_by(cx, asking, universe, sought, &kept, (acts, wanted), &replay, &broken);
        let broken = broken.take();
        if !broken.is_empty() {
            let before = kept.len();
            kept.extend(broken.iter().copied());
            if kept.len() == before {
                among = match among {
                    Among::Few => Among::Many,
                    Among::Many if some.in_step().is_some() => Among::InStep,
                    Among::Many | Among::InStep => {
                        let each = some.figures().any(|(_, f)| !f.active);
                        return Found::Open(no_proof(if each { EACH } else { "what is not known decides" }));
                    }
                };
                continue;
            }
            if kept.len() > KEPT {
                return Found::Open(format!("more than {KEPT} norms would have to be kept at once"));
            }
            continue;
        }
        return match reply {
            // that those who act in step do not is no proof
            Reply::No if among == Among::InStep => Found::Open(no_proof(EACH)),
            Reply::No => Found::None(kept),
            Reply::Open(why) => match not_even_so(cx, asking, sought, how, &kept) {
                Some(kept) => Found::None(kept),
                None if among < Among::InStep && why.contains(EACH) && some.in_step().is_some() => {
                    among = Among::InStep;
                    continue;
                }
                None if changing && acts < ACTS => {
                    acts += 1;
                    continue;
                }
                None => Found::Open(why),
            },
            Reply::Yes(mut witness) => {
                if among == Among::InStep {
                    witness = Box::new(witness.without_needless(&replay));
                }
                let on = witness.whole(&day).unwrap_or(0);
                Found::Some(witness, on)
            }
        };
    }
}

/// Who takes part in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Among {
    /// as few as it takes
    Few,
    /// as many as are written out
    Many,
    /// all of them, those who are not written out alike
    InStep,
}

fn no_proof(why: &str) -> String {
    format!("none was found, and that there is none is not shown: {why}")
}

/// Asks with few occurrences first: what many could do few often can. Says too whether more acts could change a quantity.
#[expect(clippy::too_many_arguments, reason = "the parts of one question")]
fn by_and_by(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    universe: &Universe,
    sought: &dyn Sought,
    kept: &BTreeSet<Keeps>,
    (acts, wanted): (usize, Wanted),
    replay: &dyn Fn(&Witness) -> Result<(), String>,
    broken: &RefCell<BTreeSet<Keeps>>,
) -> (Reply, bool) {
    let mut slots = FEW;
    loop {
        let room = Room { slots, acts };
        let posed = pose_within(&asking.frame, universe, room, |scene| question(scene, sought, kept));
        let reply = asking.answer(cx, &posed, wanted, replay);
        let last = !posed.short || slots >= SLOTS || !posed.refused.is_empty() || !broken.borrow().is_empty();
        let more = match &reply {
            Reply::Open(_) => slots.saturating_mul(2),
            // fewer occurrences than these would all have had room
            Reply::Yes(found) if wanted == Wanted::Simplest && found.situation.occurrences.len() > slots + 1 => {
                found.situation.occurrences.len().saturating_sub(1)
            }
            Reply::Yes(_) | Reply::No => slots,
        };
        if last || more == slots {
            return (reply, posed.refused.is_empty() && posed.open.contains(CHANGED));
        }
        slots = if more > MANY { SLOTS } else { more };
    }
}

/// The norms with which it is not so even where more is possible than can be: quantities are what they are on each day, and
/// standing duties are kept on the last day alone.
fn not_even_so(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    sought: &dyn Sought,
    how: &How,
    kept: &BTreeSet<Keeps>,
) -> Option<BTreeSet<Keeps>> {
    let mut with = kept.clone();
    if !how.unlawful {
        // a witness of fewer acts may break none of these
        let ensures = asking.frame.norms.iter().filter(|n| matches!(n.deed, Deed::Ensure(_)) && applies::binds(n));
        let ensures = ensures.map(|n| Keeps::Norm(n.id));
        with.extend(ensures.filter(|k| how.only.as_ref().is_none_or(|o| o.contains(k))));
    }
    impossible(cx, asking, sought, &with, &BTreeSet::new(), true).then_some(with)
}

/// Whether it is never so while these are kept, whatever the loosened statements say.
pub(super) fn never(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    sought: &dyn Sought,
    kept: &BTreeSet<Keeps>,
    loose: &BTreeSet<Read>,
) -> bool {
    [false, true].into_iter().any(|of_the_day| impossible(cx, asking, sought, kept, loose, of_the_day))
}

fn impossible(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    sought: &dyn Sought,
    kept: &BTreeSet<Keeps>,
    loose: &BTreeSet<Read>,
    of_the_day: bool,
) -> bool {
    let universe = sought.universe(asking, &seeds(kept), true);
    let posed = pose_within(&asking.frame, &universe, Room { slots: SLOTS, acts: 1 }, |scene| {
        if of_the_day {
            scene.take_days_as_they_come();
        }
        scene.loosen(loose);
        question(scene, sought, kept)
    });
    posed.refused.is_empty()
        && posed.open.is_empty()
        && matches!(cx.can_hold(&[asking.assumed.clone(), posed.formula]), Answer::Unsat { .. })
}

/// That it is so on some day, while these are kept.
pub(super) fn question<'q>(scene: &mut Scene<'q>, sought: &dyn Sought, kept: &BTreeSet<Keeps>) -> Term {
    if scene.program.conduct.exits.iter().any(|e| e.charter == scene.frame.charter) {
        scene.with_withdrawals();
    }
    let day = Linear::var(&the_day());
    let mut lawful = |scene: &mut Scene<'q>, spared: Option<&Spared<'_>>| {
        let all: Vec<Term> = kept.iter().map(|k| scene.kept(*k, &day, spared)).collect();
        Term::and(all)
    };
    let found = sought.build(scene, &day, &mut lawful);
    found.given(Formula::ge(&day, &Linear::zero()))
}

fn seeds(kept: &BTreeSet<Keeps>) -> Vec<NormId> {
    kept.iter().map(|k| k.norm()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a breach is a breach of.
pub(super) fn what(b: &Breach) -> Keeps {
    match b.ceiling {
        Some(place) => Keeps::Ceiling(b.norm, place),
        None => Keeps::Norm(b.norm),
    }
}
