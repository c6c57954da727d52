//! N01: dilemma: a party that has broken nothing has no lawful course (semantics §19, §20).
//!
//! In: the duties of a charter and what forbids the acts that meet them. Out: for each duty the minimal sets of prohibitions
//! that leave no day and no amount on which it can be met lawfully, each with the simplest situation.
//!
//! Norms of one subject meet through an action, a rank, a sum or a condition on own acts (§20a). Without the last two a
//! dilemma is one duty with a deadline, all of whose acts are forbidden on every day of its window, or one day of a standing
//! duty (§20b): [`super::dilemma`] asks it. What meets in a sum, or in equal treatment, [`sums`] asks (§20c).
//!
//! What a sanction rule demands is reported as S03, also N01.

use super::ask::Asking;
use super::conclude::Open;
use super::dilemma::{self, Stuck};
use super::joint::{self, Joint};
use super::sums::{self, Together};
use super::{applies, quoted, refuted};
use crate::checks::situation::{About, Owed, Timeline};
use crate::checks::{Check, Context, Draft, View};
use crate::encode::conduct::Forbids;
use crate::evaluate::situation::Run;
use crate::model::conduct::{Deed, Force, Norm, Trigger};
use crate::model::{Program, StatementId};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// N01.
#[derive(Debug)]
pub(in crate::checks) struct Dilemma;

const QUESTION: &str = "a party that has broken nothing always has a lawful course";

impl Check for Dilemma {
    fn code(&self) -> &'static str {
        "N01"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let mut core: BTreeSet<StatementId> = BTreeSet::new();
            let (mut found, mut open, mut asked) = (0, Open::default(), 0);
            let mut meeting: Vec<&Norm> = Vec::new();
            let duties = || norms.asked.iter().filter(|n| applies::binds(n) && n.force == Force::Must);
            let single = |n: &Norm| matches!(n.deed, Deed::Act(_));
            cx.dilemmas(view, &duties().filter(|n| single(n)).map(|n| n.id).collect::<Vec<_>>());
            for norm in duties() {
                asked += 1;
                match &norm.deed {
                    Deed::Act(_) => {
                        let outcome = cx.dilemma(view, norm.id);
                        found += outcome.found.len();
                        core.extend(&outcome.core);
                        match (&outcome.open, outcome.joint) {
                            (Some(_), true) => meeting.push(*norm),
                            (Some(why), false) => open.norm(norm, why),
                            (None, _) => {}
                        }
                        // what a sanction rule demands is spoken of as such (semantics §24): S03
                        if !demanded(&norms.asking, norm) {
                            for stuck in &outcome.found {
                                let draft = draft(cx.program(), &norms.asking, view, norm, stuck, "N01");
                                cx.report(draft);
                            }
                        }
                    }
                    Deed::Before { .. } | Deed::Ensure(_) | Deed::Alike { .. } => {}
                }
            }
            let mut sums = sums::ask(cx, &norms.asking, &norms.asked);
            core.extend(&sums.core);
            open.extend(sums.open);
            for norm in meeting {
                // one cause, one entry: what cannot be kept together is told once
                if sums.found.iter().any(|t| t.norms.contains(&norm.id)) {
                    continue;
                }
                match joint::ask(cx, &norms.asking, norm) {
                    Joint::Found(together) => sums.found.push(together),
                    Joint::Proved(norms, rule) => {
                        core.extend(norms.iter().filter_map(|id| cx.program().conduct.norm(*id)).map(|n| n.statement));
                        sums.rules.insert(rule);
                    }
                    Joint::Open(why) => open.norm(norm, why),
                }
            }
            found += sums.found.len();
            for together in &sums.found {
                let draft = sums_draft(cx.program(), &norms.asking, view, together);
                cx.report(draft);
            }
            let mut witness = IndexMap::new();
            if !sums.rules.is_empty() {
                let rules: Vec<String> = sums.rules.into_iter().collect();
                witness.insert("rule of conduct".to_owned(), rules.join("; "));
            }
            open.conclude(cx, ("N01", view, QUESTION), found == 0 && asked > 0, core, witness);
        }
    }
}

/// Whether a sanction rule demands it.
fn demanded(asking: &Asking<'_>, norm: &Norm) -> bool {
    asking.frame.rule_of(norm).is_some_and(|r| matches!(r.trigger, Trigger::Breach { .. }))
}

/// Norms that cannot be kept together, in words.
fn sums_draft(program: &Program, asking: &Asking<'_>, view: View, together: &Together) -> Draft {
    let Together { norms, witness, party } = together;
    let all: Vec<&Norm> = norms.iter().filter_map(|id| program.conduct.norm(*id)).collect();
    let run: Run<'_> = applies::run(asking, witness, witness.last_day(0));
    let mine = |i: &&crate::evaluate::situation::Instance| {
        let norm = all.iter().find(|n| n.id == i.norm);
        norm.is_some_and(|n| matches!(n.deed, Deed::Act(_)) && n.subject.among(&i.values) == Some(*party))
    };
    let due: Vec<Owed> = run
        .instances()
        .iter()
        .filter(mine)
        .map(|i| Owed { norm: i.norm, bound: i.values.clone(), from: i.first, until: i.deadline.or(i.last) })
        .collect();
    let about = About { norms: norms.iter().copied().collect(), ..About::default() };
    let timeline = Timeline::new(program, view.charter, witness.situation.clone(), Vec::new(), due, &about);
    let words: Vec<String> = all.iter().map(|n| quoted(n)).collect();
    let message = match words.as_slice() {
        [one] => format!("{one} cannot be kept by a party that has broken nothing, whatever it does"),
        _ => format!("{} cannot all be kept by a party that has broken nothing", crate::atlas::join(&words)),
    };
    let draft = Draft::new("N01", message).charter(view.charter).minimal(true).situation(program, &timeline);
    all.iter().fold(draft, |d, n| d.statement(n.statement, ""))
}

/// A dilemma in words: of a norm, or under the code of what a sanction rule demands.
pub(in crate::checks) fn draft(
    program: &Program,
    asking: &Asking<'_>,
    view: View,
    norm: &Norm,
    stuck: &Stuck,
    code: &'static str,
) -> Draft {
    let Stuck { against, witness, values } = stuck;
    let day = witness.last_day(0);
    let run: Run<'_> = applies::run(asking, witness, day);
    let due: Vec<Owed> = run
        .instances()
        .iter()
        .filter(|i| i.norm == norm.id && refuted::same(&i.values, values))
        .map(|i| Owed { norm: i.norm, bound: i.values.clone(), from: i.first, until: i.deadline.or(i.last) })
        .collect();
    let about = About { norms: std::iter::once(norm.id).chain(stuck.norms()).collect(), ..About::default() };
    let timeline = Timeline::new(program, view.charter, witness.situation.clone(), Vec::new(), due, &about);
    let words: Vec<String> = against.iter().filter_map(|by| barrier(program, *by)).collect();
    let by = crate::atlas::join(&words);
    let many = words.len() > 1;
    let message = match (&norm.group, many) {
        (None, _) => format!(
            "{} cannot be met lawfully by a party that has broken nothing: {by} {} every act that would meet it",
            quoted(norm),
            if many { "only together forbid" } else { "forbids" }
        ),
        (Some(_), _) => format!(
            "{} cannot be met lawfully by parties that have broken nothing: {by} {} fewer who may act than it asks for",
            quoted(norm),
            if many { "only together leave" } else { "leaves" }
        ),
    };
    let mut draft = Draft::new(code, message)
        .charter(view.charter)
        .statement(norm.statement, "")
        .minimal(true)
        .situation(program, &timeline);
    for by in against {
        draft = dilemma::statement(program, *by).into_iter().fold(draft, |d, s| d.statement(s, ""));
    }
    draft
}

/// What forbids, as it stands in the text.
fn barrier(program: &Program, by: Forbids) -> Option<String> {
    match by {
        Forbids::Norm(id) | Forbids::Hinder(id) => program.conduct.norm(id).map(quoted),
        Forbids::Ceiling(..) => {
            let statement = dilemma::statement(program, by).and_then(|s| program.statement(s))?;
            Some(format!("the ceiling `{}`", statement.text))
        }
    }
}
