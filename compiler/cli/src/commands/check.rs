//! `comity check [PATH…]`: reads charters, asks every question, reports.

use crate::args::Check;
use crate::config::Config;
use crate::progress;
use crate::project::{self, Want};
use crate::run::Run;
use comity_core::report::Outcome;
use comity_core::source::Sources;
use std::process::ExitCode;

pub(super) fn run(words: &Check) -> ExitCode {
    let run = match Run::new(&words.common) {
        Ok(run) => run,
        Err(status) => return status,
    };
    let mut sources = Sources::default();
    match project::open(&words.paths, Want::Charters, &mut sources) {
        Err(diagnostics) => run.finish(Outcome::invalid(diagnostics), &sources, &Config::default(), ""),
        Ok(project) => {
            let checked =
                progress::with("checking", || crate::engine::check(&project, &words.common, None, &mut sources));
            run.finish(checked.outcome, &sources, &project.config, &project.prefix)
        }
    }
}
