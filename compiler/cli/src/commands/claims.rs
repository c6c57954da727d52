//! `comity claims`.

use crate::args::Claims;
use crate::output::refuse;
use std::process::ExitCode;

pub(super) fn run(_words: &Claims) -> ExitCode {
    refuse("this build of comity reads no data yet")
}
