//! Open terms, unknown attributes, shares, acceptances (semantics §7, §8).

use super::build::*;
use crate::logic::{Formula, Linear};
use crate::model::*;

const NONE: [String; 0] = [];

/// A claims 1 when x < 10, B claims 1 when y > 5, C claims 2 when x ≥ 10, D claims 2, A accepts y ≥ 6.
fn five() -> Pact {
    let mut p = Pact::new("1 2");
    let (x, y) = (p.term("x", 0, 20), p.term("y", 0, 20));
    p.claim_when("A", "1", Formula::lt(&x, &number(10)));
    p.claim_when("B", "1", Formula::gt(&y, &number(5)));
    p.claim_when("C", "2", Formula::ge(&x, &number(10)));
    p.claim("D", "2");
    p.accepts("A", Formula::ge(&y, &number(6)));
    p
}

#[test]
fn two_open_pairs_and_one_set_of_five_any_four_of_which_can_be_settled() {
    let report = five().check();
    assert_eq!(conflicts(&report), ["b01 warning s1 s2", "b01 warning s3 s4", "b01 error s1 s2 s3 s4 s5"]);
    assert!(report.findings[0].message.contains("unless"), "{}", report.findings[0].message);
    assert_eq!(report.findings[1].message, "C and D both claim Bay.c2, unless x is less than 10");
    for gone in 0..5 {
        let mut p = five();
        p.program.statements.remove(gone);
        for (i, s) in p.program.statements.iter_mut().enumerate() {
            s.id = StatementId(u32::try_from(i).expect("few"));
        }
        let report = p.check();
        assert!(conflicts(&report).iter().all(|c| c.contains("warning")), "without {gone}: {:?}", conflicts(&report));
        assert!(witness(&report, "B01").is_some(), "without {gone}");
    }
}

#[test]
fn a_settlement_must_be_safe_for_every_value_of_what_is_unknown() {
    // with gdp unknown in 100..200, `A claims R when x <= gdp / 10` bites for every x ≤ 20: only x > 20 is safe
    let mut p = Pact::new("R");
    let x = p.term("x", 0, 100);
    let gdp = p.unknown("gdp(A)", "A", 100, 200);
    let tenth = gdp.scale(&ratio(1, 10).offset().clone());
    p.claim_when("A", "R", Formula::le(&x, &tenth));
    p.claim("B", "R");
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 warning s1 s2"]);
    assert_eq!(report.findings[0].message, "A and B both claim Bay.R, unless x is more than 20");
    assert_eq!(report.findings[0].depends_on, ["x is at most 20"]);
    // the simplest value above 20
    assert_eq!(witness(&report, "B01"), Some(vec!["x = 21".to_owned()]));
    // with x at most 15 nothing is safe, and the pair is standing
    p.program.terms[0].range = Formula::between(&number(0), &x, &number(15));
    assert_eq!(conflicts(&p.check()), ["b01 error s1 s2"]);
}

#[test]
fn no_zone_of_agreement_is_said_and_all_settlements_are_looked_at() {
    let mut p = Pact::new("1");
    let x = p.term("x", 0, 20);
    p.claim_when("A", "1", Formula::lt(&x, &number(10)));
    p.claim_when("B", "1", Formula::lt(&x, &number(5)));
    p.accepts("A", Formula::ge(&x, &number(12)));
    p.accepts("B", Formula::le(&x, &number(11)));
    p.accepts("C", Formula::le(&x, &number(19)));
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 warning s1 s2", "t01 error s3 s4"]);
    assert_eq!(witness(&report, "B01"), Some(vec!["x = 5".to_owned()]));
}

#[test]
fn listed_values_are_named() {
    let mut p = Pact::new("1");
    let split = p.one_of("split", "all half none");
    p.claim_when("A", "1", Formula::not(&split[2]));
    p.claim_when("B", "1", Formula::not(&split[0]));
    let report = p.check();
    assert_eq!(report.findings[0].message, "A and B both claim Bay.c1, unless split is all or none");
    assert_eq!(report.findings[0].depends_on, ["split = half"]);
    assert_eq!(witness(&report, "B01"), Some(vec!["split = all".to_owned()]));
}

#[test]
fn shares_above_the_whole_come_in_minimal_sets() {
    let mut p = Pact::new("1 2");
    let always = Formula::truth();
    p.share("A", "1 2", ratio(1, 2), always.clone());
    p.share("B", "1", ratio(2, 5), always.clone());
    p.share("C", "1 2", ratio(1, 5), always.clone());
    p.share("D", "2", ratio(3, 10), always);
    let report = p.check();
    // on 1: 50 + 40 + 20; on 2: 50 + 20 + 30 is just the whole
    assert_eq!(conflicts(&report), ["b03 error s1 s2 s3"]);
    assert_eq!(report.findings[0].regions, ["c1"]);
    assert_eq!(report.findings[0].message, "shares of Bay.c1 as fishing come to 110%: A 50%, B 40%, C 20%");
}

#[test]
fn shares_that_are_never_on_together_do_not_add_up() {
    let mut p = Pact::new("1");
    p.share("A", "1", ratio(3, 5), until("1999-12-31"));
    p.share("B", "1", ratio(3, 5), from("2000-01-01"));
    p.share("C", "1", ratio(2, 5), Formula::truth());
    assert_eq!(conflicts(&p.check()), NONE);
}

#[test]
fn a_larger_set_can_bite_where_a_smaller_one_does_not() {
    // A and B are too much only when x is large; with C they are too much from 4/10 on
    let mut p = Pact::new("1");
    let x = p.term("x", 0, 1);
    p.share("A", "1", x.clone(), Formula::truth());
    p.share("B", "1", ratio(1, 2), Formula::truth());
    p.share("C", "1", ratio(1, 5), Formula::truth());
    p.accepts("A", Formula::ge(&x, &ratio(2, 5)));
    let report = p.check();
    // {A, C} is a minimal set of its own (x above 8/10); {A, B, C} contains {A, B}, which clashes under some settlement
    assert_eq!(conflicts(&report), ["b03 warning s1 s2", "b03 warning s1 s3", "b03 error s1 s2 s3 s4"]);
}

fn open_class(required: bool) -> Pact {
    let mut p = Pact::new("Air");
    p.program.kinds.push(Kind { name: "Emitter".to_owned(), parent: Some(KindId(0)) });
    let kind = KindId(1);
    p.program.charters[0].open.push(kind);
    p.party("A");
    let (right, region) = (p.right("fishing"), p.region("Air"));
    let quota = Some(Box::new((1.into_ratio(), "q".to_owned(), 0.into_ratio())));
    p.say(&[], StatementKind::OpenClaim { kind, right, region, quota }, Formula::truth());
    if required {
        let var = crate::logic::Var::real("sum of q over Emitter");
        let condition = Formula::le(&Linear::var(&var), &number(1));
        let open_sums = vec![OpenSum { var, attribute: "q".to_owned(), kind }];
        let words = "sum of q(e) over every Emitter at most 100%".to_owned();
        let kind = StatementKind::Requirement(Box::new(Requirement::Together { condition, open_sums, words }));
        p.say(&[], kind, Formula::truth());
    }
    p
}

trait IntoRatio {
    fn into_ratio(self) -> num_rational::BigRational;
}

impl IntoRatio for i64 {
    fn into_ratio(self) -> num_rational::BigRational {
        num_rational::BigRational::from_integer(self.into())
    }
}

#[test]
fn members_to_come_keep_within_the_whole_only_if_it_is_required() {
    let report = open_class(false).check();
    assert_eq!(conflicts(&report), ["b03 error s1"]);
    assert_eq!(report.findings[0].values.get("number of Emitter").map(String::as_str), Some("2"));
    assert!(report.findings[0].hypothetical);
    assert_eq!(conflicts(&open_class(true).check()), NONE);
}

#[test]
fn two_members_to_come_cannot_both_hold_alone() {
    let mut p = Pact::new("Air");
    p.program.kinds.push(Kind { name: "Household".to_owned(), parent: Some(KindId(0)) });
    let (kind, right, region) = (KindId(1), RightId(0), p.region("Air"));
    p.party("A");
    p.say(&[], StatementKind::OpenClaim { kind, right, region, quota: None }, Formula::truth());
    let report = p.check();
    assert_eq!(conflicts(&report), ["b01 error s1"]);
    assert_eq!(report.findings[0].message, "two members of Household would both hold Bay.Air");
}

#[test]
fn what_the_proof_rests_on_is_what_it_cannot_do_without() {
    let mut p = Pact::new("1 2 3");
    p.claim("A", "1 2");
    p.claim("B", "3");
    p.claim_as("B", "1", "administration", Formula::truth());
    p.lease("A", "B", "1 3", "administration", Formula::truth());
    p.set_aside("A B", "2");
    let report = p.check();
    assert_eq!(conflicts(&report), NONE);
    let proved = report.proved.iter().find(|p| p.code == "B01").expect("a proof");
    assert_eq!(proved.core, ["Pact/1/4"]);
}
