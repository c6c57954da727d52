//! B05: what nobody claims.

use super::super::b05::Nobody;
use super::*;

#[test]
fn what_is_set_aside_and_claimed_by_neither_is_nobodys() {
    let mut b = Build::plain(&["North", "South", "Meadow"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North"]);
    b.claims(bel, &["South"]);
    let region = b.ground(&["Meadow"]);
    b.say(&[ada, bel], StatementKind::SetAside { parties: vec![ada, bel], region }, always());
    let found = b.findings(&Nobody);
    assert_eq!(messages(&found), ["no party of Pact claims Bay.Meadow"]);
    assert_eq!(found[0].notes, ["Bay.Meadow is set aside by Ada and Bel"]);
    assert_eq!(found[0].regions, ["Meadow"]);
}

#[test]
fn one_entry_for_each_region_and_none_where_all_is_claimed() {
    let mut b = Build::plain(&["North", "South", "Isles"]);
    let ada = b.member("Ada");
    b.claims(ada, &["North"]);
    assert_eq!(b.findings(&Nobody).len(), 2);
    // on some days only, and by a candidate: somebody claims it at some time
    b.claims_when(ada, &["South"], until(10));
    let dor = b.candidate("Dor");
    b.claims(dor, &["Isles"]);
    assert_eq!(b.findings(&Nobody), []);
}

#[test]
fn a_claim_that_is_never_on_or_waived_for_good_is_none() {
    let mut b = Build::plain(&["North", "South"]);
    let ada = b.member("Ada");
    let split = b.term("split", &["one", "two"]);
    b.claims_when(ada, &["North"], Formula::eq(&split, &Linear::int(2)));
    b.claims(ada, &["South"]);
    let region = b.ground(&["South"]);
    b.say(&[ada], StatementKind::Waiver { party: ada, right: None, region }, always());
    let found = b.findings(&Nobody);
    assert_eq!(messages(&found), ["no party of Pact claims Bay.North", "no party of Pact claims Bay.South"]);
}

#[test]
fn address_space_without_a_name_is_no_gap() {
    let mut b = Build::blocks(&["10.0.0.0/8", "10.1.0.0/16"]);
    let ada = b.member("Ada");
    b.claims(ada, &["10.1.0.0/16"]);
    let region = b.ground(&["10.0.0.0/8"]);
    b.say(&[ada], StatementKind::Control { party: ada, region }, always());
    assert_eq!(b.findings(&Nobody), []);
}
