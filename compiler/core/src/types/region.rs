//! Region expressions.
//!
//! In: expressions over names, polygons, half planes, intervals, prefixes. Out: [`RegionExpr`]s over the leaves of one
//! atlas. A leaf is made the first time it is met ([`Phase::Collect`]); once the atlases are built ([`Phase::Built`]) the
//! same walk finds the same leaves again.

use super::scope::Scope;
use super::{Env, Type, Typed, Value};
use crate::atlas::line::{DomainName, Prefix};
use crate::atlas::{AtlasId, Builder, Leaf, LeafShape, RegionExpr, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::logic::Linear;
use crate::resolve::load::ModuleId;
use crate::resolve::names::{self, Definition};
use crate::source::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, ItemKind, Path, Region};
use indexmap::IndexMap;
use num_rational::BigRational;
use num_traits::One;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// How far the atlases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// only what parties claim is being collected, for `ground claimed by` and boundaries
    #[default]
    Claims,
    /// leaves are being collected
    Collect,
    /// the atlases stand
    Built,
}

/// An atlas while it is built.
#[derive(Debug)]
pub struct Slot<'p> {
    /// its name
    pub name: String,
    /// its declaration
    pub definition: Definition,
    /// what its points are
    pub space: SpaceKind,
    /// takes in the leaves
    pub builder: Builder,
    /// its named regions
    pub regions: IndexMap<String, RegionState<'p>>,
    /// leaves and boundaries that were made before, by what they are
    pub made: IndexMap<String, RegionExpr>,
    /// and those of a prefix
    pub prefixes: HashMap<Prefix, u32>,
}

/// A named region.
#[derive(Debug, Clone)]
pub enum RegionState<'p> {
    /// known
    Done(RegionExpr),
    /// written as an expression that nobody has asked for yet
    Written(&'p Region),
    /// being read: meeting it again is a circle
    Busy(Span),
    /// could not be read; reported already
    Broken,
}

impl<'p> Scope<'p> {
    /// Ground: the atlas and the expression.
    pub fn region(
        &mut self,
        module: ModuleId,
        expr: &Expr,
        env: &Env,
        atlas: Option<AtlasId>,
    ) -> Option<(AtlasId, RegionExpr)> {
        if let Some(read) = self.plain_region(module, expr, env, atlas) {
            let (found, region) = read?;
            return self.of_atlas(atlas, found, expr.span).then_some((found, region));
        }
        let expected = atlas.map(Type::Region);
        let v = self.value(module, expr, env, expected.as_ref())?;
        match (v.sort, v.value) {
            (Type::Region(found), Value::Region(region)) => {
                self.of_atlas(atlas, found, expr.span).then(|| (found, Rc::unwrap_or_clone(region)))
            }
            (sort, _) => {
                self.report(
                    Diagnostic::error(
                        "wrong-type",
                        expr.span,
                        format!("expected a region, found {}", sort.phrase()),
                        format!("this is {}", sort.phrase()),
                    )
                    .help("name a region of an atlas, as in `World.Arland`"),
                );
                None
            }
        }
    }

    /// Most ground is a prefix or a region of an atlas by its full name: those can be nothing else, so that no value need be
    /// made of them. `None` for what is to be read as any expression.
    fn plain_region(
        &mut self,
        module: ModuleId,
        expr: &Expr,
        env: &Env,
        atlas: Option<AtlasId>,
    ) -> Option<Option<(AtlasId, RegionExpr)>> {
        match &expr.kind {
            ExprKind::Prefix(_) => Some(self.literal(module, expr, env, atlas)),
            ExprKind::Path(path) if path.segments.len() > 1 && env.home.is_none() => {
                let (definition, taken) = self.names.find(module, path)?;
                matches!(self.item(definition)?, ItemKind::Atlas(_))
                    .then(|| self.region_path(module, path, definition, taken, env))
            }
            _ => None,
        }
    }

    /// Whether ground is of the atlas that is asked for, if one is; reported if not.
    fn of_atlas(&mut self, wanted: Option<AtlasId>, found: AtlasId, span: Span) -> bool {
        match wanted {
            Some(wanted) if wanted != found => {
                self.two_atlases(span, wanted, found);
                false
            }
            _ => true,
        }
    }

    fn two_atlases(&mut self, span: Span, wanted: AtlasId, found: AtlasId) {
        let name = |s: &Self, a: AtlasId| s.slots.get(a.0 as usize).map_or_else(String::new, |s| s.name.clone());
        let (w, f) = (name(self, wanted), name(self, found));
        self.report(
            Diagnostic::error(
                "mixed-atlases",
                span,
                format!("expected ground of the atlas `{w}`, found ground of `{f}`"),
                format!("this is of `{f}`"),
            )
            .note("ground of two atlases cannot be compared: they may be different spaces or different surveys")
            .help(format!("name a region of `{w}`, or write two statements")),
        );
    }

    pub(super) fn region_value(
        &mut self,
        module: ModuleId,
        expr: &Expr,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        let hint = match expected {
            Some(Type::Region(atlas)) => Some(*atlas),
            _ => None,
        };
        let (atlas, region) = self.literal(module, expr, env, hint)?;
        Some(Typed { sort: Type::Region(atlas), value: Value::Region(region.into()), span: expr.span })
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    pub(super) fn region_binary(
        &mut self,
        module: ModuleId,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        env: &Env,
        expected: Option<&Type>,
    ) -> Option<Typed> {
        if op == BinaryOp::Minus {
            self.refuse_address_range(left, right, true)?;
        }
        let hint = match expected {
            Some(Type::Region(atlas)) => Some(*atlas),
            _ => None,
        };
        // A literal such as `south of 60°S` takes its atlas from the other side.
        let (atlas, l, r) = if hint.is_none() && is_literal(left) && !is_literal(right) {
            let (atlas, r) = self.region(module, right, env, None)?;
            (atlas, self.region(module, left, env, Some(atlas))?.1, r)
        } else {
            let (atlas, l) = self.region(module, left, env, hint)?;
            (atlas, l, self.region(module, right, env, Some(atlas))?.1)
        };
        let region = match op {
            BinaryOp::Plus => match l {
                RegionExpr::Union(mut parts) => {
                    parts.push(r);
                    RegionExpr::Union(parts)
                }
                l => RegionExpr::Union(vec![l, r]),
            },
            BinaryOp::Minus => RegionExpr::Difference(Box::new(l), Box::new(r)),
            _ => RegionExpr::Intersection(vec![l, r]),
        };
        Some(Typed { sort: Type::Region(atlas), value: Value::Region(region.into()), span })
    }

    /// `World.Arland`, `Zones.example.org`, a region declared outside an atlas.
    pub(super) fn region_path(
        &mut self,
        module: ModuleId,
        path: &Path,
        definition: Definition,
        taken: usize,
        env: &Env,
    ) -> Option<(AtlasId, RegionExpr)> {
        if let Some(ItemKind::Region(region)) = self.item(definition) {
            if taken != path.segments.len() {
                self.report(
                    Diagnostic::error(
                        "unknown-region",
                        path.span,
                        format!("the region `{}` has no parts with names of their own", region.name.text),
                        "only an atlas has named regions",
                    )
                    .label(region.name.span, "declared here"),
                );
                return None;
            }
            let Some(value) = &region.value else {
                self.report(
                    Diagnostic::error(
                        "region-without-value",
                        region.name.span,
                        format!("the region `{}` says nothing of what it covers", region.name.text),
                        "a plain name stands inside an atlas",
                    )
                    .help("write `region R = …`, or move it into an `atlas A { … }`"),
                );
                return None;
            };
            if env.depth > 32 {
                self.circle(region.name.span, &region.name.text);
                return None;
            }
            let inner = Env { depth: env.depth + 1, members: env.members.clone(), ..Env::default() };
            return self.region(definition.module, value, &inner, None);
        }
        let atlas = *self.atlases.get(&definition)?;
        let name: Cow<'_, str> = match path.segments.get(taken..).unwrap_or_default() {
            [only] => Cow::Borrowed(&only.text),
            rest => Cow::Owned(rest.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".")),
        };
        if taken >= path.segments.len() {
            let name = self.slots.get(atlas.0 as usize).map_or("", |s| s.name.as_str()).to_owned();
            self.report(
                Diagnostic::error(
                    "wrong-sort",
                    path.span,
                    format!("expected a region, found the whole atlas `{name}`"),
                    "an atlas is a space, not a place in it",
                )
                .help(format!("name a region in it, as in `{name}.North`")),
            );
            return None;
        }
        let region = self.named(module, atlas, &name, path.span, env)?;
        Some((atlas, region))
    }

    fn circle(&mut self, span: Span, name: &str) {
        self.report(
            Diagnostic::error("region-cycle", span, format!("the region `{name}` is made of itself"), "declared here")
                .help("take it out of its own expression"),
        );
    }

    /// A region of an atlas by its name.
    pub(super) fn named(
        &mut self,
        module: ModuleId,
        atlas: AtlasId,
        name: &str,
        span: Span,
        env: &Env,
    ) -> Option<RegionExpr> {
        let slot = self.slots.get(atlas.0 as usize)?;
        match slot.regions.get(name).cloned() {
            Some(RegionState::Done(region)) => Some(region),
            Some(RegionState::Broken) => None,
            Some(RegionState::Busy(at)) => {
                self.circle(at, name);
                None
            }
            Some(RegionState::Written(region)) => {
                self.set_region(atlas, name, RegionState::Busy(region.name.span));
                let home = self.slots.get(atlas.0 as usize).map_or(module, |s| s.definition.module);
                let found = region.value.as_ref().and_then(|value| {
                    let inner = Env { members: env.members.clone(), home: Some(atlas), ..Env::default() };
                    self.region(home, value, &inner, Some(atlas))
                });
                let state = found.as_ref().map_or(RegionState::Broken, |(_, r)| RegionState::Done(r.clone()));
                self.set_region(atlas, name, state);
                let region = found.map(|(_, r)| r)?;
                if let Some(slot) = self.slots.get_mut(atlas.0 as usize) {
                    slot.builder.name(name, region.clone());
                }
                Some(region)
            }
            None if slot.space == SpaceKind::Domain => {
                let domain = match DomainName::parse(name) {
                    Ok(domain) => domain,
                    Err(problem) => {
                        self.report(
                            Diagnostic::error(
                                "bad-domain",
                                span,
                                format!("`{name}` is no domain name: {problem}"),
                                "here",
                            )
                            .help(problem.help()),
                        );
                        return None;
                    }
                };
                self.leaf(atlas, domain.to_string(), span, LeafShape::Domains(vec![domain]))
            }
            None => {
                let known: Vec<String> = slot.regions.keys().cloned().collect();
                let atlas_name = slot.name.clone();
                let mut error = Diagnostic::error(
                    "unknown-region",
                    span,
                    format!("the atlas `{atlas_name}` has no region `{name}`"),
                    "no row of its file and no `region` line has this name",
                );
                if let Some(near) = names::nearest(name, known.iter().map(String::as_str)) {
                    error = error.help(format!("did you mean `{atlas_name}.{}`?", crate::atlas::quoted(near)));
                } else if known.len() <= 12 && !known.is_empty() {
                    error = error.note(format!("its regions are {}", known.join(", ")));
                }
                self.report(error);
                None
            }
        }
    }

    fn set_region(&mut self, atlas: AtlasId, name: &str, state: RegionState<'p>) {
        if let Some(slot) = self.slots.get_mut(atlas.0 as usize) {
            slot.regions.insert(name.to_owned(), state);
        }
    }

    /// Reads every named region that nobody has asked for, so that mistakes in it are found and its ground is cut.
    pub fn read_all_regions(&mut self) {
        for place in 0..self.slots.len() {
            let atlas = AtlasId(u32::try_from(place).unwrap_or(u32::MAX));
            let Some(slot) = self.slots.get(place) else { continue };
            let module = slot.definition.module;
            let names: Vec<(String, Span)> = slot
                .regions
                .iter()
                .filter_map(|(n, s)| match s {
                    RegionState::Written(region) => Some((n.clone(), region.name.span)),
                    _ => None,
                })
                .collect();
            for (name, span) in names {
                self.named(module, atlas, &name, span, &Env::default());
            }
        }
    }

    /// A leaf of an atlas, made once.
    pub fn leaf(&mut self, atlas: AtlasId, words: String, span: Span, shape: LeafShape) -> Option<RegionExpr> {
        let built = self.phase == Phase::Built;
        let slot = self.slots.get_mut(atlas.0 as usize)?;
        if let Some(known) = slot.made.get(&words) {
            return Some(known.clone());
        }
        if built {
            return self.lost(span);
        }
        let leaf = RegionExpr::Leaf(slot.builder.leaf(Leaf { name: None, words: words.clone(), span, shape }));
        slot.made.insert(words, leaf.clone());
        Some(leaf)
    }

    /// Every leaf was met while collecting; one that was not would be ground nobody cut.
    fn lost(&mut self, span: Span) -> Option<RegionExpr> {
        self.report(Diagnostic::error(
            "lost-region",
            span,
            "this region was not read the same way twice",
            "please report this text",
        ));
        None
    }

    /// The leaf of a prefix, made once.
    pub fn prefix_leaf(&mut self, atlas: AtlasId, prefix: Prefix, span: Span) -> Option<RegionExpr> {
        let slot = self.slots.get_mut(atlas.0 as usize)?;
        match slot.prefixes.get(&prefix) {
            Some(leaf) => Some(RegionExpr::Leaf(*leaf)),
            None if self.phase == Phase::Built => self.lost(span),
            None => {
                let leaf = slot.builder.new_leaf(Leaf::prefix(prefix, span));
                slot.prefixes.insert(prefix, leaf);
                Some(RegionExpr::Leaf(leaf))
            }
        }
    }

    /// Whether a range is one of ground (`4 MHz to 8 MHz`, `10 to 20` in an atlas of integers) rather than of values.
    pub(super) fn is_region_range(&self, low: &Expr, expected: Option<&Type>) -> bool {
        match expected {
            Some(Type::Region(_)) => return true,
            Some(_) => return false,
            None => {}
        }
        let ExprKind::Quantity { unit, .. } = &low.kind else { return false };
        let Some(family) = self.family(&unit.text) else { return false };
        self.slots
            .iter()
            .any(|s| matches!(&s.space, SpaceKind::Interval(unit) if self.family(unit).as_ref() == Some(&family)))
    }

    /// The base unit of a declared or built-in unit that is no length, time, share or money.
    #[must_use]
    pub fn family(&self, unit: &str) -> Option<String> {
        if let Some((family, _)) = self.units.get(unit) {
            return Some(family.clone());
        }
        match super::units::built_in(unit) {
            Some(super::units::Unit::Of(Type::Measure(family), _)) => Some(family),
            Some(super::units::Unit::Of(sort, _)) => Some(format!("{sort:?}")),
            _ => None,
        }
    }

    /// How many of its family's base unit a unit is.
    #[must_use]
    pub fn size_of_unit(&self, unit: &str) -> BigRational {
        if let Some((_, size)) = self.units.get(unit) {
            return size.clone();
        }
        match super::units::built_in(unit) {
            Some(super::units::Unit::Of(_, size)) => size,
            _ => BigRational::one(),
        }
    }

    /// What `make` gives for this atlas, made once under a key.
    pub fn made_by(
        &mut self,
        atlas: AtlasId,
        key: String,
        make: impl FnOnce(&mut Slot<'p>) -> Result<RegionExpr, Box<Diagnostic>>,
    ) -> Option<RegionExpr> {
        let slot = self.slots.get_mut(atlas.0 as usize)?;
        if let Some(known) = slot.made.get(&key) {
            return Some(known.clone());
        }
        match make(slot) {
            Ok(region) => {
                slot.made.insert(key, region.clone());
                Some(region)
            }
            Err(problem) => {
                self.report(*problem);
                None
            }
        }
    }

    /// The cells of an expression; empty until the atlases stand.
    #[must_use]
    pub fn ground(&self, atlas: AtlasId, region: &RegionExpr, words: String) -> crate::model::Region {
        let cells = match self.phase {
            Phase::Built => self.program.atlas(atlas).map(|a| a.region(region)).unwrap_or_default(),
            Phase::Claims | Phase::Collect => crate::atlas::CellSet::default(),
        };
        crate::model::Region { atlas, cells, words }
    }

    /// What an atlas says of itself, whether or not it is built.
    #[must_use]
    pub fn settings(&self, atlas: AtlasId) -> Option<&crate::atlas::Settings> {
        match self.phase {
            Phase::Built => self.program.atlas(atlas).map(|a| &a.settings),
            Phase::Claims | Phase::Collect => self.slots.get(atlas.0 as usize).map(|s| s.builder.settings()),
        }
    }

    /// A stated number, for sizes.
    pub fn stated(&mut self, q: &Linear, span: Span, what: &str) -> Option<BigRational> {
        if let Some(c) = q.as_constant() {
            return Some(c.clone());
        }
        self.report(
            Diagnostic::error(
                "not-stated",
                span,
                format!("{what} must be a stated number"),
                "depends on an open term or an unknown attribute",
            )
            .help("write the number"),
        );
        None
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Prefix(_)
            | ExprKind::Polygon { .. }
            | ExprKind::SideOf(..)
            | ExprKind::BetweenAngles(..)
            | ExprKind::Range(..)
            | ExprKind::GroundClaimedBy(_)
    )
}
