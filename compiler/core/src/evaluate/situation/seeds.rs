//! Which values of variables a condition may hold for, without trying them all.
//!
//! In: a condition and open variables. Out: partial values, taken from what happened, of which one agrees with every value
//! that makes the condition hold or leaves it unknown; or nothing, where the condition does not depend on what happened. So
//! that a duty towards each other party in some case costs as much as there are such cases, not as there are pairs.

use crate::model::conduct::{Actor, Condition, VarId, Who};
use std::collections::BTreeSet;

use super::matching::Mode;
use super::truth::Fit;
use super::{Run, Scope};

/// Values by variable; none where still open.
pub(super) type Values = Vec<Option<Actor>>;

impl Run<'_> {
    /// The partial values under which a condition may hold on a day.
    pub(super) fn seeds(
        &self,
        open: &[VarId],
        condition: &Condition,
        scope: &mut Scope<'_>,
        day: i64,
    ) -> Option<BTreeSet<Values>> {
        match condition {
            Condition::Fixed(f) if f.is_false() => Some(BTreeSet::new()),
            Condition::Occurred { pattern, .. } => {
                let mut out = BTreeSet::new();
                for act in self.log.of(pattern.action).take_while(|a| a.from <= day) {
                    for asked in [act.from, day] {
                        let mut own = scope.clone();
                        // an argument that was not said may be anybody: its variable stays open
                        if self.fit(pattern, act, Mode::Anything, &mut own, asked) != Fit::Apart {
                            out.insert(only(open, scope, own.values));
                        }
                    }
                }
                Some(out)
            }
            Condition::Breached { norms, by, against, .. } => {
                let mut out = BTreeSet::new();
                for breach in norms.iter().filter_map(|n| self.broken.get(n)).flatten() {
                    let Some(breach) = self.breaches.get(*breach) else { continue };
                    let Some(subject) = breach.subject else { continue };
                    let mut own = scope.clone();
                    let mut agrees = true;
                    for (who, is) in [(by, Some(subject)), (against, breach.injured)] {
                        if let Some(who) = who {
                            agrees = agrees && take(&mut own, open, *who, is);
                        }
                    }
                    if agrees {
                        out.insert(own.values);
                    }
                }
                Some(out)
            }
            Condition::Same(a, b) => {
                let mut own = scope.clone();
                let agrees = match (own.who(*a), own.who(*b)) {
                    (Some(is), None) => take(&mut own, open, *b, Some(is)),
                    (None, Some(is)) => take(&mut own, open, *a, Some(is)),
                    (Some(x), Some(y)) => x == y,
                    (None, None) => return None,
                };
                Some(if agrees { BTreeSet::from([own.values]) } else { BTreeSet::new() })
            }
            Condition::All(parts) => {
                parts.iter().filter_map(|p| self.seeds(open, p, scope, day)).min_by_key(BTreeSet::len)
            }
            Condition::Any(parts) => {
                let mut out = BTreeSet::new();
                for p in parts {
                    out.extend(self.seeds(open, p, scope, day)?);
                }
                Some(out)
            }
            Condition::Exists(v, inner) => {
                let before = scope.get(*v);
                scope.set(*v, None);
                let more: Vec<VarId> = open.iter().copied().chain([*v]).collect();
                let found = self.seeds(&more, inner, scope, day);
                scope.set(*v, before);
                found.map(|all| {
                    all.into_iter()
                        .map(|mut values| {
                            if let Some(slot) = values.get_mut(v.0 as usize) {
                                *slot = before;
                            }
                            values
                        })
                        .collect()
                })
            }
            _ => None,
        }
    }
}

/// Gives an open variable a value; false where it has another.
fn take(scope: &mut Scope<'_>, open: &[VarId], who: Who, is: Option<Actor>) -> bool {
    match (scope.who(who), who, is) {
        (Some(has), _, is) => Some(has) == is,
        (None, Who::Var(v), Some(_)) if open.contains(&v) => {
            scope.set(v, is);
            true
        }
        _ => false,
    }
}

/// Values of open variables alone; the others as they were.
fn only(open: &[VarId], scope: &Scope<'_>, values: Values) -> Values {
    let keep = |i: u32| open.contains(&VarId(i));
    (0u32..).zip(values).zip(&scope.values).map(|((i, new), old)| if keep(i) { new } else { *old }).collect()
}
