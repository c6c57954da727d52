//! What a file asks for with `prove` of conduct (semantics §25): that something holds always, never or possibly, that a
//! charter is inward, that two charters pose no threat to each other.
//!
//! In: the properties of the program. Out: a proof with the statements it rests on, a finding with the simplest situation
//! that refutes it, which the evaluator has replayed, or why neither can be said. That every breach has a response and how
//! severe measures can be is asked with S01 and S05.

mod aims;
mod core;
mod holds;
pub(super) mod lawful;
pub(super) mod vacuous;

use super::{Check, Context};
use crate::model::conduct::ConductPropertyKind;

/// The code of all of them.
const CODE: &str = "prove";

/// The properties.
#[derive(Debug)]
pub(super) struct Properties;

impl Check for Properties {
    fn code(&self) -> &'static str {
        CODE
    }

    fn run(&self, cx: &mut Context<'_>) {
        for property in &cx.program().conduct.properties {
            match &property.kind {
                ConductPropertyKind::Always { variables, condition, every_situation } => {
                    holds::always(cx, property, variables, condition, *every_situation);
                }
                ConductPropertyKind::Possible { variables, condition, every_situation } => {
                    holds::possible(cx, property, variables, condition, *every_situation);
                }
                ConductPropertyKind::Inward => aims::inward(cx, property),
                ConductPropertyKind::NoThreat(other) => aims::no_threat(cx, property, *other),
                ConductPropertyKind::Answered | ConductPropertyKind::Ceiling(_) => {}
            }
        }
    }
}
