//! What is asked of a model: one file a check, and the one list of them.
//!
//! In: a [`Program`](crate::model::Program) and a [`Prover`](crate::logic::Prover), both through [`Context`]. Out: findings,
//! proofs, undecided and unasked questions, in the context's sink; [`crate::engine`] makes a report of them. A check puts
//! *questions* (labelled assumptions, a goal) and reads the answers. A new check is one new file with its unit struct, and
//! one line in [`registry`].
//!
//! What several checks read (the clashes of a charter, with and without a candidate) is studied once and kept by the
//! context: [`Study`].

mod a01;
mod a02;
mod a06;
mod b01;
mod b02;
mod b03;
mod b04;
mod b05;
mod b06;
mod b07;
mod b08;
mod b09;
mod b12;
mod b13;
#[cfg(test)]
pub(crate) mod cases;
mod concessions;
pub mod condition;
mod conflict;
pub mod context;
mod core;
mod cover;
pub mod draft;
mod ground;
mod norms;
pub mod pages;
mod property;
mod prove_conduct;
pub mod question;
mod replay;
mod sanctions;
pub mod situation;
pub mod study;
mod t01;
mod ways;
mod when;
pub mod words;

pub use context::{Context, View};
pub use draft::{Draft, Interval};
pub use question::{Question, Reply};
pub use situation::Timeline;
pub use study::Study;

use crate::report::Level;

/// One check. It has no state: what it learns stands in the context.
pub trait Check: Sync {
    /// Its code, which keeps its meaning for good: `B01`.
    fn code(&self) -> &'static str;

    /// The other codes of which it tells: it is asked too where only one of these is wanted.
    fn tells(&self) -> &'static [&'static str] {
        &[]
    }

    /// What it finds, in a few words.
    fn title(&self) -> &'static str {
        crate::report::codes::title(self.code())
    }

    /// How its findings count unless a project says otherwise. A single finding may count for less (an open conflict is a
    /// warning): see [`Draft::level`].
    fn level(&self) -> Level {
        crate::report::codes::level(self.code())
    }

    /// Asks, and puts what follows into the context.
    fn run(&self, cx: &mut Context<'_>);
}

/// Every check, in the order of the catalogue. The one place that lists them.
#[must_use]
pub fn registry() -> &'static [&'static dyn Check] {
    &[
        &b01::ClaimsThatCannotAllHold,
        &b02::RecognitionAgainstTitle,
        &b03::SharesAboveTheWhole,
        &b04::Boundaries,
        &b05::Nobody,
        &b06::BelowTolerance,
        &b07::Giving,
        &b08::Undecidable,
        &b09::Recognition,
        &sanctions::b10::ClosedExits,
        &sanctions::b11::MissedGround,
        &b12::Readings,
        &b13::Agreed,
        &norms::n01::Dilemma,
        &norms::n02::CannotBeMet,
        &norms::n03::NeverApplies,
        &norms::n04::NothingNew,
        &norms::n05::SetAsideAlways,
        &norms::n06::Outsiders,
        &a06::Requirements,
        &a02::NotYetConsistent,
        &t01::NoZoneOfAgreement,
        &sanctions::s01::Unanswered,
        &sanctions::s02::NobodyToRespond,
        &sanctions::s03::ResponseIsABreach,
        &sanctions::s04::Cascade,
        &sanctions::s05::OutOfProportion,
        &sanctions::s06::BeyondTheirMeans,
        &sanctions::s07::NoWayBack,
        &sanctions::s09::Uncompensated,
        &sanctions::s11::HollowGuarantee,
        &sanctions::s12::DrawnIn,
        &sanctions::s13::PassingTheBuck,
        &sanctions::s14::ExitBeforeTheBill,
        &sanctions::s16::StrikingBack,
        &sanctions::s17::ProtectedFlow,
        // reads what the others found of norms
        &prove_conduct::vacuous::Articles,
        &property::Properties,
        &prove_conduct::Properties,
        // reads what the others found
        &a01::CanJoin,
    ]
}

/// The check of a code, whether or not its letters are capitals.
#[must_use]
pub fn check(code: &str) -> Option<&'static dyn Check> {
    registry().iter().copied().find(|c| c.code().eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests;
