//! The tree of a charter file: what was written, before any name is looked up.
//!
//! In: the parser ([`super::parse`]) builds it. Out: [`crate::resolve`] reads it, [`mod@super::print`] writes it back.
//! Every node carries the span of the text it came from. Nothing here knows what a name means, and nothing is dropped:
//! what was read stands in the tree. It serialises without loss (`comity emit json`). [`conduct`] holds what ring 2 adds; ring 3
//! adds further variants to [`ItemKind`] and [`StatementKind`].

pub mod conduct;

use crate::source::{FileId, Span};
use compact_str::CompactString;
use conduct::{
    Act, Action, ConductProperty, Contract, Flow, ForAll, Fund, Ladder, Norm, NormTarget, Scenario, Trigger,
};
use num_rational::BigRational;
use serde::{Serialize, Serializer};

/// A number as text, exactly: `3/2`.
fn exact<S: Serializer>(number: &BigRational, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Module {
    /// the file it was read from
    pub file: FileId,
    /// `//!` lines at its head
    pub doc: Vec<String>,
    /// its declarations, in order
    pub items: Vec<Item>,
    /// sentences of a literate charter that no statement stands for, in order (*not formalised*)
    pub prose: Vec<Prose>,
}

/// A paragraph of the authentic text of a literate charter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prose {
    /// where it stands
    pub span: Span,
    /// the heading above it, if any
    pub heading: Option<String>,
}

/// A name, bare or in quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Name {
    /// without the quotes; a tree has more of these than of anything else, most of them short
    pub text: CompactString,
    /// whether it stood in quotes
    pub quoted: bool,
    /// with the quotes
    pub span: Span,
}

/// Names joined by dots: `World."Belmark and the Isles"`, `std.measures.Shunning`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Path {
    /// at least one
    pub segments: Vec<Name>,
    /// from the first to the last
    pub span: Span,
}

/// A text in quotes that is no name: a title, a source, a reason, a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Text {
    /// without the quotes, escapes resolved
    pub text: String,
    /// with the quotes
    pub span: Span,
}

/// A declaration with its `///` lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// `///` lines above it
    pub doc: Vec<String>,
    /// the whole declaration
    pub span: Span,
    /// which one
    pub kind: ItemKind,
}

/// The declarations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// `import std.states` · `import "path.charter" as n`
    Import(Import),
    /// `kind Island: State { gdp: Money }`
    Kind(Kind),
    /// `party P: State { gdp = 1 billion EUR }`
    Party(Party),
    /// `right fishing quota`
    Right(Right),
    /// `sovereignty excludes administration, lease` (both ways)
    Excludes(Excludes),
    /// `unit tonne` · `unit kilotonne = 1_000 tonne`
    Unit(UnitDeclaration),
    /// `atlas A from "file" key K {…}`
    Atlas(Atlas),
    /// `region R = A.X + A.Y` outside an atlas
    Region(Region),
    /// `open term grace: Duration 10 days to 90 days`
    OpenTerm(OpenTerm),
    /// `Ada accepts grace at most 60 days`, `prefers`, `values`
    Stance(Stance),
    /// `model clause Shunning(rule: Article, grace: Duration) {…}`
    ModelClause(ModelClause),
    /// `charter C "Title" {…}`
    Charter(Charter),
    /// `accession P to C {…}`
    Accession(Accession),
    /// `data Peers from "peers/*.yaml", one Peer a file`
    Data(Data),
    /// `parties from Peers as Peer { asn = asn }` outside a charter: declares the parties only
    PartiesFrom(PartiesFrom),
    /// `matter borders`
    Matter(Name),
    /// `define north = A.X + A.Y` (in ring 1: regions, quantities and conditions without acts)
    Define(Define),
    /// `prove …`
    Prove(Prove),
    /// `ladder Severity { verbal < economic }`
    Ladder(Ladder),
    /// `action embargo(by: Party, on: Party)`
    Action(Action),
    /// `event ceased(by: Party)`
    Event(Action),
    /// `fund Relief = 3 million EUR`
    Fund(Fund),
    /// `flow food at least 60%`
    Flow(Flow),
    /// `contract N between P, Q {…}`
    Contract(Contract),
    /// `scenario "…" for C {…}`
    Scenario(Scenario),
}

/// `import std.states` or `import "lib/rights.charter" as rights`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// what is imported
    pub target: ImportTarget,
    /// `as n`
    pub alias: Option<Name>,
}

/// Where a module comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportTarget {
    /// `std.states`
    Standard(Path),
    /// a path relative to the importing file
    File(Text),
}

/// `kind Island: State { area: Area, gdp: Money }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kind {
    /// its name
    pub name: Name,
    /// the kind it refines
    pub parent: Option<Path>,
    /// its attributes
    pub attributes: Vec<Attribute>,
}

/// `gdp: Money`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribute {
    /// its name
    pub name: Name,
    /// its type
    pub sort: TypeName,
}

/// A type as written: `Money`, `Region of World`, a kind, a ladder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypeName {
    /// its name
    pub path: Path,
    /// `Region of World`, `Number of tonne`
    pub of: Option<Path>,
}

/// `party P: State { gdp = …, baseline = World.Coast }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Party {
    /// its name
    pub name: Name,
    /// its kind; `Party` when left out
    pub kind: Option<Path>,
    /// what it states about itself
    pub attributes: Vec<AttributeValue>,
}

/// `gdp = 1 billion EUR` or, for a range, `gdp 1 billion EUR to 5 billion EUR` (the value is then [`ExprKind::Range`]).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributeValue {
    /// the attribute
    pub name: Name,
    /// its value or range
    pub value: Expr,
}

/// How many may hold a right at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RightMode {
    /// one holder in each cell
    Exclusive,
    /// any number
    Shared,
    /// shares of at most 100 % in sum
    Quota,
}

/// `right fishing quota`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Right {
    /// its name
    pub name: Name,
    /// its mode
    pub mode: RightMode,
}

/// `sovereignty excludes administration, lease`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excludes {
    /// the right
    pub right: Path,
    /// those that no other party may hold beside it; the relation holds both ways
    pub excluded: Vec<Path>,
}

/// `unit tonne` or `unit kilotonne = 1_000 tonne`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitDeclaration {
    /// its name
    pub name: Name,
    /// how many of another unit it is
    pub definition: Option<Expr>,
}

/// `atlas A from "claims.geojson" key name { tolerance 10 m … region X = … }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Atlas {
    /// its name
    pub name: Name,
    /// what its points are
    pub space: Space,
    /// `source`, `as of`, `licence`, `accuracy`, `tolerance`, `extent`, `datum`
    pub settings: Vec<Setting>,
    /// regions named in it
    pub regions: Vec<Region>,
}

/// What the points of an atlas are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// `from "file" key K`: polygons read from one or more files, by a property of each feature (several parts joined by dots)
    File {
        /// the files
        files: Vec<Text>,
        /// the property
        key: Path,
    },
    /// `of earth`: polygons written in the charter
    Earth,
    /// `of MHz`: intervals in a declared unit
    Interval(Name),
    /// `of ipv4`
    Ipv4,
    /// `of ipv6`
    Ipv6,
    /// `of domain`
    Domain,
    /// `of integer`
    Integer,
    /// neither `from` nor `of`: plain names, disjoint unless stated
    Plain,
}

/// One line of an atlas that states where its rows come from or how fine they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// which one
    pub kind: SettingKind,
    /// the whole setting
    pub span: Span,
}

/// The settings of an atlas; its rows inherit them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    /// `source "boundary commission, 2nd survey"`
    Source(Text),
    /// `as of 2026-03-01`
    AsOf(Expr),
    /// `licence "…"`
    Licence(Text),
    /// `accuracy 5 m`
    Accuracy(Expr),
    /// `tolerance 10 m`
    Tolerance(Expr),
    /// `extent land` · `extent with waters`
    Extent(Extent),
    /// `datum WGS84`
    Datum(Name),
}

/// What a polygon of a claim covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// land only
    Land,
    /// land and the waters claimed with it
    WithWaters,
}

/// `region R`, `region R = …`, in a file of an atlas or outside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Region {
    /// `///` lines above it
    pub doc: Vec<String>,
    /// its name
    pub name: Name,
    /// what it is; a plain name has none
    pub value: Option<Expr>,
    /// the whole declaration
    pub span: Span,
}

/// `open term grace: Duration 10 days to 90 days` · `open term split: one of { a, b }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenTerm {
    /// its name
    pub name: Name,
    /// what values it can take
    pub domain: TermDomain,
}

/// The values an open term can take.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermDomain {
    /// `one of { a, b, c }`
    OneOf(Vec<Name>),
    /// a type and perhaps a range ([`ExprKind::Range`])
    Typed {
        /// the type
        sort: TypeName,
        /// the range
        range: Option<Expr>,
    },
}

/// What a party says of an open term or of a region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stance {
    /// `@label`
    pub label: Option<Name>,
    /// who
    pub party: Path,
    /// what
    pub kind: StanceKind,
}

/// The three stances.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StanceKind {
    /// `accepts grace at most 60 days`
    Accepts(Expr),
    /// `prefers grace at least 45 days, weight 3`
    Prefers {
        /// the condition
        condition: Expr,
        /// 1 when left out
        weight: Option<Expr>,
    },
    /// `values Iturup at 8`
    Values {
        /// a region
        region: Expr,
        /// a number
        worth: Expr,
    },
}

/// `model clause Shunning(rule: Article, grace: Duration = 30 days) {…}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelClause {
    /// its name
    pub name: Name,
    /// its parameters
    pub parameters: Vec<Parameter>,
    /// its statements
    pub statements: Vec<Statement>,
}

/// A parameter of a model clause or a definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// its name
    pub name: Name,
    /// its type
    pub sort: Option<TypeName>,
    /// its default
    pub default: Option<Expr>,
}

/// `charter C "Title" {…}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Charter {
    /// its name
    pub name: Name,
    /// its title
    pub title: Option<Text>,
    /// `for borders, trade`
    pub matters: Vec<Path>,
    /// who is in it
    pub members: Vec<Members>,
    /// `fund Capital = 10 billion EUR` in its head
    pub funds: Vec<Fund>,
    /// `overrides contracts`
    pub overrides: Option<Span>,
    /// its articles
    pub articles: Vec<Article>,
}

/// One `parties …` line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Members {
    /// the entries
    pub entries: Vec<MemberEntry>,
    /// the whole line
    pub span: Span,
}

/// Who is meant by a `parties` line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberEntry {
    /// `Ada`
    Named(Path),
    /// `any Household`: open in number
    AnyOf(Path),
    /// `from Peers as Peer { asn = asn }`
    From(PartiesFrom),
}

/// `parties from Peers as Peer { asn = asn }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartiesFrom {
    /// the data
    pub data: Path,
    /// the kind of each
    pub kind: Option<Path>,
    /// attribute = field path
    pub mapping: Vec<(Name, FieldPath)>,
    /// `named name`: the field that holds the party's name; for `one K a file` the file's stem when left out
    pub named: Option<FieldPath>,
    /// the whole clause
    pub span: Span,
}

/// `networks.ipv4[]`, `delegate.{a}[]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldPath {
    /// its steps
    pub segments: Vec<FieldSegment>,
    /// the whole path
    pub span: Span,
}

/// One step of a field path.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldSegment {
    /// a key
    Key(Name),
    /// `[]`: each of a list
    Each,
    /// `{a}`: each key of a map, bound to a name
    Bind(Name),
}

/// `article 1 "Borders" {…}` or `article 3 adopts Shunning(article 2)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Article {
    /// `///` lines above it
    pub doc: Vec<String>,
    /// its number: `1`, `5bis`, `2.1`
    pub number: String,
    /// its heading
    pub title: Option<Text>,
    /// what stands in it
    pub statements: Vec<Statement>,
    /// `article 1 "Borders"` without the body
    pub head: Span,
    /// all of it
    pub span: Span,
}

/// `accession Corvia to PeerSecurity {…}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accession {
    /// the candidate
    pub party: Path,
    /// the charter
    pub charter: Path,
    /// what it states
    pub statements: Vec<Statement>,
}

/// `data Peers from "peers/*.yaml", one Peer a file, ignoring nameservers, bgp`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Data {
    /// its name
    pub name: Name,
    /// the files, one or more patterns
    pub files: Vec<Text>,
    /// `one Peer a file`: each file is one row of that kind
    pub one_a_file: Option<Path>,
    /// `key name`: the property that names a row
    pub key: Option<FieldPath>,
    /// keys that are known and not read
    pub ignoring: Vec<FieldPath>,
    /// `source`, `as of`, …
    pub settings: Vec<Setting>,
}

/// `define name(parameters) = value`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Define {
    /// its name
    pub name: Name,
    /// its parameters
    pub parameters: Vec<Parameter>,
    /// its value
    pub value: Expr,
}

/// `prove …`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prove {
    /// `@label`
    pub label: Option<Name>,
    /// what is to be proved
    pub property: Property,
}

/// The properties that can be proved: of borders, and of conduct.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// `prove borders of C can be settled`: some settlement that all accept leaves no clash
    Settled {
        /// the charter
        charter: Path,
    },
    /// `prove borders of C hold under every settlement`: no clash under any value of the open terms
    HoldAlways {
        /// the charter
        charter: Path,
    },
    /// `prove in C every part of R is claimed`
    Covered {
        /// the charter
        charter: Path,
        /// the region
        region: Expr,
    },
    /// `prove in C R lies within S` · `prove R lies within S`
    Within {
        /// the charter in whose claims `territory of` is read
        charter: Option<Path>,
        /// the inner region
        inner: Expr,
        /// the outer region
        outer: Expr,
    },
    /// `prove R and S are disjoint`
    Disjoint {
        /// the charter in whose claims `territory of` is read
        charter: Option<Path>,
        /// one region
        left: Expr,
        /// the other
        right: Expr,
    },
    /// of conduct
    Conduct(ConductProperty),
}

/// One statement of an article, an accession or a model clause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// `///` lines above it
    pub doc: Vec<String>,
    /// `@isles`
    pub label: Option<Name>,
    /// which one
    pub kind: StatementKind,
    /// `as RIGHT`, `from DATE`, …, in the order written; the checker refuses what does not fit and what stands twice
    pub modifiers: Vec<Modifier>,
    /// all of it
    pub span: Span,
}

/// The statements.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// `P claims R`
    Claims {
        /// who
        party: Subject,
        /// what
        region: Expr,
    },
    /// `P controls R`
    Controls {
        /// who
        party: Subject,
        /// what
        region: Expr,
    },
    /// `P recognises Q over R`
    Recognises {
        /// who recognises
        party: Path,
        /// whom
        holder: Path,
        /// over what
        region: Expr,
    },
    /// `P protests Q over R`
    Protests {
        /// who protests
        party: Path,
        /// against whose claim
        holder: Path,
        /// over what
        region: Expr,
    },
    /// `P and Q hold R jointly`
    Jointly {
        /// the group, two or more
        parties: Vec<Path>,
        /// what
        region: Expr,
    },
    /// `P leases R to Q`
    Leases {
        /// the lessor
        party: Path,
        /// what
        region: Expr,
        /// the lessee
        to: Path,
    },
    /// `P delegates R to Q`
    Delegates {
        /// who delegates
        party: Path,
        /// what
        region: Expr,
        /// to whom
        to: Path,
    },
    /// `Q holds R under P`
    HoldsUnder {
        /// who holds
        party: Path,
        /// what
        region: Expr,
        /// under whom
        under: Path,
    },
    /// `P waives R`
    Waives {
        /// who
        party: Path,
        /// what
        region: Expr,
    },
    /// `P and Q set aside R`
    SetAside {
        /// the parties, two or more
        parties: Vec<Path>,
        /// what
        region: Expr,
    },
    /// `R is frozen`
    Frozen {
        /// what
        region: Expr,
    },
    /// `R is common`
    Common {
        /// what
        region: Expr,
    },
    /// `boundary between P and Q along …, P on the left`
    Boundary {
        /// the two parties, as written
        parties: (Path, Path),
        /// the legs in order
        legs: Vec<Leg>,
        /// whose side is the left one, seen along the line
        left: Path,
        /// `datum PSAD56`
        datum: Option<Name>,
    },
    /// `require …`
    Require(Box<Requirement>),
    /// `article 2 is waived for Q on basis "…" from 2026-01-01` · `requirement @sizes is waived for Q …`
    RequirementWaived {
        /// an article's number or a label
        target: WaiverTarget,
        /// for whom
        parties: Vec<Path>,
    },
    /// `claims from Peers each networks.ipv4[] over V4`
    ClaimsFrom {
        /// the data
        data: Path,
        /// the field
        field: FieldPath,
        /// the atlas
        atlas: Path,
    },
    /// `delegations from Peers each delegate.{a}[] to the Peer whose asn = a`
    DelegationsFrom {
        /// the data
        data: Path,
        /// the field
        field: FieldPath,
        /// the kind of the receiver
        kind: Path,
        /// its attribute
        attribute: Name,
        /// the bound name that the attribute equals
        equals: Name,
        /// the atlases the values may be of; all of the charter's claims' atlases that can read the value when left out
        atlases: Vec<Path>,
    },
    /// `adopts Shunning(article 2, grace = 30 days)`
    Adopts {
        /// the model clause
        clause: Path,
        /// its arguments
        arguments: Vec<Argument>,
    },
    /// `every party must …`, `no party may …`
    Norm(Box<Norm>),
    /// `on breach of article 1 by v { … }`
    Trigger(Box<Trigger>),
    /// `for a, b: party where a != b { … }`
    For(ForAll),
    /// `severity at most economic [for the first 60 days]`
    Ceiling {
        /// the highest level allowed
        level: Path,
    },
    /// `lift when CONDITION`
    Lift {
        /// the condition
        condition: Expr,
    },
    /// `compensate from Relief who loses by it`
    Compensate {
        /// the fund
        fund: Path,
        /// the event that says who loses how much: `who EVENT by it`
        event: Path,
    },
    /// `exempt food, medicine`
    Exempt {
        /// what is spared
        goods: Vec<Name>,
    },
    /// `proportionate to breach`
    Proportionate,
    /// `snap back on relapse`
    SnapBack,
    /// `reservation to article 3 on intervene`
    Reservation {
        /// to what
        target: NormTarget,
        /// on one action only
        action: Option<Path>,
    },
    /// `article 3 prevails over article 2`
    Prevails {
        /// what ranks above
        upper: NormTarget,
        /// what ranks below
        lower: NormTarget,
    },
    /// `withdraw on 180 days notice`, `withdraw at any time`
    Withdraw {
        /// the notice; none when at any time
        notice: Option<Expr>,
    },
    /// `article 2 survives withdrawal`
    Survives {
        /// what survives
        target: NormTarget,
    },
}

impl From<Norm> for StatementKind {
    fn from(norm: Norm) -> Self {
        Self::Norm(Box::new(norm))
    }
}

impl From<Trigger> for StatementKind {
    fn from(trigger: Trigger) -> Self {
        Self::Trigger(Box::new(trigger))
    }
}

/// What a waiver of a requirement names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverTarget {
    /// all requirements of an article
    Article(String, Span),
    /// one, by its label
    Label(Name),
}

/// Who makes a claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// `Arland`
    Party(Path),
    /// `every Emitter e`
    Every {
        /// the kind
        kind: Path,
        /// the name bound to each
        variable: Option<Name>,
    },
}

/// One leg of a boundary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leg {
    /// the kind of line
    pub line: Line,
    /// from where: the first leg says it, later ones continue
    pub from: Option<Expr>,
    /// to where
    pub to: LegEnd,
    /// all of it
    pub span: Span,
}

/// The kinds of line; *straight* alone is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// constant longitude
    Meridian,
    /// constant latitude
    Parallel,
    /// the shortest path on the ellipsoid
    Geodesic,
    /// constant bearing
    Loxodrome,
    /// equally far from both parties' baselines
    Median,
}

/// Where a leg ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegEnd {
    /// at a point
    Point(Expr),
    /// `open end towards POINT`: as far as a third party's line
    Open(Expr),
}

/// `require …`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// `every claim over V4 as R lies within REGION`
    ClaimsWithin {
        /// which claims
        scope: ClaimScope,
        /// the region; may use `its party`
        within: Expr,
    },
    /// `every claim over V4 is between /22 and /18` · `… is between 10 km2 and 500 km2` · `is at least …` · `is at most …`
    ClaimsSized {
        /// which claims
        scope: ClaimScope,
        /// the least size
        least: Option<Expr>,
        /// the greatest size
        most: Option<Expr>,
    },
    /// `every reverse zone over Zones lies within claims of its party over V4`
    ReverseZonesWithin {
        /// the atlas of domains
        zones: Path,
        /// the atlas or atlases of prefixes
        prefixes: Vec<Path>,
    },
    /// `asn differs between parties`
    Differs {
        /// the attribute
        attribute: Path,
    },
    /// `sum of q(e) over every Emitter at most 100%`, or any condition on a member: `gdp(it) at least 1 billion EUR`
    Condition(Expr),
}

/// `every claim over V4 as R`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimScope {
    /// the atlas
    pub over: Option<Path>,
    /// the right
    pub right: Option<Path>,
}

/// A clause that follows a statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Modifier {
    /// which one
    pub kind: ModifierKind,
    /// all of it
    pub span: Span,
}

/// The clauses that follow a statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ModifierKind {
    /// `as RIGHT`
    As(Path),
    /// `from DATE`
    From(Expr),
    /// `until DATE`
    Until(Expr),
    /// `when CONDITION`
    When(Expr),
    /// `quota 30%`
    Quota(Expr),
    /// `on basis "…"`
    Basis(Text),
    /// `source "…"`
    Source(Text),
    /// `as of DATE`
    AsOf(Expr),
    /// `unless CONDITION`
    Unless(Expr),
    /// `within 30 days`
    Within(Expr),
    /// `after 60 days`
    After(Expr),
    /// `at least 90 days before shut_down`
    Before {
        /// the least time between
        days: Expr,
        /// the later act
        act: Box<Act>,
    },
    /// `every 1 year`
    Every(Expr),
    /// `for the first 60 days`
    ForTheFirst(Expr),
    /// `in territory of q`, `in R`
    In(Expr),
    /// `notwithstanding article 2`
    Notwithstanding(NormTarget),
    /// `subject to article 5`
    SubjectTo(NormTarget),
    /// `each answerable`: a failing group duty is a breach of each
    EachAnswerable,
    /// `as it deems necessary`
    Discretion,
}

/// An argument of a call or an adoption.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Argument {
    /// `grace =`
    pub name: Option<Name>,
    /// its value
    pub value: Expr,
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expr {
    /// which one
    pub kind: ExprKind,
    /// all of it
    pub span: Span,
}

/// The expressions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExprKind {
    /// `12`, `1_120`, `0.5`: exact
    Number(#[serde(serialize_with = "exact")] BigRational),
    /// a number with its unit as written, factors included: `1_120 billion EUR`, `30 days`, `12 nmi`, `30%`, `500_000 tonne`
    Quantity {
        /// the number
        #[serde(serialize_with = "exact")]
        value: BigRational,
        /// `thousand`, `million`, `billion`, …: 1 when left out
        #[serde(serialize_with = "exact")]
        factor: Box<BigRational>,
        /// the unit
        unit: Name,
    },
    /// `2026-03-01`
    Date {
        /// year
        year: i32,
        /// month from 1
        month: u8,
        /// day from 1
        day: u8,
    },
    /// `"text"` where no name can stand
    Text(String),
    /// `true`, `false`
    Bool(bool),
    /// a name or a path
    Path(Path),
    /// `gdp(it)`, `q(e)`, a definition with arguments
    Call {
        /// what is called
        callee: Path,
        /// its arguments
        arguments: Vec<Argument>,
    },
    /// `it`
    It,
    /// `its party` in a requirement on claims
    ItsParty,
    /// `article 2`
    Article(String),
    /// `not`, `-`
    Unary(UnaryOp, Box<Expr>),
    /// `+ - * / & and or`, comparisons
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `10 days to 90 days`, `4 MHz to 8 MHz`
    Range(Box<Expr>, Box<Expr>),
    /// `[30 days: Ada | 60 days: Bel]`: still to be settled, in place
    Bracketed(Vec<(Expr, Vec<Path>)>),
    /// `sum of q(e) over every Emitter e`, `count of every Server s where …`, `for all`, `exists`
    Aggregate {
        /// which one
        op: AggregateOp,
        /// the value or condition; `count` has none
        value: Option<Box<Expr>>,
        /// over which kind (or `party`)
        kind: Path,
        /// the name bound to each
        variable: Option<Name>,
        /// `where CONDITION`
        filter: Option<Box<Expr>>,
    },
    /// `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`: as written
    Prefix(String),
    /// `/22`: a prefix length
    PrefixLength(u8),
    /// `polygon [ (10.0, 59.5), … ]` with holes `without [ … ]`
    Polygon {
        /// the outer ring
        shell: Vec<Expr>,
        /// the inner rings
        holes: Vec<Vec<Expr>>,
    },
    /// `12°21'00"N 70°25'00"W`, or `(lon, lat)` in decimal degrees inside a polygon: exact degrees
    Point {
        /// degrees east, −180 to 180
        #[serde(serialize_with = "exact")]
        longitude: BigRational,
        /// degrees north, −90 to 90
        #[serde(serialize_with = "exact")]
        latitude: Box<BigRational>,
    },
    /// `60°S`, `10°30'E`: exact degrees, north and east positive
    Angle {
        /// the degrees
        #[serde(serialize_with = "exact")]
        degrees: BigRational,
        /// whether it is a latitude or a longitude
        axis: Axis,
    },
    /// `south of 60°S`, `north of`, `east of`, `west of`
    SideOf(Compass, Box<Expr>),
    /// `between 10°E and 35°E`
    BetweenAngles(Box<Expr>, Box<Expr>),
    /// `within 12 nmi of R`
    WithinDistance(Box<Expr>, Box<Expr>),
    /// `territory of P` (undisputed)
    TerritoryOf(Box<Expr>),
    /// `ground claimed by P`
    GroundClaimedBy(Box<Expr>),
    /// `baseline of its party`: an attribute read with `of`
    AttributeOf(Name, Box<Expr>),
    /// `anyone`: any party or outsider, as an argument of an act
    Anyone(Option<Name>),
    /// `any other party q`, `every Household h`: as an argument of an act
    AnyParty {
        /// `other`: not the subject
        other: bool,
        /// `party` or a kind
        kind: Path,
        /// the name bound to each
        variable: Option<Name>,
    },
    /// `at least 50%` as the value of a named argument: `bandwidth at least 50%`
    Bound(BinaryOp, Box<Expr>),
    /// `v has moderate()`: the act done
    Has {
        /// who
        party: Box<Expr>,
        /// what
        act: Act,
    },
    /// `every party may fork()`, `it may use()`: as a condition
    May {
        /// who
        party: Box<Expr>,
        /// what
        act: Act,
    },
    /// `CONDITION in the last 1 year`
    InTheLast(Box<Expr>, Box<Expr>),
    /// `breach of article 1 by v against q`, as a condition
    BreachOf {
        /// of what
        of: Vec<NormTarget>,
        /// by whom
        by: Box<Expr>,
        /// against whom
        against: Option<Box<Expr>>,
    },
}

/// Latitude or longitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// north or south
    Latitude,
    /// east or west
    Longitude,
}

/// A side of a parallel or a meridian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compass {
    /// greater latitude
    North,
    /// smaller latitude
    South,
    /// greater longitude, as far as the antimeridian
    East,
    /// smaller longitude, as far as the antimeridian
    West,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Minus,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryOp {
    /// `+`: sum, or union of regions
    Plus,
    /// `-`: difference
    Minus,
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `&`: intersection of regions
    Intersect,
    /// `and`
    And,
    /// `or`
    Or,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, `below`
    Less,
    /// `<=`, `at most`
    AtMost,
    /// `>`, `above`
    Greater,
    /// `>=`, `at least`
    AtLeast,
    /// `R lies within S`
    LiesWithin,
}

/// What is made of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateOp {
    /// `sum of`
    Sum,
    /// `count of`
    Count,
    /// `for all`
    ForAll,
    /// `exists`
    Exists,
}
