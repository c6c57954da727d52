//! The evaluator's decision procedure against projection, which shares nothing with it.

use super::condition::Condition;
use super::decide::{Possible, possible};
use crate::logic::{BigInt, BigRational, Formula, Linear, Model, Value, Var, eliminate};
use proptest::prelude::*;

fn vars() -> Vec<Var> {
    vec![Var::int("i"), Var::int("j"), Var::real("x"), Var::real("y")]
}

fn atom() -> impl Strategy<Value = Formula> {
    (proptest::collection::vec(-3..4i64, 4), -6..7i64, 0..6u8).prop_map(|(c, k, shape)| {
        let part = |n: usize| {
            vars()
                .iter()
                .zip(&c)
                .take(n)
                .fold(Linear::int(k), |sum, (x, c)| sum + Linear::scaled(x, BigRational::from_integer((*c).into())))
        };
        match shape {
            0 => Formula::non_positive(part(4)),
            1 => Formula::negative(part(4)),
            2 => Formula::zero(part(2)),
            3 => Formula::zero(part(4)),
            4 => Formula::divides(&BigInt::from(3), &part(2)).unwrap_or_else(Formula::truth),
            _ => Formula::atom(&Var::bool("b")),
        }
    })
}

fn formula() -> impl Strategy<Value = Formula> {
    atom().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Formula::and),
            proptest::collection::vec(inner.clone(), 2..3).prop_map(Formula::or),
            inner.prop_map(|f| Formula::not(&f)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_can_hold_is_what_projection_leaves(f in formula()) {
        let all: Vec<Var> = f.vars().into_iter().collect();
        if let Ok(left) = eliminate::exists(&f, &all) {
            match possible(&Condition::of(&f)) {
                Possible::Yes => prop_assert!(left.is_true(), "{f}"),
                Possible::No => prop_assert!(left.is_false(), "{f}"),
                Possible::Unsure => {}
            }
        }
    }

    #[test]
    fn a_condition_has_the_value_of_its_formula(f in formula(), v in proptest::collection::vec(-4..5i64, 4), b in any::<bool>()) {
        let mut model = Model::new();
        for (x, v) in vars().into_iter().zip(v) {
            model.set(x, Value::int(v));
        }
        model.set(Var::bool("b"), Value::Bool(b));
        prop_assert_eq!(Condition::of(&f).value(&model), f.eval(&model));
        prop_assert_eq!(Condition::of(&f).not().value(&model), f.eval(&model).map(|b| !b));
    }
}

#[test]
fn it_is_hardly_ever_unsure() {
    let i = Linear::var(&Var::int("i"));
    let j = Linear::var(&Var::int("j"));
    let two = BigRational::from_integer(2.into());
    // 2i = 2j + 1 has rational solutions and no whole one
    let odd = Formula::eq(&i.scale(&two), &(j.scale(&two) + Linear::int(1)));
    assert_eq!(possible(&Condition::of(&odd)), Possible::No);
    // far from 0, and with one bound only
    let far = Formula::and([Formula::ge(&i, &Linear::int(1_000_000)), Formula::eq(&i, &j.scale(&two))]);
    assert_eq!(possible(&Condition::of(&far)), Possible::Yes);
    let x = Linear::var(&Var::real("x"));
    let between = Formula::and([Formula::gt(&x, &Linear::zero()), Formula::lt(&x, &Linear::zero())]);
    assert_eq!(possible(&Condition::of(&between)), Possible::No);
}
