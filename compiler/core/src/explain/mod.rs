//! Why an answer is what it is, and what would change it.
//!
//! In: an [`Oracle`] (a solver session, or a table in tests) and labels in canonical order. Out: the preferred minimal
//! conflict, all minimal conflicts, corrections, and the simplest model. All of it rests on yes and no alone, so it is the
//! same from every solver; what a solver adds to its answers (models, cores) is used as a hint at most.

mod oracle;

pub use oracle::{Oracle, SessionOracle, Structure, Tri, Undecided};
