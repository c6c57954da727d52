//! The first question: which sets of assertions clash under some settlement, where, when and under which.
//!
//! In: the encoding of a view. Out: [`Clash`]es, the narrow ones apart, each replayed.

use super::{Clash, Narrow, Sort, Study};
use crate::atlas::{AtlasId, CellSet};
use crate::checks::{Context, Interval, conflict};
use crate::encode::{Encoding, MEETINGS, project, shares};
use crate::evaluate::Evaluator;
use crate::logic::{Answer, Formula, Model, Var};
use crate::model::{Program, StatementId, day};
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// How many pairs that clash are listed in one view.
const PAIRS: usize = 2_000;

/// Ground on which one condition of a clash holds.
type Piece = (CellSet, Formula);

/// What is known of a condition.
#[derive(Clone)]
enum Known {
    Never,
    Sometimes,
    Open(String),
}

/// What is known of the condition of a whole clash.
#[derive(Clone)]
struct Shape {
    kappa: Formula,
    standing: bool,
    during: Vec<Interval>,
}

struct Finder<'c, 'a> {
    cx: &'c mut Context<'a>,
    evaluator: Evaluator<'a>,
    terms: BTreeSet<Var>,
    known: BTreeMap<Formula, Known>,
    simplest: BTreeMap<Formula, Result<Option<Model>, String>>,
    shapes: BTreeMap<Formula, Result<Shape, String>>,
}

/// Finds every clash of a view.
pub(super) fn find<'a>(cx: &mut Context<'a>, study: &mut Study<'a>) {
    let program = cx.program();
    let encoding = Encoding::new(program, &study.statements);
    let mut finder = Finder {
        evaluator: Evaluator::new(program, &study.statements),
        terms: program.terms.iter().map(|t| t.var.clone()).collect(),
        known: BTreeMap::new(),
        simplest: BTreeMap::new(),
        shapes: BTreeMap::new(),
        cx,
    };
    finder.contradictions(&encoding, study);
    finder.over_full(&encoding, study);
    let order = |c: &Clash| (c.members.len(), c.members.clone());
    study.clashes.sort_by_key(order);
    study.wider.sort_by_key(order);
    study.narrow.sort_by_key(|(c, _)| order(c));
}

impl<'a> Finder<'_, 'a> {
    /// Pairs of assertions that contradict each other.
    fn contradictions(&mut self, encoding: &Encoding<'a>, study: &mut Study<'a>) {
        let mut found: BTreeMap<Vec<StatementId>, (AtlasId, Vec<Piece>)> = BTreeMap::new();
        let meetings = encoding.meetings();
        let mut more = meetings.len() >= MEETINGS;
        for meeting in meetings {
            let (l, m) = meeting.pair;
            let mut members: Vec<StatementId> =
                [l, m].iter().filter_map(|i| encoding.assertions.get(*i)).map(|a| a.statement).collect();
            members.sort_unstable();
            members.dedup();
            for patch in meeting.patches {
                match encoding.clash(l, m, patch.class) {
                    Ok(condition) if condition.is_false() => {}
                    Ok(condition) => {
                        let entry = found.entry(members.clone()).or_insert_with(|| (meeting.atlas, Vec::new()));
                        entry.1.push((patch.cells, condition));
                    }
                    Err(why) => study.open.push((members.clone(), project::refusal(&why))),
                }
            }
        }
        // a pair whose answer needs no solver was asked about all the same
        self.cx.count(found.len());
        for (members, (atlas, pieces)) in found {
            if study.clashes.len() >= PAIRS {
                more = true;
                break;
            }
            let sort = match conflict::sort_of(self.cx.program(), &members) {
                // two claims of one quota right that also exclude each other
                Sort::Shares => Sort::Claims,
                sort => sort,
            };
            self.take(study, members, sort, atlas, pieces, &Formula::falsity());
        }
        if more {
            let n = study.clashes.len();
            study.open.push((Vec::new(), format!("{n} pairs that clash are listed; there are more")));
        }
    }

    /// Sets of shares that are more than the whole, smallest first.
    fn over_full(&mut self, encoding: &Encoding<'a>, study: &mut Study<'a>) {
        let mut found: BTreeMap<(usize, Vec<StatementId>), (AtlasId, Vec<Piece>)> = BTreeMap::new();
        for group in shares::groups(encoding, &study.statements) {
            let (candidates, all) = group.candidates();
            if !all {
                let members = candidates.first().map(|c| c.members.clone()).unwrap_or_default();
                let n = candidates.len();
                study.open.push((members, format!("too many sets of shares on one cell; the {n} smallest were asked")));
            }
            for c in candidates {
                let entry = found.entry((c.members.len(), c.members)).or_insert_with(|| (group.atlas, Vec::new()));
                entry.1.push((group.cells.clone(), c.condition));
            }
        }
        for ((_, members), (atlas, pieces)) in found {
            let smaller: Vec<Formula> =
                study.among(&members).filter(|c| c.sort == Sort::Shares).map(|c| c.kappa.clone()).collect();
            if smaller.iter().any(Formula::is_true) {
                continue;
            }
            self.take(study, members, Sort::Shares, atlas, pieces, &Formula::or(smaller));
        }
    }

    /// Adds a set, if some settlement outside of `covered` lets it clash.
    fn take(
        &mut self,
        study: &mut Study<'a>,
        members: Vec<StatementId>,
        sort: Sort,
        atlas: AtlasId,
        pieces: Vec<Piece>,
        covered: &Formula,
    ) {
        let mut parts: Vec<Piece> = Vec::new();
        for (ground, condition) in pieces {
            match self.sometimes(&Formula::and([condition.clone(), Formula::not(covered)])) {
                Known::Never => {}
                Known::Open(why) => study.open.push((members.clone(), why)),
                Known::Sometimes => parts.push((ground, condition)),
            }
        }
        let condition = Formula::or(parts.iter().map(|(_, condition)| condition.clone()));
        let values = match self.simplest(&parts, covered) {
            Ok(Some(values)) => values,
            Ok(None) => return,
            Err(why) => {
                study.open.push((members, why));
                return;
            }
        };
        let spot = parts.iter().find(|(_, condition)| condition.eval(&values) == Some(true));
        let agreed = spot
            .and_then(|(ground, _)| ground.cells().first())
            .is_some_and(|cell| self.evaluator.clashes(&members, atlas, *cell, &values) == Some(true));
        if !agreed {
            study.open.push((members, "fault: the evaluator does not find the clash that the solver found".to_owned()));
            return;
        }
        let cells = parts.iter().fold(CellSet::default(), |all, (ground, _)| all.union(ground));
        let shape = match self.shape(&condition) {
            Ok(shape) => shape,
            Err(why) => {
                study.open.push((members, why));
                return;
            }
        };
        let Shape { kappa, standing, during } = shape;
        let clash = Clash { members, sort, atlas, cells, condition, kappa, standing, during, values };
        match narrow(self.cx.program(), &clash) {
            Some(why) => study.narrow.push((clash, why)),
            None if covered.is_false() => study.clashes.push(clash),
            None => study.wider.push(clash),
        }
    }

    /// Whether a condition can hold within all ranges.
    fn sometimes(&mut self, condition: &Formula) -> Known {
        if condition.is_true() {
            return Known::Sometimes;
        }
        if condition.is_false() {
            return Known::Never;
        }
        if let Some(known) = self.known.get(condition) {
            return known.clone();
        }
        let known = if only_days(condition) {
            if project::days(condition).is_empty() { Known::Never } else { Known::Sometimes }
        } else {
            match self.cx.can_hold(&[self.cx.ranges().clone(), condition.clone()]) {
                Answer::Sat(_) => Known::Sometimes,
                Answer::Unsat { .. } => Known::Never,
                Answer::Unknown(why) => Known::Open(self.cx.reached(&why)),
            }
        };
        self.known.insert(condition.clone(), known.clone());
        known
    }

    /// The simplest values under which one of the pieces clashes: the same from every solver, as they are printed. Terms in
    /// the order of the program, then unknowns, then what is known of members to come, then the day.
    fn simplest(&mut self, parts: &[Piece], covered: &Formula) -> Result<Option<Model>, String> {
        if parts.is_empty() {
            return Ok(None);
        }
        let asked = Formula::and([Formula::or(parts.iter().map(|(_, f)| f.clone())), Formula::not(covered)]);
        if asked.is_true() {
            return Ok(Some(Model::new()));
        }
        if only_days(&asked) {
            return Ok(project::a_day(&asked));
        }
        if let Some(known) = self.simplest.get(&asked) {
            return known.clone();
        }
        let program = self.cx.program();
        let mut read: BTreeSet<Var> = parts.iter().flat_map(|(_, f)| f.vars()).chain(covered.vars()).collect();
        let named = program.terms.iter().map(|t| &t.var).chain(program.unknowns.iter().map(|u| &u.var));
        let mut order: Vec<Var> = named.filter(|x| read.remove(*x)).cloned().collect();
        let today = read.take(&day());
        order.extend(read);
        order.extend(today);
        let found = self.cx.simplest(&[self.cx.ranges().clone(), asked.clone()], &order);
        self.simplest.insert(asked, found.clone());
        found
    }

    /// Projections of a condition that can hold.
    fn shape(&mut self, condition: &Formula) -> Result<Shape, String> {
        if condition.is_true() {
            return Ok(Shape { kappa: Formula::truth(), standing: true, during: vec![(None, None)] });
        }
        if let Some(shape) = self.shapes.get(condition) {
            return shape.clone();
        }
        let shape = self.project(condition);
        self.shapes.insert(condition.clone(), shape.clone());
        shape
    }

    fn project(&mut self, condition: &Formula) -> Result<Shape, String> {
        if only_days(condition) {
            return Ok(Shape { kappa: Formula::truth(), standing: true, during: project::days(condition) });
        }
        let refused = |why| project::refusal(&why);
        let program = self.cx.program();
        let unknowns = Formula::and(program.unknowns.iter().map(|u| u.range.clone()));
        let within = Formula::and([condition.clone(), unknowns]);
        let found: Vec<Var> = within.vars().into_iter().filter(|x| !self.terms.contains(x)).collect();
        let kappa = project::exists(&found, &within).map_err(refused)?;
        let standing = kappa.is_true()
            || match self.sometimes(&Formula::not(&kappa)) {
                Known::Never => true,
                Known::Sometimes => false,
                Known::Open(why) => return Err(why),
            };
        let day = day();
        let during = if condition.mentions(&day) {
            let within = Formula::and([condition.clone(), self.cx.ranges().clone()]);
            let others: Vec<Var> = within.vars().into_iter().filter(|x| *x != day).collect();
            project::days(&project::exists(&others, &within).map_err(refused)?)
        } else {
            vec![(None, None)]
        };
        Ok(Shape { kappa, standing, during })
    }
}

/// Whether a condition reads days and nothing else.
fn only_days(condition: &Formula) -> bool {
    let day = day();
    condition.vars().iter().all(|x| *x == day)
}

/// Whether all of a clash's ground is too narrow to count.
fn narrow(program: &Program, clash: &Clash) -> Option<Narrow> {
    let atlas = program.atlas(clash.atlas)?;
    let accuracies: Vec<&BigRational> = clash
        .members
        .iter()
        .filter_map(|m| program.statement(*m))
        .filter_map(|s| s.reading.accuracy_m.as_ref())
        .collect();
    let tolerance = atlas.settings.tolerance_m.as_ref();
    if tolerance.is_none() && accuracies.is_empty() {
        return None;
    }
    let pieces = atlas.pieces(&clash.cells);
    if pieces.is_empty() {
        return None;
    }
    let widest = pieces.iter().map(|p| p.width_m).fold(0.0, f64::max);
    let below = |limit: &BigRational| limit.to_f64().is_some_and(|l| widest < l);
    if let Some(t) = tolerance
        && below(t)
    {
        return Some(Narrow::BelowTolerance(t.clone()));
    }
    let sum = accuracies.into_iter().fold(BigRational::zero(), |sum, a| sum + a);
    below(&sum).then_some(Narrow::BelowAccuracy(sum))
}
