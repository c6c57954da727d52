//! B04: two descriptions of one boundary differ.
//!
//! Compares every two `boundary` statements between the same two parties, on the days on which both are in force: ground that
//! one puts on a party's side and the other on its neighbour's. Ground narrower than the atlas's tolerance does not count.
//! A boundary that a claim crosses is a clash of assertions: found with those, as B01 and also B04.

use super::cover::noise;
use super::when::{When, when};
use super::{Check, Context, Draft, View, words};
use crate::atlas::{AtlasId, CellSet};
use crate::logic::Formula;
use crate::model::{PartyId, Region, Statement, StatementKind};
use crate::report::Level;
use crate::report::document::WayOut;
use std::collections::BTreeSet;

/// B04.
#[derive(Debug)]
pub(super) struct Boundaries;

impl Check for Boundaries {
    fn code(&self) -> &'static str {
        "B04"
    }

    fn title(&self) -> &'static str {
        "two descriptions of one boundary differ"
    }

    fn level(&self) -> Level {
        Level::Error
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in super::cover::views(cx) {
            let lines: Vec<&Statement> =
                cx.statements(view).into_iter().filter(|s| matches!(s.kind, StatementKind::Boundary { .. })).collect();
            for (i, first) in lines.iter().enumerate() {
                for second in lines.iter().skip(i + 1) {
                    if super::cover::concerns(view, &[first, second]) {
                        compare(cx, view, first, second);
                    }
                }
            }
        }
    }
}

/// A boundary, read from one party's side.
struct Line<'a> {
    ours: &'a Region,
    theirs: &'a Region,
}

fn line(s: &Statement, us: PartyId, them: PartyId) -> Option<Line<'_>> {
    match &s.kind {
        StatementKind::Boundary { left, right, left_side, right_side } if *left == us && *right == them => {
            Some(Line { ours: left_side, theirs: right_side })
        }
        StatementKind::Boundary { left, right, left_side, right_side } if *left == them && *right == us => {
            Some(Line { ours: right_side, theirs: left_side })
        }
        _ => None,
    }
}

fn compare(cx: &mut Context<'_>, view: View, first: &Statement, second: &Statement) {
    let StatementKind::Boundary { left, right, .. } = &first.kind else { return };
    let (Some(a), Some(b)) = (line(first, *left, *right), line(second, *left, *right)) else { return };
    if a.ours.atlas != b.ours.atlas {
        return;
    }
    let atlas = a.ours.atlas;
    // what the first description leaves to `left` and the second to `right`, and the other way round
    let to_left = broad(cx, atlas, a.ours.cells.intersection(&b.theirs.cells));
    let to_right = broad(cx, atlas, a.theirs.cells.intersection(&b.ours.cells));
    let ground = to_left.union(&to_right);
    let program = cx.program();
    let between = words::parties(program, &[*left, *right]);
    let question = format!("two descriptions of the boundary between {between} agree");
    if ground.is_empty() {
        cx.prove("B04", Some(view.charter), question, &[first.id, second.id], indexmap::IndexMap::new());
        return;
    }
    let both = Formula::and([first.on.clone(), second.on.clone()]);
    let Some(found) = when(cx, "B04", view, &question, &both) else { return };
    report(cx, view, (first, second), (*left, *right), atlas, (&to_left, &to_right), found);
}

/// The cells that are not noise.
fn broad(cx: &Context<'_>, atlas: AtlasId, cells: CellSet) -> CellSet {
    if cx.program().atlas(atlas).is_some_and(|a| noise(a, &cells)) { CellSet::default() } else { cells }
}

fn report(
    cx: &mut Context<'_>,
    view: View,
    (first, second): (&Statement, &Statement),
    (left, right): (PartyId, PartyId),
    atlas: AtlasId,
    (to_left, to_right): (&CellSet, &CellSet),
    found: When,
) {
    let program = cx.program();
    let name = |p: PartyId| program.party_name(p);
    let ground = to_left.union(to_right);
    let what = program.atlas(atlas).map_or_else(String::new, |a| a.describe(&ground));
    let between = words::parties(program, &[left, right]);
    let tail = found.tail(program);
    let message = format!("two descriptions of the boundary between {between} differ over {what}{tail}");
    let mut draft = Draft::new("B04", message)
        .charter(view.charter)
        .accession(view.with)
        .statement(first.id, "")
        .statement(second.id, "")
        .ground(atlas, ground)
        .minimal(true);
    for (cells, one, other) in [(to_left, left, right), (to_right, right, left)] {
        if let (false, Some(a)) = (cells.is_empty(), program.atlas(atlas)) {
            draft = draft.note(format!(
                "{}: on the side of {} by {}, on the side of {} by {}",
                a.describe(cells),
                name(one),
                first.address,
                name(other),
                second.address
            ));
        }
    }
    let both: BTreeSet<PartyId> = first.parties.iter().chain(&second.parties).copied().collect();
    let by: Vec<String> = both.iter().map(|p| name(*p).to_owned()).collect();
    for s in [first, second] {
        draft = draft.way_out(WayOut {
            by: by.clone(),
            cost: 1.into(),
            changes: vec![format!("withdraw {}", s.address)],
            area_km2: None,
        });
    }
    let draft = found.write(program, draft, Level::Error);
    cx.report(draft);
}
