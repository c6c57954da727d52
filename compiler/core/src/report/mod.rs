//! What people and programs see.
//!
//! In: [`document::Report`], and diagnostics. Out: text in one of several formats. Drawing libraries stay inside here.

pub mod document;

pub use document::{Finding, Level, Report, Verdict};
