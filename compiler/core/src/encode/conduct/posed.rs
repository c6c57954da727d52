//! A question that is ready to be asked, and the situation that a model of it describes.
//!
//! In: a function that builds a question in a [`Scene`]. Out: [`Posed`]: the formula with as many slots as it needs, what
//! stands in the way of taking "no model" for a proof, and the way back from models to situations.

use super::slot::{Arg, End, Pick, Slot, What};
use super::universe::Universe;
use super::{Frame, Kind, Months, Scene, Term, start};
use crate::logic::{BigInt, BigRational, Formula, Linear, Model, Value as Number, Var};
use crate::model::Program;
use crate::model::conduct::{Actor, Happening, Occurrence, Situation, Value};
use crate::types::calendar::add_months;
use num_traits::{ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// How many slots of one kind a question may have.
pub const SLOTS: usize = 64;

/// How often a question is built until its slots suffice.
const ROUNDS: usize = 8;

/// A question with its slots.
#[derive(Debug)]
pub struct Posed<'p> {
    program: &'p Program,
    universe: &'p Universe,
    /// what is to be possible
    pub formula: Formula,
    /// what cannot be said: then no answer counts
    pub refused: BTreeSet<String>,
    /// why "no model" would be no proof, if it would not
    pub open: BTreeSet<String>,
    /// whether more slots were asked for than were allowed
    pub short: bool,
    /// how many slots of each kind there are, besides what was given
    pub sizes: BTreeMap<Kind, usize>,
    slots: Vec<(Kind, Slot)>,
    things: Vec<String>,
    spots: Vec<(crate::atlas::AtlasId, u32)>,
    dated: bool,
    months: Vec<Months>,
}

/// Builds a question until it has the slots it needs.
pub fn pose<'p>(frame: &'p Frame<'p>, universe: &'p Universe, build: impl FnMut(&mut Scene<'p>) -> Term) -> Posed<'p> {
    pose_within(frame, universe, Room { slots: SLOTS, acts: 1 }, build)
}

/// How many slots there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// of one kind at most
    pub slots: usize,
    /// of an act that changes a quantity at least: how many of these are needed nothing says
    pub acts: usize,
}

/// The same with so many slots.
pub fn pose_within<'p>(
    frame: &'p Frame<'p>,
    universe: &'p Universe,
    room: Room,
    build: impl FnMut(&mut Scene<'p>) -> Term,
) -> Posed<'p> {
    let mut sizes: BTreeMap<Kind, usize> = BTreeMap::new();
    if room.acts > 1 {
        sizes.extend(frame.changing.iter().map(|a| (Kind::Act(*a), room.acts)));
    }
    pose_with(frame, universe, Given { sizes, most: room.slots, apart: 0 }, build)
}

/// What a question has from the start.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// so many slots of each kind
    pub sizes: BTreeMap<Kind, usize>,
    /// and so many of one kind at most
    pub most: usize,
    /// what keeps its variables apart from those of other questions about the same slots
    pub apart: usize,
}

/// The same with some of it given.
pub fn pose_with<'p>(
    frame: &'p Frame<'p>,
    universe: &'p Universe,
    given: Given,
    mut build: impl FnMut(&mut Scene<'p>) -> Term,
) -> Posed<'p> {
    let Given { mut sizes, most: slots, apart } = given;
    let mut round = 0;
    loop {
        round += 1;
        let mut scene = Scene::new(frame, universe, &sizes);
        scene.fresh = apart;
        let term = build(&mut scene);
        let (mut enough, mut short) = (true, false);
        let mut open = scene.cut.clone();
        for (kind, wanted) in term.yes.count.iter().filter(|(k, _)| **k != Kind::Withdrawal) {
            let once = matches!(kind, Kind::Act(a) if scene.program.conduct.action(*a).is_some_and(|a| a.once));
            let most = if once { 1 } else { slots };
            if *wanted > slots && !once {
                open.insert(format!("more than {slots} occurrences of one kind"));
                short = true;
            }
            let have = sizes.entry(*kind).or_insert(1);
            if (*wanted).min(most) > *have {
                *have = (*wanted).min(most);
                enough = false;
            }
        }
        if !enough && round < ROUNDS && scene.refused.is_empty() {
            continue;
        }
        if !enough {
            open.insert("what occurs asks for more that occurs".to_owned());
        }
        open.extend(term.yes.more.iter().cloned());
        let formula = Formula::and(std::iter::once(term.formula).chain(scene.background.iter().cloned()));
        let own = |k: &Kind| scene.given.iter().filter(|(other, _)| other == k).count();
        let made: Vec<(Kind, Slot)> =
            scene.made.iter().flat_map(|(k, list)| list.iter().skip(own(k)).map(move |s| (*k, s.clone()))).collect();
        return Posed {
            program: frame.program,
            universe,
            formula,
            refused: scene.refused,
            open,
            short,
            slots: made,
            sizes,
            things: frame.things.clone(),
            spots: frame.spots.iter().filter_map(|s| Some((s.atlas, *s.cells.cells().first()?))).collect(),
            dated: scene.dated,
            months: scene.lengths,
        };
    }
}

impl Posed<'_> {
    /// Both questions at once, about the same slots.
    pub fn join(&mut self, other: Self) {
        self.formula = Formula::and([self.formula.clone(), other.formula]);
        self.refused.extend(other.refused);
        self.open.extend(other.open);
        self.short |= other.short;
        self.dated |= other.dated;
        self.months.extend(other.months);
        let known: BTreeSet<Kind> = self.slots.iter().map(|(k, _)| *k).collect();
        self.slots.extend(other.slots.into_iter().filter(|(k, _)| !known.contains(k)));
        self.slots.sort_by_key(|(k, _)| *k);
    }

    /// The situation that a model describes.
    #[must_use]
    pub fn situation(&self, model: &Model) -> Situation {
        let mut occurrences: Vec<Occurrence> = self
            .slots
            .iter()
            .filter(|(_, s)| holds(&s.present, model))
            .filter_map(|(_, s)| self.read(s, model))
            .flat_map(|o| self.of_each(o))
            .collect();
        // the same twice is two (semantics §9)
        occurrences.sort();
        let mut members: Vec<Actor> = Vec::new();
        let mut others: Vec<Actor> = Vec::new();
        for (_, figure) in self.universe.figures() {
            let all = figure.parties.iter().map(|p| Actor::Party(*p));
            match figure.actor {
                Actor::Party(_) if figure.member => members.extend(all),
                actor if figure.member => members.push(actor),
                actor => others.push(actor),
            }
        }
        for list in [&mut members, &mut others] {
            list.sort();
            list.dedup();
        }
        Situation { values: self.values(model), members, others, start: self.start(model), occurrences }
    }

    /// The values of terms and attributes. Those who take part in nothing have what the first of them has.
    fn values(&self, model: &Model) -> Model {
        let mut values = Model::new();
        for (x, value) in model.iter().filter(|(x, _)| !x.name().starts_with('\u{0}')) {
            values.set(x.clone(), value.clone());
        }
        for (_, figure) in self.universe.figures().filter(|(_, f)| f.parties.len() > 1) {
            let Some(first) = figure.parties.first() else { continue };
            for u in self.program.unknowns.iter().filter(|u| figure.parties.contains(&u.party)) {
                let own = format!("({})", self.program.party_name(u.party));
                let Some(attribute) = u.var.name().strip_suffix(&own) else { continue };
                let like = format!("{attribute}({})", self.program.party_name(*first));
                if values.get(&u.var).is_none()
                    && let Some(value) = model.get(&Var::new(like, u.var.sort()))
                {
                    values.set(u.var.clone(), value.clone());
                }
            }
        }
        values
    }

    /// The date of day 0, where dates or calendar months are read: the first from 1970 on whose months are as long as the
    /// model has them.
    fn start(&self, model: &Model) -> Option<i64> {
        if self.dated {
            return Some(whole(&Linear::var(&start()), model).unwrap_or(0));
        }
        if self.months.is_empty() {
            return None;
        }
        (0..CYCLE).find(|start| self.fits(*start, model))
    }

    fn fits(&self, start: i64, model: &Model) -> bool {
        self.months.iter().all(|m| match (whole(&m.opening, model), whole(&m.length, model)) {
            (Some(opening), Some(length)) => month_length(start + opening, m.count, m.back) == Some(length),
            _ => false,
        })
    }

    /// Whether the calendar months of a model are as long as on some date.
    #[must_use]
    pub fn has_dates(&self, model: &Model) -> bool {
        self.months.is_empty() || self.start(model).is_some_and(|start| self.fits(start, model))
    }

    /// Conditions that make calendar months as long as on some dates, for openings as a model has them: a few to try.
    pub fn dates(&self, model: &Model) -> impl Iterator<Item = Formula> {
        let openings: Vec<Option<i64>> = self.months.iter().map(|m| whole(&m.opening, model)).collect();
        // the first and the last days of months, in a common year before a leap year
        let tried = (365..365 * 4 + 1).step_by(13);
        tried.filter_map(move |day_0| {
            let mut all = Vec::new();
            if self.dated {
                all.push(Formula::eq(&Linear::var(&start()), &Linear::int(day_0)));
            }
            for (m, opening) in self.months.iter().zip(&openings) {
                let opening = (*opening)?;
                let length = month_length(day_0 + opening, m.count, m.back)?;
                all.push(Formula::eq(&m.opening, &Linear::int(opening)));
                all.push(Formula::eq(&m.length, &Linear::int(length)));
            }
            Some(Formula::and(all))
        })
    }

    /// The variables of dates and months, in order.
    #[must_use]
    pub fn calendar(&self) -> Vec<Var> {
        let start = self.dated.then(start);
        start.into_iter().chain(self.months.iter().flat_map(|m| m.length.vars().cloned().collect::<Vec<_>>())).collect()
    }

    /// What may occur, by kind, besides what was given.
    #[must_use]
    pub fn slots(&self) -> &[(Kind, Slot)] {
        &self.slots
    }

    /// Who takes part.
    #[must_use]
    pub fn universe(&self) -> &Universe {
        self.universe
    }

    fn read(&self, slot: &Slot, model: &Model) -> Option<Occurrence> {
        let from = whole(slot.from(), model)?;
        let figure = |pick: &Pick| -> Option<Actor> {
            let place = whole(&pick.0, model)?;
            Some(self.universe.figure(usize::try_from(place).ok()?)?.actor)
        };
        Some(match &slot.what {
            What::Act(act) => {
                let to = match &act.end {
                    End::Same => Some(from),
                    End::At { open, .. } if holds(open, model) => None,
                    End::At { last, .. } => whole(last, model),
                };
                let arguments =
                    act.arguments.iter().map(|a| self.argument(a, model)).collect::<Option<Vec<Value>>>()?;
                let place = self.spot(&act.place, model).map(|(atlas, cell)| (atlas, vec![cell]));
                Occurrence { from, to, what: Happening::Act { action: act.action, arguments, place } }
            }
            What::Finding { rule, by, against, .. } => {
                let against = whole(&against.0, model)
                    .and_then(|p| usize::try_from(p).ok())
                    .and_then(|p| p.checked_sub(1))
                    .and_then(|p| self.universe.figure(p))
                    .map(|f| f.actor);
                let what = Happening::Finding { rule: *rule, by: figure(by)?, against };
                Occurrence { from, to: Some(from), what }
            }
            What::Withdrawal { party, .. } => {
                Occurrence { from, to: Some(from), what: Happening::Withdrawal { party: figure(party)? } }
            }
        })
    }

    /// What all do for whom a figure stands, each by itself: an occurrence for each of them.
    fn of_each(&self, o: Occurrence) -> Vec<Occurrence> {
        let mut all = vec![o];
        for (_, figure) in self.universe.figures().filter(|(_, f)| f.active && f.parties.len() > 1) {
            let each = |o: Occurrence| {
                let mut own: Vec<Occurrence> = Vec::new();
                for party in &figure.parties {
                    let mut one = o.clone();
                    one.recast(|a| if a == figure.actor { Actor::Party(*party) } else { a });
                    own.push(one);
                }
                // whoever takes no part in it does not make it happen again
                own.dedup();
                own
            };
            all = all.into_iter().flat_map(each).collect();
        }
        all
    }

    fn argument(&self, arg: &Arg, model: &Model) -> Option<Value> {
        Some(match arg {
            Arg::Figure(pick) => {
                let place = usize::try_from(whole(&pick.0, model)?).ok()?;
                Value::Actor(self.universe.figure(place)?.actor)
            }
            Arg::Number(n) => Value::Number(number(n, model)),
            Arg::Thing(pick) => {
                let place = usize::try_from(whole(&pick.0, model)?).ok()?;
                self.things.get(place).map_or(Value::Unsaid, |t| Value::Thing(t.clone()))
            }
            Arg::Ground(pick) => match self.spot(pick, model) {
                Some((atlas, cell)) => Value::Region(atlas, vec![cell]),
                None => Value::Unsaid,
            },
        })
    }

    fn spot(&self, pick: &Pick, model: &Model) -> Option<(crate::atlas::AtlasId, u32)> {
        let place = usize::try_from(whole(&pick.0, model)?).ok()?.checked_sub(1)?;
        self.spots.get(place).copied()
    }
}

/// The value of a formula; what the model leaves out is false or 0.
pub(crate) fn holds(formula: &Formula, model: &Model) -> bool {
    formula.eval(&filled(formula.vars(), model)) == Some(true)
}

/// The value of a number; what the model leaves out is 0.
pub(crate) fn number(linear: &Linear, model: &Model) -> BigRational {
    linear.eval(&filled(linear.vars().cloned().collect(), model)).unwrap_or_else(BigRational::zero)
}

fn whole(linear: &Linear, model: &Model) -> Option<i64> {
    let n = number(linear, model);
    if n.is_integer() { n.to_integer().to_i64() } else { None }
}

fn filled(vars: BTreeSet<Var>, model: &Model) -> Model {
    let mut out = Model::new();
    for x in vars {
        let zero = match x.sort() {
            crate::logic::Sort::Bool => Number::Bool(false),
            crate::logic::Sort::Int | crate::logic::Sort::Real => Number::Number(BigRational::from(BigInt::zero())),
        };
        let value = model.get(&x).cloned().unwrap_or(zero);
        out.set(x, value);
    }
    out
}

/// Days of the calendar's cycle of 400 years.
const CYCLE: i64 = 146_097;

/// How long so many calendar months are that are counted from a day.
pub(super) fn month_length(day: i64, months: u32, back: bool) -> Option<i64> {
    let sign = if back { -1 } else { 1 };
    add_months(day, sign * i64::from(months)).map(|other| (other - day).abs())
}
