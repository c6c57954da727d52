//! Whether somebody has a lawful course where acts decide what is due and forbidden (semantics §19, §20c): every set of the acts
//! that bear on it, on every day.
//!
//! In: a situation, a day from which on a party chooses, the acts among which it does, and the norms that it is to keep. Out:
//! [`Chosen`]: acts that break none of them, which the evaluator ran; that there are none; or why neither is known.
//!
//! **Every course is looked at.** What is broken on a day follows from what happened up to that day, so that later acts do not mend
//! it: the next act is done on a day up to the first breach, or never.

use crate::evaluate::situation::{Run, Text};
use crate::model::conduct::{Actor, Happening, NormId, Occurrence, Situation};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who chooses among what.
#[derive(Debug, Clone)]
pub struct Choosing<'c> {
    /// who
    pub party: Actor,
    /// these norms are to be kept; all others are left aside
    pub norms: &'c BTreeSet<NormId>,
    /// acts of the party, each of one day; no other bears on these norms
    pub acts: &'c [Happening],
    /// the first day on which it chooses, and the last that is looked at
    pub days: (i64, i64),
    /// the days on which an act is rather done, the best first
    pub rather: &'c [i64],
    /// how many courses are tried
    pub tries: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// these acts
    Lawful(Vec<Occurrence>),
    /// there is none
    None,
    /// neither is known
    Unsure(String),
}

/// Looks for acts that break none of these norms, beside what happens in a situation.
#[must_use]
pub fn choose(text: &Arc<Text<'_>>, situation: &Situation, choosing: &Choosing<'_>) -> Chosen {
    let mut search = Search { text, situation, choosing, tries: 0, unsure: None };
    let mut own = Vec::new();
    if search.go(&mut own, choosing.days.0) {
        // of these acts none that could be left out, and none on another day than it is rather done
        for act in own.clone() {
            let without: Vec<Occurrence> = own.iter().filter(|o| **o != act).cloned().collect();
            if search.broken(&without) == (None, false) {
                own = without;
                continue;
            }
            let moved = choosing.rather.iter().filter(|day| **day >= choosing.days.0).find_map(|day| {
                let mut with = without.clone();
                with.push(Occurrence { from: *day, to: Some(*day), what: act.what.clone() });
                (search.broken(&with) == (None, false)).then_some(with)
            });
            own = moved.unwrap_or(own);
        }
        return Chosen::Lawful(own);
    }
    search.unsure.map_or(Chosen::None, Chosen::Unsure)
}

/// How many acts may bear on it.
const ACTS: usize = 6;

struct Search<'s, 't> {
    text: &'s Arc<Text<'t>>,
    situation: &'s Situation,
    choosing: &'s Choosing<'s>,
    tries: usize,
    unsure: Option<String>,
}

impl Search<'_, '_> {
    /// The first day on which something is surely broken with these acts, and whether something else may be.
    fn broken(&self, own: &[Occurrence]) -> (Option<i64>, bool) {
        let Choosing { party, norms, days: (_, last), .. } = *self.choosing;
        let mut situation = self.situation.clone();
        own.iter().for_each(|o| situation.add(o.clone()));
        let run = Run::of(self.text, &situation, last);
        let mut broken = None;
        let mut unsure = false;
        for b in run.breaches().iter().filter(|b| b.subject == Some(party) && norms.contains(&b.norm)) {
            if b.truth.is_yes() {
                broken = Some(broken.map_or(b.day, |day: i64| day.min(b.day)));
            } else {
                unsure |= !b.truth.is_no();
            }
        }
        (broken, unsure)
    }

    /// Whether some acts from a day on, with those that are chosen already, break nothing: they are added.
    fn go(&mut self, own: &mut Vec<Occurrence>, from: i64) -> bool {
        let Choosing { acts, days: (_, last), tries, .. } = *self.choosing;
        self.tries += 1;
        if self.tries > tries || acts.len() > ACTS {
            let most = if acts.len() > ACTS { format!("{ACTS} acts bear") } else { format!("{tries} courses bear") };
            self.unsure.get_or_insert_with(|| format!("more than {most} on it"));
            return false;
        }
        let (broken, unsure) = self.broken(own);
        if broken.is_none() && !unsure {
            return true;
        }
        if broken.is_none() {
            self.unsure
                .get_or_insert_with(|| "whether a course breaks something depends on what is not known".to_owned());
        }
        for day in from..=broken.unwrap_or(last) {
            for chosen in 1..1_u32 << acts.len() {
                let before = own.len();
                let some = acts.iter().enumerate().filter(|(i, _)| chosen & (1 << i) != 0);
                own.extend(some.map(|(_, what)| Occurrence { from: day, to: Some(day), what: what.clone() }));
                if self.go(own, day + 1) {
                    return true;
                }
                own.truncate(before);
            }
        }
        false
    }
}
