//! How severe acts are.
//!
//! In: the ladders of a charter and the rules that answer a breach. Out: levels of measures, and their names.

use super::{Answer, Pact};
use crate::model::conduct::{Level, Norm};

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

    /// The measures of a rule that answers a breach.
    pub(in crate::checks) fn measures(&self, answer: &Answer<'p>) -> impl Iterator<Item = &'p Norm> + use<'p> {
        let answer = *answer;
        let steps: Vec<&Norm> = self.steps(answer.rule).filter(|n| answer.is_measure(n)).collect();
        steps.into_iter()
    }
}
