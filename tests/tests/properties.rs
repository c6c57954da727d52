//! Properties of conduct, asked with the prover, against random situations that the evaluator works out.
//!
//! What is proved to hold always holds on each day of each lawful situation that is drawn, and what is refuted as possible is
//! so on none. (What refutes or shows a property is replayed where it is found.) 800 charters in a usual run;
//! `COMITY_LONG=20000` for a long one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails aloud")]

use comity_core::checks::{Context, registry};
use comity_core::engine::Options;
use comity_core::evaluate::situation::{Run, Scope, Truth};
use comity_core::logic::sample::Sample;
use comity_core::model::conduct::{ConductPropertyKind, Situation};
use comity_core::model::{CharterId, Program};
use comity_core::source::Sources;
use comity_tests::{Files, code, conduct, read};
use comity_z3::Z3Prover;
use std::collections::BTreeMap;

/// How many charters are drawn.
fn rounds() -> u64 {
    std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(800)
}

/// Situations drawn for each.
const SITUATIONS: usize = 40;

/// Charters with more norms are passed over: what is forbidden and owed all at once takes its time.
const NORMS: usize = 4;

/// The last day that is looked at.
const LAST: i64 = conduct::DAYS + 4;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Proved,
    Refuted,
    Undecided(String),
}

fn asked(program: &Program, sources: &Sources, prover: &Z3Prover) -> Answer {
    let options = Options::default();
    let mut cx = Context::new(program, sources, prover, &options);
    registry().iter().filter(|c| c.code() == "prove").for_each(|c| c.run(&mut cx));
    let found = cx.finish();
    match (found.findings.as_slice(), found.proved.as_slice(), found.undecided.as_slice()) {
        ([_], [], []) => Answer::Refuted,
        ([], [_], []) => Answer::Proved,
        ([], [], [u]) => Answer::Undecided(u.reached.clone()),
        _ => panic!("one property has one answer: {found:?}"),
    }
}

/// Whether the condition of the property holds, or fails, on some day on which it counts.
fn found(program: &Program, situation: &Situation, wanted: Truth) -> bool {
    let run = Run::new(program, CharterId(0), situation, LAST);
    let (ConductPropertyKind::Always { variables, condition, every_situation }
    | ConductPropertyKind::Possible { variables, condition, every_situation }) =
        &program.conduct.properties.first().unwrap().kind
    else {
        return false;
    };
    (0..=LAST).any(|day| {
        let counts = *every_situation || run.in_breach(None, day) == Truth::No;
        counts && run.condition(condition, &mut Scope::new(variables, &[], None), day) == wanted
    })
}

#[test]
fn what_is_proved_no_situation_refutes() {
    let prover = Z3Prover::default();
    let mut undecided: BTreeMap<String, u64> = BTreeMap::new();
    let mut unread: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut proved, mut refuted, mut seen) = (0u64, 0u64, 0u64);
    for seed in 0..rounds() {
        let mut s = Sample::new(seed);
        let text = conduct::program(&mut s) + &conduct::property(&mut s);
        let (program, sources) = match read(&text) {
            Ok(read) if read.0.conduct.norms.len() <= NORMS => read,
            other => {
                *unread.entry(other.map_or_else(|said| code(&said), |_| "larger")).or_default() += 1;
                continue;
            }
        };
        let always = matches!(program.conduct.properties.first().unwrap().kind, ConductPropertyKind::Always { .. });
        let wanted = if always { Truth::No } else { Truth::Yes };
        let answer = asked(&program, &sources, &prover);
        // that nothing is found where there is nothing: proved of always, refuted of possible
        let none = answer == if always { Answer::Proved } else { Answer::Refuted };
        for _ in 0..SITUATIONS {
            let situation = conduct::situation(&mut s, &program);
            if found(&program, &situation, wanted) {
                seen += 1;
                assert!(!none, "seed {seed}\n{text}\n{:?}", situation.occurrences);
            }
        }
        match answer {
            Answer::Proved => proved += 1,
            Answer::Refuted => refuted += 1,
            Answer::Undecided(why) => {
                assert!(!why.starts_with("fault"), "seed {seed}: {why}\n{text}");
                *undecided.entry(why).or_default() += 1;
            }
        }
    }
    // a test that compares nothing would pass
    assert!(proved > rounds() / 8 && refuted > rounds() / 8 && seen > rounds(), "{proved} {refuted} {seen} {unread:?}");
    assert!(undecided.values().sum::<u64>() < rounds() / 3, "{undecided:#?}");
}

/// What the proofs of a charter rest on, by code and question.
fn cores(text: &str) -> BTreeMap<String, Vec<String>> {
    let files = Files::of([("pact.charter", text)]);
    let found = comity_tests::check(&files, &files.charters());
    assert!(found.diagnostics().is_empty(), "{:?}", found.diagnostics());
    found.report().proved.iter().map(|p| (format!("{} {}", p.code, p.question), p.core.clone())).collect()
}

const HEAD: &str = "action attack(by: Party, on: Party) hostile\naction embargo(by: Party, on: Party)\naction report(by: Party)\n\
    action pay(by: Party, amount: Money) changes balance(Chest) by -amount\nevent alarm()\nfund Chest = 6 EUR\n\
    party Ada\nparty Bel\nparty Cor\n";

#[test]
fn proofs_rest_on_a_minimal_set_of_statements() {
    let charter = "charter Pact {\n parties Ada, Bel, Cor\n\
        article 1 { no party may attack(any other party) }\n\
        article 2 { no party may embargo(any other party) }\n\
        article 3 { on alarm() { every party may embargo(Cor), notwithstanding article 2 } }\n\
        article 4 { Ada must ensure balance(Chest) at least 1 EUR }\n\
        article 5 { on alarm() { every party must report() within 5 days } }\n}\n\
        prove in Pact never exists a, b: party where a != b: a has attack(b)\n\
        prove in Pact never exists a: party where a != Bel: a has embargo(Bel)\n\
        prove in Pact always balance(Chest) at least 1 EUR\n\
        prove in Pact never exists a: party: a may attack(Ada) and a != Ada\n\
        prove Pact is inward\n";
    let found = cores(&format!("{HEAD}{charter}"));
    let core = |question: &str| {
        let (_, core) =
            found.iter().find(|(q, _)| q.contains(question)).unwrap_or_else(|| panic!("{question}: {found:#?}"));
        core.iter().map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(core("a has attack(b)"), ["Pact/1/1"]);
    // the permission could say anything: that it speaks of another is part of the proof
    assert_eq!(core("a has embargo(Bel)"), ["Pact/2/1", "Pact/3/1.1"]);
    assert_eq!(core("always balance"), ["Pact/4/1"]);
    assert_eq!(core("a may attack(Ada)"), ["Pact/1/1"]);
    assert_eq!(core("N02"), ["Pact/4/1", "Pact/5/1.1", "Pact/5/1"]);
    assert!(core("prove Pact is inward").is_empty(), "no norm demands or permits a hostile act");
}
