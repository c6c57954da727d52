//! B07: giving what one does not hold.
//!
//! Two questions of every lease, delegation, waiver and holding in common. Is there a day and a settlement on which it is in
//! force and its giver holds no title there, neither by a claim of its own nor under somebody who does? And is there one on
//! which the same ground was given to somebody else already, by the same giver, for a right that only one can hold? Every
//! answer is replayed on the values found, by walking the statements instead of the formula.

use super::cover::{self, Cover};
use super::replay;
use super::when::{When, accepted, possible, when};
use super::{Check, Context, Draft, Reply, View, words};
use crate::atlas::CellSet;
use crate::logic::{Formula, Model};
use crate::model::{PartyId, Program, Region, RightId, Statement, StatementId, StatementKind};
use crate::report::Level;
use crate::report::document::WayOut;
use std::collections::BTreeSet;

/// B07.
#[derive(Debug)]
pub(super) struct Giving;

impl Check for Giving {
    fn code(&self) -> &'static str {
        "B07"
    }

    fn title(&self) -> &'static str {
        "giving what one does not hold"
    }

    fn level(&self) -> Level {
        Level::Error
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            let statements = cx.statements(view);
            let cover = Cover::new(&statements);
            let gifts: Vec<Gift<'_>> = statements.iter().filter_map(|s| Gift::of(s)).collect();
            let mut held = true;
            for gift in gifts.iter().filter(|g| cover::concerns(view, &[g.statement])) {
                held &= without_title(cx, view, &cover, gift);
            }
            for (i, first) in gifts.iter().enumerate() {
                for second in gifts.iter().skip(i + 1) {
                    if cover::concerns(view, &[first.statement, second.statement])
                        && first.same_ground(cx.program(), second)
                    {
                        held &= twice(cx, view, &cover, first, second);
                    }
                }
            }
            if held && view.with.is_none() && !gifts.is_empty() {
                let core = rests_on(&cover, &gifts);
                let question = "whoever leases, delegates, shares or waives holds what it gives, and gives it once";
                cx.prove("B07", Some(view.charter), question, &core, indexmap::IndexMap::new());
            }
        }
    }
}

/// A statement by which somebody gives away.
struct Gift<'a> {
    statement: &'a Statement,
    givers: &'a [PartyId],
    to: Option<PartyId>,
    /// the right that goes with it; `None` for all
    right: Option<RightId>,
    region: &'a Region,
}

impl<'a> Gift<'a> {
    fn of(s: &'a Statement) -> Option<Self> {
        let one = std::slice::from_ref::<PartyId>;
        let (givers, to, right, region) = match &s.kind {
            StatementKind::Lease { party, to, right, region } => (one(party), Some(*to), Some(*right), region),
            StatementKind::Delegation { party, to, region } => (one(party), Some(*to), None, region),
            StatementKind::Waiver { party, right, region } => (one(party), None, *right, region),
            StatementKind::Jointly { parties, right, region } => (parties.as_slice(), None, Some(*right), region),
            _ => return None,
        };
        Some(Self { statement: s, givers, to, right, region })
    }

    /// Whether two gifts by one giver to two receivers carry rights that only one of them can hold.
    fn same_ground(&self, program: &Program, other: &Self) -> bool {
        let (Some(p), Some(q)) = (self.to, other.to) else { return false };
        let exclusive = match (self.right, other.right) {
            (Some(a), Some(b)) => program.excludes(a, b),
            (Some(r), None) | (None, Some(r)) => program.excludes(r, r),
            (None, None) => true,
        };
        p != q && exclusive && self.givers == other.givers && self.region.atlas == other.region.atlas
    }

    /// When the giver, or none of the givers, holds nothing to give at a place.
    fn untitled(&self, here: &[&Statement]) -> Formula {
        let held = match &self.statement.kind {
            // a waiver takes itself back: what counts is the claim before it
            StatementKind::Waiver { party, right, .. } => {
                let before: Vec<&Statement> = here.iter().copied().filter(|s| s.id != self.statement.id).collect();
                cover::title(&before, *party, *right)
            }
            // what a group holds jointly it claims by that; it gives away what is another's, and no member's
            StatementKind::Jointly { parties, .. } => {
                let rest: Vec<&Statement> = here.iter().copied().filter(|s| s.id != self.statement.id).collect();
                let ours = parties.iter().map(|p| cover::title(&rest, *p, self.right));
                let others = others(&rest, parties);
                let another = Formula::or(others.iter().map(|s| s.on.clone()));
                Formula::or(ours.chain([Formula::not(&another)]))
            }
            _ => Formula::or(self.givers.iter().map(|p| cover::title(here, *p, self.right))),
        };
        Formula::and([self.statement.on.clone(), Formula::not(&held)])
    }
}

/// The claims of others than these.
fn others<'a>(here: &[&'a Statement], but: &[PartyId]) -> Vec<&'a Statement> {
    here.iter()
        .copied()
        .filter(|s| matches!(&s.kind, StatementKind::Claim { party, .. } if !but.contains(party)))
        .collect()
}

fn speaks_of_title(s: &Statement) -> bool {
    cover::is_claim(s)
        || matches!(
            s.kind,
            StatementKind::Lease { .. }
                | StatementKind::Delegation { .. }
                | StatementKind::Under { .. }
                | StatementKind::Waiver { .. }
        )
}

/// The gifts, and what speaks of title where they are given.
fn rests_on(cover: &Cover<'_>, gifts: &[Gift<'_>]) -> Vec<StatementId> {
    let parts = gifts.iter().flat_map(|g| cover.parts(g.region.atlas, &g.region.cells, speaks_of_title));
    let mut core: Vec<StatementId> = parts.flat_map(|p| p.here.into_iter().map(|s| s.id)).collect();
    core.extend(gifts.iter().map(|g| g.statement.id));
    core.sort_unstable();
    core.dedup();
    core
}

/// Whether the giver holds title to all that it gives; reports where it does not.
fn without_title(cx: &mut Context<'_>, view: View, cover: &Cover<'_>, gift: &Gift<'_>) -> bool {
    let question = format!("whoever gives by {} holds title", gift.statement.address);
    let mut cells = CellSet::default();
    let mut holders: BTreeSet<PartyId> = BTreeSet::new();
    let mut ways = Vec::new();
    let mut open = false;
    for part in cover.parts(gift.region.atlas, &gift.region.cells, speaks_of_title) {
        let f = gift.untitled(&part.here);
        let replayed = |model: &Model| replay::untitled(gift.statement, &part.here, model);
        match shown(cx, view, &question, &f, replayed) {
            Shown::No => {}
            Shown::Open => open = true,
            Shown::Yes => {
                cells = cells.union(&part.cells);
                holders.extend(others(&part.here, gift.givers).iter().flat_map(|s| s.parties.iter().copied()));
                ways.push(f);
            }
        }
    }
    let Some(found) = when(cx, "B07", view, &question, &Formula::or(ways)) else { return !open };
    report_untitled(cx, view, gift, cells, &holders, found);
    false
}

/// The answer to a question, once replayed.
enum Shown {
    Yes,
    No,
    Open,
}

/// Whether `f` is possible under an accepted settlement, and the statements say so too on the values found. Where the two do
/// not agree the question stays open.
fn shown(
    cx: &mut Context<'_>,
    view: View,
    question: &str,
    f: &Formula,
    replayed: impl Fn(&Model) -> Option<bool>,
) -> Shown {
    if f.is_false() {
        return Shown::No;
    }
    let goal = Formula::and([f.clone(), accepted(cx, view)]);
    let reached = match possible(cx, view, question, &goal) {
        Reply::Impossible(_) => return Shown::No,
        Reply::Possible(model) if replayed(&model) == Some(true) => return Shown::Yes,
        Reply::Possible(_) => "fault: the statements do not say what the solver found".to_owned(),
        Reply::Undecided(reached) => reached,
    };
    cx.undecided("B07", Some(view.charter), question, reached);
    Shown::Open
}

fn report_untitled(
    cx: &mut Context<'_>,
    view: View,
    gift: &Gift<'_>,
    cells: CellSet,
    holders: &BTreeSet<PartyId>,
    found: When,
) {
    let program = cx.program();
    let s = gift.statement;
    let all = cells == gift.region.cells;
    let what = program.atlas(gift.region.atlas).map_or_else(String::new, |a| a.describe(&cells));
    let ground = if all { "it".to_owned() } else { what.clone() };
    let lacks = match &s.kind {
        StatementKind::Waiver { .. } => format!("and does not claim {ground}"),
        StatementKind::Jointly { .. } => format!("and none of them holds title to {ground}"),
        _ => format!("and holds no title to {ground}"),
    };
    let tail = found.tail(program);
    let message = format!("{} {lacks}{tail}", words::role(program, s));
    let holders: Vec<PartyId> = holders.iter().copied().collect();
    let mut draft = Draft::new("B07", message)
        .charter(view.charter)
        .accession(view.with)
        .statement(s.id, "")
        .ground(gift.region.atlas, cells.clone());
    if holders.is_empty() {
        draft = draft.note(format!("no other party claims {what}"));
    } else {
        let verb = if holders.len() == 1 { "claims" } else { "claim" };
        draft = draft.note(format!("{} {verb} {what}", words::parties(program, &holders)));
    }
    let name = |p: &PartyId| program.party_name(*p).to_owned();
    let by: Vec<String> = gift.givers.iter().map(name).collect();
    let withdraw = if all {
        format!("withdraw {}", s.address)
    } else {
        let rest = gift.region.cells.difference(&cells);
        let rest = program.atlas(gift.region.atlas).map_or_else(String::new, |a| a.describe(&rest));
        format!("narrow {} to {rest}", s.address)
    };
    draft = draft.way_out(WayOut { by, cost: 1.into(), changes: vec![withdraw], area_km2: None });
    if let (Some(to), [holder]) = (gift.to, holders.as_slice()) {
        let verb = if matches!(s.kind, StatementKind::Lease { .. }) { "leases" } else { "delegates" };
        let change = format!("{} {verb} {what} to {}", program.party_name(*holder), program.party_name(to));
        draft = draft.way_out(WayOut { by: vec![name(holder)], cost: 1.into(), changes: vec![change], area_km2: None });
    }
    let draft = found.write(program, draft, Level::Error);
    cx.report(draft);
}

/// Whether two gifts do not meet; reports where they do.
fn twice(cx: &mut Context<'_>, view: View, cover: &Cover<'_>, first: &Gift<'_>, second: &Gift<'_>) -> bool {
    let (Some(one), Some(other)) = (first.to, second.to) else { return true };
    let common = first.region.cells.intersection(&second.region.cells);
    if common.is_empty() {
        return true;
    }
    let program = cx.program();
    let atlas = first.region.atlas;
    let what = program.atlas(atlas).map_or_else(String::new, |a| a.describe(&common));
    let question = format!("{what} is given to one receiver at a time");
    // the two receivers may have agreed to hold it jointly
    let joint = |s: &Statement| matches!(&s.kind, StatementKind::Jointly { parties, .. } if parties.contains(&one) && parties.contains(&other));
    let mut cells = CellSet::default();
    let mut ways = Vec::new();
    let mut open = false;
    for part in cover.parts(atlas, &common, joint) {
        let shared = Formula::or(part.here.iter().map(|s| s.on.clone()));
        let f = Formula::and([first.statement.on.clone(), second.statement.on.clone(), Formula::not(&shared)]);
        let replayed = |model: &Model| replay::both(first.statement, second.statement, &part.here, model);
        match shown(cx, view, &question, &f, replayed) {
            Shown::No => {}
            Shown::Open => open = true,
            Shown::Yes => {
                cells = cells.union(&part.cells);
                ways.push(f);
            }
        }
    }
    let Some(found) = when(cx, "B07", view, &question, &Formula::or(ways)) else { return !open };
    let giver = words::parties(program, first.givers);
    let both = words::parties(program, &[one, other]);
    let what = program.atlas(atlas).map_or_else(String::new, |a| a.describe(&cells));
    let tail = found.tail(program);
    let message = format!("{giver} gives {what} twice, to {both}{tail}");
    let mut draft = Draft::new("B07", message)
        .charter(view.charter)
        .accession(view.with)
        .statement(first.statement.id, "")
        .statement(second.statement.id, "")
        .party(one)
        .party(other)
        .ground(atlas, cells)
        .minimal(true);
    let by: Vec<String> = first.givers.iter().map(|p| program.party_name(*p).to_owned()).collect();
    for gift in [first, second] {
        let changes = vec![format!("withdraw {}", gift.statement.address)];
        draft = draft.way_out(WayOut { by: by.clone(), cost: 1.into(), changes, area_km2: None });
    }
    let draft = found.write(program, draft, Level::Error);
    cx.report(draft);
    false
}
