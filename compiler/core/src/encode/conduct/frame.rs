//! What all questions about the conduct under one charter share.
//!
//! In: a program, a charter, its border statements, conditions that are asked of it. Out: a [`Frame`]: who is a member, which norms bind, which things and
//! which ground the norms tell apart, which acts can last. It is made once; questions only read it.

use super::universe::Alike;
use super::{Forbids, visit};
use crate::atlas::{AtlasId, CellSet};
use crate::encode::{Encoding, territory};
use crate::model::conduct::{
    Action, ActionId, Arises, Ceiling, Condition, Conduct, Deed, Force, Match, Norm, NormId, Pattern, Place, Rule,
    Trigger,
};
use crate::model::mentions::Mentions;
use crate::model::{CharterId, KindId, PartyId, Program, Region, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Cells that no pattern and no border statement that is asked for tells apart.
#[derive(Debug, Clone)]
pub struct Spot {
    /// in which space
    pub atlas: AtlasId,
    /// the cells
    pub cells: CellSet,
    /// how the borders see them, where title matters
    pub(super) ground: Option<territory::Ground>,
}

/// What all questions about one charter share.
#[derive(Debug)]
pub struct Frame<'p> {
    /// the program
    pub program: &'p Program,
    /// the charter
    pub charter: CharterId,
    /// its listed members
    pub members: BTreeSet<PartyId>,
    /// kinds that are open in number
    pub open: Vec<KindId>,
    /// the norms that bind under it and those of contracts, in order
    pub norms: Vec<&'p Norm>,
    /// those of them that are about acts of an action, in order
    acting: BTreeMap<ActionId, Vec<&'p Norm>>,
    /// things that patterns name, in order; one more stands for any other
    pub(super) things: Vec<String>,
    /// ground that patterns tell apart
    pub(super) spots: Vec<Spot>,
    /// acts of which it is asked where
    pub(super) placed: BTreeSet<ActionId>,
    /// acts that can go on for more than a day
    pub(super) lasting: BTreeSet<ActionId>,
    /// acts that change a quantity
    pub(crate) changing: Vec<ActionId>,
    /// the borders, where title matters
    pub(super) borders: Option<Encoding<'p>>,
    /// which members questions do not tell apart
    pub(super) alike: Alike,
}

impl<'p> Frame<'p> {
    /// Reads the norms of a charter; `statements` are those of its members.
    #[must_use]
    pub fn new(program: &'p Program, charter: CharterId, statements: &[&'p Statement]) -> Self {
        Self::about(program, charter, statements, &[])
    }

    /// The same for questions that also read these conditions, which stand in no norm.
    #[must_use]
    pub fn about(
        program: &'p Program,
        charter: CharterId,
        statements: &[&'p Statement],
        asked: &[&'p Condition],
    ) -> Self {
        let conduct = &program.conduct;
        let norms: Vec<&Norm> = conduct
            .norms
            .iter()
            .filter(|n| n.charter.is_none_or(|c| c == charter))
            .filter(|n| program.statement(n.statement).is_none_or(|s| s.accession.is_none()))
            .collect();
        let rules: BTreeSet<_> = norms.iter().filter_map(|n| n.rule).collect();
        let rules: Vec<&Rule> = rules.into_iter().filter_map(|r| conduct.rule(r)).collect();
        let mut patterns: Vec<&Pattern> = Vec::new();
        norms.iter().for_each(|n| visit::norm(n, &mut |p| patterns.push(p)));
        rules.iter().for_each(|r| visit::rule(r, &mut |p| patterns.push(p)));
        asked.iter().for_each(|c| visit::condition(c, &mut |p| patterns.push(p)));
        let things: BTreeSet<String> = patterns
            .iter()
            .flat_map(|p| &p.arguments)
            .filter_map(|m| if let Match::Thing(t) = m { Some(t.clone()) } else { None })
            .collect();
        let mut acting: BTreeMap<ActionId, Vec<&Norm>> = BTreeMap::new();
        for norm in &norms {
            if let Some(action) = acted(&norm.deed) {
                acting.entry(action).or_default().push(norm);
            }
        }
        let title = patterns.iter().any(|p| matches!(p.place, Some(Place::TerritoryOf(_) | Place::ClaimedBy(_))));
        let borders = title.then(|| Encoding::new(program, statements));
        let spots = spots(&patterns, borders.as_ref(), statements);
        let placed = patterns.iter().filter(|p| p.place.is_some()).map(|p| p.action).collect();
        let entry = program.charters.get(charter.0 as usize);
        Self {
            program,
            charter,
            members: entry.map(|c| c.members.iter().copied().collect()).unwrap_or_default(),
            open: entry.map(|c| c.open.clone()).unwrap_or_default(),
            lasting: lasting(conduct, &norms, &rules, asked),
            changing: (0u32..)
                .map(ActionId)
                .zip(&conduct.actions)
                .filter(|(_, a)| !a.changes.is_empty())
                .map(|(id, _)| id)
                .collect(),
            norms,
            acting,
            things: things.into_iter().collect(),
            spots,
            placed,
            borders,
            alike: Alike::default(),
        }
    }

    /// A norm of this charter.
    #[must_use]
    pub fn norm(&self, id: NormId) -> Option<&'p Norm> {
        self.norms.binary_search_by_key(&id, |n| n.id).ok().and_then(|i| self.norms.get(i).copied())
    }

    /// The norms about any of these acts: what one may do depends on them.
    #[must_use]
    pub fn about_acts(&self, actions: &BTreeSet<ActionId>) -> BTreeSet<NormId> {
        actions.iter().flat_map(|a| self.acting(*a)).map(|n| n.id).collect()
    }

    /// The norms about acts of an action, in order.
    fn acting(&self, action: ActionId) -> &[&'p Norm] {
        self.acting.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The rule that a norm stands in.
    #[must_use]
    pub fn rule_of(&self, norm: &Norm) -> Option<&'p Rule> {
        norm.rule.and_then(|r| self.program.conduct.rule(r))
    }

    /// Permissions and duties that can make an act which a prohibition forbids no breach (R1 and entitlements, §13, §15).
    pub(crate) fn exceptions(&self, prohibition: &Norm) -> Vec<&'p Norm> {
        let conduct = &self.program.conduct;
        let Some(action) = acted(&prohibition.deed) else { return Vec::new() };
        let grants = |m: &&&Norm| match m.force {
            Force::Must | Force::May => conduct.ranks_above(m.id, prohibition.id),
            Force::Entitled => {
                let own = m.charter == prohibition.charter && !conduct.ranks_above(prohibition.id, m.id);
                own || conduct.ranks_above(m.id, prohibition.id)
            }
            Force::MustNot | Force::Should => false,
        };
        self.acting(action).iter().filter(|m| matches!(m.deed, Deed::Act(_))).filter(grants).copied().collect()
    }

    /// Prohibitions to which a permission or duty can be an exception.
    pub(crate) fn excused_by(&self, norm: &Norm) -> Vec<NormId> {
        let Deed::Act(p) = &norm.deed else { return Vec::new() };
        let excuses = |m: &&&Norm| self.exceptions(m).iter().any(|x| x.id == norm.id);
        self.acting(p.action).iter().filter(|m| m.is_prohibition()).filter(excuses).map(|m| m.id).collect()
    }

    /// Permissions and duties above an entitlement that make an act which hinders it no breach.
    pub(crate) fn exceptions_to_hindering(&self, entitlement: &Norm, action: ActionId) -> Vec<&'p Norm> {
        let conduct = &self.program.conduct;
        let acts = |m: &&&Norm| matches!(m.deed, Deed::Act(_));
        let grants = |m: &&&Norm| matches!(m.force, Force::Must | Force::May | Force::Entitled);
        let above = |m: &&&Norm| conduct.ranks_above(m.id, entitlement.id);
        self.acting(action).iter().filter(acts).filter(grants).filter(above).copied().collect()
    }

    /// Entitlements that an act of this action stands in the way of.
    pub(super) fn hindered(&self, action: ActionId) -> Vec<&'p Norm> {
        let Some(hinders) = self.program.conduct.action(action).map(|a| &a.hinders) else { return Vec::new() };
        let stands = |m: &&&Norm| matches!(&m.deed, Deed::Act(p) if hinders.contains(&p.action));
        self.norms.iter().filter(|m| m.force == Force::Entitled).filter(stands).copied().collect()
    }

    /// Actions that stand in the way of an entitlement.
    pub(crate) fn hinderers(&self, entitlement: &Norm) -> Vec<(ActionId, &'p Action)> {
        let Deed::Act(p) = &entitlement.deed else { return Vec::new() };
        let all = (0u32..).map(ActionId).zip(&self.program.conduct.actions);
        all.filter(|(_, a)| a.hinders.contains(&p.action)).collect()
    }

    /// What can make an act of this action a breach: prohibitions, entitlements of others, and ceilings.
    pub(crate) fn forbidders(&self, action: ActionId) -> Vec<Forbids> {
        let bans = self.prohibitions(action).into_iter().map(|m| Forbids::Norm(m.id));
        let hindered = self.hindered(action).into_iter().map(|m| Forbids::Hinder(m.id));
        let ceilings = self.capped(action).into_iter().map(|(r, c, n)| {
            let place = r.ceilings.iter().position(|x| std::ptr::eq(x, c)).unwrap_or(0);
            Forbids::Ceiling(n.id, place)
        });
        bans.chain(hindered).chain(ceilings).collect()
    }

    /// The rules with ceilings above which an act of this action is, with the norms of the rule whose act it is.
    pub(super) fn capped(&self, action: ActionId) -> Vec<(&'p Rule, &'p Ceiling, &'p Norm)> {
        let conduct = &self.program.conduct;
        let Some(severity) = conduct.action(action).and_then(|a| a.severity) else { return Vec::new() };
        let mut out = Vec::new();
        for norm in self.acting(action).iter().filter(|m| m.force != Force::MustNot) {
            let (Some(rule), Deed::Act(_)) = (self.rule_of(norm), &norm.deed) else { continue };
            let above = |c: &&Ceiling| severity.ladder == c.level.ladder && severity.step > c.level.step;
            out.extend(rule.ceilings.iter().filter(above).map(|c| (rule, c, *norm)));
        }
        out
    }

    /// Prohibitions that rank above a duty or a permission and are about its act (R2, §15).
    pub(crate) fn overrides(&self, norm: &Norm) -> Vec<&'p Norm> {
        let conduct = &self.program.conduct;
        let Deed::Act(pattern) = &norm.deed else { return Vec::new() };
        let above = |m: &&&Norm| m.force == Force::MustNot && conduct.ranks_above(m.id, norm.id);
        self.acting(pattern.action).iter().filter(above).copied().collect()
    }

    /// Norms that can forbid an act of this action.
    pub(crate) fn prohibitions(&self, action: ActionId) -> Vec<&'p Norm> {
        self.acting(action).iter().filter(|m| m.is_prohibition()).copied().collect()
    }

    /// Whether anything that is stated looks at acts of this action, beyond forbidding, permitting or demanding them.
    pub(crate) fn looks_at(&self, action: ActionId) -> bool {
        self.changing.contains(&action) || self.norms.iter().any(|norm| self.looks(norm, action) > 0)
    }

    /// In how many places a norm and its rule do.
    pub(crate) fn looks(&self, norm: &Norm, action: ActionId) -> usize {
        let mut found = 0;
        let mut see = |p: &Pattern| found += usize::from(p.action == action);
        visit::looked_at(norm, &mut see);
        if let Some(rule) = self.rule_of(norm) {
            visit::rule(rule, &mut see);
        }
        found
    }

    /// All norms that the truth of these depends on, themselves included, with what they mention.
    #[must_use]
    pub fn closure(&self, seeds: impl IntoIterator<Item = NormId>) -> (BTreeSet<NormId>, Mentions) {
        let conduct = &self.program.conduct;
        let mut mentions = Mentions::new();
        let mut open: Vec<NormId> = seeds.into_iter().collect();
        let mut done: BTreeSet<NormId> = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !done.insert(id) {
                continue;
            }
            let Some(norm) = self.norm(id) else { continue };
            let mut own = Mentions::new();
            own.norm(conduct, norm);
            if let Some(rule) = self.rule_of(norm) {
                own.rule(conduct, rule);
            }
            open.extend(own.breaches.iter().copied());
            if own.may {
                open.extend(self.about_acts(&own.actions));
            }
            open.extend(self.exceptions(norm).iter().chain(&self.overrides(norm)).map(|m| m.id));
            if norm.force == Force::Entitled {
                for (id, _) in self.hinderers(norm) {
                    open.extend(self.exceptions_to_hindering(norm, id).iter().map(|m| m.id));
                }
            }
            mentions.norm(conduct, norm);
            if let Some(rule) = self.rule_of(norm) {
                mentions.rule(conduct, rule);
            }
        }
        (done, mentions)
    }
}

/// Whether it is a duty that is met once (§13): by an act or a state of affairs within its window, or once in each period.
#[must_use]
pub(crate) fn is_point(norm: &Norm) -> bool {
    let windowed = norm.window.within.is_some() || matches!(norm.arises, Arises::Every(_));
    norm.force == Force::Must && windowed && matches!(norm.deed, Deed::Act(_) | Deed::Ensure(_))
}

/// Whether it is owed: neither a prohibition nor a permission.
#[must_use]
pub fn is_duty(norm: &Norm) -> bool {
    norm.force == Force::Must && !matches!(norm.deed, Deed::Before { .. })
}

/// Whether a norm runs for as long as its condition holds.
pub(super) fn runs(norm: &Norm) -> bool {
    matches!(norm.arises, Arises::While) && norm.rule.is_none() && !norm.when.is_true()
}

/// Whether nothing of the window of a norm depends on days.
pub(super) fn unlimited(norm: &Norm) -> bool {
    let w = &norm.window;
    w.offset.is_none()
        && w.after.is_none()
        && w.within.is_none()
        && w.until.is_none()
        && w.until_date.is_none()
        && w.from_date.is_none()
}

/// The action that a norm demands, permits or forbids.
pub(super) fn acted(deed: &Deed) -> Option<ActionId> {
    match deed {
        Deed::Act(p) | Deed::Before { then: p, .. } => Some(p.action),
        Deed::Alike { action, .. } => Some(*action),
        Deed::Ensure(_) => None,
    }
}

/// Acts that can go on for more than a day where that makes a difference: events declared `lasting`, acts that somebody owes
/// every day, and forbidden acts that could begin before they are forbidden while something else looks at their beginning.
///
/// Any other act can be cut to its first day: what is forbidden is then forbidden on that day, or an act of one more day takes
/// its place, which nothing looks at.
fn lasting(conduct: &Conduct, norms: &[&Norm], rules: &[&Rule], asked: &[&Condition]) -> BTreeSet<ActionId> {
    let mut out: BTreeSet<ActionId> =
        (0u32..).map(ActionId).zip(&conduct.actions).filter(|(_, a)| a.lasting).map(|(id, _)| id).collect();
    let mut looked_at = BTreeSet::new();
    let mut see = |p: &Pattern| {
        looked_at.insert(p.action);
    };
    for norm in norms {
        if norm.force == Force::Must
            && norm.window.within.is_none()
            && let Deed::Act(p) = &norm.deed
        {
            out.insert(p.action);
        }
        visit::looked_at(norm, &mut see);
    }
    rules.iter().for_each(|r| visit::rule(r, &mut see));
    asked.iter().for_each(|c| visit::condition(c, &mut see));
    let breached: BTreeSet<NormId> = norms
        .iter()
        .flat_map(|n| visit::conditions(n))
        .chain(asked.iter().copied())
        .flat_map(|c| {
            let mut found = Vec::new();
            visit::parts(c, &mut |part| {
                if let Condition::Breached { norms, .. } = part {
                    found.extend(norms.iter().copied());
                }
            });
            found
        })
        .chain(rules.iter().flat_map(|r| match &r.trigger {
            Trigger::Breach { norms, .. } => norms.clone(),
            Trigger::Occurs(_) => Vec::new(),
        }))
        .collect();
    for norm in norms.iter().filter(|n| n.force == Force::MustNot) {
        let sometimes = !matches!(norm.arises, Arises::Bound)
            || norm.window.after.is_some()
            || norm.window.from_date.is_some()
            || !norm.when.is_true()
            || !norm.unless.is_false();
        if let Some(action) = acted(&norm.deed)
            && sometimes
            && (looked_at.contains(&action) || breached.contains(&norm.id))
            && conduct.action(action).is_some_and(|a| !a.once)
            && looked_at.contains(&action)
        {
            out.insert(action);
        }
    }
    out
}

/// Cells by what patterns and, where title matters, border statements say of them.
fn spots(patterns: &[&Pattern], borders: Option<&Encoding<'_>>, statements: &[&Statement]) -> Vec<Spot> {
    let mut regions: Vec<&Region> = Vec::new();
    for pattern in patterns {
        if let Some(Place::Region(r)) = &pattern.place {
            regions.push(r);
        }
        regions.extend(pattern.arguments.iter().filter_map(|m| if let Match::Region(r) = m { Some(r) } else { None }));
    }
    let mut cells: BTreeMap<AtlasId, CellSet> = BTreeMap::new();
    let claimed = statements.iter().filter(|_| borders.is_some()).filter_map(|s| s.region());
    for region in regions.iter().copied().chain(claimed) {
        let known = cells.entry(region.atlas).or_default();
        *known = known.union(&region.cells);
    }
    let mut out = Vec::new();
    for (atlas, cells) in cells {
        let grounds: Vec<(CellSet, Option<territory::Ground>)> = match borders {
            Some(b) => b.grounds(atlas, &cells).into_iter().map(|g| (g.cells.clone(), Some(g))).collect(),
            None => vec![(cells, None)],
        };
        for (cells, ground) in grounds {
            let mut groups: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
            for cell in cells.cells() {
                let key = regions.iter().map(|r| r.atlas == atlas && r.cells.contains(*cell)).collect();
                groups.entry(key).or_default().push(*cell);
            }
            out.extend(groups.into_values().map(|cells| Spot {
                atlas,
                cells: CellSet::new(cells),
                ground: ground.clone(),
            }));
        }
    }
    out
}
