//! Ground on a line or in a tree: intervals, address prefixes, domains.
//!
//! In: the pieces of all leaves. Out: their covers, and [`Linear`], which says of a set of cells which pieces it is and how
//! long. Exact. That the cells of a leaf are the leaf, piece by piece, is checked always.

use super::line::{DomainName, Interval, LineCell, Piece, Prefix, Subtree, TooDense, aggregate};
use super::{CellSet, Leaf};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use num_rational::BigRational;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// Pieces that can be joined.
pub(super) trait Joined: Piece + Clone + PartialEq {
    /// The same ground in as few pieces as can be, in order. Equal ground gives equal pieces.
    fn joined(pieces: Vec<Self>) -> Vec<Self>;

    /// How many stretches without a gap there are.
    fn stretches(pieces: &[Self]) -> usize;
}

/// Joins stretches that overlap or touch.
fn runs<T: Ord>(mut stretches: Vec<(T, T)>) -> Vec<(T, T)> {
    stretches.sort();
    let mut out: Vec<(T, T)> = Vec::new();
    for (lo, hi) in stretches {
        match out.last_mut() {
            Some((_, end)) if lo <= *end => {
                if hi > *end {
                    *end = hi;
                }
            }
            _ => out.push((lo, hi)),
        }
    }
    out
}

impl Joined for Interval {
    fn joined(pieces: Vec<Self>) -> Vec<Self> {
        let stretches = pieces.into_iter().filter(|p| !p.is_empty()).map(|p| (p.lo, p.hi)).collect();
        runs(stretches).into_iter().map(|(lo, hi)| Self::new(lo, hi)).collect()
    }

    fn stretches(pieces: &[Self]) -> usize {
        Self::joined(pieces.to_vec()).len()
    }
}

impl Joined for Prefix {
    fn joined(pieces: Vec<Self>) -> Vec<Self> {
        aggregate(&pieces)
    }

    fn stretches(pieces: &[Self]) -> usize {
        let mut ends: Vec<(super::line::Family, u128, u128)> =
            pieces.iter().map(|p| (p.family(), p.first(), p.last())).collect();
        ends.sort_unstable();
        let mut count = 0;
        let mut end: Option<(super::line::Family, u128)> = None;
        for (family, first, last) in ends {
            let touches = end.is_some_and(|(f, e)| f == family && first <= e.saturating_add(1));
            count += usize::from(!touches);
            end = Some((family, if touches { end.map_or(last, |(_, e)| e.max(last)) } else { last }));
        }
        count
    }
}

impl Joined for Subtree {
    fn joined(pieces: Vec<Self>) -> Vec<Self> {
        // What one piece leaves out another may put back; a piece within another is nothing of its own.
        let mut by_root: BTreeMap<DomainName, Vec<DomainName>> = BTreeMap::new();
        for piece in pieces {
            by_root
                .entry(piece.root)
                .and_modify(|without| *without = left_out_by_both(without, &piece.without))
                .or_insert(piece.without);
        }
        let mut out: Vec<Self> = Vec::new();
        // Names come in the order of the tree, those above first: walk from below up and take in what a piece holds.
        let mut below: BTreeMap<DomainName, Vec<DomainName>> = BTreeMap::new();
        for (root, without) in by_root.into_iter().rev() {
            let mut left = Vec::new();
            for name in without {
                // Pieces at or below the name that is left out stay out of it; one at the name itself fills it.
                match below.remove(&name) {
                    Some(inner) => left.extend(inner),
                    None => left.push(name),
                }
            }
            let within: Vec<DomainName> = below
                .range(root.clone()..)
                .map(|(name, _)| name.clone())
                .take_while(|name| root.contains(name))
                .filter(|name| !left.iter().any(|l| l.contains(name)))
                .collect();
            for name in within {
                below.remove(&name);
            }
            left.sort_unstable();
            below.insert(root, left);
        }
        for (root, without) in below {
            out.push(Self { root, without });
        }
        out
    }

    fn stretches(pieces: &[Self]) -> usize {
        Self::joined(pieces.to_vec()).len()
    }
}

/// Names that both of two pieces with one root leave out.
fn left_out_by_both(a: &[DomainName], b: &[DomainName]) -> Vec<DomainName> {
    let under = |list: &[DomainName], name: &DomainName| list.iter().any(|l| l.contains(name));
    let mut both: Vec<DomainName> =
        a.iter().filter(|n| under(b, n)).chain(b.iter().filter(|n| under(a, n))).cloned().collect();
    both.sort_unstable();
    both.dedup();
    both
}

/// Cells on a line or in a tree.
#[derive(Debug)]
pub(super) struct Linear<P> {
    /// without their covers, which are the atlas's
    cells: Vec<LineCell<P>>,
}

impl<P: Joined> Linear<P> {
    /// The cells of these regions, checked.
    pub(super) fn new(
        regions: &[impl AsRef<[P]>],
        cells: Result<Vec<LineCell<P>>, TooDense>,
        leaves: &[Leaf],
        span: Span,
    ) -> Result<(Vec<Vec<u32>>, Self), Box<Diagnostic>> {
        let mut cells = cells.map_err(|dense| too_dense(dense, span))?;
        let mut found: Vec<SmallVec<[P; 1]>> = vec![SmallVec::new(); regions.len()];
        for cell in &cells {
            for leaf in &cell.cover {
                if let Some(at) = found.get_mut(*leaf as usize) {
                    at.extend(cell.pieces.iter().cloned());
                }
            }
        }
        for ((own, found), leaf) in regions.iter().zip(found).zip(leaves) {
            let own = own.as_ref();
            if *own != *found && P::joined(own.to_vec()) != P::joined(found.into_vec()) {
                let what = format!("the cells of `{}` are not what it covers", leaf.words);
                return Err(Box::new(super::earth::mistaken(leaf.span, &what)));
            }
        }
        Ok((cells.iter_mut().map(|c| std::mem::take(&mut c.cover)).collect(), Self { cells }))
    }

    /// Renumbers the cells: the `n`th is the old `order[n]`th.
    pub(super) fn renumber(&mut self, order: &[u32]) {
        let mut old: Vec<Option<LineCell<P>>> = std::mem::take(&mut self.cells).into_iter().map(Some).collect();
        self.cells = order.iter().filter_map(|at| old.get_mut(*at as usize).and_then(Option::take)).collect();
    }

    fn of<'a>(&'a self, set: &'a CellSet) -> impl Iterator<Item = &'a LineCell<P>> {
        set.cells().iter().filter_map(|cell| self.cells.get(*cell as usize))
    }

    /// The pieces of a set, joined.
    pub(super) fn pieces(&self, set: &CellSet) -> Vec<P> {
        P::joined(self.of(set).flat_map(|c| c.pieces.iter().cloned()).collect())
    }

    /// The sum of the measures.
    pub(super) fn measure(&self, set: &CellSet) -> BigRational {
        self.of(set).filter_map(LineCell::measure).sum()
    }

    /// Whether a piece of one set touches or meets one of the other.
    pub(super) fn adjacent(&self, a: &CellSet, b: &CellSet) -> bool {
        let (one, two) = (self.pieces(a), self.pieces(b));
        let apart = P::stretches(&one) + P::stretches(&two);
        !a.intersection(b).is_empty() || P::stretches(&[one, two].concat()) < apart
    }
}

fn too_dense(dense: TooDense, span: Span) -> Box<Diagnostic> {
    let what = format!("the sets of regions that cover one cell have more than {} members in all", dense.limit);
    Box::new(
        Diagnostic::error("atlas-size", span, "the regions of this atlas lie over each other too much", what)
            .help("divide them over several atlases"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::line::{parse_prefix, prefix_cells};
    use super::*;
    use crate::source::FileId;

    #[test]
    fn cells_that_are_not_their_leaf_are_found_out() {
        let span = Span::new(FileId(0), 0, 0);
        let regions = |text| vec![vec![parse_prefix(text).unwrap()]];
        let leaves = [Leaf::prefix(parse_prefix("10.0.0.0/8").unwrap(), span)];
        let cells = prefix_cells(&regions("10.0.0.0/8"));
        assert!(Linear::new(&regions("10.0.0.0/8"), cells.clone(), &leaves, span).is_ok());
        let error = Linear::new(&regions("10.0.0.0/9"), cells, &leaves, span).unwrap_err();
        assert_eq!(error.headline, "the geometry does not add up");
    }
}
