//! The evaluator's own refutation of a dilemma: every test point of a duty, one after the other (semantics §26).
//!
//! In: a situation that the solver gave, and the duty that nobody can meet lawfully in it. Out: whether the evaluator finds the
//! duty due, whoever owes it without a breach, and no lawful act that meets it on any day of its window; or what it finds
//! instead. Days are all those of the window, amounts the bounds of what is owed and forbidden, and just beside them.

use super::applies;
use super::ask::{Asking, Witness};
use super::lifting::Lifting;
use crate::encode::conduct::is_point;
use crate::evaluate::situation::{Breach, Instance, Run, Status, Truth};
use crate::logic::BigRational;
use crate::model::conduct::{
    Actor, Compare, Deed, Happening, Match, Norm, NormId, Occurrence, Pattern, Quantity, Value, Who,
};
use num_traits::One;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How many days of a window the evaluator is asked about.
const DAYS: i64 = 2_000;

/// Why a situation is no dilemma, though the question has it for one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instead {
    /// whoever has the duty broke this norm before
    Broken(NormId),
    /// it has done something before, and owes something else from before
    Owing,
    /// it may do something first that leaves a way out
    Helped,
}

/// The evaluator's own refutation of every test point.
pub(super) fn replay(
    asking: &Asking<'_>,
    witness: &Witness,
    (norm, lifting): (&Norm, &Lifting<'_>),
    values: &[Option<Actor>],
    day: i64,
    instead: &RefCell<Option<Instead>>,
) -> Result<(), String> {
    let run = applies::run(asking, witness, day);
    let due = |run: &Run<'_>| {
        let mine = |(at, i): &(usize, &Instance)| {
            // of a duty that arose several times, the one whose window ends then
            let ends = !is_point(norm) || i.deadline.is_none_or(|last| last == day);
            i.norm == norm.id && ends && same(&i.values, values) && run.due(*at, day) == Truth::Yes
        };
        run.instances().iter().enumerate().find(mine).map(|(at, _)| at)
    };
    let Some((at, instance)) = due(&run).and_then(|at| Some((at, run.instances().get(at)?))) else {
        return Err(format!("the evaluator does not find `{}` due on day {day}", norm.text));
    };
    let first = if is_point(norm) { instance.first } else { day };
    if day - first > DAYS {
        return Err(format!("the window has more than {DAYS} days"));
    }
    let members: Vec<Vec<Option<Actor>>> = match &norm.group {
        None => vec![values.to_vec()],
        Some(_) => run.admitted_values(at, day).into_iter().map(|(values, _)| values).collect(),
    };
    // of a deadline that passes on the eve of the course nothing in it is to blame
    let course = if is_point(norm) { instance.arises } else { day };
    let missed = |b: &Breach| b.day <= course && asking.frame.norm(b.norm).is_some_and(is_point);
    let earlier = |b: &&Breach| b.instance != at && (b.day < instance.first || missed(b));
    let mut free = Vec::new();
    for own in &members {
        let who = norm.subject.among(own).ok_or("the duty has no subject")?;
        if let Some(b) = run.breaches_by(who, day).find(earlier) {
            *instead.borrow_mut() = Some(Instead::Broken(b.norm));
            return Err(format!("the evaluator finds an earlier breach on day {}", b.day));
        }
        if witness.situation.occurrences.iter().any(|o| does(asking, o, who))
            && owes_from_before(asking, &run, Some(at), instance.arises, who)
        {
            *instead.borrow_mut() = Some(Instead::Owing);
            return Err("the evaluator finds something else owed from before".to_owned());
        }
        let way = way_out(asking, &run, norm, own, first, day)?;
        let after = |with: &Witness| {
            let run = applies::run(asking, with, day);
            Ok(due(&run).is_none() || way_out(asking, &run, norm, own, first, day)?.is_some())
        };
        if way.is_none() && lifting.helps(asking, (witness, &run), who, (course, day), after)? {
            *instead.borrow_mut() = Some(Instead::Helped);
            return Err("the evaluator finds that an act of one's own leaves a way out".to_owned());
        }
        free.extend(way);
    }
    let least = if norm.group.is_some() { run.asked_of_group(at, day) } else { Some(BigRational::one()) };
    let least = least.ok_or("how many must act is not known")?;
    match free.first() {
        Some(on) if BigRational::from_integer(free.len().into()) >= least => {
            Err(format!("the evaluator finds a lawful act on day {on}"))
        }
        _ => Ok(()),
    }
}

/// Whether it is an act of this one.
pub(super) fn does(asking: &Asking<'_>, occurrence: &Occurrence, who: Actor) -> bool {
    let Happening::Act { action, arguments, .. } = &occurrence.what else { return false };
    let by = asking.frame.program.conduct.action(*action).is_some_and(|a| !a.event);
    by && arguments.first() == Some(&Value::Actor(who))
}

/// Whether a duty of one that arose before a day is open then, but for one of them: then it is no clean moment (semantics §19).
pub(super) fn owes_from_before(asking: &Asking<'_>, run: &Run<'_>, but: Option<usize>, start: i64, who: Actor) -> bool {
    run.instances().iter().enumerate().any(|(other, i)| {
        let point = asking.frame.norm(i.norm).filter(|n| is_point(n));
        let own = point.is_some_and(|n| n.subject.among(&i.values) == Some(who));
        let open = || matches!(run.status(other, start), None | Some(Status::NotYet | Status::Due));
        own && Some(other) != but && i.arises < start && open()
    })
}

/// The first day of a window on which one can meet a duty lawfully.
fn way_out(
    asking: &Asking<'_>,
    run: &Run<'_>,
    norm: &Norm,
    values: &[Option<Actor>],
    first: i64,
    last: i64,
) -> Result<Option<i64>, String> {
    let Deed::Act(pattern) = &norm.deed else { return Err("no act is owed".to_owned()) };
    let lawful = |on: &i64| points(asking, pattern, values, *on).iter().any(|a| run.lawful(a, *on).0 != Truth::No);
    Ok((first..=last).find(lawful))
}

pub(super) fn same(all: &[Option<Actor>], wanted: &[Option<Actor>]) -> bool {
    wanted.iter().enumerate().all(|(i, w)| w.is_none() || all.get(i).copied().flatten() == *w)
}

/// Acts that meet a pattern on a day: at its own bounds and at those of whatever is forbidden of the action, and just beside.
pub(in crate::checks) fn points(
    asking: &Asking<'_>,
    pattern: &Pattern,
    values: &[Option<Actor>],
    on: i64,
) -> Vec<Occurrence> {
    let actor = |who: Who| vec![who.among(values).map_or(Value::Unsaid, Value::Actor)];
    let mut all: Vec<Vec<Value>> = vec![Vec::new()];
    for (place, wanted) in pattern.arguments.iter().enumerate() {
        let choices: Vec<Value> = match wanted {
            Match::Is(who) => actor(*who),
            Match::Binds(v) => actor(Who::Var(*v)),
            Match::Thing(t) => vec![Value::Thing(t.clone())],
            Match::Number(how, q) => numbers(asking, pattern, place, Some((*how, q))),
            Match::Any => {
                let found = numbers(asking, pattern, place, None);
                if found.is_empty() { vec![Value::Unsaid] } else { found }
            }
            Match::Anyone | Match::Region(_) => vec![Value::Unsaid],
        };
        all = all
            .into_iter()
            .flat_map(|head| {
                choices.iter().map(move |c| {
                    let mut out = head.clone();
                    out.push(c.clone());
                    out
                })
            })
            .collect();
    }
    let place = match &pattern.place {
        Some(crate::model::conduct::Place::Region(r)) => Some((r.atlas, r.cells.cells().to_vec())),
        _ => None,
    };
    all.into_iter()
        .map(|arguments| Occurrence {
            from: on,
            to: Some(on),
            what: Happening::Act { action: pattern.action, arguments, place: place.clone() },
        })
        .collect()
}

/// Amounts at which something changes: bounds that the charter states for this argument, and just beside them.
fn numbers(asking: &Asking<'_>, pattern: &Pattern, place: usize, own: Option<(Compare, &Quantity)>) -> Vec<Value> {
    let constant = |q: &Quantity| match q {
        Quantity::Fixed(q) => q.as_constant().cloned(),
        _ => None,
    };
    let mut bounds: BTreeSet<BigRational> = own.and_then(|(_, q)| constant(q)).into_iter().collect();
    for m in asking.frame.norms.iter().filter(|m| m.is_prohibition()) {
        if let Deed::Act(p) = &m.deed
            && p.action == pattern.action
            && let Some(Match::Number(_, q)) = p.arguments.get(place)
        {
            bounds.extend(constant(q));
        }
    }
    let step = BigRational::new(1.into(), 1_000.into());
    let around: BTreeSet<BigRational> = bounds
        .iter()
        .flat_map(|b| [b - &step, b.clone(), b + &step])
        .filter(|b| *b >= BigRational::from_integer(0.into()))
        .collect();
    let fits = |n: &BigRational| match own.and_then(|(how, q)| constant(q).map(|c| (how, c))) {
        None => true,
        Some((Compare::Equal, c)) => *n == c,
        Some((Compare::NotEqual, c)) => *n != c,
        Some((Compare::Less, c)) => *n < c,
        Some((Compare::AtMost, c)) => *n <= c,
        Some((Compare::Greater, c)) => *n > c,
        Some((Compare::AtLeast, c)) => *n >= c,
    };
    around.into_iter().filter(fits).map(Value::Number).collect()
}
