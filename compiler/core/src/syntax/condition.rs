//! Conditions on acts: what was done, what may be done, what was broken.
//!
//! In: tokens where a condition begins. Out: [`ExprKind`]; nothing is taken where none of these stands.

use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::token::Sort;
use super::tree::conduct::Act;
use super::tree::{AggregateOp, Argument, BinaryOp, Expr, ExprKind, Name, Path, UnaryOp};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// `v has moderate()`, `it may use()`, `every party may fork()`, `breach of article 1 by v`, if one stands here.
    pub(super) fn condition(&mut self) -> Parsed<Option<Expr>> {
        let start = self.here();
        let kind = match self.word(0) {
            Word::Breach => self.breach_of()?,
            Word::Every | Word::Some | Word::No => self.every_does()?,
            Word::It if self.does(1) => {
                self.bump();
                self.done_by(Expr { kind: ExprKind::It, span: self.since(start) })?
            }
            _ => {
                let length = self.path_length(0);
                if length == 0 || !self.does(length) {
                    return Ok(None);
                }
                let path = self.subject("the name of a party")?;
                self.done_by(Expr { span: path.span, kind: ExprKind::Path(path) })?
            }
        };
        Ok(Some(Expr { kind, span: self.since(start) }))
    }

    /// `has ACT`, `may ACT`. Where a force is to come, `may` is that force.
    fn does(&mut self, ahead: usize) -> bool {
        match self.word(ahead) {
            Word::Has => self.is_name(ahead + 1),
            Word::May => !self.before_force && (self.is_name(ahead + 1) || self.word(ahead + 1) == Word::Not),
            _ => false,
        }
    }

    fn done_by(&mut self, party: Expr) -> Parsed<ExprKind> {
        let (has, act) = self.does_what()?;
        Ok(Self::does_kind(party, has, act))
    }

    fn does_kind(party: Expr, has: bool, act: Act) -> ExprKind {
        let party = Box::new(party);
        if has { ExprKind::Has { party, act } } else { ExprKind::May { party, act } }
    }

    /// `has moderate()`: true, or `may fork()`: false.
    fn does_what(&mut self) -> Parsed<(bool, Act)> {
        let verb = self.peek(0);
        if !matches!(verb.word, Word::Has | Word::May) {
            return Err(self.expected("`has` or `may`, and an action: `every party may fork()`"));
        }
        self.bump();
        if verb.word == Word::May && self.take_word(Word::Not).is_some() {
            let span = self.since(verb.start);
            self.report(
                Diagnostic::error("refused-word", span, "`may not` is refused", "can be read in two ways")
                    .note("readers take it for a prohibition and for a mere possibility")
                    .help("write `not (it may use())`"),
            );
        }
        Ok((verb.word == Word::Has, self.act("an action: `has moderate()`")?))
    }

    /// `every party may fork()`, `some party has attacked(it)`, `no Server s where … has …`.
    fn every_does(&mut self) -> Parsed<ExprKind> {
        let start = self.here();
        let quantifier = self.bump().word;
        let kind = self.kind_or_parties()?;
        let bound = self.is_name(0) && !self.is_word(Word::Has);
        let variable = if bound { Some(self.name("a name")?) } else { None };
        let filter = if self.take_word(Word::Where).is_some() {
            Some(Box::new(self.before_force(|p| p.expr("a condition"))?))
        } else {
            None
        };
        let here = self.here();
        let (has, act) = self.does_what()?;
        let party = match &variable {
            Some(name) => ExprKind::Path(Path { segments: vec![name.clone()], span: name.span }),
            None => ExprKind::It,
        };
        let party = Expr { kind: party, span: kind.span };
        let value = Some(Box::new(Expr { kind: Self::does_kind(party, has, act), span: self.since(here) }));
        let op = if quantifier == Word::Every { AggregateOp::ForAll } else { AggregateOp::Exists };
        let all = ExprKind::Aggregate { op, value, kind, variable, filter };
        if quantifier != Word::No {
            return Ok(all);
        }
        Ok(ExprKind::Unary(UnaryOp::Not, Box::new(Expr { kind: all, span: self.since(start) })))
    }

    /// `breach of article 1 by v against q`.
    fn breach_of(&mut self) -> Parsed<ExprKind> {
        self.bump();
        let of = if self.take_word(Word::Of).is_some() { self.norm_targets()? } else { Vec::new() };
        self.expect_word(Word::By, "`by` and a party: `breach of article 1 by v`")?;
        let by = Box::new(self.operand("the name of a party")?);
        let against = if self.take_word(Word::Against).is_some() {
            Some(Box::new(self.operand("the name of a party")?))
        } else {
            None
        };
        Ok(ExprKind::BreachOf { of, by, against })
    }

    /// `in the last 1 year` behind a condition.
    pub(super) fn looking_back(&mut self, mut condition: Expr) -> Parsed<Expr> {
        while self.is_word(Word::In) && self.word(1) == Word::The && self.word(2) == Word::Last {
            (0..3).for_each(|_| {
                self.bump();
            });
            let length = self.operand("how far back: `in the last 30 days`")?;
            let span = condition.span.to(length.span);
            condition = Expr { kind: ExprKind::InTheLast(Box::new(condition), Box::new(length)), span };
        }
        Ok(condition)
    }

    /// `a, b: party where F: C` behind `for all` or `exists`: one quantifier inside the other, the condition on all in the
    /// innermost.
    pub(super) fn quantified_names(&mut self, op: AggregateOp) -> Parsed<ExprKind> {
        let start = self.here();
        let mut variables: Vec<Name> = self.variables()?;
        self.expect(Sort::Colon, "`:` and a kind: `exists a, b: party: a != b`")?;
        let kind = self.kind_or_parties()?;
        let mut filter =
            if self.take_word(Word::Where).is_some() { Some(Box::new(self.expr("a condition")?)) } else { None };
        self.expect(Sort::Colon, "`:` and a condition")?;
        let mut value = Box::new(self.expr("a condition")?);
        loop {
            let variable = variables.pop();
            let one =
                ExprKind::Aggregate { op, value: Some(value), kind: kind.clone(), variable, filter: filter.take() };
            if variables.is_empty() {
                return Ok(one);
            }
            value = Box::new(Expr { kind: one, span: self.since(start) });
        }
    }

    /// Whether names and their kind stand behind `exists` or `for all`: `a, b: party`, `a: Server where`.
    pub(super) fn begins_names(&mut self) -> bool {
        if !self.is_name(0) {
            return false;
        }
        if self.sort(1) == Sort::Comma {
            return true;
        }
        if self.sort(1) != Sort::Colon {
            return false;
        }
        let length = if matches!(self.word(2), Word::Party | Word::Parties) { 1 } else { self.path_length(2) };
        length > 0 && (self.sort(2 + length) == Sort::Colon || self.word(2 + length) == Word::Where)
    }

    /// `anyone x` as an argument, `any other party q`.
    pub(super) fn someone(&mut self) -> Parsed<Option<ExprKind>> {
        match self.word(0) {
            Word::Anyone if matches!(self.sort(1), Sort::Comma | Sort::CloseParen | Sort::Word | Sort::Text) => {
                self.bump();
                let bound = self.is_name(0) && matches!(self.sort(1), Sort::Comma | Sort::CloseParen);
                Ok(Some(ExprKind::Anyone(if bound { Some(self.name("a name")?) } else { None })))
            }
            // `every Household h`; with `may` or `has` behind it, it is a condition
            Word::Every => {
                let start = self.mark();
                let all = self.any_party()?;
                if matches!(self.sort(0), Sort::Comma | Sort::CloseParen) {
                    return Ok(Some(all));
                }
                self.rewind(start);
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// `any other party q`, `every Household h`.
    pub(super) fn any_party(&mut self) -> Parsed<ExprKind> {
        self.bump();
        let other =
            self.is_word(Word::Other) && (self.is_name(1) || matches!(self.word(1), Word::Party | Word::Parties));
        if other {
            self.bump();
        }
        let (kind, variable) = self.bound_kind()?;
        Ok(ExprKind::AnyParty { other, kind, variable })
    }

    /// `bandwidth at least 50%`: an argument with a bound.
    pub(super) fn bounded(&mut self) -> Parsed<Option<Argument>> {
        if !self.is_label(0) {
            return Ok(None);
        }
        let token = self.peek(1);
        let (op, tokens) = match (token.sort, token.word) {
            (Sort::Less, _) | (_, Word::Below) => (BinaryOp::Less, 1),
            (Sort::LessEqual, _) => (BinaryOp::AtMost, 1),
            (Sort::Greater, _) | (_, Word::Above) => (BinaryOp::Greater, 1),
            (Sort::GreaterEqual, _) => (BinaryOp::AtLeast, 1),
            (_, Word::At) if self.word(2) == Word::Most => (BinaryOp::AtMost, 2),
            (_, Word::At) if self.word(2) == Word::Least => (BinaryOp::AtLeast, 2),
            _ => return Ok(None),
        };
        let name = self.any_name("a name")?;
        let start = self.here();
        (0..tokens).for_each(|_| {
            self.bump();
        });
        let value = self.sum("a value")?;
        let span = self.since(start);
        Ok(Some(Argument { name: Some(name), value: Expr { kind: ExprKind::Bound(op, Box::new(value)), span } }))
    }
}
