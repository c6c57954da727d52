//! The term language of questions, and the seam to a solver.
//!
//! In: terms that [`crate::encode`] builds through smart constructors. Out: answers of a [`Prover`] in labels and models.
//! Linear arithmetic over integers and rationals, booleans, nothing else: whatever the encoder cannot say in this it
//! refuses at the statement's place. An open term with listed values is an integer with a range.
