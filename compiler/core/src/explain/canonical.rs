//! The simplest model: the one situation that every solver agrees to print.
//!
//! In: a session, what is enabled and assumed, and variables in the order in which they matter. Out: the model in which the
//! first variable has the simplest value it can have, then the second given that, and so on. Simplest is: false before true;
//! of whole numbers the least in size, positive first; of rationals the least denominator, then the least size, positive first
//! (semantics §26: an open bound has no least value, but it has a simplest one). Each value follows from yes and no alone.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::oracle::Undecided;
use crate::logic::{Answer, Formula, Label, Linear, Model, Session, Sort, Unknown, Value, Var};

/// The largest denominator that is looked for.
const LARGEST_DENOMINATOR: u64 = 1 << 16;

/// How many denominators one question covers at most.
const BLOCK: u64 = 64;

/// The simplest model over `vars`, by their order; nothing if there is none.
pub fn canonical_model(
    session: &mut dyn Session,
    enabled: &[Label],
    assume: &[Formula],
    vars: &[Var],
) -> Result<Option<Model>, Undecided> {
    simplest(session, enabled, Some(assume.to_vec()), vars)
}

/// The same of all that a session knows, which the values are added to: it takes each formula in once, where
/// [`canonical_model`] has it take all of them in with every question. For a session that nobody else asks.
pub fn settle_model(session: &mut dyn Session, vars: &[Var]) -> Result<Option<Model>, Undecided> {
    simplest(session, &[], None, vars)
}

fn simplest(
    session: &mut dyn Session,
    enabled: &[Label],
    fixed: Option<Vec<Formula>>,
    vars: &[Var],
) -> Result<Option<Model>, Undecided> {
    let mut search = Search { session, enabled, fixed, current: Model::new(), values: Model::new() };
    if !search.holds(&[])? {
        return Ok(None);
    }
    search.settle(vars)?;
    Ok(Some(search.values))
}

struct Search<'a> {
    session: &'a mut dyn Session,
    enabled: &'a [Label],
    /// What was assumed, and the values settled so far; nothing where the session itself knows them.
    fixed: Option<Vec<Formula>>,
    /// Satisfies all of that.
    current: Model,
    values: Model,
}

impl Search<'_> {
    /// Whether what is settled allows `more`; then the current model becomes one that has it.
    fn holds(&mut self, more: &[Formula]) -> Result<bool, Undecided> {
        let all: Vec<Formula> = self.fixed.iter().flatten().chain(more).cloned().collect();
        match self.session.check(self.enabled, &all) {
            Answer::Sat(model) => {
                self.current = model;
                Ok(true)
            }
            Answer::Unsat { .. } => Ok(false),
            Answer::Unknown(why) => Err(Undecided(why)),
        }
    }

    fn fix(&mut self, x: &Var, value: Value) {
        match &mut self.fixed {
            Some(fixed) => fixed.push(is(x, &value)),
            None => self.session.assert(&is(x, &value)),
        }
        self.values.set(x.clone(), value);
    }

    fn number(&self, x: &Var) -> BigRational {
        self.current.get(x).and_then(Value::as_number).cloned().unwrap_or_else(BigRational::zero)
    }

    /// Settles a run of variables: all at their very simplest if that can be, else half by half.
    fn settle(&mut self, vars: &[Var]) -> Result<(), Undecided> {
        let vars: Vec<Var> = vars.iter().filter(|x| self.values.get(x).is_none()).cloned().collect();
        if vars.is_empty() {
            return Ok(());
        }
        let wished: Vec<Formula> = vars.iter().map(|x| is(x, &least(x.sort()))).collect();
        let already = wished.iter().all(|f| f.eval(&self.current) == Some(true));
        if already || self.holds(&wished)? {
            for x in &vars {
                self.fix(x, least(x.sort()));
            }
            return Ok(());
        }
        if let [x] = vars.as_slice() {
            let value = match x.sort() {
                Sort::Bool => Value::Bool(true),
                Sort::Int => Value::Number(BigRational::from_integer(self.least_whole(x, &[])?)),
                Sort::Real => Value::Number(self.least_rational(x)?),
            };
            self.fix(x, value);
            return Ok(());
        }
        let (first, second) = vars.split_at(vars.len() / 2);
        self.settle(first)?;
        self.settle(second)
    }

    /// The whole number of least size that `x` can be under `more`, positive first; it can be one, and the current model has
    /// one.
    fn least_whole(&mut self, x: &Var, more: &[Formula]) -> Result<BigInt, Undecided> {
        let t = Linear::var(x);
        let within = |size: &BigInt| {
            let mut all = more.to_vec();
            all.push(Formula::between(&Linear::int(-size), &t, &Linear::int(size.clone())));
            all
        };
        // sizes below `low` are impossible, `high` is possible
        let mut low = BigInt::zero();
        let mut high = self.number(x).to_integer().abs();
        let mut step = BigInt::one();
        while low < high {
            // first in doubling steps from below: what bounds a value is mostly small
            let middle = if &low + &step < high { &low + &step } else { (&low + &high).div_floor(&BigInt::from(2)) };
            if self.holds(&within(&middle))? {
                high = self.number(x).to_integer().abs();
                step = BigInt::one();
            } else {
                low = middle + 1;
                step *= 2;
            }
        }
        let mut positive = more.to_vec();
        positive.push(Formula::eq(&t, &Linear::int(high.clone())));
        Ok(if self.holds(&positive)? { high } else { -high })
    }

    /// The rational of least denominator, then least size, that `x` can be.
    fn least_rational(&mut self, x: &Var) -> Result<BigRational, Undecided> {
        let mut from = 1u64;
        loop {
            // the current model's own denominator is possible
            let known = self.number(x).denom().to_u64().unwrap_or(u64::MAX).max(from);
            let to = (from * 2 - 1).min(from + BLOCK - 1).min(known);
            if to > LARGEST_DENOMINATOR {
                return Err(Undecided(Unknown::Budget));
            }
            if self.holds(&[multiples(x, from..=to)])? {
                break self.least_in_block(x, from, to);
            }
            from = to + 1;
        }
    }

    /// The same, where the least denominator is known to be in this range.
    fn least_in_block(&mut self, x: &Var, mut from: u64, mut to: u64) -> Result<BigRational, Undecided> {
        while from < to {
            let middle = from + (to - from) / 2;
            if self.holds(&[multiples(x, from..=middle)])? {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        let parts = [multiples(x, from..=from)];
        if !self.holds(&parts)? {
            return Err(Undecided(Unknown::Fault(format!("{x} has a denominator and has not"))));
        }
        let numerator = self.least_whole(&numerator(from), &parts)?;
        Ok(BigRational::new(numerator, BigInt::from(from)))
    }
}

/// The simplest value of all.
fn least(sort: Sort) -> Value {
    match sort {
        Sort::Bool => Value::Bool(false),
        Sort::Int | Sort::Real => Value::int(0),
    }
}

/// `x` has this value.
fn is(x: &Var, value: &Value) -> Formula {
    match value {
        Value::Bool(true) => Formula::atom(x),
        Value::Bool(false) => Formula::not(&Formula::atom(x)),
        Value::Number(n) => Formula::eq(&Linear::var(x), &Linear::constant(n.clone())),
    }
}

/// A whole number that no user's variable is: names from a charter hold no control characters.
fn numerator(q: u64) -> Var {
    Var::int(format!("\u{0}numerator over {q}"))
}

/// `x` times one of these is whole.
fn multiples(x: &Var, denominators: std::ops::RangeInclusive<u64>) -> Formula {
    Formula::or(denominators.map(|q| {
        let scaled = Linear::scaled(x, BigRational::from_integer(q.into()));
        Formula::eq(&scaled, &Linear::var(&numerator(q)))
    }))
}
