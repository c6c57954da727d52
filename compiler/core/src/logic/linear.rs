//! Linear terms: Σ cᵢ·xᵢ + k over integer and rational variables, with exact coefficients.
//!
//! In: variables and numbers, combined by `+`, `-` and scaling. Out: one canonical sum (no zero coefficients, variables in
//! order), so equal terms compare equal. A product of two variables cannot be said here: the encoder refuses it at its place
//! (semantics §1).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::model::Model;
use super::term::{Sort, Value, Var};

/// A linear term. Ordered by its variable part first, then its constant.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Linear {
    terms: BTreeMap<Var, BigRational>,
    constant: BigRational,
}

impl Linear {
    /// The term 0.
    pub fn zero() -> Linear {
        Linear::default()
    }

    /// A constant.
    pub fn constant(value: BigRational) -> Linear {
        Linear { terms: BTreeMap::new(), constant: value }
    }

    /// A whole number.
    pub fn int(value: impl Into<BigInt>) -> Linear {
        Linear::constant(BigRational::from_integer(value.into()))
    }

    /// `1·x`. A truth value has no place in a sum: the encoder's mistake, which a debug build stops at.
    pub fn var(x: &Var) -> Linear {
        Linear::scaled(x, BigRational::one())
    }

    /// `c·x`.
    pub fn scaled(x: &Var, c: BigRational) -> Linear {
        debug_assert!(x.sort() != Sort::Bool, "{x:?} in a sum");
        let mut out = Linear::zero();
        out.add_term(x, &c);
        out
    }

    fn add_term(&mut self, x: &Var, c: &BigRational) {
        if c.is_zero() {
            return;
        }
        match self.terms.get_mut(x) {
            Some(old) => {
                *old = plus(old, c);
                if old.is_zero() {
                    self.terms.remove(x);
                }
            }
            None => {
                self.terms.insert(x.clone(), c.clone());
            }
        }
    }

    /// The coefficient of `x`, 0 if it does not occur.
    pub fn coefficient(&self, x: &Var) -> BigRational {
        self.terms.get(x).cloned().unwrap_or_else(BigRational::zero)
    }

    /// Whether `x` occurs.
    pub fn mentions(&self, x: &Var) -> bool {
        self.terms.contains_key(x)
    }

    /// The constant k.
    pub fn offset(&self) -> &BigRational {
        &self.constant
    }

    /// The variables with their coefficients (never 0), in order.
    pub fn terms(&self) -> impl Iterator<Item = (&Var, &BigRational)> {
        self.terms.iter()
    }

    /// The variables, in order.
    pub fn vars(&self) -> impl Iterator<Item = &Var> {
        self.terms.keys()
    }

    /// The number, if no variable occurs.
    pub fn as_constant(&self) -> Option<&BigRational> {
        self.terms.is_empty().then_some(&self.constant)
    }

    /// Whether every variable is an integer.
    pub fn is_integral(&self) -> bool {
        self.terms.keys().all(|x| x.sort() == Sort::Int)
    }

    /// `c` times the term.
    pub fn scale(&self, c: &BigRational) -> Linear {
        if c.is_zero() {
            return Linear::zero();
        }
        Linear {
            terms: self.terms.iter().map(|(x, a)| (x.clone(), times(a, c))).collect(),
            constant: times(&self.constant, c),
        }
    }

    /// The term without `x`.
    pub fn without(&self, x: &Var) -> Linear {
        let mut out = self.clone();
        out.terms.remove(x);
        out
    }

    /// The term with `constant` in place of its own.
    pub fn with_offset(&self, constant: BigRational) -> Linear {
        Linear { terms: self.terms.clone(), constant }
    }

    /// The term with `t` in place of `x`.
    pub fn replace(&self, x: &Var, t: &Linear) -> Linear {
        match self.terms.get(x) {
            None => self.clone(),
            Some(c) => &self.without(x) + &t.scale(c),
        }
    }

    /// The value, if the model gives every variable a number.
    pub fn eval(&self, model: &Model) -> Option<BigRational> {
        let mut sum = self.constant.clone();
        for (x, c) in &self.terms {
            sum = plus(&sum, &times(c, model.get(x)?.as_number()?));
        }
        Some(sum)
    }

    /// The term with the variables that the model knows replaced by their values.
    pub fn assign(&self, model: &Model) -> Linear {
        let mut out = Linear::constant(self.constant.clone());
        for (x, c) in &self.terms {
            match model.get(x) {
                Some(Value::Number(v)) => out.constant = plus(&out.constant, &times(c, v)),
                Some(Value::Bool(_)) | None => {
                    out.terms.insert(x.clone(), c.clone());
                }
            }
        }
        out
    }

    /// The term with the coefficients of its variables made whole and coprime, by a positive factor.
    #[must_use]
    pub(crate) fn primitive(self) -> Linear {
        let factor = self.primitive_factor();
        if factor.is_one() { self } else { self.scale(&factor) }
    }

    /// The positive factor that makes the coefficients of the variables whole and coprime; 1 for a constant.
    pub(crate) fn primitive_factor(&self) -> BigRational {
        // whole numbers with a 1 among them, as nearly every sum of days has
        if self.terms.values().all(BigRational::is_integer)
            && self.terms.values().any(|c| c.numer().magnitude().is_one())
        {
            return BigRational::one();
        }
        let mut denominators = BigInt::one();
        for c in self.terms.values() {
            denominators = denominators.lcm(c.denom());
        }
        let mut numerators = BigInt::zero();
        for c in self.terms.values() {
            numerators = numerators.gcd(&(c.numer() * (&denominators / c.denom())));
        }
        if numerators.is_zero() { BigRational::one() } else { BigRational::new(denominators, numerators) }
    }

    /// Whether the first coefficient is negative.
    pub(crate) fn leads_negative(&self) -> bool {
        self.terms.values().next().is_some_and(Signed::is_negative)
    }
}

/// The sum; of whole numbers without the search for a common divisor.
fn plus(a: &BigRational, b: &BigRational) -> BigRational {
    if a.is_integer() && b.is_integer() { BigRational::from_integer(a.numer() + b.numer()) } else { a + b }
}

/// The product, likewise.
fn times(a: &BigRational, b: &BigRational) -> BigRational {
    if a.is_integer() && b.is_integer() { BigRational::from_integer(a.numer() * b.numer()) } else { a * b }
}

impl Add for &Linear {
    type Output = Linear;
    fn add(self, other: &Linear) -> Linear {
        let mut out = self.clone();
        for (x, c) in &other.terms {
            out.add_term(x, c);
        }
        out.constant = plus(&out.constant, &other.constant);
        out
    }
}

impl Neg for &Linear {
    type Output = Linear;
    fn neg(self) -> Linear {
        Linear { terms: self.terms.iter().map(|(x, c)| (x.clone(), -c)).collect(), constant: -&self.constant }
    }
}

impl Sub for &Linear {
    type Output = Linear;
    fn sub(self, other: &Linear) -> Linear {
        self + &-other
    }
}

impl Add for Linear {
    type Output = Linear;
    fn add(self, other: Linear) -> Linear {
        &self + &other
    }
}

impl Sub for Linear {
    type Output = Linear;
    fn sub(self, other: Linear) -> Linear {
        &self - &other
    }
}

impl Neg for Linear {
    type Output = Linear;
    fn neg(self) -> Linear {
        -&self
    }
}

impl fmt::Debug for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (x, c) in &self.terms {
            let sign = if c.is_negative() { "-" } else { "+" };
            match (first, c.is_negative()) {
                (true, false) => {}
                (true, true) => f.write_str("-")?,
                (false, _) => write!(f, " {sign} ")?,
            }
            let size = c.abs();
            if !size.is_one() {
                write!(f, "{size}*")?;
            }
            write!(f, "{x}")?;
            first = false;
        }
        match (first, self.constant.is_zero()) {
            (true, _) => write!(f, "{}", self.constant),
            (false, true) => Ok(()),
            (false, false) if self.constant.is_negative() => write!(f, " - {}", self.constant.abs()),
            (false, false) => write!(f, " + {}", self.constant),
        }
    }
}
