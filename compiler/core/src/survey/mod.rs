//! Files of claims without a charter: what overlaps, who claims a point, where two sources differ.
//!
//! In: the paths of data files and the property that names claimants. Out: an [`Outcome`] with the same document that charters
//! give. One exclusive right is asked about, for all time and without terms: then ground that two claimants claim is all there
//! is to find, and the cells say it without a solver. The claims of one claimant are taken together; nothing depends on the
//! order of files or features.

mod claims;
mod compare;
mod entries;
pub mod free;
mod ground;
mod read;
#[cfg(test)]
mod tests;
mod wkt;

pub use claims::claims;
pub use compare::compare;

use crate::atlas::Extent;
use crate::diagnostic::Diagnostic;
use crate::engine;
use crate::report::{Outcome, Report, Verdict, policy};
use crate::source::Sources;

/// Which way lines run and what areas are measured on: said in every report with areas.
pub(crate) const LINE_MODEL: &str = "the edges of polygons are taken as straight in longitude and latitude (RFC 7946), not as geodesics; areas are on the \
WGS 84 ellipsoid";

/// Whose reading a file is; every finding names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// the named source; without one the claims are *supposed*, and the file is named in its place
    pub source: Option<String>,
    /// its date
    pub as_of: Option<String>,
    /// whether outlines hold waters
    pub extent: Option<Extent>,
}

/// What to ask of files of claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// relative to the project
    pub files: Vec<String>,
    /// the property or column that names the claimant
    pub claimant: String,
    /// metres: pairs all of whose pieces are narrower are listed as below tolerance; nothing is without it
    pub tolerance_m: Option<f64>,
    /// longitude and latitude of points: who claims them is then all that is asked
    pub at: Vec<[f64; 2]>,
    /// whose reading it is
    pub provenance: Provenance,
    /// whether the cells are wanted as well, with their outlines
    pub cells: bool,
}

/// Two sources to compare.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// relative to the project
    pub a: String,
    /// relative to the project
    pub b: String,
    /// the property or column that names the claimant in both
    pub by: String,
    /// metres: differences all of whose pieces are narrower are listed as below tolerance; none is without it
    pub tolerance_m: Option<f64>,
}

/// An input that cannot be read.
fn invalid(diagnostics: Vec<Diagnostic>, sources: &Sources) -> Outcome {
    let mut outcome = Outcome::invalid(diagnostics);
    outcome.report.inputs = engine::inputs(sources);
    outcome
}

/// The report as far as it does not depend on what was asked.
fn report(sources: &Sources) -> Report {
    Report { inputs: engine::inputs(sources), ..Report::new(Verdict::Consistent) }
}

/// Puts findings in their order, draws the verdict.
fn finish(mut report: Report, diagnostics: Vec<Diagnostic>) -> Outcome {
    entries::sort(&mut report.findings);
    report.verdict = policy::verdict(&report);
    Outcome { report, diagnostics }
}
