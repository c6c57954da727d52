//! Consents, waivers, freezes, recognitions and lines (semantics §5, §6).

use super::build::*;
use crate::logic::Formula;
use crate::model::StatementKind;

const NONE: [String; 0] = [];

#[test]
fn delegations_that_no_day_joins_are_no_chain() {
    let mut p = Pact::new("1");
    p.claim("A", "1");
    p.recognises("C", "C", "1");
    for (giver, receiver, on) in [("A", "B", until("2000-01-01")), ("B", "C", from("2000-01-02"))] {
        let (party, to, region) = (p.party(giver), p.party(receiver), p.region("1"));
        p.say(&[party], StatementKind::Delegation { party, to, region }, on);
    }
    assert_eq!(conflicts(&p.check()), ["b02 error s1 s2"]);
}

fn always() -> Formula {
    Formula::truth()
}

#[test]
fn two_claims_over_common_ground_clash_there_and_nowhere_else() {
    let mut p = Pact::new("North South Isles");
    p.claim("Ada", "North Isles");
    p.claim("Bel", "South Isles");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    let f = &report.findings[0];
    assert_eq!(f.message, "Ada and Bel both claim Bay.Isles");
    assert_eq!((f.regions.as_slice(), f.cells), (["Isles".to_owned()].as_slice(), Some(1)));
    assert_eq!(f.minimal, Some(true));
    assert_eq!(f.during, []);
    assert_eq!(
        ways(f),
        [
            "1: Ada waives Bay.Isles",
            "1: Bel waives Bay.Isles",
            "1: withdraw Pact/1/1: `s1`",
            "1: withdraw Pact/1/2: `s2`",
            "1: Ada and Bel hold Bay.Isles jointly",
            "1: Ada and Bel set aside Bay.Isles",
        ]
    );
}

#[test]
fn claims_apart_or_of_one_party_or_of_shared_rights_do_not_clash() {
    let mut p = Pact::new("North South");
    p.claim("Ada", "North");
    p.claim("Ada", "North South");
    p.claim_as("Bel", "North South", "passage", always());
    p.claim_as("Cor", "North South", "passage", always());
    let report = p.check();
    assert_eq!(conflicts(&report), NONE);
    assert_eq!(report.proved.iter().filter(|p| p.code == "B01").count(), 1);
}

#[test]
fn a_lease_ends_and_the_lessee_goes_on() {
    // A leases 1 to B until 1997, B goes on: clash from 1998
    let mut p = Pact::new("1");
    p.claim("A", "1");
    p.claim_as("B", "1", "administration", always());
    p.lease("A", "B", "1", "administration", until("1997-12-31"));
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(report.findings[0].during, [(Some("1998-01-01".to_owned()), None)]);
    assert!(report.findings[0].message.ends_with("from 1998-01-01"), "{}", report.findings[0].message);
}

#[test]
fn a_lessee_that_claims_sovereignty_clashes_always() {
    let mut p = Pact::new("1");
    p.claim("A", "1");
    p.claim("B", "1");
    p.lease("A", "B", "1", "administration", until("1997-12-31"));
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(report.findings[0].during, []);
}

#[test]
fn what_two_set_aside_a_third_still_contests_with_each() {
    // A and B set 2 aside, C claims 2: A–C and B–C, not A–B
    let mut p = Pact::new("2");
    p.claim("A", "2");
    p.claim("B", "2");
    p.claim("C", "2");
    p.set_aside("A B", "2");
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s3", "b01 error s2 s3"]);
}

#[test]
fn ground_held_jointly_is_one_claim_towards_others() {
    let mut p = Pact::new("1");
    p.jointly("A B", "1");
    p.claim("A", "1");
    assert_eq!(conflicts(&p.check()), NONE);
    p.claim("C", "1");
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s3", "b01 error s2 s3"]);
}

#[test]
fn joint_holding_is_of_one_right() {
    let mut p = Pact::new("1");
    p.jointly("A B", "1");
    p.claim_as("A", "1", "administration", always());
    // B's part in sovereignty against A's administration: not what they agreed on
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s2"]);
}

#[test]
fn a_chain_of_delegations_reaches_over_the_common_cells_only() {
    let mut p = Pact::new("1 2");
    p.claim("P", "1 2");
    p.claim("R", "1 2");
    p.delegates("P", "Q", "1 2");
    p.delegates("Q", "R", "1");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(report.findings[0].regions, ["c2"]);
    p.under("R", "Q", "2");
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn what_is_delegated_twice_clashes_between_the_receivers() {
    let mut p = Pact::new("1");
    p.claim("P", "1");
    p.claim("Q", "1");
    p.claim("R", "1");
    p.delegates("P", "Q", "1");
    p.delegates("P", "R", "1");
    assert_eq!(conflicts(&p.check()), ["b01 error s2 s3"]);
}

#[test]
fn waivers_are_of_a_right_over_ground_for_a_time() {
    let mut p = Pact::new("1 2");
    p.claim("A", "1 2");
    p.claim("B", "1 2");
    p.waives("A", "1", Some("sovereignty"), until("1999-12-31"));
    p.waives("A", "2", Some("administration"), always());
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2"]);
    assert_eq!(report.findings[0].regions, ["c1", "c2"]);
    p.waives("B", "1 2", None, always());
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn frozen_claims_stand_and_a_later_one_clashes_with_the_freeze() {
    let mut p = Pact::new("1 2 3");
    p.claim("A", "1 2");
    p.claim_when("B", "1", from("1950-01-01"));
    p.frozen("1 2", Some("1961-06-23"));
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s2"]);
    // until the freeze the two clash; from it on they do not
    assert_eq!(p.check().findings[0].during, [(Some("1950-01-01".to_owned()), Some("1961-06-22".to_owned()))]);
    p.claim_when("C", "2 3", from("1970-01-01"));
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s2", "b01 error s1 s4", "b01 error s3 s4"]);
    assert_eq!(report.findings[2].regions, ["c2"]);
}

#[test]
fn what_is_frozen_without_a_beginning_takes_all_claims_as_they_stand() {
    let mut p = Pact::new("1");
    p.claim("A", "1");
    p.claim_when("B", "1", from("2050-01-01"));
    p.frozen("1", None);
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn common_ground_is_no_ones_to_claim_exclusively() {
    let mut p = Pact::new("1 2");
    p.claim("A", "1 2");
    p.claim_as("B", "1", "passage", always());
    p.common("1");
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s3"]);
}

#[test]
fn a_claim_beyond_an_agreed_line_clashes_with_the_line() {
    let mut p = Pact::new("1 2 3");
    p.claim("P", "1 2");
    p.claim("Q", "3");
    p.boundary("P", "Q", "1", "2 3");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s3"]);
    assert_eq!(report.findings[0].regions, ["c2"]);
    // what Q leases to P across the line is agreed
    let mut p = Pact::new("1 2");
    p.claim("P", "1");
    p.claim_as("P", "2", "administration", always());
    p.claim("Q", "2");
    p.boundary("P", "Q", "1", "2");
    p.lease("Q", "P", "2", "administration", always());
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn a_recognition_contradicts_another_partys_claim() {
    // Belmark recognises Arland over North, Corvia claims it: B02
    let mut p = Pact::new("North");
    p.claim("Arland", "North");
    p.recognises("Belmark", "Arland", "North");
    p.claim("Corvia", "North");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1 s3", "b02 error s2 s3"]);
    assert_eq!(report.findings[1].message, "Belmark recognises Arland over Bay.North, which Corvia claims");
    // the claimant may be the one that recognises
    let mut p = Pact::new("North");
    p.recognises("Belmark", "Arland", "North");
    p.claim("Belmark", "North");
    assert_eq!(conflicts(&p.check()), ["b02 error s1 s2"]);
}

#[test]
fn a_recognition_may_be_set_aside_or_agreed_by_those_concerned() {
    let mut p = Pact::new("North");
    p.recognises("Belmark", "Arland", "North");
    p.claim("Corvia", "North");
    p.set_aside("Belmark Corvia", "North");
    assert_eq!(conflicts(&p.check()), NONE);
    let mut p = Pact::new("North");
    p.recognises("Belmark", "Arland", "North");
    p.claim("Corvia", "North");
    p.delegates("Arland", "Corvia", "North");
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn one_party_cannot_recognise_two_and_two_may_recognise_differently() {
    let mut p = Pact::new("North");
    p.recognises("Belmark", "Arland", "North");
    p.recognises("Belmark", "Corvia", "North");
    p.recognises("Dor", "Corvia", "North");
    assert_eq!(conflicts(&p.check()), ["b02 error s1 s2"]);
}
