//! S03 of what a rule asks of whoever is in breach: N01 asks of those who have broken nothing.
//!
//! In: a duty of a rule that answers a breach, on the one in breach. Out: the smallest sets of prohibitions, and of what others are
//! entitled to, that forbid every act that would meet it while whoever owes it breaks nothing from that breach on, each with the
//! simplest situation; or a proof that all of them together never do.

use super::s03::{Clash, told};
use super::scene::{SetOff, first};
use super::{Answer, Found, Pact, pattern, said};
use crate::atlas::join;
use crate::checks::norms::ask::{Asking, Reply};
use crate::checks::norms::{dilemma, refuted};
use crate::checks::{Context, Draft};
use crate::encode::conduct::{Forbids, TOO_LARGE, is_point};
use crate::evaluate::situation::{Instance, Run, Truth};
use crate::model::StatementId;
use crate::model::conduct::{Norm, NormId};

/// Asks of all that can forbid it, of each by itself, and of several.
pub(super) fn duty<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    asking: &Asking<'p>,
    answer: Answer<'p>,
    norm: &Norm,
    question: String,
    found: &mut Found,
) {
    let against = match dilemma::of_the_offender(asking, norm) {
        Ok(against) => against,
        Err(why) => return found.undecided.push((question, why)),
    };
    let bans =
        |set: &[Forbids]| -> Vec<&'p Norm> { set.iter().filter_map(|by| pact.conduct().norm(by.norm())).collect() };
    let statements = |bans: &[&Norm]| -> Vec<StatementId> {
        [answer.rule.statement, norm.statement].into_iter().chain(bans.iter().map(|n| n.statement)).collect()
    };
    let mut stuck = Vec::new();
    let ended = dilemma::smallest(&against, &mut stuck, |set, _| {
        // few occurrences first: more are asked for only where these do not suffice
        let mut once = |each| first(pact, answer.broken, |how| barred(cx, asking, answer, norm, (set, each), how));
        let reply = match once(false) {
            Reply::Open(why) if !why.contains(TOO_LARGE) => once(true),
            reply => reply,
        };
        match reply {
            Reply::No => Ok(None),
            Reply::Yes(witness) => Ok(Some(witness)),
            Reply::Open(why) => Err(why),
        }
    });
    match ended {
        Err(why) => found.undecided.push((question, why)),
        Ok(()) if stuck.is_empty() => found.proved.push((question, statements(&bans(&against)))),
        Ok(()) => {}
    }
    for (set, witness) in stuck {
        let bans = bans(&set);
        let ids: Vec<NormId> = bans.iter().map(|n| n.id).collect();
        let words: Vec<String> = bans.iter().map(|n| format!("`{}`", said(n))).collect();
        let message = format!(
            "`{}` cannot be met lawfully by whoever is in breach: {} {} every act that would meet it",
            said(norm),
            join(&words),
            if bans.len() > 1 { "only together forbid" } else { "forbids" }
        );
        let draft = Draft::new("S03", message)
            .charter(pact.view.charter)
            .minimal(true)
            .situation(pact.program, &told(pact, asking, &witness, &answer, norm, &ids));
        found.drafts.push(statements(&bans).into_iter().fold(draft, |d, s| d.statement(s, "")));
    }
}

/// A breach on which these together forbid every act by which the duty could be met.
fn barred(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    answer: Answer<'_>,
    norm: &Norm,
    (against, each): (&[Forbids], bool),
    how: SetOff<'_>,
) -> Reply {
    let bans: Vec<NormId> = against.iter().map(|by| by.norm()).collect();
    let clash = Clash {
        norm: norm.id,
        against: &bans,
        course: answer.broken,
        is: &|scene, norm, env, arising, day| dilemma::stuck_by(scene, norm, env, arising, day, (against, each)),
        seen: &|run, (at, i), values, day| {
            let own = norm.subject.among(&i.values) == norm.subject.among(values);
            own && run.due(at, day) == Truth::Yes && no_way_out(asking, run, norm, i, day)
        },
    };
    clash.ask(cx, asking, answer, how)
}

/// Whether the evaluator finds every act unlawful that would meet an instance by a day.
fn no_way_out(asking: &Asking<'_>, run: &Run<'_>, norm: &Norm, i: &Instance, day: i64) -> bool {
    let Some(deed) = pattern(norm) else { return false };
    let start = if is_point(norm) { i.first } else { day };
    let barred = |on: i64| {
        let all = refuted::points(asking, deed, &i.values, on);
        !all.is_empty() && all.iter().all(|act| run.lawful(act, on).0 == Truth::No)
    };
    (start..=day).all(barred)
}
