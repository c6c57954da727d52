//! Rules that answer a breach, as a walk set them off: what the situations of several checks are made of.
//!
//! In: a situation that is worked out. Out: each [`Answer`]: a rule, who is said to be in breach, the day; which of its norms are
//! measures, how they are due, and whether anybody else is in breach. What is not certain is not counted.

use super::walk::Ground;
use crate::evaluate::situation::{Breach, Cause, Run, Truth};
use crate::model::conduct::{
    Action, ActionId, Actor, Deed, Force, Happening, Level, Match, Norm, NormId, Occurrence, Pattern, Rule, Trigger,
    Value, VarId, Who,
};

/// A rule that was set off by a breach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'p> {
    /// its setting off, by its place in the run
    pub(super) firing: usize,
    pub(super) rule: &'p Rule,
    /// the norms whose breach it answers
    pub(super) broken: &'p [NormId],
    /// the variable of whoever is in breach, and who that is
    pub(super) by: VarId,
    pub(super) offender: Actor,
    /// the day from which windows count
    pub(super) day: i64,
}

impl<'p> Ground<'p> {
    /// The rules of the charter that breaches set off for certain.
    pub(super) fn answered(&self, run: &Run<'_>) -> Vec<Answer<'p>> {
        let certain = run.firings().iter().enumerate().filter(|(_, f)| f.truth.is_yes());
        certain
            .filter_map(|(firing, f)| {
                let rule = self.program.conduct.rule(f.rule).filter(|r| r.charter == Some(self.charter))?;
                let Trigger::Breach { norms, by, .. } = &rule.trigger else { return None };
                let offender = f.values.get(by.0 as usize).copied().flatten()?;
                Some(Answer { firing, rule, broken: norms, by: *by, offender, day: f.day })
            })
            .collect()
    }

    /// The norms of a rule, in order.
    pub(super) fn steps(&self, rule: &Rule) -> impl Iterator<Item = &'p Norm> + use<'p, '_> {
        let program: &'p crate::model::Program = self.program;
        let norms = rule.norms.clone();
        norms.into_iter().filter_map(move |n| program.conduct.norm(n))
    }

    /// The norms of a rule by which others act against whoever is in breach.
    pub(super) fn measures(
        &self,
        rule: &Rule,
        by: VarId,
    ) -> impl Iterator<Item = (&'p Norm, &'p Pattern)> + use<'p, '_> {
        self.steps(rule).filter_map(move |norm| {
            let Deed::Act(pattern) = &norm.deed else { return None };
            let does = matches!(norm.force, Force::Must | Force::May | Force::Entitled) && !is_left_open(norm);
            (does && norm.subject != Who::Var(by) && aims(pattern, by).is_some()).then_some((norm, pattern))
        })
    }

    /// The action of a pattern.
    pub(super) fn action_of(&self, pattern: &Pattern) -> Option<&'p Action> {
        let program: &'p crate::model::Program = self.program;
        program.conduct.action(pattern.action)
    }

    /// How severe the act of a norm is.
    pub(super) fn level_of(&self, norm: &Norm) -> Option<Level> {
        match &norm.deed {
            Deed::Act(p) => self.action_of(p).and_then(|a| a.severity),
            Deed::Ensure(_) | Deed::Before { .. } | Deed::Alike { .. } => None,
        }
    }

    /// The breach that set a rule off, by its place in the run; none where what was found never was.
    pub(super) fn breach_behind(&self, run: &Run<'_>, answer: &Answer<'_>) -> Option<usize> {
        match run.firings().get(answer.firing).map(|f| f.cause) {
            Some(Cause::Breach(at)) => Some(at),
            Some(Cause::Finding(_)) => run.breaches().iter().position(|b| {
                b.truth.is_yes()
                    && b.subject == Some(answer.offender)
                    && answer.broken.contains(&b.norm)
                    && b.day <= answer.day
            }),
            _ => None,
        }
    }
}

/// Which argument of an act is whoever is in breach.
pub(super) fn aims(pattern: &Pattern, by: VarId) -> Option<usize> {
    pattern.arguments.iter().enumerate().skip(1).find(|(_, m)| is_var(m, by)).map(|(i, _)| i)
}

fn is_var(m: &Match, v: VarId) -> bool {
    matches!(m, Match::Is(w) if *w == Who::Var(v))
}

/// A duty that is left to whoever it binds.
pub(super) fn is_left_open(norm: &Norm) -> bool {
    norm.discretion && norm.force == Force::Must
}

/// Whether somebody may be in breach up to a day, but for what one may break. That a group failed is nobody's breach.
pub(super) fn others_break(run: &Run<'_>, day: i64, but: Option<(Actor, &[NormId])>) -> bool {
    run.breaches().iter().any(|b| {
        let excused = but.is_some_and(|(who, norms)| b.subject == Some(who) && norms.contains(&b.norm));
        b.subject.is_some() && b.truth != Truth::No && b.earliest <= day && !excused
    })
}

/// Whether one may be in breach up to a day, or somebody says so.
pub(super) fn is_accused(run: &Run<'_>, who: Actor, day: i64) -> bool {
    let broken = |b: &Breach| b.subject == Some(who) && b.truth != Truth::No && b.earliest <= day;
    let found = |o: &Occurrence| matches!(&o.what, Happening::Finding { by, .. } if *by == who);
    run.breaches().iter().any(broken) || run.situation().occurrences.iter().any(found)
}

/// An act with its parts: what, by whom, with what, in no place that is named.
pub(super) fn act(o: &Occurrence) -> Option<(ActionId, Actor, &[Value])> {
    let Happening::Act { action, arguments, place: None } = &o.what else { return None };
    let Some(Value::Actor(by)) = arguments.first() else { return None };
    Some((*action, *by, arguments))
}

/// Whether something that happened is a notice.
pub(super) fn is_notice(o: &Occurrence) -> bool {
    matches!(o.what, Happening::Withdrawal { .. })
}

/// Whether anything in a situation rests on values that nobody states.
pub(super) fn is_unsure(run: &Run<'_>) -> bool {
    run.breaches().iter().any(|b| b.truth == Truth::Unknown)
        || run.instances().iter().any(|i| i.truth == Truth::Unknown)
}
