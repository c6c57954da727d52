//! What a proof that there is no such situation rests on: a minimal set of statements (semantics §26).
//!
//! In: a question without an answer, the norms that were kept. Out: statements. What is outside of the set is *loosened*: such
//! a norm need not be kept; what else the question reads, exceptions and what sets rules off, may say anything. Left out one
//! by one from the last on, and asked again each time.

use super::lawful::{self, Found, How, Sought};
use crate::checks::Context;
use crate::checks::norms::ask::Asking;
use crate::checks::norms::rests;
use crate::encode::conduct::{Keeps, Read};
use crate::model::StatementId;
use crate::model::conduct::NormId;
use std::collections::BTreeSet;

/// The core of a question that has no answer while these are kept; `read`: the norms that it reads itself.
pub(in crate::checks) fn of_none(
    cx: &mut Context<'_>,
    asking: &Asking<'_>,
    sought: &dyn Sought,
    kept: BTreeSet<Keeps>,
    read: &BTreeSet<NormId>,
) -> Vec<StatementId> {
    let mut used = kept;
    let mut allowed: BTreeSet<Keeps> = all(asking);
    for item in all(asking).into_iter().rev() {
        allowed.remove(&item);
        if !used.contains(&item) {
            continue;
        }
        let from = used.iter().copied().filter(|k| *k != item).collect();
        let how = How { unlawful: false, any: true, only: Some(allowed.clone()), from };
        match lawful::search(cx, asking, sought, &how) {
            Found::None(others) => used = others,
            Found::Some(..) | Found::Open(_) => {
                allowed.insert(item);
            }
        }
    }
    let mut core: BTreeSet<StatementId> = used
        .iter()
        .filter_map(|k| match k {
            Keeps::Norm(id) => asking.frame.norm(*id).map(|n| n.statement),
            Keeps::Ceiling(id, place) => asking
                .frame
                .norm(*id)
                .and_then(|n| asking.frame.rule_of(n))
                .and_then(|r| r.ceilings.get(*place))
                .map(|c| c.statement),
        })
        .collect();
    let norms: BTreeSet<NormId> = used.iter().map(|k| k.norm()).collect();
    let mut reads = asking.frame.reads(&norms);
    let own = read.difference(&norms).filter_map(|id| asking.frame.norm(*id));
    reads.extend(own.clone().map(|n| (n.statement, Read::Norm(n.id))));
    reads.extend(asking.frame.reads(&own.map(|n| n.id).collect()).into_iter().filter(|(_, r)| !is_one(*r, &norms)));
    core.extend(rests::on(reads, |loose| lawful::never(cx, asking, sought, &used, loose)));
    core.into_iter().collect()
}

fn is_one(read: Read, norms: &BTreeSet<NormId>) -> bool {
    matches!(read, Read::Norm(id) if norms.contains(&id))
}

/// All that can be broken, in the order of the statements.
fn all(asking: &Asking<'_>) -> BTreeSet<Keeps> {
    let mut out = BTreeSet::new();
    for norm in &asking.frame.norms {
        out.insert(Keeps::Norm(norm.id));
        let ceilings = asking.frame.rule_of(norm).map_or(0, |r| r.ceilings.len());
        out.extend((0..ceilings).map(|place| Keeps::Ceiling(norm.id, place)));
    }
    out
}
