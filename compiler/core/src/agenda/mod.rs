//! What is owed on a day, from what has happened: `comity due`.
//!
//! In: a program, a scenario of what happened whose day 0 has a date, and a day. Out: an [`Agenda`]: what is overdue, due, to come,
//! allowed or forbidden because of a rule, what lapsed, who is in breach and since when, each with the statement that says so
//! and what set it off. The evaluator says what is so; here it is sorted and put into words. There is no clock: the day is
//! given.

pub mod document;
pub mod read;

pub use document::{Agenda, BreachItem, Citation, Item};

use crate::atlas::join;
use crate::evaluate::situation::{Answer, Breach, Cause, Firing, Run, Status, Truth};
use crate::model::conduct::{Actor, Arises, Binder, Deed, Force, Happening, Norm, Scenario, Value, Who};
use crate::model::{CharterId, Program};
use crate::source::Sources;
use crate::trial::because::rests_on;
use crate::trial::phrase::Phrase;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What is owed on a day, counted from day 0 of the scenario.
#[must_use]
pub fn agenda(program: &Program, sources: &Sources, scenario: &Scenario, on: i64) -> Agenda {
    let run = Run::new(program, scenario.charter, &scenario.situation, on);
    let teller = Teller { phrase: Phrase::new(&run), run: &run, program, sources, on };
    let mut out = Agenda::new();
    out.charter = program.charters.get(scenario.charter.0 as usize).map_or_else(String::new, |c| c.name.clone());
    out.on = teller.date(on);
    out.in_force = teller.date(0);
    for at in 0..run.instances().len() {
        teller.instance(at, &mut out);
    }
    teller.breaches(&mut out);
    teller.notices(&mut out);
    teller.outsiders(&mut out);
    teller.discretion(scenario.charter, &mut out);
    sort(&mut out);
    apart(&mut out);
    out
}

/// Gives what happened twice in the same way on the same day an identity each.
fn apart(agenda: &mut Agenda) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for item in agenda.lists_mut().into_iter().flatten() {
        let n = seen.entry(item.id.clone()).or_default();
        *n += 1;
        if *n > 1 {
            item.id = format!("{}-{n}", item.id);
        }
    }
}

fn sort(agenda: &mut Agenda) {
    let words = |i: &Item| (i.who.clone(), i.text.clone(), i.statement.id.clone());
    agenda.overdue.sort_by_key(|i| (i.order.1, i.order.0, words(i)));
    agenda.due.sort_by_key(|i| (i.by.is_none(), i.order.1, i.order.0, words(i)));
    for list in agenda.lists_mut().into_iter().skip(2) {
        list.sort_by_key(|i| (i.order.0, words(i)));
    }
    agenda.breaches.sort_by_key(|b| (b.order, b.text.clone(), b.statement.id.clone()));
}

struct Teller<'r, 'a> {
    phrase: Phrase<'r, 'a>,
    run: &'r Run<'a>,
    program: &'a Program,
    sources: &'r Sources,
    on: i64,
}

impl Teller<'_, '_> {
    fn date(&self, day: i64) -> String {
        self.phrase.date(day).unwrap_or_else(|| format!("day {day}"))
    }

    fn instance(&self, at: usize, out: &mut Agenda) {
        let Some((instance, norm)) = self.phrase.norm(at) else { return };
        if instance.truth.is_no() || norm.force == Force::Should || (norm.discretion && norm.force == Force::Must) {
            return;
        }
        // over before it began
        if instance.last.is_some_and(|l| l < instance.first) {
            return;
        }
        if norm.force == Force::Must && !norm.is_prohibition() {
            self.duty(at, out);
        } else if norm.rule.is_some() || !norm.is_prohibition() {
            self.template(at, out);
        }
    }

    fn duty(&self, at: usize, out: &mut Agenda) {
        let Some((instance, _)) = self.phrase.norm(at) else { return };
        let mut item = self.perhaps(at, self.item(at, &instance.values));
        let lifted = instance.firing.and_then(|f| self.run.firings().get(f)).and_then(|f| f.lifted);
        let lifted = lifted.filter(|day| *day <= self.on);
        if instance.first > self.on {
            if lifted.is_none() {
                item.days = Some(instance.first - self.on);
                out.later.push(item);
            }
            return;
        }
        let ever = self.run.ever_due(at);
        if ever.is_no() {
            return;
        }
        let point = instance.deadline.is_some();
        item.days = instance.deadline.map(|_| item.order.1 - self.on);
        match self.run.status(at, self.on) {
            Some(Status::NotYet) => {}
            Some(Status::Due) => out.due.push(item),
            Some(Status::Met { by }) if point => {
                let act = by.and_then(|b| self.run.situation().occurrences.get(b));
                item.ended = Some(act.map_or_else(|| "done".to_owned(), |o| format!("done on {}", self.date(o.from))));
                out.done.push(item);
            }
            Some(Status::Met { .. }) => out.every_day.push(item),
            Some(Status::Broken) => {
                let late = self.run.late(at, self.on).and_then(|a| self.run.situation().occurrences.get(a));
                match (late, lifted) {
                    (Some(act), _) => {
                        item.ended = Some(format!("done on {}, too late", self.date(act.from)));
                        out.done.push(item);
                    }
                    (None, Some(day)) => {
                        item.ended = Some(format!("not done in time; lifted on {}", self.date(day)));
                        out.lapsed.push(item);
                    }
                    (None, None) => {
                        if !point {
                            item.days = self.gap(at).map(|since| since - self.on);
                            item.from = self.gap(at).map_or(item.from, |since| self.date(since));
                            item.order.1 = self.gap(at).unwrap_or(item.order.1);
                        }
                        out.overdue.push(item);
                    }
                }
            }
            Some(Status::Lifted) => {
                item.ended = lifted.map(|day| format!("lifted on {}", self.date(day)));
                out.lapsed.push(item);
            }
            Some(Status::SetAside) => {
                item.ended = Some("set aside by what ranks above it".to_owned());
                out.lapsed.push(item);
            }
            Some(Status::Lapsed) => {
                let over = instance.last.filter(|l| *l < self.on);
                item.ended = Some(
                    over.map_or_else(|| "no longer due".to_owned(), |last| format!("owed until {}", self.date(last))),
                );
                // what was owed on every day and kept until its end is done
                let kept = !point && over.is_some() && !self.run.breaches().iter().any(|b| b.instance == at);
                if kept { out.done.push(item) } else { out.lapsed.push(item) }
            }
            None => {
                item.undecided = true;
                let mut item = self.perhaps(at, item);
                let late = self.run.late(at, self.on).and_then(|a| self.run.situation().occurrences.get(a));
                if let Some(act) = late {
                    // it is done; whether it was in time rests on the day
                    let earlier = if item.by_latest.is_some() { " if it was due earlier" } else { "" };
                    item.ended = Some(format!("done on {}, too late{earlier}", self.date(act.from)));
                    return out.done.push(item);
                }
                let list = if point && instance.deadline.is_some_and(|d| d < self.on) {
                    &mut out.overdue
                } else {
                    &mut out.due
                };
                list.push(item);
            }
        }
    }

    /// Since when a duty of every day is not kept.
    fn gap(&self, at: usize) -> Option<i64> {
        self.run.breaches().iter().filter(|b| b.instance == at && b.day <= self.on).map(|b| b.day).max()
    }

    /// A permission, or a prohibition that came with a rule: one entry for all to whom it says the same.
    fn template(&self, at: usize, out: &mut Agenda) {
        let Some((instance, norm)) = self.phrase.norm(at) else { return };
        let lifted = instance.firing.and_then(|f| self.run.firings().get(f)).and_then(|f| f.lifted);
        let lifted = lifted.filter(|day| *day <= self.on);
        let begun = instance.first <= self.on;
        let free = norm.when.is_true() && norm.unless.is_false() && norm.window.is_open();
        if norm.rule.is_none() && free && matches!(norm.arises, Arises::Bound) {
            let item = Item { text: format!("`{}`", norm.text), always: true, ..self.item(at, &instance.values) };
            return out.may.push(Item { who: Vec::new(), ..item });
        }
        let open = instance.values.iter().filter(|v| v.is_none()).count();
        let parties = self.run.situation().members.len();
        if parties.checked_pow(u32::try_from(open).unwrap_or(u32::MAX)).is_none_or(|n| n > MOST_PAIRS) {
            // whoever looks for a pair among so many reads the norm
            let item = Item { text: format!("`{}`", norm.text), ..self.item(at, &instance.values) };
            return match (lifted.is_some() || instance.last.is_some_and(|l| l < self.on), begun, norm.is_prohibition())
            {
                (true, ..) => {}
                (_, false, _) => out.later.push(Item { days: Some(instance.first - self.on), ..item }),
                (.., true) => out.must_not.push(item),
                (.., false) => out.may.push(item),
            };
        }
        let found = if begun { self.run.due_values(at, self.on) } else { Vec::new() };
        if !found.is_empty() {
            let list = if norm.is_prohibition() { &mut out.must_not } else { &mut out.may };
            return list.extend(self.gathered(at, found));
        }
        let over = match (lifted, instance.last) {
            (Some(day), _) => Some(format!("lifted on {}", self.date(day))),
            (None, Some(last)) if last < self.on => Some("over".to_owned()),
            _ => None,
        };
        let list = match &over {
            // what was lifted before it began is none
            Some(_) if lifted.is_some_and(|day| day <= instance.first) => return,
            Some(_) => &mut out.lapsed,
            None if !begun => &mut out.later,
            None => return,
        };
        for mut item in self.gathered(at, self.run.admitted_values(at, self.on)) {
            item.days = (!begun).then_some(instance.first - self.on);
            item.ended.clone_from(&over);
            if lifted.is_some() {
                item.until = None;
            }
            list.push(item);
        }
    }

    /// One entry for all who may or must not do the same to the same; beyond so many the norm stands for all of them.
    fn gathered(&self, at: usize, found: Vec<(Vec<Option<Actor>>, Truth)>) -> Vec<Item> {
        let Some((instance, norm)) = self.phrase.norm(at) else { return Vec::new() };
        let mut groups: BTreeMap<(Vec<Option<Actor>>, Truth), Vec<Actor>> = BTreeMap::new();
        for (values, truth) in found {
            let mut rest = values.clone();
            let subject = match norm.subject {
                Who::Party(p) => Some(Actor::Party(p)),
                Who::Var(v) => rest.get_mut(v.0 as usize).and_then(Option::take),
            };
            groups.entry((rest, truth)).or_default().extend(subject);
        }
        if groups.len() > MOST_GROUPS {
            let undecided = groups.keys().any(|(_, t)| *t == Truth::Unknown);
            let item = Item { text: format!("`{}`", norm.text), ..self.item(at, &instance.values) };
            return vec![self.perhaps(at, Item { undecided, ..item })];
        }
        let mut out = Vec::new();
        for ((rest, truth), mut who) in groups {
            who.sort_unstable();
            who.dedup();
            let mut item = self.item(at, &rest);
            let mut names: Vec<String> = who.iter().map(|a| self.phrase.name(*a)).collect();
            names.sort();
            if let (Deed::Act(_), Who::Var(v), Some(first)) = (&norm.deed, norm.subject, who.first()) {
                let mut values = rest.clone();
                if let Some(slot) = values.get_mut(v.0 as usize) {
                    *slot = Some(*first);
                }
                let one = self.phrase.deed(norm, &values);
                let name = self.phrase.name(*first);
                item.text =
                    one.strip_prefix(&name).map_or_else(|| one.clone(), |tail| format!("{}{tail}", join(&names)));
            }
            item.who = names;
            item.undecided = truth == Truth::Unknown;
            out.push(self.perhaps(at, item));
        }
        out
    }

    /// Names what an undecided item rests on.
    fn perhaps(&self, at: usize, mut item: Item) -> Item {
        if item.undecided {
            item.rests_on = self.rests_on(vec![at], Vec::new());
        }
        item
    }

    fn rests_on(&self, instances: Vec<usize>, breaches: Vec<usize>) -> Vec<String> {
        rests_on(self.run, &Answer { truth: Truth::Unknown, instances, breaches, objections: Vec::new() })
    }

    /// Who has given notice, and until when it is a member.
    fn notices(&self, out: &mut Agenda) {
        for o in &self.run.situation().occurrences {
            let Happening::Withdrawal { party } = &o.what else { continue };
            if o.from > self.on {
                continue;
            }
            let name = self.phrase.name(*party);
            let notice = format!("{name} gave notice on {}", self.date(o.from));
            let Some(edge) = self.run.exit(*party) else {
                out.notes.push(format!("{notice}, and nothing says how a party leaves: it stays one"));
                continue;
            };
            let Some(last) = edge.exact() else { continue };
            let is = if last < self.on { "was" } else { "is" };
            out.notes.push(format!("{notice} and {is} a member until {}", self.date(last)));
        }
    }

    /// Who does something without being a party: an outsider, whom no norm of the charter binds (`semantics.md` §18).
    fn outsiders(&self, out: &mut Agenda) {
        let situation = self.run.situation();
        let acting = situation.occurrences.iter().filter(|o| o.from <= self.on).filter_map(|o| match &o.what {
            Happening::Act { action, arguments, .. } => match arguments.first() {
                Some(Value::Actor(by)) if !self.program.conduct.action(*action).is_some_and(|a| a.event) => Some(*by),
                _ => None,
            },
            Happening::Finding { .. } | Happening::Withdrawal { .. } => None,
        });
        let outside = acting.filter(|by| !situation.members.contains(by));
        let names: BTreeSet<String> = outside.map(|by| self.phrase.name(by)).collect();
        for name in names {
            let charter = &out.charter;
            out.notes
                .push(format!("{name} is no party of {charter}, whose norms do not bind it: no act of it is a breach"));
        }
    }

    /// What is left to whom it binds: never due.
    fn discretion(&self, charter: CharterId, out: &mut Agenda) {
        for norm in self.program.conduct.norms.iter().filter(|n| n.charter == Some(charter)) {
            let free = norm.force == Force::Should || (norm.discretion && norm.force == Force::Must);
            let on =
                |f: &Firing| norm.rule == Some(f.rule) && !f.truth.is_no() && f.day <= self.on && f.lifted.is_none();
            if free && (norm.rule.is_none() || self.run.firings().iter().any(on)) {
                out.notes.push(format!(
                    "`{}` ({}) leaves it to whom it binds: nothing is ever due under it",
                    norm.text,
                    self.phrase.address(norm)
                ));
            }
        }
    }

    fn item(&self, at: usize, values: &[Option<Actor>]) -> Item {
        let Some((instance, norm)) = self.phrase.norm(at) else { return blank() };
        let because = self.because(at);
        let who = norm.subject.among(values).map(|a| self.phrase.name(a)).into_iter().collect();
        // where it is not known which day it is the earliest is safe
        let deadline = instance.deadline.map(|d| self.run.deadline(at).map_or(d, |e| e.least.max(instance.first)));
        let latest = instance.deadline.filter(|d| deadline.is_some_and(|earliest| earliest < *d));
        Item {
            id: self.id(norm, values, instance.arises, because.as_deref()),
            who,
            text: self.phrase.deed(norm, values),
            from: self.date(instance.first),
            by: deadline.map(|d| self.date(d)),
            by_latest: latest.map(|d| self.date(d)),
            until: instance.last.filter(|_| instance.deadline.is_none()).map(|d| self.date(d)),
            days: None,
            ended: None,
            statement: self.citation(norm),
            because,
            always: false,
            undecided: instance.truth == Truth::Unknown,
            rests_on: latest.map_or_else(Vec::new, |_| self.rests_on(vec![at], Vec::new())),
            order: (instance.first, deadline.unwrap_or(instance.first)),
            latest,
        }
    }

    /// Stable from week to week: of what the norm is and whom it names, not of where it stands.
    fn id(&self, norm: &Norm, values: &[Option<Actor>], arises: i64, because: Option<&str>) -> String {
        let mut hash = Sha256::new();
        let statement = self.program.statement(norm.statement);
        hash.update(statement.map(|s| s.identity()).unwrap_or_default().as_bytes());
        hash.update([0]);
        hash.update(norm.text.as_bytes());
        for (variable, value) in norm.variables.iter().zip(values) {
            if variable.binder != Binder::Inner {
                hash.update([0]);
                hash.update(value.map_or_else(String::new, |a| self.phrase.name(a)));
            }
        }
        hash.update([0]);
        hash.update(self.date(arises));
        hash.update([0]);
        hash.update(because.unwrap_or(""));
        hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    fn citation(&self, norm: &Norm) -> Citation {
        let at = self.sources.position(norm.span);
        let statement = self.program.statement(norm.statement);
        Citation {
            id: statement.map_or_else(String::new, |s| s.address.clone()),
            article: statement.and_then(|s| s.article.as_deref()).map(str::to_owned),
            path: self.sources.path(norm.span.file).to_owned(),
            line: at.line,
            text: norm.text.clone(),
        }
    }

    /// What set an instance off; nothing for what binds from the first day on.
    fn because(&self, at: usize) -> Option<String> {
        let (instance, norm) = self.phrase.norm(at)?;
        let firing = instance.firing.and_then(|f| self.run.firings().get(f));
        let cause = match firing {
            Some(firing) if norm.rule.is_some() => firing.cause,
            _ => instance.cause,
        };
        match cause {
            Cause::Bound => None,
            Cause::Condition => Some(format!("its condition holds from {}", self.date(instance.arises))),
            Cause::Round(n) => {
                Some(format!("its time came round on {} (number {})", self.date(instance.arises), u64::from(n) + 1))
            }
            Cause::Occurrence(i) | Cause::Finding(i) => {
                let o = self.run.situation().occurrences.get(i)?;
                Some(format!("{} on {}", self.phrase.teller().happening_sentence(&o.what), self.date(o.from)))
            }
            Cause::Breach(b) => {
                let breach = self.run.breaches().get(b)?;
                Some(format!("{} on {}", self.breach_text(b)?, self.date(breach.day)))
            }
        }
    }

    fn breach_text(&self, at: usize) -> Option<String> {
        let breach = self.run.breaches().get(at)?;
        Some(match breach.subject {
            Some(by) => self.phrase.teller().breach_sentence(breach.norm, by, breach.injured),
            None => "the group does not meet its duty, and no one member is in breach".to_owned(),
        })
    }

    fn breaches(&self, out: &mut Agenda) {
        for (at, breach) in self.run.breaches().iter().enumerate() {
            let Some(norm) = self.program.conduct.norm(breach.norm).filter(|_| !breach.truth.is_no()) else { continue };
            let Some(text) = self.breach_text(at) else { continue };
            // what may have been a breach and surely is one later is one breach
            let same = |b: &&Breach| {
                (b.instance, b.subject, b.act, b.ceiling)
                    == (breach.instance, breach.subject, breach.act, breach.ceiling)
                    && b.values == breach.values
            };
            let surely = |b: &&Breach| b.truth.is_yes() && b.day > breach.day && b.earliest == breach.day;
            if breach.truth == Truth::Unknown && self.run.breaches().iter().filter(same).any(|b| surely(&b)) {
                continue;
            }
            let act = breach.act.and_then(|a| self.run.situation().occurrences.get(a));
            out.breaches.push(BreachItem {
                by: breach.subject.map(|a| self.phrase.name(a)),
                against: breach.injured.map(|a| self.phrase.name(a)),
                text,
                since: self.date(breach.day),
                since_earliest: (breach.earliest < breach.day).then(|| self.date(breach.earliest)),
                statement: self.citation(norm),
                because: act.map(|o| self.phrase.teller().happening_sentence(&o.what)),
                undecided: breach.truth == Truth::Unknown,
                rests_on: match breach.truth {
                    Truth::Unknown => self.rests_on(Vec::new(), vec![at]),
                    Truth::Yes | Truth::No => Vec::new(),
                },
                order: breach.day,
            });
        }
    }
}

/// Beyond so many entries the norm stands for all of them.
const MOST_GROUPS: usize = 8;

/// Beyond so many combinations of parties none is looked for.
const MOST_PAIRS: usize = 2_000_000;

fn blank() -> Item {
    Item {
        id: String::new(),
        who: Vec::new(),
        text: String::new(),
        from: String::new(),
        by: None,
        by_latest: None,
        until: None,
        days: None,
        ended: None,
        statement: Citation { id: String::new(), article: None, path: String::new(), line: 0, text: String::new() },
        because: None,
        always: false,
        undecided: false,
        rests_on: Vec::new(),
        order: (0, 0),
        latest: None,
    }
}
