//! Situations as formulas: what occurs, what is due, what is a breach.
//!
//! In: the norms of a charter ([`Frame`]), the figures of a question ([`Universe`]), and a question put together from the
//! functions of [`Scene`]. Out: one formula over finitely many [`Slot`]s ([`Posed`]), from whose models
//! [`Posed::situation`] reads a situation for the evaluator. Nothing here asks a solver or shares code with
//! [`crate::evaluate`].
//!
//! **How things are encoded.** A slot is an occurrence that may or may not be there (a truth value), with a choice for each
//! argument, a number for each amount, and its days. A condition on a day (semantics §10) becomes a formula over the slots and
//! the day; "it occurred" is a disjunction over the slots of its action. An instance of a norm (§11) is its template with a
//! figure for each variable; it arises (§12) at a fixed day, at a slot, at a breach, or on a first day of a run. "There is a
//! day" is a new variable where the question wants it true, and is projected exactly elsewhere; breaches look strictly
//! backwards, so the recursion ends at the days of slots.
//!
//! **Slots suffice.** Bring a question into negation normal form. Take any situation that answers it and keep, for each
//! positive "it occurred" (under its and's and or's: one for each conjunct, the neediest of alternatives), one occurrence that
//! makes it true. What is positive stays true; what is negative has less to meet. Hence one slot for each positive occurrence
//! suffices: nothing is bounded. [`Needs`] counts them while the formula is built, and the formula is built again until it has
//! as many slots as it needs. Where a positive occurrence stands below "on every day" or below "for every party" that nothing
//! bounds, no count suffices; [`Needs::more`] says so, and then only a model is an answer: that there is none is not.
//!
//! **Days.** Acts that go on are those that [`Frame`] lists as lasting; all others are of one day. Calendar months are lengths
//! between the shortest and the longest there are, one for each day on which they begin (§2).

mod breach;
mod condition;
mod count;
mod course;
mod due;
mod flow;
mod forbid;
mod frame;
mod given;
mod group;
mod instance;
mod kept;
mod loose;
mod past;
mod pattern;
mod posed;
mod quantity;
mod slot;
mod standing;
mod term;
mod universe;
pub(crate) mod visit;

pub use course::{Amount, Choice, Day, Extra, ExtraArgument, Often, Owed, Planned, Treated};
pub use forbid::Forbids;
pub use frame::is_duty as owed;
pub(crate) use frame::is_point;
pub use frame::{Frame, Spot};
pub use given::given;
pub use instance::{Arising, At, Env, Instance};
pub use kept::{Keeps, Spared};
pub use loose::{Read, whatever};
pub use past::Past;
pub(crate) use posed::number;
pub use posed::{Given, Posed, Room, SLOTS, pose, pose_with, pose_within};
pub use quantity::CHANGED;
pub use slot::{Act, Arg, End, Pick, Point, Slot, What};
pub use term::{Kind, Needs, Term};
pub use universe::{Figure, Universe};

use crate::logic::eliminate::{self, Refusal};
use crate::logic::{BigRational, Formula, Linear, Model, Sort, Var};
use crate::model::Program;
use crate::model::conduct::{Days, NormId};
use num_traits::{ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// How large a formula may become while days are projected.
const PROJECTION: u64 = 200_000;

/// How large all formulas of one question may be together from which days are projected: five times what any case or example
/// takes, and some seconds.
const PROJECTED: u64 = 100_000;

/// How large what can occur may be in all, written out: breaches that are answered by breaches multiply with each that occurs. The
/// largest question of any case or example takes a sixth of it.
const WRITTEN: u64 = 500_000;

const TOO_MANY: &str = "what can occur grew too large to be written out";

/// Why nothing is said where those who take part in nothing would have to.
pub(crate) const EACH: &str = "each of many parties has to do something";

/// Why nothing is said of days whose conditions become larger.
pub(crate) const TOO_LARGE: &str = "a condition on every day grew too large to be projected";

/// The shortest and longest so many calendar months can be.
pub(crate) fn months(count: u32) -> (i64, i64) {
    // any run of months within the Gregorian cycle: by twelves from the table of the first twelve
    const SHORTEST: [i64; 12] = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334];
    const LONGEST: [i64; 12] = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337];
    let (years, rest) = (i64::from(count / 12), (count % 12) as usize);
    let at = |table: &[i64; 12]| table.get(rest).copied().unwrap_or(0);
    (
        365 * years + (years / 4 - 1 - years / 100).max(0) + at(&SHORTEST),
        365 * years + years / 4 + i64::from(years % 4 != 0) + at(&LONGEST),
    )
}

/// A length of calendar months that a question speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Months {
    /// how many
    pub(crate) count: u32,
    /// from which day they are counted
    pub(crate) opening: Linear,
    /// backwards
    pub(crate) back: bool,
    /// how many days they are
    pub(crate) length: Linear,
}

/// A question in the making.
#[derive(Debug)]
pub struct Scene<'p> {
    /// what all questions share
    pub frame: &'p Frame<'p>,
    /// the program
    pub program: &'p Program,
    /// who takes part
    pub universe: &'p Universe,
    sizes: BTreeMap<Kind, usize>,
    given: Vec<(Kind, Slot)>,
    made: BTreeMap<Kind, Vec<Slot>>,
    background: Vec<Formula>,
    fresh: usize,
    closed: usize,
    bound: Vec<Var>,
    lengths: Vec<Months>,
    dated: bool,
    leaving: bool,
    unfolding: Vec<NormId>,
    asking: usize,
    only_given: bool,
    standing: bool,
    unexcused: bool,
    of_the_day: bool,
    at_once: bool,
    loose: BTreeSet<Read>,
    begins: Option<i64>,
    values: Option<Model>,
    cut: BTreeSet<String>,
    refused: BTreeSet<String>,
    /// how much was written out of what occurs
    written: u64,
    /// how much was gone through to project days
    projected: u64,
}

/// The variable of the date of day 0, in days from 1970-01-01.
pub(crate) fn start() -> Var {
    Var::int("\u{0}start")
}

impl<'p> Scene<'p> {
    fn new(frame: &'p Frame<'p>, universe: &'p Universe, sizes: &BTreeMap<Kind, usize>) -> Self {
        Self {
            frame,
            program: frame.program,
            universe,
            sizes: sizes.clone(),
            given: Vec::new(),
            made: BTreeMap::new(),
            background: Vec::new(),
            fresh: 0,
            closed: 0,
            bound: Vec::new(),
            lengths: Vec::new(),
            dated: false,
            leaving: false,
            unfolding: Vec::new(),
            asking: 0,
            only_given: false,
            standing: false,
            unexcused: false,
            of_the_day: false,
            at_once: false,
            loose: BTreeSet::new(),
            begins: None,
            values: None,
            cut: universe.reduced.clone(),
            refused: BTreeSet::new(),
            written: 0,
            projected: 0,
        }
    }

    /// Adds an occurrence that is there for certain, before the slots of its kind are first asked for.
    pub fn give(&mut self, kind: Kind, slot: Slot) {
        debug_assert!(!self.made.contains_key(&kind), "slots were given out before all were given");
        self.given.push((kind, slot));
    }

    /// Adds what holds besides the question.
    pub fn assume(&mut self, formula: Formula) {
        self.background.push(formula);
    }

    /// From now on parties may have left.
    pub fn with_withdrawals(&mut self) {
        self.leaving = true;
    }

    /// From now on quantities that acts change are what they are on each day, whatever happened, and standing duties are kept
    /// on the last day alone. So more is possible than can be: that something is not even then proves it.
    pub fn take_days_as_they_come(&mut self) {
        self.of_the_day = true;
    }

    /// From now on an act breaks a prohibition on the day it begins or not at all. So less is possible than can be: a situation
    /// that is found even then is one.
    pub fn take_breaches_at_once(&mut self) {
        self.at_once = true;
    }

    /// What cannot be said of this question.
    pub fn refuse(&mut self, why: impl Into<String>) -> Term {
        self.refused.insert(why.into());
        Term::falsity()
    }

    /// A variable of this question alone.
    pub fn variable(&mut self, words: &str, sort: Sort) -> Var {
        self.fresh += 1;
        Var::new(format!("\u{0}{words} {}", self.fresh), sort)
    }

    /// Some slot of a kind for which this holds.
    pub fn some_slot(&mut self, kind: Kind, mut holds: impl FnMut(&mut Self, &Slot) -> Term) -> Term {
        // what is refused already needs no work
        if !self.refused.is_empty() {
            return Term::falsity();
        }
        let mut cases = Vec::new();
        for slot in self.slots(kind) {
            let inner = holds(self, &slot);
            self.written = self.written.saturating_add(inner.formula.size());
            if self.written > WRITTEN {
                return self.refuse(TOO_MANY);
            }
            cases.push(inner.given(slot.present.clone()));
        }
        let mut out = Term::or(cases);
        if out.is_false() && !self.only_given {
            // the slots that there are may be taken: would another one do?
            let another = self.aside(|scene| {
                let slot = scene.spare(kind);
                holds(scene, &slot)
            });
            if another.is_false() {
                return out;
            }
            out.yes = another.yes;
        }
        out.yes = out.yes.plus(&Needs::one(kind));
        out
    }

    /// Builds something without keeping what it adds.
    fn aside<R>(&mut self, build: impl FnOnce(&mut Self) -> R) -> R {
        let (background, lengths, fresh, dated) = (self.background.len(), self.lengths.len(), self.fresh, self.dated);
        let out = build(self);
        self.background.truncate(background);
        self.lengths.truncate(lengths);
        self.fresh = fresh;
        self.dated = dated;
        out
    }

    /// Some day for which this holds: a new variable where the question wants it so, projected exactly elsewhere.
    pub fn some_day(&mut self, words: &str, holds: impl FnOnce(&mut Self, &Linear) -> Term) -> Term {
        let day = self.variable(words, Sort::Int);
        let at = Linear::var(&day);
        if self.closed == 0 {
            return holds(self, &at);
        }
        self.bound.push(day.clone());
        let inner = holds(self, &at);
        self.bound.pop();
        self.project(&[day], inner)
    }

    /// Without these variables: some values of them.
    pub(crate) fn project(&mut self, vars: &[Var], inner: Term) -> Term {
        let vars: Vec<Var> = vars.iter().filter(|x| inner.mentions(x)).cloned().collect();
        if vars.is_empty() {
            return inner;
        }
        // what is refused already needs no work
        if !self.refused.is_empty() {
            return Term::falsity();
        }
        self.projected = self.projected.saturating_add(inner.formula.size());
        if self.projected > PROJECTED {
            return self.refuse(TOO_LARGE);
        }
        match eliminate::exists_within(&inner.formula, &vars, PROJECTION) {
            Ok(formula) => {
                self.projected = self.projected.saturating_add(formula.size());
                let no = if inner.no.is_empty() { inner.no } else { inner.no.or(&Needs::unknown(DAYS)) };
                Term { formula, yes: inner.yes, no }
            }
            Err(Refusal::TooLarge) => self.refuse(TOO_LARGE),
            Err(Refusal::Mixed(_)) => self.refuse("a number of days is compared with one that need not be whole"),
        }
    }

    /// What is built inside may be negated or stand below "every": nothing in it is chosen freely.
    pub fn closed<R>(&mut self, build: impl FnOnce(&mut Self) -> R) -> R {
        self.closed += 1;
        let out = build(self);
        self.closed -= 1;
        out
    }

    /// What is built inside takes nobody to have left.
    pub fn with_everybody<R>(&mut self, build: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.leaving, false);
        let out = build(self);
        self.leaving = before;
        out
    }

    /// That this does not hold.
    pub fn none(&mut self, build: impl FnOnce(&mut Self) -> Term) -> Term {
        self.closed(build).not()
    }

    /// Keeps a variable from being named by definitions while it is to be projected.
    pub(crate) fn binding<R>(&mut self, vars: &[Var], build: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.bound.len();
        self.bound.extend(vars.iter().cloned());
        let out = self.closed(build);
        self.bound.truncate(before);
        out
    }

    /// Whether a formula speaks of a variable that is to be projected.
    fn is_bound(&self, formula: &Formula) -> bool {
        self.bound.iter().any(|x| formula.mentions(x))
    }

    /// The calendar day of a day.
    pub(crate) fn date(&mut self, day: &Linear) -> Linear {
        match self.begins {
            Some(day_0) => &Linear::int(day_0) + day,
            None => {
                self.dated = true;
                &Linear::var(&start()) + day
            }
        }
    }

    /// The day that lies so long after another.
    pub(crate) fn after(&mut self, day: &Linear, length: &Days) -> Linear {
        let days = self.length(length, day, false);
        day + &days
    }

    /// The day that lies so long before another.
    pub(crate) fn before(&mut self, day: &Linear, length: &Days) -> Linear {
        let days = self.length(length, day, true);
        day - &days
    }

    /// The whole days of a length of time that is counted from a day.
    fn length(&mut self, days: &Days, opening: &Linear, back: bool) -> Linear {
        let whole = self.whole(&days.days);
        if days.months == 0 {
            return whole;
        }
        if let (Some(day_0), Some(opening)) = (self.begins, opening.as_constant().and_then(|o| o.to_integer().to_i64()))
            && let Some(known) = posed::month_length(day_0 + opening, days.months, back)
        {
            return &whole + &Linear::int(known);
        }
        let same = |m: &&Months| m.count == days.months && m.back == back && m.opening == *opening;
        if let Some(known) = self.lengths.iter().find(same) {
            return &whole + &known.length;
        }
        if self.bound.iter().any(|x| opening.mentions(x)) {
            self.cut.insert("calendar months are counted from every day".to_owned());
        }
        let length = Linear::var(&self.variable("months", Sort::Int));
        let (least, most) = months(days.months);
        self.background.push(Formula::between(&Linear::int(least), &length, &Linear::int(most)));
        for other in self.lengths.iter().filter(|m| m.count == days.months && m.back == back) {
            let opens = Formula::eq(&other.opening, opening);
            self.background.push(Formula::implies(&opens, &Formula::eq(&other.length, &length)));
        }
        self.lengths.push(Months { count: days.months, opening: opening.clone(), back, length: length.clone() });
        &whole + &length
    }

    /// The greatest whole number of days in a quantity of days.
    fn whole(&mut self, days: &Linear) -> Linear {
        let days = self.values.as_ref().map_or_else(|| days.clone(), |v| days.assign(v));
        if let Some(c) = days.as_constant() {
            return Linear::constant(c.floor().max(BigRational::zero()));
        }
        let whole = |c: &BigRational| c.is_integer();
        if days.is_integral() && days.terms().all(|(_, c)| whole(c)) {
            let offset = days.offset().floor();
            return days.with_offset(offset);
        }
        let x = Var::int(format!("\u{0}whole days of {days}"));
        let floor = Linear::var(&x);
        self.background.push(Formula::le(&floor, &days));
        self.background.push(Formula::lt(&days, &(&floor + &Linear::int(1))));
        floor
    }
}

const DAYS: &str = "something must occur for each of many days";
