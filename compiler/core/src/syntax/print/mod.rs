//! Tree to text.
//!
//! In: a [`Module`]. Out: charter text, one statement a line, that reads back as the same tree (spans aside). Commas and
//! brackets stand where the reader needs them. Comments are not in the tree and so not in the text; neither is the prose of
//! a literate charter. An angle that no text can give exactly (a third of a second) is cut after 30 places.

mod conduct;
mod expression;
mod statement;

use super::reserved::Word;
use super::tree::{
    Accession, Article, Atlas, AttributeValue, Charter, Data, Define, Expr, ExprKind, Extent, FieldPath, FieldSegment,
    Import, ImportTarget, Item, ItemKind, Kind, MemberEntry, Members, ModelClause, Module, Name, OpenTerm, Parameter,
    PartiesFrom, Party, Path, Property, Prove, Region, Right, RightMode, Setting, SettingKind, Space, Stance,
    StanceKind, StatementKind, TermDomain, Text, TypeName,
};
use expression::level;

/// The text of a file.
#[must_use]
pub fn print(module: &Module) -> String {
    let mut printer = Printer { out: String::new(), depth: 0 };
    for line in &module.doc {
        printer.line(format!("//! {line}").trim_end());
    }
    let mut block = !module.doc.is_empty();
    for item in &module.items {
        let large = !item.doc.is_empty()
            || matches!(
                item.kind,
                ItemKind::Charter(_)
                    | ItemKind::Accession(_)
                    | ItemKind::ModelClause(_)
                    | ItemKind::Contract(_)
                    | ItemKind::Scenario(_)
            );
        if block || (large && !printer.out.is_empty()) {
            printer.out.push('\n');
        }
        printer.item(item);
        block = large;
    }
    printer.out
}

/// One expression on one line, as a person would write it.
#[must_use]
pub fn print_expr(expr: &Expr) -> String {
    let mut printer = Printer { out: String::new(), depth: 0 };
    printer.expr(expr, level::ANY);
    printer.out
}

struct Printer {
    out: String,
    depth: usize,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn line(&mut self, text: &str) {
        self.begin();
        self.put(text);
        self.end();
    }

    fn begin(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
    }

    fn end(&mut self) {
        self.out.push('\n');
    }

    fn docs(&mut self, doc: &[String]) {
        for line in doc {
            self.line(format!("/// {line}").trim_end());
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.put("\\\""),
                '\\' => self.put("\\\\"),
                '\n' => self.put("\\n"),
                '\t' => self.put("\\t"),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &Text) {
        self.quoted(&text.text);
    }

    fn name(&mut self, name: &Name) {
        self.name_where(name, |w| !w.is_firm());
    }

    /// A name, in quotes if it had them or needs them.
    fn name_where(&mut self, name: &Name, bare: impl Fn(Word) -> bool) {
        if !name.quoted && (is_bare(&name.text) && bare(Word::of(&name.text)) || name.text == "%") {
            self.put(&name.text);
        } else {
            self.quoted(&name.text);
        }
    }

    fn path(&mut self, path: &Path) {
        for (i, segment) in path.segments.iter().enumerate() {
            if i == 0 {
                // `party` is a kind where one is bound
                self.name_where(segment, |w| !w.is_firm() || w == Word::Party);
            } else {
                self.put(".");
                self.name_where(segment, |_| true);
            }
        }
    }

    /// `a, b and c` with a given last joint.
    fn list<T>(&mut self, all: &[T], joint: &str, mut put: impl FnMut(&mut Self, &T)) {
        for (i, one) in all.iter().enumerate() {
            if i > 0 {
                self.put(if i + 1 == all.len() { joint } else { ", " });
            }
            put(self, one);
        }
    }

    fn item(&mut self, item: &Item) {
        self.docs(&item.doc);
        self.begin();
        match &item.kind {
            ItemKind::Import(Import { target, alias }) => {
                self.put("import ");
                match target {
                    ImportTarget::Standard(path) => self.path(path),
                    ImportTarget::File(file) => self.text(file),
                }
                if let Some(alias) = alias {
                    self.put(" as ");
                    self.name(alias);
                }
            }
            ItemKind::Kind(kind) => self.kind(kind),
            ItemKind::Party(party) => self.party(party),
            ItemKind::Right(Right { name, mode }) => {
                self.put("right ");
                self.name(name);
                self.put(match mode {
                    RightMode::Exclusive => " exclusive",
                    RightMode::Shared => " shared",
                    RightMode::Quota => " quota",
                });
            }
            ItemKind::Excludes(excludes) => {
                self.path(&excludes.right);
                self.put(" excludes ");
                self.list(&excludes.excluded, ", ", Self::path);
            }
            ItemKind::Unit(unit) => {
                self.put("unit ");
                self.name(&unit.name);
                if let Some(definition) = &unit.definition {
                    self.put(" = ");
                    self.expr(definition, level::SUM);
                }
            }
            ItemKind::Atlas(atlas) => self.atlas(atlas),
            ItemKind::Region(region) => self.region(region),
            ItemKind::OpenTerm(term) => self.open_term(term),
            ItemKind::Stance(stance) => self.stance(stance),
            ItemKind::ModelClause(clause) => self.model_clause(clause),
            ItemKind::Charter(charter) => self.charter(charter),
            ItemKind::Accession(accession) => self.accession(accession),
            ItemKind::Data(data) => self.data(data),
            ItemKind::PartiesFrom(from) => {
                self.put("parties ");
                self.parties_from(from);
            }
            ItemKind::Matter(name) => {
                self.put("matter ");
                self.name(name);
            }
            ItemKind::Define(Define { name, parameters, value }) => {
                self.put("define ");
                self.name(name);
                if !parameters.is_empty() {
                    self.parameters(parameters);
                }
                self.put(" = ");
                self.expr(value, level::ANY);
            }
            ItemKind::Prove(prove) => self.prove(prove),
            ItemKind::Ladder(_)
            | ItemKind::Action(_)
            | ItemKind::Event(_)
            | ItemKind::Fund(_)
            | ItemKind::Flow(_)
            | ItemKind::Contract(_)
            | ItemKind::Scenario(_) => self.conduct_item(&item.kind),
        }
        self.end();
    }

    fn kind(&mut self, kind: &Kind) {
        self.put("kind ");
        self.name(&kind.name);
        if let Some(parent) = &kind.parent {
            self.put(": ");
            self.path(parent);
        }
        if kind.attributes.is_empty() {
            self.put(" { }");
            return;
        }
        self.put(" { ");
        self.list(&kind.attributes, ", ", |p, a| {
            p.name(&a.name);
            p.put(": ");
            p.type_name(&a.sort);
        });
        self.put(" }");
    }

    fn type_name(&mut self, sort: &TypeName) {
        self.path(&sort.path);
        if let Some(of) = &sort.of {
            self.put(" of ");
            self.path(of);
        }
    }

    fn party(&mut self, party: &Party) {
        self.put("party ");
        self.name(&party.name);
        if let Some(kind) = &party.kind {
            self.put(": ");
            self.path(kind);
        }
        if !party.attributes.is_empty() {
            self.put(" { ");
            self.list(&party.attributes, ", ", |p, AttributeValue { name, value }| {
                p.name(name);
                let range = matches!(&value.kind, ExprKind::Range(low, _) if is_literal(low));
                p.put(if range { " " } else { " = " });
                p.expr(value, level::SUM);
            });
            self.put(" }");
        }
    }

    fn region(&mut self, region: &Region) {
        self.put("region ");
        self.name(&region.name);
        if let Some(value) = &region.value {
            self.put(" = ");
            self.expr(value, level::SUM);
        }
    }

    fn open_term(&mut self, term: &OpenTerm) {
        self.put("open term ");
        self.name(&term.name);
        self.put(": ");
        match &term.domain {
            TermDomain::OneOf(values) => {
                self.put("one of { ");
                self.list(values, ", ", Self::name);
                self.put(" }");
            }
            TermDomain::Typed { sort, range } => {
                self.type_name(sort);
                if let Some(range) = range {
                    self.put(" ");
                    self.expr(range, level::SUM);
                }
            }
        }
    }

    fn label(&mut self, label: Option<&Name>) {
        if let Some(label) = label {
            self.put("@");
            self.name(label);
            self.put(" ");
        }
    }

    fn stance(&mut self, stance: &Stance) {
        self.label(stance.label.as_ref());
        self.path(&stance.party);
        match &stance.kind {
            StanceKind::Accepts(condition) => {
                self.put(" accepts ");
                self.expr(condition, level::ANY);
            }
            StanceKind::Prefers { condition, weight } => {
                self.put(" prefers ");
                self.expr(condition, level::ANY);
                if let Some(weight) = weight {
                    self.put(", weight ");
                    self.expr(weight, level::SUM);
                }
            }
            StanceKind::Values { region, worth } => {
                self.put(" values ");
                self.expr(region, level::SUM);
                self.put(" at ");
                self.expr(worth, level::SUM);
            }
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.parameters_where(parameters, |w| !w.is_firm());
    }

    /// Parameters, and which words can name one.
    fn parameters_where(&mut self, parameters: &[Parameter], bare: fn(Word) -> bool) {
        self.put("(");
        self.list(parameters, ", ", |p, parameter| {
            p.name_where(&parameter.name, bare);
            if let Some(sort) = &parameter.sort {
                p.put(": ");
                p.type_name(sort);
            }
            if let Some(default) = &parameter.default {
                p.put(" = ");
                p.expr(default, level::SUM);
            }
        });
        self.put(")");
    }

    fn model_clause(&mut self, clause: &ModelClause) {
        self.put("model clause ");
        self.name(&clause.name);
        if !clause.parameters.is_empty() {
            self.parameters(&clause.parameters);
        }
        self.put(" ");
        self.statements(&clause.statements);
    }

    fn charter(&mut self, charter: &Charter) {
        self.put("charter ");
        self.name(&charter.name);
        if let Some(title) = &charter.title {
            self.put(" ");
            self.text(title);
        }
        if !charter.matters.is_empty() {
            self.put(" for ");
            self.list(&charter.matters, ", ", Self::path);
        }
        self.put(" {\n");
        self.depth += 1;
        for members in &charter.members {
            self.members(members);
        }
        for fund in &charter.funds {
            self.begin();
            self.fund(fund);
            self.end();
        }
        if charter.overrides.is_some() {
            self.line("overrides contracts");
        }
        for article in &charter.articles {
            self.article(article);
        }
        self.depth -= 1;
        self.begin();
        self.put("}");
    }

    fn members(&mut self, members: &Members) {
        self.begin();
        self.put("parties ");
        self.list(&members.entries, ", ", |p, entry| match entry {
            MemberEntry::Named(path) => p.path(path),
            MemberEntry::AnyOf(kind) => {
                p.put("any ");
                p.path(kind);
            }
            MemberEntry::From(from) => p.parties_from(from),
        });
        self.end();
    }

    fn parties_from(&mut self, from: &PartiesFrom) {
        self.put("from ");
        self.path(&from.data);
        if let Some(kind) = &from.kind {
            self.put(" as ");
            self.path(kind);
        }
        if let Some(named) = &from.named {
            self.put(" named ");
            self.field_path(named);
        }
        if !from.mapping.is_empty() {
            self.put(" { ");
            self.list(&from.mapping, ", ", |p, (name, field)| {
                p.name(name);
                p.put(" = ");
                p.field_path(field);
            });
            self.put(" }");
        }
    }

    fn field_path(&mut self, path: &FieldPath) {
        for (i, segment) in path.segments.iter().enumerate() {
            if i > 0 && !matches!(segment, FieldSegment::Each) {
                self.put(".");
            }
            match segment {
                FieldSegment::Key(name) => self.name_where(name, |_| true),
                FieldSegment::Each => self.put("[]"),
                FieldSegment::Bind(name) => {
                    self.put("{");
                    self.name(name);
                    self.put("}");
                }
            }
        }
    }

    fn article(&mut self, article: &Article) {
        self.docs(&article.doc);
        self.begin();
        self.put("article ");
        self.put(&article.number);
        if let Some(title) = &article.title {
            self.put(" ");
            self.text(title);
        }
        self.put(" ");
        match article.statements.as_slice() {
            [only]
                if matches!(only.kind, StatementKind::Adopts { .. })
                    && only.doc.is_empty()
                    && only.label.is_none()
                    && only.modifiers.is_empty() =>
            {
                self.statement_kind(&only.kind);
            }
            all => self.statements(all),
        }
        self.end();
    }

    fn accession(&mut self, accession: &Accession) {
        self.put("accession ");
        self.path(&accession.party);
        self.put(" to ");
        self.path(&accession.charter);
        self.put(" ");
        self.statements(&accession.statements);
    }

    fn atlas(&mut self, atlas: &Atlas) {
        self.put("atlas ");
        self.name(&atlas.name);
        match &atlas.space {
            Space::File { files, key } => {
                self.put(" from ");
                self.list(files, ", ", Self::text);
                self.put(" key ");
                for (i, segment) in key.segments.iter().enumerate() {
                    self.put(if i > 0 { "." } else { "" });
                    self.name_where(segment, |_| true);
                }
            }
            Space::Earth => self.put(" of earth"),
            Space::Ipv4 => self.put(" of ipv4"),
            Space::Ipv6 => self.put(" of ipv6"),
            Space::Domain => self.put(" of domain"),
            Space::Integer => self.put(" of integer"),
            Space::Interval(unit) => {
                self.put(" of ");
                self.name(unit);
            }
            Space::Plain => {}
        }
        if atlas.settings.is_empty() && atlas.regions.is_empty() {
            return;
        }
        self.put(" {\n");
        self.depth += 1;
        for setting in &atlas.settings {
            self.begin();
            self.setting(setting);
            self.end();
        }
        for region in &atlas.regions {
            self.docs(&region.doc);
            self.begin();
            self.region(region);
            self.end();
        }
        self.depth -= 1;
        self.begin();
        self.put("}");
    }

    fn setting(&mut self, setting: &Setting) {
        match &setting.kind {
            SettingKind::Source(text) => {
                self.put("source ");
                self.text(text);
            }
            SettingKind::Licence(text) => {
                self.put("licence ");
                self.text(text);
            }
            SettingKind::AsOf(date) => {
                self.put("as of ");
                self.expr(date, level::OPERAND);
            }
            SettingKind::Accuracy(distance) => {
                self.put("accuracy ");
                self.expr(distance, level::OPERAND);
            }
            SettingKind::Tolerance(distance) => {
                self.put("tolerance ");
                self.expr(distance, level::OPERAND);
            }
            SettingKind::Extent(Extent::Land) => self.put("extent land"),
            SettingKind::Extent(Extent::WithWaters) => self.put("extent with waters"),
            SettingKind::Datum(name) => {
                self.put("datum ");
                self.name(name);
            }
        }
    }

    fn data(&mut self, data: &Data) {
        self.put("data ");
        self.name(&data.name);
        self.put(" from ");
        self.list(&data.files, ", ", Self::text);
        if let Some(kind) = &data.one_a_file {
            self.put(", one ");
            self.path(kind);
            self.put(" a file");
        }
        if let Some(key) = &data.key {
            self.put(", key ");
            self.field_path(key);
        }
        if !data.ignoring.is_empty() {
            self.put(", ignoring ");
            self.list(&data.ignoring, ", ", Self::field_path);
        }
        for setting in &data.settings {
            self.put(", ");
            self.setting(setting);
        }
    }

    fn prove(&mut self, prove: &Prove) {
        self.label(prove.label.as_ref());
        self.put("prove ");
        let charter = match &prove.property {
            Property::Settled { charter } | Property::HoldAlways { charter } => {
                self.put("borders of ");
                self.path(charter);
                self.put(match prove.property {
                    Property::Settled { .. } => " can be settled",
                    _ => " hold under every settlement",
                });
                return;
            }
            Property::Conduct(property) => {
                self.conduct_property(property);
                return;
            }
            Property::Covered { charter, .. } => Some(charter),
            Property::Within { charter, .. } | Property::Disjoint { charter, .. } => charter.as_ref(),
        };
        if let Some(charter) = charter {
            self.put("in ");
            self.path(charter);
            self.put(" ");
        }
        match &prove.property {
            Property::Covered { region, .. } => {
                self.put("every part of ");
                self.state(region, " is claimed");
            }
            Property::Within { inner, outer, .. } => {
                self.expr(inner, level::SUM);
                self.put(" lies ");
                self.lies_within(outer);
            }
            Property::Disjoint { left, right, .. } => {
                self.expr(left, level::SUM);
                self.put(" and ");
                self.expr(right, level::SUM);
                self.put(" are disjoint");
            }
            Property::Settled { .. } | Property::HoldAlways { .. } | Property::Conduct(_) => {}
        }
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Date { .. })
}

/// Whether a text can stand as a bare word.
fn is_bare(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(unicode_ident::is_xid_continue)
}
