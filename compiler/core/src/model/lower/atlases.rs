//! Atlases: their spaces, settings, rows and named regions, and the moment when their cells are built.
//!
//! In: `atlas` declarations and the files they name. Out: [`Slot`]s that take in leaves, later
//! [`Program::atlases`](crate::model::Program). Atlases are numbered by name.

use super::Lower;
use crate::atlas::{AtlasId, Builder, Extent, Leaf, LeafShape, RegionExpr, Settings, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::resolve::load::ModuleId;
use crate::resolve::names::Definition;
use crate::syntax::tree::{self, ItemKind, SettingKind, Space};
use crate::types::region::{RegionState, Slot};
use crate::types::{Env, Type};
use indexmap::IndexMap;
use indexmap::map::Entry;
use std::collections::HashMap;

impl<'p> Lower<'p> {
    pub(super) fn sorted_atlases(&self) -> Vec<(ModuleId, Definition, &'p tree::Atlas, crate::source::Span)> {
        let mut found: Vec<_> = self
            .items()
            .into_iter()
            .filter_map(|(m, d, i)| match &i.kind {
                ItemKind::Atlas(a) => Some((m, d, a, i.span)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(_, d, a, _)| (a.name.text.as_str(), *d));
        found
    }

    /// The number an atlas has or will have.
    pub(crate) fn atlas_number(&self, definition: Definition) -> Option<AtlasId> {
        let place = self.sorted_atlases().iter().position(|(_, d, ..)| *d == definition)?;
        Some(AtlasId(u32::try_from(place).ok()?))
    }

    /// Opens every atlas: its settings, the rows of its files, the names of its regions.
    pub(crate) fn declare_atlases(&mut self) {
        for (place, (module, definition, atlas, _)) in self.sorted_atlases().into_iter().enumerate() {
            let id = AtlasId(u32::try_from(place).unwrap_or(u32::MAX));
            let settings = self.settings(module, &atlas.settings);
            let space = match &atlas.space {
                Space::File { .. } | Space::Earth => SpaceKind::Earth,
                Space::Interval(unit) => SpaceKind::Interval(unit.text.to_string()),
                Space::Ipv4 => SpaceKind::Ipv4,
                Space::Ipv6 => SpaceKind::Ipv6,
                Space::Domain => SpaceKind::Domain,
                Space::Integer => SpaceKind::Integer,
                Space::Plain => SpaceKind::Plain,
            };
            let name = atlas.name.text.clone();
            let mut slot = Slot {
                name: name.to_string(),
                definition,
                space: space.clone(),
                builder: Builder::new(name, space.clone(), settings, atlas.name.span),
                regions: IndexMap::new(),
                made: IndexMap::new(),
                prefixes: HashMap::new(),
            };
            for row in self.tables.rows_of(definition) {
                let leaf = Leaf {
                    name: Some(row.name.clone()),
                    words: row.name.clone(),
                    span: row.span,
                    shape: LeafShape::Polygons(row.shape.clone()),
                };
                let number = slot.builder.leaf(leaf);
                slot.regions.insert(row.name.clone(), RegionState::Done(RegionExpr::Leaf(number)));
            }
            for region in &atlas.regions {
                let Entry::Vacant(vacant) = slot.regions.entry(region.name.text.to_string()) else {
                    self.scope.report(
                        Diagnostic::error(
                            "name-twice",
                            region.name.span,
                            format!("the atlas `{}` has two regions `{}`", atlas.name.text, region.name.text),
                            "second one",
                        )
                        .help("give one of them another name"),
                    );
                    continue;
                };
                let state = match (&region.value, &space) {
                    (Some(_), _) => RegionState::Written(region),
                    (None, SpaceKind::Plain) => {
                        let leaf = slot.builder.leaf(Leaf::plain(region.name.text.clone(), region.name.span));
                        RegionState::Done(RegionExpr::Leaf(leaf))
                    }
                    (None, _) => {
                        self.scope.report(
                            Diagnostic::error(
                                "region-without-value",
                                region.name.span,
                                format!("the region `{}` says nothing of what it covers", region.name.text),
                                format!("this atlas is made of {}", space.phrase()),
                            )
                            .help(format!("write `region {} = …`", region.name.text)),
                        );
                        RegionState::Broken
                    }
                };
                vacant.insert(state);
            }
            self.scope.atlases.insert(definition, id);
            self.scope.slots.push(slot);
        }
    }

    /// `source`, `as of`, `licence`, `accuracy`, `tolerance`, `extent`, `datum`.
    pub(crate) fn settings(&mut self, module: ModuleId, settings: &[tree::Setting]) -> Settings {
        let mut out = Settings::default();
        let mut seen: Vec<(std::mem::Discriminant<SettingKind>, crate::source::Span)> = Vec::new();
        for setting in settings {
            let which = std::mem::discriminant(&setting.kind);
            if let Some((_, first)) = seen.iter().find(|(k, _)| *k == which) {
                self.scope.report(
                    Diagnostic::error("clause-twice", setting.span, "this is stated twice", "second time")
                        .label(*first, "first time")
                        .help("keep one of them"),
                );
                continue;
            }
            seen.push((which, setting.span));
            let env = Env::default();
            match &setting.kind {
                SettingKind::Source(t) => out.source = Some(t.text.clone()),
                SettingKind::Licence(t) => out.licence = Some(t.text.clone()),
                SettingKind::AsOf(e) => out.as_of = self.date(module, e, &env),
                SettingKind::Accuracy(e) | SettingKind::Tolerance(e) => {
                    let because = "widths are distances";
                    let q = self.scope.quantity_of(module, e, &env, &Type::Distance, because);
                    let stated = q.and_then(|q| self.scope.stated(&q, e.span, "a width"));
                    if matches!(setting.kind, SettingKind::Accuracy(_)) {
                        out.accuracy_m = stated;
                    } else {
                        out.tolerance_m = stated;
                    }
                }
                SettingKind::Extent(extent) => {
                    out.extent = Some(match extent {
                        tree::Extent::Land => Extent::Land,
                        tree::Extent::WithWaters => Extent::WithWaters,
                    });
                }
                SettingKind::Datum(name) => {
                    self.datum(name);
                    out.datum = Some(name.text.to_string());
                }
            }
        }
        out
    }

    /// Coordinates are read as WGS 84. Another datum is read and carried, and a note says that no shift is made.
    pub(crate) fn datum(&mut self, name: &tree::Name) {
        if !["WGS84", "WGS 84", "EPSG:4326", "CRS84"].contains(&name.text.as_str()) {
            self.scope.report(
                Diagnostic::error(
                    "foreign-datum",
                    name.span,
                    format!("coordinates in `{}` are drawn as if they were in WGS 84", name.text),
                    "another datum, some 10 to 500 m away",
                )
                .severity(crate::diagnostic::Severity::Note)
                .help("transform the points beforehand where this matters, and state an `accuracy` otherwise"),
            );
        }
    }

    /// What each party claims in each atlas, from the statements of the first walk.
    pub(crate) fn collect_claimed(&mut self) {
        // Filled by `Lower::claim` while walking; each walk must see the same, so it is sorted and without repetition.
        for parts in self.scope.claimed.values_mut() {
            let mut kept: Vec<RegionExpr> = Vec::with_capacity(parts.len());
            let mut seen = std::collections::BTreeSet::new();
            for part in parts.drain(..) {
                if seen.insert(format!("{part:?}")) {
                    kept.push(part);
                }
            }
            *parts = kept;
        }
    }

    /// Builds the cells of every atlas.
    pub(crate) fn build_atlases(&mut self) {
        let mut built = Vec::with_capacity(self.scope.slots.len());
        for slot in &mut self.scope.slots {
            let empty = Builder::new(String::new(), SpaceKind::Plain, Settings::default(), super::declare::nowhere());
            match std::mem::replace(&mut slot.builder, empty).build() {
                Ok(atlas) => built.push(atlas),
                Err(problems) => self.scope.diagnostics.extend(problems),
            }
        }
        self.scope.program.atlases = built;
    }
}
