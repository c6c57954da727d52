//! `comity emit WHAT`: what other programs read.

use crate::args::{Emit, What};
use crate::output::{emit, refuse};
use std::process::ExitCode;

pub(super) fn run(words: &Emit) -> ExitCode {
    let text = match words.what {
        What::Schema if words.paths.is_empty() => comity_core::report::schema(),
        What::Schema => return refuse("`comity emit schema` takes no path: the schema is the same for every report"),
        What::Dot => return refuse("`comity emit dot` comes with ring 2 of the language, what is owed"),
        What::Json | What::Smt2 => return refuse("this build of comity reads no charters yet"),
    };
    match emit(&text, words.output.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}
