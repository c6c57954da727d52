//! Declarations of what can be done and with what: ladders, actions, events, funds, flows, contracts.
//!
//! In: tokens at their first word. Out: their tree.

use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::token::Sort;
use super::tree::conduct::{Action, ActionTrait, ActionTraitKind, Contract, Flow, Fund, Ladder};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// `ladder Severity { verbal < diplomatic < economic < military }`.
    pub(super) fn ladder(&mut self) -> Parsed<Ladder> {
        self.bump();
        let name = self.name("the name of a ladder")?;
        let open = self.expect(Sort::OpenBrace, "`{` and the levels, the lowest first: `{ verbal < economic }`")?;
        let mut levels = vec![self.name("the name of the lowest level")?];
        while self.take(Sort::Less).is_some() {
            levels.push(self.name("the name of a level")?);
        }
        if self.take(Sort::CloseBrace).is_none() {
            if self.is(Sort::End) {
                self.unclosed(open, "the ladder");
                return Ok(Ladder { name, levels });
            }
            let token = self.peek(0);
            if matches!(token.sort, Sort::Comma | Sort::Greater) {
                return Err(self.unread(
                    token,
                    "`<` and the next level, or `}`",
                    "write the lowest first: `{ low < mid < high }`",
                ));
            }
            return Err(self.expected("`<` and the next level, or `}`"));
        }
        Ok(Ladder { name, levels })
    }

    /// `action embargo(by: Party, on: Party) severity economic`, `event ceased(by: Party) once`.
    pub(super) fn action(&mut self) -> Parsed<Action> {
        let event = self.bump().word == Word::Event;
        let name = self.name(if event { "the name of an event" } else { "the name of an action" })?;
        let parameters = if self.is(Sort::OpenParen) { self.parameters(true)? } else { Vec::new() };
        if parameters.is_empty() && !event {
            let span = self.since(name.span.start);
            self.report(
                Diagnostic::error(
                    "no-actor",
                    span,
                    format!("the action `{}` does not say who does it", name.text),
                    "its first parameter is the actor",
                )
                .help(format!("write `action {}(by: Party)`; what is nobody's doing is an `event`", name.text)),
            );
        }
        let mut traits = Vec::new();
        loop {
            let comma = self.is(Sort::Comma);
            let start = self.mark();
            if comma {
                self.bump();
            }
            match self.action_trait()? {
                Some(one) => traits.push(one),
                None => {
                    self.rewind(start);
                    return Ok(Action { name, parameters, traits });
                }
            }
        }
    }

    /// One thing said of an action, if one stands here.
    fn action_trait(&mut self) -> Parsed<Option<ActionTrait>> {
        if self.begins_stance(0) {
            return Ok(None);
        }
        let first = self.peek(0);
        let kind = match first.word {
            Word::Severity => {
                self.bump();
                if self.is(Sort::Colon) {
                    let token = self.bump();
                    self.unread(token, "the name of a level", "leave the colon out: `severity economic`");
                }
                ActionTraitKind::Severity(self.path("the name of a level")?)
            }
            Word::Reads => {
                self.bump();
                ActionTraitKind::Reads(self.quoted("a text in quotes: `reads \"{by} embargoes {on}\"`")?)
            }
            Word::Hinders => {
                self.bump();
                ActionTraitKind::Hinders(self.path("the name of an action")?)
            }
            Word::Changes => {
                self.bump();
                let quantity = self.operand("a quantity: `changes balance(F) by -amount`")?;
                self.expect_word(Word::By, "`by` and how much: `changes balance(F) by -amount`")?;
                ActionTraitKind::Changes { quantity, by: self.sum("how much")? }
            }
            Word::Cuts => {
                self.bump();
                let flow = self.path("the flow that it cuts: `cuts food by 40%`")?;
                let by = if self.is_word(Word::By) {
                    self.bump();
                    Some(self.sum("the share that it cuts")?)
                } else {
                    None
                };
                ActionTraitKind::Cuts { flow, by }
            }
            word @ (Word::Hostile | Word::Helps | Word::Lasting | Word::Once) => {
                self.bump();
                match word {
                    Word::Hostile => ActionTraitKind::Hostile,
                    Word::Helps => ActionTraitKind::Helps,
                    Word::Lasting => ActionTraitKind::Lasting,
                    _ => ActionTraitKind::Once,
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(ActionTrait { kind, span: self.since(first.start) }))
    }

    /// `fund Relief = 3 million EUR`.
    pub(super) fn fund(&mut self) -> Parsed<Fund> {
        self.bump();
        let name = self.name("the name of a fund")?;
        self.expect(Sort::Equal, "`=` and what the fund holds: `= 3 million EUR`")?;
        Ok(Fund { name, amount: self.sum("an amount of money")? })
    }

    /// `flow food at least 60%`, `flow food at least 60% supplied by grain`.
    pub(super) fn flow(&mut self) -> Parsed<Flow> {
        self.bump();
        let name = self.name("the name of a flow")?;
        if !self.take_words(&[Word::At, Word::Least]) {
            return Err(self.expected("`at least` and the floor, as a share of the usual flow: `at least 60%`"));
        }
        let floor = self.sum("the floor, as a share of the usual flow: `60%`")?;
        let supplied = if self.take_words(&[Word::Supplied, Word::By]) {
            Some(self.name("the attribute that says what share of others' flow a party supplies")?)
        } else {
            None
        };
        Ok(Flow { name, floor, supplied })
    }

    /// `contract Transit between Ada, Cyr { Cyr must carry(Ada) }`.
    pub(super) fn contract(&mut self) -> Parsed<Contract> {
        self.bump();
        let name = self.name("the name of a contract")?;
        self.expect_word(Word::Between, "`between` and the parties to the contract")?;
        let parties = self.paths("the name of a party")?;
        let open = self.expect(Sort::OpenBrace, "`{` and what the contract says")?;
        let what = format!("the contract `{}`", name.text);
        Ok(Contract { name, parties, statements: self.statements(open, &what) })
    }
}
