//! A prover that writes down every question it is asked, as SMT-LIB, and the answer as a comment.
//!
//! In: another prover. Out: its answers, unchanged, and a script that any solver for linear arithmetic can be given, so that
//! nobody needs to take ours at its word (`comity emit smt2`).

use super::formula::Formula;
use super::prover::{Answer, Label, Prover, Session, Unknown};
use super::smtlib::declaration;
use super::term::Var;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Asks another prover and keeps a script of each session.
pub struct Recorder<'a> {
    inner: &'a dyn Prover,
    scripts: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Recorder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("sessions", &open(&self.scripts).len()).finish_non_exhaustive()
    }
}

/// What was written so far; a panic elsewhere takes nothing from it.
fn open(scripts: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    scripts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Recorder<'a> {
    /// Nothing asked yet.
    #[must_use]
    pub fn new(inner: &'a dyn Prover) -> Self {
        Self { inner, scripts: Mutex::new(Vec::new()) }
    }

    /// All sessions one after the other, each from a clean state, in the order in which they were opened (on one thread it is the same every time). `legend` says what a
    /// label stands for.
    #[must_use]
    pub fn script(&self, legend: &dyn Fn(Label) -> Option<String>) -> String {
        let mut out = String::new();
        let scripts = open(&self.scripts);
        if scripts.iter().all(String::is_empty) {
            return "; every question was answered before it came to a solver\n".to_owned();
        }
        for (number, script) in scripts.iter().filter(|s| !s.is_empty()).enumerate() {
            if number > 0 {
                out.push_str("\n(reset)\n");
            }
            out.push_str("(set-logic ALL)\n");
            for line in script.lines() {
                let label = line.strip_prefix("(declare-const statement-").and_then(|l| l.split(' ').next());
                if let Some(words) = label.and_then(|l| l.parse().ok()).and_then(|l| legend(Label(l))) {
                    let _ = writeln!(out, "; statement-{}: {}", label.unwrap_or(""), words.replace(['\n', '\r'], " "));
                }
                out.push_str(line);
                out.push('\n');
            }
        }
        out
    }
}

impl Prover for Recorder<'_> {
    fn session(&self) -> Box<dyn Session + '_> {
        let mut scripts = open(&self.scripts);
        let number = scripts.len();
        scripts.push(String::new());
        Box::new(Recorded {
            inner: self.inner.session(),
            scripts: &self.scripts,
            number,
            declared: BTreeSet::new(),
            labels: BTreeSet::new(),
        })
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }
}

struct Recorded<'r> {
    inner: Box<dyn Session + 'r>,
    scripts: &'r Mutex<Vec<String>>,
    number: usize,
    declared: BTreeSet<Var>,
    labels: BTreeSet<Label>,
}

impl Recorded<'_> {
    fn write(&self, text: &str) {
        if let Some(script) = open(self.scripts).get_mut(self.number) {
            script.push_str(text);
            script.push('\n');
        }
    }

    /// Declares what a formula speaks of and was not declared before. Always at the outermost level, so that no declaration is
    /// lost with a question.
    fn declare(&mut self, formula: &Formula) {
        for var in formula.vars() {
            if self.declared.insert(var.clone()) {
                self.write(declaration(&var).trim_end());
            }
        }
    }

    fn label(&mut self, label: Label) {
        if self.labels.insert(label) {
            self.write(&format!("(declare-const statement-{} Bool)", label.0));
        }
    }
}

impl Session for Recorded<'_> {
    fn assert(&mut self, formula: &Formula) {
        self.declare(formula);
        self.write(&format!("(assert {})", formula.to_smtlib()));
        self.inner.assert(formula);
    }

    fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.declare(formula);
        self.label(label);
        self.write(&format!("(assert (=> statement-{} {}))", label.0, formula.to_smtlib()));
        self.inner.assert_labelled(label, formula);
    }

    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Answer {
        for formula in assume {
            self.declare(formula);
        }
        for label in enabled {
            self.label(*label);
        }
        let answer = self.inner.check(enabled, assume);
        let found = match &answer {
            Answer::Unsat { .. } => "unsat",
            Answer::Sat(_) => "sat",
            Answer::Unknown(Unknown::Budget) => "unknown: the budget ran out",
            Answer::Unknown(_) => "unknown",
        };
        let mut text = String::new();
        if !assume.is_empty() {
            text.push_str("(push 1)\n");
            for formula in assume {
                let _ = writeln!(text, "(assert {})", formula.to_smtlib());
            }
        }
        let labels: Vec<String> = enabled.iter().map(|l| format!("statement-{}", l.0)).collect();
        let _ = write!(text, "(check-sat-assuming ({})) ; {found}", labels.join(" "));
        if !assume.is_empty() {
            text.push_str("\n(pop 1)");
        }
        self.write(&text);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::brute::BruteForce;

    #[test]
    fn every_question_is_written_down_and_the_answers_pass_through() {
        let recorder = Recorder::new(&BruteForce);
        let (a, b) = (Var::bool("a"), Var::bool("b"));
        {
            let mut session = recorder.session();
            session.assert(&Formula::or([Formula::atom(&a), Formula::atom(&b)]));
            session.assert_labelled(Label(3), &Formula::not(&Formula::atom(&a)));
            assert!(matches!(session.check(&[Label(3)], &[]), Answer::Sat(_)));
            let answer = session.check(&[Label(3)], &[Formula::not(&Formula::atom(&b))]);
            assert_eq!(answer, Answer::Unsat { core: vec![Label(3)] });
        }
        drop(recorder.session());
        let script = recorder.script(&|l| (l == Label(3)).then(|| "Pact/1/1:\nAda".to_owned()));
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("script", script) });
    }
}
