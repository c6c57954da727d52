//! Acts whose parts are not yet known: who, on whom, how much, where, from which day to which.
//!
//! In: the declaration of an action and the figures of a question. Out: [`Act`]s over variables, and [`Slot`]s: acts that
//! may or may not occur. What a variable may be is put into the background of the [`Scene`].

use super::Scene;
use super::instance::At;
use super::term::Kind;
use crate::logic::{BigRational, Formula, Linear, Var};
use crate::model::conduct::{ActionId, Match, Parameter, Pattern, RuleId, Sort, Who};
use num_traits::ToPrimitive;
use std::collections::BTreeSet;

/// A choice among finitely many, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick(pub Linear);

impl Pick {
    /// This one.
    #[must_use]
    pub fn fixed(place: usize) -> Self {
        Self(Linear::int(place))
    }

    /// That it is this one.
    #[must_use]
    pub fn is(&self, place: usize) -> Formula {
        Formula::eq(&self.0, &Linear::int(place))
    }

    /// That it is one of these.
    #[must_use]
    pub fn among(&self, places: impl IntoIterator<Item = usize>) -> Formula {
        Formula::or(places.into_iter().map(|p| self.is(p)))
    }

    /// Which, where that is fixed.
    #[must_use]
    pub fn known(&self) -> Option<usize> {
        self.0.as_constant().and_then(|c| c.to_integer().to_usize())
    }
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// one of the figures
    Figure(Pick),
    /// a number
    Number(Linear),
    /// one of the things that patterns name, or another
    Thing(Pick),
    /// one of the spots, or nowhere
    Ground(Pick),
}

/// The last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// the first
    Same,
    /// this one, unless it goes on for ever
    At {
        /// the day
        last: Linear,
        /// for ever
        open: Formula,
    },
}

/// An act or event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// which
    pub action: ActionId,
    /// its arguments, the actor first
    pub arguments: Vec<Arg>,
    /// one of the spots, or nowhere
    pub place: Pick,
    /// the first day
    pub from: Linear,
    /// the last day
    pub end: End,
}

impl Act {
    /// Whether it goes on upon a day, having begun.
    #[must_use]
    pub fn lasts_until(&self, day: &Linear) -> Formula {
        match &self.end {
            End::Same => Formula::le(day, &self.from),
            End::At { last, open } => Formula::or([open.clone(), Formula::le(day, last)]),
        }
    }

    /// Whether it holds upon a day.
    #[must_use]
    pub fn covers(&self, day: &Linear) -> Formula {
        Formula::and([Formula::le(&self.from, day), self.lasts_until(day)])
    }

    /// Who does it, or to whom the event happens.
    #[must_use]
    pub fn actor(&self) -> Option<&Pick> {
        match self.arguments.first() {
            Some(Arg::Figure(pick)) => Some(pick),
            _ => None,
        }
    }
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// an act or event
    Act(Act),
    /// a finding
    Finding {
        /// under which rule
        rule: RuleId,
        /// by whom the breach is said to be
        by: Pick,
        /// against whom; 0 is nobody, else one more than the figure
        against: Pick,
        /// the day
        from: Linear,
    },
    /// notice of withdrawal
    Withdrawal {
        /// who leaves
        party: Pick,
        /// the day
        from: Linear,
    },
}

/// An act of one day that somebody might do.
#[derive(Debug, Clone)]
pub struct Point {
    /// the act
    pub act: Act,
    /// the variables of its open parts
    pub vars: Vec<Var>,
    /// what these may be
    pub limits: Formula,
}

/// Something that may occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// whether it does
    pub present: Formula,
    /// what
    pub what: What,
}

impl Slot {
    /// The first day.
    #[must_use]
    pub fn from(&self) -> &Linear {
        match &self.what {
            What::Act(act) => &act.from,
            What::Finding { from, .. } | What::Withdrawal { from, .. } => from,
        }
    }
}

impl Scene<'_> {
    /// The slots of a kind: as many as the question was found to need, one at first.
    pub(super) fn slots(&mut self, kind: Kind) -> Vec<Slot> {
        if let Some(known) = self.made.get(&kind) {
            return known.clone();
        }
        let wanted = match kind {
            _ if self.only_given => 0,
            // only the first notice of each counts: each member has one of its own
            Kind::Withdrawal => self.leavers().count(),
            Kind::Act(_) | Kind::Finding(_) => self.sizes.get(&kind).copied().unwrap_or(1),
        };
        let mut slots: Vec<Slot> = self.given.iter().filter(|(k, _)| *k == kind).map(|(_, s)| s.clone()).collect();
        let mut before: Option<(Formula, Linear)> = None;
        for number in 0..wanted {
            let (present, what, limits) = self.slot(kind, number);
            self.background.push(Formula::implies(&present, &Formula::and(limits)));
            let from = match &what {
                What::Act(act) => act.from.clone(),
                What::Finding { from, .. } | What::Withdrawal { from, .. } => from.clone(),
            };
            // slots of a kind are alike: the first are used first, the earliest first
            if let Some((earlier, day)) = before.filter(|_| kind != Kind::Withdrawal) {
                let order = Formula::and([earlier, Formula::le(&day, &from)]);
                self.background.push(Formula::implies(&present, &order));
            }
            before = Some((present.clone(), from));
            slots.push(Slot { present, what });
        }
        self.made.insert(kind, slots.clone());
        slots
    }

    /// Those who can leave.
    fn leavers(&self) -> impl Iterator<Item = usize> {
        self.universe.active().filter(|i| self.universe.figure(*i).is_some_and(|f| f.member))
    }

    /// One more slot of a kind, which the question has not got yet.
    pub(super) fn spare(&self, kind: Kind) -> Slot {
        let (present, what, _) = self.slot(kind, usize::MAX - 1);
        Slot { present, what }
    }

    /// Variables for a slot, and what they may be.
    fn slot(&self, kind: Kind, number: usize) -> (Formula, What, Vec<Formula>) {
        let name = self.kind_name(kind);
        let name = format!("\u{0}{name} {}", number + 1);
        let present = Formula::atom(&Var::bool(format!("{name} occurs")));
        let from = Linear::var(&Var::int(format!("{name} day")));
        let mut limits = vec![Formula::ge(&from, &Linear::zero())];
        let what = match kind {
            Kind::Act(action) => What::Act(self.act(&name, action, from, &mut limits)),
            Kind::Finding(rule) => {
                let by = self.figure_choice(&format!("{name} by"), |f| f.member, &mut limits);
                let against = Pick(Linear::var(&Var::int(format!("{name} against"))));
                limits.push(against.among(std::iter::once(0).chain(self.universe.active().map(|i| i + 1))));
                What::Finding { rule, by, against, from }
            }
            Kind::Withdrawal => {
                let party = match self.leavers().nth(number) {
                    Some(own) => Pick::fixed(own),
                    None => self.figure_choice(&format!("{name} party"), |f| f.member, &mut limits),
                };
                What::Withdrawal { party, from }
            }
        };
        (present, what, limits)
    }

    /// An act over variables of this name, which begins on this day; what they may be is added to `limits`.
    fn act(&self, name: &str, action: ActionId, from: Linear, limits: &mut Vec<Formula>) -> Act {
        let Some(declared) = self.program.conduct.action(action) else {
            return Act { action, arguments: Vec::new(), place: Pick::fixed(0), from, end: End::Same };
        };
        let arguments =
            declared.parameters.iter().map(|p| self.argument(&format!("{name} {}", p.name), p, limits)).collect();
        let place = if self.frame.placed.contains(&action) {
            self.ground_choice(&format!("{name} place"), limits)
        } else {
            Pick::fixed(0)
        };
        let end = if self.frame.lasting.contains(&action) {
            let last = Linear::var(&Var::int(format!("{name} last day")));
            let open = Formula::atom(&Var::bool(format!("{name} goes on")));
            limits.push(Formula::le(&from, &last));
            End::At { last, open }
        } else {
            End::Same
        };
        Act { action, arguments, place, from, end }
    }

    /// An act of a pattern on a day, with variables of its own for what the pattern leaves open. Whether it matches is still
    /// to be asked.
    pub fn point(&mut self, pattern: &Pattern, at: At<'_>, owed: bool) -> Point {
        self.fresh += 1;
        let name = format!("\u{0}act {}", self.fresh);
        let parameters = self.program.conduct.action(pattern.action).map(|a| a.parameters.clone()).unwrap_or_default();
        let mut limits = Vec::new();
        let mut arguments = Vec::new();
        for (parameter, wanted) in parameters.iter().zip(&pattern.arguments) {
            let known = match wanted {
                Match::Is(who) => self.who(*who, at.env).map(|f| Arg::Figure(Pick::fixed(f))),
                Match::Binds(v) => self.who(Who::Var(*v), at.env).map(|f| Arg::Figure(Pick::fixed(f))),
                Match::Thing(t) => self.frame.things.iter().position(|x| x == t).map(|i| Arg::Thing(Pick::fixed(i))),
                Match::Any if owed => parameter.default.clone().map(Arg::Number),
                Match::Any | Match::Anyone | Match::Number(..) | Match::Region(_) => None,
            };
            let open =
                known.unwrap_or_else(|| self.argument(&format!("{name} {}", parameter.name), parameter, &mut limits));
            arguments.push(open);
        }
        let place = if self.frame.placed.contains(&pattern.action) {
            self.ground_choice(&format!("{name} place"), &mut limits)
        } else {
            Pick::fixed(0)
        };
        let act = Act { action: pattern.action, arguments, place, from: at.day.clone(), end: End::Same };
        let mut vars = BTreeSet::new();
        for arg in &act.arguments {
            match arg {
                Arg::Figure(p) | Arg::Thing(p) | Arg::Ground(p) => vars.extend(p.0.vars().cloned()),
                Arg::Number(n) => vars.extend(n.vars().cloned()),
            }
        }
        vars.extend(act.place.0.vars().cloned());
        vars.retain(|x| x.name().starts_with(&name));
        Point { act, vars: vars.into_iter().collect(), limits: Formula::and(limits) }
    }

    /// A variable for an argument.
    fn argument(&self, name: &str, parameter: &Parameter, limits: &mut Vec<Formula>) -> Arg {
        match &parameter.sort {
            Sort::Party(kind) => {
                let program = self.program;
                Arg::Figure(self.figure_choice(name, |f| f.is_kind(program, *kind), limits))
            }
            Sort::Number { whole, least, .. } => Arg::Number(number(name, *whole, least.as_ref(), limits)),
            Sort::Region(_) => Arg::Ground(self.ground_choice(name, limits)),
            Sort::Thing => {
                let pick = Linear::var(&Var::int(name));
                limits.push(Formula::between(&Linear::zero(), &pick, &Linear::int(self.frame.things.len())));
                Arg::Thing(Pick(pick))
            }
        }
    }

    /// Somebody who can act.
    fn figure_choice(&self, name: &str, fits: impl Fn(&super::Figure) -> bool, limits: &mut Vec<Formula>) -> Pick {
        let pick = Pick(Linear::var(&Var::int(name)));
        let places = self.universe.active().filter(|i| self.universe.figure(*i).is_some_and(&fits));
        limits.push(pick.among(places));
        pick
    }

    /// One of the spots, or nowhere.
    fn ground_choice(&self, name: &str, limits: &mut Vec<Formula>) -> Pick {
        let pick = Linear::var(&Var::int(name));
        limits.push(Formula::between(&Linear::zero(), &pick, &Linear::int(self.frame.spots.len())));
        Pick(pick)
    }

    fn kind_name(&self, kind: Kind) -> String {
        match kind {
            Kind::Act(a) => self.program.conduct.action(a).map_or_else(String::new, |a| a.name.clone()),
            Kind::Finding(r) => format!("finding under rule {}", r.0),
            Kind::Withdrawal => "withdrawal".to_owned(),
        }
    }
}

fn number(name: &str, whole: bool, least: Option<&BigRational>, limits: &mut Vec<Formula>) -> Linear {
    let number = Linear::var(&if whole { Var::int(name) } else { Var::real(name) });
    if let Some(least) = least {
        limits.push(Formula::ge(&number, &Linear::constant(least.clone())));
    }
    number
}
