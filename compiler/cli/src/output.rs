//! What leaves the program: text to the terminal or a file, and the exit status.

use crate::args::When;
use comity_core::report::Verdict;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// 0 nothing denied and all proved, 1 a denied finding, 2 unreadable input or wrong usage, 3 undecided.
pub(crate) fn status(verdict: Verdict) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::Consistent => 0,
        Verdict::Conflict => 1,
        Verdict::Invalid => 2,
        Verdict::Undecided => 3,
    })
}

/// Unreadable input or wrong usage.
pub(crate) const INVALID: u8 = 2;

/// Whether to colour what goes to standard output.
pub(crate) fn color(when: When, to_file: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => !to_file && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    }
}

/// Writes a text to the file, or to standard output. A reader that has gone away is no mistake.
pub(crate) fn emit(text: &str, file: Option<&Path>) -> Result<(), String> {
    if let Some(file) = file {
        return write_file(file, text.as_bytes());
    }
    tell(text).map(|_| ())
}

/// Writes a text to standard output. Whether anybody still reads there.
pub(crate) fn tell(text: &str) -> Result<bool, String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(format!("cannot write to standard output: {e}")),
    }
}

/// Writes beside the file and then puts it in the file's place, so that no reader ever sees half of it.
pub(crate) fn write_file(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let cannot = |e: io::Error| format!("cannot write `{}`: {e}", file.display());
    if file.exists() && !file.is_file() {
        // a terminal, a pipe: nothing can be put in its place
        if file.is_dir() {
            return Err(format!("cannot write `{}`: it is a folder", file.display()));
        }
        return fs::write(file, bytes).map_err(cannot);
    }
    let name = file.file_name().ok_or_else(|| format!("cannot write `{}`: it names no file", file.display()))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = file.with_file_name(beside);
    let written = fs::File::create(&beside)
        .and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()))
        .and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        // whatever is left of the attempt is of no use, and its own failure is the one to tell
        let _ = fs::remove_file(&beside);
    }
    written.map_err(cannot)
}

/// A sentence to standard error.
pub(crate) fn say(sentence: &str) {
    // there is nobody left to tell if this fails
    let _ = writeln!(io::stderr().lock(), "{sentence}");
}

/// A mistake in the usage: one sentence, exit status 2.
pub(crate) fn refuse(sentence: &str) -> ExitCode {
    say(&format!("error: {sentence}"));
    ExitCode::from(INVALID)
}
