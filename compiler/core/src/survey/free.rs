//! What is free: ground of an atlas that nobody claims and that meets every requirement (`comity free ATLAS SIZE`).
//!
//! In: a program, the name of an atlas, a size as a person writes it (`/20`, `4 MHz`, `100 km2`). Out: [`Free`], the first
//! places that would do, in order, and how many there are; or a [`Refusal`] that says what to supply. Free is what no claim of any
//! party or candidate covers on any day and under any settlement, and what is neither common nor frozen.

use crate::atlas::line::{Family, Interval, Piece as _, Prefix, aggregate, free_intervals, free_prefixes};
use crate::atlas::{Atlas, AtlasId, CellSet, Measure, SpaceKind, number};
use crate::checks::words;
use crate::model::{Program, Requirement, Scope, Size, Statement, StatementKind};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use schemars::JsonSchema;
use serde::Serialize;

/// What is free.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Free {
    /// the atlas
    pub atlas: String,
    /// how much was asked for
    pub size: String,
    /// how many places there are, in words: a number of blocks may have forty digits
    pub found: String,
    /// the first of them, in order
    pub places: Vec<Place>,
    /// the requirements that they meet, as written
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// what could not be taken into account
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A place that would do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Place {
    /// as a charter writes it
    pub region: String,
    /// the free ground that it is a part of, where that is larger
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// how large it is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// longitude and latitude of a point inside
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<[f64; 2]>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// one line
    pub message: String,
    /// what to do
    pub help: String,
}

fn refuse<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { message: message.into(), help: help.into() })
}

impl Free {
    /// For a terminal: one place a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("free in {}: {}\n", self.atlas, self.found);
        for place in &self.places {
            out.push_str("  ");
            out.push_str(&place.region);
            if let Some(extent) = &place.extent {
                out.push_str(&format!("  {extent}"));
            }
            if let Some(within) = &place.within {
                out.push_str(&format!("  in {within}"));
            }
            if let Some([x, y]) = place.point {
                out.push_str(&format!("  at {x},{y}"));
            }
            out.push('\n');
        }
        for requirement in &self.requirements {
            out.push_str(&format!("meets: {requirement}\n"));
        }
        for note in &self.notes {
            out.push_str(&format!("note: {note}\n"));
        }
        out
    }
}

/// Looks for the first `most` places of at least this size.
///
/// # Errors
/// If there is no such atlas, if the size is none of its space, if no claim of that size meets the requirements, or if
/// nothing says what may be claimed in a space without end.
pub fn free(program: &Program, atlas: &str, size: &str, most: usize) -> Result<Free, Refusal> {
    let Some((id, space)) = (0u32..).map(AtlasId).zip(&program.atlases).find(|(_, a)| a.name == atlas) else {
        let names: Vec<String> = program.atlases.iter().map(|a| crate::atlas::quoted(&a.name)).collect();
        return refuse(format!("there is no atlas `{atlas}`"), format!("name one of: {}", names.join(", ")));
    };
    let mut search = Search { program, id, space, most, requirements: Vec::new(), notes: Vec::new() };
    search.run(size)
}

struct Search<'a> {
    program: &'a Program,
    id: AtlasId,
    space: &'a Atlas,
    most: usize,
    requirements: Vec<String>,
    notes: Vec<String>,
}

impl Search<'_> {
    fn run(&mut self, size: &str) -> Result<Free, Refusal> {
        match &self.space.space {
            SpaceKind::Ipv4 => self.blocks(Family::V4, size),
            SpaceKind::Ipv6 => self.blocks(Family::V6, size),
            SpaceKind::Interval(unit) => self.stretches(&unit.clone(), size),
            SpaceKind::Integer => self.stretches("", size),
            SpaceKind::Earth | SpaceKind::Plain => self.regions(size),
            SpaceKind::Domain => refuse(
                format!("free names of {} have no end", self.space.name),
                "ask for an atlas of addresses, of a unit, of named regions or of the earth",
            ),
        }
    }

    fn answer(self_: &mut Self, size: &str, found: String, places: Vec<Place>) -> Free {
        Free {
            atlas: self_.space.name.clone(),
            size: size.to_owned(),
            found,
            places,
            requirements: std::mem::take(&mut self_.requirements),
            notes: std::mem::take(&mut self_.notes),
        }
    }

    /// The ground of statements that a new claim could not share.
    fn taken(&self) -> CellSet {
        let takes = |s: &&Statement| {
            let kind = matches!(
                s.kind,
                StatementKind::Claim { .. }
                    | StatementKind::OpenClaim { .. }
                    | StatementKind::Jointly { .. }
                    | StatementKind::Common { .. }
                    | StatementKind::Frozen { .. }
            );
            kind && !s.on.is_false()
        };
        let regions = self.program.statements.iter().filter(takes).filter_map(Statement::region);
        regions.filter(|r| r.atlas == self.id).flat_map(|r| r.cells.cells().iter().copied()).collect()
    }

    /// The requirements on claims over this atlas.
    fn required(&self) -> Vec<(&Statement, &Requirement)> {
        let meant = |scope: &Scope| scope.atlas.is_none_or(|a| a == self.id) && scope.right.is_none_or(|r| r.0 == 0);
        let required = |s: &'_ Statement| match &s.kind {
            StatementKind::Requirement(r) => match r.as_ref() {
                Requirement::Within { scope, .. } | Requirement::Sized { scope, .. } => meant(scope),
                _ => false,
            },
            _ => false,
        };
        let statements = self.program.statements.iter().filter(|s| required(s));
        statements
            .filter_map(|s| match &s.kind {
                StatementKind::Requirement(r) => Some((s, r.as_ref())),
                _ => None,
            })
            .collect()
    }

    /// The ground that all requirements allow, and their words; `None` where none of them bounds it.
    fn allowed(&mut self) -> Option<CellSet> {
        let mut allowed: Option<CellSet> = None;
        let mut met = Vec::new();
        let mut notes = Vec::new();
        for (s, requirement) in self.required() {
            let Requirement::Within { region, .. } = requirement else { continue };
            match region {
                Some(r) if r.atlas == self.id => {
                    allowed = Some(allowed.map_or_else(|| r.cells.clone(), |a| a.intersection(&r.cells)));
                    met.push(s.text.clone());
                }
                Some(_) => {}
                None => notes.push(format!("depends on whose claim it is, and was left out: {}", s.text)),
            }
        }
        self.requirements.extend(met);
        self.notes.extend(notes);
        allowed
    }

    /// Refuses a size that no claim may have. `too` says whether the size is too small or too large for a bound.
    fn size_allowed(&mut self, words: &str, too: impl Fn(&Size, bool) -> Option<bool>) -> Result<(), Refusal> {
        let mut met = Vec::new();
        for (s, requirement) in self.required() {
            let Requirement::Sized { least, most, .. } = requirement else { continue };
            for (bound, at_least) in [(least, true), (most, false)] {
                if bound.as_ref().and_then(|b| too(b, at_least)) == Some(true) {
                    let which = if at_least { "smaller" } else { "larger" };
                    return refuse(
                        format!("a claim of {words} is {which} than `{}` allows", s.text),
                        "ask for a size that the requirement allows",
                    );
                }
            }
            met.push(s.text.clone());
        }
        self.requirements.extend(met);
        Ok(())
    }

    fn blocks(&mut self, family: Family, size: &str) -> Result<Free, Refusal> {
        let length = size.trim().strip_prefix('/').and_then(|n| n.parse::<u8>().ok()).filter(|n| *n <= family.bits());
        let Some(length) = length else {
            let bits = family.bits();
            return refuse(
                format!("expected a length such as `/20`, found `{size}`"),
                format!("write `/` and a number from 0 to {bits}"),
            );
        };
        self.size_allowed(&format!("/{length}"), |bound, at_least| match bound {
            // a longer prefix is smaller
            Size::PrefixLength(n) => Some(if at_least { length > *n } else { length < *n }),
            Size::Area(_) | Size::Measure(_) => None,
        })?;
        let whole = Prefix::holding(family, 0, 0).into_iter().collect::<Vec<_>>();
        let allowed = self.allowed().map_or(whole, |cells| self.space.prefixes_of(&cells));
        let room = free_prefixes(&aggregate(&allowed), &self.space.prefixes_of(&self.taken()), length);
        let count = room.iter().fold(BigInt::zero(), |n, p| n + (BigInt::one() << usize::from(length - p.length())));
        let place = |block: Prefix, room: Prefix| Place {
            region: block.to_string(),
            within: (block != room).then(|| room.to_string()),
            extent: None,
            point: None,
        };
        let places =
            room.iter().flat_map(|room| room.parts(length).map(|block| place(block, *room))).take(self.most).collect();
        let blocks = if count.is_one() { "block" } else { "blocks" };
        let found = format!("{count} {blocks} of /{length}");
        Ok(Self::answer(self, size, found, places))
    }

    fn stretches(&mut self, unit: &str, size: &str) -> Result<Free, Refusal> {
        let example = if unit.is_empty() { "4".to_owned() } else { format!("4 {unit}") };
        let Some(length) = quantity(size, unit) else {
            return refuse(
                format!("expected a size such as `{example}`, found `{size}`"),
                format!("write `{example}`"),
            );
        };
        let words = words::quantity(&length, unit);
        self.size_allowed(&words, |bound, at_least| match bound {
            Size::Measure(n) => Some(if at_least { length < *n } else { length > *n }),
            Size::Area(_) | Size::PrefixLength(_) => None,
        })?;
        let allowed = match self.allowed() {
            Some(cells) => cells,
            None => self.named().into_iter().fold(CellSet::default(), |all, (_, cells)| all.union(&cells)),
        };
        if allowed.is_empty() {
            return refuse(
                format!("nothing says what of {} may be claimed", self.space.name),
                format!("name a region in it, or write `require every claim over {} lies within …`", self.space.name),
            );
        }
        let room = free_intervals(&self.space.intervals_of(&allowed), &self.space.intervals_of(&self.taken()), &length);
        let place = |i: &Interval| Place {
            region: i.describe((!unit.is_empty()).then_some(unit)),
            within: None,
            extent: Some(words::quantity(&i.length(), unit)),
            point: None,
        };
        let count = room.len();
        let places = room.iter().take(self.most).map(place).collect();
        let found = format!("{count} {} of {words} or more", if count == 1 { "stretch" } else { "stretches" });
        Ok(Self::answer(self, size, found, places))
    }

    /// Named regions of which something is free, each as far as it is free.
    fn regions(&mut self, size: &str) -> Result<Free, Refusal> {
        let earth = self.space.space == SpaceKind::Earth;
        let unit = if earth { "km2" } else { "" };
        let Some(least) = quantity(&size.replace("km²", "km2"), unit) else {
            let example = if earth { "100 km2" } else { "1" };
            return refuse(
                format!("expected a size such as `{example}`, found `{size}`"),
                format!("write `{example}`"),
            );
        };
        if earth {
            self.size_allowed(&format!("{} km²", words::number(&least)), |bound, at_least| match bound {
                Size::Area(n) => Some(!at_least && least > *n),
                Size::Measure(_) | Size::PrefixLength(_) => None,
            })?;
        }
        let allowed = self.allowed();
        let taken = self.taken();
        let mut found: Vec<(CellSet, Place)> = Vec::new();
        for (name, cells) in self.named() {
            let open = allowed.as_ref().map_or_else(|| cells.clone(), |a| cells.intersection(a)).difference(&taken);
            let measure = self.space.measure(&open);
            let enough = match &measure {
                Measure::Area(km2) => least.to_f64().is_some_and(|l| *km2 >= l && *km2 > 0.0),
                Measure::Count(n, _) => *n >= least,
                Measure::None => BigRational::from_integer(open.len().into()) >= least,
            };
            // of two names for the same ground the first, in order of names, tells it
            if open.is_empty() || !enough || found.iter().any(|(known, _)| open.is_subset(known)) {
                continue;
            }
            let point = self.space.pieces(&open).first().map(|p| p.point.map(crate::report::to_six));
            let extent = number::measure(&measure);
            let whole = open == cells;
            let region = if whole { name } else { format!("part of {name}") };
            found.push((open, Place { region, within: None, extent, point }));
        }
        let count = found.len();
        let places = found.into_iter().take(self.most).map(|(_, place)| place).collect();
        let regions = if count == 1 { "region" } else { "regions" };
        let found = if earth {
            format!("{count} {regions} of {} km² or more", words::number(&least))
        } else {
            format!("{count} {regions}")
        };
        Ok(Self::answer(self, size, found, places))
    }

    /// The named regions as a charter writes them, wider ones first, then by name.
    fn named(&self) -> Vec<(String, CellSet)> {
        let mut out: Vec<(String, CellSet)> =
            self.space.named().map(|n| (n.label.to_owned(), n.cells.clone())).collect();
        out.sort_by(|a, b| (b.1.len(), &a.0).cmp(&(a.1.len(), &b.0)));
        out
    }
}

/// A number in a unit as a person writes it: `4 MHz`, `4MHz`, `1_000.5 MHz`; without the unit too.
fn quantity(text: &str, unit: &str) -> Option<BigRational> {
    let text = text.trim();
    let text = text.strip_suffix(unit).unwrap_or(text).trim();
    let digits = text.replace(['_', ','], "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) || (part.is_empty() && digits.contains('.')) {
        return None;
    }
    let scale = BigInt::from(10).pow(u32::try_from(part.len()).ok()?);
    let number = format!("{whole}{part}").parse::<BigInt>().ok()?;
    Some(BigRational::new(number, scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Settings;
    use crate::checks::cases::{Build, always};
    use indexmap::IndexMap;

    fn require(b: &mut Build, requirement: Requirement) {
        b.say(&[], StatementKind::Requirement(Box::new(requirement)), always());
    }

    fn regions(free: &Free) -> Vec<&str> {
        free.places.iter().map(|p| p.region.as_str()).collect()
    }

    #[test]
    fn the_first_blocks_that_nobody_claims_inside_what_is_allowed() {
        let mut b = Build::blocks(&["10.0.0.0/22", "10.0.0.0/24", "10.0.3.0/24", "10.0.1.128/25"]);
        let ada = b.member("Ada");
        b.claims(ada, &["10.0.0.0/24"]);
        let region = Some(b.ground(&["10.0.0.0/22"]));
        require(&mut b, Requirement::Within { scope: Scope::default(), region, by_party: IndexMap::new() });
        let found = free(b.program(), "V4", "/24", 10).unwrap();
        assert_eq!(regions(&found), ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]);
        assert_eq!(found.found, "3 blocks of /24");
        assert_eq!(found.places[0].within, None);
        assert_eq!(found.places[1].within.as_deref(), Some("10.0.2.0/23"));
        assert_eq!(found.requirements.len(), 1);
        // a candidate's claim takes, and common ground is nobody's to claim
        let dor = b.candidate("Dor");
        b.claims(dor, &["10.0.1.128/25"]);
        let region = b.ground(&["10.0.3.0/24"]);
        b.say(&[], StatementKind::Common { region }, always());
        let found = free(b.program(), "V4", "/24", 10).unwrap();
        assert_eq!(regions(&found), ["10.0.2.0/24"]);
        assert_eq!(found.found, "1 block of /24");
    }

    #[test]
    fn a_size_that_no_claim_may_have_is_refused() {
        let mut b = Build::blocks(&["10.0.0.0/22"]);
        b.member("Ada");
        let (least, most) = (Some(Size::PrefixLength(22)), Some(Size::PrefixLength(18)));
        require(&mut b, Requirement::Sized { scope: Scope::default(), least, most });
        for wrong in ["/24", "/16", "24", "/33", "4 MHz"] {
            assert!(free(b.program(), "V4", wrong, 1).is_err(), "{wrong}");
        }
        let found = free(b.program(), "V4", "/20", 2).unwrap();
        assert_eq!(found.found, "1048576 blocks of /20");
        assert_eq!(regions(&found), ["0.0.0.0/20", "0.0.16.0/20"]);
    }

    #[test]
    fn there_is_no_such_atlas() {
        let refusal = free(Build::plain(&["North"]).program(), "World", "1", 1).unwrap_err();
        assert_eq!(refusal.message, "there is no atlas `World`");
        assert_eq!(refusal.help, "name one of: Bay");
    }

    #[test]
    fn stretches_of_a_band() {
        let mut b = Build::band(&[("all", 0, 20), ("low", 2, 5), ("high", 9, 20)]);
        let ada = b.member("Ada");
        b.claims(ada, &["low"]);
        b.claims(ada, &["high"]);
        assert!(free(b.program(), "Band", "4 MHz", 10).is_err(), "nothing says what may be claimed");
        let region = Some(b.ground(&["all"]));
        require(&mut b, Requirement::Within { scope: Scope::default(), region, by_party: IndexMap::new() });
        let found = free(b.program(), "Band", "2.5 MHz", 10).unwrap();
        assert_eq!(regions(&found), ["5 MHz to 9 MHz"]);
        assert_eq!(found.found, "1 stretch of 2.5 MHz or more");
        assert!(free(b.program(), "Band", "2 kHz", 10).is_err());
    }

    #[test]
    fn named_regions_that_nobody_claims() {
        let mut b = Build::plain(&["North", "South", "Meadow"]);
        let ada = b.member("Ada");
        b.claims(ada, &["North"]);
        let found = free(b.program(), "Bay", "1", 10).unwrap();
        assert_eq!(regions(&found), ["Bay.Meadow", "Bay.South"]);
        assert_eq!(found.text(), "free in Bay: 2 regions\n  Bay.Meadow\n  Bay.South\n");
    }

    #[test]
    fn ground_of_a_size_with_a_point_inside() {
        let boxes = [("West", [10.0, 11.0, 45.0, 46.0]), ("East", [10.5, 12.0, 45.0, 46.0])];
        let mut b = Build::earth(&boxes, Settings::default());
        let ada = b.member("Ada");
        b.claims(ada, &["West"]);
        let found = free(b.program(), "Valley", "8_000 km2", 10).unwrap();
        assert_eq!(regions(&found), ["part of Valley.East"]);
        assert!(found.places[0].point.is_some_and(|[x, _]| (11.0..12.0).contains(&x)));
        assert_eq!(free(b.program(), "Valley", "9000 km²", 10).unwrap().places, []);
    }
}
