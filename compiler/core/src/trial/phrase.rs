//! Duties, breaches and objections of a run, each in one phrase with its citation.
//!
//! In: a [`Run`]. Out: sentences such as `Ada must slow_trade(Bel) by day 19, met on day 10 (Shunning/2/1)`. Whoever acts goes by
//! name: a scenario and a list of what happened are written by people, nothing in them is made up. What a walk made up has a cast.

use crate::checks::situation::Cast;
use crate::checks::situation::words::{Teller, of_norm};
use crate::checks::words::date;
use crate::evaluate::situation::{Breach, Instance, Objection, Run, Status, Truth};
use crate::model::conduct::{Actor, Deed, Force, Happening, Norm, Situation, Value, Who};

/// Puts parts of a run into words.
#[derive(Debug)]
pub(crate) struct Phrase<'r, 'a> {
    pub(crate) run: &'r Run<'a>,
    cast: Cast,
}

impl<'r, 'a> Phrase<'r, 'a> {
    pub(crate) fn new(run: &'r Run<'a>) -> Self {
        let situation = run.situation();
        let mut all: Vec<Actor> = situation.members.iter().chain(&situation.others).copied().collect();
        all.extend(actors(situation));
        Self { run, cast: Cast::named(run.program(), &all) }
    }

    /// With the names that a cast gives.
    pub(crate) fn with(run: &'r Run<'a>, cast: Cast) -> Self {
        Self { run, cast }
    }

    /// A teller for acts and findings.
    pub(crate) fn teller(&self) -> Teller<'_> {
        Teller::new(self.run.program(), &self.cast, &self.run.situation().values)
    }

    pub(crate) fn name(&self, actor: Actor) -> String {
        self.cast.name(actor)
    }

    /// The date of a day, where day 0 has one.
    pub(crate) fn date(&self, day: i64) -> Option<String> {
        self.run.situation().start.map(|start| date(start.saturating_add(day)))
    }

    /// `day 19`, `day 19 (2026-03-20)`.
    pub(crate) fn day(&self, day: i64) -> String {
        self.date(day).map_or_else(|| format!("day {day}"), |date| format!("day {day} ({date})"))
    }

    pub(crate) fn norm(&self, at: usize) -> Option<(&'r Instance, &'r Norm)> {
        let instance = self.run.instances().get(at)?;
        Some((instance, self.run.program().conduct.norm(instance.norm)?))
    }

    /// On whom an instance is; nobody for a group.
    pub(crate) fn subject(&self, at: usize) -> Option<Actor> {
        let (instance, norm) = self.norm(at)?;
        norm.subject.among(&instance.values)
    }

    /// The address of a norm's statement.
    pub(crate) fn address(&self, norm: &Norm) -> String {
        self.run.program().statement(norm.statement).map_or_else(String::new, |s| s.address.clone())
    }

    /// `Ada must slow_trade(Bel)`: without its days.
    pub(crate) fn deed(&self, norm: &Norm, values: &[Option<Actor>]) -> String {
        let by = norm.subject.among(values);
        match (&norm.deed, by) {
            (Deed::Act(_), by) if by.is_some() || norm.group.is_some() => {
                self.teller().deed_sentence(norm, values, verb(norm.force))
            }
            (_, Some(by)) if matches!(norm.subject, Who::Var(_)) => format!("{}: `{}`", self.name(by), norm.text),
            _ => format!("`{}`", norm.text),
        }
    }

    /// The days of an instance: `by day 19`, `from day 45 on`; nothing for what is always so.
    pub(crate) fn days(&self, at: usize) -> String {
        let Some((instance, norm)) = self.norm(at) else { return String::new() };
        let later = norm.window.after.is_some() || norm.window.offset.is_some() || norm.window.from_date.is_some();
        match (instance.deadline, instance.last) {
            (Some(end), _) if later && end > instance.first => {
                format!(" from {} to {}", self.day(instance.first), self.day(end))
            }
            (Some(end), _) => self.by(at, end),
            (None, Some(last)) if last > instance.first => {
                format!(" from {} to {}", self.day(instance.first), self.day(last))
            }
            (None, Some(last)) => format!(" on {}", self.day(last)),
            (None, None) if instance.first > 0 => format!(" from {} on", self.day(instance.first)),
            (None, None) => String::new(),
        }
    }

    /// `by day 19`, or where that is open `by a day between day 10 and day 90`.
    pub(crate) fn by(&self, at: usize, end: i64) -> String {
        match self.run.deadline(at) {
            Some(edge) if edge.exact().is_none() => {
                format!(" by a day between {} and {}", self.day(edge.least), self.day(end))
            }
            _ => format!(" by {}", self.day(end)),
        }
    }

    /// How an instance stands at the end of its days, up to the horizon: `, met on day 10`.
    pub(crate) fn fate(&self, at: usize) -> String {
        let Some((instance, _)) = self.norm(at) else { return String::new() };
        let end = instance.deadline.unwrap_or(i64::MAX).min(self.run.horizon());
        let end = end.max(instance.first.min(self.run.horizon()));
        match self.run.status(at, end) {
            Some(Status::Met { by: Some(act) }) => match self.run.situation().occurrences.get(act) {
                Some(o) if instance.deadline.is_some() => format!(", met on {}", self.day(o.from)),
                _ => String::new(),
            },
            Some(Status::Lifted) => {
                let lifted = instance.firing.and_then(|f| self.run.firings().get(f)).and_then(|f| f.lifted);
                lifted.map_or_else(String::new, |day| format!(", lifted on {}", self.day(day)))
            }
            Some(Status::SetAside) => ", set aside by what ranks above it".to_owned(),
            Some(Status::Lapsed) if instance.last.is_none_or(|l| l >= end) => ", no longer due".to_owned(),
            _ => String::new(),
        }
    }

    /// An instance in full: `Ada must slow_trade(Bel) by day 19, met on day 10 (Shunning/2/1)`.
    pub(crate) fn instance(&self, at: usize) -> String {
        let Some((instance, norm)) = self.norm(at) else { return String::new() };
        let perhaps = if instance.truth == Truth::Unknown { ", if at all" } else { "" };
        format!(
            "{}{}{}{perhaps} ({})",
            self.deed(norm, &instance.values),
            self.days(at),
            self.fate(at),
            self.address(norm)
        )
    }

    /// `breach of article 1 by Bel against Ada on day 0 (Shunning/1/1)`. Where a group fails, nobody is in breach.
    pub(crate) fn breach(&self, breach: &Breach) -> String {
        let conduct = &self.run.program().conduct;
        let of = of_norm(conduct, breach.norm);
        let against = breach.injured.map_or_else(String::new, |a| format!(" against {}", self.name(a)));
        let day = if breach.earliest == breach.day {
            format!("on {}", self.day(breach.day))
        } else {
            format!("between {} and {}", self.day(breach.earliest), self.day(breach.day))
        };
        let perhaps = if breach.truth == Truth::Unknown { ", if at all" } else { "" };
        let address = conduct.norm(breach.norm).map_or_else(String::new, |n| self.address(n));
        match breach.subject {
            Some(by) => format!("breach of {of} by {}{against} {day}{perhaps} ({address})", self.name(by)),
            None => {
                format!("the group does not meet its duty {day}{perhaps}, and no one member is in breach ({address})")
            }
        }
    }

    /// What speaks against an act, or would: `Shunning/1/1 forbids it: no party may …`.
    pub(crate) fn objection(&self, objection: &Objection) -> String {
        let Some(norm) = self.run.program().conduct.norm(objection.norm) else { return String::new() };
        let address = self.address(norm);
        let text = &norm.text;
        let how = match (objection.ceiling, norm.force) {
            (Some(_), _) => return format!("it goes beyond the ceiling of the rule of `{text}` ({address})"),
            (None, Force::Entitled) => "it hinders what is granted",
            (None, _) => "it is forbidden",
        };
        let excuse = objection.excused.and_then(|n| self.run.program().conduct.norm(n));
        match (excuse, objection.truth) {
            (Some(excuse), Truth::No) => format!(
                "`{text}` ({address}) would forbid it, and `{}` ({}) excuses it",
                excuse.text,
                self.address(excuse)
            ),
            (_, Truth::Unknown) => format!("perhaps {how}: `{text}` ({address})"),
            _ => format!("{how}: `{text}` ({address})"),
        }
    }
}

/// The verb of a force.
pub(crate) const fn verb(force: Force) -> &'static str {
    match force {
        Force::Must => "must",
        Force::MustNot => "must not",
        Force::May => "may",
        Force::Entitled => "is entitled to",
        Force::Should => "should",
    }
}

/// Everybody in what happens, in its order.
pub(crate) fn actors(situation: &Situation) -> Vec<Actor> {
    let mut actors: Vec<Actor> = Vec::new();
    for o in &situation.occurrences {
        match &o.what {
            Happening::Act { arguments, .. } => actors.extend(arguments.iter().filter_map(|v| match v {
                Value::Actor(a) => Some(*a),
                Value::Number(_) | Value::Thing(_) | Value::Region(..) | Value::Unsaid => None,
            })),
            Happening::Finding { by, against, .. } => {
                actors.push(*by);
                actors.extend(*against);
            }
            Happening::Withdrawal { party } => actors.push(*party),
        }
    }
    actors
}
