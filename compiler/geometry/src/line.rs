//! Boundary legs: lines of a stated kind, as points close enough together, and the ground on their two sides.
//!
//! In: the ends of a leg and what kind of line joins them; or a whole line and the ground that it parts. Out: points joined by
//! straight longitude/latitude edges within a stated distance of the line; or the shapes left and right of it.

use crate::area::{E2, SEMI_MAJOR_KM};
use crate::grid::{FULL_TURN, HALF_TURN, POLE, Point, Ring, Shape, doubled_area, to_degrees, to_units};
use crate::region::Bounds;
use crate::repair::{Layer, settle};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use std::fmt;

/// What joins the two ends of a boundary leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The shortest line on the WGS 84 ellipsoid.
    Geodesic,
    /// The line of one compass bearing: straight on Mercator's map.
    Loxodrome,
    /// A parallel of latitude, the short way round.
    Parallel,
    /// A meridian.
    Meridian,
}

/// Why a line cannot be drawn, or does not part the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LineError {
    /// A coordinate is not a number within ±180 / ±90.
    OutOfRange,
    /// The ends of a parallel have different latitudes.
    NotAParallel,
    /// The ends of a meridian have different longitudes.
    NotAMeridian,
    /// The ends lie half-way round the Earth from each other, so that more than one line joins them.
    Opposite,
    /// The line runs over a pole, or a loxodrome begins or ends there.
    OverPole,
    /// A line needs two different points.
    TooShort,
    /// The line, with its first and last leg drawn on, meets itself.
    MeetsItself {
        /// Where, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// The line and the ground that it is to part reach round the Earth.
    TooWide,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange => write!(f, "expected longitude within ±180 and latitude within ±90 degrees"),
            Self::NotAParallel => write!(f, "a parallel keeps one latitude, but its two ends differ in latitude"),
            Self::NotAMeridian => write!(f, "a meridian keeps one longitude, but its two ends differ in longitude"),
            Self::Opposite => {
                write!(
                    f,
                    "the two ends lie half-way round the Earth from each other, so several lines join them; put a point between"
                )
            }
            Self::OverPole => write!(f, "the line runs over or into a pole; end it short of the pole"),
            Self::TooShort => write!(f, "a line needs at least two different points"),
            Self::MeetsItself { near: [lon, lat] } => write!(
                f,
                "the line, with its first and last leg drawn on straight, meets itself near {lon}, {lat}, so it has no left and right side"
            ),
            Self::TooWide => write!(f, "the line and the ground that it is to part reach round the Earth"),
        }
    }
}

impl std::error::Error for LineError {}

/// Halvings of a leg after which it is as fine as the grid.
const MAX_DEPTH: u32 = 24;

/// The points of a leg from `a` to `b`, both included (longitude and latitude in degrees, within ±180): straight edges between
/// them stay within `max_deviation_m` metres of the line. Where it crosses the antimeridian, two neighbouring points have
/// longitudes of opposite sign.
///
/// # Errors
/// A leg that is not of its kind, or that does not determine one line.
pub fn densify(leg: LineKind, a: [f64; 2], b: [f64; 2], max_deviation_m: f64) -> Result<Vec<[f64; 2]>, LineError> {
    let ([lon_a, lat_a], [lon_b, lat_b]) = (a, b);
    if Point::from_degrees(lon_a, lat_a).is_none() || Point::from_degrees(lon_b, lat_b).is_none() {
        return Err(LineError::OutOfRange);
    }
    let turn = wrap(lon_b - lon_a);
    let curve: Box<dyn Fn(f64) -> [f64; 2]> = match leg {
        LineKind::Meridian if turn.abs() > 0.5e-9 => return Err(LineError::NotAMeridian),
        LineKind::Parallel if (lat_a - lat_b).abs() > 0.5e-9 => return Err(LineError::NotAParallel),
        LineKind::Meridian => return Ok(vec![a, b]),
        // a loxodrome between points of one latitude is that parallel
        LineKind::Parallel | LineKind::Loxodrome if turn.abs() == 180.0 => return Err(LineError::Opposite),
        LineKind::Parallel => return Ok(vec![a, b]),
        LineKind::Loxodrome if lat_a.abs() == 90.0 || lat_b.abs() == 90.0 => return Err(LineError::OverPole),
        LineKind::Loxodrome => {
            let (from, to) = (isometric(lat_a), isometric(lat_b));
            Box::new(move |t| {
                let lat = lat_a + t * (lat_b - lat_a);
                let share = if (to - from).abs() < 1e-12 { t } else { (isometric(lat) - from) / (to - from) };
                [wrap(lon_a + share * turn), lat]
            })
        }
        LineKind::Geodesic => {
            let earth = Geodesic::wgs84();
            let (length, azimuth, _, arc): (f64, f64, f64, f64) = earth.inverse(lat_a, lon_a, lat_b, lon_b);
            if arc > 179.0 {
                return Err(LineError::Opposite);
            }
            if turn.abs() > 179.999_999 && arc > 1e-9 {
                return Err(LineError::OverPole);
            }
            Box::new(move |t| {
                let (lat, lon): (f64, f64) = earth.direct(lat_a, lon_a, azimuth, t * length);
                [wrap(lon), lat]
            })
        }
    };
    let tolerance = max_deviation_m.max(1e-3);
    let mut points = vec![a];
    halve(&*curve, (0.0, a), (1.0, b), tolerance, MAX_DEPTH, &mut points);
    Ok(points)
}

/// Adds the points after `from` up to and including `to`.
fn halve(
    curve: &dyn Fn(f64) -> [f64; 2],
    from: (f64, [f64; 2]),
    to: (f64, [f64; 2]),
    tolerance: f64,
    depth: u32,
    points: &mut Vec<[f64; 2]>,
) {
    let at = |share: f64| curve(from.0 + share * (to.0 - from.0));
    // half-way tells how far the line bows; the quarters see a line that bends both ways
    let strays = depth > 0
        && ([0.25, 0.5, 0.75].iter().any(|&share| off_chord_m(from.1, to.1, at(share)) > tolerance)
            || wrap(to.1[0] - from.1[0]).abs() > 90.0);
    if strays {
        let middle = (0.5 * (from.0 + to.0), at(0.5));
        halve(curve, from, middle, tolerance, depth - 1, points);
        halve(curve, middle, to, tolerance, depth - 1, points);
    } else {
        points.push(to.1);
    }
}

/// Longitude brought to within −180 ..= 180.
pub(crate) fn wrap(lon: f64) -> f64 {
    if lon.abs() <= 180.0 { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 }
}

/// Metres in a radian of longitude and of latitude at a latitude in degrees.
pub(crate) fn metres_per_radian(lat: f64) -> (f64, f64) {
    let (sin, cos) = lat.to_radians().sin_cos();
    let w = (1.0 - E2 * sin * sin).sqrt();
    let a = SEMI_MAJOR_KM * 1000.0;
    (a / w * cos, a * (1.0 - E2) / (w * w * w))
}

/// How far a point lies from the straight longitude/latitude edge between two others, in metres, near the point.
pub(crate) fn off_chord_m(from: [f64; 2], to: [f64; 2], p: [f64; 2]) -> f64 {
    let (kx, ky) = metres_per_radian(p[1]);
    let flat = |q: [f64; 2]| (wrap(q[0] - p[0]).to_radians() * kx, (q[1] - p[1]).to_radians() * ky);
    let ((ax, ay), (bx, by)) = (flat(from), flat(to));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + share * dx).hypot(ay + share * dy)
}

/// Isometric latitude on the ellipsoid (Snyder 1987, eq. 7-7, without the factor a).
fn isometric(lat: f64) -> f64 {
    let sin = lat.to_radians().sin();
    let e = E2.sqrt();
    sin.atanh() - e * (e * sin).atanh()
}

/// The ground left and right of a line, within a box.
///
/// The box is `extent`, widened until the line lies inside it with a tenth of its size (at least a degree) to spare on each side. The
/// first and the last edge of the line are drawn on, straight in longitude and latitude, to the edge of that box; what lies on the
/// left of the whole, seen along the line, is the first shape, what lies on its right the second. The line must not meet itself.
///
/// `line` is a list of longitudes and latitudes in degrees, already dense enough to be joined by straight edges.
///
/// # Errors
/// A line that does not part the box in two.
pub fn side_regions(line: &[[f64; 2]], extent: Bounds) -> Result<(Shape, Shape), LineError> {
    let line = unwrapped(line)?;
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return Err(LineError::TooShort) };
    let (Some(&second), Some(&before_last)) = (line.get(1), line.iter().rev().nth(1)) else {
        return Err(LineError::TooShort);
    };
    let frame = Frame::around(&line, extent)?;
    let (start, end) = (frame.exit(second, first), frame.exit(before_last, last));
    let mut whole = vec![start];
    whole.extend(&line);
    whole.push(end);
    whole.dedup();

    let mut left = whole.clone();
    left.extend(frame.walk(end, start));
    let mut right: Ring = whole.into_iter().rev().collect();
    right.extend(frame.walk(start, end));
    Ok((region(&left)?, region(&right)?))
}

/// The line on the grid, its longitudes running on past ±180.
fn unwrapped(line: &[[f64; 2]]) -> Result<Ring, LineError> {
    let mut points: Ring = Vec::with_capacity(line.len());
    let mut turns = 0;
    let mut before: Option<i64> = None;
    for &[lon, lat] in line {
        let p = Point::from_degrees(lon, lat).ok_or(LineError::OutOfRange)?;
        if p.y.abs() == POLE {
            return Err(LineError::OverPole);
        }
        match before.map_or(0, |x| p.x - x) {
            step if step.abs() == HALF_TURN => return Err(LineError::Opposite),
            step if step > HALF_TURN => turns -= 1,
            step if step < -HALF_TURN => turns += 1,
            _ => {}
        }
        before = Some(p.x);
        points.push(Point::new(p.x + turns * FULL_TURN, p.y));
    }
    points.dedup();
    Ok(points)
}

/// The box round a line and the ground that it parts, in unwrapped units.
struct Frame {
    west: i64,
    south: i64,
    east: i64,
    north: i64,
}

impl Frame {
    fn around(line: &[Point], extent: Bounds) -> Result<Self, LineError> {
        let Bounds { west, south, east, north } = extent;
        if [(west, south), (east, north)].iter().any(|&(lon, lat)| Point::from_degrees(lon, lat).is_none()) {
            return Err(LineError::OutOfRange);
        }
        let (mut west, mut east) = (to_units(west), to_units(east));
        if east < west {
            east += FULL_TURN;
        }
        let range = |of: fn(&Point) -> i64| {
            let values = line.iter().map(of);
            (values.clone().min().unwrap_or(0), values.max().unwrap_or(0))
        };
        let ((x0, x1), (y0, y1)) = (range(|p| p.x), range(|p| p.y));
        // bring the extent to the turn that lies nearest to the line
        let apart = (x0 + x1) / 2 - (west + east) / 2;
        let turns = (apart + HALF_TURN).div_euclid(FULL_TURN);
        west += turns * FULL_TURN;
        east += turns * FULL_TURN;
        let (west, east, south, north) = (west.min(x0), east.max(x1), to_units(south).min(y0), to_units(north).max(y1));
        let spare = ((east - west).max(north - south) / 10).max(to_units(1.0));
        let frame = Self {
            west: west - spare,
            east: east + spare,
            south: (south - spare).max(-POLE),
            north: (north + spare).min(POLE),
        };
        if frame.east - frame.west >= FULL_TURN { Err(LineError::TooWide) } else { Ok(frame) }
    }

    /// Where a line that comes from `from` and passes `through` (inside the frame) leaves it.
    fn exit(&self, from: Point, through: Point) -> Point {
        let (dx, dy) = (i128::from(through.x - from.x), i128::from(through.y - from.y));
        let room = |d: i128, at: i64, low: i64, high: i64| i128::from(if d > 0 { high - at } else { at - low });
        let (room_x, room_y) = (room(dx, through.x, self.west, self.east), room(dy, through.y, self.south, self.north));
        // which side is met first: room_x / |dx| against room_y / |dy|
        if dx != 0 && (dy == 0 || room_x * dy.abs() <= room_y * dx.abs()) {
            let x = if dx > 0 { self.east } else { self.west };
            let y = through.y + (room_x * dy / dx.abs()) as i64;
            Point::new(x, y.clamp(self.south, self.north))
        } else {
            let y = if dy > 0 { self.north } else { self.south };
            let x = through.x + (room_y * dx / dy.abs().max(1)) as i64;
            Point::new(x.clamp(self.west, self.east), y)
        }
    }

    /// How far a point of the frame lies counter-clockwise from its south-west corner.
    fn along(&self, p: Point) -> i64 {
        let (width, height) = (self.east - self.west, self.north - self.south);
        if p.y == self.south {
            p.x - self.west
        } else if p.x == self.east {
            width + p.y - self.south
        } else if p.y == self.north {
            width + height + self.east - p.x
        } else {
            2 * width + height + self.north - p.y
        }
    }

    /// The corners met going counter-clockwise from one point of the frame to another.
    fn walk(&self, from: Point, to: Point) -> Vec<Point> {
        let corners =
            [(self.west, self.south), (self.east, self.south), (self.east, self.north), (self.west, self.north)];
        let round = 2 * (self.east - self.west) + 2 * (self.north - self.south);
        let (start, end) = (self.along(from), self.along(to));
        let end = if end <= start { end + round } else { end };
        let corners = corners.map(|(x, y)| Point::new(x, y));
        let laps = [0, round].into_iter().flat_map(|lap| corners.map(|corner| (self.along(corner) + lap, corner)));
        laps.filter(|&(at, _)| at > start && at < end).map(|(_, corner)| corner).collect()
    }
}

/// The ground inside an unwrapped ring that runs counter-clockwise and does not meet itself.
fn region(ring: &[Point]) -> Result<Shape, LineError> {
    let near = |p: Point| [wrap(to_degrees(p.x)), to_degrees(p.y)];
    let first = ring.first().map_or([0.0; 2], |&p| near(p));
    let doubled_area = doubled_area(ring);
    if doubled_area <= 0 {
        return Err(LineError::MeetsItself { near: first });
    }
    let pieces = crate::antimeridian::cut(ring);
    let layer = Layer { polygon: 0, ring: 0, pieces, doubled_area };
    let mut settled = settle(&[layer]).map_err(|_| LineError::MeetsItself { near: first })?;
    match settled.repairs.first() {
        Some(repair) => Err(LineError::MeetsItself { near: repair.near }),
        None => Ok(Shape { polygons: settled.polygons() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::lon_lat_box;

    #[test]
    fn the_forty_ninth_parallel_and_the_geodesic_part_by_96_km() {
        let (a, b) = ([-123.0, 49.0], [-95.0, 49.0]);
        assert_eq!(densify(LineKind::Parallel, a, b, 1.0).unwrap().len(), 2);
        let geodesic = densify(LineKind::Geodesic, a, b, 1.0).unwrap();
        let north = geodesic.iter().map(|p| p[1]).fold(0.0, f64::max);
        assert!((north - 49.86).abs() < 0.02, "{north}");
        let middle = geodesic.len() / 2;
        // every chord keeps to its geodesic
        let bow = geodesic.windows(2).map(|pair| {
            let earth = Geodesic::wgs84();
            let (s, azimuth, _, _): (f64, f64, f64, f64) =
                earth.inverse(pair[0][1], pair[0][0], pair[1][1], pair[1][0]);
            let (lat, lon): (f64, f64) = earth.direct(pair[0][1], pair[0][0], azimuth, s * 0.5);
            off_chord_m(pair[0], pair[1], [lon, lat])
        });
        assert!(bow.fold(0.0, f64::max) <= 1.0 && middle > 50);
        let loxodrome = densify(LineKind::Loxodrome, a, b, 1.0).unwrap();
        assert_eq!(loxodrome, [a, b]);
    }

    #[test]
    fn a_leg_must_be_of_its_kind() {
        let error = |kind, a, b| densify(kind, a, b, 1.0).unwrap_err();
        assert_eq!(error(LineKind::Parallel, [0.0, 1.0], [5.0, 1.1]), LineError::NotAParallel);
        assert_eq!(error(LineKind::Meridian, [0.0, 1.0], [5.0, 1.0]), LineError::NotAMeridian);
        assert_eq!(error(LineKind::Geodesic, [0.0, 0.0], [180.0, 0.0]), LineError::Opposite);
        assert_eq!(error(LineKind::Geodesic, [0.0, 80.0], [180.0, 80.0]), LineError::OverPole);
        assert_eq!(error(LineKind::Loxodrome, [0.0, 80.0], [10.0, 90.0]), LineError::OverPole);
        assert_eq!(error(LineKind::Geodesic, [0.0, 80.0], [f64::NAN, 0.0]), LineError::OutOfRange);
        assert_eq!(densify(LineKind::Meridian, [180.0, 0.0], [-180.0, 9.0], 1.0).unwrap().len(), 2);
    }

    #[test]
    fn a_line_parts_a_box() {
        let extent = Bounds { west: 0.0, south: 0.0, east: 10.0, north: 10.0 };
        // northward along 4 degrees east: left is west
        let (left, right) = side_regions(&[[4.0, 3.0], [4.0, 6.0]], extent).unwrap();
        let boxed = lon_lat_box(-1.0, 11.0, -1.0, 11.0).area_km2();
        assert!((left.area_km2() + right.area_km2() - boxed).abs() < 1e-6 * boxed);
        assert!((left.area_km2() - lon_lat_box(-1.0, 4.0, -1.0, 11.0).area_km2()).abs() < 1e-6);
        let overlap = crate::overlay(&[left, right]).unwrap();
        assert_eq!(overlap.cells.len(), 2);
    }

    #[test]
    fn a_line_across_the_antimeridian_parts_ground_on_both_sides() {
        let extent = Bounds { west: 170.0, south: -10.0, east: -170.0, north: 10.0 };
        let (left, right) = side_regions(&[[175.0, 0.0], [-175.0, 0.0]], extent).unwrap();
        // going east, left is north
        assert!(left.polygons.iter().all(|polygon| polygon.shell.iter().all(|p| p.y >= 0)));
        assert!((left.area_km2() - right.area_km2()).abs() < 1e-6 * left.area_km2());
        assert_eq!(left.polygons.len(), 2);
    }

    #[test]
    fn a_line_that_meets_itself_has_no_sides() {
        let extent = Bounds { west: 0.0, south: 0.0, east: 10.0, north: 10.0 };
        let hook = [[2.0, 2.0], [8.0, 2.0], [8.0, 8.0], [5.0, 8.0], [5.0, 6.0]];
        assert!(matches!(side_regions(&hook, extent), Err(LineError::MeetsItself { .. })));
        assert_eq!(side_regions(&[[1.0, 1.0], [1.0, 1.0]], extent), Err(LineError::TooShort));
    }
}
