//! The rows of a file of claims.
//!
//! In: a GeoJSON, TopoJSON or CSV file and the property that names claimants. Out: [`Row`]s, each with who claims it and what
//! it covers, and notes on what was mended; or everything that keeps the file from being read, row by row.

use super::wkt;
use crate::atlas::line::{Family, parse_prefix};
use crate::atlas::{LeafShape, SpaceKind};
use crate::data::{Format, Geometry, Layout, Node, NodeValue, read_features, read_table, take_in};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span, World, WorldError};
use comity_geometry::{Shape, read_shape};

/// One row or feature.
#[derive(Debug)]
pub(super) struct Row {
    /// who claims it, each where it stands
    pub(super) claimants: Vec<(String, Span)>,
    /// its `name`, else its `id`; empty where it has none
    pub(super) label: String,
    pub(super) space: SpaceKind,
    pub(super) shape: LeafShape,
    pub(super) file: FileId,
}

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// what was mended or not used
    pub(super) notes: Vec<Diagnostic>,
}

/// The columns of a CSV file that say what is claimed.
const COLUMNS: [&str; 4] = ["wkt", "geometry", "prefix", "region"];

/// Reads a file.
pub(super) fn read(
    world: &dyn World,
    path: &str,
    property: &str,
    sources: &mut Sources,
) -> Result<Rows, Vec<Diagnostic>> {
    let bytes = world.read(path).map_err(|e| vec![unread(sources, path, &e)])?;
    let file = take_in(sources, path, bytes).map_err(|e| vec![*e])?;
    let text = sources.get(file).map(|f| f.text.clone()).unwrap_or_default();
    let mut reader = Reader { property, file, rows: Rows::default(), errors: Vec::new() };
    match Format::of(path, &text) {
        Some(Format::GeoJson | Format::TopoJson) => reader.features(sources)?,
        Some(Format::Csv) => reader.table(sources)?,
        Some(Format::Json | Format::Yaml) | None => {
            let headline = format!("`{path}` is no file of claims");
            let label = "expected GeoJSON, TopoJSON or CSV";
            return Err(vec![Diagnostic::error("no-claims", Span::new(file, 0, 0), headline, label)]);
        }
    }
    if reader.rows.rows.is_empty() && reader.errors.is_empty() {
        let headline = format!("`{path}` holds no claims");
        reader.errors.push(Diagnostic::error("no-claims", Span::new(file, 0, 0), headline, "no feature or row here"));
    }
    if reader.errors.is_empty() { Ok(reader.rows) } else { Err(reader.errors) }
}

/// Why a file could not be had, placed at its head.
fn unread(sources: &mut Sources, path: &str, error: &WorldError) -> Diagnostic {
    let file = sources.add(path, "");
    let words = match error {
        WorldError::Missing => "is not there".to_owned(),
        WorldError::Outside => "leads out of the project".to_owned(),
        WorldError::TooLarge(limit) => format!("is larger than {limit} bytes"),
        WorldError::Unreadable(words) => format!("cannot be read: {words}"),
    };
    let code = if *error == WorldError::Missing { "missing-file" } else { "unreadable-file" };
    Diagnostic::error(code, Span::new(file, 0, 0), format!("`{path}` {words}"), "")
}

struct Reader<'a> {
    property: &'a str,
    file: FileId,
    rows: Rows,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn features(&mut self, sources: &Sources) -> Result<(), Vec<Diagnostic>> {
        let features = read_features(sources, self.file)?;
        self.rows.notes.extend(features.notes);
        for feature in features.features {
            let id = feature.id.as_ref().and_then(Node::scalar_text).unwrap_or("");
            let label = self.label(&feature.properties, id);
            let claimants = self.claimants(&feature.properties, feature.span);
            let known = known_by(claimants.as_deref(), &label);
            let shape = match feature.geometry {
                Ok(geometry) => self.shape(&geometry, &known, feature.span),
                Err(error) => {
                    self.errors.push(if known.is_empty() {
                        *error
                    } else {
                        error.note(format!("the feature is `{known}`"))
                    });
                    None
                }
            };
            self.push(claimants, label, SpaceKind::Earth, shape.map(LeafShape::Polygons), feature.span);
        }
        Ok(())
    }

    fn table(&mut self, sources: &Sources) -> Result<(), Vec<Diagnostic>> {
        for row in read_table(sources, self.file, Format::Csv, Layout::Rows)? {
            let column =
                COLUMNS.iter().find_map(|c| row.value.entries().iter().find(|(k, _)| k.text.eq_ignore_ascii_case(c)));
            let Some((key, value)) = column else {
                let found: Vec<String> = row.value.entries().iter().map(|(k, _)| format!("`{}`", k.text)).collect();
                let label = "no column here says what is claimed";
                self.errors.push(
                    Diagnostic::error(
                        "no-claims",
                        row.span,
                        "expected a column `wkt`, `geometry`, `prefix` or `region`",
                        label,
                    )
                    .note(format!("the columns are {}", found.join(", ")))
                    .help("name one of them so: outlines as well-known text, address blocks, or plain names"),
                );
                // the same for every row
                return Ok(());
            };
            let label =
                if key.text.eq_ignore_ascii_case("region") { String::new() } else { self.label(&row.value, "") };
            let claimants = self.claimants(&row.value, row.span);
            let Some(text) = value.scalar_text().map(str::trim).filter(|t| !t.is_empty()) else {
                let headline = format!("expected what is claimed in column `{}`, found nothing", key.text);
                self.errors.push(Diagnostic::error("no-claims", row.span, headline, "this row claims nothing"));
                continue;
            };
            let (space, shape) = match key.text.to_ascii_lowercase().as_str() {
                "prefix" => self.prefix(text, value.span),
                "region" => (SpaceKind::Plain, Some(LeafShape::Plain)),
                _ => {
                    (SpaceKind::Earth, self.well_known_text(text, value.span, &known_by(claimants.as_deref(), &label)))
                }
            };
            let label = if space == SpaceKind::Earth || !label.is_empty() && space != SpaceKind::Plain {
                label
            } else {
                text.to_owned()
            };
            self.push(claimants, label, space, shape, row.span);
        }
        Ok(())
    }

    fn prefix(&mut self, text: &str, span: Span) -> (SpaceKind, Option<LeafShape>) {
        match parse_prefix(text) {
            Ok(prefix) => {
                let space = match prefix.family() {
                    Family::V4 => SpaceKind::Ipv4,
                    Family::V6 => SpaceKind::Ipv6,
                };
                (space, Some(LeafShape::Prefixes(vec![prefix])))
            }
            Err(error) => {
                let headline = format!("expected an address block, found `{text}`");
                self.errors.push(Diagnostic::error("prefix", span, headline, error.to_string()).help(error.help()));
                (SpaceKind::Ipv4, None)
            }
        }
    }

    fn well_known_text(&mut self, text: &str, span: Span, known: &str) -> Option<LeafShape> {
        match wkt::polygons(text) {
            Ok(polygons) => self.shape(&Geometry { polygons }, known, span).map(LeafShape::Polygons),
            Err(wrong) => {
                self.errors.push(
                    Diagnostic::error("well-known-text", span, format!("expected a polygon, {wrong}"), "no polygon")
                        .help("write `POLYGON ((30 10, 40 40, 20 40, 30 10))`, longitude before latitude"),
                );
                None
            }
        }
    }

    fn push(
        &mut self,
        claimants: Option<Vec<(String, Span)>>,
        label: String,
        space: SpaceKind,
        shape: Option<LeafShape>,
        span: Span,
    ) {
        let (Some(claimants), Some(shape)) = (claimants, shape) else { return };
        if claimants.is_empty() {
            let named = if label.is_empty() { "a feature".to_owned() } else { format!("`{label}`") };
            let headline = format!("{named} is claimed by no one: its list `{}` is empty", self.property);
            self.rows.notes.push(Diagnostic::error("unclaimed", span, headline, "no claim").severity(Severity::Note));
        }
        self.rows.rows.push(Row { claimants, label, space, shape, file: self.file });
    }

    /// The ground of a feature, with a note for everything that was mended in it.
    fn shape(&mut self, geometry: &Geometry, known: &str, span: Span) -> Option<Shape> {
        let of = if known.is_empty() { String::new() } else { format!("`{known}`: ") };
        match read_shape(&geometry.polygons) {
            Ok((shape, repairs)) => {
                self.rows.notes.extend(repairs.iter().map(|repair| {
                    Diagnostic::error("polygon-repaired", span, format!("{of}{repair}"), "mended while it was read")
                        .severity(Severity::Note)
                }));
                Some(shape)
            }
            Err(refusals) => {
                self.errors.extend(
                    refusals
                        .iter()
                        .map(|r| Diagnostic::error("polygon-refused", span, format!("{of}{r}"), "cannot be read")),
                );
                None
            }
        }
    }

    /// Who claims a row: the text or number of the property, or each of its list.
    fn claimants(&mut self, fields: &Node, span: Span) -> Option<Vec<(String, Span)>> {
        let nested = || self.property.split('.').try_fold(fields, Node::get);
        let Some(value) = fields.get(self.property).or_else(nested) else {
            let found: Vec<String> = fields.entries().iter().map(|(k, _)| format!("`{}`", k.text)).collect();
            let has = if found.is_empty() {
                "it has no properties".to_owned()
            } else {
                format!("there are {}", found.join(", "))
            };
            let headline = format!("no property `{}`, which names the claimant", self.property);
            self.errors.push(Diagnostic::error("no-claimant", span, headline, "not here").note(has));
            return None;
        };
        let items = match &value.value {
            NodeValue::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut out: Vec<(String, Span)> = Vec::new();
        for item in items {
            match item.scalar_text().map(str::trim) {
                Some(name) if !name.is_empty() => {
                    if !out.iter().any(|(known, _)| known == name) {
                        out.push((name.to_owned(), item.span));
                    }
                }
                _ => {
                    let found = if item.scalar_text().is_some() { "an empty text" } else { item.kind() };
                    let headline = format!("expected a name as `{}`, found {found}", self.property);
                    self.errors.push(Diagnostic::error("no-claimant", item.span, headline, "no claimant"));
                    return None;
                }
            }
        }
        Some(out)
    }

    /// What a row is called: its `name` unless that names the claimant, else its id.
    fn label(&self, fields: &Node, id: &str) -> String {
        let name = if self.property == "name" { None } else { fields.get("name").and_then(Node::scalar_text) };
        name.map(str::trim).filter(|n| !n.is_empty()).unwrap_or(id).to_owned()
    }
}

/// How a feature is named in a message.
fn known_by(claimants: Option<&[(String, Span)]>, label: &str) -> String {
    let names: Vec<&str> = claimants.unwrap_or_default().iter().map(|(n, _)| n.as_str()).collect();
    match (names.is_empty(), label.is_empty()) {
        (true, _) => label.to_owned(),
        (false, true) => names.join(", "),
        (false, false) => format!("{}: {label}", names.join(", ")),
    }
}
