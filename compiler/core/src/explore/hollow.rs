//! S11, decided on one situation: a rule that promises help was set off, or the condition of a norm outside of rules that does
//! came to hold; every deadline is over, nobody is in breach but whoever set it off, and no act that helps has reached whoever was
//! hit.
//!
//! In: a situation that is worked out. Out: the rules and norms whose promise was kept so. Nobody leaves in it, and nothing happens that
//! lifts the rule or excepts from it: then it would not be the text that leaves room.

use super::answers::{is_notice, is_unsure, others_break};
use super::situations::last_day;
use super::walk::Ground;
use crate::evaluate::situation::{Breach, Cause, Firing, Run};
use crate::model::StatementId;
use crate::model::conduct::{
    Actor, Befell, Binder, Deed, Force, Happening, Match, Norm, NormId, Occurrence, Pattern, Rule, Situation, Trigger,
    Value, VarId, Who,
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
        out.extend(self.left_alone(run));
        out
    }

    /// The same of norms outside of rules.
    fn left_alone(&self, run: &Run<'_>) -> Vec<StatementId> {
        let conduct = &self.program.conduct;
        let mut out = Vec::new();
        let here = conduct.norms.iter().filter(|n| n.charter == Some(self.charter) && n.rule.is_none());
        for (norm, pattern) in here.filter_map(|n| self.helping(n)) {
            let others = pattern.arguments.iter().skip(1).filter_map(|m| match m {
                Match::Is(to) if *to != norm.subject => Some(*to),
                _ => None,
            });
            for to in others.filter(|to| !norm.when.befalls(conduct, *to).is_empty()) {
                let mut before: Vec<Vec<Option<Actor>>> = Vec::new();
                for day in 0..=last_day(run.situation()) {
                    let meant = run.meant(norm, day);
                    let first = meant.iter().filter(|values| !before.contains(values));
                    let hollow = first.into_iter().any(|values| self.is_left_alone(run, norm, to, values, day));
                    if hollow && !out.contains(&norm.statement) {
                        out.push(norm.statement);
                    }
                    before = meant;
                }
            }
        }
        out
    }

    /// Whether nobody helped whom a norm promises help from a day on, and all that anybody owes was done behind every deadline.
    fn is_left_alone(&self, run: &Run<'_>, norm: &Norm, to: Who, values: &[Option<Actor>], day: i64) -> bool {
        let conduct = &self.program.conduct;
        let Some(victim) = to.among(values).filter(|v| norm.subject.among(values) != Some(*v)) else { return false };
        let (by, mut allowed) = self.done_by(norm, to, values);
        let help: Vec<&Norm> = conduct.norms.iter().filter_map(|n| self.helping(n)).map(|(n, _)| n).collect();
        allowed.extend(help.iter().map(|n| n.id));
        let mut read = Mentions::new();
        help.iter().for_each(|n| read.condition(conduct, &n.unless));
        if by == Some(victim)
            || self.is_spoken_of(run.situation(), &read, day)
            || self.is_helped(run.situation(), victim)
        {
            return false;
        }
        let run = Run::new(self.program, self.charter, run.situation(), run.horizon().max(day + self.reach));
        let own = run.instances().iter().filter(|i| help.iter().any(|n| n.id == i.norm));
        let last = own.map(|i| i.deadline.unwrap_or(i.first)).fold(day, i64::max);
        self.is_clean(&run, last + 1, by, &allowed)
    }

    /// Whoever did it to them, as a norm says it, where that was hostile or a breach; and what they may have broken by it.
    fn done_by(&self, norm: &Norm, to: Who, values: &[Option<Actor>]) -> (Option<Actor>, Vec<NormId>) {
        for b in norm.when.befalls(&self.program.conduct, to) {
            match b {
                Befell::Breach { norms, by } => return (by.and_then(|w| w.among(values)), norms.to_vec()),
                Befell::Act { pattern, .. } => {
                    let Some(action) = self.action_of(pattern).filter(|a| !a.event) else { continue };
                    let broken = self.forbidding(pattern);
                    if let Some(Match::Is(by)) = pattern.arguments.first()
                        && (action.hostile || !broken.is_empty())
                    {
                        return (by.among(values), broken);
                    }
                }
            }
        }
        (None, Vec::new())
    }

    /// What whoever does an act may break by it.
    fn forbidding(&self, p: &Pattern) -> Vec<NormId> {
        let forbids = |d: &Deed| matches!(d, Deed::Act(q) if q.action == p.action);
        let norms = self.program.conduct.norms.iter().filter(|n| n.is_prohibition() && forbids(&n.deed));
        norms.map(|n| n.id).collect()
    }

    /// A norm that asks or allows what helps, with its act.
    fn helping<'n>(&self, norm: &'n Norm) -> Option<(&'n Norm, &'n Pattern)> {
        match &norm.deed {
            Deed::Act(p) if norm.force != Force::MustNot && self.action_of(p).is_some_and(|a| a.helps) => {
                Some((norm, p))
            }
            _ => None,
        }
    }

    /// What a rule asks or allows that helps, with its act.
    fn help<'r>(&'r self, rule: &'r Rule) -> impl Iterator<Item = (&'r Norm, &'r Pattern)> {
        self.steps(rule).filter_map(|n| self.helping(n))
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
            // an event is nobody's doing
            Trigger::Occurs(p) if self.action_of(p).is_some_and(|a| a.event) => (None, Vec::new()),
            Trigger::Occurs(p) => {
                let by = match p.arguments.first() {
                    Some(Match::Binds(v)) => value(*v),
                    Some(Match::Is(who)) => who.among(&firing.values),
                    _ => None,
                };
                (by, self.forbidding(p))
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
        self.is_spoken_of(situation, &read, firing.day)
    }

    /// Whether an event of those happened from a day on.
    fn is_spoken_of(&self, situation: &Situation, read: &Mentions, day: i64) -> bool {
        let conduct = &self.program.conduct;
        let spoken = |o: &Occurrence| match &o.what {
            Happening::Act { action, .. } => {
                conduct.action(*action).is_some_and(|a| a.event && !a.lasting) && read.actions.contains(action)
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        };
        situation.occurrences.iter().any(|o| o.from >= day && spoken(o))
    }

    /// Whether any act helps somebody. One's own is what others promise only where one may do a group's duty.
    fn is_helped(&self, situation: &Situation, who: Actor) -> bool {
        let who = Value::Actor(who);
        let conduct = &self.program.conduct;
        let own = conduct.norms.iter().any(|n| n.group.is_some() && self.helping(n).is_some());
        situation.occurrences.iter().any(|o| match &o.what {
            Happening::Act { action, arguments, .. } => {
                conduct.action(*action).is_some_and(|a| a.helps && !a.event)
                    && (own || arguments.first() != Some(&who))
                    && arguments.iter().skip(1).any(|v| *v == who)
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
        self.is_clean(&run, last + 1, by, allowed)
    }

    /// Whether nobody is in breach, and no group failed, up to a day, but for what one may break.
    fn is_clean(&self, run: &Run<'_>, until: i64, by: Option<Actor>, allowed: &[NormId]) -> bool {
        let failed = |b: &Breach| b.subject.is_none() && !b.truth.is_no() && b.earliest <= until;
        until <= run.horizon()
            && !run.breaches().iter().any(failed)
            && !others_break(run, until, by.map(|b| (b, allowed)))
    }
}
