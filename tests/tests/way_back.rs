//! S03 of whoever is in breach against walks, on random rules that ask something of it and forbid it in other places.
//!
//! What is proved not to be barred no walk finds barred: walks ask the evaluator alone. Bans with windows, lifts, conditions and
//! exceptions, of the same rule, of others and of none. 40 charters in a usual run; `COMITY_LONG=2000` for a long one,
//! `COMITY_FROM=7` to begin with another seed.

use comity_core::engine::{self, Options};
use comity_core::explore::explore;
use comity_core::logic::sample::Sample;
use comity_tests::{pick, read};
use comity_z3::{DEFAULT_BUDGET, Z3Prover};
use std::fmt::Write as _;

/// From the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

fn one_in(s: &mut Sample, n: u64) -> bool {
    s.below(n) == 0
}

fn window(s: &mut Sample) -> String {
    let (short, long) = (1 + s.below(3), 1 + s.below(7));
    match s.below(4) {
        0 => String::new(),
        1 => format!(" for the first {long} days"),
        2 => format!(" after {short} days"),
        _ => format!(" until {long} days"),
    }
}

fn ban(s: &mut Sample) -> String {
    let mut out = format!("v must not repair({})", pick(s, &["q", "any other party"])) + &window(s);
    if one_in(s, 3) {
        let condition =
            pick(s, &["calm() in the last 1 day", "calm()", "ceased(v)", "ceased(q)", "not calm() in the last 2 days"]);
        let _ = write!(out, " {} {condition}", pick(s, &["when", "unless"]));
    }
    out
}

/// An article that stands in the way, or makes room.
fn article(s: &mut Sample, plain: bool) -> String {
    let calm = ["calm() in the last 1 day", "calm() in the last 3 days", "calm()"];
    match s.below(if plain { 5 } else { 4 }) {
        0 if one_in(s, 3) => "no party may repair(any other party)".to_owned(),
        0 => format!("no party may repair(any other party) {} {}", pick(s, &["when", "unless"]), pick(s, &calm)),
        1 => format!("on storm() {{ no party may repair(any other party){} }}", window(s)),
        2 => format!("on breach of article 1 by w {{ w must not repair(any other party){} }}", window(s)),
        3 => "no party may repair(any other party) when it has embargo(any other party)".to_owned(),
        _ => {
            let unless = pick(s, &["", " unless calm() in the last 1 day", " when calm()"]);
            format!("every party may repair(any other party){unless} notwithstanding article 3")
        }
    }
}

fn charter(s: &mut Sample) -> String {
    let mut steps = vec![format!("v must repair(q) within {} days", 1 + s.below(6))];
    steps.extend((0..s.below(3)).map(|_| ban(s)));
    if one_in(s, 3) {
        steps.push("every other party may embargo(v)".to_owned());
    }
    if one_in(s, 3) {
        steps.push(format!("lift when {}", pick(s, &["ceased(v)", "ceased(q)", "calm()"])));
    }
    steps.dedup();
    let mut articles: Vec<String> = Vec::new();
    for _ in 0..s.below(3) {
        let plain = articles.first().is_some_and(|a| a.starts_with("no party"));
        let more = article(s, plain);
        if !articles.contains(&more) {
            articles.push(more);
        }
    }
    let mut out = format!(
        "action attack(by: Party, whom: Party) hostile\naction repair(by: Party, whom: Party)\n\
         action embargo(by: Party, whom: Party)\nevent ceased(by: Party)\nevent storm()\nevent calm()\n\
         party Ada\nparty Bel\nparty Cor\ncharter Pact {{\n    parties Ada, Bel, Cor\n    \
         article 1 {{ no party may attack(any other party) }}\n    article 2 {{\n        \
         on breach of article 1 by v against q {{\n            {}\n        }}\n    }}\n",
        steps.join("\n            ")
    );
    for (n, article) in (3..).zip(articles) {
        let _ = writeln!(out, "    article {n} {{ {article} }}");
    }
    out + "}\n"
}

#[test]
fn what_is_proved_open_no_walk_finds_barred() {
    let (mut proved, mut met) = (0, 0);
    let (first, count) = (number("COMITY_FROM").unwrap_or(0), number("COMITY_LONG").unwrap_or(40));
    for seed in first..first + count {
        let text = charter(&mut Sample::new(seed));
        let (program, sources) = read(&text).unwrap_or_else(|said| panic!("{seed}: {said:?}\n{text}"));
        let only = std::iter::once("S03".to_owned()).collect();
        let prover = Z3Prover::new(DEFAULT_BUDGET / 20, 0);
        let report = engine::check(&program, &sources, &prover, &Options { only, ..Options::default() });
        let fault =
            report.undecided.iter().find(|u| u.reached.contains("fault") || u.reached.contains("the evaluator"));
        assert!(fault.is_none(), "{seed}: {fault:?}\n{text}");
        let open = report.findings.is_empty() && report.undecided.is_empty();
        let walks = explore(&program, &sources, 60, seed + 1);
        let barred = walks.charters.iter().flat_map(|c| &c.found).find(|m| m.code == "S03");
        assert!(!open || barred.is_none(), "{seed}: proved, and a walk meets {barred:?}\n{text}");
        proved += usize::from(open);
        met += usize::from(barred.is_some());
    }
    assert!(proved > 0 && met > 0, "{proved} proved, {met} met: nothing was compared");
}
