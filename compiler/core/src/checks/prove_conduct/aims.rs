//! `prove C is inward`, `prove A and B pose no threat to each other`: at whom hostile acts can aim.
//!
//! In: a property. Out: see [`super`]. *Inward* is the question of N06. *No threat*: no hostile act that a norm of one charter
//! demands or permits can aim at a party of the other alone. Whom a norm names is read off its text; where it may name an
//! outsider it is asked whether it can then be due.

use super::CODE;
use crate::checks::norms::ask::Reply;
use crate::checks::norms::conclude::Open;
use crate::checks::norms::n06::{self, Aim};
use crate::checks::norms::{applies, quoted};
use crate::checks::{Context, Draft};
use crate::model::conduct::{ConductProperty, Norm};
use crate::model::{CharterId, KindId, PartyId, StatementId};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// `is inward`.
pub(super) fn inward(cx: &mut Context<'_>, property: &ConductProperty) {
    let found = n06::outsiders(cx, property.charter);
    if let Some(first) = found.burdens().next() {
        let more = match found.burdens().count() {
            1 => String::new(),
            n => format!(" (the first of {n})"),
        };
        let message = format!("`{}` does not hold: {}{more}", property.text, first.message);
        let mut draft =
            Draft::new(CODE, message).charter(property.charter).asked(property.span, &property.text).also("N06");
        for (statement, role) in &first.statements {
            draft = draft.statement(*statement, role.clone());
        }
        cx.report(draft);
        return;
    }
    match found.open.told() {
        Some(why) => cx.undecided(CODE, Some(property.charter), property.text.clone(), why),
        None => {
            let core: Vec<StatementId> = found.core.into_iter().collect();
            cx.prove(CODE, Some(property.charter), property.text.clone(), &core, IndexMap::new());
        }
    }
}

/// Somebody who is a party to one charter and not to another.
struct Alone {
    party: Option<PartyId>,
    kind: KindId,
}

/// `pose no threat to each other`.
pub(super) fn no_threat(cx: &mut Context<'_>, property: &ConductProperty, other: CharterId) {
    let mut core: BTreeSet<StatementId> = BTreeSet::new();
    let (mut threats, mut open) = (Vec::new(), Open::default());
    for (of, to) in [(property.charter, other), (other, property.charter)] {
        let alone = alone(cx, to, of);
        let norms = cx.norms(of);
        for norm in norms.asked.iter().filter(|n| applies::binds(n) && n.charter.is_some()) {
            let Some((true, action)) = n06::touches(cx, norm) else { continue };
            let action = action.to_owned();
            if !alone.is_empty() {
                core.insert(norm.statement);
            }
            for (aim, kind) in n06::aims(cx, &norms.asking, norm) {
                let hit = alone.iter().find(|a| fits(cx, norm, aim, kind, a));
                let Some(hit) = hit else { continue };
                if let Aim::Variable(v) = aim {
                    match n06::due_for(cx, &norms.asking, norm, v, &BTreeSet::new()) {
                        Reply::No => continue,
                        Reply::Yes(_) if norm.variables.get(v.0 as usize).is_none_or(|v| v.filter.is_none()) => {}
                        Reply::Yes(_) => {
                            let why = "whether a party of the other charter meets its condition is not asked";
                            open.norm(norm, why);
                            continue;
                        }
                        Reply::Open(why) => {
                            open.norm(norm, why);
                            continue;
                        }
                    }
                }
                let whom = match hit.party {
                    Some(p) => cx.program().party_name(p).to_owned(),
                    None => format!("any {}", cx.program().kind_name(hit.kind)),
                };
                let message = format!(
                    "{} of `{}` {} the hostile act `{action}` against {whom}, party to `{}` alone",
                    quoted(norm),
                    cx.charter_name(of),
                    n06::verb(norm),
                    cx.charter_name(to)
                );
                threats.push((norm.statement, message));
            }
        }
    }
    if let Some((statement, message)) = threats.first() {
        let more = if threats.len() == 1 { String::new() } else { format!(" (the first of {})", threats.len()) };
        let draft = Draft::new(CODE, format!("`{}` does not hold: {message}{more}", property.text))
            .charter(property.charter)
            .asked(property.span, &property.text)
            .statement(*statement, "");
        cx.report(draft);
    } else if let Some(why) = open.told() {
        cx.undecided(CODE, Some(property.charter), property.text.clone(), why);
    } else {
        let core: Vec<StatementId> = core.into_iter().collect();
        cx.prove(CODE, Some(property.charter), property.text.clone(), &core, IndexMap::new());
    }
}

/// The parties to a charter that are none to another, by name; then the kinds that are open in number.
fn alone(cx: &Context<'_>, to: CharterId, not: CharterId) -> Vec<Alone> {
    let program = cx.program();
    let (Some(to), Some(not)) = (program.charters.get(to.0 as usize), program.charters.get(not.0 as usize)) else {
        return Vec::new();
    };
    let mut named: Vec<PartyId> = to.members.iter().copied().filter(|p| !not.members.contains(p)).collect();
    named.sort_by_key(|p| program.party_name(*p).to_owned());
    let kind = |p: &PartyId| program.parties.get(p.0 as usize).map_or(KindId(0), |p| p.kind);
    let named = named.iter().map(|p| Alone { party: Some(*p), kind: kind(p) });
    named.chain(to.open.iter().map(|k| Alone { party: None, kind: *k })).collect()
}

/// Whether an act can aim at one.
fn fits(cx: &Context<'_>, norm: &Norm, aim: Aim, kind: KindId, one: &Alone) -> bool {
    let program = cx.program();
    let of_kind = |k: KindId| program.is_kind(one.kind, k);
    match aim {
        Aim::Named(p) => one.party == Some(p),
        Aim::Anyone => of_kind(kind),
        Aim::Variable(v) => of_kind(kind) && norm.variables.get(v.0 as usize).is_some_and(|v| of_kind(v.domain.kind)),
    }
}
