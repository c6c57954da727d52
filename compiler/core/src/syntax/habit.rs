//! What is written by habit of other texts, in the words of treaties or of programs, where a charter has another form.
//!
//! In: tokens where a statement, a clause or an act is expected. Out: one error with the form that is read here. Nothing here
//! reads what is right: each form begins with what can begin or continue nothing else.

use super::cursor::{Broken, Cursor, Parsed};
use super::reserved::Word;
use super::token::{Sort, Token};
use crate::diagnostic::Diagnostic;

/// How often, in one word.
const OFTEN: &[(&str, &str)] = &[
    ("annually", "every 1 year"),
    ("yearly", "every 1 year"),
    ("monthly", "every 1 month"),
    ("weekly", "every 1 week"),
    ("daily", "every 1 day"),
];

/// Verbs by which other texts name a breach.
const BROKE: &[&str] = &["breached", "breaches", "broke", "broken", "breaks", "infringed", "infringes"];

/// Numbers that deadlines are written in.
const NUMBERS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("sixty", 60),
    ("ninety", 90),
];

/// Whether a word is a unit of time.
pub(super) fn is_time(word: &str) -> bool {
    matches!(word, "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years")
}

impl Cursor<'_> {
    /// Says how that is written which stands where a statement is expected; nothing if no such habit is known.
    pub(super) fn habit(&mut self) -> Parsed<()> {
        let token = self.peek(0);
        if token.sort != Sort::Word {
            return Ok(());
        }
        let next = self.peek(1);
        let help = match token.word {
            Word::All | Word::Each if matches!(next.word, Word::Party | Word::Parties | Word::Other) => {
                self.report_slip(token, "who is bound", Word::Every);
                self.read_as(Word::Every);
                return Ok(());
            }
            Word::By => "write how long there is from the day on which the duty arises: `within 30 days`",
            Word::Of => {
                "a time counts from the day on which the duty arises: `on storm() { every party must … within 30 days }`"
            }
            Word::And if !self.begins_line(token) => "write a statement for each; regions are joined with `+`",
            Word::Or if !self.begins_line(token) => {
                "a norm asks for one act: declare one that either fulfils, or write the case of each with `when`"
            }
            Word::If => {
                // what stands behind `then` is no step of a rule
                while !matches!(self.sort(0), Sort::CloseBrace | Sort::End) {
                    let taken = self.peek(0);
                    if taken.word == Word::Then || (taken.start > token.start && self.begins_line(taken)) {
                        break;
                    }
                    self.skip_group();
                }
                self.take_word(Word::Then);
                "write a condition behind its norm, `when …`; what a breach is answered with is a rule: \
                 `on breach of article 1 by p { … }`"
            }
            Word::Except if next.sort == Sort::Word => {
                "write whom it spares behind its subject: `every party except P must …`"
            }
            Word::When | Word::Unless => {
                "write a condition behind its norm; what happens sets a rule off: `on storm() { every party must … }`"
            }
            Word::Reservation if next.word == Word::On => "write `reservation to article 1`",
            Word::Withdraw if next.word == Word::With => "write `withdraw on 90 days notice`",
            Word::Name => {
                let help = match self.slice(token) {
                    "provided" | "given" => "write a condition `when …`, or an exception `unless …`",
                    "since" => "write from which day on: `from 1990-01-01`",
                    "despite" | "regardless" => "write `notwithstanding article 2`",
                    "neither" | "nobody" | "none" => "write `no party may …`",
                    _ if self.is_list() => "write a statement for each; regions are joined with `+`",
                    _ => return Ok(()),
                };
                if self.begins_statement(0) {
                    return Ok(()); // somebody is called so
                }
                help
            }
            _ => return Ok(()),
        };
        Err(self.unread(token, "a statement", help))
    }

    /// Whether a name by itself stands here, as in a list: `A claims Land.North, Land.South`.
    fn is_list(&mut self) -> bool {
        let length = self.path_length(0);
        self.last().sort == Sort::Comma && matches!(self.sort(length), Sort::CloseBrace | Sort::Comma)
    }

    /// `regions North, South`, `region North, South`: each region is an entry of the atlas.
    pub(super) fn regions_by_habit(&mut self) -> Parsed<()> {
        let token = self.peek(0);
        let next = self.peek(1);
        let alone = matches!(next.sort, Sort::Comma | Sort::CloseBrace) || self.begins_line(next);
        let listed = alone && token.word == Word::Name && token.sort == Sort::Word;
        if self.slice(token) != "regions" && !listed {
            return Ok(());
        }
        let first = self.peek(usize::from(!listed));
        let help = format!("write each by itself: `region {}`", self.slice(first));
        let broken = self.unread(token, "`region` and a name", &help);
        while !self.is(Sort::CloseBrace) && !self.is(Sort::End) {
            self.bump();
            let next = self.peek(0);
            if self.begins_line(next) {
                break;
            }
        }
        Err(broken)
    }

    /// A clause as other texts have it, if one stands here: reported, and stepped over.
    pub(super) fn habit_clause(&mut self) -> bool {
        let token = self.peek(0);
        let next = self.peek(1);
        if token.word == Word::Every && is_time(self.slice(next)) {
            // `every month must …`, `every month m may …`: a kind that is called so
            let bound = |word| {
                use Word::{Claims, Controls, Except, Is, May, Must, Should, Where};
                matches!(word, Must | May | Should | Is | Except | Where | Claims | Controls)
            };
            if bound(self.word(2)) || (self.is_name(2) && bound(self.word(3))) {
                return false;
            }
            let unit = self.slice(next).trim_end_matches('s');
            self.unread(next, "a number", &format!("write `every 1 {unit}`"));
            self.bump();
            self.bump();
            return true;
        }
        if token.word == Word::Name
            && let Some((_, clause)) = OFTEN.iter().find(|(word, _)| *word == self.slice(token))
            && !self.begins_statement(0)
        {
            self.unread(token, "a clause of the statement", &format!("write `{clause}`"));
            self.bump();
            return true;
        }
        false
    }

    /// `unless has embargo(Ada)`, `unless Ada ceased`, `when it broke article 1`: a condition that lacks its subject, has it before an
    /// event, or names a breach by a verb.
    pub(super) fn condition_by_habit(&mut self) -> Parsed<()> {
        let token = self.peek(0);
        if token.word == Word::Has && self.word(1) == Word::Name {
            return Err(self.unread(token, "a condition", "write who: `it has embargo(q)`"));
        }
        let words: Vec<Token> = (1..4).map(|at| self.peek(at)).collect();
        let said: Vec<&str> = words.iter().map(|t| self.slice(*t)).collect();
        let broke = match said.as_slice() {
            ["is", "in", "breach"] => true,
            ["has", verb, _] => BROKE.contains(verb) && words.get(2).is_none_or(|t| t.sort != Sort::OpenParen),
            [verb, ..] => BROKE.contains(verb) && words.get(1).is_none_or(|t| t.sort != Sort::OpenParen),
            [] => false,
        };
        if matches!(token.word, Word::Name | Word::It) && broke {
            let help = format!("write `breach of article 1 by {}`", self.slice(token));
            let verb = self.peek(1);
            return Err(self.unread(verb, "a condition", &help));
        }
        let (next, behind) = (self.peek(1), self.peek(2));
        let two = [token, next].iter().all(|t| t.sort == Sort::Word && t.word == Word::Name);
        let ends = matches!(behind.sort, Sort::CloseBrace | Sort::Comma | Sort::OpenParen) || self.begins_line(behind);
        if two && ends && !self.begins_line(next) && !self.begins_statement(1) && !self.is_misspelled_clause(1) {
            let (who, what) = (self.slice(token), self.slice(next));
            let help = format!("write an event as `{what}({who})`, an act as `{who} has {what}()`");
            return Err(self.unread(next, "a condition", &help));
        }
        Ok(())
    }

    /// A number in letters behind `within`, `after` or `every`.
    pub(super) fn spelled_number(&mut self) -> Parsed<()> {
        let (token, unit) = (self.peek(0), self.peek(1));
        let plain = token.sort == Sort::Word && unit.sort == Sort::Word && is_time(self.slice(unit));
        if !plain || !matches!(token.word, Word::Name | Word::One | Word::A) {
            return Ok(());
        }
        let (word, unit) = (self.slice(token).to_lowercase(), self.slice(unit));
        let number = NUMBERS.iter().find(|(known, _)| *known == word).map(|(_, n)| *n);
        let help = match number {
            Some(n) => format!("write `{n} {unit}`"),
            None if token.word == Word::A => format!("write `1 {unit}`"),
            None => format!("write it in digits, as in `30 {unit}`"),
        };
        let broken = self.unread(token, "a number", &help);
        self.bump();
        self.bump();
        Err(broken)
    }

    /// `must pay Bel 5 EUR`, `may attack any other party`: what an act takes stands in brackets.
    pub(super) fn act_in_brackets(&mut self, act: &str) -> Parsed<()> {
        let token = self.peek(0);
        let other = token.word == Word::Any
            && self.word(1) == Word::Other
            && !(3..5).any(|at| matches!(self.word(at), Word::Must | Word::May | Word::Should | Word::Is));
        let name =
            token.word == Word::Name && matches!(token.sort, Sort::Word | Sort::Text) && !self.begins_statement(0);
        // a clause whose word is misspelled, or that is written otherwise elsewhere, is told of as that
        let known = ["since", "provided", "given", "despite", "regardless", "neither", "nobody", "none"];
        let clause = known.contains(&self.slice(token)) || OFTEN.iter().any(|(word, _)| *word == self.slice(token));
        let meant = other || (name && !clause && !self.is_misspelled_clause(0));
        if !meant || self.begins_line(token) {
            return Ok(());
        }
        let help = if other {
            format!("write `{act}(any other party)`")
        } else {
            format!("write `{act}({}, …)`", self.slice(token))
        };
        Err(self.unread(token, "what the act takes in brackets", &help))
    }

    /// `attack(another party)`, `embargo(p, share: 50%)`, behind an argument.
    pub(super) fn argument_by_habit(&mut self) -> Parsed<()> {
        let token = self.peek(0);
        let help = match token.word {
            Word::Party | Word::Parties => "write `any other party`, or a name",
            _ if token.sort == Sort::Colon => "write `=` behind the name of a parameter: `share = 50%`",
            _ => return Ok(()),
        };
        Err(self.unread(token, "`,` or `)`", help))
    }

    /// Says what was expected in place of a token, with the form that is read there.
    pub(super) fn unread(&mut self, token: Token, expected: &str, help: &str) -> Broken {
        let found = self.found(token);
        self.report(
            Diagnostic::error(
                "unexpected",
                self.span(token),
                format!("expected {expected}, found {found}"),
                "not read here",
            )
            .help(help),
        )
    }
}
