//! What B10 says beside its findings: proofs, and what it does not ask.
//!
//! In: charters in memory. Out: the entries of their reports under B10. The findings themselves stand in `suite/check`.

use comity_tests::{Files, check};

/// The proofs and what is not asked, of B10.
fn said(ground: &str, measure: &str) -> (Vec<String>, Vec<String>) {
    let text = format!(
        "action attack(by: Party, on: Party) hostile\n{measure}\n{ground}\nparty Ada\nparty Bel\ncharter Pact {{\n    \
         parties Ada, Bel\n    article 1 {{\n        Ada claims Land.Hill\n        Bel claims Land.Vale\n    }}\n    \
         article 2 {{ no party may attack(any other party) }}\n    \
         article 3 {{ on breach of article 2 by p {{ every other party must close(p) within 10 days }} }}\n}}\n"
    );
    let files = Files::of([("pact.charter", text.as_str())]);
    let checked = check(&files, &files.charters());
    let report = checked.report();
    let proved = report.proved.iter().filter(|p| p.code == "B10");
    let silent = report.not_asked.iter().filter(|n| n.code == "B10");
    assert!(!report.findings.iter().any(|f| f.code == "B10"), "{:?}", report.findings);
    (
        proved.map(|p| format!("{}: {}", p.question, p.core.join(", "))).collect(),
        silent.map(|n| n.because.clone()).collect(),
    )
}

const BESIDE: &str = "atlas Land of earth {
    region Vale = polygon [ (10.0, 45.0), (13.0, 45.0), (13.0, 48.0), (10.0, 48.0) ]
    region Hill = polygon [ (13.0, 46.0), (14.0, 46.0), (14.0, 47.0), (13.0, 47.0) ]
}";
const CLOSE: &str = "action pass(by: Party)\naction close(by: Party, to: Party) hinders pass";

#[test]
fn open_ground_beside_a_piece_is_a_proof() {
    let (proved, silent) = said(BESIDE, CLOSE);
    assert_eq!(proved, ["no ground of a member is closed by measures under article 3 of Pact: Pact/3/1, Pact/3/1.1"]);
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn an_act_that_says_nothing_of_itself_is_not_asked() {
    let (proved, silent) = said(BESIDE, "action close(by: Party, to: Party)");
    assert_eq!(proved, Vec::<String>::new());
    assert_eq!(
        silent,
        [
            "`close` is a measure of Pact, and whether it can close a way out is not said: declare what it `hinders`, or a \
          `severity` on a ladder with a level `economic`"
        ]
    );
}

#[test]
fn names_without_a_shape_are_not_asked_and_bands_are_no_ground() {
    let (proved, silent) = said("atlas Land {\n    region Vale\n    region Hill\n}", CLOSE);
    assert_eq!(proved, Vec::<String>::new());
    assert_eq!(
        silent,
        ["`Land` names regions without a shape, so which of them border each other is not said: give it polygons, or \
          `from` a file that has them"]
    );
    let bands = "atlas Land of MHz {\n    region Vale = 1 MHz to 2 MHz\n    region Hill = 2 MHz to 3 MHz\n}";
    assert_eq!(said(bands, CLOSE), (Vec::new(), Vec::new()));
}
