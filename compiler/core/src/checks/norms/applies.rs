//! Whether each norm is due in some situation, and if not, why not.
//!
//! In: the norms of a charter. Out: [`Applies`] for each, which N02–N05 read. A permission is due while it is in force.
//!
//! A situation in which a duty is due and met shows both that it can be due and that it can be met (N02): it is asked for
//! first. What was found is kept as [`Seen`], for whoever needs a situation in which the norm is due.

use super::ask::{Asking, DAY, Named, Reply, Wanted, Witness};
use super::n02;
use crate::checks::Context;
use crate::encode::conduct::{Scene, Term, Universe};
use crate::evaluate::situation::{Run, Status, Truth};
use crate::logic::Var;
use crate::model::conduct::{Binder, Force, Norm};

/// Whether a norm is due in some situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Applies {
    /// it is
    Yes,
    /// it would be, and a norm above it sets it aside each time
    SetAside,
    /// it is not
    Never,
    /// neither was shown
    Open(String),
}

/// What was seen of a norm while it was asked whether it is due.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// of a duty that asks for something: whether it can be met; nothing where none was found, because of this
    pub(crate) met: Option<Result<bool, String>>,
    /// a situation in which it is due, if it can be met then, and the day
    pub(crate) situation: Option<(Box<Witness>, i64)>,
}

impl Seen {
    fn show(&mut self, witness: Box<Witness>) {
        let day = day_of(&witness);
        self.situation.get_or_insert((witness, day));
    }
}

/// The day that was asked about.
fn day_of(witness: &Witness) -> i64 {
    witness.whole(&Var::int(DAY)).unwrap_or(0)
}

/// Whether it can be asked of a norm whether it is due: words of discretion bind nobody (S11 counts them).
pub(crate) fn binds(norm: &Norm) -> bool {
    norm.force != Force::Should && !(norm.discretion && norm.force == Force::Must)
}

/// Asks it of one norm.
pub(crate) fn ask(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> (Applies, Seen) {
    let universe = Universe::new(&asking.frame, &[norm.id]);
    let mut seen = Seen::default();
    let applies = match cx.as_one(|cx| at_all(cx, asking, &universe, norm, &mut seen)) {
        Ok(true) => Applies::Yes,
        Err(why) => Applies::Open(why),
        Ok(false) if asking.frame.overrides(norm).is_empty() || norm.is_prohibition() => Applies::Never,
        Ok(false) => match due(cx, asking, &universe, norm, true) {
            Reply::Yes(_) => Applies::SetAside,
            Reply::No => Applies::Never,
            Reply::Open(why) => Applies::Open(why),
        },
    };
    (applies, seen)
}

/// Whether a norm is due in some situation: of a duty, in one in which it is met, if there is one.
fn at_all(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    universe: &Universe,
    norm: &Norm,
    seen: &mut Seen,
) -> Result<bool, String> {
    if n02::asks_something(norm) {
        seen.met = Some(match n02::met(cx, asking, norm) {
            Reply::Yes(witness) => {
                seen.show(witness);
                Ok(true)
            }
            Reply::No => Ok(false),
            Reply::Open(why) => Err(why),
        });
        if seen.situation.as_ref().is_some_and(|(witness, day)| is_due(&run(asking, witness, *day), norm, *day)) {
            return Ok(true);
        }
    }
    match due(cx, asking, universe, norm, false) {
        Reply::Yes(witness) => {
            seen.show(witness);
            Ok(true)
        }
        Reply::No => Ok(false),
        Reply::Open(why) => Err(why),
    }
}

/// Whether the evaluator finds a norm due on a day.
fn is_due(run: &Run<'_>, norm: &Norm, day: i64) -> bool {
    let own = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id);
    own.into_iter().any(|(at, _)| run.due(at, day) == Truth::Yes)
}

/// A situation in which a norm is due; `anyway`: leaving aside what sets it aside.
fn due(cx: &mut Context<'_>, asking: &Asking<'_>, universe: &Universe, norm: &Norm, anyway: bool) -> Reply {
    let named = Named::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                scene.arises(norm, env, &mut |scene, arising| {
                    if anyway {
                        scene.would_be_due(norm, env, arising, &day)
                    } else {
                        scene.due(norm, env, arising, &day)
                    }
                })
            })
            .given(from)
    };
    asking.exists(cx, universe, Wanted::Any, build, |witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let run = run(asking, witness, day);
        let own = || run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id);
        let holds = match (anyway, norm.force) {
            (false, _) => is_due(&run, norm, day),
            (true, Force::Must) => own().any(|(at, _)| run.status(at, day) == Some(Status::SetAside)),
            (true, _) => own().any(|(at, _)| run.due(at, day) == Truth::No),
        };
        if holds { Ok(()) } else { Err(format!("the evaluator does not find `{}` due on day {day}", norm.text)) }
    })
}

/// The evaluator's reading of a situation up to a day.
pub(crate) fn run<'r>(asking: &Asking<'r>, witness: &'r Witness, day: i64) -> Run<'r> {
    Run::of(&asking.text, &witness.situation, witness.last_day(day))
}
