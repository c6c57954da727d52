//! Norms: who, with what force, what.
//!
//! In: tokens at the subject of a norm. Out: [`Norm`], [`Act`] and what ranks and rules name ([`NormTarget`]). Windows,
//! conditions and ranks are clauses of the statement, read with it.

use super::cursor::{Broken, Cursor, Parsed};
use super::later::Later;
use super::reserved::Word;
use super::slip::closest;
use super::token::Sort;
use super::tree::conduct::{Act, Deed, Force, Norm, NormSubject, NormTarget, NormTargetKind, Quantifier};
use super::tree::{Expr, ExprKind, Name, Path, StatementKind, Subject};
use crate::diagnostic::Diagnostic;

/// What a person is told may follow the subject of a norm.
const FORCES: &str = "`must`, `must not`, `may`, `should` or `is entitled to`";

/// What a person is told can be named as a norm or several.
const TARGETS: &str = "`article` and its number, `this`, `any article`, a label such as `@peace`, or `contracts`";

/// Who is meant where several are: what stands before the force of a norm.
struct Many {
    quantifier: Quantifier,
    other: bool,
    kind: Path,
    variable: Option<Name>,
    except: Vec<Path>,
    filter: Option<Box<Expr>>,
}

impl Cursor<'_> {
    /// `every other party except q must …`, `no party may …`; `every Emitter e claims R`.
    pub(super) fn many(&mut self) -> Parsed<StatementKind> {
        let many = self.many_subject()?;
        let plain = matches!(many.quantifier, Quantifier::Every) && !many.other;
        let claims = matches!(self.word(0), Word::Claims | Word::Controls);
        if plain && claims && many.except.is_empty() && many.filter.is_none() {
            let party = Subject::Every { kind: many.kind, variable: many.variable };
            let verb = self.bump().word;
            let region = self.region()?;
            return Ok(if verb == Word::Claims {
                StatementKind::Claims { party, region }
            } else {
                StatementKind::Controls { party, region }
            });
        }
        self.norm_of_many(many, plain).map(StatementKind::from)
    }

    /// `then after 30 days every other party must …`: the norm behind `then` and its delay.
    pub(super) fn norm(&mut self) -> Parsed<Norm> {
        if self.begins_many(0) {
            let many = self.many_subject()?;
            return self.norm_of_many(many, false);
        }
        let party = self.subject("who is bound: a party, `every party`, `no party` or the like")?;
        self.norm_of(party)
    }

    /// Whether a subject that names several stands here.
    pub(super) fn begins_many(&mut self, ahead: usize) -> bool {
        match self.word(ahead) {
            Word::Every | Word::No | Word::Any | Word::Some => true,
            Word::At => self.word(ahead + 1) == Word::Least,
            _ => false,
        }
    }

    /// The norm on one party, by its name.
    pub(super) fn norm_of(&mut self, party: Path) -> Parsed<Norm> {
        let force = self.force(FORCES)?;
        let deed = self.norm_deed()?;
        Ok(Norm { then: false, subject: NormSubject::Named(party), force, deed })
    }

    fn norm_of_many(&mut self, many: Many, claims: bool) -> Parsed<Norm> {
        let Many { quantifier, other, kind, variable, except, filter } = many;
        let start = self.peek(0);
        let expected = match quantifier {
            Quantifier::No => "`may`: `no party may …`",
            _ if claims => "`must`, `must not`, `may`, `should`, `is entitled to`, `claims` or `controls`",
            _ => FORCES,
        };
        // `no party shall`: what forbids it to all has one form
        if matches!(quantifier, Quantifier::No) && start.word == Word::Name && mended(self.slice(start)).is_some() {
            self.report_slip(start, expected, Word::May);
            self.read_as(Word::May);
        }
        let mut force = self.force(expected)?;
        if matches!(quantifier, Quantifier::No) {
            if force == Force::May {
                force = Force::MustNot;
            } else {
                let span = self.since(start.start);
                self.report(
                    Diagnostic::error(
                        "refused-word",
                        span,
                        format!("`no … {}` can be read in two ways", self.text_of(span)),
                        "none need, or none may?",
                    )
                    .help("write `no party may …` to forbid it to all, or `every party must …` to ask it of all"),
                );
            }
        }
        let deed = self.norm_deed()?;
        let subject = NormSubject::Many { quantifier, other, kind, variable, except, filter };
        Ok(Norm { then: false, subject, force, deed })
    }

    /// `every other party h except q where …`, `at least 3 other parties`.
    fn many_subject(&mut self) -> Parsed<Many> {
        let quantifier = match self.bump().word {
            Word::Every => Quantifier::Every,
            Word::No => Quantifier::No,
            Word::Any => Quantifier::Any,
            Word::Some => Quantifier::Some,
            _ => {
                self.bump();
                Quantifier::AtLeast(Box::new(self.how_many()?))
            }
        };
        let other =
            self.is_word(Word::Other) && (self.is_name(1) || matches!(self.word(1), Word::Party | Word::Parties));
        if other {
            self.bump();
        }
        let kind = self.kind_or_parties()?;
        let time = matches!(self.text_of(kind.span), "day" | "days" | "month" | "months" | "year" | "years");
        if time && !other && matches!(quantifier, Quantifier::AtLeast(_)) {
            return Err(self.expected("`before` and an action: `at least 90 days before shut_down`"));
        }
        let bound = self.is_name(0)
            && !self.is_word(Word::Except)
            && !self.tells_no_norm()
            && (mended(self.slice_ahead(0)).is_none() || !self.begins_norm_deed(1));
        let variable = if bound { Some(self.name("a name")?) } else { None };
        let (mut except, mut filter) = (Vec::new(), None);
        loop {
            if except.is_empty() && self.take_word(Word::Except).is_some() {
                except.push(self.subject("the name of a party")?);
                while (self.is(Sort::Comma) || self.is_word(Word::And)) && self.path_length(1) > 0 {
                    self.bump();
                    except.push(self.subject("the name of a party")?);
                }
            } else if filter.is_none() && self.take_word(Word::Where).is_some() {
                filter = Some(Box::new(self.before_force(|p| p.expr("a condition"))?));
            } else {
                return Ok(Many { quantifier, other, kind, variable, except, filter });
            }
        }
    }

    /// Reads a condition that the force of a norm follows.
    pub(super) fn before_force<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.before_force, true);
        let read = read(self);
        self.before_force = outer;
        read
    }

    /// The number behind `at least`: what follows it is a kind, never its unit.
    fn how_many(&mut self) -> Parsed<Expr> {
        let token = self.peek(0);
        if token.sort == Sort::Number {
            self.bump();
            return Ok(Expr { kind: ExprKind::Number(self.number_of(token)?), span: self.span(token) });
        }
        self.bare_operand("how many: `at least 3 other parties`")
    }

    /// A kind, `party`, or `parties` for the same.
    pub(super) fn kind_or_parties(&mut self) -> Parsed<Path> {
        let Some(token) = self.take_word(Word::Parties) else { return self.kind_name() };
        let span = self.span(token);
        Ok(Path { segments: vec![Name { text: "party".into(), quoted: false, span }], span })
    }

    /// `has no vote`, `ceases to be`: a rule on membership, which ring 3 brings.
    fn tells_no_norm(&mut self) -> bool {
        matches!((self.word(0), self.word(1)), (Word::Has, Word::No) | (Word::Ceases, Word::To))
    }

    /// `must`, `must not`, `may`, `should`, `is entitled to`. What readers take both ways is reported and read on.
    fn force(&mut self, expected: &str) -> Parsed<Force> {
        if let Some(later) = Later::membership(self, 0) {
            return Err(self.report_later(later));
        }
        let first = self.peek(0);
        let word = self.force_word();
        let force = match word {
            Word::Must => {
                self.bump();
                return Ok(if self.take_word(Word::Not).is_some() { Force::MustNot } else { Force::Must });
            }
            Word::May => Force::May,
            Word::Should => Force::Should,
            Word::Is if self.take_words(&[Word::Is, Word::Entitled, Word::To]) => return Ok(Force::Entitled),
            _ => return Err(self.expected(expected)),
        };
        self.bump();
        if self.take_word(Word::Not).is_none() {
            return Ok(force);
        }
        let span = self.since(first.start);
        let (note, help) = if force == Force::May {
            (
                "readers take it for a prohibition and for a mere possibility",
                "write `must not` for a prohibition; what nothing forbids needs no word",
            )
        } else {
            ("`should` binds nobody", "write `must not` for a prohibition")
        };
        let headline = format!("`{}` is refused", self.text_of(span));
        self.report(Diagnostic::error("refused-word", span, headline, "write `must not`").note(note).help(help));
        Ok(Force::MustNot)
    }

    /// The word of a force here, mended and reported if it is another's.
    pub(super) fn force_word(&mut self) -> Word {
        let token = self.peek(0);
        if token.sort != Sort::Word || token.word != Word::Name {
            return token.word;
        }
        let found = self.slice(token).to_owned();
        let Some(meant) = mended(&found) else { return token.word };
        self.report_slip(token, FORCES, meant);
        meant
    }

    /// Whether what a norm is about may stand here, and no force.
    fn begins_norm_deed(&mut self, ahead: usize) -> bool {
        matches!(self.word(ahead), Word::Name | Word::Ensure | Word::Treat | Word::Not)
    }

    /// What a norm is about.
    fn norm_deed(&mut self) -> Parsed<Deed> {
        if self.take_word(Word::Ensure).is_some() {
            return Ok(Deed::Ensure(self.expr("what is to be the case: `ensure moderators(it) at least 1`")?));
        }
        if self.is_word(Word::Treat) && self.word(1) == Word::Every {
            self.bump();
            self.bump();
            let kind = self.kind_name()?;
            self.expect_word(Word::Alike, "`alike in` and an action: `treat every Household alike in distribute`")?;
            self.expect_word(Word::In, "`in` and an action: `treat every Household alike in distribute`")?;
            return Ok(Deed::Alike { kind, action: self.path("the name of an action")? });
        }
        let act = self.act("an action: `must embargo(q)`, or `ensure` and a condition")?;
        if act.arguments.is_empty() && self.last().sort != Sort::CloseParen {
            self.act_in_brackets(self.text_of(act.action.span))?;
        }
        Ok(Deed::Act(act))
    }

    /// `embargo(v, share = 50%)`, `shut_down`.
    pub(super) fn act(&mut self, expected: &str) -> Parsed<Act> {
        let start = self.here();
        let action = self.path(expected)?;
        let arguments = if self.is(Sort::OpenParen) { self.arguments()? } else { Vec::new() };
        Ok(Act { action, arguments, span: self.since(start) })
    }

    /// `article 2`, `this`, `any article`, `@peace`, `contracts`, or a name.
    pub(super) fn norm_target(&mut self) -> Parsed<NormTarget> {
        let start = self.here();
        if self.sort(1) == Sort::Number {
            self.mend(TARGETS, &[Word::Article]);
        }
        let kind = match self.word(0) {
            Word::Article => {
                self.bump();
                NormTargetKind::Article(self.article_number()?.0)
            }
            Word::This => {
                self.bump();
                NormTargetKind::This
            }
            Word::Any if self.take_words(&[Word::Any, Word::Article]) => NormTargetKind::Any,
            Word::Contracts if self.sort(1) != Sort::Dot => {
                self.bump();
                NormTargetKind::Contracts
            }
            _ if self.take(Sort::At).is_some() => NormTargetKind::Label(self.name("a label behind `@`")?),
            _ if self.is(Sort::Number) || (self.sort(1) == Sort::Dot && self.sort(2) == Sort::Number) => {
                let token = self.peek(0);
                return Err(self.unread(
                    token,
                    TARGETS,
                    "write `article` before each number: `article 1 and article 2`",
                ));
            }
            _ if self.begins_deed(0) => return Err(self.expected(TARGETS)),
            _ => NormTargetKind::Parameter(self.name(TARGETS)?),
        };
        Ok(NormTarget { kind, span: self.since(start) })
    }

    /// Norms named in a row: `article 1, article 2 and @peace`.
    pub(super) fn norm_targets(&mut self) -> Parsed<Vec<NormTarget>> {
        let mut targets = vec![self.norm_target()?];
        while self.take(Sort::Comma).is_some() || self.take_word(Word::And).is_some() {
            targets.push(self.norm_target()?);
        }
        Ok(targets)
    }

    /// Says that nobody outside can be bound.
    pub(super) fn anyone_bound(&mut self) -> Broken {
        let token = self.peek(0);
        self.report(
            Diagnostic::error(
                "unexpected",
                self.span(token),
                "expected who is bound, found `anyone`",
                "a charter binds its parties only",
            )
            .help("write `every party` or `no party`"),
        )
    }
}

/// The force that a word of other texts stands for, or that is misspelled.
fn mended(found: &str) -> Option<Word> {
    match found {
        "shall" | "shal" | "will" => Some(Word::Must),
        "ought" => Some(Word::Should),
        _ => closest(found, &[Word::Must, Word::May, Word::Should]),
    }
}
