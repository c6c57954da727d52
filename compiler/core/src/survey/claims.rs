//! `comity claims`: the overlaps of files of claims, or who claims a point.
//!
//! In: a [`Request`]. Out: a B01 finding for every pair of claimants with ground that both claim, or a B06 note where all of it
//! is below the tolerance that was asked for.

use super::ground::{Claim, Ground, Survey, survey};
use super::read::{Row, read};
use super::{LINE_MODEL, Provenance, Request, entries, finish, invalid, report};
use crate::atlas::{CellSet, Measure, SpaceKind};
use crate::report::document::{CellEntry, Counts, Finding, Level, NotAsked, PointAnswer, Proved, Report, WayOut};
use crate::report::{Outcome, fingerprint, to_four_digits, to_six};
use crate::source::{Sources, World};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the files and reports.
#[must_use]
pub fn claims(world: &dyn World, request: &Request, sources: &mut Sources) -> Outcome {
    let mut files = request.files.clone();
    files.sort_unstable();
    files.dedup();
    let (mut rows, mut notes, mut errors): (Vec<Row>, _, _) = (Vec::new(), Vec::new(), Vec::new());
    for path in &files {
        match read(world, path, &request.claimant, sources) {
            Ok(read) => {
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
    let mut report = report(sources);
    let parties = survey.claimants.len();
    report.counts = Counts {
        parties,
        statements: count,
        cells: survey.grounds.iter().map(|g| g.atlas.cells.len()).sum(),
        ..Counts::default()
    };
    if survey.grounds.iter().any(|g| g.atlas.space == SpaceKind::Earth) {
        report.notes.push(LINE_MODEL.to_owned());
    }
    if request.at.is_empty() {
        report.counts.questions = parties * parties.saturating_sub(1) / 2;
        overlaps(&survey, request, sources, &mut report);
    } else {
        report.at = request.at.iter().map(|p| at(&survey, *p)).collect();
        let because = "only points were asked about: leave out `--at` to list the overlaps".to_owned();
        report.not_asked.push(NotAsked { code: "B01".to_owned(), because });
    }
    if request.cells {
        report.cells = survey.grounds.iter().flat_map(|g| cells(&survey, g, request, sources)).collect();
    }
    finish(report, notes)
}

/// A finding for every pair that overlaps.
fn overlaps(survey: &Survey, request: &Request, sources: &Sources, report: &mut Report) {
    report.notes.push(
        "one exclusive right is asked about, for all time and without terms: ground that two claimants claim is found from the \
         cells alone, and no solver is asked"
            .to_owned(),
    );
    for ground in &survey.grounds {
        for ((a, b), set) in ground.pairs() {
            report.findings.extend(overlap(survey, ground, [a, b], &set, request, sources));
        }
    }
    let question = if report.findings.is_empty() {
        "no two claimants claim the same ground"
    } else {
        "no two claimants claim the same ground, but for the pairs that are listed"
    };
    report.proved.push(Proved {
        code: "B01".to_owned(),
        question: question.to_owned(),
        charter: None,
        core: Vec::new(),
        witness: indexmap::IndexMap::new(),
        hypothetical: false,
    });
}

fn overlap(
    survey: &Survey,
    ground: &Ground,
    pair: [usize; 2],
    set: &CellSet,
    request: &Request,
    sources: &Sources,
) -> Option<Finding> {
    let [a, b] = pair.map(|i| survey.claimants.get(i).map(String::as_str));
    let (a, b) = (a?, b?);
    let below = request.tolerance_m.filter(|m| ground.atlas.narrower_than(set, *m));
    let (code, level) = if below.is_some() { ("B06", Level::Note) } else { ("B01", Level::Error) };
    let mut finding = Finding::new(code, level, "");
    let size = entries::measure(&mut finding, ground, set);
    finding.message = match below {
        None => format!("`{a}` and `{b}` both claim the same ground: {size}"),
        Some(metres) => {
            format!("below tolerance in this file: what `{a}` and `{b}` both claim is nowhere {metres} m wide ({size})")
        }
    };
    let mut claims: Vec<(&str, &Claim)> = Vec::new();
    for (name, index) in [(a, pair[0]), (b, pair[1])] {
        claims.extend(ground.claims_in(index, set).map(|c| (name, c)));
    }
    finding.parties = vec![a.to_owned(), b.to_owned()];
    finding.statements = claims.iter().flat_map(|(name, c)| entries::statements(c, name, sources)).collect();
    let labels: BTreeSet<&str> = claims.iter().map(|(_, c)| c.label.as_str()).filter(|l| !l.is_empty()).collect();
    finding.regions = labels.into_iter().map(str::to_owned).collect();
    finding.reading = entries::readings(&claims, &request.provenance, sources);
    if below.is_none() {
        finding.minimal = Some(true);
        finding.ways_out = [a, b].map(|by| gives_up(by, &finding)).into();
    } else {
        finding.notes.push("this says nothing about whether a claim exists that the file does not contain".to_owned());
    }
    finding.fingerprint = fingerprint(code, &[a, b, &ground.atlas.space.phrase()]);
    Some(finding)
}

/// The one change that one claimant can make alone.
fn gives_up(by: &str, finding: &Finding) -> WayOut {
    let other = finding.parties.iter().filter(|p| *p != by).cloned().collect::<Vec<_>>().join(" and ");
    WayOut {
        by: vec![by.to_owned()],
        cost: 1.into(),
        changes: vec![format!("keep the claim of `{by}` but for the ground that `{other}` claims as well")],
        area_km2: finding.area_km2,
    }
}

/// Who claims a point of the Earth.
fn at(survey: &Survey, point: [f64; 2]) -> PointAnswer {
    let mut answer = PointAnswer { point, claimants: Vec::new(), on_boundary_of: Vec::new() };
    for ground in survey.grounds.iter().filter(|g| g.atlas.space == SpaceKind::Earth) {
        let Some(found) = ground.atlas.at(point[0], point[1]) else { continue };
        for (name, cells) in survey.claimants.iter().zip(&ground.by_claimant) {
            // a point on a border is inside of a claim whose ground lies all around it
            if !found.cells.is_empty() && found.cells.is_subset(cells) && !found.outside {
                answer.claimants.push(name.clone());
            } else if !found.cells.intersection(cells).is_empty() {
                answer.on_boundary_of.push(name.clone());
            }
        }
    }
    answer
}

/// One entry for every set of claimants.
fn cells(survey: &Survey, ground: &Ground, request: &Request, sources: &Sources) -> Vec<CellEntry> {
    let codes: BTreeMap<(usize, usize), &str> = ground
        .pairs()
        .into_iter()
        .map(|(pair, set)| {
            let below = request.tolerance_m.is_some_and(|m| ground.atlas.narrower_than(&set, m));
            (pair, if below { "B06" } else { "B01" })
        })
        .collect();
    let entry = |(cover, set): (Vec<usize>, CellSet)| {
        let name = |i: &usize| survey.claimants.get(*i).cloned();
        let claims: Vec<(&str, &Claim)> = cover
            .iter()
            .filter_map(|i| Some((survey.claimants.get(*i)?.as_str(), *i)))
            .flat_map(|(name, i)| ground.claims_in(i, &set).map(move |c| (name, c)))
            .collect();
        let of_pairs = codes.iter().filter(|((a, b), _)| cover.contains(a) && cover.contains(b));
        let codes: BTreeSet<&str> = of_pairs.map(|(_, code)| *code).collect();
        let (area_km2, extent) = match ground.atlas.measure(&set) {
            Measure::Area(km2) => (Some(to_six(km2)), None),
            Measure::Count(n, unit) => (None, Some(format!("{n} {unit}"))),
            Measure::None => (None, None),
        };
        let widest = ground.atlas.pieces(&set).iter().map(|p| p.width_m).reduce(f64::max);
        let labels: BTreeSet<String> = claims.iter().map(|(_, c)| c.label.clone()).filter(|l| !l.is_empty()).collect();
        CellEntry {
            atlas: ground.atlas.space.phrase(),
            claimants: cover.iter().filter_map(name).collect(),
            statements: claims
                .iter()
                .flat_map(|(name, c)| entries::statements(c, name, sources))
                .map(|s| s.id)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            regions: labels.into_iter().collect(),
            area_km2,
            extent,
            width_m: widest.map(to_four_digits),
            codes: codes.into_iter().map(str::to_owned).collect(),
            sources: source_names(&claims, &request.provenance, sources),
            polygons: ground.atlas.polygons(&set),
        }
    };
    ground.sets().into_iter().map(entry).collect()
}

fn source_names(claims: &[(&str, &Claim)], provenance: &Provenance, sources: &Sources) -> Vec<String> {
    let readings = entries::readings(claims, provenance, sources);
    readings.into_iter().filter_map(|r| r.source).collect::<BTreeSet<_>>().into_iter().collect()
}
