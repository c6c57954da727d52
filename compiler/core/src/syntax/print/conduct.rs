//! Writes what ring 2 adds: actions, norms, rules, scenarios, properties of conduct.
//!
//! In: the tree. Out: text that reads back as the same tree. Acts always carry their brackets, so that a region in brackets
//! may follow.

use super::expression::level;
use super::{Printer, is_literal};
use crate::syntax::reserved::Word;
use crate::syntax::tree::conduct::{
    Act, Action, ActionTrait, ActionTraitKind, ConductProperty, Contract, Deed, Expectation, Flow, ForAll, Force, Fund,
    Ladder, Mode, Norm, NormSubject, NormTarget, NormTargetKind, Quantifier, Scenario, Step, StepKind, Trigger,
    TriggerEvent, Until,
};
use crate::syntax::tree::{
    AggregateOp, Argument, BinaryOp, Expr, ExprKind, ItemKind, Modifier, ModifierKind, Name, Path, Statement,
    StatementKind, UnaryOp,
};

impl Printer {
    pub(super) fn conduct_item(&mut self, item: &ItemKind) {
        match item {
            ItemKind::Ladder(Ladder { name, levels }) => {
                self.put("ladder ");
                self.name(name);
                self.put(" { ");
                for (i, level) in levels.iter().enumerate() {
                    self.put(if i > 0 { " < " } else { "" });
                    self.name(level);
                }
                self.put(" }");
            }
            ItemKind::Action(action) => self.action("action ", action),
            ItemKind::Event(event) => self.action("event ", event),
            ItemKind::Fund(fund) => self.fund(fund),
            ItemKind::Flow(Flow { name, floor, supplied }) => {
                self.put("flow ");
                self.name(name);
                self.put(" at least ");
                self.expr(floor, level::SUM);
                if let Some(attribute) = supplied {
                    self.put(" supplied by ");
                    self.name(attribute);
                }
            }
            ItemKind::Contract(Contract { name, parties, statements }) => {
                self.put("contract ");
                self.name(name);
                self.put(" between ");
                self.list(parties, ", ", Self::path);
                self.put(" ");
                self.statements(statements);
            }
            ItemKind::Scenario(scenario) => self.scenario(scenario),
            _ => {}
        }
    }

    pub(super) fn fund(&mut self, Fund { name, amount }: &Fund) {
        self.put("fund ");
        self.name(name);
        self.put(" = ");
        self.expr(amount, level::SUM);
    }

    fn action(&mut self, head: &str, Action { name, parameters, traits }: &Action) {
        self.put(head);
        self.name(name);
        if !parameters.is_empty() {
            self.parameters_where(parameters, is_label);
        }
        for ActionTrait { kind, .. } in traits {
            match kind {
                ActionTraitKind::Severity(level) => {
                    self.put(" severity ");
                    self.path(level);
                }
                ActionTraitKind::Reads(text) => {
                    self.put(" reads ");
                    self.text(text);
                }
                ActionTraitKind::Hostile => self.put(" hostile"),
                ActionTraitKind::Helps => self.put(" helps"),
                ActionTraitKind::Hinders(action) => {
                    self.put(" hinders ");
                    self.path(action);
                }
                ActionTraitKind::Changes { quantity, by } => {
                    self.put(" changes ");
                    self.expr(quantity, level::OPERAND);
                    self.put(" by ");
                    self.expr(by, level::SUM);
                }
                ActionTraitKind::Cuts { flow, by } => {
                    self.put(" cuts ");
                    self.path(flow);
                    if let Some(by) = by {
                        self.put(" by ");
                        self.expr(by, level::SUM);
                    }
                }
                ActionTraitKind::Lasting => self.put(" lasting"),
                ActionTraitKind::Once => self.put(" once"),
            }
        }
    }

    fn scenario(&mut self, Scenario { title, charter, with, steps }: &Scenario) {
        self.put("scenario ");
        self.text(title);
        self.put(" for ");
        self.path(charter);
        if !with.is_empty() {
            self.put(" with ");
            self.list(with, ", ", Self::path);
        }
        if steps.is_empty() {
            self.put(" { }");
            return;
        }
        self.put(" {\n");
        self.depth += 1;
        for step in steps {
            self.begin();
            self.step(step);
            self.end();
        }
        self.depth -= 1;
        self.begin();
        self.put("}");
    }

    fn day(&mut self, before: &str, day: &Expr) {
        self.put(before);
        self.put("day ");
        self.expr(day, level::OPERAND);
    }

    fn day_if(&mut self, before: &str, day: Option<&Expr>) {
        if let Some(day) = day {
            self.day(before, day);
        }
    }

    fn path_if(&mut self, before: &str, path: Option<&Path>) {
        if let Some(path) = path {
            self.put(before);
            self.path(path);
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Calendar { day, date } => {
                self.day("", day);
                self.put(" is ");
                self.expr(date, level::OPERAND);
            }
            StepKind::Happens { day, party, act, place, until } => {
                self.day("", day);
                self.put(" ");
                if let Some(party) = party {
                    self.path(party);
                    self.put(" does ");
                }
                self.act(act);
                if let Some(place) = place {
                    self.put(" in ");
                    self.state(place, "");
                }
                match until {
                    Some(Until::Day(day)) => self.day(" until ", day),
                    Some(Until::Open) => self.put(" from then on"),
                    None => {}
                }
            }
            StepKind::Determines { day, article, of, by, against } => {
                self.day("", day);
                self.put(" ");
                self.norm_target(article);
                self.put(" determines breach of ");
                self.norm_target(of);
                self.put(" by ");
                self.path(by);
                self.path_if(" against ", against.as_ref());
            }
            StepKind::Withdraws { day, party } => {
                self.day("", day);
                self.put(" ");
                self.path(party);
                self.put(" withdraws");
            }
            StepKind::Expect(expectation) => {
                self.put("expect ");
                self.expectation(expectation);
            }
        }
    }

    fn expectation(&mut self, expectation: &Expectation) {
        match expectation {
            Expectation::Duty { none, party, act, by, on } => {
                if *none {
                    self.put("no duty on ");
                    self.path(party);
                    self.put(" to ");
                } else {
                    self.path(party);
                    self.put(" must ");
                }
                self.act(act);
                self.day_if(" by ", by.as_ref());
                self.day_if(" on ", on.as_ref());
            }
            Expectation::Permission { lawful, party, act, on } => {
                self.path(party);
                self.put(if *lawful { " may " } else { " must not " });
                self.act(act);
                self.day_if(" on ", on.as_ref());
            }
            Expectation::Breach { none, of, by, against, on } => {
                self.put(if *none { "no breach" } else { "breach" });
                if let Some(of) = of {
                    self.put(" of ");
                    self.norm_target(of);
                }
                self.path_if(" by ", by.as_ref());
                self.path_if(" against ", against.as_ref());
                self.day_if(" on ", on.as_ref());
            }
        }
    }

    pub(super) fn conduct_property(&mut self, property: &ConductProperty) {
        match property {
            ConductProperty::Holds { charter, mode, condition, every_situation } => {
                self.put("in ");
                self.path(charter);
                self.put(match mode {
                    Mode::Always => " always ",
                    Mode::Never => " never ",
                    Mode::Possible => " possible ",
                });
                self.expr(condition, level::ANY);
                self.put(if *every_situation { " in every situation" } else { "" });
            }
            ConductProperty::Inward { charter } => {
                self.path(charter);
                self.put(" is inward");
            }
            ConductProperty::Answered { charter } => {
                self.put("every breach in ");
                self.path(charter);
                self.put(" has a response");
            }
            ConductProperty::NoThreat { left, right } => {
                self.path(left);
                self.put(" and ");
                self.path(right);
                self.put(" pose no threat to each other");
            }
            ConductProperty::Ceiling { charter, level } => {
                self.put("never severity of any measure in ");
                self.path(charter);
                self.put(" above ");
                self.path(level);
            }
        }
    }

    pub(super) fn conduct_statement(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::Norm(norm) => self.norm(norm, None),
            StatementKind::Trigger(trigger) => self.trigger(trigger),
            StatementKind::For(ForAll { variables, kind, filter, statements }) => {
                self.put("for ");
                self.list(variables, ", ", Self::name);
                self.put(": ");
                self.path(kind);
                if let Some(filter) = filter {
                    self.put(" where ");
                    self.expr(filter, level::ANY);
                }
                self.put(" ");
                self.statements(statements);
            }
            StatementKind::Ceiling { level } => {
                self.put("severity at most ");
                self.path(level);
            }
            StatementKind::Lift { condition } => {
                self.put("lift when ");
                self.expr(condition, level::ANY);
            }
            StatementKind::Compensate { fund, event } => {
                self.put("compensate from ");
                self.path(fund);
                self.put(" who ");
                self.path(event);
                self.put(" by it");
            }
            StatementKind::Exempt { goods } => {
                self.put("exempt ");
                self.list(goods, ", ", Self::name);
            }
            StatementKind::Proportionate => self.put("proportionate to breach"),
            StatementKind::SnapBack => self.put("snap back on relapse"),
            StatementKind::Reservation { target, action } => {
                self.put("reservation to ");
                self.norm_target(target);
                self.path_if(" on ", action.as_ref());
            }
            StatementKind::Prevails { upper, lower } => {
                self.norm_target(upper);
                self.put(" prevails over ");
                self.norm_target(lower);
            }
            StatementKind::Withdraw { notice } => match notice {
                Some(notice) => {
                    self.put("withdraw on ");
                    self.expr(notice, level::SUM);
                    self.put(" notice");
                }
                None => self.put("withdraw at any time"),
            },
            StatementKind::Survives { target } => {
                self.norm_target(target);
                self.put(" survives withdrawal");
            }
            _ => {}
        }
    }

    /// `then after 30 days …`: the delay of a step stands before its norm if it comes first.
    ///
    /// Gives the clauses that are still to be written.
    pub(super) fn step_norm<'m>(&mut self, norm: &Norm, modifiers: &'m [Modifier]) -> &'m [Modifier] {
        match modifiers.split_first() {
            Some((Modifier { kind: ModifierKind::After(delay), .. }, rest)) if norm.then => {
                self.norm(norm, Some(delay));
                rest
            }
            _ => {
                self.norm(norm, None);
                modifiers
            }
        }
    }

    fn norm(&mut self, norm: &Norm, delay: Option<&Expr>) {
        if norm.then {
            self.put("then ");
        }
        if let Some(delay) = delay {
            self.put("after ");
            self.expr(delay, level::SUM);
            self.put(if is_literal(delay) { " " } else { ", " });
        }
        let mut no = false;
        match &norm.subject {
            NormSubject::Named(path) => self.path(path),
            NormSubject::Many { quantifier, other, kind, variable, except, filter } => {
                no = matches!(quantifier, Quantifier::No);
                self.quantifier(quantifier);
                self.put(if *other { "other " } else { "" });
                if matches!(quantifier, Quantifier::AtLeast(_)) && is_party(kind) {
                    self.put("parties");
                } else {
                    self.path(kind);
                }
                if let Some(variable) = variable {
                    self.put(" ");
                    self.name(variable);
                }
                if !except.is_empty() {
                    self.put(" except ");
                    self.list(except, ", ", Self::path);
                }
                if let Some(filter) = filter {
                    self.put(" where ");
                    self.filter(filter);
                }
            }
        }
        self.put(match norm.force {
            Force::MustNot if no => " may ",
            Force::Must => " must ",
            Force::MustNot => " must not ",
            Force::May => " may ",
            Force::Entitled => " is entitled to ",
            Force::Should => " should ",
        });
        match &norm.deed {
            Deed::Act(act) => self.act(act),
            Deed::Ensure(condition) => {
                self.put("ensure ");
                self.expr(condition, level::ANY);
            }
            Deed::Alike { kind, action } => {
                self.put("treat every ");
                self.path(kind);
                self.put(" alike in ");
                self.path(action);
            }
        }
    }

    /// A condition that a force follows: in brackets where that force could be drawn into it.
    fn filter(&mut self, filter: &Expr) {
        self.expr(filter, if is_plain(filter) { level::ANY } else { level::OPERAND + 1 });
    }

    fn quantifier(&mut self, quantifier: &Quantifier) {
        match quantifier {
            Quantifier::Every => self.put("every "),
            Quantifier::No => self.put("no "),
            Quantifier::Any => self.put("any "),
            Quantifier::Some => self.put("some "),
            Quantifier::AtLeast(number) => {
                self.put("at least ");
                let bare = matches!(number.kind, ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Call { .. });
                self.expr(number, if bare { level::OPERAND } else { level::OPERAND + 1 });
                self.put(" ");
            }
        }
    }

    fn trigger(&mut self, Trigger { event, determined, statements }: &Trigger) {
        self.put("on ");
        match event {
            TriggerEvent::Breach { of, by, against } => {
                self.breach(of);
                self.put(" by ");
                self.name(by);
                if let Some(against) = against {
                    self.put(" against ");
                    self.name(against);
                }
            }
            TriggerEvent::Occurs { act, by, place } => {
                self.act(act);
                if let Some(by) = by {
                    self.put(" by ");
                    self.name(by);
                }
                if let Some(place) = place {
                    self.put(" in ");
                    self.expr(place, level::SUM);
                }
            }
        }
        if let Some(decision) = determined {
            self.put(", determined by ");
            self.put(&decision.words);
        }
        self.put(" ");
        self.statements(statements);
    }

    fn breach(&mut self, of: &[NormTarget]) {
        self.put("breach");
        if !of.is_empty() {
            self.put(" of ");
            self.list(of, ", ", Self::norm_target);
        }
    }

    fn norm_target(&mut self, target: &NormTarget) {
        match &target.kind {
            NormTargetKind::Article(number) => {
                self.put("article ");
                self.put(number);
            }
            NormTargetKind::This => self.put("this"),
            NormTargetKind::Any => self.put("any article"),
            NormTargetKind::Label(label) => {
                self.put("@");
                self.name(label);
            }
            NormTargetKind::Contracts => self.put("contracts"),
            NormTargetKind::Parameter(name) => self.name(name),
        }
    }

    fn act(&mut self, act: &Act) {
        self.path(&act.action);
        self.arguments(&act.arguments);
    }

    pub(super) fn argument_name(&mut self, name: &Name) {
        self.name_where(name, is_label);
    }

    /// An argument with a bound, or a parameter called by a word of the language; false if it is neither.
    pub(super) fn conduct_argument(&mut self, argument: &Argument) -> bool {
        match (&argument.name, &argument.value.kind) {
            (Some(name), ExprKind::Bound(op, value)) => {
                self.argument_name(name);
                self.put(bound(*op));
                self.expr(value, level::SUM);
                true
            }
            (name, ExprKind::Path(path)) => {
                let [only] = path.segments.as_slice() else { return false };
                if only.quoted || !Word::of(&only.text).is_firm() {
                    return false;
                }
                if let Some(name) = name {
                    self.argument_name(name);
                    self.put(" = ");
                }
                self.argument_name(only);
                true
            }
            _ => false,
        }
    }

    pub(super) fn conduct_modifier(&mut self, modifier: &Modifier) {
        let (word, expr, least) = match &modifier.kind {
            ModifierKind::Unless(condition) => ("unless ", condition, level::ANY),
            ModifierKind::Within(length) => ("within ", length, level::SUM),
            ModifierKind::After(length) => ("after ", length, level::SUM),
            ModifierKind::Every(length) => {
                let number = matches!(length.kind, ExprKind::Number(_) | ExprKind::Quantity { .. });
                ("every ", length, if number { level::SUM } else { level::OPERAND + 1 })
            }
            ModifierKind::ForTheFirst(length) => ("for the first ", length, level::SUM),
            ModifierKind::In(region) => ("in ", region, level::SUM),
            ModifierKind::Before { days, act } => {
                self.put("at least ");
                let bare = matches!(days.kind, ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Path(_));
                self.expr(days, if bare { level::OPERAND } else { level::OPERAND + 1 });
                self.put(" before ");
                self.act(act);
                return;
            }
            ModifierKind::Notwithstanding(target) => {
                self.put("notwithstanding ");
                self.norm_target(target);
                return;
            }
            ModifierKind::SubjectTo(target) => {
                self.put("subject to ");
                self.norm_target(target);
                return;
            }
            ModifierKind::EachAnswerable => return self.put("each answerable"),
            ModifierKind::Discretion => return self.put("as it deems necessary"),
            _ => return,
        };
        self.put(word);
        self.expr(expr, least);
    }

    /// `every party may fork()`.
    pub(super) fn every_may(&mut self, kind: &ExprKind) {
        let Some((kind, variable, act)) = every_may(kind) else { return };
        self.put("every ");
        self.path(kind);
        if let Some(variable) = variable {
            self.put(" ");
            self.name(variable);
        }
        self.put(" may ");
        self.act(act);
    }

    pub(super) fn conduct_expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Anyone(variable) => {
                self.put("anyone");
                if let Some(variable) = variable {
                    self.put(" ");
                    self.name(variable);
                }
            }
            ExprKind::AnyParty { other, kind, variable } => {
                self.put(if *other { "any other " } else { "any " });
                self.path(kind);
                if let Some(variable) = variable {
                    self.put(" ");
                    self.name(variable);
                }
            }
            ExprKind::Bound(op, value) => {
                self.put(bound(*op).trim_start());
                self.expr(value, level::SUM);
            }
            ExprKind::Has { party, act } => {
                self.expr(party, level::OPERAND);
                self.put(" has ");
                self.act(act);
            }
            ExprKind::May { party, act } => {
                self.expr(party, level::OPERAND);
                self.put(" may ");
                self.act(act);
            }
            ExprKind::InTheLast(condition, length) => {
                let bare = matches!(
                    condition.kind,
                    ExprKind::Call { .. }
                        | ExprKind::Path(_)
                        | ExprKind::Has { .. }
                        | ExprKind::May { .. }
                        | ExprKind::BreachOf { .. }
                );
                self.expr(condition, if bare { level::COMPARE } else { level::OPERAND + 1 });
                self.put(" in the last ");
                self.expr(length, level::OPERAND);
            }
            ExprKind::BreachOf { of, by, against } => {
                self.breach(of);
                self.put(" by ");
                self.expr(by, level::OPERAND);
                if let Some(against) = against {
                    self.put(" against ");
                    self.expr(against, level::OPERAND);
                }
            }
            _ => {}
        }
    }
}

/// Whose permission to what is said of all: `every party may fork()`.
pub(super) fn every_may(kind: &ExprKind) -> Option<(&Path, Option<&Name>, &Act)> {
    let ExprKind::Aggregate { op: AggregateOp::ForAll, value: Some(value), kind, variable, filter: None } = kind else {
        return None;
    };
    let ExprKind::May { party, act } = &value.kind else { return None };
    let same = match (&party.kind, variable) {
        (ExprKind::It, None) => true,
        (ExprKind::Path(path), Some(name)) => {
            matches!(path.segments.as_slice(), [only] if only.text == name.text && only.quoted == name.quoted)
        }
        _ => false,
    };
    same.then_some((kind, variable.as_ref(), act))
}

/// Whether a word can name a parameter of an action or an argument.
pub(super) const fn is_label(word: Word) -> bool {
    !matches!(word, Word::It | Word::True | Word::False)
}

/// Whether a condition is as plain as one must be to stand before a force without brackets.
fn is_plain(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => is_plain(inner),
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, left, right) => is_plain(left) && is_plain(right),
        ExprKind::Binary(op, left, right) => {
            use BinaryOp::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
            let compares = matches!(op, Equal | NotEqual | Less | AtMost | Greater | AtLeast);
            compares && is_plain_value(left) && is_plain_value(right)
        }
        ExprKind::Has { .. } => true,
        _ => is_plain_value(condition),
    }
}

const fn is_plain_value(value: &Expr) -> bool {
    matches!(
        value.kind,
        ExprKind::Number(_)
            | ExprKind::Quantity { .. }
            | ExprKind::Date { .. }
            | ExprKind::Bool(_)
            | ExprKind::It
            | ExprKind::Path(_)
            | ExprKind::Call { .. }
    )
}

/// Whether a statement begins with what could be a bound on the value before it: `at least 3 Server must …`. What is sure
/// to be none is said with `other` or `parties`.
pub(super) fn begins_like_a_bound(statement: &Statement) -> bool {
    let StatementKind::Norm(norm) = &statement.kind else { return false };
    let Norm { then: false, subject: NormSubject::Many { quantifier, other, kind, .. }, .. } = norm.as_ref() else {
        return false;
    };
    let Quantifier::AtLeast(number) = quantifier else { return false };
    let sure = (*other || is_party(kind)) && matches!(number.kind, ExprKind::Number(_));
    !sure && statement.label.is_none() && statement.doc.is_empty()
}

fn is_party(kind: &Path) -> bool {
    matches!(kind.segments.as_slice(), [only] if only.text == "party" && !only.quoted)
}

const fn bound(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Less => " below ",
        BinaryOp::AtMost => " at most ",
        BinaryOp::Greater => " above ",
        _ => " at least ",
    }
}
