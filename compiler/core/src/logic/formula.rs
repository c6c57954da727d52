//! Formulas: linear comparisons, divisibility and truth values under and, or and not.
//!
//! In: calls of the smart constructors, the one way to make a formula. Out: a shared tree in a normal form, so that what is
//! trivially true, false or said twice is gone before a solver sees it:
//!
//! * negation stands only before a truth value, an equation or a divisibility;
//! * `And` and `Or` are flat, sorted, free of repetitions, of complements and of bounds that another bound implies, and have
//!   at least two members;
//! * the coefficients of a comparison are whole and coprime; over integers alone its constant is whole too, and strict
//!   comparisons are gone (`x < 3` is `x ≤ 2`); an equation or divisibility begins with a positive coefficient.
//!
//! Normal is not canonical: two formulas that mean the same may differ.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::linear::Linear;
use super::model::Model;
use super::simplify;
use super::term::{Sort, Value, Var};

/// A formula. Cloning shares; equality and order are of the text, not of the address.
#[derive(Clone)]
pub struct Formula(Arc<Inner>);

struct Inner {
    node: Node,
    size: u64,
}

/// What a formula is at its top. Made only by the constructors of [`Formula`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Always.
    True,
    /// Never.
    False,
    /// A variable of [`Sort::Bool`].
    Atom(Var),
    /// `t ≤ 0`.
    Le(Linear),
    /// `t < 0`; some variable is rational.
    Lt(Linear),
    /// `t = 0`.
    Eq(Linear),
    /// `t` is a multiple of the number (at least 2); all variables are integers.
    Divides(BigInt, Linear),
    /// Of an `Atom`, `Eq` or `Divides` only.
    Not(Formula),
    /// All of two or more.
    And(Vec<Formula>),
    /// One of two or more.
    Or(Vec<Formula>),
}

impl PartialEq for Formula {
    fn eq(&self, other: &Formula) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.size == other.0.size && self.0.node == other.0.node)
    }
}

impl Eq for Formula {}

impl Hash for Formula {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.node.hash(state);
    }
}

impl PartialOrd for Formula {
    fn partial_cmp(&self, other: &Formula) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Formula {
    fn cmp(&self, other: &Formula) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.node.cmp(&other.0.node) }
    }
}

impl Formula {
    /// Puts a node that is already in normal form under a pointer.
    pub(super) fn wrap(node: Node) -> Formula {
        let size = match &node {
            Node::And(fs) | Node::Or(fs) => fs.iter().fold(1u64, |n, f| n.saturating_add(f.size())),
            Node::Not(f) => f.size(),
            Node::True | Node::False | Node::Atom(_) => 1,
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) | Node::Divides(_, t) => 1 + t.terms().count() as u64,
        };
        Formula(Arc::new(Inner { node, size }))
    }

    /// What the formula is at its top.
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// How large the formula is as a tree: a comparison counts its variables, everything else counts one.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// An address that is the formula's as long as a clone of it lives: a key for caches, never for an order.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Always.
    pub fn truth() -> Formula {
        static TRUTH: LazyLock<Formula> = LazyLock::new(|| Formula::wrap(Node::True));
        TRUTH.clone()
    }

    /// Never.
    pub fn falsity() -> Formula {
        Formula::wrap(Node::False)
    }

    /// [`Formula::truth`] or [`Formula::falsity`].
    pub fn constant(value: bool) -> Formula {
        if value { Formula::truth() } else { Formula::falsity() }
    }

    /// Whether this is literally `true`.
    pub fn is_true(&self) -> bool {
        matches!(self.node(), Node::True)
    }

    /// Whether this is literally `false`.
    pub fn is_false(&self) -> bool {
        matches!(self.node(), Node::False)
    }

    /// A truth variable. A number in its place is the encoder's mistake, which a debug build stops at; it reads as `≠ 0`.
    pub fn atom(x: &Var) -> Formula {
        debug_assert!(x.sort() == Sort::Bool, "{x:?} as a truth value");
        match x.sort() {
            Sort::Bool => Formula::wrap(Node::Atom(x.clone())),
            Sort::Int | Sort::Real => Formula::ne(&Linear::var(x), &Linear::zero()),
        }
    }

    /// Negation, pushed down to the leaves.
    pub fn not(f: &Formula) -> Formula {
        match f.node() {
            Node::True => Formula::falsity(),
            Node::False => Formula::truth(),
            Node::Not(g) => g.clone(),
            Node::Atom(_) | Node::Eq(_) | Node::Divides(..) => Formula::wrap(Node::Not(f.clone())),
            Node::Le(t) => Formula::negative(-t),
            Node::Lt(t) => Formula::non_positive(-t),
            Node::And(fs) => Formula::or(fs.iter().map(Formula::not)),
            Node::Or(fs) => Formula::and(fs.iter().map(Formula::not)),
        }
    }

    /// Conjunction; `true` of none.
    pub fn and(fs: impl IntoIterator<Item = Formula>) -> Formula {
        simplify::and(fs)
    }

    /// Disjunction; `false` of none.
    pub fn or(fs: impl IntoIterator<Item = Formula>) -> Formula {
        simplify::or(fs)
    }

    /// `f` implies `g`.
    pub fn implies(f: &Formula, g: &Formula) -> Formula {
        Formula::or([Formula::not(f), g.clone()])
    }

    /// `f` exactly when `g`. Doubles both: keep them small, or name them by a truth variable.
    pub fn iff(f: &Formula, g: &Formula) -> Formula {
        Formula::and([Formula::implies(f, g), Formula::implies(g, f)])
    }

    /// `c` decides between `f` and `g`.
    pub fn ite(c: &Formula, f: &Formula, g: &Formula) -> Formula {
        Formula::and([Formula::implies(c, f), Formula::or([c.clone(), g.clone()])])
    }

    /// `a ≤ b`.
    pub fn le(a: &Linear, b: &Linear) -> Formula {
        Formula::non_positive(a - b)
    }

    /// `a < b`.
    pub fn lt(a: &Linear, b: &Linear) -> Formula {
        Formula::negative(a - b)
    }

    /// `a ≥ b`.
    pub fn ge(a: &Linear, b: &Linear) -> Formula {
        Formula::non_positive(b - a)
    }

    /// `a > b`.
    pub fn gt(a: &Linear, b: &Linear) -> Formula {
        Formula::negative(b - a)
    }

    /// `a = b`.
    pub fn eq(a: &Linear, b: &Linear) -> Formula {
        Formula::zero(a - b)
    }

    /// `a ≠ b`.
    pub fn ne(a: &Linear, b: &Linear) -> Formula {
        Formula::not(&Formula::eq(a, b))
    }

    /// `low ≤ a ≤ high`.
    pub fn between(low: &Linear, a: &Linear, high: &Linear) -> Formula {
        Formula::and([Formula::le(low, a), Formula::le(a, high)])
    }

    /// `t ≤ 0`.
    pub fn non_positive(t: Linear) -> Formula {
        if let Some(k) = t.as_constant() {
            return Formula::constant(!k.is_positive());
        }
        let t = t.primitive();
        // over ℤ: Σ c·x ≤ -k is Σ c·x ≤ ⌊-k⌋
        Formula::wrap(Node::Le(if t.is_integral() && !t.offset().is_integer() {
            t.with_offset(t.offset().ceil())
        } else {
            t
        }))
    }

    /// `t < 0`.
    pub fn negative(t: Linear) -> Formula {
        if let Some(k) = t.as_constant() {
            return Formula::constant(k.is_negative());
        }
        let t = t.primitive();
        if t.is_integral() {
            // over ℤ: Σ c·x < -k is Σ c·x ≤ ⌈-k⌉ - 1
            return Formula::wrap(Node::Le(t.with_offset(t.offset().floor() + BigRational::one())));
        }
        Formula::wrap(Node::Lt(t))
    }

    /// `t = 0`.
    pub fn zero(t: Linear) -> Formula {
        if let Some(k) = t.as_constant() {
            return Formula::constant(k.is_zero());
        }
        let mut t = t.primitive();
        if t.is_integral() && !t.offset().is_integer() {
            return Formula::falsity();
        }
        if t.leads_negative() {
            t = -t;
        }
        Formula::wrap(Node::Eq(t))
    }

    /// `t` is a whole multiple of `m`. Nothing if `m` is 0 or a variable of `t` is rational.
    pub fn divides(m: &BigInt, t: &Linear) -> Option<Formula> {
        if m.is_zero() || !t.is_integral() {
            return None;
        }
        // t/m ∈ ℤ; a rational t is first made whole together with m
        let mut denominators = t.offset().denom().clone();
        for (_, c) in t.terms() {
            denominators = denominators.lcm(c.denom());
        }
        let mut m = (m * &denominators).abs();
        let t = t.scale(&BigRational::from_integer(denominators));
        let residue = |c: &BigRational, m: &BigInt| BigRational::from_integer(c.numer().mod_floor(m));
        let mut variables = BigInt::zero();
        let mut reduced = Linear::zero();
        for (x, c) in t.terms() {
            reduced = &reduced + &Linear::scaled(x, residue(c, &m));
        }
        for (_, c) in reduced.terms() {
            variables = variables.gcd(c.numer());
        }
        let mut k = residue(t.offset(), &m);
        let common = variables.gcd(&m);
        if reduced.as_constant().is_some() {
            return Some(Formula::constant(k.is_zero()));
        }
        if !k.numer().is_multiple_of(&common) {
            return Some(Formula::falsity());
        }
        m /= &common;
        let shrink = BigRational::new(BigInt::one(), common);
        k = residue(&(k * &shrink), &m);
        let t = reduced.scale(&shrink).with_offset(k);
        Some(if m.is_one() { Formula::truth() } else { Formula::wrap(Node::Divides(m, t)) })
    }

    /// The variables that occur, in order.
    pub fn vars(&self) -> BTreeSet<Var> {
        let mut out = BTreeSet::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut BTreeSet<Var>) {
        match self.node() {
            Node::True | Node::False => {}
            Node::Atom(x) => {
                out.insert(x.clone());
            }
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) | Node::Divides(_, t) => out.extend(t.vars().cloned()),
            Node::Not(f) => f.collect(out),
            Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|f| f.collect(out)),
        }
    }

    /// Whether `x` occurs.
    pub fn mentions(&self, x: &Var) -> bool {
        match self.node() {
            Node::True | Node::False => false,
            Node::Atom(y) => x == y,
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) | Node::Divides(_, t) => t.mentions(x),
            Node::Not(f) => f.mentions(x),
            Node::And(fs) | Node::Or(fs) => fs.iter().any(|f| f.mentions(x)),
        }
    }

    /// The formula with the variables that the model knows replaced by their values.
    pub fn assign(&self, model: &Model) -> Formula {
        self.map(&mut |leaf| match leaf.node() {
            Node::Atom(x) => match model.get(x) {
                Some(Value::Bool(b)) => Some(Formula::constant(*b)),
                Some(Value::Number(_)) | None => Some(leaf.clone()),
            },
            _ => leaf.map_linear(|t| t.assign(model)),
        })
        .unwrap_or_else(|| self.clone())
    }

    /// The formula with the term `t` in place of the number `x`. Nothing if that would ask whether a rational variable is a
    /// multiple of something, or put a rational in an integer's place.
    pub fn substitute(&self, x: &Var, t: &Linear) -> Option<Formula> {
        if x.sort() == Sort::Int && !t.is_integral() {
            return None;
        }
        self.map(&mut |leaf| leaf.map_linear(|u| u.replace(x, t)))
    }

    /// The leaf with its linear term changed; a leaf without one as it is.
    pub(super) fn map_linear(&self, change: impl FnOnce(&Linear) -> Linear) -> Option<Formula> {
        match self.node() {
            Node::Le(t) => Some(Formula::non_positive(change(t))),
            Node::Lt(t) => Some(Formula::negative(change(t))),
            Node::Eq(t) => Some(Formula::zero(change(t))),
            Node::Divides(m, t) => Formula::divides(m, &change(t)),
            Node::True | Node::False | Node::Atom(_) | Node::Not(_) | Node::And(_) | Node::Or(_) => Some(self.clone()),
        }
    }

    /// The formula with every leaf (what stands under `Not` included) replaced; nothing if one could not be.
    pub(super) fn map(&self, change: &mut dyn FnMut(&Formula) -> Option<Formula>) -> Option<Formula> {
        match self.node() {
            Node::And(fs) => {
                let parts = fs.iter().map(|f| f.map(change)).collect::<Option<Vec<_>>>()?;
                Some(Formula::and(parts))
            }
            Node::Or(fs) => {
                let parts = fs.iter().map(|f| f.map(change)).collect::<Option<Vec<_>>>()?;
                Some(Formula::or(parts))
            }
            Node::Not(f) => Some(Formula::not(&change(f)?)),
            Node::True | Node::False => Some(self.clone()),
            Node::Atom(_) | Node::Le(_) | Node::Lt(_) | Node::Eq(_) | Node::Divides(..) => change(self),
        }
    }
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// For developers and tests; reports write their own words.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compare = |f: &mut fmt::Formatter<'_>, t: &Linear, sign: &str| {
            write!(f, "{} {sign} {}", t.with_offset(BigRational::zero()), -t.offset())
        };
        let join = |f: &mut fmt::Formatter<'_>, fs: &[Formula], word: &str| {
            f.write_str("(")?;
            for (i, g) in fs.iter().enumerate() {
                if i > 0 {
                    write!(f, " {word} ")?;
                }
                write!(f, "{g}")?;
            }
            f.write_str(")")
        };
        match self.node() {
            Node::True => f.write_str("true"),
            Node::False => f.write_str("false"),
            Node::Atom(x) => write!(f, "{x}"),
            Node::Le(t) => compare(f, t, "<="),
            Node::Lt(t) => compare(f, t, "<"),
            Node::Eq(t) => compare(f, t, "="),
            Node::Divides(m, t) => write!(f, "{m} | {t}"),
            Node::Not(g) => write!(f, "not({g})"),
            Node::And(fs) => join(f, fs, "and"),
            Node::Or(fs) => join(f, fs, "or"),
        }
    }
}
