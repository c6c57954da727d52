//! The median of two coasts: the line whose every point is equally far from the nearest point of either.
//!
//! In: two shapes, the two ends of the line, how far a drawn edge may stray. Out: points joined by straight
//! longitude/latitude edges. The line is followed from one end to the other: along the bisector of the ways to both coasts,
//! each step brought back onto it by Newton's method on the difference of the two geodesic distances, and halved until the
//! middle of its edge strays no further than allowed. Where a nearest point jumps the line has a corner, and steps become
//! as short as the corner asks.

use crate::faces::Line;
use crate::grid::{Shape, ring_edges};
use crate::line::wrap;
use crate::tree::Tree;
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use std::fmt;

/// How far, in metres, an end may lie off the median: one nautical mile. Treaties round their points.
const OFF_M: f64 = 1852.0;
/// A difference of distances, in metres, that counts as none.
const EVEN_M: f64 = 0.01;
/// Nearer to a coast than this, in metres, there is nothing to part.
const ASHORE_M: f64 = 1.0;
/// Steps after which the line is given up.
const MOST_STEPS: usize = 100_000;

/// Why a median cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum MedianError {
    /// One of the two coasts holds no ground.
    NoCoast,
    /// An end lies farther off the median than a nautical mile.
    OffMedian {
        /// The end, longitude and latitude in degrees.
        end: [f64; 2],
        /// How much nearer it is to one coast than to the other, in metres.
        difference_m: f64,
    },
    /// The line comes to a coast.
    Ashore {
        /// Where, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// The median that runs through one end does not come to the other.
    Apart,
}

impl fmt::Display for MedianError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCoast => write!(f, "a median needs the coasts of both, and one of them holds no ground"),
            Self::OffMedian { end: [lon, lat], difference_m } => write!(
                f,
                "the point {lon}, {lat} lies {difference_m:.0} metres nearer to one coast than to the other; \
                 a median begins and ends within a nautical mile of where both are equally far"
            ),
            Self::Ashore { near: [lon, lat] } => write!(f, "the median runs ashore near {lon}, {lat}"),
            Self::Apart => write!(f, "the median through one end does not lead to the other"),
        }
    }
}

impl std::error::Error for MedianError {}

/// The points of the median of two coasts from `from` to `to` (longitude and latitude in degrees), both included as they are
/// given. Straight edges between them stay within `max_deviation_m` metres of it, but for those that join an end which lies off it.
///
/// # Errors
/// A coast without ground, an end that is not on the median, a median that runs ashore or somewhere else.
pub fn median(
    left: &Shape,
    right: &Shape,
    from: [f64; 2],
    to: [f64; 2],
    max_deviation_m: f64,
) -> Result<Vec<[f64; 2]>, MedianError> {
    let course = Course {
        earth: Geodesic::wgs84(),
        coasts: [outline(left), outline(right)],
        deviation: max_deviation_m.max(EVEN_M * 2.0),
    };
    let (start, end) = (course.end(from)?, course.end(to)?);
    let one = course.follow(start, end, 90.0);
    let other = course.follow(start, end, -90.0);
    let mut points = match (one, other) {
        // both ways lead there only round an island: the shorter is meant
        (Ok(one), Ok(other)) => {
            if course.length(&one) <= course.length(&other) {
                one
            } else {
                other
            }
        }
        (Ok(line), Err(_)) | (Err(_), Ok(line)) => line,
        (Err(MedianError::Apart), Err(error)) | (Err(error), Err(_)) => return Err(error),
    };
    points.insert(0, from);
    points.push(to);
    points.dedup();
    Ok(points)
}

/// The edges of a shape that lie on the ground, by place.
fn outline(shape: &Shape) -> Tree {
    let rings = shape.polygons.iter().flat_map(crate::grid::Polygon::rings);
    let edges = rings.flat_map(|ring| ring_edges(ring)).map(|(a, b)| Line { a: a.min(b), b: a.max(b) });
    let lines: Vec<Line> = edges.filter(|line| line.a != line.b && !line.is_pole() && !line.is_seam()).collect();
    Tree::new(&lines)
}

struct Course {
    earth: Geodesic,
    coasts: [Tree; 2],
    deviation: f64,
}

/// What is to be seen from a point.
#[derive(Clone, Copy)]
struct View {
    at: [f64; 2],
    /// Metres nearer to the right coast.
    difference: f64,
    /// Metres to the nearer coast.
    away: f64,
    /// East and north parts of the growth of `difference` in a metre.
    growth: [f64; 2],
}

impl Course {
    fn view(&self, at: [f64; 2]) -> Result<View, MedianError> {
        let way = |coast: &Tree| -> Result<(f64, [f64; 2]), MedianError> {
            let foot = coast.nearest(at).ok_or(MedianError::NoCoast)?.foot;
            let (metres, azimuth, _, _): (f64, f64, f64, f64) = self.earth.inverse(at[1], at[0], foot[1], foot[0]);
            let (sin, cos) = azimuth.to_radians().sin_cos();
            Ok((metres, [sin, cos]))
        };
        let [left, right] = &self.coasts;
        let ((to_left, l), (to_right, r)) = (way(left)?, way(right)?);
        let away = to_left.min(to_right);
        if away < ASHORE_M {
            return Err(MedianError::Ashore { near: at });
        }
        Ok(View { at, difference: to_left - to_right, away, growth: [r[0] - l[0], r[1] - l[1]] })
    }

    /// The point so many metres east and north of another, along the geodesic.
    fn moved(&self, at: [f64; 2], [east, north]: [f64; 2]) -> [f64; 2] {
        let azimuth = east.atan2(north).to_degrees();
        let (lat, lon): (f64, f64) = self.earth.direct(at[1], at[0], azimuth, east.hypot(north));
        [wrap(lon), lat]
    }

    /// The point of the median nearest to this one, as Newton's method finds it.
    fn onto(&self, at: [f64; 2]) -> Result<View, MedianError> {
        let mut view = self.view(at)?;
        for _ in 0..30 {
            if view.difference.abs() <= EVEN_M {
                return Ok(view);
            }
            let [east, north] = view.growth;
            let steep = east * east + north * north;
            if steep < 1e-6 {
                break;
            }
            let share = -view.difference / steep;
            // never farther than to the nearer coast: beyond it the view is another
            let step = (share * steep.sqrt()).abs().min(view.away * 0.9).copysign(share);
            view = self.view(self.moved(view.at, [east, north].map(|part| step * part / steep.sqrt())))?;
        }
        if view.difference.abs() <= EVEN_M * 10.0 { Ok(view) } else { Err(MedianError::Apart) }
    }

    /// The point of the median that an end stands for.
    fn end(&self, end: [f64; 2]) -> Result<View, MedianError> {
        let off = |difference_m: f64| MedianError::OffMedian { end, difference_m: difference_m.abs() };
        let view = self.view(end)?;
        let on = self.onto(end).map_err(|_| off(view.difference))?;
        if self.metres(end, on.at) > OFF_M { Err(off(view.difference)) } else { Ok(on) }
    }

    fn metres(&self, a: [f64; 2], b: [f64; 2]) -> f64 {
        self.earth.inverse(a[1], a[0], b[1], b[0])
    }

    fn length(&self, line: &[[f64; 2]]) -> f64 {
        line.iter().zip(line.iter().skip(1)).map(|(a, b)| self.metres(*a, *b)).sum()
    }

    /// Whether the straight longitude/latitude edge between two points of the median strays from it by little.
    fn is_close(&self, a: [f64; 2], b: [f64; 2]) -> Result<bool, MedianError> {
        let at = |share: f64| [wrap(a[0] + share * wrap(b[0] - a[0])), a[1] + share * (b[1] - a[1])];
        for share in [0.25, 0.5, 0.75] {
            let view = self.view(at(share))?;
            let [east, north] = view.growth;
            if view.difference.abs() > self.deviation * east.hypot(north) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Follows the median from one view to another; `turn` is +90 with the left coast on the left, −90 with it on the right.
    fn follow(&self, start: View, end: View, turn: f64) -> Result<Vec<[f64; 2]>, MedianError> {
        let (mut here, mut step, mut points) = (start, start.away * 0.2, vec![start.at]);
        let farthest = 20.0 * self.metres(start.at, end.at) + 100_000.0;
        let mut gone = 0.0;
        for _ in 0..MOST_STEPS {
            let left = self.metres(here.at, end.at);
            if left <= step.max(1.0) && (left <= 1.0 || self.is_close(here.at, end.at)?) {
                points.push(end.at);
                points.dedup();
                return Ok(points);
            }
            // towards the right coast, turned by a quarter
            let [east, north] = here.growth;
            let steep = east.hypot(north);
            if steep < 1e-3 {
                return Err(MedianError::Ashore { near: here.at });
            }
            let along = [-north, east].map(|part| part / steep * turn.signum());
            let next = self.onto(self.moved(here.at, along.map(|part| part * step)));
            let good = match &next {
                Ok(next) => {
                    let moved = self.metres(here.at, next.at);
                    moved > step * 0.5 && moved < step * 2.0 && self.is_close(here.at, next.at)?
                }
                Err(_) => false,
            };
            match next {
                Ok(next) if good || step <= self.deviation => {
                    gone += self.metres(here.at, next.at);
                    points.push(next.at);
                    here = next;
                    step = (step * 1.6).min(here.away * 0.5);
                }
                Err(error) if step <= self.deviation => return Err(error),
                _ => step = (step * 0.5).max(self.deviation * 0.9),
            }
            if gone > farthest {
                break;
            }
        }
        Err(MedianError::Apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::off_chord_m;
    use crate::region::lon_lat_box;

    /// How unevenly far the points of a line are from two coasts, at worst.
    fn unevenness(left: &Shape, right: &Shape, line: &[[f64; 2]]) -> f64 {
        let course = Course { earth: Geodesic::wgs84(), coasts: [outline(left), outline(right)], deviation: 1.0 };
        let views = line.iter().map(|p| course.view(*p).unwrap().difference.abs());
        views.fold(0.0, f64::max)
    }

    #[test]
    fn halfway_between_two_meridians_lies_the_one_between() {
        let (west, east) = (lon_lat_box(0.0, 1.0, -5.0, 5.0), lon_lat_box(2.0, 3.0, -5.0, 5.0));
        let line = median(&west, &east, [1.5, -2.0], [1.5, 2.0], 0.5).unwrap();
        assert!(line.len() > 2);
        assert!(line.iter().all(|p| (p[0] - 1.5).abs() < 1e-6));
        assert_eq!((line.first(), line.last()), (Some(&[1.5, -2.0]), Some(&[1.5, 2.0])));
    }

    #[test]
    fn every_point_is_equally_far_from_both() {
        // a rock off a long coast: a parabola, with corners of a box
        let (coast, rock) = (lon_lat_box(0.0, 4.0, 49.0, 50.0), lon_lat_box(1.9, 2.0, 50.5, 50.6));
        let course = Course { earth: Geodesic::wgs84(), coasts: [outline(&coast), outline(&rock)], deviation: 0.5 };
        let (from, to) = (course.onto([1.2, 50.4]).unwrap().at, course.onto([2.7, 50.4]).unwrap().at);
        let line = median(&coast, &rock, from, to, 0.5).unwrap();
        assert!(unevenness(&coast, &rock, &line) < 0.2);
        let middles: Vec<[f64; 2]> =
            line.windows(2).map(|w| [0.5 * (w[0][0] + w[1][0]), 0.5 * (w[0][1] + w[1][1])]).collect();
        assert!(unevenness(&coast, &rock, &middles) < 1.2, "twice the deviation");
        let back = median(&rock, &coast, to, from, 0.5).unwrap();
        let off = |p: &[f64; 2]| line.windows(2).map(|w| off_chord_m(w[0], w[1], *p)).fold(f64::INFINITY, f64::min);
        assert!(back.iter().map(off).fold(0.0, f64::max) < 2.0, "the same line from either end");
    }

    #[test]
    fn what_it_cannot_draw_it_refuses() {
        let (west, east) = (lon_lat_box(0.0, 1.0, -5.0, 5.0), lon_lat_box(2.0, 3.0, -5.0, 5.0));
        let off = median(&west, &east, [1.4, 0.0], [1.5, 2.0], 0.5);
        assert!(matches!(off, Err(MedianError::OffMedian { .. })), "{off:?}");
        assert_eq!(median(&west, &Shape::default(), [1.5, 0.0], [1.5, 2.0], 0.5), Err(MedianError::NoCoast));
        // two channels with land between: the median of one does not lead to the other
        let mut both = west.clone();
        both.polygons.extend(lon_lat_box(20.0, 21.0, -5.0, 5.0).polygons);
        let mut others = east.clone();
        others.polygons.extend(lon_lat_box(22.0, 23.0, -5.0, 5.0).polygons);
        assert!(median(&both, &others, [1.5, 0.0], [21.5, 0.0], 0.5).is_err());
    }
}
