//! Numbers as a person reads them, and as the document holds them.

/// `value` rounded half away from zero to `decimals` places; never `-0`.
#[must_use]
pub fn round_to(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let rounded = (value * scale).round() / scale;
    if !rounded.is_finite() {
        value
    } else if rounded == 0.0 {
        0.0
    } else {
        rounded
    }
}

/// Areas and widths in the document: 6 decimals.
#[must_use]
pub fn to_six(value: f64) -> f64 {
    round_to(value, 6)
}

/// Widths in the document: they are found to 1 %, so four digits say all there is to say.
#[must_use]
pub fn to_four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = value.abs().log10().floor();
    // digits before the point are between -308 and 308
    #[expect(clippy::cast_possible_truncation, reason = "a logarithm of a double fits")]
    round_to(value, 3 - digits as i32)
}

/// `9,483,831.5`: thousands set apart, at least five significant digits, no trailing zeros.
pub(super) fn grouped(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = if magnitude >= 10_000.0 {
        1
    } else if magnitude >= 1.0 {
        3
    } else {
        6
    };
    let mut text = format!("{magnitude:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    if value < 0.0 {
        out.push('-');
    }
    let count = whole.chars().count();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (count - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// An area in words: `5,013.2 km²`; what rounds to nothing is given in square metres.
#[must_use]
pub fn area(km2: f64) -> String {
    if km2 != 0.0 && km2.abs() < 0.000_1 {
        let m2 = km2 * 1e6;
        if m2.abs() < 0.001 { "under 0.001 m²".to_owned() } else { format!("{} m²", grouped(round_to(m2, 3))) }
    } else {
        format!("{} km²", grouped(km2))
    }
}

/// `3 cells`, `1 cell`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped_count(n), if n == 1 { one } else { many })
}

fn grouped_count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_short() {
        assert_eq!(grouped(9_483_831.495_9), "9,483,831.5");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(-1234.5), "-1,234.5");
        assert_eq!(area(0.0028), "0.0028 km²");
        assert_eq!(area(0.000_001), "1 m²");
        assert_eq!(area(0.0), "0 km²");
        assert_eq!(count(1, "cell", "cells"), "1 cell");
        assert_eq!(count(81_281, "cell", "cells"), "81,281 cells");
        assert_eq!(to_six(-0.000_000_01), 0.0);
        assert_eq!([64_789.619_6, 1.113_195, 0.000_123_456].map(to_four_digits), [64_790.0, 1.113, 0.000_123_5]);
        assert_eq!(to_four_digits(0.0), 0.0);
    }
}
