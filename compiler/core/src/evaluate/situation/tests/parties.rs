//! Groups, rank, reservations, members and outsiders: the examples of semantics §14, §15, §17, §18.

use super::super::{Entry, Status, Truth, What, timeline};
use super::build::*;
use crate::model::conduct::*;
use crate::model::{PartyId, StatementId};

fn throttle(over: Compare, than: i64, at_least: i64, ranked: bool) -> Build {
    let mut b = Build::new(&["A", "v"]);
    let throttle = b.action("throttle", 1);
    b.number(throttle, None);
    let on_v = |m| act(throttle, &[is(0), Match::Is(Who::Party(PartyId(1))), m]);
    let no = b.norm(Force::MustNot, vec![each("X", &[])], on_v(Match::Number(over, fixed(than))));
    let no = b.add(no);
    let mut must = b.norm(
        Force::Must,
        vec![each("X", &[Who::Party(PartyId(1))])],
        on_v(Match::Number(Compare::AtLeast, fixed(at_least))),
    );
    must.window.within = days(10);
    let must = b.add(must);
    if ranked {
        b.rank(no, must);
    }
    b
}

/// §15: `must not throttle(v, bandwidth > 70%)` above `>= 50%`: 50..70 remains; above `>= 80%`: set aside.
#[test]
fn a_prohibition_above_sets_aside_what_it_forbids_whole() {
    let b = throttle(Compare::Greater, 70, 50, true);
    let run = b.run(30);
    assert_eq!(broken(&run), [(1, Some(p(0)), 11)]);
    let b = throttle(Compare::Greater, 70, 80, true);
    let run = b.run(30);
    assert_eq!(broken(&run), []);
    assert_eq!((run.status(1, 5), run.status(1, 20)), (Some(Status::SetAside), Some(Status::SetAside)));
    // without rank both bind (R3), and so they do at the very edge
    assert_eq!(broken(&throttle(Compare::Greater, 70, 80, false).run(30)).len(), 1);
    assert_eq!(broken(&throttle(Compare::Greater, 70, 70, true).run(30)).len(), 1);
    assert_eq!(broken(&throttle(Compare::AtLeast, 70, 70, true).run(30)).len(), 0);
}

/// §15 (R1): an act that a duty or a permission above demands is no breach, on the days it is due.
#[test]
fn what_ranks_above_excuses_its_acts() {
    let mut b = Build::new(&["A", "B", "C"]);
    let attack = b.action("attack", 1);
    let blockade = b.action("blockade", 1);
    let ceased = b.event("ceased", 0);
    let first = b.ban(attack);
    let second = b.ban(blockade);
    let rule = b.on_breach(&[first]);
    let mut must = b.response(rule, Force::Must, blockade);
    must.window.within = days(10);
    let must = b.add(must);
    b.rule_mut(rule).lift = Some(happened(ceased, &[is(0)]));
    b.does(0, attack, &[0, 1]);
    b.happens(5, Some(30), blockade, vec![Value::Actor(p(1)), Value::Actor(p(0))]);
    b.happens(6, None, blockade, vec![Value::Actor(p(2)), Value::Actor(p(0))]);
    b.does(7, blockade, &[2, 1]);
    b.does(40, ceased, &[0]);
    let unranked = Build { program: b.program.clone(), situation: b.situation.clone() };
    assert_eq!(broken(&unranked.run(60))[1..].len(), 3);
    b.rank(must, second);
    // C goes on after the lift, and its blockade of B was never asked for
    assert_eq!(broken(&b.run(60)), [(0, Some(p(0)), 0), (second.0, Some(p(2)), 7), (second.0, Some(p(2)), 40)]);
}

/// §13: `is entitled to A` stands above the prohibitions of its charter and forbids others to hinder.
#[test]
fn nobody_may_hinder_what_one_is_entitled_to() {
    let mut b = Build::new(&["A", "B", "C"]);
    let fork = b.action("fork", 0);
    let lock = b.action("lock_out", 1);
    let freeze = b.action("freeze", 0);
    b.get(lock).hinders.push(fork);
    b.get(freeze).hinders.push(fork);
    let ban = b.norm(Force::MustNot, vec![each("X", &[])], act(fork, &[is(0)]));
    let ban = b.add(ban);
    let entitled = b.norm(Force::Entitled, vec![each("X", &[Who::Party(PartyId(2))])], act(fork, &[is(0)]));
    let entitled = b.add(entitled);
    b.does(1, fork, &[0]);
    b.does(1, fork, &[2]);
    b.does(2, lock, &[0, 1]);
    b.does(3, lock, &[0, 2]);
    b.does(4, freeze, &[2]);
    let run = b.run(10);
    let found: Vec<_> = run.breaches().iter().map(|b| (b.norm, b.subject, b.day, b.injured)).collect();
    assert_eq!(
        found,
        [
            (ban, Some(p(2)), 1, None),
            (entitled, Some(p(0)), 2, Some(p(1))),
            (entitled, Some(p(2)), 4, Some(p(0))),
            (entitled, Some(p(2)), 4, Some(p(1))),
        ]
    );
    // ranked above by name, the prohibition stands
    b.rank(ban, entitled);
    assert_eq!(broken(&b.run(10))[0], (ban.0, Some(p(0)), 1));
}

/// §14: `at least 2 other parties must aid(v)`: met when two of them do; when it fails the group failed and nobody is in
/// breach, unless the text says `each answerable`.
#[test]
fn a_group_fails_and_no_member_is_in_breach() {
    let mut b = Build::new(&["v", "A", "B", "C"]);
    let attack = b.event("attacked", 0);
    let aid = b.action("aid", 1);
    let rule = b.rule(vec![bound("v", Binder::Rule, &[])], Trigger::Occurs(pattern(attack, &[Match::Binds(VarId(0))])));
    let mut must = b.response(rule, Force::Must, aid);
    must.variables[1] = bound("X", Binder::Group, &[var(0)]);
    must.group = Some(Group { least: fixed(2), each_answerable: false });
    must.window.within = days(10);
    let must = b.add(must);
    b.does(0, attack, &[0]);
    b.does(3, aid, &[1, 0]);
    b.does(4, aid, &[1, 0]);
    let run = b.run(30);
    assert_eq!(broken(&run), [(must.0, None, 11)]);
    assert_eq!(run.in_breach(None, 30), Truth::No);
    assert_eq!(run.counted(0, 10), (1, 1));
    b.does(10, aid, &[3, 0]);
    assert_eq!(broken(&b.run(30)), []);
    b.situation.occurrences.pop();
    b.program.conduct.norms[0].group.as_mut().unwrap().each_answerable = true;
    assert_eq!(broken(&b.run(30)), [(must.0, Some(p(2)), 11), (must.0, Some(p(3)), 11)]);
}

/// §13: `treat every X alike in A`.
#[test]
fn alike_is_as_often_and_as_much() {
    let mut b = Build::new(&["Trust", "A", "B"]);
    let pay = b.action("distribute", 1);
    b.number(pay, None);
    let mut variables = vec![bound("X", Binder::Inner, &[Who::Party(PartyId(0))])];
    variables[0].name = "household".to_owned();
    let mut norm = b.norm(Force::Must, variables, Deed::Alike { each: VarId(0), action: pay, receiver: 1 });
    norm.subject = Who::Party(PartyId(0));
    b.add(norm);
    b.does_so(1, pay, &[0, 1], 5);
    b.does_so(1, pay, &[0, 2], 5);
    b.does_so(4, pay, &[0, 1], 7);
    b.does_so(6, pay, &[0, 2], 7);
    b.does_so(9, pay, &[0, 2], 1);
    b.does_so(9, pay, &[0, 1], 2);
    b.does_so(9, pay, &[1, 2], 2);
    assert_eq!(broken(&b.run(20)), [(0, Some(p(0)), 4), (0, Some(p(0)), 9)]);
}

/// §17: `reservation to article 3 on intervene` by Corvia: nobody intervenes against it under the article, and it against
/// nobody; Arland–Belmark is untouched.
#[test]
fn a_reservation_takes_out_pairs_both_ways() {
    let mut b = Build::new(&["Arland", "Belmark", "Corvia"]);
    let attack = b.action("attack", 1);
    let intervene = b.action("intervene", 1);
    let ban = b.ban(attack);
    let none = b.ban(intervene);
    let rule = b.on_breach(&[ban]);
    let may = b.response(rule, Force::May, intervene);
    let may = b.add(may);
    let mut must = b.response(rule, Force::Must, intervene);
    must.window.within = days(5);
    let must = b.add(must);
    b.rank(may, none);
    b.rank(must, none);
    b.program.conduct.reservations.push(Reservation {
        party: PartyId(2),
        norms: vec![may, must],
        statement: StatementId(0),
    });
    for offender in 0..3 {
        let mut b = Build { program: b.program.clone(), situation: b.situation.clone() };
        b.does(0, attack, &[offender, (offender + 1) % 3]);
        for other in (0..3).filter(|o| *o != offender) {
            b.does(2, intervene, &[other, offender]);
        }
        let run = b.run(20);
        let unlawful: Vec<_> = broken(&run).into_iter().filter(|b| b.0 == none.0).map(|b| b.1).collect();
        let reserved = |who: u32| who == 2 || offender == 2;
        let expected: Vec<_> = (0..3).filter(|o| *o != offender && reserved(*o)).map(|o| Some(p(o))).collect();
        assert_eq!(unlawful, expected, "offender {offender}");
        let owed: Vec<_> = run.duties_on(1).into_iter().map(|(i, _)| run.instances()[i].values[1]).collect();
        let lawful: Vec<_> = (0..3).filter(|o| *o != offender && !reserved(*o)).map(|o| Some(p(o))).collect();
        assert_eq!(owed, lawful, "offender {offender}");
    }
}

/// §17: a norm that names nobody is owed to every other party, and due while owed to one.
#[test]
fn a_norm_that_names_nobody_is_owed_to_all_others() {
    let mut b = Build::new(&["A", "B", "C"]);
    let report = b.action("report", 0);
    let mut must = b.norm(Force::Must, vec![each("X", &[])], act(report, &[is(0)]));
    must.window.within = days(5);
    let must = b.add(must);
    b.exit(None, &[]);
    b.program.conduct.reservations.push(Reservation {
        party: PartyId(2),
        norms: vec![must],
        statement: StatementId(0),
    });
    assert_eq!(broken(&b.run(20)), [(0, Some(p(0)), 6), (0, Some(p(1)), 6)]);
    // with B gone, A owes to C alone, which reserved it away
    b.leaves(1, 1);
    assert_eq!(broken(&b.run(20)), []);
}

/// §18: who leaves owes nothing further, except under what survives; and the others owe it nothing.
#[test]
fn who_leaves_owes_nothing_further_except_what_survives() {
    let mut b = Build::new(&["A", "B", "C"]);
    let attack = b.action("attack", 1);
    let embargo = b.action("embargo", 1);
    let pay = b.action("pay", 0);
    let ban = b.ban(attack);
    let rule = b.on_breach(&[ban]);
    let mut answer = b.response(rule, Force::Must, embargo);
    answer.window.within = days(30);
    let answer = b.add(answer);
    let mut repair = b.norm(Force::Must, vec![bound("v", Binder::Rule, &[])], act(pay, &[is(0)]));
    repair.rule = Some(rule);
    repair.window.within = days(40);
    let repair = b.add(repair);
    b.does(0, attack, &[0, 1]);
    b.leaves(1, 0);
    b.does(12, attack, &[0, 1]);
    // nobody leaves a charter that has no rule on leaving
    assert_eq!(broken(&b.run(60)).iter().filter(|b| b.0 == ban.0).count(), 2);
    // with 10 days' notice A is bound up to day 11
    b.exit(days(10), &[]);
    let run = b.run(60);
    assert_eq!(broken(&run), [(ban.0, Some(p(0)), 0)]);
    assert_eq!((run.member(p(0), 11), run.member(p(0), 12)), (Truth::Yes, Truth::No));
    // on day 12 nothing of the answer is owed any more: exit before the bill
    assert!(run.duties_on(12).is_empty());
    b.program.conduct.exits.clear();
    b.exit(days(10), &[answer, repair]);
    let run = b.run(60);
    assert_eq!(broken(&run)[1..], [(answer.0, Some(p(1)), 31), (answer.0, Some(p(2)), 31), (repair.0, Some(p(0)), 41)]);
}

/// §18: outsiders act freely and are bound by nothing; forbidding harm to them is inward.
#[test]
fn outsiders_are_bound_by_nothing() {
    let mut b = Build::new(&["A", "B"]);
    let embargo = b.action("embargo", 1);
    let mut no = b.norm(Force::MustNot, vec![each("X", &[])], act(embargo, &[is(0), Match::Anyone]));
    no.variables[0].domain.outsiders = false;
    b.add(no);
    let out = Actor::Outsider(0);
    b.situation.others.push(out);
    b.happens(1, Some(1), embargo, vec![Value::Actor(out), Value::Actor(p(0))]);
    b.happens(2, Some(2), embargo, vec![Value::Actor(p(0)), Value::Actor(out)]);
    let run = b.run(10);
    assert_eq!(broken(&run), [(0, Some(p(0)), 2)]);
    assert_eq!(run.lawful(&b.situation.occurrences[0], 1), (Truth::Yes, Vec::new()));
}

/// A contract binds whom it names, member or not.
#[test]
fn a_contract_binds_its_parties() {
    let mut b = Build::new(&["A"]);
    let stranger = b.party("Cyr");
    let carry = b.action("carry", 1);
    let (to, by) = (Match::Is(Who::Party(PartyId(0))), Match::Is(Who::Party(stranger)));
    let mut must = b.norm(Force::Must, Vec::new(), act(carry, &[by, to]));
    must.subject = Who::Party(stranger);
    must.charter = None;
    must.contract = Some("Transit".to_owned());
    must.window.within = days(3);
    b.add(must);
    let run = b.run(10);
    assert_eq!(broken(&run), [(0, Some(Actor::Party(stranger)), 4)]);
    assert_eq!(run.breaches()[0].injured, Some(p(0)));
}

/// language.md's scenario: the smallest member is attacked.
#[test]
fn a_scenario_is_held_against_the_run() {
    let mut b = Build::new(&["Arland", "Belmark", "Corvia"]);
    let attack = b.action("attack", 1);
    let embargo = b.action("embargo", 1);
    let intervene = b.action("intervene", 1);
    let ban = b.ban(attack);
    let rule = b.on_breach(&[ban]);
    b.rule_mut(rule).determined = Some("2/3".to_owned());
    let mut must = b.response(rule, Force::Must, embargo);
    must.window.within = days(30);
    b.add(must);
    let mut may = b.response(rule, Force::May, intervene);
    may.window.after = days(60);
    b.add(may);
    b.does(0, attack, &[1, 2]);
    b.found(5, rule, 1, None);
    let run = b.run(120);
    let by = |who: u32| Match::Is(Who::Party(PartyId(who)));
    let expect = |kind| run.expected(&Expectation { kind, span: nowhere(), text: String::new() }, 120).truth;
    let duty = |none, action, who, by_day| Expected::Duty {
        none,
        act: Pattern { action, arguments: who, place: None },
        by: by_day,
        on: None,
    };
    assert_eq!(expect(duty(false, embargo, vec![by(0), by(1)], Some(35))), Truth::Yes);
    assert_eq!(expect(duty(false, embargo, vec![by(0), by(1)], Some(36))), Truth::No);
    assert_eq!(expect(duty(true, intervene, vec![by(2)], None)), Truth::Yes);
    assert_eq!(expect(duty(true, embargo, vec![by(2)], None)), Truth::No);
    assert_eq!(expect(duty(false, embargo, vec![by(1), by(2)], None)), Truth::No);
    let breach =
        |by, day| Expected::Breach { none: false, norms: vec![ban], by: Some(p(by)), against: Some(p(2)), on: day };
    assert_eq!(
        (expect(breach(1, Some(0))), expect(breach(1, Some(1))), expect(breach(0, None))),
        (Truth::Yes, Truth::No, Truth::No)
    );
    let may = |lawful, action, day| Expected::Permission {
        lawful,
        act: Pattern { action, arguments: vec![by(0), by(1)], place: None },
        on: day,
    };
    assert_eq!((expect(may(true, intervene, None)), expect(may(false, attack, Some(3)))), (Truth::Yes, Truth::Yes));
    let lines = timeline(&run);
    let at = |what| Entry { day: 0, what, until: Some(0), truth: Truth::Yes };
    assert_eq!(lines[..2], [at(What::Act(0)), at(What::Breach(0))]);
    assert_eq!(lines[2].what, What::Finding(1));
    assert!(matches!(lines[3], Entry { day: 5, what: What::Due(_), until: Some(35), .. }));
}

/// `no Enterprise may use() unless it has contributed() in the last 1 year`, with and without a date.
#[test]
fn a_look_back_of_a_year_loses_sight_after_a_year() {
    let mut b = Build::new(&["Kernel", "Acme"]);
    let enterprise = b.kind("Enterprise");
    b.program.parties[1].kind = enterprise;
    let using = b.action("use", 0);
    let contribute = b.action("contribute", 0);
    let mut no = b.norm(Force::MustNot, vec![each("X", &[])], act(using, &[is(0)]));
    no.variables[0].domain.kind = enterprise;
    no.unless = Condition::Occurred { pattern: pattern(contribute, &[is(0)]), last: months(12) };
    b.add(no);
    b.does(0, contribute, &[1]);
    b.happens(1, None, using, vec![Value::Actor(p(1))]);
    b.does(1, using, &[0]);
    let found = |b: &Build| b.run(500).breaches().iter().map(|b| (b.earliest, b.day, b.truth)).collect::<Vec<_>>();
    // 2024 has 366 days: on 1 March 2025 the act of 1 March 2024 is still within the last year
    b.situation.start = crate::types::calendar::days(2024, 3, 1);
    assert_eq!(found(&b), [(366, 366, Truth::Yes)]);
    b.situation.start = crate::types::calendar::days(2023, 3, 1);
    assert_eq!(found(&b), [(367, 367, Truth::Yes)]);
    b.situation.start = None;
    assert_eq!(found(&b), [(366, 366, Truth::Unknown), (366, 367, Truth::Yes)]);
}
