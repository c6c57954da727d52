//! Boundary lines.
//!
//! In: `boundary between P and Q along …, P on the left`. Out: a [`Draft`](super::Draft) with the ground on either side of the line. The
//! line parts the ground that the two claim together; legs are continued in their own direction to its edge.

use super::Lower;
use super::modifiers::Takes;
use super::order::Container;
use crate::atlas::{AtlasId, LegGeometry, RegionExpr};
use crate::diagnostic::Diagnostic;
use crate::model::StatementKind;
use crate::resolve::load::ModuleId;
use crate::syntax::tree::{self, LegEnd, Statement};
use crate::types::Env;
use crate::types::region::Phase;
use std::rc::Rc;

impl<'p> Lower<'p> {
    pub(crate) fn boundary(
        &mut self,
        module: ModuleId,
        s: &'p Statement,
        container: &Rc<Container>,
        place: &str,
        env: &Env,
    ) {
        let tree::StatementKind::Boundary { parties, legs, left, datum } = &s.kind else { return };
        let (p, q) = (self.scope.party(module, &parties.0, env), self.scope.party(module, &parties.1, env));
        let on_left = self.scope.party(module, left, env);
        let c = self.modifiers(module, &s.modifiers, Takes::plain("a boundary"), env, false);
        let (Some(p), Some(q), Some(on_left), Some(c)) = (p, q, on_left, c) else { return };
        if p == q {
            self.scope.report(Diagnostic::error(
                "oneself",
                parties.1.span,
                "a boundary parts two parties",
                "the same party",
            ));
            return;
        }
        let right = if on_left == p {
            q
        } else if on_left == q {
            p
        } else {
            self.scope.report(
                Diagnostic::error(
                    "not-a-side",
                    left.span,
                    "the party on the left is one of the two that the boundary parts",
                    "a third party",
                )
                .label(parties.0.span, "one of them")
                .label(parties.1.span, "the other"),
            );
            return;
        };
        if let Some(datum) = datum {
            self.datum(datum);
        }
        if self.scope.phase == Phase::Claims {
            return;
        }
        let Some(geometry) = self.legs(legs) else { return };
        let Some((atlas, ground)) = self.common_ground(p, q, s) else { return };
        let words = super::folded(self.scope.sources.slice(s.span));
        let key = format!("boundary {words} in {ground:?}");
        let (left_key, right_key) = (format!("left of {key}"), format!("right of {key}"));
        // A median runs between the baselines that the two state.
        let baseline = |party| {
            let stated = self.scope.attribute_regions.get(&(party, "baseline".to_owned()));
            stated.filter(|(of, _)| *of == atlas).map(|(_, region)| region.clone())
        };
        let coasts = baseline(p).zip(baseline(q));
        let known = self.scope.slots.get(atlas.0 as usize).is_some_and(|slot| slot.made.contains_key(&left_key));
        if !known {
            let coasts = coasts.as_ref().map(|(one, other)| (one, other));
            let made = self
                .scope
                .slots
                .get_mut(atlas.0 as usize)
                .map(|slot| slot.builder.boundary_between(&geometry, coasts, &ground, words.clone(), s.span));
            match made {
                Some(Ok((l, r))) => {
                    if let Some(slot) = self.scope.slots.get_mut(atlas.0 as usize) {
                        slot.made.insert(left_key.clone(), RegionExpr::Leaf(l));
                        slot.made.insert(right_key.clone(), RegionExpr::Leaf(r));
                    }
                }
                Some(Err(problem)) => {
                    self.scope.report(*problem);
                    return;
                }
                None => return,
            }
        }
        let side = |lower: &Self, key: &str| {
            let leaf = lower.scope.slots.get(atlas.0 as usize).and_then(|slot| slot.made.get(key)).cloned();
            leaf.map(|leaf| RegionExpr::Intersection(vec![leaf, ground.clone()]))
        };
        let (Some(l), Some(r)) = (side(self, &left_key), side(self, &right_key)) else { return };
        let left_side = self.scope.ground(atlas, &l, "left of the line".to_owned());
        let right_side = self.scope.ground(atlas, &r, "right of the line".to_owned());
        let kind = StatementKind::Boundary { left: on_left, right, left_side, right_side };
        if let Some(draft) = self.draft(s, container, place, c, vec![p, q], kind) {
            self.drafts.push(draft);
        }
    }

    /// What the two claim together, in the one atlas of the Earth in which either claims.
    pub(super) fn common_ground(
        &mut self,
        p: crate::model::PartyId,
        q: crate::model::PartyId,
        s: &Statement,
    ) -> Option<(AtlasId, RegionExpr)> {
        let mut found: Vec<(AtlasId, Vec<RegionExpr>)> = Vec::new();
        for ((party, atlas), parts) in &self.scope.claimed {
            let earth =
                self.scope.slots.get(atlas.0 as usize).is_some_and(|s| s.space == crate::atlas::SpaceKind::Earth);
            if (*party == p || *party == q) && earth {
                match found.iter_mut().find(|(a, _)| a == atlas) {
                    Some((_, all)) => all.extend(parts.clone()),
                    None => found.push((*atlas, parts.clone())),
                }
            }
        }
        match found.as_slice() {
            [(atlas, parts)] => Some((*atlas, RegionExpr::Union(parts.clone()))),
            [] => {
                self.scope.report(
                    Diagnostic::error(
                        "no-claims",
                        s.span,
                        "neither of the two claims ground that this line could part",
                        "parts nothing",
                    )
                    .help("state what they claim, as polygons of an atlas of the Earth"),
                );
                None
            }
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "unclear-atlas",
                        s.span,
                        "the two claim ground of more than one atlas; which does the line part?",
                        "parts which?",
                    )
                    .help("state their claims in one atlas"),
                );
                None
            }
        }
    }

    pub(super) fn legs(&mut self, legs: &[tree::Leg]) -> Option<Vec<LegGeometry>> {
        let mut out = Vec::new();
        let mut at: Option<[num_rational::BigRational; 2]> = None;
        for leg in legs {
            let from = match (&leg.from, at.take()) {
                (Some(e), _) => self.scope.exact_point(e)?,
                (None, Some(point)) => point,
                (None, None) => {
                    self.scope.report(
                        Diagnostic::error(
                            "leg-without-start",
                            leg.span,
                            "the first leg says where it begins",
                            "begins nowhere",
                        )
                        .help("write `from 12°21'00\"N 70°25'00\"W to …`"),
                    );
                    return None;
                }
            };
            let (end, open) = match &leg.to {
                LegEnd::Point(e) => (self.scope.exact_point(e)?, false),
                LegEnd::Open(e) => (self.scope.exact_point(e)?, true),
            };
            out.push(LegGeometry { line: leg.line, from, to: end.clone(), open_end: open, span: leg.span });
            at = Some(end);
        }
        Some(out)
    }
}
