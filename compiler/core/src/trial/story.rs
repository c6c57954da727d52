//! A run as the timeline of a report: what happened, what fell due, what was broken, by day.
//!
//! In: a [`Run`], and whom the reader asks about. Out: [`Story`], the entries of the document, with real names or, of what a walk
//! made up, with roles ([`made_up`]). Duties are many
//! where members are: beyond [`MOST`] only those that concern whom the reader asks about stand there, and the rest is
//! counted.

use super::phrase::{Phrase, actors};
use crate::checks::situation::{About, Cast};
use crate::evaluate::situation::{Entry, Run, Truth, What, timeline};
use crate::model::conduct::{Actor, Happening};
use crate::report::document::{SituationEntry, SituationEvent};
use std::collections::BTreeSet;

/// So many duties are listed whomever they concern.
const MOST: usize = 24;

/// A timeline in words.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) entries: Vec<SituationEntry>,
    /// duties that are not listed
    pub(crate) more: usize,
}

/// The timeline of a run. `concerned`: whose duties stand there first; nobody: everybody's alike.
pub(crate) fn story(run: &Run<'_>, concerned: &BTreeSet<Actor>) -> Story {
    told(&Phrase::new(run), &timeline(run), concerned)
}

/// The same of a situation that a walk made up: with roles wherever nothing that `about` holds tells the parties apart. The letters
/// of those who do something are those that [`cast`] gives them.
pub(crate) fn made_up(run: &Run<'_>, about: &About) -> (Story, Cast) {
    let entries = timeline(run);
    let concerned = BTreeSet::new();
    let mut all = actors(run.situation());
    for entry in &entries {
        match entry.what {
            What::Breach(i) => {
                let breach = run.breaches().get(i);
                all.extend(breach.into_iter().flat_map(|b| [b.subject, b.injured]).flatten());
            }
            What::Due(at) => {
                let instance = run.instances().get(at).filter(|_| !run.ever_due(at).is_no());
                all.extend(instance.into_iter().flat_map(|i| i.values.iter().flatten()));
                let norm = instance.and_then(|i| Some((i, run.program().conduct.norm(i.norm)?)));
                all.extend(norm.and_then(|(i, norm)| norm.subject.among(&i.values)));
            }
            _ => {}
        }
    }
    let cast = Cast::new(run.program(), run.charter(), run.situation(), about, &all);
    (told(&Phrase::with(run, cast.letters()), &entries, &concerned), cast)
}

/// By what names those go who do something in a situation that a walk made up.
pub(crate) fn cast(run: &Run<'_>, about: &About) -> Cast {
    Cast::new(run.program(), run.charter(), run.situation(), about, &actors(run.situation()))
}

fn told(phrase: &Phrase<'_, '_>, entries: &[Entry], concerned: &BTreeSet<Actor>) -> Story {
    let run = phrase.run;
    let due: Vec<usize> = entries
        .iter()
        .filter_map(|e| match e.what {
            What::Due(at) if !run.ever_due(at).is_no() => Some(at),
            _ => None,
        })
        .collect();
    let concerns = |at: &usize| {
        let values = run.instances().get(*at).map_or(&[][..], |i| i.values.as_slice());
        phrase.subject(*at).iter().chain(values.iter().flatten()).any(|a| concerned.contains(a))
    };
    let (first, second): (Vec<usize>, Vec<usize>) = due.iter().copied().partition(concerns);
    let shown: BTreeSet<usize> = first.into_iter().chain(second).take(MOST).collect();
    let mut out = Story { entries: Vec::new(), more: due.len() - shown.len() };
    for entry in entries {
        out.entries.extend(line(phrase, entry, &shown));
    }
    out
}

fn line(phrase: &Phrase<'_, '_>, entry: &Entry, shown: &BTreeSet<usize>) -> Option<SituationEntry> {
    let run = phrase.run;
    let mut out = SituationEntry {
        day: entry.day,
        until: entry.until.filter(|u| *u != entry.day),
        goes_on: entry.until.is_none(),
        date: phrase.date(entry.day),
        what: SituationEvent::Act(String::new()),
        words: String::new(),
        statements: Vec::new(),
    };
    match entry.what {
        What::Event(i) | What::Act(i) | What::Finding(i) | What::Withdrawal(i) => {
            let what = &run.situation().occurrences.get(i)?.what;
            let code = phrase.teller().happening_code(what);
            out.words = phrase.teller().happening_sentence(what);
            if matches!(what, Happening::Finding { .. } | Happening::Withdrawal { .. }) {
                out.goes_on = false;
            } else if out.goes_on {
                out.words.push_str(" from then on");
            }
            out.what = match entry.what {
                What::Event(_) => SituationEvent::Event(code),
                What::Finding(_) => SituationEvent::Finding(code),
                _ => SituationEvent::Act(code),
            };
        }
        What::Breach(i) => {
            let breach = run.breaches().get(i)?;
            let norm = run.program().conduct.norm(breach.norm)?;
            out.what = match breach.subject {
                Some(by) => SituationEvent::Breach(phrase.teller().breach_code(breach.norm, by, breach.injured)),
                None => SituationEvent::Breach(format!("{} by a group", phrase.address(norm))),
            };
            out.words = match breach.subject {
                Some(by) => phrase.teller().breach_sentence(breach.norm, by, breach.injured),
                None => "the group does not meet its duty, and no one member is in breach".to_owned(),
            };
            if breach.truth == Truth::Unknown {
                out.words.push_str(", if at all");
            }
            out.until = None;
            out.goes_on = false;
            out.statements = vec![phrase.address(norm)];
        }
        What::Due(at) if shown.contains(&at) => {
            let (instance, norm) = phrase.norm(at)?;
            out.what = SituationEvent::Due(phrase.teller().deed_code(norm, &instance.values));
            let perhaps = if instance.truth == Truth::Unknown { ", if at all" } else { "" };
            let days = match (instance.deadline, instance.last) {
                (Some(end), _) => phrase.by(at, end),
                (None, Some(last)) => format!(" until {}", phrase.day(last)),
                (None, None) => " from then on".to_owned(),
            };
            out.words = format!("{}{days}{}{perhaps}", phrase.deed(norm, &instance.values), phrase.fate(at));
            out.statements = vec![phrase.address(norm)];
        }
        // a duty says itself how it ends
        What::Due(_) | What::Met(_) | What::Lapsed(_) | What::Lifted(_) => return None,
    }
    Some(out)
}
