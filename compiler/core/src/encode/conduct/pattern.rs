//! Whether an act matches a pattern (semantics §10).
//!
//! In: a pattern, an act over variables, who the variables of the norm are. Out: the condition. An argument left out matches
//! anything; in a duty it has its default.

use super::instance::{At, figure};
use super::slot::{Act, Arg, Pick};
use super::{Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Actor, Match, Pattern, Place, Who};
use crate::model::{Region, day};

impl Scene<'_> {
    /// That an act matches. `owed`: the pattern is what a duty asks for.
    pub fn matches(&mut self, pattern: &Pattern, act: &Act, at: At<'_>, owed: bool) -> Term {
        if pattern.action != act.action {
            return Term::falsity();
        }
        let parameters =
            self.program.conduct.action(pattern.action).map(|a| a.parameters.as_slice()).unwrap_or_default();
        let mut all = Vec::new();
        for ((wanted, arg), parameter) in pattern.arguments.iter().zip(&act.arguments).zip(parameters) {
            let part = match (wanted, arg) {
                (Match::Any, Arg::Number(n)) if owed => {
                    Term::fixed(parameter.default.as_ref().map_or_else(Formula::truth, |d| Formula::eq(n, d)))
                }
                (Match::Any | Match::Anyone, _) => Term::truth(),
                (Match::Is(who), _) => self.is(arg, *who, at),
                (Match::Binds(v), _) => self.is(arg, Who::Var(*v), at),
                (Match::Number(how, q), Arg::Number(n)) => self.number_compared(n, *how, q, at),
                (Match::Thing(thing), Arg::Thing(pick)) => {
                    let place = self.frame.things.iter().position(|t| t == thing);
                    Term::fixed(place.map_or_else(Formula::falsity, |p| pick.is(p)))
                }
                (Match::Region(region), Arg::Ground(pick)) => Term::fixed(self.within(pick, region)),
                (Match::Number(..) | Match::Thing(_) | Match::Region(_), _) => Term::falsity(),
            };
            if part.is_false() {
                return part;
            }
            all.push(part);
        }
        if let Some(place) = &pattern.place {
            all.push(self.takes_place(place, &act.place, at));
        }
        Term::and(all)
    }

    fn is(&mut self, arg: &Arg, who: Who, at: At<'_>) -> Term {
        let meant = self.who(who, at.env);
        match (figure(arg), meant) {
            (Some(pick), Some(meant)) if pick.known().is_none() && self.universe.is_idle(meant) => Term::of_the_idle(),
            (Some(pick), Some(meant)) => Term::fixed(pick.is(meant)),
            _ => Term::falsity(),
        }
    }

    /// That a chosen spot lies in a region.
    fn within(&self, pick: &Pick, region: &Region) -> Formula {
        let spots = self.frame.spots.iter().enumerate().filter(|(_, s)| {
            s.atlas == region.atlas && s.cells.cells().first().is_some_and(|c| region.cells.contains(*c))
        });
        pick.among(spots.map(|(i, _)| i + 1))
    }

    /// That a chosen spot is such ground on the day.
    fn takes_place(&mut self, place: &Place, pick: &Pick, at: At<'_>) -> Term {
        let (who, claimed) = match place {
            Place::Region(region) => return Term::fixed(self.within(pick, region)),
            Place::TerritoryOf(who) => (*who, false),
            Place::ClaimedBy(who) => (*who, true),
        };
        let Some(party) = self.who(who, at.env).and_then(|f| self.universe.figure(f)).map(|f| f.actor) else {
            return Term::falsity();
        };
        let Actor::Party(party) = party else { return Term::falsity() };
        let Some(borders) = &self.frame.borders else { return Term::falsity() };
        let mut cases = Vec::new();
        let mut failed = false;
        for (i, spot) in self.frame.spots.iter().enumerate() {
            let Some(ground) = &spot.ground else { continue };
            let holds = if claimed { Ok(borders.claimed_by(party, ground)) } else { borders.territory(party, ground) };
            match holds {
                Ok(holds) => cases.push(Formula::and([pick.is(i + 1), holds])),
                Err(_) => failed = true,
            }
        }
        if failed {
            return self.refuse("whose territory some ground is could not be projected");
        }
        let holds = Formula::or(cases);
        if !holds.mentions(&day()) {
            return Term::fixed(holds);
        }
        let date = self.date(at.day);
        match holds.substitute(&day(), &date) {
            Some(holds) => Term::fixed(holds),
            None => self.refuse("a date is compared with a number that need not be whole"),
        }
    }

    /// A condition over dates, terms and unknowns, on a day.
    pub(super) fn on_date(&mut self, formula: &Formula, on: &Linear) -> Term {
        if !formula.mentions(&day()) {
            return Term::fixed(formula.clone());
        }
        let date = self.date(on);
        match formula.substitute(&day(), &date) {
            Some(holds) => Term::fixed(holds),
            None => self.refuse("a date is compared with a number that need not be whole"),
        }
    }
}
