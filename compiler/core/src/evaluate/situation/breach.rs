//! Breaches of a day (semantics §14).
//!
//! In: a day of the run. Out: the breaches on it: acts under a prohibition on its first due day, point duties on the day
//! behind their deadline, standing duties on the first day of each gap.

use crate::model::conduct::{Actor, NormId};
use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::ban::Asked;
use super::seeds::Values;
use super::truth::Truth;
use super::{Breach, Run};

/// What tells one possible breach from another.
type Key = (NormId, usize, Values, Option<Actor>, Option<usize>, Option<usize>);

/// What is kept from day to day to see what is broken.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// acts under way, by their places in the log
    pub(super) active: Vec<usize>,
    /// standing duties
    pub(super) standing: Vec<usize>,
    /// point duties by the day behind their deadline, and whether that is the last it can be
    pub(super) deadlines: BTreeMap<i64, Vec<(usize, bool)>>,
    /// gaps of standing duties, with the day since when there may be one
    gaps: BTreeMap<(usize, Option<Actor>), (Truth, i64)>,
    maybe: BTreeMap<Key, i64>,
    sure: BTreeSet<Key>,
}

impl Run<'_> {
    /// All breaches of a day, in a canonical order.
    pub(super) fn breaches_of(&self, watch: &mut Watch, steady: &BTreeSet<usize>, day: i64) -> Vec<Breach> {
        let mut out = Vec::new();
        self.by_acts(watch, steady, day, &mut out);
        self.by_deadlines(watch, day, &mut out);
        self.by_gaps(watch, day, &mut out);
        out.sort_by(order);
        out
    }

    fn by_acts(&self, watch: &mut Watch, steady: &BTreeSet<usize>, day: i64, out: &mut Vec<Breach>) {
        let active = std::mem::take(&mut watch.active);
        let mut left = Vec::new();
        for at in active {
            let Some(act) = self.log.act(at).filter(|a| a.covers(day)) else { continue };
            for o in self.objections(act, day, Asked::One) {
                if o.truth.is_no() {
                    continue;
                }
                let breach = Breach {
                    norm: o.norm,
                    instance: o.instance,
                    values: o.values,
                    subject: act.actor(),
                    day,
                    earliest: day,
                    truth: o.truth,
                    injured: o.injured,
                    act: act.index,
                    ceiling: o.ceiling,
                };
                watch.note(breach, out);
            }
            // what nothing can change is asked once
            if act.to != Some(day) && !steady.contains(&at) {
                left.push(at);
            }
        }
        watch.active = left;
    }

    fn by_deadlines(&self, watch: &mut Watch, day: i64, out: &mut Vec<Breach>) {
        for (at, last) in watch.deadlines.remove(&day).unwrap_or_default() {
            let Some(i) = self.instances.get(at) else { continue };
            let deadline = day.saturating_sub(1);
            let due = self.due_with(at, &i.values, None, deadline);
            if due.is_no() {
                continue;
            }
            for (subject, missing) in self.missing(at, deadline) {
                let known = if last { Truth::Yes } else { Truth::Unknown };
                self.failed(watch, at, subject, due.and(missing).and(known), day, out);
            }
        }
    }

    fn by_gaps(&self, watch: &mut Watch, day: i64, out: &mut Vec<Breach>) {
        let standing = std::mem::take(&mut watch.standing);
        let mut left = Vec::new();
        for at in standing {
            let Some(i) = self.instances.get(at) else { continue };
            let due = self.due_with(at, &i.values, None, day);
            let mut now: BTreeMap<Option<Actor>, Truth> = BTreeMap::new();
            if !due.is_no() {
                now.extend(self.missing(at, day).into_iter().map(|(s, m)| (s, due.and(m))));
            }
            let before: Vec<Option<Actor>> =
                watch.gaps.range((at, None)..).take_while(|((a, _), _)| *a == at).map(|((_, s), _)| *s).collect();
            for subject in before {
                if now.get(&subject).is_none_or(|m| m.is_no()) {
                    watch.gaps.remove(&(at, subject));
                }
            }
            for (subject, missing) in now {
                if missing.is_no() {
                    continue;
                }
                let key = (at, subject);
                match (watch.gaps.get(&key).copied(), missing) {
                    (None, _) => {
                        watch.gaps.insert(key, (missing, day));
                        self.push_breach(at, subject, missing, day, day, out);
                    }
                    (Some((Truth::Unknown, since)), Truth::Yes) => {
                        watch.gaps.insert(key, (missing, since));
                        self.push_breach(at, subject, missing, since, day, out);
                    }
                    (Some(_), _) => {}
                }
            }
            let over = i.last.is_some_and(|l| l < day) && i.edges.covers(day).is_no();
            if !over {
                left.push(at);
            }
        }
        watch.standing = left;
    }

    /// Who fails a duty by or on a day, as far as it is due: its subject; a group; or each of the group who is answerable.
    fn missing(&self, at: usize, day: i64) -> Vec<(Option<Actor>, Truth)> {
        let Some(i) = self.instances.get(at) else { return Vec::new() };
        let Some(norm) = self.program.conduct.norm(i.norm) else { return Vec::new() };
        let missing = self.met(at, day).0.not();
        match &norm.group {
            None => {
                let subject = self.scope_of(i, &i.values).and_then(|s| s.who(norm.subject));
                vec![(subject, missing)]
            }
            Some(g) if g.each_answerable => self
                .met_by_each(at, day)
                .into_iter()
                .map(|(who, belongs, met)| (Some(who), missing.and(belongs).and(met.not())))
                .collect(),
            Some(_) => vec![(None, missing)],
        }
    }

    fn failed(
        &self,
        watch: &mut Watch,
        at: usize,
        subject: Option<Actor>,
        truth: Truth,
        day: i64,
        out: &mut Vec<Breach>,
    ) {
        let mut found = Vec::new();
        if !truth.is_no() {
            self.push_breach(at, subject, truth, day, day, &mut found);
        }
        for breach in found {
            watch.note(breach, out);
        }
    }

    fn push_breach(
        &self,
        at: usize,
        subject: Option<Actor>,
        truth: Truth,
        earliest: i64,
        day: i64,
        out: &mut Vec<Breach>,
    ) {
        let Some(i) = self.instances.get(at) else { return };
        let Some(norm) = self.program.conduct.norm(i.norm) else { return };
        let Some(mut scope) = self.scope_of(i, &i.values) else { return };
        if let (crate::model::conduct::Who::Var(v), Some(s)) = (norm.subject, subject) {
            scope.set(v, Some(s));
        }
        let injured = self.injured(norm, &scope, None);
        out.push(Breach {
            norm: i.norm,
            instance: at,
            values: scope.values,
            subject,
            day,
            earliest,
            truth,
            injured,
            act: None,
            ceiling: None,
        });
    }
}

impl Watch {
    /// Notes a breach once: as it first may be one, and as it surely is one.
    fn note(&mut self, breach: Breach, out: &mut Vec<Breach>) {
        let key: Key =
            (breach.norm, breach.instance, breach.values.clone(), breach.subject, breach.act, breach.ceiling);
        if self.sure.contains(&key) {
            return;
        }
        match breach.truth {
            Truth::No => {}
            Truth::Unknown => {
                if let Entry::Vacant(slot) = self.maybe.entry(key) {
                    slot.insert(breach.day);
                    out.push(breach);
                }
            }
            Truth::Yes => {
                let earliest = self.maybe.remove(&key).unwrap_or(breach.day);
                self.sure.insert(key);
                out.push(Breach { earliest, ..breach });
            }
        }
    }
}

/// By norm, subject, values and act.
fn order(a: &Breach, b: &Breach) -> Ordering {
    let key = |b: &Breach| (b.norm, b.subject, b.act, b.instance, b.ceiling);
    a.norm
        .cmp(&b.norm)
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| a.values.cmp(&b.values))
        .then(key(a).cmp(&key(b)))
}
