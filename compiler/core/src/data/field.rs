//! Paths into a row: `networks.ipv4[]`, `domains[]`, `delegate.{a}[]`.
//!
//! In: a [`Node`] and a [`FieldPath`] of the charter. Out: the values it leads to, with what `{a}` was bound to on the way,
//! or a located error where the data has another shape than the path says. A key that is not there leads nowhere: rows
//! need not state everything.

use rustc_hash::FxHashSet;

use super::{Key, Node, NodeValue};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::tree;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// the value under a key
    Key(String),
    /// `[]`: each of a list
    Each,
    /// `{a}`: the value under each key of a map, the key bound to a name
    Bind(String),
}

/// A path into a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// its steps
    pub segments: Vec<Segment>,
}

impl From<&tree::FieldPath> for FieldPath {
    fn from(path: &tree::FieldPath) -> Self {
        let segments = path.segments.iter().map(|segment| match segment {
            tree::FieldSegment::Key(name) => Segment::Key(name.text.to_string()),
            tree::FieldSegment::Each => Segment::Each,
            tree::FieldSegment::Bind(name) => Segment::Bind(name.text.to_string()),
        });
        Self { segments: segments.collect() }
    }
}

impl std::fmt::Display for FieldPath {
    /// As it is written in a charter.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write_path(f, &self.segments)
    }
}

fn write_path(f: &mut impl std::fmt::Write, segments: &[Segment]) -> std::fmt::Result {
    for (i, segment) in segments.iter().enumerate() {
        let dot = if i == 0 { "" } else { "." };
        match segment {
            Segment::Each => f.write_str("[]")?,
            Segment::Bind(name) => write!(f, "{dot}{{{name}}}")?,
            Segment::Key(key) if is_bare(key) => write!(f, "{dot}{key}")?,
            Segment::Key(key) => write!(f, "{dot}\"{key}\"")?,
        }
    }
    Ok(())
}

fn is_bare(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_') && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A value that a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected<'a> {
    /// the value
    pub node: &'a Node,
    /// what each `{a}` of the path was bound to, in order
    pub bindings: Vec<(String, Key)>,
}

/// Every value that a path leads to, in the order of the file. A key that is missing, or under which nothing stands, gives
/// none.
///
/// # Errors
/// Where the data has another shape than the path: a list where the path wants a key, text where it wants a list.
pub fn select<'a>(node: &'a Node, path: &FieldPath) -> Result<Vec<Selected<'a>>, Box<Diagnostic>> {
    let mut reached = vec![Selected { node, bindings: Vec::new() }];
    for (i, segment) in path.segments.iter().enumerate() {
        let mut next = Vec::new();
        for Selected { node, bindings } in reached {
            match (segment, &node.value) {
                (_, NodeValue::Null) => {}
                (Segment::Key(key), NodeValue::Map(_)) => {
                    next.extend(node.get(key).map(|node| Selected { node, bindings }));
                }
                (Segment::Each, NodeValue::List(items)) => {
                    next.extend(items.iter().map(|node| Selected { node, bindings: bindings.clone() }));
                }
                (Segment::Bind(name), NodeValue::Map(entries)) => next.extend(entries.iter().map(|(key, node)| {
                    let mut bindings = bindings.clone();
                    bindings.push((name.clone(), key.clone()));
                    Selected { node, bindings }
                })),
                _ => return Err(mismatch(node, path, i)),
            }
        }
        reached = next;
    }
    Ok(reached)
}

fn mismatch(node: &Node, path: &FieldPath, step: usize) -> Box<Diagnostic> {
    let before = FieldPath { segments: path.segments.iter().take(step).cloned().collect() };
    let place = if before.segments.is_empty() { "in the row".to_owned() } else { format!("at `{before}`") };
    let (expected, help) = match path.segments.get(step) {
        Some(Segment::Each) if matches!(node.value, NodeValue::Map(_)) => {
            ("a list", format!("write `{before}.{{a}}` in the charter to take each key of a map"))
        }
        Some(Segment::Each) => {
            ("a list", format!("make it a list of one, or write `{before}` without `[]` in the charter"))
        }
        _ if matches!(node.value, NodeValue::List(_)) => {
            ("a map of keys", format!("write `{before}[]` in the charter to take each of a list"))
        }
        _ => ("a map of keys", format!("change the value, or the path `{path}` in the charter")),
    };
    Box::new(
        Diagnostic::error(
            "data-shape",
            node.span,
            format!("expected {expected} {place}, found {}", node.kind()),
            format!("the charter reads `{path}`"),
        )
        .help(help),
    )
}

/// An error for each key at the top of a row that no mapped path begins with and that is not listed as `ignoring`.
#[must_use]
pub fn unused_keys(row: &Node, mapped: &[FieldPath], ignored: &[FieldPath]) -> Vec<Diagnostic> {
    let mut known: Vec<&str> = Vec::new();
    for path in mapped.iter().chain(ignored) {
        match path.segments.first() {
            Some(Segment::Key(key)) => known.push(key),
            Some(Segment::Bind(_)) => return Vec::new(),
            Some(Segment::Each) | None => {}
        }
    }
    known.sort_unstable();
    known.dedup();
    let unknown = row.entries().iter().filter(|(key, _)| known.binary_search(&key.text.as_str()).is_err());
    unknown
        .map(|(key, _)| {
            let shown = FieldPath { segments: vec![Segment::Key(key.text.clone())] };
            let error = Diagnostic::error(
                "data-unknown-key",
                key.span,
                format!("the charter says nothing of the key `{}`", key.text),
                "neither read nor listed as ignored",
            );
            let error = match nearest(&key.text, &known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            };
            error.help(format!("read it in the charter, or write `ignoring {shown}` after the files"))
        })
        .collect()
}

/// The paths below the top of a row, without numbers of items, under which something stands that no mapped or ignored path
/// reads, each with its first place: for a note that says what the charter leaves unread.
#[must_use]
pub fn unread_paths(row: &Node, mapped: &[FieldPath], ignored: &[FieldPath]) -> Vec<(FieldPath, Span)> {
    let paths: Vec<&[Segment]> = mapped.iter().chain(ignored).map(|p| p.segments.as_slice()).collect();
    let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
    walk(row, &paths, &mut Vec::new(), &mut |here: &[Segment], span| {
        if here.len() > 1 && seen.insert(here.to_vec()) {
            found.push((FieldPath { segments: here.to_vec() }, span));
        }
    });
    found
}

/// Follows what is read; calls `unread` at each key that is not. The readers bound the depth of a tree.
fn walk(node: &Node, paths: &[&[Segment]], here: &mut Vec<Segment>, unread: &mut impl FnMut(&[Segment], Span)) {
    if paths.iter().any(|p| p.is_empty()) {
        return;
    }
    match &node.value {
        NodeValue::Map(entries) => {
            for (key, value) in entries {
                let follows = |path: &&[Segment]| match path.split_first() {
                    Some((Segment::Key(k), _)) => *k == key.text,
                    Some((Segment::Bind(_), _)) => true,
                    _ => false,
                };
                let further: Vec<&[Segment]> =
                    paths.iter().filter(|p| follows(p)).filter_map(|p| p.split_first().map(|(_, rest)| rest)).collect();
                here.push(Segment::Key(key.text.clone()));
                if further.is_empty() {
                    unread(here, key.span);
                } else {
                    walk(value, &further, here, unread);
                }
                here.pop();
            }
        }
        NodeValue::List(items) => {
            let further: Vec<&[Segment]> = paths
                .iter()
                .filter_map(|p| p.split_first().filter(|(first, _)| **first == Segment::Each).map(|(_, rest)| rest))
                .collect();
            here.push(Segment::Each);
            for item in items {
                walk(item, &further, here, unread);
            }
            here.pop();
        }
        _ => {}
    }
}

/// The known name that differs in the fewest letters, if those are few.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(1);
    let best = known.iter().map(|k| (distance(name, k), *k)).min()?;
    (best.0 <= most).then_some(best.1)
}

/// Letters to put in, take out, change or swap with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, x) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&last, j) + usize::from(x != *y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = j.checked_sub(1).and_then(|k| b.get(k)) == Some(&x) && previous == Some(*y);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
        previous = Some(x);
    }
    last.last().copied().unwrap_or(0)
}
