//! A situation stepped through by hand: `comity play`.
//!
//! In: a project, a charter, and lines that somebody types. Out: for each line what came of it. What was entered is a scenario that
//! grows ([`crate::chronicle`]): each line is put under the others and everything is read anew by the parser and the lowering of
//! the language, so that nothing can be entered that a scenario could not say, and `undo` is exact. No terminal here: a line in,
//! a text out.

mod save;
mod words;

use crate::agenda::agenda;
use crate::chronicle::{Line, Mistake, Read, Subject};
use crate::evaluate::situation::Run;
use crate::model::conduct::Situation;
use crate::model::{CharterId, Program};
use crate::report::document::SituationEntry;
use crate::report::{Options, printable_line};
use crate::source::{Sources, World};
use crate::trial::story::story;
use crate::types::calendar;
use std::collections::BTreeSet;

/// What comes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// a text to show; empty, or ended by a line end
    Said(String),
    /// the situation is to be written to this file: ask [`Session::scenario`]
    Save(String),
    /// the end
    Quit,
}

/// What was entered so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entered {
    day: i64,
    start: Option<i64>,
    lines: Vec<(i64, String)>,
}

/// A situation under way.
pub struct Session<'w> {
    world: &'w dyn World,
    subject: Subject,
    now: Entered,
    before: Vec<Entered>,
    read: Read,
    sources: Sources,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("now", &self.now).finish_non_exhaustive()
    }
}

impl<'w> Session<'w> {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// Where the charter cannot be read with a scenario beside it.
    pub fn new(world: &'w dyn World, subject: Subject) -> Result<Self, Vec<Mistake>> {
        let mut sources = Sources::default();
        let read = subject.read(world, None, &[], &mut sources)?;
        Ok(Self { world, subject, now: Entered::default(), before: Vec::new(), read, sources })
    }

    /// What is said at the beginning.
    #[must_use]
    pub fn greeting(&self) -> String {
        format!("{}: nothing has happened yet; `help` lists what can be typed\n{}", self.subject.charter(), self.who())
    }

    /// What stands before a line.
    #[must_use]
    pub fn prompt(&self) -> String {
        format!("{}> ", self.day(self.now.day))
    }

    /// What comes of a line.
    pub fn enter(&mut self, line: &str) -> Reply {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(w, r)| (w, r.trim()));
        match (word, rest) {
            ("", _) => Reply::Said(String::new()),
            (w, _) if w.starts_with('#') => Reply::Said(String::new()),
            ("quit" | "exit", "") => Reply::Quit,
            ("help" | "?", "") => Reply::Said(words::HELP.to_owned()),
            ("acts", "") => Reply::Said(words::acts(&self.read.program)),
            ("who", "") => Reply::Said(self.who()),
            ("due", "") => Reply::Said(self.due(false)),
            ("due", "all") => Reply::Said(self.due(true)),
            ("story", "") => Reply::Said(self.story()),
            ("undo", "") => Reply::Said(self.undo()),
            ("save", "") => Reply::Said("error: save to which file? write `save attack.charter`\n".to_owned()),
            ("save", file) => Reply::Save(file.to_owned()),
            ("next", "") => Reply::Said(self.go(self.now.day.saturating_add(1))),
            ("next", n) => Reply::Said(match n.parse::<i64>() {
                Ok(n) if (1..=LONGEST).contains(&n) => self.go(self.now.day.saturating_add(n)),
                _ => format!("error: expected a number of days from 1 to {LONGEST}, found `{n}`\n"),
            }),
            ("day", rest) => Reply::Said(self.move_to(rest)),
            _ => Reply::Said(self.happens(line)),
        }
    }

    /// `day 12`, `day 2026-03-12`, `day 0 is 2026-03-01`.
    fn move_to(&mut self, rest: &str) -> String {
        if let Some((day, date)) = rest.split_once(" is ") {
            let (Ok(day), Some(date)) = (day.trim().parse::<i64>(), iso(date.trim())) else {
                return "error: expected a day and its date: `day 0 is 2026-03-01`\n".to_owned();
            };
            let mut next = self.now.clone();
            next.start = Some(date - day);
            return match self.become_this(next) {
                Ok(()) => format!("day {day} is {}\n", self.date(day).unwrap_or_default()),
                Err(said) => said,
            };
        }
        let day = match (rest.parse::<i64>(), iso(rest), self.now.start) {
            (Ok(day), ..) => day,
            (_, Some(date), Some(start)) => date - start,
            (_, Some(_), None) => {
                return "error: no day has a date yet\nhelp: write `day 0 is 2026-03-01` first\n".to_owned();
            }
            _ => return format!("error: expected the number of a day, found `{rest}`\nhelp: write `day 12`\n"),
        };
        if (0..=LONGEST).contains(&day) { self.go(day) } else { "error: there is no such day\n".to_owned() }
    }

    /// Goes to a day and tells what came on the way.
    fn go(&mut self, day: i64) -> String {
        let known = self.entries(self.now.day);
        self.before.push(self.now.clone());
        self.now.day = day;
        let found = self.entries(day);
        let new: Vec<&SituationEntry> = found.iter().filter(|e| !known.contains(e)).collect();
        if new.is_empty() {
            "nothing falls due and nothing is broken on the way\n".to_owned()
        } else {
            words::lines(&new)
        }
    }

    /// Enters something that happened on this day and tells what came of it.
    fn happens(&mut self, line: &str) -> String {
        let known = self.entries(self.now.day);
        let mut next = self.now.clone();
        next.lines.push((next.day, line.to_owned()));
        match self.become_this(next) {
            Ok(()) => {
                let found = self.entries(self.now.day);
                let new: Vec<&SituationEntry> = found.iter().filter(|e| !known.contains(e)).collect();
                if new.is_empty() { "noted once more\n".to_owned() } else { words::lines(&new) }
            }
            Err(said) => said,
        }
    }

    fn undo(&mut self) -> String {
        let Some(last) = self.before.pop() else { return "error: there is nothing to undo\n".to_owned() };
        let gone = self.now.lines.get(last.lines.len()).map(|(_, text)| text.clone());
        match self.read_anew(&last) {
            Ok(()) => {
                self.now = last;
                match gone {
                    Some(text) => format!("taken back: {text}\n"),
                    None => format!("back on {}\n", self.day(self.now.day)),
                }
            }
            Err(said) => said,
        }
    }

    /// Takes over what was entered if it can be read.
    fn become_this(&mut self, next: Entered) -> Result<(), String> {
        self.read_anew(&next)?;
        self.before.push(std::mem::replace(&mut self.now, next));
        Ok(())
    }

    fn read_anew(&mut self, entered: &Entered) -> Result<(), String> {
        let mut sources = Sources::default();
        let lines = lines(entered);
        match self.subject.read(self.world, entered.start, &lines, &mut sources) {
            Ok(read) => {
                self.read = read;
                self.sources = sources;
                Ok(())
            }
            Err(mistakes) => Err(words::mistakes(&mistakes, &lines)),
        }
    }

    /// The timeline up to a day.
    fn entries(&self, day: i64) -> Vec<SituationEntry> {
        let Some(scenario) = self.read.scenario() else { return Vec::new() };
        let run = Run::new(&self.read.program, scenario.charter, &scenario.situation, day);
        let mut found = story(&run, &BTreeSet::new());
        found.entries.retain(|e| e.day <= day);
        found.entries
    }

    fn story(&self) -> String {
        let entries = self.entries(self.now.day);
        let all: Vec<&SituationEntry> = entries.iter().collect();
        if all.is_empty() { "nothing has happened and nothing is due\n".to_owned() } else { words::lines(&all) }
    }

    fn due(&self, verbose: bool) -> String {
        let Some(scenario) = self.read.scenario() else { return String::new() };
        let agenda = agenda(&self.read.program, &self.sources, scenario, self.now.day);
        let mut out: String = agenda.notes.iter().map(|n| format!("note: {}\n", printable_line(n))).collect();
        out.push_str(&crate::report::agenda::lists(&agenda, &Options { verbose, ..Options::default() }, "due all"));
        out
    }

    fn who(&self) -> String {
        let Some(scenario) = self.read.scenario() else { return String::new() };
        words::who(&self.read.program, scenario, self.now.day)
    }

    fn date(&self, day: i64) -> Option<String> {
        calendar::iso(self.now.start?.saturating_add(day))
    }

    fn day(&self, day: i64) -> String {
        self.date(day).map_or_else(|| format!("day {day}"), |date| format!("day {day}, {date}"))
    }

    /// The program with the situation as it was read, and its charter.
    #[must_use]
    pub fn situation(&self) -> Option<(&Program, CharterId, &Situation)> {
        let scenario = self.read.scenario()?;
        Some((&self.read.program, scenario.charter, &scenario.situation))
    }

    /// The situation as a file that `comity test` runs, with what is so now as its expectations. `below`: how many folders the file
    /// lies below the project's.
    ///
    /// # Errors
    /// Where nothing has happened.
    pub fn scenario(&self, title: &str, below: usize) -> Result<String, String> {
        if self.now.lines.is_empty() {
            return Err("nothing has happened yet, and there is nothing to save".to_owned());
        }
        Ok(save::text(self.world, &self.subject, &self.read, &self.now, title, below))
    }
}

/// Days beyond this are not gone to.
const LONGEST: i64 = 100_000;

fn lines(entered: &Entered) -> Vec<Line> {
    let line = |(day, text): &(i64, String)| Line { text: format!("day {day} {text}"), pieces: Vec::new(), span: None };
    entered.lines.iter().map(line).collect()
}

fn iso(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (y, m, d) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if parts.next().is_some() { None } else { calendar::days(y, m, d) }
}
