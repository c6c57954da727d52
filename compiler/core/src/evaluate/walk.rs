//! One cell, statement by statement: who holds what there, what is agreed, and when two statements clash.
//!
//! In: the statements whose ground has the cell. Out: conditions over days, terms and unknowns, read straight off the
//! wording of semantics §5–§7.

use super::condition::{Condition, Sign, Sum};
use crate::atlas::AtlasId;
use crate::logic::{BigRational, Linear, Model};
use crate::model::{PartyId, Program, RightId, Statement, StatementId, StatementKind, day, open_count, open_sum};
use crate::syntax::tree::RightMode;
use num_traits::{One, Zero};
use std::collections::BTreeSet;

/// How many shares of one cell are added up at most.
const SHARES: usize = 14;

/// The statements of one cell.
#[derive(Debug)]
pub struct Walk<'a> {
    program: &'a Program,
    here: Vec<&'a Statement>,
    all: Vec<&'a Statement>,
    cell: u32,
}

/// The cells that a statement is about; a boundary's are both sides.
pub(super) fn cells(s: &Statement) -> Vec<(AtlasId, u32)> {
    let regions = match &s.kind {
        StatementKind::Boundary { left_side, right_side, .. } => vec![left_side, right_side],
        _ => s.region().into_iter().collect(),
    };
    let mut out: Vec<(AtlasId, u32)> =
        regions.iter().flat_map(|r| r.cells.cells().iter().map(|c| (r.atlas, *c))).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// On which side of a boundary a cell lies: 1 left, 2 right, 3 both, 0 for other statements.
pub(super) fn side(s: &Statement, cell: u32) -> u8 {
    match &s.kind {
        StatementKind::Boundary { left_side, right_side, .. } => {
            u8::from(left_side.cells.contains(cell)) + 2 * u8::from(right_side.cells.contains(cell))
        }
        _ => 0,
    }
}

impl<'a> Walk<'a> {
    /// The statements `here` about a cell, and `all` of the view for what is required of members to come.
    #[must_use]
    pub fn new(program: &'a Program, here: &[&'a Statement], all: &[&'a Statement], cell: u32) -> Self {
        Self { program, here: here.to_vec(), all: all.to_vec(), cell }
    }

    /// The sets of one or two statements that the cell could bring to clash.
    #[must_use]
    pub fn suspects(&self) -> Vec<Vec<StatementId>> {
        let say: Vec<&Statement> = self.here.iter().copied().filter(|s| asserts(s)).collect();
        let mut out = Vec::new();
        for (i, a) in say.iter().enumerate() {
            if matches!(a.kind, StatementKind::OpenClaim { .. }) {
                out.push(vec![a.id]);
            }
            for b in say.iter().skip(i + 1) {
                if !one_claimant(a, b) {
                    out.push(vec![a.id.min(b.id), a.id.max(b.id)]);
                }
            }
        }
        out.sort();
        out
    }

    /// When exactly these statements clash here: one whose claimants are many, two that contradict each other, or several
    /// whose shares are more than the whole.
    #[must_use]
    pub fn clash(&self, members: &[StatementId]) -> Condition {
        let found: Vec<&Statement> = self.here.iter().copied().filter(|s| members.contains(&s.id)).collect();
        if found.len() != members.len() {
            return Condition::Known(false);
        }
        let direct = match found.as_slice() {
            [one] => self.with_itself(one),
            [a, b] => Condition::any([self.between(a, b), self.between(b, a)]),
            _ => Condition::Known(false),
        };
        Condition::any([direct, self.too_much(&found)])
    }

    /// Somebody claims the cell, to whatever right.
    #[must_use]
    pub fn claimed(&self) -> Condition {
        Condition::any(
            self.here
                .iter()
                .flat_map(|s| claimants(s).into_iter().filter_map(|(p, r)| p.map(|p| self.says(s, Some(p), r)))),
        )
    }

    /// The cell is a party's territory: its own claim to sovereignty, nobody else's but together with it or under it, no
    /// clash, and neither set aside nor frozen.
    #[must_use]
    pub fn territory(&self, party: PartyId) -> Condition {
        let sovereignty = RightId(0);
        let mut own = Vec::new();
        let mut none = Vec::new();
        for s in &self.here {
            match &s.kind {
                StatementKind::SetAside { .. } | StatementKind::Frozen { .. } => none.push(Condition::of(&s.on).not()),
                _ => {}
            }
            for (p, r) in claimants(s) {
                if r != sovereignty {
                    continue;
                }
                if p == Some(party) {
                    let peace = self.here.iter().map(|other| self.as_claims(s, party, r, other).not());
                    own.push(Condition::all(peace.chain([self.says(s, p, r)])));
                } else if let Some(q) = p {
                    let with = self.here.iter().filter_map(|c| match &c.kind {
                        StatementKind::Jointly { parties, right, .. }
                            if *right == r && parties.contains(&party) && parties.contains(&q) =>
                        {
                            Some(Condition::of(&c.on))
                        }
                        StatementKind::Lease { party: lessor, to, right, .. }
                            if *lessor == party && *to == q && *right == r =>
                        {
                            Some(Condition::of(&c.on))
                        }
                        _ => None,
                    });
                    let with = Condition::any(with.chain([self.chain(party, q, &mut vec![party])]));
                    none.push(Condition::any([self.says(s, p, r).not(), with]));
                }
            }
        }
        none.push(Condition::any(own));
        Condition::all(none)
    }

    /// One party's claim against the claims that another statement makes.
    fn as_claims(&self, a: &Statement, p: PartyId, r: RightId, b: &Statement) -> Condition {
        if a.id == b.id {
            return Condition::Known(false);
        }
        Condition::any(claimants(b).into_iter().filter(|(q, other)| *q != Some(p) && self.excludes(r, *other)).map(
            |(q, other)| {
                let free = self.agreed(a, Some(p), r, b, q, other).not();
                Condition::all([self.says(a, Some(p), r), self.says(b, q, other), free])
            },
        ))
    }

    /// Two members of a class that is open in number both make the claim.
    fn with_itself(&self, s: &Statement) -> Condition {
        match &s.kind {
            StatementKind::OpenClaim { right, .. } if self.excludes(*right, *right) => self.says(s, None, *right),
            _ => Condition::Known(false),
        }
    }

    /// `a` against `b`, for the orders of kinds that are written here.
    fn between(&self, a: &Statement, b: &Statement) -> Condition {
        if a.id == b.id {
            return Condition::Known(false);
        }
        let mut out = Vec::new();
        for (p, r) in claimants(a) {
            let mine = || self.says(a, p, r);
            for (q, other) in claimants(b) {
                if (p.is_none() || p != q) && self.excludes(r, other) {
                    let free = self.agreed(a, p, r, b, q, other).not();
                    out.push(Condition::all([mine(), self.says(b, q, other), free]));
                }
            }
            match &b.kind {
                StatementKind::Recognition { party, holder, right, .. }
                    if p != Some(*holder) && self.excludes(r, *right) =>
                {
                    let aside = p.map_or(Condition::Known(false), |p| self.set_aside(*party, p));
                    let free = Condition::any([self.agreed(a, p, r, b, Some(*holder), *right), aside]).not();
                    out.push(Condition::all([mine(), self.says(b, Some(*party), *right), free]));
                }
                StatementKind::Common { .. } if self.mode(r) == Some(RightMode::Exclusive) => {
                    out.push(Condition::all([mine(), Condition::of(&b.on)]));
                }
                StatementKind::Frozen { from: Some(from), .. } if self.mode(r) != Some(RightMode::Shared) => {
                    let began = self.begun(a, p, r, from);
                    out.push(Condition::all([mine(), Condition::of(&b.on), began.not()]));
                }
                StatementKind::Boundary { left, right, left_side, right_side } if self.excludes(r, RightId(0)) => {
                    for (own, other, ground) in [(left, right, right_side), (right, left, left_side)] {
                        if p == Some(*own) && ground.cells.contains(self.cell) {
                            let free = self.agreed(a, p, r, b, Some(*other), RightId(0)).not();
                            out.push(Condition::all([mine(), Condition::of(&b.on), free]));
                        }
                    }
                }
                _ => {}
            }
        }
        if let (
            StatementKind::Recognition { party, holder, right, .. },
            StatementKind::Recognition { party: again, holder: other, right: as_right, .. },
        ) = (&a.kind, &b.kind)
            && party == again
            && holder != other
            && self.excludes(*right, *as_right)
        {
            let free = self.agreed(a, Some(*holder), *right, b, Some(*other), *as_right).not();
            out.push(Condition::all([self.says(a, Some(*party), *right), self.says(b, Some(*party), *as_right), free]));
        }
        Condition::any(out)
    }

    /// The statement is on, and who makes it has not waived the right here.
    fn says(&self, s: &Statement, by: Option<PartyId>, right: RightId) -> Condition {
        let waived = self.here.iter().filter_map(|w| match &w.kind {
            StatementKind::Waiver { party, right: which, .. }
                if by == Some(*party) && which.is_none_or(|w| w == right) =>
            {
                Some(Condition::of(&w.on).not())
            }
            _ => None,
        });
        Condition::all(std::iter::once(Condition::of(&s.on)).chain(waived))
    }

    /// Some consent lets the two stand together.
    fn agreed(
        &self,
        a: &Statement,
        p: Option<PartyId>,
        r: RightId,
        b: &Statement,
        q: Option<PartyId>,
        other: RightId,
    ) -> Condition {
        let mut out = Vec::new();
        for s in &self.here {
            let on = || Condition::of(&s.on);
            match (&s.kind, p, q) {
                (StatementKind::Frozen { from, .. }, _, _) => out.push(match from {
                    None => on(),
                    Some(from) => Condition::all([on(), self.began(a, p, r, from), self.began(b, q, other, from)]),
                }),
                (StatementKind::Jointly { parties, right, .. }, Some(p), Some(q))
                    if *right == r && *right == other && parties.contains(&p) && parties.contains(&q) =>
                {
                    out.push(on());
                }
                (StatementKind::SetAside { parties, .. }, Some(p), Some(q))
                    if p != q && parties.contains(&p) && parties.contains(&q) =>
                {
                    out.push(on());
                }
                (StatementKind::Lease { party, to, right, .. }, Some(p), Some(q))
                    if (*party == p && *to == q && *right == other) || (*party == q && *to == p && *right == r) =>
                {
                    out.push(on());
                }
                _ => {}
            }
        }
        if let (Some(p), Some(q)) = (p, q) {
            out.push(self.chain(p, q, &mut vec![p]));
            out.push(self.chain(q, p, &mut vec![q]));
        }
        Condition::any(out)
    }

    fn set_aside(&self, p: PartyId, q: PartyId) -> Condition {
        Condition::any(self.here.iter().filter_map(|s| match &s.kind {
            StatementKind::SetAside { parties, .. } if p != q && parties.contains(&p) && parties.contains(&q) => {
                Some(Condition::of(&s.on))
            }
            _ => None,
        }))
    }

    /// A chain of delegations that visits no party twice.
    fn chain(&self, from: PartyId, to: PartyId, path: &mut Vec<PartyId>) -> Condition {
        let mut out = Vec::new();
        for s in &self.here {
            let (giver, receiver) = match &s.kind {
                StatementKind::Delegation { party, to, .. } => (*party, *to),
                StatementKind::Under { party, under, .. } => (*under, *party),
                _ => continue,
            };
            if giver != from || path.contains(&receiver) {
                continue;
            }
            let rest = if receiver == to {
                Condition::Known(true)
            } else {
                path.push(receiver);
                let rest = self.chain(receiver, to, path);
                path.pop();
                rest
            };
            out.push(Condition::all([Condition::of(&s.on), rest]));
        }
        Condition::any(out)
    }

    /// Whether an assertion was begun by a day, for a freeze as a consent. A recognition is its author's.
    fn began(&self, s: &Statement, holder: Option<PartyId>, right: RightId, from: &Linear) -> Condition {
        let by = match &s.kind {
            StatementKind::Recognition { party, .. } => Some(*party),
            StatementKind::Boundary { .. } => None,
            _ => holder,
        };
        self.begun(s, by, right, from)
    }

    /// Whether an assertion was on on some day up to a day. The latest such day is that day, or lies at a comparison that
    /// keeps it from being later; so those days alone are tried.
    fn begun(&self, s: &Statement, by: Option<PartyId>, right: RightId, until: &Linear) -> Condition {
        let on = self.says(s, by, right);
        let day = day();
        let mut reading = Vec::new();
        on.reading(&day, &mut reading);
        let mut days = vec![Sum::of(until)];
        for (comparison, sum) in reading {
            let Some(c) = sum.parts.get(&day) else { continue };
            // c·day + rest: the day is -rest/c
            let mut rest = sum.clone();
            rest.parts.remove(&day);
            let at = Sum::constant(BigRational::zero()).plus(&rest, &-(c.recip()));
            let before = at.plus(&Sum::constant(BigRational::one()), &-BigRational::one());
            match comparison {
                Condition::Multiple(m, ..) => {
                    // one whole period of days before each day that is tried
                    let period = BigRational::from_integer(m.clone());
                    let mut back = BigRational::one();
                    while back < period {
                        days.push(Sum::of(until).plus(&Sum::constant(back.clone()), &-BigRational::one()));
                        back += BigRational::one();
                    }
                }
                _ => days.extend([at, before]),
            }
        }
        days.sort();
        days.dedup();
        let limit = Sum::of(until);
        Condition::any(days.into_iter().map(|at| {
            let in_time = Condition::compare(Sign::AtMost, at.plus(&limit, &-BigRational::one()));
            Condition::all([in_time, on.replace(&day, &at)])
        }))
    }

    fn excludes(&self, a: RightId, b: RightId) -> bool {
        self.program.rights.get(a.0 as usize).is_some_and(|r| r.excludes.contains(&b))
    }

    fn mode(&self, right: RightId) -> Option<RightMode> {
        self.program.rights.get(right.0 as usize).map(|r| r.mode)
    }

    /// All of these are on and their shares of one right are more than the whole.
    fn too_much(&self, members: &[&Statement]) -> Condition {
        let Some(right) = members.iter().filter_map(|s| quota_of(self.program, s)).next() else {
            return Condition::Known(false);
        };
        let mut total = Sum::constant(-BigRational::one());
        let mut parts = Vec::new();
        for s in members {
            if quota_of(self.program, s) != Some(right) {
                return Condition::Known(false);
            }
            let Some((by, share)) = self.share(s) else { return Condition::Known(false) };
            total = total.plus(&share, &BigRational::one());
            parts.push(self.says(s, by, right));
            parts.extend(self.to_come(s));
        }
        let minus = Sum::constant(BigRational::zero()).plus(&total, &-BigRational::one());
        parts.push(Condition::compare(Sign::Below, minus));
        Condition::all(parts)
    }

    /// The share that a statement claims; for members to come, that of all of them together.
    fn share(&self, s: &Statement) -> Option<(Option<PartyId>, Sum)> {
        match &s.kind {
            StatementKind::Claim { party, quota: Some(q), .. } => Some((Some(*party), Sum::of(q))),
            StatementKind::OpenClaim { kind, quota: Some(quota), .. } => {
                let (factor, attribute, constant) = quota.as_ref();
                let sum = Sum::constant(BigRational::zero())
                    .plus(&Sum::var(&open_sum(self.program, attribute, *kind)), factor);
                Some((None, sum.plus(&Sum::var(&open_count(self.program, *kind)), constant)))
            }
            _ => None,
        }
    }

    /// What is known of members to come: how many, how much each, and what is required of all together.
    fn to_come(&self, s: &Statement) -> Vec<Condition> {
        let StatementKind::OpenClaim { kind, quota: Some(quota), .. } = &s.kind else { return Vec::new() };
        let (_, attribute, _) = quota.as_ref();
        let sum = Sum::var(&open_sum(self.program, attribute, *kind));
        let count = Sum::var(&open_count(self.program, *kind));
        let zero = Sum::constant(BigRational::zero());
        let minus = |t: &Sum| zero.plus(t, &-BigRational::one());
        let mut out = vec![
            Condition::compare(Sign::AtMost, minus(&sum)),
            Condition::compare(Sign::AtMost, minus(&count)),
            // no single share is more than the whole
            Condition::compare(Sign::AtMost, sum.plus(&count, &-BigRational::one())),
        ];
        for r in &self.all {
            if let StatementKind::Requirement(requirement) = &r.kind
                && let Some((condition, open_sums)) = requirement.together()
                && open_sums.iter().any(|o| o.kind == *kind && o.attribute == *attribute)
            {
                out.push(Condition::any([Condition::of(&r.on).not(), Condition::of(condition)]));
            }
        }
        out
    }

    /// Sets of shares of one right that may be more than the whole here under a settlement, each with its condition; nothing
    /// in place of it where there are more conditional shares than can be looked at one by one.
    pub(super) fn over_full(
        &self,
        settlement: &Model,
        excused: &BTreeSet<Vec<StatementId>>,
    ) -> Vec<(Vec<StatementId>, Option<Condition>)> {
        let mut rights: Vec<RightId> = self.here.iter().filter_map(|s| quota_of(self.program, s)).collect();
        rights.sort_unstable();
        rights.dedup();
        let mut out = Vec::new();
        for right in rights {
            let (mut always, mut sometimes) = (Vec::new(), Vec::new());
            for s in self.here.iter().copied().filter(|s| quota_of(self.program, s) == Some(right)) {
                let Some((by, _)) = self.share(s) else { continue };
                match self.says(s, by, right).assign(settlement) {
                    Condition::Known(true) => always.push(s),
                    Condition::Known(false) => {}
                    _ => sometimes.push(s),
                }
            }
            if sometimes.len() > SHARES {
                out.push((always.iter().chain(&sometimes).map(|s| s.id).collect(), None));
                continue;
            }
            for set in 0..1u32 << sometimes.len() {
                let chosen = (0u32..).zip(&sometimes).filter(|(i, _)| set & (1 << i) != 0).map(|(_, s)| *s);
                let members: Vec<&Statement> = always.iter().copied().chain(chosen).collect();
                self.not_excused(members, settlement, excused, &mut out);
            }
        }
        out
    }

    /// The set, or what is left of it without one member of each set that is excused.
    fn not_excused(
        &self,
        members: Vec<&Statement>,
        settlement: &Model,
        excused: &BTreeSet<Vec<StatementId>>,
        out: &mut Vec<(Vec<StatementId>, Option<Condition>)>,
    ) {
        let clash = self.too_much(&members).assign(settlement);
        if clash == Condition::Known(false) {
            return;
        }
        let mut ids: Vec<StatementId> = members.iter().map(|s| s.id).collect();
        ids.sort_unstable();
        match excused.iter().find(|e| e.iter().all(|m| ids.contains(m))) {
            None => out.push((ids, Some(clash))),
            Some(known) => {
                for gone in known {
                    let fewer: Vec<&Statement> = members.iter().copied().filter(|s| s.id != *gone).collect();
                    self.not_excused(fewer, settlement, excused, out);
                }
            }
        }
    }
}

/// Two claims of one party contradict nothing.
fn one_claimant(a: &Statement, b: &Statement) -> bool {
    match (&a.kind, &b.kind) {
        (StatementKind::Claim { party, .. }, StatementKind::Claim { party: other, .. }) => party == other,
        _ => false,
    }
}

/// Who claims what by this statement; nobody by name for the members of a class.
fn claimants(s: &Statement) -> Vec<(Option<PartyId>, RightId)> {
    match &s.kind {
        StatementKind::Claim { party, right, .. } => vec![(Some(*party), *right)],
        StatementKind::Jointly { parties, right, .. } => parties.iter().map(|p| (Some(*p), *right)).collect(),
        StatementKind::OpenClaim { right, .. } => vec![(None, *right)],
        _ => Vec::new(),
    }
}

/// Whether a statement says something that another could contradict.
fn asserts(s: &Statement) -> bool {
    matches!(
        s.kind,
        StatementKind::Claim { .. }
            | StatementKind::OpenClaim { .. }
            | StatementKind::Jointly { .. }
            | StatementKind::Recognition { .. }
            | StatementKind::Common { .. }
            | StatementKind::Frozen { .. }
            | StatementKind::Boundary { .. }
    )
}

/// The quota right that a claim is a share of.
fn quota_of(program: &Program, s: &Statement) -> Option<RightId> {
    let right = match &s.kind {
        StatementKind::Claim { right, .. } | StatementKind::OpenClaim { right, .. } => *right,
        _ => return None,
    };
    let mode = program.rights.get(right.0 as usize).map(|r| r.mode);
    (mode == Some(RightMode::Quota)).then_some(right)
}
