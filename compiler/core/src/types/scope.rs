//! The tables of declarations, and how a name is found in them.
//!
//! In: a project and its names. Out: [`Scope`], which finds parties, kinds and other declarations for a path, with
//! did-you-mean, and says whether a value has the type that is asked for.

use super::{Env, Type, Typed, Value};
use crate::atlas::AtlasId;
use crate::diagnostic::Diagnostic;
use crate::logic::Formula;
use crate::model::{KindId, OpenSum, PartyId, Program, RightId};
use crate::resolve::load::{ModuleId, Project};
use crate::resolve::names::{self, Definition, Names, Table};
use crate::source::{Sources, Span};
use crate::syntax::tree::{ItemKind, Path};
use indexmap::IndexMap;
use num_rational::BigRational;

/// All declarations of a project, as far as they are read.
#[derive(Debug)]
pub struct Scope<'p> {
    /// the modules
    pub project: &'p Project,
    /// finds declarations
    pub names: &'p Names,
    /// the texts
    pub sources: &'p Sources,
    /// what was found wrong so far
    pub diagnostics: Vec<Diagnostic>,
    /// the program as far as it is built
    pub program: Program,
    /// kinds by declaration
    pub kinds: Table<Definition, KindId>,
    /// the attributes that each kind declares itself
    pub attributes: Vec<IndexMap<String, (Type, Span)>>,
    /// rights by declaration
    pub rights: Table<Definition, RightId>,
    /// parties by declaration
    pub parties: Table<Definition, PartyId>,
    /// parties that rows of data declare, by name
    pub data_parties: IndexMap<String, PartyId>,
    /// atlases by declaration
    pub atlases: Table<Definition, AtlasId>,
    /// what is known of each atlas while it is built
    pub slots: Vec<super::region::Slot<'p>>,
    /// open terms by declaration
    pub terms: Table<Definition, usize>,
    /// bracketed texts by place: the term each makes
    pub brackets: IndexMap<Span, usize>,
    /// who accepts which of the alternatives of bracketed texts
    pub bracket_stances: IndexMap<(usize, PartyId), (Formula, Span)>,
    /// declared units: base unit of the family and factor
    pub units: IndexMap<String, (String, BigRational)>,
    /// sums over open kinds met since it was last emptied
    pub open_sums: Vec<OpenSum>,
    /// what each party claims in each atlas, for `ground claimed by`
    pub claimed: IndexMap<(PartyId, AtlasId), Vec<crate::atlas::RegionExpr>>,
    /// attributes that are ground, as expressions
    pub attribute_regions: IndexMap<(PartyId, String), (AtlasId, crate::atlas::RegionExpr)>,
    /// how far the atlases are
    pub phase: super::region::Phase,
}

impl<'p> Scope<'p> {
    /// The item that declares something.
    #[must_use]
    pub fn item(&self, definition: Definition) -> Option<&'p ItemKind> {
        let module = self.project.get(definition.module)?;
        module.tree.items.get(definition.item).map(|i| &i.kind)
    }

    /// Reports a mistake.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        // The tree is walked more than once. Past a thousand a reader has enough, and comparing would be slow.
        if self.diagnostics.len() < 1000 && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Finds a declaration of some sort; `what` says which, as in `a party`.
    pub fn find(
        &mut self,
        module: ModuleId,
        path: &Path,
        what: &str,
        fits: fn(&ItemKind) -> bool,
    ) -> Option<Definition> {
        let found = self.names.find(module, path).filter(|(_, taken)| *taken == path.segments.len());
        let found = found.and_then(|(definition, _)| Some((definition, self.item(definition)?)));
        if let Some((definition, item)) = found
            && fits(item)
        {
            return Some(definition);
        }
        let written = self.words(path);
        if let Some((_, item)) = found {
            let found = names::sort_of(item);
            let mut error = Diagnostic::error(
                "wrong-sort",
                path.span,
                format!("expected {what}, found {found}: `{written}`"),
                format!("this is {found}"),
            );
            if let Some(name) = names::declared(item) {
                error = error.label(name.span, "declared here");
            }
            self.report(error);
            return None;
        }
        let short = what.trim_start_matches("an ").trim_start_matches("a ");
        let mut error = Diagnostic::error(
            unknown_code(short),
            path.span,
            format!("there is no {short} `{written}`"),
            "not declared here, nor in what is imported",
        );
        let last = path.segments.last().map_or("", |s| s.text.as_str());
        if let Some(near) = self.names.suggest(module, last, |d| self.item(d).is_some_and(fits)) {
            error = error.help(format!("did you mean `{near}`?"));
        } else if let Some(other) = self.names.elsewhere(last).and_then(|m| self.project.get(m)) {
            let import = if other.standard { other.path.clone() } else { format!("\"{}\"", other.path) };
            let entered = self.project.get(module).is_some_and(|m| m.path == crate::chronicle::PATH);
            // a table and what is typed import nothing
            error = error.help(if entered && short == "party" {
                format!("`{}` declares it; if it accedes add `--with {written}`", other.path)
            } else {
                format!("write `import {import}`, which declares it")
            });
        } else {
            let number = last.strip_prefix("AS").unwrap_or("");
            if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
                self.report(error.help(format!("write the number alone: `{number}`")));
                return None;
            }
            let all = ["all", "each", "everybody", "everyone", "members", "nobody", "parties", "party"];
            if short == "party" && all.contains(&last.to_lowercase().as_str()) {
                self.report(error.help("write `every party` or `no party`, or the name of one"));
                return None;
            }
            let ways: Vec<String> = match short {
                "value" => vec![format!("`define {written} = …`")],
                sorts => sorts.split(" or ").map(|sort| format!("`{sort} {written} …`")).collect(),
            };
            error = error.help(format!("declare it, for instance {}", ways.join(" or ")));
        }
        self.report(error);
        None
    }

    /// Whether a name is called so or nearly so: by anything here, by something that another module declares, by a row of data.
    #[must_use]
    pub fn is_like_a_party(&self, module: ModuleId, path: &Path) -> bool {
        let last = path.segments.last().map_or("", |s| s.text.as_str());
        let party = |d: Definition| self.item(d).is_some_and(|i| matches!(i, ItemKind::Party(_)));
        self.names.find(module, path).is_some()
            || self.names.elsewhere(last).is_some()
            || self.names.suggest(module, last, party).is_some()
            || self.data_parties.contains_key(last)
            || names::nearest(last, self.data_parties.keys().map(String::as_str)).is_some()
    }

    /// A path as written.
    #[must_use]
    pub fn words(&self, path: &Path) -> String {
        self.sources.slice(path.span).to_owned()
    }

    /// The party a path names, bound names included.
    pub fn party(&mut self, module: ModuleId, path: &Path, env: &Env) -> Option<PartyId> {
        if let [only] = path.segments.as_slice() {
            if let Some(bound) = env.bound.get(only.text.as_str()) {
                if let Value::Party(id) = bound.value {
                    return Some(id);
                }
                let found = bound.sort.phrase();
                self.report(
                    Diagnostic::error(
                        "wrong-sort",
                        path.span,
                        format!("expected a party, found {found}"),
                        "stands for that here",
                    )
                    .label(bound.span, "bound here"),
                );
                return None;
            }
            if let Some((definition, _)) = self.names.find(module, path) {
                if let Some(id) = self.parties.get(&definition) {
                    return Some(*id);
                }
            } else {
                if let Some(id) = self.data_parties.get(only.text.as_str()) {
                    return Some(*id);
                }
                if let Some(near) = names::nearest(&only.text, self.data_parties.keys().map(String::as_str)) {
                    let error = Diagnostic::error(
                        "unknown-party",
                        path.span,
                        format!("there is no party `{}`", only.text),
                        "not declared, and no row of data has this name",
                    )
                    .help(format!("did you mean `{near}`?"));
                    self.report(error);
                    return None;
                }
            }
        }
        let definition = self.find(module, path, "a party", |i| matches!(i, ItemKind::Party(_)))?;
        self.parties.get(&definition).copied()
    }

    /// The value, if it has the expected type or can be read as one.
    pub fn fit(&mut self, v: Typed, expected: &Type, because: &str) -> Option<Typed> {
        if v.sort == *expected {
            return Some(v);
        }
        match (&v.sort, expected) {
            (Type::Region(_), Type::AnyRegion) => return Some(v),
            (Type::Count, Type::Number) => return Some(Typed { sort: Type::Number, ..v }),
            (Type::Party(_), Type::Party(KindId(0))) => return Some(v),
            (Type::Party(found), Type::Party(of)) if self.program.is_kind(*found, *of) => return Some(v),
            _ => {}
        }
        let mut error = Diagnostic::error(
            "wrong-type",
            v.span,
            format!("expected {}, found {}", expected.phrase(), v.sort.phrase()),
            format!("this is {}", v.sort.phrase()),
        )
        .note(because.to_owned());
        error = match (&v.sort, expected) {
            (Type::Money(found), Type::Money(wanted)) => {
                error.help(format!("state the amount in {wanted}; the checker does not convert {found}"))
            }
            (Type::Months, Type::Duration) => error.help("a month has no fixed number of days: write days"),
            (Type::Count | Type::Number, Type::Percent) => error.help("write a percent sign after the number"),
            (Type::Count | Type::Number, Type::Duration) => error.help("write the unit, as in `30 days`"),
            (Type::Count | Type::Number, Type::Distance) => error.help("write the unit, as in `12 nmi`"),
            (Type::Count | Type::Number, Type::Area) => error.help("write the unit, as in `5 km2`"),
            (Type::Count | Type::Number, Type::Money(currency)) => {
                let currency = if currency.is_empty() { "EUR" } else { currency.as_str() };
                error.help(format!("write the currency, as in `5 million {currency}`"))
            }
            (Type::Duration, Type::Date) => error.help("write a day of the calendar, as in 2026-03-31"),
            _ => error,
        };
        self.report(error);
        None
    }

    /// The kind of a party.
    #[must_use]
    pub fn kind_of(&self, party: PartyId) -> KindId {
        self.program.parties.get(party.0 as usize).map_or(KindId(0), |p| p.kind)
    }

    /// The kind a path names; `party` and `Party` mean all.
    pub fn kind(&mut self, module: ModuleId, path: &Path) -> Option<KindId> {
        if let [only] = path.segments.as_slice()
            && (only.text == "party" || only.text == "Party")
        {
            return Some(KindId(0));
        }
        let definition = self.find(module, path, "a kind", |i| matches!(i, ItemKind::Kind(_)))?;
        self.kinds.get(&definition).copied()
    }
}

fn unknown_code(what: &str) -> &'static str {
    match what {
        "party" => "unknown-party",
        "kind" => "unknown-kind",
        "right" => "unknown-right",
        "atlas" => "unknown-atlas",
        "region" => "unknown-region",
        "charter" => "unknown-charter",
        "model clause" => "unknown-clause",
        "data" => "unknown-data",
        "matter" => "unknown-matter",
        _ => "unknown-name",
    }
}
