//! Questions in which some statements may say anything: what a proof rests on (semantics §26).
//!
//! In: norms and rules to *loosen*. Out: questions in which whether such a norm is due, is broken or excuses something, and
//! whether such a rule is set off, is left free: a new truth value wherever it is read. A truth value stands in one place, so
//! it is as bad as can be for whoever chooses it well: where a proof shows that there is no situation, the solver chooses;
//! where a situation is to be found whatever the loosened statements say, [`whatever`] puts the worst in its place.

use super::instance::Arising;
use super::{Frame, Scene, Term};
use crate::logic::{Formula, Linear, Model, Node, Sort, Value, Var};
use crate::model::StatementId;
use crate::model::conduct::{NormId, RuleId};
use std::collections::{BTreeMap, BTreeSet};

/// What a question reads besides what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// a norm
    Norm(NormId),
    /// what sets a rule off
    Rule(RuleId),
}

/// How the truth values of what is loosened begin.
const LOOSE: &str = "\u{0}loose";

impl Scene<'_> {
    /// From now on these may say anything.
    pub fn loosen(&mut self, what: &BTreeSet<Read>) {
        self.loose.clone_from(what);
    }

    /// Whether a norm may say anything.
    pub(super) fn is_loose(&self, norm: NormId) -> bool {
        self.loose.contains(&Read::Norm(norm))
    }

    /// True or false, as may be.
    pub(super) fn free(&mut self) -> Term {
        self.fresh += 1;
        Term::fixed(Formula::atom(&Var::bool(format!("{LOOSE} {}", self.fresh))))
    }

    /// Some day, as may be, for which this holds.
    pub(super) fn free_day(&mut self, holds: &mut dyn FnMut(&mut Self, &Linear) -> Term) -> Term {
        let free = self.free();
        let found = self.some_day("loose", |scene, day| {
            let inner = holds(scene, day);
            inner.given(Formula::ge(day, &Linear::zero()))
        });
        free.also(found)
    }

    /// A rule that is set off on some day, as may be.
    pub(super) fn free_arising(&mut self, holds: &mut dyn FnMut(&mut Self, &Arising) -> Term) -> Term {
        self.free_day(&mut |scene, day| {
            let at = |d: &Linear| Some(d.clone());
            let arising =
                Arising { day: day.clone(), base: at(day), first: day.clone(), origin: day.clone(), period: None };
            holds(scene, &arising)
        })
    }
}

impl Frame<'_> {
    /// What questions about these norms read besides them, in the order of the statements.
    #[must_use]
    pub fn reads(&self, seeds: &BTreeSet<NormId>) -> Vec<(StatementId, Read)> {
        let (closure, _) = self.closure(seeds.iter().copied());
        let mut out: BTreeSet<(StatementId, Read)> = BTreeSet::new();
        for norm in closure.iter().filter_map(|id| self.norm(*id)) {
            if !seeds.contains(&norm.id) {
                out.insert((norm.statement, Read::Norm(norm.id)));
            }
            if let Some(rule) = self.rule_of(norm) {
                out.insert((rule.statement, Read::Rule(rule.id)));
            }
        }
        out.into_iter().collect()
    }
}

/// A formula that holds whatever the loosened statements say; nothing where a truth value stands in two ways.
#[must_use]
pub fn whatever(formula: &Formula) -> Option<Formula> {
    let mut ways: BTreeMap<Var, (bool, bool)> = BTreeMap::new();
    let mut open = vec![(formula.clone(), true)];
    while let Some((f, sign)) = open.pop() {
        match f.node() {
            Node::Atom(x) if x.name().starts_with(LOOSE) => {
                let way = ways.entry(x.clone()).or_default();
                if sign {
                    way.0 = true;
                } else {
                    way.1 = true;
                }
            }
            Node::Not(inner) => open.push((inner.clone(), !sign)),
            Node::And(parts) | Node::Or(parts) => open.extend(parts.iter().map(|p| (p.clone(), sign))),
            Node::True | Node::False | Node::Atom(_) | Node::Le(_) | Node::Lt(_) | Node::Eq(_) | Node::Divides(..) => {}
        }
    }
    let mut worst = Model::new();
    for (x, way) in ways {
        debug_assert!(x.sort() == Sort::Bool, "{x:?}");
        match way {
            (positive, negative) if positive != negative => worst.set(x, Value::Bool(negative)),
            _ => return None,
        };
    }
    Some(formula.assign(&worst))
}
