//! What the amounts of a course must be (semantics §13, §14, §19).
//!
//! In: a situation with the acts of a course, their amounts left open. Out: a condition over the amounts that every lawful course
//! with these acts meets. What is not surely asked is left out of it: then more courses seem lawful than are, and each is run.

use super::Keeper;
use super::lay::{Bundle, Laid, asked};
use crate::evaluate::condition::{Condition as Known, Sum};
use crate::evaluate::situation::act::{Act, Arg, Range, opposite};
use crate::evaluate::situation::ban::{Asked, Objection};
use crate::evaluate::situation::quantity::{Fresh, argument_of, compared};
use crate::evaluate::situation::truth::Truth;
use crate::evaluate::situation::{Run, Scope};
use crate::logic::{BigRational, Var};
use crate::model::conduct::{Compare, Condition, Deed, Match, Norm, Sort};

impl Run<'_> {
    /// What the amounts must be: nothing if none can be.
    pub(super) fn limits(&self, keeper: &Keeper<'_>, bundles: &[Bundle], laid: &Laid) -> Option<Known> {
        let mut all = self.forbidden(keeper, bundles, laid)?;
        for (i, bundle) in bundles.iter().enumerate() {
            all.extend(self.of_bundle(i, bundle, laid));
        }
        for (at, i) in self.instances.iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(i.norm).filter(|n| keeper.norms.contains(&n.id)) else {
                continue;
            };
            let Deed::Ensure(condition) = &norm.deed else { continue };
            if self.is_point(norm) || norm.subject.among(&i.values) != Some(keeper.party) {
                continue;
            }
            for day in self.visited.range(..=self.horizon) {
                if !self.due(at, *day).is_yes() {
                    continue;
                }
                let Some(mut scope) = self.scope_of(i, &i.values) else { continue };
                all.extend(self.kept(condition, &mut scope, *day, true));
            }
        }
        let mut out = Known::all(all);
        for (i, bundle) in bundles.iter().enumerate() {
            for place in &bundle.numbers {
                if self.is_whole(bundle, *place)
                    && let Some(var) = bundle.amount(i, *place, laid)
                {
                    out = out.replace(&var, &Sum::var(&Var::int(var.name())));
                }
            }
        }
        (out != Known::Known(false)).then_some(out)
    }

    fn is_whole(&self, bundle: &Bundle, place: usize) -> bool {
        let parameter = self.program.conduct.action(bundle.action).and_then(|a| a.parameters.get(place));
        matches!(parameter.map(|p| &p.sort), Some(Sort::Number { whole: true, .. }))
    }

    /// What its sort and its duties ask of the amounts of an act, and that all who are treated alike receive the same.
    fn of_bundle(&self, at: usize, bundle: &Bundle, laid: &Laid) -> Vec<Known> {
        let mut all = Vec::new();
        let places = laid.places.get(at).map_or(&[][..], Vec::as_slice);
        for place in &bundle.numbers {
            let parameter = self.program.conduct.action(bundle.action).and_then(|a| a.parameters.get(*place));
            for other in places {
                let var = Sum::var(&argument_of(*place, Some(*other)));
                if let Some(Sort::Number { least: Some(least), .. }) = parameter.map(|p| &p.sort) {
                    all.push(compared(&var, Compare::AtLeast, &Sum::constant(least.clone())));
                }
                if let Some(first) = bundle.amount(at, *place, laid) {
                    all.push(compared(&var, Compare::Equal, &Sum::var(&first)));
                }
            }
            let Some(var) = bundle.amount(at, *place, laid) else { continue };
            for due in &bundle.meets {
                let Some(norm) = self.program.conduct.norm(due.norm) else { continue };
                let Deed::Act(pattern) = &norm.deed else { continue };
                let Some((how, q)) = pattern.arguments.get(*place).and_then(asked) else { continue };
                let mut scope = Scope::new(&norm.variables, &due.values, Some(due.arises));
                let mut fresh = Fresh::default();
                let bound = self.amount(q, &mut scope, bundle.day, &mut fresh);
                if fresh.side.is_empty() {
                    all.push(compared(&Sum::var(&var), how, &bound));
                }
            }
        }
        all
    }

    /// What prohibitions ask of the amounts of acts: nothing if one forbids an act whatever its amount.
    pub(super) fn forbidden(&self, keeper: &Keeper<'_>, bundles: &[Bundle], laid: &Laid) -> Option<Vec<Known>> {
        let mut all = Vec::new();
        for (bundle, places) in bundles.iter().zip(&laid.places).filter(|(b, _)| !b.freely) {
            for act in self.log.of(bundle.action).filter(|a| a.index.is_some_and(|i| places.contains(&i))) {
                for objection in self.objections(act, act.from, Asked::One) {
                    if !keeper.norms.contains(&objection.norm) {
                        continue;
                    }
                    match objection.truth {
                        Truth::Yes => return None,
                        Truth::Unknown => all.extend(self.but_for(&objection, act)),
                        Truth::No => {}
                    }
                }
            }
        }
        Some(all)
    }

    /// The amounts of an act that a prohibition leaves, where it depends on nothing else.
    fn but_for(&self, objection: &Objection, act: &Act) -> Option<Known> {
        let norm = self.program.conduct.norm(objection.norm)?;
        if objection.ceiling.is_some() || objection.excused.is_some() {
            return None;
        }
        let numbers = self.bounds(norm, objection, act)?;
        // with amounts that it speaks of it surely forbids
        let mut struck = act.clone();
        for (place, how, n) in &numbers {
            let inside = inside(*how, n);
            *struck.args.get_mut(*place)? = Arg::Number(Range::one(inside));
        }
        let surely = self.objections(&struck, act.from, Asked::One);
        if !surely.iter().any(|o| o.norm == objection.norm && o.instance == objection.instance && o.truth.is_yes()) {
            return None;
        }
        let out = numbers.iter().map(|(place, how, n)| {
            let var = Sum::var(&argument_of(*place, act.index));
            compared(&var, opposite(*how), &Sum::constant(n.clone()))
        });
        Some(Known::any(out))
    }

    /// The numbers that a prohibition compares the open amounts of an act with.
    fn bounds(&self, norm: &Norm, objection: &Objection, act: &Act) -> Option<Vec<(usize, Compare, BigRational)>> {
        let Deed::Act(pattern) = &norm.deed else { return None };
        let mut out = Vec::new();
        for (place, (wanted, arg)) in pattern.arguments.iter().zip(&act.args).enumerate() {
            let (Match::Number(how, q), Arg::Number(range)) = (wanted, arg) else { continue };
            if range.single().is_some() {
                continue;
            }
            let mut scope = Scope::new(&norm.variables, &objection.values, None);
            out.push((place, *how, self.number(q, &mut scope, act.from)?));
        }
        (!out.is_empty()).then_some(out)
    }

    /// A condition over what is not known; nothing where it cannot be said. `weaker`: it may ask less.
    fn kept(&self, c: &Condition, scope: &mut Scope<'_>, day: i64, weaker: bool) -> Option<Known> {
        match c {
            Condition::Compare(a, how, b) => {
                let mut fresh = Fresh::default();
                let left = self.amount(a, scope, day, &mut fresh);
                let right = self.amount(b, scope, day, &mut fresh);
                fresh.side.is_empty().then(|| compared(&left, *how, &right))
            }
            Condition::All(parts) => {
                let all: Vec<Option<Known>> = parts.iter().map(|p| self.kept(p, scope, day, weaker)).collect();
                if weaker {
                    return Some(Known::all(all.into_iter().flatten()));
                }
                all.into_iter().collect::<Option<Vec<Known>>>().map(Known::all)
            }
            Condition::Any(parts) => {
                let all: Option<Vec<Known>> = parts.iter().map(|p| self.kept(p, scope, day, weaker)).collect();
                all.map(Known::any)
            }
            Condition::Not(inner) => self.kept(inner, scope, day, false).map(Known::not),
            other => match self.holds(other, scope, day) {
                Truth::Yes => Some(Known::Known(true)),
                Truth::No => Some(Known::Known(false)),
                Truth::Unknown => None,
            },
        }
    }
}

/// A number that compares so with another.
fn inside(how: Compare, n: &BigRational) -> BigRational {
    match how {
        Compare::Equal | Compare::AtMost | Compare::AtLeast => n.clone(),
        Compare::NotEqual | Compare::Greater => n + super::one(),
        Compare::Less => n - super::one(),
    }
}
