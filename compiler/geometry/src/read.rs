//! Rings as data files have them, read into a [`Shape`].
//!
//! In: polygons of longitudes and latitudes in degrees, as GeoJSON nests them. Out: a clean shape and every repair that was made
//! to get there, or everything for which it is refused. Both come in words for a person.
//!
//! What a shape means is told by one rule, whatever the state of its rings: a shell holds the ground that it winds round at least
//! once, in either direction; each hole takes away the ground that it winds round; a shape is the union of its polygons. A shape
//! whose rings already say just that passes unchanged.

use crate::antimeridian::{Laid, lay};
use crate::area::earth_km2;
use crate::error::OverlayError;
use crate::grid::{Point, Polygon, Ring, Shape};
use crate::repair::{Layer, settle};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// Something that was mended in a polygon while it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// Index of the polygon in the feature.
    pub polygon: usize,
    /// Index of the ring in the polygon; 0 is the shell.
    pub ring: usize,
    /// What was mended, and by which rule.
    pub kind: RepairKind,
    /// Longitude and latitude in degrees of a place where it shows.
    pub near: [f64; 2],
}

/// What was mended in a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairKind {
    /// The last point was not the first one again.
    Unclosed,
    /// Points that repeat the one before them on the grid.
    DuplicatePoints {
        /// How many.
        count: usize,
    },
    /// The ring goes out and comes back along one line.
    Spike,
    /// The ring crosses itself or goes round some ground more than once.
    SelfCrossing,
    /// A hole holds ground that is not in its shell.
    HoleOutsideShell,
    /// Two holes of a polygon overlap.
    HolesOverlap {
        /// Index of the other hole's ring in the polygon.
        other: usize,
    },
    /// Two polygons of the feature overlap.
    PolygonsOverlap {
        /// Index of the other polygon in the feature.
        other: usize,
    },
    /// The ring has fewer than three different points, or holds no ground, on the grid.
    NoGround,
    /// The ring was one piece across ±180 degrees.
    CutAtAntimeridian,
    /// The ring goes round a pole.
    ClosedOverPole {
        /// Whether it is the north pole.
        north: bool,
    },
}

/// Why a polygon cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Index of the polygon in the feature.
    pub polygon: usize,
    /// Index of the ring in the polygon; 0 is the shell.
    pub ring: usize,
    /// What is wrong with it.
    pub kind: RefusalKind,
    /// Longitude and latitude in degrees of the place, where there is one.
    pub near: Option<[f64; 2]>,
}

/// What is wrong beyond repair.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The feature has no polygon, or a polygon no ring.
    Empty,
    /// A coordinate is infinite or not a number.
    NotANumber,
    /// A longitude outside ±180 or a latitude outside ±90.
    OutOfRange,
    /// Nothing is left of the feature on the grid.
    NoGround,
    /// An edge between two longitudes exactly 180 degrees apart.
    HalfTurnEdge,
    /// A ring round the Earth that comes too close to the equator to tell its pole.
    PolarRingNearEquator,
    /// A ring that goes round the Earth more than once.
    WindsTwice,
    /// The feature covers more than half of the Earth.
    MoreThanHalfTheEarth {
        /// Its area in square kilometres, rounded.
        km2: u64,
    },
    /// The rings could not be cut at their crossings.
    NotCut(OverlayError),
}

/// Reads the polygons of one feature: each a shell and then its holes, each a list of longitude and latitude in degrees.
///
/// Crossings of the antimeridian and rings round a pole are unwrapped, closed and cut; the rest of the rule is at the top of this
/// module. Repairs are ordered by polygon and ring.
///
/// # Errors
/// Every reason for which the feature is refused.
pub fn read_shape(polygons: &[Vec<Vec<[f64; 2]>>]) -> Result<(Shape, Vec<Repair>), Vec<Refusal>> {
    let mut reader = Reader::default();
    if polygons.is_empty() {
        reader.refuse(0, 0, RefusalKind::Empty, None);
    }
    for (polygon, rings) in polygons.iter().enumerate() {
        if rings.is_empty() {
            reader.refuse(polygon, 0, RefusalKind::Empty, None);
        }
        for (ring, points) in rings.iter().enumerate() {
            reader.ring(polygon, ring, points);
        }
    }
    if reader.refusals.is_empty() { reader.finish() } else { Err(reader.refusals) }
}

#[derive(Default)]
struct Reader {
    layers: Vec<Layer>,
    repairs: Vec<Repair>,
    refusals: Vec<Refusal>,
    /// Whether some ring was changed so that the shape must be built anew.
    rebuild: bool,
}

impl Reader {
    fn refuse(&mut self, polygon: usize, ring: usize, kind: RefusalKind, near: Option<[f64; 2]>) {
        self.refusals.push(Refusal { polygon, ring, kind, near });
    }

    fn ring(&mut self, polygon: usize, ring: usize, points: &[[f64; 2]]) {
        let mut closed: Ring = Vec::with_capacity(points.len());
        for &[lon, lat] in points {
            match Point::from_degrees(lon, lat) {
                Some(point) => closed.push(point),
                None => {
                    let finite = lon.is_finite() && lat.is_finite();
                    let kind = if finite { RefusalKind::OutOfRange } else { RefusalKind::NotANumber };
                    return self.refuse(polygon, ring, kind, finite.then_some([lon, lat]));
                }
            }
        }
        let (Some(&first), Some(&last)) = (closed.first(), closed.last()) else {
            return self.refuse(polygon, ring, RefusalKind::Empty, None);
        };
        let mut mend = |kind, near: Point| self.repairs.push(Repair { polygon, ring, kind, near: near.degrees() });
        if closed.len() > 1 && first == last {
            closed.pop();
        } else {
            mend(RepairKind::Unclosed, last);
        }
        let before = closed.len();
        let mut repeated = None;
        closed.dedup_by(|later, kept| {
            let same = later == kept;
            repeated = repeated.or(same.then_some(*kept));
            same
        });
        while closed.len() > 1 && closed.first() == closed.last() {
            repeated = repeated.or(closed.pop());
        }
        if let Some(near) = repeated {
            mend(RepairKind::DuplicatePoints { count: before - closed.len() }, near);
        }
        match lay(&closed) {
            Ok(laid) => self.lay(polygon, ring, closed, laid),
            Err((kind, near)) => self.refuse(polygon, ring, kind, Some(near.degrees())),
        }
    }

    fn lay(&mut self, polygon: usize, ring: usize, given: Ring, laid: Laid) {
        let near = given.first().map_or([0.0; 2], |p| p.degrees());
        let stands = laid.pole.is_none() && !laid.cut;
        if let Some(tip) = spike(&given).filter(|_| stands && given.len() > 2) {
            self.repairs.push(Repair { polygon, ring, kind: RepairKind::Spike, near: tip.degrees() });
            self.rebuild = true;
        }
        if let Some(side) = laid.pole {
            self.repairs.push(Repair { polygon, ring, kind: RepairKind::ClosedOverPole { north: side > 0 }, near });
        } else if laid.cut {
            self.repairs.push(Repair { polygon, ring, kind: RepairKind::CutAtAntimeridian, near });
        }
        self.rebuild |= !stands;
        self.layers.push(Layer { polygon, ring, pieces: laid.pieces, doubled_area: laid.doubled_area });
    }

    fn finish(mut self) -> Result<(Shape, Vec<Repair>), Vec<Refusal>> {
        let refused = |kind, near| Err(vec![Refusal { polygon: 0, ring: 0, kind, near }]);
        let near = self.layers.first().and_then(|layer| layer.pieces.first()?.first()).map(|p| p.degrees());
        let mut settled = match settle(&self.layers) {
            Ok(settled) => settled,
            Err(error) => return refused(RefusalKind::NotCut(error), near),
        };
        let polygons = if self.rebuild || settled.changed { settled.polygons() } else { unchanged(self.layers) };
        self.repairs.extend(settled.repairs);
        // of a ring that is left out, only that
        let out = |repair: &&Repair| repair.kind == RepairKind::NoGround;
        let gone: BTreeSet<(usize, usize)> =
            self.repairs.iter().filter(out).map(|gone| (gone.polygon, gone.ring)).collect();
        self.repairs
            .retain(|repair| repair.kind == RepairKind::NoGround || !gone.contains(&(repair.polygon, repair.ring)));
        self.repairs.sort_by_key(|repair| (repair.polygon, repair.ring));
        let shape = Shape { polygons };
        if shape.is_empty() {
            return refused(RefusalKind::NoGround, near);
        }
        let area = shape.area_km2();
        if area > earth_km2() * 0.5 {
            return refused(RefusalKind::MoreThanHalfTheEarth { km2: area.round() as u64 }, near);
        }
        Ok((shape, self.repairs))
    }
}

/// The tip of the first spike: a point from which the ring goes straight back.
fn spike(ring: &[Point]) -> Option<Point> {
    let count = ring.len();
    let point = |at: usize| ring.get(at % count).copied();
    (0..count).find_map(|at| {
        let (before, tip, after) = (point(at + count - 1)?, point(at)?, point(at + 1)?);
        let (dx, dy) = (i128::from(before.x - tip.x), i128::from(before.y - tip.y));
        let ahead = dx * i128::from(after.x - tip.x) + dy * i128::from(after.y - tip.y);
        (ahead > 0 && crate::grid::orient(tip, before, after) == Ordering::Equal).then_some(tip)
    })
}

/// The rings as they came.
fn unchanged(layers: Vec<Layer>) -> Vec<Polygon> {
    let mut polygons: Vec<Polygon> = Vec::new();
    for layer in layers {
        for piece in layer.pieces {
            match polygons.last_mut().filter(|_| layer.ring > 0) {
                Some(polygon) => polygon.holes.push(piece),
                None => polygons.push(Polygon { shell: piece, holes: Vec::new() }),
            }
        }
    }
    polygons
}

/// "polygon 2, hole 1, near 12.5, 48.1"
fn place(f: &mut fmt::Formatter<'_>, polygon: usize, ring: usize, near: Option<[f64; 2]>) -> fmt::Result {
    write!(f, "polygon {}, ", polygon + 1)?;
    if ring == 0 {
        write!(f, "outer ring")?
    } else {
        write!(f, "hole {ring}")?
    }
    match near {
        Some([lon, lat]) => write!(f, ", near {lon}, {lat}: "),
        None => write!(f, ": "),
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, self.polygon, self.ring, Some(self.near))?;
        match &self.kind {
            RepairKind::Unclosed => write!(f, "the ring does not end where it begins; closed with a straight edge"),
            RepairKind::DuplicatePoints { count: 1 } => write!(f, "a point repeats the one before it; left out"),
            RepairKind::DuplicatePoints { count } => {
                write!(f, "{count} points repeat the ones before them; left out")
            }
            RepairKind::Spike => {
                write!(f, "the ring goes out and comes back along one line; the spike holds no ground and is left out")
            }
            RepairKind::SelfCrossing => write!(
                f,
                "the ring crosses itself or goes round some ground more than once; all ground that it goes round counts as inside it"
            ),
            RepairKind::HoleOutsideShell => {
                write!(f, "the hole reaches outside its outer ring; only what lies inside the outer ring is taken out")
            }
            RepairKind::HolesOverlap { other } => {
                write!(f, "the hole overlaps hole {other}; the ground of both is taken out once")
            }
            RepairKind::PolygonsOverlap { other } => {
                write!(f, "the polygon overlaps polygon {}; the ground of both counts once", other + 1)
            }
            RepairKind::NoGround => write!(f, "the ring holds no ground at a billionth of a degree; left out"),
            RepairKind::CutAtAntimeridian => write!(f, "the ring crosses the antimeridian; cut at 180 degrees"),
            RepairKind::ClosedOverPole { north } => {
                write!(
                    f,
                    "the ring goes round the Earth; closed over the {} pole",
                    if *north { "north" } else { "south" }
                )
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, self.polygon, self.ring, self.near)?;
        match &self.kind {
            RefusalKind::Empty => write!(f, "there are no points"),
            RefusalKind::NotANumber => write!(f, "a coordinate is not a finite number"),
            RefusalKind::OutOfRange => {
                write!(f, "expected longitude within ±180 and latitude within ±90 degrees, longitude first")
            }
            RefusalKind::NoGround => write!(f, "the region holds no ground at a billionth of a degree"),
            RefusalKind::HalfTurnEdge => write!(
                f,
                "an edge joins two longitudes exactly 180 degrees apart, so it may go either way round; put a point between them"
            ),
            RefusalKind::PolarRingNearEquator => write!(
                f,
                "the ring goes round the Earth and comes within 10 degrees of the equator, so it cannot be told which pole it holds; \
                 cut it at 180 degrees and close it along the pole"
            ),
            RefusalKind::WindsTwice => write!(f, "the ring goes round the Earth more than once"),
            RefusalKind::MoreThanHalfTheEarth { km2 } => write!(
                f,
                "the region covers {km2} square kilometres, more than half of the Earth; say what it leaves out instead"
            ),
            RefusalKind::NotCut(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(points: &[(f64, f64)]) -> Vec<[f64; 2]> {
        points.iter().chain(points.first()).map(|&(lon, lat)| [lon, lat]).collect()
    }

    fn kinds(repairs: &[Repair]) -> Vec<RepairKind> {
        repairs.iter().map(|repair| repair.kind.clone()).collect()
    }

    fn refusal(polygons: &[Vec<Vec<[f64; 2]>>]) -> RefusalKind {
        read_shape(polygons).unwrap_err()[0].kind.clone()
    }

    const SQUARE: [(f64, f64); 4] = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];

    #[test]
    fn a_good_polygon_passes_unchanged_whatever_its_direction() {
        let hole = [(1.0, 1.0), (3.0, 1.0), (2.0, 3.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&SQUARE), closed(&hole)]]).unwrap();
        assert_eq!(repairs, []);
        assert_eq!(shape.polygons[0].shell.len(), 4);
        assert_eq!(shape.polygons[0].holes[0].len(), 3);
        let mut reversed = SQUARE;
        reversed.reverse();
        let (turned, repairs) = read_shape(&[vec![closed(&reversed), closed(&hole)]]).unwrap();
        assert_eq!(repairs, []);
        assert!((turned.area_km2() - shape.area_km2()).abs() < 1e-9);
    }

    #[test]
    fn a_ring_without_area_as_a_whole_keeps_the_ground_that_it_goes_round() {
        // six of its corners lie so close that only one triangle is left on the grid, and the six take away what that one has
        let corners = [(6, 6), (4, 1), (4, 2), (2, 1), (7, 6), (5, 0), (7, 3)];
        let ring = |corners: &[(i64, i64)]| -> Vec<[f64; 2]> {
            corners.iter().chain(corners.first()).map(|&(x, y)| Point::new(x, y).degrees()).collect()
        };
        let (shape, repairs) = read_shape(&[vec![ring(&corners)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::SelfCrossing]);
        let mut reversed = corners;
        reversed.reverse();
        assert_eq!(read_shape(&[vec![ring(&reversed)]]).unwrap().0, shape);
    }

    #[test]
    fn a_bow_tie_keeps_both_wings() {
        let bow = [(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&bow)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::SelfCrossing]);
        assert_eq!(shape.polygons.len(), 2);
        let text = repairs[0].to_string();
        assert!(text.starts_with("polygon 1, outer ring, near ") && text.contains("counts as inside"), "{text}");
    }

    #[test]
    fn holes_take_away_only_what_is_there() {
        let over = [(3.0, 1.0), (6.0, 1.0), (6.0, 2.0), (3.0, 2.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&SQUARE), closed(&over)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::HoleOutsideShell]);
        assert_eq!((shape.polygons.len(), shape.polygons[0].holes.len(), shape.polygons[0].shell.len()), (1, 0, 8));
        let one = [(1.0, 1.0), (3.0, 1.0), (3.0, 2.0), (1.0, 2.0)];
        let other = [(1.0, 1.5), (3.0, 1.5), (3.0, 3.0), (1.0, 3.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&SQUARE), closed(&one), closed(&other)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::HolesOverlap { other: 1 }]);
        assert_eq!(shape.polygons[0].holes.len(), 1);
    }

    #[test]
    fn overlapping_polygons_count_once() {
        let other = [(2.0, 2.0), (6.0, 2.0), (6.0, 6.0), (2.0, 6.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&SQUARE)], vec![closed(&other)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::PolygonsOverlap { other: 0 }]);
        assert_eq!(shape.polygons.len(), 1);
        assert_eq!(shape.polygons[0].shell.len(), 8);
    }

    #[test]
    fn small_defects_are_named() {
        let spiked = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, 6.0), (4.0, 4.0), (0.0, 4.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&spiked)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::Spike]);
        assert_eq!(repairs[0].near, [4.0, 6.0]);
        assert_eq!(shape.polygons[0].shell.len(), 4);
        let mut open = closed(&[(0.0, 0.0), (4.0, 0.0), (4.0, 0.0), (4.0, 4.0)]);
        open.pop();
        let flat = closed(&[(1.0, 1.0), (2.0, 1.0)]);
        let (shape, repairs) = read_shape(&[vec![open, flat]]).unwrap();
        let expected = [RepairKind::Unclosed, RepairKind::DuplicatePoints { count: 1 }, RepairKind::NoGround];
        assert_eq!(kinds(&repairs), expected);
        assert_eq!((shape.polygons[0].shell.len(), shape.polygons[0].holes.len()), (3, 0));
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_full() {
        assert_eq!(refusal(&[]), RefusalKind::Empty);
        assert_eq!(refusal(&[vec![]]), RefusalKind::Empty);
        assert_eq!(refusal(&[vec![closed(&[(1.0, 1.0), (2.0, 2.0)])]]), RefusalKind::NoGround);
        assert_eq!(refusal(&[vec![closed(&[(1.0, 1.0), (2.0, 2.0), (f64::NAN, 0.0)])]]), RefusalKind::NotANumber);
        let two = [
            vec![closed(&[(1.0, 95.0), (2.0, 2.0), (3.0, 0.0)])],
            vec![closed(&[(181.0, 5.0), (2.0, 2.0), (3.0, 0.0)])],
        ];
        let refusals = read_shape(&two).unwrap_err();
        assert_eq!(refusals.iter().map(|refusal| refusal.polygon).collect::<Vec<_>>(), [0, 1]);
        let world = [(-180.0, -60.0), (180.0, -60.0), (180.0, 60.0), (-180.0, 60.0)];
        assert!(matches!(refusal(&[vec![closed(&world)]]), RefusalKind::MoreThanHalfTheEarth { .. }));
    }

    #[test]
    fn a_polygon_across_the_antimeridian_keeps_its_area_and_its_hole() {
        let at = |shift: f64| {
            let wrap = |(lon, lat): (f64, f64)| ((lon + shift + 540.0).rem_euclid(360.0) - 180.0, lat);
            let shell = [(-5.0, 10.0), (5.0, 10.0), (5.0, 20.0), (-5.0, 20.0)].map(wrap);
            let hole = [(-2.0, 14.0), (2.0, 14.0), (0.0, 17.0)].map(wrap);
            read_shape(&[vec![closed(&shell), closed(&hole)]]).unwrap()
        };
        let (straight, repairs) = at(0.0);
        assert_eq!(repairs, []);
        let (cut, repairs) = at(180.0);
        assert_eq!(kinds(&repairs), [RepairKind::CutAtAntimeridian, RepairKind::CutAtAntimeridian]);
        assert_eq!(cut.polygons.len(), 2);
        assert!((cut.area_km2() - straight.area_km2()).abs() < 1e-6);
    }

    #[test]
    fn a_stitched_cap_is_the_ground_round_its_pole() {
        let cap = [(-180.0, -60.0), (-60.0, -60.0), (60.0, -60.0), (180.0, -60.0)];
        let (shape, repairs) = read_shape(&[vec![closed(&cap)]]).unwrap();
        assert_eq!(kinds(&repairs), [RepairKind::ClosedOverPole { north: false }]);
        let straight = [(-180.0, -90.0), (180.0, -90.0), (180.0, -60.0), (-180.0, -60.0)];
        let (cut, repairs) = read_shape(&[vec![closed(&straight)]]).unwrap();
        assert_eq!(repairs, []);
        assert!((shape.area_km2() - cut.area_km2()).abs() < 1e-6);
    }
}
