//! A rule of conduct as acts over what is not known of a situation (semantics §20c): for each duty a day of its window and an
//! amount, the same whatever happens.
//!
//! In: the duties of one figure that are met by acts, whom it treats alike, what it must keep, and a [`Choice`] for each time
//! that a duty arises. Out: the acts of the rule as given slots, and the condition that whoever follows it breaks something. What an
//! earlier act of the rule has met already is not met again; what one who is treated alike receives, all receive.

use super::instance::{Arising, At, Env};
use super::past::Past;
use super::slot::{Act, Arg, End, Pick, Slot, What};
use super::{Kind, Needs, Scene, Term};
use crate::logic::{BigRational, Formula, Linear, Model, Sort, Value, Var};
use crate::model::conduct::{ActionId, Compare, Deed, Match, Norm, NormId, Who};
use num_traits::{One, Signed, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// On which day of its window a duty is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Day {
    /// the first
    First,
    /// the last
    Last,
    /// so many days behind the first, where that is not behind the last
    Later(i64),
    /// the first or last day of another's window, where it lies within; else the first
    Of {
        /// the other duty, by its place
        duty: usize,
        /// which time it arises
        time: usize,
        /// the last day
        last: bool,
    },
}

/// How much is done of what a duty leaves open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Amount {
    /// the least that meets it
    Least,
    /// the greatest that meets it, or the least where there is none
    Greatest,
    /// so much more than the least
    More(BigRational),
}

/// How a duty is met.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// those with a lower rank are met first
    pub rank: usize,
    /// when
    pub day: Day,
    /// how much, of every number
    pub amount: Amount,
    /// how much, of the numbers at these places
    pub amounts: BTreeMap<usize, Amount>,
}

/// Whom somebody treats alike: by which action, which argument receives, and who they are.
#[derive(Debug, Clone)]
pub struct Treated {
    /// the action
    pub action: ActionId,
    /// the place of the receiver
    pub receiver: usize,
    /// figures
    pub all: Vec<usize>,
}

/// An act that nobody owes, which a rule of conduct does on the first day because it helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// what is done
    pub action: ActionId,
    /// to whom, and how much
    pub arguments: Vec<ExtraArgument>,
    /// on which day
    pub day: i64,
}

/// An argument of such an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtraArgument {
    /// a figure
    Figure(usize),
    /// a number
    Number(BigRational),
}

/// What one figure owes and must keep.
#[derive(Debug, Clone)]
pub struct Owed<'n> {
    /// who
    pub subject: usize,
    /// duties that are met by an act in a window
    pub duties: &'n [NormId],
    /// states of affairs on every day
    pub keeps: &'n [NormId],
    /// whom it treats alike
    pub alike: &'n [Treated],
    /// what others may do that changes a quantity; what nobody asks of them they do not do
    pub others: &'n BTreeSet<ActionId>,
    /// what it may have done before
    pub past: Option<Past<'n>>,
    /// how often its duties arise
    pub often: Often,
}

/// How often the duties of a rule of conduct arise, so that it is known how much has to occur to break it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// once at most: an earlier act may have met one, which depends on what makes each of them due, or not
    Once,
    /// any number of times: the rule acts for each, even if an earlier act has met it, so that no act hangs on what does not occur
    EachTime,
    /// so often as is tried: what more can occur is not asked
    Tried,
}

/// A time at which a duty can arise, and what the rule then does.
#[derive(Debug, Clone)]
pub struct Planned<'p> {
    /// the duty
    pub norm: &'p Norm,
    /// its place among the duties
    pub duty: usize,
    /// which time it arises
    pub time: usize,
    /// who its variables are
    pub env: Env,
    /// how it arises
    pub arising: Arising,
    /// the first day of its window
    pub first: Linear,
    /// the last
    pub last: Linear,
    /// whether the rule acts
    pub acts: Formula,
    /// its acts: alike but for the receiver
    pub what: Vec<Act>,
}

impl<'p> Scene<'p> {
    /// That whoever follows a rule of conduct, having done nothing else but what is past, breaks something that it owes or must keep. `choose` says
    /// for each duty, by its place, and each time it arises how it is met; `extras` are done besides. The times that duties can
    /// arise are handed to `seen`.
    pub fn breaks(
        &mut self,
        owed: &Owed<'_>,
        choose: &dyn Fn(usize, usize) -> Choice,
        extras: &[Extra],
        seen: &mut dyn FnMut(&[Planned<'p>]),
    ) -> Term {
        let mut plan = match self.plan(owed, choose) {
            Ok(plan) => plan,
            Err(why) => return self.refuse(why),
        };
        plan.sort_by_key(|a| (choose(a.duty, a.time).rank, a.duty, a.time));
        for planned in &plan {
            for act in &planned.what {
                let kind = Kind::Act(act.action);
                if self.made.contains_key(&kind) {
                    return self.refuse("a duty arises by what is owed");
                }
                self.give(kind, Slot { present: planned.acts.clone(), what: What::Act(act.clone()) });
            }
        }
        let extras: Vec<Act> = extras.iter().map(extra).collect();
        for act in &extras {
            self.give(Kind::Act(act.action), Slot { present: Formula::truth(), what: What::Act(act.clone()) });
        }
        let mut takes = Vec::new();
        for at in 0..plan.len() {
            let (before, from) = plan.split_at(at);
            let Some(one) = from.first() else { continue };
            let acts = self.acts_then(one);
            let met = if owed.often == Often::EachTime {
                Term::falsity()
            } else {
                self.closed(|scene| scene.met_by(one, before))
            };
            let course = owed.past.as_ref().map_or_else(Formula::truth, |p| Formula::ge(&one.arising.day, &p.begins()));
            let does = Formula::and([acts.formula.clone(), Formula::not(&met.formula), course]);
            takes.push((one.duty, acts.yes, acts.no));
            self.background.push(Formula::or([
                Formula::and([one.acts.clone(), does.clone()]),
                Formula::not(&Formula::or([one.acts.clone(), does])),
            ]));
        }
        seen(&plan);
        let mut broken = vec![self.broken_by(owed, &plan, &takes)];
        broken.extend(extras.iter().map(|act| self.forbidden(act, &act.from)));
        let mut broken = Term::or(broken);
        if owed.often == Often::Once {
            let all = takes.iter().map(|(_, yes, no)| yes.clone().or(no));
            broken.yes = all.fold(broken.yes, |sum, needs| sum.plus(&needs));
        }
        if let Some(past) = &owed.past {
            self.background.push(Formula::ge(&past.begins(), &Linear::zero()));
        }
        let clean = owed.past.as_ref().filter(|past| past.clean).map(|past| self.clean(owed, past));
        self.by_others_alone(owed);
        clean.into_iter().fold(broken, Term::also)
    }

    /// Every time that a duty can arise, with the act that a rule has for it.
    fn plan(
        &mut self,
        owed: &Owed<'_>,
        choose: &dyn Fn(usize, usize) -> Choice,
    ) -> Result<Vec<Planned<'p>>, &'static str> {
        let mut plan: Vec<Planned<'p>> = Vec::new();
        for (duty, id) in owed.duties.iter().enumerate() {
            let Some(norm) = self.frame.norm(*id) else { continue };
            let mut time = 0;
            for env in self.with_subject(norm, Some(owed.subject)) {
                for arising in self.times(norm, &env) {
                    let Some(last) = self.deadline(&norm.window, &arising) else { return Err("a duty has no window") };
                    let start = self.window_start(&norm.window, &arising);
                    let behind = (&start - &arising.first).as_constant().is_some_and(|n| !n.is_negative());
                    let first = if behind { start } else { arising.first.clone() };
                    let acts = Formula::atom(&self.variable("does", Sort::Bool));
                    let env = env.clone();
                    plan.push(Planned { norm, duty, time, env, arising, first, last, acts, what: Vec::new() });
                    time += 1;
                }
            }
        }
        if plan.len() > MOST {
            return Err("too many duties meet");
        }
        let windows: BTreeMap<(usize, usize), (Linear, Linear)> =
            plan.iter().map(|p| ((p.duty, p.time), (p.first.clone(), p.last.clone()))).collect();
        for planned in &mut plan {
            let choice = choose(planned.duty, planned.time);
            let day = self.day_of(planned, choice.day, &windows);
            let Some(act) = self.act_of(planned, &choice, &day) else { return Err(OPEN) };
            planned.what = treated(owed, act);
        }
        Ok(plan)
    }

    /// How a duty can arise, whatever it asks as it does.
    fn times(&mut self, norm: &'p Norm, env: &Env) -> Vec<Arising> {
        let Some(rule) = self.frame.rule_of(norm) else {
            return vec![Arising::on(Linear::zero(), None, Linear::zero())];
        };
        let mut out: Vec<Arising> = Vec::new();
        self.closed(|scene| {
            scene.triggered(rule, env, &mut |_, arising| {
                if !out.iter().any(|known| known.day == arising.day) {
                    out.push(arising.clone());
                }
                Term::truth()
            })
        });
        out
    }

    fn day_of(
        &mut self,
        planned: &Planned<'p>,
        day: Day,
        windows: &BTreeMap<(usize, usize), (Linear, Linear)>,
    ) -> Linear {
        let wanted = match day {
            Day::First => return planned.first.clone(),
            Day::Last => return planned.last.clone(),
            Day::Later(days) => &planned.first + &Linear::int(days),
            Day::Of { duty, time, last } => match windows.get(&(duty, time)) {
                Some((first, _)) if !last => first.clone(),
                Some((_, end)) => end.clone(),
                None => return planned.first.clone(),
            },
        };
        let day = Linear::var(&self.variable("chosen day", Sort::Int));
        let within = Formula::between(&planned.first, &wanted, &planned.last);
        self.background.push(Formula::ite(&within, &Formula::eq(&day, &wanted), &Formula::eq(&day, &planned.first)));
        day
    }

    /// The act by which a duty is met on a day.
    fn act_of(&mut self, planned: &Planned<'p>, choice: &Choice, day: &Linear) -> Option<Act> {
        let Deed::Act(pattern) = &planned.norm.deed else { return None };
        let parameters = self.program.conduct.action(pattern.action)?.parameters.clone();
        let at = At { variables: &planned.norm.variables, env: &planned.env, day, base: planned.arising.base.as_ref() };
        let mut arguments = Vec::new();
        for (place, (parameter, wanted)) in parameters.iter().zip(&pattern.arguments).enumerate() {
            let amount = choice.amounts.get(&place).unwrap_or(&choice.amount);
            arguments.push(match wanted {
                Match::Is(who) => Arg::Figure(Pick::fixed(self.who(*who, at.env)?)),
                Match::Binds(v) => Arg::Figure(Pick::fixed(self.who(Who::Var(*v), at.env)?)),
                Match::Thing(t) => Arg::Thing(Pick::fixed(self.frame.things.iter().position(|x| x == t)?)),
                Match::Number(how, q) => {
                    let bound = self.value(q, at)?;
                    Arg::Number(number(*how, &bound, least(&parameter.sort)?, amount))
                }
                Match::Any => match (&parameter.default, least(&parameter.sort)) {
                    (Some(default), Some(_)) => Arg::Number(default.clone()),
                    (None, Some(least)) => Arg::Number(number(Compare::AtLeast, &least, least.clone(), amount)),
                    (_, None) => return None,
                },
                Match::Anyone | Match::Region(_) => return None,
            });
        }
        if pattern.place.is_some() {
            return None;
        }
        let end = if self.frame.lasting.contains(&pattern.action) {
            End::At { last: day.clone(), open: Formula::falsity() }
        } else {
            End::Same
        };
        Some(Act { action: pattern.action, arguments, place: Pick::fixed(0), from: day.clone(), end })
    }

    /// That a duty arises this time and is due on the day of the rule's act.
    fn acts_then(&mut self, one: &Planned<'p>) -> Term {
        let mark = Var::bool("\u{0}this time");
        let day = one.what.first().map_or_else(|| one.first.clone(), |a| a.from.clone());
        let term = self.closed(|scene| {
            scene.arises(one.norm, &one.env, &mut |scene, arising| {
                if arising.day != one.arising.day {
                    return Term::falsity();
                }
                scene.due(one.norm, &one.env, arising, &day).given(Formula::atom(&mark))
            })
        });
        let mut this = Model::new();
        this.set(mark, Value::Bool(true));
        Term { formula: term.formula.assign(&this), ..term }
    }

    /// That some earlier act of the rule meets a duty in its window.
    fn met_by(&mut self, one: &Planned<'p>, before: &[Planned<'p>]) -> Term {
        let Deed::Act(pattern) = &one.norm.deed else { return Term::falsity() };
        let mut cases = Vec::new();
        for other in before {
            for act in &other.what {
                let at = At {
                    variables: &one.norm.variables,
                    env: &one.env,
                    day: &act.from,
                    base: one.arising.base.as_ref(),
                };
                let within = Formula::between(&one.first, &act.from, &one.last);
                let meets = self.matches(pattern, act, at, true);
                cases.push(meets.given(Formula::and([other.acts.clone(), within])));
            }
        }
        Term::or(cases)
    }

    /// That something is broken: an act is forbidden, a duty is not met, what must be kept is not on some day. Equal treatment is
    /// kept by what the acts are.
    fn broken_by(&mut self, owed: &Owed<'_>, plan: &[Planned<'p>], takes: &[(usize, Needs, Needs)]) -> Term {
        let mut cases = Vec::new();
        for (one, (_, arises, _)) in plan.iter().zip(takes) {
            for act in &one.what {
                let mut forbidden = self.forbidden(act, &act.from);
                if !forbidden.is_false() {
                    forbidden.yes = forbidden.yes.plus(arises);
                }
                cases.push(forbidden.given(one.acts.clone()));
            }
        }
        for (duty, norm) in owed.duties.iter().enumerate().filter_map(|(i, id)| Some((i, self.frame.norm(*id)?))) {
            let idle = takes.iter().filter(|(d, ..)| *d == duty).fold(Needs::default(), |n, (.., no)| n.or(no));
            for env in self.with_subject(norm, Some(owed.subject)) {
                let mut unmet = match &owed.past {
                    None => self.breach(norm, &env, None, &mut |_, _| Term::truth()),
                    Some(past) => self.missed(norm, &env, &|arising| Formula::ge(&arising.day, &past.begins())),
                };
                if !unmet.is_false() {
                    unmet.yes = unmet.yes.plus(&idle);
                }
                cases.push(unmet);
            }
        }
        for norm in owed.keeps.iter().filter_map(|id| self.frame.norm(*id)) {
            for env in self.with_subject(norm, Some(owed.subject)) {
                cases.push(self.arises(norm, &env, &mut |scene, arising| {
                    scene.some_day("gap", |scene, day| scene.gap(norm, &env, arising, day))
                }));
            }
        }
        Term::or(cases)
    }

    /// That what else is done, others do, and of what changes a quantity only what they may.
    fn by_others_alone(&mut self, owed: &Owed<'_>) {
        let mut not = Vec::new();
        for (kind, slots) in &self.made {
            let Kind::Act(action) = kind else { continue };
            let Some(declared) = self.program.conduct.action(*action).filter(|a| !a.event) else { continue };
            let nobody = !declared.changes.is_empty() && !owed.others.contains(action);
            let own = self.given.iter().filter(|(k, _)| k == kind).count();
            for slot in slots.iter().skip(own) {
                let What::Act(act) = &slot.what else { continue };
                let by = act.actor().map_or_else(Formula::falsity, |p| p.is(owed.subject));
                let past = owed.past.as_ref().filter(|p| p.actions.contains(action));
                // an act under way may be ended as the course begins
                let later = past.map_or_else(Formula::truth, |p| act.lasts_until(&p.begins()));
                let by = if nobody { Formula::truth() } else { Formula::and([by, later]) };
                not.push(Formula::not(&Formula::and([slot.present.clone(), by])));
            }
        }
        self.background.extend(not);
    }
}

/// How many times in all the duties may arise that meet.
const MOST: usize = 24;

const OPEN: &str = "what meets a duty is not said but for its amounts";

/// The least that a number can be; nothing of what is no number.
fn least(sort: &crate::model::conduct::Sort) -> Option<Linear> {
    match sort {
        crate::model::conduct::Sort::Number { least, .. } => {
            Some(Linear::constant(least.clone().unwrap_or_else(BigRational::zero)))
        }
        _ => None,
    }
}

/// A number that compares so with a bound.
fn number(how: Compare, bound: &Linear, least: Linear, amount: &Amount) -> Linear {
    let one = Linear::constant(BigRational::one());
    let (low, high) = match how {
        Compare::Equal => return bound.clone(),
        Compare::AtLeast => (bound.clone(), None),
        Compare::Greater | Compare::NotEqual => (bound + &one, None),
        Compare::AtMost => (least, Some(bound.clone())),
        Compare::Less => (least, Some(bound - &one)),
    };
    match amount {
        Amount::Least => low,
        Amount::Greatest => high.unwrap_or(low),
        Amount::More(by) => &low + &Linear::constant(by.clone()),
    }
}

fn extra(extra: &Extra) -> Act {
    let arguments = extra.arguments.iter().map(|a| match a {
        ExtraArgument::Figure(f) => Arg::Figure(Pick::fixed(*f)),
        ExtraArgument::Number(n) => Arg::Number(Linear::constant(n.clone())),
    });
    let (arguments, from) = (arguments.collect(), Linear::int(extra.day));
    Act { action: extra.action, arguments, place: Pick::fixed(0), from, end: End::Same }
}

/// An act, and the same to all others who are treated alike.
fn treated(owed: &Owed<'_>, act: Act) -> Vec<Act> {
    for alike in owed.alike.iter().filter(|t| t.action == act.action) {
        let Some(Arg::Figure(pick)) = act.arguments.get(alike.receiver) else { continue };
        let Some(first) = pick.known().filter(|f| alike.all.contains(f)) else { continue };
        let others = alike.all.iter().filter(|f| **f != first);
        let mut out = vec![act.clone()];
        out.extend(others.map(|to| {
            let mut copy = act.clone();
            if let Some(place) = copy.arguments.get_mut(alike.receiver) {
                *place = Arg::Figure(Pick::fixed(*to));
            }
            copy
        }));
        return out;
    }
    vec![act]
}
