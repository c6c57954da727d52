//! The verbs about what is owed, as a person or a script runs them: exit status, formats, what is refused.
use crate::common::Folder;

const PACT: &str = "\
action attack(by: Party, on: Party) reads \"{by} attacks {on}\"
action embargo(by: Party, on: Party) reads \"{by} embargoes {on}\"
event ceased(by: Party)
party Ada
party Bel
party Cyr
charter Pact {
    parties Ada, Bel, Cyr
    article 1 \"Peace\" { no party may attack(any other party) }
    article 2 \"The answer\" {
        on breach of article 1 by v {
            every other party must embargo(v) within 30 days
            lift when ceased(v)
        }
    }
}
";

const GOOD: &str = "
scenario \"an attack\" for Pact {
    day 0 Bel does attack(Ada)
    expect Ada must embargo(Bel) by day 30
}
";

#[test]
fn scenarios_give_an_exit_status() {
    let with = |more: &str| Folder::with(&[("pact.charter", &format!("{PACT}{more}"))]);
    let ran = with(GOOD).run(&["test"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("passed \"an attack\" for Pact: 1 expectation (pact.charter:18)"), "{}", ran.out);
    assert!(with(GOOD).run(&["test", "-q"]).out.starts_with("1 scenario: 1 passed"));
    assert_eq!(with("").run(&["test"]).status, 0);
    let ran = with("scenario \"s\" for Pact { expect breach }").run(&["test", "--format", "short"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.out.starts_with("pact.charter:17:25: failed: expected breach; found no breach up to day 0"),
        "{}",
        ran.out
    );
    let ran = with("scenario \"s\" for Pact { day 0 Bel does atack(Ada) }").run(&["test"]);
    assert_eq!(ran.status, 2);
    assert!(ran.out.contains("there is no action or event `atack`"), "{}", ran.out);
    let unknown = "kind State { rich: Bool }
action pay(by: Party)
party Dor: State
charter Dues { parties Dor  article 1 { Dor must pay() within 3 days when rich(Dor) } }
scenario \"s\" for Dues { expect no breach on day 4 }
";
    let ran = Folder::with(&[("dues.charter", unknown)]).run(&["test", "--format", "short", "-q"]);
    assert_eq!(ran.status, 3, "{}", ran.out);
    assert!(ran.out.contains("undecided: expected no breach on day 4"), "{}", ran.out);
    assert!(ran.out.contains("`rich(Dor)`, which nobody states"), "{}", ran.out);
    let ran = with(GOOD).run(&["test", "missing.charter"]);
    assert_eq!(ran.status, 2);
    assert_eq!(with(GOOD).run(&["test", "--format", "sarif"]).status, 2);
}

#[test]
fn a_test_writes_what_machines_read() {
    let folder = Folder::with(&[("pact.charter", &format!("{PACT}{GOOD}"))]);
    let ran = folder.run(&["test", "--format", "json"]);
    let document = ran.json();
    assert_eq!(document["verdict"], "passed");
    assert_eq!(document["scenarios"][0]["expectations"][0]["outcome"], "passed");
    let ran = folder.run(&["test", "--format", "junit", "-o", "junit.xml"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    assert!(std::fs::read_to_string(folder.0.join("junit.xml")).unwrap().contains("<testcase classname=\"Pact\""));
    let schema = folder.run(&["emit", "schema", "--of", "test"]).json();
    assert_eq!(schema["title"], "TrialReport");
}
