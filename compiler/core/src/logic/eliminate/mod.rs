//! Exact projection: from φ to the formula without x that says "there is an x such that φ".
//!
//! In: a formula and the variables to be rid of. Out: a formula over the others that holds exactly where some values of those
//! make the first hold; or a refusal, never an approximation. Truth values go by cases, rationals by virtual substitution of
//! test points, integers by Cooper's method; what is joined by "or" or does not mention the variable is kept out of it.
//! Rationals go before integers, so a sum that mixes them is refused only if a rational of it stays.
//!
//! Shares nothing with a solver: it decides for itself, and its answers are compared with one in the tests.

mod int;
mod real;

use super::formula::{Formula, Node};
use super::model::Model;
use super::simplify::absorb;
use super::term::{Sort, Value, Var};

/// How large a formula may become on the way ([`Formula::size`]); reached in a second or so.
pub const DEFAULT_LIMIT: u64 = 100_000;

/// Why there is no projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A formula on the way would be larger than the limit.
    TooLarge,
    /// This integer stands in a sum with a rational that stays.
    Mixed(Var),
}

/// The formula over the other variables that holds exactly where some values of `vars` satisfy `f`.
pub fn exists(f: &Formula, vars: &[Var]) -> Result<Formula, Refusal> {
    exists_within(f, vars, DEFAULT_LIMIT)
}

/// The formula over the other variables that holds exactly where all values of `vars` satisfy `f`.
pub fn for_all(f: &Formula, vars: &[Var]) -> Result<Formula, Refusal> {
    exists(&Formula::not(f), vars).map(|g| Formula::not(&g))
}

/// [`exists`] with a limit of one's own.
pub fn exists_within(f: &Formula, vars: &[Var], limit: u64) -> Result<Formula, Refusal> {
    let mut out = f.clone();
    let mut left: Vec<Var> = vars.to_vec();
    loop {
        // the kinds in this order, and of one kind the variable that occurs least
        left.retain(|x| out.mentions(x));
        let next = left.iter().min_by_key(|x| (order(x.sort()), occurrences(&out, x), (*x).clone())).cloned();
        let Some(x) = next else { return Ok(out) };
        out = without(&out, &x, limit)?;
        if out.size() > limit {
            return Err(Refusal::TooLarge);
        }
    }
}

fn order(sort: Sort) -> u8 {
    match sort {
        Sort::Bool => 0,
        Sort::Real => 1,
        Sort::Int => 2,
    }
}

fn occurrences(f: &Formula, x: &Var) -> u64 {
    match f.node() {
        Node::And(fs) | Node::Or(fs) => fs.iter().map(|g| occurrences(g, x)).sum(),
        _ => u64::from(f.mentions(x)),
    }
}

/// One variable.
fn without(f: &Formula, x: &Var, limit: u64) -> Result<Formula, Refusal> {
    if !f.mentions(x) {
        return Ok(f.clone());
    }
    match f.node() {
        Node::Or(fs) => {
            let parts = fs.iter().map(|g| without(g, x, limit)).collect::<Result<Vec<_>, _>>()?;
            Ok(absorb(&Formula::or(parts)))
        }
        Node::And(fs) => {
            let (inside, mut outside): (Vec<Formula>, Vec<Formula>) = fs.iter().cloned().partition(|g| g.mentions(x));
            outside.push(project(&inside, x, limit)?);
            Ok(absorb(&Formula::and(outside)))
        }
        _ => project(std::slice::from_ref(f), x, limit),
    }
}

/// Of a conjunction whose members all mention `x`.
fn project(members: &[Formula], x: &Var, limit: u64) -> Result<Formula, Refusal> {
    // a lone disjunction is taken apart first
    if let [only] = members
        && matches!(only.node(), Node::Or(_))
    {
        return without(only, x, limit);
    }
    let out = match x.sort() {
        Sort::Bool => by_cases(members, x),
        Sort::Real => real::project(members, x, limit)?,
        Sort::Int => int::project(members, x, limit)?,
    };
    Ok(absorb(&out))
}

fn by_cases(members: &[Formula], x: &Var) -> Formula {
    let f = Formula::and(members.iter().cloned());
    Formula::or([false, true].map(|b| {
        let mut model = Model::new();
        model.set(x.clone(), Value::Bool(b));
        f.assign(&model)
    }))
}

/// A disjunction that is built up to a limit.
struct Disjunction {
    parts: Vec<Formula>,
    size: u64,
    limit: u64,
    valid: bool,
}

impl Disjunction {
    fn new(limit: u64) -> Disjunction {
        Disjunction { parts: Vec::new(), size: 0, limit, valid: false }
    }

    /// Adds a case. Whether more cases can change anything.
    fn add(&mut self, f: Formula) -> Result<bool, Refusal> {
        self.valid = self.valid || f.is_true();
        // also what is false counts a little: it took work
        self.size = self.size.saturating_add(f.size());
        if self.size > self.limit && !self.valid {
            return Err(Refusal::TooLarge);
        }
        if !f.is_false() {
            self.parts.push(f);
        }
        Ok(!self.valid)
    }

    fn finish(self) -> Formula {
        if self.valid { Formula::truth() } else { Formula::or(self.parts) }
    }
}
