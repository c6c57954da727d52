//! What `comity play` says.

use crate::atlas::{join, quoted};
use crate::chronicle::{Line, Mistake};
use crate::diagnostic::Severity;
use crate::evaluate::situation::Run;
use crate::model::Program;
use crate::model::conduct::{Actor, Scenario, Sort};
use crate::report::document::SituationEntry;
use crate::report::{printable_line, timeline};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What can be typed.
pub(super) const HELP: &str = "\
what happens, on the day that the prompt shows, as a scenario says it:
  P does attack(Q)            an act; then, where wanted: `in REGION`, `until day 9`, `from then on`
  ceased(P)                   an event
  article 3 determines breach of article 1 by P
  P withdraws                 notice of withdrawal
and besides
  next, next 10               the next day, ten days on
  day 12                      to day 12; `day 0 is 2026-03-01` gives days their dates
  due                         who must do what by when, who may do what, who is in breach; `due all` also
                              what is done, kept on every day, allowed at all times
  who                         the members, and who is in breach
  acts                        the acts and events that the charter knows
  story                       all that happened and came of it
  undo                        take back the last line
  save FILE                   write it as a scenario that `comity test` runs
  quit
";

/// Entries of a timeline.
pub(super) fn lines(entries: &[&SituationEntry]) -> String {
    let entries: Vec<SituationEntry> = entries.iter().map(|e| (*e).clone()).collect();
    timeline(&entries)
}

/// Mistakes, each with the typed line and a mark under what it is about.
pub(super) fn mistakes(mistakes: &[Mistake], lines: &[Line]) -> String {
    let mut out = String::new();
    let errors = mistakes.iter().filter(|m| m.diagnostic.severity == Severity::Error);
    // one mistake may make more of the same line
    let mut told = BTreeSet::new();
    for m in errors.filter(|m| m.line.is_none_or(|l| told.insert(l))) {
        let _ = writeln!(out, "error: {}", printable_line(&m.diagnostic.headline));
        if let Some(line) = m.line.and_then(|i| lines.get(i)) {
            // the day was put before it
            let typed = line.text.splitn(3, ' ').nth(2).unwrap_or("");
            let skipped = line.text.len() - typed.len();
            let at = m.range.start.saturating_sub(skipped).min(typed.len());
            let end = m.range.end.saturating_sub(skipped).clamp(at, typed.len());
            let before = typed.get(..at).map_or(0, |t| t.chars().count());
            let marked = typed.get(at..end).map_or(1, |t| t.chars().count()).max(1);
            let _ = writeln!(out, "  {}", printable_line(typed));
            let _ = writeln!(out, "  {}{}", " ".repeat(before), "^".repeat(marked));
        }
        for note in &m.diagnostic.notes {
            let _ = writeln!(out, "note: {}", printable_line(note));
        }
        for help in &m.diagnostic.helps {
            // at the prompt the day stands already, and nothing can be declared
            let help = help.replace("`day 0 ", "`");
            let help =
                if help.starts_with("declare it") { "`acts` lists what the charter knows" } else { help.as_str() };
            let _ = writeln!(out, "help: {}", printable_line(help));
        }
    }
    if out.is_empty() {
        out.push_str("error: this cannot be read\n");
    }
    out
}

/// Acts and events with what they take.
pub(super) fn acts(program: &Program) -> String {
    let mut out = String::new();
    for action in &program.conduct.actions {
        let parameters: Vec<String> = action
            .parameters
            .iter()
            .skip(usize::from(!action.event))
            .map(|p| match p.sort {
                Sort::Party(kind) => format!("{}: {}", p.name, program.kind_name(kind)),
                Sort::Number { .. } | Sort::Region(_) | Sort::Thing => p.name.clone(),
            })
            .collect();
        let who = if action.event { "" } else { "P does " };
        let name = quoted(&action.name);
        let reads = action.reads.as_ref().map_or_else(String::new, |r| format!("  {}", printable_line(r)));
        let _ = writeln!(out, "  {who}{name}({}){reads}", parameters.join(", "));
    }
    if out.is_empty() { "no act and no event is declared\n".to_owned() } else { out }
}

/// Members on a day, others, and who is in breach since when.
pub(super) fn who(program: &Program, scenario: &Scenario, day: i64) -> String {
    let situation = &scenario.situation;
    let run = Run::new(program, scenario.charter, situation, day);
    let name = |a: &Actor| match a {
        Actor::Party(p) => program.party_name(*p).to_owned(),
        Actor::Unnamed(kind, n) => format!("{} {}", program.kind_name(*kind), n + 1),
        Actor::Outsider(n) => format!("outsider {}", n + 1),
    };
    let (members, left): (Vec<&Actor>, Vec<&Actor>) =
        situation.members.iter().partition(|a| !run.member(**a, day).is_no());
    let mut out = String::new();
    let mut list = |word: &str, who: Vec<String>| {
        if !who.is_empty() {
            let _ = writeln!(out, "{word}: {}", join(&who));
        }
    };
    list("members", members.into_iter().map(name).collect());
    list("no longer members", left.into_iter().map(name).collect());
    list("others", situation.others.iter().map(name).collect());
    let mut since: BTreeMap<String, i64> = BTreeMap::new();
    for b in run.breaches().iter().filter(|b| b.truth.is_yes() && b.day <= day) {
        if let Some(subject) = &b.subject {
            let first = since.entry(name(subject)).or_insert(b.day);
            *first = (*first).min(b.day);
        }
    }
    list("in breach", since.into_iter().map(|(who, day)| format!("{who} since day {day}")).collect());
    out
}
