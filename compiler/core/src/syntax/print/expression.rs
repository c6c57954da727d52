//! Expressions to text: brackets where the operators bind otherwise.

use super::Printer;
use super::conduct::every_may;
use crate::syntax::tree::conduct::binds_names;
use crate::syntax::tree::{AggregateOp, Axis, BinaryOp, Compass, Expr, ExprKind, Name, Path, UnaryOp};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, Zero};

/// How tightly what is printed must bind to stand without brackets.
pub(super) mod level {
    pub(in super::super) const ANY: u8 = 0;
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(in super::super) const COMPARE: u8 = 4;
    pub(in super::super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const MEET: u8 = 7;
    pub(super) const RANGE: u8 = 8;
    pub(super) const UNARY: u8 = 9;
    pub(in super::super) const OPERAND: u8 = 10;
}

/// How an operator is spelled and how it binds.
const fn operator(op: BinaryOp) -> (&'static str, u8) {
    match op {
        BinaryOp::Plus => (" + ", level::SUM),
        BinaryOp::Minus => (" - ", level::SUM),
        BinaryOp::Times => (" * ", level::PRODUCT),
        BinaryOp::Divide => (" / ", level::PRODUCT),
        BinaryOp::Intersect => (" & ", level::MEET),
        BinaryOp::And => (" and ", level::AND),
        BinaryOp::Or => (" or ", level::OR),
        BinaryOp::Equal => (" = ", level::COMPARE),
        BinaryOp::NotEqual => (" != ", level::COMPARE),
        BinaryOp::Less => (" below ", level::COMPARE),
        BinaryOp::AtMost => (" at most ", level::COMPARE),
        BinaryOp::Greater => (" above ", level::COMPARE),
        BinaryOp::AtLeast => (" at least ", level::COMPARE),
        BinaryOp::LiesWithin => (" lies ", level::COMPARE),
    }
}

/// How tightly a kind of expression binds. What runs as far as it can binds not at all.
fn binds(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::If(..) => level::ANY,
        ExprKind::Aggregate { op: AggregateOp::ForAll, .. } if every_may(kind).is_some() => level::COMPARE,
        ExprKind::Aggregate { op: AggregateOp::ForAll | AggregateOp::Exists, .. } => level::ANY,
        ExprKind::Aggregate { filter: Some(_), .. } => level::ANY,
        ExprKind::Aggregate { .. } => level::UNARY,
        ExprKind::Unary(UnaryOp::Not, _) => level::NOT,
        ExprKind::Unary(UnaryOp::Minus, _) => level::UNARY,
        ExprKind::Binary(BinaryOp::Times, share, _) if is_share(share) => level::OPERAND,
        ExprKind::Binary(op, ..) => operator(*op).1,
        ExprKind::Has { .. } | ExprKind::May { .. } | ExprKind::InTheLast(..) | ExprKind::BreachOf { .. } => {
            level::COMPARE
        }
        ExprKind::Range(..) => level::RANGE,
        _ => level::OPERAND,
    }
}

/// `exists a, b: party: …`: the names that one quantifier inside the other binds to the same kind, two at least; the
/// innermost condition and what holds.
fn several<'e>(
    op: AggregateOp,
    value: Option<&'e Expr>,
    kind: &Path,
    variable: Option<&'e Name>,
    filter: Option<&'e Expr>,
) -> Option<(Vec<&'e Name>, Option<&'e Expr>, &'e Expr)> {
    if !binds_names(op) {
        return None;
    }
    let same = |other: &Path| {
        kind.segments.len() == other.segments.len()
            && kind.segments.iter().zip(&other.segments).all(|(a, b)| a.text == b.text && a.quoted == b.quoted)
    };
    let (mut names, mut filter, mut value) = (vec![variable?], filter, value?);
    while filter.is_none()
        && let ExprKind::Aggregate { op: inner, value: Some(then), kind: over, variable: Some(name), filter: whose } =
            &value.kind
        && *inner == op
        && same(over)
        && every_may(&value.kind).is_none()
    {
        names.push(name);
        (filter, value) = (whose.as_deref(), then);
    }
    (names.len() > 1).then_some((names, filter, value))
}

/// `50%` before `of`.
fn is_share(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Quantity { unit, .. } if unit.text == "%" && !unit.quoted)
}

impl Printer {
    /// An expression where one that binds at least so tightly can stand.
    pub(super) fn expr(&mut self, expr: &Expr, least: u8) {
        if binds(&expr.kind) < least {
            self.bracketed(expr);
            return;
        }
        match &expr.kind {
            ExprKind::Number(value) => self.number(value),
            ExprKind::Quantity { value, factor, unit } => {
                self.number(value);
                for (power, word) in [(3u32, " thousand"), (6, " million"), (9, " billion"), (12, " trillion")] {
                    if **factor == BigRational::from_integer(Pow::pow(BigInt::from(10), power)) {
                        self.put(word);
                    }
                }
                self.put(if unit.text == "%" && factor.is_one() { "" } else { " " });
                self.name(unit);
            }
            ExprKind::Date { year, month, day } => self.put(&format!("{year:04}-{month:02}-{day:02}")),
            ExprKind::Text(text) => self.quoted(text),
            ExprKind::Bool(value) => self.put(if *value { "true" } else { "false" }),
            ExprKind::Path(path) => self.path(path),
            ExprKind::Call { callee, arguments } => {
                self.path(callee);
                self.arguments(arguments);
            }
            ExprKind::It => self.put("it"),
            ExprKind::ItsParty => self.put("its party"),
            ExprKind::Article(number) => {
                self.put("article ");
                self.put(number);
            }
            ExprKind::Unary(UnaryOp::Not, inner) => {
                self.put("not ");
                self.expr(inner, level::NOT);
            }
            ExprKind::Unary(UnaryOp::Minus, inner) => {
                self.put("-");
                self.expr(inner, level::UNARY);
            }
            ExprKind::Binary(BinaryOp::Times, share, whole) if is_share(share) => {
                self.expr(share, level::OPERAND);
                self.put(" of ");
                self.expr(whole, level::OPERAND);
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::If(condition, then, other) => {
                self.put("if ");
                self.expr(condition, level::OR);
                self.put(" then ");
                self.expr(then, level::OR);
                self.put(" else ");
                self.expr(other, level::ANY);
            }
            ExprKind::Range(low, high) => {
                self.expr(low, level::UNARY);
                self.put(" to ");
                // only what begins like a value is taken for the end of a range: `leases R to Q`
                let value = matches!(
                    high.kind,
                    ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Date { .. } | ExprKind::Prefix(_)
                );
                if value { self.expr(high, level::UNARY) } else { self.bracketed(high) }
            }
            ExprKind::Bracketed(options) => {
                self.put("[");
                self.list(options, " | ", |p, (value, parties)| {
                    p.expr(value, level::OR);
                    p.put(": ");
                    p.list(parties, ", ", Self::path);
                });
                self.put("]");
            }
            kind @ ExprKind::Aggregate { op: AggregateOp::ForAll, .. } if every_may(kind).is_some() => {
                self.every_may(kind);
            }
            ExprKind::Aggregate { op, value, kind, variable, filter } => {
                self.aggregate(*op, value.as_deref(), (kind, variable.as_ref()), filter.as_deref());
            }
            ExprKind::Prefix(prefix) => self.put(prefix),
            ExprKind::PrefixLength(length) => self.put(&format!("/{length}")),
            ExprKind::Polygon { shell, holes } => {
                self.put("polygon ");
                self.ring(shell);
                for hole in holes {
                    self.put(" without ");
                    self.ring(hole);
                }
            }
            ExprKind::Point { longitude, latitude } => {
                self.angle(latitude, Axis::Latitude);
                self.put(" ");
                self.angle(longitude, Axis::Longitude);
            }
            ExprKind::Angle { degrees, axis } => self.angle(degrees, *axis),
            ExprKind::SideOf(side, of) => {
                self.put(match side {
                    Compass::North => "north of ",
                    Compass::South => "south of ",
                    Compass::East => "east of ",
                    Compass::West => "west of ",
                });
                self.expr(of, level::OPERAND);
            }
            ExprKind::BetweenAngles(from, to) => {
                self.put("between ");
                self.expr(from, level::OPERAND);
                self.put(" and ");
                self.expr(to, level::OPERAND);
            }
            ExprKind::WithinDistance(distance, of) => {
                self.put("within ");
                self.distance(distance);
                self.put(" of ");
                self.expr(of, level::OPERAND);
            }
            ExprKind::TerritoryOf(party) => {
                self.put("territory of ");
                self.expr(party, level::OPERAND);
            }
            ExprKind::GroundClaimedBy(party) => {
                self.put("ground claimed by ");
                self.expr(party, level::OPERAND);
            }
            ExprKind::AttributeOf(name, of) => {
                self.name(name);
                self.put(" of ");
                self.expr(of, level::OPERAND);
            }
            _ => self.conduct_expr(expr),
        }
    }

    fn bracketed(&mut self, expr: &Expr) {
        self.put("(");
        self.expr(expr, level::ANY);
        self.put(")");
    }

    /// A distance before `of`. An attribute would take that word for its own.
    fn distance(&mut self, distance: &Expr) {
        match distance.kind {
            ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Path(_) | ExprKind::Call { .. } => {
                self.expr(distance, level::OPERAND);
            }
            _ => self.bracketed(distance),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) {
        let (sign, binds) = operator(op);
        let meet = |e: &Expr| matches!(e.kind, ExprKind::Binary(BinaryOp::Intersect, ..));
        let side = |p: &mut Self, e: &Expr, least: u8| {
            // `&` beside `+` or `-` is not read without brackets
            if binds == level::SUM && meet(e) { p.bracketed(e) } else { p.expr(e, least) }
        };
        // comparisons do not chain
        side(self, left, if binds == level::COMPARE { level::SUM } else { binds });
        self.put(sign);
        if op == BinaryOp::LiesWithin {
            self.lies_within(right);
        } else {
            side(self, right, binds + 1);
        }
    }

    /// `within S` behind `lies`; `within 12 nmi of S` says that word once.
    pub(super) fn lies_within(&mut self, region: &Expr) {
        if let ExprKind::WithinDistance(distance, _) = &region.kind
            && let ExprKind::Quantity { unit, .. } = &distance.kind
            && unit.text != "%"
            && !unit.quoted
        {
            self.expr(region, level::OPERAND);
            return;
        }
        self.put("within ");
        // a number would be taken for a distance
        self.expr(region, level::SUM);
    }

    fn aggregate(
        &mut self,
        op: AggregateOp,
        value: Option<&Expr>,
        (kind, variable): (&Path, Option<&Name>),
        filter: Option<&Expr>,
    ) {
        if let Some((names, filter, value)) = several(op, value, kind, variable, filter) {
            self.put(if op == AggregateOp::ForAll { "for all " } else { "exists " });
            self.list(&names, ", ", |p, name| p.name(name));
            self.put(": ");
            self.path(kind);
            self.whose(filter);
            self.put(": ");
            self.expr(value, level::ANY);
            return;
        }
        match op {
            AggregateOp::Sum => {
                self.put("sum of ");
                if let Some(value) = value {
                    self.expr(value, level::SUM);
                }
                self.put(" over every ");
            }
            AggregateOp::Count => self.put("count of every "),
            AggregateOp::ForAll => self.put("for all "),
            AggregateOp::Exists => self.put("exists "),
        }
        self.path(kind);
        if let Some(variable) = variable {
            self.put(" ");
            self.name(variable);
        }
        self.whose(filter);
        if let (AggregateOp::ForAll | AggregateOp::Exists, Some(value)) = (op, value) {
            self.put(": ");
            self.expr(value, level::ANY);
        }
    }

    fn whose(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.put(" where ");
            self.expr(filter, level::ANY);
        }
    }

    fn ring(&mut self, points: &[Expr]) {
        self.put("[");
        self.list(points, ", ", |p, point| match &point.kind {
            ExprKind::Point { longitude, latitude } => match (decimal(longitude), decimal(latitude)) {
                (Some(longitude), Some(latitude)) => p.put(&format!("({longitude}, {latitude})")),
                _ => p.expr(point, level::OPERAND),
            },
            // a bracket would begin a point
            _ => p.expr(point, level::ANY),
        });
        self.put("]");
    }

    fn angle(&mut self, degrees: &BigRational, axis: Axis) {
        let side = match (axis, degrees.is_negative()) {
            (Axis::Latitude, false) => 'N',
            (Axis::Latitude, true) => 'S',
            (Axis::Longitude, false) => 'E',
            (Axis::Longitude, true) => 'W',
        };
        let degrees = degrees.abs();
        let (whole, sixty) = (degrees.trunc(), BigRational::from_integer(BigInt::from(60)));
        let minutes = (&degrees - &whole) * &sixty;
        let seconds = minutes.fract() * &sixty;
        let minutes = minutes.trunc();
        if seconds.is_integer() || decimal(&degrees).is_none() {
            self.put(&format!("{}°", whole.numer()));
            if !minutes.is_zero() || !seconds.is_zero() {
                self.put(&format!("{:0>2}'", minutes.numer().to_string()));
            }
            if !seconds.is_zero() {
                let seconds = decimal(&seconds).unwrap_or_else(|| cut(&seconds));
                let pad = if seconds.find('.').unwrap_or(seconds.len()) < 2 { "0" } else { "" };
                self.put(&format!("{pad}{seconds}\""));
            }
        } else {
            self.put(&format!("{}°", decimal(&degrees).unwrap_or_default()));
        }
        self.out.push(side);
    }

    fn number(&mut self, value: &BigRational) {
        let text = decimal(value).unwrap_or_else(|| cut(value));
        let whole = text.split('.').next().unwrap_or("");
        let digits = whole.trim_start_matches('-').len();
        for (i, c) in text.chars().enumerate() {
            let left = whole.len().saturating_sub(i);
            if i > 0 && i < whole.len() && left % 3 == 0 && left < digits {
                self.out.push('_');
            }
            self.out.push(c);
        }
    }
}

/// An exact decimal, if there is one.
fn decimal(value: &BigRational) -> Option<String> {
    let mut rest = value.denom().clone();
    let mut places = 0usize;
    for factor in [2u32, 5] {
        let mut count = 0;
        while (&rest % factor).is_zero() {
            rest /= factor;
            count += 1;
        }
        places = places.max(count);
    }
    rest.is_one().then(|| fixed(value, places))
}

/// The first 30 places.
fn cut(value: &BigRational) -> String {
    fixed(value, 30)
}

fn fixed(value: &BigRational, places: usize) -> String {
    let scaled = (value.abs() * BigRational::from_integer(Pow::pow(BigInt::from(10), places))).to_integer();
    let digits = format!("{:0>width$}", scaled.to_string(), width = places + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - places).unwrap_or((&digits, ""));
    let sign = if value.is_negative() { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}
