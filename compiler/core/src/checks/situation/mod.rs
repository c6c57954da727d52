//! Situations on their way into a report: what happens, what is a breach, what is owed, day by day.
//!
//! In: a [`Situation`] that a check found and the breaches and duties of it that matter. Out: [`Told`], the entries of the
//! document with whoever acts by the name that the [`Cast`] gives. A check that speaks of roles in its message asks
//! [`Timeline::cast`] for the names, so that message and timeline agree.

pub mod cast;
mod told;
pub(crate) mod words;

pub use cast::{About, Cast};

use crate::model::conduct::{Actor, NormId, Situation, Value};
use crate::model::{CharterId, Program};
use crate::report::document::{Role, SituationEntry};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// A breach in a situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breached {
    /// the day
    pub day: i64,
    /// of what
    pub norm: NormId,
    /// by whom
    pub by: Actor,
    /// against whom
    pub against: Option<Actor>,
}

/// Something owed in a situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// by which norm
    pub norm: NormId,
    /// the values of its variables; a subject that is a group has none
    pub bound: Vec<Option<Actor>>,
    /// the first day
    pub from: i64,
    /// the last day
    pub until: Option<i64>,
}

/// A situation with what follows from it.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// what is given
    pub situation: Situation,
    /// the breaches to show
    pub breaches: Vec<Breached>,
    /// the duties to show
    pub owed: Vec<Owed>,
    cast: Cast,
}

/// A timeline in words.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub(super) entries: Vec<SituationEntry>,
    pub(super) roles: Vec<Role>,
    pub(super) casting: Vec<String>,
    pub(super) values: IndexMap<String, String>,
}

impl Told {
    /// What happens, by day: for a proof that shows a situation.
    #[must_use]
    pub fn days(&self) -> IndexMap<String, String> {
        let mut out: IndexMap<String, String> = IndexMap::new();
        for entry in &self.entries {
            let said = out.entry(format!("day {}", entry.day)).or_default();
            if !said.is_empty() {
                said.push_str("; ");
            }
            said.push_str(&entry.words);
        }
        out.extend(self.values.iter().map(|(k, v)| (k.clone(), v.clone())));
        out
    }
}

impl Timeline {
    /// With roles: for a situation that the checker made up. `about` says on what it depends.
    #[must_use]
    pub fn new(
        program: &Program,
        charter: CharterId,
        situation: Situation,
        breaches: Vec<Breached>,
        owed: Vec<Owed>,
        about: &About,
    ) -> Self {
        let mut out = Self { situation, breaches, owed, cast: Cast::default() };
        let actors = out.actors(program);
        out.cast = Cast::new(program, charter, &out.situation, about, &actors);
        out
    }

    /// With names: for a situation that somebody wrote.
    #[must_use]
    pub fn named(program: &Program, situation: Situation, breaches: Vec<Breached>, owed: Vec<Owed>) -> Self {
        let mut out = Self { situation, breaches, owed, cast: Cast::default() };
        out.cast = Cast::named(program, &out.actors(program));
        out
    }

    /// By what names those in it go.
    #[must_use]
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    /// In words.
    #[must_use]
    pub fn tell(&self, program: &Program) -> Told {
        told::tell(self, program)
    }

    /// Everybody in it, in the order of their first appearance; at the end those whose attributes it settles.
    fn actors(&self, program: &Program) -> Vec<Actor> {
        let mut out = Vec::new();
        let mut known = BTreeSet::new();
        let mut add = |actor: Actor| {
            if known.insert(actor) {
                out.push(actor);
            }
        };
        for line in told::order(self, program) {
            told::actors(self, program, line, &mut add);
        }
        for unknown in &program.unknowns {
            if self.situation.values.get(&unknown.var).is_some() {
                add(Actor::Party(unknown.party));
            }
        }
        out
    }
}

/// Those among the arguments of an act.
fn acting(arguments: &[Value]) -> impl Iterator<Item = Actor> + '_ {
    arguments.iter().filter_map(|v| match v {
        Value::Actor(a) => Some(*a),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
