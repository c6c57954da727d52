//! B03: shares above the whole. Reads the study of each charter; asks nothing of its own.

use super::study::Sort;
use super::{Check, Context, b01};

/// B03.
#[derive(Debug)]
pub(super) struct SharesAboveTheWhole;

impl Check for SharesAboveTheWhole {
    fn code(&self) -> &'static str {
        "B03"
    }

    fn run(&self, cx: &mut Context<'_>) {
        b01::report(cx, Sort::Shares);
    }
}
