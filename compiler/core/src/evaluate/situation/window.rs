//! Where the window and the span of an instance begin and end (semantics §2, §12).
//!
//! In: a [`Window`] and the day it counts from. Out: its [`Edges`].

use crate::model::conduct::Window;

use super::calendar::{Clock, Edge};
use super::truth::Truth;

/// The edges of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Edges {
    /// the day it arises
    pub(super) arises: Edge,
    /// the day its conditions look back to
    pub(super) base: Option<Edge>,
    /// the first day of its span
    pub(super) first: Edge,
    /// the last day of its span by its own window; none: no end
    pub(super) last: Option<Edge>,
    /// the last day of a point duty's window
    pub(super) deadline: Option<Edge>,
    /// the last day of the run of days in which its condition held, once that is over
    pub(super) over: Option<i64>,
}

/// The edges of a window that counts from `at`; `next`: what arises is due from the next day.
pub(super) fn edges(clock: &Clock<'_>, window: &Window, at: Edge, base: Option<Edge>, next: bool) -> Edges {
    let counted = window.offset.as_ref().map_or(at, |o| clock.after(at, o));
    let soonest = counted.max(at.plus(i64::from(next)));
    let mut first = window.after.as_ref().map_or(soonest, |a| clock.after(counted, a).plus(1).max(soonest));
    if let Some(date) = &window.from_date {
        first = match clock.date(date) {
            Some(d) => first.max(d),
            None => Edge { least: first.least, most: None },
        };
    }
    let mut last = window.until.as_ref().map(|u| clock.after(counted, u));
    if let Some(date) = &window.until_date {
        let end = clock.date(date).unwrap_or(Edge { least: i64::MIN, most: None });
        last = Some(last.map_or(end, |l| l.min(end)));
    }
    let deadline = window.within.as_ref().map(|w| clock.after(counted, w));
    Edges { arises: at, base, first, last, deadline, over: None }
}

impl Edges {
    /// Whether a day lies in the span.
    pub(super) fn covers(&self, day: i64) -> Truth {
        let open = self.last.map_or(Truth::Yes, |l| l.passed(day).not());
        self.first.reached(day).and(open).and(Truth::of(self.over.is_none_or(|o| day <= o)))
    }

    /// Whether an act that begins on a day begins in the window of a point duty.
    pub(super) fn in_window(&self, day: i64) -> Truth {
        self.first.reached(day).and(self.deadline.map_or(Truth::Yes, |d| d.passed(day).not()))
    }
}
