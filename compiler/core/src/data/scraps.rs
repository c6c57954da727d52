//! Texts that nobody would write: no reader panics, and every place lies in the text.

use proptest::prelude::*;

use super::tests::{load, read};
use super::*;

/// Texts made of what the formats are made of.
fn scraps() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "\n",
        "\n  ",
        "- ",
        "? ",
        ": ",
        "a",
        "\"type\"",
        "\"Feature\"",
        "\"FeatureCollection\"",
        "\"features\"",
        "\"geometry\"",
        "\"coordinates\"",
        "\"Polygon\"",
        "\"Topology\"",
        "\"arcs\"",
        "\"objects\"",
        "\"crs\"",
        "1",
        "-0.5",
        "1e9",
        "null",
        "true",
        "NaN",
        "\\",
        "\\u12",
        "\t",
        "&x ",
        "*x",
        "!!str ",
        "|",
        ">",
        "#",
        "---",
        "...",
        "%",
        "@",
        "`",
        "é",
        "😀",
        "\r\n",
        ";",
        "<<",
        "\u{feff}",
        "\u{85}",
        "\0",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn spans_fit(sources: &Sources, node: &Node) -> bool {
    let whole = |span: Span| {
        sources.get(span.file).is_some_and(|f| f.text.get(span.start as usize..span.end as usize).is_some())
    };
    whole(node.span)
        && match &node.value {
            NodeValue::List(items) => items.iter().all(|n| spans_fit(sources, n)),
            NodeValue::Map(entries) => entries.iter().all(|(k, n)| whole(k.span) && spans_fit(sources, n)),
            _ => true,
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_a_reader_panic_or_point_between_characters(text in prop_oneof![scraps(), any::<String>()]) {
        let (sources, file) = load("a.json", &text);
        let errors = |errors: Vec<Diagnostic>| errors.iter().all(|e| {
            let span = e.primary.span;
            sources.get(file).is_some_and(|f| f.text.get(span.start as usize..span.end as usize).is_some())
        });
        for format in [Format::Json, Format::Yaml, Format::Csv, Format::GeoJson] {
            for layout in [Layout::Rows, Layout::OneAFile] {
                match read_table(&sources, file, format, layout) {
                    Ok(rows) => prop_assert!(rows.iter().all(|r| spans_fit(&sources, &r.value)), "{format:?}"),
                    Err(found) => prop_assert!(!found.is_empty() && errors(found), "{format:?}"),
                }
            }
        }
    }

    #[test]
    fn a_scalar_of_a_table_stands_at_its_place(cells in prop::collection::vec("[a-zé😀;,\"\n ]{0,6}", 1..8)) {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        let header: Vec<String> = (0..cells.len()).map(|i| format!("c{i}")).collect();
        let (sources, rows) = read("a.csv", &format!("{}\r\n{}", header.join(","), quoted.join(",")), Layout::Rows);
        let rows = rows.unwrap();
        prop_assert_eq!(rows.len(), 1);
        for ((_, node), (cell, quoted)) in rows[0].value.entries().iter().zip(cells.iter().zip(&quoted)) {
            prop_assert_eq!(node.scalar_text(), Some(cell.as_str()));
            prop_assert_eq!(sources.slice(node.span), quoted.as_str());
        }
    }
}
