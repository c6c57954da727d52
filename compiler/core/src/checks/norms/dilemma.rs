//! Dilemmas of one duty (semantics §19, §20b): what leaves no day and no amount on which it can be met lawfully.
//!
//! In: a duty to act, of a charter alone or with a candidate. Out: [`Outcome`]: the minimal sets of prohibitions that forbid
//! every act that would meet it, each with the simplest situation; what a proof that there is none rests on; or why neither
//! was shown. N01 tells what is found of norms, S03 and S04 what is found of what a sanction rule demands.
//!
//! *All acts* is asked exactly: the days and the amounts of an act are projected, not sampled. The party does nothing of its
//! own, so that it has broken nothing; only where nothing is found so, and an earlier act of its own can bring a ban or the
//! duty about, is it asked whether such an act, done lawfully before, leaves no way out ([`Own`]).
//!
//! A situation is replayed: the evaluator itself refutes every test point, the days of the window and the bounds of amounts.

use super::ask::{Asking, Named, Reply, Wanted, Witness, actor};
use super::at_will;
use super::copies::copies;
use super::lifting::Lifting;
use super::own::Own;
use super::quoted;
use super::refuted::{self, Instead};
use crate::checks::Context;
use crate::encode::conduct::{
    Arising, At, Env, Forbids, Kind, Needs, Scene, TOO_LARGE, Term, Universe, What, is_point, visit,
};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{ActionId, Actor, Binder, Deed, Norm, NormId, Trigger, Who};
use crate::model::{Program, StatementId};
use num_traits::ToPrimitive;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A duty that cannot be met lawfully.
#[derive(Debug)]
pub(crate) struct Stuck {
    /// by these together, each of them needed
    pub(crate) against: Vec<Forbids>,
    /// in this situation
    pub(crate) witness: Box<Witness>,
    /// with these values of the duty's variables
    pub(crate) values: Vec<Option<Actor>>,
}

/// What was found of a duty.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// what stands in its way
    pub(crate) found: Vec<Stuck>,
    /// if nothing does: what that rests on
    pub(crate) core: BTreeSet<StatementId>,
    /// why it is not known whether more does
    pub(crate) open: Option<String>,
    /// whether acts of one's own bear on it: then [`super::joint`] asks what this leaves open
    pub(crate) joint: bool,
}

impl Stuck {
    /// The norms in the way: prohibitions, and entitlements of others.
    pub(crate) fn norms(&self) -> impl Iterator<Item = NormId> {
        self.against.iter().filter_map(|by| match by {
            Forbids::Norm(id) | Forbids::Hinder(id) => Some(*id),
            Forbids::Ceiling(..) => None,
        })
    }

    /// Whether ceilings alone are in the way.
    pub(crate) fn by_ceilings(&self) -> bool {
        self.against.iter().all(|by| matches!(by, Forbids::Ceiling(..)))
    }
}

/// What can forbid the act of a duty, of one who has broken nothing: prohibitions, entitlements that it stands in the way of,
/// ceilings.
pub(super) fn forbidders(asking: &Asking<'_>, norm: &Norm) -> Vec<Forbids> {
    let mut out = forbidders_of_anyone(asking, norm);
    out.retain(|by| !matches!(by, Forbids::Norm(id) if binds_offenders(asking.frame.program, *id)));
    out
}

/// The same of anybody.
fn forbidders_of_anyone(asking: &Asking<'_>, norm: &Norm) -> Vec<Forbids> {
    let Deed::Act(pattern) = &norm.deed else { return Vec::new() };
    let frame = &asking.frame;
    let mut out = frame.forbidders(pattern.action);
    // due at its end without an exception, and not lifted by what meets it, a duty is due all along: its own acts are excused from
    // what it ranks above
    let mut all_along = norm.unless.is_false();
    for lift in frame.rule_of(norm).into_iter().filter_map(|r| r.lift.as_ref()) {
        visit::condition(lift, &mut |p| all_along &= p.action != pattern.action);
    }
    let excused = |id| all_along && frame.program.conduct.ranks_above(norm.id, id);
    // and what one can lift oneself is in nobody's way
    let lifted = |id| {
        let ban = frame.norm(id);
        ban.is_some_and(|ban| {
            let permitted = |m: &&Norm| at_will::permitted(asking, m, norm);
            at_will::lifted(asking, ban) || frame.exceptions(ban).iter().any(permitted)
        })
    };
    out.retain(|by| !matches!(by, Forbids::Norm(id) if excused(*id) || lifted(*id)));
    out
}

/// What can forbid the act of a duty on whoever is in breach, but for ceilings; or why it is not said what does: where acts of its own
/// bear on it.
pub(in crate::checks) fn of_the_offender(asking: &Asking<'_>, norm: &Norm) -> Result<Vec<Forbids>, String> {
    let mut against = forbidders_of_anyone(asking, norm);
    against.retain(|by| !matches!(by, Forbids::Ceiling(..)));
    if !against.is_empty() && !Own::new(asking, norm, &against).acts.is_empty() {
        return Err(overlooked("what whoever is in breach does first can leave a way out"));
    }
    Ok(against)
}

/// That a duty is due at the end of its window, and that these together forbid every act that meets it; `each`: with occurrences
/// for each of its days.
pub(in crate::checks) fn stuck_by<'p>(
    scene: &mut Scene<'p>,
    norm: &'p Norm,
    env: &Env,
    arising: &Arising,
    day: &Linear,
    (against, each): (&[Forbids], bool),
) -> Term {
    stuck(scene, norm, env, arising, day, &Bars { against, announced: BTreeSet::new(), each })
}

/// Whether a norm binds nobody but whoever is in breach of something: in a lawful course from a clean moment it binds nobody
/// (§19). What a finding says may be false, so it does not count.
pub(super) fn binds_offenders(program: &Program, id: NormId) -> bool {
    let Some(norm) = program.conduct.norm(id) else { return false };
    let rule = norm.rule.and_then(|r| program.conduct.rule(r)).filter(|r| r.determined.is_none());
    rule.is_some_and(|r| matches!(&r.trigger, Trigger::Breach { by, .. } if norm.subject == Who::Var(*by)))
}

/// Asks about one duty to act.
pub(crate) fn duty(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.open = cx.as_one(|cx| look(cx, asking, norm, &mut outcome)).err();
    outcome
}

fn look(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm, outcome: &mut Outcome) -> Result<(), String> {
    let Deed::Act(pattern) = &norm.deed else { return Ok(()) };
    let against = forbidders(asking, norm);
    let own = Own::new(asking, norm, &against);
    if !against.is_empty() {
        // where acts of its own bear on it, a search that gives up is not the last
        outcome.joint = !own.acts.is_empty();
        search(cx, asking, norm, &against, &BTreeSet::new(), outcome)?;
        if !outcome.found.is_empty() {
            return Ok(());
        }
        // what the act itself brings about bars it before any earlier act does
        if own.bars_itself(pattern) {
            return Err(overlooked("what meets it can itself bring about what stands in the way"));
        }
        let before = own.brought_about();
        if !before.is_empty() {
            search(cx, asking, norm, &against, &before, outcome)?;
            if !outcome.found.is_empty() {
                return Ok(());
            }
        }
        if let Some(other) = own.besides(norm, &before) {
            let what = if other.id == norm.id { "it another time".to_owned() } else { quoted(other) };
            return Err(overlooked(&format!("what meets {what} can bring about what stands in the way")));
        }
    }
    if let Some(owed) = own.brought_by(pattern.action).next() {
        outcome.joint = true;
        return Err(overlooked(&format!("what meets it brings about {}, which may be forbidden", quoted(owed))));
    }
    if !against.is_empty() {
        outcome.core.insert(norm.statement);
        outcome.core.extend(against.iter().filter_map(|by| statement(asking.frame.program, *by)));
    }
    Ok(())
}

/// Why nothing is said where acts of the course itself may bar the way.
fn overlooked(why: &str) -> String {
    format!("{why}, and whether it always does is not looked for")
}

/// The same, where the party may have done these acts before, and no others.
fn search(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    against: &[Forbids],
    before: &BTreeSet<ActionId>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let mut found: Vec<(Vec<Forbids>, Answer)> = Vec::new();
    let ended = smallest(against, &mut found, |set, wanted| ask(cx, asking, norm, (set, before), wanted));
    let stuck = |(against, (witness, values))| Stuck { against, witness, values };
    outcome.found.extend(found.into_iter().map(stuck));
    ended
}

/// The smallest sets of these of which `ask` has an answer: what has one alone, and of the rest one set of which each is needed.
pub(in crate::checks) fn smallest<A>(
    against: &[Forbids],
    found: &mut Vec<(Vec<Forbids>, A)>,
    mut ask: impl FnMut(&[Forbids], Wanted) -> Result<Option<A>, String>,
) -> Result<(), String> {
    // what all of them together do not forbid none of them does
    if against.len() > 1 && matches!(ask(against, Wanted::Any), Ok(None)) {
        return Ok(());
    }
    let mut rest: Vec<Forbids> = Vec::new();
    for by in against {
        match ask(&[*by], Wanted::Simplest)? {
            Some(answer) => found.push((vec![*by], answer)),
            None => rest.push(*by),
        }
    }
    if rest.len() < 2 {
        return Ok(());
    }
    let Some(mut last) = ask(&rest, Wanted::Simplest)? else { return Ok(()) };
    // left out one by one: what is left needs each of them; none of them does it alone
    let mut at = 0;
    while at < rest.len() && rest.len() > 2 {
        let mut without = rest.clone();
        without.remove(at);
        match ask(&without, Wanted::Simplest)? {
            Some(better) => {
                rest = without;
                last = better;
            }
            None => at += 1,
        }
    }
    found.push((rest, last));
    Ok(())
}

/// Where it is stated.
pub(super) fn statement(program: &Program, by: Forbids) -> Option<StatementId> {
    match by {
        Forbids::Norm(id) | Forbids::Hinder(id) => program.conduct.norm(id).map(|n| n.statement),
        Forbids::Ceiling(id, place) => {
            let rule = program.conduct.norm(id).and_then(|n| n.rule).and_then(|r| program.conduct.rule(r))?;
            rule.ceilings.get(place).map(|c| c.statement)
        }
    }
}

type Answer = (Box<Witness>, Vec<Option<Actor>>);

/// A situation in which these prohibitions forbid every act that meets a duty.
fn ask(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    (against, before): (&[Forbids], &BTreeSet<ActionId>),
    wanted: Wanted,
) -> Result<Option<Answer>, String> {
    let mut kept: BTreeSet<NormId> = BTreeSet::new();
    loop {
        let instead: RefCell<Option<Instead>> = RefCell::default();
        // few occurrences first: more are asked for only where these do not suffice
        let mut reply = once(cx, asking, norm, (against, before, wanted), &kept, &instead, false);
        let again = reply.as_ref().is_err_and(|why| !why.contains(TOO_LARGE));
        if again && instead.borrow().is_none() {
            reply = once(cx, asking, norm, (against, before, wanted), &kept, &instead, true);
        }
        match (reply, instead.into_inner()) {
            // whoever broke something before is not at a clean moment: that norm is to be kept
            (Err(_), Some(Instead::Broken(other))) if kept.len() < KEPT && kept.insert(other) => {}
            (Err(_), Some(Instead::Owing)) => {
                return Err("a situation in which nothing else is owed from before was not found".to_owned());
            }
            (Err(_), Some(Instead::Helped)) => {
                let why = "what one may do first can leave a way out, and whether it always does is not looked for";
                return Err(why.to_owned());
            }
            (reply, _) => return reply,
        }
    }
}

/// How many norms are brought in that the party is to keep before.
const KEPT: usize = 12;

/// The same, with these norms kept by the party before the duty's window opens; `each`: with occurrences for each day.
fn once(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    (against, before, wanted): (&[Forbids], &BTreeSet<ActionId>, Wanted),
    kept: &BTreeSet<NormId>,
    instead: &RefCell<Option<Instead>>,
    each: bool,
) -> Result<Option<Answer>, String> {
    let seeds: Vec<NormId> =
        std::iter::once(norm.id).chain(against.iter().map(|by| by.norm())).chain(kept.iter().copied()).collect();
    // a prohibition is in the way of nobody but whom it binds, and one's own norms are kept: both of whoever has the duty
    let (own, rest): (Vec<NormId>, Vec<NormId>) = seeds.iter().partition(|id| {
        norm.group.is_none() && **id != norm.id && (kept.contains(id) || against.contains(&Forbids::Norm(**id)))
    });
    let universe = Universe::of_one(&asking.frame, &own, &rest, others(asking, norm, against));
    let mut looked_at = acts(asking, &seeds, kept);
    looked_at.retain(|a| !before.contains(a));
    let announced = |id: &NormId| asking.frame.norm(*id).is_some_and(|ban| at_will::announced(asking, ban));
    let announced = against.iter().filter_map(|by| by.prohibition()).filter(announced).collect();
    let bars = Bars { against, announced, each };
    let named = Named::new();
    let chosen: RefCell<Vec<Env>> = RefCell::default();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        (*chosen.borrow_mut()).clone_from(&envs);
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let members = scene.members_of(norm, env);
                let who: Vec<usize> = members.iter().filter_map(|own| scene.figure_of(norm.subject, own)).collect();
                let nothing: Vec<Term> = who.iter().map(|one| idle(scene, *one, &looked_at, None)).collect();
                let stuck = scene.arises(norm, env, &mut |scene, arising| {
                    let clean: Vec<Term> =
                        who.iter().map(|one| clean(scene, norm, *one, arising, &day, kept)).collect();
                    let no_more: Vec<Term> =
                        who.iter().map(|one| idle(scene, *one, before, Some(&arising.day))).collect();
                    let clean = Term::and(clean.into_iter().chain(no_more));
                    stuck(scene, norm, env, arising, &day, &bars).also(clean)
                });
                stuck.also(Term::and(nothing))
            })
            .given(from)
    };
    let reply = asking.exists(cx, &universe, wanted, build, |witness| {
        let envs = chosen.borrow();
        let env = named.chosen(witness, &envs).cloned().unwrap_or_default();
        let values: Vec<Option<Actor>> = env.iter().map(|f| f.and_then(|f| actor(&universe, f))).collect();
        let day = witness.whole(&named.day).unwrap_or(0);
        let lifting = Lifting::new(&Own::new(asking, norm, against), norm);
        refuted::replay(asking, witness, (norm, &lifting), &values, day, instead)
    });
    match reply {
        Reply::No => Ok(None),
        Reply::Open(why) => Err(why),
        Reply::Yes(witness) => {
            let envs = chosen.borrow();
            let env = named.chosen(&witness, &envs).cloned().unwrap_or_default();
            Ok(Some((witness, env.iter().map(|f| f.and_then(|f| actor(&universe, f))).collect())))
        }
    }
}

/// How many of a group may have to be told apart: all of them, if what forbids its act depends on what happens to each.
fn others(asking: &Asking<'_>, norm: &Norm, against: &[Forbids]) -> usize {
    let always = |by: &Forbids| by.prohibition().and_then(|id| asking.frame.norm(id)).is_some_and(always);
    if norm.group.is_none() || against.iter().all(always) { 0 } else { asking.frame.members.len() }
}

/// Whether nothing need occur for a prohibition to bind.
fn always(norm: &Norm) -> bool {
    norm.rule.is_none() && norm.when.is_true() && norm.unless.is_false()
}

/// The day on which the course begins that is to meet a duty: as it arises, or the day that is asked about.
fn course<'d>(norm: &Norm, arising: &'d Arising, day: &'d Linear) -> &'d Linear {
    if is_point(norm) { &arising.day } else { day }
}

/// That one has broken none of these before the window of a duty opens, and that the deadline of none of them is over when its
/// course begins.
fn clean(
    scene: &mut Scene<'_>,
    norm: &Norm,
    subject: usize,
    arising: &Arising,
    day: &Linear,
    kept: &BTreeSet<NormId>,
) -> Term {
    let start = if is_point(norm) { scene.window_start(&norm.window, arising) } else { day.clone() };
    let course = course(norm, arising, day);
    let mut all = Vec::new();
    for id in kept {
        let Some(other) = scene.frame.norm(*id) else { continue };
        for env in scene.breakers(other, Some(subject)) {
            all.push(scene.none(|scene| {
                scene.breach(other, &env, None, &mut |_, on| {
                    let missed = if is_point(other) { Formula::le(on, course) } else { Formula::falsity() };
                    Term::fixed(Formula::or([Formula::lt(on, &start), missed]))
                })
            }));
        }
    }
    Term::and(all)
}

/// Acts that a question about these norms can have occur, but what is owed by the kept ones.
pub(super) fn acts(asking: &Asking<'_>, seeds: &[NormId], kept: &BTreeSet<NormId>) -> BTreeSet<ActionId> {
    let frame = &asking.frame;
    let owed: BTreeSet<ActionId> = kept
        .iter()
        .filter_map(|id| frame.norm(*id))
        .filter_map(|n| if let Deed::Act(p) = &n.deed { Some(p.action) } else { None })
        .collect();
    let (_, mentions) = frame.closure(seeds.iter().copied());
    let known = mentions.actions.into_iter().chain(frame.changing.iter().copied());
    let act = |id: &ActionId| frame.program.conduct.action(*id).is_some_and(|a| !a.event);
    known.filter(act).filter(|id| !owed.contains(id)).collect()
}

/// That one does none of these acts; with a day, none from then on, and is in the midst of none.
pub(super) fn idle(
    scene: &mut Scene<'_>,
    subject: usize,
    actions: &BTreeSet<ActionId>,
    since: Option<&Linear>,
) -> Term {
    let mut all = Vec::new();
    for action in actions {
        all.push(scene.none(|scene| {
            scene.some_slot(Kind::Act(*action), |_, slot| {
                let What::Act(act) = &slot.what else { return Term::falsity() };
                let own = act.actor().map_or_else(Formula::falsity, |p| p.is(subject));
                let then = since.map_or_else(Formula::truth, |day| act.lasts_until(day));
                Term::fixed(Formula::and([own, then]))
            })
        }));
    }
    Term::and(all)
}

/// What stands in the way of a duty.
struct Bars<'a> {
    against: &'a [Forbids],
    /// those that anybody they bind escapes by an announcement, made at will
    announced: BTreeSet<NormId>,
    /// whether there are occurrences for each day
    each: bool,
}

/// That a duty is due and every act that meets it is forbidden; of a group, that too few are left who may act.
fn stuck<'p>(
    scene: &mut Scene<'p>,
    norm: &'p Norm,
    env: &Env,
    arising: &Arising,
    day: &Linear,
    bars: &Bars<'_>,
) -> Term {
    let (start, end) = if is_point(norm) {
        let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
        (scene.window_start(&norm.window, arising), deadline)
    } else {
        (day.clone(), day.clone())
    };
    let due = scene.due(norm, env, arising, day);
    if due.is_false() {
        return due;
    }
    let at = At { variables: &norm.variables, env, day, base: arising.base.as_ref() };
    let barred =
        scene.too_few_but_for(norm, env, at, &mut |scene, own| barred(scene, norm, own, arising, (&start, &end), bars));
    due.also(barred).given(Formula::eq(day, &end))
}

/// That a day comes too early for what would have to be announced, if whoever can do so at will does it as soon as the course
/// begins; of what forbids otherwise, always.
fn too_early(scene: &mut Scene<'_>, bars: &Bars<'_>, by: Forbids, on: &Linear, course: &Linear) -> Formula {
    let ban = by.prohibition().filter(|id| bars.announced.contains(id)).and_then(|id| scene.frame.norm(id));
    match ban.map(|ban| &ban.deed) {
        Some(Deed::Before { days, .. }) => Formula::lt(&scene.before(on, days), course),
        _ => Formula::truth(),
    }
}

/// That every act of one by which a duty is met in a window is forbidden.
fn barred<'p>(
    scene: &mut Scene<'p>,
    norm: &'p Norm,
    env: &Env,
    arising: &Arising,
    (start, end): (&Linear, &Linear),
    bars: &Bars<'_>,
) -> Term {
    let Deed::Act(pattern) = &norm.deed else { return Term::falsity() };
    let course = course(norm, arising, start);
    let mut each_day = Needs::default();
    let mut free = scene.none(|scene| {
        scene.some_day("way out", |scene, on| {
            let at = At { variables: &norm.variables, env, day: on, base: arising.base.as_ref() };
            let point = scene.point(pattern, at, true);
            let inside = Formula::and([Formula::ge(on, start), Formula::ge(on, &arising.first), Formula::le(on, end)]);
            let vars = point.vars.clone();
            let lawful = scene.binding(&vars, |scene| {
                let meets = scene.matches(pattern, &point.act, at, true).given(point.limits.clone());
                let forbids = scene.none(|scene| {
                    let mut cases: Vec<Term> = Vec::new();
                    for by in scene.frame.forbidders(point.act.action) {
                        if bars.against.contains(&by) {
                            let early = too_early(scene, bars, by, on, course);
                            cases.push(scene.forbidden_by(by, &point.act, on).given(early));
                        }
                    }
                    Term::or(cases)
                });
                meets.also(forbids)
            });
            each_day = lawful.no.clone();
            scene.project(&vars, lawful).given(inside)
        })
    });
    let length = (end - start).as_constant().and_then(|n| n.to_integer().to_usize());
    let copies = copies(scene, bars.against, length).filter(|_| bars.each);
    if let Some(copies) = copies {
        free.yes = each_day.times(copies);
    }
    free
}
