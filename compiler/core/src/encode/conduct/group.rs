//! Duties of a group: whether as many do as must (semantics §14, §19).
//!
//! In: a duty of a group, who its other variables are, and what it is for one of the group to fail. Out: the condition that
//! fewer are left than the duty asks for.

use super::instance::{At, Env};
use super::{Needs, Scene, Term};
use crate::logic::{BigRational, Formula, Linear, Sort};
use crate::model::conduct::{Binder, Norm, Who};

impl<'p> Scene<'p> {
    /// That the subject did not; of a group, that fewer did than must of those who belong to it on the day. `fails` says it of
    /// one.
    pub(super) fn unless_enough(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        on: At<'_>,
        fails: &dyn Fn(&mut Self, &Env) -> Term,
    ) -> Term {
        let Some(group) = &norm.group else { return fails(self, env) };
        let Who::Var(subject) = norm.subject else { return fails(self, env) };
        let at_least = {
            let day = Linear::zero();
            let at = At { variables: &norm.variables, env, day: &day, base: None };
            self.value(&group.least, at)
        };
        let Some(least) = at_least else { return self.refuse("how many of a group must act is not one number") };
        let mut start = env.clone();
        let own = start.get(subject.0 as usize).copied().flatten();
        if let Some(place) = start.get_mut(subject.0 as usize) {
            *place = None;
        }
        let envs = self.choices(&norm.variables, &[Binder::Rule, Binder::Each, Binder::Group], &start);
        let mut acting = Vec::new();
        let mut mine = Term::truth();
        for env in &envs {
            let Some(figure) = env.get(subject.0 as usize).copied().flatten() else { continue };
            let belongs = self.bound_on(figure, norm, env, on.day);
            let belongs = belongs.also(self.filters(&norm.variables, &[Binder::Group], At { env, ..on }));
            let failed = fails(self, env);
            if own == Some(figure) {
                mine = belongs.clone().also(failed.clone());
            }
            // of those who take part in nothing nobody acts
            if self.universe.figure(figure).is_some_and(|f| f.active) && !belongs.is_false() {
                let absent = if belongs.is_true() { Term::falsity() } else { belongs.not() };
                acting.push(Term::or([absent, failed]));
            }
        }
        let too_few = if least.as_constant().is_some_and(num_traits::One::is_one) {
            Term::and(acting)
        } else {
            self.fewer(acting, &least)
        };
        // each answerable: also this one did not
        if own.is_some() { too_few.also(mine) } else { too_few }
    }

    /// That fewer than so many of these are false.
    fn fewer(&mut self, failed: Vec<Term>, least: &Linear) -> Term {
        let mut sum = Linear::zero();
        let (mut yes, mut no) = (Needs::default(), Needs::default());
        for term in failed {
            if self.bound.iter().any(|x| term.mentions(x)) {
                return self.refuse("how many of a group act is asked of every day");
            }
            let one = Linear::var(&self.variable("acts", Sort::Int));
            let zero = Formula::eq(&one, &Linear::zero());
            self.background.push(Formula::ite(&term.formula, &zero, &Formula::eq(&one, &Linear::int(1))));
            sum = &sum + &one;
            yes = yes.plus(&term.yes);
            no = no.plus(&term.no);
        }
        Term { formula: Formula::lt(&sum, least), yes, no }
    }

    /// Each who may be of the group of a duty, with a value for the variable of its subject; the subject alone where it is no
    /// duty of a group.
    pub fn members_of(&mut self, norm: &Norm, env: &Env) -> Vec<Env> {
        if norm.group.is_none() {
            return vec![env.clone()];
        }
        self.choices(&norm.variables, &[Binder::Rule, Binder::Each, Binder::Group], env)
    }

    /// That on a day fewer than must of a group are left for whom this does not hold; of one who owes it alone, that it holds.
    /// Whoever takes part in nothing is one of them: all that a figure stands for are counted.
    pub fn too_few_but_for(
        &mut self,
        norm: &'p Norm,
        env: &Env,
        on: At<'_>,
        fails: &mut dyn FnMut(&mut Self, &Env) -> Term,
    ) -> Term {
        let (Some(group), Who::Var(subject)) = (&norm.group, norm.subject) else { return fails(self, env) };
        let domain = norm.variables.get(subject.0 as usize).map(|v| v.domain);
        let open = self.frame.open.iter().any(|k| {
            let related =
                |d: crate::model::conduct::Domain| self.program.is_kind(*k, d.kind) || self.program.is_kind(d.kind, *k);
            domain.is_none_or(related)
        });
        if open {
            return self.refuse("a duty of a group whose kind is open in number");
        }
        let Some(least) = self.value(&group.least, on) else {
            return self.refuse("how many of a group must act is not one number");
        };
        let mut sum = Linear::zero();
        let (mut yes, mut no) = (Needs::default(), Needs::default());
        for own in self.members_of(norm, env) {
            let Some(figure) = own.get(subject.0 as usize).copied().flatten() else { continue };
            let many = self.universe.figure(figure).map_or(1, |f| f.parties.len().max(1));
            let belongs = self.bound_on(figure, norm, &own, on.day);
            let belongs = belongs.also(self.filters(&norm.variables, &[Binder::Group], At { env: &own, ..on }));
            if belongs.is_false() {
                continue;
            }
            let able = belongs.also(self.closed(|scene| fails(scene, &own)).not());
            let one = Linear::var(&self.variable("able", Sort::Int));
            let is = |n: i64| Formula::eq(&one, &Linear::int(n));
            self.background.push(Formula::ite(&able.formula, &is(1), &is(0)));
            sum = &sum + &one.scale(&BigRational::from_integer(many.into()));
            yes = yes.plus(&able.no);
            no = no.plus(&able.yes);
        }
        Term { formula: Formula::lt(&sum, &least), yes, no }
    }
}
