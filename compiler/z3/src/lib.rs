//! The only crate that names Z3.
//!
//! In: formulas and labels of [`comity_core::logic`]. Out: answers in labels and exact values. Labels are assumption literals,
//! the budget is Z3's own resource count (`rlimit`), so an answer never depends on how fast the machine is. No tactics, no
//! timeouts, no minimisation inside Z3: cores are shrunk by [`comity_core::explain`], which asks again.
//!
//! Z3 is not believed: every model is turned into exact numbers and evaluated against every formula in force before it is
//! handed on, and an unsatisfiable core that names a statement that was not enabled is a fault.
//!
//! What it does not do: decide what is asked, or print anything.

mod session;
mod translate;
mod value;

use comity_core::logic::{Prover, Session};

/// The budget of one question in units of Z3's `rlimit`.
///
/// The hardest question of the prototypes that was answered took 415,000 units (237,000 on another version: the count differs
/// by version, semantics §26); questions about borders take a few thousand. This is about five times the hardest. Used up in
/// vain it costs some seconds where only truth values are searched (Z3 4.8.12, 13 pigeons in 12 holes), but minutes on sums of
/// many integers, which Z3 counts lightly: more would be a wait without end.
pub const DEFAULT_BUDGET: u64 = 2_000_000;

/// Opens Z3 sessions that all have one budget and one seed.
#[derive(Clone, Debug)]
pub struct Z3Prover {
    budget: u32,
    seed: u32,
}

impl Z3Prover {
    /// A prover with a budget in `rlimit` units for each question (Z3 counts to 2³²−1 at most) and a seed, which may change
    /// what Z3 answers with but nothing that is printed.
    pub fn new(budget: u64, seed: u32) -> Z3Prover {
        // 0 would mean no limit
        Z3Prover { budget: u32::try_from(budget).unwrap_or(u32::MAX).max(1), seed }
    }
}

impl Default for Z3Prover {
    fn default() -> Z3Prover {
        Z3Prover::new(DEFAULT_BUDGET, 0)
    }
}

impl Prover for Z3Prover {
    fn session(&self) -> Box<dyn Session + '_> {
        Box::new(session::Z3Session::new(self.budget, self.seed))
    }

    fn describe(&self) -> String {
        format!("Z3 {}", z3_version())
    }
}

/// The version of the Z3 that is linked, as `major.minor.patch`.
pub fn z3_version() -> String {
    let full = z3::full_version();
    full.trim_start_matches("Z3").split_whitespace().next().unwrap_or(full).to_owned()
}
