//! The border checks with Z3 and with enumeration: the same report, whatever the seed.
//!
//! The programs are those that the core's own tests make; the files are shared by path so that there is one generator.

#![expect(dead_code, reason = "the shared files hold more than these tests use")]
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where it fails")]

pub(crate) use comity_core::{atlas, engine, logic, model, report, source, syntax};

#[path = "../../core/src/checks/tests/build.rs"]
mod build;
#[path = "../../core/src/checks/tests/random.rs"]
mod random;

use build::Pact;
use comity_core::logic::Prover;
use comity_core::logic::brute::BruteForce;
use comity_z3::{DEFAULT_BUDGET, Z3Prover};
use proptest::prelude::*;

/// The report as it would be printed, without the number of questions: explanations that follow a solver's hints ask fewer.
fn printed(pact: &Pact, prover: &dyn Prover) -> String {
    let mut report = pact.check_with(prover);
    report.counts.questions = 0;
    serde_json::to_string_pretty(&report).expect("a report is plain data")
}

fn same(a: &str, b: &str, what: &str) {
    let differs: Vec<_> = a.lines().zip(b.lines()).filter(|(a, b)| a != b).take(5).collect();
    assert!(differs.is_empty() && a.len() == b.len(), "{what}: {differs:#?}");
}

fn compare(pact: &Pact) {
    let by_z3 = printed(pact, &Z3Prover::new(DEFAULT_BUDGET, 0));
    same(&by_z3, &printed(pact, &Z3Prover::new(DEFAULT_BUDGET, 77)), "another seed");
    same(&by_z3, &printed(pact, &BruteForce), "enumeration");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn listed_terms_and_consents(said in proptest::collection::vec(random::said(), 2..8)) {
        compare(&random::program(&said));
    }

    #[test]
    fn numbers_dates_and_unknowns(said in random::with_numbers()) {
        compare(&random::numeric_program(&said));
    }
}
