//! Formulas to Z3 terms.
//!
//! In: a formula in normal form. Out: the Z3 term that says the same, shared where the formula is shared. Variables get names
//! of our own by order of first use, so that no text a user wrote reaches Z3 and the same session is always the same to it.

use std::collections::{BTreeMap, HashMap};

use comity_core::logic::{BigInt, BigRational, Formula, Linear, Node, Sort, Var};
use z3::ast::{Bool, Int, Real};

/// A Z3 constant of one of our sorts.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    Bool(Bool),
    Int(Int),
    Real(Real),
}

/// What has been translated so far.
#[derive(Default)]
pub(crate) struct Translator {
    constants: BTreeMap<Var, Constant>,
    /// Where in `terms`, by address; the formula is kept there so that the address stays its own.
    done: HashMap<usize, usize>,
    /// In the order in which they were made: Z3 gives the numbers of dropped terms to new ones.
    terms: Vec<(Formula, Bool)>,
}

impl Translator {
    /// Every variable seen, in order.
    pub(crate) fn constants(&self) -> impl Iterator<Item = (&Var, &Constant)> {
        self.constants.iter()
    }

    /// The Z3 term of a formula.
    pub(crate) fn formula(&mut self, f: &Formula) -> Bool {
        match f.node() {
            Node::True => Bool::from_bool(true),
            Node::False => Bool::from_bool(false),
            Node::Atom(x) => match self.constant(x) {
                Constant::Bool(b) => b,
                Constant::Int(i) => i.eq(Int::from_i64(0)).not(),
                Constant::Real(r) => r.eq(Int::from_i64(0).to_real()).not(),
            },
            Node::Le(t) => self.compare(t, |s, k| s.le(k), |s, k| s.le(k)),
            Node::Lt(t) => self.compare(t, |s, k| s.lt(k), |s, k| s.lt(k)),
            Node::Eq(t) => self.compare(t, |s, k| s.eq(k), |s, k| s.eq(k)),
            Node::Divides(m, t) => {
                let sum = self.integer_sum(t);
                let sum = Int::add(&[sum, integer(t.offset().numer())]);
                sum.modulo(integer(m)).eq(Int::from_i64(0))
            }
            Node::Not(g) => self.formula(g).not(),
            Node::And(fs) => self.shared(f, fs, Bool::and),
            Node::Or(fs) => self.shared(f, fs, Bool::or),
        }
    }

    fn shared(&mut self, f: &Formula, members: &[Formula], join: fn(&[Bool]) -> Bool) -> Bool {
        if let Some((_, term)) = self.done.get(&f.address()).and_then(|i| self.terms.get(*i)) {
            return term.clone();
        }
        let members: Vec<Bool> = members.iter().map(|g| self.formula(g)).collect();
        let term = join(&members);
        self.done.insert(f.address(), self.terms.len());
        self.terms.push((f.clone(), term.clone()));
        term
    }

    fn constant(&mut self, x: &Var) -> Constant {
        if let Some(c) = self.constants.get(x) {
            return c.clone();
        }
        let n = self.constants.len();
        let c = match x.sort() {
            Sort::Bool => Constant::Bool(Bool::new_const(format!("b{n}"))),
            Sort::Int => Constant::Int(Int::new_const(format!("i{n}"))),
            Sort::Real => Constant::Real(Real::new_const(format!("r{n}"))),
        };
        self.constants.insert(x.clone(), c.clone());
        c
    }

    /// `s ⋈ -k` for the comparison `s + k ⋈ 0`, over ℤ where all of it is whole.
    fn compare(
        &mut self,
        t: &Linear,
        whole: impl FnOnce(&Int, &Int) -> Bool,
        broken: impl FnOnce(&Real, &Real) -> Bool,
    ) -> Bool {
        if t.is_integral() {
            let right = -t.offset();
            whole(&self.integer_sum(t), &integer(right.numer()))
        } else {
            broken(&self.rational_sum(t), &rational(&-t.offset()))
        }
    }

    /// Σ c·x; in normal form the coefficients of an integer sum are whole.
    fn integer_sum(&mut self, t: &Linear) -> Int {
        let mut parts = Vec::new();
        for (x, c) in t.terms() {
            if let Constant::Int(i) = self.constant(x) {
                parts.push(Int::mul(&[integer(c.numer()), i]));
            }
        }
        Int::add(&parts)
    }

    fn rational_sum(&mut self, t: &Linear) -> Real {
        let mut parts = Vec::new();
        for (x, c) in t.terms() {
            let x = match self.constant(x) {
                Constant::Real(r) => r,
                Constant::Int(i) => i.to_real(),
                Constant::Bool(_) => continue,
            };
            parts.push(Real::mul(&[rational(c), x]));
        }
        Real::add(&parts)
    }
}

/// A whole number of any size.
fn integer(n: &BigInt) -> Int {
    match i64::try_from(n) {
        Ok(small) => Int::from_i64(small),
        // decimal digits are always a numeral
        Err(_) => n.to_string().parse().unwrap_or_else(|()| Int::from_i64(0)),
    }
}

/// A rational number of any size. Through text: the call that takes machine words is missing from Z3 4.8.12.
fn rational(n: &BigRational) -> Real {
    let whole = |i: &BigInt| integer(i).to_real();
    Real::from_rational_str(&n.numer().to_string(), &n.denom().to_string())
        .unwrap_or_else(|| whole(n.numer()).div(whole(n.denom())))
}
