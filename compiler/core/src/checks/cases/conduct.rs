//! Small charters of conduct by hand, for what text cannot say shortly: parties, actions, norms and rules.
//!
//! In: names. Out: a [`Program`] with one charter, `Pact`. The first variable of a norm outside rules is its subject, the
//! second its object; in a rule the offender and the injured come first.

use super::span;
use crate::model::conduct::*;
use crate::model::*;
use indexmap::IndexMap;

pub(crate) const V: VarId = VarId(0);
pub(crate) const W: VarId = VarId(1);

/// A charter in the making.
pub(crate) struct Duties {
    pub(crate) program: Program,
}

/// A variable over all parties.
pub(crate) fn each(name: &str, distinct: &[Who]) -> Variable {
    let domain = Domain { kind: KindId(0), outsiders: false };
    Variable { name: name.to_owned(), domain, binder: Binder::Each, distinct: distinct.to_vec(), filter: None }
}

pub(crate) fn within(days: i64) -> Window {
    Window { within: Some(Days::fixed(days)), ..Window::default() }
}

impl Duties {
    pub(crate) fn new(members: &[&str]) -> Self {
        let mut program = Program {
            kinds: vec![Kind { name: "Party".to_owned(), parent: None }],
            charters: vec![Charter {
                name: "Pact".to_owned(),
                title: None,
                members: Vec::new(),
                open: Vec::new(),
                statements: Vec::new(),
                span: span(),
            }],
            ..Program::default()
        };
        for name in members {
            let id = PartyId(u32::try_from(program.parties.len()).unwrap());
            program.parties.push(Party {
                name: (*name).to_owned(),
                kind: KindId(0),
                span: span(),
                attributes: IndexMap::new(),
                declared: true,
            });
            program.charters[0].members.push(id);
        }
        Self { program }
    }

    fn statement(&mut self, article: &str, kind: StatementKind, text: &str) -> StatementId {
        let id = StatementId(u32::try_from(self.program.statements.len()).unwrap());
        let n = self.program.statements.iter().filter(|s| s.article.as_deref() == Some(&format!("article {article}")));
        let address = format!("Pact/{article}/{}", n.count() + 1);
        self.program.statements.push(Statement {
            id,
            identity: crate::model::Identity::Given(address.clone()),
            address,
            charter: Some(CharterId(0)),
            accession: None,
            article: Some(format!("article {article}").into()),
            parties: Vec::new(),
            kind,
            on: crate::logic::Formula::truth(),
            reading: Reading::plain(),
            span: span(),
            text: text.to_owned(),
        });
        self.program.charters[0].statements.push(id);
        id
    }

    /// `embargo by on`: the name, then the parties it names.
    pub(crate) fn action(&mut self, words: &str) -> ActionId {
        let mut words = words.split_whitespace();
        let name = words.next().unwrap().to_owned();
        let parameters =
            words.map(|n| Parameter { name: n.to_owned(), sort: Sort::Party(KindId(0)), default: None }).collect();
        self.program.conduct.actions.push(Action {
            name,
            event: false,
            parameters,
            severity: None,
            reads: None,
            hostile: false,
            helps: false,
            lasting: false,
            once: false,
            hinders: Vec::new(),
            changes: Vec::new(),
            cuts: Vec::new(),
            span: span(),
        });
        ActionId(u32::try_from(self.program.conduct.actions.len() - 1).unwrap())
    }

    pub(crate) fn act(&mut self, id: ActionId) -> &mut Action {
        &mut self.program.conduct.actions[id.0 as usize]
    }

    /// The pattern of an act by one, of another where the action names one.
    pub(crate) fn pattern(&self, action: ActionId, by: Who, on: Option<Who>) -> Pattern {
        let n = self.program.conduct.actions[action.0 as usize].parameters.len();
        let mut arguments = vec![Match::Is(by)];
        arguments.extend(on.map(Match::Is));
        arguments.resize_with(n, || Match::Any);
        Pattern { action, arguments, place: None }
    }

    /// `every party must/must not/may action(any other party)`.
    pub(crate) fn norm(&mut self, article: &str, force: Force, action: ActionId, text: &str) -> NormId {
        let pair = self.program.conduct.actions[action.0 as usize].parameters.len() > 1;
        let mut variables = vec![each("", &[])];
        if pair {
            variables.push(each("", &[Who::Var(V)]));
        }
        let deed = Deed::Act(self.pattern(action, Who::Var(V), pair.then_some(Who::Var(W))));
        self.push(article, None, variables, Who::Var(V), force, deed, Window::default(), text)
    }

    #[expect(clippy::too_many_arguments, reason = "a norm has so many parts")]
    pub(crate) fn push(
        &mut self,
        article: &str,
        rule: Option<RuleId>,
        variables: Vec<Variable>,
        subject: Who,
        force: Force,
        deed: Deed,
        window: Window,
        text: &str,
    ) -> NormId {
        let statement = self.statement(article, StatementKind::Norm, text);
        let id = NormId(u32::try_from(self.program.conduct.norms.len()).unwrap());
        self.program.conduct.norms.push(Norm {
            id,
            statement,
            charter: Some(CharterId(0)),
            contract: None,
            article: article.to_owned(),
            rule,
            variables,
            subject,
            group: None,
            force,
            deed,
            arises: if rule.is_some() { Arises::Rule } else { Arises::Bound },
            window,
            when: Condition::truth(),
            unless: Condition::falsity(),
            discretion: false,
            text: text.to_owned(),
            span: span(),
        });
        if let Some(rule) = rule {
            self.program.conduct.rules[rule.0 as usize].norms.push(id);
        }
        id
    }

    pub(crate) fn at(&mut self, norm: NormId) -> &mut Norm {
        &mut self.program.conduct.norms[norm.0 as usize]
    }

    pub(crate) fn rule_at(&mut self, rule: RuleId) -> &mut Rule {
        &mut self.program.conduct.rules[rule.0 as usize]
    }

    /// `on breach of NORMS by v against w`.
    pub(crate) fn rule(&mut self, article: &str, norms: &[NormId]) -> RuleId {
        let statement = self.statement(article, StatementKind::Rule, "on breach");
        let id = RuleId(u32::try_from(self.program.conduct.rules.len()).unwrap());
        let bound = |name: &str| Variable { binder: Binder::Rule, ..each(name, &[]) };
        self.program.conduct.rules.push(Rule {
            id,
            statement,
            charter: Some(CharterId(0)),
            article: article.to_owned(),
            variables: vec![bound("v"), bound("w")],
            trigger: Trigger::Breach { norms: norms.to_vec(), by: V, against: Some(W) },
            determined: None,
            norms: Vec::new(),
            lift: None,
            ceilings: Vec::new(),
            compensation: Vec::new(),
            spares: Vec::new(),
            text: "on breach".to_owned(),
            span: span(),
        });
        id
    }

    /// `every other party except w must action(v)` in a rule.
    pub(crate) fn response(&mut self, rule: RuleId, force: Force, action: ActionId, window: Window) -> NormId {
        let Rule { article, variables, .. } = self.program.conduct.rules[rule.0 as usize].clone();
        let mut variables = variables;
        variables.push(each("", &[Who::Var(V), Who::Var(W)]));
        let subject = Who::Var(VarId(2));
        let deed = Deed::Act(self.pattern(action, subject, Some(Who::Var(V))));
        self.push(&article, Some(rule), variables, subject, force, deed, window, "every other party except w must")
    }
}
