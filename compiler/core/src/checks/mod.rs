//! (being written)

pub mod pages;
