//! JSON texts (RFC 8259): a cursor that knows its place, and the tree of a small document.
//!
//! In: a text. Out: a [`Node`] with the span of every value and key, or one located error (JSON cannot be read past its
//! first error). The readers of GeoJSON and TopoJSON walk large files with the same [`Cursor`].

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use rustc_hash::FxHashMap;

use super::{DEEPEST, Key, Node, NodeValue, NumberError, Outcome, exact_number, span};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// How numbers are written.
const NUMBERS: &str = "write numbers as in `0.5`, `-12` or `3e8`: digits on both sides of the point, no leading zeros";

/// A place in a JSON text.
pub(super) struct Cursor<'t> {
    jiter: Jiter<'t>,
    text: &'t str,
    file: FileId,
    /// where the text of `jiter` begins in `text`
    base: usize,
}

impl<'t> Cursor<'t> {
    /// At the beginning of a text.
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self::at(file, text, if text.starts_with('\u{feff}') { 3 } else { 0 })
    }

    /// At a byte of a text.
    pub(super) fn at(file: FileId, text: &'t str, base: usize) -> Self {
        let bytes = text.as_bytes().get(base..).unwrap_or(&[]);
        Self { jiter: Jiter::new(bytes), text, file, base }
    }

    /// The byte it stands at.
    pub(super) fn offset(&self) -> usize {
        self.base + self.jiter.current_index()
    }

    /// From a byte to where it stands.
    pub(super) fn since(&self, start: usize) -> Span {
        span(self.file, start, self.offset())
    }

    /// Another cursor at a byte of the same text.
    pub(super) fn moved(&self, to: usize) -> Self {
        Self::at(self.file, self.text, to)
    }

    /// The next value, which begins at [`Cursor::offset`] afterwards.
    pub(super) fn peek(&mut self) -> Outcome<Peek> {
        let peek = self.jiter.peek();
        let peek = peek.map_err(|e| self.error(&e))?;
        if peek == Peek::NaN || peek == Peek::Infinity {
            return Err(self.not_finite());
        }
        Ok(peek)
    }

    /// Enters a list whose `[` was seen; the first element, if there is one.
    pub(super) fn enter_list(&mut self) -> Outcome<Option<Peek>> {
        let step = self.jiter.known_array();
        step.map_err(|e| self.error(&e))
    }

    /// The next element of a list.
    pub(super) fn next_element(&mut self) -> Outcome<Option<Peek>> {
        let step = self.jiter.array_step();
        step.map_err(|e| self.error(&e))
    }

    /// Enters a map whose `{` was seen; the first key, if there is one.
    pub(super) fn enter_map(&mut self) -> Outcome<Option<Key>> {
        let before = self.offset();
        let step = self.jiter.known_object().map(|key| key.map(str::to_owned));
        self.key(before, step)
    }

    /// The next key of a map.
    pub(super) fn next_key(&mut self) -> Outcome<Option<Key>> {
        let before = self.offset();
        let step = self.jiter.next_key().map(|key| key.map(str::to_owned));
        self.key(before, step)
    }

    fn key(&self, before: usize, step: Result<Option<String>, JiterError>) -> Outcome<Option<Key>> {
        let Some(text) = step.map_err(|e| self.error(&e))? else { return Ok(None) };
        // between the two offsets stand `{` or `,`, the key in quotes, and `:`
        let passed = self.text.get(before..self.offset()).unwrap_or("");
        let start = before + passed.find('"').unwrap_or(0);
        let end = before + passed.rfind('"').map_or(passed.len(), |quote| quote + 1);
        Ok(Some(Key { text, span: span(self.file, start, end) }))
    }

    /// A number whose first character was seen, as the nearest float.
    pub(super) fn float(&mut self, peek: Peek) -> Outcome<f64> {
        let number = self.jiter.known_float(peek);
        number.map_err(|e| self.number_error(&e))
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, peek: Peek) -> Outcome<()> {
        let skipped = self.jiter.known_skip(peek);
        skipped.map_err(|e| self.error(&e))
    }

    /// A value as a tree, `depth` levels below the top.
    pub(super) fn node(&mut self, depth: usize) -> Outcome<Node> {
        let peek = self.peek()?;
        self.known_node(peek, depth)
    }

    /// A value whose first character was seen, as a tree.
    pub(super) fn known_node(&mut self, peek: Peek, depth: usize) -> Outcome<Node> {
        let start = self.offset();
        if depth > DEEPEST {
            return Err(self.too_deep(start));
        }
        let value = match peek {
            Peek::Null => {
                let read = self.jiter.known_null();
                read.map_err(|e| self.error(&e))?;
                NodeValue::Null
            }
            Peek::True | Peek::False => {
                let read = self.jiter.known_bool(peek);
                NodeValue::Bool(read.map_err(|e| self.error(&e))?)
            }
            Peek::String => {
                let read = self.jiter.known_str().map(str::to_owned);
                NodeValue::Text(read.map_err(|e| self.error(&e))?)
            }
            Peek::Array => {
                let mut items = Vec::new();
                let mut next = self.enter_list()?;
                while let Some(peek) = next {
                    items.push(self.known_node(peek, depth + 1)?);
                    next = self.next_element()?;
                }
                NodeValue::List(items)
            }
            Peek::Object => {
                let mut entries = Vec::new();
                let mut keys = Keys::default();
                let mut next = self.enter_map()?;
                while let Some(key) = next {
                    keys.take(&key)?;
                    let value = self.node(depth + 1)?;
                    entries.push((key, value));
                    next = self.next_key()?;
                }
                NodeValue::Map(entries)
            }
            Peek::NaN | Peek::Infinity => return Err(self.not_finite()),
            _ => {
                let read = self.jiter.known_number_bytes(peek).map(<[u8]>::len);
                read.map_err(|e| self.number_error(&e))?;
                let text = self.text.get(start..self.offset()).unwrap_or("");
                let value = exact_number(text).map_err(|e| bad_number(self.since(start), e))?;
                NodeValue::Number { text: text.to_owned(), value }
            }
        };
        Ok(Node { span: self.since(start), value })
    }

    /// Refuses anything but blanks after the value.
    pub(super) fn finish(&mut self) -> Outcome<()> {
        let end = self.jiter.finish();
        end.map_err(|e| self.error(&e))
    }

    /// That nesting at `start` is too deep.
    pub(super) fn too_deep(&self, start: usize) -> Box<Diagnostic> {
        let length = self.text.get(start..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        too_deep(span(self.file, start, start + length))
    }

    fn number_error(&self, error: &JiterError) -> Box<Diagnostic> {
        let after = self.text.get(self.offset()..).unwrap_or("");
        if after.starts_with("NaN") || after.starts_with("Infinity") || after.starts_with("-Infinity") {
            return self.not_finite();
        }
        self.error(error)
    }

    fn not_finite(&self) -> Box<Diagnostic> {
        let start = self.offset();
        let rest = self.text.get(start..).unwrap_or("");
        let word: String = rest.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').take(20).collect();
        Box::new(
            Diagnostic::error(
                "data-number",
                span(self.file, start, start + word.len().max(1)),
                format!("expected a number, found `{word}`"),
                "not a number",
            )
            .help("write the number, or `null` where there is none"),
        )
    }

    /// An error of the reader in a person's words, at its place.
    fn error(&self, error: &JiterError) -> Box<Diagnostic> {
        let at = (self.base + error.index).min(self.text.len());
        let at = (0..=at).rev().find(|i| self.text.is_char_boundary(*i)).unwrap_or(0);
        let found = self.text.get(at..).and_then(|t| t.chars().next());
        let place = span(self.file, at, at + found.map_or(0, char::len_utf8));
        let shown = found.map_or_else(|| "the end of the file".to_owned(), |c| format!("`{}`", c.escape_debug()));
        let JiterErrorType::JsonError(kind) = &error.error_type else {
            return Box::new(Diagnostic::error(
                "data-shape",
                place,
                format!("did not expect {shown} here"),
                "found here",
            ));
        };
        let cut = "the file may be cut off: fetch it again, or close what is open";
        let (headline, help) = match kind {
            JsonErrorType::EofWhileParsingList => ("the file ends inside a list".to_owned(), Some(cut)),
            JsonErrorType::EofWhileParsingObject => ("the file ends inside a map".to_owned(), Some(cut)),
            JsonErrorType::EofWhileParsingString => ("the file ends inside a text".to_owned(), Some(cut)),
            JsonErrorType::EofWhileParsingValue => ("the file ends where a value is expected".to_owned(), Some(cut)),
            JsonErrorType::ExpectedColon => (format!("expected `:` after the key, found {shown}"), None),
            JsonErrorType::ExpectedListCommaOrEnd => (format!("expected `,` or `]`, found {shown}"), None),
            JsonErrorType::ExpectedObjectCommaOrEnd => (format!("expected `,` or `}}`, found {shown}"), None),
            JsonErrorType::ExpectedSomeIdent => {
                (format!("expected `true`, `false` or `null`, found {shown}"), Some("put text in double quotes"))
            }
            JsonErrorType::ExpectedSomeValue => (
                format!("expected a value, found {shown}"),
                Some(match found {
                    Some('.' | '+') => NUMBERS,
                    Some('/' | '#') => "take comments out: JSON has none",
                    _ => "put text in double quotes",
                }),
            ),
            JsonErrorType::InvalidNumber | JsonErrorType::NumberOutOfRange | JsonErrorType::FloatExpectingInt => {
                ("a number is not written as JSON writes numbers".to_owned(), Some(NUMBERS))
            }
            JsonErrorType::InvalidEscape
            | JsonErrorType::UnexpectedEndOfHexEscape
            | JsonErrorType::InvalidUnicodeCodePoint
            | JsonErrorType::LoneLeadingSurrogateInHexEscape => {
                ("a text has an escape that JSON does not have".to_owned(), Some("write `\\\\` for a backslash itself"))
            }
            JsonErrorType::ControlCharacterWhileParsingString => (
                "a text has a line end, tab or other control character in it".to_owned(),
                Some("write `\\n` for a line end and `\\t` for a tab"),
            ),
            JsonErrorType::KeyMustBeAString => {
                (format!("expected a key in double quotes, found {shown}"), Some("put the key in double quotes"))
            }
            JsonErrorType::TrailingComma => ("a comma with nothing after it".to_owned(), Some("take the comma out")),
            JsonErrorType::TrailingCharacters => (
                format!("expected the end of the file, found {shown}"),
                Some("keep one JSON value in a file; put several rows in a list"),
            ),
            JsonErrorType::RecursionLimitExceeded => return too_deep(place),
            JsonErrorType::DuplicateKey(_) | JsonErrorType::InternalError(_) => ("this is not JSON".to_owned(), None),
        };
        let error = Diagnostic::error("data-syntax", place, headline, "here the JSON cannot be read");
        Box::new(match help {
            Some(help) => error.help(help),
            None => error,
        })
    }
}

/// The keys of one map, to find one that stands twice.
#[derive(Default)]
pub(super) struct Keys {
    seen: FxHashMap<String, Span>,
}

impl Keys {
    /// Takes a key.
    ///
    /// # Errors
    /// If it was there before, with both places.
    pub(super) fn take(&mut self, key: &Key) -> Outcome<()> {
        match self.seen.insert(key.text.clone(), key.span) {
            None => Ok(()),
            Some(first) => Err(twice(key, first)),
        }
    }
}

/// That a key stands twice in one map.
pub(super) fn twice(key: &Key, first: Span) -> Box<Diagnostic> {
    let headline = format!("the key `{}` stands twice in one map", key.text);
    Box::new(
        Diagnostic::error("data-duplicate-key", key.span, headline, "again here")
            .label(first, "first here")
            .help("keep one of the two"),
    )
}

/// That nesting is too deep.
pub(super) fn too_deep(span: Span) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        "data-nesting",
        span,
        format!("lists and maps are nested more than {DEEPEST} deep"),
        "too deep here",
    ))
}

/// That a number cannot be taken.
pub(super) fn bad_number(span: Span, error: NumberError) -> Box<Diagnostic> {
    Box::new(match error {
        NumberError::NotANumber => Diagnostic::error("data-number", span, "expected a number", "this is none"),
        NumberError::TooLong => Diagnostic::error(
            "data-number",
            span,
            "a number has more than 400 digits or an exponent beyond 400",
            "too large for its place",
        ),
    })
}

/// A whole document.
pub(super) fn document(file: FileId, text: &str) -> Outcome<Node> {
    let mut cursor = Cursor::new(file, text);
    let node = cursor.node(0)?;
    cursor.finish()?;
    Ok(node)
}

/// The text under `type` in the map that is the document, if it has one; looks no further.
pub(super) fn top_type(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(FileId(0), text);
    if cursor.peek().ok()? != Peek::Object {
        return None;
    }
    let mut next = cursor.enter_map().ok()?;
    while let Some(key) = next {
        let peek = cursor.peek().ok()?;
        if key.text == "type" {
            return cursor.known_node(peek, DEEPEST).ok()?.scalar_text().map(str::to_owned);
        }
        cursor.skip(peek).ok()?;
        next = cursor.next_key().ok()?;
    }
    None
}
