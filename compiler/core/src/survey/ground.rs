//! The claims of many files laid over one another: one atlas for each space, and the cells of each claimant.
//!
//! In: rows. Out: [`Survey`]: claimants in the order of their names, and for every pair of them the cells that both claim.

use super::read::Row;
use crate::atlas::{Atlas, Builder, CellSet, Leaf, Settings, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// One claim: all rows of one claimant with one label, in one space.
#[derive(Debug)]
pub(super) struct Claim {
    /// by place in [`Survey::claimants`]
    pub(super) claimant: usize,
    /// empty where the file has none
    pub(super) label: String,
    /// where the claimant's name stands in each row
    pub(super) places: Vec<(FileId, Span)>,
    /// what it covers
    pub(super) cells: CellSet,
}

/// The claims in one space.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) atlas: Atlas,
    pub(super) claims: Vec<Claim>,
    /// for each claimant, all it claims
    pub(super) by_claimant: Vec<CellSet>,
}

/// All claims.
#[derive(Debug)]
pub(super) struct Survey {
    /// sorted by name
    pub(super) claimants: Vec<String>,
    /// in the order: the Earth, IPv4, IPv6, plain names
    pub(super) grounds: Vec<Ground>,
}

/// The rows of one claim, on their way into an atlas.
#[derive(Default)]
struct Gathered {
    places: Vec<(FileId, Span)>,
    leaves: BTreeSet<u32>,
}

/// Lays the rows over one another.
pub(super) fn survey(rows: Vec<Row>) -> Result<Survey, Vec<Diagnostic>> {
    let names: BTreeSet<String> = rows.iter().flat_map(|r| r.claimants.iter().map(|(n, _)| n.clone())).collect();
    let claimants: Vec<String> = names.into_iter().collect();
    let mut spaces: BTreeMap<u8, (SpaceKind, Vec<Row>)> = BTreeMap::new();
    for row in rows {
        let rank = match row.space {
            SpaceKind::Earth => 0,
            SpaceKind::Ipv4 => 1,
            SpaceKind::Ipv6 => 2,
            _ => 3,
        };
        spaces.entry(rank).or_insert_with(|| (row.space.clone(), Vec::new())).1.push(row);
    }
    let mut grounds = Vec::new();
    for (space, rows) in spaces.into_values() {
        grounds.push(ground(space, rows, &claimants)?);
    }
    Ok(Survey { claimants, grounds })
}

fn ground(space: SpaceKind, mut rows: Vec<Row>, claimants: &[String]) -> Result<Ground, Vec<Diagnostic>> {
    // The order of files and features must not show: leaves come in the order of who claims them and what they are called,
    // and rows that agree in both are one leaf, whatever their order.
    rows.sort_by(|a, b| {
        let names = |r: &Row| r.claimants.iter().map(|(n, _)| n.clone()).collect::<BTreeSet<_>>();
        (names(a), &a.label).cmp(&(names(b), &b.label))
    });
    let span = rows.first().map_or(Span::new(FileId(0), 0, 0), |r| Span::new(r.file, 0, 0));
    let mut builder = Builder::new("", space.clone(), Settings::default(), span);
    let mut gathered: BTreeMap<(usize, String), Gathered> = BTreeMap::new();
    for row in rows {
        let names: Vec<&str> =
            row.claimants.iter().map(|(n, _)| n.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
        let (name, words) = if space == SpaceKind::Plain {
            // equal names are the same region, whoever claims it
            (row.label.clone(), row.label.clone())
        } else {
            let words = names.join(", ");
            let words = if row.label.is_empty() { words } else { format!("{words}: {}", row.label) };
            // names may hold commas and colons, but hardly these
            (format!("{}\u{1e}{}", names.join("\u{1f}"), row.label), words)
        };
        let place = row.claimants.first().map_or(span, |(_, span)| *span);
        let leaf = builder.leaf(Leaf { name: Some(name), words, span: place, shape: row.shape });
        for (name, place) in row.claimants {
            let claimant = claimants.partition_point(|n| *n < name);
            let entry = gathered.entry((claimant, row.label.clone())).or_default();
            entry.places.push((row.file, place));
            entry.leaves.insert(leaf);
        }
    }
    let atlas = builder.build()?;
    let mut by_claimant = vec![Vec::new(); claimants.len()];
    let mut claims = Vec::new();
    for ((claimant, label), Gathered { mut places, leaves }) in gathered {
        let cells: CellSet = leaves.iter().flat_map(|leaf| atlas.leaf_cells(*leaf).cells().to_vec()).collect();
        if let Some(all) = by_claimant.get_mut(claimant) {
            all.extend_from_slice(cells.cells());
        }
        places.sort_unstable();
        claims.push(Claim { claimant, label, places, cells });
    }
    Ok(Ground { atlas, claims, by_claimant: by_claimant.into_iter().map(CellSet::new).collect() })
}

impl Ground {
    /// For each cell, who claims it, in the order of their names.
    pub(super) fn covers(&self) -> Vec<Vec<usize>> {
        let mut covers = vec![Vec::new(); self.atlas.cells.len()];
        for (claimant, cells) in self.by_claimant.iter().enumerate() {
            for cell in cells.cells() {
                if let Some(cover) = covers.get_mut(*cell as usize) {
                    cover.push(claimant);
                }
            }
        }
        covers
    }

    /// Every pair of claimants with the cells that both claim.
    pub(super) fn pairs(&self) -> BTreeMap<(usize, usize), CellSet> {
        let mut pairs: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        for (cell, cover) in (0u32..).zip(self.covers()) {
            for (i, a) in cover.iter().enumerate() {
                for b in cover.iter().skip(i + 1) {
                    pairs.entry((*a, *b)).or_default().push(cell);
                }
            }
        }
        pairs.into_iter().map(|(pair, cells)| (pair, CellSet::new(cells))).collect()
    }

    /// Every set of claimants with the cells that they and no others claim.
    pub(super) fn sets(&self) -> BTreeMap<Vec<usize>, CellSet> {
        let mut sets: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
        for (cell, cover) in (0u32..).zip(self.covers()) {
            if !cover.is_empty() {
                sets.entry(cover).or_default().push(cell);
            }
        }
        sets.into_iter().map(|(cover, cells)| (cover, CellSet::new(cells))).collect()
    }

    /// The claims of a claimant that have ground in a set.
    pub(super) fn claims_in<'a>(&'a self, claimant: usize, set: &'a CellSet) -> impl Iterator<Item = &'a Claim> {
        self.claims.iter().filter(move |c| c.claimant == claimant && !c.cells.intersection(set).is_empty())
    }
}
