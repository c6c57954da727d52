//! A situation that is given, as slots of which everything is known.
//!
//! In: a [`Situation`]. Out: whether something holds in it, as the encoding has it. Tests hold this against
//! [`crate::evaluate`], occurrence by occurrence; N01 asks for courses within situations that it found.

use super::slot::{Act, Arg, End, Pick, Slot, What};
use super::{Frame, Kind, Scene, Term, Universe};
use crate::atlas::AtlasId;
use crate::logic::{Formula, Linear};
use crate::model::conduct::{Actor, Happening, Occurrence, Situation, Value};

/// When something holds in a situation of these figures: over the variables that the caller put into it.
///
/// # Errors
/// What cannot be said.
pub fn given<'p>(
    frame: &'p Frame<'p>,
    universe: &'p Universe,
    situation: &Situation,
    build: impl FnOnce(&mut Scene<'p>) -> Term,
) -> Result<Formula, String> {
    let mut scene = Scene::new(frame, universe, &std::collections::BTreeMap::new());
    scene.give_all(situation);
    scene.only_given = true;
    scene.closed = 1;
    let term = build(&mut scene);
    if let Some(why) = scene.refused.first().or(scene.cut.first()) {
        return Err(why.clone());
    }
    Ok(Formula::and(std::iter::once(term.formula).chain(scene.background)).assign(&situation.values))
}

impl Scene<'_> {
    /// Gives all that happens in a situation, and its date.
    pub(crate) fn give_all(&mut self, situation: &Situation) {
        self.begins = situation.start;
        self.values = Some(situation.values.clone());
        if situation.occurrences.iter().any(|o| matches!(o.what, Happening::Withdrawal { .. })) {
            self.leaving = true;
        }
        for o in &situation.occurrences {
            if let Some((kind, what)) = self.fixed(o) {
                self.give(kind, Slot { present: Formula::truth(), what });
            }
        }
    }

    /// The slot of an occurrence; nothing where it names somebody who does not take part.
    fn fixed(&self, o: &Occurrence) -> Option<(Kind, What)> {
        let from = Linear::int(o.from);
        let figure = |actor: Actor| self.universe.place(actor).map(Pick::fixed);
        Some(match &o.what {
            Happening::Act { action, arguments, place } => {
                let arguments = arguments
                    .iter()
                    .map(|v| match v {
                        Value::Actor(a) => figure(*a).map(Arg::Figure),
                        Value::Number(n) => Some(Arg::Number(Linear::constant(n.clone()))),
                        Value::Thing(t) => {
                            let things = &self.frame.things;
                            let at = things.iter().position(|x| x == t).unwrap_or(things.len());
                            Some(Arg::Thing(Pick::fixed(at)))
                        }
                        Value::Region(atlas, cells) => Some(Arg::Ground(self.spot_of(*atlas, cells))),
                        Value::Unsaid => None,
                    })
                    .collect::<Option<Vec<Arg>>>()?;
                let place = place.as_ref().map_or(Pick::fixed(0), |(atlas, cells)| self.spot_of(*atlas, cells));
                let end = match o.to {
                    Some(to) if to == o.from => End::Same,
                    Some(to) => End::At { last: Linear::int(to), open: Formula::falsity() },
                    None => End::At { last: from.clone(), open: Formula::truth() },
                };
                (Kind::Act(*action), What::Act(Act { action: *action, arguments, place, from, end }))
            }
            Happening::Finding { rule, by, against } => {
                let against = against.and_then(|a| self.universe.place(a)).map_or(0, |p| p + 1);
                let what = What::Finding { rule: *rule, by: figure(*by)?, against: Pick::fixed(against), from };
                (Kind::Finding(*rule), what)
            }
            Happening::Withdrawal { party } => (Kind::Withdrawal, What::Withdrawal { party: figure(*party)?, from }),
        })
    }

    /// The spot that holds the first of some cells.
    fn spot_of(&self, atlas: AtlasId, cells: &[u32]) -> Pick {
        let first = cells.first();
        let at = self.frame.spots.iter().position(|s| s.atlas == atlas && first.is_some_and(|c| s.cells.contains(*c)));
        Pick::fixed(at.map_or(0, |i| i + 1))
    }
}
