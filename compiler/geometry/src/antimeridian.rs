//! Rings that cross the antimeridian or go round a pole: made whole, closed over the pole, cut at ±180.
//!
//! In: a ring of grid points within ±180. Out: the pieces of it within ±180, or why it cannot be read.
//!
//! The rules, which refuse rather than guess:
//! * an edge whose longitudes differ by more than 180 degrees goes the short way, across the antimeridian; one that differs by exactly
//!   180 could go either way and is refused;
//! * except an edge along a pole, and an edge from −180 to 180 that begins or ends an edge running along ±180: those are the
//!   lower or upper edges of ground that was already cut, and stand as they are;
//! * a ring that goes once round the Earth is closed over the pole of its own hemisphere; it must keep clear of the equator.

use crate::grid::{FULL_TURN, HALF_TURN, POLE, Point, Ring, UNITS_PER_DEGREE};
use crate::read::RefusalKind;

/// A ring round a pole must stay this far from the equator, or it cannot be told which pole is meant.
const CLEAR_OF_EQUATOR: i64 = 10 * UNITS_PER_DEGREE;

/// A ring as it lies within ±180.
pub(crate) struct Laid {
    /// Its closed pieces, in the direction of the ring.
    pub(crate) pieces: Vec<Ring>,
    /// Twice the signed area of the whole ring before it was cut.
    pub(crate) doubled_area: i128,
    /// Whether it was cut at the antimeridian.
    pub(crate) cut: bool,
    /// The pole that it was closed over: 1 north, −1 south.
    pub(crate) pole: Option<i64>,
}

/// Lays a ring out within ±180.
pub(crate) fn lay(ring: &[Point]) -> Result<Laid, (RefusalKind, Point)> {
    let Some((mut whole, net, crossed)) = unwrap(ring)? else {
        let doubled_area = crate::grid::doubled_area(ring);
        return Ok(Laid { pieces: vec![ring.to_vec()], doubled_area, cut: false, pole: None });
    };
    let pole = if net == 0 { None } else { Some(close_over_pole(&mut whole, net)?) };
    let doubled_area = crate::grid::doubled_area(&whole);
    let pieces = cut(&whole);
    Ok(Laid { pieces, doubled_area, cut: crossed, pole })
}

/// The ring with longitudes that run on past ±180, how far its end is from its beginning, and whether it crosses the antimeridian.
/// `None` if all its edges stand as they are.
type Unwrapped = (Ring, i64, bool);

fn unwrap(ring: &[Point]) -> Result<Option<Unwrapped>, (RefusalKind, Point)> {
    let count = ring.len();
    let point = |at: usize| ring.get(at % count.max(1)).copied().unwrap_or(Point::new(0, 0));
    let along_seam = |from: Point, to: Point| from.x == to.x && from.x.abs() == HALF_TURN;
    let mut whole = Vec::with_capacity(count);
    let (mut x, mut crossed) = (point(0).x, false);
    for at in 0..count {
        let (from, to) = (point(at), point(at + 1));
        whole.push(Point::new(x, from.y));
        let step = to.x - from.x;
        let flanked = || along_seam(point(at + count - 1), from) || along_seam(to, point(at + 2));
        let stands = (from.y == to.y && from.y.abs() == POLE) || (step.abs() == FULL_TURN && flanked());
        x += match step.abs() {
            _ if stands => step,
            HALF_TURN => return Err((RefusalKind::HalfTurnEdge, from)),
            wide if wide > HALF_TURN => {
                crossed = true;
                step - FULL_TURN * step.signum()
            }
            _ => step,
        };
    }
    let net = x - point(0).x;
    if !crossed && net == 0 {
        return Ok(None);
    }
    if net != 0 && net.abs() != FULL_TURN {
        return Err((RefusalKind::WindsTwice, point(0)));
    }
    Ok(Some((whole, net, crossed)))
}

/// Closes an unwrapped ring that ends `net` away from where it began, over the pole of its hemisphere.
fn close_over_pole(whole: &mut Ring, net: i64) -> Result<i64, (RefusalKind, Point)> {
    let Some(&first) = whole.first() else { return Ok(1) };
    let side = first.y.signum();
    if let Some(&near) = whole.iter().find(|p| p.y * side < CLEAR_OF_EQUATOR) {
        let x = (near.x + HALF_TURN).rem_euclid(FULL_TURN) - HALF_TURN;
        return Err((RefusalKind::PolarRingNearEquator, Point::new(x, near.y)));
    }
    whole.extend([
        Point::new(first.x + net, first.y),
        Point::new(first.x + net, side * POLE),
        Point::new(first.x, side * POLE),
    ]);
    Ok(side)
}

/// Cuts an unwrapped ring at every antimeridian and moves the pieces to within ±180.
pub(crate) fn cut(whole: &[Point]) -> Vec<Ring> {
    let (Some(least), Some(most)) = (whole.iter().map(|p| p.x).min(), whole.iter().map(|p| p.x).max()) else {
        return Vec::new();
    };
    let turn = |x: i64| (x + HALF_TURN).div_euclid(FULL_TURN);
    (turn(least)..=turn(most))
        .filter_map(|turn| {
            let west = turn * FULL_TURN - HALF_TURN;
            let piece = keep_side(&keep_side(whole, west, 1), west + FULL_TURN, -1);
            let piece: Ring = piece.into_iter().map(|p| Point::new(p.x - turn * FULL_TURN, p.y)).collect();
            (piece.len() >= 3).then_some(piece)
        })
        .collect()
}

/// The part of a ring east (`side` 1) or west (−1) of a meridian. Where the ring leaves and comes back it runs along the meridian;
/// such runs cancel out in the winding, so any ring may be cut, however often it crosses (Sutherland and Hodgman 1974).
fn keep_side(ring: &[Point], meridian: i64, side: i64) -> Ring {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let mut push = |p: Point| {
        if kept.last() != Some(&p) {
            kept.push(p);
        }
    };
    for (from, to) in crate::grid::ring_edges(ring) {
        let (before, after) = ((from.x - meridian) * side, (to.x - meridian) * side);
        if before >= 0 {
            push(from);
        }
        if (before > 0 && after < 0) || (before < 0 && after > 0) {
            push(Point::new(meridian, latitude_at(from, to, meridian)));
        }
    }
    if kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

/// The latitude, to the nearest unit, at which an edge crosses a meridian; the same whichever way the edge runs.
pub(crate) fn latitude_at(from: Point, to: Point, meridian: i64) -> i64 {
    let (a, b) = if from <= to { (from, to) } else { (to, from) };
    let run = i128::from(b.x - a.x);
    if run == 0 {
        return a.y;
    }
    let rise = i128::from(b.y - a.y) * i128::from(meridian - a.x);
    a.y + (2 * rise + run).div_euclid(2 * run) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Ring {
        points.iter().map(|&(lon, lat)| Point::from_degrees(lon, lat).unwrap()).collect()
    }

    #[test]
    fn a_ring_across_the_antimeridian_falls_in_two() {
        let laid = lay(&ring(&[(179.0, 0.0), (-179.0, 0.0), (-179.0, 2.0), (179.0, 2.0)])).unwrap();
        assert!(laid.cut && laid.pole.is_none());
        assert_eq!(laid.pieces.len(), 2);
        assert_eq!(laid.doubled_area, 8 * i128::from(UNITS_PER_DEGREE).pow(2));
    }

    #[test]
    fn ground_already_cut_stands_as_it_is() {
        let cap =
            ring(&[(-180.0, -90.0), (180.0, -90.0), (180.0, -70.0), (60.0, -60.0), (-60.0, -60.0), (-180.0, -70.0)]);
        let band = ring(&[(-180.0, -60.0), (180.0, -60.0), (180.0, -30.0), (-180.0, -30.0)]);
        let half = ring(&[(170.0, 0.0), (180.0, 0.0), (180.0, 5.0), (170.0, 5.0)]);
        for ring in [cap, band, half] {
            let laid = lay(&ring).unwrap();
            assert!(!laid.cut && laid.pole.is_none());
            assert_eq!(laid.pieces, [ring]);
        }
    }

    #[test]
    fn a_stitched_ring_round_the_pole_is_closed_over_it() {
        let laid = lay(&ring(&[(-180.0, -84.0), (-60.0, -65.0), (60.0, -70.0), (180.0, -84.0)])).unwrap();
        assert_eq!(laid.pole, Some(-1));
        let laid = lay(&ring(&[(170.0, 70.0), (80.0, 70.0), (-20.0, 70.0), (-110.0, 75.0)])).unwrap();
        assert_eq!(laid.pole, Some(1));
        assert_eq!(laid.pieces.len(), 2);
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        let refused = |points: &[(f64, f64)]| lay(&ring(points)).err().map(|(kind, _)| kind);
        let half_turn = [(-90.0, 0.0), (90.0, 0.0), (90.0, 10.0), (-90.0, 10.0)];
        assert_eq!(refused(&half_turn), Some(RefusalKind::HalfTurnEdge));
        let equator = [(-120.0, -5.0), (0.0, 5.0), (120.0, 0.0)];
        assert_eq!(refused(&equator), Some(RefusalKind::PolarRingNearEquator));
        let twice: Vec<(f64, f64)> = (0..8).map(|k| (f64::from(k * 100 % 360) - 180.0, 60.0 + f64::from(k))).collect();
        assert_eq!(refused(&twice[..7]), Some(RefusalKind::WindsTwice));
    }

    #[test]
    fn a_crossing_has_one_latitude_from_both_sides() {
        let (a, b) = (Point::new(0, 0), Point::new(7, 3));
        for x in 0..=7 {
            assert_eq!(latitude_at(a, b, x), latitude_at(b, a, x));
        }
        assert_eq!(latitude_at(a, b, 4), 2);
    }
}
