//! N01 against brute force, on random small charters in which a party's own acts decide what it may do and what it owes.
//!
//! What N01 proves to hold no dilemma, going through every small history finds none in. In each situation that N01 shows, the
//! party has no lawful course. Both are asked of the evaluator alone. What is undecided is counted, and is no fault of the
//! checker's. `COMITY_LONG=5000` asks of more charters than a usual run and says what it found, `COMITY_FROM=7` begins with
//! another seed; of one charter alone (`COMITY_LONG=1`) the text is shown too.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails aloud, and a long run says what it found")]

use comity_core::engine::{self, Options};
use comity_core::logic::sample::Sample;
use comity_core::model::Program;
use comity_core::model::conduct::Occurrence;
use comity_core::report::Report;
use comity_core::report::document::{Finding, SituationEvent};
use comity_tests::brute::{Bounds, Course, Found, Ground};
use comity_tests::{code, courses, read};
use comity_z3::{DEFAULT_BUDGET, Z3Prover};

/// How many charters a usual run asks about.
const USUAL: u64 = 200;

/// From the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

/// The program, and what N01 says of it; where it does not read, the code that says why.
fn asked(text: &str) -> Result<(Program, Report), &'static str> {
    let (program, sources) = read(text).map_err(|said| code(&said))?;
    let only = std::iter::once("N01".to_owned()).collect();
    let prover = Z3Prover::new(DEFAULT_BUDGET / 20, 0);
    let report = engine::check(&program, &sources, &prover, &Options { only, ..Options::default() });
    Ok((program, report))
}

/// How far a charter is gone through.
fn bounds(text: &str) -> Bounds {
    let words = ["a", "b", "c"].map(str::to_owned);
    let heeded = |a: &String| {
        text.contains(&format!("has {a}()")) || text.contains(&format!("on {a}() by")) || text.contains(" before ")
    };
    let events = ["alarm", "signal"].map(str::to_owned);
    // one is declared, and more
    let mut world: Vec<String> = events.into_iter().filter(|e| text.matches(&format!("{e}(")).count() > 1).collect();
    let others = |a: &&String| text.contains(&format!("Bel has {a}()")) || text.contains(" by v");
    world.extend(words.iter().filter(others).cloned());
    let own: Vec<String> = words.into_iter().filter(heeded).collect();
    Bounds { days: 4, occurrences: 2, world, before: if own.len() > 1 { 1 } else { 2 }, own, runs: 1_500 }
}

/// What happens in a situation that is shown, with each way to read the parts that are left open.
fn shown(ground: &Ground<'_>, finding: &Finding) -> Vec<Vec<Occurrence>> {
    let read = |names: [&str; 2]| {
        let mut out = Vec::new();
        for entry in &finding.situation {
            let (SituationEvent::Act(said) | SituationEvent::Event(said)) = &entry.what else { continue };
            let said = said.replace("(P)", &format!("({})", names[0])).replace("(Q)", &format!("({})", names[1]));
            let occurrence = ground.occurrence(&said, entry.day).unwrap();
            let to = if entry.goes_on { None } else { Some(entry.until.unwrap_or(entry.day)) };
            out.push(Occurrence { to, ..occurrence });
        }
        out
    };
    let mut all = vec![read(["Ada", "Bel"]), read(["Bel", "Ada"])];
    all.dedup();
    all
}

/// Whether a dilemma that N01 shows is one of somebody.
fn holds(program: &Program, finding: &Finding) -> bool {
    ["Ada", "Bel"].iter().any(|name| {
        let ground = Ground::new(program, name).unwrap();
        shown(&ground, finding).iter().any(|s| ground.left(s) == Some(Course::None))
    })
}

#[derive(Debug, Default)]
struct Counts {
    /// N01 has nothing to ask
    nothing: usize,
    dilemmas: usize,
    proved: usize,
    /// of those, gone through to the end
    whole: usize,
    undecided: usize,
}

/// Counts what N01 says of a charter; whatever is wrong with it.
fn compare(text: &str, counts: &mut Counts) -> Vec<String> {
    let (program, report) = match asked(text) {
        Ok(read) => read,
        Err(code) => return vec![format!("does not read: {code}")],
    };
    let mut wrong: Vec<String> =
        report.undecided.iter().filter(|u| u.reached.contains("fault")).map(|u| u.reached.clone()).collect();
    for finding in report.findings.iter().filter(|f| !holds(&program, f)) {
        let said: Vec<String> = finding.situation.iter().map(|e| format!("day {} {}", e.day, e.words)).collect();
        wrong.push(format!("{}: there is a lawful course where {}", finding.message, said.join(", ")));
    }
    if !report.findings.is_empty() {
        counts.dilemmas += 1;
    } else if !report.undecided.is_empty() {
        counts.undecided += 1;
    } else if report.proved.is_empty() {
        counts.nothing += 1;
    } else {
        counts.proved += 1;
        match Ground::new(&program, "Ada").unwrap().dilemma(&bounds(text)) {
            Found::Nothing => counts.whole += 1,
            Found::Partly => {}
            Found::Dilemma(d) => wrong.push(format!("N01 says that there is no dilemma: {d}")),
        }
    }
    wrong
}

/// In which N01 once showed a situation that had a breach before its duty arose.
const MISSED: &str = "action a(by: Party)
action b(by: Party)
event alarm()
party Ada
party Bel
charter Pact {
    parties Ada, Bel
    article 1 { on alarm() { Ada must a() within 0 days } }
    article 2 { on alarm() { Ada must not a() after 0 days until 3 days when it has b() in the last 2 days } }
}
";

#[test]
fn a_deadline_that_passes_on_the_eve_is_met_before() {
    let mut counts = Counts::default();
    assert_eq!(compare(MISSED, &mut counts), Vec::<String>::new());
    assert_eq!(counts.dilemmas, 1);
}

#[test]
fn n01_says_what_going_through_everything_says() {
    let (long, first) = (number("COMITY_LONG"), number("COMITY_FROM").unwrap_or(0));
    let (mut counts, mut wrong) = (Counts::default(), Vec::new());
    for seed in first..first + long.unwrap_or(USUAL) {
        let text = courses::program(&mut Sample::new(seed));
        if long == Some(1) {
            eprintln!("{text}");
        }
        for told in compare(&text, &mut counts) {
            wrong.push(format!("seed {seed}: {told}\n{text}"));
        }
    }
    if long.is_some() {
        eprintln!("{counts:?}");
    }
    assert!(wrong.is_empty(), "{} wrong, {counts:?}\n{}", wrong.len(), wrong.join("\n"));
    // a test that compares nothing would pass
    assert!(long.is_some() || (counts.dilemmas >= 50 && counts.whole >= 65), "{counts:?}");
}
