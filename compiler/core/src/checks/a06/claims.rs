//! Requirements on claims: that they lie within a region, that they are neither too large nor too small.
//!
//! Out: for a claim that lies outside in part, that part and the rest, which would do; for a block of a wrong length the
//! nearest block of a right one, with who else claims a part of it; for ground by how much it is too large or too small.

use super::{Asking, Claim, change, claims, ground, sized_ground, space_of};
use crate::atlas::line::Prefix;
use crate::atlas::{Atlas, CellSet, Measure, number};
use crate::checks::cover::{self, Cover};
use crate::checks::{Context, words};
use crate::logic::Formula;
use crate::model::{PartyId, Program, Region, Scope, Size, Statement, StatementKind};
use indexmap::IndexMap;
use num_rational::BigRational;
use num_traits::ToPrimitive;

impl Asking<'_, '_> {
    pub(super) fn within(
        &mut self,
        cx: &mut Context<'_>,
        scope: &Scope,
        region: Option<&Region>,
        by_party: &IndexMap<PartyId, Region>,
    ) {
        let cover = Cover::new(self.statements);
        for claim in self.claims(scope) {
            self.rests_on.push(claim.statement.id);
            let allowed: Vec<&Region> = match (region, claim.statement.parties.as_slice()) {
                (Some(region), _) => vec![region],
                (None, parties) => parties.iter().filter_map(|p| by_party.get(p)).collect(),
            };
            if region.is_none() && allowed.len() < claim.statement.parties.len() {
                self.no_ground(cx, claim);
                continue;
            }
            let comparable: Vec<&Region> = allowed.into_iter().filter(|r| r.atlas == claim.region.atlas).collect();
            if let Some(first) = comparable.first() {
                let inside = comparable.iter().fold(CellSet::default(), |all, r| all.union(&r.cells));
                self.outside(cx, &cover, claim, &inside, &first.words);
            }
        }
    }

    /// The requirement measures from ground of the claimant's own, and it states none.
    fn no_ground(&mut self, cx: &mut Context<'_>, claim: Claim<'_>) {
        let program = cx.program();
        let s = claim.statement;
        let Some(found) = self.when(cx, &s.parties, &s.on) else { return };
        let who = words::parties(program, &s.parties);
        let message = format!("{}, and {who} states no ground that it must lie within", claims(program, s));
        let draft = self
            .draft(program, &message, &found)
            .statement(s.id, "")
            .ground(claim.region.atlas, claim.region.cells.clone())
            .note(format!("required: {}", self.statement.text));
        self.report(cx, draft, found);
    }

    fn outside(&mut self, cx: &mut Context<'_>, cover: &Cover<'_>, claim: Claim<'_>, inside: &CellSet, limit: &str) {
        let program = cx.program();
        let (s, region) = (claim.statement, claim.region);
        let Some(space) = space_of(program, region.atlas) else { return };
        let outside = region.cells.difference(inside);
        if outside.is_empty() || cover::noise(space, &outside) {
            return;
        }
        let mut ways = Vec::new();
        let mut cells = CellSet::default();
        for part in cover.parts(region.atlas, &outside, |w| matches!(w.kind, StatementKind::Waiver { .. })) {
            let counted = s.parties.iter().map(|p| cover::counts(&part.here, s, *p, claim.right));
            let f = if s.parties.is_empty() { s.on.clone() } else { Formula::or(counted) };
            if !f.is_false() {
                cells = cells.union(&part.cells);
                ways.push(f);
            }
        }
        let Some(found) = self.when(cx, &s.parties, &Formula::or(ways)) else { return };
        let rest = region.cells.intersection(inside);
        let what = claims(program, s);
        let message = if rest.is_empty() {
            format!("{what}, which does not lie within {limit}")
        } else {
            format!("{what}, of which {} does not lie within {limit}", sized_ground(space, &cells))
        };
        let mut draft = self.draft(program, &message, &found).statement(s.id, "").ground(region.atlas, cells);
        if rest.is_empty() {
            draft = draft.note(format!("no part of it lies within {limit}")).way_out(change(
                program,
                s,
                format!("withdraw {}", s.address),
            ));
        } else {
            let would_do = ground(space, &rest);
            draft = draft.note(format!("the part within would do: {}", sized_ground(space, &rest))).way_out(change(
                program,
                s,
                format!("{} claims {would_do}", words::parties(program, &s.parties)),
            ));
        }
        self.report(cx, draft, found);
    }

    pub(super) fn sized(&mut self, cx: &mut Context<'_>, scope: &Scope, least: Option<&Size>, most: Option<&Size>) {
        let program = cx.program();
        for claim in self.claims(scope) {
            let Some(space) = space_of(program, claim.region.atlas) else { continue };
            self.rests_on.push(claim.statement.id);
            let cells = self.kept(claim);
            if cells.is_empty() {
                continue;
            }
            let short = match (least, most) {
                (None | Some(Size::PrefixLength(_)), None | Some(Size::PrefixLength(_))) => {
                    self.wrong_blocks(program, claim, &space.prefixes_of(&cells), least, most)
                }
                _ => measured(space, &cells, least, most),
            };
            match short {
                Ok(None) => {}
                Ok(Some(short)) => self.wrong_size(cx, claim, &cells, short),
                Err(because) => cx.not_asked("A06", format!("{because}: {}", self.statement.text)),
            }
        }
    }

    /// The claim without what its own party waives for good.
    fn kept(&self, claim: Claim<'_>) -> CellSet {
        let waived = self.statements.iter().filter_map(|w| match &w.kind {
            StatementKind::Waiver { party, right, region }
                if w.on.is_true()
                    && claim.statement.parties.contains(party)
                    && region.atlas == claim.region.atlas
                    && right.is_none_or(|r| r == claim.right) =>
            {
                Some(&region.cells)
            }
            _ => None,
        });
        waived.fold(claim.region.cells.clone(), |left, w| left.difference(w))
    }

    /// The blocks of a wrong length.
    fn wrong_blocks(
        &self,
        program: &Program,
        claim: Claim<'_>,
        blocks: &[Prefix],
        least: Option<&Size>,
        most: Option<&Size>,
    ) -> Result<Option<Short>, String> {
        if blocks.is_empty() {
            return Err(format!("{} is no block of addresses", claim.region.words));
        }
        let length = |s: Option<&Size>| match s {
            Some(Size::PrefixLength(n)) => Some(*n),
            _ => None,
        };
        let (longest, shortest) = (length(least), length(most));
        let mut short = Short::default();
        for block in blocks {
            if let Some(n) = shortest.filter(|n| block.length() < *n) {
                let wider = n - block.length();
                let bits = if wider == 1 { "bit" } else { "bits" };
                short.why.push(format!("{block} is {wider} {bits} wider than /{n}"));
                short.limit = format!("wider than /{n}");
                if let Some(first) = block.parts(n).next() {
                    let count = num_bigint::BigInt::from(1) << usize::from(wider);
                    short
                        .instead
                        .push((first.to_string(), format!("{first} would do, one of {count} blocks of /{n} in it")));
                }
            }
            if let Some(n) = longest.filter(|n| block.length() > *n) {
                let narrower = block.length() - n;
                let bits = if narrower == 1 { "bit" } else { "bits" };
                short.why.push(format!("{block} is {narrower} {bits} narrower than /{n}"));
                short.limit = format!("narrower than /{n}");
                if let Some(wide) = Prefix::holding(block.family(), block.first(), n) {
                    let others = self.others_in(program, claim, wide);
                    let besides = if others.is_empty() {
                        ", and nobody else claims any of it".to_owned()
                    } else {
                        format!("; {others}")
                    };
                    short.instead.push((wide.to_string(), format!("{wide} would do{besides}")));
                }
            }
        }
        Ok((!short.why.is_empty()).then_some(short))
    }

    /// Who else claims a part of a block: `Bel claims 10.3.5.0/24 of it`.
    fn others_in(&self, program: &Program, claim: Claim<'_>, block: Prefix) -> String {
        let Some(space) = space_of(program, claim.region.atlas) else { return String::new() };
        let mut out: Vec<String> = Vec::new();
        for s in self.statements.iter().filter(|s| cover::is_claim(s) && s.parties != claim.statement.parties) {
            let Some(region) = s.region().filter(|r| r.atlas == claim.region.atlas) else { continue };
            let common: Vec<String> = space
                .prefixes_of(&region.cells)
                .into_iter()
                .filter_map(|p| if block.contains(p) { Some(p) } else { p.contains(block).then_some(block) })
                .map(|p| p.to_string())
                .collect();
            if !common.is_empty() {
                let who = words::parties(program, &s.parties);
                out.push(format!("{who} claims {} of it", crate::atlas::join(&common)));
            }
        }
        out.sort();
        out.dedup();
        crate::atlas::join(&out)
    }

    fn wrong_size(&mut self, cx: &mut Context<'_>, claim: Claim<'_>, cells: &CellSet, short: Short) {
        let program = cx.program();
        let s: &Statement = claim.statement;
        let Some(found) = self.when(cx, &s.parties, &s.on) else { return };
        let message = format!("{}, which is {}", claims(program, s), short.limit);
        let mut draft =
            self.draft(program, &message, &found).statement(s.id, "").ground(claim.region.atlas, cells.clone());
        for why in short.why {
            draft = draft.note(why);
        }
        for (instead, note) in short.instead {
            let who = words::parties(program, &s.parties);
            draft = draft.note(note).way_out(change(program, s, format!("{who} claims {instead}")));
        }
        self.report(cx, draft, found);
    }
}

/// By how much a claim falls short, and what would do.
#[derive(Default)]
struct Short {
    /// `wider than /18`
    limit: String,
    why: Vec<String>,
    /// a region and a sentence about it
    instead: Vec<(String, String)>,
}

/// Compares a measure with the bounds. The error says why there is nothing to compare.
fn measured(
    space: &Atlas,
    cells: &CellSet,
    least: Option<&Size>,
    most: Option<&Size>,
) -> Result<Option<Short>, String> {
    let measure = space.measure(cells);
    for (bound, too_small) in [(least, true), (most, false)] {
        let Some(bound) = bound else { continue };
        let (short, by, limit, has) = match (&measure, bound) {
            (Measure::Area(km2), Size::Area(limit)) => {
                let limit = limit.to_f64().unwrap_or(f64::NAN);
                let short = if too_small { *km2 < limit } else { *km2 > limit };
                let area = |x: f64| format!("{} km²", number::area(x));
                (short, area((limit - km2).abs()), area(limit), area(*km2))
            }
            (Measure::Count(n, unit), Size::Measure(limit)) => {
                let short = if too_small { n < limit } else { n > limit };
                let words = |x: &BigRational| words::quantity(x, unit);
                let by = if n < limit { limit - n } else { n - limit };
                (short, words(&by), words(limit), words(n))
            }
            _ => return Err(format!("ground of {} has no such size", space.name)),
        };
        if short {
            let (word, of) = if too_small { ("less", "too small") } else { ("more", "too large") };
            return Ok(Some(Short {
                limit: format!("{word} than {limit}: {has}"),
                why: vec![format!("{by} {of}")],
                instead: Vec::new(),
            }));
        }
    }
    Ok(None)
}
