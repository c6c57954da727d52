//! Accessions (A01, A02): the islands, and what is told apart.

use super::build::*;
use crate::logic::Formula;
use crate::model::*;

/// A member and a candidate claim the same islands, a third recognises the member over all of them; a term splits them.
fn islands(third_speaks: bool) -> Pact {
    let mut p = Pact::new("North Middle Lesser Rocks MainlandA MainlandC");
    let split = p.one_of("split", "all_to_cor all_to_ada two_and_two");
    let isles = "North Middle Lesser Rocks";
    p.party("Bel");
    p.claim("Ada", "MainlandA");
    p.claim_when("Ada", isles, Formula::not(&split[2]));
    p.claim_when("Ada", "Lesser Rocks", split[2].clone());
    if third_speaks {
        p.recognises("Bel", "Ada", isles);
    }
    p.accepts("Ada", Formula::not(&split[0]));
    p.accession("Cor");
    p.claim("Cor", "MainlandC");
    p.claim_when("Cor", isles, split[0].clone());
    p.claim_when("Cor", "North Middle", split[2].clone());
    p.accepts("Cor", Formula::not(&split[1]));
    let region = p.region("Lesser Rocks");
    let party = p.party("Ada");
    p.program.worths.push(Worth {
        party,
        region,
        worth: num_rational::BigRational::from_integer(5.into()),
        span: SPAN,
    });
    p
}

#[test]
fn the_islands_leave_two_minimal_conflicts_with_the_candidate() {
    let report = islands(true).check();
    // s4 is Bel's recognition, s7 and s8 are Cor's claims, s5 and s9 the acceptances
    assert_eq!(found(&report, &["A02"]), ["a02 error s4 s5 s8 s9", "a02 error s4 s7 s8 s9"]);
    assert_eq!(found(&report, &["A01"]), [""; 0]);
    let first = report.findings.iter().find(|f| f.code == "A02").expect("a finding");
    assert_eq!(first.also, ["B02"]);
    assert!(first.message.starts_with("Cor is not yet consistent with Pact: "), "{}", first.message);
    assert_eq!(first.regions, ["Middle", "North"]);
    insta::assert_debug_snapshot!((ways(first), &first.notes));
}

#[test]
fn with_the_third_silent_the_split_settles_it() {
    let report = islands(false).check();
    assert_eq!(found(&report, &["A02"]), [""; 0]);
    let joins: Vec<_> = report.findings.iter().filter(|f| f.code == "A01").collect();
    assert_eq!(joins.len(), 1);
    assert_eq!(joins[0].depends_on, ["split = two_and_two"]);
    assert_eq!(witness(&report, "A01"), Some(vec!["split = two_and_two".to_owned()]));
}

#[test]
fn what_the_members_had_already_is_not_the_candidates() {
    let mut p = Pact::new("1 2 3");
    p.claim("Ada", "1");
    p.claim("Bel", "1");
    p.accession("Cor");
    p.claim("Cor", "2");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(found(&report, &["A01", "A02"]), ["a01 note "]);
    p.claim("Cor", "1");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(found(&report, &["A01", "A02"]), ["a02 error s1 s4", "a02 error s2 s4"]);
}

#[test]
fn candidates_are_compared_with_members_and_not_with_one_another() {
    let mut p = Pact::new("1 2");
    p.claim("Ada", "1");
    p.accession("Cor");
    p.claim("Cor", "2");
    p.accession("Dor");
    p.claim("Dor", "2");
    let report = p.check();
    assert_eq!(found(&report, &["A01", "A02", "B01"]), ["a01 note ", "a01 note "]);
}

#[test]
fn a_candidate_that_accepts_nothing_that_the_members_do_is_not_yet_consistent() {
    let mut p = Pact::new("1");
    let x = p.term("x", 0, 20);
    p.claim("Ada", "1");
    p.accepts("Ada", Formula::le(&x, &number(5)));
    p.accession("Cor");
    p.accepts("Cor", Formula::ge(&x, &number(7)));
    let report = p.check();
    assert_eq!(conflicts(&report), [""; 0]);
    assert_eq!(found(&report, &["A02"]), ["a02 error s2 s3"]);
    assert_eq!(report.findings[0].also, ["T01"]);
}
