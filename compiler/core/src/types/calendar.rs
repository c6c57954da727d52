//! Calendar days.
//!
//! In: year, month, day. Out: days from 1970-01-01 and back, in the proleptic Gregorian calendar, years −9999 to 9999.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use num_rational::BigRational;
use num_traits::ToPrimitive;

fn epoch() -> Date {
    date(1970, 1, 1)
}

/// Days from 1970-01-01, or `None` where the calendar has no such day.
#[must_use]
pub fn days(year: i32, month: u8, day: u8) -> Option<i64> {
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(i64::from(date.since(epoch()).ok()?.get_days()))
}

/// The ISO form of a day, or `None` beyond the calendar's years.
#[must_use]
pub fn iso(days: i64) -> Option<String> {
    let span = i32::try_from(days).ok()?.try_days_checked()?;
    epoch().checked_add(span).ok().map(|d| d.to_string())
}

/// The ISO form of a whole number of days; a plain number with `day` before it beyond the calendar.
#[must_use]
pub fn print(days: &BigRational) -> String {
    days.to_integer().to_i64().filter(|_| days.is_integer()).and_then(iso).unwrap_or_else(|| format!("day {days}"))
}

/// The day `months` calendar months after a day; the last day of the month where it has no such day.
#[must_use]
pub fn add_months(day: i64, months: i64) -> Option<i64> {
    let start = epoch().checked_add(i32::try_from(day).ok()?.try_days_checked()?).ok()?;
    let months = i32::try_from(months).ok().filter(|m| m.abs() < 240_000)?;
    let end = start.checked_add(months.months()).ok()?;
    Some(i64::from(end.since(epoch()).ok()?.get_days()))
}

trait Checked {
    fn try_days_checked(self) -> Option<jiff::Span>;
}

impl Checked for i32 {
    fn try_days_checked(self) -> Option<jiff::Span> {
        jiff::Span::new().try_days(self).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{add_months, days, iso};

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(days(1970, 1, 1), Some(0));
        assert_eq!(days(2000, 3, 1), Some(11017));
        assert_eq!(days(2001, 2, 29), None);
        assert_eq!(iso(11017).as_deref(), Some("2000-03-01"));
        assert_eq!(iso(-719_162).as_deref(), Some("0001-01-01"));
        assert_eq!(iso(i64::MAX), None);
        assert_eq!(add_months(days(2001, 1, 31).unwrap(), 1), days(2001, 2, 28));
        assert_eq!(add_months(days(2001, 1, 31).unwrap(), 12), days(2002, 1, 31));
    }
}
