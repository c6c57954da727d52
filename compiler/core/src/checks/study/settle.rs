//! The second question: is there a settlement that all accept and under which nothing clashes?
//!
//! In: the clashes and acceptances of a study. Out: the settlement, replayed; or every minimal set of assertions and
//! acceptances that leaves none, each checked again by the evaluator where the settlements can be counted.

use super::{Agreement, Outcome, Study};
use crate::checks::Context;
use crate::encode::is_background;
use crate::evaluate::{Evaluator, Replay};
use crate::explain::{Enumeration, Limit, SessionOracle, minimal_conflicts};
use crate::logic::{Formula, Label, Model, Sort, Value, Var};
use crate::model::{Program, Statement, StatementId};
use std::collections::BTreeSet;

/// How many settlements the evaluator goes through one by one to confirm that none is left.
const SETTLEMENTS: usize = 64;
/// How many sets it confirms.
const CONFIRMED: usize = 64;

/// The truth variable of a statement: the statement stands.
pub(in crate::checks) fn stands(id: StatementId) -> Var {
    Var::bool(format!("statement {} stands", id.0))
}

/// The limit on how many minimal sets are looked for.
pub(super) fn limit(cx: &Context<'_>) -> Limit {
    let default = Limit::default();
    match cx.options().conflicts {
        0 => default,
        n => Limit { sets: n, ..default },
    }
}

/// Whether the acceptances can all hold.
pub(super) fn agreement(cx: &mut Context<'_>, study: &mut Study<'_>) {
    if study.acceptances.is_empty() {
        return;
    }
    let mut oracle = SessionOracle::new(cx.prover());
    oracle.assert(cx.ranges());
    let mut labels = Vec::new();
    for (id, condition) in &study.acceptances {
        oracle.assert_labelled(Label(id.0), condition);
        labels.push(Label(id.0));
    }
    let found = minimal_conflicts(&mut oracle, &labels, limit(cx));
    cx.count(usize::try_from(oracle.asked()).unwrap_or(usize::MAX));
    study.agreement = match found.undecided {
        Some(why) if found.sets.is_empty() => Agreement::Open(cx.reached(&why)),
        _ if found.sets.is_empty() => Agreement::Possible,
        _ => Agreement::None(statements(found.sets), !found.lower_bound),
    };
}

fn statements(sets: Vec<Vec<Label>>) -> Vec<Vec<StatementId>> {
    sets.into_iter().map(|s| s.into_iter().map(|l| StatementId(l.0)).collect()).collect()
}

/// An oracle that knows which assertions and acceptances of a study can stand together, and its labels.
fn oracle<'a>(cx: &Context<'a>, study: &Study<'a>) -> (SessionOracle<'a>, Vec<Label>) {
    let mut oracle = SessionOracle::new(cx.prover());
    let ranges = cx.program().terms.iter().map(|t| t.range.clone());
    oracle.assert(&Formula::and(ranges));
    let mut labels = BTreeSet::new();
    for clash in study.clashes.iter().chain(&study.wider) {
        labels.extend(clash.members.iter().map(|m| Label(m.0)));
        let someone_gives = clash.members.iter().map(|m| Formula::not(&Formula::atom(&stands(*m))));
        let avoided = if clash.standing { Formula::falsity() } else { Formula::not(&clash.kappa) };
        oracle.assert(&Formula::or(someone_gives.chain([avoided])));
    }
    for label in &labels {
        oracle.assert_labelled(*label, &Formula::atom(&stands(StatementId(label.0))));
    }
    // where the acceptances themselves leave nothing, every settlement is looked at
    if !matches!(study.agreement, Agreement::None(..)) {
        for (id, condition) in &study.acceptances {
            oracle.assert_labelled(Label(id.0), condition);
            labels.insert(Label(id.0));
        }
    }
    (oracle, labels.into_iter().collect())
}

/// Where every clash bites whatever is settled and nothing else is in question there is nothing to ask: the clashes are the
/// conflicts, but for those that contain a smaller one.
fn plain(study: &Study<'_>) -> Option<Vec<Vec<Label>>> {
    let open = study.clashes.iter().any(|c| !c.standing) || !study.wider.is_empty() || !study.acceptances.is_empty();
    if open {
        return None;
    }
    let sets: Vec<Vec<Label>> = study.clashes.iter().map(|c| c.members.iter().map(|m| Label(m.0)).collect()).collect();
    let small: BTreeSet<&Vec<Label>> = sets.iter().filter(|s| s.len() <= 2).collect();
    let holds_smaller = |set: &Vec<Label>| {
        set.len() > 2
            && set
                .iter()
                .any(|a| small.contains(&vec![*a]) || set.iter().any(|b| a < b && small.contains(&vec![*a, *b])))
    };
    let keep: Vec<bool> = sets.iter().map(|s| !holds_smaller(s)).collect();
    Some(sets.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(s, _)| s).collect())
}

/// Asks the second question.
pub(super) fn outcome<'a>(cx: &mut Context<'a>, study: &mut Study<'a>) {
    let found = if let Some(sets) = plain(study) {
        cx.count(1);
        Enumeration { complete_to_size: usize::MAX, sets, ..Enumeration::default() }
    } else {
        let (mut oracle, labels) = oracle(cx, study);
        let found = minimal_conflicts(&mut oracle, &labels, limit(cx));
        cx.count(usize::try_from(oracle.asked()).unwrap_or(usize::MAX));
        found
    };
    if !found.sets.is_empty() {
        let sets: Vec<Vec<StatementId>> = statements(found.sets);
        let (sets, faults) = confirmed(cx.program(), study, sets);
        study.open.extend(faults);
        study.outcome =
            Outcome::Conflicts { sets, complete_to: found.complete_to_size, lower_bound: found.lower_bound };
        return;
    }
    if let Some(why) = found.undecided {
        study.outcome = Outcome::Open(cx.reached(&why));
        return;
    }
    let vars: Vec<Var> = cx.program().terms.iter().map(|t| t.var.clone()).collect();
    let mut conditions: Vec<Formula> = cx.program().terms.iter().map(|t| t.range.clone()).collect();
    conditions.extend(study.clashes.iter().chain(&study.wider).map(|c| Formula::not(&c.kappa)));
    if !matches!(study.agreement, Agreement::None(..)) {
        conditions.extend(study.acceptances.iter().map(|(_, condition)| condition.clone()));
    }
    let found = if vars.is_empty() { Ok(Some(Model::new())) } else { cx.simplest(&conditions, &vars) };
    study.outcome = match found {
        Ok(Some(settlement)) => {
            let excused: BTreeSet<Vec<StatementId>> = study.narrow.iter().map(|(c, _)| c.members.clone()).collect();
            let open: BTreeSet<Vec<StatementId>> = study.open.iter().map(|(m, _)| m.clone()).collect();
            let excused = excused.union(&open).cloned().collect();
            match Evaluator::new(cx.program(), &study.statements).replay(&settlement, &excused) {
                Replay::Peace if study.open.is_empty() => Outcome::Settled(settlement),
                Replay::Peace => Outcome::Open("some clashes stayed open".to_owned()),
                Replay::Clash { members, .. } => Outcome::Open(format!(
                    "fault: the evaluator finds a clash under the settlement that the solver found: {}",
                    addresses(cx.program(), &members)
                )),
                Replay::Unsure(what) => Outcome::Open(format!("the settlement could not be replayed: {what}")),
            }
        }
        Ok(None) => Outcome::Open("fault: no conflict and no settlement".to_owned()),
        Err(why) => Outcome::Open(why),
    };
}

fn addresses(program: &Program, members: &[StatementId]) -> String {
    members.iter().filter_map(|m| program.statement(*m)).map(|s| s.address.as_str()).collect::<Vec<_>>().join(", ")
}

/// The sets that the evaluator does not contradict, going through the settlements where they can be counted.
#[expect(clippy::type_complexity, reason = "sets, and what is wrong with the others")]
fn confirmed(
    program: &Program,
    study: &Study<'_>,
    sets: Vec<Vec<StatementId>>,
) -> (Vec<Vec<StatementId>>, Vec<(Vec<StatementId>, String)>) {
    let Some(settlements) = settlements(program) else { return (sets, Vec::new()) };
    let mut faults = Vec::new();
    let mut kept = Vec::new();
    for (i, set) in sets.into_iter().enumerate() {
        // a standing clash was replayed where it was found
        if i >= CONFIRMED
            || study.clash(&set).is_some_and(|c| c.standing)
            || none_left(program, study, &set, &settlements)
        {
            kept.push(set);
        } else {
            faults.push((set, "fault: the evaluator finds a settlement where the solver finds none".to_owned()));
        }
    }
    (kept, faults)
}

/// Whether every settlement that the acceptances of a set allow brings a clash among its assertions.
fn none_left(program: &Program, study: &Study<'_>, set: &[StatementId], settlements: &[Model]) -> bool {
    let chosen: Vec<&Statement> =
        study.statements.iter().copied().filter(|s| is_background(s) || set.contains(&s.id)).collect();
    let evaluator = Evaluator::new(program, &chosen);
    // frozen and jointly held ground stays as background even where its own assertion is not in the set
    let outside: BTreeSet<Vec<StatementId>> = study
        .clashes
        .iter()
        .chain(&study.wider)
        .chain(study.narrow.iter().map(|(c, _)| c))
        .filter(|c| !c.members.iter().all(|m| set.contains(m)))
        .map(|c| c.members.clone())
        .collect();
    settlements.iter().all(|settlement| {
        let accepted = study
            .acceptances
            .iter()
            .filter(|(id, _)| set.contains(id))
            .all(|(_, condition)| condition.eval(settlement) == Some(true));
        !accepted || !matches!(evaluator.replay(settlement, &outside), Replay::Peace)
    })
}

/// Every settlement, where all terms have listed values and there are few.
fn settlements(program: &Program) -> Option<Vec<Model>> {
    let mut out = vec![Model::new()];
    for term in &program.terms {
        if term.values.is_empty() || term.var.sort() != Sort::Int {
            return None;
        }
        let mut next = Vec::new();
        for model in &out {
            for value in 0..term.values.len() {
                let mut model = model.clone();
                model.set(term.var.clone(), Value::int(value));
                if term.range.eval(&model) == Some(true) {
                    next.push(model);
                }
            }
        }
        if next.len() > SETTLEMENTS {
            return None;
        }
        out = next;
    }
    Some(out)
}
