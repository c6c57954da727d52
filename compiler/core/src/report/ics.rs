//! Deadlines as a calendar that any program reads (RFC 5545).
//!
//! In: an [`Agenda`]. Out: one event of a whole day for each deadline that is open or missed and for what begins later. Events and
//! not tasks, since many calendars drop tasks. `UID` is the item's identity, so that next week's file moves this week's entry.
//! `DTSTAMP`, which must be there, is the day that was asked about: there is no clock, and the same input gives the same bytes.
//!
//! Written here because the crates either ask the clock and draw random names where a field is missing (`icalendar`, with chrono and
//! uuid) or fold lines one byte too late (`ics`); what is needed is folding and escaping.

use super::wrap::printable_line;
use crate::agenda::{Agenda, Item};

/// A line has at most so many bytes (RFC 5545 §3.1).
const WIDTH: usize = 75;

/// The calendar, lines ended as the standard says.
pub(super) fn render(agenda: &Agenda) -> String {
    let mut out = String::new();
    let stamp = format!("{}T000000Z", digits(&agenda.on));
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//comity//due//EN");
    line(&mut out, "CALSCALE:GREGORIAN");
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&agenda.charter)));
    for item in &agenda.overdue {
        event(&mut out, item, &stamp, "overdue: ");
    }
    for item in agenda.due.iter().filter(|i| i.by.is_some()) {
        event(&mut out, item, &stamp, "");
    }
    for item in &agenda.later {
        event(&mut out, item, &stamp, if item.by.is_some() { "" } else { "from today: " });
    }
    if !out.contains("BEGIN:VEVENT") {
        // a calendar holds something (§3.4), even where nothing is owed
        for text in [
            "BEGIN:VTIMEZONE",
            "TZID:UTC",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0000",
            "END:STANDARD",
            "END:VTIMEZONE",
        ] {
            line(&mut out, text);
        }
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, item: &Item, stamp: &str, before: &str) {
    let day = digits(item.by.as_ref().unwrap_or(&item.from));
    // a year beyond 9999 has no date there
    if day.len() != 8 {
        return;
    }
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@comity", item.id));
    line(out, &format!("DTSTAMP:{stamp}"));
    line(out, &format!("DTSTART;VALUE=DATE:{day}"));
    let between = match (&item.by, &item.by_latest) {
        (Some(by), Some(latest)) => format!(", by a day between {by} and {latest}"),
        _ => String::new(),
    };
    let perhaps = if item.undecided { ", if at all" } else { "" };
    line(out, &format!("SUMMARY:{}", escaped(&format!("{before}{}{between}{perhaps}", item.text))));
    let mut why = Vec::new();
    why.extend(item.because.as_ref().map(|b| format!("because of: {b}")));
    why.push(format!("{}: {}", item.statement.id, item.statement.text));
    if item.undecided && item.rests_on.is_empty() {
        why.push("it rests on what nobody states".to_owned());
    }
    why.extend(item.rests_on.iter().cloned());
    line(out, &format!("DESCRIPTION:{}", escaped(&why.join("\n"))));
    if !item.who.is_empty() {
        let who: Vec<String> = item.who.iter().map(|w| escaped(w)).collect();
        line(out, &format!("CATEGORIES:{}", who.join(",")));
    }
    if before == "overdue: " {
        line(out, "PRIORITY:1");
    }
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

/// `2026-03-31` as `20260331`.
fn digits(date: &str) -> String {
    date.chars().filter(char::is_ascii_digit).collect()
}

/// A text as a value: backslash, comma, semicolon and line end are escaped (§3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.lines().enumerate() {
        if i > 0 {
            out.push_str("\\n");
        }
        for c in printable_line(part).chars() {
            if matches!(c, '\\' | ',' | ';') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// A line, folded between characters so that no part is longer than the standard allows.
fn line(out: &mut String, text: &str) {
    let mut room = WIDTH;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = WIDTH - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{escaped, line};

    #[test]
    fn lines_are_folded_between_characters() {
        for text in ["a".repeat(75), "a".repeat(76), "é".repeat(200), format!("x{}", "老虎".repeat(60))] {
            let mut out = String::new();
            line(&mut out, &text);
            let parts: Vec<&str> = out.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            assert!(parts.iter().all(|p| p.len() <= 75), "{out}");
            assert!(parts.iter().skip(1).all(|p| p.starts_with(' ')));
            assert_eq!(parts.join("\r\n").replace("\r\n ", ""), text);
        }
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
