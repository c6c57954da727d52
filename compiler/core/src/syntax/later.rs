//! What later rings of the language bring: recognised, named and stepped over, one message each.
//!
//! In: the tokens where a statement or a declaration begins. Out: which construct it is ([`Later`]), and its diagnostic.
//! Nothing of it enters the tree.

use super::cursor::Cursor;
use super::reserved::{Ring, Word};
use super::token::Sort;
use crate::diagnostic::Diagnostic;

/// A construct of a later ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Later {
    /// what a person calls it
    what: &'static str,
    ring: Ring,
    /// how many tokens show what it is
    tokens: usize,
}

impl Later {
    fn new(what: &'static str, ring: Ring, tokens: usize) -> Option<Self> {
        Some(Self { what, ring, tokens })
    }

    /// `accession P to C with amendment A`.
    pub(super) const fn joining_by_amendment() -> Self {
        Self { what: "joining by an amendment", ring: Ring::Three, tokens: 2 }
    }

    /// `prove …` of a property of conduct or of decisions, shown by its first tokens.
    pub(super) const fn property(tokens: usize) -> Self {
        Self { what: "a property of conduct or of decisions", ring: Ring::Two, tokens }
    }

    /// The construct of ring 2 or 3 that a statement here is.
    pub(super) fn statement(p: &mut Cursor<'_>) -> Option<Self> {
        use Ring::{Three, Two};
        let next = p.word(1);
        match p.word(0) {
            Word::No => return Self::norm(p, 1),
            Word::Every | Word::Some => return Self::norm(p, 1),
            Word::At if next == Word::Least => return Self::norm(p, 2),
            Word::Anyone => return Self::norm(p, 0),
            Word::On if next == Word::Breach => return Self::new("a sanction rule", Two, 2),
            Word::On if p.is_name(1) => {
                let length = p.path_length(1);
                if p.sort(1 + length) == Sort::OpenParen {
                    return Self::new("a trigger", Two, 1 + length);
                }
            }
            Word::For if p.is_name(1) && matches!(p.sort(2), Sort::Comma | Sort::Colon) => {
                return Self::new("a norm", Two, 2);
            }
            Word::Severity if next == Word::At => return Self::new("a ceiling on measures", Two, 2),
            Word::Then if next == Word::After => {
                let tokens = Self::norm(p, 2).map_or(2, |norm| norm.tokens);
                return Self::new("a step of a sanction rule", Two, tokens);
            }
            Word::Lift if next == Word::When => return Self::new("the end of a measure", Two, 2),
            Word::Exempt | Word::Compensate if p.is_name(1) || next == Word::From => {
                return Self::new("a part of a sanction rule", Two, 1);
            }
            Word::Proportionate if next == Word::To => return Self::new("a part of a sanction rule", Two, 2),
            Word::Snap if p.slice_ahead(1) == "back" => return Self::new("a part of a sanction rule", Two, 2),
            Word::Reservation if next == Word::To => return Self::new("a reservation", Two, 2),
            Word::Reservations if next == Word::Prohibited => return Self::new("a rule on reservations", Three, 2),
            Word::Overrides if p.is_name(1) => return Self::new("a rule on contracts", Two, 2),
            Word::Always | Word::Never if !p.begins_deed(0) => {
                return Self::new("a property that the charter keeps", Three, 1);
            }
            Word::In if next == Word::Force => return Self::new("a rule on entry into force", Three, 2),
            Word::Open if next == Word::To => return Self::new("a rule on who may join", Three, 2),
            Word::Decide | Word::Amend | Word::Admit | Word::Expel | Word::Determine | Word::Call => {
                if next == Word::By {
                    return Self::new("a decision rule", Three, 2);
                }
                if p.sort(1) == Sort::Word && p.word(2) == Word::By {
                    return Self::new("a decision rule", Three, 3);
                }
            }
            Word::Withdraw if matches!(next, Word::On | Word::At) => {
                return Self::new("a rule on withdrawal", Three, 2);
            }
            Word::Withdraw if p.slice_ahead(1) == "at" => return Self::new("a rule on withdrawal", Three, 2),
            Word::Article if p.sort(1) == Sort::Number => match p.word(2) {
                Word::Survives => return Self::new("a rule on withdrawal", Three, 3),
                Word::Prevails => return Self::new("a rule of precedence", Two, 3),
                _ => {}
            },
            _ => {}
        }
        let length = p.path_length(0);
        if length > 0 {
            let second = p.word(length + 1);
            match p.word(length) {
                Word::Must | Word::May | Word::Should => return Self::norm(p, 0),
                Word::Is if second == Word::Entitled => return Self::new("a norm", Two, length + 2),
                Word::Is if second == Word::Suspended => return Self::new("a rule on membership", Three, length + 2),
                Word::Has if second == Word::No => return Self::new("a rule on votes", Three, length + 2),
                Word::Ceases => return Self::new("a rule on membership", Three, length + 1),
                Word::Prevails => return Self::new("a rule of precedence", Two, length + 1),
                _ => {}
            }
        }
        Self::item(p)
    }

    /// `… must`, `… may`, `… is entitled`, within a few tokens.
    fn norm(p: &mut Cursor<'_>, from: usize) -> Option<Self> {
        for i in from..from + 8 {
            match p.word(i) {
                Word::Must | Word::May | Word::Should => return Self::new("a norm", Ring::Two, i + 1),
                Word::Is if p.word(i + 1) == Word::Entitled => return Self::new("a norm", Ring::Two, i + 2),
                Word::Has if p.word(i + 1) == Word::No => return Self::new("a rule on votes", Ring::Three, i + 2),
                Word::Claims | Word::Controls => return None,
                Word::No | Word::Every if i > from => return None,
                _ if matches!(p.sort(i), Sort::Word | Sort::Text | Sort::Dot | Sort::Number | Sort::Comma) => {}
                _ => return None,
            }
        }
        None
    }

    /// The construct of ring 2 or 3 that a declaration here is.
    pub(super) fn item(p: &mut Cursor<'_>) -> Option<Self> {
        use Ring::{Three, Two};
        let named = p.is_name(1);
        match p.word(0) {
            Word::Action if named => Self::new("an action", Two, 2),
            Word::Event if named => Self::new("an event", Two, 2),
            Word::Ladder if named => Self::new("a ladder", Two, 2),
            Word::Scenario if named => Self::new("a scenario", Two, 2),
            Word::Fund if named => Self::new("a fund", Two, 2),
            Word::Contract if named => Self::new("a contract", Two, 2),
            Word::Body if named => Self::new("a body", Three, 2),
            Word::Role if named => Self::new("a role", Three, 2),
            Word::Instrument if named => Self::new("an instrument outside the charter", Three, 2),
            Word::Amendment if named => Self::new("an amendment", Three, 2),
            Word::Merger if p.word(1) == Word::Of => Self::new("a merger", Three, 2),
            Word::Division if p.word(1) == Word::Of => Self::new("a division", Three, 2),
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
    pub(super) fn report_later(&mut self, later: Later) {
        let start = self.here();
        let mut words = Vec::new();
        for _ in 0..later.tokens {
            let token = self.bump();
            words.push((token, self.slice(token)));
        }
        let span = self.since(start);
        let shown = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let ring = later.ring;
        let mut diagnostic = Diagnostic::error(
            "later-ring",
            span,
            format!(
                "`{shown} …` is {}, which ring {} of the language brings; this version reads ring 1 ({})",
                later.what,
                ring.number(),
                Ring::One.about()
            ),
            format!("ring {}: {}", ring.number(), ring.about()),
        );
        let last = words.last().map(|(t, _)| t.word);
        if last == Some(Word::May) && self.slice_ahead(0) == "not" {
            diagnostic = diagnostic
                .note("`may not` is refused: readers take it for a prohibition and for a mere possibility")
                .help("write `must not` for a prohibition");
        } else if last == Some(Word::Should) {
            diagnostic = diagnostic.note("`should` binds nobody; what is owed is said with `must`");
        }
        self.report(diagnostic.help("take it out, or keep it behind `//`, until that ring is there"));
    }

    /// Reports a clause of ring 2 behind a statement of ring 1 and takes its first word.
    pub(super) fn report_later_clause(&mut self, what: &'static str) {
        self.report_later(Later { what, ring: Ring::Two, tokens: 1 });
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
