//! Whether acts match patterns (semantics §10).
//!
//! In: an [`Act`], a pattern and the values of its variables, some still open. Out: how the act lies to the pattern, and the
//! values that the act gives to open variables. An argument that is left out matches anything, save that in a duty it has its
//! default. An act matches ground when it touches it; one that took place nowhere in particular matches no ground.

use crate::atlas::AtlasId;
use crate::logic::{BigRational, Linear};
use crate::model::conduct::{Actor, Compare, Condition, Match, Pattern, Place, VarId, Who};
use crate::model::{Region, StatementKind, day as date};
use num_traits::Zero;

use super::act::{Act, Arg, Range, Spot, any};
use super::quantity::{Fresh, compared};
use super::truth::{Fit, Truth};
use super::{Run, Scope};
use crate::evaluate::condition::{Condition as Known, Sum};

/// How a pattern is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// what is left out matches anything
    Anything,
    /// what is left out has its default
    Duty,
}

impl Run<'_> {
    /// How an act lies to a pattern; open variables of the scope take the values that the act gives them.
    pub(super) fn fit(&self, pattern: &Pattern, act: &Act, mode: Mode, scope: &mut Scope<'_>, day: i64) -> Fit {
        if pattern.action != act.action {
            return Fit::Apart;
        }
        let mut out = Fit::Within;
        for (i, arg) in act.args.iter().enumerate() {
            let parameter = self.program.conduct.action(pattern.action).and_then(|a| a.parameters.get(i));
            let default = parameter.and_then(|p| p.default.as_ref()).filter(|_| mode == Mode::Duty);
            let wanted = pattern.arguments.get(i).unwrap_or(&Match::Any);
            out = out.and(self.fit_argument(wanted, arg, default, scope, day));
            if out == Fit::Apart {
                return out;
            }
        }
        match &pattern.place {
            Some(place) => out.and(self.fit_place(place, act, scope, day)),
            None => out,
        }
    }

    fn fit_argument(
        &self,
        wanted: &Match,
        arg: &Arg,
        default: Option<&Linear>,
        scope: &mut Scope<'_>,
        day: i64,
    ) -> Fit {
        match (wanted, arg) {
            (Match::Any, Arg::Number(range)) if default.is_some() => {
                let n = default.map_or_else(|| Sum::constant(BigRational::zero()), Sum::of);
                self.fit_number(range, Compare::Equal, &n.assign(&self.situation.values), &[])
            }
            (Match::Any, _) | (Match::Anyone, Arg::Actor(_) | Arg::Somebody) => Fit::Within,
            (Match::Is(who), Arg::Actor(a)) => match (scope.who(*who), who) {
                (Some(is), _) => Fit::of(Truth::of(is == *a)),
                (None, Who::Var(v)) if scope.is_open(*v) => {
                    scope.set(*v, Some(*a));
                    Fit::Within
                }
                _ => Fit::Apart,
            },
            (Match::Binds(v), Arg::Actor(a)) => match scope.get(*v) {
                Some(is) => Fit::of(Truth::of(is == *a)),
                None => {
                    scope.set(*v, Some(*a));
                    Fit::Within
                }
            },
            (Match::Is(who), Arg::Somebody) => {
                let nobody = scope.who(*who).is_none() && !matches!(who, Who::Var(v) if scope.is_open(*v));
                if nobody { Fit::Apart } else { Fit::Partly }
            }
            (Match::Binds(_), Arg::Somebody) => Fit::Partly,
            (Match::Number(how, q), Arg::Number(range)) => {
                let mut fresh = Fresh::default();
                let n = self.amount(q, scope, day, &mut fresh);
                self.fit_number(range, *how, &n, &fresh.side)
            }
            (Match::Thing(t), Arg::Thing(Some(is))) => Fit::of(Truth::of(t == is)),
            (Match::Thing(_), Arg::Thing(None)) => Fit::Partly,
            (Match::Region(r), Arg::Ground(Some((atlas, cells)))) => {
                Fit::of(Truth::of(r.atlas == *atlas && cells.iter().any(|c| r.cells.contains(*c))))
            }
            (Match::Region(r), Arg::Within(atlas, cells)) => {
                share(cells, |c| r.atlas == *atlas && r.cells.contains(*c))
            }
            (Match::Region(_), Arg::Ground(None)) => Fit::Partly,
            _ => Fit::Apart,
        }
    }

    fn fit_number(&self, range: &Range, how: Compare, n: &Sum, side: &[Known]) -> Fit {
        match (n.number(), range.single()) {
            (Some(n), _) => range.fit(how, n),
            (None, Some(one)) => Fit::of(self.decide(compared(&Sum::constant(one.clone()), how, n), side.to_vec())),
            (None, None) => Fit::Unsure,
        }
    }

    fn fit_place(&self, place: &Place, act: &Act, scope: &mut Scope<'_>, day: i64) -> Fit {
        let (atlas, cells, one) = match &act.spot {
            Spot::Nowhere => return Fit::Apart,
            Spot::Anywhere => return Fit::Partly,
            Spot::At(atlas, cells) => (*atlas, cells, true),
            Spot::Within(atlas, cells) => (*atlas, cells, false),
            Spot::Territory(a) | Spot::Claimed(a) => {
                return match place {
                    Place::ClaimedBy(who) if scope.who(*who) == Some(*a) => Fit::Within,
                    Place::TerritoryOf(who) if scope.who(*who) == Some(*a) => {
                        if matches!(act.spot, Spot::Territory(_)) { Fit::Within } else { Fit::Partly }
                    }
                    _ => Fit::Unsure,
                };
            }
        };
        let mut fits = cells.iter().map(|c| match place {
            Place::Region(r) => Truth::of(r.atlas == atlas && r.cells.contains(*c)),
            // whose ground is meant may still be open
            Place::TerritoryOf(who) => scope.who(*who).map_or(Truth::Unknown, |w| self.territory(w, atlas, *c, day)),
            Place::ClaimedBy(who) => scope.who(*who).map_or(Truth::Unknown, |w| self.claimed(w, atlas, *c, day)),
        });
        if one {
            return Fit::of(fits.fold(Truth::No, Truth::or));
        }
        let Some(first) = fits.next() else { return Fit::Within };
        let (least, most) = fits.fold((first, first), |(a, b), t| (a.min(t), b.max(t)));
        match (least, most) {
            (Truth::Yes, _) => Fit::Within,
            (Truth::No, Truth::Yes) => Fit::Partly,
            (_, Truth::No) => Fit::Apart,
            _ => Fit::Unsure,
        }
    }

    /// Whether a cell is somebody's undisputed territory on a day (§8).
    fn territory(&self, who: Actor, atlas: AtlasId, cell: u32, day: i64) -> Truth {
        let Actor::Party(party) = who else { return Truth::No };
        self.on_day(&self.ground().walk(atlas, cell).territory(party), day)
    }

    /// Whether somebody claims a cell on a day, to whatever right.
    fn claimed(&self, who: Actor, atlas: AtlasId, cell: u32, day: i64) -> Truth {
        let Actor::Party(party) = who else { return Truth::No };
        let there = |r: &Region| r.atlas == atlas && r.cells.contains(cell);
        let mut out = Truth::No;
        for s in self.statements() {
            let claims = match &s.kind {
                StatementKind::Claim { party: p, region, .. } => *p == party && there(region),
                StatementKind::Jointly { parties, region, .. } => parties.contains(&party) && there(region),
                _ => false,
            };
            if claims {
                out = out.or(self.on_day(&Known::of(&s.on), day));
            }
        }
        out
    }

    /// A condition of a statement on a day.
    pub(super) fn on_day(&self, condition: &Known, day: i64) -> Truth {
        let dated = match self.situation.start {
            Some(start) => {
                let today = BigRational::from_integer(start.saturating_add(day).into());
                condition.replace(&date(), &Sum::constant(today))
            }
            None => condition.clone(),
        };
        self.decide(dated.assign(&self.situation.values), Vec::new())
    }

    /// All values of open variables under which an act matches a pattern, each admitted, with how surely.
    pub(super) fn assignments(
        &self,
        pattern: &Pattern,
        act: &Act,
        mode: Mode,
        scope: &Scope<'_>,
        day: i64,
    ) -> Vec<(Vec<Option<Actor>>, Fit)> {
        let mut bound = scope.clone();
        let first = self.fit(pattern, act, mode, &mut bound, day);
        if first == Fit::Apart {
            return Vec::new();
        }
        let open: Vec<VarId> = bound.open_variables();
        let given: Vec<VarId> = scope.open_variables().into_iter().filter(|v| !open.contains(v)).collect();
        let mut out = Vec::new();
        for values in self.completions(&open, None, &bound, day) {
            let mut full = bound.with_values(values);
            let mut fit = if open.is_empty() { first } else { self.fit(pattern, act, mode, &mut full, day) };
            for v in &given {
                fit = fit.and(Fit::of(self.admitted(*v, &mut full, day)));
            }
            if fit != Fit::Apart {
                out.push((full.values, fit));
            }
        }
        out
    }

    /// All values of open variables that are admitted, or may be; with a condition, those under which it may hold.
    pub(super) fn completions(
        &self,
        open: &[VarId],
        condition: Option<&Condition>,
        scope: &Scope<'_>,
        day: i64,
    ) -> Vec<Vec<Option<Actor>>> {
        if open.is_empty() {
            return vec![scope.values.clone()];
        }
        let mut work = scope.clone();
        let seeds = condition.and_then(|c| self.seeds(open, c, &mut work, day));
        let mut todo: Vec<_> = match seeds {
            Some(found) => found.into_iter().collect(),
            None => vec![scope.values.clone()],
        };
        for v in open {
            let mut next = Vec::new();
            for values in todo {
                if values.get(v.0 as usize).copied().flatten().is_some() {
                    next.push(values);
                    continue;
                }
                for who in self.range_of(*v, scope) {
                    let mut more = values.clone();
                    if let Some(slot) = more.get_mut(v.0 as usize) {
                        *slot = Some(who);
                    }
                    if !self.clashes(*v, open, &scope.with_values(more.clone())) {
                        next.push(more);
                    }
                }
            }
            todo = next;
        }
        todo.sort_unstable();
        todo.dedup();
        todo.retain(|values| {
            let mut full = scope.with_values(values.clone());
            open.iter().all(|v| !self.admitted(*v, &mut full, day).is_no())
        });
        todo
    }

    /// A cheap look ahead: a value that another variable must not have.
    fn clashes(&self, v: VarId, open: &[VarId], scope: &Scope<'_>) -> bool {
        let mine = scope.get(v);
        let differs = |a: VarId, b: Option<Actor>| {
            scope.variables.get(a.0 as usize).is_some_and(|x| x.distinct.iter().any(|d| scope.who(*d) == b))
        };
        if mine.is_none() {
            return false;
        }
        differs(v, mine)
            || open.iter().any(|o| {
                *o != v && scope.get(*o).is_some() && {
                    let other = scope.variables.get(o.0 as usize);
                    other.is_some_and(|x| x.distinct.contains(&Who::Var(v))) && scope.get(*o) == mine
                }
            })
    }

    /// The acts that a pattern allows on one day, and whether its numbers are known.
    pub(super) fn acts_of(
        &self,
        pattern: &Pattern,
        mode: Mode,
        scope: &mut Scope<'_>,
        day: i64,
    ) -> Option<(Act, Truth)> {
        let action = self.program.conduct.action(pattern.action)?;
        let mut act = any(pattern.action, action, day);
        let mut sure = Truth::Yes;
        for (i, parameter) in action.parameters.iter().enumerate() {
            let Some(arg) = act.args.get_mut(i) else { continue };
            match (pattern.arguments.get(i).unwrap_or(&Match::Any), &mut *arg) {
                (Match::Is(who), slot) => {
                    if let Some(a) = scope.who(*who) {
                        *slot = Arg::Actor(a);
                    }
                }
                (Match::Binds(v), slot) => {
                    if let Some(a) = scope.get(*v) {
                        *slot = Arg::Actor(a);
                    }
                }
                (Match::Any, Arg::Number(range)) if mode == Mode::Duty => {
                    if let Some(d) = &parameter.default {
                        match d.eval(&self.situation.values) {
                            Some(n) => *range = Range::one(n),
                            None => sure = Truth::Unknown,
                        }
                    }
                }
                (Match::Number(how, q), Arg::Number(range)) => match self.number(q, scope, day) {
                    Some(n) => *range = range.narrowed(*how, &n),
                    None => sure = Truth::Unknown,
                },
                (Match::Thing(t), slot) => *slot = Arg::Thing(Some(t.clone())),
                (Match::Region(r), slot) => *slot = Arg::Within(r.atlas, r.cells.cells().to_vec()),
                _ => {}
            }
        }
        act.spot = match &pattern.place {
            None => Spot::Anywhere,
            Some(Place::Region(r)) => Spot::Within(r.atlas, r.cells.cells().to_vec()),
            Some(Place::TerritoryOf(w)) => scope.who(*w).map_or(Spot::Anywhere, Spot::Territory),
            Some(Place::ClaimedBy(w)) => scope.who(*w).map_or(Spot::Anywhere, Spot::Claimed),
        };
        Some((act, sure))
    }

    /// Those of the acts that also match another pattern, which all of its numbers say.
    pub(super) fn narrowed(&self, act: &Act, pattern: &Pattern, scope: &mut Scope<'_>, day: i64) -> Act {
        let mut out = act.clone();
        for (i, arg) in out.args.iter_mut().enumerate() {
            match (pattern.arguments.get(i), &mut *arg) {
                (Some(Match::Number(how, q)), Arg::Number(range)) => {
                    if let Some(n) = self.number(q, scope, day) {
                        *range = range.narrowed(*how, &n);
                    }
                }
                (Some(Match::Is(who)), slot @ Arg::Somebody) => {
                    if let Some(a) = scope.who(*who) {
                        *slot = Arg::Actor(a);
                    }
                }
                (Some(Match::Thing(t)), slot @ Arg::Thing(None)) => *slot = Arg::Thing(Some(t.clone())),
                (Some(Match::Region(r)), slot @ Arg::Ground(None)) => {
                    *slot = Arg::Within(r.atlas, r.cells.cells().to_vec());
                }
                _ => {}
            }
        }
        if out.spot == Spot::Anywhere {
            out.spot = match &pattern.place {
                None => Spot::Anywhere,
                Some(Place::Region(r)) => Spot::Within(r.atlas, r.cells.cells().to_vec()),
                Some(Place::TerritoryOf(w)) => scope.who(*w).map_or(Spot::Anywhere, Spot::Territory),
                Some(Place::ClaimedBy(w)) => scope.who(*w).map_or(Spot::Anywhere, Spot::Claimed),
            };
        }
        out
    }
}

/// Cells of which one at least is meant.
fn share(cells: &[u32], inside: impl Fn(&u32) -> bool) -> Fit {
    let n = cells.iter().filter(|c| inside(c)).count();
    match n {
        0 => Fit::Apart,
        _ if n == cells.len() => Fit::Within,
        _ => Fit::Partly,
    }
}
