//! What the reader of a report decided about it: levels by code, which codes to look at, what is known already.
//!
//! In: a report as the checks made it. Out: the same report with its levels set, filtered, and its verdict drawn anew. An
//! input that could not be read stays `invalid`, whatever is asked for. The engine sets levels itself, as it goes; here they are
//! set for reports that are made without it, in the same way, and setting them twice changes nothing.

use super::document::{Baseline, Level, NotAsked, Report, Verdict};
use crate::engine::Setting;
use std::collections::{BTreeMap, BTreeSet};

/// The reader's decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// levels by code; a finding of a code that is not here keeps the level that its check gave it
    pub levels: BTreeMap<String, Setting>,
    /// the codes to look at; empty means all
    pub only: BTreeSet<String>,
    /// the fingerprints of an earlier report, if there is one to compare with
    pub baseline: Option<BTreeSet<String>>,
}

/// Applies the reader's decisions.
pub fn apply(report: &mut Report, policy: &Policy) {
    if !policy.only.is_empty() {
        let keep = |code: &str| policy.only.contains(code);
        report.findings.retain(|f| keep(&f.code) || f.also.iter().any(|c| keep(c)));
        report.proved.retain(|p| keep(&p.code));
        report.undecided.retain(|u| keep(&u.code));
        report.not_asked.retain(|n| keep(&n.code));
    }
    let mut allowed: BTreeMap<String, usize> = BTreeMap::new();
    report.findings.retain_mut(|finding| {
        match policy.levels.get(&finding.code) {
            None => {}
            Some(Setting::Deny) => finding.level = Level::Error,
            Some(Setting::Warn) => finding.level = Level::Warning,
            Some(Setting::Allow) => {
                *allowed.entry(finding.code.clone()).or_default() += 1;
                return false;
            }
        }
        true
    });
    for (code, n) in allowed {
        let because = format!("allowed by the project's levels; findings left out: {n}");
        report.not_asked.push(NotAsked { code, because });
    }
    if let Some(known) = &policy.baseline {
        let now: BTreeSet<&str> = report.findings.iter().map(|f| f.fingerprint.as_str()).collect();
        let gone = known.iter().filter(|f| !now.contains(f.as_str())).cloned().collect();
        let before = report.findings.len();
        if report.verdict != Verdict::Invalid {
            report.findings.retain(|f| !known.contains(&f.fingerprint));
        }
        report.baseline = Some(Baseline { known: before - report.findings.len(), gone });
    }
    report.verdict = verdict(report);
}

/// The verdict that follows from the findings and questions of a report: invalid, conflict, undecided, consistent.
#[must_use]
pub fn verdict(report: &Report) -> Verdict {
    if report.verdict == Verdict::Invalid {
        Verdict::Invalid
    } else if report.findings.iter().any(|f| f.level == Level::Error) {
        Verdict::Conflict
    } else if report.undecided.is_empty() {
        Verdict::Consistent
    } else {
        Verdict::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Finding;
    use crate::report::document::Undecided;

    fn report() -> Report {
        let finding = |code: &str, level, fingerprint: &str| Finding {
            fingerprint: fingerprint.to_owned(),
            ..Finding::new(code, level, "m")
        };
        let mut report = Report::new(Verdict::Consistent);
        report.findings = vec![finding("B01", Level::Error, "aa"), finding("B05", Level::Note, "bb")];
        report
    }

    #[test]
    fn levels_set_the_verdict_both_ways() {
        let mut r = report();
        let mut policy = Policy { levels: [("B01".to_owned(), Setting::Allow)].into(), ..Policy::default() };
        apply(&mut r, &policy);
        assert_eq!((r.verdict, r.findings.len(), r.not_asked.len()), (Verdict::Consistent, 1, 1));
        policy.levels.insert("B05".to_owned(), Setting::Deny);
        apply(&mut r, &policy);
        assert_eq!(r.verdict, Verdict::Conflict);
    }

    #[test]
    fn what_is_known_does_not_count_and_what_is_gone_is_said() {
        let mut r = report();
        let known = ["aa", "cc"].map(str::to_owned).into();
        apply(&mut r, &Policy { baseline: Some(known), ..Policy::default() });
        assert_eq!(r.verdict, Verdict::Consistent);
        assert_eq!(r.baseline, Some(Baseline { known: 1, gone: vec!["cc".to_owned()] }));
    }

    #[test]
    fn an_unreadable_input_and_an_open_question_stay() {
        let mut r = Report::new(Verdict::Invalid);
        apply(&mut r, &Policy { only: ["B05".to_owned()].into(), ..Policy::default() });
        assert_eq!(r.verdict, Verdict::Invalid);
        let mut r = Report::new(Verdict::Consistent);
        r.undecided.push(Undecided {
            code: "B01".into(),
            question: String::new(),
            charter: None,
            reached: String::new(),
        });
        apply(&mut r, &Policy::default());
        assert_eq!(r.verdict, Verdict::Undecided);
    }
}
