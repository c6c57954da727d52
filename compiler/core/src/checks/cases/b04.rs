//! B04: two lines between the same neighbours.

use super::super::b04::Boundaries;
use super::*;

fn boundary(
    b: &mut Build,
    (left, left_side): (PartyId, &[&str]),
    (right, right_side): (PartyId, &[&str]),
    on: Formula,
) {
    let kind =
        StatementKind::Boundary { left, right, left_side: b.ground(left_side), right_side: b.ground(right_side) };
    b.say(&[left, right], kind, on);
}

#[test]
fn the_ground_between_two_lines_is_found() {
    let mut b = Build::plain(&["West", "Strip", "East"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    boundary(&mut b, (ada, &["West"]), (bel, &["Strip", "East"]), always());
    boundary(&mut b, (bel, &["East"]), (ada, &["West", "Strip"]), always());
    let found = b.findings(&Boundaries);
    assert_eq!(messages(&found), ["two descriptions of the boundary between Ada and Bel differ over Bay.Strip"]);
    assert_eq!(found[0].notes, ["Bay.Strip: on the side of Bel by Pact/1/1, on the side of Ada by Pact/1/2"]);
    assert_eq!(found[0].parties, ["Ada", "Bel"]);
}

#[test]
fn the_same_line_said_from_the_other_side_agrees() {
    let mut b = Build::plain(&["West", "East"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    boundary(&mut b, (ada, &["West"]), (bel, &["East"]), always());
    boundary(&mut b, (bel, &["East"]), (ada, &["West"]), always());
    assert_eq!(b.findings(&Boundaries), []);
    assert_eq!(b.proofs(&Boundaries), ["two descriptions of the boundary between Ada and Bel agree"]);
}

#[test]
fn a_line_may_follow_another_in_time() {
    let mut b = Build::plain(&["West", "Strip", "East"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    boundary(&mut b, (ada, &["West"]), (bel, &["Strip", "East"]), until(9));
    boundary(&mut b, (ada, &["West", "Strip"]), (bel, &["East"]), from(10));
    assert_eq!(b.findings(&Boundaries), []);
    boundary(&mut b, (ada, &["West", "Strip"]), (bel, &["East"]), from(9));
    let found = b.findings(&Boundaries);
    assert_eq!(found.len(), 1, "one day too early, {found:?}");
    assert_eq!(found[0].during, [(Some("1970-01-10".to_owned()), Some("1970-01-10".to_owned()))]);
}

#[test]
fn other_neighbours_have_other_lines() {
    let mut b = Build::plain(&["West", "East", "North"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    boundary(&mut b, (ada, &["West"]), (bel, &["East"]), always());
    boundary(&mut b, (ada, &["East"]), (cor, &["North"]), always());
    assert_eq!(b.findings(&Boundaries), []);
}
