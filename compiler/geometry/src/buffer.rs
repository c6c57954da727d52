//! All ground within a distance of a shape, the distance along geodesics.
//!
//! In: a shape and metres. Out: a shape whose outline is within 1 m of the true one. Every edge of the outline is cut until it is as good as a geodesic, and swept sideways: a strip along it,
//! and a fan at each corner that points outward (direct problem, Karney 2013). The buffer is all ground that the shape, a strip
//! or a fan covers. Poles within reach are refused.

use crate::antimeridian::cut;
use crate::check;
use crate::error::OverlayError;
use crate::faces::arrange;
use crate::grid::{Point, Ring, Shape, doubled_area, ring_edges, to_units};
use crate::label::Labels;
use crate::line::{off_chord_m, wrap};
use crate::node::Edge;
use crate::repair::built;
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use std::fmt;

/// How far, in metres, an arc may bow over its chord, and an edge over its geodesic. Together they stay below 1 m.
const BOW_M: f64 = 0.4;
/// The widest buffer, in metres: 1000 nautical miles, well beyond any zone in law.
const WIDEST_M: f64 = 1_852_000.0;

/// Why a buffer cannot be made.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BufferError {
    /// The distance is not a positive number up to 1000 nautical miles.
    Distance {
        /// The distance in metres.
        metres: f64,
    },
    /// A pole lies within the distance.
    Pole {
        /// The nearest point of the shape, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// The strips could not be laid over one another.
    Overlay(OverlayError),
}

impl fmt::Display for BufferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Distance { metres } => {
                write!(f, "expected a distance above 0 and up to 1000 nautical miles, found {metres} metres")
            }
            Self::Pole { near: [lon, lat] } => write!(
                f,
                "a pole lies within this distance of the region, near {lon}, {lat}; distances across a pole are not measured"
            ),
            Self::Overlay(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for BufferError {}

/// All ground within `metres` of a shape, the shape included.
///
/// # Errors
/// A distance that makes no sense, a pole within reach, or a failed self-check of the overlay.
pub fn geodesic_buffer(shape: &Shape, metres: f64) -> Result<Shape, BufferError> {
    if !(metres > 0.0 && metres <= WIDEST_M) {
        return Err(BufferError::Distance { metres });
    }
    let sweeper =
        Sweeper { earth: Geodesic::wgs84(), metres, step: 2.0 * (1.0 - BOW_M / metres).clamp(-1.0, 1.0).acos() };
    let mut rings: Vec<Ring> = Vec::new();
    for polygon in &shape.polygons {
        for (at, ring) in polygon.rings().enumerate() {
            let outward = (doubled_area(ring) < 0) == (at > 0);
            let ring: Ring = if outward { ring.clone() } else { ring.iter().rev().copied().collect() };
            sweeper.sweep(&ring, &mut rings)?;
        }
    }
    rings = rings.iter().flat_map(|ring| cut(ring)).collect();
    let mut edges = Vec::new();
    let mut labels = Labels::default();
    let one = labels.single(0, 1);
    let mut add = |a: Point, b: Point| {
        if a != b {
            edges.push(Edge { a, b, delta: one });
        }
    };
    for ring in &rings {
        let turned = doubled_area(ring) < 0;
        ring_edges(ring).for_each(|(a, b)| if turned { add(b, a) } else { add(a, b) });
    }
    for polygon in &shape.polygons {
        for (at, ring) in polygon.rings().enumerate() {
            let turned = (doubled_area(ring) < 0) != (at > 0);
            ring_edges(ring).for_each(|(a, b)| if turned { add(b, a) } else { add(a, b) });
        }
    }
    let given = check::given(1, edges.iter().map(|edge| (0, edge.a, edge.b)));
    let mut arrangement = arrange(edges, &mut labels, &given).map_err(BufferError::Overlay)?;
    let inside: Vec<bool> =
        (0..labels.len() as u32).map(|label| labels.set(label).iter().any(|&(_, count)| count > 0)).collect();
    Ok(Shape { polygons: built(&mut arrangement, &inside) })
}

struct Sweeper {
    earth: Geodesic,
    metres: f64,
    /// Radians between the points of a fan.
    step: f64,
}

/// A piece of an outline that is as good as a geodesic, with its azimuth at both ends in degrees.
struct Piece {
    from: [f64; 2],
    to: [f64; 2],
    leaving: f64,
    arriving: f64,
}

impl Sweeper {
    /// Adds the strip of every edge of a ring that has the shape on its left, each with the fan at its end.
    fn sweep(&self, ring: &[Point], rings: &mut Vec<Ring>) -> Result<(), BufferError> {
        let mut pieces = Vec::new();
        for (a, b) in ring_edges(ring) {
            self.check_pole(a)?;
            if a != b {
                self.cut_edge(a.degrees(), b.degrees(), 0, &mut pieces);
            }
        }
        for (at, piece) in pieces.iter().enumerate() {
            let next = pieces.get(at + 1).or(pieces.first());
            let turn = next.map_or(0.0, |next| -wrap(next.leaving - piece.arriving));
            // straight back counts as a left turn: the tip of a spike has a fan all round
            let turn = if turn == -180.0 { 180.0 } else { turn };
            rings.push(self.strip(piece, turn, next.map_or(0.0, |next| next.leaving)));
        }
        Ok(())
    }

    fn check_pole(&self, p: Point) -> Result<(), BufferError> {
        let [lon, lat] = p.degrees();
        let to_pole: f64 = self.earth.inverse(lat, lon, 90.0_f64.copysign(lat), lon);
        if to_pole <= self.metres * 1.001 + 1000.0 { Err(BufferError::Pole { near: [lon, lat] }) } else { Ok(()) }
    }

    /// Cuts a straight longitude/latitude edge until each piece is as good as a geodesic, and its offset as a straight edge.
    fn cut_edge(&self, from: [f64; 2], to: [f64; 2], depth: u32, pieces: &mut Vec<Piece>) {
        let (length, leaving, arriving, _): (f64, f64, f64, f64) = self.earth.inverse(from[1], from[0], to[1], to[0]);
        let piece = Piece { from, to, leaving, arriving };
        let along = |share: f64| -> ([f64; 2], f64) {
            let (lat, lon, azimuth): (f64, f64, f64) = self.earth.direct(from[1], from[0], leaving, length * share);
            ([wrap(lon), lat], azimuth)
        };
        let (middle, azimuth) = along(0.5);
        let off = off_chord_m(from, to, middle);
        let offset = off_chord_m(self.aside(from, leaving), self.aside(to, arriving), self.aside(middle, azimuth));
        if depth < 24 && off.max(offset) > BOW_M {
            let middle = [0.5 * (from[0] + to[0]), 0.5 * (from[1] + to[1])];
            self.cut_edge(from, middle, depth + 1, pieces);
            self.cut_edge(middle, to, depth + 1, pieces);
        } else {
            pieces.push(piece);
        }
    }

    /// The point at the buffer's distance on the right of a direction.
    fn aside(&self, from: [f64; 2], azimuth: f64) -> [f64; 2] {
        let (lat, lon): (f64, f64) = self.earth.direct(from[1], from[0], azimuth + 90.0, self.metres);
        [wrap(lon), lat]
    }

    /// The strip right of a piece, and the fan at its end when the outline turns left there by `turn` degrees to the azimuth `next`.
    /// Longitudes run on.
    fn strip(&self, piece: &Piece, turn: f64, next: f64) -> Ring {
        let base = piece.from[0];
        let mut ring = Ring::new();
        let mut push = |[lon, lat]: [f64; 2]| ring.push(Point::new(to_units(base + wrap(lon - base)), to_units(lat)));
        push(piece.from);
        push(piece.to);
        if turn > 0.0 {
            let steps = (turn.to_radians() / self.step).ceil().max(1.0);
            // the last point of the fan is the first of the next strip to the bit, so that their common side cancels out
            push(self.aside(piece.to, next));
            for k in (1..steps as u32).rev() {
                push(self.aside(piece.to, piece.arriving - turn * f64::from(k) / steps));
            }
        }
        push(self.aside(piece.to, piece.arriving));
        push(self.aside(piece.from, piece.leaving));
        ring.dedup();
        ring
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::lon_lat_box;
    use crate::tree::metres_to_edge;
    use crate::{Located, overlay};

    const TWELVE: f64 = 12.0 * 1852.0;

    fn outline(shape: &Shape) -> Vec<[f64; 2]> {
        shape.polygons.iter().flat_map(|polygon| polygon.rings().flatten()).map(|p| p.degrees()).collect()
    }

    #[test]
    fn every_point_of_the_outline_is_at_the_distance() {
        let shape = lon_lat_box(10.0, 10.5, 54.0, 54.2);
        let buffer = geodesic_buffer(&shape, TWELVE).unwrap();
        assert_eq!(buffer.polygons.len(), 1);
        let earth = Geodesic::wgs84();
        for [lon, lat] in outline(&buffer) {
            // the nearest point of the box in longitude and latitude, refined along its edges
            let edges: Vec<_> = ring_edges(&shape.polygons[0].shell).collect();
            let away = edges.iter().map(|(a, b)| metres_to_edge([lon, lat], a.degrees(), b.degrees()));
            let away = away.fold(f64::INFINITY, f64::min);
            assert!((away - TWELVE).abs() < 4.0, "{away} at {lon}, {lat}");
        }
        // a corner is met exactly: 12 miles along a diagonal
        let (lat, lon): (f64, f64) = earth.direct(54.2, 10.5, 45.0, TWELVE - 1.0);
        let laid = overlay(std::slice::from_ref(&buffer)).unwrap();
        assert_eq!(laid.cover_at(Point::from_degrees(lon, lat).unwrap()), Located::Inside(0));
        let (lat, lon): (f64, f64) = earth.direct(54.2, 10.5, 45.0, TWELVE + 1.0);
        assert_eq!(laid.cover_at(Point::from_degrees(lon, lat).unwrap()), Located::Outside);
    }

    #[test]
    fn across_the_antimeridian_and_into_a_hole() {
        let buffer = geodesic_buffer(&lon_lat_box(179.8, 179.9, 0.0, 0.1), TWELVE).unwrap();
        assert_eq!(buffer.polygons.len(), 2);
        let straight = geodesic_buffer(&lon_lat_box(9.8, 9.9, 0.0, 0.1), TWELVE).unwrap();
        assert!((buffer.area_km2() - straight.area_km2()).abs() < 1e-4 * straight.area_km2());
        let mut ring = lon_lat_box(0.0, 2.0, 0.0, 2.0);
        ring.polygons[0].holes.push(lon_lat_box(0.5, 1.5, 0.5, 1.5).polygons[0].shell.clone());
        let buffer = geodesic_buffer(&ring, TWELVE).unwrap();
        assert_eq!((buffer.polygons.len(), buffer.polygons[0].holes.len()), (1, 1));
        ring.polygons[0].holes[0] = lon_lat_box(0.9, 1.1, 0.9, 1.1).polygons[0].shell.clone();
        assert_eq!(geodesic_buffer(&ring, TWELVE).unwrap().polygons[0].holes.len(), 0);
    }

    #[test]
    fn what_it_cannot_do_it_refuses() {
        let near_pole = lon_lat_box(0.0, 10.0, 89.0, 89.9);
        assert!(matches!(geodesic_buffer(&near_pole, TWELVE), Err(BufferError::Pole { .. })));
        let shape = lon_lat_box(0.0, 1.0, 0.0, 1.0);
        assert!(matches!(geodesic_buffer(&shape, -1.0), Err(BufferError::Distance { .. })));
        assert!(matches!(geodesic_buffer(&shape, f64::NAN), Err(BufferError::Distance { .. })));
        assert!(geodesic_buffer(&Shape::default(), 5.0).unwrap().is_empty());
    }
}
