//! What contexts find, gathered and put into the canonical order.
//!
//! In: findings, proofs, undecided and unasked questions, from one context or several. Out: a [`Sink`].

use crate::model::{AccessionId, CharterId, StatementId};
use crate::report::document::{Finding, NotAsked, Proved, Undecided};
use std::collections::BTreeMap;

/// What the checks found, in canonical order.
#[derive(Debug, Default)]
pub struct Sink {
    /// findings
    pub findings: Vec<Finding>,
    /// proofs
    pub proved: Vec<Proved>,
    /// questions without an answer
    pub undecided: Vec<Undecided>,
    /// questions not put
    pub not_asked: Vec<NotAsked>,
}

/// Where a finding stands in the report: charter, accession, code, number of statements, statements, message.
pub(super) type Place = (Option<CharterId>, Option<AccessionId>, &'static str, usize, Vec<StatementId>, String);

/// What a context found, without what it knows.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) asked: usize,
    pub(super) findings: Vec<(Place, Finding)>,
    pub(super) proved: Vec<(Option<CharterId>, Proved)>,
    pub(super) undecided: Vec<(Option<CharterId>, Undecided)>,
    pub(super) not_asked: Vec<NotAsked>,
    pub(super) allowed: BTreeMap<&'static str, usize>,
}

impl Found {
    /// Takes what another found too.
    pub(super) fn take_in(&mut self, found: Found) {
        self.asked += found.asked;
        self.findings.extend(found.findings);
        self.proved.extend(found.proved);
        self.undecided.extend(found.undecided);
        self.not_asked.extend(found.not_asked);
        for (code, n) in found.allowed {
            *self.allowed.entry(code).or_default() += n;
        }
    }

    /// Everything, in canonical order, without repetition.
    #[must_use]
    pub(super) fn finish(self) -> Sink {
        let Found { mut findings, mut proved, mut undecided, mut not_asked, allowed, .. } = self;
        findings.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.fingerprint.cmp(&y.fingerprint)));
        findings.dedup_by(|(a, x), (b, y)| a == b && x == y);
        proved.sort_by(|(a, x), (b, y)| (a, &x.code, &x.question).cmp(&(b, &y.code, &y.question)));
        undecided.sort_by(|(a, x), (b, y)| (a, &x.code, &x.question).cmp(&(b, &y.code, &y.question)));
        for (code, n) in allowed {
            let because = format!("allowed by the project's levels; findings left out: {n}");
            not_asked.push(NotAsked { code: code.to_owned(), because });
        }
        not_asked.sort_by(|a, b| (&a.code, &a.because).cmp(&(&b.code, &b.because)));
        not_asked.dedup();
        Sink {
            findings: findings.into_iter().map(|(_, f)| f).collect(),
            proved: proved.into_iter().map(|(_, p)| p).collect(),
            undecided: undecided.into_iter().map(|(_, u)| u).collect(),
            not_asked,
        }
    }
}
