//! What was found where something else was expected.
//!
//! In: an [`Expectation`] that is not so, and the evaluator's answer. Out: [`Found`]: the duties, breaches or norms that are
//! there, nearest first, each with its citation; where there is nothing, a sentence that says so and why.

use super::phrase::{Phrase, verb};
use crate::checks::situation::words::article;
use crate::evaluate::situation::{Answer, Run, Truth};
use crate::model::conduct::{Actor, Deed, Expectation, Expected, Force, Match, Norm, NormId, Pattern, Who};

/// So many of one kind are listed.
const MOST: usize = 6;

/// What is there.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) lines: Vec<String>,
    pub(super) statements: Vec<String>,
}

/// What is there in the place of what was expected.
pub(super) fn found(run: &Run<'_>, expectation: &Expectation, answer: &Answer, last: i64) -> Found {
    let finder = Finder { phrase: Phrase::new(run), run };
    let mut out = Found::default();
    match &expectation.kind {
        Expected::Duty { none: true, .. } => finder.duties(&answer.instances, &mut out),
        Expected::Duty { none: false, act, by, on } => finder.duty(act, *by, *on, answer, last, &mut out),
        Expected::Permission { lawful, act, on } => {
            finder.permission(*lawful, act, on.unwrap_or(last), answer, &mut out);
        }
        Expected::Breach { none: true, .. } => finder.breaches(&answer.breaches, &mut out),
        Expected::Breach { none: false, norms, by, .. } => finder.breach(norms, *by, answer, last, &mut out),
    }
    if out.lines.len() > MOST {
        let more = out.lines.len() - MOST;
        out.lines.truncate(MOST);
        out.lines.push(format!("and {more} more"));
    }
    out.statements.sort_unstable();
    out.statements.dedup();
    out
}

struct Finder<'r, 'a> {
    phrase: Phrase<'r, 'a>,
    run: &'r Run<'a>,
}

impl Finder<'_, '_> {
    fn cite(&self, norm: &Norm, out: &mut Found) {
        out.statements.push(self.phrase.address(norm));
    }

    fn duties(&self, instances: &[usize], out: &mut Found) {
        for at in instances {
            out.lines.push(self.phrase.instance(*at));
            if let Some((_, norm)) = self.phrase.norm(*at) {
                self.cite(norm, out);
            }
        }
    }

    /// A duty was expected: those of other days, those that were never due, the norms that would give one.
    fn duty(&self, act: &Pattern, by: Option<i64>, on: Option<i64>, answer: &Answer, last: i64, out: &mut Found) {
        if answer.truth == Truth::Unknown {
            return self.duties(&answer.instances, out);
        }
        let near: Vec<usize> = self.run.duties_like(act, None, None).into_iter().map(|(at, ..)| at).collect();
        if !near.is_empty() {
            self.duties(&near, out);
            if let (Some(day), None) = (on, by)
                && day > self.run.horizon()
            {
                out.lines.push(format!("{} is behind the last day", self.phrase.day(day)));
            }
            return;
        }
        let who = actor(act).map_or_else(|| "anyone".to_owned(), |a| self.phrase.name(a));
        let conduct = &self.run.program().conduct;
        let action = conduct.action(act.action).map_or("?", |a| a.name.as_str());
        out.lines.push(format!("no duty on {who} to {action} up to {}", self.phrase.day(last)));
        self.outsider(actor(act), out);
        let said = out.lines.len();
        // what arose without being due yet, or was never due
        let arose: Vec<usize> = (0..self.run.instances().len())
            .filter(|at| {
                self.phrase.norm(*at).is_some_and(|(_, norm)| is_duty_of(norm, act))
                    && self.phrase.subject(*at).is_none_or(|s| actor(act).is_none_or(|a| a == s))
            })
            .collect();
        for at in arose {
            let Some((instance, norm)) = self.phrase.norm(at) else { continue };
            self.cite(norm, out);
            let line = self.phrase.instance(at);
            out.lines.push(if instance.first > self.run.horizon() {
                format!(
                    "{line}: that is behind the last day of the scenario, name a day of it: `on day {}`",
                    instance.first
                )
            } else {
                format!("{line}: it was not due on any day")
            });
        }
        if out.lines.len() > said {
            return;
        }
        for norm in conduct.norms.iter().filter(|n| is_duty_of(n, act)) {
            self.cite(norm, out);
            out.lines.push(format!("nothing set off `{}` ({})", norm.text, self.phrase.address(norm)));
        }
        if out.lines.len() == said {
            out.lines.push(format!("no norm says that anyone {} {action}", verb(Force::Must)));
        }
    }

    /// Whoever is no party is bound by nothing (`semantics.md` §18): an oversight where something is expected of them.
    fn outsider(&self, who: Option<Actor>, out: &mut Found) {
        let Some(who) = who.filter(|w| !self.run.situation().members.contains(w)) else { return };
        let program = self.run.program();
        let charter = program.charters.get(self.run.charter().0 as usize).map_or("it", |c| c.name.as_str());
        out.lines.push(format!("{} is no party of {charter}, whose norms do not bind it", self.phrase.name(who)));
    }

    fn permission(&self, lawful: bool, act: &Pattern, day: i64, answer: &Answer, out: &mut Found) {
        for objection in &answer.objections {
            let against = if lawful { !objection.truth.is_no() } else { !objection.truth.is_yes() };
            if against || answer.truth == Truth::Unknown {
                out.lines.push(self.phrase.objection(objection));
                if let Some(norm) = self.run.program().conduct.norm(objection.norm) {
                    self.cite(norm, out);
                }
            }
        }
        if !lawful && out.lines.is_empty() {
            out.lines.push(format!("nothing forbids it on {}", self.phrase.day(day)));
            let conduct = &self.run.program().conduct;
            for norm in conduct.norms.iter().filter(|n| forbids(n, act)) {
                self.cite(norm, out);
                out.lines.push(format!("`{}` does not apply on that day ({})", norm.text, self.phrase.address(norm)));
            }
        }
    }

    fn breaches(&self, breaches: &[usize], out: &mut Found) {
        for breach in breaches.iter().filter_map(|b| self.run.breaches().get(*b)) {
            out.lines.push(self.phrase.breach(breach));
            if let Some(norm) = self.run.program().conduct.norm(breach.norm) {
                self.cite(norm, out);
            }
        }
    }

    /// A breach was expected: those by the same party or of the same norms, else all of them.
    fn breach(&self, norms: &[NormId], by: Option<Actor>, answer: &Answer, last: i64, out: &mut Found) {
        if !answer.breaches.is_empty() {
            return self.breaches(&answer.breaches, out);
        }
        let all: Vec<usize> = (0..self.run.breaches().len()).collect();
        let like = |at: &&usize| {
            self.run
                .breaches()
                .get(**at)
                .is_some_and(|b| (by.is_some() && b.subject == by) || (!norms.is_empty() && norms.contains(&b.norm)))
        };
        let near: Vec<usize> = all.iter().filter(like).copied().collect();
        self.breaches(if near.is_empty() { &all } else { &near }, out);
        if out.lines.is_empty() {
            out.lines.push(format!("no breach up to {}", self.phrase.day(last)));
        }
        self.outsider(by, out);
        if norms.is_empty() {
            return;
        }
        let conduct = &self.run.program().conduct;
        for norm in norms.iter().filter_map(|n| conduct.norm(*n)) {
            self.cite(norm, out);
        }
        if near.is_empty() && all.is_empty() {
            let mut places: Vec<String> =
                norms.iter().filter_map(|n| conduct.norm(*n)).map(|n| article(&n.article)).collect();
            places.dedup();
            out.lines.push(format!("{} was kept", places.join(" and ")));
        }
    }
}

fn actor(act: &Pattern) -> Option<Actor> {
    match act.arguments.first() {
        Some(Match::Is(Who::Party(p))) => Some(Actor::Party(*p)),
        _ => None,
    }
}

fn is_duty_of(norm: &Norm, act: &Pattern) -> bool {
    norm.force == Force::Must && matches!(&norm.deed, Deed::Act(p) if p.action == act.action)
}

fn forbids(norm: &Norm, act: &Pattern) -> bool {
    match &norm.deed {
        Deed::Act(p) => norm.force == Force::MustNot && p.action == act.action,
        Deed::Before { then, .. } => norm.force == Force::Must && then.action == act.action,
        Deed::Ensure(_) | Deed::Alike { .. } => false,
    }
}
