//! Dilemmas by going through everything: every small history of the world, every lawful past of one party in it, every
//! course that it can take from then on (semantics §19).
//!
//! In: a charter whose acts have no arguments but who acts, and whose events name one party or none, and one party. Out: a [`Dilemma`]: a world, what the
//! party did before, and a moment at which it has broken nothing, owes nothing from before, and has no lawful course. Only the
//! evaluator is asked. What a breach is on a day follows from what happened up to that day; so a course that is broken on a
//! day need not be looked at further, and the search is complete.

use comity_core::evaluate::situation::{Run, Status, Text, Truth};
use comity_core::logic::Model;
use comity_core::model::conduct::{ActionId, Actor, Happening, Occurrence, Situation, Value};
use comity_core::model::{CharterId, PartyId, Program};
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

/// How many days behind the last occurrence everything is over that it sets off.
const REACH: i64 = 8;

/// One party of a charter.
#[derive(Debug)]
pub struct Ground<'p> {
    program: &'p Program,
    text: Arc<Text<'p>>,
    members: Vec<Actor>,
    party: Actor,
    /// what it can do
    acts: Vec<ActionId>,
    /// how many situations were worked out
    runs: Cell<u64>,
}

/// A clean moment without a lawful course.
#[derive(Debug, Clone)]
pub struct Dilemma {
    /// what others do and what happens
    pub world: Vec<Occurrence>,
    /// what the party did before
    pub before: Vec<Occurrence>,
    /// from when on it has no lawful course
    pub moment: i64,
    said: String,
}

impl fmt::Display for Dilemma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// What came of looking for a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Course {
    /// these acts, one's own
    Lawful(Vec<Occurrence>),
    /// there is none
    None,
    /// it was not looked to the end
    Open,
}

/// What a party has broken and owes, if it does nothing more.
struct Seen {
    /// the day of its first breach
    broken: Option<i64>,
    /// its duties with a deadline
    duties: Vec<Owed>,
}

struct Owed {
    arises: i64,
    deadline: i64,
    /// by which day it was met
    met: Option<i64>,
    /// the days on which it is said to be off: lapsed, lifted, set aside
    off: Vec<i64>,
}

impl Owed {
    /// Whether it arose before a moment and is open then, or is about to be broken; `strictly`: even if an exception holds for now.
    fn is_open(&self, moment: i64, strictly: bool) -> bool {
        let met = self.met.is_some_and(|d| d < moment);
        let off = !strictly && self.off.iter().any(|d| *d == moment || d + 1 == moment);
        self.arises < moment && self.deadline + 1 >= moment && !met && !off
    }
}

impl Seen {
    fn is_clean(&self, moment: i64, strictly: bool) -> bool {
        self.broken.is_none_or(|b| b >= moment) && !self.duties.iter().any(|o| o.is_open(moment, strictly))
    }
}

impl<'p> Ground<'p> {
    /// The party with this name.
    #[must_use]
    pub fn new(program: &'p Program, name: &str) -> Option<Self> {
        let at = program.parties.iter().position(|p| p.name == name)?;
        let members = program.charters.first()?.members.iter().copied().map(Actor::Party).collect();
        let acts =
            program.conduct.actions.iter().zip(0..).filter(|(a, _)| !a.event).map(|(_, i)| ActionId(i)).collect();
        Some(Self {
            program,
            text: Arc::new(Text::new(program, CharterId(0))),
            members,
            party: Actor::Party(PartyId(u32::try_from(at).ok()?)),
            acts,
            runs: Cell::new(0),
        })
    }

    /// How many situations were worked out.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.get()
    }

    /// One act of one's own, or an event or another's act: `a(Ada)`, `alarm()`.
    #[must_use]
    pub fn occurrence(&self, said: &str, day: i64) -> Option<Occurrence> {
        let (name, rest) = said.split_once('(')?;
        let action = self.program.conduct.actions.iter().position(|a| a.name == name)?;
        let who = rest.strip_suffix(')').filter(|w| !w.is_empty());
        let arguments = match who {
            None => Vec::new(),
            Some(who) => {
                let party = self.program.parties.iter().position(|p| p.name == who)?;
                vec![Value::Actor(Actor::Party(PartyId(u32::try_from(party).ok()?)))]
            }
        };
        let what = Happening::Act { action: ActionId(u32::try_from(action).ok()?), arguments, place: None };
        Some(Occurrence { from: day, to: Some(day), what })
    }

    fn own(&self, action: ActionId, day: i64) -> Occurrence {
        let what = Happening::Act { action, arguments: vec![Value::Actor(self.party)], place: None };
        Occurrence { from: day, to: Some(day), what }
    }

    /// Whether it is the party's own act.
    #[must_use]
    pub fn is_own(&self, o: &Occurrence) -> bool {
        let Happening::Act { action, arguments, .. } = &o.what else { return false };
        self.acts.contains(action) && arguments.first() == Some(&Value::Actor(self.party))
    }

    fn situation(&self, parts: [&[Occurrence]; 2]) -> Situation {
        let mut occurrences = parts.concat();
        occurrences.sort();
        Situation { values: Model::new(), members: self.members.clone(), others: Vec::new(), start: None, occurrences }
    }

    fn seen(&self, world: &[Occurrence], own: &[Occurrence], horizon: i64) -> Seen {
        self.runs.set(self.runs.get() + 1);
        let situation = self.situation([world, own]);
        let run = Run::of(&self.text, &situation, horizon);
        let mut duties = Vec::new();
        for (at, i) in run.instances().iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| n.is_point_duty()) else { continue };
            let (Some(deadline), true) = (i.deadline, norm.subject.among(&i.values) == Some(self.party)) else {
                continue;
            };
            if i.truth == Truth::No {
                continue;
            }
            let end = deadline.min(horizon);
            let met = match run.status(at, end) {
                Some(Status::Met { by }) => Some(by.and_then(|b| situation.occurrences.get(b)).map_or(end, |o| o.from)),
                _ => None,
            };
            let is_off =
                |d: &i64| matches!(run.status(at, *d), Some(Status::Lapsed | Status::Lifted | Status::SetAside));
            let off = (i.arises..=end).filter(is_off).collect();
            duties.push(Owed { arises: i.arises, deadline, met, off });
        }
        Seen { broken: self.broken(&run, horizon), duties }
    }

    fn broken(&self, run: &Run<'_>, horizon: i64) -> Option<i64> {
        run.breaches_by(self.party, horizon).map(|b| b.day).min()
    }

    /// The day of the party's first breach up to a day.
    fn breaks(&self, world: &[Occurrence], own: &[Occurrence], until: i64) -> Option<i64> {
        self.runs.set(self.runs.get() + 1);
        let situation = self.situation([world, own]);
        self.broken(&Run::of(&self.text, &situation, until), until)
    }

    /// A course from a moment on that breaks nothing up to a day.
    fn course(&self, world: &[Occurrence], before: &[Occurrence], moment: i64, until: i64, tries: &mut u64) -> Course {
        let Some(broken) = self.breaks(world, before, until) else { return Course::Lawful(before.to_vec()) };
        // the next act is done on a day up to the breach: later ones do not undo it
        let mut open = false;
        for day in moment..=broken {
            for chosen in 1..(1u32 << self.acts.len()) {
                if *tries == 0 {
                    return Course::Open;
                }
                *tries -= 1;
                let mut own = before.to_vec();
                let some = self.acts.iter().enumerate().filter(|(i, _)| chosen & (1 << i) != 0);
                own.extend(some.map(|(_, a)| self.own(*a, day)));
                match self.course(world, &own, day + 1, until, tries) {
                    Course::None => {}
                    Course::Open => open = true,
                    found @ Course::Lawful(_) => return found,
                }
            }
        }
        if open { Course::Open } else { Course::None }
    }

    /// What is left to the party in exactly this situation, if it does from some clean moment on what it likes: no lawful course
    /// where one such moment leaves none. Nothing where there is no clean moment at which it will owe something.
    #[must_use]
    pub fn left(&self, occurrences: &[Occurrence]) -> Option<Course> {
        let (own, world): (Vec<Occurrence>, Vec<Occurrence>) =
            occurrences.iter().cloned().partition(|o| self.is_own(o));
        let last = occurrences.iter().map(|o| o.from).max().unwrap_or(0);
        let mut out = None;
        for moment in 0..=last + REACH {
            let before: Vec<Occurrence> = own.iter().filter(|o| o.from < moment).cloned().collect();
            let seen = self.seen(&world, &before, last + REACH);
            let deadline = seen.duties.iter().map(|o| o.deadline).max();
            let Some(deadline) = deadline.filter(|_| seen.is_clean(moment, false)) else { continue };
            let course = self.course(&world, &before, moment, deadline + 1, &mut TRIES.clone());
            if course == Course::None {
                return Some(course);
            }
            out.get_or_insert(course);
        }
        out
    }

    /// A dilemma in a world of so many occurrences at most, up to a day, after so many acts of one's own.
    #[must_use]
    pub fn dilemma(&self, bounds: &Bounds) -> Found {
        let mut open = false;
        for world in self.worlds(bounds) {
            let last = world.iter().map(|o| o.from).max().unwrap_or(0);
            for before in self.pasts(bounds, last) {
                if self.runs.get() > bounds.runs {
                    return Found::Partly;
                }
                let day = before.iter().map(|o| o.from).max().map_or(0, |d| d + 1);
                let horizon = last.max(day) + REACH;
                let seen = self.seen(&world, &before, horizon);
                let (Some(broken), Some(deadline)) = (seen.broken, seen.duties.iter().map(|o| o.deadline).max()) else {
                    continue;
                };
                // a course from a later moment is one from an earlier moment too
                let Some(moment) = (day..=broken).rev().find(|m| seen.is_clean(*m, true)) else { continue };
                let mut tries = TRIES;
                match self.course(&world, &before, moment, deadline + 1, &mut tries) {
                    Course::Lawful(_) => {}
                    Course::Open => open = true,
                    Course::None => {
                        let said = self.said(&world, &before, moment);
                        return Found::Dilemma(Dilemma { world, before, moment, said });
                    }
                }
            }
        }
        if open { Found::Partly } else { Found::Nothing }
    }

    /// Sets of occurrences of events, and of others' acts, the smallest first.
    fn worlds(&self, bounds: &Bounds) -> Vec<Vec<Occurrence>> {
        let mut letters: Vec<Occurrence> = Vec::new();
        for (action, id) in self.program.conduct.actions.iter().zip(0..).filter(|(a, _)| bounds.world.contains(&a.name))
        {
            let others: Vec<Vec<Value>> = if action.parameters.is_empty() {
                vec![Vec::new()]
            } else {
                let by = |m: &&Actor| action.event || **m != self.party;
                self.members.iter().filter(by).map(|m| vec![Value::Actor(*m)]).collect()
            };
            for arguments in others {
                for day in 0..=bounds.days {
                    let what = Happening::Act { action: ActionId(id), arguments: arguments.clone(), place: None };
                    letters.push(Occurrence { from: day, to: Some(day), what });
                }
            }
        }
        let once = |all: &Vec<Occurrence>| {
            all.iter().enumerate().all(|(i, o)| {
                let Happening::Act { action, .. } = &o.what else { return false };
                let again = |p: &Occurrence| matches!(&p.what, Happening::Act { action: b, .. } if b == action);
                self.program.conduct.action(*action).is_none_or(|a| !a.once) || !all.iter().skip(i + 1).any(again)
            })
        };
        subsets(&letters, bounds.occurrences).into_iter().filter(once).collect()
    }

    /// Sets of one's own acts, the smallest first.
    fn pasts(&self, bounds: &Bounds, last: i64) -> Vec<Vec<Occurrence>> {
        let named = |a: &&ActionId| self.program.conduct.action(**a).is_some_and(|x| bounds.own.contains(&x.name));
        let days = 0..=(last + 1).min(bounds.days + 1);
        let acts: Vec<Occurrence> =
            self.acts.iter().filter(named).flat_map(|a| days.clone().map(|d| self.own(*a, d))).collect();
        subsets(&acts, bounds.before)
    }

    fn said(&self, world: &[Occurrence], before: &[Occurrence], moment: i64) -> String {
        let list = |all: &[Occurrence]| {
            let one = |o: &Occurrence| match &o.what {
                Happening::Act { action, arguments, .. } => {
                    let name = self.program.conduct.action(*action).map_or("", |a| a.name.as_str());
                    let by = match arguments.first() {
                        Some(Value::Actor(Actor::Party(p))) => self.program.parties.get(p.0 as usize),
                        _ => None,
                    };
                    format!("day {} {name}({})", o.from, by.map_or("", |p| p.name.as_str()))
                }
                _ => format!("{o:?}"),
            };
            all.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        format!("world [{}], own past [{}], clean on day {moment}", list(world), list(before))
    }
}

/// How many courses are tried from one moment.
const TRIES: u64 = 20_000;

/// How far everything is gone through.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// the last day on which something of the world happens
    pub days: i64,
    /// how many occurrences it has at most
    pub occurrences: usize,
    /// which: events, and what others do
    pub world: Vec<String>,
    /// how many own acts came before
    pub before: usize,
    /// which
    pub own: Vec<String>,
    /// how many situations are worked out at most
    pub runs: u64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Found {
    /// within the bounds there is none
    Nothing,
    /// none was found, and not all was gone through
    Partly,
    /// this one
    Dilemma(Dilemma),
}

/// All sets of at most so many, the smallest first.
fn subsets(of: &[Occurrence], most: usize) -> Vec<Vec<Occurrence>> {
    let mut out: Vec<(usize, Vec<Occurrence>)> = vec![(0, Vec::new())];
    let mut from = 0;
    for _ in 0..most {
        let end = out.len();
        for at in from..end {
            let Some((next, set)) = out.get(at).cloned() else { continue };
            for (i, o) in of.iter().enumerate().skip(next) {
                let mut more = set.clone();
                more.push(o.clone());
                out.push((i + 1, more));
            }
        }
        from = end;
    }
    out.into_iter().map(|(_, set)| set).collect()
}
