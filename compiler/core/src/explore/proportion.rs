//! S05, decided on one situation: what a rule asks or allows lies above its ceiling on every day; a lighter breach has met a heavier
//! response than a heavier one can.
//!
//! In: a situation that is worked out. Out: the norms that lie above their ceiling, and those whose breach was answered more
//! severely. A response counts by its level; what nobody gives a level is not compared.

use super::answers::{Answer, aims, is_left_open, is_notice};
use super::walk::Ground;
use crate::evaluate::situation::{Objection, Run};
use crate::model::StatementId;
use crate::model::conduct::{Ceiling, Deed, Force, Level, Norm, NormId, Occurrence, Trigger, Who};

impl Ground<'_> {
    /// S05: what of it a situation holds.
    pub(super) fn out_of_proportion(&self, run: &Run<'_>) -> Vec<StatementId> {
        let answers = self.answered(run);
        let mut out = Vec::new();
        for answer in answers.iter().filter(|a| !a.rule.ceilings.is_empty()) {
            for norm in self.steps(answer.rule).filter(|n| !n.is_prohibition() && !is_left_open(n)) {
                let Some(level) = self.level_of(norm) else { continue };
                let above = |c: &Ceiling| c.level.ladder == level.ladder && c.level.step < level.step;
                let mut places = (0usize..).zip(&answer.rule.ceilings).filter(|(_, c)| above(c));
                if places.any(|(place, ceiling)| self.is_above(run, answer, norm, (place, ceiling))) {
                    out.push(norm.statement);
                }
            }
        }
        out.extend(self.the_other_way_round(run, &answers));
        out
    }

    /// Whether a norm that a rule brought has a ceiling above it on every day.
    fn is_above(&self, run: &Run<'_>, answer: &Answer<'_>, norm: &Norm, (place, ceiling): (usize, &Ceiling)) -> bool {
        let against = |o: &Objection| o.ceiling == Some(place) && o.truth.is_yes();
        let own = run.instances().iter().enumerate();
        let mut own = own.filter(|(_, i)| i.firing == Some(answer.firing) && i.norm == norm.id && i.truth.is_yes());
        if norm.is_point_duty() {
            return own.any(|(at, _)| self.stuck_by(run, at, norm, &against).is_some());
        }
        // that the rule was lifted early, or somebody left, is another story
        let lifted = run.firings().get(answer.firing).is_none_or(|f| f.lifted.is_some());
        if lifted || norm.group.is_some() || run.situation().occurrences.iter().any(is_notice) {
            return false;
        }
        own.any(|(at, i)| {
            let last = match (i.last, ceiling.window.is_open()) {
                (Some(last), _) => last,
                // a ceiling for good lies above all that comes
                (None, true) => i.first,
                (None, false) => return false,
            };
            let capped = |day: i64| {
                let whom = run.due_values(at, day).into_iter().next();
                let act = whom.and_then(|(values, _)| self.made(norm, &values, day));
                act.map(|act| run.lawful(&act, day).1.iter().any(against))
            };
            // where it is a duty one such day is enough
            let mut days = i.first..=last.min(run.horizon());
            match norm.force {
                Force::Must => days.any(|day| capped(day) == Some(true)),
                _ => last <= run.horizon() && days.all(|day| capped(day) == Some(true)),
            }
        })
    }

    /// The norms whose breach met a heavier response than that of a norm on a higher level, broken as well, ever can.
    fn the_other_way_round(&self, run: &Run<'_>, answers: &[Answer<'_>]) -> Vec<StatementId> {
        let met: Vec<(&Norm, Level, &Answer<'_>)> = answers
            .iter()
            .filter_map(|a| {
                let norm = run.breaches().get(self.breach_behind(run, a)?)?.norm;
                let norm = self.program.conduct.norm(norm).filter(|n| n.rule.is_none())?;
                Some((norm, self.level_of(norm)?, a))
            })
            .collect();
        let mut out = Vec::new();
        for (light, low, answer) in &met {
            let Some(response) = self.response(run, answer, *low) else { continue };
            let heavier = met.iter().filter(|(_, high, _)| high.ladder == low.ladder && high.step > low.step);
            let least = heavier.filter_map(|(heavy, high, _)| self.heaviest(heavy.id, *high)).min();
            if least.is_some_and(|most| most < response.step) {
                out.push(light.statement);
            }
        }
        out
    }

    /// The highest level, on one ladder, of a measure that a rule brought and that no ceiling forbids on some day.
    fn response(&self, run: &Run<'_>, answer: &Answer<'_>, on: Level) -> Option<Level> {
        let mut out = None;
        for (norm, _) in self.measures(answer.rule, answer.by) {
            let Some(level) = self.level_of(norm).filter(|l| l.ladder == on.ladder) else { continue };
            let own = run.instances().iter().enumerate();
            let mut own = own.filter(|(_, i)| i.firing == Some(answer.firing) && i.norm == norm.id && i.truth.is_yes());
            let free =
                |act: &Occurrence| !run.lawful(act, act.from).1.iter().any(|o| o.ceiling.is_some() && !o.truth.is_no());
            let used = own.any(|(at, i)| {
                let end = i.deadline.or(i.last).unwrap_or(i.first).min(run.horizon());
                [i.first, end].into_iter().any(|day| {
                    let due = run.due_values(at, day).into_iter().find(|(_, t)| t.is_yes());
                    due.and_then(|(values, _)| self.made(norm, &values, day)).is_some_and(|act| free(&act))
                })
            });
            if used {
                out = out.max(Some(level));
            }
        }
        out
    }

    /// The highest step, on one ladder, that any rule lets a measure against a breach of a norm reach.
    fn heaviest(&self, broken: NormId, on: Level) -> Option<u32> {
        let conduct = &self.program.conduct;
        let mut out = None;
        for rule in conduct.rules.iter().filter(|r| r.charter == Some(self.charter)) {
            let Trigger::Breach { norms, by, .. } = &rule.trigger else { continue };
            if !norms.contains(&broken) {
                continue;
            }
            let cap = rule.ceilings.iter().filter(|c| c.level.ladder == on.ladder && c.window.is_open());
            let cap = cap.map(|c| c.level.step).min();
            for norm in self.steps(rule).filter(|n| n.subject != Who::Var(*by) && n.force != Force::MustNot) {
                let aimed = matches!(&norm.deed, Deed::Act(p) if aims(p, *by).is_some());
                let level = self.level_of(norm).filter(|l| aimed && l.ladder == on.ladder);
                out = out.max(level.map(|l| cap.map_or(l.step, |c| l.step.min(c))));
            }
        }
        out
    }
}
