//! Resolved trees to a [`Program`].
//!
//! In: a [`Project`], its [`Names`], and the data files that it asks for, through a [`World`]. Out: the program, or
//! diagnostics. The trees are walked three times with the same code: for what parties claim (left out where no boundary and no
//! `ground claimed by` needs it), to collect the leaves of every region, and, once the atlases stand, for the statements
//! themselves; claims that need no cells to be read are drafted by the second walk and left out by the third. So that no order of files shows, statements are sorted into the canonical order before they get their numbers.

mod atlases;
mod attributes;
mod authors;
mod boundary;
mod claims;
mod clauses;
mod conduct;
mod data;
mod declare;
mod delegations;
mod members;
mod modifiers;
mod order;
mod properties;
mod requirements;
mod statements;
mod tables;
mod terms;

use crate::atlas::{AtlasId, RegionExpr};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Accession, AccessionId, Charter, CharterId, PartyId, Program};
use crate::resolve::load::{ModuleId, Project};
use crate::resolve::names::{Definition, Names};
use crate::source::{Sources, Span, World};
use crate::syntax::tree::{self, ItemKind};
use crate::types::region::Phase;
use crate::types::{Env, Scope};
use indexmap::IndexMap;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use order::Draft;
pub use tables::Tables;

/// Everything that is known while the trees are walked.
#[derive(Debug)]
pub(crate) struct Lower<'p> {
    /// declarations, expressions, diagnostics
    pub(crate) scope: Scope<'p>,
    /// rows of data and files of atlases
    pub(crate) tables: &'p Tables,
    /// the statements of this walk
    pub(crate) drafts: Vec<Draft>,
    /// during the first walk: the ground of the claim at hand
    pub(crate) pending_claim: Option<(AtlasId, RegionExpr)>,
    /// ground that the second walk has read and the third need not read again, in the order of both
    pub(crate) grounds: VecDeque<(Span, AtlasId, RegionExpr)>,
    /// claims that the second walk has drafted, because they need no cells to be read
    pub(crate) early: Vec<Draft>,
    /// where the ground of each of them stands, and what it is
    pub(crate) early_grounds: Vec<(Span, RegionExpr)>,
    /// charters by declaration
    pub(crate) charters: IndexMap<Definition, CharterId>,
    /// the party of each row of data
    pub(crate) row_parties: IndexMap<(Definition, usize), crate::model::PartyId>,
    /// which fields of each data are read, for unknown keys
    pub(crate) mapped: IndexMap<Definition, Vec<crate::data::field::FieldPath>>,
    /// what is owed
    pub(crate) conduct: conduct::Tables,
}

/// Builds the program. With an error among the diagnostics the program is not to be used.
pub fn lower(
    world: &dyn World,
    project: &Project,
    names: &Names,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Program {
    let before_tables = diagnostics.len();
    let tables = Tables::read(world, project, sources, diagnostics);
    let unread = diagnostics.iter().skip(before_tables).any(|d| d.severity == Severity::Error);
    let sources: &Sources = sources;
    let scope = declare::scope(project, names, sources);
    let mut lower = Lower {
        scope,
        tables: &tables,
        drafts: Vec::new(),
        pending_claim: None,
        grounds: VecDeque::new(),
        early: Vec::new(),
        early_grounds: Vec::new(),
        charters: IndexMap::new(),
        row_parties: IndexMap::new(),
        mapped: IndexMap::new(),
        conduct: conduct::Tables::default(),
    };
    lower.declare_all();
    lower.declare_atlases();
    lower.declare_parties_from();
    lower.read_attributes();
    lower.declare_charters();
    lower.declare_conduct();

    lower.scope.phase = Phase::Claims;
    lower.scope.read_all_regions();
    if asks_who_claims(project, sources) {
        let before = lower.scope.diagnostics.len();
        lower.walk();
        lower.scope.diagnostics.truncate(before);
        lower.collect_claimed();
    }

    lower.scope.phase = Phase::Collect;
    lower.walk();
    lower.check_unused_keys();
    let failed = |found: &[Diagnostic]| found.iter().any(|d| d.severity == Severity::Error);
    if !failed(&lower.scope.diagnostics) {
        lower.build_atlases();
    }
    if !failed(&lower.scope.diagnostics) {
        lower.scope.phase = Phase::Built;
        lower.fill_attributes();
        lower.walk();
        lower.properties();
    }
    lower.bracket_acceptances();
    let drafts = std::mem::take(&mut lower.drafts);
    if !failed(&lower.scope.diagnostics) {
        let numbers = order::number(&mut lower.scope, drafts);
        lower.finish_conduct(numbers);
    }
    // Rows that could not be read are missing: a name that is not found may only be the echo of that.
    if unread {
        lower.scope.diagnostics.retain(|d| !d.code.starts_with("unknown-"));
    }
    diagnostics.append(&mut lower.scope.diagnostics);
    let mut program = std::mem::take(&mut lower.scope.program);
    program.not_formalised = project.modules.iter().flat_map(|m| m.tree.prose.iter().map(|p| p.span)).collect();
    program
}

/// Whether a boundary or `ground claimed by` may stand somewhere; a word in a comment costs a walk and no more.
fn asks_who_claims(project: &Project, sources: &Sources) -> bool {
    let mut texts = project.modules.iter().filter_map(|m| sources.get(m.tree.file)).map(|f| &f.text);
    texts.any(|text| text.contains("boundary") || text.contains("claimed"))
}

impl<'p> Lower<'p> {
    /// All items of all modules.
    pub(crate) fn items(&self) -> Vec<(ModuleId, Definition, &'p tree::Item)> {
        let project: &'p Project = self.scope.project;
        project
            .iter()
            .flat_map(|(id, module)| {
                module.tree.items.iter().enumerate().map(move |(item, i)| (id, Definition { module: id, item }, i))
            })
            .collect()
    }

    /// Walks charters, accessions and stances; fills [`Self::drafts`].
    pub(super) fn walk(&mut self) {
        self.drafts.clear();
        if self.scope.phase == Phase::Built {
            self.place_early();
        }
        self.begin_conduct();
        self.scope.program.worths.clear();
        self.scope.program.preferences.clear();
        let mut accessions: Vec<Accession> = Vec::new();
        for (module, definition, item) in self.items() {
            match &item.kind {
                ItemKind::Charter(charter) => {
                    if let Some(id) = self.charters.get(&definition).copied() {
                        self.charter(module, id, charter);
                    }
                }
                ItemKind::Accession(accession) => {
                    if let Some(found) = self.accession(module, accession, item.span, accessions.len()) {
                        accessions.push(found);
                    }
                }
                ItemKind::Stance(stance) => self.stance(module, stance, item.span),
                _ => {}
            }
        }
        self.scope.program.accessions = accessions;
        self.end_conduct();
    }

    pub(super) fn charter(&mut self, module: ModuleId, id: CharterId, charter: &'p tree::Charter) {
        let Some(found) = self.scope.program.charters.get(id.0 as usize).cloned() else { return };
        let members: Rc<[PartyId]> = Rc::from(found.members.as_slice());
        let authors = order::by_number(&found.members);
        for article in &charter.articles {
            let env = Env {
                members: Rc::clone(&members),
                open: found.open.clone(),
                place: format!("{}/{}", found.name, article.number),
                ..Env::default()
            };
            let title = article.title.as_ref().map_or_else(String::new, |t| format!(" \"{}\"", t.text));
            let container = Rc::new(order::Container {
                charter: Some(id),
                accession: None,
                charter_name: Rc::from(found.name.as_str()),
                article: Some(Rc::from(article.number.as_str())),
                heading: Some(Arc::from(format!("article {}{title}", article.number))),
                authors: Rc::clone(&authors),
                prefix: Rc::from(format!("{}/{}", found.name, article.number)),
            });
            self.statements(module, &article.statements, &container, &env);
        }
    }

    pub(super) fn accession(
        &mut self,
        module: ModuleId,
        accession: &'p tree::Accession,
        span: crate::source::Span,
        place: usize,
    ) -> Option<Accession> {
        let party = self.scope.party(module, &accession.party, &Env::default());
        let charter = self.scope.find(module, &accession.charter, "a charter", |i| matches!(i, ItemKind::Charter(_)));
        let (party, charter) = (party?, *self.charters.get(&charter?)?);
        let found: Charter = self.scope.program.charters.get(charter.0 as usize)?.clone();
        let name = self.scope.program.party_name(party).to_owned();
        if found.members.contains(&party) {
            self.scope.report(
                Diagnostic::error(
                    "already-a-member",
                    accession.party.span,
                    format!("`{name}` is a party of `{}` already", found.name),
                    "asks to join",
                )
                .label(found.span, "listed here")
                .help("put its statements into an article, or take it off the `parties` line"),
            );
            return None;
        }
        let mut members = found.members.clone();
        members.push(party);
        let id = AccessionId(u32::try_from(place).unwrap_or(u32::MAX));
        let env = Env {
            members: Rc::from(members),
            open: found.open.clone(),
            place: format!("{}/{name}", found.name),
            it: Some(party),
            ..Env::default()
        };
        let container = Rc::new(order::Container {
            charter: Some(charter),
            accession: Some(id),
            charter_name: Rc::from(found.name.as_str()),
            article: None,
            heading: Some(Arc::from(format!("accession of {name}"))),
            authors: Rc::from([party]),
            prefix: Rc::from(format!("{}/{name}", found.name)),
        });
        self.statements(module, &accession.statements, &container, &env);
        Some(Accession { party, charter, statements: Vec::new(), span })
    }
}

/// The text of a statement with comments left out and white space folded.
#[must_use]
pub fn folded(text: &str) -> String {
    // most are as they should be, which is seen many bytes at a time
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let plain = bytes.iter().fold(true, |plain, b| plain & matches!(b, b' '..=b'~'))
        && pairs.fold(true, |plain, (a, b)| plain & !((*a == b' ') & (*b == b' ') | (*a == b'/') & (*b == b'/')));
    if plain && !text.starts_with(' ') && !text.ends_with(' ') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    let mut gap = false;
    while let Some(c) = characters.next() {
        if !quoted && c == '/' && characters.peek() == Some(&'/') {
            for skipped in characters.by_ref() {
                if skipped == '\n' {
                    break;
                }
            }
            gap = true;
            continue;
        }
        if !quoted && c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
        if c == '"' {
            quoted = !quoted;
        } else if quoted
            && c == '\\'
            && let Some(next) = characters.next()
        {
            out.push(next);
        }
    }
    out
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod folding {
    use super::folded;

    #[test]
    fn folding_keeps_quoted_text() {
        assert_eq!(folded("A  claims // what?\n   W.\"two  blanks // here\""), "A claims W.\"two  blanks // here\"");
        assert_eq!(folded(" A claims\u{a0}W.\"a b\" "), "A claims W.\"a b\"");
        assert_eq!(folded("A claims W.\"a b\""), "A claims W.\"a b\"");
    }
}
