//! What is always checked before an overlay is handed out, besides the check at every vertex that the sweep makes.
//!
//! In: the input edges and the swept cells. Out: nothing, or the check that failed. Areas here are exact integers in the plane:
//! for every shape, Σ winding × area over the labels must be its signed input area, but for what rounding can have moved.

use crate::error::OverlayError;
use crate::grid::{UNITS_PER_DEGREE, doubled_under};
use crate::label::{Labels, NONE};
use crate::node::Edge;
use crate::sweep::Sides;

/// What a shape brings in: twice its signed area and the length of its edges.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given {
    doubled_area: i128,
    /// Half the way round the box of each edge: an edge whose points move by half a unit in x and y sweeps over no more.
    swept: f64,
}

/// Sums up what every layer brings in. `edges` are directed, each with a delta of one layer.
pub(crate) fn given(
    layers: usize,
    edges: impl Iterator<Item = (u32, crate::grid::Point, crate::grid::Point)>,
) -> Vec<Given> {
    let mut given = vec![Given::default(); layers];
    for (layer, a, b) in edges {
        if let Some(given) = given.get_mut(layer as usize) {
            given.doubled_area -= doubled_under(a, b);
            given.swept += 0.5 * ((b.x - a.x).abs() + (b.y - a.y).abs() + 1) as f64;
        }
    }
    given
}

/// Checks that every layer's area is found again, and that the unbounded ground and it alone is outside.
/// Noding moved each point by at most half a unit in x and y in each of its `rounds`.
pub(crate) fn check(
    edges: &[Edge],
    sides: &mut Sides,
    labels: &Labels,
    given: &[Given],
    rounds: u32,
) -> Result<(), OverlayError> {
    let outside = sides.faces.find(2 * edges.len() as u32);
    let mut doubled = vec![0_i128; labels.len()];
    for (number, edge) in edges.iter().enumerate() {
        let under = doubled_under(edge.a, edge.b);
        for (side, area) in [(2 * number, under), (2 * number + 1, -under)] {
            let Some(&label) = sides.label.get(side) else { continue };
            let face = sides.faces.find(side as u32);
            if face == outside && label != NONE {
                return Err(OverlayError::OutsideCovered);
            }
            // the representative of a face is one of its sides; what is true of it must be true of all
            if sides.label.get(face as usize).is_some_and(|&of_face| of_face != label) {
                return Err(OverlayError::SidesDisagree { near: edge.a.degrees() });
            }
            if let Some(sum) = doubled.get_mut(label as usize) {
                *sum += area;
            }
        }
    }
    let mut found = vec![0_i128; given.len()];
    for (label, area) in doubled.iter().enumerate() {
        for &(layer, count) in labels.set(label as u32) {
            if let Some(sum) = found.get_mut(layer as usize) {
                *sum += area * i128::from(count);
            }
        }
    }
    for (layer, (given, found)) in given.iter().zip(&found).enumerate() {
        // twice the area swept over; each round may also lengthen an edge by a unit or so a piece, which the 2 more than covers
        let bound = 2.0 * 2.0 * f64::from(rounds) * given.swept;
        if ((found - given.doubled_area) as f64).abs() > bound {
            let square_degree = 2.0 * (UNITS_PER_DEGREE as f64) * (UNITS_PER_DEGREE as f64);
            return Err(OverlayError::AreaDrift {
                shape: layer as u32,
                given: given.doubled_area as f64 / square_degree,
                found: *found as f64 / square_degree,
                bound: bound / square_degree,
            });
        }
    }
    Ok(())
}
