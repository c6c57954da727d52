//! The one question that explanations are built on: can these statements all hold?
//!
//! In: labels. Out: yes with a model, no, or unknown. [`SessionOracle`] asks a solver session; tests ask a table. What an
//! explanation prints depends on yes and no alone: a model or a core may save a question, never decide one.

use std::collections::{BTreeMap, BTreeSet};

use crate::logic::{Answer, Formula, Label, Model, Node, Session, Unknown, Var};

/// The answer to "can these all hold?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tri {
    /// They can, for instance so.
    Yes(Model),
    /// They cannot; some of them that suffice for it, as a hint.
    No(Vec<Label>),
    /// Not known.
    Unknown(Unknown),
}

/// No explanation can be given, because a question on the way stayed open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided(pub Unknown);

/// What the caller of an explanation knows about the statements without asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Sets of which it is certain that they cannot all hold. Together with `parts` they account for every conflict.
    pub stated: Vec<Vec<Label>>,
    /// Groups such that a minimal conflict is one of `stated` or lies within one group.
    pub parts: Vec<Vec<Label>>,
}

/// Something that knows which statements can all hold. Monotone: whatever contains a set that cannot, cannot.
pub trait Oracle {
    /// Whether these can all hold, together with the background.
    fn consistent(&mut self, labels: &[Label]) -> Tri;

    /// Which of the candidates hold in this model for certain. None is always right; more saves questions.
    fn satisfied(&self, _model: &Model, _candidates: &[Label]) -> BTreeSet<Label> {
        BTreeSet::new()
    }

    /// What can be seen without asking. One group of everything is always right.
    fn structure(&self, labels: &[Label]) -> Structure {
        Structure { stated: Vec::new(), parts: vec![labels.to_vec()] }
    }
}

/// An oracle over a solver session: a background, labelled formulas, and what is assumed throughout.
///
/// It keeps the formulas, so it can see in a model what else holds, and can see which statements cannot touch each other:
/// groups that share no variable, and background clauses of the form "not all of these switches".
pub struct SessionOracle<'s> {
    session: Box<dyn Session + 's>,
    background: Vec<Formula>,
    labelled: BTreeMap<Label, Vec<Formula>>,
    assumed: Vec<Formula>,
    asked: u64,
}

impl std::fmt::Debug for SessionOracle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionOracle")
            .field("background", &self.background.len())
            .field("labelled", &self.labelled.len())
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

impl<'s> SessionOracle<'s> {
    /// An oracle over a fresh session.
    pub fn new(session: Box<dyn Session + 's>) -> SessionOracle<'s> {
        SessionOracle { session, background: Vec::new(), labelled: BTreeMap::new(), assumed: Vec::new(), asked: 0 }
    }

    /// Adds to the background.
    pub fn assert(&mut self, formula: &Formula) {
        self.session.assert(formula);
        self.background.push(formula.clone());
    }

    /// Adds to a statement.
    pub fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.session.assert_labelled(label, formula);
        self.labelled.entry(label).or_default().push(formula.clone());
    }

    /// Sets what every following question assumes, in place of what was assumed before.
    pub fn assume(&mut self, formulas: Vec<Formula>) {
        self.assumed = formulas;
    }

    /// How many questions were put to the solver.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// The session, for questions of another kind.
    pub fn session(&mut self) -> &mut (dyn Session + 's) {
        &mut *self.session
    }
}

impl Oracle for SessionOracle<'_> {
    fn consistent(&mut self, labels: &[Label]) -> Tri {
        self.asked += 1;
        match self.session.check(labels, &self.assumed) {
            Answer::Sat(model) => Tri::Yes(model),
            Answer::Unsat { core } => Tri::No(core),
            Answer::Unknown(why) => Tri::Unknown(why),
        }
    }

    fn satisfied(&self, model: &Model, candidates: &[Label]) -> BTreeSet<Label> {
        let holds = |l: &Label| self.labelled.get(l).is_none_or(|fs| fs.iter().all(|f| f.eval(model) == Some(true)));
        candidates.iter().filter(|l| holds(l)).copied().collect()
    }

    fn structure(&self, labels: &[Label]) -> Structure {
        let mut background = Vec::new();
        for f in self.background.iter().chain(&self.assumed) {
            match f.node() {
                Node::And(fs) => background.extend(fs.iter()),
                _ => background.push(f),
            }
        }
        let switches = self.switches(labels, &background);
        let mut stated = Vec::new();
        let mut groups = Groups::default();
        for f in background {
            match clause_of_switches(f, &switches) {
                Some(set) => stated.push(set),
                None => groups.join(&f.vars(), None),
            }
        }
        for l in labels {
            let vars: BTreeSet<Var> = self.labelled.get(l).into_iter().flatten().flat_map(|f| f.vars()).collect();
            groups.join(&vars, Some(*l));
        }
        Structure { stated, parts: groups.finish() }
    }
}

impl SessionOracle<'_> {
    /// Truth variables that are all there is to one of `labels`, and that everything else only ever wants false. Where the
    /// statement is not enabled the variable may then be taken as false, so a clause of such variables speaks of the enabled
    /// statements alone.
    fn switches(&self, labels: &[Label], background: &[&Formula]) -> BTreeMap<Var, Label> {
        let mut switches = BTreeMap::new();
        let mut spoiled = BTreeSet::new();
        for f in background {
            wanted(f, &mut spoiled);
        }
        for l in labels {
            let Some(fs) = self.labelled.get(l) else { continue };
            let switch = match fs.as_slice() {
                [only] => match only.node() {
                    Node::Atom(x) => Some(x),
                    _ => None,
                },
                _ => None,
            };
            match switch {
                Some(x) => {
                    if switches.insert(x.clone(), *l).is_some() {
                        spoiled.insert(x.clone());
                    }
                }
                None => fs.iter().for_each(|f| spoiled.extend(f.vars())),
            }
        }
        switches.retain(|x, _| !spoiled.contains(x));
        switches
    }
}

/// Truth variables that the formula may want true.
fn wanted(f: &Formula, out: &mut BTreeSet<Var>) {
    match f.node() {
        Node::Atom(x) => {
            out.insert(x.clone());
        }
        Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| wanted(g, out)),
        Node::True | Node::False | Node::Le(_) | Node::Lt(_) | Node::Eq(_) | Node::Divides(..) | Node::Not(_) => {}
    }
}

/// "Not all of these", if the formula says no more than that.
fn clause_of_switches(f: &Formula, switches: &BTreeMap<Var, Label>) -> Option<Vec<Label>> {
    let negated = |g: &Formula| match g.node() {
        Node::Not(h) => match h.node() {
            Node::Atom(x) => switches.get(x).copied(),
            _ => None,
        },
        _ => None,
    };
    let mut set = match f.node() {
        Node::Or(fs) => fs.iter().map(negated).collect::<Option<Vec<_>>>()?,
        _ => vec![negated(f)?],
    };
    set.sort();
    Some(set)
}

/// Variables and labels, joined as they are seen together.
#[derive(Default)]
struct Groups {
    parent: Vec<usize>,
    of_var: BTreeMap<Var, usize>,
    labels: Vec<(Label, usize)>,
}

impl Groups {
    fn root(&self, mut i: usize) -> usize {
        while let Some(&up) = self.parent.get(i) {
            if up == i {
                break;
            }
            i = up;
        }
        i
    }

    fn fresh(&mut self) -> usize {
        self.parent.push(self.parent.len());
        self.parent.len() - 1
    }

    /// Smaller index wins, so that roots are those seen first.
    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }

    fn join(&mut self, vars: &BTreeSet<Var>, label: Option<Label>) {
        let mut here = None;
        for x in vars {
            let node = match self.of_var.get(x) {
                Some(&node) => node,
                None => {
                    let node = self.fresh();
                    self.of_var.insert(x.clone(), node);
                    node
                }
            };
            match here {
                None => here = Some(node),
                Some(first) => self.union(first, node),
            }
        }
        if let Some(label) = label {
            let node = match here {
                Some(node) => node,
                None => self.fresh(),
            };
            self.labels.push((label, node));
        }
    }

    fn finish(self) -> Vec<Vec<Label>> {
        let mut parts: BTreeMap<usize, Vec<Label>> = BTreeMap::new();
        for (label, node) in &self.labels {
            parts.entry(self.root(*node)).or_default().push(*label);
        }
        let mut parts: Vec<Vec<Label>> = parts.into_values().collect();
        parts.iter_mut().for_each(|p| p.sort());
        parts.sort();
        parts
    }
}
