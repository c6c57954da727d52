//! S17 beside its findings: what its proofs rest on, what it does not ask, and whether its answers are those of plain arithmetic.
//!
//! In: charters in memory, some of them drawn. Out: the entries of their reports under S17. Its findings stand in `suite/check`.

use comity_core::logic::sample::Sample;
use comity_tests::{Files, check};
use std::fmt::Write as _;

/// What is said under a code: findings, proofs with what they rest on, what is not asked, what is undecided.
fn said(text: &str) -> (usize, Vec<String>, Vec<String>, Vec<String>) {
    let files = Files::of([("pact.charter", text)]);
    let checked = check(&files, &files.charters());
    let report = checked.report();
    assert!(
        report.verdict != comity_core::report::Verdict::Invalid,
        "{}",
        checked.show(comity_core::report::Format::Human)
    );
    let proved = report.proved.iter().filter(|p| p.code == "S17").map(|p| p.core.join(", "));
    let silent = report.not_asked.iter().filter(|n| n.code == "S17").map(|n| n.because.clone());
    let open = report.undecided.iter().filter(|u| u.code == "S17").map(|u| u.reached.clone());
    let findings = report.findings.iter().filter(|f| f.code == "S17").count();
    (findings, proved.collect(), silent.collect(), open.collect())
}

fn pact(head: &str, rule: &str, article_3: &str) -> String {
    format!(
        "{head}\naction attack(by: Party, on: Party) hostile\nparty Ada\nparty Bel\nparty Cor\ncharter Pact {{\n    parties Ada, \
         Bel, Cor\n    article 1 {{ no party may attack(any other party) }}\n    article 2 {{ on breach of article 1 by p {{ {rule} \
         }} }}\n    {article_3}\n}}\n"
    )
}

const FLOW: &str = "flow food at least 60%\naction blockade(by: Party, on: Party) cuts food\naction \
                    embargo(by: Party, on: Party, rest: Percent) cuts food by 100% - rest";

#[test]
fn a_proof_names_what_it_rests_on() {
    let core = |rule: &str, third: &str| {
        let (findings, proved, silent, open) = said(&pact(FLOW, rule, third));
        assert_eq!((findings, silent, open), (0, Vec::new(), Vec::new()));
        proved.into_iter().collect::<Vec<_>>().join(" | ")
    };
    // what is spared
    assert_eq!(core("every other party must blockade(p) within 10 days   exempt food", ""), "Pact/2/1.2");
    // the measure itself
    assert_eq!(core("every other party must embargo(p, rest at least 60%) within 10 days", ""), "Pact/2/1.1");
    // of two measures both, and what forbids the one
    let rule =
        "every other party may blockade(p)   every other party must embargo(p, rest at least 60%) within 10 days";
    assert_eq!(core(rule, "article 3 { no party may blockade(anyone) }"), "Pact/2/1.2, Pact/3/1");
    // what is said of the act is enough
    let head = "flow food at least 60%\naction ration(by: Party, on: Party) cuts food by 40%";
    let (_, proved, ..) = said(&pact(head, "every other party must ration(p) within 10 days", ""));
    assert_eq!(proved, [""]);
}

#[test]
fn what_is_missing_is_said_by_name() {
    let plain = "action blockade(by: Party, on: Party)";
    let rule = "every other party must blockade(p) within 10 days";
    let (findings, proved, silent, _) = said(&pact(plain, rule, ""));
    assert_eq!((findings, proved.len()), (0, 0));
    assert_eq!(
        silent,
        [
            "no flow is declared essential, so what measures of Pact may leave of it is not said: declare `flow food at least \
          60%`, and write `cuts food` at the actions that touch it"
        ]
    );
    let (.., silent, _) = said(&pact(&format!("flow food at least 60%\n{plain}"), rule, ""));
    assert_eq!(silent, ["no measure of Pact says what it cuts: write `cuts food` at its action"]);
    // without a measure nothing is asked
    let (.., silent, _) = said(&pact(FLOW, "p must not blockade(any other party)", ""));
    assert_eq!(silent, Vec::<String>::new());
}

/// Charters with one to three measures of one to three actions, some spared, with stated shares or without: the answer is that
/// of adding up what each can cut.
#[test]
fn the_answer_is_that_of_plain_arithmetic() {
    let rounds: u64 = std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut seen = [0; 2];
    for seed in 0..rounds {
        let mut sample = Sample::new(seed);
        let stated = sample.below(2) == 0;
        let floor = 10 * (1 + i64::try_from(sample.below(10)).unwrap());
        let mut text = String::from("kind State { grain: Percent }\n");
        let _ = writeln!(text, "flow food at least {floor}%{}", if stated { " supplied by grain" } else { "" });
        let actions: Vec<i64> =
            (0..=sample.below(2)).map(|_| 10 * (1 + i64::try_from(sample.below(10)).unwrap())).collect();
        for (i, cut) in actions.iter().enumerate() {
            let _ = writeln!(text, "action act_{i}(by: State, on: State) cuts food by {cut}%");
        }
        text.push_str("action attack(by: State, on: State) hostile\n");
        let shares: Vec<i64> = (0..3).map(|_| 10 * i64::try_from(sample.below(5)).unwrap()).collect();
        for (name, share) in ["Ada", "Bel", "Cor"].iter().zip(&shares) {
            let _ = writeln!(text, "party {name}: State {{ grain = {share}% }}");
        }
        text.push_str(
            "charter Pact {\n    parties Ada, Bel, Cor\n    article 1 { no State may attack(any other State) }\n",
        );
        // which actions a rule that spares nothing lets each member take, and which only Cor
        let mut each = vec![false; actions.len()];
        let mut cor = vec![false; actions.len()];
        for rule in 0..=sample.below(2) {
            let spared = sample.below(4) == 0;
            let _ = writeln!(text, "    article {} {{\n        on breach of article 1 by p {{", rule + 2);
            for (i, _) in actions.iter().enumerate() {
                if sample.below(3) == 0 {
                    continue;
                }
                let only = sample.below(3) == 0;
                let (who, force) = match (only, sample.below(2) == 0) {
                    (true, _) => ("Cor", "may"),
                    (false, true) => ("every other State", "may"),
                    (false, false) => ("every other State", "must"),
                };
                let within = if force == "must" { " within 10 days" } else { "" };
                let _ = writeln!(text, "            {who} {force} act_{i}(p){within}");
                if !spared {
                    if only { cor[i] = true } else { each[i] = true }
                }
            }
            let _ = writeln!(text, "            p must not attack(anyone)");
            text.push_str(if spared { "            exempt food\n        }\n    }\n" } else { "        }\n    }\n" });
        }
        text.push_str("}\n");
        let deepest = |who: usize| -> i64 {
            let may = |i: usize| each[i] || (who == 2 && cor[i]);
            actions.iter().enumerate().filter(|(i, _)| may(*i)).map(|(_, cut)| cut).sum::<i64>().min(100)
        };
        let taken = |to: usize| -> i64 {
            let others = (0..3).filter(|who| *who != to);
            if stated {
                others.map(|who| shares[who] * deepest(who)).sum()
            } else {
                others.map(|who| 100 * deepest(who)).max().unwrap()
            }
        };
        let below = (0..3).any(|to| 10_000 - taken(to) < 100 * floor);
        let (findings, proved, silent, open) = said(&text);
        assert_eq!(open, Vec::<String>::new(), "{text}");
        if silent.is_empty() && (findings, proved.len()) != (0, 0) {
            assert_eq!((findings, proved.len()), if below { (1, 0) } else { (0, 1) }, "{seed}\n{text}");
            seen[usize::from(below)] += 1;
        } else {
            assert!(!below, "{text}");
        }
    }
    assert!(seen.iter().all(|n| *n > 5), "{seen:?} were proved and refuted");
}
