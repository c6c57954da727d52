//! Charters, articles, accessions, model clauses, atlases and data declarations: the declarations with a body.
//!
//! In: tokens at their first word. Out: their tree. In a body each statement stands for itself: one that is broken or of a
//! later ring is reported and the next one is read. A body whose brace is missing ends where something begins that cannot
//! stand in it, and the message shows where it was opened.

use super::cursor::{Cursor, Parsed};
use super::later::Later;
use super::reserved::Word;
use super::token::{Sort, Token};
use super::tree::{
    Accession, Article, Atlas, Charter, Data, FieldPath, FieldSegment, MemberEntry, Members, ModelClause, PartiesFrom,
    Space, Statement, Text,
};
use crate::diagnostic::Diagnostic;

impl Cursor<'_> {
    /// `charter C "Title" for borders, trade { … }`.
    pub(super) fn charter(&mut self) -> Parsed<Charter> {
        self.bump();
        let name = self.name("the name of a charter")?;
        let title = if self.is(Sort::Text) { Some(self.quoted("a title")?) } else { None };
        let matters =
            if self.take_word(Word::For).is_some() { self.paths("the name of a matter")? } else { Vec::new() };
        let open = self.expect(Sort::OpenBrace, "`{` and what the charter says")?;
        let mut charter = Charter {
            name,
            title,
            matters,
            members: Vec::new(),
            funds: Vec::new(),
            overrides: None,
            articles: Vec::new(),
        };
        loop {
            self.let_go();
            let doc = self.doc();
            let token = self.peek(0);
            let start = self.mark();
            match token.word {
                _ if matches!(token.sort, Sort::CloseBrace | Sort::End) || self.is_hopeless() => {
                    self.unused_doc(&doc);
                    if self.take(Sort::CloseBrace).is_none() && !self.is_hopeless() {
                        self.unclosed(open, &format!("the charter `{}`", charter.name.text));
                    }
                    return Ok(charter);
                }
                Word::Parties => {
                    self.unused_doc(&doc);
                    match self.members() {
                        Ok(members) => charter.members.push(members),
                        Err(_) => self.skip_in_charter(start),
                    }
                }
                Word::Fund => {
                    self.unused_doc(&doc);
                    match self.fund() {
                        Ok(fund) => charter.funds.push(fund),
                        Err(_) => self.skip_in_charter(start),
                    }
                }
                Word::Overrides if self.word(1) == Word::Contracts => {
                    self.unused_doc(&doc);
                    self.bump();
                    self.bump();
                    let span = self.since(token.start);
                    if let Some(before) = charter.overrides.replace(span) {
                        self.report(
                            Diagnostic::error(
                                "unexpected",
                                span,
                                "`overrides contracts` stands twice in one charter",
                                "the second time",
                            )
                            .label(before, "the first time")
                            .help("leave one of them out"),
                        );
                    }
                }
                Word::Article if !self.begins_worded(0) => {
                    let doc = self.doc_texts(&doc);
                    match self.article(doc) {
                        Ok(article) => charter.articles.push(article),
                        Err(_) => self.skip_in_charter(start),
                    }
                }
                _ => {
                    self.unused_doc(&doc);
                    if self.later_statement() {
                        continue;
                    }
                    if self.begins_item(0) {
                        if self.is_inside(token, open) {
                            self.item_inside("a charter");
                            continue;
                        }
                        self.unclosed(open, &format!("the charter `{}`", charter.name.text));
                        return Ok(charter);
                    }
                    self.stray_in_charter(start);
                }
            }
        }
    }

    /// Whether a token stands inside a body by the look of it: on a line indented more than the one that opens it.
    fn is_inside(&self, token: Token, open: Token) -> bool {
        !self.begins_line(token) || self.indent(token) > self.indent(open)
    }

    /// Reports and reads a declaration that stands in a body.
    fn item_inside(&mut self, what: &str) {
        let token = self.peek(0);
        self.report(
            Diagnostic::error(
                "misplaced-statement",
                self.span(token),
                format!("a declaration stands inside {what}"),
                "stands by itself, outside every charter",
            )
            .help("move it out of the braces"),
        );
        let start = self.mark();
        if self.item().is_err() {
            self.skip_statement(start);
        }
    }

    /// Something in a charter that is neither `parties` nor an article.
    fn stray_in_charter(&mut self, start: usize) {
        let token = self.peek(0);
        if !self.stands_in_article() {
            const EXPECTED: &str = "`parties`, `article`, `fund`, `overrides contracts` or `}`";
            if self.mend(EXPECTED, &[Word::Parties, Word::Article, Word::Fund]) {
                return;
            }
            self.expected_here(EXPECTED, false);
            self.skip_in_charter(start);
            return;
        }
        self.report(
            Diagnostic::error(
                "misplaced-statement",
                self.span(token),
                "a statement stands outside an article",
                "no article holds this statement",
            )
            .help("put it into an article: `article 1 { … }`"),
        );
        if self.statement(Vec::new()).is_err() {
            self.skip_statement(start);
        }
    }

    /// Goes to the next `parties`, article or closing brace of a charter.
    fn skip_in_charter(&mut self, start: usize) {
        self.depth = 0;
        if self.mark() == start && !matches!(self.sort(0), Sort::CloseBrace | Sort::End) {
            self.skip_group();
        }
        loop {
            let token = self.peek(0);
            match token.sort {
                Sort::CloseBrace | Sort::End | Sort::Doc => return,
                _ if matches!(token.word, Word::Article | Word::Parties | Word::Fund) => return,
                _ if self.begins_line(token) && self.begins_item(0) => return,
                _ => {
                    self.skip_group();
                }
            }
        }
    }

    /// Whether a statement stands here, however it begins.
    pub(super) fn stands_in_article(&mut self) -> bool {
        self.begins_worded(0) || self.begins_deed(0) || self.begins_statement(0)
    }

    /// `parties Ada, Bel, any Household, from Peers as Peer { … }`.
    fn members(&mut self) -> Parsed<Members> {
        let start = self.bump().start;
        if self.is(Sort::Colon) {
            let token = self.bump();
            self.unread(token, "the name of a party", "leave the colon out: `parties Ada, Bel`");
        }
        let mut entries = vec![self.member()?];
        while self.take(Sort::Comma).is_some() || self.take_word(Word::And).is_some() {
            entries.push(self.member()?);
        }
        Ok(Members { entries, span: self.since(start) })
    }

    fn member(&mut self) -> Parsed<MemberEntry> {
        if self.take_word(Word::Any).is_some() {
            return Ok(MemberEntry::AnyOf(self.path("the name of a kind")?));
        }
        if self.is_word(Word::From) {
            let start = self.here();
            return Ok(MemberEntry::From(self.parties_from_tail(start)?));
        }
        Ok(MemberEntry::Named(self.path("the name of a party, `any` and a kind, or `from` and data")?))
    }

    /// `parties from Peers as Peer { asn = asn }` outside a charter.
    pub(super) fn parties_from(&mut self) -> Parsed<PartiesFrom> {
        let start = self.bump().start;
        self.parties_from_tail(start)
    }

    fn parties_from_tail(&mut self, start: u32) -> Parsed<PartiesFrom> {
        self.expect_word(Word::From, "`from` and the name of a data declaration")?;
        let data = self.path("the name of a data declaration")?;
        let kind = if self.take_word(Word::As).is_some() { Some(self.path("the name of a kind")?) } else { None };
        let named = if !self.begins_stance(0) && self.take_word(Word::Named).is_some() {
            Some(self.field_path()?)
        } else {
            None
        };
        let mut mapping = Vec::new();
        if self.is(Sort::OpenBrace) {
            self.entries("the list of attributes", |p| {
                let name = p.name("the name of an attribute")?;
                p.expect(Sort::Equal, "`=` and a field: `asn = asn`")?;
                mapping.push((name, p.field_path()?));
                Ok(())
            });
        }
        Ok(PartiesFrom { data, kind, mapping, named, span: self.since(start) })
    }

    /// `networks.ipv4[]`, `delegate.{a}[]`. Every word is a key here.
    pub(super) fn field_path(&mut self) -> Parsed<FieldPath> {
        let start = self.here();
        let mut segments = vec![self.field_segment()?];
        loop {
            if self.take(Sort::Dot).is_some() {
                segments.push(self.field_segment()?);
            } else if self.is(Sort::OpenBracket) && self.sort(1) == Sort::CloseBracket {
                self.bump();
                self.bump();
                segments.push(FieldSegment::Each);
            } else {
                return Ok(FieldPath { segments, span: self.since(start) });
            }
        }
    }

    fn field_segment(&mut self) -> Parsed<FieldSegment> {
        if self.take(Sort::OpenBrace).is_none() {
            return Ok(FieldSegment::Key(self.any_name("a field: a key such as `networks.ipv4[]`")?));
        }
        let name = self.name("a name for each key: `{a}`")?;
        self.expect(Sort::CloseBrace, "`}`")?;
        Ok(FieldSegment::Bind(name))
    }

    /// `article 1 "Borders" { … }`, `article 3 adopts Shunning(article 2)`.
    pub(super) fn article(&mut self, doc: Vec<String>) -> Parsed<Article> {
        let start = self.bump().start;
        if self.is(Sort::Text) {
            let token = self.peek(0);
            let help = format!("write the number first: `article 1 {}`", self.slice(token));
            return Err(self.unread(token, "the number of an article", &help));
        }
        let (number, _) = self.article_number()?;
        if matches!(self.sort(0), Sort::Colon | Sort::Dot | Sort::Minus) {
            let token = self.peek(0);
            let help = format!("write a title in quotes behind the number: `article {number} \"Peace\" {{ … }}`");
            return Err(self.unread(token, "`{` and the statements of the article, or its title", &help));
        }
        let title = if self.is(Sort::Text) { Some(self.quoted("a title")?) } else { None };
        let head = self.since(start);
        let mut article = Article { doc, number, title, statements: Vec::new(), head, span: head };
        if self.is_word(Word::Adopts) {
            let begin = self.here();
            let kind = self.adopts()?;
            let span = self.since(begin);
            article.statements.push(Statement { doc: Vec::new(), label: None, kind, modifiers: Vec::new(), span });
        } else {
            let open = self.expect(Sort::OpenBrace, "`{` and the statements of the article, or `adopts`")?;
            let what = format!("article {}", article.number);
            article.statements = self.statements(open, &what);
        }
        article.span = self.since(start);
        Ok(article)
    }

    /// The statements of a body, and the brace that closes it.
    pub(super) fn statements(&mut self, open: Token, what: &str) -> Vec<Statement> {
        let mut statements = Vec::new();
        loop {
            self.let_go();
            let doc = self.doc();
            let token = self.peek(0);
            let over = matches!(token.sort, Sort::CloseBrace | Sort::End) || self.is_hopeless();
            if over || self.begins_article(0) {
                self.unused_doc(&doc);
                if self.take(Sort::CloseBrace).is_none() && !self.is_hopeless() {
                    self.unclosed(open, what);
                }
                return statements;
            }
            if self.later_statement() {
                continue;
            }
            if self.begins_item(0) && self.begins_line(token) {
                if self.is_inside(token, open) {
                    self.item_inside(what);
                    continue;
                }
                self.unclosed(open, what);
                return statements;
            }
            let start = self.mark();
            let doc = self.doc_texts(&doc);
            match self.statement(doc) {
                Ok(statement) => statements.push(statement),
                Err(_) => {
                    self.depth = 0;
                    self.skip_statement(start);
                }
            }
            self.take(Sort::Comma);
        }
    }

    /// `accession P to C { … }`.
    pub(super) fn accession(&mut self) -> Parsed<Accession> {
        self.bump();
        let party = self.path("the name of a party")?;
        self.expect_word(Word::To, "`to` and a charter")?;
        let charter = self.path("the name of a charter")?;
        if self.is_word(Word::With) {
            self.report_later(Later::joining_by_amendment());
            self.skip_to_body();
        }
        let open = self.expect(Sort::OpenBrace, "`{` and what the candidate states")?;
        let statements = self.statements(open, "the accession");
        Ok(Accession { party, charter, statements })
    }

    /// `model clause Shunning(rule: Article, grace: Duration = 30 days) { … }`.
    pub(super) fn model_clause(&mut self) -> Parsed<ModelClause> {
        self.bump();
        self.bump();
        let name = self.name("the name of a model clause")?;
        let parameters = if self.is(Sort::OpenParen) { self.parameters(false)? } else { Vec::new() };
        let open = self.expect(Sort::OpenBrace, "`{` and the statements of the clause")?;
        let what = format!("the model clause `{}`", name.text);
        Ok(ModelClause { name, parameters, statements: self.statements(open, &what) })
    }

    /// `atlas A from "claims.geojson" key name { … }`, `atlas A of MHz { … }`, `atlas A { … }`.
    pub(super) fn atlas(&mut self) -> Parsed<Atlas> {
        self.bump();
        let name = self.name("the name of an atlas")?;
        let space = if self.take_word(Word::From).is_some() {
            let files = self.files()?;
            self.take(Sort::Comma);
            self.expect_word(Word::Key, "`key` and the property that names each region: `key name`")?;
            let first = self.any_name("the name of a property")?;
            Space::File { files, key: self.path_from(first)? }
        } else if self.take_word(Word::Of).is_some() {
            self.space()?
        } else {
            Space::Plain
        };
        let mut atlas = Atlas { name, space, settings: Vec::new(), regions: Vec::new() };
        if self.is(Sort::OpenBrace) {
            let outer = self.listing;
            self.entries_with("the atlas", Word::Region, |p| {
                p.let_go();
                p.listing = false;
                let lines = p.doc();
                if p.is_word(Word::Region) {
                    let doc = p.doc_texts(&lines);
                    atlas.regions.push(p.region_declaration(doc)?);
                    return Ok(());
                }
                p.unused_doc(&lines);
                p.regions_by_habit()?;
                match p.setting()? {
                    Some(setting) => atlas.settings.push(setting),
                    None if p.is(Sort::CloseBrace) => {}
                    None => {
                        return Err(p.expected(
                            "`region` and a name, or `source`, `as of`, `licence`, `accuracy`, `tolerance`, `extent` or `datum`",
                        ));
                    }
                }
                Ok(())
            });
            self.listing = outer;
        }
        Ok(atlas)
    }

    fn files(&mut self) -> Parsed<Vec<Text>> {
        let mut files = vec![self.quoted("a file in quotes")?];
        while (self.is(Sort::Comma) || self.is_word(Word::And)) && self.sort(1) == Sort::Text {
            self.bump();
            files.push(self.quoted("a file in quotes")?);
        }
        Ok(files)
    }

    fn space(&mut self) -> Parsed<Space> {
        let space = match self.word(0) {
            Word::Earth => Space::Earth,
            Word::Ipv4 => Space::Ipv4,
            Word::Ipv6 => Space::Ipv6,
            Word::Domain => Space::Domain,
            Word::Integer => Space::Integer,
            _ => return Ok(Space::Interval(self.name("a unit, `earth`, `ipv4`, `ipv6`, `domain` or `integer`")?)),
        };
        self.bump();
        Ok(space)
    }

    /// `data Peers from "peers/*.yaml", one Peer a file, ignoring nameservers, bgp`.
    pub(super) fn data(&mut self) -> Parsed<Data> {
        self.bump();
        let name = self.name("the name of a data declaration")?;
        self.expect_word(Word::From, "`from` and a file in quotes")?;
        let files = self.files()?;
        let mut data = Data { name, files, one_a_file: None, key: None, ignoring: Vec::new(), settings: Vec::new() };
        loop {
            let comma = self.take(Sort::Comma).is_some();
            if !comma && self.begins_stance(0) {
                return Ok(data);
            }
            if self.is_word(Word::One) && data.one_a_file.is_none() {
                self.bump();
                data.one_a_file = Some(self.path("the name of a kind")?);
                if !self.take_words(&[Word::A, Word::File]) {
                    return Err(self.expected("`a file`: `one Peer a file`"));
                }
            } else if self.is_word(Word::Key) && data.key.is_none() {
                self.bump();
                data.key = Some(self.field_path()?);
            } else if self.take_word(Word::Ignoring).is_some() {
                data.ignoring.push(self.field_path()?);
                while self.is(Sort::Comma) && !self.begins_data_clause(1) {
                    self.bump();
                    data.ignoring.push(self.field_path()?);
                }
            } else if let Some(setting) = self.setting()? {
                data.settings.push(setting);
            } else if comma {
                return Err(self.expected("`one … a file`, `key`, `ignoring`, `source`, `as of` or `licence`"));
            } else {
                return Ok(data);
            }
        }
    }

    /// Whether a clause of a data declaration begins here, not one more field.
    fn begins_data_clause(&mut self, ahead: usize) -> bool {
        let next = self.sort(ahead + 1);
        match self.word(ahead) {
            Word::One | Word::Key => matches!(next, Sort::Word | Sort::Text),
            Word::Ignoring => matches!(next, Sort::Word | Sort::Text | Sort::OpenBrace),
            Word::Source | Word::Licence => next == Sort::Text,
            Word::As => self.word(ahead + 1) == Word::Of,
            Word::Accuracy | Word::Tolerance => next == Sort::Number,
            Word::Extent | Word::Datum => matches!(next, Sort::Word | Sort::Text),
            _ => false,
        }
    }
}
