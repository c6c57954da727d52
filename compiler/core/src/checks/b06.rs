//! B06: below tolerance.
//!
//! In: the clashes of a view whose ground is everywhere narrower than the atlas's stated tolerance, as the study of the view
//! sets them apart. Out: one note for each atlas, with a row for each pair: cells, pieces, area, the widest piece; and the sum.
//! Without a stated tolerance there is nothing to count.

use super::cover;
use super::study::{Clash, Narrow};
use super::{Check, Context, Draft, View, words};
use crate::atlas::{Atlas, AtlasId, CellSet, number};
use crate::model::{PartyId, Statement};
use crate::report::Level;
use indexmap::IndexMap;
use num_rational::BigRational;
use std::collections::BTreeMap;

/// B06.
#[derive(Debug)]
pub(super) struct BelowTolerance;

impl Check for BelowTolerance {
    fn code(&self) -> &'static str {
        "B06"
    }

    fn title(&self) -> &'static str {
        "below tolerance"
    }

    fn level(&self) -> Level {
        Level::Note
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            let study = cx.study(view);
            let mut by_atlas: BTreeMap<AtlasId, (BigRational, Vec<&Clash>)> = BTreeMap::new();
            for (clash, why) in &study.narrow {
                let Narrow::BelowTolerance(tolerance) = why else { continue };
                if cover::concerns(view, &members(cx, clash)) {
                    let entry = by_atlas.entry(clash.atlas).or_insert_with(|| (tolerance.clone(), Vec::new()));
                    entry.1.push(clash);
                }
            }
            for (atlas, (tolerance, clashes)) in by_atlas {
                count(cx, view, atlas, &tolerance, &clashes);
            }
        }
    }
}

/// The statements of a clash.
pub(super) fn members<'a>(cx: &Context<'a>, clash: &Clash) -> Vec<&'a Statement> {
    let program = cx.program();
    clash.members.iter().filter_map(|m| program.statement(*m)).collect()
}

fn count(cx: &mut Context<'_>, view: View, atlas: AtlasId, tolerance: &BigRational, clashes: &[&Clash]) {
    let program = cx.program();
    let Some(space) = program.atlas(atlas) else { return };
    let all = clashes.iter().fold(CellSet::default(), |all, c| all.union(&c.cells));
    let (pieces, widest) = pieces(space, &all);
    let area = number::measure(&space.measure(&all)).unwrap_or_default();
    let limit = words::quantity(tolerance, "m");
    let message = format!(
        "below tolerance in this file: {}, nowhere as wide as {limit}, {} and {area} in all",
        counted(clashes.len(), "overlap", "overlaps"),
        counted(pieces, "piece", "pieces"),
    );
    let mut draft = Draft::new("B06", message)
        .charter(view.charter)
        .accession(view.with)
        .identity(space.name.clone())
        .ground(atlas, all)
        .note("this says nothing about claims that the file does not contain")
        .note(format!("the widest piece is {} m wide", number::area(widest)));
    for clash in clashes {
        let statements = members(cx, clash);
        let parties: Vec<PartyId> = statements.iter().flat_map(|s| s.parties.iter().copied()).collect();
        let (pieces, widest) = self::pieces(space, &clash.cells);
        let mut row: IndexMap<String, serde_json::Value> = IndexMap::new();
        row.insert("between".to_owned(), words::parties(program, &parties).into());
        row.insert("cells".to_owned(), clash.cells.len().into());
        row.insert("pieces".to_owned(), pieces.into());
        if let Some(size) = number::measure(&space.measure(&clash.cells)) {
            row.insert("area".to_owned(), size.into());
        }
        row.insert("widest, m".to_owned(), number::area(widest).into());
        draft = draft.row(row);
        draft = draft.statements(statements.iter().map(|s| s.id));
    }
    cx.report(draft);
}

/// How many pieces, and how wide the widest is in metres.
fn pieces(space: &Atlas, cells: &CellSet) -> (usize, f64) {
    let pieces = space.pieces(cells);
    (pieces.len(), pieces.iter().map(|p| p.width_m).fold(0.0, f64::max))
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
