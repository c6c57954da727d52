//! Changes that would settle a conflict: per party, down to the cells in question, cheapest first; each asked again.
//!
//! In: a minimal set of assertions and acceptances. Out: [`WayOut`]s. A way is kept only if the set, so changed, can be
//! settled. Its cost is what the parties that move say the ground is worth to them (in proportion to the part given up), and
//! where they say nothing the number of changes.

use super::study::{Clash, Sort, Study};
use super::{Context, Interval, words};
use crate::atlas::{AtlasId, CellSet, Measure};
use crate::encode::{Encoding, is_background, project, shares};
use crate::logic::{Formula, Linear, Var};
use crate::model::{PartyId, Program, Region, RightId, Statement, StatementId, StatementKind, day};
use crate::report::document::WayOut;
use crate::report::to_six;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::collections::BTreeSet;

/// How many ways out one finding lists.
const LISTED: usize = 12;

/// A change before it was tried.
struct Change {
    by: Vec<PartyId>,
    words: String,
    /// ground that a party gives up, for the cost
    gives: Vec<(PartyId, AtlasId, CellSet)>,
    gone: Option<StatementId>,
    added: Option<Statement>,
}

/// The ways out of one minimal set.
pub(super) fn out(cx: &mut Context<'_>, study: &Study<'_>, set: &[StatementId]) -> Vec<WayOut> {
    let program = cx.program();
    let involved: Vec<&Clash> = study.among(set).collect();
    let mut changes = Vec::new();
    for id in set {
        let Some(s) = program.statement(*id) else { continue };
        match &s.kind {
            StatementKind::Acceptance { party, .. } => changes.extend(wider(cx, study, set, s, *party)),
            _ => changes.extend(single(program, s, &involved)),
        }
    }
    for clash in &involved {
        if let [a, b] = clash.members.as_slice()
            && let (Some(a), Some(b)) = (program.statement(*a), program.statement(*b))
        {
            changes.extend(together(program, clash, a, b));
        }
    }
    let mut ways: Vec<(BigRational, usize, f64, WayOut)> = Vec::new();
    for change in changes {
        if settles(cx, study, set, &change) {
            ways.push(priced(program, change));
        }
    }
    ways.sort_by(|a, b| {
        (&a.0, a.1).cmp(&(&b.0, b.1)).then(a.2.total_cmp(&b.2)).then_with(|| a.3.changes.cmp(&b.3.changes))
    });
    ways.dedup_by(|a, b| a.3 == b.3);
    ways.truncate(LISTED);
    ways.into_iter().map(|(.., way)| way).collect()
}

/// What those who answer for a statement can do alone: leave out the ground in question, or take it back.
fn single(program: &Program, s: &Statement, involved: &[&Clash]) -> Vec<Change> {
    let mut atlas = None;
    let mut ground = CellSet::default();
    let mut days = Vec::new();
    for clash in involved.iter().filter(|c| c.members.contains(&s.id)) {
        atlas = Some(clash.atlas);
        ground = ground.union(&clash.cells);
        days.extend(clash.during.iter().copied());
    }
    let days = words::united(days);
    let (Some(atlas), Some(whole)) = (atlas, whole(s)) else { return Vec::new() };
    let mut out = Vec::new();
    let here = program.atlas(atlas).map_or_else(String::new, |a| a.describe(&ground));
    let who = words::parties(program, &s.parties);
    if !whole.is_subset(&ground) || outlasts(s, &days) {
        let when = in_days(&days);
        let text = match &s.kind {
            StatementKind::Claim { right, .. } => {
                Some(format!("{who} waives {here}{}{when}", words::as_right(program, *right)))
            }
            StatementKind::Recognition { holder, .. } => {
                Some(format!("{who} leaves {here} out of its recognition of {}{when}", program.party_name(*holder)))
            }
            StatementKind::Jointly { .. } | StatementKind::Common { .. } | StatementKind::Frozen { .. }
                if !whole.is_subset(&ground) =>
            {
                Some(format!("{who} leave {here} out of `{}`", s.text))
            }
            _ => None,
        };
        if let Some(words) = text {
            let waiver = match &s.kind {
                StatementKind::Claim { party, right, .. } | StatementKind::Recognition { party, right, .. } => {
                    let region = Region { atlas, cells: ground.clone(), words: here.clone() };
                    Some(agreed(s, StatementKind::Waiver { party: *party, right: Some(*right), region }, &days))
                }
                _ => None,
            };
            let gone = waiver.is_none().then_some(s.id);
            out.push(Change { by: s.parties.clone(), words, gives: gives(s, atlas, &ground), gone, added: waiver });
        }
    }
    out.extend(involved.iter().filter(|c| c.sort == Sort::Shares).filter_map(|c| lower(program, s, c, &here)));
    let words = format!("withdraw {}: `{}`", s.address, s.text);
    out.push(Change { by: s.parties.clone(), words, gives: gives(s, atlas, &whole), gone: Some(s.id), added: None });
    out
}

/// Whether a statement is on on other days too.
fn outlasts(s: &Statement, days: &[Interval]) -> bool {
    let other = Formula::and([s.on.clone(), Formula::not(&on_days(days))]);
    let vars: Vec<Var> = other.vars().into_iter().collect();
    project::exists(&vars, &other).is_ok_and(|f| !f.is_false())
}

/// A share lowered by what is above the whole.
fn lower(program: &Program, s: &Statement, clash: &Clash, here: &str) -> Option<Change> {
    let StatementKind::Claim { party, right, region, quota: Some(own) } = &s.kind else { return None };
    let mut total = BigRational::zero();
    for id in &clash.members {
        match &program.statement(*id)?.kind {
            StatementKind::Claim { quota: Some(q), .. } => total += q.as_constant()?,
            _ => return None,
        }
    }
    let left = own.as_constant()? - (total - BigRational::one());
    if !left.is_positive() {
        return None;
    }
    let share = words::quantity(&left, "%");
    let words = format!("{} lowers its share of {here} to {share}", program.party_name(*party));
    let quota = Some(Box::new(Linear::constant(left)));
    let kind = StatementKind::Claim { party: *party, right: *right, region: region.clone(), quota };
    let added = Statement { kind, ..s.clone() };
    Some(Change { by: s.parties.clone(), words, gives: Vec::new(), gone: Some(s.id), added: Some(added) })
}

/// All the ground of a statement.
fn whole(s: &Statement) -> Option<CellSet> {
    match &s.kind {
        StatementKind::Boundary { left_side, right_side, .. } => Some(left_side.cells.union(&right_side.cells)),
        _ => s.region().map(|r| r.cells.clone()),
    }
}

/// Who gives up what: only claims are worth something to their party.
fn gives(s: &Statement, atlas: AtlasId, ground: &CellSet) -> Vec<(PartyId, AtlasId, CellSet)> {
    match &s.kind {
        StatementKind::Claim { party, .. } => vec![(*party, atlas, ground.clone())],
        StatementKind::Jointly { parties, .. } => parties.iter().map(|p| (*p, atlas, ground.clone())).collect(),
        _ => Vec::new(),
    }
}

/// A statement that is not there yet, after all others: on the days in question.
fn agreed(like: &Statement, kind: StatementKind, days: &[Interval]) -> Statement {
    Statement { id: StatementId(u32::MAX), kind, on: on_days(days), ..like.clone() }
}

fn on_days(days: &[Interval]) -> Formula {
    let today = Linear::var(&day());
    Formula::or(days.iter().map(|(from, until)| {
        let from = from.map(|d| Formula::ge(&today, &Linear::int(d)));
        let until = until.map(|d| Formula::le(&today, &Linear::int(d)));
        Formula::and(from.into_iter().chain(until))
    }))
}

/// The days in question, after a change that is needed on these alone.
fn in_days(days: &[Interval]) -> String {
    let words = words::days(days);
    if words.is_empty() { words } else { format!(" {words}") }
}

/// A value that an acceptance leaves out and that the rest of the set could live with.
fn wider(
    cx: &mut Context<'_>,
    study: &Study<'_>,
    set: &[StatementId],
    s: &Statement,
    party: PartyId,
) -> Option<Change> {
    let program = cx.program();
    let mut conditions: Vec<Formula> = program.terms.iter().map(|t| t.range.clone()).collect();
    let others = study.acceptances.iter().filter(|(id, _)| *id != s.id && set.contains(id));
    conditions.extend(others.map(|(_, condition)| condition.clone()));
    conditions.extend(study.among(set).map(|c| Formula::not(&c.kappa)));
    let read = study.among(set).flat_map(|c| c.kappa.vars());
    let own = study.acceptances.iter().filter(|(id, _)| set.contains(id)).flat_map(|(_, f)| f.vars());
    let read: BTreeSet<Var> = read.chain(own).collect();
    let vars: Vec<Var> = program.terms.iter().map(|t| t.var.clone()).filter(|x| read.contains(x)).collect();
    let model = cx.simplest(&conditions, &vars).ok()??;
    let values = words::settlement(&program.terms, &model);
    let words = format!("{} accepts {}", program.party_name(party), words::assignment(&values));
    Some(Change { by: vec![party], words, gives: Vec::new(), gone: Some(s.id), added: None })
}

/// What the parties to a clash can agree on.
fn together(program: &Program, clash: &Clash, a: &Statement, b: &Statement) -> Vec<Change> {
    let (Some((p, r)), Some((q, other))) = (speaks(a), speaks(b)) else { return Vec::new() };
    if p.iter().any(|x| q.contains(x)) || clash.sort == Sort::Shares {
        return Vec::new();
    }
    let Some(atlas) = program.atlas(clash.atlas) else { return Vec::new() };
    let here = atlas.describe(&clash.cells);
    let region = || Region { atlas: clash.atlas, cells: clash.cells.clone(), words: here.clone() };
    let when = in_days(&clash.during);
    let by: Vec<PartyId> = p.iter().chain(&q).copied().collect();
    let all = words::parties(program, &by);
    let make = |words: String, kind: StatementKind| Change {
        by: by.clone(),
        words: format!("{words}{when}"),
        gives: Vec::new(),
        gone: None,
        added: Some(agreed(a, kind, &clash.during)),
    };
    let mut out = vec![make(
        format!("{all} set aside {here}"),
        StatementKind::SetAside { parties: by.clone(), region: region() },
    )];
    if clash.sort == Sort::Recognition {
        return out;
    }
    if r == other {
        out.push(make(
            format!("{all} hold {here} jointly{}", words::as_right(program, r)),
            StatementKind::Jointly { parties: by.clone(), right: r, region: region() },
        ));
    }
    let (&[p], &[q]) = (p.as_slice(), q.as_slice()) else { return out };
    for (from, to, held, giver, taker) in [(p, q, other, a, b), (q, p, r, b, a)] {
        let (name, receiver) = (program.party_name(from), program.party_name(to));
        if held != RightId(0) && r != other {
            out.push(make(
                format!("{name} leases {here} to {receiver}{}", words::as_right(program, held)),
                StatementKind::Lease { party: from, to, right: held, region: region() },
            ));
        }
        // who holds the wider ground delegates to who holds a part of it
        let part = matches!((whole(taker), whole(giver)), (Some(s), Some(t)) if s.is_subset(&t) && s != t);
        let earth = matches!(atlas.space, crate::atlas::SpaceKind::Earth | crate::atlas::SpaceKind::Plain);
        if part && !earth {
            out.push(make(
                format!("{name} delegates {here} to {receiver}"),
                StatementKind::Delegation { party: from, to, region: region() },
            ));
        }
    }
    out
}

/// The parties whose word an assertion is, and its right.
fn speaks(s: &Statement) -> Option<(Vec<PartyId>, RightId)> {
    match &s.kind {
        StatementKind::Claim { party, right, .. } | StatementKind::Recognition { party, right, .. } => {
            Some((vec![*party], *right))
        }
        StatementKind::Jointly { parties, right, .. } => Some((parties.clone(), *right)),
        _ => None,
    }
}

/// Whether the set can be settled once the change is made.
fn settles(cx: &mut Context<'_>, study: &Study<'_>, set: &[StatementId], change: &Change) -> bool {
    let program = cx.program();
    let ground: Vec<(AtlasId, &CellSet)> = study.among(set).map(|c| (c.atlas, &c.cells)).collect();
    let touches = |s: &Statement| {
        s.region().is_some_and(|r| {
            ground.iter().any(|(atlas, cells)| *atlas == r.atlas && r.cells.cells().iter().any(|c| cells.contains(*c)))
        })
    };
    let mut statements: Vec<&Statement> = study
        .statements
        .iter()
        .copied()
        .filter(|s| Some(s.id) != change.gone && (set.contains(&s.id) || is_background(s) && touches(s)))
        .collect();
    statements.extend(&change.added);
    let encoding = Encoding::new(program, &statements);
    let inside = |id: StatementId| set.contains(&id);
    let mut clashes = Vec::new();
    for meeting in encoding.meetings() {
        let (l, m) = meeting.pair;
        if [l, m].iter().filter_map(|i| encoding.assertions.get(*i)).all(|a| inside(a.statement)) {
            for patch in &meeting.patches {
                match encoding.clash(l, m, patch.class) {
                    Ok(condition) => clashes.push(condition),
                    Err(_) => return false,
                }
            }
        }
    }
    for group in shares::groups(&encoding, &statements) {
        let (candidates, all) = group.candidates();
        if !all {
            return false;
        }
        clashes.extend(candidates.into_iter().filter(|c| c.members.iter().all(|m| inside(*m))).map(|c| c.condition));
    }
    let bites = Formula::or(clashes);
    let terms: BTreeSet<Var> = program.terms.iter().map(|t| t.var.clone()).collect();
    let unknowns = Formula::and(program.unknowns.iter().map(|u| u.range.clone()));
    let within = Formula::and([bites, unknowns]);
    let found: Vec<Var> = within.vars().into_iter().filter(|x| !terms.contains(x)).collect();
    let Ok(kappa) = project::exists(&found, &within) else { return false };
    let accepted = study
        .acceptances
        .iter()
        .filter(|(id, _)| set.contains(id) && Some(*id) != change.gone)
        .map(|(_, condition)| condition.clone());
    let ranges = program.terms.iter().map(|t| t.range.clone());
    let peace = Formula::and(accepted.chain(ranges).chain([Formula::not(&kappa)]));
    if peace.is_true() || peace.is_false() {
        return peace.is_true();
    }
    cx.can(&peace)
}

/// A change with its cost; then how many must agree, and how much ground is given up.
fn priced(program: &Program, change: Change) -> (BigRational, usize, f64, WayOut) {
    let mut stated = BigRational::zero();
    let mut area = None;
    let mut size = 0.0;
    for (party, atlas, cells) in &change.gives {
        stated += value(program, *party, *atlas, cells);
        if let Some(a) = program.atlas(*atlas) {
            match a.measure(cells) {
                Measure::Area(km2) => {
                    area = Some(area.unwrap_or(0.0) + km2);
                    size += km2;
                }
                Measure::Count(n, _) => size += n.to_f64().unwrap_or(f64::MAX),
                Measure::None => size += cells.len().to_f64().unwrap_or(f64::MAX),
            }
        }
    }
    let cost = if !stated.is_zero() { stated } else { BigRational::one() };
    let mut by: Vec<String> = change.by.iter().map(|p| program.party_name(*p).to_owned()).collect();
    by.sort();
    by.dedup();
    let way = WayOut { by, cost: json_number(&cost), changes: vec![change.words], area_km2: area.map(to_six) };
    (cost, change.by.len(), size, way)
}

/// What ground of a statement is worth to its party, in thousandths; a thousand (one change) where it does not say.
pub(super) fn worth(program: &Program, id: StatementId, ground: Option<&(AtlasId, CellSet)>) -> u64 {
    let stated = program.statement(id).zip(ground).map(|(s, (atlas, cells))| {
        let parts =
            gives(s, *atlas, cells).into_iter().map(|(party, atlas, cells)| value(program, party, atlas, &cells));
        parts.fold(BigRational::zero(), |sum, v| sum + v)
    });
    let thousandths = |n: BigRational| (n * BigRational::from_integer(1_000.into())).ceil().to_integer().to_u64();
    stated.filter(|v| !v.is_zero()).and_then(thousandths).unwrap_or(1_000)
}

/// What a party says that ground is worth to it, in proportion to the part of each piece that it values.
fn value(program: &Program, party: PartyId, atlas: AtlasId, cells: &CellSet) -> BigRational {
    program
        .worths
        .iter()
        .filter(|w| w.party == party && w.region.atlas == atlas)
        .map(|w| &w.worth * part(program, atlas, &w.region.cells.intersection(cells), &w.region.cells))
        .fold(BigRational::zero(), |sum, v| sum + v)
}

/// How large a part is of a whole: by measure, in a space without one by cells.
fn part(program: &Program, atlas: AtlasId, some: &CellSet, whole: &CellSet) -> BigRational {
    let by_cells = || BigRational::new(some.len().into(), whole.len().max(1).into());
    let Some(a) = program.atlas(atlas) else { return by_cells() };
    match (a.measure(some), a.measure(whole)) {
        (Measure::Area(x), Measure::Area(y)) if y > 0.0 => {
            BigRational::from_float(to_six(x / y)).unwrap_or_else(by_cells)
        }
        (Measure::Count(x, _), Measure::Count(y, _)) if !y.is_zero() => x / y,
        _ => by_cells(),
    }
}

fn json_number(n: &BigRational) -> serde_json::Number {
    if let Some(whole) = n.is_integer().then(|| n.to_integer().to_i64()).flatten() {
        return whole.into();
    }
    n.to_f64().map(to_six).and_then(serde_json::Number::from_f64).unwrap_or_else(|| 1.into())
}
