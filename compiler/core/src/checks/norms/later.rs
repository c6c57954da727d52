//! What is said of conduct and not asked by this version: said by name, so that nothing is passed over.
//!
//! In: rules of conduct. Out: entries under *not asked*.

use crate::checks::{Check, Context};
use crate::model::conduct::Trigger;

/// The sanction checks to come.
#[derive(Debug)]
pub(in crate::checks) struct NotYet;

const SANCTIONS: &[&str] = &["S16"];

impl Check for NotYet {
    fn code(&self) -> &'static str {
        "S16"
    }

    fn run(&self, cx: &mut Context<'_>) {
        let conduct = &cx.program().conduct;
        if conduct.rules.iter().any(|r| matches!(r.trigger, Trigger::Breach { .. })) {
            for code in SANCTIONS {
                cx.not_asked(code, "this version does not ask it of sanction rules yet");
            }
        }
    }
}
