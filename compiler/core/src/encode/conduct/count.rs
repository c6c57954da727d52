//! How many parties a question speaks of (semantics §21): the k variables and j parameters of its reduction.
//!
//! In: the norms that it asks, and those of which it asks that nothing is due or broken. Out: so many parties, and so many
//! outsiders, as [`Universe`](super::Universe) has to write out.

use super::{Frame, visit};
use crate::model::conduct::{Binder, Condition, Match, Norm, NormId, Pattern, Quantity, Sort, Trigger, Variable};
use num_traits::ToPrimitive;
use std::collections::BTreeSet;

/// Counts the parties that a question speaks of.
pub(super) struct Count<'a, 'p> {
    frame: &'a Frame<'p>,
    visiting: BTreeSet<NormId>,
    /// so many
    pub(super) parties: usize,
    /// and so many outsiders
    pub(super) outsiders: usize,
}

impl<'a, 'p> Count<'a, 'p> {
    /// Nobody yet.
    pub(super) fn new(frame: &'a Frame<'p>) -> Self {
        Self { frame, visiting: BTreeSet::new(), parties: 0, outsiders: 0 }
    }

    /// Adds what was counted.
    pub(super) fn add(&mut self, (parties, outsiders): (usize, usize)) {
        self.parties += parties;
        self.outsiders += outsiders;
    }

    /// Adds all that norms speak of.
    pub(super) fn norms(&mut self, norms: impl IntoIterator<Item = NormId>) {
        for norm in norms.into_iter().filter_map(|n| self.frame.norm(n)) {
            let counted = self.norm(norm);
            self.add(counted);
        }
    }

    /// Parties and outsiders that a norm, and what sets it off, speaks of.
    pub(super) fn norm(&mut self, norm: &Norm) -> (usize, usize) {
        self.count(norm, false)
    }

    /// The same of a norm that was set off, whoever it is for: of its conditions alone.
    pub(super) fn set_off(&mut self, norm: &Norm) -> (usize, usize) {
        self.count(norm, true)
    }

    fn count(&mut self, norm: &Norm, set_off: bool) -> (usize, usize) {
        if !self.visiting.insert(norm.id) {
            return (0, 0);
        }
        let given = |v: &Variable| set_off && matches!(v.binder, Binder::Rule | Binder::Each | Binder::Group);
        let variables = || norm.variables.iter().filter(|v| !given(v));
        let mut parties = variables().count();
        let mut outsiders = variables().filter(|v| v.domain.outsiders).count();
        // as many of a group act as must
        if let Some(group) = &norm.group {
            let least = match &group.least {
                Quantity::Fixed(n) => n.as_constant().and_then(|n| n.ceil().to_integer().to_usize()),
                _ => None,
            };
            parties += least.unwrap_or(self.frame.members.len()).saturating_sub(1);
        }
        let mut free = |p: &Pattern| {
            let open = self.parameters(p);
            parties += open.iter().filter(|m| matches!(m, Match::Any)).count();
            let anyone = open.iter().filter(|m| matches!(m, Match::Anyone)).count();
            parties += anyone;
            outsiders += anyone;
        };
        visit::norm(norm, &mut free);
        let rule = self.frame.rule_of(norm);
        if let Some(rule) = rule {
            visit::rule(rule, &mut free);
        }
        let mut breaches: Vec<(Vec<NormId>, usize)> = Vec::new();
        let conditions = visit::conditions(norm).chain(rule.and_then(|r| r.lift.as_ref()));
        for condition in conditions {
            visit::parts(condition, &mut |part| {
                if let Condition::Breached { norms, by, against, .. } = part {
                    breaches.push((norms.clone(), usize::from(by.is_some()) + usize::from(against.is_some())));
                }
            });
        }
        if let Some(rule) = rule.filter(|_| !set_off)
            && rule.determined.is_none()
            && let Trigger::Breach { norms, against, .. } = &rule.trigger
        {
            breaches.push((norms.clone(), 1 + usize::from(against.is_some())));
        }
        for (norms, tied) in breaches {
            let mut most = (0, 0);
            for id in norms {
                let (p, o) = self.frame.norm(id).map_or((0, 0), |n| self.norm(n));
                most = (most.0.max(p.saturating_sub(tied)), most.1.max(o));
            }
            parties += most.0;
            outsiders += most.1;
        }
        self.visiting.remove(&norm.id);
        (parties, outsiders)
    }

    /// What the parameters of a pattern that are parties must be.
    pub(super) fn parameters<'m>(&self, pattern: &'m Pattern) -> Vec<&'m Match> {
        let Some(action) = self.frame.program.conduct.action(pattern.action) else { return Vec::new() };
        let party = |sort: &Sort| matches!(sort, Sort::Party(_));
        pattern.arguments.iter().zip(&action.parameters).filter(|(_, p)| party(&p.sort)).map(|(m, _)| m).collect()
    }
}
