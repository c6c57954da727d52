//! What the checks of sanctions share: the rules of a charter, whom they bind, and how one question is put with and
//! without each candidate.
//!
//! In: a charter, alone or with one candidate's accession. Out: [`Pact`] with its members, norms and rules, and
//! [`ask`], which reports what holds of the members alone and, of each candidate, only what arises with it.

pub(super) mod acts;
pub(super) mod b10;
pub(super) mod b11;
pub(super) mod levels;
mod offender;
pub(super) mod s01;
pub(super) mod s02;
pub(super) mod s03;
pub(super) mod s04;
pub(super) mod s05;
pub(super) mod s06;
pub(super) mod s07;
pub(super) mod s09;
pub(super) mod s11;
pub(super) mod s12;
pub(super) mod s13;
pub(super) mod s14;
pub(super) mod s16;
pub(super) mod s17;
pub(super) mod scene;
mod shown;

use super::draft::Draft;
use super::{Context, View};
use crate::atlas::join;
use crate::model::conduct::{
    Action, Conduct, Deed, Domain, Force, Match, Norm, NormId, Pattern, Rule, RuleId, Trigger, VarId, Variable, Who,
};
use crate::model::{KindId, PartyId, Program, StatementId};
use crate::report::Level;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// A charter with its members, perhaps with one candidate among them.
#[derive(Debug)]
pub(in crate::checks) struct Pact<'p> {
    /// the program
    pub(in crate::checks) program: &'p Program,
    /// which charter, with whom
    pub(in crate::checks) view: View,
    /// the listed members and the candidate, by name
    pub(in crate::checks) members: Vec<PartyId>,
    /// kinds of which there may be any number of members
    pub(in crate::checks) open: Vec<KindId>,
}

impl<'p> Pact<'p> {
    /// Reads a charter.
    pub(in crate::checks) fn new(program: &'p Program, view: View) -> Self {
        let charter = program.charters.get(view.charter.0 as usize);
        let mut members: Vec<PartyId> = charter.map(|c| c.members.clone()).unwrap_or_default();
        members.extend(view.with.and_then(|a| program.accessions.get(a.0 as usize)).map(|a| a.party));
        members.sort_by_key(|p| program.party_name(*p));
        members.dedup();
        Self { program, view, members, open: charter.map(|c| c.open.clone()).unwrap_or_default() }
    }

    /// What is said of conduct.
    pub(in crate::checks) fn conduct(&self) -> &'p Conduct {
        &self.program.conduct
    }

    /// Its name.
    pub(in crate::checks) fn name(&self) -> &'p str {
        self.program.charters.get(self.view.charter.0 as usize).map_or("?", |c| c.name.as_str())
    }

    /// The rules of the charter.
    pub(in crate::checks) fn rules(&self) -> impl Iterator<Item = &'p Rule> {
        let charter = self.view.charter;
        self.program.conduct.rules.iter().filter(move |r| r.charter == Some(charter))
    }

    /// The rules that answer a breach: what is broken, by whom, against whom.
    pub(in crate::checks) fn answers(&self) -> impl Iterator<Item = Answer<'p>> {
        let program = self.program;
        self.rules().filter_map(|rule| Answer::of(program, rule.id))
    }

    /// The norms of the charter.
    pub(in crate::checks) fn norms(&self) -> impl Iterator<Item = &'p Norm> {
        let charter = self.view.charter;
        self.program.conduct.norms.iter().filter(move |n| n.charter == Some(charter))
    }

    /// The norms of a rule, in order.
    pub(in crate::checks) fn steps<'r>(&self, rule: &'r Rule) -> impl Iterator<Item = &'p Norm> + use<'r, 'p> {
        let conduct = &self.program.conduct;
        rule.norms.iter().filter_map(|n| conduct.norm(*n))
    }

    /// The members of a kind.
    pub(in crate::checks) fn of_kind(&self, kind: KindId) -> BTreeSet<PartyId> {
        let is =
            |p: &PartyId| self.program.parties.get(p.0 as usize).is_some_and(|x| self.program.is_kind(x.kind, kind));
        self.members.iter().copied().filter(is).collect()
    }

    /// Whether members that are not listed can be of a kind.
    pub(in crate::checks) fn open_of(&self, kind: KindId) -> bool {
        self.open.iter().any(|k| self.program.is_kind(*k, kind))
    }

    /// Whom a variable can be, its filter aside.
    pub(in crate::checks) fn range(&self, domain: Domain) -> BTreeSet<PartyId> {
        self.of_kind(domain.kind)
    }

    /// Whom a norm can bind: members, and whether members that are not listed as well.
    pub(in crate::checks) fn subjects(&self, norm: &Norm) -> (BTreeSet<PartyId>, bool) {
        match norm.subject {
            Who::Party(p) => (BTreeSet::from([p]), false),
            Who::Var(v) => match norm.variables.get(v.0 as usize) {
                Some(x) => (self.range(x.domain), self.open_of(x.domain.kind)),
                None => (BTreeSet::new(), false),
            },
        }
    }

    /// Who has reserved itself out of a norm.
    pub(in crate::checks) fn reserved(&self, norm: NormId) -> BTreeSet<PartyId> {
        let here = |p: &PartyId| self.members.contains(p);
        let list = self.conduct().reservations.iter().filter(|r| r.norms.contains(&norm));
        list.map(|r| r.party).filter(here).collect()
    }

    /// The action that a norm demands, forbids or permits.
    pub(in crate::checks) fn action(&self, norm: &Norm) -> Option<&'p Action> {
        pattern(norm).and_then(|p| self.program.conduct.action(p.action))
    }

    /// Where norms stand: `article 1 and article 2`.
    pub(in crate::checks) fn articles(&self, norms: &[NormId]) -> String {
        super::situation::words::articles(self.conduct(), norms)
    }

    /// `article 3`.
    pub(in crate::checks) fn article(&self, rule: &Rule) -> String {
        super::situation::words::article(&rule.article)
    }

    /// The statements of norms.
    pub(in crate::checks) fn statements(&self, norms: &[NormId]) -> Vec<StatementId> {
        norms.iter().filter_map(|n| self.conduct().norm(*n)).map(|n| n.statement).collect()
    }
}

/// A rule that answers a breach.
#[derive(Debug, Clone, Copy)]
pub(in crate::checks) struct Answer<'p> {
    /// the rule
    pub(in crate::checks) rule: &'p Rule,
    /// the norms whose breach it answers
    pub(in crate::checks) broken: &'p [NormId],
    /// the variable of the offender
    pub(in crate::checks) by: VarId,
    /// the variable of the injured
    pub(in crate::checks) against: Option<VarId>,
}

impl<'p> Answer<'p> {
    /// The rule with this number, if it answers a breach.
    pub(in crate::checks) fn of(program: &'p Program, rule: RuleId) -> Option<Self> {
        let rule = program.conduct.rule(rule)?;
        match &rule.trigger {
            Trigger::Breach { norms, by, against } => Some(Self { rule, broken: norms, by: *by, against: *against }),
            Trigger::Occurs(_) => None,
        }
    }

    /// Whether a norm of the rule binds somebody other than the offender.
    pub(in crate::checks) fn binds_another(&self, norm: &Norm) -> bool {
        norm.subject != Who::Var(self.by)
    }

    /// Whether a norm of the rule is an act of another that aims at the offender: a measure.
    pub(in crate::checks) fn is_measure(&self, norm: &Norm) -> bool {
        self.binds_another(norm)
            && matches!(norm.force, Force::Must | Force::May | Force::Entitled)
            && pattern(norm).is_some_and(|p| names(p, Who::Var(self.by)))
    }
}

/// A norm as it stands in the text, without its label.
pub(in crate::checks) fn said(norm: &Norm) -> &str {
    let text = norm.text.trim_start();
    match text.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    }
}

/// The act of a norm.
pub(in crate::checks) fn pattern(norm: &Norm) -> Option<&Pattern> {
    match &norm.deed {
        Deed::Act(p) => Some(p),
        Deed::Ensure(_) | Deed::Before { .. } | Deed::Alike { .. } => None,
    }
}

/// Whether somebody is named among the arguments of a pattern behind its actor.
pub(in crate::checks) fn names(pattern: &Pattern, who: Who) -> bool {
    pattern.arguments.iter().skip(1).any(|m| matches!(m, Match::Is(w) if *w == who))
}

/// Whether a norm is owed at all: neither `should` nor left to whoever owes it.
pub(in crate::checks) fn is_owed(norm: &Norm) -> bool {
    norm.force == Force::Must && !norm.discretion
}

/// Whether a norm of a rule can fall due on somebody: a duty, a prohibition or a permission; neither `should` nor what is left
/// to whoever it binds.
pub(in crate::checks) fn falls_due(norm: &Norm) -> bool {
    norm.force != Force::Should && !(norm.discretion && norm.force == Force::Must)
}

/// Whether a norm asks something to be done or to be so.
pub(in crate::checks) fn is_duty(norm: &Norm) -> bool {
    norm.force == Force::Must && !matches!(norm.deed, Deed::Before { .. })
}

/// The variable of the subject of a norm.
pub(in crate::checks) fn subject(norm: &Norm) -> Option<&Variable> {
    match norm.subject {
        Who::Var(v) => norm.variables.get(v.0 as usize),
        Who::Party(_) => None,
    }
}

/// What one question about a charter gave.
#[derive(Debug, Default)]
pub(in crate::checks) struct Found {
    /// findings
    pub(in crate::checks) drafts: Vec<Draft>,
    /// findings that another code tells
    pub(in crate::checks) hidden: Vec<Draft>,
    /// proofs: the question, and what they rest on
    pub(in crate::checks) proved: Vec<(String, Vec<StatementId>)>,
    /// questions without an answer: the question, and how far it came
    pub(in crate::checks) undecided: Vec<(String, String)>,
    /// what was not asked, and why
    pub(in crate::checks) not_asked: Vec<String>,
}

/// What tells findings of one code apart.
type Key = (Vec<StatementId>, Vec<String>);

fn key(draft: &Draft) -> Key {
    let mut statements: Vec<StatementId> = draft.statements.iter().map(|(s, _)| *s).collect();
    statements.sort_unstable();
    (statements, draft.identity.clone())
}

/// Puts one question to every charter, alone and with each candidate. Findings that a candidate brings are its own; those
/// that go when it joins say so.
pub(in crate::checks) fn ask<'p>(
    cx: &mut Context<'p>,
    code: &'static str,
    mut question: impl FnMut(&mut Context<'p>, &Pact<'p>) -> Found,
) {
    let default = crate::report::codes::level(code);
    let program = cx.program();
    for base in cx.charters() {
        let alone = question(cx, &Pact::new(program, base));
        let level = |d: &Draft| d.level.unwrap_or(default);
        let known: Vec<(Key, Level)> = alone.drafts.iter().map(|d| (key(d), level(d))).collect();
        let mut gone: Vec<Vec<String>> = vec![Vec::new(); alone.drafts.len()];
        let mut open: BTreeSet<(String, String)> = alone.undecided.iter().cloned().collect();
        let candidates: Vec<View> = cx.accessions().into_iter().filter(|v| v.charter == base.charter).collect();
        for view in candidates {
            let with = question(cx, &Pact::new(program, view));
            let name = view.with.and_then(|a| program.accessions.get(a.0 as usize)).map(|a| a.party);
            let name = name.map_or_else(String::new, |p| program.party_name(p).to_owned());
            for ((k, l), gone) in known.iter().zip(&mut gone) {
                if !with.drafts.iter().any(|d| key(d) == *k && level(d) <= *l) {
                    gone.push(name.clone());
                }
            }
            for draft in with.drafts {
                if !known.iter().any(|(k, l)| *k == key(&draft) && *l <= level(&draft)) {
                    cx.report(draft.accession(view.with));
                }
            }
            for (what, reached) in with.undecided {
                let what = format!("{what}, with {name} as a member");
                if open.insert((what.clone(), reached.clone())) {
                    cx.undecided(code, Some(base.charter), what, reached);
                }
            }
        }
        for (draft, gone) in alone.drafts.into_iter().zip(gone) {
            let draft = if gone.is_empty() {
                draft
            } else {
                draft.note(format!("no longer so with {} as a member", join(&gone)))
            };
            cx.report(draft);
        }
        for (what, core) in alone.proved {
            cx.prove(code, Some(base.charter), what, &core, IndexMap::new());
        }
        for (what, reached) in alone.undecided {
            cx.undecided(code, Some(base.charter), what, reached);
        }
        for why in alone.not_asked {
            cx.not_asked(code, why);
        }
    }
}
