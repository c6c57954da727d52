//! What a session answers: labels, exact values, and an honest "unknown".

use comity_core::logic::{Answer, BigRational, Formula, Label, Linear, Prover, Unknown, Value, Var};
use comity_z3::{Z3Prover, z3_version};

fn number(p: i64, q: i64) -> Linear {
    Linear::constant(BigRational::new(p.into(), q.into()))
}

#[test]
fn a_core_names_only_enabled_labels() {
    let prover = Z3Prover::default();
    let mut session = prover.session();
    let x = Linear::var(&Var::real("x"));
    session.assert_labelled(Label(1), &Formula::lt(&x, &number(1, 3)));
    session.assert_labelled(Label(2), &Formula::gt(&x, &number(1, 2)));
    session.assert_labelled(Label(7), &Formula::gt(&x, &number(5, 1)));
    assert!(matches!(session.check(&[Label(1)], &[]), Answer::Sat(_)));
    assert_eq!(session.check(&[Label(1), Label(2)], &[]), Answer::Unsat { core: vec![Label(1), Label(2)] });
    // a label that nothing stands under is true
    assert!(matches!(session.check(&[Label(2), Label(7), Label(99)], &[]), Answer::Sat(_)));
    // what is assumed is gone with the question
    let low = Formula::lt(&x, &number(0, 1));
    assert_eq!(session.check(&[Label(2)], std::slice::from_ref(&low)), Answer::Unsat { core: vec![Label(2)] });
    assert!(matches!(session.check(&[Label(2)], &[]), Answer::Sat(_)));
}

#[test]
fn values_are_exact_at_any_size() {
    let prover = Z3Prover::default();
    let mut session = prover.session();
    let (x, n) = (Var::real("a name | with\0anything"), Var::int("n"));
    let huge: BigRational = "123456789012345678901234567890/7".parse().unwrap();
    session.assert(&Formula::eq(&Linear::var(&x), &Linear::constant(huge.clone())));
    // n is the whole number between 3x and 3x + 1
    let three_x = Linear::scaled(&x, BigRational::from_integer(3.into()));
    session.assert(&Formula::ge(&Linear::var(&n), &three_x));
    session.assert(&Formula::lt(&Linear::var(&n), &(&three_x + &number(1, 1))));
    let Answer::Sat(model) = session.check(&[], &[]) else { panic!("satisfiable") };
    assert_eq!(model.get(&x), Some(&Value::Number(huge.clone())));
    assert_eq!(model.get(&n), Some(&Value::Number((huge * BigRational::from_integer(3.into())).ceil())));
}

#[test]
fn divisibility_and_truth_values() {
    let prover = Z3Prover::default();
    let mut session = prover.session();
    let (n, b) = (Var::int("n"), Var::bool("b"));
    let even = Formula::divides(&2.into(), &Linear::var(&n)).unwrap();
    session.assert(&Formula::iff(&Formula::atom(&b), &even));
    session.assert(&Formula::between(&Linear::int(-7), &Linear::var(&n), &Linear::int(-7)));
    let Answer::Sat(model) = session.check(&[], &[]) else { panic!("satisfiable") };
    assert_eq!(model.get(&b), Some(&Value::Bool(false)));
}

#[test]
fn sessions_do_not_meet() {
    let prover = Z3Prover::default();
    let (mut one, mut two) = (prover.session(), prover.session());
    let b = Formula::atom(&Var::bool("b"));
    one.assert(&b);
    two.assert(&Formula::not(&b));
    assert!(matches!(one.check(&[], &[]), Answer::Sat(_)));
    drop(one);
    assert!(matches!(two.check(&[], &[]), Answer::Sat(_)));
    assert!(matches!(two.check(&[], std::slice::from_ref(&b)), Answer::Unsat { .. }));
}

/// Seven pigeons in six holes: hard enough that a small budget cannot answer.
fn pigeons(session: &mut dyn comity_core::logic::Session) {
    let at = |p: u32, h: u32| Formula::atom(&Var::bool(format!("{p} in {h}")));
    for p in 0..7 {
        session.assert(&Formula::or((0..6).map(|h| at(p, h))));
    }
    for h in 0..6 {
        for p in 0..7 {
            for q in 0..p {
                session.assert(&Formula::or([Formula::not(&at(p, h)), Formula::not(&at(q, h))]));
            }
        }
    }
}

#[test]
fn the_budget_is_counted_not_timed() {
    let small = Z3Prover::new(2_000, 0);
    let mut session = small.session();
    pigeons(&mut *session);
    assert_eq!(session.check(&[], &[]), Answer::Unknown(Unknown::Budget));
    // what runs out before the search begins is the budget all the same
    let least = Z3Prover::new(1, 0);
    let mut least = least.session();
    pigeons(&mut *least);
    assert_eq!(least.check(&[], &[]), Answer::Unknown(Unknown::Budget));
    // a spent budget is spent for that question alone
    assert_eq!(session.check(&[], &[Formula::falsity()]), Answer::Unsat { core: vec![] });
    let large = Z3Prover::default();
    let mut session = large.session();
    pigeons(&mut *session);
    assert_eq!(session.check(&[], &[]), Answer::Unsat { core: vec![] });
}

#[test]
fn the_version_is_a_version() {
    let version = z3_version();
    assert!(version.split('.').count() >= 3 && version.chars().all(|c| c.is_ascii_digit() || c == '.'), "{version}");
}
