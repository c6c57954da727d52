//! Statements on their way to their numbers.
//!
//! In: [`Draft`]s in the order of the walk. Out: [`Program::statements`](crate::model::Program) in the canonical order:
//! charter, article, label, normalised text; data by source and key. Equal texts in one article need labels.

use crate::diagnostic::Diagnostic;
use crate::logic::Formula;
use crate::model::{AccessionId, CharterId, Identity, PartyId, Reading, Statement, StatementId, StatementKind};
use crate::source::{Sources, Span};
use crate::types::Scope;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Where a statement stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Container {
    /// the charter
    pub(crate) charter: Option<CharterId>,
    /// the accession
    pub(crate) accession: Option<AccessionId>,
    /// its name, for the order
    pub(crate) charter_name: Rc<str>,
    /// the article's number
    pub(crate) article: Option<Rc<str>>,
    /// as a reader finds it
    pub(crate) heading: Option<Arc<str>>,
    /// who wrote it, in the order of their numbers: a statement of somebody else is *supposed* unless it names a source
    pub(crate) authors: Rc<[PartyId]>,
    /// the beginning of the address
    pub(crate) prefix: Rc<str>,
}

impl Container {
    /// Whether a party is among those who wrote it.
    pub(crate) fn is_author(&self, party: PartyId) -> bool {
        self.authors.binary_search(&party).is_ok()
    }
}

/// Parties in the order of their numbers.
pub(crate) fn by_number(parties: &[PartyId]) -> Rc<[PartyId]> {
    let mut sorted = parties.to_vec();
    sorted.sort_unstable();
    Rc::from(sorted)
}

/// A statement without its number.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// where it stands
    pub(crate) container: Rc<Container>,
    /// `@isles`
    pub(crate) label: Option<String>,
    /// its container's and its place in it, from 1; for data the source and key; empty for stances, which are counted last
    pub(crate) address: String,
    /// for data: source and key, which are then its identity
    pub(crate) data_key: Option<String>,
    /// who answers for it
    pub(crate) parties: Vec<PartyId>,
    /// what it says
    pub(crate) kind: StatementKind,
    /// when it is on
    pub(crate) on: Formula,
    /// on whose word
    pub(crate) reading: Arc<Reading>,
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
    /// Which of several statements that one text makes (`every Emitter e claims …`): `Ada`, `any Emitter`; else nothing.
    fn instance(&self) -> Option<&str> {
        let place = self.address.get(self.container.prefix.len() + 1..)?;
        place.split_once('/').map(|(_, which)| which)
    }

    /// How it is known from one version of a charter to the next.
    fn identity(&self) -> Identity {
        let prefix = &self.container.prefix;
        let (mark, which) = self.instance().map_or(("", ""), |which| (" / ", which));
        match (&self.data_key, &self.label) {
            (Some(data), _) => Identity::Given([&self.container.charter_name, "/", data].concat()),
            (None, Some(label)) => Identity::Given([prefix, "/@", label, mark, which].concat()),
            (None, None) if mark.is_empty() => Identity::Words { before: prefix.len() },
            (None, None) => Identity::Given([prefix, "/", &self.text, mark, which].concat()),
        }
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

/// The parts of a number of an article, in the order in which people count.
type Natural = Vec<(u8, u64, String)>;

/// The key of the canonical order among the statements of one place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'d> {
    label: Option<&'d str>,
    /// how the text begins, the first byte highest: mostly enough
    beginning: u64,
    text: Cow<'d, str>,
}

impl<'d> Key<'d> {
    fn of(draft: &'d Draft) -> Self {
        let text = match &draft.data_key {
            Some(key) => Cow::Borrowed(key.as_str()),
            None => match draft.instance() {
                Some(which) => Cow::Owned(format!("{} / {which}", draft.text)),
                None => Cow::Borrowed(draft.text.as_str()),
            },
        };
        let mut beginning = [0; 8];
        beginning.iter_mut().zip(text.bytes()).for_each(|(at, b)| *at = b);
        Self { label: draft.label.as_deref(), beginning: u64::from_be_bytes(beginning), text }
    }
}

/// The place of each draft among all charters and articles; alike where they share one.
fn places(drafts: &[Draft]) -> Vec<u32> {
    // statements of one container mostly follow each other
    let same = |a: &Draft, b: &Draft| Rc::ptr_eq(&a.container, &b.container);
    let mut met: Vec<(&str, u8, Natural)> = Vec::new();
    let runs = drafts.chunk_by(same);
    for first in runs.filter_map(<[Draft]>::first) {
        let Container { charter_name, article, accession, prefix, .. } = first.container.as_ref();
        met.push(match (article, accession) {
            (Some(article), _) => (charter_name, 0, natural(article)),
            (None, Some(_)) => (charter_name, 1, natural(prefix)),
            (None, None) => (charter_name, 2, Natural::new()),
        });
    }
    let mut sorted: Vec<&(&str, u8, Natural)> = met.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let place = |at: &(&str, u8, Natural)| u32::try_from(sorted.binary_search(&at).unwrap_or(0)).unwrap_or(u32::MAX);
    let runs = drafts.chunk_by(same);
    runs.zip(&met).flat_map(|(run, at)| std::iter::repeat_n(place(at), run.len())).collect()
}

/// `2` before `10`, `5` before `5bis`.
pub(crate) fn natural(text: &str) -> Natural {
    let mut parts = Natural::new();
    let mut digits = String::new();
    let mut letters = String::new();
    let flush_digits = |digits: &mut String, parts: &mut Natural| {
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
pub(crate) fn number(scope: &mut Scope<'_>, mut drafts: Vec<Draft>) -> Vec<(usize, StatementId, Option<String>)> {
    let order = sorted(scope, &drafts);
    rearrange(&mut drafts, order);
    let mut stance_places: BTreeMap<Rc<str>, usize> = BTreeMap::new();
    let waiving = drafts.iter().any(|d| !d.waives.is_empty());
    let mut marks: Vec<Mark> = Vec::new();
    let mut conduct = Vec::new();
    let mut waivers: Vec<(usize, Vec<Waives>)> = Vec::new();
    // a statement takes the place of its draft in memory
    let statements = drafts.into_iter().enumerate().map(|(place, draft)| {
        let id = StatementId(u32::try_from(place).unwrap_or(u32::MAX));
        let prefix = &draft.container.prefix;
        let identity = draft.identity();
        let address = if draft.address.is_empty() {
            let n = stance_places.entry(Rc::clone(prefix)).or_insert(0);
            *n += 1;
            format!("{prefix}/{n}")
        } else {
            draft.address
        };
        if let Some(at) = draft.conduct {
            conduct.push((at, id, draft.label.clone()));
        }
        if !draft.waives.is_empty() {
            waivers.push((place, draft.waives));
        }
        let mut parties = draft.parties;
        if parties.len() > 1 {
            parties.sort_by(|a, b| scope.program.party_name(*a).cmp(scope.program.party_name(*b)));
            parties.dedup();
        }
        if waiving {
            marks.push((draft.label, draft.container.article.clone()));
        }
        Statement {
            id,
            address,
            identity,
            charter: draft.container.charter,
            accession: draft.container.accession,
            article: draft.container.heading.clone(),
            parties,
            kind: draft.kind,
            on: draft.on,
            reading: draft.reading,
            span: draft.span,
            text: draft.text,
        }
    });
    let mut statements: Vec<Statement> = statements.collect();
    for (place, targets) in waivers {
        let found = waived(scope, &statements, &marks, place, &targets);
        if let Some(statement) = statements.get_mut(place)
            && let StatementKind::RequirementWaived { requirements, .. } = &mut statement.kind
        {
            *requirements = found;
        }
    }
    for statement in &statements {
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
    scope.program.statements = statements;
    sort_accessions(scope);
    conduct
}

/// Brings items into an order: the `n`th is the old `order[n]`th. Every number stands in the order once.
fn rearrange<T>(items: &mut [T], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut at = start;
        // along the circle of places that begins here; those that are done stand for themselves
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at))
            && from != start
            && from != at
        {
            items.swap(at, from);
            at = from;
        }
    }
}

/// The places of the drafts in the canonical order; equal texts are reported.
fn sorted(scope: &mut Scope<'_>, drafts: &[Draft]) -> Vec<usize> {
    let mut places: Vec<(u32, usize)> = places(drafts).into_iter().zip(0..).collect();
    places.sort(); // mostly in order
    let mut sorted = Vec::with_capacity(drafts.len());
    let mut repeated: Vec<Diagnostic> = Vec::new();
    for same in places.chunk_by(|(a, _), (b, _)| a == b) {
        let mut keyed: Vec<(Key<'_>, usize, &Draft)> =
            same.iter().filter_map(|(_, i)| drafts.get(*i).map(|d| (Key::of(d), *i, d))).collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in keyed.windows(2) {
            if let [(a, _, first), (b, _, second)] = pair
                && a == b
                && repeated.len() < 1000
            {
                repeated.push(twice(first, second, scope.sources));
            }
        }
        sorted.extend(keyed.into_iter().map(|(_, i, _)| i));
    }
    // a rule that stands there twice has its norms there twice
    let within = |inner: Span, outer: Span| {
        inner != outer && inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
    };
    let rules: Vec<Span> = repeated.iter().map(|d| d.primary.span).collect();
    repeated.retain(|d| !rules.iter().any(|outer| within(d.primary.span, *outer)));
    repeated.into_iter().for_each(|d| scope.report(d));
    sorted
}

fn twice(a: &Draft, b: &Draft, sources: &Sources) -> Diagnostic {
    let (first, second) = if a.span <= b.span { (a, b) } else { (b, a) };
    let text = &first.text;
    let place = first.container.heading.as_deref().unwrap_or("this file");
    // a rule is known by what sets it off; what it asks for may still differ
    let whole = |d: &Draft| sources.slice(d.span).split_whitespace().collect::<Vec<_>>().join(" ");
    if whole(first).ends_with('}') && !text.ends_with('}') && whole(first) != whole(second) {
        return Diagnostic::error(
            "same-statement-twice",
            second.span,
            format!("two rules of {place} begin alike, and nothing tells them apart: `{text}`"),
            "this begins with the same words",
        )
        .label(first.span, "first here")
        .help("put what they ask into one rule, or give each a label such as `@first`");
    }
    Diagnostic::error(
        "same-statement-twice",
        second.span,
        format!("{place} says the same twice: `{text}`"),
        "the same words again",
    )
    .label(first.span, "first here")
    .help("leave one out, or give each a label such as `@first`")
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

/// The label of a statement and its article's number.
type Mark = (Option<String>, Option<Rc<str>>);

fn waived(
    scope: &mut Scope<'_>,
    statements: &[Statement],
    marks: &[Mark],
    place: usize,
    targets: &[Waives],
) -> Vec<StatementId> {
    let charter = statements.get(place).and_then(|s| s.charter);
    let mut found = Vec::new();
    for target in targets {
        let here = statements
            .iter()
            .zip(marks)
            .filter(|(s, _)| s.charter == charter && matches!(s.kind, StatementKind::Requirement(_)));
        let (span, words, matching): (Span, String, Vec<StatementId>) = match target {
            Waives::Article(number, span) => (
                *span,
                format!("article {number}"),
                here.filter(|(_, (_, a))| a.as_deref() == Some(number.as_str())).map(|(s, _)| s.id).collect(),
            ),
            Waives::Label(label, span) => (
                *span,
                format!("@{label}"),
                here.filter(|(_, (l, _))| l.as_ref() == Some(label)).map(|(s, _)| s.id).collect(),
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
    use super::{natural, rearrange};

    #[test]
    fn an_order_is_brought_about_in_place() {
        for order in
            [vec![], vec![0], vec![1, 0], vec![2, 0, 1], vec![0, 3, 2, 1], vec![4, 2, 1, 0, 3], vec![3, 4, 0, 1, 2]]
        {
            let mut items: Vec<usize> = (0..order.len()).map(|i| 10 * i).collect();
            rearrange(&mut items, order.clone());
            assert_eq!(items, order.iter().map(|i| 10 * i).collect::<Vec<_>>());
        }
    }

    #[test]
    fn articles_are_ordered_as_people_count() {
        let mut numbers = vec!["10", "2", "5bis", "5", "2.10", "2.9"];
        numbers.sort_by_key(|n| natural(n));
        assert_eq!(numbers, ["2", "2.9", "2.10", "5", "5bis", "10"]);
    }
}
