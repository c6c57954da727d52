//! Random behaviour, looked through for what the checks on sanctions warn of: `comity test --explore N`.
//!
//! In: a program, how many walks, a seed. Out: an [`ExploreReport`]: in how many walks each check's situation was met, and for each
//! statement the smallest situation that shows it, as lines of a scenario. Everything is decided by the evaluator alone, never
//! by the encoding: what a walk meets and the prover denies is a mistake of one of them. The same seed gives the same bytes.
//!
//! Listed members walk; members of a kind that is open in number and outsiders do not. What rests on values that nobody states is
//! not counted.

mod answers;
mod back;
mod drawn;
mod exit;
mod flow;
mod hollow;
mod line;
mod means;
mod proportion;
mod ruled;
mod shrink;
mod situations;
mod steer;
mod strike;
mod sums;
mod walk;

pub use situations::CODES;

use crate::atlas::quoted;
use crate::checks::situation::About;
use crate::chronicle::Subject;
use crate::diagnostic::Diagnostic;
use crate::engine::inputs;
use crate::evaluate::situation::Truth;
use crate::logic::sample::Sample;
use crate::model::conduct::{Occurrence, Situation};
use crate::model::{CharterId, Program, StatementId};
use crate::play::{Reply, Session};
use crate::report::codes;
use crate::report::document::{DiagnosticEntry, Input, Role, SituationEntry};
use crate::source::{Sources, World};
use crate::trial::story;
use ruled::Shown;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use walk::Ground;

/// What walks met.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ExploreReport {
    /// the version of this format
    pub schema: u32,
    /// the version of the program
    pub comity: String,
    /// with which the walks can be had again
    pub seed: u64,
    /// how many there were of each charter
    pub walks: u32,
    /// what was read, by path
    pub inputs: Vec<Input>,
    /// what was met, by charter and check
    pub charters: Vec<Walked>,
    /// the checks on norms and sanctions whose situations no walk can meet, or only in part
    pub not_walked: Vec<NotWalked>,
    /// what the reader should know
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// why the input could not be read
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticEntry>,
}

/// A check whose situations no walk can meet, or only in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotWalked {
    /// the check
    pub code: String,
    /// what it finds
    pub title: String,
    /// why not
    pub why: String,
}

impl NotWalked {
    fn of((code, why): &(&str, &str)) -> Self {
        Self { code: (*code).to_owned(), title: codes::title(code).to_owned(), why: (*why).to_owned() }
    }
}

/// What walks cannot meet, and why.
const NOT_WALKED: [(&str, &str); 8] = [
    ("B10", "what surrounds a region is a fact of the map, not of what anybody does"),
    ("B11", "what ground a duty covers is a fact of the map, not of what anybody does"),
    ("N06", "outsiders do not walk"),
    ("S06", "in part: what acts have used up before is not counted, as it is what parties state that is asked about"),
    ("S07", "in part: that a lift or an exception can never hold is said of all situations"),
    ("S08", "comes with votes, in a later release"),
    ("S10", "comes with votes, in a later release"),
    ("S15", "comes with procedures, in a later release"),
];

/// The walks of one charter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Walked {
    /// its name
    pub charter: String,
    /// how many acts, events, findings and notices there were in all
    pub happened: usize,
    /// in how many walks somebody was in breach
    pub broken: usize,
    /// in how many walks something rested on values that nobody states
    pub unsure: usize,
    /// how often each check's situation was met
    pub checks: Vec<Tally>,
    /// checks that say something of all situations: of how many norms walks showed that they do not hold
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<Denied>,
    /// the smallest situation for each statement
    pub found: Vec<Meeting>,
}

/// How often a check's situation was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// the check
    pub code: String,
    /// what it finds
    pub title: String,
    /// in how many walks
    pub walks: u32,
}

/// A check that says something of all situations, which a walk can only deny.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Denied {
    /// the check
    pub code: String,
    /// what it finds
    pub title: String,
    /// what walks showed of norms
    pub what: String,
    /// the addresses of these norms
    pub shown: Vec<String>,
    /// the addresses of the others of which it is asked
    pub open: Vec<String>,
}

/// A situation that was met.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Meeting {
    /// the check
    pub code: String,
    /// what it finds
    pub title: String,
    /// the address of the statement that it is about
    pub statement: String,
    /// its file
    pub path: String,
    /// from 1
    pub line: usize,
    /// as it stands there
    pub text: String,
    /// in how many walks
    pub walks: u32,
    /// the first of them, from 1
    pub first: u32,
    /// always: it was made up and describes no conduct of anyone
    pub hypothetical: bool,
    /// what happens, a line each, as a scenario says it: with names, since a scenario has no roles
    pub lines: Vec<String>,
    /// the same as sentences, with what fell due and what was broken, by day; parties that nothing tells apart are roles
    pub situation: Vec<SituationEntry>,
    /// the roles
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// `lines` with roles
    #[serde(skip)]
    pub(crate) told: Vec<String>,
    /// who may play the roles of `told`, and those of `situation`
    #[serde(skip)]
    pub(crate) casting: [Vec<String>; 2],
}

impl ExploreReport {
    fn new(walks: u32, seed: u64) -> Self {
        Self {
            schema: 1,
            comity: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            walks,
            inputs: Vec::new(),
            charters: Vec::new(),
            not_walked: NOT_WALKED.iter().map(NotWalked::of).collect(),
            notes: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// An input that could not be read.
    #[must_use]
    pub fn invalid(walks: u32, seed: u64, diagnostics: &[Diagnostic], sources: &Sources) -> Self {
        let diagnostics = diagnostics.iter().map(|d| DiagnosticEntry::of(d, sources)).collect();
        Self { inputs: inputs(sources), diagnostics, ..Self::new(walks, seed) }
    }

    /// Whether a situation was met of a check that counts as an error unless a project says otherwise.
    #[must_use]
    pub fn is_serious(&self) -> bool {
        let error = |m: &Meeting| codes::level(&m.code) == crate::report::Level::Error;
        self.charters.iter().any(|c| c.found.iter().any(error))
    }
}

/// Walks every charter that has norms so many times.
#[must_use]
pub fn explore(program: &Program, sources: &Sources, walks: u32, seed: u64) -> ExploreReport {
    let mut out = ExploreReport::new(walks, seed);
    out.inputs = inputs(sources);
    let owed = |id: CharterId| program.conduct.norms.iter().any(|n| n.charter == Some(id));
    let mut charters: Vec<(CharterId, &str)> =
        (0u32..).map(CharterId).zip(&program.charters).map(|(id, c)| (id, c.name.as_str())).collect();
    charters.sort_by_key(|(_, name)| *name);
    for (id, name) in charters.into_iter().filter(|(id, _)| owed(*id)) {
        let ground = Ground::new(program, id);
        if program.charters.get(id.0 as usize).is_some_and(|c| !c.open.is_empty()) {
            out.notes.push(format!("members of {name} that are not listed do not walk"));
        }
        out.charters.push(one(&ground, sources, name, walks, seed));
    }
    if out.charters.is_empty() {
        out.notes.push("no charter here says what anyone must do".to_owned());
    }
    out
}

fn one(ground: &Ground<'_>, sources: &Sources, name: &str, walks: u32, seed: u64) -> Walked {
    let (checks, denied, found) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = Walked { charter: name.to_owned(), happened: 0, broken: 0, unsure: 0, checks, denied, found };
    let mut shown = Shown::default();
    let mut met: BTreeMap<(&'static str, StatementId), (u32, u32, Situation)> = BTreeMap::new();
    let mut by_code: BTreeMap<&'static str, u32> = CODES.iter().map(|c| (*c, 0)).collect();
    for walk in 0..walks {
        // each walk has a stream of its own, so that one can be had without the others
        let mut sample = Sample::new(seed.wrapping_add(u64::from(walk).wrapping_mul(0xd134_2543_de82_ef95)));
        let situation = ground.walk(&mut sample);
        out.happened += situation.occurrences.len();
        {
            let run = ground.run(&situation);
            out.broken += usize::from(run.breaches().iter().any(|b| b.truth.is_yes() && b.subject.is_some()));
            let open = run.breaches().iter().any(|b| b.truth == Truth::Unknown)
                || run.instances().iter().any(|i| i.truth == Truth::Unknown);
            out.unsure += usize::from(open);
            shown.add(ground, &run);
        }
        let found = ground.met(&situation, None);
        for code in found.iter().map(|(code, _)| *code).collect::<BTreeSet<_>>() {
            *by_code.entry(code).or_default() += 1;
        }
        for key in found {
            met.entry(key).or_insert_with(|| (0, walk + 1, situation.clone())).0 += 1;
        }
    }
    out.checks = by_code
        .into_iter()
        .map(|(code, walks)| Tally { code: code.to_owned(), title: codes::title(code).to_owned(), walks })
        .collect();
    out.denied = shown.of(ground);
    for ((code, statement), (walks, first, situation)) in met {
        let smallest = shrink::shrink(ground, &situation, (code, statement));
        out.found.extend(meeting(ground, sources, (code, statement), &smallest).map(|m| Meeting { walks, first, ..m }));
    }
    out.found.sort_by(|a, b| (&a.code, &a.statement).cmp(&(&b.code, &b.statement)));
    out
}

fn meeting(
    ground: &Ground<'_>,
    sources: &Sources,
    (code, statement): (&'static str, StatementId),
    situation: &Situation,
) -> Option<Meeting> {
    let said = ground.program.statement(statement)?;
    let run = ground.run(situation);
    let program = ground.program;
    let about = about(program, run.charter());
    let cast = story::cast(&run, &about);
    let (story, all) = story::made_up(&run, &about);
    let name = |actor| Some(quoted(&cast.name(actor)));
    let lines = |say: &dyn Fn(&Occurrence) -> Option<String>| -> Vec<String> {
        situation.occurrences.iter().filter_map(|o| Some(format!("day {} {}", o.from, say(o)?))).collect()
    };
    Some(Meeting {
        code: code.to_owned(),
        title: codes::title(code).to_owned(),
        statement: said.address.clone(),
        path: sources.path(said.span.file).to_owned(),
        line: sources.position(said.span).line,
        text: said.text.clone(),
        walks: 0,
        first: 0,
        hypothetical: true,
        lines: lines(&|o| line::line(program, o)),
        situation: story.entries,
        roles: all.roles(program),
        told: lines(&|o| line::told(program, o, &name)),
        casting: [cast.lines(program), all.lines(program)],
    })
}

/// What tells parties apart in a walk: every norm and rule that binds there, and what flows are supplied by.
fn about(program: &Program, charter: CharterId) -> About {
    let mut about = About::charter(program, charter);
    let conduct = &program.conduct;
    about.norms.extend(conduct.norms.iter().filter(|n| n.charter.is_none()).map(|n| n.id));
    about.rules.extend(conduct.rules.iter().filter(|r| r.charter.is_none()).map(|r| r.id));
    conduct.flows.iter().filter_map(|f| f.supplied.as_ref()).for_each(|name| about.mentions.attribute(name));
    about
}

/// What a check's situation is about, in a program that was read with the situation as a scenario: whether the evaluator finds
/// it there again.
#[must_use]
pub fn again(program: &Program, charter: CharterId, situation: &Situation, meeting: &Meeting) -> bool {
    let ground = Ground::new(program, charter);
    let address = |s: StatementId| program.statement(s).is_some_and(|s| s.address == meeting.statement);
    ground.met(situation, None).into_iter().any(|(code, s)| code == meeting.code && address(s))
}

/// A situation as a file that `comity test` runs, with what is so in it as its expectations. `below`: how many folders the file
/// lies below the project's.
///
/// # Errors
/// Where a line cannot be said in the language, or what was read does not show the same.
pub fn scenario(world: &dyn World, subject: Subject, meeting: &Meeting, below: usize) -> Result<String, String> {
    let told = |mistakes: Vec<crate::chronicle::Mistake>| {
        mistakes.into_iter().map(|m| m.diagnostic.headline).collect::<Vec<_>>().join("; ")
    };
    let mut session = Session::new(world, subject).map_err(told)?;
    let mut last = 0;
    for line in &meeting.lines {
        let (day, what) = line.strip_prefix("day ").and_then(|l| l.split_once(' ')).ok_or("a line without a day")?;
        let mut said = vec![format!("day {day}"), what.to_owned()];
        if last.to_string() == day {
            said.remove(0);
        }
        last = day.parse::<i64>().unwrap_or(last);
        for line in said {
            if let Reply::Said(text) = session.enter(&line)
                && text.starts_with("error: ")
            {
                return Err(format!("`{line}` cannot be said: {}", text.lines().next().unwrap_or("")));
            }
        }
    }
    let same =
        session.situation().is_some_and(|(program, charter, situation)| again(program, charter, situation, meeting));
    if !same {
        return Err("what was read does not show the same".to_owned());
    }
    // long enough that what is not done in time is seen
    let end = meeting.situation.iter().map(|e| e.day).max().unwrap_or(last);
    if end > last {
        session.enter(&format!("day {end}"));
    }
    session.scenario(&format!("{}: {}", meeting.code, meeting.title), below)
}
