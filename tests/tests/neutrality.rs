//! No message, page or example takes a side: the words that no text of the project may hold.
//!
//! In: every string in the sources of the compiler, the grammar and the standard library, and every page, charter and example. The
//! words stand here and nowhere else, so that the list does not trip over itself. Tests may name them.
#![expect(clippy::unwrap_used, reason = "helpers of tests: they fail aloud")]

use std::fs;
use std::path::{Path, PathBuf};

/// Beginnings of words that take a side, with what to say instead.
const WORDS: [(&str, &str); 14] = [
    ("disput", "claims that cannot all hold"),
    ("aggress", "an act, by its name in the charter"),
    ("violat", "breach"),
    ("rightful", "claims, holds"),
    ("occupied", "controls"),
    ("occupier", "controls"),
    ("occupation", "control"),
    ("occupying", "controls"),
    ("illegal", "not met, not allowed by"),
    ("unlawful", "breach"),
    ("illegitim", "supposed"),
    ("so-called", "the name alone"),
    ("annexed", "claims"),
    ("cannot join", "not yet consistent with"),
];

#[test]
fn no_text_takes_a_side() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut texts = 0;
    for place in ["compiler", "grammar", "stdlib", "docs", "examples", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        let mut files = Vec::new();
        gather(&root.join(place), &mut files);
        for file in files {
            let Ok(text) = fs::read_to_string(&file) else { continue };
            let name = file.strip_prefix(root).unwrap().display().to_string();
            texts += 1;
            let parts = if name.ends_with(".rs") { literals(&text) } else { vec![(1, text)] };
            for (line, part) in parts {
                // names that the language page gives to clauses and events, after their articles (UN Charter 2(4), 33)
                let lower = part.replace("NonAggression", "").replace("in_dispute", "").to_lowercase();
                for (word, instead) in WORDS {
                    for (at, _) in lower.match_indices(word) {
                        let line = line + lower.get(..at).unwrap().matches('\n').count();
                        found.push(format!("{name}:{line}: `{word}…`; say: {instead}"));
                    }
                }
            }
        }
    }
    assert!(texts > 50, "only {texts} texts were looked at");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Every file below, but for tests, what they expect, and what is built.
fn gather(path: &Path, files: &mut Vec<PathBuf>) {
    let name = path.file_name().unwrap().to_string_lossy();
    if name == "tests" || name == "tests.rs" || name == "snapshots" || name == "target" || name.starts_with('.') {
        return;
    }
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|e| gather(e, files));
    } else if path.is_file() && ["rs", "md", "charter", "pest", "toml"].iter().any(|e| name.ends_with(&format!(".{e}")))
    {
        files.push(path.to_owned());
    }
}

/// The string literals of a Rust source with the lines they begin at, up to its tests.
fn literals(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    let mut line = 1;
    let mut previous = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '\'' => {
                // a character, or a lifetime, which has no end
                if chars.next_if_eq(&'\\').is_some() {
                    chars.next();
                    while chars.next_if(|c| *c != '\'').is_some() {}
                    chars.next();
                } else {
                    let mut ahead = chars.clone();
                    ahead.next();
                    if ahead.next() == Some('\'') {
                        chars.next();
                        chars.next();
                    }
                }
            }
            'r' if !previous.is_alphanumeric() && previous != '_' && matches!(chars.peek(), Some('"' | '#')) => {
                let mut ahead = chars.clone();
                let mut hashes = 0;
                while ahead.next_if_eq(&'#').is_some() {
                    hashes += 1;
                }
                if ahead.next_if_eq(&'"').is_some() {
                    chars = ahead;
                    let end = format!("\"{}", "#".repeat(hashes));
                    let start = line;
                    let mut literal = String::new();
                    while !literal.ends_with(&end) {
                        let Some(c) = chars.next() else { break };
                        line += usize::from(c == '\n');
                        literal.push(c);
                    }
                    out.push((start, literal));
                }
            }
            '"' => {
                let start = line;
                let mut literal = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => {
                            if let Some(c) = chars.next() {
                                line += usize::from(c == '\n');
                                // a line that goes on: its words hang together
                                literal.push(' ');
                            }
                        }
                        c => {
                            line += usize::from(c == '\n');
                            literal.push(c);
                        }
                    }
                }
                out.push((start, literal));
            }
            _ => {}
        }
        previous = c;
    }
    out
}

#[test]
fn literals_are_found_and_comments_are_not() {
    let source = "// \"no\"\nlet a = \"one\"; let b = 'x'; let c: &'a str = r#\"two \"and\" a half\"#;\nlet d = '\"'; let e = \"three\\\" more\";\n#[cfg(test)]\nlet f = \"four\";";
    let found: Vec<(usize, String)> = literals(source);
    let texts: Vec<&str> = found.iter().map(|(_, t)| t.as_str()).collect();
    assert_eq!(texts, ["one", "two \"and\" a half\"#", "three  more"]);
    assert_eq!(found.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [2, 2, 3]);
}
