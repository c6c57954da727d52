//! Parties that state numbers of their own, and are alike as far as these are only compared with numbers (semantics §21).
//!
//! Which parties are told apart, on charters of 70; and on random charters of eight, that the same is found where nobody is
//! taken to be alike: there each number is compared after 0 is added to it. 24 charters in a usual run; `COMITY_LONG=1000` for
//! a long one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails aloud")]

use comity_core::encode::conduct::{Frame, Universe};
use comity_core::logic::sample::Sample;
use comity_core::model::conduct::NormId;
use comity_core::model::{CharterId, Program, Statement};
use comity_tests::{Files, check, read};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many charters are drawn.
fn rounds() -> u64 {
    std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

fn program(text: &str) -> Program {
    read(text).unwrap_or_else(|said| panic!("{text}\n{said:?}")).0
}

/// A charter of parties with these sizes.
fn charter(sizes: impl IntoIterator<Item = u64>, more: &str, articles: &[String]) -> String {
    let mut out = format!(
        "kind Guild {{ size: Count  zero: Count }}\n\
         action give(by: Party, to: Party, amount: Count)\n\
         action rest(by: Party)\n\
         event flood(who: Party)\n{more}"
    );
    let mut names = Vec::new();
    for (i, size) in sizes.into_iter().enumerate() {
        let _ = writeln!(out, "party Peer{i}: Guild {{ size = {size}  zero = 0 }}");
        names.push(format!("Peer{i}"));
    }
    let _ = writeln!(out, "charter Pact {{\n    parties {}", names.join(", "));
    for (i, article) in articles.iter().enumerate() {
        let _ = writeln!(out, "    article {} {{ {article} }}", i + 1);
    }
    out + "}\n"
}

/// How many figures a question about one norm has, and whether that is all that it needs.
fn figures(program: &Program, norm: u32) -> (usize, bool) {
    let statements: Vec<&Statement> = program.statements.iter().collect();
    let frame = Frame::new(program, CharterId(0), &statements);
    // the same frame is asked of every norm: what is kept of one question must not answer another
    let all: Vec<(usize, bool)> = frame
        .norms
        .iter()
        .map(|n| Universe::new(&frame, &[n.id]))
        .map(|u| (u.figures().count(), u.reduced.is_empty()))
        .collect();
    let place = frame.norms.iter().position(|n| n.id == NormId(norm)).unwrap();
    all.get(place).copied().unwrap()
}

/// The same of the first norm of a charter of 70 parties with sizes from 1 to 70.
fn of_seventy(more: &str, articles: &[&str]) -> (usize, bool) {
    let articles: Vec<String> = articles.iter().map(|a| (*a).to_owned()).collect();
    figures(&program(&charter(1..=70, more, &articles)), 0)
}

const PLAIN: &str = "every Guild must rest() within 3 days when size(it) at least 36";

#[test]
fn who_compares_alike_with_every_number_is_alike() {
    // of each class as many who act as the norm has variables, and two for those who do not
    assert_eq!(of_seventy("", &[PLAIN]), (6, true));
    assert_eq!(of_seventy("", &["every Guild must rest() within 3 days when 36 at most size(it)"]), (6, true));
    // 40 stands alone
    assert_eq!(of_seventy("", &[&format!("{PLAIN} and size(it) != 40")]), (7, true));
    let counts = "every Guild must rest() within 3 days when (count of every Guild g where size(g) > 69) at least 1";
    assert_eq!(of_seventy("", &[counts]), (5, true));
}

#[test]
fn a_number_that_is_read_otherwise_too_tells_each_apart() {
    let apart = (64, false);
    let growing = "action grow(by: Guild) changes size(by) by 1\n";
    assert_eq!(of_seventy(growing, &[PLAIN]), apart);
    let others = [
        format!("{PLAIN} and size(it) + zero(it) at least 2"),
        format!("{PLAIN} and size(it) at least zero(it)"),
        format!("{PLAIN} and (sum of size(g) over every Guild g) at least 5"),
        "every Guild must give(any other Guild q, amount at least 5) within 3 days when size(it) > size(q)".to_owned(),
        "every Guild must give(Peer3, amount at least size(it)) within 3 days when size(it) at least 36".to_owned(),
    ];
    for other in &others {
        assert_eq!(of_seventy("", &[other]), apart, "{other}");
        // one question is not answered with what is alike for another
        assert_eq!(of_seventy("", &[PLAIN, other]), (6, true), "{other}");
    }
}

#[test]
fn what_seventy_parties_owe_by_their_size_is_decided() {
    let ban = "no party may rest() for the first 2 days";
    let asked = |article: &str| {
        let text = charter(1..=70, "", &[article.to_owned(), ban.to_owned()]);
        check(&Files::of([("pact.charter", text.as_str())]), &["pact.charter".to_owned()])
    };
    let apart = "it tells more than 64 parties apart";
    let decided = asked(PLAIN);
    let report = decided.report();
    assert!(report.undecided.is_empty(), "{:?}", report.undecided);
    assert!(report.proved.iter().any(|p| p.code == "N01"), "{:?}", report.proved);
    let open = asked(&format!("{PLAIN} and size(it) + zero(it) at least 36"));
    assert!(open.report().undecided.iter().any(|u| u.reached.contains(apart)), "{:?}", open.report().undecided);
}

fn pick<'t>(s: &mut Sample, from: &[&'t str]) -> &'t str {
    let i = usize::try_from(s.below(from.len() as u64)).unwrap();
    from.get(i).copied().unwrap()
}

/// A comparison of what somebody has with a number; `NUMBER(who)` stands for it.
fn compared(s: &mut Sample, who: &str) -> String {
    let how = pick(s, &["at least", "at most", "<", ">", "=", "!="]);
    if s.below(4) == 0 {
        format!("{} {how} NUMBER({who})", 1 + s.below(8))
    } else {
        format!("NUMBER({who}) {how} {}", 1 + s.below(8))
    }
}

fn condition(s: &mut Sample, names: &[&str]) -> String {
    let who = pick(s, names);
    match s.below(9) {
        0..=3 => compared(s, who),
        4 => format!("not ({} and {})", compared(s, who), compared(s, who)),
        5 => format!("(count of every Guild g where {}) at least {}", compared(s, "g"), 1 + s.below(4)),
        6 => format!("exists p: Guild: {} and p has rest()", compared(s, "p")),
        7 => format!("flood({who}) and {}", compared(s, who)),
        // read otherwise too, of all
        _ => format!("size({who}) at least size({})", pick(s, names)),
    }
}

fn norm(s: &mut Sample) -> String {
    let (to, names): (&str, &[&str]) = match s.below(3) {
        0 => ("any other Guild q", &["it", "q"]),
        1 => ("Peer1", &["it"]),
        _ => ("", &["it"]),
    };
    let low = if s.below(8) == 0 { "size(it)".to_owned() } else { (1 + s.below(4)).to_string() };
    let deed = if to.is_empty() {
        "rest()".to_owned()
    } else {
        format!("give({to}, amount {} {low})", pick(s, &["at least", "at most"]))
    };
    let force = pick(s, &["must", "must", "must not", "may"]);
    let window = match force {
        "must" => format!(" within {} days", s.below(4)),
        "must not" if s.below(2) == 0 => format!(" for the first {} days", 1 + s.below(4)),
        _ => String::new(),
    };
    let when = if s.below(6) > 0 { format!(" when {}", condition(s, names)) } else { String::new() };
    let unless = if s.below(4) == 0 { format!(" unless {}", condition(s, names)) } else { String::new() };
    format!("every Guild {force} {deed}{window}{when}{unless}")
}

/// What a report says, each with its code.
struct Said {
    findings: BTreeSet<(String, String)>,
    proved: BTreeSet<(String, String)>,
    /// codes alone
    undecided: BTreeSet<String>,
}

/// The answers of a report, as if no 0 were added.
fn said(text: &str) -> Said {
    let checked = check(&Files::of([("pact.charter", text)]), &["pact.charter".to_owned()]);
    assert!(checked.diagnostics().is_empty(), "{:?}\n{text}", checked.diagnostics());
    let plain = |words: &str| {
        let mut out = words.to_owned();
        for who in ["it", "q", "g", "p"] {
            out = out.replace(&format!("size({who}) + zero({who})"), &format!("size({who})"));
        }
        out
    };
    let report = checked.report();
    Said {
        findings: report.findings.iter().map(|f| (f.code.clone(), plain(&f.message))).collect(),
        proved: report.proved.iter().map(|p| (p.code.clone(), plain(&p.question))).collect(),
        undecided: report.undecided.iter().map(|u| u.code.clone()).collect(),
    }
}

#[test]
fn nothing_else_is_found_where_nobody_is_taken_to_be_alike() {
    let (mut fewer, mut findings, mut proved, mut open) = (0u64, 0usize, 0usize, 0u64);
    for seed in 0..rounds() {
        let mut s = Sample::new(seed);
        let articles: Vec<String> = (0..2 + s.below(2)).map(|_| norm(&mut s)).collect();
        let mut sizes: Vec<u64> = (1..=8).collect();
        for i in (1..sizes.len()).rev() {
            sizes.swap(i, usize::try_from(s.below(i as u64 + 1)).unwrap());
        }
        let text = charter(sizes, "", &articles);
        let alike = text.replace("NUMBER", "size");
        let mut apart = text.clone();
        for who in ["it", "q", "g", "p"] {
            apart = apart.replace(&format!("NUMBER({who})"), &format!("size({who}) + zero({who})"));
        }
        let many = |text: &str| -> usize {
            let program = program(text);
            (0u32..).zip(&program.conduct.norms).map(|(n, _)| figures(&program, n).0).sum()
        };
        fewer += u64::from(many(&alike) < many(&apart));
        let (one, other) = (said(&alike), said(&apart));
        let decided = |code: &String| !one.undecided.contains(code) && !other.undecided.contains(code);
        let kept = |all: &BTreeSet<(String, String)>| -> Vec<(String, String)> {
            all.iter().filter(|(code, _)| decided(code)).cloned().collect()
        };
        assert_eq!(kept(&one.findings), kept(&other.findings), "seed {seed}\n{alike}");
        assert_eq!(kept(&one.proved), kept(&other.proved), "seed {seed}\n{alike}");
        findings += kept(&one.findings).len();
        proved += kept(&one.proved).len();
        open += u64::from(!one.undecided.is_empty() || !other.undecided.is_empty());
    }
    // a test that compares nothing would pass
    let many = usize::try_from(rounds()).unwrap();
    assert!(fewer > rounds() / 3 && findings > many && proved > many, "{fewer} {findings} {proved} {open}");
}
