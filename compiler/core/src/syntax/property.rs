//! Properties to be proved.
//!
//! In: tokens at `prove`. Out: [`Prove`], or `None` for a property of a later ring, which is reported.

use super::cursor::{Cursor, Parsed};
use super::later::Later;
use super::reserved::Word;
use super::token::Sort;
use super::tree::conduct::{ConductProperty, Mode};
use super::tree::{ItemKind, Name, Property, Prove};
use crate::diagnostic::Diagnostic;

/// How far is looked ahead to see what a `prove` is about.
const PROVE_LOOK: usize = 4096;

/// What a person is told can be proved.
const PROPERTIES: &str = "what is to be proved: `borders of C can be settled`, `C is inward`, \
                          `every breach in C has a response` or `in C always …`";

impl Cursor<'_> {
    /// `prove …`; `None` if it belongs to a later ring.
    pub(super) fn prove(&mut self, label: Option<Name>) -> Parsed<Option<ItemKind>> {
        let start = self.mark();
        if self.begins_conduct_property() {
            self.bump();
            let property = Property::Conduct(self.conduct_property()?);
            return Ok(Some(ItemKind::Prove(Prove { label, property })));
        }
        let (known, end) = self.prove_ahead();
        if !known {
            if end <= 1 {
                self.bump();
                return Err(self.expected(PROPERTIES));
            }
            if let Some((tokens, what)) = self.near_conduct_property() {
                for _ in 0..tokens {
                    self.bump();
                }
                return Err(self.expected(what));
            }
            self.report_later(Later::property(end.min(4)));
            self.skip_later_item(start);
            return Ok(None);
        }
        self.bump();
        let property = self.property()?;
        Ok(Some(ItemKind::Prove(Prove { label, property })))
    }

    /// What is missing behind so many tokens where `prove in C …` or `prove C is …` goes on with no word that is known.
    fn near_conduct_property(&mut self) -> Option<(usize, &'static str)> {
        if self.word(1) == Word::In {
            let length = self.path_length(2);
            return (length > 0).then_some((2 + length, "`always`, `never` or `possible` and a condition"));
        }
        let length = self.path_length(1);
        let is = length > 0 && self.word(1 + length) == Word::Is;
        is.then_some((2 + length, "`inward`; of a charter it can also be proved: `every breach in C has a response`, `in C always …`, `borders of C can be settled`"))
    }

    /// Whether a property of ring 1 is to be proved here, and how many tokens were looked at to see it.
    fn prove_ahead(&mut self) -> (bool, usize) {
        if self.word(1) == Word::Borders && self.word(2) == Word::Of {
            return (true, 1);
        }
        let mut depth = 0u32;
        for ahead in 1..PROVE_LOOK {
            match (self.sort(ahead), self.word(ahead)) {
                (Sort::OpenBrace | Sort::OpenParen | Sort::OpenBracket, _) => depth += 1,
                (Sort::CloseParen | Sort::CloseBracket, _) => depth = depth.saturating_sub(1),
                (Sort::End | Sort::Doc | Sort::CloseBrace, _) => return (false, ahead),
                (_, Word::Lies | Word::Are) | (_, Word::Claimed | Word::Settled | Word::Settlement) => {
                    return (true, ahead);
                }
                _ if depth == 0 && self.begins_item(ahead) => return (false, ahead),
                _ => {}
            }
        }
        (false, PROVE_LOOK)
    }

    fn property(&mut self) -> Parsed<Property> {
        if self.take_words(&[Word::Borders, Word::Of]) {
            let charter = self.subject("the name of a charter")?;
            if self.take_words(&[Word::Can, Word::Be, Word::Settled]) {
                return Ok(Property::Settled { charter });
            }
            if self.take_words(&[Word::Hold, Word::Under, Word::Every, Word::Settlement]) {
                return Ok(Property::HoldAlways { charter });
            }
            return Err(self.expected("`can be settled` or `hold under every settlement`"));
        }
        let charter = if self.take_word(Word::In).is_some() { Some(self.path("the name of a charter")?) } else { None };
        if self.is_word(Word::Every) {
            let every = self.bump();
            if !self.take_words(&[Word::Part, Word::Of]) {
                return Err(self.expected("`part of` and a region: `every part of R is claimed`"));
            }
            let region = self.region_before_is("a region")?;
            if !self.take_words(&[Word::Is, Word::Claimed]) {
                return Err(self.expected("`is claimed`"));
            }
            return match charter {
                Some(charter) => Ok(Property::Covered { charter, region }),
                None => Err(self.report(
                    Diagnostic::error(
                        "unexpected",
                        self.span(every),
                        "expected `in` and a charter: claimed under which one?",
                        "no charter is named",
                    )
                    .help("write `prove in C every part of … is claimed`"),
                )),
            };
        }
        let left = self.sum("a region")?;
        if self.take_word(Word::And).is_some() {
            let right = self.sum("a region")?;
            if !self.take_words(&[Word::Are, Word::Disjoint]) {
                return Err(self.expected("`are disjoint`"));
            }
            return Ok(Property::Disjoint { charter, left, right });
        }
        let outer = self.lies_within()?;
        Ok(Property::Within { charter, inner: left, outer })
    }

    /// Whether a property of conduct is to be proved here.
    fn begins_conduct_property(&mut self) -> bool {
        let next = self.word(2);
        match self.word(1) {
            Word::Every => next == Word::Breach,
            Word::Never if next == Word::Severity && self.word(3) == Word::Of => true,
            Word::Always | Word::Never | Word::Possible => self.begins_mode(1),
            Word::In => {
                let length = self.path_length(2);
                length > 0 && self.begins_mode(2 + length)
            }
            _ => {
                let length = self.path_length(1);
                let other = 2 + length;
                match self.word(1 + length) {
                    Word::Is => length > 0 && self.word(other) == Word::Inward,
                    Word::And => {
                        let right = self.path_length(other);
                        length > 0 && right > 0 && self.word(other + right) == Word::Pose
                    }
                    _ => false,
                }
            }
        }
    }

    /// `always`, `never` or `possible` and a condition; a region of that name is followed by what regions are.
    fn begins_mode(&mut self, ahead: usize) -> bool {
        let mode = matches!(self.word(ahead), Word::Always | Word::Never | Word::Possible);
        let next = self.peek(ahead + 1);
        let region =
            matches!(next.sort, Sort::Dot | Sort::Plus | Sort::Amp) || matches!(next.word, Word::Lies | Word::And);
        mode && !region
    }

    fn conduct_property(&mut self) -> Parsed<ConductProperty> {
        if self.take_words(&[Word::Every, Word::Breach]) {
            self.expect_word(Word::In, "`in` and a charter: `every breach in C has a response`")?;
            let charter = self.subject("the name of a charter")?;
            if !self.take_words(&[Word::Has, Word::A, Word::Response]) {
                return Err(self.expected("`has a response`"));
            }
            return Ok(ConductProperty::Answered { charter });
        }
        if self.take_words(&[Word::Never, Word::Severity, Word::Of]) {
            if !self.take_words(&[Word::Any, Word::Measure, Word::In]) {
                return Err(self.expected("`any measure in` and a charter"));
            }
            let charter = self.path("the name of a charter")?;
            self.expect_word(Word::Above, "`above` and a level")?;
            return Ok(ConductProperty::Ceiling { charter, level: self.path("the name of a level")? });
        }
        let first = self.peek(0);
        if matches!(first.word, Word::Always | Word::Never | Word::Possible) && self.begins_mode(0) {
            let word = first.word.text();
            return Err(self.report(
                Diagnostic::error(
                    "unexpected",
                    self.span(first),
                    "expected `in` and a charter: lawful under which one?",
                    "no charter is named",
                )
                .help(format!("write `prove in C {word} …`")),
            ));
        }
        if self.take_word(Word::In).is_some() {
            let charter = self.path("the name of a charter")?;
            let mode = match self.bump().word {
                Word::Always => Mode::Always,
                Word::Never => Mode::Never,
                _ => Mode::Possible,
            };
            let condition = self.expr("a condition")?;
            let next = self.peek(0);
            if next.sort == Sort::Word && next.word == Word::Name && !self.begins_line(next) && !self.begins_item(0) {
                return Err(self.unread(
                    next,
                    "the end of the condition",
                    "write that an act was done as `P has attack(Q)`",
                ));
            }
            let every_situation = self.take_words(&[Word::In, Word::Every, Word::Situation]);
            return Ok(ConductProperty::Holds { charter, mode, condition, every_situation });
        }
        let charter = self.subject("the name of a charter")?;
        if self.take_words(&[Word::Is, Word::Inward]) {
            return Ok(ConductProperty::Inward { charter });
        }
        self.expect_word(Word::And, "`and` and another charter")?;
        let right = self.subject("the name of a charter")?;
        if !self.take_words(&[Word::Pose, Word::No, Word::Threat, Word::To, Word::Each, Word::Other]) {
            return Err(self.expected("`pose no threat to each other`"));
        }
        Ok(ConductProperty::NoThreat { left: charter, right })
    }
}
