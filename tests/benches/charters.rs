//! How long charters take: `cargo bench -p comity-tests --bench charters`.
//!
//! In: a generated charter of 10 MB, an example of one page, a generated registry. Out: times for reading them, and for the
//! whole road with Z3 up to the report.
#![expect(clippy::unwrap_used, reason = "a bench fails aloud")]

use comity_core::compile::read_program;
use comity_core::report::{Format, Verdict};
use comity_core::source::Sources;
use comity_core::syntax;
use comity_tests::{Files, check, generate, project};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

const SIZE: usize = 10_000_000;

#[divan::bench(sample_count = 5)]
fn parse_10_mb(bencher: Bencher<'_, '_>) {
    let text = generate::charter(SIZE);
    let mut sources = Sources::default();
    let file = syntax::add(&mut sources, "a.charter", text.as_bytes()).unwrap();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let (tree, found) = syntax::parse(&sources, file);
        assert!(found.is_empty());
        tree
    });
}

#[divan::bench(sample_count = 5)]
fn parse_and_check_types_10_mb(bencher: Bencher<'_, '_>) {
    let text = generate::charter(SIZE);
    let files = Files::of([("a.charter", text.as_str())]);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let (mut sources, mut found) = (Sources::default(), Vec::new());
        let program = read_program(&files, &["a.charter".to_owned()], None, &mut sources, &mut found);
        assert!(program.is_some(), "{found:?}");
        (program, sources)
    });
}

#[divan::bench(args = ["founding", "islands", "many_peers"], sample_count = 20)]
fn whole_road_of_an_example(bencher: Bencher<'_, '_>, name: &str) {
    let files = Files::below(&project().join("examples").join(name)).unwrap();
    let roots = files.charters();
    bencher.bench_local(|| check(&files, &roots).show(Format::Human));
}

#[divan::bench(args = [100, 1_000], sample_count = 3)]
fn whole_road_of_a_registry(bencher: Bencher<'_, '_>, peers: usize) {
    let (files, roots) = generate::registry(peers);
    bencher.bench_local(|| {
        let checked = check(&files, &roots);
        assert_eq!(checked.report().verdict, Verdict::Conflict, "{:?}", checked.diagnostics());
        checked
    });
}
