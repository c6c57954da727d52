//! Any bytes as a GeoJSON or TopoJSON file: read or refused, never a panic, and every place lies in the text.
#![no_main]

use comity_core::data::{read_features, take_in};
use comity_core::source::{Sources, Span};
use libfuzzer_sys::fuzz_target;

fn lies_in_the_text(sources: &Sources, span: Span) -> bool {
    sources.get(span.file).is_some_and(|f| f.text.get(span.start as usize..span.end as usize).is_some())
}

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    let Ok(file) = take_in(&mut sources, "claims.geojson", bytes.to_vec()) else { return };
    match read_features(&sources, file) {
        Ok(read) => {
            for feature in &read.features {
                assert!(lies_in_the_text(&sources, feature.span));
                match &feature.geometry {
                    Ok(geometry) => {
                        let mut positions = geometry.polygons.iter().flatten().flatten();
                        assert!(positions.all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0));
                    }
                    Err(why) => assert!(lies_in_the_text(&sources, why.primary.span)),
                }
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|e| lies_in_the_text(&sources, e.primary.span)));
        }
    }
});
