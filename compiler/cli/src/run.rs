//! From an outcome to the terminal: the reader's decisions, the rendering, the exit status. Every verb that reports ends here.

use crate::args::Common;
use crate::config::Config;
use crate::output::{self, refuse, say};
use comity_core::checks::pages;
use comity_core::report::document::DiagnosticEntry;
use comity_core::report::policy::{self, Policy};
use comity_core::report::{Format, Options, Outcome, Verdict, render, render_diagnostics};
use comity_core::source::Sources;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

/// A verb that is about to run: flags that can be refused at once are.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    common: &'a Common,
    baseline: Option<BTreeSet<String>>,
    started: Instant,
}

impl<'a> Run<'a> {
    /// Looks at the common flags.
    pub(crate) fn new(common: &'a Common) -> Result<Self, ExitCode> {
        if common.audience.is_some() {
            return Err(refuse(
                "`--audience` comes with private files, in a later release; until then nothing in a charter is private, and a \
                 report shows all of it",
            ));
        }
        let baseline = match &common.baseline {
            None => None,
            Some(path) => Some(baseline(path).map_err(|e| refuse(&e))?),
        };
        Ok(Self { common, baseline, started: Instant::now() })
    }

    /// Draws the outcome and gives the exit status.
    pub(crate) fn finish(self, mut outcome: Outcome, sources: &Sources, config: &Config, prefix: &str) -> ExitCode {
        let common = self.common;
        let decided = Policy { baseline: self.baseline, ..policy(common, config) };
        policy::apply(&mut outcome.report, &decided);
        if outcome.report.diagnostics.is_empty() {
            outcome.report.diagnostics = outcome.diagnostics.iter().map(|d| DiagnosticEntry::of(d, sources)).collect();
        }
        let options = Options {
            color: output::color(common.color, common.output.is_some()),
            verbose: common.verbose,
            quiet: common.quiet,
            path_prefix: prefix.to_owned(),
        };
        let cells = matches!(common.format, Format::Geojson | Format::Csv);
        if cells {
            // a map has no place for them, and they must not be lost
            let stderr = Options { color: false, ..options.clone() };
            let text = render_diagnostics(&outcome.diagnostics, sources, &stderr);
            if !text.is_empty() {
                say(text.trim_end());
            }
        }
        if !(cells && outcome.report.verdict == Verdict::Invalid) {
            let mut text = render(common.format, &outcome.report, sources, &outcome.diagnostics, &options);
            if common.explain && common.format == Format::Human {
                explain(&mut text, &outcome);
            }
            if let Err(e) = output::emit(&text, common.output.as_deref()) {
                return refuse(&e);
            }
        }
        if common.stats {
            let bytes: usize = sources.iter().map(|(_, f)| f.text.len()).sum();
            let files = sources.iter().count();
            let seconds = self.started.elapsed().as_secs_f64();
            let (own, z3) = (&outcome.report.comity, comity_z3::z3_version());
            say(&format!("comity {own}, Z3 {z3}: {files} files, {bytes} bytes, {seconds:.3} s"));
        }
        output::status(outcome.report.verdict)
    }
}

/// What the flags and the project's settings decide; a flag goes before a setting.
pub(crate) fn policy(common: &Common, config: &Config) -> Policy {
    let mut levels = config.levels.clone();
    levels.extend(common.level.iter().cloned());
    let only = if common.only.is_empty() { config.only.clone() } else { common.only.iter().cloned().collect() };
    Policy { levels, only, baseline: None }
}

/// The pages of the codes in the report, each once.
fn explain(text: &mut String, outcome: &Outcome) {
    let codes: BTreeSet<&str> = outcome.report.findings.iter().map(|f| f.code.as_str()).collect();
    for page in codes.into_iter().filter_map(pages::page) {
        text.push('\n');
        text.push_str(page);
    }
}

/// The fingerprints of an earlier report.
fn baseline(path: &std::path::Path) -> Result<BTreeSet<String>, String> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|e| format!("cannot read `{shown}`: {e}"))?;
    let report: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|e| format!("`{shown}` is not JSON: {e}"))?;
    let findings = report.get("findings").and_then(|f| f.as_array());
    if report.get("schema").and_then(serde_json::Value::as_u64) != Some(1) {
        return Err(format!(
            "`{shown}` is no report of schema 1; write one with `comity check --format json -o {shown}`"
        ));
    }
    let findings = findings.ok_or_else(|| format!("`{shown}` has no list of findings"))?;
    let fingerprint = |f: &serde_json::Value| f.get("fingerprint")?.as_str().map(str::to_owned);
    findings
        .iter()
        .map(fingerprint)
        .collect::<Option<_>>()
        .ok_or_else(|| format!("`{shown}` has a finding without a fingerprint"))
}
