//! The grid and what lies on it: points, rings, polygons, shapes, and the exact predicates on them.
//!
//! In: degrees or units. Out: points in units of 1e-9 degree, orientations and twice-areas without rounding.

use std::cmp::Ordering;

/// Grid units in one degree of longitude or latitude.
pub const UNITS_PER_DEGREE: i64 = 1_000_000_000;
/// The antimeridian, in units.
pub(crate) const HALF_TURN: i64 = 180 * UNITS_PER_DEGREE;
/// A full turn, in units.
pub(crate) const FULL_TURN: i64 = 360 * UNITS_PER_DEGREE;
/// The latitude of the pole, in units.
pub(crate) const POLE: i64 = 90 * UNITS_PER_DEGREE;

/// A point of the grid: `x` is longitude, `y` latitude, in units of 1e-9 degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// Longitude, −180e9 to 180e9 in a shape.
    pub x: i64,
    /// Latitude, −90e9 to 90e9 in a shape.
    pub y: i64,
}

impl Point {
    /// The point at `x`, `y` units.
    pub const fn new(x: i64, y: i64) -> Self {
        Self { x, y }
    }

    /// The grid point nearest to a longitude and a latitude in degrees; `None` when they are not numbers within ±180 and ±90.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return None;
        }
        Some(Self { x: to_units(lon), y: to_units(lat) })
    }

    /// Longitude and latitude in degrees.
    pub fn degrees(self) -> [f64; 2] {
        [to_degrees(self.x), to_degrees(self.y)]
    }
}

/// Degrees to the nearest unit. A decimal of up to nine places comes out exact: the product is within one part in 1e15 of the
/// integer meant, which is below 1e12.
pub(crate) fn to_units(degrees: f64) -> i64 {
    (degrees * UNITS_PER_DEGREE as f64).round() as i64
}

/// Units to degrees, correctly rounded.
pub(crate) fn to_degrees(units: i64) -> f64 {
    units as f64 / UNITS_PER_DEGREE as f64
}

/// A closed ring; the last point is joined to the first and does not repeat it.
pub type Ring = Vec<Point>;

/// A shell and the holes cut from it. A ring is told to be a shell or a hole by its place, never by its direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polygon {
    /// The outer ring.
    pub shell: Ring,
    /// Rings cut from the inside of the shell.
    pub holes: Vec<Ring>,
}

impl Polygon {
    /// All rings, the shell first.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.shell).chain(&self.holes)
    }
}

/// A region on the grid: the union of its polygons, cut at ±180 degrees.
///
/// [`read_shape`](crate::read_shape) makes shapes whose rings do not cross and whose polygons do not overlap. A shape built by hand
/// must hold to that too: [`overlay`](crate::overlay) counts windings and covers a place where the count is above zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The polygons, in any order.
    pub polygons: Vec<Polygon>,
}

impl Shape {
    /// Whether the shape holds no ground at all.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// How many points its rings have.
    pub fn vertices(&self) -> usize {
        self.polygons.iter().flat_map(Polygon::rings).map(Vec::len).sum()
    }
}

/// The edges of a ring, the closing one included.
pub(crate) fn ring_edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    let closing = match (ring.last(), ring.first()) {
        (Some(&last), Some(&first)) if ring.len() > 1 => Some((last, first)),
        _ => None,
    };
    ring.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).chain(closing)
}

/// Where `p` lies from the directed line a→b: `Greater` on its left, `Less` on its right, `Equal` on it. Exact.
///
/// Floating point decides when the determinant is clear of its rounding error (differences below 2^53 are exact, each product is
/// off by at most one part in 2^53); integers decide the rest.
#[inline]
pub(crate) fn orient(a: Point, b: Point, p: Point) -> Ordering {
    let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, p.x - a.x, p.y - a.y);
    let (left, right) = (ux as f64 * vy as f64, uy as f64 * vx as f64);
    let determinant = left - right;
    let bound = (left.abs() + right.abs()) * 4.5e-16;
    if determinant > bound {
        Ordering::Greater
    } else if determinant < -bound {
        Ordering::Less
    } else {
        (i128::from(ux) * i128::from(vy)).cmp(&(i128::from(uy) * i128::from(vx)))
    }
}

/// Twice the area under the edge a→b down to the equator: `(bx − ax)(ay + by)`, exact.
#[inline]
pub(crate) fn doubled_under(a: Point, b: Point) -> i128 {
    i128::from(b.x - a.x) * i128::from(a.y + b.y)
}

/// Twice the signed area of a ring in square units, positive when counter-clockwise. Exact.
pub(crate) fn doubled_area(ring: &[Point]) -> i128 {
    -ring_edges(ring).map(|(a, b)| doubled_under(a, b)).sum::<i128>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_decimals_are_exact() {
        for (text, units) in
            [("179.999999999", 179_999_999_999), ("-0.000000001", -1), ("12.345678901", 12_345_678_901)]
        {
            let degrees: f64 = text.parse().unwrap();
            assert_eq!(to_units(degrees), units, "{text}");
            assert_eq!(to_degrees(units), degrees, "{text}");
        }
        assert_eq!(Point::from_degrees(180.000000001, 0.0), None);
        assert_eq!(Point::from_degrees(f64::NAN, 0.0), None);
    }

    #[test]
    fn orientation_is_exact_where_floats_are_not() {
        let a = Point::new(-180_000_000_000, -90_000_000_000);
        let b = Point::new(180_000_000_000, 89_999_999_999);
        // the midpoint of a and b lies half a unit below the origin
        assert_eq!(orient(a, b, Point::new(0, 0)), Ordering::Greater);
        assert_eq!(orient(a, b, Point::new(0, -1)), Ordering::Less);
        assert_eq!(orient(a, Point::new(0, 0), Point::new(90_000_000_000, 45_000_000_000)), Ordering::Equal);
    }

    #[test]
    fn a_square_counter_clockwise_has_positive_area() {
        let square = vec![Point::new(0, 0), Point::new(2, 0), Point::new(2, 2), Point::new(0, 2)];
        assert_eq!(doubled_area(&square), 8);
        assert_eq!(ring_edges(&square).count(), 4);
        assert_eq!(ring_edges(&square[..1]).count(), 0);
    }
}
