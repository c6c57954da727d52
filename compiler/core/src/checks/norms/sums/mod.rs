//! Dilemmas of several norms that meet in a sum, or in equal treatment (semantics §19, §20c).
//!
//! In: the norms of a charter. Out: [`Sums`]: for each party that must keep a quantity or treat others alike, the least set of
//! norms that it cannot keep together in some situation; or the rule of conduct by which it always can; or why neither is known.
//!
//! **Proof.** A rule of conduct says for each duty on which day of its window it is met and how much is done. The solver shows
//! that no situation makes whoever follows the rule break something. It holds for any number of occurrences only where what
//! harms the quantity can occur so often and no more: see [`Meeting::is_bounded`].
//!
//! **Refutation.** With 1, 2, 3 … occurrences of each event a situation is asked for in which every rule so far breaks something.
//! The evaluator looks for a course in it, by itself, with exact elimination. A course that it finds is made a rule and added; where
//! it finds that there is none, that is the dilemma. As each situation is the simplest that is left, so is the last.
//!
//! The course is one from the start: what a party gives away that nobody asked of it is its own choice. Of what others do only
//! that counts which some norm demands or permits of them.

mod meeting;
mod obstacle;
mod rule;

use super::ask::{Asking, Reply, Wanted, Witness};
use super::conclude::Open;
use super::quoted;
use crate::checks::Context;
use crate::encode::conduct::{CHANGED, Given, Posed, pose_with};
use crate::evaluate::situation::{Course, Keeper, course};
use crate::model::StatementId;
use crate::model::conduct::{Actor, Norm, NormId};
pub(super) use meeting::{can_be, reach};
pub(super) use obstacle::owed as ruled;
pub(super) use rule::{Rule, Times};

use meeting::Meeting;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Norms that a party cannot keep together.
#[derive(Debug)]
pub(in crate::checks) struct Together {
    /// which: without any one of them it could
    pub(in crate::checks) norms: Vec<NormId>,
    /// in this situation
    pub(in crate::checks) witness: Box<Witness>,
    /// who
    pub(in crate::checks) party: Actor,
}

/// What was found of all that meet so.
#[derive(Debug, Default)]
pub(in crate::checks) struct Sums {
    /// what cannot be kept together
    pub(in crate::checks) found: Vec<Together>,
    /// what proofs rest on
    pub(in crate::checks) core: BTreeSet<StatementId>,
    /// by which rules of conduct all can be kept, in words
    pub(in crate::checks) rules: BTreeSet<String>,
    /// why it is not known of some
    pub(in crate::checks) open: Open,
}

/// Why what is to be kept is not asked about.
const ACTS: &str = "what is to be kept speaks of acts";

/// How many occurrences of each event are tried.
const OCCURRENCES: usize = 6;

/// How many rules of conduct are tried against so many occurrences.
const RULES: usize = 16;

/// How many courses the evaluator tries in one situation.
const TRIES: usize = 2_000;

/// How many slots of one kind there may be.
const SLOTS: usize = 24;

/// Asks it of a charter.
pub(in crate::checks) fn ask(cx: &mut Context<'_>, asking: &Asking<'_>, asked: &[&Norm]) -> Sums {
    let mut out = Sums::default();
    for norm in asked.iter().filter(|n| obstacle::speaks_of_own_acts(asking, n)) {
        out.open.norm(norm, ACTS);
    }
    for meeting in Meeting::all(asking, asked) {
        let first = meeting.keeps.first().map_or_else(String::new, |n| quoted(n));
        match cx.as_one(|cx| decide(cx, asking, &meeting)) {
            Outcome::Nothing => {}
            Outcome::Found(together) => {
                // what one duty alone makes of it is told of that duty
                let told = together.norms.iter().filter_map(|id| asking.frame.norm(*id));
                if told.clone().any(|n| meeting.keeps.iter().any(|k| k.id == n.id)) {
                    let same = |t: &Together| t.norms == together.norms;
                    if !out.found.iter().any(same) {
                        out.found.push(together);
                    }
                } else {
                    out.open.add(first, "what is found of single duties hides whether more meet");
                }
            }
            Outcome::Proved(rules) => {
                out.core.extend(meeting.norms().iter().filter_map(|id| asking.frame.norm(*id)).map(|n| n.statement));
                out.rules.insert(rules);
            }
            Outcome::Open(why) => {
                out.open.add(first, why);
            }
        }
    }
    out
}

/// What was found of one party and what it must keep.
#[derive(Debug)]
enum Outcome {
    /// nothing is asked of it
    Nothing,
    Found(Together),
    /// by this rule
    Proved(String),
    Open(String),
}

fn decide(cx: &mut Context<'_>, asking: &Asking<'_>, meeting: &Meeting<'_>) -> Outcome {
    if meeting.is_idle() {
        return Outcome::Nothing;
    }
    if let Some(why) = &meeting.obstacle {
        return Outcome::Open(why.clone());
    }
    if meeting.is_bounded() {
        for rule in Rule::plain() {
            if let Some(known) = proves(cx, asking, meeting, &rule) {
                return known;
            }
        }
    }
    let mut rules = Rule::plain();
    rules.truncate(2);
    for occurrences in 1..=OCCURRENCES {
        for _ in 0..RULES {
            let (reply, times) = asks(cx, asking, meeting, &rules, occurrences);
            let witness = match reply {
                Reply::Yes(witness) => witness,
                Reply::Open(why) => return Outcome::Open(why),
                Reply::No if meeting.is_bounded() => {
                    return Outcome::Proved(meeting.looking_ahead(rules.len()));
                }
                Reply::No => break,
            };
            match search(asking, meeting, &witness, &meeting.norms()) {
                Course::None => return least(asking, meeting, witness),
                Course::Unsure(why) => return Outcome::Open(why),
                Course::Lawful(steps) => {
                    let made = times.rule(&meeting.universe, &steps, &witness).filter(|rule| !rules.contains(rule));
                    let Some(rule) = made else {
                        return Outcome::Open("a course was found of which no rule could be made".to_owned());
                    };
                    if !meeting.is_bounded() && !rule.extras().is_empty() {
                        return Outcome::Open("how much would have to be done besides is not known".to_owned());
                    }
                    if let Some(plainer) = rule.plainer().filter(|_| meeting.is_bounded())
                        && let Some(known) = proves(cx, asking, meeting, &plainer)
                    {
                        return known;
                    }
                    rules.push(rule);
                }
            }
        }
        if rules.len() > RULES {
            return Outcome::Open(format!(
                "with {occurrences} occurrences of each event {RULES} rules of conduct were tried, and none keeps all"
            ));
        }
    }
    Outcome::Open(format!(
        "no dilemma was found with up to {OCCURRENCES} occurrences of each event, and no rule of conduct that proves there is \
         none for more"
    ))
}

/// Whether one rule of conduct keeps all in every situation.
fn proves(cx: &mut Context<'_>, asking: &Asking<'_>, meeting: &Meeting<'_>, rule: &Rule) -> Option<Outcome> {
    match asks(cx, asking, meeting, std::slice::from_ref(rule), 1).0 {
        Reply::No => Some(Outcome::Proved(rule.words(meeting))),
        Reply::Open(why) => Some(Outcome::Open(why)),
        Reply::Yes(_) => None,
    }
}

/// A situation in which each of these rules breaks something.
fn asks(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    meeting: &Meeting<'_>,
    rules: &[Rule],
    occurrences: usize,
) -> (Reply, Times) {
    let mut sizes = meeting.sizes(occurrences);
    let universe = &meeting.universe;
    let owed = meeting.owed();
    let times: RefCell<Times> = RefCell::default();
    loop {
        let mut all: Vec<Posed<'_>> = Vec::new();
        for (i, rule) in rules.iter().enumerate() {
            let given = Given { sizes: sizes.clone(), most: SLOTS, apart: (i + 1) * APART };
            all.push(pose_with(&asking.frame, universe, given, |scene| {
                scene.breaks(&owed, &|duty, time| rule.choice(duty, time), rule.extras(), &mut |plan| {
                    times.borrow_mut().read(plan)
                })
            }));
        }
        let mut most: BTreeMap<_, usize> = sizes.clone();
        for posed in &all {
            for (kind, n) in &posed.sizes {
                let known = most.entry(*kind).or_insert(*n);
                *known = (*known).max(*n);
            }
        }
        if most != sizes {
            sizes = most;
            continue;
        }
        let mut all = all.into_iter();
        let Some(mut posed) = all.next() else { return (Reply::No, times.take()) };
        all.for_each(|other| posed.join(other));
        // how often what changes a quantity occurs is bounded by the text, or tried up to so many
        posed.open.remove(CHANGED);
        let reply = asking.answer(cx, &posed, Wanted::Simplest, |_| Ok(()));
        return (reply, times.take());
    }
}

/// What keeps the variables of questions apart.
const APART: usize = 1_000_000;

/// Looks for a course that keeps these norms.
fn search(asking: &Asking<'_>, meeting: &Meeting<'_>, witness: &Witness, norms: &BTreeSet<NormId>) -> Course {
    let keeper = Keeper { party: meeting.party, norms, helpful: &meeting.helpful, harms: meeting.harms, tries: TRIES };
    let horizon = witness.last_day(0) + meeting.reach;
    course(asking.frame.program, asking.frame.charter, &witness.situation, &keeper, horizon)
}

/// The norms that cannot be kept together in a situation: left out one by one, from the last on.
fn least(asking: &Asking<'_>, meeting: &Meeting<'_>, witness: Box<Witness>) -> Outcome {
    let mut norms = meeting.norms();
    for id in meeting.norms().into_iter().rev() {
        let mut without = norms.clone();
        without.remove(&id);
        if search(asking, meeting, &witness, &without) == Course::None {
            norms = without;
        }
    }
    Outcome::Found(Together { norms: norms.into_iter().collect(), witness, party: meeting.party })
}
