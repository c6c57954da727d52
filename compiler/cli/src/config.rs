//! `comity.toml`: what holds for a whole project.
//!
//! In: its text. Out: [`Config`], or every mistake at its place. Unknown keys are refused, never skipped.
//!
//! ```toml
//! edition = 1                 # required
//! [check]
//! paths = ["charters"]        # what `comity check` reads here; the whole folder when left out
//! budget = 20000000           # as --budget, --seed, --jobs, --only
//! [levels]
//! B05 = "allow"               # deny, warn or allow, by code
//! ```

use comity_core::diagnostic::Diagnostic;
use comity_core::engine::Setting;
use comity_core::report::codes;
use comity_core::source::{FileId, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The project's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) paths: Vec<String>,
    pub(crate) budget: Option<u64>,
    pub(crate) seed: Option<u32>,
    pub(crate) jobs: Option<u16>,
    pub(crate) only: BTreeSet<String>,
    pub(crate) levels: BTreeMap<String, Setting>,
}

struct Reader {
    file: FileId,
    errors: Vec<Diagnostic>,
}

/// Reads the settings.
pub(crate) fn read(sources: &Sources, file: FileId) -> Result<Config, Vec<Diagnostic>> {
    let text = sources.get(file).map_or("", |f| &*f.text);
    let mut reader = Reader { file, errors: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let message = error.message().lines().next().unwrap_or("").trim_end_matches('.').to_owned();
            reader.error("config-syntax", error.span().unwrap_or(0..0), &format!("not TOML: {message}"), "here");
            return Err(reader.errors);
        }
    };
    let config = reader.config(table.get_ref(), text.len());
    reader.errors.sort_by_key(|d| d.primary.span);
    if reader.errors.is_empty() { Ok(config) } else { Err(reader.errors) }
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader {
    fn error(&mut self, code: &'static str, span: Range<usize>, headline: &str, label: &str) {
        let diagnostic = self.at(code, span, headline, label);
        self.errors.push(diagnostic);
    }

    fn at(&self, code: &'static str, span: Range<usize>, headline: &str, label: &str) -> Diagnostic {
        let byte = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Diagnostic::error(code, Span::new(self.file, byte(span.start), byte(span.end)), headline, label)
    }

    fn config(&mut self, table: &DeTable<'_>, end: usize) -> Config {
        let mut config = Config::default();
        let mut edition = false;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "edition" => {
                    edition = true;
                    match self.integer::<u32>("edition", value) {
                        Some(1) | None => {}
                        Some(n) => {
                            let headline = format!("expected edition 1, found {n}");
                            self.error(
                                "config-edition",
                                value.span(),
                                &headline,
                                "this version of comity knows edition 1",
                            );
                        }
                    }
                }
                "check" => self.check(value, &mut config),
                "levels" => self.levels(value, &mut config),
                other => self.unknown(key.span(), other, "`edition`, `check`, `levels`"),
            }
        }
        if !edition {
            let mut d =
                self.at("config-edition", 0..end.min(1), "the edition of the language is missing", "no `edition` here");
            d = d.help("add the line `edition = 1` at the top");
            self.errors.push(d);
        }
        config
    }

    fn unknown(&mut self, span: Range<usize>, key: &str, known: &str) {
        let headline = format!("unknown key `{key}`");
        let d = self.at("config-key", span, &headline, "no setting has this name").note(format!("there are {known}"));
        self.errors.push(d);
    }

    fn table<'a, 'i>(&mut self, name: &str, value: &'a Value<'i>) -> Option<&'a DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.expected(name, "a table", value);
        }
        table
    }

    fn expected(&mut self, name: &str, what: &str, value: &Value<'_>) {
        let found = value.get_ref().type_str();
        self.error("config-value", value.span(), &format!("expected {what} for `{name}`, found {found}"), "this value");
    }

    fn integer<N: TryFrom<i64>>(&mut self, name: &str, value: &Value<'_>) -> Option<N> {
        let number = value.get_ref().as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        let number = number.and_then(|n| N::try_from(n).ok());
        if number.is_none() {
            self.expected(name, "a whole number in range", value);
        }
        number
    }

    fn strings<'a>(&mut self, name: &str, value: &'a Value<'_>) -> Vec<(&'a str, Range<usize>)> {
        let Some(list) = value.get_ref().as_array() else {
            self.expected(name, "a list of texts", value);
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in list {
            match item.get_ref().as_str() {
                Some(text) => out.push((text, item.span())),
                None => self.expected(name, "a text", item),
            }
        }
        out
    }

    fn check(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(table) = self.table("check", value) else { return };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => {
                    for (path, span) in self.strings("paths", value) {
                        match crate::world::normal(path) {
                            Some(inside) => config.paths.push(inside),
                            None => self.error(
                                "config-path",
                                span,
                                &format!("`{path}` leads out of the project"),
                                "this path",
                            ),
                        }
                    }
                }
                "budget" => config.budget = self.positive("budget", value),
                "seed" => config.seed = self.integer("seed", value),
                "jobs" => config.jobs = self.positive("jobs", value),
                "only" => {
                    for (word, span) in self.strings("only", value) {
                        config.only.extend(self.code(word, span));
                    }
                }
                other => self.unknown(key.span(), other, "`paths`, `budget`, `seed`, `jobs`, `only`"),
            }
        }
    }

    fn positive<N: TryFrom<i64> + PartialEq + From<u8>>(&mut self, name: &str, value: &Value<'_>) -> Option<N> {
        let number = self.integer::<N>(name, value)?;
        if number == N::from(0) {
            self.expected(name, "a number above zero", value);
            return None;
        }
        Some(number)
    }

    fn code(&mut self, word: &str, span: Range<usize>) -> Option<String> {
        let found = codes::find(word).map(|c| c.code.to_owned());
        if found.is_none() {
            let d = self.at("config-code", span, &format!("no check has the code `{word}`"), "this code");
            self.errors.push(d.help("list the codes with `comity explain`"));
        }
        found
    }

    fn levels(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(table) = self.table("levels", value) else { return };
        for (key, value) in table {
            let code = self.code(key.get_ref(), key.span());
            match value.get_ref().as_str().and_then(Setting::from_word) {
                Some(setting) => config.levels.extend(code.map(|c| (c, setting))),
                None => {
                    self.error("config-value", value.span(), "expected \"deny\", \"warn\" or \"allow\"", "this value")
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Config, Vec<String>> {
        let mut sources = Sources::default();
        let file = sources.add("comity.toml", text);
        read(&sources, file).map_err(|list| {
            let at = |d: &Diagnostic| format!("{}: {}", sources.slice(d.primary.span), d.headline);
            list.iter().map(at).collect()
        })
    }

    #[test]
    fn settings_are_read() {
        let text = "edition = 1\n[check]\npaths = [\"./a\"]\nbudget = 5\nonly = [\"b01\"]\n[levels]\nB05 = \"deny\"\n";
        let config = read_text(text).unwrap();
        assert_eq!(config.paths, ["a"]);
        assert_eq!(config.budget, Some(5));
        assert!(config.only.contains("B01"));
        assert_eq!(config.levels.get("B05"), Some(&Setting::Deny));
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        assert_eq!(read_text("").unwrap_err(), [": the edition of the language is missing"]);
        let text = "edition = 2\nname = \"x\"\n[check]\npaths = [\"../up\", 3]\nbudget = 0\n[levels]\nB99 = \"deny\"\nB05 = \"off\"\n";
        let errors = read_text(text).unwrap_err();
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("mistakes", errors.join("\n")) });
        assert!(read_text("edition = ").unwrap_err()[0].contains("not TOML"));
    }
}
