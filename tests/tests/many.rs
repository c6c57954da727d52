//! Rules of conduct among many parties: who is left out of a question because nothing tells it apart (semantics §21).
//!
//! Random charters of one rule, with what sets it off, conditions and exceptions on what each, some or all have done. Among five
//! parties the same is found where nobody is taken to be alike (each states a number that article 1 reads), and among nine the same
//! as among four. 4 charters told apart and 12 among more in a usual run; `COMITY_LONG=1000` for a long one.

use comity_core::logic::sample::Sample;
use comity_tests::{Files, check, pick};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn rounds() -> u64 {
    std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(4)
}

/// What one, somebody or everybody has done, or what has happened to one.
fn condition(s: &mut Sample, names: &[&str]) -> String {
    let who = pick(s, names);
    match s.below(10) {
        0 | 1 => format!("{who} has rest()"),
        2 | 3 => format!("not {who} has rest()"),
        4 => format!("flood({who})"),
        5 => format!("not flood({who})"),
        6 => "not calm()".to_owned(),
        7 => "exists p: Guild: p has rest()".to_owned(),
        8 => "for all p: Guild: p has rest()".to_owned(),
        _ => format!("not (exists p: Guild: p has give({who}))"),
    }
}

/// A step of a rule about `v`.
fn step(s: &mut Sample) -> String {
    let each = s.below(4) > 0;
    let deeds =
        ["must give(v) within 5 days", "must rest() within 4 days", "must cut(v)", "may cut(v)", "must not give(v)"];
    let deed = if each { pick(s, &deeds) } else { "must give(v) within 5 days" };
    let names: &[&str] = if each { &["it", "v"] } else { &["v"] };
    let when = if s.below(2) == 0 { format!(" when {}", condition(s, names)) } else { String::new() };
    let unless = if s.below(3) == 0 { format!(", unless {}", condition(s, names)) } else { String::new() };
    format!("{} other Guild {deed}{when}{unless}", if each { "every" } else { "some" })
}

/// The articles; `SIZE` stands for a condition on the number that each states.
fn articles(s: &mut Sample) -> Vec<String> {
    let first = match s.below(3) {
        0 => "no Guild may attack(any other Guild) when SIZE".to_owned(),
        1 => format!("no Guild may attack(any other Guild q) when SIZE and {}", condition(s, &["it", "q"])),
        _ => format!("every Guild must rest() within 3 days when SIZE and {}", condition(s, &["it"])),
    };
    let mut rule = "on breach of article 1 by v {".to_owned();
    for n in 0..1 + s.below(2) {
        let _ = write!(rule, "\n        @step{n} {}", step(s));
    }
    if s.below(3) == 0 {
        rule += "\n        lift when ceased(v)";
    }
    let mut out = vec![first, rule + "\n    }"];
    if s.below(2) == 0 {
        let ban = pick(
            s,
            &["no Guild may give(any other Guild)", "no Guild may cut(any other Guild)", "every Guild must not rest()"],
        );
        let rank = if s.below(2) == 0 { ", notwithstanding @step0" } else { "" };
        out.push(format!("{ban} when SIZE and {}{rank}", condition(s, &["it"])));
    }
    out
}

fn charter(articles: &[String], parties: usize, size: &str) -> String {
    let mut out = "kind Guild { size: Count  zero: Count }\n\
        action attack(by: Guild, whom: Guild) hostile\n\
        action give(by: Guild, to: Guild)\n\
        action cut(by: Guild, whom: Guild)\n\
        action rest(by: Guild)\n\
        event flood(who: Guild)\n\
        event calm\n\
        event ceased(who: Guild)\n"
        .to_owned();
    let names: Vec<String> = (0..parties).map(|i| format!("Peer{i}")).collect();
    for (i, name) in names.iter().enumerate() {
        let _ = writeln!(out, "party {name}: Guild {{ size = {}  zero = 0 }}", i + 1);
    }
    let _ = writeln!(out, "charter Pact {{\n    parties {}", names.join(", "));
    for (i, article) in articles.iter().enumerate() {
        let _ = writeln!(out, "    article {} {{ {} }}", i + 1, article.replace("SIZE", size));
    }
    out + "}\n"
}

/// What is found and proved, by code, and the codes of which something is undecided.
type Said = (BTreeMap<String, BTreeSet<(bool, String)>>, BTreeSet<String>);

fn said(text: &str) -> Said {
    let checked = check(&Files::of([("pact.charter", text)]), &["pact.charter".to_owned()]);
    assert!(checked.diagnostics().is_empty(), "{:?}\n{text}", checked.diagnostics());
    let report = checked.report();
    let plain = |words: &str| {
        let words = words.replace("size(it) + zero(it)", "size(it)");
        // how many members there are, and who was taken for an example
        words.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
    };
    let mut all: BTreeMap<String, BTreeSet<(bool, String)>> = BTreeMap::new();
    for f in &report.findings {
        all.entry(f.code.clone()).or_default().insert((false, plain(&f.message)));
    }
    for p in &report.proved {
        all.entry(p.code.clone()).or_default().insert((true, plain(&p.question)));
    }
    (all, report.undecided.iter().map(|u| u.code.clone()).collect())
}

/// Holds two reports against each other where both decide; says of how many codes.
fn agree(one: &Said, other: &Said, text: &str) -> usize {
    // of what may never apply nothing else is asked
    let hangs =
        |code: &str| matches!(code, "N01" | "N02" | "N04") && (one.1.contains("N03") || other.1.contains("N03"));
    let codes: BTreeSet<&String> = one.0.keys().chain(other.0.keys()).collect();
    let decided = codes.into_iter().filter(|c| !one.1.contains(*c) && !other.1.contains(*c) && !hangs(c));
    let mut compared = 0;
    for code in decided {
        assert_eq!(one.0.get(code), other.0.get(code), "{code}\n{text}");
        compared += 1;
    }
    compared
}

#[test]
fn nothing_else_is_found_of_rules_where_nobody_is_taken_to_be_alike() {
    let mut compared = 0;
    for seed in 0..rounds() {
        let articles = articles(&mut Sample::new(seed));
        let alike = charter(&articles, 5, "size(it) at least 0");
        let apart = charter(&articles, 5, "size(it) + zero(it) at least 0");
        compared += agree(&said(&alike), &said(&apart), &format!("seed {seed}\n{alike}"));
    }
    // a test that compares nothing would pass
    assert!(compared > 4 * usize::try_from(rounds()).unwrap(), "{compared}");
}

#[test]
fn nothing_else_is_found_among_more() {
    let mut compared = 0;
    for seed in 0..3 * rounds() {
        let articles = articles(&mut Sample::new(1_000 + seed));
        let [few, many] = [4, 9].map(|n| charter(&articles, n, "size(it) at least 0"));
        compared += agree(&said(&few), &said(&many), &format!("seed {seed}\n{many}"));
    }
    assert!(compared > 12 * usize::try_from(rounds()).unwrap(), "{compared}");
}
