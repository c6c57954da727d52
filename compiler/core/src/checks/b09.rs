//! B09: recognition gaps.
//!
//! In: the recognitions and protests of a view, holdings under another and delegations. Out: a table of who recognises whom
//! over what, who does not, and who has said nothing; and one note for each of: two parties that recognise different holders
//! of ground that nobody claims, a holding without the word of the party it is held under, a receiver whom nothing declares.
//! A charter in which nobody recognises or protests anybody has no table: silence all round is no gap in anything.

use super::cover::{self, Cover};
use super::when::when;
use super::{Check, Context, Draft, View, words};
use crate::atlas::CellSet;
use crate::logic::Formula;
use crate::model::{PartyId, RightId, Statement, StatementKind};
use crate::report::Level;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// Up to so many claimants every pair has its row; beyond, only those of whom one has said something of the other.
const EVERY_PAIR: usize = 12;

/// B09.
#[derive(Debug)]
pub(super) struct Recognition;

impl Check for Recognition {
    fn code(&self) -> &'static str {
        "B09"
    }

    fn title(&self) -> &'static str {
        "recognition gaps"
    }

    fn level(&self) -> Level {
        Level::Note
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            let statements = cx.statements(view);
            table(cx, view, &statements);
            differently(cx, view, &statements);
            unconfirmed(cx, view, &statements);
            undeclared(cx, view, &statements);
        }
    }
}

/// What one party says of another's holding.
#[derive(Default)]
struct Said<'a> {
    recognises: Vec<&'a Statement>,
    protests: Vec<&'a Statement>,
}

fn table(cx: &mut Context<'_>, view: View, statements: &[&Statement]) {
    let program = cx.program();
    let mut said: BTreeMap<(PartyId, PartyId), Said<'_>> = BTreeMap::new();
    for s in statements {
        match &s.kind {
            StatementKind::Recognition { party, holder, .. } => {
                said.entry((*party, *holder)).or_default().recognises.push(s);
            }
            StatementKind::Protest { party, holder, .. } => {
                said.entry((*party, *holder)).or_default().protests.push(s);
            }
            _ => {}
        }
    }
    if said.is_empty() {
        return;
    }
    let claimants: BTreeSet<PartyId> =
        statements.iter().filter(|s| cover::is_claim(s)).flat_map(|s| s.parties.iter().copied()).collect();
    let mut pairs: BTreeSet<(PartyId, PartyId)> = said.keys().copied().collect();
    pairs.extend(said.keys().map(|(p, q)| (*q, *p)).filter(|(_, q)| claimants.contains(q)));
    let all: BTreeSet<PartyId> = cx.parties(view).into_iter().collect();
    let every = claimants.len() <= EVERY_PAIR;
    if every {
        pairs.extend(all.iter().flat_map(|p| claimants.iter().filter(move |q| *q != p).map(move |q| (*p, *q))));
    }
    let candidate = view.with.and_then(|a| program.accessions.get(a.0 as usize)).map(|a| a.party);
    pairs.retain(|(p, q)| candidate.is_none_or(|c| *p == c || *q == c));
    let mut pairs: Vec<(PartyId, PartyId)> = pairs.into_iter().collect();
    pairs.sort_by_key(|(p, q)| (program.party_name(*p), program.party_name(*q)));
    let mut draft = Draft::new("B09", "").charter(view.charter).accession(view.with).identity("table");
    let (mut silent, mut one_way, mut stated) = (0usize, 0usize, 0usize);
    let nothing = Said::default();
    for (p, q) in &pairs {
        let here = said.get(&(*p, *q)).unwrap_or(&nothing);
        let back = said.get(&(*q, *p)).unwrap_or(&nothing);
        let row = |answer: &str, over: Option<String>, s: Option<&Statement>| {
            let mut row: IndexMap<String, serde_json::Value> = IndexMap::new();
            row.insert("party".to_owned(), program.party_name(*p).into());
            row.insert("answer".to_owned(), answer.into());
            row.insert("holder".to_owned(), program.party_name(*q).into());
            if let Some(over) = over {
                row.insert("over".to_owned(), over.into());
            }
            if let Some(s) = s {
                row.insert("statement".to_owned(), s.address.clone().into());
            }
            row
        };
        let over = |s: &Statement| s.region().map(|r| words::ground(program, r));
        for (answer, list) in [("recognises", &here.recognises), ("protests", &here.protests)] {
            for s in list {
                stated += 1;
                draft = draft.row(row(answer, over(s), Some(s))).statement(s.id, "");
            }
        }
        if here.recognises.is_empty() && here.protests.is_empty() {
            silent += 1;
            draft = draft.row(row("has said nothing of", None, None));
        }
        if !here.recognises.is_empty() && back.recognises.is_empty() && claimants.contains(p) {
            one_way += 1;
            let what = if back.protests.is_empty() { "has said nothing of" } else { "protests" };
            draft = draft.note(format!(
                "{} recognises {}; {} {what} {}",
                program.party_name(*p),
                program.party_name(*q),
                program.party_name(*q),
                program.party_name(*p)
            ));
        }
        draft = draft.party(*p).party(*q);
    }
    if stated == 0 && candidate.is_some() && silent == 0 {
        return;
    }
    if !every {
        draft = draft.note(format!(
            "{} parties claim ground: only pairs of whom one has said something of the other are listed",
            claimants.len()
        ));
    }
    let who = candidate.map_or_else(
        || format!("among the parties of {}", cx.charter_name(view.charter)),
        |c| format!("between {} and the parties of {}", program.party_name(c), cx.charter_name(view.charter)),
    );
    let message = format!(
        "recognition {who}: {stated} stated, {one_way} in one direction only, {silent} on which nothing is said"
    );
    draft.message = message;
    cx.report(draft);
}

/// Two parties that recognise different holders where nobody claims.
fn differently(cx: &mut Context<'_>, view: View, statements: &[&Statement]) {
    let program = cx.program();
    let cover = Cover::new(statements);
    let words_of: Vec<(&Statement, PartyId, PartyId, RightId)> = statements
        .iter()
        .filter_map(|s| match &s.kind {
            StatementKind::Recognition { party, holder, right, .. } => Some((*s, *party, *holder, *right)),
            _ => None,
        })
        .collect();
    for (i, (a, p, holder, right)) in words_of.iter().enumerate() {
        for (b, q, other, its_right) in words_of.iter().skip(i + 1) {
            let (Some(x), Some(y)) = (a.region(), b.region()) else { continue };
            if p == q || holder == other || !program.excludes(*right, *its_right) || x.atlas != y.atlas {
                continue;
            }
            if !cover::concerns(view, &[a, b]) {
                continue;
            }
            let common = x.cells.intersection(&y.cells);
            let mut cells = CellSet::default();
            let mut ways = Vec::new();
            for part in
                cover.parts(x.atlas, &common, |s| cover::is_claim(s) || matches!(s.kind, StatementKind::Waiver { .. }))
            {
                let f = Formula::and([a.on.clone(), b.on.clone(), Formula::not(&cover::claimed(&part.here))]);
                if !f.is_false() {
                    cells = cells.union(&part.cells);
                    ways.push(f);
                }
            }
            let what = program.atlas(x.atlas).map_or_else(String::new, |s| s.describe(&cells));
            let question = format!("whoever recognises a holder of {what} recognises the same one");
            let Some(found) = when(cx, "B09", view, &question, &Formula::or(ways)) else { continue };
            let tail = found.tail(program);
            let message = format!(
                "{} and {} recognise different holders of {what}, which nobody claims{tail}",
                program.party_name(*p),
                program.party_name(*q)
            );
            let draft = Draft::new("B09", message)
                .charter(view.charter)
                .accession(view.with)
                .statement(a.id, "")
                .statement(b.id, "")
                .party(*holder)
                .party(*other)
                .ground(x.atlas, cells);
            let draft = found.write(program, draft, Level::Note);
            cx.report(draft);
        }
    }
}

/// Holding under somebody who has not said so.
fn unconfirmed(cx: &mut Context<'_>, view: View, statements: &[&Statement]) {
    let program = cx.program();
    let cover = Cover::new(statements);
    for s in statements.iter().filter(|s| cover::concerns(view, &[s])) {
        let StatementKind::Under { party, under, region } = &s.kind else { continue };
        let confirms = |g: &Statement| match &g.kind {
            StatementKind::Delegation { party: p, to, .. } | StatementKind::Lease { party: p, to, .. } => {
                p == under && to == party
            }
            StatementKind::Recognition { party: p, holder, .. } => p == under && holder == party,
            _ => false,
        };
        let mut cells = CellSet::default();
        let mut ways = Vec::new();
        for part in cover.parts(region.atlas, &region.cells, confirms) {
            let word = Formula::or(part.here.iter().map(|g| g.on.clone()));
            let f = Formula::and([s.on.clone(), Formula::not(&word)]);
            if !f.is_false() {
                cells = cells.union(&part.cells);
                ways.push(f);
            }
        }
        let question = format!("{} confirms {}", program.party_name(*under), s.address);
        let Some(found) = when(cx, "B09", view, &question, &Formula::or(ways)) else { continue };
        let (holder, above) = (program.party_name(*party), program.party_name(*under));
        let what = program.atlas(region.atlas).map_or_else(String::new, |a| a.describe(&cells));
        let tail = found.tail(program);
        let message = format!("unconfirmed: {holder} holds {what} under {above}, and {above} has not said so{tail}");
        let draft = Draft::new("B09", message)
            .charter(view.charter)
            .accession(view.with)
            .statement(s.id, "")
            .party(*under)
            .ground(region.atlas, cells)
            .note(format!("{above} would confirm it by: {above} delegates {what} to {holder}"));
        let draft = found.write(program, draft, Level::Note);
        cx.report(draft);
    }
}

/// Delegations to receivers whom nothing declares.
fn undeclared(cx: &mut Context<'_>, view: View, statements: &[&Statement]) {
    let program = cx.program();
    let mut by_receiver: BTreeMap<PartyId, Vec<&Statement>> = BTreeMap::new();
    for s in statements.iter().filter(|s| cover::concerns(view, &[s])) {
        if let StatementKind::Delegation { to, .. } | StatementKind::Lease { to, .. } = &s.kind
            && program.parties.get(to.0 as usize).is_some_and(|p| !p.declared)
        {
            by_receiver.entry(*to).or_default().push(s);
        }
    }
    for (to, list) in by_receiver {
        let givers: Vec<PartyId> = list.iter().flat_map(|s| s.parties.iter().copied()).filter(|p| *p != to).collect();
        let message = format!(
            "{} gives ground to {}, whom nothing declares",
            words::parties(program, &givers),
            program.party_name(to)
        );
        let mut draft = Draft::new("B09", message).charter(view.charter).accession(view.with).party(to);
        for s in list {
            draft = draft.statement(s.id, "");
            if let Some(region) = s.region() {
                draft = draft.ground(region.atlas, region.cells.clone());
            }
        }
        cx.report(draft);
    }
}
