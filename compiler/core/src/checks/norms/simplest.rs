//! The simplest situation (semantics §26): fewest occurrences, fewest parties, earliest days, first names, simplest numbers.
//!
//! In: a question that has an answer. Out: the one model that every solver agrees upon. Occurrences and parties are counted
//! by variables of their own and settled first; days are settled one after the other, each time the earliest that one of the
//! occurrences left can have; then who, what and where, ends, numbers, terms and attributes, the date. All of it goes to one
//! session, to which what is settled is added: the question itself is taken in once.

use super::ask::{CHOICE, DAY};
use crate::checks::Context;
use crate::encode::conduct::{Arg, End, Frame, Kind, Pick, Posed, Slot, What};
use crate::explain::settle_model;
use crate::logic::{Answer, Formula, Linear, Model, Session, Sort, Var};

/// The model of the simplest situation.
pub(super) fn model(
    cx: &mut Context<'_>,
    posed: &Posed<'_>,
    conditions: &[Formula],
    frame: &Frame<'_>,
) -> Result<Model, String> {
    let mut session = cx.prover().session();
    conditions.iter().for_each(|f| session.assert(f));
    let mut search = Search { cx, session };
    let slots: Vec<&(Kind, Slot)> = posed.slots().iter().collect();
    // how many occur
    let present: Vec<Formula> = slots.iter().map(|(_, s)| s.present.clone()).collect();
    search.fewest("occurrences", &present)?;
    search.settle_truths(&present)?;
    let there: Vec<&(Kind, Slot)> = {
        let model = search.current()?;
        slots.into_iter().filter(|(_, s)| s.present.eval(&model) != Some(false)).collect()
    };
    // how many take part
    let parties: Vec<Formula> = posed
        .universe()
        .active()
        .map(|figure| Formula::or(there.iter().flat_map(|(_, s)| picks(s)).map(|p| p.is(figure))))
        .collect();
    search.fewest("parties", &parties)?;
    let order = search.days(&there)?;
    let mut vars = Vec::new();
    for slot in &order {
        let mut own: Vec<Var> = Vec::new();
        let add = |t: &Linear, own: &mut Vec<Var>| own.extend(t.vars().cloned());
        picks(slot).iter().for_each(|p| add(&p.0, &mut own));
        if let What::Finding { against, .. } = &slot.what {
            add(&against.0, &mut own);
        }
        if let What::Act(act) = &slot.what {
            for arg in &act.arguments {
                if let Arg::Thing(p) | Arg::Ground(p) = arg {
                    add(&p.0, &mut own);
                }
            }
            add(&act.place.0, &mut own);
            if let End::At { last, open } = &act.end {
                own.extend(open.vars());
                add(last, &mut own);
            }
        }
        vars.extend(own);
    }
    for slot in &order {
        if let What::Act(act) = &slot.what {
            for arg in &act.arguments {
                if let Arg::Number(n) = arg {
                    vars.extend(n.vars().cloned());
                }
            }
        }
    }
    let read = posed.formula.vars();
    let program = frame.program;
    vars.extend(program.terms.iter().map(|t| t.var.clone()).filter(|x| read.contains(x)));
    vars.extend(program.unknowns.iter().map(|u| u.var.clone()).filter(|x| read.contains(x)));
    vars.extend(read.iter().filter(|x| !x.name().starts_with('\u{0}')).cloned());
    vars.extend(posed.calendar());
    // at last which of several is asked about, and on which day
    vars.extend([Var::int(CHOICE), Var::int(DAY)].into_iter().filter(|x| read.contains(x)));
    search.settle(&vars)?;
    search.current()
}

/// The figures that a slot names.
fn picks(slot: &Slot) -> Vec<&Pick> {
    match &slot.what {
        What::Act(act) => {
            act.arguments.iter().filter_map(|a| if let Arg::Figure(p) = a { Some(p) } else { None }).collect()
        }
        What::Finding { by, .. } => vec![by],
        What::Withdrawal { party, .. } => vec![party],
    }
}

struct Search<'c, 'a> {
    cx: &'c mut Context<'a>,
    /// knows the question and what is settled
    session: Box<dyn Session + 'a>,
}

impl Search<'_, '_> {
    /// Some model of what is settled.
    fn current(&mut self) -> Result<Model, String> {
        match self.session.check(&[], &[]) {
            Answer::Sat(model) => Ok(model),
            Answer::Unsat { .. } => Err("fault: a situation was there and is no more".to_owned()),
            Answer::Unknown(why) => Err(self.cx.reached(&why)),
        }
    }

    /// Settles variables at the simplest values, in their order.
    fn settle(&mut self, vars: &[Var]) -> Result<(), String> {
        match settle_model(&mut *self.session, vars) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err("fault: a situation was there and is no more".to_owned()),
            Err(why) => Err(self.cx.reached(&why.0)),
        }
    }

    /// Lets as few of these hold as can be.
    fn fewest(&mut self, what: &str, of: &[Formula]) -> Result<(), String> {
        let mut sum = Linear::zero();
        for (i, f) in of.iter().enumerate() {
            if f.is_false() {
                continue;
            }
            if f.is_true() {
                sum = &sum + &Linear::int(1);
                continue;
            }
            let one = Linear::var(&Var::int(format!("\u{0}{what} {i}")));
            let is = |n: i64| Formula::eq(&one, &Linear::int(n));
            self.session.assert(&Formula::ite(f, &is(1), &is(0)));
            sum = &sum + &one;
        }
        let total = Var::new(format!("\u{0}number of {what}"), Sort::Int);
        self.session.assert(&Formula::eq(&Linear::var(&total), &sum));
        self.settle(&[total])
    }

    /// Settles truths in their order, false first.
    fn settle_truths(&mut self, of: &[Formula]) -> Result<(), String> {
        let mut vars = Vec::new();
        for f in of {
            vars.extend(f.vars());
        }
        self.settle(&vars)
    }

    /// Settles the days of occurrences, the earliest first. Out: the slots in that order.
    fn days<'s>(&mut self, slots: &[&'s (Kind, Slot)]) -> Result<Vec<&'s Slot>, String> {
        let mut left: Vec<&Slot> = slots.iter().map(|(_, s)| s).collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let first = Var::int(format!("\u{0}day of occurrence {}", order.len() + 1));
            let day = Linear::var(&first);
            self.session.assert(&Formula::and(left.iter().map(|s| Formula::ge(s.from(), &day))));
            self.session.assert(&Formula::or(left.iter().map(|s| Formula::eq(s.from(), &day))));
            self.settle(&[first])?;
            // which one: the first that can
            let mut chosen = None;
            for (i, slot) in left.iter().enumerate() {
                let here = Formula::eq(slot.from(), &day);
                match self.session.check(&[], std::slice::from_ref(&here)) {
                    Answer::Sat(_) => {
                        chosen = Some((i, here));
                        break;
                    }
                    Answer::Unsat { .. } => {}
                    Answer::Unknown(why) => return Err(self.cx.reached(&why)),
                }
            }
            let Some((i, here)) = chosen else {
                return Err("fault: an occurrence has a day and has not".to_owned());
            };
            self.session.assert(&here);
            order.push(left.remove(i));
        }
        Ok(order)
    }
}
