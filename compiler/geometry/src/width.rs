//! Connected pieces of ground and how wide each is.
//!
//! In: an overlay and a choice of cells. Out: its connected pieces, through shared edges and across ±180, each with its area and its
//! width: twice the radius of the largest circle that fits inside (the measure of JTS and PostGIS), on the ellipsoid, to 1 %.
//!
//! The search is branch and bound over the trapezoids into which the vertices part a piece of ground. A trapezoid's centre gives a
//! circle that fits; two bounds say how large a circle with its centre in the trapezoid can be: the centre's own and the way to a
//! corner, and, since the distance to an edge is convex, the greatest mean of the distances of a corner to the edge above and the
//! edge below. The second settles a long thin sliver at once, where squares would have to become as small as it is thin.

#![expect(clippy::indexing_slicing, reason = "edge, face and cell numbers come from the arrays that they index")]

use crate::area::Sum;
use crate::faces::{Cell, Line, OUTSIDE, Overlay};
use crate::grid::{HALF_TURN, Point, orient};
use crate::label::NONE;
use crate::node::Edge;
use crate::status::Status;
use crate::tree::{Near, Tree, metres_between, metres_to_edge, units_to_degrees};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// How far the answer may lie below the truth.
const SLACK: f64 = 1.01;
/// Trapezoids looked at before the search gives up and answers with the upper bound.
const MOST_LOOKS: usize = 200_000;
/// Up to this size, in metres, a trapezoid counts as flat.
const FLAT_M: f64 = 100_000.0;
/// The two ends of an edge.
type Ends = ([f64; 2], [f64; 2]);
/// Below this radius, in metres, ground is as thin as the grid is fine, and its width is given by the bound alone.
const FINEST_M: f64 = 1e-4;
/// No unit of latitude is longer than this, in metres (at the poles it is 1.1169e-4).
const METRES_A_UNIT: f64 = 1.117e-4;
/// Half the way round the Earth: no circle is larger.
const LARGEST_M: f64 = 20_100_000.0;

/// A connected piece of ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Area on the WGS 84 ellipsoid in square kilometres.
    pub area_km2: f64,
    /// Twice the radius of the largest circle that fits inside, in metres, to 1 %.
    pub width_m: f64,
    /// The centre of that circle: longitude and latitude in degrees.
    pub point: [f64; 2],
    /// Its faces by index, ascending.
    pub faces: Vec<u32>,
}

impl Overlay {
    /// The connected pieces of the union of the cells that satisfy `member`, ordered by their first face. Pieces hang together
    /// through edges that have length on the ground: the seam at ±180 does not part them, a pole does not join them.
    pub fn components(&self, member: &dyn Fn(&Cell) -> bool) -> Vec<Component> {
        self.connected(member).into_iter().map(|faces| self.component(faces)).collect()
    }

    /// A connected piece, given by its faces, measured.
    pub fn component(&self, faces: Vec<u32>) -> Component {
        let mut area = Sum::default();
        faces.iter().for_each(|&face| area.add(self.faces[face as usize].area_km2));
        let (width_m, point) = self.width(&faces, None);
        Component { area_km2: area.value(), width_m, point, faces }
    }

    /// The faces of each connected piece of the union of the cells that satisfy `member`, without measuring them.
    pub fn connected(&self, member: &dyn Fn(&Cell) -> bool) -> Vec<Vec<u32>> {
        let chosen: Vec<bool> = self.cells.iter().map(member).collect();
        let inside = |face: u32| face != OUTSIDE && chosen[self.faces[face as usize].cell as usize];
        let mut pieces = self.pieces(&inside, true);
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut number: FxHashMap<u32, usize> = FxHashMap::default();
        for face in (0..self.faces.len() as u32).filter(|&face| inside(face)) {
            let group = *number.entry(pieces.find(face)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(face);
        }
        groups
    }

    /// Whether a connected piece, given by its faces, is narrower than some metres (to 1 %): cheaper than its width.
    pub fn is_narrower_than(&self, faces: &[u32], metres: f64) -> bool {
        self.width(faces, Some(metres)).0 < metres
    }

    /// Width of the union of some faces and the centre of its largest circle. The search may stop once it has found a circle as
    /// wide as `enough`.
    fn width(&self, faces: &[u32], enough: Option<f64>) -> (f64, [f64; 2]) {
        let ground = Ground::new(self, faces);
        let largest = faces.iter().copied().max_by(|&l, &r| {
            let area = |face: u32| self.faces[face as usize].area_km2;
            area(l).total_cmp(&area(r)).then(r.cmp(&l))
        });
        let fallback = || {
            let sides = largest.map_or(&[][..], |face| self.sides_of(face));
            let lines: Vec<Line> = sides.iter().map(|&side| self.edges[(side / 2) as usize]).collect();
            crate::locate::inner_point(&lines)
        };
        match ground.search(enough) {
            Some((radius, centre)) => (2.0 * radius, centre),
            None => (0.0, fallback()),
        }
    }
}

/// A piece of ground as the search sees it.
struct Ground {
    /// The edges round it that are not upright, sorted.
    edges: Vec<Edge>,
    /// For each whether the ground lies above it, and whether it ends the ground (an edge along a pole does not).
    kind: Vec<(bool, bool)>,
    /// Ends of upright edges, which part trapezoids too.
    posts: Vec<Point>,
    /// All that ends the ground.
    tree: Tree,
}

/// Part of a trapezoid: between two meridians, and between shares of the way from the edge below to the edge above.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// No circle with its centre here has a larger radius, in metres.
    most: f64,
    west: f64,
    east: f64,
    low: f64,
    high: f64,
    below: u32,
    above: u32,
    /// Whether the edges above and below have had their say.
    is_bounded: bool,
    /// Order of making, so that equal bounds are looked at in one order.
    number: usize,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Part {}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most.total_cmp(&other.most).then(other.number.cmp(&self.number))
    }
}

impl Ground {
    fn new(overlay: &Overlay, faces: &[u32]) -> Self {
        let inside: FxHashSet<u32> = faces.iter().copied().collect();
        let (mut walls, mut ends, mut posts, mut seam) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for side in faces.iter().flat_map(|&face| overlay.sides_of(face)) {
            let (line, pair) = (overlay.edges[(side / 2) as usize], overlay.sides[(side / 2) as usize]);
            if inside.contains(&pair[0]) && inside.contains(&pair[1]) {
                continue;
            }
            if line.is_seam() {
                seam.extend([line.a.y, line.b.y]);
            } else if !line.is_pole() {
                ends.push(line);
            }
            if line.a.x == line.b.x {
                posts.extend([line.a, line.b]);
            } else {
                walls.push((line, side % 2 == 1, !line.is_pole()));
            }
        }
        // a stretch of the seam ends the ground where it is seen from one side only: after an odd count of ends
        seam.sort_unstable();
        for pair in seam.windows(2) {
            if pair[0] < pair[1] && seam.partition_point(|&end| end <= pair[0]) % 2 == 1 {
                ends.push(Line { a: Point::new(HALF_TURN, pair[0]), b: Point::new(HALF_TURN, pair[1]) });
            }
        }
        walls.sort_unstable();
        posts.sort_unstable();
        posts.dedup();
        let edges = walls.iter().map(|&(line, _, _)| Edge { a: line.a, b: line.b, delta: NONE }).collect();
        let kind = walls.iter().map(|&(_, above, real)| (above, real)).collect();
        Self { edges, kind, posts, tree: Tree::new(&ends) }
    }

    /// The largest circle inside: its radius in metres and its centre. `None` if the ground is too thin to hold one.
    fn search(&self, enough: Option<f64>) -> Option<(f64, [f64; 2])> {
        let mut heap: BinaryHeap<Part> = self.trapezoids().into();
        let mut number = heap.len();
        let mut best: Option<(f64, [f64; 2])> = None;
        for look in 0.. {
            let Some(part) = heap.pop() else { break };
            let radius = best.map_or(0.0, |(radius, _)| radius);
            if part.most <= radius * SLACK
                || enough.is_some_and(|width| 2.0 * radius >= width || 2.0 * part.most < width)
            {
                break;
            }
            if look > MOST_LOOKS || part.most < FINEST_M {
                // no answer to 1 %: the upper bound, so that ground is never taken for narrower than it is
                return best.map(|(radius, centre)| (part.most.max(radius), centre));
            }
            if !part.is_bounded {
                heap.push(self.bounded(part, part.most));
                continue;
            }
            let centre = self.place(&part, 0.5, 0.5);
            let near = self.tree.nearest(centre);
            let fits = near.map_or(LARGEST_M, |near| near.metres);
            if fits > radius {
                best = Some((fits, centre));
            }
            let most = self.most(&part, centre, near, fits.max(radius));
            if most > fits.max(radius) * SLACK {
                for half in self.halves(&part) {
                    number += 1;
                    heap.push(self.bounded(Part { number, ..half }, most));
                }
            }
        }
        best.filter(|&(radius, _)| radius > 0.0)
    }

    /// Longitude and latitude in degrees at shares of the way east and up through a part.
    fn place(&self, part: &Part, east: f64, up: f64) -> [f64; 2] {
        let x = part.west + east * (part.east - part.west);
        let share = part.low + up * (part.high - part.low);
        let (below, above) = (self.height(part.below, x), self.height(part.above, x));
        units_to_degrees(x, below + share * (above - below))
    }

    /// The latitude of an edge, in units, at a longitude in units.
    fn height(&self, edge: u32, x: f64) -> f64 {
        let Edge { a, b, .. } = self.edges[edge as usize];
        a.y as f64 + (x - a.x as f64) / (b.x - a.x) as f64 * (b.y - a.y) as f64
    }

    fn corners(&self, part: &Part) -> [[f64; 2]; 4] {
        [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(east, up)| self.place(part, east, up))
    }

    /// The bound of a part, lowered by what its centre tells: no circle in it is larger than the centre's by more than the way to a
    /// corner, nor than the greatest mean of a corner's distances to the nearest edge and to the nearest on the other side.
    fn most(&self, part: &Part, centre: [f64; 2], near: Option<Near>, found: f64) -> f64 {
        let (Some(reach), Some(near)) = (self.reach(part, centre), near) else { return part.most };
        let most = part.most.min(near.metres + reach);
        if most <= found * SLACK || reach > FLAT_M {
            return most;
        }
        let Some(opposite) = self.tree.opposite(centre, &near) else { return most };
        most.min(self.greatest_mean(part, near.edge, opposite.edge))
    }

    /// The greatest mean of a corner's distances to two edges, in metres. A distance to an edge is convex, and so is the mean of two:
    /// nowhere in the part is it greater, and the lesser of two is at most their mean.
    fn greatest_mean(&self, part: &Part, one: Ends, other: Ends) -> f64 {
        let mean =
            |corner: [f64; 2]| 0.5 * (metres_to_edge(corner, one.0, one.1) + metres_to_edge(corner, other.0, other.1));
        self.corners(part).into_iter().map(mean).fold(0.0, f64::max)
    }

    /// Metres from the centre of a part to its furthest corner, if the part is small enough for all of it to lie within that.
    fn reach(&self, part: &Part, centre: [f64; 2]) -> Option<f64> {
        let furthest = self.corners(part).iter().map(|&corner| metres_between(centre, corner)).fold(0.0, f64::max);
        let half_turn = part.east - part.west <= HALF_TURN as f64;
        (half_turn && furthest < 2_000_000.0).then_some(furthest * 1.001)
    }

    /// Lowers the bound of a part to what the edges above and below it allow.
    fn bounded(&self, mut part: Part, most: f64) -> Part {
        (part.most, part.is_bounded) = (most, true);
        let size = match self.reach(&part, self.place(&part, 0.5, 0.5)) {
            Some(reach) if reach < FLAT_M => reach,
            _ => return part,
        };
        let stretches: Vec<Ends> =
            [part.below, part.above].iter().filter_map(|&edge| self.stretch(edge, &part, size)).collect();
        if let &[below, above] = stretches.as_slice() {
            part.most = most.min(self.greatest_mean(&part, below, above));
        }
        part
    }

    /// The stretch of an edge next to a part, with room on both sides; `None` if it does not end the ground.
    fn stretch(&self, edge: u32, part: &Part, size: f64) -> Option<Ends> {
        let Edge { a, b, .. } = self.edges[edge as usize];
        if !self.kind[edge as usize].1 {
            return None;
        }
        let ends = [part.west, part.east].map(|x| units_to_degrees(x, self.height(edge, x)));
        let length = metres_between(ends[0], ends[1]);
        // a steep edge needs room along itself, not along the parallel
        let room = if length > 0.0 { 2.0 * size / length * (part.east - part.west) } else { 0.0 };
        let (west, east) = ((part.west - room).max(a.x as f64), (part.east + room).min(b.x as f64));
        Some((units_to_degrees(west, self.height(edge, west)), units_to_degrees(east, self.height(edge, east))))
    }

    /// Cuts a part across its longer way.
    fn halves(&self, part: &Part) -> [Part; 2] {
        let way = |from: (f64, f64), to: (f64, f64)| {
            metres_between(self.place(part, from.0, from.1), self.place(part, to.0, to.1))
        };
        // in two steps: the ends of a parallel may be one point
        if way((0.0, 0.5), (0.5, 0.5)) + way((0.5, 0.5), (1.0, 0.5)) > way((0.5, 0.0), (0.5, 1.0)) {
            let middle = 0.5 * (part.west + part.east);
            [Part { east: middle, ..*part }, Part { west: middle, ..*part }]
        } else {
            let middle = 0.5 * (part.low + part.high);
            [Part { high: middle, ..*part }, Part { low: middle, ..*part }]
        }
    }

    /// A whole trapezoid. From its centre it is at most half its height to one of the edges, straight up or down.
    fn trapezoid(&self, (from, to): (i64, i64), below: u32, above: u32, number: usize) -> Part {
        let (west, east) = (from as f64, to as f64);
        let gap = |x: f64| self.height(above, x) - self.height(below, x);
        let ends_both = self.kind[below as usize].1 && self.kind[above as usize].1;
        let most = if ends_both { 0.5 * gap(west).max(gap(east)) * METRES_A_UNIT } else { LARGEST_M };
        Part { most, west, east, low: 0.0, high: 1.0, below, above, is_bounded: false, number }
    }

    /// Parts the ground at every vertex, between the edge next above and the one next below.
    fn trapezoids(&self) -> Vec<Part> {
        let count = self.edges.len();
        let mut ends: Vec<u32> = (0..count as u32).collect();
        ends.sort_unstable_by_key(|&edge| self.edges[edge as usize].b);
        let mut status = Status::new(count);
        // for each edge with ground above it: since which longitude, and what is above that
        let mut open: Vec<Option<(i64, u32)>> = vec![None; count];
        let mut parts = Vec::new();
        let (mut start, mut end, mut post) = (0, 0, 0);
        let (mut incoming, mut outgoing): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        loop {
            let starts = self.edges.get(start).map(|edge| edge.a);
            let stops = ends.get(end).map(|&edge| self.edges[edge as usize].b);
            let posts = self.posts.get(post).copied();
            let Some(p) = [starts, stops, posts].into_iter().flatten().min() else { return parts };
            incoming.clear();
            outgoing.clear();
            while let Some(&edge) = ends.get(end).filter(|&&edge| self.edges[edge as usize].b == p) {
                incoming.push(edge);
                end += 1;
            }
            while self.edges.get(start).is_some_and(|edge| edge.a == p) {
                outgoing.push(start as u32);
                start += 1;
            }
            if posts == Some(p) {
                post += 1;
            }
            incoming.sort_unstable_by(|&l, &r| {
                orient(p, self.edges[l as usize].a, self.edges[r as usize].a).cmp(&Ordering::Equal)
            });
            outgoing.sort_unstable_by(|&l, &r| {
                Ordering::Equal.cmp(&orient(p, self.edges[l as usize].b, self.edges[r as usize].b))
            });
            let under = match incoming.first() {
                Some(&lowest) => status.below(lowest),
                None => status.below_point(&self.edges, p).unwrap_or(None),
            };
            for &below in under.iter().chain(&incoming) {
                if let Some((from, above)) = open[below as usize].take().filter(|&(from, _)| from < p.x) {
                    parts.push(self.trapezoid((from, p.x), below, above, parts.len()));
                }
            }
            for &edge in &incoming {
                status.remove(edge);
            }
            let mut before = under;
            for &edge in &outgoing {
                status.insert_above(before, edge);
                before = Some(edge);
            }
            for &below in under.iter().chain(&outgoing) {
                if self.kind[below as usize].0 {
                    open[below as usize] = status.above(Some(below)).map(|above| (p.x, above));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shape, lon_lat_box, overlay, read_shape, south_of};

    fn pieces(shapes: &[Shape]) -> Vec<Component> {
        overlay(shapes).unwrap().components(&|_| true)
    }

    fn polygon(points: &[[f64; 2]]) -> Shape {
        let mut ring = points.to_vec();
        ring.push(points[0]);
        read_shape(&[vec![ring]]).unwrap().0
    }

    fn near(found: f64, expected: f64, share: f64) {
        assert!((found - expected).abs() <= share * expected, "found {found}, expected {expected}");
    }

    #[test]
    fn a_box_at_the_equator_is_as_wide_as_it_is_high() {
        // a tenth of a degree of a meridian at the equator is 11 057 m
        let made = pieces(&[lon_lat_box(10.0, 12.0, -0.05, 0.05)]);
        assert_eq!(made.len(), 1);
        near(made[0].width_m, 11_057.4, 0.011);
        assert!(made[0].point[1].abs() < 0.001);
    }

    #[test]
    fn a_long_sliver_is_measured_across_whatever_its_direction() {
        // about one metre wide and a hundred kilometres long, along a diagonal, a parallel and a meridian
        for (dx, dy) in [(0.9, 0.6), (1.0, 0.0), (0.0001, 0.9), (0.7, -0.7)] {
            let (x, y) = (20.0, 45.0);
            let (kx, ky) = crate::line::metres_per_radian(y + 0.5 * dy);
            let length = (dx * kx).hypot(dy * ky);
            // one metre to the left of the direction
            let (nx, ny) = ((-dy * ky / length / kx).to_degrees(), (dx * kx / length / ky).to_degrees());
            let sliver = polygon(&[[x, y], [x + dx, y + dy], [x + dx + nx, y + dy + ny], [x + nx, y + ny]]);
            near(pieces(&[sliver])[0].width_m, 1.0, 0.025);
        }
    }

    #[test]
    fn a_cap_round_the_pole_and_across_the_seam() {
        // 30 degrees of a meridian from the pole: 3 340 km
        let made = pieces(&[south_of(-60.0)]);
        near(made[0].width_m, 2.0 * 3_339_600.0, 0.012);
        assert!(made[0].point[1] < -88.5);
        let across = pieces(&[lon_lat_box(179.0, -179.0, 0.0, 1.0)]);
        assert_eq!(across.len(), 1);
        near(across[0].width_m, 110_574.4, 0.012);
        assert_eq!(across[0].faces.len(), 2);
    }

    #[test]
    fn what_meets_in_a_point_or_at_a_pole_stays_apart() {
        let corner = pieces(&[lon_lat_box(0.0, 1.0, 0.0, 1.0), lon_lat_box(1.0, 2.0, 1.0, 2.0)]);
        assert_eq!(corner.len(), 2);
        let sectors = pieces(&[lon_lat_box(0.0, 10.0, -90.0, -60.0), lon_lat_box(20.0, 30.0, -90.0, -60.0)]);
        assert_eq!(sectors.len(), 2);
        let joined = pieces(&[lon_lat_box(0.0, 10.0, -90.0, -60.0), lon_lat_box(10.0, 30.0, -90.0, -60.0)]);
        assert_eq!(joined.len(), 1);
    }

    #[test]
    fn a_hole_narrows_the_ground() {
        let ring = |points: [[f64; 2]; 4]| points.iter().chain(&points[..1]).copied().collect::<Vec<_>>();
        let shell = ring([[0.0, -0.5], [1.0, -0.5], [1.0, 0.5], [0.0, 0.5]]);
        let hole = ring([[0.1, -0.4], [0.9, -0.4], [0.9, 0.4], [0.1, 0.4]]);
        let made = pieces(&[read_shape(&[vec![shell, hole]]).unwrap().0]);
        // the corner between the outer corner and the hole's: a square of a tenth of a degree and its diagonal
        let side = 11_100.0;
        let expected = 2.0 * side * (2.0 - 2.0_f64.sqrt());
        near(made[0].width_m, expected, 0.03);
        let whole = overlay(&[lon_lat_box(0.0, 1.0, 0.0, 1.0)]).unwrap();
        assert!(whole.is_narrower_than(&[0], 120_000.0) && !whole.is_narrower_than(&[0], 100_000.0));
    }
}
