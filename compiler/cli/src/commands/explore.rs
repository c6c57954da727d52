//! `comity test --explore N`: random behaviour, and what it met.
//!
//! The evaluator of the core says what is so; no solver is asked. Files are written with `--save` alone, all of them or none, into a
//! folder that is made where it is missing, and the command that runs them is said.

use crate::args::Test;
use crate::output::{self, INVALID, emit, refuse, say, write_file};
use crate::progress;
use crate::project::{self, Project, Want};
use comity_core::chronicle::Subject;
use comity_core::compile::read_program;
use comity_core::diagnostic::Diagnostic;
use comity_core::explore::{ExploreReport, Meeting, explore, scenario};
use comity_core::model::Program;
use comity_core::report::explore::{human, json};
use comity_core::report::trial::TrialFormat;
use comity_core::report::{Options, render_diagnostics};
use comity_core::source::Sources;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn run(words: &Test, walks: u32) -> ExitCode {
    if !matches!(words.format, TrialFormat::Human | TrialFormat::Json) {
        return refuse("`comity test --explore` writes human and json");
    }
    let mut sources = Sources::default();
    let project = match project::open(&words.paths, Want::Charters, &mut sources) {
        Ok(project) => project,
        Err(found) => return unreadable(words, walks, &found, &sources, ""),
    };
    let mut diagnostics = Vec::new();
    let program = read_program(&project.world, &project.roots, None, &mut sources, &mut diagnostics);
    let Some(program) = program else { return unreadable(words, walks, &diagnostics, &sources, &project.prefix) };
    let report = progress::with("walking", || explore(&program, &sources, walks, words.seed));
    let saved = match &words.save {
        None => Vec::new(),
        Some(folder) => match files(folder, &project, &program, &sources, &report) {
            Ok(files) => files,
            Err(why) => return refuse(&why),
        },
    };
    let options = Options {
        color: output::color(words.color, words.output.is_some()),
        verbose: words.verbose,
        quiet: words.quiet,
        path_prefix: project.prefix.clone(),
    };
    let text = if words.format == TrialFormat::Json { json(&report) } else { human(&report, &options) };
    if let Some(folder) = words.save.as_deref().filter(|_| !saved.is_empty())
        && let Err(e) = std::fs::create_dir_all(folder)
    {
        return refuse(&format!("cannot make the folder `{}`: {e}", folder.display()));
    }
    for (file, text) in &saved {
        if let Err(why) = write_file(file, text.as_bytes()) {
            return refuse(&why);
        }
        say(&format!("wrote {}", file.display()));
    }
    if let Some(folder) = &words.save {
        say(&match saved.len() {
            0 => "nothing was met that can be saved, and nothing is written".to_owned(),
            1 => format!("`{}` runs it", runs(&words.paths, folder)),
            _ => format!("`{}` runs them", runs(&words.paths, folder)),
        });
    }
    if let Err(why) = emit(&text, words.output.as_deref()) {
        return refuse(&why);
    }
    ExitCode::from(u8::from(report.is_serious()))
}

/// The scenarios to write.
fn files(
    folder: &Path,
    project: &Project,
    program: &Program,
    sources: &Sources,
    report: &ExploreReport,
) -> Result<Vec<(PathBuf, String)>, String> {
    if folder.exists() && !folder.is_dir() {
        return Err(format!("`{}` is no folder; name one to write the scenarios into", folder.display()));
    }
    let mut out = Vec::new();
    for walked in &report.charters {
        for meeting in &walked.found {
            let file = folder.join(name(&walked.charter, meeting));
            if file.exists() {
                return Err(format!("`{}` is there already, and nothing was written", file.display()));
            }
            let outside = || format!("`{}` lies outside of the project, whose charter it imports", folder.display());
            let below = project.depth(&file).ok_or_else(outside)?;
            let subject = Subject::of(&project.world, &project.roots, program, sources, Some(&walked.charter), &[]);
            let subject = subject.map_err(|r| format!("{}; {}", r.message, r.help))?;
            match scenario(&project.world, subject, meeting, below) {
                Ok(text) => out.push((file, text)),
                Err(why) => say(&format!("note: {} of {} is not written: {why}", meeting.code, meeting.statement)),
            }
        }
    }
    Ok(out)
}

/// What runs the saved scenarios. They import the charter, which an own folder alone would leave out of the project.
fn runs(paths: &[PathBuf], folder: &Path) -> String {
    if paths.is_empty() {
        return "comity test".to_owned();
    }
    let words: Vec<String> = paths.iter().map(PathBuf::as_path).chain([folder]).map(shell).collect();
    format!("comity test {}", words.join(" "))
}

/// A path as a word of a command.
fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '\\');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// `spiral_s03_3_1.charter`.
fn name(charter: &str, meeting: &Meeting) -> String {
    let tail = meeting.statement.split_once('/').map_or(meeting.statement.as_str(), |(_, tail)| tail);
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
    };
    format!("{}_{}_{}.charter", plain(charter), plain(&meeting.code), plain(tail))
}

fn unreadable(words: &Test, walks: u32, found: &[Diagnostic], sources: &Sources, prefix: &str) -> ExitCode {
    if words.format == TrialFormat::Json {
        let report = ExploreReport::invalid(walks, words.seed, found, sources);
        if let Err(why) = emit(&json(&report), words.output.as_deref()) {
            return refuse(&why);
        }
        return ExitCode::from(INVALID);
    }
    let options = Options { path_prefix: prefix.to_owned(), ..Options::default() };
    say(render_diagnostics(found, sources, &options).trim_end());
    ExitCode::from(INVALID)
}
