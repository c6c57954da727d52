//! Which norms the scenarios of a program tried, and which they never did.
//!
//! In: runs, one after the other. Out: [`Coverage`] by charter. Norms that bind nobody (`should`, `as it deems necessary`) are
//! not counted; those of a contract stand under its name, and every scenario of a charter tries them too.

use super::document::{Coverage, Never};
use crate::atlas::quoted;
use crate::evaluate::situation::Run;
use crate::model::conduct::{Expected, Force, Norm, NormId, Pattern, Scenario};
use crate::model::{CharterId, Program};
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// What was tried so far.
#[derive(Debug, Default)]
pub(super) struct Tried {
    norms: BTreeSet<NormId>,
    scenarios: BTreeMap<CharterId, usize>,
}

impl Tried {
    /// What one scenario tries.
    pub(super) fn add(&mut self, run: &Run<'_>, scenario: &Scenario, last: i64) {
        let asked: Vec<(&Pattern, i64)> = scenario
            .expectations
            .iter()
            .filter_map(|e| match &e.kind {
                Expected::Permission { act, on, .. } => Some((act, on.unwrap_or(last))),
                Expected::Duty { .. } | Expected::Breach { .. } => None,
            })
            .collect();
        self.norms.extend(run.at_work(&asked));
        *self.scenarios.entry(scenario.charter).or_default() += 1;
    }

    /// By charter, in the order of names, contracts behind; those without a norm that binds are left out.
    pub(super) fn coverage(&self, program: &Program, sources: &Sources) -> Vec<Coverage> {
        let mut groups: BTreeMap<(bool, String), Vec<&Norm>> = BTreeMap::new();
        for norm in program.conduct.norms.iter().filter(|n| binds(n)) {
            let name = match norm.charter {
                Some(c) => program.charters.get(c.0 as usize).map_or_else(String::new, |c| c.name.clone()),
                None => format!("contract {}", quoted(norm.contract.as_deref().unwrap_or(""))),
            };
            groups.entry((norm.charter.is_none(), name)).or_default().push(norm);
        }
        let all: usize = self.scenarios.values().sum();
        groups
            .into_iter()
            .map(|((_, name), norms)| {
                let charter = norms.first().and_then(|n| n.charter);
                let scenarios = charter.map_or(all, |c| self.scenarios.get(&c).copied().unwrap_or_default());
                self.of(program, sources, name, scenarios, &norms)
            })
            .collect()
    }

    fn of(&self, program: &Program, sources: &Sources, charter: String, scenarios: usize, norms: &[&Norm]) -> Coverage {
        let tried: Vec<&&Norm> = norms.iter().filter(|n| self.norms.contains(&n.id)).collect();
        let mut never: Vec<(NormId, Never)> = Vec::new();
        for norm in norms.iter().filter(|n| !self.norms.contains(&n.id)) {
            let at = sources.position(norm.span);
            let entry = Never {
                statement: program.statement(norm.statement).map_or_else(String::new, |s| s.address.clone()),
                path: sources.path(norm.span.file).to_owned(),
                line: at.line,
                text: norm.text.clone(),
                why: why(norm).to_owned(),
            };
            // several norms may come of one statement
            if never.iter().all(|(_, n)| *n != entry) {
                never.push((norm.id, entry));
            }
        }
        let articles = |norms: &mut dyn Iterator<Item = &str>| norms.collect::<BTreeSet<&str>>().len();
        Coverage {
            charter,
            scenarios,
            norms: norms.len(),
            norms_at_work: tried.len(),
            articles: articles(&mut norms.iter().map(|n| n.article.as_str())),
            articles_at_work: articles(&mut tried.iter().map(|n| n.article.as_str())),
            never: never.into_iter().map(|(_, n)| n).collect(),
        }
    }
}

/// Whether anything can ever be due of it.
fn binds(norm: &Norm) -> bool {
    norm.force != Force::Should && !(norm.discretion && norm.force == Force::Must)
}

fn why(norm: &Norm) -> &'static str {
    if norm.force == Force::Must && !norm.is_prohibition() { "never due" } else { "no act falls under it" }
}
