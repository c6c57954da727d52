//! `prove …` (semantics §8, §25).

use super::build::*;
use crate::atlas::AtlasId;
use crate::logic::Formula;
use crate::model::*;

fn prove(p: &mut Pact, text: &str, kind: PropertyKind) {
    p.program.properties.push(Property { charter: Some(CharterId(0)), kind, span: SPAN, text: text.to_owned() });
}

fn answers(p: &Pact) -> (Vec<String>, Vec<String>) {
    let report = p.check();
    assert_eq!(report.undecided, []);
    let proved = report.proved.iter().filter(|p| p.code == "prove");
    let refuted = report.findings.iter().filter(|f| f.code == "prove");
    (
        proved.map(|p| format!("{} [{}]", p.question, p.core.join(" "))).collect(),
        refuted.map(|f| f.message.clone()).collect(),
    )
}

#[test]
fn borders_that_can_be_settled_need_not_hold_always() {
    let mut p = Pact::new("1");
    let split = p.one_of("split", "a b");
    p.claim_when("A", "1", split[0].clone());
    p.claim("B", "1");
    prove(&mut p, "settled", PropertyKind::Settled);
    prove(&mut p, "always", PropertyKind::HoldAlways);
    let (proved, refuted) = answers(&p);
    assert_eq!(proved, ["settled [Pact/1/1]"]);
    assert_eq!(refuted, ["`always` does not hold: A and B both claim Bay.c1"]);
    p.accepts("A", split[0].clone());
    let (proved, refuted) = answers(&p);
    assert_eq!(proved, [""; 0]);
    assert_eq!(refuted.len(), 2);
    assert!(
        refuted[1].starts_with("`settled` does not hold: no settlement is left by these statements"),
        "{refuted:?}"
    );
}

#[test]
fn borders_hold_always_because_of_conditions_that_exclude_each_other() {
    let mut p = Pact::new("1");
    let split = p.one_of("split", "a b");
    p.claim_when("A", "1", split[0].clone());
    p.claim_when("B", "1", split[1].clone());
    prove(&mut p, "always", PropertyKind::HoldAlways);
    assert_eq!(answers(&p).0, ["always [Pact/1/1 Pact/1/2]"]);
}

#[test]
fn every_part_is_claimed_on_every_day() {
    let mut p = Pact::new("1 2 3");
    p.claim_when("A", "1 2", until("1999-12-31"));
    p.claim_when("B", "1", from("2000-01-01"));
    let (one, both) = (p.region("1"), p.region("1 2"));
    prove(&mut p, "all of it", PropertyKind::Covered(one));
    prove(&mut p, "both", PropertyKind::Covered(both));
    let (proved, refuted) = answers(&p);
    assert_eq!(proved, ["all of it [Pact/1/1 Pact/1/2]"]);
    assert_eq!(refuted, ["`both` does not hold: nobody claims Bay.c2 from 2000-01-01"]);
    p.waives("B", "1", None, from("2010-01-01"));
    assert_eq!(answers(&p).1.len(), 2);
}

#[test]
fn territory_is_undisputed_ground() {
    let mut p = Pact::new("1 2 3 4 5 6");
    p.claim("A", "1 2 3 4 5");
    p.claim("B", "2");
    p.set_aside("A B", "3");
    p.claim("C", "4");
    p.delegates("A", "C", "4");
    p.jointly("A D", "5");
    let fixed = |p: &Pact, names: &str| Ground::Fixed(p.region(names));
    let territory = |p: &mut Pact, name: &str| Ground::TerritoryOf(p.party(name), AtlasId(0));
    for (i, inside) in [true, false, false, true, true].into_iter().enumerate() {
        let (a, cell) = (territory(&mut p, "A"), fixed(&p, &(i + 1).to_string()));
        p.program.properties.clear();
        prove(&mut p, "it", PropertyKind::Within(cell, a));
        let (proved, refuted) = answers(&p);
        assert_eq!((proved.len(), refuted.len()), if inside { (1, 0) } else { (0, 1) }, "cell {}", i + 1);
    }
    p.program.properties.clear();
    let (a, d, c) = (territory(&mut p, "A"), territory(&mut p, "D"), territory(&mut p, "C"));
    let five = fixed(&p, "5");
    prove(&mut p, "joint ground is in each", PropertyKind::Within(five, d.clone()));
    prove(&mut p, "what is delegated stays", PropertyKind::Disjoint(a.clone(), c));
    prove(&mut p, "A and D share", PropertyKind::Disjoint(a, d));
    let (proved, refuted) = answers(&p);
    assert_eq!(proved.len(), 2, "{proved:?}");
    assert_eq!(refuted, ["`A and D share` does not hold: Bay.c5 is in both the territory of A and the territory of D"]);
}

#[test]
fn territory_follows_the_settlement_and_the_day() {
    let mut p = Pact::new("1");
    let split = p.one_of("split", "a b");
    p.claim_when("A", "1", Formula::or([split[0].clone(), until("2000-01-01")]));
    let (a, one) = (Ground::TerritoryOf(p.party("A"), AtlasId(0)), Ground::Fixed(p.region("1")));
    prove(&mut p, "it", PropertyKind::Within(one, a));
    let report = p.check();
    let f = report.findings.iter().find(|f| f.code == "prove").expect("a finding");
    assert_eq!(f.during, [(Some("2000-01-02".to_owned()), None)]);
    assert_eq!(f.values.get("split").map(String::as_str), Some("b"));
}
