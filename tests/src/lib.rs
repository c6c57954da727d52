//! What every kind of case needs: files in memory or in a folder, and a check from text to report.
//!
//! In: files. Out: a [`Checked`] with the report and its renderings. The cases stand in `tests/`; one that needs real data or
//! another program skips aloud where it is missing.
#![expect(clippy::print_stderr, reason = "a case that skips says so")]

pub mod brute;
pub mod cases;
pub mod conduct;
pub mod courses;
pub mod generate;

use comity_core::compile::read_program;
use comity_core::diagnostic::Diagnostic;
use comity_core::engine::{self, Options};
use comity_core::logic::Prover;
use comity_core::logic::sample::Sample;
use comity_core::model::Program;
use comity_core::report::trial::TrialFormat;
use comity_core::report::{self, Format, Outcome, Report};
use comity_core::source::{Sources, World, WorldError};
use comity_core::trial::{self, TrialReport};
use comity_z3::{DEFAULT_BUDGET, Z3Prover};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// From paths and texts.
    #[must_use]
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect())
    }

    /// Everything below a folder.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn below(folder: &Path) -> std::io::Result<Self> {
        let mut found = BTreeMap::new();
        let mut open = vec![folder.to_owned()];
        while let Some(at) = open.pop() {
            for entry in std::fs::read_dir(&at)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if let Ok(inside) = path.strip_prefix(folder) {
                    let name =
                        inside.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                    found.insert(name, std::fs::read(&path)?);
                }
            }
        }
        Ok(Self(found))
    }

    /// The charters among them.
    #[must_use]
    pub fn charters(&self) -> Vec<String> {
        self.0.keys().filter(|p| p.ends_with(".charter") || p.ends_with(".charter.md")).cloned().collect()
    }
}

impl World for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        self.0.get(path).cloned().ok_or(WorldError::Missing)
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        let inside = |path: &str| {
            path.strip_prefix(before).and_then(|p| p.strip_suffix(after)).is_some_and(|middle| !middle.contains('/'))
        };
        Ok(self.0.keys().filter(|p| inside(p)).cloned().collect())
    }
}

/// What came of a check.
#[derive(Debug)]
pub struct Checked {
    /// the report, and what was said while reading
    pub outcome: Outcome,
    /// the texts
    pub sources: Sources,
}

impl Checked {
    /// The report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.outcome.report
    }

    /// What was said while reading.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.outcome.diagnostics
    }

    /// As a person sees it, without colour.
    #[must_use]
    pub fn show(&self, format: Format) -> String {
        let options = report::Options { verbose: true, ..report::Options::default() };
        report::render(format, &self.outcome.report, &self.sources, &self.outcome.diagnostics, &options)
    }
}

/// Reads a charter that is one text.
///
/// # Errors
/// Where it is no program, what was said while reading.
pub fn read(text: &str) -> Result<(Program, Sources), Vec<Diagnostic>> {
    let files = Files::of([("pact.charter", text)]);
    let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
    let program = read_program(&files, &files.charters(), None, &mut sources, &mut diagnostics);
    program.map(|program| (program, sources)).ok_or(diagnostics)
}

/// The code of what was said first: why a text that was drawn does not read.
#[must_use]
pub fn code(said: &[Diagnostic]) -> &'static str {
    said.first().map_or("nothing", |d| d.code)
}

/// Reads `roots` and asks every question with Z3.
#[must_use]
pub fn check(files: &Files, roots: &[String]) -> Checked {
    check_with(files, roots, &Z3Prover::default(), &Options::default())
}

/// The same of some codes alone.
#[must_use]
pub fn check_only(files: &Files, roots: &[String], only: &[&str]) -> Checked {
    let only = only.iter().map(|code| (*code).to_owned()).collect();
    check_with(files, roots, &Z3Prover::default(), &Options { only, ..Options::default() })
}

/// The same with a tenth of the default budget and on three threads. What is found there too leaves room: versions of Z3 count
/// differently, so a report that nearly used up the budget on one could come out undecided on another.
#[must_use]
pub fn check_scarcely(files: &Files, roots: &[String]) -> Checked {
    let options = Options { jobs: 3, ..Options::default() };
    check_with(files, roots, &Z3Prover::new(DEFAULT_BUDGET / 10, 0), &options)
}

fn check_with(files: &Files, roots: &[String], prover: &dyn Prover, options: &Options) -> Checked {
    let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
    let program = read_program(files, roots, None, &mut sources, &mut diagnostics);
    let outcome = match program {
        None => Outcome::invalid(diagnostics),
        Some(program) => {
            let report = engine::check(&program, &sources, prover, options);
            Outcome { report, diagnostics }
        }
    };
    Checked { outcome, sources }
}

/// Reads `roots` and runs every scenario; what `comity test` prints, without colour.
#[must_use]
pub fn trial(files: &Files, roots: &[String], format: TrialFormat) -> String {
    let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
    let program = read_program(files, roots, None, &mut sources, &mut diagnostics);
    let found = match program {
        None => TrialReport::invalid(&diagnostics, &sources),
        Some(program) => trial::run(&program, &sources),
    };
    report::trial::render(format, &found, &sources, &diagnostics, &report::Options::default())
}

/// One of some words; nothing of none.
#[must_use]
pub fn pick<'t>(s: &mut Sample, from: &[&'t str]) -> &'t str {
    let i = usize::try_from(s.below(from.len() as u64)).unwrap_or(0);
    from.get(i).copied().unwrap_or("")
}

/// The project's folder.
#[must_use]
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Real data that is no part of the project: `COMITY_WORLD_DATA`, else `../shared/data` beside it. Says aloud where it is
/// missing.
#[must_use]
pub fn world() -> Option<PathBuf> {
    let folder = std::env::var_os("COMITY_WORLD_DATA").map_or_else(|| project().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no real data in {} (set COMITY_WORLD_DATA to the folder that has it)", folder.display());
    None
}

/// Compares a text with a file; with `COMITY_BLESS` set, writes the file instead.
///
/// # Errors
/// The first line that differs, and how to accept the change.
pub fn same_as(file: &Path, text: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    if expected == text {
        return Ok(());
    }
    if std::env::var_os("COMITY_BLESS").is_some() {
        return std::fs::write(file, text).map_err(|e| e.to_string());
    }
    let line = expected.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let at = |t: &str| t.lines().nth(line).unwrap_or("(the end)").to_owned();
    Err(format!(
        "{}:{}: expected\n  {}\nfound\n  {}\n(COMITY_BLESS=1 accepts what was found)",
        file.display(),
        line + 1,
        at(&expected),
        at(text)
    ))
}
