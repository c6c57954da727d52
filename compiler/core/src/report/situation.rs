//! A situation in a report: what happens on which day, in the words of the charter, and who may play each part.
//!
//! In: entries and parts that the checks put into words. Out: their JSON shape, and the dated timeline of the human format.
//! Every timeline that the checker made up is headed with a sentence that says so.

use super::SITUATION_HEADING;
use super::document::Finding;
use super::wrap::{printable_line, wrapped};
use schemars::JsonSchema;
use serde::Serialize;

/// One line of a situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SituationEntry {
    /// the day, from 0
    pub day: i64,
    /// the last day, where it goes on beyond the first
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// whether it goes on without an end
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub goes_on: bool,
    /// the date of the day, where the situation has dates
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// what
    #[serde(flatten)]
    pub what: SituationEvent,
    /// the same as a sentence
    pub words: String,
    /// the statements it follows from, for breaches and duties
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
}

/// What a line of a situation says, as the charter would write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SituationEvent {
    /// somebody does something: `attack(P, Q)`
    Act(String),
    /// something happens: `ceased(P)`
    Event(String),
    /// somebody votes
    Vote(String),
    /// a breach is found: `article 3 determines breach of article 1 by P against Q`
    Finding(String),
    /// a breach: `article 1 by P against Q`
    Breach(String),
    /// something is owed: `embargo(R, P)`
    Due(String),
}

/// A part in a situation that the statements leave open to several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Role {
    /// the name it goes by here: `P`
    pub role: String,
    /// what it is: `a member`, `an outsider`
    pub is: String,
    /// how many can play it; left out where nobody knows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_of: Option<usize>,
    /// who they are, where they are few
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<String>,
}

/// The timeline of a finding, with the sentence that heads it.
pub(super) fn draw(out: &mut String, f: &Finding) {
    if f.hypothetical {
        wrapped(out, "  ", 2, &format!("({SITUATION_HEADING})"));
    }
    lines(out, &f.situation);
    for line in &f.casting {
        wrapped(out, "    ", 6, &printable_line(line));
    }
}

/// The lines of a timeline, the days in a column of their own.
pub(super) fn lines(out: &mut String, entries: &[SituationEntry]) {
    let heads: Vec<String> = entries.iter().map(head).collect();
    let width = heads.iter().map(|h| h.chars().count()).max().unwrap_or(0);
    for (entry, head) in entries.iter().zip(&heads) {
        let text = if entry.statements.is_empty() {
            entry.words.clone()
        } else {
            format!("{} ({})", entry.words, entry.statements.join(", "))
        };
        wrapped(out, &format!("    {head:<width$}  "), width + 6, &printable_line(&text));
    }
}

/// `day 3`, `day 3 to 9`, with the date of the first day where there is one.
fn head(entry: &SituationEntry) -> String {
    let days = match entry.until {
        // a duty says itself until when
        Some(until) if until != entry.day && !matches!(entry.what, SituationEvent::Due(_)) => {
            format!("day {} to {until}", entry.day)
        }
        _ => format!("day {}", entry.day),
    };
    entry.date.as_ref().map_or_else(|| days.clone(), |date| format!("{days}, {date}"))
}
