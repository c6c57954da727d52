//! Statements by the hundred, from files that peers already keep.
//!
//! In: `parties from`, `claims from`, `delegations from`, and the rows of [`Tables`](super::Tables). Out: parties, and one
//! [`Draft`](super::Draft) a value, whose place is the value's line in its file and whose identity is source and key. Only mapped fields
//! are read; a key that nobody maps or ignores is an error.

use super::Lower;
use super::modifiers::Takes;
use super::order::Container;
use crate::atlas::line::{DomainName, Family};
use crate::atlas::{AtlasId, LeafShape, RegionExpr, SpaceKind};
use crate::data::field::FieldPath;
use crate::data::{self, Node, NodeValue};
use crate::diagnostic::Diagnostic;
use crate::model::{AttributeValue, KindId, PartyId};
use crate::resolve::load::ModuleId;
use crate::resolve::names::Definition;
use crate::source::Span;
use crate::syntax::tree::{self, FieldSegment, ItemKind, Path, Statement};
use crate::types::region::Phase;
use crate::types::{Env, Type};
use num_traits::Signed;
use std::rc::Rc;

/// The field that stands for the ground of a map's feature.
const GEOMETRY: &str = "geometry";

impl<'p> Lower<'p> {
    /// `parties from` lines outside charters, and those inside, declare their parties.
    pub(crate) fn declare_parties_from(&mut self) {
        for (module, _, item) in self.items() {
            match &item.kind {
                ItemKind::PartiesFrom(from) => {
                    self.parties_of(module, from);
                }
                ItemKind::Charter(charter) => {
                    for line in &charter.members {
                        for entry in &line.entries {
                            if let tree::MemberEntry::From(from) = entry {
                                self.parties_of(module, from);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn data_definition(&mut self, module: ModuleId, path: &Path) -> Option<(Definition, &'p tree::Data)> {
        let definition = self.scope.find(module, path, "data", |i| matches!(i, ItemKind::Data(_)))?;
        match self.scope.item(definition) {
            Some(ItemKind::Data(data)) => Some((definition, data)),
            _ => None,
        }
    }

    pub(super) fn map_field(&mut self, definition: Definition, field: &tree::FieldPath) -> FieldPath {
        let path = FieldPath::from(field);
        let mapped = self.mapped.entry(definition).or_default();
        if !mapped.contains(&path) {
            mapped.push(path.clone());
        }
        path
    }

    /// The parties that rows of data are, each made once.
    pub(crate) fn parties_of(&mut self, module: ModuleId, from: &tree::PartiesFrom) -> Vec<PartyId> {
        let Some((definition, _)) = self.data_definition(module, &from.data) else { return Vec::new() };
        let kind = match &from.kind {
            Some(path) => match self.scope.kind(module, path) {
                Some(kind) => kind,
                None => return Vec::new(),
            },
            None => KindId(0),
        };
        let mapping: Vec<(&tree::Name, FieldPath)> =
            from.mapping.iter().map(|(n, f)| (n, self.map_field(definition, f))).collect();
        let named = from.named.as_ref().map(|f| self.map_field(definition, f));
        let tables = self.tables;
        let mut found = Vec::new();
        for (place, row) in tables.data_of(definition).iter().enumerate() {
            if let Some(known) = self.row_parties.get(&(definition, place)) {
                found.push(*known);
                continue;
            }
            let name = match &named {
                None => row.name.clone(),
                Some(field) => match data::field::select(&row.value, field) {
                    Ok(values) => match values.first().and_then(|v| v.node.scalar_text()) {
                        Some(text) => text.to_owned(),
                        None => {
                            self.scope.report(
                                Diagnostic::error(
                                    "row-without-name",
                                    row.span,
                                    format!("this row has no `{field}`, which names the party"),
                                    "no name",
                                )
                                .label(from.span, "asked for here"),
                            );
                            continue;
                        }
                    },
                    Err(problem) => {
                        self.scope.report(*problem);
                        continue;
                    }
                },
            };
            let declared = self.scope.program.parties.iter().position(|p| p.name == name);
            let party = match (self.scope.data_parties.get(&name), declared) {
                // Several rows of one name are one party with several rows.
                (Some(known), _) => *known,
                (None, Some(place)) => {
                    let id = PartyId(u32::try_from(place).unwrap_or(u32::MAX));
                    self.scope.data_parties.insert(name.clone(), id);
                    id
                }
                (None, None) => {
                    let id = self.add_party(name.clone(), kind, row.span, true);
                    self.scope.data_parties.insert(name.clone(), id);
                    id
                }
            };
            self.row_parties.insert((definition, place), party);
            for (attribute, field) in &mapping {
                self.row_attribute(party, kind, attribute, field, &row.value);
            }
            if !found.contains(&party) {
                found.push(party);
            }
        }
        found
    }

    pub(super) fn row_attribute(
        &mut self,
        party: PartyId,
        kind: KindId,
        attribute: &tree::Name,
        field: &FieldPath,
        row: &Node,
    ) {
        let Some((sort, _)) = self.scope.attribute_of_kind(kind, &attribute.text) else {
            let kind_name = self.scope.program.kinds.get(kind.0 as usize).map_or_else(String::new, |k| k.name.clone());
            self.scope.report(
                Diagnostic::error(
                    "unknown-attribute",
                    attribute.span,
                    format!("the kind `{kind_name}` has no attribute `{}`", attribute.text),
                    "not declared",
                )
                .help(format!("declare it: `kind {kind_name} {{ {}: Count }}`", attribute.text)),
            );
            return;
        };
        let values = match data::field::select(row, field) {
            Ok(values) => values,
            Err(problem) => {
                self.scope.report(*problem);
                return;
            }
        };
        let Some(node) = values.first().map(|v| v.node) else { return };
        let wrong = |found: &str| {
            Diagnostic::error(
                "wrong-type",
                node.span,
                format!("expected {} as `{}`, found {found}", sort.phrase(), attribute.text),
                "read from here",
            )
            .label(attribute.span, "mapped here")
        };
        let value = match (&sort, &node.value) {
            (_, NodeValue::Null) => return,
            (Type::Bool, NodeValue::Bool(b)) => AttributeValue::Bool(crate::logic::Formula::constant(*b)),
            (Type::Text, NodeValue::Text(t)) => AttributeValue::Text(t.clone()),
            (Type::Count, NodeValue::Number { value, .. }) if value.is_integer() && !value.is_negative() => {
                AttributeValue::Quantity(crate::logic::Linear::constant(value.clone()), String::new())
            }
            (Type::Number, NodeValue::Number { value, .. }) => {
                AttributeValue::Quantity(crate::logic::Linear::constant(value.clone()), String::new())
            }
            _ => {
                let error = wrong(node.kind()).help("change the value, or the type of the attribute");
                self.scope.report(error);
                return;
            }
        };
        self.set_attribute(party, attribute.text.to_string(), value);
    }

    /// `claims from Peers each networks.ipv4[] over V4`.
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement and its place")]
    pub(crate) fn claims_from(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        data_path: &Path,
        field: &tree::FieldPath,
        atlas: &Path,
        container: &Rc<Container>,
        env: &Env,
    ) {
        let Some((definition, _)) = self.data_definition(module, data_path) else { return };
        let Some(atlas) = self.atlas_of(module, atlas) else { return };
        let Some(c) = self.modifiers(module, &s.modifiers, Takes::claim(), env, true) else { return };
        let ground = is_geometry(field);
        let path = if ground { FieldPath { segments: Vec::new() } } else { self.map_field(definition, field) };
        let tables = self.tables;
        for (place, row) in tables.data_of(definition).iter().enumerate() {
            let Some(party) = self.row_party(definition, place, row.span, data_path, container) else { continue };
            if ground {
                let Some(shape) = &row.shape else {
                    self.scope.report(
                        Diagnostic::error(
                            "no-ground",
                            field.span,
                            "only rows of a map file have a `geometry`",
                            "this data is no map",
                        )
                        .help("read the data from a GeoJSON or TopoJSON file"),
                    );
                    return;
                };
                // rows of one name are told apart by their number among them
                let earlier = tables.data_of(definition).iter().take(place);
                let twin = earlier.filter(|r| r.name == row.name).count();
                let twin = if twin == 0 { String::new() } else { format!(" ({})", twin + 1) };
                let mut name = format!("{}{twin}", row.name);
                let key = format!("{}#{place}", row.path);
                let leaf = self.scope.made_by(atlas, key, |slot| {
                    // a region of this name may stand in the atlas already: another ground
                    if slot.builder.named(&name).is_some() {
                        name = format!("{name} in {}", row.path);
                    }
                    Ok(RegionExpr::Leaf(slot.builder.leaf(crate::atlas::Leaf {
                        name: Some(name.clone()),
                        words: name.clone(),
                        span: row.span,
                        shape: LeafShape::Polygons(shape.clone()),
                    })))
                });
                if let Some(leaf) = leaf {
                    let words = self.scope.slots.get(atlas.0 as usize).map_or_else(String::new, |s| s.name.clone())
                        + "."
                        + &crate::atlas::quoted(&format!("{}{twin}", row.name));
                    let text = format!("{} claims {words}", self.scope.program.party_name(party));
                    let key = format!("{}/{}{twin}/geometry", row.path, row.name);
                    self.data_claim(s, party, (atlas, leaf), words, &c, container, key, row.span, text);
                }
                continue;
            }
            let values = match data::field::select(&row.value, &path) {
                Ok(values) => values,
                Err(problem) => {
                    self.scope.report(*problem);
                    continue;
                }
            };
            for value in values {
                let Some((leaf, words)) = self.data_region(atlas, value.node, false) else { continue };
                let text = format!("{} claims {words}", self.scope.program.party_name(party));
                let key = format!("{}/{}/{path}/{words}", row.path, row.name);
                self.data_claim(s, party, (atlas, leaf), words, &c, container, key, value.node.span, text);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one row and its place")]
    pub(super) fn data_claim(
        &mut self,
        s: &Statement,
        party: PartyId,
        (atlas, leaf): (AtlasId, RegionExpr),
        words: String,
        c: &super::modifiers::Clauses,
        container: &Rc<Container>,
        key: String,
        span: Span,
        text: String,
    ) {
        if self.scope.phase == Phase::Claims {
            self.pending_claim = Some((atlas, leaf.clone()));
        }
        let region = self.scope.ground(atlas, &leaf, words);
        let before = self.drafts.len();
        self.one_claim(s, party, region, c.clone(), container, &key);
        self.move_to_row(before, key, span, text);
    }

    /// Moves the drafts made since `before` to their row.
    pub(super) fn move_to_row(&mut self, before: usize, key: String, span: Span, text: String) {
        for draft in self.drafts.iter_mut().skip(before) {
            draft.data_key = Some(key.clone());
            draft.address = [&draft.container.prefix, "/", &key].concat();
            draft.span = span;
            draft.text.clone_from(&text);
            draft.label = None;
        }
    }

    pub(super) fn row_party(
        &mut self,
        definition: Definition,
        place: usize,
        span: Span,
        data: &Path,
        container: &Rc<Container>,
    ) -> Option<PartyId> {
        let Some(party) = self.row_parties.get(&(definition, place)).copied() else {
            let name = self.scope.words(data);
            self.scope.report(
                Diagnostic::error(
                    "rows-without-parties",
                    data.span,
                    format!("nothing says who the rows of `{name}` are"),
                    "whose claims?",
                )
                .help(format!("write `parties from {name} as K` with a kind K")),
            );
            return None;
        };
        let member = container
            .charter
            .and_then(|c| self.scope.program.charters.get(c.0 as usize))
            .is_some_and(|c| c.members.contains(&party));
        if !member && !container.is_author(party) {
            let name = self.scope.program.party_name(party).to_owned();
            self.scope.report(
                Diagnostic::error(
                    "not-a-member",
                    span,
                    format!("`{name}` is not among the parties of `{}`", container.charter_name),
                    "its row",
                )
                .help("add `from …` to the line `parties`"),
            );
            return None;
        }
        Some(party)
    }

    pub(super) fn atlas_of(&mut self, module: ModuleId, path: &Path) -> Option<AtlasId> {
        let definition = self.scope.find(module, path, "an atlas", |i| matches!(i, ItemKind::Atlas(_)))?;
        self.scope.atlases.get(&definition).copied()
    }

    /// A value of a data file as ground of an atlas. With `probe`, a value of another space gives `None` without a word.
    pub(super) fn data_region(&mut self, atlas: AtlasId, node: &Node, probe: bool) -> Option<(RegionExpr, String)> {
        let space = self.scope.slots.get(atlas.0 as usize)?.space.clone();
        let text = node.scalar_text();
        match (&space, text) {
            (SpaceKind::Ipv4 | SpaceKind::Ipv6, Some(text)) => {
                let prefix = if probe {
                    crate::atlas::line::parse_prefix(text).ok()?
                } else {
                    self.scope.prefix(text, node.span)?
                };
                let wanted = if space == SpaceKind::Ipv4 { Family::V4 } else { Family::V6 };
                if prefix.family() != wanted {
                    if !probe {
                        self.scope.report(Diagnostic::error(
                            "mixed-atlases",
                            node.span,
                            format!("expected {}, found {} block", space.phrase(), prefix.family()),
                            "of the other family",
                        ));
                    }
                    return None;
                }
                let words = prefix.to_string();
                Some((self.scope.prefix_leaf(atlas, prefix, node.span)?, words))
            }
            (SpaceKind::Domain, Some(text)) => match DomainName::parse(text) {
                Ok(name) => {
                    let words = name.to_string();
                    Some((self.scope.leaf(atlas, words.clone(), node.span, LeafShape::Domains(vec![name]))?, words))
                }
                Err(problem) => {
                    if !probe {
                        self.scope.report(
                            Diagnostic::error(
                                "bad-domain",
                                node.span,
                                format!("`{text}` is no domain name: {problem}"),
                                "here",
                            )
                            .help(problem.help()),
                        );
                    }
                    None
                }
            },
            (SpaceKind::Plain | SpaceKind::Earth | SpaceKind::Interval(_) | SpaceKind::Integer, Some(text)) => {
                let known = self.scope.slots.get(atlas.0 as usize).and_then(|s| s.regions.get(text).cloned());
                if let Some(crate::types::region::RegionState::Done(region)) = known {
                    return Some((region, text.to_owned()));
                }
                if !probe {
                    let name = self.scope.slots.get(atlas.0 as usize).map_or_else(String::new, |s| s.name.clone());
                    self.scope.report(
                        Diagnostic::error(
                            "unknown-region",
                            node.span,
                            format!("the atlas `{name}` has no region `{text}`"),
                            "named here",
                        )
                        .help("declare the region in the atlas, or correct the value"),
                    );
                }
                None
            }
            (_, None) => {
                if !probe {
                    self.scope.report(Diagnostic::error(
                        "data-shape",
                        node.span,
                        format!("expected {}, found {}", space.phrase(), node.kind()),
                        "read as a claim",
                    ));
                }
                None
            }
        }
    }
}

fn is_geometry(field: &tree::FieldPath) -> bool {
    matches!(field.segments.as_slice(), [FieldSegment::Key(name)] if name.text == GEOMETRY)
}
