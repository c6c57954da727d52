//! `comity test [PATH…]`: runs scenarios.
//!
//! No solver: the evaluator of the core says what is so. The exit status is 0 when all is as expected, 1 when something is not,
//! 2 when the input cannot be read, 3 when something rests on what nobody states.

use crate::args::Test;
use crate::output::{self, INVALID, refuse};
use crate::progress;
use crate::project::{self, Want};
use comity_core::compile::read_program;
use comity_core::diagnostic::Diagnostic;
use comity_core::report::Options;
use comity_core::report::trial::render;
use comity_core::source::Sources;
use comity_core::trial::{self, Outcome, TrialReport};
use std::process::ExitCode;

pub(super) fn run(words: &Test) -> ExitCode {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let project = match project::open(&words.paths, Want::Charters, &mut sources) {
        Ok(project) => project,
        Err(found) => {
            let report = TrialReport::invalid(&found, &sources);
            return finish(words, &report, &sources, &found, "");
        }
    };
    let program = read_program(&project.world, &project.roots, None, &mut sources, &mut diagnostics);
    let report = match program {
        None => TrialReport::invalid(&diagnostics, &sources),
        Some(program) => progress::with("running scenarios", || trial::run(&program, &sources)),
    };
    finish(words, &report, &sources, &diagnostics, &project.prefix)
}

fn finish(words: &Test, report: &TrialReport, sources: &Sources, found: &[Diagnostic], prefix: &str) -> ExitCode {
    let options = Options {
        color: output::color(words.color, words.output.is_some()),
        verbose: words.verbose,
        quiet: words.quiet,
        path_prefix: prefix.to_owned(),
    };
    let text = render(words.format, report, sources, found, &options);
    if let Err(e) = output::emit(&text, words.output.as_deref()) {
        return refuse(&e);
    }
    ExitCode::from(match report.verdict {
        Outcome::Empty | Outcome::Passed => 0,
        Outcome::Failed => 1,
        Outcome::Invalid => INVALID,
        Outcome::Undecided => 3,
    })
}
