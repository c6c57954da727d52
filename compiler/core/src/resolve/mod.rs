//! Names: which files belong together, and what each name in them stands for.
//!
//! In: the paths of root files and a [`World`](crate::source::World). Out: a [`Project`] of parsed modules whose imports lead
//! to each other, and [`names::Names`], which finds declarations. One rule for names: a module sees what it declares and
//! what the modules it imports declare; no name hides another. Does not look inside expressions.

pub mod load;
pub mod names;

pub use load::{Project, load};
pub use names::{Definition, Names};
