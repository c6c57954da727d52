//! Sets of cells in words that people use.
//!
//! In: a set of cells. Out: the named regions that make it up, or that it is a part of, and one phrase for a message. Names
//! are written as a charter writes them (`World."The Isles"`). The order in which leaves came in shows nowhere.

use super::number::area;
use super::{Atlas, CellSet, Measure, RegionExpr, SpaceKind};
use crate::syntax::reserved::Word;
use std::borrow::Cow;

/// A region that messages may speak of.
#[derive(Debug, Clone)]
pub(super) struct NamedRegion {
    /// as a charter writes it, with its atlas; an inline expression in backticks
    label: String,
    /// what it is sorted by: the name without quotes, or the words
    key: String,
    cells: CellSet,
    rank: Rank,
}

/// Which of two labels for the same cells is the better word: the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// a region with a name of its own
    Leaf,
    /// a named expression of others
    Expression,
    /// an expression written in place
    Inline,
}

/// A region with a name of its own.
#[derive(Debug, Clone, Copy)]
pub struct NamedGround<'a> {
    /// its name, without quotes
    pub name: &'a str,
    /// as a charter writes it, with its atlas
    pub label: &'a str,
    /// its cells
    pub cells: &'a CellSet,
    /// whether it is an expression of others
    pub derived: bool,
}

/// One entry of the names of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// the region's name, or an inline expression as written
    pub name: String,
    /// as a charter writes it, with its atlas; an inline expression in backticks
    pub label: String,
    /// whether only a part of the region is meant
    pub part: bool,
}

/// How many names a phrase lists before it says how many more there are.
const LISTED: usize = 6;

/// What names make of a set.
struct Naming<'a> {
    /// regions that lie in the set wholly
    whole: Vec<&'a NamedRegion>,
    /// what is left of the set lies in each of these
    inside: Vec<&'a NamedRegion>,
    /// or, where there is none such, it meets these
    meets: Vec<&'a NamedRegion>,
    /// and this is in none of them
    rest: CellSet,
}

impl Naming<'_> {
    fn is_exact(&self) -> bool {
        self.inside.is_empty() && self.meets.is_empty() && self.rest.is_empty()
    }
}

/// Cells still to be named.
struct Left {
    open: Vec<bool>,
    count: usize,
}

impl Left {
    fn new(set: &CellSet, cells: usize) -> Self {
        let mut open = vec![false; cells];
        for cell in set.cells() {
            if let Some(at) = open.get_mut(*cell as usize) {
                *at = true;
            }
        }
        Self { open, count: set.len() }
    }

    fn has(&self, cell: u32) -> bool {
        self.open.get(cell as usize).copied().unwrap_or(false)
    }

    /// How many cells of this region are still to be named.
    fn common(&self, region: &NamedRegion) -> usize {
        region.cells.cells().iter().filter(|c| self.has(**c)).count()
    }

    fn strike(&mut self, region: &NamedRegion) {
        for cell in region.cells.cells() {
            if let Some(at) = self.open.get_mut(*cell as usize).filter(|at| **at) {
                *at = false;
                self.count -= 1;
            }
        }
    }

    fn set(&self) -> CellSet {
        (0u32..).zip(&self.open).filter(|(_, open)| **open).map(|(cell, _)| cell).collect()
    }
}

impl Atlas {
    /// The regions with names that messages may speak of, found when the first message asks.
    fn regions(&self) -> &[NamedRegion] {
        let [regions, _] = self.spoken.get_or_init(|| self.find_regions());
        regions
    }

    /// The inline leaves, likewise.
    fn inline(&self) -> &[NamedRegion] {
        let [_, inline] = self.spoken.get_or_init(|| self.find_regions());
        inline
    }

    /// The regions that messages may speak of: leaves and named expressions by name, and inline leaves by their words.
    /// The leaves come in the order of their labels, which is nearly that of the list.
    fn find_regions(&self) -> [Vec<NamedRegion>; 2] {
        let prefix = self.name_prefix();
        let named = |name: &str, cells, rank| {
            let label = [prefix.as_str(), &quoted(name)].concat();
            NamedRegion { label, key: name.to_owned(), cells, rank }
        };
        let (mut regions, mut inline) = (Vec::new(), Vec::new());
        for number in &self.by_label {
            let Some(leaf) = self.leaves.get(*number as usize) else { continue };
            let cells = self.leaf_cells(*number);
            match &leaf.name {
                Some(name) => regions.push(named(name, cells, Rank::Leaf)),
                None => inline.push(NamedRegion {
                    label: ["`", &shortened(&leaf.words), "`"].concat(),
                    key: leaf.words.clone(),
                    cells,
                    rank: Rank::Inline,
                }),
            }
        }
        regions.extend(self.names.iter().map(|(name, expr)| {
            // A name for one leaf is that leaf's own.
            let rank = if matches!(expr, RegionExpr::Leaf(_)) { Rank::Leaf } else { Rank::Expression };
            named(name, self.region(expr), rank)
        }));
        for list in [&mut regions, &mut inline] {
            list.retain(|r| !r.cells.is_empty());
            list.sort_by(|a, b| (&a.key, &a.cells, a.rank).cmp(&(&b.key, &b.cells, b.rank)));
            list.dedup_by(|a, b| a.key == b.key && a.cells == b.cells);
        }
        [regions, inline]
    }

    /// The regions that have names, by label: leaves and named expressions.
    pub fn named(&self) -> impl Iterator<Item = NamedGround<'_>> {
        self.regions().iter().filter(|r| r.rank != Rank::Inline).map(|r| NamedGround {
            name: &r.key,
            label: &r.label,
            cells: &r.cells,
            derived: r.rank == Rank::Expression,
        })
    }

    /// The name of a region of this atlas as a charter writes it: `World.Arland`, `World."The Isles"`.
    #[must_use]
    pub fn qualified(&self, name: &str) -> String {
        self.name_prefix() + &quoted(name)
    }

    /// What stands before the name of a region: `World.`; nothing where the atlas has no name.
    fn name_prefix(&self) -> String {
        if self.name.is_empty() { String::new() } else { quoted(&self.name) + "." }
    }

    /// The cells of the region of this name: a leaf's, or a named expression's.
    #[must_use]
    pub fn region_named(&self, name: &str) -> Option<CellSet> {
        self.regions().iter().find(|r| r.key == name).map(|r| r.cells.clone())
    }

    /// The named regions that make up a set, if there are such; otherwise those that it wholly contains, and those that the
    /// rest is a part of. Inline expressions where no region with a name has anything to do with it.
    #[must_use]
    pub fn named_parts(&self, set: &CellSet) -> Vec<Named> {
        let found = parts_of(&self.naming(set, self.regions().iter()));
        if found.is_empty() { parts_of(&self.naming(set, self.inline().iter())) } else { found }
    }

    /// What a set is, for a list of regions: `Arland`, `part of Belmark`; on a line without names `10.41.0.0/16`.
    #[must_use]
    pub fn names(&self, set: &CellSet) -> Vec<String> {
        let named = self.naming(set, self.regions().iter());
        if named.is_exact() || named.whole.len() + named.inside.len() + named.meets.len() > 0 {
            return texts(parts_of(&named));
        }
        let literals = self.literals(set, LISTED);
        if literals.is_empty() { texts(self.named_parts(set)) } else { literals }
    }

    /// A set in one phrase: `Straits.North and Straits.Middle`, `part of World.Arland (1,538.6 km²)`, `4 MHz to 8 MHz`.
    #[must_use]
    pub fn describe(&self, set: &CellSet) -> String {
        if set.is_empty() {
            return "nothing".to_owned();
        }
        let naming = self.naming(set, self.regions().iter());
        if naming.is_exact() {
            return join(&labels(&naming.whole));
        }
        let literals = self.literals(set, LISTED);
        if !literals.is_empty() {
            // Domains may say what they are without: an `and` would be read as more of that.
            return if self.space == SpaceKind::Domain { literals.join("; ") } else { join(&literals) };
        }
        let with_inline = self.naming(set, self.regions().iter().chain(self.inline()));
        if with_inline.is_exact() {
            return join(&labels(&with_inline.whole));
        }
        let mut phrases = labels(&naming.whole);
        match naming.inside.len() {
            0 => {}
            1 => phrases.push(format!("part of {}", join(&labels(&naming.inside)))),
            2 => phrases.push(format!("part of both {}", join(&labels(&naming.inside)))),
            _ => phrases.push(format!("part of each of {}", join(&labels(&naming.inside)))),
        }
        match naming.meets.len() {
            0 => {}
            1 => phrases.push(format!("part of {}", join(&labels(&naming.meets)))),
            _ => phrases.push(format!("parts of {}", join(&labels(&naming.meets)))),
        }
        if !naming.rest.is_empty() {
            phrases.push(self.unnamed(&naming.rest));
        }
        match self.measure(set) {
            Measure::Area(km2) => format!("{} ({} km²)", join(&phrases), area(km2)),
            Measure::Count(..) | Measure::None => join(&phrases),
        }
    }

    /// Words for ground in no named region: the inline expressions that it lies in.
    fn unnamed(&self, set: &CellSet) -> String {
        let naming = self.naming(set, self.inline().iter());
        match (naming.whole.as_slice(), naming.inside.as_slice()) {
            (whole, []) if naming.is_exact() => format!("the ground {}", join(&labels(whole))),
            ([], [one]) => format!("part of the ground {}", one.label),
            ([], inside @ [_, ..]) => format!("part of the ground common to {}", join(&labels(inside))),
            _ => "ground without a name".to_owned(),
        }
    }

    /// Names a set with the regions at hand.
    fn naming<'a>(&self, set: &CellSet, regions: impl Iterator<Item = &'a NamedRegion> + Clone) -> Naming<'a> {
        if regions.clone().next().is_none() {
            return Naming { whole: Vec::new(), inside: Vec::new(), meets: Vec::new(), rest: set.clone() };
        }
        let mut within: Vec<&NamedRegion> = regions.clone().filter(|r| r.cells.is_subset(set)).collect();
        // By number of cells: it is exact, and a region that holds another has at least as many.
        within.sort_by(|a, b| (b.cells.len(), a.rank, &a.key).cmp(&(a.cells.len(), b.rank, &b.key)));
        let mut left = Left::new(set, self.cells.len());
        let mut whole = Vec::new();
        for region in within {
            if left.common(region) > 0 {
                left.strike(region);
                whole.push(region);
            }
        }
        let mut naming =
            Naming { whole: self.without_idle(whole), inside: Vec::new(), meets: Vec::new(), rest: left.set() };
        if left.count > 0 {
            naming.inside = least_that_hold(&naming.rest, regions.clone());
            if naming.inside.is_empty() {
                naming.meets = cover_by_parts(&mut left, regions);
            } else {
                left.count = 0;
            }
            naming.rest = if left.count == 0 { CellSet::default() } else { left.set() };
        }
        for list in [&mut naming.whole, &mut naming.inside, &mut naming.meets] {
            list.sort_by(|a, b| (a.rank == Rank::Inline, &a.key).cmp(&(b.rank == Rank::Inline, &b.key)));
        }
        naming
    }

    /// Drops, the smallest first, each region whose cells the others have.
    fn without_idle<'a>(&self, chosen: Vec<&'a NamedRegion>) -> Vec<&'a NamedRegion> {
        let mut times = vec![0u32; self.cells.len()];
        for cell in chosen.iter().flat_map(|r| r.cells.cells()) {
            if let Some(at) = times.get_mut(*cell as usize) {
                *at += 1;
            }
        }
        let mut kept = Vec::new();
        for region in chosen.into_iter().rev() {
            let idle = region.cells.cells().iter().all(|c| times.get(*c as usize).is_some_and(|t| *t > 1));
            if !idle {
                kept.push(region);
                continue;
            }
            for cell in region.cells.cells() {
                if let Some(at) = times.get_mut(*cell as usize) {
                    *at -= 1;
                }
            }
        }
        kept
    }
}

/// The regions that hold a set. All that have a name of their own: of two claims that hold the ground neither may be left out
/// for being the larger. An expression only where nothing holds the ground more closely.
fn least_that_hold<'a>(set: &CellSet, regions: impl Iterator<Item = &'a NamedRegion>) -> Vec<&'a NamedRegion> {
    let holding: Vec<&NamedRegion> = regions.filter(|r| set.is_subset(&r.cells)).collect();
    let closer = |s: &NamedRegion, r: &NamedRegion| {
        s.cells.is_subset(&r.cells) && (s.cells.len(), s.rank, &s.key) < (r.cells.len(), r.rank, &r.key)
    };
    holding.iter().filter(|r| r.rank == Rank::Leaf || !holding.iter().any(|s| closer(s, r))).copied().collect()
}

/// Regions that between them meet as much of what is left as any do, the largest common part first.
fn cover_by_parts<'a>(left: &mut Left, regions: impl Iterator<Item = &'a NamedRegion>) -> Vec<&'a NamedRegion> {
    let mut meeting: Vec<(usize, &NamedRegion)> =
        regions.map(|r| (left.common(r), r)).filter(|(common, _)| *common > 0).collect();
    meeting.sort_by(|a, b| (b.0, a.1.rank, &a.1.key).cmp(&(a.0, b.1.rank, &b.1.key)));
    let mut parts = Vec::new();
    for (_, region) in meeting {
        if left.common(region) > 0 {
            left.strike(region);
            parts.push(region);
        }
    }
    parts
}

/// Words that are too long for a message, cut.
fn shortened(words: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    if words.chars().count() <= LONGEST {
        return Cow::Borrowed(words);
    }
    Cow::Owned(words.chars().take(LONGEST - 1).chain(['…']).collect())
}

fn parts_of(naming: &Naming<'_>) -> Vec<Named> {
    let entry = |part: bool| move |r: &&NamedRegion| Named { name: r.key.clone(), label: r.label.clone(), part };
    let parts = naming.inside.iter().chain(&naming.meets);
    naming.whole.iter().map(entry(false)).chain(parts.map(entry(true))).collect()
}

fn texts(named: Vec<Named>) -> Vec<String> {
    named.into_iter().map(|n| if n.part { format!("part of {}", n.name) } else { n.name }).collect()
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

/// A name as a charter writes it: in quotes unless it is plain and no word of the language.
#[must_use]
pub fn quoted(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !Word::of(name).is_firm() {
        return name.to_owned();
    }
    let mut text = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
