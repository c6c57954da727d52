//! The cells of a program for `--format geojson` and `csv`: one entry for each set of covering claims.
//!
//! In: a program and what was found in it. Out: [`CellEntry`]s in the order of atlas and claimants. Cells that no claim
//! covers are left out.

use super::document::{CellEntry, Report};
use crate::atlas::{AtlasId, CellSet, Measure, number};
use crate::model::{Program, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// The cells that claims cover.
#[must_use]
pub fn of(program: &Program, report: &Report) -> Vec<CellEntry> {
    let mut out = Vec::new();
    for (place, atlas) in (0u32..).zip(&program.atlases) {
        let id = AtlasId(place);
        let claims: Vec<&Statement> = program
            .statements
            .iter()
            .filter(|s| matches!(s.kind, StatementKind::Claim { .. } | StatementKind::Jointly { .. }))
            .filter(|s| s.region().is_some_and(|r| r.atlas == id))
            .collect();
        let mut covering: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (number, claim) in claims.iter().enumerate() {
            for cell in claim.region().into_iter().flat_map(|r| r.cells.cells()) {
                covering.entry(*cell).or_default().push(number);
            }
        }
        let mut groups: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
        for (cell, cover) in covering {
            groups.entry(cover).or_default().push(cell);
        }
        for (cover, cells) in groups {
            let set = CellSet::new(cells);
            let statements: Vec<&Statement> = cover.iter().filter_map(|n| claims.get(*n).copied()).collect();
            out.push(entry(program, report, atlas, &set, &statements));
        }
    }
    out.sort_by(|a, b| (&a.atlas, &a.claimants, &a.statements).cmp(&(&b.atlas, &b.claimants, &b.statements)));
    out
}

fn entry(
    program: &Program,
    report: &Report,
    atlas: &crate::atlas::Atlas,
    set: &CellSet,
    statements: &[&Statement],
) -> CellEntry {
    let claimants: BTreeSet<String> =
        statements.iter().flat_map(|s| &s.parties).map(|p| program.party_name(*p).to_owned()).collect();
    let ids: Vec<String> = statements.iter().map(|s| s.address.clone()).collect();
    let sources: BTreeSet<String> = statements.iter().filter_map(|s| s.reading.source.clone()).collect();
    // A finding is about this ground if all the claims it names lie over it.
    let codes: BTreeSet<String> = report
        .findings
        .iter()
        .filter(|f| {
            let named: Vec<&String> =
                f.statements.iter().map(|s| &s.id).filter(|id| program_claims(program, id)).collect();
            named.len() > 1 && named.iter().all(|id| ids.contains(id))
        })
        .map(|f| f.code.clone())
        .collect();
    let pieces = atlas.pieces(set);
    let width = pieces.iter().map(|p| p.width_m).fold(None, |best: Option<f64>, w| Some(best.map_or(w, |b| b.max(w))));
    let measure = atlas.measure(set);
    CellEntry {
        atlas: atlas.name.clone(),
        claimants: claimants.into_iter().collect(),
        statements: ids,
        regions: atlas.names(set),
        area_km2: if let Measure::Area(km2) = measure { Some(km2) } else { None },
        extent: if let Measure::Area(_) = measure { None } else { number::measure(&measure) },
        width_m: width,
        codes: codes.into_iter().collect(),
        sources: sources.into_iter().collect(),
        polygons: atlas.polygons(set),
    }
}

fn program_claims(program: &Program, id: &str) -> bool {
    program
        .statements
        .iter()
        .any(|s| s.address == id && matches!(s.kind, StatementKind::Claim { .. } | StatementKind::Jointly { .. }))
}
