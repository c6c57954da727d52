//! Delegations from data, and keys that nobody reads.
//!
//! In: `delegations from Peers each delegate.{a}[] to the Peer whose asn = a`. Out: one draft a value. A receiver that
//! nothing declares is an outsider, known by the value.

use super::modifiers::Takes;
use super::order::Container;
use super::{Draft, Lower};
use crate::atlas::AtlasId;
use crate::data::field::FieldPath;
use crate::data::{self};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{AttributeValue, KindId, PartyId, StatementKind};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{self, FieldSegment, ItemKind, Statement};
use crate::types::Env;
use std::rc::Rc;

impl<'p> Lower<'p> {
    /// `delegations from Peers each delegate.{a}[] to the Peer whose asn = a`.
    pub(crate) fn delegations_from(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        container: &Rc<Container>,
        env: &Env,
    ) {
        let tree::StatementKind::DelegationsFrom { data: data_path, field, kind, attribute, equals, atlases } = &s.kind
        else {
            return;
        };
        let Some((definition, _)) = self.data_definition(module, data_path) else { return };
        let Some(kind) = self.scope.kind(module, kind) else { return };
        let mut spaces = Vec::new();
        for path in atlases {
            match self.atlas_of(module, path) {
                Some(atlas) => spaces.push(atlas),
                None => return,
            }
        }
        if spaces.is_empty() {
            spaces = (0u32..).map(AtlasId).take(self.scope.slots.len()).collect();
        }
        let Some(c) = self.modifiers(module, &s.modifiers, Takes::plain("a delegation"), env, false) else { return };
        let path = self.map_field(definition, field);
        if !field.segments.iter().any(|s| matches!(s, FieldSegment::Bind(n) if n.text == equals.text)) {
            self.scope.report(
                Diagnostic::error(
                    "unbound-name",
                    equals.span,
                    format!("`{}` is bound nowhere in the path", equals.text),
                    "stands for nothing",
                )
                .label(field.span, "the path")
                .help(format!("write the step that it stands for as `{{{}}}`", equals.text)),
            );
            return;
        }
        let tables = self.tables;
        let mut unread: Option<(Span, usize)> = None;
        for (place, row) in tables.data_of(definition).iter().enumerate() {
            let values = match data::field::select(&row.value, &path) {
                Ok(values) => values,
                Err(problem) => {
                    self.scope.report(*problem);
                    continue;
                }
            };
            for value in values {
                let Some(party) = self.row_party(definition, place, row.span, data_path, container) else { break };
                let Some((_, key)) = value.bindings.iter().find(|(n, _)| *n == equals.text) else { continue };
                let found = spaces.iter().find_map(|a| self.data_region(*a, value.node, true).map(|(r, w)| (*a, r, w)));
                let Some((atlas, leaf, words)) = found else {
                    let entry = unread.get_or_insert((value.node.span, 0));
                    entry.1 += 1;
                    continue;
                };
                let to = self.receiver(kind, &attribute.text, &key.text, key.span);
                if to == party {
                    self.scope.report(Diagnostic::error(
                        "oneself",
                        key.span,
                        "this row delegates to itself",
                        "its own value",
                    ));
                    continue;
                }
                let region = self.scope.ground(atlas, &leaf, words.clone());
                let what = StatementKind::Delegation { party, to, region };
                let (from_name, to_name) =
                    (self.scope.program.party_name(party).to_owned(), self.scope.program.party_name(to).to_owned());
                let text = format!("{from_name} delegates {words} to {to_name}");
                let id = format!("{}/{}/{path}/{}/{words}", row.path, row.name, key.text);
                let before = self.drafts.len();
                if let Some(draft) = self.draft(s, container, &id, c.clone(), vec![party], what) {
                    self.drafts.push(Draft { waives: Vec::new(), ..draft });
                }
                self.move_to_row(before, id, value.node.span, text);
            }
        }
        if let Some((span, count)) = unread {
            self.scope.report(
                Diagnostic::error(
                    "value-of-no-atlas",
                    span,
                    format!("{count} delegated values are ground of no atlas of this charter and are not read"),
                    "the first of them",
                )
                .severity(Severity::Note)
                .label(s.span, "asked for here")
                .help("declare an atlas of their space, for instance `atlas V6 of ipv6`"),
            );
        }
    }

    /// The party whose attribute has a value; one that nothing declares is made, as an outsider known by that value.
    pub(super) fn receiver(&mut self, kind: KindId, attribute: &str, value: &str, span: Span) -> PartyId {
        let wanted = data::exact_number(value).ok();
        let known = self.scope.program.parties.iter().position(|p| {
            p.declared
                && self.scope.program.is_kind(p.kind, kind)
                && match p.attributes.get(attribute) {
                    Some(AttributeValue::Quantity(q, _)) => wanted.is_some() && q.as_constant() == wanted.as_ref(),
                    Some(AttributeValue::Text(t)) => t == value,
                    _ => false,
                }
        });
        let kind_name = self.scope.program.kinds.get(kind.0 as usize).map_or_else(String::new, |k| k.name.clone());
        let outsider = format!("the {kind_name} with {attribute} {value}");
        let place = known.or_else(|| self.scope.program.parties.iter().position(|p| !p.declared && p.name == outsider));
        match place {
            Some(place) => PartyId(u32::try_from(place).unwrap_or(u32::MAX)),
            None => self.add_party(outsider, kind, span, false),
        }
    }

    /// Every top-level key of a row is mapped or ignored.
    pub(crate) fn check_unused_keys(&mut self) {
        for (_, definition, item) in self.items() {
            let ItemKind::Data(d) = &item.kind else { continue };
            let mut mapped = self.mapped.get(&definition).cloned().unwrap_or_default();
            mapped.extend(d.key.as_ref().map(FieldPath::from));
            let ignored: Vec<FieldPath> = d.ignoring.iter().map(FieldPath::from).collect();
            let tables = self.tables;
            for row in tables.data_of(definition) {
                for problem in data::field::unused_keys(&row.value, &mapped, &ignored) {
                    self.scope.report(problem);
                }
            }
        }
    }
}
