//! Numbers, dates and angles as written, to exact values.
//!
//! In: the text of one token. Out: the value, or what is wrong with it. No floating point anywhere.

use super::tree::Axis;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Pow, Zero};

/// How many digits one number may have: reading a number takes time that grows with their square.
pub const DIGIT_LIMIT: usize = 4096;

/// `1_120`, `0.5`: the exact value; the reason where it is none.
pub(super) fn number(text: &str) -> Result<BigRational, String> {
    if text.len() > DIGIT_LIMIT {
        return Err(format!("a number has at most {DIGIT_LIMIT} digits"));
    }
    if let Ok(small) = text.parse::<u64>() {
        return Ok(BigRational::from_integer(BigInt::from(small)));
    }
    let mut parts = text.split('.');
    let (whole, fraction) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if parts.next().is_some() {
        return Err("a number has at most one decimal point".to_owned());
    }
    let digits: String = whole.chars().chain(fraction.chars()).filter(|c| *c != '_').collect();
    let scale = fraction.chars().filter(|c| *c != '_').count();
    let numerator: BigInt = digits.parse().map_err(|_| "it is no number".to_owned())?;
    Ok(BigRational::new(numerator, Pow::pow(BigInt::from(10), scale)))
}

/// `2026-03-01`: year, month, day, if there is such a day.
pub(super) fn date(text: &str) -> Option<(i32, u8, u8)> {
    let mut parts = text.split('-');
    let year: i32 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day: u8 = parts.next()?.parse().ok()?;
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=last).contains(&day).then_some((year, month, day))
}

/// `12°21'00"N`: exact degrees, north and east positive; the reason where it is none.
pub(super) fn angle(text: &str) -> Result<(BigRational, Axis), String> {
    let side = text.chars().next_back().unwrap_or(' ');
    let (axis, limit, negative) = match side {
        'N' => (Axis::Latitude, 90, false),
        'S' => (Axis::Latitude, 90, true),
        'E' => (Axis::Longitude, 180, false),
        _ => (Axis::Longitude, 180, true),
    };
    let mut degrees = BigRational::zero();
    let mut scale = BigInt::from(1);
    for part in text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).filter(|p| !p.is_empty()) {
        let value = number(part)?;
        if scale > BigInt::from(1) && value >= BigRational::from_integer(BigInt::from(60)) {
            return Err(format!("minutes and seconds are below 60, found {part}"));
        }
        degrees += value / &scale;
        scale *= 60;
    }
    if degrees > BigRational::from_integer(BigInt::from(limit)) {
        let which = if axis == Axis::Latitude { "latitude" } else { "longitude" };
        return Err(format!("a {which} is at most {limit}°"));
    }
    Ok((if negative { -degrees } else { degrees }, axis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(n: i64, d: i64) -> BigRational {
        BigRational::new(n.into(), d.into())
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(number("1_120"), Ok(ratio(1120, 1)));
        assert_eq!(number("0.1"), Ok(ratio(1, 10)));
        assert_eq!(number("123_456_789_012_345_678_901.5").unwrap() * ratio(2, 1), {
            let big: BigInt = "246913578024691357803".parse().unwrap();
            BigRational::from_integer(big)
        });
        assert!(number("1.2.3").is_err());
        assert!(number(&"9".repeat(DIGIT_LIMIT + 1)).is_err());
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date("2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(date("1900-02-29"), None);
        assert_eq!(date("2026-13-01"), None);
        assert_eq!(date("2026-04-31"), None);
    }

    #[test]
    fn angles_are_exact_and_bounded() {
        assert_eq!(angle("12°21'00\"N"), Ok((ratio(247, 20), Axis::Latitude)));
        assert_eq!(angle("70°25′W"), Ok((ratio(-845, 12), Axis::Longitude)));
        assert_eq!(angle("59.5°N"), Ok((ratio(119, 2), Axis::Latitude)));
        assert!(angle("91°N").is_err());
        assert!(angle("10°60'E").is_err());
    }
}
