//! B12: one claim, two readings.

use super::super::b12::Readings;
use super::*;

fn claims(b: &mut Build, party: PartyId, ground: &[&str], source: &str, on: Formula) {
    let kind = StatementKind::Claim { party, right: SOVEREIGNTY, region: b.ground(ground), quota: None };
    b.cite(&[party], kind, on, Some(source));
}

#[test]
fn what_each_source_has_alone() {
    let mut b = Build::plain(&["Shore", "Bank", "Reef"]);
    let ada = b.member("Ada");
    claims(&mut b, ada, &["Shore", "Bank"], "gazette", always());
    claims(&mut b, ada, &["Shore", "Reef"], "chart 12", always());
    let found = b.findings(&Readings);
    assert_eq!(messages(&found), ["\"chart 12\" and \"gazette\" differ on what Ada claims: Bay.Bank and Bay.Reef"]);
    assert_eq!(found[0].notes, ["by \"chart 12\" alone: Bay.Reef", "by \"gazette\" alone: Bay.Bank"]);
}

#[test]
fn the_same_ground_in_other_pieces_is_no_difference() {
    let mut b = Build::plain(&["Shore", "Bank"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    claims(&mut b, ada, &["Shore", "Bank"], "gazette", always());
    claims(&mut b, ada, &["Shore"], "chart 12", always());
    claims(&mut b, ada, &["Bank"], "chart 12", always());
    // another party, and the same source again
    claims(&mut b, bel, &["Shore"], "chart 12", always());
    claims(&mut b, bel, &["Bank"], "chart 12", always());
    assert_eq!(b.findings(&Readings), []);
}

#[test]
fn a_reading_that_ends_before_the_other_begins_is_history() {
    let mut b = Build::plain(&["Shore", "Bank"]);
    let ada = b.member("Ada");
    claims(&mut b, ada, &["Shore", "Bank"], "gazette", until(9));
    claims(&mut b, ada, &["Shore"], "chart 12", from(10));
    assert_eq!(b.findings(&Readings), []);
    claims(&mut b, ada, &["Shore"], "chart 12", from(9));
    let found = b.findings(&Readings);
    assert_eq!(found[0].during, [(Some("1970-01-10".to_owned()), Some("1970-01-10".to_owned()))]);
}

#[test]
fn ground_that_only_one_source_speaks_of_at_all_is_no_difference() {
    let mut b = Build::plain(&["Shore", "Bank"]);
    let ada = b.member("Ada");
    claims(&mut b, ada, &["Shore"], "gazette", always());
    claims(&mut b, ada, &["Bank"], "chart 12", always());
    assert_eq!(b.findings(&Readings), []);
}
