//! Literate charters: Markdown that holds the authentic text, and charter in fenced blocks.
//!
//! In: the text of a `.md` file. Out: the ranges of it that are charter, and the paragraphs that no block stands for. A
//! paragraph is stood for by the next block under the same heading. Of Markdown only what tells these apart is read:
//! headings (`#` and underlined), fences, front matter, HTML comments, rules.

use super::tree::Prose;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use std::ops::Range;

/// What a Markdown file holds.
#[derive(Debug, Default)]
pub(super) struct Literate {
    /// the charter blocks, in order
    pub(super) blocks: Vec<Range<usize>>,
    /// paragraphs that no block stands for
    pub(super) prose: Vec<Prose>,
    /// a fence that is not closed
    pub(super) errors: Vec<Diagnostic>,
}

/// Whether a file of this name is a literate charter.
pub(super) fn is_literate(path: &str) -> bool {
    path.get(path.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case(".md"))
}

/// A fence: its sign, its length, what stands behind it.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim_start_matches(' ');
    let sign = line.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let rest = line.trim_start_matches(sign);
    let length = line.len() - rest.len();
    let info = rest.trim();
    (indent <= 3 && length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}

/// The text of a `#` heading.
fn heading(line: &str) -> Option<&str> {
    let trimmed = line.trim_start_matches(' ');
    let rest = trimmed.trim_start_matches('#');
    let marks = trimmed.len() - rest.len();
    let opens = rest.is_empty() || rest.starts_with([' ', '\t']);
    ((1..=6).contains(&marks) && opens).then(|| rest.trim().trim_end_matches('#').trim_end())
}

/// A line of `=` or of `-` alone: the line above it is a heading.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && (line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-'))
}

/// `* * *`, `---`: a rule between paragraphs.
fn is_rule(line: &str) -> bool {
    let signs: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    signs.len() >= 3 && ["-", "*", "_"].iter().any(|s| signs.trim_start_matches(*s).is_empty())
}

/// What is open while lines are read.
enum Open {
    /// nothing
    No,
    /// a block: its sign, its length, where its first line begins, whether it is charter, the fence
    Block(char, usize, usize, bool, Range<usize>),
    /// an HTML comment
    Comment,
}

struct Reader {
    file: FileId,
    found: Literate,
    heading: Option<String>,
    /// the paragraph being read
    paragraph: Option<Range<usize>>,
    /// paragraphs under this heading that no block has stood for yet
    waiting: Vec<Range<usize>>,
    open: Open,
}

/// Reads a Markdown file.
pub(super) fn read(text: &str, file: FileId) -> Literate {
    let mut reader = Reader {
        file,
        found: Literate::default(),
        heading: None,
        paragraph: None,
        waiting: Vec::new(),
        open: Open::No,
    };
    let mut at = front_matter(text);
    for line in text.get(at..).unwrap_or("").split_inclusive('\n') {
        reader.line(text, line, at);
        at += line.len();
    }
    reader.finish(text.len());
    reader.found
}

/// Where the text begins behind `---` lines that hold data about it.
fn front_matter(text: &str) -> usize {
    let mut at = 0;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        let rule = line.trim_end() == "---";
        if i == 0 && !rule {
            return 0;
        }
        at += line.len();
        if i > 0 && rule {
            return at;
        }
    }
    0
}

impl Reader {
    fn span(&self, range: &Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(range.start), offset(range.end))
    }

    fn line(&mut self, text: &str, line: &str, at: usize) {
        let content = line.trim_end();
        match &self.open {
            Open::Block(sign, length, start, charter, _) => {
                let closes = fence(content).is_some_and(|(s, n, info)| s == *sign && n >= *length && info.is_empty());
                if closes {
                    if *charter {
                        self.found.blocks.push(*start..at);
                    }
                    self.open = Open::No;
                }
                return;
            }
            Open::Comment => {
                if content.contains("-->") {
                    self.open = Open::No;
                }
                return;
            }
            Open::No => {}
        }
        if let Some((sign, length, info)) = fence(content) {
            self.end_paragraph();
            let charter = info.split([' ', ',', '{']).next() == Some("charter");
            if charter {
                self.waiting.clear();
            }
            self.open = Open::Block(sign, length, at + line.len(), charter, at..at + content.len());
        } else if content.trim_start().starts_with("<!--") && self.paragraph.is_none() {
            if !content.contains("-->") {
                self.open = Open::Comment;
            }
        } else if let Some(title) = heading(content) {
            self.end_section();
            self.heading = Some(title.to_owned());
        } else if let Some(above) = self.paragraph.clone().filter(|_| is_underline(content)) {
            self.paragraph = None;
            self.end_section();
            self.heading = text.get(above).map(|t| t.trim().to_owned());
        } else if content.trim().is_empty() || is_rule(content) {
            self.end_paragraph();
        } else {
            let indent = content.len() - content.trim_start().len();
            let start = self.paragraph.as_ref().map_or(at + indent, |p| p.start);
            self.paragraph = Some(start..at + content.len());
        }
    }

    fn end_paragraph(&mut self) {
        self.waiting.extend(self.paragraph.take());
    }

    fn end_section(&mut self) {
        self.end_paragraph();
        for range in std::mem::take(&mut self.waiting) {
            let prose = Prose { span: self.span(&range), heading: self.heading.clone() };
            self.found.prose.push(prose);
        }
    }

    fn finish(&mut self, end: usize) {
        if let Open::Block(_, _, start, charter, opened) = std::mem::replace(&mut self.open, Open::No)
            && charter
        {
            self.found.blocks.push(start.min(end)..end);
            let span = self.span(&opened);
            self.found.errors.push(
                Diagnostic::error("unclosed-block", span, "a charter block is not closed", "opened here")
                    .help("add a line ```` ``` ```` behind it"),
            );
        }
        self.end_section();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREATY: &str = "---\ntitle: x\n---\n# Pact\n\nPreamble, of no effect.\n\n## Article 1\n\nAda holds the north.\nIt is cold.\n\n```charter\nparty Ada\n```\n\nThe parties shall be friendly.\n\nArticle 2\n---------\n<!-- a note -->\n```text\nparty No\n```\n* * *\nNothing here.\n~~~~ charter {.x}\nparty Bel\n```\n~~~~\n";

    #[test]
    fn blocks_and_what_is_not_formalised() {
        let found = read(TREATY, FileId(0));
        let blocks: Vec<&str> = found.blocks.iter().filter_map(|b| TREATY.get(b.clone())).collect();
        assert_eq!(blocks, ["party Ada\n", "party Bel\n```\n"]);
        let prose: Vec<_> = found
            .prose
            .iter()
            .map(|p| {
                (
                    p.heading.as_deref().unwrap_or(""),
                    TREATY.get(p.span.start as usize..p.span.end as usize).unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(prose, [("Pact", "Preamble, of no effect."), ("Article 1", "The parties shall be friendly.")]);
        assert!(found.errors.is_empty());
    }

    #[test]
    fn a_block_that_is_not_closed_is_said() {
        let found = read("text\n```charter\nparty A", FileId(0));
        assert_eq!(found.errors.len(), 1);
        assert_eq!(found.blocks.first(), Some(&(16..23)));
    }

    #[test]
    fn only_markdown_is_literate() {
        assert!(is_literate("pact.charter.md") && is_literate("PACT.MD"));
        assert!(!is_literate("pact.charter") && !is_literate("md"));
    }
}
