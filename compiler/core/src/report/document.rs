//! The report as a document: what `--format json` prints, and what every other rendering is made from.
//!
//! In: findings that the checks made. Out: a serialisable [`Report`]. Fields that do not apply are left out; the order is
//! canonical; there is no time, no path of the machine and no solver version in it. The shape is fixed by the interface
//! page: more may be added, nothing changes its meaning.

pub use super::situation::{Role, SituationEntry, SituationEvent};
use crate::source::Span;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// the version of this format
    pub schema: u32,
    /// the version of the program
    pub comity: String,
    /// in this order of precedence: invalid, conflict, undecided, consistent
    pub verdict: Verdict,
    /// what was read, by path
    pub inputs: Vec<Input>,
    /// what holds for the whole report: how lines run, what was not asked for
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// what was found
    pub findings: Vec<Finding>,
    /// what was proved, and on what it rests
    pub proved: Vec<Proved>,
    /// what the budget did not suffice for
    pub undecided: Vec<Undecided>,
    /// what was not asked because something is missing
    pub not_asked: Vec<NotAsked>,
    /// how much there was
    pub counts: Counts,
    /// `comity claims --at`: who claims each point
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<PointAnswer>,
    /// what was remarked while reading: why the input could not be read (verdict `invalid`), or repairs that were made
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticEntry>,
    /// what `--baseline` left out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// cells for `--format geojson` and `csv`; not part of the JSON document
    #[serde(skip)]
    pub cells: Vec<CellEntry>,
}

impl Report {
    /// An empty report of this version of the program.
    #[must_use]
    pub fn new(verdict: Verdict) -> Self {
        Self {
            schema: 1,
            comity: env!("CARGO_PKG_VERSION").to_owned(),
            verdict,
            inputs: Vec::new(),
            notes: Vec::new(),
            findings: Vec::new(),
            proved: Vec::new(),
            undecided: Vec::new(),
            not_asked: Vec::new(),
            counts: Counts::default(),
            at: Vec::new(),
            diagnostics: Vec::new(),
            baseline: None,
            cells: Vec::new(),
        }
    }
}

/// How a report compares with an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Baseline {
    /// how many findings the earlier report had as well; they are left out
    pub known: usize,
    /// the fingerprints of those that the earlier report had and this one has not
    pub gone: Vec<String>,
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// nothing denied and all proved, as written here
    Consistent,
    /// a denied finding
    Conflict,
    /// nothing refuted, yet something undecided
    Undecided,
    /// the input could not be read
    Invalid,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Input {
    /// relative to the project
    pub path: String,
    /// of its bytes, in hexadecimal
    pub sha256: String,
}

/// How a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// denied: exit status 1
    Error,
    /// works, and leaves somebody exposed
    Warning,
    /// a table or a fact
    Note,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// the check, as in `comity explain`
    pub code: String,
    /// what the check finds, in a few words
    pub title: String,
    /// how it counts
    pub level: Level,
    /// of the identities of what it is about: stable when other text moves
    pub fingerprint: String,
    /// one sentence that stands alone
    pub message: String,
    /// the charter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charter: Option<String>,
    /// the parties it concerns, by name
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<String>,
    /// the `prove` statement that does not hold
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// the statements it is about
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<StatementEntry>,
    /// the named regions it is about
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// on the ellipsoid, edges straight in longitude and latitude; rounded to 6 decimals
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_km2: Option<f64>,
    /// the extent in a space without area, with its unit: `4096 addresses`, `2 MHz`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// how many cells
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<usize>,
    /// how many connected pieces of ground
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<usize>,
    /// the width of the widest piece, metres
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width_m: Option<f64>,
    /// from, until (both included, ISO dates); null is open
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub during: Vec<(Option<String>, Option<String>)>,
    /// longitude and latitude of a point inside the largest piece
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<[f64; 2]>,
    /// on whose reading each statement rests
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reading: Vec<Reading>,
    /// true for situations that the checker made up
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hypothetical: bool,
    /// whether no statement could be left out (conflicts only)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimal: Option<bool>,
    /// other codes with the same cause
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// the values of open terms and the defaults it depends on
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// what happens, day by day
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub situation: Vec<SituationEntry>,
    /// who may play the parts of the situation, in the order of their first appearance
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// the same in sentences, for renderings: `P and Q may be any two of 31 members`
    #[serde(skip)]
    pub casting: Vec<String>,
    /// values that make it so
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, String>,
    /// rows of a table: column → value
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<IndexMap<String, serde_json::Value>>,
    /// changes that would settle it, cheapest first
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways_out: Vec<WayOut>,
    /// facts that help to understand it
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Finding {
    /// A finding with its code's title and a message; everything else is for the check to fill in, the fingerprint last.
    #[must_use]
    pub fn new(code: &str, level: Level, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            title: super::codes::title(code).to_owned(),
            level,
            fingerprint: String::new(),
            message: message.into(),
            charter: None,
            parties: Vec::new(),
            asked: None,
            statements: Vec::new(),
            regions: Vec::new(),
            area_km2: None,
            extent: None,
            cells: None,
            components: None,
            width_m: None,
            during: Vec::new(),
            point: None,
            reading: Vec::new(),
            hypothetical: false,
            minimal: None,
            also: Vec::new(),
            depends_on: Vec::new(),
            situation: Vec::new(),
            roles: Vec::new(),
            casting: Vec::new(),
            values: IndexMap::new(),
            table: Vec::new(),
            ways_out: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A statement that a finding is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StatementEntry {
    /// its address: charter, article, paragraph; for data, the source and key
    pub id: String,
    /// who answers for it
    pub parties: Vec<String>,
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// as it stands in the file, white space folded
    pub text: String,
    /// where it stands, for renderings
    #[serde(skip)]
    pub span: Option<Span>,
    /// what it does in this finding, for renderings: `Arland claims the Isles from 2020-01-01`
    #[serde(skip)]
    pub role: String,
}

/// Where a file asks for something with `prove`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Asked {
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// as it stands in the file, white space folded
    pub text: String,
    /// where it stands, for renderings
    #[serde(skip)]
    pub span: Option<Span>,
}

/// On whose word a statement rests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Reading {
    /// whose claim
    pub party: String,
    /// the named source
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// its date
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// `land` or `with waters`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// its licence
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// whether the party or a named source said it, or somebody else wrote it without a source
    pub standing: Standing,
}

/// Whether a statement about a party is its own or another hand's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// by the party itself, or by a named source
    Stated,
    /// by another hand without a source
    Supposed,
}

/// A change that would settle a finding.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WayOut {
    /// who would have to move
    pub by: Vec<String>,
    /// what it costs in the parties' own stated values, or the number of changes
    pub cost: serde_json::Number,
    /// what would change, each one sentence or statement
    pub changes: Vec<String>,
    /// the part given up, km² where there is an area
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_km2: Option<f64>,
}

/// A question that was answered with a proof.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Proved {
    /// the check
    pub code: String,
    /// the question in words
    pub question: String,
    /// the charter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charter: Option<String>,
    /// the statements that the proof rests on
    pub core: Vec<String>,
    /// the settlement that was found and replayed, where the proof is a witness
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub witness: IndexMap<String, String>,
    /// whether the witness is a situation that the checker made up: it describes no conduct of anyone
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hypothetical: bool,
}

/// A question that the budget did not suffice for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Undecided {
    /// the check
    pub code: String,
    /// the question in words
    pub question: String,
    /// the charter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charter: Option<String>,
    /// how far it came
    pub reached: String,
}

/// A question that was not asked.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NotAsked {
    /// the check
    pub code: String,
    /// what is missing, and what to supply
    pub because: String,
}

/// How much there was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// charters
    pub charters: usize,
    /// parties
    pub parties: usize,
    /// statements
    pub statements: usize,
    /// questions asked
    pub questions: usize,
    /// cells of all atlases
    pub cells: usize,
}

/// Who claims a point.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PointAnswer {
    /// longitude, latitude
    pub point: [f64; 2],
    /// in the order of their names
    pub claimants: Vec<String>,
    /// those on whose boundary the point lies
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_boundary_of: Vec<String>,
}

/// A diagnostic in the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosticEntry {
    /// its stable name
    pub code: String,
    /// error, warning or note
    pub severity: String,
    /// the headline
    pub message: String,
    /// the file
    pub path: String,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// what to do
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub helps: Vec<String>,
}

/// One covering set with its ground: a feature of `--format geojson`, a row of `--format csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEntry {
    /// the atlas
    pub atlas: String,
    /// who claims it, in the order of their names
    pub claimants: Vec<String>,
    /// the claims
    pub statements: Vec<String>,
    /// the named regions that cover it
    pub regions: Vec<String>,
    /// on the ellipsoid
    pub area_km2: Option<f64>,
    /// in a space without area
    pub extent: Option<String>,
    /// of the widest piece
    pub width_m: Option<f64>,
    /// the codes of findings about it
    pub codes: Vec<String>,
    /// the sources of the claims
    pub sources: Vec<String>,
    /// polygons: rings of longitude and latitude, the outer ring first
    pub polygons: Vec<Vec<Vec<[f64; 2]>>>,
}
