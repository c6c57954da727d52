//! Why an answer is what it is, and what would change it.
//!
//! In: an [`Oracle`] (a solver session, or a table in tests) and labels in canonical order. Out: the preferred minimal
//! conflict, all minimal conflicts, corrections, and the simplest model. All of it rests on yes and no alone, so it is the
//! same from every solver, down to the number of questions; what a solver adds to its answers (models, raw cores) is not used.

mod bits;
mod canonical;
mod core;
mod corrections;
mod enumerate;
mod oracle;
mod session;
mod structure;
#[cfg(test)]
mod tests;

pub use self::core::preferred_core;
pub use canonical::{canonical_model, settle_model};
pub use corrections::{Correction, Corrections, PartCorrections, corrections};
pub use enumerate::{Enumeration, Limit, minimal_conflicts};
pub use oracle::{Oracle, Structure, Tri, Undecided};
pub use session::SessionOracle;
