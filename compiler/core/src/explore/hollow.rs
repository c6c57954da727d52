//! S11, decided on one situation: a rule that promises help was set off, every deadline of it is over, nobody is in breach but
//! whoever set it off, and no act that helps has reached whoever was hit.
//!
//! In: a situation that is worked out. Out: the rules whose promise was kept so. Nobody leaves in it, and nothing happens that
//! lifts the rule or excepts from it: then it would not be the text that leaves room.

use super::answers::{is_notice, is_unsure, others_break};
use super::situations::last_day;
use super::walk::Ground;
use crate::evaluate::situation::{Breach, Cause, Firing, Run};
use crate::model::StatementId;
use crate::model::conduct::{
    Actor, Binder, Deed, Force, Happening, Match, Norm, NormId, Occurrence, Pattern, Rule, Situation, Trigger, Value,
    VarId, Who,
};
use crate::model::mentions::Mentions;
use std::collections::BTreeSet;

impl Ground<'_> {
    /// S11: what of it a situation holds.
    pub(super) fn unhelped(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut out = Vec::new();
        if run.situation().occurrences.iter().any(is_notice) || is_unsure(run) {
            return out;
        }
        for firing in run.firings().iter().filter(|f| f.truth.is_yes() && f.lifted.is_none()) {
            let Some(rule) = self.program.conduct.rule(firing.rule).filter(|r| r.charter == Some(self.charter)) else {
                continue;
            };
            let promised = self.promised(rule);
            if promised.is_empty() || out.contains(&rule.statement) || self.is_excepted(run.situation(), firing, rule) {
                continue;
            }
            let (by, broken) = self.set_off_by(rule, firing);
            // nobody counts on the help of whoever attacks
            let help = self.help(rule).map(|(n, _)| n.id);
            let allowed: Vec<NormId> = broken.iter().copied().chain(help).collect();
            let hit = promised.iter().filter_map(|v| firing.values.get(v.0 as usize).copied().flatten());
            let hollow = hit.filter(|victim| Some(*victim) != by).any(|victim| {
                !self.is_helped(run.situation(), victim)
                    && self.is_real(run, firing, by, &broken)
                    && self.is_kept(run.situation(), firing, by, &allowed)
            });
            if hollow {
                out.push(rule.statement);
            }
        }
        out
    }

    /// What a rule asks or allows that helps, with its act.
    fn help<'r>(&'r self, rule: &'r Rule) -> impl Iterator<Item = (&'r Norm, &'r Pattern)> {
        self.steps(rule).filter(|n| n.force != Force::MustNot).filter_map(|n| match &n.deed {
            Deed::Act(p) if self.action_of(p).is_some_and(|a| a.helps) => Some((n, p)),
            _ => None,
        })
    }

    /// Whom a rule promises help, by variables of its trigger.
    fn promised(&self, rule: &Rule) -> BTreeSet<VarId> {
        let mut out = BTreeSet::new();
        for (_, p) in self.help(rule) {
            for m in p.arguments.iter().skip(1) {
                if let Match::Is(Who::Var(v)) = m
                    && rule.variables.get(v.0 as usize).is_some_and(|x| x.binder == Binder::Rule)
                {
                    out.insert(*v);
                }
            }
        }
        out
    }

    /// Who set a rule off, and what it may have broken by that.
    fn set_off_by(&self, rule: &Rule, firing: &Firing) -> (Option<Actor>, Vec<NormId>) {
        let value = |v: VarId| firing.values.get(v.0 as usize).copied().flatten();
        match &rule.trigger {
            Trigger::Breach { norms, by, .. } => (value(*by), norms.clone()),
            Trigger::Occurs(p) => {
                let by = match p.arguments.first() {
                    Some(Match::Binds(v)) => value(*v),
                    Some(Match::Is(who)) => who.among(&firing.values),
                    _ => None,
                };
                let forbids = |d: &Deed| matches!(d, Deed::Act(q) if q.action == p.action);
                let norms = self.program.conduct.norms.iter().filter(|n| n.is_prohibition() && forbids(&n.deed));
                (by, norms.map(|n| n.id).collect())
            }
        }
    }

    /// Whether there was what set a rule off; a finding may be false.
    fn is_real(&self, run: &Run<'_>, firing: &Firing, by: Option<Actor>, broken: &[NormId]) -> bool {
        !matches!(firing.cause, Cause::Finding(_))
            || run
                .breaches()
                .iter()
                .any(|b| b.truth.is_yes() && b.subject == by && broken.contains(&b.norm) && b.day <= firing.day)
    }

    /// Whether something happened, since a rule was set off, that its exceptions or its lift speak of.
    fn is_excepted(&self, situation: &Situation, firing: &Firing, rule: &Rule) -> bool {
        let conduct = &self.program.conduct;
        let mut read = Mentions::new();
        for norm in self.steps(rule) {
            read.condition(conduct, &norm.unless);
        }
        rule.lift.iter().for_each(|c| read.condition(conduct, c));
        let spoken = |o: &Occurrence| match &o.what {
            Happening::Act { action, .. } => {
                conduct.action(*action).is_some_and(|a| a.event && !a.lasting) && read.actions.contains(action)
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        };
        situation.occurrences.iter().any(|o| o.from >= firing.day && spoken(o))
    }

    /// Whether any act helps somebody.
    fn is_helped(&self, situation: &Situation, who: Actor) -> bool {
        situation.occurrences.iter().any(|o| match &o.what {
            Happening::Act { action, arguments, .. } => {
                self.program.conduct.action(*action).is_some_and(|a| a.helps && !a.event)
                    && arguments.iter().skip(1).any(|v| *v == Value::Actor(who))
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        })
    }

    /// Whether nobody is in breach, and no group failed, up to the day behind the last deadline of a rule.
    fn is_kept(&self, situation: &Situation, firing: &Firing, by: Option<Actor>, allowed: &[NormId]) -> bool {
        let run = Run::new(self.program, self.charter, situation, last_day(situation).max(firing.day) + self.reach);
        let same = |f: &Firing| f.rule == firing.rule && f.values == firing.values && f.day == firing.day;
        let Some(place) = run.firings().iter().position(same) else { return false };
        let own = run.instances().iter().filter(|i| i.firing == Some(place));
        let last = own.map(|i| i.deadline.unwrap_or(i.first)).max().unwrap_or(firing.day).max(firing.day);
        let until = last + 1;
        let failed = |b: &Breach| b.subject.is_none() && !b.truth.is_no() && b.earliest <= until;
        until <= run.horizon()
            && !run.breaches().iter().any(failed)
            && !others_break(&run, until, by.map(|b| (b, allowed)))
    }
}
