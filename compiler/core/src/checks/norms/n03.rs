//! N03: never applies: a norm that is due in no situation. Reads what [`super::applies`] found; of a finding it asks which
//! clause stands in the way.

use super::applies::{Applies, binds};
use super::conclude::Open;
use super::{Norms, quoted};
use crate::checks::sanctions::{Pact, s02};
use crate::checks::{Check, Context, Draft};
use crate::model::CharterId;
use crate::model::conduct::{Norm, Who};
use indexmap::IndexMap;

/// N03.
#[derive(Debug)]
pub(in crate::checks) struct NeverApplies;

const QUESTION: &str = "each norm is due in some situation";

impl Check for NeverApplies {
    fn code(&self) -> &'static str {
        "N03"
    }

    fn run(&self, cx: &mut Context<'_>) {
        for view in cx.charters() {
            let norms = cx.norms(view.charter);
            let pact = Pact::new(cx.program(), view);
            let mut open = Open::default();
            let mut never = 0;
            for norm in norms.asked.iter().filter(|n| binds(n)) {
                match norms.applies.get(&norm.id) {
                    // N06 says so, and why
                    Some(Applies::Never) if binds_a_stranger(&norms, norm) => never += 1,
                    // one in breach leaves nobody: S02 says so
                    Some(Applies::Never) if s02::tells(&pact, norm) => never += 1,
                    Some(Applies::Never) => {
                        never += 1;
                        let draft = draft(view.charter, norm);
                        cx.report(draft);
                    }
                    Some(Applies::Open(why)) => open.norm(norm, why.as_str()),
                    Some(Applies::Yes | Applies::SetAside) | None => {}
                }
            }
            let holds = never == 0 && !norms.applies.is_empty();
            open.conclude(cx, ("N03", view, QUESTION), holds, [], IndexMap::new());
        }
    }
}

/// Whether the subject of a norm is named and no member.
pub(super) fn binds_a_stranger(norms: &Norms<'_>, norm: &Norm) -> bool {
    norm.charter.is_some() && matches!(norm.subject, Who::Party(p) if !norms.asking.frame.members.contains(&p))
}

fn draft(charter: CharterId, norm: &Norm) -> Draft {
    let message = format!("{} is due in no situation", quoted(norm));
    Draft::new("N03", message).charter(charter).statement(norm.statement, "").identity(norm.text.clone())
}
