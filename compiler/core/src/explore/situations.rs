//! What the checks on sanctions look for, decided on one situation that is worked out.
//!
//! In: a situation, and the evaluator. Out: which checks' situations it holds, each with the statement that it is about. No formula is
//! made and no prover asked: this is the other road to the same answers. Where a check asks about every course of somebody, only
//! what is certain counts here: a situation that is not counted proves nothing.

use super::walk::Ground;
use crate::evaluate::situation::{Breach, Cause, Instance, Objection, Run, Truth};
use crate::model::StatementId;
use crate::model::conduct::{
    Actor, Deed, Force, Happening, Match, Norm, NormId, Occurrence, Situation, Sort, Trigger, Value, Who,
};
use num_rational::BigRational;
use std::collections::BTreeSet;

/// The checks whose situations are looked for.
pub const CODES: [&str; 15] =
    ["N01", "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "S11", "S12", "S13", "S14", "S16", "S17"];

/// Looks for the situation of one check.
type Look<'p> = fn(&Ground<'p>, &Run<'_>) -> Vec<StatementId>;

/// A check's situation, and the statement that it is about.
pub(super) type Met = BTreeSet<(&'static str, StatementId)>;

impl Ground<'_> {
    /// Works a situation out up to the day behind which nothing of it is left to come.
    pub(super) fn run<'s>(&'s self, situation: &'s Situation) -> Run<'s> {
        Run::new(self.program, self.charter, situation, last_day(situation) + self.reach)
    }

    /// How many findings find what never was.
    pub(super) fn unfounded(&self, situation: &Situation) -> usize {
        let run = self.run(situation);
        let never = |o: &&Occurrence| {
            let Happening::Finding { rule, by, .. } = &o.what else { return false };
            let trigger = self.program.conduct.rule(*rule).map(|r| &r.trigger);
            let Some(Trigger::Breach { norms, .. }) = trigger else { return false };
            !run.breaches().iter().any(|b| norms.contains(&b.norm) && b.subject == Some(*by) && b.day <= o.from)
        };
        situation.occurrences.iter().filter(never).count()
    }

    /// All that a situation holds; of one check and statement alone where that is wanted.
    pub(super) fn met(&self, situation: &Situation, wanted: Option<(&'static str, StatementId)>) -> Met {
        let run = self.run(situation);
        let mut out = Met::new();
        let asked = |out: &Met, code: &'static str, of: StatementId| {
            wanted.is_none_or(|w| w == (code, of)) && !out.contains(&(code, of))
        };
        for breach in run.breaches().iter().filter(|b| b.truth.is_yes()) {
            let Some(norm) = self.program.conduct.norm(breach.norm) else { continue };
            let of = norm.statement;
            if breach.subject.is_none() && asked(&out, "S13", of) && self.nobody_answers(&run, breach) {
                out.insert(("S13", of));
            }
            if asked(&out, "S01", of) && self.unanswered(&run, breach) {
                out.insert(("S01", of));
            }
        }
        for at in 0..run.instances().len() {
            let Some(norm) = run.instances().get(at).and_then(|i| self.program.conduct.norm(i.norm)) else { continue };
            let of = norm.statement;
            if asked(&out, "S09", of) && self.uncovered(&run, at, norm) {
                out.insert(("S09", of));
            }
            let codes: &[&'static str] = match self.answers(norm) {
                Some((_, by)) if norm.subject == by => &["S03"],
                Some(_) => &["S03", "S04"],
                None => &["N01"],
            };
            if !codes.iter().any(|c| asked(&out, c, of)) {
                continue;
            }
            let Some(without) = self.stuck(&run, at, norm) else { continue };
            for code in codes {
                if *code != "S04" || self.cascades(&without, &run, at, norm) {
                    out.insert((code, of));
                }
            }
        }
        if wanted.is_none_or(|(code, _)| code == "N01") {
            out.extend(self.meet(situation).into_iter().map(|s| ("N01", s)));
        }
        let looks: [(&'static str, Look<'_>); 10] = [
            ("S02", Self::nobody),
            ("S05", Self::out_of_proportion),
            ("S06", Self::beyond_means),
            ("S07", Self::no_way_back),
            ("S09", Self::short),
            ("S11", Self::unhelped),
            ("S12", Self::drawn),
            ("S14", Self::left_behind),
            ("S16", Self::struck_back),
            ("S17", Self::parched),
        ];
        for (code, look) in looks.into_iter().filter(|(code, _)| wanted.is_none_or(|(w, _)| w == *code)) {
            out.extend(look(self, &run).into_iter().map(|s| (code, s)));
        }
        out
    }

    /// Of a norm in a rule that answers a breach: of which norms, and by whom.
    fn answers(&self, norm: &Norm) -> Option<(&[NormId], Who)> {
        match &self.program.conduct.rule(norm.rule?)?.trigger {
            Trigger::Breach { norms, by, .. } => Some((norms, Who::Var(*by))),
            Trigger::Occurs(_) => None,
        }
    }

    /// Whether an instance is owed by whoever is in breach because of this breach, or one before it that is answered alike.
    fn owed_for(&self, run: &Run<'_>, instance: &Instance, breach: &Breach) -> bool {
        let Some(norm) = self.program.conduct.norm(instance.norm) else { return false };
        let Some(firing) = instance.firing.and_then(|f| run.firings().get(f)) else { return false };
        let (by, cause) = (norm.subject.among(&instance.values), matches!(firing.cause, Cause::Breach(_)));
        let answered = |(norms, who): (&[NormId], Who)| who == norm.subject && norms.contains(&breach.norm);
        cause
            && by.is_some()
            && breach.subject == by
            && breach.day <= firing.day
            && self.answers(norm).is_some_and(answered)
    }

    /// Who does it; nobody does what merely happens.
    fn author(&self, o: &Occurrence) -> Option<Actor> {
        match &o.what {
            Happening::Act { action, arguments, .. }
                if self.program.conduct.action(*action).is_some_and(|a| !a.event) =>
            {
                match arguments.first() {
                    Some(Value::Actor(a)) => Some(*a),
                    _ => None,
                }
            }
            Happening::Withdrawal { party } => Some(*party),
            Happening::Act { .. } | Happening::Finding { .. } => None,
        }
    }

    /// S13: a group fails, and nobody is in breach but for whoever set its rule off.
    fn nobody_answers(&self, run: &Run<'_>, failed: &Breach) -> bool {
        let firing = run.instances().get(failed.instance).and_then(|i| i.firing).and_then(|f| run.firings().get(f));
        let rule = firing.and_then(|f| self.program.conduct.rule(f.rule));
        let offender = match (rule.map(|r| &r.trigger), firing) {
            (Some(Trigger::Breach { by, .. }), Some(f)) => f.values.get(by.0 as usize).copied().flatten(),
            _ => None,
        };
        let broken = rule.map_or(&[][..], |r| match &r.trigger {
            Trigger::Breach { norms, .. } => norms.as_slice(),
            Trigger::Occurs(_) => &[],
        });
        run.breaches()
            .iter()
            .filter(|b| !b.truth.is_no() && b.subject.is_some())
            .all(|b| b.subject == offender && broken.contains(&b.norm))
    }

    /// S01: nothing falls due on another because of a breach of a primary norm, even if it is found. What happens behind the
    /// breach is taken away, so that neither a lift nor an exception is to blame; and who leaves, which is S14's.
    fn unanswered(&self, run: &Run<'_>, breach: &Breach) -> bool {
        let primary = self.program.conduct.norm(breach.norm).filter(|n| n.rule.is_none() && n.contract.is_none());
        let (Some(norm), Some(by), None) = (primary, breach.subject, breach.ceiling) else { return false };
        let leaves = |o: &&Occurrence| matches!(o.what, Happening::Withdrawal { .. });
        let all = run.situation().occurrences.iter();
        let mut before: Vec<Occurrence> = all.filter(|o| o.from < breach.day && !leaves(o)).cloned().collect();
        before.extend(
            breach.act.and_then(|a| run.situation().occurrences.get(a)).filter(|o| o.from >= breach.day).cloned(),
        );
        for what in self.findings(norm.id, Some(by), breach.injured) {
            before.push(Occurrence { from: breach.day + 1, to: Some(breach.day + 1), what });
        }
        before.sort();
        let situation = Situation { occurrences: before, ..run.situation().clone() };
        let alone = Run::new(self.program, self.charter, &situation, breach.day + 1 + self.reach);
        let same = |b: &Breach| {
            b.norm == breach.norm && b.subject == breach.subject && b.day == breach.day && b.truth.is_yes()
        };
        alone.breaches().iter().any(same)
            && !(0..alone.instances().len()).any(|at| response(&alone, at, by, breach.day))
    }

    /// S02: a rule is set off, and fewer are there than it asks to respond. Who has left, and who is meant only where something is
    /// so, is another story.
    fn nobody(&self, run: &Run<'_>) -> Vec<StatementId> {
        let conduct = &self.program.conduct;
        let mut out = Vec::new();
        if run.situation().occurrences.iter().any(|o| matches!(o.what, Happening::Withdrawal { .. })) {
            return out;
        }
        for (place, firing) in run.firings().iter().enumerate().filter(|(_, f)| f.truth.is_yes()) {
            let Some(rule) = conduct.rule(firing.rule).filter(|r| r.charter == Some(self.charter)) else { continue };
            let Trigger::Breach { by, .. } = &rule.trigger else { continue };
            for norm in rule.norms.iter().filter_map(|n| conduct.norm(*n)) {
                let owed = norm.force == Force::Must && !norm.discretion && norm.subject != Who::Var(*by);
                if !owed || norm.variables.iter().any(|v| v.filter.is_some()) || !norm.when.is_true() {
                    continue;
                }
                let mut own = (0..run.instances().len())
                    .filter_map(|at| Some((at, run.instances().get(at)?)))
                    .filter(|(_, i)| i.firing == Some(place) && i.norm == norm.id && !i.truth.is_no());
                let few = match (&norm.group, own.next()) {
                    (None, first) => first.is_none(),
                    (Some(_), None) => false,
                    (Some(_), Some((at, i))) => {
                        let there = run.admitted_values(at, i.first).len();
                        let asked = run.asked_of_group(at, i.first);
                        asked.is_some_and(|n| BigRational::from_integer(there.into()) < n)
                    }
                };
                if few {
                    out.push(norm.statement);
                }
            }
        }
        out
    }

    /// N01, S03: a duty of somebody who has broken nothing, or nothing but what is answered by it, every act of which is forbidden on
    /// each day of its window, whatever else its subject does. Out: the situation without what the subject does from then on.
    fn stuck(&self, run: &Run<'_>, at: usize, norm: &Norm) -> Option<Situation> {
        let Deed::Act(pattern) = &norm.deed else { return None };
        if !self.banned.contains(&pattern.action) {
            return None;
        }
        self.stuck_by(run, at, norm, &|o| self.forbids_all(o))
    }

    /// The same, where objections of some sort stand against every act.
    pub(super) fn stuck_by(
        &self,
        run: &Run<'_>,
        at: usize,
        norm: &Norm,
        against: &dyn Fn(&Objection) -> bool,
    ) -> Option<Situation> {
        let instance = run.instances().get(at)?;
        let end = instance.deadline?;
        let whole = norm.is_point_duty() && norm.group.is_none() && !norm.discretion && instance.truth.is_yes();
        if !whole || norm.charter != Some(self.charter) {
            return None;
        }
        let Deed::Act(pattern) = &norm.deed else { return None };
        // another party, ground or thing could be chosen
        let named = |m: &Match| matches!(m, Match::Is(_) | Match::Number(..));
        let action = self.program.conduct.action(pattern.action)?;
        let fixed = pattern
            .arguments
            .iter()
            .zip(&action.parameters)
            .skip(1)
            .all(|(m, p)| named(m) || matches!((m, &p.sort), (Match::Any, Sort::Number { .. })));
        let by = norm.subject.among(&instance.values)?;
        if !fixed || run.breaches_by(by, instance.first - 1).any(|b| !self.owed_for(run, instance, b)) {
            return None;
        }
        let own = |o: &Occurrence| self.author(o) == Some(by) && o.from >= instance.first;
        let rest: Vec<Occurrence> = run.situation().occurrences.iter().filter(|o| !own(o)).cloned().collect();
        let without = Situation { occurrences: rest, ..run.situation().clone() };
        {
            let alone = Run::new(self.program, self.charter, &without, end.max(run.horizon()));
            let same =
                |i: &Instance| i.norm == instance.norm && i.values == instance.values && i.first == instance.first;
            let here = alone.instances().iter().position(same)?;
            let stuck = (instance.first..=end).all(|day| {
                alone.due(here, day).is_yes()
                    && self.meeting(&alone, here, day).is_some_and(|act| alone.lawful(&act, day).1.iter().any(against))
            });
            let before = |b: &&Breach| b.subject == Some(by) && b.earliest < instance.first && !b.truth.is_no();
            let answered = |b: &Breach| alone.instances().get(here).is_some_and(|i| self.owed_for(&alone, i, b));
            if !stuck || alone.breaches().iter().filter(before).any(|b| !answered(b)) {
                return None;
            }
        }
        Some(without)
    }

    /// Whether what speaks against one act speaks against every act of its kind between the same, and neither it nor what ranks
    /// above it depends on what anybody does.
    fn forbids_all(&self, objection: &Objection) -> bool {
        let Some(norm) = self.program.conduct.norm(objection.norm) else { return false };
        let Deed::Act(p) = &norm.deed else { return false };
        let conduct = &self.program.conduct;
        let permits = |m: &Norm| m.force != Force::MustNot && !(m.rule.is_none() && m.when.is_true());
        let excused = || conduct.norms.iter().any(|m| permits(m) && conduct.ranks_above(m.id, norm.id));
        objection.truth == Truth::Yes
            && objection.ceiling.is_none()
            && norm.force == Force::MustNot
            && p.place.is_none()
            && p.arguments.iter().all(|m| matches!(m, Match::Any | Match::Anyone | Match::Is(_)))
            && norm.when.is_true()
            && norm.unless.is_false()
            && !excused()
    }

    /// S04: whoever does what it must is in breach, and that breach is answered in turn.
    fn cascades(&self, without: &Situation, run: &Run<'_>, at: usize, norm: &Norm) -> bool {
        let Some(instance) = run.instances().get(at) else { return false };
        let Some(act) = self.meeting(run, at, instance.first) else { return false };
        let Some(by) = self.author(&act) else { return false };
        let mut situation = without.clone();
        situation.add(act);
        let broken: Option<(NormId, Option<Actor>, i64)> = {
            let first = self.run(&situation);
            let own =
                |b: &&Breach| b.subject == Some(by) && b.truth.is_yes() && b.act.is_some() && b.day == instance.first;
            first.breaches().iter().find(own).map(|b| (b.norm, b.injured, b.day))
        };
        let Some((other, injured, day)) = broken.filter(|(n, ..)| *n != norm.id) else { return false };
        for what in self.findings(other, Some(by), injured) {
            situation.occurrences.push(Occurrence { from: day + 1, to: Some(day + 1), what });
        }
        situation.occurrences.sort();
        let after = self.run(&situation);
        let because = |cause: Cause| match cause {
            Cause::Breach(b) => after.breaches().get(b).is_some_and(|b| b.norm == other && b.subject == Some(by)),
            Cause::Finding(o) => after.situation().occurrences.get(o).is_some_and(|o| {
                matches!(&o.what, Happening::Finding { by: found, .. } if *found == by) && o.from == day + 1
            }),
            Cause::Bound | Cause::Condition | Cause::Round(_) | Cause::Occurrence(_) => false,
        };
        (0..after.instances().len()).any(|i| {
            let cause =
                after.instances().get(i).and_then(|x| x.firing).and_then(|f| after.firings().get(f)).map(|f| f.cause);
            cause.is_some_and(because) && response(&after, i, by, day)
        })
    }

    /// S09: an economic measure is due, and nobody makes good what others lose by it.
    fn uncovered(&self, run: &Run<'_>, at: usize, norm: &Norm) -> bool {
        let conduct = &self.program.conduct;
        let Some(rule) = norm.rule.and_then(|r| conduct.rule(r)).filter(|r| r.compensation.is_empty()) else {
            return false;
        };
        let (Trigger::Breach { by, .. }, Deed::Act(p)) = (&rule.trigger, &norm.deed) else { return false };
        let aimed = p.arguments.iter().skip(1).any(|m| matches!(m, Match::Is(w) if *w == Who::Var(*by)));
        let measure = norm.subject != Who::Var(*by) && !norm.is_prohibition() && aimed && norm.force != Force::Should;
        // another rule that the same breach set off may say who is made whole
        let cause = |f: usize| run.firings().get(f).map(|f| f.cause);
        let own = run.instances().get(at).and_then(|i| i.firing).and_then(cause);
        let elsewhere = run.firings().iter().any(|f| {
            Some(f.cause) == own && conduct.rule(f.rule).is_some_and(|r| !r.compensation.is_empty() && r.lift.is_none())
        });
        let level = conduct.action(p.action).and_then(|a| a.severity);
        let named = level.and_then(|l| conduct.ladders.get(l.ladder.0 as usize)?.levels.get(l.step as usize));
        measure && !elsewhere && named.is_some_and(|n| n == "economic") && run.ever_due(at).is_yes()
    }

    /// Whether an occurrence obliges somebody to help.
    fn borne(&self, run: &Run<'_>, at: usize) -> bool {
        let helps = |n: &Norm| match &n.deed {
            Deed::Act(p) => self.program.conduct.action(p.action).is_some_and(|a| a.helps),
            Deed::Ensure(_) | Deed::Before { .. } | Deed::Alike { .. } => false,
        };
        run.instances().iter().filter(|i| i.cause == Cause::Occurrence(at)).any(|i| {
            let norm = self.program.conduct.norm(i.norm);
            norm.is_some_and(|n| n.force == Force::Must && !n.discretion && helps(n))
        })
    }

    /// S09: somebody loses more by a measure than the fund that makes it good holds. Out: what says who is made whole.
    fn short(&self, run: &Run<'_>) -> Vec<StatementId> {
        let conduct = &self.program.conduct;
        let mut out = Vec::new();
        for firing in run.firings().iter().filter(|f| f.truth.is_yes()) {
            let Some(rule) = conduct.rule(firing.rule) else { continue };
            for c in &rule.compensation {
                let all = run.situation().occurrences.iter().enumerate();
                let behind = all.filter(|(at, o)| o.from >= firing.day && !self.borne(run, *at));
                let lost = behind.filter_map(|(_, o)| match &o.what {
                    Happening::Act { action, arguments, .. } if *action == c.event => match arguments.get(c.amount) {
                        Some(Value::Number(n)) => Some(n),
                        _ => None,
                    },
                    _ => None,
                });
                let holds = run.balance(c.fund, firing.day.max(0));
                if holds.is_some_and(|holds| lost.max().is_some_and(|most| *most > holds)) {
                    out.push(c.statement);
                }
            }
        }
        out
    }
}

/// Whether an instance that arises from a day on falls due on somebody else, and not because the charter binds everybody.
fn response(run: &Run<'_>, at: usize, by: Actor, day: i64) -> bool {
    let Some(i) = run.instances().get(at).filter(|i| i.arises >= day && !i.truth.is_no()) else { return false };
    let Some(norm) = run.program().conduct.norm(i.norm) else { return false };
    if norm.force == Force::Should || (norm.rule.is_none() && matches!(i.cause, Cause::Bound | Cause::Round(_))) {
        return false;
    }
    let other = norm.subject.among(&i.values).is_none_or(|a| a != by);
    other && (i.first..=i.first + 1).chain(i.deadline).any(|d| d <= run.horizon() && !run.due(at, d).is_no())
}

/// The last day that a situation speaks of.
pub(super) fn last_day(situation: &Situation) -> i64 {
    situation.occurrences.iter().flat_map(|o| [Some(o.from), o.to]).flatten().max().unwrap_or(0).max(0)
}
