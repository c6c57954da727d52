//! The evaluator: what a formula is under given values.
//!
//! In: a formula and a model, possibly partial. Out: true, false, or nothing where a missing value decides. It walks the tree
//! and computes with exact numbers; it shares no code with a solver, with elimination or with the encoding.

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::formula::{Formula, Node};
use super::model::Model;

impl Formula {
    /// The value under the model. A conjunction with a false member is false whatever is missing, a disjunction likewise.
    pub fn eval(&self, model: &Model) -> Option<bool> {
        match self.node() {
            Node::True => Some(true),
            Node::False => Some(false),
            Node::Atom(x) => model.get(x)?.as_bool(),
            Node::Le(t) => t.eval(model).map(|v| !v.is_positive()),
            Node::Lt(t) => t.eval(model).map(|v| v.is_negative()),
            Node::Eq(t) => t.eval(model).map(|v| v.is_zero()),
            Node::Divides(m, t) => t.eval(model).map(|v| (v / BigRational::from_integer(m.clone())).is_integer()),
            Node::Not(f) => f.eval(model).map(|b| !b),
            Node::And(fs) => join(fs, model, false),
            Node::Or(fs) => join(fs, model, true),
        }
    }
}

/// `decisive` as soon as one member has it, its opposite if all have that, else nothing.
fn join(fs: &[Formula], model: &Model, decisive: bool) -> Option<bool> {
    let mut known = true;
    for f in fs {
        match f.eval(model) {
            Some(b) if b == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}
