//! What is said of conduct and not asked by this version: said by name, so that nothing is passed over.
//!
//! In: rules of conduct. Out: entries under *not asked*.

use crate::checks::{Check, Context};
use crate::model::conduct::Trigger;

/// A check of sanction rules that is still to come: its code, and what is not asked.
#[derive(Debug)]
pub(in crate::checks) struct NotYet(&'static str, &'static str);

/// Striking back is lawful.
pub(in crate::checks) const S16: NotYet =
    NotYet("S16", "this version does not ask whether the target of a measure may answer it in kind");

impl Check for NotYet {
    fn code(&self) -> &'static str {
        self.0
    }

    fn run(&self, cx: &mut Context<'_>) {
        let conduct = &cx.program().conduct;
        if conduct.rules.iter().any(|r| matches!(r.trigger, Trigger::Breach { .. })) {
            cx.not_asked(self.0, self.1);
        }
    }
}
