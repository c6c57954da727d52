//! The smallest situation that still shows what was found.
//!
//! In: a situation and what it holds. Out: one from which nothing can be taken away, in which nothing lasts longer or comes later
//! than it must, found step by step: each step is worked out anew.

use super::walk::Ground;
use crate::model::StatementId;
use crate::model::conduct::{Happening, Occurrence, Situation, Value};

/// So many situations are tried at most.
const MOST: usize = 600;

pub(super) fn shrink(ground: &Ground<'_>, situation: &Situation, what: (&'static str, StatementId)) -> Situation {
    let mut best = situation.clone();
    let mut tries = 0;
    let mut unfounded = ground.unfounded(&best);
    loop {
        let mut smaller = None;
        for next in simpler(ground, &best) {
            tries += 1;
            if tries > MOST {
                return best;
            }
            // a finding without its breach is another story
            let now = ground.unfounded(&next);
            if now <= unfounded && ground.met(&next, Some(what)).contains(&what) {
                unfounded = now;
                smaller = Some(next);
                break;
            }
        }
        match smaller {
            Some(next) => best = next,
            None => return best,
        }
    }
}

/// Situations that are simpler by one step, the greatest steps first.
fn simpler(ground: &Ground<'_>, from: &Situation) -> Vec<Situation> {
    let mut out = Vec::new();
    let mut with = |occurrences: Vec<Occurrence>| {
        let mut next = Situation { occurrences, ..from.clone() };
        next.occurrences.sort();
        if next.occurrences != from.occurrences {
            out.push(next);
        }
    };
    let all = &from.occurrences;
    for at in 0..all.len() {
        with(all.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, o)| o.clone()).collect());
    }
    let changed = |at: usize, f: &dyn Fn(&mut Occurrence)| {
        let mut next = all.clone();
        next.get_mut(at).into_iter().for_each(f);
        next
    };
    for (at, o) in all.iter().enumerate() {
        if o.to != Some(o.from) {
            with(changed(at, &|o| o.to = Some(o.from)));
        }
        let lasts = o.to.map(|to| to - o.from);
        for day in [0, o.from / 2, o.from - 1] {
            if (0..o.from).contains(&day) {
                with(changed(at, &|o| {
                    o.from = day;
                    o.to = lasts.map(|n| day + n);
                }));
            }
        }
        if let Happening::Act { place: Some(_), .. } = &o.what {
            with(changed(at, &|o| {
                if let Happening::Act { place, .. } = &mut o.what {
                    *place = None;
                }
            }));
        }
        // with all that comes behind it
        let before = at.checked_sub(1).and_then(|b| all.get(b)).map_or(0, |b| b.from);
        for less in [o.from - before, (o.from - before) / 2, 1] {
            if at + 1 < all.len() && (1..=o.from).contains(&less) {
                let mut next = all.clone();
                for o in next.iter_mut().skip(at) {
                    o.from -= less;
                    o.to = o.to.map(|to| to - less);
                }
                with(next);
            }
        }
        let Happening::Act { action, arguments, .. } = &o.what else { continue };
        let parameters = ground.program.conduct.action(*action).map_or(&[][..], |a| a.parameters.as_slice());
        for (place, (parameter, argument)) in parameters.iter().zip(arguments).enumerate() {
            let default = parameter.default.as_ref().and_then(|d| d.as_constant());
            if let (Some(default), Value::Number(n)) = (default, argument)
                && n != default
            {
                with(changed(at, &|o| {
                    if let Happening::Act { arguments, .. } = &mut o.what
                        && let Some(slot) = arguments.get_mut(place)
                    {
                        *slot = Value::Number(default.clone());
                    }
                }));
            }
        }
    }
    out
}
