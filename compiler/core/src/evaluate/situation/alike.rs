//! `treat every X alike in A` (semantics §13).
//!
//! In: who treats, by which action, and a day. Out: whether any two have received the same: as often, with the same arguments.

use crate::model::conduct::{ActionId, Actor, VarId};
use std::collections::BTreeMap;

use super::act::{Act, Arg};
use super::truth::Truth;
use super::{Run, Scope};

impl Run<'_> {
    pub(super) fn alike(
        &self,
        each: VarId,
        action: ActionId,
        receiver: usize,
        scope: &mut Scope<'_>,
        subject: Actor,
        day: i64,
    ) -> Truth {
        let mut received: BTreeMap<Actor, Vec<String>> = BTreeMap::new();
        let mut unsaid = false;
        for act in self.log.own(action, subject).take_while(|a| a.from <= day) {
            match act.args.get(receiver) {
                Some(Arg::Actor(to)) => received.entry(*to).or_default().push(rest(act, receiver)),
                _ => unsaid = true,
            }
        }
        received.values_mut().for_each(|list| list.sort_unstable());
        let before = scope.get(each);
        let mut treated = Vec::new();
        let mut unsure = false;
        for who in self.range_of(each, scope) {
            scope.set(each, Some(who));
            match self.admitted(each, scope, day) {
                Truth::Yes => treated.push(who),
                Truth::Unknown => unsure = true,
                Truth::No => {}
            }
        }
        scope.set(each, before);
        let nothing = Vec::new();
        let mut lists = treated.iter().map(|who| received.get(who).unwrap_or(&nothing));
        let same = lists.next().is_none_or(|first| lists.all(|l| l == first));
        match (same, unsaid) {
            (_, true) => Truth::Unknown,
            (false, false) => Truth::No,
            (true, false) if unsure => Truth::Unknown,
            (true, false) => Truth::Yes,
        }
    }
}

/// The arguments besides the receiver, as text that two equal ones share.
fn rest(act: &Act, receiver: usize) -> String {
    let args: Vec<&Arg> = act.args.iter().enumerate().filter(|(i, _)| *i != receiver).map(|(_, a)| a).collect();
    format!("{args:?}")
}
