//! The encoding of situations against the evaluator, on random charters and random situations.
//!
//! What is due on which day and what is a breach on which day is asked of both, for every norm, party and day. 1,000 charters
//! in a usual run; `COMITY_LONG=100000` for a long one.
#![expect(clippy::unwrap_used, reason = "a test fails aloud")]

use comity_core::encode::conduct::{Frame, Scene, Term, Universe, given, owed};
use comity_core::evaluate::situation::{Run, Truth};
use comity_core::logic::sample::Sample;
use comity_core::logic::{Formula, Linear, Model, Value, Var};
use comity_core::model::conduct::{Actor, NormId, Situation};
use comity_core::model::{CharterId, Program, Statement};
use comity_tests::{code, conduct, read};
use std::collections::{BTreeMap, BTreeSet};

/// How many charters are drawn.
fn rounds() -> u64 {
    std::env::var("COMITY_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000)
}

/// Seeds on which the two once disagreed.
///
/// 80968: whether a duty whose window has no day is set aside by a prohibition above it.
const DISAGREED: [u64; 1] = [80_968];

const LAST: i64 = conduct::DAYS + 4;

/// What one of the two says: breaches (norm, by whom, day) and what is due (norm, whose, day).
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    breaches: BTreeSet<(NormId, Option<Actor>, i64)>,
    due: BTreeSet<(NormId, Option<Actor>, i64)>,
}

fn evaluated(program: &Program, situation: &Situation) -> Said {
    let run = Run::new(program, CharterId(0), situation, LAST);
    let mut out = Said::default();
    for b in run.breaches() {
        assert_ne!(b.truth, Truth::Unknown, "{b:?}");
        if b.truth == Truth::Yes && b.ceiling.is_none() {
            out.breaches.insert((b.norm, b.subject, b.day));
        }
    }
    for (at, i) in run.instances().iter().enumerate() {
        let norm = program.conduct.norm(i.norm).unwrap();
        // who the subject of a prohibition is follows from acts
        if !owed(norm) {
            continue;
        }
        let subject = norm.subject.among(&i.values);
        for day in 0..=LAST {
            if run.due(at, day) == Truth::Yes {
                out.due.insert((i.norm, subject, day));
            }
        }
    }
    out
}

/// The encoding's answers; nothing where it refuses.
fn encoded(program: &Program, situation: &Situation, expected: &Said) -> Result<Said, String> {
    let statements: Vec<&Statement> = program.statements.iter().collect();
    let frame = Frame::new(program, CharterId(0), &statements);
    let universe = Universe::everybody(&frame, situation);
    let mut out = Said::default();
    let who: Vec<(usize, Actor)> = universe.figures().map(|(i, f)| (i, f.actor)).collect();
    let day = Var::int("the day");
    let on = Linear::var(&day);
    let days = |formula: &Formula| -> Result<Vec<i64>, String> {
        let mut found = Vec::new();
        for d in 0..=LAST {
            let mut model = Model::new();
            model.set(day.clone(), Value::int(d));
            if formula.eval(&model).ok_or("values decide")? {
                found.push(d);
            }
        }
        Ok(found)
    };
    for norm in &frame.norms {
        for (figure, actor) in &who {
            let breach = given(&frame, &universe, situation, |scene: &mut Scene<'_>| {
                scene.some_breach(&[norm.id], Some(*figure), None, &mut |_, d| Term::fixed(Formula::eq(d, &on)))
            })?;
            out.breaches.extend(days(&breach)?.into_iter().map(|d| (norm.id, Some(*actor), d)));
            if norm.group.is_some() || !owed(norm) {
                continue;
            }
            let due = given(&frame, &universe, situation, |scene: &mut Scene<'_>| {
                let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
                let mut cases = Vec::new();
                for env in scene.with_subject(norm, Some(*figure)) {
                    cases.push(scene.arises(norm, &env, &mut |scene, arising| scene.due(norm, &env, arising, &on)));
                }
                Term::or(cases)
            })?;
            out.due.extend(days(&due)?.into_iter().map(|d| (norm.id, Some(*actor), d)));
        }
    }
    // a group that fails is nobody in breach: the encoding is asked for parties only
    out.breaches.extend(expected.breaches.iter().filter(|(_, by, _)| by.is_none()).copied());
    out.due.extend(expected.due.iter().filter(|(_, by, _)| by.is_none()).copied());
    Ok(out)
}

#[test]
fn the_encoding_and_the_evaluator_agree_on_random_situations() {
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    let mut unread: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut asked, mut breaches, mut due) = (0u64, 0usize, 0usize);
    for seed in (0..rounds()).chain(DISAGREED) {
        let mut s = Sample::new(seed);
        let text = conduct::program(&mut s);
        let program = match read(&text) {
            Ok((program, _)) => program,
            // drawn at random, a window may be empty, and a pattern may say the same twice
            Err(said) => {
                *unread.entry(code(&said)).or_default() += 1;
                continue;
            }
        };
        for _ in 0..2 {
            let situation = conduct::situation(&mut s, &program);
            let expected = evaluated(&program, &situation);
            match encoded(&program, &situation, &expected) {
                Err(why) => *refused.entry(why).or_default() += 1,
                Ok(found) => {
                    asked += 1;
                    breaches += expected.breaches.len();
                    due += expected.due.len();
                    assert_eq!(found, expected, "seed {seed}\n{text}\n{:?}", situation.occurrences);
                }
            }
        }
    }
    // a test that compares nothing would pass
    assert!(asked > rounds(), "only {asked} situations were compared: {refused:?} {unread:?}");
    assert!(breaches > 0 && due > 0);
}
