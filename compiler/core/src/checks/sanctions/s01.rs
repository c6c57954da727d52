//! S01: breach without a response: a breach after which nothing falls due on another party, even if every finding is made.
//!
//! In: the primary norms of a charter and the rules that answer their breach. Out: for norms that some rule answers, the
//! simplest situation in which it does not, or a proof that it always does; norms that no rule names are one finding; so
//! are, as a note, the norms of rules. `prove every breach in C has a response` asks the same of all primary norms.
//!
//! A response is a norm of the rule that falls due on another: a duty, a prohibition or a permission. A breach that is over at
//! once needs none: neither the lift of the rule counts nor what an exception says of events from the day of the breach on.

use super::scene::{self, arising, due_on_another, horizon, something_due, timeline};
use super::{Answer, Found, Pact, pattern, s02, said};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness, actor};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Arising, At, Env, Kind, Scene, Term, Universe, What, visit};
use crate::evaluate::situation::{Breach, Cause, Run};
use crate::logic::{Formula, Linear};
use crate::model::conduct::{
    Actor, Binder, Condition, ConductPropertyKind, Force, Happening, Match, Norm, NormId, Occurrence, Rule, RuleId,
    Trigger, Value, Who,
};
use crate::model::mentions::Mentions;
use crate::model::{Program, StatementId};
use crate::report::Level;
use std::collections::BTreeSet;

/// S01.
#[derive(Debug)]
pub(in crate::checks) struct Unanswered;

impl Check for Unanswered {
    fn code(&self) -> &'static str {
        "S01"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["prove"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S01", |cx, pact| {
            let mut found = Found::default();
            let primary: Vec<&Norm> = pact.norms().filter(|n| n.rule.is_none() && can_be_broken(n)).collect();
            if primary.is_empty() {
                property(cx, pact, &found);
                return found;
            }
            let asking = cx.asking(pact.view);
            let answered = |n: &&Norm| Rules::new(pact, n).all().next().is_some();
            let (named, bare): (Vec<&Norm>, Vec<&Norm>) = primary.iter().partition(|n| answered(n));
            for norm in named {
                one(cx, pact, &asking, norm, &mut found);
            }
            without_a_rule(cx, pact, &asking, &bare, &mut found);
            of_rules(pact, &mut found);
            property(cx, pact, &found);
            found
        });
    }
}

/// Whether a norm has breaches of its own.
fn can_be_broken(norm: &Norm) -> bool {
    matches!(norm.force, Force::Must | Force::MustNot)
        && !norm.discretion
        && norm.group.as_ref().is_none_or(|g| g.each_answerable)
}

/// A breach of one norm.
struct Broken<'q> {
    universe: &'q Universe,
    named: Named,
    by: std::cell::RefCell<Vec<Env>>,
}

impl<'q> Broken<'q> {
    fn new(universe: &'q Universe) -> Self {
        Self { universe, named: Named::new(), by: std::cell::RefCell::default() }
    }

    /// A breach of a norm after which no rule has anything fall due on another.
    fn unanswered(&self, scene: &mut Scene<'_>, norm: NormId, rules: &Rules<'_>, later: bool) -> Term {
        let rules = rules.of(scene.program);
        let answers = &rules.answers;
        let Some(norm) = scene.frame.norm(norm) else { return Term::falsity() };
        let envs = scene.breakers(norm, None);
        *self.by.borrow_mut() = envs.iter().map(|env| vec![scene.figure_of(norm.subject, env)]).collect();
        let (day, from) = self.named.on();
        let injures = answers.iter().any(|a| a.against.is_some());
        self.named
            .some(scene, &envs, |scene, env| {
                let Some(by) = scene.figure_of(norm.subject, env) else { return Term::falsity() };
                if !injures {
                    return scene.breach(norm, env, None, &mut |scene, on| {
                        let rest = self.nothing(scene, &rules, by, None, on, later);
                        rest.given(Formula::eq(on, &day))
                    });
                }
                let mut ways = Vec::new();
                for hit in scene.injured_by(norm, env) {
                    ways.push(scene.breach(norm, env, hit, &mut |scene, on| {
                        let rest = self.nothing(scene, &rules, by, hit, on, later);
                        rest.given(Formula::eq(on, &day))
                    }));
                }
                Term::or(ways)
            })
            .given(from)
    }

    /// The same of any act that a prohibition covers, whatever excuses it: where there is none of those, there is no breach.
    fn unanswered_at_all(&self, scene: &mut Scene<'_>, norm: NormId, rules: &Rules<'_>) -> Term {
        let rules = rules.of(scene.program);
        let Some(norm) = scene.frame.norm(norm) else { return Term::falsity() };
        let Some(action) = pattern(norm).map(|p| p.action) else { return Term::truth() };
        let envs = scene.breakers(norm, None);
        let (day, from) = self.named.on();
        self.named
            .some(scene, &envs, |scene, env| {
                let Some(by) = scene.figure_of(norm.subject, env) else { return Term::falsity() };
                let hits = scene.injured_by(norm, env);
                scene.some_slot(Kind::Act(action), |scene, slot| {
                    let What::Act(act) = &slot.what else { return Term::falsity() };
                    let covered = scene.would_forbid(norm.id, by, act, &day);
                    if covered.is_false() {
                        return covered;
                    }
                    let ways: Vec<Term> =
                        hits.iter().map(|hit| self.nothing(scene, &rules, by, *hit, &day, false)).collect();
                    covered.also(Term::or(ways))
                })
            })
            .given(from)
    }

    /// That each of these rules is set off by a breach of a day, found if need be, and that nothing falls due under it.
    fn nothing<'p>(
        &self,
        scene: &mut Scene<'p>,
        rules: &Rules<'p>,
        by: usize,
        hit: Option<usize>,
        day: &Linear,
        later: bool,
    ) -> Term {
        let mut all = Vec::new();
        for answer in &rules.answers {
            // whoever is injured is not one: this rule is not set off
            if answer.against.is_some() && hit.is_none() {
                continue;
            }
            let mut env: Env = vec![None; answer.rule.variables.len()];
            for (v, who) in [(Some(answer.by), Some(by)), (answer.against, hit)] {
                if let Some(place) = v.and_then(|v| env.get_mut(v.0 as usize)) {
                    *place = who;
                }
            }
            let term = if answer.rule.determined.is_some() {
                scene.some_slot(Kind::Finding(answer.rule.id), |scene, slot| {
                    let What::Finding { by: found, against, from, .. } = &slot.what else { return Term::falsity() };
                    let hit = if answer.against.is_some() { hit.map_or(0, |w| w + 1) } else { 0 };
                    let first = if later { day + &Linear::int(1) } else { day.clone() };
                    let names = [found.is(by), against.is(hit), Formula::ge(from, &first)];
                    let arising = arising(from, from);
                    scene.none(|scene| admitted(scene, answer.rule, by, &env, &arising)).given(Formula::and(names))
                })
            } else {
                let arising = arising(day, &(day + &Linear::int(1)));
                scene.none(|scene| admitted(scene, answer.rule, by, &env, &arising))
            };
            if term.is_false() {
                return term;
            }
            all.push(term);
        }
        for rule in &rules.acts {
            for env in scene.choices(&rule.variables, &[Binder::Rule], &Vec::new()) {
                if author(rule).and_then(|w| scene.figure_of(w, &env)).is_some_and(|f| f != by) {
                    continue;
                }
                all.push(scene.none(|scene| {
                    scene.triggered(rule, &env, &mut |scene, arising| {
                        let same = Formula::eq(&arising.day, day);
                        something_due(scene, rule, by, &env, arising).given(same)
                    })
                }));
            }
        }
        all.push(scene.no_excuse(&rules.norms(), day));
        Term::and(all)
    }

    /// That the evaluator finds the breach, and nothing owed by another on its account. Out: who is in breach, and the day.
    fn replay(
        &self,
        pact: &Pact<'_>,
        asking: &Asking<'_>,
        witness: &Witness,
        norm: &Norm,
        rules: &Rules<'_>,
    ) -> Result<(Actor, i64), String> {
        let day = witness.whole(&self.named.day).unwrap_or(0);
        let by = self.by.borrow();
        let by = self.named.chosen(witness, &by).and_then(|e| e.first().copied().flatten());
        let by = by.and_then(|f| actor(self.universe, f)).ok_or("a breach by nobody")?;
        let run = scene::run(asking, witness, horizon(pact, witness, day));
        let own = |b: &Breach| b.norm == norm.id && b.subject == Some(by) && b.day == day;
        if !run.breaches().iter().any(|b| own(b) && b.truth.is_yes()) {
            return Err(format!("the evaluator does not find `{}` broken on day {day}", said(norm)));
        }
        for (at, i) in run.instances().iter().enumerate() {
            let rule = run.program().conduct.norm(i.norm).and_then(|n| n.rule);
            if !rules.ids().any(|r| Some(r) == rule) || !follows(&run, i.cause, norm.id, by, day) {
                continue;
            }
            if let Some(on) = due_on_another(&run, at, i, by) {
                return Err(format!("the evaluator finds norm {} due on day {on}", i.norm.0));
            }
        }
        Ok((by, day))
    }
}

/// Whether an instance follows from a breach of a norm by one on a day, or from what it did then.
fn follows(run: &Run<'_>, cause: Cause, norm: NormId, by: Actor, day: i64) -> bool {
    let of = |o: &Occurrence| match &o.what {
        Happening::Act { arguments, .. } => arguments.first() == Some(&Value::Actor(by)),
        Happening::Finding { .. } | Happening::Withdrawal { .. } => false,
    };
    match cause {
        Cause::Breach(at) => run.breaches().get(at).is_some_and(|b| b.norm == norm && b.subject == Some(by)),
        Cause::Finding(_) => true,
        Cause::Occurrence(at) => run.situation().occurrences.get(at).is_some_and(|o| o.from == day && of(o)),
        Cause::Bound | Cause::Condition | Cause::Round(_) => false,
    }
}

/// The rules that can answer a breach of one norm: those that name it, and those that the act itself sets off.
struct Rules<'p> {
    answers: Vec<Answer<'p>>,
    acts: Vec<&'p Rule>,
}

impl<'p> Rules<'p> {
    /// Those of a charter for a norm. What an act sets off on the day on which it breaks a norm answers the breach as well.
    fn new(pact: &Pact<'p>, norm: &Norm) -> Self {
        let action = pattern(norm).filter(|_| norm.is_prohibition()).map(|p| p.action);
        let sets_off = |r: &&Rule| matches!(&r.trigger, Trigger::Occurs(p) if Some(p.action) == action);
        Self {
            answers: pact.answers().filter(|a| a.broken.contains(&norm.id)).collect(),
            acts: pact.rules().filter(sets_off).collect(),
        }
    }

    /// The same rules where a scene has them.
    fn of<'q>(&self, program: &'q Program) -> Rules<'q> {
        Rules {
            answers: self.answers.iter().filter_map(|a| Answer::of(program, a.rule.id)).collect(),
            acts: self.acts.iter().filter_map(|r| program.conduct.rule(r.id)).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &'p Rule> {
        self.answers.iter().map(|a| a.rule).chain(self.acts.iter().copied())
    }

    fn ids(&self) -> impl Iterator<Item = RuleId> {
        self.all().map(|r| r.id)
    }

    /// What they ask of somebody other than the offender.
    fn of_another(&self, pact: &Pact<'p>) -> Vec<NormId> {
        let others =
            |a: &Answer<'p>| pact.steps(a.rule).filter(|n| a.binds_another(n)).map(|n| n.id).collect::<Vec<_>>();
        let answers = self.answers.iter().flat_map(others);
        answers.chain(self.acts.iter().flat_map(|r| r.norms.iter().copied())).collect()
    }

    fn norms(&self) -> Vec<NormId> {
        self.all().flat_map(|r| r.norms.iter().copied()).collect()
    }
}

/// Whoever does what sets a rule off.
fn author(rule: &Rule) -> Option<Who> {
    let Trigger::Occurs(p) = &rule.trigger else { return None };
    match p.arguments.first()? {
        Match::Binds(v) => Some(Who::Var(*v)),
        Match::Is(who) => Some(*who),
        _ => None,
    }
}

/// That a rule, set off so, is for these, and something falls due under it on somebody other than one.
fn admitted<'p>(scene: &mut Scene<'p>, rule: &'p Rule, by: usize, env: &Env, arising: &Arising) -> Term {
    let at = At { variables: &rule.variables, env, day: &arising.day, base: None };
    let filters = scene.filters(&rule.variables, &[Binder::Rule], at);
    if filters.is_false() { filters } else { filters.also(something_due(scene, rule, by, env, arising)) }
}

fn question(norm: &Norm) -> String {
    format!("each breach of `{}` has a response", said(norm))
}

/// A norm that some rule answers.
fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, norm: &Norm, found: &mut Found) {
    let rules = Rules::new(pact, norm);
    let seeds: Vec<NormId> = std::iter::once(norm.id).chain(rules.norms()).collect();
    // where all fit they are written out: what each does otherwise is then found as well
    let mut universe = Universe::new(&asking.frame, &seeds);
    if !universe.reduced.is_empty() {
        universe = Universe::with_none_of(&asking.frame, &[norm.id], &rules.of_another(pact));
    }
    let broken = Broken::new(&universe);
    let mut reply = Reply::No;
    for later in [true, false] {
        reply = asking.exists(
            cx,
            &universe,
            Wanted::Simplest,
            |scene| broken.unanswered(scene, norm.id, &rules, later),
            |witness| broken.replay(pact, asking, witness, norm, &rules).map(|_| ()),
        );
        if matches!(reply, Reply::Yes(_)) {
            break;
        }
    }
    // what excuses from a prohibition may go round in a circle; without it there is at least as much to answer
    if matches!(reply, Reply::Open(_)) && norm.is_prohibition() {
        let all = |scene: &mut Scene<'_>| broken.unanswered_at_all(scene, norm.id, &rules);
        if matches!(asking.exists(cx, &universe, Wanted::Any, all, |_| Ok(())), Reply::No) {
            reply = Reply::No;
        }
    }
    let statements: Vec<StatementId> =
        std::iter::once(norm.statement).chain(rules.all().map(|r| r.statement)).collect();
    match reply {
        Reply::No => found.proved.push((question(norm), statements)),
        Reply::Open(why) => found.undecided.push((question(norm), why)),
        Reply::Yes(witness) => {
            let Ok((by, day)) = broken.replay(pact, asking, &witness, norm, &rules) else { return };
            let run = scene::run(asking, &witness, horizon(pact, &witness, day));
            let about = scene::about(pact, seeds);
            let of = |b: &Breach| b.norm == norm.id && b.subject == Some(by) && b.day == day;
            let shown = timeline(pact, &run, &about, of, |_, _| false);
            let places: BTreeSet<String> = rules.all().map(|r| pact.article(r)).collect();
            let places = crate::atlas::join(&places.into_iter().collect::<Vec<_>>());
            let message = format!(
                "a breach of `{}` can leave nothing due on another under {places} of {}",
                said(norm),
                pact.name()
            );
            let draft = Draft::new("S01", message).charter(pact.view.charter).situation(pact.program, &shown);
            let draft = statements.into_iter().fold(draft, |d, s| d.statement(s, ""));
            // where one in breach leaves nobody, S02 says so
            if rules.acts.is_empty() && rules.all().all(|r| s02::unanswered(pact, r)) {
                found.hidden.push(draft);
            } else {
                found.drafts.push(draft);
            }
        }
    }
}

/// Norms that no rule names: one cause, one entry, with the simplest breach of the first that can be broken.
fn without_a_rule<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, asking: &Asking<'p>, bare: &[&Norm], found: &mut Found) {
    let mut shown = None;
    let mut unanswered: Vec<&Norm> = Vec::new();
    for norm in bare {
        let universe = Universe::new(&asking.frame, &[norm.id]);
        let broken = Broken::new(&universe);
        if let Some(by) = otherwise(pact, norm) {
            let why = format!("`{}` looks for it, and what follows from a condition is not looked at", said(by));
            found.undecided.push((question(norm), why));
            continue;
        }
        let none = Rules { answers: Vec::new(), acts: Vec::new() };
        let wanted = if shown.is_none() { Wanted::Simplest } else { Wanted::Any };
        let reply = asking.exists(
            cx,
            &universe,
            wanted,
            |scene| broken.unanswered(scene, norm.id, &none, false),
            |witness| broken.replay(pact, asking, witness, norm, &none).map(|_| ()),
        );
        match reply {
            Reply::No => {}
            Reply::Open(why) => found.undecided.push((question(norm), why)),
            Reply::Yes(witness) => {
                unanswered.push(norm);
                if shown.is_none()
                    && let Ok((by, day)) = broken.replay(pact, asking, &witness, norm, &none)
                {
                    let run = scene::run(asking, &witness, witness.last_day(day));
                    let about = scene::about(pact, [norm.id]);
                    let of = |b: &Breach| b.norm == norm.id && b.subject == Some(by) && b.day == day;
                    shown = Some(timeline(pact, &run, &about, of, |_, _| false));
                }
            }
        }
    }
    let Some(shown) = shown else { return };
    let ids: Vec<NormId> = unanswered.iter().map(|n| n.id).collect();
    let message = format!("no rule of {} answers a breach of {}", pact.name(), pact.articles(&ids));
    let mut draft = Draft::new("S01", message).charter(pact.view.charter).situation(pact.program, &shown);
    draft = draft.statements(unanswered.iter().map(|norm| norm.statement));
    found.drafts.push(draft);
}

/// A norm outside of rules that looks for the breach of another, or for the act that it is: not for that of the one whom it binds.
fn otherwise<'p>(pact: &Pact<'p>, norm: &Norm) -> Option<&'p Norm> {
    let action = pattern(norm).filter(|_| norm.is_prohibition()).map(|p| p.action);
    pact.norms().filter(|n| n.rule.is_none() && n.id != norm.id).find(|n| {
        let mut read = Mentions::new();
        visit::parts(&n.when, &mut |c| match c {
            Condition::Breached { by: Some(by), .. } if *by == n.subject => {}
            Condition::Occurred { pattern, .. }
                if matches!(pattern.arguments.first(), Some(Match::Is(who)) if *who == n.subject) => {}
            // their parts are shown by themselves
            Condition::Not(_) | Condition::ForAll(..) | Condition::Exists(..) => {}
            Condition::All(_) | Condition::Any(_) => {}
            leaf => read.condition(pact.conduct(), leaf),
        });
        read.breaches.contains(&norm.id) || action.is_some_and(|a| read.actions.contains(&a))
    })
}

/// The norms of rules that no rule answers in turn: a note.
fn of_rules(pact: &Pact<'_>, found: &mut Found) {
    let answers: Vec<Answer<'_>> = pact.answers().collect();
    let bare: Vec<&Norm> = pact
        .norms()
        .filter(|n| n.rule.is_some() && can_be_broken(n) && !answers.iter().any(|a| a.broken.contains(&n.id)))
        .collect();
    if bare.is_empty() {
        return;
    }
    let ids: Vec<NormId> = bare.iter().map(|n| n.id).collect();
    let articles = pact.articles(&ids);
    let asks = if articles.contains(" and ") { "ask" } else { "asks" };
    let message = format!("no rule of {} answers whoever does not do what {articles} {asks}", pact.name());
    let mut draft = Draft::new("S01", message).charter(pact.view.charter).level(Level::Note);
    draft = draft.statements(bare.iter().map(|norm| norm.statement));
    found.drafts.push(draft);
}

/// `prove every breach in C has a response`: what was found of the primary norms.
fn property(cx: &mut Context<'_>, pact: &Pact<'_>, found: &Found) {
    if pact.view.with.is_some() {
        return;
    }
    let asked = pact.conduct().properties.iter();
    for p in asked.filter(|p| p.charter == pact.view.charter && matches!(p.kind, ConductPropertyKind::Answered)) {
        let against = found.drafts.iter().chain(&found.hidden).find(|d| d.level != Some(Level::Note)).cloned();
        if let Some(d) = against {
            let message = format!("`{}` does not hold: {}", p.text, d.message);
            cx.report(Draft { code: "prove", level: None, message, ..d }.asked(p.span, &p.text).also("S01"));
        } else if let Some((what, reached)) = found.undecided.first() {
            cx.undecided("prove", Some(pact.view.charter), p.text.clone(), format!("{what}: {reached}"));
        } else {
            let core: BTreeSet<StatementId> = found.proved.iter().flat_map(|(_, c)| c.clone()).collect();
            let core: Vec<StatementId> = core.into_iter().collect();
            cx.prove("prove", Some(pact.view.charter), p.text.clone(), &core, indexmap::IndexMap::new());
        }
    }
}
