//! The one place where the command line calls the checker on a project.
//!
//! In: the files of a project and the flags that say how to ask. Out: an [`Outcome`]: the report, or why the input cannot be
//! read.

use crate::args::Common;
use crate::project::Project;
use crate::run::policy;
use comity_core::compile::read_program;
use comity_core::engine::{self, Options};
use comity_core::report::policy::Policy;
use comity_core::report::{Format, Outcome, cover};
use comity_core::source::Sources;
use comity_z3::{DEFAULT_BUDGET, Z3Prover};

/// What came of a project, and who asks to join in it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) outcome: Outcome,
    pub(crate) candidates: Vec<String>,
}

/// Reads and checks the charters of a project. `also_import` is a charter that every other root sees without naming it.
pub(crate) fn check(project: &Project, common: &Common, also_import: Option<&str>, sources: &mut Sources) -> Checked {
    let mut diagnostics = Vec::new();
    let program = read_program(&project.world, &project.roots, also_import, sources, &mut diagnostics);
    let Some(program) = program else {
        return Checked { outcome: Outcome::invalid(diagnostics), candidates: Vec::new() };
    };
    let budget = common.budget.or(project.config.budget).unwrap_or(DEFAULT_BUDGET);
    let seed = common.seed.or(project.config.seed).unwrap_or(0);
    let prover = Z3Prover::new(budget, seed);
    // whether a candidate can join depends on the levels, so the checks must know them
    let Policy { levels, only, .. } = policy(common, &project.config);
    let jobs = common.jobs.or(project.config.jobs).map_or_else(cores, usize::from);
    let options = Options { levels, only, budget: Some(budget), jobs, ..Options::default() };
    let mut report = engine::check(&program, sources, &prover, &options);
    if matches!(common.format, Format::Geojson | Format::Csv) {
        report.cells = cover::of(&program, &report);
    }
    let candidates = program.accessions.iter().map(|a| program.party_name(a.party).to_owned()).collect();
    Checked { outcome: Outcome { report, diagnostics }, candidates }
}

/// As many threads as the machine runs at once.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
