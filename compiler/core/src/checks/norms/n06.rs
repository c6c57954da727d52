//! N06: binds or aims at an outsider (VCLT 34, 36; semantics §18).
//!
//! A norm on a party by name that is no member; a duty or a permission of a hostile act whose target can be somebody who is
//! not a member: an error. A duty of a helping act at one: a note. Forbidding harm to outsiders is inward. A subject that an
//! act of anybody's sets is bound as a member only, so it is none. What a norm aims at is read off its text; that it can be due
//! for an outsider is asked.

use super::applies::binds;
use super::ask::{Asking, Named, Reply, Wanted};
use super::conclude::Open;
use super::{applies, n03, quoted, rests};
use crate::checks::{Check, Context, Draft};
use crate::encode::conduct::{Read, Scene, Term, Universe};
use crate::evaluate::situation::Truth;
use crate::model::conduct::{Binder, Deed, Force, Match, Norm, Sort, VarId, Who};
use crate::model::{CharterId, KindId, StatementId};
use crate::report::Level;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// N06.
#[derive(Debug)]
pub(in crate::checks) struct Outsiders;

const QUESTION: &str = "no norm binds an outsider or aims a hostile act at one";

/// Whom an act is aimed at, who may be an outsider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::checks) enum Aim {
    /// a party by name that is no member
    Named(crate::model::PartyId),
    /// whoever a variable stands for
    Variable(VarId),
    /// anyone
    Anyone,
}

impl Check for Outsiders {
    fn code(&self) -> &'static str {
        "N06"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["N03"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let found = outsiders(cx, view.charter);
            let burdens = found.burdens().count();
            for (_, draft) in found.drafts {
                cx.report(draft);
            }
            let holds = burdens == 0 && found.asked > 0;
            found.open.conclude(cx, ("N06", view, QUESTION), holds, found.core, IndexMap::new());
        }
    }
}

/// What was found of a charter's norms.
#[derive(Debug, Default)]
pub(in crate::checks) struct Touched {
    /// findings, and whether each is a burden
    drafts: Vec<(bool, Draft)>,
    /// how many norms were asked about
    asked: usize,
    /// why something was not shown
    pub(in crate::checks) open: Open,
    /// the statements that keep hostile acts among members
    pub(in crate::checks) core: BTreeSet<StatementId>,
}

impl Touched {
    /// Those that burden an outsider.
    pub(in crate::checks) fn burdens(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().filter(|(burden, _)| *burden).map(|(_, d)| d)
    }
}

/// Asks it of every norm of a charter.
pub(in crate::checks) fn outsiders(cx: &mut Context<'_>, charter: CharterId) -> Touched {
    let norms = cx.norms(charter);
    let program = cx.program();
    let mut out = Touched::default();
    for norm in norms.asked.iter().filter(|n| binds(n) && n.charter.is_some()) {
        out.asked += 1;
        if n03::binds_a_stranger(&norms, norm) {
            let Who::Party(p) = norm.subject else { continue };
            let message = format!(
                "{} binds {}, who is no party to `{}`",
                quoted(norm),
                program.party_name(p),
                cx.charter_name(charter)
            );
            let draft = Draft::new("N06", message)
                .charter(charter)
                .statement(norm.statement, "")
                .party(p)
                .also("N03")
                .identity(norm.text.clone());
            out.drafts.push((true, draft));
            continue;
        }
        let Some((hostile, action)) = touches(cx, norm) else { continue };
        if hostile {
            out.core.insert(norm.statement);
        }
        for (aim, _) in aims(cx, &norms.asking, norm) {
            let who = match aim {
                Aim::Named(p) => format!("{}, who is no party to it", program.party_name(p)),
                Aim::Variable(v) => {
                    match due_for(cx, &norms.asking, norm, v, &BTreeSet::new()) {
                        Reply::Yes(_) => {}
                        Reply::No if hostile => {
                            let reads = norms.asking.frame.reads(&BTreeSet::from([norm.id]));
                            let stays = |loose: &BTreeSet<Read>| {
                                matches!(due_for(cx, &norms.asking, norm, v, loose), Reply::No)
                            };
                            out.core.extend(rests::on(reads, stays));
                            continue;
                        }
                        Reply::No => continue,
                        Reply::Open(why) => {
                            out.open.norm(norm, why);
                            continue;
                        }
                    }
                    match name(norm, v) {
                        "" => "somebody who is no party to it".to_owned(),
                        name => format!("`{name}`, who may be no party to it"),
                    }
                }
                Aim::Anyone => "anyone, also who is no party to it".to_owned(),
            };
            let verb = verb(norm);
            let (message, level) = if hostile {
                (format!("{} {verb} the hostile act `{action}` against {who}", quoted(norm)), Level::Error)
            } else {
                (format!("{} {verb} the help `{action}` for {who}", quoted(norm)), Level::Note)
            };
            let draft = Draft::new("N06", message)
                .charter(charter)
                .level(level)
                .statement(norm.statement, "")
                .identity(norm.text.clone());
            out.drafts.push((hostile, draft));
        }
    }
    out
}

/// What a norm does with its act.
pub(in crate::checks) fn verb(norm: &Norm) -> &'static str {
    if norm.force == Force::Must { "demands" } else { "permits" }
}

fn name(norm: &Norm, v: VarId) -> &str {
    norm.variables.get(v.0 as usize).map_or("", |v| v.name.as_str())
}

/// Whether what a norm demands or permits is hostile, or a duty to help; with the name of the act.
pub(in crate::checks) fn touches<'a>(cx: &Context<'a>, norm: &Norm) -> Option<(bool, &'a str)> {
    if !matches!(norm.force, Force::Must | Force::May | Force::Entitled) || norm.is_prohibition() {
        return None;
    }
    let Deed::Act(pattern) = &norm.deed else { return None };
    let action = cx.program().conduct.action(pattern.action)?;
    let helps = action.helps && norm.force == Force::Must;
    (action.hostile || helps).then_some((action.hostile, action.name.as_str()))
}

/// Whom it is aimed at and who may be an outsider, with the kind that the act asks for.
pub(in crate::checks) fn aims(cx: &Context<'_>, asking: &Asking<'_>, norm: &Norm) -> Vec<(Aim, KindId)> {
    let Deed::Act(pattern) = &norm.deed else { return Vec::new() };
    let Some(action) = cx.program().conduct.action(pattern.action) else { return Vec::new() };
    let mut out = Vec::new();
    for (wanted, parameter) in pattern.arguments.iter().zip(&action.parameters).skip(1) {
        let Sort::Party(kind) = parameter.sort else { continue };
        let aim = match wanted {
            Match::Any | Match::Anyone => Some(Aim::Anyone),
            Match::Is(Who::Party(p)) => (!asking.frame.members.contains(p)).then_some(Aim::Named(*p)),
            Match::Is(Who::Var(v)) | Match::Binds(v) => {
                norm.variables.get(v.0 as usize).is_some_and(|x| x.domain.outsiders).then_some(Aim::Variable(*v))
            }
            Match::Number(..) | Match::Thing(_) | Match::Region(_) => None,
        };
        out.extend(aim.map(|a| (a, kind)).filter(|a| !out.contains(a)));
    }
    out
}

/// Whether it can be due while a variable stands for somebody who is no member, these saying what they may.
pub(in crate::checks) fn due_for(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    norm: &Norm,
    variable: VarId,
    loose: &BTreeSet<Read>,
) -> Reply {
    let universe = Universe::new(&asking.frame, &[norm.id]);
    let named = Named::new();
    let build = |scene: &mut Scene<'_>| {
        let Some(norm) = scene.frame.norm(norm.id) else { return Term::falsity() };
        scene.loosen(loose);
        let mut envs = scene.choices(&norm.variables, &[Binder::Rule, Binder::Each], &Vec::new());
        envs.retain(|env| {
            let figure = env.get(variable.0 as usize).copied().flatten().and_then(|f| scene.universe.figure(f));
            figure.is_some_and(|f| !f.member)
        });
        let (day, from) = named.on();
        named
            .some(scene, &envs, |scene, env| {
                scene.arises(norm, env, &mut |scene, arising| scene.due(norm, env, arising, &day))
            })
            .given(from)
    };
    asking.exists(cx, &universe, Wanted::Any, build, |witness| {
        let day = witness.whole(&named.day).unwrap_or(0);
        let run = applies::run(asking, witness, day);
        let mut due = run.instances().iter().enumerate().filter(|(_, i)| i.norm == norm.id);
        if due.any(|(at, _)| run.due(at, day) == Truth::Yes) {
            Ok(())
        } else {
            Err(format!("the evaluator does not find `{}` due on day {day}", norm.text))
        }
    })
}
