//! Text to tree and back.
//!
//! In: a source text. Out: [`tree::Module`] and diagnostics in a person's words. Several errors are found in one run: what
//! cannot be read is stepped over to the next statement or declaration. Nothing on any input recurses deeper than
//! [`NESTING_LIMIT`], and time grows with the length of the text. Does not look up names.

mod action;
mod ahead;
mod amount;
mod border;
mod charter;
mod condition;
mod cursor;
mod decode;
mod expression;
mod habit;
mod item;
mod later;
mod lexer;
mod literal;
mod literate;
mod norm;
mod place;
mod print;
mod property;
pub mod reserved;
mod rule;
mod scenario;
mod slip;
mod statement;
mod token;
pub mod tree;

pub use cursor::DIAGNOSTIC_LIMIT;
pub use decode::{SIZE_LIMIT, Undecodable, add, decode};
pub use expression::OPERATOR_LIMIT;
pub use lexer::NESTING_LIMIT;
pub use literal::DIGIT_LIMIT;
pub use print::{print, print_expr};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};
use cursor::Cursor;

/// Reads one file: a `.md` file as a literate charter, any other as a plain one. A file that is not among `sources` is
/// empty.
///
/// Whatever the text, a tree comes back; if any diagnostic is an error, it holds only what could be read. Diagnostics stand
/// in the order of the text.
#[must_use]
pub fn parse(sources: &Sources, file: FileId) -> (tree::Module, Vec<Diagnostic>) {
    let text = sources.get(file).map_or("", |f| f.text.as_ref());
    if !literate::is_literate(sources.path(file)) {
        let mut cursor = Cursor::new(text, file, std::iter::once(0..text.len()).collect());
        let module = cursor.module();
        return (module, cursor.finish());
    }
    let found = literate::read(text, file);
    let mut cursor = Cursor::new(text, file, found.blocks);
    for error in found.errors {
        cursor.report(error);
    }
    let module = tree::Module { prose: found.prose, ..cursor.module() };
    (module, cursor.finish())
}

#[cfg(test)]
mod tests;
