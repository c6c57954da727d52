//! What a rank, a trigger, a condition or a reservation names: `article 2`, `this`, `@peace`, `any article`, `contracts`.
//!
//! In: a [`NormTarget`]. Out: a stand-in [`NormId`], counted down from the greatest, that [`super::finish`] replaces by the
//! norms it means: those of an article outside its rules (`semantics.md` §16), or the one with the label.

use super::super::Lower;
use super::binding::Binding;
use crate::diagnostic::Diagnostic;
use crate::model::CharterId;
use crate::model::conduct::NormId;
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::conduct::{NormTarget, NormTargetKind};
use crate::types::{Env, Value};

/// What is named.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    /// in which charter
    pub(super) charter: Option<CharterId>,
    /// each thing that is named
    pub(super) parts: Vec<Part>,
    /// norms inside of rules too: what is survived or reserved is the whole article
    pub(super) whole: bool,
    /// where
    pub(super) span: Span,
}

/// One thing that is named.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// an article, by its number
    Article(String, Span),
    /// every article
    Any,
    /// a statement, by its label
    Label(String, Span),
    /// every contract
    Contracts,
}

/// The stand-in of a selector.
pub(super) fn stand_in(place: usize) -> NormId {
    NormId(u32::MAX - u32::try_from(place).unwrap_or(0))
}

/// The selector that an id stands for, if it is a stand-in.
pub(super) fn place_of(id: NormId, count: usize) -> Option<usize> {
    let place = usize::try_from(u32::MAX - id.0).ok()?;
    (place < count).then_some(place)
}

impl Selector {
    /// Whether it names what it means, one by one.
    pub(super) fn is_by_name(&self) -> bool {
        !self.parts.iter().any(|p| matches!(p, Part::Any | Part::Contracts))
    }
}

impl<'p> Lower<'p> {
    /// A stand-in for what one target names.
    pub(super) fn selector(&mut self, module: ModuleId, target: &NormTarget, env: &Env, b: &Binding) -> Option<NormId> {
        self.selector_of(module, std::slice::from_ref(target), env, b, target.span)
    }

    /// A stand-in for what several targets name together; without any, for the article one stands in.
    pub(super) fn selector_of(
        &mut self,
        _module: ModuleId,
        targets: &[NormTarget],
        env: &Env,
        b: &Binding,
        span: Span,
    ) -> Option<NormId> {
        let mut parts = Vec::new();
        for target in targets {
            parts.push(match &target.kind {
                NormTargetKind::Article(number) => Part::Article(number.clone(), target.span),
                NormTargetKind::This => Part::Article(self.this(b, target.span)?, target.span),
                NormTargetKind::Any => Part::Any,
                NormTargetKind::Label(name) => Part::Label(name.text.to_string(), target.span),
                NormTargetKind::Contracts => Part::Contracts,
                NormTargetKind::Parameter(name) => {
                    match env.bound.get(name.text.as_str()).map(|v| (v.value.clone(), v.sort.phrase(), v.span)) {
                        Some((Value::Article(number), ..)) => Part::Article(number, target.span),
                        Some((_, found, at)) => {
                            self.scope.report(
                                Diagnostic::error(
                                    "wrong-type",
                                    name.span,
                                    format!("expected an article, found {found}"),
                                    format!("this is {found}"),
                                )
                                .label(at, "given here"),
                            );
                            return None;
                        }
                        None => {
                            self.scope.report(
                                Diagnostic::error(
                                    "unknown-norm",
                                    name.span,
                                    format!("expected an article, found `{}`, which names none", name.text),
                                    "no parameter of a clause",
                                )
                                .help("write `article 2`, `this`, or the label of a statement: `@peace`"),
                            );
                            return None;
                        }
                    }
                }
            });
        }
        if parts.is_empty() {
            parts.push(Part::Article(self.this(b, span)?, span));
        }
        let place = self.conduct.selectors.len();
        self.conduct.selectors.push(Selector { charter: b.charter, parts, whole: false, span });
        Some(stand_in(place))
    }

    /// A stand-in for every norm of what one target names, those inside of rules too.
    pub(super) fn whole(&mut self, module: ModuleId, target: &NormTarget, env: &Env, b: &Binding) -> Option<NormId> {
        let id = self.selector(module, target, env, b)?;
        if let Some(last) = self.conduct.selectors.last_mut() {
            last.whole = true;
        }
        Some(id)
    }

    fn this(&mut self, b: &Binding, span: Span) -> Option<String> {
        if let Some(article) = &b.article {
            return Some(article.clone());
        }
        self.scope.report(
            Diagnostic::error("no-article", span, "`this` is the article one stands in", "stands in no article")
                .help("name the article"),
        );
        None
    }
}
