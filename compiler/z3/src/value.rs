//! Z3 values to exact values.
//!
//! In: a Z3 model and a constant. Out: the value, or nothing where Z3 gave none that we can read (then the model is a fault).

use comity_core::logic::{BigInt, BigRational, Value};
use num_traits::Zero;

use crate::translate::Constant;

/// The value of a constant, completed where the model left it open.
pub(crate) fn read(model: &z3::Model, constant: &Constant) -> Option<Value> {
    match constant {
        Constant::Bool(b) => model.eval(b, true)?.as_bool().map(Value::Bool),
        Constant::Int(i) => {
            let value = model.eval(i, true)?;
            match value.as_i64() {
                Some(small) => Some(Value::int(small)),
                None => numeral(&value.to_string()).map(Value::Number),
            }
        }
        Constant::Real(r) => {
            let value = model.eval(r, true)?;
            match value.as_rational() {
                Some((p, q)) if q != 0 => Some(Value::Number(BigRational::new(p.into(), q.into()))),
                _ => numeral(&value.to_string()).map(Value::Number),
            }
        }
    }
}

/// A number too large for machine words, as Z3 prints it: `7`, `7.0`, `(- 7)`, `(/ 1.0 3.0)`, `(- (/ 1.0 3.0))`.
fn numeral(text: &str) -> Option<BigRational> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("(-").and_then(|t| t.strip_suffix(')')) {
        return numeral(inner).map(|n| -n);
    }
    if let Some(inner) = text.strip_prefix("(/").and_then(|t| t.strip_suffix(')')) {
        let (p, q) = inner.trim().rsplit_once(' ')?;
        let (p, q) = (numeral(p)?, numeral(q)?);
        return (!q.is_zero()).then(|| p / q);
    }
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse::<BigInt>().ok().map(BigRational::from_integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_z3_prints_them() {
        let n = |p: i64, q: i64| Some(BigRational::new(p.into(), q.into()));
        assert_eq!(numeral("7"), n(7, 1));
        assert_eq!(numeral("7.0"), n(7, 1));
        assert_eq!(numeral("(- 7.0)"), n(-7, 1));
        assert_eq!(numeral("(/ 1.0 3.0)"), n(1, 3));
        assert_eq!(numeral("(- (/ 1.0 3.0))"), n(-1, 3));
        assert_eq!(numeral("(/ (- 1.0) 3.0)"), n(-1, 3));
        assert_eq!(numeral("(root-obj (+ (^ x 2) (- 2)) 2)"), None);
    }
}
