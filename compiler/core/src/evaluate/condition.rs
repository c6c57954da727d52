//! Conditions as the evaluator reads them: comparisons of linear terms under and, or and not.
//!
//! In: formulas of statements, combined by the walk. Out: a truth value under given values, or a condition with those values
//! put in, for [`super::decide`]. Own arithmetic: nothing of the encoder's simplifier or of elimination is used.

use crate::logic::{BigInt, BigRational, Formula, Linear, Model, Node, Sort, Value, Var};
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// Σ cᵢ·xᵢ + k.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum {
    /// coefficients, none of them 0
    pub parts: BTreeMap<Var, BigRational>,
    /// k
    pub constant: BigRational,
}

/// How a sum compares with 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// ≤ 0
    AtMost,
    /// < 0
    Below,
    /// = 0
    Zero,
    /// ≠ 0
    NotZero,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// decided
    Known(bool),
    /// a truth value, or its negation
    Truth(Var, bool),
    /// a comparison with 0
    Compare(Sign, Sum),
    /// whether a sum of integers is a multiple, or is not
    Multiple(BigInt, Sum, bool),
    /// all of them
    All(Vec<Condition>),
    /// one of them
    Any(Vec<Condition>),
}

impl Sum {
    /// A constant.
    #[must_use]
    pub fn constant(k: BigRational) -> Self {
        Self { parts: BTreeMap::new(), constant: k }
    }

    /// A variable.
    #[must_use]
    pub fn var(x: &Var) -> Self {
        Self { parts: BTreeMap::from([(x.clone(), BigRational::one())]), constant: BigRational::zero() }
    }

    /// The term as the model holds it.
    #[must_use]
    pub fn of(t: &Linear) -> Self {
        Self { parts: t.terms().map(|(x, c)| (x.clone(), c.clone())).collect(), constant: t.offset().clone() }
    }

    /// `self + factor · other`.
    #[must_use]
    pub fn plus(&self, other: &Self, factor: &BigRational) -> Self {
        let mut out = self.clone();
        out.constant += &other.constant * factor;
        for (x, c) in &other.parts {
            let sum = out.parts.remove(x).unwrap_or_else(BigRational::zero) + c * factor;
            if !sum.is_zero() {
                out.parts.insert(x.clone(), sum);
            }
        }
        out
    }

    /// With numbers put in.
    #[must_use]
    pub fn assign(&self, values: &Model) -> Self {
        let mut out = Self::constant(self.constant.clone());
        for (x, c) in &self.parts {
            match values.get(x) {
                Some(Value::Number(n)) => out.constant += c * n,
                _ => {
                    out.parts.insert(x.clone(), c.clone());
                }
            }
        }
        out
    }

    /// With a sum in place of a variable.
    #[must_use]
    pub fn replace(&self, x: &Var, by: &Self) -> Self {
        let mut out = self.clone();
        match out.parts.remove(x) {
            None => out,
            Some(c) => out.plus(by, &c),
        }
    }

    /// The number, if no variable is left.
    #[must_use]
    pub fn number(&self) -> Option<&BigRational> {
        self.parts.is_empty().then_some(&self.constant)
    }

    /// Whether it takes whole values only.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.constant.is_integer() && self.parts.iter().all(|(x, c)| x.sort() == Sort::Int && c.is_integer())
    }
}

impl Sign {
    fn holds(self, n: &BigRational) -> bool {
        match self {
            Self::AtMost => !n.is_positive(),
            Self::Below => n.is_negative(),
            Self::Zero => n.is_zero(),
            Self::NotZero => !n.is_zero(),
        }
    }
}

impl Condition {
    /// The formula of a statement.
    #[must_use]
    pub fn of(f: &Formula) -> Self {
        match f.node() {
            Node::True => Self::Known(true),
            Node::False => Self::Known(false),
            Node::Atom(x) => Self::Truth(x.clone(), true),
            Node::Le(t) => Self::Compare(Sign::AtMost, Sum::of(t)),
            Node::Lt(t) => Self::Compare(Sign::Below, Sum::of(t)),
            Node::Eq(t) => Self::Compare(Sign::Zero, Sum::of(t)),
            Node::Divides(m, t) => Self::Multiple(m.clone(), Sum::of(t), true),
            Node::Not(g) => Self::of(g).not(),
            Node::And(fs) => Self::all(fs.iter().map(Self::of)),
            Node::Or(fs) => Self::any(fs.iter().map(Self::of)),
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Self::Known(true) => {}
                Self::Known(false) => return Self::Known(false),
                Self::All(inner) => out.extend(inner),
                other => out.push(other),
            }
        }
        match out.len() {
            0 => Self::Known(true),
            1 => out.remove(0),
            _ => Self::All(out),
        }
    }

    /// One of them.
    #[must_use]
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Self::Known(false) => {}
                Self::Known(true) => return Self::Known(true),
                Self::Any(inner) => out.extend(inner),
                other => out.push(other),
            }
        }
        match out.len() {
            0 => Self::Known(false),
            1 => out.remove(0),
            _ => Self::Any(out),
        }
    }

    /// The opposite.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads like all and any")]
    pub fn not(self) -> Self {
        match self {
            Self::Known(b) => Self::Known(!b),
            Self::Truth(x, b) => Self::Truth(x, !b),
            Self::Multiple(m, t, b) => Self::Multiple(m, t, !b),
            Self::Compare(Sign::Zero, t) => Self::Compare(Sign::NotZero, t),
            Self::Compare(Sign::NotZero, t) => Self::Compare(Sign::Zero, t),
            Self::Compare(sign, t) => {
                let minus = Sum::constant(BigRational::zero()).plus(&t, &-BigRational::one());
                Self::Compare(if sign == Sign::AtMost { Sign::Below } else { Sign::AtMost }, minus)
            }
            Self::All(parts) => Self::any(parts.into_iter().map(Self::not)),
            Self::Any(parts) => Self::all(parts.into_iter().map(Self::not)),
        }
    }

    /// With values put in; what they decide is decided.
    #[must_use]
    pub fn assign(&self, values: &Model) -> Self {
        match self {
            Self::Known(b) => Self::Known(*b),
            Self::Truth(x, wanted) => match values.get(x) {
                Some(Value::Bool(b)) => Self::Known(b == wanted),
                _ => self.clone(),
            },
            Self::Compare(sign, t) => Self::compare(*sign, t.assign(values)),
            Self::Multiple(m, t, wanted) => Self::multiple(m, t.assign(values), *wanted),
            Self::All(parts) => Self::all(parts.iter().map(|p| p.assign(values))),
            Self::Any(parts) => Self::any(parts.iter().map(|p| p.assign(values))),
        }
    }

    /// A comparison, decided where no variable is left.
    #[must_use]
    pub fn compare(sign: Sign, t: Sum) -> Self {
        match t.number() {
            Some(n) => Self::Known(sign.holds(n)),
            None => Self::Compare(sign, t),
        }
    }

    fn multiple(m: &BigInt, t: Sum, wanted: bool) -> Self {
        match t.number() {
            Some(n) => Self::Known((n / BigRational::from_integer(m.clone())).is_integer() == wanted),
            None => Self::Multiple(m.clone(), t, wanted),
        }
    }

    /// With a sum in place of a number.
    #[must_use]
    pub fn replace(&self, x: &Var, by: &Sum) -> Self {
        match self {
            Self::Known(_) | Self::Truth(..) => self.clone(),
            Self::Compare(sign, t) => Self::compare(*sign, t.replace(x, by)),
            Self::Multiple(m, t, wanted) => Self::multiple(m, t.replace(x, by), *wanted),
            Self::All(parts) => Self::all(parts.iter().map(|p| p.replace(x, by))),
            Self::Any(parts) => Self::any(parts.iter().map(|p| p.replace(x, by))),
        }
    }

    /// The value under these values; nothing where they leave it open.
    #[must_use]
    pub fn value(&self, values: &Model) -> Option<bool> {
        match self.assign(values) {
            Self::Known(b) => Some(b),
            _ => None,
        }
    }

    /// Every comparison in it that reads a variable.
    pub(super) fn reading<'c>(&'c self, x: &Var, out: &mut Vec<(&'c Self, &'c Sum)>) {
        match self {
            Self::Known(_) | Self::Truth(..) => {}
            Self::Compare(_, t) | Self::Multiple(_, t, _) => {
                if t.parts.contains_key(x) {
                    out.push((self, t));
                }
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.reading(x, out)),
        }
    }
}
