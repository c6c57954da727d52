//! That no article is empty (semantics §23, non-vacuity): for each a situation in which it arises and is kept while nobody is
//! in breach, save for the one breach that sets it off.
//!
//! In: the articles of a charter with norms that are due at all (N03 names those that never are). Out: that each has such a
//! situation, which was replayed, or the articles that have none, with the norms because of which (under N03), unless another
//! finding names the same cause. A duty counts as kept at its deadline, every other norm on a day on which it is due.

use super::core;
use super::lawful::{self, Found, How, Lawful, Sought};
use crate::checks::norms::Norms;
use crate::checks::norms::applies::{Applies, binds};
use crate::checks::norms::ask::Asking;
use crate::checks::norms::bare::{bare, met};
use crate::checks::norms::conclude::Open;
use crate::checks::situation::words::article as called;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Scene, Spared, Term, Universe, is_point, owed};
use crate::evaluate::situation::{Breach, Cause, Run, Status, Truth};
use crate::logic::{Formula, Linear, Sort};
use crate::model::StatementId;
use crate::model::conduct::{Binder, Condition, Norm, NormId, Rule, Trigger, Who};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The articles.
#[derive(Debug)]
pub(in crate::checks) struct Articles;

const QUESTION: &str =
    "each article arises and is kept while nobody is in breach, save for the one breach that sets it off";

/// What names the same cause, where its statements are among those of an article that is empty.
const CAUSES: &[&str] = &["N01", "N02", "N03", "N04", "N05", "S02", "S03"];

impl Check for Articles {
    fn code(&self) -> &'static str {
        "N03"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let mut articles: IndexMap<&str, Vec<&Norm>> = IndexMap::new();
            for norm in norms.asked.iter().filter(|n| n.charter.is_some() && binds(n)) {
                if norms.applies.get(&norm.id) == Some(&Applies::Yes) {
                    articles.entry(norm.article.as_str()).or_default().push(norm);
                }
            }
            let (mut open, mut empty) = (Open::default(), 0);
            let all: Vec<&Vec<&Norm>> = articles.values().collect();
            let answers = cx.each(&all, |cx, own| cx.as_one(|cx| arises(cx, &norms, own)));
            for ((article, own), answer) in articles.iter().zip(answers) {
                match answer {
                    Ok(None) => {}
                    Ok(Some(core)) => {
                        empty += 1;
                        if cx.has_cause(view.charter, CAUSES, &around(&norms.asking, own, &core), "N03") {
                            continue;
                        }
                        let set_off = |n: &&Norm| sets_off(n, norms.asking.frame.rule_of(n)).is_some();
                        let when = if own.iter().all(|n| core.iter().all(|s| *s == n.statement)) {
                            "in no situation"
                        } else if own.iter().any(set_off) {
                            "only while somebody is in breach, besides the one breach that sets it off"
                        } else {
                            "only while somebody is in breach"
                        };
                        let name = cx.charter_name(view.charter);
                        let message = format!("{} of {name} can be kept {when}", called(article));
                        let draft = Draft::new("N03", message).charter(view.charter).minimal(true);
                        let draft = draft.identity(format!("article {article}"));
                        cx.report(core.iter().fold(draft, |d, s| d.statement(*s, "")));
                    }
                    Err(why) => open.add(called(article), why),
                }
            }
            let holds = empty == 0 && !articles.is_empty();
            open.conclude(cx, ("N03", view, QUESTION), holds, [], IndexMap::new());
        }
    }
}

/// Nothing where some norm of an article arises and is kept lawfully; else the statements because of which none is.
fn arises(cx: &mut Context<'_>, norms: &Norms<'_>, own: &[&Norm]) -> Result<Option<BTreeSet<StatementId>>, String> {
    let asking = &norms.asking;
    if own.iter().any(|norm| as_seen(cx, norms, norm)) {
        return Ok(None);
    }
    let mut open = None;
    let mut none = Vec::new();
    for norm in own {
        match lawful::search(cx, asking, &Kept { norm: norm.id }, &How { any: true, ..How::default() }) {
            Found::Some(..) => return Ok(None),
            Found::Open(why) => open = open.or(Some(why)),
            Found::None(kept) => none.push((norm, kept)),
        }
    }
    if let Some(why) = open {
        return Err(why);
    }
    let mut out: BTreeSet<StatementId> = BTreeSet::new();
    for (norm, kept) in none {
        out.insert(norm.statement);
        out.extend(core::of_none(cx, asking, &Kept { norm: norm.id }, kept, &BTreeSet::new()));
    }
    Ok(Some(out))
}

/// Whether the situation in which a norm was seen to be due is one, without what it does not need and with what is owed besides;
/// or another in which what is broken there is kept.
fn as_seen(cx: &mut Context<'_>, norms: &Norms<'_>, norm: &Norm) -> bool {
    let asking = &norms.asking;
    let Some((witness, day)) = norms.seen.get(&norm.id).and_then(|s| s.situation.as_ref()) else { return false };
    let sought = Kept { norm: norm.id };
    let weigh = |run: &Run<'_>| {
        sought.replay(run, *day).ok()?;
        Some(sought.breaches(run, *day).into_iter().cloned().collect())
    };
    let Some(left) = bare(asking, witness, *day, &weigh) else { return false };
    let from = left.broken.iter().map(lawful::what).collect();
    if met(asking, left, *day, &weigh).is_some() {
        return true;
    }
    matches!(lawful::search(cx, asking, &sought, &How { any: true, from, ..How::default() }), Found::Some(..))
}

/// What a finding with the same cause may be about: the core, and all that the norms of the article read.
fn around(asking: &Asking<'_>, own: &[&Norm], core: &BTreeSet<StatementId>) -> BTreeSet<StatementId> {
    let reads = asking.frame.reads(&own.iter().map(|n| n.id).collect());
    let own = own.iter().map(|n| n.statement);
    core.iter().copied().chain(own).chain(reads.into_iter().map(|(s, _)| s)).collect()
}

/// A norm that is due and kept.
struct Kept {
    norm: NormId,
}

/// Whose breach of what sets a norm off.
struct SetOff<'p> {
    norms: &'p [NormId],
    by: Who,
    /// it sets its rule off; else it is a breach that the norm's own condition looks for
    rule: bool,
}

/// The breach that sets a norm off, where no vote finds it.
fn sets_off<'p>(norm: &'p Norm, rule: Option<&'p Rule>) -> Option<SetOff<'p>> {
    let found = rule.filter(|r| r.determined.is_none()).and_then(|r| match &r.trigger {
        Trigger::Breach { norms, by, .. } => Some(SetOff { norms, by: Who::Var(*by), rule: true }),
        Trigger::Occurs(_) => None,
    });
    found.or_else(|| looked_for(&norm.when))
}

/// The first breach by somebody that a condition asks for.
fn looked_for(condition: &Condition) -> Option<SetOff<'_>> {
    match condition {
        Condition::Breached { norms, by: Some(by), .. } => Some(SetOff { norms, by: *by, rule: false }),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(looked_for),
        _ => None,
    }
}

impl Sought for Kept {
    fn universe(&self, asking: &Asking<'_>, kept: &[NormId], wide: bool) -> Universe {
        if !wide {
            return Universe::with_none_of(&asking.frame, &[self.norm], kept);
        }
        let seeds: Vec<NormId> = std::iter::once(self.norm).chain(kept.iter().copied()).collect();
        Universe::about(&asking.frame, &[], &[], &seeds, wide)
    }

    fn build<'q>(&self, scene: &mut Scene<'q>, day: &Linear, lawful: Lawful<'_, 'q>) -> Term {
        let Some(norm) = scene.frame.norm(self.norm) else { return Term::falsity() };
        let by = sets_off(norm, scene.frame.rule_of(norm));
        let envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        let mut cases = Vec::new();
        for env in &envs {
            let chosen: Vec<usize> = env.iter().copied().flatten().collect();
            if !scene.universe.is_first(&chosen) {
                continue;
            }
            cases.push(scene.arises(norm, env, &mut |scene, arising| {
                // what meets a duty may lift it: it is due on some day, not only on its last
                let due = if is_point(norm) {
                    scene.some_day("due", |scene, on| {
                        let due = scene.due(norm, env, arising, on);
                        if due.is_false() { due } else { due.given(Formula::le(on, day)) }
                    })
                } else {
                    scene.due(norm, env, arising, day)
                };
                if due.is_false() {
                    return due;
                }
                let kept = if is_point(norm) {
                    let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
                    let met = scene.none(|scene| scene.unmet(norm, env, arising, &deadline));
                    met.given(Formula::eq(day, &deadline))
                } else if owed(norm) {
                    scene.none(|scene| scene.gap(norm, env, arising, day))
                } else {
                    Term::truth()
                };
                let spared = by.as_ref().and_then(|b| {
                    let day =
                        if b.rule { arising.base.clone()? } else { Linear::var(&scene.variable("spared", Sort::Int)) };
                    Some(Spared { norms: b.norms, by: scene.figure_of(b.by, env)?, day })
                });
                Term::and([due, kept, lawful(scene, spared.as_ref())])
            }));
        }
        Term::or(cases)
    }

    fn replay(&self, run: &Run<'_>, day: i64) -> Result<(), String> {
        if self.found(run, day).next().is_some() {
            return Ok(());
        }
        Err(format!("the evaluator does not find norm {} due and kept on day {day}", self.norm.0))
    }

    fn breaches<'r>(&self, run: &'r Run<'_>, day: i64) -> Vec<&'r Breach> {
        let all = lawful::breaches(run, day);
        let conduct = &run.program().conduct;
        let Some(norm) = conduct.norm(self.norm) else { return all };
        let Some(by) = sets_off(norm, norm.rule.and_then(|r| conduct.rule(r))) else { return all };
        let mut causes: Vec<&Breach> = Vec::new();
        for instance in self.found(run, day) {
            if by.rule {
                let firing = instance.firing.and_then(|f| run.firings().get(f));
                if let Some(Cause::Breach(at)) = firing.map(|f| f.cause) {
                    causes.extend(run.breaches().get(at));
                }
            } else {
                // what is forbidden or allowed leaves open who: it can be any of them
                let who = by.by.among(&instance.values);
                let theirs = |b: &&Breach| who.is_none() || b.subject == who;
                causes.extend(all.iter().copied().filter(theirs).filter(|b| by.norms.contains(&b.norm)));
            }
        }
        // the one breach because of which it arises: of several, the one that leaves the fewest
        let mut best = all.clone();
        for one in causes {
            let same = |b: &&Breach| b.subject == one.subject && b.day == one.day && by.norms.contains(&b.norm);
            let rest: Vec<&Breach> = all.iter().copied().filter(|b| !same(b)).collect();
            if rest.len() < best.len() {
                best = rest;
            }
        }
        best
    }
}

impl Kept {
    /// The instances of the norm that are due and kept on a day.
    fn found<'r>(&self, run: &'r Run<'_>, day: i64) -> impl Iterator<Item = &'r crate::evaluate::situation::Instance> {
        let id = self.norm;
        let norm = run.program().conduct.norm(id);
        let duty = norm.is_some_and(owed);
        let all = run.instances().iter().enumerate().filter(move |(_, i)| i.norm == id);
        all.filter(move |(at, _)| {
            if duty {
                matches!(run.status(*at, day), Some(Status::Met { .. }))
            } else {
                run.due(*at, day) == Truth::Yes
            }
        })
        .map(|(_, i)| i)
    }
}
