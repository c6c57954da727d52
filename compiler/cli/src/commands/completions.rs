//! `comity completions SHELL`.

use crate::args::{Cli, Completions};
use crate::output::{emit, refuse};
use clap::CommandFactory as _;
use std::process::ExitCode;

pub(super) fn run(words: &Completions) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(words.shell, &mut Cli::command(), "comity", &mut text);
    match emit(&String::from_utf8_lossy(&text), None) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}
