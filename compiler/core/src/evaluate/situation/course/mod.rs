//! Whether somebody has a lawful course in a situation (semantics §19, §20c): a search of its own, which shares nothing with the
//! encoding.
//!
//! In: a situation in which a party has done nothing, and the norms that it is to keep: duties met by an act in a window, states
//! of affairs, equal treatment, prohibitions. Out: [`Course`]: acts with days and amounts that break nothing, which the evaluator
//! ran; that there are none; or why neither is known.
//!
//! **Every course is looked at.** A lawful course holds for each duty an act that meets it; acts may meet several. So the duties
//! are divided among acts in every way, each act on every day of its window on which something changes: between two such days
//! nothing does, and an act may as well come on the earlier one. The amounts are not tried: they are the unknowns of linear
//! comparisons, and exact elimination says whether any suit. What the party could do besides only takes away (then it helps
//! nothing), or is added on its first lawful day; where more of it could help, nothing is said.

mod acts;
mod effect;
mod lay;
mod limits;

pub use acts::{Choosing, Chosen, choose};
pub use effect::{Effect, effects};

use super::Run;
use crate::evaluate::decide::{self, Possible};
use crate::logic::BigRational;
use crate::model::conduct::{ActionId, Actor, Deed, NormId, Occurrence, Situation};
use crate::model::{CharterId, Program};
use lay::{Bundle, Laid};
use num_traits::One;
use std::collections::{BTreeMap, BTreeSet};

/// Who is to keep what.
#[derive(Debug, Clone)]
pub struct Keeper<'k> {
    /// who
    pub party: Actor,
    /// these norms; all others are left aside
    pub norms: &'k BTreeSet<NormId>,
    /// what it may do besides what it owes, because that could help
    pub helpful: &'k [ActionId],
    /// whether all that it owes only makes what it must keep harder
    pub harms: bool,
    /// how many courses are tried
    pub tries: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Course {
    /// these acts
    Lawful(Vec<Step>),
    /// there is none
    None,
    /// neither is known
    Unsure(String),
}

/// An act of a course, to all who receive it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// on which day
    pub day: i64,
    /// which duties it meets
    pub meets: Vec<Due>,
    /// its amounts, by place
    pub amounts: BTreeMap<usize, BigRational>,
    /// the act, and the same to all who are treated alike
    pub acts: Vec<Occurrence>,
}

/// A duty of the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// which norm
    pub norm: NormId,
    /// the values of its variables
    pub values: Vec<Option<Actor>>,
    /// the day it arises
    pub arises: i64,
    /// the first day of its window
    pub first: i64,
    /// the last day of its window
    pub last: i64,
    /// its least amounts, by place
    pub least: BTreeMap<usize, BigRational>,
}

/// Looks for a course of a party that keeps these norms; the situation is looked at up to a day.
#[must_use]
pub fn course(
    program: &Program,
    charter: CharterId,
    situation: &Situation,
    keeper: &Keeper<'_>,
    horizon: i64,
) -> Course {
    let world = Run::new(program, charter, situation, horizon);
    let mut search = Search {
        program,
        charter,
        situation,
        keeper,
        horizon,
        dues: world.dues_of(keeper),
        alike: world.alike_of(keeper),
        days: world.visited.iter().copied().filter(|d| *d <= horizon).collect(),
        extras: Vec::new(),
        tries: 0,
        unsure: None,
    };
    if search.dues.iter().any(Option::is_none) {
        return Course::Unsure("the window of a duty is not known to the day".to_owned());
    }
    let found = search.go(0, &mut Vec::new());
    if let Some(steps) = found {
        return Course::Lawful(steps);
    }
    if search.unsure.is_none() && !keeper.helpful.is_empty() {
        search.add_extras(&world);
        if !search.extras.is_empty() {
            let once = search.extras.clone();
            for _ in 0..OFTEN {
                if let Some(steps) = search.go(0, &mut Vec::new()) {
                    return Course::Lawful(steps);
                }
                search.extras.extend(once.iter().cloned());
            }
            // whatever a limit on one of them says, more of them can be done
            search.extras.iter_mut().for_each(|e| e.freely = true);
            if search.unsure.is_none() && (search.go(0, &mut Vec::new()).is_some() || search.unsure.is_some()) {
                search.unsure = Some("more of what would help could be done".to_owned());
            }
        }
    }
    search.unsure.map_or(Course::None, Course::Unsure)
}

/// How often what helps is done at most.
const OFTEN: usize = 4;

struct Search<'s> {
    program: &'s Program,
    charter: CharterId,
    situation: &'s Situation,
    keeper: &'s Keeper<'s>,
    horizon: i64,
    dues: Vec<Option<Due>>,
    alike: Vec<(ActionId, usize, Vec<Actor>)>,
    days: Vec<i64>,
    extras: Vec<Bundle>,
    tries: usize,
    unsure: Option<String>,
}

impl Run<'_> {
    /// The duties of a party to act in a window, among those it is to keep, by their last days.
    fn dues_of(&self, keeper: &Keeper<'_>) -> Vec<Option<Due>> {
        let mut out = Vec::new();
        for (at, i) in self.instances.iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| keeper.norms.contains(&n.id)) else {
                continue;
            };
            let mine = self.scope_of(i, &i.values).and_then(|s| s.who(norm.subject)) == Some(keeper.party);
            let act = matches!(norm.deed, Deed::Act(_)) && self.is_point(norm) && norm.group.is_none();
            if !mine || !act {
                continue;
            }
            let window = i.edges.deadline.and_then(|d| d.exact()).zip(i.edges.first.exact());
            let Some((last, first)) = window else {
                out.push(None);
                continue;
            };
            // what is not surely owed is left aside: a course that then seems lawful is run in the end
            if !self.due(at, last).is_yes() {
                continue;
            }
            let mut least = BTreeMap::new();
            if let (Deed::Act(pattern), Some(mut scope)) = (&norm.deed, self.scope_of(i, &i.values)) {
                for (place, wanted) in pattern.arguments.iter().enumerate() {
                    let Some((how, q)) = lay::asked(wanted) else { continue };
                    let bound = self.number(q, &mut scope, first);
                    least.extend(bound.and_then(|n| lay::lower(how, &n)).map(|n| (place, n)));
                }
            }
            let (values, arises) = (i.values.clone(), i.arises);
            out.push(Some(Due { norm: i.norm, values, arises, first, last, least }));
        }
        out.sort_by_key(|d| d.as_ref().map(|d| (d.last, d.first, d.norm, d.values.clone())));
        out
    }

    /// Whom a party must treat alike: by which action, at which place, and who they are.
    fn alike_of(&self, keeper: &Keeper<'_>) -> Vec<(ActionId, usize, Vec<Actor>)> {
        let mut out = Vec::new();
        for i in &self.instances {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| keeper.norms.contains(&n.id)) else {
                continue;
            };
            let Deed::Alike { each, action, receiver } = norm.deed else { continue };
            let Some(mut scope) = self.scope_of(i, &i.values) else { continue };
            if scope.who(norm.subject) != Some(keeper.party) {
                continue;
            }
            let mut all = Vec::new();
            for who in self.range_of(each, &scope) {
                scope.set(each, Some(who));
                if self.admitted(each, &mut scope, 0).is_yes() {
                    all.push(who);
                }
            }
            out.push((action, receiver, all));
        }
        out
    }
}

impl Search<'_> {
    /// Divides the duties from one on among acts.
    fn go(&mut self, at: usize, bundles: &mut Vec<Bundle>) -> Option<Vec<Step>> {
        if self.tries > self.keeper.tries {
            return None;
        }
        let Some(due) = self.dues.get(at) else { return self.leaf(bundles) };
        let due = due.clone()?;
        let Some(fresh) = self.bundle(&due) else {
            self.unsure = Some("what would meet a duty is not said but for its amounts".to_owned());
            return None;
        };
        for place in 0..bundles.len() {
            let joined = bundles.get(place).and_then(|b| b.joined(&fresh));
            let Some(joined) = joined else { continue };
            let before = bundles.get(place).cloned();
            if let Some(slot) = bundles.get_mut(place) {
                *slot = joined;
            }
            if (!self.keeper.harms || self.suits(bundles).is_some())
                && let Some(found) = self.go(at + 1, bundles)
            {
                return Some(found);
            }
            if let (Some(slot), Some(before)) = (bundles.get_mut(place), before) {
                *slot = before;
            }
        }
        let days: BTreeSet<i64> =
            self.days.iter().copied().filter(|d| (due.first..=due.last).contains(d)).chain([due.first]).collect();
        for day in days {
            bundles.push(Bundle { day, ..fresh.clone() });
            if (!self.keeper.harms || self.suits(bundles).is_some())
                && let Some(found) = self.go(at + 1, bundles)
            {
                return Some(found);
            }
            bundles.pop();
        }
        None
    }

    /// The amounts that suit acts on these days, as conditions: nothing if there are none.
    fn suits(&mut self, bundles: &[Bundle]) -> Option<(Laid, crate::evaluate::condition::Condition)> {
        self.tries += 1;
        if self.tries > self.keeper.tries {
            let most = self.keeper.tries;
            self.unsure.get_or_insert_with(|| format!("more than {most} courses would have to be tried"));
            return None;
        }
        let all: Vec<Bundle> = self.extras.iter().chain(bundles).cloned().collect();
        let laid = self.lay(&all, None);
        let run = Run::new(self.program, self.charter, &laid.situation, self.horizon);
        let condition = run.limits(self.keeper, &all, &laid)?;
        match decide::possible(&condition) {
            Possible::No => None,
            Possible::Yes => Some((laid, condition)),
            Possible::Unsure => {
                self.unsure.get_or_insert_with(|| "the amounts of a course are not decided".to_owned());
                None
            }
        }
    }

    /// A course in which every duty is met by some act: with amounts, and run.
    fn leaf(&mut self, bundles: &[Bundle]) -> Option<Vec<Step>> {
        let (laid, condition) = self.suits(bundles)?;
        let all: Vec<Bundle> = self.extras.iter().chain(bundles).cloned().collect();
        let Some(amounts) = laid.amounts(&all, condition) else {
            self.unsure.get_or_insert_with(|| "no amounts of a course were found, though there are some".to_owned());
            return None;
        };
        let told = self.lay(&all, Some(&amounts));
        let run = Run::new(self.program, self.charter, &told.situation, self.horizon);
        let broken = run
            .breaches()
            .iter()
            .find(|b| b.subject == Some(self.keeper.party) && self.keeper.norms.contains(&b.norm) && !b.truth.is_no());
        if let Some(b) = broken {
            let text = self.program.conduct.norm(b.norm).map_or("?", |n| n.text.as_str());
            self.unsure.get_or_insert_with(|| format!("a course that looked lawful breaks `{text}`"));
            return None;
        }
        let steps = all.iter().zip(amounts).zip(told.acts);
        Some(
            steps
                .map(|((bundle, amounts), acts)| Step { day: bundle.day, meets: bundle.meets.clone(), amounts, acts })
                .collect(),
        )
    }

    /// Acts that nobody owes, each on the first day on which it is not forbidden.
    fn add_extras(&mut self, world: &Run<'_>) {
        for action in self.keeper.helpful {
            let Some(declared) = self.program.conduct.action(*action) else { continue };
            let Some(bundle) = self.extra(*action, declared) else {
                self.unsure.get_or_insert_with(|| format!("what `{}` could help is not known", declared.name));
                return;
            };
            let days = self.days.clone();
            for day in days {
                let tried = Bundle { day, ..bundle.clone() };
                let alone = self.lay(std::slice::from_ref(&tried), None);
                let run = Run::new(self.program, self.charter, &alone.situation, world.horizon);
                let Some(limits) = run.forbidden(self.keeper, std::slice::from_ref(&tried), &alone) else { continue };
                if tried.is_of_use(limits, &alone) {
                    self.extras.push(tried);
                    break;
                }
            }
        }
    }
}

fn one() -> BigRational {
    BigRational::one()
}
