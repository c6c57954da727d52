//! Who may make a statement, and on whose word it rests.
//!
//! In: the parties of a statement and where it stands. Out: nothing, or an error at the party that does not belong there;
//! and the [`Reading`] that every finding cites.

use super::Lower;
use super::modifiers::Clauses;
use super::order::Container;
use crate::atlas::AtlasId;
use crate::diagnostic::Diagnostic;
use crate::model::{PartyId, Reading};
use crate::report::document::Standing;
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::Path;
use crate::types::Env;
use std::rc::Rc;
use std::sync::Arc;

impl<'p> Lower<'p> {
    /// Whether a party is a member of the charter, or its candidate.
    pub(super) fn known_to(&mut self, party: PartyId, span: Span, container: &Rc<Container>) -> Option<()> {
        let charter = container.charter.and_then(|c| self.scope.program.charters.get(c.0 as usize));
        if container.is_author(party) || charter.is_some_and(|c| c.members.contains(&party)) {
            return Some(());
        }
        let name = self.scope.program.party_name(party).to_owned();
        let kind = self.scope.kind_of(party);
        let open = container
            .charter
            .and_then(|c| self.scope.program.charters.get(c.0 as usize))
            .is_some_and(|c| c.open.iter().any(|k| self.scope.program.is_kind(kind, *k)));
        if open {
            return Some(());
        }
        self.scope.report(
            Diagnostic::error(
                "not-a-member",
                span,
                format!("`{name}` is not among the parties of `{}`", container.charter_name),
                "not a party here",
            )
            .help(format!(
                "add it to the line `parties …`, or write `accession {name} to {} {{ … }}`",
                container.charter_name
            )),
        );
        None
    }

    pub(super) fn known_to_author(&mut self, span: Span, container: &Rc<Container>) {
        let what = container.heading.as_deref().unwrap_or_default();
        self.scope.report(
            Diagnostic::error(
                "not-a-member",
                span,
                format!("nobody who wrote {what} is named here"),
                "an agreement of others",
            )
            .help("put it where one of its parties speaks"),
        );
    }

    /// Whoever makes a statement is a party to the charter, or the candidate.
    pub(super) fn author(&mut self, party: PartyId, span: Span, container: &Rc<Container>) -> Option<()> {
        self.known_to(party, span, container)
    }

    pub(super) fn not_oneself(&mut self, p: PartyId, q: PartyId, span: Span, verb: &str) -> Option<()> {
        if p != q {
            return Some(());
        }
        let name = self.scope.program.party_name(p).to_owned();
        self.scope.report(Diagnostic::error("oneself", span, format!("`{name}` {verb} itself"), "the same party"));
        None
    }

    pub(super) fn group(
        &mut self,
        module: ModuleId,
        paths: &[Path],
        env: &Env,
        container: &Rc<Container>,
    ) -> Option<Vec<PartyId>> {
        let mut found = Vec::new();
        for path in paths {
            let party = self.scope.party(module, path, env)?;
            self.known_to(party, path.span, container)?;
            if found.contains(&party) {
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        path.span,
                        "the same party stands twice in one group",
                        "second time",
                    )
                    .help("leave one out"),
                );
                return None;
            }
            found.push(party);
        }
        if !found.iter().any(|p| container.is_author(*p)) {
            self.known_to_author(paths.first()?.span, container);
            return None;
        }
        Some(found)
    }

    /// On whose word a statement rests: what it says itself, else what its atlas says.
    pub(crate) fn reading(
        &self,
        c: &Clauses,
        atlas: Option<AtlasId>,
        parties: &[PartyId],
        container: &Rc<Container>,
    ) -> Arc<Reading> {
        let settings = atlas.and_then(|a| self.scope.settings(a));
        let source = c.source.clone().or_else(|| settings?.source.clone());
        let own = parties.iter().any(|p| container.is_author(*p)) || parties.is_empty();
        let reading = Reading {
            standing: if own || source.is_some() { Standing::Stated } else { Standing::Supposed },
            source,
            as_of: c.as_of.clone().or_else(|| settings?.as_of.clone()),
            extent: settings.and_then(|s| s.extent.as_ref()).map(|e| e.words().to_owned()),
            licence: settings.and_then(|s| s.licence.clone()),
            accuracy_m: settings.and_then(|s| s.accuracy_m.clone()),
        };
        let plain = Reading::plain();
        if reading == *plain { plain } else { Arc::new(reading) }
    }
}
