//! Regions of a line or tree as data files write them.
//!
//! In: a scalar of a data file and the space that it is to lie in. Out: a [`LineValue`], or an error at the scalar with the
//! corrected text.

use num_rational::BigRational;
use num_traits::One;

use super::super::SpaceKind;
use super::domain::DomainName;
use super::interval::Interval;
use super::prefix::{Family, Prefix, parse_prefix};
use crate::data::{Node, exact_number};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A region of one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineValue {
    /// of a declared unit, or of integers
    Interval(Interval),
    /// of addresses
    Prefix(Prefix),
    /// a name and all below it
    Domain(DomainName),
}

/// Reads a value of a data file as a region: a prefix (`10.0.0.0/8`), a domain name, an integer (`64512`) or integers
/// (`64512 to 64515`, both included), an interval (`4 to 8`, `4 MHz to 8 MHz` where the unit is that of the space).
///
/// # Errors
/// Where it is no region of the space. A space of polygons or plain names has none that a scalar can write.
pub fn read_value(space: &SpaceKind, node: &Node) -> Result<LineValue, Box<Diagnostic>> {
    let expected = match space {
        SpaceKind::Ipv4 => "an IPv4 prefix",
        SpaceKind::Ipv6 => "an IPv6 prefix",
        SpaceKind::Domain => "a domain name",
        SpaceKind::Integer => "an integer, or two with `to` between them",
        SpaceKind::Interval(_) => "two numbers with `to` between them",
        SpaceKind::Earth | SpaceKind::Plain => {
            let headline = format!("expected the name of a region, found {}", node.kind());
            return Err(Box::new(Diagnostic::error("region-value", node.span, headline, "no region of this atlas")));
        }
    };
    let Some(text) = node.scalar_text() else {
        let headline = format!("expected {expected}, found {}", node.kind());
        return Err(Box::new(Diagnostic::error("region-value", node.span, headline, "found here")));
    };
    match space {
        SpaceKind::Ipv4 => prefix(text, Family::V4, node.span),
        SpaceKind::Ipv6 => prefix(text, Family::V6, node.span),
        SpaceKind::Domain => DomainName::parse(text).map(LineValue::Domain).map_err(|error| {
            let label = format!("expected {expected}");
            Box::new(Diagnostic::error("region-value", node.span, error.to_string(), label).help(error.help()))
        }),
        SpaceKind::Interval(unit) => interval(text, Some(unit), expected, node.span),
        _ => interval(text, None, expected, node.span),
    }
}

fn prefix(text: &str, family: Family, span: Span) -> Result<LineValue, Box<Diagnostic>> {
    match parse_prefix(text) {
        Ok(prefix) if prefix.family() == family => Ok(LineValue::Prefix(prefix)),
        Ok(prefix) => {
            let headline = format!("expected an {family} prefix, found `{prefix}`, which is {}", prefix.family());
            Err(Box::new(
                Diagnostic::error("region-value", span, headline, "of the other family")
                    .help(format!("claim it over an atlas of {}", prefix.family().to_string().to_ascii_lowercase())),
            ))
        }
        Err(error) => Err(Box::new(
            Diagnostic::error("region-value", span, format!("`{text}` is no prefix"), error.to_string())
                .help(error.help()),
        )),
    }
}

/// With a unit half open, without one integers with both ends.
fn interval(text: &str, unit: Option<&str>, expected: &str, span: Span) -> Result<LineValue, Box<Diagnostic>> {
    let refused = |label: &str| {
        let example = match unit {
            Some(unit) => format!("write it as `4 {unit} to 8 {unit}`"),
            None => "write it as `64512` or `64512 to 64515`".to_owned(),
        };
        Box::new(
            Diagnostic::error("region-value", span, format!("expected {expected}, found `{text}`"), label)
                .help(example),
        )
    };
    let number = |part: &str| -> Option<BigRational> {
        let part = part.trim();
        let bare = unit.and_then(|unit| part.strip_suffix(unit)).unwrap_or(part);
        let value = exact_number(bare.trim_end()).ok()?;
        (unit.is_some() || value.is_integer()).then_some(value)
    };
    let (lo, hi) = match text.split_once(" to ") {
        Some((lo, hi)) => (number(lo), number(hi)),
        None if unit.is_none() => (number(text), number(text)),
        None => return Err(refused("no interval")),
    };
    let (Some(lo), Some(hi)) = (lo, hi) else { return Err(refused("not numbers")) };
    let interval = Interval::new(lo, if unit.is_none() { hi + BigRational::one() } else { hi });
    if interval.is_empty() {
        Err(refused("it does not end after it begins"))
    } else {
        Ok(LineValue::Interval(interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::line::Piece;
    use crate::data::NodeValue;
    use crate::source::FileId;

    fn read(space: &SpaceKind, text: &str) -> String {
        let value = match exact_number(text) {
            Ok(value) => NodeValue::Number { text: text.to_owned(), value },
            Err(_) => NodeValue::Text(text.to_owned()),
        };
        let node = Node { span: Span::new(FileId(0), 0, 1), value };
        match read_value(space, &node) {
            Ok(LineValue::Prefix(prefix)) => prefix.to_string(),
            Ok(LineValue::Domain(name)) => name.to_string(),
            Ok(LineValue::Interval(interval)) => interval.describe(match space {
                SpaceKind::Interval(unit) => Some(unit),
                _ => None,
            }),
            Err(error) => format!("{}: {}; {}", error.headline, error.primary.text, error.helps.join("; ")),
        }
    }

    #[test]
    fn values_are_read_or_refused_with_the_repair() {
        let mhz = SpaceKind::Interval("MHz".to_owned());
        let mut out = String::new();
        for (space, text) in [
            (SpaceKind::Ipv4, "10.1.0.0/16"),
            (SpaceKind::Ipv4, "10.1.2.0/16"),
            (SpaceKind::Ipv4, "fd00::/8"),
            (SpaceKind::Ipv6, "fd00::/8"),
            (SpaceKind::Ipv4, "north"),
            (SpaceKind::Ipv4, "10"),
            (SpaceKind::Domain, "Example.org."),
            (SpaceKind::Domain, "020"),
            (SpaceKind::Domain, "a b"),
            (SpaceKind::Integer, "64512"),
            (SpaceKind::Integer, "64512 to 64515"),
            (SpaceKind::Integer, "64515 to 64512"),
            (SpaceKind::Integer, "1.5"),
            (mhz.clone(), "4 to 8.5"),
            (mhz.clone(), "4 MHz to 8 MHz"),
            (mhz.clone(), "4 kHz to 8 kHz"),
            (mhz.clone(), "4"),
            (mhz, "4 to 4"),
            (SpaceKind::Plain, "North"),
        ] {
            out.push_str(&format!("{}, `{text}`: {}\n", space.phrase(), read(&space, text)));
        }
        insta::assert_snapshot!(out);
    }
}
