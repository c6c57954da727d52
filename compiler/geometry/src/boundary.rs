//! The outline of a set of cells, as polygons to draw.
//!
//! In: an overlay and a choice of cells. Out: polygons in RFC 7946 order, shells counter-clockwise, holes clockwise, cut at ±180.
//! Rings are simple: where ground touches itself in a point, the ring is parted there. Each ring begins at its westernmost
//! point (the lowest of several) and the polygons are ordered by theirs, so equal ground gives equal polygons.

#![expect(clippy::indexing_slicing, reason = "edge, face and ring numbers come from the arrays that they index")]

use crate::faces::{Cell, OUTSIDE, Overlay};
use crate::grid::{Point, Polygon, Ring, doubled_area, orient};
use crate::sweep::UnionFind;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// An edge of the outline with the ground on its left.
#[derive(Clone, Copy)]
struct Step {
    from: Point,
    to: Point,
    face: u32,
}

impl Overlay {
    /// The outline of the union of the cells that satisfy `member`.
    pub fn boundary(&self, member: &dyn Fn(&Cell) -> bool) -> Vec<Polygon> {
        let chosen: Vec<bool> = self.cells.iter().map(member).collect();
        let inside = |face: u32| face != OUTSIDE && chosen[self.faces[face as usize].cell as usize];
        let mut pieces = self.pieces(&inside, false);
        let mut face = |face: u32| inside(face).then(|| pieces.find(face));
        let steps: Vec<_> = self
            .edges
            .iter()
            .zip(&self.sides)
            .map(|(line, pair)| (line.a, line.b, [face(pair[0]), face(pair[1])]))
            .collect();
        outline(steps.into_iter())
    }

    /// The faces that satisfy `inside`, joined where they share an edge; across ±180 only if `seam` says so.
    pub(crate) fn pieces(&self, inside: &dyn Fn(u32) -> bool, seam: bool) -> UnionFind {
        let mut pieces = UnionFind::new(self.faces.len());
        let across = self.sides.iter().map(|&[below, above]| (below, above));
        let edges = self.edges.iter().zip(across).filter(|(line, _)| !line.is_pole()).map(|(_, pair)| pair);
        for (one, other) in edges.chain(self.seam.iter().copied().filter(|_| seam)) {
            if inside(one) && inside(other) {
                pieces.join(one, other);
            }
        }
        pieces
    }
}

/// The polygons that edges bound. Each edge points right or straight up and comes with the piece of ground below it and the one
/// above it, `None` for ground that is not meant; the pieces are connected and each is named by one number.
pub(crate) fn outline(edges: impl Iterator<Item = (Point, Point, [Option<u32>; 2])>) -> Vec<Polygon> {
    let mut steps = Vec::new();
    for (a, b, pair) in edges {
        match pair {
            [Some(face), None] => steps.push(Step { from: b, to: a, face }),
            [None, Some(face)] => steps.push(Step { from: a, to: b, face }),
            _ => {}
        }
    }
    let mut polygons: FxHashMap<u32, Polygon> = FxHashMap::default();
    let mut order = Vec::new();
    for (ring, face) in trace(steps) {
        let polygon = polygons.entry(face).or_insert_with_key(|&piece| {
            order.push(piece);
            Polygon::default()
        });
        if doubled_area(&ring) > 0 { polygon.shell = ring } else { polygon.holes.push(ring) }
    }
    let mut polygons: Vec<Polygon> = order.iter().filter_map(|piece| polygons.remove(piece)).collect();
    for polygon in &mut polygons {
        polygon.holes.sort_unstable();
    }
    polygons.sort_unstable_by(|l, r| l.shell.cmp(&r.shell));
    polygons
}

/// Follows the steps round the ground on their left: simple rings, each beginning at its least point, with a face that it bounds.
fn trace(mut steps: Vec<Step>) -> Vec<(Ring, u32)> {
    steps.sort_unstable_by_key(|step| (step.from, step.to));
    let mut used = vec![false; steps.len()];
    let mut rings = Vec::new();
    for first in 0..steps.len() {
        if used[first] {
            continue;
        }
        let mut path = Vec::new();
        let mut at = first;
        while !used[at] {
            used[at] = true;
            path.push(steps[at].from);
            let Some(next) = follow(&steps, at) else { break };
            at = next;
        }
        for ring in simple_rings(path) {
            rings.push((ring, steps[first].face));
        }
    }
    rings
}

/// The step that goes on from the end of one, keeping to the same ground: the first one met turning clockwise from the way back.
/// Every step has exactly one before it and one after it, so a path closes where it began.
fn follow(steps: &[Step], at: usize) -> Option<usize> {
    let step = steps[at];
    let from = steps.partition_point(|other| other.from < step.to);
    let choices = (from..steps.len()).take_while(|&other| steps[other].from == step.to);
    choices.min_by(|&l, &r| clockwise(step.to, step.from, steps[l].to, steps[r].to))
}

/// Which of two directions from `centre` is met first, turning clockwise from the direction of `start`.
fn clockwise(centre: Point, start: Point, l: Point, r: Point) -> Ordering {
    // 0: right of the start direction (met within half a turn), 1: straight on, 2: left of it
    let half = |p: Point| match orient(centre, start, p) {
        Ordering::Less => 0,
        Ordering::Equal => 1,
        Ordering::Greater => 2,
    };
    half(l).cmp(&half(r)).then_with(|| orient(centre, l, r))
}

/// Parts a closed path at every point that it visits twice.
fn simple_rings(path: Vec<Point>) -> Vec<Ring> {
    let mut rings = Vec::new();
    let mut open: Vec<Point> = Vec::new();
    let mut depth: FxHashMap<Point, usize> = FxHashMap::default();
    for p in path {
        if let Some(&at) = depth.get(&p) {
            for passed in &open[at..] {
                depth.remove(passed);
            }
            rings.push(open.split_off(at));
        }
        depth.insert(p, open.len());
        open.push(p);
    }
    rings.push(open);
    for ring in &mut rings {
        let least = (0..ring.len()).min_by_key(|&at| ring[at]).unwrap_or(0);
        ring.rotate_left(least);
    }
    rings
}
