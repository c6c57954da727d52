//! One file a verb. Each takes its words and gives an exit status.

mod check;
mod claims;
mod compare;
mod completions;
mod due;
mod emit;
mod explain;
mod explore;
mod free;
mod init;
mod join;
mod play;
mod test;

use crate::args::{Cli, Command};
use crate::output::refuse;
use std::process::ExitCode;

/// Runs the verb that was written; `check` when none was.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let Some(command) = cli.command else { return check::run(&cli.check) };
    match command {
        Command::Check(words) => check::run(&words),
        Command::Claims(words) => claims::run(&words),
        Command::Compare(words) => compare::run(&words),
        Command::Free(words) => free::run(&words),
        Command::Join(words) => join::run(&words),
        Command::Explain(words) => explain::run(&words),
        Command::Emit(words) => emit::run(&words),
        Command::Init(words) => init::run(&words),
        Command::Completions(words) => completions::run(&words),
        Command::Due(words) => due::run(&words),
        Command::Brief(_) => later("brief", "a later release"),
        Command::Test(words) => match words.explore {
            Some(walks) => explore::run(&words, walks),
            None => test::run(&words),
        },
        Command::Play(words) => play::run(&words),
        Command::Merge(_) => later("merge", THREE),
        Command::Diff(_) => later("diff", THREE),
        Command::Settle(_) => later("settle", THREE),
        Command::Power(_) => later("power", THREE),
        Command::Fmt(_) => later("fmt", "a later release, with the editor server"),
        Command::Lsp(_) => later("lsp", "a later release, with the formatter"),
    }
}

const THREE: &str = "ring 3 of the language, how it is decided";

/// A verb of the interface that is not here yet.
fn later(verb: &str, when: &str) -> ExitCode {
    refuse(&format!("`comity {verb}` comes with {when}"))
}
