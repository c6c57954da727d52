//! S02: nobody to respond: the least number of members in breach that leaves fewer others than a rule asks to respond.
//!
//! In: each duty of a rule that answers a breach or a hostile act. Out: a finding where one in breach is enough (the alliance
//! of two, `at least 3 other parties` among three), and a note with the number where more are. Arithmetic over the members
//! of kinds: nothing is assumed of what anybody does. Members that are not listed may be none, so a charter that is open in
//! number gets a note that says how many it takes. A finding shows the simplest breach that nobody is left to answer.

use super::shown::{Then, with_situation};
use super::{Found, Pact, falls_due, is_owed, subject};
use crate::checks::norms::applies::Applies;
use crate::checks::norms::ask::Reply;
use crate::checks::norms::n02;
use crate::checks::{Check, Context, Draft};
use crate::model::PartyId;
use crate::model::conduct::{Binder, Match, Norm, NormId, Quantity, Rule, Trigger, Who};
use crate::model::mentions::Mentions;
use crate::report::Level;
use num_traits::ToPrimitive;
use std::collections::BTreeSet;

/// S02.
#[derive(Debug)]
pub(in crate::checks) struct NobodyToRespond;

impl Check for NobodyToRespond {
    fn code(&self) -> &'static str {
        "S02"
    }

    fn tells(&self) -> &'static [&'static str] {
        &["S01", "N02", "N03"]
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "S02", |cx, pact| {
            let mut found = Found::default();
            for rule in pact.rules() {
                let Some(setting) = Setting::of(pact, rule) else { continue };
                one(cx, pact, &setting, &mut found);
            }
            found
        });
    }
}

/// What sets a rule off: who can, and whom it can hit.
struct Setting<'p> {
    rule: &'p Rule,
    /// whoever can be in breach, or can act
    authors: BTreeSet<PartyId>,
    /// members that are not listed can as well
    open: bool,
    /// whom the breach or the act can hit
    injured: BTreeSet<PartyId>,
    /// the variable of the injured
    against: Option<Who>,
    /// in words: `in breach of article 1`
    deed: String,
}

impl<'p> Setting<'p> {
    fn of(pact: &Pact<'_>, rule: &'p Rule) -> Option<Self> {
        let conduct = pact.conduct();
        match &rule.trigger {
            Trigger::Breach { norms, against, .. } => {
                let mut authors = BTreeSet::new();
                let mut injured = BTreeSet::new();
                let mut open = false;
                for norm in norms.iter().filter_map(|n| conduct.norm(*n)) {
                    let (who, more) = pact.subjects(norm);
                    authors.extend(who);
                    open |= more;
                    injured.extend(objects(pact, norm));
                }
                let deed = format!("in breach of {}", pact.articles(norms));
                Some(Self { rule, authors, open, injured, against: against.map(Who::Var), deed })
            }
            Trigger::Occurs(pattern) => {
                let action = conduct.action(pattern.action).filter(|a| a.hostile && !a.event)?;
                let variable = |m: &Match| match m {
                    Match::Binds(v) => rule.variables.get(v.0 as usize).map(|x| x.domain),
                    _ => None,
                };
                let of = |m: &Match| match (m, variable(m)) {
                    (_, Some(domain)) => pact.range(domain),
                    (Match::Is(Who::Party(p)), _) => BTreeSet::from([*p]),
                    _ => pact.members.iter().copied().collect(),
                };
                let first = pattern.arguments.first()?;
                let second = pattern.arguments.get(1);
                let against = second.and_then(|m| match m {
                    Match::Binds(v) => Some(Who::Var(*v)),
                    Match::Is(w) => Some(*w),
                    _ => None,
                });
                Some(Self {
                    rule,
                    authors: of(first),
                    open: variable(first).is_some_and(|d| pact.open_of(d.kind)),
                    injured: second.map(of).unwrap_or_default(),
                    against,
                    deed: format!("the author of `{}`", action.name),
                })
            }
        }
    }

    /// The variable of whoever is in breach.
    fn author(&self) -> Option<Who> {
        match &self.rule.trigger {
            Trigger::Breach { by, .. } => Some(Who::Var(*by)),
            Trigger::Occurs(pattern) => match pattern.arguments.first() {
                Some(Match::Binds(v)) => Some(Who::Var(*v)),
                Some(Match::Is(w)) => Some(*w),
                _ => None,
            },
        }
    }
}

/// Whom a norm names besides its subject.
fn objects(pact: &Pact<'_>, norm: &Norm) -> BTreeSet<PartyId> {
    let mut out = BTreeSet::new();
    for argument in super::pattern(norm).iter().flat_map(|p| p.arguments.iter().skip(1)) {
        match argument {
            Match::Is(Who::Party(p)) => {
                out.insert(*p);
            }
            Match::Is(Who::Var(v)) => {
                if let Some(x) = norm.variables.get(v.0 as usize) {
                    out.extend(pact.range(x.domain));
                }
            }
            Match::Anyone => out.extend(pact.members.iter().copied()),
            _ => {}
        }
    }
    out
}

/// Whether one in breach leaves too few to do what this norm of a rule asks, so that it is told here why it is never due.
pub(in crate::checks) fn tells(pact: &Pact<'_>, norm: &Norm) -> bool {
    let Some(setting) = norm.rule.and_then(|r| pact.conduct().rule(r)).and_then(|r| Setting::of(pact, r)) else {
        return false;
    };
    let one = |l: &Least| l.offenders == 1;
    is_owed(norm)
        && Some(norm.subject) != setting.author()
        && !pact.subjects(norm).1
        && count(pact, &setting, norm).is_ok_and(|l| l.as_ref().is_some_and(one))
}

/// Whether all that a rule has fall due on others falls due on nobody when one is in breach.
pub(in crate::checks) fn unanswered(pact: &Pact<'_>, rule: &Rule) -> bool {
    let Some(setting) = Setting::of(pact, rule) else { return false };
    let author = setting.author();
    let nobody = |n: &Norm| matches!(count(pact, &setting, n), Ok(Some(l)) if l.offenders == 1 && l.left == 0);
    let mut steps = pact.steps(rule).filter(|n| falls_due(n) && Some(n.subject) != author).peekable();
    steps.peek().is_some() && steps.all(|n| is_owed(n) && !pact.subjects(n).1 && nobody(n))
}

/// How many in breach leave too few to respond.
struct Least {
    /// so many
    offenders: usize,
    /// then so many are left
    left: usize,
    /// so many are asked
    asked: usize,
    norm: NormId,
}

fn one<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, setting: &Setting<'_>, found: &mut Found) {
    let author = setting.author();
    let mut least: Option<Least> = None;
    let mut nobody: Vec<&Norm> = Vec::new();
    let mut never = Vec::new();
    for norm in pact.steps(setting.rule).filter(|n| is_owed(n)) {
        if Some(norm.subject) == author {
            continue;
        }
        cx.count(1);
        match count(pact, setting, norm) {
            Err(why) => found.not_asked.push(why),
            Ok(None) => never.push(norm.statement),
            Ok(Some(l)) => {
                if l.offenders == 1 && !pact.subjects(norm).1 {
                    nobody.push(norm);
                }
                if least.as_ref().is_none_or(|known| l.offenders < known.offenders) {
                    least = Some(l);
                }
            }
        }
    }
    match least {
        Some(l) => found.drafts.push(draft(cx, pact, setting, &l, &nobody)),
        None => {
            for statement in never {
                let what = format!("somebody is left to respond under {}", pact.article(setting.rule));
                found.proved.push((what, vec![setting.rule.statement, statement]));
            }
        }
    }
}

/// The least number; nothing where there is none.
fn count(pact: &Pact<'_>, setting: &Setting<'_>, norm: &Norm) -> Result<Option<Least>, String> {
    let place = pact.article(setting.rule);
    let asked = match &norm.group {
        None => 1,
        Some(group) => match &group.least {
            Quantity::Fixed(n) => n.as_constant().and_then(|n| n.ceil().to_integer().to_usize()),
            _ => None,
        }
        .ok_or_else(|| {
            format!("how many must respond under {place} of {} depends on values: state them", pact.name())
        })?,
    };
    let reserved = pact.reserved(norm.id);
    let (mut able, _) = pact.subjects(norm);
    able.retain(|p| !reserved.contains(p));
    let mut spares_injured = false;
    if let Some(variable) = subject(norm) {
        if let Some(filter) = &variable.filter {
            let mut read = Mentions::new();
            read.condition(pact.conduct(), filter);
            return Err(format!(
                "who must respond under {place} of {} depends on `where {}`: say it of a kind instead",
                pact.name(),
                if read.actions.is_empty() { "an attribute" } else { "what happens" }
            ));
        }
        for who in &variable.distinct {
            match who {
                Who::Party(p) => {
                    able.remove(p);
                }
                _ => spares_injured |= Some(*who) == setting.against,
            }
        }
    }
    let authors: BTreeSet<PartyId> = setting.authors.difference(&reserved).copied().collect();
    if authors.is_empty() && !setting.open {
        return Ok(None);
    }
    if subject(norm).is_some_and(|v| v.binder == Binder::Rule) {
        // the injured alone responds: until it is in breach itself
        let both = setting.injured.iter().any(|w| authors.contains(w) && authors.iter().any(|v| v != w));
        return Ok(both.then_some(Least { offenders: 2, left: 0, asked, norm: norm.id }));
    }
    // the one in breach and, where it is spared, the one injured: those who thin out the rest most
    let of_both: Vec<PartyId> = able.intersection(&authors).copied().collect();
    let mut taken: BTreeSet<PartyId> = BTreeSet::new();
    let hit: Vec<PartyId> = able.intersection(&setting.injured).copied().collect();
    let offender = match (of_both.as_slice(), hit.as_slice()) {
        // the only one that can be injured is left to be so
        ([a, b, ..], [only]) if spares_injured && a == only => Some(*b),
        (list, _) => list.first().copied(),
    };
    taken.extend(offender);
    if spares_injured && let Some(injured) = hit.iter().find(|p| !taken.contains(p)) {
        taken.insert(*injured);
    }
    let left = able.len() - taken.len();
    if left < asked {
        return Ok(Some(Least { offenders: 1, left, asked, norm: norm.id }));
    }
    let more = left - asked + 1;
    let can = able.iter().filter(|p| !taken.contains(p) && authors.contains(p)).count();
    if can < more {
        return Ok(None);
    }
    Ok(Some(Least { offenders: 1 + more, left: asked - 1, asked, norm: norm.id }))
}

fn draft<'p>(cx: &mut Context<'p>, pact: &Pact<'p>, setting: &Setting<'_>, l: &Least, nobody: &[&Norm]) -> Draft {
    let n = pact.members.len();
    let norm = pact.conduct().norm(l.norm);
    let open = norm.is_some_and(|n| pact.subjects(n).1);
    let place = pact.article(setting.rule);
    let left = match l.left {
        0 => "nobody is left".to_owned(),
        1 => "only one is left".to_owned(),
        k => format!("only {k} are left"),
    };
    let asks = if l.asked == 1 { String::new() } else { format!(" of the {} that it asks", l.asked) };
    let others = if open && n > 0 { " and no other joins" } else { "" };
    let when = match (l.offenders, n) {
        (_, 0) => format!("while {} has few members and one is {}", pact.name(), setting.deed),
        (1, _) => format!("when one of {n} members is {}{others}", setting.deed),
        (f, _) => format!("once {f} of {n} members are {}{others}", plural(&setting.deed)),
    };
    let message = format!("{when}, {left}{asks} to respond under {place} of {}", pact.name());
    let level = if l.offenders == 1 && !open { Level::Warning } else { Level::Note };
    let mut draft =
        Draft::new("S02", message).charter(pact.view.charter).level(level).statement(setting.rule.statement, "");
    if level == Level::Note {
        return norm.into_iter().fold(draft, |d, n| d.statement(n.statement, ""));
    }
    if matches!(setting.rule.trigger, Trigger::Breach { .. }) && unanswered(pact, setting.rule) {
        draft = draft.also("S01");
    }
    // more than one in breach are a count, and no situation
    let then = match norm.and_then(|n| n.group.as_ref()) {
        Some(_) => Then::TooFew(l.asked),
        None => Then::Nobody,
    };
    let norms: Vec<NormId> = match &then {
        Then::Nobody => nobody.iter().filter(|n| n.group.is_none()).map(|n| n.id).collect(),
        _ => vec![l.norm],
    };
    let asking = cx.asking(pact.view);
    draft = with_situation(draft, cx, (pact, &asking), setting.rule, &norms, then);
    for norm in nobody {
        draft = draft.statement(norm.statement, "");
        draft = match otherwise(cx, pact, norm) {
            // what nobody can meet the text cannot ask
            Some("N02") => draft.also("N02").level(Level::Error),
            Some(code) => draft.also(code),
            None => draft,
        };
    }
    draft
}

/// The code under which the same would be found of a norm by itself, without a candidate.
fn otherwise(cx: &mut Context<'_>, pact: &Pact<'_>, norm: &Norm) -> Option<&'static str> {
    if pact.view.with.is_some() {
        return None;
    }
    let norms = cx.norms(pact.view.charter);
    match norms.applies.get(&norm.id)? {
        Applies::Never => Some("N03"),
        Applies::Yes => matches!(n02::met(cx, &norms.asking, norm), Reply::No).then_some("N02"),
        Applies::SetAside | Applies::Open(_) => None,
    }
}

/// `in breach of article 1` stays; `the author of …` are several.
fn plural(deed: &str) -> String {
    deed.replacen("the author of", "among the authors of", 1)
}
