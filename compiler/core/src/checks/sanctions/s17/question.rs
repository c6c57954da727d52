//! The question of S17: is there a lawful situation in which measures leave less of a flow than its floor?
//!
//! In: a flow, the measures that cut it. Out: a term for each member whose flow it is: somebody's acts, each of which a measure
//! covers, are in effect on one day, and what they take of the flow together is more than the floor leaves room for.

use super::shares::{Bounds, bounds, corners};
use crate::checks::norms::ask::Named;
use crate::checks::sanctions::Answer;
use crate::checks::sanctions::scene::{self, SetOff, all_keep, arisen, set_off};
use crate::encode::conduct::{Act, Arg, Arising, Env, Kind, Scene, Term, What};
use crate::logic::{BigRational, Formula, Linear, Sort};
use crate::model::StatementId;
use crate::model::conduct::{ActionId, Actor, Binder, Force, Norm, NormId, RuleId, Who};
use crate::model::flow::FlowId;
use num_traits::{One, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// A measure that cuts the flow.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub(super) norm: NormId,
    pub(super) action: ActionId,
    /// what says that it, or its rule, leaves the flow alone
    pub(super) spared: Option<StatementId>,
    pub(super) statement: StatementId,
}

/// What is asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) flow: FlowId,
    pub(super) measures: Vec<Measure>,
    /// what the rules answer: whoever is in breach may break these
    pub(super) broken: Vec<NormId>,
    pub(super) named: Named,
}

/// How measures come to be in force.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    /// one rule is set off once; its finding, where it needs one, is made on a later day than the breach
    Once {
        /// the rule
        rule: RuleId,
        /// whether the finding is later
        later: bool,
    },
    /// each act answers a breach of its own, under any rule: all there is
    Each,
}

/// A rule that was set off.
#[derive(Clone, Copy)]
struct Fired<'a, 'p> {
    answer: &'a Answer<'p>,
    env: &'a Env,
    arising: &'a Arising,
}

/// Who it happens to, and of those who may supply everything the one who does.
pub(super) type Choices = Vec<Env>;

impl Asked {
    /// The measures that no rule spares.
    pub(super) fn norms(&self) -> Vec<NormId> {
        self.measures.iter().filter(|m| m.spared.is_none()).map(|m| m.norm).collect()
    }

    /// That some member is left with less than the floor. `loose`: statements that may say anything.
    pub(super) fn below<'p>(
        &self,
        scene: &mut Scene<'p>,
        kept: &[NormId],
        how: How,
        loose: &BTreeSet<StatementId>,
        choices: &mut Choices,
    ) -> Term {
        let Some(flow) = scene.program.conduct.flows.get(self.flow.0 as usize) else { return Term::falsity() };
        let universe = scene.universe;
        if flow.supplied.is_some() && universe.figures().any(|(_, f)| f.member && !f.active) {
            return scene.refuse(format!("more members than are told apart supply `{}`", flow.name));
        }
        let members: Vec<(usize, Actor)> =
            universe.figures().filter(|(_, f)| f.member && f.active).map(|(i, f)| (i, f.actor)).collect();
        let mut divided: BTreeMap<usize, Vec<BTreeMap<usize, BigRational>>> = BTreeMap::new();
        choices.clear();
        for (to, _) in &members {
            let of: BTreeMap<usize, Bounds> = members
                .iter()
                .filter(|(i, _)| i != to)
                .map(|(i, actor)| (*i, bounds(scene.program, flow, *actor)))
                .collect();
            let all = match corners(&of) {
                Ok(all) => all,
                Err(why) => return scene.refuse(why),
            };
            for division in all {
                let from: Vec<usize> = division.iter().filter(|(_, n)| !n.is_zero()).map(|(i, _)| *i).collect();
                let env: Env = match from.as_slice() {
                    [one] => vec![Some(*to), Some(*one)],
                    _ => vec![Some(*to)],
                };
                if !choices.contains(&env) {
                    choices.push(env);
                }
                divided.entry(*to).or_default().push(division);
            }
        }
        let (day, from) = self.named.on();
        let floor = flow.floor.clone();
        let room = &Linear::int(1) - &floor;
        let named = choices.clone();
        self.named
            .some(scene, &named, |scene, env| {
                let (Some(to), from) = (env.first().copied().flatten(), env.get(1).copied().flatten()) else {
                    return Term::falsity();
                };
                let mine = |d: &&BTreeMap<usize, BigRational>| {
                    let mut who = d.iter().filter(|(_, n)| !n.is_zero()).map(|(i, _)| *i);
                    let first = who.next();
                    (first.is_some() && who.next().is_none()).then_some(first).flatten() == from
                };
                let all: Vec<&BTreeMap<usize, BigRational>> =
                    divided.get(&to).into_iter().flatten().filter(mine).collect();
                let mut one = |scene: &mut Scene<'p>, fired: Option<Fired<'_, 'p>>| {
                    let ways: Vec<Term> =
                        all.iter().map(|d| self.taken(scene, to, d, (&room, &day), fired, loose)).collect();
                    Term::or(ways)
                };
                let out = match how {
                    How::Each => one(scene, None),
                    How::Once { rule, later } => once(scene, rule, later, to, &mut one),
                };
                if out.is_false() {
                    return out;
                }
                out.also(all_keep(scene, kept, Some((to, &self.broken)), &day))
            })
            .given(Formula::and([from, Formula::gt(&floor, &Linear::zero())]))
    }

    /// That more is taken than there is room for, where what comes from whom is divided so.
    fn taken<'p>(
        &self,
        scene: &mut Scene<'p>,
        to: usize,
        division: &BTreeMap<usize, BigRational>,
        (room, day): (&Linear, &Linear),
        fired: Option<Fired<'_, 'p>>,
        loose: &BTreeSet<StatementId>,
    ) -> Term {
        let actions: BTreeSet<ActionId> = self.measures.iter().map(|m| m.action).collect();
        let mut all = Vec::new();
        let mut sum = Linear::zero();
        for (by, share) in division.iter().filter(|(_, n)| !n.is_zero()) {
            let mut own = Linear::zero();
            for action in &actions {
                let x = Linear::var(&scene.variable("cut", Sort::Real));
                let none = Formula::eq(&x, &Linear::zero());
                let some = self.cut(scene, (*by, to), *action, (day, &x), fired, loose);
                if some.is_false() {
                    continue;
                }
                let some = some.given(Formula::gt(&x, &Linear::zero()));
                all.push(Term::or([Term::fixed(none), some]));
                own = &own + &x;
            }
            // several measures together take the whole at most
            let most = Linear::var(&scene.variable("taken", Sort::Real));
            all.push(Term::fixed(Formula::and([
                Formula::le(&most, &own),
                Formula::le(&most, &Linear::int(1)),
                Formula::ge(&most, &Linear::zero()),
            ])));
            sum = &sum + &most.scale(share);
        }
        all.push(Term::fixed(Formula::gt(&sum, room)));
        Term::and(all)
    }

    /// An act of one against another that is in effect on a day, that a measure covers, and that cuts so much.
    fn cut<'p>(
        &self,
        scene: &mut Scene<'p>,
        (by, to): (usize, usize),
        action: ActionId,
        (day, x): (&Linear, &Linear),
        fired: Option<Fired<'_, 'p>>,
        loose: &BTreeSet<StatementId>,
    ) -> Term {
        let Some(declared) = scene.program.conduct.action(action) else { return Term::falsity() };
        let (Some(cut), Some(target)) = (declared.cut(self.flow), declared.target()) else { return Term::falsity() };
        scene.some_slot(Kind::Act(action), |scene, slot| {
            let What::Act(act) = &slot.what else { return Term::falsity() };
            let (Some(actor), Some(Arg::Figure(on))) = (act.actor(), act.arguments.get(target)) else {
                return Term::falsity();
            };
            let Some(amount) = act.share(&cut.share) else { return Term::falsity() };
            let so = Formula::and([actor.is(by), on.is(to), act.covers(day), Formula::le(x, &amount)]);
            if so.is_false() {
                return Term::falsity();
            }
            let mut any = Vec::new();
            for m in self.measures.iter().filter(|m| m.action == action) {
                if m.spared.is_some_and(|s| !loose.contains(&s)) {
                    continue;
                }
                if loose.contains(&m.statement) {
                    any.push(Term::truth());
                    continue;
                }
                let Some(norm) = scene.frame.norm(m.norm) else { continue };
                any.push(match fired {
                    None => answering(scene, norm, (by, to), act),
                    Some(fired) if norm.rule == Some(fired.answer.rule.id) => covered(scene, norm, by, act, fired),
                    Some(_) => Term::falsity(),
                });
            }
            Term::or(any).given(so)
        })
    }
}

/// That a rule is set off by a breach of one, and what then holds.
fn once<'p>(
    scene: &mut Scene<'p>,
    rule: RuleId,
    later: bool,
    to: usize,
    holds: &mut dyn FnMut(&mut Scene<'p>, Option<Fired<'_, 'p>>) -> Term,
) -> Term {
    let Some(answer) = Answer::of(scene.program, rule) else { return Term::falsity() };
    let how = SetOff { broken: answer.broken, later };
    let mut any = Vec::new();
    for env in scene::cases(scene, &answer) {
        if scene.figure_of(Who::Var(answer.by), &env) == Some(to) {
            any.push(set_off(scene, &answer, how, &env, &mut |scene, arising| {
                holds(scene, Some(Fired { answer: &answer, env: &env, arising }))
            }));
        }
    }
    Term::or(any)
}

/// That the rule of a measure is set off by a breach of one, and an act of another is what it demands or permits.
fn answering<'p>(scene: &mut Scene<'p>, norm: &'p Norm, (by, to): (usize, usize), act: &Act) -> Term {
    let Some(rule) = norm.rule else { return Term::falsity() };
    once(scene, rule, false, to, &mut |scene, fired| match fired {
        Some(fired) => covered(scene, norm, by, act, fired),
        None => Term::falsity(),
    })
}

/// That an act of one is what a measure demands or permits, under a rule that so was set off.
fn covered<'p>(scene: &mut Scene<'p>, norm: &'p Norm, by: usize, act: &Act, fired: Fired<'_, 'p>) -> Term {
    let Fired { answer, env, arising } = fired;
    let mut ways = Vec::new();
    for own in scene.choices(&norm.variables, &[Binder::Each, Binder::Group], env) {
        if scene.figure_of(norm.subject, &own) != Some(by) {
            continue;
        }
        let arises = if norm.force == Force::Must { arisen(scene, norm, &own, arising) } else { Term::truth() };
        if !arises.is_false() {
            let covers = scene.covers(norm, &own, arising, act, &act.from);
            ways.push(arises.also(covers));
        }
    }
    let mut out = Term::or(ways);
    let level = scene.program.conduct.action(act.action).and_then(|a| a.severity);
    for ceiling in &answer.rule.ceilings {
        if level.is_some_and(|l| l.ladder == ceiling.level.ladder && l.step > ceiling.level.step) {
            let capped = scene.in_span(&ceiling.window, arising, &act.from);
            out = out.also(capped.not());
        }
    }
    out
}

/// What is left of a flow where so much is taken.
pub(super) fn left(taken: &BigRational) -> BigRational {
    BigRational::one() - taken
}
