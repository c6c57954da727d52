//! S11: hollow guarantee: every party meets all its duties, and whoever is hit still gets nothing.
//!
//! In: rules with acts tagged `helps` for whoever the rule is about, and norms outside of rules with such acts for whoever their
//! condition says something happened to ([`standing`]). Out: the simplest situation in which the rule is set off, nobody is in
//! breach behind every deadline of the rule but for whoever set it off, and no act that helps has reached the one who was hit; with the
//! minimal sets of words of discretion (`may`, `should`, `as it deems necessary`) whose hardening into a duty makes that impossible.
//! Or a proof that somebody must help. Not asked where no action is tagged `helps`.

mod standing;

use super::acts::complied;
use super::scene::{self, SetOff, arisen, first, horizon, set_off, timeline};
use super::{Answer, Found, Pact, is_owed, pattern, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, Env, Frame, Scene, Term, Universe};
use crate::evaluate::situation::{Run, Text};
use crate::model::conduct::{
    ActionId, Actor, Binder, Force, Happening, Match, Norm, NormId, Rule, Situation, Trigger, Value, VarId, Who,
};
use crate::model::{Program, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;

/// S11.
#[derive(Debug)]
pub(in crate::checks) struct HollowGuarantee;

/// Sets of so many words of discretion are tried at most.
const HARDENED: usize = 3;

impl Check for HollowGuarantee {
    fn code(&self) -> &'static str {
        "S11"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S11", |cx, pact| {
            let mut found = Found::default();
            let hit = pact.rules().any(|r| matches!(&r.trigger, Trigger::Breach { against: Some(_), .. }));
            let list = guarantees(pact);
            let besides = standing::promises(pact);
            if list.is_empty() && besides.is_empty() {
                if hit && !pact.conduct().actions.iter().any(|a| a.helps) {
                    found.not_asked.push(format!(
                        "no action of {} is tagged `helps`, so what whoever is hit may count on is not said",
                        pact.name()
                    ));
                }
                return found;
            }
            let asking = cx.asking(pact.view);
            for guarantee in list {
                one(cx, pact, &asking, &guarantee, &mut found);
            }
            for promise in besides {
                standing::one(cx, pact, &asking, &promise, &mut found);
            }
            found
        });
    }
}

/// A rule that promises help.
struct Guarantee<'p> {
    rule: &'p Rule,
    /// whom
    victim: VarId,
    /// by these norms
    help: Vec<&'p Norm>,
}

/// The rules with acts that help whoever a variable of theirs stands for.
fn guarantees<'p>(pact: &Pact<'p>) -> Vec<Guarantee<'p>> {
    let mut out: Vec<Guarantee<'p>> = Vec::new();
    for rule in pact.rules() {
        for norm in pact.steps(rule).filter(|n| n.force != Force::MustNot) {
            let Some(p) = pattern(norm) else { continue };
            if !pact.conduct().action(p.action).is_some_and(|a| a.helps) {
                continue;
            }
            for m in p.arguments.iter().skip(1) {
                let Match::Is(Who::Var(v)) = m else { continue };
                if rule.variables.get(v.0 as usize).is_none_or(|x| x.binder != Binder::Rule) {
                    continue;
                }
                match out.iter_mut().find(|g| g.rule.id == rule.id && g.victim == *v) {
                    Some(known) => known.help.push(norm),
                    None => out.push(Guarantee { rule, victim: *v, help: vec![norm] }),
                }
            }
        }
    }
    out
}

/// Whom the help is for, in words: a breach or a hostile act hits somebody, an event such as `wants(q)` need not.
fn whoever(hit: bool) -> &'static str {
    if hit { "whoever is hit" } else { "whoever is to be helped" }
}

/// Whether an act is one by which somebody is hit.
fn hits(pact: &Pact<'_>, action: ActionId) -> bool {
    pact.conduct().action(action).is_some_and(|a| a.hostile) || !forbidding(pact, action).is_empty()
}

fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, guarantee: &Guarantee<'p>, found: &mut Found) {
    let place = crate::checks::situation::words::article(&guarantee.rule.article);
    let whoever = whoever(match &guarantee.rule.trigger {
        Trigger::Breach { .. } => true,
        Trigger::Occurs(p) => hits(pact, p.action),
    });
    let question = format!("{whoever} gets help under {place} of {}", pact.name());
    let mut core = vec![guarantee.rule.statement];
    match unowed(cx, pact, asking, guarantee, Wanted::Simplest) {
        Reply::No => {
            core.extend(guarantee.help.iter().filter(|n| is_owed(n)).map(|n| n.statement));
            found.proved.push((question, core));
        }
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let Some((situation, day)) = hollow(pact, guarantee, &witness) else {
                let why = "a situation without a duty to help was found, and what else is owed in it could not be done";
                found.undecided.push((question, why.to_owned()));
                return;
            };
            let run = Run::new(pact.program, pact.view.charter, &situation, day);
            let about = scene::about(pact, seeds(pact, guarantee));
            let words: Vec<&Norm> = guarantee.help.iter().copied().filter(|n| !is_owed(n)).collect();
            let shown = timeline(
                pact,
                &run,
                &about,
                |b| b.subject.is_some(),
                |_, i| guarantee.help.iter().any(|n| n.id == i.norm),
            );
            let message =
                format!("everybody can do all that {place} of {} asks, and {whoever} gets nothing", pact.name());
            let mut draft = Draft::new("S11", message)
                .charter(pact.view.charter)
                .statement(guarantee.rule.statement, "")
                .situation(pact.program, &shown)
                .note(format!("by day {day} nobody is in breach for want of help, and no act that helps was done"));
            draft = draft.statements(guarantee.help.iter().map(|norm| norm.statement));
            for set in hardening(&words, |set| prevents(cx, pact, asking, guarantee, set)) {
                draft = draft.note(would_prevent(&set));
            }
            found.drafts.push(draft);
        }
    }
}

fn seeds(pact: &Pact<'_>, guarantee: &Guarantee<'_>) -> Vec<NormId> {
    let broken = match &guarantee.rule.trigger {
        Trigger::Breach { norms, .. } => norms.clone(),
        Trigger::Occurs(p) => forbidding(pact, p.action),
    };
    guarantee.rule.norms.iter().copied().chain(broken).collect()
}

/// What whoever does an act may break by it.
fn forbidding(pact: &Pact<'_>, action: ActionId) -> Vec<NormId> {
    pact.norms()
        .filter(|n| n.is_prohibition() && pattern(n).is_some_and(|p| p.action == action))
        .map(|n| n.id)
        .collect()
}

/// Whoever sets a rule off, and what it may break by that. An event happens: it is nobody's doing, and the first whom it names is
/// whom it happens to.
fn author(pact: &Pact<'_>, rule: &Rule) -> (Option<Who>, Vec<NormId>) {
    match &rule.trigger {
        Trigger::Breach { norms, by, .. } => (Some(Who::Var(*by)), norms.clone()),
        Trigger::Occurs(p) if pact.conduct().action(p.action).is_some_and(|a| a.event) => (None, Vec::new()),
        Trigger::Occurs(p) => {
            let by = p.arguments.first().and_then(|m| match m {
                Match::Binds(v) => Some(Who::Var(*v)),
                Match::Is(w) => Some(*w),
                _ => None,
            });
            (by, forbidding(pact, p.action))
        }
    }
}

/// A situation in which a rule is set off and no duty to help is due on its last day, whenever the rule is lifted: then nobody
/// need help. Where one is due, whoever does not help is in breach.
fn unowed(
    cx: &mut Context<'_>,
    pact: &Pact<'_>,
    asking: &Asking<'_>,
    guarantee: &Guarantee<'_>,
    wanted: Wanted,
) -> Reply {
    let seeds = seeds(pact, guarantee);
    let (by, broken) = author(pact, guarantee.rule);
    let named = Named::new();
    let universe = Universe::new(&asking.frame, &seeds);
    let build = |scene: &mut Scene<'_>, how: SetOff<'_>| {
        let Some(rule) = scene.program.conduct.rule(guarantee.rule.id) else { return Term::falsity() };
        let envs = scene.choices(&rule.variables, &[Binder::Rule], &Vec::new());
        named.some(scene, &envs, |scene, env| {
            let Some(victim) = scene.figure_of(Who::Var(guarantee.victim), env) else { return Term::falsity() };
            let author = by.and_then(|w| scene.figure_of(w, env));
            if author == Some(victim) {
                return Term::falsity();
            }
            let mut holds = |scene: &mut Scene<'_>, arising: &Arising| {
                let mut all = Vec::new();
                for id in &guarantee.help {
                    let Some(norm) = scene.frame.norm(id.id).filter(|n| is_owed(n)) else { continue };
                    for own in scene::instances(scene, norm, env) {
                        // nor is one's own help what one is promised
                        let helper = scene.figure_of(norm.subject, &own);
                        if helper.is_some() && (helper == author || helper == Some(victim)) {
                            continue;
                        }
                        all.push(
                            scene.none(|scene| scene.while_it_lasts(|scene| due_to_help(scene, norm, &own, arising))),
                        );
                    }
                }
                // what ends help before it is due leaves nobody without it
                let day = arising.base.clone().unwrap_or_else(|| arising.day.clone());
                all.push(scene.no_excuse(&rule.norms, &day));
                Term::and(all)
            };
            match Answer::of(scene.program, rule.id) {
                Some(answer) => set_off(scene, &answer, how, env, &mut holds),
                None => scene.triggered(rule, env, &mut holds),
            }
        })
    };
    let replay = |witness: &Witness| {
        let run = scene::run(asking, witness, witness.last_day(0) + 1);
        let fired = run.firings().iter().any(|f| f.rule == guarantee.rule.id);
        if fired { Ok(()) } else { Err("the evaluator does not find the rule set off".to_owned()) }
    };
    match &guarantee.rule.trigger {
        Trigger::Breach { .. } => {
            first(pact, &broken, |how| asking.exists(cx, &universe, wanted, |scene| build(scene, how), replay))
        }
        Trigger::Occurs(_) => {
            let how = SetOff { broken: &broken, later: false };
            asking.exists(cx, &universe, wanted, |scene| build(scene, how), replay)
        }
    }
}

/// That a duty to help which arose so is due: a point duty on its last day, a standing one on some day.
fn due_to_help<'p>(scene: &mut Scene<'p>, norm: &'p Norm, env: &Env, arising: &Arising) -> Term {
    let arises = arisen(scene, norm, env, arising);
    if arises.is_false() {
        return arises;
    }
    let due = match scene.deadline(&norm.window, arising).filter(|_| norm.is_point_duty()) {
        Some(deadline) => scene.due(norm, env, arising, &deadline),
        None => scene.some_day("due", |scene, day| scene.due(norm, env, arising, day)),
    };
    arises.also(due)
}

/// The situation in which, besides, everybody has done what it owes by a day behind every deadline of the rule, and still
/// nobody has helped; and that day.
fn hollow(pact: &Pact<'_>, guarantee: &Guarantee<'_>, witness: &Witness) -> Option<(Situation, i64)> {
    let day = horizon(pact, witness, 0);
    let first = Run::new(pact.program, pact.view.charter, &witness.situation, day);
    let fired = first.firings().iter().find(|f| f.rule == guarantee.rule.id)?;
    let value = |w: Who| w.among(&fired.values);
    let victim = value(Who::Var(guarantee.victim))?;
    let (by, mut allowed) = author(pact, guarantee.rule);
    // nobody counts on the help of whoever attacks
    allowed.extend(guarantee.help.iter().map(|n| n.id));
    let but = by.and_then(value).map(|a| (a, allowed.as_slice()));
    // behind the last deadline of what the rule asks
    let own = first.instances().iter().filter(|i| guarantee.rule.norms.contains(&i.norm));
    let last = own.map(|i| i.deadline.unwrap_or(i.first)).max().unwrap_or(fired.day).max(fired.day);
    let until = last + 1;
    let situation = complied(pact, &witness.situation, until, but)?;
    (!is_helped(pact, &situation, victim)).then_some((situation, until))
}

/// Whether any act of another helps somebody.
fn is_helped(pact: &Pact<'_>, situation: &Situation, victim: Actor) -> bool {
    let victim = Value::Actor(victim);
    situation.occurrences.iter().any(|o| match &o.what {
        Happening::Act { action, arguments, .. } => {
            pact.conduct().action(*action).is_some_and(|a| a.helps && !a.event)
                && arguments.first() != Some(&victim)
                && arguments.iter().skip(1).any(|a| *a == victim)
        }
        _ => false,
    })
}

/// The minimal sets of words of discretion that, hardened into duties, leave no such situation.
fn hardening<'p>(words: &[&'p Norm], mut prevents: impl FnMut(&[&'p Norm]) -> bool) -> Vec<Vec<&'p Norm>> {
    let mut out: Vec<Vec<&Norm>> = Vec::new();
    for size in 1..=HARDENED.min(words.len()) {
        for set in subsets(words, size) {
            if out.iter().any(|known| known.iter().all(|n| set.iter().any(|m| m.id == n.id))) {
                continue;
            }
            if prevents(&set) {
                out.push(set);
            }
        }
    }
    out
}

/// What the reader is told of such a set.
fn would_prevent(set: &[&Norm]) -> String {
    let said: Vec<String> = set.iter().map(|n| format!("`{}`", said(n))).collect();
    format!("a duty in place of the discretion in {} would prevent it", crate::atlas::join(&said))
}

/// All choices of so many, in order.
fn subsets<'n>(all: &[&'n Norm], size: usize) -> Vec<Vec<&'n Norm>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for (i, first) in all.iter().enumerate() {
        for mut rest in subsets(all.get(i + 1..).unwrap_or_default(), size - 1) {
            rest.insert(0, first);
            out.push(rest);
        }
    }
    out
}

/// Whether the guarantee holds with these norms as duties.
fn prevents(
    cx: &mut Context<'_>,
    pact: &Pact<'_>,
    asking: &Asking<'_>,
    guarantee: &Guarantee<'_>,
    set: &[&Norm],
) -> bool {
    let hard = hardened(pact, set);
    let (pact, asking) = anew(cx, &hard, pact, asking);
    let Some(rule) = hard.conduct.rule(guarantee.rule.id) else { return false };
    let help = guarantee.help.iter().filter_map(|n| hard.conduct.norm(n.id)).collect();
    let guarantee = Guarantee { rule, victim: guarantee.victim, help };
    matches!(unowed(cx, &pact, &asking, &guarantee, Wanted::Any), Reply::No)
}

/// The program with these norms as duties.
fn hardened(pact: &Pact<'_>, set: &[&Norm]) -> Program {
    let mut hard: Program = pact.program.clone();
    for norm in set {
        if let Some(n) = hard.conduct.norms.get_mut(norm.id.0 as usize) {
            n.force = Force::Must;
            n.discretion = false;
        }
    }
    hard
}

/// The same charter in such a program.
fn anew<'h>(cx: &mut Context<'_>, hard: &'h Program, pact: &Pact<'_>, asking: &Asking<'_>) -> (Pact<'h>, Asking<'h>) {
    let known: BTreeSet<_> = cx.statements(pact.view).iter().map(|s| s.id).collect();
    let statements: Vec<&Statement> = hard.statements.iter().filter(|s| known.contains(&s.id)).collect();
    let mut frame = Frame::new(hard, pact.view.charter, &statements);
    frame.members.clone_from(&asking.frame.members);
    let asking = Asking { frame, assumed: asking.assumed.clone(), text: Arc::new(Text::new(hard, pact.view.charter)) };
    (Pact::new(hard, pact.view), asking)
}
