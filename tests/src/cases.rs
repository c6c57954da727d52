//! Cases of text: each heading of a Markdown file is a case, its fenced blocks are its files and what is to come of them.
//!
//! In: Markdown. Under a heading `## …` stand blocks: `charter` (the file `pact.charter`), `charter NAME`, a data file such as
//! `yaml peers/ada.yaml`; `asks` and `typed`, words for a verb; and `report`, what comes of them. Blocks above the first heading
//! belong to every case of the file that has none of the same name. With `COMITY_BLESS` set the reports are written anew.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails aloud")]

use crate::Files;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// One fenced block: what follows the fence, and its text.
#[derive(Debug)]
pub struct Block {
    /// what follows the fence
    pub info: String,
    /// its text
    pub text: String,
    /// the lines of the file: the opening fence and the closing one
    pub lines: (usize, usize),
}

/// One heading with its blocks.
#[derive(Debug)]
pub struct Case {
    /// its heading
    pub title: String,
    /// its blocks
    pub blocks: Vec<Block>,
    /// blocks that stand above the first heading, for every case
    pub shared: Rc<Vec<Block>>,
    /// the line after the last that belongs to it
    pub end: usize,
}

/// The cases of a text.
#[must_use]
pub fn cases(text: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut shared = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(block), Some(_)) => {
                block.lines.1 = number;
                let block = open.take().unwrap();
                match out.last_mut() {
                    Some(case) => {
                        case.blocks.push(block);
                        case.end = number + 1;
                    }
                    None => shared.push(block),
                }
            }
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => {
                open = Some(Block { info: info.trim().to_owned(), text: String::new(), lines: (number, number) });
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    out.push(Case {
                        title: title.to_owned(),
                        blocks: Vec::new(),
                        shared: Rc::default(),
                        end: number + 1,
                    });
                }
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    let shared = Rc::new(shared);
    for case in &mut out {
        case.shared = Rc::clone(&shared);
    }
    out
}

impl Case {
    /// Its files; blocks without a path are none.
    #[must_use]
    pub fn files(&self) -> Files {
        let named = |info: &str| match info.split_once(' ') {
            None if info == "charter" => Some("pact.charter".to_owned()),
            None => None,
            Some((_, path)) => Some(path.trim().to_owned()),
        };
        let own = |info: &str| self.blocks.iter().any(|b| b.info == info);
        let shared = self.shared.iter().filter(|b| !own(&b.info));
        let files = shared.chain(&self.blocks).filter(|b| !["report", "asks", "typed"].contains(&b.info.as_str()));
        let mut out = Files::default();
        for block in files {
            let path =
                named(&block.info).unwrap_or_else(|| panic!("{}: a block `{}` has no path", self.title, block.info));
            assert!(out.0.insert(path, block.text.clone().into_bytes()).is_none(), "{}: a path twice", self.title);
        }
        out
    }

    /// The text of a block that is no file: `asks`, how it is asked; `typed`, what somebody types.
    #[must_use]
    pub fn words(&self, info: &str) -> &str {
        self.blocks.iter().find(|b| b.info == info).map_or("", |b| b.text.as_str())
    }

    /// What is to come of it.
    #[must_use]
    pub fn expected(&self) -> Option<&Block> {
        self.blocks.iter().find(|b| b.info == "report")
    }
}

/// Whether what is found is accepted.
#[must_use]
pub fn bless() -> bool {
    std::env::var_os("COMITY_BLESS").is_some()
}

/// Where a report stands or, where there is none yet, the line before which it is to stand; and the report.
pub type Report = (Option<(usize, usize)>, usize, String);

/// The text with the reports of its cases in their place.
#[must_use]
pub fn blessed(text: &str, reports: &[Report]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    for (place, end, report) in reports {
        let (from, to) = place.map_or((*end, *end), |(from, to)| (from, to + 1));
        out.extend(lines.iter().take(from).skip(at).map(|l| (*l).to_owned()));
        if place.is_none() {
            out.push(String::new());
        }
        out.push("```report".to_owned());
        out.extend(report.lines().map(str::to_owned));
        out.push("```".to_owned());
        at = to;
    }
    out.extend(lines.iter().skip(at).map(|l| (*l).to_owned()));
    out.join("\n") + "\n"
}

/// The Markdown files of a folder.
#[must_use]
pub fn markdown(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    found.sort();
    found
}

/// Runs the cases of a file, or writes their reports.
pub fn run(file: &Path, outcome: &dyn Fn(&Case) -> String, wrong: &mut Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
    let mut reports = Vec::new();
    for case in cases(&text).iter().filter(|c| c.blocks.iter().any(|b| b.info != "report")) {
        let found = outcome(case);
        match case.expected() {
            Some(block) if block.text == found => {}
            Some(block) => {
                wrong.push(format!("{}: {}\nexpected\n{}found\n{found}", file.display(), case.title, block.text));
            }
            None => wrong.push(format!("{}: {} has no report\nfound\n{found}", file.display(), case.title)),
        }
        reports.push((case.expected().map(|b| b.lines), case.end, found));
    }
    if bless() {
        std::fs::write(file, blessed(&text, &reports)).unwrap();
        wrong.clear();
    }
}
