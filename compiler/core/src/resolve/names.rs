//! What a name stands for.
//!
//! In: a [`Project`]. Out: [`Names`], which finds the declaration of a path as one module sees it, with did-you-mean.
//! One name space for all declarations: a name that is declared twice, or that an import already brings, is an error at
//! the later place, because a reader could not tell which is meant.

use super::load::{ModuleId, Project};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::tree::{ItemKind, Name, Path};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A declaration: module and place among its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Definition {
    /// the module
    pub module: ModuleId,
    /// the item
    pub item: usize,
}

/// A table in the order in which it was filled, for what charters declare: nobody but their authors chooses its keys.
pub type Table<K, V> = IndexMap<K, V, FxBuildHasher>;

/// Finds declarations by name.
#[derive(Debug, Default)]
pub struct Names {
    /// what each module declares
    own: Vec<Table<String, (Definition, Span)>>,
    /// what each module sees without a prefix: its own and imported ones
    visible: Vec<Table<String, (Definition, Span)>>,
    /// prefixes: `as n` and full module names
    prefixes: Vec<Table<String, ModuleId>>,
}

/// The name an item declares, if it declares one.
#[must_use]
pub fn declared(kind: &ItemKind) -> Option<&Name> {
    match kind {
        ItemKind::Kind(k) => Some(&k.name),
        ItemKind::Party(p) => Some(&p.name),
        ItemKind::Right(r) => Some(&r.name),
        ItemKind::Unit(u) => Some(&u.name),
        ItemKind::Atlas(a) => Some(&a.name),
        ItemKind::Region(r) => Some(&r.name),
        ItemKind::OpenTerm(t) => Some(&t.name),
        ItemKind::ModelClause(c) => Some(&c.name),
        ItemKind::Charter(c) => Some(&c.name),
        ItemKind::Data(d) => Some(&d.name),
        ItemKind::Matter(m) => Some(m),
        ItemKind::Define(d) => Some(&d.name),
        ItemKind::Ladder(l) => Some(&l.name),
        ItemKind::Action(a) | ItemKind::Event(a) => Some(&a.name),
        ItemKind::Fund(f) => Some(&f.name),
        ItemKind::Flow(f) => Some(&f.name),
        ItemKind::Contract(c) => Some(&c.name),
        ItemKind::Import(_)
        | ItemKind::Excludes(_)
        | ItemKind::Stance(_)
        | ItemKind::Accession(_)
        | ItemKind::PartiesFrom(_)
        | ItemKind::Prove(_)
        | ItemKind::Scenario(_) => None,
    }
}

/// What a declaration is, for messages.
#[must_use]
pub fn sort_of(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Kind(_) => "a kind",
        ItemKind::Party(_) => "a party",
        ItemKind::Right(_) => "a right",
        ItemKind::Unit(_) => "a unit",
        ItemKind::Atlas(_) => "an atlas",
        ItemKind::Region(_) => "a region",
        ItemKind::OpenTerm(_) => "an open term",
        ItemKind::ModelClause(_) => "a model clause",
        ItemKind::Charter(_) => "a charter",
        ItemKind::Data(_) => "data",
        ItemKind::Matter(_) => "a matter",
        ItemKind::Define(_) => "a definition",
        ItemKind::Import(_) => "an import",
        ItemKind::Excludes(_) => "a table of rights",
        ItemKind::Stance(_) => "a stance",
        ItemKind::Accession(_) => "an accession",
        ItemKind::PartiesFrom(_) => "parties from data",
        ItemKind::Prove(_) => "a property",
        ItemKind::Ladder(_) => "a ladder",
        ItemKind::Action(_) => "an action",
        ItemKind::Event(_) => "an event",
        ItemKind::Fund(_) => "a fund",
        ItemKind::Flow(_) => "a flow",
        ItemKind::Contract(_) => "a contract",
        ItemKind::Scenario(_) => "a scenario",
    }
}

impl Names {
    /// Collects all declarations; a name declared twice in what one module sees is reported.
    pub fn collect(project: &Project, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        for (id, module) in project.iter() {
            let mut own: Table<String, (Definition, Span)> = Table::default();
            for (place, item) in module.tree.items.iter().enumerate() {
                let Some(name) = declared(&item.kind) else { continue };
                if let Some((_, first)) = own.get(name.text.as_str()) {
                    diagnostics.push(twice(name, *first));
                    continue;
                }
                own.insert(name.text.to_string(), (Definition { module: id, item: place }, name.span));
            }
            names.own.push(own);
        }
        for (id, module) in project.iter() {
            let mut visible = names.own.get(id.0).cloned().unwrap_or_default();
            let mut prefixes = Table::default();
            for edge in &module.imports {
                if let Some(target) = project.get(edge.target)
                    && target.standard
                {
                    prefixes.insert(target.path.clone(), edge.target);
                }
                if let Some(alias) = &edge.alias {
                    if prefixes.insert(alias.clone(), edge.target).is_some() || visible.contains_key(alias) {
                        diagnostics.push(
                            Diagnostic::error(
                                "name-twice",
                                edge.span,
                                format!("`{alias}` already stands for something else here"),
                                "this import brings the name a second time",
                            )
                            .help("choose another name after `as`"),
                        );
                    }
                    continue;
                }
                let Some(brought) = names.own.get(edge.target.0) else { continue };
                for (name, (definition, span)) in brought {
                    match visible.get(name) {
                        None => {
                            visible.insert(name.clone(), (*definition, *span));
                        }
                        Some((other, _)) if other == definition => {}
                        Some((other, first)) => {
                            let at = if other.module == id { *first } else { edge.span };
                            diagnostics.push(
                                Diagnostic::error(
                                    "name-twice",
                                    at,
                                    format!("`{name}` is declared here and in a module that this file imports"),
                                    "a reader could not tell which is meant",
                                )
                                .label(*span, "the other declaration")
                                .help(format!(
                                    "give one of them another name, or import with `as` and write `prefix.{name}`"
                                )),
                            );
                        }
                    }
                }
            }
            names.visible.push(visible);
            names.prefixes.push(prefixes);
        }
        names
    }

    /// Finds the declaration that the beginning of a path names, and how many of its segments that takes. `None` if there
    /// is none.
    #[must_use]
    pub fn find(&self, module: ModuleId, path: &Path) -> Option<(Definition, usize)> {
        let first = path.segments.first()?;
        if let Some((definition, _)) = self.visible.get(module.0)?.get(first.text.as_str()) {
            return Some((*definition, 1));
        }
        let prefixes = self.prefixes.get(module.0)?;
        for taken in 1..path.segments.len() {
            let prefix = path.segments.iter().take(taken).map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
            if let Some(target) = prefixes.get(&prefix) {
                let name = path.segments.get(taken)?;
                let (definition, _) = self.own.get(target.0)?.get(name.text.as_str())?;
                return Some((*definition, taken + 1));
            }
        }
        None
    }

    /// The nearest visible name that satisfies `fits`.
    #[must_use]
    pub fn suggest(&self, module: ModuleId, name: &str, fits: impl Fn(Definition) -> bool) -> Option<String> {
        let visible = self.visible.get(module.0)?;
        nearest(name, visible.iter().filter(|(_, (d, _))| fits(*d)).map(|(n, _)| n.as_str())).map(ToOwned::to_owned)
    }

    /// A module that declares the name although this one does not import it.
    #[must_use]
    pub fn elsewhere(&self, name: &str) -> Option<ModuleId> {
        self.own.iter().position(|own| own.contains_key(name)).map(ModuleId)
    }
}

fn twice(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("name-twice", name.span, format!("`{}` is declared twice", name.text), "second declaration")
        .label(first, "first declared here")
        .help("give one of them another name")
}

/// The name that a misspelt one most likely means: by Jaro–Winkler similarity, ties by name; else one a single slip of the
/// pen away.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let candidates: Vec<&str> = candidates.filter(|c| *c != name).collect();
    // in a short name one slip weighs too much for the measure below
    let slip = |c: &str| c.chars().count() > 2 && strsim::osa_distance(&lower, &c.to_lowercase()) == 1;
    let near = candidates
        .iter()
        .copied()
        .map(|c| (strsim::jaro_winkler(&lower, &c.to_lowercase()), c))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, c)| c);
    near.or_else(|| candidates.into_iter().filter(|c| slip(c)).min())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn misspelt_names_are_recognised() {
        assert_eq!(nearest("Arlnd", ["Arland", "Belmark"].into_iter()), Some("Arland"));
        assert_eq!(nearest("ans", ["asn", "gdp"].into_iter()), Some("asn"));
        assert_eq!(nearest("Zzz", ["Arland", "Belmark"].into_iter()), None);
    }
}
