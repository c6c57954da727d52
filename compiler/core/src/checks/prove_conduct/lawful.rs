//! Looks for a situation in which nobody is in breach, or shows that there is none, and because of which norms.
//!
//! In: what is looked for ([`Sought`]). Out: [`Found`]. The norms that are to be kept are brought in one by one, those that a
//! situation without them breaks: the evaluator says which. That no situation keeps the few proves that none keeps all. What
//! such a proof rests on is then shrunk: see [`super::core`].

use crate::checks::Context;
use crate::checks::norms::applies;
use crate::checks::norms::ask::{Asking, DAY, Reply, Wanted, Witness};
use crate::encode::conduct::{Keeps, Scene, Spared, Term, Universe};
use crate::evaluate::situation::{Breach, Run, Truth};
use crate::logic::{Formula, Linear, Var};
use crate::model::conduct::NormId;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How many norms are brought in before a question is left open.
const KEPT: usize = 64;

/// Adds that nobody is in breach, but for what is spared.
pub(in crate::checks) type Lawful<'l, 'q> = &'l mut dyn FnMut(&mut Scene<'q>, Option<&Spared<'_>>) -> Term;

/// What is looked for.
pub(in crate::checks) trait Sought {
    /// Who takes part where these norms are to be kept.
    fn universe(&self, asking: &Asking<'_>, kept: &[NormId]) -> Universe;

    /// That it is so on a day, and lawful.
    fn build<'q>(&self, scene: &mut Scene<'q>, day: &Linear, lawful: Lawful<'_, 'q>) -> Term;

    /// That the evaluator finds it so.
    ///
    /// # Errors
    /// What it finds instead.
    fn replay(&self, run: &Run<'_>, day: i64) -> Result<(), String>;

    /// Whether a breach is the one that may be.
    fn spares(&self, _run: &Run<'_>, _day: i64, _breach: &Breach) -> bool {
        false
    }
}

/// How it is looked for.
#[derive(Debug, Clone, Default)]
pub(in crate::checks) struct How {
    /// in situations in which somebody is in breach too
    pub(in crate::checks) unlawful: bool,
    /// only these are to be kept
    pub(in crate::checks) only: Option<BTreeSet<Keeps>>,
    /// these are known to be needed, and kept from the beginning
    pub(in crate::checks) from: BTreeSet<Keeps>,
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
    let day = the_day();
    loop {
        let seeds: Vec<NormId> = kept.iter().map(|k| k.norm()).collect::<BTreeSet<_>>().into_iter().collect();
        let universe = sought.universe(asking, &seeds);
        let broken: RefCell<BTreeSet<Keeps>> = RefCell::default();
        let reply = asking.exists(
            cx,
            &universe,
            Wanted::Simplest,
            |scene| question(scene, sought, &kept),
            |witness| {
                let on = witness.whole(&day).unwrap_or(0);
                let run = applies::run(asking, witness, on);
                sought.replay(&run, on)?;
                if how.unlawful {
                    return Ok(());
                }
                let counts = |b: &&Breach| {
                    b.subject.is_some() && b.truth != Truth::No && b.earliest <= on && !sought.spares(&run, on, b)
                };
                let found = run.breaches().iter().filter(counts).map(what);
                let found: BTreeSet<Keeps> =
                    found.filter(|k| how.only.as_ref().is_none_or(|o| o.contains(k))).collect();
                if found.is_empty() {
                    return Ok(());
                }
                *broken.borrow_mut() = found;
                Err("somebody is in breach".to_owned())
            },
        );
        let broken = broken.into_inner();
        if !broken.is_empty() {
            let before = kept.len();
            kept.extend(broken.iter().copied());
            if kept.len() == before {
                let each = universe.figures().any(|(_, f)| !f.active);
                let why = if each { "each of many parties has to do something" } else { "what is not known decides" };
                return Found::Open(format!("none was found, and that there is none is not shown: {why}"));
            }
            if kept.len() > KEPT {
                return Found::Open(format!("more than {KEPT} norms would have to be kept at once"));
            }
            continue;
        }
        return match reply {
            Reply::No => Found::None(kept),
            Reply::Open(why) => Found::Open(why),
            Reply::Yes(witness) => {
                let on = witness.whole(&day).unwrap_or(0);
                Found::Some(witness, on)
            }
        };
    }
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

/// What a breach is a breach of.
fn what(b: &Breach) -> Keeps {
    match b.ceiling {
        Some(place) => Keeps::Ceiling(b.norm, place),
        None => Keeps::Norm(b.norm),
    }
}
