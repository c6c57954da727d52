//! Noding: all edges cut where they meet, rounded to the grid, so that any two touch at shared ends only.
//!
//! In: directed edges with the change of label from their right to their left. Out: sorted edges, each once, pointing right (or
//! straight up), with the change of label from below to above; edges that change nothing are gone.
//!
//! The cutting is i_overlay's snap rounding. It keeps no count of more than two operands, so its per-edge data carries ours:
//! every live piece has a record in the store, and the callbacks keep the records in step. Three traps are stepped around:
//!
//! * i_overlay drops an edge whose own count is zero, which is what the shared border of two neighbours has. Every edge goes in
//!   pointing right, with count +1; its true direction is in our label.
//! * it gives back no edges that its fill rule finds useless. The records are read from the store instead.
//! * rounding may turn an edge round; its count is then −1 and may cancel another edge's. When that has happened, what survived
//!   in our records is cut again, until nothing moves.

#![expect(clippy::indexing_slicing, reason = "record numbers are handed out by the store that they index")]

use crate::error::OverlayError;
use crate::grid::Point;
use crate::label::{LabelId, Labels, NONE};
use i_overlay::core::edge_data::{EdgeDataMerge, EdgeDataSplit, OverlayEdgeData};
use i_overlay::core::edge_overlay::{EdgeOverlay, InputEdge};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::ShapeType;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::number::int::IntNumber;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::segm::boolean::ShapeCountBoolean;

/// Rounds of cutting after which we give up. Three is the most ever seen.
const MAX_ROUNDS: usize = 64;

/// An edge from `a` to `b`; `delta` is the label on its left (above it) minus the label on its right (below it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) a: Point,
    pub(crate) b: Point,
    pub(crate) delta: LabelId,
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
pub(crate) fn node(edges: Vec<Edge>, labels: &mut Labels) -> Result<Vec<Edge>, OverlayError> {
    let mut edges = edges;
    for edge in &mut edges {
        *edge = forwards(*edge, labels);
    }
    merge_equal(&mut edges, labels);
    for _ in 0..MAX_ROUNDS {
        let settled = round(&mut edges, labels);
        if settled {
            return Ok(edges);
        }
    }
    Err(OverlayError::DidNotSettle { rounds: MAX_ROUNDS })
}

/// One pass of cutting; whether nothing was lost or turned round in it.
fn round(edges: &mut Vec<Edge>, labels: &mut Labels) -> bool {
    let mut cutter: EdgeOverlay<i64, Piece> = EdgeOverlay::new(edges.len());
    let records = std::mem::take(edges);
    for (number, edge) in records.iter().enumerate() {
        let data = Piece(number as u32);
        cutter.add_edge(InputEdge { a: to_int(edge.a), b: to_int(edge.b), data }, ShapeType::Subject);
    }
    let store = cutter.data_store_mut();
    store.records = records;
    store.labels = std::mem::take(labels);
    store.unsettled = false;
    // the rule keeps nothing: all we want of this call is the cutting that it starts with
    cutter.build_vectors(OverlayRule::Clip, FillRule::EvenOdd);
    let store = cutter.into_data_store();
    *labels = store.labels;
    *edges = store.records;
    for edge in edges.iter_mut() {
        *edge = forwards(*edge, labels);
    }
    merge_equal(edges, labels);
    !store.unsettled
}

/// What i_overlay carries with an edge: the number of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece(u32);

/// A record for every piece; one that has been merged into another changes nothing any more.
#[derive(Debug, Default)]
struct Store {
    records: Vec<Edge>,
    labels: Labels,
    unsettled: bool,
}

fn to_int(p: Point) -> IntPoint<i64> {
    IntPoint::new(p.x, p.y)
}

/// The callbacks are generic over the engine's integer; ours is i64 below 2^38, which a float holds exactly.
fn to_point<I: IntNumber>(p: IntPoint<I>) -> Point {
    Point::new(p.x.to_f64() as i64, p.y.to_f64() as i64)
}

impl OverlayEdgeData for Piece {
    type Store = Store;

    fn reversed(self, store: &mut Store) -> Self {
        store.unsettled = true;
        let record = store.records[self.0 as usize];
        let delta = store.labels.negative(record.delta);
        store.records[self.0 as usize] = Edge { a: record.b, b: record.a, delta };
        self
    }

    fn split<I: IntNumber>(self, at: EdgeDataSplit<I>, store: &mut Store) -> (Self, Self) {
        let delta = store.records[self.0 as usize].delta;
        let rest = Self(store.records.len() as u32);
        store.records[self.0 as usize] = Edge { a: to_point(at.a), b: to_point(at.p), delta };
        store.records.push(Edge { a: to_point(at.p), b: to_point(at.b), delta });
        (self, rest)
    }

    fn merge(pair: EdgeDataMerge<ShapeCountBoolean, Self>, store: &mut Store) -> Self {
        store.unsettled |= pair.out_count.subj == 0;
        let (kept, gone) = (pair.lhs_data.0 as usize, pair.rhs_data.0 as usize);
        store.records[kept].delta = store.labels.add(store.records[kept].delta, store.records[gone].delta);
        store.records[gone].delta = NONE;
        pair.lhs_data
    }
}
