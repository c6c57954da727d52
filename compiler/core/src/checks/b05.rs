//! B05: nobody's.
//!
//! In: the named regions of the atlases that a charter speaks of. Out: one note for each region of which some part is claimed
//! by nobody, with that part; what was agreed about it (set aside, frozen, common) is said with it. A region that a file
//! names and the charter does not speak of at all is counted in one note for its atlas, so that a map of the whole world
//! does not bury the report. Address space and other ground without a name is nobody's business here.

use super::cover::{self, Cover};
use super::when::possible;
use super::{Check, Context, Draft, Reply, View, words};
use crate::atlas::{Atlas, AtlasId, CellSet, NamedGround};
use crate::model::{Statement, StatementKind};
use crate::report::Level;
use std::collections::BTreeMap;

/// B05.
#[derive(Debug)]
pub(super) struct Nobody;

impl Check for Nobody {
    fn code(&self) -> &'static str {
        "B05"
    }

    fn title(&self) -> &'static str {
        "nobody's"
    }

    fn level(&self) -> Level {
        Level::Note
    }

    fn run(&self, cx: &mut Context<'_>) {
        let program = cx.program();
        for view in cx.charters() {
            // what a candidate claims is claimed by somebody
            let statements: Vec<&Statement> =
                program.statements.iter().filter(|s| s.charter == Some(view.charter)).collect();
            let cover = Cover::new(&statements);
            for (atlas, space) in (0u32..).map(AtlasId).zip(&program.atlases) {
                let spoken: CellSet = statements
                    .iter()
                    .filter_map(|s| s.region())
                    .filter(|r| r.atlas == atlas)
                    .flat_map(|r| r.cells.cells().iter().copied())
                    .collect();
                if !spoken.is_empty() {
                    gaps(cx, view, &cover, atlas, space, &spoken);
                }
            }
        }
    }
}

fn gaps(cx: &mut Context<'_>, view: View, cover: &Cover<'_>, atlas: AtlasId, space: &Atlas, spoken: &CellSet) {
    let mut silent: Vec<(&str, CellSet)> = Vec::new();
    let mut open: Vec<(NamedGround<'_>, CellSet)> = Vec::new();
    for named in space.named() {
        let unclaimed = unclaimed(cx, view, cover, atlas, named.cells);
        if unclaimed.is_empty() || cover::noise(space, &unclaimed) {
            continue;
        }
        if in_a_file(space, &named) && named.cells.intersection(spoken).is_empty() {
            silent.push((named.label, unclaimed));
        } else {
            open.push((named, unclaimed));
        }
    }
    // regions that are free as a whole first, the widest first; what these have told no other name tells again
    open.sort_by_key(|(named, unclaimed)| {
        (unclaimed != named.cells, std::cmp::Reverse(named.cells.len()), named.derived, named.label)
    });
    let mut told = CellSet::default();
    for (named, unclaimed) in open {
        if !unclaimed.is_subset(&told) {
            told = told.union(&unclaimed);
            region(cx, view, cover, (atlas, space), named, unclaimed);
        }
    }
    if !silent.is_empty() {
        rest(cx, view, atlas, space, &silent);
    }
}

/// Whether a region is a row of a file, and not written where its atlas is.
fn in_a_file(space: &Atlas, named: &NamedGround<'_>) -> bool {
    !named.derived
        && space
            .leaf_named(named.name)
            .and_then(|l| space.leaves.get(l as usize))
            .is_some_and(|l| l.span.file != space.span.file)
}

/// The cells that no claim can cover, on any day and under any settlement.
fn unclaimed(cx: &mut Context<'_>, view: View, cover: &Cover<'_>, atlas: AtlasId, cells: &CellSet) -> CellSet {
    let mut out = CellSet::default();
    let wanted = |s: &Statement| cover::is_claim(s) || matches!(s.kind, StatementKind::Waiver { .. });
    for part in cover.parts(atlas, cells, wanted) {
        let f = cover::claimed(&part.here);
        let never = f.is_false()
            || !f.is_true()
                && matches!(possible(cx, view, "somebody claims it at some time", &f), Reply::Impossible(_));
        if never {
            out = out.union(&part.cells);
        }
    }
    out
}

fn region(
    cx: &mut Context<'_>,
    view: View,
    cover: &Cover<'_>,
    (atlas, space): (AtlasId, &Atlas),
    named: NamedGround<'_>,
    unclaimed: CellSet,
) {
    let program = cx.program();
    let charter = cx.charter_name(view.charter);
    let qualified = named.label.to_owned();
    let all = unclaimed == *named.cells;
    let size = crate::atlas::number::measure(&space.measure(&unclaimed));
    let what = match (all, &size) {
        (true, None) => qualified.clone(),
        (true, Some(size)) => format!("{qualified} ({size})"),
        (false, None) => format!("{}, a part of {qualified},", space.describe(&unclaimed)),
        (false, Some(size)) => format!("a part of {qualified} ({size})"),
    };
    let message = format!("no party of {charter} claims {what}");
    let mut draft = Draft::new("B05", message.trim_end_matches(','))
        .charter(view.charter)
        .identity(qualified)
        .ground(atlas, unclaimed.clone());
    let mut agreed: BTreeMap<crate::model::StatementId, &Statement> = BTreeMap::new();
    for part in cover.parts(atlas, &unclaimed, |s| word(s).is_some()) {
        agreed.extend(part.here.iter().map(|s| (s.id, *s)));
    }
    for s in agreed.values() {
        let word = word(s).unwrap_or_default();
        let between =
            if s.parties.is_empty() { String::new() } else { format!(" by {}", words::parties(program, &s.parties)) };
        let ground = s.region().map_or_else(String::new, |r| space.describe(&r.cells.intersection(&unclaimed)));
        draft = draft.statement(s.id, "").note(format!("{ground} is {word}{between}"));
    }
    cx.report(draft);
}

/// What is agreed by a statement about ground without a claim.
fn word(s: &Statement) -> Option<&'static str> {
    match s.kind {
        StatementKind::SetAside { .. } => Some("set aside"),
        StatementKind::Frozen { .. } => Some("frozen"),
        StatementKind::Common { .. } => Some("common"),
        StatementKind::Control { .. } => Some("controlled without a claim"),
        StatementKind::Waiver { .. } => Some("waived"),
        _ => None,
    }
}

/// One note for the regions of a file that no statement speaks of.
fn rest(cx: &mut Context<'_>, view: View, atlas: AtlasId, space: &Atlas, silent: &[(&str, CellSet)]) {
    let charter = cx.charter_name(view.charter);
    let all: CellSet = silent.iter().flat_map(|(_, c)| c.cells().iter().copied()).collect();
    let size = crate::atlas::number::measure(&space.measure(&all)).map_or_else(String::new, |s| format!(" ({s})"));
    let count = silent.len();
    let regions = if count == 1 { "region" } else { "regions" };
    let message = format!(
        "{count} named {regions} of {} that {charter} does not speak of {} claimed by nobody{size}",
        space.name,
        if count == 1 { "is" } else { "are" }
    );
    let draft =
        Draft::new("B05", message).charter(view.charter).identity(format!("{} rest", space.name)).ground(atlas, all);
    cx.report(draft);
}
