//! Questions that multiply are given up, not waited for.
//!
//! In: a charter whose responses are breaches of what they answer, so that each breach that can occur makes room for more. Out:
//! that the check says what it did not decide, and why. (How long that takes, `make bench` would say; before, it took gigabytes.)

use comity_core::engine::{self, Options};
use comity_tests::read;
use comity_z3::Z3Prover;

const TEXT: &str = "action attack(by: Party, on: Party) hostile
action assist(by: Party, whom: Party) helps
party Ada
party Bel
charter Pact {
    parties Ada, Bel
    article 1 { no party may attack(any other party) }
    article 2 { on breach of article 1 by v { every other party must attack(v) within 1 days } }
    article 3 { on breach of article 1 by v against q { every other party must assist(q) after 2 days within 3 days } }
    article 4 {
        on breach of article 1 by v against q {
            some other party must assist(q) within 2 days
            then every other party must attack(v) within 1 days
        }
    }
}
";

#[test]
fn breaches_that_answer_breaches_are_given_up_by_name() -> Result<(), Vec<comity_core::diagnostic::Diagnostic>> {
    let (program, sources) = read(TEXT)?;
    let only = std::iter::once("N03".to_owned()).collect();
    let report = engine::check(&program, &sources, &Z3Prover::default(), &Options { only, ..Options::default() });
    let reached: Vec<&str> = report.undecided.iter().map(|u| u.reached.as_str()).collect();
    assert_eq!(reached, ["article 3: not decided: what can occur grew too large to be written out"]);
    Ok(())
}
