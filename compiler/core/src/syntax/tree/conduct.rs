//! The tree of what is owed (ring 2): actions, events, ladders, norms, triggers and sanction rules, scenarios, properties of
//! conduct.
//!
//! In: the parser builds it. Out: [`crate::model::lower`] reads it, [`mod@super::super::print`] writes it back. As
//! everywhere in the tree, nothing here knows what a name means, and nothing that was read is dropped.

use super::{AggregateOp, Argument, Expr, Name, Parameter, Path, Statement, Text};
use crate::source::Span;
use serde::Serialize;

/// `ladder Severity { verbal < diplomatic < economic < military }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ladder {
    /// its name
    pub name: Name,
    /// its levels, the lowest first
    pub levels: Vec<Name>,
}

/// `action embargo(by: Party, on: Party) severity economic reads "{by} embargoes {on}"`, and `event ceased(by: Party)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// its name
    pub name: Name,
    /// its parameters, the actor first
    pub parameters: Vec<Parameter>,
    /// what is said of it, in the order written
    pub traits: Vec<ActionTrait>,
}

/// One thing that a declaration of an action or event says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionTrait {
    /// which
    pub kind: ActionTraitKind,
    /// all of it
    pub span: Span,
}

/// What a declaration of an action or event can say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionTraitKind {
    /// `severity economic`
    Severity(Path),
    /// `reads "{by} embargoes {on}"`
    Reads(Text),
    /// `hostile`: aimed at whoever it names
    Hostile,
    /// `helps`: a help to whoever it names
    Helps,
    /// `hinders use`: stands in the way of another's doing that
    Hinders(Path),
    /// `changes balance(Capital) by -amount`
    Changes {
        /// `balance(F)` or an attribute of a parameter: `moderators(by)`
        quantity: Expr,
        /// by how much, over the parameters
        by: Expr,
    },
    /// `cuts food by 100% - bandwidth`: of what its actor supplies to its target; all of it without `by`
    Cuts {
        /// the flow
        flow: Path,
        /// which share, over the parameters
        by: Option<Expr>,
    },
    /// `lasting`: from a day to a day
    Lasting,
    /// `once`: at most once
    Once,
}

/// `fund Relief = 3 million EUR`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fund {
    /// its name
    pub name: Name,
    /// what it holds at the start
    pub amount: Expr,
}

/// `flow food at least 60% supplied by grain`: a flow that is essential.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    /// its name
    pub name: Name,
    /// its floor, as a share of its usual size
    pub floor: Expr,
    /// the attribute of a party that says what share of others' flow it supplies
    pub supplied: Option<Name>,
}

/// `contract Transit between Ada, Cyr { Cyr must carry(Ada) }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contract {
    /// its name
    pub name: Name,
    /// between whom
    pub parties: Vec<Path>,
    /// its norms
    pub statements: Vec<Statement>,
}

/// What a rank, a trigger, a waiver or a reservation names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NormTarget {
    /// which
    pub kind: NormTargetKind,
    /// all of it
    pub span: Span,
}

/// What can be named as a norm or several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormTargetKind {
    /// `article 2`: its norms outside rules
    Article(String),
    /// `this`: the article one stands in
    This,
    /// `any article`
    Any,
    /// `@peace`
    Label(Name),
    /// `contracts`
    Contracts,
    /// a parameter of the clause one stands in that is an article: `on breach of rule by v`
    Parameter(Name),
}

/// A norm: who, with what force, what. Its windows, conditions and ranks are modifiers of the statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Norm {
    /// `then`: begins when the step before it has ended (inside a rule); its `after` is a modifier
    pub then: bool,
    /// on whom
    pub subject: NormSubject,
    /// must, must not, may, …
    pub force: Force,
    /// what
    pub deed: Deed,
}

/// Whom a norm binds or permits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormSubject {
    /// a party, or a name bound by the rule
    Named(Path),
    /// `every other party except q`, `no Server`, `some party`, `at least 3 other parties`
    Many {
        /// how they are meant
        quantifier: Quantifier,
        /// `other`: not the offender of the rule one stands in
        other: bool,
        /// `party` or a kind
        kind: Path,
        /// the name bound to each
        variable: Option<Name>,
        /// `except q, r`
        except: Vec<Path>,
        /// `where CONDITION`
        filter: Option<Box<Expr>>,
    },
}

/// How many are meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// `every party`, one norm each
    Every,
    /// `no party may`: the prohibition on all
    No,
    /// `any party`: the same as every
    Any,
    /// `some party`: one duty that any one discharges
    Some,
    /// `at least 3 parties`: one duty of the group
    AtLeast(Box<Expr>),
}

/// The force of a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// `must`
    Must,
    /// `must not`; `no X may` is this with [`Quantifier::No`]
    MustNot,
    /// `may`
    May,
    /// `is entitled to`
    Entitled,
    /// `should`: binds nobody, and is counted
    Should,
}

/// What a norm is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// `embargo(v, share = 50%)`
    Act(Act),
    /// `ensure moderators(it) at least 1`
    Ensure(Expr),
    /// `treat every Household alike in distribute`
    Alike {
        /// the kind
        kind: Path,
        /// the action
        action: Path,
    },
}

/// An action or event with its arguments, the actor left out: `embargo(v)`, `shut_down`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Act {
    /// the action
    pub action: Path,
    /// its arguments; a value may be `anyone`, `any other party q`, or a bound (`bandwidth at least 50%`: a named
    /// argument whose value is [`ExprKind::Bound`](super::ExprKind::Bound))
    pub arguments: Vec<Argument>,
    /// all of it
    pub span: Span,
}

/// `on breach of article 1 by v against q, determined by 2/3 of parties except v { … }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trigger {
    /// what sets it off
    pub event: TriggerEvent,
    /// how it is found
    pub determined: Option<Decision>,
    /// what then holds: norms, `lift`, `compensate`, …
    pub statements: Vec<Statement>,
}

/// What sets a rule off.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// `breach of article 1, article 2 by v against q`; without `of`, the article one stands in
    Breach {
        /// of what; empty for this article
        of: Vec<NormTarget>,
        /// the name bound to the offender
        by: Name,
        /// the name bound to the one injured
        against: Option<Name>,
    },
    /// `award(tender, winner) by p`: a bare name that stands for nothing else is bound
    Occurs {
        /// the action or event
        act: Act,
        /// the name bound to the actor
        by: Option<Name>,
        /// `in territory of q`: where; anywhere when left out
        place: Option<Expr>,
    },
}

/// How something is decided, as written: read in ring 3, taken as given until then.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// the words of the rule, one blank wherever there was any room between them
    pub words: String,
    /// where they stand
    pub span: Span,
}

/// `for a, b: party where a != b { … }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForAll {
    /// the names bound
    pub variables: Vec<Name>,
    /// over what
    pub kind: Path,
    /// `where CONDITION`
    pub filter: Option<Expr>,
    /// what holds for each
    pub statements: Vec<Statement>,
}

/// `scenario "…" for C with Corvia { … }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scenario {
    /// its title
    pub title: Text,
    /// the charter
    pub charter: Path,
    /// candidates whose accession is taken as done
    pub with: Vec<Path>,
    /// what happens and what is expected, in the order written
    pub steps: Vec<Step>,
}

/// One line of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// which
    pub kind: StepKind,
    /// all of it
    pub span: Span,
}

/// The lines of a scenario. Days are numbers (`day 5`) or dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// `day 0 is 2026-03-01`
    Calendar {
        /// the day
        day: Expr,
        /// its date
        date: Expr,
    },
    /// `day 0 Belmark does attack(Corvia) in World.Corvia until day 9`, `day 3 ceased(Belmark)`
    Happens {
        /// its first day
        day: Expr,
        /// who; an event names its party among its arguments
        party: Option<Path>,
        /// what
        act: Act,
        /// where
        place: Option<Expr>,
        /// `until day 9`, `on` for an open end: its last day
        until: Option<Until>,
    },
    /// `day 5 article 3 determines breach of article 2 by Belmark against Corvia`
    Determines {
        /// the day
        day: Expr,
        /// the article whose rule it is
        article: NormTarget,
        /// what was broken
        of: NormTarget,
        /// by whom
        by: Path,
        /// against whom
        against: Option<Path>,
    },
    /// `day 40 Belmark withdraws`
    Withdraws {
        /// the day
        day: Expr,
        /// who
        party: Path,
    },
    /// `expect …`
    Expect(Expectation),
}

/// How long an act goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// `until day 9`
    Day(Expr),
    /// `from then on`
    Open,
}

/// What a scenario expects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// `Arland must embargo(Belmark) by day 35`, `… on day 20`; `no duty on Corvia to intervene on day 20`
    Duty {
        /// whether none is expected
        none: bool,
        /// who
        party: Path,
        /// what
        act: Act,
        /// its last day
        by: Option<Expr>,
        /// a day on which it is due
        on: Option<Expr>,
    },
    /// `Arland may intervene(Belmark) on day 61`, `Arland must not intervene(Belmark) on day 61`
    Permission {
        /// whether the act is expected to be lawful
        lawful: bool,
        /// who
        party: Path,
        /// what
        act: Act,
        /// the day; the last one of the scenario when left out
        on: Option<Expr>,
    },
    /// `breach of article 1 by Belmark against Corvia on day 0`, `no breach by Corvia`, `no breach`
    Breach {
        /// whether none is expected
        none: bool,
        /// of what
        of: Option<NormTarget>,
        /// by whom
        by: Option<Path>,
        /// against whom
        against: Option<Path>,
        /// on which day
        on: Option<Expr>,
    },
}

/// A property of conduct that can be proved.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConductProperty {
    /// `in C always CONDITION`, `never`, `possible`; with `in every situation`
    Holds {
        /// the charter
        charter: Path,
        /// how often
        mode: Mode,
        /// the condition
        condition: Expr,
        /// whether unlawful situations count too
        every_situation: bool,
    },
    /// `C is inward`: no norm binds or aims at an outsider
    Inward {
        /// the charter
        charter: Path,
    },
    /// `every breach in C has a response`
    Answered {
        /// the charter
        charter: Path,
    },
    /// `A and B pose no threat to each other`
    NoThreat {
        /// one charter
        left: Path,
        /// the other
        right: Path,
    },
    /// `never severity of any measure in C above economic`
    Ceiling {
        /// the charter
        charter: Path,
        /// the level
        level: Path,
    },
}

/// How often a condition is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// `always`
    Always,
    /// `never`
    Never,
    /// `possible`
    Possible,
}

/// `exists a, b: party: CONDITION` binds several names at once: one [`AggregateOp`] inside the other.
#[must_use]
pub fn binds_names(op: AggregateOp) -> bool {
    matches!(op, AggregateOp::ForAll | AggregateOp::Exists)
}
