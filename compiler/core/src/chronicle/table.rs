//! What has happened, from a table that people keep in a spreadsheet.
//!
//! In: CSV with the columns `date`, `what` and, where wanted, `until`, `party`, `against`, `note`. Out: [`Table`]: the lines that the
//! language reads ([`super::Line`]), each of whose parts knows its cell, and the first and the last day. A mistake is told at its
//! cell.
//!
//! | `what` | means |
//! | --- | --- |
//! | `attack(Corvia)`, `enter(Corvia) in World.North` | an act of the `party` |
//! | `ceased(Belmark)`, or `ceased` with a `party` | an event |
//! | `finding of breach of article 2` | it is found that `party` is in breach, towards `against` where given |
//! | `withdrawal` | the `party` gives notice |
//! | `in force` | the charter binds from this day; without such a row, from the first date of the table |

use super::Line;
use super::hand::{listed, named_otherwise, not_a_finding};
use crate::atlas::quoted;
use crate::data::{Format, Layout, Node, Row, read_table};
use crate::diagnostic::Diagnostic;
use crate::model::Program;
use crate::model::conduct::Trigger;
use crate::source::{FileId, Sources, Span};
use crate::types::calendar;

const COLUMNS: [&str; 6] = ["date", "until", "party", "what", "against", "note"];

/// What a table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// every mistake, at its cell; the rows without one are read all the same
    pub errors: Vec<Diagnostic>,
    /// the date of day 0, in days from 1970-01-01
    pub start: i64,
    /// whether a row says `in force`
    pub in_force: bool,
    /// the last date that a row speaks of
    pub last: i64,
    /// what happened
    pub lines: Vec<Line>,
    /// on which day each line begins
    pub days: Vec<i64>,
}

/// Reads a table. Names and rules are those of a program's charter.
///
/// # Errors
/// Where no row can be read: it is no table, or its columns are not those of a table of events.
pub fn read(sources: &Sources, file: FileId, program: &Program, charter: &str) -> Result<Table, Vec<Diagnostic>> {
    let rows = read_table(sources, file, Format::Csv, Layout::Rows)?;
    let reader = Reader { sources, program, charter };
    let mut errors = Vec::new();
    if let Some(row) = rows.first() {
        reader.columns(row, &mut errors);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut entries: Vec<(i64, Line)> = Vec::new();
    let mut force: Option<(i64, Span)> = None;
    let mut last = None;
    for row in rows.iter().filter(|r| !blank(r)) {
        match reader.row(row) {
            Err(error) => errors.push(*error),
            Ok(Entry::InForce(day, span)) => {
                last = last.max(Some(day));
                if let Some((_, first)) = force.replace((day, span)) {
                    errors.push(
                        Diagnostic::error("two-beginnings", span, "the charter comes into force twice", "again here")
                            .label(first, "first here")
                            .help("keep one row that says `in force`"),
                    );
                }
            }
            Ok(Entry::Happens(day, until, line)) => {
                last = last.max(Some(day)).max(until);
                entries.push((day, line));
            }
        }
    }
    let first = entries.iter().map(|(day, _)| *day).min();
    let start = match (force, first) {
        (Some((day, span)), first) => {
            for (_, line) in entries.iter().filter(|(d, _)| first < Some(day) && *d < day) {
                errors.push(
                    Diagnostic::error(
                        "before-force",
                        line.span.unwrap_or(span),
                        format!("this is before the charter is in force, on {}", date(day)),
                        "too early",
                    )
                    .label(span, "in force from here")
                    .help("leave the row out, or give `in force` an earlier date"),
                );
            }
            // day 0 is the day it comes into force: what is refused here would be refused there as well
            entries.retain(|(d, _)| *d >= day);
            day
        }
        (None, Some(first)) => first,
        (None, None) if !errors.is_empty() => return Err(errors),
        (None, None) => {
            errors.push(
                Diagnostic::error(
                    "data-shape",
                    Span::new(file, 0, 0),
                    "the table has no rows",
                    "only a header stands here",
                )
                .help("write a row for each thing that happened, or one that says `in force`"),
            );
            0
        }
    };
    let (days, lines) = entries.into_iter().unzip();
    Ok(Table { errors, start, in_force: force.is_some(), last: last.unwrap_or(start), lines, days })
}

enum Entry {
    InForce(i64, Span),
    Happens(i64, Option<i64>, Line),
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

struct Reader<'s> {
    sources: &'s Sources,
    program: &'s Program,
    charter: &'s str,
}

impl Reader<'_> {
    fn columns(&self, row: &Row, errors: &mut Vec<Diagnostic>) {
        let entries = row.value.entries();
        let is_date = |text: &str| text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if let Some((key, _)) = entries.iter().find(|(k, _)| is_date(&k.text)) {
            errors.push(
                Diagnostic::error("missing-column", key.span, "the table has no header", "a row stands in its place")
                    .help("name the columns in the first line: `date,until,party,what,note`"),
            );
            return;
        }
        let has = |column: &str| entries.iter().any(|(k, _)| k.text.eq_ignore_ascii_case(column));
        let mut meant = Vec::new();
        for (key, _) in entries {
            if !COLUMNS.contains(&key.text.to_lowercase().as_str()) {
                let error =
                    Diagnostic::error("unknown-column", key.span, format!("unknown column `{}`", key.text), "not read");
                let error = error.note(format!("there are {}", COLUMNS.map(|c| format!("`{c}`")).join(", ")));
                errors.push(match named_otherwise(&key.text) {
                    Some(column) if !has(column) => {
                        meant.push(column);
                        error.help(format!("name it `{column}`"))
                    }
                    _ => error.help("write remarks in a column `note`"),
                });
            }
        }
        for wanted in ["date", "what"] {
            // a column by another name has been told of
            if !meant.contains(&wanted) && !has(wanted) {
                let span = entries.first().map_or(row.span, |(k, _)| k.span);
                errors.push(
                    Diagnostic::error("missing-column", span, format!("there is no column `{wanted}`"), "the header")
                        .help("name the columns in the first line: `date,until,party,what,note`"),
                );
            }
        }
    }

    fn row(&self, row: &Row) -> Outcome<Entry> {
        let cell = |name: &str| {
            row.value.entries().iter().find(|(k, _)| k.text.eq_ignore_ascii_case(name)).map(|(_, node)| Cell { node })
        };
        let filled = |name: &str| cell(name).filter(|c| !c.text().is_empty());
        let Some(when) = filled("date") else { return Err(missing(row, "date")) };
        let day = self.date(&when)?;
        let Some(what) = filled("what") else { return Err(missing(row, "what")) };
        let (party, against, until) = (filled("party"), filled("against"), filled("until"));
        for cell in [&party, &against].into_iter().flatten() {
            self.one_party(cell)?;
        }
        let words = what.text().to_lowercase();
        let refuse = |c: &Option<Cell<'_>>, name: &str| match c {
            Some(c) => Err(Box::new(
                Diagnostic::error(
                    "cell-without-meaning",
                    c.node.span,
                    format!("`{name}` means nothing in this row"),
                    "here",
                )
                .help("leave the cell empty"),
            )),
            None => Ok(()),
        };
        if words == "in force" {
            refuse(&party, "party")?;
            refuse(&against, "against")?;
            refuse(&until, "until")?;
            return Ok(Entry::InForce(day, what.node.span));
        }
        let mut line = Builder::new(day, row.span);
        if let Some(of) = words.strip_prefix("finding") {
            refuse(&until, "until")?;
            self.finding(&what, of, party.as_ref(), against.as_ref(), &mut line)?;
            return Ok(Entry::Happens(day, None, line.done()));
        }
        if words.starts_with("breach of ") || words.starts_with("found in breach") {
            return Err(not_a_finding(what.node.span));
        }
        if let Some(whom) = &against
            && !words.contains(['(', ' '])
        {
            let help = format!("write it in brackets behind the act: `{}({})`", what.text(), quoted(whom.text()));
            let headline = "`against` belongs to findings alone";
            return Err(Box::new(
                Diagnostic::error("cell-without-meaning", whom.node.span, headline, "here").help(help),
            ));
        }
        refuse(&against, "against")?;
        if let (Some(party), Some((who, act))) = (&party, what.text().split_once(" does "))
            && self.program.parties.iter().any(|p| p.name == who.trim().trim_matches('"'))
        {
            let headline = format!("who acts is said twice: `{}` and `{}`", party.text(), who.trim());
            return Err(Box::new(
                Diagnostic::error("cell-without-meaning", what.node.span, headline, "the column `party` says who")
                    .help(format!("write `{}`", act.trim())),
            ));
        }
        if words.starts_with("article ") || words.starts_with("this ") || words.starts_with('@') {
            refuse(&until, "until")?;
            refuse(&party, "party")?;
            line.cell(self, &what);
            return Ok(Entry::Happens(day, None, line.done()));
        }
        if ["withdrawal", "withdraws", "withdraw"].contains(&words.as_str()) {
            refuse(&until, "until")?;
            let Some(party) = party else { return Err(nobody(row, "who gives notice?")) };
            line.name(self, &party);
            line.put(" withdraws");
            return Ok(Entry::Happens(day, None, line.done()));
        }
        self.act(&what, party.as_ref(), row, &mut line)?;
        let until = match until {
            None => None,
            Some(c) if ["open", "on", "from then on"].contains(&c.text().to_lowercase().as_str()) => {
                line.put(" from then on");
                None
            }
            Some(c) => {
                let end = self.date(&c)?;
                if end < day {
                    return Err(Box::new(
                        Diagnostic::error("empty-range", c.node.span, "this ends before it begins", "the last day")
                            .label(when.node.span, "the first day")
                            .help("give a later day, or leave the cell empty for a single day"),
                    ));
                }
                line.put(&format!(" until day {}", date(end)));
                Some(end)
            }
        };
        Ok(Entry::Happens(day, until, line.done()))
    }

    fn act(&self, what: &Cell<'_>, party: Option<&Cell<'_>>, row: &Row, line: &mut Builder) -> Outcome<()> {
        let text = what.text();
        // the name, and the bracket behind it if there is one: `send_troops in World.North` has none
        let mut quoted = false;
        let ends = |c: char| {
            quoted ^= c == '"';
            !quoted && (c == '(' || c.is_whitespace())
        };
        let name_end = text.find(ends).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(name_end).unwrap_or((text, ""));
        let open = rest.trim_start().starts_with('(').then(|| text.len() - rest.trim_start().len());
        let plain = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        let known = self.program.conduct.actions.iter().find(|a| a.name == plain);
        match (known.map(|a| a.event), party) {
            (Some(true), Some(party)) => {
                // whom it happens to stands first in the brackets
                let inside = open.and_then(|o| text.get(o + 1..)).unwrap_or(")");
                line.part(self, what, 0..name.len());
                line.put("(");
                line.name(self, party);
                if inside.trim_start() != ")" && !inside.trim_start().starts_with(')') {
                    line.put(", ");
                }
                match open {
                    Some(o) => line.part(self, what, o + 1..text.len()),
                    None => {
                        line.put(")");
                        line.part(self, what, name_end..text.len());
                    }
                }
            }
            (Some(false), None) => {
                return Err(nobody(row, &format!("`{plain}` is an action: who did it?")));
            }
            (_, party) => {
                if let Some(party) = party {
                    line.name(self, party);
                    line.put(" does ");
                }
                line.part(self, what, 0..name_end);
                if open.is_none() {
                    line.put("()");
                }
                line.part(self, what, name_end..text.len());
            }
        }
        Ok(())
    }

    /// `finding of breach of article 2`: by the rule of the charter that determines such a breach.
    fn finding(
        &self,
        what: &Cell<'_>,
        of: &str,
        party: Option<&Cell<'_>>,
        against: Option<&Cell<'_>>,
        line: &mut Builder,
    ) -> Outcome<()> {
        let form = || not_a_finding(what.node.span);
        let of = of.trim_start_matches([':', ' ']);
        let of = of.strip_prefix("of ").unwrap_or(of).trim_start();
        let target = of.strip_prefix("breach of ").ok_or_else(form)?.trim();
        let number = target.strip_prefix("article ").ok_or_else(form)?.trim();
        let Some(party) = party else {
            return Err(Box::new(
                Diagnostic::error("nobody", what.node.span, "a finding says who is in breach", "who?")
                    .help("fill the column `party`"),
            ));
        };
        let conduct = &self.program.conduct;
        let here = |id: Option<crate::model::CharterId>| {
            id.and_then(|c| self.program.charters.get(c.0 as usize)).is_some_and(|c| c.name == self.charter)
        };
        let mut articles: Vec<&str> = conduct
            .rules
            .iter()
            .filter(|r| r.determined.is_some() && here(r.charter))
            .filter(|r| match &r.trigger {
                Trigger::Breach { norms, .. } => {
                    norms.iter().filter_map(|n| conduct.norm(*n)).any(|n| n.article.to_lowercase() == number)
                }
                Trigger::Occurs(_) => false,
            })
            .map(|r| r.article.as_str())
            .collect();
        articles.dedup();
        let article = match articles.as_slice() {
            [one] => *one,
            [] => {
                return Err(Box::new(
                    Diagnostic::error(
                        "unknown-rule",
                        what.node.span,
                        format!("no rule of `{}` determines a breach of article {number}", self.charter),
                        "nothing follows from it",
                    )
                    .help("name an article whose breach a rule answers with `determined by …`"),
                ));
            }
            [first, ..] => {
                let listed: Vec<String> = articles.iter().map(|a| format!("article {a}")).collect();
                return Err(Box::new(
                    Diagnostic::error(
                        "several-rules",
                        what.node.span,
                        format!("{} determine such a breach", crate::atlas::join(&listed)),
                        "by which of them?",
                    )
                    .help(format!(
                        "write `article {} determines breach of article {number} by {}`",
                        first,
                        party.text()
                    )),
                ));
            }
        };
        line.put(&format!("article {article} determines breach of "));
        let text = what.text();
        let at = text.len() - target.len();
        line.part(self, what, at..text.len());
        line.put(" by ");
        line.name(self, party);
        if let Some(against) = against {
            line.put(" against ");
            line.name(self, against);
        }
        Ok(())
    }

    /// Refuses a list of parties: a row tells of one, and a comma may be part of a name.
    fn one_party(&self, cell: &Cell<'_>) -> Outcome<()> {
        let known = |name: &str| self.program.parties.iter().any(|p| p.name == name);
        let names = listed(cell.text());
        if known(cell.text()) || names.len() < 2 || !names.iter().any(|n| known(n)) {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(
                "several-parties",
                cell.node.span,
                format!(
                    "expected one party, found {}: {}",
                    names.len(),
                    crate::atlas::join(&names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>())
                ),
                "a row tells of one",
            )
            .help("write a row for each of them, with the same date"),
        ))
    }

    fn date(&self, cell: &Cell<'_>) -> Outcome<i64> {
        let text = cell.text();
        let mut parts = text.split('-');
        let mut next = |n: usize| parts.next().filter(|p| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()));
        let written: Option<(i32, u8, u8)> = (|| {
            let (y, m, d) = (next(4)?, next(2)?, next(2)?);
            Some((y.parse().ok()?, m.parse().ok()?, d.parse().ok()?))
        })();
        let written = written.filter(|_| text.len() == 10);
        written.and_then(|(y, m, d)| calendar::days(y, m, d)).ok_or_else(|| {
            let wrong = |label: &str| {
                let headline = format!("expected a date such as 2026-03-01, found `{text}`");
                Diagnostic::error("no-such-date", cell.node.span, headline, label)
            };
            let last = written.and_then(|(y, m, _)| (28..=31).rev().find(|d| calendar::days(y, m, *d).is_some()));
            Box::new(match (written, last) {
                (Some((y, m, _)), Some(last)) => {
                    wrong("there is no such day").help(format!("the last day of that month is {y:04}-{m:02}-{last:02}"))
                }
                (Some(_), None) => wrong("there is no such month").help("write year, month and day, in this order"),
                (None, _) => wrong("not a date")
                    .help("write year, month and day with hyphens; a spreadsheet has that under its formats of dates"),
            })
        })
    }
}

fn blank(row: &Row) -> bool {
    row.value.entries().iter().all(|(_, node)| Cell { node }.text().is_empty())
}

fn date(day: i64) -> String {
    calendar::iso(day).unwrap_or_else(|| format!("day {day}"))
}

fn missing(row: &Row, column: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("empty-cell", row.span, format!("this row has no `{column}`"), "a cell is empty")
            .help(format!("fill the column `{column}`, or leave the whole row out")),
    )
}

fn nobody(row: &Row, question: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("nobody", row.span, question.to_owned(), "this row names no party")
            .help("fill the column `party`"),
    )
}

/// A cell of a row.
struct Cell<'r> {
    node: &'r Node,
}

impl Cell<'_> {
    /// Its text without blanks around it.
    fn text(&self) -> &str {
        self.node.scalar_text().unwrap_or("").trim()
    }
}

/// A line that grows from cells and words.
struct Builder {
    line: Line,
}

impl Builder {
    fn new(day: i64, span: Span) -> Self {
        Self { line: Line { text: format!("day {} ", date(day)), pieces: Vec::new(), span: Some(span) } }
    }

    fn put(&mut self, words: &str) {
        self.line.text.push_str(words);
    }

    fn cell(&mut self, reader: &Reader<'_>, cell: &Cell<'_>) {
        self.part(reader, cell, 0..cell.text().len());
    }

    /// A part of a cell's text, as it stands.
    fn part(&mut self, reader: &Reader<'_>, cell: &Cell<'_>, part: std::ops::Range<usize>) {
        let text = cell.text();
        let words = text.get(part.clone()).unwrap_or("");
        let from = self.line.text.len();
        self.put(words);
        // a cell with doubled quotes in it is not the text as it stands
        let whole = reader.sources.slice(cell.node.span);
        let span = cell.node.span;
        let span = match whole.find(text) {
            Some(at) => {
                let start = span.start + u32::try_from(at + part.start).unwrap_or(0);
                Span::new(span.file, start, start + u32::try_from(words.len()).unwrap_or(0))
            }
            None => {
                self.line.span = Some(span);
                return;
            }
        };
        self.line.pieces.push((from..self.line.text.len(), span));
    }

    /// A cell that is the name of somebody; a name that wants quotes gets them.
    fn name(&mut self, reader: &Reader<'_>, cell: &Cell<'_>) {
        let text = cell.text();
        // `n.Ada` is a name of a module, unless somebody is called so
        let known = reader.program.parties.iter().any(|p| p.name == text);
        let written = text.starts_with('"') || (text.contains('.') && !known);
        let name = if written { text.to_owned() } else { quoted(text) };
        if name == text {
            self.cell(reader, cell);
        } else {
            let from = self.line.text.len();
            self.put(&name);
            self.line.pieces.push((from..self.line.text.len(), cell.node.span));
        }
    }

    fn done(self) -> Line {
        self.line
    }
}
