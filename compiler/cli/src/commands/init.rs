//! `comity init`: a first project that checks clean.

use crate::args::Init;
use crate::output::{emit, refuse, write_file};
use std::path::Path;
use std::process::ExitCode;

const SETTINGS: &str = "\
# The settings of this project. `edition` is the version of the language.
edition = 1

[levels]
# how a finding counts, by code: \"deny\", \"warn\" or \"allow\"; `comity explain` lists the codes
";

const CHARTER: &str = include_str!("first.charter");

pub(super) fn run(words: &Init) -> ExitCode {
    let folder = words.folder.as_deref().unwrap_or(Path::new("."));
    let files = [("comity.toml", SETTINGS), ("pact.charter", CHARTER)];
    for (name, _) in files {
        if folder.join(name).exists() {
            return refuse(&format!("`{}` is there already, and nothing was written", folder.join(name).display()));
        }
    }
    if let Err(e) = std::fs::create_dir_all(folder) {
        return refuse(&format!("cannot make `{}`: {e}", folder.display()));
    }
    for (name, text) in files {
        if let Err(e) = write_file(&folder.join(name), text.as_bytes()) {
            return refuse(&e);
        }
    }
    let at = if words.folder.is_some() { format!(" {}", folder.display()) } else { String::new() };
    let said = format!("wrote comity.toml and pact.charter; now try `comity check{at}`\n");
    match emit(&said, None) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}
