//! B06 and B08: overlaps too narrow to count, and too narrow to tell. B04 counts by the same tolerance.

use super::super::b04::Boundaries;
use super::super::b06::BelowTolerance;
use super::super::b08::Undecidable;
use super::*;
use crate::report::Level;

/// West reaches 2e-4° (about 16 m) into East.
const STRIP: [(&str, [f64; 4]); 2] = [("West", [10.0, 10.5002, 45.0, 46.0]), ("East", [10.5, 11.0, 45.0, 46.0])];

fn metres(n: i64) -> Option<BigRational> {
    Some(BigRational::from_integer(n.into()))
}

fn two_claims(settings: Settings) -> Build {
    let mut b = Build::earth(&STRIP, settings);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["West"]);
    b.claims(bel, &["East"]);
    b
}

#[test]
fn a_strip_below_tolerance_is_counted() {
    let b = two_claims(Settings { tolerance_m: metres(100), ..Settings::default() });
    let found = b.findings(&BelowTolerance);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .message
            .starts_with("below tolerance in this file: 1 overlap, nowhere as wide as 100 m, 1 piece and 1.7"),
        "{}",
        found[0].message
    );
    assert_eq!(found[0].table[0]["between"], "Ada and Bel");
    assert_eq!(found[0].table[0]["pieces"], 1);
    assert_eq!(found[0].level, Level::Note);
    assert_eq!(b.findings(&Undecidable), []);
}

#[test]
fn without_a_tolerance_nothing_is_below_it_and_a_smaller_one_counts_less() {
    assert_eq!(two_claims(Settings::default()).findings(&BelowTolerance), []);
    let b = two_claims(Settings { tolerance_m: metres(10), ..Settings::default() });
    assert_eq!(b.findings(&BelowTolerance), []);
}

#[test]
fn two_sources_that_may_differ_by_more_than_the_strip() {
    let accurate = |m: i64| {
        let mut b = Build::earth(&STRIP, Settings::default());
        let (ada, bel) = (b.member("Ada"), b.member("Bel"));
        for (party, ground, source) in [(ada, "West", "sheet"), (bel, "East", "chart")] {
            let kind = StatementKind::Claim { party, right: SOVEREIGNTY, region: b.ground(&[ground]), quota: None };
            let id = b.cite(&[party], kind, always(), Some(source));
            b.accurate_to(id, m);
        }
        b.findings(&Undecidable)
    };
    let found = accurate(10);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Level::Warning);
    assert!(
        found[0].message.starts_with("undecidable at this accuracy: Ada and Bel both claim Valley.")
            || found[0].message.starts_with("undecidable at this accuracy: Ada and Bel both claim part of"),
        "{}",
        found[0].message
    );
    assert!(found[0].message.ends_with("by sources that may differ by 20 m"), "{}", found[0].message);
    assert_eq!(
        found[0].notes,
        ["Pact/1/1 rests on \"sheet\", good to 10 m", "Pact/1/2 rests on \"chart\", good to 10 m"]
    );
    assert_eq!(accurate(5), [], "16 m cannot come from 5 m and 5 m");
}

#[test]
fn two_lines_within_tolerance_are_one() {
    let boxes = [
        ("West", [10.0, 10.5, 45.0, 46.0]),
        ("Strip", [10.5, 10.5002, 45.0, 46.0]),
        ("East", [10.5002, 11.0, 45.0, 46.0]),
    ];
    let lines = |tolerance: Option<BigRational>| {
        let mut b = Build::earth(&boxes, Settings { tolerance_m: tolerance, ..Settings::default() });
        let (ada, bel) = (b.member("Ada"), b.member("Bel"));
        for (ours, theirs) in [(["West"].as_slice(), ["Strip", "East"].as_slice()), (&["West", "Strip"], &["East"])] {
            let (left_side, right_side) = (b.ground(ours), b.ground(theirs));
            b.say(&[ada, bel], StatementKind::Boundary { left: ada, right: bel, left_side, right_side }, always());
        }
        b.findings(&Boundaries)
    };
    assert_eq!(lines(metres(100)), []);
    let found = lines(None);
    assert_eq!(found.len(), 1);
    assert!(found[0].area_km2.is_some_and(|a| (1.7..1.8).contains(&a)), "{:?}", found[0].area_km2);
    assert_eq!(found[0].components, Some(1));
    assert!(found[0].point.is_some_and(|[x, _]| (10.5..10.5002).contains(&x)));
}
