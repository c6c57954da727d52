//! One conversation with Z3.
//!
//! In: formulas, then questions. Out: [`Answer`]s. Each session has a Z3 context of its own, so what it answers and how much of
//! the budget that takes does not depend on what other sessions did before. The crate `z3` finds its context in a thread-local;
//! the terms of a session therefore live in a table of this thread and are touched only while that context is in place.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use comity_core::logic::{Answer, Formula, Label, Model, Session, Unknown};
use z3::ast::Bool;
use z3::{Config, Context, Params, SatResult, Solver, with_z3_config, with_z3_context};

use crate::translate::Translator;
use crate::value;

thread_local! {
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static OPEN: RefCell<BTreeMap<u64, Terms>> = const { RefCell::new(BTreeMap::new()) };
}

/// What of a session lives in its Z3 context.
struct Terms {
    context: Context,
    solver: Solver,
    translator: Translator,
    /// The assumption literal of each label, and back.
    literals: BTreeMap<Label, Bool>,
}

/// A session; bound to the thread that opened it.
pub(crate) struct Z3Session {
    id: u64,
    context: Option<Context>,
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
    pub(crate) fn open(budget: u32, seed: u32) -> Z3Session {
        let id = NEXT.with(|n| n.replace(n.get() + 1));
        with_z3_config(&Config::new(), || {
            let solver = Solver::new();
            let mut params = Params::new();
            params.set_u32("rlimit", budget);
            params.set_u32("random_seed", seed);
            // the incremental solver alone: no second attempt by tactics, which would double the budget
            params.set_bool("ignore_solver1", true);
            params.set_u32("solver2_unknown", 0);
            // an interrupt ends the program, not the question
            params.set_bool("ctrl_c", false);
            solver.set_params(&params);
            let terms = Terms {
                context: Context::thread_local(),
                solver,
                translator: Translator::default(),
                literals: BTreeMap::new(),
            };
            OPEN.with_borrow_mut(|open| open.insert(id, terms));
        });
        let context = OPEN.with_borrow(|open| open.get(&id).map(|t| t.context.clone()));
        Z3Session { id, context, background: Vec::new(), labelled: BTreeMap::new() }
    }

    /// Runs `f` on the session's terms with its context in place.
    fn within<R: Send + Sync>(&self, f: impl FnOnce(&mut Terms) -> R + Send + Sync) -> Option<R> {
        let id = self.id;
        with_z3_context(self.context.as_ref()?, || OPEN.with_borrow_mut(|open| open.get_mut(&id).map(f)))
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

impl Drop for Z3Session {
    fn drop(&mut self) {
        // at the end of a thread the table may be gone already, and the terms with it
        let _ = OPEN.try_with(|open| open.try_borrow_mut().ok().and_then(|mut open| open.remove(&self.id)));
    }
}

impl Session for Z3Session {
    fn assert(&mut self, formula: &Formula) {
        self.background.push(formula.clone());
        self.within(|terms| {
            let term = terms.translator.formula(formula);
            terms.solver.assert(&term);
        });
    }

    fn assert_labelled(&mut self, label: Label, formula: &Formula) {
        self.labelled.entry(label).or_default().push(formula.clone());
        self.within(|terms| {
            let term = terms.translator.formula(formula);
            let literal = terms.literal(label);
            terms.solver.assert(literal.implies(&term));
        });
    }

    fn check(&mut self, enabled: &[Label], assume: &[Formula]) -> Answer {
        let enabled: BTreeSet<Label> = enabled.iter().copied().collect();
        let enabled: Vec<Label> = enabled.into_iter().collect();
        match self.within(|terms| terms.check(&enabled, assume)) {
            Some(Raw::Sat(Ok(model))) => self.replay(model, &enabled, assume),
            Some(Raw::Sat(Err(why))) => fault(why),
            Some(Raw::Unsat(core, size)) => {
                if core.len() != size || core.iter().any(|l| enabled.binary_search(l).is_err()) {
                    return fault("the core names a statement that was not enabled".to_owned());
                }
                Answer::Unsat { core }
            }
            Some(Raw::Unknown(reason)) => Answer::Unknown(classify(&reason)),
            None => fault("the session is closed".to_owned()),
        }
    }
}

impl Terms {
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

/// Z3's reason, by its words: the versions agree on these.
fn classify(reason: &str) -> Unknown {
    let spent = ["resource", "cancel", "memout", "memory", "timeout"];
    if spent.iter().any(|word| reason.contains(word)) { Unknown::Budget } else { Unknown::Incomplete }
}
