//! All minimal conflicts, smallest first.
//!
//! In: an oracle and labels. Out: every minimal set of labels that cannot all hold, by size and then by order, complete for
//! each size that is finished; what a limit cuts off makes the count a lower bound and says so.
//!
//! Every conflict meets the complement of every set that can hold. So size by size, a search branches over the members of a
//! known complement that it does not meet yet (R. Reiter's hitting-set tree, A Theory of Diagnosis from First Principles,
//! 1987), asks about the set when it meets them all, and where the set can hold, grows it and learns one more complement. A set
//! of k labels that cannot hold when all smaller conflicts are known is minimal. The search goes group by group
//! ([`Structure::parts`](super::Structure)): a thousand statements in five hundred independent pairs are five hundred small
//! searches. Each step depends on yes and no alone.

use std::collections::BTreeSet;

use super::bits::Bits;
use super::core::verify;
use super::oracle::{Oracle, Tri, Undecided};
use crate::logic::{Label, Unknown};

/// Where an enumeration stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many sets are wanted at most.
    pub sets: usize,
    /// How many steps a search may take in one group of connected statements: sets looked at, where a set that could hold
    /// and was grown counts twenty times.
    pub steps: u64,
}

impl Default for Limit {
    /// More than a reader can use, and some seconds of work in one group.
    fn default() -> Limit {
        Limit { sets: 1_000, steps: 20_000 }
    }
}

/// What it costs to grow a set: it takes a question for each label that cannot be added, and some.
const GROWTH: u64 = 20;

/// What an enumeration found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enumeration {
    /// Minimal conflicts, each in order, smallest first and then by order. Each was checked again: it cannot hold, and it can
    /// without any one of its members.
    pub sets: Vec<Vec<Label>>,
    /// There is no minimal conflict of at most this size that is not listed. The number of labels when all are listed.
    pub complete_to_size: usize,
    /// Whether there may be more than are listed.
    pub lower_bound: bool,
    /// The first question that stayed open, if one did.
    pub undecided: Option<Unknown>,
}

/// All minimal conflicts among `labels`.
pub fn minimal_conflicts(oracle: &mut dyn Oracle, labels: &[Label], limit: Limit) -> Enumeration {
    let mut labels = labels.to_vec();
    labels.sort();
    labels.dedup();
    let mut out = Enumeration { complete_to_size: labels.len(), ..Enumeration::default() };
    match oracle.consistent(&[]) {
        Tri::Yes => {}
        Tri::No => {
            out.sets.push(Vec::new());
            return out;
        }
        Tri::Unknown(why) => {
            out.complete_to_size = 0;
            out.lower_bound = true;
            out.undecided = Some(why);
            return out;
        }
    }
    let structure = oracle.structure(&labels);
    let mut stated = structure.stated;
    stated.iter_mut().for_each(|set| {
        set.sort();
        set.dedup();
    });
    stated.sort_by_key(|set| set.len());
    let mut stated = stated.into_iter().peekable();
    let mut parts: Vec<Part> = structure.parts.into_iter().map(Part::new).collect();
    let mut found = Found::default();
    let mut size = 0;
    while size < labels.len() && (stated.peek().is_some() || parts.iter().any(|p| p.state == State::Open)) {
        size += 1;
        let mut news = Vec::new();
        while let Some(set) = stated.next_if(|set| set.len() <= size) {
            if !found.within(&set) {
                found.add(&set);
                news.push(set);
            }
        }
        for part in parts.iter_mut().filter(|p| p.state == State::Open) {
            part.block(&news);
            match part.round(oracle, size, limit) {
                Ok(sets) => {
                    for set in sets {
                        found.add(&set);
                        news.push(set);
                    }
                }
                Err(stop) => {
                    part.state = State::Stopped;
                    out.lower_bound = true;
                    out.complete_to_size = out.complete_to_size.min(size - 1);
                    if let Stop::Open(why) = stop {
                        out.undecided.get_or_insert(why);
                    }
                    news.append(&mut part.fresh);
                }
            }
        }
        news.sort();
        for set in news {
            match verify(oracle, &set) {
                Ok(()) => out.sets.push(set),
                Err(Undecided(why)) => {
                    out.lower_bound = true;
                    out.complete_to_size = out.complete_to_size.min(size - 1);
                    out.undecided.get_or_insert(why);
                }
            }
        }
        if out.sets.len() >= limit.sets && (stated.peek().is_some() || parts.iter().any(|p| p.state == State::Open)) {
            out.lower_bound = true;
            out.complete_to_size = out.complete_to_size.min(size);
            break;
        }
    }
    if out.sets.len() > limit.sets {
        out.sets.truncate(limit.sets);
        out.lower_bound = true;
        let last = out.sets.last().map_or(1, Vec::len);
        out.complete_to_size = out.complete_to_size.min(last - 1);
    }
    out
}

/// Sets found so far, by their first member.
#[derive(Default)]
struct Found {
    by_first: std::collections::BTreeMap<Label, Vec<Vec<Label>>>,
}

impl Found {
    fn add(&mut self, set: &[Label]) {
        if let Some(first) = set.first() {
            self.by_first.entry(*first).or_default().push(set.to_vec());
        }
    }

    /// Whether `set` contains a set that was found.
    fn within(&self, set: &[Label]) -> bool {
        let members: BTreeSet<&Label> = set.iter().collect();
        set.iter().filter_map(|l| self.by_first.get(l)).flatten().any(|known| known.iter().all(|l| members.contains(l)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Done,
    Stopped,
}

/// Why a search ended early.
enum Stop {
    Steps,
    Open(Unknown),
}

/// The search within one group.
struct Part {
    labels: Vec<Label>,
    /// Complements of sets that can hold.
    complements: Vec<Bits>,
    /// Conflicts that were found, by each of their members.
    blocked: Vec<Vec<Bits>>,
    steps: u64,
    /// Which label the next growth begins with, so that complements differ.
    turn: usize,
    state: State,
    /// Found in this round.
    fresh: Vec<Vec<Label>>,
}

impl Part {
    fn new(mut labels: Vec<Label>) -> Part {
        labels.sort();
        let blocked = labels.iter().map(|_| Vec::new()).collect();
        Part { labels, complements: Vec::new(), blocked, steps: 0, turn: 0, state: State::Open, fresh: Vec::new() }
    }

    /// Takes note of conflicts found elsewhere, where they lie within this group.
    fn block(&mut self, sets: &[Vec<Label>]) {
        for set in sets {
            let places: Option<Vec<usize>> = set.iter().map(|l| self.labels.binary_search(l).ok()).collect();
            if let Some(places) = places {
                self.block_places(&places);
            }
        }
    }

    fn block_places(&mut self, places: &[usize]) {
        let bits = Bits::of(self.labels.len(), places);
        for &i in places {
            if let Some(list) = self.blocked.get_mut(i) {
                list.push(bits.clone());
            }
        }
    }

    /// All minimal conflicts of `size` labels; those of fewer are known. Closes the group when there can be no larger one.
    fn round(&mut self, oracle: &mut dyn Oracle, size: usize, limit: Limit) -> Result<Vec<Vec<Label>>, Stop> {
        let mut cut = false;
        let mut chosen = Bits::none(self.labels.len());
        let mut excluded = Bits::none(self.labels.len());
        self.search(oracle, &mut chosen, &mut excluded, size, limit, &mut cut)?;
        if !cut {
            self.state = State::Done;
        }
        Ok(std::mem::take(&mut self.fresh))
    }

    fn search(
        &mut self,
        oracle: &mut dyn Oracle,
        chosen: &mut Bits,
        excluded: &mut Bits,
        left: usize,
        limit: Limit,
        cut: &mut bool,
    ) -> Result<(), Stop> {
        self.steps += 1;
        if self.steps > limit.steps || self.fresh.len() > limit.sets {
            return Err(Stop::Steps);
        }
        let branch = match self.unmet(chosen, excluded, left) {
            Unmet::None => match self.grow(oracle, chosen)? {
                Some(complement) => {
                    let branch = complement.minus(excluded);
                    self.complements.push(complement);
                    branch
                }
                None => {
                    // all smaller conflicts are blocked, so one that cannot hold before its size is reached is a contradiction
                    let places = chosen.places();
                    if left > 0 {
                        let why = format!("the solver contradicted itself on {:?}", self.at(&places));
                        return Err(Stop::Open(Unknown::Fault(why)));
                    }
                    self.block_places(&places);
                    let set = self.at(&places);
                    self.fresh.push(set);
                    return Ok(());
                }
            },
            Unmet::TooMany => {
                *cut = true;
                return Ok(());
            }
            Unmet::Some(branch) => branch,
        };
        if left == 0 {
            *cut = *cut || !branch.is_empty();
            return Ok(());
        }
        let places = branch.places();
        for &i in &places {
            chosen.insert(i);
            if !self.blocked.get(i).into_iter().flatten().any(|known| known.within(chosen)) {
                self.search(oracle, chosen, excluded, left - 1, limit, cut)?;
            }
            chosen.remove(i);
            excluded.insert(i);
        }
        places.iter().for_each(|&i| excluded.remove(i));
        Ok(())
    }

    /// The known complement with the fewest open members that `chosen` does not meet.
    fn unmet(&self, chosen: &Bits, excluded: &Bits, left: usize) -> Unmet {
        let mut best: Option<(usize, Bits)> = None;
        let mut apart = Bits::none(self.labels.len());
        let mut needed = 0;
        for c in &self.complements {
            if c.meets(chosen) {
                continue;
            }
            let open = c.minus(excluded);
            let count = open.len();
            if !open.meets(&apart) {
                apart.extend(&open);
                needed += 1;
            }
            if best.as_ref().is_none_or(|(least, _)| count < *least) {
                best = Some((count, open));
            }
        }
        match best {
            None => Unmet::None,
            // as many that share no member cannot be met by what is left
            Some((count, _)) if needed > left && count > 0 => Unmet::TooMany,
            Some((_, open)) => Unmet::Some(open),
        }
    }

    fn at(&self, places: &[usize]) -> Vec<Label> {
        places.iter().filter_map(|&i| self.labels.get(i)).copied().collect()
    }

    /// Nothing if `chosen` cannot hold. Else it is grown, label by label from where the turn stands, and what could not be
    /// added is returned.
    fn grow(&mut self, oracle: &mut dyn Oracle, chosen: &Bits) -> Result<Option<Bits>, Stop> {
        let mut inside = self.at(&chosen.places());
        match oracle.consistent_beyond(&inside) {
            Tri::Yes => {}
            Tri::No => return Ok(None),
            Tri::Unknown(why) => return Err(Stop::Open(why)),
        }
        self.steps += GROWTH;
        let n = self.labels.len();
        let mut queue: Vec<Label> = Vec::new();
        for k in 0..n {
            let i = (self.turn + k) % n;
            if !chosen.contains(i) {
                queue.extend(self.labels.get(i));
            }
        }
        self.turn += n / 2 + 1;
        let mut stack: Vec<Vec<Label>> = Vec::from_iter((!queue.is_empty()).then_some(queue));
        let mut outside = Vec::new();
        while let Some(run) = stack.pop() {
            // half by half, with the same result as one by one
            let mut all = inside.clone();
            all.extend(&run);
            match oracle.consistent_beyond(&all) {
                Tri::Yes => inside = all,
                Tri::No => match run.as_slice() {
                    [only] => outside.push(*only),
                    _ => {
                        let (first, second) = run.split_at(run.len() / 2);
                        stack.push(second.to_vec());
                        stack.push(first.to_vec());
                    }
                },
                Tri::Unknown(why) => return Err(Stop::Open(why)),
            }
        }
        let places: Vec<usize> = outside.iter().filter_map(|l| self.labels.binary_search(l).ok()).collect();
        Ok(Some(Bits::of(n, &places)))
    }
}

enum Unmet {
    None,
    TooMany,
    Some(Bits),
}
