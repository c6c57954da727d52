//! Small programs built by hand.

use super::super::{Breach, Run, Truth};
use crate::logic::{BigRational, Linear, Model, Value as Number};
use crate::model::conduct::*;
use crate::model::{AttributeValue, Charter, CharterId, Kind, KindId, Party, PartyId, Print, Program, StatementId};
use crate::source::{FileId, Span};

pub(super) fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}

pub(super) fn n(value: i64) -> BigRational {
    BigRational::from_integer(value.into())
}

pub(super) fn fixed(value: i64) -> Quantity {
    Quantity::Fixed(Linear::int(value))
}

pub(super) fn p(i: u32) -> Actor {
    Actor::Party(PartyId(i))
}

pub(super) fn var(i: u32) -> Who {
    Who::Var(VarId(i))
}

pub(super) fn is(i: u32) -> Match {
    Match::Is(var(i))
}

pub(super) fn days(n: i64) -> Option<Days> {
    Some(Days::fixed(n))
}

pub(super) fn months(n: u32) -> Option<Days> {
    Some(Days { days: Linear::zero(), months: n })
}

/// `every X`, `any X`; differs from these.
pub(super) fn each(name: &str, distinct: &[Who]) -> Variable {
    bound(name, Binder::Each, distinct)
}

pub(super) fn bound(name: &str, binder: Binder, distinct: &[Who]) -> Variable {
    Variable {
        name: name.to_owned(),
        domain: Domain { kind: KindId(0), outsiders: false },
        binder,
        distinct: distinct.to_vec(),
        filter: None,
    }
}

pub(super) struct Build {
    pub(super) program: Program,
    pub(super) situation: Situation,
}

impl Build {
    /// A charter whose members have these names.
    pub(super) fn new(members: &[&str]) -> Self {
        let mut program = Program::default();
        program.kinds.push(Kind { name: "Party".to_owned(), parent: None });
        program.charters.push(Charter {
            name: "Pact".to_owned(),
            title: None,
            members: Vec::new(),
            open: Vec::new(),
            statements: Vec::new(),
            span: nowhere(),
        });
        let mut out = Self { program, situation: Situation::default() };
        for m in members {
            let id = out.party(m);
            out.program.charters[0].members.push(id);
            out.situation.members.push(Actor::Party(id));
        }
        out
    }

    pub(super) fn party(&mut self, name: &str) -> PartyId {
        let id = PartyId(self.program.parties.len() as u32);
        self.program.parties.push(Party {
            name: name.to_owned(),
            kind: KindId(0),
            span: nowhere(),
            attributes: indexmap::IndexMap::new(),
            declared: true,
        });
        id
    }

    pub(super) fn attribute(&mut self, party: u32, name: &str, value: i64) {
        let value = AttributeValue::Quantity(Linear::int(value), String::new());
        self.program.parties[party as usize].attributes.insert(name.to_owned(), value);
    }

    pub(super) fn kind(&mut self, name: &str) -> KindId {
        self.program.kinds.push(Kind { name: name.to_owned(), parent: Some(KindId(0)) });
        KindId(self.program.kinds.len() as u32 - 1)
    }

    /// An action of the actor and so many other parties.
    pub(super) fn action(&mut self, name: &str, others: usize) -> ActionId {
        let parameter = |i: usize| Parameter { name: format!("p{i}"), sort: Sort::Party(KindId(0)), default: None };
        self.program.conduct.actions.push(Action {
            name: name.to_owned(),
            event: false,
            parameters: (0..=others).map(parameter).collect(),
            severity: None,
            reads: None,
            hostile: false,
            helps: false,
            lasting: false,
            once: false,
            hinders: Vec::new(),
            changes: Vec::new(),
            cuts: Vec::new(),
            span: nowhere(),
        });
        ActionId(self.program.conduct.actions.len() as u32 - 1)
    }

    pub(super) fn event(&mut self, name: &str, others: usize) -> ActionId {
        let id = self.action(name, others);
        self.get(id).event = true;
        id
    }

    pub(super) fn get(&mut self, id: ActionId) -> &mut Action {
        &mut self.program.conduct.actions[id.0 as usize]
    }

    /// One more parameter: a number, with a default.
    pub(super) fn number(&mut self, id: ActionId, default: Option<i64>) {
        let sort = Sort::Number { print: Print::Unit(String::new()), whole: false, least: Some(n(0)) };
        let default = default.map(Linear::int);
        self.get(id).parameters.push(Parameter { name: "n".to_owned(), sort, default });
    }

    pub(super) fn fund(&mut self, amount: i64) -> FundId {
        self.program.conduct.funds.push(Fund {
            name: "fund".to_owned(),
            amount: Linear::int(amount),
            currency: "EUR".to_owned(),
            charter: Some(CharterId(0)),
            span: nowhere(),
        });
        FundId(self.program.conduct.funds.len() as u32 - 1)
    }

    pub(super) fn ladder(&mut self, levels: &[&str]) -> impl Fn(u32) -> Level + use<> {
        let levels = levels.iter().map(|l| (*l).to_owned()).collect();
        self.program.conduct.ladders.push(Ladder { name: "Severity".to_owned(), levels, span: nowhere() });
        let ladder = LadderId(self.program.conduct.ladders.len() as u32 - 1);
        move |step| Level { ladder, step }
    }

    /// A norm on the first variable, still to be added.
    pub(super) fn norm(&self, force: Force, variables: Vec<Variable>, deed: Deed) -> Norm {
        Norm {
            id: NormId(0),
            statement: StatementId(0),
            charter: Some(CharterId(0)),
            contract: None,
            article: "1".to_owned(),
            rule: None,
            variables,
            subject: var(0),
            group: None,
            force,
            deed,
            arises: Arises::Bound,
            window: Window::default(),
            when: Condition::truth(),
            unless: Condition::falsity(),
            discretion: false,
            text: String::new(),
            span: nowhere(),
        }
    }

    pub(super) fn add(&mut self, mut norm: Norm) -> NormId {
        let id = NormId(self.program.conduct.norms.len() as u32);
        norm.id = id;
        if let Some(rule) = norm.rule {
            norm.arises = match norm.arises {
                Arises::Bound => Arises::Rule,
                other => other,
            };
            self.program.conduct.rules[rule.0 as usize].norms.push(id);
        }
        self.program.conduct.norms.push(norm);
        id
    }

    /// A rule, without norms.
    pub(super) fn rule(&mut self, variables: Vec<Variable>, trigger: Trigger) -> RuleId {
        let id = RuleId(self.program.conduct.rules.len() as u32);
        self.program.conduct.rules.push(Rule {
            id,
            statement: StatementId(0),
            charter: Some(CharterId(0)),
            article: "3".to_owned(),
            variables,
            trigger,
            determined: None,
            norms: Vec::new(),
            lift: None,
            ceilings: Vec::new(),
            compensation: Vec::new(),
            spares: Vec::new(),
            text: String::new(),
            span: nowhere(),
        });
        id
    }

    /// A rule on breach of a norm by `v`.
    pub(super) fn on_breach(&mut self, norms: &[NormId]) -> RuleId {
        let trigger = Trigger::Breach { norms: norms.to_vec(), by: VarId(0), against: None };
        self.rule(vec![bound("v", Binder::Rule, &[])], trigger)
    }

    /// `every other party must A(v)` in a rule whose first variable is v; the subject is the second variable.
    pub(super) fn response(&self, rule: RuleId, force: Force, action: ActionId) -> Norm {
        let variables = vec![bound("v", Binder::Rule, &[]), each("X", &[var(0)])];
        let mut norm = self.norm(force, variables, act(action, &[is(1), is(0)]));
        norm.subject = var(1);
        norm.rule = Some(rule);
        norm
    }

    /// `no party may A(any other party q)`.
    pub(super) fn ban(&mut self, action: ActionId) -> NormId {
        let norm = self.norm(Force::MustNot, pair(), act(action, &[is(0), is(1)]));
        self.add(norm)
    }

    pub(super) fn rule_mut(&mut self, id: RuleId) -> &mut Rule {
        &mut self.program.conduct.rules[id.0 as usize]
    }

    pub(super) fn rank(&mut self, upper: NormId, lower: NormId) {
        self.program.conduct.above.push((upper, lower));
        self.program.conduct.above.sort_unstable();
    }

    pub(super) fn happens(&mut self, from: i64, to: Option<i64>, action: ActionId, arguments: Vec<Value>) {
        let what = Happening::Act { action, arguments, place: None };
        self.situation.occurrences.push(Occurrence { from, to, what });
    }

    /// One party does something to others on a day.
    pub(super) fn does(&mut self, day: i64, action: ActionId, parties: &[u32]) {
        let arguments = parties.iter().map(|i| Value::Actor(p(*i))).collect();
        self.happens(day, Some(day), action, arguments);
    }

    /// The same with a number.
    pub(super) fn does_so(&mut self, day: i64, action: ActionId, parties: &[u32], number: i64) {
        let mut arguments: Vec<Value> = parties.iter().map(|i| Value::Actor(p(*i))).collect();
        arguments.push(Value::Number(n(number)));
        self.happens(day, Some(day), action, arguments);
    }

    pub(super) fn found(&mut self, day: i64, rule: RuleId, by: u32, against: Option<u32>) {
        let what = Happening::Finding { rule, by: p(by), against: against.map(p) };
        self.situation.occurrences.push(Occurrence { from: day, to: Some(day), what });
    }

    pub(super) fn leaves(&mut self, day: i64, who: u32) {
        let what = Happening::Withdrawal { party: p(who) };
        self.situation.occurrences.push(Occurrence { from: day, to: Some(day), what });
    }

    pub(super) fn exit(&mut self, notice: Option<Days>, survive: &[NormId]) {
        let survive = survive.to_vec();
        self.program.conduct.exits.push(Exit { charter: CharterId(0), notice, survive, statement: StatementId(0) });
    }

    pub(super) fn set(&mut self, x: crate::logic::Var, value: i64) {
        let mut values: Model = self.situation.values.clone();
        values.set(x, Number::int(value));
        self.situation.values = values;
    }

    /// Works it out, and holds the walk over event days to the walk over all days.
    pub(super) fn run(&self, horizon: i64) -> Run<'_> {
        let run = Run::new(&self.program, CharterId(0), &self.situation, horizon);
        same(&run, &Run::every_day(&self.program, CharterId(0), &self.situation, horizon));
        run
    }
}

/// Two walks agree on everything that can be asked.
pub(super) fn same(a: &Run<'_>, b: &Run<'_>) {
    assert_eq!(a.instances(), b.instances());
    assert_eq!(a.firings(), b.firings());
    assert_eq!(a.breaches(), b.breaches());
}

pub(super) fn pair() -> Vec<Variable> {
    vec![each("X", &[]), each("q", &[var(0)])]
}

pub(super) fn act(action: ActionId, arguments: &[Match]) -> Deed {
    Deed::Act(pattern(action, arguments))
}

pub(super) fn pattern(action: ActionId, arguments: &[Match]) -> Pattern {
    Pattern { action, arguments: arguments.to_vec(), place: None }
}

pub(super) fn happened(action: ActionId, arguments: &[Match]) -> Condition {
    Condition::Occurred { pattern: pattern(action, arguments), last: None }
}

/// Who is surely in breach of what, and since when.
pub(super) fn broken(run: &Run<'_>) -> Vec<(u32, Option<Actor>, i64)> {
    let sure = |b: &&Breach| b.truth == Truth::Yes;
    run.breaches().iter().filter(sure).map(|b| (b.norm.0, b.subject, b.day)).collect()
}

/// The duties of one norm: subject, first day, deadline.
pub(super) fn owed(run: &Run<'_>, norm: NormId) -> Vec<(Option<Actor>, i64, Option<i64>)> {
    let subject = |i: &super::super::Instance| run.program().conduct.norm(i.norm).unwrap().subject.among(&i.values);
    run.instances().iter().filter(|i| i.norm == norm).map(|i| (subject(i), i.first, i.deadline)).collect()
}
