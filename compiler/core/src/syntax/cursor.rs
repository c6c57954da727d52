//! The parser's hold on its tokens: looking ahead, taking, and saying what was expected.
//!
//! In: a [`Lexer`]. Out: tokens with any lookahead, and diagnostics in a person's words. Memory is flat: tokens of what is
//! already in the tree are let go at each statement. Knows nothing of the grammar.

use super::ahead::LOOK;
use super::lexer::Lexer;
use super::reserved::Word;
use super::token::{Sort, Token};
use super::tree::{Name, Path, Text};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Span};

/// Something was reported, and the construct it stands in cannot be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Broken;

/// What a parsing function gives.
pub(super) type Parsed<T> = Result<T, Broken>;

/// How many diagnostics one file may bring before reading stops.
pub const DIAGNOSTIC_LIMIT: usize = 200;

/// Tokens are let go in batches of this many.
const BATCH: usize = 1 << 14;

/// The parser's state.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    lexer: Lexer<'t>,
    tokens: Vec<Token>,
    at: usize,
    /// the last token taken
    last: Token,
    /// how deep the expression at hand is nested, and how many operators it has
    pub(super) depth: u32,
    pub(super) operators: u32,
    /// whether entries `name = value` are being read: a name before `=` is no unit
    pub(super) listing: bool,
    /// whether a region is being read that `is` follows: a name before `is` may be its unit
    pub(super) before_is: bool,
    /// whether the condition on a norm's subject is being read: a name before `must` or `may` belongs to it
    pub(super) before_force: bool,
    /// how many rules (`on … { … }`) are open around
    pub(super) rules: u32,
    /// whether an article stood outside a charter: a `}` that closes nothing belongs to it
    pub(super) orphan: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, file: FileId, ranges: Vec<std::ops::Range<usize>>) -> Self {
        Self {
            text,
            file,
            lexer: Lexer::new(text, file, ranges),
            tokens: Vec::new(),
            at: 0,
            last: Token { sort: Sort::End, word: Word::Name, start: 0, end: 0 },
            depth: 0,
            operators: 0,
            listing: false,
            before_is: false,
            before_force: false,
            rules: 0,
            orphan: false,
            diagnostics: Vec::new(),
        }
    }

    /// The token `ahead` places from here.
    #[inline]
    pub(super) fn peek(&mut self, ahead: usize) -> Token {
        match self.tokens.get(self.at + ahead) {
            Some(token) => *token,
            None => self.read_to(ahead),
        }
    }

    /// Reads on until the token `ahead` places from here is there: once for each token, where [`Self::peek`] is asked many
    /// times, so that its frame is not theirs.
    #[inline(never)]
    fn read_to(&mut self, ahead: usize) -> Token {
        while self.tokens.len() <= self.at + ahead {
            let token = self.lexer.next();
            self.tokens.push(token);
            if token.sort == Sort::End && self.tokens.len() <= self.at + ahead {
                return token;
            }
        }
        self.tokens.get(self.at + ahead).copied().unwrap_or(Token {
            sort: Sort::End,
            word: Word::Name,
            start: self.last.end,
            end: self.last.end,
        })
    }

    pub(super) fn sort(&mut self, ahead: usize) -> Sort {
        self.peek(ahead).sort
    }

    /// The word `ahead` places from here, [`Word::Name`] for anything that is no word of the language.
    pub(super) fn word(&mut self, ahead: usize) -> Word {
        self.peek(ahead).word
    }

    pub(super) fn is(&mut self, sort: Sort) -> bool {
        self.sort(0) == sort
    }

    pub(super) fn is_word(&mut self, word: Word) -> bool {
        self.word(0) == word
    }

    /// Takes the next token. The end is never passed.
    pub(super) fn bump(&mut self) -> Token {
        let token = self.peek(0);
        if token.sort != Sort::End {
            self.at += 1;
            self.last = token;
        }
        token
    }

    /// Reads the next token as a word of the language that it was meant for.
    pub(super) fn read_as(&mut self, word: Word) {
        self.peek(0);
        if let Some(token) = self.tokens.get_mut(self.at) {
            token.word = word;
        }
    }

    pub(super) fn take(&mut self, sort: Sort) -> Option<Token> {
        self.is(sort).then(|| self.bump())
    }

    pub(super) fn take_word(&mut self, word: Word) -> Option<Token> {
        self.is_word(word).then(|| self.bump())
    }

    /// Takes these words if all of them stand here.
    pub(super) fn take_words(&mut self, words: &[Word]) -> bool {
        let all = words.iter().enumerate().all(|(i, w)| self.word(i) == *w);
        if all {
            words.iter().for_each(|_| {
                self.bump();
            });
        }
        all
    }

    /// Reads what stands in brackets: nothing that follows them concerns it.
    pub(super) fn enclosed<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.before_force, false);
        let read = read(self);
        self.before_force = outer;
        read
    }

    /// Where reading stands: for [`Self::rewind`] and to see progress.
    pub(super) const fn mark(&self) -> usize {
        self.at
    }

    /// Goes back to a mark of the same statement.
    pub(super) fn rewind(&mut self, mark: usize) {
        self.at = mark;
    }

    /// Lets go of the tokens already read. No mark taken before holds after.
    pub(super) fn let_go(&mut self) {
        if self.at >= BATCH {
            self.tokens.drain(..self.at);
            self.at = 0;
        }
    }

    /// The first byte of the next token.
    pub(super) fn here(&mut self) -> u32 {
        self.peek(0).start
    }

    /// From `start` to the last token taken.
    pub(super) fn since(&self, start: u32) -> Span {
        Span::new(self.file, start, self.last.end.max(start))
    }

    /// The last token taken.
    pub(super) const fn last(&self) -> Token {
        self.last
    }

    pub(super) fn span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    pub(super) fn text_of(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    pub(super) fn slice(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// How far the line that a token stands on is indented.
    pub(super) fn indent(&self, token: Token) -> usize {
        let before = self.text.get(..token.start as usize).unwrap_or("");
        let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("");
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Whether a token is the first on its line.
    pub(super) fn begins_line(&self, token: Token) -> bool {
        let before = self.text.get(..token.start as usize).unwrap_or("");
        let blank = before.trim_end_matches([' ', '\t']);
        blank.is_empty() || blank.ends_with('\n')
    }

    // names and texts

    /// Whether a name can stand here: a bare word that is not firm, or one in quotes.
    pub(super) fn is_name(&mut self, ahead: usize) -> bool {
        let token = self.peek(ahead);
        match token.sort {
            Sort::Word => !token.word.is_firm(),
            Sort::Text => true,
            _ => false,
        }
    }

    pub(super) fn name(&mut self, expected: &str) -> Parsed<Name> {
        if self.is_name(0) {
            let token = self.bump();
            Ok(self.name_of(token))
        } else {
            Err(self.expected(expected))
        }
    }

    /// A name where every bare word is one: behind a dot, in a field path.
    pub(super) fn any_name(&mut self, expected: &str) -> Parsed<Name> {
        if self.is(Sort::Word) {
            let token = self.bump();
            return Ok(self.name_of(token));
        }
        self.name(expected)
    }

    pub(super) fn name_of(&mut self, token: Token) -> Name {
        let span = self.span(token);
        if token.sort == Sort::Text {
            Name { text: self.unquote(token).into(), quoted: true, span }
        } else {
            Name { text: self.slice(token).into(), quoted: false, span }
        }
    }

    /// A path that is no subject: one that a verb follows begins the next statement.
    pub(super) fn path(&mut self, expected: &str) -> Parsed<Path> {
        if self.begins_deed(0) {
            return Err(self.expected(expected));
        }
        self.subject(expected)
    }

    /// A path, whatever follows it.
    pub(super) fn subject(&mut self, expected: &str) -> Parsed<Path> {
        let first = self.name(expected)?;
        self.path_from(first)
    }

    /// The path that `first` begins.
    pub(super) fn path_from(&mut self, first: Name) -> Parsed<Path> {
        let start = first.span;
        let two = self.peek(0).sort == Sort::Dot; // most have one or two
        let mut segments = Vec::with_capacity(if two { 2 } else { 1 });
        segments.push(first);
        while self.take(Sort::Dot).is_some() {
            segments.push(self.any_name("a name behind the dot")?);
        }
        let span = segments.last().map_or(start, |n| start.to(n.span));
        Ok(Path { segments, span })
    }

    /// How many tokens the path that begins `ahead` places from here takes; 0 if none does.
    pub(super) fn path_length(&mut self, ahead: usize) -> usize {
        if !self.is_name(ahead) {
            return 0;
        }
        let mut length = 1;
        while length < LOOK
            && self.sort(ahead + length) == Sort::Dot
            && matches!(self.sort(ahead + length + 1), Sort::Word | Sort::Text)
        {
            length += 2;
        }
        length
    }

    pub(super) fn quoted(&mut self, expected: &str) -> Parsed<Text> {
        match self.take(Sort::Text) {
            Some(token) => Ok(Text { text: self.unquote(token), span: self.span(token) }),
            None => Err(self.expected(expected)),
        }
    }

    /// The text between the quotes, escapes resolved.
    fn unquote(&mut self, token: Token) -> String {
        let mut inner = self.slice(token);
        if let Some(open) = inner.chars().next() {
            inner = inner.get(open.len_utf8()..).unwrap_or("");
        }
        if let Some(close) = inner.chars().next_back().filter(|c| "\"'”“»".contains(*c)) {
            inner = inner.get(..inner.len() - close.len_utf8()).unwrap_or("");
        }
        if !inner.contains('\\') {
            return inner.to_owned();
        }
        let mut text = String::with_capacity(inner.len());
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next() {
                Some(c @ ('"' | '\\')) => text.push(c),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                other => {
                    let found = other.map_or_else(String::new, String::from);
                    self.report(
                        Diagnostic::error(
                            "bad-escape",
                            self.span(token),
                            format!("expected `\\\"`, `\\\\`, `\\n` or `\\t` in a text, found `\\{found}`"),
                            "in this text",
                        )
                        .help(format!("write `\\\\{found}` for a backslash")),
                    );
                    text.extend(other);
                }
            }
        }
        text
    }

    // what to say

    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Broken {
        self.diagnostics.push(diagnostic);
        Broken
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        headline: impl Into<String>,
        label: impl Into<String>,
    ) -> Broken {
        self.report(Diagnostic::error(code, span, headline, label))
    }

    /// Whether so much was reported that reading on helps nobody.
    pub(super) fn is_hopeless(&self) -> bool {
        self.diagnostics.len() + self.lexer.errors.len() >= DIAGNOSTIC_LIMIT
    }

    /// What stands `ahead` places from here, in a person's words.
    pub(super) fn found(&mut self, token: Token) -> String {
        let mut shown: String = self.slice(token).chars().take(40).collect();
        if shown.len() < self.slice(token).len() {
            shown.push('…');
        }
        match token.sort {
            Sort::End => "the end of the text".to_owned(),
            Sort::Doc | Sort::ModuleDoc => format!("the description `{}`", shown.trim()),
            Sort::Text => shown.replacen('"', "`\"", 1) + "`",
            _ => format!("`{shown}`"),
        }
    }

    /// Reports that something else was expected here. Where the next token stands on a line of its own, the place is behind
    /// the last one: that is where something is missing.
    pub(super) fn expected(&mut self, expected: &str) -> Broken {
        self.expected_here(expected, true)
    }

    /// The same; `missing` where something before is not complete, and not merely what stands here out of place.
    pub(super) fn expected_here(&mut self, expected: &str, missing: bool) -> Broken {
        let token = self.peek(0);
        if token.sort == Sort::Bad || (token.sort == Sort::End && self.lexer.gave_up) {
            return Broken; // said when it was read
        }
        let found = self.found(token);
        let headline = format!("expected {expected}, found {found}");
        let next_line = missing && (token.sort == Sort::End || self.begins_line(token));
        let named = expected.starts_with("the name") || expected.starts_with("a name");
        let mut diagnostic = if next_line && self.last.end > 0 {
            Diagnostic::error("unexpected", self.span(self.last), headline, "missing behind this")
                .label(self.span(token), "found instead")
        } else {
            let short = expected.chars().count() <= 48;
            let label = if short { format!("expected {expected}") } else { "not expected here".to_owned() };
            Diagnostic::error("unexpected", self.span(token), headline, label)
        };
        if token.word.is_firm() && named && !next_line {
            let ring = token.word.ring();
            diagnostic = diagnostic
                .note(format!("{found} is a word of the language (ring {}, {})", ring.number(), ring.about()))
                .help(format!("put it in quotes to use it as a name: `\"{}\"`", token.word.text()));
        }
        self.report(diagnostic)
    }

    pub(super) fn expect(&mut self, sort: Sort, expected: &str) -> Parsed<Token> {
        self.take(sort).ok_or_else(|| self.expected(expected))
    }

    pub(super) fn expect_word(&mut self, word: Word, expected: &str) -> Parsed<Token> {
        self.take_word(word).ok_or_else(|| self.expected(expected))
    }

    /// All that was reported, in the order of the text. One place is spoken of once by each code.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let gave_up = self.lexer.gave_up;
        let mut all = self.lexer.errors;
        let last_error = all.last().map(|d| d.primary.span);
        // what is missing at the end is no news where reading was given up
        all.extend(self.diagnostics.into_iter().filter(|d| {
            !(gave_up
                && d.severity == Severity::Error
                && (d.code == "unclosed-brace" || last_error.is_some_and(|s| d.primary.span.start >= s.start)))
        }));
        all.sort_by(|a, b| (a.primary.span, a.code, &a.headline).cmp(&(b.primary.span, b.code, &b.headline)));
        all.dedup_by(|a, b| a.primary.span.start == b.primary.span.start && a.code == b.code);
        all
    }
}
