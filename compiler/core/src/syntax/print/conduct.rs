//! Writes what ring 2 adds: actions, norms, rules, scenarios, properties of conduct.
//!
//! In: the tree. Out: text that reads back as the same tree.

use super::Printer;
use crate::syntax::tree::conduct::ConductProperty;
use crate::syntax::tree::{Expr, ItemKind, Modifier, StatementKind};

impl Printer {
    pub(super) fn conduct_item(&mut self, _item: &ItemKind) {}

    pub(super) fn conduct_property(&mut self, _property: &ConductProperty) {}

    pub(super) fn conduct_statement(&mut self, _statement: &StatementKind) {}

    pub(super) fn conduct_modifier(&mut self, _modifier: &Modifier) {}

    pub(super) fn conduct_expr(&mut self, _expr: &Expr) {}
}
