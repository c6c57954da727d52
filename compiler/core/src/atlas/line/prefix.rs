//! Address prefixes of IPv4 and IPv6 (RFC 4632, RFC 4291).
//!
//! In: texts, and regions as lists of prefixes. Out: [`Prefix`]es, and the cells of the regions as the fewest prefixes that
//! cover them. The families are apart: `::/0` holds no IPv4 address. Sizes are exact at any width.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use num_bigint::BigInt;
use num_rational::BigRational;

use super::covers::sweep;
use super::{LineCell, Piece, TooDense};

/// IPv4 or IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// 32 bits
    V4,
    /// 128 bits
    V6,
}

impl Family {
    /// The bits of an address.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The last address.
    #[must_use]
    pub const fn last(self) -> u128 {
        u128::MAX >> (128 - self.bits())
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// All addresses of a family that begin with the same bits. Ordered by family, then address, then the wider first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    family: Family,
    first: u128,
    length: u8,
}

impl Prefix {
    /// The prefix of `length` bits that holds the address; none if `length` or the address is too large for the family.
    #[must_use]
    pub fn holding(family: Family, address: u128, length: u8) -> Option<Self> {
        let free = family.bits().checked_sub(length)?;
        let host = if free == 128 { u128::MAX } else { (1 << free) - 1 };
        (address <= family.last()).then_some(Self { family, first: address & !host, length })
    }

    /// Its family.
    #[must_use]
    pub const fn family(self) -> Family {
        self.family
    }

    /// Its length in bits: 8 for `10.0.0.0/8`.
    #[must_use]
    pub const fn length(self) -> u8 {
        self.length
    }

    /// Its first address.
    #[must_use]
    pub const fn first(self) -> u128 {
        self.first
    }

    /// Its last address.
    #[must_use]
    pub const fn last(self) -> u128 {
        match self.family.bits() - self.length {
            128 => u128::MAX,
            free => self.first | ((1 << free) - 1),
        }
    }

    /// How many addresses it has.
    #[must_use]
    pub fn count(self) -> BigInt {
        BigInt::from(1) << (self.family.bits() - self.length)
    }

    /// Whether every address of the other is in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.family == other.family && self.first <= other.first && other.last() <= self.last()
    }

    /// Its parts of a length, in order; none if it is shorter than the length asked for. Lazy: there can be very many.
    pub fn parts(self, length: u8) -> impl Iterator<Item = Self> {
        let fits = length >= self.length && length <= self.family.bits();
        let step = match self.family.bits().checked_sub(length) {
            Some(free) if free < 128 => Some(1_u128 << free),
            _ => None,
        };
        let begin = fits.then_some(self.first);
        std::iter::successors(begin, move |at| at.checked_add(step?).filter(|next| *next <= self.last()))
            .map(move |first| Self { length, first, ..self })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.family {
            Family::V4 => {
                write!(f, "{}/{}", Ipv4Addr::from(u32::try_from(self.first).unwrap_or(u32::MAX)), self.length)
            }
            Family::V6 => write!(f, "{}/{}", Ipv6Addr::from(self.first), self.length),
        }
    }
}

impl Piece for Prefix {
    fn describe(&self, _unit: Option<&str>) -> String {
        self.to_string()
    }

    fn measure(&self) -> Option<BigRational> {
        Some(BigRational::from_integer(self.count()))
    }
}

/// Why a text is no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrefixError {
    /// what stands before the `/` is no address
    NoAddress,
    /// what stands after the `/` is no number
    NoLength,
    /// the length is above what the family has
    TooLong(Family),
    /// bits behind the length are set; this prefix holds the address
    HostBits(Prefix),
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("expected an IPv4 or IPv6 address"),
            Self::NoLength => f.write_str("expected a length in bits after `/`"),
            Self::TooLong(family) => write!(f, "expected a length of at most {} bits for {family}", family.bits()),
            Self::HostBits(prefix) => write!(f, "the address has bits set behind its first {}", prefix.length),
        }
    }
}

impl PrefixError {
    /// What to write instead, where that is clear.
    #[must_use]
    pub fn help(self) -> String {
        match self {
            Self::NoAddress => "write all parts of the address, as in `10.0.0.0/8` or `2001:db8::/32`".to_owned(),
            Self::NoLength => "write the length as a number, as in `10.0.0.0/8`".to_owned(),
            Self::TooLong(family) => format!("write `/{}` for a single address", family.bits()),
            Self::HostBits(prefix) => {
                format!("write `{prefix}`, or `/{}` for the single address", prefix.family.bits())
            }
        }
    }
}

/// Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address, which is a prefix of full length.
///
/// # Errors
/// As [`PrefixError`] says; bits behind the length are not cut off in silence.
pub fn parse_prefix(text: &str) -> Result<Prefix, PrefixError> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let (family, address) = if let Ok(v4) = address.parse::<Ipv4Addr>() {
        (Family::V4, u128::from(v4.to_bits()))
    } else if let Ok(v6) = address.parse::<Ipv6Addr>() {
        (Family::V6, v6.to_bits())
    } else {
        return Err(PrefixError::NoAddress);
    };
    let length = match length {
        None => family.bits(),
        Some(digits) if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) => {
            return Err(PrefixError::NoLength);
        }
        Some(digits) if digits.len() > 1 && digits.starts_with('0') => return Err(PrefixError::NoLength),
        Some(digits) => digits.parse().map_err(|_| PrefixError::TooLong(family))?,
    };
    let prefix = Prefix::holding(family, address, length).ok_or(PrefixError::TooLong(family))?;
    if prefix.first == address { Ok(prefix) } else { Err(PrefixError::HostBits(prefix)) }
}

/// An address of either family; all of IPv4 comes before all of IPv6. One past the last address of a family is
/// [`Mark::end`], which no arithmetic on 128 bits can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    family: Family,
    end: bool,
    address: u128,
}

impl Mark {
    pub(super) const fn at(family: Family, address: u128) -> Self {
        Self { family, end: false, address }
    }

    /// One past the address.
    pub(super) const fn after(family: Family, address: u128) -> Self {
        if address >= family.last() {
            Self { family, end: true, address: 0 }
        } else {
            Self { family, end: false, address: address + 1 }
        }
    }
}

/// The stretch of a prefix, half open.
pub(super) const fn stretch(prefix: Prefix) -> (Mark, Mark) {
    (Mark::at(prefix.family, prefix.first), Mark::after(prefix.family, prefix.last()))
}

/// The fewest prefixes that cover a stretch, in order, each as wide as its first address lets it be.
pub(super) fn cover_stretch(from: Mark, to: Mark, out: &mut Vec<Prefix>) {
    if to <= from || from.family != to.family {
        return;
    }
    let family = from.family;
    let last = if to.end { family.last() } else { to.address - 1 };
    let mut first = from.address;
    loop {
        let aligned = if first == 0 { u32::from(family.bits()) } else { first.trailing_zeros() };
        // the widest block that begins here and does not run over the end
        let span = last - first;
        let fits = match span.checked_add(1) {
            Some(size) => size.ilog2(),
            None => 128,
        };
        let free = aligned.min(fits).min(u32::from(family.bits()));
        let length = family.bits() - u8::try_from(free).unwrap_or(family.bits());
        let prefix = Prefix { family, first, length };
        out.push(prefix);
        match prefix.last().checked_add(1) {
            Some(next) if next <= last => first = next,
            _ => return,
        }
    }
}

/// The same addresses as the fewest prefixes, in order.
#[must_use]
pub fn aggregate(prefixes: &[Prefix]) -> Vec<Prefix> {
    let mut sorted = prefixes.to_vec();
    sorted.sort_unstable();
    let mut out = Vec::new();
    let mut open: Option<(Mark, Mark)> = None;
    for (from, to) in sorted.into_iter().map(stretch) {
        match &mut open {
            Some((_, end)) if from.family == end.family && from <= *end => *end = (*end).max(to),
            _ => {
                if let Some((from, to)) = open.replace((from, to)) {
                    cover_stretch(from, to, &mut out);
                }
            }
        }
    }
    if let Some((from, to)) = open {
        cover_stretch(from, to, &mut out);
    }
    out
}

/// One cell for each distinct set of covering regions, in order of the sets; its measure is the number of addresses.
/// O(n log n) in the number of prefixes.
///
/// # Errors
/// If the sets have too many members to list.
pub fn prefix_cells(regions: &[impl AsRef<[Prefix]>]) -> Result<Vec<LineCell<Prefix>>, TooDense> {
    let marks = |(number, pieces)| AsRef::<[Prefix]>::as_ref(pieces).iter().map(move |p| (number, stretch(*p)));
    let cells = sweep(regions.len(), (0_u32..).zip(regions).flat_map(marks))?.into_iter().map(|(cover, stretches)| {
        let mut pieces = Vec::with_capacity(stretches.len());
        for (from, to) in stretches {
            cover_stretch(from, to, &mut pieces);
        }
        LineCell { cover, pieces }
    });
    Ok(cells.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn p(text: &str) -> Prefix {
        parse_prefix(text).unwrap()
    }

    fn shown(prefixes: &[Prefix]) -> Vec<String> {
        prefixes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn prefixes_are_read_and_written_alike() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "::/0", "2001:db8::/32", "fd00:1:2::5/128"] {
            assert_eq!(p(text).to_string(), text);
        }
        assert_eq!(p("10.1.2.3").to_string(), "10.1.2.3/32");
        assert_eq!(p("::ffff:10.0.0.1").family(), Family::V6);
    }

    #[test]
    fn what_is_no_prefix_is_refused_with_the_repair() {
        assert_eq!(parse_prefix("10.5.0.1/16"), Err(PrefixError::HostBits(p("10.5.0.0/16"))));
        assert_eq!(
            PrefixError::HostBits(p("10.5.0.0/16")).help(),
            "write `10.5.0.0/16`, or `/32` for the single address"
        );
        assert_eq!(parse_prefix("2001:db8::1/32"), Err(PrefixError::HostBits(p("2001:db8::/32"))));
        for text in ["", "/8", "10.5/16", "10.5.0.0.0/16", "010.5.0.0/16", "fe80::1%eth0/64", "10.0.0.256/8", "x"] {
            assert_eq!(parse_prefix(text), Err(PrefixError::NoAddress), "{text}");
        }
        for text in ["10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0/ 8"] {
            assert_eq!(parse_prefix(text), Err(PrefixError::NoLength), "{text}");
        }
        for (text, family) in [("10.0.0.0/33", Family::V4), ("10.0.0.0/999", Family::V4), ("::/129", Family::V6)] {
            assert_eq!(parse_prefix(text), Err(PrefixError::TooLong(family)), "{text}");
        }
    }

    #[test]
    fn the_whole_of_ipv6_can_be_counted_and_cut() {
        let cells =
            prefix_cells(&[vec![p("::/0")], vec![p("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"), p("0.0.0.0/0")]])
                .unwrap();
        let covers: Vec<_> = cells.iter().map(|c| (c.cover.clone(), c.pieces.len())).collect();
        assert_eq!(covers, [(vec![0], 128), (vec![0, 1], 1), (vec![1], 1)]);
        let sum: BigRational = cells.into_iter().filter_map(|c| c.measure()).sum();
        assert_eq!(sum, BigRational::from_integer((BigInt::from(1) << 128) + (BigInt::from(1) << 32)));
    }

    #[test]
    fn a_prefix_inside_another_leaves_the_rest_in_few_pieces() {
        let cells = prefix_cells(&[vec![p("10.0.0.0/8")], vec![p("10.5.0.0/16")]]).unwrap();
        let rest = cells.first().map(|c| shown(&c.pieces)).unwrap_or_default();
        assert_eq!(
            rest,
            [
                "10.0.0.0/14",
                "10.4.0.0/16",
                "10.6.0.0/15",
                "10.8.0.0/13",
                "10.16.0.0/12",
                "10.32.0.0/11",
                "10.64.0.0/10",
                "10.128.0.0/9"
            ]
        );
    }

    #[test]
    fn neighbours_are_put_together() {
        let parts = [p("10.0.1.0/24"), p("10.0.0.0/24"), p("10.0.2.0/23"), p("10.0.3.0/24"), p("::/1"), p("8000::/1")];
        assert_eq!(shown(&aggregate(&parts)), ["10.0.0.0/22", "::/0"]);
    }

    #[test]
    fn parts_of_a_prefix_come_in_order() {
        assert_eq!(
            shown(&p("10.0.0.0/22").parts(24).collect::<Vec<_>>()),
            ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
        );
        assert_eq!(p("10.0.0.0/24").parts(22).count(), 0);
        assert_eq!(p("255.255.255.0/24").parts(25).count(), 2);
        assert_eq!(p("::/0").parts(128).nth(2).map(|q| q.to_string()).as_deref(), Some("::2/128"));
        assert_eq!(p("::/0").parts(0).count(), 1);
    }

    /// Prefixes of the last 5 bits of an address range, so that all addresses can be tried.
    fn small(at_end: bool) -> impl Strategy<Value = Prefix> {
        (any::<bool>(), 0_u128..32, 0_u8..=5).prop_map(move |(v4, host, short)| {
            let family = if v4 { Family::V4 } else { Family::V6 };
            let address = if at_end { family.last() - host } else { host };
            Prefix::holding(family, address, family.bits() - short).unwrap()
        })
    }

    proptest! {
        #[test]
        fn each_address_is_in_the_cell_of_what_covers_it(
            regions in prop_oneof![
                prop::collection::vec(prop::collection::vec(small(false), 0..3), 0..5),
                prop::collection::vec(prop::collection::vec(small(true), 0..3), 0..5),
            ]
        ) {
            let cells = prefix_cells(&regions).unwrap();
            for cell in &cells {
                prop_assert_eq!(aggregate(&cell.pieces), cell.pieces.clone(), "pieces are as few as can be");
            }
            for family in [Family::V4, Family::V6] {
                for address in (0..64).chain((0..64).map(|i| family.last() - i)) {
                    let one = Prefix::holding(family, address, family.bits()).unwrap();
                    let covering: Vec<u32> =
                        (0_u32..).zip(&regions).filter(|(_, r)| r.iter().any(|p| p.contains(one))).map(|(i, _)| i).collect();
                    let found: Vec<_> =
                        cells.iter().filter(|c| c.pieces.iter().any(|p| p.contains(one))).map(|c| c.cover.clone()).collect();
                    if covering.is_empty() {
                        prop_assert!(found.is_empty());
                    } else {
                        prop_assert_eq!(found, vec![covering]);
                    }
                }
            }
        }
    }
}
