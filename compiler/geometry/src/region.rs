//! Ground named by latitudes and longitudes alone: caps, bands, lunes, boxes; and the box round a shape.
//!
//! In: degrees. Out: shapes on the grid, cut at ±180. A latitude past a pole stands for the pole, a longitude past ±180 is taken a
//! turn back; what is not a number holds no ground. Callers who want these refused check first.

use crate::grid::{FULL_TURN, HALF_TURN, POLE, Point, Polygon, Shape, to_degrees, to_units};

/// All ground south of a latitude in degrees.
pub fn south_of(lat: f64) -> Shape {
    lon_lat_box(-180.0, 180.0, -90.0, lat)
}

/// All ground north of a latitude in degrees.
pub fn north_of(lat: f64) -> Shape {
    lon_lat_box(-180.0, 180.0, lat, 90.0)
}

/// All ground from one meridian eastward to another, pole to pole; across ±180 if `to` is less than `from`.
pub fn between_longitudes(from: f64, to: f64) -> Shape {
    lon_lat_box(from, to, -90.0, 90.0)
}

/// The ground from the meridian `west` eastward to `east`, between the parallels `south` and `north`; across ±180 if `east` is less
/// than `west`. Two equal meridians or parallels hold nothing between them.
pub fn lon_lat_box(west: f64, east: f64, south: f64, north: f64) -> Shape {
    if ![west, east, south, north].iter().all(|degrees| degrees.is_finite()) {
        return Shape::default();
    }
    let (south, north) = (to_units(south.clamp(-90.0, 90.0)), to_units(north.clamp(-90.0, 90.0)));
    let (west, east) = (within_turn(to_units(west)), within_turn(to_units(east)));
    let stretches = match west <= east {
        true => vec![(west, east)],
        false => vec![(west, HALF_TURN), (-HALF_TURN, east)],
    };
    let boxes = stretches.into_iter().filter(|&(west, east)| west < east && south < north);
    Shape { polygons: boxes.map(|(west, east)| rectangle(west, east, south, north)).collect() }
}

/// A longitude in units brought within ±180; both ±180 stand.
fn within_turn(x: i64) -> i64 {
    if x.abs() <= HALF_TURN { x } else { (x + HALF_TURN).rem_euclid(FULL_TURN) - HALF_TURN }
}

fn rectangle(west: i64, east: i64, south: i64, north: i64) -> Polygon {
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    Polygon { shell: corners.map(|(x, y)| Point::new(x, y)).to_vec(), holes: Vec::new() }
}

/// A box of longitudes and latitudes in degrees; it lies across ±180 if `east` is less than `west`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Western meridian, −180 to 180.
    pub west: f64,
    /// Southern parallel.
    pub south: f64,
    /// Eastern meridian, −180 to 180.
    pub east: f64,
    /// Northern parallel.
    pub north: f64,
}

impl Bounds {
    /// The least box round some shapes: of all ways to go round the Earth it leaves out the widest gap. `None` if they hold no ground.
    pub fn around<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Option<Self> {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        let (mut south, mut north) = (POLE, -POLE);
        for polygon in shapes.into_iter().flat_map(|shape| &shape.polygons) {
            let points = || polygon.shell.iter();
            let (Some(west), Some(east)) = (points().map(|p| p.x).min(), points().map(|p| p.x).max()) else { continue };
            spans.push((west, east));
            south = points().map(|p| p.y).fold(south, i64::min);
            north = points().map(|p| p.y).fold(north, i64::max);
        }
        spans.sort_unstable();
        let (first, last) = (spans.first()?.0, spans.iter().map(|span| span.1).max()?);
        // the gap across ±180, then those between spans
        let mut widest = (first + FULL_TURN - last, last, first);
        let mut reached = i64::MIN;
        for &(west, east) in &spans {
            if reached > i64::MIN && west - reached > widest.0 {
                widest = (west - reached, reached, west);
            }
            reached = reached.max(east);
        }
        let (_, east, west) = widest;
        Some(Self {
            west: to_degrees(west),
            south: to_degrees(south),
            east: to_degrees(east),
            north: to_degrees(north),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::earth_km2;

    #[test]
    fn caps_and_lunes_add_up_to_the_earth() {
        assert!((south_of(-60.0).area_km2() + north_of(-60.0).area_km2() - earth_km2()).abs() < 1e-5);
        let lune = between_longitudes(10.0, 35.0).area_km2();
        assert!((lune - earth_km2() * 25.0 / 360.0).abs() < 1e-5);
        let across = between_longitudes(170.0, -165.0);
        assert_eq!(across.polygons.len(), 2);
        assert!((across.area_km2() - lune).abs() < 1e-5);
        assert!(lon_lat_box(1.0, 1.0, 0.0, 5.0).is_empty() && south_of(f64::NAN).is_empty());
        assert_eq!(between_longitudes(190.0, 200.0), between_longitudes(-170.0, -160.0));
    }

    #[test]
    fn bounds_go_across_the_antimeridian_when_that_is_less() {
        let bounds =
            Bounds::around([&lon_lat_box(170.0, -170.0, -20.0, -10.0), &lon_lat_box(150.0, 160.0, 0.0, 5.0)]).unwrap();
        assert_eq!(bounds, Bounds { west: 150.0, south: -20.0, east: -170.0, north: 5.0 });
        let bounds = Bounds::around([&lon_lat_box(-20.0, 10.0, 0.0, 10.0)]).unwrap();
        assert_eq!((bounds.west, bounds.east), (-20.0, 10.0));
        assert_eq!(Bounds::around([&Shape::default()]), None);
    }
}
