//! `comity join CHARTER CANDIDATE…`: can these candidates join?
//!
//! Reads the charter and the candidates' files as one program, in which every candidate sees the charter's names without
//! importing them, and reports what concerns their accessions: A01, A02, and every finding that names a candidate.

use crate::args::Join;
use crate::config::Config;
use crate::output::refuse;
use crate::progress;
use crate::project::{self, Want};
use crate::run::Run;
use comity_core::report::{Finding, Outcome, Verdict};
use comity_core::source::Sources;
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn run(words: &Join) -> ExitCode {
    if words.base.is_some() {
        return refuse(
            "`--base` compares two revisions of a text, which comes with ring 3 of the language (how it lives)",
        );
    }
    let run = match Run::new(&words.common) {
        Ok(run) => run,
        Err(status) => return status,
    };
    // A candidate is a file with an accession, or the name of a party that accedes in the charter's project.
    let (files, names): (Vec<&String>, Vec<&String>) =
        words.candidates.iter().partition(|c| PathBuf::from(c).exists() || c.contains(['/', '.']));
    let mut paths = vec![words.charter.clone()];
    paths.extend(files.iter().map(PathBuf::from));
    let mut sources = Sources::default();
    let project = match project::open(&paths, Want::Charters, &mut sources) {
        Ok(project) => project,
        Err(diagnostics) => return run.finish(Outcome::invalid(diagnostics), &sources, &Config::default(), ""),
    };
    let charter = project.name(&words.charter).filter(|_| words.charter.is_file());
    let checked =
        progress::with("checking", || crate::engine::check(&project, &words.common, charter.as_deref(), &mut sources));
    let (mut outcome, candidates) = (checked.outcome, checked.candidates);
    let readable = outcome.report.verdict != Verdict::Invalid;
    for name in &names {
        if readable && !candidates.contains(name) {
            let known = if candidates.is_empty() { "there is no accession".to_owned() } else { candidates.join(", ") };
            return refuse(&format!("`{name}` is neither a file nor a party that asks to join; found: {known}"));
        }
    }
    if readable && candidates.is_empty() {
        return refuse(
            "nobody asks to join here; write `accession P to C { … }` in a file and name it after the charter",
        );
    }
    if !names.is_empty() {
        let about = |f: &Finding| !f.code.starts_with('A') || names.iter().any(|n| f.parties.contains(n));
        outcome.report.findings.retain(about);
    }
    run.finish(outcome, &sources, &project.config, &project.prefix)
}
