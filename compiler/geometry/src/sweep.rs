//! The sweep: what covers the ground on both sides of every edge, and which sides belong to one face.
//!
//! In: noded edges, sorted. Out: a label for every side, and the sides gathered into faces. A line goes over the plane from west
//! to east. At each vertex the label is carried round from the ground below: it changes by an edge's delta when the edge is
//! crossed, and must come out the same on both ways round. That is the first self-check, made at every vertex.
//!
//! Sides are numbered 2e (below edge e) and 2e + 1 (above it); for an edge that points straight up, below is east.

#![expect(clippy::indexing_slicing, reason = "edge and side numbers come from the arrays that they index")]

use crate::error::OverlayError;
use crate::grid::{Point, orient};
use crate::label::{LabelId, Labels, NONE};
use crate::node::Edge;
use crate::status::Status;

/// Labels and faces of the sides of the edges.
#[derive(Debug)]
pub(crate) struct Sides {
    /// The label of each side.
    pub(crate) label: Vec<LabelId>,
    /// The sides gathered into faces; the last number stands for the unbounded ground.
    pub(crate) faces: UnionFind,
}

/// Sets that are only ever joined. The lowest number of a set stands for it.
#[derive(Debug)]
pub(crate) struct UnionFind {
    parent: Vec<u32>,
}

impl UnionFind {
    pub(crate) fn new(size: usize) -> Self {
        Self { parent: (0..size as u32).collect() }
    }

    pub(crate) fn find(&mut self, mut x: u32) -> u32 {
        while self.parent[x as usize] != x {
            let up = self.parent[self.parent[x as usize] as usize];
            self.parent[x as usize] = up;
            x = up;
        }
        x
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.parent[a.max(b) as usize] = a.min(b);
        }
    }
}

fn lower(edge: u32) -> u32 {
    2 * edge
}

fn upper(edge: u32) -> u32 {
    2 * edge + 1
}

/// Sweeps over the edges.
pub(crate) fn sweep(edges: &[Edge], labels: &mut Labels) -> Result<Sides, OverlayError> {
    let count = edges.len();
    let mut ends: Vec<u32> = (0..count as u32).collect();
    ends.sort_unstable_by(|&l, &r| (edges[l as usize].b, l).cmp(&(edges[r as usize].b, r)));
    let mut sweep = Sweep {
        edges,
        labels,
        sides: Sides { label: vec![NONE; 2 * count], faces: UnionFind::new(2 * count + 1) },
        status: Status::new(count),
        incoming: Vec::new(),
        outgoing: Vec::new(),
    };
    let (mut start, mut end) = (0, 0);
    loop {
        let p = match (edges.get(start), ends.get(end).map(|&e| edges[e as usize].b)) {
            (Some(edge), Some(b)) => edge.a.min(b),
            (Some(edge), None) => edge.a,
            (None, Some(b)) => b,
            (None, None) => return Ok(sweep.sides),
        };
        sweep.incoming.clear();
        sweep.outgoing.clear();
        while let Some(&edge) = ends.get(end).filter(|&&e| edges[e as usize].b == p) {
            sweep.incoming.push(edge);
            end += 1;
        }
        while edges.get(start).is_some_and(|edge| edge.a == p) {
            sweep.outgoing.push(start as u32);
            start += 1;
        }
        sweep.vertex(p)?;
    }
}

struct Sweep<'a> {
    edges: &'a [Edge],
    labels: &'a mut Labels,
    sides: Sides,
    status: Status,
    /// Edges that end at the vertex.
    incoming: Vec<u32>,
    /// Edges that begin at the vertex.
    outgoing: Vec<u32>,
}

impl Sweep<'_> {
    fn is_upright(&self, edge: u32) -> bool {
        let edge = &self.edges[edge as usize];
        edge.a.x == edge.b.x
    }

    fn vertex(&mut self, p: Point) -> Result<(), OverlayError> {
        let edges = self.edges;
        if let ([old], [new]) = (self.incoming.as_slice(), self.outgoing.as_slice()) {
            let (old, new) = (*old, *new);
            if !self.is_upright(old) && !self.is_upright(new) {
                return self.pass_on(old, new, p);
            }
        }
        // bottom to top; an edge straight up is the lowest coming in (from below) and the highest going out
        self.incoming.sort_unstable_by(|&l, &r| {
            let (l, r) = (edges[l as usize].a, edges[r as usize].a);
            orient(p, l, r).cmp(&std::cmp::Ordering::Equal)
        });
        self.outgoing.sort_unstable_by(|&l, &r| {
            let (l, r) = (edges[l as usize].b, edges[r as usize].b);
            std::cmp::Ordering::Equal.cmp(&orient(p, l, r))
        });
        let from_below = self.incoming.iter().position(|&edge| self.is_upright(edge));
        let from_below = from_below.map(|at| self.incoming.remove(at));

        // the edge under the vertex, and with it the ground under the vertex
        let under = match self.incoming.first() {
            Some(&lowest) => self.status.below(lowest),
            None => self.status.below_point(edges, p).map_err(|_| crossing(p))?,
        };
        let ground = match (from_below, self.incoming.first(), under) {
            (Some(edge), _, _) => Ground { label: self.label(lower(edge)), side: lower(edge) },
            (None, Some(&lowest), _) => Ground { label: self.label(lower(lowest)), side: lower(lowest) },
            (None, None, Some(under)) => Ground { label: self.label(upper(under)), side: upper(under) },
            (None, None, None) => Ground { label: NONE, side: 2 * edges.len() as u32 },
        };

        // round the west side, over the edges coming in
        let mut west = match from_below {
            Some(edge) => Ground { label: self.label(upper(edge)), side: upper(edge) },
            None => ground,
        };
        let mut before = under;
        for at in 0..self.incoming.len() {
            let edge = self.incoming[at];
            if self.status.above(before) != Some(edge) {
                return Err(crossing(p));
            }
            self.meet(west, Ground { label: self.label(lower(edge)), side: lower(edge) }, p)?;
            west = Ground { label: self.label(upper(edge)), side: upper(edge) };
            before = Some(edge);
        }
        for at in 0..self.incoming.len() {
            let edge = self.incoming[at];
            self.status.remove(edge);
        }

        // round the east side, over the edges going out
        let mut east = ground;
        let mut before = under;
        for at in 0..self.outgoing.len() {
            let edge = self.outgoing[at];
            self.sides.label[lower(edge) as usize] = east.label;
            self.sides.faces.join(east.side, lower(edge));
            let label = self.labels.add(east.label, edges[edge as usize].delta);
            self.sides.label[upper(edge) as usize] = label;
            east = Ground { label, side: upper(edge) };
            if !self.is_upright(edge) {
                self.status.insert_above(before, edge);
                before = Some(edge);
            }
        }
        self.meet(west, east, p)
    }

    /// One edge ends, one begins, neither upright: the new one takes the place of the old.
    fn pass_on(&mut self, old: u32, new: u32, p: Point) -> Result<(), OverlayError> {
        if !self.status.replace(old, new) {
            return Err(crossing(p));
        }
        if self.edges[old as usize].delta != self.edges[new as usize].delta {
            return Err(OverlayError::SidesDisagree { near: p.degrees() });
        }
        for (old, new) in [(lower(old), lower(new)), (upper(old), upper(new))] {
            self.sides.label[new as usize] = self.sides.label[old as usize];
            self.sides.faces.join(old, new);
        }
        Ok(())
    }

    fn label(&self, side: u32) -> LabelId {
        self.sides.label[side as usize]
    }

    /// Two sides of one piece of ground: their labels must be the same.
    fn meet(&mut self, one: Ground, other: Ground, p: Point) -> Result<(), OverlayError> {
        if one.label != other.label {
            return Err(OverlayError::SidesDisagree { near: p.degrees() });
        }
        self.sides.faces.join(one.side, other.side);
        Ok(())
    }
}

/// A side and its label; the side past the last one is the unbounded ground.
#[derive(Clone, Copy)]
struct Ground {
    label: LabelId,
    side: u32,
}

fn crossing(p: Point) -> OverlayError {
    OverlayError::CrossingLeft { near: p.degrees() }
}
