//! The regions of a map file: one leaf for each value of a property.
//!
//! In: a GeoJSON or TopoJSON text and the property that names regions. Out: [`FileLeaf`]s with what was mended in them, or
//! everything for which the file is refused, feature by feature. All features with one name are one region of all their
//! parts; parts may lie over one another.

use super::{Leaf, LeafShape};
use crate::data::{Feature, Node, NodeValue, read_features};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};
use comity_geometry::{Shape, read_shape};
use indexmap::IndexMap;

/// One region of a file.
#[derive(Debug, Clone)]
pub struct FileLeaf {
    /// the value of the property
    pub name: String,
    /// its ground
    pub shape: LeafShape,
    /// the first feature of this name
    pub span: Span,
    /// what was mended in its rings, and with the first leaf what was not read in the file
    pub notes: Vec<Diagnostic>,
}

impl FileLeaf {
    /// As a leaf of an atlas.
    #[must_use]
    pub fn leaf(self) -> Leaf {
        Leaf { words: self.name.clone(), name: Some(self.name), span: self.span, shape: self.shape }
    }
}

/// Reads the regions of a file, in the order in which their names first come. `key` is a property, or a path into
/// properties that hold others; a property whose own name has these dots in it counts first.
///
/// # Errors
/// Every reason for which the file is refused: what is no map file, features without the property, without ground, with
/// rings beyond repair.
pub fn read_file_leaves(sources: &Sources, file: FileId, key: &[String]) -> Result<Vec<FileLeaf>, Vec<Diagnostic>> {
    let features = read_features(sources, file)?;
    let mut leaves: IndexMap<String, FileLeaf> = IndexMap::new();
    let mut errors = Vec::new();
    for feature in features.features {
        let name = match feature_name(&feature, key) {
            Ok(name) => name,
            Err(error) => {
                errors.push(*error);
                continue;
            }
        };
        let (shape, notes) = match feature_shape(feature.geometry, &name, feature.span) {
            Ok(read) => read,
            Err(refused) => {
                errors.extend(refused);
                continue;
            }
        };
        match leaves.entry(name.clone()) {
            indexmap::map::Entry::Occupied(mut known) => {
                known.get_mut().shape.extend(LeafShape::Polygons(shape));
                known.get_mut().notes.extend(notes);
            }
            indexmap::map::Entry::Vacant(place) => {
                place.insert(FileLeaf { name, shape: LeafShape::Polygons(shape), span: feature.span, notes });
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut leaves: Vec<FileLeaf> = leaves.into_values().collect();
    match leaves.first_mut() {
        Some(first) => first.notes.splice(0..0, features.notes).for_each(drop),
        None => {
            let (path, span) = (sources.path(file), Span::new(file, 0, 0));
            return Err(vec![
                Diagnostic::error("no-regions", span, format!("`{path}` has no regions"), "no feature in this file")
                    .help("give a file with at least one feature that has a polygon"),
            ]);
        }
    }
    Ok(leaves)
}

/// What a feature is called.
///
/// # Errors
/// If it has no such property, or one that is neither text nor a number.
pub fn feature_name(feature: &Feature, key: &[String]) -> Result<String, Box<Diagnostic>> {
    let path = key.join(".");
    let nested = || key.iter().try_fold(&feature.properties, |node, part| node.get(part));
    let value = feature.properties.get(&path).or_else(nested);
    let Some(value) = value else {
        let found: Vec<String> = feature.properties.entries().iter().map(|(k, _)| format!("`{}`", k.text)).collect();
        let label = if found.is_empty() { "no properties".to_owned() } else { format!("has {}", super::join(&found)) };
        let headline = format!("a feature has no property `{path}`, which names the regions");
        return Err(Box::new(
            Diagnostic::error("feature-without-key", feature.span, headline, label)
                .help(format!("add `{path}` to it, or write `key` with a property that every feature has")),
        ));
    };
    match text_of(value) {
        Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
        found => {
            let found = if found.is_some() { "an empty text" } else { value.kind() };
            let headline = format!("expected a text or a number as `{path}`, found {found}");
            Err(Box::new(
                Diagnostic::error("feature-without-key", value.span, headline, "no name of a region")
                    .help(format!("give every feature a text as `{path}`")),
            ))
        }
    }
}

fn text_of(value: &Node) -> Option<&str> {
    match &value.value {
        NodeValue::Text(text) | NodeValue::Number { text, .. } => Some(text),
        _ => None,
    }
}

/// The ground of a feature, with a note for everything that was mended.
///
/// # Errors
/// If it has none, or rings beyond repair: each of them.
pub fn feature_shape(
    geometry: Result<crate::data::Geometry, Box<Diagnostic>>,
    name: &str,
    span: Span,
) -> Result<(Shape, Vec<Diagnostic>), Vec<Diagnostic>> {
    let geometry = geometry.map_err(|error| vec![error.note(format!("the feature is `{name}`"))])?;
    polygons_shape(&geometry.polygons, name, span)
}

/// As [`feature_shape`], of polygons: each an outer ring and its holes, longitude and latitude in degrees.
pub(super) fn polygons_shape(
    polygons: &[Vec<Vec<[f64; 2]>>],
    name: &str,
    span: Span,
) -> Result<(Shape, Vec<Diagnostic>), Vec<Diagnostic>> {
    match read_shape(polygons) {
        Ok((shape, repairs)) => {
            let notes = repairs.iter().map(|repair| {
                Diagnostic::error("polygon-repaired", span, format!("`{name}`: {repair}"), "mended while it was read")
                    .severity(Severity::Note)
            });
            Ok((shape, notes.collect()))
        }
        Err(refusals) => Err(refusals
            .iter()
            .map(|refusal| Diagnostic::error("polygon-refused", span, format!("`{name}`: {refusal}"), "cannot be read"))
            .collect()),
    }
}
