//! Quantities, months and what is not known: the examples of semantics §2–§4.

use super::super::{Run, Scope, Status, Truth};
use super::build::*;
use crate::logic::{Formula, Linear, Var};
use crate::model::conduct::*;
use crate::model::{CharterId, OpenTerm, PartyId, Print, Unknown};
use crate::types::calendar::days as date;
use std::sync::Arc;

fn server() -> (Build, ActionId) {
    let mut b = Build::new(&["alpha", "beta"]);
    b.attribute(0, "moderators", 9);
    b.attribute(1, "moderators", 1);
    let lets_go = b.action("let_go", 0);
    b.number(lets_go, Some(1));
    let by = Quantity::Scaled(n(-1), Box::new(Quantity::Argument(1)));
    b.get(lets_go).changes.push(Change { quantity: Quantity::Attribute(var(0), "moderators".to_owned()), by });
    let enough = Condition::Compare(Quantity::Attribute(var(0), "moderators".to_owned()), Compare::AtLeast, fixed(1));
    let norm = b.norm(Force::Must, vec![each("X", &[])], Deed::Ensure(enough));
    b.add(norm);
    (b, lets_go)
}

/// §4: `every Server must ensure moderators(it) at least 1`: beta lets its one moderator go on day 3.
#[test]
fn a_duty_to_keep_a_quantity_is_broken_by_its_subject() {
    let (mut b, lets_go) = server();
    b.happens(3, Some(3), lets_go, vec![Value::Actor(p(1))]);
    b.does_so(3, lets_go, &[0], 5);
    let run = b.run(30);
    assert_eq!(broken(&run), [(0, Some(p(1)), 3)]);
    let q = Quantity::Attribute(Who::Party(PartyId(0)), "moderators".to_owned());
    let mut scope = Scope::new(&[], &[], None);
    assert_eq!(run.quantity(&q, &mut scope, 2), Some(n(9)));
    assert_eq!(run.quantity(&q, &mut scope, 3), Some(n(4)));
}

/// §4 and §25: the value at the start, changed by acts alone.
#[test]
fn a_balance_is_changed_by_acts_alone() {
    let mut b = Build::new(&["Trust", "A"]);
    let capital = b.fund(10);
    let pay = b.action("distribute", 1);
    b.number(pay, None);
    let by = Quantity::Scaled(n(-1), Box::new(Quantity::Argument(2)));
    b.get(pay).changes.push(Change { quantity: Quantity::Balance(capital), by });
    let keep = Condition::Compare(Quantity::Balance(capital), Compare::AtLeast, fixed(5));
    let mut norm = b.norm(Force::Must, Vec::new(), Deed::Ensure(keep));
    norm.subject = Who::Party(PartyId(0));
    b.add(norm);
    b.does_so(4, pay, &[0, 1], 3);
    b.does_so(4, pay, &[0, 1], 3);
    b.does_so(9, pay, &[0, 1], 0);
    let run = b.run(30);
    assert_eq!(broken(&run), [(0, Some(p(0)), 4)]);
    assert_eq!([3, 4, 9].map(|d| run.balance(capital, d)), [Some(n(10)), Some(n(4)), Some(n(4))]);
}

/// §1: `amount <= 2% of gdp(it)` with gdp unknown.
#[test]
fn what_is_not_known_stays_so_within_its_range() {
    let mut b = Build::new(&["A", "B"]);
    let gdp = Var::real("gdp(A)");
    let linear = Linear::var(&gdp);
    let range = Formula::and([Formula::ge(&linear, &Linear::int(100)), Formula::le(&linear, &Linear::int(200))]);
    b.program.unknowns.push(Unknown { var: gdp.clone(), range, party: PartyId(0), print: Print::Unit(String::new()) });
    b.program.parties[0]
        .attributes
        .insert("gdp".to_owned(), crate::model::AttributeValue::Quantity(linear, String::new()));
    let pay = b.action("pay", 1);
    b.number(pay, None);
    let share = Quantity::Scaled(
        num_rational::BigRational::new(2.into(), 100.into()),
        Box::new(Quantity::Attribute(var(0), "gdp".to_owned())),
    );
    let deed = act(pay, &[is(0), is(1), Match::Number(Compare::Greater, share)]);
    let norm = b.norm(Force::MustNot, pair(), deed);
    b.add(norm);
    for (day, amount) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)] {
        b.does_so(day, pay, &[0, 1], amount);
    }
    let run = b.run(10);
    // 2 % lies between 2 and 4: 5 is surely more, 3 and 4 may be
    let found: Vec<_> = run.breaches().iter().map(|b| (b.day, b.truth)).collect();
    assert_eq!(found, [(3, Truth::Unknown), (4, Truth::Unknown), (5, Truth::Yes)]);
    b.set(gdp, 150);
    let run = b.run(10);
    assert_eq!(broken(&run), [(0, Some(p(0)), 4), (0, Some(p(0)), 5)]);
}

fn monthly(start: Option<i64>) -> (Build, NormId, NormId) {
    let mut b = Build::new(&["A", "B"]);
    let report = b.action("report", 0);
    let warn = b.action("warn", 1);
    let mut must = b.norm(Force::Must, Vec::new(), act(report, &[Match::Is(Who::Party(PartyId(0)))]));
    must.subject = Who::Party(PartyId(0));
    must.window.within = months(1);
    let must = b.add(must);
    let rule = b.on_breach(&[must]);
    let mut answer = b.response(rule, Force::Must, warn);
    answer.window.within = months(1);
    let answer = b.add(answer);
    b.situation.start = start;
    (b, must, answer)
}

/// §2: calendar months with a date, the shortest and the longest without one.
#[test]
fn a_month_is_as_long_as_the_calendar_says() {
    let (b, must, answer) = monthly(date(2025, 1, 31));
    let run = b.run(200);
    // 28 February, then broken on 1 March, then 1 April
    assert_eq!(owed(&run, must), [(Some(p(0)), 0, Some(28))]);
    assert_eq!(broken(&run), [(0, Some(p(0)), 29), (answer.0, Some(p(1)), 61)]);

    let (b, must, answer) = monthly(None);
    let run = b.run(200);
    assert_eq!(owed(&run, must), [(Some(p(0)), 0, Some(31))]);
    let found: Vec<_> = run.breaches().iter().map(|b| (b.norm, b.earliest, b.day, b.truth)).collect();
    assert!(found.contains(&(must, 29, 29, Truth::Unknown)));
    assert!(found.contains(&(must, 29, 32, Truth::Yes)));
    let of_answer: Vec<_> = found.iter().filter(|f| f.0 == answer && f.3 == Truth::Yes).collect();
    assert_eq!(of_answer, [&(answer, 58, 64, Truth::Yes)]);
    assert_eq!(run.in_breach(Some(p(0)), 28), Truth::No);
    assert_eq!(run.in_breach(Some(p(0)), 30), Truth::Unknown);
    assert_eq!(run.in_breach(Some(p(0)), 32), Truth::Yes);
}

/// §2: k months lie between the shortest and the longest k months there are.
#[test]
fn lengths_of_months() {
    let situation = Situation::default();
    let clock = super::super::calendar::Clock::new(&Arc::default(), &situation.values, None);
    let length = |m| {
        let end = clock.after(super::super::Edge::on(0), &months(m).unwrap());
        (end.least, end.most.unwrap())
    };
    assert_eq!(length(1), (28, 31));
    assert_eq!(length(2), (59, 62));
    assert_eq!(length(12), (365, 366));
    assert_eq!(length(48), (1460, 1461));
    assert_eq!(length(4800), (146_097, 146_097));
}

/// §3: a dilemma only where grace is 10..12 days: a window over an open term.
#[test]
fn a_window_over_an_open_term_has_the_bounds_of_its_range() {
    let mut b = Build::new(&["A"]);
    let grace = Var::int("grace");
    let linear = Linear::var(&grace);
    let range = Formula::and([Formula::ge(&linear, &Linear::int(10)), Formula::le(&linear, &Linear::int(12))]);
    b.program.terms.push(OpenTerm {
        name: "grace".to_owned(),
        var: grace.clone(),
        range,
        values: Vec::new(),
        print: Print::Unit("days".to_owned()),
        span: nowhere(),
    });
    let report = b.action("report", 0);
    let mut must = b.norm(Force::Must, vec![each("X", &[])], act(report, &[is(0)]));
    must.window.within = Some(Days { days: linear, months: 0 });
    b.add(must);
    b.does(11, report, &[0]);
    let run = b.run(40);
    assert_eq!(run.breaches().len(), 1);
    assert_eq!((run.breaches()[0].day, run.breaches()[0].truth), (11, Truth::Unknown));
    for (value, met) in [(10, false), (11, true), (12, true)] {
        b.set(grace.clone(), value);
        let run = b.run(40);
        assert_eq!(run.breaches().is_empty(), met);
        let status = run.status(0, 39);
        assert_eq!(status, Some(if met { Status::Met { by: Some(0) } } else { Status::Broken }));
    }
}

/// `until DATE` and `from DATE` include the date; the calendar in a condition.
#[test]
fn dates_are_counted_from_the_start() {
    let mut b = Build::new(&["A", "B"]);
    let embargo = b.action("embargo", 1);
    let start = date(2026, 1, 1).unwrap();
    b.situation.start = Some(start);
    let mut norm = b.norm(Force::MustNot, pair(), act(embargo, &[is(0), is(1)]));
    norm.window.from_date = Some(Linear::int(start + 10));
    norm.window.until_date = Some(Linear::int(start + 20));
    b.add(norm);
    let mut calm = b.norm(Force::MustNot, pair(), act(embargo, &[is(0), is(1)]));
    calm.when = Condition::Fixed(Formula::ge(&Linear::var(&crate::model::day()), &Linear::int(start + 30)));
    b.add(calm);
    for day in [9, 10, 20, 21] {
        b.does(day, embargo, &[0, 1]);
    }
    b.happens(22, Some(40), embargo, vec![Value::Actor(p(0)), Value::Actor(p(1))]);
    let run = b.run(50);
    assert_eq!(broken(&run), [(0, Some(p(0)), 10), (0, Some(p(0)), 20), (1, Some(p(0)), 30)]);
    // without the date of day 0 nothing of it is sure
    b.situation.start = None;
    let run = b.run(50);
    assert!(run.breaches().iter().all(|b| b.truth == Truth::Unknown));
    assert_eq!(run.breaches().len(), 10);
}

/// A year of rounds: each is a duty of its own, and months do not drift.
#[test]
fn what_is_owed_every_so_often_arises_again() {
    let mut b = Build::new(&["A"]);
    let report = b.action("report", 0);
    let mut must = b.norm(Force::Must, vec![each("X", &[])], act(report, &[is(0)]));
    must.arises = Arises::Every(months(1).unwrap());
    must.window.within = days(5);
    let with = b.add(must.clone());
    must.window.within = None;
    let without = b.add(must);
    b.situation.start = date(2025, 1, 31);
    b.does(28, report, &[0]);
    let run = b.run(60);
    let a = Some(p(0));
    assert_eq!(owed(&run, with), [(a, 0, Some(5)), (a, 28, Some(33)), (a, 59, Some(64))]);
    assert_eq!(owed(&run, without), [(a, 0, Some(27)), (a, 28, Some(58)), (a, 59, Some(88))]);
    assert_eq!(broken(&run), [(with.0, a, 6), (without.0, a, 28)]);
}

/// A hundred years without anything cost a few days of looking.
#[test]
fn what_does_not_happen_costs_nothing() {
    let mut b = Build::new(&["A"]);
    for i in 0..400 {
        let id = b.party(&format!("M{i:04}"));
        b.situation.members.push(Actor::Party(id));
    }
    let attack = b.action("attack", 1);
    b.ban(attack);
    b.does(10, attack, &[0, 1]);
    b.does(36_000, attack, &[1, 0]);
    let run = Run::new(&b.program, CharterId(0), &b.situation, 36_500);
    assert_eq!(broken(&run), [(0, Some(p(0)), 10), (0, Some(p(1)), 36_000)]);
    assert!(run.visited.len() < 12);
}
