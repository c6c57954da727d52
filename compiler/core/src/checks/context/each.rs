//! The same question about each of many: on several threads where the project allows it, with one outcome.
//!
//! In: what is asked about, and what to ask, of a context. Out: the answers in the order of what was asked about; findings,
//! proofs and counts stand in the context as if one thread had asked. Every item is asked in a context of its own, so that what
//! is asked never depends on which thread had time.

use super::{Context, Found, View};
use crate::checks::norms::Norms;
use crate::checks::norms::ask::Asking;
use crate::checks::norms::dilemma::Outcome;
use crate::checks::study::Study;
use crate::engine::Options;
use crate::logic::{Formula, Prover};
use crate::model::conduct::NormId;
use crate::model::{CharterId, Program};
use crate::source::Sources;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this it takes longer to start the threads than to ask.
const WORTH_THREADS: usize = 8;

/// The threads of a run, started where they are first wanted. `None` where one is enough.
pub(super) type Threads = Option<Arc<ThreadPool>>;

/// What a context was given and has studied, without what it found.
#[derive(Clone)]
pub(super) struct Shared<'a> {
    pub(super) program: &'a Program,
    pub(super) sources: &'a Sources,
    pub(super) prover: &'a dyn Prover,
    pub(super) options: &'a Options,
    pub(super) ranges: Formula,
    pub(super) known: Known<'a>,
}

/// What was studied once, for whoever asks next.
#[derive(Clone, Default)]
pub(super) struct Known<'a> {
    pub(super) studies: BTreeMap<View, Arc<Study<'a>>>,
    pub(super) askings: BTreeMap<View, Arc<Asking<'a>>>,
    pub(super) norms: BTreeMap<CharterId, Arc<Norms<'a>>>,
    pub(super) dilemmas: BTreeMap<(View, NormId), Arc<Outcome>>,
}

impl<'a> Context<'a> {
    /// With nothing found yet, beside another that knows the same.
    pub(super) fn beside(shared: Shared<'a>) -> Self {
        let Shared { program, sources, prover, options, ranges, known } = shared;
        Self { program, sources, prover, options, ranges, known, found: Found::default(), scratch: None, threads: None }
    }

    /// What others beside it may know.
    fn shared(&self) -> Shared<'a> {
        let &Self { program, sources, prover, options, .. } = self;
        Shared { program, sources, prover, options, ranges: self.ranges.clone(), known: self.known.clone() }
    }

    /// Asks the same about every item. What `ask` studies in its own context is lost, so it reads only what was studied before.
    pub(crate) fn each<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        ask: impl Fn(&mut Context<'a>, &T) -> R + Sync,
    ) -> Vec<R> {
        let one = |shared: &Shared<'a>, item: &T| {
            let mut cx = Context::beside(shared.clone());
            let answer = ask(&mut cx, item);
            (answer, cx.found)
        };
        let shared = self.shared();
        let threads = if items.len() < WORTH_THREADS { None } else { self.threads() };
        let answered: Vec<_> = match threads {
            Some(threads) => threads.install(|| items.par_iter().map(|item| one(&shared, item)).collect()),
            None => items.iter().map(|item| one(&shared, item)).collect(),
        };
        answered
            .into_iter()
            .map(|(answer, found)| {
                self.found.take_in(found);
                answer
            })
            .collect()
    }

    /// What [`Context::dilemma`] gives for many duties, asked at once.
    pub(in crate::checks) fn dilemmas(&mut self, view: View, duties: &[NormId]) {
        // read here, where it stays known
        self.asking(view);
        let known = &self.known.dilemmas;
        let unknown: Vec<NormId> = duties.iter().copied().filter(|n| !known.contains_key(&(view, *n))).collect();
        let outcomes = self.each(&unknown, |cx, norm| cx.dilemma(view, *norm));
        self.known.dilemmas.extend(unknown.into_iter().map(|n| (view, n)).zip(outcomes));
    }

    fn threads(&mut self) -> Threads {
        let wanted = self.options().jobs;
        if wanted < 2 {
            return None;
        }
        if self.threads.is_none() {
            // a machine that gives no threads is asked one by one
            self.threads = rayon::ThreadPoolBuilder::new().num_threads(wanted).build().ok().map(Arc::new);
        }
        self.threads.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;
    use crate::logic::brute::BruteForce;
    use crate::model::Program;
    use crate::source::Sources;

    #[test]
    fn threads_change_neither_answers_nor_what_is_found() {
        let (program, sources) = (Program::default(), Sources::default());
        let items: Vec<usize> = (0..100).rev().collect();
        let asked = |jobs: usize| {
            let options = Options { jobs, ..Options::default() };
            let mut cx = Context::new(&program, &sources, &BruteForce, &options);
            let answers = cx.each(&items, |cx, item| {
                cx.count(*item);
                cx.undecided("N01", None, format!("question {item}"), "not asked in earnest");
                item * 2
            });
            (answers, cx.asked(), format!("{:?}", cx.finish().undecided))
        };
        let one = asked(1);
        assert_eq!(one.0, items.iter().map(|i| i * 2).collect::<Vec<_>>());
        assert_eq!(one.1, 4950);
        assert_eq!(one, asked(3));
    }
}
