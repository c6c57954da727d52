//! Sets of cells in words that people use.
//!
//! In: a set of cells. Out: the named regions that make it up, or that it is a part of, and one phrase for a message. Names
//! are written as a charter writes them (`World."The Isles"`). The order in which leaves came in shows nowhere.

use super::number::area;
use super::{Atlas, CellSet, Measure, RegionExpr};

/// A region with a name that messages may use.
#[derive(Debug, Clone)]
pub(super) struct NamedRegion {
    /// as a charter writes it, with its atlas
    pub(super) label: String,
    pub(super) cells: CellSet,
    /// whether it is an expression of others: a name of its own is the better word
    pub(super) derived: bool,
}

/// One entry of the names of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// as a charter writes it, with its atlas
    pub name: String,
    /// whether only a part of the region is meant
    pub part: bool,
}

/// How many names a phrase lists before it says how many more there are.
const LISTED: usize = 6;

/// What names make of a set.
enum Naming<'a> {
    /// these regions, no more and no less
    Exact(Vec<&'a NamedRegion>),
    /// all of the first, and besides ground that lies in each of the second
    Inside(Vec<&'a NamedRegion>, Vec<&'a NamedRegion>),
    /// all of the first, and besides parts of the second; whether there is ground in no named region besides
    Parts(Vec<&'a NamedRegion>, Vec<&'a NamedRegion>, bool),
}

impl Atlas {
    /// The regions with names: leaves and named expressions, by label.
    pub(super) fn named_regions(&self, names: &[(String, RegionExpr)]) -> Vec<NamedRegion> {
        let leaves = (0u32..).zip(&self.leaves).filter_map(|(number, leaf)| {
            let name = leaf.name.as_ref()?;
            Some(NamedRegion { label: self.qualified(name), cells: self.leaf_cells(number), derived: false })
        });
        let exprs = names.iter().map(|(name, expr)| NamedRegion {
            label: self.qualified(name),
            cells: self.region(expr),
            derived: true,
        });
        let mut regions: Vec<NamedRegion> = leaves.chain(exprs).filter(|r| !r.cells.is_empty()).collect();
        regions.sort_by(|a, b| a.label.cmp(&b.label).then_with(|| a.cells.cmp(&b.cells)));
        regions.dedup_by(|a, b| a.label == b.label && a.cells == b.cells);
        regions
    }

    /// The name of a region of this atlas as a charter writes it: `World.Arland`, `World."The Isles"`.
    #[must_use]
    pub fn qualified(&self, name: &str) -> String {
        if self.name.is_empty() { quoted(name) } else { format!("{}.{}", quoted(&self.name), quoted(name)) }
    }

    /// The named regions that make up a set, if there are such; otherwise what it wholly contains and what it is part of.
    #[must_use]
    pub fn named_parts(&self, set: &CellSet) -> Vec<Named> {
        let entry = |part: bool| move |r: &&NamedRegion| Named { name: r.label.clone(), part };
        match self.naming(set, &self.regions) {
            Naming::Exact(whole) => whole.iter().map(entry(false)).collect(),
            Naming::Inside(whole, parts) | Naming::Parts(whole, parts, _) => {
                whole.iter().map(entry(false)).chain(parts.iter().map(entry(true))).collect()
            }
        }
    }

    /// [`Self::named_parts`] as texts: `World.Arland`, `part of World.Belmark`.
    #[must_use]
    pub fn names(&self, set: &CellSet) -> Vec<String> {
        self.named_parts(set).into_iter().map(|n| if n.part { format!("part of {}", n.name) } else { n.name }).collect()
    }

    /// A set in one phrase: `Straits.North and Straits.Middle`, `part of World.Arland (1,538.6 km²)`.
    #[must_use]
    pub fn describe(&self, set: &CellSet) -> String {
        if set.is_empty() {
            return "nothing".to_owned();
        }
        let naming = self.naming(set, &self.regions);
        if let Naming::Exact(whole) = &naming {
            return join(&labels(whole));
        }
        let inline = self.inline_regions();
        if let Naming::Exact(whole) = self.naming(set, &inline) {
            return join(&labels(&whole));
        }
        let size = match self.measure(set) {
            Measure::Area(km2) => format!(" ({} km²)", area(km2)),
            Measure::Count(..) | Measure::None => String::new(),
        };
        match naming {
            Naming::Exact(whole) => join(&labels(&whole)),
            Naming::Inside(whole, parts) => {
                let part = match parts.len() {
                    1 => format!("part of {}", join(&labels(&parts))),
                    2 => format!("part of both {}", join(&labels(&parts))),
                    _ => format!("part of each of {}", join(&labels(&parts))),
                };
                join(&labels(&whole).into_iter().chain([part]).collect::<Vec<_>>()) + &size
            }
            Naming::Parts(whole, parts, rest) => {
                let mut phrases = labels(&whole);
                match parts.len() {
                    0 => {}
                    1 => phrases.push(format!("part of {}", join(&labels(&parts)))),
                    _ => phrases.push(format!("parts of {}", join(&labels(&parts)))),
                }
                if rest {
                    phrases.push(self.unnamed(set, &inline));
                }
                join(&phrases) + &size
            }
        }
    }

    /// Words for ground in no named region: the inline expressions that it lies in, or meets.
    fn unnamed(&self, set: &CellSet, inline: &[NamedRegion]) -> String {
        match self.naming(set, inline) {
            Naming::Inside(whole, parts) if whole.is_empty() => format!("part of {}", join(&labels(&parts))),
            _ => "ground without a name".to_owned(),
        }
    }

    /// Inline leaves by their words.
    fn inline_regions(&self) -> Vec<NamedRegion> {
        let mut found: Vec<NamedRegion> = (0u32..)
            .zip(&self.leaves)
            .filter(|(_, leaf)| leaf.name.is_none())
            .map(|(number, leaf)| NamedRegion {
                label: leaf.words.clone(),
                cells: self.leaf_cells(number),
                derived: false,
            })
            .filter(|r| !r.cells.is_empty())
            .collect();
        found.sort_by(|a, b| a.label.cmp(&b.label).then_with(|| a.cells.cmp(&b.cells)));
        found
    }

    /// Names a set with the regions at hand.
    fn naming<'a>(&self, set: &CellSet, regions: &'a [NamedRegion]) -> Naming<'a> {
        let mut inside: Vec<&NamedRegion> = regions.iter().filter(|r| r.cells.is_subset(set)).collect();
        // By number of cells: it is exact, and a region that holds another has at least as many.
        inside.sort_by(|a, b| (b.cells.len(), a.derived, &a.label).cmp(&(a.cells.len(), b.derived, &b.label)));
        let mut rest = set.clone();
        let mut whole: Vec<&NamedRegion> = Vec::new();
        for region in inside {
            if !region.cells.intersection(&rest).is_empty() {
                rest = rest.difference(&region.cells);
                whole.push(region);
            }
        }
        whole = without_idle(whole);
        whole.sort_by(|a, b| a.label.cmp(&b.label));
        if rest.is_empty() {
            return Naming::Exact(whole);
        }
        let holding: Vec<&NamedRegion> = regions.iter().filter(|r| rest.is_subset(&r.cells)).collect();
        if !holding.is_empty() {
            // A region that holds a smaller one which holds the ground says nothing more.
            let least = holding.iter().filter(|r| {
                !holding
                    .iter()
                    .any(|s| s.cells.is_subset(&r.cells) && (s.cells.len() < r.cells.len() || s.label < r.label))
            });
            return Naming::Inside(whole, least.copied().collect());
        }
        let mut meeting: Vec<(usize, &NamedRegion)> =
            regions.iter().map(|r| (r.cells.intersection(&rest).len(), r)).filter(|(common, _)| *common > 0).collect();
        meeting.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.label.cmp(&b.1.label)));
        let mut parts = Vec::new();
        for (_, region) in meeting {
            if !region.cells.intersection(&rest).is_empty() {
                rest = rest.difference(&region.cells);
                parts.push(region);
            }
        }
        parts.sort_by(|a, b| a.label.cmp(&b.label));
        Naming::Parts(whole, parts, !rest.is_empty())
    }
}

/// Drops, smallest first, each region whose cells the others have.
fn without_idle(mut chosen: Vec<&NamedRegion>) -> Vec<&NamedRegion> {
    for at in (0..chosen.len()).rev() {
        let others: CellSet = chosen
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .flat_map(|(_, r)| r.cells.cells().iter().copied())
            .collect();
        if chosen.get(at).is_some_and(|r| r.cells.is_subset(&others)) {
            chosen.remove(at);
        }
    }
    chosen
}

fn labels(regions: &[&NamedRegion]) -> Vec<String> {
    regions.iter().map(|r| r.label.clone()).collect()
}

/// `a`, `a and b`, `a, b and c`, `a, b, c, d, e, f and 14 more`.
#[must_use]
pub fn join(words: &[String]) -> String {
    if words.len() > LISTED + 1 {
        let listed: Vec<&str> = words.iter().take(LISTED).map(String::as_str).collect();
        return format!("{} and {} more", listed.join(", "), words.len() - LISTED);
    }
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// A name as a charter writes it: in quotes unless it is plain.
#[must_use]
pub fn quoted(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}
