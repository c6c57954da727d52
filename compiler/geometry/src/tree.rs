//! The nearest of many short edges on the ellipsoid.
//!
//! In: straight longitude/latitude edges. Out: which one lies nearest to a point, and how far. Edges are kept in a tree of boxes
//! in space, so that poles and the antimeridian are no special places.

#![expect(clippy::indexing_slicing, reason = "node and edge numbers come from the arrays that they index")]

use crate::area::{E2, SEMI_MAJOR_KM};
use crate::faces::Line;
use crate::grid::{Point, UNITS_PER_DEGREE, to_degrees};
use crate::line::{metres_per_radian, wrap};

/// Longer edges are kept in pieces of at most this many units in longitude or latitude.
const PIECE: i64 = UNITS_PER_DEGREE / 10;
/// Up to this many degrees an edge bows by some 5 metres at most from the straight way through the Earth between its ends.
const STRAIGHT: f64 = 0.15;
/// Edges in a leaf.
const LEAF: usize = 8;
/// Up to this many metres a flat map about the middle of two points is exact enough (a part in 1e4 or so below 80 degrees).
const FLAT_M: f64 = 30_000.0;

/// A place in space, in metres.
type Space = [f64; 3];

/// The point of the ellipsoid at a longitude and latitude in degrees.
fn in_space([lon, lat]: [f64; 2]) -> Space {
    let ((sin_x, cos_x), (sin_y, cos_y)) = (lon.to_radians().sin_cos(), lat.to_radians().sin_cos());
    let n = SEMI_MAJOR_KM * 1000.0 / (1.0 - E2 * sin_y * sin_y).sqrt();
    [n * cos_y * cos_x, n * cos_y * sin_x, n * (1.0 - E2) * sin_y]
}

/// The way over the ground, in metres, that a straight way through it stands for.
fn over_ground(chord: f64) -> f64 {
    const MEAN_RADIUS: f64 = 6_371_008.8;
    2.0 * MEAN_RADIUS * (chord / (2.0 * MEAN_RADIUS)).min(1.0).asin()
}

/// Metres between two points, good to a part in a thousand at any distance and much better when they are near.
pub(crate) fn metres_between(p: [f64; 2], q: [f64; 2]) -> f64 {
    let (p3, q3) = (in_space(p), in_space(q));
    over_ground((0..3).map(|k| (p3[k] - q3[k]).powi(2)).sum::<f64>().sqrt())
}

/// Metres from a point to an edge between two points that lie no more than a few degrees apart.
pub(crate) fn metres_to_edge(p: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    foot_on_edge(p, from, to).0
}

/// Metres from a point to an edge, and the point of the edge that is nearest.
fn foot_on_edge(p: [f64; 2], from: [f64; 2], to: [f64; 2]) -> (f64, [f64; 2]) {
    let nearest = |lat: f64| {
        let (kx, ky) = metres_per_radian(lat);
        let flat = |q: [f64; 2]| (wrap(q[0] - p[0]).to_radians() * kx, (q[1] - p[1]).to_radians() * ky);
        let ((ax, ay), (bx, by)) = (flat(from), flat(to));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (share, (ax + share * dx).hypot(ay + share * dy))
    };
    let at = |share: f64| [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    let (share, _) = nearest(p[1]);
    let (share, flat) = nearest(0.5 * (p[1] + at(share)[1]));
    if flat < FLAT_M && p[1].abs() < 85.0 {
        return (flat, at(share));
    }
    if (to[0] - from[0]).abs().max((to[1] - from[1]).abs()) <= STRAIGHT {
        // far off, an edge as short as this is as good as straight
        let (chord, share) = chord_to_edge(in_space(p), in_space(from), in_space(to));
        return (over_ground(chord), at(share));
    }
    // far off, a flat map does not find the foot: close in on it, from where the map puts it
    let (mut low, mut high) = ((share - 0.5).max(0.0), (share + 0.5).min(1.0));
    for _ in 0..24 {
        let (one, two) = (low + (high - low) * 0.382, low + (high - low) * 0.618);
        if metres_between(p, at(one)) < metres_between(p, at(two)) { high = two } else { low = one }
    }
    let feet = [at(0.5 * (low + high)), from, to].map(|foot| (metres_between(p, foot), foot));
    feet.into_iter().min_by(|l, r| l.0.total_cmp(&r.0)).unwrap_or((flat, from))
}

/// Metres through space from a point to a straight edge, and the share of the way along it where that ends.
fn chord_to_edge(p: Space, from: Space, to: Space) -> (f64, f64) {
    let (mut along, mut length) = (0.0, 0.0);
    for k in 0..3 {
        along += (p[k] - from[k]) * (to[k] - from[k]);
        length += (to[k] - from[k]).powi(2);
    }
    let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let off = |k: usize| (from[k] + share * (to[k] - from[k]) - p[k]).powi(2);
    ((off(0) + off(1) + off(2)).sqrt(), share)
}

/// An edge in the tree.
#[derive(Clone, Copy, Debug)]
struct Short {
    ends: ([f64; 2], [f64; 2]),
    space: (Space, Space),
    /// How far it may bow from the straight way between its ends, in metres.
    bow: f64,
}

impl Short {
    fn new(a: [f64; 2], b: [f64; 2]) -> Self {
        let turn = (b[0] - a[0]).to_radians().powi(2) + (b[1] - a[1]).to_radians().powi(2);
        Self { ends: (a, b), space: (in_space(a), in_space(b)), bow: SEMI_MAJOR_KM * 1000.0 * turn / 7.0 }
    }

    /// The box in space round it, with room for its bow.
    fn bounds(&self) -> (Space, Space) {
        let (a, b) = self.space;
        let each = |of: fn(f64, f64) -> f64, by: f64| [0, 1, 2].map(|k| of(a[k], b[k]) + by);
        (each(f64::min, -self.bow), each(f64::max, self.bow))
    }
}

#[derive(Debug)]
struct Node {
    low: Space,
    high: Space,
    /// The edges under it.
    from: usize,
    to: usize,
    /// The second child; the first follows its parent. 0 for a leaf.
    second: usize,
}

/// Edges by place.
#[derive(Debug)]
pub(crate) struct Tree {
    edges: Vec<Short>,
    nodes: Vec<Node>,
}

impl Tree {
    pub(crate) fn new(lines: &[Line]) -> Self {
        let mut edges = Vec::with_capacity(lines.len());
        for line in lines {
            let (dx, dy) = (line.b.x - line.a.x, line.b.y - line.a.y);
            let pieces = (dx.abs().max(dy.abs()) / PIECE + 1).max(1);
            let at = |k: i64| {
                let share = |d: i64| (i128::from(d) * i128::from(k) / i128::from(pieces)) as i64;
                Point::new(line.a.x + share(dx), line.a.y + share(dy)).degrees()
            };
            edges.extend((0..pieces).map(|k| Short::new(at(k), at(k + 1))));
        }
        let boxes: Vec<(Space, Space)> = edges.iter().map(Short::bounds).collect();
        let mut order: Vec<usize> = (0..edges.len()).collect();
        let mut nodes = Vec::new();
        if !order.is_empty() {
            build(&mut order, 0, &boxes, &mut nodes);
        }
        Self { edges: order.iter().map(|&at| edges[at]).collect(), nodes }
    }

    /// The edge nearest to a point.
    pub(crate) fn nearest(&self, p: [f64; 2]) -> Option<Near> {
        self.nearest_where(p, |_| true)
    }

    /// The edge nearest to a point on the far side of it from another: looking from the point, the two feet lie more than 120 degrees
    /// apart.
    pub(crate) fn opposite(&self, p: [f64; 2], near: &Near) -> Option<Near> {
        let (kx, ky) = metres_per_radian(p[1]);
        let way = |foot: [f64; 2]| (wrap(foot[0] - p[0]) * kx, (foot[1] - p[1]) * ky);
        let (ux, uy) = way(near.foot);
        self.nearest_where(p, |foot| {
            let (vx, vy) = way(foot);
            ux * vx + uy * vy < -0.5 * ux.hypot(uy) * vx.hypot(vy)
        })
    }

    fn nearest_where(&self, p: [f64; 2], fits: impl Fn([f64; 2]) -> bool) -> Option<Near> {
        let space = in_space(p);
        let away = |node: &Node| {
            let gap = |k: usize| (node.low[k] - space[k]).max(space[k] - node.high[k]).max(0.0);
            (gap(0).powi(2) + gap(1).powi(2) + gap(2).powi(2)).sqrt()
        };
        let mut best: Option<Near> = None;
        let mut open = Vec::with_capacity(64);
        open.extend(self.nodes.first().map(|root| (away(root), 0)));
        while let Some((least, at)) = open.pop() {
            if best.as_ref().is_some_and(|best| least >= best.metres) {
                continue;
            }
            let node = &self.nodes[at];
            if node.second == 0 {
                for short in &self.edges[node.from..node.to] {
                    let (chord, _) = chord_to_edge(space, short.space.0, short.space.1);
                    if best.as_ref().is_some_and(|best| chord - short.bow >= best.metres) {
                        continue;
                    }
                    let edge = short.ends;
                    let (metres, foot) = foot_on_edge(p, edge.0, edge.1);
                    if best.as_ref().is_none_or(|best| metres < best.metres) && fits(foot) {
                        best = Some(Near { metres, foot, edge });
                    }
                }
            } else {
                let children = [at + 1, node.second].map(|child| (away(&self.nodes[child]), child));
                let [one, two] = children;
                open.extend(if one.0 < two.0 { [two, one] } else { [one, two] });
            }
        }
        best
    }
}

/// An edge near a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near {
    /// How far it is, in metres.
    pub(crate) metres: f64,
    /// Its nearest point.
    pub(crate) foot: [f64; 2],
    /// Its ends.
    pub(crate) edge: ([f64; 2], [f64; 2]),
}

fn build(order: &mut [usize], offset: usize, boxes: &[(Space, Space)], nodes: &mut Vec<Node>) {
    let mut low = [f64::INFINITY; 3];
    let mut high = [f64::NEG_INFINITY; 3];
    for &at in order.iter() {
        for k in 0..3 {
            low[k] = low[k].min(boxes[at].0[k]);
            high[k] = high[k].max(boxes[at].1[k]);
        }
    }
    let me = nodes.len();
    nodes.push(Node { low, high, from: offset, to: offset + order.len(), second: 0 });
    if order.len() <= LEAF {
        return;
    }
    let axis = (0..3).max_by(|&l, &r| (high[l] - low[l]).total_cmp(&(high[r] - low[r]))).unwrap_or(0);
    let middle = order.len() / 2;
    let centre = |at: usize| boxes[at].0[axis] + boxes[at].1[axis];
    order.select_nth_unstable_by(middle, |&l, &r| centre(l).total_cmp(&centre(r)).then(l.cmp(&r)));
    let (first, second) = order.split_at_mut(middle);
    build(first, offset, boxes, nodes);
    nodes[me].second = nodes.len();
    build(second, offset + middle, boxes, nodes);
}

/// Longitude and latitude in degrees of a place in units that need not lie on the grid.
pub(crate) fn units_to_degrees(x: f64, y: f64) -> [f64; 2] {
    let unit = to_degrees(1);
    [x * unit, y * unit]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_over_ground() {
        // one degree of the equator, and of a meridian at 45 degrees (Karney's inverse problem)
        assert!((metres_between([10.0, 0.0], [11.0, 0.0]) - 111_319.49).abs() < 120.0);
        assert!((metres_to_edge([10.0, 0.001], [9.0, 0.0], [10.5, 0.0]) - 110.574).abs() < 0.01);
        // across the antimeridian, and to an edge north of a point near the pole
        assert!((metres_to_edge([179.9999, 0.0], [-179.9999, -1.0], [-179.9999, 1.0]) - 22.264).abs() < 0.01);
        assert!((metres_to_edge([0.0, 89.0], [180.0, 88.5], [179.0, 88.0]) - 279_000.0).abs() < 1500.0);
    }

    #[test]
    fn the_tree_finds_what_a_search_finds() {
        let line = |k: i64| {
            let (x, y) = (
                k * 7_919_000_000 % 350_000_000_000 - 175_000_000_000,
                k * 3_571_000_000 % 160_000_000_000 - 80_000_000_000,
            );
            Line { a: Point::new(x, y), b: Point::new(x + 400_000_000, y + 300_000_000) }
        };
        let lines: Vec<Line> = (0..500).map(line).collect();
        let tree = Tree::new(&lines);
        for p in [[0.0, 0.0], [179.9, 10.0], [-50.0, 89.9], [12.0, -77.0]] {
            let all = lines.iter().map(|line| metres_to_edge(p, line.a.degrees(), line.b.degrees()));
            let least = all.fold(f64::INFINITY, f64::min);
            let near = tree.nearest(p).unwrap();
            assert!((near.metres - least).abs() < 1e-6 * least);
            assert!(tree.opposite(p, &near).is_none_or(|far| far.metres >= near.metres));
        }
    }
}
