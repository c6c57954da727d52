//! The parser against the grammar it is held to, `charter.pest`.
//!
//! What the grammar takes, the parser reads; what the parser reads can be printed so that the grammar takes it. On trees of
//! every shape, and on texts that are a token or two away from one.

use super::arbitrary;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::syntax::tree::Module;
use crate::syntax::{parse, print};
use proptest::prelude::*;

/// What no grammar can say: that there is such a day, that a number is small enough.
const BEYOND: &[&str] = &["bad-date", "bad-angle", "bad-number", "too-fine", "too-deep", "misplaced-description"];

fn read(text: &str) -> (Module, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("a.charter", text);
    parse(&sources, file)
}

fn agree(text: &str) -> Result<(), String> {
    let (module, diagnostics) = read(text);
    let refused = comity_grammar::check(text);
    let said: Vec<_> = diagnostics.iter().filter(|d| !BEYOND.contains(&d.code)).collect();
    if let (Ok(()), Some(d)) = (&refused, said.first()) {
        return Err(format!("the grammar takes it, the parser says: {} at {:?}\n{text}", d.headline, d.primary.span));
    }
    if diagnostics.is_empty() {
        let printed = print(&module);
        if let Err(refused) = comity_grammar::check(&printed) {
            let rest = printed.get(refused.offset..).unwrap_or("");
            return Err(format!(
                "the parser takes it, the grammar stops at: {rest}\nexpected {:?}\n{text}",
                refused.expected
            ));
        }
    }
    Ok(())
}

/// The pieces of a text, blanks with the piece before them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let begins = !(c.is_whitespace() || word(c) && word(before));
        if begins && at > start {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = c;
    }
    pieces.extend(text.get(start..));
    pieces
}

/// Takes a piece out, puts one in twice, or changes two.
fn bent(text: &str, how: u8, one: usize, other: usize) -> String {
    let mut pieces = pieces(text);
    let (one, other) = (one % pieces.len(), other % pieces.len());
    match how % 4 {
        0 => {
            pieces.remove(one);
        }
        1 => pieces.insert(other, pieces[one]),
        2 => pieces.swap(one, other),
        _ => pieces[one] = pieces[other],
    }
    pieces.join(" ")
}

proptest! {
    #[test]
    fn trees_of_every_shape(module in arbitrary::module()) {
        agree(&print(&module)).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn texts_a_piece_away_from_one(
        module in arbitrary::module(),
        bends in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..4),
    ) {
        let mut text = print(&module);
        for (how, one, other) in bends {
            if !text.is_empty() {
                text = bent(&text, how, one, other);
            }
        }
        agree(&text).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn the_standard_library_stands_in_the_grammar() {
    for (path, text) in comity_stdlib::MODULES {
        assert_eq!(comity_grammar::check(text), Ok(()), "{path}");
    }
}
