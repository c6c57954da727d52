//! Bytes to text.
//!
//! In: the bytes of a file. Out: its text without a byte-order mark, or why it is none ([`Undecodable`]). What stands
//! inside a text is the parser's business.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};
use std::fmt;

/// How many bytes one charter may have.
pub const SIZE_LIMIT: usize = 64 << 20;

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecodable {
    /// more than [`SIZE_LIMIT`]; how many there are
    TooLarge(usize),
    /// not UTF-8 from this byte on
    NotUtf8(usize),
    /// a byte 0 stands here
    Nul(usize),
    /// a character stands here that turns the direction of the text, so that it reads otherwise than it is written
    Turned(usize),
}

impl Undecodable {
    /// The byte at which it shows.
    #[must_use]
    pub const fn offset(self) -> usize {
        match self {
            Self::TooLarge(_) => SIZE_LIMIT,
            Self::NotUtf8(at) | Self::Nul(at) | Self::Turned(at) => at,
        }
    }

    /// The diagnostic, at a place.
    #[must_use]
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        let at = self.offset();
        let (code, label, help) = match self {
            Self::TooLarge(_) => {
                ("too-large", "the limit is reached here".to_owned(), "cut it into files and `import` them")
            }
            Self::NotUtf8(_) => ("not-utf8", format!("byte {at}"), "save the file as UTF-8"),
            Self::Nul(_) => ("not-text", format!("byte {at}"), "is this a charter? save it as UTF-8 text"),
            Self::Turned(_) => ("hidden-character", format!("byte {at}"), "remove the character"),
        };
        Diagnostic::error(code, span, self.to_string(), label).help(help)
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => {
                write!(f, "the file has {bytes} bytes; at most {} MiB are read", SIZE_LIMIT >> 20)
            }
            Self::NotUtf8(at) => write!(f, "the file is not UTF-8: byte {at} begins no character"),
            Self::Nul(at) => write!(f, "the file is no text: byte {at} is 0"),
            Self::Turned(at) => write!(f, "a hidden character at byte {at} turns the direction of the text"),
        }
    }
}

impl std::error::Error for Undecodable {}

/// The text of a file.
///
/// # Errors
/// As [`Undecodable`] says.
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    if bytes.len() > SIZE_LIMIT {
        return Err(Undecodable::TooLarge(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Undecodable::NotUtf8(e.valid_up_to()))?;
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(Undecodable::Nul(at));
    }
    // U+202A..U+202E and U+2066..U+2069 are E2 80 AA..AE and E2 81 A6..A9
    let turns = |at: &usize| {
        matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xAA..=0xAE] | [0x81, 0xA6..=0xA9])) // whole: it is UTF-8
    };
    if let Some(at) = memchr::memchr_iter(0xE2, bytes).find(turns) {
        return Err(Undecodable::Turned(at));
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

/// Takes a file in. Where its bytes are no text, what can be shown of it is taken in all the same, so that the diagnostic
/// has a place.
///
/// # Errors
/// The diagnostic that says why the file cannot be read.
pub fn add(sources: &mut Sources, path: impl Into<String>, bytes: &[u8]) -> Result<FileId, Box<Diagnostic>> {
    match decode(bytes) {
        Ok(text) => Ok(sources.add(path, text)),
        Err(why) => {
            // the line on which it shows is enough, and keeps a giant line out of the report
            let upto = bytes.get(..why.offset()).unwrap_or(bytes);
            let near = upto.get(upto.len().saturating_sub(1 << 16)..).unwrap_or(upto);
            let shown = if upto.len() == near.len() { near } else { &[] };
            let shown = std::str::from_utf8(shown).unwrap_or("");
            let end = u32::try_from(shown.len()).unwrap_or(0);
            let file = sources.add(path, shown);
            Err(Box::new(why.diagnostic(Span::new(file, end, end))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused_where_it_shows() {
        assert_eq!(decode(b"party \xC3\x28"), Err(Undecodable::NotUtf8(6)));
        assert_eq!(decode(b"a\0b"), Err(Undecodable::Nul(1)));
        assert_eq!(decode("ab\u{202e}c".as_bytes()), Err(Undecodable::Turned(2)));
        assert_eq!(decode("\u{feff}party A".as_bytes()).as_deref(), Ok("party A"));
        assert_eq!(decode(&vec![b' '; SIZE_LIMIT + 1]), Err(Undecodable::TooLarge(SIZE_LIMIT + 1)));
    }

    #[test]
    fn the_place_is_kept() {
        let mut sources = Sources::default();
        let why = add(&mut sources, "a.charter", b"party A\nparty \xff").unwrap_err();
        let at = sources.position(why.primary.span);
        assert_eq!((at.line, at.column), (2, 7));
    }
}
