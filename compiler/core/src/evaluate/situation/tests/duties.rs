//! Days, duties, breaches and rules: the examples of semantics §2, §10–§14, §16.

use super::super::{Status, Truth};
use super::build::*;
use crate::model::conduct::*;

/// §2: `severity at most economic for the first 60 days` and `may intervene after 60 days`.
#[test]
fn after_is_the_complement_of_until() {
    let mut b = Build::new(&["A", "B", "C"]);
    let level = b.ladder(&["economic", "military"]);
    let attack = b.action("attack", 1);
    let intervene = b.action("intervene", 1);
    b.get(intervene).severity = Some(level(1));
    let ban = b.ban(attack);
    let none = b.ban(intervene);
    let rule = b.on_breach(&[ban]);
    let mut may = b.response(rule, Force::May, intervene);
    may.window.after = days(60);
    let may = b.add(may);
    b.rank(may, none);
    let window = Window { until: days(60), ..Window::default() };
    let ceiling = Ceiling { level: level(0), window, statement: crate::model::StatementId(0) };
    b.rule_mut(rule).ceilings.push(ceiling);
    b.does(0, attack, &[0, 1]);
    for (day, lawful) in [(60, Truth::No), (61, Truth::Yes)] {
        let mut b = Build { program: b.program.clone(), situation: b.situation.clone() };
        b.does(day, intervene, &[2, 0]);
        let run = b.run(200);
        let (truth, why) = run.lawful(&b.situation.occurrences[1], day);
        assert_eq!(truth, lawful, "day {day}: {why:?}");
        let own: Vec<_> = run.breaches().iter().filter(|b| b.subject == Some(p(2))).collect();
        assert_eq!(own.is_empty(), lawful.is_yes(), "{own:?}");
        // on day 60 both the ban and the ceiling are broken
        assert_eq!(own.iter().filter(|b| b.ceiling.is_some()).count(), usize::from(day == 60));
    }
}

/// §9 and §10: both attack on day 0, self-defence being permitted above the ban.
#[test]
fn an_answer_on_the_day_of_the_breach_is_not_yet_an_answer() {
    let mut b = Build::new(&["A", "B"]);
    let attack = b.action("attack", 1);
    let ban = b.ban(attack);
    let mut defence = b.norm(Force::May, pair(), act(attack, &[is(0), is(1)]));
    defence.when = Condition::Breached { norms: vec![ban], by: Some(var(1)), against: Some(var(0)), last: None };
    defence.arises = Arises::While;
    let defence = b.add(defence);
    b.rank(defence, ban);
    let mut both = Build { program: b.program.clone(), situation: b.situation.clone() };
    both.does(0, attack, &[0, 1]);
    both.does(0, attack, &[1, 0]);
    assert_eq!(broken(&both.run(10)), [(0, Some(p(0)), 0), (0, Some(p(1)), 0)]);
    b.does(0, attack, &[0, 1]);
    b.does(1, attack, &[1, 0]);
    assert_eq!(broken(&b.run(10)), [(0, Some(p(0)), 0)]);
}

/// §10: `no party may embargo(anyone)` forbids an embargo at 50 % although the default is 100 %.
#[test]
fn what_a_prohibition_leaves_out_matches_anything() {
    let mut b = Build::new(&["A", "B"]);
    let embargo = b.action("embargo", 1);
    b.number(embargo, Some(100));
    let norm = b.norm(Force::MustNot, vec![each("X", &[])], act(embargo, &[is(0), Match::Anyone]));
    b.add(norm);
    let mut must = b.norm(Force::Must, pair(), act(embargo, &[is(0), is(1)]));
    must.window.within = days(3);
    let must = b.add(must);
    b.does_so(0, embargo, &[0, 1], 50);
    b.does_so(0, embargo, &[1, 0], 100);
    let run = b.run(10);
    assert_eq!(broken(&run), [(0, Some(p(0)), 0), (0, Some(p(1)), 0), (must.0, Some(p(0)), 4)]);
}

/// §11: `must consult(any other party q) within 14 days when in_dispute(it, q)`: one duty towards each q.
#[test]
fn any_is_one_duty_each() {
    let mut b = Build::new(&["A", "B", "C", "D"]);
    let dispute = b.event("dispute", 1);
    b.get(dispute).lasting = true;
    let consult = b.action("consult", 1);
    let mut must = b.norm(Force::Must, pair(), act(consult, &[is(0), is(1)]));
    must.when = Condition::Any(vec![happened(dispute, &[is(0), is(1)]), happened(dispute, &[is(1), is(0)])]);
    must.window.within = days(14);
    must.arises = Arises::While;
    let must = b.add(must);
    b.happens(2, Some(40), dispute, vec![Value::Actor(p(0)), Value::Actor(p(1))]);
    b.happens(5, Some(6), dispute, vec![Value::Actor(p(2)), Value::Actor(p(0))]);
    b.does(4, consult, &[0, 1]);
    let run = b.run(100);
    assert_eq!(
        owed(&run, must),
        [(Some(p(0)), 2, Some(16)), (Some(p(1)), 2, Some(16)), (Some(p(0)), 5, Some(19)), (Some(p(2)), 5, Some(19)),]
    );
    assert_eq!(broken(&run), [(0, Some(p(1)), 17), (0, Some(p(0)), 20), (0, Some(p(2)), 20)]);
    assert_eq!(run.status(0, 3), Some(Status::Due));
    assert_eq!(run.status(0, 4), Some(Status::Met { by: Some(2) }));
}

/// §12: `moderate within 1 day` `on relay_abuse(anyone) by p` arises at each abuse; `when` once for a whole spate.
#[test]
fn on_is_each_time_and_when_is_a_state_of_affairs() {
    let mut b = Build::new(&["A", "B"]);
    let abuse = b.action("relay_abuse", 1);
    let moderate = b.action("moderate", 0);
    let trigger = Trigger::Occurs(pattern(abuse, &[Match::Binds(VarId(0)), Match::Anyone]));
    let rule = b.rule(vec![bound("p", Binder::Rule, &[])], trigger);
    let mut each_time = b.norm(Force::Must, vec![bound("p", Binder::Rule, &[])], act(moderate, &[is(0)]));
    each_time.rule = Some(rule);
    each_time.window.within = days(1);
    let each_time = b.add(each_time);
    let mut spate = b.norm(Force::Must, vec![each("X", &[])], act(moderate, &[is(0)]));
    spate.window.within = days(1);
    spate.arises = Arises::While;
    spate.when = Condition::Occurred { pattern: pattern(abuse, &[is(0), Match::Anyone]), last: days(1) };
    let spate = b.add(spate);
    for day in [3, 4, 5, 9] {
        b.does(day, abuse, &[0, 1]);
    }
    let run = b.run(100);
    let who = Some(p(0));
    assert_eq!(owed(&run, each_time), [3, 4, 5, 9].map(|d| (who, d, Some(d + 1))));
    assert_eq!(owed(&run, spate), [3, 9].map(|d| (who, d, Some(d + 1))));
}

/// §13: `must keep(text)` is standing; `must embargo(v) within 30 days` begins by day 30; `must embargo(v) after 30 days`
/// holds from day 31 to the lift.
#[test]
fn without_a_deadline_a_duty_is_owed_every_day() {
    let mut b = Build::new(&["A", "B"]);
    let keep = b.action("keep", 0);
    b.get(keep).parameters.push(Parameter { name: "what".to_owned(), sort: Sort::Thing, default: None });
    let attack = b.action("attack", 1);
    let embargo = b.action("embargo", 1);
    let ceased = b.event("ceased", 0);
    let text = Match::Thing("text".to_owned());
    let standing = b.norm(Force::Must, vec![each("X", &[])], act(keep, &[is(0), text]));
    let standing = b.add(standing);
    let ban = b.ban(attack);
    let rule = b.on_breach(&[ban]);
    let mut by = b.response(rule, Force::Must, embargo);
    by.window.within = days(30);
    let by = b.add(by);
    let mut from = b.response(rule, Force::Must, embargo);
    from.window.after = days(30);
    let from = b.add(from);
    b.rule_mut(rule).lift = Some(happened(ceased, &[is(0)]));
    let thing = |t: &str| Value::Thing(t.to_owned());
    b.happens(0, None, keep, vec![Value::Actor(p(0)), thing("text")]);
    b.happens(0, Some(9), keep, vec![Value::Actor(p(1)), thing("text")]);
    b.happens(12, Some(20), keep, vec![Value::Actor(p(1)), thing("text")]);
    b.happens(21, None, keep, vec![Value::Actor(p(1)), thing("seal")]);
    b.does(0, attack, &[1, 0]);
    b.happens(30, Some(40), embargo, vec![Value::Actor(p(0)), Value::Actor(p(1))]);
    b.does(45, ceased, &[1]);
    let run = b.run(100);
    let of = |norm: NormId| broken(&run).into_iter().filter(|b| b.0 == norm.0).collect::<Vec<_>>();
    assert_eq!(of(standing), [(0, Some(p(1)), 10), (0, Some(p(1)), 21)]);
    assert_eq!(of(by), []);
    assert_eq!(of(from), [(from.0, Some(p(0)), 41)]);
    assert_eq!(owed(&run, by), [(Some(p(0)), 1, Some(30))]);
    let standing = run.instances().iter().position(|i| i.norm == from).unwrap();
    assert_eq!((run.instances()[standing].first, run.instances()[standing].last), (31, Some(44)));
    let at = |d| run.status(standing, d).unwrap();
    assert_eq!(at(30), Status::NotYet);
    assert!(matches!(at(31), Status::Met { .. }));
    assert_eq!((at(41), at(44), at(45)), (Status::Broken, Status::Broken, Status::Lifted));
}

/// §13: `must announce_end() at least 90 days before shut_down`.
#[test]
fn before_is_a_prohibition_of_what_it_announces() {
    let mut b = Build::new(&["alpha"]);
    let announce = b.action("announce_end", 0);
    let end = b.action("shut_down", 0);
    let before =
        Deed::Before { first: pattern(announce, &[is(0)]), days: Days::fixed(90), then: pattern(end, &[is(0)]) };
    let norm = b.norm(Force::Must, vec![each("X", &[])], before);
    b.add(norm);
    b.does(0, announce, &[0]);
    b.does(90, end, &[0]);
    // the first announcement is used up
    b.does(190, end, &[0]);
    b.does(200, announce, &[0]);
    b.does(289, end, &[0]);
    b.does(400, announce, &[0]);
    b.does(490, end, &[0]);
    assert_eq!(broken(&b.run(1000)), [(0, Some(p(0)), 190), (0, Some(p(0)), 289)]);
}

/// §14: `embargo within 30 days` arising on day 0 is broken on day 31; a response `within 10 days` to that is owed by day 41.
#[test]
fn a_point_duty_is_broken_on_the_day_behind_its_window() {
    let mut b = Build::new(&["A", "B", "C"]);
    let embargo = b.action("embargo", 1);
    let warn = b.action("warn", 1);
    let variables = vec![each("X", &[])];
    let mut must =
        b.norm(Force::Must, variables, act(embargo, &[is(0), Match::Is(Who::Party(crate::model::PartyId(2)))]));
    must.window.within = days(30);
    must.variables[0].distinct = vec![Who::Party(crate::model::PartyId(2))];
    let must = b.add(must);
    let rule = b.on_breach(&[must]);
    let mut answer = b.response(rule, Force::Must, warn);
    answer.window.within = days(10);
    let answer = b.add(answer);
    b.does(30, embargo, &[0, 2]);
    let run = b.run(100);
    assert_eq!(broken(&run)[0], (0, Some(p(1)), 31));
    assert_eq!(run.breaches()[0].injured, Some(p(2)));
    assert_eq!(owed(&run, answer), [(Some(p(0)), 32, Some(41)), (Some(p(2)), 32, Some(41))]);
    assert_eq!(broken(&run)[1..], [(answer.0, Some(p(0)), 42), (answer.0, Some(p(2)), 42)]);
}

/// §16: slow_trade `within 14 days`, `then after 30 days` throttle: owed from day 45.
#[test]
fn a_later_step_counts_from_the_last_day_of_the_step_before() {
    let mut b = Build::new(&["A", "B", "C"]);
    let attack = b.action("attack", 1);
    let throttle = b.action("throttle", 1);
    let ban = b.ban(attack);
    let rule = b.on_breach(&[ban]);
    let mut step = b.response(rule, Force::Must, throttle);
    step.window.offset = days(14);
    step.window.after = days(30);
    let step = b.add(step);
    b.does(0, attack, &[0, 1]);
    let run = b.run(60);
    assert_eq!(owed(&run, step), [(Some(p(1)), 45, None), (Some(p(2)), 45, None)]);
    assert_eq!(broken(&run)[1..], [(step.0, Some(p(1)), 45), (step.0, Some(p(2)), 45)]);
}

/// §16: found on day 5, `within 30 days`: by day 35. A finding may be false, and may be missing.
#[test]
fn a_finding_sets_the_rule_off_and_a_breach_does_not() {
    let mut b = Build::new(&["Arland", "Belmark", "Corvia"]);
    let attack = b.action("attack", 1);
    let embargo = b.action("embargo", 1);
    let ban = b.ban(attack);
    let trigger = Trigger::Breach { norms: vec![ban], by: VarId(0), against: Some(VarId(1)) };
    let rule = b.rule(vec![bound("v", Binder::Rule, &[]), bound("w", Binder::Rule, &[])], trigger);
    b.rule_mut(rule).determined = Some("2/3 of parties except v".to_owned());
    let variables = vec![bound("v", Binder::Rule, &[]), bound("w", Binder::Rule, &[]), each("X", &[var(0), var(1)])];
    let mut must = b.norm(Force::Must, variables, act(embargo, &[is(2), is(0)]));
    must.subject = var(2);
    must.rule = Some(rule);
    must.window.within = days(30);
    let must = b.add(must);
    b.does(0, attack, &[1, 2]);
    b.found(5, rule, 1, None);
    let run = b.run(50);
    assert_eq!(owed(&run, must), [(Some(p(0)), 5, Some(35))]);
    assert_eq!(broken(&run)[1..], [(must.0, Some(p(0)), 36)]);
    // without the finding nothing arises; a false one binds all the same
    let mut none = Build { program: b.program.clone(), situation: b.situation.clone() };
    none.situation.occurrences.pop();
    assert_eq!(owed(&none.run(50), must), []);
    let mut wrong = Build { program: b.program.clone(), situation: Situation::default() };
    wrong.situation.members = b.situation.members.clone();
    wrong.found(5, rule, 2, None);
    assert_eq!(owed(&wrong.run(50), must).len(), 2);
}

/// §16: a lift ends the span on the day before; a later breach arises anew.
#[test]
fn a_lift_ends_and_a_relapse_begins_again() {
    let mut b = Build::new(&["A", "B"]);
    let attack = b.action("attack", 1);
    let embargo = b.action("embargo", 1);
    let ceased = b.event("ceased", 0);
    let ban = b.ban(attack);
    let rule = b.on_breach(&[ban]);
    let norm = b.response(rule, Force::Must, embargo);
    let norm = b.add(norm);
    b.rule_mut(rule).lift = Some(happened(ceased, &[is(0)]));
    b.does(0, ceased, &[0]);
    b.does(1, attack, &[0, 1]);
    b.happens(2, Some(9), embargo, vec![Value::Actor(p(1)), Value::Actor(p(0))]);
    b.does(10, ceased, &[0]);
    b.does(20, attack, &[0, 1]);
    let run = b.run(40);
    assert_eq!(broken(&run), [(0, Some(p(0)), 1), (0, Some(p(0)), 20), (norm.0, Some(p(1)), 21)]);
    let spans: Vec<_> = run.instances().iter().filter(|i| i.norm == norm).map(|i| (i.first, i.last)).collect();
    assert_eq!(spans, [(2, Some(9)), (21, None)]);
}
