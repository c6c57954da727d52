//! S06, decided on one situation: whoever must act may have less than the act takes.
//!
//! In: a situation that is worked out. Out: the duties of rules that answer a breach, due on somebody whose stated means can be less
//! than one act at its least amounts uses up; of a group, on so few who surely have it that it is less than asked. What acts
//! have used up before is not counted: what is stated is the measure.

use super::walk::Ground;
use crate::evaluate::situation::Run;
use crate::logic::Linear;
use crate::model::conduct::{Action, Actor, Compare, Deed, Force, Match, Norm, Pattern, Quantity, VarId, Who};
use crate::model::{AttributeValue, StatementId};
use num_rational::BigRational;
use num_traits::Zero;

/// Whether somebody has what is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Enough,
    Short,
    Unsaid,
}

impl Ground<'_> {
    /// S06: what of it a situation holds.
    pub(super) fn beyond_means(&self, run: &Run<'_>) -> Vec<StatementId> {
        let mut out = Vec::new();
        for answer in self.answered(run) {
            let owed = |n: &&Norm| n.force == Force::Must && !n.discretion && n.subject != Who::Var(answer.by);
            for norm in self.steps(answer.rule).filter(owed) {
                let uses = self.uses(norm);
                if uses.is_empty() {
                    continue;
                }
                let own = run.instances().iter().enumerate();
                let own = own.filter(|(_, i)| i.firing == Some(answer.firing) && i.norm == norm.id && i.truth.is_yes());
                for (at, i) in own.filter(|(at, _)| run.ever_due(*at).is_yes()) {
                    let short = uses.iter().any(|(attribute, change)| {
                        let means =
                            |values: &[Option<Actor>]| self.means(norm.subject.among(values), attribute, change);
                        if norm.group.is_none() {
                            return means(&i.values) == Means::Short;
                        }
                        let all: Vec<Means> =
                            run.admitted_values(at, i.first).iter().map(|(values, _)| means(values)).collect();
                        let able = all.iter().filter(|m| **m != Means::Short).count();
                        let asked = run.asked_of_group(at, i.first);
                        able < all.len() && asked.is_some_and(|n| BigRational::from_integer(able.into()) < n)
                    });
                    if short {
                        out.push(norm.statement);
                    }
                }
            }
        }
        out
    }

    /// What the act of a duty takes from which attribute of its actor, by its least amounts; negative where it takes.
    fn uses(&self, norm: &Norm) -> Vec<(String, BigRational)> {
        let Deed::Act(p) = &norm.deed else { return Vec::new() };
        let Some(action) = self.action_of(p) else { return Vec::new() };
        let own = action.changes.iter().filter_map(|c| match &c.quantity {
            Quantity::Attribute(Who::Var(VarId(0)), name) => Some((name.clone(), least(&c.by, p, action)?)),
            _ => None,
        });
        own.filter(|(_, change)| *change < BigRational::zero()).collect()
    }

    /// Whether what somebody states surely is enough.
    fn means(&self, who: Option<Actor>, attribute: &str, change: &BigRational) -> Means {
        let Some(Actor::Party(p)) = who else { return Means::Unsaid };
        let stated = self.program.parties.get(p.0 as usize).and_then(|p| p.attributes.get(attribute));
        let Some(AttributeValue::Quantity(value, _)) = stated else { return Means::Unsaid };
        match self.ends(value) {
            Some((Some(low), _)) if &low + change < BigRational::zero() => Means::Short,
            Some((Some(_), _)) => Means::Enough,
            _ => Means::Unsaid,
        }
    }
}

/// A quantity over the arguments of an act, with the least that a duty asks for.
fn least(q: &Quantity, p: &Pattern, action: &Action) -> Option<BigRational> {
    let number = |n: &Linear| n.as_constant().cloned();
    match q {
        Quantity::Fixed(n) => number(n),
        Quantity::Argument(at) => match p.arguments.get(*at)? {
            Match::Number(Compare::Equal | Compare::AtLeast, Quantity::Fixed(n)) => number(n),
            Match::Any => number(action.parameters.get(*at)?.default.as_ref()?),
            _ => None,
        },
        Quantity::Scaled(c, inner) => least(inner, p, action).map(|n| n * c),
        Quantity::Sum(parts) => {
            parts.iter().try_fold(BigRational::zero(), |sum, part| Some(sum + least(part, p, action)?))
        }
        Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => None,
    }
}
