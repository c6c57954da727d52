//! Who takes part in a question: a few figures in place of all the parties (semantics §21).
//!
//! In: what the norms of a question mention, and how many parties it speaks of. Out: [`Universe`].
//!
//! Two listed members are *alike* for a question if the norms it depends on name neither, read no attribute in which they
//! differ, ask for no kind that only one of them has, and, where title to ground matters, neither claims any. Exchanging them
//! then maps every statement that the question reads to itself. Of an attribute that no act changes and that is read only in
//! comparisons with numbers, they differ where one of these comparisons does: the number enters a statement by nothing else,
//! so each statement reads the same of both on every day, and exchanging them keeps it as true as it was.
//!
//! **The reduction.** Let a question have k variables for parties, bound from outside, and let its positive occurrences have
//! j parameters for parties that no variable binds. If some situation answers it, keep only k + j parties: those the variables
//! stand for, and those that stand in the parameters of one witness for each positive occurrence; take every occurrence away
//! that is no such witness. Positive occurrences keep their witnesses, negative ones have less to meet, comparisons of
//! attributes are untouched. By exchanging alike parties the k + j are the first of their classes. What is left of a class is
//! *idle*: it takes part in nothing, so two figures that no occurrence can name stand for all of it (two, so that there is one
//! and another), and what is asked of everybody is asked of these too. It needs no party more. Where it takes that each of them does
//! something, or that it is done to each, the idle fail it, and the answer "there is none" is no proof: [`Needs::idle`](super::Needs)
//! says that an idle figure would have to, [`Scene::of_everybody`](super::Scene::of_everybody) that everybody would.
//! [`Universe::in_step`] has them act, all that a figure stands for alike: what is found so, and replayed, is an answer.
//! A class that is not larger than k + j is written out in full, so nothing is lost there.

use super::count::Count;
use super::{Frame, visit};
use crate::logic::{Formula, Linear, Sort, Var};
use crate::model::conduct::{Actor, Condition, Match, NormId, Quantity, Situation, Variable, Who};
use crate::model::mentions::{Mentions, Reading};
use crate::model::{AttributeValue, KindId, PartyId, Program};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How many of one class are written out at most.
const MOST: usize = 6;

/// How many may do the same, each for itself, in a situation that is looked for.
const IN_STEP: usize = 64;

/// How many figures a question may have.
pub(super) const FIGURES: usize = 64;

/// Somebody, or what is left of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// who; of an idle figure the first of those it stands for
    pub actor: Actor,
    /// a member on day 0
    pub member: bool,
    /// can act and be acted upon
    pub active: bool,
    /// all it stands for, in order
    pub parties: Vec<PartyId>,
    /// its kind; nothing of an outsider
    kind: Option<KindId>,
}

impl Figure {
    /// Whether it is of a kind. An outsider may be of any.
    #[must_use]
    pub fn is_kind(&self, program: &Program, kind: KindId) -> bool {
        self.kind.is_none_or(|k| program.is_kind(k, kind))
    }

    /// Whether it is certainly of a kind.
    #[must_use]
    pub fn surely_kind(&self, program: &Program, kind: KindId) -> bool {
        kind.0 == 0 || self.kind.is_some_and(|k| program.is_kind(k, kind))
    }
}

/// The figures of a question.
#[derive(Debug, Clone, Default)]
pub struct Universe {
    figures: Vec<Figure>,
    /// why fewer figures than needed stand here, where they do
    pub reduced: BTreeSet<String>,
    /// of each class that is written out in part: its figures, in order
    classes: Vec<Vec<usize>>,
    /// the same where those who are not written out can act as well, all of a figure alike, where they are not too many for it
    in_step: Option<Box<Self>>,
}

impl Universe {
    /// The figures for a question about these norms.
    #[must_use]
    pub fn new(frame: &Frame<'_>, seeds: &[NormId]) -> Self {
        Self::of_one(frame, &[], seeds, 0)
    }

    /// The same with so many parties more than these norms speak of, where the first norms are asked of nobody but whom the
    /// question is about already: their subjects are no parties more.
    #[must_use]
    pub fn of_one(frame: &Frame<'_>, same: &[NormId], others: &[NormId], more: usize) -> Self {
        let (_, mentions) = frame.closure(same.iter().chain(others).copied());
        let mut count = Count::new(frame);
        for norm in same.iter().filter_map(|n| frame.norm(*n)) {
            let (parties, outsiders) = count.norm(norm);
            count.add((parties.saturating_sub(usize::from(matches!(norm.subject, Who::Var(_)))), outsiders));
        }
        count.norms(others.iter().copied());
        Self::of(frame, &mentions, (count.parties + more).max(1), count.outsiders)
    }

    /// The figures for a question about these norms in which one is meant by name.
    #[must_use]
    pub fn naming(frame: &Frame<'_>, seeds: &[NormId], one: PartyId) -> Self {
        let (_, mut mentions) = frame.closure(seeds.iter().copied());
        mentions.parties.insert(one);
        let mut count = Count::new(frame);
        count.norms(seeds.iter().copied());
        Self::of(frame, &mentions, count.parties.max(1), count.outsiders)
    }

    /// The figures for a question about the first norms that asks besides that nothing of the others is due, or broken. The
    /// others are asked of everybody, so who they are for is nobody in particular: only what keeps them from being due, or what
    /// they do not forbid, has to happen.
    #[must_use]
    pub fn with_none_of(frame: &Frame<'_>, asked: &[NormId], others: &[NormId]) -> Self {
        let (_, mentions) = frame.closure(asked.iter().chain(others).copied());
        let mut count = Count::new(frame);
        count.norms(asked.iter().copied());
        for norm in others.iter().filter_map(|n| frame.norm(*n)) {
            let set_off = count.set_off(norm);
            count.add(set_off);
            count.norms(frame.overrides(norm).into_iter().chain(frame.exceptions(norm)).map(|m| m.id));
        }
        Self::of(frame, &mentions, count.parties.max(1), count.outsiders)
    }

    /// The figures for a question with these variables and conditions of its own, which also asks these norms; `wide`: as many
    /// as are written out at most.
    #[must_use]
    pub fn about(
        frame: &Frame<'_>,
        variables: &[Variable],
        conditions: &[&Condition],
        seeds: &[NormId],
        wide: bool,
    ) -> Self {
        let conduct = &frame.program.conduct;
        let mut own = Mentions::new();
        own.variables(conduct, variables);
        conditions.iter().for_each(|c| own.condition(conduct, c));
        let may = if own.may { frame.about_acts(&own.actions) } else { BTreeSet::new() };
        let read: BTreeSet<NormId> = own.breaches.iter().copied().chain(may).chain(seeds.iter().copied()).collect();
        let (_, mut mentions) = frame.closure(read.iter().copied());
        mentions.variables(conduct, variables);
        conditions.iter().for_each(|c| mentions.condition(conduct, c));
        let mut count = Count::new(frame);
        count.add((variables.len(), variables.iter().filter(|v| v.domain.outsiders).count()));
        for condition in conditions {
            visit::condition(condition, &mut |p| {
                let open = count.parameters(p);
                let anyone = open.iter().filter(|m| matches!(m, Match::Anyone)).count();
                let any = open.iter().filter(|m| matches!(m, Match::Any)).count();
                count.add((any + anyone, anyone));
            });
        }
        count.norms(read.iter().copied());
        let parties = count.parties.max(if wide { MOST } else { 1 });
        Self::of(frame, &mentions, parties, count.outsiders)
    }

    /// The figures for a question that mentions this, with so many parties and outsiders.
    #[must_use]
    pub fn of(frame: &Frame<'_>, mentions: &Mentions, parties: usize, outsiders: usize) -> Self {
        let program = frame.program;
        let mut named = mentions.parties.clone();
        named.extend(program.unknowns.iter().filter(|u| mentions.vars.contains(&u.var)).map(|u| u.party));
        if mentions.title {
            named.extend(program.statements.iter().filter(|s| s.region().is_some()).flat_map(|s| s.parties.clone()));
        }
        let wanted = parties.min(MOST);
        let mut reduced = BTreeSet::new();
        let classes = classes(frame, mentions, &named);
        let mut figures = Vec::new();
        let party = |p: PartyId, member| Figure {
            actor: Actor::Party(p),
            member,
            active: true,
            parties: vec![p],
            kind: program.parties.get(p.0 as usize).map(|p| p.kind),
        };
        for list in &classes {
            let written = if list.len() <= wanted + 1 { list.len() } else { wanted };
            if written < list.len() && parties > MOST {
                reduced.insert(format!("more than {MOST} parties that nothing tells apart take part"));
            }
            figures.extend(list.iter().take(written).map(|p| party(*p, true)));
            if written < list.len() {
                // two of them, so that there are an idle one and another
                let idle = |list: &[PartyId]| {
                    let first = list.first()?;
                    Some(Figure { active: false, parties: list.to_vec(), ..party(*first, true) })
                };
                let rest = list.get(written..).unwrap_or_default();
                figures.extend(rest.get(..1).and_then(idle));
                figures.extend(rest.get(1..).and_then(idle));
            }
        }
        let name = |f: &Figure| f.parties.first().map(|p| program.party_name(*p));
        figures.sort_by(|a, b| name(a).cmp(&name(b)));
        // parties that norms name and that are no members
        let strangers = named.iter().filter(|p| !frame.members.contains(p) && mentions.parties.contains(p));
        figures.extend(strangers.map(|p| party(*p, false)));
        if !frame.open.is_empty() && parties > MOST {
            reduced.insert(format!("more than {MOST} parties that nothing tells apart take part"));
        }
        for kind in &frame.open {
            figures.extend((0u32..).take(wanted).map(|i| Figure {
                actor: Actor::Unnamed(*kind, i),
                member: true,
                active: true,
                parties: Vec::new(),
                kind: Some(*kind),
            }));
        }
        figures.extend((0u32..).take(outsiders.min(MOST)).map(|i| Figure {
            actor: Actor::Outsider(i),
            member: false,
            active: true,
            parties: Vec::new(),
            kind: None,
        }));
        if figures.len() > FIGURES {
            reduced.insert(format!("it tells more than {FIGURES} parties apart"));
            figures.truncate(FIGURES);
        }
        let plain = Self { classes: group(&figures, &classes), figures, reduced, in_step: None };
        let idle: usize = plain.figures.iter().filter(|f| !f.active).map(|f| f.parties.len()).sum();
        if !(1..=IN_STEP).contains(&idle) {
            return plain;
        }
        let figures: Vec<Figure> = plain.figures.iter().map(|f| Figure { active: true, ..f.clone() }).collect();
        // whoever a question is about stands for itself: it comes before those who stand for others
        let in_step = Self { classes: group(&figures, &classes), figures, ..plain.clone() };
        Self { in_step: Some(Box::new(in_step)), ..plain }
    }

    /// Everybody in a situation, and the parties that norms name: nobody stands for another.
    #[must_use]
    pub fn everybody(frame: &Frame<'_>, situation: &Situation) -> Self {
        let program = frame.program;
        let (_, mentions) = frame.closure(frame.norms.iter().map(|n| n.id));
        let mut actors: BTreeMap<Actor, bool> = situation.others.iter().map(|a| (*a, false)).collect();
        actors.extend(mentions.parties.iter().map(|p| (Actor::Party(*p), false)));
        actors.extend(situation.members.iter().map(|a| (*a, true)));
        let figures = actors.into_iter().map(|(actor, member)| Figure {
            actor,
            member,
            active: true,
            parties: if let Actor::Party(p) = actor { vec![p] } else { Vec::new() },
            kind: match actor {
                Actor::Party(p) => program.parties.get(p.0 as usize).map(|p| p.kind),
                Actor::Unnamed(kind, _) => Some(kind),
                Actor::Outsider(_) => None,
            },
        });
        Self { figures: figures.collect(), ..Self::default() }
    }

    /// The same figures, where those who take part in nothing do so, all whom one stands for alike: what is found so is a situation
    /// where each of many does something. Nothing where nobody is idle, or too many are to write out what each of them does.
    #[must_use]
    pub fn in_step(&self) -> Option<&Self> {
        self.in_step.as_deref()
    }

    /// All figures, by place.
    pub fn figures(&self) -> impl Iterator<Item = (usize, &Figure)> {
        self.figures.iter().enumerate()
    }

    /// The figure at a place.
    #[must_use]
    pub fn figure(&self, place: usize) -> Option<&Figure> {
        self.figures.get(place)
    }

    /// The places of those that can act.
    pub fn active(&self) -> impl Iterator<Item = usize> {
        self.figures().filter(|(_, f)| f.active).map(|(i, _)| i)
    }

    /// Whether a figure takes part in nothing.
    #[must_use]
    pub fn is_idle(&self, place: usize) -> bool {
        self.figure(place).is_some_and(|f| !f.active)
    }

    /// The place of a party, where it stands alone or is the first of an idle class.
    #[must_use]
    pub fn place(&self, actor: Actor) -> Option<usize> {
        self.figures.iter().position(|f| f.actor == actor)
    }

    /// Whether this choice of figures is the first among those that exchanging alike parties makes of it: within a class, a
    /// figure is used only after those before it.
    #[must_use]
    pub fn is_first(&self, chosen: &[usize]) -> bool {
        self.classes.iter().all(|class| {
            let mut fresh = class.iter();
            let mut seen = BTreeSet::new();
            chosen.iter().filter(|c| class.contains(c)).all(|c| !seen.insert(*c) || fresh.next() == Some(c))
        })
    }
}

/// The figures of each class, of the open kinds, and the outsiders: within a list they are alike.
fn group(figures: &[Figure], classes: &[Vec<PartyId>]) -> Vec<Vec<usize>> {
    let mut out: BTreeMap<(usize, Option<KindId>), Vec<usize>> = BTreeMap::new();
    // at most so many of a class are written out, the first of them, and two for the rest
    let of: BTreeMap<PartyId, usize> =
        classes.iter().enumerate().flat_map(|(i, list)| list.iter().take(MOST + 2).map(move |p| (*p, i))).collect();
    for (place, figure) in figures.iter().enumerate().filter(|(_, f)| f.active) {
        let key = match figure.actor {
            Actor::Party(p) => match of.get(&p) {
                Some(class) => (*class, None),
                None => continue,
            },
            Actor::Unnamed(kind, _) => (usize::MAX, Some(kind)),
            Actor::Outsider(_) => (usize::MAX, None),
        };
        out.entry(key).or_default().push(place);
    }
    out.into_values().filter(|list| list.len() > 1).collect()
}

/// The members in lists of which nothing that is mentioned tells two apart, each by name; the named ones stand alone.
fn classes(frame: &Frame<'_>, mentions: &Mentions, named: &BTreeSet<PartyId>) -> Vec<Vec<PartyId>> {
    let key = (mentions.kinds.clone(), mentions.attributes.clone());
    let alike = frame.alike.of(key, || {
        let program = frame.program;
        let mut classes: BTreeMap<Vec<Told>, Vec<PartyId>> = BTreeMap::new();
        let changed = changed(frame);
        for party in &frame.members {
            classes.entry(told(program, *party, mentions, &changed)).or_default().push(*party);
        }
        let mut classes: Vec<Vec<PartyId>> = classes.into_values().collect();
        classes.iter_mut().for_each(|list| list.sort_by_key(|p| program.party_name(*p)));
        classes
    });
    let alone: Vec<Vec<PartyId>> = named.iter().filter(|p| frame.members.contains(p)).map(|p| vec![*p]).collect();
    if alone.is_empty() {
        return alike.to_vec();
    }
    let rest = alike.iter().map(|list| list.iter().filter(|p| !named.contains(p)).copied().collect());
    alone.into_iter().chain(rest).filter(|list: &Vec<PartyId>| !list.is_empty()).collect()
}

/// Classes by the kinds and attributes that tell them apart, found once for all questions that read the same in the same way;
/// the members, and what acts change, stay as they are from the first question on.
#[derive(Debug, Default)]
pub(super) struct Alike(Mutex<BTreeMap<Read, Arc<Vec<Vec<PartyId>>>>>);

/// The kinds and the attributes that a question reads, and how.
type Read = (BTreeSet<KindId>, BTreeMap<String, Reading>);

impl Alike {
    fn of(&self, read: Read, find: impl FnOnce() -> Vec<Vec<PartyId>>) -> Arc<Vec<Vec<PartyId>>> {
        // what another thread left half done is no map with a wrong entry: entries are whole
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(read).or_insert_with(|| Arc::new(find())))
    }
}

/// What tells a party apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// that it is of a kind, or not
    Kind(bool),
    /// a stated quantity
    Quantity(Linear),
    /// how a stated number that stays as it is compares with each with which it is compared, in their order
    Compared(Vec<bool>),
    /// a stated truth
    Bool(Formula),
    /// a stated text
    Text(String),
    /// nothing is stated but a range
    Unknown(Formula),
    /// nothing at all
    Nothing,
}

/// The attributes that some act changes.
fn changed<'p>(frame: &Frame<'p>) -> BTreeSet<&'p str> {
    let changes = frame.program.conduct.actions.iter().flat_map(|a| &a.changes);
    let name = |q: &'p Quantity| if let Quantity::Attribute(_, name) = q { Some(name.as_str()) } else { None };
    changes.filter_map(|c| name(&c.quantity)).collect()
}

fn told(program: &Program, id: PartyId, mentions: &Mentions, changed: &BTreeSet<&str>) -> Vec<Told> {
    let Some(party) = program.parties.get(id.0 as usize) else { return Vec::new() };
    let mut out: Vec<Told> = mentions.kinds.iter().map(|k| Told::Kind(program.is_kind(party.kind, *k))).collect();
    for (name, reading) in &mentions.attributes {
        out.push(match party.attributes.get(name) {
            None => Told::Nothing,
            Some(AttributeValue::Text(t)) => Told::Text(t.clone()),
            Some(AttributeValue::Region(r)) => Told::Text(r.words.clone()),
            Some(AttributeValue::Quantity(value, _)) => match value.vars().next() {
                None => match (reading, value.as_constant()) {
                    (Reading::Compared(with), Some(n)) if !changed.contains(name.as_str()) => {
                        Told::Compared(with.iter().map(|(how, other)| how.holds(n, other)).collect())
                    }
                    _ => Told::Quantity(value.clone()),
                },
                Some(x) => range(program, x).map_or(Told::Quantity(value.clone()), Told::Unknown),
            },
            Some(AttributeValue::Bool(value)) => match value.vars().into_iter().next() {
                None => Told::Bool(value.clone()),
                Some(x) => range(program, &x).map_or(Told::Bool(value.clone()), Told::Unknown),
            },
        });
    }
    out
}

/// The range of an unknown attribute with one name for all of them.
fn range(program: &Program, x: &Var) -> Option<Formula> {
    let unknown = program.unknowns.iter().find(|u| u.var == *x)?;
    if x.sort() == Sort::Bool {
        return Some(Formula::truth());
    }
    unknown.range.substitute(x, &Linear::var(&Var::new("\u{0}value", x.sort())))
}
