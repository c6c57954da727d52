//! `comity compare`.

use crate::args::Compare;
use crate::output::refuse;
use std::process::ExitCode;

pub(super) fn run(_words: &Compare) -> ExitCode {
    refuse("this build of comity reads no data yet")
}
