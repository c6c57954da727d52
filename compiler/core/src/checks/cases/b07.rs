//! B07: what is given, and whether the giver holds it.

use super::super::b07::Giving;
use super::*;
use crate::report::Level;

#[test]
fn a_lease_of_anothers_ground_is_found() {
    let mut b = Build::plain(&["North", "South"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["North"]);
    b.claims(bel, &["South"]);
    b.leases(ada, &["South"], cor, until(100));
    let found = b.findings(&Giving);
    assert_eq!(
        messages(&found),
        ["Ada leases Bay.South to Cor as administration and holds no title to it until 1970-04-11"]
    );
    assert_eq!(found[0].level, Level::Error);
    assert_eq!(found[0].regions, ["South"]);
    assert_eq!(found[0].during, [(None, Some("1970-04-11".to_owned()))]);
    assert_eq!(found[0].notes, ["Bel claims Bay.South"]);
    assert_eq!(found[0].ways_out[1].changes, ["Bel leases Bay.South to Cor"]);
}

#[test]
fn a_holder_may_lease_and_its_lessee_may_lease_on_while_it_holds() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["North"]);
    b.leases(ada, &["North"], bel, until(100));
    b.leases(bel, &["North"], cor, until(100));
    assert_eq!(b.findings(&Giving), []);
    // a day too long
    b.leases(bel, &["North"], cor, until(101));
    let found = b.findings(&Giving);
    assert_eq!(
        messages(&found),
        ["Bel leases Bay.North to Cor as administration and holds no title to it on 1970-04-12"]
    );
}

#[test]
fn only_the_part_that_is_not_held_is_found() {
    let mut b = Build::plain(&["North", "South"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North"]);
    b.delegates(ada, &["North", "South"], bel, always());
    let found = b.findings(&Giving);
    assert_eq!(messages(&found), ["Ada delegates Bay.North and Bay.South to Bel and holds no title to Bay.South"]);
    assert_eq!(found[0].ways_out[0].changes, ["narrow Pact/1/2 to Bay.North"]);
    assert_eq!(found[0].notes, ["no other party claims Bay.South"]);
}

#[test]
fn title_that_holds_under_some_settlements_only_makes_a_warning() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    let split = b.term("split", &["all", "none"]);
    b.claims_when(ada, &["North"], Formula::eq(&split, &Linear::int(0)));
    b.leases(ada, &["North"], bel, always());
    let found = b.findings(&Giving);
    assert_eq!(found[0].level, Level::Warning);
    assert_eq!(
        messages(&found),
        ["Ada leases Bay.North to Bel as administration and holds no title to it, unless split = all"]
    );
    assert_eq!(found[0].depends_on, ["split = none"]);
    assert_eq!(found[0].values.get("split").map(String::as_str), Some("none"));
    // what no party accepts is not asked about
    let kind = StatementKind::Acceptance { party: bel, condition: Formula::eq(&split, &Linear::int(0)) };
    b.say(&[bel], kind, always());
    assert_eq!(b.findings(&Giving), []);
}

#[test]
fn a_block_is_delegated_twice() {
    let mut b = Build::blocks(&["10.1.0.0/16", "10.1.2.0/24"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["10.1.0.0/16"]);
    b.delegates(ada, &["10.1.0.0/16"], bel, until(10));
    b.delegates(ada, &["10.1.2.0/24"], cor, from(11));
    assert_eq!(b.findings(&Giving), [], "one after the other");
    b.delegates(ada, &["10.1.2.0/24"], cor, from(10));
    let found = b.findings(&Giving);
    assert_eq!(messages(&found), ["Ada gives 10.1.2.0/24 twice, to Bel and Cor on 1970-01-11"]);
    assert_eq!(found[0].statements.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["Pact/1/2", "Pact/1/4"]);
    assert_eq!(found[0].minimal, Some(true));
}

#[test]
fn two_receivers_who_hold_jointly_were_given_once() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["North"]);
    b.delegates(ada, &["North"], bel, always());
    b.delegates(ada, &["North"], cor, always());
    let region = b.ground(&["North"]);
    b.say(&[bel, cor], StatementKind::Jointly { parties: vec![bel, cor], right: SOVEREIGNTY, region }, always());
    assert!(b.findings(&Giving).iter().all(|f| !f.message.contains("twice")));
}

#[test]
fn a_waiver_of_what_one_does_not_claim() {
    let mut b = Build::plain(&["North", "South"]);
    let ada = b.member("Ada");
    b.claims(ada, &["North"]);
    let region = b.ground(&["North"]);
    b.say(&[ada], StatementKind::Waiver { party: ada, right: None, region }, from(5));
    assert_eq!(b.findings(&Giving), []);
    let region = b.ground(&["South"]);
    b.say(&[ada], StatementKind::Waiver { party: ada, right: None, region }, always());
    assert_eq!(messages(&b.findings(&Giving)), ["Ada waives Bay.South and does not claim it"]);
    // what is waived is held no longer
    let bel = b.member("Bel");
    b.delegates(ada, &["North"], bel, always());
    let found = b.findings(&Giving);
    assert!(messages(&found).contains(&"Ada delegates Bay.North to Bel and holds no title to it from 1970-01-06"));
}

#[test]
fn a_candidate_is_asked_too_and_members_are_not_asked_twice() {
    let mut b = Build::plain(&["North", "South"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North"]);
    b.delegates(ada, &["South"], bel, always());
    let dor = b.candidate("Dor");
    b.delegates(dor, &["North"], bel, always());
    let found = b.findings(&Giving);
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|f| f.message.starts_with("Dor delegates Bay.North to Bel and holds no title")));
}

#[test]
fn sharing_what_is_another_s_alone() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    let region = b.ground(&["North"]);
    b.say(&[bel, cor], StatementKind::Jointly { parties: vec![bel, cor], right: SOVEREIGNTY, region }, always());
    assert_eq!(b.findings(&Giving), [], "to hold jointly is to claim");
    b.claims(ada, &["North"]);
    assert_eq!(
        messages(&b.findings(&Giving)),
        ["Bel and Cor hold Bay.North jointly and none of them holds title to it"]
    );
    b.claims(bel, &["North"]);
    assert_eq!(b.findings(&Giving), []);
}

mod second_opinion {
    //! The formula of title and the walk over statements agree on every day of small random programs.

    use super::*;
    use crate::checks::cover;
    use crate::checks::replay;
    use crate::logic::{Model, Value};
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    struct Said {
        kind: u8,
        by: u8,
        to: u8,
        sovereign: bool,
        from: i64,
        until: i64,
    }

    fn said() -> impl Strategy<Value = Said> {
        (0u8..6, 0u8..3, 0u8..3, any::<bool>(), 0i64..5, 0i64..5)
            .prop_map(|(kind, by, to, sovereign, from, until)| Said { kind, by, to, sovereign, from, until })
    }

    proptest! {
        #[test]
        fn agrees(all in prop::collection::vec(said(), 1..9)) {
            let mut b = Build::plain(&["North"]);
            let people = [b.member("Ada"), b.member("Bel"), b.member("Cor")];
            for s in &all {
                let (p, q) = (people[s.by as usize], people[s.to as usize]);
                let right = if s.sovereign { SOVEREIGNTY } else { ADMINISTRATION };
                let region = b.ground(&["North"]);
                let kind = match s.kind {
                    0 => StatementKind::Claim { party: p, right, region, quota: None },
                    1 => StatementKind::Lease { party: p, to: q, right, region },
                    2 => StatementKind::Delegation { party: p, to: q, region },
                    3 => StatementKind::Under { party: p, under: q, region },
                    4 => StatementKind::Waiver { party: p, right: s.sovereign.then_some(right), region },
                    _ => StatementKind::Jointly { parties: vec![p, q], right, region },
                };
                b.say(&[p], kind, Formula::and([from(s.from), until(s.until)]));
            }
            let here: Vec<&Statement> = b.program().statements.iter().collect();
            for d in 0..6 {
                let mut model = Model::new();
                model.set(day(), Value::int(d));
                for s in &here {
                    let StatementKind::Delegation { party, .. } = &s.kind else { continue };
                    let held = cover::title(&here, *party, None).eval(&model).unwrap();
                    let on = s.on.eval(&model).unwrap();
                    prop_assert_eq!(replay::untitled(s, &here, &model), Some(on && !held), "day {}", d);
                }
            }
        }
    }
}
