//! Scenarios, run: `comity test`.
//!
//! In: a [`Program`] with scenarios. Out: a [`TrialReport`]: for each expectation whether it is so, and where it is not, what
//! is found in its place on a dated timeline; at the end which norms no scenario tried. A scenario is run up to the last day
//! that it speaks of. The evaluator says what is so ([`crate::evaluate::situation`]), here it is put into words; no prover is
//! asked.

pub(crate) mod because;
mod coverage;
pub mod document;
mod found;
pub(crate) mod phrase;
pub(crate) mod story;

pub use document::{ExpectationEntry, Outcome, ScenarioEntry, TrialReport};

use crate::engine::inputs;
use crate::evaluate::situation::{Run, Truth};
use crate::model::Program;
use crate::model::conduct::{Actor, Expected, Match, Pattern, Scenario, Who};
use crate::source::Sources;
use document::Counts;
use std::collections::BTreeSet;

/// Runs every scenario of a program.
#[must_use]
pub fn run(program: &Program, sources: &Sources) -> TrialReport {
    let mut order: Vec<&Scenario> = program.conduct.scenarios.iter().collect();
    order.sort_by(|a, b| {
        let key = |s: &Scenario| (sources.path(s.span.file).to_owned(), s.span.start);
        key(a).cmp(&key(b)).then_with(|| a.title.cmp(&b.title))
    });
    let mut out = TrialReport::new(Outcome::Passed);
    out.inputs = inputs(sources);
    let mut tried = coverage::Tried::default();
    for scenario in order {
        let last = last_day(scenario);
        let ran = Run::new(program, scenario.charter, &scenario.situation, last);
        // what expects nothing tries nothing
        if !scenario.expectations.is_empty() {
            tried.add(&ran, scenario, last);
        }
        out.scenarios.push(one(program, sources, scenario, &ran, last));
    }
    out.coverage = tried.coverage(program, sources);
    out.counts = counts(&out.scenarios);
    out.verdict = out.scenarios.iter().map(|s| s.outcome).fold(Outcome::Passed, Outcome::max);
    out
}

fn one(program: &Program, sources: &Sources, scenario: &Scenario, run: &Run<'_>, last: i64) -> ScenarioEntry {
    let mut expectations = Vec::new();
    let mut concerned = BTreeSet::new();
    for expectation in &scenario.expectations {
        let answer = run.expected(expectation, last);
        let at = sources.position(expectation.span);
        let text = expectation.text.strip_prefix("expect ").unwrap_or(&expectation.text).to_owned();
        let mut entry = ExpectationEntry {
            text,
            line: at.line,
            column: at.column,
            outcome: match answer.truth {
                Truth::Yes => Outcome::Passed,
                Truth::Unknown => Outcome::Undecided,
                Truth::No => Outcome::Failed,
            },
            found: Vec::new(),
            statements: Vec::new(),
            span: Some(expectation.span),
        };
        if entry.outcome != Outcome::Passed {
            concerned.extend(parties(&expectation.kind));
            let mut found = found::found(run, expectation, &answer, last);
            if entry.outcome == Outcome::Undecided {
                found.lines.extend(because::because(run, &answer));
            }
            entry.found = found.lines;
            entry.statements = found.statements;
        }
        expectations.push(entry);
    }
    let at = sources.position(scenario.span);
    let story = story::story(run, &concerned);
    ScenarioEntry {
        title: scenario.title.clone(),
        charter: program.charters.get(scenario.charter.0 as usize).map_or_else(String::new, |c| c.name.clone()),
        path: sources.path(scenario.span.file).to_owned(),
        line: at.line,
        column: at.column,
        outcome: expectations.iter().map(|e| e.outcome).max().unwrap_or(Outcome::Empty),
        last_day: last,
        expectations,
        situation: story.entries,
        more_duties: story.more,
    }
}

/// The last day that a scenario speaks of; 0 where it speaks of none.
#[must_use]
pub fn last_day(scenario: &Scenario) -> i64 {
    let happened = scenario.situation.occurrences.iter().flat_map(|o| [Some(o.from), o.to]);
    let expected = scenario.expectations.iter().flat_map(|e| match &e.kind {
        Expected::Duty { by, on, .. } => [*by, *on],
        Expected::Permission { on, .. } | Expected::Breach { on, .. } => [*on, None],
    });
    happened.chain(expected).flatten().max().unwrap_or(0).max(0)
}

/// The parties that an expectation names.
fn parties(expected: &Expected) -> Vec<Actor> {
    let named = |p: &Pattern| -> Vec<Actor> {
        let who = p.arguments.iter().filter_map(|m| match m {
            Match::Is(Who::Party(p)) => Some(Actor::Party(*p)),
            _ => None,
        });
        who.collect()
    };
    match expected {
        Expected::Duty { act, .. } | Expected::Permission { act, .. } => named(act),
        Expected::Breach { by, against, .. } => by.iter().chain(against).copied().collect(),
    }
}

fn counts(scenarios: &[ScenarioEntry]) -> Counts {
    let with = |outcome: Outcome| scenarios.iter().filter(|s| s.outcome == outcome).count();
    Counts {
        scenarios: scenarios.len(),
        passed: with(Outcome::Passed),
        failed: with(Outcome::Failed),
        undecided: with(Outcome::Undecided),
        empty: with(Outcome::Empty),
        expectations: scenarios.iter().map(|s| s.expectations.len()).sum(),
    }
}
