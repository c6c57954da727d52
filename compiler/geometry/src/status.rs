//! The edges that the sweep line cuts, bottom to top.
//!
//! In: edges put in above one another, exchanged, taken out. Out: the neighbour of an edge or of a point.
//!
//! A list of small blocks. Nearly every vertex of a map has one edge coming in and one going out, and then an edge takes
//! another's place with no search at all: that is what makes this faster than an ordered map.

#![expect(clippy::indexing_slicing, reason = "edge and block numbers come from the arrays that they index")]

use crate::grid::{Point, orient};
use crate::node::Edge;
use std::cmp::Ordering;

/// Edges in a block before it is split.
const FULL: usize = 64;
const NOWHERE: u32 = u32::MAX;

#[derive(Debug)]
pub(crate) struct Status {
    /// Each block's edges, bottom to top.
    blocks: Vec<Vec<u32>>,
    /// The blocks in use, bottom to top.
    order: Vec<u32>,
    /// The blocks no longer in use.
    spare: Vec<u32>,
    /// For every edge the block that it stands in.
    home: Vec<u32>,
}

/// A place in the status: a block in use and a position within it.
#[derive(Clone, Copy)]
struct Place {
    block: u32,
    at: usize,
}

impl Status {
    pub(crate) fn new(edges: usize) -> Self {
        Self { blocks: Vec::new(), order: Vec::new(), spare: Vec::new(), home: vec![NOWHERE; edges] }
    }

    fn place(&self, edge: u32) -> Option<Place> {
        let block = self.home[edge as usize];
        let at = self.blocks.get(block as usize)?.iter().position(|&other| other == edge)?;
        Some(Place { block, at })
    }

    fn rank(&self, block: u32) -> usize {
        self.order.iter().position(|&other| other == block).unwrap_or(usize::MAX)
    }

    /// Whether the edge is in the status.
    #[cfg(test)]
    fn holds(&self, edge: u32) -> bool {
        self.home[edge as usize] != NOWHERE
    }

    /// The edge just below one in the status.
    pub(crate) fn below(&self, edge: u32) -> Option<u32> {
        let place = self.place(edge)?;
        match place.at.checked_sub(1) {
            Some(at) => Some(self.blocks[place.block as usize][at]),
            None => {
                let previous = self.rank(place.block).checked_sub(1)?;
                self.blocks[*self.order.get(previous)? as usize].last().copied()
            }
        }
    }

    /// The edge just above one in the status, or the lowest of all.
    pub(crate) fn above(&self, edge: Option<u32>) -> Option<u32> {
        let Some(edge) = edge else {
            return self.blocks[*self.order.first()? as usize].first().copied();
        };
        let place = self.place(edge)?;
        match self.blocks[place.block as usize].get(place.at + 1) {
            Some(&next) => Some(next),
            None => {
                let next = self.rank(place.block).checked_add(1)?;
                self.blocks[*self.order.get(next)? as usize].first().copied()
            }
        }
    }

    /// The highest edge that lies below a point, or `Err` with an edge that the point lies on.
    pub(crate) fn below_point(&self, edges: &[Edge], p: Point) -> Result<Option<u32>, u32> {
        let side = |edge: u32| {
            let edge = &edges[edge as usize];
            orient(edge.a, edge.b, p)
        };
        let mut touched = None;
        let mut is_below = |edge: u32| {
            let side = side(edge);
            if side == Ordering::Equal {
                touched = Some(edge);
            }
            side == Ordering::Greater
        };
        let rank =
            self.order.partition_point(|&block| self.blocks[block as usize].first().is_some_and(|&e| is_below(e)));
        let found = match rank.checked_sub(1) {
            None => None,
            Some(rank) => {
                let block = &self.blocks[self.order[rank] as usize];
                block.partition_point(|&edge| is_below(edge)).checked_sub(1).map(|at| block[at])
            }
        };
        match touched {
            Some(edge) => Err(edge),
            None => Ok(found),
        }
    }

    /// Puts `new` in the place of `old`.
    pub(crate) fn replace(&mut self, old: u32, new: u32) -> bool {
        let Some(place) = self.place(old) else { return false };
        self.blocks[place.block as usize][place.at] = new;
        self.home[old as usize] = NOWHERE;
        self.home[new as usize] = place.block;
        true
    }

    /// Takes an edge out.
    pub(crate) fn remove(&mut self, edge: u32) -> bool {
        let Some(place) = self.place(edge) else { return false };
        self.home[edge as usize] = NOWHERE;
        let block = &mut self.blocks[place.block as usize];
        block.remove(place.at);
        if block.is_empty() {
            let rank = self.rank(place.block);
            self.order.remove(rank);
            self.spare.push(place.block);
        }
        true
    }

    /// Puts an edge in just above another, or below all.
    pub(crate) fn insert_above(&mut self, below: Option<u32>, edge: u32) {
        let place = match below.and_then(|below| self.place(below)) {
            Some(place) => Place { block: place.block, at: place.at + 1 },
            None => Place { block: self.order.first().copied().unwrap_or_else(|| self.new_block(0)), at: 0 },
        };
        self.home[edge as usize] = place.block;
        let block = &mut self.blocks[place.block as usize];
        block.insert(place.at, edge);
        if block.len() > FULL {
            let upper = block.split_off(FULL / 2);
            let new = self.new_block(self.rank(place.block) + 1);
            for &edge in &upper {
                self.home[edge as usize] = new;
            }
            self.blocks[new as usize] = upper;
        }
    }

    fn new_block(&mut self, rank: usize) -> u32 {
        let block = self.spare.pop().unwrap_or_else(|| {
            self.blocks.push(Vec::with_capacity(FULL + 1));
            self.blocks.len() as u32 - 1
        });
        self.order.insert(rank, block);
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::NONE;

    fn ladder(n: i64) -> Vec<Edge> {
        (0..n).map(|y| Edge { a: Point::new(0, 2 * y), b: Point::new(10, 2 * y), delta: NONE }).collect()
    }

    #[test]
    fn keeps_the_order_through_splits_and_removals() {
        let edges = ladder(500);
        let mut status = Status::new(edges.len());
        for edge in (0..500).rev() {
            status.insert_above(None, edge);
        }
        for edge in 0..500_u32 {
            assert_eq!(status.below(edge), edge.checked_sub(1));
            assert_eq!(status.above(Some(edge)), (edge < 499).then_some(edge + 1));
            assert_eq!(status.below_point(&edges, Point::new(5, 2 * i64::from(edge) + 1)), Ok(Some(edge)));
            assert_eq!(status.below_point(&edges, Point::new(5, 2 * i64::from(edge))), Err(edge));
        }
        for edge in (0..500).filter(|edge| edge % 3 != 0) {
            assert!(status.remove(edge) && !status.holds(edge));
        }
        assert_eq!(status.above(Some(300)), Some(303));
        assert_eq!(status.below(300), Some(297));
        assert_eq!(status.above(None), Some(0));
        assert!(!status.remove(1));
        assert!(status.replace(300, 301));
        assert_eq!(status.above(Some(297)), Some(301));
    }
}
