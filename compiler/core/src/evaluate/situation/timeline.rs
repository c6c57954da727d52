//! A situation as a list of dated entries.
//!
//! In: a [`Run`]. Out: what happened, what fell due, what was met, lapsed, lifted and broken, by day, by the places of
//! occurrences, instances, settings off and breaches. No prose: that is the report's.

use crate::model::conduct::{Happening, Occurrence};

use super::Run;
use super::status::Status;
use super::truth::Truth;

/// What an entry is about. On one day they stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// an event, by its place in the situation
    Event(usize),
    /// an act, by its place in the situation
    Act(usize),
    /// a finding, by its place in the situation
    Finding(usize),
    /// a notice of withdrawal, by its place in the situation
    Withdrawal(usize),
    /// a breach, by its place in [`Run::breaches`]
    Breach(usize),
    /// a rule is lifted, by its place in [`Run::firings`]
    Lifted(usize),
    /// a point duty is met, by its place in [`Run::instances`]
    Met(usize),
    /// a duty ends without being met or broken
    Lapsed(usize),
    /// a duty falls due
    Due(usize),
}

/// A line of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// the day
    pub day: i64,
    /// what
    pub what: What,
    /// the last day: of what lasts, of a duty's window or span; none: it goes on
    pub until: Option<i64>,
    /// whether it is so
    pub truth: Truth,
}

/// Everything up to the horizon, by day.
#[must_use]
pub fn timeline(run: &Run<'_>) -> Vec<Entry> {
    let mut out = Vec::new();
    let occurrences: Vec<&Occurrence> = run.situation().occurrences.iter().collect();
    let mut order: Vec<usize> = (0..occurrences.len()).collect();
    order.sort_by_key(|i| (occurrences.get(*i), *i));
    for place in order {
        let Some(o) = occurrences.get(place).filter(|o| o.from <= run.horizon()) else { continue };
        let what = match &o.what {
            Happening::Act { action, .. } => match run.program().conduct.action(*action) {
                Some(a) if a.event => What::Event(place),
                _ => What::Act(place),
            },
            Happening::Finding { .. } => What::Finding(place),
            Happening::Withdrawal { .. } => What::Withdrawal(place),
        };
        out.push(Entry { day: o.from, what, until: o.to, truth: Truth::Yes });
    }
    for (i, b) in run.breaches().iter().enumerate() {
        out.push(Entry { day: b.day, what: What::Breach(i), until: Some(b.day), truth: b.truth });
    }
    for (i, f) in run.firings().iter().enumerate() {
        if let Some(day) = f.lifted {
            out.push(Entry { day, what: What::Lifted(i), until: Some(day), truth: f.truth });
        }
    }
    for at in 0..run.instances().len() {
        duty(run, at, &mut out);
    }
    // by day, then by kind; of one kind in the order in which they stand, which is that of days and values
    out.sort_by_key(|e| (e.day, rank(e.what)));
    out
}

fn duty(run: &Run<'_>, at: usize, out: &mut Vec<Entry>) {
    let Some(i) = run.instances().get(at).filter(|i| i.first <= run.horizon()) else { return };
    let Some(norm) = run.program().conduct.norm(i.norm).filter(|n| Run::is_duty(n)) else { return };
    // lifted or over before it was due
    if i.last.is_some_and(|l| l < i.first) {
        return;
    }
    let point = run.is_point(norm);
    let until = if point { i.deadline } else { i.last };
    out.push(Entry { day: i.first, what: What::Due(at), until, truth: i.truth });
    if !point {
        return;
    }
    let end = i.deadline.unwrap_or(i64::MAX).min(i.last.unwrap_or(i64::MAX)).min(run.horizon());
    match run.status(at, end) {
        Some(Status::Met { by }) => {
            let day = by.and_then(|b| run.situation().occurrences.get(b)).map_or(end, |o| o.from);
            out.push(Entry { day, what: What::Met(at), until: Some(day), truth: i.truth });
        }
        Some(Status::Lapsed | Status::SetAside) if i.deadline == Some(end) || i.last == Some(end) => {
            out.push(Entry { day: end, what: What::Lapsed(at), until: Some(end), truth: i.truth });
        }
        _ => {}
    }
}

fn rank(what: What) -> u8 {
    match what {
        What::Event(_) => 0,
        What::Act(_) => 1,
        What::Finding(_) => 2,
        What::Withdrawal(_) => 3,
        What::Breach(_) => 4,
        What::Lifted(_) => 5,
        What::Met(_) => 6,
        What::Lapsed(_) => 7,
        What::Due(_) => 8,
    }
}
