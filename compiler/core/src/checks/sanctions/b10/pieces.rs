//! The pieces of members' territory in one atlas, and what lies around each.
//!
//! In: the statements of a view and an atlas with a geometry. Out: [`Land`], which divides the ground among the members once
//! for each way that days, terms and unknowns can divide it, and [`Closed`]: a connected piece of one member's territory with
//! others' territory all round it.

use crate::atlas::{Atlas, AtlasId, CellSet, Surrounded};
use crate::checks::cover;
use crate::checks::sanctions::Pact;
use crate::checks::when::accepted;
use crate::checks::{Context, View};
use crate::encode::{Encoding, project};
use crate::logic::{Answer, Formula, Model, Sort, Value};
use crate::model::{PartyId, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Ground may be divided in so many ways; more are not gone through.
const DIVISIONS: usize = 256;

/// The ground of an atlas and when it is whose.
pub(super) struct Land<'p> {
    pub(super) atlas: AtlasId,
    space: &'p Atlas,
    /// cells that are alike, and of each member that ever holds them when it does, as a number of [`Self::conditions`]
    parts: Vec<(CellSet, Vec<(PartyId, usize)>)>,
    /// each different condition once
    conditions: Vec<Formula>,
}

/// One way the ground is divided.
pub(super) struct Division {
    /// when it is so
    pub(super) formula: Formula,
    /// which conditions hold
    holds: Vec<bool>,
}

/// A connected piece of one party's territory with others' territory all round it.
#[derive(Debug, Clone)]
pub(super) struct Closed {
    pub(super) piece: Surrounded,
    /// the cells around it with those whose territory they are, never nobody
    pub(super) around: Vec<(u32, Vec<PartyId>)>,
}

impl Closed {
    /// What tells pieces apart.
    pub(super) fn key(&self) -> Vec<u32> {
        let mut key = self.piece.cells.cells().to_vec();
        // pieces of the same cells lie elsewhere
        key.push(u32::MAX);
        key.extend(self.piece.first_face());
        key
    }

    /// Whose territory lies around it, in the order of the program.
    pub(super) fn neighbours(&self) -> Vec<PartyId> {
        let all: BTreeSet<PartyId> = self.around.iter().flat_map(|(_, who)| who.iter().copied()).collect();
        all.into_iter().collect()
    }
}

impl<'p> Land<'p> {
    /// Reads an atlas.
    ///
    /// # Errors
    /// Why it cannot be said when ground is whose.
    pub(super) fn of(pact: &Pact<'p>, statements: &[&'p Statement], atlas: AtlasId) -> Result<Self, String> {
        let Some(space) = pact.program.atlas(atlas) else { return Err("there is no such atlas".to_owned()) };
        let encoding = Encoding::new(pact.program, statements);
        let spoken: CellSet = statements
            .iter()
            .filter(|s| cover::is_claim(s))
            .filter_map(|s| s.region())
            .filter(|r| r.atlas == atlas)
            .flat_map(|r| r.cells.cells().iter().copied())
            .collect();
        let mut out = Self { atlas, space, parts: Vec::new(), conditions: Vec::new() };
        for ground in encoding.grounds(atlas, &spoken) {
            let mut held = Vec::new();
            for party in &pact.members {
                if encoding.claimed_by(*party, &ground).is_false() {
                    continue;
                }
                let f = encoding.territory(*party, &ground).map_err(|why| project::refusal(&why))?;
                if !f.is_false() {
                    held.push((*party, out.number(f)));
                }
            }
            out.parts.push((ground.cells, held));
        }
        Ok(out)
    }

    fn number(&mut self, f: Formula) -> usize {
        self.conditions.iter().position(|g| *g == f).unwrap_or_else(|| {
            self.conditions.push(f);
            self.conditions.len() - 1
        })
    }

    /// Every way in which the ground can be divided on some day, under some settlement that all accept, for some values.
    ///
    /// # Errors
    /// Why they cannot be gone through.
    pub(super) fn divisions(&self, cx: &mut Context<'_>, view: View) -> Result<Vec<Division>, String> {
        if self.conditions.iter().all(Formula::is_true) {
            return Ok(vec![Division { formula: Formula::truth(), holds: vec![true; self.conditions.len()] }]);
        }
        let assumed = accepted(cx, view);
        cx.as_one(|cx| {
            let mut session = cx.prover().session();
            session.assert(cx.ranges());
            session.assert(&assumed);
            let mut found: BTreeMap<Vec<bool>, Formula> = BTreeMap::new();
            loop {
                let model = match session.check(&[], &[]) {
                    Answer::Sat(model) => model,
                    Answer::Unsat { .. } => break,
                    Answer::Unknown(why) => return Err(cx.reached(&why)),
                };
                let holds: Vec<bool> = self.conditions.iter().map(|f| holds(f, &model)).collect();
                let literal = |(f, yes): (&Formula, &bool)| if *yes { f.clone() } else { Formula::not(f) };
                let formula = Formula::and(self.conditions.iter().zip(&holds).map(literal));
                session.assert(&Formula::not(&formula));
                if found.insert(holds, formula).is_some() || found.len() > DIVISIONS {
                    return Err(format!(
                        "the ground of `{}` can be divided in more than {DIVISIONS} ways",
                        self.space.name
                    ));
                }
            }
            Ok(found.into_iter().map(|(holds, formula)| Division { formula, holds }).collect())
        })
    }

    /// The pieces of a party's territory that have others' territory all round them.
    pub(super) fn closed(&self, division: &Division, party: PartyId) -> Vec<Closed> {
        let mut own = Vec::new();
        let mut holders: BTreeMap<u32, Vec<PartyId>> = BTreeMap::new();
        for (cells, held) in &self.parts {
            let yes = |at: usize| division.holds.get(at).copied().unwrap_or(false);
            let who: Vec<PartyId> = held.iter().filter(|(_, at)| yes(*at)).map(|(p, _)| *p).collect();
            if who.contains(&party) {
                own.extend_from_slice(cells.cells());
            } else if !who.is_empty() {
                holders.extend(cells.cells().iter().map(|c| (*c, who.clone())));
            }
        }
        let own = CellSet::new(own);
        if own.is_empty() || cover::noise(self.space, &own) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for piece in self.space.surrounded(&own) {
            if piece.outside || piece.around.is_empty() {
                continue;
            }
            let around: Option<Vec<(u32, Vec<PartyId>)>> =
                piece.around.cells().iter().map(|c| Some((*c, holders.get(c)?.clone()))).collect();
            let Some(around) = around else { continue };
            if self.is_noise(&piece) {
                continue;
            }
            out.push(Closed { piece, around });
        }
        out
    }

    /// Whether a piece is narrower than the tolerance of its atlas.
    fn is_noise(&self, piece: &Surrounded) -> bool {
        use num_traits::ToPrimitive;
        let tolerance = self.space.settings.tolerance_m.as_ref().and_then(ToPrimitive::to_f64);
        tolerance.is_some_and(|t| self.space.piece(piece).is_some_and(|p| p.width_m < t))
    }
}

/// Whether a condition holds, where values that the solver left out, because they do not matter, are taken as none.
fn holds(condition: &Formula, values: &Model) -> bool {
    condition.eval(values).unwrap_or_else(|| {
        let mut all = values.clone();
        for x in condition.vars() {
            if all.get(&x).is_none() {
                let nothing = if x.sort() == Sort::Bool { Value::Bool(false) } else { Value::int(0) };
                all.set(x, nothing);
            }
        }
        condition.eval(&all).unwrap_or(false)
    })
}
