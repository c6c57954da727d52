//! `comity test` on text: each heading of a file in `suite/test/` is a program with scenarios and what came of them.
//!
//! In: Markdown ([`comity_tests::cases`]); a `report` is what the format prints that the file is named after (`human.md`). With
//! `COMITY_BLESS=1` the reports are written anew; read the difference before you commit it.

use comity_core::report::trial::TrialFormat;
use comity_tests::cases::{Case, markdown, run};
use comity_tests::{project, trial};
use std::path::Path;

fn format(file: &Path) -> TrialFormat {
    let name = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let named = TrialFormat::ALL.into_iter().find(|f| name.ends_with(f.name()));
    named.unwrap_or(TrialFormat::Human)
}

#[test]
fn every_case_gives_its_report() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in markdown(&project().join("tests/suite/test")) {
        let format = format(&file);
        let outcome = |case: &Case| {
            let files = case.files();
            trial(&files, &files.charters(), format)
        };
        run(&file, &outcome, &mut wrong);
        count += 1;
    }
    assert!(count >= 4, "{count} files of cases");
    assert!(wrong.is_empty(), "{}\n(COMITY_BLESS=1 accepts what was found)", wrong.join("\n"));
}
