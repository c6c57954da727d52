//! What the names in a norm stand for.
//!
//! In: the variables that a rule, a subject or an argument binds. Out: [`Binding`], which conditions, quantities and patterns
//! look names up in, and which collects the variables of the norm at hand.

use crate::model::conduct::{Action, Binder, Condition, Domain, Sort, VarId, Variable, Who};
use crate::model::{CharterId, KindId};
use crate::types::Type;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The variables and names of one norm, rule or property.
#[derive(Debug, Clone, Default)]
pub(super) struct Binding {
    /// its variables, in order
    pub(super) variables: Vec<Variable>,
    /// what a bare name stands for
    pub(super) names: IndexMap<String, Who>,
    /// whom `it` stands for
    pub(super) it: Option<Who>,
    /// one of the group whose duty is read: what is owed together depends on nobody of them alone
    pub(super) together: Option<Who>,
    /// the offender of the rule one stands in: `other` excludes it
    pub(super) offender: Option<Who>,
    /// the parameters of the action at hand, in a `changes`
    pub(super) parameters: Vec<(String, Type)>,
    /// names of things that the trigger of the rule mentions
    pub(super) things: BTreeSet<String>,
    /// the charter one stands in
    pub(super) charter: Option<CharterId>,
    /// the number of the article one stands in
    pub(super) article: Option<String>,
    /// whether `any other party q` may bind here: not under `not` and `unless` (§11)
    pub(super) binds: bool,
    /// how deep definitions are nested
    pub(super) depth: usize,
}

impl Binding {
    /// For the parameters of an action: parties are variables by their place, numbers are arguments.
    pub(super) fn of_action(action: &Action, types: &[Type]) -> Self {
        let mut out = Self::default();
        for (place, (parameter, sort)) in action.parameters.iter().zip(types).enumerate() {
            let id = VarId(u32::try_from(place).unwrap_or(u32::MAX));
            let kind = match parameter.sort {
                Sort::Party(kind) => kind,
                _ => KindId(0),
            };
            out.variables.push(variable(&parameter.name, kind, true, Binder::Rule));
            if matches!(parameter.sort, Sort::Party(_)) {
                out.names.insert(parameter.name.clone(), Who::Var(id));
            }
            out.parameters.push((parameter.name.clone(), sort.clone()));
        }
        out
    }

    /// Adds a variable; a name that is not empty then stands for it.
    pub(super) fn add(&mut self, variable: Variable) -> VarId {
        let id = VarId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        if !variable.name.is_empty() {
            self.names.insert(variable.name.clone(), Who::Var(id));
        }
        self.variables.push(variable);
        id
    }

    /// The variable, if it is one of ours.
    pub(super) fn variable(&self, id: VarId) -> Option<&Variable> {
        self.variables.get(id.0 as usize)
    }

    /// Sets the filter of a variable.
    pub(super) fn filter(&mut self, id: VarId, condition: Condition) {
        if let Some(v) = self.variables.get_mut(id.0 as usize) {
            v.filter = Some(condition);
        }
    }
}

/// A variable without further conditions.
pub(super) fn variable(name: &str, kind: KindId, outsiders: bool, binder: Binder) -> Variable {
    Variable { name: name.to_owned(), domain: Domain { kind, outsiders }, binder, distinct: Vec::new(), filter: None }
}
