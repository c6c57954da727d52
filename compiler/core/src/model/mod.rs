//! What a program means: parties, cells, rights and labelled statements.
//!
//! In: [`crate::types`] builds a [`Program`] from resolved trees, with every name, unit and date resolved and every region
//! a set of cells. Out: [`crate::checks`] asks questions of it, [`evaluate`](crate::encode) replays answers on it. Every
//! statement carries its address (where a reader finds it), its identity (what findings are fingerprinted on) and the
//! parties that answer for it. No syntax and no geometry from here on.
//!
//! Time: the variable [`day`] counts days from 1970-01-01. Open terms and unknown attributes are variables of
//! [`Program::terms`] and [`Program::unknowns`]; a [`Formula`] of a statement may read these and nothing else.

pub mod conduct;
pub mod flow;
pub mod lower;
pub mod mentions;

use crate::atlas::{Atlas, AtlasId, CellSet};
use crate::logic::{Formula, Linear, Sort, Var};
use crate::report::document::Standing;
use crate::source::Span;
use indexmap::IndexMap;
use num_rational::BigRational;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// A party, by its place in [`Program::parties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(pub u32);

/// A right, by its place in [`Program::rights`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RightId(pub u32);

/// A kind, by its place in [`Program::kinds`]; 0 is `Party`, the kind of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u32);

/// A charter, by its place in [`Program::charters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharterId(pub u32);

/// An accession, by its place in [`Program::accessions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessionId(pub u32);

/// A statement, by its place in [`Program::statements`], which is also its label in questions. The places are in the
/// canonical order: charter, article, label, normalised text; data by source and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(pub u32);

/// The variable of time: days from 1970-01-01, over all integers.
#[must_use]
pub fn day() -> Var {
    static DAY: LazyLock<Var> = LazyLock::new(|| Var::new("day", Sort::Int));
    DAY.clone()
}

/// A whole program.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// the kinds; 0 is `Party`
    pub kinds: Vec<Kind>,
    /// every declared party
    pub parties: Vec<Party>,
    /// the rights; 0 is `sovereignty`, whether or not a module declares it
    pub rights: Vec<Right>,
    /// the spaces with their cells
    pub atlases: Vec<Atlas>,
    /// what is still to be settled (σ)
    pub terms: Vec<OpenTerm>,
    /// attributes without a stated value (α)
    pub unknowns: Vec<Unknown>,
    /// the charters, by name
    pub charters: Vec<Charter>,
    /// the accessions, by charter and candidate
    pub accessions: Vec<Accession>,
    /// every labelled statement, in canonical order
    pub statements: Vec<Statement>,
    /// what is to be proved
    pub properties: Vec<Property>,
    /// what peers owe each other
    pub conduct: conduct::Conduct,
    /// what parties hold ground to be worth, for the cost of ways out
    pub worths: Vec<Worth>,
    /// what parties would rather have
    pub preferences: Vec<Preference>,
    /// articles and paragraphs of authentic text that no statement stands for
    pub not_formalised: Vec<Span>,
}

/// A sort of party.
#[derive(Debug, Clone)]
pub struct Kind {
    /// its name
    pub name: String,
    /// the kind it refines
    pub parent: Option<KindId>,
}

/// A party.
#[derive(Debug, Clone)]
pub struct Party {
    /// its name
    pub name: String,
    /// its kind
    pub kind: KindId,
    /// where it is declared, or the row of data it comes from
    pub span: Span,
    /// its attributes: a constant, or a variable of [`Program::unknowns`]. Quantities in the base unit of their type
    pub attributes: IndexMap<String, AttributeValue>,
    /// false for a receiver of a delegation whom no row of data and no declaration names: an outsider, known by that
    pub declared: bool,
}

/// The value of an attribute.
#[derive(Debug, Clone)]
pub enum AttributeValue {
    /// a number: a constant or an unknown, in the base unit; with the unit for printing (`EUR`, `days`, `m`, `%`, empty)
    Quantity(Linear, String),
    /// a truth value: a constant or an unknown
    Bool(Formula),
    /// a region
    Region(Region),
    /// a text
    Text(String),
}

/// A right.
#[derive(Debug, Clone)]
pub struct Right {
    /// its name
    pub name: String,
    /// exclusive, shared or quota
    pub mode: crate::syntax::tree::RightMode,
    /// rights that no other party may hold beside it (an exclusive right excludes itself); symmetric
    pub excludes: BTreeSet<RightId>,
    /// where it is declared
    pub span: Option<Span>,
}

/// Something still to be settled.
#[derive(Debug, Clone)]
pub struct OpenTerm {
    /// its name
    pub name: String,
    /// its variable: `Int` for listed values (0, 1, …), counts and dates (days), else `Real` in the base unit
    pub var: Var,
    /// its range
    pub range: Formula,
    /// the listed values, in order; empty for numbers
    pub values: Vec<String>,
    /// how to print a number: as a date, or with this unit
    pub print: Print,
    /// where it is declared
    pub span: Span,
}

/// How to print a number of a term or an unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Print {
    /// a listed value
    Value,
    /// a calendar date
    Date,
    /// a number with a unit (empty for none); `%` prints a hundredfold
    Unit(String),
}

/// An attribute that no one states.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// its variable, named `gdp(Ada)`
    pub var: Var,
    /// the range that is stated, or that the type gives
    pub range: Formula,
    /// whose attribute
    pub party: PartyId,
    /// how to print it
    pub print: Print,
}

/// A charter.
#[derive(Debug, Clone)]
pub struct Charter {
    /// its name
    pub name: String,
    /// its title
    pub title: Option<String>,
    /// its listed members, in the order of their names
    pub members: Vec<PartyId>,
    /// kinds that are open in number (`any Household`)
    pub open: Vec<KindId>,
    /// its statements, in order
    pub statements: Vec<StatementId>,
    /// where it is declared
    pub span: Span,
}

/// A candidate's instrument.
#[derive(Debug, Clone)]
pub struct Accession {
    /// the candidate
    pub party: PartyId,
    /// the charter
    pub charter: CharterId,
    /// its statements, in order
    pub statements: Vec<StatementId>,
    /// where it is declared
    pub span: Span,
}

/// Ground of one atlas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// the atlas
    pub atlas: AtlasId,
    /// its cells
    pub cells: CellSet,
    /// as written
    pub words: String,
}

/// One labelled statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// its place in the program
    pub id: StatementId,
    /// `Pact/1/2`; for data `Pact/1/berlin.yaml/networks.ipv4/0`; for stances `Ada/accepts/1`
    pub address: String,
    /// its label, or charter, article and normalised text; for data source and key: see [`Self::identity`]
    pub identity: Identity,
    /// the charter it stands in
    pub charter: Option<CharterId>,
    /// the accession it stands in (then [`Self::charter`] is the charter acceded to)
    pub accession: Option<AccessionId>,
    /// the article, as a reader finds it: `article 1 "Borders"`
    pub article: Option<Arc<str>>,
    /// who answers for it, in the order of their names; nobody by name for a requirement, which is the whole charter's
    pub parties: Vec<PartyId>,
    /// what it says
    pub kind: StatementKind,
    /// when it is on: `from`, `until` and `when`, over [`day`], terms and unknowns
    pub on: Formula,
    /// on whose word it rests
    pub reading: Arc<Reading>,
    /// where it stands
    pub span: Span,
    /// as it stands there, white space folded
    pub text: String,
}

/// How a statement is known from one version of a charter to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// by its container, which is so many bytes of its address, and its text: what most are known by
    Words {
        /// the bytes of the address before the last `/`
        before: usize,
    },
    /// by what is given
    Given(String),
}

/// On whose word a statement rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// the named source
    pub source: Option<String>,
    /// its date, ISO
    pub as_of: Option<String>,
    /// `land` or `with waters`
    pub extent: Option<String>,
    /// its licence
    pub licence: Option<String>,
    /// metres; differences narrower than this are undecidable (B08)
    pub accuracy_m: Option<BigRational>,
    /// by the party itself or a named source, or by another hand
    pub standing: Standing,
}

impl Default for Reading {
    fn default() -> Self {
        Self { source: None, as_of: None, extent: None, licence: None, accuracy_m: None, standing: Standing::Stated }
    }
}

impl Reading {
    /// On the word of whoever makes the statement: what most statements share.
    #[must_use]
    pub fn plain() -> Arc<Self> {
        static PLAIN: LazyLock<Arc<Reading>> = LazyLock::new(Arc::default);
        Arc::clone(&PLAIN)
    }
}

/// What a statement says.
#[derive(Debug, Clone)]
pub enum StatementKind {
    /// `P claims R as r`; the share of a quota right, as a fraction
    Claim {
        /// who
        party: PartyId,
        /// to what
        right: RightId,
        /// over what
        region: Region,
        /// its share, for a quota right
        quota: Option<Box<Linear>>,
    },
    /// `every Emitter e claims R as r quota q(e)` for the members that are open in number
    OpenClaim {
        /// each of them
        kind: KindId,
        /// to what
        right: RightId,
        /// over what
        region: Region,
        /// the share of one member as a multiple of an attribute of its own plus a constant: (factor, attribute, constant)
        quota: Option<Box<(BigRational, String, BigRational)>>,
    },
    /// `P controls R`: nothing follows for title
    Control {
        /// who
        party: PartyId,
        /// what
        region: Region,
    },
    /// `P recognises Q over R as r`
    Recognition {
        /// who recognises
        party: PartyId,
        /// whom
        holder: PartyId,
        /// as holder of what
        right: RightId,
        /// over what
        region: Region,
    },
    /// `P protests Q over R as r`
    Protest {
        /// who protests
        party: PartyId,
        /// whose claim
        holder: PartyId,
        /// to what
        right: RightId,
        /// over what
        region: Region,
    },
    /// `P and Q hold R jointly as r`: both a claim of the group and the consent of its members (one right)
    Jointly {
        /// the group
        parties: Vec<PartyId>,
        /// which right
        right: RightId,
        /// over what
        region: Region,
    },
    /// `P leases R to Q as r`: consent of P to Q's holding r
    Lease {
        /// the lessor
        party: PartyId,
        /// the lessee
        to: PartyId,
        /// what the lessee holds
        right: RightId,
        /// over what
        region: Region,
    },
    /// `P delegates R to Q`: consent of P to any right of Q
    Delegation {
        /// who delegates
        party: PartyId,
        /// to whom
        to: PartyId,
        /// over what
        region: Region,
    },
    /// `Q holds R under P`: the same, said by Q alone
    Under {
        /// who holds
        party: PartyId,
        /// under whom
        under: PartyId,
        /// over what
        region: Region,
    },
    /// `P waives R [as r]`: P's assertions there do not count
    Waiver {
        /// who
        party: PartyId,
        /// one right, or all
        right: Option<RightId>,
        /// over what
        region: Region,
    },
    /// `P and Q set aside R`
    SetAside {
        /// between whom
        parties: Vec<PartyId>,
        /// over what
        region: Region,
    },
    /// `R is frozen [from D]`: the day is the first of [`Statement::on`]; `None` when it has no beginning
    Frozen {
        /// over what
        region: Region,
        /// the first day, over terms
        from: Option<Linear>,
    },
    /// `R is common`
    Common {
        /// over what
        region: Region,
    },
    /// `boundary between P and Q along …`
    Boundary {
        /// whose side is the left
        left: PartyId,
        /// whose side is the right
        right: PartyId,
        /// the ground left of the line, cut to what the two claim
        left_side: Region,
        /// the ground right of the line
        right_side: Region,
    },
    /// `require …`
    Requirement(Box<Requirement>),
    /// `article 2 is waived for Q`
    RequirementWaived {
        /// which requirements
        requirements: Vec<StatementId>,
        /// for whom
        parties: Vec<PartyId>,
    },
    /// `P accepts φ`
    Acceptance {
        /// who
        party: PartyId,
        /// over terms only
        condition: Formula,
    },
    /// one or more norms of [`Program::conduct`], by their statement
    Norm,
    /// a trigger or sanction rule of [`Program::conduct`], by its statement
    Rule,
    /// a reservation, a ceiling, a compensation, a rule on leaving: by its statement in [`Program::conduct`]
    Provision,
}

/// A requirement.
#[derive(Debug, Clone)]
pub enum Requirement {
    /// every claim in scope lies within a region; the region may depend on whose claim it is
    Within {
        /// which claims
        scope: Scope,
        /// for all
        region: Option<Region>,
        /// for each claimant, where it depends on the party (`its party`); no entry: the party states no such ground
        by_party: IndexMap<PartyId, Region>,
    },
    /// every claim in scope has a size in a range
    Sized {
        /// which claims
        scope: Scope,
        /// at least
        least: Option<Size>,
        /// at most
        most: Option<Size>,
    },
    /// every reverse zone lies within the blocks its own party claims
    ReverseZones {
        /// the atlas of domains
        zones: AtlasId,
        /// the atlases of prefixes
        prefixes: Vec<AtlasId>,
    },
    /// an attribute differs between any two parties that state it
    Differs {
        /// the attribute
        attribute: String,
    },
    /// a condition on each member
    Each {
        /// who and what: the condition of each listed member
        conditions: IndexMap<PartyId, Formula>,
        /// as written
        words: String,
    },
    /// a condition on all members together, with sums over kinds that are open in number
    Together {
        /// over listed members' attributes and one variable `sum of q over Emitter` for each open sum
        condition: Formula,
        /// the open sums: variable, attribute, kind
        open_sums: Vec<OpenSum>,
        /// as written
        words: String,
    },
}

impl Requirement {
    /// The condition on all members together and its open sums, if it is one.
    #[must_use]
    pub fn together(&self) -> Option<(&Formula, &[OpenSum])> {
        match self {
            Self::Together { condition, open_sums, .. } => Some((condition, open_sums)),
            _ => None,
        }
    }
}

/// The sum of an attribute over the members of a kind that is open in number, without the listed ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSum {
    /// its variable
    pub var: Var,
    /// the attribute
    pub attribute: String,
    /// of which kind
    pub kind: KindId,
}

/// The sum of an attribute over the members of a kind that is open in number: the variable that requirements read, if one
/// does.
#[must_use]
pub fn open_sum(program: &Program, attribute: &str, kind: KindId) -> Var {
    let stated = program.statements.iter().find_map(|s| match &s.kind {
        StatementKind::Requirement(r) => {
            let (_, open_sums) = r.together()?;
            open_sums.iter().find(|o| o.kind == kind && o.attribute == attribute).map(|o| o.var.clone())
        }
        _ => None,
    });
    stated.unwrap_or_else(|| Var::real(format!("sum of {attribute} over {}", program.kind_name(kind))))
}

/// How many members of a kind that is open in number there are besides the listed ones.
#[must_use]
pub fn open_count(program: &Program, kind: KindId) -> Var {
    Var::int(format!("number of {}", program.kind_name(kind)))
}

/// Which claims a requirement speaks of.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// over one atlas
    pub atlas: Option<AtlasId>,
    /// to one right
    pub right: Option<RightId>,
}

/// The size of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Size {
    /// each of its prefixes has this length (a longer prefix is smaller)
    PrefixLength(u8),
    /// km²
    Area(BigRational),
    /// the measure of its intervals, in the atlas's unit; addresses; integers
    Measure(BigRational),
}

/// What a party holds ground to be worth.
#[derive(Debug, Clone)]
pub struct Worth {
    /// to whom
    pub party: PartyId,
    /// what
    pub region: Region,
    /// how much; the cost of giving up a part is in proportion to its share of the whole
    pub worth: BigRational,
    /// where it is said
    pub span: Span,
}

/// What a party would rather have.
#[derive(Debug, Clone)]
pub struct Preference {
    /// who
    pub party: PartyId,
    /// over terms
    pub condition: Formula,
    /// how much it matters
    pub weight: BigRational,
    /// where it is said
    pub span: Span,
}

/// Something to be proved.
#[derive(Debug, Clone)]
pub struct Property {
    /// the charter whose claims it reads
    pub charter: Option<CharterId>,
    /// what
    pub kind: PropertyKind,
    /// where it stands
    pub span: Span,
    /// as it stands there
    pub text: String,
}

/// The properties of borders.
#[derive(Debug, Clone)]
pub enum PropertyKind {
    /// some settlement that all accept leaves no clash
    Settled,
    /// no clash under any settlement
    HoldAlways,
    /// every cell is claimed by somebody on every day and under every settlement
    Covered(Region),
    /// one ground lies within another
    Within(Ground, Ground),
    /// two grounds have no common cell
    Disjoint(Ground, Ground),
}

/// Ground that may depend on claims.
#[derive(Debug, Clone)]
pub enum Ground {
    /// the same always
    Fixed(Region),
    /// `territory of P`: undisputed; on a day, under a settlement
    TerritoryOf(PartyId, AtlasId),
}

impl Program {
    /// The statement, if `id` is one of ours.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(id.0 as usize)
    }

    /// The name of a party.
    #[must_use]
    pub fn party_name(&self, id: PartyId) -> &str {
        self.parties.get(id.0 as usize).map_or("?", |p| p.name.as_str())
    }

    /// The name of a right.
    #[must_use]
    pub fn right_name(&self, id: RightId) -> &str {
        self.rights.get(id.0 as usize).map_or("?", |r| r.name.as_str())
    }

    /// The name of a kind.
    #[must_use]
    pub fn kind_name(&self, id: KindId) -> &str {
        self.kinds.get(id.0 as usize).map_or("Party", |k| k.name.as_str())
    }

    /// The atlas, if `id` is one of ours.
    #[must_use]
    pub fn atlas(&self, id: AtlasId) -> Option<&Atlas> {
        self.atlases.get(id.0 as usize)
    }

    /// Whether no two parties may hold these two rights over one cell.
    #[must_use]
    pub fn excludes(&self, a: RightId, b: RightId) -> bool {
        self.rights.get(a.0 as usize).is_some_and(|r| r.excludes.contains(&b))
    }

    /// Whether a kind is `of` or refines it.
    #[must_use]
    pub fn is_kind(&self, kind: KindId, of: KindId) -> bool {
        let mut at = Some(kind);
        while let Some(k) = at {
            if k == of || of.0 == 0 {
                return true;
            }
            at = self.kinds.get(k.0 as usize).and_then(|k| k.parent);
        }
        false
    }
}

impl Statement {
    /// How it is known from one version of the charter to the next.
    #[must_use]
    pub fn identity(&self) -> Cow<'_, str> {
        match &self.identity {
            Identity::Words { before } => {
                Cow::Owned([self.address.get(..*before).unwrap_or_default(), "/", &self.text].concat())
            }
            Identity::Given(known) => Cow::Borrowed(known),
        }
    }

    /// The region a statement is about, where it has one. A boundary has two: see [`StatementKind::Boundary`].
    #[must_use]
    pub fn region(&self) -> Option<&Region> {
        match &self.kind {
            StatementKind::Claim { region, .. }
            | StatementKind::OpenClaim { region, .. }
            | StatementKind::Control { region, .. }
            | StatementKind::Recognition { region, .. }
            | StatementKind::Protest { region, .. }
            | StatementKind::Jointly { region, .. }
            | StatementKind::Lease { region, .. }
            | StatementKind::Delegation { region, .. }
            | StatementKind::Under { region, .. }
            | StatementKind::Waiver { region, .. }
            | StatementKind::SetAside { region, .. }
            | StatementKind::Frozen { region, .. }
            | StatementKind::Common { region } => Some(region),
            StatementKind::Boundary { .. }
            | StatementKind::Requirement(_)
            | StatementKind::RequirementWaived { .. }
            | StatementKind::Acceptance { .. }
            | StatementKind::Norm
            | StatementKind::Rule
            | StatementKind::Provision => None,
        }
    }
}
