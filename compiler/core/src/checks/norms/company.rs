//! The duties that meet a duty through acts of one's own (semantics §20a): an act that one of them asks for can stand in another's
//! way, or bring another about.
//!
//! In: a duty to act. Out: its [`Company`]: these duties, what can forbid or lift what meets them, and why no rule of conduct is
//! made for them where none is.

use super::ask::Asking;
use super::own::{Act, Own, Toward};
use super::sums::{reach, ruled};
use super::{lifting, quoted};
use crate::encode::conduct::{Forbids, is_point, visit};
use crate::model::conduct::{ActionId, Deed, Match, Norm, NormId, Pattern, Trigger};
use std::collections::BTreeSet;

/// Duties that meet through acts of whoever has them.
#[derive(Debug)]
pub(super) struct Company<'m> {
    /// all of them, the one that was asked about first
    pub(super) duties: Vec<&'m Norm>,
    /// acts that may lift what stands in their way
    pub(super) lifting: Vec<Act<'m>>,
    /// the kinds of acts that matter where they were done before
    pub(super) past: BTreeSet<ActionId>,
    /// how many days behind its last occurrence a situation is looked at
    pub(super) reach: i64,
    /// why no rule of conduct is made for them
    pub(super) unruled: Option<String>,
}

impl<'m> Company<'m> {
    /// Of a duty.
    ///
    /// # Errors
    /// What courses are not looked for, in words.
    pub(super) fn of(asking: &Asking<'m>, duty: &Norm) -> Result<Self, String> {
        let frame = &asking.frame;
        let mut out = Self { duties: Vec::new(), lifting: Vec::new(), past: BTreeSet::new(), reach: 0, unruled: None };
        let mut next: Vec<&'m Norm> = frame.norm(duty.id).into_iter().collect();
        while let Some(norm) = next.pop() {
            if out.duties.iter().any(|n| n.id == norm.id) {
                continue;
            }
            let told = |why: &str| if norm.id == duty.id { why.to_owned() } else { format!("{}: {why}", quoted(norm)) };
            let Deed::Act(pattern) = &norm.deed else { continue };
            if norm.group.is_some() || !is_point(norm) {
                return Err(told(
                    "a course of a group, or on every day, whose acts stand in each other's way is not looked for",
                ));
            }
            if !is_plain(pattern) {
                return Err(told(
                    "a course of acts that stand in each other's way by an amount or a place is not looked for",
                ));
            }
            let own = Own::new(asking, norm, &frame.forbidders(pattern.action));
            out.lift(&own).map_err(told)?;
            let bars = own.brought_about();
            next.extend(own.asked().filter(|n| matches!(&n.deed, Deed::Act(p) if bars.contains(&p.action))));
            next.extend(own.brought_by(pattern.action));
            out.past.extend(bars);
            out.reach = out.reach.max(reach(norm) + 1);
            if out.unruled.is_none() {
                out.unruled = unruled(asking, &own, norm, pattern).map(|why| told(&why));
            }
            out.duties.push(norm);
        }
        // what lifts can be forbidden itself, and that lifted
        let mut known: BTreeSet<ActionId> = out.acts().collect();
        while let Some(action) = out.lifting.iter().map(|a| a.action).find(|a| !known.contains(a)) {
            known.insert(action);
            out.lift(&Own::everything(asking, duty.subject, action)).map_err(str::to_owned)?;
        }
        let kinds: BTreeSet<ActionId> =
            out.past.iter().copied().chain(out.duties.iter().filter_map(|n| owed(n))).collect();
        let own = Own::everything(asking, duty.subject, owed(duty).ok_or("no act is owed")?);
        let mut ensured = own.asked().filter(|n| match &n.deed {
            Deed::Ensure(c) => {
                let mut found = false;
                visit::condition(c, &mut |p| found |= kinds.contains(&p.action));
                found
            }
            _ => false,
        });
        if let Some(norm) = ensured.next() {
            out.unruled.get_or_insert(format!("{}: what is to be kept speaks of acts", quoted(norm)));
        }
        Ok(out)
    }

    /// Takes in the acts that may lift what stands in the way.
    ///
    /// # Errors
    /// Which of them no course is looked for with, in words.
    fn lift(&mut self, own: &Own<'_, 'm>) -> Result<(), &'static str> {
        if own.acts.iter().any(|a| a.counted) {
            return Err("a course of acts that stand in each other's way by how often they are done is not looked for");
        }
        for act in own.acts.iter().filter(|a| a.toward != Toward::Binding) {
            if !act.pattern.is_some_and(lifting::can_be_tried) {
                return Err(
                    "a course of acts that lift by an amount or a place what stands in the way is not looked for",
                );
            }
            self.lifting.push(act.clone());
        }
        Ok(())
    }

    /// The norms that are to be kept: the duties, and what can forbid what meets them or lifts what stands in their way.
    pub(super) fn norms(&self, asking: &Asking<'_>) -> BTreeSet<NormId> {
        let acts = self.duties.iter().filter_map(|n| owed(n)).chain(self.lifting.iter().map(|a| a.action));
        let bans = acts.flat_map(|a| asking.frame.forbidders(a)).map(Forbids::norm);
        self.duties.iter().map(|n| n.id).chain(bans).collect()
    }

    /// What a question about them begins with.
    pub(super) fn seeds(&self, asking: &Asking<'_>) -> Vec<NormId> {
        self.norms(asking).into_iter().collect()
    }

    /// The kinds of acts that meet them.
    pub(super) fn acts(&self) -> impl Iterator<Item = ActionId> {
        let kinds: BTreeSet<ActionId> = self.duties.iter().filter_map(|n| owed(n)).collect();
        kinds.into_iter()
    }

    /// What sets the duties off.
    pub(super) fn events<'a>(&'a self, asking: &'a Asking<'_>) -> impl Iterator<Item = ActionId> + 'a {
        self.duties.iter().filter_map(|n| match &asking.frame.rule_of(n)?.trigger {
            Trigger::Occurs(p) => Some(p.action),
            Trigger::Breach { .. } => None,
        })
    }

    /// Whether each of them arises once at most.
    pub(super) fn arises_once(&self, asking: &Asking<'_>) -> bool {
        let conduct = &asking.frame.program.conduct;
        self.events(asking).all(|a| conduct.action(a).is_some_and(|a| a.once))
    }
}

fn owed(norm: &Norm) -> Option<ActionId> {
    if let Deed::Act(p) = &norm.deed { Some(p.action) } else { None }
}

/// Whether all acts that meet a pattern are known where its variables are.
fn is_plain(pattern: &Pattern) -> bool {
    pattern.place.is_none()
        && pattern.arguments.iter().all(|m| matches!(m, Match::Is(_) | Match::Thing(_) | Match::Binds(_)))
}

/// Why no rule of conduct is made for a duty.
fn unruled(asking: &Asking<'_>, own: &Own<'_, '_>, norm: &Norm, pattern: &Pattern) -> Option<String> {
    if let Some(owed) = own.brought_by(pattern.action).next() {
        return Some(format!("what meets it brings about {}, which may be forbidden", quoted(owed)));
    }
    if !Own::new(asking, norm, &[]).acts.is_empty() || own.sets_off(norm) {
        return Some("a course whose acts decide what is due is not looked for".to_owned());
    }
    ruled(&asking.frame, norm).map(|_| "no rule of conduct is made for it".to_owned())
}
