//! Small random charters of conduct and random situations, from a seed.
//!
//! In: a stream of choices. Out: a charter as text that reads without a mistake, and situations of its model. What is drawn is
//! made to meet: few actions, few parties, few days.

use crate::pick;
use comity_core::logic::sample::Sample;
use comity_core::logic::{BigRational, Model, Value as Number};
use comity_core::model::conduct::{Action, ActionId, Actor, Happening, Occurrence, Situation, Sort, Value};
use comity_core::model::{PartyId, Program};
use std::fmt::Write as _;

/// The last day on which something begins in a random situation.
pub const DAYS: i64 = 7;

fn days(s: &mut Sample) -> String {
    format!("{} days", s.below(4))
}

/// A condition of which `it` and, where bound, `q` are spoken.
fn condition(s: &mut Sample, names: &[&str], depth: u32) -> String {
    let who = pick(s, names);
    let other = pick(s, names);
    match s.below(if depth == 0 { 8 } else { 11 }) {
        0 | 1 => format!("calm({who})"),
        2 => format!("{who} has help({other})"),
        3 => format!("alarm() in the last {}", days(s)),
        4 => format!("{who} has hit({other}) in the last {}", days(s)),
        5 => format!("storm({who})"),
        6 => format!("size({}) at least {}", pick(s, &["Ada", "Cor"]), 1 + s.below(4)),
        7 => match s.below(3) {
            0 => format!("breach of article 1 by {who}"),
            1 => "balance(Chest) at least 5 EUR".to_owned(),
            _ => format!("{who} has pay()"),
        },
        8 => format!("not ({})", condition(s, names, depth - 1)),
        9 => format!("({} and {})", condition(s, names, depth - 1), condition(s, names, depth - 1)),
        _ => format!("({} or {})", condition(s, names, depth - 1), condition(s, names, depth - 1)),
    }
}

fn act(s: &mut Sample, target: &str) -> String {
    match s.below(5) {
        0 => format!("hit({target})"),
        1 => format!("hit({target}, force at {} {})", pick(s, &["least", "most"]), 1 + s.below(4)),
        2 => format!("help({target})"),
        3 => "rest()".to_owned(),
        _ => format!("pay(amount at {} {} EUR)", pick(s, &["least", "most"]), 1 + s.below(5)),
    }
}

/// Clauses behind a norm.
fn clauses(s: &mut Sample, names: &[&str], duty: bool, rank: Option<u64>, rule: bool) -> String {
    let mut out = String::new();
    if s.below(4) == 0 {
        let _ = write!(out, " after {}", days(s));
    }
    if duty && s.below(4) > 0 {
        let _ = write!(out, " within {} days", s.below(5));
        if s.below(6) == 0 && !rule {
            let _ = write!(out, " every {} days", 2 + s.below(4));
        }
    } else if s.below(4) == 0 {
        let _ = write!(out, " until {}", days(s));
    }
    if s.below(3) == 0 {
        let _ = write!(out, " when {}", condition(s, names, 1));
    }
    if s.below(4) == 0 {
        let _ = write!(out, " unless {}", condition(s, names, 1));
    }
    if let Some(article) = rank {
        let word = pick(s, &["notwithstanding", "subject to"]);
        let _ = write!(out, " {word} article {article}");
    }
    out
}

/// One norm. `offender` is bound by the rule, if it stands in one.
fn norm(s: &mut Sample, offender: Option<&str>, rank: Option<u64>) -> String {
    let rule = offender.is_some();
    let subject = match (offender, s.below(6)) {
        (Some(v), 0) => v.to_owned(),
        (Some(_), _) => "every other party".to_owned(),
        (None, 0) => "Ada".to_owned(),
        (None, 1) => "every Guild".to_owned(),
        (None, _) => "every party".to_owned(),
    };
    let (target, mut names) = match (offender, s.below(4)) {
        (Some(v), 0..=2) => (v.to_owned(), vec!["it", v]),
        (_, 3) => ("Bel".to_owned(), vec!["it", "Bel"]),
        _ => ("any other party q".to_owned(), vec!["it", "q"]),
    };
    if s.below(3) == 0 {
        names.push("Cor");
    }
    // nobody is bound by a name that the act does not bind
    let deed = act(s, &target);
    if !deed.contains("any other party q") {
        names.retain(|n| *n != "q");
    }
    match s.below(9) {
        0..=2 => format!("{subject} must not {deed}{}", clauses(s, &names, false, rank, rule)),
        3 | 4 => format!("{subject} must {deed}{}", clauses(s, &names, true, rank, rule)),
        5 => format!("{subject} may {deed}{}", clauses(s, &names, false, rank, rule)),
        6 => {
            let state = condition(s, &["it"], 1);
            format!("{subject} must ensure {state}{}", clauses(s, &["it"], false, None, rule))
        }
        7 if !rule => {
            let first = pick(s, &["rest()", "help(Bel)"]);
            format!("{subject} must {first} at least {} before pay", days(s))
        }
        7 => format!("{subject} may {deed}"),
        _ => {
            let group = pick(s, &["some party", "at least 2 parties"]);
            let within = s.below(4);
            let each = pick(s, &["", ", each answerable"]);
            format!("{group} must rest() within {within} days{each}")
        }
    }
}

/// A random charter.
#[must_use]
pub fn program(s: &mut Sample) -> String {
    let mut out = String::from(
        "kind Guild { size: Count }\n\
         fund Chest = 6 EUR\n\
         ladder Weight { light < heavy }\n\
         action hit(by: Party, on: Party, force: Count = 2) severity heavy\n\
         action help(by: Party, on: Party) severity light\n\
         action rest(by: Party) hinders help\n\
         action pay(by: Party, amount: Money) changes balance(Chest) by -amount\n\
         event calm(who: Party)\n\
         event alarm()\n\
         event storm(who: Party) lasting\n\
         event flood(who: Party) once\n\
         party Ada: Guild { size = 3 }\n\
         party Bel { }\n\
         party Cor: Guild { }\n\
         charter Pact {\n    parties Ada, Bel, Cor\n",
    );
    let articles = 1 + s.below(3);
    for article in 1..=articles {
        let _ = writeln!(out, "    article {article} {{");
        for _ in 0..1 + s.below(2) {
            let rank = (article > 1 && s.below(3) == 0).then(|| 1 + s.below(article - 1));
            let _ = writeln!(out, "        {}", norm(s, None, rank));
        }
        if s.below(2) == 0 {
            let head = match s.below(4) {
                0 => "on flood(v)".to_owned(),
                1 => "on hit(anyone) by v".to_owned(),
                2 => format!("on breach of article {} by v", 1 + s.below(article)),
                _ => {
                    let of = 1 + s.below(article);
                    format!("on breach of article {of} by v, determined by 2/3 of parties except v")
                }
            };
            let _ = writeln!(out, "        {head} {{");
            let rank = (article > 1 && s.below(3) == 0).then(|| 1 + s.below(article - 1));
            let _ = writeln!(out, "            {}", norm(s, Some("v"), rank));
            if s.below(2) == 0 {
                let _ =
                    writeln!(out, "            then after {} every other party must help(v) within 2 days", days(s));
            }
            if s.below(2) == 0 {
                let _ = writeln!(out, "            lift when {}", condition(s, &["v"], 1));
            }
            if s.below(4) == 0 {
                let _ = writeln!(out, "            severity at most light for the first {}", days(s));
            }
            out.push_str("        }\n");
        }
        out.push_str("    }\n");
    }
    if s.below(4) == 0 {
        let _ = writeln!(out, "    article {} {{ every Guild is entitled to help() }}", articles + 1);
    }
    if s.below(4) == 0 {
        let _ = writeln!(out, "    article {} {{ withdraw on {} notice }}", articles + 2, days(s));
    }
    out.push_str("}\n");
    out
}

/// Something to prove of the charter.
#[must_use]
pub fn property(s: &mut Sample) -> String {
    let mode = pick(s, &["always", "never", "never", "possible", "possible"]);
    let every = pick(s, &["", "", "", " in every situation"]);
    let what = match s.below(5) {
        0 => format!("Ada has {}", act(s, "Bel")),
        1 => format!("exists a, b: party where a != b: {}", condition(s, &["a", "b"], 1)),
        2 => {
            let (of, then) = (condition(s, &["a"], 0), condition(s, &["a"], 0));
            format!("for all a: party where {of}: {then}")
        }
        3 => format!("exists a: party: a may {}", act(s, "Cor")),
        _ => condition(s, &["Ada", "Bel"], 2),
    };
    format!("prove in Pact {mode} {what}{every}\n")
}

/// A random situation of a charter's members and one outsider.
#[must_use]
pub fn situation(s: &mut Sample, program: &Program) -> Situation {
    let conduct = &program.conduct;
    let members: Vec<Actor> =
        program.charters.iter().take(1).flat_map(|c| c.members.iter().copied()).map(Actor::Party).collect();
    let mut occurrences = Vec::new();
    for _ in 0..1 + s.below(4) {
        let from = i64::try_from(s.below(DAYS.unsigned_abs())).unwrap_or(0);
        let what = s.below(10);
        let member = |s: &mut Sample| {
            let i = usize::try_from(s.below(members.len() as u64)).unwrap_or(0);
            members.get(i).copied().unwrap_or(Actor::Party(PartyId(0)))
        };
        let rules: Vec<_> = conduct.rules.iter().filter(|r| r.determined.is_some()).collect();
        let occurrence = match rules.first() {
            Some(rule) if what < 2 => {
                let what = Happening::Finding { rule: rule.id, by: member(s), against: None };
                Occurrence { from, to: Some(from), what }
            }
            _ if what == 2 && !conduct.exits.is_empty() => {
                Occurrence { from, to: Some(from), what: Happening::Withdrawal { party: member(s) } }
            }
            _ => {
                let i = u32::try_from(s.below(conduct.actions.len() as u64)).unwrap_or(0);
                let Some(action) = conduct.action(ActionId(i)) else { continue };
                let arguments = arguments(s, action, &members);
                let to = match s.below(6) {
                    0 => Some(from + i64::try_from(s.below(4)).unwrap_or(0)),
                    1 if !action.event || action.lasting => None,
                    _ => Some(from),
                };
                Occurrence { from, to, what: Happening::Act { action: ActionId(i), arguments, place: None } }
            }
        };
        occurrences.push(occurrence);
    }
    occurrences.sort();
    occurrences.dedup();
    // once is once
    let mut seen = std::collections::BTreeSet::new();
    occurrences.retain(|o| match &o.what {
        Happening::Act { action, .. } if conduct.action(*action).is_some_and(|a| a.once) => seen.insert(*action),
        _ => true,
    });
    let mut values = Model::new();
    for u in &program.unknowns {
        values.set(u.var.clone(), Number::int(1 + s.below(4)));
    }
    Situation { values, members, others: vec![Actor::Outsider(0)], start: None, occurrences }
}

fn arguments(s: &mut Sample, action: &Action, members: &[Actor]) -> Vec<Value> {
    let one = |p: &comity_core::model::conduct::Parameter, s: &mut Sample| match p.sort {
        Sort::Party(_) => {
            let i = usize::try_from(s.below(members.len() as u64 + 1)).unwrap_or(0);
            Value::Actor(members.get(i).copied().unwrap_or(Actor::Outsider(0)))
        }
        Sort::Number { .. } => Value::Number(BigRational::from_integer((1 + s.below(5)).into())),
        Sort::Region(_) | Sort::Thing => Value::Unsaid,
    };
    action.parameters.iter().map(|p| one(p, s)).collect()
}
