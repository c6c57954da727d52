//! What is said where a name of norms means none.
//!
//! In: the selector and the norms there are. Out: the error, with the names that would mean something: a label that reads
//! nearly so, the labels inside a rule, the articles that state norms.

use super::super::Lower;
use super::finish::Known;
use super::selector::{Part, Selector};
use crate::diagnostic::Diagnostic;
use crate::resolve::names;
use crate::source::Span;
use crate::syntax::tree::ItemKind;
use std::collections::BTreeSet;

impl Lower<'_> {
    /// `words` are the selector's own, at `span`.
    pub(super) fn nothing_meant(
        &self,
        s: &Selector,
        part: &Part,
        words: &str,
        span: Span,
        known: &[Known],
    ) -> Diagnostic {
        let charter = s.charter.and_then(|c| self.scope.program.charters.get(c.0 as usize));
        let name = charter.map_or_else(|| "this contract".to_owned(), |c| format!("`{}`", c.name));
        let here: Vec<&Known> = known.iter().filter(|k| k.charter == s.charter).collect();
        let error = |headline: String, label: &str| Diagnostic::error("unknown-norm", span, headline, label);
        match part {
            Part::Label(label, _) => {
                let labels: BTreeSet<&str> = here.iter().filter_map(|k| k.label.as_deref()).collect();
                let error = error(format!("no norm of {name} has the label {words}"), "no norm is called so");
                match names::nearest(label, labels.iter().copied()) {
                    Some(near) => error.help(format!("did you mean `@{near}`?")),
                    None if labels.is_empty() => error.help(format!(
                        "write the label before the norm it means: `{words} no party may attack(any other party)`"
                    )),
                    None => error.help(format!(
                        "name one of {}, or write `{words}` before the norm it means",
                        labels.iter().map(|l| format!("`@{l}`")).collect::<Vec<_>>().join(", ")
                    )),
                }
            }
            Part::Article(number, _) => {
                let inside: Vec<&Known> = here.iter().copied().filter(|k| k.article == *number).collect();
                if let Some(first) = inside.first() {
                    let labels: BTreeSet<&str> = inside.iter().filter_map(|k| k.label.as_deref()).collect();
                    let error = error(format!("{words} of {name} states no norm outside its rules"), "a rule alone")
                        .label(first.span, "what a rule asks goes by its label");
                    let error = if labels.is_empty() {
                        error.help("write a label before what is meant, such as `@answer`, and name that in place of the article")
                    } else {
                        let labels = labels.into_iter().map(|l| format!("`@{l}`")).collect::<Vec<_>>().join(" or ");
                        error.help(format!("to mean what its rule asks name {labels}"))
                    };
                    return with_articles(error, &here, "or name another article");
                }
                if charter.is_some() && !self.articles_of(s).contains(number.as_str()) {
                    return with_articles(
                        error(format!("there is no {words} in {name}"), "no such article"),
                        &here,
                        "name one that states norms",
                    );
                }
                with_articles(
                    error(format!("{words} of {name} states no norm"), "nothing is meant"),
                    &here,
                    "name one that does",
                )
            }
            Part::Any | Part::Contracts => {
                with_articles(error(format!("{words} of {name} states no norm"), "nothing is meant"), &here, "name one")
            }
        }
    }

    /// The numbers of the articles of the charter that a selector is about.
    fn articles_of(&self, s: &Selector) -> BTreeSet<&str> {
        let charter = s.charter.and_then(|c| self.scope.program.charters.get(c.0 as usize));
        let items = self.scope.project.modules.iter().flat_map(|m| &m.tree.items);
        let found = items.filter_map(|i| match &i.kind {
            ItemKind::Charter(c) if charter.is_some_and(|of| of.name == c.name.text) => Some(c),
            _ => None,
        });
        found.flat_map(|c| &c.articles).map(|a| a.number.as_str()).collect()
    }
}

/// The error with the articles that state norms outside of rules.
fn with_articles(error: Diagnostic, here: &[&Known], what: &str) -> Diagnostic {
    let mut with: Vec<&str> = here.iter().filter(|k| k.primary).map(|k| k.article.as_str()).collect();
    with.dedup();
    if with.is_empty() {
        return error.help("write a norm first, for instance `no party may attack(any other party)`");
    }
    let list = with.into_iter().map(|a| format!("article {a}")).collect::<Vec<_>>().join(", ");
    error.help(format!("{what}: norms stand in {list}"))
}
