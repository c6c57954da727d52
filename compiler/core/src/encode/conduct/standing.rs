//! Duties on account of a breach that goes on: leaving aside what could end them at once.
//!
//! In: questions about what a breach brings about ([`Scene::while_it_lasts`]). Out: in them no rule is lifted, and no event from
//! the day of the breach on excuses. An event on the day of the breach could end a duty before its first day; whether a breach
//! has a response is asked of breaches that stand.

use super::instance::At;
use super::{Kind, Scene, Term};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{ActionId, Condition, NormId};
use crate::model::mentions::Mentions;

impl Scene<'_> {
    /// What is built inside takes a breach to go on: no rule is lifted, and no event from the day of the breach on excuses from
    /// what is due on its account. Ask besides for [`Self::no_excuse`]. What norms of other rules say is not touched.
    pub fn while_it_lasts<R>(&mut self, build: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.standing, true);
        let out = build(self);
        self.standing = before;
        out
    }

    /// Builds what is said of one norm, and tells it whether the breach goes on; norms that this leads to are asked as ever.
    pub(super) fn apart<R>(&mut self, build: impl FnOnce(&mut Self, bool) -> R) -> R {
        let standing = std::mem::take(&mut self.standing);
        let unexcused = std::mem::take(&mut self.unexcused);
        let out = build(self, standing);
        self.standing = standing;
        self.unexcused = unexcused;
        out
    }

    /// That an exception holds; `standing`: whatever begins from the day of the breach on.
    pub(super) fn exception(&mut self, unless: &Condition, at: At<'_>, standing: bool) -> Term {
        let before = std::mem::replace(&mut self.unexcused, standing && at.base.is_some());
        let out = self.condition(unless, at);
        self.unexcused = before;
        out
    }

    /// That no event which could excuse from what these norms ask begins on a day or later. An event that changes a quantity
    /// may be the breach itself: it may begin.
    pub fn no_excuse(&mut self, norms: &[NormId], day: &Linear) -> Term {
        let conduct = &self.program.conduct;
        let mut read = Mentions::new();
        for norm in norms.iter().filter_map(|n| conduct.norm(*n)) {
            read.condition(conduct, &norm.unless);
        }
        let mut all = Vec::new();
        let events: Vec<ActionId> = read.actions.into_iter().filter(|a| self.is_sign(*a)).collect();
        for event in events {
            all.push(
                self.none(|scene| {
                    scene.some_slot(Kind::Act(event), |_, slot| Term::fixed(Formula::ge(slot.from(), day)))
                }),
            );
        }
        Term::and(all)
    }

    /// Whether something is an event of one day that changes no quantity.
    pub(super) fn is_sign(&self, id: ActionId) -> bool {
        self.program.conduct.action(id).is_some_and(|a| a.event && !a.lasting && a.changes.is_empty())
    }
}
