//! A finding while a check writes it: places, ground and days by number, not yet in words.
//!
//! In: what a check learnt. Out: a [`Draft`], which [`Context::report`](super::Context::report) turns into an entry of the
//! report: statements in canonical order with their places and roles, readings, names of ground, area, dates in ISO form,
//! and the fingerprint.

use super::situation::{Timeline, Told};
use crate::atlas::{AtlasId, CellSet};
use crate::model::{AccessionId, CharterId, PartyId, Program, StatementId};
use crate::report::Level;
use crate::report::document::WayOut;
use crate::source::Span;
use indexmap::IndexMap;

/// Days from the first to the last, both included; `None` is open. Days count from 1970-01-01.
pub type Interval = (Option<i64>, Option<i64>);

/// A finding in the making. [`Draft::new`], then what applies, then [`Context::report`](super::Context::report).
#[derive(Debug, Clone)]
pub struct Draft {
    pub(super) code: &'static str,
    pub(super) level: Option<Level>,
    pub(super) message: String,
    pub(super) charter: Option<CharterId>,
    pub(super) accession: Option<AccessionId>,
    pub(super) asked: Option<(Span, String)>,
    pub(super) statements: Vec<(StatementId, String)>,
    pub(super) parties: Vec<PartyId>,
    pub(super) identity: Vec<String>,
    pub(super) ground: Vec<(AtlasId, CellSet)>,
    pub(super) during: Vec<Interval>,
    pub(super) minimal: Option<bool>,
    pub(super) hypothetical: bool,
    pub(super) also: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) told: Told,
    pub(super) values: IndexMap<String, String>,
    pub(super) table: Vec<IndexMap<String, serde_json::Value>>,
    pub(super) ways_out: Vec<WayOut>,
    pub(super) notes: Vec<String>,
}

impl Draft {
    /// A finding of this code with its one sentence.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            level: None,
            message: message.into(),
            charter: None,
            accession: None,
            asked: None,
            statements: Vec::new(),
            parties: Vec::new(),
            identity: Vec::new(),
            ground: Vec::new(),
            during: Vec::new(),
            minimal: None,
            hypothetical: false,
            also: Vec::new(),
            depends_on: Vec::new(),
            told: Told::default(),
            values: IndexMap::new(),
            table: Vec::new(),
            ways_out: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// With a clause before its sentence.
    #[must_use]
    pub fn prefixed(mut self, head: &str) -> Self {
        self.message = format!("{head}: {}", self.message);
        self
    }

    /// Counts for this, where it is not the level of the check.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Is about this charter.
    #[must_use]
    pub fn charter(mut self, charter: CharterId) -> Self {
        self.charter = Some(charter);
        self
    }

    /// Arises with this candidate: it then cannot join as written if the finding is an error.
    #[must_use]
    pub fn accession(mut self, accession: Option<AccessionId>) -> Self {
        self.accession = accession;
        self
    }

    /// Says that what a file asks for with `prove` does not hold: where that stands, and its text.
    #[must_use]
    pub fn asked(mut self, span: Span, text: &str) -> Self {
        self.asked = Some((span, text.to_owned()));
        self.identity(text)
    }

    /// Is about this statement, which here plays a part: `Arland claims the Isles from 2020-01-01`. An empty role is made
    /// from the statement.
    #[must_use]
    pub fn statement(mut self, statement: StatementId, role: impl Into<String>) -> Self {
        self.statements.push((statement, role.into()));
        self
    }

    /// Is about these statements, their parts made from them.
    #[must_use]
    pub fn statements(self, statements: impl IntoIterator<Item = StatementId>) -> Self {
        statements.into_iter().fold(self, |draft, s| draft.statement(s, ""))
    }

    /// Concerns this party besides those that answer for its statements.
    #[must_use]
    pub fn party(mut self, party: PartyId) -> Self {
        self.parties.push(party);
        self
    }

    /// Is told apart from other findings of its code by this, besides its statements. A finding without statements needs one.
    #[must_use]
    pub fn identity(mut self, text: impl Into<String>) -> Self {
        self.identity.push(text.into());
        self
    }

    /// Is about this ground: names, area, extent, cells, pieces and a point come from it. May repeat.
    #[must_use]
    pub fn ground(mut self, atlas: AtlasId, cells: CellSet) -> Self {
        if !cells.is_empty() {
            self.ground.push((atlas, cells));
        }
        self
    }

    /// Holds on these days; left out when it is every day.
    #[must_use]
    pub fn during(mut self, days: Vec<Interval>) -> Self {
        self.during = if days.as_slice() == [(None, None)] { Vec::new() } else { days };
        self
    }

    /// Whether no statement could be left out.
    #[must_use]
    pub fn minimal(mut self, minimal: bool) -> Self {
        self.minimal = Some(minimal);
        self
    }

    /// Is a situation of parties that nobody named.
    #[must_use]
    pub fn hypothetical(mut self) -> Self {
        self.hypothetical = true;
        self
    }

    /// Shows this situation, which nobody wrote: its timeline, who may play the roles in it, and the values it needs.
    #[must_use]
    pub fn situation(mut self, program: &Program, timeline: &Timeline) -> Self {
        self.told = timeline.tell(program);
        self.hypothetical()
    }

    /// Is also an instance of another code.
    #[must_use]
    pub fn also(mut self, code: impl Into<String>) -> Self {
        self.also.push(code.into());
        self
    }

    /// Rests on this value of a term or this default.
    #[must_use]
    pub fn depends_on(mut self, text: impl Into<String>) -> Self {
        self.depends_on.push(text.into());
        self
    }

    /// Arises with this value.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// A row of its table.
    #[must_use]
    pub fn row(mut self, row: IndexMap<String, serde_json::Value>) -> Self {
        self.table.push(row);
        self
    }

    /// A change that would settle it.
    #[must_use]
    pub fn way_out(mut self, way: WayOut) -> Self {
        self.ways_out.push(way);
        self
    }

    /// A fact that helps to understand it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
}
