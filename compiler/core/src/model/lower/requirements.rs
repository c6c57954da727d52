//! Requirements.
//!
//! In: `require …`. Out: a [`Draft`](super::Draft) whose kind says what every claim or member must satisfy. A condition that reads `it`
//! is one for each listed member; any other is one on all of them together.

use super::modifiers::Takes;
use super::order::Container;
use super::{Lower, folded};
use crate::atlas::{AtlasId, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::model::{Requirement, Scope as ClaimScope, Size, StatementKind};
use crate::resolve::load::ModuleId;
use crate::syntax::tree::{self, Expr, ExprKind, ItemKind, Path, Statement};
use crate::types::{Env, Type, Value};
use indexmap::IndexMap;
use std::rc::Rc;

impl<'p> Lower<'p> {
    pub(crate) fn requirement(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        written: &tree::Requirement,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        let takes = Takes { basis: true, source: true, ..Takes::none("a requirement") };
        let Some(c) = self.modifiers(module, &s.modifiers, takes, env, false) else { return };
        let Some(requirement) = self.required(module, written, env) else { return };
        // the charter as a whole answers for it: a finding concerns whoever falls short
        let kind = StatementKind::Requirement(Box::new(requirement));
        if let Some(draft) = self.draft(s, container, place, c, Vec::new(), kind) {
            self.drafts.push(draft);
        }
    }

    pub(super) fn required(&mut self, module: ModuleId, written: &tree::Requirement, env: &Env) -> Option<Requirement> {
        match written {
            tree::Requirement::ClaimsWithin { scope, within } => {
                let scope = self.claim_scope(module, scope)?;
                if reads_its_party(within) {
                    let mut by_party = IndexMap::new();
                    for member in env.members.iter() {
                        let inner = Env { its_party: Some(*member), it: Some(*member), ..env.clone() };
                        let (atlas, expr) = self.scope.region(module, within, &inner, scope.atlas)?;
                        let words = folded(self.scope.sources.slice(within.span));
                        by_party.insert(*member, self.scope.ground(atlas, &expr, words));
                    }
                    return Some(Requirement::Within { scope, region: None, by_party });
                }
                let (atlas, expr) = self.scope.region(module, within, env, scope.atlas)?;
                let words = folded(self.scope.sources.slice(within.span));
                let region = Some(self.scope.ground(atlas, &expr, words));
                Some(Requirement::Within {
                    scope: ClaimScope { atlas: Some(atlas), ..scope },
                    region,
                    by_party: IndexMap::new(),
                })
            }
            tree::Requirement::ClaimsSized { scope, least, most } => {
                let scope = self.claim_scope(module, scope)?;
                let read = |lower: &mut Self, e: &Option<Expr>| match e {
                    Some(e) => lower.size(module, e, scope.atlas, env).map(Some),
                    None => Some(None),
                };
                let (mut least, mut most) = (read(self, least)?, read(self, most)?);
                // `between /22 and /18` names the smaller block first: a longer prefix is smaller. Either order is meant so.
                if let (Some(Size::PrefixLength(a)), Some(Size::PrefixLength(b))) = (&least, &most)
                    && a < b
                {
                    std::mem::swap(&mut least, &mut most);
                }
                Some(Requirement::Sized { scope, least, most })
            }
            tree::Requirement::ReverseZonesWithin { zones, prefixes } => {
                let zone_atlas = self.atlas_in(module, zones, |s| *s == SpaceKind::Domain, "domain names")?;
                let mut found = Vec::new();
                for path in prefixes {
                    let fits = |s: &SpaceKind| matches!(s, SpaceKind::Ipv4 | SpaceKind::Ipv6);
                    found.push(self.atlas_in(module, path, fits, "address blocks")?);
                }
                Some(Requirement::ReverseZones { zones: zone_atlas, prefixes: found })
            }
            tree::Requirement::Differs { attribute } => {
                let name = attribute.segments.last()?;
                let known = env
                    .members
                    .iter()
                    .map(|m| self.scope.kind_of(*m))
                    .chain(env.open.iter().copied())
                    .any(|k| self.scope.attribute_of_kind(k, &name.text).is_some());
                if !known {
                    self.scope.report(
                        Diagnostic::error(
                            "unknown-attribute",
                            name.span,
                            format!("no party here has an attribute `{}`", name.text),
                            "not declared by any kind",
                        )
                        .help("declare it in the kind of the parties"),
                    );
                    return None;
                }
                Some(Requirement::Differs { attribute: name.text.to_string() })
            }
            tree::Requirement::Condition(e) => {
                let words = folded(self.scope.sources.slice(e.span));
                if reads_it(e) {
                    let mut conditions = IndexMap::new();
                    for member in env.members.iter() {
                        let inner = Env { it: Some(*member), ..env.clone() };
                        conditions.insert(*member, self.scope.truth(module, e, &inner)?);
                    }
                    return Some(Requirement::Each { conditions, words });
                }
                self.scope.open_sums.clear();
                let inner = Env { allow_open_sums: true, it: None, ..env.clone() };
                let condition = self.scope.truth(module, e, &inner)?;
                let open_sums = std::mem::take(&mut self.scope.open_sums);
                Some(Requirement::Together { condition, open_sums, words })
            }
        }
    }

    pub(super) fn claim_scope(&mut self, module: ModuleId, scope: &tree::ClaimScope) -> Option<ClaimScope> {
        let atlas = match &scope.over {
            Some(path) => {
                let definition = self.scope.find(module, path, "an atlas", |i| matches!(i, ItemKind::Atlas(_)))?;
                Some(*self.scope.atlases.get(&definition)?)
            }
            None => None,
        };
        let right = match &scope.right {
            Some(path) => Some(self.right(module, path)?),
            None => None,
        };
        Some(ClaimScope { atlas, right })
    }

    pub(super) fn atlas_in(
        &mut self,
        module: ModuleId,
        path: &Path,
        fits: impl Fn(&SpaceKind) -> bool,
        what: &str,
    ) -> Option<AtlasId> {
        let definition = self.scope.find(module, path, "an atlas", |i| matches!(i, ItemKind::Atlas(_)))?;
        let atlas = *self.scope.atlases.get(&definition)?;
        let space = self.scope.slots.get(atlas.0 as usize)?.space.clone();
        if fits(&space) {
            return Some(atlas);
        }
        self.scope.report(Diagnostic::error(
            "wrong-type",
            path.span,
            format!("expected an atlas of {what}, found one of {}", space.phrase()),
            "this atlas",
        ));
        None
    }

    pub(super) fn size(&mut self, module: ModuleId, e: &Expr, atlas: Option<AtlasId>, env: &Env) -> Option<Size> {
        let v = self.scope.value(module, e, env, None)?;
        let space = atlas.and_then(|a| self.scope.slots.get(a.0 as usize)).map(|s| s.space.clone());
        let prefixes = matches!(space, Some(SpaceKind::Ipv4 | SpaceKind::Ipv6) | None);
        match (&v.sort, &v.value, &space) {
            (Type::PrefixLength, Value::PrefixLength(length), _) if prefixes => {
                let bits = if space == Some(SpaceKind::Ipv4) { 32 } else { 128 };
                if *length > bits {
                    self.scope.report(
                        Diagnostic::error(
                            "too-long-prefix",
                            e.span,
                            format!("expected a length of at most {bits} bits, found /{length}"),
                            "too large",
                        )
                        .help(format!("write `/{bits}` for a single address")),
                    );
                    return None;
                }
                Some(Size::PrefixLength(*length))
            }
            (Type::Area, Value::Quantity(q), Some(SpaceKind::Earth) | None) => {
                Some(Size::Area(self.scope.stated(q, e.span, "a size")?))
            }
            (Type::Measure(family), Value::Quantity(q), Some(SpaceKind::Interval(unit)))
                if self.scope.family(unit).as_ref() == Some(family) =>
            {
                let base = self.scope.stated(q, e.span, "a size")?;
                Some(Size::Measure(base / self.scope.size_of_unit(unit)))
            }
            (
                Type::Count | Type::Number,
                Value::Quantity(q),
                Some(SpaceKind::Integer | SpaceKind::Ipv4 | SpaceKind::Ipv6),
            ) => Some(Size::Measure(self.scope.stated(q, e.span, "a size")?)),
            _ => {
                let of = space.map_or_else(|| "claims".to_owned(), |s| format!("claims over {}", s.phrase()));
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        e.span,
                        format!("{} is no size of {of}", v.sort.phrase()),
                        "this size",
                    )
                    .help("write `/22` for address blocks, `10 km2` for ground, a quantity in its unit for bands"),
                );
                None
            }
        }
    }
}

/// Whether an expression reads `it` outside a sum, a count or a quantifier, which bind their own.
fn reads_it(e: &Expr) -> bool {
    visit(e, &|e| matches!(e.kind, ExprKind::It | ExprKind::ItsParty))
}

fn reads_its_party(e: &Expr) -> bool {
    visit(e, &|e| matches!(e.kind, ExprKind::It | ExprKind::ItsParty))
}

fn visit(e: &Expr, found: &dyn Fn(&Expr) -> bool) -> bool {
    if found(e) {
        return true;
    }
    match &e.kind {
        ExprKind::Unary(_, a)
        | ExprKind::SideOf(_, a)
        | ExprKind::TerritoryOf(a)
        | ExprKind::GroundClaimedBy(a)
        | ExprKind::AttributeOf(_, a) => visit(a, found),
        ExprKind::Binary(_, a, b)
        | ExprKind::Range(a, b)
        | ExprKind::BetweenAngles(a, b)
        | ExprKind::WithinDistance(a, b) => visit(a, found) || visit(b, found),
        ExprKind::If(a, b, c) => visit(a, found) || visit(b, found) || visit(c, found),
        ExprKind::Call { arguments, .. } => arguments.iter().any(|a| visit(&a.value, found)),
        ExprKind::Bracketed(alternatives) => alternatives.iter().any(|(a, _)| visit(a, found)),
        _ => false,
    }
}
