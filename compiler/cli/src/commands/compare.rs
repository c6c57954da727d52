//! `comity compare A B --by PROPERTY`: where two sources differ on what the same claimant claims.

use crate::args::Compare;
use crate::config::Config;
use crate::output::refuse;
use crate::progress;
use crate::project::{self, Want};
use crate::run::Run;
use comity_core::report::{Format, Outcome};
use comity_core::source::Sources;
use comity_core::survey::{self, Comparison};
use std::process::ExitCode;

pub(super) fn run(words: &Compare) -> ExitCode {
    let run = match Run::new(&words.common) {
        Ok(run) => run,
        Err(status) => return status,
    };
    if matches!(words.common.format, Format::Geojson | Format::Csv) {
        return refuse("`comity compare` has no cells to write: choose human, short or json");
    }
    let mut sources = Sources::default();
    let opened = project::open(&[words.a.clone(), words.b.clone()], Want::Data, &mut sources);
    let project = match opened {
        Ok(project) => project,
        Err(diagnostics) => return run.finish(Outcome::invalid(diagnostics), &sources, &Config::default(), ""),
    };
    // the project lists its files sorted, and here it matters which came first
    let given = [&words.a, &words.b].map(|path| project.name(path));
    let [Some(a), Some(b)] = given else { return refuse("the two sources must be files with Unicode names") };
    if a == b {
        return refuse("the two sources are the same file");
    }
    let comparison = Comparison { a, b, by: words.by.clone(), tolerance_m: words.tolerance };
    let outcome = progress::with("comparing", || survey::compare(&project.world, &comparison, &mut sources));
    run.finish(outcome, &sources, &project.config, &project.prefix)
}
