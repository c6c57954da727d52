//! What has happened under a charter, entered line by line, read as a scenario of the language.
//!
//! In: the files of a project, which charter is meant, and lines such as `day 2026-03-05 Belmark does attack(Corvia)`, each from a
//! row of a table ([`table`]) or typed by hand (`comity play`). Out: a [`Program`] with one scenario more, or every mistake with
//! the line it stands in. The lines are put into a module of their own that imports what the charter's module imports and
//! is read by the parser and the lowering of the language: whatever a charter may say can be entered, and nothing else.

mod hand;
pub mod table;

use crate::atlas::quoted;
use crate::compile::read_program;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::conduct::Scenario;
use crate::model::{Accession, Program};
use crate::resolve;
use crate::source::{FileId, Sources, Span, World, WorldError};
use crate::types::calendar;
use std::fmt::Write as _;
use std::ops::Range;

/// The path of the module that the lines are put into; no file is named so.
pub(crate) const PATH: &str = "(what happened)";

/// The title of its scenario.
pub const TITLE: &str = "what happened";

/// Which charter is meant, among the files of a project.
#[derive(Debug, Clone)]
pub struct Subject {
    roots: Vec<String>,
    charter: String,
    with: Vec<String>,
    imports: Vec<(String, Option<String>)>,
}

/// Why no charter can be meant: a sentence, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// what is wrong
    pub message: String,
    /// what to do
    pub help: String,
}

/// A line that was entered, from behind its day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// as the language writes it: `day 5 Belmark does attack(Corvia)`
    pub text: String,
    /// which bytes of it stand where in a file; the rest was put together
    pub pieces: Vec<(Range<usize>, Span)>,
    /// where to point for everything else
    pub span: Option<Span>,
}

/// A mistake in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// the line, by its place; none where it lies in the project's own files
    pub line: Option<usize>,
    /// the bytes of the line that it is about
    pub range: Range<usize>,
    /// what is wrong; its place is in the file where the line has one
    pub diagnostic: Diagnostic,
}

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// the program
    pub program: Program,
    /// the place of the scenario in it
    pub scenario: usize,
}

impl Read {
    /// The scenario of what happened.
    #[must_use]
    pub fn scenario(&self) -> Option<&Scenario> {
        self.program.conduct.scenarios.get(self.scenario)
    }
}

impl Subject {
    /// Finds the charter: the one that is named, or the only one with norms; and those who accede that are taken as members.
    /// `sources`: what the spans of the program point into.
    ///
    /// # Errors
    /// Where none or several are meant, or one who is named does not accede.
    pub fn of(
        world: &dyn World,
        roots: &[String],
        program: &Program,
        sources: &Sources,
        wanted: Option<&str>,
        with: &[String],
    ) -> Result<Self, Refusal> {
        let project = resolve::load(world, roots, None, &mut Sources::default(), &mut Vec::new());
        let refuse = |message: String, help: String| Err(Refusal { message, help });
        let owed = |name: &str| program.conduct.norms.iter().any(|n| charter_name(program, n.charter) == Some(name));
        let all: Vec<&str> = program.charters.iter().map(|c| c.name.as_str()).collect();
        let candidates: Vec<&str> = match wanted {
            Some(name) => all.iter().copied().filter(|c| *c == name).collect(),
            None => all.iter().copied().filter(|c| owed(c)).collect(),
        };
        let listed = || all.iter().map(|n| format!("`{}`", quoted(n))).collect::<Vec<_>>().join(", ");
        let charter = match (candidates.as_slice(), wanted) {
            ([one], _) => (*one).to_owned(),
            ([], Some(name)) => {
                return refuse(format!("there is no charter `{name}`"), format!("name one of {}", listed()));
            }
            ([], None) => {
                return refuse(
                    "no charter here says what anyone must do".to_owned(),
                    "name a charter with norms".to_owned(),
                );
            }
            _ => {
                return refuse(
                    format!("{} charters have norms, and one is asked about", candidates.len()),
                    format!("add `--charter NAME`, with one of {}", listed()),
                );
            }
        };
        let found = program.charters.iter().find(|c| c.name == charter);
        let mut places: Vec<Span> = found.iter().map(|c| c.span).collect();
        for name in with {
            let accedes = |a: &&Accession| {
                program.party_name(a.party) == name && charter_name(program, Some(a.charter)) == Some(&charter)
            };
            match program.accessions.iter().find(accedes) {
                Some(accession) => places.push(accession.span),
                None => {
                    return refuse(
                        format!("no accession of `{name}` to `{charter}` is declared"),
                        format!("write `accession {} to {} {{ }}`", quoted(name), quoted(&charter)),
                    );
                }
            }
        }
        let mut imports = Vec::new();
        for place in places {
            let Some(module) = project.modules.iter().find(|m| sources.path(place.file) == m.path) else { continue };
            imports.push((module.path.clone(), None));
            for edge in &module.imports {
                if let Some(target) = project.get(edge.target) {
                    imports.push((target.path.clone(), edge.alias.clone()));
                }
            }
        }
        imports.sort();
        imports.dedup();
        Ok(Self { roots: roots.to_vec(), charter, with: with.to_vec(), imports })
    }

    /// The name of the charter.
    #[must_use]
    pub fn charter(&self) -> &str {
        &self.charter
    }

    /// The files of the project.
    #[must_use]
    pub fn roots(&self) -> &[String] {
        &self.roots
    }

    /// The head of a scenario: `scenario "what happened" for Pact with Corvia {`.
    #[must_use]
    pub fn head(&self, title: &str) -> String {
        let mut out = format!("scenario {} for {}", in_quotes(title), quoted(&self.charter));
        for (i, name) in self.with.iter().enumerate() {
            let _ = write!(out, "{} {}", if i == 0 { " with" } else { "," }, quoted(name));
        }
        out.push_str(" {\n");
        out
    }

    /// The imports that a file beside the project's needs to read such a scenario, a line each.
    #[must_use]
    pub fn imports(&self) -> String {
        let mut out = String::new();
        for (path, alias) in &self.imports {
            let target = if crate::engine::is_embedded(path) { path.clone() } else { in_quotes(path) };
            let alias = alias.as_ref().map_or_else(String::new, |a| format!(" as {}", quoted(a)));
            let _ = writeln!(out, "import {target}{alias}");
        }
        out
    }

    /// Reads the lines. `start`: the date of day 0, in days from 1970-01-01, where days have dates.
    ///
    /// # Errors
    /// Every mistake, by line; those of the project's own files first.
    pub fn read(
        &self,
        world: &dyn World,
        start: Option<i64>,
        lines: &[Line],
        sources: &mut Sources,
    ) -> Result<Read, Vec<Mistake>> {
        let mut mistakes: Vec<Mistake> = lines.iter().enumerate().filter_map(|(i, l)| odd(i, l)).collect();
        let left_out: Vec<usize> = mistakes.iter().filter_map(|m| m.line).collect();
        let mut text = self.imports();
        text.push_str(&self.head(TITLE));
        if let Some(date) = start.and_then(calendar::iso) {
            let _ = writeln!(text, "day 0 is {date}");
        }
        let mut starts = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            starts.push(text.len());
            // what reaches beyond its line is not read, and the others are
            if !left_out.contains(&at) {
                text.push_str(&line.text);
            }
            text.push('\n');
        }
        text.push_str("}\n");
        let mut diagnostics = Vec::new();
        let over = Overlay { world, text: &text };
        let mut roots = self.roots.clone();
        roots.push(PATH.to_owned());
        let program = read_program(&over, &roots, None, sources, &mut diagnostics);
        let file = sources.iter().filter(|(_, f)| f.path == PATH).map(|(id, _)| id).last();
        let placed = Placed { file, starts: &starts, lines };
        let Some(program) = program else {
            let found = diagnostics.into_iter().filter(|d| d.severity == Severity::Error);
            mistakes.extend(found.map(|d| placed.mistake(d)));
            return Err(in_order(mistakes));
        };
        let place = program.conduct.scenarios.iter().position(|s| Some(s.span.file) == file);
        let scenario = place.and_then(|p| program.conduct.scenarios.get(p));
        let (Some(place), Some(scenario)) = (place, scenario) else { return Err(in_order(mistakes)) };
        mistakes.extend(placed.strays(scenario).into_iter().filter(|m| m.line.is_none_or(|l| !left_out.contains(&l))));
        if mistakes.is_empty() { Ok(Read { program, scenario: place }) } else { Err(in_order(mistakes)) }
    }
}

/// By line; those of the project's own files first.
fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by_key(|m| (m.line, m.range.start));
    mistakes
}

fn charter_name(program: &Program, id: Option<crate::model::CharterId>) -> Option<&str> {
    program.charters.get(id?.0 as usize).map(|c| c.name.as_str())
}

/// A text in quotes, as the language reads it.
#[must_use]
pub fn in_quotes(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What would reach beyond its line: a brace, a remark.
fn odd(at: usize, line: &Line) -> Option<Mistake> {
    let mut quoted = false;
    let mut before = ' ';
    for (i, c) in line.text.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '{' | '}' | '\n' | '\r' if !quoted => {
                return Some(refused(at, line, i..i + 1, "a brace has no place here"));
            }
            '/' if !quoted && before == '/' => {
                return Some(refused(at, line, i - 1..i + 1, "a remark has no place here"));
            }
            _ => {}
        }
        before = c;
    }
    quoted.then(|| refused(at, line, 0..line.text.len(), "a quote is never closed"))
}

fn refused(at: usize, line: &Line, range: Range<usize>, headline: &str) -> Mistake {
    let here = Span::new(FileId(0), 0, 0);
    let diagnostic = Diagnostic::error("not-one-event", here, headline, "here")
        .help("write one thing that happened, and nothing else");
    let placed = Placed { file: None, starts: &[], lines: std::slice::from_ref(line) };
    let diagnostic = placed.moved(diagnostic, 0, &range);
    Mistake { line: Some(at), range, diagnostic }
}

/// The files of a project and one that is made up.
struct Overlay<'w> {
    world: &'w dyn World,
    text: &'w str,
}

impl World for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        if path == PATH { Ok(self.text.as_bytes().to_vec()) } else { self.world.read(path) }
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError> {
        self.world.glob(pattern)
    }
}

/// Where the lines stand in the text that was read.
struct Placed<'l> {
    file: Option<FileId>,
    starts: &'l [usize],
    lines: &'l [Line],
}

impl Placed<'_> {
    /// The line that a place of the text lies in.
    fn line(&self, span: Span) -> Option<usize> {
        if Some(span.file) != self.file {
            return None;
        }
        let start = span.start as usize;
        let line = self.starts.partition_point(|s| *s <= start).checked_sub(1)?;
        let begin = self.starts.get(line)?;
        self.lines.get(line).filter(|l| start <= begin + l.text.len()).map(|_| line)
    }

    /// A message about the text that was read, as one about the line.
    fn mistake(&self, mut diagnostic: Diagnostic) -> Mistake {
        let at = self.line(diagnostic.primary.span);
        let Some((line, entered, begin)) = at.and_then(|i| Some((i, self.lines.get(i)?, self.starts.get(i).copied()?)))
        else {
            // what the rest of a line breaks is told at the line
            if Some(diagnostic.primary.span.file) == self.file && !self.lines.is_empty() {
                let last = self.lines.len() - 1;
                return Mistake { line: Some(last), range: 0..0, diagnostic: self.moved(diagnostic, last, &(0..0)) };
            }
            return Mistake { line: None, range: 0..0, diagnostic };
        };
        let inside = |byte: u32| (byte as usize).saturating_sub(begin).min(entered.text.len());
        let range = inside(diagnostic.primary.span.start)..inside(diagnostic.primary.span.end);
        diagnostic.secondary.retain(|l| Some(l.span.file) != self.file);
        Mistake { line: Some(line), diagnostic: self.moved(diagnostic, line, &range), range }
    }

    /// The same message at the place from which the line came.
    fn moved(&self, mut diagnostic: Diagnostic, line: usize, range: &Range<usize>) -> Diagnostic {
        let Some(entered) = self.lines.get(line) else { return diagnostic };
        diagnostic.secondary.retain(|l| Some(l.span.file) != self.file);
        let piece = entered.pieces.iter().find(|(piece, _)| piece.start <= range.start && range.end <= piece.end);
        let offset = |n: usize| u32::try_from(n).unwrap_or(0);
        let exact = piece.map(|(piece, span)| {
            // a name that was put in quotes is longer than its cell
            if piece.len() != (span.end - span.start) as usize {
                return *span;
            }
            let start = span.start + offset(range.start - piece.start);
            Span::new(span.file, start, start + offset(range.end - range.start))
        });
        if let Some(span) = exact.or(entered.span) {
            diagnostic.primary.span = span;
        }
        diagnostic
    }

    /// Lines that say something else than one thing that happened.
    fn strays(&self, scenario: &Scenario) -> Vec<Mistake> {
        let mut count = vec![0_usize; self.lines.len()];
        for at in scenario.spans.iter().filter_map(|s| self.line(*s)) {
            if let Some(n) = count.get_mut(at) {
                *n += 1;
            }
        }
        for at in scenario.expectations.iter().filter_map(|e| self.line(e.span)) {
            if let Some(n) = count.get_mut(at) {
                *n = usize::MAX;
            }
        }
        let strays = count.iter().enumerate().filter(|(_, n)| **n != 1);
        strays
            .map(|(line, n)| {
                let (headline, help) = match n {
                    0 => ("nothing happens in this line", "write what happened: an act, an event, a finding"),
                    &usize::MAX => {
                        ("this line expects something", "write what happened; expectations stand in scenarios")
                    }
                    _ => ("this line says several things", "write each in a line of its own"),
                };
                let here = Span::new(self.file.unwrap_or(FileId(0)), 0, 0);
                let diagnostic = Diagnostic::error("not-one-event", here, headline, "here").help(help);
                let all = 0..self.lines.get(line).map_or(0, |l| l.text.len());
                Mistake { line: Some(line), diagnostic: self.moved(diagnostic, line, &(0..0)), range: all }
            })
            .collect()
    }
}
