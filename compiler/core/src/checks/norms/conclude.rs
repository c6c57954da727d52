//! How a check that asks the same of many norms concludes: undecided, proved, or neither.
//!
//! In: what stayed open of which norm, and whether anything was found. Out: one entry of the report. What stayed open is named:
//! the first with its reason, the others as long as a line can hold them, so that a reader sees how much is not decided.

use super::quoted;
use crate::atlas::join;
use crate::checks::{Context, View};
use crate::model::StatementId;
use crate::model::conduct::Norm;
use indexmap::IndexMap;

/// How many that stayed open are named.
const NAMED: usize = 4;

/// What stayed open of a question about many, in the order in which it was asked.
#[derive(Debug, Default)]
pub(in crate::checks) struct Open {
    /// why the first did
    why: String,
    /// which did, each once
    which: Vec<String>,
}

impl Open {
    /// One more, in the words of the text, and why.
    pub(in crate::checks) fn add(&mut self, which: impl Into<String>, why: impl Into<String>) {
        let which = which.into();
        if self.which.is_empty() {
            self.why = why.into();
        }
        if !self.which.contains(&which) {
            self.which.push(which);
        }
    }

    /// A norm, and why.
    pub(in crate::checks) fn norm(&mut self, norm: &Norm, why: impl Into<String>) {
        self.add(quoted(norm), why);
    }

    /// These as well.
    pub(in crate::checks) fn extend(&mut self, other: Self) {
        let why = other.why;
        other.which.into_iter().for_each(|which| self.add(which, why.clone()));
    }

    /// Whether nothing stayed open.
    pub(in crate::checks) fn is_empty(&self) -> bool {
        self.which.is_empty()
    }

    /// All of it in one line; nothing where nothing is open.
    pub(in crate::checks) fn told(self) -> Option<String> {
        let (first, others) = self.which.split_first()?;
        let mut named: Vec<String> = others.iter().take(NAMED - 1).cloned().collect();
        match others.len() - named.len() {
            0 => {}
            1 => named.push("one other".to_owned()),
            more => named.push(format!("{more} others")),
        }
        let also = if named.is_empty() { String::new() } else { format!("; not decided either: {}", join(&named)) };
        Some(format!("{first}: {}{also}", self.why))
    }

    /// Says that a question is undecided where something stayed open, and else, if it `holds`, that it is proved.
    pub(in crate::checks) fn conclude(
        self,
        cx: &mut Context<'_>,
        (code, view, question): (&str, View, &str),
        holds: bool,
        core: impl IntoIterator<Item = StatementId>,
        witness: IndexMap<String, String>,
    ) {
        if let Some(reached) = self.told() {
            cx.undecided(code, Some(view.charter), question, reached);
        } else if holds {
            let core: Vec<StatementId> = core.into_iter().collect();
            cx.prove(code, Some(view.charter), question, &core, witness);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Open;

    fn told(which: &[&str]) -> Option<String> {
        let mut open = Open::default();
        which.iter().for_each(|w| open.add(*w, "why"));
        open.told()
    }

    #[test]
    fn the_first_has_its_reason_and_the_others_are_named_or_counted() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["a", "a"]).as_deref(), Some("a: why"));
        assert_eq!(told(&["a", "b"]).as_deref(), Some("a: why; not decided either: b"));
        assert_eq!(
            told(&["a", "b", "c", "d", "e"]).as_deref(),
            Some("a: why; not decided either: b, c, d and one other")
        );
        let many = told(&["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(many.as_deref(), Some("a: why; not decided either: b, c, d and 3 others"));
    }
}
