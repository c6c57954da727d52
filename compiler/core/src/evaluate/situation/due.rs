//! Whether a norm is due (semantics §12, §17, §18).
//!
//! In: an instance, or a template with values from an act, and a day. Out: whether it is due then: the day lies in its span,
//! its subject is bound, no exception holds, its condition does, its pair is not reserved away, nothing sets it aside.

use crate::model::conduct::{Actor, Arises, Condition, Deed, Force, Match, Norm, Pattern, Place, Quantity, Who};
use std::collections::BTreeSet;

use super::act::{Act, Arg};
use super::calendar::Edge;
use super::truth::Truth;
use super::window::edges;
use super::{Instance, Run, Scope};

impl Run<'_> {
    /// Whether an instance is due on a day. A template is due where it is so for some values of its open variables: ask
    /// [`Run::lawful`] of an act instead.
    #[must_use]
    pub fn due(&self, instance: usize, day: i64) -> Truth {
        if day > self.horizon {
            return Truth::Unknown;
        }
        let Some(i) = self.instances.get(instance) else { return Truth::No };
        let Some(scope) = self.scope_of(i, &i.values) else { return Truth::No };
        let open = scope.open_variables();
        if open.is_empty() || self.is_group(i) {
            return self.due_with(instance, &i.values, None, day);
        }
        let mut out = Truth::No;
        for values in self.completions(&open, None, &scope, day) {
            let mut full = scope.with_values(values.clone());
            let admitted = open.iter().fold(Truth::Yes, |t, v| t.and(self.admitted(*v, &mut full, day)));
            out = out.or(admitted.and(self.due_with(instance, &values, None, day)));
            if out.is_yes() {
                break;
            }
        }
        out
    }

    pub(super) fn is_group(&self, i: &Instance) -> bool {
        self.program.conduct.norm(i.norm).is_some_and(|n| n.group.is_some())
    }

    /// Whether it is due with these values; the act at hand may name whom the norm leaves out.
    pub(super) fn due_with(&self, at: usize, values: &[Option<Actor>], act: Option<&Act>, day: i64) -> Truth {
        let in_force = self.in_force(at, values, act, day);
        if in_force.is_no() { in_force } else { in_force.and(self.set_aside(at, values, day).not()) }
    }

    /// The same, whatever sets it aside.
    pub(super) fn in_force(&self, at: usize, values: &[Option<Actor>], act: Option<&Act>, day: i64) -> Truth {
        let Some(i) = self.instances.get(at) else { return Truth::No };
        let Some(norm) = self.program.conduct.norm(i.norm) else { return Truth::No };
        if norm.force == Force::Should || (norm.discretion && norm.force == Force::Must) {
            return Truth::No;
        }
        let mut out = i.truth.and(self.in_span(i, norm, values, day));
        if out.is_no() {
            return out;
        }
        let Some(mut scope) = self.scope_of(i, values) else { return Truth::No };
        out = out.and(self.bound(norm, &scope, act, day));
        if out.is_no() {
            return out;
        }
        if !norm.unless.is_false() {
            out = out.and(self.holds(&norm.unless, &mut scope, day).not());
        }
        if !out.is_no() && !norm.when.is_true() && !self.is_point(norm) {
            out = out.and(self.holds(&norm.when, &mut scope, day));
        }
        out
    }

    /// A point duty (§13); what is owed each so often, without a window, is owed once in each period.
    pub(super) fn is_point(&self, norm: &Norm) -> bool {
        let windowed = norm.window.within.is_some() || matches!(norm.arises, Arises::Every(_));
        norm.force == Force::Must && windowed && matches!(norm.deed, Deed::Act(_) | Deed::Ensure(_))
    }

    /// Whether it is a duty that has an instance for each value: not a prohibition, not a permission.
    pub(super) fn is_duty(norm: &Norm) -> bool {
        norm.force == Force::Must && !matches!(norm.deed, Deed::Before { .. })
    }

    fn in_span(&self, i: &Instance, norm: &Norm, values: &[Option<Actor>], day: i64) -> Truth {
        let mut out = match i.firing.and_then(|f| self.firings.get(f)) {
            Some(f) if f.lifted.is_some_and(|l| day >= l) => return Truth::No,
            Some(f) if f.maybe_lifted.is_some_and(|l| day >= l) => Truth::Unknown,
            _ => Truth::Yes,
        };
        let template = !Self::is_duty(norm);
        if template && norm.rule.is_none() && matches!(norm.arises, Arises::While) && !norm.window.is_open() {
            // the window counts from the first day of the run of days in which the condition holds
            let Some(mut scope) = self.scope_of(i, values) else { return Truth::No };
            let Some(start) = self.run_start(&norm.when, &mut scope, day) else { return Truth::No };
            return out.and(edges(&self.clock, &norm.window, start, None, false).covers(day));
        }
        out = out.and(i.edges.covers(day));
        out
    }

    /// The first day of the run of days up to `day` in which a condition holds.
    fn run_start(&self, condition: &Condition, scope: &mut Scope<'_>, day: i64) -> Option<Edge> {
        let mut found: Option<Edge> = None;
        let mut sure = true;
        for d in self.visited.range(..=day).rev() {
            let holds = self.holds(condition, scope, *d);
            if holds.is_no() {
                break;
            }
            sure = sure && holds.is_yes();
            let most = if sure { Some(*d) } else { found.and_then(|f| f.most) };
            found = Some(Edge { least: *d, most });
        }
        found
    }

    /// The subject is bound, nobody that the norm names has left, and the pair is not reserved away.
    fn bound(&self, norm: &Norm, scope: &Scope<'_>, act: Option<&Act>, day: i64) -> Truth {
        let subject = scope.who(norm.subject);
        let mut out = match subject {
            None => Truth::of(norm.group.is_some()),
            Some(_) if norm.charter.is_none() => Truth::Yes,
            Some(s) => self.members.under(Some(norm.id), s, day),
        };
        if norm.charter.is_some() {
            for (variable, value) in norm.variables.iter().zip(&scope.values) {
                if let Some(who) = value
                    && !variable.domain.outsiders
                {
                    out = out.and(self.members.left(norm.id, *who, day).not());
                }
            }
        }
        if out.is_no() {
            return out;
        }
        let others = self.named(norm, scope, act);
        if norm.charter.is_some() {
            for party in others.iter().filter(|o| norm_names(norm, **o)) {
                out = out.and(self.members.left(norm.id, *party, day).not());
            }
        }
        if self.text.order.reserved(norm.id).is_empty() {
            out
        } else {
            out.and(self.paired(norm, subject, &others, day))
        }
    }

    /// Whether a pair of a norm with these values is left when the reserved ones are gone.
    pub(super) fn in_pair(&self, norm: &Norm, scope: &Scope<'_>, day: i64) -> Truth {
        let others = self.named(norm, scope, None);
        self.paired(norm, scope.who(norm.subject), &others, day)
    }

    /// Whether a pair of the instance is left when those that are reserved away are gone (§17).
    fn paired(&self, norm: &Norm, subject: Option<Actor>, others: &BTreeSet<Actor>, day: i64) -> Truth {
        let reserves = |who: Actor| self.text.order.reserved(norm.id).iter().any(|p| Actor::Party(*p) == who);
        if subject.is_some_and(reserves) {
            return Truth::No;
        }
        if !others.is_empty() {
            return Truth::of(others.iter().any(|o| !reserves(*o)));
        }
        // it names nobody: owed to every other party
        let mut out = Truth::No;
        for other in self.members.everybody_but(subject) {
            if !reserves(other) {
                out = out.or(self.members.under(Some(norm.id), other, day));
            }
        }
        if self.members.alone(subject) { Truth::Yes } else { out }
    }

    /// The other parties that a norm names (§14, §17): in its pattern, or for a state of affairs in its condition. `anyone`
    /// is whom the act names.
    pub(super) fn named(&self, norm: &Norm, scope: &Scope<'_>, act: Option<&Act>) -> BTreeSet<Actor> {
        let mut out = BTreeSet::new();
        let mut pattern = |p: &Pattern| {
            for (i, m) in p.arguments.iter().enumerate().skip(1) {
                match m {
                    Match::Is(who) => out.extend(scope.who(*who)),
                    Match::Anyone => {
                        if let Some(Arg::Actor(a)) = act.and_then(|a| a.args.get(i)) {
                            out.insert(*a);
                        }
                    }
                    _ => {}
                }
            }
            if let Some(Place::TerritoryOf(who) | Place::ClaimedBy(who)) = &p.place {
                out.extend(scope.who(*who));
            }
        };
        match &norm.deed {
            Deed::Act(p) => pattern(p),
            Deed::Before { then, .. } => pattern(then),
            Deed::Ensure(c) => in_condition(c, &mut |who| out.extend(scope.who(who))),
            Deed::Alike { .. } => {}
        }
        if let Some(subject) = scope.who(norm.subject) {
            out.remove(&subject);
        }
        out
    }

    /// The one other party that a norm names.
    pub(super) fn injured(&self, norm: &Norm, scope: &Scope<'_>, act: Option<&Act>) -> Option<Actor> {
        let named = self.named(norm, scope, act);
        if named.len() == 1 { named.first().copied() } else { None }
    }
}

/// Whether a norm names somebody by name, not by a variable.
fn norm_names(norm: &Norm, who: Actor) -> bool {
    let Actor::Party(p) = who else { return false };
    let is = |w: &Who| *w == Who::Party(p);
    let in_pattern = |pattern: &Pattern| {
        pattern.arguments.iter().any(|m| matches!(m, Match::Is(w) if is(w)))
            || matches!(&pattern.place, Some(Place::TerritoryOf(w) | Place::ClaimedBy(w)) if is(w))
    };
    match &norm.deed {
        Deed::Act(pattern) => in_pattern(pattern),
        Deed::Before { then, .. } => in_pattern(then),
        Deed::Ensure(_) | Deed::Alike { .. } => false,
    }
}

/// Everybody a condition speaks of, without the variables it binds itself.
fn in_condition(condition: &Condition, out: &mut dyn FnMut(Who)) {
    fn quantity(q: &Quantity, out: &mut dyn FnMut(Who)) {
        match q {
            Quantity::Attribute(who, _) => out(*who),
            Quantity::Scaled(_, inner) => quantity(inner, out),
            Quantity::Sum(parts) => parts.iter().for_each(|p| quantity(p, out)),
            Quantity::Fixed(_) | Quantity::Balance(_) | Quantity::Argument(_) | Quantity::Total { .. } => {}
        }
    }
    match condition {
        Condition::Compare(a, _, b) => {
            quantity(a, out);
            quantity(b, out);
        }
        Condition::Attribute(who, _) | Condition::Kind(who, _) => out(*who),
        Condition::Same(a, b) => {
            out(*a);
            out(*b);
        }
        Condition::Occurred { pattern, .. } | Condition::May(pattern) => {
            for m in &pattern.arguments {
                if let Match::Is(who) = m {
                    out(*who);
                }
            }
        }
        Condition::Breached { by, against, .. } => by.iter().chain(against).for_each(|w| out(*w)),
        Condition::Not(inner) => in_condition(inner, out),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| in_condition(p, out)),
        Condition::ForAll(v, inner) | Condition::Exists(v, inner) => in_condition(inner, &mut |who| {
            if who != Who::Var(*v) {
                out(who);
            }
        }),
        Condition::Fixed(_) => {}
    }
}
