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

const EVENTS: &str = "date,party,what\n2026-03-01,Bel,attack(Ada)\n2026-03-20,Cyr,embargo(Bel)\n";

#[test]
fn what_is_owed_is_told_from_a_table() {
    let folder = Folder::with(&[("pact.charter", PACT), ("events.csv", EVENTS)]);
    let ran = folder.run(&["due", "pact.charter", "events.csv"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.starts_with("Pact on 2026-03-20 (the last date in events.csv)\n"), "{}", ran.out);
    assert!(ran.out.contains("2026-03-31  Ada must embargo(Bel), in 11 days"), "{}", ran.out);
    let document = folder.run(&["due", ".", "events.csv", "--on", "2026-04-05", "--format", "json"]).json();
    assert_eq!(document["overdue"][0]["who"][0], "Ada");
    assert_eq!(document["on"], "2026-04-05");
    let ran = folder.run(&["due", "pact.charter", "events.csv", "--format", "ics", "-o", "pact.ics"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    let calendar = std::fs::read_to_string(folder.0.join("pact.ics")).unwrap();
    assert!(calendar.contains("\r\nDTSTART;VALUE=DATE:20260331\r\n"), "{calendar}");
    assert!(calendar.contains("\r\nDTSTAMP:20260320T000000Z\r\n"), "{calendar}");
    assert_eq!(folder.run(&["emit", "schema", "--of", "due"]).json()["title"], "Agenda");
}

#[test]
fn a_wrong_table_is_told_where_it_is_wrong() {
    let folder = Folder::with(&[
        ("pact.charter", PACT),
        ("wrong.csv", "date,party,what\n2026-03-01,Bel,atack(Ada)\n"),
        ("scene.charter", "scenario \"s\" for Pact { day 0 Bel does attack(Ada) }\n"),
    ]);
    let ran = folder.run(&["due", "pact.charter", "wrong.csv"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("wrong.csv:2:16"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `attack`?"), "{}", ran.err);
    let ran = folder.run(&["due", "pact.charter", "scene.charter"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("write `day 0 is 2026-03-01` in it"), "{}", ran.err);
    for words in [
        &["due", "pact.charter"][..],
        &["due", "pact.charter", "missing.csv"],
        &["due", "pact.charter", "wrong.csv", "--on", "1.3.2026"],
        &["due", "pact.charter", "wrong.csv", "--charter", "Pacts"],
        &["due", "pact.charter", "wrong.csv", "--format", "csv"],
    ] {
        let ran = folder.run(words);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{words:?}");
    }
}

#[test]
fn a_session_is_played_by_a_script_and_saved() {
    let folder = Folder::with(&[("pact.charter", PACT)]);
    let script = "Bel does attack(Ada)\nnext\ndue\nsave an_attack.charter\nsave an_attack.charter\nsave ../out.charter\nsave no/such.charter\n";
    let ran = folder.type_in(&["play", "pact.charter"], script);
    // three lines went wrong
    assert_eq!((ran.status, ran.err.as_str()), (2, ""), "{}", ran.out);
    assert!(ran.out.contains("there is no folder `no`"), "{}", ran.out);
    let quiet = folder.type_in(&["play", "pact.charter"], "Bel does attack(Ada)\nquit\nnonsense\n");
    assert_eq!((quiet.status, quiet.err.as_str()), (0, ""), "{}", quiet.out);
    assert!(ran.out.contains("day 0> Bel does attack(Ada)\n"), "{}", ran.out);
    assert!(ran.out.contains("breach of article 1 by Bel against Ada"), "{}", ran.out);
    assert!(ran.out.contains("wrote an_attack.charter"), "{}", ran.out);
    assert!(ran.out.contains("is there already, and nothing was written"), "{}", ran.out);
    assert!(ran.out.contains("lies outside of the project"), "{}", ran.out);
    let ran = folder.run(&["test", "an_attack.charter", "--format", "short", "-q"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{}", ran.out);
    let ran = folder.run(&["test", "an_attack.charter", "--format", "short"]);
    assert!(ran.out.contains("passed: an attack (3 expectations)"), "{}", ran.out);
    // what is proposed is a file that can be written
    let ran = folder.type_in(&["play", "pact.charter"], "save .\nsave notes/\nsave other\n");
    for meant in ["`save attack.charter`", "`save notes/attack.charter`", "`save other.charter`"] {
        assert!(ran.out.contains(meant), "{meant} in {}", ran.out);
    }
    let ran = folder.type_in(&["play", "missing.charter"], "");
    assert_eq!(ran.status, 2);
}

const ROUND: &str = "\
action attack(by: Party, on: Party) reads \"{by} attacks {on}\"
action blockade(by: Party, on: Party) reads \"{by} blockades {on}\"
party Ada
party Bel
party Cyr
charter Pact {
    parties Ada, Bel, Cyr
    article 1 { no party may attack(any other party) }
    article 2 { no party may blockade(any other party) }
    article 3 { on breach of article 1 by v { every other party must blockade(v) within 10 days } }
}
";

#[test]
fn a_situation_that_shows_what_is_possible_is_headed() {
    let text =
        format!("{ROUND}prove in Pact possible exists a, b: party where a != b: a has attack(b) in every situation\n");
    let folder = Folder::with(&[("pact.charter", text.as_str())]);
    let ran = folder.run(&["check", "-v"]);
    let head = "(found by the checker; it describes no conduct of anyone)\n  witness";
    assert!(ran.out.contains(head), "{}", ran.out);
    let document = folder.run(&["check", "--format", "json"]).json();
    let proved: Vec<_> = document["proved"].as_array().unwrap().iter().filter(|p| p["code"] == "prove").collect();
    assert_eq!((proved.len(), &proved[0]["hypothetical"]), (1, &serde_json::Value::Bool(true)));
    // what rests on statements has no witness, and no heading
    assert!(
        document["proved"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["witness"].is_null())
            .all(|p| p["hypothetical"].is_null())
    );
}

#[test]
fn walks_are_the_same_for_the_same_seed_and_write_only_when_told() {
    let folder = Folder::with(&[("pact.charter", ROUND)]);
    let words = ["test", "--explore", "50", "--seed", "2"];
    let ran = folder.run(&words);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""), "{}", ran.out);
    assert!(ran.out.starts_with("50 walks of each charter, seed 2\n"), "{}", ran.out);
    assert!(ran.out.contains("S03 the response is itself a breach"), "{}", ran.out);
    assert_eq!(ran.out, folder.run(&words).out);
    assert_ne!(ran.out, folder.run(&["test", "--explore", "50"]).out);
    let document = folder.run(&["test", "--explore", "50", "--format", "json"]).json();
    assert_eq!((document["seed"].as_u64(), document["walks"].as_u64()), (Some(1), Some(50)));
    // what a walk made up says so, and parties that nothing tells apart are roles; what a scenario would say has names
    let met = &document["charters"][0]["found"][0];
    assert_eq!((met["hypothetical"].as_bool(), met["roles"][0]["role"].as_str()), (Some(true), Some("P")));
    assert!(ran.out.contains("(found by the checker; it describes no conduct of anyone)"), "{}", ran.out);
    assert!(ran.out.contains("day 0 P does attack(Q)"), "{}", ran.out);
    assert!(!met["lines"][0].as_str().unwrap().contains("P does"));
    assert_eq!(folder.run(&["emit", "schema", "--of", "explore"]).json()["title"], "ExploreReport");
    let saved = folder.run(&["test", "--explore", "50", "--save", "met"]);
    assert!(saved.err.ends_with("`comity test` runs it\n") || saved.err.ends_with("`comity test` runs them\n"));
    assert!(saved.err.contains("pact_s03_3_1_1.charter"), "{}", saved.err);
    let again = folder.run(&["test", "--explore", "50", "--save", "met"]);
    assert_eq!((again.status, again.out.as_str()), (2, ""));
    assert!(again.err.contains("is there already, and nothing was written"), "{}", again.err);
    let ran = folder.run(&["test", "--format", "short"]);
    assert!(ran.status == 0 && ran.out.contains("passed: S03: the response is itself a breach"), "{}", ran.out);
    // where a charter was named, the words that are said run what was saved; its folder alone leaves the charter out
    let words = ["test", "pact.charter", "--explore", "50", "--save", "met/of it"];
    let saved = folder.run(&words);
    assert!(saved.err.contains("`comity test pact.charter 'met/of it'` runs"), "{}", saved.err);
    let ran = folder.run(&["test", "pact.charter", "met/of it", "--format", "short"]);
    assert!(ran.status == 0 && ran.out.contains("passed: S03: the response is itself a breach"), "{}", ran.out);
    let alone = folder.run(&["test", "met/of it"]);
    assert!(alone.status == 2 && alone.out.contains("name a folder that holds both files"), "{}", alone.out);
    let outside = folder.run(&["test", "pact.charter", "--explore", "50", "--save", "../met-elsewhere/a"]);
    assert!(outside.status == 2 && outside.err.contains("lies outside of the project"), "{}", outside.err);
    for words in [
        &["test", "--explore", "0"][..],
        &["test", "--explore", "many"],
        &["test", "--seed", "3"],
        &["test", "pact.charter", "--explore", "5", "--save", "pact.charter"],
        &["test", "--explore", "5", "--format", "junit"],
        &["test", "missing.charter", "--explore", "5"],
    ] {
        let ran = folder.run(words);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{words:?}");
    }
}
