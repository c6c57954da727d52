//! Small random charters in which a party's own acts decide what it may do and what it owes, from a seed.
//!
//! In: a stream of choices. Out: a charter as text that reads without a mistake: two parties, acts and events without
//! arguments but a party, windows of a few days, so that every history of a few days can be gone through ([`crate::brute`]).

use crate::pick;
use comity_core::logic::sample::Sample;
use std::fmt::Write as _;

/// What a party can do.
const ACTS: [&str; 2] = ["a()", "b()"];

/// What happens.
const EVENTS: [&str; 2] = ["alarm()", "signal()"];

fn one_in(s: &mut Sample, n: u64) -> bool {
    s.below(n) == 0
}

fn days(s: &mut Sample, most: u64) -> String {
    match s.below(most + 1) {
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

/// Mostly not this act.
fn another(s: &mut Sample, act: &str) -> &'static str {
    let same = one_in(s, 4);
    ACTS.into_iter().find(|a| (*a == act) == same).unwrap_or("a()")
}

/// What a condition is about.
#[derive(Clone, Copy)]
struct About<'t> {
    /// whom
    it: &'t str,
    /// what is asked for or forbidden
    act: &'t str,
    /// whether it may depend on what one may do: in a rule that takes the checker long
    may: bool,
}

impl<'t> About<'t> {
    fn new(s: &mut Sample, act: &'t str, rule: Option<&str>) -> Self {
        Self { it: "it", act, may: rule.is_none() || one_in(s, 4) }
    }
}

/// A condition of whoever `it` is, on what a norm about `act` depends.
fn condition(s: &mut Sample, about: About<'_>, depth: u32) -> String {
    let About { it, act, may } = about;
    match s.below(if depth == 0 { 10 } else { 13 }) {
        0..=3 => format!("{it} has {} in the last {}", another(s, act), days(s, 3)),
        4 => format!("{it} has {}", another(s, act)),
        5 | 6 => format!("{} in the last {}", pick(s, &EVENTS), days(s, 3)),
        7 if may => format!("{it} may {}", another(s, act)),
        7 | 8 => pick(s, &EVENTS).to_owned(),
        9 => {
            let other = pick(s, &["Bel", it]);
            format!("{other} has {} in the last {}", pick(s, &ACTS), days(s, 2))
        }
        10 => format!("not ({})", condition(s, about, depth - 1)),
        11 => format!("({} and {})", condition(s, about, depth - 1), condition(s, about, depth - 1)),
        _ => format!("({} or {})", condition(s, about, depth - 1), condition(s, about, depth - 1)),
    }
}

/// `when` and `unless`.
fn conditions(s: &mut Sample, about: About<'_>) -> String {
    let mut out = String::new();
    if one_in(s, 3) {
        let _ = write!(out, " when {}", condition(s, about, 1));
    }
    if one_in(s, 5) {
        let _ = write!(out, " unless {}", condition(s, about, 1));
    } else if one_in(s, 12) {
        let [one, other] = ACTS.map(|a| format!("{} has {a} in the last {}", about.it, days(s, 3)));
        let _ = write!(out, " unless ({one} and {other})");
    }
    out
}

/// An article before that has a norm outside of rules: a rank speaks of those.
fn ranked<'t>(s: &mut Sample, plain: &[&'t str]) -> Option<&'t str> {
    if plain.is_empty() { None } else { Some(pick(s, plain)) }
}

fn rank(s: &mut Sample, plain: &[&str]) -> String {
    let chosen = if one_in(s, 4) { ranked(s, plain) } else { None };
    let Some(article) = chosen else { return String::new() };
    let word = pick(s, &["notwithstanding", "notwithstanding", "subject to"]);
    format!(" {word} article {article}")
}

fn ban(s: &mut Sample, plain: &[&str], rule: Option<&str>) -> String {
    let (subject, force) = match rule {
        Some(v) => (v, "must not"),
        None if one_in(s, 2) => ("Ada", "must not"),
        None => ("no party", "may"),
    };
    let act = pick(s, &ACTS);
    let mut out = format!("{subject} {force} {act}");
    if rule.is_some() {
        if one_in(s, 3) {
            let _ = write!(out, " after {}", days(s, 2));
        }
        if !one_in(s, 5) {
            let _ = write!(out, " until {}", days(s, 3));
        }
    }
    let about = About::new(s, act, rule);
    out + &conditions(s, about) + &rank(s, plain)
}

fn duty(s: &mut Sample, plain: &[&str], rule: Option<&str>) -> String {
    let subject = rule.unwrap_or_else(|| pick(s, &["Ada", "every party"]));
    let act = pick(s, &ACTS);
    let mut out = format!("{subject} must {act}");
    if one_in(s, 6) {
        let after = s.below(2);
        let _ = write!(out, " after {after} days within {} days", after + 1 + s.below(2));
    } else {
        let _ = write!(out, " within {}", days(s, 3));
    }
    let about = About::new(s, act, rule);
    let said = conditions(s, about);
    out += &said;
    if rule.is_none() && !said.contains(" when ") {
        let _ = write!(out, " when {}", condition(s, about, 1));
    }
    out + &rank(s, plain)
}

fn permission(s: &mut Sample, plain: &[&str], rule: Option<&str>) -> String {
    let act = pick(s, &ACTS);
    let mut out = format!("{} may {act}", rule.unwrap_or("Ada"));
    if rule.is_some() && one_in(s, 2) {
        let _ = write!(out, " until {}", days(s, 3));
    }
    let about = About::new(s, act, rule);
    out += &conditions(s, about);
    if let Some(article) = ranked(s, plain) {
        let _ = write!(out, " notwithstanding article {article}");
    }
    out
}

/// One act is to be done some days before the other.
fn notice(s: &mut Sample) -> String {
    let (first, then) = if one_in(s, 2) { ("a()", "b") } else { ("b()", "a") };
    let who = pick(s, &["Ada", "every party"]);
    format!("{who} must {first} at least {} before {then}", pick(s, &["1 day", "2 days"]))
}

/// A rule with one norm or two; some duty in it if `owed`.
fn rule(s: &mut Sample, plain: &[&str], owed: bool) -> String {
    let own = !owed && one_in(s, 3);
    let head = if own { format!("{} by v", pick(s, &ACTS)) } else { pick(s, &EVENTS).to_owned() };
    let who = if own { "v" } else { pick(s, &["Ada", "Ada", "every party"]) };
    let mut out = format!("on {head} {{");
    let count = 1 + s.below(2);
    for i in 0..count {
        let what = if owed && i == 0 { 0 } else { s.below(5) };
        // whoever is bound by a rule is never "no party"
        let norm = match what {
            0 | 1 => duty(s, plain, Some(who)),
            2 | 3 => ban(s, plain, Some(who)),
            _ => permission(s, plain, Some(who)),
        };
        if !out.ends_with(&norm) {
            let _ = write!(out, "\n        {norm}");
        }
    }
    if one_in(s, 6) {
        let it = if own { "v" } else { "Ada" };
        let act = pick(s, &ACTS);
        let _ = write!(out, "\n        lift when {}", condition(s, About { it, act, may: false }, 0));
    }
    out + "\n    }"
}

/// A random charter.
#[must_use]
pub fn program(s: &mut Sample) -> String {
    const NUMBERS: [&str; 5] = ["1", "2", "3", "4", "5"];
    let (mut articles, mut plain) = (Vec::new(), Vec::new());
    let count = 2 + s.below(3);
    for (i, article) in (1..=count).zip(NUMBERS) {
        let what = s.below(7);
        articles.push(match what {
            2 if one_in(s, 3) => notice(s),
            0..=2 => ban(s, &plain, None),
            3 if !plain.is_empty() => permission(s, &plain, None),
            4 => duty(s, &plain, None),
            _ => rule(s, &plain, i == count),
        });
        if what < 3 || what == 4 {
            plain.push(article);
        }
    }
    if !articles.iter().any(|a| a.contains(" within ")) {
        articles.push(rule(s, &plain, true));
    }
    let once = pick(s, &["", "", " once"]);
    let mut out = format!(
        "action a(by: Party)\naction b(by: Party)\nevent alarm()\nevent signal(){once}\nparty Ada\nparty Bel\n\
         charter Pact {{\n    parties Ada, Bel\n"
    );
    for (i, article) in articles.iter().enumerate() {
        let _ = writeln!(out, "    article {} {{ {article} }}", i + 1);
    }
    if one_in(s, 4) {
        out = third(s, &out, &plain, articles.len() + 1);
    }
    out += "}\n";
    if one_in(s, 4) { naming(&out) } else { out }
}

/// The same with an act more, that nothing asks for: on which depends here and there what was on another, and a ban on one or the other.
fn third(s: &mut Sample, text: &str, plain: &[&str], article: usize) -> String {
    let mut out = String::new();
    for (i, part) in text.split("has ").enumerate() {
        let c = i > 0 && one_in(s, 3);
        out += if i > 0 { "has " } else { "" };
        out += &if c { part.replacen(['a', 'b'], "c", 1) } else { part.to_owned() };
    }
    let (act, lifting) = (pick(s, &["b()", "a()", "c()"]), pick(s, &["c()", "c()", "a()"]));
    let days = days(s, 3);
    let said = match s.below(3) {
        0 => ban(s, plain, None).replace(pick(s, &ACTS), "c()"),
        1 => format!("no party may {act} unless it has {lifting} in the last {days}"),
        _ => format!("Ada must not {act} when not it has {lifting} in the last {days}"),
    };
    let _ = writeln!(out, "    article {article} {{ {said} }}");
    out.replace("action b(by: Party)", "action b(by: Party)\naction c(by: Party)")
}

/// The same with an event that names somebody: whoever it names has done nothing.
fn naming(text: &str) -> String {
    let declared = text.replace("event alarm()", "event alarm(who: Party)").replace("on alarm() {", "on alarm(p) {");
    declared.replace("alarm()", "alarm(Ada)")
}
