//! S12: drawn in: whom one incident draws in by automatic duties alone, and whether somebody is bound to help both sides.
//!
//! In: rules that a hostile act, or its breach, sets off without a finding. Out: the simplest such incident, followed by the
//! evaluator: each duty to do a hostile act or to help is done on its first day, until nothing more falls due (duties only
//! accumulate, so this is the least fixpoint). A note says how many parties that draws in; a finding is made where one party
//! must help one side and the other, or act against both. Where duties tell parties apart, the same incident is followed
//! between each choice of them.

use super::acts::act_of;
use super::scene::{self, behind, timeline};
use super::{Found, Pact, is_owed};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Scene, Term, Universe};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::model::conduct::{
    Action, Actor, Binder, Happening, Norm, NormId, Occurrence, Rule, Situation, Sort, Trigger, Value,
};
use crate::model::mentions::Mentions;
use crate::report::Level;
use std::collections::{BTreeMap, BTreeSet};

/// S12.
#[derive(Debug)]
pub(in crate::checks) struct DrawnIn;

/// So many incidents of one rule are followed at most.
const INCIDENTS: usize = 512;

/// An incident of more members is not followed.
const MEMBERS: usize = 32;

/// So many rounds of duties are followed at most.
const ROUNDS: usize = 32;

impl Check for DrawnIn {
    fn code(&self) -> &'static str {
        "S12"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S12", |cx, pact| {
            let mut found = Found::default();
            let rules: Vec<&Rule> = pact.rules().filter(|r| sets_off(pact, r) && takes_sides(pact, r)).collect();
            if rules.is_empty() {
                return found;
            }
            if pact.members.len() > MEMBERS {
                let question = format!("no member of {} must help both sides of one incident", pact.name());
                let reached = format!("incidents are followed among at most {MEMBERS} members");
                found.undecided.push((question, reached));
                return found;
            }
            let asking = cx.asking(pact.view);
            for rule in rules {
                one(cx, pact, &asking, rule, &mut found);
            }
            found
        });
    }
}

/// Whether an incident sets the rule off without anybody's finding.
fn sets_off(pact: &Pact<'_>, rule: &Rule) -> bool {
    let hostile = |norm: &Norm| pact.action(norm).is_some_and(|a| a.hostile);
    match &rule.trigger {
        Trigger::Occurs(_) => true,
        Trigger::Breach { norms, .. } => {
            rule.determined.is_none() && norms.iter().filter_map(|n| pact.conduct().norm(*n)).any(hostile)
        }
    }
}

/// Whether a rule asks for hostile acts or help.
fn takes_sides(pact: &Pact<'_>, rule: &Rule) -> bool {
    pact.steps(rule).any(|n| is_owed(n) && n.group.is_none() && pact.action(n).is_some_and(side))
}

/// Whether an act takes a side.
const fn side(action: &Action) -> bool {
    !action.event && (action.hostile || action.helps)
}

fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, rule: &'p Rule, found: &mut Found) {
    let mut seeds: Vec<NormId> = rule.norms.clone();
    if let Trigger::Breach { norms, .. } = &rule.trigger {
        seeds.extend(norms.iter().copied());
    }
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(rule) = scene.program.conduct.rule(rule.id) else { return Term::falsity() };
        let envs = scene.choices(&rule.variables, &[Binder::Rule], &Vec::new());
        named.some(scene, &envs, |scene, env| {
            let mut who: Vec<usize> = env.iter().copied().flatten().collect();
            let all = who.len();
            who.sort_unstable();
            who.dedup();
            if who.len() < all {
                return Term::falsity();
            }
            scene.triggered(rule, env, &mut |_, _| Term::truth())
        })
    };
    let place = pact.article(rule);
    let question = format!("no member must help both sides of what sets off {place} of {}", pact.name());
    let reply = asking.exists(cx, &universe, Wanted::Simplest, build, |witness| {
        let run = scene::run(asking, witness, witness.last_day(0) + 1);
        let fired = run.firings().iter().any(|f| f.rule == rule.id);
        if fired { Ok(()) } else { Err("the evaluator does not find the rule set off".to_owned()) }
    });
    let witness = match reply {
        Reply::No => return,
        Reply::Open(why) => {
            found.undecided.push((question, why));
            return;
        }
        Reply::Yes(witness) => witness,
    };
    let endless = || format!("{ROUNDS} rounds of duties were followed, and there are more");
    let incident = between_two(pact, rule, &witness.situation);
    let Some(mut drawn) = follow(pact, &incident) else {
        found.undecided.push((question, endless()));
        return;
    };
    // where duties tell parties apart, the same between others may bind somebody
    if drawn.both.is_none() && !drawn.breaches {
        let others = among_others(pact, &incident);
        if others.len() > INCIDENTS {
            let reached = format!("the incident is followed between at most {INCIDENTS} choices of parties");
            found.undecided.push((question, reached));
            return;
        }
        for other in others.into_iter().filter(|s| is_set_off(pact, rule, s)) {
            let Some(next) = follow(pact, &other) else {
                found.undecided.push((question, endless()));
                return;
            };
            if next.both.is_some() && !next.breaches {
                drawn = next;
                break;
            }
        }
    }
    // a required act that is itself a breach is a cascade, and S04 tells it
    if drawn.breaches {
        return;
    }
    let about = scene::about(pact, pact.rules().flat_map(|r| r.norms.iter().copied()).chain(seeds.iter().copied()));
    let what = match &rule.trigger {
        Trigger::Occurs(p) => pact.conduct().action(p.action).map_or_else(String::new, |a| format!("one `{}`", a.name)),
        Trigger::Breach { norms, .. } => format!("one breach of {}", pact.articles(norms)),
    };
    if let Some((both, situation)) = &drawn.both {
        let until = behind(pact, &situation.values, last_of(situation));
        let run = Run::new(pact.program, pact.view.charter, situation, until);
        let shown = timeline(
            pact,
            &run,
            &about,
            |b| b.day == 0,
            |_, i| {
                takes(pact, i.norm)
                    && pact.conduct().norm(i.norm).and_then(|n| n.subject.among(&i.values)) == Some(*both)
            },
        );
        let who = shown.cast().noun(*both);
        let message = format!("{what} binds {who} to help both sides under {place} of {}", pact.name());
        let draft = Draft::new("S12", message)
            .charter(pact.view.charter)
            .statement(rule.statement, "")
            .identity("both sides")
            .situation(pact.program, &shown);
        found.drafts.push(pact.steps(rule).fold(draft, |d, n| d.statement(n.statement, "")));
        return;
    }
    found.proved.push((question, vec![rule.statement]));
    let until = behind(pact, &incident.values, last_of(&incident));
    let run = Run::new(pact.program, pact.view.charter, &incident, until);
    // the incident's own parties are no news
    let involved = whoever(&incident);
    let told = |i: &Instance| {
        let subject = pact.conduct().norm(i.norm).and_then(|n| n.subject.among(&i.values));
        takes(pact, i.norm) && subject.is_some_and(|who| !involved.contains(&who))
    };
    let shown = timeline(pact, &run, &about, |b| b.day == 0, |_, i| told(i));
    let message = format!(
        "{what} draws in {} of {} members of {} by automatic duties",
        drawn.parties.len(),
        pact.members.len(),
        pact.name()
    );
    let draft = Draft::new("S12", message)
        .charter(pact.view.charter)
        .level(Level::Note)
        .statement(rule.statement, "")
        .situation(pact.program, &shown)
        .note("followed until nothing more falls due: duties only accumulate, so no bound is needed");
    found.drafts.push(draft);
}

/// Whether a norm owes an act that takes a side, on account of a rule.
fn takes(pact: &Pact<'_>, norm: NormId) -> bool {
    let norm = pact.conduct().norm(norm);
    norm.is_some_and(|n| is_owed(n) && n.group.is_none() && n.rule.is_some() && pact.action(n).is_some_and(side))
}

/// Whether the evaluator finds a rule set off.
fn is_set_off(pact: &Pact<'_>, rule: &Rule, situation: &Situation) -> bool {
    let run = Run::new(pact.program, pact.view.charter, situation, last_of(situation) + 1);
    run.firings().iter().any(|f| f.rule == rule.id && f.truth.is_yes())
}

/// The incident between two parties, where one that names a party twice was found and one between two sets the rule off as well:
/// who acts on itself is on no side against another, and nobody is then bound to help both.
fn between_two(pact: &Pact<'_>, rule: &Rule, found: &Situation) -> Situation {
    for (at, o) in found.occurrences.iter().enumerate() {
        let Happening::Act { arguments, .. } = &o.what else { continue };
        let who: Vec<(usize, Actor)> = arguments
            .iter()
            .enumerate()
            .filter_map(|(place, v)| if let Value::Actor(a) = v { Some((place, *a)) } else { None })
            .collect();
        let known: BTreeSet<Actor> = who.iter().map(|(_, a)| *a).collect();
        let (Some((by, first)), Some((on, second))) = (who.first(), who.get(1)) else { continue };
        if first != second {
            continue;
        }
        let free = found.members.iter().copied().filter(|m| !known.contains(m));
        for (other, place) in free.flat_map(|m| [(m, *on), (m, *by)]) {
            let mut next = found.clone();
            if let Some(Happening::Act { arguments, .. }) = next.occurrences.get_mut(at).map(|o| &mut o.what)
                && let Some(slot) = arguments.get_mut(place)
            {
                *slot = Value::Actor(other);
            }
            next.occurrences.sort();
            if next.occurrences.iter().all(|o| is_possible(pact, o)) && is_set_off(pact, rule, &next) {
                return next;
            }
        }
    }
    found.clone()
}

/// The incident between each other choice of listed members, in order, where what may follow from it tells members apart.
fn among_others(pact: &Pact<'_>, incident: &Situation) -> Vec<Situation> {
    let mut told = Mentions::new();
    for rule in pact.rules() {
        told.rule(pact.conduct(), rule);
        pact.steps(rule).for_each(|n| told.norm(pact.conduct(), n));
    }
    let apart = !told.parties.is_empty() || !told.kinds.is_empty() || !told.attributes.is_empty() || told.title;
    let who: Vec<Actor> = whoever(incident).into_iter().collect();
    let members: Vec<Actor> = pact.members.iter().map(|p| Actor::Party(*p)).collect();
    if !apart || who.iter().any(|w| !members.contains(w)) {
        return Vec::new();
    }
    let mut choices: Vec<Vec<Actor>> = vec![Vec::new()];
    for _ in &who {
        let longer = |known: &Vec<Actor>| {
            let free: Vec<Actor> = members.iter().copied().filter(|m| !known.contains(m)).collect();
            let known = known.clone();
            free.into_iter().map(move |m| known.iter().copied().chain([m]).collect::<Vec<_>>())
        };
        choices = choices.iter().flat_map(longer).take(INCIDENTS + 2).collect();
    }
    let mut out = Vec::new();
    for chosen in choices.into_iter().filter(|c| *c != who) {
        let of = |a: Actor| who.iter().zip(&chosen).find(|(w, _)| **w == a).map_or(a, |(_, c)| *c);
        let mut other = incident.clone();
        other.occurrences.iter_mut().for_each(|o| o.recast(of));
        other.occurrences.sort();
        if other.occurrences.iter().all(|o| is_possible(pact, o)) {
            out.push(other);
        }
    }
    out
}

/// Whether each party of an act is of the kind that the action names there.
fn is_possible(pact: &Pact<'_>, o: &Occurrence) -> bool {
    let Happening::Act { action, arguments, .. } = &o.what else { return true };
    let parameters = pact.conduct().action(*action).map_or(&[][..], |a| a.parameters.as_slice());
    parameters.iter().zip(arguments).all(|(p, value)| match (&p.sort, value) {
        (Sort::Party(kind), Value::Actor(Actor::Party(who))) => pact.of_kind(*kind).contains(who),
        _ => true,
    })
}

fn last_of(situation: &Situation) -> i64 {
    situation.occurrences.iter().map(|o| o.to.unwrap_or(o.from).max(o.from)).max().unwrap_or(0)
}

/// What follows from an incident.
struct Drawn {
    /// who must act, the incident's own parties aside
    parties: BTreeSet<Actor>,
    /// somebody who must help one side and the other, and what has happened by then
    both: Option<(Actor, Situation)>,
    /// whether somebody is in breach by what it must do
    breaches: bool,
}

/// Does what falls due, again and again, until nothing more does.
fn follow(pact: &Pact<'_>, incident: &Situation) -> Option<Drawn> {
    let mut situation = incident.clone();
    let involved = whoever(incident);
    let (first, second) = sides(incident);
    let mut done: BTreeSet<(NormId, Vec<Option<Actor>>)> = BTreeSet::new();
    let mut drawn = Drawn { parties: BTreeSet::new(), both: None, breaches: false };
    // for each party the sides it must help: 0 whoever acted first, 1 whoever was hit
    let mut helps: BTreeMap<Actor, BTreeSet<u8>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut more: Vec<Occurrence> = Vec::new();
        {
            let until = behind(pact, &situation.values, last_of(&situation));
            let run = Run::new(pact.program, pact.view.charter, &situation, until);
            let required = |b: &crate::evaluate::situation::Breach| {
                b.act.and_then(|a| situation.occurrences.get(a)).is_some_and(|o| !incident.occurrences.contains(o))
            };
            drawn.breaches |= run.breaches().iter().any(|b| b.truth != Truth::No && required(b));
            for (at, i) in run.instances().iter().enumerate().filter(|(_, i)| i.truth.is_yes() && takes(pact, i.norm)) {
                let Some(norm) = pact.conduct().norm(i.norm) else { continue };
                if !done.insert((i.norm, i.values.clone())) {
                    continue;
                }
                let end = i.deadline.or(i.last).unwrap_or(run.horizon()).min(run.horizon());
                let Some(day) = (i.first..=end).find(|day| run.due(at, *day) == Truth::Yes) else { continue };
                let act = act_of(pact, norm, i, day)?;
                let Happening::Act { arguments, .. } = &act.what else { continue };
                let mut who = actors(arguments);
                let Some(by) = who.next() else { continue };
                for on in who {
                    let side = if Some(on) == first { Some(0) } else { (Some(on) == second).then_some(1) };
                    if let Some(side) = side {
                        let helped = if pact.action(norm).is_some_and(|a| a.helps) { side } else { 1 - side };
                        helps.entry(by).or_default().insert(helped);
                    }
                }
                if !involved.contains(&by) {
                    drawn.parties.insert(by);
                }
                more.push(act);
            }
        }
        if more.is_empty() {
            return Some(drawn);
        }
        if drawn.both.is_none() {
            let both = helps.iter().find(|(by, s)| s.len() > 1 && !involved.contains(by));
            drawn.both = both.map(|(by, _)| (*by, situation.clone()));
        }
        situation.occurrences.extend(more);
        situation.occurrences.sort();
    }
    None
}

fn actors(arguments: &[Value]) -> impl Iterator<Item = Actor> + '_ {
    arguments.iter().filter_map(|v| if let Value::Actor(a) = v { Some(*a) } else { None })
}

/// Everybody whom the incident names.
fn whoever(situation: &Situation) -> BTreeSet<Actor> {
    let mut out = BTreeSet::new();
    for o in &situation.occurrences {
        if let Happening::Act { arguments, .. } = &o.what {
            out.extend(actors(arguments));
        }
    }
    out
}

/// The two sides of an incident: who acts, and on whom. What happens to one alone has no other side.
fn sides(situation: &Situation) -> (Option<Actor>, Option<Actor>) {
    for o in &situation.occurrences {
        if let Happening::Act { arguments, .. } = &o.what {
            let mut who = actors(arguments);
            return match (who.next(), who.next()) {
                (Some(by), Some(on)) => (Some(by), Some(on)),
                (only, _) => (None, only),
            };
        }
    }
    (None, None)
}
