//! The command `comity`: reads the command line, runs one verb, gives its exit status.
//!
//! All that the verbs find out is computed in `comity-core`; here are the terminal, the files and the flags.

mod args;
mod commands;
mod config;
mod engine;
mod output;
mod progress;
mod project;
mod run;
mod world;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match args::Cli::try_parse() {
        Ok(cli) => commands::run(cli),
        Err(error) => {
            let wrong = error.use_stderr();
            // a reader that has gone away is no mistake
            let _ = error.print();
            if wrong { ExitCode::from(output::INVALID) } else { ExitCode::SUCCESS }
        }
    }
}
