//! S17, decided on one situation: acts that measures demand or permit leave somebody less of a flow than its floor.
//!
//! In: a situation that is worked out. Out: a measure among those under which a flow falls below its floor while nobody is in
//! breach but the one whose flow it is. What nobody states of what comes from whom is what leaves least.

use super::answers::others_break;
use super::walk::Ground;
use crate::evaluate::situation::Run;
use crate::logic::{Linear, intervals};
use crate::model::conduct::{Actor, Happening, Norm, NormId, Trigger};
use crate::model::flow::{Flow, FlowId};
use crate::model::{AttributeValue, Statement, StatementId, StatementKind};
use num_rational::BigRational;
use num_traits::{One, Zero};
use std::collections::{BTreeMap, BTreeSet};

impl Ground<'_> {
    /// S17: what of it a situation holds.
    pub(super) fn parched(&self, run: &Run<'_>) -> Vec<StatementId> {
        let conduct = &self.program.conduct;
        let mut out = Vec::new();
        for (id, flow) in (0u32..).map(FlowId).zip(&conduct.flows) {
            // a floor that is still to be settled can be as high as any
            let Some(floor) = self.ends(&flow.floor).and_then(|(_, high)| high) else { continue };
            let (measures, broken) = self.cutting(id);
            let cuts = |o: &&crate::model::conduct::Occurrence| match &o.what {
                Happening::Act { action, .. } => conduct.action(*action).is_some_and(|a| a.cut(id).is_some()),
                _ => false,
            };
            let days: BTreeSet<i64> = run.situation().occurrences.iter().filter(cuts).map(|o| o.from).collect();
            let norms: Vec<NormId> = measures.iter().map(|n| n.id).collect();
            for to in &self.members {
                for day in &days {
                    let shares = run.cuts(id, *to, &norms, *day);
                    if shares.is_empty() || others_break(run, *day, Some((*to, &broken))) {
                        continue;
                    }
                    let Some(taken) = self.greatest(flow, *to, &shares) else { continue };
                    if BigRational::one() - taken < floor {
                        let one = measures.iter().find(|n| !run.cuts(id, *to, &[n.id], *day).is_empty());
                        out.extend(one.map(|n| n.statement));
                    }
                }
            }
        }
        out
    }

    /// The measures of the charter that cut a flow and do not spare it, and what the rules with measures that cut it answer.
    fn cutting(&self, flow: FlowId) -> (Vec<&Norm>, Vec<NormId>) {
        let (mut measures, mut broken): (Vec<&Norm>, Vec<NormId>) = (Vec::new(), Vec::new());
        for rule in self.program.conduct.rules.iter().filter(|r| r.charter == Some(self.charter)) {
            let Trigger::Breach { norms, by, .. } = &rule.trigger else { continue };
            let cut = |p| self.action_of(p).is_some_and(|a| a.cut(flow).is_some());
            let own: Vec<&Norm> = self.measures(rule, *by).filter(|(_, p)| cut(p)).map(|(n, _)| n).collect();
            if own.is_empty() {
                continue;
            }
            broken.extend(norms.iter().copied());
            if !rule.spares.iter().any(|s| s.flow == flow) {
                measures.extend(own);
            }
        }
        measures.sort_by_key(|n| n.statement);
        (measures, broken)
    }

    /// The greatest share of a flow that these cuts take: who cuts deepest supplies as much as it can. Nothing where what is
    /// supplied is stated in terms of other values.
    fn greatest(&self, flow: &Flow, to: Actor, cuts: &BTreeMap<Actor, BigRational>) -> Option<BigRational> {
        let mut of: BTreeMap<Actor, (BigRational, BigRational)> = BTreeMap::new();
        for who in self.members.iter().chain(cuts.keys()).filter(|w| **w != to) {
            of.insert(*who, self.supplies(flow, *who)?);
        }
        let one = BigRational::one();
        let mut left = of.values().fold(one.clone(), |left, (low, _)| left - low);
        let mut deepest: Vec<(&Actor, &BigRational)> = cuts.iter().collect();
        deepest.sort_by(|a, b| b.1.cmp(a.1));
        let mut taken = BigRational::zero();
        for (who, cut) in deepest {
            let (low, high) = of.get(who)?;
            let more = (high - low).min(left.clone()).max(BigRational::zero());
            left -= &more;
            taken += (low + more) * cut;
        }
        Some(taken)
    }

    /// The least and the most that somebody supplies of a flow.
    fn supplies(&self, flow: &Flow, who: Actor) -> Option<(BigRational, BigRational)> {
        let anything = (BigRational::zero(), BigRational::one());
        let (Some(attribute), Actor::Party(p)) = (&flow.supplied, who) else { return Some(anything) };
        let stated = self.program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(attribute));
        let Some(AttributeValue::Quantity(value, _)) = stated else { return Some(anything) };
        let (low, high) = self.ends(value)?;
        let within = |n: Option<BigRational>, other: BigRational| {
            n.map_or(other, |n| n.max(BigRational::zero()).min(BigRational::one()))
        };
        Some((within(low, BigRational::zero()), within(high, BigRational::one())))
    }

    /// The ends of what a stated value can be: of a number, of one that is found within a range, or of a term that is still to be
    /// settled and of which nobody says what it accepts.
    pub(super) fn ends(&self, value: &Linear) -> Option<(Option<BigRational>, Option<BigRational>)> {
        if let Some(n) = value.as_constant() {
            return Some((Some(n.clone()), Some(n.clone())));
        }
        let x = value.vars().next()?;
        if *value != Linear::var(x) {
            return None;
        }
        let accepts =
            |s: &Statement| matches!(&s.kind, StatementKind::Acceptance { condition, .. } if condition.mentions(x));
        let found = self.program.unknowns.iter().find(|u| u.var == *x).map(|u| &u.range);
        let settled = self.program.terms.iter().find(|t| t.var == *x).map(|t| &t.range);
        let settled = settled.filter(|_| !self.program.statements.iter().any(accepts));
        let set = intervals::of(found.or(settled)?, x).ok()?;
        let low = set.first()?.low.as_ref().map(|e| e.value.clone());
        let high = set.last()?.high.as_ref().map(|e| e.value.clone());
        Some((low, high))
    }
}
