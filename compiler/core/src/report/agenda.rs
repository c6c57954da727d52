//! What is owed on a day, drawn: for a person, as the document, as a calendar.
//!
//! In: an [`Agenda`]. Out: text. What is overdue comes first, then what is due by its last day. Those who owe the same for the same
//! reason by the same day are one entry here.

use super::human::Paint;
use super::numbers::count;
use super::wrap::{printable_line, wrapped};
use super::{Options, ics};
use crate::agenda::{Agenda, BreachItem, Citation, Item};
use crate::atlas::join;

/// The formats of `comity due`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgendaFormat {
    /// for a person at a terminal
    Human,
    /// the document
    Json,
    /// deadlines as RFC 5545 events
    Ics,
}

impl AgendaFormat {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 3] = [Self::Human, Self::Json, Self::Ics];

    /// As it is written after `--format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Ics => "ics",
        }
    }
}

/// Draws an agenda. Ends with a line end.
#[must_use]
pub fn render(format: AgendaFormat, agenda: &Agenda, options: &Options) -> String {
    match format {
        AgendaFormat::Human => human(agenda, options),
        AgendaFormat::Json => {
            let mut text = serde_json::to_string_pretty(agenda).unwrap_or_default();
            text.push('\n');
            text
        }
        AgendaFormat::Ics => ics::render(agenda),
    }
}

/// The JSON Schema of the document (draft 2020-12), pretty, with a line end.
#[must_use]
pub fn schema() -> String {
    super::json::schema_of::<Agenda>()
}

fn human(agenda: &Agenda, options: &Options) -> String {
    let mut out = String::new();
    let paint = Paint { on: options.color };
    let head = format!("{} on {}", agenda.charter, agenda.on);
    wrapped(&mut out, "", 2, &printable_line(&format!("{} ({})", paint.bold(&head), agenda.on_from)));
    wrapped(&mut out, "", 2, &printable_line(&format!("in force from {} ({})", agenda.in_force, agenda.in_force_from)));
    for note in &agenda.notes {
        wrapped(&mut out, "note: ", 6, &printable_line(note));
    }
    out.push('\n');
    out.push_str(&lists(agenda, options, "-v"));
    out
}

/// The lists of an agenda without its head, and what a reader writes to see all of them. Ends with a line end.
pub(crate) fn lists(agenda: &Agenda, options: &Options, all: &str) -> String {
    let mut out = String::new();
    let paint = Paint { on: options.color };
    let mut empty = true;
    for (name, list) in agenda.lists() {
        let list = together(list, |i| options.verbose || !(i.always || matches!(name, "done" | "on every day")));
        if list.is_empty() || (options.quiet && !matches!(name, "overdue" | "due")) {
            continue;
        }
        if !empty {
            out.push('\n');
        }
        empty = false;
        out.push_str(&paint.with(if name == "overdue" { "1;31" } else { "1" }, name));
        out.push('\n');
        for i in &list {
            item(&mut out, name, i, options);
        }
    }
    if !agenda.breaches.is_empty() && !options.quiet {
        if !empty {
            out.push('\n');
        }
        empty = false;
        out.push_str(&paint.bold("in breach"));
        out.push('\n');
        for b in &agenda.breaches {
            breach(&mut out, b, options);
        }
    }
    if empty {
        out.push_str("nothing is owed that is not done, no rule was set off, nobody is in breach\n");
    }
    let always = agenda.may.iter().filter(|i| i.always).count();
    let hidden =
        [(agenda.done.len(), "done"), (agenda.every_day.len(), "kept on every day"), (always, "allowed at all times")];
    let quiet: Vec<String> = hidden
        .into_iter()
        .filter(|(n, _)| *n > 0 && !options.verbose && !options.quiet)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    if !quiet.is_empty() {
        out.push('\n');
        wrapped(&mut out, "", 2, &format!("not shown: {}; `{all}` lists them", quiet.join(", ")));
    }
    out
}

/// The items that are shown, those that differ in whom they name alone as one.
fn together(list: &[Item], shown: impl Fn(&Item) -> bool) -> Vec<Item> {
    let alone = |i: &Item| match i.who.as_slice() {
        [one] => i.text.strip_prefix(one.as_str()).filter(|rest| rest.starts_with(' ')).map(str::to_owned),
        _ => None,
    };
    let mut out: Vec<(Option<String>, Item)> = Vec::new();
    for i in list.iter().filter(|i| shown(i)) {
        let rest = alone(i);
        let bare = |i: &Item| Item { id: String::new(), who: Vec::new(), text: String::new(), ..i.clone() };
        match out.iter_mut().find(|(r, o)| rest.is_some() && *r == rest && bare(o) == bare(i)) {
            Some((_, same)) => same.who.extend(i.who.iter().cloned()),
            None => out.push((rest, i.clone())),
        }
    }
    let told = |(rest, mut i): (Option<String>, Item)| {
        if let Some(rest) = rest {
            i.text = format!("{}{rest}", join(&i.who));
        }
        i
    };
    out.into_iter().map(told).collect()
}

fn item(out: &mut String, list: &str, i: &Item, options: &Options) {
    let day = match list {
        "overdue" | "due" => i.by.as_ref().unwrap_or(&i.from),
        _ => &i.from,
    };
    let mut text = i.text.clone();
    match (list, &i.by, &i.until, i.days) {
        (_, Some(by), ..) if i.by_latest.is_some() => text.push_str(&unsettled(list, i, by)),
        ("overdue", Some(_), _, Some(days)) => text.push_str(&format!(", {} late", count(late(days), "day", "days"))),
        ("overdue", None, _, _) => text.push_str(", on every day, and it is not so since then"),
        ("due", Some(_), _, Some(0)) => text.push_str(", by today"),
        ("due", Some(_), _, Some(days)) => text.push_str(&format!(", in {}", count(late(days), "day", "days"))),
        ("later" | "lapsed" | "done", Some(by), ..) => text.push_str(&format!(" by {by}")),
        (_, None, Some(until), _) => text.push_str(&format!(" until {until}")),
        _ => {}
    }
    if let Some(ended) = &i.ended {
        text.push_str(&format!(", {ended}"));
    }
    match (i.undecided && i.ended.is_none(), i.by_latest.is_some() && !i.rests_on.is_empty()) {
        (false, true) => text.push_str(&format!("; {}", i.rests_on.join("; "))),
        _ => text.push_str(&perhaps(i.undecided, &i.rests_on)),
    }
    wrapped(out, &format!("  {day:<10}  "), 14, &printable_line(&text));
    let because = i.because.as_ref().map_or_else(String::new, |b| format!("because of: {b}; "));
    wrapped(out, "              ", 14, &printable_line(&format!("{because}{}", cited(&i.statement, &i.text, options))));
}

/// By when something is due that may be due by one day or another.
fn unsettled(list: &str, i: &Item, by: &str) -> String {
    let latest = i.by_latest.as_deref().unwrap_or(by);
    let between = format!(", by a day between {by} and {latest}");
    let (Some(days), Some(last)) = (i.days, i.latest) else { return between };
    // how long from the day that is asked about to the latest
    let left = last - i.order.1 + days;
    let some = |n: i64| count(late(n), "day", "days");
    match list {
        "overdue" if left < 0 => format!("{between}, {} to {} late", late(left), some(days)),
        "due" | "overdue" => match (days, left) {
            (1.., _) => format!("{between}, in {days} to {}", some(left)),
            (0, _) => format!("{between}, by today at the earliest"),
            (_, 0) => format!("{between}, by today at the latest, and late already if it was due earlier"),
            _ => format!("{between}, in {} at the latest, and late already if it was due earlier", some(left)),
        },
        _ => between,
    }
}

fn perhaps(undecided: bool, rests_on: &[String]) -> String {
    match (undecided, rests_on) {
        (false, _) => String::new(),
        (true, []) => ", if at all: it rests on what nobody states".to_owned(),
        (true, named) => format!(", if at all: {}", named.join("; ")),
    }
}

fn breach(out: &mut String, b: &BreachItem, options: &Options) {
    let perhaps = perhaps(b.undecided, &b.rests_on);
    let earliest = b.since_earliest.as_ref().map_or_else(String::new, |day| format!(", perhaps since {day}"));
    wrapped(out, &format!("  {:<10}  ", b.since), 14, &printable_line(&format!("{}{earliest}{perhaps}", b.text)));
    let because = b.because.as_ref().map_or_else(String::new, |b| format!("{b}; "));
    wrapped(out, "              ", 14, &printable_line(&format!("{because}{}", cited(&b.statement, &b.text, options))));
}

/// The statement's words, unless they stand above already, and where it is found.
fn cited(c: &Citation, above: &str, options: &Options) -> String {
    let prefix = if crate::engine::is_embedded(&c.path) { "" } else { &options.path_prefix };
    let words = format!("`{}`", c.text);
    let words = if above.contains(&words) { String::new() } else { format!("{words} ") };
    format!("{words}({}, {prefix}{}:{})", c.id, c.path, c.line)
}

fn late(days: i64) -> usize {
    usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX)
}
