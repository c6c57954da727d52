//! The requirement that a reverse zone lies within the blocks its own party claims.
//!
//! A zone of the reverse tree (RFC 1035 §3.5, RFC 3596 §2.5) stands for a block of addresses. The block is cut where the
//! party's own blocks begin and end; each stretch must be claimed on every day on which the zone is. A zone that holds a
//! block and more is *wider than its prefix*. Zones inside a /24 (RFC 2317) name no block: they are listed as not asked.

use super::{Asking, change, claims, space_of};
use crate::atlas::AtlasId;
use crate::atlas::line::{Prefix, aggregate, free_prefixes, reverse_zone};
use crate::checks::{Context, cover, words};
use crate::logic::Formula;
use crate::model::{PartyId, Program, Scope, Statement};
use std::collections::BTreeMap;

impl Asking<'_, '_> {
    pub(super) fn zones(&mut self, cx: &mut Context<'_>, zones: AtlasId, prefixes: &[AtlasId]) {
        let program = cx.program();
        let Some(tree) = space_of(program, zones) else { return };
        let blocks = self.blocks(program, prefixes);
        for claim in self.claims(&Scope { atlas: Some(zones), right: None }) {
            self.rests_on.push(claim.statement.id);
            for name in tree.subtrees_of(&claim.region.cells).into_iter().map(|s| s.root) {
                match reverse_zone(&name) {
                    Ok(None) => {}
                    Ok(Some(block)) => self.zone(cx, claim.statement, &name.to_string(), block, &blocks),
                    Err(why) => {
                        let address = &claim.statement.address;
                        cx.not_asked("A06", format!("{why}: {name} ({address})"));
                    }
                }
            }
        }
    }

    /// The blocks of each party, with the claims that state them.
    fn blocks(&self, program: &Program, atlases: &[AtlasId]) -> BTreeMap<PartyId, Vec<(Prefix, Formula)>> {
        let mut out: BTreeMap<PartyId, Vec<(Prefix, Formula)>> = BTreeMap::new();
        for s in self.statements.iter().filter(|s| cover::is_claim(s)) {
            let Some(region) = s.region().filter(|r| atlases.contains(&r.atlas)) else { continue };
            let Some(space) = space_of(program, region.atlas) else { continue };
            for block in space.prefixes_of(&region.cells) {
                for p in &s.parties {
                    out.entry(*p).or_default().push((block, s.on.clone()));
                }
            }
        }
        out
    }

    fn zone(
        &mut self,
        cx: &mut Context<'_>,
        s: &Statement,
        name: &str,
        block: Prefix,
        blocks: &BTreeMap<PartyId, Vec<(Prefix, Formula)>>,
    ) {
        let program = cx.program();
        let own: Vec<&(Prefix, Formula)> = s.parties.iter().filter_map(|p| blocks.get(p)).flatten().collect();
        let (bare, f) = uncovered(block, &own);
        if bare.is_empty() {
            return;
        }
        let Some(found) = self.when(cx, &s.parties, &Formula::and([s.on.clone(), f])) else { return };
        let who = words::parties(program, &s.parties);
        let kept: Vec<Prefix> =
            aggregate(&own.iter().map(|(p, _)| *p).filter(|p| block.contains(*p)).collect::<Vec<_>>());
        let wider = if kept.is_empty() {
            format!("which stands for {block}, and {who} claims none of it")
        } else {
            let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
            format!(
                "which stands for {block} and is wider than {}, all that {who} claims in it",
                crate::atlas::join(&kept)
            )
        };
        let message = format!("{}, {wider}", claims(program, s));
        let list: Vec<String> = bare.iter().map(ToString::to_string).collect();
        let mut draft = self
            .draft(program, &message, &found)
            .statement(s.id, "")
            .identity(name)
            .note(format!("not claimed by {who}: {}", crate::atlas::join(&list)));
        if let Some(region) = s.region() {
            draft = draft.ground(region.atlas, region.cells.clone());
        }
        let others: Vec<String> = blocks
            .iter()
            .filter(|(p, _)| !s.parties.contains(p))
            .filter(|(_, theirs)| theirs.iter().any(|(t, _)| bare.iter().any(|b| b.contains(*t) || t.contains(*b))))
            .map(|(p, _)| program.party_name(*p).to_owned())
            .collect();
        if !others.is_empty() {
            let verb = if others.len() == 1 { "claims" } else { "claim" };
            draft = draft.note(format!("{} {verb} a part of that", crate::atlas::join(&others)));
        }
        let zones: Vec<String> = kept.iter().flat_map(|p| zones_of(*p)).collect();
        if zones.is_empty() {
            draft = draft.way_out(change(program, s, format!("withdraw {}", s.address)));
        } else {
            let zones = crate::atlas::join(&zones);
            draft = draft.note(format!("zones that would do: {zones}")).way_out(change(
                program,
                s,
                format!("{who} claims {zones}"),
            ));
        }
        self.report(cx, draft, found);
    }
}

/// The parts of a block that its party's blocks can leave out, and when they do.
fn uncovered(block: Prefix, own: &[&(Prefix, Formula)]) -> (Vec<Prefix>, Formula) {
    let meeting: Vec<&&(Prefix, Formula)> =
        own.iter().filter(|(p, _)| p.contains(block) || block.contains(*p)).collect();
    let within: Vec<Prefix> = meeting.iter().map(|(p, _)| if p.contains(block) { block } else { *p }).collect();
    let mut bare = free_prefixes(&[block], &within, u8::MAX);
    let mut ways: Vec<Formula> = Vec::new();
    if !bare.is_empty() {
        ways.push(Formula::truth());
    }
    // where there are blocks, they may not be on all the time; the narrowest tell the stretches apart
    let mut stretches = within.clone();
    stretches.sort_unstable();
    stretches.dedup();
    for stretch in &stretches {
        let narrower: Vec<Prefix> =
            stretches.iter().copied().filter(|p| p != stretch && stretch.contains(*p)).collect();
        let alone = free_prefixes(&[*stretch], &narrower, u8::MAX);
        let here = meeting.iter().filter(|(p, _)| p.contains(*stretch)).map(|(_, on)| on.clone());
        let off = Formula::not(&Formula::or(here));
        if !alone.is_empty() && !off.is_false() {
            bare.extend(alone);
            ways.push(off);
        }
    }
    (aggregate(&bare), Formula::or(ways))
}

/// The reverse zones that make up a block: one where its length is that of a zone, else the zones one step below.
fn zones_of(block: Prefix) -> Vec<String> {
    let (step, suffix) = match block.family() {
        crate::atlas::line::Family::V4 => (8u8, "in-addr.arpa"),
        crate::atlas::line::Family::V6 => (4u8, "ip6.arpa"),
    };
    let length = block.length().div_ceil(step) * step;
    let name = |p: Prefix| {
        let bits = u32::from(p.family().bits());
        let parts = (1..=u32::from(length / step)).rev().map(|i| {
            let value = (p.first() >> (bits - i * u32::from(step))) & ((1u128 << step) - 1);
            if step == 8 { value.to_string() } else { format!("{value:x}") }
        });
        parts.chain([suffix.to_owned()]).collect::<Vec<_>>().join(".")
    };
    // a zone for the whole of the address space is nobody's
    if length == 0 {
        return Vec::new();
    }
    block.parts(length).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::line::parse_prefix;

    #[test]
    fn a_block_has_the_zones_that_make_it_up() {
        let zones = |text: &str| zones_of(parse_prefix(text).unwrap());
        assert_eq!(zones("10.5.0.0/16"), ["5.10.in-addr.arpa"]);
        assert_eq!(zones("10.55.64.0/23"), ["64.55.10.in-addr.arpa", "65.55.10.in-addr.arpa"]);
        assert_eq!(zones("2001:db8::/32"), ["8.b.d.0.1.0.0.2.ip6.arpa"]);
        assert_eq!(zones("2001:db8::/31").len(), 2);
    }

    #[test]
    fn a_stretch_that_is_not_always_claimed_is_bare_at_times() {
        use crate::logic::{Linear, Var};
        let p = |text: &str| parse_prefix(text).unwrap();
        let later = Formula::ge(&Linear::var(&Var::int("day")), &Linear::int(10));
        let whole = (p("10.5.0.0/16"), later.clone());
        let half = (p("10.5.0.0/17"), Formula::truth());
        let (bare, f) = uncovered(p("10.5.0.0/16"), &[&whole, &half]);
        assert_eq!(f, Formula::not(&later));
        assert_eq!(bare, [p("10.5.128.0/17")], "the other half is claimed always");
        let (bare, f) = uncovered(p("10.5.0.0/16"), &[&half]);
        assert_eq!(bare, [p("10.5.128.0/17")]);
        assert!(f.is_true());
    }
}
