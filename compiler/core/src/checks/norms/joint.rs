//! Dilemmas of duties that meet through acts of one's own (semantics §19, §20c): what meets one bars what meets another, or
//! bars itself, or brings another about.
//!
//! In: a duty of which [`super::dilemma`] found nothing, but in whose way acts of the course itself can stand. Out: [`Joint`]: the
//! least set of norms that cannot be kept together, in a situation; or the rules of conduct by which they always can; or why
//! neither is known.
//!
//! **Refutation.** A situation is asked for in which each rule of conduct so far breaks something: at first the plain ones. The
//! evaluator goes through every course in it ([`choose`]). Where there is none, that is the dilemma; where there is one, it is
//! made a rule, and it is asked again. **Proof.** No situation is left. Duties that can arise again are met each time anew, so that
//! more that occurs breaks no less, and so much is asked for as can matter ([`Often`]). First the party has done nothing
//! before; then whatever it likes, lawful or not.

use super::ask::{Asking, Reply, Wanted, Witness};
use super::company::Company;
use super::sums::{Rule, Times, Together, can_be};
use super::{applies, dilemma, lifting, quoted, refuted};
use crate::atlas::join;
use crate::checks::Context;
use crate::encode::conduct::{Given, Kind, Often, Owed, Past, Posed, Scene, Term, Universe, is_point, pose_with};
use crate::evaluate::situation::{Choosing, Chosen, Due, Run, Status, Step, choose};
use crate::logic::Var;
use crate::model::conduct::{ActionId, Actor, Deed, Happening, Norm, NormId, Occurrence};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
#[derive(Debug)]
pub(super) enum Joint {
    /// these cannot be kept together
    Found(Together),
    /// these can, by a rule of conduct, in words
    Proved(BTreeSet<NormId>, String),
    /// neither is known
    Open(String),
}

/// That a situation was found in which something was broken before, or is owed from before.
struct Dirty;

const DIRTY: &str = "a situation in which nothing else is broken or owed from before was not found";

/// How many rules of conduct are tried.
const RULES: usize = 8;

/// How many courses the evaluator tries in one situation.
const TRIES: usize = 10_000;

/// How many slots there may be of all kinds together.
const MOST: usize = 16;

const AGAIN: &str = "a course for what is owed again and again and lifts what stands in the way is not looked for";

/// How many slots of one kind there are where it would take more than these to prove anything.
const FEW: usize = 2;

const MORE: &str = "what would have to occur to break every rule of conduct that is known is more than is tried";

/// How many slots of one kind there may be.
const SLOTS: usize = 24;

/// What keeps the variables of questions apart.
const APART: usize = 1_000_000;

/// Asks it of a duty, and of all that meets it.
pub(super) fn ask(cx: &mut Context<'_>, asking: &Asking<'_>, duty: &Norm) -> Joint {
    let company = match Company::of(asking, duty) {
        Ok(company) => company,
        Err(why) => return Joint::Open(why),
    };
    let universe = Universe::new(&asking.frame, &company.seeds(asking));
    if let Some(why) = universe.reduced.first() {
        return Joint::Open(why.clone());
    }
    let subjects = universe.active().filter(|i| universe.is_first(&[*i]));
    let bound = |i: &usize| universe.figure(*i).is_some_and(|f| can_be(&asking.frame, duty, f));
    let (mut rules, mut open) = (BTreeSet::new(), None);
    for subject in subjects.filter(bound) {
        let Some(figure) = universe.figure(subject) else { continue };
        let meeting = Meeting { asking, company: &company, universe: &universe, subject, party: figure.actor };
        match cx.as_one(|cx| meeting.decide(cx, duty)) {
            Joint::Proved(_, rule) => {
                rules.insert(rule);
            }
            Joint::Open(why) => {
                open.get_or_insert(why);
            }
            found @ Joint::Found(_) => return found,
        }
    }
    let rules: Vec<String> = rules.into_iter().collect();
    open.map_or_else(|| Joint::Proved(company.norms(asking), rules.join("; ")), Joint::Open)
}

/// What one party owes that meets so.
struct Meeting<'a, 'm> {
    asking: &'a Asking<'m>,
    company: &'a Company<'m>,
    universe: &'a Universe,
    subject: usize,
    party: Actor,
}

impl Meeting<'_, '_> {
    fn decide(&self, cx: &mut Context<'_>, duty: &Norm) -> Joint {
        // where even the simplest situation leaves no course no rule need be tried
        match self.simplest(cx, duty) {
            Reply::Yes(witness) => match self.course(&witness, 0, &self.company.norms(self.asking)) {
                Chosen::None => return self.least(witness, 0, duty),
                Chosen::Unsure(why) => return Joint::Open(why),
                Chosen::Lawful(_) => {}
            },
            Reply::No | Reply::Open(_) => {}
        }
        if let Some(why) = &self.company.unruled {
            return Joint::Open(why.clone());
        }
        let mut rules = Rule::plain();
        rules.truncate(1);
        if self.lifts_again() {
            // no rule is a proof; yet a few occurrences may break each that is known
            for past in [None, Some(true)] {
                if let Ok(Some(found @ Joint::Found(_))) = self.against(cx, duty, &mut rules, past) {
                    return found;
                }
            }
            return Joint::Open(AGAIN.to_owned());
        }
        // nothing was done before; then anything, lawful or not, after which more can be broken than after what was lawful; then that
        let passes: &[Option<bool>] =
            if self.company.past.is_empty() { &[None] } else { &[None, Some(false), Some(true)] };
        for past in passes {
            match (past, self.against(cx, duty, &mut rules, *past)) {
                (_, Ok(Some(known))) => return known,
                (None, Ok(None)) | (Some(false), Err(Dirty)) => {}
                (Some(false), Ok(None)) => break,
                (Some(true), Ok(None)) if self.once() => {}
                (Some(true), Ok(None)) | (None | Some(true), Err(Dirty)) => return Joint::Open(DIRTY.to_owned()),
            }
        }
        Joint::Proved(BTreeSet::new(), self.words(&rules))
    }

    /// Whether what is owed again and again lifts what stands in the way: then what occurs besides may keep a rule from an act
    /// that lifts.
    fn lifts_again(&self) -> bool {
        let owed: BTreeSet<ActionId> = self.company.acts().collect();
        !self.once() && self.company.lifting.iter().any(|a| owed.contains(&a.action))
    }

    /// Looks for a dilemma after acts of one's own, lawful or not: nothing where there is none, and the rules say how to keep all.
    fn against(
        &self,
        cx: &mut Context<'_>,
        duty: &Norm,
        rules: &mut Vec<Rule>,
        past: Option<bool>,
    ) -> Result<Option<Joint>, Dirty> {
        while rules.len() <= RULES {
            let moment = Var::int("\u{0}moment");
            let before = past.map(|clean| Past { actions: &self.company.past, moment: moment.clone(), clean });
            let (reply, times) = self.asks(cx, rules, before);
            let witness = match reply {
                Reply::Yes(witness) => witness,
                Reply::Open(why) => return Ok(Some(Joint::Open(why))),
                Reply::No => return Ok(None),
            };
            let Some(moment) = self.moment(&witness) else { return Err(Dirty) };
            match self.course(&witness, moment, &self.company.norms(self.asking)) {
                Chosen::None => return Ok(Some(self.least(witness, moment, duty))),
                Chosen::Unsure(why) => return Ok(Some(Joint::Open(why))),
                Chosen::Lawful(acts) => {
                    let steps = self.steps(&witness, &acts);
                    let made = steps.and_then(|steps| times.rule(self.universe, &steps, &witness));
                    let Some(rule) = made.filter(|rule| !rules.contains(rule)) else {
                        let why = "a course was found of which no rule could be made";
                        return Ok(Some(Joint::Open(why.to_owned())));
                    };
                    rules.push(rule);
                }
            }
        }
        Ok(Some(Joint::Open(format!("{RULES} rules of conduct were tried, and none keeps all"))))
    }

    /// Whether the duties arise once at most.
    fn once(&self) -> bool {
        self.company.arises_once(self.asking)
    }

    /// The simplest situation in which a duty is due and its subject has done nothing.
    fn simplest(&self, cx: &mut Context<'_>, duty: &Norm) -> Reply {
        let acts = dilemma::acts(self.asking, &self.company.seeds(self.asking), &BTreeSet::new());
        let build = |scene: &mut Scene<'_>| {
            let Some(norm) = scene.frame.norm(duty.id) else { return Term::falsity() };
            let mut cases = Vec::new();
            for env in scene.with_subject(norm, Some(self.subject)) {
                cases.push(scene.arises(norm, &env, &mut |scene, arising| {
                    let Some(deadline) = scene.deadline(&norm.window, arising) else { return Term::falsity() };
                    scene.due(norm, &env, arising, &deadline)
                }));
            }
            Term::or(cases).also(dilemma::idle(scene, self.subject, &acts, None))
        };
        self.asking.exists(cx, self.universe, Wanted::Simplest, build, |_| Ok(()))
    }

    /// A situation in which each of these rules breaks something.
    fn asks(&self, cx: &mut Context<'_>, rules: &[Rule], past: Option<Past<'_>>) -> (Reply, Times) {
        let frame = &self.asking.frame;
        let duties: Vec<NormId> = self.company.duties.iter().map(|n| n.id).collect();
        let none = BTreeSet::new();
        let often = if self.once() { Often::Once } else { Often::EachTime };
        let mut owed =
            Owed { subject: self.subject, duties: &duties, keeps: &[], alike: &[], others: &none, past, often };
        let times: RefCell<Times> = RefCell::default();
        let pose = |owed: &Owed<'_>, i: usize, rule: &Rule, sizes: &BTreeMap<Kind, usize>, most: usize| {
            let given = Given { sizes: sizes.clone(), most, apart: (i + 1) * APART };
            pose_with(frame, self.universe, given, |scene| {
                scene.breaks(owed, &|duty, time| rule.choice(duty, time), rule.extras(), &mut |plan| {
                    times.borrow_mut().read(plan);
                })
            })
        };
        // what breaks one rule need not break another, and each act of a rule needs what sets its duty off
        let mut sizes: BTreeMap<Kind, usize> = BTreeMap::new();
        for (i, rule) in rules.iter().enumerate() {
            let needs = pose(&owed, i, rule, &BTreeMap::new(), SLOTS).sizes;
            let own: usize =
                self.company.acts().filter(|_| often == Often::EachTime).filter_map(|a| needs.get(&Kind::Act(a))).sum();
            let triggers: BTreeSet<Kind> = self.company.events(self.asking).map(Kind::Act).collect();
            for kind in needs.keys().chain(&triggers) {
                let n = needs.get(kind).copied().unwrap_or(1);
                *sizes.entry(*kind).or_default() += n * (1 + own);
            }
        }
        let once =
            |kind: &Kind| matches!(kind, Kind::Act(a) if frame.program.conduct.action(*a).is_some_and(|a| a.once));
        sizes.iter_mut().filter(|(kind, _)| once(kind)).for_each(|(_, n)| *n = (*n).min(1));
        // with fewer no proof is made; yet few may break every rule
        let many = sizes.values().sum::<usize>() > MOST || self.lifts_again();
        let most = if many { FEW } else { SLOTS };
        owed.often = if many { Often::Tried } else { often };
        sizes.values_mut().for_each(|n| *n = (*n).min(most));
        let mut posed = rules.iter().enumerate().map(|(i, rule)| pose(&owed, i, rule, &sizes, most));
        let Some(mut question) = posed.next() else { return (Reply::No, times.take()) };
        let rest: Vec<Posed<'_>> = posed.collect();
        let grown = rest.iter().chain([&question]).any(|p| p.sizes != sizes);
        rest.into_iter().for_each(|other| question.join(other));
        if many {
            question.open.insert(MORE.to_owned());
        } else if grown {
            question.open.insert("what breaks a rule of conduct asks for more that occurs".to_owned());
        }
        let reply = self.asking.answer(cx, &question, Wanted::Simplest, |_| Ok(()));
        drop(question);
        (reply, times.take())
    }

    fn run<'w>(&'w self, witness: &'w Witness) -> (Run<'w>, i64) {
        let horizon = witness.last_day(0) + self.company.reach;
        (applies::run(self.asking, witness, horizon), horizon)
    }

    /// The instances of the party's duties that meet, with their place.
    fn owed<'r>(
        &'r self,
        run: &'r Run<'_>,
    ) -> impl Iterator<Item = (usize, &'r Norm, &'r crate::evaluate::situation::Instance)> {
        run.instances().iter().enumerate().filter_map(|(at, i)| {
            let norm = self.company.duties.iter().find(|n| n.id == i.norm)?;
            (norm.subject.among(&i.values) == Some(self.party)).then_some((at, *norm, i))
        })
    }

    /// The first clean moment behind what the party has done: nothing is broken before, and nothing owed from before.
    fn moment(&self, witness: &Witness) -> Option<i64> {
        let own = |o: &&Occurrence| refuted::does(self.asking, o, self.party);
        let Some(done) = witness.situation.occurrences.iter().filter(own).map(|o| o.to.unwrap_or(o.from)).max() else {
            return Some(0);
        };
        let (run, horizon) = self.run(witness);
        let point = |id| self.asking.frame.norm(id).is_some_and(is_point);
        (done + 1..=witness.last_day(done) + 1).find(|day| {
            let mut breaches = run.breaches_by(self.party, horizon);
            !breaches.any(|b| b.day < *day || (b.day == *day && point(b.norm)))
                && !refuted::owes_from_before(self.asking, &run, None, *day, self.party)
        })
    }

    /// A course from a day on that keeps these norms.
    fn course(&self, witness: &Witness, moment: i64, norms: &BTreeSet<NormId>) -> Chosen {
        let (run, _) = self.run(witness);
        let windows = self.owed(&run).map(|(_, _, i)| Some((i.first, i.deadline?))).collect::<Option<Vec<_>>>();
        let Some(windows) = windows else {
            return Chosen::Unsure("the window of a duty is not known to the day".to_owned());
        };
        let Some(last) = windows.iter().map(|w| w.1).max() else { return Chosen::Lawful(Vec::new()) };
        let rather: Vec<i64> = windows.iter().map(|w| w.0).chain(windows.iter().map(|w| w.1)).collect();
        let owed = self.company.duties.iter().filter_map(|n| if let Deed::Act(p) = &n.deed { Some(p) } else { None });
        let some = owed.chain(self.company.lifting.iter().filter_map(|a| a.pattern));
        let mut acts: Vec<Happening> = some
            .flat_map(|pattern| lifting::acts(self.asking, witness, pattern, self.party, 0))
            .map(|o| o.what)
            .collect();
        acts.sort();
        acts.dedup();
        let days = (moment, last + 1);
        let choosing = Choosing { party: self.party, norms, acts: &acts, days, rather: &rather, tries: TRIES };
        choose(&self.asking.text, &witness.situation, &choosing)
    }

    /// What acts of a course meet.
    fn steps(&self, witness: &Witness, acts: &[Occurrence]) -> Option<Vec<Step>> {
        let mut with = witness.clone();
        acts.iter().for_each(|o| with.situation.add(o.clone()));
        let (run, horizon) = self.run(&with);
        let mut steps: Vec<Step> = acts
            .iter()
            .map(|o| Step { day: o.from, meets: Vec::new(), amounts: BTreeMap::new(), acts: vec![o.clone()] })
            .collect();
        for (at, norm, i) in self.owed(&run) {
            let last = i.deadline?;
            let Some(Status::Met { by: Some(by) }) = run.status(at, last.min(horizon)) else { continue };
            let act = with.situation.occurrences.get(by)?;
            let (values, arises, first) = (i.values.clone(), i.arises, i.first);
            let due = Due { norm: norm.id, values, arises, first, last, least: BTreeMap::new() };
            steps.iter_mut().filter(|s| s.acts.contains(act)).for_each(|s| s.meets.push(due.clone()));
        }
        steps.iter().all(|s| !s.meets.is_empty()).then_some(steps)
    }

    /// The norms that cannot be kept together in a situation: left out one by one, from the last on.
    fn least(&self, witness: Box<Witness>, moment: i64, duty: &Norm) -> Joint {
        let mut norms = self.company.norms(self.asking);
        for id in norms.clone().into_iter().rev() {
            let mut without = norms.clone();
            without.remove(&id);
            if self.course(&witness, moment, &without) == Chosen::None {
                norms = without;
            }
        }
        if !norms.contains(&duty.id) {
            return Joint::Open("what is found of other duties hides whether this one meets more".to_owned());
        }
        Joint::Found(Together { norms: norms.into_iter().collect(), witness, party: self.party })
    }

    fn words(&self, rules: &[Rule]) -> String {
        let mut all = self.company.duties.clone();
        all.sort_by_key(|n| n.id);
        let all: Vec<String> = all.into_iter().map(quoted).collect();
        let many = rules.len();
        format!("{}: whoever looks ahead keeps all, by one of {many} rules of conduct in each situation", join(&all))
    }
}
