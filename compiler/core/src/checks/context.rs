//! What a check works with: the program, the prover, what is known already, and a sink for what it finds.
//!
//! In: a program and a prover. Out: [`Sink`]. Questions go through [`Context::ask`], which counts them and assumes the ranges
//! of terms and unknowns; findings go through [`Context::report`], which puts them into words that are the same in every
//! check: places, readings, names of ground, areas, dates, fingerprints.

mod each;
mod sink;

pub use sink::Sink;

use super::draft::Draft;
use super::ground::Ground;
use super::norms::Norms;
use super::norms::ask::Asking;
use super::norms::dilemma::{self, Outcome};
use super::question::{Question, Reply};
use super::study::Study;
use crate::engine::{Options, Setting};
use crate::explain::canonical_model;
use crate::logic::{Answer, Formula, Label, Model, Prover, Session, Unknown, Var};
use crate::model::conduct::NormId;
use crate::model::{AccessionId, CharterId, PartyId, Program, Statement, StatementId, StatementKind};
use crate::report::document::{Asked, Finding, NotAsked, Proved, Reading, StatementEntry, Undecided};
use crate::report::{Level, fingerprint};
use crate::source::{Sources, Span};
use each::{Known, Shared, Threads};
use indexmap::IndexMap;
use sink::{Found, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The least budget that is worth a second try, in the solver's units: most questions that are decided at all take less.
const OF_USE: u64 = 1_000_000;

/// The statements that are compared with one another: those of a charter's members, alone or with one candidate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct View {
    /// the charter
    pub charter: CharterId,
    /// the candidate's instrument
    pub with: Option<AccessionId>,
}

/// What a check works with.
pub struct Context<'a> {
    program: &'a Program,
    sources: &'a Sources,
    prover: &'a dyn Prover,
    options: &'a Options,
    ranges: Formula,
    found: Found,
    known: Known<'a>,
    scratch: Option<Box<dyn Session + 'a>>,
    threads: Threads,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("asked", &self.found.asked)
            .field("findings", &self.found.findings.len())
            .finish()
    }
}

impl<'a> Context<'a> {
    /// With nothing asked yet.
    #[must_use]
    pub fn new(program: &'a Program, sources: &'a Sources, prover: &'a dyn Prover, options: &'a Options) -> Self {
        let terms = program.terms.iter().map(|t| t.range.clone());
        let unknowns = program.unknowns.iter().map(|u| u.range.clone());
        let ranges = Formula::and(terms.chain(unknowns));
        Self::beside(Shared { program, sources, prover, options, ranges, known: Known::default() })
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// How to check.
    #[must_use]
    pub fn options(&self) -> &'a Options {
        self.options
    }

    /// The solver, for questions that [`Self::ask`] does not cover. Count them with [`Self::count`].
    #[must_use]
    pub fn prover(&self) -> &'a dyn Prover {
        self.prover
    }

    /// The ranges of all terms and unknowns.
    #[must_use]
    pub fn ranges(&self) -> &Formula {
        &self.ranges
    }

    /// Every charter with its members' statements alone.
    #[must_use]
    pub fn charters(&self) -> Vec<View> {
        (0u32..).zip(&self.program.charters).map(|(i, _)| View { charter: CharterId(i), with: None }).collect()
    }

    /// Every accession, each with the charter it is to.
    #[must_use]
    pub fn accessions(&self) -> Vec<View> {
        (0u32..)
            .zip(&self.program.accessions)
            .map(|(i, a)| View { charter: a.charter, with: Some(AccessionId(i)) })
            .collect()
    }

    /// The statements of a view, in canonical order: those that stand in the charter, the candidate's, and the acceptances
    /// of its parties wherever they stand.
    #[must_use]
    pub fn statements(&self, view: View) -> Vec<&'a Statement> {
        let parties = self.parties(view);
        self.program
            .statements
            .iter()
            .filter(|s| match (&s.kind, s.charter, s.accession) {
                (_, Some(c), None) => c == view.charter,
                (_, Some(_), Some(a)) => Some(a) == view.with,
                (StatementKind::Acceptance { party, .. }, None, _) => parties.contains(party),
                _ => false,
            })
            .collect()
    }

    /// The parties of a view: listed members, whoever answers for a statement in it, and the candidate.
    #[must_use]
    pub fn parties(&self, view: View) -> BTreeSet<PartyId> {
        let mut out = BTreeSet::new();
        if let Some(charter) = self.program.charters.get(view.charter.0 as usize) {
            out.extend(charter.members.iter().copied());
        }
        for s in &self.program.statements {
            if s.charter == Some(view.charter) && (s.accession.is_none() || s.accession == view.with) {
                out.extend(s.parties.iter().copied());
            }
        }
        if let Some(a) = view.with.and_then(|a| self.program.accessions.get(a.0 as usize)) {
            out.insert(a.party);
        }
        out
    }

    /// The name of a charter.
    #[must_use]
    pub fn charter_name(&self, charter: CharterId) -> &'a str {
        self.program.charters.get(charter.0 as usize).map_or("?", |c| c.name.as_str())
    }

    /// The clashes of a view and whether they can be settled. Asked once.
    pub fn study(&mut self, view: View) -> Arc<Study<'a>> {
        if let Some(known) = self.known.studies.get(&view) {
            return Arc::clone(known);
        }
        let study = Arc::new(Study::new(self, view));
        self.known.studies.insert(view, Arc::clone(&study));
        study
    }

    /// What questions about the situations of a view share. Read once.
    pub(crate) fn asking(&mut self, view: View) -> Arc<Asking<'a>> {
        if let Some(known) = self.known.askings.get(&view) {
            return Arc::clone(known);
        }
        let asking = Arc::new(Asking::new(self, view));
        self.known.askings.insert(view, Arc::clone(&asking));
        asking
    }

    /// What is known of the norms of a charter. Asked once.
    pub(crate) fn norms(&mut self, charter: CharterId) -> Arc<Norms<'a>> {
        if let Some(known) = self.known.norms.get(&charter) {
            return Arc::clone(known);
        }
        let norms = Arc::new(Norms::new(self, charter));
        self.known.norms.insert(charter, Arc::clone(&norms));
        norms
    }

    /// What leaves a duty to act without a lawful way to meet it. Asked once.
    pub(crate) fn dilemma(&mut self, view: View, norm: NormId) -> Arc<Outcome> {
        if let Some(known) = self.known.dilemmas.get(&(view, norm)) {
            return Arc::clone(known);
        }
        let asking = self.asking(view);
        let duty = self.program.conduct.norm(norm);
        let outcome = Arc::new(duty.map_or_else(Outcome::default, |norm| dilemma::duty(self, &asking, norm)));
        self.known.dilemmas.insert((view, norm), Arc::clone(&outcome));
        outcome
    }

    /// How many questions were put.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.found.asked
    }

    /// Counts questions that were put without [`Self::ask`].
    pub fn count(&mut self, questions: usize) {
        self.found.asked += questions;
    }

    /// Counts whatever is asked inside as one question: how often the solver is asked depends on its models.
    pub(crate) fn as_one<R>(&mut self, ask: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.found.asked;
        let out = ask(self);
        self.found.asked = before + 1;
        out
    }

    /// Puts a question. The ranges of terms and unknowns are assumed.
    pub fn ask(&mut self, question: &Question) -> Reply {
        if question.assumptions.is_empty() {
            let conditions = [self.ranges.clone(), question.goal.clone()];
            return match self.can_hold(&conditions) {
                Answer::Sat(model) => Reply::Possible(model),
                Answer::Unsat { .. } => Reply::Impossible(Vec::new()),
                Answer::Unknown(why) => Reply::Undecided(self.reached(&why)),
            };
        }
        self.found.asked += 1;
        let mut session = self.prover.session();
        session.assert(&self.ranges);
        session.assert(&question.goal);
        let mut labels = BTreeSet::new();
        for (id, formula) in &question.assumptions {
            session.assert_labelled(Label(id.0), formula);
            labels.insert(Label(id.0));
        }
        let all: Vec<Label> = labels.iter().copied().collect();
        match session.check(&all, &[]) {
            Answer::Sat(model) => Reply::Possible(model),
            Answer::Unknown(why) => Reply::Undecided(self.reached(&why)),
            Answer::Unsat { .. } => {
                // by leaving out from the last on: what is left is minimal, and preferred by the order of statements
                let mut core = all;
                for label in labels.iter().rev() {
                    let fewer: Vec<Label> = core.iter().copied().filter(|l| l != label).collect();
                    match session.check(&fewer, &[]) {
                        Answer::Unsat { .. } => core = fewer,
                        Answer::Sat(_) => {}
                        Answer::Unknown(why) => return Reply::Undecided(self.reached(&why)),
                    }
                }
                Reply::Impossible(core.into_iter().map(|l| StatementId(l.0)).collect())
            }
        }
    }

    /// Whether these can hold together, without the ranges unless they are among them. Goes to one session that is kept
    /// for such questions, as opening one costs more than most of them.
    pub fn can_hold(&mut self, conditions: &[Formula]) -> Answer {
        self.found.asked += 1;
        self.scratch().check(&[], conditions)
    }

    /// Whether a condition can hold. Not known counts as no: for notes that may be left out.
    pub fn can(&mut self, condition: &Formula) -> bool {
        matches!(self.can_hold(std::slice::from_ref(condition)), Answer::Sat(_))
    }

    /// The simplest values of these variables, in this order, under which all conditions hold: the same from every solver.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    pub fn simplest(&mut self, conditions: &[Formula], vars: &[Var]) -> Result<Option<Model>, String> {
        self.found.asked += 1;
        let found = canonical_model(self.scratch(), &[], conditions, vars);
        found.map_err(|why| self.reached(&why.0))
    }

    fn scratch(&mut self) -> &mut (dyn Session + 'a) {
        let prover = self.prover;
        &mut **self.scratch.get_or_insert_with(|| prover.session())
    }

    /// Why there is no answer, in words.
    #[must_use]
    pub fn reached(&self, why: &Unknown) -> String {
        match why {
            Unknown::Budget => match self.options.budget {
                // not ten times a handful: what is below the least that is of use would run out again
                Some(n) => {
                    let more = n.saturating_mul(10).max(OF_USE);
                    format!("the budget of {n} ran out; raise the budget with `--budget {more}`")
                }
                None => "the budget ran out; raise the budget with `--budget N`".to_owned(),
            },
            Unknown::Incomplete => "the question is outside of what the solver decides".to_owned(),
            Unknown::Fault(what) => format!("fault: {what}; this is an error in the checker, please report it"),
        }
    }

    /// Takes a proof.
    pub fn prove(
        &mut self,
        code: &str,
        charter: Option<CharterId>,
        question: impl Into<String>,
        core: &[StatementId],
        witness: IndexMap<String, String>,
    ) {
        let core = core.iter().filter_map(|s| self.program.statement(*s)).map(|s| s.address.clone()).collect();
        self.take_proof(code, charter, question.into(), core, (witness, false));
    }

    /// Takes a question that a situation answers, which was made up for it.
    pub fn prove_by(
        &mut self,
        code: &str,
        charter: CharterId,
        question: impl Into<String>,
        days: IndexMap<String, String>,
    ) {
        self.take_proof(code, Some(charter), question.into(), Vec::new(), (days, true));
    }

    fn take_proof(
        &mut self,
        code: &str,
        charter: Option<CharterId>,
        question: String,
        core: Vec<String>,
        (witness, hypothetical): (IndexMap<String, String>, bool),
    ) {
        let name = charter.map(|c| self.charter_name(c).to_owned());
        let proved = Proved { code: code.to_owned(), question, charter: name, core, witness, hypothetical };
        self.found.proved.push((charter, proved));
    }

    /// Takes a question without an answer.
    pub fn undecided(
        &mut self,
        code: &str,
        charter: Option<CharterId>,
        question: impl Into<String>,
        reached: impl Into<String>,
    ) {
        let name = charter.map(|c| self.charter_name(c).to_owned());
        let entry =
            Undecided { code: code.to_owned(), question: question.into(), charter: name, reached: reached.into() };
        self.found.undecided.push((charter, entry));
    }

    /// Takes a question that was not put, with what is missing.
    pub fn not_asked(&mut self, code: &str, because: impl Into<String>) {
        self.found.not_asked.push(NotAsked { code: code.to_owned(), because: because.into() });
    }

    /// Takes a finding.
    pub fn report(&mut self, draft: Draft) {
        let check = super::check(draft.code);
        let default = draft.level.or(check.map(super::Check::level)).unwrap_or(Level::Error);
        let setting = self.options.levels.iter().find(|(c, _)| c.eq_ignore_ascii_case(draft.code)).map(|(_, s)| *s);
        let level = match setting {
            None => default,
            Some(Setting::Deny) => Level::Error,
            Some(Setting::Warn) => Level::Warning,
            Some(Setting::Allow) => {
                *self.found.allowed.entry(draft.code).or_default() += 1;
                return;
            }
        };
        let title = check.map_or("", super::Check::title);
        let entry = self.finding(draft, level, title);
        self.found.findings.push(entry);
    }

    /// Whether a finding at error level arose with this candidate: then it cannot join as written.
    #[must_use]
    pub fn stands_in_the_way(&self, accession: AccessionId) -> bool {
        self.found.findings.iter().any(|((_, a, ..), f)| *a == Some(accession) && f.level == Level::Error)
    }

    /// Whether a finding of one of these codes is about some of these statements and nothing else: then it names the cause
    /// already, and says under `also` that it is an instance of this code too (semantics §24).
    pub(crate) fn has_cause(
        &mut self,
        charter: CharterId,
        codes: &[&str],
        statements: &BTreeSet<StatementId>,
        also: &str,
    ) -> bool {
        let same = |(of, _, code, _, about, _): &Place| {
            *of == Some(charter)
                && codes.contains(code)
                && !about.is_empty()
                && about.iter().all(|s| statements.contains(s))
        };
        let mut all = self.found.findings.iter_mut().filter(|(_, finding)| finding.level != Level::Note);
        let Some((_, finding)) = all.find(|(place, _)| same(place)) else { return false };
        if finding.code != also && !finding.also.iter().any(|a| a == also) {
            finding.also.push(also.to_owned());
            finding.also.sort();
        }
        true
    }

    /// Everything, in canonical order, without repetition.
    #[must_use]
    pub fn finish(self) -> Sink {
        self.found.finish()
    }

    fn finding(&self, draft: Draft, level: Level, title: &str) -> (Place, Finding) {
        let mut roles: BTreeMap<StatementId, String> = BTreeMap::new();
        for (id, role) in draft.statements {
            let known = roles.entry(id).or_default();
            if known.is_empty() {
                *known = role;
            }
        }
        let statements: Vec<(&Statement, String)> =
            roles.into_iter().filter_map(|(id, role)| Some((self.program.statement(id)?, role))).collect();
        let mut identities: Vec<String> = statements.iter().map(|(s, _)| s.identity().into_owned()).collect();
        identities.extend(draft.identity);
        identities.extend(draft.accession.and_then(|a| {
            let party = self.program.accessions.get(a.0 as usize)?.party;
            Some(format!("with {}", self.program.party_name(party)))
        }));
        if statements.is_empty() {
            identities.extend(draft.charter.map(|c| self.charter_name(c).to_owned()));
        }
        // all the members answer for what they require; a finding concerns those who do not meet it
        let parties: BTreeSet<String> = statements
            .iter()
            .filter(|(s, _)| !super::cover::is_requirement(s))
            .flat_map(|(s, _)| s.parties.iter())
            .chain(&draft.parties)
            .map(|p| self.program.party_name(*p).to_owned())
            .collect();
        let readings: BTreeSet<Reading> = statements.iter().flat_map(|(s, _)| self.readings(s)).collect();
        let ground = Ground::of(self.program, &draft.ground);
        let place = (
            draft.charter,
            draft.accession,
            draft.code,
            statements.len(),
            statements.iter().map(|(s, _)| s.id).collect(),
            draft.message.clone(),
        );
        let told = draft.told;
        let mut values = told.values;
        values.extend(draft.values);
        let mut also = draft.also;
        also.sort();
        also.dedup();
        let finding = Finding {
            code: draft.code.to_owned(),
            title: title.to_owned(),
            level,
            fingerprint: fingerprint(draft.code, &identities),
            message: draft.message,
            charter: draft.charter.map(|c| self.charter_name(c).to_owned()),
            parties: parties.into_iter().collect(),
            asked: draft.asked.map(|(span, text)| self.place_asked(span, text)),
            statements: statements.into_iter().map(|(s, role)| self.entry(s, role)).collect(),
            regions: ground.names,
            area_km2: ground.area_km2,
            extent: ground.extent,
            cells: ground.cells,
            components: ground.components,
            width_m: ground.width_m,
            during: draft.during.iter().map(|(a, b)| (a.map(super::words::date), b.map(super::words::date))).collect(),
            point: ground.point,
            reading: readings.into_iter().collect(),
            hypothetical: draft.hypothetical,
            minimal: draft.minimal,
            also,
            depends_on: draft.depends_on,
            situation: told.entries,
            roles: told.roles,
            casting: told.casting,
            values,
            table: draft.table,
            ways_out: draft.ways_out,
            notes: draft.notes,
        };
        (place, finding)
    }

    fn place_asked(&self, span: Span, text: String) -> Asked {
        let (path, at) = (self.sources.path(span.file).to_owned(), self.sources.position(span));
        Asked { path, line: at.line, column: at.column, text, span: Some(span) }
    }

    fn entry(&self, s: &Statement, role: String) -> StatementEntry {
        let at = self.sources.position(s.span);
        StatementEntry {
            id: s.address.clone(),
            parties: s.parties.iter().map(|p| self.program.party_name(*p).to_owned()).collect(),
            path: self.sources.path(s.span.file).to_owned(),
            line: at.line,
            column: at.column,
            text: s.text.clone(),
            span: Some(s.span),
            role: if role.is_empty() { super::words::role(self.program, s) } else { role },
        }
    }

    /// On whose word a statement rests, for each party that answers for it. Positions on terms and requirements have none.
    fn readings(&self, s: &Statement) -> Vec<Reading> {
        if matches!(s.kind, StatementKind::Acceptance { .. }) || super::cover::is_requirement(s) {
            return Vec::new();
        }
        let reading = |p: &PartyId| Reading {
            party: self.program.party_name(*p).to_owned(),
            source: s.reading.source.clone(),
            as_of: s.reading.as_of.clone(),
            extent: s.reading.extent.clone(),
            licence: s.reading.licence.clone(),
            standing: s.reading.standing,
        };
        s.parties.iter().map(reading).collect()
    }
}
