//! Timelines and names, on charters made by hand.

use super::*;
use crate::checks::cases::conduct::{Duties, V, within};
use crate::checks::{Draft, context::Context};
use crate::engine::Options;
use crate::logic::{BigRational, Linear, Model, Var, brute::BruteForce};
use crate::model::conduct::{
    ActionId, Compare, Condition, Deed, Force, Happening, Match, Occurrence, Parameter, Quantity, RuleId, Sort, VarId,
    Who,
};
use crate::model::{AttributeValue, Kind, KindId, PartyId, Print, Unknown};
use crate::report::document::{Report, SituationEvent, Verdict};
use crate::report::{Format, render};
use crate::source::Sources;

const P: [Actor; 4] =
    [Actor::Party(PartyId(0)), Actor::Party(PartyId(1)), Actor::Party(PartyId(2)), Actor::Party(PartyId(3))];

/// An alliance: no one may attack, all others must embargo whoever does.
fn alliance(members: &[&str]) -> (Duties, ActionId) {
    let mut d = Duties::new(members);
    let attack = d.action("attack by on");
    d.act(attack).reads = Some("{by} attacks {on}".to_owned());
    let embargo = d.action("embargo by on");
    let peace = d.norm("1", Force::MustNot, attack, "no party may attack(any other party)");
    let rule = d.rule("2", &[peace]);
    d.rule_at(rule).determined = Some("majority".to_owned());
    d.response(rule, Force::Must, embargo, within(30));
    (d, attack)
}

fn does(day: i64, action: ActionId, by: Actor, on: Actor) -> Occurrence {
    let arguments = vec![Value::Actor(by), Value::Actor(on)];
    Occurrence { from: day, to: Some(day), what: Happening::Act { action, arguments, place: None } }
}

fn timeline(d: &Duties, attack: ActionId, about: &About) -> Timeline {
    let members = d.program.charters[0].members.iter().map(|p| Actor::Party(*p)).collect();
    let found = Happening::Finding { rule: RuleId(0), by: P[1], against: Some(P[0]) };
    let situation = Situation {
        members,
        occurrences: vec![does(0, attack, P[1], P[0]), Occurrence { from: 1, to: Some(1), what: found }],
        ..Situation::default()
    };
    let breach = Breached { day: 0, norm: NormId(0), by: P[1], against: Some(P[0]) };
    let owed = Owed { norm: NormId(1), bound: vec![Some(P[1]), Some(P[0]), Some(P[2])], from: 1, until: Some(31) };
    Timeline::new(&d.program, CharterId(0), situation, vec![breach], vec![owed], about)
}

fn all(d: &Duties) -> About {
    About::charter(&d.program, CharterId(0))
}

fn words(told: &Told) -> Vec<String> {
    told.entries.iter().map(|e| format!("{}: {}", e.day, e.words)).collect()
}

#[test]
fn parties_that_nothing_tells_apart_are_roles() {
    let (d, attack) = alliance(&["Arland", "Belmark", "Corvia", "Dorn"]);
    let told = timeline(&d, attack, &all(&d)).tell(&d.program);
    assert_eq!(
        words(&told),
        [
            "0: a member P attacks a member Q",
            "0: breach of article 1 by P against Q",
            "1: article 2 determines breach of article 1 by P against Q",
            "1: a member R must embargo(P) by day 31",
        ]
    );
    assert_eq!(told.casting, ["P, Q and R may be any three of 4 members: Arland, Belmark, Corvia and Dorn"]);
    assert_eq!(told.entries[0].what, SituationEvent::Act("attack(P, Q)".to_owned()));
    assert_eq!(told.entries[1].statements, ["Pact/1/1"]);
    assert_eq!(told.entries[3].what, SituationEvent::Due("embargo(R, P)".to_owned()));
    assert_eq!((told.entries[3].until, told.entries[3].statements[0].as_str()), (Some(31), "Pact/2/2"));
}

#[test]
fn a_party_that_a_norm_names_keeps_its_name() {
    let (mut d, attack) = alliance(&["Arland", "Belmark", "Corvia", "Dorn"]);
    d.at(NormId(1)).unless = Condition::Same(Who::Var(V), Who::Party(PartyId(1)));
    let told = timeline(&d, attack, &all(&d)).tell(&d.program);
    assert_eq!(words(&told)[0], "0: Belmark attacks a member P");
    assert_eq!(told.casting, ["P and Q may be any two of 3 members: Arland, Corvia and Dorn"]);
    // a situation that does not depend on that norm does not tell Belmark apart
    let about = About { norms: [NormId(0)].into(), ..About::default() };
    assert_eq!(words(&timeline(&d, attack, &about).tell(&d.program))[0], "0: a member P attacks a member Q");
}

#[test]
fn many_are_counted_and_letters_avoid_names() {
    let names: Vec<String> = (0..30).map(|i| format!("Peer{i:02}")).chain(["P".to_owned()]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (d, attack) = alliance(&names);
    let timeline = timeline(&d, attack, &all(&d));
    let told = timeline.tell(&d.program);
    assert_eq!(words(&told)[0], "0: a member Q attacks a member R");
    assert_eq!(told.casting, ["Q, R and S may be any three of 31 members"]);
    assert_eq!(told.roles[0].any_of, Some(31));
    assert!(told.roles[0].parties.is_empty());
    assert_eq!(timeline.cast().noun(P[1]), "a member");
}

#[test]
fn attributes_and_kinds_that_are_read_tell_apart() {
    let (mut d, attack) = alliance(&["Arland", "Belmark", "Corvia", "Dorn"]);
    d.program.kinds.push(Kind { name: "Island".to_owned(), parent: None });
    d.program.parties[1].kind = KindId(1);
    for p in [0usize, 2, 3] {
        let size = AttributeValue::Quantity(Linear::int(if p == 0 { 1 } else { 2 }), String::new());
        d.program.parties[p].attributes.insert("size".to_owned(), size);
    }
    // nothing reads them
    assert_eq!(timeline(&d, attack, &all(&d)).tell(&d.program).casting.len(), 1);
    d.at(NormId(1)).when = Condition::Kind(Who::Var(V), KindId(1));
    let told = timeline(&d, attack, &all(&d)).tell(&d.program);
    assert_eq!(words(&told)[0], "0: Belmark attacks a member P", "the only one of its kind goes by its name");
    d.at(NormId(1)).when = Condition::Attribute(Who::Var(V), "size".to_owned());
    let told = timeline(&d, attack, &all(&d)).tell(&d.program);
    assert_eq!(words(&told)[0], "0: Belmark attacks Arland");
    assert_eq!(told.casting, ["P may be any of 2 members: Corvia and Dorn"]);
}

#[test]
fn unknown_values_are_named_by_role_and_alike_if_their_ranges_are() {
    let (mut d, attack) = alliance(&["Arland", "Belmark", "Corvia"]);
    let mut values = Model::new();
    for (i, name) in ["Arland", "Belmark", "Corvia"].into_iter().enumerate() {
        let var = Var::real(format!("gdp({name})"));
        let linear = Linear::var(&var);
        let range = crate::logic::Formula::le(&Linear::zero(), &linear);
        let party = PartyId(u32::try_from(i).unwrap());
        d.program.parties[i].attributes.insert("gdp".into(), AttributeValue::Quantity(linear, "EUR".into()));
        d.program.unknowns.push(Unknown { var: var.clone(), range, party, print: Print::Unit("EUR".into()) });
        if i == 1 {
            values.set(var, crate::logic::Value::int(5));
        }
    }
    d.at(NormId(1)).when = Condition::Attribute(Who::Var(V), "gdp".to_owned());
    let mut t = timeline(&d, attack, &all(&d));
    t.situation.values = values;
    let told = t.tell(&d.program);
    assert_eq!(told.values.get("gdp(P)").map(String::as_str), Some("5 EUR"));
    assert_eq!(told.casting, ["P, Q and R may be Arland, Belmark and Corvia, in any order"]);
}

#[test]
fn members_that_nobody_lists_and_outsiders() {
    let (mut d, attack) = alliance(&["Arland"]);
    d.program.kinds.push(Kind { name: "Household".to_owned(), parent: None });
    d.program.charters[0].open.push(KindId(1));
    let open = Actor::Unnamed(KindId(1), 0);
    let situation = Situation {
        members: vec![P[0], open],
        others: vec![Actor::Outsider(0)],
        occurrences: vec![does(0, attack, open, Actor::Outsider(0)), does(3, attack, P[0], open)],
        ..Situation::default()
    };
    let told = Timeline::new(&d.program, CharterId(0), situation, vec![], vec![], &all(&d)).tell(&d.program);
    assert_eq!(words(&told), ["0: a Household P attacks an outsider X", "3: Arland attacks P"]);
    assert_eq!(told.casting, ["P may be any Household", "X may be anyone outside of Pact"]);
    assert_eq!(told.roles[0].any_of, None);
}

#[test]
fn acts_without_a_template_say_their_arguments() {
    let (mut d, _) = alliance(&["Arland", "Belmark"]);
    let slow = d.action("slow_trade by on");
    let print = Print::Unit("%".to_owned());
    let sort = Sort::Number { print, whole: false, least: None };
    d.act(slow).parameters.push(Parameter { name: "share".to_owned(), sort, default: None });
    let half = Value::Number(BigRational::new(1.into(), 2.into()));
    let arguments = vec![Value::Actor(P[0]), Value::Actor(P[1]), half];
    let what = Happening::Act { action: slow, arguments, place: None };
    let situation = Situation {
        members: vec![P[0], P[1]],
        start: Some(20_000),
        occurrences: vec![Occurrence { from: 4, to: None, what }],
        ..Situation::default()
    };
    let told = Timeline::named(&d.program, situation.clone(), vec![], vec![]).tell(&d.program);
    assert_eq!(words(&told), ["4: Arland does slow_trade(Belmark, share = 50%) from then on"]);
    assert_eq!(told.entries[0].what, SituationEvent::Act("slow_trade(Arland, Belmark, share = 50%)".to_owned()));
    assert_eq!(told.entries[0].date.as_deref(), Some("2024-10-08"));
    d.act(slow).reads = Some("{by} trades slowly with {on}".to_owned());
    let told = Timeline::named(&d.program, situation, vec![], vec![]).tell(&d.program);
    assert_eq!(words(&told), ["4: Arland trades slowly with Belmark (share 50%) from then on"]);
}

#[test]
fn bounds_of_a_duty_are_said() {
    let (mut d, attack) = alliance(&["Arland", "Belmark", "Corvia"]);
    let sort = Sort::Number { print: Print::Unit("%".to_owned()), whole: false, least: None };
    d.act(ActionId(1)).parameters.push(Parameter { name: "share".to_owned(), sort, default: None });
    let bound = Quantity::Fixed(Linear::constant(BigRational::new(7.into(), 10.into())));
    let mut pattern = d.pattern(ActionId(1), Who::Var(VarId(2)), Some(Who::Var(V)));
    pattern.arguments[2] = Match::Number(Compare::AtLeast, bound);
    d.at(NormId(1)).deed = Deed::Act(pattern);
    let told = timeline(&d, attack, &all(&d)).tell(&d.program);
    assert_eq!(words(&told)[3], "1: a member R must embargo(P, share at least 70%) by day 31");
}

/// A report with this one finding.
fn report(d: &Duties, attack: ActionId) -> (Report, Sources) {
    let mut sources = Sources::default();
    sources.add("pact.charter", "");
    let options = Options::default();
    let mut cx = Context::new(&d.program, &sources, &BruteForce, &options);
    let draft = Draft::new("S01", "a breach of article 1 leaves nothing due on anyone else").charter(CharterId(0));
    cx.report(draft.situation(&d.program, &timeline(d, attack, &all(d))));
    let mut report = Report::new(Verdict::Consistent);
    report.findings = cx.finish().findings;
    (report, sources)
}

#[test]
fn a_timeline_for_people_and_for_programs() {
    let (d, attack) = alliance(&["Arland", "Belmark", "Corvia", "Dorn"]);
    let (report, sources) = report(&d, attack);
    let text = render(Format::Human, &report, &sources, &[], &crate::report::Options::default());
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("timeline", text) });
    let json: serde_json::Value =
        serde_json::from_str(&render(Format::Json, &report, &sources, &[], &crate::report::Options::default()))
            .unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["hypothetical"], true);
    assert_eq!(
        finding["situation"][3],
        serde_json::json!({
            "day": 1, "until": 31, "due": "embargo(R, P)", "statements": ["Pact/2/2"],
            "words": "a member R must embargo(P) by day 31"
        })
    );
    assert_eq!(finding["roles"][0]["role"], "P");
    let short = render(Format::Short, &report, &sources, &[], &crate::report::Options::default());
    assert_eq!(short.lines().count(), 1);
}
