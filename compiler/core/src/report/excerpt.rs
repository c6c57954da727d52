//! The lines of a source that a message is about, drawn with their marks.
//!
//! In: spans with a few words each. Out: text. Marks that lie far apart get an excerpt each, a line longer than a terminal
//! (a data file on one line) is shown only around its mark, and a span over many lines is shown by its first. Characters
//! that could move the cursor are replaced. The drawing is ariadne's; its types do not leave this file.

use super::wrap::{WIDTH, printable, printable_line};
use crate::engine;
use crate::source::{FileId, Sources, Span};
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::ops::Range;

/// A place and what is said of it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) text: String,
    /// what the message is about, as against what explains it
    pub(super) primary: bool,
}

/// Marks further apart than this many lines get excerpts of their own.
const GAP: usize = 10;
/// A span over more lines than this is shown by its first.
const TALL: usize = 8;
/// A line longer than this many bytes is shown only around its mark.
const LONG: usize = 110;
/// How much of a long line is shown, in bytes, and how much of it before the mark.
const SHOWN: usize = 80;
const BEFORE: usize = 24;

/// A mark whose lines are known.
struct Placed<'a> {
    mark: &'a Mark,
    start: usize,
    end: usize,
    first: usize,
    last: usize,
}

/// Draws all marks, one excerpt after the other, in the order in which the marks came.
pub(super) fn draw(out: &mut String, marks: &[Mark], sources: &Sources, color: bool, path_prefix: &str) {
    unread(out, marks, sources, path_prefix);
    let groups = group(marks, sources);
    let digits = groups.iter().flatten().map(|p| p.last.to_string().len()).max().unwrap_or(1);
    let count = groups.len();
    for (index, group) in groups.iter().enumerate() {
        excerpt(out, group, sources, color, path_prefix, digits, index == 0, index + 1 == count);
    }
}

/// Marks of one file that are near each other stand together.
fn group<'a>(marks: &'a [Mark], sources: &Sources) -> Vec<Vec<Placed<'a>>> {
    let mut groups: Vec<(FileId, Vec<Placed<'a>>)> = Vec::new();
    for mark in marks {
        let Some(placed) = place(mark, sources) else { continue };
        let near = groups.iter_mut().find(|(file, group)| {
            *file == mark.span.file
                && group.iter().any(|other| {
                    let lines_apart =
                        other.first.saturating_sub(placed.last).max(placed.first.saturating_sub(other.last));
                    let same_line = other.first == placed.first || other.last == placed.last;
                    let apart = other.start.abs_diff(placed.start);
                    lines_apart <= GAP
                        && !(same_line && apart > SHOWN - BEFORE && long(sources, mark.span.file, placed.first))
                })
        });
        match near {
            Some((_, group)) => group.push(placed),
            None => groups.push((mark.span.file, vec![placed])),
        }
    }
    let sorted = |mut group: Vec<Placed<'a>>| {
        // the drawing opens a second excerpt for a mark that comes before the last one
        group.sort_by_key(|p| (p.last, p.start, p.end));
        group
    };
    groups.into_iter().map(|(_, group)| sorted(group)).collect()
}

fn long(sources: &Sources, file: FileId, line: usize) -> bool {
    sources.line_range(file, line).is_some_and(|r| r.len() > LONG)
}

/// A file without text, which could not be read: its path is all there is to draw.
fn unread(out: &mut String, marks: &[Mark], sources: &Sources, path_prefix: &str) {
    let empty = |m: &&Mark| sources.get(m.span.file).is_some_and(|f| f.text.is_empty());
    let mut paths: Vec<&str> = marks.iter().filter(empty).map(|m| sources.path(m.span.file)).collect();
    paths.dedup();
    for path in paths {
        out.push_str(&format!("  in {path_prefix}{}\n", printable_line(path)));
    }
}

/// Finds the lines of a mark and cuts it where it is tall; nothing if the span is not one of ours.
fn place<'a>(mark: &'a Mark, sources: &Sources) -> Option<Placed<'a>> {
    let file = sources.get(mark.span.file).filter(|f| !f.text.is_empty())?;
    let start = floor(&file.text, mark.span.start as usize);
    let mut end = floor(&file.text, (mark.span.end as usize).max(start));
    let first = sources.line(mark.span);
    let at = |byte: usize| Span::new(mark.span.file, u32::try_from(byte).unwrap_or(u32::MAX), 0);
    let mut last = if end > start { sources.line(at(end - 1)) } else { first };
    if last - first.min(last) >= TALL {
        last = first;
        end = sources.line_range(mark.span.file, first)?.end.max(start);
    }
    Some(Placed { mark, start, end, first, last })
}

/// The character boundary at or below `byte`.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The lines of one group as a text of their own, and where the marks lie in it.
struct Page {
    text: String,
    spans: Vec<Range<usize>>,
}

fn page(group: &[Placed<'_>], sources: &Sources, file: FileId, first: usize, last: usize) -> Option<Page> {
    let source = &sources.get(file)?.text;
    let mut text = String::new();
    let mut starts = vec![None; group.len()];
    let mut ends = vec![None; group.len()];
    for line in first..=last {
        let Some(range) = sources.line_range(file, line) else { break };
        let window = window(source, &range, group.iter().filter(|p| p.first <= line && line <= p.last));
        if window.start > range.start {
            text.push('…');
        }
        let mut at = window.start;
        let begin = text.len();
        for c in source.get(window.clone())?.chars() {
            note(group, at, &mut starts, &mut ends, text.len(), range.start);
            text.push(printable(c));
            at += c.len_utf8();
        }
        note(group, at, &mut starts, &mut ends, text.len(), range.start);
        for (place, (start, end)) in group.iter().zip(starts.iter_mut().zip(ends.iter_mut())) {
            // what begins or ends outside of the window, on this line, does so at its edge
            if place.first == line && start.is_none() {
                *start = Some(if place.start < window.start { begin } else { text.len() });
            }
            if place.last == line && end.is_none() {
                // a whole feature on one line: its beginning is enough to find it
                let from = start.unwrap_or(begin);
                *end = Some(floor(&text, (from + BEFORE).min(text.len())));
            }
        }
        if window.end < range.end {
            text.push('…');
        }
        text.push('\n');
    }
    let spans = starts.into_iter().zip(ends).map(|(s, e)| {
        let start = s.unwrap_or(0);
        start..e.unwrap_or(start).max(start)
    });
    Some(Page { spans: spans.collect(), text })
}

/// Takes down where in the page the marks begin and end that begin and end at `at` in the source.
fn note(
    group: &[Placed<'_>],
    at: usize,
    starts: &mut [Option<usize>],
    ends: &mut [Option<usize>],
    here: usize,
    line_start: usize,
) {
    for (place, (start, end)) in group.iter().zip(starts.iter_mut().zip(ends.iter_mut())) {
        if place.start == at && start.is_none() && place.start >= line_start {
            *start = Some(here);
        }
        if place.end == at && start.is_some() {
            *end = Some(here);
        }
    }
}

/// Which bytes of a line are shown.
fn window<'a>(source: &str, line: &Range<usize>, marks: impl Iterator<Item = &'a Placed<'a>>) -> Range<usize> {
    if line.len() <= LONG {
        return line.clone();
    }
    let from = marks.map(|p| p.start.max(line.start)).min().unwrap_or(line.start);
    let start = floor(source, from.saturating_sub(BEFORE).max(line.start));
    let end = floor(source, (start + SHOWN).min(line.end));
    start..end.max(start)
}

#[expect(clippy::too_many_arguments, reason = "one caller; a struct would only rename them")]
fn excerpt(
    out: &mut String,
    group: &[Placed<'_>],
    sources: &Sources,
    color: bool,
    path_prefix: &str,
    digits: usize,
    opens: bool,
    closes: bool,
) {
    let Some(lead) = group.iter().find(|p| p.mark.primary).or(group.first()) else { return };
    let file = lead.mark.span.file;
    let first = group.iter().map(|p| p.first).min().unwrap_or(1);
    let last = group.iter().map(|p| p.last).max().unwrap_or(first);
    let Some(page) = page(group, sources, file, first, last) else { return };

    let config = Config::default().with_color(color).with_index_type(IndexType::Byte);
    let anchor = page.spans.first().cloned().unwrap_or(0..0);
    let mut report = Report::build(ReportKind::Error, ("@", anchor)).with_config(config);
    for (order, (place, span)) in (0..).zip(group.iter().zip(&page.spans)) {
        let hue = if place.mark.primary { Color::Red } else { Color::Blue };
        let mut label = Label::new(("@", span.clone())).with_color(hue).with_order(order);
        if !place.mark.text.is_empty() {
            label = label.with_message(short(&place.mark.text, room(&page.text, span, digits)));
        }
        report.add_label(label);
    }
    let mut drawn = Vec::new();
    let written = report.finish().write(("@", Source::from(page.text)), &mut drawn);
    if written.is_err() {
        return;
    }
    let position = sources.position(Span { start: u32::try_from(lead.start).unwrap_or(u32::MAX), ..lead.mark.span });
    let path = printable_line(sources.path(file));
    // a module of the standard library lies in no folder
    let path_prefix = if engine::is_embedded(&path) { "" } else { path_prefix };
    let place = format!("{path_prefix}{path}:{}:{}", position.line, position.column);
    adjust(out, &String::from_utf8_lossy(&drawn), &place, first, digits, opens, closes);
}

/// How many characters are left of a line behind a mark and the arm that leads to its words.
fn room(page: &str, span: &Range<usize>, digits: usize) -> usize {
    let begin = page.get(..span.start).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
    let end = page.get(begin..).and_then(|t| t.find('\n')).map_or(page.len(), |i| begin + i);
    let column = page.get(begin..span.end.min(end)).map_or(0, |t| t.chars().count());
    WIDTH.saturating_sub(digits + column + 8).max(WIDTH / 2)
}

/// What is said at a mark stays on its line.
fn short(text: &str, room: usize) -> String {
    let line = printable_line(&text.lines().map(str::trim).collect::<Vec<_>>().join(" "));
    if line.chars().count() <= room {
        line
    } else {
        // between words where one ends near enough; in the middle of a word it could be read as a shorter one
        let cut: String = line.chars().take(room - 2).collect();
        match cut.rfind(' ').filter(|at| at * 3 > cut.len() * 2) {
            Some(at) => format!("{} …", cut.get(..at).unwrap_or(&cut).trim_end_matches([',', ' '])),
            None => format!("{cut}…"),
        }
    }
}

/// Gives the drawing the line numbers and the place of the file it came from. The drawing is of a page that begins at the
/// file's line `first` but counts from 1, has a headline that stands elsewhere already, and ends with a closing rule.
fn adjust(out: &mut String, drawn: &str, place: &str, first: usize, digits: usize, opens: bool, closes: bool) {
    let lines: Vec<&str> = drawn.lines().skip(1).collect();
    let count = lines.len();
    for (index, line) in lines.into_iter().enumerate() {
        if index + 1 == count {
            if closes {
                out.extend(std::iter::repeat_n('─', digits + 2));
                out.push_str("╯\n");
            }
            continue;
        }
        let mut escapes = String::new();
        let mut number = String::new();
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            if c == '\u{1b}' {
                let end = rest.find('m').map_or(rest.len(), |i| i + 1);
                escapes.push_str(rest.get(..end).unwrap_or(""));
                rest = rest.get(end..).unwrap_or("");
            } else if c == ' ' || c.is_ascii_digit() {
                if c != ' ' {
                    number.push(c);
                }
                rest = rest.get(1..).unwrap_or("");
            } else {
                break;
            }
        }
        let number = number.parse::<usize>().map_or(String::new(), |n| (n + first - 1).to_string());
        let mut drawn = format!("{escapes} {number:>digits$} {rest}");
        if index == 0 {
            drawn = header(&drawn, place, opens);
        }
        out.push_str(drawn.trim_end());
        out.push('\n');
    }
}

/// `╭─[ @:1:1 ]` with the place that it stands for.
fn header(line: &str, place: &str, opens: bool) -> String {
    let Some((before, after)) = line.split_once("@:") else { return line.to_owned() };
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '?');
    let before = if opens { before.to_owned() } else { before.replacen('╭', "├", 1) };
    format!("{before}{place}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A snapshot by its name alone: the text of the test does not stand in it.
    fn snapshot(name: &str, text: &str) {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
    }

    fn drawn(text: &str, spans: &[(usize, usize)]) -> String {
        let mut sources = Sources::default();
        let file = sources.add("a.charter", text);
        let marks: Vec<Mark> = spans
            .iter()
            .map(|&(s, e)| Mark { span: Span::new(file, s as u32, e as u32), text: format!("mark {s}"), primary: true })
            .collect();
        let mut out = String::new();
        draw(&mut out, &marks, &sources, false, "");
        out
    }

    #[test]
    fn accents_and_emoji_before_a_mark_do_not_move_it() {
        let text = "// é😀\nparty \"Ålånd 🏝\": State\n";
        let at = text.find("State").unwrap();
        snapshot("accents_and_emoji", &drawn(text, &[(at, at + 5)]));
    }

    #[test]
    fn a_file_on_one_line_is_clipped_around_the_mark() {
        let text = format!("{{\"features\": [{}{{\"peer\": \"Arland\"}}{}", "1,".repeat(50_000), "2,".repeat(500_000));
        let at = text.find("\"Arland\"").unwrap();
        snapshot("clipped_line", &drawn(&text, &[(at, at + 8)]));
    }

    #[test]
    fn marks_far_apart_get_their_own_numbers() {
        let text = (1..=300).map(|i| format!("line {i}\n")).collect::<String>();
        let at = |needle: &str| {
            let i = text.find(needle).unwrap();
            (i, i + 4)
        };
        snapshot("far_apart", &drawn(&text, &[at("line 7\n"), at("line 299"), at("line 9\n")]));
    }

    #[test]
    fn a_tall_span_is_shown_by_its_first_line() {
        let text = (1..=300).map(|i| format!("line {i}\n")).collect::<String>();
        snapshot("tall_span", &drawn(&text, &[(0, text.len())]));
        snapshot("two_lines", &drawn(&text, &[(0, 13)]));
    }

    proptest! {
        #[test]
        fn never_panics(text in "(\\PC|\n|\r|\t|\u{2028}|é|😀|\u{85}){0,400}", spans in prop::collection::vec((0usize..2000, 0usize..300), 0..5)) {
            let spans: Vec<_> = spans.into_iter().map(|(s, l)| (s, s + l)).collect();
            drawn(&text, &spans);
        }
    }
}
