//! `comity free ATLAS SIZE`: regions that nobody claims and that meet every requirement.

use crate::args::Free;
use crate::config::Config;
use crate::output::{emit, refuse};
use crate::progress;
use crate::project::{self, Want};
use crate::run::Run;
use comity_core::compile::read_program;
use comity_core::report::{Format, NEUTRALITY, Outcome};
use comity_core::source::Sources;
use comity_core::survey::free;
use std::process::ExitCode;

pub(super) fn run(words: &Free) -> ExitCode {
    let run = match Run::new(&words.common) {
        Ok(run) => run,
        Err(status) => return status,
    };
    if !matches!(words.common.format, Format::Human | Format::Json) {
        return refuse("`comity free` writes human or json");
    }
    let mut sources = Sources::default();
    let project = match project::open(&words.paths, Want::Charters, &mut sources) {
        Ok(project) => project,
        Err(diagnostics) => return run.finish(Outcome::invalid(diagnostics), &sources, &Config::default(), ""),
    };
    let mut diagnostics = Vec::new();
    let program = read_program(&project.world, &project.roots, None, &mut sources, &mut diagnostics);
    let Some(program) = program else {
        return run.finish(Outcome::invalid(diagnostics), &sources, &project.config, &project.prefix);
    };
    let found = progress::with("looking", || free::free(&program, &words.atlas, &words.size, words.most));
    let found = match found {
        Ok(found) => found,
        Err(refusal) => return refuse(&format!("{}; {}", refusal.message, refusal.help)),
    };
    let text = if words.common.format == Format::Json {
        match serde_json::to_string_pretty(&found) {
            Ok(text) => format!("{text}\n"),
            Err(e) => return refuse(&format!("the answer cannot be written: {e}")),
        }
    } else if found.places.iter().any(|p| p.point.is_some()) {
        format!("{NEUTRALITY}\n\n{}", found.text())
    } else {
        found.text()
    };
    match emit(&text, words.common.output.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}
