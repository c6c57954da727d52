//! Formulas against their definitions: normal forms mean what was written, projections are what enumeration finds.

use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::eliminate::{self, exists};
use super::intervals::{self, End, Interval};
use super::sample::{Sample, Shape};
use super::*;

fn q(p: i64, d: i64) -> BigRational {
    BigRational::new(p.into(), d.into())
}

fn model(values: &[(&Var, BigRational)]) -> Model {
    let mut out = Model::new();
    for (x, v) in values {
        assert!(out.set((*x).clone(), Value::Number(v.clone())));
    }
    out
}

/// Comparisons as they are written, without the smart constructors: what each of them must mean.
#[derive(Clone, Debug)]
enum Plain {
    Atom(usize),
    Compare(u8, Vec<i64>, i64, i64),
    Divides(i64, Vec<i64>, i64),
    Not(Box<Plain>),
    And(Vec<Plain>),
    Or(Vec<Plain>),
}

/// Two truth values, two integers, two rationals.
fn vars() -> Vec<Var> {
    ["a", "b"].map(Var::bool).into_iter().chain(["i", "j"].map(Var::int)).chain(["x", "y"].map(Var::real)).collect()
}

fn plain() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        (0usize..2).prop_map(Plain::Atom),
        (0u8..6, prop::collection::vec(-3i64..4, 4), -6i64..7, 1i64..4)
            .prop_map(|(k, c, n, d)| Plain::Compare(k, c, n, d)),
        (0u8..6, prop::collection::vec(-4i64..5, 2), -6i64..7, 1i64..4).prop_map(|(k, c, n, d)| Plain::Compare(
            k,
            vec![c[0], c[1], 0, 0],
            n,
            d
        )),
        (2i64..5, prop::collection::vec(-3i64..4, 2), -5i64..6).prop_map(|(m, c, k)| Plain::Divides(m, c, k)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|p| Plain::Not(Box::new(p))),
            prop::collection::vec(inner.clone(), 0..5).prop_map(Plain::And),
            prop::collection::vec(inner, 0..5).prop_map(Plain::Or),
        ]
    })
}

fn sum(c: &[i64]) -> Linear {
    let numbers = &vars()[2..];
    c.iter().zip(numbers).fold(Linear::zero(), |s, (c, x)| &s + &Linear::scaled(x, q(*c, 1)))
}

fn build(p: &Plain) -> Formula {
    match p {
        Plain::Atom(i) => Formula::atom(&vars()[*i]),
        Plain::Compare(kind, c, n, d) => {
            let (s, k) = (sum(c), Linear::constant(q(*n, *d)));
            match kind {
                0 => Formula::le(&s, &k),
                1 => Formula::lt(&s, &k),
                2 => Formula::ge(&s, &k),
                3 => Formula::gt(&s, &k),
                4 => Formula::eq(&s, &k),
                _ => Formula::ne(&s, &k),
            }
        }
        Plain::Divides(m, c, k) => Formula::divides(&(*m).into(), &(&sum(c) + &Linear::int(*k))).unwrap(),
        Plain::Not(p) => Formula::not(&build(p)),
        Plain::And(ps) => Formula::and(ps.iter().map(build)),
        Plain::Or(ps) => Formula::or(ps.iter().map(build)),
    }
}

fn meaning(p: &Plain, truths: &[bool], numbers: &[BigRational]) -> bool {
    let value = |c: &[i64]| c.iter().zip(numbers).fold(BigRational::zero(), |s, (c, v)| s + q(*c, 1) * v);
    match p {
        Plain::Atom(i) => truths[*i],
        Plain::Compare(kind, c, n, d) => {
            let (s, k) = (value(c), q(*n, *d));
            match kind {
                0 => s <= k,
                1 => s < k,
                2 => s >= k,
                3 => s > k,
                4 => s == k,
                _ => s != k,
            }
        }
        Plain::Divides(m, c, k) => ((value(c) + q(*k, 1)) / q(*m, 1)).is_integer(),
        Plain::Not(p) => !meaning(p, truths, numbers),
        Plain::And(ps) => ps.iter().all(|p| meaning(p, truths, numbers)),
        Plain::Or(ps) => ps.iter().any(|p| meaning(p, truths, numbers)),
    }
}

/// What the module says of every formula.
fn is_normal(f: &Formula) -> bool {
    let whole = |t: &Linear| t.terms().all(|(_, c)| c.is_integer()) && t.primitive_factor() == q(1, 1);
    match f.node() {
        Node::True | Node::False | Node::Atom(_) => true,
        Node::Le(t) | Node::Eq(t) => whole(t) && (!t.is_integral() || t.offset().is_integer()),
        Node::Lt(t) => whole(t) && !t.is_integral(),
        Node::Divides(m, t) => t.is_integral() && *m >= 2.into() && t.terms().all(|(_, c)| c.is_positive()),
        Node::Not(g) => matches!(g.node(), Node::Atom(_) | Node::Eq(_) | Node::Divides(..)) && is_normal(g),
        Node::And(fs) | Node::Or(fs) => {
            let same = |g: &Formula| {
                matches!(
                    (f.node(), g.node()),
                    (Node::And(_), Node::And(_)) | (Node::Or(_), Node::Or(_)) | (_, Node::True | Node::False)
                )
            };
            fs.len() >= 2 && fs.windows(2).all(|w| w[0] < w[1]) && !fs.iter().any(same) && fs.iter().all(is_normal)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn constructors_keep_the_meaning(
        p in plain(),
        points in prop::collection::vec((any::<[bool; 2]>(), -5i64..6, -5i64..6, -9i64..10, -9i64..10, 1i64..4), 20),
    ) {
        let f = build(&p);
        prop_assert!(is_normal(&f), "{f}");
        prop_assert!(is_normal(&Formula::not(&f)));
        let vars = vars();
        for (truths, i, j, x, y, d) in points {
            let numbers = [q(i, 1), q(j, 1), q(x, d), q(y, 2)];
            let mut m = Model::new();
            for (v, b) in vars.iter().zip(truths) {
                m.set(v.clone(), Value::Bool(b));
            }
            for (v, n) in vars[2..].iter().zip(&numbers) {
                m.set(v.clone(), Value::Number(n.clone()));
            }
            let expected = meaning(&p, &truths, &numbers);
            prop_assert_eq!(f.eval(&m), Some(expected), "{} at {:?}", &f, &m);
            prop_assert_eq!(Formula::not(&f).eval(&m), Some(!expected));
            prop_assert_eq!(&f.assign(&m), &Formula::constant(expected));
            // a value that is missing is either decisive or not: never guessed
            let mut partial = m.clone();
            partial.remove(&vars[2]);
            if let Some(known) = f.eval(&partial) {
                prop_assert_eq!(known, expected);
            }
        }
    }
}

/// How many random formulas a comparison looks at; a stress run asks for more through the environment at build time.
fn rounds() -> u64 {
    option_env!("COMITY_ROUNDS").and_then(|n| n.parse().ok()).unwrap_or(400)
}

/// For each value of the other variables on a grid, the projection says what trying all values of the first says.
fn compare(shape: &Shape, seed: u64, grid: &[BigRational], witness: impl Fn(&Formula, &Var, &Model) -> bool) {
    let mut sample = Sample::new(seed);
    let x = shape.vars[0].clone();
    let mut done = 0;
    for _ in 0..rounds() {
        let f = sample.formula(shape);
        let g = match exists(&f, std::slice::from_ref(&x)) {
            Ok(g) => g,
            Err(_) => continue,
        };
        done += 1;
        assert!(!g.mentions(&x));
        for _ in 0..12 {
            let mut m = Model::new();
            for y in &shape.vars[1..] {
                let v = &grid[sample.below(grid.len() as u64) as usize];
                m.set(y.clone(), Value::Number(if y.sort() == Sort::Int { v.floor() } else { v.clone() }));
            }
            assert_eq!(g.eval(&m), Some(witness(&f, &x, &m)), "of {f} without {x} came {g}, wrong at {m:?}");
        }
    }
    assert!(done * 2 > rounds(), "only {done} of {} were projected", rounds());
}

/// Whether some value of `x` satisfies what is left of `f`: between and at all points where a comparison turns.
fn by_test_points(f: &Formula, x: &Var, m: &Model) -> bool {
    let mut turns = vec![];
    fn collect(f: &Formula, x: &Var, out: &mut Vec<BigRational>) {
        match f.node() {
            Node::And(fs) | Node::Or(fs) => fs.iter().for_each(|g| collect(g, x, out)),
            Node::Not(g) => collect(g, x, out),
            Node::Le(t) | Node::Lt(t) | Node::Eq(t) if t.mentions(x) => out.push(-t.offset() / t.coefficient(x)),
            _ => {}
        }
    }
    let left = f.assign(m);
    collect(&left, x, &mut turns);
    turns.sort();
    let mut tries = turns.clone();
    tries.extend(turns.windows(2).map(|w| (&w[0] + &w[1]) / q(2, 1)));
    tries.extend(turns.first().map(|t| t - q(1, 1)));
    tries.extend(turns.last().map(|t| t + q(1, 1)));
    tries.push(q(0, 1));
    tries.iter().any(|v| left.eval(&model(&[(x, v.clone())])) == Some(true))
}

#[test]
fn a_rational_is_projected_as_test_points_say() {
    let grid: Vec<BigRational> = (-8..9).map(|n| q(n, 2)).collect();
    let vars = vec![Var::real("x"), Var::real("y"), Var::real("z")];
    compare(&Shape { vars, depth: 2, largest: 3, mixed: false }, 1, &grid, by_test_points);
    let vars = vec![Var::real("x"), Var::int("y"), Var::real("z")];
    compare(&Shape { vars, depth: 3, largest: 2, mixed: true }, 2, &grid, by_test_points);
}

#[test]
fn an_integer_is_projected_as_enumeration_says() {
    let grid: Vec<BigRational> = (-6..7).map(|n| q(n, 1)).collect();
    let vars = vec![Var::int("i"), Var::int("j"), Var::int("k")];
    // coefficients to 3, other values to 6, constants to 6, divisors to 4: beyond this nothing new happens
    let all = |f: &Formula, x: &Var, m: &Model| {
        let left = f.assign(m);
        (-90..91).any(|v| left.eval(&model(&[(x, q(v, 1))])) == Some(true))
    };
    compare(&Shape { vars: vars.clone(), depth: 1, largest: 3, mixed: false }, 3, &grid, all);
    compare(&Shape { vars, depth: 2, largest: 2, mixed: false }, 4, &grid, all);
}

#[test]
fn a_limit_refuses_and_never_approximates() {
    let vars: Vec<Var> = ["x", "y", "z", "u"].map(Var::real).to_vec();
    let shape = Shape { vars: vars.clone(), depth: 3, largest: 3, mixed: false };
    let mut sample = Sample::new(5);
    let mut refused = 0;
    for _ in 0..100 {
        let f = sample.formula(&shape);
        match (eliminate::exists_within(&f, &vars[..2], 40), exists(&f, &vars[..2])) {
            (Err(_), _) => refused += 1,
            (small, large) => assert_eq!(small, large),
        }
    }
    assert!(refused > 10);
    // a rational that stays holds an integer in place
    let (i, x) = (Var::int("i"), Var::real("x"));
    let f = Formula::and([
        Formula::le(&Linear::var(&x), &Linear::var(&i)),
        Formula::le(&Linear::var(&i), &(&Linear::var(&x) + &Linear::constant(q(1, 2)))),
    ]);
    assert_eq!(exists(&f, std::slice::from_ref(&i)), Err(eliminate::Refusal::Mixed(i.clone())));
    assert_eq!(exists(&f, &[i, x]), Ok(Formula::truth()));
}

#[test]
fn the_term_that_an_unknown_attribute_leaves_safe() {
    // semantics §7: A claims R when x <= gdp / 10, gdp unknown in 100..200, so it bites for every x <= 20
    let (x, gdp) = (Var::real("x"), Var::real("gdp"));
    let bites = Formula::and([
        Formula::between(&Linear::int(100), &Linear::var(&gdp), &Linear::int(200)),
        Formula::le(&Linear::var(&x), &Linear::scaled(&gdp, q(1, 10))),
    ]);
    let set = exists(&bites, &[gdp]).unwrap();
    assert_eq!(set, Formula::le(&Linear::var(&x), &Linear::int(20)));
    let twenty = End { value: q(20, 1), closed: true };
    assert_eq!(intervals::of(&set, &x), Ok(vec![Interval { low: None, high: Some(twenty) }]));
}

#[test]
fn intervals_are_the_set() {
    let grid: Vec<BigRational> = (-60..61).map(|n| q(n, 6)).collect();
    for (x, seed) in [(Var::real("x"), 6), (Var::int("i"), 7)] {
        let shape = Shape { vars: vec![x.clone()], depth: 3, largest: 3, mixed: false };
        let mut sample = Sample::new(seed);
        for _ in 0..rounds() {
            let f = sample.formula(&shape);
            let Ok(set) = intervals::of(&f, &x) else {
                assert!(x.sort() == Sort::Int);
                continue;
            };
            for v in grid.iter().filter(|v| x.sort() == Sort::Real || v.is_integer()) {
                let inside = set.iter().any(|i| i.contains(v));
                assert_eq!(f.eval(&model(&[(&x, v.clone())])), Some(inside), "{f} at {v}: {set:?}");
            }
            for w in set.windows(2) {
                let (high, low) = (w[0].high.as_ref().unwrap(), w[1].low.as_ref().unwrap());
                assert!(
                    high.value <= low.value && !(high.value == low.value && (high.closed || low.closed)),
                    "{set:?}"
                );
            }
            // the simplest is in the set, and nothing on a grid is simpler
            if let Some(s) = intervals::simplest(&set) {
                assert!(set.iter().any(|i| i.contains(&s)));
                let simpler = grid.iter().filter(|v| set.iter().any(|i| i.contains(v)));
                assert!(simpler.into_iter().all(|v| intervals::simpler(&s, v).is_le()), "{s} of {set:?}");
            }
        }
    }
}

#[test]
fn every_second_day_is_no_set_of_intervals() {
    let i = Var::int("i");
    let even = Formula::divides(&2.into(), &Linear::var(&i)).unwrap();
    assert_eq!(intervals::of(&even, &i), Err(intervals::Refusal::Irregular));
    let few = Formula::and([even, Formula::between(&Linear::int(1), &Linear::var(&i), &Linear::int(5))]);
    assert_eq!(intervals::of(&few, &i).unwrap().len(), 2);
}

#[test]
fn the_simplest_number_of_an_interval() {
    let open = |p, d| Some(End { value: q(p, d), closed: false });
    let closed = |p, d| Some(End { value: q(p, d), closed: true });
    let simplest = |low, high| intervals::simplest(&[Interval { low, high }]).unwrap();
    assert_eq!(simplest(None, None), q(0, 1));
    assert_eq!(simplest(open(0, 1), None), q(1, 1));
    assert_eq!(simplest(None, open(0, 1)), q(-1, 1));
    assert_eq!(simplest(open(1, 3), closed(1, 2)), q(1, 2));
    assert_eq!(simplest(open(1, 3), open(1, 2)), q(2, 5));
    assert_eq!(simplest(closed(-1, 2), open(-1, 3)), q(-1, 2));
    assert_eq!(simplest(open(1, 1000), open(1, 999)), q(2, 1999));
    assert_eq!(simplest(closed(7, 2), None), q(4, 1));
    assert_eq!(simplest(closed(22, 7), closed(22, 7)), q(22, 7));
}

#[test]
fn smtlib_text() {
    let (i, x, b) = (Var::int("i"), Var::real("share of A|B"), Var::bool("on"));
    let f = Formula::and([
        Formula::implies(&Formula::atom(&b), &Formula::lt(&Linear::var(&x), &Linear::constant(q(-1, 3)))),
        Formula::ge(&(&Linear::var(&x) + &Linear::var(&i)), &Linear::int(2)),
        Formula::divides(&3.into(), &(&Linear::var(&i) + &Linear::int(1))).unwrap(),
    ]);
    let text = smtlib::script(&[f], &[(Label(4), "article 2".to_owned(), Formula::atom(&b))]);
    insta::assert_snapshot!(text, @r"
    (set-option :produce-unsat-cores true)
    (set-logic ALL)
    (declare-const |i int| Int)
    (declare-const |on| Bool)
    (declare-const |share of A%7CB real| Real)
    (assert (and (<= (+ (* (- 1.0) (to_real |i int|)) (* (- 1.0) |share of A%7CB real|)) (- 2.0)) (= 0 (mod (+ |i int| 1) 3)) (or (< |share of A%7CB real| (- (/ 1.0 3.0))) (not |on|))))
    ; article 2
    (assert (! |on| :named statement-4))
    (check-sat)
    (get-unsat-core)
    ");
}

#[test]
fn enumeration_finds_what_there_is() {
    let vars: Vec<Var> = vec![Var::bool("a"), Var::int("i"), Var::int("j"), Var::real("x"), Var::real("y")];
    let shape = Shape { vars: vars.clone(), depth: 3, largest: 3, mixed: false };
    let mut sample = Sample::new(8);
    let (mut sat, mut unsat) = (0, 0);
    for _ in 0..rounds() {
        let f = Formula::and([sample.formula(&shape), sample.formula(&shape), sample.formula(&shape)]);
        let mut session = brute::BruteForce.session();
        session.assert(&f);
        match session.check(&[], &[]) {
            Answer::Sat(m) => {
                sat += 1;
                assert_eq!(f.eval(&m), Some(true));
            }
            Answer::Unsat { .. } => {
                unsat += 1;
                assert_ne!(exists(&f, &vars), Ok(Formula::truth()), "{f}");
            }
            Answer::Unknown(Unknown::Budget) => {}
            Answer::Unknown(why) => panic!("{why:?} on {f}"),
        }
    }
    assert!(sat > 50 && unsat > 20, "{sat} {unsat}");
}
