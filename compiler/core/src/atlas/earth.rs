//! Ground on the Earth: an overlay under the cells of an atlas.
//!
//! In: the shapes of all leaves. Out: their covers, and [`Earth`], which measures, outlines and parts sets of cells. All
//! decisions are the overlay's, in integers on its grid; this module renumbers cells and puts words to its errors.

use super::{CellSet, Leaf, Piece, Surrounded};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use comity_geometry::{Cell as Ground, Located, Overlay, OverlayError, Point, Shape, overlay};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// An overlay whose cells have the numbers of the atlas.
#[derive(Debug)]
pub(super) struct Earth {
    overlay: Overlay,
    /// for each cell of the overlay the cell of the atlas
    number: Vec<u32>,
    /// for each cell of the atlas that of the overlay
    place: Vec<u32>,
    /// pieces that were measured: several checks ask about one conflict, and wide ground takes its time
    measured: Mutex<BTreeMap<CellSet, Vec<Piece>>>,
}

impl Earth {
    /// Lays all leaves over one another. A leaf that is no ground on the Earth covers nothing.
    pub(super) fn new(leaves: &mut [Leaf], span: Span) -> Result<(Vec<Vec<u32>>, Self), Box<Diagnostic>> {
        // Lent to the overlay and given back: shapes are large.
        let shapes: Vec<Shape> = leaves.iter_mut().map(|leaf| leaf.shape.lend()).collect();
        let earth = Self::over(&shapes, leaves, span);
        for (leaf, shape) in leaves.iter_mut().zip(shapes) {
            leaf.shape.give_back(shape);
        }
        earth
    }

    fn over(shapes: &[Shape], leaves: &[Leaf], span: Span) -> Result<(Vec<Vec<u32>>, Self), Box<Diagnostic>> {
        let overlay = overlay(shapes).map_err(|error| refused(&error, leaves, span))?;
        let covers: Vec<Vec<u32>> = overlay.cells.iter().map(|c| c.cover.clone()).collect();
        let identity: Vec<u32> = (0u32..).zip(&covers).map(|(number, _)| number).collect();
        let earth = Self { overlay, number: identity.clone(), place: identity, measured: Mutex::default() };
        earth.check(shapes, leaves)?;
        Ok((covers, earth))
    }

    /// Renumbers the cells, once: the `n`th is the overlay's `order[n]`th.
    pub(super) fn renumber(&mut self, order: &[u32]) {
        for (new, old) in (0u32..).zip(order) {
            if let Some(at) = self.number.get_mut(*old as usize) {
                *at = new;
            }
        }
        self.place = order.to_vec();
    }

    /// The areas of each leaf's cells must add up to the leaf's own area.
    ///
    /// The overlay itself checks exact areas on the plane; this one is on the ellipsoid, by another road, and so also checks
    /// which cells are whose.
    fn check(&self, shapes: &[Shape], leaves: &[Leaf]) -> Result<(), Box<Diagnostic>> {
        let mut found = vec![0.0f64; shapes.len()];
        for cell in &self.overlay.cells {
            for leaf in &cell.cover {
                if let Some(at) = found.get_mut(*leaf as usize) {
                    *at += cell.area_km2;
                }
            }
        }
        for ((shape, leaf), found) in shapes.iter().zip(leaves).zip(found) {
            let adds_up = |own: f64| (found - own).abs() <= slack_km2(shape, own);
            if adds_up(shape.area_km2()) {
                continue;
            }
            // Parts of one region may lie over one another: then its own area is that of their union.
            let alone = overlay(std::slice::from_ref(shape)).map_err(|error| refused(&error, leaves, leaf.span))?;
            let own: f64 = alone.cells.iter().map(|c| c.area_km2).sum();
            if !adds_up(own) {
                let what = format!("`{}` covers {own} km² by itself, its cells add up to {found} km²", leaf.words);
                return Err(Box::new(mistaken(leaf.span, &what)));
            }
        }
        Ok(())
    }

    /// The cells of the overlay that are in a set.
    fn members(&self, set: &CellSet) -> Vec<bool> {
        let mut chosen = vec![false; self.overlay.cells.len()];
        for cell in set.cells() {
            let at = self.place.get(*cell as usize).and_then(|p| chosen.get_mut(*p as usize));
            if let Some(at) = at {
                *at = true;
            }
        }
        chosen
    }

    /// Whether a cell of the overlay is among these: cells know their faces, and faces their cell.
    fn is_member(&self, chosen: &[bool], cell: &Ground) -> bool {
        let face = cell.faces.first().and_then(|f| self.overlay.faces.get(*f as usize));
        face.and_then(|f| chosen.get(f.cell as usize)).copied().unwrap_or(false)
    }

    /// km² on the ellipsoid, summed in the order of the atlas's cells, which the order of the leaves does not touch.
    pub(super) fn area(&self, set: &CellSet) -> f64 {
        let place = |cell: &u32| self.place.get(*cell as usize).and_then(|p| self.overlay.cells.get(*p as usize));
        set.cells().iter().filter_map(place).map(|c| c.area_km2).sum()
    }

    /// The connected pieces of a set, the largest first.
    pub(super) fn pieces(&self, set: &CellSet) -> Vec<Piece> {
        let measured = || self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = measured().get(set) {
            return known.clone();
        }
        let pieces = self.measure_pieces(set);
        measured().insert(set.clone(), pieces.clone());
        pieces
    }

    fn measure_pieces(&self, set: &CellSet) -> Vec<Piece> {
        let chosen = self.members(set);
        let components = self.overlay.components(&|cell| self.is_member(&chosen, cell));
        let piece = |c: comity_geometry::Component| Piece { area_km2: c.area_km2, width_m: c.width_m, point: c.point };
        let mut pieces: Vec<Piece> = components.into_iter().map(piece).collect();
        let place = |a: &Piece, b: &Piece| {
            let ([ax, ay], [bx, by]) = (a.point, b.point);
            ax.total_cmp(&bx).then(ay.total_cmp(&by))
        };
        pieces.sort_by(|a, b| {
            b.area_km2.total_cmp(&a.area_km2).then(b.width_m.total_cmp(&a.width_m)).then_with(|| place(a, b))
        });
        pieces
    }

    /// The connected pieces of a set with what lies around each, in no order that means anything.
    pub(super) fn surrounded(&self, set: &CellSet) -> Vec<Surrounded> {
        let chosen = self.members(set);
        let number = |cell: &u32| self.number.get(*cell as usize).copied();
        let found = self.overlay.surrounded(&|cell| self.is_member(&chosen, cell));
        let piece = |found: comity_geometry::Surrounded| {
            let faces = found.faces.iter().filter_map(|f| self.overlay.faces.get(*f as usize));
            let own: BTreeSet<u32> = faces.map(|face| face.cell).collect();
            let cells = own.iter().filter_map(|c| self.overlay.cells.get(*c as usize));
            let all: usize = cells.map(|c| c.faces.len()).sum();
            Surrounded {
                cells: own.iter().filter_map(number).collect(),
                around: found.cells.iter().filter_map(number).collect(),
                outside: found.outside,
                whole: found.faces.len() == all,
                faces: found.faces,
            }
        };
        found.into_iter().map(piece).collect()
    }

    /// A connected piece, measured.
    pub(super) fn piece(&self, of: &Surrounded) -> Piece {
        let c = self.overlay.component(of.faces.clone());
        Piece { area_km2: c.area_km2, width_m: c.width_m, point: c.point }
    }

    /// Whether every piece of the set is narrower than this; false for the empty set.
    pub(super) fn narrower_than(&self, set: &CellSet, metres: f64) -> bool {
        let chosen = self.members(set);
        let pieces = self.overlay.connected(&|cell| self.is_member(&chosen, cell));
        !pieces.is_empty() && pieces.iter().all(|faces| self.overlay.is_narrower_than(faces, metres))
    }

    /// The outline of a set.
    pub(super) fn shape(&self, set: &CellSet) -> Shape {
        let chosen = self.members(set);
        Shape { polygons: self.overlay.boundary(&|cell| self.is_member(&chosen, cell)) }
    }

    /// The cells that hold or touch a point, and whether ground that no leaf covers touches it too. None off the globe.
    pub(super) fn at(&self, lon: f64, lat: f64) -> Option<(CellSet, bool)> {
        let number = |cell: &u32| self.number.get(*cell as usize).copied();
        Some(match self.overlay.cover_at(Point::from_degrees(lon, lat)?) {
            Located::Inside(cell) => (number(&cell).into_iter().collect(), false),
            Located::Outside => (CellSet::default(), true),
            Located::Boundary { cells, outside } => (cells.iter().filter_map(number).collect(), outside),
        })
    }

    /// Whether some cell of one set shares an edge with one of the other, or is in both.
    pub(super) fn adjacent(&self, a: &CellSet, b: &CellSet) -> bool {
        let (in_a, in_b) = (self.members(a), self.members(b));
        let has = |set: &[bool], cell: u32| set.get(cell as usize).copied().unwrap_or(false);
        !a.intersection(b).is_empty()
            || self
                .overlay
                .adjacent()
                .iter()
                .any(|&(one, two)| (has(&in_a, one) && has(&in_b, two)) || (has(&in_a, two) && has(&in_b, one)))
    }
}

/// What rounding to the grid explains: every edge may move by a few units of a tenth of a millimetre, and areas are sums of
/// doubles.
fn slack_km2(shape: &Shape, own: f64) -> f64 {
    const UNIT_KM: f64 = 1.2e-7;
    const KM_A_DEGREE: f64 = 112.0;
    let units = 1.0 / comity_geometry::UNITS_PER_DEGREE as f64;
    let edges = shape.polygons.iter().flat_map(comity_geometry::Polygon::rings).flat_map(|ring| {
        ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| {
            let (dx, dy) = ((a.x - b.x) as f64 * units, (a.y - b.y) as f64 * units);
            dx.hypot(dy) * KM_A_DEGREE
        })
    });
    edges.sum::<f64>() * 8.0 * UNIT_KM + own * 1e-9 + 1e-9
}

pub(super) fn mistaken(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("geometry-check", span, "the geometry does not add up", what)
        .note("this is a fault of the program, not of the input; no verdict rests on it")
        .help("report it together with the file")
}

/// Puts an error of the overlay to the leaf that it names.
fn refused(error: &OverlayError, leaves: &[Leaf], span: Span) -> Box<Diagnostic> {
    let leaf = |shape: u32| leaves.get(shape as usize);
    Box::new(match error {
        OverlayError::OutOfRange { shape, near: [lon, lat] } => Diagnostic::error(
            "coordinate-range",
            leaf(*shape).map_or(span, |l| l.span),
            format!(
                "`{}` has a point outside longitude ±180° or latitude ±90°",
                leaf(*shape).map_or("a region", |l| l.words.as_str())
            ),
            format!("longitude {lon}, latitude {lat}"),
        )
        .help("give longitudes between -180 and 180 and latitudes between -90 and 90"),
        OverlayError::TooLarge { .. } => Diagnostic::error(
            "geometry-size",
            span,
            "the borders of this atlas have too many points",
            error.to_string(),
        )
        .help("simplify the borders, or divide them over several atlases"),
        OverlayError::AreaDrift { shape, .. } => mistaken(leaf(*shape).map_or(span, |l| l.span), &error.to_string()),
        _ => mistaken(span, &error.to_string()),
    })
}

/// Rings of longitude and latitude, closed.
pub(super) fn degrees(shape: &Shape) -> Vec<Vec<Vec<[f64; 2]>>> {
    let ring = |ring: &comity_geometry::Ring| ring.iter().chain(ring.first()).map(|p| p.degrees()).collect();
    shape.polygons.iter().map(|polygon| polygon.rings().map(ring).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::LeafShape;
    use crate::source::FileId;
    use comity_geometry::lon_lat_box;

    #[test]
    fn cells_that_do_not_add_up_are_found_out() {
        let span = Span::new(FileId(0), 0, 0);
        let shape = lon_lat_box(0.0, 2.0, 50.0, 51.0);
        let mut leaves = [Leaf::inline("A", span, LeafShape::Polygons(shape.clone()))];
        let (_, earth) = Earth::new(&mut leaves, span).unwrap();
        assert!(earth.check(std::slice::from_ref(&shape), &leaves).is_ok());
        // a tenth of a square kilometre more than the cells have
        let other = lon_lat_box(0.0, 2.000_014, 50.0, 51.0);
        let error = earth.check(&[other], &leaves).unwrap_err();
        assert_eq!(error.headline, "the geometry does not add up");
    }
}
