//! `comity due` and `comity play` on text: each heading of a file in `suite/due/` and `suite/play/` is a charter, what happened and
//! what came of it.
//!
//! In: Markdown ([`comity_tests::cases`]). For `due`: a table `csv events.csv` or `charter events.charter`, and `asks`, flags as on the
//! command line. For `play`: `typed`, line by line; the report is the session as it stands on the screen. With `COMITY_BLESS=1`
//! the reports are written anew; read the difference before you commit it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails aloud")]

use comity_core::agenda::read::{Asked, Failure, due};
use comity_core::chronicle::Subject;
use comity_core::compile::read_program;
use comity_core::diagnostic::Diagnostic;
use comity_core::play::{Reply, Session};
use comity_core::report::agenda::{AgendaFormat, render};
use comity_core::report::{Options, render_diagnostics};
use comity_core::source::Sources;
use comity_core::types::calendar;
use comity_tests::cases::{Case, markdown, run};
use comity_tests::{Files, project};

fn said(found: &[Diagnostic], sources: &Sources) -> String {
    render_diagnostics(found, sources, &Options::default())
}

/// The value of a flag in the words of a case.
fn flag<'w>(words: &'w str, name: &str) -> Option<&'w str> {
    let mut words = words.split_whitespace();
    words.by_ref().find(|w| *w == name)?;
    words.next()
}

fn day(date: &str) -> i64 {
    let parts: Vec<i32> = date.split('-').map(|p| p.parse().unwrap()).collect();
    calendar::days(parts[0], u8::try_from(parts[1]).unwrap(), u8::try_from(parts[2]).unwrap()).unwrap()
}

fn agenda(case: &Case) -> String {
    let files = case.files();
    let words = case.words("asks");
    let events = files.0.keys().find(|p| p.starts_with("events.")).unwrap().clone();
    let asked = Asked {
        roots: files.charters().into_iter().filter(|p| *p != events).collect(),
        charter_file: Some("pact.charter".to_owned()),
        events,
        charter: flag(words, "--charter").map(str::to_owned),
        with: flag(words, "--with").map(str::to_owned).into_iter().collect(),
        on: flag(words, "--on").map(day),
        party: flag(words, "--party").map(str::to_owned),
    };
    let format = flag(words, "--format").unwrap_or("human");
    let format = AgendaFormat::ALL.into_iter().find(|f| f.name() == format).unwrap();
    let options = Options { verbose: words.contains("-v"), ..Options::default() };
    let mut sources = Sources::default();
    match due(&files, &asked, &mut sources) {
        Ok(agenda) => render(format, &agenda, &options).replace('\r', ""),
        Err(Failure::Refused(r)) => format!("error: {}; {}\n", r.message, r.help),
        Err(Failure::Unreadable(found)) => said(&found, &sources),
    }
}

fn played(case: &Case) -> String {
    let files = case.files();
    let words = case.words("asks");
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let roots = files.charters();
    let Some(program) = read_program(&files, &roots, None, &mut sources, &mut found) else {
        return said(&found, &sources);
    };
    let with: Vec<String> = flag(words, "--with").map(str::to_owned).into_iter().collect();
    let subject = Subject::of(&files, &roots, &program, &sources, flag(words, "--charter"), &with).unwrap();
    let mut session = Session::new(&files, subject).unwrap();
    let mut out = session.greeting();
    for line in case.words("typed").lines() {
        out.push_str(&format!("{}{line}\n", session.prompt()));
        match session.enter(line) {
            Reply::Quit => break,
            Reply::Said(said) => out.push_str(&said),
            Reply::Save(file) => {
                let title = file.trim_end_matches(".charter");
                match session.scenario(title, 0) {
                    Ok(text) => {
                        // what is saved passes
                        let mut all: Files = files.clone();
                        all.0.insert(file.clone(), text.clone().into_bytes());
                        let roots = all.charters();
                        let ran = comity_tests::trial(&all, &roots, comity_core::report::trial::TrialFormat::Short);
                        assert!(ran.contains(&format!("passed: {title}")), "{ran}\n{text}");
                        out.push_str(&text);
                    }
                    Err(why) => out.push_str(&format!("error: {why}\n")),
                }
            }
        }
    }
    out
}

fn suite(folder: &str, outcome: &dyn Fn(&Case) -> String) {
    let mut wrong = Vec::new();
    let files = markdown(&project().join("tests/suite").join(folder));
    assert!(!files.is_empty());
    for file in files {
        run(&file, outcome, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}

#[test]
fn every_agenda_is_as_it_stands() {
    suite("due", &agenda);
}

#[test]
fn every_session_is_as_it_stands() {
    suite("play", &played);
}
