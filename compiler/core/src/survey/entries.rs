//! Parts of findings that claims and comparisons share.
//!
//! In: cells, claims, files. Out: the entries of the document.

use super::Provenance;
use super::ground::{Claim, Ground};
use crate::atlas::line::describe_pieces;
use crate::atlas::{CellSet, Extent, Measure};
use crate::report::document::{Finding, Level, Reading, Standing, StatementEntry};
use crate::report::{area_in_words, round_to, to_four_digits, to_six};
use crate::source::Sources;
use std::collections::BTreeSet;

/// Decimals of a degree on the grid on which shapes lie.
pub(super) const GRID: i32 = 9;

/// At most so many stretches are listed in a message.
const LISTED: usize = 4;

/// How large a set of cells is and where, into a finding. Gives the size in words.
pub(super) fn measure(finding: &mut Finding, ground: &Ground, set: &CellSet) -> String {
    finding.cells = Some(set.len());
    let pieces = ground.atlas.pieces(set);
    if let Some(largest) = pieces.first() {
        finding.components = Some(pieces.len());
        finding.width_m = Some(to_four_digits(pieces.iter().map(|p| p.width_m).fold(0.0, f64::max)));
        finding.point = Some(largest.point.map(|n| round_to(n, GRID)));
    }
    match ground.atlas.measure(set) {
        Measure::Area(km2) => {
            finding.area_km2 = Some(to_six(km2));
            let area = area_in_words(km2);
            match finding.components {
                Some(1) => format!("{area} in one piece"),
                Some(n) => format!("{area} in {n} pieces"),
                None => area,
            }
        }
        Measure::Count(n, unit) => {
            let prefixes = ground.atlas.prefixes_of(set);
            let extent = if prefixes.is_empty() {
                format!("{n} {unit}")
            } else {
                format!("{n} {unit}: {}", describe_pieces(&prefixes, None, LISTED))
            };
            finding.extent = Some(format!("{n} {unit}"));
            extent
        }
        Measure::None => {
            let names: Vec<String> = set.cells().iter().flat_map(|cell| named(ground, *cell)).collect();
            names.join(", ")
        }
    }
}

/// The plain name of a cell.
fn named(ground: &Ground, cell: u32) -> Option<String> {
    let leaf = ground.atlas.cells.get(cell as usize)?.cover.first()?;
    Some(format!("`{}`", ground.atlas.leaves.get(*leaf as usize)?.words))
}

/// The rows behind a claim.
pub(super) fn statements(claim: &Claim, claimant: &str, sources: &Sources) -> Vec<StatementEntry> {
    let entry = |(file, span): &(_, _)| {
        let path = sources.path(*file).to_owned();
        let at = sources.position(*span);
        let key = if claim.label.is_empty() { claimant.to_owned() } else { format!("{claimant}/{}", claim.label) };
        let what = if claim.label.is_empty() { "this ground".to_owned() } else { format!("`{}`", claim.label) };
        StatementEntry {
            id: format!("{path}#{key}"),
            parties: vec![claimant.to_owned()],
            path,
            line: at.line,
            column: at.column,
            text: sources.slice(*span).split_whitespace().collect::<Vec<_>>().join(" "),
            span: Some(*span),
            role: format!("{claimant} claims {what}"),
        }
    };
    claim.places.iter().map(entry).collect()
}

/// On whose word claims rest: the named source, else the files that hold them.
pub(super) fn readings(claims: &[(&str, &Claim)], provenance: &Provenance, sources: &Sources) -> Vec<Reading> {
    let mut out = BTreeSet::new();
    for (party, claim) in claims {
        for (file, _) in &claim.places {
            out.insert(Reading {
                party: (*party).to_owned(),
                source: Some(provenance.source.clone().unwrap_or_else(|| sources.path(*file).to_owned())),
                as_of: provenance.as_of.clone(),
                extent: provenance.extent.map(Extent::words).map(str::to_owned),
                licence: None,
                standing: if provenance.source.is_some() { Standing::Stated } else { Standing::Supposed },
            });
        }
    }
    out.into_iter().collect()
}

/// Errors before notes, then the catalogue's order, then the largest first, then by name.
pub(super) fn sort(findings: &mut [Finding]) {
    let rank = |level: Level| match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    };
    findings.sort_by(|a, b| {
        let by_area = b.area_km2.unwrap_or(0.0).total_cmp(&a.area_km2.unwrap_or(0.0));
        (rank(a.level), &a.code)
            .cmp(&(rank(b.level), &b.code))
            .then(by_area)
            .then_with(|| (&a.parties, &a.message).cmp(&(&b.parties, &b.message)))
    });
}
