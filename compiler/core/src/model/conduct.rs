//! What peers owe each other: actions, norms, sanction rules, situations (ring 2).
//!
//! In: [`super::lower`] builds [`Conduct`] from resolved trees. Out: [`crate::evaluate`] runs situations through it,
//! [`crate::encode`] makes questions of it, [`crate::checks`] asks them. `semantics.md` §9–§23 decides what each part means.
//!
//! A norm is a *template*: its [`Variable`]s range over parties, so that ten thousand members make no more norms than ten.
//! An instance gives each variable an [`Actor`]. Quantities are linear over open terms, unknown attributes and the numbers
//! of a situation; days count from day 0 of a situation.

use super::flow::{Cut, Flow, Spared};
use super::{CharterId, KindId, PartyId, Print, Region, StatementId};
use crate::atlas::AtlasId;
use crate::logic::{Formula, Linear, Model};
use crate::source::Span;
use num_rational::BigRational;

/// An action or event, by its place in [`Conduct::actions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u32);

/// A norm, by its place in [`Conduct::norms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormId(pub u32);

/// A trigger or sanction rule, by its place in [`Conduct::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// A fund, by its place in [`Conduct::funds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FundId(pub u32);

/// A ladder, by its place in [`Conduct::ladders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LadderId(pub u32);

/// A variable of a norm or a rule, by its place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub u32);

/// All that a program says of conduct.
#[derive(Debug, Clone, Default)]
pub struct Conduct {
    /// the ordered scales
    pub ladders: Vec<Ladder>,
    /// actions and events, by name
    pub actions: Vec<Action>,
    /// money set aside, by name
    pub funds: Vec<Fund>,
    /// flows that are essential, by name
    pub flows: Vec<Flow>,
    /// norms, in the order of their statements
    pub norms: Vec<Norm>,
    /// triggers and sanction rules, in the order of their statements
    pub rules: Vec<Rule>,
    /// which norm ranks above which: the transitive closure of `notwithstanding`, `subject to` and `prevails over`, sorted
    pub above: Vec<(NormId, NormId)>,
    /// what candidates reserve
    pub reservations: Vec<Reservation>,
    /// how one leaves, by charter
    pub exits: Vec<Exit>,
    /// tests, by title
    pub scenarios: Vec<Scenario>,
    /// what is to be proved of conduct
    pub properties: Vec<ConductProperty>,
}

/// An ordered scale.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// its name
    pub name: String,
    /// its levels, the lowest first
    pub levels: Vec<String>,
    /// where it is declared
    pub span: Span,
}

/// A step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level {
    /// of which ladder
    pub ladder: LadderId,
    /// its place, from 0 for the lowest
    pub step: u32,
}

/// An action or an event.
#[derive(Debug, Clone)]
pub struct Action {
    /// its name
    pub name: String,
    /// an event happens and is nobody's duty
    pub event: bool,
    /// its parameters; the first is the actor, or the one to whom an event happens. An event may have none
    pub parameters: Vec<Parameter>,
    /// how severe it is
    pub severity: Option<Level>,
    /// how a timeline says it: `{by} embargoes {on}`
    pub reads: Option<String>,
    /// aimed at whoever it names
    pub hostile: bool,
    /// a help to whoever it names
    pub helps: bool,
    /// holds from a day to a day
    pub lasting: bool,
    /// at most once
    pub once: bool,
    /// what it stands in the way of
    pub hinders: Vec<ActionId>,
    /// what it changes
    pub changes: Vec<Change>,
    /// what it cuts of flows
    pub cuts: Vec<Cut>,
    /// where it is declared
    pub span: Span,
}

/// A parameter of an action.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// its name
    pub name: String,
    /// what it ranges over
    pub sort: Sort,
    /// what it is in a duty that leaves it out
    pub default: Option<Linear>,
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// a party or outsider of a kind
    Party(KindId),
    /// a number in the base unit, at least `least` where that is given (0 for money, shares, counts and lengths of time)
    Number {
        /// how to print it
        print: Print,
        /// whether it is whole
        whole: bool,
        /// the least value
        least: Option<BigRational>,
    },
    /// ground
    Region(AtlasId),
    /// a named object without further structure: a text, a tender
    Thing,
}

/// What an act changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// the quantity: [`Quantity::Balance`], or [`Quantity::Attribute`] of a party that is a parameter (its variable counts the
    /// parameters)
    pub quantity: Quantity,
    /// by how much, over [`Quantity::Argument`]s
    pub by: Quantity,
}

/// Money set aside.
#[derive(Debug, Clone)]
pub struct Fund {
    /// its name
    pub name: String,
    /// what it holds at the start
    pub amount: Linear,
    /// its currency
    pub currency: String,
    /// the charter in whose head it stands
    pub charter: Option<CharterId>,
    /// where it is declared
    pub span: Span,
}

/// Somebody in a situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// a declared party, member or not
    Party(PartyId),
    /// a member of a kind that is open in number, numbered from 0
    Unnamed(KindId, u32),
    /// an outsider, numbered from 0
    Outsider(u32),
}

/// Whom a part of a norm means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// one by name
    Party(PartyId),
    /// the value of a variable
    Var(VarId),
}

impl Who {
    /// Who it is, where variables have these values; nobody where the variable has none.
    #[must_use]
    pub fn among(self, values: &[Option<Actor>]) -> Option<Actor> {
        match self {
            Self::Party(p) => Some(Actor::Party(p)),
            Self::Var(v) => values.get(v.0 as usize).copied().flatten(),
        }
    }
}

/// A variable of a norm or a rule.
#[derive(Debug, Clone)]
pub struct Variable {
    /// as written; empty where the text gives no name
    pub name: String,
    /// what it ranges over
    pub domain: Domain,
    /// how it is bound
    pub binder: Binder,
    /// whom it differs from
    pub distinct: Vec<Who>,
    /// `where CONDITION`
    pub filter: Option<Condition>,
}

/// What a variable ranges over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    /// of this kind; 0 is `Party`
    pub kind: KindId,
    /// outsiders too
    pub outsiders: bool,
}

/// How a variable is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binder {
    /// by the trigger of the rule
    Rule,
    /// one norm for each value
    Each,
    /// one duty of the group: any one, or a number, discharges it (see [`Group`])
    Group,
    /// inside a condition: `for all`, `exists`, `count`, `sum`
    Inner,
}

/// A norm.
#[derive(Debug, Clone)]
pub struct Norm {
    /// its place in [`Conduct::norms`]
    pub id: NormId,
    /// the statement it is; several norms may come of one
    pub statement: StatementId,
    /// where it binds
    pub charter: Option<CharterId>,
    /// the contract it stands in, by name
    pub contract: Option<String>,
    /// the number of its article
    pub article: String,
    /// the rule it stands in; none: a *primary* norm (§14)
    pub rule: Option<RuleId>,
    /// its variables; those of its rule come first and in the same places
    pub variables: Vec<Variable>,
    /// on whom
    pub subject: Who,
    /// for a duty of a group: the subject is then a variable with [`Binder::Group`]
    pub group: Option<Group>,
    /// with what force
    pub force: Force,
    /// what
    pub deed: Deed,
    /// when it arises
    pub arises: Arises,
    /// its window
    pub window: Window,
    /// `when CONDITION`
    pub when: Condition,
    /// `unless CONDITION`
    pub unless: Condition,
    /// `as it deems necessary`: never due, and counted (§13)
    pub discretion: bool,
    /// as it stands in the text
    pub text: String,
    /// where it stands
    pub span: Span,
}

/// A duty of a group.
#[derive(Debug, Clone)]
pub struct Group {
    /// how many must meet it: 1 for `some`
    pub least: Quantity,
    /// `each answerable`: when it fails, each who did not meet it is in breach
    pub each_answerable: bool,
}

/// The force of a norm. `should` is kept for [`S11`](crate::checks): it is never due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Force {
    /// must
    Must,
    /// must not
    MustNot,
    /// may
    May,
    /// may, above every prohibition not ranked above it by name, and nobody may hinder it
    Entitled,
    /// binds nobody
    Should,
}

/// What a norm is about.
#[derive(Debug, Clone)]
pub enum Deed {
    /// an act of the subject
    Act(Pattern),
    /// a state of affairs, on every day
    Ensure(Condition),
    /// `first` at least `days` before `then`: a prohibition of `then` unless `first` began after the last own `then` and at
    /// least that long before (§13)
    Before {
        /// what comes first
        first: Pattern,
        /// how long before
        days: Days,
        /// what it announces
        then: Pattern,
    },
    /// what any two of the variable's domain have received by the action is equal, on every day
    Alike {
        /// the treated: a variable with [`Binder::Inner`]
        each: VarId,
        /// the action of the subject
        action: ActionId,
        /// which parameter receives
        receiver: usize,
    },
}

/// A pattern of acts or events (§10).
#[derive(Debug, Clone)]
pub struct Pattern {
    /// which
    pub action: ActionId,
    /// one for each parameter, the actor first
    pub arguments: Vec<Match>,
    /// where
    pub place: Option<Place>,
}

/// What an argument must be.
#[derive(Debug, Clone)]
pub enum Match {
    /// anything: left out
    Any,
    /// anybody, outsiders included: `anyone`
    Anyone,
    /// this party
    Is(Who),
    /// a number that compares so
    Number(Compare, Quantity),
    /// this thing
    Thing(String),
    /// any ground that meets this
    Region(Region),
    /// gives the variable its value (in the trigger of a rule): a party
    Binds(VarId),
}

/// Where an act takes place.
#[derive(Debug, Clone)]
pub enum Place {
    /// ground that is the same always
    Region(Region),
    /// undisputed territory of somebody, in each atlas
    TerritoryOf(Who),
    /// ground claimed by somebody, in each atlas
    ClaimedBy(Who),
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Compare {
    /// The same with the sides exchanged.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    /// Whether two numbers compare so.
    #[must_use]
    pub fn holds<T: Ord>(self, a: &T, b: &T) -> bool {
        match self {
            Self::Equal => a == b,
            Self::NotEqual => a != b,
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Greater => a > b,
            Self::AtLeast => a >= b,
        }
    }
}

/// A quantity of a situation, linear in what is not constant (§1). Base units.
#[derive(Debug, Clone)]
pub enum Quantity {
    /// over open terms and unknown attributes of named parties
    Fixed(Linear),
    /// an attribute of somebody; on the day asked for, where acts change it (§4)
    Attribute(Who, String),
    /// what a fund holds on the day asked for
    Balance(FundId),
    /// an argument of the act at hand, by its place (in [`Change`]s)
    Argument(usize),
    /// a multiple
    Scaled(BigRational, Box<Quantity>),
    /// a sum of several
    Sum(Vec<Quantity>),
    /// over the members that a variable ranges over
    Total {
        /// the variable, with [`Binder::Inner`]
        variable: VarId,
        /// what is added up; 1 for a count
        value: Box<Quantity>,
        /// which of them count
        filter: Box<Condition>,
    },
}

/// A condition on a day of a situation (§10).
#[derive(Debug, Clone)]
pub enum Condition {
    /// over open terms, unknown attributes of named parties, and the calendar ([`super::day`])
    Fixed(Formula),
    /// a comparison of quantities
    Compare(Quantity, Compare, Quantity),
    /// a true-or-false attribute of somebody
    Attribute(Who, String),
    /// the same one
    Same(Who, Who),
    /// of that kind
    Kind(Who, KindId),
    /// it began between the base and the day; with `last`, in the last so many days; a lasting event: it holds on the day
    Occurred {
        /// what
        pattern: Pattern,
        /// `in the last n`
        last: Option<Days>,
    },
    /// a breach on an earlier day, not before the base
    Breached {
        /// of one of these
        norms: Vec<NormId>,
        /// by whom
        by: Option<Who>,
        /// against whom
        against: Option<Who>,
        /// `in the last n`
        last: Option<Days>,
    },
    /// no due prohibition makes such an act a breach on the day; the actor is the pattern's first argument
    May(Pattern),
    /// not
    Not(Box<Condition>),
    /// all of them
    All(Vec<Condition>),
    /// one of them
    Any(Vec<Condition>),
    /// for each value of a variable with [`Binder::Inner`]
    ForAll(VarId, Box<Condition>),
    /// for some value of a variable with [`Binder::Inner`]
    Exists(VarId, Box<Condition>),
}

/// What a condition looks for that happened to somebody.
#[derive(Debug, Clone, Copy)]
pub enum Befell<'c> {
    /// an act or an event
    Act {
        /// such a one
        pattern: &'c Pattern,
        /// which argument they are
        place: usize,
    },
    /// a breach against them
    Breach {
        /// of one of these
        norms: &'c [NormId],
        /// by whom
        by: Option<Who>,
    },
}

impl Befell<'_> {
    /// Whether both can be told of the same occurrence.
    #[must_use]
    pub fn is_like(&self, other: &Befell<'_>) -> bool {
        match (self, other) {
            (Self::Act { pattern: a, place: i }, Befell::Act { pattern: b, place: j }) => {
                a.action == b.action && i == j
            }
            (Self::Breach { norms: a, .. }, Befell::Breach { norms: b, .. }) => a.iter().any(|n| b.contains(n)),
            _ => false,
        }
    }
}

/// A length of time: days over open terms, and calendar months (28 to 31 days each, a year 365 or 366: §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// the days
    pub days: Linear,
    /// and so many calendar months
    pub months: u32,
}

/// When a norm arises (§12).
#[derive(Debug, Clone)]
pub enum Arises {
    /// when the charter binds its subject
    Bound,
    /// with its rule: each time the trigger occurs
    Rule,
    /// on the first day of each maximal run of days on which [`Norm::when`] holds
    While,
    /// when the charter binds its subject, and again after each such time
    Every(Days),
}

/// The window of a norm, counted from the day it arises.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// `then after n`: steps before it put its count off by this much
    pub offset: Option<Days>,
    /// `after n`: it begins on the day behind the n-th
    pub after: Option<Days>,
    /// `within n`: a point duty, whose last day is the n-th
    pub within: Option<Days>,
    /// `until n`, `for the first n`: its span ends on the n-th day
    pub until: Option<Days>,
    /// `until DATE`: a calendar day, in days from 1970-01-01
    pub until_date: Option<Linear>,
    /// `from DATE`
    pub from_date: Option<Linear>,
}

impl Window {
    /// Whether nothing of it depends on days.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.offset.is_none()
            && self.after.is_none()
            && self.within.is_none()
            && self.until.is_none()
            && self.until_date.is_none()
            && self.from_date.is_none()
    }
}

/// A trigger or sanction rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// its place in [`Conduct::rules`]
    pub id: RuleId,
    /// its statement
    pub statement: StatementId,
    /// where it binds
    pub charter: Option<CharterId>,
    /// the number of its article
    pub article: String,
    /// what the trigger binds
    pub variables: Vec<Variable>,
    /// what sets it off
    pub trigger: Trigger,
    /// how a breach is found, as written; then the norms count from the day of the finding (§12, §16)
    pub determined: Option<String>,
    /// its norms, in order
    pub norms: Vec<NormId>,
    /// ends the span of what arose, on the day before it first holds
    pub lift: Option<Condition>,
    /// prohibitions of the rule's own acts above a level, on the days they hold; the whole span when they have no window
    pub ceilings: Vec<Ceiling>,
    /// who is made whole, and from what
    pub compensation: Vec<Compensation>,
    /// flows that its measures leave alone
    pub spares: Vec<Spared>,
    /// as it stands in the text, its head only
    pub text: String,
    /// where its head stands
    pub span: Span,
}

/// What sets a rule off.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// a breach of one of these norms
    Breach {
        /// of what
        norms: Vec<NormId>,
        /// the variable of the offender
        by: VarId,
        /// the variable of the injured: the one other party that the norm names (§14)
        against: Option<VarId>,
    },
    /// an act or an event; [`Match::Binds`] gives the rule's variables their values
    Occurs(Pattern),
}

/// The highest level of a rule's acts.
#[derive(Debug, Clone)]
pub struct Ceiling {
    /// the level that may be reached
    pub level: Level,
    /// its days, counted from the day the rule is set off
    pub window: Window,
    /// the statement that says it
    pub statement: StatementId,
}

/// Losses that are made good.
#[derive(Debug, Clone)]
pub struct Compensation {
    /// from what
    pub fund: FundId,
    /// the event that says who loses how much
    pub event: ActionId,
    /// which parameter of it is the loser
    pub loser: usize,
    /// which parameter of it is the amount
    pub amount: usize,
    /// the statement that says it
    pub statement: StatementId,
}

/// A reservation (§17).
#[derive(Debug, Clone)]
pub struct Reservation {
    /// by whom
    pub party: PartyId,
    /// to these norms
    pub norms: Vec<NormId>,
    /// its statement
    pub statement: StatementId,
}

/// How one leaves a charter (§18).
#[derive(Debug, Clone)]
pub struct Exit {
    /// the charter
    pub charter: CharterId,
    /// the notice; none at any time
    pub notice: Option<Days>,
    /// norms that survive it
    pub survive: Vec<NormId>,
    /// its statement
    pub statement: StatementId,
}

/// What happened (§9). What is not in a situation does not happen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// the first day
    pub from: i64,
    /// the last day; none: it goes on
    pub to: Option<i64>,
    /// what
    pub what: Happening,
}

impl Occurrence {
    /// Changes who takes part in it: whoever acts, whom it happens to, whom a finding is about.
    pub fn recast(&mut self, of: impl Fn(Actor) -> Actor) {
        match &mut self.what {
            Happening::Act { arguments, .. } => {
                for value in arguments {
                    if let Value::Actor(a) = value {
                        *a = of(*a);
                    }
                }
            }
            Happening::Finding { by, against, .. } => {
                *by = of(*by);
                *against = against.map(of);
            }
            Happening::Withdrawal { party } => *party = of(*party),
        }
    }
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// an act or an event
    Act {
        /// which
        action: ActionId,
        /// its arguments, the actor first
        arguments: Vec<Value>,
        /// where, as cells of an atlas
        place: Option<(AtlasId, Vec<u32>)>,
    },
    /// a breach is found under a rule, whether or not there was one (§16)
    Finding {
        /// under which rule
        rule: RuleId,
        /// by whom it is said to be
        by: Actor,
        /// against whom
        against: Option<Actor>,
    },
    /// notice of withdrawal
    Withdrawal {
        /// who leaves
        party: Actor,
    },
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// somebody
    Actor(Actor),
    /// a number in the base unit
    Number(BigRational),
    /// a thing
    Thing(String),
    /// ground
    Region(AtlasId, Vec<u32>),
    /// not said
    Unsaid,
}

/// A situation: terms and attributes, who is a member, what happened.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// values of open terms and unknown attributes; what it does not know stays unknown
    pub values: Model,
    /// the members on day 0, in order
    pub members: Vec<Actor>,
    /// others who act, in order
    pub others: Vec<Actor>,
    /// the date of day 0, in days from 1970-01-01, where it has one
    pub start: Option<i64>,
    /// what happened, sorted
    pub occurrences: Vec<Occurrence>,
}

impl Situation {
    /// Takes in something else that happened.
    pub fn add(&mut self, occurrence: Occurrence) {
        self.occurrences.push(occurrence);
        self.occurrences.sort();
    }
}

/// A test written in the language.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// its title
    pub title: String,
    /// the charter
    pub charter: CharterId,
    /// what is given; members include the candidates it names
    pub situation: Situation,
    /// where each occurrence stands in the text, in the order of [`Situation::occurrences`]
    pub spans: Vec<Span>,
    /// what is expected
    pub expectations: Vec<Expectation>,
    /// where it stands
    pub span: Span,
}

/// What a scenario expects.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// what
    pub kind: Expected,
    /// where it stands
    pub span: Span,
    /// as it stands there
    pub text: String,
}

/// What can be expected. Patterns have no variables.
#[derive(Debug, Clone)]
pub enum Expected {
    /// somebody owes an act
    Duty {
        /// whether none is expected
        none: bool,
        /// what; the actor is its first argument
        act: Pattern,
        /// its last day
        by: Option<i64>,
        /// a day on which it is due
        on: Option<i64>,
    },
    /// somebody may do an act
    Permission {
        /// whether it is expected to be lawful
        lawful: bool,
        /// what; the actor is its first argument
        act: Pattern,
        /// the day; the last one of the scenario when left out
        on: Option<i64>,
    },
    /// a breach
    Breach {
        /// whether none is expected
        none: bool,
        /// of one of these; any when empty
        norms: Vec<NormId>,
        /// by whom
        by: Option<Actor>,
        /// against whom
        against: Option<Actor>,
        /// on which day
        on: Option<i64>,
    },
}

/// Something to be proved of conduct (§25).
#[derive(Debug, Clone)]
pub struct ConductProperty {
    /// the charter
    pub charter: CharterId,
    /// what
    pub kind: ConductPropertyKind,
    /// where it stands
    pub span: Span,
    /// as it stands there
    pub text: String,
}

/// The properties of conduct.
#[derive(Debug, Clone)]
pub enum ConductPropertyKind {
    /// a condition on every day of every lawful situation, or of every situation
    Always {
        /// the variables it binds, all with [`Binder::Inner`]
        variables: Vec<Variable>,
        /// the condition
        condition: Condition,
        /// whether unlawful situations count too
        every_situation: bool,
    },
    /// a condition on some day of some lawful situation
    Possible {
        /// the variables it binds, all with [`Binder::Inner`]
        variables: Vec<Variable>,
        /// the condition
        condition: Condition,
        /// whether unlawful situations count too
        every_situation: bool,
    },
    /// no norm binds or aims at an outsider (N06)
    Inward,
    /// every breach has a response (S01)
    Answered,
    /// no hostile act that one demands or permits can aim at a party of the other alone
    NoThreat(CharterId),
    /// no act of a rule above a level (S05)
    Ceiling(Level),
}

impl Conduct {
    /// The action, if `id` is one of ours.
    #[must_use]
    pub fn action(&self, id: ActionId) -> Option<&Action> {
        self.actions.get(id.0 as usize)
    }

    /// The norm, if `id` is one of ours.
    #[must_use]
    pub fn norm(&self, id: NormId) -> Option<&Norm> {
        self.norms.get(id.0 as usize)
    }

    /// The rule, if `id` is one of ours.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.0 as usize)
    }

    /// Whether one norm ranks above another.
    #[must_use]
    pub fn ranks_above(&self, upper: NormId, lower: NormId) -> bool {
        self.above.binary_search(&(upper, lower)).is_ok()
    }

    /// Whether nothing is said of conduct.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.norms.is_empty() && self.rules.is_empty() && self.scenarios.is_empty() && self.properties.is_empty()
    }
}

impl Condition {
    /// Always true.
    #[must_use]
    pub fn truth() -> Self {
        Self::Fixed(Formula::truth())
    }

    /// Never true.
    #[must_use]
    pub fn falsity() -> Self {
        Self::Fixed(Formula::falsity())
    }

    /// What it looks for that happened to somebody: it names them, and not as whoever acts.
    #[must_use]
    pub fn befalls(&self, conduct: &Conduct, who: Who) -> Vec<Befell<'_>> {
        match self {
            Self::Occurred { pattern, .. } => {
                let own = conduct.action(pattern.action).is_some_and(|a| !a.event);
                let named = pattern.arguments.iter().enumerate().skip(usize::from(own));
                let named = named.filter(|(_, m)| matches!(m, Match::Is(w) if *w == who));
                named.map(|(place, _)| Befell::Act { pattern, place }).collect()
            }
            Self::Breached { norms, by, against: Some(against), .. } if *against == who => {
                vec![Befell::Breach { norms, by: *by }]
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(|c| c.befalls(conduct, who)).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it is literally true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Fixed(f) if f.is_true())
    }

    /// Whether it is literally false.
    #[must_use]
    pub fn is_false(&self) -> bool {
        matches!(self, Self::Fixed(f) if f.is_false())
    }
}

impl Days {
    /// A fixed number of days.
    #[must_use]
    pub fn fixed(days: i64) -> Self {
        Self { days: Linear::constant(BigRational::from_integer(days.into())), months: 0 }
    }
}

impl Norm {
    /// Whether it is a duty that is met by one act in a window (§13).
    #[must_use]
    pub fn is_point_duty(&self) -> bool {
        self.force == Force::Must && self.window.within.is_some() && matches!(self.deed, Deed::Act(_))
    }

    /// Whether it forbids: a prohibition, or `A at least n days before B`.
    #[must_use]
    pub fn is_prohibition(&self) -> bool {
        self.force == Force::MustNot || (self.force == Force::Must && matches!(self.deed, Deed::Before { .. }))
    }
}
