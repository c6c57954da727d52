//! `comity explain CODE`: what a code means, with the smallest charter that shows it.

use crate::args::Explain;
use crate::output::{emit, refuse};
use comity_core::checks::pages;
use comity_core::report::codes::{self, CODES};
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(words: &Explain) -> ExitCode {
    let text = match &words.code {
        None => list(),
        Some(word) => match (codes::find(word), pages::page(word)) {
            (_, Some(page)) => page.to_owned(),
            (Some(code), None) => {
                format!("{}: {}\n\nThis check comes with {} of the language.\n", code.code, code.title, ring(code.ring))
            }
            (None, None) => return refuse(&format!("no check has the code `{word}`; `comity explain` lists them")),
        },
    };
    match emit(&text, None) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => refuse(&e),
    }
}

fn ring(ring: u8) -> String {
    let what = match ring {
        1 => "what is held",
        2 => "what is owed",
        _ => "how it is decided",
    };
    format!("ring {ring} ({what})")
}

fn list() -> String {
    let mut out = String::new();
    for number in 1..=3 {
        let _ = writeln!(out, "{}{}", ring(number), if number < 3 { ", in this release" } else { ", later" });
        for code in CODES.iter().filter(|c| c.ring == number) {
            let _ = writeln!(out, "  {}  {}", code.code, code.title);
        }
    }
    out
}
