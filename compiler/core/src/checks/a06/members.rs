//! Requirements on members: that an attribute differs, a condition on each, a condition on all together.
//!
//! What nobody states is unknown and may have any value of its range: a condition must hold for all of them, and a finding
//! prints the values that it needs. Members to come are assumed to meet what is required; those that are open in number
//! may also be none, so a condition on sums must hold for the listed members alone.

use super::Asking;
use crate::checks::{Context, Draft, words};
use crate::logic::{Formula, Linear, Model, Value};
use crate::model::{AttributeValue, OpenSum, PartyId, Program};
use indexmap::IndexMap;
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};

impl Asking<'_, '_> {
    /// The parties that are asked about: the members, or the candidate.
    fn members(&self, cx: &Context<'_>) -> BTreeSet<PartyId> {
        let program = cx.program();
        let candidate = self.view.with.and_then(|a| program.accessions.get(a.0 as usize)).map(|a| a.party);
        match candidate {
            Some(party) => BTreeSet::from([party]),
            None => cx.parties(self.view),
        }
    }

    pub(super) fn differs(&mut self, cx: &mut Context<'_>, attribute: &str) {
        let program = cx.program();
        let asked = self.members(cx);
        let all: BTreeSet<PartyId> = cx.parties(self.view);
        // stated constants fall into groups by value; what is a range is compared with everything
        let mut groups: BTreeMap<String, Vec<PartyId>> = BTreeMap::new();
        let mut ranges: Vec<(PartyId, &Linear)> = Vec::new();
        let mut numbers: Vec<(PartyId, &Linear)> = Vec::new();
        for p in &all {
            match stated(program, *p, attribute) {
                Some(Stated::Constant(text, number)) => {
                    groups.entry(text).or_default().push(*p);
                    numbers.extend(number.map(|n| (*p, n)));
                }
                Some(Stated::Range(t)) => ranges.push((*p, t)),
                None => {}
            }
        }
        for (value, same) in &groups {
            if same.len() > 1 && same.iter().any(|p| asked.contains(p)) {
                self.shared(cx, attribute, value, same);
            }
        }
        for (i, (p, t)) in ranges.iter().enumerate() {
            for (q, u) in ranges.iter().skip(i + 1).chain(&numbers) {
                if asked.contains(p) || asked.contains(q) {
                    self.may_be_equal(cx, attribute, (*p, t), (*q, u));
                }
            }
        }
    }

    /// Parties that state the same value. Those that the requirement is waived for do not count.
    fn shared(&mut self, cx: &mut Context<'_>, attribute: &str, value: &str, same: &[PartyId]) {
        let program = cx.program();
        let mut bound: Vec<PartyId> = same.iter().copied().filter(|p| !self.binds(&[*p]).is_false()).collect();
        bound.sort_by_key(|p| program.party_name(*p));
        if bound.len() < 2 {
            return;
        }
        let Some(found) = self.when(cx, &bound, &Formula::truth()) else { return };
        let message =
            format!("{} state the same {attribute}, {value}, which is to differ", words::parties(program, &bound));
        let mut draft = self.draft(program, &message, &found).identity(attribute);
        for p in &bound {
            draft = draft
                .party(*p)
                .identity(program.party_name(*p))
                .value(format!("{attribute}({})", program.party_name(*p)), value);
        }
        let draft = taken(draft, program, attribute);
        self.report(cx, draft, found);
    }

    fn may_be_equal(&mut self, cx: &mut Context<'_>, attribute: &str, p: (PartyId, &Linear), q: (PartyId, &Linear)) {
        let program = cx.program();
        let equal = Formula::eq(p.1, q.1);
        let Some(found) = self.when(cx, &[p.0, q.0], &equal) else { return };
        let who = words::parties(program, &[p.0, q.0]);
        let message = format!("{who} may have the same {attribute}, which is to differ");
        let draft = self.draft(program, &message, &found).identity(attribute).party(p.0).party(q.0);
        let draft = draft.identity(program.party_name(p.0)).identity(program.party_name(q.0));
        self.report(cx, draft, found);
    }

    pub(super) fn each(&mut self, cx: &mut Context<'_>, conditions: &IndexMap<PartyId, Formula>, words: &str) {
        let program = cx.program();
        let asked = self.members(cx);
        let mut parties: Vec<(&PartyId, &Formula)> = conditions.iter().filter(|(p, _)| asked.contains(*p)).collect();
        parties.sort_by_key(|(p, _)| program.party_name(**p));
        for (p, condition) in parties {
            let Some(found) = self.when(cx, &[*p], &Formula::not(condition)) else { continue };
            let who = program.party_name(*p);
            let sure = found.unknowns.is_empty() && found.terms.is_empty();
            let verb = if sure { "does not meet" } else { "may fall short of" };
            let message = format!("{who} {verb} `{words}`");
            let mut draft = self.draft(program, &message, &found).party(*p).identity(who);
            draft = attributes(draft, program, *p, words);
            if !sure {
                draft = draft.note(
                    "what nobody states may be any value of its range, and the requirement must hold for all of them",
                );
            }
            self.report(cx, draft, found);
        }
    }

    pub(super) fn together(&mut self, cx: &mut Context<'_>, condition: &Formula, open: &[OpenSum], words: &str) {
        // what all the members together owe does not change with a candidate who is not yet one of them
        if self.view.with.is_some() {
            return;
        }
        let program = cx.program();
        let mut none_to_come = Model::new();
        for sum in open {
            none_to_come.set(sum.var.clone(), Value::Number(BigRational::from_integer(0.into())));
        }
        let condition = condition.assign(&none_to_come);
        let Some(found) = self.when(cx, &[], &Formula::not(&condition)) else { return };
        let sure = found.unknowns.is_empty() && found.terms.is_empty();
        let verb = if sure { "do not meet" } else { "may fall short of" };
        let message = format!("the members of {} together {verb} `{words}`", cx.charter_name(self.view.charter));
        let mut draft = self.draft(program, &message, &found).identity(words);
        for p in self.members(cx) {
            draft = attributes(draft, program, p, words);
        }
        if !open.is_empty() {
            draft = draft.note("of the listed members alone; members to come are assumed to meet it");
        }
        self.report(cx, draft, found);
    }
}

/// What a party states as its attribute.
enum Stated<'a> {
    /// in words, and as a number where it is one
    Constant(String, Option<&'a Linear>),
    /// between two bounds
    Range(&'a Linear),
}

/// Nothing where the party leaves the attribute out: an attribute that nobody states is not the same as another.
fn stated<'a>(program: &'a Program, party: PartyId, attribute: &str) -> Option<Stated<'a>> {
    let value = program.parties.get(party.0 as usize)?.attributes.get(attribute)?;
    match value {
        AttributeValue::Quantity(t, unit) => match t.as_constant() {
            Some(n) => Some(Stated::Constant(words::quantity(n, unit), Some(t))),
            None => t.vars().all(|x| bounded(program, x)).then_some(Stated::Range(t)),
        },
        AttributeValue::Text(text) => Some(Stated::Constant(format!("\"{text}\""), None)),
        AttributeValue::Bool(f) if f.is_true() => Some(Stated::Constant("true".to_owned(), None)),
        AttributeValue::Bool(f) if f.is_false() => Some(Stated::Constant("false".to_owned(), None)),
        AttributeValue::Bool(_) => None,
        AttributeValue::Region(region) => Some(Stated::Constant(words::ground(program, region), None)),
    }
}

/// Whether an unknown has a stated greatest value: no type has one of its own.
fn bounded(program: &Program, x: &crate::logic::Var) -> bool {
    let mut huge = Model::new();
    let number = BigRational::from_integer(num_bigint::BigInt::from(10).pow(40));
    huge.set(x.clone(), Value::Number(number));
    program.unknowns.iter().any(|u| u.var == *x && u.range.eval(&huge) == Some(false))
}

/// The values that are taken, and the least whole number that is free.
fn taken(draft: Draft, program: &Program, attribute: &str) -> Draft {
    let numbers: BTreeSet<BigRational> = program
        .parties
        .iter()
        .filter_map(|p| match p.attributes.get(attribute)? {
            AttributeValue::Quantity(t, _) => t.as_constant().cloned(),
            _ => None,
        })
        .collect();
    let Some(first) = numbers.first().filter(|n| n.is_integer()).cloned() else { return draft };
    let one = BigRational::from_integer(1.into());
    let mut free = first;
    while numbers.contains(&free) {
        free += &one;
    }
    draft.note(format!("the next {attribute} that no party states is {}", words::number(&free)))
}

/// The party's stated values of the attributes that the requirement names.
fn attributes(mut draft: Draft, program: &Program, party: PartyId, text: &str) -> Draft {
    let Some(p) = program.parties.get(party.0 as usize) else { return draft };
    let named = |name: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
    for (name, value) in p.attributes.iter().filter(|(name, _)| named(name)) {
        if let AttributeValue::Quantity(t, unit) = value
            && let Some(n) = t.as_constant()
        {
            draft = draft.value(format!("{name}({})", p.name), words::quantity(n, unit));
        }
    }
    draft
}
