//! Shares of a quota right: which sets of claims may together be more than the whole of a cell.
//!
//! In: the encoding of a view. Out: candidate sets with their exact conditions, small ones first. Cells under the same
//! claims and consents are one group. Members to come of a kind that is open in number are one sum and one count, of which
//! the requirements on all together are assumed (semantics §8, §21).

use super::{Assertion, Encoding, What};
use crate::atlas::{AtlasId, CellSet};
use crate::logic::{BigRational, Formula, Linear};
use crate::model::{KindId, Program, RightId, Statement, StatementId, StatementKind, open_count, open_sum};
use crate::syntax::tree::RightMode;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// How many sets of one group of claims are looked at.
const SETS: usize = 20_000;

/// Cells with the same claims of one quota right.
#[derive(Debug, Clone)]
pub struct Group {
    /// in which space
    pub atlas: AtlasId,
    /// where
    pub cells: CellSet,
    parts: Vec<Part>,
}

/// A set of claims that may be more than the whole.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// the claims, sorted
    pub members: Vec<StatementId>,
    /// when they are: over days, terms, unknowns and what is known of members to come
    pub condition: Formula,
}

#[derive(Debug, Clone)]
struct Part {
    statement: StatementId,
    on: Formula,
    share: Linear,
    /// the most that it can be, if that is known
    most: Option<BigRational>,
}

/// The groups of a view.
#[must_use]
pub fn groups(encoding: &Encoding<'_>, statements: &[&Statement]) -> Vec<Group> {
    let program = encoding.program();
    let mut by_cell: BTreeMap<(RightId, AtlasId, u32), Vec<usize>> = BTreeMap::new();
    for (i, a) in encoding.assertions.iter().enumerate() {
        let quota = program.rights.get(a.right.0 as usize).is_some_and(|r| r.mode == RightMode::Quota);
        if !quota || !matches!(a.what, What::Claim | What::Open { .. }) || share(program, a).is_none() {
            continue;
        }
        for cell in a.cells.cells() {
            by_cell.entry((a.right, a.atlas, *cell)).or_default().push(i);
        }
    }
    let mut alike: BTreeMap<(RightId, AtlasId, u32, Vec<usize>), Vec<u32>> = BTreeMap::new();
    for ((right, atlas, cell), claims) in by_cell {
        alike.entry((right, atlas, encoding.class(atlas, cell), claims)).or_default().push(cell);
    }
    alike
        .into_iter()
        .map(|((_, atlas, class, claims), cells)| {
            let parts = claims.iter().filter_map(|i| encoding.assertions.get(*i)).filter_map(|a| {
                let share = share(program, a)?;
                let mut on = encoding.on(a, class);
                if let What::Open { kind } = a.what {
                    on = Formula::and([on, to_come(program, statements, a.statement, kind)]);
                }
                Some(Part { statement: a.statement, on, most: share.as_constant().cloned(), share })
            });
            Group { atlas, cells: CellSet::new(cells), parts: parts.collect() }
        })
        .collect()
}

/// The share that a claim states; of members to come, all of theirs together.
fn share(program: &Program, a: &Assertion) -> Option<Linear> {
    if a.share.is_some() {
        return a.share.clone();
    }
    match &program.statement(a.statement)?.kind {
        StatementKind::OpenClaim { kind, quota: Some(quota), .. } => {
            let (factor, attribute, constant) = quota.as_ref();
            let sum = Linear::scaled(&open_sum(program, attribute, *kind), factor.clone());
            Some(sum + Linear::scaled(&open_count(program, *kind), constant.clone()))
        }
        _ => None,
    }
}

/// What holds of the members to come: a sum of shares, each between nothing and the whole, and what is required of them.
fn to_come(program: &Program, statements: &[&Statement], claim: StatementId, kind: KindId) -> Formula {
    let Some(StatementKind::OpenClaim { quota: Some(quota), .. }) = program.statement(claim).map(|s| &s.kind) else {
        return Formula::truth();
    };
    let (_, attribute, _) = quota.as_ref();
    let (sum, count) = (Linear::var(&open_sum(program, attribute, kind)), Linear::var(&open_count(program, kind)));
    let mut out =
        vec![Formula::ge(&sum, &Linear::zero()), Formula::ge(&count, &Linear::zero()), Formula::le(&sum, &count)];
    for s in statements {
        if let StatementKind::Requirement(requirement) = &s.kind
            && let Some((condition, open_sums)) = requirement.together()
            && open_sums.iter().any(|o| o.kind == kind && o.attribute == *attribute)
        {
            out.push(Formula::implies(&s.on, condition));
        }
    }
    Formula::and(out)
}

impl Group {
    /// The sets that may be more than the whole, smallest first; whether these are all.
    #[must_use]
    pub fn candidates(&self) -> (Vec<Candidate>, bool) {
        let one = Linear::constant(BigRational::one());
        let mut out = Vec::new();
        // places in `parts`, the condition that all are on, the sum of shares
        let mut level: Vec<(Vec<usize>, Formula, Linear)> = vec![(Vec::new(), Formula::truth(), Linear::zero())];
        let mut seen = 0usize;
        while !level.is_empty() {
            let mut next = Vec::new();
            for (set, on, sum) in &level {
                let after = set.last().map_or(0, |i| i + 1);
                for (i, part) in self.parts.iter().enumerate().skip(after) {
                    seen += 1;
                    if seen > SETS {
                        return (out, false);
                    }
                    let on = Formula::and([on.clone(), part.on.clone()]);
                    if on.is_false() {
                        continue;
                    }
                    let sum = sum + &part.share;
                    let mut set = set.clone();
                    set.push(i);
                    let over = Formula::gt(&sum, &one);
                    let members: Vec<StatementId> =
                        set.iter().filter_map(|i| self.parts.get(*i)).map(|p| p.statement).collect();
                    let condition = Formula::and([on.clone(), over.clone()]);
                    if !condition.is_false() {
                        out.push(Candidate { members, condition });
                    }
                    // whatever contains a set that is too much by numbers alone says nothing new
                    if !over.is_true() && self.can_grow(i + 1, &sum) {
                        next.push((set, on, sum));
                    }
                }
            }
            level = next;
        }
        (out, true)
    }

    /// Whether the claims from a place on can bring a sum above the whole.
    fn can_grow(&self, from: usize, sum: &Linear) -> bool {
        let Some(mut most) = sum.as_constant().cloned() else { return true };
        for part in self.parts.iter().skip(from) {
            match &part.most {
                None => return true,
                Some(m) => most += m.clone().max(BigRational::zero()),
            }
        }
        most > BigRational::one()
    }
}
