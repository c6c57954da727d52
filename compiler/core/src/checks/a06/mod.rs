//! A06: a requirement is not met.
//!
//! In: the requirements of a view and what they speak of: claims ([`mod@claims`]), reverse zones ([`zones`]), members
//! ([`members`]). Out: for each that falls short a finding that says by how much and what would do instead; for each
//! requirement that everybody meets a proof. A requirement must hold on every day on which it is in force, under every
//! accepted settlement and for all values of what nobody states. Whoever it is waived for, by name, need not meet it; a
//! candidate must meet it as a member does. Of members to come it is assumed.

mod claims;
mod members;
mod zones;

use super::cover;
use super::when::{When, when};
use super::{Check, Context, Draft, View, words};
use crate::atlas::{Atlas, AtlasId, CellSet, SpaceKind};
use crate::logic::Formula;
use crate::model::{PartyId, Program, Region, Requirement, RightId, Statement, StatementId, StatementKind};
use crate::report::Level;
use crate::report::document::WayOut;
use indexmap::IndexMap;

/// A06.
#[derive(Debug)]
pub(super) struct Requirements;

impl Check for Requirements {
    fn code(&self) -> &'static str {
        "A06"
    }

    fn title(&self) -> &'static str {
        "a requirement is not met"
    }

    fn level(&self) -> Level {
        Level::Error
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cover::views(cx) {
            let statements = cx.statements(view);
            for s in &statements {
                if let StatementKind::Requirement(requirement) = &s.kind {
                    let mut asking =
                        Asking { view, statements: &statements, statement: s, found: 0, rests_on: Vec::new() };
                    asking.ask(cx, requirement);
                }
            }
        }
    }
}

/// One requirement while it is asked about.
struct Asking<'a, 's> {
    view: View,
    statements: &'s [&'a Statement],
    /// the requirement
    statement: &'a Statement,
    found: usize,
    rests_on: Vec<StatementId>,
}

/// A claim that a requirement speaks of.
#[derive(Clone, Copy)]
struct Claim<'a> {
    statement: &'a Statement,
    right: RightId,
    region: &'a Region,
}

impl<'a> Asking<'a, '_> {
    fn ask(&mut self, cx: &mut Context<'_>, requirement: &Requirement) {
        match requirement {
            Requirement::Within { scope, region, by_party } => self.within(cx, scope, region.as_ref(), by_party),
            Requirement::Sized { scope, least, most } => self.sized(cx, scope, least.as_ref(), most.as_ref()),
            Requirement::ReverseZones { zones, prefixes } => self.zones(cx, *zones, prefixes),
            Requirement::Differs { attribute } => self.differs(cx, attribute),
            Requirement::Each { conditions, words } => self.each(cx, conditions, words),
            Requirement::Together { condition, open_sums, words } => self.together(cx, condition, open_sums, words),
        }
        if self.found == 0 {
            self.rests_on.push(self.statement.id);
            self.rests_on.sort_unstable();
            self.rests_on.dedup();
            let question = format!("{} is met", self.statement.text);
            // with a candidate the members' part is proved already
            if self.view.with.is_none() || self.rests_on.len() > 1 {
                cx.prove("A06", Some(self.view.charter), self.question(cx, question), &self.rests_on, IndexMap::new());
            }
        }
    }

    fn question(&self, cx: &Context<'_>, question: String) -> String {
        let party = self.view.with.and_then(|a| cx.program().accessions.get(a.0 as usize)).map(|a| a.party);
        party.map_or(question.clone(), |p| format!("{question} by {}", cx.program().party_name(p)))
    }

    /// The claims of a view that are to meet the requirement: with a candidate, the candidate's.
    fn claims(&self, scope: &crate::model::Scope) -> Vec<Claim<'a>> {
        self.statements
            .iter()
            .filter(|s| cover::concerns(self.view, &[s]) && cover::is_claim(s))
            .filter_map(|s| {
                let region = s.region()?;
                let right = match &s.kind {
                    StatementKind::Claim { right, .. }
                    | StatementKind::Jointly { right, .. }
                    | StatementKind::OpenClaim { right, .. } => *right,
                    _ => return None,
                };
                let meant = scope.atlas.is_none_or(|a| a == region.atlas) && scope.right.is_none_or(|r| r == right);
                meant.then_some(Claim { statement: s, right, region })
            })
            .collect()
    }

    /// When the requirement binds these parties: it is in force and not waived for all of them.
    fn binds(&self, parties: &[PartyId]) -> Formula {
        let waived = |p: &PartyId| {
            Formula::or(self.statements.iter().filter_map(|w| match &w.kind {
                StatementKind::RequirementWaived { requirements, parties }
                    if requirements.contains(&self.statement.id) && parties.contains(p) =>
                {
                    Some(w.on.clone())
                }
                _ => None,
            }))
        };
        let all = Formula::and(parties.iter().map(waived));
        let free = if parties.is_empty() { Formula::truth() } else { Formula::not(&all) };
        Formula::and([self.statement.on.clone(), free])
    }

    /// When the requirement, for these parties, meets `f`.
    fn when(&self, cx: &mut Context<'_>, parties: &[PartyId], f: &Formula) -> Option<When> {
        let bound = Formula::and([self.binds(parties), f.clone()]);
        let question = format!("{} is met", self.statement.text);
        when(cx, "A06", self.view, &question, &bound)
    }

    /// A finding about the requirement.
    fn draft(&self, program: &Program, message: &str, found: &When) -> Draft {
        Draft::new("A06", format!("{message}{}", found.tail(program)))
            .charter(self.view.charter)
            .accession(self.view.with)
            .statement(self.statement.id, "")
    }

    fn report(&mut self, cx: &mut Context<'_>, draft: Draft, found: When) {
        self.found += 1;
        let draft = found.write(cx.program(), draft, Level::Error);
        cx.report(draft);
    }
}

/// `Ada claims 10.2.0.0/16`.
fn claims(program: &Program, s: &Statement) -> String {
    words::role(program, s)
}

/// Ground in words: blocks as blocks, stretches as stretches, all else by name.
fn ground(space: &Atlas, cells: &CellSet) -> String {
    match space.space {
        SpaceKind::Ipv4 | SpaceKind::Ipv6 => {
            let blocks: Vec<String> = space.prefixes_of(cells).iter().map(ToString::to_string).collect();
            crate::atlas::join(&blocks)
        }
        _ => space.describe(cells),
    }
}

/// Ground with its size: `part of World.Arland (1,538.6 km²)`.
fn sized_ground(space: &Atlas, cells: &CellSet) -> String {
    let words = ground(space, cells);
    match crate::atlas::number::measure(&space.measure(cells)) {
        Some(size) if !words.contains('(') => format!("{words} ({size})"),
        _ => words,
    }
}

/// The one change by those who answer for a statement.
fn change(program: &Program, s: &Statement, change: String) -> WayOut {
    let by = s.parties.iter().map(|p| program.party_name(*p).to_owned()).collect();
    WayOut { by, cost: 1.into(), changes: vec![change], area_km2: None }
}

/// The atlas of a region.
fn space_of(program: &Program, atlas: AtlasId) -> Option<&Atlas> {
    program.atlas(atlas)
}
