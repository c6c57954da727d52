//! From a program to a report: runs the checks, orders what they found, and gives the verdict.
//!
//! In: a [`Program`], the [`Sources`] that its spans point into, a [`Prover`], [`Options`]. Out: a [`Report`] whose order is
//! canonical, and the exit status that goes with it. Reading files and drawing the report are others' work.

use crate::atlas::SpaceKind;
use crate::checks::{Context, registry};
use crate::logic::Prover;
use crate::model::Program;
use crate::report::Level;
use crate::report::document::{Counts, Finding, Input, Report, Undecided, Verdict};
use crate::source::Sources;
use crate::survey::LINE_MODEL;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What a project sets for a code: `--level CODE=deny`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// an error
    Deny,
    /// a warning
    Warn,
    /// left out, and counted under what was not asked
    Allow,
}

impl Setting {
    /// From the word that stands in `--level` and `comity.toml`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "deny" => Some(Self::Deny),
            "warn" => Some(Self::Warn),
            "allow" => Some(Self::Allow),
            _ => None,
        }
    }
}

/// How to check.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// by code, where it is not the default
    pub levels: BTreeMap<String, Setting>,
    /// only these codes; all when empty
    pub only: BTreeSet<String>,
    /// the budget of one question in the solver's own resource units, for the message that says how to raise it
    pub budget: Option<u64>,
    /// how many minimal conflicts are listed for one charter before the list is a lower bound; 0 is the default of 1,000
    pub conflicts: usize,
    /// how many threads ask at most; 0 is one. No report depends on it
    pub jobs: usize,
}

/// Asks every question and reports.
#[must_use]
pub fn check(program: &Program, sources: &Sources, prover: &dyn Prover, options: &Options) -> Report {
    let mut cx = Context::new(program, sources, prover, options);
    let wanted = |code: &str| options.only.is_empty() || options.only.iter().any(|c| c.eq_ignore_ascii_case(code));
    for check in registry() {
        // whether a candidate can join depends on what every other check finds
        if wanted(check.code()) || check.tells().iter().any(|code| wanted(code)) || wanted("A01") {
            check.run(&mut cx);
        }
    }
    let counts = Counts {
        charters: program.charters.len(),
        parties: program.parties.iter().filter(|p| p.declared).count(),
        statements: program.statements.len(),
        questions: cx.asked(),
        cells: program.atlases.iter().map(|a| a.cells.len()).sum(),
    };
    let mut sink = cx.finish();
    let areas = program.atlases.iter().any(|a| a.space == SpaceKind::Earth);
    let notes = if areas { vec![LINE_MODEL.to_owned()] } else { Vec::new() };
    // one cause is one entry, and the code that is asked for may stand second in it
    sink.findings.retain(|f| wanted(&f.code) || f.also.iter().any(|c| wanted(c)));
    sink.proved.retain(|p| wanted(&p.code));
    sink.undecided.retain(|u| wanted(&u.code));
    sink.not_asked.retain(|n| wanted(&n.code));
    Report {
        schema: 1,
        comity: env!("CARGO_PKG_VERSION").to_owned(),
        verdict: verdict(&sink.findings, &sink.undecided),
        inputs: inputs(sources),
        findings: sink.findings,
        proved: sink.proved,
        undecided: sink.undecided,
        not_asked: sink.not_asked,
        counts,
        at: Vec::new(),
        diagnostics: Vec::new(),
        baseline: None,
        notes,
        cells: Vec::new(),
    }
}

/// The answer in one word.
#[must_use]
pub fn verdict(findings: &[Finding], undecided: &[Undecided]) -> Verdict {
    if findings.iter().any(|f| f.level == Level::Error) {
        Verdict::Conflict
    } else if undecided.is_empty() {
        Verdict::Consistent
    } else {
        Verdict::Undecided
    }
}

/// The exit status of a verdict.
#[must_use]
pub const fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Consistent => 0,
        Verdict::Conflict => 1,
        Verdict::Invalid => 2,
        Verdict::Undecided => 3,
    }
}

/// Every file of the project that was read, by path; the standard library is part of the program and not listed.
#[must_use]
pub fn inputs(sources: &Sources) -> Vec<Input> {
    let mut out: Vec<Input> = sources
        .iter()
        .filter(|(_, f)| !is_embedded(&f.path))
        .map(|(_, f)| Input {
            path: f.path.clone(),
            sha256: Sha256::digest(f.text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect(),
        })
        .collect();
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out.dedup();
    out
}

/// `std.states` has no folder and no file name ending.
pub(crate) fn is_embedded(path: &str) -> bool {
    path.strip_prefix("std.").is_some_and(|rest| !rest.contains('/') && !rest.contains('.'))
}
