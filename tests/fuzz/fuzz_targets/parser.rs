//! Any bytes as a charter: read as far as a program or refused, never a panic, and every place lies in the text.
//!
//! Seeds: `cp examples/*/*.charter tests/suite/syntax/*/*.charter` into a folder and name it on the command line.
#![no_main]

use comity_core::compile::read_program;
use comity_core::source::{Sources, World, WorldError};
use libfuzzer_sys::fuzz_target;

/// One file and no other.
struct One<'a>(&'a [u8]);

impl World for One<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        if path == "a.charter" { Ok(self.0.to_vec()) } else { Err(WorldError::Missing) }
    }

    fn glob(&self, _: &str) -> Result<Vec<String>, WorldError> {
        Ok(Vec::new())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let program = read_program(&One(bytes), &["a.charter".to_owned()], None, &mut sources, &mut found);
    assert!(program.is_some() || !found.is_empty(), "refused without a word");
    for span in found.iter().flat_map(|d| std::iter::once(d.primary.span).chain(d.secondary.iter().map(|l| l.span))) {
        let text = sources.get(span.file).map(|f| &f.text);
        assert!(text.is_some_and(|t| t.get(span.start as usize..span.end as usize).is_some()), "{span:?}");
    }
});
