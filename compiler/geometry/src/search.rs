//! Which edges come near each other.
//!
//! In: edges, some of them fresh. Out: every pair of edges that comes within a unit of each other, one of them fresh, at least once
//! (some more often, and some pairs that are not so near). The plane is halved, alternately as the edges lie, until few edges are left
//! in a part; an edge goes down only where it really runs, not where its box lies.

#![expect(clippy::indexing_slicing, reason = "edge numbers come from the array that they index")]

use crate::grid::Point;
use crate::node::Edge;

/// So few edges are compared each with each.
const FEW: usize = 16;
/// Room for rounding when an edge is clipped, in units, and for the half unit that noding looks aside.
const ROOM: i64 = 2;

/// An edge, and a box round what runs of it through a part of the plane.
#[derive(Clone, Copy)]
struct Entry {
    edge: u32,
    low: Point,
    high: Point,
}

/// Calls `visit` with the numbers of two different edges for every pair that may meet.
pub(crate) fn for_pairs(edges: &[Edge], fresh: &[bool], mut visit: impl FnMut(u32, u32)) {
    let entries = edges.iter().enumerate().map(|(number, edge)| Entry {
        edge: number as u32,
        low: Point::new(edge.a.x.min(edge.b.x) - ROOM, edge.a.y.min(edge.b.y) - ROOM),
        high: Point::new(edge.a.x.max(edge.b.x) + ROOM, edge.a.y.max(edge.b.y) + ROOM),
    });
    Search { edges, fresh, visit: &mut visit }.part(entries.collect());
}

struct Search<'a, F: FnMut(u32, u32)> {
    edges: &'a [Edge],
    fresh: &'a [bool],
    visit: &'a mut F,
}

impl<F: FnMut(u32, u32)> Search<'_, F> {
    /// A part of the plane with the edges that run through it. Every level takes out at least a quarter of its edges on each side, so the
    /// depth is logarithmic.
    fn part(&mut self, entries: Vec<Entry>) {
        if !entries.iter().any(|entry| self.fresh[entry.edge as usize]) {
            return;
        }
        if entries.len() > FEW {
            let (wide, high) = extent(&entries);
            for upright in if wide >= high { [true, false] } else { [false, true] } {
                let at = middle(&entries, upright);
                if let Some((one, other)) = self.halves(&entries, upright, at) {
                    drop(entries);
                    self.part(one);
                    self.part(other);
                    return;
                }
            }
        }
        self.compare(entries);
    }

    /// The edges on both sides of a line, clipped to their sides; `None` if that would spare too few comparisons.
    fn halves(&self, entries: &[Entry], upright: bool, at: i64) -> Option<(Vec<Entry>, Vec<Entry>)> {
        let along = |p: Point| if upright { p.x } else { p.y };
        let below = entries.iter().filter(|entry| along(entry.low) <= at).count();
        let above = entries.iter().filter(|entry| along(entry.high) >= at).count();
        if below.max(above) > entries.len() - entries.len() / 4 {
            return None;
        }
        let (mut one, mut other) = (Vec::with_capacity(below), Vec::with_capacity(above));
        for &entry in entries {
            match (along(entry.low) <= at, along(entry.high) >= at) {
                (true, true) => {
                    let (low, high) = self.clip(entry, upright, at);
                    one.push(low);
                    other.push(high);
                }
                (true, false) => one.push(entry),
                _ => other.push(entry),
            }
        }
        Some((one, other))
    }

    /// An entry parted at a line that its box reaches over.
    fn clip(&self, entry: Entry, upright: bool, at: i64) -> (Entry, Entry) {
        let Edge { a, b, .. } = self.edges[entry.edge as usize];
        // as if the line were upright: x along it, y across
        let turn = |p: Point| if upright { p } else { Point::new(p.y, p.x) };
        let (a, b, low, high) = (turn(a), turn(b), turn(entry.low), turn(entry.high));
        let (a, b) = if a.x <= b.x { (a, b) } else { (b, a) };
        let part = |from: i64, to: i64| {
            let (mut low, mut high) = (Point::new(from, low.y), Point::new(to, high.y));
            if a.x < b.x {
                let height = |x: i64| {
                    let share = (x.clamp(a.x, b.x) - a.x) as f64 / (b.x - a.x) as f64;
                    a.y + (share * (b.y - a.y) as f64).round() as i64
                };
                let (here, there) = (height(from - ROOM), height(to + ROOM));
                low.y = low.y.max(here.min(there) - ROOM);
                high.y = high.y.min(here.max(there) + ROOM);
            }
            Entry { low: turn(low), high: turn(high), ..entry }
        };
        (part(low.x, at.min(high.x)), part(at.max(low.x), high.x))
    }

    fn compare(&mut self, mut entries: Vec<Entry>) {
        entries.sort_unstable_by_key(|entry| (entry.low.x, entry.edge));
        for (at, one) in entries.iter().enumerate() {
            for other in entries[at + 1..].iter().take_while(|other| other.low.x <= one.high.x) {
                let apart = one.low.y > other.high.y || other.low.y > one.high.y;
                if !apart && (self.fresh[one.edge as usize] || self.fresh[other.edge as usize]) {
                    (self.visit)(one.edge, other.edge);
                }
            }
        }
    }
}

/// Width and height of the box round all entries.
fn extent(entries: &[Entry]) -> (i64, i64) {
    let range = |of: fn(&Entry) -> (i64, i64)| {
        let ends = entries.iter().map(of).reduce(|l, r| (l.0.min(r.0), l.1.max(r.1)));
        ends.map_or(0, |(low, high)| high - low)
    };
    (range(|entry| (entry.low.x, entry.high.x)), range(|entry| (entry.low.y, entry.high.y)))
}

/// The median of the middles of a sample of the entries.
fn middle(entries: &[Entry], upright: bool) -> i64 {
    let step = (entries.len() / 61).max(1);
    let centre = |entry: &Entry| {
        let (low, high) = if upright { (entry.low.x, entry.high.x) } else { (entry.low.y, entry.high.y) };
        low + (high - low) / 2
    };
    let mut sample: Vec<i64> = entries.iter().step_by(step).map(centre).collect();
    let half = sample.len() / 2;
    *sample.select_nth_unstable(half).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::NONE;
    use std::collections::BTreeSet;

    #[test]
    fn every_pair_of_boxes_that_touch_along_the_edges_is_found() {
        let edge = |k: i64| {
            let (x, y) = (k * 7919 % 3001, k * 3571 % 2003);
            let b = if k % 50 == 0 { Point::new(3000 - x, 2000 - y) } else { Point::new(x + k % 61, y + k % 37) };
            Edge { a: Point::new(x, y).min(b), b: b.max(Point::new(x, y)), delta: NONE }
        };
        let edges: Vec<Edge> = (0..900).map(edge).collect();
        let mut found = BTreeSet::new();
        for_pairs(&edges, &vec![true; edges.len()], |i, j| {
            assert_ne!(i, j);
            found.insert((i.min(j), i.max(j)));
        });
        let side = |e: &Edge, p: Point| crate::grid::orient(e.a, e.b, p);
        let mut met = 0;
        for i in 0..edges.len() {
            for j in i + 1..edges.len() {
                let (s, t) = (&edges[i], &edges[j]);
                let cross = side(s, t.a) != side(s, t.b) && side(t, s.a) != side(t, s.b);
                if cross {
                    met += 1;
                    assert!(found.contains(&(i as u32, j as u32)), "{s:?} {t:?}");
                }
            }
        }
        assert!(met > 200 && found.len() < 900 * 899 / 4, "{met} {}", found.len());
        let mut fresh = vec![false; edges.len()];
        fresh[50] = true;
        for_pairs(&edges, &fresh, |i, j| assert!(i == 50 || j == 50));
    }
}
