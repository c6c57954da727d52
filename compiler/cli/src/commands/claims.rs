//! `comity claims FILE…`: the overlaps of files of claims, or who claims a point.

use crate::args::{Claims, Provenance};
use crate::config::Config;
use crate::output::refuse;
use crate::progress;
use crate::project::{self, Want};
use crate::run::Run;
use comity_core::atlas::Extent;
use comity_core::report::{Format, Outcome};
use comity_core::source::Sources;
use comity_core::survey::{self, Request};
use std::process::ExitCode;

pub(super) fn run(words: &Claims) -> ExitCode {
    let run = match Run::new(&words.common) {
        Ok(run) => run,
        Err(status) => return status,
    };
    let cells = matches!(words.common.format, Format::Geojson | Format::Csv);
    if cells && !words.at.is_empty() {
        return refuse("`--at` asks about points, and `--format geojson` and `csv` hold ground: leave one of them out");
    }
    let mut sources = Sources::default();
    match project::open(&words.files, Want::Data, &mut sources) {
        Err(diagnostics) => run.finish(Outcome::invalid(diagnostics), &sources, &Config::default(), ""),
        Ok(project) => {
            let request = Request {
                files: project.roots,
                claimant: words.claimant.clone(),
                tolerance_m: words.tolerance,
                at: words.at.clone(),
                provenance: provenance(&words.provenance),
                cells,
            };
            let outcome = progress::with("laying claims over one another", || {
                survey::claims(&project.world, &request, &mut sources)
            });
            run.finish(outcome, &sources, &project.config, &project.prefix)
        }
    }
}

fn provenance(words: &Provenance) -> survey::Provenance {
    survey::Provenance {
        source: words.source.clone(),
        as_of: words.as_of.clone(),
        extent: words.extent.as_deref().map(|e| if e == "land" { Extent::Land } else { Extent::WithWaters }),
    }
}
