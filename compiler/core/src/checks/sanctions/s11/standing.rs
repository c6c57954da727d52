//! S11 of norms outside of rules: `must assist(any other party q) as it deems necessary when attacked(q)`.
//!
//! In: the norms of a charter with acts tagged `helps` towards somebody whom their condition names as the one something happened
//! to. Out: as for rules. Norms that speak of the same happening to the same promise together: that one of them is owed is
//! enough, and so is a duty of a rule that the same act or event sets off. A norm without such a condition promises help to
//! nobody in particular who was hit, and is not asked about.

use super::super::acts::complied;
use super::super::scene;
use super::super::{Found, Pact, is_owed, pattern};
use super::{anew, due_to_help, forbidding, hardened, hardening, hits, is_helped, whoever, would_prevent};
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness, actor};
use crate::checks::{Context, Draft};
use crate::encode::conduct::{Arising, At, Env, Scene, Term, Universe};
use crate::evaluate::situation::Run;
use crate::logic::{Formula, Linear};
use crate::model::conduct::{
    Actor, Arises, Befell, Binder, Force, Match, Norm, NormId, Pattern, Situation, Trigger, Who,
};

/// A norm that promises help.
#[derive(Debug, Clone, Copy)]
struct Help<'p> {
    norm: &'p Norm,
    /// to whom
    to: Who,
}

/// What is promised to whoever the same happens to.
pub(super) struct Promise<'p> {
    /// by norms outside of rules
    help: Vec<Help<'p>>,
    /// what rules ask besides, for certain
    besides: Vec<Help<'p>>,
}

impl<'p> Promise<'p> {
    fn all(&self) -> impl Iterator<Item = &Help<'p>> {
        self.help.iter().chain(&self.besides)
    }

    fn ids(&self) -> Vec<NormId> {
        self.all().map(|h| h.norm.id).collect()
    }
}

/// The act of a norm that helps, whatever its force.
fn helping<'p>(pact: &Pact<'_>, norm: &'p Norm) -> Option<&'p Pattern> {
    let p = pattern(norm).filter(|_| norm.force != Force::MustNot)?;
    pact.conduct().action(p.action).is_some_and(|a| a.helps).then_some(p)
}

/// The promises of a charter outside of rules.
pub(super) fn promises<'p>(pact: &Pact<'p>) -> Vec<Promise<'p>> {
    let conduct = pact.conduct();
    let mut out: Vec<(Vec<Befell<'p>>, Promise<'p>)> = Vec::new();
    for norm in pact.norms().filter(|n| n.rule.is_none()) {
        let Some(p) = helping(pact, norm) else { continue };
        for m in p.arguments.iter().skip(1) {
            let Match::Is(to) = m else { continue };
            let befell = norm.when.befalls(conduct, *to);
            if *to == norm.subject || befell.is_empty() {
                continue;
            }
            let help = Help { norm, to: *to };
            let same = |known: &[Befell<'_>]| known.iter().any(|a| befell.iter().any(|b| a.is_like(b)));
            match out.iter_mut().find(|(known, _)| same(known)) {
                Some((known, promise)) => {
                    known.extend(befell);
                    promise.help.push(help);
                }
                None => out.push((befell, Promise { help: vec![help], besides: Vec::new() })),
            }
        }
    }
    for (befell, promise) in &mut out {
        promise.besides = asked_by_rules(pact, befell);
    }
    out.into_iter().map(|(_, promise)| promise).collect()
}

/// The help that rules ask which the same act or event sets off.
fn asked_by_rules<'p>(pact: &Pact<'p>, befell: &[Befell<'_>]) -> Vec<Help<'p>> {
    let mut out = Vec::new();
    for rule in pact.rules() {
        let Trigger::Occurs(trigger) = &rule.trigger else { continue };
        for b in befell {
            let Befell::Act { pattern, place } = b else { continue };
            let to = match trigger.arguments.get(*place).filter(|_| trigger.action == pattern.action) {
                Some(Match::Binds(v)) => Who::Var(*v),
                Some(Match::Is(who)) => *who,
                _ => continue,
            };
            let helps = |n: &&Norm| helping(pact, n).is_some_and(|p| super::super::names(p, to)) && is_owed(n);
            out.extend(pact.steps(rule).filter(helps).map(|norm| Help { norm, to }));
        }
    }
    out
}

/// Whoever did it to them, as the norm says it, where that was hostile or a breach; and what they may have broken by it. What
/// merely happens is nobody's doing.
fn author(pact: &Pact<'_>, help: &Help<'_>) -> (Option<Who>, Vec<NormId>) {
    for b in help.norm.when.befalls(pact.conduct(), help.to) {
        match b {
            Befell::Breach { norms, by } => return (by, norms.to_vec()),
            Befell::Act { pattern, .. } => {
                let Some(action) = pact.conduct().action(pattern.action).filter(|a| !a.event) else { continue };
                let broken = forbidding(pact, pattern.action);
                if let Some(Match::Is(by)) = pattern.arguments.first()
                    && (action.hostile || !broken.is_empty())
                {
                    return (Some(*by), broken);
                }
            }
        }
    }
    (None, Vec::new())
}

/// A situation in which nobody need help, and who are meant in it.
struct Unowed<'p> {
    help: Help<'p>,
    witness: Box<Witness>,
    /// whoever the variables of the norm are
    values: Vec<Option<Actor>>,
    /// the first day on which its condition holds
    day: i64,
}

/// Which duties to help are to be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    /// those that arise on the day on which somebody is hit: that there is always one is easily shown
    AtOnce,
    /// those that arise on any day
    Ever,
}

/// What was found of a promise.
enum Outcome<'p> {
    Kept,
    Hollow(Unowed<'p>),
    Open(String),
}

/// Asks about one promise.
pub(super) fn one<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    promise: &Promise<'p>,
    found: &mut Found,
) {
    let norms: Vec<NormId> = promise.help.iter().map(|h| h.norm.id).collect();
    let place = pact.articles(&norms);
    let befell = promise.help.iter().flat_map(|h| h.norm.when.befalls(pact.conduct(), h.to));
    let whoever = whoever(befell.into_iter().any(|b| match b {
        Befell::Breach { .. } => true,
        Befell::Act { pattern, .. } => hits(pact, pattern.action),
    }));
    let question = format!("{whoever} gets help under {place} of {}", pact.name());
    let mut outcome = unowed(cx, pact, asking, promise, Count::AtOnce, Wanted::Simplest);
    let mut shown = None;
    if let Outcome::Hollow(first) = &outcome {
        shown = hollow(pact, promise, first);
        if shown.is_none() {
            outcome = unowed(cx, pact, asking, promise, Count::Ever, Wanted::Simplest);
            if let Outcome::Hollow(other) = &outcome {
                shown = hollow(pact, promise, other);
            }
        }
    }
    let unowed = match outcome {
        Outcome::Kept => {
            // a rule that the same sets off may have said so already
            if found.proved.iter().any(|(known, _)| *known == question) {
                return;
            }
            let core = promise.all().filter(|h| is_owed(h.norm)).map(|h| h.norm.statement).collect();
            found.proved.push((question, core));
            return;
        }
        Outcome::Open(why) => {
            found.undecided.push((question, why));
            return;
        }
        Outcome::Hollow(unowed) => unowed,
    };
    let Some((situation, day)) = shown else {
        let why = "a situation without a duty to help was found, and what else is owed in it could not be done";
        found.undecided.push((question, why.to_owned()));
        return;
    };
    let ids = promise.ids();
    let run = Run::new(pact.program, pact.view.charter, &situation, day);
    let about = scene::about(pact, seeds(pact, promise));
    let timeline = scene::timeline(pact, &run, &about, |b| b.subject.is_some(), |_, i| ids.contains(&i.norm));
    let mut statements = vec![unowed.help.norm.statement];
    statements.extend(promise.help.iter().map(|h| h.norm.statement).filter(|s| *s != unowed.help.norm.statement));
    let asks = if place.contains(" and ") { "ask" } else { "asks" };
    let message = format!("everybody can do all that {place} of {} {asks}, and {whoever} gets nothing", pact.name());
    let mut draft = Draft::new("S11", message)
        .charter(pact.view.charter)
        .situation(pact.program, &timeline)
        .statements(statements)
        .note(format!("by day {day} nobody is in breach for want of help, and no act that helps was done"));
    let words: Vec<&Norm> = promise.help.iter().map(|h| h.norm).filter(|n| !is_owed(n)).collect();
    for set in hardening(&words, |set| prevents(cx, pact, asking, promise, set)) {
        draft = draft.note(would_prevent(&set));
    }
    found.drafts.push(draft);
}

fn seeds(pact: &Pact<'_>, promise: &Promise<'_>) -> Vec<NormId> {
    let broken = promise.help.iter().flat_map(|h| author(pact, h).1);
    promise.ids().into_iter().chain(broken).collect()
}

/// A situation in which the condition of one of the norms comes to hold and no duty to help falls due: then nobody need help.
/// What leaves it to each is asked about first.
fn unowed<'p>(
    cx: &mut Context<'_>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    promise: &Promise<'p>,
    count: Count,
    wanted: Wanted,
) -> Outcome<'p> {
    let mut order: Vec<Help<'p>> = promise.help.clone();
    order.sort_by_key(|h| is_owed(h.norm));
    let mut open = None;
    for help in order {
        match unowed_by(cx, pact, asking, promise, help, count, wanted) {
            Outcome::Kept => {}
            Outcome::Open(why) => open = open.or(Some(why)),
            hollow @ Outcome::Hollow(_) => return hollow,
        }
    }
    open.map_or(Outcome::Kept, Outcome::Open)
}

fn unowed_by<'p>(
    cx: &mut Context<'_>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    promise: &Promise<'p>,
    help: Help<'p>,
    count: Count,
    wanted: Wanted,
) -> Outcome<'p> {
    let ids = promise.ids();
    let named = Named::new();
    let universe = Universe::new(&asking.frame, &seeds(pact, promise));
    let (by, _) = author(pact, &help);
    let norm = help.norm;
    let mut envs: Vec<Env> = Vec::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        envs = scene.choices(&norm.variables, &[Binder::Each], &Vec::new());
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                let Some(victim) = scene.figure_of(help.to, env) else { return Term::falsity() };
                let author = by.and_then(|w| scene.figure_of(w, env));
                if author == Some(victim) || scene.figure_of(norm.subject, env) == Some(victim) {
                    return Term::falsity();
                }
                let mut all = vec![begins(scene, norm, env, &day)];
                for other in promise.all().filter(|h| is_owed(h.norm)) {
                    all.push(no_help(scene, other, victim, author, &day, count));
                }
                // what ends help before it is due leaves nobody without it
                all.push(scene.no_excuse(&ids, &day));
                Term::and(all)
            })
            .given(from)
    };
    let on = |witness: &Witness| witness.whole(&named.day).unwrap_or(0);
    let reply = asking.exists(cx, &universe, wanted, build, |witness| {
        let run = scene::run(asking, witness, witness.last_day(on(witness)) + 1);
        let meant = !run.meant(norm, on(witness)).is_empty();
        if meant { Ok(()) } else { Err("the evaluator does not find the condition met".to_owned()) }
    });
    match reply {
        Reply::No => Outcome::Kept,
        Reply::Open(why) => Outcome::Open(why),
        Reply::Yes(witness) => {
            let env = named.chosen(&witness, &envs).cloned().unwrap_or_default();
            let values = env.iter().map(|f| f.and_then(|f| actor(&universe, f))).collect();
            let day = on(&witness);
            Outcome::Hollow(Unowed { help, witness, values, day })
        }
    }
}

/// That the condition of a norm comes to hold on a day.
fn begins<'p>(scene: &mut Scene<'p>, norm: &'p Norm, env: &Env, day: &Linear) -> Term {
    let before = day - &Linear::int(1);
    let on = |day| At { variables: &norm.variables, env, day, base: None };
    let holds = scene.filters(&norm.variables, &[Binder::Each], on(day)).also(scene.condition(&norm.when, on(day)));
    let not_before = scene.none(|scene| scene.condition(&norm.when, on(&before)));
    let first = Term::fixed(Formula::eq(day, &Linear::int(0)));
    holds.also(Term::or([first, not_before]))
}

/// That no duty of a norm to help somebody falls due on anybody but them and whoever did it to them.
fn no_help(
    scene: &mut Scene<'_>,
    help: &Help<'_>,
    victim: usize,
    author: Option<usize>,
    day: &Linear,
    count: Count,
) -> Term {
    let Some(norm) = scene.frame.norm(help.norm.id) else { return Term::truth() };
    let mut all = Vec::new();
    for own in scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new()) {
        let helper = scene.figure_of(norm.subject, &own);
        let nobody = helper.is_some() && (helper == Some(victim) || helper == author);
        if nobody || scene.figure_of(help.to, &own) != Some(victim) {
            continue;
        }
        if count == Count::AtOnce && norm.rule.is_none() && matches!(norm.arises, Arises::While) {
            all.push(scene.none(|scene| {
                let begins = begins(scene, norm, &own, day);
                if begins.is_false() {
                    return begins;
                }
                let (day, base) = (day.clone(), None);
                let arising = Arising { base, first: day.clone(), origin: day.clone(), day, period: None };
                begins.also(scene.while_it_lasts(|scene| due_to_help(scene, norm, &own, &arising)))
            }));
            continue;
        }
        all.push(scene.none(|scene| {
            scene.arises(norm, &own, &mut |scene, arising| {
                scene.while_it_lasts(|scene| due_to_help(scene, norm, &own, arising))
            })
        }));
    }
    Term::and(all)
}

/// The situation in which, besides, everybody has done what it owes by a day behind every deadline, and still nobody has
/// helped; and that day.
fn hollow(pact: &Pact<'_>, promise: &Promise<'_>, unowed: &Unowed<'_>) -> Option<(Situation, i64)> {
    let given = &unowed.witness.situation;
    let victim = unowed.help.to.among(&unowed.values)?;
    let (by, mut allowed) = author(pact, &unowed.help);
    // nobody counts on the help of whoever attacks
    allowed.extend(promise.ids());
    let but = by.and_then(|w| w.among(&unowed.values)).map(|a| (a, allowed.as_slice()));
    let ids = promise.ids();
    let horizon = scene::horizon(pact, &unowed.witness, unowed.day);
    let first = Run::new(pact.program, pact.view.charter, given, horizon);
    let own = first.instances().iter().filter(|i| ids.contains(&i.norm));
    let last = own.map(|i| i.deadline.unwrap_or(i.first)).fold(unowed.day, i64::max);
    let until = last + 1;
    let situation = complied(pact, given, until, but)?;
    (!is_helped(pact, &situation, victim)).then_some((situation, until))
}

/// Whether the promise is kept with these norms as duties.
fn prevents(cx: &mut Context<'_>, pact: &Pact<'_>, asking: &Asking<'_>, promise: &Promise<'_>, set: &[&Norm]) -> bool {
    let hard = hardened(pact, set);
    let (pact, asking) = anew(cx, &hard, pact, asking);
    let again = |h: &Help<'_>| Some(Help { norm: hard.conduct.norm(h.norm.id)?, to: h.to });
    let help = promise.help.iter().filter_map(again).collect();
    let besides = promise.besides.iter().filter_map(again).collect();
    matches!(unowed(cx, &pact, &asking, &Promise { help, besides }, Count::AtOnce, Wanted::Any), Outcome::Kept)
}
