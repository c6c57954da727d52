//! The pieces of a text that the parser sees.
//!
//! A token is where it stands and what sort it is; its text is read from the source. Twelve bytes each.

use super::reserved::Word;

/// The sort of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// a bare word: a name or a word of the language ([`Token::word`])
    Word,
    /// a text or a name in quotes
    Text,
    /// `1_120`, `0.5`, `2.1.3`
    Number,
    /// `2026-03-01`
    Date,
    /// `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`
    Prefix,
    /// `12°21'00"N`
    Angle,
    /// a `///` line
    Doc,
    /// a `//!` line
    ModuleDoc,
    OpenBrace,
    CloseBrace,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Dot,
    At,
    Plus,
    Minus,
    Star,
    Slash,
    Amp,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Bar,
    Percent,
    /// something that was reported when it was read
    Bad,
    /// the end of the text, for ever
    End,
}

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// what sort it is
    pub(super) sort: Sort,
    /// which word of the language, for [`Sort::Word`]
    pub(super) word: Word,
    /// first byte
    pub(super) start: u32,
    /// one past the last byte
    pub(super) end: u32,
}
