//! Declarations that come before statements: kinds, rights, units, parties, open terms, charters.
//!
//! In: items of all modules. Out: entries of the program, with their tables in [`Scope`]. Attributes of parties are read
//! last, because they may name terms and regions.

use super::Lower;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, KindId, Party, PartyId, Program, Right, RightId};
use crate::resolve::load::{ModuleId, Project};
use crate::resolve::names::{Definition, Names, Table};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::{self, ItemKind, RightMode};
use crate::types::region::Phase;
use crate::types::{Env, Scope, Type, units};
use indexmap::IndexMap;
use num_rational::BigRational;
use num_traits::One;
use std::collections::BTreeSet;

/// The right that a claim is of when it names none.
pub(crate) const SOVEREIGNTY: RightId = RightId(0);
/// The right that a lessee holds when the lease names none.
pub(crate) const ADMINISTRATION: RightId = RightId(1);

/// A scope with what the language itself knows: the kind of all parties, sovereignty and administration.
pub(crate) fn scope<'p>(project: &'p Project, names: &'p Names, sources: &'p Sources) -> Scope<'p> {
    let both = BTreeSet::from([SOVEREIGNTY, ADMINISTRATION]);
    let right =
        |name: &str| Right { name: name.into(), mode: RightMode::Exclusive, excludes: both.clone(), span: None };
    let program = Program {
        kinds: vec![Kind { name: "Party".into(), parent: None }],
        rights: vec![right("sovereignty"), right("administration")],
        ..Program::default()
    };
    Scope {
        project,
        names,
        sources,
        diagnostics: Vec::new(),
        program,
        kinds: Table::default(),
        attributes: vec![IndexMap::new()],
        rights: Table::default(),
        parties: Table::default(),
        data_parties: IndexMap::new(),
        atlases: Table::default(),
        slots: Vec::new(),
        terms: Table::default(),
        brackets: IndexMap::new(),
        bracket_stances: IndexMap::new(),
        units: IndexMap::new(),
        open_sums: Vec::new(),
        claimed: IndexMap::new(),
        attribute_regions: IndexMap::new(),
        phase: Phase::Claims,
    }
}

impl<'p> Lower<'p> {
    /// Kinds, rights, units, parties and open terms of all modules.
    pub(crate) fn declare_all(&mut self) {
        let items = self.items();
        for (_, definition, item) in &items {
            match &item.kind {
                ItemKind::Kind(k) => {
                    let id = KindId(u32::try_from(self.scope.program.kinds.len()).unwrap_or(u32::MAX));
                    self.scope.program.kinds.push(Kind { name: k.name.text.to_string(), parent: Some(KindId(0)) });
                    self.scope.attributes.push(IndexMap::new());
                    self.scope.kinds.insert(*definition, id);
                }
                ItemKind::Right(r) => self.declare_right(*definition, r),
                ItemKind::Atlas(a) => {
                    if let tree::Space::Interval(unit) = &a.space
                        && units::built_in(&unit.text).is_none()
                    {
                        self.scope.units.insert(unit.text.to_string(), (unit.text.to_string(), BigRational::one()));
                    }
                }
                ItemKind::Unit(u) if u.definition.is_none() => {
                    self.scope.units.insert(u.name.text.to_string(), (u.name.text.to_string(), BigRational::one()));
                }
                _ => {}
            }
        }
        for (module, _, item) in &items {
            match &item.kind {
                ItemKind::Unit(u) => self.unit(*module, u),
                ItemKind::Excludes(e) => self.excludes(*module, e),
                _ => {}
            }
        }
        for (module, definition, item) in &items {
            if let ItemKind::Kind(k) = &item.kind {
                self.kind_details(*module, *definition, k);
            }
        }
        self.kind_cycles(&items);
        // Parties by name, so that the order of files shows nowhere.
        let mut parties: Vec<(&'p str, ModuleId, Definition, &'p tree::Party)> = items
            .iter()
            .filter_map(|(m, d, i)| match &i.kind {
                ItemKind::Party(p) => Some((p.name.text.as_str(), *m, *d, p)),
                _ => None,
            })
            .collect();
        parties.sort_by_key(|(name, _, d, _)| (*name, *d));
        for (name, module, definition, party) in parties {
            let kind = match &party.kind {
                Some(path) => self.scope.kind(module, path).unwrap_or(KindId(0)),
                None => KindId(0),
            };
            // sorted by name: one of the same name is the one before
            if let Some(other) = self.scope.program.parties.last().filter(|p| p.name == name) {
                let first = other.span;
                if first.file == party.name.span.file {
                    continue; // `Names::collect` has said it
                }
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        party.name.span,
                        format!("the party `{name}` is declared twice"),
                        "second declaration",
                    )
                    .label(first, "first declared here")
                    .help("import the file that declares it, or give one of them another name"),
                );
                continue;
            }
            let id = self.add_party(name.to_owned(), kind, party.name.span, true);
            self.scope.parties.insert(definition, id);
        }
        let mut terms: Vec<(&'p str, ModuleId, Definition, &'p tree::OpenTerm)> = items
            .iter()
            .filter_map(|(m, d, i)| match &i.kind {
                ItemKind::OpenTerm(t) => Some((t.name.text.as_str(), *m, *d, t)),
                _ => None,
            })
            .collect();
        terms.sort_by_key(|(name, _, d, _)| (*name, *d));
        for (_, module, definition, term) in terms {
            self.open_term(module, definition, term);
        }
    }

    /// Adds a party and gives its id.
    pub(crate) fn add_party(&mut self, name: String, kind: KindId, span: Span, declared: bool) -> PartyId {
        let id = PartyId(u32::try_from(self.scope.program.parties.len()).unwrap_or(u32::MAX));
        self.scope.program.parties.push(Party { name, kind, span, attributes: IndexMap::new(), declared });
        id
    }

    pub(super) fn declare_right(&mut self, definition: Definition, r: &tree::Right) {
        let built_in = match r.name.text.as_str() {
            "sovereignty" => Some(SOVEREIGNTY),
            "administration" => Some(ADMINISTRATION),
            _ => None,
        };
        if let Some(id) = built_in {
            if r.mode != RightMode::Exclusive {
                self.scope.report(
                    Diagnostic::error(
                        "built-in-right",
                        r.name.span,
                        format!("`{}` is exclusive in this language", r.name.text),
                        "declared otherwise here",
                    )
                    .help("give your right another name"),
                );
            }
            self.scope.rights.insert(definition, id);
            return;
        }
        let id = RightId(u32::try_from(self.scope.program.rights.len()).unwrap_or(u32::MAX));
        let excludes = if r.mode == RightMode::Exclusive { BTreeSet::from([id]) } else { BTreeSet::new() };
        self.scope.program.rights.push(Right {
            name: r.name.text.to_string(),
            mode: r.mode,
            excludes,
            span: Some(r.name.span),
        });
        self.scope.rights.insert(definition, id);
    }

    pub(super) fn excludes(&mut self, module: ModuleId, e: &tree::Excludes) {
        let Some(right) = self.right(module, &e.right) else { return };
        for path in &e.excluded {
            let Some(other) = self.right(module, path) else { continue };
            for (a, b) in [(right, other), (other, right)] {
                if let Some(r) = self.scope.program.rights.get_mut(a.0 as usize) {
                    r.excludes.insert(b);
                }
            }
        }
    }

    pub(super) fn unit(&mut self, module: ModuleId, u: &tree::UnitDeclaration) {
        let Some(definition) = &u.definition else { return };
        let Some(v) = self.scope.value(module, definition, &Env::default(), None) else { return };
        match (&v.sort, v.constant()) {
            (Type::Measure(family), Some(size)) => {
                let entry = (family.clone(), size.clone());
                self.scope.units.insert(u.name.text.to_string(), entry);
            }
            (sort, _) => {
                let found = sort.phrase();
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        definition.span,
                        format!("expected a quantity in a declared unit, found {found}"),
                        format!("this is {found}"),
                    )
                    .help("write for instance `unit kilotonne = 1_000 tonne` after `unit tonne`"),
                );
            }
        }
    }

    pub(super) fn kind_details(&mut self, module: ModuleId, definition: Definition, k: &tree::Kind) {
        let Some(id) = self.scope.kinds.get(&definition).copied() else { return };
        if let Some(path) = &k.parent
            && let Some(parent) = self.scope.kind(module, path)
            && let Some(kind) = self.scope.program.kinds.get_mut(id.0 as usize)
        {
            kind.parent = Some(parent);
        }
        for attribute in &k.attributes {
            let Some(sort) = self.type_of(module, &attribute.sort) else { continue };
            let own = self.scope.attributes.get_mut(id.0 as usize);
            let Some(own) = own else { continue };
            if let Some((_, first)) = own.get(attribute.name.text.as_str()) {
                let first = *first;
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        attribute.name.span,
                        format!("the attribute `{}` is declared twice", attribute.name.text),
                        "second time",
                    )
                    .label(first, "first time"),
                );
                continue;
            }
            own.insert(attribute.name.text.to_string(), (sort, attribute.name.span));
        }
    }

    pub(super) fn kind_cycles(&mut self, items: &[(ModuleId, Definition, &'p tree::Item)]) {
        for (_, definition, item) in items {
            let ItemKind::Kind(k) = &item.kind else { continue };
            let Some(start) = self.scope.kinds.get(definition).copied() else { continue };
            let mut at = start;
            let mut steps = 0;
            while let Some(parent) = self.scope.program.kinds.get(at.0 as usize).and_then(|k| k.parent) {
                at = parent;
                steps += 1;
                if at == start || steps > self.scope.program.kinds.len() {
                    self.scope.report(
                        Diagnostic::error(
                            "kind-cycle",
                            k.name.span,
                            format!("the kind `{}` refines itself", k.name.text),
                            "declared here",
                        )
                        .help("take one of the kinds after `:` away"),
                    );
                    if let Some(kind) = self.scope.program.kinds.get_mut(start.0 as usize) {
                        kind.parent = Some(KindId(0));
                    }
                    break;
                }
            }
        }
    }
}

/// A span of a file that is not known.
#[must_use]
pub(crate) fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}
