//! Where a declaration or a statement begins, and how to get there after an error.
//!
//! In: tokens ahead. Out: yes or no, nothing taken; or, for the `skip` functions, the next such place. Statements carry no
//! separator: one ends where the next begins, so these are the rules that say where.

use super::cursor::Cursor;
use super::later::Later;
use super::reserved::Word;
use super::token::Sort;

/// What a name is followed by where it begins a statement; `claims`, `must`, `may`, `should`, `prevails` and `survives` are
/// verbs too where what stands around them allows.
const VERBS: &[Word] = &[
    Word::Controls,
    Word::Recognises,
    Word::Protests,
    Word::Leases,
    Word::Delegates,
    Word::Holds,
    Word::Hold,
    Word::Waives,
    Word::Accepts,
    Word::Prefers,
    Word::Values,
    Word::Excludes,
];

/// The words that declarations begin with: at the head of a line they are taken for one even if what follows is wrong.
pub(super) const HEADS: &[Word] = &[
    Word::Import,
    Word::Kind,
    Word::Party,
    Word::Right,
    Word::Unit,
    Word::Atlas,
    Word::Region,
    Word::Charter,
    Word::Accession,
    Word::Data,
    Word::Matter,
    Word::Define,
    Word::Ladder,
    Word::Action,
    Word::Event,
    Word::Fund,
    Word::Flow,
    Word::Contract,
    Word::Scenario,
    Word::Prove,
];

/// How many tokens are looked at to see what begins here: longer lists are read, but not foreseen.
pub(super) const LOOK: usize = 256;

impl Cursor<'_> {
    /// Whether the name here is the subject of a statement or a stance: a verb follows it, or `is`, or more names and
    /// `hold` or `set aside`.
    pub(super) fn begins_statement(&mut self, ahead: usize) -> bool {
        let length = self.path_length(ahead);
        if length == 0 {
            return false;
        }
        let next = self.word(ahead + length);
        let is = next == Word::Is && !self.before_is && !self.before_force;
        self.is_verb(ahead + length) || is || self.lists_holders(ahead)
    }

    /// The same without `is`: a verb is at hand, so this name can be no region.
    pub(super) fn begins_deed(&mut self, ahead: usize) -> bool {
        let length = self.path_length(ahead);
        length > 0 && self.is_verb(ahead + length)
    }

    /// Whether a verb stands here; `claims from` is a statement of its own.
    fn is_verb(&mut self, ahead: usize) -> bool {
        match self.word(ahead) {
            Word::Claims => self.word(ahead + 1) != Word::From,
            Word::Must | Word::May | Word::Should => !self.before_force,
            Word::Prevails => self.word(ahead + 1) == Word::Over,
            Word::Survives => self.word(ahead + 1) == Word::Withdrawal,
            word => VERBS.contains(&word),
        }
    }

    /// `P and Q hold`, `P, Q and R set aside`.
    pub(super) fn lists_holders(&mut self, ahead: usize) -> bool {
        let mut at = ahead + self.path_length(ahead);
        while at < ahead + LOOK {
            match self.word(at) {
                Word::Hold => return true,
                Word::Set => return self.word(at + 1) == Word::Aside,
                Word::And => {}
                _ if self.sort(at) == Sort::Comma => {}
                _ => return false,
            }
            let length = self.path_length(at + 1);
            if length == 0 {
                return false;
            }
            at += 1 + length;
        }
        false
    }

    /// Whether the name here begins the next entry of a list of attributes.
    pub(super) fn begins_entry(&mut self) -> bool {
        self.listing
            && matches!(self.sort(1), Sort::Equal | Sort::Number | Sort::Date | Sort::Colon | Sort::OpenBracket)
    }

    /// Whether a declaration begins here.
    pub(super) fn begins_item(&mut self, ahead: usize) -> bool {
        let named = self.is_name(ahead + 1);
        match self.word(ahead) {
            Word::Import
            | Word::Kind
            | Word::Right
            | Word::Unit
            | Word::Atlas
            | Word::Region
            | Word::Charter
            | Word::Accession
            | Word::Data
            | Word::Matter
            | Word::Define
            | Word::Action
            | Word::Event
            | Word::Ladder
            | Word::Fund
            | Word::Flow
            | Word::Contract
            | Word::Body
            | Word::Instrument
            | Word::Role
            | Word::Scenario
            | Word::Amendment => named,
            // `no party keeps …` begins nothing
            Word::Party => {
                let token = self.peek(ahead);
                named && (matches!(self.sort(ahead + 2), Sort::Colon | Sort::OpenBrace) || self.begins_line(token))
            }
            Word::Open => self.word(ahead + 1) == Word::Term,
            Word::Model => self.word(ahead + 1) == Word::Clause,
            Word::Parties => self.word(ahead + 1) == Word::From,
            Word::Merger | Word::Division => self.word(ahead + 1) == Word::Of,
            Word::Prove => true,
            _ if self.sort(ahead) == Sort::At => named && self.begins_item(ahead + 2),
            _ => self.begins_stance(ahead),
        }
    }

    /// `P accepts`, `P prefers`, `P values`, `R excludes`.
    pub(super) fn begins_stance(&mut self, ahead: usize) -> bool {
        let length = self.path_length(ahead);
        length > 0 && matches!(self.word(ahead + length), Word::Accepts | Word::Prefers | Word::Values | Word::Excludes)
    }

    /// `article 2 "Title" {`, `article 3 adopts`: the head of an article, not a statement about one.
    pub(super) fn begins_article(&mut self, ahead: usize) -> bool {
        if self.word(ahead) != Word::Article || self.sort(ahead + 1) != Sort::Number {
            return false;
        }
        let next = ahead + self.article_length(ahead);
        matches!(self.sort(next), Sort::OpenBrace | Sort::Text) || self.word(next) == Word::Adopts
    }

    /// How many tokens `article` and its number take.
    pub(super) fn article_length(&mut self, ahead: usize) -> usize {
        let (number, tail) = (self.peek(ahead + 1), self.peek(ahead + 2));
        2 + usize::from(tail.sort == Sort::Word && tail.start == number.end)
    }

    /// Whether a statement begins here that opens with a word of its own.
    pub(super) fn begins_worded(&mut self, ahead: usize) -> bool {
        let next = self.word(ahead + 1);
        match self.word(ahead) {
            Word::Require | Word::Adopts => true,
            Word::Boundary => next == Word::Between,
            Word::Claims | Word::Delegations | Word::Parties => next == Word::From,
            Word::Requirement => self.sort(ahead + 1) == Sort::At,
            Word::Article => {
                let after = ahead + self.article_length(ahead);
                self.sort(ahead + 1) == Sort::Number && (self.word(after) == Word::Is || self.ranks(after))
            }
            Word::Every | Word::No | Word::Any | Word::Some => self.binds(ahead + 1),
            Word::At => next == Word::Least && self.binds(ahead + 2),
            Word::On if next == Word::Breach => true,
            Word::On => {
                let length = self.path_length(ahead + 1);
                let (last, next) = (self.peek(ahead + length), self.peek(ahead + length + 1));
                length > 0 && next.sort == Sort::OpenParen && next.start == last.end
            }
            Word::For => self.is_name(ahead + 1) && matches!(self.sort(ahead + 2), Sort::Comma | Sort::Colon),
            Word::Severity => next == Word::At,
            Word::Then => next == Word::After || self.binds(ahead + 1),
            Word::Lift => next == Word::When,
            Word::Exempt => self.is_name(ahead + 1),
            Word::Compensate => next == Word::From,
            Word::Proportionate | Word::Reservation => next == Word::To,
            Word::Snap => next == Word::Back,
            Word::Withdraw => matches!(next, Word::On | Word::At),
            Word::This | Word::Contracts => self.ranks(ahead + 1),
            _ => self.sort(ahead) == Sort::At && self.is_name(ahead + 1),
        }
    }

    /// Whether `must`, `may`, `claims` or the like follows within a few words.
    fn binds(&mut self, ahead: usize) -> bool {
        for at in ahead..ahead + 8 {
            match self.word(at) {
                Word::Must | Word::May | Word::Should | Word::Claims | Word::Controls => return true,
                Word::Is => return matches!(self.word(at + 1), Word::Entitled | Word::Suspended),
                Word::Has => return self.word(at + 1) == Word::No,
                Word::No | Word::Every if at > ahead => return false,
                _ if matches!(self.sort(at), Sort::Word | Sort::Text | Sort::Dot | Sort::Number | Sort::Comma) => {}
                _ => return false,
            }
        }
        false
    }

    /// `at least 90 days before`: a clause, not a comparison.
    pub(super) fn begins_before(&mut self, ahead: usize) -> bool {
        if self.word(ahead) != Word::At || self.word(ahead + 1) != Word::Least {
            return false;
        }
        let mut at = ahead + 2;
        match self.sort(at) {
            Sort::Number => {
                at += 1;
                at += usize::from(matches!(
                    self.word(at),
                    Word::Thousand | Word::Million | Word::Billion | Word::Trillion
                ));
                let unit = self.word(at) == Word::Name && self.is_name(at);
                at += usize::from(unit || self.sort(at) == Sort::Percent);
            }
            Sort::OpenParen | Sort::OpenBracket => at = self.behind_group(at),
            _ => at += self.path_length(at),
        }
        self.word(at) == Word::Before && (self.is_name(at + 1))
    }

    /// Whether a bracket `ahead` places from here offers values (`[30 days: Ada | 60 days: Bel]`): a colon stands right in it.
    pub(super) fn offers(&mut self, ahead: usize) -> bool {
        let mut depth = 0u32;
        for at in ahead..ahead + LOOK {
            match self.sort(at) {
                Sort::OpenParen | Sort::OpenBracket | Sort::OpenBrace => depth += 1,
                Sort::CloseParen | Sort::CloseBracket | Sort::CloseBrace => depth = depth.saturating_sub(1),
                Sort::Colon if depth == 1 => return true,
                Sort::End => return false,
                _ => {}
            }
            if depth == 0 {
                return false;
            }
        }
        false
    }

    /// Where the group in brackets ends that opens `ahead`.
    fn behind_group(&mut self, ahead: usize) -> usize {
        let mut depth = 0u32;
        for at in ahead..ahead + LOOK {
            match self.sort(at) {
                Sort::OpenParen | Sort::OpenBracket => depth += 1,
                Sort::CloseParen | Sort::CloseBracket => depth -= 1,
                Sort::OpenBrace | Sort::CloseBrace | Sort::End => break,
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        ahead
    }

    /// `at least 3 other parties`, `at least 3 parties`: who is bound by the next statement, not a comparison.
    pub(super) fn begins_group(&mut self, ahead: usize) -> bool {
        if self.word(ahead) != Word::At || self.word(ahead + 1) != Word::Least || self.sort(ahead + 2) != Sort::Number {
            return false;
        }
        match self.word(ahead + 3) {
            Word::Parties => self.word(ahead + 4) != Word::From,
            Word::Other => self.is_name(ahead + 4) || matches!(self.word(ahead + 4), Word::Party | Word::Parties),
            _ => false,
        }
    }

    /// Whether whatever stands at this level ends here: a brace, a description, an article, the next statement.
    fn ends_statement(&mut self) -> bool {
        let token = self.peek(0);
        match token.sort {
            Sort::CloseBrace | Sort::End | Sort::Doc => return true,
            Sort::Word | Sort::Text | Sort::At => {}
            _ => return false,
        }
        if self.begins_article(0) || self.begins_worded(0) || self.begins_deed(0) || self.lists_holders(0) {
            return true;
        }
        let next = self.path_length(0);
        let state = matches!(self.word(next + 1), Word::Frozen | Word::Common | Word::Entitled);
        if next > 0 && self.word(next) == Word::Is && state {
            return true;
        }
        let begins_line = self.begins_line(token);
        // a name at the head of a line, behind something that can end a statement
        let plain = token.sort == Sort::Text || (token.sort == Sort::Word && token.word == Word::Name);
        let last = self.last();
        let ended = match last.sort {
            Sort::Word => !last.word.is_firm(),
            Sort::Comma | Sort::Colon | Sort::Equal | Sort::Plus | Sort::Minus | Sort::Star | Sort::Slash => false,
            _ => true,
        };
        if begins_line && plain && ended {
            return true;
        }
        (begins_line && self.begins_item(0))
            || Later::statement(self).is_some_and(|_| begins_line || !matches!(token.word, Word::At))
    }

    /// Steps over one token, or over a whole group in brackets.
    pub(super) fn skip_group(&mut self) -> Sort {
        let first = self.bump().sort;
        let mut depth = u32::from(matches!(first, Sort::OpenBrace | Sort::OpenParen | Sort::OpenBracket));
        while depth > 0 && !self.is(Sort::End) {
            match self.bump().sort {
                Sort::OpenBrace | Sort::OpenParen | Sort::OpenBracket => depth += 1,
                Sort::CloseBrace | Sort::CloseParen | Sort::CloseBracket => depth -= 1,
                _ => {}
            }
        }
        first
    }

    /// Goes to where the next statement begins; at least one token is taken if none was since `start`.
    pub(super) fn skip_statement(&mut self, start: usize) {
        let stuck = self.mark() == start && !matches!(self.sort(0), Sort::CloseBrace | Sort::End);
        if stuck && self.skip_group() == Sort::OpenBrace {
            return;
        }
        while !self.ends_statement() {
            if self.skip_group() == Sort::OpenBrace {
                return;
            }
        }
    }

    /// Goes to where the next declaration begins; at least one token is taken if none was since `start`.
    pub(super) fn skip_item(&mut self, start: usize) {
        if self.mark() == start {
            self.skip_group();
        }
        loop {
            let token = self.peek(0);
            match token.sort {
                Sort::End | Sort::Doc | Sort::ModuleDoc => return,
                _ if self.begins_item(0) => return,
                _ if self.begins_line(token) && HEADS.contains(&token.word) => return,
                _ => {
                    self.skip_group();
                }
            }
        }
    }

    /// In a body of entries: goes to the next entry, a comma, or the brace that closes the body.
    pub(super) fn skip_entry(&mut self, start: usize) {
        if self.mark() == start && !self.is(Sort::CloseBrace) {
            self.skip_group();
        }
        loop {
            let token = self.peek(0);
            match token.sort {
                Sort::End | Sort::CloseBrace | Sort::Comma => return,
                _ if self.begins_line(token) && (self.is_name(0) || self.begins_item(0)) => return,
                _ => {
                    self.skip_group();
                }
            }
        }
    }
}
