//! `prove …` of borders.
//!
//! In: `prove` items. Out: [`Property`] entries of the program. `territory of P` stands alone on one side; everything else
//! is ground that is the same always.

use super::{Lower, folded};
use crate::atlas::AtlasId;
use crate::diagnostic::Diagnostic;
use crate::model::{CharterId, Ground, Property, PropertyKind};
use crate::resolve::load::ModuleId;
use crate::syntax::tree::{self, Expr, ExprKind, ItemKind, Path};
use crate::types::{Env, Value};

impl<'p> Lower<'p> {
    /// Reads every `prove`.
    pub(crate) fn properties(&mut self) {
        let mut found = Vec::new();
        for (module, _, item) in self.items() {
            let ItemKind::Prove(prove) = &item.kind else { continue };
            let text = folded(self.scope.sources.slice(item.span));
            if let Some((charter, kind)) = self.property(module, &prove.property) {
                found.push(Property { charter, kind, span: item.span, text });
            }
        }
        found.sort_by(|a, b| (a.charter, &a.text).cmp(&(b.charter, &b.text)));
        self.scope.program.properties = found;
    }

    pub(super) fn property(
        &mut self,
        module: ModuleId,
        p: &tree::Property,
    ) -> Option<(Option<CharterId>, PropertyKind)> {
        match p {
            tree::Property::Settled { charter } => {
                Some((Some(self.charter_of(module, charter)?), PropertyKind::Settled))
            }
            tree::Property::HoldAlways { charter } => {
                Some((Some(self.charter_of(module, charter)?), PropertyKind::HoldAlways))
            }
            // read by the lowering of conduct
            tree::Property::Conduct(_) => None,
            tree::Property::Covered { charter, region } => {
                let charter = self.charter_of(module, charter)?;
                let (atlas, expr) = self.scope.region(module, region, &Env::default(), None)?;
                let words = folded(self.scope.sources.slice(region.span));
                Some((Some(charter), PropertyKind::Covered(self.scope.ground(atlas, &expr, words))))
            }
            tree::Property::Within { charter, inner, outer } => {
                let charter = self.optional_charter(module, charter.as_ref())?;
                let (a, b) = self.two_grounds(module, charter, inner, outer)?;
                Some((charter, PropertyKind::Within(a, b)))
            }
            tree::Property::Disjoint { charter, left, right } => {
                let charter = self.optional_charter(module, charter.as_ref())?;
                let (a, b) = self.two_grounds(module, charter, left, right)?;
                Some((charter, PropertyKind::Disjoint(a, b)))
            }
        }
    }

    pub(super) fn charter_of(&mut self, module: ModuleId, path: &Path) -> Option<CharterId> {
        let definition = self.scope.find(module, path, "a charter", |i| matches!(i, ItemKind::Charter(_)))?;
        self.charters.get(&definition).copied()
    }

    pub(super) fn optional_charter(&mut self, module: ModuleId, path: Option<&Path>) -> Option<Option<CharterId>> {
        match path {
            Some(path) => self.charter_of(module, path).map(Some),
            None => Some(None),
        }
    }

    /// Two grounds of one atlas; a territory takes its atlas from the other side.
    pub(super) fn two_grounds(
        &mut self,
        module: ModuleId,
        charter: Option<CharterId>,
        left: &Expr,
        right: &Expr,
    ) -> Option<(Ground, Ground)> {
        let territory = |e: &Expr| matches!(e.kind, ExprKind::TerritoryOf(_));
        match (territory(left), territory(right)) {
            (false, false) => {
                let (atlas, a) = self.fixed(module, left, None)?;
                let (_, b) = self.fixed(module, right, Some(atlas))?;
                Some((a, b))
            }
            (true, false) => {
                let (atlas, b) = self.fixed(module, right, None)?;
                Some((self.territory(module, charter, left, atlas)?, b))
            }
            (false, true) => {
                let (atlas, a) = self.fixed(module, left, None)?;
                Some((a, self.territory(module, charter, right, atlas)?))
            }
            (true, true) => {
                let atlases: Vec<AtlasId> = (0u32..).map(AtlasId).take(self.scope.program.atlases.len()).collect();
                let [atlas] = atlases.as_slice() else {
                    self.scope.report(
                        Diagnostic::error(
                            "unclear-atlas",
                            left.span,
                            "two territories are compared in one atlas, and there are several",
                            "of which atlas?",
                        )
                        .help("compare one of them with a named region"),
                    );
                    return None;
                };
                Some((self.territory(module, charter, left, *atlas)?, self.territory(module, charter, right, *atlas)?))
            }
        }
    }

    pub(super) fn fixed(&mut self, module: ModuleId, e: &Expr, atlas: Option<AtlasId>) -> Option<(AtlasId, Ground)> {
        let (atlas, expr) = self.scope.region(module, e, &Env::default(), atlas)?;
        let words = folded(self.scope.sources.slice(e.span));
        Some((atlas, Ground::Fixed(self.scope.ground(atlas, &expr, words))))
    }

    pub(super) fn territory(
        &mut self,
        module: ModuleId,
        charter: Option<CharterId>,
        e: &Expr,
        atlas: AtlasId,
    ) -> Option<Ground> {
        let ExprKind::TerritoryOf(of) = &e.kind else { return None };
        if charter.is_none() {
            self.scope.report(
                Diagnostic::error(
                    "no-charter",
                    e.span,
                    "`territory of` is read in the claims of one charter",
                    "of which charter?",
                )
                .help("write `prove in C …`"),
            );
            return None;
        }
        let v = self.scope.value(module, of, &Env::default(), None)?;
        match v.value {
            Value::Party(party) => Some(Ground::TerritoryOf(party, atlas)),
            _ => {
                let found = v.sort.phrase();
                self.scope.report(Diagnostic::error(
                    "wrong-type",
                    of.span,
                    format!("expected a party, found {found}"),
                    "whose territory?",
                ));
                None
            }
        }
    }
}
