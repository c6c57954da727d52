//! What ranks above what, and what follows (semantics §15).
//!
//! In: the closure of rank, entitlements and reservations. Out: whether an act is excused from a prohibition by a duty or a
//! permission above it (R1), and whether a prohibition above sets a duty or a permission aside (R2).

use crate::model::PartyId;
use crate::model::conduct::{Actor, Conduct, Deed, Force, Norm, NormId, Who};
use std::collections::BTreeMap;

use super::Run;
use super::act::Act;
use super::ban::Asked;
use super::matching::Mode;
use super::truth::{Fit, Truth};

/// The order of norms.
#[derive(Debug, Default)]
pub(super) struct Order {
    above: BTreeMap<NormId, Vec<NormId>>,
    entitled: Vec<NormId>,
    reserved: BTreeMap<NormId, Vec<PartyId>>,
}

impl Order {
    pub(super) fn new(conduct: &Conduct) -> Self {
        let mut above: BTreeMap<NormId, Vec<NormId>> = BTreeMap::new();
        for (upper, lower) in &conduct.above {
            above.entry(*lower).or_default().push(*upper);
        }
        let entitled = conduct.norms.iter().filter(|n| n.force == Force::Entitled).map(|n| n.id).collect();
        let mut reserved: BTreeMap<NormId, Vec<PartyId>> = BTreeMap::new();
        for r in &conduct.reservations {
            for n in &r.norms {
                reserved.entry(*n).or_default().push(r.party);
            }
        }
        Self { above, entitled, reserved }
    }

    /// Those that rank above a norm by name.
    pub(super) fn above(&self, norm: NormId) -> &[NormId] {
        self.above.get(&norm).map_or(&[], Vec::as_slice)
    }

    /// Who reserved a norm away.
    pub(super) fn reserved(&self, norm: NormId) -> &[PartyId] {
        self.reserved.get(&norm).map_or(&[], Vec::as_slice)
    }

    /// Those that excuse from a prohibition: above it by name, or an entitlement of its charter that it is not above.
    pub(super) fn excusing(&self, conduct: &Conduct, norm: &Norm) -> Vec<NormId> {
        let mut out = self.above(norm.id).to_vec();
        for e in &self.entitled {
            let charter = conduct.norm(*e).map(|n| n.charter);
            if charter == Some(norm.charter) && !self.above(*e).contains(&norm.id) && !out.contains(e) {
                out.push(*e);
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

impl Run<'_> {
    /// Whether one of these norms, due, demands or permits the acts (R1), and which.
    pub(super) fn excuse(
        &self,
        by: &[NormId],
        act: &Act,
        actor: Actor,
        asked: Asked,
        day: i64,
    ) -> (Truth, Option<NormId>) {
        let mut out = (Truth::No, None);
        for id in by {
            let Some(norm) = self.program.conduct.norm(*id) else { continue };
            let Deed::Act(pattern) = &norm.deed else { continue };
            let mode = match norm.force {
                Force::Must => Mode::Duty,
                Force::May | Force::Entitled => Mode::Anything,
                Force::MustNot | Force::Should => continue,
            };
            let own = self.by_subject.get(&(*id, Some(actor))).into_iter().flatten();
            for at in own.chain(self.by_subject.get(&(*id, None)).into_iter().flatten()) {
                let Some(instance) = self.instances.get(*at) else { continue };
                let Some((scope, admitted)) = self.with_subject(norm, instance, actor, day) else { continue };
                for (values, fit) in self.assignments(pattern, act, mode, &scope, day) {
                    let excused = admitted.and(asked.excuses(fit));
                    if excused.is_no() {
                        continue;
                    }
                    let excused = excused.and(self.due_with(*at, &values, Some(act), day));
                    if excused > out.0 {
                        out = (excused, Some(*id));
                    }
                    if excused.is_yes() {
                        return out;
                    }
                }
            }
        }
        out
    }

    /// Whether one prohibition above a duty or a permission forbids every act that would meet it (R2).
    pub(super) fn set_aside(&self, at: usize, values: &[Option<Actor>], day: i64) -> Truth {
        let Some(instance) = self.instances.get(at) else { return Truth::No };
        let Some(norm) = self.program.conduct.norm(instance.norm) else { return Truth::No };
        if self.text.order.above(norm.id).is_empty() || norm.is_prohibition() || !matches!(norm.deed, Deed::Act(_)) {
            return Truth::No;
        }
        let mut days = vec![day];
        if self.is_point(norm) {
            let first = instance.edges.first.least;
            let last = instance.edges.deadline.and_then(|d| d.most).map_or(day, |d| day.min(d));
            if last < first {
                return Truth::No;
            }
            days = std::iter::once(first).chain(self.visited.range(first..=last).copied()).chain([last]).collect();
            days.dedup();
        }
        let mut out = Truth::No;
        for upper in self.text.order.above(norm.id) {
            let Some(ban) = self.program.conduct.norm(*upper).filter(|u| u.force == Force::MustNot) else { continue };
            // a prohibition of another act forbids none that would meet it
            if !same_action(ban, norm) {
                continue;
            }
            let all = days
                .iter()
                .fold(Truth::Yes, |t, d| if t.is_no() { t } else { t.and(self.forbids(ban, norm, at, values, *d)) });
            out = out.or(all);
        }
        out
    }

    /// Whether a prohibition, due, forbids every act that meets a norm on a day.
    fn forbids(&self, ban: &Norm, norm: &Norm, at: usize, values: &[Option<Actor>], day: i64) -> Truth {
        let (Deed::Act(forbidden), Deed::Act(wanted)) = (&ban.deed, &norm.deed) else { return Truth::No };
        let Some(scope) = self.instances.get(at).and_then(|i| self.scope_of(i, values)) else { return Truth::No };
        let mode = if norm.force == Force::Must { Mode::Duty } else { Mode::Anything };
        // each of a group, or the one subject
        let subjects = match (scope.who(norm.subject), norm.subject) {
            (Some(s), _) => vec![s],
            (None, Who::Var(v)) => {
                let range = self.range_of(v, &scope);
                let mut each = scope.clone();
                range
                    .into_iter()
                    .filter(|who| {
                        each.set(v, Some(*who));
                        !self.admitted(v, &mut each, day).is_no()
                    })
                    .collect()
            }
            (None, Who::Party(_)) => Vec::new(),
        };
        let mut out = Truth::Yes;
        for subject in subjects {
            let mut own = scope.clone();
            if let Who::Var(v) = norm.subject {
                own.set(v, Some(subject));
            }
            let Some((act, sure)) = self.acts_of(wanted, mode, &mut own, day) else { return Truth::No };
            let act = act.by(subject);
            let mut by_one = Truth::No;
            let own = self.by_subject.get(&(ban.id, Some(subject))).into_iter().flatten();
            for template in own.chain(self.by_subject.get(&(ban.id, None)).into_iter().flatten()) {
                let Some(instance) = self.instances.get(*template) else { continue };
                let Some((scope, admitted)) = self.with_subject(ban, instance, subject, day) else { continue };
                for (values, fit) in self.assignments(forbidden, &act, Mode::Anything, &scope, day) {
                    let fit = match fit {
                        Fit::Within => Truth::Yes,
                        Fit::Unsure => Truth::Unknown,
                        Fit::Partly | Fit::Apart => Truth::No,
                    };
                    let all = admitted.and(fit).and(sure.or(Truth::Unknown));
                    if all > by_one {
                        by_one = by_one.or(all.and(self.in_force(*template, &values, Some(&act), day)));
                    }
                }
            }
            out = out.and(by_one);
        }
        out
    }
}

/// Whether two norms are about the same action.
fn same_action(a: &Norm, b: &Norm) -> bool {
    matches!((&a.deed, &b.deed), (Deed::Act(x), Deed::Act(y)) if x.action == y.action)
}
