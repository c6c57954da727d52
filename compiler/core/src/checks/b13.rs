//! B13: agreed overlaps.
//!
//! A table, one row for each statement by which peers agree on ground: held jointly, leased, delegated, held under another, waived, set
//! aside, frozen, common: with whom, over what, from when until when, and which claims it lets stand side by side. Nothing is
//! in conflict here; what ends is marked, for the claims meet again after it.

use super::cover;
use super::when::{days, possible};
use super::{Check, Context, Draft, Reply, View, words};
use crate::logic::Formula;
use crate::model::{PartyId, Program, Statement, StatementKind};
use crate::report::Level;
use indexmap::IndexMap;

/// B13.
#[derive(Debug)]
pub(super) struct Agreed;

impl Check for Agreed {
    fn code(&self) -> &'static str {
        "B13"
    }

    fn title(&self) -> &'static str {
        "agreed overlaps"
    }

    fn level(&self) -> Level {
        Level::Note
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            let statements = cx.statements(view);
            let agreed: Vec<(&Statement, Agreement)> = statements
                .iter()
                .filter(|s| view.with.is_none() || s.accession == view.with)
                .filter_map(|s| Some((*s, agreement(s)?)))
                .collect();
            if !agreed.is_empty() {
                table(cx, view, &statements, &agreed);
            }
        }
    }
}

/// What is agreed by a statement, and between whom.
struct Agreement {
    what: &'static str,
    with: Vec<PartyId>,
}

fn agreement(s: &Statement) -> Option<Agreement> {
    let (what, with) = match &s.kind {
        StatementKind::Jointly { parties, .. } => ("held jointly", parties.clone()),
        StatementKind::Lease { party, to, .. } => ("leased", vec![*party, *to]),
        StatementKind::Delegation { party, to, .. } => ("delegated", vec![*party, *to]),
        StatementKind::Under { party, under, .. } => ("held under another", vec![*party, *under]),
        StatementKind::SetAside { parties, .. } => ("set aside", parties.clone()),
        StatementKind::Frozen { .. } => ("frozen", Vec::new()),
        StatementKind::Common { .. } => ("common", Vec::new()),
        _ => return None,
    };
    Some(Agreement { what, with })
}

fn table(cx: &mut Context<'_>, view: View, statements: &[&Statement], agreed: &[(&Statement, Agreement)]) {
    let program = cx.program();
    let mut draft = Draft::new("B13", "").charter(view.charter).accession(view.with);
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for (s, agreement) in agreed {
        let Some(region) = s.region() else { continue };
        *counts.entry(agreement.what).or_default() += 1;
        let during = days(cx, &s.on);
        let claims = side_by_side(cx, view, statements, s);
        let mut row: IndexMap<String, serde_json::Value> = IndexMap::new();
        row.insert("agreed".to_owned(), agreement.what.into());
        let names: Vec<serde_json::Value> = agreement.with.iter().map(|p| program.party_name(*p).into()).collect();
        if !names.is_empty() {
            row.insert("between".to_owned(), names.into());
        }
        row.insert("over".to_owned(), words::ground(program, region).into());
        if let StatementKind::Lease { right, .. } | StatementKind::Jointly { right, .. } = &s.kind {
            row.insert("as".to_owned(), program.right_name(*right).into());
        }
        for (key, day) in [("from", during.first().and_then(|d| d.0)), ("until", during.last().and_then(|d| d.1))] {
            if let Some(day) = day {
                row.insert(key.to_owned(), words::date(day).into());
            }
        }
        if !s.on.vars().is_subset(&std::iter::once(crate::model::day()).collect()) {
            row.insert("depends on".to_owned(), "terms or attributes still open".into());
        }
        if !claims.is_empty() {
            let claims: Vec<serde_json::Value> = claims.iter().map(|c| c.address.clone().into()).collect();
            row.insert("claims side by side".to_owned(), claims.into());
        }
        row.insert("statement".to_owned(), s.address.clone().into());
        draft = draft.statement(s.id, "").ground(region.atlas, region.cells.clone()).row(row);
    }
    let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let message = format!("agreed among the parties of {}: {}", cx.charter_name(view.charter), counts.join(", "));
    let with = view.with.and_then(|a| program.accessions.get(a.0 as usize));
    let message = with.map_or_else(
        || message.clone(),
        |a| {
            format!(
                "agreed by {} with {}: {}",
                program.party_name(a.party),
                cx.charter_name(view.charter),
                counts.join(", ")
            )
        },
    );
    draft.message = message;
    cx.report(draft);
}

/// The claims on the ground of an agreement that are on together with it, where they are of two parties or more that the
/// agreement speaks of.
fn side_by_side<'a>(
    cx: &mut Context<'_>,
    view: View,
    statements: &[&'a Statement],
    s: &Statement,
) -> Vec<&'a Statement> {
    let program: &Program = cx.program();
    let Some(region) = s.region() else { return Vec::new() };
    let with = agreement(s).map(|a| a.with).unwrap_or_default();
    let claims: Vec<&Statement> = statements
        .iter()
        .copied()
        .filter(|c| match &c.kind {
            StatementKind::Claim { party, region: r, .. } => {
                r.atlas == region.atlas
                    && !r.cells.intersection(&region.cells).is_empty()
                    && (with.is_empty() || with.contains(party))
            }
            _ => false,
        })
        .collect();
    let mut out: Vec<&Statement> = Vec::new();
    for (i, a) in claims.iter().enumerate() {
        for b in claims.iter().skip(i + 1) {
            let (Some(x), Some(y)) = (a.region(), b.region()) else { continue };
            let (Some((_, r)), Some((_, q))) = (cover::claim(a), cover::claim(b)) else { continue };
            let common = x.cells.intersection(&y.cells).intersection(&region.cells);
            if a.parties == b.parties || common.is_empty() || !program.excludes(r, q) {
                continue;
            }
            let all = Formula::and([s.on.clone(), a.on.clone(), b.on.clone()]);
            let together = all.is_true()
                || !all.is_false()
                    && matches!(
                        possible(cx, view, "the claims and the agreement are in force together", &all),
                        Reply::Possible(_)
                    );
            if together {
                out.extend([*a, *b]);
            }
        }
    }
    out.sort_by_key(|c| c.id);
    out.dedup_by_key(|c| c.id);
    out
}
