//! B11: the guarantee misses ground: cells of members that the area of a duty does not cover, and cells where two members
//! are both bound to be defended.
//!
//! In: prohibitions `in territory of` another, and rules that an act or event in some area sets off. Out: for each the ground
//! that members claim or have agreed about and that lies outside of its area on some day and under some settlement; and for a
//! rule on ground *claimed by* somebody, the ground that two members claim against each other.

use super::{Found, Pact};
use crate::atlas::{AtlasId, CellSet, join};
use crate::checks::cover::{self, Cover};
use crate::checks::when::{self, when};
use crate::checks::{Check, Context, Draft, View, words};
use crate::encode::{Encoding, project, territory};
use crate::evaluate::Evaluator;
use crate::evaluate::condition::Condition as Replayed;
use crate::logic::Formula;
use crate::model::conduct::{ActionId, Force, NormId, Pattern, Place, Trigger, Variable, Who};
use crate::model::{PartyId, Statement, StatementId, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// B11.
#[derive(Debug)]
pub(in crate::checks) struct MissedGround;

impl Check for MissedGround {
    fn code(&self) -> &'static str {
        "B11"
    }

    fn run(&self, cx: &mut Context<'_>) {
        super::ask(cx, "B11", |cx, pact| {
            let mut found = Found::default();
            let list = guarantees(pact);
            if list.is_empty() {
                return found;
            }
            let statements = cx.statements(pact.view);
            let encoding = Encoding::new(pact.program, &statements);
            let evaluator = Evaluator::new(pact.program, &statements);
            let ground = Ground { cover: Cover::new(&statements), statements, encoding, evaluator };
            for guarantee in list {
                missed(cx, pact, &guarantee, &ground, &mut found);
                if guarantee.answers {
                    both_sides(cx, pact, &guarantee, &mut found);
                }
            }
            found
        });
    }
}

/// What is said of ground.
struct Ground<'a> {
    statements: Vec<&'a Statement>,
    cover: Cover<'a>,
    encoding: Encoding<'a>,
    evaluator: Evaluator<'a>,
}

/// Where a duty holds.
enum Area {
    /// the same always
    Fixed(AtlasId, CellSet),
    /// undisputed territory of any of these
    Territory(BTreeSet<PartyId>),
    /// ground claimed by any of these
    Claimed(BTreeSet<PartyId>),
}

/// Duties about one action that hold in some area.
struct Guarantee {
    action: ActionId,
    statements: Vec<StatementId>,
    areas: Vec<Area>,
    /// a rule that the act sets off, not a prohibition of it
    answers: bool,
    /// `article 4 of Line answers`
    words: String,
    /// `in territory of q`
    place: String,
}

/// A prohibition: its act, whom it speaks of, its statement.
type Ban<'a> = (NormId, &'a Pattern, &'a [Variable], StatementId);

/// A rule: what sets it off, whom it speaks of, its statement, its article.
type Promise<'a> = (&'a Pattern, &'a [Variable], StatementId, String);

/// The guarantees of a charter, by action.
fn guarantees(pact: &Pact<'_>) -> Vec<Guarantee> {
    let conduct = pact.conduct();
    let mut out = Vec::new();
    // prohibitions
    let mut by_action: BTreeMap<ActionId, Vec<Ban<'_>>> = BTreeMap::new();
    for norm in pact.norms().filter(|n| n.force == Force::MustNot && n.rule.is_none()) {
        if let Some(p) = super::pattern(norm) {
            by_action.entry(p.action).or_default().push((norm.id, p, &norm.variables, norm.statement));
        }
    }
    for (action, list) in by_action {
        let norms: Vec<NormId> = list.iter().map(|(n, ..)| *n).collect();
        let title = |p: &Pattern| matches!(p.place, Some(Place::TerritoryOf(_) | Place::ClaimedBy(_)));
        if !list.iter().any(|(_, p, ..)| title(p)) {
            continue;
        }
        let Some(areas) = list.iter().map(|(_, p, v, _)| area(pact, p, v)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let place =
            list.iter().map(|(_, p, v, _)| place(pact, p, v)).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        let articles = pact.articles(&norms);
        let verb = if articles.contains(" and ") { "forbid" } else { "forbids" };
        out.push(Guarantee {
            action,
            statements: list.iter().map(|(.., s)| *s).collect(),
            areas,
            answers: false,
            words: format!("{articles} of {} {verb}", pact.name()),
            place: join(&place),
        });
    }
    // rules that an act in some area sets off, with something for others to do
    let mut by_action: BTreeMap<ActionId, Vec<Promise<'_>>> = BTreeMap::new();
    for rule in pact.rules() {
        let Trigger::Occurs(p) = &rule.trigger else { continue };
        if pact.steps(rule).any(|n| matches!(n.force, Force::Must | Force::May | Force::Entitled)) {
            let entry = (p, rule.variables.as_slice(), rule.statement, pact.article(rule));
            by_action.entry(p.action).or_default().push(entry);
        }
    }
    for (action, list) in by_action {
        let Some(areas) = list.iter().map(|(p, v, ..)| area(pact, p, v)).collect::<Option<Vec<_>>>() else { continue };
        let place =
            list.iter().map(|(p, v, ..)| place(pact, p, v)).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        let articles: Vec<String> = list.iter().map(|(.., a)| a.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let verb = if articles.len() > 1 { "answer" } else { "answers" };
        out.push(Guarantee {
            action,
            statements: list.iter().map(|(_, _, s, _)| *s).collect(),
            areas,
            answers: true,
            words: format!("{} of {} {verb}", join(&articles), pact.name()),
            place: join(&place),
        });
    }
    out.retain(|g| conduct.action(g.action).is_some());
    out
}

/// The area of a pattern; nothing where it is everywhere.
fn area(pact: &Pact<'_>, pattern: &Pattern, variables: &[Variable]) -> Option<Area> {
    let whom = |who: Who| match who {
        Who::Party(p) => BTreeSet::from([p]),
        Who::Var(v) => variables.get(v.0 as usize).map(|x| pact.range(x.domain)).unwrap_or_default(),
    };
    match pattern.place.as_ref()? {
        Place::Region(r) => Some(Area::Fixed(r.atlas, r.cells.clone())),
        Place::TerritoryOf(who) => Some(Area::Territory(whom(*who))),
        Place::ClaimedBy(who) => Some(Area::Claimed(whom(*who))),
    }
}

fn place(pact: &Pact<'_>, pattern: &Pattern, variables: &[Variable]) -> String {
    let name = |who: Who| match who {
        Who::Party(p) => pact.program.party_name(p).to_owned(),
        Who::Var(v) => variables
            .get(v.0 as usize)
            .map(|x| x.name.clone())
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| "another party".to_owned()),
    };
    match &pattern.place {
        None => "anywhere".to_owned(),
        Some(Place::Region(r)) => format!("in {}", words::ground(pact.program, r)),
        Some(Place::TerritoryOf(who)) => format!("in territory of {}", name(*who)),
        Some(Place::ClaimedBy(who)) => format!("in ground claimed by {}", name(*who)),
    }
}

/// What members claim or have agreed about and the area does not cover.
fn missed(cx: &mut Context<'_>, pact: &Pact<'_>, guarantee: &Guarantee, ground: &Ground<'_>, found: &mut Found) {
    let fixed: BTreeSet<AtlasId> = guarantee
        .areas
        .iter()
        .filter_map(|a| if let Area::Fixed(atlas, _) = a { Some(*atlas) } else { None })
        .collect();
    let titles = guarantee.areas.iter().any(|a| !matches!(a, Area::Fixed(..)));
    for (atlas, space) in (0u32..).map(AtlasId).zip(&pact.program.atlases) {
        // an area of one space says nothing of another
        if !titles && !fixed.contains(&atlas) {
            continue;
        }
        let spoken: CellSet = ground
            .statements
            .iter()
            .filter(|s| cover::is_claim(s) || agreed(s))
            .filter_map(|s| s.region())
            .filter(|r| r.atlas == atlas)
            .flat_map(|r| r.cells.cells().iter().copied())
            .collect();
        let mut cells = CellSet::default();
        let mut ways = Vec::new();
        let mut about: BTreeMap<StatementId, &Statement> = BTreeMap::new();
        for part in ground.cover.parts(atlas, &spoken, |_| true) {
            for here in split(&part.cells, &guarantee.areas, atlas) {
                match outside(guarantee, ground, atlas, &here, &part.here) {
                    Err(why) => {
                        let question =
                            format!("{} `{}` wherever members hold ground", guarantee.words, action(pact, guarantee));
                        found.undecided.push((question, why));
                        return;
                    }
                    Ok(f) if f.is_false() => {}
                    Ok(f) => {
                        let question = format!("{} `{}` there", guarantee.words, action(pact, guarantee));
                        if !when::can(cx, "B11", pact.view, &question, &f) {
                            continue;
                        }
                        if !replayed(cx, guarantee, ground, atlas, &here, &f) {
                            let reached = "fault: the evaluator finds the ground covered; this is an error in the checker, please report it";
                            found.undecided.push((question, reached.to_owned()));
                            return;
                        }
                        cells = cells.union(&here);
                        ways.push(f);
                        about.extend(part.here.iter().filter(|s| cover::is_claim(s) || agreed(s)).map(|s| (s.id, *s)));
                    }
                }
            }
        }
        if ways.is_empty() || cover::noise(space, &cells) {
            continue;
        }
        let question = format!("{} `{}` wherever members hold ground", guarantee.words, action(pact, guarantee));
        let Some(at) = when(cx, "B11", pact.view, &question, &Formula::or(ways)) else { continue };
        let here = space.describe(&cells);
        let tail = at.tail(pact.program);
        let message =
            format!("{} `{}` {}, and not in {here}{tail}", guarantee.words, action(pact, guarantee), guarantee.place);
        let mut draft =
            Draft::new("B11", message).charter(pact.view.charter).identity(format!("misses {}", space.name));
        draft = draft.statements(guarantee.statements.iter().copied());
        for (id, s) in &about {
            draft = draft.statement(*id, "");
            if let Some(why) = said(pact, s) {
                draft = draft.note(why);
            }
        }
        let level = crate::report::codes::level("B11");
        found.drafts.push(at.write(pact.program, draft.ground(atlas, cells), level));
    }
}

fn action<'p>(pact: &Pact<'p>, guarantee: &Guarantee) -> &'p str {
    pact.conduct().action(guarantee.action).map_or("?", |a| a.name.as_str())
}

/// Why ground that parties agreed about is in nobody's territory.
fn said(pact: &Pact<'_>, s: &Statement) -> Option<String> {
    let what = s.region().map(|r| words::ground(pact.program, r))?;
    match &s.kind {
        StatementKind::SetAside { parties, .. } => Some(format!(
            "{what} is set aside by {}: it is in nobody's territory",
            words::parties(pact.program, parties)
        )),
        StatementKind::Frozen { .. } => Some(format!("{what} is frozen: it is in nobody's territory")),
        _ => None,
    }
}

/// Whether a statement agrees about ground, so that it is somebody's business without being anybody's territory.
fn agreed(s: &Statement) -> bool {
    matches!(s.kind, StatementKind::SetAside { .. } | StatementKind::Frozen { .. })
}

/// The cells in groups that each fixed area has wholly or not at all.
fn split(cells: &CellSet, areas: &[Area], atlas: AtlasId) -> Vec<CellSet> {
    let mut groups: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
    for cell in cells.cells() {
        let has = |a: &Area| matches!(a, Area::Fixed(x, c) if *x == atlas && c.contains(*cell));
        groups.entry(areas.iter().map(has).collect()).or_default().push(*cell);
    }
    groups.into_values().map(CellSet::new).collect()
}

/// When members claim or have agreed about these cells, and no area has them. They lie in each fixed area or outside of it.
fn outside(
    guarantee: &Guarantee,
    ground: &Ground<'_>,
    atlas: AtlasId,
    cells: &CellSet,
    here: &[&Statement],
) -> Result<Formula, String> {
    let mut all =
        vec![Formula::or(here.iter().filter(|s| agreed(s)).map(|s| s.on.clone()).chain([cover::claimed(here)]))];
    let first = cells.cells().first().copied();
    for area in &guarantee.areas {
        let within = match area {
            Area::Fixed(x, fixed) => Formula::constant(*x == atlas && first.is_some_and(|c| fixed.contains(c))),
            Area::Claimed(parties) => Formula::or(here.iter().filter_map(|s| {
                let (who, right) = cover::claim(s)?;
                Some(Formula::or(who.iter().filter(|p| parties.contains(p)).map(|p| cover::counts(here, s, *p, right))))
            })),
            Area::Territory(parties) => {
                let grounds: Vec<territory::Ground> = ground.encoding.grounds(atlas, cells);
                let mut each = Vec::new();
                for g in &grounds {
                    let mut any = Vec::new();
                    for p in parties {
                        any.push(ground.encoding.territory(*p, g).map_err(|why| project::refusal(&why))?);
                    }
                    each.push(Formula::or(any));
                }
                Formula::and(each)
            }
        };
        all.push(Formula::not(&within));
    }
    Ok(Formula::and(all))
}

/// Whether the evaluator finds no area over the cells either, for the simplest day, settlement and values.
fn replayed(
    cx: &mut Context<'_>,
    guarantee: &Guarantee,
    ground: &Ground<'_>,
    atlas: AtlasId,
    cells: &CellSet,
    f: &Formula,
) -> bool {
    let vars: Vec<_> = f.vars().into_iter().collect();
    let ranges = cx.ranges().clone();
    let Ok(Some(values)) = cx.simplest(&[ranges, f.clone()], &vars) else { return false };
    let Some(cell) = cells.cells().first() else { return false };
    let walk = ground.evaluator.walk(atlas, *cell);
    guarantee.areas.iter().all(|area| match area {
        Area::Fixed(x, fixed) => !(*x == atlas && fixed.contains(*cell)),
        Area::Territory(parties) => {
            Replayed::any(parties.iter().map(|p| walk.territory(*p))).value(&values) == Some(false)
        }
        // as the claims themselves say
        Area::Claimed(_) => true,
    })
}

/// Ground that two members claim against each other, where others answer for both.
fn both_sides(cx: &mut Context<'_>, pact: &Pact<'_>, guarantee: &Guarantee, found: &mut Found) {
    let parties: BTreeSet<PartyId> = guarantee
        .areas
        .iter()
        .filter_map(|a| if let Area::Claimed(p) = a { Some(p) } else { None })
        .flatten()
        .copied()
        .collect();
    if parties.len() < 2 {
        return;
    }
    let study = cx.study(View { charter: pact.view.charter, with: pact.view.with });
    for clash in study.clashes.iter().filter(|c| c.members.len() == 2) {
        let claims: Vec<&Statement> = clash.members.iter().filter_map(|s| pact.program.statement(*s)).collect();
        if !claims.iter().all(|s| cover::is_claim(s) && s.parties.iter().any(|p| parties.contains(p))) {
            continue;
        }
        let who: Vec<PartyId> = claims.iter().flat_map(|s| s.parties.iter().copied()).collect();
        let here = pact.program.atlas(clash.atlas).map_or_else(String::new, |a| a.describe(&clash.cells));
        let message = format!(
            "{} `{}` {}: in {here}, which {} both claim, others are bound to answer for each against the other",
            guarantee.words,
            action(pact, guarantee),
            guarantee.place,
            words::parties(pact.program, &who)
        );
        let mut draft = Draft::new("B11", message)
            .charter(pact.view.charter)
            .identity("both sides")
            .ground(clash.atlas, clash.cells.clone())
            .during(clash.during.clone());
        draft = draft.statements(guarantee.statements.iter().chain(&clash.members).copied());
        found.drafts.push(draft);
    }
}
