//! Which files a command is about, and the project they belong to.
//!
//! In: the paths of the command line. Out: [`Project`]: the folder that no import may leave, its settings, and the charters to
//! read, sorted. The folder is the one with the nearest `comity.toml` above all given paths; without one, the smallest folder
//! that holds them all. Mistakes are located diagnostics, all of them.

use crate::config::{self, Config};
use crate::world::FsWorld;
use comity_core::diagnostic::Diagnostic;
use comity_core::source::{Sources, Span, World as _, WorldError};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the file that makes a folder a project.
const SETTINGS: &str = "comity.toml";

/// Deeper folders are not looked into.
const DEEPEST: usize = 64;

/// What a command works on.
#[derive(Debug)]
pub(crate) struct Project {
    /// canonical
    root: PathBuf,
    pub(crate) world: FsWorld,
    pub(crate) config: Config,
    /// the files to read, relative to the project, sorted
    pub(crate) roots: Vec<String>,
    /// leads from the current folder to the project, for messages
    pub(crate) prefix: String,
}

impl Project {
    /// How the project names a file that was given on the command line.
    pub(crate) fn name(&self, given: &Path) -> Option<String> {
        relative(&self.root, &fs::canonicalize(given).ok()?)
    }

    /// How many folders a file that is to be written lies below the project's; nothing where it lies outside. Its folder need
    /// not be there yet.
    pub(crate) fn depth(&self, file: &Path) -> Option<usize> {
        let mut folder = file.parent()?;
        let mut missing = Vec::new();
        let there = loop {
            if folder.as_os_str().is_empty() {
                break std::env::current_dir().and_then(fs::canonicalize).ok()?;
            }
            match fs::canonicalize(folder) {
                Ok(there) => break there,
                // what is not there has a name: `..` leads out of nothing
                Err(_) => missing.push(folder.file_name()?),
            }
            folder = folder.parent()?;
        };
        let full = missing.iter().rev().fold(there, |path, name| path.join(name));
        full.strip_prefix(&self.root).ok().map(|inside| inside.components().count())
    }
}

/// What the paths of a command name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// charters: a folder stands for all charters below it
    Charters,
    /// data files: a folder is a mistake
    Data,
    /// both: a folder stands for all charters below it
    Either,
}

/// Finds the project that the paths belong to, and the files they name.
pub(crate) fn open(paths: &[PathBuf], want: Want, sources: &mut Sources) -> Result<Project, Vec<Diagnostic>> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { here.as_slice() } else { paths };
    let mut errors = Vec::new();
    let mut given = Vec::new();
    for path in paths {
        match fs::canonicalize(path) {
            Ok(full) if full.is_dir() && want == Want::Data => {
                errors.push(about(sources, path, "unreadable-file", "is a folder, expected a file"));
            }
            Ok(full) if want == Want::Charters && full.is_file() && is_data(&full) => {
                let d = about(sources, path, "no-charter", "is a file of data, expected a charter");
                let help = format!(
                    "write `comity claims {} --claimant PROPERTY`, or a charter with an atlas from it",
                    path.display()
                );
                errors.push(d.help(help));
            }
            Ok(full) => given.push((path, full)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => errors.push(missing(sources, path)),
            Err(e) => errors.push(about(sources, path, "unreadable-file", &format!("cannot be read: {e}"))),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let root = root(&given);
    let world = FsWorld::new(root.clone());
    let config = settings(&world, &root, sources)?;
    let mut roots = Vec::new();
    for (path, full) in &given {
        if full.is_file() && full.file_name().is_some_and(|n| n == SETTINGS) || *full == root && want != Want::Data {
            let inside = if config.paths.is_empty() { vec![String::new()] } else { config.paths.clone() };
            for inside in inside {
                let full = root.join(&inside);
                gather(
                    &root,
                    &full,
                    Path::new(if inside.is_empty() { "." } else { &inside }),
                    sources,
                    &mut roots,
                    &mut errors,
                );
            }
        } else {
            gather(&root, full, path, sources, &mut roots, &mut errors);
        }
    }
    roots.sort_unstable();
    roots.dedup();
    if errors.is_empty() { Ok(Project { world, config, roots, prefix: prefix(&root), root }) } else { Err(errors) }
}

/// Whether a file is of a kind that charters read and that holds no charter.
fn is_data(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    ["geojson", "topojson", "json", "csv", "tsv", "yaml", "yml"].contains(&extension.as_str())
}

/// The nearest folder with settings above all given paths, else the smallest folder that holds them all.
fn root(given: &[(&PathBuf, PathBuf)]) -> PathBuf {
    let mut common: Option<PathBuf> = None;
    for (_, full) in given {
        let folder = if full.is_dir() { full.as_path() } else { full.parent().unwrap_or(full) };
        common = Some(match common {
            None => folder.to_owned(),
            Some(c) => c.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    let common = common.unwrap_or_default();
    let with_settings = common.ancestors().find(|f| f.join(SETTINGS).is_file()).map(Path::to_owned);
    with_settings.unwrap_or(common)
}

fn settings(world: &FsWorld, root: &Path, sources: &mut Sources) -> Result<Config, Vec<Diagnostic>> {
    if !root.join(SETTINGS).is_file() {
        return Ok(Config::default());
    }
    let text = world
        .read(SETTINGS)
        .map_err(|e| e_words(&e))
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned()));
    match text {
        Ok(text) => {
            let file = sources.add(SETTINGS, text);
            config::read(sources, file)
        }
        Err(words) => Err(vec![about(sources, Path::new(SETTINGS), "unreadable-file", &words)]),
    }
}

fn e_words(error: &WorldError) -> String {
    match error {
        WorldError::Missing => "is not there".to_owned(),
        WorldError::Outside => "leads out of the project".to_owned(),
        WorldError::TooLarge(limit) => format!("is larger than {limit} bytes"),
        WorldError::Unreadable(words) => format!("cannot be read: {words}"),
    }
}

/// A mistake about a whole file, placed at the head of it.
fn about(sources: &mut Sources, path: &Path, code: &'static str, words: &str) -> Diagnostic {
    let shown = path.display().to_string();
    let file = sources.add(shown.clone(), "");
    Diagnostic::error(code, Span::new(file, 0, 0), format!("`{shown}` {words}"), "")
}

fn missing(sources: &mut Sources, path: &Path) -> Diagnostic {
    let d = about(sources, path, "missing-file", "is not there");
    let word = path.display().to_string();
    match verb_like(&word) {
        Some(verb) => d.help(format!(
            "write `comity {verb}` if the verb was meant, else the path of a charter, a folder or a `comity.toml`"
        )),
        None => d.help("write the path of a charter, a folder or a `comity.toml`"),
    }
}

/// The verb that a word was most likely meant to be: one letter wrong, missing, too many, or two exchanged.
fn verb_like(word: &str) -> Option<String> {
    use clap::CommandFactory as _;
    let command = crate::args::Cli::command();
    command.get_subcommands().map(|c| c.get_name().to_owned()).find(|verb| near(verb, word))
}

fn near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = |skip_a: usize, skip_b: usize| {
        a.get(head + skip_a..).is_some() && a.get(head + skip_a..) == b.get(head + skip_b..)
    };
    let exchanged = a.get(head) == b.get(head + 1) && a.get(head + 1) == b.get(head) && tail(2, 2);
    a != b && (tail(1, 1) || tail(1, 0) || tail(0, 1) || exchanged)
}

/// Adds a file, or every charter below a folder.
fn gather(
    root: &Path,
    full: &Path,
    shown: &Path,
    sources: &mut Sources,
    roots: &mut Vec<String>,
    errors: &mut Vec<Diagnostic>,
) {
    if !full.is_dir() {
        match relative(root, full) {
            Some(path) if full.is_file() => roots.push(path),
            Some(_) if full.exists() => errors.push(about(sources, shown, "unreadable-file", "is no regular file")),
            Some(_) => errors.push(about(sources, shown, "missing-file", "is not there")),
            None => errors.push(about(sources, shown, "unreadable-file", "has a name that is not Unicode")),
        }
        return;
    }
    let before = roots.len();
    let mistakes = errors.len();
    walk(root, full, 0, sources, roots, errors);
    if roots.len() == before && errors.len() == mistakes {
        errors.push(
            about(sources, shown, "no-charter", "holds no charter")
                .note("a charter is a file that ends in `.charter` or `.charter.md`")
                .help("write a first one with `comity init`"),
        );
    }
}

fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    sources: &mut Sources,
    roots: &mut Vec<String>,
    errors: &mut Vec<Diagnostic>,
) {
    let shown = relative(root, folder).unwrap_or_else(|| folder.display().to_string());
    if depth > DEEPEST {
        errors.push(about(sources, Path::new(&shown), "unreadable-file", "is nested too deep"));
        return;
    }
    if depth > 0 && folder.join(SETTINGS).is_file() {
        errors.push(
            about(sources, Path::new(&format!("{shown}/{SETTINGS}")), "nested-project", "begins a project of its own")
                .help(format!("check it by itself: `comity check {shown}`")),
        );
        return;
    }
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(e) => {
            errors.push(about(sources, Path::new(&shown), "unreadable-file", &format!("cannot be read: {e}")));
            return;
        }
    };
    let mut entries: Vec<_> = entries.into_iter().map(|e| (e.file_name(), e)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, entry) in entries {
        let lossy = name.to_string_lossy();
        // a link to a folder is not followed: it could lead round in a circle
        let Ok(kind) = entry.file_type() else { continue };
        if lossy.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(root, &entry.path(), depth + 1, sources, roots, errors);
        } else if lossy.ends_with(".charter") || lossy.ends_with(".charter.md") {
            match relative(root, &entry.path()) {
                Some(path) => roots.push(path),
                None => errors.push(about(sources, &entry.path(), "unreadable-file", "has a name that is not Unicode")),
            }
        }
    }
}

/// The path from the project's folder, with forward slashes.
fn relative(root: &Path, full: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = full.strip_prefix(root).ok()?.components().map(|c| c.as_os_str().to_str()).collect();
    parts.map(|p| p.join("/"))
}

/// What to put before a path of the project so that it can be opened from the current folder; nothing if the project does not
/// lie below it.
fn prefix(root: &Path) -> String {
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    match here.and_then(|here| relative(&here, root)) {
        Some(path) if !path.is_empty() => format!("{path}/"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_verb_is_guessed_from_one_slip() {
        assert!(near("check", "chek") && near("check", "chexk") && near("check", "checkk") && near("check", "hceck"));
        assert!(!near("check", "check") && !near("check", "pact") && !near("free", "tree.charter"));
    }
}
