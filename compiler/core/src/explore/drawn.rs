//! S12, decided on one situation: an incident, and what was done because it had to be, bind somebody to help both of its sides.
//!
//! In: a situation that is worked out. Out: the rules that an incident sets off without anybody's finding and from which, step by
//! step, duties follow by which one party must help one side, or act against the other, and do the same the other way round. Only
//! what was done as a duty that follows from the incident leads on, and only where it is no breach: that is a cascade (S04).

use super::walk::Ground;
use crate::evaluate::situation::{Cause, Run};
use crate::model::StatementId;
use crate::model::conduct::{Actor, Deed, Force, Happening, Match, Norm, NormId, Occurrence, Value};
use std::collections::{BTreeMap, BTreeSet};

/// So many steps lead from an incident to a duty at most.
const STEPS: usize = 16;

/// A duty that takes a side: the incident from which it follows, the rule that the incident set off.
struct Side {
    incident: usize,
    rule: StatementId,
    by: Actor,
    /// 0 whoever acted first, 1 whoever was hit
    helped: u8,
}

impl Ground<'_> {
    /// S12: what of it a situation holds.
    pub(super) fn drawn(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut sides: BTreeMap<(usize, Actor), (BTreeSet<u8>, BTreeSet<StatementId>)> = BTreeMap::new();
        for at in 0..run.instances().len() {
            for side in self.sides(run, at) {
                let known = sides.entry((side.incident, side.by)).or_default();
                known.0.insert(side.helped);
                known.1.insert(side.rule);
            }
        }
        let both = sides.into_values().filter(|(helped, _)| helped.len() > 1);
        both.filter_map(|(_, rules)| rules.first().copied()).collect()
    }

    /// The sides that a duty takes in an incident from which it follows.
    fn sides(&self, run: &Run<'_>, at: usize) -> Vec<Side> {
        let mut out = Vec::new();
        let Some(i) = run.instances().get(at).filter(|i| i.truth.is_yes() && i.firing.is_some()) else { return out };
        let Some((norm, helps)) = self.takes(i.norm) else { return out };
        if !run.ever_due(at).is_yes() {
            return out;
        }
        let (Some(by), Deed::Act(pattern)) = (norm.subject.among(&i.values), &norm.deed) else { return out };
        let Some((incident, rule)) = self.incident(run, at, STEPS) else { return out };
        let Some((first, second)) = run.situation().occurrences.get(incident).and_then(between) else { return out };
        if by == first || by == second {
            return out;
        }
        for m in pattern.arguments.iter().skip(1) {
            let Match::Is(w) = m else { continue };
            let on = w.among(&i.values);
            let side = if on == Some(first) { 0 } else { 1 };
            if side == 0 || on == Some(second) {
                out.push(Side { incident, rule, by, helped: if helps { side } else { 1 - side } });
            }
        }
        out
    }

    /// Whether a norm owes an act that takes a side, and whether by helping.
    fn takes(&self, norm: NormId) -> Option<(&Norm, bool)> {
        let norm = self.program.conduct.norm(norm).filter(|n| n.rule.is_some())?;
        let owed = norm.force == Force::Must && !norm.discretion && norm.group.is_none();
        let Deed::Act(p) = &norm.deed else { return None };
        let action = self.action_of(p).filter(|a| !a.event && (a.hostile || a.helps) && owed)?;
        Some((norm, action.helps))
    }

    /// The occurrence from which a duty follows, and the rule that it set off.
    fn incident(&self, run: &Run<'_>, at: usize, steps: usize) -> Option<(usize, StatementId)> {
        let firing = run.instances().get(at)?.firing.and_then(|f| run.firings().get(f))?;
        let rule = self.program.conduct.rule(firing.rule).filter(|r| r.determined.is_none())?;
        let occurrence = match firing.cause {
            Cause::Occurrence(o) => o,
            // a breach by what had to be done is another story
            Cause::Breach(b) => {
                let by = run.breaches().get(b)?;
                let act = by.act?;
                let hostile = match &run.situation().occurrences.get(act)?.what {
                    Happening::Act { action, .. } => self.program.conduct.action(*action).is_some_and(|a| a.hostile),
                    Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
                };
                return (hostile && self.duties_behind(run, act).is_empty()).then_some((act, rule.statement));
            }
            Cause::Bound | Cause::Condition | Cause::Round(_) | Cause::Finding(_) => return None,
        };
        let behind = self.duties_behind(run, occurrence);
        match behind.first() {
            None => Some((occurrence, rule.statement)),
            // it was done as a duty: from what that follows
            Some(_) if run.breaches().iter().any(|b| b.act == Some(occurrence)) => None,
            Some(duty) => self.incident(run, *duty, steps.checked_sub(1)?),
        }
    }

    /// The duties that take a side and as which something was done.
    fn duties_behind(&self, run: &Run<'_>, occurrence: usize) -> Vec<usize> {
        let Some(o) = run.situation().occurrences.get(occurrence) else { return Vec::new() };
        let Happening::Act { action, .. } = &o.what else { return Vec::new() };
        let about = |n: &&Norm| matches!(&n.deed, Deed::Act(p) if p.action == *action);
        let norms = self.program.conduct.norms.iter().filter(|n| n.rule.is_some()).filter(about);
        norms
            .filter(|n| self.takes(n.id).is_some())
            .flat_map(|n| run.covering(n.id, o, o.from))
            .filter(|at| run.instances().get(*at).is_some_and(|i| i.deadline.is_none_or(|last| o.from <= last)))
            .collect()
    }
}

/// The two sides of something that happens: who acts, and on whom.
fn between(o: &Occurrence) -> Option<(Actor, Actor)> {
    let Happening::Act { arguments, .. } = &o.what else { return None };
    let mut who = arguments.iter().filter_map(|v| if let Value::Actor(a) = v { Some(*a) } else { None });
    Some((who.next()?, who.next()?))
}
