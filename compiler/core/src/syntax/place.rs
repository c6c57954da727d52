//! Points, angles and polygons as written.
//!
//! In: tokens. Out: exact degrees, east and north positive. Two angles side by side are a point, in either order: their
//! letters say which is which. Inside a polygon `(10.25, 59.5)` is longitude, then latitude, in decimal degrees.

use super::cursor::{Cursor, Parsed};
use super::literal;
use super::reserved::Word;
use super::token::Sort;
use super::tree::{Axis, Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

impl Cursor<'_> {
    fn angle(&mut self) -> Parsed<(BigRational, Axis)> {
        let token = self.bump();
        let text = self.slice(token);
        literal::angle(text).map_err(|why| {
            self.error(
                "bad-angle",
                self.span(token),
                format!("expected a latitude or a longitude, found `{text}`"),
                why,
            )
        })
    }

    pub(super) fn angle_or_point(&mut self) -> Parsed<ExprKind> {
        let first = self.peek(0);
        let (degrees, axis) = self.angle()?;
        if !self.is(Sort::Angle) {
            return Ok(ExprKind::Angle { degrees, axis });
        }
        let (other, other_axis) = self.angle()?;
        match (axis, other_axis) {
            (Axis::Latitude, Axis::Longitude) => Ok(ExprKind::Point { longitude: other, latitude: Box::new(degrees) }),
            (Axis::Longitude, Axis::Latitude) => Ok(ExprKind::Point { longitude: degrees, latitude: Box::new(other) }),
            _ => {
                let which = if axis == Axis::Latitude { "latitudes" } else { "longitudes" };
                let span = self.since(first.start);
                Err(self.report(
                    Diagnostic::error(
                        "bad-angle",
                        span,
                        format!("expected a point, found two {which}"),
                        "one of each is a point",
                    )
                    .help("give one latitude (`N` or `S`) and one longitude (`E` or `W`)"),
                ))
            }
        }
    }

    /// `polygon [ … ] without [ … ]`.
    pub(super) fn polygon(&mut self) -> Parsed<ExprKind> {
        self.bump();
        let shell = self.ring()?;
        let mut holes = Vec::new();
        while self.take_word(Word::Without).is_some() {
            holes.push(self.ring()?);
            // behind the comma may also stand the next argument: `[30 days: Ada | 60 days: Bel]`
            while self.is(Sort::Comma) && self.sort(1) == Sort::OpenBracket && !self.offers(1) {
                self.bump();
                holes.push(self.ring()?);
            }
        }
        Ok(ExprKind::Polygon { shell, holes })
    }

    fn ring(&mut self) -> Parsed<Vec<Expr>> {
        self.expect(Sort::OpenBracket, "`[` and the points of a ring")?;
        let mut points = Vec::new();
        while !self.is(Sort::CloseBracket) {
            points.push(if self.is(Sort::OpenParen) { self.decimal_point()? } else { self.operand("a point")? });
            self.take(Sort::Comma);
        }
        self.bump();
        Ok(points)
    }

    fn decimal_point(&mut self) -> Parsed<Expr> {
        let open = self.bump();
        let longitude = self.decimal_degrees(180, "a longitude in degrees")?;
        self.expect(Sort::Comma, "`,` and a latitude: a point is `(longitude, latitude)`")?;
        let latitude = self.decimal_degrees(90, "a latitude in degrees")?;
        self.expect(Sort::CloseParen, "`)`")?;
        Ok(Expr { kind: ExprKind::Point { longitude, latitude: Box::new(latitude) }, span: self.since(open.start) })
    }

    fn decimal_degrees(&mut self, limit: u32, expected: &str) -> Parsed<BigRational> {
        let start = self.here();
        let negative = self.take(Sort::Minus).is_some();
        let token = self.expect(Sort::Number, expected)?;
        let value = self.number_of(token)?;
        if value.abs() > BigRational::from_integer(BigInt::from(limit)) {
            let span = self.since(start);
            self.report(
                Diagnostic::error(
                    "bad-angle",
                    span,
                    format!("expected {expected}, found more than {limit}"),
                    "out of range",
                )
                .note(
                    "a point is `(longitude, latitude)`: longitudes reach from -180 to 180, latitudes from -90 to 90",
                ),
            );
        }
        Ok(if negative { -value } else { value })
    }
}
