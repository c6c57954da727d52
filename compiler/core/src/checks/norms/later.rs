//! What is said of conduct and not asked by this version: said by name, so that nothing is passed over.
//!
//! In: rules and properties of conduct. Out: entries under *not asked* and *undecided*.

use crate::checks::{Check, Context};
use crate::model::conduct::{ConductProperty, ConductPropertyKind, Trigger};

/// The sanction checks to come.
#[derive(Debug)]
pub(in crate::checks) struct NotYet;

const SANCTIONS: &[&str] = &["S05", "S07", "S14", "S16"];

impl Check for NotYet {
    fn code(&self) -> &'static str {
        "S05"
    }

    fn run(&self, cx: &mut Context<'_>) {
        let conduct = &cx.program().conduct;
        if conduct.rules.iter().any(|r| matches!(r.trigger, Trigger::Breach { .. })) {
            for code in SANCTIONS {
                cx.not_asked(code, "this version does not ask it of sanction rules yet");
            }
        }
        let later = |p: &&ConductProperty| matches!(p.kind, ConductPropertyKind::Ceiling(_));
        for p in conduct.properties.iter().filter(later) {
            cx.undecided(
                "prove",
                Some(p.charter),
                p.text.clone(),
                "this property of conduct is read and not asked by this version",
            );
        }
    }
}
