//! `prove in C always …`, `never …`, `possible …`: a condition on every day, or on some day, of every lawful situation, or of
//! every situation.
//!
//! In: a property with its condition. Out: see [`super`]. *Always* is refuted by a day on which the condition fails; *possible*
//! is proved by a day on which it holds, which is shown.

use super::lawful::{self, Found, How, Lawful, Sought};
use super::{CODE, core};
use crate::checks::norms::ask::{Asking, Witness};
use crate::checks::norms::{self, applies};
use crate::checks::situation::{About, Breached, Timeline};
use crate::checks::{Context, Draft, View};
use crate::encode::conduct::{At, Env, Frame, Scene, Term, Universe};
use crate::evaluate::situation::{Run, Scope, Text, Truth};
use crate::logic::Linear;
use crate::model::conduct::{Condition, ConductProperty, NormId, Variable};
use crate::model::mentions::Mentions;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A day on which a condition holds.
pub(super) struct Holds<'a> {
    variables: &'a [Variable],
    condition: &'a Condition,
    /// whether it is to hold, or to fail
    wanted: bool,
}

impl Holds<'_> {
    /// Whether the evaluator finds it so on a day.
    fn is(&self, run: &Run<'_>, day: i64) -> Truth {
        let found = run.condition(self.condition, &mut Scope::new(self.variables, &[], None), day);
        if self.wanted { found } else { found.not() }
    }

    /// The first day on which it is so.
    fn first(&self, run: &Run<'_>, last: i64) -> i64 {
        (0..=last).find(|day| self.is(run, *day).is_yes()).unwrap_or(last)
    }
}

impl Sought for Holds<'_> {
    fn universe(&self, asking: &Asking<'_>, kept: &[NormId], wide: bool) -> Universe {
        Universe::about(&asking.frame, self.variables, &[self.condition], kept, wide)
    }

    fn build<'q>(&self, scene: &mut Scene<'q>, day: &Linear, lawful: Lawful<'_, 'q>) -> Term {
        let nobody: Env = vec![None; self.variables.len()];
        let at = At { variables: self.variables, env: &nobody, day, base: None };
        let found = if self.wanted {
            scene.condition(self.condition, at)
        } else {
            scene.none(|scene| scene.condition(self.condition, at))
        };
        if found.is_false() { found } else { found.also(lawful(scene, None)) }
    }

    fn replay(&self, run: &Run<'_>, day: i64) -> Result<(), String> {
        match self.is(run, day) {
            Truth::Yes => Ok(()),
            Truth::No => Err(format!("the evaluator does not find it so on day {day}")),
            Truth::Unknown => Err(format!("the evaluator cannot say whether it is so on day {day}")),
        }
    }
}

/// All that questions about a property share.
fn asking<'p>(cx: &mut Context<'p>, property: &'p ConductProperty, condition: &'p Condition) -> Asking<'p> {
    let view = View { charter: property.charter, with: None };
    let statements = cx.statements(view);
    let assumed = norms::assumed(cx, &statements);
    let frame = Frame::about(cx.program(), property.charter, &statements, &[condition]);
    Asking { frame, assumed, text: Arc::new(Text::new(cx.program(), property.charter)) }
}

/// `always` and `never`.
pub(super) fn always<'p>(
    cx: &mut Context<'p>,
    property: &'p ConductProperty,
    variables: &'p [Variable],
    condition: &'p Condition,
    every_situation: bool,
) {
    let asking = asking(cx, property, condition);
    let fails = Holds { variables, condition, wanted: false };
    let how = How { unlawful: every_situation, ..How::default() };
    match lawful::search(cx, &asking, &fails, &how) {
        Found::Open(why) => cx.undecided(CODE, Some(property.charter), property.text.clone(), why),
        Found::None(kept) => {
            let core = cx.as_one(|cx| core::of_none(cx, &asking, &fails, kept, &read(&asking, variables, condition)));
            cx.prove(CODE, Some(property.charter), property.text.clone(), &core, IndexMap::new());
        }
        Found::Some(witness, on) => {
            let run = applies::run(&asking, &witness, on);
            let day = fails.first(&run, on);
            let whence = if every_situation { "some" } else { "a lawful" };
            let message = format!("`{}` does not hold: in {whence} situation it fails on day {day}", property.text);
            let timeline = timeline(&asking, &witness, &run, variables, condition, day);
            let draft = Draft::new(CODE, message)
                .charter(property.charter)
                .asked(property.span, &property.text)
                .situation(cx.program(), &timeline);
            cx.report(draft);
        }
    }
}

/// `possible`.
pub(super) fn possible<'p>(
    cx: &mut Context<'p>,
    property: &'p ConductProperty,
    variables: &'p [Variable],
    condition: &'p Condition,
    every_situation: bool,
) {
    let asking = asking(cx, property, condition);
    let holds = Holds { variables, condition, wanted: true };
    let how = How { unlawful: every_situation, ..How::default() };
    match lawful::search(cx, &asking, &holds, &how) {
        Found::Open(why) => cx.undecided(CODE, Some(property.charter), property.text.clone(), why),
        Found::None(kept) => {
            let core = cx.as_one(|cx| core::of_none(cx, &asking, &holds, kept, &read(&asking, variables, condition)));
            let which = if every_situation { "no situation" } else { "no lawful situation" };
            let message = format!("`{}` does not hold: there is {which} in which it is so", property.text);
            let mut draft =
                Draft::new(CODE, message).charter(property.charter).asked(property.span, &property.text).minimal(true);
            draft = draft.statements(core);
            cx.report(draft);
        }
        Found::Some(witness, on) => {
            let run = applies::run(&asking, &witness, on);
            let day = holds.first(&run, on);
            let told = timeline(&asking, &witness, &run, variables, condition, day).tell(cx.program());
            cx.prove_by(CODE, property.charter, property.text.clone(), told.days());
        }
    }
}

/// The norms that a condition reads.
fn read(asking: &Asking<'_>, variables: &[Variable], condition: &Condition) -> BTreeSet<NormId> {
    let mut own = Mentions::new();
    own.variables(&asking.frame.program.conduct, variables);
    own.condition(&asking.frame.program.conduct, condition);
    let named = |m: &Mentions, id: &NormId| m.breaches.contains(id);
    let may = if own.may { asking.frame.about_acts(&own.actions) } else { BTreeSet::new() };
    asking.frame.norms.iter().map(|n| n.id).filter(|id| named(&own, id) || may.contains(id)).collect()
}

/// What happens and what is a breach, up to a day.
fn timeline(
    asking: &Asking<'_>,
    witness: &Witness,
    run: &Run<'_>,
    variables: &[Variable],
    condition: &Condition,
    day: i64,
) -> Timeline {
    let program = asking.frame.program;
    let breaches = run
        .breaches()
        .iter()
        .filter(|b| b.truth.is_yes() && b.day <= day)
        .filter_map(|b| Some(Breached { day: b.day, norm: b.norm, by: b.subject?, against: b.injured }))
        .collect();
    let mut mentions = Mentions::new();
    mentions.variables(&program.conduct, variables);
    mentions.condition(&program.conduct, condition);
    let about = About { mentions, ..About::charter(program, asking.frame.charter) };
    Timeline::new(program, asking.frame.charter, witness.situation.clone(), breaches, Vec::new(), &about)
}
