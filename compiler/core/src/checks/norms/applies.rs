//! Whether each norm is due in some situation, and if not, why not.
//!
//! In: the norms of a charter. Out: [`Applies`] for each, which N02–N05 read. A permission is due while it is in force.

use super::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::Context;
use crate::encode::conduct::{Scene, Term, Universe};
use crate::evaluate::situation::{Run, Status, Truth};
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

/// Whether it can be asked of a norm whether it is due: words of discretion bind nobody (S11 counts them).
pub(crate) fn binds(norm: &Norm) -> bool {
    norm.force != Force::Should && !(norm.discretion && norm.force == Force::Must)
}

/// Asks it of one norm.
pub(crate) fn ask(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> Applies {
    let universe = Universe::new(&asking.frame, &[norm.id]);
    match due(cx, asking, &universe, norm, false) {
        Reply::Yes(_) => Applies::Yes,
        Reply::Open(why) => Applies::Open(why),
        Reply::No if asking.frame.overrides(norm).is_empty() || norm.is_prohibition() => Applies::Never,
        Reply::No => match due(cx, asking, &universe, norm, true) {
            Reply::Yes(_) => Applies::SetAside,
            Reply::No => Applies::Never,
            Reply::Open(why) => Applies::Open(why),
        },
    }
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
        let holds = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id).any(|(at, _)| {
            match (anyway, norm.force) {
                (false, _) => run.due(at, day) == Truth::Yes,
                (true, Force::Must) => run.status(at, day) == Some(Status::SetAside),
                (true, _) => run.due(at, day) == Truth::No,
            }
        });
        if holds { Ok(()) } else { Err(format!("the evaluator does not find `{}` due on day {day}", norm.text)) }
    })
}

/// The evaluator's reading of a situation up to a day.
pub(crate) fn run<'r>(asking: &Asking<'r>, witness: &'r Witness, day: i64) -> Run<'r> {
    Run::new(asking.frame.program, asking.frame.charter, &witness.situation, witness.last_day(day))
}
