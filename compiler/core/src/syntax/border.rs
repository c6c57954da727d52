//! Boundary lines, and requirements on claims and members.
//!
//! In: tokens at `boundary` or `require`. Out: their [`StatementKind`].

use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::token::Sort;
use super::tree::{ClaimScope, Expr, Extent, Leg, LegEnd, Line, Requirement, StatementKind};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// `boundary between P and Q along meridian from A to B, geodesic to C, P on the left, datum PSAD56`.
    pub(super) fn boundary(&mut self) -> Parsed<StatementKind> {
        self.bump();
        self.expect_word(Word::Between, "`between` and two parties")?;
        let one = self.path("the name of a party")?;
        self.expect_word(Word::And, "`and` and the other party")?;
        let other = self.path("the name of a party")?;
        self.expect_word(Word::Along, "`along` and the legs of the line")?;
        let mut legs = vec![self.leg()?];
        let mut datum = None;
        let mut left = None;
        loop {
            let comma = self.is(Sort::Comma);
            let ahead = usize::from(comma);
            match self.word(ahead) {
                _ if !comma && self.begins_deed(0) => break,
                w if line(w).is_some() || w == Word::Straight => {
                    self.skip_comma(comma);
                    legs.push(self.leg()?);
                }
                Word::Datum => {
                    self.skip_comma(comma);
                    self.bump();
                    datum = Some(self.name("the name of a datum")?);
                }
                _ => {
                    let length = self.path_length(ahead);
                    let side = length > 0 && self.word(ahead + length) == Word::On;
                    if left.is_some() || !side {
                        break;
                    }
                    self.skip_comma(comma);
                    let party = self.path("the name of a party")?;
                    if !self.take_words(&[Word::On, Word::The, Word::Left]) {
                        return Err(self.expected("`on the left`: name the party whose side is left along the line"));
                    }
                    left = Some(party);
                }
            }
        }
        match left {
            Some(left) => Ok(StatementKind::Boundary { parties: (one, other), legs, left, datum }),
            None => Err(self.expected("another leg, or which party is `on the left` of the line")),
        }
    }

    fn skip_comma(&mut self, comma: bool) {
        if comma {
            self.bump();
        }
    }

    fn leg(&mut self) -> Parsed<Leg> {
        let first = self.peek(0);
        if first.word == Word::Straight {
            return Err(self.report(
                Diagnostic::error(
                    "refused-word",
                    self.span(first),
                    "`straight` does not say which line is meant",
                    "straight on which map?",
                )
                .note("at 49° N two readings of it are 131,833 km² apart")
                .help("write `geodesic` for the shortest line, `loxodrome` for constant bearing, `parallel` or `meridian`"),
            ));
        }
        let Some(line) = line(first.word) else {
            return Err(self.expected("a leg: `meridian`, `parallel`, `geodesic`, `loxodrome` or `median`"));
        };
        self.bump();
        let from = if self.take_word(Word::From).is_some() { Some(self.operand("a point")?) } else { None };
        self.take_word(Word::To);
        let to = if self.is_word(Word::Open) {
            self.bump();
            if !self.take_words(&[Word::End, Word::Towards]) {
                return Err(self.expected("`end towards` and a point"));
            }
            LegEnd::Open(self.operand("a point")?)
        } else {
            LegEnd::Point(self.operand("a point: `to 12°49'00\"N 70°25'00\"W`")?)
        };
        Ok(Leg { line, from, to, span: self.since(first.start) })
    }

    /// `land` or `with waters`.
    pub(super) fn extent(&mut self) -> Parsed<Extent> {
        if self.take_word(Word::Land).is_some() {
            return Ok(Extent::Land);
        }
        if self.take_words(&[Word::With, Word::Waters]) {
            return Ok(Extent::WithWaters);
        }
        Err(self.expected("`land` or `with waters`"))
    }

    /// `require …`.
    pub(super) fn require(&mut self) -> Parsed<StatementKind> {
        self.bump();
        if matches!(self.word(0), Word::Each | Word::All) && matches!(self.word(1), Word::Claim | Word::Claims) {
            let token = self.peek(0);
            self.report_slip(token, "what is required", Word::Every);
            self.read_as(Word::Every);
        }
        let requirement = match (self.word(0), self.word(1)) {
            (Word::Every, Word::Claim) => self.claims_requirement()?,
            (Word::Every, Word::Reverse) => self.reverse_zones()?,
            _ => {
                let length = self.path_length(0);
                if length > 0 && self.word(length) == Word::Differs {
                    let attribute = self.path("the name of an attribute")?;
                    self.bump();
                    if !self.take_words(&[Word::Between, Word::Parties]) {
                        return Err(self.expected("`between parties`"));
                    }
                    Requirement::Differs { attribute }
                } else {
                    Requirement::Condition(self.expr("what is required")?)
                }
            }
        };
        Ok(StatementKind::Require(Box::new(requirement)))
    }

    fn claims_requirement(&mut self) -> Parsed<Requirement> {
        self.bump();
        self.bump();
        let mut scope = ClaimScope { over: None, right: None };
        loop {
            if scope.over.is_none() && self.take_word(Word::Over).is_some() {
                scope.over = Some(self.path("the name of an atlas")?);
            } else if scope.right.is_none() && self.take_word(Word::As).is_some() {
                scope.right = Some(self.path("the name of a right")?);
            } else {
                break;
            }
        }
        if self.is_word(Word::Lies) {
            return Ok(Requirement::ClaimsWithin { scope, within: self.lies_within()? });
        }
        if self.take_word(Word::Is).is_none() {
            return Err(self.expected("`lies within` and a region, or `is between` and two sizes"));
        }
        if self.take_word(Word::Between).is_some() {
            let least = self.sum("the least size")?;
            self.expect_word(Word::And, "`and` and the greatest size")?;
            let most = self.sum("the greatest size")?;
            return Ok(Requirement::ClaimsSized { scope, least: Some(least), most: Some(most) });
        }
        let (mut least, mut most): (Option<Expr>, Option<Expr>) = (None, None);
        loop {
            if least.is_none() && self.take_words(&[Word::At, Word::Least]) {
                least = Some(self.sum("the least size")?);
            } else if most.is_none() && self.take_words(&[Word::At, Word::Most]) {
                most = Some(self.sum("the greatest size")?);
            } else {
                return Err(self.expected("`between`, `at least` or `at most`"));
            }
            let more = self.is_word(Word::And) && self.word(1) == Word::At && (least.is_none() || most.is_none());
            if !more {
                return Ok(Requirement::ClaimsSized { scope, least, most });
            }
            self.bump();
        }
    }

    /// `every reverse zone over Zones lies within claims of its party over V4, V6`.
    fn reverse_zones(&mut self) -> Parsed<Requirement> {
        self.bump();
        self.bump();
        if !self.take_words(&[Word::Zone, Word::Over]) {
            return Err(self.expected("`zone over` and an atlas of domains"));
        }
        let zones = self.path("the name of an atlas of domains")?;
        if !self.take_words(&[Word::Lies, Word::Within, Word::Claims, Word::Of, Word::Its, Word::Party, Word::Over]) {
            return Err(self.expected("`lies within claims of its party over` and an atlas of prefixes"));
        }
        Ok(Requirement::ReverseZonesWithin { zones, prefixes: self.paths("the name of an atlas of prefixes")? })
    }
}

const fn line(word: Word) -> Option<Line> {
    Some(match word {
        Word::Meridian => Line::Meridian,
        Word::Parallel => Line::Parallel,
        Word::Geodesic => Line::Geodesic,
        Word::Loxodrome => Line::Loxodrome,
        Word::Median => Line::Median,
        _ => return None,
    })
}
