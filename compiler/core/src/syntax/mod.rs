//! Text to tree and back.
//!
//! In: a source text. Out: [`tree::Module`] and diagnostics.

pub mod tree;
