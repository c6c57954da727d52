//! What a file asks for with `prove`: that borders can be settled or hold under every settlement, that ground is claimed,
//! that one ground lies within another or apart from it.
//!
//! In: the properties of the program. Out: a proof with what it rests on, or a finding with the statements, cells, days and
//! values that refute it, which the evaluator has replayed.

use super::study::Outcome;
use super::{Check, Context, Draft, View, conflict, core, words};
use crate::atlas::{AtlasId, CellSet};
use crate::encode::{Encoding, project, territory};
use crate::evaluate::condition::Condition;
use crate::evaluate::{Evaluator, Replay};
use crate::logic::{Formula, Model, Var};
use crate::model::{
    CharterId, Ground, Program, Property, PropertyKind, Region, Statement, StatementId, StatementKind, day,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

const CODE: &str = "prove";

/// The properties.
#[derive(Debug)]
pub(super) struct Properties;

impl Check for Properties {
    fn code(&self) -> &'static str {
        CODE
    }

    fn run(&self, cx: &mut Context<'_>) {
        for property in &cx.program().properties {
            match &property.kind {
                PropertyKind::Settled => settled(cx, property),
                PropertyKind::HoldAlways => hold_always(cx, property),
                PropertyKind::Covered(region) => covered(cx, property, region),
                PropertyKind::Within(a, b) => compared(cx, property, a, b, true),
                PropertyKind::Disjoint(a, b) => compared(cx, property, a, b, false),
            }
        }
    }
}

fn view(property: &Property) -> Option<View> {
    property.charter.map(|charter| View { charter, with: None })
}

fn refuted(property: &Property, message: String) -> Draft {
    let draft = Draft::new(CODE, message).asked(property.span, &property.text);
    match property.charter {
        Some(charter) => draft.charter(charter),
        None => draft,
    }
}

fn settled(cx: &mut Context<'_>, property: &Property) {
    let Some(view) = view(property) else { return };
    let study = cx.study(view);
    match &study.outcome {
        Outcome::Settled(settlement) => {
            let core = core::rests_on(cx, &study, settlement);
            let witness = words::settlement(&cx.program().terms, settlement);
            cx.prove(CODE, property.charter, property.text.clone(), &core, witness);
        }
        Outcome::Conflicts { sets, .. } => {
            let Some(set) = sets.first() else { return };
            let code = conflict::code_or_terms(&study, set);
            let more = match sets.len() {
                1 => String::new(),
                n => format!(" (the smallest of {n} minimal sets)"),
            };
            let message = format!("`{}` does not hold: no settlement is left by these statements{more}", property.text);
            let mut draft = refuted(property, message).minimal(true).also(code);
            draft = draft.statements(set.iter().copied());
            for c in study.among(set) {
                draft = draft.ground(c.atlas, c.cells.clone());
            }
            cx.report(draft);
        }
        Outcome::Open(reached) => cx.undecided(CODE, property.charter, property.text.clone(), reached.clone()),
    }
}

fn hold_always(cx: &mut Context<'_>, property: &Property) {
    let Some(view) = view(property) else { return };
    let study = cx.study(view);
    if let Some(clash) = study.clashes.first() {
        let message = format!("`{}` does not hold: {}", property.text, conflict::sentence(cx.program(), clash));
        let mut draft = refuted(property, message).minimal(true).also(clash.sort.code());
        draft = draft.statements(clash.members.iter().copied());
        for (name, value) in words::values(cx.program(), &clash.values) {
            draft = draft.value(name, value);
        }
        draft = draft.ground(clash.atlas, clash.cells.clone()).during(clash.during.clone());
        cx.report(draft);
        return;
    }
    if let Some((_, reached)) = study.open.first() {
        cx.undecided(CODE, property.charter, property.text.clone(), reached.clone());
        return;
    }
    // every term is left open: the evaluator then looks for a clash under any settlement
    let excused: BTreeSet<Vec<StatementId>> = study.narrow.iter().map(|(c, _)| c.members.clone()).collect();
    match Evaluator::new(cx.program(), &study.statements).replay(&Model::new(), &excused) {
        Replay::Peace => {
            let core = core::rests_on(cx, &study, &Model::new());
            cx.prove(CODE, property.charter, property.text.clone(), &core, IndexMap::new());
        }
        Replay::Clash { .. } => {
            let reached = "fault: the evaluator finds a clash where the encoding has none";
            cx.undecided(CODE, property.charter, property.text.clone(), reached);
        }
        Replay::Unsure(what) => {
            let reached = format!("the proof could not be replayed: {what}");
            cx.undecided(CODE, property.charter, property.text.clone(), reached);
        }
    }
}

/// What refutes a property: cells with the condition under which they do, and what the evaluator makes of one of them.
struct Gap {
    cells: CellSet,
    condition: Formula,
    replay: Condition,
}

/// The statements of the charter of a property; of all charters where it names none.
fn statements<'a>(cx: &Context<'a>, charter: Option<CharterId>) -> Vec<&'a Statement> {
    match charter {
        Some(charter) => cx.statements(View { charter, with: None }),
        None => {
            let all: BTreeMap<StatementId, &Statement> =
                cx.charters().into_iter().flat_map(|v| cx.statements(v)).map(|s| (s.id, s)).collect();
            all.into_values().collect()
        }
    }
}

fn covered(cx: &mut Context<'_>, property: &Property, region: &Region) {
    let program = cx.program();
    let statements = statements(cx, property.charter);
    let encoding = Encoding::new(program, &statements);
    let evaluator = Evaluator::new(program, &statements);
    let gaps = encoding
        .grounds(region.atlas, &region.cells)
        .into_iter()
        .map(|g| Gap {
            condition: Formula::not(&encoding.claimed(&g)),
            replay: replayed(&evaluator, region.atlas, &g.cells, |walk| walk.claimed().not()),
            cells: g.cells,
        })
        .collect();
    let about = over(&statements, region.atlas, &region.cells);
    decide(cx, property, region.atlas, gaps, &about, |here| format!("nobody claims {here}"));
}

/// `within`: no cell is in the first ground and outside of the second; otherwise: none is in both.
fn compared(cx: &mut Context<'_>, property: &Property, a: &Ground, b: &Ground, within: bool) {
    let program = cx.program();
    let statements = statements(cx, property.charter);
    let encoding = Encoding::new(program, &statements);
    let evaluator = Evaluator::new(program, &statements);
    let atlas = atlas_of(a);
    if atlas != atlas_of(b) {
        cx.not_asked(CODE, format!("`{}` compares ground of two atlases", property.text));
        return;
    }
    let candidates = cells_of(program, &statements, a);
    let mut gaps = Vec::new();
    for ground in encoding.grounds(atlas, &candidates) {
        // a fixed region may cut through cells that the statements do not tell apart
        for cells in split(&ground.cells, &[a, b]) {
            let first = is_in(&encoding, a, &ground, &cells);
            let second = is_in(&encoding, b, &ground, &cells);
            let (first, second) = match (first, second) {
                (Ok(first), Ok(second)) => (first, second),
                (Err(why), _) | (_, Err(why)) => {
                    cx.undecided(CODE, property.charter, property.text.clone(), project::refusal(&why));
                    return;
                }
            };
            let second = if within { Formula::not(&second) } else { second };
            let replay = replayed(&evaluator, atlas, &cells, |walk| {
                let one = |g: &Ground| match g {
                    Ground::Fixed(r) => Condition::Known(cells.cells().first().is_some_and(|c| r.cells.contains(*c))),
                    Ground::TerritoryOf(p, _) => walk.territory(*p),
                };
                let second = if within { one(b).not() } else { one(b) };
                Condition::all([one(a), second])
            });
            gaps.push(Gap { cells, condition: Formula::and([first, second]), replay });
        }
    }
    let about = over(&statements, atlas, &candidates);
    decide(cx, property, atlas, gaps, &about, |here| {
        let (a, b) = (ground_words(program, a), ground_words(program, b));
        if within { format!("{here} is in {a} and not in {b}") } else { format!("{here} is in both {a} and {b}") }
    });
}

fn replayed(
    evaluator: &Evaluator<'_>,
    atlas: AtlasId,
    cells: &CellSet,
    say: impl Fn(&crate::evaluate::Walk<'_>) -> Condition,
) -> Condition {
    cells.cells().first().map_or(Condition::Known(false), |c| say(&evaluator.walk(atlas, *c)))
}

fn atlas_of(g: &Ground) -> AtlasId {
    match g {
        Ground::Fixed(r) => r.atlas,
        Ground::TerritoryOf(_, atlas) => *atlas,
    }
}

fn ground_words(program: &Program, g: &Ground) -> String {
    match g {
        Ground::Fixed(r) => words::ground(program, r),
        Ground::TerritoryOf(p, _) => format!("the territory of {}", program.party_name(*p)),
    }
}

/// All cells that can be in a ground.
fn cells_of(program: &Program, statements: &[&Statement], g: &Ground) -> CellSet {
    match g {
        Ground::Fixed(r) => r.cells.clone(),
        Ground::TerritoryOf(p, atlas) => statements
            .iter()
            .filter(|s| match &s.kind {
                StatementKind::Claim { party, .. } => party == p,
                StatementKind::Jointly { parties, .. } => parties.contains(p),
                _ => false,
            })
            .filter_map(|s| s.region())
            .filter(|r| r.atlas == *atlas && program.atlas(*atlas).is_some())
            .fold(CellSet::default(), |all, r| all.union(&r.cells)),
    }
}

/// The cells in groups that each fixed ground has wholly or not at all.
fn split(cells: &CellSet, grounds: &[&Ground]) -> Vec<CellSet> {
    let mut groups: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
    for cell in cells.cells() {
        let key = grounds.iter().map(|g| matches!(g, Ground::Fixed(r) if r.cells.contains(*cell))).collect();
        groups.entry(key).or_default().push(*cell);
    }
    groups.into_values().map(CellSet::new).collect()
}

fn is_in(
    encoding: &Encoding<'_>,
    g: &Ground,
    ground: &territory::Ground,
    cells: &CellSet,
) -> Result<Formula, crate::logic::eliminate::Refusal> {
    match g {
        Ground::Fixed(r) => Ok(Formula::constant(cells.cells().first().is_some_and(|c| r.cells.contains(*c)))),
        Ground::TerritoryOf(p, _) => encoding.territory(*p, ground),
    }
}

/// The statements over some ground: what a proof about it may rest on.
fn over(statements: &[&Statement], atlas: AtlasId, cells: &CellSet) -> Vec<StatementId> {
    statements
        .iter()
        .filter(|s| s.region().is_some_and(|r| r.atlas == atlas && !r.cells.intersection(cells).is_empty()))
        .map(|s| s.id)
        .collect()
}

/// Asks of every gap whether it can be; what can is one finding.
fn decide(
    cx: &mut Context<'_>,
    property: &Property,
    atlas: AtlasId,
    gaps: Vec<Gap>,
    about: &[StatementId],
    say: impl Fn(&str) -> String,
) {
    let mut cells = CellSet::default();
    let mut conditions = Vec::new();
    let mut values = Model::new();
    for gap in gaps.into_iter().filter(|g| !g.condition.is_false()) {
        let vars: Vec<Var> = gap.condition.vars().into_iter().collect();
        let ranges = cx.ranges().clone();
        let found = match cx.simplest(&[ranges, gap.condition.clone()], &vars) {
            Ok(None) => continue,
            Ok(Some(found)) => found,
            Err(reached) => {
                cx.undecided(CODE, property.charter, property.text.clone(), reached);
                return;
            }
        };
        if gap.replay.value(&found) != Some(true) {
            let reached = "fault: the evaluator does not find the gap that the solver found";
            cx.undecided(CODE, property.charter, property.text.clone(), reached);
            return;
        }
        if conditions.is_empty() {
            values = found;
        }
        cells = cells.union(&gap.cells);
        conditions.push(gap.condition);
    }
    if conditions.is_empty() {
        cx.prove(CODE, property.charter, property.text.clone(), about, IndexMap::new());
        return;
    }
    let here = cx.program().atlas(atlas).map_or_else(String::new, |a| a.describe(&cells));
    let within = Formula::and([Formula::or(conditions), cx.ranges().clone()]);
    let others: Vec<Var> = within.vars().into_iter().filter(|x| *x != day()).collect();
    let during = project::exists(&others, &within).map(|f| project::days(&f)).unwrap_or_default();
    let mut message = format!("`{}` does not hold: {}", property.text, say(&here));
    let days = words::days(&during);
    if !days.is_empty() {
        message = format!("{message} {days}");
    }
    let mut draft = refuted(property, message).ground(atlas, cells.clone()).during(during);
    for id in about {
        let touches = |s: &Statement| s.region().is_some_and(|r| !r.cells.intersection(&cells).is_empty());
        if cx.program().statement(*id).is_some_and(touches) {
            draft = draft.statement(*id, "");
        }
    }
    for (name, value) in words::values(cx.program(), &values) {
        draft = draft.value(name, value);
    }
    cx.report(draft);
}
