//! Random behaviour, lawful and unlawful, from a seed.
//!
//! In: a charter and a stream of choices. Out: a [`Situation`]: somebody does what is owed, or does not; somebody does what is
//! forbidden, or takes a measure, or answers one in kind; events happen, breaches are found, a party gives notice; days go by, often
//! up to a deadline or just past it, or up to the day on which somebody has left. What is done is made of what the norms speak of, so
//! that something comes of it.

use crate::atlas::AtlasId;
use crate::evaluate::situation::{Run, Truth};
use crate::logic::sample::Sample;
use crate::model::conduct::{
    Action, ActionId, Actor, Compare, Deed, Happening, Match, Norm, NormId, Occurrence, Pattern, Place, Quantity,
    Situation, Sort, Trigger, Value,
};
use crate::model::mentions::Mentions;
use crate::model::{CharterId, Program};
use num_rational::BigRational;
use num_traits::Zero;
use std::collections::{BTreeMap, BTreeSet};

/// Days go by at most so many at a time.
const LONGEST: u64 = 60;

/// What walks of a charter are made of.
#[derive(Debug)]
pub(super) struct Ground<'p> {
    pub(super) program: &'p Program,
    pub(super) charter: CharterId,
    pub(super) members: Vec<Actor>,
    acts: Vec<ActionId>,
    events: Vec<ActionId>,
    amounts: BTreeMap<(ActionId, usize), Vec<BigRational>>,
    things: BTreeMap<(ActionId, usize), Vec<String>>,
    places: Vec<(AtlasId, Vec<u32>)>,
    placed: BTreeSet<ActionId>,
    used: BTreeSet<ActionId>,
    /// what some prohibition speaks of
    pub(super) banned: BTreeSet<ActionId>,
    /// what rules that answer a breach speak of
    pub(super) answering: BTreeSet<ActionId>,
    /// the longest time that any window of the charter takes, in days
    pub(super) reach: i64,
}

impl<'p> Ground<'p> {
    /// Reads what the norms of a charter speak of.
    pub(super) fn new(program: &'p Program, charter: CharterId) -> Self {
        let listed = program.charters.get(charter.0 as usize).map(|c| c.members.clone()).unwrap_or_default();
        let mut out = Self {
            program,
            charter,
            members: listed.into_iter().map(Actor::Party).collect(),
            acts: Vec::new(),
            events: Vec::new(),
            amounts: BTreeMap::new(),
            things: BTreeMap::new(),
            places: Vec::new(),
            placed: BTreeSet::new(),
            used: BTreeSet::new(),
            banned: BTreeSet::new(),
            answering: BTreeSet::new(),
            reach: 1,
        };
        out.members.sort_unstable();
        let conduct = &program.conduct;
        let here = |c: Option<CharterId>| c.is_none_or(|c| c == charter);
        for norm in conduct.norms.iter().filter(|n| here(n.charter)) {
            match &norm.deed {
                Deed::Act(p) => {
                    out.pattern(p);
                    if norm.is_prohibition() {
                        out.banned.insert(p.action);
                    } else if norm.rule.is_some() {
                        out.answering.insert(p.action);
                    }
                }
                Deed::Before { first, then, .. } => {
                    out.pattern(first);
                    out.pattern(then);
                }
                Deed::Ensure(_) | Deed::Alike { .. } => {}
            }
            out.reach = out.reach.max(reach(norm));
        }
        for rule in conduct.rules.iter().filter(|r| here(r.charter)) {
            if let Trigger::Occurs(p) = &rule.trigger {
                out.pattern(p);
            }
            if let Some(lift) = &rule.lift {
                let mut mentions = Mentions::new();
                mentions.condition(conduct, lift);
                out.used.extend(mentions.actions);
            }
            for c in &rule.compensation {
                out.used.insert(c.event);
                let holds = conduct.funds.get(c.fund.0 as usize).and_then(|f| f.amount.as_constant());
                if let Some(holds) = holds {
                    let two = BigRational::from_integer(2.into());
                    out.amounts.entry((c.event, c.amount)).or_default().extend([holds.clone(), holds * two]);
                }
            }
        }
        let mut places = BTreeSet::new();
        for atlas in (0u32..).map(AtlasId).take(program.atlases.len()) {
            let Some(found) = program.atlas(atlas) else { continue };
            for (leaf, named) in (0u32..).zip(&found.leaves) {
                let cells = found.leaf_cells(leaf);
                if named.name.is_some() && !cells.is_empty() && places.len() < 64 {
                    places.insert((atlas, cells.cells().to_vec()));
                }
            }
        }
        out.places = places.into_iter().collect();
        for (id, action) in (0u32..).map(ActionId).zip(&conduct.actions) {
            // what the charter speaks of happens more often
            let times = if out.used.contains(&id) { 4 } else { 1 };
            let list = if action.event { &mut out.events } else { &mut out.acts };
            list.extend(std::iter::repeat_n(id, times));
        }
        for list in out.amounts.values_mut() {
            list.sort();
            list.dedup();
        }
        out
    }

    fn pattern(&mut self, p: &Pattern) {
        self.used.insert(p.action);
        if p.place.is_some() {
            self.placed.insert(p.action);
        }
        for (at, m) in p.arguments.iter().enumerate() {
            match m {
                Match::Number(_, Quantity::Fixed(n)) => {
                    self.amounts.entry((p.action, at)).or_default().extend(n.as_constant().cloned());
                }
                Match::Thing(t) => self.things.entry((p.action, at)).or_default().push(t.clone()),
                Match::Any | Match::Anyone | Match::Is(_) | Match::Number(..) | Match::Region(_) | Match::Binds(_) => {}
            }
        }
    }

    /// One walk.
    pub(super) fn walk(&self, sample: &mut Sample) -> Situation {
        let mut out = Situation { members: self.members.clone(), ..Situation::default() };
        let mut day = 0;
        for _ in 0..3 + sample.below(9) {
            let (step, next) = {
                let run = Run::new(self.program, self.charter, &out, day);
                (self.step(&run, day, sample), self.next(&run, day, sample))
            };
            if let Some(o) = step {
                out.add(o);
            }
            day = next;
        }
        if sample.below(3) == 0 {
            self.keep(&mut out);
        }
        out
    }

    /// Something that happens on a day, if anything does.
    fn step(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        match sample.below(16) {
            0..=3 => self.comply(run, day, sample),
            4..=7 => self.act(day, sample),
            8 | 9 => self.event(run, day, sample),
            10 | 11 => self.finding(run, day, sample),
            12 | 13 => self.measure(run, day, sample),
            14 => self.strike_back(run, sample),
            _ => self.notice(run, day, sample),
        }
    }

    /// The day on which the next thing happens.
    fn next(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> i64 {
        let deadlines: Vec<i64> = run.instances().iter().filter_map(|i| i.deadline).filter(|d| *d >= day).collect();
        let exits: Vec<i64> = self.members.iter().filter_map(|m| run.exit(*m)?.exact()).filter(|d| *d > day).collect();
        match sample.below(6) {
            0 => day,
            1 => day + 1,
            2 => pick(&deadlines, sample).map_or(day + 1, |d| *d),
            3 => pick(&deadlines, sample).map_or(day + 1, |d| *d + 1),
            4 if !exits.is_empty() => pick(&exits, sample).map_or(day, |d| day.max(*d - 3)),
            _ => day + i64::try_from(sample.below(LONGEST)).unwrap_or(1),
        }
    }

    /// Somebody does what is owed.
    fn comply(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        let owed: Vec<usize> = run.duties_on(day).into_iter().filter(|(_, t)| t.is_yes()).map(|(at, _)| at).collect();
        let at = *pick(&owed, sample)?;
        let norm = self.program.conduct.norm(run.instances().get(at)?.norm)?;
        let mut act = self.meeting(run, at, day)?;
        if !norm.is_point_duty() {
            act.to = None;
        }
        Some(act)
    }

    /// An act that meets a duty, made up for a day; nothing where the duty leaves open what cannot be chosen simply.
    pub(super) fn meeting(&self, run: &Run<'_>, at: usize, day: i64) -> Option<Occurrence> {
        let instance = run.instances().get(at)?;
        self.made(self.program.conduct.norm(instance.norm)?, &instance.values, day)
    }

    /// An act that a norm with these values speaks of, made up for a day.
    pub(super) fn made(&self, norm: &Norm, values: &[Option<Actor>], day: i64) -> Option<Occurrence> {
        let Deed::Act(p) = &norm.deed else { return None };
        let action = self.program.conduct.action(p.action)?;
        let subject = norm.subject.among(values)?;
        let mut arguments = Vec::new();
        for (place, (m, parameter)) in p.arguments.iter().zip(&action.parameters).enumerate() {
            let other = || self.members.iter().copied().find(|a| *a != subject);
            arguments.push(match (m, &parameter.sort) {
                (_, _) if place == 0 => Value::Actor(subject),
                (Match::Is(w), _) => Value::Actor(w.among(values)?),
                (Match::Number(compare, Quantity::Fixed(n)), _) => {
                    let bound = n.as_constant()?.clone();
                    let one = BigRational::from_integer(1.into());
                    Value::Number(match compare {
                        Compare::Equal | Compare::AtMost | Compare::AtLeast => bound,
                        Compare::Greater | Compare::NotEqual => bound + one,
                        Compare::Less => bound - one,
                    })
                }
                (Match::Thing(t), _) => Value::Thing(t.clone()),
                (Match::Region(r), _) => Value::Region(r.atlas, r.cells.cells().to_vec()),
                (Match::Any | Match::Anyone, Sort::Party(_)) => Value::Actor(other()?),
                (Match::Any, Sort::Number { .. }) => Value::Number(parameter.default.as_ref()?.as_constant()?.clone()),
                (Match::Any, Sort::Thing) => Value::Thing("it".to_owned()),
                (Match::Any, Sort::Region(atlas)) => {
                    self.places.iter().find(|(a, _)| a == atlas).map(|(a, c)| Value::Region(*a, c.clone()))?
                }
                (Match::Number(..) | Match::Anyone | Match::Binds(_), _) => return None,
            });
        }
        let place = match &p.place {
            None => None,
            Some(Place::Region(r)) => Some((r.atlas, r.cells.cells().to_vec())),
            Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)) => return None,
        };
        Some(Occurrence { from: day, to: Some(day), what: Happening::Act { action: p.action, arguments, place } })
    }

    /// Somebody does something.
    fn act(&self, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        let id = *pick(&self.acts, sample)?;
        let action = self.program.conduct.action(id)?;
        let arguments = self.arguments(id, action, sample)?;
        let place =
            if self.placed.contains(&id) && sample.below(4) > 0 { pick(&self.places, sample).cloned() } else { None };
        let to = if sample.below(6) == 0 { None } else { Some(day) };
        Some(Occurrence { from: day, to, what: Happening::Act { action: id, arguments, place } })
    }

    /// Something happens.
    fn event(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        // what lasted and is over may begin again
        let lasted = |o: &&Occurrence| match &o.what {
            Happening::Act { action, .. } => {
                let again = self.program.conduct.action(*action).is_some_and(|a| a.event && a.lasting && !a.once);
                again && o.to.is_some_and(|to| to + 1 < day)
            }
            Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
        };
        let over: Vec<&Occurrence> = run.situation().occurrences.iter().filter(lasted).collect();
        if let Some(o) = pick(&over, sample).filter(|_| sample.below(2) == 0) {
            return Some(Occurrence { from: day, to: Some(day), what: o.what.clone() });
        }
        let id = *pick(&self.events, sample)?;
        let action = self.program.conduct.action(id)?;
        let is = |o: &Occurrence| matches!(&o.what, Happening::Act { action, .. } if *action == id);
        if action.once && run.situation().occurrences.iter().any(is) {
            return None;
        }
        let arguments = self.arguments(id, action, sample)?;
        let place = if self.placed.contains(&id) { pick(&self.places, sample).cloned() } else { None };
        let to = match sample.below(3) {
            0 if action.lasting => None,
            1 if action.lasting => Some(day + i64::try_from(sample.below(LONGEST)).unwrap_or(0)),
            _ => Some(day),
        };
        Some(Occurrence { from: day, to, what: Happening::Act { action: id, arguments, place } })
    }

    fn arguments(&self, id: ActionId, action: &Action, sample: &mut Sample) -> Option<Vec<Value>> {
        let mut out: Vec<Value> = Vec::new();
        for (at, parameter) in action.parameters.iter().enumerate() {
            out.push(match &parameter.sort {
                Sort::Party(kind) => {
                    let fits = |a: &&Actor| match a {
                        Actor::Party(p) => {
                            self.program.parties.get(p.0 as usize).is_some_and(|p| self.program.is_kind(p.kind, *kind))
                        }
                        Actor::Unnamed(..) | Actor::Outsider(_) => false,
                    };
                    let said = |a: &Actor| out.contains(&Value::Actor(*a));
                    let all: Vec<Actor> = self.members.iter().filter(fits).copied().collect();
                    let apart: Vec<Actor> = all.iter().copied().filter(|a| !said(a)).collect();
                    Value::Actor(*pick(if apart.is_empty() { &all } else { &apart }, sample)?)
                }
                Sort::Number { least, .. } => {
                    let known = self.amounts.get(&(id, at)).map_or(&[][..], Vec::as_slice);
                    let default = parameter.default.as_ref().and_then(|d| d.as_constant());
                    match (pick(known, sample), default) {
                        (Some(n), _) if default.is_none() || sample.below(3) > 0 => Value::Number(n.clone()),
                        (_, Some(n)) => Value::Number(n.clone()),
                        _ => Value::Number(least.clone().unwrap_or_else(BigRational::zero)),
                    }
                }
                Sort::Thing => {
                    let known = self.things.get(&(id, at)).map_or(&[][..], Vec::as_slice);
                    Value::Thing(pick(known, sample).cloned().unwrap_or_else(|| "it".to_owned()))
                }
                Sort::Region(atlas) => {
                    let there: Vec<&(AtlasId, Vec<u32>)> = self.places.iter().filter(|(a, _)| a == atlas).collect();
                    pick(&there, sample).map(|(a, cells)| Value::Region(*a, cells.clone()))?
                }
            });
        }
        Some(out)
    }

    /// A breach is found that was not found yet; now and then one that never was.
    fn finding(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        let mut open: BTreeSet<Happening> = BTreeSet::new();
        for b in run.breaches().iter().filter(|b| b.truth == Truth::Yes && b.day < day.max(1)) {
            open.extend(self.findings(b.norm, b.subject, b.injured));
        }
        let found = |h: &Happening| run.situation().occurrences.iter().any(|o| o.what == *h);
        let mut open: Vec<Happening> = open.into_iter().filter(|h| !found(h)).collect();
        if open.is_empty() && sample.below(8) == 0 {
            for rule in self.program.conduct.rules.iter().filter(|r| r.charter == Some(self.charter)) {
                let Trigger::Breach { norms, against, .. } = &rule.trigger else { continue };
                let by = pick(&self.members, sample).copied()?;
                let other = self.members.iter().copied().find(|a| *a != by);
                if rule.determined.is_some() && !norms.is_empty() {
                    let against = against.and(other);
                    open.push(Happening::Finding { rule: rule.id, by, against });
                }
            }
        }
        let what = pick(&open, sample)?.clone();
        Some(Occurrence { from: day, to: Some(day), what })
    }

    /// Every finding of a breach that some rule asks for.
    pub(super) fn findings(&self, norm: NormId, by: Option<Actor>, injured: Option<Actor>) -> Vec<Happening> {
        let Some(by) = by else { return Vec::new() };
        let rules = self.program.conduct.rules.iter().filter(|r| r.charter == Some(self.charter));
        rules
            .filter(|r| r.determined.is_some())
            .filter_map(|r| match &r.trigger {
                Trigger::Breach { norms, against, .. } if norms.contains(&norm) => {
                    Some(Happening::Finding { rule: r.id, by, against: against.and(injured) })
                }
                _ => None,
            })
            .collect()
    }

    /// A member gives notice: one in breach as often as any.
    fn notice(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        if !self.program.conduct.exits.iter().any(|e| e.charter == self.charter) {
            return None;
        }
        let broke: Vec<Actor> = run.breaches().iter().filter_map(|b| b.subject.filter(|_| b.truth.is_yes())).collect();
        let party = match pick(&broke, sample) {
            Some(party) if sample.below(2) == 0 => *party,
            _ => *pick(&self.members, sample)?,
        };
        let what = Happening::Withdrawal { party };
        let again = run.situation().occurrences.iter().any(|o| o.what == what);
        (!again).then_some(Occurrence { from: day, to: Some(day), what })
    }
}

pub(super) fn pick<'a, T>(from: &'a [T], sample: &mut Sample) -> Option<&'a T> {
    let at = sample.below(from.len() as u64);
    from.get(usize::try_from(at).unwrap_or(0))
}

/// The days that the windows of a norm take; months are long, and what is open takes its time.
fn reach(norm: &Norm) -> i64 {
    let w = &norm.window;
    let days = [&w.offset, &w.after, &w.within, &w.until].into_iter().flatten().map(|d| {
        let fixed = d.days.as_constant().map_or(120, |n| i64::try_from(n.to_integer()).unwrap_or(120));
        fixed.saturating_add(i64::from(d.months) * 31)
    });
    days.fold(2, i64::saturating_add).min(800)
}
