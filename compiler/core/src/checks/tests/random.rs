//! Random small programs: as plain records for the oracle, and with numbers, sums and open dates for comparing provers.

use super::build::*;
use crate::logic::{Formula, Linear};
use crate::model::*;
use proptest::prelude::*;

pub(super) const CELLS: usize = 3;
pub(super) const PARTIES: usize = 3;
pub(super) const DAYS: std::ops::Range<i64> = 0..5;
pub(super) const VALUES: usize = 3;

/// When a statement is on.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    /// first and last day
    pub(super) days: (Option<i64>, Option<i64>),
    /// term, value, and whether the term must have it or must not
    pub(super) term: Option<(usize, usize, bool)>,
}

#[derive(Debug, Clone)]
pub(super) enum Says {
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
pub(super) struct Said {
    pub(super) says: Says,
    pub(super) cells: u8,
    pub(super) when: When,
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

/// Any statement.
pub(super) fn said() -> impl Strategy<Value = Said> {
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

impl Said {
    pub(super) fn covers(&self, cell: usize) -> bool {
        self.cells & (1 << cell) != 0
    }
}

/// The program of the records.
pub(super) fn program(said: &[Said]) -> Pact {
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
                (vec![id(p)], StatementKind::Claim { party: id(p), right, region, quota: quota.map(Box::new) })
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

/// `Σ cᵢ·xᵢ ≤ k` over two rational terms, one whole one (a date) and an unknown attribute; or a bound on the day by the date.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    Sum([i64; 4], i64, bool),
    Until,
    After,
    All(Box<Bound>, Box<Bound>),
    Some(Box<Bound>, Box<Bound>),
}

/// A condition.
pub(super) fn bound() -> impl Strategy<Value = Bound> {
    let leaf = prop_oneof![
        4 => ([-2..3i64, -2..3i64, -1..2i64, -1..2i64], -3..8i64, any::<bool>()).prop_map(|(c, k, s)| Bound::Sum(c, k, s)),
        1 => Just(Bound::Until),
        1 => Just(Bound::After),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        let two = (inner.clone(), inner);
        prop_oneof![
            two.clone().prop_map(|(a, b)| Bound::All(a.into(), b.into())),
            two.prop_map(|(a, b)| Bound::Some(a.into(), b.into())),
        ]
    })
}

/// Claims and acceptances with such conditions: party, cells, condition; no cells for an acceptance.
pub(super) fn with_numbers() -> impl Strategy<Value = Vec<(usize, u8, Bound)>> {
    proptest::collection::vec((0..PARTIES, 0..1u8 << CELLS, bound()), 2..6)
}

/// The program of such claims.
pub(super) fn numeric_program(said: &[(usize, u8, Bound)]) -> Pact {
    let mut p = Pact::new("0 1 2");
    for name in ["P0", "P1", "P2"] {
        p.party(name);
    }
    let terms = [p.term("x", 0, 4), p.term("y", 0, 4), p.date("d", 0, 5)];
    let unknown = p.unknown("gdp(P0)", "P0", 1, 3);
    for (party, cells, condition) in said {
        let party = PartyId(u32::try_from(*party).expect("few"));
        let names: Vec<String> = (0..CELLS).filter(|c| cells & (1 << c) != 0).map(|c| c.to_string()).collect();
        if names.is_empty() {
            // an acceptance reads terms alone
            let condition = formula(condition, &terms, None);
            p.say(&[party], StatementKind::Acceptance { party, condition }, Formula::truth());
        } else {
            let region = p.region(&names.join(" "));
            let kind = StatementKind::Claim { party, right: RightId(0), region, quota: None };
            p.say(&[party], kind, formula(condition, &terms, Some(&unknown)));
        }
    }
    p
}

fn formula(bound: &Bound, terms: &[Linear; 3], unknown: Option<&Linear>) -> Formula {
    let date = &terms[2];
    let today = Linear::var(&day());
    match bound {
        Bound::Sum(c, k, strict) => {
            let zero = Linear::zero();
            let of = |c: i64, t: &Linear| t.scale(number(c).offset());
            let mut sum = of(c[0], &terms[0]) + of(c[1], &terms[1]) + of(c[2], date);
            sum = sum + of(c[3], unknown.unwrap_or(&zero));
            if *strict { Formula::lt(&sum, &number(*k)) } else { Formula::le(&sum, &number(*k)) }
        }
        Bound::Until if unknown.is_some() => Formula::le(&today, date),
        Bound::After if unknown.is_some() => Formula::gt(&today, date),
        Bound::Until => Formula::le(date, &number(2)),
        Bound::After => Formula::gt(date, &number(2)),
        Bound::All(a, b) => Formula::and([formula(a, terms, unknown), formula(b, terms, unknown)]),
        Bound::Some(a, b) => Formula::or([formula(a, terms, unknown), formula(b, terms, unknown)]),
    }
}
