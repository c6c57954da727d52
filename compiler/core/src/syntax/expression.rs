//! Expressions: regions, quantities, conditions.
//!
//! In: tokens. Out: [`Expr`]. Binding, loosest first: `or`, `and`, `not`, comparisons (which do not chain), `+ -`, `* /`,
//! `&`, `to`. `&` beside `+` or `-` wants brackets. The span of an expression in brackets holds the brackets. How deep a
//! tree can be is bounded here for all that walk it later.

use super::cursor::{Broken, Cursor, Parsed};
use super::lexer::NESTING_LIMIT;
use super::literal;
use super::reserved::Word;
use super::token::{Sort, Token};
use super::tree::{AggregateOp, Argument, BinaryOp, Compass, Expr, ExprKind, Name, Path, UnaryOp};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use num_bigint::BigInt;
use num_rational::BigRational;

/// How many operators one expression may have: trees lean to one side and are walked by recursion.
pub const OPERATOR_LIMIT: u32 = 500;

/// How tightly operators bind.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const MEET: u8 = 7;
}

impl Cursor<'_> {
    /// A whole expression, conditions included.
    pub(super) fn expr(&mut self, expected: &str) -> Parsed<Expr> {
        // in brackets nothing else lists entries
        let listing = std::mem::replace(&mut self.listing, false);
        let expr = self.nested(|p| p.binary(level::OR, expected));
        self.listing = listing;
        expr
    }

    /// An expression without `and`, `or`, `not` and comparisons: a region or a quantity.
    pub(super) fn sum(&mut self, expected: &str) -> Parsed<Expr> {
        self.nested(|p| p.binary(level::SUM, expected))
    }

    /// One operand: no operator, no range.
    pub(super) fn operand(&mut self, expected: &str) -> Parsed<Expr> {
        self.nested(|p| p.primary(expected, true))
    }

    /// One operand that takes no `of`: `90 days`, `grace`.
    pub(super) fn bare_operand(&mut self, expected: &str) -> Parsed<Expr> {
        self.nested(|p| p.primary(expected, false))
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        if self.depth == 0 {
            self.operators = 0;
        }
        if self.depth >= NESTING_LIMIT {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    // what is reported stands apart: the frames of what recurses are to be small

    #[cold]
    fn too_deep(&mut self) -> Broken {
        let token = self.peek(0);
        self.report(
            Diagnostic::error(
                "too-deep",
                self.span(token),
                format!("an expression is nested more than {NESTING_LIMIT} deep"),
                "one too many",
            )
            .help("name the inner parts with `region` or `define` and use the names"),
        )
    }

    #[cold]
    fn too_long(&mut self, operator: Token) -> Broken {
        self.report(
            Diagnostic::error(
                "too-deep",
                self.span(operator),
                format!("an expression has more than {OPERATOR_LIMIT} operators"),
                "one too many",
            )
            .help("name parts of it with `region` or `define` and use the names"),
        )
    }

    #[cold]
    fn chained(&mut self, before: Span, operator: Token) -> Broken {
        self.report(
            Diagnostic::error("chained-comparison", self.span(operator), "two comparisons in a row", "the second one")
                .label(before, "the first one")
                .help("join them with `and`: `1 < x and x < 5`; or put one in brackets: what stands behind `where` runs as far as it can"),
        )
    }

    /// The operator that stands here, how it binds and how many tokens it takes.
    fn operator(&mut self) -> Option<(BinaryOp, u8, usize)> {
        let token = self.peek(0);
        Some(match (token.sort, token.word) {
            (Sort::Plus, _) => (BinaryOp::Plus, level::SUM, 1),
            (Sort::Minus, _) => (BinaryOp::Minus, level::SUM, 1),
            (Sort::Star, _) => (BinaryOp::Times, level::PRODUCT, 1),
            (Sort::Slash, _) => (BinaryOp::Divide, level::PRODUCT, 1),
            (Sort::Amp, _) => (BinaryOp::Intersect, level::MEET, 1),
            (Sort::Equal, _) => (BinaryOp::Equal, level::COMPARE, 1),
            (Sort::NotEqual, _) => (BinaryOp::NotEqual, level::COMPARE, 1),
            (Sort::Less, _) | (_, Word::Below) => (BinaryOp::Less, level::COMPARE, 1),
            (Sort::LessEqual, _) => (BinaryOp::AtMost, level::COMPARE, 1),
            (Sort::Greater, _) | (_, Word::Above) => (BinaryOp::Greater, level::COMPARE, 1),
            (Sort::GreaterEqual, _) => (BinaryOp::AtLeast, level::COMPARE, 1),
            (_, Word::And) => (BinaryOp::And, level::AND, 1),
            (_, Word::Or) => (BinaryOp::Or, level::OR, 1),
            (_, Word::At) => match self.word(1) {
                Word::Most => (BinaryOp::AtMost, level::COMPARE, 2),
                // `at least 90 days before A` is a clause, `at least 3 other parties` begins a statement
                Word::Least if self.begins_before(0) || self.begins_group(0) => return None,
                Word::Least => (BinaryOp::AtLeast, level::COMPARE, 2),
                _ => return None,
            },
            (_, Word::Lies) if self.word(1) == Word::Within => {
                // `lies within 12 nmi of R`: the second word opens the region
                (BinaryOp::LiesWithin, level::COMPARE, if self.begins_distance(1) { 1 } else { 2 })
            }
            _ => return None,
        })
    }

    /// `within 12 nmi of`.
    pub(super) fn begins_distance(&mut self, ahead: usize) -> bool {
        let mut at = ahead + 2;
        if matches!(self.word(at), Word::Thousand | Word::Million | Word::Billion | Word::Trillion) {
            at += 1;
        }
        at += usize::from(self.word(at) == Word::Name && self.is_name(at));
        let time = super::habit::is_time(self.slice_ahead(at - 1)); // `within 30 days of R` is no distance
        self.sort(ahead + 1) == Sort::Number && self.word(at) == Word::Of && !time
    }

    /// The region behind `R`: `lies within S`, `lies within 12 nmi of S`.
    pub(super) fn lies_within(&mut self) -> Parsed<Expr> {
        self.expect_word(Word::Lies, "`lies within`")?;
        if !self.is_word(Word::Within) {
            return Err(self.expected("`within` and a region"));
        }
        if !self.begins_distance(0) {
            self.bump();
        }
        self.sum("a region")
    }

    fn binary(&mut self, least: u8, expected: &str) -> Parsed<Expr> {
        let mut left = self.first_operand(least, expected)?;
        let mut compared: Option<Span> = None;
        while let Some((op, binds, tokens)) = self.operator() {
            if binds < least {
                break;
            }
            let first = self.peek(0);
            if binds == level::COMPARE {
                if let Some(before) = compared {
                    return Err(self.chained(before, first));
                }
                compared = Some(self.span(first));
            } else if compared.is_some() && binds > level::COMPARE {
                break;
            }
            (0..tokens).for_each(|_| {
                self.bump();
            });
            self.operators += 1;
            if self.operators > OPERATOR_LIMIT {
                return Err(self.too_long(first));
            }
            let right = self.binary(binds + 1, expected)?;
            if matches!(op, BinaryOp::Plus | BinaryOp::Minus) {
                self.refuse_bare_meet(op, &left, &right);
            }
            let span = left.span.to(right.span);
            left = Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span };
        }
        Ok(left)
    }

    /// What stands before the first operator; a condition on acts where one can stand.
    fn first_operand(&mut self, least: u8, expected: &str) -> Parsed<Expr> {
        let start = self.here();
        if least <= level::NOT && self.is_word(Word::Not) {
            self.bump();
            let inner = self.nested(|p| p.binary(level::NOT, "a condition"))?;
            return Ok(Expr { span: self.since(start), kind: ExprKind::Unary(UnaryOp::Not, Box::new(inner)) });
        }
        if least > level::COMPARE {
            return self.range(expected);
        }
        let first = match self.condition()? {
            Some(condition) => condition,
            None => self.binary(level::SUM, expected)?,
        };
        self.looking_back(first)
    }

    /// `A + B & C` is refused: readers take it both ways.
    fn refuse_bare_meet(&mut self, op: BinaryOp, left: &Expr, right: &Expr) {
        for side in [left, right] {
            let ExprKind::Binary(BinaryOp::Intersect, inner, _) = &side.kind else { continue };
            if inner.span.start != side.span.start {
                continue; // its span begins with a bracket
            }
            let meet = self.text.get(side.span.start as usize..side.span.end as usize).unwrap_or("").to_owned();
            let sign = if op == BinaryOp::Plus { '+' } else { '-' };
            self.report(
                Diagnostic::error(
                    "ambiguous-operators",
                    side.span,
                    format!("`&` beside `{sign}` can be read in two ways"),
                    "which is meant first is not said",
                )
                .help(format!("add brackets: `({meet})`")),
            );
        }
    }

    fn range(&mut self, expected: &str) -> Parsed<Expr> {
        let low = self.unary(expected)?;
        let literal = matches!(
            self.sort(1),
            Sort::Number | Sort::Date | Sort::Prefix | Sort::Angle | Sort::Minus | Sort::OpenParen | Sort::OpenBracket
        );
        if !(self.is_word(Word::To) && literal) {
            return Ok(low);
        }
        self.bump();
        let high = self.unary("the end of the range")?;
        let span = low.span.to(high.span);
        Ok(Expr { kind: ExprKind::Range(Box::new(low), Box::new(high)), span })
    }

    fn unary(&mut self, expected: &str) -> Parsed<Expr> {
        let Some(minus) = self.take(Sort::Minus) else { return self.primary(expected, true) };
        let inner = self.nested(|p| p.unary(expected))?;
        Ok(Expr { span: self.since(minus.start), kind: ExprKind::Unary(UnaryOp::Minus, Box::new(inner)) })
    }

    fn primary(&mut self, expected: &str, of: bool) -> Parsed<Expr> {
        let token = self.peek(0);
        let start = token.start;
        let kind = match token.sort {
            Sort::Number => self.quantity(of)?,
            Sort::Date => self.date()?,
            Sort::Prefix => {
                self.bump();
                ExprKind::Prefix(self.slice(token).to_owned())
            }
            Sort::Angle => self.angle_or_point()?,
            Sort::OpenParen => {
                self.bump();
                let inner = self.enclosed(|p| p.expr(expected))?;
                self.expect(Sort::CloseParen, "`)`")?;
                return Ok(Expr { kind: inner.kind, span: self.since(start) });
            }
            Sort::OpenBracket => self.enclosed(Self::bracketed)?,
            Sort::Slash if self.sort(1) == Sort::Number => self.prefix_length()?,
            Sort::Text => self.name_or_call(expected, of)?,
            Sort::Word => match self.worded(token, expected)? {
                Some(kind) => kind,
                None => self.name_or_call(expected, of)?,
            },
            _ => return Err(self.expected(expected)),
        };
        Ok(Expr { kind, span: self.since(start) })
    }

    /// What a word of the language begins; `None` if it is a name here.
    fn worded(&mut self, token: Token, expected: &str) -> Parsed<Option<ExprKind>> {
        let next = self.word(1);
        if next == Word::Of && self.mend("a place", &[Word::Territory]) {
            return self.place().map(Some);
        }
        let kind = match (token.word, next) {
            (Word::Name, _) => return Ok(None),
            (Word::True, _) => self.one(ExprKind::Bool(true)),
            (Word::False, _) => self.one(ExprKind::Bool(false)),
            (Word::It, _) => self.one(ExprKind::It),
            (Word::Its, Word::Party) => {
                self.bump();
                self.one(ExprKind::ItsParty)
            }
            (Word::Article, _) => {
                self.bump();
                ExprKind::Article(self.article_number()?.0)
            }
            (Word::Any, _) => self.any_party()?,
            (Word::If, _) => self.conditional()?,
            (Word::Within | Word::Between, _)
            | (Word::North | Word::South | Word::East | Word::West | Word::Territory, Word::Of)
            | (Word::Ground, Word::Claimed) => self.place()?,
            (Word::Polygon, _) if self.sort(1) == Sort::OpenBracket => self.polygon()?,
            (Word::Sum, Word::Of) => self.sum_of()?,
            (Word::Count, Word::Of) if self.word(2) == Word::Every => self.count_of()?,
            // `count of Ada` may be an attribute; `count of parties where …` is none
            (Word::Count, Word::Of) if self.word(2).is_firm() || self.word(3) == Word::Where => {
                self.bump();
                self.bump();
                return Err(self.expected("`every` and whom to count: `(count of every party p where …) at most 2`"));
            }
            (Word::For, Word::All) => {
                self.bump();
                self.quantified(AggregateOp::ForAll)?
            }
            (Word::Exists, _) if self.is_name(1) && self.sort(2) == Sort::Comma => {
                self.quantified(AggregateOp::Exists)?
            }
            (Word::Exists, w) if self.is_name(1) || w == Word::Party => self.quantified(AggregateOp::Exists)?,
            (w, _) if w.is_firm() => return Err(self.expected(expected)),
            _ => return Ok(None),
        };
        Ok(Some(kind))
    }

    /// Ground told by where it lies.
    fn place(&mut self) -> Parsed<ExprKind> {
        match self.word(0) {
            Word::Within => {
                self.bump();
                let distance = self.nested(|p| p.primary("a distance", false))?;
                self.expect_word(Word::Of, "`of` and a region: `within 12 nmi of R`")?;
                let region = self.operand("a region")?;
                Ok(ExprKind::WithinDistance(Box::new(distance), Box::new(region)))
            }
            Word::Between => {
                self.bump();
                let from = self.operand("a meridian or a parallel")?;
                self.expect_word(Word::And, "`and` and the other side: `between 10°E and 35°E`")?;
                let to = self.operand("a meridian or a parallel")?;
                Ok(ExprKind::BetweenAngles(Box::new(from), Box::new(to)))
            }
            Word::North => self.side(Compass::North),
            Word::South => self.side(Compass::South),
            Word::East => self.side(Compass::East),
            Word::West => self.side(Compass::West),
            Word::Territory => {
                self.bump();
                self.bump();
                Ok(ExprKind::TerritoryOf(Box::new(self.operand("a party")?)))
            }
            _ => {
                self.bump();
                self.bump();
                self.expect_word(Word::By, "`by` and a party: `ground claimed by P`")?;
                Ok(ExprKind::GroundClaimedBy(Box::new(self.operand("a party")?)))
            }
        }
    }

    fn one(&mut self, kind: ExprKind) -> ExprKind {
        self.bump();
        kind
    }

    fn side(&mut self, side: Compass) -> Parsed<ExprKind> {
        self.bump();
        self.bump();
        Ok(ExprKind::SideOf(side, Box::new(self.operand("a parallel or a meridian")?)))
    }

    fn conditional(&mut self) -> Parsed<ExprKind> {
        self.bump();
        let condition = self.expr("a condition")?;
        self.expect_word(Word::Then, "`then`")?;
        let then = self.expr("a value")?;
        self.expect_word(Word::Else, "`else`")?;
        let other = self.expr("a value")?;
        Ok(ExprKind::If(Box::new(condition), Box::new(then), Box::new(other)))
    }

    fn name_or_call(&mut self, expected: &str, of: bool) -> Parsed<ExprKind> {
        if self.begins_deed(0) {
            return Err(self.expected(expected)); // the next statement begins: its subject is no operand
        }
        let token = self.bump();
        let first = self.name_of(token);
        let path = self.path_from(first)?;
        let next = self.peek(0);
        if next.sort == Sort::OpenParen && next.start == path.span.end {
            return Ok(ExprKind::Call { callee: path, arguments: self.arguments()? });
        }
        if of
            && next.word == Word::Of
            && let [name] = path.segments.as_slice()
        {
            let name = name.clone();
            self.bump();
            let whole = self.nested(|p| p.primary("what it is an attribute of", true))?;
            return Ok(ExprKind::AttributeOf(name, Box::new(whole)));
        }
        Ok(ExprKind::Path(path))
    }

    /// `(article 2, grace = 30 days)`.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        self.expect(Sort::OpenParen, "`(`")?;
        let arguments = self.enclosed(Self::argument_list)?;
        self.argument_by_habit()?;
        self.expect(Sort::CloseParen, "`,` or `)`")?;
        Ok(arguments)
    }

    fn argument_list(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while !self.is(Sort::CloseParen) {
            if let Some(bounded) = self.bounded()? {
                arguments.push(bounded);
                if self.take(Sort::Comma).is_none() {
                    break;
                }
                continue;
            }
            let name = if self.is_label(0) && self.sort(1) == Sort::Equal {
                let name = self.any_name("a name")?;
                self.bump();
                Some(name)
            } else {
                None
            };
            arguments.push(Argument { name, value: self.argument_value()? });
            if self.take(Sort::Comma).is_none() {
                break;
            }
        }
        Ok(arguments)
    }

    /// `anyone`, `any other party q`, or an expression.
    fn argument_value(&mut self) -> Parsed<Expr> {
        let start = self.here();
        if self.is_label(0) && !self.is_name(0) && matches!(self.sort(1), Sort::Comma | Sort::CloseParen) {
            let path = self.label_path()?;
            return Ok(Expr { span: path.span, kind: ExprKind::Path(path) });
        }
        match self.someone()? {
            Some(kind) => Ok(Expr { kind, span: self.since(start) }),
            None => self.expr("a value"),
        }
    }

    /// Whether a word can name a parameter here: `by`, `on`, `with` are names where an argument's name stands.
    pub(super) fn is_label(&mut self, ahead: usize) -> bool {
        let token = self.peek(ahead);
        let value = matches!(token.word, Word::It | Word::True | Word::False);
        matches!(token.sort, Sort::Word | Sort::Text) && !value
    }

    /// A parameter that is called by a word of the language: `moderators(by)`.
    fn label_path(&mut self) -> Parsed<Path> {
        let name = self.any_name("a name")?;
        Ok(Path { span: name.span, segments: vec![name] })
    }

    fn bracketed(&mut self) -> Parsed<ExprKind> {
        self.bump();
        let mut options = Vec::new();
        loop {
            let value = self.expr("a value that is still to be settled")?;
            self.expect(Sort::Colon, "`:` and who is for it: `[30 days: Ada | 60 days: Bel]`")?;
            let mut parties = vec![self.path("the name of a party")?];
            while self.take(Sort::Comma).is_some() || self.take_word(Word::And).is_some() {
                parties.push(self.path("the name of a party")?);
            }
            options.push((value, parties));
            if self.take(Sort::Bar).is_none() {
                break;
            }
        }
        self.expect(Sort::CloseBracket, "`|` or `]`")?;
        Ok(ExprKind::Bracketed(options))
    }

    // many values

    fn sum_of(&mut self) -> Parsed<ExprKind> {
        self.bump();
        self.bump();
        let value = self.sum("what is added up")?;
        self.expect_word(Word::Over, "`over every` and a kind")?;
        self.expect_word(Word::Every, "`every` and a kind")?;
        let (kind, variable) = self.bound_kind()?;
        let filter = self.filter()?;
        Ok(ExprKind::Aggregate { op: AggregateOp::Sum, value: Some(Box::new(value)), kind, variable, filter })
    }

    fn count_of(&mut self) -> Parsed<ExprKind> {
        (0..3).for_each(|_| {
            self.bump();
        });
        let (kind, variable) = self.bound_kind()?;
        let filter = self.filter()?;
        Ok(ExprKind::Aggregate { op: AggregateOp::Count, value: None, kind, variable, filter })
    }

    /// `for all Server s where F: C`, `exists Server s: C`; `exists Server s where C` is the latter.
    fn quantified(&mut self, op: AggregateOp) -> Parsed<ExprKind> {
        self.bump();
        if self.begins_names() {
            return self.quantified_names(op);
        }
        let (kind, mut variable) = self.bound_kind()?;
        // what follows shows that a word of the language is a name here: `exists party a: …`
        if variable.is_none() && self.is_name(0) && (self.sort(1) == Sort::Colon || self.word(1) == Word::Where) {
            variable = Some(self.name("a name")?);
        }
        let mut filter = self.filter()?;
        let value = if op == AggregateOp::Exists && !self.is(Sort::Colon) && filter.is_some() {
            filter.take()
        } else {
            self.expect(Sort::Colon, "`:` and a condition")?;
            Some(Box::new(self.expr("a condition")?))
        };
        Ok(ExprKind::Aggregate { op, value, kind, variable, filter })
    }

    /// `Emitter e`: a kind, or `party`, and perhaps the name bound to each.
    pub(super) fn bound_kind(&mut self) -> Parsed<(Path, Option<Name>)> {
        let kind = self.kind_name()?;
        let entry = self.begins_entry();
        let bound =
            !entry && self.is_name(0) && (self.is(Sort::Text) || self.is_word(Word::Name)) && !self.begins_statement(0);
        let variable = if bound { Some(self.name("a name")?) } else { None };
        Ok((kind, variable))
    }

    /// The name of a kind, or `party` for all of them.
    pub(super) fn kind_name(&mut self) -> Parsed<Path> {
        if !self.is_word(Word::Party) {
            return self.subject("the name of a kind");
        }
        let token = self.bump();
        let name = self.name_of(token);
        Ok(Path { span: name.span, segments: vec![name] })
    }

    fn filter(&mut self) -> Parsed<Option<Box<Expr>>> {
        if self.take_word(Word::Where).is_none() {
            return Ok(None);
        }
        Ok(Some(Box::new(self.expr("a condition")?)))
    }

    // numbers

    fn quantity(&mut self, of: bool) -> Parsed<ExprKind> {
        let token = self.bump();
        self.comma_in_money(token)?;
        let value = self.number_of(token)?;
        let written = match self.word(0) {
            Word::Thousand => 3,
            Word::Million => 6,
            Word::Billion => 9,
            Word::Trillion => 12,
            _ => 0,
        };
        let power = if written > 0 {
            self.bump();
            written
        } else {
            self.short_scale().unwrap_or(0)
        };
        let factor = BigRational::from_integer(BigInt::from(10u64.pow(power)));
        match self.unit() {
            Some(unit) if of && unit.text == "%" && !unit.quoted && self.is_word(Word::Of) => {
                let share = Expr {
                    kind: ExprKind::Quantity { value, factor: Box::new(factor), unit },
                    span: self.since(token.start),
                };
                self.bump();
                let whole = self.operand("what it is a share of: `50% of gdp(it)`")?;
                Ok(ExprKind::Binary(BinaryOp::Times, Box::new(share), Box::new(whole)))
            }
            Some(unit) => {
                if power == 0 {
                    self.thousands_of_money(token, &unit);
                }
                Ok(ExprKind::Quantity { value, factor: Box::new(factor), unit })
            }
            None => Ok(ExprKind::Number(value * factor)),
        }
    }

    pub(super) fn number_of(&mut self, token: Token) -> Parsed<BigRational> {
        literal::number(self.slice(token)).map_err(|why| {
            let found = self.found(token);
            self.error("bad-number", self.span(token), format!("expected a number, found {found}"), why)
        })
    }

    /// The unit behind a number. A name that begins the next statement or entry is none.
    fn unit(&mut self) -> Option<Name> {
        let token = self.peek(0);
        if token.sort == Sort::Percent {
            self.bump();
            return Some(Name { text: "%".into(), quoted: false, span: self.span(token) });
        }
        let named = token.sort == Sort::Text || (token.sort == Sort::Word && token.word == Word::Name);
        if !named || self.begins_statement(0) || self.begins_entry() {
            return None;
        }
        self.bump();
        let unit = self.name_of(token);
        if matches!(unit.text.as_str(), "hour" | "hours" | "minute" | "minutes" | "second" | "seconds") {
            self.report(
                Diagnostic::error(
                    "too-fine",
                    unit.span,
                    format!("`{}` is refused as a unit: the step of time is a day", unit.text),
                    "finer than a day",
                )
                .help("write it in days, weeks, months or years: `1 day`"),
            );
        }
        Some(unit)
    }

    fn date(&mut self) -> Parsed<ExprKind> {
        let token = self.bump();
        let text = self.slice(token);
        match literal::date(text) {
            Some((year, month, day)) => Ok(ExprKind::Date { year, month, day }),
            None => Err(self.report(
                Diagnostic::error("bad-date", self.span(token), format!("there is no day `{text}`"), "no such day")
                    .help("write year, month and day: `2026-03-01`"),
            )),
        }
    }

    fn prefix_length(&mut self) -> Parsed<ExprKind> {
        let slash = self.bump();
        let number = self.bump();
        let span = self.span(slash).to(self.span(number));
        match self.slice(number).parse::<u8>() {
            Ok(length @ 0..=128) => Ok(ExprKind::PrefixLength(length)),
            _ => Err(self.error("bad-number", span, "expected a prefix length from `/0` to `/128`", "no such length")),
        }
    }

    /// `1`, `5bis`, `2.1`, with where it stands.
    pub(super) fn article_number(&mut self) -> Parsed<(String, Span)> {
        let first = self.expect(Sort::Number, "the number of an article")?;
        let mut number = self.slice(first).to_owned();
        let tail = self.peek(0);
        if tail.sort == Sort::Word && tail.start == first.end {
            self.bump();
            number.push_str(self.slice(tail));
        }
        Ok((number, self.since(first.start)))
    }
}
