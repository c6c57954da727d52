//! N01 in a sum and in equal treatment, decided on one situation: the evaluator looks for a course of its own (semantics §19).
//!
//! In: a situation. Out: what a party must keep and cannot, whatever it does from the start, though its duties alone can be
//! met. What others take of their own accord is taken away first. Only norms are looked at whose days and parties no act of the
//! party decides: then that there is no course is certain.

use super::walk::Ground;
use crate::evaluate::situation::{Course, Effect, Keeper, course, effects};
use crate::model::StatementId;
use crate::model::conduct::{
    ActionId, Actor, Arises, Condition, Deed, Force, Happening, Match, Norm, NormId, Occurrence, Situation, Sort,
    Trigger, Who,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many norms may meet.
const MOST: usize = 12;

/// How many courses are tried.
const TRIES: usize = 150;

impl Ground<'_> {
    /// What some party must keep and cannot.
    pub(super) fn meet(&self, situation: &Situation) -> BTreeSet<StatementId> {
        let mut out = BTreeSet::new();
        let conduct = &self.program.conduct;
        let here = |n: &&Norm| n.charter.is_none_or(|c| c == self.charter);
        let keeps: Vec<&Norm> = conduct.norms.iter().filter(here).filter(|n| is_kept(n)).collect();
        if keeps.is_empty() || keeps.iter().any(|n| !is_plain(self, n)) {
            return out;
        }
        for party in &self.members {
            let own: Vec<&&Norm> = keeps.iter().filter(|n| self.can_bind(n, *party)).collect();
            if own.is_empty() {
                continue;
            }
            let mut changes: BTreeMap<ActionId, Effect> = BTreeMap::new();
            for keep in &own {
                match &keep.deed {
                    Deed::Ensure(c) => {
                        for (action, effect) in effects(conduct, c) {
                            let known = changes.entry(action).or_insert(effect);
                            *known = known.and(effect);
                        }
                    }
                    Deed::Alike { action, .. } => {
                        changes.entry(*action).or_insert(Effect::Harms);
                    }
                    Deed::Act(_) | Deed::Before { .. } => {}
                }
            }
            let about: Vec<&Norm> = conduct
                .norms
                .iter()
                .filter(here)
                .filter(|n| acted(n).is_some_and(|a| changes.contains_key(&a)))
                .collect();
            if about.is_empty() || about.len() > MOST || about.iter().any(|n| !is_plain(self, n)) {
                continue;
            }
            let act = |a: &ActionId| conduct.action(*a).is_some_and(|a| !a.event);
            let helpful: Vec<ActionId> =
                changes.iter().filter(|(a, e)| act(a) && **e != Effect::Harms).map(|(a, _)| *a).collect();
            let owed = about.iter().filter(|n| n.force == Force::Must).filter_map(|n| acted(n));
            let harms = owed.into_iter().all(|a| changes.get(&a) == Some(&Effect::Harms));
            let alone = self.alone(situation, *party, &changes);
            let asks = |norms: &BTreeSet<NormId>| {
                let keeper = Keeper { party: *party, norms, helpful: &helpful, harms, tries: TRIES };
                let last = alone.occurrences.iter().map(|o| o.to.unwrap_or(o.from)).max().unwrap_or(0);
                course(self.program, self.charter, &alone, &keeper, last + self.reach)
            };
            let mut norms: BTreeSet<NormId> = own.iter().map(|n| n.id).chain(about.iter().map(|n| n.id)).collect();
            if asks(&norms) != Course::None {
                continue;
            }
            for id in norms.clone().into_iter().rev() {
                let without: BTreeSet<NormId> = norms.iter().copied().filter(|n| *n != id).collect();
                if asks(&without) == Course::None {
                    norms = without;
                }
            }
            out.extend(own.iter().filter(|n| norms.contains(&n.id)).map(|n| n.statement));
        }
        out
    }

    fn can_bind(&self, norm: &Norm, party: Actor) -> bool {
        match norm.subject {
            Who::Party(p) => Actor::Party(p) == party,
            Who::Var(v) => norm.variables.get(v.0 as usize).is_some_and(|v| {
                let Actor::Party(p) = party else { return false };
                self.program.parties.get(p.0 as usize).is_some_and(|p| self.program.is_kind(p.kind, v.domain.kind))
            }),
        }
    }

    /// A situation without what a party does, and without what others do that changes what it must keep.
    fn alone(&self, situation: &Situation, party: Actor, changes: &BTreeMap<ActionId, Effect>) -> Situation {
        let stays = |o: &&Occurrence| match &o.what {
            Happening::Act { action, arguments, .. } => {
                let event = self.program.conduct.action(*action).is_some_and(|a| a.event);
                let own = matches!(arguments.first(), Some(crate::model::conduct::Value::Actor(a)) if *a == party);
                event || !(own || changes.contains_key(action))
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        };
        let occurrences = situation.occurrences.iter().filter(stays).cloned().collect();
        Situation { occurrences, ..situation.clone() }
    }
}

fn is_kept(norm: &Norm) -> bool {
    let standing = norm.window.within.is_none() && !matches!(norm.arises, Arises::Every(_));
    norm.force == Force::Must
        && !norm.discretion
        && matches!(norm.deed, Deed::Ensure(_) | Deed::Alike { .. })
        && norm.group.is_none()
        && standing
}

fn acted(norm: &Norm) -> Option<ActionId> {
    match &norm.deed {
        Deed::Act(p) => Some(p.action),
        _ => None,
    }
}

/// Whether no act decides when a norm is due and of whom, and what it asks is said but for its amounts.
fn is_plain(ground: &Ground<'_>, norm: &Norm) -> bool {
    let conduct = &ground.program.conduct;
    let rule = norm.rule.and_then(|r| conduct.rule(r));
    let by_event = rule.is_none_or(|r| {
        let event = matches!(&r.trigger, Trigger::Occurs(p) if conduct.action(p.action).is_some_and(|a| a.event));
        event && r.lift.is_none() && r.ceilings.is_empty() && r.variables.iter().all(|v| v.filter.is_none())
    });
    let unfiltered = norm.variables.iter().all(|v| v.filter.is_none());
    let always = norm.when.is_true() && norm.unless.is_false();
    let deed = match &norm.deed {
        Deed::Act(p) => {
            let parameters = conduct.action(p.action).map_or(&[][..], |a| a.parameters.as_slice());
            let said = p.arguments.iter().zip(parameters).all(|(m, s)| match m {
                Match::Is(_) | Match::Number(..) => s.default.is_none(),
                Match::Any => norm.force == Force::MustNot || matches!(s.sort, Sort::Number { .. }),
                _ => norm.force == Force::MustNot,
            });
            let way = norm.force == Force::MustNot
                || norm.force == Force::Must && norm.is_point_duty() && norm.group.is_none() && !norm.discretion;
            said && way && p.place.is_none() && matches!(norm.arises, Arises::Bound | Arises::Rule)
        }
        Deed::Ensure(c) => compares(c),
        Deed::Alike { .. } => rule.is_none() && norm.window.is_open(),
        Deed::Before { .. } => false,
    };
    by_event && unfiltered && always && deed
}

/// Whether a condition only compares quantities.
fn compares(c: &Condition) -> bool {
    match c {
        Condition::Compare(..) => true,
        Condition::All(parts) => parts.iter().all(compares),
        _ => false,
    }
}
