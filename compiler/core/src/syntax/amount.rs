//! Amounts and dates as other texts write them: `5.000 EUR`, `5bn EUR`, `5,000 EUR`, `01/02/1990`.
//!
//! In: tokens. Out: one error or warning with the form that is read here. What could be read both ways
//! is refused rather than guessed.

use super::cursor::{Cursor, Parsed};
use super::token::{Sort, Token};
use super::tree::Name;
use crate::diagnostic::{Diagnostic, Severity};

/// Whether a name is a currency by its look.
fn is_currency(name: &str) -> bool {
    name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase())
}

impl Cursor<'_> {
    /// `5.000 EUR` is five: where a point divides thousands it is meant for five thousand.
    pub(super) fn thousands_of_money(&mut self, number: Token, unit: &Name) {
        let written = self.slice(number);
        let Some((whole, rest)) = written.split_once('.') else { return };
        // nobody writes the last zero of a fraction of a cent; the formatter does not either
        if !is_currency(&unit.text) || rest.len() != 3 || !rest.ends_with('0') || whole == "0" {
            return;
        }
        self.report(
            Diagnostic::error(
                "point-in-money",
                self.span(number),
                format!("`{written}` is read with a decimal point"),
                "less than a thousand",
            )
            .severity(Severity::Warning)
            .help(format!("write `{whole}_{rest}` for thousands, or two decimals")),
        );
    }
    /// `5,000 EUR` behind its first number: a comma divides entries, and is meant for thousands.
    pub(super) fn comma_in_money(&mut self, number: Token) -> Parsed<()> {
        let mut whole = self.slice(number).to_owned();
        let mut ahead = 0;
        let mut end = number;
        loop {
            let (comma, next) = (self.peek(ahead), self.peek(ahead + 1));
            let near = comma.sort == Sort::Comma && comma.start == end.end && next.start == comma.end;
            if !near || next.sort != Sort::Number || self.slice(next).len() != 3 {
                break;
            }
            whole = format!("{whole}_{}", self.slice(next));
            end = next;
            ahead += 2;
        }
        let unit = self.peek(ahead);
        if ahead == 0 || unit.sort != Sort::Word || !is_currency(self.slice(unit)) {
            return Ok(());
        }
        let currency = self.slice(unit);
        let span = self.span(number).to(self.span(unit));
        (0..=ahead).for_each(|_| {
            self.bump();
        });
        Err(self.report(
            Diagnostic::error(
                "unexpected",
                span,
                format!("`{}` can be read in two ways", self.text_of(span)),
                "a comma divides what is listed",
            )
            .help(format!("write `{whole} {currency}`")),
        ))
    }

    /// `5bn EUR`, `5 Mio EUR`: the power of ten of a short word before a currency, reported.
    pub(super) fn short_scale(&mut self) -> Option<u32> {
        let (token, next) = (self.peek(0), self.peek(1));
        if token.sort != Sort::Word || next.sort != Sort::Word || !is_currency(self.slice(next)) {
            return None;
        }
        let (word, power) = match self.slice(token).to_lowercase().as_str() {
            "k" | "tsd" => ("thousand", 3),
            "m" | "mn" | "mln" | "mio" => ("million", 6),
            "b" | "bn" | "bln" | "mrd" => ("billion", 9),
            "tn" | "trn" => ("trillion", 12),
            _ => return None,
        };
        self.unread(token, "the unit of an amount", &format!("write `{word} {}`", self.slice(next)));
        self.bump();
        Some(power)
    }

    /// `01/02/1990` where a date stands.
    pub(super) fn date_with_slashes(&mut self) -> Parsed<()> {
        let first = self.peek(0);
        let slashes = self.sort(1) == Sort::Slash && self.sort(2) == Sort::Number && self.sort(3) == Sort::Slash;
        if first.sort != Sort::Number || !slashes || self.sort(4) != Sort::Number {
            return Ok(());
        }
        let last = self.peek(4);
        let span = self.span(first).to(self.span(last));
        (0..5).for_each(|_| {
            self.bump();
        });
        Err(self.report(
            Diagnostic::error(
                "bad-date",
                span,
                format!("expected a date, found `{}`", self.text_of(span)),
                "day or month first?",
            )
            .help("write year, month and day: `1990-12-31`"),
        ))
    }
}
