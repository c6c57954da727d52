//! Ground on the Earth: cells against membership point by point, and the words for ground.

use super::*;
use comity_geometry::{Point, Polygon, Shape};
use proptest::prelude::*;

const DEGREE: i64 = comity_geometry::UNITS_PER_DEGREE;

/// A rectangle in whole degrees: west, south, east, north.
fn rectangle(west: i64, south: i64, east: i64, north: i64) -> Shape {
    let corner = |x: i64, y: i64| Point::new(x * DEGREE, y * DEGREE);
    let shell = vec![corner(west, south), corner(east, south), corner(east, north), corner(west, north)];
    Shape { polygons: vec![Polygon { shell, holes: Vec::new() }] }
}

fn leaf(name: &str, shape: Shape) -> Leaf {
    Leaf { name: Some(name.to_owned()), words: name.to_owned(), span: span(), shape: LeafShape::Polygons(shape) }
}

fn inline(words: &str, shape: Shape) -> Leaf {
    Leaf { name: None, words: words.to_owned(), span: span(), shape: LeafShape::Polygons(shape) }
}

fn world(leaves: &[Leaf]) -> Atlas {
    let mut builder = Builder::new("World", SpaceKind::Earth, Settings::default(), span());
    for leaf in leaves {
        builder.leaf(leaf.clone());
    }
    builder.build().unwrap()
}

fn named(atlas: &Atlas, name: &str) -> CellSet {
    atlas.leaf_cells(atlas.leaf_named(name).unwrap())
}

fn km2(atlas: &Atlas, set: &CellSet) -> f64 {
    match atlas.measure(set) {
        Measure::Area(km2) => km2,
        other => panic!("expected an area, found {other:?}"),
    }
}

fn two_and_a_band() -> Vec<Leaf> {
    vec![
        leaf("Arland", rectangle(0, 50, 4, 52)),
        leaf("Belmark and the Isles", rectangle(3, 50, 8, 52)),
        leaf("Corvia", rectangle(20, 50, 21, 51)),
        inline("between 3.5°E and 5°E", rectangle(3, 0, 5, 60)),
    ]
}

#[test]
fn phrases_say_what_ground_is_part_of() {
    let atlas = world(&two_and_a_band());
    let (arland, belmark) = (named(&atlas, "Arland"), named(&atlas, "Belmark and the Isles"));
    let overlap = arland.intersection(&belmark);
    let band = atlas.leaf_cells(3);
    let phrases = [
        atlas.describe(&arland),
        atlas.describe(&overlap),
        atlas.describe(&arland.union(&belmark)),
        atlas.describe(&arland.difference(&belmark)),
        atlas.describe(&band),
        atlas.describe(&band.difference(&belmark)),
        atlas.describe(&arland.union(&band)),
        atlas.describe(&atlas.all()),
    ];
    insta::assert_snapshot!(phrases.join("\n"));
    assert_eq!(atlas.names(&arland), ["Arland"]);
    assert_eq!(atlas.names(&band.difference(&belmark).difference(&arland)), ["part of between 3.5°E and 5°E"]);
    assert_eq!(atlas.names(&overlap), ["part of Arland", "part of Belmark and the Isles"]);
}

#[test]
fn neighbours_share_an_edge() {
    let atlas = world(&[
        leaf("A", rectangle(0, 0, 1, 1)),
        leaf("B", rectangle(1, 0, 2, 1)),
        leaf("C", rectangle(2, 1, 3, 2)),
        leaf("West", rectangle(-180, 0, -179, 1)),
        leaf("East", rectangle(179, 0, 180, 1)),
    ]);
    let set = |name| named(&atlas, name);
    assert!(atlas.adjacent(&set("A"), &set("B")));
    assert!(!atlas.adjacent(&set("B"), &set("C")), "a corner is no border");
    assert!(atlas.adjacent(&set("West"), &set("East")), "±180° is one meridian");
}

#[test]
fn parts_of_one_name_may_lie_over_one_another() {
    let atlas = world(&[leaf("A", rectangle(0, 0, 2, 1)), leaf("A", rectangle(1, 0, 3, 1))]);
    assert_eq!(atlas.leaves.len(), 1);
    let whole = rectangle(0, 0, 3, 1).area_km2();
    assert!((km2(&atlas, &atlas.all()) - whole).abs() < 1e-6);
}

#[test]
fn a_leaf_of_another_space_covers_nothing() {
    let atlas = world(&[leaf("A", rectangle(0, 0, 2, 1)), Leaf::plain("B", span())]);
    assert!(named(&atlas, "B").is_empty());
    assert_eq!(atlas.describe(&named(&atlas, "A")), "World.A");
}

#[test]
fn a_point_off_the_globe_is_named() {
    let mut builder = Builder::new("World", SpaceKind::Earth, Settings::default(), span());
    builder.leaf(leaf("A", rectangle(0, 0, 2, 91)));
    let errors = builder.build().unwrap_err();
    insta::assert_snapshot!(format!("{}: {}", errors[0].headline, errors[0].primary.text));
}

#[derive(Debug, Clone)]
struct Case {
    rectangles: Vec<(i64, i64, i64, i64)>,
    expr: RegionExpr,
}

pub(super) fn expr(leaves: u32) -> impl Strategy<Value = RegionExpr> {
    let leaf = prop_oneof![8 => (0..leaves).prop_map(RegionExpr::Leaf), 1 => Just(RegionExpr::Empty)];
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(RegionExpr::Union),
            prop::collection::vec(inner.clone(), 1..4).prop_map(RegionExpr::Intersection),
            (inner.clone(), inner).prop_map(|(a, b)| RegionExpr::Difference(Box::new(a), Box::new(b))),
        ]
    })
}

fn case() -> impl Strategy<Value = Case> {
    let rectangle = (0i64..6, 0i64..6, 1i64..4, 1i64..4).prop_map(|(x, y, w, h)| (x, y, x + w, y + h));
    (prop::collection::vec(rectangle, 1..6)).prop_flat_map(|rectangles| {
        let leaves = u32::try_from(rectangles.len()).unwrap();
        expr(leaves).prop_map(move |expr| Case { rectangles: rectangles.clone(), expr })
    })
}

/// Whether a point is in an expression, by its definition.
pub(super) fn holds(expr: &RegionExpr, is_in: &dyn Fn(u32) -> bool) -> bool {
    match expr {
        RegionExpr::Leaf(leaf) => is_in(*leaf),
        RegionExpr::Union(parts) => parts.iter().any(|p| holds(p, is_in)),
        RegionExpr::Intersection(parts) => parts.iter().all(|p| holds(p, is_in)),
        RegionExpr::Difference(a, b) => holds(a, is_in) && !holds(b, is_in),
        RegionExpr::Empty => false,
    }
}

fn atlas_of(case: &Case, order: &[usize]) -> (Atlas, RegionExpr) {
    let mut builder = Builder::new("World", SpaceKind::Earth, Settings::default(), span());
    let mut number = vec![0; case.rectangles.len()];
    for &at in order {
        let (west, south, east, north) = case.rectangles[at];
        number[at] = builder.leaf(leaf(&format!("R{at}"), rectangle(west, south, east, north)));
    }
    (builder.build().unwrap(), case.expr.renamed(&|leaf| Some(number[leaf as usize])))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_algebra_of_cells_is_that_of_points(case in case()) {
        let order: Vec<usize> = (0..case.rectangles.len()).collect();
        let (atlas, expr) = atlas_of(&case, &order);
        let set = atlas.region(&expr);
        let mut area = 0.0;
        for x in 0..10 {
            for y in 0..10 {
                let inside = |leaf: u32| {
                    let (west, south, east, north) = case.rectangles[leaf as usize];
                    (west..east).contains(&x) && (south..north).contains(&y)
                };
                if holds(&expr, &inside) {
                    area += rectangle(x, y, x + 1, y + 1).area_km2();
                }
            }
        }
        prop_assert!((km2(&atlas, &set) - area).abs() < 1e-6);
        prop_assert!((atlas.shape_of(&set).area_km2() - area).abs() < 1e-6);
        prop_assert_eq!(set.is_empty(), area == 0.0);
    }

    #[test]
    fn the_order_of_leaves_shows_nowhere(case in case(), seed in any::<prop::sample::Index>()) {
        let count = case.rectangles.len();
        let order: Vec<usize> = (0..count).collect();
        let turn = seed.index(count);
        let other: Vec<usize> = (0..count).rev().map(|at| (at + turn) % count).collect();
        let (one, expr_one) = atlas_of(&case, &order);
        let (two, expr_two) = atlas_of(&case, &other);
        let (a, b) = (one.region(&expr_one), two.region(&expr_two));
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(one.describe(&a), two.describe(&b));
        prop_assert_eq!(one.measure(&a), two.measure(&b));
        prop_assert_eq!(one.polygons(&a), two.polygons(&b));
        prop_assert_eq!(one.pieces(&a), two.pieces(&b));
    }
}
