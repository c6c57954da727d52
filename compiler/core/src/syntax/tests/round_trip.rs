//! Tree → text → tree is the identity, spans aside.

use super::arbitrary;
use crate::source::Sources;
use crate::syntax::tree::Module;
use crate::syntax::{parse, print};
use proptest::prelude::*;

/// A tree with every span blotted out.
pub(super) fn shape(module: &Module) -> String {
    let shown = format!("{module:#?}");
    let mut out = String::with_capacity(shown.len());
    let mut skip = None;
    for line in shown.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(depth) = skip {
            if indent == depth {
                skip = None;
            }
            continue;
        }
        if line.ends_with("Span {") {
            skip = Some(indent);
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn read(text: &str) -> Result<Module, String> {
    let mut sources = Sources::default();
    let file = sources.add("a.charter", text);
    let (module, diagnostics) = parse(&sources, file);
    match diagnostics.first() {
        None => Ok(module),
        Some(d) => Err(format!("{} at {}", d.headline, sources.slice(d.primary.span))),
    }
}

proptest! {
    #[test]
    fn text_of_any_tree_reads_back(module in arbitrary::module()) {
        let text = print(&module);
        let back = read(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(shape(&module), shape(&back), "{}", text);
        prop_assert_eq!(print(&back), text);
    }

    #[test]
    fn any_text_gives_a_tree(text in "\\PC{0,200}") {
        let mut sources = Sources::default();
        let file = sources.add("a.charter", text.as_str());
        let (_, diagnostics) = parse(&sources, file);
        for d in diagnostics {
            prop_assert!(d.primary.span.end as usize <= text.len());
        }
    }
}
