//! A formula about a situation, together with the occurrences that it takes to make it true or false.
//!
//! In: smaller terms. Out: a [`Term`]. Its formula speaks of the slots there are at the moment; its [`Needs`] say how many
//! slots of each kind suffice. A conjunction takes what all of its members take, a disjunction what the neediest takes; to make
//! one false it is the other way round.

use crate::logic::{Formula, Var};
use crate::model::conduct::{ActionId, RuleId};
use std::collections::{BTreeMap, BTreeSet};

/// What can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// an act or an event
    Act(ActionId),
    /// a finding under a rule
    Finding(RuleId),
    /// notice of withdrawal
    Withdrawal,
}

/// How many occurrences of each kind suffice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// so many
    pub count: BTreeMap<Kind, usize>,
    /// what may need more than was counted, and why, in words
    pub more: BTreeSet<String>,
    /// whether somebody who takes part in nothing would have to: there is one more like it who could, so where one suffices
    /// this says nothing, and where everybody has to it is a reason in [`Self::more`]
    pub idle: bool,
}

impl Needs {
    /// One of a kind.
    #[must_use]
    pub fn one(kind: Kind) -> Self {
        Self { count: BTreeMap::from([(kind, 1)]), ..Self::default() }
    }

    /// Not known how many.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { more: BTreeSet::from([why.into()]), ..Self::default() }
    }

    /// Whether nothing has to occur.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.is_empty() && self.more.is_empty()
    }

    /// Both.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (kind, n) in &other.count {
            *self.count.entry(*kind).or_default() += n;
        }
        self.more.extend(other.more.iter().cloned());
        self.idle |= other.idle;
        self
    }

    /// Either.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (kind, n) in &other.count {
            let known = self.count.entry(*kind).or_default();
            *known = (*known).max(*n);
        }
        self.more.extend(other.more.iter().cloned());
        self.idle |= other.idle;
        self
    }

    /// So many times over.
    #[must_use]
    pub fn times(mut self, copies: usize) -> Self {
        self.count.values_mut().for_each(|n| *n = n.saturating_mul(copies));
        self
    }
}

/// A formula and what it takes.
#[derive(Debug, Clone)]
pub struct Term {
    /// what it says
    pub formula: Formula,
    /// what suffices to make it true
    pub yes: Needs,
    /// what suffices to make it false
    pub no: Needs,
}

impl Term {
    /// A formula that no occurrence changes.
    #[must_use]
    pub fn fixed(formula: Formula) -> Self {
        Self { formula, yes: Needs::default(), no: Needs::default() }
    }

    /// Always true.
    #[must_use]
    pub fn truth() -> Self {
        Self::fixed(Formula::truth())
    }

    /// Never true.
    #[must_use]
    pub fn falsity() -> Self {
        Self::fixed(Formula::falsity())
    }

    /// False, as somebody who takes part in nothing would have to.
    #[must_use]
    pub fn of_the_idle() -> Self {
        let yes = Needs { idle: true, ..Needs::default() };
        Self { formula: Formula::falsity(), yes, no: Needs::default() }
    }

    /// Whether it is true, however many slots there are.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.formula.is_true() && self.no.is_empty()
    }

    /// Whether it is false, however many slots there are.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.formula.is_false() && self.yes.is_empty()
    }

    /// All of them. What is false with the slots there are may be true with more: then it keeps what it takes.
    #[must_use]
    pub fn and(terms: impl IntoIterator<Item = Self>) -> Self {
        let (mut formulas, mut yes, mut no) = (Vec::new(), Needs::default(), Needs::default());
        for term in terms {
            if term.is_false() && !term.yes.idle {
                return Self::falsity();
            }
            yes = yes.plus(&term.yes);
            no = no.or(&term.no);
            formulas.push(term.formula);
        }
        Self { formula: Formula::and(formulas), yes, no }
    }

    /// One of them. What is true with the slots there are may be false with more: then it keeps what it takes.
    #[must_use]
    pub fn or(terms: impl IntoIterator<Item = Self>) -> Self {
        let (mut formulas, mut yes, mut no) = (Vec::new(), Needs::default(), Needs::default());
        for term in terms {
            if term.is_true() && !term.no.idle {
                return Self::truth();
            }
            yes = yes.or(&term.yes);
            no = no.plus(&term.no);
            formulas.push(term.formula);
        }
        Self { formula: Formula::or(formulas), yes, no }
    }

    /// Not.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the method reads as the other connectives do")]
    pub fn not(self) -> Self {
        Self { formula: Formula::not(&self.formula), yes: self.no, no: self.yes }
    }

    /// Both.
    #[must_use]
    pub fn also(self, other: Self) -> Self {
        Self::and([self, other])
    }

    /// With a condition on values.
    #[must_use]
    pub fn given(self, formula: Formula) -> Self {
        Self::and([Self::fixed(formula), self])
    }

    /// Whether a variable occurs.
    #[must_use]
    pub fn mentions(&self, x: &Var) -> bool {
        self.formula.mentions(x)
    }
}
