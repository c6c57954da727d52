//! Noding: all edges cut where they meet, rounded to the grid, so that any two touch at shared ends only.
//!
//! In: directed edges with the change of label from their right to their left. Out: sorted edges, each once, pointing right (or
//! straight up), with the change of label from below to above; edges that change nothing are gone.
//!
//! This is snap rounding (Hobby 1999; Guibas and Marimont 1998). The pixel of a grid point is the unit square about it. A pixel is hot
//! if a vertex or a crossing of two edges lies in it, and every edge that passes through a hot pixel is led through its centre.
//! No point of an edge moves by more than half a unit in x or in y, no two edges cross afterwards, and the outcome depends on the
//! set of edges alone. It can still bring a vertex exactly on to an edge, or an edge into a pixel it missed before, so rounds
//! follow over what has changed until nothing does.
//!
//! Where an edge runs through the corner or along the side of a pixel, everything is taken as moved by (ε, ε²): a pixel holds
//! its left and lower side, as rounding half up does, and no tie is left.

#![expect(clippy::indexing_slicing, reason = "edge numbers come from the array that they index")]

use crate::error::OverlayError;
use crate::grid::{Point, orient};
use crate::label::{LabelId, Labels, NONE};
use crate::search::for_pairs;
use std::cmp::Ordering;

/// Rounds after which we give up. More than three have not been seen.
const MAX_ROUNDS: usize = 64;

/// An edge from `a` to `b`; `delta` is the label on its left (above it) minus the label on its right (below it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) a: Point,
    pub(crate) b: Point,
    pub(crate) delta: LabelId,
}

/// Edges that touch at shared ends only.
#[derive(Debug)]
pub(crate) struct Noded {
    pub(crate) edges: Vec<Edge>,
    /// How many rounds moved something: no point moved by more than half a unit in x or y in each.
    pub(crate) rounds: u32,
}

/// Points the edge right, or straight up.
fn forwards(edge: Edge, labels: &mut Labels) -> Edge {
    if edge.a <= edge.b { edge } else { Edge { a: edge.b, b: edge.a, delta: labels.negative(edge.delta) } }
}

/// Sorts edges that point forwards, adds up those that lie on each other, drops those that change nothing.
fn merge_equal(edges: &mut Vec<Edge>, labels: &mut Labels) {
    edges.sort_unstable_by_key(|edge| (edge.a, edge.b));
    edges.dedup_by(|later, kept| {
        let same = later.a == kept.a && later.b == kept.b;
        if same {
            kept.delta = labels.add(kept.delta, later.delta);
        }
        same
    });
    edges.retain(|edge| edge.delta != NONE && edge.a != edge.b);
}

/// Cuts all edges at their crossings and touches.
pub(crate) fn node(edges: Vec<Edge>, labels: &mut Labels) -> Result<Noded, OverlayError> {
    let mut edges = edges;
    for edge in &mut edges {
        *edge = forwards(*edge, labels);
    }
    merge_equal(&mut edges, labels);
    let mut fresh = vec![true; edges.len()];
    for rounds in 0..MAX_ROUNDS as u32 {
        let marks = hot_pixels(&edges, &fresh);
        drop(fresh);
        if marks.is_empty() {
            return Ok(Noded { edges, rounds });
        }
        let made = lead_through(&mut edges, &marks, labels);
        drop(marks);
        merge_equal(&mut edges, labels);
        fresh = vec![false; edges.len()];
        for ends in made {
            if let Ok(at) = edges.binary_search_by_key(&ends, |edge| (edge.a, edge.b)) {
                fresh[at] = true;
            }
        }
    }
    Err(OverlayError::DidNotSettle { rounds: MAX_ROUNDS })
}

/// An edge, and the centre of a hot pixel that it passes through, other than its ends.
type Mark = (u32, Point);

/// All hot pixels that edges pass through, where one of the two is fresh; sorted by edge.
fn hot_pixels(edges: &[Edge], fresh: &[bool]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut crossings: Vec<Point> = Vec::new();
    for_pairs(edges, fresh, |i, j| {
        let (one, other) = (&edges[i as usize], &edges[j as usize]);
        for (number, edge, from) in [(i, one, other), (j, other, one)] {
            for p in [from.a, from.b] {
                if passes_through(edge, p) {
                    marks.push((number, p));
                }
            }
        }
        if let Some(p) = crossing(one, other) {
            crossings.push(p);
        }
    });
    crossings.sort_unstable();
    crossings.dedup();
    if !crossings.is_empty() {
        // the pixels of crossings are hot for every edge, not only for the two that cross: looked for as edges without length
        let count = edges.len();
        let points = crossings.iter().map(|&p| Edge { a: p, b: p, delta: NONE });
        let all: Vec<Edge> = edges.iter().copied().chain(points).collect();
        let fresh: Vec<bool> = (0..all.len()).map(|at| at >= count).collect();
        for_pairs(&all, &fresh, |i, j| {
            let (edge, point) = (i.min(j), i.max(j));
            if (edge as usize) < count && passes_through(&all[edge as usize], all[point as usize].a) {
                marks.push((edge, all[point as usize].a));
            }
        });
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Whether an edge passes through the pixel of a point that is not one of its ends.
fn passes_through(edge: &Edge, p: Point) -> bool {
    let Edge { a, b, .. } = *edge;
    if p.x < a.x || p.x > b.x || p.y < a.y.min(b.y) || p.y > a.y.max(b.y) || p == a || p == b {
        return false;
    }
    let ((ux, uy), (vx, vy)) = ((b.x - a.x, b.y - a.y), (p.x - a.x, p.y - a.y));
    // the corners of the pixel reach (|ux| + |uy|) / 2 to both sides of the parallel to the edge through p
    let reach = ux + uy.abs();
    let (left, right) = (ux as f64 * vy as f64, uy as f64 * vx as f64);
    if 2.0 * (left - right).abs() > reach as f64 + (left.abs() + right.abs()) * 1e-15 {
        return false;
    }
    let off = 2 * (i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx));
    let reach = i128::from(reach);
    match off.abs().cmp(&reach) {
        Ordering::Less => true,
        Ordering::Greater => false,
        // through a corner: moved by (ε, ε²) the edge passes on one side of it
        Ordering::Equal if off > 0 => uy <= 0,
        Ordering::Equal => uy > 0,
    }
}

/// The pixel in which two edges cross, if they cross inside both.
fn crossing(one: &Edge, other: &Edge) -> Option<Point> {
    let apart = |edge: &Edge, p: Point, q: Point| {
        let (p, q) = (orient(edge.a, edge.b, p), orient(edge.a, edge.b, q));
        p != Ordering::Equal && p.reverse() == q
    };
    if !apart(one, other.a, other.b) || !apart(other, one.a, one.b) {
        return None;
    }
    let way = |from: Point, to: Point| (i128::from(to.x - from.x), i128::from(to.y - from.y));
    let ((ux, uy), (vx, vy), (wx, wy)) = (way(one.a, one.b), way(other.a, other.b), way(one.a, other.a));
    // a + u · share / whole; below 2^118
    let (mut share, mut whole) = (wx * vy - wy * vx, ux * vy - uy * vx);
    if whole < 0 {
        (share, whole) = (-share, -whole);
    }
    let round = |step: i128| (2 * step * share + whole).div_euclid(2 * whole) as i64;
    Some(Point::new(one.a.x + round(ux), one.a.y + round(uy)))
}

/// Leads every marked edge through its pixels. Gives the ends of the edges so made, pointing forwards.
fn lead_through(edges: &mut Vec<Edge>, marks: &[Mark], labels: &mut Labels) -> Vec<(Point, Point)> {
    let mut made = Vec::new();
    let mut through: Vec<Point> = Vec::new();
    for marks in marks.chunk_by(|l, r| l.0 == r.0) {
        let Some(&(number, _)) = marks.first() else { continue };
        let edge = edges[number as usize];
        through.clear();
        through.extend(marks.iter().map(|&(_, p)| p));
        // an edge meets its pixels in order of both coordinates
        if edge.b.y < edge.a.y {
            through.sort_unstable_by_key(|p| (p.x, -p.y));
        }
        through.push(edge.b);
        let mut from = edge.a;
        for (at, &to) in through.iter().enumerate() {
            let piece = forwards(Edge { a: from, b: to, delta: edge.delta }, labels);
            made.push((piece.a, piece.b));
            if at == 0 {
                edges[number as usize] = piece
            } else {
                edges.push(piece)
            }
            from = to;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(ax: i64, ay: i64, bx: i64, by: i64) -> Edge {
        Edge { a: Point::new(ax, ay), b: Point::new(bx, by), delta: NONE }
    }

    /// The pixel rule by sampling: the edge moved by a little more in x than in y, and the open pixel.
    fn passes_by_sampling(edge: &Edge, p: Point) -> bool {
        let (dx, dy) = (1e-4, 1e-8);
        let steps = 200_000;
        (0..=steps).any(|k| {
            let t = f64::from(k) / f64::from(steps);
            let x = edge.a.x as f64 + t * (edge.b.x - edge.a.x) as f64 + dx - p.x as f64;
            let y = edge.a.y as f64 + t * (edge.b.y - edge.a.y) as f64 + dy - p.y as f64;
            x.abs() < 0.5 && y.abs() < 0.5
        })
    }

    #[test]
    fn a_pixel_holds_its_left_and_lower_side() {
        for edge in
            [edge(0, 0, 2, 1), edge(0, 1, 2, 0), edge(0, 0, 1, 3), edge(0, 3, 1, 0), edge(0, 0, 3, 3), edge(0, 3, 3, 0)]
        {
            for p in (0..=3).flat_map(|x| (0..=3).map(move |y| Point::new(x, y))) {
                if p != edge.a && p != edge.b {
                    assert_eq!(passes_through(&edge, p), passes_by_sampling(&edge, p), "{edge:?} {p:?}");
                }
            }
        }
    }

    #[test]
    fn a_crossing_is_rounded_half_up() {
        assert_eq!(crossing(&edge(0, 0, 1, 1), &edge(0, 1, 1, 0)), Some(Point::new(1, 1)));
        assert_eq!(crossing(&edge(-1, -1, 0, 0), &edge(-1, 0, 0, -1)), Some(Point::new(0, 0)));
        assert_eq!(crossing(&edge(0, 0, 4, 4), &edge(2, 2, 5, 0)), None);
        let far = 180_000_000_000;
        let one = edge(-far, -far / 2, far, far / 2);
        assert_eq!(crossing(&one, &edge(-far, far / 2, far, -far / 2)), Some(Point::new(0, 0)));
    }

    #[test]
    fn noding_is_complete_and_keeps_the_sum() {
        let mut labels = Labels::default();
        let one = labels.single(0, 1);
        let star: Vec<Edge> = (0..12)
            .flat_map(|k| [(k, 0, 12 - k, 12), (0, k, 12, 12 - k)])
            .map(|(ax, ay, bx, by)| Edge { delta: one, ..edge(ax, ay, bx, by) })
            .collect();
        let noded = node(star, &mut labels).unwrap();
        assert!(hot_pixels(&noded.edges, &vec![true; noded.edges.len()]).is_empty());
        assert!(noded.edges.iter().all(|edge| edge.a < edge.b) && noded.rounds >= 1);
    }
}
