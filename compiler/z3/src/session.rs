//! One conversation with Z3.
//!
//! In: formulas, then questions. Out: [`Answer`]s. All sessions of a thread live in its one Z3 context, as opening another takes
//! 17 MB and longer than a page of questions; each has a solver of its own, which is made at the first question. What Z3 has
//! numbered before may turn its search, never its answer, and the terms of a session are dropped in the order in which they
//! were made, so the same questions in the same order are the same to it.

use std::collections::{BTreeMap, BTreeSet};

use comity_core::logic::{Answer, Formula, Label, Model, Session, Unknown};
use z3::ast::Bool;
use z3::{Params, SatResult, Solver};

use crate::translate::Translator;
use crate::value;

/// What of a session lives in the Z3 context.
struct Terms {
    solver: Solver,
    translator: Translator,
    /// The assumption literal of each label, and back.
    literals: BTreeMap<Label, Bool>,
}

/// A session; bound to the thread that opened it.
pub(crate) struct Z3Session {
    budget: u32,
    seed: u32,
    /// From the first question on.
    terms: Option<Terms>,
    background: Vec<Formula>,
    labelled: BTreeMap<Label, Vec<Formula>>,
}

/// What Z3 said, before any of it is believed.
enum Raw {
    Unsat(Vec<Label>, usize),
    Sat(Result<Model, String>),
    Unknown(String),
}

impl Z3Session {
    pub(crate) fn new(budget: u32, seed: u32) -> Z3Session {
        Z3Session { budget, seed, terms: None, background: Vec::new(), labelled: BTreeMap::new() }
    }

    /// The solver, which knows all that was asserted so far.
    fn terms(&mut self) -> &mut Terms {
        let (background, labelled) = (&self.background, &self.labelled);
        self.terms.get_or_insert_with(|| {
            let mut terms = Terms::new(self.budget, self.seed);
            background.iter().for_each(|f| terms.assert(f));
            for (label, formulas) in labelled {
                formulas.iter().for_each(|f| terms.assert_labelled(*label, f));
            }
            terms
        })
    }

    /// Evaluates the model against everything in force.
    fn replay(&self, model: Model, enabled: &[Label], assume: &[Formula]) -> Answer {
        let statements = enabled.iter().filter_map(|l| self.labelled.get(l)).flatten();
        for f in self.background.iter().chain(statements).chain(assume) {
            if f.eval(&model) != Some(true) {
                return fault(format!("the model {model:?} does not satisfy {f}"));
            }
        }
        Answer::Sat(model)
    }
}

impl Session for Z3Session {
    fn assert(&mut self, formula: &Formula) {
        self.background.push(formula.clone());
        if let Some(terms) = &mut self.terms {
            terms.assert(formula);
        }
    }

    fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.labelled.entry(label).or_default().push(formula.clone());
        if let Some(terms) = &mut self.terms {
            terms.assert_labelled(label, formula);
        }
    }

    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Answer {
        let enabled: BTreeSet<Label> = enabled.iter().copied().collect();
        let enabled: Vec<Label> = enabled.into_iter().collect();
        match self.terms().check(&enabled, assume) {
            Raw::Sat(Ok(model)) => self.replay(model, &enabled, assume),
            Raw::Sat(Err(why)) => fault(why),
            Raw::Unsat(core, size) => {
                if core.len() != size || core.iter().any(|l| enabled.binary_search(l).is_err()) {
                    return fault("the core names a statement that was not enabled".to_owned());
                }
                Answer::Unsat { core }
            }
            Raw::Unknown(reason) => Answer::Unknown(classify(&reason)),
        }
    }
}

impl Terms {
    fn new(budget: u32, seed: u32) -> Terms {
        // with any logic but this one of its names, or none, Z3 either builds a tree of tactics first, ten times what a small
        // question costs, or searches in another way; formulas over truth values and rationals are taken all the same
        let solver = Solver::new_for_logic("LIA").unwrap_or_default();
        let mut params = Params::new();
        params.set_u32("rlimit", budget);
        params.set_u32("random_seed", seed);
        // the incremental solver alone: no second attempt by tactics, which would double the budget
        params.set_bool("ignore_solver1", true);
        params.set_u32("solver2_unknown", 0);
        // an interrupt ends the program, not the question
        params.set_bool("ctrl_c", false);
        solver.set_params(&params);
        Terms { solver, translator: Translator::default(), literals: BTreeMap::new() }
    }

    fn assert(&mut self, formula: &Formula) {
        let term = self.translator.formula(formula);
        self.solver.assert(&term);
    }

    fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        let term = self.translator.formula(formula);
        let literal = self.literal(label);
        self.solver.assert(literal.implies(&term));
    }

    fn literal(&mut self, label: Label) -> Bool {
        self.literals.entry(label).or_insert_with(|| Bool::new_const(format!("s{}", label.0))).clone()
    }

    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Raw {
        let literals: Vec<Bool> = enabled.iter().filter_map(|l| self.literals.get(l)).cloned().collect();
        let assume: Vec<Bool> = assume.iter().map(|f| self.translator.formula(f)).collect();
        self.solver.push();
        for term in &assume {
            self.solver.assert(term);
        }
        let raw = match self.solver.check_assumptions(&literals) {
            SatResult::Unsat => {
                let core = self.solver.get_unsat_core();
                // a literal prints as the name it was given in `literal`
                let mut labels: Vec<Label> =
                    core.iter().filter_map(|b| b.to_string().strip_prefix('s')?.parse().ok().map(Label)).collect();
                labels.sort();
                Raw::Unsat(labels, core.len())
            }
            SatResult::Sat => Raw::Sat(self.model()),
            SatResult::Unknown => Raw::Unknown(self.solver.get_reason_unknown().unwrap_or_default()),
        };
        self.solver.pop(1);
        raw
    }

    fn model(&self) -> Result<Model, String> {
        let found = self.solver.get_model().ok_or("satisfiable, but no model was given")?;
        let mut model = Model::new();
        for (x, constant) in self.translator.constants() {
            let value = value::read(&found, constant).ok_or_else(|| format!("no exact value for {x}"))?;
            if !model.set(x.clone(), value) {
                return Err(format!("a value of another sort for {x}"));
            }
        }
        Ok(model)
    }
}

fn fault(why: String) -> Answer {
    Answer::Unknown(Unknown::Fault(why))
}

/// Z3's reason, by its words: the versions agree on these. Where the budget runs out before the search begins, while the
/// question is read, no reason is set and it says `unknown`; what it cannot decide it names (`(incomplete …)`).
fn classify(reason: &str) -> Unknown {
    let spent = ["resource", "cancel", "memout", "memory", "timeout"];
    if reason == "unknown" || spent.iter().any(|word| reason.contains(word)) {
        Unknown::Budget
    } else {
        Unknown::Incomplete
    }
}
