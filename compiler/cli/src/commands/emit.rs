//! `comity emit WHAT`: what other programs read.
//!
//! `schema` is the JSON Schema of the report. `json` is the program as it was read: every tree, without loss. `smt2` is every
//! question that the checks ask, in the order in which they ask, each session from a clean state, with the answer as a comment.

use crate::args::{Document, Emit, What};
use crate::output::{INVALID, emit, refuse, say};
use crate::project::{self, Project, Want};
use comity_core::compile::read_program;
use comity_core::diagnostic::{Diagnostic, Severity};
use comity_core::engine::{self, Options};
use comity_core::logic::record::Recorder;
use comity_core::report::{Options as Drawing, render_diagnostics};
use comity_core::resolve;
use comity_core::source::Sources;
use comity_z3::{DEFAULT_BUDGET, Z3Prover};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(super) fn run(words: &Emit) -> ExitCode {
    let text = match words.what {
        What::Schema if words.paths.is_empty() => match words.of {
            Document::Check => comity_core::report::schema(),
            Document::Test => comity_core::report::trial::schema(),
            Document::Due => comity_core::report::agenda::schema(),
            Document::Explore => comity_core::report::explore::schema(),
        },
        What::Schema => return refuse("`comity emit schema` takes no path: the schema is the same for every report"),
        What::Dot => return refuse("`comity emit dot` comes with a later release"),
        What::Json | What::Smt2 => match of_project(words) {
            Ok(text) => text,
            Err(status) => return status,
        },
    };
    match emit(&text, words.output.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}

fn of_project(words: &Emit) -> Result<String, ExitCode> {
    let mut sources = Sources::default();
    let project =
        project::open(&words.paths, Want::Charters, &mut sources).map_err(|d| unreadable(&d, &sources, ""))?;
    let mut diagnostics = Vec::new();
    let text = if words.what == What::Json {
        trees(&project, &mut sources, &mut diagnostics)
    } else {
        questions(&project, words, &mut sources, &mut diagnostics)
    };
    text.ok_or_else(|| unreadable(&diagnostics, &sources, &project.prefix))
}

fn unreadable(diagnostics: &[Diagnostic], sources: &Sources, prefix: &str) -> ExitCode {
    let options = Drawing { path_prefix: prefix.to_owned(), ..Drawing::default() };
    say(render_diagnostics(diagnostics, sources, &options).trim_end());
    ExitCode::from(INVALID)
}

/// Every tree of the project, but not those of the standard library. Spans name their file by its place in `files`.
fn trees(project: &Project, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let read = resolve::load(&project.world, &project.roots, None, sources, diagnostics);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return None;
    }
    let files: Vec<&str> = sources.iter().map(|(_, f)| f.path.as_str()).collect();
    let modules = read.modules.iter().filter(|m| !m.standard);
    let modules: Vec<Value> = modules.map(|m| json!({ "path": m.path, "tree": m.tree })).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "schema": 1, "files": files, "modules": modules })).ok()?;
    text.push('\n');
    Some(text)
}

/// Every question that the checks ask.
fn questions(
    project: &Project,
    words: &Emit,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let program = read_program(&project.world, &project.roots, None, sources, diagnostics)?;
    let budget = words.budget.or(project.config.budget).unwrap_or(DEFAULT_BUDGET);
    let prover = Z3Prover::new(budget, project.config.seed.unwrap_or(0));
    let recorder = Recorder::new(&prover);
    // the report is not what is asked for here
    let _ = engine::check(&program, sources, &recorder, &Options { budget: Some(budget), ..Options::default() });
    let legend = |label: comity_core::logic::Label| {
        let statement = program.statements.iter().find(|s| s.id.0 == label.0)?;
        Some(format!("{}: {}", statement.address, statement.text))
    };
    Some(recorder.script(&legend))
}
