//! Statements of articles, accessions and model clauses, and the clauses that follow them.
//!
//! In: tokens inside braces. Out: [`Statement`]. One that cannot be read is reported and stepped over; the next is read.

use super::cursor::{Cursor, Parsed};
use super::reserved::Word;
use super::slip::closest;
use super::token::Sort;
use super::tree::conduct::{NormTarget, NormTargetKind};
use super::tree::{
    Expr, Modifier, ModifierKind, Path, Setting, SettingKind, Statement, StatementKind, Subject, WaiverTarget,
};
use crate::diagnostic::Diagnostic;

/// What a person is told may follow the name of a party.
const DEEDS: &str = "what the party states (`claims`, `controls`, `recognises`, `protests`, `leases`, `delegates`, \
                     `holds` or `waives`) or what it is bound to (`must`, `may`, `should`, `is entitled to`)";

impl Cursor<'_> {
    /// One statement with its description, label and clauses.
    pub(super) fn statement(&mut self, doc: Vec<String>) -> Parsed<Statement> {
        self.let_go();
        let start = self.here();
        let label = match self.take(Sort::At) {
            Some(_) => Some(self.name("a name for the statement behind `@`")?),
            None => None,
        };
        let mut modifiers = Vec::new();
        let (kind, label) = match label {
            // `@peace prevails over article 2`: the label is no label of this statement
            Some(label) if self.ranks(0) => {
                let span = self.since(start);
                (self.rank_of(NormTarget { kind: NormTargetKind::Label(label), span })?, None)
            }
            label if self.is_word(Word::Then) => {
                let (kind, first) = self.step()?;
                modifiers = first;
                (kind, label)
            }
            label => (self.statement_kind()?, label),
        };
        self.modifiers(&mut modifiers)?;
        Ok(Statement { doc, label, kind, modifiers, span: self.since(start) })
    }

    fn statement_kind(&mut self) -> Parsed<StatementKind> {
        self.habit()?;
        match self.word(0) {
            Word::Boundary => return self.boundary(),
            Word::Require => return self.require(),
            Word::Requirement if self.sort(1) == Sort::At => return self.waiver(),
            Word::Article if !self.begins_rank(0) => return self.waiver(),
            Word::Claims => return self.claims_from(),
            Word::Delegations => return self.delegations_from(),
            Word::Adopts => return self.adopts(),
            _ if self.begins_many(0) && !(self.is_word(Word::Any) && self.word(1) == Word::Article) => {
                return self.many();
            }
            Word::Anyone if matches!(self.word(1), Word::Must | Word::May | Word::Should | Word::Is) => {
                return Err(self.anyone_bound());
            }
            _ => {}
        }
        if let Some(kind) = self.worded_conduct()? {
            return Ok(kind);
        }
        let length = self.path_length(0);
        if length == 0 {
            return self.state_of_region();
        }
        match self.word(length) {
            Word::And => return self.joint(),
            _ if self.sort(length) == Sort::Comma => return self.joint(),
            Word::Must | Word::May | Word::Should => return self.named_norm(),
            Word::Is if self.word(length + 1) == Word::Entitled => return self.named_norm(),
            Word::Is | Word::Of => return self.state_of_region(),
            Word::Claimed if self.word(0) == Word::Ground => return self.state_of_region(),
            Word::Hold => return self.joint(),
            Word::Set if self.word(length + 1) == Word::Aside => return self.joint(),
            _ => {}
        }
        let next = self.peek(length);
        if !matches!(next.sort, Sort::Word | Sort::CloseBrace | Sort::Text | Sort::End) {
            return self.state_of_region();
        }
        let party = self.subject("a statement")?;
        self.deed(party)
    }

    fn named_norm(&mut self) -> Parsed<StatementKind> {
        let party = self.subject("the name of a party")?;
        self.norm_of(party).map(StatementKind::from)
    }

    /// What one party does with a region, or is bound to.
    fn deed(&mut self, party: Path) -> Parsed<StatementKind> {
        let verb = self.peek(0);
        let word = if verb.sort == Sort::Word { self.verb(verb.word) } else { Word::Name };
        match word {
            Word::Claims | Word::Controls | Word::Waives => {
                self.bump();
                let region = self.region()?;
                Ok(match word {
                    Word::Claims => StatementKind::Claims { party: Subject::Party(party), region },
                    Word::Controls => StatementKind::Controls { party: Subject::Party(party), region },
                    _ => StatementKind::Waives { party, region },
                })
            }
            Word::Recognises | Word::Protests => {
                self.bump();
                let holder = self.path("the name of a party")?;
                self.expect_word(Word::Over, "`over` and a region")?;
                let region = self.region()?;
                Ok(if word == Word::Recognises {
                    StatementKind::Recognises { party, holder, region }
                } else {
                    StatementKind::Protests { party, holder, region }
                })
            }
            Word::Leases | Word::Delegates => {
                self.bump();
                let region = self.region()?;
                self.expect_word(Word::To, "`to` and a party")?;
                let to = self.path("the name of a party")?;
                Ok(if word == Word::Leases {
                    StatementKind::Leases { party, region, to }
                } else {
                    StatementKind::Delegates { party, region, to }
                })
            }
            Word::Holds => {
                self.bump();
                let region = self.region()?;
                self.expect_word(Word::Under, "`under` and a party")?;
                let under = self.path("the name of a party")?;
                Ok(StatementKind::HoldsUnder { party, region, under })
            }
            _ if !matches!(self.force_word(), Word::Name) => self.norm_of(party).map(StatementKind::from),
            _ => Err(self.expected(DEEDS)),
        }
    }

    /// The verb here, mended and reported if it is misspelled.
    fn verb(&mut self, word: Word) -> Word {
        const VERBS: &[Word] = &[
            Word::Claims,
            Word::Controls,
            Word::Recognises,
            Word::Protests,
            Word::Leases,
            Word::Delegates,
            Word::Holds,
            Word::Waives,
        ];
        if VERBS.contains(&word) || word == Word::Hold {
            return word;
        }
        let token = self.peek(0);
        let found = self.slice(token).to_owned();
        let meant = match found.as_str() {
            "owns" | "possesses" | "claimed" => Some(Word::Claims),
            "recognized" | "recognizes" | "recognize" => Some(Word::Recognises),
            "administers" => Some(Word::Controls),
            "renounces" | "cedes" | "relinquishes" => Some(Word::Waives),
            _ => closest(&found, VERBS),
        };
        let Some(meant) = meant else { return word };
        self.report_slip(token, "what the party states", meant);
        meant
    }

    pub(super) fn region(&mut self) -> Parsed<Expr> {
        self.sum("a region")
    }

    /// A region that `is` follows: `4 MHz to 8 MHz is frozen`.
    pub(super) fn region_before_is(&mut self, expected: &str) -> Parsed<Expr> {
        let outer = std::mem::replace(&mut self.before_is, true);
        let region = self.sum(expected);
        self.before_is = outer;
        region
    }

    /// `P and Q hold R jointly`, `P, Q and R set aside S`.
    fn joint(&mut self) -> Parsed<StatementKind> {
        let start = self.mark();
        let mut parties = vec![self.subject("the name of a party")?];
        while (self.is(Sort::Comma) || self.is_word(Word::And)) && self.path_length(1) > 0 {
            self.bump();
            parties.push(self.subject("the name of a party")?);
        }
        if self.take_word(Word::Hold).is_some() {
            let region = self.region()?;
            self.expect_word(Word::Jointly, "`jointly`")?;
            return Ok(StatementKind::Jointly { parties, region });
        }
        if self.take_words(&[Word::Set, Word::Aside]) {
            return Ok(StatementKind::SetAside { parties, region: self.region()? });
        }
        let next = self.word(0);
        if matches!(next, Word::Is) || !matches!(self.sort(0), Sort::Word | Sort::CloseBrace | Sort::End) {
            self.rewind(start);
            return self.state_of_region();
        }
        if matches!(next, Word::Claims | Word::Claim | Word::Controls) {
            let token = self.peek(0);
            let span = self.span(token);
            return Err(self.report(
                Diagnostic::error(
                    "unexpected",
                    span,
                    "a claim is made by one party",
                    "more than one is named before it",
                )
                .help("write one statement for each party, or `P and Q hold R jointly`"),
            ));
        }
        if matches!(next, Word::Must | Word::May | Word::Should) {
            let token = self.peek(0);
            return Err(self.report(
                Diagnostic::error(
                    "unexpected",
                    self.span(token),
                    "a norm binds one party by its name, or all of a kind",
                    "more than one is named before it",
                )
                .help("write a norm for each of them, or `every party …`"),
            ));
        }
        Err(self.expected("`hold … jointly` or `set aside …` behind more than one party"))
    }

    /// `R is frozen`, `R is common`.
    fn state_of_region(&mut self) -> Parsed<StatementKind> {
        let region = self.region_before_is("a statement")?;
        self.expect_word(Word::Is, "`is frozen` or `is common` behind a region")?;
        if self.take_word(Word::Frozen).is_some() {
            return Ok(StatementKind::Frozen { region });
        }
        self.expect_word(Word::Common, "`frozen` or `common`")?;
        Ok(StatementKind::Common { region })
    }

    /// `article 2 is waived for Q`, `requirement @sizes is waived for Q`.
    fn waiver(&mut self) -> Parsed<StatementKind> {
        let target = if self.bump().word == Word::Article {
            let (number, span) = self.article_number()?;
            WaiverTarget::Article(number, span)
        } else {
            self.expect(Sort::At, "`@` and the label of a requirement")?;
            WaiverTarget::Label(self.name("the label of a requirement")?)
        };
        if !self.take_words(&[Word::Is, Word::Waived, Word::For]) {
            return Err(self.expected("`is waived for` and a party"));
        }
        Ok(StatementKind::RequirementWaived { target, parties: self.paths("the name of a party")? })
    }

    /// `claims from Peers each networks.ipv4[] over V4`.
    fn claims_from(&mut self) -> Parsed<StatementKind> {
        self.bump();
        self.expect_word(Word::From, "`from` and the name of a data declaration")?;
        let data = self.path("the name of a data declaration")?;
        self.expect_word(Word::Each, "`each` and a field")?;
        let field = self.field_path()?;
        self.expect_word(Word::Over, "`over` and an atlas")?;
        Ok(StatementKind::ClaimsFrom { data, field, atlas: self.path("the name of an atlas")? })
    }

    /// `delegations from Peers each delegate.{a}[] to the Peer whose asn = a over V4`.
    fn delegations_from(&mut self) -> Parsed<StatementKind> {
        self.bump();
        self.expect_word(Word::From, "`from` and the name of a data declaration")?;
        let data = self.path("the name of a data declaration")?;
        self.expect_word(Word::Each, "`each` and a field")?;
        let field = self.field_path()?;
        if !self.take_words(&[Word::To, Word::The]) {
            return Err(self.expected("`to the`, a kind and `whose asn = a`"));
        }
        let kind = self.path("the name of a kind")?;
        self.expect_word(Word::Whose, "`whose` and an attribute")?;
        let attribute = self.name("the name of an attribute")?;
        self.expect(Sort::Equal, "`=`")?;
        let equals = self.name("a name that the field binds")?;
        let atlases =
            if self.take_word(Word::Over).is_some() { self.paths("the name of an atlas")? } else { Vec::new() };
        Ok(StatementKind::DelegationsFrom { data, field, kind, attribute, equals, atlases })
    }

    /// `adopts Shunning(article 2, grace = 30 days)`.
    pub(super) fn adopts(&mut self) -> Parsed<StatementKind> {
        self.expect_word(Word::Adopts, "`adopts`")?;
        let clause = self.path("the name of a model clause")?;
        let arguments = if self.is(Sort::OpenParen) { self.arguments()? } else { Vec::new() };
        Ok(StatementKind::Adopts { clause, arguments })
    }

    /// Paths joined by commas or `and`.
    pub(super) fn paths(&mut self, expected: &str) -> Parsed<Vec<Path>> {
        let mut paths = vec![self.path(expected)?];
        while (self.is(Sort::Comma) || self.is_word(Word::And)) && self.path_length(1) > 0 {
            self.bump();
            paths.push(self.path(expected)?);
        }
        Ok(paths)
    }

    // what follows a statement

    fn begins_modifier(&mut self, ahead: usize) -> bool {
        match self.word(ahead) {
            Word::As | Word::From | Word::Until | Word::When | Word::Quota => true,
            Word::Unless | Word::After | Word::Notwithstanding => true,
            Word::Within => !self.begins_distance(ahead), // `within 12 nmi of R is frozen`
            Word::Every => matches!(self.sort(ahead + 1), Sort::Number | Sort::OpenParen | Sort::OpenBracket),
            Word::At => self.begins_before(ahead),
            Word::For => self.word(ahead + 1) == Word::The && self.word(ahead + 2) == Word::First,
            Word::In => self.word(ahead + 1) != Word::Force,
            Word::Each => self.word(ahead + 1) == Word::Answerable,
            Word::Subject => self.word(ahead + 1) == Word::To,
            Word::On => self.word(ahead + 1) == Word::Basis,
            Word::Source => self.sort(ahead + 1) == Sort::Text,
            _ => false,
        }
    }

    fn modifiers(&mut self, modifiers: &mut Vec<Modifier>) -> Parsed<()> {
        loop {
            if self.is(Sort::Comma) && self.begins_modifier(1) {
                self.bump();
            }
            if self.habit_clause() {
                continue;
            }
            if !self.begins_modifier(0) && !self.mend_modifier() {
                return Ok(());
            }
            modifiers.push(self.modifier()?);
        }
    }

    /// Whether a clause stands here whose first word is misspelled: then it is reported and read as what was meant.
    fn mend_modifier(&mut self) -> bool {
        match self.misspelled_clauses(0) {
            Some(words) => self.mend("a clause of the statement", words) && self.begins_modifier(0),
            None => false,
        }
    }

    pub(super) fn is_misspelled_clause(&mut self, ahead: usize) -> bool {
        let token = self.peek(ahead);
        self.misspelled_clauses(ahead).is_some_and(|words| closest(self.slice(token), words).is_some())
    }

    /// The words that a clause may begin with here, where something stands that is none and may be meant for one.
    fn misspelled_clauses(&mut self, ahead: usize) -> Option<&'static [Word]> {
        const CLAUSES: &[Word] =
            &[Word::Unless, Word::When, Word::Within, Word::After, Word::Until, Word::Notwithstanding];
        // a name that a verb follows is the subject of the next statement
        let next = self.peek(ahead + 1);
        let follows = matches!(next.sort, Sort::Number | Sort::Date | Sort::OpenParen | Sort::OpenBracket | Sort::At)
            || (next.sort == Sort::Word && matches!(next.word, Word::Name | Word::Article | Word::This | Word::Any))
            || matches!(next.word, Word::It | Word::Not | Word::Breach | Word::No | Word::To);
        if !follows || self.begins_line(next) || self.begins_statement(ahead) {
            return None;
        }
        Some(if next.word == Word::To { &[Word::Subject] } else { CLAUSES })
    }

    fn modifier(&mut self) -> Parsed<Modifier> {
        let first = self.bump();
        let kind = match first.word {
            Word::As if self.take_word(Word::Of).is_some() => ModifierKind::AsOf(self.operand("a date")?),
            Word::As if self.is_word(Word::It) => {
                if !self.take_words(&[Word::It, Word::Deems, Word::Necessary]) {
                    return Err(self.expected("`it deems necessary`: `as it deems necessary`"));
                }
                ModifierKind::Discretion
            }
            Word::As => ModifierKind::As(self.path("the name of a right")?),
            Word::From => {
                self.date_with_slashes()?;
                ModifierKind::From(self.operand("a date")?)
            }
            Word::Until => {
                self.date_with_slashes()?;
                ModifierKind::Until(self.operand("a date")?)
            }
            Word::When => {
                self.condition_by_habit()?;
                ModifierKind::When(self.expr("a condition")?)
            }
            Word::Quota => ModifierKind::Quota(self.sum("a share: `quota 30%`")?),
            Word::Unless => {
                self.condition_by_habit()?;
                ModifierKind::Unless(self.expr("a condition")?)
            }
            Word::Within => {
                self.spelled_number()?;
                ModifierKind::Within(self.sum("how long: `within 30 days`")?)
            }
            Word::After => {
                self.spelled_number()?;
                ModifierKind::After(self.sum("how long: `after 60 days`")?)
            }
            Word::Every => ModifierKind::Every(self.sum("how often: `every 1 year`")?),
            Word::In => ModifierKind::In(self.sum("a region: `in territory of q`")?),
            Word::Notwithstanding => ModifierKind::Notwithstanding(self.norm_target()?),
            Word::Subject => {
                self.bump();
                ModifierKind::SubjectTo(self.norm_target()?)
            }
            Word::Each => {
                self.bump();
                ModifierKind::EachAnswerable
            }
            Word::For => {
                self.bump();
                self.bump();
                ModifierKind::ForTheFirst(self.sum("how long: `for the first 60 days`")?)
            }
            Word::At => {
                self.bump();
                let days = self.bare_operand("how long: `at least 90 days before shut_down`")?;
                self.expect_word(Word::Before, "`before` and an action: `at least 90 days before shut_down`")?;
                ModifierKind::Before {
                    days,
                    act: Box::new(self.act("an action: `at least 90 days before shut_down`")?),
                }
            }
            Word::On => {
                self.bump();
                ModifierKind::Basis(self.quoted("a text in quotes")?)
            }
            _ => ModifierKind::Source(self.quoted("a text in quotes")?),
        };
        Ok(Modifier { kind, span: self.since(first.start) })
    }

    /// A line that states where rows come from or how fine they are, if one stands here.
    pub(super) fn setting(&mut self) -> Parsed<Option<Setting>> {
        let (first, next) = (self.peek(0), self.sort(1));
        let word = match first.word {
            Word::As if self.word(1) == Word::Of => Word::As,
            w @ (Word::Source | Word::Licence) if next == Sort::Text => w,
            w @ (Word::Accuracy | Word::Tolerance) => w,
            w @ (Word::Extent | Word::Datum) if matches!(next, Sort::Word | Sort::Text) => w,
            _ => return Ok(None),
        };
        self.bump();
        let kind = match word {
            Word::As => {
                self.bump();
                SettingKind::AsOf(self.operand("a date")?)
            }
            Word::Source => SettingKind::Source(self.quoted("a text in quotes")?),
            Word::Licence => SettingKind::Licence(self.quoted("a text in quotes")?),
            Word::Accuracy => SettingKind::Accuracy(self.operand("a distance")?),
            Word::Tolerance => SettingKind::Tolerance(self.operand("a distance")?),
            Word::Extent => SettingKind::Extent(self.extent()?),
            _ => SettingKind::Datum(self.name("the name of a datum")?),
        };
        Ok(Some(Setting { kind, span: self.since(first.start) }))
    }
}
