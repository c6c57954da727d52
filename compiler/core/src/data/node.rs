//! A value read from a data file, every part of which knows its place.
//!
//! In: what the readers of one format found. Out: [`Node`], the same for JSON, YAML and CSV, with exact numbers.
//! Does not read texts; knows nothing of charters.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::source::Span;

/// Digits and decimal exponents beyond this are refused: no quantity of a charter needs them, and a short text such as
/// `1e999999999` would fill the memory.
const MOST_DIGITS: usize = 400;

/// A key of a map, as text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// the key; a number written as a key is its text
    pub text: String,
    /// the key alone
    pub span: Span,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// the whole value
    pub span: Span,
    /// the value
    pub value: NodeValue,
}

/// What a data file can hold at one place.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// `null`, an empty YAML value, an empty CSV cell
    Null,
    /// `true` or `false`
    Bool(bool),
    /// a number, exactly as written
    Number {
        /// as it stands in the file
        text: String,
        /// its exact value
        value: BigRational,
    },
    /// a text
    Text(String),
    /// a list
    List(Vec<Node>),
    /// keys and values in the order of the file; no key stands twice
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// What it is, in words that follow "expected … found".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "yes or no",
            NodeValue::Number { .. } => "a number",
            NodeValue::Text(_) => "text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map of keys",
        }
    }

    /// The value under a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, v)| v)
    }

    /// The key with its place and the value, if this is a map that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<(&Key, &Node)> {
        self.entries().iter().find(|(k, _)| k.text == key).map(|(k, v)| (k, v))
    }

    /// The keys and values of a map; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a text, and the text of a number or truth value as written: `110` can be a name. None for lists, maps
    /// and nothing.
    #[must_use]
    pub fn scalar_text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Number { text, .. } => Some(text),
            NodeValue::Bool(true) => Some("true"),
            NodeValue::Bool(false) => Some("false"),
            NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
        }
    }

    /// The exact value of a number; none for anything else.
    #[must_use]
    pub fn number(&self) -> Option<&BigRational> {
        match &self.value {
            NodeValue::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether nothing stands here.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == NodeValue::Null
    }
}

/// Why a text is no number that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// it is not written as a decimal number, or has leading zeros
    NotANumber,
    /// it has more digits, or a larger exponent, than any quantity needs
    TooLong,
}

/// The exact value of a decimal number as JSON writes them: `-12`, `0.5`, `6.02e23`. A leading `+` is taken, leading zeros
/// are not (`020` is the number 16 to some readers and 20 to others).
///
/// # Errors
/// As [`NumberError`] says.
pub fn exact_number(text: &str) -> Result<BigRational, NumberError> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or("")),
        Some(b'+') => (false, text.get(1..).unwrap_or("")),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((w, f)) => (w, Some(f)),
        None => (mantissa, None),
    };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || fraction.is_some_and(|f| !digits(f)) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(NumberError::NotANumber);
    }
    let exponent = match exponent {
        None => 0,
        Some(e) => {
            let bare = e.strip_prefix(['+', '-']).unwrap_or(e);
            if !digits(bare) {
                return Err(NumberError::NotANumber);
            }
            match e.parse::<i32>() {
                Ok(e) if e.unsigned_abs() as usize <= MOST_DIGITS => e,
                _ => return Err(NumberError::TooLong),
            }
        }
    };
    let fraction = fraction.unwrap_or("");
    if whole.len() + fraction.len() > MOST_DIGITS {
        return Err(NumberError::TooLong);
    }
    let Some(mut value) = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10) else {
        return Err(NumberError::NotANumber);
    };
    if negative {
        value = -value;
    }
    let scale = i64::from(exponent) - i64::try_from(fraction.len()).map_err(|_| NumberError::TooLong)?;
    let power = u32::try_from(scale.unsigned_abs()).map_err(|_| NumberError::TooLong)?;
    let power = BigInt::from(10).pow(power);
    Ok(if value.is_zero() {
        BigRational::zero()
    } else if scale >= 0 {
        BigRational::new(value * power, BigInt::one())
    } else {
        BigRational::new(value, power)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(n: i64, d: i64) -> BigRational {
        BigRational::new(n.into(), d.into())
    }

    #[test]
    fn numbers_are_exact() {
        for (text, value) in [
            ("0", ratio(0, 1)),
            ("-0.0", ratio(0, 1)),
            ("0.1", ratio(1, 10)),
            ("-12.50", ratio(-25, 2)),
            ("+3", ratio(3, 1)),
            ("6.02e2", ratio(602, 1)),
            ("5E-3", ratio(1, 200)),
        ] {
            assert_eq!(exact_number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told_from_what_is_too_long() {
        for text in ["", "-", "020", "00", "1.", ".5", "1e", "1e+", "0x10", "1_000", "NaN", "inf", "1 ", "٣"] {
            assert_eq!(exact_number(text), Err(NumberError::NotANumber), "{text}");
        }
        for text in ["1e401", "1e-999999999999", &"9".repeat(401)] {
            assert_eq!(exact_number(text), Err(NumberError::TooLong), "{text}");
        }
        assert!(exact_number("1e400").is_ok());
    }
}
