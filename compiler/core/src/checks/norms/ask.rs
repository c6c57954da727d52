//! Questions about situations: is there one in which …?
//!
//! In: a question as a function that builds it in a [`Scene`], and what the evaluator must find in a situation that answers
//! it. Out: [`Reply`]: no such situation, one that was replayed, or why neither can be said. The slots are found by the
//! encoding; ranges and acceptances are assumed (semantics §3); a model whose months no date has is asked for again with the
//! months of dates.

use super::simplest;
use crate::checks::{Context, View};
use crate::encode::conduct::{EACH, Frame, Posed, Scene, Term, Universe, pose};
use crate::evaluate::situation::Text;
use crate::logic::{Answer, Formula, Linear, Model, Var};
use crate::model::conduct::{Actor, Situation};
use num_traits::ToPrimitive;
use std::sync::Arc;

/// A situation that answers a question.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    /// what happens
    pub(crate) situation: Situation,
    /// all values that the solver gave
    pub(crate) model: Model,
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Reply {
    /// there is none
    No,
    /// this one
    Yes(Box<Witness>),
    /// neither was shown, because of this
    Open(String),
}

impl Reply {
    /// The first of two answers that found something; with none found, open if either is.
    #[must_use]
    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Yes(_) => self,
            Self::No => other(),
            Self::Open(_) => match other() {
                Self::No => self,
                found => found,
            },
        }
    }
}

impl Witness {
    /// The value of a whole number that the question fixed.
    pub(crate) fn whole(&self, x: &Var) -> Option<i64> {
        self.model.get(x)?.as_number()?.to_integer().to_i64()
    }

    /// A situation in which nothing happens.
    pub(crate) fn nothing() -> Self {
        Self { situation: Situation::default(), model: Model::new() }
    }

    /// Without the occurrences, from the last on, that it can do without.
    pub(in crate::checks) fn without_needless(mut self, replay: &dyn Fn(&Self) -> Result<(), String>) -> Self {
        for at in (0..self.situation.occurrences.len()).rev() {
            let mut fewer = self.clone();
            fewer.situation.occurrences.remove(at);
            if replay(&fewer).is_ok() {
                self = fewer;
            }
        }
        self
    }

    /// The last day on which something begins or ends, or this one.
    pub(crate) fn last_day(&self, day: i64) -> i64 {
        let days = self.situation.occurrences.iter().map(|o| o.to.unwrap_or(o.from).max(o.from));
        days.fold(day, i64::max)
    }
}

/// How the situation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// any: it is not printed
    Any,
    /// the simplest (semantics §26)
    Simplest,
}

/// What all questions about one charter assume.
#[derive(Debug)]
pub(crate) struct Asking<'p> {
    /// what they share
    pub(crate) frame: Frame<'p>,
    /// ranges, and the acceptances if some settlement has them all
    pub(crate) assumed: Formula,
    /// what the evaluator reads of it
    pub(crate) text: Arc<Text<'p>>,
}

impl<'p> Asking<'p> {
    /// Reads what is stated in a view, its candidate among the members. [`Context::asking`] keeps it.
    pub(in crate::checks) fn new(cx: &mut Context<'p>, view: View) -> Self {
        let program = cx.program();
        let statements = cx.statements(view);
        let mut frame = Frame::new(program, view.charter, &statements);
        frame.members.extend(view.with.and_then(|a| program.accessions.get(a.0 as usize)).map(|a| a.party));
        let text = Arc::new(Text::new(program, view.charter));
        Self { frame, assumed: super::assumed(cx, &statements), text }
    }

    /// Asks whether there is a situation.
    pub(crate) fn exists<'q>(
        &'q self,
        cx: &mut Context<'_>,
        universe: &'q Universe,
        wanted: Wanted,
        mut build: impl FnMut(&mut Scene<'q>) -> Term,
        replay: impl Fn(&Witness) -> Result<(), String>,
    ) -> Reply {
        in_step(
            universe,
            |universe| {
                let posed = pose(&self.frame, universe, &mut build);
                (self.answer(cx, &posed, wanted, &replay), posed.open.contains(EACH))
            },
            &replay,
        )
    }

    /// Asks a question that is ready.
    pub(crate) fn answer(
        &self,
        cx: &mut Context<'_>,
        posed: &Posed<'_>,
        wanted: Wanted,
        replay: impl Fn(&Witness) -> Result<(), String>,
    ) -> Reply {
        cx.as_one(|cx| self.reply(cx, posed, wanted, replay))
    }

    fn reply(
        &self,
        cx: &mut Context<'_>,
        posed: &Posed<'_>,
        wanted: Wanted,
        replay: impl Fn(&Witness) -> Result<(), String>,
    ) -> Reply {
        if let Some(why) = posed.refused.first() {
            return Reply::Open(format!("not decided: {why}"));
        }
        let none = |posed: &Posed<'_>| match posed.open.first() {
            None => Reply::No,
            Some(why) => Reply::Open(format!("none was found, and that there is none is not shown: {why}")),
        };
        if posed.formula.is_false() {
            return none(posed);
        }
        let mut conditions = vec![self.assumed.clone(), posed.formula.clone()];
        let model = match cx.can_hold(&conditions) {
            Answer::Unsat { .. } => return none(posed),
            Answer::Unknown(why) => return Reply::Open(cx.reached(&why)),
            Answer::Sat(model) => model,
        };
        let model = match self.dated(cx, posed, &mut conditions, model) {
            Ok(model) => model,
            Err(why) => return Reply::Open(why),
        };
        let model = match wanted {
            Wanted::Any => model,
            Wanted::Simplest => match simplest::model(cx, posed, &conditions, &self.frame) {
                Ok(model) => model,
                Err(why) => return Reply::Open(why),
            },
        };
        let witness = Witness { situation: posed.situation(&model), model };
        match replay(&witness) {
            Ok(()) => Reply::Yes(Box::new(witness)),
            Err(why) => {
                Reply::Open(format!("fault: {why}; this is an error in the checker, please report it with the charter"))
            }
        }
    }

    /// A model whose calendar months are as long as on some date; what says so is added to the conditions.
    fn dated(
        &self,
        cx: &mut Context<'_>,
        posed: &Posed<'_>,
        conditions: &mut Vec<Formula>,
        model: Model,
    ) -> Result<Model, String> {
        if posed.has_dates(&model) {
            return Ok(model);
        }
        for dates in posed.dates(&model) {
            let mut with = conditions.clone();
            with.push(dates.clone());
            match cx.can_hold(&with) {
                Answer::Sat(model) if posed.has_dates(&model) => {
                    conditions.push(dates);
                    return Ok(model);
                }
                Answer::Sat(_) | Answer::Unsat { .. } => {}
                Answer::Unknown(why) => return Err(cx.reached(&why)),
            }
        }
        Err("a situation was found whose months are as long on none of the dates tried".to_owned())
    }
}

/// The variable of the choice that is asked about.
pub(super) const CHOICE: &str = "\u{0}choice";

/// The variable of the day that is asked about.
pub(in crate::checks) const DAY: &str = "\u{0}day";

/// Variables that a question names so that its answer can be read.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// which choice of figures
    choice: Var,
    /// on which day
    pub(crate) day: Var,
}

impl Named {
    /// The variables of a question.
    pub(crate) fn new() -> Self {
        Self { choice: Var::int(CHOICE), day: Var::int(DAY) }
    }

    /// One of several choices for which this holds; the first of those that exchanging alike parties makes of each other.
    pub(crate) fn some<'q>(
        &self,
        scene: &mut Scene<'q>,
        choices: &[Vec<Option<usize>>],
        mut holds: impl FnMut(&mut Scene<'q>, &Vec<Option<usize>>) -> Term,
    ) -> Term {
        let mut cases = Vec::new();
        for (i, env) in choices.iter().enumerate() {
            let chosen: Vec<usize> = env.iter().copied().flatten().collect();
            if !scene.universe.is_first(&chosen) {
                continue;
            }
            let case = holds(scene, env);
            if !case.is_false() {
                cases.push(case.given(Formula::eq(&Linear::var(&self.choice), &Linear::int(i))));
            }
        }
        Term::or(cases)
    }

    /// The day, which is not before the first.
    pub(crate) fn on(&self) -> (Linear, Formula) {
        let day = Linear::var(&self.day);
        let from = Formula::ge(&day, &Linear::zero());
        (day, from)
    }

    /// Who the variables are in an answer.
    pub(crate) fn chosen<'e>(
        &self,
        witness: &Witness,
        choices: &'e [Vec<Option<usize>>],
    ) -> Option<&'e Vec<Option<usize>>> {
        let at = witness.whole(&self.choice).unwrap_or(0);
        choices.get(usize::try_from(at).ok()?)
    }
}

/// Asks among these, and where each of many would have to do something, among them with all of these in step: `ask` answers, and
/// says whether that is so. Only what is found so counts; what not each of them has to do is left out.
pub(in crate::checks) fn in_step<'q>(
    universe: &'q Universe,
    mut ask: impl FnMut(&'q Universe) -> (Reply, bool),
    replay: &dyn Fn(&Witness) -> Result<(), String>,
) -> Reply {
    let (reply, each) = ask(universe);
    if let Reply::Open(_) = reply
        && each
        && let Some(all) = universe.in_step()
        && let (Reply::Yes(found), _) = ask(all)
    {
        return Reply::Yes(Box::new(found.without_needless(replay)));
    }
    reply
}

/// Who a figure is.
pub(crate) fn actor(universe: &Universe, figure: usize) -> Option<Actor> {
    universe.figure(figure).map(|f| f.actor)
}

#[cfg(test)]
mod tests {
    use super::{Reply, Witness};

    #[test]
    fn what_is_open_is_not_made_good_by_finding_nothing_elsewhere() {
        let open = || Reply::Open("too many".into());
        let yes = || Reply::Yes(Box::new(Witness::nothing()));
        assert!(matches!(open().or(|| Reply::No), Reply::Open(_)));
        assert!(matches!(Reply::No.or(open), Reply::Open(_)));
        assert!(matches!(open().or(yes), Reply::Yes(_)));
        assert!(matches!(yes().or(|| unreachable!("an answer was found")), Reply::Yes(_)));
        assert!(matches!(Reply::No.or(|| Reply::No), Reply::No));
    }
}
