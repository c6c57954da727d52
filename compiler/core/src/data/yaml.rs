//! YAML 1.2, core schema, as peers keep their files in.
//!
//! In: a text. Out: one [`Node`] a document, or one located error. What two readers of YAML take differently is not
//! guessed: `yes` and `no` are text, a number with leading zeros is text, aliases and merge keys are refused (they also
//! let a short file stand for a huge one), and so are tags outside the core schema. No recursion.

use num_bigint::BigInt;
use num_rational::BigRational;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::json::{bad_number, too_deep, twice};
use super::{DEEPEST, Key, Node, NodeValue, NumberError, Outcome, exact_number, span};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use rustc_hash::FxHashMap;

/// The reader counts characters, we count bytes.
struct Offsets {
    /// byte offset of each character; empty where every character is one byte
    bytes: Vec<u32>,
    length: usize,
    file: FileId,
}

impl Offsets {
    fn new(file: FileId, text: &str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().filter_map(|(i, _)| u32::try_from(i).ok()).collect()
        };
        Self { bytes, length: text.len(), file }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.length);
        }
        self.bytes.get(character).map_or(self.length, |b| *b as usize)
    }

    fn span(&self, place: saphyr_parser::Span) -> Span {
        span(self.file, self.byte(place.start.index()), self.byte(place.end.index()))
    }
}

/// A list or map that is not yet closed.
enum Open {
    List { start: Span, items: Vec<Node> },
    Map { start: Span, entries: Vec<(Key, Node)>, keys: FxHashMap<String, Span>, key: Option<Key> },
}

/// Builds trees from events.
struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    documents: Vec<Node>,
}

/// The documents of a text. A text with nothing but comments has none.
pub(super) fn documents(file: FileId, text: &str) -> Outcome<Vec<Node>> {
    let offsets = Offsets::new(file, text);
    let mut builder = Builder { text, open: Vec::new(), documents: Vec::new() };
    for event in Parser::new_from_str(text) {
        let (event, place) = event.map_err(|e| broken(&offsets, text, &e))?;
        let place = offsets.span(place);
        match event {
            Event::Alias(_) => return Err(alias(place)),
            Event::Scalar(text, style, _, tag) => {
                let node = scalar(&text, style, tag.as_deref(), place)?;
                builder.add(node)?;
            }
            Event::SequenceStart(_, tag) => {
                core_tag(tag.as_deref(), "seq", place)?;
                builder.enter(Open::List { start: place, items: Vec::new() }, place)?;
            }
            Event::MappingStart(_, tag) => {
                core_tag(tag.as_deref(), "map", place)?;
                let open = Open::Map { start: place, entries: Vec::new(), keys: FxHashMap::default(), key: None };
                builder.enter(open, place)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.leave(place)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }
    // a file of comments is one document of nothing to the reader
    let blank = matches!(builder.documents.as_slice(), [only] if only.is_null() && only.span.start == only.span.end);
    Ok(if blank { Vec::new() } else { builder.documents })
}

impl Builder<'_> {
    fn enter(&mut self, open: Open, place: Span) -> Outcome<()> {
        if let Some(Open::Map { key: None, .. }) = self.open.last() {
            return Err(Box::new(
                Diagnostic::error("data-shape", place, "expected a key, found a list or map", "this cannot be a key")
                    .help("write each key as text, followed by `:`"),
            ));
        }
        if self.open.len() >= DEEPEST {
            return Err(too_deep(place));
        }
        self.open.push(open);
        Ok(())
    }

    fn leave(&mut self, place: Span) -> Outcome<()> {
        let node = match self.open.pop() {
            Some(Open::List { start, items }) => {
                let last = items.last().map(|n| n.span);
                Node { span: self.whole(start, last, place), value: NodeValue::List(items) }
            }
            Some(Open::Map { start, entries, .. }) => {
                let last = entries.last().map(|(k, n)| k.span.to(n.span));
                Node { span: self.whole(start, last, place), value: NodeValue::Map(entries) }
            }
            None => return Ok(()),
        };
        self.add(node)
    }

    /// In brackets to the closing bracket, else to the end of the last child: the reader closes a block where the next begins.
    fn whole(&self, start: Span, last: Option<Span>, end: Span) -> Span {
        let flow = self.text.get(start.start as usize..).is_some_and(|t| t.starts_with(['{', '[']));
        match last {
            Some(last) if !flow => start.to(last),
            None if !flow => start,
            _ => start.to(end),
        }
    }

    fn add(&mut self, node: Node) -> Outcome<()> {
        match self.open.last_mut() {
            None => self.documents.push(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, keys, key, .. }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let Some(text) = node.scalar_text() else {
                        return Err(Box::new(
                            Diagnostic::error(
                                "data-shape",
                                node.span,
                                "a value stands without its key",
                                "expected a key and `:`",
                            )
                            .help("write the key before the `:`"),
                        ));
                    };
                    if text == "<<" {
                        return Err(Box::new(
                            Diagnostic::error(
                                "data-alias",
                                node.span,
                                "merge keys are not read",
                                "`<<` copies from elsewhere",
                            )
                            .help("write the keys out where they belong"),
                        ));
                    }
                    let new = Key { text: text.to_owned(), span: node.span };
                    if let Some(first) = keys.insert(new.text.clone(), new.span) {
                        return Err(twice(&new, first));
                    }
                    *key = Some(new);
                }
            },
        }
        Ok(())
    }
}

fn alias(place: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("data-alias", place, "aliases are not read", "this stands for a value elsewhere")
            .help("write the value out in this place"),
    )
}

/// Accepts no tag and the tag of the core schema that says what is there anyway.
fn core_tag(tag: Option<&Tag>, expected: &str, place: Span) -> Outcome<()> {
    match tag {
        None => Ok(()),
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == expected => Ok(()),
        Some(tag) => Err(unknown_tag(tag, place)),
    }
}

fn unknown_tag(tag: &Tag, place: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("data-tag", place, format!("the tag `{}` is not read", shown(tag)), "tagged here")
            .help("take the tag out and write the value plainly"),
    )
}

fn shown(tag: &Tag) -> String {
    if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, place: Span) -> Outcome<Node> {
    let as_text = || NodeValue::Text(text.to_owned());
    let value = match tag {
        None if style == ScalarStyle::Plain => plain(text, place)?,
        None => as_text(),
        Some(tag) if tag.is_yaml_core_schema() || tag.handle == "!" && tag.suffix.is_empty() => {
            let read = plain(text, place)?;
            match (tag.suffix.as_str(), &read) {
                ("str" | "", _) => as_text(),
                ("null", NodeValue::Null) | ("bool", NodeValue::Bool(_)) => read,
                ("int" | "float", NodeValue::Number { .. }) => read,
                _ => return Err(unknown_tag(tag, place)),
            }
        }
        Some(tag) => return Err(unknown_tag(tag, place)),
    };
    Ok(Node { span: place, value })
}

/// A scalar without quotes, by the core schema of YAML 1.2.
fn plain(text: &str, place: Span) -> Outcome<NodeValue> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(NodeValue::Null),
        "true" | "True" | "TRUE" => return Ok(NodeValue::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(NodeValue::Bool(false)),
        _ => {}
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(Box::new(
            Diagnostic::error("data-number", place, format!("expected a number, found `{text}`"), "not a number")
                .help("write the number, or leave the value empty where there is none"),
        ));
    }
    let number = |value| NodeValue::Number { text: text.to_owned(), value };
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        let digits = text.strip_prefix(prefix).filter(|d| !d.is_empty() && d.chars().all(|c| c.is_digit(radix)));
        if let Some(digits) = digits {
            return match BigInt::parse_bytes(digits.as_bytes(), radix) {
                Some(value) if digits.len() <= 300 => Ok(number(BigRational::from_integer(value))),
                _ => Err(bad_number(place, NumberError::TooLong)),
            };
        }
    }
    match exact_number(text)
        .or_else(|e| if e == NumberError::NotANumber { exact_number(&completed(text)) } else { Err(e) })
    {
        Ok(value) => Ok(number(value)),
        Err(NumberError::NotANumber) => Ok(NodeValue::Text(text.to_owned())),
        Err(NumberError::TooLong) => Err(bad_number(place, NumberError::TooLong)),
    }
}

/// YAML lets a number begin or end with its point.
fn completed(text: &str) -> String {
    let (sign, rest) = text.split_at_checked(usize::from(text.starts_with(['-', '+']))).unwrap_or(("", text));
    if let Some(fraction) = rest.strip_prefix('.') {
        return format!("{sign}0.{fraction}");
    }
    match rest.split_once('.') {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, tail)) if tail.starts_with(['e', 'E']) => format!("{sign}{whole}{tail}"),
        _ => text.to_owned(),
    }
}

/// What the reader refused, in a person's words.
fn broken(offsets: &Offsets, text: &str, error: &ScanError) -> Box<Diagnostic> {
    let at = offsets.byte(error.marker().index());
    let end = text.get(at..).and_then(|t| t.chars().next()).map_or(at, |c| at + c.len_utf8());
    let place = span(offsets.file, at, end);
    let said = error.info();
    let has = |words: &[&str]| words.iter().any(|w| said.contains(w));
    let (headline, help) = if has(&["recursion limit"]) {
        return too_deep(place);
    } else if has(&["unknown anchor"]) {
        return alias(place);
    } else if has(&["tab"]) && !has(&["tag"]) {
        ("a tab stands where blanks are expected", "indent with blanks, never with tabs")
    } else if has(&["end of stream", "unexpected eof"]) {
        (
            "the file ends inside a text in quotes, a list or a map",
            "the file may be cut off: fetch it again, or close what is open",
        )
    } else if has(&["',' or '}'", "',' or ']'", "bracket", "flow"]) {
        (
            "a list or map in brackets is not closed, or its parts are not divided by `,`",
            "divide the parts by `,` and close the bracket",
        )
    } else if has(&["escape", "hexadecimal"]) {
        (
            "a text in double quotes has an escape that YAML does not have",
            "use single quotes, or write `\\\\` for a backslash itself",
        )
    } else if has(&["quoted scalar"]) {
        ("a text in quotes does not end where it should", "close the quote, and leave nothing after it on the line")
    } else if has(&["tag", "TAG"]) {
        ("a tag cannot be read", "take the tag out and write the value plainly")
    } else if has(&["anchor"]) {
        ("an anchor cannot be read", "take the anchor out and write values out where they belong")
    } else if has(&["<document start>", "<document-start>"]) {
        (
            "something follows after the value has ended",
            "indent what belongs together by the same number of blanks, and begin another document with `---`",
        )
    } else if has(&["directive", "version", "document"]) {
        ("a document mark or directive stands where it cannot", "take it out")
    } else if has(&["unprintable", "unexpected character", "byte order mark"]) {
        ("a character that YAML does not allow here", "put the text in quotes, or take the character out")
    } else if has(&["indent", "block", "mapping", "key", "':'"]) {
        (
            "the indentation or a `:` is out of place",
            "indent what belongs together by the same number of blanks, and put text with `: ` in it in quotes",
        )
    } else {
        ("the YAML cannot be read", "put text in quotes, and indent what belongs together by the same number of blanks")
    };
    Box::new(Diagnostic::error("data-syntax", place, headline, "here the YAML cannot be read").help(help))
}
