//! Norms: subject, force, deed, window, conditions, ranks.
//!
//! In: a [`written::Norm`] with the modifiers of its statement. Out: a [`Norm`] whose selectors ([`super::selector`]) still
//! stand for what they name.

use super::super::Lower;
use super::binding::{Binding, variable};
use super::condition::all;
use super::pattern::Use;
use super::{RankDraft, Spot};
use crate::diagnostic::Diagnostic;
use crate::logic::Linear;
use crate::model::conduct::{Arises, Binder, Condition, Days, Deed, Force, Group, Norm, NormId, Sort, Who, Window};
use crate::model::{KindId, StatementId};
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::syntax::tree::{Expr, Modifier, ModifierKind, Statement};
use crate::types::Type;

/// What the modifiers of a norm say.
#[derive(Debug, Default)]
struct Clauses {
    window: Window,
    every: Option<Days>,
    when: Option<Condition>,
    unless: Option<Condition>,
    place: Option<Expr>,
    before: Option<(Days, written::Act)>,
    ranks: Vec<RankDraft>,
    each_answerable: Option<Span>,
    discretion: bool,
}

impl<'p> Lower<'p> {
    /// One norm. `previous` is the last day of the step before it, for `then`; the new last day takes its place.
    pub(super) fn norm(
        &mut self,
        s: &'p Statement,
        n: &'p written::Norm,
        spot: &Spot<'_>,
        mut b: Binding,
        previous: Option<&mut Option<Days>>,
    ) -> Option<(Norm, Vec<RankDraft>)> {
        let module = spot.module;
        let env = spot.env;
        b.binds = true;
        let (subject, group) = self.subject(n, spot, &mut b)?;
        b.it = Some(subject);
        // the deed first: what it binds (`any other party q`) the conditions speak of
        let place = s.modifiers.iter().find_map(|m| match &m.kind {
            ModifierKind::In(e) => Some(e.clone()),
            _ => None,
        });
        let deed = self.deed(n, subject, place.as_ref(), spot, &mut b);
        if group.is_some() {
            b.together = b.it.take();
        }
        let clauses = self.clauses(&s.modifiers, spot, &mut b);
        let (deed, mut clauses) = (deed?, clauses?);
        if clauses.place.is_some() && !matches!(deed, Deed::Act(_)) {
            self.scope.report(
                Diagnostic::error(
                    "clause-does-not-fit",
                    s.span,
                    "`in` says where an act takes place",
                    "this is no act",
                )
                .help("leave it out, or say it in the condition"),
            );
            return None;
        }
        b.together = None;
        let deed = match (clauses.before.take(), deed) {
            (None, deed) => deed,
            (Some((days, act)), Deed::Act(first)) => {
                let then = self.pattern(module, &act, Some(subject), None, env, &mut b, Use::Norm)?;
                Deed::Before { first, days, then }
            }
            (Some(_), _) => {
                self.scope.report(Diagnostic::error(
                    "clause-does-not-fit",
                    s.span,
                    "`before` puts one act ahead of another",
                    "this is no act",
                ));
                return None;
            }
        };
        if let Some(span) = clauses.each_answerable
            && group.is_none()
        {
            self.scope.report(
                Diagnostic::error(
                    "clause-does-not-fit",
                    span,
                    "`each answerable` speaks of a duty of a group",
                    "this norm binds each by itself",
                )
                .help("leave it out: each is answerable for its own duty anyway"),
            );
            return None;
        }
        let group = group.map(|least| Group { least, each_answerable: clauses.each_answerable.is_some() });
        let force = match n.force {
            written::Force::Must => Force::Must,
            written::Force::MustNot => Force::MustNot,
            written::Force::May => Force::May,
            written::Force::Entitled => Force::Entitled,
            written::Force::Should => Force::Should,
        };
        self.fits_force(s, force, &deed, &clauses, group.is_some())?;
        if n.then {
            let Some(previous) = previous.as_ref().and_then(|p| p.as_ref()) else {
                self.scope.report(
                    Diagnostic::error(
                        "then-first",
                        s.span,
                        "`then` follows a step, and none stands before it",
                        "after what?",
                    )
                    .help("leave `then` out, or put the step before it into the same rule"),
                );
                return None;
            };
            clauses.window.offset = Some(previous.clone());
        }
        if let Some(slot) = previous {
            *slot = Some(last_day(&clauses.window));
        }
        let when = clauses.when.take().unwrap_or_else(Condition::truth);
        let arises = match (spot.rule, clauses.every.take()) {
            (true, None) => Arises::Rule,
            (false, Some(days)) => Arises::Every(days),
            (true, Some(_)) => {
                self.scope.report(
                    Diagnostic::error(
                        "clause-does-not-fit",
                        s.span,
                        "`every` repeats a duty, and a rule sets it off each time by itself",
                        "inside a rule",
                    )
                    .help("leave `every` out"),
                );
                return None;
            }
            (false, None) if when.is_true() => Arises::Bound,
            (false, None) => Arises::While,
        };
        let norm = Norm {
            id: NormId(0),
            statement: StatementId(0),
            charter: spot.container.charter,
            contract: spot.contract.map(ToOwned::to_owned),
            article: spot.container.article.as_deref().unwrap_or_default().to_owned(),
            rule: None,
            variables: b.variables,
            subject,
            group,
            force,
            deed,
            arises,
            window: clauses.window,
            when,
            unless: clauses.unless.take().unwrap_or_else(Condition::falsity),
            discretion: clauses.discretion,
            text: super::super::folded(self.scope.sources.slice(s.span)),
            span: s.span,
        };
        Some((norm, clauses.ranks))
    }

    /// What does not go together.
    fn fits_force(&mut self, s: &Statement, force: Force, deed: &Deed, c: &Clauses, group: bool) -> Option<()> {
        let wrong = match (force, deed) {
            (Force::Must, _) => None,
            (_, Deed::Ensure(_)) => Some("`ensure` is owed: it stands behind `must`"),
            (_, Deed::Alike { .. }) => Some("`treat … alike` is owed: it stands behind `must`"),
            (_, Deed::Before { .. }) => Some("`at least … before` is owed: it stands behind `must`"),
            _ if c.window.within.is_some() => Some("`within` is the window of a duty: it stands behind `must`"),
            _ if c.discretion => Some("`as it deems necessary` leaves a duty open: it stands behind `must`"),
            _ if group => Some("a group owes something together: `must` and a deed"),
            _ => None,
        };
        let wrong = wrong.or(match deed {
            Deed::Ensure(_) | Deed::Alike { .. } if c.window.within.is_some() => {
                Some("a state of affairs is owed on every day: `within` does not fit it")
            }
            _ => None,
        });
        match wrong {
            None => Some(()),
            Some(why) => {
                self.scope.report(
                    Diagnostic::error("clause-does-not-fit", s.span, why, "does not go together")
                        .help("leave one of the two out"),
                );
                None
            }
        }
    }

    fn subject(
        &mut self,
        n: &'p written::Norm,
        spot: &Spot<'_>,
        b: &mut Binding,
    ) -> Option<(Who, Option<crate::model::conduct::Quantity>)> {
        match &n.subject {
            written::NormSubject::Named(path) => Some((self.who_named(spot.module, path, spot.env, b)?, None)),
            written::NormSubject::Many { quantifier, other, kind, variable: name, except, filter } => {
                let of = self.scope.kind(spot.module, kind)?;
                let group = match quantifier {
                    written::Quantifier::Every | written::Quantifier::No | written::Quantifier::Any => None,
                    written::Quantifier::Some => Some(crate::model::conduct::Quantity::Fixed(Linear::int(1))),
                    written::Quantifier::AtLeast(e) => {
                        let (q, sort) = self.quantity(spot.module, e, spot.env, b)?;
                        if sort != Type::Count {
                            self.scope.report(Diagnostic::error(
                                "wrong-type",
                                e.span,
                                format!("expected a whole number of parties, found {}", sort.phrase()),
                                format!("this is {}", sort.phrase()),
                            ));
                            return None;
                        }
                        Some(q)
                    }
                };
                let binder = if group.is_some() { Binder::Group } else { Binder::Each };
                let mut found = variable(name.as_ref().map_or("", |n| n.text.as_str()), of, false, binder);
                if *other {
                    found.distinct.extend(b.offender);
                }
                for path in except {
                    found.distinct.push(self.who_named(spot.module, path, spot.env, b)?);
                }
                let id = b.add(found);
                if let Some(filter) = filter {
                    b.it = Some(Who::Var(id));
                    let condition = self.condition(spot.module, filter, spot.env, b)?;
                    b.filter(id, condition);
                }
                Some((Who::Var(id), group))
            }
        }
    }

    fn deed(
        &mut self,
        n: &'p written::Norm,
        subject: Who,
        place: Option<&Expr>,
        spot: &Spot<'_>,
        b: &mut Binding,
    ) -> Option<Deed> {
        let purpose = if n.force == written::Force::Must { Use::Duty } else { Use::Norm };
        match &n.deed {
            written::Deed::Act(act) => {
                self.pattern(spot.module, act, Some(subject), place, spot.env, b, purpose).map(Deed::Act)
            }
            written::Deed::Ensure(e) => self.condition(spot.module, e, spot.env, b).map(Deed::Ensure),
            written::Deed::Alike { kind, action } => {
                let of = self.scope.kind(spot.module, kind)?;
                let id = self.action(spot.module, action, "an action")?;
                let found = self.scope.program.conduct.action(id)?.clone();
                let receivers: Vec<usize> = found
                    .parameters
                    .iter()
                    .enumerate()
                    .skip(1)
                    .filter(|(_, p)| matches!(p.sort, Sort::Party(k) if self.scope.program.is_kind(of, k) || self.scope.program.is_kind(k, of)))
                    .map(|(i, _)| i)
                    .collect();
                let [receiver] = receivers.as_slice() else {
                    let owner = self.scope.program.kind_name(of).to_owned();
                    self.scope.report(
                        Diagnostic::error(
                            "no-receiver",
                            action.span,
                            format!("expected an action with one parameter for a `{owner}` who receives it"),
                            format!("`{}` has {}", found.name, receivers.len()),
                        )
                        .help(format!("declare it as `action {}(by: Party, to: {owner}, …)`", found.name)),
                    );
                    return None;
                };
                let each = b.add(variable("", of, false, Binder::Inner));
                Some(Deed::Alike { each, action: id, receiver: *receiver })
            }
        }
    }

    fn clauses(&mut self, modifiers: &'p [Modifier], spot: &Spot<'_>, b: &mut Binding) -> Option<Clauses> {
        let (module, env) = (spot.module, spot.env);
        let mut out = Clauses::default();
        let mut ok = true;
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for m in modifiers {
            let word = word(&m.kind);
            let Some(word) = word else {
                self.scope.report(
                    Diagnostic::error(
                        "clause-does-not-fit",
                        m.span,
                        "this clause says nothing about a norm",
                        "does not belong here",
                    )
                    .help("leave it out, or put it after the statement it belongs to"),
                );
                ok = false;
                continue;
            };
            let repeats = matches!(word, "when" | "unless" | "notwithstanding" | "subject to");
            if !repeats && let Some((_, first)) = seen.iter().find(|(w, _)| *w == word) {
                self.scope.report(
                    Diagnostic::error(
                        "clause-twice",
                        m.span,
                        format!("`{word}` stands twice after one statement"),
                        "second time",
                    )
                    .label(*first, "first time")
                    .help("keep one of them"),
                );
                ok = false;
                continue;
            }
            seen.push((word, m.span));
            let read = match &m.kind {
                ModifierKind::Within(e) => self.days(module, e, env, "within").map(|d| out.window.within = Some(d)),
                ModifierKind::After(e) => self.days(module, e, env, "after").map(|d| out.window.after = Some(d)),
                ModifierKind::ForTheFirst(e) => {
                    self.days(module, e, env, "for the first").map(|d| out.window.until = Some(d))
                }
                ModifierKind::Every(e) => self.days(module, e, env, "every").map(|d| out.every = Some(d)),
                ModifierKind::Until(e) => self.until(e, spot, &mut out.window),
                ModifierKind::From(e) => self
                    .scope
                    .quantity_of(module, e, env, &Type::Date, "`from` takes a date")
                    .map(|d| out.window.from_date = Some(d)),
                ModifierKind::When(e) => self
                    .condition(module, e, env, b)
                    .map(|c| out.when = Some(all(out.when.take().into_iter().chain([c]).collect()))),
                ModifierKind::Unless(e) => {
                    let binds = std::mem::replace(&mut b.binds, false);
                    let found = self.condition(module, e, env, b);
                    b.binds = binds;
                    // two exceptions: either one
                    found.map(|c| {
                        out.unless = Some(match out.unless.take() {
                            Some(first) => super::condition::any(vec![first, c]),
                            None => c,
                        });
                    })
                }
                ModifierKind::In(e) => {
                    out.place = Some(e.clone());
                    Some(())
                }
                ModifierKind::Before { days, act } => {
                    self.days(module, days, env, "at least").map(|d| out.before = Some((d, act.as_ref().clone())))
                }
                ModifierKind::Notwithstanding(target) => self.selector(module, target, env, b).map(|other| {
                    out.ranks.push(RankDraft { other, above: true, span: m.span });
                }),
                ModifierKind::SubjectTo(target) => self.selector(module, target, env, b).map(|other| {
                    out.ranks.push(RankDraft { other, above: false, span: m.span });
                }),
                ModifierKind::EachAnswerable => {
                    out.each_answerable = Some(m.span);
                    Some(())
                }
                ModifierKind::Discretion => {
                    out.discretion = true;
                    Some(())
                }
                _ => Some(()),
            };
            ok &= read.is_some();
        }
        if let (Some(after), Some(within)) = (&out.window.after, &out.window.within)
            && after.months == 0
            && within.months == 0
            && let (Some(a), Some(w)) = (after.days.as_constant(), within.days.as_constant())
            && a >= w
        {
            let span = seen.iter().find(|(w, _)| *w == "within").map_or(spot.span, |(_, s)| *s);
            self.scope.report(
                Diagnostic::error(
                    "empty-window",
                    span,
                    "this window is empty: it ends before it begins",
                    "both are counted from the same day",
                )
                .help("make `within` longer than `after`"),
            );
            ok = false;
        }
        ok.then_some(out)
    }

    /// `until 60 days`, `until 2030-01-01`.
    fn until(&mut self, e: &Expr, spot: &Spot<'_>, window: &mut Window) -> Option<()> {
        let v = self.scope.value(spot.module, e, spot.env, None)?;
        match v.sort {
            Type::Date => {
                window.until_date = v.quantity().cloned();
                Some(())
            }
            Type::Duration | Type::Months => {
                window.until = Some(self.days(spot.module, e, spot.env, "until")?);
                Some(())
            }
            _ => {
                let found = v.sort.phrase();
                self.scope.report(
                    Diagnostic::error(
                        "wrong-type",
                        e.span,
                        format!("expected a date or a length of time, found {found}"),
                        format!("this is {found}"),
                    )
                    .note("`until` says when a norm ends")
                    .help("write `until 60 days` or `until 2030-12-31`; for a condition write `unless`"),
                );
                None
            }
        }
    }

    /// `for a, b: party where CONDITION`: variables that a norm or rule inside of it begins with.
    pub(super) fn for_all(&mut self, f: &'p written::ForAll, spot: &Spot<'_>, b: &mut Binding) -> Option<()> {
        let of: KindId = self.scope.kind(spot.module, &f.kind)?;
        let mut last = None;
        for name in &f.variables {
            if b.names.contains_key(name.text.as_str()) {
                self.scope.report(
                    Diagnostic::error(
                        "name-twice",
                        name.span,
                        format!("`{}` is bound already", name.text),
                        "second time",
                    )
                    .help("give it another name"),
                );
                return None;
            }
            last = Some(b.add(variable(&name.text, of, false, Binder::Each)));
        }
        if let (Some(filter), Some(last)) = (&f.filter, last) {
            // the filter holds of all of them together: the last one bound carries it
            let condition = self.condition(spot.module, filter, spot.env, b)?;
            b.filter(last, condition);
        }
        Some(())
    }
}

/// The last day of a step, counted from what sets its rule off.
fn last_day(w: &Window) -> Days {
    let zero = Days { days: Linear::zero(), months: 0 };
    let offset = w.offset.clone().unwrap_or(zero);
    let own = match (&w.within, &w.until, &w.after) {
        (Some(d), ..) | (None, Some(d), _) => d.clone(),
        (None, None, Some(d)) => Days { days: d.days.clone() + Linear::int(1), months: d.months },
        (None, None, None) => Days { days: Linear::zero(), months: 0 },
    };
    Days { days: offset.days + own.days, months: offset.months + own.months }
}

/// How a clause of a norm is called; none for a clause of border statements.
fn word(kind: &ModifierKind) -> Option<&'static str> {
    Some(match kind {
        ModifierKind::Within(_) => "within",
        ModifierKind::After(_) => "after",
        ModifierKind::ForTheFirst(_) => "for the first",
        ModifierKind::Every(_) => "every",
        ModifierKind::Until(_) => "until",
        ModifierKind::From(_) => "from",
        ModifierKind::When(_) => "when",
        ModifierKind::Unless(_) => "unless",
        ModifierKind::In(_) => "in",
        ModifierKind::Before { .. } => "before",
        ModifierKind::Notwithstanding(_) => "notwithstanding",
        ModifierKind::SubjectTo(_) => "subject to",
        ModifierKind::EachAnswerable => "each answerable",
        ModifierKind::Discretion => "as it deems necessary",
        ModifierKind::Basis(_) => "on basis",
        ModifierKind::Source(_) => "source",
        ModifierKind::As(_) | ModifierKind::Quota(_) | ModifierKind::AsOf(_) => return None,
    })
}
