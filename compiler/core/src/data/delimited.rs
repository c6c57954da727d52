//! Tables of cells divided by comma, semicolon or tab, with a header line (RFC 4180, and as spreadsheets write it).
//!
//! In: a text. Out: a row for each line after the header, a map from header to cell, every cell with its place; or every
//! line that cannot be read. An empty cell is nothing; a bare cell that is a number is one; a cell in quotes is text.
//! Written here because the common reader keeps no place for a cell and takes a quote that never closes as text.

use rustc_hash::FxHashMap;

use super::{Key, Node, NodeValue, NumberError, Row, bounded, exact_number, json, span};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// A cell: its value, and its place without the quotes' neighbours.
struct Cell {
    text: String,
    quoted: bool,
    span: Span,
}

/// One line of cells, which may run over several lines of text where cells are in quotes.
struct Line {
    cells: Vec<Cell>,
    number: usize,
}

impl Line {
    fn is_blank(&self) -> bool {
        matches!(self.cells.as_slice(), [only] if only.text.trim().is_empty() && !only.quoted)
    }

    fn span(&self) -> Span {
        match (self.cells.first(), self.cells.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(FileId(0), 0, 0),
        }
    }
}

/// Walks the text cell by cell.
struct Scanner<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    line: usize,
    divider: u8,
}

impl Scanner<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn between(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// The next line of cells; none at the end of the text.
    fn line(&mut self) -> Result<Option<Line>, Box<Diagnostic>> {
        if self.byte().is_none() {
            return Ok(None);
        }
        let number = self.line;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            match self.byte() {
                Some(byte) if byte == self.divider => self.at += 1,
                _ => break,
            }
        }
        if self.byte() == Some(b'\r') {
            self.at += 1;
        }
        if self.byte() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
        Ok(Some(Line { cells, number }))
    }

    fn cell(&mut self) -> Result<Cell, Box<Diagnostic>> {
        let start = self.at;
        if self.byte() != Some(b'"') {
            while let Some(byte) = self.byte() {
                let ends_line =
                    byte == b'\n' || (byte == b'\r' && self.text.as_bytes().get(self.at + 1) == Some(&b'\n'));
                if byte == self.divider || ends_line {
                    break;
                }
                self.at += 1;
            }
            let text = self.between(start).to_owned();
            return Ok(Cell { text, quoted: false, span: span(self.file, start, self.at) });
        }
        self.at += 1;
        let mut text = String::new();
        loop {
            let piece = self.at;
            while self.byte().is_some_and(|b| b != b'"') {
                if self.byte() == Some(b'\n') {
                    self.line += 1;
                }
                self.at += 1;
            }
            text.push_str(self.between(piece));
            if self.byte().is_none() {
                return Err(Box::new(
                    Diagnostic::error(
                        "data-syntax",
                        span(self.file, start, start + 1),
                        "a quote is never closed",
                        "opened here",
                    )
                    .help("close the cell with `\"`; write `\"\"` for a quote inside a cell in quotes"),
                ));
            }
            self.at += 1;
            if self.byte() != Some(b'"') {
                break;
            }
            text.push('"');
            self.at += 1;
        }
        match self.byte() {
            None | Some(b'\n' | b'\r') => {}
            Some(byte) if byte == self.divider => {}
            Some(_) => {
                return Err(Box::new(
                    Diagnostic::error(
                        "data-syntax",
                        span(self.file, start, self.at),
                        "text after the closing quote of a cell",
                        "this cell ends here, and more follows",
                    )
                    .help("write `\"\"` for a quote inside a cell in quotes"),
                ));
            }
        }
        Ok(Cell { text, quoted: true, span: span(self.file, start, self.at) })
    }
}

/// The divider that stands most often in the header outside quotes; comma where none does.
fn divider(text: &str) -> u8 {
    let (mut comma, mut semicolon, mut tab, mut quoted) = (0_usize, 0_usize, 0_usize, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b',' if !quoted => comma += 1,
            b';' if !quoted => semicolon += 1,
            b'\t' if !quoted => tab += 1,
            _ => {}
        }
    }
    if tab > comma && tab >= semicolon {
        b'\t'
    } else if semicolon > comma {
        b';'
    } else {
        b','
    }
}

/// The rows of a table; `key` is the line on which the row begins.
pub(super) fn rows(file: FileId, text: &str) -> Result<Vec<Row>, Vec<Diagnostic>> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scanner = Scanner { file, text, at, line: 1, divider: divider(text) };
    let header = loop {
        match scanner.line() {
            Ok(Some(line)) if line.is_blank() => {}
            Ok(Some(line)) => break line,
            Ok(None) => {
                let here = span(file, 0, 0);
                return Err(vec![
                    Diagnostic::error(
                        "data-shape",
                        here,
                        "the table is empty",
                        "expected a header line, found nothing",
                    )
                    .help("name the columns in the first line"),
                ]);
            }
            Err(error) => return Err(vec![*error]),
        }
    };
    let header = headings(&header)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    loop {
        match scanner.line() {
            Ok(None) => break,
            Ok(Some(line)) if line.is_blank() => {}
            Ok(Some(line)) if line.cells.len() != header.len() => errors.push(
                Diagnostic::error(
                    "data-shape",
                    line.span(),
                    format!("expected {} cells as in the header, found {}", header.len(), line.cells.len()),
                    format!("line {}", line.number),
                )
                .help(shape(&line, header.len(), scanner.divider as char)),
            ),
            Ok(Some(line)) => {
                let whole = line.span();
                let mut entries = Vec::with_capacity(header.len());
                for (key, cell) in header.iter().zip(line.cells) {
                    match value(cell) {
                        Ok(node) => entries.push((key.clone(), node)),
                        Err(error) => errors.push(*error),
                    }
                }
                rows.push(Row {
                    key: line.number.to_string(),
                    span: whole,
                    value: Node { span: whole, value: NodeValue::Map(entries) },
                });
            }
            Err(error) => {
                errors.push(*error);
                break;
            }
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(bounded(errors)) }
}

/// How a line of too many or too few cells is put right.
fn shape(line: &Line, wanted: usize, divider: char) -> String {
    let sign = if divider == '\t' { "a tab".to_owned() } else { format!("`{divider}`") };
    if line.cells.len() < wanted {
        return format!("leave a cell empty where there is nothing: {sign} stands before each cell but the first");
    }
    // `attack("Bel, and the Isles")`: the quotes of a name are those of no cell
    if line.cells.iter().any(|c| !c.quoted && c.text.contains('"')) {
        return format!(
            "put a cell that has {sign} in it in double quotes, and write `\"\"` for each quote of its own"
        );
    }
    format!("put a cell that has {sign} in it in double quotes")
}

/// The keys of the columns. A column without a heading is named by its number: `column 1`.
fn headings(line: &Line) -> Result<Vec<Key>, Vec<Diagnostic>> {
    let mut first: FxHashMap<String, Span> = FxHashMap::default();
    let (mut keys, mut errors) = (Vec::new(), Vec::new());
    for (i, cell) in line.cells.iter().enumerate() {
        let text = match cell.text.trim() {
            "" => format!("column {}", i + 1),
            text => text.to_owned(),
        };
        let key = Key { text, span: cell.span };
        if let Some(first) = first.insert(key.text.clone(), key.span) {
            errors.push(
                Diagnostic::error(
                    "data-duplicate-key",
                    key.span,
                    format!("two columns are named `{}`", key.text),
                    "again here",
                )
                .label(first, "first here")
                .help("give each column its own name"),
            );
        }
        keys.push(key);
    }
    if errors.is_empty() { Ok(keys) } else { Err(bounded(errors)) }
}

fn value(cell: Cell) -> Result<Node, Box<Diagnostic>> {
    let value = if cell.quoted {
        NodeValue::Text(cell.text)
    } else {
        let text = cell.text.trim();
        match exact_number(text) {
            _ if text.is_empty() => NodeValue::Null,
            Ok(value) => NodeValue::Number { text: text.to_owned(), value },
            Err(NumberError::NotANumber) => NodeValue::Text(text.to_owned()),
            Err(NumberError::TooLong) => return Err(json::bad_number(cell.span, NumberError::TooLong)),
        }
    };
    Ok(Node { span: cell.span, value })
}
