//! What is asked alone says what it says among all.
//!
//! In: charters in which one check tells of another's code: properties that sanction checks answer, dilemmas that a sanction
//! rule demands. Out: for each code, that `--only` with it finds something where the whole report has something under it.

use comity_core::diagnostic::Diagnostic;
use comity_core::engine::{self, Options};
use comity_core::report::Report;
use comity_tests::read;
use comity_z3::Z3Prover;
use std::collections::BTreeSet;

const TEXTS: [&str; 3] = [
    "party Ada
party Bel
action attack(by: Party, on: Party) hostile
charter Pact { parties Ada, Bel article 1 { no party may attack(any other party) } }
prove every breach in Pact has a response
prove Pact is inward
",
    "party Ada
party Bel
action attack(by: Party, on: Party)
action embargo(by: Party, on: Party)
charter Pact {
    parties Ada, Bel
    article 1 { no party may attack(any other party) }
    article 2 { no party may embargo(any other party) }
    article 3 { on breach of article 1 by v { every other party must embargo(v) within 5 days } }
}
",
    "ladder Severity { diplomatic < economic < military }
party Ada
party Bel
action attack(by: Party, on: Party) severity military
action embargo(by: Party, on: Party) severity economic
charter Pact {
    parties Ada, Bel
    article 1 { no party may attack(any other party) }
    article 2 { on breach of article 1 by v { every other party must embargo(v) within 5 days } severity at most diplomatic }
}
prove never severity of any measure in Pact above diplomatic
",
];

fn report(text: &str, only: BTreeSet<String>) -> Result<Report, Vec<Diagnostic>> {
    let (program, sources) = read(text)?;
    Ok(engine::check(&program, &sources, &Z3Prover::default(), &Options { only, ..Options::default() }))
}

#[test]
fn a_code_alone_finds_something_where_it_does_among_all() -> Result<(), Vec<Diagnostic>> {
    for text in TEXTS {
        let all = report(text, BTreeSet::new())?.findings;
        let codes: BTreeSet<&String> = all.iter().flat_map(|f| std::iter::once(&f.code).chain(&f.also)).collect();
        assert!(codes.len() > 1, "{codes:?}");
        for code in codes {
            let alone = report(text, BTreeSet::from([code.clone()]))?.findings;
            let tells = alone.iter().any(|f| f.code == *code || f.also.contains(code));
            assert!(tells, "--only {code} finds nothing of {all:?}");
        }
    }
    Ok(())
}
