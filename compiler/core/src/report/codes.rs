//! Every check by its code: what it finds in a few words, how it counts unless told otherwise, and in which ring it comes.
//! A code, once released, keeps its meaning for good.

use super::Level;

/// One check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// such as `B01`
    pub code: &'static str,
    /// what it finds, in a few words
    pub title: &'static str,
    /// how it counts unless `--level` or `comity.toml` say otherwise
    pub level: Level,
    /// 1: what is held; 2: what is owed; 3: how it is decided
    pub ring: u8,
}

const fn code(code: &'static str, title: &'static str, level: Level, ring: u8) -> Code {
    Code { code, title, level, ring }
}

use Level::{Error, Note, Warning};

/// All codes, in the order of the catalogue.
pub const CODES: &[Code] = &[
    code("B01", "claims that cannot all hold", Error, 1),
    code("B02", "a recognition contradicts a title", Error, 1),
    code("B03", "shares above the whole", Error, 1),
    code("B04", "two descriptions of one boundary differ", Error, 1),
    code("B05", "nobody's", Note, 1),
    code("B06", "below tolerance in this file", Note, 1),
    code("B07", "giving what one does not hold", Error, 1),
    code("B08", "undecidable at this accuracy", Warning, 1),
    code("B09", "recognition gaps", Note, 1),
    code("B10", "enclaves and closed exits", Warning, 2),
    code("B11", "the guarantee misses ground", Warning, 2),
    code("B12", "readings differ", Note, 1),
    code("B13", "agreed overlaps", Note, 1),
    code("N01", "dilemma", Error, 2),
    code("N02", "cannot be met", Error, 2),
    code("N03", "never applies", Warning, 2),
    code("N04", "says nothing new", Warning, 2),
    code("N05", "set aside always", Warning, 2),
    code("N06", "binds or aims at an outsider", Error, 2),
    code("S01", "breach without a response", Warning, 2),
    code("S02", "nobody to respond", Warning, 2),
    code("S03", "the response is itself a breach", Error, 2),
    code("S04", "cascade", Error, 2),
    code("S05", "out of proportion", Warning, 2),
    code("S06", "beyond their means", Warning, 2),
    code("S07", "no way back", Warning, 2),
    code("S08", "judge in its own cause", Error, 3),
    code("S09", "uncompensated", Warning, 2),
    code("S10", "set off by one", Warning, 3),
    code("S11", "hollow guarantee", Warning, 2),
    code("S12", "drawn in", Warning, 2),
    code("S13", "passing the buck", Warning, 2),
    code("S14", "exit before the bill", Warning, 2),
    code("S15", "whittling down", Warning, 3),
    code("S16", "striking back is lawful", Warning, 2),
    code("S17", "the protected flow", Warning, 2),
    code("P01", "two decisions at once", Warning, 3),
    code("P02", "no decision ever", Error, 3),
    code("P03", "power", Note, 3),
    code("P04", "a side door", Warning, 3),
    code("P05", "no way out", Warning, 3),
    code("P06", "never in force", Error, 3),
    code("P07", "two bodies", Warning, 3),
    code("P08", "packing", Warning, 3),
    code("P09", "entrenched property lost", Error, 3),
    code("A01", "can join", Note, 1),
    code("A02", "not yet consistent with the members", Error, 1),
    code("A03", "a reservation that is not allowed", Error, 3),
    code("A04", "what joining changes", Note, 3),
    code("A05", "sets that fit together", Note, 3),
    code("A06", "a requirement is not met", Error, 1),
    code("A07", "changed by another", Error, 3),
    code("O01", "a party bound both ways", Error, 3),
    code("O02", "merger", Note, 3),
    code("O03", "a response here is a breach there", Error, 3),
    code("O04", "at a third's expense", Warning, 3),
    code("M01", "an amendment's effect", Note, 3),
    code("T01", "no zone of agreement", Error, 1),
    code("T02", "zone of agreement", Note, 3),
    code("K01", "contracts suspended", Note, 3),
    // what a file asks for with `prove`
    code("prove", "a property does not hold", Error, 1),
];

/// The check with this code, written in either case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|c| c.code.eq_ignore_ascii_case(code))
}

/// What the check finds, in a few words; the code itself where there is none.
#[must_use]
pub fn title(code: &str) -> &str {
    find(code).map_or(code, |c| c.title)
}

/// How the check counts unless told otherwise; an error where there is none.
#[must_use]
pub fn level(code: &str) -> Level {
    find(code).map_or(Level::Error, |c| c.level)
}
