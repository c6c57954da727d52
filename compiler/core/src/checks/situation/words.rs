//! Acts, duties and quantities in words, with whoever it is by the name that the cast gives.
//!
//! In: the parts of a situation or of a norm, and a [`Cast`]. Out: `slow_trade(P, Q, share = 50%)` as a charter writes it, and
//! sentences: `a member P trades slowly with a member Q`.

use super::cast::Cast;
use crate::atlas::{CellSet, join};
use crate::checks::words::{number, quantity, value};
use crate::logic::{BigRational, Model, Value as Number};
use crate::model::conduct::{
    Action, ActionId, Actor, Compare, Conduct, Deed, Happening, Match, Norm, NormId, Pattern, Place, Quantity, RuleId,
    Sort, Trigger, Value, Who,
};
use crate::model::{Print, Program};
use std::collections::BTreeSet;

/// What is said of a situation, in the order of saying: whoever is mentioned first is introduced.
#[derive(Debug)]
pub(crate) struct Teller<'a> {
    program: &'a Program,
    cast: &'a Cast,
    model: &'a Model,
    introduced: BTreeSet<Actor>,
}

impl<'a> Teller<'a> {
    /// Nobody is introduced yet.
    pub(crate) const fn new(program: &'a Program, cast: &'a Cast, model: &'a Model) -> Self {
        Self { program, cast, model, introduced: BTreeSet::new() }
    }

    fn conduct(&self) -> &'a Conduct {
        &self.program.conduct
    }

    /// In a sentence: with what it is, the first time.
    pub(crate) fn meet(&mut self, actor: Actor) -> String {
        if self.introduced.insert(actor) { self.cast.introduce(actor) } else { self.cast.name(actor) }
    }

    /// `attack(P, Q)`.
    pub(crate) fn act_code(&self, action: ActionId, arguments: &[Value], place: Option<&Ground>) -> String {
        let Some(declared) = self.conduct().action(action) else { return "?".to_owned() };
        let parts: Vec<String> = declared
            .parameters
            .iter()
            .zip(arguments)
            .filter(|(_, v)| !matches!(v, Value::Unsaid))
            .map(|(p, v)| match v {
                Value::Actor(a) => self.cast.name(*a),
                _ => format!("{} = {}", p.name, self.value(&p.sort, v)),
            })
            .collect();
        format!("{}({}){}", declared.name, parts.join(", "), self.at(place))
    }

    /// `a member P attacks a member Q`.
    pub(crate) fn act_sentence(&mut self, action: ActionId, arguments: &[Value], place: Option<&Ground>) -> String {
        let Some(declared) = self.conduct().action(action) else { return "?".to_owned() };
        let said = match &declared.reads {
            Some(reads) => self.reads(declared, reads, arguments),
            None => self.does(declared, arguments),
        };
        format!("{said}{}", self.at(place))
    }

    /// The template of an action, filled in; what it leaves out stands in brackets behind it.
    fn reads(&mut self, declared: &Action, template: &str, arguments: &[Value]) -> String {
        let mut out = String::new();
        let mut used = vec![false; declared.parameters.len()];
        let mut rest = template;
        while let Some((before, tail)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = tail.split_once('}') else {
                out.push('{');
                rest = tail;
                continue;
            };
            let place = declared.parameters.iter().position(|p| p.name == name.trim());
            match place.and_then(|i| Some((i, declared.parameters.get(i)?))) {
                Some((i, parameter)) => {
                    used.get_mut(i).into_iter().for_each(|u| *u = true);
                    let text = match arguments.get(i) {
                        Some(Value::Actor(a)) => self.meet(*a),
                        None | Some(Value::Unsaid) => unsaid(&parameter.sort).to_owned(),
                        Some(v) => self.value(&parameter.sort, v),
                    };
                    out.push_str(&text);
                }
                None => {
                    out.push('{');
                    out.push_str(name);
                    out.push('}');
                }
            }
            rest = after;
        }
        out.push_str(rest);
        let mut more = Vec::new();
        for ((parameter, argument), _) in
            declared.parameters.iter().zip(arguments).zip(&used).filter(|(_, used)| !**used)
        {
            match argument {
                Value::Unsaid => {}
                Value::Actor(a) => more.push(format!("{} {}", parameter.name, self.meet(*a))),
                _ => more.push(format!("{} {}", parameter.name, self.value(&parameter.sort, argument))),
            }
        }
        if more.is_empty() { out } else { format!("{out} ({})", more.join(", ")) }
    }

    /// `P does attack(Q)`; of an event `ceased(P)`.
    fn does(&mut self, declared: &Action, arguments: &[Value]) -> String {
        let mut parts = Vec::new();
        for (parameter, argument) in declared.parameters.iter().zip(arguments) {
            match argument {
                Value::Unsaid => {}
                Value::Actor(a) => parts.push(self.meet(*a)),
                _ => parts.push(format!("{} = {}", parameter.name, self.value(&parameter.sort, argument))),
            }
        }
        match parts.split_first() {
            Some((by, rest)) if !declared.event => format!("{by} does {}({})", declared.name, rest.join(", ")),
            _ => format!("{}({})", declared.name, parts.join(", ")),
        }
    }

    fn value(&self, sort: &Sort, v: &Value) -> String {
        match v {
            Value::Actor(a) => self.cast.name(*a),
            Value::Number(n) => match sort {
                Sort::Number { print, .. } => value(print, &[], &Number::Number(n.clone())),
                Sort::Party(_) | Sort::Region(_) | Sort::Thing => number(n),
            },
            Value::Thing(t) => crate::atlas::quoted(t),
            Value::Region(atlas, cells) => self.ground(&(*atlas, cells.clone())),
            Value::Unsaid => unsaid(sort).to_owned(),
        }
    }

    fn ground(&self, (atlas, cells): &Ground) -> String {
        let set: CellSet = cells.iter().copied().collect();
        self.program.atlas(*atlas).map_or_else(|| "some ground".to_owned(), |a| a.describe(&set))
    }

    fn at(&self, place: Option<&Ground>) -> String {
        place.map_or_else(String::new, |p| format!(" in {}", self.ground(p)))
    }

    /// What happens, as a charter writes it.
    pub(crate) fn happening_code(&self, what: &Happening) -> String {
        match what {
            Happening::Act { action, arguments, place } => self.act_code(*action, arguments, place.as_ref()),
            Happening::Finding { rule, by, against } => {
                let against = against.map_or_else(String::new, |a| format!(" against {}", self.cast.name(a)));
                format!("{} by {}{against}", self.determines(*rule), self.cast.name(*by))
            }
            Happening::Withdrawal { party } => format!("withdraws({})", self.cast.name(*party)),
        }
    }

    /// What happens, as a sentence.
    pub(crate) fn happening_sentence(&mut self, what: &Happening) -> String {
        match what {
            Happening::Act { action, arguments, place } => self.act_sentence(*action, arguments, place.as_ref()),
            Happening::Finding { rule, by, against } => {
                let by = self.meet(*by);
                let against = against.map_or_else(String::new, |a| format!(" against {}", self.meet(a)));
                format!("{} by {by}{against}", self.determines(*rule))
            }
            Happening::Withdrawal { party } => format!("{} gives notice of withdrawal", self.meet(*party)),
        }
    }

    /// `article 3 determines breach of article 1`.
    fn determines(&self, rule: RuleId) -> String {
        let Some(rule) = self.conduct().rule(rule) else { return "?".to_owned() };
        let of = match &rule.trigger {
            Trigger::Breach { norms, .. } => articles(self.conduct(), norms),
            Trigger::Occurs(_) => String::new(),
        };
        format!("{} determines breach of {of}", article(&rule.article))
    }

    /// `article 1 by P against Q`.
    pub(crate) fn breach_code(&self, norm: NormId, by: Actor, against: Option<Actor>) -> String {
        let against = against.map_or_else(String::new, |a| format!(" against {}", self.cast.name(a)));
        format!("{} by {}{against}", of_norm(self.conduct(), norm), self.cast.name(by))
    }

    /// `breach of article 1 by P against Q`.
    pub(crate) fn breach_sentence(&mut self, norm: NormId, by: Actor, against: Option<Actor>) -> String {
        let by = self.meet(by);
        let against = against.map_or_else(String::new, |a| format!(" against {}", self.meet(a)));
        format!("breach of {} by {by}{against}", of_norm(self.conduct(), norm))
    }

    /// The act that a norm is about, as a charter writes it: `embargo(R, P)`; the norm's own words where it is no act.
    pub(crate) fn deed_code(&self, norm: &Norm, bound: &[Option<Actor>]) -> String {
        let Deed::Act(pattern) = &norm.deed else { return norm.text.clone() };
        let (by, arguments) = self.arguments(pattern, bound);
        let name = self.conduct().action(pattern.action).map_or("?", |a| a.name.as_str());
        let by = by.map(|a| self.cast.name(a));
        let all: Vec<String> = by.into_iter().chain(arguments).collect();
        format!("{name}({}){}", all.join(", "), self.within(pattern, bound))
    }

    /// `R must embargo(P)`, `R must not throttle(Q, bandwidth above 70%)`, `some party other than P must assist(Q)`; the norm's
    /// own words where it is no act.
    pub(crate) fn deed_sentence(&mut self, norm: &Norm, bound: &[Option<Actor>], verb: &str) -> String {
        let Deed::Act(pattern) = &norm.deed else { return self.own_words(norm, bound) };
        let (by, arguments) = self.arguments(pattern, bound);
        let name = self.conduct().action(pattern.action).map_or("?", |a| a.name.as_str());
        let Some(by) = by.map(|a| self.meet(a)).or_else(|| self.several(norm, bound)) else {
            return self.own_words(norm, bound);
        };
        format!("{by} {verb} {name}({}){}", arguments.join(", "), self.within(pattern, bound))
    }

    /// What a norm says, in quotes unless it can stand in a timeline as it is: it names nobody by a variable and no time.
    fn own_words(&mut self, norm: &Norm, bound: &[Option<Actor>]) -> String {
        match (norm.subject, norm.subject.among(bound)) {
            (Who::Party(_), _) if norm.window.is_open() => norm.text.clone(),
            (Who::Var(_), Some(by)) => format!("{}: `{}`", self.meet(by), norm.text),
            _ => format!("`{}`", norm.text),
        }
    }

    /// Those of whom a duty of a group asks something, or all to whom a norm says the same; nothing where only the text says who
    /// they are.
    fn several(&mut self, norm: &Norm, bound: &[Option<Actor>]) -> Option<String> {
        let Who::Var(v) = norm.subject else { return None };
        let variable = norm.variables.get(v.0 as usize).filter(|v| v.filter.is_none())?;
        let least = norm.group.as_ref().map(|g| self.quantity(&g.least, &Print::Unit(String::new()), bound));
        let kind = match variable.domain.kind.0 {
            0 => None,
            _ => Some(self.program.kind_name(variable.domain.kind).to_owned()),
        };
        let who = match (least.as_deref(), kind) {
            (None, kind) => format!("every {}", kind.as_deref().unwrap_or("party")),
            (Some("1"), kind) => format!("some {}", kind.as_deref().unwrap_or("party")),
            (Some(n), None) => format!("at least {n} parties"),
            (Some(n), Some(kind)) => format!("at least {n} members of kind {kind}"),
        };
        let mut others: Vec<String> = Vec::new();
        for actor in variable.distinct.iter().filter_map(|w| w.among(bound)) {
            let name = self.meet(actor);
            if !others.contains(&name) {
                others.push(name);
            }
        }
        Some(if others.is_empty() { who } else { format!("{who} other than {}", join(&others)) })
    }

    /// The actor of a pattern and its other arguments.
    fn arguments(&self, pattern: &Pattern, bound: &[Option<Actor>]) -> (Option<Actor>, Vec<String>) {
        let parameters = self.conduct().action(pattern.action).map_or(&[][..], |a| a.parameters.as_slice());
        let by = pattern.arguments.first().and_then(|m| match m {
            Match::Is(who) => who.among(bound),
            _ => None,
        });
        let rest = parameters.iter().zip(&pattern.arguments).skip(1).filter_map(|(p, m)| match m {
            Match::Any | Match::Binds(_) => None,
            Match::Anyone => Some("anyone".to_owned()),
            Match::Is(who) => {
                Some(who.among(bound).map_or_else(|| "any other party".to_owned(), |a| self.cast.name(a)))
            }
            Match::Number(compare, q) => {
                let print = match &p.sort {
                    Sort::Number { print, .. } => print.clone(),
                    Sort::Party(_) | Sort::Region(_) | Sort::Thing => Print::Unit(String::new()),
                };
                Some(format!("{} {} {}", p.name, comparison(*compare), self.quantity(q, &print, bound)))
            }
            Match::Thing(t) => Some(crate::atlas::quoted(t)),
            Match::Region(r) => Some(r.words.clone()),
        });
        (by, rest.collect())
    }

    fn within(&self, pattern: &Pattern, bound: &[Option<Actor>]) -> String {
        let name = |who: Who| who.among(bound).map_or_else(|| "?".to_owned(), |a| self.cast.name(a));
        match &pattern.place {
            None => String::new(),
            Some(Place::Region(r)) => format!(" in {}", r.words),
            Some(Place::TerritoryOf(who)) => format!(" in territory of {}", name(*who)),
            Some(Place::ClaimedBy(who)) => format!(" in ground claimed by {}", name(*who)),
        }
    }

    /// A quantity: its value where the situation settles it, else as an expression.
    pub(crate) fn quantity(&self, q: &Quantity, print: &Print, bound: &[Option<Actor>]) -> String {
        let shown = |n: &BigRational| value(print, &[], &Number::Number(n.clone()));
        match q {
            Quantity::Fixed(linear) => linear.eval(self.model).map_or_else(|| linear.to_string(), |n| shown(&n)),
            Quantity::Attribute(who, name) => {
                format!("{name}({})", who.among(bound).map_or_else(|| "it".to_owned(), |a| self.cast.name(a)))
            }
            Quantity::Balance(fund) => {
                format!("balance({})", self.conduct().funds.get(fund.0 as usize).map_or("?", |f| f.name.as_str()))
            }
            Quantity::Argument(i) => format!("argument {}", i + 1),
            Quantity::Scaled(c, inner) => {
                format!("{} of {}", quantity(c, "%"), self.quantity(inner, &Print::Unit(String::new()), bound))
            }
            Quantity::Sum(parts) => {
                parts.iter().map(|p| self.quantity(p, print, bound)).collect::<Vec<_>>().join(" + ")
            }
            Quantity::Total { value: v, .. } => match &**v {
                Quantity::Fixed(one)
                    if one.as_constant().is_some_and(|n| *n == BigRational::from_integer(1.into())) =>
                {
                    "a count of members".to_owned()
                }
                other => format!("the sum of {}", self.quantity(other, print, &[])),
            },
        }
    }
}

/// Ground of an atlas, by its cells.
type Ground = (crate::atlas::AtlasId, Vec<u32>);

/// `article 3`.
pub(crate) fn article(number: &str) -> String {
    if number.is_empty() || number.starts_with(|c: char| c.is_alphabetic()) {
        number.to_owned()
    } else {
        format!("article {number}")
    }
}

/// The article or the contract that a norm stands in.
pub(crate) fn of_norm(conduct: &Conduct, norm: NormId) -> String {
    conduct.norm(norm).map_or_else(
        || "?".to_owned(),
        |n| {
            n.contract.as_ref().map_or_else(|| article(&n.article), |c| format!("contract {}", crate::atlas::quoted(c)))
        },
    )
}

/// `article 1`, `article 1 and article 2`: where these norms stand, in their order.
pub(crate) fn articles(conduct: &Conduct, norms: &[NormId]) -> String {
    let mut out: Vec<String> = Vec::new();
    for norm in norms {
        let place = of_norm(conduct, *norm);
        if !out.contains(&place) {
            out.push(place);
        }
    }
    join(&out)
}

const fn unsaid(sort: &Sort) -> &'static str {
    match sort {
        Sort::Party(_) => "somebody",
        Sort::Number { .. } => "some amount",
        Sort::Region(_) => "some ground",
        Sort::Thing => "something",
    }
}

const fn comparison(compare: Compare) -> &'static str {
    match compare {
        Compare::Equal => "=",
        Compare::NotEqual => "other than",
        Compare::Less => "below",
        Compare::AtMost => "at most",
        Compare::Greater => "above",
        Compare::AtLeast => "at least",
    }
}
