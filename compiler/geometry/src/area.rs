//! Areas on the WGS 84 ellipsoid under straight longitude/latitude edges.
//!
//! In: edges on the grid. Out: square kilometres. The area between an edge and the equator is `a²/2 ∫ q(φ) dλ`, with `q` the
//! authalic function (Snyder 1987, Map Projections, eq. 3-12) and φ linear in λ along the edge, integrated by Gauss and Legendre:
//! exact on meridians and parallels, and to the last digits of a double elsewhere. Sums run in a fixed order, with the rounding
//! error carried along (Neumaier 1974).

use crate::grid::{Point, Ring, Shape, UNITS_PER_DEGREE, doubled_area, ring_edges};

/// Semi-major axis of WGS 84 in kilometres.
pub(crate) const SEMI_MAJOR_KM: f64 = 6378.137;
/// Flattening of WGS 84.
pub(crate) const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// First eccentricity squared of WGS 84.
pub(crate) const E2: f64 = FLATTENING * (2.0 - FLATTENING);

const RADIANS_PER_UNIT: f64 = std::f64::consts::PI / (180.0 * UNITS_PER_DEGREE as f64);

/// Coefficients of `q(s)/(1 − e²)` as `s · Σ c_k s^{2k}`, `c_k = e^{2k} (1 + 1/(2k + 1))`; the ninth term is below 1e-17.
const AUTHALIC: [f64; 8] = authalic_coefficients();

const fn authalic_coefficients() -> [f64; 8] {
    let mut coefficients = [0.0; 8];
    let (mut power, mut k) = (1.0, 0);
    while k < 8 {
        let odd = 2.0 * k as f64 + 1.0;
        #[expect(clippy::indexing_slicing, reason = "k runs over the array")]
        {
            coefficients[k] = power * (1.0 + 1.0 / odd);
        }
        power *= E2;
        k += 1;
    }
    coefficients
}

/// The authalic function of the sine of a latitude; 0 at the equator, 1.9955… at the pole.
pub(crate) fn authalic(sine: f64) -> f64 {
    let square = sine * sine;
    let series = AUTHALIC.iter().rev().fold(0.0, |sum, &coefficient| sum * square + coefficient);
    (1.0 - E2) * sine * series
}

// Half of the nodes of each rule on [−1, 1], with their weights (a rule is symmetric).
const TWO: [(f64, f64); 1] = [(0.577_350_269_189_625_8, 1.0)];
const SIX: [(f64, f64); 3] = [
    (0.238_619_186_083_196_9, 0.467_913_934_572_691_04),
    (0.661_209_386_466_264_5, 0.360_761_573_048_138_6),
    (0.932_469_514_203_152, 0.171_324_492_379_170_35),
];

/// The ground between an edge and the equator, in km²; positive for an edge going east in the north.
///
/// The two-point rule on a latitude difference h is off by h⁴/4320 of the whole, the six-point rule by 2e-16·h¹²; the limits
/// below keep both under a part in 1e16.
pub(crate) fn under_edge(a: Point, b: Point) -> f64 {
    let width = (b.x - a.x) as f64 * RADIANS_PER_UNIT;
    if b.x == a.x {
        return 0.0;
    }
    let (from, to) = (a.y as f64 * RADIANS_PER_UNIT, b.y as f64 * RADIANS_PER_UNIT);
    let mean = mean_authalic(from, to);
    SEMI_MAJOR_KM * SEMI_MAJOR_KM * 0.5 * width * mean
}

/// The mean of the authalic function between two latitudes in radians.
fn mean_authalic(from: f64, to: f64) -> f64 {
    let (middle, half) = ((from + to) * 0.5, (to - from) * 0.5);
    let rule = |nodes: &[(f64, f64)]| {
        let pairs = nodes.iter().map(|&(node, weight)| {
            weight * (authalic((middle + half * node).sin()) + authalic((middle - half * node).sin()))
        });
        pairs.sum::<f64>() * 0.5
    };
    match half.abs() {
        0.0 => authalic(middle.sin()),
        small if small < 4e-4 => rule(&TWO),
        fair if fair < 0.4 => rule(&SIX),
        _ => (mean_authalic(from, middle) + mean_authalic(middle, to)) * 0.5,
    }
}

/// A sum that carries its rounding error along.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    sum: f64,
    error: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.error += if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    pub(crate) fn value(self) -> f64 {
        self.sum + self.error
    }
}

/// The area inside a ring in km², whatever its direction.
fn ring_km2(ring: &Ring) -> f64 {
    let mut sum = Sum::default();
    for (a, b) in ring_edges(ring) {
        sum.add(under_edge(a, b));
    }
    if doubled_area(ring) >= 0 { -sum.value() } else { sum.value() }
}

impl Shape {
    /// The area on the WGS 84 ellipsoid, in square kilometres, along straight longitude/latitude edges.
    pub fn area_km2(&self) -> f64 {
        let mut sum = Sum::default();
        for polygon in &self.polygons {
            sum.add(ring_km2(&polygon.shell));
            for hole in &polygon.holes {
                sum.add(-ring_km2(hole));
            }
        }
        sum.value()
    }
}

/// The whole surface of the ellipsoid in km².
pub(crate) fn earth_km2() -> f64 {
    2.0 * std::f64::consts::PI * SEMI_MAJOR_KM * SEMI_MAJOR_KM * authalic(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Polygon;

    fn shape(points: &[(f64, f64)]) -> Shape {
        let shell = points.iter().map(|&(lon, lat)| Point::from_degrees(lon, lat).unwrap()).collect();
        Shape { polygons: vec![Polygon { shell, holes: vec![] }] }
    }

    #[test]
    fn the_earth_is_as_large_as_geodesy_says() {
        // 510 065 621.724 km², Karney 2013, table 2 (as 4π c² with c = 6371.007 km)
        assert!((earth_km2() - 510_065_621.724).abs() < 1e-3, "{}", earth_km2());
        let whole = shape(&[(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0)]);
        assert!((whole.area_km2() - earth_km2()).abs() < 1e-6);
    }

    #[test]
    fn a_slanting_edge_is_integrated_along_itself() {
        // the triangle under a diagonal, cut in 4096 strips along the same line, sums to the same
        let whole = under_edge(Point::from_degrees(0.0, 10.0).unwrap(), Point::from_degrees(64.0, 74.0).unwrap());
        let mut strips = Sum::default();
        for step in 0..4096 {
            let at = |k: i32| Point::from_degrees(f64::from(k) / 64.0, 10.0 + f64::from(k) / 64.0).unwrap();
            strips.add(under_edge(at(step), at(step + 1)));
        }
        assert!((whole - strips.value()).abs() < 1e-9 * whole, "{whole} {}", strips.value());
    }

    #[test]
    fn direction_and_start_do_not_change_an_area() {
        let mut points = vec![(10.0, 50.0), (12.5, 50.25), (12.0, 52.0), (9.5, 51.0)];
        let area = shape(&points).area_km2();
        points.reverse();
        assert!((shape(&points).area_km2() - area).abs() < 1e-9);
        // the same ring with edges of at most 0.0005 degree, by pyproj 3.7
        assert!((area - 29_377.775_43).abs() < 1e-3, "{area}");
    }
}
