//! Region expressions over the leaves of one atlas, and the cells they hold.
//!
//! In: [`RegionExpr`] as [`crate::types`] builds it. Out: [`CellSet`]s. A cell lies in a leaf or outside it, so the algebra
//! of regions is that of sets of cells, exactly.

use super::{Atlas, CellSet};

/// A region over the leaves of one atlas.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RegionExpr {
    /// one leaf, by the number that [`super::Builder::leaf`] gave
    Leaf(u32),
    /// all of these; none of them is the empty region
    Union(Vec<RegionExpr>),
    /// what they have in common; none of them is all ground of the atlas
    Intersection(Vec<RegionExpr>),
    /// the first without the second
    Difference(Box<RegionExpr>, Box<RegionExpr>),
    /// nothing
    Empty,
}

impl RegionExpr {
    /// Every leaf it names, in order, without repetition.
    #[must_use]
    pub fn leaves(&self) -> Vec<u32> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            match expr {
                Self::Leaf(leaf) => found.push(*leaf),
                Self::Union(parts) | Self::Intersection(parts) => open.extend(parts),
                Self::Difference(from, without) => open.extend([from.as_ref(), without.as_ref()]),
                Self::Empty => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The same expression with every leaf renamed; a leaf that `new` does not know becomes empty.
    #[must_use]
    pub fn renamed(&self, new: &impl Fn(u32) -> Option<u32>) -> Self {
        match self {
            Self::Leaf(leaf) => new(*leaf).map_or(Self::Empty, Self::Leaf),
            Self::Union(parts) => Self::Union(parts.iter().map(|p| p.renamed(new)).collect()),
            Self::Intersection(parts) => Self::Intersection(parts.iter().map(|p| p.renamed(new)).collect()),
            Self::Difference(from, without) => {
                Self::Difference(Box::new(from.renamed(new)), Box::new(without.renamed(new)))
            }
            Self::Empty => Self::Empty,
        }
    }
}

impl Atlas {
    /// The cells of an expression. A leaf that the atlas does not have holds none.
    #[must_use]
    pub fn region(&self, expr: &RegionExpr) -> CellSet {
        match expr {
            RegionExpr::Leaf(leaf) => self.leaf_cells(*leaf),
            RegionExpr::Union(parts) => parts.iter().flat_map(|p| self.region(p).cells().to_vec()).collect(),
            RegionExpr::Intersection(parts) => {
                let mut parts = parts.iter();
                let Some(first) = parts.next() else { return self.all() };
                parts.fold(
                    self.region(first),
                    |set, part| {
                        if set.is_empty() { set } else { set.intersection(&self.region(part)) }
                    },
                )
            }
            RegionExpr::Difference(from, without) => {
                // `A - B - C - …` leans to the left: walk down its spine instead of calling down it.
                let (mut from, mut take) = (from.as_ref(), vec![without.as_ref()]);
                while let RegionExpr::Difference(inner, without) = from {
                    take.push(without);
                    from = inner;
                }
                let gone: CellSet = take.iter().flat_map(|p| self.region(p).cells().to_vec()).collect();
                self.region(from).difference(&gone)
            }
            RegionExpr::Empty => CellSet::default(),
        }
    }
}
