//! Claims: of one party, of every member of a kind, of members that are not listed.
//!
//! In: `P claims R`, `every K e claims R`. Out: one draft for each claimant. A share stands exactly where the right is
//! divided into shares.

use super::declare::SOVEREIGNTY;
use super::modifiers::{Clauses, Takes};
use super::order::Container;
use super::statements::reads_early;
use super::{Lower, folded};
use crate::atlas::{AtlasId, CellSet, RegionExpr};
use crate::diagnostic::Diagnostic;
use crate::model::{KindId, PartyId, Region, StatementKind};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{self, Expr, ExprKind, RightMode, Statement, Subject};
use crate::types::region::Phase;
use crate::types::{Env, Type, Typed, Value};
use num_rational::BigRational;
use num_traits::{One, Zero};
use std::rc::Rc;

impl<'p> Lower<'p> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement and its place")]
    pub(super) fn claim(
        &mut self,
        module: ModuleId,
        s: &Statement,
        subject: &Subject,
        region: &Expr,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        match subject {
            Subject::Party(path) => {
                let party = self.scope.party(module, path, env);
                let c = self.modifiers(module, &s.modifiers, Takes::claim(), env, true);
                if self.scope.phase == Phase::Collect && reads_early(s, env) {
                    let ground = self.scope.region(module, region, env, None);
                    let (Some(party), Some(c), Some(ground)) = (party, c, ground) else { return };
                    if self.author(party, path.span, container).is_some() {
                        self.early_claim(s, party, (region.span, ground), c, container, place);
                    }
                    return;
                }
                let ground = self.ground(module, region, env);
                let (Some(party), Some(c), Some(ground)) = (party, c, ground) else { return };
                if self.author(party, path.span, container).is_none() {
                    return;
                }
                self.one_claim(s, party, ground, c, container, place);
            }
            Subject::Every { kind, variable } => {
                let Some(kind_id) = self.scope.kind(module, kind) else { return };
                let members: Vec<PartyId> = env
                    .members
                    .iter()
                    .copied()
                    .filter(|m| self.scope.program.is_kind(self.scope.kind_of(*m), kind_id))
                    .collect();
                for member in members {
                    let mut inner = env.clone();
                    inner.it = Some(member);
                    if let Some(v) = variable {
                        let sort = Type::Party(self.scope.kind_of(member));
                        inner
                            .bound
                            .insert(v.text.to_string(), Typed { sort, value: Value::Party(member), span: v.span });
                    }
                    let c = self.modifiers(module, &s.modifiers, Takes::claim(), &inner, true);
                    let ground = self.ground(module, region, &inner);
                    let (Some(c), Some(ground)) = (c, ground) else { return };
                    let name = self.scope.program.party_name(member).to_owned();
                    self.one_claim(s, member, ground, c, container, &format!("{place}/{name}"));
                }
                let open: Vec<KindId> =
                    env.open.iter().copied().filter(|k| self.scope.program.is_kind(*k, kind_id)).collect();
                for kind in open {
                    let c = self.modifiers(module, &s.modifiers, Takes::claim(), env, false);
                    let ground = self.ground(module, region, env);
                    let (Some(c), Some(region)) = (c, ground) else { return };
                    let right = c.right.unwrap_or(SOVEREIGNTY);
                    let quota = match &c.quota_expr {
                        Some(e) => match self.open_quota(kind, e, variable.as_ref()) {
                            Some(q) => Some(Box::new(q)),
                            None => return,
                        },
                        None => None,
                    };
                    if !self.quota_fits(s.span, right, quota.is_some()) {
                        return;
                    }
                    let kind_name =
                        self.scope.program.kinds.get(kind.0 as usize).map_or_else(String::new, |k| k.name.clone());
                    let what = StatementKind::OpenClaim { kind, right, region, quota };
                    if let Some(draft) = self.draft(
                        s,
                        container,
                        &format!("{place}/any {kind_name}"),
                        c,
                        container.authors.to_vec(),
                        what,
                    ) {
                        self.drafts.push(draft);
                    }
                }
            }
        }
    }

    /// A claim that needs no cells to be read, while leaves are collected: a second reading would find the same. It gets its
    /// cells when they stand ([`Self::place_early`]).
    fn early_claim(
        &mut self,
        s: &Statement,
        party: PartyId,
        (span, (atlas, expr)): (Span, (AtlasId, RegionExpr)),
        c: Clauses,
        container: &Rc<Container>,
        place: &str,
    ) {
        let right = c.right.unwrap_or(SOVEREIGNTY);
        if !self.quota_fits(s.span, right, false) {
            return;
        }
        let region = Region { atlas, cells: CellSet::default(), words: folded(self.scope.sources.slice(span)) };
        let kind = StatementKind::Claim { party, right, region, quota: None };
        let draft = self.drafted(s, container, place, c, Some(atlas), vec![party], kind);
        self.early.push(draft);
        self.early_grounds.push((span, expr));
    }

    /// One claim of one party.
    pub(crate) fn one_claim(
        &mut self,
        s: &Statement,
        party: PartyId,
        region: Region,
        c: Clauses,
        container: &Rc<Container>,
        place: &str,
    ) {
        let right = c.right.unwrap_or(SOVEREIGNTY);
        if !self.quota_fits(s.span, right, c.quota.is_some()) {
            return;
        }
        let quota = c.quota.as_ref().map(|(q, _)| Box::new(q.clone()));
        let kind = StatementKind::Claim { party, right, region, quota };
        if let Some(draft) = self.draft(s, container, place, c, vec![party], kind) {
            self.drafts.push(draft);
        }
    }

    /// Whether a claim to this right states a share exactly when it must.
    pub(super) fn quota_fits(&mut self, span: Span, right: crate::model::RightId, stated: bool) -> bool {
        let name = || self.scope.program.right_name(right);
        match (self.mode(right), stated) {
            (RightMode::Quota, false) => {
                self.scope.report(
                    Diagnostic::error(
                        "missing-share",
                        span,
                        format!("a claim to `{}` states a share", name()),
                        "no share is stated",
                    )
                    .help("write for instance `quota 30%` after it"),
                );
                false
            }
            (RightMode::Exclusive | RightMode::Shared, true) => {
                self.scope.report(
                    Diagnostic::error(
                        "share-of-whole",
                        span,
                        format!("`{}` is not divided into shares", name()),
                        "takes no quota",
                    )
                    .help("leave the quota out, or claim a right that is declared `quota`"),
                );
                false
            }
            _ => true,
        }
    }

    /// The share of a member that is not listed: `q(e)`, a number times it, plus a number.
    pub(super) fn open_quota(
        &mut self,
        kind: KindId,
        e: &Expr,
        variable: Option<&tree::Name>,
    ) -> Option<(BigRational, String, BigRational)> {
        if let ExprKind::Call { callee, arguments } = &e.kind
            && let ([name], [argument]) = (callee.segments.as_slice(), arguments.as_slice())
        {
            let own = match &argument.value.kind {
                ExprKind::It => true,
                ExprKind::Path(p) => {
                    matches!((p.segments.as_slice(), variable), ([only], Some(v)) if only.text == v.text)
                }
                _ => false,
            };
            if own && let Some((sort, _)) = self.scope.attribute_of_kind(kind, &name.text) {
                if sort == Type::Percent {
                    return Some((BigRational::one(), name.text.to_string(), BigRational::zero()));
                }
                self.scope.report(Diagnostic::error(
                    "wrong-type",
                    e.span,
                    format!("expected a percentage, found {}", sort.phrase()),
                    "the share of each member",
                ));
                return None;
            }
        }
        if let Some(v) = self.scope.value(ModuleId(0), e, &Env::default(), Some(&Type::Percent))
            && let Some(c) = v.constant()
        {
            return Some((BigRational::zero(), String::new(), c.clone()));
        }
        self.scope.report(
            Diagnostic::error(
                "open-in-number",
                e.span,
                "the share of members that are not listed is one attribute of each, or a number",
                "neither",
            )
            .help("write `quota q(e)` with an attribute q of the kind"),
        );
        None
    }
}
