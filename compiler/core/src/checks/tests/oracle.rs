//! Semantics §7 by definition: every settlement, day and cell of small random programs, one after the other.
//!
//! The oracle below knows nothing of formulas: statements are plain records, and whether two of them clash on a cell, on a
//! day, under a settlement is computed from the wording of §5 and §6. What the checker finds must be the same sets.

use super::build::witness;
use super::random::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One day, settlement and cell.
#[derive(Clone, Copy)]
struct At {
    day: i64,
    settlement: [usize; 2],
    cell: usize,
}

fn on(s: &Said, at: At) -> bool {
    let (from, until) = s.when.days;
    let begin = match s.says {
        Says::Frozen(Some(d)) => at.day >= d,
        _ => true,
    };
    let term = s.when.term.is_none_or(|(t, v, is)| (at.settlement[t] == v) == is);
    begin && s.covers(at.cell) && from.is_none_or(|d| at.day >= d) && until.is_none_or(|d| at.day <= d) && term
}

/// p, the right, and whose word it is.
fn holders(s: &Said) -> Vec<(usize, usize)> {
    match s.says {
        Says::Claim(p, r, _) => vec![(p, r)],
        Says::Jointly(p, q) => vec![(p, 0), (q, 0)],
        _ => Vec::new(),
    }
}

fn excludes(r: usize, s: usize) -> bool {
    r < 2 && s < 2
}

struct Oracle<'s>(&'s [Said]);

impl Oracle<'_> {
    fn stands(&self, s: &Said, by: usize, right: usize, at: At) -> bool {
        let waived = self.0.iter().any(|w| matches!(w.says, Says::Waives(p) if p == by) && on(w, at));
        let _ = right;
        on(s, at) && !waived
    }

    fn begun(&self, s: &Said, by: usize, right: usize, until: i64, at: At) -> bool {
        // no day before the first of DAYS tells more than that day itself does
        (DAYS.start - 1..=until).any(|day| self.stands(s, by, right, At { day, ..at }))
    }

    fn reaches(&self, p: usize, q: usize, at: At) -> bool {
        let mut seen = BTreeSet::from([p]);
        for _ in 0..PARTIES {
            for s in self.0.iter().filter(|s| on(s, at)) {
                if let Says::Delegates(a, b) = s.says
                    && seen.contains(&a)
                {
                    seen.insert(b);
                }
            }
        }
        p != q && seen.contains(&q)
    }

    fn aside(&self, p: usize, q: usize, at: At) -> bool {
        self.0
            .iter()
            .any(|s| matches!(s.says, Says::SetAside(a, b) if (a, b) == (p, q) || (b, a) == (p, q)) && on(s, at))
    }

    fn agreed(&self, a: (&Said, usize, usize, usize), b: (&Said, usize, usize, usize), at: At) -> bool {
        let ((x, p, r, by), (y, q, s, other)) = (a, b);
        let stated = self.0.iter().filter(|c| on(c, at)).any(|c| match c.says {
            Says::Jointly(j, k) => r == 0 && s == 0 && [j, k].contains(&p) && [j, k].contains(&q),
            Says::Lease(j, k) => (j, k, 1) == (p, q, s) || (j, k, 1) == (q, p, r),
            Says::Frozen(d) => d.is_none_or(|d| self.begun(x, by, r, d, at) && self.begun(y, other, s, d, at)),
            _ => false,
        });
        stated || self.aside(p, q, at) || self.reaches(p, q, at) || self.reaches(q, p, at)
    }

    /// Whether two statements clash at one cell, day and settlement.
    fn pair(&self, x: &Said, y: &Said, at: At) -> bool {
        for (a, b) in [(x, y), (y, x)] {
            for (p, r) in holders(a) {
                if !self.stands(a, p, r, at) {
                    continue;
                }
                for (q, s) in holders(b) {
                    if p != q
                        && excludes(r, s)
                        && self.stands(b, q, s, at)
                        && !self.agreed((a, p, r, p), (b, q, s, q), at)
                    {
                        return true;
                    }
                }
                let clash = match b.says {
                    Says::Recognises(by, q) => {
                        p != q
                            && excludes(r, 0)
                            && self.stands(b, by, 0, at)
                            && !self.agreed((a, p, r, p), (b, q, 0, by), at)
                            && !self.aside(by, p, at)
                    }
                    Says::Common => r < 2 && on(b, at),
                    Says::Frozen(Some(d)) => r != 2 && on(b, at) && !self.begun(a, p, r, d, at),
                    _ => false,
                };
                if clash {
                    return true;
                }
            }
            if let (Says::Recognises(by, q), Says::Recognises(again, s)) = (&a.says, &b.says)
                && by == again
                && q != s
                && self.stands(a, *by, 0, at)
                && self.stands(b, *by, 0, at)
                && !self.agreed((a, *q, 0, *by), (b, *s, 0, *by), at)
            {
                return true;
            }
        }
        false
    }

    /// Whether a set clashes inside under a settlement.
    fn bites(&self, set: &[usize], settlement: [usize; 2]) -> bool {
        for day in DAYS.start - 1..DAYS.end + 1 {
            for cell in 0..CELLS {
                let at = At { day, settlement, cell };
                let pair = |i: usize, j: usize| i < j && self.pair(&self.0[i], &self.0[j], at);
                if set.iter().any(|i| set.iter().any(|j| pair(*i, *j))) {
                    return true;
                }
                let tenths = |i: &usize| match self.0[*i].says {
                    Says::Claim(p, 3, Some(n)) if self.stands(&self.0[*i], p, 3, at) => u32::from(n),
                    _ => 0,
                };
                if set.iter().map(tenths).sum::<u32>() > 10 {
                    return true;
                }
            }
        }
        false
    }

    fn accepted(&self, set: &[usize], settlement: [usize; 2]) -> bool {
        set.iter().all(|i| match (&self.0[*i].says, self.0[*i].when.term) {
            (Says::Accepts(_), Some((t, v, is))) => (settlement[t] == v) == is,
            _ => true,
        })
    }
}

fn settlements() -> Vec<[usize; 2]> {
    (0..VALUES).flat_map(|a| (0..VALUES).map(move |b| [a, b])).collect()
}

/// The sets for which `holds` is true and for none of whose parts it is.
fn minimal(n: usize, holds: impl Fn(&[usize]) -> bool) -> BTreeSet<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = (0..1u32 << n).map(|s| (0..n).filter(|i| s & (1 << i) != 0).collect()).collect();
    sets.sort_by_key(Vec::len);
    let mut out: BTreeSet<Vec<usize>> = BTreeSet::new();
    for set in sets {
        if !out.iter().any(|m| m.iter().all(|i| set.contains(i))) && holds(&set) {
            out.insert(set);
        }
    }
    out
}

/// The place of a statement that calls itself `s3`.
fn number_of(text: &str) -> usize {
    text.strip_prefix('s').and_then(|n| n.parse::<usize>().ok()).expect("s1") - 1
}

fn check_against_definition(said: &[Said]) {
    let oracle = Oracle(said);
    let n = said.len();
    let assertions: Vec<usize> = (0..n).filter(|i| !matches!(said[*i].says, Says::Accepts(_))).collect();
    let only = |set: &[usize]| set.iter().all(|i| assertions.contains(i));
    let clashing = minimal(n, |set| only(set) && settlements().iter().any(|s| oracle.bites(set, *s)));
    let standing: BTreeMap<Vec<usize>, bool> =
        clashing.iter().map(|set| (set.clone(), settlements().iter().all(|s| oracle.bites(set, *s)))).collect();
    let acceptances = minimal(n, |set| {
        set.iter().all(|i| !assertions.contains(i)) && !settlements().iter().any(|s| oracle.accepted(set, *s))
    });
    let none_left = minimal(n, |set| {
        (acceptances.is_empty() || only(set))
            && !settlements().iter().any(|s| oracle.accepted(set, *s) && !oracle.bites(set, *s))
    });

    let report = program(said).check();
    assert_eq!(report.undecided, [], "{said:#?}");
    let mut expected = BTreeSet::new();
    for (set, standing) in &standing {
        if !standing {
            expected.insert((false, set.clone()));
        }
    }
    expected.extend(none_left.iter().map(|set| (true, set.clone())));
    expected.extend(acceptances.iter().map(|set| (true, set.clone())));
    let got: BTreeSet<(bool, Vec<usize>)> = report
        .findings
        .iter()
        .filter(|f| ["B01", "B02", "B03", "T01"].contains(&f.code.as_str()))
        .map(|f| {
            let set = f.statements.iter().map(|s| number_of(&s.text)).collect();
            (f.level == crate::report::Level::Error, set)
        })
        .collect();
    assert_eq!(got, expected, "{said:#?}");
    assert_eq!(witness(&report, "B01").is_some(), none_left.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_finds_what_the_definition_says(said in proptest::collection::vec(said(), 2..8)) {
        check_against_definition(&said);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// The evaluator agrees with the encoding wherever conditions are sums, dates and unknowns.
    #[test]
    fn the_evaluator_and_the_encoding_agree_on_numbers(said in with_numbers()) {
        numeric_program(&said).check();
    }
}
