//! Each example of the semantics, and what must hold of any situation.

mod build;
mod duties;
mod numbers;
mod parties;
