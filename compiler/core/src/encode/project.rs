//! Exact projections: what is left of a condition when days and unknowns are found, and days when everything else is.
//!
//! In: conditions over days, terms and unknowns. Out: the condition over terms alone (κ of semantics §7), and the days as
//! intervals.

use crate::checks::Interval;
use crate::logic::eliminate::{self, Refusal};
use crate::logic::intervals;
use crate::logic::{BigRational, Formula, Model, Value, Var};
use crate::model::day;
use num_traits::ToPrimitive;

/// ∃ of these variables, exactly.
///
/// # Errors
/// Where the projection would grow too large, or mixes a whole number with a rational that stays.
pub fn exists<'v>(vars: impl IntoIterator<Item = &'v Var>, formula: &Formula) -> Result<Formula, Refusal> {
    let vars: Vec<Var> = vars.into_iter().filter(|x| formula.mentions(x)).cloned().collect();
    if vars.is_empty() { Ok(formula.clone()) } else { eliminate::exists(formula, &vars) }
}

/// Why there is no projection, in words.
#[must_use]
pub fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::TooLarge => "a condition grew too large to be projected".to_owned(),
        Refusal::Mixed(x) => {
            format!("`{}` counts whole days or things beside a number that need not be whole", x.name())
        }
    }
}

/// The days on which a condition over [`day`] alone holds, in order, apart from one another. A set that repeats for ever is
/// given as every day from its first to its last.
#[must_use]
pub fn days(formula: &Formula) -> Vec<Interval> {
    if formula.is_true() {
        return vec![(None, None)];
    }
    let number = |n: &BigRational, up: bool| if up { n.ceil() } else { n.floor() }.to_integer().to_i64();
    match intervals::of(formula, &day()) {
        Ok(set) => set
            .iter()
            .map(|i| {
                let low = i.low.as_ref().and_then(|e| number(&e.value, true).map(|n| if e.closed { n } else { n + 1 }));
                let high =
                    i.high.as_ref().and_then(|e| number(&e.value, false).map(|n| if e.closed { n } else { n - 1 }));
                (low, high)
            })
            .collect(),
        Err(_) => vec![(None, None)],
    }
}

/// One day on which a condition over [`day`] alone holds: an end of its first interval, the beginning if it has one.
#[must_use]
pub fn a_day(formula: &Formula) -> Option<Model> {
    let (from, until) = days(formula).into_iter().next()?;
    let start = from.or(until).unwrap_or(0);
    let step = if from.is_none() && until.is_some() { -1 } else { 1 };
    (0..1_000).map(|n| on(start + n * step)).find(|m| formula.eval(m) == Some(true))
}

fn on(d: i64) -> Model {
    let mut model = Model::new();
    model.set(day(), Value::int(d));
    model
}
