//! What a run reads of its text whatever happened: worked out once for many situations.
//!
//! In: a program and a charter. Out: [`Text`]. It leaves out what no situation makes a difference to: norms and rules with
//! which no day of their own comes, and actions of which a prohibition says the same on each day.

use crate::model::conduct::{ActionId, Arises, Conduct, Deed, Force, Match, Norm, Pattern, Place, Quantity, Rule};
use crate::model::conduct::{Trigger, Variable};
use crate::model::{CharterId, Program, Statement, day as date};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::calendar::{Ranges, ranges};
use super::is_constant;
use super::quantity::Movers;
use super::rank::Order;

/// What a run reads of its text.
#[derive(Debug)]
pub struct Text<'a> {
    pub(super) program: &'a Program,
    pub(super) charter: CharterId,
    pub(super) movers: Movers,
    pub(super) order: Order,
    /// what is known of what a situation leaves open
    pub(super) ranges: Arc<Ranges<'a>>,
    /// the statements of the charter
    pub(super) here: Arc<Vec<&'a Statement>>,
    /// norms with which days may come on which something changes
    pub(super) norms: Vec<&'a Norm>,
    /// and rules
    pub(super) rules: Vec<&'a Rule>,
    /// actions of which what is said may change from day to day
    pub(super) changing: BTreeSet<ActionId>,
}

impl<'a> Text<'a> {
    /// Reads it.
    #[must_use]
    pub fn new(program: &'a Program, charter: CharterId) -> Self {
        let conduct = &program.conduct;
        let order = Order::new(conduct);
        let concerns = |c: Option<CharterId>| c.is_none_or(|c| c == charter);
        Self {
            program,
            charter,
            movers: Movers::new(conduct),
            ranges: Arc::new(ranges(program, charter)),
            here: Arc::new(program.statements.iter().filter(|s| s.charter == Some(charter)).collect()),
            norms: conduct.norms.iter().filter(|n| concerns(n.charter) && !is_plain(n)).collect(),
            rules: conduct.rules.iter().filter(|r| concerns(r.charter) && !is_plain_rule(r)).collect(),
            changing: changing(conduct, &order),
            order,
        }
    }
}

/// Whether no day comes with a norm but those of its window and of what happens.
fn is_plain(norm: &Norm) -> bool {
    let own = matches!(norm.arises, Arises::While) && norm.rule.is_none();
    let deed = matches!(&norm.deed, Deed::Act(p) if is_fixed(p));
    deed && !own && is_constant(&norm.when) && is_constant(&norm.unless) && unfiltered(&norm.variables)
}

fn is_plain_rule(rule: &Rule) -> bool {
    let trigger = match &rule.trigger {
        Trigger::Occurs(pattern) => is_fixed(pattern),
        Trigger::Breach { .. } => true,
    };
    trigger && rule.lift.is_none() && unfiltered(&rule.variables)
}

fn unfiltered(variables: &[Variable]) -> bool {
    variables.iter().all(|v| v.filter.is_none())
}

/// Whether a pattern says the same on each day, of whatever ground.
fn is_fixed(pattern: &Pattern) -> bool {
    let fixed = |m: &Match| match m {
        Match::Number(_, Quantity::Fixed(t)) => !t.mentions(&date()),
        Match::Number(..) => false,
        _ => true,
    };
    pattern.arguments.iter().all(fixed) && !matches!(pattern.place, Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)))
}

/// The actions of which a prohibition may say something else on a later day of the same act.
fn changing(conduct: &Conduct, order: &Order) -> BTreeSet<ActionId> {
    let mut changing = BTreeSet::new();
    for norm in &conduct.norms {
        let action = match &norm.deed {
            Deed::Act(p) => p.action,
            Deed::Before { then, .. } => then.action,
            Deed::Ensure(_) | Deed::Alike { .. } => continue,
        };
        let forbids = norm.is_prohibition();
        if forbids && !is_steady(conduct, order, norm) {
            changing.insert(action);
        }
        // ceilings are on what rules allow
        if norm.rule.and_then(|r| conduct.rule(r)).is_some_and(|r| !r.ceilings.is_empty()) {
            changing.insert(action);
        }
    }
    for (id, action) in (0u32..).map(ActionId).zip(&conduct.actions) {
        if !action.hinders.is_empty() {
            changing.insert(id);
        }
    }
    changing
}

fn is_steady(conduct: &Conduct, order: &Order, n: &Norm) -> bool {
    let fixed = |m: &Match| match m {
        Match::Number(_, q) => matches!(q, Quantity::Fixed(t) if t.as_constant().is_some()),
        _ => true,
    };
    let pattern = match &n.deed {
        Deed::Act(p) => p.arguments.iter().all(fixed) && matches!(p.place, None | Some(Place::Region(_))),
        _ => false,
    };
    pattern
        && n.force == Force::MustNot
        && n.rule.is_none()
        && is_constant(&n.when)
        && is_constant(&n.unless)
        && n.window.is_open()
        && unfiltered(&n.variables)
        && order.excusing(conduct, n).is_empty()
}
