//! The independent evaluator of conduct: what is due, met, broken and lawful in one situation, day by day.
//!
//! In: a [`Program`], a charter and a [`Situation`], and a horizon, the last day that is looked at. Out: a [`Run`]: the
//! [`Instance`]s of norms, the [`Breach`]es with their days, and answers to what is due, met or lawful on a day, and why. It
//! follows semantics §4 and §9–§18 word by word and shares no code with [`crate::encode`].
//!
//! **Induction on days.** Breaches are read strictly back (§10), so what is due on a day follows from what happened up to it
//! and from breaches before it. The run goes from one *event day* to the next: days on which something begins or ends, a
//! window opens or closes, a look back loses sight of an occurrence or a breach, a calendar condition can change, somebody
//! leaves. Between two of them nothing changes. A test walks every single day instead and must find the same.
//!
//! **What is made, and when.** Duties have one instance for each value of their variables from the day they arise.
//! Prohibitions and permissions have one *template* for each time they arise, whose open variables take their values from the
//! acts that are compared with it: their cost follows acts, not pairs of members. Conditions that need an occurrence are
//! looked for from the occurrences ([`seeds`]).
//!
//! **What is not known** stays so: see [`Truth`]. An instance or a breach that depends on open values has
//! `Truth::Unknown`; where a calendar month without a date leaves the day of a breach open, it lies between
//! [`Breach::earliest`] and [`Breach::day`].
//!
//! Readings that the semantics leaves to the evaluator:
//!
//! * Nothing is due before day 0. A rule's conditions look back to the day it was set off, for acts and events too.
//! * A pattern with numbers, filters or ground that changes is asked of a prohibition and of a standing duty on each day, of
//!   a point duty and in conditions on the day the act began.
//! * §12's span of a point duty ends with lift or exit, not with its deadline: an act that it demands stays excused (R1).
//!   `every n` without `within` is met once in each period. `must ensure` with `within` is met on one day of its window.
//! * Set aside (R2): a point duty while the prohibition has been due on each day of its window so far; at its deadline that
//!   is the whole window. A standing duty and a permission: on the day.
//! * An instance ends with the exit of its subject and of anybody else that it names as a party; a surviving norm goes on.
//! * A response to a breach is due from the day behind it, after a finding from its day.
//! * An occurrence given twice is two. An act between whose named arguments one was not said matches as `Unknown` where that
//!   decides.

mod act;
mod alike;
mod arise;
mod ban;
mod breach;
mod calendar;
mod condition;
mod course;
mod due;
mod events;
mod expect;
mod flow;
mod log;
mod march;
mod matching;
mod meet;
mod members;
mod quantity;
mod rank;
mod seeds;
mod status;
mod text;
mod timeline;
mod truth;
mod used;
mod whom;
mod window;

pub use ban::Objection;
pub use calendar::Edge;
pub use course::{Choosing, Chosen, Course, Due, Effect, Keeper, Step, choose, course, effects};
pub use expect::Answer;
pub use quantity::attribute_name;
pub use status::Status;
pub use text::Text;
pub use timeline::{Entry, What, timeline};
pub use truth::{Fit, Truth};

use crate::evaluate::Evaluator;
use crate::model::conduct::{Actor, Binder, Condition, NormId, RuleId, Situation, VarId, Variable, Who};
use crate::model::{CharterId, Program, Statement};
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values of the variables of a condition, and the day from which it looks back.
#[derive(Debug, Clone)]
pub struct Scope<'s> {
    variables: &'s [Variable],
    values: Vec<Option<Actor>>,
    base: Option<Edge>,
    norm: Option<NormId>,
}

impl<'s> Scope<'s> {
    /// Variables and their values, the day from which conditions look back.
    #[must_use]
    pub fn new(variables: &'s [Variable], values: &[Option<Actor>], base: Option<i64>) -> Self {
        let mut values = values.to_vec();
        values.resize(variables.len(), None);
        Self { variables, values, base: base.map(Edge::on), norm: None }
    }

    fn who(&self, who: Who) -> Option<Actor> {
        who.among(&self.values)
    }

    fn get(&self, v: VarId) -> Option<Actor> {
        self.values.get(v.0 as usize).copied().flatten()
    }

    fn set(&mut self, v: VarId, value: Option<Actor>) {
        if let Some(slot) = self.values.get_mut(v.0 as usize) {
            *slot = value;
        }
    }

    fn with_values(&self, values: Vec<Option<Actor>>) -> Self {
        Self { values, ..self.clone() }
    }

    /// Whether an act may give it its value.
    fn is_open(&self, v: VarId) -> bool {
        self.get(v).is_none() && self.variables.get(v.0 as usize).is_some_and(|x| x.binder != Binder::Rule)
    }

    /// The variables of the norm itself that have no value yet.
    fn open_variables(&self) -> Vec<VarId> {
        (0u32..)
            .map(VarId)
            .zip(self.variables)
            .filter(|(v, x)| matches!(x.binder, Binder::Each | Binder::Group) && self.get(*v).is_none())
            .map(|(v, _)| v)
            .collect()
    }
}

/// What set an instance off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// the charter binds its subject
    Bound,
    /// its condition came to hold
    Condition,
    /// its time came round: the how manieth, from 0
    Round(u32),
    /// an act or an event: its place in the situation
    Occurrence(usize),
    /// a finding: its place in the situation
    Finding(usize),
    /// a breach: its place in [`Run::breaches`]
    Breach(usize),
}

/// A norm with values for its variables, from the day it arises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// which norm
    pub norm: NormId,
    /// the values of its variables, by [`VarId`]; none for a variable that each act gives its value (prohibitions and
    /// permissions), for that of a group, and inside conditions
    pub values: Vec<Option<Actor>>,
    /// whether it arises
    pub truth: Truth,
    /// the day it arises, from which its windows count: the first that it can be
    pub arises: i64,
    /// the day its conditions look back to
    pub base: Option<i64>,
    /// the first day of its span
    pub first: i64,
    /// the last day of its span, as far as the horizon shows: the last that it can be; none: no end
    pub last: Option<i64>,
    /// the last day of the window of a point duty: the last that it can be
    pub deadline: Option<i64>,
    /// what set it off
    pub cause: Cause,
    /// the setting off of the rule it arises with: its place in [`Run::firings`]
    pub firing: Option<usize>,
    edges: window::Edges,
}

/// A rule that was set off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// which rule
    pub rule: RuleId,
    /// the values of its variables
    pub values: Vec<Option<Actor>>,
    /// whether it was
    pub truth: Truth,
    /// the day from which windows count: the first that it can be
    pub day: i64,
    /// what set it off
    pub cause: Cause,
    /// the day on which its lift first holds
    pub lifted: Option<i64>,
    /// the day on which its lift first may hold
    maybe_lifted: Option<i64>,
    at: Edge,
    first: Edge,
}

/// A breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// of which norm
    pub norm: NormId,
    /// of which instance or template
    pub instance: usize,
    /// the values of the norm's variables
    pub values: Vec<Option<Actor>>,
    /// by whom; none: a group failed and nobody is in breach
    pub subject: Option<Actor>,
    /// its day; the last that it can be
    pub day: i64,
    /// the first day that it can be
    pub earliest: i64,
    /// whether it is one
    pub truth: Truth,
    /// the one other party that the norm names
    pub injured: Option<Actor>,
    /// the act, by its place in the situation
    pub act: Option<usize>,
    /// it breaks this ceiling of the norm's rule, by its place there, and not the norm itself
    pub ceiling: Option<usize>,
}

/// A situation, worked out up to a horizon.
#[derive(Debug)]
pub struct Run<'a> {
    program: &'a Program,
    charter: CharterId,
    situation: &'a Situation,
    horizon: i64,
    clock: calendar::Clock<'a>,
    members: members::Members,
    log: log::Log,
    text: Arc<Text<'a>>,
    instances: Vec<Instance>,
    firings: Vec<Firing>,
    breaches: Vec<Breach>,
    broken: BTreeMap<NormId, Vec<usize>>,
    by_norm: BTreeMap<NormId, Vec<usize>>,
    by_subject: BTreeMap<(NormId, Option<Actor>), Vec<usize>>,
    by_firing: Vec<Vec<usize>>,
    bans: Vec<ban::Ban>,
    bans_on: BTreeMap<crate::model::conduct::ActionId, Vec<usize>>,
    visited: BTreeSet<i64>,
    depth: Cell<u32>,
    ground: OnceCell<Evaluator<'a>>,
    here: Arc<Vec<&'a Statement>>,
}

impl<'a> Run<'a> {
    /// Works a situation out up to a day: the norms of a charter and of all contracts.
    #[must_use]
    pub fn new(program: &'a Program, charter: CharterId, situation: &'a Situation, horizon: i64) -> Self {
        Self::of(&Arc::new(Text::new(program, charter)), situation, horizon)
    }

    /// The same of a text that is read already.
    #[must_use]
    pub fn of(text: &Arc<Text<'a>>, situation: &'a Situation, horizon: i64) -> Self {
        march::run(text, situation, horizon, false)
    }

    /// The same, one day after the other. For tests.
    #[cfg(test)]
    fn every_day(program: &'a Program, charter: CharterId, situation: &'a Situation, horizon: i64) -> Self {
        march::run(&Arc::new(Text::new(program, charter)), situation, horizon, true)
    }

    /// The situation.
    #[must_use]
    pub fn situation(&self) -> &'a Situation {
        self.situation
    }

    /// The charter.
    #[must_use]
    pub fn charter(&self) -> CharterId {
        self.charter
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// The last day that was looked at.
    #[must_use]
    pub fn horizon(&self) -> i64 {
        self.horizon
    }

    /// All instances and templates, in the order in which they arise.
    #[must_use]
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// All settings off of rules, by day.
    #[must_use]
    pub fn firings(&self) -> &[Firing] {
        &self.firings
    }

    /// All breaches, by day.
    #[must_use]
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// Whether somebody is a member on a day.
    #[must_use]
    pub fn member(&self, who: Actor, day: i64) -> Truth {
        self.members.is(who, day)
    }

    fn ground(&self) -> &Evaluator<'a> {
        self.ground.get_or_init(|| Evaluator::new(self.program, &self.here))
    }

    fn statements(&self) -> &[&'a Statement] {
        &self.here
    }

    /// Whether a norm is one of this run's.
    fn concerns(&self, charter: Option<CharterId>) -> bool {
        charter.is_none_or(|c| c == self.charter)
    }

    /// The scope of an instance with all of its values.
    fn scope_of(&self, instance: &Instance, values: &[Option<Actor>]) -> Option<Scope<'a>> {
        let program: &'a Program = self.program;
        let norm = program.conduct.norm(instance.norm)?;
        let mut values = values.to_vec();
        values.resize(norm.variables.len(), None);
        Some(Scope { variables: &norm.variables, values, base: instance.edges.base, norm: Some(norm.id) })
    }
}

/// Whether a condition asks nothing of days: it has the same answer always.
fn is_constant(condition: &Condition) -> bool {
    condition.is_true() || condition.is_false()
}

#[cfg(test)]
mod tests;
