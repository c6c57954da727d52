//! N04: says nothing new: a norm whose every breach is also a breach of others by the same party (semantics §23).
//!
//! Norms are asked from the last to the first, and one that says nothing new is no longer among the others: so of duplicates
//! the later is named. The others are brought in one by one, those first that a situation without them breaks: the evaluator
//! says which. A permission says nothing new where no prohibition above which it stands is broken by what it permits: a note,
//! as people write such things on purpose.

use super::applies::{self, Applies, binds};
use super::ask::{self, Asking, Named, Reply, Wanted, Witness};
use super::bare::{bare, met};
use super::conclude::Open;
use super::{quoted, rests};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Kind, Read, Scene, Term, Universe, What, visit};
use crate::evaluate::situation::{Run, Truth};
use crate::logic::{Formula, Linear};
use crate::model::StatementId;
use crate::model::conduct::{ActionId, Actor, Binder, Condition, Deed, Force, Norm, NormId, Pattern, Trigger, Who};
use crate::report::Level;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// N04.
#[derive(Debug)]
pub(in crate::checks) struct NothingNew;

const QUESTION: &str = "each norm says something that the others do not";

/// How many other norms are brought in before the question is left open.
const OTHERS: usize = 12;

/// Which of its breaches are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breach {
    /// those on the day an act begins: what an act that lasts can break is asked with fewer days
    AtOnce,
    /// all
    Any,
}

/// What was found of one norm.
enum New {
    /// it says something that these, and with them all others, do not; nothing: which these are was not asked
    Yes(Option<Vec<NormId>>, Breach),
    /// these others say it; none: it can never be broken
    No(Vec<NormId>),
    Open(String),
}

impl Check for NothingNew {
    fn code(&self) -> &'static str {
        "N04"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["N05"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let asking = &norms.asking;
            let mut others: BTreeSet<NormId> = asking.frame.norms.iter().map(|n| n.id).collect();
            let (mut asked, mut found, mut open) = (0, 0, Open::default());
            let mut distinct: Vec<Distinct<'_>> = Vec::new();
            let group = |n: &Norm| n.group.as_ref().is_some_and(|g| !g.each_answerable);
            let applies = |n: &Norm| binds(n) && !group(n) && norms.applies.get(&n.id) == Some(&Applies::Yes);
            let due: Vec<&Norm> = norms.asked.iter().rev().copied().filter(|n| applies(n)).collect();
            let mut beside_all = beside_all(cx, asking, &due, &others);
            for norm in due {
                if matches!(norm.force, Force::May | Force::Entitled) {
                    match permits(cx, asking, norm) {
                        Reply::Yes(_) => {}
                        Reply::Open(why) => open.norm(norm, why),
                        Reply::No => {
                            let message = format!("{} permits what nothing below it forbids", quoted(norm));
                            let draft = Draft::new("N04", message)
                                .charter(view.charter)
                                .level(Level::Note)
                                .statement(norm.statement, "")
                                .identity(norm.text.clone());
                            cx.report(draft);
                        }
                    }
                    continue;
                }
                asked += 1;
                others.remove(&norm.id);
                // what is broken while all others are kept is broken while some of them are
                let new = match beside_all.remove(&norm.id) {
                    Some(new) => new,
                    None => cx.as_one(|cx| new(cx, asking, norm, &others)),
                };
                match new {
                    New::Yes(kept, breach) => {
                        others.insert(norm.id);
                        distinct.push((norm, kept, breach));
                    }
                    New::Open(why) => {
                        others.insert(norm.id);
                        open.norm(norm, why);
                    }
                    New::No(by) => {
                        found += 1;
                        let draft = draft(cx, asking, norm, &by).charter(view.charter);
                        cx.report(draft);
                    }
                }
            }
            let holds = open.is_empty() && found == 0 && asked > 0;
            let core =
                if holds { cx.as_one(|cx| rests_on(cx, asking, &distinct, &others)) } else { Ok(BTreeSet::new()) };
            let core = core.unwrap_or_else(|(norm, why)| {
                open.norm(norm, why);
                BTreeSet::new()
            });
            open.conclude(cx, ("N04", view, QUESTION), holds, core, IndexMap::new());
        }
    }
}

/// The norms that say something which none of all the others does: most do, and each of these can be asked by itself.
fn beside_all(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    due: &[&Norm],
    all: &BTreeSet<NormId>,
) -> BTreeMap<NormId, New> {
    let demands = |n: &&&Norm| !matches!(n.force, Force::May | Force::Entitled);
    let asked: Vec<&Norm> = due.iter().filter(demands).copied().collect();
    let found = cx.each(&asked, |cx, norm| {
        let others: BTreeSet<NormId> = all.iter().copied().filter(|id| *id != norm.id).collect();
        match cx.as_one(|cx| distinct(cx, asking, norm, &others, true)) {
            Ok(Apart::Distinct(kept, breach)) => Some((norm.id, New::Yes(kept, breach))),
            _ => None,
        }
    });
    found.into_iter().flatten().collect()
}

/// A norm that says something which the others do not: what is kept meanwhile, if that was asked, and how it is broken.
type Distinct<'n> = (&'n Norm, Option<Vec<NormId>>, Breach);

/// All that a proof about these norms, and no others, can rest on: themselves and what sets them off. Nothing where something
/// else can be read.
fn all_of(asking: &Asking<'_>, distinct: &[Distinct<'_>]) -> Option<BTreeSet<StatementId>> {
    let rule = |n: &Norm| asking.frame.rule_of(n).map(|r| r.statement);
    let core: BTreeSet<StatementId> =
        distinct.iter().flat_map(|(n, ..)| std::iter::once(n.statement).chain(rule(n))).collect();
    let in_it = |n: &&Norm| core.contains(&n.statement) && rule(n).is_none_or(|r| core.contains(&r));
    asking.frame.norms.iter().all(in_it).then_some(core)
}

/// What it rests on that each norm says something of its own: all of these, what sets them off, and the exceptions to them
/// without whose words nothing could be broken.
fn rests_on<'n>(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    distinct: &[Distinct<'n>],
    others: &BTreeSet<NormId>,
) -> Result<BTreeSet<StatementId>, (&'n Norm, String)> {
    // whatever is kept meanwhile, nothing else is there to rest on, and none of it can be left out
    if let Some(all) = all_of(asking, distinct) {
        return Ok(all);
    }
    let settled = cx.each(distinct, |cx, (norm, kept, breach)| match kept {
        Some(kept) => Ok((kept.clone(), *breach)),
        None => {
            let others: BTreeSet<NormId> = others.iter().copied().filter(|id| *id != norm.id).collect();
            match self::distinct(cx, asking, norm, &others, false) {
                Ok(Apart::Distinct(kept, breach)) => Ok((kept.unwrap_or_default(), breach)),
                Ok(Apart::Never(_)) => Err("fault: a breach was found and is not there".to_owned()),
                Err(why) => Err(why),
            }
        }
    });
    let nothing = BTreeSet::new();
    let mut core: BTreeSet<StatementId> = distinct.iter().map(|(n, ..)| n.statement).collect();
    for ((norm, ..), settled) in distinct.iter().zip(settled) {
        let (kept, breach) = settled.map_err(|why| (*norm, why))?;
        let seeds: BTreeSet<NormId> = std::iter::once(norm.id).chain(kept.iter().copied()).collect();
        let rules: BTreeSet<_> = seeds.iter().filter_map(|id| asking.frame.norm(*id)?.rule).collect();
        let (own, mut reads): (Vec<_>, Vec<_>) =
            asking.frame.reads(&seeds).into_iter().partition(|(_, read)| match read {
                Read::Rule(rule) => rules.contains(rule),
                Read::Norm(_) => false,
            });
        core.extend(own.into_iter().map(|(statement, _)| statement));
        reads.retain(|(statement, _)| !core.contains(statement));
        let ask = Ask { kept: &kept, loose: &nothing, breach, wanted: Wanted::Any };
        core.extend(rests::on(reads, |loose| matches!(broken(cx, asking, norm, Ask { loose, ..ask }), Found::Some(_))));
    }
    Ok(core)
}

fn draft(cx: &Context<'_>, asking: &Asking<'_>, norm: &Norm, by: &[NormId]) -> Draft {
    let conduct = &cx.program().conduct;
    let others: Vec<&Norm> = by.iter().filter_map(|id| conduct.norm(*id)).collect();
    if others.is_empty() && norm.is_prohibition() && !asking.frame.exceptions(norm).is_empty() {
        let above = asking.frame.exceptions(norm);
        let upper: Vec<String> = above.iter().map(|m| quoted(m)).collect();
        let by = crate::atlas::join(&upper);
        let message = format!("{} forbids nothing that is not permitted, by {by}", quoted(norm));
        let draft = Draft::new("N05", message).also("N04").statement(norm.statement, "");
        return above.iter().fold(draft, |d, m| d.statement(m.statement, ""));
    }
    let message = if others.is_empty() {
        format!("{} can be broken in no situation", quoted(norm))
    } else {
        let said: Vec<String> = others.iter().map(|m| quoted(m)).collect();
        format!("{} says nothing that {} does not", quoted(norm), crate::atlas::join(&said))
    };
    let draft = Draft::new("N04", message).statement(norm.statement, "").identity(norm.text.clone());
    others.iter().fold(draft, |d, m| d.statement(m.statement, ""))
}

/// The norms whose breach brings a norm about: which its rule answers, where it binds whoever is in breach; which its condition
/// looks for; and which forbid acts that its conditions look for, and not its own.
fn set_off_by(asking: &Asking<'_>, norm: &Norm) -> BTreeSet<NormId> {
    let rule = asking.frame.rule_of(norm);
    let mut out: BTreeSet<NormId> = match rule.map(|r| &r.trigger) {
        Some(Trigger::Breach { norms, by, .. }) if norm.subject == Who::Var(*by) => norms.iter().copied().collect(),
        _ => BTreeSet::new(),
    };
    let mut looked_for: BTreeSet<ActionId> = BTreeSet::new();
    let mut looks_for = |p: &Pattern| looked_for.extend([p.action]);
    rule.into_iter().for_each(|r| visit::rule(r, &mut looks_for));
    visit::circumstances(norm, &mut looks_for);
    visit::deed(&norm.deed, &mut |p| looked_for.retain(|a| *a != p.action));
    visit::parts(&norm.when, &mut |c| {
        if let Condition::Breached { norms, by: Some(by), .. } = c
            && *by == norm.subject
        {
            out.extend(norms.iter().copied());
        }
    });
    let forbids = |m: &&Norm| m.is_prohibition() && matches!(&m.deed, Deed::Act(p) if looked_for.contains(&p.action));
    out.extend(asking.frame.norms.iter().copied().filter(forbids).map(|m| m.id));
    out
}

/// Whether a prohibition or a duty can be broken while the same party keeps the others.
fn new(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm, others: &BTreeSet<NormId>) -> New {
    let kept = match distinct(cx, asking, norm, others, false) {
        Ok(Apart::Distinct(kept, breach)) => return New::Yes(kept, breach),
        Ok(Apart::Never(kept)) => kept,
        Err(why) => return New::Open(why),
    };
    let nothing = BTreeSet::new();
    let all = Ask { kept: &[], loose: &nothing, breach: Breach::Any, wanted: Wanted::Any };
    // those that are needed, the first of them kept
    let mut needed = kept.clone();
    for id in kept.iter().rev() {
        let fewer: Vec<NormId> = needed.iter().copied().filter(|n| n != id).collect();
        if matches!(broken(cx, asking, norm, Ask { kept: &fewer, ..all }), Found::None) {
            needed = fewer;
        }
    }
    New::No(needed)
}

/// Whether a norm is broken while others are kept.
enum Apart {
    /// while these are, and with them all; nothing: which these are was not asked, as acts were found that keep all
    Distinct(Option<Vec<NormId>>, Breach),
    /// never while all of these are
    Never(Vec<NormId>),
}

/// The same for breaches of a day's act first, of which fewer days are asked; `acts`: it suffices to find acts by which the
/// others are kept, without the norms that have to be.
fn distinct(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    others: &BTreeSet<NormId>,
    acts: bool,
) -> Result<Apart, String> {
    // what a breach brings about can be broken only by whoever has broken something before
    let others = &others.difference(&set_off_by(asking, norm)).copied().collect();
    let nothing = BTreeSet::new();
    let all = Ask { kept: &[], loose: &nothing, breach: Breach::Any, wanted: Wanted::Any };
    match apart(cx, asking, norm, (others, acts), Ask { breach: Breach::AtOnce, ..all }) {
        Ok(distinct @ Apart::Distinct(..)) => Ok(distinct),
        _ => apart(cx, asking, norm, (others, acts), all),
    }
}

/// Brings in the others that a situation breaks as well, until none is broken or no situation is left; in order.
fn apart(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    (others, acts): (&BTreeSet<NormId>, bool),
    ask: Ask<'_>,
) -> Result<Apart, String> {
    let mut kept: Vec<NormId> = Vec::new();
    loop {
        let mut more: Vec<NormId> = Vec::new();
        // what else happens in some situation may be by the way: the simplest has only what the breach takes
        for wanted in [Wanted::Any, Wanted::Simplest] {
            match broken(cx, asking, norm, Ask { kept: &kept, wanted, ..ask }) {
                Found::None => {
                    kept.sort_unstable();
                    return Ok(Apart::Never(kept));
                }
                // some are found all the same
                Found::Open(_) if !more.is_empty() => {}
                Found::Open(why) => return Err(why),
                Found::Some(broken) => match broken.with_it(asking, norm, others, &kept, acts) {
                    With::None => return Ok(Apart::Distinct(Some(kept), ask.breach)),
                    With::Met => return Ok(Apart::Distinct(None, ask.breach)),
                    With::These(these) => more = these,
                },
            }
        }
        kept.extend(more);
        if kept.len() > OTHERS {
            return Err(format!("more than {OTHERS} others are broken with it"));
        }
    }
}

enum Found {
    /// no breach
    None,
    /// a breach
    Some(Box<Broken>),
    Open(String),
}

/// A breach that was found.
struct Broken {
    /// what the same party breaks with it
    also: BTreeSet<NormId>,
    by: Actor,
    day: i64,
    witness: Witness,
}

/// What is broken with a norm.
enum With {
    /// nothing
    None,
    /// nothing, if some acts are added
    Met,
    These(Vec<NormId>),
}

impl Broken {
    /// Which of these are broken with it, where whatever happens by the way in its situation is left out, and with `acts` what
    /// is owed besides is done. `kept` stay kept.
    fn with_it(&self, asking: &Asking<'_>, norm: &Norm, of: &BTreeSet<NormId>, kept: &[NormId], acts: bool) -> With {
        let others = |n: &NormId| of.contains(n) && !kept.contains(n);
        let weigh = |run: &Run<'_>| {
            let mut own = run.breaches_by(self.by, self.day).filter(|b| b.ceiling.is_none());
            if !own.any(|b| b.norm == norm.id && b.day == self.day) {
                return None;
            }
            // a ceiling that is broken is not the norm whose act goes beyond it
            let norms = run.breaches().iter().filter(|b| b.ceiling.is_none());
            let own = norms.filter(|b| b.subject == Some(self.by) && b.truth != Truth::No);
            let own = own.filter(|b| b.earliest <= self.day);
            if own.clone().any(|b| kept.contains(&b.norm)) {
                return None;
            }
            Some(own.filter(|b| others(&b.norm)).cloned().collect())
        };
        let also: Vec<NormId> = self.also.iter().copied().filter(others).collect();
        if also.is_empty() {
            return With::None;
        }
        match bare(asking, &self.witness, self.day, &weigh) {
            Some(left) if left.broken.is_empty() => With::None,
            Some(left) if acts => met(asking, left, self.day, &weigh).map_or(With::These(also), |_| With::Met),
            _ => With::These(also),
        }
    }
}

/// What is asked of a breach.
#[derive(Debug, Clone, Copy)]
struct Ask<'a> {
    /// what the same party does not break
    kept: &'a [NormId],
    /// what may say anything
    loose: &'a BTreeSet<Read>,
    breach: Breach,
    wanted: Wanted,
}

/// A breach of a norm by a party that does not break these, whatever the loosened statements say.
fn broken(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm, ask: Ask<'_>) -> Found {
    let Ask { kept, loose, breach, wanted } = ask;
    let universe = Universe::with_none_of(&asking.frame, &[norm.id], kept);
    let named = Named::new();
    // the figures do not change from one build to the next, and the choice is read from the last
    let subjects = std::cell::RefCell::new(Vec::new());
    let build = |scene: &mut Scene<'_>| {
        if breach == Breach::AtOnce {
            scene.take_breaches_at_once();
        }
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.breakers(norm, None);
        *subjects.borrow_mut() =
            envs.iter().map(|env| vec![scene.figure_of(norm.subject, env)]).collect::<Vec<Vec<Option<usize>>>>();
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let Some(subject) = scene.figure_of(norm.subject, env) else { return Term::falsity() };
                let breach = scene.breach(norm, env, None, &mut |_, on| Term::fixed(Formula::eq(on, &day)));
                if breach.is_false() {
                    return breach;
                }
                let others = scene.none(|scene| {
                    let until = |on: &Linear| Term::fixed(Formula::le(on, &day));
                    scene.some_breach(kept, Some(subject), None, &mut |_, on| until(on))
                });
                breach.also(others)
            })
            .given(from)
    };
    let found = std::cell::RefCell::new(None);
    let reply = asking.whatever(cx, &universe, loose, wanted, build, |witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let subjects = subjects.borrow();
        let subject = named.chosen(witness, &subjects).and_then(|s| s.first().copied().flatten());
        let Some(subject) = subject.and_then(|s| ask::actor(&universe, s)) else {
            return Err("a breach by nobody".to_owned());
        };
        let run = applies::run(asking, witness, day);
        let own: Vec<_> = run.breaches_by(subject, day).filter(|b| b.ceiling.is_none()).collect();
        if !own.iter().any(|b| b.norm == norm.id && b.day == day) {
            return Err(format!("the evaluator does not find `{}` broken on day {day}", norm.text));
        }
        if let Some(b) = own.iter().find(|b| kept.contains(&b.norm)) {
            return Err(format!("the evaluator finds norm {} broken as well", b.norm.0));
        }
        let also: BTreeSet<NormId> = own.iter().map(|b| b.norm).filter(|n| *n != norm.id).collect();
        *found.borrow_mut() = Some((also, subject, day));
        Ok(())
    });
    match reply {
        Reply::No => Found::None,
        Reply::Open(why) => Found::Open(why),
        Reply::Yes(witness) => match found.into_inner() {
            Some((also, by, day)) => Found::Some(Box::new(Broken { also, by, day, witness: *witness })),
            None => Found::Open("fault: a breach was found and is not there".to_owned()),
        },
    }
}

/// An act that a permission makes no breach: without it, some prohibition would forbid it.
fn permits(cx: &mut Context<'_>, asking: &Asking<'_>, norm: &Norm) -> Reply {
    let Deed::Act(pattern) = &norm.deed else { return Reply::No };
    let below: Vec<NormId> = asking.frame.excused_by(norm);
    if norm.force == Force::Entitled && !asking.frame.hinderers(norm).is_empty() {
        // it forbids others to stand in its way
        return Reply::Yes(Box::new(ask::Witness::nothing()));
    }
    if below.is_empty() {
        cx.count(1);
        return Reply::No;
    }
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(below.iter().copied()).collect();
    let universe = Universe::new(&asking.frame, &seeds);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let Some(subject) = scene.figure_of(norm.subject, env) else { return Term::falsity() };
                scene.some_slot(Kind::Act(pattern.action), |scene, slot| {
                    let What::Act(act) = &slot.what else { return Term::falsity() };
                    let permitted =
                        scene.arises(norm, env, &mut |scene, arising| scene.covers(norm, env, arising, act, &day));
                    if permitted.is_false() {
                        return permitted;
                    }
                    let forbidden: Vec<Term> =
                        below.iter().map(|id| scene.would_forbid(*id, subject, act, &day)).collect();
                    permitted.also(Term::or(forbidden)).given(Formula::eq(&act.from, &day))
                })
            })
            .given(from)
    };
    // that the evaluator excuses an act by this permission is what its objections say
    asking.exists(cx, &universe, Wanted::Any, build, |witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let run = applies::run(asking, witness, day);
        let excused = witness.situation.occurrences.iter().filter(|o| o.from == day).any(|o| {
            let (_, why) = run.lawful(o, day);
            why.iter().any(|w| below.contains(&w.norm) && w.excused.is_some())
        });
        if excused { Ok(()) } else { Err(format!("the evaluator does not find `{}` to permit anything", norm.text)) }
    })
}
