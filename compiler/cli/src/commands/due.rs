//! `comity due CHARTER EVENTS`: what is owed, from what has happened.
//!
//! The day is given or the last that the events speak of, and said in the answer: no clock is asked.

use crate::args::Due;
use crate::output::{self, INVALID, emit, refuse, say};
use crate::progress;
use crate::project::{self, Want};
use comity_core::agenda::Agenda;
use comity_core::agenda::read::{Asked, Failure, due};
use comity_core::diagnostic::Diagnostic;
use comity_core::report::agenda::{AgendaFormat, render};
use comity_core::report::{Options, render_diagnostics};
use comity_core::source::Sources;
use std::process::ExitCode;

pub(super) fn run(words: &Due) -> ExitCode {
    let mut sources = Sources::default();
    if words.charter.exists() && !words.events.exists() {
        let name = words.events.display();
        return refuse(&format!(
            "there is no file `{name}`; write the path of what has happened: a table (`.csv`, `.tsv`), or a charter with one \
             scenario"
        ));
    }
    let paths = [words.charter.clone(), words.events.clone()];
    let project = match project::open(&paths, Want::Either, &mut sources) {
        Ok(project) => project,
        Err(found) => return unreadable(words, &found, &sources, ""),
    };
    let Some(events) = project.name(&words.events).filter(|_| words.events.is_file()) else {
        return refuse(&format!("`{}` is no file of what happened", words.events.display()));
    };
    let charter_file = project.name(&words.charter).filter(|_| words.charter.is_file());
    let asked = Asked {
        roots: project.roots.iter().filter(|r| **r != events).cloned().collect(),
        charter_file,
        events,
        charter: words.name.clone(),
        with: words.with.clone(),
        on: words.on,
        party: words.party.clone(),
    };
    let found = progress::with("reading", || due(&project.world, &asked, &mut sources));
    match found {
        Ok(agenda) => finish(words, &agenda, &project.prefix),
        Err(Failure::Refused(r)) => refuse(&format!("{}; {}", r.message, r.help)),
        Err(Failure::Unreadable(found)) => unreadable(words, &found, &sources, &project.prefix),
    }
}

fn finish(words: &Due, agenda: &Agenda, prefix: &str) -> ExitCode {
    let options = Options {
        color: output::color(words.color, words.output.is_some()),
        verbose: words.verbose,
        quiet: words.quiet,
        path_prefix: prefix.to_owned(),
    };
    if let Err(e) = emit(&render(words.format, agenda, &options), words.output.as_deref()) {
        return refuse(&e);
    }
    ExitCode::from(if agenda.is_undecided() { 3 } else { 0 })
}

fn unreadable(words: &Due, found: &[Diagnostic], sources: &Sources, prefix: &str) -> ExitCode {
    if words.format == AgendaFormat::Json {
        let agenda = Agenda::invalid(found, sources);
        if let Err(e) = emit(&render(words.format, &agenda, &Options::default()), words.output.as_deref()) {
            return refuse(&e);
        }
        return ExitCode::from(INVALID);
    }
    let options = Options { path_prefix: prefix.to_owned(), ..Options::default() };
    say(render_diagnostics(found, sources, &options).trim_end());
    ExitCode::from(INVALID)
}
