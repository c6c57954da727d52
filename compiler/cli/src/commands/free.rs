//! `comity free`.

use crate::args::Free;
use crate::output::refuse;
use std::process::ExitCode;

pub(super) fn run(_words: &Free) -> ExitCode {
    refuse("this build of comity reads no charters yet")
}
