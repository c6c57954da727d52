//! Who may take which measures against whom, as the words of a rule say.
//!
//! In: a rule that answers a breach. Out: [`Closing`]: its measures that can close a way out, and whether all who lie around
//! some ground may take one of them at once.
//!
//! A measure can close a way out when its act is declared to `hinders` something or to be of the level `economic` or above, and
//! not as a help. Conditions count as met, and exceptions as not made, unless what is stated of the parties decides otherwise
//! ([`super::fixed`]). A party is exempt when it is entitled, always, to an act that the measure hinders, or when a prohibition
//! ranks above the measure.

use super::fixed::fixed;
use crate::checks::sanctions::levels::always;
use crate::checks::sanctions::{Answer, Pact, falls_due, pattern};
use crate::model::conduct::{Action, Arises, Force, Match, Norm, NormId, Pattern, Sort, Variable, Who};
use crate::model::{PartyId, StatementId};
use std::collections::BTreeSet;

/// The level from which on a measure can close a way out.
const ECONOMIC: &str = "economic";

/// A rule and its measures that can close a way out.
pub(super) struct Closing<'p> {
    pub(super) answer: Answer<'p>,
    pub(super) measures: Vec<&'p Norm>,
    /// acts of which it is not said
    pub(super) silent: Vec<&'p str>,
}

/// Parties for the variables of a rule and of a norm.
type Env = Vec<Option<PartyId>>;

impl<'p> Closing<'p> {
    /// Reads a rule.
    pub(super) fn of(pact: &Pact<'p>, answer: Answer<'p>) -> Self {
        let mut out = Self { answer, measures: Vec::new(), silent: Vec::new() };
        for norm in pact.measures(&answer).filter(|n| falls_due(n)) {
            let Some(action) = pact.action(norm) else { continue };
            match closes(pact, action) {
                Some(true) if !above_ceiling(pact, &answer, norm) => out.measures.push(norm),
                Some(_) => {}
                None => out.silent.push(action.name.as_str()),
            }
        }
        out
    }

    /// What a proof about it rests on.
    pub(super) fn statements(&self) -> Vec<StatementId> {
        std::iter::once(self.answer.rule.statement).chain(self.measures.iter().map(|n| n.statement)).collect()
    }

    /// Whether a party can be in breach of what the rule answers.
    pub(super) fn can_break(&self, pact: &Pact<'_>, party: PartyId) -> bool {
        let env = self.env(party, None);
        let Some(by) = self.answer.rule.variables.get(self.answer.by.0 as usize) else { return false };
        let broken = self.answer.broken.iter().filter_map(|n| pact.conduct().norm(*n));
        admits(pact, by, party, &env)
            && broken.into_iter().any(|n| {
                let filtered = match n.subject {
                    Who::Var(v) => n.variables.get(v.0 as usize).is_some_and(|x| {
                        let mut own: Env = vec![None; n.variables.len()];
                        set(&mut own, v.0, party);
                        admits(pact, x, party, &own)
                    }),
                    Who::Party(p) => p == party,
                };
                filtered && !pact.reserved(n.id).contains(&party)
            })
    }

    /// The measures that all holders of this ground may take at once against a party in breach; nothing where somebody among
    /// them may take none.
    pub(super) fn all_may(
        &self,
        pact: &Pact<'_>,
        party: PartyId,
        around: &[(u32, Vec<PartyId>)],
    ) -> Option<BTreeSet<NormId>> {
        if !self.can_break(pact, party) {
            return None;
        }
        let who: BTreeSet<PartyId> = around.iter().flat_map(|(_, who)| who.iter().copied()).collect();
        // the injured is one: all act in answer to the same breach
        let injured: Vec<Option<PartyId>> = match self.answer.against {
            None => vec![None],
            Some(a) => match self.answer.rule.variables.get(a.0 as usize) {
                Some(x) => pact.range(x.domain).into_iter().filter(|w| *w != party).map(Some).collect(),
                None => Vec::new(),
            },
        };
        injured.into_iter().find_map(|w| {
            let mut used = BTreeSet::new();
            for q in &who {
                let own: Vec<NormId> =
                    self.measures.iter().filter(|m| self.may(pact, m, *q, party, w)).map(|m| m.id).collect();
                if own.is_empty() {
                    return None;
                }
                used.extend(own);
            }
            Some(used)
        })
    }

    fn env(&self, party: PartyId, injured: Option<PartyId>) -> Env {
        let mut env: Env = vec![None; self.answer.rule.variables.len()];
        set(&mut env, self.answer.by.0, party);
        if let (Some(a), Some(w)) = (self.answer.against, injured) {
            set(&mut env, a.0, w);
        }
        env
    }

    /// Whether one may take a measure against a party in breach.
    fn may(&self, pact: &Pact<'_>, m: &Norm, q: PartyId, party: PartyId, injured: Option<PartyId>) -> bool {
        let mut env = self.env(party, injured);
        env.resize(m.variables.len().max(env.len()), None);
        let bound = match m.subject {
            Who::Party(p) => p == q,
            Who::Var(v) if env.get(v.0 as usize).copied().flatten().is_some() => {
                env.get(v.0 as usize).copied().flatten() == Some(q)
            }
            Who::Var(v) => m.variables.get(v.0 as usize).is_some_and(|x| {
                set(&mut env, v.0, q);
                admits(pact, x, q, &env)
            }),
        };
        let reserved = pact.reserved(m.id);
        bound
            && q != party
            && !reserved.contains(&q)
            && !reserved.contains(&party)
            && fixed(pact, &m.when, &env) != Some(false)
            && fixed(pact, &m.unless, &env) != Some(true)
            && !self.entitled(pact, m, q, party)
            && !forbidden(pact, m, q, party)
    }

    /// Whether a party is entitled, always, to an act towards another that a measure is declared to hinder, and the measure
    /// does not rank above that.
    fn entitled(&self, pact: &Pact<'_>, m: &Norm, q: PartyId, party: PartyId) -> bool {
        let Some(action) = pact.action(m) else { return false };
        pact.norms().filter(|n| n.force == Force::Entitled && !pact.conduct().ranks_above(m.id, n.id)).any(|n| {
            let Some(p) = pattern(n) else { return false };
            if !action.hinders.contains(&p.action) || !plain(n) {
                return false;
            }
            let own = match n.rule {
                None => vec![None; n.variables.len()],
                Some(rule) if rule == self.answer.rule.id => self.env(party, None),
                Some(_) => return false,
            };
            holds_for(pact, n, p, party, q, own)
        })
    }
}

/// Whether a prohibition that ranks above a measure keeps one from taking it against another, always.
fn forbidden(pact: &Pact<'_>, m: &Norm, q: PartyId, party: PartyId) -> bool {
    let Some(measure) = pattern(m) else { return false };
    pact.norms().filter(|n| n.force == Force::MustNot && pact.conduct().ranks_above(n.id, m.id)).any(|n| {
        let Some(p) = pattern(n) else { return false };
        p.action == measure.action
            && n.rule.is_none()
            && plain(n)
            && holds_for(pact, n, p, q, party, vec![None; n.variables.len()])
    })
}

/// Whether a norm holds on every day from the beginning, or from when its rule is set off.
fn plain(norm: &Norm) -> bool {
    norm.window.is_open() && norm.group.is_none() && matches!(norm.arises, Arises::Bound | Arises::Rule)
}

/// Whether a norm speaks of every such act of one towards another: of any amount, anywhere.
fn holds_for(pact: &Pact<'_>, n: &Norm, p: &Pattern, one: PartyId, other: PartyId, mut env: Env) -> bool {
    let Some(action) = pact.conduct().action(p.action) else { return false };
    env.resize(n.variables.len().max(env.len()), None);
    let subject = match n.subject {
        Who::Party(x) => x == one,
        Who::Var(v) => match env.get(v.0 as usize).copied().flatten() {
            Some(known) => known == one,
            None => n.variables.get(v.0 as usize).is_some_and(|x| {
                set(&mut env, v.0, one);
                pact.range(x.domain).contains(&one)
            }),
        },
    };
    if !subject || p.place.is_some() || pact.reserved(n.id).contains(&one) {
        return false;
    }
    for (m, parameter) in p.arguments.iter().zip(&action.parameters).skip(1) {
        let met = match (m, &parameter.sort) {
            (Match::Any | Match::Anyone, _) => true,
            (Match::Is(Who::Party(x)), _) => *x == other,
            (Match::Is(Who::Var(v)), Sort::Party(_)) => match env.get(v.0 as usize).copied().flatten() {
                Some(known) => known == other,
                None => n.variables.get(v.0 as usize).is_some_and(|x| {
                    set(&mut env, v.0, other);
                    pact.range(x.domain).contains(&other)
                }),
            },
            _ => false,
        };
        if !met {
            return false;
        }
    }
    let filters = n.variables.iter().filter_map(|v| v.filter.as_ref());
    filters.into_iter().chain([&n.when]).all(|c| fixed(pact, c, &env) == Some(true))
        && fixed(pact, &n.unless, &env) == Some(false)
}

/// Whether an act can close a way out; nothing where it is not said.
fn closes(pact: &Pact<'_>, action: &Action) -> Option<bool> {
    if action.helps {
        return Some(false);
    }
    if !action.hinders.is_empty() {
        return Some(true);
    }
    let level = action.severity?;
    let ladder = pact.conduct().ladders.get(level.ladder.0 as usize)?;
    let from = ladder.levels.iter().position(|l| l == ECONOMIC)?;
    Some(level.step as usize >= from)
}

/// Whether a ceiling of the rule forbids an act on every day.
fn above_ceiling(pact: &Pact<'_>, answer: &Answer<'_>, norm: &Norm) -> bool {
    let Some(level) = pact.level(norm) else { return false };
    let caps = answer.rule.ceilings.iter().filter(|c| always(c) && c.level.ladder == level.ladder);
    caps.into_iter().any(|c| level.step > c.level.step)
}

/// Whether a variable can mean a party.
fn admits(pact: &Pact<'_>, variable: &Variable, party: PartyId, env: &[Option<PartyId>]) -> bool {
    let same = |w: &Who| match w {
        Who::Party(p) => *p == party,
        Who::Var(v) => env.get(v.0 as usize).copied().flatten() == Some(party),
    };
    let filtered = variable.filter.as_ref().is_some_and(|f| fixed(pact, f, env) == Some(false));
    pact.range(variable.domain).contains(&party) && !variable.distinct.iter().any(same) && !filtered
}

fn set(env: &mut Env, at: u32, party: PartyId) {
    if let Some(slot) = env.get_mut(at as usize) {
        *slot = Some(party);
    }
}
