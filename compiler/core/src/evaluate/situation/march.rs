//! The walk from day to day.
//!
//! In: a program, a charter, a situation and a horizon. Out: a [`Run`] that knows every instance and breach up to it.

use crate::model::conduct::Situation;
use crate::model::{Program, Statement};
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Run;
use super::arise::Pending;
use super::breach::Watch;
use super::calendar::Clock;
use super::events::Events;
use super::log::Log;
use super::members::Members;
use super::text::Text;
use super::window::edges;

/// Works a situation out.
pub(super) fn run<'a>(text: &Arc<Text<'a>>, situation: &'a Situation, horizon: i64, every_day: bool) -> Run<'a> {
    let &Text { program, charter, .. } = &**text;
    let clock = Clock::new(&text.ranges, &situation.values, situation.start);
    let log = Log::new(program, situation, &situation.values);
    let members = Members::new(program, charter, situation, &clock);
    let here = if program.accessions.is_empty() {
        Arc::clone(&text.here)
    } else {
        Arc::new(text.here.iter().copied().filter(|s| joined(program, s, situation)).collect())
    };
    let mut events = Events::new(text, situation, horizon, &clock, &log, &here);
    members.exits().for_each(|e| events.edge(e));
    if every_day {
        events.make_every();
    }
    let mut run = Run {
        program,
        charter,
        situation,
        horizon,
        clock,
        members,
        log,
        text: Arc::clone(text),
        instances: Vec::new(),
        firings: Vec::new(),
        breaches: Vec::new(),
        broken: BTreeMap::new(),
        by_norm: BTreeMap::new(),
        by_subject: BTreeMap::new(),
        by_firing: Vec::new(),
        bans: Vec::new(),
        bans_on: BTreeMap::new(),
        visited: BTreeSet::new(),
        depth: Cell::new(0),
        ground: OnceCell::new(),
        here,
    };
    let steady = run.steady_acts();
    let (mut pending, mut watch) = (Pending::default(), Watch::default());
    let mut begun = 0;
    while let Some(day) = events.next() {
        run.day(day, &mut pending, &mut watch, &mut events, &steady, &mut begun);
    }
    run
}

/// A statement of an accession counts where the candidate is a member.
fn joined(program: &Program, s: &Statement, situation: &Situation) -> bool {
    match s.accession.and_then(|a| program.accessions.get(a.0 as usize)) {
        None => true,
        Some(a) => situation.members.contains(&crate::model::conduct::Actor::Party(a.party)),
    }
}

impl Run<'_> {
    fn day(
        &mut self,
        day: i64,
        pending: &mut Pending,
        watch: &mut Watch,
        events: &mut Events,
        steady: &BTreeSet<usize>,
        begun: &mut usize,
    ) {
        let (instances, firings, breaches) = (self.instances.len(), self.firings.len(), self.breaches.len());
        self.visited.insert(day);
        if day == 0 {
            self.arise_bound(pending);
        }
        self.fire_by_occurrences(pending, day);
        self.arise_rounds(pending, day);
        self.lift(day);
        self.arise_while(pending, day);
        self.watch_new(instances, watch);
        while let Some(act) = self.log.act(*begun) {
            if act.from > day {
                break;
            }
            watch.active.push(*begun);
            *begun += 1;
        }
        let found = self.breaches_of(watch, steady, day);
        for breach in found {
            let at = self.breaches.len();
            self.broken.entry(breach.norm).or_default().push(at);
            events.breach(&self.clock, breach.earliest, breach.day);
            self.breaches.push(breach);
        }
        let made = self.instances.len();
        self.fire_by_breaches(pending, day, breaches);
        self.watch_new(made, watch);
        for i in self.instances.iter().skip(instances) {
            events.edges(&i.edges);
        }
        for f in self.firings.iter().skip(firings) {
            events.edge(f.at);
            events.edge(f.first);
            let rule = self.program.conduct.rule(f.rule);
            for c in rule.into_iter().flat_map(|r| &r.ceilings) {
                events.edges(&edges(&self.clock, &c.window, f.at, None, false));
            }
        }
        events.extend(pending.rounds.keys().copied());
        events.float(&self.clock, day);
    }

    fn watch_new(&self, from: usize, watch: &mut Watch) {
        for (at, i) in self.instances.iter().enumerate().skip(from) {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| Self::is_duty(n)) else { continue };
            if !self.is_point(norm) {
                watch.standing.push(at);
                continue;
            }
            let Some(deadline) = i.edges.deadline else { continue };
            let exact = deadline.exact().is_some();
            if !exact {
                watch.deadlines.entry(deadline.least.saturating_add(1)).or_default().push((at, false));
            }
            if let Some(most) = deadline.most {
                watch.deadlines.entry(most.saturating_add(1)).or_default().push((at, true));
            }
        }
    }

    /// The acts, by their places in the log, of which a prohibition says the same on each of their days, so that their first
    /// is enough.
    fn steady_acts(&self) -> BTreeSet<usize> {
        let changing = &self.text.changing;
        (0..).zip(self.log.acts()).filter(|(_, a)| !changing.contains(&a.action)).map(|(at, _)| at).collect()
    }
}
