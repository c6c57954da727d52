//! Scenarios: dated acts and events, then what must follow.
//!
//! In: tokens at `scenario`. Out: [`Scenario`]. A line that cannot be read is reported and stepped over.

use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::slip::closest;
use super::token::Sort;
use super::tree::conduct::{Expectation, Scenario, Step, StepKind, Until};
use super::tree::{Expr, ExprKind};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// `scenario "…" for C with Corvia { … }`.
    pub(super) fn scenario(&mut self) -> Parsed<Scenario> {
        self.bump();
        let title = self.quoted("a title in quotes: `scenario \"an attack\" for C { … }`")?;
        self.expect_word(Word::For, "`for` and a charter")?;
        let charter = self.path("the name of a charter")?;
        let with =
            if self.take_word(Word::With).is_some() { self.paths("the name of a candidate")? } else { Vec::new() };
        let open = self.expect(Sort::OpenBrace, "`{` and what happens")?;
        let mut steps = Vec::new();
        loop {
            self.let_go();
            let doc = self.doc();
            self.unused_doc(&doc);
            let token = self.peek(0);
            if self.take(Sort::CloseBrace).is_some() || self.is_hopeless() {
                break;
            }
            if token.sort == Sort::End || (self.begins_item(0) && self.begins_line(token)) || self.begins_article(0) {
                self.unclosed(open, "the scenario");
                break;
            }
            let start = self.mark();
            match self.scenario_step() {
                Ok(kind) => steps.push(Step { kind, span: self.since(token.start) }),
                Err(_) => {
                    self.depth = 0;
                    self.skip_step(start);
                }
            }
            self.take(Sort::Comma);
        }
        Ok(Scenario { title, charter, with, steps })
    }

    /// Goes to where the next line of the scenario begins.
    fn skip_step(&mut self, start: usize) {
        if self.mark() == start && !matches!(self.sort(0), Sort::CloseBrace | Sort::End) {
            self.skip_group();
        }
        loop {
            let token = self.peek(0);
            match token.sort {
                Sort::CloseBrace | Sort::End | Sort::Doc => return,
                _ if self.begins_line(token) && (self.begins_item(0) || self.begins_step()) => return,
                _ if self.is_day(0) && self.last().word != Word::By && self.last().word != Word::On => return,
                _ => {
                    self.skip_group();
                }
            }
        }
    }

    fn begins_step(&mut self) -> bool {
        let first = self.peek(0);
        first.word == Word::Expect
            || self.slice(first) == "day"
            || (first.word == Word::On && self.slice_ahead(1) == "day")
            || (first.word == Word::Name && closest(self.slice(first), &[Word::Expect]).is_some())
    }

    /// `day 5`, `day 2026-03-01`.
    fn is_day(&mut self, ahead: usize) -> bool {
        self.slice_ahead(ahead) == "day" && matches!(self.sort(ahead + 1), Sort::Number | Sort::Date)
    }

    /// A day: a bare number or a date. What follows it is never its unit.
    fn day(&mut self) -> Parsed<Expr> {
        if self.slice_ahead(0) != "day" {
            return Err(self.expected("`day` and a number or a date: `day 5`"));
        }
        self.bump();
        let token = self.peek(0);
        match token.sort {
            Sort::Number => {
                self.bump();
                Ok(Expr { kind: ExprKind::Number(self.number_of(token)?), span: self.span(token) })
            }
            Sort::Date => self.operand("a date"),
            _ => Err(self.expected("the number of a day, or a date: `day 5`")),
        }
    }

    /// Steps over a colon, which stands nowhere here.
    fn no_colon(&mut self, behind: &str) {
        if self.is(Sort::Colon) {
            let token = self.bump();
            self.unread(token, "what follows", &format!("leave the colon behind {behind} out"));
        }
    }

    fn begins_line_ahead(&mut self, ahead: usize) -> bool {
        let token = self.peek(ahead);
        self.begins_line(token)
    }

    fn scenario_step(&mut self) -> Parsed<StepKind> {
        if self.take_word(Word::Expect).is_some() {
            self.no_colon("`expect`");
            return Ok(StepKind::Expect(self.expectation()?));
        }
        let day_behind = self.slice_ahead(1) == "day";
        if self.is_word(Word::On) && day_behind {
            let token = self.bump();
            self.unread(token, "`day` and what happens", "leave `on` out: `day 5 …`");
        } else if self.slice_ahead(0) != "day"
            && self.mend("`day` and what happens, `expect` and what must follow, or `}`", &[Word::Expect])
        {
            return self.scenario_step();
        }
        if self.slice_ahead(0) != "day" {
            return Err(self.expected_here("`day` and what happens, `expect` and what must follow, or `}`", false));
        }
        let day = self.day()?;
        self.no_colon("the day");
        if self.take_word(Word::Is).is_some() {
            return Ok(StepKind::Calendar { day, date: self.operand("a date: `day 0 is 2026-03-01`")? });
        }
        if matches!(self.word(0), Word::Article | Word::This) || self.is(Sort::At) {
            return self.finding(day);
        }
        let length = self.path_length(0);
        let party = match self.word(length) {
            Word::Does if length > 0 => {
                let party = self.subject("the name of a party")?;
                self.bump();
                Some(party)
            }
            Word::Withdraws if length > 0 => {
                let party = self.subject("the name of a party")?;
                self.bump();
                return Ok(StepKind::Withdraws { day, party });
            }
            // `Ada f()`: a name before an action is whoever does it
            _ if length > 0
                && !self.is_day(length)
                && self.is_name(length)
                && self.sort(length + 1) == Sort::OpenParen =>
            {
                self.subject("the name of a party")?;
                return Err(self.expected("`does` and an action: `Belmark does attack(Corvia)`"));
            }
            // `Ada attacks Bel`: the words of a reading are no act
            Word::Name
                if length > 0
                    && !self.is_day(length)
                    && self.sort(length) == Sort::Word
                    && !self.begins_line_ahead(length) =>
            {
                self.subject("the name of a party")?;
                let token = self.peek(0);
                return Err(self.unread(
                    token,
                    "`does` and an action",
                    "write `does` and the action as it is declared: `Belmark does attack(Corvia)`",
                ));
            }
            _ => None,
        };
        let expected = if party.is_some() {
            "an action: `does attack(Corvia)`"
        } else {
            "what happens: `Belmark does attack(Corvia)`, an event, `Belmark withdraws`, or a finding"
        };
        if self.is_day(0) || self.is_word(Word::Expect) {
            return Err(self.expected(expected));
        }
        let act = self.act(expected)?;
        let place = if self.take_word(Word::In).is_some() { Some(self.sum("a region")?) } else { None };
        let until = if self.take_word(Word::Until).is_some() {
            Some(Until::Day(self.day()?))
        } else if self.is_word(Word::From) {
            self.bump();
            if !(self.is_word(Word::Then) && self.word(1) == Word::On) {
                return Err(self.expected("`then on`: `from then on`"));
            }
            self.bump();
            self.bump();
            Some(Until::Open)
        } else {
            None
        };
        Ok(StepKind::Happens { day, party, act, place, until })
    }

    /// `article 3 determines breach of article 2 by Belmark against Corvia`.
    fn finding(&mut self, day: Expr) -> Parsed<StepKind> {
        let article = self.norm_target()?;
        self.expect_word(Word::Determines, "`determines breach of` and what was broken")?;
        if !self.take_words(&[Word::Breach, Word::Of]) {
            return Err(self.expected("`breach of` and what was broken: `determines breach of article 2 by Belmark`"));
        }
        let of = self.norm_target()?;
        self.expect_word(Word::By, "`by` and a party")?;
        let by = self.path("the name of a party")?;
        let against =
            if self.take_word(Word::Against).is_some() { Some(self.path("the name of a party")?) } else { None };
        Ok(StepKind::Determines { day, article, of, by, against })
    }

    /// What stands behind `expect`.
    fn expectation(&mut self) -> Parsed<Expectation> {
        let none = self.take_word(Word::No).is_some();
        if self.take_word(Word::Breach).is_some() {
            return self.expected_breach(none);
        }
        if none {
            if !self.take_words(&[Word::Duty, Word::On]) {
                return Err(self.expected("`duty on` and a party, or `breach`"));
            }
            let party = self.path("the name of a party")?;
            self.expect_word(Word::To, "`to` and an action: `no duty on Corvia to intervene`")?;
            let act = self.act("an action: `no duty on Corvia to intervene`")?;
            let (by, on) = self.days()?;
            return Ok(Expectation::Duty { none, party, act, by, on });
        }
        let expected = "`breach`, `no breach`, `no duty on`, or a party and `must` or `may`";
        if self.is_day(0) || (self.is_word(Word::Expect) && !matches!(self.word(1), Word::Must | Word::May)) {
            return Err(self.expected(expected));
        }
        let party = self.subject(expected)?;
        let verb = self.peek(0);
        match verb.word {
            Word::Must | Word::May => {
                self.bump();
            }
            Word::In if self.word(1) == Word::Breach => {
                return Err(self.unread(
                    verb,
                    "`must`, `must not` or `may`",
                    "write `expect breach of article 1 by P`",
                ));
            }
            _ => return Err(self.expected("`must`, `must not` or `may`")),
        }
        let not = self.take_word(Word::Not).is_some();
        if not && verb.word == Word::May {
            let span = self.since(verb.start);
            self.report(
                Diagnostic::error("refused-word", span, "`may not` is refused", "can be read in two ways")
                    .note("readers take it for a prohibition and for a mere possibility")
                    .help("write `must not`"),
            );
        }
        let act = self.act("an action: `must embargo(Belmark)`")?;
        if verb.word == Word::Must && !not {
            let (by, on) = self.days()?;
            return Ok(Expectation::Duty { none, party, act, by, on });
        }
        let on = self.on_day()?;
        Ok(Expectation::Permission { lawful: !not, party, act, on })
    }

    fn expected_breach(&mut self, none: bool) -> Parsed<Expectation> {
        let of = if self.take_word(Word::Of).is_some() { Some(self.norm_target()?) } else { None };
        let by = if self.take_word(Word::By).is_some() { Some(self.path("the name of a party")?) } else { None };
        let against =
            if self.take_word(Word::Against).is_some() { Some(self.path("the name of a party")?) } else { None };
        Ok(Expectation::Breach { none, of, by, against, on: self.on_day()? })
    }

    /// `by day 35`, `on day 20`.
    fn days(&mut self) -> Parsed<(Option<Expr>, Option<Expr>)> {
        let by = if self.take_word(Word::By).is_some() { Some(self.day()?) } else { None };
        Ok((by, self.on_day()?))
    }

    fn on_day(&mut self) -> Parsed<Option<Expr>> {
        if self.take_word(Word::On).is_none() {
            return Ok(None);
        }
        self.day().map(Some)
    }
}
