//! What walks are steered to: measures in force are taken, acts are answered in kind, and now and then everybody but one keeps
//! what is owed.
//!
//! In: a walk so far. Out: one more act, or the walk with what was broken besides mended. This makes situations likelier and decides
//! nothing: what a situation holds is read off it afterwards.

use super::answers::{act, is_left_open};
use super::situations::last_day;
use super::walk::{Ground, pick};
use crate::evaluate::situation::{Breach, Run};
use crate::logic::sample::Sample;
use crate::model::conduct::{Actor, Deed, Force, Happening, NormId, Occurrence, Situation, Value, Who};

/// So many rounds of mending, of walks of so many things.
const ROUNDS: usize = 6;
const MOST: usize = 24;

impl Ground<'_> {
    /// Somebody does what a rule that was set off demands or permits on a day.
    pub(super) fn measure(&self, run: &Run<'_>, day: i64, sample: &mut Sample) -> Option<Occurrence> {
        let conduct = &self.program.conduct;
        let acts = |id: NormId| {
            conduct.norm(id).is_some_and(|n| {
                matches!(n.deed, Deed::Act(_)) && !is_left_open(n) && !matches!(n.force, Force::MustNot | Force::Should)
            })
        };
        let open: Vec<usize> = (0..run.instances().len())
            .filter(|at| {
                run.instances().get(*at).is_some_and(|i| {
                    i.firing.is_some() && acts(i.norm) && i.first <= day && i.last.is_none_or(|last| day <= last)
                })
            })
            .collect();
        let at = *pick(&open, sample)?;
        let instance = run.instances().get(at)?;
        let norm = conduct.norm(instance.norm)?;
        let all: Vec<Occurrence> =
            run.due_values(at, day).into_iter().filter_map(|(values, _)| self.made(norm, &values, day)).collect();
        // who has taken one measure rather takes the next
        let same = |o: &&Occurrence| run.situation().occurrences.iter().any(|known| parties(known) == parties(o));
        let known: Vec<Occurrence> = all.iter().filter(same).cloned().collect();
        let from = if known.is_empty() || sample.below(3) == 0 { &all } else { &known };
        let mut made = pick(from, sample)?.clone();
        if sample.below(3) == 0 {
            made.to = None;
        }
        Some(made)
    }

    /// Whoever was the target of an act does the same to its author on the next day: of a measure rather than of another act.
    pub(super) fn strike_back(&self, run: &Run<'_>, sample: &mut Sample) -> Option<Occurrence> {
        let happened = &run.situation().occurrences;
        let between = |o: &&Occurrence| act(o).is_some_and(|(_, by, with)| other(by, with).is_some());
        let all: Vec<&Occurrence> = happened.iter().filter(between).collect();
        let of_rule = |o: &&&Occurrence| act(o).is_some_and(|(action, ..)| self.answering.contains(&action));
        let measures: Vec<&Occurrence> = all.iter().filter(of_rule).copied().collect();
        let first = *pick(if measures.is_empty() { &all } else { &measures }, sample)?;
        let (action, by, with) = act(first)?;
        let mut arguments = with.to_vec();
        arguments.swap(0, other(by, with)?);
        let day = first.from + 1;
        Some(Occurrence { from: day, to: Some(day), what: Happening::Act { action, arguments, place: None } })
    }

    /// Mends what is broken but for what the first to break something broke: what should not have been done was not, what should
    /// have been was.
    pub(super) fn keep(&self, situation: &mut Situation) {
        let mut spared: Option<(Option<Actor>, NormId)> = None;
        for _ in 0..ROUNDS {
            // what is done sets off more
            if situation.occurrences.len() > MOST {
                return;
            }
            let (mut gone, mut more) = (Vec::new(), Vec::new());
            {
                let run = Run::new(self.program, self.charter, situation, last_day(situation) + self.reach);
                let first = run.breaches().iter().find(|b| b.truth.is_yes() && b.subject.is_some());
                let but = *spared.get_or_insert_with(|| first.map_or((None, NormId(0)), |b| (b.subject, b.norm)));
                for b in run.breaches().iter().filter(|b| !b.truth.is_no() && (b.subject, b.norm) != but) {
                    match b.act {
                        Some(act) => gone.push(act),
                        None => more.extend(self.done(&run, b)),
                    }
                }
            }
            if gone.is_empty() && more.is_empty() {
                return;
            }
            let kept = std::mem::take(&mut situation.occurrences).into_iter().enumerate();
            situation.occurrences = kept.filter(|(at, _)| !gone.contains(at)).map(|(_, o)| o).chain(more).collect();
            situation.occurrences.sort();
            situation.occurrences.dedup();
        }
    }

    /// The act that was missing, on the first day on which it is lawful; of a group one of its members does it.
    fn done(&self, run: &Run<'_>, breach: &Breach) -> Option<Occurrence> {
        let instance = run.instances().get(breach.instance)?;
        let norm = self.program.conduct.norm(instance.norm)?;
        let mut values = instance.values.clone();
        if let (Who::Var(v), None) = (norm.subject, breach.subject) {
            let group = run.admitted_values(breach.instance, instance.first);
            let one = group.iter().find_map(|(values, _)| values.get(v.0 as usize).copied().flatten());
            *values.get_mut(v.0 as usize)? = one;
        } else if let Who::Var(v) = norm.subject {
            *values.get_mut(v.0 as usize)? = breach.subject;
        }
        let last = instance.deadline.unwrap_or(breach.day).min(run.horizon());
        let mut made = (instance.first..=last)
            .filter_map(|day| self.made(norm, &values, day))
            .find(|act| run.lawful(act, act.from).0.is_yes())?;
        if !norm.is_point_duty() {
            made.to = None;
        }
        Some(made)
    }
}

/// Whom an act names, in order.
fn parties(o: &Occurrence) -> Vec<Actor> {
    let Happening::Act { arguments, .. } = &o.what else { return Vec::new() };
    arguments.iter().filter_map(|v| if let Value::Actor(a) = v { Some(*a) } else { None }).collect()
}

/// The first argument behind the actor that is somebody else.
fn other(by: Actor, with: &[Value]) -> Option<usize> {
    with.iter().enumerate().skip(1).find(|(_, v)| matches!(v, Value::Actor(a) if *a != by)).map(|(at, _)| at)
}
