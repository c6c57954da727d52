//! Tables as they are typed by hand: columns by other names, lists of parties, findings in other words.
//!
//! In: the text of a heading or a cell. Out: what it stands for, or the error with the form that is read.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The column that another name for it stands for.
pub(super) fn named_otherwise(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "day" | "when" | "on" | "from" => "date",
        "to" | "end" => "until",
        "who" | "by" | "actor" | "member" | "parties" => "party",
        "action" | "act" | "event" | "happened" => "what",
        "target" | "whom" | "victim" => "against",
        _ => return None,
    })
}

/// The names of a list as people write it: `Ada, Bel and "Cor, and the Isles"`.
pub(super) fn listed(text: &str) -> Vec<String> {
    let mut quoted = false;
    let divides = |c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';' | '&')
    };
    let and = |part: &&str| if part.contains('"') { "\n" } else { " and " };
    let parts: Vec<&str> = text.split(divides).collect();
    let names = parts.iter().flat_map(|part| part.split(and(part)));
    names.map(|p| p.trim().trim_matches('"').to_owned()).filter(|p| !p.is_empty()).collect()
}

/// What stands in place of a finding.
pub(super) fn not_a_finding(what: Span) -> Box<Diagnostic> {
    let headline = "expected a finding of a breach of an article";
    Box::new(
        Diagnostic::error("not-a-finding", what, headline, "not one")
            .help("write `finding of breach of article 2`, and the party in its column"),
    )
}
