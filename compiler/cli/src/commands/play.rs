//! `comity play CHARTER`: steps through a situation by hand.
//!
//! A line in, what came of it out. A person at a terminal moves within the line and finds what was typed before; the lines of a script
//! (standard input is no terminal) are shown behind the prompt, so that the output reads like the session.

use crate::args::Play;
use crate::output::{INVALID, emit, refuse, say, tell, write_file};
use crate::project::{self, Project, Want};
use comity_core::chronicle::Subject;
use comity_core::compile::read_program;
use comity_core::diagnostic::Diagnostic;
use comity_core::play::{Reply, Session};
use comity_core::report::{Options, render_diagnostics};
use comity_core::source::Sources;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(words: &Play) -> ExitCode {
    let mut sources = Sources::default();
    let project = match project::open(std::slice::from_ref(&words.charter), Want::Charters, &mut sources) {
        Ok(project) => project,
        Err(found) => return unreadable(&found, &sources, ""),
    };
    let mut diagnostics = Vec::new();
    let program = read_program(&project.world, &project.roots, None, &mut sources, &mut diagnostics);
    let Some(program) = program else { return unreadable(&diagnostics, &sources, &project.prefix) };
    let wanted = words.name.as_deref();
    let subject = match Subject::of(&project.world, &project.roots, &program, &sources, wanted, &words.with) {
        Ok(subject) => subject,
        Err(r) => return refuse(&format!("{}; {}", r.message, r.help)),
    };
    let mut session = match Session::new(&project.world, subject) {
        Ok(session) => session,
        Err(mistakes) => {
            let said: Vec<String> = mistakes.into_iter().map(|m| m.diagnostic.headline).collect();
            return refuse(&said.join("; "));
        }
    };
    match play(&mut session, &project) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(INVALID),
        Err(e) => refuse(&e),
    }
}

/// Whether all was well: a person sees what is wrong and goes on, a script that went wrong says so at its end.
fn play(session: &mut Session<'_>, project: &Project) -> Result<bool, String> {
    let mut input = Input::new()?;
    let mut well = true;
    emit(&session.greeting(), None)?;
    while let Some(line) = input.line(&session.prompt())? {
        let said = match session.enter(&line) {
            Reply::Quit => break,
            Reply::Said(said) => said,
            Reply::Save(file) => save(session, project, &file),
        };
        well &= !said.starts_with("error: ");
        if !tell(&said)? {
            break;
        }
    }
    Ok(well || matches!(input, Input::Terminal(_)))
}

/// Where lines come from.
enum Input {
    /// a person at a terminal
    Terminal(Box<DefaultEditor>),
    /// a script
    Pipe(io::StdinLock<'static>),
}

impl Input {
    fn new() -> Result<Self, String> {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            let editor = DefaultEditor::new().map_err(|e| format!("cannot read the terminal: {e}"))?;
            Ok(Self::Terminal(Box::new(editor)))
        } else {
            Ok(Self::Pipe(io::stdin().lock()))
        }
    }

    /// The next line; nothing at the end (Ctrl-D). Ctrl-C drops what was typed and keeps what was played.
    fn line(&mut self, prompt: &str) -> Result<Option<String>, String> {
        match self {
            Self::Terminal(editor) => loop {
                match editor.readline(prompt) {
                    Ok(line) => {
                        // what cannot be remembered is typed again
                        let _ = editor.add_history_entry(line.as_str());
                        return Ok(Some(line));
                    }
                    Err(ReadlineError::Interrupted) => {
                        emit("(`quit` or Ctrl-D ends; what was played is kept)\n", None)?
                    }
                    Err(ReadlineError::Eof) => return Ok(None),
                    Err(e) => return Err(format!("cannot read the terminal: {e}")),
                }
            },
            Self::Pipe(input) => {
                emit(prompt, None)?;
                let mut line = Vec::new();
                let read =
                    input.read_until(b'\n', &mut line).map_err(|e| format!("cannot read standard input: {e}"))?;
                if read == 0 {
                    emit("\n", None)?;
                    return Ok(None);
                }
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                emit(&format!("{text}\n"), None)?;
                Ok(Some(text))
            }
        }
    }
}

/// Writes the situation beside the project's charters; nothing is written over.
fn save(session: &Session<'_>, project: &Project, file: &str) -> String {
    let path = Path::new(file);
    if !file.ends_with(".charter") {
        // a folder is no beginning of a file's name
        let folder = file.ends_with(['/', '\\', '.']) || path.is_dir();
        let meant = if folder { path.join("attack") } else { path.to_owned() };
        let meant = meant.strip_prefix(".").unwrap_or(&meant).display();
        return format!("error: a scenario is a charter file\nhelp: write `save {meant}.charter`\n");
    }
    if path.exists() {
        return format!("error: `{file}` is there already, and nothing was written\nhelp: name another file\n");
    }
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty() && !p.is_dir()) {
        return format!("error: there is no folder `{}`\nhelp: make it first, or save elsewhere\n", folder.display());
    }
    let Some(below) = project.depth(path) else {
        return format!(
            "error: `{file}` lies outside of the project, whose charter it imports\nhelp: save below the project's folder\n"
        );
    };
    let stem = path.file_stem().map(|n| n.to_string_lossy().replace(['_', '-'], " ")).unwrap_or_default();
    let text = match session.scenario(&stem, below) {
        Ok(text) => text,
        Err(why) => return format!("error: {why}\n"),
    };
    match write_file(path, text.as_bytes()) {
        Ok(()) if below == 0 => format!("wrote {file}; `comity test {file}` runs it\n"),
        // what it imports lies above its folder
        Ok(()) => format!("wrote {file}; `comity test` on the project's folder runs it\n"),
        Err(e) => format!("error: {e}\n"),
    }
}

fn unreadable(found: &[Diagnostic], sources: &Sources, prefix: &str) -> ExitCode {
    let options = Options { path_prefix: prefix.to_owned(), ..Options::default() };
    say(render_diagnostics(found, sources, &options).trim_end());
    ExitCode::from(INVALID)
}
