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
/// Measured on charters and border files: a question that is answered at all takes a few thousand units, the hardest seen took
/// 415,000 (and 237,000 on another version: the count differs by version, semantics §26). This leaves a factor of about a
/// hundred, and is used up in seconds on the slowest machine that we have tried.
pub const DEFAULT_BUDGET: u64 = 50_000_000;

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
        Box::new(session::Z3Session::open(self.budget, self.seed))
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
