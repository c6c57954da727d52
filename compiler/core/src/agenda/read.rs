//! From files to an agenda: a charter and what has happened, in a table or as a scenario.
//!
//! In: the files of a project, which of them says what happened, and what is asked. Out: an [`Agenda`], or why there is none:
//! located mistakes, or a sentence about how it was asked.

use super::{Agenda, agenda};
use crate::chronicle::{Refusal, Subject, TITLE, table};
use crate::compile::read_program;
use crate::data::take_in;
use crate::diagnostic::Diagnostic;
use crate::engine::inputs;
use crate::model::conduct::Scenario;
use crate::resolve::load::unreadable;
use crate::source::{Sources, Span, World};
use crate::trial::last_day;
use crate::types::calendar;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// the files of the charter
    pub roots: Vec<String>,
    /// the charter's file, where one was named: a scenario sees it without importing it
    pub charter_file: Option<String>,
    /// the file of what happened: `.csv`, `.tsv`, or a charter with one scenario
    pub events: String,
    /// which charter, where several have norms
    pub charter: Option<String>,
    /// who accedes and is taken as a member
    pub with: Vec<String>,
    /// the day, in days from 1970-01-01; the last that the events speak of when left out
    pub on: Option<i64>,
    /// whom alone it is about
    pub party: Option<String>,
}

/// Why there is no agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// the input cannot be read
    Unreadable(Vec<Diagnostic>),
    /// it was asked in a way that has no answer
    Refused(Refusal),
}

/// What is owed.
///
/// # Errors
/// As [`Failure`] says.
pub fn due(world: &dyn World, asked: &Asked, sources: &mut Sources) -> Result<Agenda, Failure> {
    let lower = asked.events.to_lowercase();
    let mut out = if lower.ends_with(".csv") || lower.ends_with(".tsv") {
        from_table(world, asked, sources)?
    } else {
        from_scenario(world, asked, sources)?
    };
    if let Some(party) = &asked.party {
        out.retain(party);
        out.notes.push(format!("what concerns {party} alone"));
    }
    out.inputs = inputs(sources).into_iter().filter(|i| !i.path.starts_with('(')).collect();
    out.inputs.dedup();
    Ok(out)
}

fn from_table(world: &dyn World, asked: &Asked, sources: &mut Sources) -> Result<Agenda, Failure> {
    let unreadable_input = Failure::Unreadable;
    let mut diagnostics = Vec::new();
    let program = read_program(world, &asked.roots, None, sources, &mut diagnostics);
    let Some(program) = program else { return Err(unreadable_input(diagnostics)) };
    let subject = Subject::of(world, &asked.roots, &program, sources, asked.charter.as_deref(), &asked.with)
        .map_err(Failure::Refused)?;
    known(&program, asked)?;
    let bytes = world.read(&asked.events).map_err(|e| {
        let span = Span::new(sources.add(asked.events.clone(), ""), 0, 0);
        unreadable_input(vec![unreadable(&asked.events, span, &e)])
    })?;
    let file = take_in(sources, &asked.events, bytes).map_err(|d| unreadable_input(vec![*d]))?;
    let table = table::read(sources, file, &program, subject.charter()).map_err(unreadable_input)?;
    let mut wrong = table.errors;
    let read = match subject.read(world, Some(table.start), &table.lines, sources) {
        Ok(read) if wrong.is_empty() => read,
        Ok(_) => return Err(unreadable_input(in_order(wrong))),
        Err(mistakes) => {
            wrong.extend(mistakes.into_iter().map(|m| m.diagnostic));
            return Err(unreadable_input(in_order(wrong)));
        }
    };
    let Some(scenario) = read.scenario() else { return Err(unreadable_input(Vec::new())) };
    let on = asked.on.unwrap_or(table.last);
    before_force(on, table.start)?;
    let mut out = agenda(&read.program, sources, scenario, on - table.start);
    out.on_from = on_from(asked);
    out.in_force_from = if table.in_force {
        format!("`in force` in {}", asked.events)
    } else {
        format!("the first date in {}", asked.events)
    };
    left_out(&mut out, table.days.iter().filter(|d| **d > on).count(), "row");
    Ok(out)
}

fn from_scenario(world: &dyn World, asked: &Asked, sources: &mut Sources) -> Result<Agenda, Failure> {
    let mut roots = asked.roots.clone();
    roots.push(asked.events.clone());
    let mut diagnostics = Vec::new();
    let program = read_program(world, &roots, asked.charter_file.as_deref(), sources, &mut diagnostics);
    let Some(program) = program else { return Err(Failure::Unreadable(diagnostics)) };
    known(&program, asked)?;
    let here: Vec<&Scenario> =
        program.conduct.scenarios.iter().filter(|s| sources.path(s.span.file) == asked.events).collect();
    let scenario = match here.as_slice() {
        [one] => *one,
        [] => {
            return Err(Failure::Refused(Refusal {
                message: format!("`{}` has no scenario", asked.events),
                help: format!("write what happened as `scenario \"{TITLE}\" for C {{ day 0 is 2026-03-01 … }}`"),
            }));
        }
        [_, second, ..] => {
            return Err(Failure::Unreadable(vec![
                Diagnostic::error(
                    "several-scenarios",
                    second.span,
                    format!("`{}` has {} scenarios, expected one: what happened", asked.events, here.len()),
                    "which of them?",
                )
                .help("put what happened into a file of its own"),
            ]));
        }
    };
    let Some(start) = scenario.situation.start else {
        return Err(Failure::Unreadable(vec![
            Diagnostic::error(
                "no-calendar",
                scenario.span,
                "no day of this scenario has a date",
                "which days are these?",
            )
            .help("write `day 0 is 2026-03-01` in it"),
        ]));
    };
    let last = start + last_day(scenario);
    let on = asked.on.unwrap_or(last);
    before_force(on, start)?;
    let mut out = agenda(&program, sources, scenario, on - start);
    out.on_from = on_from(asked);
    out.in_force_from = format!("day 0 in {}", asked.events);
    left_out(&mut out, scenario.situation.occurrences.iter().filter(|o| start + o.from > on).count(), "line");
    if !scenario.expectations.is_empty() {
        out.notes.push("what the scenario expects is for `comity test` and is not asked here".to_owned());
    }
    Ok(out)
}

fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| d.primary.span);
    diagnostics
}

fn on_from(asked: &Asked) -> String {
    match asked.on {
        Some(_) => "as asked for".to_owned(),
        None => format!("the last date in {}", asked.events),
    }
}

fn before_force(on: i64, start: i64) -> Result<(), Failure> {
    if on >= start {
        return Ok(());
    }
    let date = |d: i64| calendar::iso(d).unwrap_or_default();
    Err(Failure::Refused(Refusal {
        message: format!("{} is before the charter is in force, on {}", date(on), date(start)),
        help: "ask about a later day".to_owned(),
    }))
}

fn left_out(out: &mut Agenda, n: usize, what: &str) {
    if n > 0 {
        let s = if n == 1 { "" } else { "s" };
        out.notes.push(format!("{n} {what}{s} after that day left out"));
    }
}

/// Whether the party that is asked about is there.
fn known(program: &crate::model::Program, asked: &Asked) -> Result<(), Failure> {
    match &asked.party {
        Some(party) if !program.parties.iter().any(|p| p.name == *party) => {
            let names: Vec<String> = program.parties.iter().map(|p| p.name.clone()).collect();
            Err(Failure::Refused(Refusal {
                message: format!("there is no party `{party}`"),
                help: format!("there are {}", crate::atlas::join(&names)),
            }))
        }
        _ => Ok(()),
    }
}
