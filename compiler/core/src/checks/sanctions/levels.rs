//! How severe acts are, and what a ceiling lets through.
//!
//! In: the ladders of a charter and the rules that answer a breach. Out: levels of measures, their names, and of a rule the
//! highest level that its measures can reach.

use super::{Answer, Pact};
use crate::model::conduct::{Ceiling, Level, Norm, Window};

impl<'p> Pact<'p> {
    /// The level of what a norm demands, forbids or permits.
    pub(in crate::checks) fn level(&self, norm: &Norm) -> Option<Level> {
        self.action(norm).and_then(|a| a.severity)
    }

    /// The name of a level.
    pub(in crate::checks) fn level_name(&self, level: Level) -> &'p str {
        let ladder = self.program.conduct.ladders.get(level.ladder.0 as usize);
        ladder.and_then(|l| l.levels.get(level.step as usize)).map_or("?", String::as_str)
    }

    /// Whether an act that a norm speaks of is more than words: economic or above where its ladder has such a level, above the
    /// lowest where it has none, of no stated severity, or hostile. What helps its target is none.
    pub(in crate::checks) fn is_felt(&self, norm: &Norm) -> bool {
        let Some(action) = self.action(norm).filter(|a| !a.helps && !a.event) else { return false };
        let Some(level) = action.severity.filter(|_| !action.hostile) else { return true };
        let ladder = self.program.conduct.ladders.get(level.ladder.0 as usize);
        let economic = ladder.and_then(|l| l.levels.iter().position(|name| name == super::s09::ECONOMIC));
        level.step as usize >= economic.unwrap_or(1)
    }

    /// The measures of a rule that answers a breach.
    pub(in crate::checks) fn measures(&self, answer: &Answer<'p>) -> impl Iterator<Item = &'p Norm> + use<'p> {
        let answer = *answer;
        let steps: Vec<&Norm> = self.steps(answer.rule).filter(|n| answer.is_measure(n)).collect();
        steps.into_iter()
    }

    /// The highest level, on one ladder, that the measures of a rule can lawfully reach.
    pub(in crate::checks) fn highest(&self, answer: &Answer<'p>, ladder: Level) -> Option<(Level, &'p Norm)> {
        let capped = |level: Level| {
            let caps = answer.rule.ceilings.iter().filter(|c| c.level.ladder == level.ladder && always(c));
            caps.map(|c| c.level).fold(level, Ord::min)
        };
        let of = |n: &&'p Norm| self.level(n).filter(|l| l.ladder == ladder.ladder).map(|l| (capped(l), *n));
        let all: Vec<(Level, &Norm)> = self.measures(answer).filter_map(|n| of(&n)).collect();
        all.into_iter().reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

/// Whether a ceiling holds on every day.
pub(in crate::checks) fn always(ceiling: &Ceiling) -> bool {
    let Window { offset, after, within, until, until_date, from_date } = &ceiling.window;
    [offset, after, within, until].iter().all(|d| d.is_none()) && until_date.is_none() && from_date.is_none()
}
