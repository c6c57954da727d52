//! What ring 3 of the language brings: recognised, named and stepped over, one message each.
//!
//! In: the tokens where a statement or a declaration begins. Out: which construct it is ([`Later`]), and its diagnostic.
//! Nothing of it enters the tree.

use super::cursor::{Broken, Cursor};
use super::reserved::{Ring, Word};
use super::token::Sort;
use crate::diagnostic::Diagnostic;

/// A construct of ring 3.
#[derive(Debug, Clone, Copy)]
pub(super) struct Later {
    /// what a person calls it
    what: &'static str,
    /// how many tokens show what it is
    tokens: usize,
}

impl Later {
    fn new(what: &'static str, tokens: usize) -> Option<Self> {
        Some(Self { what, tokens })
    }

    /// `accession P to C with amendment A`.
    pub(super) const fn joining_by_amendment() -> Self {
        Self { what: "joining by an amendment", tokens: 2 }
    }

    /// `prove …` of a property of decisions or of a text, shown by its first tokens.
    pub(super) const fn property(tokens: usize) -> Self {
        Self { what: "a property of decisions or of the text", tokens }
    }

    /// `withdraw on 1 year notice, not before 20 years in force`.
    pub(super) const fn earliest_withdrawal() -> Self {
        Self { what: "a rule on how long a charter is kept", tokens: 2 }
    }

    /// `… is suspended`, `… has no vote`, `… ceases to be a party`: what stands behind the name.
    pub(super) fn membership(p: &mut Cursor<'_>, ahead: usize) -> Option<Self> {
        match (p.word(ahead), p.word(ahead + 1)) {
            (Word::Is, Word::Suspended) => Self::new("a rule on membership", ahead + 2),
            (Word::Has, Word::No) => Self::new("a rule on votes", ahead + 2),
            (Word::Ceases, _) => Self::new("a rule on membership", ahead + 1),
            _ => None,
        }
    }

    /// The construct of ring 3 that a statement here is.
    pub(super) fn statement(p: &mut Cursor<'_>) -> Option<Self> {
        let next = p.word(1);
        match p.word(0) {
            Word::Reservations if next == Word::Prohibited => return Self::new("a rule on reservations", 2),
            Word::Always | Word::Never if !p.begins_deed(0) => {
                return Self::new("a property that the charter keeps", 1);
            }
            Word::In if next == Word::Force => return Self::new("a rule on entry into force", 2),
            Word::Open if next == Word::To => return Self::new("a rule on who may join", 2),
            Word::Decide | Word::Amend | Word::Admit | Word::Expel | Word::Determine | Word::Call => {
                if next == Word::By {
                    return Self::new("a decision rule", 2);
                }
                if p.sort(1) == Sort::Word && p.word(2) == Word::By {
                    return Self::new("a decision rule", 3);
                }
            }
            _ => {}
        }
        let length = p.path_length(0);
        if length > 0
            && let Some(later) = Self::membership(p, length)
        {
            return Some(later);
        }
        Self::item(p)
    }

    /// The construct of ring 3 that a declaration here is.
    pub(super) fn item(p: &mut Cursor<'_>) -> Option<Self> {
        let named = p.is_name(1);
        match p.word(0) {
            Word::Body if named => Self::new("a body", 2),
            Word::Role if named => Self::new("a role", 2),
            Word::Instrument if named => Self::new("an instrument outside the charter", 2),
            Word::Amendment if named => Self::new("an amendment", 2),
            Word::Merger if p.word(1) == Word::Of => Self::new("a merger", 2),
            Word::Division if p.word(1) == Word::Of => Self::new("a division", 2),
            _ => None,
        }
    }
}

impl Cursor<'_> {
    pub(super) fn slice_ahead(&mut self, ahead: usize) -> &str {
        let token = self.peek(ahead);
        self.slice(token)
    }

    /// Reports a construct of a later ring and takes the tokens that show it. What follows is for the caller to skip.
    pub(super) fn report_later(&mut self, later: Later) -> Broken {
        let start = self.here();
        for _ in 0..later.tokens {
            self.bump();
        }
        let span = self.since(start);
        let shown = self.text_of(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let ring = Ring::Three;
        self.report(
            Diagnostic::error(
                "later-ring",
                span,
                format!(
                    "`{shown} …` is {}, which ring {} of the language brings; this version reads rings 1 and 2 ({}, {})",
                    later.what,
                    ring.number(),
                    Ring::One.about(),
                    Ring::Two.about()
                ),
                format!("ring {}: {}", ring.number(), ring.about()),
            )
            .help("take it out, or keep it behind `//`, until that ring is there"),
        )
    }

    /// Reports and steps over one statement of a later ring, if one stands here.
    pub(super) fn later_statement(&mut self) -> bool {
        let Some(later) = Later::statement(self) else { return false };
        let start = self.mark();
        self.report_later(later);
        self.skip_statement(start);
        true
    }

    /// Reports and steps over one declaration of a later ring, if one stands here.
    pub(super) fn later_item(&mut self) -> bool {
        let Some(later) = Later::item(self) else { return false };
        let start = self.mark();
        self.report_later(later);
        self.skip_later_item(start);
        true
    }

    /// Goes to the brace that opens a body, if one follows before the next declaration.
    pub(super) fn skip_to_body(&mut self) {
        while !matches!(self.sort(0), Sort::OpenBrace | Sort::End) && !self.begins_item(0) {
            self.bump();
        }
    }

    /// Like [`Self::skip_item`], but a declaration ends where its braces close.
    pub(super) fn skip_later_item(&mut self, start: usize) {
        debug_assert!(self.mark() > start, "what shows the construct was taken");
        loop {
            match self.sort(0) {
                Sort::End | Sort::Doc | Sort::ModuleDoc | Sort::CloseBrace => return,
                Sort::OpenBrace => {
                    self.skip_group();
                    return;
                }
                _ if self.begins_item(0) || self.begins_article(0) => return,
                _ => {
                    self.skip_group();
                }
            }
        }
    }
}
