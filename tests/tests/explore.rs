//! `comity test --explore`: walks against the prover, and what walks meet on text.
//!
//! In: the examples and the cases of the norm and sanction checks. Each situation that a walk meets is one that the prover finds, or
//! says that it cannot decide; a proof that there is none would be a mistake of one of the two. Each can be said as a scenario
//! that `comity test` accepts and in which the evaluator finds the same. On the cases of the checks on sanctions the two agree
//! both ways. What the prover says of all situations, no walk denies. In `suite/explore/`: what is met, as it is printed.
//! With `COMITY_BLESS=1` the reports are written anew. `COMITY_LONG=2000` walks longer.
#![expect(clippy::unwrap_used, reason = "a test fails aloud")]

use comity_core::chronicle::Subject;
use comity_core::compile::read_program;
use comity_core::explore::{ExploreReport, Meeting, explore, scenario};
use comity_core::model::Program;
use comity_core::report::explore::human;
use comity_core::report::trial::TrialFormat;
use comity_core::report::{Finding, Level, Options, Report};
use comity_core::source::Sources;
use comity_tests::cases::{Case, cases, markdown, run};
use comity_tests::{Files, check, project, trial};
use std::fs;

fn read(files: &Files) -> Option<(Program, Sources)> {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let program = read_program(files, &files.charters(), None, &mut sources, &mut found)?;
    Some((program, sources))
}

/// What is asked of every charter with norms: that it is not asked of one is no excuse.
const ASKED: [&str; 6] = ["N01", "S01", "S02", "S03", "S04", "S13"];

/// How many walks of each example; as many in four for a case.
fn walks() -> u32 {
    std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(100)
}

/// Whether the prover finds the situation, or says that it cannot decide. That nobody is left to respond (S02) stands for the breach
/// without a response that comes of it; a dilemma is one whoever asks for the act.
fn agrees(report: &Report, meeting: &Meeting) -> bool {
    let same: &[&str] = match meeting.code.as_str() {
        "S01" => &["S01", "S02"],
        "N01" | "S03" => &["N01", "S03"],
        // what must be done and is itself a breach is told as that
        "S12" => &["S12", "S04"],
        code => &[code],
    };
    let code = |c: &str| same.contains(&c);
    let charter = meeting.statement.split('/').next().unwrap_or("");
    let about = |f: &Finding| {
        // a cascade that only leads into another is told with that one
        let within = |id: &str| f.code == "S04" && id.split('/').next() == Some(charter);
        // one rule is told once, by whichever of its norms asks most
        let rule = meeting.statement.rsplit_once('.').map_or("", |(rule, _)| rule);
        let of_rule = |id: &str| f.code == "S02" && meeting.code == "S02" && id == rule;
        f.statements.iter().any(|s| s.id == meeting.statement || within(&s.id) || of_rule(&s.id))
    };
    // it names the rule, not what is broken; a note of it speaks of more than one in breach
    let alone = |f: &Finding| meeting.code == "S01" && f.code == "S02" && f.level != Level::Note;
    report.findings.iter().any(|f| (code(&f.code) || f.also.iter().any(|c| code(c))) && (about(f) || alone(f)))
        || report.undecided.iter().any(|u| code(&u.code))
        || report.not_asked.iter().any(|n| code(&n.code) && !ASKED.contains(&n.code.as_str()))
}

/// What the prover says of all situations about a norm, and no walk has shown otherwise of it.
fn left_standing(report: &Report, met: &ExploreReport) -> usize {
    let open = |f: &Finding| {
        met.charters
            .iter()
            .flat_map(|c| &c.denied)
            .filter(|d| d.code == f.code)
            .any(|d| f.statements.iter().any(|s| d.open.contains(&s.id) && f.message.starts_with(&quoted(&s.text))))
    };
    report.findings.iter().filter(|f| open(f)).count()
}

#[test]
fn walks_leave_standing_what_the_prover_says_of_all_situations() {
    let mut standing = std::collections::BTreeMap::new();
    for (code, file) in [("N03", "n03-applies"), ("N04", "n04-new"), ("N05", "n05-aside")] {
        let file = project().join("tests/suite/check").join(file).with_extension("md");
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            let files = case.files();
            let (program, sources) = read(&files).unwrap();
            let checked = check(&files, &files.charters());
            let met = explore(&program, &sources, 40, 5);
            assert_eq!(denied(&case.title, checked.report(), &met), Vec::<String>::new());
            *standing.entry(code).or_insert(0) += left_standing(checked.report(), &met);
        }
    }
    assert!(standing.values().all(|n| *n > 0), "{standing:?}");
}

fn quoted(text: &str) -> String {
    format!("`{}`", text.rsplit_once(" (on ").map_or(text, |(said, _)| said))
}

/// What the prover says of all situations and walks show otherwise.
fn denied(name: &str, report: &Report, met: &ExploreReport) -> Vec<String> {
    let mut wrong = Vec::new();
    for denied in met.charters.iter().flat_map(|c| &c.denied) {
        for shown in &denied.shown {
            // what it is about comes first in its message; what is said of a whole article is another question
            let named =
                |f: &Finding| f.statements.iter().any(|s| s.id == *shown && f.message.starts_with(&quoted(&s.text)));
            let about = |f: &&Finding| f.code == denied.code && named(f);
            for f in report.findings.iter().filter(about) {
                wrong.push(format!(
                    "{name}: the prover finds {}: {}; a walk shows otherwise of {shown}",
                    f.code, f.message
                ));
            }
        }
    }
    wrong
}

/// What is met and the prover denies; how much was met.
fn disagreements(name: &str, files: &Files, walks: u32) -> (Vec<String>, usize) {
    let Some((program, sources)) = read(files) else { return (Vec::new(), 0) };
    if program.conduct.norms.is_empty() {
        return (Vec::new(), 0);
    }
    let met = explore(&program, &sources, walks, 7);
    let found: Vec<&Meeting> = met.charters.iter().flat_map(|c| &c.found).collect();
    let checked = check(files, &files.charters());
    let mut wrong = denied(name, checked.report(), &met);
    for meeting in &found {
        // hindering what somebody is entitled to is a breach, and the prover does not ask yet who answers it
        if meeting.code == "S01" && meeting.text.contains(" is entitled to ") {
            continue;
        }
        if !agrees(checked.report(), meeting) {
            let proved = checked.report().proved.iter().filter(|p| p.code == meeting.code);
            let proved: Vec<&str> = proved.map(|p| p.question.as_str()).collect();
            wrong.push(format!(
                "{name}: a walk meets {} of {} ({}), and the prover finds nothing; proved: {proved:?}",
                meeting.code,
                meeting.statement,
                meeting.lines.join("; ")
            ));
        }
    }
    (wrong, found.len())
}

#[test]
fn what_walks_meet_the_prover_finds() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    let mut add = |(more, n): (Vec<String>, usize)| {
        wrong.extend(more);
        count += n;
    };
    for folder in fs::read_dir(project().join("examples")).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        add(disagreements(&name, &Files::below(&folder).unwrap(), walks()));
    }
    for file in markdown(&project().join("tests/suite/check")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.starts_with(['n', 's']) {
            continue;
        }
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            add(disagreements(&format!("{name}, {}", case.title), &case.files(), walks() / 4 + 10));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 20, "walks met {count} situations only");
}

/// The checks whose cases stand in a file of their own, and that walks meet.
const BY_CASE: [(&str, &str); 8] = [
    ("S05", "s05-proportion"),
    ("S06", "s06-means"),
    ("S07", "s07-back"),
    ("S11", "s11-hollow"),
    ("S12", "s12-drawn"),
    ("S14", "s14-exit"),
    ("S16", "s16-striking-back"),
    ("S17", "s17-flow"),
];

/// Cases of what is said of all situations: no walk meets it.
const SAID_OF_ALL: [&str; 2] = ["a lift that contradicts itself", "an exception that contradicts itself ends nothing"];

#[test]
fn walks_meet_what_the_prover_finds_and_nothing_where_it_finds_nothing() {
    let mut wrong = Vec::new();
    for (code, file) in BY_CASE {
        let file = project().join("tests/suite/check").join(file).with_extension("md");
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            let files = case.files();
            let (program, sources) = read(&files).unwrap();
            let checked = check(&files, &files.charters());
            let finds = checked.report().findings.iter().any(|f| f.code == code && f.level != Level::Note);
            let mut met = explore(&program, &sources, 300, 1);
            for charter in &mut met.charters {
                charter.found.retain(|m| m.code == code);
            }
            let meets = met.charters.iter().any(|c| !c.found.is_empty());
            if finds != meets && !SAID_OF_ALL.contains(&case.title.as_str()) {
                wrong.push(format!("{code}, {}: the prover finds it: {finds}, walks meet it: {meets}", case.title));
            }
            saved(&files, &program, &sources, &met);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_prover_denies_is_seen() {
    let example = |name: &str| Files::below(&project().join("examples").join(name)).unwrap();
    let (program, sources) = read(&example("spiral")).unwrap();
    let met = explore(&program, &sources, 40, 1);
    let found: Vec<&Meeting> = met.charters.iter().flat_map(|c| &c.found).filter(|m| m.code == "S03").collect();
    assert_eq!(found.len(), 2);
    let [spiral, mended] = ["spiral", "spiral_mended"].map(|name| check(&example(name), &example(name).charters()));
    assert!(found.iter().all(|m| agrees(spiral.report(), m)));
    assert!(!found.iter().any(|m| agrees(mended.report(), m)));
}

fn saved(files: &Files, program: &Program, sources: &Sources, report: &ExploreReport) {
    for charter in &report.charters {
        for meeting in charter.found.iter().filter(|m| !m.lines.is_empty()) {
            let subject = Subject::of(files, &files.charters(), program, sources, Some(&charter.charter), &[]).unwrap();
            let text = scenario(files, subject, meeting, 0).unwrap();
            let mut all = files.clone();
            all.0.insert("met.charter".to_owned(), text.clone().into_bytes());
            let ran = trial(&all, &all.charters(), TrialFormat::Short);
            assert!(ran.contains(&format!("passed: {}: {}", meeting.code, meeting.title)), "{ran}\n{text}");
        }
    }
}

#[test]
fn what_is_met_is_met_again_and_can_be_said() {
    for name in ["spiral", "seedling", "shunning", "commons", "federation", "peer_security", "free_transit"] {
        let files = Files::below(&project().join("examples").join(name)).unwrap();
        let (program, sources) = read(&files).unwrap();
        let report = explore(&program, &sources, 60, 3);
        assert_eq!(report, explore(&program, &sources, 60, 3), "{name}");
        assert_ne!(report, explore(&program, &sources, 60, 4), "{name}");
        saved(&files, &program, &sources, &report);
    }
}

#[test]
fn every_walk_is_as_it_stands() {
    let outcome = |case: &Case| {
        let files = case.files();
        let (program, sources) = read(&files).unwrap();
        let report = explore(&program, &sources, 100, 1);
        saved(&files, &program, &sources, &report);
        human(&report, &Options { verbose: case.words("asks").contains("-v"), ..Options::default() })
    };
    let mut wrong = Vec::new();
    for file in markdown(&project().join("tests/suite/explore")) {
        run(&file, &outcome, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}
