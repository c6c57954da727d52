//! Charters and who is in them.
//!
//! In: `charter` declarations. Out: [`Charter`]s by name, with their members in the order of their
//! names and the kinds that are open in number.

use super::Lower;
use crate::diagnostic::Diagnostic;
use crate::model::{Charter, CharterId, KindId, PartyId};
use crate::resolve::load::ModuleId;
use crate::resolve::names::Definition;
use crate::source::Span;
use crate::syntax::tree::{self, ItemKind, MemberEntry};
use crate::types::Env;

impl<'p> Lower<'p> {
    /// Charters with their members, by name.
    pub(crate) fn declare_charters(&mut self) {
        let mut charters: Vec<(ModuleId, Definition, &'p tree::Charter)> = self
            .items()
            .into_iter()
            .filter_map(|(m, d, i)| match &i.kind {
                ItemKind::Charter(c) => Some((m, d, c)),
                _ => None,
            })
            .collect();
        charters.sort_by_key(|(_, d, c)| (c.name.text.as_str(), *d));
        for (module, definition, charter) in charters {
            let mut members: Vec<PartyId> = Vec::new();
            let mut open: Vec<KindId> = Vec::new();
            for line in &charter.members {
                for entry in &line.entries {
                    match entry {
                        MemberEntry::Named(path) => {
                            let Some(id) = self.scope.party(module, path, &Env::default()) else { continue };
                            if members.contains(&id) {
                                let name = self.scope.program.party_name(id).to_owned();
                                self.scope.report(
                                    Diagnostic::error(
                                        "name-twice",
                                        path.span,
                                        format!("`{name}` is listed twice"),
                                        "second time",
                                    )
                                    .help("leave one out"),
                                );
                            }
                            members.push(id);
                        }
                        MemberEntry::AnyOf(path) => {
                            if let Some(kind) = self.scope.kind(module, path)
                                && !open.contains(&kind)
                            {
                                open.push(kind);
                            }
                        }
                        MemberEntry::From(from) => members.extend(self.parties_of(module, from)),
                    }
                }
            }
            // rows that could not be read have been spoken of already
            let rows = charter.members.iter().flat_map(|l| &l.entries).any(|e| matches!(e, MemberEntry::From(_)));
            if members.is_empty() && open.is_empty() && !rows {
                self.scope.report(
                    Diagnostic::error(
                        "charter-without-parties",
                        charter.name.span,
                        format!("the charter `{}` has no parties", charter.name.text),
                        "nobody is bound by it",
                    )
                    .help("write a line `parties Ada, Bel` in it"),
                );
            }
            let mut numbers: Vec<(&str, Span)> = Vec::new();
            for article in &charter.articles {
                if let Some((_, first)) = numbers.iter().find(|(n, _)| *n == article.number) {
                    self.scope.report(
                        Diagnostic::error(
                            "name-twice",
                            article.head,
                            format!("`{}` has two articles {}", charter.name.text, article.number),
                            "second one",
                        )
                        .label(*first, "first one")
                        .help("number them differently: findings cite the number"),
                    );
                }
                numbers.push((&article.number, article.head));
            }
            for matter in &charter.matters {
                self.scope.find(module, matter, "a matter", |i| matches!(i, ItemKind::Matter(_)));
            }
            let names = &self.scope.program.parties;
            members.sort_by_key(|m| names.get(m.0 as usize).map(|p| p.name.clone()));
            members.dedup();
            let id = CharterId(u32::try_from(self.scope.program.charters.len()).unwrap_or(u32::MAX));
            self.scope.program.charters.push(Charter {
                name: charter.name.text.to_string(),
                title: charter.title.as_ref().map(|t| t.text.clone()),
                members,
                open,
                statements: Vec::new(),
                span: charter.name.span,
            });
            self.charters.insert(definition, id);
        }
    }
}
