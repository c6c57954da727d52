//! What can be seen of statements without asking a solver: who can touch whom.
//!
//! In: formulas. Out: groups of formulas that share variables, and clauses that only say "not all of these".

use std::collections::{BTreeMap, BTreeSet};

use crate::logic::{Formula, Label, Node, Var};

/// Truth variables that the formula may want true.
pub(super) fn wanted(f: &Formula, out: &mut BTreeSet<Var>) {
    match f.node() {
        Node::Atom(x) => {
            out.insert(x.clone());
        }
        Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| wanted(g, out)),
        Node::True | Node::False | Node::Le(_) | Node::Lt(_) | Node::Eq(_) | Node::Divides(..) | Node::Not(_) => {}
    }
}

/// The variables of "not all of these", if the formula says no more than that.
fn negated_atoms(f: &Formula) -> Option<Vec<&Var>> {
    match f.node() {
        Node::Or(fs) => fs.iter().map(negated_atom).collect(),
        _ => Some(vec![negated_atom(f)?]),
    }
}

fn negated_atom(f: &Formula) -> Option<&Var> {
    let Node::Not(inner) = f.node() else { return None };
    let Node::Atom(x) = inner.node() else { return None };
    Some(x)
}

/// The statements that a clause says cannot all hold, if all of its variables are switches.
pub(super) fn labels_of(clause: &Formula, switches: &BTreeMap<Var, Label>) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> =
        negated_atoms(clause)?.into_iter().map(|x| switches.get(x).copied()).collect::<Option<_>>()?;
    labels.sort();
    Some(labels)
}

/// Items, joined where they share a variable.
#[derive(Default)]
pub(super) struct Groups {
    parent: Vec<usize>,
    of_var: BTreeMap<Var, usize>,
}

impl Groups {
    /// The group of a node, as it stands.
    pub(super) fn root(&self, mut i: usize) -> usize {
        while let Some(&up) = self.parent.get(i) {
            if up == i {
                break;
            }
            i = up;
        }
        i
    }

    /// Joins all that mention these variables; the node stands for them. Without variables it is a group of its own.
    pub(super) fn join(&mut self, vars: &BTreeSet<Var>) -> usize {
        let node = self.parent.len();
        self.parent.push(node);
        for x in vars {
            match self.of_var.get(x) {
                Some(&other) => self.union(node, other),
                None => {
                    self.of_var.insert(x.clone(), node);
                }
            }
        }
        node
    }

    /// The root seen first stays the root; what was walked is shortened.
    fn union(&mut self, a: usize, b: usize) {
        let (roots, least) = {
            let (a, b) = (self.root(a), self.root(b));
            ([a, b], a.min(b))
        };
        for i in roots.into_iter().chain([a, b]) {
            if let Some(slot) = self.parent.get_mut(i) {
                *slot = least;
            }
        }
    }
}
