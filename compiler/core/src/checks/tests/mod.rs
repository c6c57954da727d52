//! Every "decided" and every example of semantics §5–§8 as a program built by hand, with exactly the stated outcome.

mod agreed;
mod build;
mod join;
mod oracle;
mod property;
mod random;
mod settle;
