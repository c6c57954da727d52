//! B10: enclaves and closed exits: ground of a party every way out of which leads through ground of parties who may all answer
//! a breach of its with measures that close it.
//!
//! In: rules that answer a breach, with measures that can close a way out ([`takers`]), and the undisputed territory of members
//! in atlases with a geometry ([`pieces`]). Out: a warning for each piece, rule and set of neighbours, with the days and
//! settlements on which it is so, and the simplest breach on which the measures are due; a proof for a rule under which no piece is closed. Plain names have no neighbours: *not asked*.

mod fixed;
mod pieces;
mod takers;

use self::pieces::{Closed, Division, Land};
use self::takers::Closing;
use super::shown::{Then, with_situation};
use super::{Answer, Found, Pact};
use crate::atlas::{AtlasId, SpaceKind, Surrounded, join};
use crate::checks::cover;
use crate::checks::norms::ask::Asking;
use crate::checks::when::when;
use crate::checks::{Check, Context, Draft, words};
use crate::evaluate::Evaluator;
use crate::evaluate::condition::Condition as Replayed;
use crate::logic::{Formula, Model};
use crate::model::conduct::{NormId, RuleId};
use crate::model::{PartyId, StatementId};
use std::collections::{BTreeMap, BTreeSet};

/// B10.
#[derive(Debug)]
pub(in crate::checks) struct ClosedExits;

impl Check for ClosedExits {
    fn code(&self) -> &'static str {
        "B10"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "B10", |cx, pact| {
            let mut found = Found::default();
            let answers: Vec<Answer<'_>> = pact.answers().filter(|a| pact.measures(a).next().is_some()).collect();
            let spoken = spoken(cx, pact);
            if answers.is_empty() || spoken.is_empty() {
                return found;
            }
            for atlas in &spoken {
                if let Some(a) = pact.program.atlas(*atlas).filter(|a| a.space == SpaceKind::Plain) {
                    found.not_asked.push(format!(
                        "`{}` names regions without a shape, so which of them border each other is not said: give it \
                         polygons, or `from` a file that has them",
                        a.name
                    ));
                }
            }
            let on_earth: Vec<AtlasId> = spoken.into_iter().filter(|a| is_earth(pact, *a)).collect();
            if on_earth.is_empty() {
                return found;
            }
            let mut closing: Vec<Closing<'_>> = Vec::new();
            let mut silent = BTreeSet::new();
            for answer in &answers {
                let of = Closing::of(pact, *answer);
                silent.extend(of.silent.iter().copied());
                if !of.measures.is_empty() {
                    closing.push(of);
                }
            }
            for name in silent {
                found.not_asked.push(format!(
                    "`{name}` is a measure of {}, and whether it can close a way out is not said: declare what it \
                     `hinders`, or a `severity` on a ladder with a level `economic`",
                    pact.name()
                ));
            }
            if !closing.is_empty() {
                every_piece(cx, pact, &closing, &on_earth, &mut found);
            }
            found
        });
    }
}

/// The atlases in which somebody claims ground.
fn spoken(cx: &Context<'_>, pact: &Pact<'_>) -> BTreeSet<AtlasId> {
    let statements = cx.statements(pact.view);
    statements.iter().filter(|s| cover::is_claim(s)).filter_map(|s| s.region()).map(|r| r.atlas).collect()
}

fn is_earth(pact: &Pact<'_>, atlas: AtlasId) -> bool {
    pact.program.atlas(atlas).is_some_and(|a| a.space == SpaceKind::Earth)
}

/// What tells findings apart: the rule, who would be in breach, the atlas, the piece, and who lies around it.
type Key = (RuleId, PartyId, AtlasId, Vec<u32>, Vec<PartyId>);

/// A piece that is closed when one of these holds.
struct Case {
    closed: Closed,
    when: Vec<Formula>,
}

fn every_piece<'p>(
    cx: &mut Context<'p>,
    pact: &Pact<'p>,
    closing: &[Closing<'p>],
    atlases: &[AtlasId],
    found: &mut Found,
) {
    let statements = cx.statements(pact.view);
    let mut cases: BTreeMap<Key, Case> = BTreeMap::new();
    let mut open: Option<String> = None;
    for atlas in atlases {
        let land = match Land::of(pact, &statements, *atlas) {
            Ok(land) => land,
            Err(why) => {
                open.get_or_insert(why);
                continue;
            }
        };
        let divisions = match land.divisions(cx, pact.view) {
            Ok(divisions) => divisions,
            Err(why) => {
                open.get_or_insert(why);
                continue;
            }
        };
        for division in divisions {
            in_division(pact, closing, &land, &division, &mut cases);
        }
    }
    let evaluator = Evaluator::new(pact.program, &statements);
    let asking = cx.asking(pact.view);
    for one in closing {
        let rule = one.answer.rule;
        let question =
            format!("no ground of a member is closed by measures under {} of {}", pact.article(rule), pact.name());
        let mut any = false;
        for (key, case) in cases.iter().filter(|(key, _)| key.0 == rule.id) {
            let f = Formula::or(case.when.iter().cloned());
            let Some(at) = when(cx, "B10", pact.view, &question, &f) else { continue };
            any = true;
            match replayed(cx, &evaluator, key, case, &f) {
                Err(why) => found.undecided.push((question.clone(), why)),
                Ok(()) => {
                    let draft = draft(cx, (pact, &asking), one, key, case, &at.tail(pact.program));
                    found.drafts.push(at.write(pact.program, draft, crate::report::codes::level("B10")));
                }
            }
        }
        match &open {
            Some(why) => found.undecided.push((question, why.clone())),
            None if !any => found.proved.push((question, one.statements())),
            None => {}
        }
    }
}

/// The pieces that are closed while ground is divided so.
fn in_division(
    pact: &Pact<'_>,
    closing: &[Closing<'_>],
    land: &Land<'_>,
    division: &Division,
    cases: &mut BTreeMap<Key, Case>,
) {
    for party in &pact.members {
        if !closing.iter().any(|c| c.can_break(pact, *party)) {
            continue;
        }
        for closed in land.closed(division, *party) {
            for one in closing {
                if one.all_may(pact, *party, &closed.around).is_none() {
                    continue;
                }
                let key = (one.answer.rule.id, *party, land.atlas, closed.key(), closed.neighbours());
                let case = cases.entry(key).or_insert_with(|| Case { closed: closed.clone(), when: Vec::new() });
                case.when.push(division.formula.clone());
            }
        }
    }
}

/// That the evaluator, too, finds whose territory the piece and all around it are, for the simplest day, settlement and values.
fn replayed(
    cx: &mut Context<'_>,
    evaluator: &Evaluator<'_>,
    (_, party, atlas, ..): &Key,
    case: &Case,
    f: &Formula,
) -> Result<(), String> {
    let vars: Vec<_> = f.vars().into_iter().collect();
    let ranges = cx.ranges().clone();
    let values = if vars.is_empty() { Some(Model::new()) } else { cx.simplest(&[ranges, f.clone()], &vars)? };
    let Some(values) = values else { return Ok(()) };
    let own = |cell: u32, who: &mut dyn Iterator<Item = PartyId>| {
        let walk = evaluator.walk(*atlas, cell);
        Replayed::any(who.map(|p| walk.territory(p))).value(&values) != Some(false)
    };
    let inside = case.closed.piece.cells.cells().iter().all(|c| own(*c, &mut std::iter::once(*party)));
    let outside = case.closed.around.iter().all(|(c, who)| own(*c, &mut who.iter().copied()));
    if inside && outside {
        Ok(())
    } else {
        Err("fault: the evaluator finds the ground divided otherwise; this is an error in the checker, please report it"
            .to_owned())
    }
}

fn draft<'p>(
    cx: &mut Context<'p>,
    (pact, asking): (&Pact<'p>, &Asking<'p>),
    one: &Closing<'_>,
    key: &Key,
    case: &Case,
    tail: &str,
) -> Draft {
    let (_, party, atlas, _, neighbours) = key;
    let program = pact.program;
    let name = program.party_name(*party);
    let piece = &case.closed.piece;
    let around = words::parties(program, neighbours);
    let who = if neighbours.len() == 1 { "who can" } else { "who can all" };
    let used = one.all_may(pact, *party, &case.closed.around).unwrap_or_default();
    let acts: BTreeSet<String> = used
        .iter()
        .filter_map(|n| pact.conduct().norm(*n))
        .filter_map(|n| pact.action(n))
        .map(|a| format!("`{}`", a.name))
        .collect();
    let acts = join(&acts.into_iter().collect::<Vec<_>>());
    let ground = ground(pact, *atlas, piece);
    let message = format!(
        "every way out of {ground}, territory of {name}, leads through territory of {around}, {who} answer a breach by \
         {name} with {acts} under {} of {}{tail}",
        pact.article(one.answer.rule),
        pact.name()
    );
    let mut draft = Draft::new("B10", message)
        .charter(pact.view.charter)
        .party(*party)
        .identity(format!("{name}: {ground}"))
        .statement(one.answer.rule.statement, "")
        .hypothetical();
    let norms: Vec<NormId> = used.iter().copied().collect();
    draft = with_situation(draft, cx, (pact, asking), one.answer.rule, &norms, Then::Due);
    let mut measures: Vec<StatementId> =
        used.iter().filter_map(|n| pact.conduct().norm(*n)).map(|n| n.statement).collect();
    measures.sort_unstable();
    measures.dedup();
    for s in measures {
        draft = draft.statement(s, "");
    }
    for p in neighbours {
        draft = draft.party(*p);
    }
    if piece.whole {
        draft = draft.ground(*atlas, piece.cells.clone());
    } else if let Some(a) = program.atlas(*atlas)
        && let Some(measured) = a.piece(piece)
    {
        draft = draft.note(format!(
            "{name} has other ground; this piece is {}",
            crate::atlas::number::measure(&crate::atlas::Measure::Area(measured.area_km2)).unwrap_or_default()
        ));
    }
    let by = one.answer.rule.variables.get(one.answer.by.0 as usize).map_or("", |v| v.name.as_str());
    draft.note(format!(
        "words keep a way out open: an exception at the measures, `unless {by} = {}`; or an act of transit that they are \
         declared to `hinders`, and `every party is entitled to` it",
        crate::atlas::quoted(name)
    ))
}

/// The piece in words: a region by name, or a part of one by a point inside it.
fn ground(pact: &Pact<'_>, atlas: AtlasId, piece: &Surrounded) -> String {
    let Some(a) = pact.program.atlas(atlas) else { return String::new() };
    let named = a.describe(&piece.cells);
    if piece.whole {
        return named;
    }
    match a.piece(piece) {
        Some(p) => format!(
            "the piece of {named} at {}, {}",
            crate::report::to_six(p.point[0]),
            crate::report::to_six(p.point[1])
        ),
        None => format!("a piece of {named}"),
    }
}
