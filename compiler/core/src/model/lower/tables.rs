//! Data files, read before anything is resolved.
//!
//! In: `data` and `atlas … from` declarations, and the bytes of the files they name, through a [`World`]. Out: [`Tables`]:
//! rows by declaration. Every file that is missing or cannot be read is a located error; all of them are listed.

use crate::atlas::{LeafShape, feature_name, feature_shape, read_file_leaves};
use crate::data::field::FieldPath;
use crate::data::{self, Format, Layout, Node};
use crate::diagnostic::Diagnostic;
use crate::resolve::load::{Project, relative, unreadable};
use crate::resolve::names::Definition;
use crate::source::{FileId, Sources, Span, World, WorldError};
use crate::syntax::tree::{self, ItemKind, Text};
use comity_geometry::Shape;
use indexmap::IndexMap;

/// A region of an atlas's file.
#[derive(Debug, Clone)]
pub struct RegionRow {
    /// its name
    pub name: String,
    /// its ground
    pub shape: Shape,
    /// the feature
    pub span: Span,
}

/// A row of data.
#[derive(Debug, Clone)]
pub struct DataRow {
    /// its name: the key property, or what the format gives
    pub name: String,
    /// the path of its file
    pub path: String,
    /// its fields
    pub value: Node,
    /// its ground, where the file is a map
    pub shape: Option<Shape>,
    /// the row
    pub span: Span,
}

/// All rows that a project asks for.
#[derive(Debug, Default)]
pub struct Tables {
    regions: IndexMap<Definition, Vec<RegionRow>>,
    data: IndexMap<Definition, Vec<DataRow>>,
}

impl Tables {
    /// The rows of an atlas's file.
    #[must_use]
    pub fn rows_of(&self, atlas: Definition) -> &[RegionRow] {
        self.regions.get(&atlas).map_or(&[], Vec::as_slice)
    }

    /// The rows of data.
    #[must_use]
    pub fn data_of(&self, data: Definition) -> &[DataRow] {
        self.data.get(&data).map_or(&[], Vec::as_slice)
    }

    /// Reads every file that an atlas or a data declaration names.
    pub fn read(
        world: &dyn World,
        project: &Project,
        sources: &mut Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut tables = Self::default();
        let mut files: IndexMap<String, Option<FileId>> = IndexMap::new();
        for (module, loaded) in project.iter() {
            for (item, i) in loaded.tree.items.iter().enumerate() {
                let definition = Definition { module, item };
                match &i.kind {
                    ItemKind::Atlas(atlas) => {
                        let tree::Space::File { files: texts, key } = &atlas.space else { continue };
                        let key: Vec<String> = key.segments.iter().map(|s| s.text.to_string()).collect();
                        let mut rows = Vec::new();
                        for file in open_all(world, &loaded.path, texts, &mut files, sources, diagnostics) {
                            match read_file_leaves(sources, file, &key) {
                                Ok(leaves) => {
                                    for leaf in leaves {
                                        diagnostics.extend(leaf.notes);
                                        if let LeafShape::Polygons(shape) = leaf.shape {
                                            rows.push(RegionRow { name: leaf.name, shape, span: leaf.span });
                                        }
                                    }
                                }
                                Err(problems) => diagnostics.extend(problems),
                            }
                        }
                        tables.regions.insert(definition, rows);
                    }
                    ItemKind::Data(d) => {
                        let mut rows = Vec::new();
                        for file in open_all(world, &loaded.path, &d.files, &mut files, sources, diagnostics) {
                            rows.extend(read_data(sources, file, d, diagnostics));
                        }
                        rows.sort_by(|a, b| (&a.path, a.span.start).cmp(&(&b.path, b.span.start)));
                        tables.data.insert(definition, rows);
                    }
                    _ => {}
                }
            }
        }
        tables
    }
}

/// Opens the files that patterns name, each once, in the order of their paths.
fn open_all(
    world: &dyn World,
    from: &str,
    texts: &[Text],
    files: &mut IndexMap<String, Option<FileId>>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FileId> {
    let mut found = Vec::new();
    for text in texts {
        let Some(path) = relative(from, &text.text) else {
            diagnostics.push(unreadable(&text.text, text.span, &WorldError::Outside));
            continue;
        };
        let paths = if path.contains('*') {
            match world.glob(&path) {
                Ok(paths) if paths.is_empty() => {
                    diagnostics.push(
                        Diagnostic::error(
                            "missing-file",
                            text.span,
                            format!("no file matches `{}`", text.text),
                            "nothing found",
                        )
                        .help("check the folder; a `*` stands for any part of one file name"),
                    );
                    continue;
                }
                Ok(paths) => paths,
                Err(error) => {
                    diagnostics.push(unreadable(&path, text.span, &error));
                    continue;
                }
            }
        } else {
            vec![path]
        };
        for path in paths {
            if !files.contains_key(&path) {
                let file = match world.read(&path) {
                    Ok(bytes) => match data::take_in(sources, &path, bytes) {
                        Ok(file) => Some(file),
                        Err(problem) => {
                            diagnostics.push(*problem);
                            None
                        }
                    },
                    Err(error) => {
                        diagnostics.push(unreadable(&path, text.span, &error));
                        None
                    }
                };
                files.insert(path.clone(), file);
            }
            if let Some(Some(file)) = files.get(&path)
                && !found.contains(file)
            {
                found.push(*file);
            }
        }
    }
    found
}

fn read_data(sources: &Sources, file: FileId, d: &tree::Data, diagnostics: &mut Vec<Diagnostic>) -> Vec<DataRow> {
    let path = sources.path(file).to_owned();
    let text = sources.get(file).map_or("", |f| &f.text);
    let Some(format) = Format::of(&path, text) else {
        let span = d.files.first().map_or(d.name.span, |t| t.span);
        diagnostics.push(
            Diagnostic::error(
                "unknown-format",
                span,
                format!("`{path}` is of no format that is read"),
                "asked for here",
            )
            .help(format!("data is read from {}", Format::EXTENSIONS)),
        );
        return Vec::new();
    };
    let key: Option<FieldPath> = d.key.as_ref().map(FieldPath::from);
    if matches!(format, Format::GeoJson | Format::TopoJson) {
        return read_map(sources, file, &path, d, diagnostics);
    }
    let layout = if d.one_a_file.is_some() { Layout::OneAFile } else { Layout::Rows };
    let rows = match data::read_table(sources, file, format, layout) {
        Ok(rows) => rows,
        Err(problems) => {
            diagnostics.extend(problems);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for row in rows {
        let name = match &key {
            None => row.key.clone(),
            Some(key) => match data::field::select(&row.value, key) {
                Ok(found) => match found.first().and_then(|s| s.node.scalar_text()) {
                    Some(text) => text.to_owned(),
                    None => {
                        diagnostics.push(
                            Diagnostic::error(
                                "row-without-key",
                                row.span,
                                format!("this row has no `{key}`, which names it"),
                                "no name",
                            )
                            .help(format!("add `{key}`, or leave `key {key}` out of the charter")),
                        );
                        continue;
                    }
                },
                Err(problem) => {
                    diagnostics.push(*problem);
                    continue;
                }
            },
        };
        out.push(DataRow { name, path: path.clone(), value: row.value, shape: None, span: row.span });
    }
    out
}

fn read_map(
    sources: &Sources,
    file: FileId,
    path: &str,
    d: &tree::Data,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<DataRow> {
    let features = match data::read_features(sources, file) {
        Ok(features) => features,
        Err(problems) => {
            diagnostics.extend(problems);
            return Vec::new();
        }
    };
    diagnostics.extend(features.notes);
    let key: Vec<String> = d
        .key
        .iter()
        .flat_map(|k| &k.segments)
        .filter_map(|s| match s {
            tree::FieldSegment::Key(name) => Some(name.text.to_string()),
            tree::FieldSegment::Each | tree::FieldSegment::Bind(_) => None,
        })
        .collect();
    let mut out = Vec::new();
    for (place, feature) in features.features.into_iter().enumerate() {
        let name = if key.is_empty() {
            feature.id.as_ref().and_then(Node::scalar_text).map_or_else(|| (place + 1).to_string(), ToOwned::to_owned)
        } else {
            match feature_name(&feature, &key) {
                Ok(name) => name,
                Err(problem) => {
                    diagnostics.push(*problem);
                    continue;
                }
            }
        };
        let (span, value) = (feature.span, feature.properties.clone());
        match feature_shape(feature.geometry, &name, span) {
            Ok((shape, notes)) => {
                diagnostics.extend(notes);
                out.push(DataRow { name, path: path.to_owned(), value, shape: Some(shape), span });
            }
            Err(problems) => diagnostics.extend(problems),
        }
    }
    out
}
