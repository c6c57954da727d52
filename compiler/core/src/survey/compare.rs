//! `comity compare`: where two sources differ on what the same claimant claims.
//!
//! In: a [`Comparison`]. Out: a B12 note for every claimant whose ground is not the same in both, with what stands in one alone;
//! and for every claimant that only one of them knows.

use super::entries::GRID;
use super::ground::{Ground, Survey, survey};
use super::read::{Row, read};
use super::{Comparison, LINE_MODEL, Provenance, entries, finish, invalid, report};
use crate::atlas::{CellSet, Measure, SpaceKind};
use crate::report::document::{Counts, Finding, Level, Proved};
use crate::report::{Outcome, area_in_words, fingerprint, round_to, to_four_digits, to_six};
use crate::source::{Sources, World};
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::BTreeSet;

/// Stands between the number of a source and the name of a claimant: what each source says is a claimant of its own.
const OF: char = '\u{1f}';

/// Reads both and reports.
#[must_use]
pub fn compare(world: &dyn World, comparison: &Comparison, sources: &mut Sources) -> Outcome {
    let (mut rows, mut notes, mut errors): (Vec<Row>, _, _) = (Vec::new(), Vec::new(), Vec::new());
    for (side, path) in [(0u8, &comparison.a), (1, &comparison.b)] {
        match read(world, path, &comparison.by, sources) {
            Ok(mut read) => {
                for (name, _) in read.rows.iter_mut().flat_map(|r| &mut r.claimants) {
                    *name = format!("{side}{OF}{name}");
                }
                rows.extend(read.rows);
                notes.extend(read.notes);
            }
            Err(list) => errors.extend(list),
        }
    }
    if !errors.is_empty() {
        return invalid(errors, sources);
    }
    let count = rows.len();
    let survey = match survey(rows) {
        Ok(survey) => survey,
        Err(errors) => return invalid(errors, sources),
    };
    let names: BTreeSet<&str> = survey.claimants.iter().filter_map(|n| n.split_once(OF).map(|(_, n)| n)).collect();
    let mut report = report(sources);
    report.counts = Counts {
        parties: names.len(),
        statements: count,
        questions: names.len(),
        cells: survey.grounds.iter().map(|g| g.atlas.cells.len()).sum(),
        ..Counts::default()
    };
    if survey.grounds.iter().any(|g| g.atlas.space == SpaceKind::Earth) {
        report.notes.push(LINE_MODEL.to_owned());
    }
    for name in names {
        let sides = [side(&survey, 0, name), side(&survey, 1, name)];
        let before = report.findings.len();
        match sides {
            [Some(a), Some(b)] => {
                for ground in &survey.grounds {
                    report.findings.extend(differ(ground, name, [a, b], comparison, sources));
                }
            }
            [Some(i), None] => report.findings.extend(alone(&survey, name, i, [&comparison.a, &comparison.b], sources)),
            [None, Some(i)] => report.findings.extend(alone(&survey, name, i, [&comparison.b, &comparison.a], sources)),
            [None, None] => {}
        }
        if report.findings.len() == before {
            report.proved.push(Proved {
                code: "B12".to_owned(),
                question: format!("both sources state the same claim of `{name}`"),
                charter: None,
                core: Vec::new(),
                witness: IndexMap::new(),
                hypothetical: false,
            });
        }
    }
    finish(report, notes)
}

/// The claimant of this name in one source, by place.
fn side(survey: &Survey, side: u8, name: &str) -> Option<usize> {
    survey.claimants.binary_search_by(|n| n.as_str().cmp(&format!("{side}{OF}{name}"))).ok()
}

fn cells_of(ground: &Ground, claimant: usize) -> CellSet {
    ground.by_claimant.get(claimant).cloned().unwrap_or_default()
}

/// A claimant that both sources know.
fn differ(
    ground: &Ground,
    name: &str,
    sides: [usize; 2],
    comparison: &Comparison,
    sources: &Sources,
) -> Option<Finding> {
    let [in_a, in_b] = sides.map(|s| cells_of(ground, s));
    let only = [in_a.difference(&in_b), in_b.difference(&in_a)];
    let both = only[0].union(&only[1]);
    if both.is_empty() {
        return None;
    }
    let narrow = |metres: f64| only.iter().all(|o| o.is_empty() || ground.atlas.narrower_than(o, metres));
    let below = comparison.tolerance_m.filter(|m| narrow(*m));
    let code = if below.is_some() { "B06" } else { "B12" };
    let mut finding = Finding::new(code, Level::Note, "");
    entries::measure(&mut finding, ground, &both);
    let paths = [&comparison.a, &comparison.b];
    let mut parts = Vec::new();
    for (set, path) in only.iter().zip(paths) {
        if let Some((row, words)) = row(ground, set, path) {
            parts.push(words);
            finding.table.push(row);
        }
    }
    let parts = parts.join(", ");
    finding.message = match below {
        None => format!("two sources state the claim of `{name}` differently: {parts}"),
        Some(metres) => {
            format!(
                "two sources differ on the claim of `{name}` below tolerance in these files: {parts}, nowhere {metres} m wide"
            )
        }
    };
    fill(&mut finding, ground, name, &sides, &both, sources);
    Some(finding)
}

/// A claimant that one source knows and the other does not.
fn alone(survey: &Survey, name: &str, claimant: usize, paths: [&str; 2], sources: &Sources) -> Vec<Finding> {
    let of = |ground: &Ground| {
        let set = cells_of(ground, claimant);
        if set.is_empty() {
            return None;
        }
        let mut finding = Finding::new("B12", Level::Note, "");
        let size = entries::measure(&mut finding, ground, &set);
        finding.table.extend(row(ground, &set, paths[0]).map(|(row, _)| row));
        finding.message = format!("`{name}` claims {size} in `{}`, and nothing in `{}`", paths[0], paths[1]);
        fill(&mut finding, ground, name, &[claimant], &set, sources);
        Some(finding)
    };
    survey.grounds.iter().filter_map(of).collect()
}

/// What stands in one source alone: a row of the table, and a few words.
fn row(ground: &Ground, set: &CellSet, path: &str) -> Option<(IndexMap<String, Value>, String)> {
    if set.is_empty() {
        return None;
    }
    let number = |n: f64| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number);
    let mut row: IndexMap<String, Value> = IndexMap::from([("only in".to_owned(), path.into())]);
    let size = match ground.atlas.measure(set) {
        Measure::Area(km2) => {
            row.insert("area_km2".to_owned(), number(to_six(km2)));
            area_in_words(km2)
        }
        Measure::Count(n, unit) => {
            row.insert("extent".to_owned(), format!("{n} {unit}").into());
            format!("{n} {unit}")
        }
        Measure::None => {
            let names = set.len().to_string();
            row.insert("regions".to_owned(), names.clone().into());
            names
        }
    };
    let pieces = ground.atlas.pieces(set);
    if let Some(largest) = pieces.first() {
        row.insert("pieces".to_owned(), pieces.len().into());
        row.insert("width_m".to_owned(), number(to_four_digits(pieces.iter().map(|p| p.width_m).fold(0.0, f64::max))));
        row.insert(
            "point".to_owned(),
            Value::Array(largest.point.iter().map(|n| number(round_to(*n, GRID))).collect()),
        );
    }
    Some((row, format!("{size} in `{path}` alone")))
}

/// Statements, readings, fingerprint.
fn fill(finding: &mut Finding, ground: &Ground, name: &str, sides: &[usize], set: &CellSet, sources: &Sources) {
    finding.parties = vec![name.to_owned()];
    // where one source has nothing of the ground in question, all that it says of the claimant is shown
    for side in sides {
        let mut claims: Vec<_> = ground.claims_in(*side, set).map(|c| (name, c)).collect();
        if claims.is_empty() {
            claims = ground.claims.iter().filter(|c| c.claimant == *side).map(|c| (name, c)).collect();
        }
        finding.statements.extend(claims.iter().flat_map(|(n, c)| entries::statements(c, n, sources)));
        finding.reading.extend(entries::readings(&claims, &Provenance::default(), sources));
    }
    finding.reading.sort();
    finding.reading.dedup();
    finding.fingerprint = fingerprint(&finding.code, &[name, &ground.atlas.space.phrase()]);
}
