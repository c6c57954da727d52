//! Reading files that peers already keep: GeoJSON, TopoJSON, CSV, JSON and YAML.
//!
//! In: the text of a file in [`Sources`]. Out: [`Row`]s and [`Feature`]s whose every scalar knows its place, or located
//! [`Diagnostic`]s, all of them. Pure; knows nothing of charters: what a row means is for [`crate::model`] to say, along
//! the paths of [`field`].
//!
//! Nothing is guessed and nothing is dropped in silence: numbers are exact, a key that stands twice, an alias, a foreign
//! coordinate system, a coordinate off the globe are errors with what to do. No input panics or overflows the stack.

mod delimited;
pub mod field;
mod geojson;
mod json;
mod node;
#[cfg(test)]
mod scraps;
mod shape;
#[cfg(test)]
mod tests;
mod topojson;
mod yaml;

pub use self::geojson::{Feature, Features, Geometry, read_features};
pub use self::node::{Key, Node, NodeValue, NumberError, exact_number};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// Nesting deeper than this is refused.
pub(crate) const DEEPEST: usize = 64;

/// At most so many errors are listed for one file; one more says how many there are.
pub(crate) const MOST_ERRORS: usize = 20;

/// An error on its way to the list.
pub(crate) type Outcome<T> = Result<T, Box<Diagnostic>>;

/// How a data file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// RFC 7946
    GeoJson,
    /// TopoJSON 1.0
    TopoJson,
    /// cells with a header line, divided by comma, semicolon or tab
    Csv,
    /// RFC 8259
    Json,
    /// YAML 1.2
    Yaml,
}

impl Format {
    /// From the extension of the path, and for the three formats written in JSON a look at the `type` in the text.
    /// None for an extension that is not read.
    #[must_use]
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase())?;
        match extension.as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" | "geojson" | "topojson" => Some(match json::top_type(text).as_deref() {
                Some("Topology") => Self::TopoJson,
                Some("FeatureCollection" | "Feature") => Self::GeoJson,
                _ if extension == "geojson" => Self::GeoJson,
                _ if extension == "topojson" => Self::TopoJson,
                _ => Self::Json,
            }),
            _ => None,
        }
    }

    /// The extensions that are read, for a message.
    pub const EXTENSIONS: &'static str = "`.geojson`, `.topojson`, `.json`, `.csv`, `.tsv`, `.yaml`, `.yml`";
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `one Peer a file`: one map, which is the row
    OneAFile,
    /// a list of rows, or a map from names to rows; a single map of other things is one row
    Rows,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// what names it when the charter says nothing else: the stem of the file for one row a file, the key in a map of rows,
    /// the `id` of a feature, else the number of the row from 1 (CSV: the line)
    pub key: String,
    /// the whole row in its file
    pub span: Span,
    /// its fields: a map for every format but a list of scalars
    pub value: Node,
}

/// Takes the bytes of a data file into `sources`: UTF-8, with or without a byte order mark (which is dropped).
///
/// # Errors
/// Where the bytes are not UTF-8, at the first that are not. The text with replacement characters is then in `sources`, so
/// that the message can show the place; it must not be read.
pub fn take_in(sources: &mut Sources, path: &str, bytes: Vec<u8>) -> Result<FileId, Box<Diagnostic>> {
    const HELP: &str = "save the file as UTF-8 and try again";
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let file = sources.add(path, "");
        let span = Span::new(file, 0, 0);
        return Err(Box::new(
            Diagnostic::error(
                "data-encoding",
                span,
                format!("`{path}` is UTF-16, expected UTF-8"),
                "begins with a UTF-16 mark",
            )
            .help(HELP),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            if u32::try_from(text.len()).is_err() {
                let file = sources.add(path, "");
                return Err(Box::new(Diagnostic::error(
                    "data-size",
                    Span::new(file, 0, 0),
                    format!("`{path}` is larger than 4 GiB"),
                    "too large to read",
                )));
            }
            Ok(sources.add(path, text.strip_prefix('\u{feff}').unwrap_or(&text)))
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let lossy = String::from_utf8_lossy(error.as_bytes());
            let begin = if lossy.starts_with('\u{feff}') { 3 } else { 0 };
            let at = u32::try_from(valid.saturating_sub(begin)).unwrap_or(0);
            let file = sources.add(path, lossy.strip_prefix('\u{feff}').unwrap_or(&lossy));
            Err(Box::new(
                Diagnostic::error(
                    "data-encoding",
                    Span::new(file, at, at.saturating_add(3)),
                    format!("`{path}` is not UTF-8"),
                    "the first byte that is not",
                )
                .help(HELP),
            ))
        }
    }
}

/// Reads the rows of a file. GeoJSON and TopoJSON give the properties of each feature (see [`read_features`] for their
/// shapes).
///
/// # Errors
/// Every reason why it cannot be read, each at its place.
pub fn read_table(
    sources: &Sources,
    file: FileId,
    format: Format,
    layout: Layout,
) -> Result<Vec<Row>, Vec<Diagnostic>> {
    let text = text_of(sources, file);
    let rows = match format {
        Format::GeoJson | Format::TopoJson => {
            let features = read_features(sources, file)?;
            let rows = features.features.into_iter().enumerate().map(|(i, f)| Row {
                key: f.id.as_ref().and_then(Node::scalar_text).map_or_else(|| (i + 1).to_string(), str::to_owned),
                span: f.span,
                value: f.properties,
            });
            return Ok(rows.collect());
        }
        Format::Csv => return delimited::rows(file, text),
        Format::Json => json::document(file, text).and_then(|node| rows_of(sources, file, node, layout)),
        Format::Yaml => {
            yaml::documents(file, text).and_then(|mut documents| match (documents.pop(), documents.is_empty()) {
                (Some(only), true) => rows_of(sources, file, only, layout),
                (Some(last), false) => {
                    documents.push(last);
                    Ok(documents
                        .into_iter()
                        .enumerate()
                        .map(|(i, value)| Row { key: (i + 1).to_string(), span: value.span, value })
                        .collect())
                }
                (None, _) => Err(Box::new(empty_file(sources, file))),
            })
        }
    };
    rows.map_err(|error| vec![*error])
}

/// The rows of one JSON or YAML document.
fn rows_of(sources: &Sources, file: FileId, node: Node, layout: Layout) -> Outcome<Vec<Row>> {
    let stem = || {
        let path = sources.path(file);
        let name = path.rsplit('/').next().unwrap_or(path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let span = node.span;
    match (layout, node.value) {
        (Layout::OneAFile, value @ NodeValue::Map(_)) => {
            Ok(vec![Row { key: stem(), span, value: Node { span, value } }])
        }
        (Layout::OneAFile, value) => {
            let node = Node { span, value };
            Err(Box::new(
                Diagnostic::error(
                    "data-shape",
                    span,
                    format!("expected one map of keys in `{}`, found {}", sources.path(file), node.kind()),
                    "this is the whole file",
                )
                .help("leave out `one … a file` in the charter if the file holds many rows"),
            ))
        }
        (Layout::Rows, NodeValue::List(items)) => Ok(items
            .into_iter()
            .enumerate()
            .map(|(i, value)| Row { key: (i + 1).to_string(), span: value.span, value })
            .collect()),
        (Layout::Rows, NodeValue::Map(entries))
            if !entries.is_empty() && entries.iter().all(|(_, v)| matches!(v.value, NodeValue::Map(_))) =>
        {
            Ok(entries
                .into_iter()
                .map(|(key, value)| Row { key: key.text, span: key.span.to(value.span), value })
                .collect())
        }
        (Layout::Rows, value @ NodeValue::Map(_)) => Ok(vec![Row { key: stem(), span, value: Node { span, value } }]),
        (Layout::Rows, value) => {
            let node = Node { span, value };
            Err(Box::new(Diagnostic::error(
                "data-shape",
                span,
                format!("expected a list of rows or a map of keys in `{}`, found {}", sources.path(file), node.kind()),
                "this is the whole file",
            )))
        }
    }
}

fn empty_file(sources: &Sources, file: FileId) -> Diagnostic {
    Diagnostic::error(
        "data-shape",
        Span::new(file, 0, 0),
        format!("`{}` is empty", sources.path(file)),
        "expected rows, found nothing",
    )
    .help("write `{}` for a row that states nothing")
}

/// The text of a file; empty for an id that is not of these sources.
fn text_of(sources: &Sources, file: FileId) -> &str {
    sources.get(file).map_or("", |f| &f.text)
}

/// A span from byte offsets. Texts are shorter than 4 GiB ([`take_in`]), so the offsets always fit.
pub(crate) fn span(file: FileId, start: usize, end: usize) -> Span {
    Span::new(file, u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// Cuts a list of errors at [`MOST_ERRORS`] and says how many are left out.
pub(crate) fn bounded(mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let more = errors.len().saturating_sub(MOST_ERRORS);
    if more > 0 {
        errors.truncate(MOST_ERRORS);
        if let Some(last) = errors.pop() {
            errors.push(last.note(format!("{more} more errors of this file are not listed")));
        }
    }
    errors
}
