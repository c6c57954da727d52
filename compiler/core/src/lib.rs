//! Charters in, findings out.
//!
//! The road of a charter is one module a stage, and nothing flows back:
//!
//! text → [`syntax`] (tree) → [`resolve`] (names) → [`types`] (sorts, units, kinds) → [`model`] (labelled statements over
//! [`atlas`] cells) → [`checks`] (questions) → [`encode`] ([`logic`] terms) → a [`logic::Prover`] → [`explain`] (minimal
//! conflicts, ways out) → [`report`].
//!
//! This crate does no I/O and knows no solver: files come through [`source::World`], answers through [`logic::Prover`].
//! Its `clippy.toml` has the linter refuse anything else.

pub mod agenda;
pub mod atlas;
pub mod checks;
pub mod chronicle;
pub mod compile;
pub mod data;
pub mod diagnostic;
pub mod encode;
pub mod engine;
pub mod evaluate;
pub mod explain;
pub mod explore;
pub mod logic;
pub mod model;
pub mod play;
pub mod report;
pub mod resolve;
pub mod source;
pub mod survey;
pub mod syntax;
pub mod trial;
pub mod types;
