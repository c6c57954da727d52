//! S06: beyond their means: values of attributes for which whoever must act cannot do what a rule asks.
//!
//! In: duties of rules that answer a breach, whose act changes an attribute of its actor (`changes reserves(by) by -amount`).
//! Out: the members whose attribute can be less than one act takes, with the simplest values, and the simplest situation in which
//! one of them owes it; a proof where none can. Not asked where no act says what it uses up, or a member does not
//! state the attribute.

use super::shown::{Then, with_situation};
use super::{Found, Pact, is_owed, pattern, said};
use crate::checks::norms::ask::Asking;
use crate::checks::{Check, Context, Draft, words};
use crate::logic::{BigRational, Formula, Linear};
use crate::model::conduct::{Action, Compare, Match, Norm, Pattern, Quantity, VarId, Who};
use crate::model::{AttributeValue, PartyId};
use num_traits::ToPrimitive;
use std::collections::BTreeSet;

/// S06.
#[derive(Debug)]
pub(in crate::checks) struct BeyondTheirMeans;

impl Check for BeyondTheirMeans {
    fn code(&self) -> &'static str {
        "S06"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S06", |cx, pact| {
            let mut found = Found::default();
            let duties: Vec<&Norm> = pact
                .answers()
                .flat_map(|a| pact.steps(a.rule).filter(move |n| is_owed(n) && a.binds_another(n)))
                .filter(|n| pattern(n).is_some())
                .collect();
            if duties.is_empty() {
                return found;
            }
            let uses: Vec<(&Norm, Use)> =
                duties.iter().flat_map(|n| uses(pact, n).into_iter().map(|u| (*n, u))).collect();
            if uses.is_empty() {
                found.not_asked.push(format!(
                    "no act that a rule of {} asks says what it uses up: write `changes reserves(by) by -1` at the \
                     action, and state `reserves` of each party",
                    pact.name()
                ));
            }
            let asking = cx.asking(pact.view);
            for (norm, used) in uses {
                one(cx, pact, &asking, norm, &used, &mut found);
            }
            found
        });
    }
}

/// What an act takes from its actor.
struct Use {
    attribute: String,
    /// negative where it takes
    change: Linear,
}

/// What the act of a duty changes of its actor's attributes, by its least amounts.
fn uses(pact: &Pact<'_>, norm: &Norm) -> Vec<Use> {
    let (Some(p), Some(action)) = (pattern(norm), pact.action(norm)) else { return Vec::new() };
    let mut out = Vec::new();
    for change in &action.changes {
        let Quantity::Attribute(Who::Var(VarId(0)), attribute) = &change.quantity else { continue };
        if let Some(by) = amount(&change.by, p, action) {
            out.push(Use { attribute: attribute.clone(), change: by });
        }
    }
    out
}

/// A quantity over the arguments of an act, with those that a duty asks for.
fn amount(q: &Quantity, p: &Pattern, action: &Action) -> Option<Linear> {
    match q {
        Quantity::Fixed(n) => Some(n.clone()),
        Quantity::Argument(i) => match p.arguments.get(*i)? {
            Match::Number(Compare::Equal | Compare::AtLeast, Quantity::Fixed(n)) => Some(n.clone()),
            Match::Any => action.parameters.get(*i)?.default.clone(),
            _ => None,
        },
        Quantity::Scaled(c, inner) => amount(inner, p, action).map(|n| n.scale(c)),
        Quantity::Sum(parts) => {
            parts.iter().try_fold(Linear::constant(BigRational::from_integer(0.into())), |sum, part| {
                Some(sum + amount(part, p, action)?)
            })
        }
        Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => None,
    }
}

fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, norm: &Norm, used: &Use, found: &mut Found) {
    let program = pact.program;
    let reserved = pact.reserved(norm.id);
    let (listed, open) = pact.subjects(norm);
    let who: BTreeSet<PartyId> = listed.difference(&reserved).copied().collect();
    let members = who.len();
    let mut short: Vec<(PartyId, Formula)> = Vec::new();
    let mut silent: Vec<PartyId> = Vec::new();
    for party in who {
        let value = program.parties.get(party.0 as usize).and_then(|p| p.attributes.get(&used.attribute));
        let Some(AttributeValue::Quantity(value, _)) = value else {
            silent.push(party);
            continue;
        };
        let less = Formula::lt(&(value + &used.change), &Linear::zero());
        if !less.is_false() && cx.can(&Formula::and([less.clone(), cx.ranges().clone()])) {
            short.push((party, less));
        } else {
            cx.count(1);
        }
    }
    if !silent.is_empty() {
        found.not_asked.push(format!(
            "{} state no `{}`, which `{}` uses up: state it",
            words::parties(program, &silent),
            used.attribute,
            said(norm)
        ));
    }
    // members that are not listed state nothing; of a group those that are may be enough
    if open && norm.group.is_none() {
        found.not_asked.push(format!(
            "members that {} does not list have a `{}` that nobody states, which `{}` uses up: name them, and state it",
            pact.name(),
            used.attribute,
            said(norm)
        ));
    }
    // of a group so many must be able to, one of them being in breach
    if let Some(group) = &norm.group {
        let asked = match &group.least {
            Quantity::Fixed(n) => n.as_constant().and_then(|n| n.ceil().to_integer().to_usize()),
            _ => None,
        };
        let Some(asked) = asked else {
            found.not_asked.push(format!("how many must do what `{}` asks depends on values: state them", said(norm)));
            return;
        };
        let able = members.saturating_sub(short.len() + silent.len());
        if able > asked {
            short.clear();
        }
    }
    let question = format!("whoever must can do what `{}` asks", said(norm));
    if short.is_empty() {
        if silent.is_empty() && !(open && norm.group.is_none()) {
            found.proved.push((question, vec![norm.statement]));
        }
        return;
    }
    let all: Vec<PartyId> = short.iter().map(|(p, _)| *p).collect();
    let message = format!(
        "`{}` can ask more of {} than {} `{}` {}",
        said(norm),
        words::parties(program, &all),
        if all.len() > 1 { "their" } else { "its" },
        used.attribute,
        if all.len() > 1 { "hold" } else { "holds" }
    );
    let mut draft = Draft::new("S06", message)
        .charter(pact.view.charter)
        .statement(norm.statement, "")
        .identity(used.attribute.clone());
    // a situation has values of its own, for one of them
    let rule = norm.rule.and_then(|r| pact.conduct().rule(r));
    let told = short.iter().min_by_key(|(_, less)| less.vars().len()).cloned();
    let mut shown = None;
    if let (Some(rule), Some((party, less))) = (rule, told) {
        draft = with_situation(draft, cx, (pact, asking), rule, &[norm.id], Then::On(party, less));
        shown = draft.hypothetical.then_some(party);
    }
    for (party, less) in short {
        draft = draft.party(party);
        if shown == Some(party) {
            continue;
        }
        let vars: Vec<_> = less.vars().into_iter().collect();
        let ranges = cx.ranges().clone();
        if let Ok(Some(model)) = cx.simplest(&[ranges, less], &vars) {
            for (name, value) in words::values(program, &model) {
                draft = draft.value(name, value);
            }
        }
    }
    found.drafts.push(draft);
}
