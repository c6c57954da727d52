//! B13: what is agreed.

use super::super::b13::Agreed;
use super::*;

#[test]
fn a_row_for_each_agreement() {
    let mut b = Build::plain(&["North", "Isles", "Reef"]);
    let (ada, bel) = (b.member("Ada"), b.member("Bel"));
    b.claims(ada, &["North", "Isles"]);
    b.claims(bel, &["Isles"]);
    assert_eq!(b.findings(&Agreed), []);
    let region = b.ground(&["Isles"]);
    b.say(&[ada, bel], StatementKind::SetAside { parties: vec![ada, bel], region }, always());
    b.leases(ada, &["North"], bel, until(10));
    let region = b.ground(&["Reef"]);
    b.say(&[], StatementKind::Common { region }, from(3));
    let found = b.findings(&Agreed);
    assert_eq!(messages(&found), ["agreed among the parties of Pact: 1 set aside, 1 leased, 1 common"]);
    let rows = serde_json::to_value(&found[0].table).unwrap();
    assert_eq!(
        rows,
        serde_json::json!([
            { "agreed": "set aside", "between": ["Ada", "Bel"], "over": "Bay.Isles",
              "claims side by side": ["Pact/1/1", "Pact/1/2"], "statement": "Pact/1/3" },
            { "agreed": "leased", "between": ["Ada", "Bel"], "over": "Bay.North", "as": "administration",
              "until": "1970-01-11", "statement": "Pact/1/4" },
            { "agreed": "common", "over": "Bay.Reef", "from": "1970-01-04", "statement": "Pact/1/5" },
        ])
    );
}

#[test]
fn a_third_claim_is_not_let_stand_by_what_two_agreed() {
    let mut b = Build::plain(&["Isles"]);
    let (ada, bel, cor) = (b.member("Ada"), b.member("Bel"), b.member("Cor"));
    b.claims(ada, &["Isles"]);
    b.claims(cor, &["Isles"]);
    let region = b.ground(&["Isles"]);
    b.say(&[ada, bel], StatementKind::SetAside { parties: vec![ada, bel], region }, always());
    assert_eq!(b.findings(&Agreed)[0].table[0].get("claims side by side"), None);
}
