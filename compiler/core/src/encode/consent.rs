//! What is agreed: the consents that let two assertions stand together on a cell (the table of semantics §5).
//!
//! In: two assertions and the consents of a class of cells. Out: the exact condition under which one of them consents to
//! the other. A consent is background, never a member of a conflict.

use super::assertion::{Assertion, What};
use super::{Encoding, project};
use crate::logic::eliminate::Refusal;
use crate::logic::{Formula, Linear};
use crate::model::{PartyId, RightId, StatementKind, day};
use std::collections::{BTreeMap, BTreeSet};

/// One end of a pair: who holds what.
#[derive(Clone, Copy)]
struct End {
    party: PartyId,
    right: RightId,
}

impl Encoding<'_> {
    /// ok(p,r,q,r′) or ok(q,r′,p,r), or what only recognitions need: that their author and the claimant set it aside.
    pub(super) fn agreed(&self, a: &Assertion, b: &Assertion, class: u32) -> Result<Formula, Refusal> {
        if class == 0 {
            return Ok(Formula::falsity());
        }
        let frozen = self.frozen(a, b, class)?;
        let (Some(p), Some(q)) = (a.holder, b.holder) else { return Ok(frozen) };
        let (x, y) = (End { party: p, right: a.right }, End { party: q, right: b.right });
        let author = match (&a.what, &b.what) {
            (What::Recognition, What::Claim) => a.by.map_or_else(Formula::falsity, |by| self.set_aside(by, q, class)),
            (What::Claim, What::Recognition) => b.by.map_or_else(Formula::falsity, |by| self.set_aside(by, p, class)),
            _ => Formula::falsity(),
        };
        Ok(Formula::or([
            self.consents(x, y, class),
            self.consents(y, x, class),
            self.set_aside(p, q, class),
            author,
            frozen,
        ]))
    }

    /// The consents that one end gives the other, or that it owes to a third.
    fn consents(&self, from: End, to: End, class: u32) -> Formula {
        let stated = self.cover(class).filter_map(|s| match &s.kind {
            StatementKind::Jointly { parties, right, .. } => {
                let one = from.right == *right && to.right == *right;
                (one && parties.contains(&from.party) && parties.contains(&to.party)).then(|| s.on.clone())
            }
            StatementKind::Lease { party, to: lessee, right, .. } => {
                (*party == from.party && *lessee == to.party && *right == to.right).then(|| s.on.clone())
            }
            _ => None,
        });
        Formula::or(stated.chain([self.reaches(from.party, to.party, class)]))
    }

    fn set_aside(&self, p: PartyId, q: PartyId, class: u32) -> Formula {
        Formula::or(self.cover(class).filter_map(|s| match &s.kind {
            StatementKind::SetAside { parties, .. } => {
                (p != q && parties.contains(&p) && parties.contains(&q)).then(|| s.on.clone())
            }
            _ => None,
        }))
    }

    /// A freeze that both were begun before.
    fn frozen(&self, a: &Assertion, b: &Assertion, class: u32) -> Result<Formula, Refusal> {
        let mut out = Vec::new();
        for s in self.cover(class) {
            if let StatementKind::Frozen { from, .. } = &s.kind {
                let (a, b) = (self.begun(a, from.as_ref(), class)?, self.begun(b, from.as_ref(), class)?);
                out.push(Formula::and([s.on.clone(), a, b]));
            }
        }
        Ok(Formula::or(out))
    }

    /// Whether an assertion has been on by a day: on some day at or before it. Without a day every assertion has.
    fn begun(&self, a: &Assertion, by: Option<&Linear>, class: u32) -> Result<Formula, Refusal> {
        let Some(by) = by else { return Ok(Formula::truth()) };
        let then = day();
        let earlier = Formula::and([self.on(a, class), Formula::le(&Linear::var(&then), by)]);
        project::exists([&then], &earlier)
    }

    /// When a freeze finds a claim not begun by its day.
    pub(super) fn later(&self, claim: &Assertion, from: Option<&Linear>, class: u32) -> Result<Formula, Refusal> {
        match from {
            None => Ok(Formula::falsity()),
            Some(_) => Ok(Formula::not(&self.begun(claim, from, class)?)),
        }
    }

    /// Whether a chain of delegations leads from one party to another over the class.
    pub(super) fn reaches(&self, from: PartyId, to: PartyId, class: u32) -> Formula {
        let mut steps: BTreeMap<PartyId, Vec<(PartyId, Formula)>> = BTreeMap::new();
        for s in self.cover(class) {
            match &s.kind {
                StatementKind::Delegation { party, to, .. } => {
                    steps.entry(*party).or_default().push((*to, s.on.clone()));
                }
                StatementKind::Under { party, under, .. } => {
                    steps.entry(*under).or_default().push((*party, s.on.clone()));
                }
                _ => {}
            }
        }
        let mut reached: BTreeMap<PartyId, Formula> = BTreeMap::new();
        reached.insert(from, Formula::truth());
        // after n rounds every chain of n steps is in; a longer one repeats a party and adds nothing
        let parties: BTreeSet<PartyId> = steps.iter().flat_map(|(p, to)| to.iter().map(|t| t.0).chain([*p])).collect();
        for _ in &parties {
            let mut next = reached.clone();
            for (p, to) in &steps {
                let Some(here) = reached.get(p) else { continue };
                for (q, on) in to {
                    let known = next.remove(q).unwrap_or_else(Formula::falsity);
                    next.insert(*q, Formula::or([known, Formula::and([here.clone(), on.clone()])]));
                }
            }
            if next == reached {
                break;
            }
            reached = next;
        }
        if from == to { Formula::falsity() } else { reached.remove(&to).unwrap_or_else(Formula::falsity) }
    }
}
