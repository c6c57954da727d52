//! Sorts, variables and values: the leaves of a term.
//!
//! A variable is its name and its sort; two sorts may share a name without meeting. Orders here are the orders everything
//! else sorts by (name, then sort), so they never depend on where in memory or when a variable was made.

use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;
use num_rational::BigRational;

/// What a variable ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// True or false.
    Bool,
    /// ℤ.
    Int,
    /// ℚ (for linear questions the same answers as ℝ).
    Real,
}

/// A variable: cheap to clone, ordered by name and then sort.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var {
    name: Arc<str>,
    sort: Sort,
}

impl Var {
    /// A variable of any sort. The name may be any text; printers quote it.
    pub fn new(name: impl Into<Arc<str>>, sort: Sort) -> Var {
        Var { name: name.into(), sort }
    }

    /// A variable that is true or false.
    pub fn bool(name: impl Into<Arc<str>>) -> Var {
        Var::new(name, Sort::Bool)
    }

    /// An integer variable.
    pub fn int(name: impl Into<Arc<str>>) -> Var {
        Var::new(name, Sort::Int)
    }

    /// A rational variable.
    pub fn real(name: impl Into<Arc<str>>) -> Var {
        Var::new(name, Sort::Real)
    }

    /// The name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The sort.
    pub fn sort(&self) -> Sort {
        self.sort
    }
}

impl fmt::Debug for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.name, self.sort)
    }
}

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The value of one variable, exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Of a [`Sort::Bool`].
    Bool(bool),
    /// Of a [`Sort::Int`] (then its denominator is 1) or a [`Sort::Real`].
    Number(BigRational),
}

impl Value {
    /// A whole number.
    pub fn int(value: impl Into<BigInt>) -> Value {
        Value::Number(BigRational::from_integer(value.into()))
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            Value::Number(_) => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&BigRational> {
        match self {
            Value::Bool(_) => None,
            Value::Number(n) => Some(n),
        }
    }

    /// Whether a variable of this sort can have this value.
    pub fn fits(&self, sort: Sort) -> bool {
        match (self, sort) {
            (Value::Bool(_), Sort::Bool) | (Value::Number(_), Sort::Real) => true,
            (Value::Number(n), Sort::Int) => n.is_integer(),
            (Value::Bool(_), Sort::Int | Sort::Real) | (Value::Number(_), Sort::Bool) => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(b) => write!(f, "{b}"),
            Value::Number(n) => write!(f, "{n}"),
        }
    }
}
