//! What is printed of ground: names, area, extent, pieces and a point.
//!
//! In: cells of one or several atlases. Out: [`Ground`], summed up over all of them.

use crate::atlas::{AtlasId, CellSet, Measure};
use crate::model::Program;
use crate::report::to_six;
use std::collections::BTreeMap;

/// What is printed of ground.
#[derive(Default)]
pub(super) struct Ground {
    pub(super) names: Vec<String>,
    pub(super) area_km2: Option<f64>,
    pub(super) extent: Option<String>,
    pub(super) cells: Option<usize>,
    pub(super) components: Option<usize>,
    pub(super) width_m: Option<f64>,
    pub(super) point: Option<[f64; 2]>,
}

impl Ground {
    pub(super) fn of(program: &Program, parts: &[(AtlasId, CellSet)]) -> Self {
        let mut whole: BTreeMap<AtlasId, CellSet> = BTreeMap::new();
        for (atlas, cells) in parts {
            let known = whole.entry(*atlas).or_default();
            *known = known.union(cells);
        }
        let mut out = Self::default();
        let mut extents = Vec::new();
        let mut widest: Option<(f64, [f64; 2])> = None;
        for (id, cells) in &whole {
            let Some(atlas) = program.atlas(*id) else { continue };
            out.names.extend(atlas.names(cells));
            out.cells = Some(out.cells.unwrap_or(0) + cells.len());
            match atlas.measure(cells) {
                Measure::Area(km2) => out.area_km2 = Some(out.area_km2.unwrap_or(0.0) + km2),
                Measure::Count(n, unit) => extents.push(super::words::quantity(&n, &unit)),
                Measure::None => {}
            }
            let pieces = atlas.pieces(cells);
            if !pieces.is_empty() {
                out.components = Some(out.components.unwrap_or(0) + pieces.len());
            }
            for piece in pieces {
                out.width_m = Some(out.width_m.map_or(piece.width_m, |w| w.max(piece.width_m)));
                if widest.is_none_or(|(area, _)| piece.area_km2 > area) {
                    widest = Some((piece.area_km2, piece.point));
                }
            }
        }
        out.names.sort();
        out.names.dedup();
        out.area_km2 = out.area_km2.map(to_six);
        out.width_m = out.width_m.map(to_six);
        out.point = widest.map(|(_, [x, y])| [to_six(x), to_six(y)]);
        out.extent = (!extents.is_empty()).then(|| extents.join(", "));
        out
    }
}
