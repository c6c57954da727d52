//! Declarations of a file.
//!
//! In: tokens at the top of a file. Out: [`Item`]s; what cannot be read is reported and stepped over, and the next
//! declaration is read.

use super::ahead::HEADS;
use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::slip::closest;
use super::token::{Sort, Token};
use super::tree::{
    Attribute, AttributeValue, Define, Excludes, Expr, ExprKind, Import, ImportTarget, Item, ItemKind, Kind, Module,
    Name, OpenTerm, Parameter, Party, Path, Region, Right, RightMode, Stance, StanceKind, TermDomain, TypeName,
    UnitDeclaration,
};
use crate::diagnostic::{Diagnostic, Severity};

/// What a person is told a file is made of.
const DECLARATIONS: &str = "a declaration such as `party`, `action`, `charter` or `scenario`";

impl Cursor<'_> {
    /// The whole file. `prose` is left empty here.
    pub(super) fn module(&mut self) -> Module {
        let mut module = Module { file: self.file, doc: Vec::new(), items: Vec::new(), prose: Vec::new() };
        while let Some(token) = self.take(Sort::ModuleDoc) {
            module.doc.push(self.doc_line(token));
        }
        while !self.is_hopeless() {
            self.let_go();
            (self.depth, self.listing, self.rules) = (0, false, 0);
            let doc = self.doc();
            if self.is(Sort::End) {
                self.unused_doc(&doc);
                return module;
            }
            let start = self.mark();
            let begin = self.here();
            if self.later_item() {
                continue;
            }
            match self.item() {
                Ok(Some(kind)) => module.items.push(Item { doc: self.doc_texts(&doc), span: self.since(begin), kind }),
                Ok(None) => {}
                Err(_) => self.skip_item(start),
            }
        }
        let here = self.peek(0);
        self.error(
            "too-many",
            self.span(here),
            "too many errors: the rest of the file was not read",
            "reading stopped here",
        );
        module
    }

    /// `///` lines that stand here. A `//!` line here is out of place.
    pub(super) fn doc(&mut self) -> Vec<Token> {
        let mut lines = Vec::new();
        loop {
            if let Some(line) = self.take(Sort::Doc) {
                lines.push(line);
            } else if let Some(line) = self.take(Sort::ModuleDoc) {
                self.report(
                    Diagnostic::error(
                        "misplaced-description",
                        self.span(line),
                        "a `//!` line describes the whole file and stands at its head",
                        "not at the head of the file",
                    )
                    .help("write `///` to describe what follows, or `//` for a comment"),
                );
            } else {
                return lines;
            }
        }
    }

    pub(super) fn doc_texts(&self, lines: &[Token]) -> Vec<String> {
        lines.iter().map(|t| self.doc_line(*t)).collect()
    }

    /// Warns that nothing follows that could be described.
    pub(super) fn unused_doc(&mut self, lines: &[Token]) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let span = self.span(*first).to(self.span(*last));
        self.report(
            Diagnostic::error(
                "misplaced-description",
                span,
                "a description is followed by nothing it could describe",
                "describes nothing",
            )
            .severity(Severity::Warning)
            .help("write `//` for a comment"),
        );
    }

    fn doc_line(&self, token: Token) -> String {
        let line = self.slice(token);
        let line = line.get(3..).unwrap_or("");
        line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()
    }

    /// One declaration; `None` if what stood here was reported and read over as a whole.
    pub(super) fn item(&mut self) -> Parsed<Option<ItemKind>> {
        let head = self.peek(0);
        let mut word = head.word;
        let misspelled = word == Word::Name && head.sort == Sort::Word && self.is_name(1) && !self.begins_stance(0);
        if misspelled && let Some(meant) = closest(self.slice(head), HEADS) {
            self.report_slip(head, DECLARATIONS, meant);
            word = meant;
        }
        Ok(Some(match word {
            Word::Import => self.import()?,
            Word::Kind => self.kind()?,
            Word::Party => self.party()?,
            Word::Right => self.right()?,
            Word::Unit => self.unit_declaration()?,
            Word::Atlas => ItemKind::Atlas(self.atlas()?),
            Word::Region => ItemKind::Region(self.region_declaration(Vec::new())?),
            Word::Open if self.word(1) == Word::Term => self.open_term()?,
            Word::Model if self.word(1) == Word::Clause => ItemKind::ModelClause(self.model_clause()?),
            Word::Charter => ItemKind::Charter(self.charter()?),
            Word::Accession => ItemKind::Accession(self.accession()?),
            Word::Data => ItemKind::Data(self.data()?),
            Word::Parties if self.word(1) == Word::From => ItemKind::PartiesFrom(self.parties_from()?),
            Word::Matter => {
                self.bump();
                ItemKind::Matter(self.name("the name of a matter")?)
            }
            Word::Define => self.define()?,
            Word::Ladder => ItemKind::Ladder(self.ladder()?),
            Word::Action => ItemKind::Action(self.action()?),
            Word::Event => ItemKind::Event(self.action()?),
            Word::Fund => ItemKind::Fund(self.fund()?),
            Word::Flow => ItemKind::Flow(self.flow()?),
            Word::Contract => ItemKind::Contract(self.contract()?),
            Word::Scenario => ItemKind::Scenario(self.scenario()?),
            Word::Prove => return self.prove(None),
            _ if head.sort == Sort::At => return self.labelled(),
            _ if self.begins_stance(0) => return self.stance(None).map(Some),
            _ => return self.outside_item(head),
        }))
    }

    /// `@label` before a stance or a `prove`.
    fn labelled(&mut self) -> Parsed<Option<ItemKind>> {
        if !self.begins_item(2) {
            let head = self.peek(0);
            return self.outside_item(head);
        }
        self.bump();
        let label = self.name("a name behind `@`")?;
        if self.is_word(Word::Prove) {
            return self.prove(Some(label));
        }
        if self.begins_stance(0) {
            return self.stance(Some(label)).map(Some);
        }
        Err(self.expected("a stance or `prove` behind a label"))
    }

    /// What is no declaration, reported as precisely as can be.
    fn outside_item(&mut self, head: Token) -> Parsed<Option<ItemKind>> {
        if head.sort == Sort::CloseBrace {
            self.bump();
            if std::mem::take(&mut self.orphan) {
                return Ok(None); // the charter that closed too early was meant to close here
            }
            return Err(self.error("unexpected", self.span(head), "a `}` closes nothing", "no `{` is open here"));
        }
        if self.begins_article(0) {
            self.error(
                "misplaced-statement",
                self.span(head),
                "an article stands outside a charter",
                "is the brace of the charter closed too early?",
            );
            self.orphan = true;
            self.article(Vec::new())?;
            return Ok(None);
        }
        if self.later_statement() {
            return Ok(None);
        }
        if head.word == Word::Parties && self.is_name(1) {
            return Err(self.unread(
                head,
                DECLARATIONS,
                "declare each by itself, `party Ada`; `parties` stands in a charter",
            ));
        }
        if self.stands_in_article() {
            let start = self.mark();
            self.report(
                Diagnostic::error(
                    "misplaced-statement",
                    self.span(head),
                    "a statement stands outside an article",
                    "no article holds this statement",
                )
                .help("put it into an article of a charter, or into an accession: `article 1 { … }`"),
            );
            if self.statement(Vec::new()).is_err() {
                self.skip_statement(start);
            }
            return Ok(None);
        }
        Err(self.expected_here(DECLARATIONS, false))
    }

    fn import(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let target = if self.is(Sort::Text) {
            ImportTarget::File(self.quoted("a file")?)
        } else {
            ImportTarget::Standard(self.path("a module of the standard library, or a file in quotes")?)
        };
        let alias = if self.take_word(Word::As).is_some() { Some(self.name("a name")?) } else { None };
        Ok(ItemKind::Import(Import { target, alias }))
    }

    fn kind(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let name = self.name("the name of a kind")?;
        let parent = self.kind_behind(&name)?;
        let mut attributes = Vec::new();
        if self.is(Sort::OpenBrace) {
            self.entries("the kind", |p| {
                let name = p.name("the name of an attribute")?;
                p.expect(Sort::Colon, "`:` and a type: `gdp: Money`")?;
                attributes.push(Attribute { name, sort: p.type_name()? });
                Ok(())
            });
        }
        Ok(ItemKind::Kind(Kind { name, parent, attributes }))
    }

    /// `: State` behind a name; a colon left out on the same line is reported and read.
    fn kind_behind(&mut self, name: &Name) -> Parsed<Option<Path>> {
        if self.take(Sort::Colon).is_some() {
            return Ok(Some(self.path("the name of a kind")?));
        }
        let next = self.peek(0);
        if !self.is_name(0) || self.begins_line(next) || self.begins_stance(0) {
            return Ok(None);
        }
        let (name, kind) = (self.text_of(name.span), self.slice(next));
        self.report(
            Diagnostic::error(
                "unexpected",
                self.span(next),
                format!("expected `:` before a kind, found `{kind}`"),
                "a kind stands behind `:`",
            )
            .help(format!("write `{name}: {kind}`")),
        );
        Ok(Some(self.path("the name of a kind")?))
    }

    pub(super) fn type_name(&mut self) -> Parsed<TypeName> {
        if self.is_word(Word::Party) {
            let token = self.peek(0);
            return Err(self.unread(token, "the name of a type", "write `Party`"));
        }
        let path = self.path("the name of a type")?;
        let of = if self.take_word(Word::Of).is_some() { Some(self.path("an atlas or a unit")?) } else { None };
        Ok(TypeName { path, of })
    }

    fn party(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let name = self.name("the name of a party")?;
        let kind = self.kind_behind(&name)?;
        let mut attributes = Vec::new();
        if self.is(Sort::OpenBrace) {
            self.entries("the party", |p| {
                attributes.push(p.attribute_value()?);
                Ok(())
            });
        }
        Ok(ItemKind::Party(Party { name, kind, attributes }))
    }

    /// `gdp = 1 billion EUR`, `gdp 1 billion EUR to 5 billion EUR`.
    fn attribute_value(&mut self) -> Parsed<AttributeValue> {
        let name = self.name("the name of an attribute")?;
        if self.take(Sort::Equal).is_some() {
            return Ok(AttributeValue { name, value: self.sum("a value")? });
        }
        let here = self.peek(0);
        if here.sort == Sort::Colon {
            let help = format!("write `{} = …`", name.text);
            return Err(self.unread(here, "`=` and a value, or a range", &help));
        }
        if !matches!(here.sort, Sort::Number | Sort::Minus | Sort::Date | Sort::OpenParen) {
            return Err(self.expected("`=` and a value, or a range: `gdp = 1 billion EUR`"));
        }
        let value = self.sum("a range")?;
        if !matches!(value.kind, ExprKind::Range(..)) {
            let shown = self.text.get(value.span.start as usize..value.span.end as usize).unwrap_or("").to_owned();
            self.report(
                Diagnostic::error(
                    "unexpected",
                    value.span,
                    format!("expected `=` or a range behind `{}`, found one value", name.text),
                    "a value or a range?",
                )
                .help(format!("write `{} = {shown}`, or a range: `{} {shown} to …`", name.text, name.text)),
            );
        }
        Ok(AttributeValue { name, value })
    }

    fn right(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let name = self.name("the name of a right")?;
        let mode = match self.word(0) {
            Word::Exclusive => RightMode::Exclusive,
            Word::Shared => RightMode::Shared,
            Word::Quota => RightMode::Quota,
            _ => return Err(self.expected("`exclusive`, `shared` or `quota`")),
        };
        self.bump();
        Ok(ItemKind::Right(Right { name, mode }))
    }

    fn unit_declaration(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let name = self.name("the name of a unit")?;
        let definition =
            if self.take(Sort::Equal).is_some() { Some(self.sum("how many of another unit it is")?) } else { None };
        Ok(ItemKind::Unit(UnitDeclaration { name, definition }))
    }

    /// `region R`, `region R = …`.
    pub(super) fn region_declaration(&mut self, doc: Vec<String>) -> Parsed<Region> {
        let start = self.bump().start;
        let name = self.name("the name of a region")?;
        let value: Option<Expr> =
            if self.take(Sort::Equal).is_some() { Some(self.sum("what the region is")?) } else { None };
        Ok(Region { doc, name, value, span: self.since(start) })
    }

    fn open_term(&mut self) -> Parsed<ItemKind> {
        self.bump();
        self.bump();
        let name = self.name("the name of a term")?;
        self.expect(Sort::Colon, "`:` and what values it can take")?;
        if !self.take_words(&[Word::One, Word::Of]) {
            let sort = self.type_name()?;
            let ranged = matches!(self.sort(0), Sort::Number | Sort::Minus | Sort::Date | Sort::OpenParen);
            let range = if ranged { Some(self.sum("a range")?) } else { None };
            return Ok(ItemKind::OpenTerm(OpenTerm { name, domain: TermDomain::Typed { sort, range } }));
        }
        if !self.is(Sort::OpenBrace) {
            return Err(self.expected("`{` and the values: `one of { first, second }`"));
        }
        let mut values = Vec::new();
        self.entries("the values", |p| {
            values.push(p.name("a value")?);
            Ok(())
        });
        Ok(ItemKind::OpenTerm(OpenTerm { name, domain: TermDomain::OneOf(values) }))
    }

    /// `Ada accepts …`, `prefers …`, `values … at …`, or `R excludes …`.
    fn stance(&mut self, label: Option<Name>) -> Parsed<ItemKind> {
        let party = self.subject("the name of a party")?;
        let kind = match self.bump().word {
            Word::Excludes => {
                if let Some(label) = label {
                    self.error("unexpected", label.span, "a relation between rights carries no label", "no label here");
                }
                let excluded = self.paths("the name of a right")?;
                return Ok(ItemKind::Excludes(Excludes { right: party, excluded }));
            }
            Word::Accepts => StanceKind::Accepts(self.expr("a condition")?),
            Word::Prefers => {
                let condition = self.expr("a condition")?;
                let comma = self.is(Sort::Comma);
                let weighted = self.word(usize::from(comma)) == Word::Weight && (comma || !self.begins_stance(0));
                if weighted && comma {
                    self.bump();
                }
                let weight = if weighted {
                    self.bump();
                    Some(self.sum("a weight")?)
                } else {
                    None
                };
                StanceKind::Prefers { condition, weight }
            }
            _ => {
                let region = self.sum("a region")?;
                self.expect_word(Word::At, "`at` and a number")?;
                StanceKind::Values { region, worth: self.sum("a number")? }
            }
        };
        Ok(ItemKind::Stance(Stance { label, party, kind }))
    }

    fn define(&mut self) -> Parsed<ItemKind> {
        self.bump();
        let name = self.name("a name")?;
        let parameters = if self.is(Sort::OpenParen) { self.parameters(false)? } else { Vec::new() };
        self.expect(Sort::Equal, "`=` and what it stands for")?;
        Ok(ItemKind::Define(Define { name, parameters, value: self.expr("what it stands for")? }))
    }

    /// `(rule: Article, grace: Duration = 30 days)`; of an action `(by: Party, on: Party)`, where every word is a name.
    pub(super) fn parameters(&mut self, any: bool) -> Parsed<Vec<Parameter>> {
        self.expect(Sort::OpenParen, "`(`")?;
        let mut parameters = Vec::new();
        while !self.is(Sort::CloseParen) {
            let expected = "the name of a parameter";
            let name = if any && self.is_label(0) { self.any_name(expected)? } else { self.name(expected)? };
            let sort = if self.take(Sort::Colon).is_some() { Some(self.type_name()?) } else { None };
            let default = if self.take(Sort::Equal).is_some() { Some(self.sum("a value")?) } else { None };
            parameters.push(Parameter { name, sort, default });
            if self.take(Sort::Comma).is_none() {
                break;
            }
        }
        if self.is_name(0)
            && let Some(last) = parameters.last()
        {
            let token = self.peek(0);
            let help = format!("write `{}: {}`", last.name.text, self.slice(token));
            return Err(self.unread(token, "`:` and the type of the parameter", &help));
        }
        self.expect(Sort::CloseParen, "`,` or `)`")?;
        Ok(parameters)
    }

    /// `{ entry, entry … }` with optional commas. An entry that cannot be read is stepped over.
    pub(super) fn entries(&mut self, what: &str, read: impl FnMut(&mut Self) -> Parsed<()>) {
        self.entries_with(what, Word::Name, read);
    }

    /// The same where a word that could begin a declaration begins an entry: `region` in an atlas.
    pub(super) fn entries_with(&mut self, what: &str, own: Word, mut read: impl FnMut(&mut Self) -> Parsed<()>) {
        let open = self.bump();
        let outer = std::mem::replace(&mut self.listing, true);
        loop {
            if self.take(Sort::CloseBrace).is_some() {
                break;
            }
            let token = self.peek(0);
            let other = token.word.is_firm() && token.word != own;
            if token.sort == Sort::End || (other && self.begins_line(token) && self.begins_item(0)) {
                self.unclosed(open, what);
                break;
            }
            let start = self.mark();
            if read(self).is_err() {
                self.depth = 0;
                self.skip_entry(start);
            }
            self.take(Sort::Comma);
        }
        self.listing = outer;
    }

    /// Reports a brace that is not closed.
    pub(super) fn unclosed(&mut self, open: Token, what: &str) {
        let here = self.peek(0);
        let found = self.found(here);
        self.report(
            Diagnostic::error("unclosed-brace", self.span(open), format!("{what} is not closed"), "opened here")
                .label(self.span(here), format!("expected `}}` before {found}"))
                .help("add `}`"),
        );
    }
}
