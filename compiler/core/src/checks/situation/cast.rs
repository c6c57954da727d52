//! Who plays which part in a situation: the one place that decides on names.
//!
//! In: a program, the charter, a situation with its actors in the order of their first appearance. Out: [`Cast`]: a party goes
//! by its name only where some statement tells it apart from every other member; else it is a role (`P`, a member), and
//! the cast says who may play it (`semantics.md` §21, §26; `language.md` §7). The same input gives the same letters.

use crate::atlas::join;
use crate::logic::{Linear, Node, Var};
use crate::model::conduct::{Actor, Happening, NormId, RuleId, Situation};
use crate::model::mentions::Mentions;
use crate::model::{AttributeValue, CharterId, KindId, PartyId, Program};
use crate::report::document::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of those who are bound, in the order in which they are given.
const MEMBERS: &str = "PQRSTUVW";

/// Letters of outsiders.
const OUTSIDERS: &str = "XYZ";

/// So many parties are listed by name; of more only their number.
const LISTED: usize = 6;

/// On which norms and rules a situation depends.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// norms
    pub norms: BTreeSet<NormId>,
    /// rules, besides those that the norms stand in
    pub rules: BTreeSet<RuleId>,
    /// what else is asked about mentions
    pub mentions: Mentions,
}

impl About {
    /// Every norm and rule of a charter.
    #[must_use]
    pub fn charter(program: &Program, charter: CharterId) -> Self {
        let conduct = &program.conduct;
        Self {
            norms: conduct.norms.iter().filter(|n| n.charter == Some(charter)).map(|n| n.id).collect(),
            rules: conduct.rules.iter().filter(|r| r.charter == Some(charter)).map(|r| r.id).collect(),
            mentions: Mentions::new(),
        }
    }
}

/// What tells parties apart: those with equal marks are exchanged freely.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    member: bool,
    /// told apart by a statement that names it
    own: Option<Actor>,
    kinds: Vec<KindId>,
    attributes: Vec<(String, String)>,
}

/// Somebody who goes by a letter.
#[derive(Debug, Clone)]
struct Part {
    letter: String,
    noun: String,
    class: usize,
}

/// Those who may play the same parts.
#[derive(Debug, Clone)]
struct Class {
    noun: String,
    plural: String,
    /// nobody knows how many; then what they are
    open: Option<String>,
    pool: Vec<PartyId>,
    letters: Vec<String>,
}

/// The names of all who act in a situation.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    parts: BTreeMap<Actor, Part>,
    names: BTreeMap<Actor, String>,
    classes: Vec<Class>,
}

impl Cast {
    /// Everybody by name: for what people wrote themselves.
    #[must_use]
    pub fn named(program: &Program, actors: &[Actor]) -> Self {
        let names = actors.iter().map(|a| (*a, plain(program, *a))).collect();
        Self { parts: BTreeMap::new(), names, classes: Vec::new() }
    }

    /// Roles wherever no statement among `about` tells the parties apart. `actors` in the order of their first appearance.
    #[must_use]
    pub fn new(program: &Program, charter: CharterId, situation: &Situation, about: &About, actors: &[Actor]) -> Self {
        let told = Told::new(program, situation, about);
        let open = program.charters.get(charter.0 as usize).map(|c| c.open.clone()).unwrap_or_default();
        let members: Vec<PartyId> = situation.members.iter().filter_map(party).collect();
        let marks: BTreeMap<PartyId, Mark> = members.iter().map(|p| (*p, told.mark(Actor::Party(*p)))).collect();
        let kinds: BTreeSet<&Vec<KindId>> = marks.values().map(|m| &m.kinds).collect();
        let one_kind = kinds.len() <= 1 && open.len() + usize::from(!kinds.is_empty()) <= 1;
        let taken: BTreeSet<&str> = program.parties.iter().map(|p| p.name.as_str()).collect();
        let mut bound = letters(MEMBERS, &taken);
        let mut outside = letters(OUTSIDERS, &taken);
        let mut cast = Self::default();
        let mut known: BTreeMap<Mark, usize> = BTreeMap::new();
        for actor in actors {
            if cast.names.contains_key(actor) || cast.parts.contains_key(actor) {
                continue;
            }
            let mut mark = told.mark(*actor);
            let pool: Vec<PartyId> = members.iter().copied().filter(|p| marks.get(p) == Some(&mark)).collect();
            let of_open = match actor {
                Actor::Unnamed(kind, _) => Some(*kind),
                Actor::Party(p) if mark.member && mark.own.is_none() => {
                    let kind = program.parties.get(p.0 as usize).map(|p| p.kind);
                    open.iter().copied().find(|k| Some(*k) == kind)
                }
                Actor::Party(_) | Actor::Outsider(_) => None,
            };
            if let Some(kind) = of_open {
                mark = Mark { member: mark.member, own: None, kinds: vec![kind], attributes: Vec::new() };
            }
            let single = mark.own.is_some() || (mark.member && of_open.is_none() && pool.len() <= 1);
            if single && let Actor::Party(p) = actor {
                cast.names.insert(*actor, program.party_name(*p).to_owned());
                continue;
            }
            let class = *known.entry(mark.clone()).or_insert_with(|| {
                cast.classes.push(class(program, charter, &mark, of_open, pool, one_kind));
                cast.classes.len() - 1
            });
            let letter = if mark.member { bound.next() } else { outside.next() }.unwrap_or_default();
            if let Some(c) = cast.classes.get_mut(class) {
                c.letters.push(letter.clone());
                cast.parts.insert(*actor, Part { letter, noun: c.noun.clone(), class });
            }
        }
        cast
    }

    /// The same names with nobody to be introduced.
    #[must_use]
    pub fn letters(&self) -> Self {
        let names = self.parts.keys().chain(self.names.keys()).map(|a| (*a, self.name(*a))).collect();
        Self { parts: BTreeMap::new(), names, classes: Vec::new() }
    }

    /// The name somebody goes by: `P`, `Arland`.
    #[must_use]
    pub fn name(&self, actor: Actor) -> String {
        let part = self.parts.get(&actor).map(|p| p.letter.clone());
        part.or_else(|| self.names.get(&actor).cloned()).unwrap_or_else(|| "?".to_owned())
    }

    /// The same with what it is, for the first mention: `a member P`, `Arland`.
    #[must_use]
    pub fn introduce(&self, actor: Actor) -> String {
        self.parts.get(&actor).map_or_else(|| self.name(actor), |p| format!("{} {}", p.noun, p.letter))
    }

    /// What somebody is, without a letter: `a member`, `Arland`.
    #[must_use]
    pub fn noun(&self, actor: Actor) -> String {
        self.parts.get(&actor).map_or_else(|| self.name(actor), |p| p.noun.clone())
    }

    /// Whether anybody goes by a letter.
    #[must_use]
    pub fn has_roles(&self) -> bool {
        !self.parts.is_empty()
    }

    /// The roles for the document, in the order of their letters' first use.
    #[must_use]
    pub fn roles(&self, program: &Program) -> Vec<Role> {
        let mut out: Vec<(usize, usize, Role)> = Vec::new();
        for part in self.parts.values() {
            let Some(class) = self.classes.get(part.class) else { continue };
            let parties: Vec<String> = if class.open.is_none() && class.pool.len() <= LISTED {
                names(program, &class.pool)
            } else {
                Vec::new()
            };
            let place = class.letters.iter().position(|l| *l == part.letter).unwrap_or_default();
            let any_of = class.open.is_none().then_some(class.pool.len());
            let role = Role { role: part.letter.clone(), is: part.noun.clone(), any_of, parties };
            out.push((part.class, place, role));
        }
        out.sort_by_key(|(class, place, _)| (*class, *place));
        out.into_iter().map(|(.., role)| role).collect()
    }

    /// Who may play the roles, a sentence for each class: `P and Q may be any two of 31 members`.
    #[must_use]
    pub fn lines(&self, program: &Program) -> Vec<String> {
        self.classes.iter().map(|c| c.line(program)).collect()
    }
}

impl Class {
    fn line(&self, program: &Program) -> String {
        let who = join(&self.letters);
        if let Some(open) = &self.open {
            return match self.letters.len() {
                1 => format!("{who} may be {open}"),
                _ => format!("{who} may be {open}, each another"),
            };
        }
        let listed = names(program, &self.pool);
        let all = self.letters.len() == self.pool.len();
        match (self.letters.len(), self.pool.len() <= LISTED) {
            (_, true) if all => format!("{who} may be {}, in any order", join(&listed)),
            (1, true) => format!("{who} may be any of {} {}: {}", listed.len(), self.plural, join(&listed)),
            (1, false) => format!("{who} may be any of {} {}", self.pool.len(), self.plural),
            (k, true) => {
                format!("{who} may be any {} of {} {}: {}", count(k), listed.len(), self.plural, join(&listed))
            }
            (k, false) => format!("{who} may be any {} of {} {}", count(k), self.pool.len(), self.plural),
        }
    }
}

/// What the statements tell apart.
struct Told<'a> {
    program: &'a Program,
    members: BTreeSet<Actor>,
    own: BTreeSet<PartyId>,
    mentions: Mentions,
}

impl<'a> Told<'a> {
    fn new(program: &'a Program, situation: &Situation, about: &About) -> Self {
        let conduct = &program.conduct;
        let mut mentions = about.mentions.clone();
        let mut rules = about.rules.clone();
        for norm in about.norms.iter().filter_map(|n| conduct.norm(*n)) {
            mentions.norm(conduct, norm);
            rules.extend(norm.rule);
        }
        for rule in rules.iter().filter_map(|r| conduct.rule(*r)) {
            mentions.rule(conduct, rule);
        }
        let mut own = mentions.parties.clone();
        own.extend(program.unknowns.iter().filter(|u| mentions.vars.contains(&u.var)).map(|u| u.party));
        for reservation in &conduct.reservations {
            if reservation.norms.iter().any(|n| about.norms.contains(n)) {
                own.insert(reservation.party);
            }
        }
        let placed = situation.occurrences.iter().any(|o| matches!(&o.what, Happening::Act { place: Some(_), .. }));
        // whose ground it is tells all apart who hold any
        if mentions.title || placed {
            own.extend(
                program.statements.iter().filter(|s| s.region().is_some()).flat_map(|s| s.parties.iter().copied()),
            );
        }
        Self { program, members: situation.members.iter().copied().collect(), own, mentions }
    }

    fn mark(&self, actor: Actor) -> Mark {
        let member = self.members.contains(&actor);
        let program = self.program;
        let kind = match actor {
            Actor::Party(p) => program.parties.get(p.0 as usize).map(|p| p.kind),
            Actor::Unnamed(kind, _) => Some(kind),
            Actor::Outsider(_) => None,
        };
        let kinds: Vec<KindId> =
            self.mentions.kinds.iter().copied().filter(|k| kind.is_some_and(|x| program.is_kind(x, *k))).collect();
        let mut mark = Mark { member, own: None, kinds, attributes: Vec::new() };
        match actor {
            Actor::Party(p) => {
                if self.own.contains(&p) {
                    mark.own = Some(actor);
                } else {
                    let read = self.mentions.attributes.keys();
                    mark.attributes = read.map(|a| (a.clone(), self.attribute(p, a))).collect();
                }
            }
            // members that are not listed are alike, and no one else is like them
            Actor::Unnamed(kind, _) => mark.kinds = vec![kind],
            Actor::Outsider(_) => {}
        }
        mark
    }

    /// The value of an attribute without the name of its owner.
    fn attribute(&self, party: PartyId, name: &str) -> String {
        let Some(value) = self.program.parties.get(party.0 as usize).and_then(|p| p.attributes.get(name)) else {
            return String::new();
        };
        let it = |x: &Var| Var::new("it", x.sort());
        let unknown = |x: &Var| self.program.unknowns.iter().find(|u| u.var == *x && u.party == party);
        match value {
            AttributeValue::Quantity(linear, unit) => {
                let mut out = linear.clone();
                let mut ranges = String::new();
                for x in linear.vars() {
                    if let Some(u) = unknown(x) {
                        let same = Linear::var(&it(x));
                        out = out.replace(x, &same);
                        ranges.push_str(&u.range.substitute(x, &same).map_or_else(String::new, |r| format!(" {r:?}")));
                    }
                }
                format!("{out} {unit}{ranges}")
            }
            AttributeValue::Bool(formula) => match formula.node() {
                Node::Atom(x) if unknown(x).is_some() => "it".to_owned(),
                _ => format!("{formula:?}"),
            },
            AttributeValue::Region(region) => format!("{:?} {:?}", region.atlas, region.cells),
            AttributeValue::Text(text) => text.clone(),
        }
    }
}

fn class(
    program: &Program,
    charter: CharterId,
    mark: &Mark,
    of_open: Option<KindId>,
    pool: Vec<PartyId>,
    one_kind: bool,
) -> Class {
    let letters = Vec::new();
    if !mark.member {
        let name = program.charters.get(charter.0 as usize).map_or("the charter", |c| c.name.as_str());
        let open = Some(format!("anyone outside of {name}"));
        return Class { noun: "an outsider".to_owned(), plural: "outsiders".to_owned(), open, pool, letters };
    }
    // the kind that refines most others says most
    let depth = |k: &KindId| mark.kinds.iter().filter(|other| program.is_kind(*k, **other)).count();
    let kind = of_open.or_else(|| mark.kinds.iter().copied().max_by_key(|k| (depth(k), std::cmp::Reverse(*k))));
    let open = of_open.map(|k| format!("any {}", program.kind_name(k)));
    match kind.filter(|k| k.0 != 0 && (!one_kind || of_open.is_some())) {
        None => Class { noun: "a member".to_owned(), plural: "members".to_owned(), open, pool, letters },
        Some(kind) => {
            let name = program.kind_name(kind);
            let article = if name.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            Class { noun: format!("{article} {name}"), plural: format!("members of kind {name}"), open, pool, letters }
        }
    }
}

fn party(actor: &Actor) -> Option<PartyId> {
    match actor {
        Actor::Party(p) => Some(*p),
        Actor::Unnamed(..) | Actor::Outsider(_) => None,
    }
}

/// Somebody without a role.
fn plain(program: &Program, actor: Actor) -> String {
    match actor {
        Actor::Party(p) => program.party_name(p).to_owned(),
        Actor::Unnamed(kind, n) => format!("{} {}", program.kind_name(kind), n + 1),
        Actor::Outsider(n) => format!("outsider {}", n + 1),
    }
}

fn names(program: &Program, parties: &[PartyId]) -> Vec<String> {
    let mut out: Vec<String> = parties.iter().map(|p| program.party_name(*p).to_owned()).collect();
    out.sort();
    out
}

/// `P`, `Q`, …, `W`, `P2`, …: without those that are the name of a party.
fn letters<'a>(all: &'a str, taken: &'a BTreeSet<&str>) -> impl Iterator<Item = String> + 'a {
    (1usize..)
        .flat_map(move |round| all.chars().map(move |c| if round == 1 { c.to_string() } else { format!("{c}{round}") }))
        .filter(move |letter| !taken.contains(letter.as_str()))
}

fn count(n: usize) -> String {
    match n {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        5 => "five".to_owned(),
        6 => "six".to_owned(),
        _ => n.to_string(),
    }
}
