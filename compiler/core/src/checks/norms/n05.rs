//! N05: set aside always: a norm that another one overrides wherever it applies (R2, semantics §15). Reads what
//! [`super::applies`] found. A prohibition that can never be broken because something above it permits every such act is
//! found by N04, which names it so.

use super::applies::Applies;
use super::conclude::Open;
use super::quoted;
use crate::checks::{Check, Context, Draft};
use crate::model::StatementId;
use indexmap::IndexMap;

/// N05.
#[derive(Debug)]
pub(in crate::checks) struct SetAsideAlways;

const QUESTION: &str = "no norm is set aside wherever it would be due";

impl Check for SetAsideAlways {
    fn code(&self) -> &'static str {
        "N05"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let mut core: Vec<StatementId> = Vec::new();
            let mut open = Open::default();
            let mut found = 0;
            for norm in &norms.asked {
                let above = norms.asking.frame.overrides(norm);
                if norm.is_prohibition() || above.is_empty() {
                    continue;
                }
                match norms.applies.get(&norm.id) {
                    Some(Applies::SetAside) => {
                        found += 1;
                        let upper: Vec<String> = above.iter().map(|m| quoted(m)).collect();
                        let by = crate::atlas::join(&upper);
                        let message = format!("{} is set aside wherever it would be due, by {by}", quoted(norm));
                        let mut draft = Draft::new("N05", message).charter(view.charter).statement(norm.statement, "");
                        draft = draft.statements(above.iter().map(|m| m.statement));
                        cx.report(draft);
                    }
                    Some(Applies::Open(why)) => open.norm(norm, why.as_str()),
                    Some(Applies::Yes) => core.extend([norm.statement]),
                    Some(Applies::Never) | None => {}
                }
            }
            let holds = found == 0 && !core.is_empty();
            open.conclude(cx, ("N05", view, QUESTION), holds, core, IndexMap::new());
        }
    }
}
