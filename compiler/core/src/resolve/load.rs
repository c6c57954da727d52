//! Reads root files and everything they import.
//!
//! In: root paths, relative to the project. Out: a [`Project`]: each file once, parsed, with its imports resolved to
//! modules. A missing file, a text that is not UTF-8, an import cycle and an import that leaves the project are located
//! errors. The order of the modules depends on their paths alone.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span, World, WorldError};
use crate::syntax::{self, tree};
use indexmap::IndexMap;

/// A module, by its place in [`Project::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub usize);

/// All modules that a check reads.
#[derive(Debug, Default)]
pub struct Project {
    /// each file once, in the order of their paths
    pub modules: Vec<Loaded>,
}

/// A module that was read.
#[derive(Debug)]
pub struct Loaded {
    /// its path, or `std.states`
    pub path: String,
    /// its tree
    pub tree: tree::Module,
    /// what it imports
    pub imports: Vec<Edge>,
    /// whether it comes with the program
    pub standard: bool,
}

/// An import that was found.
#[derive(Debug)]
pub struct Edge {
    /// the module
    pub target: ModuleId,
    /// `as n`
    pub alias: Option<String>,
    /// where it is asked for
    pub span: Span,
}

impl Project {
    /// The module, if `id` is one of ours.
    #[must_use]
    pub fn get(&self, id: ModuleId) -> Option<&Loaded> {
        self.modules.get(id.0)
    }

    /// Modules with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ModuleId, &Loaded)> {
        self.modules.iter().enumerate().map(|(i, m)| (ModuleId(i), m))
    }
}

struct Pending {
    file: FileId,
    tree: tree::Module,
    imports: Vec<(String, Option<String>, Span)>,
    standard: bool,
}

/// Reads `roots` and all they import. `also_import` adds an import of a path to every root but that path itself (for
/// `comity join`, where a candidate need not name the charter's file).
pub fn load(
    world: &dyn World,
    roots: &[String],
    also_import: Option<&str>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Project {
    let mut found: IndexMap<String, Option<Pending>> = IndexMap::new();
    let mut queue: Vec<(String, Option<Span>)> = Vec::new();
    let mut sorted: Vec<String> = roots.iter().map(|r| clean(r)).collect();
    sorted.sort();
    sorted.dedup();
    for root in &sorted {
        queue.push((root.clone(), None));
    }
    queue.reverse();
    while let Some((path, asked)) = queue.pop() {
        if found.contains_key(&path) {
            continue;
        }
        let mut pending = read_module(world, &path, asked, sources, diagnostics);
        if let (Some(module), Some(extra)) = (pending.as_mut(), also_import)
            && asked.is_none()
            && clean(extra) != path
        {
            let span = Span::new(module.file, 0, 0);
            let extra = clean(extra);
            if !module.imports.iter().any(|(target, ..)| *target == extra) {
                module.imports.push((extra, None, span));
            }
        }
        if let Some(module) = &pending {
            for (target, _, span) in module.imports.iter().rev() {
                if !found.contains_key(target) {
                    queue.push((target.clone(), Some(*span)));
                }
            }
        }
        found.insert(path, pending);
    }
    assemble(found, sources, diagnostics)
}

fn assemble(found: IndexMap<String, Option<Pending>>, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) -> Project {
    let mut paths: Vec<String> = found.iter().filter(|(_, m)| m.is_some()).map(|(p, _)| p.clone()).collect();
    paths.sort();
    let index = |path: &str| paths.binary_search_by(|p| p.as_str().cmp(path)).ok().map(ModuleId);
    let mut modules: Vec<(String, Pending)> = found.into_iter().filter_map(|(p, m)| m.map(|m| (p, m))).collect();
    modules.sort_by(|a, b| a.0.cmp(&b.0));
    let modules: Vec<Loaded> = modules
        .into_iter()
        .map(|(path, pending)| {
            let imports = pending
                .imports
                .into_iter()
                .filter_map(|(target, alias, span)| index(&target).map(|target| Edge { target, alias, span }))
                .collect();
            Loaded { path, tree: pending.tree, imports, standard: pending.standard }
        })
        .collect();
    let project = Project { modules };
    report_cycles(&project, sources, diagnostics);
    project
}

fn read_module(
    world: &dyn World,
    path: &str,
    asked: Option<Span>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Pending> {
    if let Some(text) = comity_stdlib::module(path) {
        let file = sources.add(path, text);
        let (tree, found) = syntax::parse(sources, file);
        diagnostics.extend(found);
        let imports = imports_of(&tree, path, diagnostics);
        return Some(Pending { file, tree, imports, standard: true });
    }
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let span = asked.unwrap_or_else(|| Span::new(sources.add(path, ""), 0, 0));
            diagnostics.push(unreadable(path, span, &error));
            return None;
        }
    };
    let file = match syntax::add(sources, path, &bytes) {
        Ok(file) => file,
        Err(problem) => {
            diagnostics.push(*problem);
            return None;
        }
    };
    let (tree, found) = syntax::parse(sources, file);
    diagnostics.extend(found);
    let imports = imports_of(&tree, path, diagnostics);
    Some(Pending { file, tree, imports, standard: false })
}

/// Says why a file could not be had.
#[must_use]
pub fn unreadable(path: &str, span: Span, error: &WorldError) -> Diagnostic {
    let (code, headline, help) = match error {
        WorldError::Missing => (
            "missing-file",
            format!("there is no file `{path}`"),
            "check the spelling; paths are relative to the file that names them".to_owned(),
        ),
        WorldError::Outside => (
            "outside-project",
            format!("`{path}` leads out of the project"),
            "copy the file into the project, or put `comity.toml` in a folder above both".to_owned(),
        ),
        WorldError::TooLarge(limit) => (
            "file-too-large",
            format!("`{path}` is larger than {} MiB", limit / (1024 * 1024)),
            "split it, or read it as `data`".to_owned(),
        ),
        WorldError::Unreadable(why) => (
            "unreadable-file",
            format!("`{path}` cannot be read: {why}"),
            "check that it is a file and that you may read it".to_owned(),
        ),
    };
    Diagnostic::error(code, span, headline, "asked for here").help(help)
}

fn imports_of(
    tree: &tree::Module,
    path: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, Option<String>, Span)> {
    let mut imports = Vec::new();
    for item in &tree.items {
        let tree::ItemKind::Import(import) = &item.kind else { continue };
        let alias = import.alias.as_ref().map(|a| a.text.to_string());
        match &import.target {
            tree::ImportTarget::Standard(name) => {
                let dotted = dotted(name);
                if comity_stdlib::module(&dotted).is_some() {
                    imports.push((dotted, alias, item.span));
                } else {
                    let known: Vec<&str> = comity_stdlib::MODULES.iter().map(|(name, _)| *name).collect();
                    let mut error = Diagnostic::error(
                        "unknown-module",
                        name.span,
                        format!("the standard library has no module `{dotted}`"),
                        "not found",
                    );
                    let meant = if dotted.contains('.') { dotted.clone() } else { format!("std.{dotted}") };
                    let same = known.iter().copied().find(|k| *k == meant);
                    if let Some(near) = same.or_else(|| super::names::nearest(&meant, known.iter().copied())) {
                        error = error.help(format!("did you mean `{near}`?"));
                    }
                    diagnostics.push(error.note(format!("its modules are {}", known.join(", "))));
                }
            }
            tree::ImportTarget::File(text) => match relative(path, &text.text) {
                Some(target) => imports.push((target, alias, text.span)),
                None => diagnostics.push(
                    Diagnostic::error(
                        "outside-project",
                        text.span,
                        format!("the import `{}` leads out of the project", text.text),
                        "this path leaves the project's folder",
                    )
                    .help(
                        "the project is the folder with `comity.toml` above what was named, else the smallest that holds it: name a \
                         folder that holds both files, put `comity.toml` into it, or copy the file in",
                    ),
                ),
            },
        }
    }
    imports
}

fn dotted(path: &tree::Path) -> String {
    path.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".")
}

/// The path `target` as seen from the file `from`; `None` if it leaves the project or is absolute.
#[must_use]
pub fn relative(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.contains('\\') || target.contains(':') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            other => steps.push(other),
        }
    }
    Some(steps.join("/"))
}

fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|s| *s != "..") => {
                steps.pop();
            }
            other => steps.push(other),
        }
    }
    if absolute { format!("/{}", steps.join("/")) } else { steps.join("/") }
}

/// Reports each import cycle once, at the import that closes it. Depth first without recursion: chains can be long.
fn report_cycles(project: &Project, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; project.modules.len()];
    for (start, _) in project.iter() {
        if state.get(start.0) != Some(&State::New) {
            continue;
        }
        let mut stack: Vec<(ModuleId, usize)> = vec![(start, 0)];
        if let Some(s) = state.get_mut(start.0) {
            *s = State::Open;
        }
        while let Some((at, next)) = stack.pop() {
            let Some(edge) = project.get(at).and_then(|m| m.imports.get(next)) else {
                if let Some(s) = state.get_mut(at.0) {
                    *s = State::Done;
                }
                continue;
            };
            stack.push((at, next + 1));
            match state.get(edge.target.0) {
                Some(State::New) => {
                    if let Some(s) = state.get_mut(edge.target.0) {
                        *s = State::Open;
                    }
                    stack.push((edge.target, 0));
                }
                Some(State::Open) => {
                    let from = stack.iter().position(|(m, _)| *m == edge.target).unwrap_or(0);
                    let mut names: Vec<&str> =
                        stack.iter().skip(from).filter_map(|(m, _)| project.get(*m)).map(|m| m.path.as_str()).collect();
                    names.push(project.get(edge.target).map_or("?", |m| m.path.as_str()));
                    let text = sources.slice(edge.span).to_owned();
                    diagnostics.push(
                        Diagnostic::error(
                            "import-cycle",
                            edge.span,
                            format!("these files import each other: {}", names.join(" → ")),
                            "this import closes the circle",
                        )
                        .help(format!("move what both need into a third file and import that instead of {text}")),
                    );
                }
                Some(State::Done) | None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, relative};

    #[test]
    fn relative_paths_stay_in_the_project() {
        assert_eq!(relative("a/b.charter", "c.charter").as_deref(), Some("a/c.charter"));
        assert_eq!(relative("a/b.charter", "../c.charter").as_deref(), Some("c.charter"));
        assert_eq!(relative("a/b.charter", "../../c.charter"), None);
        assert_eq!(relative("a.charter", "/etc/c.charter"), None);
        assert_eq!(clean("./a//b/../c.charter"), "a/c.charter");
    }
}
