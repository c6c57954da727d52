//! Why an answer is what it is, and what would change it.
//!
//! In: an [`Oracle`] (a solver session, or a table in tests) and labels in canonical order. Out: the preferred minimal
//! conflict, all minimal conflicts, corrections, and the simplest model. All of it rests on yes and no alone, so it is the
//! same from every solver; what a solver adds to its answers (models, cores) is used as a hint at most.

mod bits;
mod canonical;
mod core;
mod corrections;
mod enumerate;
mod oracle;
#[cfg(test)]
mod tests;

pub use self::core::preferred_core;
pub use canonical::canonical_model;
pub use corrections::{Correction, Corrections, PartCorrections, corrections};
pub use enumerate::{Enumeration, Limit, minimal_conflicts};
pub use oracle::{Oracle, SessionOracle, Structure, Tri, Undecided};
