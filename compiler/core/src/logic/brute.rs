//! A prover without a solver: by cases, by enumeration, by test points.
//!
//! In and out: as every [`Prover`]. It shares no code with one that calls a solver, so the two are compared in the tests, and
//! explanations are tested where no solver is. Truth values go by cases and integers with two bounds by enumeration; every
//! other number gets the simplest value that projection leaves it. It is complete for what it can hold, and slow: for small
//! questions.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive};

use super::eliminate;
use super::formula::{Formula, Node};
use super::intervals;
use super::model::Model;
use super::prover::{Answer, Label, Prover, Session, Unknown};
use super::term::{Sort, Value, Var};

/// How many values an enumeration may have to try; wider integers are projected.
const WIDEST: u64 = 64;

/// How far from 0 an integer is looked for among irregular ones.
const FURTHEST: u64 = 4_096;

/// The prover by enumeration.
#[derive(Clone, Copy, Debug, Default)]
pub struct BruteForce;

impl Prover for BruteForce {
    fn session(&self) -> Box<dyn Session + '_> {
        Box::new(BruteSession { background: Vec::new(), labelled: BTreeMap::new() })
    }

    fn describe(&self) -> String {
        "enumeration".to_owned()
    }
}

#[derive(Debug)]
struct BruteSession {
    background: Vec<Formula>,
    labelled: BTreeMap<Label, Vec<Formula>>,
}

impl Session for BruteSession {
    fn assert(&mut self, formula: &Formula) {
        self.background.push(formula.clone());
    }

    fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.labelled.entry(label).or_default().push(formula.clone());
    }

    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Answer {
        let statements = enabled.iter().filter_map(|l| self.labelled.get(l)).flatten();
        let all: Vec<&Formula> = self.background.iter().chain(statements).chain(assume).collect();
        let question = Formula::and(all.iter().map(|f| (*f).clone()));
        let mut model = match solve(&question, Model::new()) {
            Ok(Some(model)) => model,
            Ok(None) => {
                let core: BTreeSet<Label> = enabled.iter().copied().collect();
                return Answer::Unsat { core: core.into_iter().collect() };
            }
            Err(why) => return Answer::Unknown(why),
        };
        for x in all.iter().flat_map(|f| f.vars()) {
            if model.get(&x).is_none() {
                model.set(x.clone(), if x.sort() == Sort::Bool { Value::Bool(false) } else { Value::int(0) });
            }
        }
        match all.iter().find(|f| f.eval(&model) != Some(true)) {
            None => Answer::Sat(model),
            Some(f) => Answer::Unknown(Unknown::Fault(format!("the model {model:?} does not satisfy {f}"))),
        }
    }
}

/// Values for the variables of `f`, on top of `model`.
fn solve(f: &Formula, model: Model) -> Result<Option<Model>, Unknown> {
    if f.is_true() {
        return Ok(Some(model));
    }
    if f.is_false() {
        return Ok(None);
    }
    let vars = f.vars();
    let both = || vec![Value::Bool(false), Value::Bool(true)];
    let choice = settled(f)
        .or_else(|| vars.iter().find(|x| x.sort() == Sort::Bool).map(|x| (x, both())))
        .or_else(|| vars.iter().find_map(|x| Some((x, range(f, x)?))));
    if let Some((x, values)) = choice {
        for value in values {
            if let Some(found) = take(f, &model, x, value)? {
                return Ok(Some(found));
            }
        }
        return Ok(None);
    }
    let Some(x) = vars.first() else { return Ok(None) };
    let others: Vec<Var> = vars.iter().skip(1).cloned().collect();
    let shadow = eliminate::exists(f, &others).map_err(|refusal| match refusal {
        eliminate::Refusal::TooLarge => Unknown::Budget,
        eliminate::Refusal::Mixed(_) => Unknown::Incomplete,
    })?;
    let value = match intervals::of(&shadow, x) {
        Ok(set) => intervals::simplest(&set),
        // divisibility without bounds: then some integer near 0 or just beyond the last bound is in the set
        Err(_) => Some(nearest(&shadow, x).ok_or(Unknown::Incomplete)?),
    };
    let Some(value) = value else { return Ok(None) };
    match take(f, &model, x, Value::Number(value))? {
        Some(found) => Ok(Some(found)),
        None => Err(Unknown::Fault(format!("the projection of {f} on {x} does not extend"))),
    }
}

fn take(f: &Formula, model: &Model, x: &Var, value: Value) -> Result<Option<Model>, Unknown> {
    let mut step = Model::new();
    step.set(x.clone(), value.clone());
    let mut model = model.clone();
    model.set(x.clone(), value);
    solve(&f.assign(&step), model)
}

/// A truth value that a member of `f` gives outright.
fn settled(f: &Formula) -> Option<(&Var, Vec<Value>)> {
    let members: &[Formula] = match f.node() {
        Node::And(fs) => fs,
        _ => std::slice::from_ref(f),
    };
    members.iter().find_map(|g| match g.node() {
        Node::Atom(x) => Some((x, vec![Value::Bool(true)])),
        Node::Not(h) => match h.node() {
            Node::Atom(x) => Some((x, vec![Value::Bool(false)])),
            _ => None,
        },
        _ => None,
    })
}

/// The integer of least size that satisfies `f`, positive first, among the first few thousand.
fn nearest(f: &Formula, x: &Var) -> Option<BigRational> {
    let sizes = (0..FURTHEST).flat_map(|n| [BigInt::from(n), -BigInt::from(n)]);
    sizes.map(BigRational::from_integer).find(|v| {
        let mut model = Model::new();
        model.set(x.clone(), Value::Number(v.clone()));
        f.eval(&model) == Some(true)
    })
}

/// All values of an integer that the members of `f` which speak of it alone hold between two close bounds.
fn range(f: &Formula, x: &Var) -> Option<Vec<Value>> {
    if x.sort() != Sort::Int {
        return None;
    }
    let members: &[Formula] = match f.node() {
        Node::And(fs) => fs,
        _ => std::slice::from_ref(f),
    };
    let alone = |g: &&Formula| matches!(g.node(), Node::Le(t) | Node::Eq(t) if t.mentions(x) && t.terms().count() == 1);
    let bounds = Formula::and(members.iter().filter(alone).cloned());
    let set = intervals::of(&bounds, x).ok()?;
    let (low, high) = match (set.first(), set.last()) {
        (Some(first), Some(last)) => (first.low.clone()?.value, last.high.clone()?.value),
        _ => return Some(Vec::new()),
    };
    let count = (&high - &low + BigRational::one()).to_integer().to_u64().filter(|n| *n <= WIDEST)?;
    Some((0..count).map(|i| Value::Number(&low + BigRational::from_integer(BigInt::from(i)))).collect())
}
