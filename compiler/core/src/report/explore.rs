//! What walks met, drawn: for a person, and as the document.
//!
//! In: an [`ExploreReport`]. Out: text: how often each check's situation was met, then the smallest situation for each statement,
//! headed as all that the checker makes up, with roles for parties that nothing tells apart.

use super::human::Paint;
use super::numbers::count;
use super::wrap::{printable_line, wrapped};
use super::{Options, SITUATION_HEADING};
use crate::explore::{Denied, ExploreReport, Meeting, Walked};

/// For a person. Ends with a line end.
#[must_use]
pub fn human(report: &ExploreReport, options: &Options) -> String {
    let mut out = String::new();
    let paint = Paint { on: options.color };
    let walks = count(usize::try_from(report.walks).unwrap_or(usize::MAX), "walk", "walks");
    wrapped(&mut out, "", 2, &format!("{walks} of each charter, seed {}", report.seed));
    for note in &report.notes {
        wrapped(&mut out, "note: ", 6, &printable_line(note));
    }
    for charter in &report.charters {
        out.push('\n');
        walked(&mut out, charter, options, &paint);
    }
    if !options.quiet {
        out.push_str("\nnot walked:\n");
        for not in &report.not_walked {
            wrapped(&mut out, "  ", 7, &printable_line(&format!("{}  {}: {}", not.code, not.title, not.why)));
        }
    }
    out
}

/// The document. Ends with a line end.
#[must_use]
pub fn json(report: &ExploreReport) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of the document (draft 2020-12), pretty, with a line end.
#[must_use]
pub fn schema() -> String {
    super::json::schema_of::<ExploreReport>()
}

fn walked(out: &mut String, charter: &Walked, options: &Options, paint: &Paint) {
    let head = format!(
        "{}: {} happened; somebody was in breach in {}",
        charter.charter,
        count(charter.happened, "thing", "things"),
        count(charter.broken, "walk", "walks")
    );
    wrapped(out, "", 2, &paint.bold(&printable_line(&head)));
    if charter.unsure > 0 {
        let walks = count(charter.unsure, "walk", "walks");
        wrapped(out, "  ", 4, &format!("in {walks} something rests on values that nobody states: it is not counted"));
    }
    if !options.quiet {
        for tally in &charter.checks {
            let walks = count(tally.walks as usize, "walk", "walks");
            wrapped(out, "  ", 7, &printable_line(&format!("{}  {}: met in {walks}", tally.code, tally.title)));
        }
        for denied in &charter.denied {
            let Denied { code, title, what, shown, open } = denied;
            let (norms, of) = (shown.len(), shown.len() + open.len());
            let names = open.join(", ");
            let open = if options.verbose && !open.is_empty() { format!("; not {names}") } else { String::new() };
            wrapped(out, "  ", 7, &printable_line(&format!("{code}  {title}: {norms} of {of} {what}{open}")));
        }
    }
    for found in &charter.found {
        out.push('\n');
        meeting(out, found, options, paint);
    }
}

fn meeting(out: &mut String, found: &Meeting, options: &Options, paint: &Paint) {
    let head = format!("  {} ", paint.bold(&found.code));
    let walks = count(found.walks as usize, "walk", "walks");
    let prefix = if crate::engine::is_embedded(&found.path) { "" } else { &options.path_prefix };
    let text = format!(
        "{}: `{}` ({}, {prefix}{}:{}), in {walks}, first in walk {}",
        found.title, found.text, found.statement, found.path, found.line, found.first
    );
    wrapped(out, &head, 6, &printable_line(&text));
    wrapped(out, "    ", 4, &format!("({SITUATION_HEADING})"));
    let [casting, all] = &found.casting;
    if options.verbose {
        super::situation::lines(out, &found.situation);
    } else {
        if found.told.is_empty() {
            out.push_str("    nothing happens\n");
        }
        for line in &found.told {
            wrapped(out, "    ", 6, &printable_line(line));
        }
    }
    for line in if options.verbose { all } else { casting } {
        wrapped(out, "    ", 6, &printable_line(line));
    }
}
