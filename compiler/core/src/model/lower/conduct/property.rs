//! `prove …` of conduct.
//!
//! In: a [`written::ConductProperty`]. Out: a [`ConductProperty`] of the program (`semantics.md` §25).

use super::super::{Lower, folded};
use super::binding::Binding;
use super::condition::not;
use crate::model::conduct::{ConductProperty, ConductPropertyKind};
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::conduct as written;
use crate::types::Env;
use std::rc::Rc;

impl<'p> Lower<'p> {
    /// One property.
    pub(super) fn conduct_property(&mut self, module: ModuleId, p: &'p written::ConductProperty, span: Span) {
        let text = folded(self.scope.sources.slice(span));
        let path = match p {
            written::ConductProperty::Holds { charter, .. }
            | written::ConductProperty::Inward { charter }
            | written::ConductProperty::Answered { charter }
            | written::ConductProperty::Ceiling { charter, .. } => charter,
            written::ConductProperty::NoThreat { left, .. } => left,
        };
        let Some(charter) = self.charter_of(module, path) else { return };
        let kind = match p {
            written::ConductProperty::Holds { mode, condition, every_situation, .. } => {
                let Some(found) = self.scope.program.charters.get(charter.0 as usize).cloned() else { return };
                let env = Env { members: Rc::from(found.members.as_slice()), open: found.open, ..Env::default() };
                let mut b = Binding { charter: Some(charter), ..Binding::default() };
                let Some(c) = self.condition(module, condition, &env, &mut b) else { return };
                let (variables, every_situation) = (b.variables, *every_situation);
                match mode {
                    written::Mode::Always => ConductPropertyKind::Always { variables, condition: c, every_situation },
                    written::Mode::Never => {
                        ConductPropertyKind::Always { variables, condition: not(c), every_situation }
                    }
                    written::Mode::Possible => {
                        ConductPropertyKind::Possible { variables, condition: c, every_situation }
                    }
                }
            }
            written::ConductProperty::Inward { .. } => ConductPropertyKind::Inward,
            written::ConductProperty::Answered { .. } => ConductPropertyKind::Answered,
            written::ConductProperty::Ceiling { level, .. } => match self.level(module, level) {
                Some(level) => ConductPropertyKind::Ceiling(level),
                None => return,
            },
            written::ConductProperty::NoThreat { right, .. } => match self.charter_of(module, right) {
                Some(other) => ConductPropertyKind::NoThreat(other),
                None => return,
            },
        };
        self.conduct.properties.push(ConductProperty { charter, kind, span, text });
    }
}
