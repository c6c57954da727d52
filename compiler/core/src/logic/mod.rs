//! The term language of questions, and the seam to a solver.
//!
//! In: terms that [`crate::encode`] builds through smart constructors. Out: answers of a [`Prover`] in labels and models.
//! Linear arithmetic over integers and rationals, booleans, nothing else: whatever the encoder cannot say in this it
//! refuses at the statement's place. An open term with listed values is an integer with a range.
//!
//! [`formula`] is the one way to build a formula, and every formula it builds is in a normal form; [`eval`] gives it a value
//! and shares nothing with the encoding or a solver.

pub mod brute;
pub mod eliminate;
pub mod eval;
pub mod formula;
pub mod intervals;
pub mod linear;
pub mod model;
pub mod prover;
pub mod record;
pub mod sample;
mod simplify;
pub mod smtlib;
pub mod term;
#[cfg(test)]
mod tests;

pub use formula::{Formula, Node};
pub use linear::Linear;
pub use model::Model;
pub use num_bigint::BigInt;
pub use num_rational::BigRational;
pub use prover::{Answer, Label, Prover, Session, Unknown};
pub use term::{Sort, Value, Var};
