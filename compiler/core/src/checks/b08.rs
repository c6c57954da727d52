//! B08: undecidable at this accuracy.
//!
//! In: the clashes of a view whose ground is everywhere narrower than the stated accuracies of its sources together, as the
//! study of the view sets them apart. Out: one warning for each: from these sources it cannot be told whether the claims
//! overlap there at all. It is neither a proof nor a conflict.

use super::b06::members;
use super::study::Narrow;
use super::{Check, Context, Draft, conflict, cover, words};
use crate::atlas::number;
use crate::model::Statement;
use crate::report::Level;

/// B08.
#[derive(Debug)]
pub(super) struct Undecidable;

impl Check for Undecidable {
    fn code(&self) -> &'static str {
        "B08"
    }

    fn title(&self) -> &'static str {
        "undecidable at this accuracy"
    }

    fn level(&self) -> Level {
        Level::Warning
    }

    fn run(&self, cx: &mut Context<'_>) {
        let program = cx.program();
        for view in cover::views(cx) {
            let study = cx.study(view);
            for (clash, why) in &study.narrow {
                let Narrow::BelowAccuracy(sum) = why else { continue };
                let statements = members(cx, clash);
                let Some(space) = program.atlas(clash.atlas) else { continue };
                if !cover::concerns(view, &statements) {
                    continue;
                }
                let widest = space.pieces(&clash.cells).iter().map(|p| p.width_m).fold(0.0, f64::max);
                let message = format!(
                    "undecidable at this accuracy: {}, nowhere wider than {} m, by sources that may differ by {}",
                    conflict::sentence(program, clash),
                    number::area(widest),
                    words::quantity(sum, "m")
                );
                let mut draft = Draft::new("B08", message)
                    .charter(view.charter)
                    .accession(view.with)
                    .ground(clash.atlas, clash.cells.clone())
                    .during(clash.during.clone());
                for s in statements {
                    draft = draft.statement(s.id, "").note(source(s));
                }
                cx.report(draft);
            }
        }
    }
}

/// `Pact/1/1 rests on "sheet survey", good to 25 m`.
fn source(s: &Statement) -> String {
    let named = s.reading.source.as_ref().map_or_else(|| "a source without a name".to_owned(), |n| format!("\"{n}\""));
    let accuracy = s
        .reading
        .accuracy_m
        .as_ref()
        .map_or_else(|| "whose accuracy nobody states".to_owned(), |m| format!("good to {}", words::quantity(m, "m")));
    format!("{} rests on {named}, {accuracy}", s.address)
}
