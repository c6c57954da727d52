//! What is owed on a day, as a document: what `comity due --format json` prints and every other rendering shows.
//!
//! In: [`super::agenda`] fills it. Out: a serialisable [`Agenda`]. Days are dates; fields that do not apply are left out; the order
//! is canonical; there is no time and no path of the machine in it.

use crate::diagnostic::Diagnostic;
use crate::report::document::{DiagnosticEntry, Input};
use crate::source::Sources;
use schemars::JsonSchema;
use serde::Serialize;

/// What is owed on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agenda {
    /// the version of this format
    pub schema: u32,
    /// the version of the program
    pub comity: String,
    /// the charter
    pub charter: String,
    /// the day that is asked about
    pub on: String,
    /// where that day comes from
    pub on_from: String,
    /// the first day on which the charter binds
    pub in_force: String,
    /// where that day comes from
    pub in_force_from: String,
    /// what was read, by path
    pub inputs: Vec<Input>,
    /// what should have been done and was not, the longest ago first
    pub overdue: Vec<Item>,
    /// what must be done, by the last day
    pub due: Vec<Item>,
    /// what must be so on every day, and is
    pub every_day: Vec<Item>,
    /// what begins later, by the first day
    pub later: Vec<Item>,
    /// what may be done: because of a rule that was set off, or by the charter itself
    pub may: Vec<Item>,
    /// what must not be done because of a rule that was set off
    pub must_not: Vec<Item>,
    /// what is no longer owed, though it was neither done nor broken
    pub lapsed: Vec<Item>,
    /// what was done
    pub done: Vec<Item>,
    /// who is in breach, of what and since when
    pub breaches: Vec<BreachItem>,
    /// what the reader should know
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// why the input could not be read; then nothing else is said
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticEntry>,
}

/// One thing that is owed, may be done or was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// of the charter, the norm, whom it names and the day it arose: the same next week
    pub id: String,
    /// who; nobody where any of a group may do it
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// a sentence without its days: `Ada must embargo(Bel)`
    pub text: String,
    /// the first day
    pub from: String,
    /// the last day of a deadline; the earliest that it can be, where that is not settled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// the latest that it can be, where that is not settled; `rests_on` names what it rests on
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_latest: Option<String>,
    /// the last day otherwise, where it has one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// days from the day asked about to `by`, or to the first day of what begins later; below 0 when that is over
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// how it ended: `done on 2026-03-09`, `lifted on 2026-03-20`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// what says so
    pub statement: Citation,
    /// what set it off
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// whether it may be done at all times, whatever happens
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
    /// whether what nobody states decides
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// what it then rests on, or which day its deadline is, where that has a name
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// its days as numbers, by which it is sorted
    #[serde(skip)]
    pub(crate) order: Order,
    /// `by_latest` as a number
    #[serde(skip)]
    pub(crate) latest: Option<i64>,
}

/// The first and the last day of an item as numbers.
pub(crate) type Order = (i64, i64);

/// A breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BreachItem {
    /// by whom; nobody where a group failed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// against whom
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// a sentence without its day: `breach of article 1 by Bel against Ada`
    pub text: String,
    /// since when
    pub since: String,
    /// the first day since when it may be one, where that is not settled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_earliest: Option<String>,
    /// what says so
    pub statement: Citation,
    /// the act, where it is one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// whether what nobody states decides
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// what it then rests on, where that has a name
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// its day as a number, by which it is sorted
    #[serde(skip)]
    pub(crate) order: i64,
}

/// A statement of the charter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Citation {
    /// its address
    pub id: String,
    /// the article, as a reader finds it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// as it stands there
    pub text: String,
}

impl Agenda {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            schema: 1,
            comity: env!("CARGO_PKG_VERSION").to_owned(),
            charter: String::new(),
            on: String::new(),
            on_from: String::new(),
            in_force: String::new(),
            in_force_from: String::new(),
            inputs: Vec::new(),
            overdue: Vec::new(),
            due: Vec::new(),
            every_day: Vec::new(),
            later: Vec::new(),
            may: Vec::new(),
            must_not: Vec::new(),
            lapsed: Vec::new(),
            done: Vec::new(),
            breaches: Vec::new(),
            notes: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// An input that could not be read.
    #[must_use]
    pub fn invalid(diagnostics: &[Diagnostic], sources: &Sources) -> Self {
        let diagnostics = diagnostics.iter().map(|d| DiagnosticEntry::of(d, sources)).collect();
        Self { diagnostics, ..Self::new() }
    }

    /// All lists of items with their names, in the order in which they are shown.
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &Vec<Item>); 8] {
        [
            ("overdue", &self.overdue),
            ("due", &self.due),
            ("on every day", &self.every_day),
            ("later", &self.later),
            ("may be done", &self.may),
            ("must not be done because of a rule", &self.must_not),
            ("lapsed", &self.lapsed),
            ("done", &self.done),
        ]
    }

    /// All lists of items, to be changed.
    pub(super) fn lists_mut(&mut self) -> [&mut Vec<Item>; 8] {
        [
            &mut self.overdue,
            &mut self.due,
            &mut self.every_day,
            &mut self.later,
            &mut self.may,
            &mut self.must_not,
            &mut self.lapsed,
            &mut self.done,
        ]
    }

    /// Whether what nobody states decides anything.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.lists().iter().any(|(_, list)| list.iter().any(|i| i.undecided))
            || self.breaches.iter().any(|b| b.undecided)
    }

    /// What concerns one party alone.
    pub fn retain(&mut self, party: &str) {
        for list in self.lists_mut() {
            list.retain(|i| i.who.is_empty() || i.who.iter().any(|w| w == party));
        }
        self.breaches.retain(|b| b.by.as_deref() == Some(party) || b.against.as_deref() == Some(party));
    }
}

impl Default for Agenda {
    fn default() -> Self {
        Self::new()
    }
}
