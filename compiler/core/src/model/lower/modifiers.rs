//! The clauses that follow a statement: `as`, `from`, `until`, `when`, `quota`, `on basis`, `source`, `as of`.
//!
//! In: the modifiers of one statement and which of them it takes. Out: [`Clauses`]. What does not fit and what stands twice
//! is an error, so that nothing that is written goes unread.

use super::Lower;
use crate::diagnostic::Diagnostic;
use crate::logic::{Formula, Linear};
use crate::model::{RightId, day};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{ItemKind, Modifier, ModifierKind, Path, RightMode};
use crate::types::region::Phase;
use crate::types::{Env, Type};
use num_traits::Signed;

/// What the modifiers of a statement say.
#[derive(Debug, Clone)]
pub(crate) struct Clauses {
    /// `as`
    pub(crate) right: Option<RightId>,
    /// `from`, if it is stated
    pub(crate) from: Option<Linear>,
    /// `from`, `until` and `when` together
    pub(crate) on: Formula,
    /// `quota`
    pub(crate) quota: Option<(Linear, Span)>,
    /// the expression of `quota`, for claims of members that are not listed
    pub(crate) quota_expr: Option<crate::syntax::tree::Expr>,
    /// `source`
    pub(crate) source: Option<String>,
    /// `as of`, ISO
    pub(crate) as_of: Option<String>,
}

/// Which modifiers a statement takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Takes {
    /// what it is called in messages
    pub(crate) what: &'static str,
    /// `as`
    pub(crate) right: bool,
    /// `from`, `until`
    pub(crate) dates: bool,
    /// `when`
    pub(crate) when: bool,
    /// `quota`
    pub(crate) quota: bool,
    /// `source`, `as of`
    pub(crate) source: bool,
    /// `on basis`
    pub(crate) basis: bool,
}

impl Takes {
    /// All but `quota` and `as`.
    pub(crate) const fn plain(what: &'static str) -> Self {
        Self { what, right: false, dates: true, when: true, quota: false, source: true, basis: true }
    }

    /// All but `quota`.
    pub(crate) const fn righted(what: &'static str) -> Self {
        Self { right: true, ..Self::plain(what) }
    }

    /// All.
    pub(crate) const fn claim() -> Self {
        Self { quota: true, ..Self::righted("a claim") }
    }

    /// None.
    pub(crate) const fn none(what: &'static str) -> Self {
        Self { what, right: false, dates: false, when: false, quota: false, source: false, basis: false }
    }
}

impl<'p> Lower<'p> {
    /// Reads the modifiers of one statement. `None` after an error.
    pub(crate) fn modifiers(
        &mut self,
        module: ModuleId,
        modifiers: &[Modifier],
        takes: Takes,
        env: &Env,
        read_quota: bool,
    ) -> Option<Clauses> {
        let mut out = Clauses {
            right: None,
            from: None,
            on: Formula::truth(),
            quota: None,
            quota_expr: None,
            source: None,
            as_of: None,
        };
        let mut until: Option<(Linear, Span)> = None;
        let mut from_span = None;
        let mut ok = true;
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for modifier in modifiers {
            let (word, fits) = match &modifier.kind {
                ModifierKind::As(_) => ("as", takes.right),
                ModifierKind::From(_) => ("from", takes.dates),
                ModifierKind::Until(_) => ("until", takes.dates),
                ModifierKind::When(_) => ("when", takes.when),
                ModifierKind::Quota(_) => ("quota", takes.quota),
                ModifierKind::Basis(_) => ("on basis", takes.basis),
                ModifierKind::Source(_) => ("source", takes.source),
                ModifierKind::AsOf(_) => ("as of", takes.source),
                ModifierKind::Unless(_) => ("unless", false),
                ModifierKind::Within(_) => ("within", false),
                ModifierKind::After(_) => ("after", false),
                ModifierKind::Before { .. } => ("at least … before", false),
                ModifierKind::Every(_) => ("every", false),
                ModifierKind::ForTheFirst(_) => ("for the first", false),
                ModifierKind::In(_) => ("in", false),
                ModifierKind::Notwithstanding(_) => ("notwithstanding", false),
                ModifierKind::SubjectTo(_) => ("subject to", false),
                ModifierKind::EachAnswerable => ("each answerable", false),
                ModifierKind::Discretion => ("as it deems necessary", false),
            };
            if !fits {
                self.scope.report(
                    Diagnostic::error(
                        "clause-does-not-fit",
                        modifier.span,
                        format!("`{word}` says nothing about {}", takes.what),
                        "does not belong here",
                    )
                    .help("leave it out, or put it after the statement it belongs to"),
                );
                ok = false;
                continue;
            }
            if let Some((_, first)) = seen.iter().find(|(w, _)| *w == word) {
                self.scope.report(
                    Diagnostic::error(
                        "clause-twice",
                        modifier.span,
                        format!("`{word}` stands twice after one statement"),
                        "second time",
                    )
                    .label(*first, "first time")
                    .help(if word == "when" { "join both with `and`" } else { "keep one of them" }),
                );
                ok = false;
                continue;
            }
            seen.push((word, modifier.span));
            let read = match &modifier.kind {
                ModifierKind::As(path) => self.right(module, path).map(|r| out.right = Some(r)),
                ModifierKind::From(e) => {
                    from_span = Some(modifier.span);
                    self.scope
                        .quantity_of(module, e, env, &Type::Date, "`from` takes a date")
                        .map(|d| out.from = Some(d))
                }
                ModifierKind::Until(e) => self
                    .scope
                    .quantity_of(module, e, env, &Type::Date, "`until` takes a date")
                    .map(|d| until = Some((d, modifier.span))),
                ModifierKind::When(e) => {
                    self.scope.truth(module, e, env).map(|f| out.on = Formula::and([out.on.clone(), f]))
                }
                ModifierKind::Quota(e) => {
                    out.quota_expr = Some(e.clone());
                    if read_quota {
                        self.scope
                            .quantity_of(module, e, env, &Type::Percent, "`quota` takes a percentage")
                            .map(|q| out.quota = Some((q, e.span)))
                    } else {
                        Some(())
                    }
                }
                ModifierKind::Basis(_) => Some(()),
                ModifierKind::Source(t) => {
                    out.source = Some(t.text.clone());
                    Some(())
                }
                ModifierKind::AsOf(e) => self.date(module, e, env).map(|d| out.as_of = Some(d)),
                // no border statement takes them: refused above
                _ => None,
            };
            ok &= read.is_some();
        }
        // the first walk makes no statements
        let stated = self.scope.phase != Phase::Claims;
        let today = || Linear::var(&day());
        if let Some(from) = out.from.as_ref().filter(|_| stated) {
            out.on = Formula::and([out.on.clone(), Formula::le(from, &today())]);
        }
        if let Some((until, span)) = &until {
            if stated {
                out.on = Formula::and([out.on.clone(), Formula::le(&today(), until)]);
            }
            if let Some(from) = &out.from
                && let Some(length) = (until.clone() - from.clone()).as_constant()
                && length.is_negative()
            {
                let mut error = Diagnostic::error(
                    "empty-range",
                    *span,
                    "this range of dates is empty: it ends before it begins",
                    "the last day",
                );
                if let Some(at) = from_span {
                    error = error.label(at, "the first day");
                }
                self.scope.report(error.help("write the earlier date after `from`"));
                ok = false;
            }
        }
        if let Some((share, span)) = &out.quota
            && let Some(share) = share.as_constant()
            && (share.is_negative() || *share > num_rational::BigRational::from_integer(1.into()))
        {
            self.scope.report(
                Diagnostic::error("bad-share", *span, "a share is between 0% and 100%", "not between them")
                    .help("write the part of the whole that is claimed"),
            );
            ok = false;
        }
        ok.then_some(out)
    }

    /// A stated date in ISO form.
    pub(crate) fn date(&mut self, module: ModuleId, e: &crate::syntax::tree::Expr, env: &Env) -> Option<String> {
        let d = self.scope.quantity_of(module, e, env, &Type::Date, "`as of` takes a date")?;
        let d = self.scope.stated(&d, e.span, "the date of a source")?;
        Some(crate::types::calendar::print(&d))
    }

    /// The right a path names; `sovereignty` and `administration` are known without a module.
    pub(crate) fn right(&mut self, module: ModuleId, path: &Path) -> Option<RightId> {
        if let Some((definition, taken)) = self.scope.names.find(module, path)
            && taken == path.segments.len()
            && let Some(id) = self.scope.rights.get(&definition)
        {
            return Some(*id);
        }
        if let [only] = path.segments.as_slice() {
            match only.text.as_str() {
                "sovereignty" => return Some(super::declare::SOVEREIGNTY),
                "administration" => return Some(super::declare::ADMINISTRATION),
                _ => {}
            }
        }
        self.scope.find(module, path, "a right", |i| matches!(i, ItemKind::Right(_)));
        None
    }

    /// The mode of a right.
    pub(crate) fn mode(&self, right: RightId) -> RightMode {
        self.scope.program.rights.get(right.0 as usize).map_or(RightMode::Exclusive, |r| r.mode)
    }
}
