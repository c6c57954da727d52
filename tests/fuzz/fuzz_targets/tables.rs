//! Any bytes as a JSON, YAML or CSV file: read or refused, never a panic, and every place lies in the text.
#![no_main]

use comity_core::data::{Format, Layout, read_table, take_in};
use comity_core::source::Sources;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let format = match choice % 3 {
        0 => Format::Json,
        1 => Format::Yaml,
        _ => Format::Csv,
    };
    let layout = if choice % 2 == 0 { Layout::Rows } else { Layout::OneAFile };
    let mut sources = Sources::default();
    let Ok(file) = take_in(&mut sources, "rows", bytes.to_vec()) else { return };
    let spans: Vec<_> = match read_table(&sources, file, format, layout) {
        Ok(rows) => rows.iter().flat_map(|r| [r.span, r.value.span]).collect(),
        Err(errors) => {
            assert!(!errors.is_empty());
            errors.iter().map(|e| e.primary.span).collect()
        }
    };
    for span in spans {
        assert!(sources.get(file).is_some_and(|f| f.text.get(span.start as usize..span.end as usize).is_some()));
    }
});
