//! Units and what they measure.
//!
//! In: the name of a unit. Out: its type and how many of the base unit it is. Lengths of time in days, distances in metres,
//! areas in km², shares as fractions, money by currency code (ISO 4217 writes three capitals), other units by family.
//! Hours are refused: a day is the step of the language.

use super::Type;
use num_bigint::BigInt;
use num_rational::BigRational;

/// What a unit measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// a type and the factor to its base unit
    Of(Type, BigRational),
    /// calendar months
    Months(i64),
    /// refused, with the reason and the repair
    Refused(&'static str, &'static str),
}

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// The unit of this name, if the language has it; declared units are looked up by the caller.
#[must_use]
pub fn built_in(name: &str) -> Option<Unit> {
    let of = |sort: Type, numerator: i64, denominator: i64| Some(Unit::Of(sort, ratio(numerator, denominator)));
    match name {
        "day" | "days" => of(Type::Duration, 1, 1),
        "week" | "weeks" => of(Type::Duration, 7, 1),
        "month" | "months" => Some(Unit::Months(1)),
        "year" | "years" => Some(Unit::Months(12)),
        "hour" | "hours" | "h" | "hr" | "hrs" | "minute" | "minutes" | "min" | "mins" | "second" | "seconds"
        | "sec" | "secs" => {
            Some(Unit::Refused("the step of time is a day", "write it in days, weeks, months or years: `1 day`"))
        }
        "%" => of(Type::Percent, 1, 100),
        "mm" => of(Type::Distance, 1, 1000),
        "cm" => of(Type::Distance, 1, 100),
        "m" => of(Type::Distance, 1, 1),
        "km" => of(Type::Distance, 1000, 1),
        "nmi" | "M" => of(Type::Distance, 1852, 1),
        "nm" => Some(Unit::Refused("`nm` is read as nanometres by some and nautical miles by others", "write `nmi`")),
        "miles" | "mile" | "mi" => {
            Some(Unit::Refused("a mile may be a statute or a nautical one", "write `nmi`, or kilometres"))
        }
        "m2" | "m²" => of(Type::Area, 1, 1_000_000),
        "ha" => of(Type::Area, 1, 100),
        "km2" | "km²" => of(Type::Area, 1, 1),
        "Hz" => of(Type::Measure("Hz".into()), 1, 1),
        "kHz" => of(Type::Measure("Hz".into()), 1000, 1),
        "MHz" => of(Type::Measure("Hz".into()), 1_000_000, 1),
        "GHz" => of(Type::Measure("Hz".into()), 1_000_000_000, 1),
        "THz" => of(Type::Measure("Hz".into()), 1_000_000_000_000, 1),
        currency if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) => {
            of(Type::Money(currency.to_owned()), 1, 1)
        }
        _ => None,
    }
}

/// Names of all built-in units, for did-you-mean.
pub const BUILT_IN: &[&str] = &[
    "days", "weeks", "months", "years", "%", "mm", "cm", "m", "km", "nmi", "m2", "ha", "km2", "Hz", "kHz", "MHz",
    "GHz", "THz", "EUR", "USD",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_their_factors() {
        assert_eq!(built_in("nmi"), Some(Unit::Of(Type::Distance, ratio(1852, 1))));
        assert_eq!(built_in("ha"), Some(Unit::Of(Type::Area, ratio(1, 100))));
        assert!(matches!(built_in("hours"), Some(Unit::Refused(..))));
        assert_eq!(built_in("parsec"), None);
    }
}
