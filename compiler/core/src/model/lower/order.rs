//! Statements on their way to their numbers.
//!
//! In: [`Draft`]s in the order of the walk. Out: [`Program::statements`](crate::model::Program) in the canonical order:
//! charter, article, label, normalised text; data by source and key. Equal texts in one article need labels.

use crate::diagnostic::Diagnostic;
use crate::logic::Formula;
use crate::model::{AccessionId, CharterId, PartyId, Reading, Statement, StatementId, StatementKind};
use crate::source::Span;
use crate::types::Scope;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where a statement stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Container {
    /// the charter
    pub(crate) charter: Option<CharterId>,
    /// the accession
    pub(crate) accession: Option<AccessionId>,
    /// its name, for the order
    pub(crate) charter_name: String,
    /// the article's number
    pub(crate) article: Option<String>,
    /// as a reader finds it
    pub(crate) heading: Option<String>,
    /// who wrote it: a statement of somebody else is *supposed* unless it names a source
    pub(crate) authors: Rc<[PartyId]>,
    /// the beginning of the address
    pub(crate) prefix: String,
}

/// A statement without its number.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// where it stands
    pub(crate) container: Container,
    /// `@isles`
    pub(crate) label: Option<String>,
    /// its place in the container, from 1; for data the source and key
    pub(crate) place: String,
    /// for data: source and key, which are then its identity
    pub(crate) data_key: Option<String>,
    /// who answers for it
    pub(crate) parties: Vec<PartyId>,
    /// what it says
    pub(crate) kind: StatementKind,
    /// when it is on
    pub(crate) on: Formula,
    /// on whose word
    pub(crate) reading: Reading,
    /// where it stands in the text
    pub(crate) span: Span,
    /// its text, folded
    pub(crate) text: String,
    /// articles (number) or labels that a waiver of requirements names
    pub(crate) waives: Vec<Waives>,
    /// what it says of conduct, by its place among what is pending there
    pub(crate) conduct: Option<usize>,
}

impl Draft {
    /// Which of several statements that one text makes (`every Emitter e claims …`): ` / Ada`, ` / any Emitter`; else nothing.
    fn instance(&self) -> String {
        self.place.split_once('/').map_or_else(String::new, |(_, which)| format!(" / {which}"))
    }
}

/// What a waiver of requirements names.
#[derive(Debug, Clone)]
pub(crate) enum Waives {
    /// an article
    Article(String, Span),
    /// a label
    Label(String, Span),
}

/// The key of the canonical order.
type Key = (String, u8, Vec<(u8, u64, String)>, String, String);

fn key(draft: &Draft) -> Key {
    let (class, part) = match (&draft.container.article, draft.container.accession) {
        (Some(article), _) => (0, natural(article)),
        (None, Some(_)) => (1, natural(&draft.container.prefix)),
        (None, None) => (2, Vec::new()),
    };
    let text = draft.data_key.clone().unwrap_or_else(|| format!("{}{}", draft.text, draft.instance()));
    (draft.container.charter_name.clone(), class, part, draft.label.clone().unwrap_or_default(), text)
}

/// `2` before `10`, `5` before `5bis`.
pub(crate) fn natural(text: &str) -> Vec<(u8, u64, String)> {
    let mut parts: Vec<(u8, u64, String)> = Vec::new();
    let mut digits = String::new();
    let mut letters = String::new();
    let flush_digits = |digits: &mut String, parts: &mut Vec<(u8, u64, String)>| {
        if !digits.is_empty() {
            parts.push((0, digits.parse().unwrap_or(u64::MAX), std::mem::take(digits)));
        }
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !letters.is_empty() {
                parts.push((1, 0, std::mem::take(&mut letters)));
            }
            digits.push(c);
        } else {
            flush_digits(&mut digits, &mut parts);
            letters.push(c);
        }
    }
    flush_digits(&mut digits, &mut parts);
    if !letters.is_empty() {
        parts.push((1, 0, letters));
    }
    parts
}

/// Sorts the drafts, reports equal texts, and makes them the program's statements. Gives the number and the label of those
/// that say something of conduct.
pub(crate) fn number(scope: &mut Scope<'_>, drafts: Vec<Draft>) -> Vec<(usize, StatementId, Option<String>)> {
    let mut keyed: Vec<(Key, Draft)> = drafts.into_iter().map(|d| (key(&d), d)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    for pair in keyed.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
        {
            let (first, second) = if first.span <= second.span { (first, second) } else { (second, first) };
            let text = first.text.clone();
            let place = first.container.heading.clone().unwrap_or_else(|| "this file".to_owned());
            scope.report(
                Diagnostic::error(
                    "same-statement-twice",
                    second.span,
                    format!("{place} says the same twice: `{text}`"),
                    "the same words again",
                )
                .label(first.span, "first here")
                .help("leave one out, or give each a label such as `@first`"),
            );
        }
    }
    let mut stance_places: BTreeMap<String, usize> = BTreeMap::new();
    let mut statements = Vec::with_capacity(keyed.len());
    let mut conduct = Vec::new();
    let mut waivers: Vec<(usize, Vec<Waives>)> = Vec::new();
    for (place, (_, draft)) in keyed.into_iter().enumerate() {
        let id = StatementId(u32::try_from(place).unwrap_or(u32::MAX));
        let place_text = if draft.place.is_empty() {
            let n = stance_places.entry(draft.container.prefix.clone()).or_insert(0);
            *n += 1;
            n.to_string()
        } else {
            draft.place.clone()
        };
        let address = format!("{}/{place_text}", draft.container.prefix);
        let identity = match (&draft.data_key, &draft.label) {
            (Some(data), _) => format!("{}/{data}", draft.container.charter_name),
            (None, Some(label)) => format!("{}/@{label}{}", draft.container.prefix, draft.instance()),
            (None, None) => format!("{}/{}{}", draft.container.prefix, draft.text, draft.instance()),
        };
        if let Some(at) = draft.conduct {
            conduct.push((at, id, draft.label.clone()));
        }
        if !draft.waives.is_empty() {
            waivers.push((place, draft.waives.clone()));
        }
        let mut parties = draft.parties;
        parties.sort_by(|a, b| scope.program.party_name(*a).cmp(scope.program.party_name(*b)));
        parties.dedup();
        statements.push((
            draft.label,
            draft.container.article,
            Statement {
                id,
                address,
                identity,
                charter: draft.container.charter,
                accession: draft.container.accession,
                article: draft.container.heading,
                parties,
                kind: draft.kind,
                on: draft.on,
                reading: draft.reading,
                span: draft.span,
                text: draft.text,
            },
        ));
    }
    for (place, targets) in waivers {
        let found = waived(scope, &statements, place, &targets);
        if let Some((_, _, statement)) = statements.get_mut(place)
            && let StatementKind::RequirementWaived { requirements, .. } = &mut statement.kind
        {
            *requirements = found;
        }
    }
    for (_, _, statement) in &statements {
        if let Some(accession) = statement.accession {
            if let Some(a) = scope.program.accessions.get_mut(accession.0 as usize) {
                a.statements.push(statement.id);
            }
        } else if let Some(charter) = statement.charter
            && let Some(c) = scope.program.charters.get_mut(charter.0 as usize)
        {
            c.statements.push(statement.id);
        }
    }
    scope.program.statements = statements.into_iter().map(|(_, _, s)| s).collect();
    sort_accessions(scope);
    conduct
}

/// Accessions in the order of charter and candidate.
fn sort_accessions(scope: &mut Scope<'_>) {
    let program = &mut scope.program;
    let name = |a: &crate::model::Accession| {
        let charter = program.charters.get(a.charter.0 as usize).map(|c| c.name.clone()).unwrap_or_default();
        (charter, program.parties.get(a.party.0 as usize).map(|p| p.name.clone()).unwrap_or_default())
    };
    let mut order: Vec<usize> = (0..program.accessions.len()).collect();
    order.sort_by_key(|i| program.accessions.get(*i).map(name));
    let mut new_place = vec![AccessionId(0); order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = new_place.get_mut(*old) {
            *slot = AccessionId(u32::try_from(new).unwrap_or(u32::MAX));
        }
    }
    let old = std::mem::take(&mut program.accessions);
    program.accessions = order.iter().filter_map(|i| old.get(*i).cloned()).collect();
    for statement in &mut program.statements {
        if let Some(a) = statement.accession {
            statement.accession = new_place.get(a.0 as usize).copied();
        }
    }
}

type Numbered = (Option<String>, Option<String>, Statement);

fn waived(scope: &mut Scope<'_>, statements: &[Numbered], place: usize, targets: &[Waives]) -> Vec<StatementId> {
    let charter = statements.get(place).and_then(|(_, _, s)| s.charter);
    let mut found = Vec::new();
    for target in targets {
        let here = statements
            .iter()
            .filter(|(_, _, s)| s.charter == charter && matches!(s.kind, StatementKind::Requirement(_)));
        let (span, words, matching): (Span, String, Vec<StatementId>) = match target {
            Waives::Article(number, span) => (
                *span,
                format!("article {number}"),
                here.filter(|(_, a, _)| a.as_ref() == Some(number)).map(|(_, _, s)| s.id).collect(),
            ),
            Waives::Label(label, span) => (
                *span,
                format!("@{label}"),
                here.filter(|(l, _, _)| l.as_ref() == Some(label)).map(|(_, _, s)| s.id).collect(),
            ),
        };
        if matching.is_empty() {
            scope.report(
                Diagnostic::error(
                    "unknown-requirement",
                    span,
                    format!("{words} of this charter states no requirement"),
                    "nothing to waive",
                )
                .help("name an article that says `require …`, or the label of such a statement"),
            );
        }
        found.extend(matching);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn articles_are_ordered_as_people_count() {
        let mut numbers = vec!["10", "2", "5bis", "5", "2.10", "2.9"];
        numbers.sort_by_key(|n| natural(n));
        assert_eq!(numbers, ["2", "2.9", "2.10", "5", "5bis", "10"]);
    }
}
