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

    /// Like [`Oracle::consistent`], but leaving the conflicts aside that [`Oracle::structure`] lists as stated.
    fn consistent_beyond(&mut self, labels: &[Label]) -> Tri {
        self.consistent(labels)
    }

    /// Which of the candidates hold in this model for certain. None is always right; more saves questions.
    fn satisfied(&self, _model: &Model, _candidates: &[Label]) -> BTreeSet<Label> {
        BTreeSet::new()
    }

    /// What can be seen without asking. One group of everything is always right.
    fn structure(&mut self, labels: &[Label]) -> Structure {
        Structure { stated: Vec::new(), parts: vec![labels.to_vec()] }
    }
}

/// The label that the background's stated conflicts stand under: no statement has it.
const STATED: Label = Label(u32::MAX);

/// An oracle over a solver session: a background, labelled formulas, and what is assumed throughout.
///
/// It keeps the formulas, so it can see in a model what else holds, and can see which statements cannot touch each other:
/// groups that share no variable, and background clauses of the form "not all of these switches", where a switch is a truth
/// variable that is all there is to one statement and that everything else only ever wants false. So label a claim with a
/// truth variable of its own and put into the background when such claims clash.
///
/// The label `u32::MAX` is its own.
pub struct SessionOracle<'s> {
    session: Box<dyn Session + 's>,
    background: Vec<Formula>,
    labelled: BTreeMap<Label, Vec<Formula>>,
    assumed: Vec<Formula>,
    /// Clauses of negated truth variables, not yet given to the session.
    waiting: Vec<Formula>,
    /// Those given to it under [`STATED`], and the labels of their switches.
    clauses: Vec<Formula>,
    stated: Vec<Vec<Label>>,
    switches: BTreeMap<Var, Label>,
    sealed: bool,
    asked: u64,
}

impl std::fmt::Debug for SessionOracle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionOracle")
            .field("background", &self.background.len())
            .field("labelled", &self.labelled.len())
            .field("stated", &self.stated.len())
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

impl<'s> SessionOracle<'s> {
    /// An oracle over a fresh session.
    pub fn new(session: Box<dyn Session + 's>) -> SessionOracle<'s> {
        SessionOracle {
            session,
            background: Vec::new(),
            labelled: BTreeMap::new(),
            assumed: Vec::new(),
            waiting: Vec::new(),
            clauses: Vec::new(),
            stated: Vec::new(),
            switches: BTreeMap::new(),
            sealed: false,
            asked: 0,
        }
    }

    /// Adds to the background. Everything is to be added before the first question; what comes later is right, but may cost
    /// the shortcuts above.
    pub fn assert(&mut self, formula: &Formula) {
        match formula.node() {
            Node::And(fs) => fs.iter().for_each(|f| self.assert(f)),
            _ if !self.sealed && negated_atoms(formula).is_some() => self.waiting.push(formula.clone()),
            _ => {
                self.unsettle(formula);
                self.session.assert(formula);
                self.background.push(formula.clone());
            }
        }
    }

    /// Adds to a statement.
    pub fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.unsettle(formula);
        self.session.assert_labelled(label, formula);
        self.labelled.entry(label).or_default().push(formula.clone());
    }

    /// Sets what every following question assumes, in place of what was assumed before.
    pub fn assume(&mut self, formulas: Vec<Formula>) {
        formulas.iter().for_each(|f| self.unsettle(f));
        self.assumed = formulas;
    }

    /// How many questions were put to the solver.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// Gives the session its clauses, once all statements are known: those of switches apart from the rest.
    fn seal(&mut self) {
        if std::mem::replace(&mut self.sealed, true) {
            return;
        }
        self.switches = self.find_switches();
        for clause in std::mem::take(&mut self.waiting) {
            match labels_of(&clause, &self.switches) {
                Some(labels) => {
                    self.session.assert_labelled(STATED, &clause);
                    self.stated.push(labels);
                    self.clauses.push(clause);
                }
                None => {
                    self.session.assert(&clause);
                    self.background.push(clause);
                }
            }
        }
    }

    /// A formula that comes late and wants a switch true, or a second statement of one switch, ends the shortcut: what was
    /// stated apart is then part of the background like everything else.
    fn unsettle(&mut self, late: &Formula) {
        if !self.sealed || self.stated.is_empty() {
            return;
        }
        if late.vars().iter().any(|x| self.switches.contains_key(x)) && negated_atoms(late).is_none() {
            self.switches.clear();
            self.stated.clear();
            self.background.append(&mut self.clauses);
        }
    }

    fn ask(&mut self, labels: &[Label]) -> Tri {
        self.asked += 1;
        match self.session.check(labels, &self.assumed) {
            Answer::Sat(model) => Tri::Yes(model),
            Answer::Unsat { mut core } => {
                core.retain(|l| *l != STATED);
                Tri::No(core)
            }
            Answer::Unknown(why) => Tri::Unknown(why),
        }
    }

    fn find_switches(&self) -> BTreeMap<Var, Label> {
        let mut switches = BTreeMap::new();
        let mut spoiled = BTreeSet::new();
        for f in self.background.iter().chain(&self.assumed) {
            wanted(f, &mut spoiled);
        }
        for (l, fs) in &self.labelled {
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

impl Oracle for SessionOracle<'_> {
    fn consistent(&mut self, labels: &[Label]) -> Tri {
        self.seal();
        let mut all = labels.to_vec();
        all.push(STATED);
        self.ask(&all)
    }

    fn consistent_beyond(&mut self, labels: &[Label]) -> Tri {
        self.seal();
        if self.stated.is_empty() { self.consistent(labels) } else { self.ask(labels) }
    }

    fn satisfied(&self, model: &Model, candidates: &[Label]) -> BTreeSet<Label> {
        let holds = |l: &Label| self.labelled.get(l).is_none_or(|fs| fs.iter().all(|f| f.eval(model) == Some(true)));
        candidates.iter().filter(|l| holds(l)).copied().collect()
    }

    /// A stated set is in conflict by itself. Beyond those, take a set of statements that satisfies the rest of the
    /// background: its model stays one when the switches of all other statements are set to false, which nothing minds.
    fn structure(&mut self, labels: &[Label]) -> Structure {
        self.seal();
        let mut groups = Groups::default();
        for f in self.background.iter().chain(&self.assumed) {
            groups.join(&f.vars(), None);
        }
        for l in labels {
            let vars: BTreeSet<Var> = self.labelled.get(l).into_iter().flatten().flat_map(|f| f.vars()).collect();
            groups.join(&vars, Some(*l));
        }
        let asked: BTreeSet<&Label> = labels.iter().collect();
        let stated = self.stated.iter().filter(|set| set.iter().all(|l| asked.contains(l))).cloned().collect();
        Structure { stated, parts: groups.finish() }
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
fn labels_of(clause: &Formula, switches: &BTreeMap<Var, Label>) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> =
        negated_atoms(clause)?.into_iter().map(|x| switches.get(x).copied()).collect::<Option<_>>()?;
    labels.sort();
    Some(labels)
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
