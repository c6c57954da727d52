//! An oracle over a solver.
//!
//! In: a background, labelled formulas, and what is assumed throughout. Out: yes or no for sets of labels. It keeps the
//! formulas, so it sees which statements cannot touch each other, asks each group of connected ones in a session of its own,
//! and remembers every answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::oracle::{Oracle, Structure, Tri};
use super::structure::{Groups, labels_of, wanted};
use crate::logic::{Answer, Formula, Label, Node, Prover, Session, Var};

/// How many sessions are open at once: one takes some megabytes, and a thousand statements may make hundreds of groups.
const OPEN_AT_ONCE: usize = 4;

/// How many formulas small groups bring into a session that they share: few enough to be no burden to each other, enough
/// that sessions are not opened for each of them again and again.
const SHELF: usize = 64;

/// An oracle over a solver.
///
/// Two things are seen without asking: groups that share no variable, and background clauses of the form "not all of these
/// switches", where a switch is a truth variable that is all there is to one statement and that everything else only ever
/// wants false. So label a claim with a truth variable of its own, and put into the background when such claims clash.
pub struct SessionOracle<'p> {
    prover: &'p dyn Prover,
    background: Vec<Formula>,
    labelled: BTreeMap<Label, Vec<Formula>>,
    assumed: Vec<Formula>,
    /// Made at the first question, and anew when a formula is added after it.
    plan: Option<Plan<'p>>,
    asked: u64,
}

/// What was seen of the formulas, and the sessions.
struct Plan<'p> {
    groups: Vec<Group>,
    group_of: BTreeMap<Label, usize>,
    /// Stated conflicts by their first label.
    stated: BTreeMap<Label, Vec<Vec<Label>>>,
    /// Whether the background can hold, once it was asked.
    base: Option<Tri>,
    /// The sessions of the shelves asked last, the latest at the end.
    open: VecDeque<(usize, Box<dyn Session + 'p>)>,
}

/// Formulas that share variables, directly or by others, and share none with any other group.
#[derive(Default)]
struct Group {
    background: Vec<Formula>,
    labels: Vec<Label>,
    /// Which session it shares with other small groups.
    shelf: usize,
    answers: BTreeMap<Vec<Label>, Tri>,
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

impl<'p> SessionOracle<'p> {
    /// An oracle with nothing asserted.
    pub fn new(prover: &'p dyn Prover) -> SessionOracle<'p> {
        SessionOracle {
            prover,
            background: Vec::new(),
            labelled: BTreeMap::new(),
            assumed: Vec::new(),
            plan: None,
            asked: 0,
        }
    }

    /// Adds to the background. Best before the first question: later, the sessions start over.
    pub fn assert(&mut self, formula: &Formula) {
        self.plan = None;
        match formula.node() {
            Node::And(fs) => self.background.extend(fs.iter().cloned()),
            _ => self.background.push(formula.clone()),
        }
    }

    /// Adds to a statement.
    pub fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.plan = None;
        self.labelled.entry(label).or_default().push(formula.clone());
    }

    /// Sets what every following question assumes, in place of what was assumed before.
    pub fn assume(&mut self, formulas: Vec<Formula>) {
        self.plan = None;
        self.assumed = formulas;
    }

    /// How many questions were put to the solver: the same for every solver, as no hint saves one.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    fn plan(&self) -> Plan<'p> {
        let switches = self.switches();
        let mut plan = Plan {
            groups: Vec::new(),
            group_of: BTreeMap::new(),
            stated: BTreeMap::new(),
            base: None,
            open: VecDeque::new(),
        };
        let mut joined = Groups::default();
        let mut rest = Vec::new();
        for f in &self.background {
            match labels_of(f, &switches) {
                Some(set) => {
                    if let Some(first) = set.first() {
                        plan.stated.entry(*first).or_default().push(set);
                    }
                }
                None => rest.push((joined.join(&f.vars()), f)),
            }
        }
        rest.extend(self.assumed.iter().map(|f| (joined.join(&f.vars()), f)));
        let labelled: Vec<(usize, Label)> = self
            .labelled
            .iter()
            .map(|(l, fs)| (joined.join(&fs.iter().flat_map(|f| f.vars()).collect()), *l))
            .collect();
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut place = |groups: &mut Vec<Group>, node: usize| {
            *places.entry(joined.root(node)).or_insert_with(|| {
                groups.push(Group::default());
                groups.len() - 1
            })
        };
        for (node, f) in rest {
            let i = place(&mut plan.groups, node);
            if let Some(group) = plan.groups.get_mut(i) {
                group.background.push(f.clone());
            }
        }
        for (node, l) in labelled {
            let i = place(&mut plan.groups, node);
            if let Some(group) = plan.groups.get_mut(i) {
                group.labels.push(l);
            }
        }
        // by what they say, not by when it was said: then the solver is asked the same in the same order
        plan.groups.iter_mut().for_each(|g| g.background.sort());
        plan.groups.sort_by(|a, b| (a.labels.first(), &a.background).cmp(&(b.labels.first(), &b.background)));
        plan.group_of =
            plan.groups.iter().enumerate().flat_map(|(i, g)| g.labels.iter().map(move |l| (*l, i))).collect();
        let (mut shelf, mut filled) = (0, 0);
        for group in &mut plan.groups {
            let formulas = group.background.len() + group.labels.len();
            if filled > 0 && filled + formulas > SHELF {
                shelf += 1;
                filled = 0;
            }
            filled += formulas;
            group.shelf = shelf;
        }
        plan
    }

    /// Truth variables that are all there is to one statement, and that nothing else wants true.
    fn switches(&self) -> BTreeMap<Var, Label> {
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

    /// Runs `f` on the plan, which is made if it has to be.
    fn with_plan<R>(&mut self, f: impl FnOnce(&mut SessionOracle<'p>, &mut Plan<'p>) -> R) -> R {
        let mut plan = self.plan.take().unwrap_or_else(|| self.plan());
        let out = f(self, &mut plan);
        self.plan = Some(plan);
        out
    }

    /// Whether some labels of one group can hold, by its own background.
    fn ask(&mut self, plan: &mut Plan<'p>, i: usize, labels: Vec<Label>) -> Tri {
        let Some(group) = plan.groups.get(i) else { return Tri::Yes };
        if let Some(known) = group.answers.get(&labels) {
            return known.clone();
        }
        let shelf = group.shelf;
        let found = plan.open.iter().position(|(j, _)| *j == shelf).and_then(|at| plan.open.remove(at));
        let mut session = found.map_or_else(|| self.open(&plan.groups, shelf), |(_, session)| session);
        self.asked += 1;
        let answer = match session.check(&labels, &[]) {
            Answer::Sat(_) => Tri::Yes,
            Answer::Unsat { .. } => Tri::No,
            Answer::Unknown(why) => Tri::Unknown(why),
        };
        if let Some(group) = plan.groups.get_mut(i) {
            group.answers.insert(labels, answer.clone());
        }
        plan.open.push_back((shelf, session));
        if plan.open.len() > OPEN_AT_ONCE {
            plan.open.pop_front();
        }
        answer
    }

    /// A session that knows the groups of one shelf. They share no variable, so a question about one of them is not changed by
    /// the others; where the background of one cannot hold, nothing can.
    fn open(&self, groups: &[Group], shelf: usize) -> Box<dyn Session + 'p> {
        let mut session = self.prover.session();
        for group in groups.iter().filter(|g| g.shelf == shelf) {
            group.background.iter().for_each(|f| session.assert(f));
            for l in &group.labels {
                self.labelled.get(l).into_iter().flatten().for_each(|f| session.assert_labelled(*l, f));
            }
        }
        session
    }

    /// Leaving stated conflicts aside: group by group, after the background alone.
    fn beyond(&mut self, plan: &mut Plan<'p>, labels: &[Label]) -> Tri {
        let base = match plan.base.take() {
            Some(base) => base,
            None => self.join(plan, (0..plan.groups.len()).map(|i| (i, Vec::new())).collect()),
        };
        let mut answer = base.clone();
        if base != Tri::No {
            let mut chosen: BTreeMap<usize, Vec<Label>> = BTreeMap::new();
            for l in labels {
                if let Some(i) = plan.group_of.get(l) {
                    chosen.entry(*i).or_default().push(*l);
                }
            }
            let found = self.join(plan, chosen);
            // what the background leaves open stays open, unless a group alone says no
            if base == Tri::Yes || found == Tri::No {
                answer = found;
            }
        }
        plan.base = Some(base);
        answer
    }

    /// Yes where all groups say yes; no where one says no, whatever stays open elsewhere.
    fn join(&mut self, plan: &mut Plan<'p>, groups: BTreeMap<usize, Vec<Label>>) -> Tri {
        let mut open = None;
        for (i, labels) in groups {
            match self.ask(plan, i, labels) {
                Tri::Yes => {}
                Tri::No => return Tri::No,
                Tri::Unknown(why) => open = open.or(Some(why)),
            }
        }
        open.map_or(Tri::Yes, Tri::Unknown)
    }
}

impl Oracle for SessionOracle<'_> {
    /// A stated conflict needs no question. Where there is none, a model of the rest stays one when the switches of all other
    /// statements are set to false, which nothing minds; then it also satisfies every stated clause.
    fn consistent(&mut self, labels: &[Label]) -> Tri {
        let labels = sorted(labels);
        self.with_plan(|oracle, plan| {
            let mut clashes = labels.iter().filter_map(|l| plan.stated.get(l)).flatten();
            if clashes.any(|set| set.iter().all(|l| labels.binary_search(l).is_ok())) {
                return Tri::No;
            }
            oracle.beyond(plan, &labels)
        })
    }

    fn consistent_beyond(&mut self, labels: &[Label]) -> Tri {
        let labels = sorted(labels);
        self.with_plan(|oracle, plan| oracle.beyond(plan, &labels))
    }

    fn structure(&mut self, labels: &[Label]) -> Structure {
        let labels = sorted(labels);
        self.with_plan(|_, plan| {
            let mut parts: BTreeMap<Option<usize>, Vec<Label>> = BTreeMap::new();
            for l in &labels {
                parts.entry(plan.group_of.get(l).copied()).or_default().push(*l);
            }
            let mut parts: Vec<Vec<Label>> = parts.into_values().collect();
            parts.sort();
            let asked = |set: &&Vec<Label>| set.iter().all(|l| labels.binary_search(l).is_ok());
            let stated = plan.stated.values().flatten().filter(asked).cloned().collect();
            Structure { stated, parts }
        })
    }
}

fn sorted(labels: &[Label]) -> Vec<Label> {
    let mut out = labels.to_vec();
    out.sort();
    out.dedup();
    out
}
