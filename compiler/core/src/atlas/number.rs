//! Numbers as people read them.
//!
//! In: areas and exact numbers. Out: texts with `,` between thousands. The same number gives the same text everywhere.

use super::Measure;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An area in km²: one decimal from 10 on, below that four significant digits.
#[must_use]
pub fn area(km2: f64) -> String {
    if !km2.is_finite() || km2 == 0.0 {
        return "0".to_owned();
    }
    if km2.abs() >= 9.9995 {
        return grouped(&format!("{km2:.1}"));
    }
    // `{:.3e}` rounds to four significant digits; its exponent says how many decimals these take.
    let exponent = format!("{km2:.3e}").split_once('e').and_then(|(_, e)| e.parse::<i32>().ok()).unwrap_or(0);
    let decimals = usize::try_from(3 - exponent).unwrap_or(0);
    let text = format!("{km2:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An exact number: a decimal where it ends, else a fraction.
#[must_use]
pub fn exact(number: &BigRational) -> String {
    let mut denominator = number.denom().clone();
    let (mut twos, mut fives) = (0usize, 0usize);
    for (prime, count) in [(2u32, &mut twos), (5, &mut fives)] {
        let prime = BigInt::from(prime);
        while (&denominator % &prime).is_zero() {
            denominator /= &prime;
            *count += 1;
        }
    }
    if !denominator.is_one() {
        return format!("{}/{}", number.numer(), number.denom());
    }
    let decimals = twos.max(fives);
    let Some(power) = decimals.to_u32() else { return number.to_string() };
    let scaled = (number * BigRational::from_integer(BigInt::from(10).pow(power))).to_integer();
    let sign = if scaled.is_negative() { "-" } else { "" };
    let digits = format!("{:0>width$}", scaled.abs().to_string(), width = decimals + 1);
    let (whole, part) = digits.split_at_checked(digits.len() - decimals).unwrap_or((&digits, ""));
    if part.is_empty() { format!("{sign}{}", grouped(whole)) } else { format!("{sign}{}.{part}", grouped(whole)) }
}

/// A measure with its unit: `1,538.6 km²`, `4,096 addresses`; nothing for names.
#[must_use]
pub fn measure(measure: &Measure) -> Option<String> {
    match measure {
        Measure::Area(km2) => Some(format!("{} km²", area(*km2))),
        Measure::Count(number, unit) if unit.is_empty() => Some(exact(number)),
        Measure::Count(number, unit) => {
            let unit = match unit.as_str() {
                "addresses" if number.is_one() => "address",
                "integers" if number.is_one() => "integer",
                unit => unit,
            };
            Some(format!("{} {unit}", exact(number)))
        }
        Measure::None => None,
    }
}

/// Puts `,` between the thousands of a decimal number.
fn grouped(text: &str) -> String {
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_keep_one_decimal_or_four_digits() {
        let text: Vec<String> =
            [0.0, 1_538.64, 12_345_678.96, 10.0, 9.99949, 9.99951, 1.5, 0.012_345_6, 1.0e-9, 131_833.0]
                .into_iter()
                .map(area)
                .collect();
        assert_eq!(
            text,
            ["0", "1,538.6", "12,345,679.0", "10.0", "9.999", "10.0", "1.5", "0.01235", "0.000000001", "131,833.0"]
        );
    }

    #[test]
    fn exact_numbers_end_or_stay_fractions() {
        let ratio = |n: i64, d: i64| BigRational::new(BigInt::from(n), BigInt::from(d));
        let text: Vec<String> = [ratio(4096, 1), ratio(1, 3), ratio(-5, 4), ratio(1, 50), ratio(-12_345_678, 10)]
            .iter()
            .map(exact)
            .collect();
        assert_eq!(text, ["4,096", "1/3", "-1.25", "0.02", "-1,234,567.8"]);
    }
}
