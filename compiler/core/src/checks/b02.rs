//! B02: a recognition contradicts a title. Reads the study of each charter; asks nothing of its own.

use super::study::Sort;
use super::{Check, Context, b01};

/// B02.
#[derive(Debug)]
pub(super) struct RecognitionAgainstTitle;

impl Check for RecognitionAgainstTitle {
    fn code(&self) -> &'static str {
        "B02"
    }

    fn run(&self, cx: &mut Context<'_>) {
        b01::report(cx, Sort::Recognition);
    }
}
