//! Text to tokens.
//!
//! In: a text and the ranges of it that are charter (all of it, or the fenced blocks of a literate one). Out: one
//! [`Token`] at a time, then [`Sort::End`] for ever; what cannot stand in a charter is reported here, mended where the
//! meaning is plain (curly quotes, `==`, a semicolon) and otherwise left as [`Sort::Bad`]. Every byte is looked at a bounded
//! number of times. Does not know the grammar.

use super::reserved::Word;
use super::token::{Sort, Token};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use std::ops::Range;

/// How deep brackets of all kinds may be nested.
pub const NESTING_LIMIT: u32 = 64;

/// Reads one text.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    file: FileId,
    /// the ranges still to be read, the next one last
    ranges: Vec<Range<usize>>,
    at: usize,
    end: usize,
    depth: u32,
    /// no `*/` is left in this range: not looked for twice
    no_block_end: bool,
    /// what was reported
    pub(super) errors: Vec<Diagnostic>,
    /// whether reading was given up: what follows is not an error of its own
    pub(super) gave_up: bool,
}

impl<'t> Lexer<'t> {
    /// Reads `ranges` of `text`, in order; they lie on character boundaries and do not overlap.
    pub(super) fn new(text: &'t str, file: FileId, mut ranges: Vec<Range<usize>>) -> Self {
        ranges.reverse();
        let first = ranges.pop().unwrap_or(0..0);
        Self {
            text,
            bytes: text.as_bytes(),
            file,
            ranges,
            at: first.start,
            end: first.end,
            depth: 0,
            no_block_end: false,
            errors: Vec::new(),
            gave_up: false,
        }
    }

    /// The byte at `i`, or 0 past the end of the range.
    fn byte(&self, i: usize) -> u8 {
        if i < self.end { self.bytes.get(i).copied().unwrap_or(0) } else { 0 }
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..self.end).unwrap_or("")
    }

    fn char_at(&self, i: usize) -> Option<char> {
        self.rest(i).chars().next()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, offset(start), offset(end))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    fn token(&mut self, sort: Sort, start: usize, end: usize) -> Token {
        self.at = end;
        Token { sort, word: Word::Name, start: offset(start), end: offset(end) }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Token {
        loop {
            let start = self.at;
            if start >= self.end {
                if self.gave_up {
                    return self.token(Sort::End, start, start);
                }
                match self.ranges.pop() {
                    Some(range) => {
                        self.at = range.start;
                        self.end = range.end;
                        self.no_block_end = false;
                        continue;
                    }
                    None => return self.token(Sort::End, start, start),
                }
            }
            match self.byte(start) {
                b' ' | b'\t' | b'\r' | b'\n' => self.at = start + 1,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.word(start),
                b'0'..=b'9' => return self.number(start),
                b'"' => return self.text(start, '"'),
                b'/' if self.byte(start + 1) == b'/' => {
                    if let Some(token) = self.comment(start) {
                        return token;
                    }
                }
                b'/' if self.byte(start + 1) == b'*' => self.block_comment(start),
                b if b < 0x80 => {
                    if let Some(token) = self.punctuation(start, b) {
                        return token;
                    }
                }
                _ => {
                    if let Some(token) = self.other(start) {
                        return token;
                    }
                }
            }
        }
    }

    /// One past the last byte of the line that `from` stands on, without its line end.
    fn line_end(&self, from: usize) -> usize {
        let end = self
            .bytes
            .get(from..self.end)
            .and_then(|b| b.iter().position(|&b| b == b'\n'))
            .map_or(self.end, |n| from + n);
        if end > from && self.byte(end - 1) == b'\r' { end - 1 } else { end }
    }

    fn comment(&mut self, start: usize) -> Option<Token> {
        let end = self.line_end(start);
        let sort = match (self.byte(start + 2), self.byte(start + 3)) {
            (b'!', _) => Sort::ModuleDoc,
            (b'/', next) if next != b'/' => Sort::Doc,
            _ => {
                self.at = end;
                return None;
            }
        };
        Some(self.token(sort, start, end))
    }

    fn block_comment(&mut self, start: usize) {
        let found = if self.no_block_end { None } else { self.rest(start + 2).find("*/") };
        self.no_block_end = found.is_none();
        let end = found.map_or_else(|| self.line_end(start), |n| start + 2 + n + 2);
        self.not_a_comment(start, "/*");
        self.at = end;
    }

    fn not_a_comment(&mut self, start: usize, sign: &str) {
        let span = self.span(start, start + sign.len());
        self.report(
            Diagnostic::error(
                "stray-character",
                span,
                format!("a comment begins with `//`, not with `{sign}`"),
                "here",
            )
            .help("begin each line of the comment with `//`"),
        );
    }

    fn word(&mut self, start: usize) -> Token {
        let end = self.word_end(start);
        if self.byte(end) == b':'
            && end - start <= 4
            && let Some(end) = self.ipv6_end(start)
        {
            return self.token(Sort::Prefix, start, end);
        }
        let word = self.text.get(start..end).map_or(Word::Name, Word::of);
        Token { word, ..self.token(Sort::Word, start, end) }
    }

    fn word_end(&self, start: usize) -> usize {
        let mut end = start;
        loop {
            match self.byte(end) {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => end += 1,
                b if b >= 0x80 => match self.char_at(end) {
                    Some(c) if unicode_ident::is_xid_continue(c) => end += c.len_utf8(),
                    _ => return end,
                },
                _ => return end,
            }
        }
    }

    /// One past the digits from `start`; `_` may stand between digits where `grouped`.
    fn digits_end(&self, start: usize, grouped: bool) -> usize {
        let mut end = start;
        loop {
            match self.byte(end) {
                b'0'..=b'9' => end += 1,
                b'_' if grouped && end > start && self.byte(end + 1).is_ascii_digit() => end += 1,
                _ => return end,
            }
        }
    }

    fn number(&mut self, start: usize) -> Token {
        if let Some(end) = self.date_end(start) {
            return self.token(Sort::Date, start, end);
        }
        let mut end = self.digits_end(start, true);
        let hexadecimal = self.byte(end) == b':' || (end - start <= 4 && self.byte(end).is_ascii_hexdigit());
        if hexadecimal && let Some(end) = self.ipv6_end(start) {
            return self.token(Sort::Prefix, start, end);
        }
        let mut groups = 1;
        while self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            end = self.digits_end(end + 1, true);
            groups += 1;
        }
        if groups == 4 {
            let end = self.length_end(end);
            return self.token(Sort::Prefix, start, end);
        }
        if groups <= 2 && matches!(self.char_at(end), Some('°' | 'º')) {
            return self.angle(start, end);
        }
        self.token(Sort::Number, start, end)
    }

    /// The end of `/24` right behind an address, or `end`.
    fn length_end(&self, end: usize) -> usize {
        if self.byte(end) == b'/' && self.byte(end + 1).is_ascii_digit() {
            self.digits_end(end + 1, false)
        } else {
            end
        }
    }

    fn date_end(&self, start: usize) -> Option<usize> {
        let shape = |i: usize, b: u8| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        };
        let dated = (0..10).all(|i| shape(i, self.byte(start + i)));
        (dated && self.word_end(start + 10) == start + 10).then_some(start + 10)
    }

    fn ipv6_end(&self, start: usize) -> Option<usize> {
        let mut end = start;
        while matches!(self.byte(end), b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':' | b'.') && end - start < 46 {
            end += 1;
        }
        let run = self.text.get(start..end)?;
        if !run.contains("::") && run.bytes().filter(|&b| b == b':').count() < 7 {
            return None;
        }
        // a colon or a dot behind the address belongs to what follows
        let mut address = run;
        while address.parse::<std::net::Ipv6Addr>().is_err() {
            address = address.strip_suffix([':', '.'])?;
        }
        Some(self.length_end(start + address.len()))
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// An angle: `degrees` is one past its whole degrees, where the degree sign stands.
    fn angle(&mut self, start: usize, degrees: usize) -> Token {
        let mut end = degrees;
        if let Some(sign) = self.char_at(degrees) {
            end += sign.len_utf8();
            if sign != '°' {
                self.report(
                    Diagnostic::error(
                        "bad-angle",
                        self.span(degrees, end),
                        "expected the degree sign `°`, found the ordinal sign `º`",
                        "another character that looks alike",
                    )
                    .help("write `°`"),
                );
            }
        }
        for marks in [&["'", "′", "’"][..], &["\"", "″", "”", "''"][..]] {
            let digits = self.skip_blanks(end);
            let mut after = self.digits_end(digits, false);
            if after == digits {
                break;
            }
            if self.byte(after) == b'.' && self.byte(after + 1).is_ascii_digit() {
                after = self.digits_end(after + 1, false);
            }
            let after = self.skip_blanks(after);
            let rest = self.rest(after);
            let Some(mark) = marks.iter().find(|m| rest.starts_with(**m)) else { break };
            end = after + mark.len();
        }
        let side = self.skip_blanks(end);
        if matches!(self.byte(side), b'N' | b'S' | b'E' | b'W') && self.word_end(side) == side + 1 {
            return self.token(Sort::Angle, start, side + 1);
        }
        let text = self.text.get(start..end).unwrap_or("");
        self.report(
            Diagnostic::error(
                "bad-angle",
                self.span(start, end),
                format!("expected the side of `{text}`: `N`, `S`, `E` or `W`"),
                "which side is not said",
            )
            .help(format!("write `{text}N` or `{text}S` for a latitude, `{text}E` or `{text}W` for a longitude")),
        );
        self.token(Sort::Bad, start, end)
    }

    /// A text in quotes; `open` is the quote it begins with.
    fn text(&mut self, start: usize, open: char) -> Token {
        let mut at = start + open.len_utf8();
        loop {
            match self.byte(at) {
                0 if at >= self.end => break,
                b'\n' => break,
                b'\\' if !matches!(self.byte(at + 1), b'\n' | b'\r') => {
                    at += 1 + self.char_at(at + 1).map_or(0, char::len_utf8);
                }
                b'"' => return self.token(Sort::Text, start, at + 1),
                b if b >= 0x80 && open != '"' => match self.char_at(at) {
                    Some(c @ ('”' | '“' | '»')) => {
                        let end = at + c.len_utf8();
                        let inner = self.text.get(start + open.len_utf8()..at).unwrap_or("");
                        self.report(
                            Diagnostic::error(
                                "curly-quotes",
                                self.span(start, end),
                                "expected straight quotes around a name or a text",
                                format!("these begin with `{open}`"),
                            )
                            .help(format!("write `\"{inner}\"`")),
                        );
                        return self.token(Sort::Text, start, end);
                    }
                    c => at += c.map_or(1, char::len_utf8),
                },
                _ => at += 1,
            }
        }
        let end = self.line_end(start);
        let (shown, mut tail) = (self.text.get(start..end).unwrap_or(""), "");
        if shown.chars().count() > 40 {
            tail = "…";
        }
        let shown: String = shown.chars().take(40).collect();
        self.report(
            Diagnostic::error(
                "unclosed-quote",
                self.span(start, start + open.len_utf8()),
                "a quote is opened and not closed on its line",
                "opened here",
            )
            .help(format!("close it: `{shown}{tail}\"`")),
        );
        self.token(Sort::Text, start, end)
    }

    fn punctuation(&mut self, start: usize, b: u8) -> Option<Token> {
        let next = self.byte(start + 1);
        let (sort, length) = match (b, next) {
            (b'{', _) => (Sort::OpenBrace, 1),
            (b'}', _) => (Sort::CloseBrace, 1),
            (b'(', _) => (Sort::OpenParen, 1),
            (b')', _) => (Sort::CloseParen, 1),
            (b'[', _) => (Sort::OpenBracket, 1),
            (b']', _) => (Sort::CloseBracket, 1),
            (b',', _) => (Sort::Comma, 1),
            (b':', b':') => match self.ipv6_end(start) {
                Some(end) => return Some(self.token(Sort::Prefix, start, end)),
                None => (Sort::Colon, 1),
            },
            (b':', _) => (Sort::Colon, 1),
            (b'.', _) => (Sort::Dot, 1),
            (b'@', _) => (Sort::At, 1),
            (b'+', _) => (Sort::Plus, 1),
            (b'-', _) => (Sort::Minus, 1),
            (b'*', _) => (Sort::Star, 1),
            (b'/', _) => (Sort::Slash, 1),
            (b'&', b'&') => return Some(self.mended_word(start, 2, Word::And, "&&")),
            (b'&', _) => (Sort::Amp, 1),
            (b'|', b'|') => return Some(self.mended_word(start, 2, Word::Or, "||")),
            (b'|', _) => (Sort::Bar, 1),
            (b'%', _) => (Sort::Percent, 1),
            (b'=', b'=') => return Some(self.mended(start, 2, Sort::Equal, "=", "==")),
            (b'=', _) => (Sort::Equal, 1),
            (b'!', b'=') => (Sort::NotEqual, 2),
            (b'<', b'=') => (Sort::LessEqual, 2),
            (b'<', b'>') => return Some(self.mended(start, 2, Sort::NotEqual, "!=", "<>")),
            (b'<', _) => (Sort::Less, 1),
            (b'>', b'=') => (Sort::GreaterEqual, 2),
            (b'>', _) => (Sort::Greater, 1),
            (b'!', _) => return Some(self.mended_word(start, 1, Word::Not, "!")),
            (b'#', _) => {
                self.not_a_comment(start, "#");
                self.at = self.line_end(start);
                return None;
            }
            (b'\'', _) => return Some(self.single_quoted(start)),
            (b';', _) => {
                self.report(
                    Diagnostic::error(
                        "stray-character",
                        self.span(start, start + 1),
                        "`;` is no part of a charter",
                        "here",
                    )
                    .note("a statement ends where the next one begins")
                    .help("remove the `;`"),
                );
                self.at = start + 1;
                return None;
            }
            _ => {
                self.stray(start);
                return None;
            }
        };
        match sort {
            Sort::OpenBrace | Sort::OpenParen | Sort::OpenBracket => {
                self.depth += 1;
                if self.depth > NESTING_LIMIT {
                    return Some(self.too_deep(start));
                }
            }
            Sort::CloseBrace | Sort::CloseParen | Sort::CloseBracket => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        Some(self.token(sort, start, start + length))
    }

    fn too_deep(&mut self, start: usize) -> Token {
        self.report(
            Diagnostic::error(
                "too-deep",
                self.span(start, start + 1),
                format!("brackets are nested more than {NESTING_LIMIT} deep"),
                "one too many; nothing after this was read",
            )
            .help("name the inner parts with `region` or `define` and use the names"),
        );
        self.gave_up = true;
        self.ranges.clear();
        self.end = start;
        self.token(Sort::End, start, start)
    }

    fn mended(&mut self, start: usize, length: usize, sort: Sort, right: &str, wrong: &str) -> Token {
        self.report(
            Diagnostic::error(
                "stray-character",
                self.span(start, start + length),
                format!("expected `{right}`, found `{wrong}`"),
                "no word or sign of a charter",
            )
            .help(format!("write `{right}`")),
        );
        self.token(sort, start, start + length)
    }

    fn mended_word(&mut self, start: usize, length: usize, word: Word, wrong: &str) -> Token {
        Token { word, ..self.mended(start, length, Sort::Word, word.text(), wrong) }
    }

    fn single_quoted(&mut self, start: usize) -> Token {
        let line = self.line_end(start);
        let inner = self.text.get(start + 1..line).unwrap_or("");
        let Some(length) = inner.find('\'') else {
            return self.mended(start, 1, Sort::Bad, "\"", "'");
        };
        let inner = inner.get(..length).unwrap_or("");
        self.report(
            Diagnostic::error(
                "curly-quotes",
                self.span(start, start + length + 2),
                "expected straight double quotes around a name or a text",
                "these are single",
            )
            .help(format!("write `\"{inner}\"`")),
        );
        self.token(Sort::Text, start, start + length + 2)
    }

    fn other(&mut self, start: usize) -> Option<Token> {
        let c = self.char_at(start)?;
        let end = start + c.len_utf8();
        if unicode_ident::is_xid_start(c) {
            return Some(self.word(start));
        }
        match c {
            '\u{feff}' => self.at = end,
            c if c.is_whitespace() => self.at = end,
            '“' | '„' | '«' | '”' => return Some(self.text(start, c)),
            '≤' => return Some(self.token(Sort::LessEqual, start, end)),
            '≥' => return Some(self.token(Sort::GreaterEqual, start, end)),
            '≠' => return Some(self.token(Sort::NotEqual, start, end)),
            '−' | '–' | '—' => {
                return Some(self.mended(start, c.len_utf8(), Sort::Minus, "-", c.encode_utf8(&mut [0; 4])));
            }
            _ => self.stray(start),
        }
        None
    }

    /// Reports a run of characters that can stand nowhere, and steps over it.
    fn stray(&mut self, start: usize) {
        let stands = |c: char| {
            c.is_whitespace()
                || c.is_ascii_alphanumeric()
                || "{}()[],:.@+-*/&=!<>|%\"';_“”„«≤≥≠−–—".contains(c)
                || unicode_ident::is_xid_start(c)
        };
        let rest = self.rest(start);
        let length = rest.find(stands).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
        let found: String = rest.get(..length).unwrap_or("").chars().take(10).flat_map(visible).collect();
        let diagnostic = Diagnostic::error(
            "stray-character",
            self.span(start, start + length),
            format!("`{found}` can stand in a charter only inside quotes or a comment"),
            "here",
        );
        let currency = rest.chars().next().is_some_and(|c| "$€£¥₹".contains(c));
        self.report(if currency {
            diagnostic.help("write the currency behind the number by its code: `1_000 EUR`")
        } else {
            diagnostic.help("remove it, or put the name in quotes")
        });
        self.at = start + length;
    }
}

/// A character as a person can see it.
fn visible(c: char) -> Vec<char> {
    if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}') {
        c.escape_unicode().collect()
    } else {
        vec![c]
    }
}

/// Texts are far shorter than 4 GiB: [`fn@super::decode`] sees to it.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
