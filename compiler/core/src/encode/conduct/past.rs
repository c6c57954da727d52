//! What one has done before its course begins (semantics §19): acts that are not known, up to a moment.
//!
//! In: the duties of a rule of conduct, and the kinds of acts that may have been done before. Out: the conditions that the moment
//! is clean, and that a duty which arises before it, or from it on, is missed.

use super::course::Owed;
use super::instance::{Arising, Env};
use super::slot::What;
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear, Var};
use crate::model::conduct::{ActionId, Norm};
use std::collections::BTreeSet;

/// What one may have done before a clean moment (semantics §19), which is when its course begins.
#[derive(Debug, Clone)]
pub struct Past<'n> {
    /// acts of these kinds
    pub actions: &'n BTreeSet<ActionId>,
    /// the variable of the first day of the course, which is answerable only for what arises from then on
    pub moment: Var,
    /// whether none of these acts was forbidden, and each of the duties that arose before was met before
    pub clean: bool,
}

impl Past<'_> {
    pub(super) fn begins(&self) -> Linear {
        Linear::var(&self.moment)
    }
}

impl<'p> Scene<'p> {
    /// That the moment at which the course begins is clean, and what was done before was lawful.
    pub(super) fn clean(&mut self, owed: &Owed<'_>, past: &Past<'_>) -> Term {
        let begins = past.begins();
        let mut all = Vec::new();
        for norm in owed.duties.iter().filter_map(|id| self.frame.norm(*id)) {
            for env in self.with_subject(norm, Some(owed.subject)) {
                all.push(self.none(|scene| scene.missed(norm, &env, &|arising| Formula::lt(&arising.day, &begins))));
            }
        }
        for action in past.actions {
            all.push(self.none(|scene| {
                scene.some_slot(Kind::Act(*action), |scene, slot| {
                    let What::Act(act) = &slot.what else { return Term::falsity() };
                    let own = act.actor().map_or_else(Formula::falsity, |p| p.is(owed.subject));
                    let earlier = Formula::and([own, Formula::lt(&act.from, &begins)]);
                    scene.forbidden(act, &act.from).given(earlier)
                })
            }));
        }
        Term::and(all)
    }

    /// That a duty that so arises is not met.
    pub(super) fn missed(&mut self, norm: &'p Norm, env: &Env, so: &dyn Fn(&Arising) -> Formula) -> Term {
        self.arises(norm, env, &mut |scene, arising| {
            let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
            let due = scene.due(norm, env, arising, &deadline);
            due.also(scene.unmet(norm, env, arising, &deadline)).given(so(arising))
        })
    }
}
