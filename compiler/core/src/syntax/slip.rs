//! Words of the language that are misspelled.
//!
//! In: a word that is none, and those that may stand in its place. Out: the one it is a slip of the pen for, reported once and
//! read as if it stood there, so that what follows is read as well.

use super::cursor::Cursor;
use super::reserved::Word;
use super::token::{Sort, Token};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// Takes the word here for the one of `among` that it is a slip of the pen for; whether it is one.
    pub(super) fn mend(&mut self, expected: &str, among: &[Word]) -> bool {
        let token = self.peek(0);
        if token.sort != Sort::Word || token.word != Word::Name {
            return false;
        }
        let Some(meant) = closest(self.slice(token), among) else { return false };
        self.report_slip(token, expected, meant);
        self.read_as(meant);
        true
    }

    /// Says that a word is misspelled.
    pub(super) fn report_slip(&mut self, token: Token, expected: &str, meant: Word) {
        let found = self.slice(token);
        self.report(
            Diagnostic::error(
                "unexpected",
                self.span(token),
                format!("expected {expected}, found `{found}`"),
                format!("did you mean `{}`?", meant.text()),
            )
            .help(format!("write `{}`", meant.text())),
        );
    }
}

/// The word of `among` that `found` is a slip of the pen for.
pub(super) fn closest(found: &str, among: &[Word]) -> Option<Word> {
    let allowed = if found.chars().count() <= 4 { 1 } else { 2 };
    among
        .iter()
        .map(|w| (distance(found, w.text()), *w))
        .filter(|(d, _)| *d <= allowed)
        .min_by_key(|(d, _)| *d)
        .map(|(_, w)| w)
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate().take(40) {
        let mut before = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let change = before + usize::from(x != *y);
            before = *cell;
            left = change.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_found() {
        assert_eq!(distance("claim", "claims"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(closest("clams", &[Word::Controls, Word::Claims]), Some(Word::Claims));
        assert_eq!(closest("loves", &[Word::Controls, Word::Claims]), None);
    }
}
