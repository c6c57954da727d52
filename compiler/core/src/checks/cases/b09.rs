//! B09: who recognises whom.

use super::super::b09::Recognition;
use super::*;

fn recognises(b: &mut Build, party: PartyId, holder: PartyId, ground: &[&str]) {
    let region = b.ground(ground);
    b.say(&[party], StatementKind::Recognition { party, holder, right: SOVEREIGNTY, region }, always());
}

#[test]
fn a_recognition_in_one_direction_only() {
    let mut b = Build::plain(&["North", "South"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North"]);
    b.claims(bel, &["South"]);
    assert_eq!(b.findings(&Recognition), [], "silence all round");
    recognises(&mut b, ada, bel, &["South"]);
    let found = b.findings(&Recognition);
    assert_eq!(
        messages(&found),
        ["recognition among the parties of Pact: 1 stated, 1 in one direction only, 1 on which nothing is said"]
    );
    assert_eq!(found[0].notes, ["Ada recognises Bel; Bel has said nothing of Ada"]);
    let rows: Vec<String> = found[0]
        .table
        .iter()
        .map(|r| ["party", "answer", "holder"].map(|k| r[k].as_str().unwrap()).join(" "))
        .collect();
    assert_eq!(rows, ["Ada recognises Bel", "Bel has said nothing of Ada"]);
    recognises(&mut b, bel, ada, &["North"]);
    assert_eq!(b.findings(&Recognition)[0].notes, Vec::<String>::new());
}

#[test]
fn two_recognise_differently_where_nobody_claims() {
    let mut b = Build::plain(&["North", "Isles"]);
    let (ada, bel, cor, dor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"), b.member("Dor"));
    b.claims(ada, &["North"]);
    recognises(&mut b, ada, cor, &["Isles"]);
    recognises(&mut b, bel, dor, &["North", "Isles"]);
    let found = b.findings(&Recognition);
    assert_eq!(found.len(), 2);
    assert!(messages(&found).contains(&"Ada and Bel recognise different holders of Bay.Isles, which nobody claims"));
    // where somebody claims it is a matter of recognition and title (B02)
    b.claims(cor, &["Isles"]);
    assert_eq!(b.findings(&Recognition).len(), 1);
}

#[test]
fn a_holding_without_the_word_of_the_one_above() {
    let mut b = Build::plain(&["North"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North"]);
    let region = b.ground(&["North"]);
    b.say(&[bel], StatementKind::Under { party: bel, under: ada, region }, always());
    b.delegates(ada, &["North"], bel, until(10));
    let found = b.findings(&Recognition);
    assert_eq!(
        messages(&found),
        ["unconfirmed: Bel holds Bay.North under Ada, and Ada has not said so from 1970-01-12"]
    );
    b.delegates(ada, &["North"], bel, from(11));
    assert_eq!(b.findings(&Recognition), []);
}

#[test]
fn a_receiver_whom_nothing_declares() {
    let mut b = Build::blocks(&["10.1.0.0/16", "10.1.2.0/24"]);
    let ada = b.member("Ada");
    let out = b.party("the Peer whose asn = 65000", false);
    b.claims(ada, &["10.1.0.0/16"]);
    b.delegates(ada, &["10.1.2.0/24"], out, always());
    let found = b.findings(&Recognition);
    assert_eq!(messages(&found), ["Ada gives ground to the Peer whose asn = 65000, whom nothing declares"]);
}
