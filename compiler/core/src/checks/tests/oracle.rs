//! Semantics §7 by definition: every settlement, day and cell of small random programs, one after the other.
//!
//! The oracle below knows nothing of formulas: statements are plain records, and whether two of them clash on a cell, on a
//! day, under a settlement is computed from the wording of §5 and §6. What the checker finds must be the same sets.

use super::build::*;
use crate::logic::{Formula, Linear};
use crate::model::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CELLS: usize = 3;
const PARTIES: usize = 3;
const DAYS: std::ops::Range<i64> = 0..5;
const VALUES: usize = 3;

/// When a statement is on.
#[derive(Debug, Clone, Copy)]
struct When {
    /// first and last day
    days: (Option<i64>, Option<i64>),
    /// term, value, and whether the term must have it or must not
    term: Option<(usize, usize, bool)>,
}

#[derive(Debug, Clone)]
enum Says {
    Claim(usize, usize, Option<u8>),
    Recognises(usize, usize),
    Jointly(usize, usize),
    Lease(usize, usize),
    Delegates(usize, usize),
    Waives(usize),
    SetAside(usize, usize),
    Frozen(Option<i64>),
    Common,
    Accepts(usize),
}

#[derive(Debug, Clone)]
struct Said {
    says: Says,
    cells: u8,
    when: When,
}

fn when() -> impl Strategy<Value = When> {
    let days = prop_oneof![
        3 => Just((None, None)),
        1 => DAYS.prop_map(|d| (Some(d), None)),
        1 => DAYS.prop_map(|d| (None, Some(d))),
        1 => (DAYS, DAYS).prop_map(|(a, b)| (Some(a.min(b)), Some(a.max(b)))),
    ];
    let term = prop_oneof![
        2 => Just(None),
        3 => (0..2usize, 0..VALUES, any::<bool>()).prop_map(Some),
    ];
    (days, term).prop_map(|(days, term)| When { days, term })
}

fn said() -> impl Strategy<Value = Said> {
    let two = || (0..PARTIES, 1..PARTIES).prop_map(|(p, d)| (p, (p + d) % PARTIES));
    let says = prop_oneof![
        8 => (0..PARTIES).prop_map(|p| Says::Claim(p, 0, None)),
        2 => (0..PARTIES).prop_map(|p| Says::Claim(p, 1, None)),
        3 => (0..PARTIES, 2..8u8).prop_map(|(p, tenths)| Says::Claim(p, 3, Some(tenths))),
        2 => (0..PARTIES, 0..PARTIES).prop_map(|(p, q)| Says::Recognises(p, q)),
        1 => two().prop_map(|(p, q)| Says::Jointly(p, q)),
        1 => two().prop_map(|(p, q)| Says::Lease(p, q)),
        2 => two().prop_map(|(p, q)| Says::Delegates(p, q)),
        1 => (0..PARTIES).prop_map(Says::Waives),
        1 => two().prop_map(|(p, q)| Says::SetAside(p, q)),
        1 => proptest::option::of(DAYS).prop_map(Says::Frozen),
        1 => Just(Says::Common),
        3 => (0..PARTIES).prop_map(Says::Accepts),
    ];
    (says, 1..1u8 << CELLS, when()).prop_map(|(says, cells, when)| Said { says, cells, when })
}

/// One day, settlement and cell.
#[derive(Clone, Copy)]
struct At {
    day: i64,
    settlement: [usize; 2],
    cell: usize,
}

impl Said {
    fn covers(&self, cell: usize) -> bool {
        self.cells & (1 << cell) != 0
    }

    fn on(&self, at: At) -> bool {
        let (from, until) = self.when.days;
        let begin = match self.says {
            Says::Frozen(Some(d)) => at.day >= d,
            _ => true,
        };
        let term = self.when.term.is_none_or(|(t, v, is)| (at.settlement[t] == v) == is);
        begin && self.covers(at.cell) && from.is_none_or(|d| at.day >= d) && until.is_none_or(|d| at.day <= d) && term
    }
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
        let waived = self.0.iter().any(|w| matches!(w.says, Says::Waives(p) if p == by) && w.on(at));
        let _ = right;
        s.on(at) && !waived
    }

    fn begun(&self, s: &Said, by: usize, right: usize, until: i64, at: At) -> bool {
        // no day before the first of DAYS tells more than that day itself does
        (DAYS.start - 1..=until).any(|day| self.stands(s, by, right, At { day, ..at }))
    }

    fn reaches(&self, p: usize, q: usize, at: At) -> bool {
        let mut seen = BTreeSet::from([p]);
        for _ in 0..PARTIES {
            for s in self.0.iter().filter(|s| s.on(at)) {
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
            .any(|s| matches!(s.says, Says::SetAside(a, b) if (a, b) == (p, q) || (b, a) == (p, q)) && s.on(at))
    }

    fn agreed(&self, a: (&Said, usize, usize, usize), b: (&Said, usize, usize, usize), at: At) -> bool {
        let ((x, p, r, by), (y, q, s, other)) = (a, b);
        let stated = self.0.iter().filter(|c| c.on(at)).any(|c| match c.says {
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
                    Says::Common => r < 2 && b.on(at),
                    Says::Frozen(Some(d)) => r != 2 && b.on(at) && !self.begun(a, p, r, d, at),
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

/// The program of the records.
fn program(said: &[Said]) -> Pact {
    let mut p = Pact::new("0 1 2");
    let terms = [p.one_of("s", "x y z"), p.one_of("t", "x y z")];
    for name in ["P0", "P1", "P2"] {
        p.party(name);
    }
    for s in said {
        let names: Vec<String> = (0..CELLS).filter(|c| s.covers(*c)).map(|c| c.to_string()).collect();
        let region = p.region(&names.join(" "));
        let today = Linear::var(&day());
        let term =
            s.when.term.map_or_else(
                Formula::truth,
                |(t, v, is)| {
                    if is { terms[t][v].clone() } else { Formula::not(&terms[t][v]) }
                },
            );
        let mut on = vec![term.clone()];
        on.extend(s.when.days.0.map(|d| Formula::ge(&today, &number(d))));
        on.extend(s.when.days.1.map(|d| Formula::le(&today, &number(d))));
        let id = |p: usize| PartyId(u32::try_from(p).expect("few"));
        let (parties, kind) = match s.says {
            Says::Claim(p, r, share) => {
                let right = RightId(u32::try_from(r).expect("few"));
                let quota = share.map(|n| ratio(i64::from(n), 10));
                (vec![id(p)], StatementKind::Claim { party: id(p), right, region, quota })
            }
            Says::Recognises(p, q) => {
                let kind = StatementKind::Recognition { party: id(p), holder: id(q), right: RightId(0), region };
                (vec![id(p)], kind)
            }
            Says::Jointly(p, q) => {
                let parties = vec![id(p), id(q)];
                (parties.clone(), StatementKind::Jointly { parties, right: RightId(0), region })
            }
            Says::Lease(p, q) => {
                (vec![id(p)], StatementKind::Lease { party: id(p), to: id(q), right: RightId(1), region })
            }
            Says::Delegates(p, q) => (vec![id(p)], StatementKind::Delegation { party: id(p), to: id(q), region }),
            Says::Waives(p) => (vec![id(p)], StatementKind::Waiver { party: id(p), right: None, region }),
            Says::SetAside(p, q) => {
                let parties = vec![id(p), id(q)];
                (parties.clone(), StatementKind::SetAside { parties, region })
            }
            Says::Frozen(d) => {
                on.extend(d.map(|d| Formula::ge(&today, &number(d))));
                (vec![id(0), id(1), id(2)], StatementKind::Frozen { region, from: d.map(number) })
            }
            Says::Common => (vec![id(0), id(1), id(2)], StatementKind::Common { region }),
            Says::Accepts(p) => {
                on.clear();
                (vec![id(p)], StatementKind::Acceptance { party: id(p), condition: term })
            }
        };
        p.say(&parties, kind, Formula::and(on));
    }
    p
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
            let set = f.statements.iter().map(|s| s.text[1..].parse::<usize>().expect("s1") - 1).collect();
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
