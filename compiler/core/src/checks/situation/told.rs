//! The lines of a timeline in their order, and each of them in words.
//!
//! In: a [`Timeline`]. Out: [`Told`]. Days in order; on one day first what is found of the days before, then what happens, then breaches, then
//! what is owed from that day on.

use super::words::Teller;
use super::{Timeline, Told, acting};
use crate::checks::words::{date, settlement, value};
use crate::model::Program;
use crate::model::conduct::{Actor, Deed, Force, Happening, Match, Norm, Who};
use crate::report::document::{SituationEntry, SituationEvent};
use indexmap::IndexMap;

/// A line of a timeline, by its place in its list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Happens(usize),
    Breach(usize),
    Owed(usize),
}

/// All lines, in order.
pub(super) fn order(timeline: &Timeline, program: &Program) -> Vec<Line> {
    let mut lines: Vec<(i64, u8, usize, Line)> = Vec::new();
    for (i, o) in timeline.situation.occurrences.iter().enumerate() {
        let rank = match &o.what {
            Happening::Withdrawal { .. } => 0,
            Happening::Finding { .. } => 1,
            Happening::Act { action, .. } => 2 + u8::from(program.conduct.action(*action).is_some_and(|a| a.event)),
        };
        lines.push((o.from, rank, i, Line::Happens(i)));
    }
    lines.extend(timeline.breaches.iter().enumerate().map(|(i, b)| (b.day, 4, i, Line::Breach(i))));
    lines.extend(timeline.owed.iter().enumerate().map(|(i, o)| (o.from, 5, i, Line::Owed(i))));
    lines.sort_by_key(|(day, rank, i, _)| (*day, *rank, *i));
    lines.into_iter().map(|(.., line)| line).collect()
}

/// Those whom a line names, in the order in which its sentence does.
pub(super) fn actors(timeline: &Timeline, program: &Program, line: Line, add: &mut dyn FnMut(Actor)) {
    match line {
        Line::Happens(i) => match timeline.situation.occurrences.get(i).map(|o| &o.what) {
            Some(Happening::Act { arguments, .. }) => acting(arguments).for_each(add),
            Some(Happening::Finding { by, against, .. }) => {
                add(*by);
                against.iter().for_each(|a| add(*a));
            }
            Some(Happening::Withdrawal { party }) => add(*party),
            None => {}
        },
        Line::Breach(i) => {
            if let Some(b) = timeline.breaches.get(i) {
                add(b.by);
                b.against.iter().for_each(|a| add(*a));
            }
        }
        Line::Owed(i) => {
            let Some(owed) = timeline.owed.get(i) else { return };
            let Some(norm) = program.conduct.norm(owed.norm) else { return };
            match norm.subject.among(&owed.bound) {
                Some(by) => add(by),
                None => apart(norm).filter_map(|w| w.among(&owed.bound)).for_each(&mut *add),
            }
            if let Deed::Act(pattern) = &norm.deed {
                for argument in &pattern.arguments {
                    if let Match::Is(who) = argument
                        && let Some(actor) = who.among(&owed.bound)
                    {
                        add(actor);
                    }
                }
            }
        }
    }
}

pub(super) fn tell(timeline: &Timeline, program: &Program) -> Told {
    let situation = &timeline.situation;
    let mut teller = Teller::new(program, &timeline.cast, &situation.values);
    let dated = |day: i64| situation.start.map(|start| date(start.saturating_add(day)));
    let mut entries = Vec::new();
    for line in order(timeline, program) {
        match line {
            Line::Happens(i) => {
                let Some(o) = situation.occurrences.get(i) else { continue };
                let code = teller.happening_code(&o.what);
                let mut words = teller.happening_sentence(&o.what);
                let (what, lasts) = match &o.what {
                    Happening::Act { action, .. } => match program.conduct.action(*action) {
                        Some(a) if a.event => (SituationEvent::Event(code), a.lasting),
                        _ => (SituationEvent::Act(code), true),
                    },
                    Happening::Finding { .. } => (SituationEvent::Finding(code), false),
                    Happening::Withdrawal { .. } => (SituationEvent::Act(code), false),
                };
                let goes_on = lasts && o.to.is_none();
                if goes_on {
                    words.push_str(" from then on");
                }
                let until = o.to.filter(|to| *to != o.from);
                entries.push(SituationEntry {
                    day: o.from,
                    until,
                    goes_on,
                    date: dated(o.from),
                    what,
                    words,
                    statements: Vec::new(),
                });
            }
            Line::Breach(i) => {
                let Some(b) = timeline.breaches.get(i) else { continue };
                let code = teller.breach_code(b.norm, b.by, b.against);
                let words = teller.breach_sentence(b.norm, b.by, b.against);
                entries.push(SituationEntry {
                    day: b.day,
                    until: None,
                    goes_on: false,
                    date: dated(b.day),
                    what: SituationEvent::Breach(code),
                    words,
                    statements: address(program, program.conduct.norm(b.norm)),
                });
            }
            Line::Owed(i) => {
                let Some(o) = timeline.owed.get(i) else { continue };
                let Some(norm) = program.conduct.norm(o.norm) else { continue };
                let code = teller.deed_code(norm, &o.bound);
                let mut words = teller.deed_sentence(norm, &o.bound, verb(norm.force));
                words.push_str(&until(norm, o.until));
                entries.push(SituationEntry {
                    day: o.from,
                    until: o.until,
                    goes_on: o.until.is_none(),
                    date: dated(o.from),
                    what: SituationEvent::Due(code),
                    words,
                    statements: address(program, Some(norm)),
                });
            }
        }
    }
    Told {
        entries,
        roles: timeline.cast.roles(program),
        casting: timeline.cast.lines(program),
        values: values(timeline, program),
    }
}

/// Whom those differ from of whom a norm asks something, where it is not one of them alone.
fn apart(norm: &Norm) -> impl Iterator<Item = Who> + '_ {
    let of = match norm.subject {
        Who::Var(v) => norm.variables.get(v.0 as usize),
        Who::Party(_) => None,
    };
    of.into_iter().flat_map(|v| v.distinct.iter().copied())
}

const fn verb(force: Force) -> &'static str {
    match force {
        Force::Must => "must",
        Force::MustNot => "must not",
        Force::May => "may",
        Force::Entitled => "is entitled to",
        Force::Should => "should",
    }
}

fn until(norm: &Norm, until: Option<i64>) -> String {
    match (until, norm.is_point_duty()) {
        (Some(day), true) => format!(" by day {day}"),
        (Some(day), false) => format!(" until day {day}"),
        (None, true) => String::new(),
        (None, false) => " from then on".to_owned(),
    }
}

fn address(program: &Program, norm: Option<&Norm>) -> Vec<String> {
    norm.and_then(|n| program.statement(n.statement)).map(|s| s.address.clone()).into_iter().collect()
}

/// The values of terms and of unknown attributes, the latter by the name that the cast gives.
fn values(timeline: &Timeline, program: &Program) -> IndexMap<String, String> {
    let model = &timeline.situation.values;
    let mut out = settlement(&program.terms, model);
    for unknown in &program.unknowns {
        let Some(v) = model.get(&unknown.var) else { continue };
        let name = unknown.var.name();
        let owner = format!("({})", program.party_name(unknown.party));
        let name = name
            .strip_suffix(&owner)
            .map_or_else(|| name.to_owned(), |a| format!("{a}({})", timeline.cast.name(Actor::Party(unknown.party))));
        out.insert(name, value(&unknown.print, &[], v));
    }
    out
}
