//! The front half of the road: paths in, a [`Program`] out.
//!
//! In: root paths and a [`World`]. Out: the program, or why it cannot be read. Errors of one stage keep the next from
//! running only where it could say nothing new.

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Program, lower};
use crate::resolve::{self, Names};
use crate::source::{Sources, Span, World};

/// Reads a program. `also_import` is the path of a charter that every root sees without naming it (`comity join`).
///
/// The program is `None` where an error was found; `diagnostics` then has all of them. Notes and warnings are given in
/// either case.
pub fn read_program(
    world: &dyn World,
    roots: &[String],
    also_import: Option<&str>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Program> {
    let project = resolve::load(world, roots, also_import, sources, diagnostics);
    let failed = |found: &[Diagnostic]| found.iter().any(|d| d.severity == Severity::Error);
    let unreadable = failed(diagnostics);
    let names = Names::collect(&project, diagnostics);
    let mut found = Vec::new();
    let program = lower::lower(world, &project, &names, sources, &mut found);
    // What could not be parsed is missing from the tree: an unknown name may only be the echo of that. Nor is a place that is
    // refused already refused again for its meaning.
    if unreadable {
        let within = |d: Span, e: Span| e.file == d.file && e.start <= d.start && d.end <= e.end;
        let refused = |d: &Diagnostic| {
            let errors = diagnostics.iter().filter(|e| e.severity == Severity::Error);
            errors.into_iter().any(|e| within(d.primary.span, e.primary.span))
        };
        let echo = |d: &Diagnostic| d.code.starts_with("unknown-") || d.code == "charter-without-parties";
        found.retain(|d| !echo(d) && !refused(d));
    }
    diagnostics.append(&mut found);
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (sources.path(d.primary.span.file).to_owned(), d.primary.span.start, d.severity);
        key(a).cmp(&key(b))
    });
    (!failed(diagnostics)).then_some(program)
}
