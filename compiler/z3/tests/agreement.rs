//! Z3 against enumeration and projection, which share no code with it; and everything that is printed against other seeds and
//! other orders of assertion. The suite runs on every supported Z3, so what each of them agrees on with enumeration they agree
//! on with each other.

use std::collections::BTreeMap;

use comity_core::explain::{self, Limit, SessionOracle};
use comity_core::logic::brute::BruteForce;
use comity_core::logic::sample::{Sample, Shape};
use comity_core::logic::{
    Answer, Formula, Label, Linear, Model, Prover, Sort, Unknown, Value, Var, eliminate, intervals,
};
use comity_z3::{DEFAULT_BUDGET, Z3Prover};

/// How many random questions a comparison asks: `COMITY_ROUNDS` when the tests are built, for a longer run.
fn rounds(usual: u64) -> u64 {
    option_env!("COMITY_ROUNDS").and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn vars() -> Vec<Var> {
    vec![Var::bool("a"), Var::bool("b"), Var::int("i"), Var::int("j"), Var::real("x"), Var::real("y")]
}

fn bounds() -> Formula {
    let ints = vars().into_iter().filter(|x| x.sort() == Sort::Int);
    Formula::and(ints.map(|x| Formula::between(&Linear::int(-4), &Linear::var(&x), &Linear::int(5))))
}

#[test]
fn z3_and_enumeration_answer_alike() {
    let z3 = Z3Prover::default();
    let mut sample = Sample::new(11);
    let (mut sat, mut unsat, mut skipped) = (0u64, 0u64, 0u64);
    let total = rounds(1_200);
    for round in 0..total {
        let mixed = round % 3 == 0;
        let shape = Shape { vars: vars(), depth: 2, largest: 3, mixed };
        let parts: Vec<Formula> = (0..2 + round % 4).map(|_| sample.formula(&shape)).collect();
        let enabled: Vec<Label> = (0..parts.len() as u32).map(Label).collect();
        let ask = |prover: &dyn Prover| {
            let mut session = prover.session();
            if mixed || round % 2 == 0 {
                session.assert(&bounds());
            }
            for (l, f) in enabled.iter().zip(&parts) {
                session.assert_labelled(*l, f);
            }
            session.check(&enabled, &[])
        };
        match (ask(&z3), ask(&BruteForce)) {
            (Answer::Sat(_), Answer::Sat(_)) => sat += 1,
            (Answer::Unsat { core }, Answer::Unsat { .. }) => {
                unsat += 1;
                // a core suffices
                let mut session = BruteForce.session();
                if mixed || round % 2 == 0 {
                    session.assert(&bounds());
                }
                let kept = core.iter().filter_map(|l| parts.get(l.0 as usize));
                kept.for_each(|f| session.assert(f));
                let again = session.check(&[], &[]);
                assert!(
                    matches!(again, Answer::Unsat { .. } | Answer::Unknown(Unknown::Budget)),
                    "{core:?} of {parts:?}"
                );
            }
            (_, Answer::Unknown(Unknown::Budget)) => skipped += 1,
            (z3, brute) => panic!("Z3 says {z3:?}, enumeration {brute:?} of {parts:?}"),
        }
    }
    assert!(sat * 4 > total && unsat * 10 > total && skipped * 10 < total, "{sat} {unsat} {skipped}");
}

/// The simplest model, by projection: for each variable the simplest value of what is left when all later ones are gone.
fn by_projection(f: &Formula, vars: &[Var]) -> Option<Option<Model>> {
    let mut left = f.clone();
    let mut out = Model::new();
    for (n, x) in vars.iter().enumerate() {
        let shadow = eliminate::exists(&left, vars.get(n + 1..)?).ok()?;
        if shadow.is_false() {
            return Some(None);
        }
        let value = match x.sort() {
            Sort::Bool => {
                let mut no = Model::new();
                no.set(x.clone(), Value::Bool(false));
                Value::Bool(!shadow.assign(&no).is_true())
            }
            Sort::Int | Sort::Real => Value::Number(intervals::simplest(&intervals::of(&shadow, x).ok()?)?),
        };
        let mut step = Model::new();
        step.set(x.clone(), value.clone());
        left = left.assign(&step);
        out.set(x.clone(), value);
    }
    Some(Some(out))
}

#[test]
fn the_simplest_model_is_the_simplest() {
    let shape = Shape { vars: vars(), depth: 2, largest: 3, mixed: false };
    let mut sample = Sample::new(12);
    let mut compared = 0;
    let total = rounds(250);
    for round in 0..total {
        let f = Formula::and([bounds(), sample.formula(&shape), sample.formula(&shape), sample.formula(&shape)]);
        let Some(expected) = by_projection(&f, &vars()) else { continue };
        compared += 1;
        let prover = Z3Prover::new(DEFAULT_BUDGET, u32::try_from(round).unwrap());
        let mut session = prover.session();
        session.assert(&f);
        let found = explain::canonical_model(&mut *session, &[], &[], &vars()).unwrap();
        assert_eq!(found, expected, "{f}");
        // where each value is added to what the session knows, it is the same
        let settled = explain::settle_model(&mut *session, &vars()).unwrap();
        assert_eq!(settled, expected, "{f}");
        assert_eq!(explain::settle_model(&mut *session, &vars()).unwrap(), expected, "what was settled stays: {f}");
    }
    assert!(compared * 2 > total, "{compared} of {total}");
}

#[test]
fn thin_sets_have_a_simplest_number_too() {
    let q = |p: i64, d: i64| comity_core::logic::BigRational::new(p.into(), d.into());
    let x = Var::real("x");
    for (low, high, simplest) in [
        (q(1, 1000), q(1, 999), q(2, 1999)),
        (q(-355, 113), q(-22, 7), q(-333, 106)),
        (q(1_000_001, 2), q(2_000_003, 4), q(1_500_002, 3)),
    ] {
        let (low, high) = if low < high { (low, high) } else { (high, low) };
        let set = [intervals::Interval {
            low: Some(intervals::End { value: low.clone(), closed: false }),
            high: Some(intervals::End { value: high.clone(), closed: false }),
        }];
        let expected = intervals::simplest(&set).unwrap();
        if simplest.denom() == expected.denom() {
            assert_eq!(simplest, expected);
        }
        let prover = Z3Prover::default();
        let mut session = prover.session();
        session.assert(&Formula::gt(&Linear::var(&x), &Linear::constant(low)));
        session.assert(&Formula::lt(&Linear::var(&x), &Linear::constant(high)));
        let found = explain::canonical_model(&mut *session, &[], &[], std::slice::from_ref(&x)).unwrap().unwrap();
        assert_eq!(found.get(&x), Some(&Value::Number(expected)));
    }
}

/// Statements that clash in several ways: conditions on shared terms, and switches of which the background says what
/// excludes what, outright or where a term is so.
struct Charter {
    background: Vec<Formula>,
    statements: Vec<(Label, Formula)>,
}

fn charter(seed: u64) -> Charter {
    let mut sample = Sample::new(seed);
    let terms = vec![Var::int("i"), Var::int("j"), Var::real("x"), Var::real("y")];
    let shape = Shape { vars: terms, depth: 1, largest: 2, mixed: false };
    let mut background = vec![bounds()];
    let mut statements = Vec::new();
    let switch = |n: u32| Formula::atom(&Var::bool(format!("on {n}")));
    let claims = 7u32;
    for n in 0..claims {
        statements.push((Label(n), switch(n)));
    }
    for n in claims..claims + 4 {
        statements.push((Label(n), sample.formula(&shape)));
    }
    for _ in 0..7 {
        let (a, b) = (sample.below(claims.into()) as u32, sample.below(claims.into()) as u32);
        let mut clause = vec![Formula::not(&switch(a)), Formula::not(&switch(b))];
        if sample.below(3) > 0 {
            clause.push(Formula::not(&sample.formula(&shape)));
        }
        background.push(Formula::or(clause));
    }
    Charter { background, statements }
}

/// All that a report prints of it.
fn explained(prover: &dyn Prover, charter: &Charter) -> String {
    let mut oracle = SessionOracle::new(prover);
    charter.background.iter().for_each(|f| oracle.assert(f));
    charter.statements.iter().for_each(|(l, f)| oracle.assert_labelled(*l, f));
    let labels: Vec<Label> = charter.statements.iter().map(|(l, _)| *l).collect();
    let weights: BTreeMap<Label, u64> = labels.iter().map(|l| (*l, u64::from(l.0 % 3))).collect();
    let core = explain::preferred_core(&mut oracle, &labels);
    let all = explain::minimal_conflicts(&mut oracle, &labels, Limit::default());
    let out = explain::corrections(&mut oracle, &labels, &weights, Limit::default());
    format!("{core:?}\n{all:?}\n{out:?}\n{} questions", oracle.asked())
}

#[test]
fn explanations_are_the_same_from_every_seed_order_and_prover() {
    let mut sizes = [0usize; 5];
    for round in 0..rounds(16) {
        let mut charter = charter(1000 + round);
        let expected = explained(&BruteForce, &charter);
        for seed in 0..8 {
            let found = explained(&Z3Prover::new(DEFAULT_BUDGET, seed), &charter);
            assert_eq!(found, expected, "seed {seed} of charter {round}");
            let mut sample = Sample::new(seed.into());
            sample.shuffle(&mut charter.background);
            sample.shuffle(&mut charter.statements);
        }
        // by definition, on all subsets
        let mut oracle = SessionOracle::new(&BruteForce);
        charter.background.iter().for_each(|f| oracle.assert(f));
        charter.statements.iter().for_each(|(l, f)| oracle.assert_labelled(*l, f));
        let labels: Vec<Label> = (0..11).map(Label).collect();
        let found = explain::minimal_conflicts(&mut oracle, &labels, Limit::default());
        assert!(!found.lower_bound);
        if round < 5 {
            assert_eq!(found.sets, by_definition(&charter, &labels), "charter {round}");
        }
        for set in &found.sets {
            if let Some(n) = sizes.get_mut(set.len()) {
                *n += 1;
            }
        }
    }
    assert!(sizes.iter().skip(1).all(|n| *n > 0), "conflicts by size: {sizes:?}");
}

fn by_definition(charter: &Charter, labels: &[Label]) -> Vec<Vec<Label>> {
    let prover = Z3Prover::default();
    let mut session = prover.session();
    charter.background.iter().for_each(|f| session.assert(f));
    charter.statements.iter().for_each(|(l, f)| session.assert_labelled(*l, f));
    let mut subsets: Vec<Vec<Label>> = (0u32..1 << labels.len())
        .map(|mask| labels.iter().filter(|l| mask >> l.0 & 1 == 1).copied().collect())
        .collect();
    subsets.sort_by(|a: &Vec<Label>, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut out: Vec<Vec<Label>> = Vec::new();
    for s in subsets {
        let known = out.iter().any(|m| m.iter().all(|l| s.contains(l)));
        if !known && matches!(session.check(&s, &[]), Answer::Unsat { .. }) {
            out.push(s);
        }
    }
    out
}

/// Semantics §7: two open pairs that a settlement escapes, and one set of five of which any four can be settled.
#[test]
fn five_that_no_four_of_them_make() {
    let (x, y) = (Linear::var(&Var::real("x")), Linear::var(&Var::real("y")));
    let on = |n: u32| Formula::atom(&Var::bool(format!("on {n}")));
    let clash =
        |a: u32, b: u32, when: Formula| Formula::or([Formula::not(&on(a)), Formula::not(&on(b)), Formula::not(&when)]);
    let prover = Z3Prover::default();
    let mut oracle = SessionOracle::new(&prover);
    oracle.assert(&Formula::and([Formula::ge(&x, &Linear::int(0)), Formula::ge(&y, &Linear::int(0))]));
    oracle.assert(&Formula::le(&(&x + &y), &Linear::int(20)));
    // A and B on cell 1, C and D on cell 2; label 4 is what A accepts
    oracle.assert(&clash(0, 1, Formula::and([Formula::lt(&x, &Linear::int(10)), Formula::gt(&y, &Linear::int(5))])));
    oracle.assert(&clash(2, 3, Formula::ge(&x, &Linear::int(10))));
    (0..4).for_each(|n| oracle.assert_labelled(Label(n), &on(n)));
    oracle.assert_labelled(Label(4), &Formula::ge(&y, &Linear::int(6)));
    let labels: Vec<Label> = (0..5).map(Label).collect();
    let found = explain::minimal_conflicts(&mut oracle, &labels, Limit::default());
    assert_eq!(found.sets, vec![labels.clone()]);
    assert!(!found.lower_bound);
    let out = explain::corrections(&mut oracle, &labels, &BTreeMap::new(), Limit::default());
    assert_eq!(out.joint(9).len(), 5);
}

/// Claims that overlap their neighbours along a chain, all pairs stated outright, some with a term of their own: large, but
/// made of small parts.
#[test]
fn a_long_chain_of_neighbours_stays_small() {
    let prover = Z3Prover::default();
    let mut oracle = SessionOracle::new(&prover);
    let on = |n: u32| Formula::atom(&Var::bool(format!("on {n}")));
    let n = 600u32;
    for k in 0..n {
        oracle.assert_labelled(Label(k), &on(k));
    }
    for k in 0..n - 1 {
        oracle.assert(&Formula::or([Formula::not(&on(k)), Formula::not(&on(k + 1))]));
    }
    for k in (0..n - 2).step_by(10) {
        // k and k + 2 clash whatever their term is
        let t = Linear::var(&Var::real(format!("term {k}")));
        let low = Formula::or([Formula::not(&on(k)), Formula::lt(&t, &Linear::int(1))]);
        let high = Formula::or([Formula::not(&on(k + 2)), Formula::gt(&t, &Linear::int(2))]);
        oracle.assert(&low);
        oracle.assert(&high);
    }
    let labels: Vec<Label> = (0..n).map(Label).collect();
    let found = explain::minimal_conflicts(&mut oracle, &labels, Limit { sets: 5_000, ..Limit::default() });
    assert!(!found.lower_bound);
    assert_eq!(found.sets.len(), 599 + 60);
    assert!(oracle.asked() < 4_000, "{} questions", oracle.asked());
}
