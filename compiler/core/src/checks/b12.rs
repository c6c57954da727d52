//! B12: readings differ.
//!
//! Compares what different named sources say that one party claims as one right in one atlas: where the two grounds overlap, on the
//! days on which both sources speak, and one has ground that the other lacks. Each source's rows are taken together, so that
//! a claim written in one statement by one and in ten by another is no difference.

use super::cover::{self, Cover, noise};
use super::when::{possible, when};
use super::{Check, Context, Draft, Reply, View, words};
use crate::atlas::{AtlasId, CellSet};
use crate::logic::Formula;
use crate::model::{PartyId, RightId, Statement, StatementKind};
use crate::report::Level;
use std::collections::BTreeMap;

/// B12.
#[derive(Debug)]
pub(super) struct Readings;

impl Check for Readings {
    fn code(&self) -> &'static str {
        "B12"
    }

    fn title(&self) -> &'static str {
        "readings differ"
    }

    fn level(&self) -> Level {
        Level::Note
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            for (of, sources) in readings(&cx.statements(view)) {
                let sources: Vec<(&Source, Vec<&Statement>)> = sources.iter().map(|(k, v)| (k, v.clone())).collect();
                for (i, (one, first)) in sources.iter().enumerate() {
                    for (other, second) in sources.iter().skip(i + 1) {
                        let both: Vec<&Statement> = first.iter().chain(second).copied().collect();
                        if cover::concerns(view, &both) {
                            compare(cx, view, of, (one, first), (other, second));
                        }
                    }
                }
            }
        }
    }
}

/// A named source and its date.
type Source = (String, Option<String>);

/// Whose claim to what in which space.
type Of = (PartyId, RightId, AtlasId);

fn readings<'a>(statements: &[&'a Statement]) -> BTreeMap<Of, BTreeMap<Source, Vec<&'a Statement>>> {
    let mut out: BTreeMap<Of, BTreeMap<Source, Vec<&Statement>>> = BTreeMap::new();
    for s in statements {
        if let (StatementKind::Claim { party, right, region, .. }, Some(source)) = (&s.kind, &s.reading.source) {
            let source = (source.clone(), s.reading.as_of.clone());
            out.entry((*party, *right, region.atlas)).or_default().entry(source).or_default().push(s);
        }
    }
    out
}

fn ground(statements: &[&Statement]) -> CellSet {
    statements.iter().filter_map(|s| s.region()).fold(CellSet::default(), |all, r| all.union(&r.cells))
}

fn on(statements: &[&Statement]) -> Formula {
    Formula::or(statements.iter().map(|s| s.on.clone()))
}

fn compare(
    cx: &mut Context<'_>,
    view: View,
    (party, right, atlas): Of,
    (one, first): (&Source, &[&Statement]),
    (other, second): (&Source, &[&Statement]),
) {
    if ground(first).intersection(&ground(second)).is_empty() {
        return;
    }
    let program = cx.program();
    let Some(space) = program.atlas(atlas) else { return };
    let who = program.party_name(party);
    let question = format!("what {who} claims is the same by {} and by {}", cite(one), cite(other));
    let all: Vec<&Statement> = first.iter().chain(second).copied().collect();
    let cover = Cover::new(&all);
    // both speak on the same day, and of some common ground
    let common = cover.parts(atlas, &ground(first).intersection(&ground(second)), |_| true);
    let both = Formula::or(common.iter().map(|part| {
        let side = |of: &[&Statement]| on(&of.iter().copied().filter(|s| has(&part.here, s)).collect::<Vec<_>>());
        Formula::and([side(first), side(second)])
    }));
    let mut alone = [CellSet::default(), CellSet::default()];
    let mut ways = Vec::new();
    for part in cover.parts(atlas, &ground(&all), |_| true) {
        let side = |of: &[&Statement]| on(&of.iter().copied().filter(|s| has(&part.here, s)).collect::<Vec<_>>());
        let (a, b) = (side(first), side(second));
        for (i, (has, lacks)) in [(&a, &b), (&b, &a)].into_iter().enumerate() {
            let f = Formula::and([has.clone(), Formula::not(lacks), both.clone()]);
            if f.is_false() || !matches!(possible(cx, view, &question, &f), Reply::Possible(_)) {
                continue;
            }
            if let Some(cells) = alone.get_mut(i) {
                *cells = cells.union(&part.cells);
            }
            ways.push(f);
        }
    }
    let [ours, theirs] = alone;
    let differ = ours.union(&theirs);
    if differ.is_empty() || noise(space, &differ) {
        return;
    }
    let Some(found) = when(cx, "B12", view, &question, &Formula::or(ways)) else { return };
    let as_right = words::as_right(program, right);
    let tail = found.tail(program);
    let message = format!(
        "{} and {} differ on what {who} claims{as_right}: {}{tail}",
        cite(one),
        cite(other),
        space.describe(&differ)
    );
    let mut draft = Draft::new("B12", message).charter(view.charter).accession(view.with).ground(atlas, differ.clone());
    draft = draft.statements(all.iter().map(|s| s.id));
    for (source, cells) in [(one, &ours), (other, &theirs)] {
        if !cells.is_empty() {
            draft = draft.note(format!("by {} alone: {}", cite(source), space.describe(cells)));
            draft = draft.row(row(space, source, cells));
        }
    }
    let draft = found.write(program, draft, Level::Note);
    cx.report(draft);
}

fn has(here: &[&Statement], s: &Statement) -> bool {
    here.iter().any(|h| h.id == s.id)
}

/// `"gazette" as of 2019-04-01`.
fn cite((source, as_of): &Source) -> String {
    as_of.as_ref().map_or_else(|| format!("\"{source}\""), |date| format!("\"{source}\" as of {date}"))
}

fn row(space: &crate::atlas::Atlas, source: &Source, cells: &CellSet) -> indexmap::IndexMap<String, serde_json::Value> {
    let mut row = indexmap::IndexMap::new();
    row.insert("by alone".to_owned(), cite(source).into());
    row.insert("ground".to_owned(), space.describe(cells).into());
    if let Some(extent) = crate::atlas::number::measure(&space.measure(cells)) {
        row.insert("extent".to_owned(), extent.into());
    }
    row
}
