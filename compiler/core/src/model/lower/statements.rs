//! Border statements.
//!
//! In: statements of an article, an accession or a model clause, and where they stand. Out: [`Draft`]s. Who may make a
//! statement, which clauses it takes and on whose word it rests is decided here; what it means in a conflict is not.

use super::declare::{ADMINISTRATION, SOVEREIGNTY};
use super::modifiers::{Clauses, Takes};
use super::order::{Container, Waives};
use super::{Draft, Lower, folded};
use crate::atlas::{AtlasId, RegionExpr};
use crate::diagnostic::Diagnostic;
use crate::model::{PartyId, Region, StatementKind};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{
    Expr, ExprKind, Modifier, ModifierKind, Path, Statement, StatementKind as Written, Subject, WaiverTarget,
};
use crate::types::Env;
use crate::types::region::Phase;
use std::fmt::Write as _;
use std::rc::Rc;

/// Whether ground is the same wherever it is asked for: a name or a prefix that stands in an article.
fn says_all_itself(region: &Expr, env: &Env) -> bool {
    let plain = env.bound.is_empty() && env.it.is_none() && env.home.is_none() && env.depth == 0;
    plain && matches!(region.kind, ExprKind::Path(_) | ExprKind::Prefix(_))
}

fn empty_region(span: Span) -> Diagnostic {
    Diagnostic::error("empty-region", span, "this region is empty", "no ground is left of it")
        .help("check the differences and intersections in it")
}

/// Whether a claim can be read whole before the cells stand: its ground says all itself, and so do its clauses.
pub(super) fn reads_early(s: &Statement, env: &Env) -> bool {
    let Written::Claims { party: Subject::Party(_), region } = &s.kind else { return false };
    let plain = |m: &Modifier| match &m.kind {
        ModifierKind::As(_) | ModifierKind::Source(_) | ModifierKind::Basis(_) => true,
        ModifierKind::From(e) | ModifierKind::Until(e) | ModifierKind::AsOf(e) => {
            matches!(e.kind, ExprKind::Date { .. })
        }
        _ => false,
    };
    says_all_itself(region, env) && s.modifiers.iter().all(plain)
}

impl<'p> Lower<'p> {
    /// Reads the statements of one container, in order.
    pub(crate) fn statements(
        &mut self,
        module: ModuleId,
        statements: &'p [Statement],
        container: &Rc<Container>,
        env: &Env,
    ) {
        let mut env = env.clone();
        let built = self.scope.phase == Phase::Built;
        let mut number = String::new();
        for (place, statement) in statements.iter().enumerate() {
            if built && reads_early(statement, &env) {
                continue; // drafted while leaves were collected
            }
            number.clear();
            let _ = write!(number, "{}", place + 1);
            env.place.clear();
            env.place.push_str(&container.prefix);
            env.place.push('/');
            env.place.push_str(&number);
            self.statement(module, statement, container, &number, &env);
        }
    }

    pub(super) fn statement(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        match &s.kind {
            Written::Claims { party, region } => self.claim(module, s, party, region, container, place, env),
            Written::ClaimsFrom { data, field, atlas } => {
                self.claims_from(module, s, data, field, atlas, container, env)
            }
            Written::DelegationsFrom { .. } => self.delegations_from(module, s, container, env),
            Written::Adopts { clause, arguments } => self.adopts(module, s, clause, arguments, container, place, env),
            Written::Boundary { .. } => self.boundary(module, s, container, place, env),
            Written::Require(requirement) => self.requirement(module, s, requirement, container, place, env),
            Written::Norm(_)
            | Written::Trigger(_)
            | Written::For(_)
            | Written::Ceiling { .. }
            | Written::Lift { .. }
            | Written::Compensate { .. }
            | Written::Exempt { .. }
            | Written::Proportionate
            | Written::SnapBack
            | Written::Reservation { .. }
            | Written::Prevails { .. }
            | Written::Withdraw { .. }
            | Written::Survives { .. } => self.conduct_statement(module, s, container, place, env),
            _ => {
                if let Some(draft) = self.plain(module, s, container, place, env) {
                    self.drafts.push(draft);
                }
            }
        }
    }

    /// Statements about one region that need nothing else.
    pub(super) fn plain(
        &mut self,
        module: ModuleId,
        s: &Statement,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) -> Option<Draft> {
        let scope_party = |l: &mut Self, p: &Path| l.scope.party(module, p, env);
        match &s.kind {
            Written::Controls { party, region } => {
                let party = self.one_subject(module, party, env);
                let c = self.modifiers(module, &s.modifiers, Takes::plain("control"), env, false);
                let region = self.ground(module, region, env);
                let (party, c, region) = (party?, c?, region?);
                self.author(party, s.span, container)?;
                self.draft(s, container, place, c, vec![party], StatementKind::Control { party, region })
            }
            Written::Recognises { party, holder, region } => {
                let (p, q) = (scope_party(self, party), scope_party(self, holder));
                let c = self.modifiers(module, &s.modifiers, Takes::righted("a recognition"), env, false);
                let region = self.ground(module, region, env);
                let (p, q, c, region) = (p?, q?, c?, region?);
                self.author(p, party.span, container)?;
                self.not_oneself(p, q, holder.span, "recognises")?;
                let right = c.right.unwrap_or(SOVEREIGNTY);
                self.draft(
                    s,
                    container,
                    place,
                    c,
                    vec![p],
                    StatementKind::Recognition { party: p, holder: q, right, region },
                )
            }
            Written::Protests { party, holder, region } => {
                let (p, q) = (scope_party(self, party), scope_party(self, holder));
                let c = self.modifiers(module, &s.modifiers, Takes::righted("a protest"), env, false);
                let region = self.ground(module, region, env);
                let (p, q, c, region) = (p?, q?, c?, region?);
                self.author(p, party.span, container)?;
                self.not_oneself(p, q, holder.span, "protests")?;
                let right = c.right.unwrap_or(SOVEREIGNTY);
                self.draft(
                    s,
                    container,
                    place,
                    c,
                    vec![p],
                    StatementKind::Protest { party: p, holder: q, right, region },
                )
            }
            Written::Jointly { parties, region } => {
                let group = self.group(module, parties, env, container);
                let c = self.modifiers(module, &s.modifiers, Takes::righted("ground held jointly"), env, false);
                let region = self.ground(module, region, env);
                let (parties, c, region) = (group?, c?, region?);
                let right = c.right.unwrap_or(SOVEREIGNTY);
                self.draft(s, container, place, c, parties.clone(), StatementKind::Jointly { parties, right, region })
            }
            Written::SetAside { parties, region } => {
                let group = self.group(module, parties, env, container);
                let c = self.modifiers(module, &s.modifiers, Takes::plain("ground that is set aside"), env, false);
                let region = self.ground(module, region, env);
                let (parties, c, region) = (group?, c?, region?);
                self.draft(s, container, place, c, parties.clone(), StatementKind::SetAside { parties, region })
            }
            Written::Leases { party, region, to } => {
                let (p, q) = (scope_party(self, party), scope_party(self, to));
                let c = self.modifiers(module, &s.modifiers, Takes::righted("a lease"), env, false);
                let region = self.ground(module, region, env);
                let (p, q, c, region) = (p?, q?, c?, region?);
                self.author(p, party.span, container)?;
                self.not_oneself(p, q, to.span, "leases to")?;
                let right = c.right.unwrap_or(ADMINISTRATION);
                self.draft(s, container, place, c, vec![p], StatementKind::Lease { party: p, to: q, right, region })
            }
            Written::Delegates { party, region, to } => {
                let (p, q) = (scope_party(self, party), scope_party(self, to));
                let c = self.modifiers(module, &s.modifiers, Takes::plain("a delegation"), env, false);
                let region = self.ground(module, region, env);
                let (p, q, c, region) = (p?, q?, c?, region?);
                self.author(p, party.span, container)?;
                self.not_oneself(p, q, to.span, "delegates to")?;
                self.draft(s, container, place, c, vec![p], StatementKind::Delegation { party: p, to: q, region })
            }
            Written::HoldsUnder { party: holder, region, under } => {
                let (p, q) = (scope_party(self, holder), scope_party(self, under));
                let c = self.modifiers(module, &s.modifiers, Takes::plain("holding under another"), env, false);
                let region = self.ground(module, region, env);
                let (p, q, c, region) = (p?, q?, c?, region?);
                self.author(p, holder.span, container)?;
                self.not_oneself(p, q, under.span, "holds under")?;
                self.draft(s, container, place, c, vec![p], StatementKind::Under { party: p, under: q, region })
            }
            Written::Waives { party, region } => {
                let p = scope_party(self, party);
                let c = self.modifiers(module, &s.modifiers, Takes::righted("a waiver"), env, false);
                let region = self.ground(module, region, env);
                let (p, c, region) = (p?, c?, region?);
                self.author(p, party.span, container)?;
                let right = c.right;
                self.draft(s, container, place, c, vec![p], StatementKind::Waiver { party: p, right, region })
            }
            Written::Frozen { region } => {
                let c = self.modifiers(module, &s.modifiers, Takes::plain("frozen ground"), env, false);
                let region = self.ground(module, region, env);
                let (c, region) = (c?, region?);
                let from = c.from.clone();
                self.draft(s, container, place, c, container.authors.to_vec(), StatementKind::Frozen { region, from })
            }
            Written::Common { region } => {
                let c = self.modifiers(module, &s.modifiers, Takes::plain("common ground"), env, false);
                let region = self.ground(module, region, env);
                let (c, region) = (c?, region?);
                self.draft(s, container, place, c, container.authors.to_vec(), StatementKind::Common { region })
            }
            Written::RequirementWaived { target, parties } => {
                let mut for_whom = Vec::new();
                for path in parties {
                    for_whom.push(scope_party(self, path)?);
                }
                let takes = Takes { dates: true, basis: true, ..Takes::none("the waiver of a requirement") };
                let c = self.modifiers(module, &s.modifiers, takes, env, false)?;
                let waives = match target {
                    WaiverTarget::Article(number, span) => Waives::Article(number.clone(), *span),
                    WaiverTarget::Label(name) => Waives::Label(name.text.to_string(), name.span),
                };
                let kind = StatementKind::RequirementWaived { requirements: Vec::new(), parties: for_whom.clone() };
                let mut draft = self.draft(s, container, place, c, for_whom, kind)?;
                draft.waives = vec![waives];
                Some(draft)
            }
            Written::Claims { .. }
            | Written::ClaimsFrom { .. }
            | Written::DelegationsFrom { .. }
            | Written::Adopts { .. }
            | Written::Boundary { .. }
            | Written::Require(_) => None,
            // conduct has a room of its own
            _ => None,
        }
    }

    /// The ground of an expression; during the first walks without cells.
    pub(crate) fn ground(&mut self, module: ModuleId, region: &Expr, env: &Env) -> Option<Region> {
        // only the last walk makes statements
        let built = self.scope.phase == Phase::Built;
        let (atlas, expr) = match self.known_ground(region, env) {
            Some(known) => known,
            None => self.scope.region(module, region, env, None)?,
        };
        let words = if built { folded(self.scope.sources.slice(region.span)) } else { String::new() };
        let ground = self.scope.ground(atlas, &expr, words);
        match self.scope.phase {
            Phase::Claims => self.pending_claim = Some((atlas, expr)),
            Phase::Collect if says_all_itself(region, env) => self.grounds.push_back((region.span, atlas, expr)),
            Phase::Collect | Phase::Built => {}
        }
        if built && ground.cells.is_empty() {
            self.scope.report(empty_region(region.span));
            return None;
        }
        Some(ground)
    }

    /// What the walk that collects leaves has read here: both meet expressions in one order.
    fn known_ground(&mut self, region: &Expr, env: &Env) -> Option<(AtlasId, RegionExpr)> {
        if self.scope.phase != Phase::Built || !says_all_itself(region, env) {
            return None;
        }
        self.grounds.front().filter(|(span, ..)| *span == region.span)?;
        self.grounds.pop_front().map(|(_, atlas, expr)| (atlas, expr))
    }

    pub(super) fn one_subject(&mut self, module: ModuleId, subject: &Subject, env: &Env) -> Option<PartyId> {
        match subject {
            Subject::Party(path) => self.scope.party(module, path, env),
            Subject::Every { kind, .. } => {
                self.scope.report(
                    Diagnostic::error("not-here", kind.span, "control is stated of one party", "stated of many")
                        .help("name the party"),
                );
                None
            }
        }
    }

    /// The cells of the claims that were drafted while leaves were collected, now that there are some.
    pub(super) fn place_early(&mut self) {
        self.drafts = std::mem::take(&mut self.early);
        for (draft, (span, expr)) in self.drafts.iter_mut().zip(std::mem::take(&mut self.early_grounds)) {
            let StatementKind::Claim { region, .. } = &mut draft.kind else { continue };
            region.cells = self.scope.program.atlas(region.atlas).map(|a| a.region(&expr)).unwrap_or_default();
            if region.cells.is_empty() {
                self.scope.report(empty_region(span));
            }
        }
    }

    /// A draft of one statement.
    pub(crate) fn draft(
        &mut self,
        s: &Statement,
        container: &Rc<Container>,
        place: &str,
        c: Clauses,
        parties: Vec<PartyId>,
        kind: StatementKind,
    ) -> Option<Draft> {
        let atlas = match &kind {
            StatementKind::Claim { region, .. }
            | StatementKind::OpenClaim { region, .. }
            | StatementKind::Control { region, .. }
            | StatementKind::Recognition { region, .. }
            | StatementKind::Protest { region, .. }
            | StatementKind::Jointly { region, .. } => Some(region.atlas),
            _ => None,
        };
        if let (Phase::Claims, Some((atlas, expr))) = (self.scope.phase, self.pending_claim.take()) {
            let claimants: Vec<PartyId> = match &kind {
                StatementKind::Claim { party, .. } => vec![*party],
                StatementKind::Jointly { parties, .. } => parties.clone(),
                _ => Vec::new(),
            };
            for party in claimants {
                self.scope.claimed.entry((party, atlas)).or_default().push(expr.clone());
            }
        }
        // only the last walk makes statements; the earlier ones want claims and leaves
        (self.scope.phase == Phase::Built).then(|| self.drafted(s, container, place, c, atlas, parties, kind))
    }

    /// The same, whichever walk it is.
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement and its place")]
    pub(super) fn drafted(
        &self,
        s: &Statement,
        container: &Rc<Container>,
        place: &str,
        c: Clauses,
        atlas: Option<AtlasId>,
        parties: Vec<PartyId>,
        kind: StatementKind,
    ) -> Draft {
        let reading = self.reading(&c, atlas, &parties, container);
        Draft {
            container: Rc::clone(container),
            label: s.label.as_ref().map(|l| l.text.to_string()),
            address: [&container.prefix, "/", place].concat(),
            data_key: None,
            parties,
            kind,
            on: c.on,
            reading,
            span: s.span,
            text: folded(self.scope.sources.slice(s.span)),
            waives: Vec::new(),
            conduct: None,
        }
    }
}
