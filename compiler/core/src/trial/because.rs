//! On what an undecided expectation rests.
//!
//! In: the evaluator's answer. Out: sentences that name what the scenario would have to know: attributes that nobody states,
//! open terms, the length of calendar months, amounts that an act leaves out. Looked for in the norms of the answer and, step
//! by step, in the breaches that set them off.

use crate::atlas::{join, quoted};
use crate::evaluate::situation::{Answer, Cause, Run, Truth, attribute_name};
use crate::model::Program;
use crate::model::conduct::{Actor, Arises, Condition, Days, Happening, Norm, NormId, Value, Who};
use crate::model::mentions::Mentions;
use std::collections::BTreeSet;

/// What an undecided answer rests on.
pub(super) fn because(run: &Run<'_>, answer: &Answer) -> Vec<String> {
    let mut out = rests_on(run, answer);
    if out.is_empty() {
        out.push("it rests on what the scenario does not say".to_owned());
    }
    out
}

/// The same; nothing where nothing can be named.
pub(crate) fn rests_on(run: &Run<'_>, answer: &Answer) -> Vec<String> {
    let Asked { norms, instances } = asked(run, answer);
    let program = run.program();
    let conduct = &program.conduct;
    let mut mentions = Mentions::new();
    let mut read = Read::default();
    for norm in norms.iter().filter_map(|n| conduct.norm(*n)) {
        let mut own = Mentions::new();
        own.norm(conduct, norm);
        let values = instances.iter().filter_map(|at| run.instances().get(*at)).filter(|i| i.norm == norm.id);
        let values: Vec<&[Option<Actor>]> = values.map(|i| i.values.as_slice()).collect();
        read.take(program, &own, &values);
        mentions.norm(conduct, norm);
        if let Some(rule) = norm.rule.and_then(|r| conduct.rule(r)) {
            let mut own = Mentions::new();
            own.rule(conduct, rule);
            read.take(program, &own, &[]);
            mentions.rule(conduct, rule);
        }
    }
    let mut out = Vec::new();
    let open = |x: &crate::logic::Var| run.situation().values.get(x).is_none();
    let unknowns: Vec<String> = program
        .unknowns
        .iter()
        .filter(|u| open(&u.var))
        .filter(|u| {
            let name = u.var.name();
            let attribute = name.rsplit_once('(').map_or(name, |(a, _)| a);
            mentions.vars.contains(&u.var) || read.of.contains(name) || read.of_all.contains(attribute)
        })
        .map(|u| format!("`{}`", u.var.name()))
        .collect();
    if !unknowns.is_empty() {
        let (most, more) = (unknowns.get(..6).unwrap_or(&unknowns), unknowns.len().saturating_sub(6));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push(format!("it rests on {}{more}, which nobody states", join(most)));
    }
    let terms: Vec<String> = program
        .terms
        .iter()
        .filter(|t| mentions.vars.contains(&t.var) && open(&t.var))
        .map(|t| quoted(&t.name))
        .collect();
    if !terms.is_empty() {
        out.push(format!("it rests on the open {} {}", if terms.len() == 1 { "term" } else { "terms" }, join(&terms)));
    }
    if run.situation().start.is_none() && norms.iter().filter_map(|n| conduct.norm(*n)).any(months) {
        out.push("calendar months are counted, and no day has a date: write `day 0 is 2026-03-01`".to_owned());
    }
    let mut unsaid = BTreeSet::new();
    for o in &run.situation().occurrences {
        let Happening::Act { action, arguments, .. } = &o.what else { continue };
        let Some(declared) = conduct.action(*action).filter(|_| mentions.actions.contains(action)) else { continue };
        let mut given = declared.parameters.iter().zip(arguments);
        if given.any(|(p, v)| matches!(v, Value::Unsaid) && p.default.is_none()) {
            unsaid.insert(declared.name.as_str());
        }
    }
    for name in unsaid {
        out.push(format!("`{name}` leaves an argument out: say it"));
    }
    out
}

/// Which attributes are read.
#[derive(Debug, Default)]
struct Read {
    /// as unknown attributes are called: `size(Ada)`
    of: BTreeSet<String>,
    /// of whoever it is
    of_all: BTreeSet<String>,
}

impl Read {
    /// What a part reads whose variables stand for these; of a variable that stands for nobody it reads all.
    fn take(&mut self, program: &Program, part: &Mentions, instances: &[&[Option<Actor>]]) {
        for (name, who) in &part.whose {
            let of: Option<Vec<Actor>> = match who {
                Some(Who::Party(p)) => Some(vec![Actor::Party(*p)]),
                Some(Who::Var(v)) if !instances.is_empty() => {
                    instances.iter().map(|values| values.get(v.0 as usize).copied().flatten()).collect()
                }
                _ => None,
            };
            match of {
                Some(of) => self.of.extend(of.into_iter().map(|who| attribute_name(program, who, name))),
                None => _ = self.of_all.insert(name.clone()),
            }
        }
    }
}

/// The norms of an answer, and those whose breaches set them off, and which of their instances.
struct Asked {
    norms: BTreeSet<NormId>,
    instances: BTreeSet<usize>,
}

fn asked(run: &Run<'_>, answer: &Answer) -> Asked {
    let mut out = BTreeSet::new();
    let mut instances: Vec<usize> = answer.instances.clone();
    instances.extend(answer.objections.iter().filter(|o| o.truth == Truth::Unknown).map(|o| o.instance));
    out.extend(answer.objections.iter().filter(|o| o.truth == Truth::Unknown).map(|o| o.norm));
    let mut breaches: Vec<usize> = answer.breaches.clone();
    let mut seen = (BTreeSet::new(), BTreeSet::new());
    while !(instances.is_empty() && breaches.is_empty()) {
        for at in std::mem::take(&mut breaches) {
            if let Some(b) = run.breaches().get(at).filter(|_| seen.1.insert(at)) {
                out.insert(b.norm);
                instances.push(b.instance);
            }
        }
        for at in std::mem::take(&mut instances) {
            let Some(i) = run.instances().get(at).filter(|_| seen.0.insert(at)) else { continue };
            out.insert(i.norm);
            let firing = i.firing.and_then(|f| run.firings().get(f)).map(|f| f.cause);
            for cause in [Some(i.cause), firing].into_iter().flatten() {
                if let Cause::Breach(b) = cause {
                    breaches.push(b);
                }
            }
        }
    }
    Asked { norms: out, instances: seen.0 }
}

/// Whether a norm counts calendar months.
fn months(norm: &Norm) -> bool {
    let w = &norm.window;
    let counted = |d: &Days| d.months > 0;
    [&w.offset, &w.after, &w.within, &w.until].into_iter().flatten().any(counted)
        || matches!(&norm.arises, Arises::Every(d) if counted(d))
        || in_condition(&norm.when)
        || in_condition(&norm.unless)
}

fn in_condition(condition: &Condition) -> bool {
    match condition {
        Condition::Occurred { last, .. } | Condition::Breached { last, .. } => {
            last.as_ref().is_some_and(|d| d.months > 0)
        }
        Condition::Not(inner) | Condition::ForAll(_, inner) | Condition::Exists(_, inner) => in_condition(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(in_condition),
        Condition::Fixed(_)
        | Condition::Compare(..)
        | Condition::Attribute(..)
        | Condition::Same(..)
        | Condition::Kind(..)
        | Condition::May(_) => false,
    }
}
