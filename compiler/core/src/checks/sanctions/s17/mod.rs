//! S17: the protected flow: measures, lawful together, under which a flow named as essential falls below its floor.
//!
//! In: flows that are declared (`flow food at least 60%`), what acts say they cut of them (`cuts food by 40%`), what rules spare
//! (`exempt food`), and the rules that answer a breach. Out: for each flow the simplest situation in which acts that measures
//! demand or permit, none of them a breach of anybody's but the one who set the rules off, together leave that one less than the
//! floor; or a proof that none do, with what it rests on. Not asked where no flow is declared, or no measure says what it cuts.
//!
//! Counted are acts that a rule on a breach demands or permits, each on its days; what nobody is forbidden to do anyway is no
//! measure. What share of a flow comes from whom is not known unless it is stated: one may then supply all of it.

mod question;
mod shares;

use self::question::{Asked, Choices, How, Measure, left};
use self::shares::{Bounds, bounds, greatest};
use super::scene::{self, alone_among, broken_by_others, horizon, timeline};
use super::{Answer, Found, Pact, falls_due};
use crate::atlas::join;
use crate::checks::norms::ask::{Asking, Named, Reply, Wanted, Witness};
use crate::checks::words::quantity;
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::Universe;
use crate::evaluate::situation::Run;
use crate::logic::{BigRational, Value, Var};
use crate::model::conduct::{Actor, Compare, Condition, NormId, Quantity, RuleId, VarId, Who};
use crate::model::flow::{Flow, FlowId};
use crate::model::{AttributeValue, PartyId, StatementId};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// S17.
#[derive(Debug)]
pub(in crate::checks) struct ProtectedFlow;

impl Check for ProtectedFlow {
    fn code(&self) -> &'static str {
        "S17"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S17", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<Answer<'_>> = pact.answers().filter(|a| pact.measures(a).next().is_some()).collect();
            if answers.is_empty() {
                return found;
            }
            if pact.conduct().flows.is_empty() {
                found.not_asked.push(format!(
                    "no flow is declared essential, so what measures of {} may leave of it is not said: declare \
                     `flow food at least 60%`, and write `cuts food` at the actions that touch it",
                    pact.name()
                ));
                return found;
            }
            let cuts = |a: &Answer<'_>| {
                pact.measures(a).filter(|n| falls_due(n)).any(|n| pact.action(n).is_some_and(|a| !a.cuts.is_empty()))
            };
            if !answers.iter().any(cuts) {
                found.not_asked.push(format!(
                    "no measure of {} says what it cuts: write `cuts {}` at its action",
                    pact.name(),
                    pact.conduct().flows.first().map_or("food", |f| f.name.as_str())
                ));
                return found;
            }
            let asking = cx.asking(pact.view);
            for (id, flow) in (0u32..).map(FlowId).zip(&pact.conduct().flows) {
                one(cx, pact, &asking, &answers, (id, flow), &mut found);
            }
            found
        });
    }
}

/// The measures that cut a flow, spared or not.
fn measures(pact: &Pact<'_>, answers: &[Answer<'_>], flow: FlowId) -> Vec<Measure> {
    let mut out = Vec::new();
    for answer in answers {
        let spared = answer.rule.spares.iter().find(|s| s.flow == flow).map(|s| s.statement);
        for norm in pact.measures(answer).filter(|n| falls_due(n)) {
            let Some(p) = super::pattern(norm) else { continue };
            if pact.conduct().action(p.action).is_some_and(|a| a.cut(flow).is_some()) {
                out.push(Measure { norm: norm.id, action: p.action, spared, statement: norm.statement });
            }
        }
    }
    out
}

fn one<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answers: &[Answer<'p>],
    (id, flow): (FlowId, &'p Flow),
    found: &mut Found,
) {
    let question =
        format!("measures of {} that are lawful together leave each member the floor of `{}`", pact.name(), flow.name);
    let all = measures(pact, answers, id);
    if all.iter().all(|m| m.spared.is_some()) {
        cx.count(1);
        let spared: BTreeSet<StatementId> = all.iter().filter_map(|m| m.spared).collect();
        found.proved.push((question, spared.into_iter().collect()));
        return;
    }
    let of_rule = |a: &&Answer<'_>| a.rule.norms.iter().any(|n| all.iter().any(|m| m.norm == *n));
    let broken: BTreeSet<NormId> = answers.iter().filter(of_rule).flat_map(|a| a.broken.iter().copied()).collect();
    let asked = Asked { flow: id, measures: all, broken: broken.into_iter().collect(), named: Named::new() };
    let seeds: Vec<NormId> = asked.measures.iter().map(|m| m.norm).chain(asked.broken.iter().copied()).collect();
    let choices: RefCell<Choices> = RefCell::default();
    // of everything kept in any of the ways
    let mut kept: BTreeSet<NormId> = BTreeSet::new();
    let mut reply = Reply::No;
    for how in ways(pact, flow, &asked) {
        let (found, norms) = cx.as_one(|cx| {
            alone_among(
                cx,
                asking,
                &|kept| universe(asking, flow, &[seeds.as_slice(), kept].concat()),
                |scene, kept| asked.below(scene, kept, how, &BTreeSet::new(), &mut choices.borrow_mut()),
                |universe, witness| replay(pact, asking, &asked, flow, (universe, witness), &choices.borrow()),
            )
        });
        kept.extend(norms);
        reply = match (reply, found) {
            (_, Reply::Yes(witness)) => Reply::Yes(witness),
            // all there is answers for the others as well
            (before, found) if matches!(how, How::Each) => {
                drop(before);
                found
            }
            (Reply::Open(why), _) => Reply::Open(why),
            (_, found) => found,
        };
        if matches!(reply, Reply::Yes(_)) {
            break;
        }
    }
    let kept: Vec<NormId> = kept.into_iter().collect();
    match reply {
        Reply::No => {
            let core = rests_on(cx, pact, asking, flow, &asked, &seeds, &kept);
            found.proved.push((question, core));
        }
        Reply::Open(why) => found.undecided.push((question, why)),
        Reply::Yes(witness) => {
            let all: Vec<NormId> = seeds.iter().chain(&kept).copied().collect();
            let universe = universe(asking, flow, &all);
            let who = target(&asked.named, &universe, &witness, &choices.borrow());
            let (Some(who), Some(day)) = (who, witness.whole(&asked.named.day)) else { return };
            found.drafts.push(draft(pact, asking, &asked, flow, &witness, (who, day)));
        }
    }
}

/// The ways to ask: of each rule that is set off once, then of all there is. One act of one party needs no more than the former.
fn ways(pact: &Pact<'_>, flow: &Flow, asked: &Asked) -> Vec<How> {
    let open = || asked.measures.iter().filter(|m| m.spared.is_none());
    let rules: BTreeSet<RuleId> = open().filter_map(|m| pact.conduct().norm(m.norm)).filter_map(|n| n.rule).collect();
    let actions: BTreeSet<_> = open().map(|m| m.action).collect();
    let mut out = Vec::new();
    for rule in rules {
        if pact.conduct().rule(rule).is_some_and(|r| r.determined.is_some()) {
            out.push(How::Once { rule, later: true });
        }
        out.push(How::Once { rule, later: false });
    }
    if flow.supplied.is_some() || actions.len() > 1 {
        out.push(How::Each);
    }
    out
}

/// That the evaluator finds less left than the floor, or which norms others than the one in breach break.
fn replay(
    pact: &Pact<'_>,
    asking: &Asking<'_>,
    asked: &Asked,
    flow: &Flow,
    (universe, witness): (&Universe, &Witness),
    choices: &Choices,
) -> Result<BTreeSet<NormId>, String> {
    let who = target(&asked.named, universe, witness, choices);
    let (Some(who), Some(day)) = (who, witness.whole(&asked.named.day)) else {
        return Err("nobody's flow is asked about".to_owned());
    };
    let run = scene::run(asking, witness, horizon(pact, witness, day));
    let others = broken_by_others(&run, day, Some((who, &asked.broken)));
    // acts that are a breach are no measures: they are forbidden, and it is asked again
    if !others.is_empty() {
        return Ok(others);
    }
    let (taken, _) = worst(pact, &run, asked, flow, who, day);
    let floor = flow.floor.eval(&witness.situation.values);
    if floor.is_some_and(|f| left(&taken) < f) {
        Ok(others)
    } else {
        Err(format!("the evaluator finds {} of `{}` left", percent(&left(&taken)), flow.name))
    }
}

/// The figures of a question: of a flow whose suppliers are told apart, all of them.
fn universe(asking: &Asking<'_>, flow: &Flow, norms: &[NormId]) -> Universe {
    let Some(attribute) = &flow.supplied else { return Universe::new(&asking.frame, norms) };
    // what they supply is added up: its value tells them apart
    let sum = Quantity::Sum(vec![Quantity::Attribute(Who::Var(VarId(0)), attribute.clone())]);
    let reads = Condition::Compare(sum, Compare::AtLeast, Quantity::Fixed(crate::logic::Linear::zero()));
    Universe::about(&asking.frame, &[], &[&reads], norms, true)
}

/// Whose flow an answer is about.
fn target(named: &Named, universe: &Universe, witness: &Witness, choices: &Choices) -> Option<Actor> {
    let figure = named.chosen(witness, choices)?.first().copied().flatten()?;
    universe.figure(figure).map(|f| f.actor)
}

/// The greatest share of a flow that the evaluator finds taken on a day, and what then comes from whom.
fn worst(
    pact: &Pact<'_>,
    run: &Run<'_>,
    asked: &Asked,
    flow: &Flow,
    to: Actor,
    day: i64,
) -> (BigRational, BTreeMap<Actor, BigRational>) {
    let cuts = run.cuts(asked.flow, to, &asked.norms(), day);
    let members = run.situation().members.iter().chain(cuts.keys()).filter(|a| **a != to);
    let of: BTreeMap<Actor, Bounds> = members.map(|a| (*a, bounds(pact.program, flow, *a))).collect();
    greatest(&of, &cuts)
}

fn percent(n: &BigRational) -> String {
    quantity(n, "%")
}

fn draft<'p>(
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    asked: &Asked,
    flow: &Flow,
    witness: &Witness,
    (who, day): (Actor, i64),
) -> Draft {
    let norms = asked.norms();
    let first = scene::run(asking, witness, horizon(pact, witness, day));
    let (taken, from) = worst(pact, &first, asked, flow, who, day);
    // what parties supply is what leaves least
    let mut shown = witness.clone();
    let values = &mut shown.situation.values;
    for unknown in pact.program.unknowns.iter().filter(|u| supplies(pact, flow, u.party, &u.var)) {
        values.remove(&unknown.var);
        if let Some(share) = from.get(&Actor::Party(unknown.party)) {
            values.set(unknown.var.clone(), Value::Number(share.clone()));
        }
    }
    let run = scene::run(asking, &shown, horizon(pact, &shown, day));
    let mut about = scene::about(pact, norms.iter().chain(&asked.broken).copied());
    flow.supplied.iter().for_each(|name| about.mentions.attribute(name));
    let shown = timeline(pact, &run, &about, |b| asked.broken.contains(&b.norm), |_, i| norms.contains(&i.norm));
    let rules: BTreeSet<RuleId> = norms.iter().filter_map(|n| pact.conduct().norm(*n)).filter_map(|n| n.rule).collect();
    let articles: BTreeSet<String> =
        rules.iter().filter_map(|r| pact.conduct().rule(*r)).map(|r| pact.article(r)).collect();
    let floor = flow.floor.eval(&witness.situation.values).map_or_else(String::new, |f| percent(&f));
    let message = format!(
        "measures under {} of {}, lawful together, can leave a member {} of the flow `{}`, whose floor is {floor}",
        join(&articles.into_iter().collect::<Vec<_>>()),
        pact.name(),
        percent(&left(&taken)),
        flow.name
    );
    let mut draft = Draft::new("S17", message)
        .charter(pact.view.charter)
        .identity(flow.name.clone())
        .situation(pact.program, &shown);
    for rule in rules.iter().filter_map(|r| pact.conduct().rule(*r)) {
        draft = draft.statement(rule.statement, "");
    }
    for m in asked.measures.iter().filter(|m| m.spared.is_none()) {
        draft = draft.statement(m.statement, "");
    }
    let Some(attribute) = &flow.supplied else {
        return draft.note(format!(
            "what share of `{}` comes from whom is not said: one may supply all of it; `supplied by` an attribute says so",
            flow.name
        ));
    };
    for actor in first.cuts(asked.flow, who, &norms, day).into_keys() {
        if let Some(share) = from.get(&actor) {
            draft = draft.value(format!("{attribute}({})", shown.cast().name(actor)), percent(share));
        }
    }
    draft
}

/// Whether an unknown is what a party supplies of a flow.
fn supplies(pact: &Pact<'_>, flow: &Flow, party: PartyId, x: &Var) -> bool {
    let stated = flow.supplied.as_ref().and_then(|a| pact.program.parties.get(party.0 as usize)?.attributes.get(a));
    matches!(stated, Some(AttributeValue::Quantity(value, _)) if value.vars().any(|y| y == x))
}

/// What a proof rests on: measures, what spares some, and norms that forbid acts, without which it would not hold. They are
/// left out one by one, from the last on; each time it is asked again.
fn rests_on<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    flow: &Flow,
    asked: &Asked,
    seeds: &[NormId],
    kept: &[NormId],
) -> Vec<StatementId> {
    let statement = |n: &NormId| pact.conduct().norm(*n).map(|n| n.statement);
    let mut reads: BTreeSet<StatementId> = asked.measures.iter().map(|m| m.statement).collect();
    reads.extend(asked.measures.iter().filter_map(|m| m.spared));
    reads.extend(kept.iter().filter_map(statement));
    let all: Vec<NormId> = seeds.iter().chain(kept).copied().collect();
    let universe = universe(asking, flow, &all);
    cx.as_one(|cx| {
        let mut loose: BTreeSet<StatementId> = BTreeSet::new();
        let mut core = Vec::new();
        for read in reads.into_iter().rev() {
            loose.insert(read);
            let kept: Vec<NormId> =
                kept.iter().copied().filter(|n| statement(n).is_none_or(|s| !loose.contains(&s))).collect();
            let build = |scene: &mut _| asked.below(scene, &kept, How::Each, &loose, &mut Choices::new());
            if !matches!(asking.exists(cx, &universe, Wanted::Any, build, |_| Ok(())), Reply::No) {
                loose.remove(&read);
                core.push(read);
            }
        }
        core.reverse();
        core
    })
}
