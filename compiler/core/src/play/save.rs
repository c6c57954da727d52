//! A situation that was played, as a file that `comity test` runs.
//!
//! In: what was entered. Out: the text of a scenario: the lines by day, and what is so on the last day as expectations. Each
//! expectation is run before it is written; what a scenario cannot say, or what is undecided, is left out.

use super::{Entered, lines};
use crate::atlas::quoted;
use crate::chronicle::{Read, Subject};
use crate::compile::read_program;
use crate::evaluate::situation::Run;
use crate::model::Program;
use crate::model::conduct::{Actor, Deed, Match, Norm};
use crate::source::{Sources, World, WorldError};
use crate::trial::{self, Outcome};
use crate::types::calendar;
use std::fmt::Write as _;

/// The file's path while it is tried.
const PATH: &str = "(saved)";

pub(super) fn text(
    world: &dyn World,
    subject: &Subject,
    read: &Read,
    entered: &Entered,
    title: &str,
    below: usize,
) -> String {
    let wanted = expectations(read, entered.day);
    let tried = body(subject, entered, title, &wanted, 0);
    let kept = keep(world, subject, &tried, wanted);
    body(subject, entered, title, &kept, below)
}

fn body(subject: &Subject, entered: &Entered, title: &str, expectations: &[String], below: usize) -> String {
    let up = "../".repeat(below);
    let mut out = subject.imports().replace("import \"", &format!("import \"{up}"));
    out.push('\n');
    out.push_str(&subject.head(title));
    if let Some(date) = entered.start.and_then(calendar::iso) {
        let _ = writeln!(out, "    day 0 is {date}");
    }
    let all = lines(entered);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| entered.lines.get(*i).map(|(day, _)| *day));
    for at in order {
        if let Some(line) = all.get(at) {
            let _ = writeln!(out, "    {}", line.text);
        }
    }
    for expectation in expectations {
        let _ = writeln!(out, "    expect {expectation}");
    }
    out.push_str("}\n");
    out
}

/// What is so on a day, as expectations.
fn expectations(read: &Read, day: i64) -> Vec<String> {
    let Some(scenario) = read.scenario() else { return Vec::new() };
    let program = &read.program;
    let run = Run::new(program, scenario.charter, &scenario.situation, day);
    let mut out = Vec::new();
    for b in run.breaches().iter().filter(|b| b.truth.is_yes() && b.day <= day) {
        let (Some(by), Some(norm)) = (b.subject.and_then(|a| name(program, a)), program.conduct.norm(b.norm)) else {
            continue;
        };
        let of =
            if norm.rule.is_none() && norm.contract.is_none() { format!(" of {}", cited(norm)) } else { String::new() };
        let against = b.injured.and_then(|a| name(program, a)).map_or_else(String::new, |a| format!(" against {a}"));
        out.push(format!("breach{of} by {by}{against} on day {}", b.day));
    }
    for (at, truth) in run.duties_on(day) {
        let Some(instance) = run.instances().get(at).filter(|_| truth.is_yes()) else { continue };
        let Some(norm) = program.conduct.norm(instance.norm) else { continue };
        if let Some(act) = act(program, norm, &instance.values) {
            let by = instance.deadline.map_or_else(String::new, |d| format!(" by day {d}"));
            out.push(format!("{act}{by} on day {day}"));
        }
    }
    if out.is_empty() || run.breaches().is_empty() {
        out.push(format!(
            "no breach{}",
            if run.breaches().is_empty() { String::new() } else { format!(" on day {day}") }
        ));
    }
    out.dedup();
    out
}

fn cited(norm: &Norm) -> String {
    if norm.article.starts_with(|c: char| c.is_ascii_digit()) {
        format!("article {}", norm.article)
    } else {
        norm.article.clone()
    }
}

/// `Ada must embargo(Bel)`: with the parties that it names; amounts are left out, which then match any.
fn act(program: &Program, norm: &Norm, values: &[Option<Actor>]) -> Option<String> {
    let Deed::Act(pattern) = &norm.deed else { return None };
    let action = program.conduct.action(pattern.action)?;
    let by = name(program, norm.subject.among(values)?)?;
    let mut arguments = Vec::new();
    for (parameter, wanted) in action.parameters.iter().zip(&pattern.arguments).skip(1) {
        if let Match::Is(w) = wanted {
            arguments.push(format!("{} = {}", quoted(&parameter.name), name(program, w.among(values)?)?));
        }
    }
    Some(format!("{by} must {}({})", quoted(&action.name), arguments.join(", ")))
}

fn name(program: &Program, actor: Actor) -> Option<String> {
    match actor {
        Actor::Party(p) => Some(quoted(program.party_name(p))),
        Actor::Unnamed(..) | Actor::Outsider(_) => None,
    }
}

struct Beside<'w> {
    world: &'w dyn World,
    text: String,
}

impl World for Beside<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        if path == PATH { Ok(self.text.clone().into_bytes()) } else { self.world.read(path) }
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError> {
        self.world.glob(pattern)
    }
}

/// The expectations that can be read and are met.
fn keep(world: &dyn World, subject: &Subject, text: &str, wanted: Vec<String>) -> Vec<String> {
    let run = |text: &str| -> Option<Vec<Outcome>> {
        let mut sources = Sources::default();
        let beside = Beside { world, text: text.to_owned() };
        let mut roots = subject.roots().to_vec();
        roots.push(PATH.to_owned());
        let program = read_program(&beside, &roots, None, &mut sources, &mut Vec::new())?;
        let report = trial::run(&program, &sources);
        let found = report.scenarios.into_iter().find(|s| s.path == PATH)?;
        Some(found.expectations.into_iter().map(|e| e.outcome).collect())
    };
    if let Some(found) = run(text) {
        return wanted.into_iter().zip(found).filter(|(_, o)| *o == Outcome::Passed).map(|(e, _)| e).collect();
    }
    // one that cannot be read spoils the file: each is tried alone
    let head = text.split_once("    expect ").map_or(text, |(head, _)| head);
    wanted
        .into_iter()
        .filter(|e| run(&format!("{head}    expect {e}\n}}\n")).is_some_and(|o| o == [Outcome::Passed]))
        .collect()
}
