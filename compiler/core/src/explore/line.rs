//! What happened, as a line of a scenario.
//!
//! In: an [`Occurrence`]. Out: `Belmark does attack(Corvia) in World.North until day 9`, as the language reads it; nothing for
//! what it has no words for.

use crate::atlas::{AtlasId, quoted};
use crate::checks::words::value;
use crate::chronicle::in_quotes;
use crate::logic;
use crate::model::Program;
use crate::model::conduct::{Actor, Happening, Occurrence, Sort, Trigger, Value};

/// A line without its day, as a scenario says it.
pub(super) fn line(program: &Program, o: &Occurrence) -> Option<String> {
    told(program, o, &|actor| match actor {
        Actor::Party(p) => Some(quoted(program.party_name(p))),
        Actor::Unnamed(..) | Actor::Outsider(_) => None,
    })
}

/// The same with the names that whoever acts goes by.
pub(super) fn told(program: &Program, o: &Occurrence, name: &dyn Fn(Actor) -> Option<String>) -> Option<String> {
    let conduct = &program.conduct;
    Some(match &o.what {
        Happening::Act { action, arguments, place } => {
            let declared = conduct.action(*action)?;
            let mut given = declared.parameters.iter().zip(arguments).enumerate();
            let mut parts = Vec::new();
            let by = if declared.event { None } else { given.next() };
            for (at, (parameter, argument)) in given {
                match argument {
                    Value::Unsaid => {}
                    Value::Actor(a) => parts.push(name(*a)?),
                    Value::Number(n) => {
                        let Sort::Number { print, .. } = &parameter.sort else { return None };
                        let said = value(print, &[], &logic::Value::Number(n.clone()));
                        // an event may leave open in which money somebody loses; who makes it good does not
                        let rules = conduct.rules.iter().flat_map(|r| &r.compensation);
                        let fund = rules.filter(|c| c.event == *action && c.amount == at).map(|c| c.fund).next();
                        let money = fund.and_then(|f| conduct.funds.get(f.0 as usize)).map(|f| f.currency.as_str());
                        let said = match money {
                            Some(money) if !said.ends_with(money) => format!("{said} {money}"),
                            _ => said,
                        };
                        parts.push(format!("{} = {said}", quoted(&parameter.name)));
                    }
                    Value::Thing(t) => parts.push(in_quotes(t)),
                    Value::Region(atlas, cells) => parts.push(ground(program, *atlas, cells)?),
                }
            }
            let act = format!("{}({})", quoted(&declared.name), parts.join(", "));
            let act = match by {
                Some((_, (_, Value::Actor(a)))) => format!("{} does {act}", name(*a)?),
                Some(_) => return None,
                None => act,
            };
            let place = match place {
                Some((atlas, cells)) => format!(" in {}", ground(program, *atlas, cells)?),
                None => String::new(),
            };
            let until = match o.to {
                None => " from then on".to_owned(),
                Some(to) if to > o.from => format!(" until day {to}"),
                Some(_) => String::new(),
            };
            format!("{act}{place}{until}")
        }
        Happening::Finding { rule, by, against } => {
            let rule = conduct.rule(*rule)?;
            let Trigger::Breach { norms, .. } = &rule.trigger else { return None };
            let of = conduct.norm(*norms.first()?).filter(|n| n.rule.is_none())?;
            let against = match against {
                Some(a) => format!(" against {}", name(*a)?),
                None => String::new(),
            };
            let by = name(*by)?;
            format!("article {} determines breach of article {} by {by}{against}", rule.article, of.article)
        }
        Happening::Withdrawal { party } => format!("{} withdraws", name(*party)?),
    })
}

/// The region of an atlas with just these cells.
fn ground(program: &Program, atlas: AtlasId, cells: &[u32]) -> Option<String> {
    let found = program.atlas(atlas)?;
    let mut leaves = (0u32..).zip(&found.leaves);
    let same = leaves.find(|(leaf, named)| named.name.is_some() && found.leaf_cells(*leaf).cells() == cells);
    let leaf = same.and_then(|(_, named)| named.name.as_deref())?;
    Some(format!("{}.{}", quoted(&found.name), quoted(leaf)))
}
