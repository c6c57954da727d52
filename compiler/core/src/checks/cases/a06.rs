//! A06: requirements on claims and on members.

use super::super::a06::Requirements;
use super::*;
use crate::model::{Requirement, Scope, Size};

fn require(b: &mut Build, requirement: Requirement) -> StatementId {
    b.say(&[], StatementKind::Requirement(Box::new(requirement)), always())
}

fn sized(least: u8, most: u8) -> Requirement {
    let (least, most) = (Some(Size::PrefixLength(least)), Some(Size::PrefixLength(most)));
    Requirement::Sized { scope: Scope { atlas: Some(AtlasId(0)), right: None }, least, most }
}

#[test]
fn a_block_outside_and_a_block_half_outside() {
    let mut b = Build::plain(&["Sea", "Land", "Hill"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["Sea"]);
    b.claims(bel, &["Land", "Hill"]);
    b.claims(cor, &["Hill"]);
    let region = Some(b.ground(&["Sea", "Land"]));
    require(&mut b, Requirement::Within { scope: Scope::default(), region, by_party: IndexMap::new() });
    let found = b.findings(&Requirements);
    assert_eq!(
        messages(&found),
        [
            "Bel claims Bay.Hill and Bay.Land, of which Bay.Hill does not lie within Bay.Land and Bay.Sea",
            "Cor claims Bay.Hill, which does not lie within Bay.Land and Bay.Sea",
        ]
    );
    assert_eq!(found[0].notes, ["the part within would do: Bay.Land"]);
    assert_eq!(found[0].ways_out[0].changes, ["Bel claims Bay.Land"]);
    assert_eq!(found[1].notes, ["no part of it lies within Bay.Land and Bay.Sea"]);
}

#[test]
fn what_the_party_waives_is_claimed_no_longer() {
    let mut b = Build::plain(&["Land", "Hill"]);
    let bel = b.member("Bel");
    b.claims(bel, &["Land", "Hill"]);
    let region = Some(b.ground(&["Land"]));
    require(&mut b, Requirement::Within { scope: Scope::default(), region, by_party: IndexMap::new() });
    let region = b.ground(&["Hill"]);
    b.say(&[bel], StatementKind::Waiver { party: bel, right: None, region }, from(10));
    let found = b.findings(&Requirements);
    assert_eq!(found[0].during, [(None, Some("1970-01-10".to_owned()))]);
}

#[test]
fn blocks_too_wide_and_too_narrow() {
    let mut b = Build::blocks(&["10.1.0.0/20", "10.2.0.0/16", "10.3.5.0/24", "10.3.6.0/24"]);
    let (ada, bel, cor, dor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"), b.member("Dor"));
    b.claims(ada, &["10.1.0.0/20"]);
    b.claims(bel, &["10.2.0.0/16"]);
    b.claims(cor, &["10.3.5.0/24"]);
    b.claims(dor, &["10.3.6.0/24"]);
    let guideline = require(&mut b, sized(22, 18));
    let found = b.findings(&Requirements);
    assert_eq!(
        messages(&found),
        [
            "Bel claims 10.2.0.0/16, which is wider than /18",
            "Cor claims 10.3.5.0/24, which is narrower than /22",
            "Dor claims 10.3.6.0/24, which is narrower than /22",
        ]
    );
    assert_eq!(
        found[0].notes,
        ["10.2.0.0/16 is 2 bits wider than /18", "10.2.0.0/18 would do, one of 4 blocks of /18 in it"]
    );
    assert_eq!(found[1].notes[1], "10.3.4.0/22 would do; Dor claims 10.3.6.0/24 of it");
    // by name, from a day on
    let kind = StatementKind::RequirementWaived { requirements: vec![guideline], parties: vec![bel, cor] };
    b.say(&[], kind, from(31));
    let found = b.findings(&Requirements);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].message, "Bel claims 10.2.0.0/16, which is wider than /18 until 1970-01-31");
    assert_eq!(found[2].during, []);
}

#[test]
fn a_claim_of_the_right_size_is_a_proof() {
    let mut b = Build::blocks(&["10.1.0.0/20"]);
    let ada = b.member("Ada");
    b.claims(ada, &["10.1.0.0/20"]);
    require(&mut b, sized(22, 18));
    assert_eq!(b.findings(&Requirements), []);
    assert_eq!(b.proofs(&Requirements).len(), 1);
}

#[test]
fn a_candidate_must_meet_it_as_a_member_does() {
    let mut b = Build::blocks(&["10.1.0.0/16", "10.2.0.0/16"]);
    let ada = b.member("Ada");
    b.claims(ada, &["10.1.0.0/16"]);
    require(&mut b, sized(22, 18));
    let dor = b.candidate("Dor");
    b.claims(dor, &["10.2.0.0/16"]);
    let found = b.findings(&Requirements);
    assert_eq!(
        messages(&found),
        ["Ada claims 10.1.0.0/16, which is wider than /18", "Dor claims 10.2.0.0/16, which is wider than /18"]
    );
}

#[test]
fn a_zone_wider_than_its_prefix() {
    let mut b = Build::blocks(&["10.5.0.0/18", "10.5.64.0/20", "10.6.0.0/16"]);
    let zone = |z: &str| LeafShape::Domains(vec![line::DomainName::parse(z).unwrap()]);
    let zones = ["5.10.in-addr.arpa", "6.10.in-addr.arpa", "ada.example"];
    let tree = b.atlas("Zones", SpaceKind::Domain, &zones, zone);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    for (party, block) in [(ada, "10.5.0.0/18"), (ada, "10.6.0.0/16"), (bel, "10.5.64.0/20")] {
        let region = b.first_ground(&[block]);
        b.say(&[party], StatementKind::Claim { party, right: SOVEREIGNTY, region, quota: None }, always());
    }
    for zone in zones {
        b.claims(ada, &[zone]);
    }
    require(&mut b, Requirement::ReverseZones { zones: tree, prefixes: vec![AtlasId(0)] });
    let found = b.findings(&Requirements);
    assert_eq!(
        messages(&found),
        [
            "Ada claims 5.10.in-addr.arpa, which stands for 10.5.0.0/16 and is wider than 10.5.0.0/18, all that Ada claims in it"
        ]
    );
    assert_eq!(
        found[0].notes,
        [
            "not claimed by Ada: 10.5.64.0/18 and 10.5.128.0/17",
            "Bel claims a part of that",
            "zones that would do: 0.5.10.in-addr.arpa, 1.5.10.in-addr.arpa, 2.5.10.in-addr.arpa, 3.5.10.in-addr.arpa, \
             4.5.10.in-addr.arpa, 5.5.10.in-addr.arpa and 58 more",
        ]
    );
}

#[test]
fn a_number_that_two_share() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.states(ada, "asn", 64_500);
    b.states(bel, "asn", 64_500);
    b.states(cor, "asn", 64_501);
    require(&mut b, Requirement::Differs { attribute: "asn".to_owned() });
    let found = b.findings(&Requirements);
    assert_eq!(messages(&found), ["Ada and Bel state the same asn, 64_500, which is to differ"]);
    assert_eq!(found[0].parties, ["Ada", "Bel"]);
    assert_eq!(found[0].notes, ["the next asn that no party states is 64_502"]);
    // a range that holds a stated number, and one that does not
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.states(ada, "asn", 5);
    b.ranges(bel, "asn", 5, 9);
    b.ranges(cor, "asn", 10, 12);
    require(&mut b, Requirement::Differs { attribute: "asn".to_owned() });
    let found = b.findings(&Requirements);
    assert_eq!(messages(&found), ["Ada and Bel may have the same asn, which is to differ"]);
    assert_eq!(found[0].values.get("asn(Bel)").map(String::as_str), Some("5"));
}

#[test]
fn a_condition_must_hold_for_all_that_is_unknown() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.states(ada, "gdp", 3);
    let gdp = b.ranges(bel, "gdp", 3, 9);
    let enough = b.ranges(cor, "gdp", 5, 9);
    let at_least = |t: &Linear| Formula::ge(t, &Linear::int(5));
    let conditions = [(ada, at_least(&Linear::int(3))), (bel, at_least(&gdp)), (cor, at_least(&enough))];
    let words = "gdp(it) at least 5".to_owned();
    require(&mut b, Requirement::Each { conditions: conditions.into_iter().collect(), words });
    let found = b.findings(&Requirements);
    assert_eq!(
        messages(&found),
        ["Ada does not meet `gdp(it) at least 5`", "Bel may fall short of `gdp(it) at least 5`"]
    );
    assert_eq!(found[0].values.get("gdp(Ada)").map(String::as_str), Some("3"));
    assert_eq!(found[1].values.get("gdp(Bel)").map(String::as_str), Some("3"));
}

#[test]
fn a_sum_is_asked_of_the_listed_and_assumed_of_those_to_come() {
    use crate::model::OpenSum;
    for (ours, verdicts) in [(90, 0), (110, 1)] {
        let mut b = Build::plain(&["North"]);
        b.member("Ada");
        let var = Var::real("sum of q over Emitter");
        let sum = &Linear::int(ours) + &Linear::var(&var);
        let open_sums = vec![OpenSum { var, attribute: "q".to_owned(), kind: KindId(0) }];
        let words = "sum of q(e) over every Emitter at most 100".to_owned();
        require(&mut b, Requirement::Together { condition: Formula::le(&sum, &Linear::int(100)), open_sums, words });
        assert_eq!(b.findings(&Requirements).len(), verdicts, "{ours}");
    }
}
