//! Rules and what stands in them: triggers, `for … { … }`, ceilings, ends of measures; reservations, precedence, withdrawal.
//!
//! In: tokens at their first word. Out: their [`StatementKind`].

use super::cursor::{Cursor, Parsed};
use super::later::Later;
use super::reserved::Word;
use super::token::Sort;
use super::tree::conduct::{Decision, ForAll, Norm, NormTarget, NormTargetKind, Trigger, TriggerEvent};
use super::tree::{Modifier, ModifierKind, Name, Statement, StatementKind};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// A statement of a rule, or one on ranks and withdrawal; `None` if the words here begin none.
    pub(super) fn worded_conduct(&mut self) -> Parsed<Option<StatementKind>> {
        let next = self.word(1);
        let kind = match self.word(0) {
            Word::On => self.trigger()?.into(),
            Word::For => StatementKind::For(self.for_each()?),
            Word::Severity if next == Word::At => {
                self.bump();
                if !self.take_words(&[Word::At, Word::Most]) {
                    return Err(self.expected("`at most` and a level: `severity at most economic`"));
                }
                StatementKind::Ceiling { level: self.path("the name of a level")? }
            }
            Word::Lift => {
                self.bump();
                self.expect_word(Word::When, "`when` and a condition: `lift when ceased(v)`")?;
                StatementKind::Lift { condition: self.expr("a condition")? }
            }
            Word::Compensate if next == Word::From => self.compensate()?,
            Word::Exempt if self.is_name(1) && !self.begins_deed(0) => {
                self.bump();
                StatementKind::Exempt { goods: self.goods()? }
            }
            Word::Proportionate if next == Word::To => {
                self.bump();
                self.bump();
                self.expect_word(Word::Breach, "`breach`: `proportionate to breach`")?;
                StatementKind::Proportionate
            }
            Word::Snap if next == Word::Back => {
                self.bump();
                if !self.take_words(&[Word::Back, Word::On, Word::Relapse]) {
                    return Err(self.expected("`back on relapse`"));
                }
                StatementKind::SnapBack
            }
            Word::Reservation if next == Word::To => self.reservation()?,
            Word::Withdraw if matches!(next, Word::On | Word::At) => self.withdraw()?,
            Word::Overrides if next == Word::Contracts => {
                let token = self.peek(0);
                return Err(self.report(
                    Diagnostic::error(
                        "misplaced-statement",
                        self.span(token),
                        "`overrides contracts` stands inside an article",
                        "speaks of the whole charter",
                    )
                    .help("move it to the head of the charter, below `parties`"),
                ));
            }
            _ if self.begins_rank(0) => self.rank()?,
            _ => return Ok(None),
        };
        Ok(Some(kind))
    }

    /// `on breach of article 1 by v against q, determined by 2/3 of parties except v { … }`.
    fn trigger(&mut self) -> Parsed<Trigger> {
        self.bump();
        if self.word(1) == Word::Of {
            self.mend("`breach`, or an action or event", &[Word::Breach]);
        }
        let event = if self.take_word(Word::Breach).is_some() { self.on_breach()? } else { self.on_act()? };
        let comma = self.is(Sort::Comma);
        let determined = if self.word(usize::from(comma)) == Word::Determined {
            (0..=usize::from(comma)).for_each(|_| {
                self.bump();
            });
            self.expect_word(Word::By, "`by` and a rule: `determined by 2/3 of parties except v`")?;
            Some(self.decision()?)
        } else {
            None
        };
        Ok(Trigger { event, determined, statements: self.body("the rule", true)? })
    }

    /// `{ … }` of a rule or of `for`.
    fn body(&mut self, what: &str, rule: bool) -> Parsed<Vec<Statement>> {
        if !self.is(Sort::OpenBrace) {
            let expected = if rule {
                "`{` and what then holds: the norms of a rule stand in braces"
            } else {
                "`{` and what holds for each"
            };
            return Err(self.expected(expected));
        }
        let open = self.bump();
        self.rules += u32::from(rule);
        let statements = self.statements(open, what);
        self.rules -= u32::from(rule);
        Ok(statements)
    }

    /// What stands behind `on breach`.
    fn on_breach(&mut self) -> Parsed<TriggerEvent> {
        let of = if self.take_word(Word::Of).is_some() { self.norm_targets()? } else { Vec::new() };
        self.expect_word(Word::By, "`by` and a name for whoever broke it: `on breach of article 1 by v { … }`")?;
        let by = self.name("a name for whoever broke it")?;
        let against = if self.take_word(Word::Against).is_some() {
            Some(self.name("a name for whoever was injured")?)
        } else {
            None
        };
        Ok(TriggerEvent::Breach { of, by, against })
    }

    /// `award(tender, winner) by p`, `attacked(q) in territory of q`.
    fn on_act(&mut self) -> Parsed<TriggerEvent> {
        let act = self.act("`breach`, or an action or event: `on attacked(q) { … }`")?;
        let (mut by, mut place) = (None, None);
        loop {
            if by.is_none() && self.take_word(Word::By).is_some() {
                by = Some(self.name("a name for whoever does it")?);
            } else if place.is_none() && self.take_word(Word::In).is_some() {
                place = Some(self.sum("a region")?);
            } else {
                return Ok(TriggerEvent::Occurs { act, by, place });
            }
        }
    }

    /// The words of a decision rule, as far as the brace behind it.
    fn decision(&mut self) -> Parsed<Decision> {
        let start = self.here();
        let mut words = String::new();
        let mut end = start;
        loop {
            let token = self.peek(0);
            match token.sort {
                Sort::OpenBrace | Sort::CloseBrace | Sort::End | Sort::Doc | Sort::ModuleDoc => break,
                _ if self.begins_article(0) => break,
                _ => {}
            }
            self.bump();
            if token.start > end {
                words.push(' ');
            }
            words.push_str(self.slice(token));
            end = token.end;
        }
        if words.is_empty() {
            return Err(self.expected("how it is found: `determined by 2/3 of parties except v`"));
        }
        Ok(Decision { words, span: self.since(start) })
    }

    /// `for a, b: party where a != b { … }`.
    fn for_each(&mut self) -> Parsed<ForAll> {
        self.bump();
        let variables = self.variables()?;
        self.expect(Sort::Colon, "`:` and a kind: `for a, b: party where a != b { … }`")?;
        let kind = self.kind_or_parties()?;
        let filter = if self.take_word(Word::Where).is_some() { Some(self.expr("a condition")?) } else { None };
        Ok(ForAll { variables, kind, filter, statements: self.body("`for`", false)? })
    }

    /// Names bound: `a, b`.
    pub(super) fn variables(&mut self) -> Parsed<Vec<Name>> {
        let mut variables = vec![self.name("a name for each")?];
        while self.take(Sort::Comma).is_some() {
            variables.push(self.name("a name for each")?);
        }
        Ok(variables)
    }

    /// `compensate from Relief who loses by it`.
    fn compensate(&mut self) -> Parsed<StatementKind> {
        self.bump();
        self.bump();
        let fund = self.path("the name of a fund")?;
        self.expect_word(Word::Who, "`who`, an event and `by it`: `compensate from Relief who loses by it`")?;
        let event = self.path("the event that says who loses how much: `who loses by it`")?;
        if !self.take_words(&[Word::By, Word::It]) {
            return Err(self.expected("`by it`"));
        }
        Ok(StatementKind::Compensate { fund, event })
    }

    /// What is spared. A name that begins the next statement is none of it.
    fn goods(&mut self) -> Parsed<Vec<Name>> {
        let mut goods = vec![self.name("what is spared: `exempt food, medicine`")?];
        while (self.is(Sort::Comma) || self.is_word(Word::And))
            && self.is_name(1)
            && !self.begins_statement(1)
            && !self.begins_worded(1)
        {
            self.bump();
            goods.push(self.name("what is spared")?);
        }
        Ok(goods)
    }

    /// `reservation to article 3 on intervene`.
    fn reservation(&mut self) -> Parsed<StatementKind> {
        self.bump();
        self.bump();
        let target = self.norm_target()?;
        let length = self.path_length(1);
        let basis = self.word(1) == Word::Basis && self.sort(2) == Sort::Text;
        let on = self.is_word(Word::On) && length > 0 && !basis && !self.begins_worded(0);
        let action = if on {
            self.bump();
            Some(self.path("the name of an action")?)
        } else {
            None
        };
        Ok(StatementKind::Reservation { target, action })
    }

    /// `withdraw on 180 days notice`, `withdraw at any time`.
    fn withdraw(&mut self) -> Parsed<StatementKind> {
        self.bump();
        if self.take_word(Word::At).is_some() {
            if !(self.is_word(Word::Any) && self.slice_ahead(1) == "time") {
                return Err(self.expected("`any time`: `withdraw at any time`"));
            }
            self.bump();
            self.bump();
            return Ok(StatementKind::Withdraw { notice: None });
        }
        self.bump();
        let notice = self.sum("how long before: `withdraw on 180 days notice`")?;
        self.expect_word(Word::Notice, "`notice`: `withdraw on 180 days notice`")?;
        if self.is(Sort::Comma) && self.word(1) == Word::Not && self.word(2) == Word::Before {
            self.bump();
            return Err(self.report_later(Later::earliest_withdrawal()));
        }
        Ok(StatementKind::Withdraw { notice: Some(notice) })
    }

    /// Whether something is said to prevail or to survive here; a label counts as part of it.
    pub(super) fn begins_rank(&mut self, ahead: usize) -> bool {
        let length = match self.word(ahead) {
            Word::Article if self.sort(ahead + 1) == Sort::Number => self.article_length(ahead),
            Word::This => 1,
            Word::Any if self.word(ahead + 1) == Word::Article => 2,
            _ if self.sort(ahead) == Sort::At => 2,
            _ => usize::from(self.is_name(ahead)),
        };
        length > 0 && self.ranks(ahead + length)
    }

    /// `prevails over`, `survives withdrawal`.
    pub(super) fn ranks(&mut self, ahead: usize) -> bool {
        matches!(
            (self.word(ahead), self.word(ahead + 1)),
            (Word::Prevails, Word::Over) | (Word::Survives, Word::Withdrawal)
        )
    }

    /// `article 3 prevails over article 2`, `article 2 survives withdrawal`.
    fn rank(&mut self) -> Parsed<StatementKind> {
        let upper = self.rank_target()?;
        self.rank_of(upper)
    }

    /// What ranks: a name here is the subject of its statement.
    fn rank_target(&mut self) -> Parsed<NormTarget> {
        let named = !matches!(self.word(0), Word::Article | Word::This | Word::Any | Word::Contracts);
        if !named || self.is(Sort::At) {
            return self.norm_target();
        }
        let name = self.name("what prevails")?;
        Ok(NormTarget { span: name.span, kind: NormTargetKind::Parameter(name) })
    }

    /// The statement on rank that `upper` begins.
    pub(super) fn rank_of(&mut self, upper: NormTarget) -> Parsed<StatementKind> {
        if self.take_words(&[Word::Survives, Word::Withdrawal]) {
            return Ok(StatementKind::Survives { target: upper });
        }
        if !self.take_words(&[Word::Prevails, Word::Over]) {
            return Err(self.expected("`prevails over` or `survives withdrawal`"));
        }
        Ok(StatementKind::Prevails { upper, lower: self.norm_target()? })
    }

    /// `then after 30 days every other party must …`: its norm, and its delay as the first clause.
    pub(super) fn step(&mut self) -> Parsed<(StatementKind, Vec<Modifier>)> {
        let then = self.bump();
        if self.rules == 0 {
            self.report(
                Diagnostic::error(
                    "misplaced-statement",
                    self.span(then),
                    "`then` stands outside a rule",
                    "no step comes before it",
                )
                .help("put it into the braces of the rule whose next step it is: `on breach of article 1 by v { … then … }`"),
            );
        }
        let mut modifiers = Vec::new();
        if let Some(after) = self.take_word(Word::After) {
            let kind = ModifierKind::After(self.sum("how long after the step before: `then after 30 days`")?);
            modifiers.push(Modifier { kind, span: self.since(after.start) });
            self.take(Sort::Comma);
        }
        let norm = Norm { then: true, ..self.norm()? };
        Ok((norm.into(), modifiers))
    }
}
