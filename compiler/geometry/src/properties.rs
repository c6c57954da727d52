//! Property tests of the whole road from rings to cells, against an oracle that shares no code with it.
//!
//! Shapes are random polygons on a small board. A wide board (a thousand units a square) leaves room for rounding, so the oracle
//! must agree exactly a few units away from every edge; a narrow board (one unit a square) makes nearly every crossing round, which
//! is where noding breaks if it breaks.

use crate::faces::OUTSIDE;
use crate::grid::{HALF_TURN, doubled_area, orient, ring_edges};
use crate::{Located, Overlay, Point, Polygon, Shape, UNITS_PER_DEGREE, overlay, read_shape};
use proptest::prelude::*;
use std::cmp::Ordering;

/// A ring as the corners of the squares of a board.
type Corners = Vec<(i64, i64)>;
/// Polygons of one feature, each a shell and holes.
type Feature = Vec<Vec<Corners>>;

fn feature(board: i64) -> impl Strategy<Value = Feature> {
    let ring = prop::collection::vec((0..board, 0..board), 3..9);
    prop::collection::vec(prop::collection::vec(ring, 1..3), 1..3)
}

fn features(board: i64) -> impl Strategy<Value = Vec<Feature>> {
    prop::collection::vec(feature(board), 1..6)
}

/// As a file has it: degrees, rings closed.
fn degrees(feature: &Feature, scale: i64, at: Point) -> Vec<Vec<Vec<[f64; 2]>>> {
    let place = |&(x, y): &(i64, i64)| {
        let x = (x * scale + at.x + HALF_TURN).rem_euclid(2 * HALF_TURN) - HALF_TURN;
        Point::new(x, y * scale + at.y).degrees()
    };
    let ring = |ring: &Corners| ring.iter().chain(ring.first()).map(place).collect();
    feature.iter().map(|polygon| polygon.iter().map(ring).collect()).collect()
}

/// Features that hold no ground are left out.
fn read(features: &[Feature], scale: i64) -> (Vec<Feature>, Vec<Shape>) {
    let origin = Point::new(0, 0);
    features
        .iter()
        .filter_map(|feature| Some((feature.clone(), read_shape(&degrees(feature, scale, origin)).ok()?.0)))
        .unzip()
}

/// How often a ring winds round a point that is on no edge, by crossings of a ray to the east.
fn winding(ring: &Corners, scale: i64, p: Point) -> i32 {
    let corners: Vec<Point> = ring.iter().map(|&(x, y)| Point::new(x * scale, y * scale)).collect();
    let mut count = 0;
    for (a, b) in ring_edges(&corners) {
        let left = i128::from(b.x - a.x) * i128::from(p.y - a.y) - i128::from(p.x - a.x) * i128::from(b.y - a.y);
        if a.y <= p.y && b.y > p.y && left > 0 {
            count += 1;
        }
        if a.y > p.y && b.y <= p.y && left < 0 {
            count -= 1;
        }
    }
    count
}

/// The stated rule, by brute force.
fn holds(feature: &Feature, scale: i64, p: Point) -> bool {
    feature.iter().any(|polygon| {
        winding(&polygon[0], scale, p) != 0 && polygon[1..].iter().all(|hole| winding(hole, scale, p) == 0)
    })
}

/// Whether a point is within some units of an edge.
fn is_near_edge(features: &[Feature], scale: i64, p: Point, units: f64) -> bool {
    features.iter().flatten().flatten().any(|ring| {
        let corners: Vec<Point> = ring.iter().map(|&(x, y)| Point::new(x * scale, y * scale)).collect();
        ring_edges(&corners).any(|(a, b)| {
            let (dx, dy) = ((b.x - a.x) as f64, (b.y - a.y) as f64);
            let (px, py) = ((p.x - a.x) as f64, (p.y - a.y) as f64);
            let length = dx * dx + dy * dy;
            let share = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            (px - share * dx).hypot(py - share * dy) < units
        })
    })
}

/// Two edges that do more than touch at their ends.
fn crossing(made: &Overlay) -> Option<(usize, usize)> {
    let inside = |p: Point, a: Point, b: Point| orient(a, b, p) == Ordering::Equal && a < p && p < b;
    let lines = &made.edges;
    (0..lines.len()).find_map(|i| {
        let other = (i + 1..lines.len()).find(|&j| {
            let (s, t) = (lines[i], lines[j]);
            let (c, d) = (orient(s.a, s.b, t.a), orient(s.a, s.b, t.b));
            let (e, f) = (orient(t.a, t.b, s.a), orient(t.a, t.b, s.b));
            let proper = c.reverse() == d && c != Ordering::Equal && e.reverse() == f && e != Ordering::Equal;
            proper
                || s == t
                || inside(t.a, s.a, s.b)
                || inside(t.b, s.a, s.b)
                || inside(s.a, t.a, t.b)
                || inside(s.b, t.a, t.b)
        });
        other.map(|j| (i, j))
    })
}

/// What must hold of every overlay.
fn is_sound(made: &Overlay) -> Result<(), TestCaseError> {
    prop_assert_eq!(crossing(made), None);
    for (line, pair) in made.edges.iter().zip(&made.sides) {
        prop_assert!(line.a < line.b && pair[0] != pair[1]);
        let covers = pair.map(|face| (face != OUTSIDE).then(|| &made.cells[made.cell_of(face) as usize].cover));
        prop_assert!(covers[0] != covers[1]);
    }
    prop_assert!(made.cells.windows(2).all(|pair| pair[0].cover < pair[1].cover));
    for (at, cell) in made.cells.iter().enumerate() {
        prop_assert!(!cell.cover.is_empty() && !cell.faces.is_empty());
        let is_cell = |other: &crate::Cell| other.cover == cell.cover;
        let drawn = made.boundary(&is_cell);
        let area: i128 = drawn.iter().flat_map(Polygon::rings).map(|ring| doubled_area(ring)).sum();
        let exact: i128 = cell.faces.iter().map(|&face| doubled_face_area(made, face)).sum();
        prop_assert_eq!(area, exact, "cell {}", at);
        prop_assert_eq!(drawn.len(), made.connected(&is_cell).len());
        for polygon in &drawn {
            prop_assert!(doubled_area(&polygon.shell) > 0);
            prop_assert!(polygon.holes.iter().all(|hole| doubled_area(hole) < 0));
        }
    }
    Ok(())
}

fn doubled_face_area(made: &Overlay, face: u32) -> i128 {
    let under = |side: u32| {
        let line = made.edges[(side / 2) as usize];
        let area = crate::grid::doubled_under(line.a, line.b);
        if side.is_multiple_of(2) { area } else { -area }
    };
    made.sides_of(face).iter().map(|&side| under(side)).sum()
}

/// A cell as it is seen: cover, area and point to the bit, outline.
type Seen = (Vec<u32>, u64, [u64; 2], Vec<Polygon>);

/// Everything of an overlay that is seen, with the shapes renumbered.
fn seen(made: &Overlay, number: impl Fn(u32) -> u32) -> Vec<Seen> {
    let mut cells: Vec<_> = made
        .cells
        .iter()
        .map(|cell| {
            let mut cover: Vec<u32> = cell.cover.iter().map(|&shape| number(shape)).collect();
            cover.sort_unstable();
            let drawn = made.boundary(&|other| other.cover == cell.cover);
            (cover, cell.area_km2.to_bits(), cell.point.map(f64::to_bits), drawn)
        })
        .collect();
    cells.sort_by(|l, r| l.0.cmp(&r.0));
    cells
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_121),
        ..ProptestConfig::with_cases(256)
    })]

    #[test]
    fn cells_agree_with_the_rule_point_by_point(features in features(8)) {
        let scale = 1000;
        let (features, shapes) = read(&features, scale);
        let made = overlay(&shapes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        is_sound(&made)?;
        for (x, y) in (0..16).flat_map(|x| (0..16).map(move |y| (x, y))) {
            let p = Point::new(x * 500 + 137, y * 500 + 251);
            if is_near_edge(&features, scale, p, 4.0) {
                continue;
            }
            let expected: Vec<u32> =
                (0..features.len() as u32).filter(|&at| holds(&features[at as usize], scale, p)).collect();
            let found = match made.cover_at(p) {
                Located::Inside(cell) => made.cells[cell as usize].cover.clone(),
                Located::Outside => vec![],
                Located::Boundary { .. } => vec![u32::MAX],
            };
            prop_assert_eq!(found, expected, "at {:?}", p);
        }
    }

    #[test]
    fn a_board_without_room_stays_sound(features in features(7), scale in 1_i64..4) {
        let (_, shapes) = read(&features, scale);
        let made = overlay(&shapes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        is_sound(&made)?;
    }

    #[test]
    fn the_order_of_shapes_changes_their_numbers_only(features in features(9), scale in prop::sample::select(vec![1, 10, 1000])) {
        let (_, shapes) = read(&features, scale);
        let last = shapes.len().saturating_sub(1) as u32;
        let reversed: Vec<Shape> = shapes.iter().rev().cloned().collect();
        let (one, other) = (overlay(&shapes), overlay(&reversed));
        prop_assert!(one.is_ok() && other.is_ok());
        prop_assert_eq!(seen(&one.unwrap(), |shape| shape), seen(&other.unwrap(), |shape| last - shape));
    }

    #[test]
    fn where_a_ring_begins_and_which_way_it_runs_changes_nothing(
        features in features(9),
        turn in 0_usize..9,
        scale in prop::sample::select(vec![1, 10, 1000]),
    ) {
        let (_, shapes) = read(&features, scale);
        let mut turned = shapes.clone();
        for polygon in turned.iter_mut().flat_map(|shape| &mut shape.polygons) {
            for ring in std::iter::once(&mut polygon.shell).chain(&mut polygon.holes) {
                let count = ring.len();
                ring.rotate_left(turn % count);
                if turn % 2 == 0 {
                    ring.reverse();
                }
            }
        }
        let (one, other) = (overlay(&shapes), overlay(&turned));
        prop_assert!(one.is_ok() && other.is_ok());
        prop_assert_eq!(seen(&one.unwrap(), |shape| shape), seen(&other.unwrap(), |shape| shape));
    }

    #[test]
    fn reading_what_was_drawn_mends_nothing(feature in feature(9), scale in prop::sample::select(vec![1, 10, 1000])) {
        let Ok((shape, _)) = read_shape(&degrees(&feature, scale, Point::new(0, 0))) else { return Ok(()) };
        let made = overlay(std::slice::from_ref(&shape)).unwrap();
        let drawn = made.boundary(&|_| true);
        let rings = |polygon: &Polygon| -> Vec<Vec<[f64; 2]>> {
            polygon.rings().map(|ring| ring.iter().chain(ring.first()).map(|p| p.degrees()).collect()).collect()
        };
        let again: Vec<_> = drawn.iter().map(rings).collect();
        if again.is_empty() {
            return Ok(());
        }
        let (read_again, repairs) = read_shape(&again).unwrap();
        prop_assert_eq!(repairs, vec![]);
        prop_assert_eq!(read_again, Shape { polygons: drawn });
    }

    #[test]
    fn moving_everything_across_the_antimeridian_changes_no_cell(features in features(6)) {
        // squares of half a degree, once about the prime meridian and once about the antimeridian
        let scale = UNITS_PER_DEGREE / 2;
        let at = |x: i64| -> Vec<Shape> {
            let read = features.iter().filter_map(|feature| read_shape(&degrees(feature, scale, Point::new(x, 0))).ok());
            read.map(|(shape, _)| shape).collect()
        };
        let (here, there) = (overlay(&at(-scale * 5 / 2)).unwrap(), overlay(&at(HALF_TURN - scale * 5 / 2)).unwrap());
        let large = |made: &Overlay| -> Vec<(Vec<u32>, f64)> {
            let cells = made.cells.iter().filter(|cell| cell.area_km2 > 0.01);
            cells.map(|cell| (cell.cover.clone(), cell.area_km2)).collect()
        };
        let (one, other) = (large(&here), large(&there));
        prop_assert_eq!(one.len(), other.len());
        for (l, r) in one.iter().zip(&other) {
            prop_assert_eq!(&l.0, &r.0);
            prop_assert!((l.1 - r.1).abs() < 1e-3, "{} {}", l.1, r.1);
        }
    }

    #[test]
    fn boxes_hang_together_across_the_antimeridian_as_anywhere(
        boxes in prop::collection::vec((0_i64..8, 1_i64..4, 0_i64..8, 1_i64..4), 1..8),
    ) {
        // two boxes a shape, so that cells have several pieces
        let at = |west: f64| -> Vec<Shape> {
            let made = |&(x, width, y, height): &(i64, i64, i64, i64)| {
                let (x, y) = (west + x as f64, y as f64);
                crate::lon_lat_box(x, x + width as f64, y, y + height as f64)
            };
            boxes.chunks(2).map(|pair| Shape { polygons: pair.iter().flat_map(|one| made(one).polygons).collect() }).collect()
        };
        let (here, there) = (overlay(&at(-5.0)).unwrap(), overlay(&at(175.0)).unwrap());
        let covers = |made: &Overlay| made.cells.iter().map(|cell| cell.cover.clone()).collect::<Vec<_>>();
        prop_assert_eq!(covers(&here), covers(&there));
        prop_assert_eq!(here.adjacent(), there.adjacent());
        for cover in covers(&here) {
            let pieces = |made: &Overlay| {
                let found = made.connected(&|cell| cell.cover == cover).into_iter();
                let mut areas: Vec<i64> = found
                    .map(|faces| faces.iter().map(|&face| made.faces[face as usize].area_km2).sum::<f64>().round() as i64)
                    .collect();
                areas.sort_unstable();
                areas
            };
            prop_assert_eq!(pieces(&here), pieces(&there));
        }
    }

    #[test]
    fn the_point_of_a_cell_lies_in_it(features in features(8)) {
        let (_, shapes) = read(&features, 1_000_000);
        let made = overlay(&shapes).unwrap();
        for (at, cell) in made.cells.iter().enumerate() {
            let widest = made.components(&|other| other.cover == cell.cover).into_iter().map(|piece| piece.width_m).fold(0.0, f64::max);
            // a point of the grid is nowhere further than 0.1 mm
            if widest > 0.01 {
                let p = Point::from_degrees(cell.point[0], cell.point[1]).unwrap();
                prop_assert_eq!(made.cover_at(p), Located::Inside(at as u32));
            }
        }
    }
}
