//! When something is possible: on which days, under which settlements, with which values.
//!
//! In: a formula over the day, terms and unknowns. Out: [`When`], or nothing where it is impossible; what stays open goes
//! into the report as undecided. The settlements that all accept are assumed; where there is none, all of them (T01 says so).

use super::condition::phrase;
use super::context::{Context, View};
use super::draft::{Draft, Interval};
use super::question::{Question, Reply};
use super::words;
use crate::explain::canonical_model;
use crate::logic::{Formula, Var, eliminate, intervals};
use crate::model::{Program, StatementKind, day};
use crate::report::Level;
use indexmap::IndexMap;
use num_traits::ToPrimitive;

/// When something is possible.
#[derive(Debug)]
pub(super) struct When {
    /// the days, over all settlements and values
    pub(super) during: Vec<Interval>,
    /// where some settlement that all accept avoids it: those under which it bites
    pub(super) bites: Option<Formula>,
    /// the values of the terms that it reads, in the simplest such case
    pub(super) terms: IndexMap<String, String>,
    /// the values of the unknowns that it reads, in the simplest such case
    pub(super) unknowns: IndexMap<String, String>,
}

impl When {
    /// How a sentence about it ends: ` from 1998-01-01, unless split is two_and_two`; nothing where it is always so.
    pub(super) fn tail(&self, program: &Program) -> String {
        let days = words::days(&self.during);
        let mut out = if days.is_empty() { days } else { format!(" {days}") };
        if let Some(bites) = &self.bites {
            out.push_str(", unless ");
            out.push_str(&phrase(program, &Formula::not(bites)));
        }
        out
    }

    /// Puts days, terms and values into a finding. What some settlement avoids counts as a warning at most.
    pub(super) fn write(self, program: &Program, draft: Draft, level: Level) -> Draft {
        let mut draft = draft.during(self.during);
        if let Some(bites) = &self.bites {
            // levels are ordered from error to note
            draft = draft.level(level.max(Level::Warning)).depends_on(phrase(program, bites));
        }
        for (name, value) in self.terms.into_iter().chain(self.unknowns) {
            draft = draft.value(name, value);
        }
        draft
    }
}

/// Asks when `f` is possible. Nothing where it is not, or where that stayed open.
pub(super) fn when(cx: &mut Context<'_>, code: &'static str, view: View, question: &str, f: &Formula) -> Option<When> {
    if f.is_false() {
        return None;
    }
    if f.is_true() {
        let during = vec![(None, None)];
        return Some(When { during, bites: None, terms: IndexMap::new(), unknowns: IndexMap::new() });
    }
    let accepted = accepted(cx, view);
    let goal = Formula::and([f.clone(), accepted.clone()]);
    can(cx, code, view, question, &goal).then(|| describe(cx, view, question, &goal, f, &accepted))
}

/// Whether `f` is possible; what stays open goes into the report and is no.
pub(super) fn can(cx: &mut Context<'_>, code: &'static str, view: View, question: &str, f: &Formula) -> bool {
    match possible(cx, view, question, f) {
        Reply::Possible(_) => true,
        Reply::Impossible(_) => false,
        Reply::Undecided(reached) => {
            cx.undecided(code, Some(view.charter), question, reached);
            false
        }
    }
}

/// Puts the question to the prover, unless it answers itself.
pub(super) fn possible(cx: &mut Context<'_>, view: View, question: &str, goal: &Formula) -> Reply {
    if goal.is_false() {
        return Reply::Impossible(Vec::new());
    }
    let words = question.to_owned();
    cx.ask(&Question { words, charter: Some(view.charter), assumptions: Vec::new(), goal: goal.clone() })
}

/// The settlements that all of a view's parties accept; all of them where none is left.
pub(super) fn accepted(cx: &mut Context<'_>, view: View) -> Formula {
    let all = Formula::and(cx.statements(view).iter().filter_map(|s| match &s.kind {
        StatementKind::Acceptance { condition, .. } => Some(condition.clone()),
        _ => None,
    }));
    if all.is_true() {
        return all;
    }
    match possible(cx, view, "some settlement is accepted by all", &all) {
        Reply::Impossible(_) => Formula::truth(),
        Reply::Possible(_) | Reply::Undecided(_) => all,
    }
}

fn describe(cx: &mut Context<'_>, view: View, question: &str, goal: &Formula, f: &Formula, accepted: &Formula) -> When {
    let during = days(cx, goal);
    let program = cx.program();
    let terms: Vec<_> = program.terms.iter().filter(|t| f.mentions(&t.var)).collect();
    let unknowns: Vec<_> = program.unknowns.iter().filter(|u| f.mentions(&u.var)).collect();
    let bites = if terms.is_empty() { None } else { avoidable(cx, view, question, f, accepted) };
    let mut out = When { during, bites, terms: IndexMap::new(), unknowns: IndexMap::new() };
    let vars: Vec<Var> = terms.iter().map(|t| t.var.clone()).chain(unknowns.iter().map(|u| u.var.clone())).collect();
    if vars.is_empty() {
        return out;
    }
    let mut session = cx.prover().session();
    session.assert(cx.ranges());
    session.assert(goal);
    cx.count(1);
    // values that no budget sufficed for are left out: the finding itself stands
    let Ok(Some(model)) = canonical_model(&mut *session, &[], &[], &vars) else { return out };
    out.terms = words::settlement(terms, &model);
    for u in unknowns {
        if let Some(value) = model.get(&u.var) {
            out.unknowns.insert(u.var.name().to_owned(), words::value(&u.print, &[], value));
        }
    }
    out
}

/// The settlements under which `f` is possible on some day and for some values of the unknowns, if some accepted settlement
/// is none of them. Nothing where the projection is refused: a finding counts in full unless it is shown that it need not.
fn avoidable(cx: &mut Context<'_>, view: View, question: &str, f: &Formula, accepted: &Formula) -> Option<Formula> {
    let found: Vec<Var> =
        cx.program().unknowns.iter().map(|u| u.var.clone()).chain([day()]).filter(|x| f.mentions(x)).collect();
    let bites = eliminate::exists(&ranged(cx, f, &found), &found).ok()?;
    let avoids = Formula::and([Formula::not(&bites), accepted.clone()]);
    matches!(possible(cx, view, question, &avoids), Reply::Possible(_)).then_some(bites)
}

/// `f` with the ranges of those of these variables that it mentions.
fn ranged(cx: &Context<'_>, f: &Formula, vars: &[Var]) -> Formula {
    let program = cx.program();
    let terms = program.terms.iter().map(|t| (&t.var, &t.range));
    let unknowns = program.unknowns.iter().map(|u| (&u.var, &u.range));
    let ranges =
        terms.chain(unknowns).filter(|(x, _)| vars.contains(x) && f.mentions(x)).map(|(_, range)| range.clone());
    Formula::and(ranges.chain([f.clone()]))
}

/// The days on which `f` is possible, each stretch with its first and last; every day is one stretch without ends. Empty where
/// they cannot be listed.
pub(super) fn days(cx: &Context<'_>, f: &Formula) -> Vec<Interval> {
    let x = day();
    if !f.mentions(&x) {
        return vec![(None, None)];
    }
    let others: Vec<Var> = f.vars().into_iter().filter(|y| *y != x).collect();
    let Ok(alone) = eliminate::exists(&ranged(cx, f, &others), &others) else { return Vec::new() };
    let Ok(stretches) = intervals::of(&alone, &x) else { return Vec::new() };
    let end = |end: Option<intervals::End>| end.and_then(|e| e.value.to_integer().to_i64());
    stretches.into_iter().map(|s| (end(s.low), end(s.high))).collect()
}
