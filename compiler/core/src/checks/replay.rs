//! Title by walking the statements: the second opinion on what B07 finds.
//!
//! In: the statements that speak of one cell, and values for days, terms and unknowns. Out: whether somebody gives there what
//! it does not hold. It reads each statement's own condition and nothing else; it shares no code with the formulas of
//! [`super::cover`], which the solver was asked about.

use crate::logic::{Formula, Model, Sort, Value};
use crate::model::{PartyId, RightId, Statement, StatementKind};

/// Whether the statement is on, where values that the solver left out, because they do not matter, are taken as none.
fn on(s: &Statement, values: &Model) -> Option<bool> {
    holds(&s.on, values)
}

fn holds(condition: &Formula, values: &Model) -> Option<bool> {
    condition.eval(values).or_else(|| {
        let mut all = values.clone();
        for x in condition.vars() {
            if all.get(&x).is_none() {
                let nothing = if x.sort() == Sort::Bool { Value::Bool(false) } else { Value::int(0) };
                all.set(x, nothing);
            }
        }
        condition.eval(&all)
    })
}

/// Whether the statement gives here, on these values, what none of its givers holds.
pub(super) fn untitled(gift: &Statement, here: &[&Statement], values: &Model) -> Option<bool> {
    if !on(gift, values)? {
        return Some(false);
    }
    let rest: Vec<&Statement> = here.iter().copied().filter(|s| s.id != gift.id).collect();
    let mut walk = Vec::new();
    Some(match &gift.kind {
        StatementKind::Waiver { party, right, .. } => !title(&rest, *party, *right, values, &mut walk)?,
        StatementKind::Lease { party, right, .. } => !title(&rest, *party, Some(*right), values, &mut walk)?,
        StatementKind::Delegation { party, .. } => !title(&rest, *party, None, values, &mut walk)?,
        StatementKind::Jointly { parties, right, .. } => {
            for p in parties {
                if title(&rest, *p, Some(*right), values, &mut walk)? {
                    return Some(false);
                }
            }
            let mut others = false;
            for s in &rest {
                if let StatementKind::Claim { party, .. } = &s.kind {
                    others |= !parties.contains(party) && on(s, values)?;
                }
            }
            others
        }
        _ => false,
    })
}

/// Whether two gifts are in force, and nothing that would let both receivers hold.
pub(super) fn both(first: &Statement, second: &Statement, joint: &[&Statement], values: &Model) -> Option<bool> {
    for s in joint {
        if on(s, values)? {
            return Some(false);
        }
    }
    Some(on(first, values)? && on(second, values)?)
}

/// Whether a party holds title on these values; `walk` are the parties on the way down to it.
fn title(
    here: &[&Statement],
    party: PartyId,
    need: Option<RightId>,
    values: &Model,
    walk: &mut Vec<PartyId>,
) -> Option<bool> {
    if walk.contains(&party) {
        return Some(false);
    }
    for s in here {
        if !on(s, values)? {
            continue;
        }
        let enough = |r: RightId| r == RightId(0) || need.is_none() || need == Some(r);
        let above = match &s.kind {
            StatementKind::Claim { party: p, right, .. } if *p == party && enough(*right) => {
                if !waived(here, party, *right, values)? {
                    return Some(true);
                }
                continue;
            }
            StatementKind::Jointly { parties, right, .. } if parties.contains(&party) && enough(*right) => {
                if !waived(here, party, *right, values)? {
                    return Some(true);
                }
                continue;
            }
            StatementKind::Delegation { party: giver, to, .. } if *to == party => *giver,
            StatementKind::Under { party: holder, under, .. } if *holder == party => *under,
            StatementKind::Lease { party: giver, to, right, .. } if *to == party && enough(*right) => *giver,
            _ => continue,
        };
        walk.push(party);
        let held = title(here, above, need, values, walk);
        walk.pop();
        if held? {
            return Some(true);
        }
    }
    Some(false)
}

fn waived(here: &[&Statement], party: PartyId, right: RightId, values: &Model) -> Option<bool> {
    for s in here {
        if let StatementKind::Waiver { party: p, right: r, .. } = &s.kind
            && *p == party
            && (r.is_none() || *r == Some(right))
            && on(s, values)?
        {
            return Some(true);
        }
    }
    Some(false)
}
