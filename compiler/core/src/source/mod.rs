//! Source texts and positions in them.
//!
//! In: the bytes of charters and data files, through a [`World`]. Out: [`Sources`], which owns every text and turns a
//! [`Span`] (file and byte offsets) into lines and columns. A span always names its file; there is no position without one.
//! Does not parse anything.

use serde::Serialize;
use std::sync::Arc;

/// A text that [`Sources`] owns. Only meaningful together with the `Sources` that gave it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start..end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// the file
    pub file: FileId,
    /// first byte
    pub start: u32,
    /// one past the last byte
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that holds both; `self` if they are in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as a person counts: line and column from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// line, from 1
    pub line: usize,
    /// column in characters, from 1
    pub column: usize,
}

/// One text: a charter, a data file or a module of the standard library.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// as the user wrote it, relative to the project, with forward slashes; `std.states` for the standard library
    pub path: String,
    /// the whole text
    pub text: Arc<str>,
    /// byte offset at which each line begins
    lines: Vec<u32>,
}

/// Every text that was read, in the order in which it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes in a text and gives its id. `text` must be shorter than 4 GiB (the reader refuses far earlier).
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let mut lines = vec![0];
        lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).filter_map(|i| u32::try_from(i + 1).ok()));
        self.files.push(SourceFile { path: path.into(), text, lines });
        id
    }

    /// The file, if `id` is one of ours.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The path of the file, or `?` for an id that is not ours.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("?", |f| f.path.as_str())
    }

    /// The bytes of a span as text; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// The line, from 1, of the first byte of a span: cheaper than [`Sources::position`] where a line is long.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        self.get(span.file).map_or(1, |f| f.lines.partition_point(|&l| l <= span.start).max(1))
    }

    /// The bytes of a line, counted from 1, without its line end.
    #[must_use]
    pub fn line_range(&self, file: FileId, line: usize) -> Option<std::ops::Range<usize>> {
        let file = self.get(file)?;
        let start = file.lines.get(line.checked_sub(1)?).copied()? as usize;
        let end = file.lines.get(line).map_or(file.text.len(), |&next| next as usize);
        let text = file.text.get(start..end)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Some(start..start + text.len())
    }

    /// Line and column (in characters) of the first byte of a span.
    #[must_use]
    pub fn position(&self, span: Span) -> LineColumn {
        let Some(file) = self.get(span.file) else { return LineColumn { line: 1, column: 1 } };
        let line = file.lines.partition_point(|&l| l <= span.start).max(1);
        let begin = file.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let column = file.text.get(begin..span.start as usize).map_or(0, |t| t.chars().count()) + 1;
        LineColumn { line, column }
    }
}

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorldError {
    /// there is no such file
    Missing,
    /// the path leads out of the project
    Outside,
    /// it is larger than the reader takes; the limit in bytes
    TooLarge(u64),
    /// anything else, in the operating system's words
    Unreadable(String),
}

/// All that is outside: the files of one project. Paths are relative to the project, with forward slashes.
pub trait World {
    /// The bytes of one file.
    ///
    /// # Errors
    /// As [`WorldError`] says; never a partial text.
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError>;

    /// The paths that match a pattern (`peers/*.yaml`), sorted by name.
    ///
    /// # Errors
    /// As [`WorldError`] says.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError>;
}
