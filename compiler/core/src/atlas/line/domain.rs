//! Names of the domain tree (RFC 1035), and the prefixes that its reverse zones stand for.
//!
//! In: texts, and regions as lists of names, each standing for the name and all below it. Out: [`DomainName`]s, the cells of
//! the regions, and for a reverse zone the prefix it covers (RFC 1035 §3.5, RFC 3596 §2.5). Names in other scripts are
//! compared as written, letter case aside in ASCII: `ü` and `xn--tda` are two names here.

use std::fmt;

use num_rational::BigRational;

use super::covers::{BySet, SetId, Sets};
use super::prefix::{Family, Prefix};
use super::{LineCell, Piece, TooDense};

/// A name, as labels from the root down: `example.org` is `org`, `example`. In order of the tree: a name comes right before
/// all that lie below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName {
    labels: Vec<String>,
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainError {
    /// there is nothing
    Empty,
    /// two dots in a row, or one at the beginning
    EmptyLabel,
    /// a part of more than 63 bytes
    LongLabel,
    /// more than 253 bytes
    Long,
    /// a blank or another character that no name has
    Character(char),
    /// `*`: a name stands for all below it anyway
    Wildcard,
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("expected a domain name, found nothing"),
            Self::EmptyLabel => f.write_str("a part of the domain name is empty"),
            Self::LongLabel => f.write_str("a part of the domain name has more than 63 bytes"),
            Self::Long => f.write_str("the domain name has more than 253 bytes"),
            Self::Character(c) => write!(f, "`{}` cannot stand in a domain name", c.escape_debug()),
            Self::Wildcard => f.write_str("`*` cannot stand in the name of a region"),
        }
    }
}

impl DomainError {
    /// What to do.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Empty => "write a name, as in `example.org`; write `.` for the root",
            Self::EmptyLabel => "write one dot between two parts, and none at the beginning",
            Self::LongLabel | Self::Long => "shorten the name",
            Self::Character(_) => "take the character out",
            Self::Wildcard => "leave `*.` out: a name stands for all below it",
        }
    }
}

impl DomainName {
    /// Reads a name: a dot at the end is dropped, ASCII letters become small; `.` alone is the root.
    ///
    /// # Errors
    /// As [`DomainError`] says.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        if text.is_empty() {
            return Err(DomainError::Empty);
        }
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() {
            return Ok(Self { labels: Vec::new() });
        }
        if text.len() > 253 {
            return Err(DomainError::Long);
        }
        let mut labels = Vec::new();
        for label in text.rsplit('.') {
            if label.is_empty() {
                return Err(DomainError::EmptyLabel);
            }
            if label.len() > 63 {
                return Err(DomainError::LongLabel);
            }
            if label == "*" {
                return Err(DomainError::Wildcard);
            }
            let odd = |c: char| {
                c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() && !matches!(c, '-' | '_' | '/')
            };
            if let Some(c) = label.chars().find(|c| odd(*c)) {
                return Err(DomainError::Character(c));
            }
            labels.push(label.to_ascii_lowercase());
        }
        Ok(Self { labels })
    }

    /// From the root down.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether the other is this name or lies below it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.labels.starts_with(&self.labels)
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.labels.is_empty() {
            return f.write_str(".");
        }
        for (i, label) in self.labels.iter().rev().enumerate() {
            write!(f, "{}{label}", if i == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

/// A name and all below it, without some that lie below.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subtree {
    /// the name
    pub root: DomainName,
    /// names below it that are left out, each with all below it; in order, none below another
    pub without: Vec<DomainName>,
}

impl Subtree {
    /// Whether the name lies in it.
    #[must_use]
    pub fn contains(&self, name: &DomainName) -> bool {
        self.root.contains(name) && !self.without.iter().any(|w| w.contains(name))
    }
}

impl Piece for Subtree {
    fn measure(&self) -> Option<BigRational> {
        None
    }

    /// `example.org, without a.example.org and b.example.org`; of many left out the first three.
    fn describe(&self, _unit: Option<&str>) -> String {
        let names: Vec<String> = self.without.iter().take(3).map(ToString::to_string).collect();
        let more = self.without.len() - names.len();
        match names.as_slice() {
            [] => self.root.to_string(),
            [all @ .., last] if more == 0 && !all.is_empty() => {
                format!("{}, without {} and {last}", self.root, all.join(", "))
            }
            names if more == 0 => format!("{}, without {}", self.root, names.join(", ")),
            names => format!("{}, without {} and {more} more", self.root, names.join(", ")),
        }
    }
}

/// One cell for each distinct set of covering regions, in order of the sets. O(n log n) in the number of names.
///
/// # Errors
/// If the sets have too many members to list.
pub fn domain_cells(regions: &[Vec<DomainName>]) -> Result<Vec<LineCell<Subtree>>, TooDense> {
    let mut named: Vec<(&DomainName, u32)> =
        (0_u32..).zip(regions).flat_map(|(number, names)| names.iter().map(move |name| (name, number))).collect();
    named.sort_unstable();
    named.dedup();
    let mut sets = Sets::new(regions.len());
    let mut covered = vec![false; regions.len()];
    let mut walk = Walk { open: Vec::new(), done: Vec::new() };
    let mut named = named.into_iter().peekable();
    while let Some((name, number)) = named.next() {
        for number in walk.leave(|open| !open.contains(name)) {
            if let Some(flag) = covered.get_mut(number as usize) {
                *flag = false;
            }
        }
        let above = walk.open.last().map_or(SetId::EMPTY, |o| o.set);
        let (mut set, mut added) = (above, Vec::new());
        let mut next = Some(number);
        while let Some(number) = next {
            if let Some(flag) = covered.get_mut(number as usize).filter(|flag| !**flag) {
                *flag = true;
                set = sets.toggled(set, number);
                added.push(number);
            }
            next = named.next_if(|(other, _)| *other == name).map(|(_, number)| number);
        }
        if set != above {
            if let Some(parent) = walk.open.last_mut() {
                parent.without.push(name.clone());
            }
            walk.open.push(Open { name: name.clone(), set, added, without: Vec::new() });
        }
    }
    walk.leave(|_| true);
    let mut cells: BySet<Vec<Subtree>> = BySet::default();
    for (set, piece) in walk.done {
        cells.entry(set).or_default().push(piece);
    }
    let cells = sets.in_order(cells)?.into_iter().map(|(cover, mut pieces)| {
        pieces.sort_unstable();
        LineCell { cover, pieces }
    });
    Ok(cells.collect())
}

/// A name on the way down, the regions that cover from it on, and what is left out below it.
struct Open {
    name: DomainName,
    set: SetId,
    added: Vec<u32>,
    without: Vec<DomainName>,
}

struct Walk {
    open: Vec<Open>,
    done: Vec<(SetId, Subtree)>,
}

impl Walk {
    /// Closes the innermost names while `past` says so; gives the regions that cover no longer.
    fn leave(&mut self, past: impl Fn(&DomainName) -> bool) -> Vec<u32> {
        let mut ended = Vec::new();
        while let Some(open) = self.open.pop_if(|open| past(&open.name)) {
            ended.extend(open.added);
            self.done.push((open.set, Subtree { root: open.name, without: open.without }));
        }
        ended
    }
}

/// Why a reverse zone stands for no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReverseError {
    /// a part that is no number from 0 to 255, or no hexadecimal digit
    Part,
    /// more parts than an address has
    TooLong,
    /// delegation inside a /24 (RFC 2317), which names no prefix that can be read off
    Classless,
}

impl fmt::Display for ReverseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Part => "a part of the reverse zone is no part of an address",
            Self::TooLong => "the reverse zone has more parts than an address",
            Self::Classless => "a reverse zone inside a /24 (RFC 2317) is not read",
        })
    }
}

/// The prefix that a reverse zone covers: `5.10.in-addr.arpa` is `10.5.0.0/16`, `8.b.d.0.1.0.0.2.ip6.arpa` is
/// `2001:db8::/32`. None for a name that is no reverse zone.
///
/// # Errors
/// If the name lies in the reverse tree and stands for no prefix.
pub fn reverse_zone(name: &DomainName) -> Result<Option<Prefix>, ReverseError> {
    let (family, parts) = match name.labels.as_slice() {
        [arpa, v4, parts @ ..] if arpa == "arpa" && v4 == "in-addr" => (Family::V4, parts),
        [arpa, v6, parts @ ..] if arpa == "arpa" && v6 == "ip6" => (Family::V6, parts),
        _ => return Ok(None),
    };
    if family == Family::V4 && parts.iter().any(|p| p.contains(['/', '-'])) {
        return Err(ReverseError::Classless);
    }
    let width = if family == Family::V4 { 8 } else { 4 };
    let mut address = 0_u128;
    let mut length = 0_u8;
    for part in parts {
        let value = match family {
            Family::V4 if part.len() > 1 && part.starts_with('0') || !part.bytes().all(|b| b.is_ascii_digit()) => None,
            Family::V4 => part.parse::<u8>().ok(),
            Family::V6 if part.len() != 1 => None,
            Family::V6 => part.chars().next().and_then(|c| c.to_digit(16)).and_then(|d| u8::try_from(d).ok()),
        };
        let value = value.ok_or(ReverseError::Part)?;
        length = length.checked_add(width).filter(|l| *l <= family.bits()).ok_or(ReverseError::TooLong)?;
        address |= u128::from(value) << (family.bits() - length);
    }
    Ok(Prefix::holding(family, address, length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::atlas::line::{describe_pieces, parse_prefix};

    fn d(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    #[test]
    fn names_are_put_in_one_form() {
        assert_eq!(d("Example.ORG.").to_string(), "example.org");
        assert_eq!(d(".").to_string(), ".");
        assert_eq!(d("020").to_string(), "020");
        assert!(d("org").contains(&d("a.example.org")));
        assert!(!d("ample.org").contains(&d("example.org")));
        assert!(d(".").contains(&d("x")));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, error) in [
            ("", DomainError::Empty),
            ("a..b", DomainError::EmptyLabel),
            (".a", DomainError::EmptyLabel),
            ("..", DomainError::EmptyLabel),
            ("a b", DomainError::Character(' ')),
            ("a:b", DomainError::Character(':')),
            ("*.a", DomainError::Wildcard),
            (&"x".repeat(64), DomainError::LongLabel),
            (&"x.".repeat(127), DomainError::Long),
        ] {
            let read = DomainName::parse(text);
            if text.len() == 254 {
                assert!(read.is_ok(), "253 bytes and a dot");
            } else {
                assert_eq!(read, Err(error), "{text}");
            }
        }
        assert_eq!(DomainName::parse(&"x.".repeat(128)), Err(DomainError::Long));
    }

    #[test]
    fn a_name_below_another_is_left_out_of_it() {
        let regions = [vec![d("north")], vec![d("x.north"), d("y.north")], vec![d("south")], vec![d("a.x.north")]];
        let cells = domain_cells(&regions).unwrap();
        let shown: Vec<String> =
            cells.iter().map(|c| format!("{:?}: {}", c.cover, describe_pieces(&c.pieces, None, 3))).collect();
        assert_eq!(
            shown,
            [
                "[0]: north, without x.north and y.north",
                "[0, 1]: x.north, without a.x.north, y.north",
                "[0, 1, 3]: a.x.north",
                "[2]: south",
            ]
        );
    }

    #[test]
    fn reverse_zones_stand_for_prefixes() {
        let p = |text: &str| parse_prefix(text).unwrap();
        for (zone, prefix) in [
            ("5.10.in-addr.arpa.", "10.5.0.0/16"),
            ("10.IN-ADDR.ARPA", "10.0.0.0/8"),
            ("4.3.2.1.in-addr.arpa", "1.2.3.4/32"),
            ("in-addr.arpa", "0.0.0.0/0"),
            ("8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::/32"),
            ("1.d.f.ip6.arpa", "fd10::/12"),
            ("ip6.arpa", "::/0"),
        ] {
            assert_eq!(reverse_zone(&d(zone)), Ok(Some(p(prefix))), "{zone}");
        }
        assert_eq!(reverse_zone(&d("example.org")), Ok(None));
        assert_eq!(reverse_zone(&d("arpa")), Ok(None));
        assert_eq!(reverse_zone(&d("0/25.2.0.192.in-addr.arpa")), Err(ReverseError::Classless));
        assert_eq!(reverse_zone(&d("0-127.2.0.192.in-addr.arpa")), Err(ReverseError::Classless));
        assert_eq!(reverse_zone(&d("256.10.in-addr.arpa")), Err(ReverseError::Part));
        assert_eq!(reverse_zone(&d("05.10.in-addr.arpa")), Err(ReverseError::Part));
        assert_eq!(reverse_zone(&d("1.4.3.2.1.in-addr.arpa")), Err(ReverseError::TooLong));
        assert_eq!(reverse_zone(&d("10.d.f.ip6.arpa")), Err(ReverseError::Part));
    }

    fn small() -> impl Strategy<Value = DomainName> {
        prop::collection::vec(0_u8..2, 0..4)
            .prop_map(|labels| DomainName { labels: labels.into_iter().map(|l| l.to_string()).collect() })
    }

    proptest! {
        #[test]
        fn each_name_is_in_the_cell_of_what_covers_it(
            regions in prop::collection::vec(prop::collection::vec(small(), 0..4), 0..6),
            asked in prop::collection::vec(small(), 1..20),
        ) {
            let cells = domain_cells(&regions).unwrap();
            for pair in cells.windows(2) {
                prop_assert!(pair[0].cover < pair[1].cover);
            }
            for name in asked {
                let covering: Vec<u32> =
                    (0_u32..).zip(&regions).filter(|(_, r)| r.iter().any(|n| n.contains(&name))).map(|(i, _)| i).collect();
                let found: Vec<_> =
                    cells.iter().filter(|c| c.pieces.iter().any(|p| p.contains(&name))).map(|c| c.cover.clone()).collect();
                if covering.is_empty() {
                    prop_assert!(found.is_empty());
                } else {
                    prop_assert_eq!(found, vec![covering]);
                }
            }
        }
    }
}
