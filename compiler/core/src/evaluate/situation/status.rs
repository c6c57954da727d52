//! Where an instance stands on a day, and who owes what.
//!
//! In: a [`Run`] and a day up to its horizon. Out: a [`Status`] for an instance, the duties of a day.

use crate::model::conduct::Actor;

use super::truth::Truth;
use super::{Breach, Run};

/// Where an instance of a norm stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// its span has not begun
    NotYet,
    /// it is due
    Due,
    /// it is met: a point duty by then, a standing one on that day
    Met {
        /// by which act, by its place in the situation; none for a state of affairs and for a group
        by: Option<usize>,
    },
    /// it is not due: an exception holds, its condition does not, its span is over
    Lapsed,
    /// it is broken: a point duty for good, a standing one on that day
    Broken,
    /// a prohibition above it sets it aside
    SetAside,
    /// its rule was lifted
    Lifted,
}

impl Run<'_> {
    /// Where an instance stands on a day; nothing where open values decide, and behind the horizon.
    #[must_use]
    pub fn status(&self, instance: usize, day: i64) -> Option<Status> {
        let i = self.instances.get(instance)?;
        let norm = self.program.conduct.norm(i.norm)?;
        if day > self.horizon {
            return None;
        }
        match i.edges.first.reached(day) {
            Truth::No => return Some(Status::NotYet),
            Truth::Unknown => return None,
            Truth::Yes => {}
        }
        if Self::is_duty(norm) {
            let point = self.is_point(norm);
            let (by, deadline) = if point {
                (day.min(i.deadline.unwrap_or(day)), i.deadline.unwrap_or(i64::MAX))
            } else {
                (day, i64::MAX)
            };
            let (met, act) = self.met(instance, by);
            if point && !met.is_no() {
                return met.is_yes().then_some(Status::Met { by: act });
            }
            if point && day > deadline {
                let due = self.due_with(instance, &i.values, None, deadline);
                return match due {
                    Truth::Yes => Some(Status::Broken),
                    Truth::Unknown => None,
                    Truth::No => self.undue(instance, deadline),
                };
            }
            return match self.due_with(instance, &i.values, None, day) {
                Truth::Yes if point => Some(Status::Due),
                Truth::Yes => match met {
                    Truth::Yes => Some(Status::Met { by: act }),
                    Truth::No => Some(Status::Broken),
                    Truth::Unknown => None,
                },
                Truth::Unknown => None,
                Truth::No => self.undue(instance, day),
            };
        }
        match self.due(instance, day) {
            Truth::Yes => Some(Status::Due),
            Truth::Unknown => None,
            Truth::No => self.undue(instance, day),
        }
    }

    /// Why it is not due on a day.
    fn undue(&self, instance: usize, day: i64) -> Option<Status> {
        let i = self.instances.get(instance)?;
        let firing = i.firing.and_then(|f| self.firings.get(f));
        if firing.is_some_and(|f| f.lifted.is_some_and(|l| day >= l)) {
            return Some(Status::Lifted);
        }
        let whole = self.scope_of(i, &i.values).is_some_and(|s| s.open_variables().is_empty()) || self.is_group(i);
        if whole && self.in_force(instance, &i.values, None, day).is_yes() {
            return Some(Status::SetAside);
        }
        Some(Status::Lapsed)
    }

    /// The duties of a day, with how surely: point duties in their windows that are not met yet, and standing ones.
    #[must_use]
    pub fn duties_on(&self, day: i64) -> Vec<(usize, Truth)> {
        (0..self.instances.len()).map(|at| (at, self.owed_on(at, day))).filter(|(_, t)| !t.is_no()).collect()
    }

    /// Whether a duty is owed on a day: due, and for a point duty within its window and not met before.
    #[must_use]
    pub fn owed_on(&self, instance: usize, day: i64) -> Truth {
        let Some(i) = self.instances.get(instance) else { return Truth::No };
        let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| Self::is_duty(n)) else { return Truth::No };
        if day > self.horizon {
            return Truth::Unknown;
        }
        let mut due = self.due_with(instance, &i.values, None, day);
        if !due.is_no() && self.is_point(norm) {
            let open = i.edges.deadline.map_or(Truth::Yes, |d| d.passed(day).not());
            due = due.and(open).and(self.met(instance, day.saturating_sub(1)).0.not());
        }
        due
    }

    /// The sure breaches by somebody up to a day.
    pub fn breaches_by(&self, who: Actor, day: i64) -> impl Iterator<Item = &Breach> {
        self.breaches.iter().filter(move |b| b.subject == Some(who) && b.truth.is_yes() && b.day <= day)
    }

    /// Whether somebody, or with nobody given anybody, is in breach up to a day.
    #[must_use]
    pub fn in_breach(&self, who: Option<Actor>, day: i64) -> Truth {
        self.breaches
            .iter()
            .filter(|b| b.subject.is_some() && (who.is_none() || b.subject == who))
            .map(|b| match (b.truth, b.day <= day, b.earliest <= day) {
                (t, true, _) => t,
                (t, false, true) => t.and(Truth::Unknown),
                _ => Truth::No,
            })
            .fold(Truth::No, Truth::or)
    }
}
