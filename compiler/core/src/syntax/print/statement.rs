//! Statements to text, one a line.

use super::Printer;
use super::conduct::begins_like_a_bound;
use super::expression::level;
use crate::syntax::tree::{
    Argument, ClaimScope, Expr, ExprKind, Leg, LegEnd, Line, Modifier, ModifierKind, Path, Requirement, Statement,
    StatementKind, Subject, WaiverTarget,
};

impl Printer {
    /// A body in braces.
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        if statements.is_empty() {
            self.put("{ }");
            return;
        }
        self.put("{\n");
        self.depth += 1;
        let mut rest = statements.iter().peekable();
        while let Some(statement) = rest.next() {
            self.docs(&statement.doc);
            self.begin();
            self.label(statement.label.as_ref());
            let modifiers = if let StatementKind::Norm(norm) = &statement.kind {
                self.step_norm(norm, &statement.modifiers)
            } else {
                self.statement_kind(&statement.kind);
                &statement.modifiers
            };
            for modifier in modifiers {
                self.put(" ");
                self.modifier(modifier);
            }
            if rest.peek().is_some_and(|next| begins_like_a_bound(next)) {
                self.put(",");
            }
            self.end();
        }
        self.depth -= 1;
        self.begin();
        self.put("}");
    }

    fn deed(&mut self, party: &Path, verb: &str, region: &Expr) {
        self.path(party);
        self.put(verb);
        self.expr(region, level::SUM);
    }

    fn over(&mut self, party: &Path, verb: &str, holder: &Path, region: &Expr) {
        self.path(party);
        self.put(verb);
        self.path(holder);
        self.put(" over ");
        self.expr(region, level::SUM);
    }

    pub(super) fn statement_kind(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Claims { party, region } => self.subject(party, " claims ", region),
            StatementKind::Controls { party, region } => self.subject(party, " controls ", region),
            StatementKind::Recognises { party, holder, region } => self.over(party, " recognises ", holder, region),
            StatementKind::Protests { party, holder, region } => self.over(party, " protests ", holder, region),
            StatementKind::Jointly { parties, region } => {
                self.list(parties, " and ", Self::path);
                self.put(" hold ");
                self.expr(region, level::SUM);
                self.put(" jointly");
            }
            StatementKind::Leases { party, region, to } => {
                self.deed(party, " leases ", region);
                self.put(" to ");
                self.path(to);
            }
            StatementKind::Delegates { party, region, to } => {
                self.deed(party, " delegates ", region);
                self.put(" to ");
                self.path(to);
            }
            StatementKind::HoldsUnder { party, region, under } => {
                self.deed(party, " holds ", region);
                self.put(" under ");
                self.path(under);
            }
            StatementKind::Waives { party, region } => self.deed(party, " waives ", region),
            StatementKind::SetAside { parties, region } => {
                self.list(parties, " and ", Self::path);
                self.put(" set aside ");
                self.expr(region, level::SUM);
            }
            StatementKind::Frozen { region } => self.state(region, " is frozen"),
            StatementKind::Common { region } => self.state(region, " is common"),
            StatementKind::Boundary { parties: (one, other), legs, left, datum } => {
                self.put("boundary between ");
                self.path(one);
                self.put(" and ");
                self.path(other);
                self.put(" along ");
                self.list(legs, ", ", Self::leg);
                self.put(", ");
                self.path(left);
                self.put(" on the left");
                if let Some(datum) = datum {
                    self.put(", datum ");
                    self.name(datum);
                }
            }
            StatementKind::Require(requirement) => {
                self.put("require ");
                self.requirement(requirement);
            }
            StatementKind::RequirementWaived { target, parties } => {
                match target {
                    WaiverTarget::Article(number, _) => {
                        self.put("article ");
                        self.put(number);
                    }
                    WaiverTarget::Label(label) => {
                        self.put("requirement @");
                        self.name(label);
                    }
                }
                self.put(" is waived for ");
                self.list(parties, " and ", Self::path);
            }
            StatementKind::ClaimsFrom { data, field, atlas } => {
                self.put("claims from ");
                self.path(data);
                self.put(" each ");
                self.field_path(field);
                self.put(" over ");
                self.path(atlas);
            }
            StatementKind::DelegationsFrom { data, field, kind, attribute, equals, atlases } => {
                self.put("delegations from ");
                self.path(data);
                self.put(" each ");
                self.field_path(field);
                self.put(" to the ");
                self.path(kind);
                self.put(" whose ");
                self.name(attribute);
                self.put(" = ");
                self.name(equals);
                if !atlases.is_empty() {
                    self.put(" over ");
                    self.list(atlases, ", ", Self::path);
                }
            }
            StatementKind::Adopts { clause, arguments } => {
                self.put("adopts ");
                self.path(clause);
                // brackets always: a region in brackets may follow
                self.arguments(arguments);
            }
            _ => self.conduct_statement(kind),
        }
    }

    fn subject(&mut self, subject: &Subject, verb: &str, region: &Expr) {
        match subject {
            Subject::Party(path) => self.path(path),
            Subject::Every { kind, variable } => {
                self.put("every ");
                self.path(kind);
                if let Some(variable) = variable {
                    self.put(" ");
                    self.name(variable);
                }
            }
        }
        self.put(verb);
        self.expr(region, level::SUM);
    }

    /// A region before `is`: in brackets where its first name could be drawn to the statement before, or its last one be
    /// taken for a subject.
    pub(super) fn state(&mut self, region: &Expr, state: &str) {
        let closed = |e: &Expr| matches!(e.kind, ExprKind::Path(_) | ExprKind::Angle { .. });
        let plain = match &region.kind {
            ExprKind::Path(_) | ExprKind::Polygon { .. } => true,
            ExprKind::SideOf(_, of) | ExprKind::TerritoryOf(of) | ExprKind::GroundClaimedBy(of) => closed(of),
            _ => false,
        };
        self.expr(region, if plain { level::SUM } else { level::OPERAND + 1 });
        self.put(state);
    }

    pub(super) fn arguments(&mut self, arguments: &[Argument]) {
        self.put("(");
        self.list(arguments, ", ", |p, argument| {
            if p.conduct_argument(argument) {
            } else if let Some(name) = &argument.name {
                p.argument_name(name);
                p.put(" = ");
                p.expr(&argument.value, level::ANY);
            } else {
                // `(a = b)` would name an argument
                p.expr(&argument.value, level::SUM);
            }
        });
        self.put(")");
    }

    fn leg(&mut self, leg: &Leg) {
        self.put(match leg.line {
            Line::Meridian => "meridian",
            Line::Parallel => "parallel",
            Line::Geodesic => "geodesic",
            Line::Loxodrome => "loxodrome",
            Line::Median => "median",
        });
        if let Some(from) = &leg.from {
            self.put(" from ");
            self.expr(from, level::OPERAND);
        }
        match &leg.to {
            LegEnd::Point(point) => {
                self.put(" to ");
                self.expr(point, level::OPERAND);
            }
            LegEnd::Open(point) => {
                self.put(" to open end towards ");
                self.expr(point, level::OPERAND);
            }
        }
    }

    fn scope(&mut self, scope: &ClaimScope) {
        self.put("every claim");
        if let Some(over) = &scope.over {
            self.put(" over ");
            self.path(over);
        }
        if let Some(right) = &scope.right {
            self.put(" as ");
            self.path(right);
        }
    }

    fn requirement(&mut self, requirement: &Requirement) {
        match requirement {
            Requirement::ClaimsWithin { scope, within } => {
                self.scope(scope);
                self.put(" lies ");
                self.lies_within(within);
            }
            Requirement::ClaimsSized { scope, least, most } => {
                self.scope(scope);
                match (least, most) {
                    (Some(least), Some(most)) => {
                        self.put(" is between ");
                        self.expr(least, level::SUM);
                        self.put(" and ");
                        self.expr(most, level::SUM);
                    }
                    (Some(least), None) => {
                        self.put(" is at least ");
                        self.expr(least, level::SUM);
                    }
                    (None, Some(most)) => {
                        self.put(" is at most ");
                        self.expr(most, level::SUM);
                    }
                    (None, None) => {}
                }
            }
            Requirement::ReverseZonesWithin { zones, prefixes } => {
                self.put("every reverse zone over ");
                self.path(zones);
                self.put(" lies within claims of its party over ");
                self.list(prefixes, ", ", Self::path);
            }
            Requirement::Differs { attribute } => {
                self.path(attribute);
                self.put(" differs between parties");
            }
            Requirement::Condition(condition) => self.expr(condition, level::ANY),
        }
    }

    fn modifier(&mut self, modifier: &Modifier) {
        match &modifier.kind {
            ModifierKind::As(right) => {
                self.put("as ");
                self.path(right);
            }
            ModifierKind::From(date) => {
                self.put("from ");
                self.expr(date, level::OPERAND);
            }
            ModifierKind::Until(date) => {
                self.put("until ");
                self.expr(date, level::OPERAND);
            }
            ModifierKind::When(condition) => {
                self.put("when ");
                self.expr(condition, level::ANY);
            }
            ModifierKind::Quota(share) => {
                self.put("quota ");
                self.expr(share, level::SUM);
            }
            ModifierKind::Basis(text) => {
                self.put("on basis ");
                self.text(text);
            }
            ModifierKind::Source(text) => {
                self.put("source ");
                self.text(text);
            }
            ModifierKind::AsOf(date) => {
                self.put("as of ");
                self.expr(date, level::OPERAND);
            }
            _ => self.conduct_modifier(modifier),
        }
    }
}
