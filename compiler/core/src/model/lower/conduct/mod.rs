//! What is owed: ring 2 of the tree to [`crate::model::conduct`].
//!
//! In: statements, declarations, scenarios and properties of conduct. Out: templates of norms and rules.

use super::Lower;
use super::order::Container;
use crate::resolve::load::ModuleId;
use crate::syntax::tree::Statement;
use crate::types::Env;

impl<'p> Lower<'p> {
    /// One statement of conduct in an article, an accession or a contract.
    pub(super) fn conduct_statement(
        &mut self,
        _module: ModuleId,
        _s: &'p Statement,
        _container: &Container,
        _place: &str,
        _env: &Env,
    ) {
    }
}
